// SPDX-License-Identifier: GPL-2.0
/*
 * Resets and the end of a device of the host's: what is undone in the device, and that
 * nothing is freed that the device may still use.
 *
 * "Resets" in Documentation/passthrough.rst; the commands are those of Linux' drivers
 * (device_pgid.c, dasd_eckd.c, tape_std.c).
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>

#include "pass_case.h"

/* The programs of a reset */

struct undo_case {
	const char *name;
	u16 dev_type;
	u8 snid;
	u8 programs[6];
	u8 disband;	/* the function code of SET PATH GROUP ID */
};

static const struct undo_case undo_cases[] = {
	{ "3390, no group", 0x3390, 0x80, { 0x94, 0x34, 0x03, 0x04 } },
	{ "3390, group", 0x3390, 0xc0, { 0x94, 0x34, 0xaf, 0x03, 0x04 }, 0x20 },
	{ "3390, multipath group", 0x3390, 0xc8,
	  { 0x94, 0x34, 0xaf, 0x03, 0x04 }, 0xa0 },
	{ "3370", 0x3370, 0xc0, { 0x94, 0x03, 0x04 } },
	{ "3480", 0x3480, 0xc8, { 0xc7, 0x34, 0xaf, 0x03, 0x04 }, 0xa0 },
	{ "a device that isn't known", 0x1403, 0xc8, { 0x03, 0x04 } },
};

KUNIT_ARRAY_PARAM_DESC(undo, undo_cases, name);

static void expect_undone(struct pass_image *pass, const struct undo_case *c)
{
	struct host_sch *host = pass->host;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c->programs) && c->programs[i]; i++) {
		KUNIT_EXPECT_EQ(pass->test, host->programs[i], c->programs[i]);
		if (c->programs[i] == 0xaf)
			KUNIT_EXPECT_EQ(pass->test, host->operands[i],
					c->disband);
	}
	KUNIT_EXPECT_EQ(pass->test, host->nr_programs, i);
	host->nr_programs = 0;
}

static void pass_undo_test(struct kunit *test)
{
	const struct undo_case *c = test->param_value;
	struct pass_image *pass = test->priv;

	pass->host->identity.dev_type = c->dev_type;
	pass->host->snid = c->snid;
	image_enable(pass->image, IMAGE_ISC, PMCW_CONCURRENT_SENSE);
	pass_start_one(pass);
	pass->host->obliging = true;
	KUNIT_EXPECT_EQ(test, 0, css_reset(&pass->image->css, CSS_RESET_ALL));
	expect_undone(pass, c);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_CSCH], 1);
	KUNIT_EXPECT_FALSE(test, pass->host->modes.concurrent_sense);
	/* The reset isn't complete before the pages are unpinned. */
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
	KUNIT_EXPECT_EQ(test, pass->host->backs, 0);
	/* The guest goes on. */
	pass->host->obliging = false;
	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	pass->host->obliging = true;
	pass_remove(pass);
	expect_undone(pass, c);
	KUNIT_EXPECT_EQ(test, pass->host->backs, 1);
	pass->host->backs = 0;
	pass_add(pass);
}

/* What was set over a path that isn't in use any more is undone, too. */

/* The programs over a path, or none of them; @nr: how many there have been */
static void expect_over(struct pass_image *pass, u8 path, unsigned int *nr)
{
	static const u8 programs[] = { 0x94, 0x34, 0xaf, 0x03, 0x04 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(programs); i++, ++*nr) {
		KUNIT_EXPECT_EQ(pass->test, pass->host->programs[*nr], programs[i]);
		KUNIT_EXPECT_EQ(pass->test, pass->host->paths[*nr], path);
	}
}

static void pass_undo_paths_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct host_sch *host = pass->host;
	unsigned int nr = 0;

	host->identity.dev_type = 0x3390;
	host->snid = 0xc0;
	host->obliging = true;
	/* From 80 to 40, and 80 isn't there when the device is reset. */
	fake_host_paths(host, 0x40, 0xff);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&pass->image->css, CSS_RESET_ALL));
	expect_over(pass, 0x40, &nr);
	KUNIT_EXPECT_EQ(test, host->nr_programs, nr);
	/* Now it is there again.  The path in use comes last. */
	fake_host_paths(host, 0xc0, 0xff);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&pass->image->css, CSS_RESET_ALL));
	expect_over(pass, 0x80, &nr);
	expect_over(pass, 0x40, &nr);
	KUNIT_EXPECT_EQ(test, host->nr_programs, nr);
	/* That was it. */
	host->nr_programs = 0;
	nr = 0;
	KUNIT_EXPECT_EQ(test, 0, css_reset(&pass->image->css, CSS_RESET_ALL));
	expect_over(pass, 0x40, &nr);
	KUNIT_EXPECT_EQ(test, host->nr_programs, nr);
}

