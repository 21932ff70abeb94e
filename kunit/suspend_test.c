// SPDX-License-Identifier: GPL-2.0
/*
 * Suspension and resumption: Principles of Operation chapter 15, "Suspension of
 * Channel-Program Execution" and "Resume Function", and RESUME SUBCHANNEL of
 * chapter 14.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/string.h>

#include <kvm_css/subchannel.h>

#include "fake_image.h"

/*
 * The CCWs of the program, and a CCW at another place to which a TIC may lead
 */
#define CCW(n)		(IMAGE_PROG + 8 * (n))
#define ELSEWHERE	(IMAGE_PROG + 0x100)
#define CCWS		3

static const struct fake_step steps[] = {
	STEP_GIVES(IMAGE_CMD, IMAGE_COUNT),
	STEP_GIVES(IMAGE_CMD, IMAGE_COUNT),
	STEP_GIVES(IMAGE_CMD, IMAGE_COUNT),
};

/* Store a CCW that reads to a place of its own. */
static void put_ccw(struct fake_image *image, u32 addr, u32 n, u8 flags)
{
	const struct css_ccw1 ccw = {
		.cmd = IMAGE_CMD,
		.flags = flags,
		.count = cpu_to_be16(IMAGE_COUNT),
		.cda = cpu_to_be32(IMAGE_DATA + n * IMAGE_COUNT),
	};

	fake_put(&image->guest, addr, &ccw, sizeof(ccw));
}

/* Store three reads; the CCW at @at has the suspend flag. */
static void load(struct fake_image *image, struct css_orb *orb, int at)
{
	int i;

	image_load(image, orb);
	orb->flags |= cpu_to_be32(ORB_SUSPEND);
	for (i = 0; i < CCWS; i++)
		put_ccw(image, CCW(i), i, (i < CCWS - 1 ? CCW_CC : 0) |
					  (i == at ? CCW_SUSPEND : 0));
	fake_device_script(image->fake, steps, CCWS);
}

/*
 * Clear the suspend flag, as the guest does so that the program can be resumed.
 */
static void clear_flag(struct fake_image *image, int at)
{
	put_ccw(image, CCW(at), at, at < CCWS - 1 ? CCW_CC : 0);
}

static void start_at(struct fake_image *image, int at, u32 orb_flags)
{
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	load(image, &orb, at);
	orb.flags |= cpu_to_be32(orb_flags);
	image_must_start(image, &orb);
}

static void expect_resumed(struct fake_image *image)
{
	image_must(image, IOINST_RSCH);
}

/* Check that the status says the program is suspended, and at which CCW. */
static void expect_suspended(struct fake_image *image, int at)
{
	struct kunit *test = image->guest.test;
	struct css_irb irb;

	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), SUSPENDED | INTERMEDIATE);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), CCW(at) + 8);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, 0);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, image_control(image), SUSPENDED);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
}

/* Check that the program has ended, and has executed each command once. */
static void expect_ended(struct fake_image *image, u32 cpa)
{
	struct kunit *test = image->guest.test;
	struct css_irb irb;

	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), SCSW_FC_START | ENDED);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), cpa);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, image->fake->started, 1);
	KUNIT_EXPECT_EQ(test, image_control(image), 0);
}

static void expect_all_read(struct fake_image *image)
{
	struct kunit *test = image->guest.test;

	KUNIT_EXPECT_EQ(test, image->fake->done, CCWS);
	KUNIT_EXPECT_MEMEQ(test, image->guest.storage + IMAGE_DATA,
			   image->fake->stream, CCWS * IMAGE_COUNT);
	expect_ended(image, CCW(CCWS));
}

/*
 * At which CCW a program is suspended: those before it have been executed, no
 * others.
 */
struct at_case {
	const char *name;
	int at;
};

static const struct at_case at_cases[] = {
	{ "at the first CCW", 0 },
	{ "in the middle", 1 },
	{ "at the last CCW", 2 },
};

KUNIT_ARRAY_PARAM_DESC(at, at_cases, name);

static void suspend_at_test(struct kunit *test)
{
	const struct at_case *c = test->param_value;
	struct fake_image *image = test->priv;

	start_at(image, c->at, 0);
	KUNIT_EXPECT_EQ(test, image->fake->done, c->at);
	expect_suspended(image, c->at);
	clear_flag(image, c->at);
	expect_resumed(image);
	expect_all_read(image);
}

/*
 * After a resume the CCW is fetched again, and its suspend flag counts again.
 */
