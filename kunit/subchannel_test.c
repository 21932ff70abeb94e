// SPDX-License-Identifier: GPL-2.0
/*
 * What the instructions do to a subchannel: Principles of Operation chapter 14
 * for the condition codes, chapter 15 for the subchannel-information block,
 * chapter 16 for the interruption-response block.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include <kvm_css/subchannel.h>

#include "fake_image.h"

static u32 scsw_flags_of(const struct css_scsw *scsw)
{
	return be32_to_cpu(scsw->flags);
}

/* Chapter 17, "I/O-system reset": the SCHIB of a new subchannel */
static void initial_schib_test(struct kunit *test)
{
	const struct css_schib expected = {
		.pmcw = {
			.flags = cpu_to_be16(PMCW_VALID | PMCW_TIMING),
			.devno = cpu_to_be16(IMAGE_DEVNO),
			.lpm = IMAGE_PATH,
			.pim = IMAGE_PATH,
			.pom = 0xff,
			.pam = IMAGE_PATH,
			.chpid = { IMAGE_CHPID },
		},
	};
	struct fake_image *image = test->priv;
	struct css_schib schib;

	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&schib, (u8 *)&expected, sizeof(schib));
}

/*
 * Chapter 14, MODIFY SUBCHANNEL: which fields of the SCHIB it changes.  A row
 * has a word of the operand, and what STORE SUBCHANNEL shows of that word
 * afterwards.  The other words must not change.
 */
struct modify_case {
	const char *name;
	u32 word;
	u32 operand;
	u32 shown;
};

#define FLAGS_DEVNO(flags_, devno_)	((u32)(flags_) << 16 | (devno_))
#define WORD1(flags_) \
	FLAGS_DEVNO((flags_) | PMCW_VALID | PMCW_TIMING, IMAGE_DEVNO)

static const struct modify_case modify_cases[] = {
	{ "interruption parameter", 0, 0x12345678, 0x12345678 },
	{ "interruption subclass", 1, WORD1(PMCW_ISC), WORD1(PMCW_ISC) },
	{ "interruption subclass 5", 1, WORD1(5 << PMCW_ISC_SHIFT),
	  WORD1(5 << PMCW_ISC_SHIFT) },
	{ "enabled", 1, WORD1(PMCW_ENABLED), WORD1(PMCW_ENABLED) },
	{ "limit mode 01", 1, WORD1(0x0020), WORD1(0x0020) },
	{ "limit mode 10", 1, WORD1(0x0040), WORD1(0x0040) },
	{ "measurement mode", 1, WORD1(PMCW_MEASUREMENT_MODE),
	  WORD1(PMCW_MEASUREMENT_MODE) },
	{ "multipath mode", 1, WORD1(PMCW_MULTIPATH), WORD1(PMCW_MULTIPATH) },
	{ "not bit 5, which isn't defined", 1, WORD1(0x0400), WORD1(0) },
	{ "not the timing facility", 1, FLAGS_DEVNO(PMCW_VALID, IMAGE_DEVNO),
	  WORD1(0) },
	{ "not device number valid", 1, FLAGS_DEVNO(0, IMAGE_DEVNO), WORD1(0) },
	{ "not the device number", 1, FLAGS_DEVNO(PMCW_VALID, 0xffff),
	  WORD1(0) },
	{ "logical-path mask", 2, 0x5a000080, 0x5a000080 },
	{ "not path-not-operational mask", 2, 0x80ff0080, 0x80000080 },
	{ "not last-path-used mask", 2, 0x8000ff80, 0x80000080 },
	{ "not path-installed mask", 2, 0x800000ff, 0x80000080 },
	{ "measurement-block index", 3, 0x1234ff80, 0x1234ff80 },
	{ "path-operational mask", 3, 0x00008180, 0x00008180 },
	{ "not path-available mask", 3, 0x0000ffff, 0x0000ff80 },
	{ "not channel-path identifiers 0-3", 4, 0xffffffff, 0x42000000 },
	{ "not channel-path identifiers 4-7", 5, 0xffffffff, 0 },
	{ "not the subchannel type", 6, 0x00e00000, 0 },
	{ "measurement-block format", 6, PMCW_MB_FORMAT1, PMCW_MB_FORMAT1 },
	{ "extended measurement word", 6, PMCW_XMWME, PMCW_XMWME },
	{ "concurrent sense", 6, PMCW_CONCURRENT_SENSE, PMCW_CONCURRENT_SENSE },
	{ "not the subchannel-status word, word 0", 7, 0xffffffff, 0 },
	{ "not the subchannel-status word, word 1", 8, 0xffffffff, 0 },
	{ "not the subchannel-status word, word 2", 9, 0xffffffff, 0 },
	{ "measurement-block address, upper half", 10, 0x12345678, 0x12345678 },
	{ "measurement-block address, lower half", 11, 0x12345640, 0x12345640 },
	{ "not the model-dependent area", 12, 0xffffffff, 0 },
};

