// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions for a subchannel with a backend, Documentation/backends.rst:
 * function and status control decide first, then the backend, and its condition
 * code goes to the guest as it is.
 *
 * A case prints the matrix of states and instructions, which tools/check compares
 * with Documentation/backends.rst.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/sch_shared.h>

#include "fake_backend.h"

static const u16 opcodes[SCH_INSNS] = {
	[SCH_XSCH] = IOINST_XSCH, [SCH_CSCH] = IOINST_CSCH,
	[SCH_HSCH] = IOINST_HSCH, [SCH_RSCH] = IOINST_RSCH,
	[SCH_MSCH] = IOINST_MSCH, [SCH_SSCH] = IOINST_SSCH,
	[SCH_STSCH] = IOINST_STSCH, [SCH_TSCH] = IOINST_TSCH,
};

/* Each state with each instruction and each answer */

/* The backend is asked. */
#define ASK	9

static const struct decide_case {
	const char *name;
	u8 figure[SCH_INSNS];
} decide_cases[BACKEND_STATES] = {
/*			      XSCH CSCH HSCH RSCH MSCH SSCH STSCH TSCH */
[IS_DISABLED]	  = { "DISABLED",
			    {	3,   3,   3,   3,   ASK, 3,   0,   3 } },
[IS_IDLE]	  = { "IDLE",
			    {	2,   ASK, ASK, 2,   ASK, ASK, 0,   1 } },
[IS_STARTED]	  = { "STARTED",
			    {	ASK, ASK, ASK, ASK, 2,   2,   0,   1 } },
[IS_INTERMEDIATE] = { "INTERMEDIATE",
			    {	1,   ASK, ASK, 1,   1,   1,   0,   0 } },
[IS_SUSPENDED]	  = { "SUSPENDED",
			    {	ASK, ASK, ASK, ASK, 2,   2,   0,   1 } },
[IS_HALTING]	  = { "HALTING",
			    {	2,   ASK, 2,   2,   2,   2,   0,   1 } },
[IS_CLEARING]	  = { "CLEARING",
			    {	2,   ASK, 2,   2,   2,   2,   0,   1 } },
[IS_ENDED]	  = { "ENDED",
			    {	1,   ASK, 1,   1,   1,   1,   0,   0 } },
[IS_UNSOLICITED]  = { "UNSOLICITED",
			    {	1,   ASK, 1,   1,   1,   1,   0,   0 } },
[IS_OUT]	  = { "OUT",
			    {	3,   3,   3,   3,   3,   3,   3,   3 } },
[IS_LOST]	  = { "LOST",
			    {	3,   3,   3,   3,   0,   3,   0,   3 } },
};

KUNIT_ARRAY_PARAM_DESC(decide, decide_cases, name);

/* Which rows have been proved */
static bool proved[BACKEND_STATES];

static u32 control_of(struct fake_image *image)
{
	struct subchannel *sch = image_find(image);
	u32 control = subchannel_flags(sch) & CONTROL;

	subchannel_put(sch);
	return control;
}

/* What condition code 0 makes of function, activity and status control */
static u32 control_after(enum sch_insn insn, u32 before)
{
	switch (insn) {
	case SCH_SSCH:
		return START_PENDING;
	case SCH_RSCH:
		return before | SCSW_AC_RESUME_PENDING;
	case SCH_HSCH:
		return (before & ~(SCSW_SC | SCSW_AC_RESUME_PENDING)) | HALT |
		       SCSW_AC_HALT_PENDING;
	case SCH_CSCH:
		return CLEAR | SCSW_AC_CLEAR_PENDING;
	case SCH_XSCH:
		return 0;
	default:
		return before;
	}
}

static void put_operand(struct fake_image *image, enum sch_insn insn)
{
	const struct css_schib schib = {
		.pmcw.flags = cpu_to_be16(PMCW_ENABLED | PMCW_MULTIPATH),
		.pmcw.lpm = IMAGE_PATH,
	};
	struct css_orb orb;

	backend_orb(image, &orb);
	if (insn == SCH_SSCH)
		fake_put(&image->guest, IMAGE_OPERAND, &orb, sizeof(orb));
	else
		fake_put(&image->guest, IMAGE_OPERAND, &schib, sizeof(schib));
}

