// SPDX-License-Identifier: GPL-2.0
/* FBA DASD: commands, extents, data on the host's side, failures */
#include "fba_tests.h"

struct disk_program fba_program;
static u8 seed;

static void reset(void)
{
	unsigned int disk;

	for (disk = 0; disk < FBA_DISKS; disk++) {
		if ((disk == FBA_LOOP || disk == FBA_LOOP4K) &&
		    !(guest_argument & FBA_ARG_LOOP))
			continue;
		if (disk == FBA_FULL && !(guest_argument & FBA_ARG_FULL))
			continue;
		if (disk > FBA_FULL && !(guest_argument & FBA_ARG_KERNEL))
			continue;
		if (disk == FBA_RESERVED &&
		    !(guest_argument & FBA_ARG_RESERVED))
			continue;
		chan_disable(FBA_SID(disk));
		chan_enable(FBA_SID(disk), 3, 0);
	}
	io_mask(0xff);
}

void fba_fill(u8 *data, u32 len)
{
	u32 i;

	seed += 41;
	for (i = 0; i < len; i++)
		data[i] = seed ^ (i * 7 + (i >> 9));
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

/* --- what the disk is --- */

static void sense_id(void)
{
	static const u8 id[7] = { 0xff, 0x63, 0x10, 0x80, 0x93, 0x36, 0x10 };
	u8 found[7];

	fba_program.ccw[0] = CCW(FBA_SENSE_ID, 0, sizeof(found), found);
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(memcmp(found, id, sizeof(id)), 0);
}

static void characteristics(void)
{
	struct fba_chars chars;

	fba_program.ccw[0] = CCW(FBA_READ_CHARS, 0, 32, &chars);
	EXPECT_EQ(sizeof(chars), 32);
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(chars.class, 0x21);
	EXPECT_EQ(chars.block_size, FBA_BLOCK);
	EXPECT_EQ(chars.blocks_movable, FBA_DISK_BLOCKS);
	EXPECT_EQ(chars.blocks_fixed, 0);
}

static void no_operation(void)
{
	fba_program.ccw[0] = CCW(FBA_NOP, CCW_SLI, 1, 0);
	fba_run(FBA_PLAIN, DST_ENDED, 0);
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

static void neighbours(void)
{
	fba_host_fill(FBA_PLAIN, 20, 5);
	memcpy(DATA, SHARED, 5 * FBA_BLOCK);
	fba_fill(DATA + 2 * FBA_BLOCK, FBA_BLOCK);
	disk_program(&fba_program, FBA_WRITE, 22, 1, DATA + 2 * FBA_BLOCK);
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	memcpy(SHARED, DATA, 5 * FBA_BLOCK);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 20, 5), 0);
}

static void four_kib(void)
{
	fba_write_blocks(FBA_PLAIN, 64, 8);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 64, 8), 0);
	fba_read_blocks(FBA_PLAIN, 64, 8);
	EXPECT_EQ(memcmp(DATA, SHARED, 4096), 0);
}

/* More than any one CCW can count: 256 blocks in three of them */
static void big(void)
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
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 1000, 256), 0);
	memset(DATA, 0, 256 * FBA_BLOCK);
	disk_program(p, FBA_READ, 1000, 256, DATA);
	p->ccw[2] = CCW(CCW_TIC, 0, 0, data);
	data[0] = CCW(FBA_READ, CCW_CD, third, DATA);
	data[1].cda = (u32)(u64)DATA + third;
	data[2].cda = (u32)(u64)DATA + 2 * third;
	data[3].cda = (u32)(u64)DATA + 3 * third;
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(memcmp(DATA, SHARED, 256 * FBA_BLOCK), 0);
}

