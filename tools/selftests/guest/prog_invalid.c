// SPDX-License-Identifier: GPL-2.0
/* Channel programs that the architecture calls invalid: program check */
#include "prog_tests.h"

void prog_check(u64 cpa, const struct ccw1 *at)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	chan_orb(&orb, prog);
	orb.cpa = cpa;
	EXPECT_EQ(ssch(PROG_SID, &orb), CC_DONE);
	chan_finish(PROG_SID, &irb);
	EXPECT_EQ(irb.scsw.cstat, CST_PROGRAM_CHECK);
	EXPECT(irb.scsw.ctrl & SCSW_SC_ALERT);
	if (at)
		EXPECT_EQ(irb.scsw.cpa, (u64)(at + 1));
}

static void checked(const struct ccw1 *at)
{
	prog_check((u64)prog, at);
}

/* --- CCW addresses --- */

static void first_unaligned(void)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);
	int ending;

	/* Operand exception or program check; both are allowed. */
	chan_orb(&orb, prog);
	orb.cpa = (u32)(u64)prog + 4;
	ending = ssch(PROG_SID, &orb);
	if (ending == PGM(PGM_OPERAND))
		return;
	EXPECT_EQ(ending, CC_DONE);
	chan_finish(PROG_SID, &irb);
	EXPECT_EQ(irb.scsw.cstat, CST_PROGRAM_CHECK);
}

static void first_outside(void)
{
	prog_check(END_OF_STORAGE + 0x1000000, NULL);
}

static void chain_outside(void)
{
	struct ccw1 *last = (struct ccw1 *)(END_OF_STORAGE - 8);

	*last = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog_check((u64)last, last + 1);
}

/* --- command codes --- */

static void command_zero(void)
{
	unsigned int cmd;

	for (cmd = 0; cmd < 0x100; cmd += 0x10) {
		prog[0] = CCW(cmd, CCW_SLI, 1, IN);
		checked(&prog[0]);
	}
}

static void command_tic_like(void)
{
	unsigned int cmd;

	for (cmd = 0x18; cmd < 0x100; cmd += 0x10) {
		prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
		prog[1] = CCW(cmd, 0, 0, &prog[2]);
		prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
		checked(&prog[1]);
	}
}

static void chained_command(void)
{
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[1] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[2] = CCW(0x10, CCW_SLI, 1, IN);
	checked(&prog[2]);
}

/* --- TRANSFER IN CHANNEL --- */

static void tic_first(void)
{
	prog[0] = CCW(CCW_TIC, 0, 0, &prog[1]);
	prog[1] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	checked(&prog[0]);
}

static void with_tic(u32 target)
{
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[1] = CCW(CCW_TIC, 0, 0, 0);
	prog[1].cda = target;
}

static void tic_tic(void)
{
	with_tic((u32)(u64)&prog[4]);
	prog[4] = CCW(CCW_TIC, 0, 0, &prog[6]);
	prog[6] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	checked(&prog[4]);
}

static void tic_unaligned(void)
{
	with_tic((u32)(u64)&prog[4] + 4);
	checked(&prog[1]);
}

static void tic_outside(void)
{
	with_tic(END_OF_STORAGE + 0x1000000);
	checked(&prog[1]);
}

static void tic_reserved(void)
{
	prog[4] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	with_tic((u32)(u64)&prog[4]);
	prog[1].flags = CCW_SLI;
	checked(&prog[1]);
	with_tic((u32)(u64)&prog[4]);
	prog[1].count = 1;
	checked(&prog[1]);
	with_tic((u32)(u64)&prog[4] | 0x80000000u);
	checked(&prog[1]);
}

/* --- counts and flags --- */

static void cd_zero_count(void)
{
	prog[0] = CCW(TEST_READ, CCW_CD, 0, IN);
	prog[1] = CCW(TEST_READ, 0, 8, IN);
	checked(&prog[0]);
}

static void chained_zero_count(void)
{
	prog[0] = CCW(TEST_READ, CCW_CD, 8, IN);
	prog[1] = CCW(TEST_READ, 0, 0, IN);
	checked(&prog[1]);
}

static void suspend_flag(void)
{
	prog[0] = CCW(TEST_NOP, CCW_SLI | CCW_SUSPEND, 1, 0);
	checked(&prog[0]);
}

static void mida_flag(void)
{
	prog[0] = CCW(TEST_READ, CCW_SLI | CCW_MIDA, 8, IN);
	checked(&prog[0]);
}

/* --- data addresses --- */

static void data_bit_0(void)
{
	prog[0] = CCW(TEST_READ, CCW_SLI, 8, 0x80000000u | (u32)(u64)IN);
	checked(&prog[0]);
}

static void data_outside_read(void)
{
	prog[0] = CCW(TEST_READ, CCW_SLI, 8, END_OF_STORAGE + 0x1000000);
	checked(&prog[0]);
}

static void data_outside_write(void)
{
	prog[0] = CCW(TEST_WRITE, CCW_SLI, 8, END_OF_STORAGE + 0x1000000);
	checked(&prog[0]);
}

static void data_crosses_end(void)
{
	prog[0] = CCW(TEST_READ, CCW_SLI, 16, END_OF_STORAGE - 8);
	checked(&prog[0]);
	prog[0] = CCW(TEST_WRITE, CCW_SLI, 16, END_OF_STORAGE - 8);
	checked(&prog[0]);
}

static const struct test tests[] = {
	{ "first CCW not on a doubleword: program check", first_unaligned },
	{ "first CCW outside storage: program check", first_outside },
	{ "chain runs off storage: program check", chain_outside },
	{ "command code xxxx0000: program check", command_zero },
	{ "command code xxxx1000 but TIC: program check", command_tic_like },
	{ "invalid command in a chain: its CCW address", chained_command },
	{ "TIC first: program check", tic_first },
	{ "TIC to TIC: program check", tic_tic },
	{ "TIC to no doubleword: program check", tic_unaligned },
	{ "TIC to outside storage: program check", tic_outside },
	{ "TIC with flags, count or address bit 0: program check",
	  tic_reserved },
	{ "zero count with data chaining: program check", cd_zero_count },
	{ "zero count by data chaining: program check", chained_zero_count },
	{ "bit 0 of the data address: program check", data_bit_0 },
	{ "READ to outside storage: program check", data_outside_read },
	{ "WRITE from outside storage: program check", data_outside_write },
	{ "data runs off storage: program check", data_crosses_end },
	{ "S flag without suspend control: program check", suspend_flag },
	{ "MIDA flag without the ORB's control: program check", mida_flag },
};

const struct test_group prog_invalid_group = { tests, ARRAY_SIZE(tests) };