/* The subchannel decides, and the backend isn't asked. */
static void not_asked(struct backend_image *both, enum sch_insn insn, u8 cc)
{
	unsigned int asked = both->fake->asked[insn];
	struct kunit *test = both->fake->test;
	u32 before = control_of(both->image);

	EXPECT_CC(test, image_execute(both->image, opcodes[insn]),
		  IOINST_CC(cc));
	if (insn != SCH_STSCH && insn != SCH_TSCH) {
		KUNIT_EXPECT_EQ(test, both->fake->asked[insn], asked);
		KUNIT_EXPECT_EQ(test, control_of(both->image), before);
	}
}

static void asked(struct backend_image *both, enum sch_insn insn, u8 cc)
{
	unsigned int asked = both->fake->asked[insn];
	struct kunit *test = both->fake->test;
	u32 before = control_of(both->image);

	both->fake->answers[insn] = IOINST_CC(cc);
	EXPECT_CC(test, image_execute(both->image, opcodes[insn]),
		  IOINST_CC(cc));
	KUNIT_EXPECT_EQ(test, both->fake->asked[insn], asked + 1);
	KUNIT_EXPECT_EQ(test, control_of(both->image),
			cc ? before : control_after(insn, before));
	both->fake->answers[insn] = IOINST_CC_EXPECTED;
}

