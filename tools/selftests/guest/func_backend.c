// SPDX-License-Identifier: GPL-2.0
/*
 * A subchannel whose functions a backend performs: condition codes of the
 * backend's, a program that is active although nobody runs it, status later and
 * unasked.  "Test backend" in Documentation/devices.rst has the scripts.
 */
#include "func_tests.h"

#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define DEVICE		SCSW_AC_DEVICE_ACTIVE
#define INTERMEDIATE	(SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING)
#define PRIMARY		(SCSW_SC_PRIMARY | SCSW_SC_PENDING)
#define SECONDARY	(SCSW_SC_SECONDARY | SCSW_SC_PENDING)
#define ENDED		(SCSW_SC_SECONDARY | PRIMARY)
#define UNSOLICITED	(SCSW_SC_ALERT | SCSW_SC_PENDING)
#define START		SCSW_FC_START
#define HALT		SCSW_FC_HALT
#define START_PENDING	(START | SCSW_AC_START_PENDING)
#define SUSPENDED	(START | SCSW_AC_SUSPENDED)

#define SOON_US		20000
#define LATE_US		10000000

static struct test_script script __aligned(8);

static void load(u32 steps)
{
	func_prog[0] = CCW(TEST_SCRIPT, 0,
			   offsetof(struct test_script, steps) +
			   steps * sizeof(script.steps[0]), &script);
}

static int start(u32 steps)
{
	struct orb orb __aligned(4);

	load(steps);
	chan_orb(&orb, func_prog);
	orb.flags |= ORB_SUSPEND;
	return ssch(FUNC_SID_BACKEND, &orb);
}

/* While there is a backend, nothing can be quiesced, as other tests do. */
static void prepare(void)
{
	EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_ADD_BACKEND, 0, 0), 0);
	memset(&script, 0, sizeof(script));
	chan_enable(FUNC_SID_BACKEND, FUNC_ISC, FUNC_INTPARM);
	io_mask(0xff);
}

static void step(u32 nr, u32 us, u32 flags, u8 dstat)
{
	script.steps[nr] = (struct test_step){
		.us = us, .flags = flags, .dstat = dstat,
	};
}

/* Take one interruption, and check what TEST SUBCHANNEL stores. */
static void expect_status(u32 flags, u8 dstat)
{
	struct irb irb __aligned(4);
	struct io_int io;

	EXPECT(io_wait(&io, 20000));
	EXPECT_EQ(io.sid, FUNC_SID_BACKEND);
	EXPECT_EQ(tsch(FUNC_SID_BACKEND, &irb), CC_DONE);
	EXPECT_EQ(irb.scsw.ctrl & (SCSW_CONTROL | SCSW_CC), flags);
	EXPECT_EQ(irb.scsw.dstat, dstat);
	EXPECT_EQ(irb.scsw.cstat, 0);
}

/* The subchannel works as others do. */
static void idle(void)
{
	static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
						      .flags = CCW_SLI,
						      .count = 1 };

	EXPECT_EQ(chan_control(FUNC_SID_BACKEND), 0);
	chan_quiet();
	chan_ok(FUNC_SID_BACKEND, &nop);
}

static void codes(void)
{
	struct schib schib __aligned(4);
	u8 cc;

	for (cc = 1; cc < 4; cc++) {
		prepare();
		memset(script.cc, cc, sizeof(script.cc));
		script.cc[TEST_CC_CSCH] = 3;
		EXPECT_EQ(start(0), cc);
		EXPECT_EQ(hsch(FUNC_SID_BACKEND), cc);
		EXPECT_EQ(csch(FUNC_SID_BACKEND), 3);
		EXPECT_EQ(stsch(FUNC_SID_BACKEND, &schib), CC_DONE);
		EXPECT_EQ(msch(FUNC_SID_BACKEND, &schib), cc);
		EXPECT_EQ(chan_control(FUNC_SID_BACKEND), 0);
		script.cc[TEST_CC_SSCH] = 0;
		EXPECT_EQ(start(0), CC_DONE);
		EXPECT_EQ(rsch(FUNC_SID_BACKEND), cc);
		EXPECT_EQ(xsch(FUNC_SID_BACKEND), cc);
		EXPECT_EQ(hsch(FUNC_SID_BACKEND), cc);
		EXPECT_EQ(csch(FUNC_SID_BACKEND), 3);
		EXPECT_EQ(chan_control(FUNC_SID_BACKEND), START_PENDING);
		/* Here the subchannel decides, and doesn't ask the backend. */
		EXPECT_EQ(start(0), CC_BUSY);
		EXPECT_EQ(msch(FUNC_SID_BACKEND, &schib), CC_BUSY);
		EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_REMOVE_BACKEND, 0, 0), 0);
	}
	prepare();
	idle();
}

