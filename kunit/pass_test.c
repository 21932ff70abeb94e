// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions of a guest for a device of the host's: which ones get to the host, and
 * with which condition code they end.
 *
 * Principles of Operation chapter 14, "Resulting Condition Code" of each instruction;
 * the table in Documentation/passthrough.rst.
 */
#include <linux/delay.h>

#include "pass_case.h"

enum pass_is {
	PASS_IDLE,
	PASS_STARTED,
	PASS_SUSPENDED,
	PASS_HALTING,
	PASS_CLEARING,
};

/* Bring the subchannel into a state in which the host is asked. */
static void bring(struct pass_image *pass, enum pass_is is)
{
	struct css_irb irb;

	image_enable(pass->image, IMAGE_ISC, 0);
	if (is == PASS_IDLE)
		return;
	pass_ccw(pass, 0, 0x03, CCW_CC | CCW_SLI, 1, IMAGE_DATA);
	pass_ccw(pass, 1, 0x03, CCW_SUSPEND | CCW_SLI, 1, IMAGE_DATA);
	pass_start(pass, ORB_SUSPEND | ORB_PREFETCH);
	if (is == PASS_SUSPENDED) {
		pass_interrupt(pass, SUSPENDED | INTERMEDIATE, 0,
			       pass_cpa(pass, 1));
		pass_expect(pass, SUSPENDED | INTERMEDIATE, 0, &irb);
	} else if (is == PASS_HALTING) {
		image_must(pass->image, IOINST_HSCH);
	} else if (is == PASS_CLEARING) {
		image_must(pass->image, IOINST_CSCH);
	}
}

struct cc_case {
	const char *name;
	enum pass_is is;
	u16 opcode;
	enum fake_host_insn insn;
	u32 late;	/* the status that is the reason for condition code 1 */
};

/* Without a function the reason is unsolicited status, else the function has ended. */
static const struct cc_case cc_cases[] = {
	{ "SSCH, idle", PASS_IDLE, IOINST_SSCH, HOST_SSCH, UNSOLICITED },
	{ "MSCH, idle", PASS_IDLE, IOINST_MSCH, HOST_MSCH, UNSOLICITED },
	{ "HSCH, idle", PASS_IDLE, IOINST_HSCH, HOST_HSCH, UNSOLICITED },
	{ "HSCH, started", PASS_STARTED, IOINST_HSCH, HOST_HSCH,
	  START | ENDED },
	{ "HSCH, suspended", PASS_SUSPENDED, IOINST_HSCH, HOST_HSCH,
	  START | CHECKED },
	{ "XSCH, started", PASS_STARTED, IOINST_XSCH, HOST_XSCH,
	  START | ENDED },
	{ "XSCH, suspended", PASS_SUSPENDED, IOINST_XSCH, HOST_XSCH,
	  START | ENDED },
	{ "RSCH, suspended", PASS_SUSPENDED, IOINST_RSCH, HOST_RSCH,
	  START | ENDED },
	{ "CSCH, idle", PASS_IDLE, IOINST_CSCH, HOST_CSCH, 0 },
	{ "CSCH, started", PASS_STARTED, IOINST_CSCH, HOST_CSCH, 0 },
	{ "CSCH, suspended", PASS_SUSPENDED, IOINST_CSCH, HOST_CSCH, 0 },
	{ "CSCH, halting", PASS_HALTING, IOINST_CSCH, HOST_CSCH, 0 },
	{ "CSCH, clearing", PASS_CLEARING, IOINST_CSCH, HOST_CSCH, 0 },
};

KUNIT_ARRAY_PARAM_DESC(cc, cc_cases, name);

static ioinst_ending_t execute(struct pass_image *pass, u16 opcode)
{
	struct css_schib schib;
	struct css_orb orb;

	if (opcode == IOINST_SSCH) {
		pass_ccw(pass, 0, IMAGE_CMD, 0, IMAGE_COUNT, IMAGE_DATA);
		pass_orb(&orb, ORB_PREFETCH);
		return image_ssch(pass->image, &orb);
	}
	if (opcode == IOINST_MSCH) {
		image_stsch(pass->image, &schib);
		return image_msch(pass->image, &schib);
	}
	return image_execute(pass->image, opcode);
}

