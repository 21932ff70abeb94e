// SPDX-License-Identifier: GPL-2.0
/*
 * I/O instructions that name no subchannel: Principles of Operation chapter 14.
 * Each row is executed on an image that is alone, and on one beside a VMM.
 * chsc_test.c has CHSC.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "fake_image.h"

#define OPERAND		(FAKE_LOGICAL + IMAGE_OPERAND)
/* Upper half of a register, which has no meaning */
#define HIGH		0xabcdef0100000000ull

/* Channel-report words */
#define REPORT		0x03040012u
#define REPORT_PATH	(0x44020000u | IMAGE_CHPID)

/**
 * struct wide_case - an instruction
 * @name: the rule
 * @opcode: the instruction
 * @alone: how it ends for an image that is alone
 * @beside: how it ends beside a VMM; 0 for the same
 * @gpr1: general register 1
 * @gpr2: general register 2
 * @off: from OPERAND to the second-operand address
 * @bad: the operand can't be accessed
 * @host: and that is the host's fault
 * @report: a channel-report word that is pending before; 0 for none
 * @mss: MSS has been enabled
 * @mcsse: MCSS-E has been enabled
 * @monitor: what is monitored after that, in both modes
 * @limit: the address limit after that, in both modes
 * @after: the channel-report word that is pending after that, unless the VMM
 *	has been left to end the instruction
 */
struct wide_case {
	const char *name;
	u16 opcode;
	ioinst_ending_t alone;
	ioinst_ending_t beside;
	u64 gpr1;
	u64 gpr2;
	u32 off;
	bool bad;
	bool host;
	u32 report;
	bool mss;
	bool mcsse;
	struct css_monitor monitor;
	u32 limit;
	u32 after;
};

/* Endings in the two modes, in short */
#define BOTH(ending_)		.alone = (ending_)
#define VMM_OR(ending_)		.alone = (ending_), .beside = IOINST_USERSPACE

