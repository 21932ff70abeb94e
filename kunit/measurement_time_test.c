// SPDX-License-Identifier: GPL-2.0
/*
 * Measured times: those in measurement blocks, Principles of Operation chapter
 * 17, "Channel-Subsystem Monitoring", and those in the extended-measurement
 * word, chapter 16.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "measurement_case.h"

/* The same in half microseconds, the unit of the extended-measurement word */
#define SOME_HALF_US	(SOME_MS * USEC_PER_MSEC * 2)

/* Longer than a program takes that waits for nothing, even on a busy host */
#define LONG_MS		200

/*
 * "Measurement-Block Update": the block is updated before the guest is
 * interrupted.
 */
struct look {
	struct fake_image *image;
	struct block block;
};

static void look_at_block(void *arg, u32 sid)
{
	struct look *look = arg;

	get_block(look->image, ORIGIN, false, &look->block);
}

static void updated_before_interruption_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct look look = { .image = image };

	measure(image);
	image->guest.at_injection = look_at_block;
	image->guest.at_injection_arg = &look;
	image->fake->during = sleep_some;
	start(image);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	KUNIT_EXPECT_EQ(test, look.block.starts, 1);
	KUNIT_EXPECT_EQ(test, look.block.samples, 1);
	KUNIT_EXPECT_GE(test, look.block.connect, SOME_UNITS);
	image->guest.at_injection = NULL;
}

static void connect_time_test(struct kunit *test)
{
	const struct format_case *c = test->param_value;
	struct fake_image *image = test->priv;
	u64 begin = ktime_get_ns();
	struct block block;

	set_blocks(image, 0);
	monitor(image, ORIGIN, true);
	enable(image, PMCW_BLOCK_UPDATE, c->chars, 0, MBA);
	image->fake->during = sleep_some;
	start_and_test(image);
	get_block(image, c->at, c->chars, &block);
	KUNIT_EXPECT_GE(test, block.connect, SOME_UNITS);
	KUNIT_EXPECT_LE(test, block.connect + block.pending,
			div_u64(ktime_get_ns() - begin, 128000));
	KUNIT_EXPECT_EQ(test, block.disconnect, 0);
}

/*
 * The times in the block add up to the same as in the extended-measurement
 * words, whose unit is 256 times smaller: no part of a unit is lost.
 */
static void short_times_add_up_test(struct kunit *test)
{
	const u32 samples = 200;
	struct fake_image *image = test->priv;
	u32 connect = 0, pending = 0, i;
	struct block block;
	struct css_irb irb;

	measure(image);
	enable(image, PMCW_BLOCK_UPDATE, PMCW_XMWME, 0, 0);
	for (i = 0; i < samples; i++) {
		start(image);
		test_ended(image, &irb);
		connect += be32_to_cpu(irb.emw.device_connect_time);
		pending += be32_to_cpu(irb.emw.function_pending_time);
	}
	get_block(image, ORIGIN, false, &block);
	KUNIT_EXPECT_EQ(test, block.samples, samples);
	KUNIT_EXPECT_GE(test, block.connect, connect / 256);
	KUNIT_EXPECT_LE(test, block.connect, (connect + samples) / 256);
	KUNIT_EXPECT_GE(test, block.pending, pending / 256);
	KUNIT_EXPECT_LE(test, block.pending, (pending + samples) / 256);
}

/* Work items that occupy the image's workers */
struct blocker {
	struct work_struct work;
	struct completion go_on;
};

static void block_worker(struct work_struct *work)
{
	struct blocker *blocker = container_of(work, struct blocker, work);

	wait_for_completion(&blocker->go_on);
}

static void block_workers(struct fake_image *image, struct blocker *blocker)
{
	init_completion(&blocker->go_on);
	INIT_WORK_ONSTACK(&blocker->work, block_worker);
	workqueue_set_max_active(image->css.shared.wq, 1);
	queue_work(image->css.shared.wq, &blocker->work);
}

/* Start a program, and let it wait for a worker for some time. */
static void start_delayed(struct fake_image *image, const struct css_orb *orb)
{
	struct kunit *test = image->guest.test;
	struct blocker blocker;

	block_workers(image, &blocker);
	image_must_start(image, orb);
	msleep(SOME_MS);
	complete(&blocker.go_on);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	flush_work(&blocker.work);
	destroy_work_on_stack(&blocker.work);
}

