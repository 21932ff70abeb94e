// SPDX-License-Identifier: GPL-2.0
/*
 * Status that the device presents by itself, and a device that is busy.  The
 * commands are those of the test control unit, Documentation/devices.rst.
 */
#include "func_tests.h"

#define DEVICE		SCSW_AC_DEVICE_ACTIVE
#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | DEVICE)
#define PRIMARY		(SCSW_SC_PRIMARY | SCSW_SC_PENDING)
#define SECONDARY	(SCSW_SC_SECONDARY | SCSW_SC_PENDING)
#define ENDED		(SCSW_SC_SECONDARY | PRIMARY)
#define UNSOLICITED	(SCSW_SC_ALERT | SCSW_SC_PENDING)
#define START_PENDING	(SCSW_FC_START | SCSW_AC_START_PENDING)
#define CU_BUSY		(DST_BUSY | DST_STATUS_MODIFIER)

/* What comes soon is waited for; what comes late is looked at meanwhile. */
#define SOON_US		20000
#define LATE_US		500000

#define SENSE0		0x40

static struct test_later later __aligned(8);

static void load(u8 cmd, u8 dstat, u32 us)
{
	later = (struct test_later){ .dstat = dstat, .us = us };
	func_prog[0] = CCW(cmd, 0, sizeof(later), &later);
}

/* Function, activity and status control, deferred condition code, status */
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

/* A command that presents something later */
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

static void chained(void)
{
	u64 begin = tod();

	func_enable();
	load(TEST_END_LATER, DST_DEVICE_END, LATE_US);
	func_prog[0].flags = CCW_CC;
	func_prog[1] = CCW(TEST_SENSE_ID, CCW_SLI, 7, func_data);
	func_start(0);
	EXPECT_EQ(chan_control(FUNC_SID), SCSW_FC_START | ACTIVE);
	EXPECT_EQ(func_data[0], 0);
	expect_ended(func_end(CHAN_INTPARM));
	EXPECT(tod() - begin >= TOD_US(LATE_US));
	EXPECT_EQ(func_data[0], 0xff);
	func_idle();
}

static void chained_check(void)
{
	const struct irb *irb;

	func_enable();
	load(TEST_END_LATER, DST_DEVICE_END | DST_UNIT_CHECK, SOON_US);
	later.sense0 = SENSE0;
	func_prog[0].flags = CCW_CC;
	func_prog[1] = CCW(TEST_SENSE_ID, CCW_SLI, 7, func_data);
	func_start(0);
	irb = func_end(CHAN_INTPARM);
	expect_irb(irb, SCSW_FC_START | SCSW_SC_ALERT | ENDED, 0,
		   DST_DEVICE_END | DST_UNIT_CHECK);
	EXPECT_EQ(irb->scsw.cpa, (u64)&func_prog[1]);
	EXPECT_EQ(func_data[0], 0);
	func_prog[0] = CCW(TEST_SENSE, 0, 32, func_data);
	func_start(0);
	expect_ended(func_end(CHAN_INTPARM));
	EXPECT_EQ(func_data[0], SENSE0);
	func_idle();
}

/* Device end that never comes: END WITH STATUS means it. */
static void chained_never(void)
{
	static const u8 channel_end[2] = { DST_CHANNEL_END };

	func_enable();
	func_prog[0] = CCW(TEST_END_STATUS, CCW_CC, 2, channel_end);
	func_prog[1] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	func_start(0);
	EXPECT_EQ(chan_control(FUNC_SID), SCSW_FC_START | ACTIVE);
	chan_quiet();
	EXPECT_EQ(hsch(FUNC_SID), CC_DONE);
	expect_irb(func_end(CHAN_INTPARM),
		   SCSW_FC_START | SCSW_FC_HALT | ENDED, 0, DST_ENDED);
	func_idle();
}

static void halted(void)
{
	end_later(LATE_US);
	EXPECT_EQ(hsch(FUNC_SID), CC_DONE);
	expect_irb(func_end(CHAN_INTPARM), SCSW_FC_HALT | SECONDARY, 0,
		   DST_DEVICE_END);
	func_idle();
}