#define SCHM(name_)	.name = "SCHM: " name_, .opcode = IOINST_SCHM
#define SCHM_BIT(bit_) \
	{ SCHM("operand, bit " #bit_), VMM_OR(IOINST_OPERAND), \
	  .gpr1 = SCHM_UPDATE | 1ull << (63 - (bit_)), .gpr2 = 0x8000 }
#define SAL(name_)	.name = "SAL: " name_, .opcode = IOINST_SAL
#define RCHP(name_)	.name = "RCHP: " name_, .opcode = IOINST_RCHP
#define RCHP_BIT(bit_) \
	{ RCHP("operand, bit " #bit_), VMM_OR(IOINST_OPERAND), \
	  .gpr1 = IMAGE_CHPID | 1ull << (63 - (bit_)) }
#define STCRW(name_)	.name = "STCRW: " name_, .opcode = IOINST_STCRW
#define STCPS(name_)	.name = "STCPS: " name_, .opcode = IOINST_STCPS
#define SIGA(name_)	.name = "SIGA: " name_, .opcode = IOINST_SIGA

static const struct wide_case wide_cases[] = {
	/* "SET CHANNEL MONITOR" */
	SCHM_BIT(36), SCHM_BIT(37), SCHM_BIT(48), SCHM_BIT(60), SCHM_BIT(61),
	{ SCHM("operand, origin on 16 bytes"), VMM_OR(IOINST_OPERAND),
	  .gpr1 = SCHM_UPDATE, .gpr2 = 0x8010 },
	{ SCHM("operand, origin odd"), VMM_OR(IOINST_OPERAND),
	  .gpr1 = SCHM_UPDATE, .gpr2 = 0x8001 },
	{ SCHM("measurement blocks"), VMM_OR(IOINST_COMPLETED),
	  .gpr1 = SCHM_UPDATE, .gpr2 = 0x123456780,
	  .monitor = { .origin = 0x123456780, .update = true } },
	{ SCHM("measurement blocks with a key"), VMM_OR(IOINST_COMPLETED),
	  .gpr1 = HIGH | 0x90000000 | SCHM_UPDATE, .gpr2 = 0x20,
	  .monitor = { .origin = 0x20, .key = 9, .update = true } },
	{ SCHM("device-connect time, the origin has no meaning"),
	  VMM_OR(IOINST_COMPLETED), .gpr1 = SCHM_CONNECT_TIME, .gpr2 = 0x8001,
	  .monitor = { .connect_time = true } },
	{ SCHM("both"), VMM_OR(IOINST_COMPLETED),
	  .gpr1 = SCHM_UPDATE | SCHM_CONNECT_TIME, .gpr2 = 0x8000,
	  .monitor = { .origin = 0x8000, .update = true,
		       .connect_time = true } },
	{ SCHM("neither"), VMM_OR(IOINST_COMPLETED), .gpr2 = 0x8000 },

	/* "SET ADDRESS LIMIT" */
	{ SAL("operand, bit 32"), VMM_OR(IOINST_OPERAND), .gpr1 = 0x80010000 },
	{ SAL("operand, bit 48"), VMM_OR(IOINST_OPERAND), .gpr1 = 0x00018000 },
	{ SAL("operand, bit 63"), VMM_OR(IOINST_OPERAND), .gpr1 = 0x00010001 },
	{ SAL("a multiple of 64 KiB"), VMM_OR(IOINST_COMPLETED),
	  .gpr1 = HIGH | 0x7fff0000, .limit = 0x7fff0000 },
	{ SAL("zero"), VMM_OR(IOINST_COMPLETED), .gpr1 = HIGH },

	/* "RESET CHANNEL PATH" */
	RCHP_BIT(32), RCHP_BIT(39), RCHP_BIT(40), RCHP_BIT(47), RCHP_BIT(48),
	RCHP_BIT(55),
	{ RCHP("there is no such path"), VMM_OR(IOINST_CC_NOT_OPERATIONAL),
	  .gpr1 = IMAGE_CHPID + 1 },
	{ RCHP("the path becomes initialized"), BOTH(IOINST_CC_EXPECTED),
	  .gpr1 = HIGH | IMAGE_CHPID, .after = REPORT_PATH },
	/*
	 * A channel path belongs to no set, so its report has no second word.
	 */
	{ RCHP("with MSS, a report of one word"), BOTH(IOINST_CC_EXPECTED),
	  .mss = true, .gpr1 = IMAGE_CHPID, .after = REPORT_PATH },
	{ RCHP("with MSS and MCSS-E, a report of two words"),
	  BOTH(IOINST_CC_EXPECTED), .mss = true, .mcsse = true,
	  .gpr1 = IMAGE_CHPID, .after = REPORT_PATH | CRW_CHAINED },
	{ RCHP("with MCSS-E, its own image without a number"),
	  BOTH(IOINST_CC_EXPECTED), .mcsse = true,
	  .gpr1 = IMAGE_CHPID, .after = REPORT_PATH | CRW_CHAINED },
	{ RCHP("with MCSS-E, its own image by number"), .mcsse = true,
	  .alone = IOINST_CC_EXPECTED, .beside = IOINST_USERSPACE,
	  .gpr1 = CSS_IMAGE << RCHP_CSSID_SHIFT | IMAGE_CHPID,
	  .after = REPORT_PATH | CRW_CHAINED },
	{ RCHP("with MCSS-E, another image"), .mcsse = true,
	  VMM_OR(IOINST_CC_NOT_OPERATIONAL),
	  .gpr1 = 1 << RCHP_CSSID_SHIFT | IMAGE_CHPID },
	{ RCHP("before MCSS-E, its own image by number"),
	  VMM_OR(IOINST_OPERAND),
	  .gpr1 = CSS_IMAGE << RCHP_CSSID_SHIFT | IMAGE_CHPID },

	/* "STORE CHANNEL REPORT WORD" */
	{ STCRW("specification"), BOTH(IOINST_SPECIFICATION), .off = 2,
	  .report = REPORT, .after = REPORT },
	{ STCRW("specification, odd"), BOTH(IOINST_SPECIFICATION), .off = 1,
	  .report = REPORT, .after = REPORT },
	{ STCRW("specification before access"), BOTH(IOINST_SPECIFICATION),
	  .off = 3, .bad = true, .report = REPORT, .after = REPORT },
	{ STCRW("access, the word stays pending"),
	  BOTH(IOINST_ACCESS_EXCEPTION), .bad = true, .report = REPORT,
	  .after = REPORT },
	{ STCRW("the host can't, the word stays pending"),
	  BOTH(IOINST_HOST_FAULT), .bad = true, .host = true, .report = REPORT,
	  .after = REPORT },
	{ STCRW("a word"), BOTH(IOINST_CC_EXPECTED), .report = REPORT },
	{ STCRW("none, specification"), VMM_OR(IOINST_SPECIFICATION),
	  .off = 2 },
	{ STCRW("none, access"), VMM_OR(IOINST_ACCESS_EXCEPTION), .bad = true },
	{ STCRW("none"), VMM_OR(IOINST_CC_NO_REPORT) },

	/* "STORE CHANNEL PATH STATUS" */
	{ STCPS("specification"), VMM_OR(IOINST_SPECIFICATION), .off = 16 },
	{ STCPS("specification before access"), VMM_OR(IOINST_SPECIFICATION),
	  .off = 1, .bad = true },
	{ STCPS("access"), VMM_OR(IOINST_ACCESS_EXCEPTION), .bad = true },
	{ STCPS("no path is active"), VMM_OR(IOINST_COMPLETED) },

	/* QDIO queues are not installed, so the registers don't matter. */
	{ SIGA("a subchannel of the image"), VMM_OR(IOINST_CC_NOT_OPERATIONAL),
	  .gpr1 = IMAGE_SID },
	{ SIGA("no SID"), VMM_OR(IOINST_CC_NOT_OPERATIONAL) },
};

KUNIT_ARRAY_PARAM_DESC(wide, wide_cases, name);

static u32 oldest(struct fake_image *image)
{
	u32 word;

	crw_peek_or_rearm(&image->css.crws, &word);
	return word;
}

/* How many bytes an instruction with this ending has stored */
static u32 stored(u16 opcode, ioinst_ending_t ending)
{
	if (opcode == IOINST_STCRW && ioinst_is_cc(ending))
		return 4;
	return opcode == IOINST_STCPS && ending == IOINST_COMPLETED ? 32 : 0;
}

static void expect_stored(struct kunit *test, u32 len, u32 word)
{
	struct fake_image *image = test->priv;
	u8 *operand = image->guest.storage + IMAGE_OPERAND;
	__be32 expected = cpu_to_be32(word);
	u32 i;

	KUNIT_EXPECT_EQ(test, image->vcpu.stores, len ? 1 : 0);
	if (len == sizeof(expected))
		KUNIT_EXPECT_MEMEQ(test, operand, (u8 *)&expected, len);
	else if (len)
		KUNIT_EXPECT_TRUE(test, !memchr_inv(operand, 0, len));
	for (i = len; i < 64; i++)
		KUNIT_ASSERT_EQ(test, operand[i],
				fake_background(IMAGE_OPERAND + i));
}

static void execute_case(struct kunit *test, ioinst_ending_t expected)
{
	const struct wide_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css *css = &image->css;
	const struct ioinst insn = {
		.opcode = c->opcode,
		.ar = 5,
		.gpr1 = c->gpr1,
		.gpr2 = c->gpr2,
		.addr = OPERAND + c->off,
	};
	ioinst_ending_t ending;

	if (c->mss)
		css_enable_mss(css);
	if (c->mcsse)
		css_enable_mcsse(css);
	if (c->report)
		crw_report(&css->crws, &c->report, 1);
	if (c->bad)
		image->vcpu.bad = (struct fake_range){ IMAGE_OPERAND, 64 };
	image->vcpu.bad_ending = c->host ? IOINST_HOST_FAULT :
					   IOINST_ACCESS_EXCEPTION;
	ending = ioinst_execute(css, &image->vcpu, &insn);
	EXPECT_CC(test, ending, expected);

	expect_stored(test, stored(c->opcode, ending), c->report);
	if (image->vcpu.accesses)
		KUNIT_EXPECT_EQ(test, image->vcpu.last_ar, 5);
	KUNIT_EXPECT_EQ(test, css->shared.monitor.origin, c->monitor.origin);
	KUNIT_EXPECT_EQ(test, css->shared.monitor.key, c->monitor.key);
	KUNIT_EXPECT_EQ(test, css->shared.monitor.update, c->monitor.update);
	KUNIT_EXPECT_EQ(test, css->shared.monitor.connect_time,
			c->monitor.connect_time);
	KUNIT_EXPECT_EQ(test, css->shared.address_limit, c->limit);
	/*
	 * If the instruction was left to the VMM, the kernel has added no
	 * report.
	 */
	KUNIT_EXPECT_EQ(test, oldest(image),
			ending == IOINST_USERSPACE ? c->report : c->after);
}

static void alone_test(struct kunit *test)
{
	const struct wide_case *c = test->param_value;

	execute_case(test, c->alone);
}

static void beside_test(struct kunit *test)
{
	const struct wide_case *c = test->param_value;

	execute_case(test, c->beside ?: c->alone);
}

/*
 * In both modes a privileged-operation exception is recognized before all
 * others.
 */
static const u16 opcodes[] = {
	IOINST_CHSC, IOINST_STCRW, IOINST_SCHM, IOINST_SAL, IOINST_RCHP,
	IOINST_STCPS, IOINST_SIGA,
};

static void privileged_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct ioinst insn = {
		.problem_state = true,
		.gpr1 = ~0ull,
		.addr = OPERAND + 1,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(opcodes); i++) {
		KUNIT_EXPECT_TRUE(test, ioinst_is_ours(opcodes[i]));
		insn.opcode = opcodes[i];
		EXPECT_CC(test, image_insn(image, &insn), IOINST_PRIVILEGED);
	}
	KUNIT_EXPECT_EQ(test, image->vcpu.accesses, 0);
}

static ioinst_ending_t execute(struct fake_image *image, u16 opcode, u64 gpr1)
{
	const struct ioinst insn = {
		.opcode = opcode,
		.gpr1 = gpr1,
		.addr = OPERAND,
	};

	return image_insn(image, &insn);
}

/*
 * A reset removes what instructions have set, but neither paths nor
 * subchannels.
 */
static void reset_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css *css = &image->css;

	css_enable_mss(css);
	css_enable_mcsse(css);
	execute(image, IOINST_SCHM, SCHM_CONNECT_TIME);
	execute(image, IOINST_SAL, 0x10000);
	execute(image, IOINST_RCHP, IMAGE_CHPID);
	KUNIT_EXPECT_EQ(test, 0, css_reset(css, CSS_RESET_ALL));
	KUNIT_EXPECT_FALSE(test, css->mss);
	KUNIT_EXPECT_FALSE(test, css->mcsse);
	KUNIT_EXPECT_FALSE(test, css->shared.monitor.connect_time);
	KUNIT_EXPECT_EQ(test, css->shared.address_limit, 0);
	KUNIT_EXPECT_EQ(test, oldest(image), 0);
	KUNIT_EXPECT_TRUE(test, css_path_there(css, IMAGE_CHPID));
	execute(image, IOINST_SCHM, SCHM_UPDATE);
	KUNIT_EXPECT_TRUE(test, css->shared.monitor.update);
	/* SCHM replaces everything that the last SCHM has set. */
	execute(image, IOINST_SCHM, SCHM_CONNECT_TIME);
	KUNIT_EXPECT_FALSE(test, css->shared.monitor.update);
}

