// SPDX-License-Identifier: GPL-2.0
/* Suspending channel programs and RESUME SUBCHANNEL */
#include "func_tests.h"

#define ENDED		(SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | SCSW_SC_PENDING)
#define SUSPENDED	(SCSW_FC_START | SCSW_AC_SUSPENDED)

static u8 in[16] __aligned(8);

static void fill(u8 seed)
{
	unsigned int i;

	for (i = 0; i < sizeof(func_data); i++)
		func_data[i] = seed + i;
}

static void device_has(u32 len)
{
	struct ccw1 program __aligned(8);

	memset(in, 0, sizeof(in));
	program = CCW(TEST_READ, 0, len, in);
	chan_ok(FUNC_SID, &program);
	EXPECT_EQ(memcmp(in, func_data, len), 0);
}

static void intermediate(const struct irb *irb, const struct ccw1 *at)
{
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL,
		  SUSPENDED | SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING);
	EXPECT(irb->scsw.ctrl & SCSW_SUSPEND);
	EXPECT_EQ(irb->scsw.cpa, (u64)(at + 1));
	EXPECT_EQ(irb->scsw.dstat, 0);
	EXPECT_EQ(irb->scsw.cstat, 0);
	EXPECT_EQ(chan_control(FUNC_SID), SUSPENDED);
}

static void ended(const struct irb *irb, const struct ccw1 *behind)
{
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL, SCSW_FC_START | ENDED);
	EXPECT_EQ(irb->scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb->scsw.cstat, 0);
	EXPECT_EQ(irb->scsw.cpa, (u64)behind);
	EXPECT_EQ(irb->scsw.count, 0);
}

static void in_the_middle(void)
{
	func_enable();
	fill(0x22);
	func_suspend();
	intermediate(func_end(CHAN_INTPARM), &func_prog[1]);
	/*
	 * The same program goes on, and the device is at the position where it
	 * was.
	 */
	func_prog[1].flags = 0;
	EXPECT_EQ(rsch(FUNC_SID), CC_DONE);
	ended(func_end(CHAN_INTPARM), &func_prog[2]);
	device_has(16);
}

static void on_worker(void)
{
	struct orb orb __aligned(4);
	struct irb irb __aligned(4);
	unsigned int i;

	fill(0x88);
	chan_enable(FUNC_SID_ASYNC, FUNC_ISC, 0);
	for (i = 0; i < 30; i++) {
		func_prog[0] = CCW(TEST_WRITE, CCW_CC, 8, func_data);
		func_prog[1] = CCW(TEST_NOP, CCW_SLI | CCW_SUSPEND, 1, 0);
		chan_orb(&orb, func_prog);
		orb.flags |= ORB_SUSPEND;
		EXPECT_EQ(ssch(FUNC_SID_ASYNC, &orb), CC_DONE);
		chan_until_pending(FUNC_SID_ASYNC);
		EXPECT_EQ(tsch(FUNC_SID_ASYNC, &irb), CC_DONE);
		EXPECT(irb.scsw.ctrl & SCSW_SC_INTERMEDIATE);
		func_prog[1].flags &= ~CCW_SUSPEND;
		EXPECT_EQ(rsch(FUNC_SID_ASYNC), CC_DONE);
		chan_until_pending(FUNC_SID_ASYNC);
		EXPECT_EQ(tsch(FUNC_SID_ASYNC, &irb), CC_DONE);
		EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
		EXPECT_EQ(irb.scsw.ctrl & SCSW_CONTROL, SCSW_FC_START | ENDED);
	}
	chan_quiet();
}

static const struct test tests[] = {
	{ "suspended in the middle: the program goes on where it was",
	  in_the_middle },
	{ "suspended and resumed on a worker, 30 times", on_worker },
};

const struct test_group func_suspend_group = { tests, ARRAY_SIZE(tests) };