static void cleared(void)
{
	end_later(LATE_US);
	EXPECT_EQ(csch(FUNC_SID), CC_DONE);
	expect_irb(func_end(CHAN_INTPARM), SCSW_FC_CLEAR | SCSW_SC_PENDING, 0, 0);
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

static void attention_sense(void)
{
	struct schib schib __aligned(4);
	const struct irb *irb;

	func_enable();
	EXPECT_EQ(stsch(FUNC_SID, &schib), CC_DONE);
	schib.pmcw.chars |= PMCW_CONCURRENT_SENSE;
	EXPECT_EQ(msch(FUNC_SID, &schib), CC_DONE);
	load(TEST_PRESENT, DST_UNIT_CHECK, SOON_US);
	later.sense0 = SENSE0;
	func_start(0);
	expect_ended(func_end(CHAN_INTPARM));
	irb = func_end(CHAN_INTPARM);
	expect_irb(irb, UNSOLICITED, 0, DST_UNIT_CHECK);
	EXPECT(irb->scsw.ctrl & SCSW_EXTENDED);
	EXPECT_EQ(irb->ecw[0], SENSE0);
	func_idle();
}

/* Nobody who hasn't enabled the subchannel is told, now or later. */
static void attention_disabled(void)
{
	struct schib schib __aligned(4);

	command(TEST_PRESENT, DST_ATTENTION, SOON_US);
	EXPECT_EQ(stsch(FUNC_SID, &schib), CC_DONE);
	schib.pmcw.flags &= ~PMCW_ENABLED;
	EXPECT_EQ(msch(FUNC_SID, &schib), CC_DONE);
	chan_quiet();
	func_enable();
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

static void busy(u8 dstat)
{
	u64 begin = tod();

	command(TEST_BE_BUSY, dstat, LATE_US);
	start_nop();
	EXPECT_EQ(chan_control(FUNC_SID), START_PENDING);
	expect_ended(func_end(CHAN_INTPARM));
	EXPECT(tod() - begin >= TOD_US(LATE_US));
	func_idle();
}

static void device_busy(void)
{
	busy(DST_BUSY);
}

static void control_unit_busy(void)
{
	busy(CU_BUSY);
}

static void busy_cancelled(void)
{
	command(TEST_BE_BUSY, CU_BUSY, LATE_US);
	start_nop();
	EXPECT_EQ(xsch(FUNC_SID), CC_DONE);
	EXPECT_EQ(chan_control(FUNC_SID), 0);
	expect_irb(func_end(CHAN_INTPARM), UNSOLICITED, 0, DST_CONTROL_UNIT_END);
	func_idle();
}

static void busy_halted(void)
{
	command(TEST_BE_BUSY, DST_BUSY, LATE_US);
	start_nop();
	EXPECT_EQ(hsch(FUNC_SID), CC_DONE);
	expect_irb(func_end(CHAN_INTPARM), START_PENDING | SCSW_FC_HALT |
		   SCSW_SC_PENDING, SCSW_CC_NOT_BEGUN, 0);
	/* The device is busy all the same, and has said so. */
	expect_irb(func_end(CHAN_INTPARM), UNSOLICITED, 0, DST_DEVICE_END);
	func_idle();
}

/* A start function between channel end and device end waits for device end. */
static void start_after_channel_end(void)
{
	end_later(LATE_US);
	start_nop();
	EXPECT_EQ(chan_control(FUNC_SID), START_PENDING);
	expect_ended(func_end(CHAN_INTPARM));
	func_idle();
}

static const struct test tests[] = {
	{ "channel end, and device end as secondary status", secondary },
	{ "command chaining waits for device end", chained },
	{ "unit check with device end ends command chaining", chained_check },
	{ "device end that never comes: HSCH ends the program",
	  chained_never },
	{ "HSCH between channel end and device end: device end", halted },
	{ "CSCH between channel end and device end: nothing is left",
	  cleared },
	{ "SSCH between channel end and device end: it waits",
	  start_after_channel_end },
	{ "attention: alert status of no function", attention },
	{ "unsolicited unit check brings concurrent sense",
	  attention_sense },
	{ "attention while not enabled is lost", attention_disabled },
	{ "status that the device holds: deferred condition code 1",
	  deferred },
	{ "device busy: the start function stays pending", device_busy },
	{ "control unit busy: the start function stays pending",
	  control_unit_busy },
	{ "XSCH while the control unit is busy: control-unit end, unsolicited",
	  busy_cancelled },
	{ "HSCH while the device is busy: device end, unsolicited",
	  busy_halted },
};

const struct test_group func_present_group = { tests, ARRAY_SIZE(tests) };