/* A channel path exists as long as a subchannel uses it. */
static void path_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css *css = &image->css;

	KUNIT_ASSERT_EQ(test, 0, fake_add(css, 0, 0, 0, IMAGE_CHPID,
					  &fake_device_create(test)->dev));
	KUNIT_ASSERT_EQ(test, 0, fake_add(css, 0, 1, 1, 0xff,
					  &fake_device_create(test)->dev));
	KUNIT_EXPECT_EQ(test, 0, fake_remove(css, 0, 0));
	EXPECT_CC(test, execute(image, IOINST_RCHP, IMAGE_CHPID),
		  IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, 0, css_remove(css, IMAGE_SSID, IMAGE_SCHID,
					    CSS_VACATE, false));
	KUNIT_EXPECT_TRUE(test, execute(image, IOINST_RCHP, IMAGE_CHPID) ==
				(css->alone ? IOINST_CC_NOT_OPERATIONAL :
					      IOINST_USERSPACE));
	KUNIT_EXPECT_FALSE(test, css_path_there(css, IMAGE_CHPID));
	EXPECT_CC(test, execute(image, IOINST_RCHP, 0xff), IOINST_CC_EXPECTED);
	css_stop(css);
	KUNIT_EXPECT_FALSE(test, css_path_there(css, 0xff));
}