static void renew(struct backend_image *both)
{
	struct kunit *test = both->fake->test;
	struct fake_backend *fake = both->fake;

	KUNIT_EXPECT_EQ(test, 0, fake_remove(&both->image->css, IMAGE_SSID,
					     IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, both->image->guest.nr_pending, 0);
	KUNIT_EXPECT_EQ(test, fake->prepared, fake->discarded);
	fake->last = false;
	fake->released = 0;
	fake->stores.activity = 0;
	KUNIT_ASSERT_EQ(test, 0,
			fake_add(&both->image->css, IMAGE_SSID, IMAGE_SCHID,
				 IMAGE_DEVNO, IMAGE_CHPID, &fake->dev));
}

static void backend_decide_test(struct kunit *test)
{
	const struct decide_case *c = test->param_value;
	struct backend_image *both = test->priv;
	enum backend_is is = c - decide_cases;
	enum sch_insn insn;
	u8 cc;

	for (insn = 0; insn < SCH_INSNS; insn++) {
		for (cc = 0; cc < 4; cc++) {
			if (insn == SCH_CSCH && (cc == 1 || cc == 2))
				continue;
			backend_bring(both, is);
			put_operand(both->image, insn);
			if (c->figure[insn] == ASK)
				asked(both, insn, cc);
			else
				not_asked(both, insn, c->figure[insn]);
			renew(both);
		}
	}
	proved[is] = test->status == KUNIT_SUCCESS;
}

static void backend_matrix_test(struct kunit *test)
{
	char line[64];
	int is, insn, len;

	kunit_info(test, "backends: STATE | XSCH CSCH HSCH RSCH MSCH SSCH STSCH TSCH\n");
	for (is = 0; is < BACKEND_STATES; is++) {
		for (insn = 0, len = 0; insn < SCH_INSNS; insn++) {
			const u8 cc = decide_cases[is].figure[insn];

			len += scnprintf(line + len, sizeof(line) - len,
					 cc == ASK ? " ask" : " %u", cc);
		}
		kunit_info(test, "backends: %s |%s\n", decide_cases[is].name,
			   proved[is] ? line : " ?");
		KUNIT_EXPECT_TRUE(test, proved[is]);
	}
}

/* An answer that can't be: condition code 1 or 2 of CSCH, and no condition code */

struct wrong_case {
	const char *name;
	enum sch_insn insn;
	enum backend_is is;
	ioinst_ending_t answer;
};

static const struct wrong_case wrong_cases[] = {
	{ "clear, cc 1", SCH_CSCH, IS_STARTED, IOINST_CC(1) },
	{ "clear, cc 2", SCH_CSCH, IS_IDLE, IOINST_CC(2) },
	{ "start, cc 4", SCH_SSCH, IS_IDLE, IOINST_CC(4) },
	{ "start, proceed", SCH_SSCH, IS_IDLE, IOINST_PROCEED },
	{ "start, userspace", SCH_SSCH, IS_IDLE, IOINST_USERSPACE },
	{ "start, operand exception", SCH_SSCH, IS_IDLE, IOINST_OPERAND },
	{ "halt, retry", SCH_HSCH, IS_SUSPENDED, IOINST_RETRY },
	{ "resume, operand exception", SCH_RSCH, IS_SUSPENDED, IOINST_OPERAND },
	{ "cancel, completed", SCH_XSCH, IS_SUSPENDED, IOINST_COMPLETED },
	{ "modify, host fault", SCH_MSCH, IS_IDLE, IOINST_HOST_FAULT },
};

KUNIT_ARRAY_PARAM_DESC(wrong, wrong_cases, name);

static void backend_wrong_test(struct kunit *test)
{
	const struct wrong_case *c = test->param_value;
	struct backend_image *both = test->priv;
	unsigned int reports;

	backend_bring(both, c->is);
	put_operand(both->image, c->insn);
	both->fake->answers[c->insn] = c->answer;
	reports = both->image->guest.reports;
	EXPECT_CC(test, image_execute(both->image, opcodes[c->insn]),
		  IOINST_CC_NOT_OPERATIONAL);
	KUNIT_EXPECT_EQ(test, both->image->guest.reports, reports + 1);
	KUNIT_EXPECT_EQ(test, image_state(both->image), SCH_NOT_OPERATIONAL);
	KUNIT_EXPECT_EQ(test, both->fake->stops, 1);
	/* A reset brings it back. */
	both->fake->answers[c->insn] = IOINST_CC_EXPECTED;
	KUNIT_EXPECT_EQ(test, 0, css_reset(&both->image->css, CSS_RESET_ALL));
	backend_bring(both, IS_ENDED);
}

/* What a backend is given, and what it gives */

static void backend_operand_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct css_schib schib;
	struct css_orb orb;

	css_set_address_limit(&both->image->css, 0x10000);
	image_enable(both->image, IMAGE_ISC, PMCW_CONCURRENT_SENSE);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(both->fake->schib.pmcw.flags),
			PMCW_ENABLED | IMAGE_ISC << PMCW_ISC_SHIFT);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(both->fake->schib.pmcw.chars),
			PMCW_CONCURRENT_SENSE);
	backend_orb(both->image, &orb);
	image_must_start(both->image, &orb);
	KUNIT_EXPECT_MEMEQ(test, &both->fake->orb, &orb, sizeof(orb));
	KUNIT_EXPECT_EQ(test, both->fake->limit.mode, 0);
	KUNIT_EXPECT_EQ(test, both->fake->limit.address, 0x10000);
	image_expect_stats(both->image, 1, 0);
	EXPECT_CC(test, image_stsch(both->image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.pmcw.intparm), IMAGE_INTPARM);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.scsw.flags) & SCSW_FROM_ORB,
			SCSW_SUSPEND | SCSW_FORMAT);
	KUNIT_EXPECT_FALSE(test, be16_to_cpu(schib.pmcw.flags) & PMCW_TIMING);
}

/* An instruction that is refused has not modified anything. */
static void backend_modify_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct css_schib before, after;

	image_enable(both->image, IMAGE_ISC, 0);
	image_stsch(both->image, &before);
	both->fake->answers[SCH_MSCH] = IOINST_OPERAND;
	after = before;
	after.pmcw.flags |= cpu_to_be16(PMCW_MULTIPATH);
	EXPECT_CC(test, image_msch(both->image, &after), IOINST_OPERAND);
	image_stsch(both->image, &after);
	KUNIT_EXPECT_MEMEQ(test, &before, &after, sizeof(after));
}