/* As a Linux guest does it: one DEFINE EXTENT, several LOCATEs */
static void several_locates(void)
{
	static struct fba_locate second;
	static struct ccw1 more[2] __aligned(8);

	fba_fill(SHARED, 4 * FBA_BLOCK);
	disk_program(&fba_program, FBA_WRITE, 300, 2, SHARED);
	fba_program.extent.last = 9;
	fba_program.ccw[2].flags = CCW_CC;
	fba_program.ccw[3] = CCW(CCW_TIC, 0, 0, more);
	second = fba_program.locate;
	second.first = 2;
	more[0] = CCW(FBA_LOCATE, CCW_CC, sizeof(second), &second);
	more[1] = CCW(FBA_WRITE, 0, 2 * FBA_BLOCK, SHARED + 2 * FBA_BLOCK);
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 300, 4), 0);
}

static void relative(void)
{
	fba_host_fill(FBA_PLAIN, 500, 10);
	disk_program(&fba_program, FBA_READ, 500, 10, DATA);
	/* Block 500 is number 100 in this extent. */
	fba_program.extent.first = 100;
	fba_program.extent.last = 109;
	fba_program.locate.first = 103;
	fba_program.locate.blocks = 2;
	fba_program.ccw[2].count = 2 * FBA_BLOCK;
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(memcmp(DATA, SHARED + 3 * FBA_BLOCK, 2 * FBA_BLOCK), 0);
}

static void last_block(void)
{
	fba_write_blocks(FBA_PLAIN, FBA_DISK_BLOCKS - 1, 1);
	EXPECT_EQ(fba_differs(FBA_PLAIN, FBA_DISK_BLOCKS - 1, 1), 0);
	fba_read_blocks(FBA_PLAIN, FBA_DISK_BLOCKS - 1, 1);
	EXPECT_EQ(memcmp(DATA, SHARED, FBA_BLOCK), 0);
}

static void verify_write(void)
{
	fba_fill(SHARED, FBA_BLOCK);
	disk_program(&fba_program, FBA_WRITE, 40, 1, SHARED);
	fba_program.locate.operation = FBA_OP_WRITE_VERIFY;
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 40, 1), 0);
}

static void short_read(void)
{
	fba_host_fill(FBA_PLAIN, 50, 2);
	memset(DATA, 0xee, 1024);
	disk_program(&fba_program, FBA_READ, 50, 2, DATA);
	fba_program.ccw[2].count = 700;
	fba_run(FBA_PLAIN, DST_ENDED, CST_INCORRECT_LENGTH);
	EXPECT_EQ(memcmp(DATA, SHARED, 700), 0);
	EXPECT_EQ(DATA[700], 0xee);
	fba_program.ccw[2].flags = CCW_SLI;
	fba_run(FBA_PLAIN, DST_ENDED, 0);
}

static void long_read(void)
{
	const struct irb *irb;

	disk_program(&fba_program, FBA_READ, 50, 2, DATA);
	fba_program.ccw[2].count = 1500;
	irb = fba_run(FBA_PLAIN, DST_ENDED, CST_INCORRECT_LENGTH);
	EXPECT_EQ(irb->scsw.count, 1500 - 1024);
}

static void short_write(void)
{
	fba_host_fill(FBA_PLAIN, 60, 3);
	fba_fill(SHARED, 3 * FBA_BLOCK);
	disk_program(&fba_program, FBA_WRITE, 60, 3, SHARED);
	fba_program.ccw[2].count = 700;
	fba_program.ccw[2].flags = CCW_SLI;
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	/* What the program did not give is zeros. */
	memset(SHARED + 700, 0, 3 * FBA_BLOCK - 700);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 60, 3), 0);
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

static void update_mask(void)
{
	fba_fill(SHARED, FBA_BLOCK);
	disk_program(&fba_program, FBA_WRITE, 41, 1, SHARED);
	fba_program.extent.mask = FBA_MASK_UPDATE;
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 41, 1), 0);
	fba_program.extent.mask = FBA_MASK_ALL;
	fba_run(FBA_PLAIN, DST_ENDED, 0);
}

/* --- what other systems send --- */

/* As a loader makes block 0: PSW, two CCWs, and what the second one leads to */
struct ipl_block {
	u64 psw;
	struct ccw1 ccw[2];
	u64 unused;
	struct ccw1 more[2];
	struct fba_locate locate;
	u8 rest[FBA_BLOCK - 56];
} __aligned(8);

