// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that are stopped while a command is pending, before the device has
 * answered so, and after it has called cu_completed():
 * Documentation/pending-commands.rst, "Who may do what".
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/workqueue.h>

#include <kvm_css/subchannel.h>

#include "pending_case.h"

enum how_stopped { BY_HALT, BY_CLEAR, BY_HALT_AND_CLEAR, BY_RESET, BY_REMOVE,
		   BY_VACATE, BY_END };

struct stop_case {
	const char *name;
	enum how_stopped how;
	bool obliging;
};

static const struct stop_case stop_cases[] = {
	{ "halt, the device makes an end", BY_HALT, true },
	{ "halt, the device takes its time", BY_HALT },
	{ "clear, the device makes an end", BY_CLEAR, true },
	{ "clear, the device takes its time", BY_CLEAR },
	{ "halt and clear, the device takes its time", BY_HALT_AND_CLEAR },
	{ "reset, the device makes an end", BY_RESET, true },
	{ "reset, the device takes its time", BY_RESET },
	{ "removal, the device makes an end", BY_REMOVE, true },
	{ "removal, the device takes its time", BY_REMOVE },
	{ "vacated, the device makes an end", BY_VACATE, true },
	{ "vacated, the device takes its time", BY_VACATE },
	{ "end of the image, the device makes an end", BY_END, true },
	{ "end of the image, the device takes its time", BY_END },
};

KUNIT_ARRAY_PARAM_DESC(stop, stop_cases, name);

/* Somebody who stops the program, beside the thread of the test case */
static struct stopper {
	struct fake_image *image;
	struct subchannel *stopping;
	enum how_stopped how;
	bool done;
	struct work_struct work;
} stopper;

static void instruct(struct fake_image *image, enum how_stopped how)
{
	if (how != BY_CLEAR)
		image_must(image, IOINST_HSCH);
	if (how != BY_HALT)
		image_must(image, IOINST_CSCH);
}

static void from_outside(struct fake_image *image, enum how_stopped how)
{
	struct kunit *test = TESTED(image);
	struct css *css = &image->css;

	if (how == BY_RESET)
		KUNIT_EXPECT_EQ(test, 0, css_reset(css, CSS_RESET_ALL));
	else if (how == BY_END)
		css_destroy(css);
	else
		KUNIT_EXPECT_EQ(test, 0,
				css_remove(css, IMAGE_SSID, IMAGE_SCHID,
					   how == BY_VACATE ? CSS_VACATE :
							      CSS_REMOVE,
					   false));
}

static void stopper_work(struct work_struct *work)
{
	fake_visit(&stopper.image->guest);
	from_outside(stopper.image, stopper.how);
	fake_visit_ends(&stopper.image->guest);
	WRITE_ONCE(stopper.done, true);
}

/* What the subchannel shows while the device takes its time */
static void expect_stopping(struct fake_image *image, enum how_stopped how)
{
	struct kunit *test = TESTED(image);

	if (how == BY_HALT) {
		KUNIT_EXPECT_EQ(test, image_state(image), SCH_HALT_PENDING);
	} else if (how < BY_RESET) {
		KUNIT_EXPECT_EQ(test, image_state(image), SCH_CLEAR_PENDING);
	} else if (how == BY_RESET) {
		KUNIT_EXPECT_EQ(test, image_state(image),
				SCH_NOT_OPERATIONAL);
	} else {
		KUNIT_EXPECT_EQ(test, image->fake->released, 0);
	}
	KUNIT_EXPECT_EQ(test, image->fake->completes, 0);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
}

static void expect_stopped(struct fake_image *image, enum how_stopped how)
{
	struct fake_device *fake = image->fake;
	struct kunit *test = TESTED(image);

	if (how == BY_HALT) {
		pending_expect_irb(image, START | HALT | ENDED, CE_DE,
				   IMAGE_PROG + 8, IMAGE_COUNT);
		KUNIT_EXPECT_EQ(test, fake->completes, 1);
		pending_expect_usable(image);
		return;
	}
	if (how < BY_RESET) {
		pending_expect_irb(image, CLEAR | SCSW_SC_PENDING, 0, 0, 0);
		pending_expect_usable(image);
	} else if (how == BY_RESET) {
		KUNIT_EXPECT_EQ(test, image_state(image), SCH_DISABLED);
		pending_expect_usable(image);
	} else {
		KUNIT_EXPECT_EQ(test, fake->released, 1);
		KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	}
	/* Nobody would have seen how the command ends. */
	KUNIT_EXPECT_EQ(test, fake->completes, 0);
	KUNIT_EXPECT_GE(test, fake->resets, 2);
}

static void begin_stopping(struct fake_image *image, enum how_stopped how)
{
	stopper = (struct stopper){ .image = image, .how = how };
	INIT_WORK(&stopper.work, stopper_work);
	if (how < BY_RESET)
		instruct(image, how);
	else
		schedule_work(&stopper.work);
}

static void end_stopping(struct fake_image *image)
{
	flush_work(&stopper.work);
	if (stopper.how == BY_END)
		KUNIT_ASSERT_EQ(TESTED(image), 0,
				css_init(&image->css, &image->guest, false));
}

static void pending_stop_test(struct kunit *test)
{
	const struct stop_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct fake_device *fake = image->fake;

	pending_start(image);
	fake->obliging = c->obliging;
	begin_stopping(image, c->how);
	if (!c->obliging) {
		msleep(A_WHILE_MS);
		KUNIT_EXPECT_FALSE(test, READ_ONCE(stopper.done));
		expect_stopping(image, c->how);
		fake_complete(fake);
	}
	end_stopping(image);
	KUNIT_EXPECT_EQ(test, fake->stops, 1 + (c->how == BY_HALT_AND_CLEAR &&
						!c->obliging));
	expect_stopped(image, c->how);
	KUNIT_EXPECT_EQ(test, fake->dropped, fake->completes == 0);
}