/*
 * RESET CHANNEL PATH doesn't disturb a running program of a subchannel on the
 * path.
 */
static void reset_path_working_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	css_enable_mss(&image->css);
	image_start_blocked(image);
	EXPECT_CC(test, execute(image, IOINST_RCHP, IMAGE_CHPID),
		  IOINST_CC_EXPECTED);
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat,
			DSTAT_CHANNEL_END | DSTAT_DEVICE_END);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
}

/*
 * Even with MCSS-E, an interruption names the subchannel with the M bit zero.
 */
static void mcsse_interruption_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct guest_io_int io_int;
	struct css_irb irb;

	css_enable_mss(&image->css);
	css_enable_mcsse(&image->css);
	image_start(image);
	KUNIT_ASSERT_TRUE(test, fake_accept(&image->guest, &io_int));
	KUNIT_EXPECT_EQ(test, io_int.sid, IMAGE_SID);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
}

/*
 * Two CPUs execute STCRW at once: the second does all of it within the first.
 */
static void other_cpu(void *arg)
{
	struct fake_image *image = arg;
	u32 word = oldest(image);

	KUNIT_EXPECT_TRUE(image->guest.test,
			  crw_take(&image->css.crws, word));
}

static void stcrw_race_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	const u32 words[] = { 0x03040001, 0x03040002 };
	__be32 stored;

	crw_report(&image->css.crws, &words[0], 1);
	crw_report(&image->css.crws, &words[1], 1);
	image->vcpu.after_write = other_cpu;
	image->vcpu.after_write_arg = image;
	EXPECT_CC(test, execute(image, IOINST_STCRW, 0), IOINST_RETRY);
	EXPECT_CC(test, execute(image, IOINST_STCRW, 0), IOINST_CC_EXPECTED);
	fake_get(&image->guest, IMAGE_OPERAND, &stored, sizeof(stored));
	KUNIT_EXPECT_EQ(test, be32_to_cpu(stored), words[1]);
}