KUNIT_ARRAY_PARAM_DESC(modify, modify_cases, name);

static void modify_test(struct kunit *test)
{
	const struct modify_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_schib operand, expected, schib;
	__be32 word;

	image_stsch(image, &operand);
	expected = operand;
	word = cpu_to_be32(c->shown);
	memcpy((u8 *)&expected + c->word * 4, &word, sizeof(word));
	word = cpu_to_be32(c->operand);
	memcpy((u8 *)&operand + c->word * 4, &word, sizeof(word));
	EXPECT_CC(test, image_msch(image, &operand), IOINST_CC_EXPECTED);
	image_stsch(image, &schib);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&schib, (u8 *)&expected, sizeof(schib));
}

/* MODIFY SUBCHANNEL can also reset what it has set. */
static void modify_disable_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_schib schib;

	image_enable(image, 7, PMCW_CONCURRENT_SENSE);
	image_stsch(image, &schib);
	schib.pmcw.flags = 0;
	schib.pmcw.chars = 0;
	EXPECT_CC(test, image_msch(image, &schib), IOINST_CC_EXPECTED);
	image_stsch(image, &schib);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(schib.pmcw.flags),
			PMCW_VALID | PMCW_TIMING);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.pmcw.chars), 0);
}

/*
 * Condition codes in each state, for instructions that then leave the state as
 * it is
 */

enum state {
	STATE_DISABLED,
	STATE_IDLE,
	STATE_ACTIVE,
	STATE_PENDING,
};

struct cc_case {
	const char *name;
	enum state state;
	u16 opcode;
	ioinst_ending_t ending;
};

static const struct cc_case cc_cases[] = {
	{ "STSCH, disabled: cc 0", STATE_DISABLED, IOINST_STSCH,
	  IOINST_CC_EXPECTED },
	{ "STSCH, active: cc 0", STATE_ACTIVE, IOINST_STSCH,
	  IOINST_CC_EXPECTED },
	{ "STSCH, status pending: cc 0", STATE_PENDING, IOINST_STSCH,
	  IOINST_CC_EXPECTED },
	{ "MSCH, active: cc 2", STATE_ACTIVE, IOINST_MSCH, IOINST_CC_BUSY },
	{ "MSCH, status pending: cc 1", STATE_PENDING, IOINST_MSCH,
	  IOINST_CC_STATUS_PRESENT },
	{ "SSCH, disabled: cc 3", STATE_DISABLED, IOINST_SSCH,
	  IOINST_CC_NOT_OPERATIONAL },
	{ "SSCH, active: cc 2", STATE_ACTIVE, IOINST_SSCH, IOINST_CC_BUSY },
	{ "SSCH, status pending: cc 1", STATE_PENDING, IOINST_SSCH,
	  IOINST_CC_STATUS_PRESENT },
	{ "TSCH, disabled: cc 3", STATE_DISABLED, IOINST_TSCH,
	  IOINST_CC_NOT_OPERATIONAL },
	{ "TSCH, idle: cc 1", STATE_IDLE, IOINST_TSCH,
	  IOINST_CC_NOT_STATUS_PENDING },
	{ "TSCH, active: cc 1", STATE_ACTIVE, IOINST_TSCH,
	  IOINST_CC_NOT_STATUS_PENDING },
};

KUNIT_ARRAY_PARAM_DESC(cc, cc_cases, name);

