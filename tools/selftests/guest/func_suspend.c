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

static void at_first(void)
{
	func_enable();
	fill(0x11);
	func_prog[0] = CCW(TEST_WRITE, CCW_SUSPEND, 8, func_data);
	func_start(ORB_SUSPEND);
	intermediate(func_end(CHAN_INTPARM), &func_prog[0]);
	chan_quiet();
	func_prog[0].flags = 0;
	EXPECT_EQ(rsch(FUNC_SID), CC_DONE);
	ended(func_end(CHAN_INTPARM), &func_prog[1]);
	device_has(8);
	func_idle();
}

static void in_the_middle(void)
{
	func_enable();
	fill(0x22);
	func_suspend();
	intermediate(func_end(CHAN_INTPARM), &func_prog[1]);
	/* The same channel program goes on, and the device where it was. */
	func_prog[1].flags = 0;
	EXPECT_EQ(rsch(FUNC_SID), CC_DONE);
	ended(func_end(CHAN_INTPARM), &func_prog[2]);
	device_has(16);
}

static void rewritten(void)
{
	func_enable();
	fill(0x33);
	func_suspend();
	func_end(CHAN_INTPARM);
	/* The CCW is fetched again, whatever it is now. */
	func_prog[1] = CCW(CCW_TIC, 0, 0, &func_prog[4]);
	func_prog[4] = CCW(TEST_WRITE, 0, 8, func_data + 8);
	EXPECT_EQ(rsch(FUNC_SID), CC_DONE);
	ended(func_end(CHAN_INTPARM), &func_prog[5]);
	device_has(16);
}

static void still_set(void)
{
	unsigned int i;

	func_enable();
	fill(0x44);
	func_suspend();
	for (i = 0; i < 3; i++) {
		intermediate(func_end(CHAN_INTPARM), &func_prog[1]);
		EXPECT_EQ(rsch(FUNC_SID), CC_DONE);
	}
	intermediate(func_end(CHAN_INTPARM), &func_prog[1]);
	func_prog[1].flags = 0;
	EXPECT_EQ(rsch(FUNC_SID), CC_DONE);
	ended(func_end(CHAN_INTPARM), &func_prog[2]);
	device_has(16);
}

static void every_ccw(void)
{
	unsigned int i;

	func_enable();
	fill(0x55);
	for (i = 0; i < 4; i++)
		func_prog[i] = CCW(TEST_WRITE, CCW_SUSPEND |
				   (i < 3 ? CCW_CC : 0), 4, func_data + 4 * i);
	func_start(ORB_SUSPEND);
	for (i = 0; i < 4; i++) {
		intermediate(func_end(CHAN_INTPARM), &func_prog[i]);
		func_prog[i].flags &= ~CCW_SUSPEND;
		EXPECT_EQ(rsch(FUNC_SID), CC_DONE);
	}
	ended(func_end(CHAN_INTPARM), &func_prog[4]);
	device_has(16);
}

static void until_suspended(u32 sid)
{
	u64 deadline = tod() + TOD_MS(20000);

	while (!(chan_control(sid) & SCSW_AC_SUSPENDED))
		EXPECT(tod() < deadline);
}

static void suppressed(void)
{
	struct irb irb __aligned(4);

	func_enable();
	fill(0x66);
	func_prog[0] = CCW(TEST_WRITE, CCW_CC, 8, func_data);
	func_prog[1] = CCW(TEST_WRITE, CCW_SUSPEND, 8, func_data + 8);
	func_start(ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED);
	until_suspended(FUNC_SID);
	EXPECT_EQ(chan_control(FUNC_SID), SUSPENDED);
	chan_quiet();
	EXPECT_EQ(tsch(FUNC_SID, &irb), 1);
	EXPECT_EQ(chan_control(FUNC_SID), SUSPENDED);
	func_prog[1].flags = 0;
	EXPECT_EQ(rsch(FUNC_SID), CC_DONE);
	ended(func_end(CHAN_INTPARM), &func_prog[2]);
	device_has(16);
}

static void not_allowed(void)
{
	const struct irb *irb;

	func_enable();
	func_prog[0] = CCW(TEST_WRITE, CCW_SUSPEND, 8, func_data);
	func_start(0);
	irb = func_end(CHAN_INTPARM);
	EXPECT_EQ(irb->scsw.cstat, CST_PROGRAM_CHECK);
	EXPECT_EQ(irb->scsw.dstat, 0);
	EXPECT(irb->scsw.ctrl & SCSW_SC_ALERT);
	func_idle();
}

static void not_in_data_chain(void)
{
	const struct irb *irb;

	func_enable();
	func_prog[0] = CCW(TEST_WRITE, CCW_CD, 8, func_data);
	func_prog[1] = CCW(0, CCW_SUSPEND, 8, func_data + 8);
	func_start(ORB_SUSPEND);
	irb = func_end(CHAN_INTPARM);
	EXPECT_EQ(irb->scsw.cstat, CST_PROGRAM_CHECK);
	func_idle();
}

static void resumes_pending_start(void)
{
	func_enable();
	fill(0x77);
	func_suspend();
	func_end(CHAN_INTPARM);
	func_quiesce();
	func_prog[1].flags = 0;
	EXPECT_EQ(rsch(FUNC_SID), CC_DONE);
	EXPECT_EQ(chan_control(FUNC_SID), SUSPENDED | SCSW_AC_RESUME_PENDING);
	EXPECT_EQ(rsch(FUNC_SID), 2);
	chan_quiet();
	func_unquiesce();
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
	{ "suspended at the first CCW, resumed", at_first },
	{ "suspended in the middle: the program goes on where it was",
	  in_the_middle },
	{ "RSCH fetches the CCW again, whatever it is by then", rewritten },
	{ "S still one in the CCW: RSCH, and suspended again", still_set },
	{ "suspended at every CCW", every_ccw },
	{ "U in the ORB: suspended without status and interruption",
	  suppressed },
	{ "S in a CCW and not in the ORB: program check", not_allowed },
	{ "S in a data-chained CCW: program check", not_in_data_chain },
	{ "resume pending: cc 2 for RSCH, then it goes on",
	  resumes_pending_start },
	{ "suspended and resumed on a worker, 30 times", on_worker },
};

const struct test_group func_suspend_group = { tests, ARRAY_SIZE(tests) };
