// SPDX-License-Identifier: GPL-2.0
/*
 * FBA DASD: data on the host's side, what kinds of backing there are, failures.
 * Commands, extents and counts are proved by the KUnit suites.
 */
#include "fba_tests.h"

struct disk_program fba_program;
static u64 seed;

static void reset(void)
{
	unsigned int disk;

	for (disk = 0; disk < FBA_DISKS; disk++) {
		if ((disk == FBA_LOOP || disk == FBA_LOOP4K ||
		     disk == FBA_DIRECT) && !(guest_argument & FBA_ARG_LOOP))
			continue;
		if (disk == FBA_FULL && !(guest_argument & FBA_ARG_FULL))
			continue;
		if (disk > FBA_FULL && !(guest_argument & FBA_ARG_KERNEL))
			continue;
		if ((disk == FBA_RESERVED || disk == FBA_DIRECT_EXT4) &&
		    !(guest_argument & FBA_ARG_RESERVED))
			continue;
		chan_disable(FBA_SID(disk));
		chan_enable(FBA_SID(disk), 3, 0);
	}
	io_mask(0xff);
}

void fba_fill(u8 *data, u32 len)
{
	u64 *words = (u64 *)data;
	u32 i;

	seed += 0x2931353b41474d53ul;
	for (i = 0; i < len / sizeof(*words); i++)
		words[i] = seed ^ i * 0x0103050709111317ul;
}

u64 fba_differs(unsigned int disk, u32 block, u16 nr)
{
	return hypercall(HC_THEME, FBA_CALL_COMPARE, disk,
			 FBA_CALL_RANGE(block, nr));
}

void fba_host_fill(unsigned int disk, u32 block, u16 nr)
{
	fba_fill(SHARED, nr * FBA_BLOCK);
	hypercall(HC_THEME, FBA_CALL_FILL, disk, FBA_CALL_RANGE(block, nr));
}

const struct irb *fba_run(unsigned int disk, u8 dstat, u8 cstat)
{
	static struct irb irb __aligned(4);

	chan_run(FBA_SID(disk), fba_program.ccw, &irb);
	EXPECT_EQ(irb.scsw.cstat, cstat);
	EXPECT_EQ(irb.scsw.dstat, dstat);
	return &irb;
}

void fba_sense(unsigned int disk, u8 sense0, u8 sense1)
{
	u8 bytes[FBA_SENSE_SIZE];
	struct ccw1 ccw __aligned(8) = CCW(FBA_SENSE, 0, sizeof(bytes), bytes);

	chan_ok(FBA_SID(disk), &ccw);
	EXPECT_EQ(bytes[0], sense0);
	EXPECT_EQ(bytes[1], sense1);
}

void fba_write_blocks(unsigned int disk, u32 block, u16 nr)
{
	fba_fill(SHARED, nr * FBA_BLOCK);
	disk_program(&fba_program, FBA_WRITE, block, nr, SHARED);
	fba_run(disk, DST_ENDED, 0);
}

void fba_read_blocks(unsigned int disk, u32 block, u16 nr)
{
	memset(DATA, 0, nr * FBA_BLOCK);
	disk_program(&fba_program, FBA_READ, block, nr, DATA);
	fba_run(disk, DST_ENDED, 0);
}

/* --- data --- */

static void write_one(void)
{
	fba_write_blocks(FBA_PLAIN, 7, 1);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 7, 1), 0);
}

static void read_one(void)
{
	fba_host_fill(FBA_PLAIN, 9, 1);
	fba_read_blocks(FBA_PLAIN, 9, 1);
	EXPECT_EQ(memcmp(DATA, SHARED, FBA_BLOCK), 0);
}

