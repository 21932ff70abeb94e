// SPDX-License-Identifier: GPL-2.0
/*
 * Status that a device presents when no command ends: Principles of Operation
 * chapter 16, "Unsolicited Interruption Condition" and "Deferred Condition
 * Code"; chapter 15 for a device that is busy.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include <kvm_css/subchannel.h>

#include "present_case.h"

/* More than a tick on a slow host, so that there is time to wait */
#define LATER_US	20000

/* "Unsolicited Interruption Condition" */

struct unsolicited_case {
	const char *name;
	u8 dstat;
	u32 chars;
	bool sense;
};

static const struct unsolicited_case unsolicited_cases[] = {
	{ "attention", ATTENTION },
	{ "device end", DE },
	{ "control-unit end", DSTAT_CONTROL_UNIT_END },
	{ "attention, device end and unit exception",
	  ATTENTION | DE | DSTAT_UNIT_EXCEPTION },
	{ "unit check", UNIT_CHECK },
	{ "unit check, with concurrent sense", UNIT_CHECK,
	  PMCW_CONCURRENT_SENSE, true },
};

KUNIT_ARRAY_PARAM_DESC(unsolicited, unsolicited_cases, name);

static void unsolicited_test(struct kunit *test)
{
	const struct unsolicited_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_irb irb;
	struct css_orb orb;

	present_enable(image, c->chars);
	/*
	 * Nothing of an earlier start function may be shown.  This one had no
	 * path.
	 */
	image_load(image, &orb);
	orb.flags &= ~cpu_to_be32(ORB_LPM);
	orb.flags |= cpu_to_be32(ORB_SUSPEND | ORB_PREFETCH);
	image_must_start(image, &orb);
	image_tsch(image, &irb);
	image->fake->dev.sense[0] = SENSE0;
	fake_present(image->fake, c->dstat);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb),
			UNSOLICITED | (c->sense ? SCSW_EXTENDED : 0));
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, c->dstat);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), 0);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), 0);
	KUNIT_EXPECT_EQ(test, irb.ecw[0], c->sense ? SENSE0 : 0);
	KUNIT_EXPECT_EQ(test, image->fake->dev.sense[0],
			c->sense ? 0 : SENSE0);
	present_expect_nothing(image, 0);
}

/*
 * While a function is in progress the device keeps its status, and presents it
 * as soon as the function has ended.
 */
static void unsolicited_kept_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image_start_blocked(image);
	fake_present(image->fake, ATTENTION);
	KUNIT_EXPECT_EQ(test, image->fake->presents, ATTENTION);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	complete_all(&image->fake->go_on);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	present_expect_status(image, START | ENDED, CE_DE);
	present_expect_status(image, UNSOLICITED, ATTENTION);
	present_expect_nothing(image, 0);
}

static void unsolicited_after_cancel_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;

	present_enable(image, 0);
	image_load(image, &orb);
	image->fake->initial = BUSY;
	image_must_start(image, &orb);
	/* It hasn't been asked yet. */
	image->fake->presents = DE;
	cu_request(&image->fake->dev, 100 * USEC_PER_SEC);
	image_must(image, IOINST_XSCH);
	present_expect_status(image, UNSOLICITED, DE);
}

/*
 * "Enabled": if the subchannel is disabled the guest isn't told, now or later.
 */
static void unsolicited_disabled_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_schib schib;

	present_enable(image, 0);
	present_start_ending_with(image, CE);
	present_expect_status(image, START | DEVICE | PRIMARY, CE);
	image_stsch(image, &schib);
	schib.pmcw.flags &= ~cpu_to_be16(PMCW_ENABLED);
	EXPECT_CC(test, image_msch(image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, image_control(image), DEVICE);
	fake_present(image->fake, ATTENTION);
	KUNIT_EXPECT_EQ(test, image->fake->presents, 0);
	KUNIT_EXPECT_EQ(test, image_control(image), DEVICE);
	fake_present(image->fake, DE);
	KUNIT_EXPECT_EQ(test, image_control(image), 0);
	present_enable(image, 0);
	present_expect_nothing(image, 0);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
}

/* While the image is quiesced no status gets pending: the device keeps it. */
static void unsolicited_quiesced_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
	fake_present(image->fake, ATTENTION);
	KUNIT_EXPECT_EQ(test, image->fake->presents, ATTENTION);
	present_expect_nothing(image, 0);
	css_unquiesce(&image->css);
	present_expect_status(image, UNSOLICITED, ATTENTION);
}

