/* SPDX-License-Identifier: GPL-2.0 */
/* What the suites about status that a device presents share */
#ifndef _KVM_CSS_KUNIT_PRESENT_CASE_H
#define _KVM_CSS_KUNIT_PRESENT_CASE_H

#include <linux/jiffies.h>

#include "fake_image.h"

/**
 * present_enable() - enable the subchannel, with IMAGE_INTPARM in its PMCW
 * @image: the image
 * @chars: PMCW_CONCURRENT_SENSE or 0
 */
void present_enable(struct fake_image *image, u32 chars);

/**
 * present_start_ending_with() - start a read that ends in a certain way
 * @image: the image
 * @dstat: the device status that it ends with
 */
void present_start_ending_with(struct fake_image *image, u8 dstat);

/**
 * present_expect_status() - check that status is pending and TSCH stores it
 * @image: the image
 * @control: function, activity and status control
 * @dstat: device status; there must be no other status
 *
 * An interruption must be pending as well, with IMAGE_INTPARM.
 */
void present_expect_status(struct fake_image *image, u32 control, u8 dstat);

/**
 * present_expect_nothing() - check that no status is pending
 * @image: the image
 * @control: function, activity and status control
 */
void present_expect_nothing(struct fake_image *image, u32 control);

/**
 * present_expect_completed() - check how many start functions have ended
 * @image: the image
 * @completed: the expected number
 */
void present_expect_completed(struct fake_image *image, u64 completed);

#endif /* _KVM_CSS_KUNIT_PRESENT_CASE_H */