/* A program of the module's own that the host refuses is left out. */
static void pass_undo_cc_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct host_sch *host = pass->host;

	host->identity.dev_type = 0x3390;
	host->obliging = true;
	host->answers[HOST_SSCH] = IOINST_CC_STATUS_PRESENT;
	host->late = UNSOLICITED;
	KUNIT_EXPECT_EQ(test, 0, css_reset(&pass->image->css, CSS_RESET_ALL));
	KUNIT_EXPECT_EQ(test, host->nr_programs, 0);
	host->answers[HOST_SSCH] = IOINST_CC_NOT_OPERATIONAL;
	KUNIT_EXPECT_EQ(test, 0, css_reset(&pass->image->css, CSS_RESET_ALL));
	host->answers[HOST_SSCH] = IOINST_CC_BUSY;
	KUNIT_EXPECT_EQ(test, 0, css_reset(&pass->image->css, CSS_RESET_ALL));
	/* It was cleared again for each of them. */
	KUNIT_EXPECT_GT(test, host->asked[HOST_CSCH], 3);
}

/* Somebody else waits while the test case goes on. */

struct waiter {
	struct pass_image *pass;
	struct completion done;
	int rc;
	bool removes;
};

static int wait_thread(void *arg)
{
	struct waiter *waiter = arg;
	struct fake_image *image = waiter->pass->image;

	fake_visit(&image->guest);
	if (waiter->removes)
		waiter->rc = fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID);
	else
		waiter->rc = css_reset(&image->css, CSS_RESET_ALL);
	fake_visit_ends(&image->guest);
	complete(&waiter->done);
	return 0;
}

static void begin_to_wait(struct pass_image *pass, struct waiter *waiter,
			  bool removes)
{
	struct task_struct *task;

	waiter->pass = pass;
	waiter->removes = removes;
	init_completion(&waiter->done);
	task = kthread_run(wait_thread, waiter, "kvm_css_waiter");
	KUNIT_ASSERT_FALSE(pass->test, IS_ERR(task));
}

static void end_to_wait(struct waiter *waiter)
{
	struct kunit *test = waiter->pass->test;

	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&waiter->done,
							     PATIENCE));
	KUNIT_EXPECT_EQ(test, waiter->rc, 0);
}

/* Let the time be over that the function in progress has. */
static void time_passes(struct pass_image *pass)
{
	unsigned long flags;

	pass_wait(pass, READ_ONCE(pass->pt->reset.in_progress));
	flags = pt_enter(pass->pt);
	pass->pt->reset.deadline = jiffies;
	reset_kick(pass->pt);
	pt_leave(pass->pt, flags);
}

/* How the guest's program is ended */

/**
 * struct stop_case - how a program is ended
 * @name: the rule
 * @activity: activity control of the host's subchannel
 * @cc: how HALT SUBCHANNEL ends
 * @late: its status doesn't come
 * @halts: how often HALT SUBCHANNEL is executed
 */
struct stop_case {
	const char *name;
	u32 activity;
	ioinst_ending_t cc;
	bool late;
	unsigned int halts;
};

static const struct stop_case stop_cases[] = {
	{ "active: cleared", SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE,
	  IOINST_CC_EXPECTED, false, 0 },
	{ "suspended: halted, then cleared", SCSW_AC_SUSPENDED,
	  IOINST_CC_EXPECTED, false, 1 },
	{ "suspended, and the halt doesn't end", SCSW_AC_SUSPENDED,
	  IOINST_CC_EXPECTED, true, 1 },
	{ "suspended, and status is pending", SCSW_AC_SUSPENDED,
	  IOINST_CC_STATUS_PRESENT, false, 1 },
	{ "suspended, and busy", SCSW_AC_SUSPENDED, IOINST_CC_BUSY, false, 1 },
};

KUNIT_ARRAY_PARAM_DESC(stop, stop_cases, name);

static void pass_stop_test(struct kunit *test)
{
	const struct stop_case *c = test->param_value;
	struct pass_image *pass = test->priv;
	struct host_sch *host = pass->host;
	struct waiter waiter;
	struct css_irb irb;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	host->schib.scsw.flags = cpu_to_be32(START | c->activity);
	host->answers[HOST_HSCH] = c->cc;
	host->obliging = !c->late;
	begin_to_wait(pass, &waiter, false);
	if (c->late) {
		time_passes(pass);
		pass_wait(pass, READ_ONCE(host->asked[HOST_CSCH]) == 1);
		host->obliging = true;
		fake_host_make(&irb, CLEAR | SCSW_SC_PENDING, 0, 0);
		fake_host_interrupt(host, &irb);
	}
	end_to_wait(&waiter);
	KUNIT_EXPECT_EQ(test, host->asked[HOST_HSCH], c->halts);
	KUNIT_EXPECT_EQ(test, host->asked[HOST_CSCH], 1);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
}