static void cc_test(struct kunit *test)
{
	const struct cc_case *c = test->param_value;
	struct fake_image *image = test->priv;
	unsigned int pending, done;
	struct css_schib was, is, schib;
	struct css_orb orb;

	if (c->state == STATE_PENDING)
		image_start(image);
	else if (c->state == STATE_ACTIVE)
		image_start_blocked(image);
	else if (c->state == STATE_IDLE)
		image_enable(image, IMAGE_ISC, 0);
	image_stsch(image, &was);
	schib = was;
	schib.pmcw.intparm = cpu_to_be32(0x11112222);
	schib.pmcw.flags ^= cpu_to_be16(PMCW_ISC);
	memset(&orb, 0, sizeof(orb));
	orb.flags = cpu_to_be32(ORB_FORMAT | IMAGE_PATH << ORB_LPM_SHIFT);
	orb.cpa = cpu_to_be32(IMAGE_PROG);
	if (c->opcode == IOINST_MSCH)
		fake_put(&image->guest, IMAGE_OPERAND, &schib, sizeof(schib));
	if (c->opcode == IOINST_SSCH)
		fake_put(&image->guest, IMAGE_OPERAND, &orb, sizeof(orb));
	pending = image->guest.nr_pending;
	done = image->fake->done;
	EXPECT_CC(test, image_execute(image, c->opcode), c->ending);
	image_stsch(image, &is);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&was, (u8 *)&is, sizeof(is));
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, pending);
	KUNIT_EXPECT_EQ(test, image->fake->done, done);
}

/* Chapter 14, STORE and TEST SUBCHANNEL: condition code 3 stores nothing. */
static void cc3_stores_nothing_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_OPERATIONAL);
	KUNIT_EXPECT_EQ(test, image->vcpu.stores, 0);
}

/* Chapter 16: the whole interruption-response block of a normal ending */
static void test_normal_test(struct kunit *test)
{
	const struct css_irb expected = {
		.scsw = {
			.flags = cpu_to_be32(SCSW_FORMAT | SCSW_FC_START |
					     ENDED),
			.cpa = cpu_to_be32(IMAGE_PROG + 8),
			.dstat = CE_DE,
		},
		/* Format-1 extended-status word: last-path-used mask */
		.esw.word0 = cpu_to_be32(IMAGE_PATH << 16),
	};
	struct fake_image *image = test->priv;
	struct css_schib schib;
	struct css_irb irb;

	image_start(image);
	KUNIT_EXPECT_MEMEQ(test, image->guest.storage + IMAGE_DATA,
			   image->fake->stream, IMAGE_COUNT);
	image_stsch(image, &schib);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&schib.scsw, (u8 *)&expected.scsw,
			   sizeof(schib.scsw));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&irb, (u8 *)&expected, CSS_IRB_SIZE);
}

/* Chapter 14, TEST SUBCHANNEL: what it clears */
static void test_clears_test(struct kunit *test)
{
	const u32 cleared = SCSW_FC | SCSW_AC | SCSW_SC;
	struct fake_image *image = test->priv;
	struct css_schib schib;
	struct css_irb irb;

	image_start(image);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	image_stsch(image, &schib);
	KUNIT_EXPECT_EQ(test, scsw_flags_of(&schib.scsw) & cleared, 0);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & cleared, 0);
}

/* Condition code 1 stores an IRB too: that of a start function in progress. */
static void test_active_irb_test(struct kunit *test)
{
	const u32 working = SCSW_AC_START_PENDING | SCSW_AC_SUBCH_ACTIVE;
	struct fake_image *image = test->priv;
	struct css_irb irb;
	u32 flags;

	image_start_blocked(image);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	flags = irb_flags(&irb);
	KUNIT_EXPECT_EQ(test, flags & SCSW_FC, SCSW_FC_START);
	KUNIT_EXPECT_NE(test, flags & working, 0);
	KUNIT_EXPECT_EQ(test, flags & SCSW_SC, 0);
	/*
	 * TSCH has cleared nothing: the program ends as if TSCH had not been
	 * executed.
	 */
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb),
			SCSW_FORMAT | SCSW_FC_START | ENDED);
}

/* Chapter 16, "Status-Control Field": unusual status is also alert status. */
struct alert_case {
	const char *name;
	u8 dstat;
	u32 len;
	u32 moved;
	u8 cstat;
	u32 sc;
};

