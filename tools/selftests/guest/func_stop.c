// SPDX-License-Identifier: GPL-2.0
/* HALT SUBCHANNEL and CLEAR SUBCHANNEL: what they stop, and what TSCH stores */
#include "func_tests.h"

#define ENDED		(SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | SCSW_SC_PENDING)

static u8 byte;

/* Commands for ever */
static void start_loop(void)
{
	func_prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	func_prog[1] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	func_prog[2] = CCW(CCW_TIC, 0, 0, func_prog);
	func_start(0);
}

/* One command whose data are chained 65536 times */
static void start_data_loop(void)
{
	func_prog[0] = CCW(TEST_READ, CCW_CD, 1, &byte);
	func_prog[1] = CCW(CCW_TIC, 0, 0, func_prog);
	func_start(0);
}

static void start_pending(void)
{
	func_quiesce();
	memset(func_data, 0x5a, 8);
	func_prog[0] = CCW(TEST_WRITE, 0, 8, func_data);
	func_start(0);
	EXPECT_EQ(chan_control(FUNC_SID),
		  SCSW_FC_START | SCSW_AC_START_PENDING);
}

/* The first eight bytes that the control unit has */
static u64 stored(void)
{
	struct ccw1 program __aligned(8);
	u64 data = 0;

	program = CCW(TEST_READ, 0, sizeof(data), &data);
	chan_ok(FUNC_SID, &program);
	return data;
}

static u8 sense0(void)
{
	struct ccw1 program __aligned(8);
	u8 sense[SENSE_SIZE];

	program = CCW(TEST_SENSE, 0, sizeof(sense), sense);
	chan_ok(FUNC_SID, &program);
	return sense[0];
}

static void unit_check(u8 sense)
{
	u8 how[2] = { DST_ENDED | DST_UNIT_CHECK, sense };
	struct irb irb __aligned(4);

	func_prog[0] = CCW(TEST_END_STATUS, 0, 2, how);
	chan_run(FUNC_SID, func_prog, &irb);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED | DST_UNIT_CHECK);
}

/* Stop what runs; the interruption must be there soon. */
static const struct irb *stop(int (*insn)(u32 sid), u32 intparm)
{
	const struct irb *irb;
	u64 before = tod();
	u64 took;

	EXPECT_EQ(insn(FUNC_SID), CC_DONE);
	irb = func_end(intparm);
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

/* It has never become active: @ac says what it was, and the deferred cc is 1. */
static void halted_unbegun(const struct irb *irb, u32 ac)
{
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL,
		  SCSW_FC_START | SCSW_FC_HALT | ac | SCSW_SC_PENDING);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CC, SCSW_CC_NOT_BEGUN);
	EXPECT_EQ(irb->scsw.dstat, 0);
	EXPECT_EQ(irb->scsw.cstat, 0);
}

/* Start pending says that it has not begun, and only with deferred cc 1. */
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
	irb = stop(do_hsch, CHAN_INTPARM);
	halted(irb);
	/* Its worker may be on the way, and then nothing has been executed. */
	if (irb->scsw.cpa == (u64)&func_prog[0]) {
		EXPECT_EQ(irb->scsw.count, 0);
		func_idle();
		return;
	}
	EXPECT_EQ(irb->scsw.cpa, (u64)&func_prog[1]);
	/* All of its parameters, or none */
	EXPECT(irb->scsw.count == 0 ||
	       irb->scsw.count == func_prog[0].count);
	func_idle();
}

static void halt_loop(void)
{
	const struct irb *irb;

	func_enable();
	start_loop();
	irb = stop(do_hsch, CHAN_INTPARM);
	halted(irb);
	EXPECT(irb->scsw.cpa == (u64)&func_prog[1] ||
	       irb->scsw.cpa == (u64)&func_prog[2]);
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

static void halt_idle(void)
{
	const struct irb *irb;

	func_enable();
	irb = stop(do_hsch, FUNC_INTPARM);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL,
		  SCSW_FC_HALT | SCSW_SC_PENDING);
	EXPECT_EQ(irb->scsw.dstat, 0);
	EXPECT_EQ(irb->scsw.cstat, 0);
	func_idle();
}

static void halt_start_pending(void)
{
	const struct irb *irb;

	func_enable();
	start_pending();
	irb = stop(do_hsch, CHAN_INTPARM);
	halted_unbegun(irb, SCSW_AC_START_PENDING);
	func_unquiesce();
	func_idle();
	EXPECT(stored() != 0x5a5a5a5a5a5a5a5aul);
}

static void halt_suspended(void)
{
	const struct irb *irb;
	struct irb first __aligned(4);

	func_enable();
	func_suspend();
	EXPECT_EQ(tsch(FUNC_SID, &first), CC_DONE);
	irb = stop(do_hsch, CHAN_INTPARM);
	halted_unbegun(irb, SCSW_AC_SUSPENDED);
	EXPECT_EQ(irb->scsw.cpa, (u64)&func_prog[2]);
	func_idle();
}