/* The host's channel subsystem initializes the subchannel: that is an end, too. */
static void pass_initialized_reset_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct waiter waiter;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	begin_to_wait(pass, &waiter, false);
	pass_wait(pass, READ_ONCE(pass->host->asked[HOST_CSCH]) == 1);
	pass->host->obliging = true;
	fake_host_initialized(pass->host);
	end_to_wait(&waiter);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_CSCH], 1);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
}

/* CLEAR SUBCHANNEL of a reset doesn't end; much later it does. */
static void pass_stuck_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct waiter waiter;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	begin_to_wait(pass, &waiter, false);
	time_passes(pass);
	end_to_wait(&waiter);
	pass_settle(pass);
	/* The device is lost for the guest, but not for the host. */
	pass_expect_lost(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 1);
	KUNIT_EXPECT_EQ(test, pass->host->given_up, 0);
	pass_interrupt(pass, CLEAR | SCSW_SC_PENDING, 0, 0);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
	KUNIT_EXPECT_EQ(test, pass->host->backs, 0);
}

/* The subchannel has gone before the device answers. */
static struct host_sch *remove_stuck(struct pass_image *pass)
{
	struct host_sch *host = pass->host;
	struct waiter waiter;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	begin_to_wait(pass, &waiter, true);
	time_passes(pass);
	end_to_wait(&waiter);
	KUNIT_EXPECT_TRUE(pass->test, host->taken);
	KUNIT_EXPECT_EQ(pass->test, pass->image->guest.pinned, 1);
	/* The host tries for longer. */
	KUNIT_EXPECT_EQ(pass->test, host->given_up, 1);
	return host;
}

static void pass_stuck_last_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct host_sch *host = remove_stuck(pass);
	struct css_irb irb;

	/* Something else is not the end. */
	fake_host_make(&irb, UNSOLICITED, ATTENTION, 0);
	fake_host_interrupt(host, &irb);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_TRUE(test, host->taken);
	fake_host_make(&irb, CLEAR | SCSW_SC_PENDING, 0, 0);
	fake_host_interrupt(host, &irb);
	pass_wait(pass, !READ_ONCE(host->taken));
}

static void pass_stuck_gone_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct host_sch *host = remove_stuck(pass);

	fake_host_goes(host, true);
	pass_wait(pass, !READ_ONCE(host->taken));
}

/* A test case leaves nothing behind. */
static void free_abandoned(struct passthrough *pt)
{
	pt->abandoned = false;
	spin_lock_irq(&pt->lock);
	run_idle(pt, true);
	spin_unlock_irq(&pt->lock);
	run_free_left(pt);
	passthrough_put(pt);
}

/*
 * The host can't stop it either.  The loan ends, and whatever the device may still access
 * is kept: all of it, for good.
 */
static void pass_abandoned_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct passthrough *pt = pass->pt;
	struct host_sch *host = remove_stuck(pass);

	fake_host_goes(host, false);
	pass_wait(pass, !READ_ONCE(host->taken));
	flush_delayed_work(&pt->work);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 1);
	KUNIT_EXPECT_FALSE(test, list_empty(&pt->runs));
	KUNIT_EXPECT_NOT_NULL(test, pt->reset.memory.bytes);
	KUNIT_EXPECT_EQ(test, kref_read(&pt->ref), 1);
	free_abandoned(pt);
}

/* The same while the guest uses it. */
static void pass_abandoned_lost_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct passthrough *pt = pass->pt;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	fake_host_goes(pass->host, false);
	pass_settle(pass);
	pass_expect_lost(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 1);
	pass_remove(pass);
	KUNIT_EXPECT_FALSE(test, pass->host->taken);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 1);
	KUNIT_EXPECT_EQ(test, kref_read(&pt->ref), 1);
	free_abandoned(pt);
}

/* It is removed after a reset has not been able to stop it. */
static void pass_stuck_removed_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct waiter waiter;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	begin_to_wait(pass, &waiter, false);
	time_passes(pass);
	end_to_wait(&waiter);
	pass->host->obliging = true;
	pass_remove(pass);
	KUNIT_EXPECT_FALSE(test, pass->host->taken);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
}