static const struct alert_case alert_cases[] = {
	{ "normal", CE_DE, 8, 8, 0, ENDED },
	{ "status modifier", CE_DE | DSTAT_STATUS_MODIFIER, 8, 8, 0, ENDED },
	{ "unit check", CE_DE | DSTAT_UNIT_CHECK, 8, 8, 0, CHECKED },
	{ "unit check, not executed", DSTAT_UNIT_CHECK, 0, 0, 0, CHECKED },
	{ "unit exception", CE_DE | DSTAT_UNIT_EXCEPTION, 8, 8, 0,
	  CHECKED },
	{ "incorrect length", CE_DE, 4, 4, CSTAT_INCORRECT_LENGTH,
	  CHECKED },
	{ "incorrect length, too long", CE_DE, 12, 8, CSTAT_INCORRECT_LENGTH,
	  CHECKED },
};

KUNIT_ARRAY_PARAM_DESC(alert, alert_cases, name);

static void alert_test(struct kunit *test)
{
	const struct alert_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	image->step.len = c->len;
	image->step.left = c->len - c->moved;
	image->step.dstat = c->dstat;
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & (SCSW_FC | SCSW_AC),
			SCSW_FC_START);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_SC, c->sc);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, c->dstat);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, c->cstat);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count),
			IMAGE_COUNT - c->moved);
}

/*
 * Chapter 15, "Operation-Request Block": what the PMCW and the SCSW take from
 * it
 */
struct orb_case {
	const char *name;
	u32 orb;
	u32 scsw;
};

static const struct orb_case orb_cases[] = {
	{ "key 0", 0, 0 },
	{ "key 15", 0xf0000000, 0xf0000000 },
	{ "key 9", 0x90000000, 0x90000000 },
	{ "suspend control", ORB_SUSPEND, 0x08000000 },
	{ "prefetch control", ORB_PREFETCH, 0x00400000 },
	/* The initial status of the command is zero, so Z gets one. */
	{ "initial-status control", ORB_INITIAL_STATUS,
	  0x00200000 | SCSW_ZERO_CC },
	{ "address-limit control", ORB_ADDRESS_LIMIT, 0x00100000 },
	{ "suppress-suspended control", ORB_SUPPRESS_SUSPENDED, 0x00080000 },
	{ "not streaming, modification, synchronization",
	  ORB_STREAMING | ORB_MODIFICATION | ORB_SYNC, 0 },
	{ "not IDAW formats", ORB_IDAW_FORMAT2 | ORB_IDAW_2K, 0 },
	{ "not L, D and X", ORB_ILS | ORB_MIDAW | ORB_EXTENSION, 0 },
};

KUNIT_ARRAY_PARAM_DESC(orb, orb_cases, name);

static void orb_test(struct kunit *test)
{
	const u32 control = SCSW_FC | SCSW_AC | SCSW_SC;
	const struct orb_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_schib schib;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	/* The pages must have the program's key, or it could not store. */
	memset(image->guest.keys, (c->orb & ORB_KEY) >> 24, FAKE_ALL_PAGES);
	orb.flags |= cpu_to_be32(c->orb | 0x7f << ORB_LPM_SHIFT);
	image_must_start(image, &orb);
	image_stsch(image, &schib);
	KUNIT_EXPECT_EQ(test, scsw_flags_of(&schib.scsw) & ~control,
			c->scsw | SCSW_FORMAT);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.pmcw.intparm), IMAGE_INTPARM);
	KUNIT_EXPECT_EQ(test, schib.pmcw.lpm, 0xff);
	KUNIT_EXPECT_EQ(test, schib.pmcw.lpum, IMAGE_PATH);
}

/*
 * Chapter 16, "Deferred Condition Code": there is no path that can be selected.
 */
struct no_path_case {
	const char *name;
	u8 lpm;
};

static const struct no_path_case no_path_cases[] = {
	{ "another path only", 0x40 },
	{ "all paths but the one", 0x7f },
	{ "no path", 0x00 },
};

KUNIT_ARRAY_PARAM_DESC(no_path, no_path_cases, name);

