// SPDX-License-Identifier: GPL-2.0
/* Channel programs with MIDAWs */
#include "prog_tests.h"

#define NR			8
#define PAGE			4096u

static struct midaw list[NR] __aligned(128);
static u32 zero;

static void set(unsigned int nr, u8 flags, u16 count, void *addr)
{
	list[nr] = (struct midaw){ .flags = flags, .count = count,
				   .addr = (u64)addr };
}

static void command(u8 cmd, u8 flags, u16 count)
{
	prog[0] = CCW(cmd, CCW_MIDA | flags, count, list);
}

static void good(u64 cpa)
{
	prog_ends(ORB_MIDAW, DST_ENDED, 0, cpa, 0);
}

/* Areas that touch the ends of pages, and don't cross them */
static void three(u8 *at)
{
	set(0, 0, 1, at + PAGE - 1);
	set(1, 0, PAGE, at + 3 * PAGE);
	set(2, MIDAW_LAST, 77, at + 5 * PAGE + 11);
}

static void write_three(void)
{
	prog_kernel_only();
	prog_fill(OUT, 6 * PAGE);
	memset(IN, 0, 2 * PAGE);
	three(OUT);
	command(TEST_WRITE, CCW_CC, PAGE + 78);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
	prog[2] = CCW(TEST_READ, 0, PAGE + 78, IN);
	good((u64)&prog[3]);
	EXPECT_EQ(IN[0], OUT[PAGE - 1]);
	EXPECT_EQ(memcmp(IN + 1, OUT + 3 * PAGE, PAGE), 0);
	EXPECT_EQ(memcmp(IN + 1 + PAGE, OUT + 5 * PAGE + 11, 77), 0);
}

static void prepare(u32 len)
{
	prog_fill(OUT, len);
	memset(IN, 0xee, 8 * PAGE);
	prog[0] = CCW(TEST_WRITE, 0, len, OUT);
	prog_ends(0, DST_ENDED, 0, (u64)&prog[1], 0);
}

static void read_three(void)
{
	prog_kernel_only();
	prepare(PAGE + 78);
	three(IN);
	command(TEST_READ, 0, PAGE + 78);
	good((u64)&prog[1]);
	EXPECT_EQ(IN[PAGE - 2], 0xee);
	EXPECT_EQ(IN[PAGE - 1], OUT[0]);
	EXPECT_EQ(IN[PAGE], 0xee);
	EXPECT_EQ(memcmp(IN + 3 * PAGE, OUT + 1, PAGE), 0);
	EXPECT_EQ(memcmp(IN + 5 * PAGE + 11, OUT + 1 + PAGE, 77), 0);
	EXPECT_EQ(IN[5 * PAGE + 11 + 77], 0xee);
}

static void format0(void)
{
	prog_kernel_only();
	prepare(PAGE + 78);
	three(IN);
	((struct ccw0 *)prog)[0] = CCW0(TEST_READ, list, CCW_MIDA, PAGE + 78);
	prog_ends(ORB_MIDAW | ORB_FORMAT1, DST_ENDED, 0, (u64)&prog[1], 0);
	EXPECT_EQ(memcmp(IN + 3 * PAGE, OUT + 1, PAGE), 0);
}

static void skip_flag(void)
{
	prog_kernel_only();
	prepare(300);
	set(0, 0, 100, IN);
	set(1, MIDAW_SKIP, 100, IN + 100);
	set(2, MIDAW_LAST, 100, IN + 200);
	command(TEST_READ, 0, 300);
	good((u64)&prog[1]);
	EXPECT_EQ(memcmp(IN, OUT, 100), 0);
	EXPECT_EQ(IN[100], 0xee);
	EXPECT_EQ(IN[199], 0xee);
	EXPECT_EQ(memcmp(IN + 200, OUT + 200, 100), 0);
	/* Skipped data may cross pages and be nowhere. */
	set(1, MIDAW_SKIP, 100, (void *)(END_OF_STORAGE + PAGE - 50));
	good((u64)&prog[1]);
	/* It has no meaning for WRITE. */
	set(1, MIDAW_SKIP, 100, OUT + 1000);
	prog_fill(OUT, 2000);
	command(TEST_WRITE, CCW_CC, 300);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
	prog[2] = CCW(TEST_READ, 0, 300, IN + PAGE);
	good((u64)&prog[3]);
	EXPECT_EQ(memcmp(IN + PAGE + 100, OUT + 1000, 100), 0);
}

static void backward(void)
{
	u32 len = 300;

	prog_kernel_only();
	prepare(300);
	set(0, 0, 100, IN + 299);
	set(1, MIDAW_SKIP, 100, IN + 199);
	set(2, MIDAW_LAST, 100, IN + 99);
	prog[0] = CCW(TEST_SEEK, CCW_CC, 4, &len);
	prog[1] = CCW(TEST_READ_BACKWARD, CCW_MIDA, 300, list);
	good((u64)&prog[2]);
	EXPECT_EQ(memcmp(IN, OUT, 100), 0);
	EXPECT_EQ(IN[100], 0xee);
	EXPECT_EQ(memcmp(IN + 200, OUT + 200, 100), 0);
}