/* A guest that has found the queue empty is told of the next report. */
static void stcrw_told_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	ioinst_ending_t none = image->css.alone ? IOINST_CC_NO_REPORT :
						  IOINST_USERSPACE;

	execute(image, IOINST_RCHP, IMAGE_CHPID);
	execute(image, IOINST_RCHP, IMAGE_CHPID);
	KUNIT_EXPECT_EQ(test, image->guest.reports, 1);
	EXPECT_CC(test, execute(image, IOINST_STCRW, 0), IOINST_CC_EXPECTED);
	EXPECT_CC(test, execute(image, IOINST_STCRW, 0), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_TRUE(test, execute(image, IOINST_STCRW, 0) == none);
	execute(image, IOINST_RCHP, IMAGE_CHPID);
	KUNIT_EXPECT_EQ(test, image->guest.reports, 2);
}

/* "Subsystem-Identification Word", for an image that is alone */
struct sid_case {
	const char *name;
	u32 sid;
	bool mss;
	bool mcsse;
	ioinst_ending_t stsch;
};

#define SID_IMAGE	((u32)CSS_IMAGE << SID_CSSID_SHIFT | SID_M)

static const struct sid_case sid_cases[] = {
	{ "set 1 before MSS: operand", IMAGE_SID, false, false,
	  IOINST_OPERAND },
	{ "set 1 with MSS", IMAGE_SID, true, false, IOINST_CC_EXPECTED },
	{ "set 1 with MCSS-E only: operand", IMAGE_SID, false, true,
	  IOINST_OPERAND },
	{ "set 0 before MSS, no such subchannel", SID_ONE | 5, false, false,
	  IOINST_CC_NOT_OPERATIONAL },
	{ "another number", IMAGE_SID + 1, true, true,
	  IOINST_CC_NOT_OPERATIONAL },
	{ "M before MCSS-E: operand", IMAGE_SID | SID_IMAGE, true, false,
	  IOINST_OPERAND },
	{ "M with MCSS-E, the image's number", IMAGE_SID | SID_IMAGE, true,
	  true, IOINST_CC_EXPECTED },
	{ "M with MCSS-E, number 0", IMAGE_SID | SID_M, true, true,
	  IOINST_CC_NOT_OPERATIONAL },
	{ "M with MCSS-E, another number", IMAGE_SID | SID_M | 0x01000000,
	  true, true, IOINST_CC_NOT_OPERATIONAL },
	{ "the image's number without M: operand", IMAGE_SID | 0xfe000000,
	  true, true, IOINST_OPERAND },
	{ "bit 15 zero: operand", IMAGE_SCHID, true, true, IOINST_OPERAND },
};