static void suspend_again_test(struct kunit *test)
{
	const struct at_case *c = test->param_value;
	struct fake_image *image = test->priv;
	int i;

	start_at(image, c->at, 0);
	for (i = 0; i < 3; i++) {
		expect_suspended(image, c->at);
		KUNIT_EXPECT_EQ(test, image->fake->done, c->at);
		expect_resumed(image);
	}
	expect_suspended(image, c->at);
	clear_flag(image, c->at);
	expect_resumed(image);
	expect_all_read(image);
}

/* Suppress-suspended control: the guest isn't told of the suspension. */
static void suspend_suppressed_test(struct kunit *test)
{
	const struct at_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start_at(image, c->at, ORB_SUPPRESS_SUSPENDED);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	KUNIT_EXPECT_EQ(test, image_control(image), SUSPENDED);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, image_control(image), SUSPENDED);
	clear_flag(image, c->at);
	expect_resumed(image);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	expect_all_read(image);
}

/* A device that has to wait: workers run the program from its first CCW on. */
static void suspend_on_worker_test(struct kunit *test)
{
	const struct at_case *c = test->param_value;
	struct fake_image *image = test->priv;

	image->fake->must_wait = true;
	start_at(image, c->at, 0);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	expect_suspended(image, c->at);
	clear_flag(image, c->at);
	expect_resumed(image);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
	expect_all_read(image);
	/* It counts as one program, although it was suspended. */
	image_expect_stats(image, 1, 1);
	image_expect_deferred(image, 1);
}

/*
 * The CCW that is fetched again may be a TIC, even if it is the first of the
 * program.
 */
static void resume_to_tic_test(struct kunit *test)
{
	const struct css_ccw1 tic = {
		.cmd = CCW_CMD_TIC,
		.cda = cpu_to_be32(ELSEWHERE),
	};
	const struct at_case *c = test->param_value;
	struct fake_image *image = test->priv;

	start_at(image, c->at, 0);
	expect_suspended(image, c->at);
	fake_put(&image->guest, CCW(c->at), &tic, sizeof(tic));
	put_ccw(image, ELSEWHERE, c->at, 0);
	expect_resumed(image);
	KUNIT_EXPECT_EQ(test, image->fake->done, c->at + 1);
	expect_ended(image, ELSEWHERE + 8);
}

/* A CCW that is fetched again is checked again. */
static void resume_to_invalid_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	const struct css_ccw1 invalid = {};
	struct css_irb irb;

	start_at(image, 1, 0);
	expect_suspended(image, 1);
	fake_put(&image->guest, CCW(1), &invalid, sizeof(invalid));
	expect_resumed(image);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PROGRAM_CHECK);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), CCW(1) + 8);
	KUNIT_EXPECT_EQ(test, image->fake->done, 1);
}

/*
 * A resume in advance: it comes before the program has reached the suspend flag
 */

static void resume_early(void *arg)
{
	struct fake_image *image = arg;
	struct kunit *test = image->guest.test;

	if (image->fake->done)
		return;
	expect_resumed(image);
	KUNIT_EXPECT_NE(test, image_control(image) & SCSW_AC_RESUME_PENDING, 0);
	KUNIT_EXPECT_NE(test, image_control(image) & SCSW_AC_SUBCH_ACTIVE, 0);
	/* A resume is pending already. */
	EXPECT_CC(test, image_execute(image, IOINST_RSCH), IOINST_CC_BUSY);
}

/* The suspend flag uses up the pending resume: the CCW is fetched once more. */
static void resume_early_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image->fake->during = resume_early;
	image->fake->during_arg = image;
	start_at(image, 1, 0);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	expect_suspended(image, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	clear_flag(image, 1);
	expect_resumed(image);
	expect_all_read(image);
}

static void flag_cleared(void *arg)
{
	clear_flag(arg, 1);
}

static void fetched_first(void *arg)
{
	struct fake_image *image = arg;

	expect_resumed(image);
	image->guest.before_read = flag_cleared;
}

/*
 * The guest clears the flag and executes RESUME SUBCHANNEL just after the CCW
 * has been fetched with the flag.  The program must not stay suspended, because
 * nobody would resume it again.
 */
static void resume_not_lost_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image->guest.before_read = fetched_first;
	image->guest.before_read_arg = image;
	image->guest.before_read_addr = CCW(1);
	start_at(image, 1, 0);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	expect_all_read(image);
}

/* If no suspend flag follows, the pending resume ends with the program. */
static void resume_for_nothing_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image->fake->during = resume_early;
	image->fake->during_arg = image;
	start_at(image, CCWS, 0);
	expect_all_read(image);
	/* The next program has no resume pending. */
	image->fake->during = NULL;
	load(image, &orb, 0);
	image_must_start(image, &orb);
	expect_suspended(image, 0);
}