static void no_path_test(struct kunit *test)
{
	const struct no_path_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct guest_io_int io_int;
	struct css_schib schib;
	struct css_orb orb;
	struct css_irb irb;
	u32 flags;

	/* Run a program first, nothing of which may be shown later. */
	image_start(image);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	image_load(image, &orb);
	orb.flags = cpu_to_be32(ORB_FORMAT | c->lpm << ORB_LPM_SHIFT);
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, image->fake->started, 0);
	KUNIT_EXPECT_EQ(test, image->fake->done, 0);
	KUNIT_EXPECT_TRUE(test, fake_accept(&image->guest, &io_int));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	flags = irb_flags(&irb);
	KUNIT_EXPECT_EQ(test, (flags & SCSW_DEFERRED_CC) >>
			      SCSW_DEFERRED_CC_SHIFT, 3);
	/*
	 * The subchannel has not become active, and stays start pending until
	 * TSCH.
	 */
	KUNIT_EXPECT_EQ(test, flags & (SCSW_FC | SCSW_AC | SCSW_SC),
			SCSW_FC_START | SCSW_AC_START_PENDING | CHECKED);
	image_stsch(image, &schib);
	KUNIT_EXPECT_EQ(test, scsw_flags_of(&schib.scsw) &
			      (SCSW_FC | SCSW_AC | SCSW_SC), 0);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, 0);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);

	/*
	 * With the path, the next start function runs, and the condition code
	 * is gone.
	 */
	image_load(image, &orb);
	image_must_start(image, &orb);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb),
			SCSW_FORMAT | SCSW_FC_START | ENDED);
}

/* A start function leaves nothing of the last one in the SCSW. */
static void start_again_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	image->step.dstat = CE_DE | DSTAT_UNIT_EXCEPTION;
	image->step.len = 4;
	image_must_start(image, &orb);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_INCORRECT_LENGTH);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), 4);

	image_load(image, &orb);
	image_must_start(image, &orb);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb),
			SCSW_FORMAT | SCSW_FC_START | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), 0);
}

/*
 * Chapter 15, "Path management": the POM shows the result of the last attempt,
 * and doesn't exclude a path from the next one.
 */
static void pom_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_schib schib;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, 0);
	image_stsch(image, &schib);
	schib.pmcw.pom = 0;
	EXPECT_CC(test, image_msch(image, &schib), IOINST_CC_EXPECTED);
	image_start(image);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_DEFERRED_CC, 0);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
}

/* What KVM_CSS_QUERY returns: the SCHIB as STSCH stores it, and counters */
static void query_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch = image_find(image);
	struct subchannel_info state;
	struct css_schib schib;

	image_start(image);
	image_stsch(image, &schib);
	KUNIT_EXPECT_TRUE(test, subchannel_query(sch, &state));
	KUNIT_EXPECT_MEMEQ(test, (const u8 *)&state.schib, (const u8 *)&schib,
			   sizeof(schib));
	KUNIT_EXPECT_EQ(test, state.stats.started, 1);
	KUNIT_EXPECT_EQ(test, state.stats.completed, 1);
	KUNIT_EXPECT_EQ(test, state.stats.deferred, 0);
	KUNIT_ASSERT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	memset(&state, 0x5a, sizeof(state));
	KUNIT_EXPECT_FALSE(test, subchannel_query(sch, &state));
	KUNIT_EXPECT_EQ(test, state.stats.started, 0x5a5a5a5a5a5a5a5a);
	/* A reset doesn't change a subchannel that has been removed. */
	subchannel_reset(sch, true);
	KUNIT_EXPECT_FALSE(test, sch->resetting);
	subchannel_put(sch);
}

static struct kunit_case subchannel_test_cases[] = {
	KUNIT_CASE(initial_schib_test),
	KUNIT_CASE_PARAM(modify_test, modify_gen_params),
	KUNIT_CASE(modify_disable_test),
	KUNIT_CASE_PARAM(cc_test, cc_gen_params),
	KUNIT_CASE(cc3_stores_nothing_test),
	KUNIT_CASE(test_normal_test),
	KUNIT_CASE(test_clears_test),
	KUNIT_CASE(test_active_irb_test),
	KUNIT_CASE_PARAM(alert_test, alert_gen_params),
	KUNIT_CASE_PARAM(orb_test, orb_gen_params),
	KUNIT_CASE_PARAM(no_path_test, no_path_gen_params),
	KUNIT_CASE(pom_test),
	KUNIT_CASE(start_again_test),
	KUNIT_CASE(query_test),
	{}
};

static struct kunit_suite subchannel_suite = {
	.name = "kvm_css_subchannel",
	.init = image_init,
	.exit = image_exit,
	.test_cases = subchannel_test_cases,
};

kunit_test_suite(subchannel_suite);
