// SPDX-License-Identifier: GPL-2.0
/*
 * READs of disks for which the host takes long.  Disks read at the same time, and
 * no worker waits for them.  What stops a READ waits for the host, but keeps nobody
 * else.
 */
#include "disk.h"
#include "overlap.h"

#define DATA(disk)	((u8 *)0x200000ul + (disk) * 0x10000ul)
#define LEN		4096u
#define UNTOUCHED	0xa5
#define LAST		OVERLAP_SID(OVERLAP_DISKS - 1)

static struct disk_program programs[OVERLAP_DISKS];
/* The disks that there are still */
static u32 first;

static void reset(void)
{
	u32 disk;

	if (!(guest_argument & OVERLAP_ARG_SLOW))
		return;
	for (disk = first; disk < OVERLAP_DISKS; disk++) {
		chan_disable(OVERLAP_SID(disk));
		chan_enable(OVERLAP_SID(disk), 3, 0);
	}
	io_mask(0);
}

/* Start a READ of other blocks than those of any other disk. */
static u64 start(u32 disk)
{
	memset(DATA(disk), UNTOUCHED, LEN);
	disk_program(&programs[disk], FBA_READ, disk * (LEN / FBA_BLOCK),
		     LEN / FBA_BLOCK, DATA(disk));
	chan_start(OVERLAP_SID(disk), programs[disk].ccw);
	return hypercall(HC_THEME, OVERLAP_CALL_STARTED, 0, 0);
}

static void need_device(void)
{
	if (!(guest_argument & OVERLAP_ARG_SLOW))
		skip("no null_blk on this host");
}

static void until_ended(u32 disk, struct irb *irb)
{
	chan_until_pending(OVERLAP_SID(disk));
	EXPECT_EQ(tsch(OVERLAP_SID(disk), irb), CC_DONE);
}

static bool untouched(u32 disk)
{
	u32 i;

	for (i = 0; i < LEN && DATA(disk)[i] == UNTOUCHED; i++)
		;
	return i == LEN;
}

static void at_the_same_time(void)
{
	struct irb irb __aligned(4);
	u64 begin, took, most = 0, reads;
	u32 disk;

	need_device();
	begin = tod();
	for (disk = 0; disk < OVERLAP_DISKS; disk++) {
		reads = start(disk);
		if (reads > most)
			most = reads;
	}
	for (disk = 0; disk < OVERLAP_DISKS; disk++) {
		until_ended(disk, &irb);
		EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
		EXPECT_EQ(irb.scsw.count, 0);
	}
	took = (tod() - begin) / TOD_MS(1);
	note("READs at a time:", most, 0);
	note("how long all READs took, and one takes, in ms:", took,
	     OVERLAP_MS);
	EXPECT(most >= OVERLAP_AT_LEAST);
	EXPECT(took < OVERLAP_DISKS * OVERLAP_MS);
	EXPECT_EQ(hypercall(HC_THEME, OVERLAP_CALL_WAITING, 0, 0), 0);
}

static void halted(void)
{
	struct irb irb __aligned(4);
	u64 begin;

	need_device();
	start(OVERLAP_DISKS - 1);
	begin = tod();
	EXPECT_EQ(hsch(LAST), CC_DONE);
	EXPECT(tod() - begin < TOD_MS(OVERLAP_MS / 2));
	EXPECT(chan_control(LAST) & SCSW_AC_HALT_PENDING);
	until_ended(OVERLAP_DISKS - 1, &irb);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_FC, SCSW_FC_START | SCSW_FC_HALT);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb.scsw.count, LEN);
	EXPECT(untouched(OVERLAP_DISKS - 1));
}

static void cleared(void)
{
	struct irb irb __aligned(4);
	u64 begin;

	need_device();
	start(OVERLAP_DISKS - 1);
	begin = tod();
	EXPECT_EQ(csch(LAST), CC_DONE);
	EXPECT(tod() - begin < TOD_MS(OVERLAP_MS / 2));
	EXPECT(chan_control(LAST) & SCSW_AC_CLEAR_PENDING);
	until_ended(OVERLAP_DISKS - 1, &irb);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_FC, SCSW_FC_CLEAR);
	EXPECT_EQ(irb.scsw.dstat, 0);
	EXPECT(untouched(OVERLAP_DISKS - 1));
}

static void removed(void)
{
	struct schib schib __aligned(4);

	need_device();
	start(first);
	EXPECT(hypercall(HC_THEME, OVERLAP_CALL_REMOVE, first, 0));
	EXPECT_EQ(stsch(OVERLAP_SID(first), &schib), CC_NOT_OPERATIONAL);
	EXPECT(untouched(first));
	first++;
}

/* For a VMM that is killed meanwhile */
static void reads(void)
{
	u32 disk;

	if (!(guest_argument & OVERLAP_ARG_READS))
		return;
	for (disk = 0; disk < OVERLAP_DISKS; disk++)
		start(disk);
	hypercall(HC_THEME, OVERLAP_CALL_ALL, 0, 0);
	for (;;)
		barrier();
}

static void begin_reset(void)
{
	reset();
	reads();
}

static const struct test tests[] = {
	{ "disks read at the same time, and no worker waits", at_the_same_time },
	{ "a halt waits for the host, and its data are not given", halted },
	{ "a clear waits for the host, and its data are not given", cleared },
	{ "a removal waits for the host", removed },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = begin_reset;