/* What STORE SUBCHANNEL shows of paths and activity */
static void backend_store_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct css_schib schib;

	backend_bring(both, IS_STARTED);
	both->fake->stores = (struct backend_schib){
		.lpum = 0xff, .pnom = 0xff, .pom = 0x5f, .pam = 0,
		.activity = ~0u,
	};
	EXPECT_CC(test, image_stsch(both->image, &schib), IOINST_CC_EXPECTED);
	/* The image knows of one path. */
	KUNIT_EXPECT_EQ(test, schib.pmcw.lpum, IMAGE_PATH);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pnom, IMAGE_PATH);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pim, IMAGE_PATH);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pom, 0x5f);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pam, 0);
	KUNIT_EXPECT_EQ(test, schib.pmcw.chpid[0], IMAGE_CHPID);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.scsw.flags) & CONTROL,
			START | SCSW_AC);
	/* While status is pending, the activity is that of the status. */
	fake_backend_present(both->fake, START | DEVICE | PRIMARY, CE);
	KUNIT_EXPECT_EQ(test, image_control(both->image),
			START | DEVICE | PRIMARY);
	image_must(both->image, IOINST_TSCH);
	/* Without a function, only the device can be active. */
	KUNIT_EXPECT_EQ(test, image_control(both->image), DEVICE);
	both->fake->stores.activity = 0;
	KUNIT_EXPECT_EQ(test, image_control(both->image), 0);
}

/* What is prepared without the lock */

static void backend_retry_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct css_orb orb;

	image_enable(both->image, IMAGE_ISC, 0);
	backend_orb(both->image, &orb);
	both->fake->prepares = IOINST_RETRY;
	EXPECT_CC(test, image_ssch(both->image, &orb), IOINST_RETRY);
	KUNIT_EXPECT_EQ(test, both->fake->asked[SCH_SSCH], 0);
	KUNIT_EXPECT_EQ(test, image_control(both->image), 0);
	both->fake->prepares = IOINST_PROCEED;
	image_must_start(both->image, &orb);
	KUNIT_EXPECT_EQ(test, both->fake->discarded, 0);
}

/* It is not for a prepare operation to decide a condition code. */
static void backend_prepare_wrong_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct css_orb orb;

	image_enable(both->image, IMAGE_ISC, 0);
	backend_orb(both->image, &orb);
	both->fake->prepares = IOINST_CC_BUSY;
	EXPECT_CC(test, image_ssch(both->image, &orb),
		  IOINST_CC_NOT_OPERATIONAL);
	KUNIT_EXPECT_EQ(test, image_state(both->image), SCH_NOT_OPERATIONAL);
}

/* Another CPU does something while something is being prepared. */

static void another_starts(void *arg)
{
	struct backend_image *both = arg;
	struct css_orb orb;

	backend_orb(both->image, &orb);
	EXPECT_CC(both->fake->test, image_ssch(both->image, &orb),
		  IOINST_RETRY);
}

static void another_clears(void *arg)
{
	struct backend_image *both = arg;

	image_must(both->image, IOINST_CSCH);
}

/* The program that is to be resumed is replaced by another one. */
static void another_replaces(void *arg)
{
	struct backend_image *both = arg;
	struct subchannel *sch = image_find(both->image);

	image_must(both->image, IOINST_XSCH);
	/* What another CPU has prepared before */
	mutex_lock(&sch->lock);
	sch->stats.started++;
	subchannel_set_flags(sch, START | SCSW_SUSPEND | SCSW_AC_SUSPENDED);
	mutex_unlock(&sch->lock);
	subchannel_put(sch);
}

static void backend_meanwhile_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct fake_backend *fake = both->fake;
	struct css_orb orb;

	image_enable(both->image, IMAGE_ISC, 0);
	backend_orb(both->image, &orb);
	fake->meanwhile_arg = both;
	/* Only one CPU prepares at a time. */
	fake->meanwhile = another_starts;
	image_must_start(both->image, &orb);
	KUNIT_EXPECT_EQ(test, fake->prepared, 1);
	/* What was prepared for a program that was cleared is discarded. */
	fake->meanwhile = another_clears;
	EXPECT_CC(test, image_execute(both->image, IOINST_RSCH), IOINST_CC_BUSY);
	KUNIT_EXPECT_EQ(test, fake->asked[SCH_RSCH], 0);
	flush_work(&fake->backend.give_back.work);
	KUNIT_EXPECT_EQ(test, fake->discarded, 1);
	fake->meanwhile = NULL;
	fake_backend_present(fake, CLEAR | SCSW_SC_PENDING, 0);
	image_must(both->image, IOINST_TSCH);
	image_must_start(both->image, &orb);
	fake->meanwhile = another_replaces;
	EXPECT_CC(test, image_execute(both->image, IOINST_RSCH), IOINST_RETRY);
	KUNIT_EXPECT_EQ(test, fake->asked[SCH_RSCH], 0);
}

