// SPDX-License-Identifier: GPL-2.0
/*
 * HALT SUBCHANNEL and CLEAR SUBCHANNEL: what they stop, and what TSCH stores
 * then
 */
#include "func_tests.h"

#define ENDED		(SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | SCSW_SC_PENDING)

static u8 byte;

/* Start one command whose data are chained 65536 times. */
static void start_data_loop(void)
{
	func_prog[0] = CCW(TEST_READ, CCW_CD, 1, &byte);
	func_prog[1] = CCW(CCW_TIC, 0, 0, func_prog);
	func_start(0);
}

/* Stop the running program.  The interruption must come soon. */
static const struct irb *stop(int (*insn)(u32 sid))
{
	const struct irb *irb;
	u64 before = tod();
	u64 took;

	EXPECT_EQ(insn(FUNC_SID), CC_DONE);
	irb = func_end(CHAN_INTPARM);
	took = (tod() - before) / TOD_US(1);
	note("microseconds until the interruption", took, 0);
	EXPECT(took < FUNC_STOP_MS * 1000);
	return irb;
}

static int do_hsch(u32 sid)
{
	return hsch(sid);
}

static int do_csch(u32 sid)
{
	return csch(sid);
}

static void halted(const struct irb *irb)
{
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL,
		  SCSW_FC_START | SCSW_FC_HALT | ENDED);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CC, 0);
	EXPECT_EQ(irb->scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb->scsw.cstat, 0);
	EXPECT_EQ(ESW_LPUM(irb->esw[0]), 0x80);
}

/*
 * A start function that has not begun stays start pending, with deferred cc 1
 * only.
 */
static void begun_or_not(const struct irb *irb)
{
	EXPECT_EQ(irb->scsw.ctrl & SCSW_AC,
		  (irb->scsw.ctrl & SCSW_CC) == SCSW_CC_NOT_BEGUN ?
			SCSW_AC_START_PENDING : 0);
}

static void cleared(const struct irb *irb)
{
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL,
		  SCSW_FC_CLEAR | SCSW_SC_PENDING);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CC, 0);
	EXPECT_EQ(irb->scsw.dstat, 0);
	EXPECT_EQ(irb->scsw.cstat, 0);
}

/* --- HALT SUBCHANNEL --- */

static void halt_wait(void)
{
	const struct irb *irb;

	func_enable();
	func_start_wait();
	irb = stop(do_hsch);
	halted(irb);
	/*
	 * If no worker has begun with the program yet, nothing has been
	 * executed.
	 */
	if (irb->scsw.cpa == (u64)&func_prog[0]) {
		EXPECT_EQ(irb->scsw.count, 0);
		func_idle();
		return;
	}
	EXPECT_EQ(irb->scsw.cpa, (u64)&func_prog[1]);
	/* The device has taken all of the command's parameters, or none. */
	EXPECT(irb->scsw.count == 0 ||
	       irb->scsw.count == func_prog[0].count);
	func_idle();
}

static void halt_data_loop(void)
{
	const struct irb *irb;

	func_enable();
	start_data_loop();
	EXPECT_EQ(hsch(FUNC_SID), CC_DONE);
	irb = func_end(CHAN_INTPARM);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_FC, SCSW_FC_START | SCSW_FC_HALT);
	begun_or_not(irb);
	func_idle();
}

/* --- CLEAR SUBCHANNEL --- */

static void clear_wait(void)
{
	func_enable();
	func_start_wait();
	cleared(stop(do_csch));
	func_idle();
}

static void clear_status(void)
{
	func_enable();
	func_prog[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	func_start(0);
	chan_until_pending(FUNC_SID);
	/*
	 * The interruption of the program is withdrawn, and that of the clear
	 * comes.
	 */
	cleared(stop(do_csch));
	func_idle();
}

#define ROUNDS		50

#define COMMANDS	400

/*
 * Stop a program at many different moments: there is one status, that of its
 * end.
 */
static void stop_any_moment(int (*insn)(u32 sid), u32 fc)
{
	static struct ccw1 program[COMMANDS] __aligned(8);
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);
	u32 first = 0, i;
	u64 until;
	int cc;

	chan_enable(FUNC_SID_ASYNC, FUNC_ISC, 0);
	for (i = 0; i < COMMANDS; i++)
		program[i] = CCW(TEST_NOP, CCW_SLI |
				 (i < COMMANDS - 1 ? CCW_CC : 0), 1, 0);
	chan_orb(&orb, program);
	for (i = 0; i < ROUNDS; i++) {
		EXPECT_EQ(ssch(FUNC_SID_ASYNC, &orb), CC_DONE);
		until = tod() + TOD_US(i * 20);
		while (tod() < until)
			;
		cc = insn(FUNC_SID_ASYNC);
		/* It had ended before. */
		first += cc == CC_STATUS_PENDING;
		EXPECT(cc == CC_DONE || (cc == 1 && fc == SCSW_FC_HALT));
		chan_until_pending(FUNC_SID_ASYNC);
		EXPECT_EQ(tsch(FUNC_SID_ASYNC, &irb), CC_DONE);
		if (cc == CC_DONE)
			EXPECT(irb.scsw.ctrl & fc);
		begun_or_not(&irb);
		EXPECT_EQ(tsch(FUNC_SID_ASYNC, &irb), 1);
	}
	note("programs, of which ended before", ROUNDS, first);
	chan_quiet();
}

static void halt_any_moment(void)
{
	stop_any_moment(do_hsch, SCSW_FC_HALT);
}

static void clear_any_moment(void)
{
	stop_any_moment(do_csch, SCSW_FC_CLEAR);
}

static const struct test tests[] = {
	{ "HSCH ends a WAIT: channel end and device end", halt_wait },
	{ "HSCH ends a long data chain", halt_data_loop },
	{ "HSCH at any moment of a program", halt_any_moment },
	{ "CSCH ends a WAIT: status pending alone", clear_wait },
	{ "CSCH while status is pending: its interruption only",
	  clear_status },
	{ "CSCH at any moment of a program", clear_any_moment },
};

const struct test_group func_stop_group = { tests, ARRAY_SIZE(tests) };
