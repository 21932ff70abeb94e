/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites about status that a device presents have in common.
 */
#ifndef _KVM_CSS_KUNIT_PRESENT_CASE_H
#define _KVM_CSS_KUNIT_PRESENT_CASE_H

#include <linux/jiffies.h>

#include "fake_image.h"

#define CONTROL		(SCSW_FC | SCSW_AC | SCSW_SC)
#define START		SCSW_FC_START
#define HALT		SCSW_FC_HALT
#define DEVICE		SCSW_AC_DEVICE_ACTIVE
#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define PRIMARY		(SCSW_SC_PRIMARY | SCSW_SC_PENDING)
#define SECONDARY	(SCSW_SC_SECONDARY | SCSW_SC_PENDING)
#define ENDED		(SCSW_SC_SECONDARY | PRIMARY)
#define ALERT		SCSW_SC_ALERT
#define UNSOLICITED	(SCSW_SC_ALERT | SCSW_SC_PENDING)

#define CE		DSTAT_CHANNEL_END
#define DE		DSTAT_DEVICE_END
#define CE_DE		(CE | DE)
#define ATTENTION	DSTAT_ATTENTION
#define BUSY		DSTAT_BUSY
#define CU_BUSY		(DSTAT_BUSY | DSTAT_STATUS_MODIFIER)
#define UNIT_CHECK	DSTAT_UNIT_CHECK

#define SENSE0		0x40
#define A_WHILE		msecs_to_jiffies(50)

#define EXPECT_CC(test_, is_, expected_) \
	KUNIT_EXPECT_EQ(test_, (__force u32)(is_), (__force u32)(expected_))

/**
 * present_enable() - enable the subchannel, with IMAGE_INTPARM in its PMCW
 * @image: the image
 * @chars: PMCW_CONCURRENT_SENSE or 0
 */
void present_enable(struct fake_image *image, u32 chars);

/**
 * present_execute() - execute an instruction, with condition code 0
 * @image: the image
 * @opcode: IOINST_*
 */
void present_execute(struct fake_image *image, u16 opcode);

/**
 * present_ssch() - START SUBCHANNEL, with condition code 0
 * @image: the image
 * @orb: the operand
 */
void present_ssch(struct fake_image *image, const struct css_orb *orb);

/**
 * present_start_ending_with() - start a read, and choose its ending
 * @image: the image
 * @dstat: the device status that it ends with
 */
void present_start_ending_with(struct fake_image *image, u8 dstat);

/**
 * present_expect_control() - what STORE SUBCHANNEL shows
 * @image: the image
 * @control: function, activity and status control
 */
void present_expect_control(struct fake_image *image, u32 control);

/**
 * present_expect_status() - status is pending, and TEST SUBCHANNEL stores it
 * @image: the image
 * @control: function, activity and status control
 * @dstat: device status; there is no other
 *
 * Its interruption is pending, too, with IMAGE_INTPARM.
 */
void present_expect_status(struct fake_image *image, u32 control, u8 dstat);

/**
 * present_expect_nothing() - no status is pending
 * @image: the image
 * @control: function, activity and status control
 */
void present_expect_nothing(struct fake_image *image, u32 control);

/**
 * present_expect_completed() - how many start functions have ended
 * @image: the image
 * @completed: so many
 */
void present_expect_completed(struct fake_image *image, u64 completed);

#endif /* _KVM_CSS_KUNIT_PRESENT_CASE_H */
