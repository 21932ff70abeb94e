// SPDX-License-Identifier: GPL-2.0
/* Channel programs with IDAWs, and reading backward */
#include "prog_tests.h"

/* Where the blocks are that IDAWs designate, in no order */
#define BLOCKS			((u8 *)0x500000ul)
#define NR_BLOCKS		37

/* The kinds of IDAWs */
static const struct kind {
	u32 orb;		/* ORB_* beside the usual ones */
	u32 size;		/* of an IDAW */
	u32 block;
} kinds[] = {
	{ 0, 4, 2048 },
	/* The 2K control is for format 2 only. */
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

/* The byte that is moved behind @i others, when the first is at @offset */
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
	{ 0x7ff, 2 }, { 0x7fd, 65535 }, { 8, 2040 }, { 8, 2041 },
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

/* Beside a CCW that has none, in the same data chain */
static void chained(void)
{
	unsigned int k;

	prog_kernel_only();
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		const struct kind *kind = &kinds[k];

		prog_fill(OUT, 3000);
		memset(IN, 0, 3000);
		list_forward(kind, 100);
		prog[0] = CCW(TEST_WRITE, CCW_CC, 3000, OUT);
		prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
		prog[2] = CCW(TEST_READ, CCW_CD, 100, IN);
		prog[3] = CCW(0, CCW_CD | CCW_IDA, 2500, list);
		prog[4] = CCW(0, CCW_CD | CCW_IDA | CCW_SKIP, 300, list);
		prog[5] = CCW(0, 0, 100, IN + 2900);
		prog_ends(kind->orb, DST_ENDED, 0, (u64)&prog[6], 0);
		EXPECT_EQ(memcmp(IN, OUT, 100), 0);
		EXPECT_EQ(memcmp(block(kind, 0) + 100, OUT + 100, 1900), 0);
		EXPECT_EQ(*forward(kind, 100, 2499), OUT[2599]);
		EXPECT_EQ(memcmp(IN + 2900, OUT + 2900, 100), 0);
	}
}

/* --- what is wrong with IDAWs --- */

/* Ends with program check after @moved of @len bytes, both ways */
static void checked(const struct kind *kind, u32 len, u32 moved)
{
	prog[0] = CCW(TEST_READ, CCW_IDA | CCW_SLI, len, list);
	prog_ends(kind->orb, DST_ENDED, CST_PROGRAM_CHECK, (u64)&prog[1],
		  len - moved);
	prog[0] = CCW(TEST_WRITE, CCW_IDA | CCW_SLI, len, list);
	prog_ends(kind->orb, DST_ENDED, CST_PROGRAM_CHECK, (u64)&prog[1],
		  len - moved);
}

static void within_block(void)
{
	unsigned int k;

	prog_kernel_only();
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		const struct kind *kind = &kinds[k];

		list_forward(kind, 0);
		set_idaw(kind, 1, (u64)block(kind, 1) + 8);
		checked(kind, kind->block + 100, kind->block);
		/* It isn't looked at without need. */
		prog[0] = CCW(TEST_READ, CCW_IDA, kind->block, list);
		prog_ends(kind->orb, DST_ENDED, 0, (u64)&prog[1], 0);
	}
}

static void no_storage(void)
{
	unsigned int k;

	prog_kernel_only();
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		const struct kind *kind = &kinds[k];

		list_forward(kind, 16);
		set_idaw(kind, 0, END_OF_STORAGE + 0x1000000);
		checked(kind, 100, 0);
		list_forward(kind, 16);
		set_idaw(kind, 2, END_OF_STORAGE + 0x1000000);
		checked(kind, 2 * kind->block, 2 * kind->block - 16);
	}
}

static void high_bits(void)
{
	unsigned int k;

	prog_kernel_only();
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		const struct kind *kind = &kinds[k];

		list_forward(kind, 0);
		if (kind->size == 4)
			set_idaw(kind, 0, (u64)block(kind, 0) | 0x80000000u);
		else
			set_idaw(kind, 0, (u64)block(kind, 0) | 1ul << 63);
		checked(kind, 100, 0);
	}
}

static void list_unaligned(void)
{
	unsigned int k;

	prog_kernel_only();
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		const struct kind *kind = &kinds[k];

		list_forward(kind, 0);
		prog[0] = CCW(TEST_READ, CCW_IDA | CCW_SLI, 100,
			      (u64)list + kind->size / 2);
		prog_ends(kind->orb, 0, CST_PROGRAM_CHECK, (u64)&prog[1], 0);
		prog[0] = CCW(TEST_READ, CCW_IDA | CCW_SLI, 100,
			      (u64)list + 1);
		prog_ends(kind->orb, 0, CST_PROGRAM_CHECK, (u64)&prog[1], 0);
	}
}

static void list_ends(void)
{
	unsigned int k;

	prog_kernel_only();
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		const struct kind *kind = &kinds[k];
		u64 at = END_OF_STORAGE - kind->size;

		if (kind->size == 4)
			*(u32 *)at = (u32)(u64)block(kind, 0);
		else
			*(u64 *)at = (u64)block(kind, 0);
		prog[0] = CCW(TEST_READ, CCW_IDA, kind->block, at);
		prog_ends(kind->orb, DST_ENDED, 0, (u64)&prog[1], 0);
		prog[0] = CCW(TEST_READ, CCW_IDA | CCW_SLI, kind->block + 7,
			      at);
		prog_ends(kind->orb, DST_ENDED, CST_PROGRAM_CHECK,
			  (u64)&prog[1], 7);
	}
}