static void active(void)
{
	struct irb irb __aligned(4);

	prepare();
	script.active = 1;
	script.cc[TEST_CC_XSCH] = 2;
	step(0, LATE_US, START | ENDED, DST_ENDED);
	EXPECT_EQ(start(1), CC_DONE);
	EXPECT_EQ(chan_control(FUNC_SID_BACKEND), START | ACTIVE);
	EXPECT_EQ(tsch(FUNC_SID_BACKEND, &irb), 1);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_CONTROL, START | ACTIVE);
	EXPECT_EQ(xsch(FUNC_SID_BACKEND), 2);
	EXPECT_EQ(hsch(FUNC_SID_BACKEND), CC_DONE);
	expect_status(START | HALT | ENDED, DST_ENDED);
	idle();
}

static void secondary(void)
{
	prepare();
	step(0, SOON_US, START | ACTIVE | INTERMEDIATE, 0);
	step(1, SOON_US, START | DEVICE | PRIMARY, DST_CHANNEL_END);
	step(2, 10 * SOON_US, SECONDARY, DST_DEVICE_END);
	step(3, SOON_US, UNSOLICITED, DST_ATTENTION);
	EXPECT_EQ(start(4), CC_DONE);
	EXPECT_EQ(chan_control(FUNC_SID_BACKEND), START_PENDING);
	expect_status(START | ACTIVE | INTERMEDIATE, 0);
	expect_status(START | DEVICE | PRIMARY, DST_CHANNEL_END);
	EXPECT_EQ(chan_control(FUNC_SID_BACKEND), DEVICE);
	expect_status(SECONDARY, DST_DEVICE_END);
	expect_status(UNSOLICITED, DST_ATTENTION);
	idle();
}

static void deferred(void)
{
	prepare();
	step(0, 0, SCSW_CC_NOT_BEGUN | START_PENDING | UNSOLICITED, DST_BUSY);
	EXPECT_EQ(start(1), CC_DONE);
	expect_status(SCSW_CC_NOT_BEGUN | START_PENDING | UNSOLICITED, DST_BUSY);
	step(0, 0, SCSW_CC_NO_PATH | START_PENDING | SCSW_SC_ALERT | ENDED, 0);
	EXPECT_EQ(start(1), CC_DONE);
	expect_status(SCSW_CC_NO_PATH | START_PENDING | SCSW_SC_ALERT | ENDED, 0);
	idle();
}

static void suspended(void)
{
	prepare();
	step(0, SOON_US, SUSPENDED | INTERMEDIATE, 0);
	step(1, SOON_US, START | ENDED, DST_ENDED);
	EXPECT_EQ(start(2), CC_DONE);
	expect_status(SUSPENDED | INTERMEDIATE, 0);
	EXPECT_EQ(chan_control(FUNC_SID_BACKEND), SUSPENDED);
	EXPECT_EQ(rsch(FUNC_SID_BACKEND), CC_DONE);
	expect_status(START | ENDED, DST_ENDED);
	idle();
}

static void cancelled(void)
{
	prepare();
	step(0, LATE_US, START | ENDED, DST_ENDED);
	EXPECT_EQ(start(1), CC_DONE);
	EXPECT_EQ(xsch(FUNC_SID_BACKEND), CC_DONE);
	EXPECT_EQ(xsch(FUNC_SID_BACKEND), 2);
	idle();
}

static void removed(void)
{
	struct schib schib __aligned(4);

	prepare();
	script.active = 1;
	step(0, LATE_US, START | ENDED, DST_ENDED);
	EXPECT_EQ(start(1), CC_DONE);
	EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_QUIESCE, 0, 0),
		  FUNC_EOPNOTSUPP);
	EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_REMOVE_BACKEND, 0, 0), 0);
	EXPECT_EQ(stsch(FUNC_SID_BACKEND, &schib), CC_NOT_OPERATIONAL);
	prepare();
	idle();
}

/* Status that no device presents: what doesn't fit is left out or dropped. */
static void odd(void)
{
	prepare();
	step(0, 0, 0, DST_ATTENTION);
	step(1, 0, SCSW_FC_CLEAR | SCSW_SC_PENDING, 0);
	step(2, 0, 0xffffffff, 0xff);
	step(3, 0, SCSW_CC | START | SCSW_SC_PENDING, 0);
	EXPECT_EQ(start(4), CC_DONE);
	expect_status(SCSW_CC | START | SCSW_SC_PENDING, 0);
	idle();
}

static void was_reset(void)
{
	prepare();
	script.active = 1;
	step(0, LATE_US, START | ENDED, DST_ENDED);
	EXPECT_EQ(start(1), CC_DONE);
	EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_RESET, 0, 0), 0);
	EXPECT_EQ(chan_control(FUNC_SID_BACKEND), 0);
	EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_REMOVE_BACKEND, 0, 0), 0);
	prepare();
	idle();
}

static const struct test tests[] = {
	{ "backend: its condition codes are what the guest gets", codes },
	{ "backend: active although nobody runs the program", active },
	{ "backend: primary, secondary and unsolicited status", secondary },
	{ "backend: deferred condition codes", deferred },
	{ "backend: suspended and resumed", suspended },
	{ "backend: cancelled", cancelled },
	{ "backend: status that no device presents", odd },
	{ "backend: removed while a function is in progress", removed },
	{ "backend: reset while a function is in progress", was_reset },
};

const struct test_group func_backend_group = { tests, ARRAY_SIZE(tests) };
