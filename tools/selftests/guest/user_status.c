// SPDX-License-Identifier: GPL-2.0
/* Status that a process presents, a device that is busy, and HALT SUBCHANNEL */
#include "user_tests.h"

static void begin_later(void)
{
	user_serve();
	user_start(USER_LATER, CCW_SLI, 1, user_data);
	user_expect(SCSW_FC_START | USER_DEVICE | USER_PRIMARY, DST_CHANNEL_END, 0,
		    1);
	EXPECT_EQ(chan_control(USER_SID), USER_DEVICE);
}

static void secondary(void)
{
	begin_later();
	user_must(USER_CALL_END, DST_DEVICE_END);
	user_expect(USER_SECONDARY, DST_DEVICE_END, 0, 0);
	/* That operation is over. */
	EXPECT_EQ(user_call(USER_CALL_END, DST_DEVICE_END), USER_ESTALE);
	user_expect_usable();
}

static void chained(void)
{
	user_serve();
	user_prog[0] = CCW(USER_LATER, CCW_CC | CCW_SLI, 1, user_data);
	user_prog[1] = CCW(USER_CONTROL, CCW_SLI, 2, user_data);
	chan_start(USER_SID, user_prog);
	user_must(USER_CALL_TAKEN, 1);
	/* Kept until the operation has ended, and the guest sees no alert. */
	user_must(USER_CALL_PRESENT, DST_ATTENTION);
	user_must(USER_CALL_END, DST_DEVICE_END);
	user_expect_ended(2);
	user_expect(USER_ALERT, DST_ATTENTION, 0, 0);
}

/* A start function waits for the operation, and is not told of device end. */
static void start_while_working(void)
{
	begin_later();
	user_start(USER_CONTROL, CCW_SLI, 1, user_data);
	EXPECT_EQ(chan_control(USER_SID), SCSW_FC_START | SCSW_AC_START_PENDING);
	user_must(USER_CALL_END, DST_DEVICE_END);
	user_expect_ended(1);
	chan_quiet();
}

/* But of unit check, and then it doesn't begin. */
static void start_then_check(void)
{
	const struct irb *irb;

	begin_later();
	user_start(USER_CONTROL, CCW_SLI, 1, user_data);
	user_must(USER_CALL_END, DST_DEVICE_END | DST_UNIT_CHECK);
	irb = user_end();
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CC, SCSW_CC_NOT_BEGUN);
	EXPECT_EQ(irb->scsw.dstat,
		  DST_BUSY | DST_DEVICE_END | DST_UNIT_CHECK);
	user_expect_sense(USER_SENSE0, 0, 31);
}

static void attention(void)
{
	user_serve();
	user_expect_usable();
	user_must(USER_CALL_PRESENT, DST_ATTENTION);
	user_expect(USER_ALERT, DST_ATTENTION, 0, 0);
	user_must(USER_CALL_PRESENT, DST_ATTENTION | DST_DEVICE_END |
				     DST_UNIT_EXCEPTION);
	user_expect(USER_ALERT, 0x85, 0, 0);
	user_expect_usable();
	EXPECT(user_seen(USER_SEEN_EVENTS) & USER_EVENT_PRESENTED);
}

static void busy(void)
{
	user_serve();
	user_expect_usable();
	user_must(USER_CALL_BUSY, USER_BUSY_CU);
	user_start(USER_CONTROL, CCW_SLI, 1, user_data);
	EXPECT_EQ(chan_control(USER_SID), SCSW_FC_START | SCSW_AC_START_PENDING);
	EXPECT_EQ(xsch(USER_SID), CC_DONE);
	user_start(USER_CONTROL, CCW_SLI, 1, user_data);
	user_must(USER_CALL_BUSY, 0);
	user_expect_ended(1);
}

static void hold(void)
{
	user_serve();
	user_expect_usable();
	user_start(USER_HOLD, 0, 16, user_data);
	user_must(USER_CALL_TAKEN, 3);
	EXPECT_EQ(chan_control(USER_SID), SCSW_FC_START | USER_ACTIVE);
}

static void answered_later(void)
{
	hold();
	user_must(USER_CALL_RELEASE, 0);
	user_expect(USER_CHECKED, DST_ENDED, CST_INCORRECT_LENGTH, 16);
	user_expect_usable();
}

static void halt_obeyed(void)
{
	hold();
	EXPECT_EQ(hsch(USER_SID), CC_DONE);
	user_expect(SCSW_FC_START | SCSW_FC_HALT | USER_ENDED, DST_ENDED, 0, 16);
	EXPECT(user_seen(USER_SEEN_EVENTS) & USER_EVENT_STOP);
	user_expect_usable();
	EXPECT_EQ(user_seen(USER_SEEN_STALE), 0);
}

static void halt_later(void)
{
	begin_later();
	EXPECT_EQ(hsch(USER_SID), CC_DONE);
	user_expect(SCSW_FC_HALT | USER_SECONDARY, DST_DEVICE_END, 0, 0);
	EXPECT_EQ(user_call(USER_CALL_END, DST_DEVICE_END), USER_ESTALE);
	EXPECT(user_seen(USER_SEEN_EVENTS) & USER_EVENT_HALTED);
	chan_quiet();
	user_expect_usable();
}

static const struct test tests[] = {
	{ "channel end, and device end as secondary status", secondary },
	{ "a chained command waits for device end, attention until idle",
	  chained },
	{ "a start function waits for device end", start_while_working },
	{ "unit check with device end: the start function doesn't begin",
	  start_then_check },
	{ "attention, alone and with more", attention },
	{ "busy: the start function stays pending", busy },
	{ "an answer that comes later", answered_later },
	{ "HALT SUBCHANNEL: the process ends the command", halt_obeyed },
	{ "HALT SUBCHANNEL ends what goes on after channel end", halt_later },
};

const struct test_group user_status_group = { tests, ARRAY_SIZE(tests) };
