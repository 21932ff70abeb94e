// SPDX-License-Identifier: GPL-2.0
/*
 * FBA DASD: data chaining as Linux's driver does it, with a CCW for each block
 * and with prefetching allowed.  The module moves the data of many CCWs by one
 * access.  The KUnit suites prove that this makes no difference; here it is KVM
 * that accesses storage, finds its end, and checks its keys.
 */
#include "fba_tests.h"

/* As many blocks as Linux reads or writes at a time */
#define NR			96
#define FIRST			300
#define BLOCKS_IN_PAGE		(PAGE / FBA_BLOCK)

#define PAGE			4096u
#define END_OF_STORAGE		((u8 *)0x1000000ul)

/* Storage key: access-control bits and fetch protection */
#define KEY(acc)		((acc) << 4)
#define KEY_FETCH		0x08

static struct ccw1 chain[2 + NR] __aligned(8);
static u64 list[NR];

static void set_key(void *page, u64 key)
{
	asm volatile("sske %0,%1" : : "d" (key), "a" (page) : "memory");
}

static void make(u8 command, u16 nr, u8 *data)
{
	u32 i;

	disk_program(&fba_program, command, FIRST, nr, data);
	chain[0] = fba_program.ccw[0];
	chain[1] = fba_program.ccw[1];
	for (i = 0; i < nr; i++)
		chain[2 + i] = CCW(command, i + 1 < nr ? CCW_CD : 0, FBA_BLOCK,
				   data + i * FBA_BLOCK);
}

/* Let each CCW have an IDAW. */
static void make_listed(u8 command, u16 nr, u8 *data)
{
	u32 i;

	make(command, nr, data);
	for (i = 0; i < nr; i++) {
		list[i] = (u64)data + i * FBA_BLOCK;
		chain[2 + i].flags |= CCW_IDA;
		chain[2 + i].cda = (u32)(u64)&list[i];
	}
}

/* Run the program.  It ends with CCW number @last of the data, counted from 0. */
static void ends(u32 flags, u8 cstat, u32 last, u16 count)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	chan_orb(&orb, chain);
	orb.flags |= ORB_PREFETCH | ORB_IDAW_FORMAT2 | flags;
	EXPECT_EQ(ssch(FBA_SID(FBA_PLAIN), &orb), CC_DONE);
	chan_finish(FBA_SID(FBA_PLAIN), &irb);
	EXPECT_EQ(irb.scsw.cstat, cstat);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb.scsw.cpa, (u64)&chain[2 + last + 1]);
	EXPECT_EQ(irb.scsw.count, count);
}

static void needs_kernel(void)
{
	if (!(guest_argument & FBA_ARG_KERNEL))
		skip("the channel subsystem in userspace can't execute this");
}

static void there_and_back(void (*make_it)(u8 command, u16 nr, u8 *data))
{
	fba_fill(SHARED, NR * FBA_BLOCK);
	make_it(FBA_WRITE, NR, SHARED);
	ends(0, 0, NR - 1, 0);
	EXPECT_EQ(fba_differs(FBA_PLAIN, FIRST, NR), 0);
	memset(DATA - 8, 0xee, NR * FBA_BLOCK + 16);
	make_it(FBA_READ, NR, DATA);
	ends(0, 0, NR - 1, 0);
	EXPECT_EQ(memcmp(DATA, SHARED, NR * FBA_BLOCK), 0);
	EXPECT_EQ(DATA[-1], 0xee);
	EXPECT_EQ(DATA[NR * FBA_BLOCK], 0xee);
}

static void blocks(void)
{
	there_and_back(make);
}

static void listed(void)
{
	needs_kernel();
	there_and_back(make_listed);
}

/* The data go on behind the end of storage, which is that of a memory slot. */
static void end_of_storage(void)
{
	const u32 there = 20;
	u8 *data = END_OF_STORAGE - there * FBA_BLOCK;

	needs_kernel();
	fba_host_fill(FBA_PLAIN, FIRST, NR);
	memset(data, 0xee, there * FBA_BLOCK);
	make(FBA_READ, NR, data);
	ends(0, CST_PROGRAM_CHECK, there, FBA_BLOCK);
	EXPECT_EQ(memcmp(data, SHARED, there * FBA_BLOCK), 0);
	make_listed(FBA_READ, NR, data);
	ends(0, CST_PROGRAM_CHECK, there, FBA_BLOCK);
}

/* Blocks are stored up to the page that has another key, and none behind it. */
static void read_key(void)
{
	const u32 page = 2;
	u32 i;

	needs_kernel();
	fba_host_fill(FBA_PLAIN, FIRST, NR);
	memset(DATA, 0xee, NR * FBA_BLOCK);
	for (i = 0; i < NR / BLOCKS_IN_PAGE; i++)
		set_key(DATA + i * PAGE, KEY(i == page ? 6 : 5));
	make(FBA_READ, NR, DATA);
	ends(ORB_KEY(5), CST_PROTECTION_CHECK, page * BLOCKS_IN_PAGE,
	     FBA_BLOCK);
	for (i = 0; i < NR / BLOCKS_IN_PAGE; i++)
		set_key(DATA + i * PAGE, 0);
	EXPECT_EQ(memcmp(DATA, SHARED, page * PAGE), 0);
	for (i = page * PAGE; i < NR * FBA_BLOCK; i++)
		if (DATA[i] != 0xee)
			break;
	EXPECT_EQ(i, NR * FBA_BLOCK);
}

/* Blocks are written up to the page that must not be fetched. */
static void write_key(void)
{
	const u32 page = 3;

	needs_kernel();
	fba_host_fill(FBA_PLAIN, FIRST, NR);
	fba_fill(DATA, NR * FBA_BLOCK);
	set_key(DATA + page * PAGE, KEY(6) | KEY_FETCH);
	make(FBA_WRITE, NR, DATA);
	ends(ORB_KEY(5), CST_PROTECTION_CHECK, page * BLOCKS_IN_PAGE,
	     FBA_BLOCK);
	set_key(DATA + page * PAGE, 0);
	memcpy(SHARED, DATA, page * PAGE);
	EXPECT_EQ(fba_differs(FBA_PLAIN, FIRST, NR), 0);
}

static const struct test tests[] = {
	{ "96 blocks there and back, a CCW for each", blocks },
	{ "96 blocks there and back, a CCW and an IDAW for each", listed },
	{ "blocks up to the end of storage: program check there",
	  end_of_storage },
	{ "READ up to a page with another key: protection check there",
	  read_key },
	{ "WRITE up to a page with another key: protection check there",
	  write_key },
};

const struct test_group fba_chain_group = { tests, ARRAY_SIZE(tests) };