static void pass_cc_test(struct kunit *test, u8 cc)
{
	const struct cc_case *c = test->param_value;
	struct pass_image *pass = test->priv;
	struct host_sch *host = pass->host;
	unsigned int asked;
	struct css_irb irb;

	bring(pass, c->is);
	asked = host->asked[c->insn];
	host->answers[c->insn] = IOINST_CC(cc);
	host->late = cc == 1 ? c->late : 0;
	EXPECT_CC(test, execute(pass, c->opcode), IOINST_CC(cc));
	KUNIT_EXPECT_EQ(test, host->asked[c->insn], asked + 1);
	host->answers[c->insn] = IOINST_CC_EXPECTED;
	if (cc == 1)
		pass_expect(pass, c->late, 0, &irb);
}

static void pass_cc0_test(struct kunit *test)
{
	pass_cc_test(test, 0);
}

static void pass_cc1_test(struct kunit *test)
{
	const struct cc_case *c = test->param_value;

	if (c->opcode != IOINST_CSCH)
		pass_cc_test(test, 1);
}

static void pass_cc2_test(struct kunit *test)
{
	const struct cc_case *c = test->param_value;

	if (c->opcode != IOINST_CSCH)
		pass_cc_test(test, 2);
}

static void pass_cc3_test(struct kunit *test)
{
	pass_cc_test(test, 3);
}

/* Condition code 1 without any status: the guest gets no code that it can't explain. */
static void pass_contradiction_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;

	bring(pass, PASS_IDLE);
	pass->host->answers[HOST_SSCH] = IOINST_CC_STATUS_PRESENT;
	EXPECT_CC(test, execute(pass, IOINST_SSCH), IOINST_CC_BUSY);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_SSCH], PT_TRIES);
}

/* The status that is the reason may be of no interest to the guest. */
static void pass_again_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;

	bring(pass, PASS_IDLE);
	pass->host->answers[HOST_SSCH] = IOINST_CC_STATUS_PRESENT;
	pass->host->late = START | ENDED;
	pass->host->once = true;
	EXPECT_CC(test, execute(pass, IOINST_SSCH), IOINST_CC_EXPECTED);
	pass->host->late = 0;
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_SSCH], 2);
	pass_expect_none(pass);
}

/* HALT SUBCHANNEL is permitted beside intermediate status, and forgets it. */
static void pass_halt_intermediate_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	bring(pass, PASS_STARTED);
	fake_host_make(&irb, START | ACTIVE | INTERMEDIATE, 0, pass_cpa(pass, 0));
	fake_host_interrupt(pass->host, &irb);
	image_must(pass->image, IOINST_HSCH);
	flush_work(&pass->pt->backend.news.work);
	pass_expect_none(pass);
	pass_interrupt(pass, START | HALT | ENDED, CE_DE, pass_cpa(pass, 0));
	pass_expect(pass, START | HALT | ENDED, CE_DE, &irb);
}

/* What the host's START SUBCHANNEL is given */
static void pass_orb_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	u32 flags;

	fake_host_paths(pass->host, 0x60, 0xff);
	image_enable(pass->image, IMAGE_ISC, 0);
	pass_ccw(pass, 0, 0x03, CCW_SUSPEND | CCW_SLI, 1, IMAGE_DATA);
	pass_start(pass, ORB_SUSPEND | ORB_PREFETCH | ORB_SUPPRESS_SUSPENDED);
	flags = be32_to_cpu(pass->host->orb.flags);
	KUNIT_EXPECT_EQ(test, flags & ORB_KEY, 0);
	KUNIT_EXPECT_TRUE(test, flags & ORB_SUSPEND);
	KUNIT_EXPECT_FALSE(test, flags & ORB_SUPPRESS_SUSPENDED);
	/* One of the two paths */
	KUNIT_EXPECT_EQ(test, flags & ORB_LPM, 0x40 << ORB_LPM_SHIFT);
}

