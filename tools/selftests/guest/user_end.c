// SPDX-License-Identifier: GPL-2.0
/* Processes that are stopped, killed, replaced, or hostile */
#include "user_tests.h"

/* A call of the host that must not wait for the process takes less than that. */
#define SOON_MS		5000

static void hold_stopped(void)
{
	user_serve();
	user_expect_usable();
	user_start(USER_HOLD, CCW_SLI, 16, user_data);
	user_must(USER_CALL_TAKEN, 3);
	user_must(USER_CALL_STOP, 0);
}

static void halt_stopped(void)
{
	u64 begin;

	hold_stopped();
	begin = tod();
	EXPECT_EQ(hsch(USER_SID), CC_DONE);
	user_expect(SCSW_FC_START | SCSW_FC_HALT | SCSW_SC_ALERT | USER_ENDED,
		    USER_CHECK_STATUS, 0, 16);
	EXPECT(tod() - begin >= TOD_MS(USER_HALT_MS));
	user_expect_sense(SENSE_EQUIPMENT, 0, 0);
	user_must(USER_CALL_CONTINUE, 0);
	EXPECT_EQ(user_call(USER_CALL_RELEASE, 0), USER_ESTALE);
	user_expect_usable();
}

static void clear_stopped(void)
{
	u64 begin;

	hold_stopped();
	begin = tod();
	EXPECT_EQ(csch(USER_SID), CC_DONE);
	user_expect(SCSW_FC_CLEAR | SCSW_SC_PENDING, 0, 0, 0);
	EXPECT(tod() - begin < TOD_MS(SOON_MS));
	/* Its data must not get into the area while the process may use it. */
	memset(user_data, 0x77, 64);
	user_start(USER_WRITE, 0, 64, user_data);
	user_must(USER_CALL_CONTINUE, 0);
	user_expect_ended(0);
	EXPECT(user_seen(USER_SEEN_EVENTS) & USER_EVENT_CLEARED);
	memset(user_data, 0, 64);
	user_start(USER_READ, 0, 64, user_data);
	user_expect_ended(0);
	EXPECT_EQ(user_data[0], 0x77);
	EXPECT_EQ(user_data[63], 0x77);
}

static void reset_stopped(void)
{
	hold_stopped();
	user_must(USER_CALL_RESET, 0);
	EXPECT(user_call(USER_CALL_MS, 0) < SOON_MS);
	user_enable();
	user_must(USER_CALL_CONTINUE, 0);
	user_expect_usable();
	EXPECT(user_seen(USER_SEEN_EVENTS) & USER_EVENT_RESET);
}

static void remove_stopped(void)
{
	struct schib schib __aligned(4);

	hold_stopped();
	user_must(USER_CALL_REMOVE, 0);
	EXPECT(user_call(USER_CALL_MS, 0) < SOON_MS);
	EXPECT_EQ(stsch(USER_SID, &schib), CC_NOT_OPERATIONAL);
	user_must(USER_CALL_ADD, 0);
	user_serve();
	user_expect_usable();
}

static void expect_intervention(u8 dstat, u16 count)
{
	user_expect(USER_CHECKED, dstat, 0, count);
	user_expect_sense(SENSE_INTERVENTION, 0, 0);
	user_start(USER_READ, 0, 8, user_data);
	user_expect(USER_CHECKED, DST_UNIT_CHECK, 0, 8);
	user_must(USER_CALL_SERVE, 0);
	user_expect_usable();
}

static void killed_idle(void)
{
	user_serve();
	user_expect_usable();
	user_must(USER_CALL_KILL, 0);
	user_start(USER_WRITE, 0, 8, user_data);
	expect_intervention(DST_UNIT_CHECK, 8);
}

static void killed_offered(void)
{
	user_serve();
	user_expect_usable();
	user_must(USER_CALL_STOP, 0);
	user_start(USER_WRITE, 0, 8, user_data);
	user_must(USER_CALL_KILL, 0);
	expect_intervention(DST_UNIT_CHECK, 8);
}

static void killed_taken(void)
{
	hold_stopped();
	user_must(USER_CALL_KILL, 0);
	expect_intervention(USER_CHECK_STATUS, 16);
}