/* Channel programs begin here, and the blocks to be loaded go there. */
#define IPL_FIRST	((struct ipl_block *)0x300000ul)
#define IPL_BLOCK	((struct ipl_block *)0x301000ul)
#define IPL_NR		5
#define IPL_FROM	33

/*
 * "Initial Program Loading": the machine's CCW reads 24 bytes, and the two CCWs
 * in them read the rest of block 0 and go on in it.
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

static void ipl_out_of_sequence(void)
{
	fba_program.ccw[0] = CCW(FBA_NOP, CCW_CC | CCW_SLI, 1, 0);
	fba_program.ccw[1] = CCW(FBA_READ_IPL, 0, FBA_BLOCK, DATA);
	fba_run(FBA_PLAIN, DST_UNIT_CHECK, 0);
	fba_sense(FBA_PLAIN, SENSE_COMMAND_REJECT, 0);
}

static void reserve_one(u8 command)
{
	u8 bytes[FBA_SENSE_SIZE], zeros[FBA_SENSE_SIZE] = { 0 };

	fba_program.ccw[0] = CCW(0x55, CCW_SLI, 1, DATA);
	fba_run(FBA_PLAIN, DST_UNIT_CHECK, 0);
	fba_program.ccw[0] = CCW(command, 0, sizeof(bytes), bytes);
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(bytes[0], SENSE_COMMAND_REJECT);
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(memcmp(bytes, zeros, sizeof(bytes)), 0);
}

static void reserve(void)
{
	reserve_one(FBA_RESERVE);
	fba_write_blocks(FBA_PLAIN, 7, 1);
	reserve_one(FBA_RELEASE);
	reserve_one(FBA_UNCOND_RESERVE);
	fba_write_blocks(FBA_PLAIN, 7, 1);
	reserve_one(FBA_RELEASE);
}

static void reserve_behind_extent(void)
{
	disk_program(&fba_program, FBA_READ, 0, 1, DATA);
	fba_program.ccw[1] = CCW(FBA_RESERVE, 0, FBA_SENSE_SIZE, DATA);
	fba_run(FBA_PLAIN, DST_UNIT_CHECK, 0);
	fba_sense(FBA_PLAIN, SENSE_COMMAND_REJECT, 0);
}

static void buffered_log(void)
{
	u8 bytes[FBA_SENSE_SIZE], zeros[FBA_SENSE_SIZE] = { 0 };

	memset(bytes, 0xff, sizeof(bytes));
	fba_program.ccw[0] = CCW(FBA_READ_LOG, 0, sizeof(bytes), bytes);
	fba_run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(memcmp(bytes, zeros, sizeof(bytes)), 0);
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

static void separate(void)
{
	fba_host_fill(FBA_OTHER, 5, 1);
	fba_write_blocks(FBA_PLAIN, 5, 1);
	fba_read_blocks(FBA_OTHER, 5, 1);
	EXPECT(memcmp(DATA, SHARED, FBA_BLOCK));
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

/* The device has blocks of 512 bytes, whatever is behind it. */
static void loop_device_4k(void)
{
	u32 i;

	if (!(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device on this host");
	for (i = 0; i < 16; i++) {
		fba_write_blocks(FBA_LOOP4K, 200 + 3 * i, 3);
		EXPECT_EQ(fba_differs(FBA_LOOP4K, 200 + 3 * i, 3), 0);
	}
	/* What was written before is still there, on both sides. */
	fba_read_blocks(FBA_LOOP4K, 245, 3);
	EXPECT_EQ(memcmp(DATA, SHARED, 3 * FBA_BLOCK), 0);
	fba_write_blocks(FBA_LOOP4K, 244, 1);
	fba_read_blocks(FBA_LOOP4K, 244, 1);
	EXPECT_EQ(memcmp(DATA, SHARED, FBA_BLOCK), 0);
	EXPECT_EQ(fba_differs(FBA_LOOP4K, 244, 1), 0);
}

static void durable(void)
{
	u64 before, i;

	if (!(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device on this host");
	for (i = 0; i < 4; i++) {
		before = hypercall(HC_THEME, FBA_CALL_FLUSHES, 0, 0);
		fba_write_blocks(FBA_LOOP, 10 + i, 1);
		EXPECT(hypercall(HC_THEME, FBA_CALL_FLUSHES, 0, 0) > before);
	}
}

/* --- refusals --- */

static void refused(unsigned int disk, u8 dstat, u8 sense1)
{
	fba_run(disk, dstat, 0);
	fba_sense(disk, SENSE_COMMAND_REJECT, sense1);
}

static void unknown_command(void)
{
	fba_program.ccw[0] = CCW(0x55, CCW_SLI, 1, DATA);
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
}

static void read_without_locate(void)
{
	disk_program(&fba_program, FBA_READ, 0, 1, DATA);
	fba_program.ccw[1] = fba_program.ccw[2];
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
	fba_program.ccw[0] = fba_program.ccw[2];
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
}

static void locate_without_extent(void)
{
	disk_program(&fba_program, FBA_READ, 0, 1, DATA);
	fba_program.ccw[0] = fba_program.ccw[1];
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
}

static void extent_twice(void)
{
	disk_program(&fba_program, FBA_READ, 0, 1, DATA);
	fba_program.ccw[1] = fba_program.ccw[0];
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
}

static void other_direction(void)
{
	fba_host_fill(FBA_PLAIN, 70, 1);
	disk_program(&fba_program, FBA_WRITE, 70, 1, DATA);
	fba_program.locate.operation = FBA_OP_READ;
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 70, 1), 0);
}

static void extent_beyond_disk(void)
{
	disk_program(&fba_program, FBA_READ, FBA_DISK_BLOCKS - 1, 2, DATA);
	refused(FBA_PLAIN, UNIT_CHECK, 0);
	disk_program(&fba_program, FBA_READ, 0xffffffff, 2, DATA);
	refused(FBA_PLAIN, UNIT_CHECK, 0);
	disk_program(&fba_program, FBA_READ, 0, 1, DATA);
	fba_program.extent.first = 5;
	fba_program.extent.last = 4;
	refused(FBA_PLAIN, UNIT_CHECK, 0);
}

static void locate_outside_extent(void)
{
	disk_program(&fba_program, FBA_READ, 80, 4, DATA);
	fba_program.locate.first = 4;
	fba_program.locate.blocks = 1;
	refused(FBA_PLAIN, UNIT_CHECK, FBA_SENSE1_FILE_PROTECTED);
	fba_program.locate.first = 3;
	fba_program.locate.blocks = 2;
	refused(FBA_PLAIN, UNIT_CHECK, FBA_SENSE1_FILE_PROTECTED);
	fba_program.locate.first = 0xffffffff;
	refused(FBA_PLAIN, UNIT_CHECK, FBA_SENSE1_FILE_PROTECTED);
}

static void short_parameters(void)
{
	disk_program(&fba_program, FBA_READ, 0, 1, DATA);
	fba_program.ccw[0].count = 15;
	fba_program.ccw[0].flags |= CCW_SLI;
	refused(FBA_PLAIN, UNIT_CHECK, 0);
	disk_program(&fba_program, FBA_READ, 0, 1, DATA);
	fba_program.ccw[1].count = 7;
	fba_program.ccw[1].flags |= CCW_SLI;
	refused(FBA_PLAIN, UNIT_CHECK, 0);
}

static void write_inhibited(void)
{
	fba_host_fill(FBA_PLAIN, 90, 1);
	disk_program(&fba_program, FBA_WRITE, 90, 1, DATA);
	fba_program.extent.mask = FBA_MASK_NO_WRITE;
	refused(FBA_PLAIN, UNIT_CHECK, FBA_SENSE1_FILE_PROTECTED);
	EXPECT_EQ(fba_differs(FBA_PLAIN, 90, 1), 0);
}

static void readonly(void)
{
	fba_host_fill(FBA_READONLY, 90, 1);
	disk_program(&fba_program, FBA_WRITE, 90, 1, DATA);
	refused(FBA_READONLY, UNIT_CHECK, FBA_SENSE1_FILE_PROTECTED);
	EXPECT_EQ(fba_differs(FBA_READONLY, 90, 1), 0);
	fba_read_blocks(FBA_READONLY, 90, 1);
	EXPECT_EQ(memcmp(DATA, SHARED, FBA_BLOCK), 0);
}

static void host_error(void)
{
	/* The host cuts the file; what is behind can't be read any more. */
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

/* A WRITE fails that goes beyond what he may, and harms nobody else. */
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

/* What is left is root's: with a worker's rights it would be written. */
static void reserved_blocks(void)
{
	const u32 most = FBA_FS_BLOCKS - FBA_FS_RESERVED;
	u32 block;

	needs_kernel();
	if (!(guest_argument & FBA_ARG_RESERVED))
		skip("no ext2 on this host");
	/* Metadata take some, too; 200 is more than a WRITE. */
	for (block = 0; block + 200 <= most; block += 100) {
		fba_write_blocks(FBA_RESERVED, block, 100);
		EXPECT_EQ(fba_differs(FBA_RESERVED, block, 100), 0);
	}
	cannot_write(FBA_RESERVED, most, 120);
	/* What has been written before still can be. */
	fba_write_blocks(FBA_RESERVED, 0, 100);
	EXPECT_EQ(fba_differs(FBA_RESERVED, 0, 100), 0);
}

static const struct test tests[] = {
	{ "SENSE ID: 6310/9336", sense_id },
	{ "READ DEVICE CHARACTERISTICS: class, block size, blocks",
	  characteristics },
	{ "NO-OPERATION", no_operation },
	{ "WRITE of a block is in the host's file", write_one },
	{ "READ of a block gives what the host's file has", read_one },
	{ "WRITE leaves the blocks around it", neighbours },
	{ "4 KiB there and back", four_kib },
	{ "128 KiB in a data chain there and back", big },
	{ "two LOCATEs in one extent", several_locates },
	{ "LOCATE is relative to the extent", relative },
	{ "the last block", last_block },
	{ "WRITE AND VERIFY", verify_write },
	{ "READ of less than located: incorrect length", short_read },
	{ "READ of more than located: incorrect length, residual",
	  long_read },
	{ "WRITE of less than located: zeros", short_write },
	{ "WRITE without data: zeros", write_nothing },
	{ "extent that allows update writes", update_mask },
	{ "READ IPL: block 0, and what it leads to", ipl },
	{ "READ IPL not first: command reject", ipl_out_of_sequence },
	{ "DEVICE RESERVE, RELEASE, UNCONDITIONAL RESERVE give sense",
	  reserve },
	{ "DEVICE RESERVE behind DEFINE EXTENT: command reject",
	  reserve_behind_extent },
	{ "READ AND RESET BUFFERED LOG: nothing", buffered_log },
	{ "two disks at the same time", two_disks },
	{ "disks are separate", separate },
	{ "a block device as backing", loop_device },
	{ "a block device with blocks of 4096 bytes", loop_device_4k },
	{ "a WRITE has been flushed when it ends", durable },
	{ "unknown command: command reject", unknown_command },
	{ "READ not behind LOCATE: command reject", read_without_locate },
	{ "LOCATE without DEFINE EXTENT: command reject",
	  locate_without_extent },
	{ "DEFINE EXTENT twice: command reject", extent_twice },
	{ "WRITE where READ was located: command reject, nothing written",
	  other_direction },
	{ "extent beyond the disk: command reject", extent_beyond_disk },
	{ "LOCATE outside the extent: file protected",
	  locate_outside_extent },
	{ "parameters too short: command reject", short_parameters },
	{ "WRITE in an extent without write access: file protected",
	  write_inhibited },
	{ "WRITE on a read-only disk: file protected", readonly },
	{ "the host's file can't be read: equipment check", host_error },
	{ "a WRITE clears set-user-ID and set-group-ID", setuid_cleared },
	{ "RLIMIT_FSIZE of who made the disk", size_limit },
	{ "blocks that a file system keeps for root", reserved_blocks },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = {
	&group, &fba_halt_group, NULL
};

void (*const test_reset)(void) = reset;