/*
 * Function-pending time: no command has been executed before the worker begins.
 */
static void pending_until_executed_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct block block;
	struct css_orb orb;

	measure(image);
	image_load(image, &orb);
	image->fake->must_wait = true;
	start_delayed(image, &orb);
	get_block(image, ORIGIN, false, &block);
	KUNIT_EXPECT_EQ(test, block.starts, 1);
	KUNIT_EXPECT_EQ(test, block.samples, 1);
	KUNIT_EXPECT_GE(test, block.pending, SOME_UNITS);
	KUNIT_EXPECT_EQ(test, block.disconnect, 0);
}

/*
 * Disconnect time: the first command is pending.  The device has begun it, so the
 * function isn't pending any more.
 */
static void disconnected_while_pending_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct block block;
	struct css_orb orb;

	measure(image);
	image_load(image, &orb);
	image->fake->parts = 1;
	image_must_start(image, &orb);
	msleep(2 * SOME_MS);
	fake_complete(image->fake);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	get_block(image, ORIGIN, false, &block);
	KUNIT_EXPECT_EQ(test, block.samples, 1);
	KUNIT_EXPECT_GE(test, block.disconnect, 2 * SOME_UNITS);
	KUNIT_EXPECT_LT(test, block.pending, SOME_UNITS);
}

static void wait_from_second_on(void *arg)
{
	struct fake_image *image = arg;

	image->fake->must_wait = image->fake->done;
}

/*
 * Disconnect time: the first command has been executed, and the second one
 * waits for a worker.
 */
static void disconnected_until_worker_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct block block;
	struct css_orb orb;

	measure(image);
	load_two(image, 0, &orb);
	image->fake->during = wait_from_second_on;
	image->fake->during_arg = image;
	start_delayed(image, &orb);
	get_block(image, ORIGIN, false, &block);
	KUNIT_EXPECT_EQ(test, block.starts, 1);
	KUNIT_EXPECT_EQ(test, block.samples, 1);
	KUNIT_EXPECT_GE(test, block.disconnect, SOME_UNITS);
}

/* The time that a device waits on a worker is connect time. */
static void waiting_device_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct block block;

	measure(image);
	start_blocked(image);
	msleep(SOME_MS);
	expect_counts(image, ORIGIN, false, 0, 0);
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	get_block(image, ORIGIN, false, &block);
	KUNIT_EXPECT_EQ(test, block.samples, 1);
	KUNIT_EXPECT_GE(test, block.connect, SOME_UNITS);
}

/*
 * With suspension, START and RESUME SUBCHANNEL are both counted, and each has a
 * sample.
 */

static void suspended_time_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct block block;
	struct css_orb orb;
	struct css_irb irb;

	measure(image);
	load_two(image, CCW_SUSPEND, &orb);
	image_must_start(image, &orb);
	expect_counts(image, ORIGIN, false, 1, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_NE(test, irb_flags(&irb) & SCSW_AC_SUSPENDED, 0);
	msleep(LONG_MS);
	clear_suspend_flag(image);
	image_must(image, IOINST_RSCH);
	get_block(image, ORIGIN, false, &block);
	KUNIT_EXPECT_EQ(test, block.starts, 2);
	KUNIT_EXPECT_EQ(test, block.samples, 2);
	KUNIT_EXPECT_LT(test, block.connect + block.pending + block.disconnect,
			LONG_MS * USEC_PER_MSEC / 128);
	test_ended(image, &irb);
}

/* After saving and restoring, the times go on from what was saved. */
static void restored_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct measured_saved saved;
	struct subchannel *sch;
	struct block block;

	measure(image);
	sch = image_find(image);
	KUNIT_ASSERT_EQ(test, css_quiesce(&image->css, HZ), 0);
	start(image);
	msleep(SOME_MS);
	mutex_lock(&sch->lock);
	measurement_save(sch, &saved);
	memset(&sch->measured, 0xee, sizeof(sch->measured));
	measurement_restore(sch, &saved);
	mutex_unlock(&sch->lock);
	subchannel_put(sch);
	KUNIT_EXPECT_GE(test, saved.times[MEASURED_PENDING],
			(u64)SOME_MS * NSEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, saved.starts, 1);
	css_unquiesce(&image->css);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	get_block(image, ORIGIN, false, &block);
	KUNIT_EXPECT_EQ(test, block.starts, 1);
	KUNIT_EXPECT_EQ(test, block.samples, 1);
	KUNIT_EXPECT_GE(test, block.pending, SOME_UNITS);
}