/* The backend isn't asked to stop while something is prepared. */

static void device_goes(void *arg)
{
	struct backend_image *both = arg;

	both->fake->news = BACKEND_LOST;
	fake_backend_tell(both->fake);
	KUNIT_EXPECT_EQ(both->fake->test, both->fake->stops, 0);
}

static void limit_changes(void *arg)
{
	struct backend_image *both = arg;

	css_set_address_limit(&both->image->css, 0x10000);
}

static void backend_prepared_late_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct css_orb orb;

	image_enable(both->image, IMAGE_ISC, 0);
	backend_orb(both->image, &orb);
	both->fake->meanwhile_arg = both;
	both->fake->meanwhile = limit_changes;
	EXPECT_CC(test, image_ssch(both->image, &orb), IOINST_RETRY);
	both->fake->meanwhile = device_goes;
	EXPECT_CC(test, image_ssch(both->image, &orb),
		  IOINST_CC_NOT_OPERATIONAL);
	KUNIT_EXPECT_EQ(test, both->fake->stops, 1);
	KUNIT_EXPECT_EQ(test, both->fake->asked[SCH_SSCH], 0);
}

/* Each program is discarded once, when the device doesn't use it any more. */
static void backend_discard_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct fake_backend *fake = both->fake;
	struct css_orb orb;

	backend_bring(both, IS_SUSPENDED);
	image_must(both->image, IOINST_RSCH);
	KUNIT_EXPECT_EQ(test, fake->prepared, 2);
	/* Intermediate status leaves it in use, and so does an older one. */
	fake_backend_present(fake, SUSPENDED | INTERMEDIATE, 0);
	image_must(both->image, IOINST_TSCH);
	flush_work(&fake->backend.give_back.work);
	KUNIT_EXPECT_EQ(test, fake->discarded, 0);
	fake_backend_present(fake, START | DEVICE | PRIMARY, CE);
	flush_work(&fake->backend.give_back.work);
	KUNIT_EXPECT_EQ(test, fake->discarded, 2);
	image_must(both->image, IOINST_TSCH);
	/* The next one may begin before that. */
	backend_orb(both->image, &orb);
	image_must_start(both->image, &orb);
	image_must(both->image, IOINST_XSCH);
	image_must_start(both->image, &orb);
	image_must(both->image, IOINST_CSCH);
	fake_backend_present(fake, CLEAR | SCSW_SC_PENDING, 0);
	flush_work(&fake->backend.give_back.work);
	KUNIT_EXPECT_EQ(test, fake->discarded, 4);
	image_must(both->image, IOINST_TSCH);
}

static struct kunit_case backend_cases[] = {
	KUNIT_CASE_PARAM(backend_decide_test, decide_gen_params),
	KUNIT_CASE(backend_matrix_test),
	KUNIT_CASE_PARAM(backend_wrong_test, wrong_gen_params),
	KUNIT_CASE(backend_operand_test),
	KUNIT_CASE(backend_modify_test),
	KUNIT_CASE(backend_store_test),
	KUNIT_CASE(backend_retry_test),
	KUNIT_CASE(backend_prepare_wrong_test),
	KUNIT_CASE(backend_meanwhile_test),
	KUNIT_CASE(backend_prepared_late_test),
	KUNIT_CASE(backend_discard_test),
	{}
};

static struct kunit_suite backend_suite = {
	.name = "kvm_css_backend",
	.init = backend_init,
	.exit = backend_exit,
	.test_cases = backend_cases,
};

kunit_test_suite(backend_suite);