static void pass_modify_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_schib schib;

	image_enable(pass->image, IMAGE_ISC, PMCW_CONCURRENT_SENSE);
	KUNIT_EXPECT_TRUE(test, pass->host->modes.concurrent_sense);
	KUNIT_EXPECT_FALSE(test, pass->host->modes.multipath);
	image_stsch(pass->image, &schib);
	schib.pmcw.chars = 0;
	schib.pmcw.flags |= cpu_to_be16(PMCW_MULTIPATH);
	EXPECT_CC(test, image_msch(pass->image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_FALSE(test, pass->host->modes.concurrent_sense);
	KUNIT_EXPECT_TRUE(test, pass->host->modes.multipath);
	/* A host without concurrent sense */
	pass->host->answers[HOST_MSCH] = IOINST_OPERAND;
	schib.pmcw.chars = cpu_to_be32(PMCW_CONCURRENT_SENSE);
	EXPECT_CC(test, image_msch(pass->image, &schib), IOINST_OPERAND);
}

static void pass_store_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_schib schib;
	const u32 active = START | ACTIVE;

	fake_host_paths(pass->host, 0xc0, 0xff);
	bring(pass, PASS_STARTED);
	pass->host->schib.scsw.flags = cpu_to_be32(active);
	pass->host->schib.pmcw.lpum = 0x40;
	pass->host->schib.pmcw.pnom = 0x40;
	EXPECT_CC(test, image_stsch(pass->image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.scsw.flags) & CONTROL, active);
	KUNIT_EXPECT_EQ(test, schib.pmcw.lpum, IMAGE_PATH);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pnom, 0);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pom, 0xff);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pam, IMAGE_PATH);
	/* The guest's path is not one of those that don't work any more. */
	pass->host->schib.pmcw.pnom = 0x80;
	pass->host->schib.pmcw.pom = 0x7f;
	image_stsch(pass->image, &schib);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pnom, IMAGE_PATH);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pom, 0x7f);
}

/* A report for a subchannel has a second word, with the subchannel set. */
#define REPORT_WORDS	2

/* Another path is used when the one that was has gone; the guest is told. */
static void pass_paths_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct crw_queue *crws = &pass->image->css.crws;
	struct css_schib schib;
	unsigned int reports;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_settle(pass);
	fake_host_paths(pass->host, 0xc0, 0xff);
	pass_settle(pass);
	reports = crws->nr;
	/* Nothing that the guest sees */
	fake_host_paths(pass->host, 0xe0, 0xff);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, crws->nr, reports);
	fake_host_paths(pass->host, 0x60, 0xff);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, crws->nr, reports + REPORT_WORDS);
	KUNIT_EXPECT_EQ(test, pass->pt->path, 0x40);
	/* None is left. */
	fake_host_paths(pass->host, 0, 0xff);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, crws->nr, reports + 2 * REPORT_WORDS);
	image_stsch(pass->image, &schib);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pam, 0);
}

/* START SUBCHANNEL finds out that a path has gone. */
static void pass_paths_cc3_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;

	fake_host_paths(pass->host, 0xc0, 0xff);
	image_enable(pass->image, IMAGE_ISC, 0);
	pass->host->answers[HOST_SSCH] = IOINST_CC_NOT_OPERATIONAL;
	pass->host->schib.pmcw.pom = 0x7f;
	EXPECT_CC(test, execute(pass, IOINST_SSCH), IOINST_CC_NOT_OPERATIONAL);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->pt->path, 0x40);
	KUNIT_EXPECT_EQ(test, pass->image->guest.reports, 1);
}

/* Programs that can't be translated end in unit exception. */
static void pass_cannot_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass->image->guest.pin_fails = GUEST_PIN_LIMIT;
	pass_start_one(pass);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_SSCH], 0);
	flush_work(&pass->pt->backend.news.work);
	pass_expect(pass, START | CHECKED, DSTAT_UNIT_EXCEPTION, &irb);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), IMAGE_PROG + CCW_SIZE);
	KUNIT_EXPECT_EQ(test, atomic_read(&pass->pt->warned), 1);
	pass->image->guest.pin_fails = 0;
	pass_start_one(pass);
	pass_interrupt(pass, START | ENDED, CE_DE, pass_cpa(pass, 0));
	pass_expect(pass, START | ENDED, CE_DE, &irb);
}