/* A program of the module's own doesn't end. */
static void pass_undo_late_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	unsigned int started;
	struct css_irb irb;
	struct waiter waiter;

	pass->host->identity.dev_type = 0x1403;
	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	pass->host->identity.dev_type = 0x3370;
	begin_to_wait(pass, &waiter, false);
	pass_wait(pass, READ_ONCE(pass->pt->reset.in_progress));
	fake_host_make(&irb, CLEAR | SCSW_SC_PENDING, 0, 0);
	fake_host_interrupt(pass->host, &irb);
	pass_wait(pass, READ_ONCE(pass->host->asked[HOST_SSCH]) == 2);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
	/* Neither alert status alone nor channel end is the end. */
	fake_host_make(&irb, START | ACTIVE | UNSOLICITED, 0, 0);
	fake_host_interrupt(pass->host, &irb);
	fake_host_make(&irb, START | DEVICE | PRIMARY, CE, 0);
	fake_host_interrupt(pass->host, &irb);
	time_passes(pass);
	pass_wait(pass, READ_ONCE(pass->host->asked[HOST_CSCH]) == 2);
	fake_host_make(&irb, CLEAR | SCSW_SC_PENDING, 0, 0);
	fake_host_interrupt(pass->host, &irb);
	/* The next programs follow. */
	for (started = 3; started < 5; started++) {
		pass_wait(pass, READ_ONCE(pass->host->asked[HOST_SSCH]) == started);
		fake_host_make(&irb, START | DEVICE | PRIMARY, CE, 0);
		fake_host_interrupt(pass->host, &irb);
		fake_host_make(&irb, SECONDARY, DE, 0);
		fake_host_interrupt(pass->host, &irb);
	}
	end_to_wait(&waiter);
}

/* The host takes the device away. */

static void pass_gone_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	unsigned int reports;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	reports = pass->image->guest.reports;
	fake_host_goes(pass->host, true);
	pass_wait(pass, !READ_ONCE(pass->image->guest.pinned));
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.reports, reports + 1);
	pass_expect_lost(pass);
	/* It is the host's only when the subchannel is removed. */
	KUNIT_EXPECT_TRUE(test, pass->host->taken);
}

/* It goes while a reset waits for it. */
static void pass_gone_reset_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct waiter waiter;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	begin_to_wait(pass, &waiter, false);
	pass_wait(pass, READ_ONCE(pass->pt->reset.in_progress));
	fake_host_goes(pass->host, true);
	end_to_wait(&waiter);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
}

/*
 * Condition code 3 doesn't say that the device has ended: the host answers so while it
 * takes it away.
 */
static void pass_cc3_reset_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct waiter waiter;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	pass->host->answers[HOST_CSCH] = IOINST_CC_NOT_OPERATIONAL;
	begin_to_wait(pass, &waiter, false);
	pass_wait(pass, READ_ONCE(pass->pt->reset.in_progress));
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 1);
	fake_host_goes(pass->host, true);
	end_to_wait(&waiter);
}

/* The device never gets a subchannel. */
static void pass_unused_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_device *dev;
	struct css_irb irb;

	pass->host->obliging = true;
	pass_remove(pass);
	pass->host->backs = 0;
	dev = pass_new(pass);
	fake_host_make(&irb, UNSOLICITED, ATTENTION, 0);
	fake_host_interrupt(pass->host, &irb);
	dev->ops->release(dev);
	KUNIT_EXPECT_FALSE(test, pass->host->taken);
}

static struct kunit_case pass_reset_cases[] = {
	KUNIT_CASE_PARAM(pass_undo_test, undo_gen_params),
	KUNIT_CASE(pass_undo_paths_test),
	KUNIT_CASE(pass_undo_cc_test),
	KUNIT_CASE(pass_undo_late_test),
	KUNIT_CASE_PARAM(pass_stop_test, stop_gen_params),
	KUNIT_CASE(pass_initialized_reset_test),
	KUNIT_CASE(pass_stuck_test),
	KUNIT_CASE(pass_stuck_last_test),
	KUNIT_CASE(pass_stuck_gone_test),
	KUNIT_CASE(pass_abandoned_test),
	KUNIT_CASE(pass_abandoned_lost_test),
	KUNIT_CASE(pass_stuck_removed_test),
	KUNIT_CASE(pass_gone_test),
	KUNIT_CASE(pass_gone_reset_test),
	KUNIT_CASE(pass_cc3_reset_test),
	KUNIT_CASE(pass_unused_test),
	{}
};

static struct kunit_suite pass_reset_suite = {
	.name = "kvm_css_passthrough_reset",
	.init = pass_init,
	.exit = pass_exit,
	.test_cases = pass_reset_cases,
};

kunit_test_suite(pass_reset_suite);
