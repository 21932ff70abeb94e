// SPDX-License-Identifier: GPL-2.0
/*
 * When the channel subsystem has a device get to stable storage what its
 * commands have written (cu_written()), and who is told when that fails:
 * Documentation/devices.rst, "Cache".
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include <kvm_css/subchannel.h>

#include "fake_image.h"

/* Have the device write something. */
static void write_something(struct fake_image *image)
{
	struct css_irb irb;

	image->fake->writes = true;
	image_start(image);
	EXPECT_CC(image->guest.test, image_tsch(image, &irb),
		  IOINST_CC_EXPECTED);
}

static int quiesce(struct fake_image *image)
{
	return css_quiesce(&image->css, HZ);
}

static int remove(struct fake_image *image)
{
	return fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID);
}

static void sync_quiesce_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	write_something(image);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 0);
	KUNIT_EXPECT_EQ(test, quiesce(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 1);
	/* Nothing has been written since. */
	KUNIT_EXPECT_EQ(test, quiesce(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 1);
	css_unquiesce(&image->css);
	write_something(image);
	KUNIT_EXPECT_EQ(test, quiesce(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 2);
	KUNIT_EXPECT_EQ(test, remove(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 2);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
}

/* A quiesce that fails has changed nothing, and the next one tries again. */
static void sync_quiesce_error_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	write_something(image);
	image->fake->sync_error = -EIO;
	KUNIT_EXPECT_EQ(test, quiesce(image), -EIO);
	KUNIT_EXPECT_FALSE(test, image->css.shared.quiesced);
	write_something(image);
	image->fake->sync_error = 0;
	KUNIT_EXPECT_EQ(test, quiesce(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 2);
	/* One that was quiesced before stays so. */
	cu_written(&image->fake->unstable);
	image->fake->sync_error = -EIO;
	KUNIT_EXPECT_EQ(test, quiesce(image), -EIO);
	KUNIT_EXPECT_TRUE(test, image->css.shared.quiesced);
	image->fake->sync_error = 0;
	KUNIT_EXPECT_EQ(test, quiesce(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 4);
}

/* A quiesce that gives up while a program runs synchronizes nothing. */
static void sync_quiesce_gives_up_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image->fake->writes = true;
	image_start_blocked(image);
	cu_written(&image->fake->unstable);
	KUNIT_EXPECT_EQ(test, css_quiesce(&image->css, 1), -ETIME);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 0);
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_EQ(test, quiesce(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 1);
}

/* The caller does it, and the device is released when this returns. */
static void sync_remove_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	write_something(image);
	KUNIT_EXPECT_EQ(test, remove(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 1);
	KUNIT_EXPECT_PTR_EQ(test, image->fake->synced_by, current);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
}

static void sync_remove_running_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image->fake->writes = true;
	image_start_blocked(image);
	cu_written(&image->fake->unstable);
	KUNIT_EXPECT_EQ(test, remove(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 1);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
}

/* The subchannel is removed all the same, and nobody tries again. */
static void sync_remove_error_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	write_something(image);
	image->fake->sync_error = -EIO;
	KUNIT_EXPECT_EQ(test, remove(image), -EIO);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 1);
	KUNIT_EXPECT_EQ(test, remove(image), -ENODEV);
}

/* A signal has interrupted the remover: somebody else does it. */
static void sync_remove_interrupted_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	write_something(image);
	image->fake->sync_error = -EINTR;
	KUNIT_EXPECT_EQ(test, remove(image), -EINTR);
	css_wait_stopped(&image->css);
	flush_workqueue(image->css.shared.last_wq);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 2);
	KUNIT_EXPECT_PTR_NE(test, image->fake->synced_by, current);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
}

/*
 * The VM ends.  Whoever gives back the last reference must not wait for the
 * device.
 */
static void sync_end_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	write_something(image);
	css_stop(&image->css);
	flush_workqueue(image->css.shared.wq);
	flush_workqueue(image->css.shared.last_wq);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 1);
	KUNIT_EXPECT_PTR_NE(test, image->fake->synced_by, current);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
}

static void probe_work(struct work_struct *work)
{
}

/* Meanwhile the image's workqueue does something else. */
static void sync_end_hangs_test(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(disk);
	struct fake_image *image = test->priv;
	struct work_struct probe;
	unsigned long give_up;

	write_something(image);
	image->fake->in_sync = &disk;
	workqueue_set_max_active(image->css.shared.wq, 1);
	css_stop(&image->css);
	INIT_WORK_ONSTACK(&probe, probe_work);
	queue_work(image->css.shared.wq, &probe);
	give_up = jiffies + PATIENCE;
	while (work_busy(&probe) && time_before(jiffies, give_up))
		fsleep(1000);
	KUNIT_EXPECT_FALSE(test, work_busy(&probe));
	KUNIT_EXPECT_EQ(test, image->fake->released, 0);
	complete_all(&disk);
	flush_workqueue(image->css.shared.wq);
	flush_workqueue(image->css.shared.last_wq);
	destroy_work_on_stack(&probe);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
}

/* image_exit() ends the VM, and checks that the device has been released. */
static void sync_end_error_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	write_something(image);
	image->fake->sync_error = -EIO;
}

/* A reset promises nothing about what was written, and forgets none of it. */
static void sync_reset_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	write_something(image);
	KUNIT_EXPECT_EQ(test, css_reset(&image->css, CSS_RESET_ALL), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 0);
	KUNIT_EXPECT_EQ(test, quiesce(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 1);
}

static void sync_nothing_written_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image_start(image);
	KUNIT_EXPECT_EQ(test, quiesce(image), 0);
	KUNIT_EXPECT_EQ(test, remove(image), 0);
	KUNIT_EXPECT_EQ(test, image->fake->syncs, 0);
}

static struct kunit_case sync_test_cases[] = {
	KUNIT_CASE(sync_quiesce_test),
	KUNIT_CASE(sync_quiesce_error_test),
	KUNIT_CASE(sync_quiesce_gives_up_test),
	KUNIT_CASE(sync_remove_test),
	KUNIT_CASE(sync_remove_running_test),
	KUNIT_CASE(sync_remove_error_test),
	KUNIT_CASE(sync_remove_interrupted_test),
	KUNIT_CASE(sync_end_test),
	KUNIT_CASE(sync_end_hangs_test),
	KUNIT_CASE(sync_end_error_test),
	KUNIT_CASE(sync_reset_test),
	KUNIT_CASE(sync_nothing_written_test),
	{}
};

static struct kunit_suite sync_suite = {
	.name = "kvm_css_sync",
	.init = image_init,
	.exit = image_exit,
	.test_cases = sync_test_cases,
};

kunit_test_suite(sync_suite);