/* Whether such a program begins depends on the host's subchannel, too. */
static void pass_cannot_begin_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass->image->guest.pin_fails = GUEST_PIN_LIMIT;
	pass->host->schib.scsw.flags = cpu_to_be32(START);
	EXPECT_CC(test, execute(pass, IOINST_SSCH), IOINST_CC_BUSY);
	pass->host->schib.scsw.flags = cpu_to_be32(UNSOLICITED);
	fake_host_make(&irb, UNSOLICITED, ATTENTION, 0);
	fake_host_gives(pass->host, &irb);
	EXPECT_CC(test, execute(pass, IOINST_SSCH), IOINST_CC_STATUS_PRESENT);
	pass_expect(pass, UNSOLICITED, ATTENTION, &irb);
	pass->host->answers[HOST_STSCH] = IOINST_CC_NOT_OPERATIONAL;
	EXPECT_CC(test, execute(pass, IOINST_SSCH), IOINST_CC_NOT_OPERATIONAL);
}

/* The host has no memory, or a signal is pending. */
static void pass_retry_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass->image->guest.pin_fails = GUEST_PIN_NO_MEMORY;
	EXPECT_CC(test, execute(pass, IOINST_SSCH), IOINST_RETRY);
	pass->image->guest.pin_fails = GUEST_PIN_SIGNAL;
	EXPECT_CC(test, execute(pass, IOINST_SSCH), IOINST_RETRY);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_SSCH], 0);
}

/*
 * The host's channel subsystem hasn't got what the ORB asks for.  "Operand Exception" of
 * START SUBCHANNEL: bits of the ORB that belong to a facility must be zeros without it.
 */
static void pass_operand_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	pass->host->answers[HOST_SSCH] = IOINST_OPERAND;
	image_enable(pass->image, IMAGE_ISC, 0);
	pass_ccw(pass, 0, IMAGE_CMD, 0, IMAGE_COUNT, IMAGE_DATA);
	pass_start(pass, ORB_PREFETCH | ORB_MIDAW);
	pass_expect(pass, START | CHECKED, DSTAT_UNIT_EXCEPTION, &irb);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), IMAGE_PROG + CCW_SIZE);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
	/* It would not have begun. */
	pass->host->schib.scsw.flags = cpu_to_be32(START_PENDING);
	EXPECT_CC(test, execute(pass, IOINST_SSCH), IOINST_CC_BUSY);
	pass->host->schib.scsw.flags = 0;
	/* The next one may be another one. */
	pass->host->answers[HOST_SSCH] = IOINST_CC_EXPECTED;
	pass_start_one(pass);
	pass_interrupt(pass, START | ENDED, CE_DE, pass_cpa(pass, 0));
	pass_expect(pass, START | ENDED, CE_DE, &irb);
}

static struct kunit_case pass_cases[] = {
	KUNIT_CASE(pass_operand_test),
	KUNIT_CASE_PARAM(pass_cc0_test, cc_gen_params),
	KUNIT_CASE_PARAM(pass_cc1_test, cc_gen_params),
	KUNIT_CASE_PARAM(pass_cc2_test, cc_gen_params),
	KUNIT_CASE_PARAM(pass_cc3_test, cc_gen_params),
	KUNIT_CASE(pass_contradiction_test),
	KUNIT_CASE(pass_again_test),
	KUNIT_CASE(pass_halt_intermediate_test),
	KUNIT_CASE(pass_orb_test),
	KUNIT_CASE(pass_modify_test),
	KUNIT_CASE(pass_store_test),
	KUNIT_CASE(pass_paths_test),
	KUNIT_CASE(pass_paths_cc3_test),
	KUNIT_CASE(pass_cannot_test),
	KUNIT_CASE(pass_cannot_begin_test),
	KUNIT_CASE(pass_retry_test),
	{}
};

static struct kunit_suite pass_suite = {
	.name = "kvm_css_passthrough",
	.init = pass_init,
	.exit = pass_exit,
	.test_cases = pass_cases,
};

kunit_test_suite(pass_suite);
