// SPDX-License-Identifier: GPL-2.0
/*
 * Status that a device presents, see present_case.h.
 */
#include <kvm_css/subchannel.h>

#include "present_case.h"

/*
 * An interruption must be pending, which is accepted here, and TEST SUBCHANNEL
 * must store exactly this.
 */
void present_expect_status(struct fake_image *image, u32 control, u8 dstat)
{
	struct kunit *test = image->guest.test;
	struct guest_io_int io_int;
	struct css_irb irb;

	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	KUNIT_EXPECT_TRUE(test, fake_accept(&image->guest, &io_int));
	KUNIT_EXPECT_EQ(test, io_int.sid, IMAGE_SID);
	KUNIT_EXPECT_EQ(test, io_int.intparm, IMAGE_INTPARM);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), control);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_DEFERRED_CC, 0);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, dstat);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.word0), IMAGE_PATH << 16);
}

void present_expect_nothing(struct fake_image *image, u32 control)
{
	struct kunit *test = image->guest.test;
	struct css_irb irb;

	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), control);
}

void present_expect_completed(struct fake_image *image, u64 completed)
{
	struct subchannel *sch = image_find(image);

	KUNIT_EXPECT_EQ(image->guest.test, sch->stats.completed, completed);
	subchannel_put(sch);
}

/* Start a read that ends with @dstat. */
void present_start_ending_with(struct fake_image *image, u8 dstat)
{
	struct css_orb orb;

	image_load(image, &orb);
	image->step.dstat = dstat;
	image_must_start(image, &orb);
}

/* Status without an ORB interrupts with the same parameter. */
void present_enable(struct fake_image *image, u32 chars)
{
	struct kunit *test = image->guest.test;
	struct css_schib schib;

	image_enable(image, IMAGE_ISC, chars);
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_EXPECTED);
	schib.pmcw.intparm = cpu_to_be32(IMAGE_INTPARM);
	EXPECT_CC(test, image_msch(image, &schib), IOINST_CC_EXPECTED);
}
