// SPDX-License-Identifier: GPL-2.0
/* CANCEL SUBCHANNEL */
#include "func_tests.h"

#define ROUNDS		200

static u64 stored(void)
{
	struct ccw1 program __aligned(8);
	u64 data = 0;

	program = CCW(TEST_READ, 0, sizeof(data), &data);
	chan_ok(FUNC_SID, &program);
	return data;
}

static void start_pending(void)
{
	struct irb irb __aligned(4);

	func_enable();
	func_quiesce();
	memset(func_data, 0xc3, 8);
	func_prog[0] = CCW(TEST_WRITE, 0, 8, func_data);
	func_start(0);
	EXPECT_EQ(xsch(FUNC_SID), CC_DONE);
	EXPECT_EQ(chan_control(FUNC_SID), 0);
	EXPECT_EQ(xsch(FUNC_SID), 2);
	EXPECT_EQ(tsch(FUNC_SID, &irb), 1);
	func_unquiesce();
	func_idle();
	EXPECT(stored() != 0xc3c3c3c3c3c3c3c3ul);
}

/*
 * Either the program is cancelled and there is no interruption, or it ends as
 * if nobody had tried to cancel it.
 */
static void race(void)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);
	u32 count[4] = { 0 }, i;
	struct io_int io;
	u64 until;
	int cc;

	chan_enable(FUNC_SID_ASYNC, FUNC_ISC, 0);
	io_mask(0xff);
	func_prog[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	chan_orb(&orb, func_prog);
	for (i = 0; i < ROUNDS; i++) {
		orb.intparm = i;
		func_quiesce();
		EXPECT_EQ(ssch(FUNC_SID_ASYNC, &orb), CC_DONE);
		EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_UNQUIESCE_SOON,
				    i % 10 * 50, 0), 0);
		until = tod() + TOD_US(i % 37 * 25);
		while (tod() < until)
			;
		cc = xsch(FUNC_SID_ASYNC);
		EXPECT(cc >= 0 && cc < 3);
		count[cc]++;
		if (cc == CC_DONE) {
			EXPECT_EQ(chan_control(FUNC_SID_ASYNC), 0);
			continue;
		}
		EXPECT(io_wait(&io, 20000));
		EXPECT_EQ(io.intparm, i);
		EXPECT_EQ(tsch(FUNC_SID_ASYNC, &irb), CC_DONE);
		EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
		EXPECT_EQ(irb.scsw.cstat, 0);
	}
	note("cancelled, had ended", count[0], count[1]);
	note("had begun", count[2], 0);
	chan_quiet();
	EXPECT_EQ(chan_control(FUNC_SID_ASYNC), 0);
}

static const struct test tests[] = {
	{ "XSCH while start pending: cc 0, nothing is done, nothing comes",
	  start_pending },
	{ "XSCH races with the beginning of 200 programs", race },
};

const struct test_group func_cancel_group = { tests, ARRAY_SIZE(tests) };
