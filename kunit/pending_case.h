/* SPDX-License-Identifier: GPL-2.0 */
/* What the suites about commands that are pending share */
#ifndef _KVM_CSS_KUNIT_PENDING_CASE_H
#define _KVM_CSS_KUNIT_PENDING_CASE_H

#include "fake_image.h"

#define TESTED(image_)	((image_)->guest.test)

/**
 * pending_start() - start a read that is pending when this returns
 * @image: the image
 */
void pending_start(struct fake_image *image);

/**
 * pending_expect_irb() - wait for the first interruption, and check the status
 * @image: the image
 * @control: function, activity and status control
 * @dstat: device status; there must be no subchannel status
 * @cpa: CCW address
 * @count: residual count
 */
void pending_expect_irb(struct fake_image *image, u32 control, u8 dstat,
			u32 cpa, u16 count);

/**
 * pending_expect_usable() - check that the next program runs as the first would
 * @image: the image
 */
void pending_expect_usable(struct fake_image *image);

/**
 * pending_block() - keep the image's workqueue from doing what is queued now
 * @image: the image
 *
 * The workqueue does one thing at a time from now on, and waits for
 * pending_unblock().
 */
void pending_block(struct fake_image *image);

/**
 * pending_queue() - let the device call cu_completed(), and no worker come
 * @image: the image, with a command that is pending
 *
 * The worker waits for pending_unblock().
 */
void pending_queue(struct fake_image *image);

/**
 * pending_unblock() - let a worker go on with the program
 * @image: the image
 */
void pending_unblock(struct fake_image *image);

#endif /* _KVM_CSS_KUNIT_PENDING_CASE_H */