static void killed_by_itself(void)
{
	user_serve();
	user_start(USER_DIE, CCW_SLI, 8, user_data);
	user_must(USER_CALL_TAKEN, 1);
	/* Wait until it is dead. */
	user_must(USER_CALL_KILL, 0);
	expect_intervention(USER_CHECK_STATUS, 8);
}

static void killed_later(void)
{
	user_serve();
	user_start(USER_LATER, CCW_SLI, 1, user_data);
	user_expect(SCSW_FC_START | USER_DEVICE | USER_PRIMARY, DST_CHANNEL_END, 0,
		    1);
	user_must(USER_CALL_KILL, 0);
	user_expect(USER_SECONDARY | SCSW_SC_ALERT, DST_DEVICE_END | DST_UNIT_CHECK,
		    0, 0);
	user_expect_sense(SENSE_INTERVENTION, 0, 0);
	user_must(USER_CALL_SERVE, 0);
	user_expect_usable();
}

static void killed_busy(void)
{
	user_serve();
	user_expect_usable();
	user_must(USER_CALL_BUSY, USER_BUSY_DEVICE);
	user_start(USER_CONTROL, CCW_SLI, 1, user_data);
	EXPECT_EQ(chan_control(USER_SID), SCSW_FC_START | SCSW_AC_START_PENDING);
	user_must(USER_CALL_KILL, 0);
	expect_intervention(DST_UNIT_CHECK, 1);
}

/* The first process stays, and finds that it doesn't serve any more. */
static void taken_over(void)
{
	user_serve();
	user_expect_usable();
	EXPECT_EQ(user_call(USER_CALL_SERVE, 0), USER_EBUSY);
	user_start(USER_HOLD, CCW_SLI, 16, user_data);
	user_must(USER_CALL_TAKEN, 3);
	user_must(USER_CALL_SERVE, 1);
	user_expect(USER_CHECKED, USER_CHECK_STATUS, 0, 16);
	user_expect_sense(SENSE_INTERVENTION, 0, 0);
	user_expect_usable();
	EXPECT(user_seen(USER_SEEN_EVENTS) & USER_EVENT_BEGIN);
}

/*
 * Whatever the process does, CLEAR SUBCHANNEL ends each program, and the device is all
 * right when another process serves it.
 */
static void hostile(void)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);
	u64 begin;
	u32 i;

	user_must(USER_CALL_HOSTILE, 0);
	user_enable();
	io_mask(0);
	for (i = 0; i < times(3000, 300); i++) {
		user_prog[0] = CCW(i % 3 ? USER_WRITE : USER_READ,
				   CCW_CC | CCW_SLI, 64, user_data + 1024);
		user_prog[1] = CCW(i % 2 ? USER_READ : USER_CONTROL, CCW_SLI, 64,
				   user_data + 2048);
		/* It isn't accepted if the process has presented something. */
		chan_orb(&orb, user_prog);
		ssch(USER_SID, &orb);
		begin = tod();
		while (tod() - begin < TOD_US(i % 7 * 100))
			;
		if (i % 5)
			EXPECT_EQ(csch(USER_SID), CC_DONE);
		else
			hsch(USER_SID);
		begin = tod();
		while (tsch(USER_SID, &irb) != CC_DONE)
			EXPECT(tod() - begin < TOD_MS(SOON_MS));
	}
	chan_clear(USER_SID);
	user_must(USER_CALL_KILL, 0);
	user_serve();
	user_expect_usable();
}

static const struct test tests[] = {
	{ "stopped: HALT SUBCHANNEL ends the command after a second",
	  halt_stopped },
	{ "stopped: CLEAR SUBCHANNEL doesn't wait, the area does",
	  clear_stopped },
	{ "stopped: a reset doesn't wait", reset_stopped },
	{ "stopped: a removal doesn't wait", remove_stopped },
	{ "killed while it has nothing to do", killed_idle },
	{ "killed before it has got a command", killed_offered },
	{ "killed with a command", killed_taken },
	{ "ended by a command", killed_by_itself },
	{ "killed between channel end and device end", killed_later },
	{ "killed while the device is busy", killed_busy },
	{ "another process takes the device", taken_over },
	{ "a hostile process", hostile },
};

const struct test_group user_end_group = { tests, ARRAY_SIZE(tests) };