static void resume_refused(void *arg)
{
	struct fake_image *image = arg;

	EXPECT_CC(image->guest.test, image_execute(image, IOINST_RSCH),
		  IOINST_CC_BUSY);
}

/* Without suspend control there is nothing to be resumed. */
static void resume_without_control_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	load(image, &orb, CCWS);
	orb.flags &= ~cpu_to_be32(ORB_SUSPEND);
	image->fake->during = resume_refused;
	image->fake->during_arg = image;
	image_must_start(image, &orb);
	expect_all_read(image);
}

/* The program is resumed before it begins, because its image is quiesced. */
static void resume_before_begin_test(struct kunit *test)
{
	const struct at_case *c = test->param_value;
	struct fake_image *image = test->priv;

	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
	start_at(image, c->at, 0);
	expect_resumed(image);
	KUNIT_EXPECT_EQ(test, image_control(image), SCSW_FC_START |
			SCSW_AC_START_PENDING | SCSW_AC_RESUME_PENDING);
	resume_refused(image);
	css_unquiesce(&image->css);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	expect_suspended(image, c->at);
	clear_flag(image, c->at);
	expect_resumed(image);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
	expect_all_read(image);
}

static void resume_then_halt(void *arg)
{
	struct fake_image *image = arg;

	expect_resumed(image);
	image_must(image, IOINST_HSCH);
}

/* A halt after a resume in advance is performed as usual. */
static void resume_then_halt_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	image->guest.before_read = resume_then_halt;
	image->guest.before_read_arg = image;
	image->guest.before_read_addr = CCW(1);
	start_at(image, 1, 0);
	KUNIT_EXPECT_EQ(test, image->fake->done, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | SCSW_FC_HALT | ENDED);
	KUNIT_EXPECT_EQ(test, image_control(image), 0);
}

/*
 * What ends a suspended program doesn't ask the device.  Afterwards any
 * function can be started.
 */
struct leave_case {
	const char *name;
	u16 opcode;
	u32 control;
	u32 cpa;
};

static const struct leave_case leave_cases[] = {
	{ "cancel", IOINST_XSCH, 0 },
	{ "halt", IOINST_HSCH,
	  SCSW_FC_START | SCSW_FC_HALT | SCSW_AC_SUSPENDED | SCSW_SC_PENDING,
	  CCW(1) + 8 },
	{ "clear", IOINST_CSCH, SCSW_FC_CLEAR | SCSW_SC_PENDING },
};

KUNIT_ARRAY_PARAM_DESC(leave, leave_cases, name);

static void suspend_leave_test(struct kunit *test)
{
	const struct leave_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	start_at(image, 1, 0);
	expect_suspended(image, 1);
	image_must(image, c->opcode);
	KUNIT_EXPECT_EQ(test, image_control(image), c->control);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, !!c->control);
	if (c->control) {
		EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
		KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), c->cpa);
		KUNIT_EXPECT_EQ(test, irb.scsw.dstat, 0);
	}
	KUNIT_EXPECT_EQ(test, image_control(image), 0);
	resume_refused(image);
	load(image, &orb, CCWS);
	image_must_start(image, &orb);
	expect_all_read(image);
}

static struct kunit_case suspend_test_cases[] = {
	KUNIT_CASE_PARAM(suspend_at_test, at_gen_params),
	KUNIT_CASE_PARAM(suspend_again_test, at_gen_params),
	KUNIT_CASE_PARAM(suspend_suppressed_test, at_gen_params),
	KUNIT_CASE_PARAM(suspend_on_worker_test, at_gen_params),
	KUNIT_CASE_PARAM(resume_to_tic_test, at_gen_params),
	KUNIT_CASE(resume_to_invalid_test),
	KUNIT_CASE(resume_early_test),
	KUNIT_CASE(resume_not_lost_test),
	KUNIT_CASE(resume_for_nothing_test),
	KUNIT_CASE(resume_without_control_test),
	KUNIT_CASE_PARAM(resume_before_begin_test, at_gen_params),
	KUNIT_CASE(resume_then_halt_test),
	KUNIT_CASE_PARAM(suspend_leave_test, leave_gen_params),
	{}
};

static struct kunit_suite suspend_suite = {
	.name = "kvm_css_suspend",
	.init = image_init,
	.exit = image_exit,
	.test_cases = suspend_test_cases,
};

kunit_test_suite(suspend_suite);
