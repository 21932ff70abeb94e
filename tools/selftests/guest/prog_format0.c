// SPDX-License-Identifier: GPL-2.0
/* Channel programs of format-0 CCWs */
#include "prog_tests.h"

#define prog0			((struct ccw0 *)prog)
#define FORMAT0			ORB_FORMAT1	/* which the ORB has not then */

static u32 zero;

static void good(unsigned int nr_ccws, u16 count)
{
	prog_ends(FORMAT0, DST_ENDED, 0, (u64)&prog0[nr_ccws], count);
}

static void invalid(unsigned int nr)
{
	prog_ends(FORMAT0, 0, CST_PROGRAM_CHECK, (u64)&prog0[nr + 1], 0);
}

static void nop(void)
{
	const struct irb *irb;

	prog_kernel_only();
	prog0[0] = CCW0(TEST_NOP, 0, CCW_SLI, 1);
	irb = prog_run_orb(FORMAT0, DST_ENDED, 0);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_FORMAT1, 0);
	EXPECT_EQ(irb->scsw.cpa, (u64)&prog0[1]);
	EXPECT_EQ(irb->scsw.count, 1);
}

static void data(void)
{
	prog_kernel_only();
	prog_fill(OUT, 65535);
	memset(IN, 0, 65536);
	prog0[0] = CCW0(TEST_WRITE, OUT, CCW_CC, 65535);
	prog0[1] = CCW0(TEST_SEEK, &zero, CCW_CC, 4);
	prog0[2] = CCW0(TEST_READ, IN, 0, 65535);
	good(3, 0);
	EXPECT_EQ(memcmp(IN, OUT, 65535), 0);
	EXPECT_EQ(IN[65535], 0);
}

static void chaining(void)
{
	prog_kernel_only();
	prog_fill(OUT, 96);
	memset(IN, 0xee, 96);
	prog0[0] = CCW0(TEST_WRITE, OUT + 64, CCW_CD, 32);
	/* The command code of a data-chained CCW does not count. */
	prog0[1] = CCW0(0, OUT, CCW_CC, 64);
	prog0[2] = CCW0(TEST_SEEK, &zero, CCW_CC, 4);
	prog0[3] = CCW0(TEST_READ, IN, CCW_CD, 16);
	prog0[4] = CCW0(0xf7, IN + 16, CCW_CD | CCW_SKIP, 48);
	prog0[5] = CCW0(TEST_READ, IN + 64, 0, 32);
	good(6, 0);
	EXPECT_EQ(memcmp(IN, OUT + 64, 16), 0);
	EXPECT_EQ(IN[16], 0xee);
	EXPECT_EQ(IN[63], 0xee);
	EXPECT_EQ(memcmp(IN + 64, OUT + 32, 32), 0);
}

static void tic(void)
{
	unsigned int cmd;

	prog_kernel_only();
	prog_fill(OUT, 64);
	/* Bits 0-3, flags and count of a format-0 TIC are ignored. */
	for (cmd = 0x08; cmd < 0x100; cmd += 0x10) {
		memset(IN, 0, 64);
		prog0[0] = CCW0(TEST_WRITE, OUT, CCW_CD, 32);
		prog0[1] = CCW0(cmd, &prog0[10], 0xff, cmd);
		prog0[10] = CCW0(0, OUT + 32, CCW_CC, 32);
		prog0[11] = CCW0(TEST_SEEK, &zero, CCW_CC, 4);
		prog0[12] = CCW0(cmd, &prog0[5], 0xff, 0xffff);
		prog0[5] = CCW0(TEST_READ, IN, 0, 64);
		good(6, 0);
		EXPECT_EQ(memcmp(IN, OUT, 64), 0);
	}
}

static void tic_invalid(void)
{
	prog_kernel_only();
	prog0[0] = CCW0(CCW_TIC, &prog0[1], 0, 0);
	prog0[1] = CCW0(TEST_NOP, 0, CCW_SLI, 1);
	invalid(0);
	prog0[0] = CCW0(TEST_NOP, 0, CCW_SLI | CCW_CC, 1);
	prog0[1] = CCW0(CCW_TIC, &prog0[4], 0, 0);
	prog0[4] = CCW0(0x28, &prog0[6], 0, 0);
	prog0[6] = CCW0(TEST_NOP, 0, CCW_SLI, 1);
	invalid(4);
	prog0[1] = CCW0(CCW_TIC, (u64)&prog0[6] + 4, 0, 0);
	invalid(1);
}

static void zero_count(void)
{
	prog_kernel_only();
	prog0[0] = CCW0(TEST_NOP, 0, CCW_SLI, 0);
	invalid(0);
	prog0[0] = CCW0(TEST_READ, IN, CCW_CD, 8);
	prog0[1] = CCW0(TEST_READ, IN, 0, 0);
	prog_ends(FORMAT0, DST_ENDED, CST_PROGRAM_CHECK, (u64)&prog0[2], 0);
}

static void command_zero(void)
{
	unsigned int cmd;

	prog_kernel_only();
	for (cmd = 0; cmd < 0x100; cmd += 0x10) {
		prog0[0] = CCW0(cmd, IN, CCW_SLI, 1);
		invalid(0);
	}
}

static void flags_invalid(void)
{
	prog_kernel_only();
	prog0[0] = CCW0(TEST_NOP, 0, CCW_SLI | CCW_SUSPEND, 1);
	invalid(0);
	prog0[0] = CCW0(TEST_READ, IN, CCW_SLI | CCW_MIDA, 16);
	invalid(0);
}

static void immediate_length(void)
{
	prog_kernel_only();
	/* Format 0 has no incorrect length for an immediate operation. */
	prog0[0] = CCW0(TEST_NOP, 0, 0, 5);
	good(1, 5);
	/* But for the others */
	prog0[0] = CCW0(TEST_SENSE_ID, IN, 0, 20);
	prog_ends(FORMAT0, DST_ENDED, CST_INCORRECT_LENGTH, (u64)&prog0[1], 13);
}

static void first_address(void)
{
	static const u32 bits[] = { 0x01000000, 0x40000000 };
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);
	unsigned int i;

	prog_kernel_only();
	prog0[0] = CCW0(TEST_NOP, 0, CCW_SLI, 1);
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		chan_orb(&orb, prog);
		orb.flags ^= FORMAT0;
		orb.cpa |= bits[i];
		EXPECT_EQ(ssch(PROG_SID, &orb), CC_DONE);
		chan_finish(PROG_SID, &irb);
		EXPECT_EQ(irb.scsw.cstat, CST_PROGRAM_CHECK);
		EXPECT_EQ(irb.scsw.dstat, 0);
		EXPECT_EQ(irb.scsw.cpa, (u64)&prog0[1] | bits[i]);
	}
}

static const struct test tests[] = {
	{ "format 0: NO-OPERATION", nop },
	{ "format 0: WRITE, SEEK, READ of 65535 bytes", data },
	{ "format 0: data chaining and the skip flag", chaining },
	{ "format 0: TIC, of which all but the address is ignored", tic },
	{ "format 0: TIC first, to TIC, to no doubleword: program check",
	  tic_invalid },
	{ "format 0: count zero: program check", zero_count },
	{ "format 0: command code xxxx0000: program check", command_zero },
	{ "format 0: S and MIDA flags without the ORB's: program check",
	  flags_invalid },
	{ "format 0: immediate operations have no incorrect length",
	  immediate_length },
	{ "format 0: first CCW beyond 24 bits: program check", first_address },
};

const struct test_group prog_format0_group = { tests, ARRAY_SIZE(tests) };