/* 256 blocks are more than one CCW can count, so they need three CCWs. */
static void big_on(unsigned int disk)
{
	struct disk_program *p = &fba_program;
	u32 third = 43008;

	fba_fill(SHARED, 256 * FBA_BLOCK);
	disk_program(p, FBA_WRITE, 1000, 256, SHARED);
	p->ccw[2] = CCW(CCW_TIC, 0, 0, 0);
	static struct ccw1 data[4] __aligned(8);

	p->ccw[2].cda = (u32)(u64)data;
	data[0] = CCW(FBA_WRITE, CCW_CD, third, SHARED);
	data[1] = CCW(0, CCW_CD, third, SHARED + third);
	data[2] = CCW(0, CCW_CD, third, SHARED + 2 * third);
	data[3] = CCW(0, 0, 256 * FBA_BLOCK - 3 * third, SHARED + 3 * third);
	fba_run(disk, DST_ENDED, 0);
	EXPECT_EQ(fba_differs(disk, 1000, 256), 0);
	memset(DATA, 0, 256 * FBA_BLOCK);
	disk_program(p, FBA_READ, 1000, 256, DATA);
	p->ccw[2] = CCW(CCW_TIC, 0, 0, data);
	data[0] = CCW(FBA_READ, CCW_CD, third, DATA);
	data[1].cda = (u32)(u64)DATA + third;
	data[2].cda = (u32)(u64)DATA + 2 * third;
	data[3].cda = (u32)(u64)DATA + 3 * third;
	fba_run(disk, DST_ENDED, 0);
	EXPECT_EQ(memcmp(DATA, SHARED, 256 * FBA_BLOCK), 0);
}

static void big(void)
{
	big_on(FBA_PLAIN);
}

static void write_nothing(void)
{
	fba_host_fill(FBA_PLAIN, 600, 300);
	disk_program(&fba_program, FBA_WRITE, 600, 300, NULL);
	fba_program.ccw[2] = CCW(FBA_WRITE, CCW_SLI, 0, 0);
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	memset(SHARED, 0, 300 * FBA_BLOCK);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 600, 300), 0);
}

/* --- what other systems send --- */

/*
 * Block 0 as a boot loader makes it: a PSW, two CCWs, and what the second CCW
 * leads to
 */
struct ipl_block {
	u64 psw;
	struct ccw1 ccw[2];
	u64 unused;
	struct ccw1 more[2];
	struct fba_locate locate;
	u8 rest[FBA_BLOCK - 56];
} __aligned(8);

/* The first CCWs of the loaded program, and where the blocks are loaded */
#define IPL_FIRST	((struct ipl_block *)0x300000ul)
#define IPL_BLOCK	((struct ipl_block *)0x301000ul)
#define IPL_NR		5
#define IPL_FROM	33

/*
 * "Initial Program Loading": the machine's own CCW reads 24 bytes.  The two
 * CCWs in them read the rest of block 0, and go on with the CCWs in it.
 */
static void ipl(void)
{
	struct ipl_block *block = (struct ipl_block *)SHARED;
	static struct ccw1 implied[2] __aligned(8);

	EXPECT_EQ(sizeof(*block), FBA_BLOCK);
	fba_host_fill(FBA_PLAIN, IPL_FROM, IPL_NR);
	memcpy(DATA + 0x8000, SHARED, IPL_NR * FBA_BLOCK);
	fba_fill(SHARED, FBA_BLOCK);
	block->ccw[0] = CCW(FBA_READ_IPL, CCW_CC, FBA_BLOCK, IPL_BLOCK);
	block->ccw[1] = CCW(CCW_TIC, 0, 0, &IPL_BLOCK->more);
	block->more[0] = CCW(FBA_LOCATE, CCW_CC, sizeof(block->locate),
			     &IPL_BLOCK->locate);
	block->more[1] = CCW(FBA_READ, 0, IPL_NR * FBA_BLOCK, DATA);
	block->locate = (struct fba_locate){
		.operation = FBA_OP_READ, .blocks = IPL_NR, .first = IPL_FROM,
	};
	hypercall(HC_THEME, FBA_CALL_FILL, FBA_PLAIN, FBA_CALL_RANGE(0, 1));
	memset(IPL_FIRST, 0, FBA_BLOCK);
	memset(DATA, 0, IPL_NR * FBA_BLOCK);
	implied[0] = CCW(FBA_READ_IPL, CCW_CC | CCW_SLI, 24, IPL_FIRST);
	implied[1] = CCW(CCW_TIC, 0, 0, &IPL_FIRST->ccw);
	chan_ok(FBA_SID(FBA_PLAIN), implied);
	EXPECT_EQ(memcmp(IPL_FIRST, SHARED, 24), 0);
	EXPECT_EQ(IPL_FIRST->unused, 0);
	EXPECT_EQ(memcmp(IPL_BLOCK, SHARED, FBA_BLOCK), 0);
	EXPECT_EQ(memcmp(DATA, DATA + 0x8000, IPL_NR * FBA_BLOCK), 0);
}

