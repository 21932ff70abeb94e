// SPDX-License-Identifier: GPL-2.0
/* Channel programs with IDAWs and MIDAWs, and reading backward */
#include "prog_tests.h"

/* Area of the blocks that IDAWs designate, in no particular order */
#define BLOCKS			((u8 *)0x500000ul)
#define NR_BLOCKS		37

/* The kinds of IDAWs */
static const struct kind {
	u32 orb;		/* ORB_* that are added to the usual ones */
	u32 size;		/* of an IDAW */
	u32 block;
} kinds[] = {
	{ 0, 4, 2048 },
	/* Only format 2 uses the 2K control. */
	{ ORB_IDAW_2K, 4, 2048 },
	{ ORB_IDAW_FORMAT2, 8, 4096 },
	{ ORB_IDAW_FORMAT2 | ORB_IDAW_2K, 8, 2048 },
};

static u64 list[NR_BLOCKS];
static u32 zero;

static u8 *block(const struct kind *kind, u32 nr)
{
	return BLOCKS + (nr * 5 + 2) % NR_BLOCKS * kind->block;
}

static void set_idaw(const struct kind *kind, u32 nr, u64 addr)
{
	if (kind->size == 8)
		list[nr] = addr;
	else
		((u32 *)list)[nr] = addr;
}

/*
 * Return the address of byte number @i, if the first one is at @offset of its
 * block.
 */
static u8 *forward(const struct kind *kind, u32 offset, u32 i)
{
	i += offset;
	return block(kind, i / kind->block) + i % kind->block;
}

static u8 *backward(const struct kind *kind, u32 offset, u32 i)
{
	if (i <= offset)
		return block(kind, 0) + offset - i;
	i -= offset + 1;
	return block(kind, 1 + i / kind->block) + kind->block - 1 -
	       i % kind->block;
}

static void list_forward(const struct kind *kind, u32 offset)
{
	u32 i;

	set_idaw(kind, 0, (u64)block(kind, 0) + offset);
	for (i = 1; i < NR_BLOCKS; i++)
		set_idaw(kind, i, (u64)block(kind, i));
}

static void list_backward(const struct kind *kind, u32 offset)
{
	u32 i;

	set_idaw(kind, 0, (u64)block(kind, 0) + offset);
	for (i = 1; i < NR_BLOCKS; i++)
		set_idaw(kind, i, (u64)block(kind, i) + kind->block - 1);
}

static const struct {
	u32 offset, len;
} cases[] = {
	{ 0, 1 }, { 0, 2048 }, { 0, 4096 }, { 1, 4096 }, { 0x123, 5000 },
	{ 0x7ff, 2 }, { 0x7fd, 20000 }, { 8, 2040 }, { 8, 2041 },
};

static void write_one(const struct kind *kind, u32 offset, u32 len)
{
	u32 i;

	prog_fill(OUT, len);
	for (i = 0; i < len; i++)
		*forward(kind, offset, i) = OUT[i];
	memset(IN, 0, len);
	list_forward(kind, offset);
	prog[0] = CCW(TEST_WRITE, CCW_IDA | CCW_CC, len, list);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
	prog[2] = CCW(TEST_READ, 0, len, IN);
	prog_ends(kind->orb, DST_ENDED, 0, (u64)&prog[3], 0);
	EXPECT_EQ(memcmp(IN, OUT, len), 0);
}

static void read_one(const struct kind *kind, u32 offset, u32 len)
{
	u32 i, wrong = 0;

	prog_fill(OUT, len);
	memset(BLOCKS, 0xee, NR_BLOCKS * kind->block);
	list_forward(kind, offset);
	prog[0] = CCW(TEST_WRITE, CCW_CC, len, OUT);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
	prog[2] = CCW(TEST_READ, CCW_IDA, len, list);
	prog_ends(kind->orb, DST_ENDED, 0, (u64)&prog[3], 0);
	for (i = 0; i < len; i++)
		wrong += *forward(kind, offset, i) != OUT[i];
	EXPECT_EQ(wrong, 0);
	if (offset)
		EXPECT_EQ(*(forward(kind, offset, 0) - 1), 0xee);
}

static void each(void (*one)(const struct kind *kind, u32 offset, u32 len))
{
	unsigned int k, i;

	prog_kernel_only();
	for (k = 0; k < ARRAY_SIZE(kinds); k++)
		for (i = 0; i < ARRAY_SIZE(cases); i++)
			one(&kinds[k], cases[i].offset, cases[i].len);
}

static void write_idaws(void)
{
	each(write_one);
}

static void read_idaws(void)
{
	each(read_one);
}

/* --- READ BACKWARD --- */

static void backward_idaws(const struct kind *kind, u32 offset, u32 len)
{
	u32 i, wrong = 0;

	prog_fill(OUT, len);
	memset(BLOCKS, 0xee, NR_BLOCKS * kind->block);
	list_backward(kind, offset);
	prog[0] = CCW(TEST_WRITE, CCW_CC, len, OUT);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &len);
	prog[2] = CCW(TEST_READ_BACKWARD, CCW_IDA, len, list);
	prog_ends(kind->orb, DST_ENDED, 0, (u64)&prog[3], 0);
	for (i = 0; i < len; i++)
		wrong += *backward(kind, offset, i) != OUT[len - 1 - i];
	EXPECT_EQ(wrong, 0);
}

static void backward_indirect(void)
{
	each(backward_idaws);
}

/* --- MIDAWs --- */

#define PAGE			4096u

/*
 * Make a list of three areas that reach the ends of their pages, and don't
 * cross them.
 */
static void midaws(void)
{
	static struct midaw three[3] __aligned(64);
	const u32 len = 1 + PAGE + 77;

	prog_kernel_only();
	three[0] = (struct midaw){ .count = 1, .addr = (u64)IN + PAGE - 1 };
	three[1] = (struct midaw){ .count = PAGE, .addr = (u64)IN + 3 * PAGE };
	three[2] = (struct midaw){ .flags = MIDAW_LAST, .count = 77,
				   .addr = (u64)IN + 5 * PAGE + 11 };
	prog_fill(OUT, len);
	memset(IN, 0xee, 8 * PAGE);
	prog[0] = CCW(TEST_WRITE, CCW_CC, len, OUT);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
	prog[2] = CCW(TEST_READ, CCW_MIDA, len, three);
	prog_ends(ORB_MIDAW, DST_ENDED, 0, (u64)&prog[3], 0);
	EXPECT_EQ(IN[PAGE - 2], 0xee);
	EXPECT_EQ(IN[PAGE - 1], OUT[0]);
	EXPECT_EQ(IN[PAGE], 0xee);
	EXPECT_EQ(memcmp(IN + 3 * PAGE, OUT + 1, PAGE), 0);
	EXPECT_EQ(memcmp(IN + 5 * PAGE + 11, OUT + 1 + PAGE, 77), 0);
	EXPECT_EQ(IN[5 * PAGE + 11 + 77], 0xee);
}

static const struct test tests[] = {
	{ "IDAWs of all formats: WRITE gathers", write_idaws },
	{ "IDAWs of all formats: READ scatters", read_idaws },
	{ "READ BACKWARD with IDAWs of all formats", backward_indirect },
	{ "MIDAWs: READ scatters", midaws },
};

const struct test_group prog_indirect_group = { tests, ARRAY_SIZE(tests) };