/* The status of a device whose VM is gone stays with the device. */
static void unsolicited_dead_vm_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	WRITE_ONCE(image->guest.dying, true);
	fake_present(image->fake, ATTENTION);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	WRITE_ONCE(image->guest.dying, false);
	KUNIT_EXPECT_EQ(test, image->fake->presents, ATTENTION);
}

/*
 * "Deferred Condition Code" 1: at the start function the device presents status
 */

struct deferred_case {
	const char *name;
	u8 dstat;
	u32 chars;
};

static const struct deferred_case deferred_cases[] = {
	{ "attention", BUSY | ATTENTION },
	{ "device end", BUSY | DE },
	{ "unit check", BUSY | DE | UNIT_CHECK },
	{ "unit check, with concurrent sense", BUSY | UNIT_CHECK,
	  PMCW_CONCURRENT_SENSE },
};

KUNIT_ARRAY_PARAM_DESC(deferred, deferred_cases, name);

static void deferred_test(struct kunit *test)
{
	const struct deferred_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;
	u32 flags;

	present_enable(image, c->chars);
	image_load(image, &orb);
	image->fake->initial = c->dstat;
	image->fake->dev.sense[0] = SENSE0;
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	/* No command was executed: the program was not even begun. */
	KUNIT_EXPECT_EQ(test, image->fake->started, 0);
	KUNIT_EXPECT_EQ(test, image->fake->done, 0);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	flags = irb_flags(&irb);
	KUNIT_EXPECT_EQ(test, flags & CONTROL, START_PENDING | UNSOLICITED);
	KUNIT_EXPECT_EQ(test, flags & SCSW_DEFERRED_CC, SCSW_DEFERRED_CC1);
	KUNIT_EXPECT_EQ(test, !!(flags & SCSW_EXTENDED), !!c->chars);
	KUNIT_EXPECT_EQ(test, irb.ecw[0], c->chars ? SENSE0 : 0);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, c->dstat);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), IMAGE_PROG);
	present_expect_nothing(image, 0);
	/*
	 * The device has presented its status, so the next start function is
	 * executed.
	 */
	image_must_start(image, &orb);
	present_expect_status(image, START | ENDED, CE_DE);
	image_expect_stats(image, 2, 2);
}

/* The device is busy: the start function stays pending. */

struct busy_case {
	const char *name;
	u8 dstat;
};

static const struct busy_case busy_cases[] = {
	{ "device", BUSY },
	{ "control unit", CU_BUSY },
};

KUNIT_ARRAY_PARAM_DESC(busy, busy_cases, name);

static void start_busy(struct fake_image *image, u8 dstat)
{
	struct css_orb orb;

	present_enable(image, 0);
	image_load(image, &orb);
	image->fake->initial = dstat;
	image_must_start(image, &orb);
	present_expect_nothing(image, START_PENDING);
	KUNIT_EXPECT_EQ(image->guest.test, image->fake->started, 0);
}

static void busy_test(struct kunit *test)
{
	const struct busy_case *c = test->param_value;
	struct fake_image *image = test->priv;

	start_busy(image, c->dstat);
	/* The device is asked again, and is still busy. */
	fake_present(image->fake, 0);
	flush_workqueue(image->css.shared.wq);
	present_expect_nothing(image, START_PENDING);
	KUNIT_EXPECT_EQ(test, image->fake->selected, 2);
	image->fake->initial = 0;
	fake_present(image->fake, 0);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	present_expect_status(image, START | ENDED, CE_DE);
	KUNIT_EXPECT_EQ(test, image->fake->selected, 3);
	present_expect_nothing(image, 0);
}

/* What the device says when a worker selects it ends the start function. */
static void expect_deferred(struct fake_image *image, u8 dstat)
{
	struct kunit *test = image->guest.test;
	struct css_irb irb;

	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_DEFERRED_CC,
			SCSW_DEFERRED_CC1);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, dstat);
}

/*
 * The device is busy no longer and presents status, which ends the start
 * function.
 */
static void busy_then_deferred_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	start_busy(image, BUSY);
	image->fake->initial = BUSY | ATTENTION;
	fake_present(image->fake, 0);
	expect_deferred(image, BUSY | ATTENTION);
}

/* Nobody need wait for the device. */

struct left_case {
	const char *name;
	u16 opcode;
	u32 flags;	/* control, and the deferred condition code */
};

static const struct left_case left_cases[] = {
	{ "cancelled", IOINST_XSCH, 0 },
	{ "halted", IOINST_HSCH,
	  START_PENDING | HALT | SCSW_SC_PENDING | SCSW_DEFERRED_CC1 },
	{ "cleared", IOINST_CSCH, CLEAR | SCSW_SC_PENDING },
};

