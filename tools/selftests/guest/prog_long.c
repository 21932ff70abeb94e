// SPDX-License-Identifier: GPL-2.0
/* Channel programs that are long, or have no end and are stopped anywhere */
#include "prog_tests.h"

/* A long program doesn't fit into the image. */
#define LONG_PROG		((struct ccw1 *)0x600000ul)
#define NR_LONG			5000

#define PIECE			64u
#define PIECES			(TEST_SIZE / PIECE)

static u32 zero;

static void data_chain(void)
{
	u32 i, at;

	prog_kernel_only();
	prog_fill(OUT, TEST_SIZE);
	memset(IN, 0, TEST_SIZE);
	/* The order is mixed: 37 and a power of two have no common factor. */
	for (i = 0; i < PIECES; i++) {
		at = i * 37 % PIECES * PIECE;
		prog[i] = CCW(TEST_WRITE, CCW_CD, PIECE, OUT + at);
	}
	prog[PIECES - 1].flags = 0;
	prog_ends(0, DST_ENDED, 0, (u64)&prog[PIECES], 0);
	for (i = 0; i < PIECES; i++) {
		at = i * 37 % PIECES * PIECE;
		prog[i] = CCW(TEST_READ, CCW_CD, PIECE, IN + at);
	}
	prog[PIECES - 1].flags = 0;
	prog_ends(0, DST_ENDED, 0, (u64)&prog[PIECES], 0);
	EXPECT_EQ(memcmp(IN, OUT, TEST_SIZE), 0);
}

static void command_chain(void)
{
	struct irb irb __aligned(4);
	u32 i;

	prog_kernel_only();
	prog_fill(OUT, NR_LONG);
	memset(IN, 0, NR_LONG);
	for (i = 0; i < NR_LONG - 2; i++)
		LONG_PROG[i] = CCW(TEST_WRITE, CCW_CC, 1, OUT + i);
	LONG_PROG[i++] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
	LONG_PROG[i++] = CCW(TEST_READ, 0, NR_LONG - 2, IN);
	chan_run(PROG_SID, LONG_PROG, &irb);
	EXPECT_EQ(irb.scsw.cstat, 0);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb.scsw.cpa, (u64)&LONG_PROG[NR_LONG]);
	EXPECT_EQ(memcmp(IN, OUT, NR_LONG - 2), 0);
}

/*
 * After many commands a CCW is invalid: all commands before it have been
 * executed, and none behind it.
 */
static void late_check(void)
{
	struct irb irb __aligned(4);
	u32 i;

	prog_kernel_only();
	prog_fill(OUT, NR_LONG);
	memset(IN, 0xee, NR_LONG);
	for (i = 0; i < NR_LONG; i++)
		LONG_PROG[i] = CCW(TEST_WRITE, CCW_CC, 1, OUT + i);
	LONG_PROG[NR_LONG - 100].cmd = 0x10;
	chan_run(PROG_SID, LONG_PROG, &irb);
	EXPECT_EQ(irb.scsw.cstat, CST_PROGRAM_CHECK);
	EXPECT_EQ(irb.scsw.cpa, (u64)&LONG_PROG[NR_LONG - 99]);
	prog[0] = CCW(TEST_READ, 0, NR_LONG - 100, IN);
	prog_ends(0, DST_ENDED, 0, (u64)&prog[1], 0);
	EXPECT_EQ(memcmp(IN, OUT, NR_LONG - 100), 0);
}

/* --- loops --- */

#define STOPS			40

static void begin_loop(void)
{
	prog[0] = CCW(TEST_WRITE, CCW_CC, 8, OUT);
	prog[1] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[2] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
	prog[3] = CCW(CCW_TIC, 0, 0, &prog[0]);
	chan_start(PROG_SID, prog);
}

static void pass(u64 us)
{
	u64 until = tod() + TOD_US(us);

	while (tod() < until)
		;
}

static const struct irb *stopped(void)
{
	static struct irb irb __aligned(4);
	u64 before = tod();
	struct io_int io;

	EXPECT(io_wait(&io, 20000));
	EXPECT_EQ(io.sid, PROG_SID);
	EXPECT_EQ(tsch(PROG_SID, &irb), CC_DONE);
	/*
	 * The loop is stopped after at most one command, but the host may be
	 * busy.
	 */
	EXPECT(tod() - before < TOD_MS(5000));
	return &irb;
}

/* The step is odd, so that each halt meets the loop at another point. */
static void halted(void)
{
	u32 i, in_execution = 0;

	prog_kernel_only();
	for (i = 0; i < STOPS; i++) {
		const struct irb *irb;

		begin_loop();
		pass(i * 137);
		EXPECT_EQ(hsch(PROG_SID), CC_DONE);
		irb = stopped();
		EXPECT_EQ(irb->scsw.ctrl & SCSW_FC,
			  SCSW_FC_START | SCSW_FC_HALT);
		EXPECT_EQ(irb->scsw.cstat, 0);
		/*
		 * With all commands on workers, the program may not have begun.
		 */
		if ((irb->scsw.ctrl & SCSW_SC) == SCSW_SC_PENDING) {
			EXPECT_EQ(irb->scsw.ctrl & SCSW_AC,
				  SCSW_AC_START_PENDING);
			continue;
		}
		EXPECT_EQ(irb->scsw.ctrl & SCSW_AC, 0);
		in_execution++;
		EXPECT_EQ(irb->scsw.dstat, DST_ENDED);
		/*
		 * If nothing has been executed, it is the address in the ORB.
		 */
		EXPECT(irb->scsw.cpa >= (u64)&prog[0] &&
		       irb->scsw.cpa <= (u64)&prog[4]);
	}
	note("times, of which in execution", STOPS, in_execution);
	EXPECT(in_execution);
	prog[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	chan_ok(PROG_SID, prog);
}

static void cleared(void)
{
	u32 i;

	prog_kernel_only();
	for (i = 0; i < STOPS; i++) {
		const struct irb *irb;

		begin_loop();
		pass(i * 137);
		EXPECT_EQ(csch(PROG_SID), CC_DONE);
		irb = stopped();
		EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL,
			  SCSW_FC_CLEAR | SCSW_SC_PENDING);
		EXPECT_EQ(irb->scsw.cpa, 0);
	}
	prog[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	chan_ok(PROG_SID, prog);
}

/* A guest ends its loop by changing a CCW of it. */
static void loop_ended(void)
{
	struct irb irb __aligned(4);
	u32 i;

	prog_kernel_only();
	for (i = 0; i < STOPS; i++) {
		begin_loop();
		pass(i * 137);
		*(volatile u8 *)&prog[1].flags = CCW_SLI;
		chan_finish(PROG_SID, &irb);
		EXPECT_EQ(irb.scsw.cstat, 0);
		EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
		EXPECT_EQ(irb.scsw.cpa, (u64)&prog[2]);
	}
}

static const struct test tests[] = {
	{ "data chaining of 1024 CCWs: 64 KiB in no order", data_chain },
	{ "a chain of 5000 commands", command_chain },
	{ "program check behind 4900 commands", late_check },
	{ "a loop is halted at any point", halted },
	{ "a loop is cleared at any point", cleared },
	{ "a loop is ended by rewriting it", loop_ended },
};

const struct test_group prog_long_group = { tests, ARRAY_SIZE(tests) };