static void skipped(void)
{
	unsigned int k;

	prog_kernel_only();
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		const struct kind *kind = &kinds[k];

		/* No data are stored, so it doesn't matter where. */
		list_forward(kind, 0);
		set_idaw(kind, 0, END_OF_STORAGE + 0x1000000);
		memset(block(kind, 1), 0xee, 100);
		prog[0] = CCW(TEST_READ, CCW_IDA | CCW_SKIP, kind->block + 100,
			      list);
		prog_ends(kind->orb, DST_ENDED, 0, (u64)&prog[1], 0);
		EXPECT_EQ(*block(kind, 1), 0xee);
		/* But the list is gone through. */
		set_idaw(kind, 1, (u64)block(kind, 1) + 1);
		prog_ends(kind->orb, DST_ENDED, CST_PROGRAM_CHECK,
			  (u64)&prog[1], 100);
	}
}

/* --- READ BACKWARD --- */

static void backward_direct(void)
{
	static const u16 lengths[] = { 1, 7, 64, 65, 4096, 5000, 65535 };
	unsigned int i;
	u32 len;

	prog_kernel_only();
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		len = lengths[i];
		prog_fill(OUT, len);
		memset(IN, 0xee, len + 64);
		prog[0] = CCW(TEST_WRITE, CCW_CC, len, OUT);
		prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &len);
		prog[2] = CCW(TEST_READ_BACKWARD, 0, len, IN + 33 + len - 1);
		prog_ends(0, DST_ENDED, 0, (u64)&prog[3], 0);
		EXPECT_EQ(memcmp(IN + 33, OUT, len), 0);
		EXPECT_EQ(IN[32], 0xee);
		EXPECT_EQ(IN[33 + len], 0xee);
	}
}

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

static void backward_invalid(void)
{
	u32 len = 4000;
	unsigned int k;

	prog_kernel_only();
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		const struct kind *kind = &kinds[k];

		list_backward(kind, 99);
		/* The first byte of a block is right forward only. */
		set_idaw(kind, 1, (u64)block(kind, 1));
		prog[0] = CCW(TEST_SEEK, CCW_CC, 4, &len);
		prog[1] = CCW(TEST_READ_BACKWARD, CCW_IDA, len, list);
		prog_ends(kind->orb, DST_ENDED, CST_PROGRAM_CHECK,
			  (u64)&prog[2], len - 100);
	}
}

/* What is before the position; nothing before the first byte */
static void backward_begin(void)
{
	u32 len = 10;

	prog_kernel_only();
	prog_fill(OUT, 20);
	memset(IN, 0xee, 32);
	prog[0] = CCW(TEST_WRITE, CCW_CC, 20, OUT);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &len);
	prog[2] = CCW(TEST_READ_BACKWARD, 0, 15, IN + 14);
	prog_ends(0, DST_ENDED, CST_INCORRECT_LENGTH, (u64)&prog[3], 5);
	EXPECT_EQ(memcmp(IN + 5, OUT, 10), 0);
	EXPECT_EQ(IN[4], 0xee);
}

static void backward_chained(void)
{
	u32 len = 60;

	prog_kernel_only();
	prog_fill(OUT, 60);
	memset(IN, 0xee, 128);
	prog[0] = CCW(TEST_WRITE, CCW_CC, 60, OUT);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &len);
	prog[2] = CCW(TEST_READ_BACKWARD, CCW_CD, 20, IN + 59);
	prog[3] = CCW(0, CCW_CD | CCW_SKIP, 20, IN + 39);
	prog[4] = CCW(0, 0, 20, IN + 19);
	prog_ends(0, DST_ENDED, 0, (u64)&prog[5], 0);
	EXPECT_EQ(memcmp(IN, OUT, 20), 0);
	EXPECT_EQ(IN[20], 0xee);
	EXPECT_EQ(IN[39], 0xee);
	EXPECT_EQ(memcmp(IN + 40, OUT + 40, 20), 0);
}

static const struct test tests[] = {
	{ "IDAWs of all formats: WRITE gathers", write_idaws },
	{ "IDAWs of all formats: READ scatters", read_idaws },
	{ "IDAWs in a data chain with CCWs without", chained },
	{ "an IDAW into a block, but for the first: program check",
	  within_block },
	{ "an IDAW to outside storage: program check", no_storage },
	{ "an IDAW with its highest bit one: program check", high_bits },
	{ "a list of IDAWs that isn't aligned: program check",
	  list_unaligned },
	{ "a list of IDAWs ends with storage", list_ends },
	{ "IDAWs with the skip flag: the list is looked at, not the data",
	  skipped },
	{ "READ BACKWARD: from the highest address down", backward_direct },
	{ "READ BACKWARD with IDAWs of all formats", backward_indirect },
	{ "READ BACKWARD: an IDAW not to the end of a block: program check",
	  backward_invalid },
	{ "READ BACKWARD gives no more than there is before", backward_begin },
	{ "READ BACKWARD with data chaining", backward_chained },
};

const struct test_group prog_idaw_group = { tests, ARRAY_SIZE(tests) };