/*
 * The program is stopped while the device is still in command(), which then
 * answers that the command is pending.
 */

static void stop_now(void *arg)
{
	struct fake_image *image = arg;
	unsigned long give_up = jiffies + PATIENCE;

	if (stopper.how < BY_RESET) {
		instruct(image, stopper.how);
		return;
	}
	schedule_work(&stopper.work);
	/* It waits for this very thread. */
	while (!READ_ONCE(stopper.stopping->program.stop)) {
		if (time_after(jiffies, give_up))
			return;
		fsleep(1000);
	}
}

static void pending_stop_before_test(struct kunit *test)
{
	const struct stop_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct fake_device *fake = image->fake;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	fake->parts = 1;
	fake->obliging = c->obliging;
	fake->during = stop_now;
	fake->during_arg = image;
	stopper = (struct stopper){ .image = image, .how = c->how };
	stopper.stopping = image_find(image);
	INIT_WORK(&stopper.work, stopper_work);
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, fake->stops, 1);
	KUNIT_EXPECT_EQ(test, fake->dropped, c->how != BY_HALT);
	if (!c->obliging) {
		expect_stopping(image, c->how);
		/* So long that who doesn't wait has returned. */
		msleep(A_WHILE_MS);
		KUNIT_EXPECT_FALSE(test, READ_ONCE(stopper.done));
		fake_complete(fake);
	}
	subchannel_put(stopper.stopping);
	end_stopping(image);
	expect_stopped(image, c->how);
}

/*
 * The program is stopped when the device has called cu_completed(), and the
 * program is queued, but no worker has looked at it.  Only a halt has the device
 * complete the command.
 */

static void pending_stop_after_test(struct kunit *test)
{
	const struct stop_case *c = test->param_value;
	struct fake_image *image = test->priv;

	struct subchannel *sch = image_find(image);

	pending_start(image);
	pending_queue(image);
	EXPECT_CC(test, image_execute(image, IOINST_XSCH), IOINST_CC_BUSY);
	begin_stopping(image, c->how);
	while (c->how == BY_END && !READ_ONCE(sch->gone))
		fsleep(1000);
	subchannel_put(sch);
	if (c->how == BY_HALT)
		expect_stopping(image, c->how);
	/* Nobody waits for a worker to find that there is nothing to do. */
	if (c->how == BY_REMOVE || c->how == BY_RESET || c->how == BY_VACATE)
		flush_work(&stopper.work);
	else if (c->how == BY_CLEAR)
		KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	pending_unblock(image);
	end_stopping(image);
	KUNIT_EXPECT_EQ(test, image->fake->stops, 0);
	expect_stopped(image, c->how);
}

/*
 * The worker has found that the program was dropped, and has not given back its
 * reference yet.  REMOVE waits for that: when it returns, the device is gone.
 */

static struct completion may_drop;

static void drop_later(struct guest *guest)
{
	wait_for_completion_timeout(&may_drop, PATIENCE);
}

static void pending_flushed_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch = image_find(image);

	pending_start(image);
	init_completion(&may_drop);
	image->guest.at_drop = drop_later;
	begin_stopping(image, BY_REMOVE);
	while (!READ_ONCE(image->fake->stops))
		fsleep(1000);
	fake_complete(image->fake);
	while (subchannel_active(sch))
		fsleep(1000);
	subchannel_put(sch);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(stopper.done));
	KUNIT_EXPECT_EQ(test, image->fake->released, 0);
	complete_all(&may_drop);
	end_stopping(image);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
}

/* Who waits for the removal is killed; the device still calls cu_completed(). */

struct remover {
	struct fake_image *image;
	struct completion ended;
	int rc;
};

static int remove_thread(void *data)
{
	struct remover *remover = data;

	allow_signal(SIGKILL);
	fake_visit(&remover->image->guest);
	remover->rc = fake_remove(&remover->image->css, IMAGE_SSID,
				  IMAGE_SCHID);
	fake_visit_ends(&remover->image->guest);
	complete(&remover->ended);
	return 0;
}

static void pending_killed_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct remover remover = { .image = image };
	struct task_struct *thread;

	pending_start(image);
	init_completion(&remover.ended);
	thread = kthread_create(remove_thread, &remover, "kvm-css-remover");
	KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
	get_task_struct(thread);
	wake_up_process(thread);
	while (!READ_ONCE(image->fake->stops))
		fsleep(1000);
	send_sig(SIGKILL, thread, 1);
	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&remover.ended,
							     PATIENCE));
	kthread_stop(thread);
	put_task_struct(thread);
	KUNIT_EXPECT_EQ(test, -EINTR, remover.rc);
	KUNIT_EXPECT_EQ(test, image->fake->released, 0);
	fake_complete(image->fake);
	flush_workqueue(image->css.shared.wq);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	KUNIT_EXPECT_EQ(test, image->fake->completes, 0);
}

static struct kunit_case pending_stop_cases[] = {
	KUNIT_CASE_PARAM(pending_stop_before_test, stop_gen_params),
	KUNIT_CASE_PARAM(pending_stop_test, stop_gen_params),
	KUNIT_CASE_PARAM(pending_stop_after_test, stop_gen_params),
	KUNIT_CASE(pending_flushed_test),
	KUNIT_CASE(pending_killed_test),
	{}
};

static struct kunit_suite pending_stop_suite = {
	.name = "kvm_css_pending_stop",
	.init = image_init,
	.exit = image_exit,
	.test_cases = pending_stop_cases,
};

kunit_test_suite(pending_stop_suite);
