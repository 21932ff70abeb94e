// SPDX-License-Identifier: GPL-2.0
/* A program whose command is pending, see pending_case.h. */
#include <linux/completion.h>
#include <linux/workqueue.h>

#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "pending_case.h"

void pending_start(struct fake_image *image)
{
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, PMCW_CONCURRENT_SENSE);
	image_load(image, &orb);
	orb.flags |= cpu_to_be32(ORB_SUSPEND);
	image->fake->parts = 1;
	image_must_start(image, &orb);
	KUNIT_ASSERT_TRUE(TESTED(image), image->fake->waiting);
	KUNIT_EXPECT_EQ(TESTED(image), image_control(image), START | ACTIVE);
	KUNIT_EXPECT_EQ(TESTED(image), image->guest.injected, 0);
}

void pending_expect_irb(struct fake_image *image, u32 control, u8 dstat,
			u32 cpa, u16 count)
{
	struct kunit *test = TESTED(image);
	struct css_irb irb;

	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), control);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, dstat);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), cpa);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), count);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
}

void pending_expect_usable(struct fake_image *image)
{
	unsigned int injected = image->guest.injected;
	struct css_irb irb;

	image->fake->parts = 0;
	image->fake->must_wait = false;
	image->fake->during = NULL;
	image_start(image);
	KUNIT_EXPECT_EQ(TESTED(image), image->guest.injected, injected + 1);
	EXPECT_CC(TESTED(image), image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(TESTED(image), irb_control(&irb), START | ENDED);
}

/* Keeps the workqueue of the image from doing what is queued behind it */
static struct blocker {
	struct work_struct work;
	struct completion go_on;
} blocker;

static void blocker_work(struct work_struct *work)
{
	wait_for_completion(&blocker.go_on);
}

void pending_block(struct fake_image *image)
{
	struct workqueue_struct *wq = image->css.shared.wq;

	workqueue_set_max_active(wq, 1);
	init_completion(&blocker.go_on);
	INIT_WORK(&blocker.work, blocker_work);
	queue_work(wq, &blocker.work);
}

void pending_queue(struct fake_image *image)
{
	struct subchannel *sch = image_find(image);

	pending_block(image);
	fake_complete(image->fake);
	KUNIT_EXPECT_TRUE(TESTED(image), sch->pending);
	KUNIT_EXPECT_EQ(TESTED(image), image_control(image), START | ACTIVE);
	subchannel_put(sch);
}

void pending_unblock(struct fake_image *image)
{
	complete_all(&blocker.go_on);
	flush_work(&blocker.work);
}