/* Chapter 16, "Extended-Measurement Word" */

struct word_case {
	const char *name;
	u16 mode;
	u32 chars;
	bool stored;
};

static const struct word_case word_cases[] = {
	{ "XMWME zero", 0, 0, false },
	{ "XMWME zero, block update", PMCW_BLOCK_UPDATE, 0, false },
	{ "XMWME one", 0, PMCW_XMWME, true },
	{ "XMWME one, block update", PMCW_BLOCK_UPDATE, PMCW_XMWME, true },
};

KUNIT_ARRAY_PARAM_DESC(word, word_cases, name);

static void word_test(struct kunit *test)
{
	const struct word_case *c = test->param_value;
	struct fake_image *image = test->priv;
	u64 begin = ktime_get_ns();
	u8 behind[sizeof(struct css_emw)];
	struct css_irb irb;
	u32 connect;

	measure(image);
	enable(image, c->mode, c->chars, 0, 0);
	image->fake->during = sleep_some;
	start(image);
	memset(image->guest.storage + IMAGE_OPERAND, 0xee, sizeof(irb));
	memset(behind, c->stored ? 0 : 0xee, sizeof(behind));
	test_ended(image, &irb);
	if (!c->stored) {
		KUNIT_EXPECT_MEMEQ(test, (u8 *)&irb.emw, behind,
				   sizeof(behind));
		return;
	}
	connect = be32_to_cpu(irb.emw.device_connect_time);
	KUNIT_EXPECT_GE(test, connect, SOME_HALF_US);
	KUNIT_EXPECT_LE(test, connect +
			      be32_to_cpu(irb.emw.function_pending_time),
			div_u64(ktime_get_ns() - begin, 500));
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.emw.device_disconnect_time), 0);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&irb.emw.control_unit_queuing_time,
			   behind, 20);
	expect_counts(image, ORIGIN, false, !!c->mode, !!c->mode);
}

/* Status of any function other than start has no times. */
static void word_of_clear_test(struct kunit *test)
{
	const u8 zeros[sizeof(struct css_emw)] = {};
	struct fake_image *image = test->priv;
	struct css_irb irb;

	enable(image, 0, PMCW_XMWME, 0, 0);
	image->fake->during = sleep_some;
	start_and_test(image);
	memset(image->guest.storage + IMAGE_OPERAND, 0xee, sizeof(irb));
	image_must(image, IOINST_CSCH);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&irb.emw, zeros, sizeof(zeros));
}

/* After RESUME SUBCHANNEL, the word has the times since then. */
static void word_of_resume_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	enable(image, 0, PMCW_XMWME, 0, 0);
	load_two(image, CCW_SUSPEND, &orb);
	image->fake->during = sleep_some;
	image_must_start(image, &orb);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_GE(test, be32_to_cpu(irb.emw.device_connect_time),
			SOME_HALF_US);
	image->fake->during = NULL;
	clear_suspend_flag(image);
	image_must(image, IOINST_RSCH);
	test_ended(image, &irb);
	KUNIT_EXPECT_LT(test, be32_to_cpu(irb.emw.device_connect_time),
			LONG_MS * USEC_PER_MSEC * 2);
}

/* "Device-Connect-Time Interval": bits 16-31 of word 0 of a format-2 ESW */
struct interval_case {
	const char *name;
	bool active;	/* as set by SET CHANNEL MONITOR */
	u16 mode;	/* as set in the PMCW */
	bool measured;
};

static const struct interval_case interval_cases[] = {
	{ "active and enabled", true, PMCW_CONNECT_TIME, true },
	{ "with measurement blocks", true, PMCW_MEASUREMENT_MODE, true },
	{ "not active", false, PMCW_CONNECT_TIME, false },
	{ "not enabled", true, 0, false },
	{ "measurement blocks alone", true, PMCW_BLOCK_UPDATE, false },
};

KUNIT_ARRAY_PARAM_DESC(interval, interval_cases, name);

static u32 interval_of(const struct css_irb *irb)
{
	return be32_to_cpu(irb->esw.word0) & 0xffff;
}