KUNIT_ARRAY_PARAM_DESC(left, left_cases, name);

static void busy_left_test(struct kunit *test)
{
	const struct left_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start_busy(image, BUSY);
	image_must(image, c->opcode);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, !!c->flags);
	if (c->flags) {
		EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
		KUNIT_EXPECT_EQ(test, irb_flags(&irb) &
				      (CONTROL | SCSW_DEFERRED_CC), c->flags);
		KUNIT_EXPECT_EQ(test, irb.scsw.dstat, 0);
	}
	present_expect_nothing(image, 0);
}

/*
 * Start a function at a busy device, and let the device ask to be selected
 * again while the image is quiesced.
 */
static void start_busy_quiesced(struct fake_image *image, u8 initial)
{
	struct kunit *test = image->guest.test;

	start_busy(image, BUSY);
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
	image->fake->initial = initial;
	fake_present(image->fake, 0);
	present_expect_nothing(image, START_PENDING);
}

/* No command has begun, so quiescing doesn't wait for the start function. */
static void busy_quiesce_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	start_busy_quiesced(image, 0);
	css_unquiesce(&image->css);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	present_expect_status(image, START | ENDED, CE_DE);
}

/*
 * Afterwards a worker selects the device, and makes the status that it presents
 * pending.
 */
static void busy_quiesce_deferred_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	start_busy_quiesced(image, BUSY | ATTENTION);
	css_unquiesce(&image->css);
	expect_deferred(image, BUSY | ATTENTION);
}

/* If the VM is gone, no worker selects the device. */
static void busy_dead_vm_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	unsigned int selected;

	start_busy_quiesced(image, BUSY | ATTENTION);
	selected = image->fake->selected;
	WRITE_ONCE(image->guest.dying, true);
	css_unquiesce(&image->css);
	flush_workqueue(image->css.shared.wq);
	WRITE_ONCE(image->guest.dying, false);
	KUNIT_EXPECT_EQ(test, image->fake->selected, selected);
	KUNIT_EXPECT_EQ(test, atomic_read(&image->css.shared.active), 0);
	present_expect_nothing(image, START_PENDING);
}

/* Nobody waits for a request that isn't due yet. */

static void request_removed_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	unsigned long before = jiffies;

	present_enable(image, 0);
	image->fake->presents = ATTENTION;
	cu_request(&image->fake->dev, 100 * USEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, before + 10 * HZ));
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
}

static void request_again_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	image->fake->presents = ATTENTION;
	cu_request(&image->fake->dev, 100 * USEC_PER_SEC);
	cu_request(&image->fake->dev, LATER_US);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	present_expect_status(image, UNSOLICITED, ATTENTION);
	msleep(QUIET_MS);
	present_expect_nothing(image, 0);
}

static void request_withdrawn_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	image->fake->presents = ATTENTION;
	cu_request(&image->fake->dev, LATER_US);
	cu_withdraw(&image->fake->dev);
	cu_withdraw(&image->fake->dev);
	msleep(QUIET_MS);
	present_expect_nothing(image, 0);
}

static struct kunit_case present_test_cases[] = {
	KUNIT_CASE_PARAM(unsolicited_test, unsolicited_gen_params),
	KUNIT_CASE(unsolicited_kept_test),
	KUNIT_CASE(unsolicited_after_cancel_test),
	KUNIT_CASE(unsolicited_disabled_test),
	KUNIT_CASE(unsolicited_quiesced_test),
	KUNIT_CASE(unsolicited_dead_vm_test),
	KUNIT_CASE_PARAM(deferred_test, deferred_gen_params),
	KUNIT_CASE_PARAM(busy_test, busy_gen_params),
	KUNIT_CASE(busy_then_deferred_test),
	KUNIT_CASE_PARAM(busy_left_test, left_gen_params),
	KUNIT_CASE(busy_quiesce_test),
	KUNIT_CASE(busy_quiesce_deferred_test),
	KUNIT_CASE(busy_dead_vm_test),
	KUNIT_CASE(request_removed_test),
	KUNIT_CASE(request_again_test),
	KUNIT_CASE(request_withdrawn_test),
	{}
};

static struct kunit_suite present_suite = {
	.name = "kvm_css_present",
	.init = image_init,
	.exit = image_exit,
	.test_cases = present_test_cases,
};

kunit_test_suite(present_suite);
