// SPDX-License-Identifier: GPL-2.0
/* What the tests of HSCH, CSCH, RSCH and XSCH share; see func_tests.h */
#include "func_tests.h"

struct ccw1 func_prog[8] __aligned(8);
u8 func_data[64] __aligned(8);

static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					      .flags = CCW_SLI, .count = 1 };
static u32 wait_us = FUNC_WAIT_US;

void func_quiesce(void)
{
	EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_QUIESCE, 0, 0), 0);
}

void func_unquiesce(void)
{
	EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_UNQUIESCE, 0, 0), 0);
}

static void reset(void)
{
	func_unquiesce();
	chan_clear(FUNC_SID);
	chan_clear(FUNC_SID_ASYNC);
	hypercall(HC_THEME, FUNC_CALL_REMOVE_BACKEND, 0, 0);
	memset(func_prog, 0, sizeof(func_prog));
	memset(func_data, 0, sizeof(func_data));
}

void func_enable(void)
{
	chan_enable(FUNC_SID, FUNC_ISC, FUNC_INTPARM);
	io_mask(0xff);
}

void func_start(u32 flags)
{
	struct orb orb __aligned(4);

	chan_orb(&orb, func_prog);
	orb.flags |= flags;
	EXPECT_EQ(ssch(FUNC_SID, &orb), CC_DONE);
}

void func_start_wait(void)
{
	u64 deadline = tod() + TOD_MS(5000);

	func_prog[0] = CCW(TEST_WAIT, 0, sizeof(wait_us), &wait_us);
	func_start(0);
	while (!(chan_control(FUNC_SID) & SCSW_AC_DEVICE_ACTIVE))
		EXPECT(tod() < deadline);
}

void func_suspend(void)
{
	func_prog[0] = CCW(TEST_WRITE, CCW_CC, 8, func_data);
	func_prog[1] = CCW(TEST_WRITE, CCW_SUSPEND, 8, func_data + 8);
	func_start(ORB_SUSPEND);
	chan_until_pending(FUNC_SID);
}

const struct irb *func_end(u32 intparm)
{
	static struct irb irb __aligned(4);
	struct io_int io;

	io_mask(0xff);
	EXPECT(io_wait(&io, 20000));
	EXPECT_EQ(io.sid, FUNC_SID);
	EXPECT_EQ(io.intparm, intparm);
	EXPECT_EQ(IO_WORD_ISC(io.word), FUNC_ISC);
	EXPECT(!io_window(&io));
	EXPECT_EQ(tsch(FUNC_SID, &irb), CC_DONE);
	EXPECT(irb.scsw.ctrl & SCSW_SC_PENDING);
	EXPECT(!io_window(&io));
	return &irb;
}

void func_idle(void)
{
	EXPECT_EQ(chan_control(FUNC_SID), 0);
	chan_quiet();
	chan_ok(FUNC_SID, &nop);
}

const struct test_group *const test_groups[] = {
	&func_stop_group, &func_suspend_group, &func_cancel_group,
	&func_irb_group, &func_present_group, &func_backend_group, NULL
};

void (*const test_reset)(void) = reset;
