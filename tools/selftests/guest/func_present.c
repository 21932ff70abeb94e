// SPDX-License-Identifier: GPL-2.0
/*
 * Status that the device presents by itself, and a device that is busy.  The
 * commands are those of the test control unit, see Documentation/devices.rst.
 */
#include "func_tests.h"

#define DEVICE		SCSW_AC_DEVICE_ACTIVE
#define PRIMARY		(SCSW_SC_PRIMARY | SCSW_SC_PENDING)
#define SECONDARY	(SCSW_SC_SECONDARY | SCSW_SC_PENDING)
#define ENDED		(SCSW_SC_SECONDARY | PRIMARY)
#define UNSOLICITED	(SCSW_SC_ALERT | SCSW_SC_PENDING)
#define START_PENDING	(SCSW_FC_START | SCSW_AC_START_PENDING)
#define CU_BUSY		(DST_BUSY | DST_STATUS_MODIFIER)

/*
 * Tests wait for status that comes soon, and look at the subchannel before
 * status that comes late.
 */
#define SOON_US		20000
#define LATE_US		500000

static struct test_later later __aligned(8);

static void load(u8 cmd, u8 dstat, u32 us)
{
	later = (struct test_later){ .dstat = dstat, .us = us };
	func_prog[0] = CCW(cmd, 0, sizeof(later), &later);
}

/*
 * Check function, activity and status control, deferred condition code, and
 * device status.
 */
static void expect_irb(const struct irb *irb, u32 control, u32 cc, u8 dstat)
{
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL, control);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CC, cc);
	EXPECT_EQ(irb->scsw.dstat, dstat);
	EXPECT_EQ(irb->scsw.cstat, 0);
}

static void expect_ended(const struct irb *irb)
{
	expect_irb(irb, SCSW_FC_START | ENDED, 0, DST_ENDED);
}

/* Run a command that makes the device present status later. */
static void command(u8 cmd, u8 dstat, u32 us)
{
	func_enable();
	load(cmd, dstat, us);
	func_start(0);
	expect_ended(func_end(CHAN_INTPARM));
	EXPECT_EQ(chan_control(FUNC_SID), 0);
}

static void end_later(u32 us)
{
	func_enable();
	load(TEST_END_LATER, DST_DEVICE_END, us);
	func_start(0);
	expect_irb(func_end(CHAN_INTPARM), SCSW_FC_START | DEVICE | PRIMARY, 0,
		   DST_CHANNEL_END);
}

static void start_nop(void)
{
	func_prog[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	func_start(0);
}

static void secondary(void)
{
	end_later(LATE_US);
	EXPECT_EQ(chan_control(FUNC_SID), DEVICE);
	expect_irb(func_end(CHAN_INTPARM), SECONDARY, 0, DST_DEVICE_END);
	func_idle();
}

static void attention(void)
{
	const struct irb *irb;

	command(TEST_PRESENT, DST_ATTENTION, SOON_US);
	irb = func_end(CHAN_INTPARM);
	expect_irb(irb, UNSOLICITED, 0, DST_ATTENTION);
	EXPECT_EQ(irb->scsw.cpa, 0);
	EXPECT_EQ(irb->scsw.count, 0);
	func_idle();
}

static void deferred(void)
{
	const struct irb *irb;

	func_enable();
	load(TEST_PRESENT, DST_ATTENTION, 0);
	later.hold = 1;
	func_start(0);
	expect_ended(func_end(CHAN_INTPARM));
	chan_quiet();
	func_prog[0] = CCW(TEST_SENSE_ID, CCW_SLI, 7, func_data);
	func_start(0);
	irb = func_end(CHAN_INTPARM);
	expect_irb(irb, START_PENDING | UNSOLICITED, SCSW_CC_NOT_BEGUN,
		   DST_BUSY | DST_ATTENTION);
	EXPECT_EQ(func_data[0], 0);
	func_idle();
}

static void control_unit_busy(void)
{
	u64 begin = tod();

	command(TEST_BE_BUSY, CU_BUSY, LATE_US);
	start_nop();
	EXPECT_EQ(chan_control(FUNC_SID), START_PENDING);
	expect_ended(func_end(CHAN_INTPARM));
	EXPECT(tod() - begin >= TOD_US(LATE_US));
	func_idle();
}

static const struct test tests[] = {
	{ "channel end, and device end as secondary status", secondary },
	{ "attention: alert status of no function", attention },
	{ "status that the device holds: deferred condition code 1",
	  deferred },
	{ "control unit busy: the start function stays pending",
	  control_unit_busy },
};

const struct test_group func_present_group = { tests, ARRAY_SIZE(tests) };