static void in_chain(void)
{
	prog_kernel_only();
	prepare(300);
	set(0, MIDAW_LAST, 100, IN + 100);
	prog[0] = CCW(TEST_READ, CCW_CD, 100, IN);
	prog[1] = CCW(0, CCW_CD | CCW_MIDA, 100, list);
	prog[2] = CCW(0, 0, 100, IN + 200);
	good((u64)&prog[3]);
	EXPECT_EQ(memcmp(IN, OUT, 300), 0);
}

/* --- what is wrong with them --- */

/* Program check after @moved of 300 bytes */
static void checked(u16 moved)
{
	command(TEST_READ, CCW_SLI, 300);
	prog_ends(ORB_MIDAW, DST_ENDED, CST_PROGRAM_CHECK, (u64)&prog[1],
		  300 - moved);
	command(TEST_WRITE, CCW_SLI, 300);
	prog_ends(ORB_MIDAW, DST_ENDED, CST_PROGRAM_CHECK, (u64)&prog[1],
		  300 - moved);
}

static void valid(void)
{
	set(0, 0, 100, IN);
	set(1, 0, 100, IN + PAGE);
	set(2, MIDAW_LAST, 100, IN + 2 * PAGE);
}

static void last_missing(void)
{
	prog_kernel_only();
	valid();
	list[2].flags = 0;
	checked(200);
}

static void last_early(void)
{
	prog_kernel_only();
	valid();
	list[1].flags = MIDAW_LAST;
	checked(100);
}

static void counts(void)
{
	prog_kernel_only();
	valid();
	list[2].count = 101;
	checked(200);
	valid();
	list[2].count = 99;
	checked(200);
	valid();
	list[1].count = 0;
	checked(100);
}

static void page_crossing(void)
{
	prog_kernel_only();
	valid();
	list[1].addr = (u64)IN + PAGE - 99;
	checked(100);
	list[1].addr = (u64)IN + PAGE - 100;
	command(TEST_READ, 0, 300);
	good((u64)&prog[1]);
}

static void reserved(void)
{
	static const u8 bits[] = { 0x10, 0x08, 0x04, 0x02, 0x01 };
	unsigned int i;

	prog_kernel_only();
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		valid();
		list[1].flags = bits[i];
		checked(100);
	}
	for (i = 0; i < sizeof(list[1].zeros); i++) {
		valid();
		list[1].zeros[i] = 1 << i;
		checked(100);
	}
}

static void no_storage(void)
{
	prog_kernel_only();
	valid();
	list[1].addr = END_OF_STORAGE;
	checked(100);
	valid();
	list[1].addr = 1ul << 63;
	checked(100);
}

static void list_unaligned(void)
{
	prog_kernel_only();
	valid();
	prog[0] = CCW(TEST_READ, CCW_MIDA | CCW_SLI, 300, (u64)list + 8);
	prog_ends(ORB_MIDAW, 0, CST_PROGRAM_CHECK, (u64)&prog[1], 0);
}

/* A list lies in one page. */
static void list_crossing(void)
{
	struct midaw *at = (struct midaw *)(0x480000ul - 2 * sizeof(*at));
	unsigned int i;

	prog_kernel_only();
	valid();
	for (i = 0; i < 3; i++)
		at[i] = list[i];
	prog[0] = CCW(TEST_READ, CCW_MIDA | CCW_SLI, 300, at);
	prog_ends(ORB_MIDAW, DST_ENDED, CST_PROGRAM_CHECK, (u64)&prog[1], 100);
	at[1].count = 200;
	at[1].flags = MIDAW_LAST;
	prog[0] = CCW(TEST_READ, CCW_MIDA | CCW_SLI, 300, at);
	good((u64)&prog[1]);
}

static void flags(void)
{
	prog_kernel_only();
	valid();
	prog[0] = CCW(TEST_READ, CCW_MIDA | CCW_SLI, 300, list);
	prog_ends(0, 0, CST_PROGRAM_CHECK, (u64)&prog[1], 0);
	prog[0].flags |= CCW_IDA;
	prog_ends(ORB_MIDAW, 0, CST_PROGRAM_CHECK, (u64)&prog[1], 0);
	prog[0].flags = CCW_MIDA | CCW_SLI | CCW_SKIP;
	prog_ends(ORB_MIDAW, 0, CST_PROGRAM_CHECK, (u64)&prog[1], 0);
}

static const struct test tests[] = {
	{ "MIDAWs: WRITE gathers", write_three },
	{ "MIDAWs: READ scatters", read_three },
	{ "MIDAWs with format-0 CCWs", format0 },
	{ "MIDAW with the skip flag", skip_flag },
	{ "READ BACKWARD with MIDAWs", backward },
	{ "MIDAWs in a data chain with CCWs without", in_chain },
	{ "no MIDAW is marked as the last: program check", last_missing },
	{ "a MIDAW is marked as the last too early: program check",
	  last_early },
	{ "counts that don't add up, or zero: program check", counts },
	{ "a MIDAW whose data cross a page: program check", page_crossing },
	{ "reserved bits of a MIDAW: program check", reserved },
	{ "a MIDAW to outside storage: program check", no_storage },
	{ "a list of MIDAWs that isn't aligned: program check",
	  list_unaligned },
	{ "a list of MIDAWs that crosses a page: program check",
	  list_crossing },
	{ "MIDA flag without D, with IDA or skip: program check", flags },
};

const struct test_group prog_midaw_group = { tests, ARRAY_SIZE(tests) };