static void activate(struct fake_image *image, bool active)
{
	const struct css_monitor both = {
		.origin = ORIGIN,
		.update = true,
		.connect_time = active,
	};

	set_blocks(image, 0);
	css_set_monitor(&image->css, &both);
}

static void interval_test(struct kunit *test)
{
	const struct interval_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_irb irb;

	activate(image, c->active);
	enable(image, c->mode, 0, 0, 0);
	image->fake->during = sleep_some;
	start(image);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.word0) >> 16, IMAGE_PATH);
	if (c->measured)
		KUNIT_EXPECT_GE(test, interval_of(&irb), SOME_UNITS);
	else
		KUNIT_EXPECT_EQ(test, interval_of(&irb), 0);
}

static struct subchannel *subchannel_of(struct fake_image *image)
{
	struct subchannel *sch = css_find(&image->css, IMAGE_SID);

	KUNIT_ASSERT_NOT_NULL(image->guest.test, sch);
	return sch;
}

/*
 * A time that is too long for the field is stored as all ones, as in the
 * extended-measurement word.
 */
static void interval_overflow_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch;
	struct css_irb irb;

	activate(image, true);
	enable(image, PMCW_CONNECT_TIME, 0, 0, 0);
	start(image);
	sch = subchannel_of(image);
	sch->measured.times[MEASURED_CONNECT] = 9ull * NSEC_PER_SEC;
	subchannel_put(sch);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, interval_of(&irb), 0xffff);
}

/*
 * The interval is only stored for a start function that has ended or is
 * suspended.
 */
static void interval_of_what_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	activate(image, true);
	enable(image, PMCW_CONNECT_TIME, 0, 0, 0);
	load_two(image, CCW_SUSPEND, &orb);
	image->fake->during = sleep_some;
	image_must_start(image, &orb);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_GE(test, interval_of(&irb), SOME_UNITS);
	image_must(image, IOINST_HSCH);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, interval_of(&irb), 0);
	image_load(image, &orb);
	orb.flags = cpu_to_be32(ORB_FORMAT | 0x40 << ORB_LPM_SHIFT);
	image_must_start(image, &orb);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, interval_of(&irb), 0);
}

/*
 * If L is one, the ESW is a logout, and no extended-measurement word follows
 * it.
 */
static void logout_without_word_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	const struct css_monitor nowhere = {
		.origin = 1ull << 40,
		.update = true,
		.connect_time = true,
	};
	struct css_irb irb;

	css_set_monitor(&image->css, &nowhere);
	enable(image, PMCW_MEASUREMENT_MODE, PMCW_XMWME, 0, 0);
	image->fake->during = sleep_some;
	start(image);
	memset(image->guest.storage + IMAGE_OPERAND, 0xa5, sizeof(irb));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_NE(test, irb_flags(&irb) & SCSW_ESW_FORMAT, 0);
	KUNIT_EXPECT_EQ(test, interval_of(&irb), LOGOUT_LPUM_VALID |
			LOGOUT_DSTAT_VALID | LOGOUT_CPA_VALID);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.emw.device_connect_time),
			0xa5a5a5a5);
}

static struct kunit_case measurement_time_test_cases[] = {
	KUNIT_CASE(updated_before_interruption_test),
	KUNIT_CASE_PARAM(connect_time_test, format_gen_params),
	KUNIT_CASE(short_times_add_up_test),
	KUNIT_CASE(pending_until_executed_test),
	KUNIT_CASE(disconnected_until_worker_test),
	KUNIT_CASE(disconnected_while_pending_test),
	KUNIT_CASE(waiting_device_test),
	KUNIT_CASE_PARAM(interval_test, interval_gen_params),
	KUNIT_CASE(interval_overflow_test),
	KUNIT_CASE(interval_of_what_test),
	KUNIT_CASE(logout_without_word_test),
	KUNIT_CASE(suspended_time_test),
	KUNIT_CASE(restored_test),
	KUNIT_CASE_PARAM(word_test, word_gen_params),
	KUNIT_CASE(word_of_clear_test),
	KUNIT_CASE(word_of_resume_test),
	{}
};

static struct kunit_suite measurement_time_suite = {
	.name = "kvm_css_measurement_time",
	.init = image_init,
	.exit = image_exit,
	.test_cases = measurement_time_test_cases,
};

kunit_test_suite(measurement_time_suite);
