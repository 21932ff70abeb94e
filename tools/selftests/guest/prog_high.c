// SPDX-License-Identifier: GPL-2.0
/* Channel programs, lists and data beside and above 16 MiB, the 24-bit limit */
#include "prog_tests.h"

#define HIGH			((u8 *)PROG_HIGH)

static void high(void)
{
	static bool there;

	prog_kernel_only();
	if (!there)
		EXPECT_EQ(hypercall(HC_THEME, PROG_CALL_STORAGE, 0, 0), 0);
	there = true;
	HIGH[0] = 0x5a;
	EXPECT_EQ(HIGH[0], 0x5a);
}

static void ccws(void)
{
	struct ccw1 *last = (struct ccw1 *)PROG_HIGH - 1;

	high();
	prog[0] = CCW(TEST_NOP, CCW_SLI | CCW_CC, 1, 0);
	prog[1] = CCW(CCW_TIC, 0, 0, last);
	last[0] = CCW(TEST_NOP, CCW_SLI | CCW_CC, 1, 0);
	last[1] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	prog_ends(0, DST_ENDED, 0, (u64)&last[2], 1);
}

static void ccws0(void)
{
	struct ccw0 *last = (struct ccw0 *)PROG_HIGH - 1;
	struct ccw0 *prog0 = (struct ccw0 *)prog;

	high();
	prog0[0] = CCW0(TEST_NOP, 0, CCW_SLI | CCW_CC, 1);
	prog0[1] = CCW0(CCW_TIC, last, 0, 0);
	last[0] = CCW0(TEST_NOP, 0, CCW_SLI, 1);
	last[1] = CCW0(TEST_NOP, 0, CCW_SLI, 1);
	prog_ends(PROG_FORMAT0, DST_ENDED, 0, (u64)&last[1], 1);
	last[0] = CCW0(TEST_NOP, 0, CCW_SLI | CCW_CC, 1);
	prog_ends(PROG_FORMAT0, 0, CST_PROGRAM_CHECK, (u64)&last[2], 0);
}

static void data(void)
{
	high();
	prog_fill(HIGH - 16, 40);
	memset(IN, 0, 40);
	prog[0] = CCW(TEST_WRITE, 0, 40, HIGH - 16);
	prog_ends(0, DST_ENDED, 0, (u64)&prog[1], 0);
	prog[0] = CCW(TEST_READ, 0, 40, IN);
	prog_ends(0, DST_ENDED, 0, (u64)&prog[1], 0);
	EXPECT_EQ(memcmp(IN, HIGH - 16, 40), 0);
}

static void data0(void)
{
	struct ccw0 *prog0 = (struct ccw0 *)prog;

	high();
	memset(HIGH - 16, 0xee, 40);
	prog0[0] = CCW0(TEST_READ, HIGH - 16, CCW_SLI, 16);
	prog_ends(PROG_FORMAT0, DST_ENDED, 0, (u64)&prog0[1], 0);
	memset(HIGH - 16, 0xee, 40);
	prog0[0] = CCW0(TEST_READ, HIGH - 16, CCW_SLI, 40);
	prog_ends(PROG_FORMAT0, DST_ENDED, CST_PROGRAM_CHECK, (u64)&prog0[1], 24);
	EXPECT_EQ(HIGH[0], 0xee);
	prog0[0] = CCW0(TEST_WRITE, HIGH - 16, CCW_SLI, 40);
	prog_ends(PROG_FORMAT0, DST_ENDED, CST_PROGRAM_CHECK, (u64)&prog0[1], 24);
}

/*
 * IDAWs and MIDAWs of a format-0 CCW reach storage that the CCW can't address
 * itself.
 */
static void indirect0(void)
{
	static struct midaw midaw __aligned(16);
	struct ccw0 *prog0 = (struct ccw0 *)prog;
	u64 wide = (u64)HIGH + 8;
	u32 narrow = (u32)wide;

	high();
	prog_fill(OUT, 64);
	prog0[0] = CCW0(TEST_WRITE, OUT, 0, 64);
	prog_ends(PROG_FORMAT0, DST_ENDED, 0, (u64)&prog0[1], 0);
	memset(HIGH, 0, 128);
	prog0[0] = CCW0(TEST_READ, &narrow, CCW_IDA, 64);
	prog_ends(PROG_FORMAT0, DST_ENDED, 0, (u64)&prog0[1], 0);
	EXPECT_EQ(memcmp(HIGH + 8, OUT, 64), 0);
	memset(HIGH, 0, 128);
	prog0[0] = CCW0(TEST_READ, &wide, CCW_IDA, 64);
	prog_ends(PROG_FORMAT0 | ORB_IDAW_FORMAT2, DST_ENDED, 0, (u64)&prog0[1], 0);
	EXPECT_EQ(memcmp(HIGH + 8, OUT, 64), 0);
	memset(HIGH, 0, 128);
	midaw = (struct midaw){ .flags = MIDAW_LAST, .count = 64,
				.addr = wide };
	prog0[0] = CCW0(TEST_READ, &midaw, CCW_MIDA, 64);
	prog_ends(PROG_FORMAT0 | ORB_MIDAW, DST_ENDED, 0, (u64)&prog0[1], 0);
	EXPECT_EQ(memcmp(HIGH + 8, OUT, 64), 0);
}

static void lists(void)
{
	u32 *list = (u32 *)PROG_HIGH - 1;
	struct ccw0 *prog0 = (struct ccw0 *)prog;

	high();
	list[0] = (u32)(u64)IN;
	list[1] = (u32)(u64)IN + 0x10000;
	prog[0] = CCW(TEST_READ, CCW_IDA, 4096, list);
	prog_ends(0, DST_ENDED, 0, (u64)&prog[1], 0);
	prog0[0] = CCW0(TEST_READ, list, CCW_IDA, 2048);
	prog_ends(PROG_FORMAT0, DST_ENDED, 0, (u64)&prog0[1], 0);
	prog0[0] = CCW0(TEST_READ, list, CCW_IDA, 2049);
	prog_ends(PROG_FORMAT0, DST_ENDED, CST_PROGRAM_CHECK, (u64)&prog0[1], 1);
}

static const struct test tests[] = {
	{ "format-1 CCWs go on beyond 24 bits", ccws },
	{ "format-0 CCWs beyond 24 bits: program check", ccws0 },
	{ "format 1: data go on beyond 24 bits", data },
	{ "format 0: data beyond 24 bits: program check", data0 },
	{ "format 0: IDAWs and MIDAWs designate data beyond 24 bits",
	  indirect0 },
	{ "lists beyond 24 bits: format 1 only", lists },
};

const struct test_group prog_high_group = { tests, ARRAY_SIZE(tests) };