static void halt_intermediate(void)
{
	const struct irb *irb;

	func_enable();
	func_suspend();
	/* Its own interruption takes the place of the first one. */
	irb = stop(do_hsch, CHAN_INTPARM);
	halted_unbegun(irb, SCSW_AC_SUSPENDED);
	func_idle();
}

static void halt_keeps_sense(void)
{
	func_enable();
	unit_check(0x40);
	stop(do_hsch, CHAN_INTPARM);
	EXPECT_EQ(sense0(), 0x40);
}

/* --- CLEAR SUBCHANNEL --- */

static void clear_wait(void)
{
	func_enable();
	func_start_wait();
	cleared(stop(do_csch, CHAN_INTPARM));
	func_idle();
}

static void clear_loop(void)
{
	func_enable();
	start_loop();
	cleared(stop(do_csch, CHAN_INTPARM));
	func_idle();
}

static void clear_data_loop(void)
{
	func_enable();
	start_data_loop();
	cleared(stop(do_csch, CHAN_INTPARM));
	func_idle();
}

static void clear_idle(void)
{
	func_enable();
	cleared(stop(do_csch, FUNC_INTPARM));
	func_idle();
}

static void clear_start_pending(void)
{
	func_enable();
	start_pending();
	cleared(stop(do_csch, CHAN_INTPARM));
	func_unquiesce();
	func_idle();
	EXPECT(stored() != 0x5a5a5a5a5a5a5a5aul);
}

static void clear_suspended(void)
{
	struct irb first __aligned(4);

	func_enable();
	func_suspend();
	EXPECT_EQ(tsch(FUNC_SID, &first), CC_DONE);
	cleared(stop(do_csch, CHAN_INTPARM));
	func_idle();
}

static void clear_status(void)
{
	func_enable();
	func_prog[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	func_start(0);
	chan_until_pending(FUNC_SID);
	/* The interruption of the program is gone, that of the clear comes. */
	cleared(stop(do_csch, CHAN_INTPARM));
	func_idle();
}

static void clear_twice(void)
{
	func_enable();
	func_start_wait();
	EXPECT_EQ(csch(FUNC_SID), CC_DONE);
	EXPECT_EQ(csch(FUNC_SID), CC_DONE);
	cleared(stop(do_csch, CHAN_INTPARM));
	func_idle();
}

static void clear_halt(void)
{
	func_enable();
	func_start_wait();
	EXPECT_EQ(hsch(FUNC_SID), CC_DONE);
	cleared(stop(do_csch, CHAN_INTPARM));
	func_idle();
}

static void clear_takes_sense(void)
{
	func_enable();
	unit_check(0x40);
	cleared(stop(do_csch, CHAN_INTPARM));
	EXPECT_EQ(sense0(), 0);
}

static void clear_paths(void)
{
	struct schib schib __aligned(4);

	func_enable();
	EXPECT_EQ(stsch(FUNC_SID, &schib), CC_DONE);
	schib.pmcw.pom = 0x12;
	EXPECT_EQ(msch(FUNC_SID, &schib), CC_DONE);
	cleared(stop(do_csch, FUNC_INTPARM));
	EXPECT_EQ(stsch(FUNC_SID, &schib), CC_DONE);
	EXPECT_EQ(schib.pmcw.pom, 0xff);
	EXPECT_EQ(schib.pmcw.pnom, 0);
	/* It is the function that is cleared, and not the subchannel. */
	EXPECT(schib.pmcw.flags & PMCW_ENABLED);
	EXPECT_EQ(PMCW_ISC_OF(schib.pmcw.flags), FUNC_ISC);
}

#define ROUNDS		50

#define COMMANDS	400

/* At any moment of a program: one status, that of the end */
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
	{ "HSCH ends a program without end", halt_loop },
	{ "HSCH ends a long data chain", halt_data_loop },
	{ "HSCH of an idle subchannel: status pending alone", halt_idle },
	{ "HSCH while start pending: status pending alone, nothing done",
	  halt_start_pending },
	{ "HSCH of a suspended program: status pending alone",
	  halt_suspended },
	{ "HSCH with intermediate status: that is gone", halt_intermediate },
	{ "HSCH leaves sense", halt_keeps_sense },
	{ "HSCH at any moment of a program", halt_any_moment },
	{ "CSCH ends a WAIT: status pending alone", clear_wait },
	{ "CSCH ends a program without end", clear_loop },
	{ "CSCH ends a long data chain", clear_data_loop },
	{ "CSCH of an idle subchannel: status pending alone", clear_idle },
	{ "CSCH while start pending: nothing is done", clear_start_pending },
	{ "CSCH of a suspended program", clear_suspended },
	{ "CSCH while status is pending: its interruption only",
	  clear_status },
	{ "CSCH three times: one interruption", clear_twice },
	{ "CSCH takes the place of HSCH", clear_halt },
	{ "CSCH takes sense away", clear_takes_sense },
	{ "CSCH resets the path masks, and nothing else of the PMCW",
	  clear_paths },
	{ "CSCH at any moment of a program", clear_any_moment },
};

const struct test_group func_stop_group = { tests, ARRAY_SIZE(tests) };