/* --- several disks --- */

static void two_disks(void)
{
	static struct disk_program second;
	struct io_int io;
	struct irb irb __aligned(4);
	unsigned int ended = 0, i;

	fba_fill(SHARED, 128 * FBA_BLOCK);
	memcpy(DATA, SHARED, 128 * FBA_BLOCK);
	disk_program(&fba_program, FBA_WRITE, 2000, 100, SHARED);
	disk_program(&second, FBA_WRITE, 2000, 100, DATA);
	chan_start(FBA_SID(FBA_PLAIN), fba_program.ccw);
	chan_start(FBA_SID(FBA_OTHER), second.ccw);
	for (i = 0; i < 2; i++) {
		EXPECT(io_wait(&io, 20000));
		EXPECT_EQ(tsch(io.sid, &irb), CC_DONE);
		EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
		ended |= 1 << (io.sid - FBA_SID(0));
	}
	EXPECT_EQ(ended, 1 << FBA_PLAIN | 1 << FBA_OTHER);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 2000, 100), 0);
	EXPECT_EQ(fba_differs(FBA_OTHER, 2000, 100), 0);
}

static void loop_device(void)
{
	if (!(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device on this host");
	fba_write_blocks(FBA_LOOP, 100, 24);
	EXPECT_EQ(fba_differs(FBA_LOOP, 100, 24), 0);
	fba_read_blocks(FBA_LOOP, 100, 24);
	EXPECT_EQ(memcmp(DATA, SHARED, 24 * FBA_BLOCK), 0);
}

/* The device always has blocks of 512 bytes, whatever its backing has. */
static void loop_device_4k(void)
{
	u32 i;

	if (!(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device on this host");
	for (i = 0; i < 16; i++) {
		fba_write_blocks(FBA_LOOP4K, 200 + 3 * i, 3);
		EXPECT_EQ(fba_differs(FBA_LOOP4K, 200 + 3 * i, 3), 0);
	}
	/* The blocks on both sides have kept what was written before. */
	fba_read_blocks(FBA_LOOP4K, 245, 3);
	EXPECT_EQ(memcmp(DATA, SHARED, 3 * FBA_BLOCK), 0);
	fba_write_blocks(FBA_LOOP4K, 244, 1);
	fba_read_blocks(FBA_LOOP4K, 244, 1);
	EXPECT_EQ(memcmp(DATA, SHARED, FBA_BLOCK), 0);
	EXPECT_EQ(fba_differs(FBA_LOOP4K, 244, 1), 0);
}

static void durable_on(unsigned int disk)
{
	u64 before, i;

	for (i = 0; i < 4; i++) {
		before = hypercall(HC_THEME, FBA_CALL_FLUSHES, 0, 0);
		fba_write_blocks(disk, 10 + i, 1);
		EXPECT(hypercall(HC_THEME, FBA_CALL_FLUSHES, 0, 0) > before);
	}
}

static void durable(void)
{
	if (!(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device on this host");
	durable_on(FBA_LOOP);
}

/* Direct I/O, which ends later than the worker has begun it */
static void direct(void)
{
	if (!(guest_argument & FBA_ARG_KERNEL) ||
	    !(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device, or not the kernel's disks");
	big_on(FBA_DIRECT);
	durable_on(FBA_DIRECT);
	fba_host_fill(FBA_DIRECT, 300, 24);
	fba_read_blocks(FBA_DIRECT, 300, 24);
	EXPECT_EQ(memcmp(DATA, SHARED, 24 * FBA_BLOCK), 0);
}

/* --- refusals --- */

static void unknown_command(void)
{
	fba_program.ccw[0] = CCW(0x55, CCW_SLI, 1, DATA);
	fba_run(FBA_PLAIN, DST_UNIT_CHECK, 0);
	fba_sense(FBA_PLAIN, SENSE_COMMAND_REJECT, 0);
}

static void readonly(void)
{
	fba_host_fill(FBA_READONLY, 90, 1);
	disk_program(&fba_program, FBA_WRITE, 90, 1, DATA);
	fba_run(FBA_READONLY, UNIT_CHECK, 0);
	fba_sense(FBA_READONLY, SENSE_COMMAND_REJECT, FBA_SENSE1_FILE_PROTECTED);
	EXPECT_EQ(fba_differs(FBA_READONLY, 90, 1), 0);
	fba_read_blocks(FBA_READONLY, 90, 1);
	EXPECT_EQ(memcmp(DATA, SHARED, FBA_BLOCK), 0);
}

static void host_error(void)
{
	/*
	 * The host makes the file shorter, so blocks behind its end can't be
	 * read any more.
	 */
	hypercall(HC_THEME, FBA_CALL_TRUNCATE, FBA_OTHER, 1000);
	disk_program(&fba_program, FBA_READ, 1000, 1, DATA);
	fba_program.ccw[2].flags = CCW_SLI;
	fba_run(FBA_OTHER, UNIT_CHECK, 0);
	fba_sense(FBA_OTHER, SENSE_EQUIPMENT_CHECK, 0x80);
	hypercall(HC_THEME, FBA_CALL_TRUNCATE, FBA_OTHER, FBA_DISK_BLOCKS);
	fba_read_blocks(FBA_OTHER, 1000, 1);
}

/* --- who has made the disk --- */

static void needs_kernel(void)
{
	if (!(guest_argument & FBA_ARG_KERNEL))
		skip("the VMM writes by itself");
}

/*
 * A WRITE fails if it goes beyond what the maker of the disk may write, and
 * changes no other block.
 */
static void cannot_write(unsigned int disk, u32 block, u16 nr)
{
	fba_fill(DATA, nr * FBA_BLOCK);
	disk_program(&fba_program, FBA_WRITE, block, nr, DATA);
	fba_run(disk, UNIT_CHECK, 0);
	fba_sense(disk, SENSE_EQUIPMENT_CHECK, 0x80);
}

static void setuid_cleared(void)
{
	needs_kernel();
	EXPECT_EQ(hypercall(HC_THEME, FBA_CALL_MODE, FBA_SETUID, 0) & 07777,
		  06777);
	fba_read_blocks(FBA_SETUID, 7, 1);
	EXPECT_EQ(hypercall(HC_THEME, FBA_CALL_MODE, FBA_SETUID, 0) & 07777,
		  06777);
	fba_write_blocks(FBA_SETUID, 7, 1);
	EXPECT_EQ(fba_differs(FBA_SETUID, 7, 1), 0);
	EXPECT_EQ(hypercall(HC_THEME, FBA_CALL_MODE, FBA_SETUID, 0) & 07777,
		  0777);
}

static void size_limit(void)
{
	needs_kernel();
	fba_write_blocks(FBA_LIMIT, FBA_LIMIT_BLOCKS - 2, 2);
	EXPECT_EQ(fba_differs(FBA_LIMIT, FBA_LIMIT_BLOCKS - 2, 2), 0);
	fba_host_fill(FBA_LIMIT, FBA_LIMIT_BLOCKS - 1, 2);
	cannot_write(FBA_LIMIT, FBA_LIMIT_BLOCKS, 1);
	cannot_write(FBA_LIMIT, FBA_LIMIT_BLOCKS - 1, 2);
	EXPECT_EQ(fba_differs(FBA_LIMIT, FBA_LIMIT_BLOCKS - 1, 2), 0);
	fba_read_blocks(FBA_LIMIT, FBA_LIMIT_BLOCKS - 1, 2);
	EXPECT_EQ(memcmp(DATA, SHARED, 2 * FBA_BLOCK), 0);
	fba_write_blocks(FBA_PLAIN, FBA_LIMIT_BLOCKS, 1);
	EXPECT_EQ(fba_differs(FBA_PLAIN, FBA_LIMIT_BLOCKS, 1), 0);
}

/*
 * The blocks that are left are reserved for root.  A worker with root's rights
 * would write them.
 */
static void reserved_blocks(void)
{
	const u32 most = FBA_FS_BLOCKS - FBA_FS_RESERVED;
	u32 block;

	needs_kernel();
	if (!(guest_argument & FBA_ARG_RESERVED))
		skip("no ext2 on this host");
	/*
	 * Metadata also take some blocks, so 200 blocks may fit or not; a WRITE
	 * has 100.
	 */
	for (block = 0; block + 200 <= most; block += 100) {
		fba_write_blocks(FBA_RESERVED, block, 100);
		EXPECT_EQ(fba_differs(FBA_RESERVED, block, 100), 0);
	}
	cannot_write(FBA_RESERVED, most, 120);
	/* Blocks that have been written before can be written again. */
	fba_write_blocks(FBA_RESERVED, 0, 100);
	EXPECT_EQ(fba_differs(FBA_RESERVED, 0, 100), 0);
}

/*
 * The page cache has the block, so vCPUs read it, but for reads that update the
 * access time of the file.  The file system has no fractions of seconds.  The
 * first READ after a WRITE updates it, and another one if it is in a later second
 * than both.
 */
static void read_after_write(void)
{
	u64 before, by_workers;
	u32 i;

	needs_kernel();
	if (!(guest_argument & FBA_ARG_RESERVED))
		skip("no ext2 on this host");
	fba_write_blocks(FBA_RESERVED, 0, 1);
	fba_read_blocks(FBA_RESERVED, 0, 1);
	before = hypercall(HC_THEME, FBA_CALL_DEFERRED, FBA_RESERVED, 0);
	for (i = 0; i < 20; i++)
		fba_read_blocks(FBA_RESERVED, 0, 1);
	by_workers = hypercall(HC_THEME, FBA_CALL_DEFERRED, FBA_RESERVED, 0) -
		     before;
	note("READs that workers executed, of:", by_workers, i);
	EXPECT(by_workers <= 1);
}

/* Direct I/O on a file system, with blocks that the file has already */
static void direct_ext4(void)
{
	u32 i;

	if (!(guest_argument & FBA_ARG_RESERVED))
		skip("no ext2 on this host");
	fba_write_blocks(FBA_RESERVED, 0, 100);
	for (i = 1; i < 100; i += 33) {
		fba_write_blocks(FBA_DIRECT_EXT4, 100 - i, i);
		EXPECT_EQ(fba_differs(FBA_DIRECT_EXT4, 100 - i, i), 0);
		memset(DATA, 0, i * FBA_BLOCK);
		fba_read_blocks(FBA_DIRECT_EXT4, 100 - i, i);
		EXPECT_EQ(memcmp(DATA, SHARED, i * FBA_BLOCK), 0);
	}
}

static const struct test tests[] = {
	{ "WRITE of a block is in the host's file", write_one },
	{ "READ of a block gives what the host's file has", read_one },
	{ "128 KiB in a data chain there and back", big },
	{ "WRITE without data: zeros", write_nothing },
	{ "READ IPL: block 0, and what it leads to", ipl },
	{ "two disks at the same time", two_disks },
	{ "a block device as backing", loop_device },
	{ "a block device with blocks of 4096 bytes", loop_device_4k },
	{ "a WRITE has been flushed when it ends", durable },
	{ "direct I/O on a block device", direct },
	{ "unknown command: command reject", unknown_command },
	{ "WRITE on a read-only disk: file protected", readonly },
	{ "the host's file can't be read: equipment check", host_error },
	{ "a WRITE clears set-user-ID and set-group-ID", setuid_cleared },
	{ "RLIMIT_FSIZE of who made the disk", size_limit },
	{ "blocks that a file system keeps for root", reserved_blocks },
	{ "a vCPU reads what has just been written", read_after_write },
	{ "direct I/O on a file system", direct_ext4 },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = {
	&group, &fba_chain_group, &fba_halt_group, NULL
};

void (*const test_reset)(void) = reset;