KUNIT_ARRAY_PARAM_DESC(sid, sid_cases, name);

static void sid_test(struct kunit *test)
{
	const struct sid_case *c = test->param_value;
	struct fake_image *image = test->priv;
	ioinst_ending_t disabled = c->stsch;

	if (c->mss)
		css_enable_mss(&image->css);
	if (c->mcsse)
		css_enable_mcsse(&image->css);
	EXPECT_CC(test, execute(image, IOINST_STSCH, c->sid), c->stsch);
	/* TSCH finds that the subchannel isn't enabled. */
	if (c->stsch == IOINST_CC_EXPECTED)
		disabled = IOINST_CC_NOT_OPERATIONAL;
	EXPECT_CC(test, execute(image, IOINST_TSCH, c->sid), disabled);
	EXPECT_CC(test, execute(image, IOINST_CSCH, c->sid), disabled);
}

/* A number without a device */
static void vacant_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_schib schib;

	css_enable_mss(&image->css);
	KUNIT_EXPECT_EQ(test, 0, css_remove(&image->css, IMAGE_SSID,
					    IMAGE_SCHID, CSS_VACATE, false));
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_TRUE(test, !memchr_inv(&schib, 0, sizeof(schib)));
	EXPECT_CC(test, execute(image, IOINST_TSCH, IMAGE_SID),
		  IOINST_CC_NOT_OPERATIONAL);
}

static struct kunit_case alone_cases[] = {
	KUNIT_CASE_PARAM(alone_test, wide_gen_params),
	KUNIT_CASE(privileged_test),
	KUNIT_CASE(reset_test),
	KUNIT_CASE(path_test),
	KUNIT_CASE(reset_path_working_test),
	KUNIT_CASE(mcsse_interruption_test),
	KUNIT_CASE(stcrw_race_test),
	KUNIT_CASE(stcrw_told_test),
	KUNIT_CASE_PARAM(sid_test, sid_gen_params),
	KUNIT_CASE(vacant_test),
	{}
};

static struct kunit_suite alone_suite = {
	.name = "kvm_css_wide_alone",
	.init = image_init_alone,
	.exit = image_exit,
	.test_cases = alone_cases,
};

static struct kunit_case beside_cases[] = {
	KUNIT_CASE_PARAM(beside_test, wide_gen_params),
	KUNIT_CASE(privileged_test),
	KUNIT_CASE(reset_test),
	KUNIT_CASE(path_test),
	KUNIT_CASE(reset_path_working_test),
	KUNIT_CASE(mcsse_interruption_test),
	KUNIT_CASE(stcrw_race_test),
	KUNIT_CASE(stcrw_told_test),
	{}
};

static struct kunit_suite beside_suite = {
	.name = "kvm_css_wide_beside",
	.init = image_init,
	.exit = image_exit,
	.test_cases = beside_cases,
};

kunit_test_suites(&alone_suite, &beside_suite);
