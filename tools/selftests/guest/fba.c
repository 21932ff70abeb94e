// SPDX-License-Identifier: GPL-2.0
/* FBA DASD: commands, extents, data on the host's side, failures */
#include "disk.h"
#include "fba.h"

#define SHARED			((u8 *)FBA_SHARED)
#define DATA			((u8 *)0x200000ul)
#define UNIT_CHECK		(DST_ENDED | DST_UNIT_CHECK)

static struct disk_program program;
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
		chan_disable(FBA_SID(disk));
		chan_enable(FBA_SID(disk), 3, 0);
	}
	io_mask(0xff);
}

static void fill(u8 *data, u32 len)
{
	u32 i;

	seed += 41;
	for (i = 0; i < len; i++)
		data[i] = seed ^ (i * 7 + (i >> 9));
}

/* How many bytes of the host's file differ from SHARED? */
static u64 differs(unsigned int disk, u32 block, u16 nr)
{
	return hypercall(HC_THEME, FBA_CALL_COMPARE, disk,
			 FBA_CALL_RANGE(block, nr));
}

static void host_fill(unsigned int disk, u32 block, u16 nr)
{
	fill(SHARED, nr * FBA_BLOCK);
	hypercall(HC_THEME, FBA_CALL_FILL, disk, FBA_CALL_RANGE(block, nr));
}

static const struct irb *run(unsigned int disk, u8 dstat, u8 cstat)
{
	static struct irb irb __aligned(4);

	chan_run(FBA_SID(disk), program.ccw, &irb);
	EXPECT_EQ(irb.scsw.cstat, cstat);
	EXPECT_EQ(irb.scsw.dstat, dstat);
	return &irb;
}

static void sense(unsigned int disk, u8 sense0, u8 sense1)
{
	u8 bytes[FBA_SENSE_SIZE];
	struct ccw1 ccw __aligned(8) = CCW(FBA_SENSE, 0, sizeof(bytes), bytes);

	chan_ok(FBA_SID(disk), &ccw);
	EXPECT_EQ(bytes[0], sense0);
	EXPECT_EQ(bytes[1], sense1);
}

static void write_blocks(unsigned int disk, u32 block, u16 nr)
{
	fill(SHARED, nr * FBA_BLOCK);
	disk_program(&program, FBA_WRITE, block, nr, SHARED);
	run(disk, DST_ENDED, 0);
}

static void read_blocks(unsigned int disk, u32 block, u16 nr)
{
	memset(DATA, 0, nr * FBA_BLOCK);
	disk_program(&program, FBA_READ, block, nr, DATA);
	run(disk, DST_ENDED, 0);
}

/* --- what the disk is --- */

static void sense_id(void)
{
	static const u8 id[7] = { 0xff, 0x63, 0x10, 0x80, 0x93, 0x36, 0x10 };
	u8 found[7];

	program.ccw[0] = CCW(FBA_SENSE_ID, 0, sizeof(found), found);
	run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(memcmp(found, id, sizeof(id)), 0);
}

static void characteristics(void)
{
	struct fba_chars chars;

	program.ccw[0] = CCW(FBA_READ_CHARS, 0, 32, &chars);
	EXPECT_EQ(sizeof(chars), 32);
	run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(chars.class, 0x21);
	EXPECT_EQ(chars.block_size, FBA_BLOCK);
	EXPECT_EQ(chars.blocks_movable, FBA_DISK_BLOCKS);
	EXPECT_EQ(chars.blocks_fixed, 0);
}

static void no_operation(void)
{
	program.ccw[0] = CCW(FBA_NOP, CCW_SLI, 1, 0);
	run(FBA_PLAIN, DST_ENDED, 0);
}

/* --- data --- */

static void write_one(void)
{
	write_blocks(FBA_PLAIN, 7, 1);
	EXPECT_EQ(differs(FBA_PLAIN, 7, 1), 0);
}

static void read_one(void)
{
	host_fill(FBA_PLAIN, 9, 1);
	read_blocks(FBA_PLAIN, 9, 1);
	EXPECT_EQ(memcmp(DATA, SHARED, FBA_BLOCK), 0);
}

static void neighbours(void)
{
	host_fill(FBA_PLAIN, 20, 5);
	memcpy(DATA, SHARED, 5 * FBA_BLOCK);
	fill(DATA + 2 * FBA_BLOCK, FBA_BLOCK);
	disk_program(&program, FBA_WRITE, 22, 1, DATA + 2 * FBA_BLOCK);
	run(FBA_PLAIN, DST_ENDED, 0);
	memcpy(SHARED, DATA, 5 * FBA_BLOCK);
	EXPECT_EQ(differs(FBA_PLAIN, 20, 5), 0);
}

static void four_kib(void)
{
	write_blocks(FBA_PLAIN, 64, 8);
	EXPECT_EQ(differs(FBA_PLAIN, 64, 8), 0);
	read_blocks(FBA_PLAIN, 64, 8);
	EXPECT_EQ(memcmp(DATA, SHARED, 4096), 0);
}

/* More than any one CCW can count: 256 blocks in three of them */
static void big(void)
{
	struct disk_program *p = &program;
	u32 third = 43008;

	fill(SHARED, 256 * FBA_BLOCK);
	disk_program(p, FBA_WRITE, 1000, 256, SHARED);
	p->ccw[2] = CCW(CCW_TIC, 0, 0, 0);
	static struct ccw1 data[4] __aligned(8);

	p->ccw[2].cda = (u32)(u64)data;
	data[0] = CCW(FBA_WRITE, CCW_CD, third, SHARED);
	data[1] = CCW(0, CCW_CD, third, SHARED + third);
	data[2] = CCW(0, CCW_CD, third, SHARED + 2 * third);
	data[3] = CCW(0, 0, 256 * FBA_BLOCK - 3 * third, SHARED + 3 * third);
	run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(differs(FBA_PLAIN, 1000, 256), 0);
	memset(DATA, 0, 256 * FBA_BLOCK);
	disk_program(p, FBA_READ, 1000, 256, DATA);
	p->ccw[2] = CCW(CCW_TIC, 0, 0, data);
	data[0] = CCW(FBA_READ, CCW_CD, third, DATA);
	data[1].cda = (u32)(u64)DATA + third;
	data[2].cda = (u32)(u64)DATA + 2 * third;
	data[3].cda = (u32)(u64)DATA + 3 * third;
	run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(memcmp(DATA, SHARED, 256 * FBA_BLOCK), 0);
}

/* As a Linux guest does it: one DEFINE EXTENT, several LOCATEs */
static void several_locates(void)
{
	static struct fba_locate second;
	static struct ccw1 more[2] __aligned(8);

	fill(SHARED, 4 * FBA_BLOCK);
	disk_program(&program, FBA_WRITE, 300, 2, SHARED);
	program.extent.last = 9;
	program.ccw[2].flags = CCW_CC;
	program.ccw[3] = CCW(CCW_TIC, 0, 0, more);
	second = program.locate;
	second.first = 2;
	more[0] = CCW(FBA_LOCATE, CCW_CC, sizeof(second), &second);
	more[1] = CCW(FBA_WRITE, 0, 2 * FBA_BLOCK, SHARED + 2 * FBA_BLOCK);
	run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(differs(FBA_PLAIN, 300, 4), 0);
}

static void relative(void)
{
	host_fill(FBA_PLAIN, 500, 10);
	disk_program(&program, FBA_READ, 500, 10, DATA);
	/* Block 500 is number 100 in this extent. */
	program.extent.first = 100;
	program.extent.last = 109;
	program.locate.first = 103;
	program.locate.blocks = 2;
	program.ccw[2].count = 2 * FBA_BLOCK;
	run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(memcmp(DATA, SHARED + 3 * FBA_BLOCK, 2 * FBA_BLOCK), 0);
}

static void last_block(void)
{
	write_blocks(FBA_PLAIN, FBA_DISK_BLOCKS - 1, 1);
	EXPECT_EQ(differs(FBA_PLAIN, FBA_DISK_BLOCKS - 1, 1), 0);
	read_blocks(FBA_PLAIN, FBA_DISK_BLOCKS - 1, 1);
	EXPECT_EQ(memcmp(DATA, SHARED, FBA_BLOCK), 0);
}

static void verify_write(void)
{
	fill(SHARED, FBA_BLOCK);
	disk_program(&program, FBA_WRITE, 40, 1, SHARED);
	program.locate.operation = FBA_OP_WRITE_VERIFY;
	run(FBA_PLAIN, DST_ENDED, 0);
	EXPECT_EQ(differs(FBA_PLAIN, 40, 1), 0);
}

static void short_read(void)
{
	host_fill(FBA_PLAIN, 50, 2);
	memset(DATA, 0xee, 1024);
	disk_program(&program, FBA_READ, 50, 2, DATA);
	program.ccw[2].count = 700;
	run(FBA_PLAIN, DST_ENDED, CST_INCORRECT_LENGTH);
	EXPECT_EQ(memcmp(DATA, SHARED, 700), 0);
	EXPECT_EQ(DATA[700], 0xee);
	program.ccw[2].flags = CCW_SLI;
	run(FBA_PLAIN, DST_ENDED, 0);
}

static void long_read(void)
{
	const struct irb *irb;

	disk_program(&program, FBA_READ, 50, 2, DATA);
	program.ccw[2].count = 1500;
	irb = run(FBA_PLAIN, DST_ENDED, CST_INCORRECT_LENGTH);
	EXPECT_EQ(irb->scsw.count, 1500 - 1024);
}

static void short_write(void)
{
	host_fill(FBA_PLAIN, 60, 3);
	fill(SHARED, 3 * FBA_BLOCK);
	disk_program(&program, FBA_WRITE, 60, 3, SHARED);
	program.ccw[2].count = 700;
	program.ccw[2].flags = CCW_SLI;
	run(FBA_PLAIN, DST_ENDED, 0);
	/* What the program did not give is zeros. */
	memset(SHARED + 700, 0, 3 * FBA_BLOCK - 700);
	EXPECT_EQ(differs(FBA_PLAIN, 60, 3), 0);
}

static void write_nothing(void)
{
	host_fill(FBA_PLAIN, 600, 300);
	disk_program(&program, FBA_WRITE, 600, 300, NULL);
	program.ccw[2] = CCW(FBA_WRITE, CCW_SLI, 0, 0);
	run(FBA_PLAIN, DST_ENDED, 0);
	memset(SHARED, 0, 300 * FBA_BLOCK);
	EXPECT_EQ(differs(FBA_PLAIN, 600, 300), 0);
}

/* --- several disks --- */

static void two_disks(void)
{
	static struct disk_program second;
	struct io_int io;
	struct irb irb __aligned(4);
	unsigned int ended = 0, i;

	fill(SHARED, 128 * FBA_BLOCK);
	memcpy(DATA, SHARED, 128 * FBA_BLOCK);
	disk_program(&program, FBA_WRITE, 2000, 100, SHARED);
	disk_program(&second, FBA_WRITE, 2000, 100, DATA);
	chan_start(FBA_SID(FBA_PLAIN), program.ccw);
	chan_start(FBA_SID(FBA_OTHER), second.ccw);
	for (i = 0; i < 2; i++) {
		EXPECT(io_wait(&io, 20000));
		EXPECT_EQ(tsch(io.sid, &irb), CC_DONE);
		EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
		ended |= 1 << (io.sid - FBA_SID(0));
	}
	EXPECT_EQ(ended, 1 << FBA_PLAIN | 1 << FBA_OTHER);
	EXPECT_EQ(differs(FBA_PLAIN, 2000, 100), 0);
	EXPECT_EQ(differs(FBA_OTHER, 2000, 100), 0);
}

static void separate(void)
{
	host_fill(FBA_OTHER, 5, 1);
	write_blocks(FBA_PLAIN, 5, 1);
	read_blocks(FBA_OTHER, 5, 1);
	EXPECT(memcmp(DATA, SHARED, FBA_BLOCK));
}

static void loop_device(void)
{
	if (!(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device on this host");
	write_blocks(FBA_LOOP, 100, 24);
	EXPECT_EQ(differs(FBA_LOOP, 100, 24), 0);
	read_blocks(FBA_LOOP, 100, 24);
	EXPECT_EQ(memcmp(DATA, SHARED, 24 * FBA_BLOCK), 0);
}

/* The device has blocks of 512 bytes, whatever is behind it. */
static void loop_device_4k(void)
{
	u32 i;

	if (!(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device on this host");
	for (i = 0; i < 16; i++) {
		write_blocks(FBA_LOOP4K, 200 + 3 * i, 3);
		EXPECT_EQ(differs(FBA_LOOP4K, 200 + 3 * i, 3), 0);
	}
	/* What was written before is still there, on both sides. */
	read_blocks(FBA_LOOP4K, 245, 3);
	EXPECT_EQ(memcmp(DATA, SHARED, 3 * FBA_BLOCK), 0);
	write_blocks(FBA_LOOP4K, 244, 1);
	read_blocks(FBA_LOOP4K, 244, 1);
	EXPECT_EQ(memcmp(DATA, SHARED, FBA_BLOCK), 0);
	EXPECT_EQ(differs(FBA_LOOP4K, 244, 1), 0);
}

static void durable(void)
{
	u64 before, i;

	if (!(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device on this host");
	for (i = 0; i < 4; i++) {
		before = hypercall(HC_THEME, FBA_CALL_FLUSHES, 0, 0);
		write_blocks(FBA_LOOP, 10 + i, 1);
		EXPECT(hypercall(HC_THEME, FBA_CALL_FLUSHES, 0, 0) > before);
	}
}

/* --- refusals --- */

static void refused(unsigned int disk, u8 dstat, u8 sense1)
{
	run(disk, dstat, 0);
	sense(disk, SENSE_COMMAND_REJECT, sense1);
}

static void unknown_command(void)
{
	program.ccw[0] = CCW(0x55, CCW_SLI, 1, DATA);
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
}

static void read_without_locate(void)
{
	disk_program(&program, FBA_READ, 0, 1, DATA);
	program.ccw[1] = program.ccw[2];
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
	program.ccw[0] = program.ccw[2];
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
}

static void locate_without_extent(void)
{
	disk_program(&program, FBA_READ, 0, 1, DATA);
	program.ccw[0] = program.ccw[1];
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
}

static void extent_twice(void)
{
	disk_program(&program, FBA_READ, 0, 1, DATA);
	program.ccw[1] = program.ccw[0];
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
}

static void other_direction(void)
{
	host_fill(FBA_PLAIN, 70, 1);
	disk_program(&program, FBA_WRITE, 70, 1, DATA);
	program.locate.operation = FBA_OP_READ;
	refused(FBA_PLAIN, DST_UNIT_CHECK, 0);
	EXPECT_EQ(differs(FBA_PLAIN, 70, 1), 0);
}

static void extent_beyond_disk(void)
{
	disk_program(&program, FBA_READ, FBA_DISK_BLOCKS - 1, 2, DATA);
	refused(FBA_PLAIN, UNIT_CHECK, 0);
	disk_program(&program, FBA_READ, 0xffffffff, 2, DATA);
	refused(FBA_PLAIN, UNIT_CHECK, 0);
	disk_program(&program, FBA_READ, 0, 1, DATA);
	program.extent.first = 5;
	program.extent.last = 4;
	refused(FBA_PLAIN, UNIT_CHECK, 0);
}

static void locate_outside_extent(void)
{
	disk_program(&program, FBA_READ, 80, 4, DATA);
	program.locate.first = 4;
	program.locate.blocks = 1;
	refused(FBA_PLAIN, UNIT_CHECK, FBA_SENSE1_FILE_PROTECTED);
	program.locate.first = 3;
	program.locate.blocks = 2;
	refused(FBA_PLAIN, UNIT_CHECK, FBA_SENSE1_FILE_PROTECTED);
	program.locate.first = 0xffffffff;
	refused(FBA_PLAIN, UNIT_CHECK, FBA_SENSE1_FILE_PROTECTED);
}

static void short_parameters(void)
{
	disk_program(&program, FBA_READ, 0, 1, DATA);
	program.ccw[0].count = 15;
	program.ccw[0].flags |= CCW_SLI;
	refused(FBA_PLAIN, UNIT_CHECK, 0);
	disk_program(&program, FBA_READ, 0, 1, DATA);
	program.ccw[1].count = 7;
	program.ccw[1].flags |= CCW_SLI;
	refused(FBA_PLAIN, UNIT_CHECK, 0);
}

static void write_inhibited(void)
{
	host_fill(FBA_PLAIN, 90, 1);
	disk_program(&program, FBA_WRITE, 90, 1, DATA);
	program.extent.mask = FBA_MASK_NO_WRITE;
	refused(FBA_PLAIN, UNIT_CHECK, FBA_SENSE1_FILE_PROTECTED);
	EXPECT_EQ(differs(FBA_PLAIN, 90, 1), 0);
}

static void readonly(void)
{
	host_fill(FBA_READONLY, 90, 1);
	disk_program(&program, FBA_WRITE, 90, 1, DATA);
	refused(FBA_READONLY, UNIT_CHECK, FBA_SENSE1_FILE_PROTECTED);
	EXPECT_EQ(differs(FBA_READONLY, 90, 1), 0);
	read_blocks(FBA_READONLY, 90, 1);
	EXPECT_EQ(memcmp(DATA, SHARED, FBA_BLOCK), 0);
}

static void host_error(void)
{
	/* The host cuts the file; what is behind can't be read any more. */
	hypercall(HC_THEME, FBA_CALL_TRUNCATE, FBA_OTHER, 1000);
	disk_program(&program, FBA_READ, 1000, 1, DATA);
	program.ccw[2].flags = CCW_SLI;
	run(FBA_OTHER, UNIT_CHECK, 0);
	sense(FBA_OTHER, SENSE_EQUIPMENT_CHECK, 0x80);
	hypercall(HC_THEME, FBA_CALL_TRUNCATE, FBA_OTHER, FBA_DISK_BLOCKS);
	read_blocks(FBA_OTHER, 1000, 1);
}

/* --- HALT SUBCHANNEL --- */

#define HALT_BLOCKS		1024u
#define HALT_LEN		(HALT_BLOCKS * FBA_BLOCK)
#define HALT_PIECE		0xc000u
#define HALT_PIECES		((HALT_LEN + HALT_PIECE - 1) / HALT_PIECE)
#define HALT_ROUNDS		32

static struct ccw1 pieces[HALT_PIECES] __aligned(8);

/* A WRITE of DATA whose data chain is long enough to be met in the middle */
static void halt_program(void)
{
	u32 at, i;

	disk_program(&program, FBA_WRITE, 0, HALT_BLOCKS, DATA);
	program.ccw[2] = CCW(CCW_TIC, 0, 0, pieces);
	for (i = 0, at = 0; at < HALT_LEN; i++, at += HALT_PIECE)
		pieces[i] = CCW(FBA_WRITE, CCW_CD, HALT_PIECE, DATA + at);
	pieces[i - 1].count = HALT_LEN - (at - HALT_PIECE);
	pieces[i - 1].flags = 0;
}

/* How much of its data the device has taken, by CCW address and count */
static u32 taken(const struct irb *irb)
{
	u32 first = (u32)(u64)pieces, nr;

	if (irb->scsw.cpa <= first ||
	    irb->scsw.cpa > first + sizeof(pieces))
		return 0;
	nr = (irb->scsw.cpa - first) / sizeof(pieces[0]) - 1;
	return nr * HALT_PIECE + pieces[nr].count - irb->scsw.count;
}

/* All that was taken is there, to the end of its block, and nothing else is. */
static void halted_data(unsigned int disk, u32 len)
{
	u32 end = (len + FBA_BLOCK - 1) / FBA_BLOCK * FBA_BLOCK;

	memcpy(SHARED, DATA, len);
	memset(SHARED + len, 0, end - len);
	EXPECT_EQ(differs(disk, 0, HALT_BLOCKS), 0);
}

/* Return: how many bytes were taken; 0 also when it failed */
static u32 halt_after(unsigned int disk, u64 ticks, u8 dstat)
{
	const u64 flushes = hypercall(HC_THEME, FBA_CALL_FLUSHES, 0, 0);
	struct irb irb __aligned(4);
	u64 begin;
	u32 len;
	int cc;

	chan_start(FBA_SID(disk), program.ccw);
	for (begin = tod(); tod() - begin < ticks;)
		;
	cc = hsch(FBA_SID(disk));
	EXPECT(cc == CC_DONE || cc == CC_STATUS_PENDING);
	chan_until_pending(FBA_SID(disk));
	EXPECT_EQ(tsch(FBA_SID(disk), &irb), CC_DONE);
	if (cc == CC_DONE)
		EXPECT_EQ(irb.scsw.ctrl & SCSW_FC, SCSW_FC_START | SCSW_FC_HALT);
	if (irb.scsw.dstat & DST_UNIT_CHECK) {
		EXPECT_EQ(irb.scsw.dstat, dstat);
		sense(disk, SENSE_EQUIPMENT_CHECK, 0x80);
		return 0;
	}
	EXPECT_EQ(irb.scsw.cstat, 0);
	/* Not begun: status pending alone */
	EXPECT(irb.scsw.dstat == DST_ENDED || !irb.scsw.dstat);
	len = taken(&irb);
	if (!irb.scsw.dstat)
		EXPECT_EQ(len, 0);
	halted_data(disk, len);
	if (disk == FBA_LOOP && len)
		EXPECT(hypercall(HC_THEME, FBA_CALL_FLUSHES, 0, 0) > flushes);
	return len;
}

/* At any moment of a WRITE */
static void halt_writes(unsigned int disk, u8 dstat)
{
	u64 ticks = 0, i;
	u32 middle = 0, len;

	if (!(guest_argument & FBA_ARG_KERNEL))
		skip("no HALT SUBCHANNEL in this VMM");
	for (i = 0; i < HALT_ROUNDS; i++) {
		if (disk == FBA_FULL) {
			hypercall(HC_THEME, FBA_CALL_EMPTY, disk, 0);
			memset(SHARED, 0, HALT_LEN);
		} else {
			host_fill(disk, 0, HALT_BLOCKS);
		}
		fill(DATA, HALT_LEN);
		halt_program();
		/* How long it takes when it isn't halted */
		if (i < 2) {
			struct irb irb __aligned(4);
			u64 begin = tod();

			chan_run(FBA_SID(disk), program.ccw, &irb);
			ticks = tod() - begin;
			EXPECT_EQ(irb.scsw.dstat, dstat);
			if (dstat & DST_UNIT_CHECK)
				sense(disk, SENSE_EQUIPMENT_CHECK, 0x80);
			continue;
		}
		len = halt_after(disk, ticks * i / HALT_ROUNDS, dstat);
		middle += len && len < HALT_LEN;
	}
	note("WRITEs, of which were halted in the middle", HALT_ROUNDS - 2,
	     middle);
	chan_quiet();
}

static void halt_write(void)
{
	halt_writes(FBA_PLAIN, DST_ENDED);
}

static void halt_write_flushed(void)
{
	if (!(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device on this host");
	halt_writes(FBA_LOOP, DST_ENDED);
}

/* The halt must not make a WRITE look as if it had been written. */
static void halt_write_full(void)
{
	if (!(guest_argument & FBA_ARG_FULL))
		skip("no file system that is full on this host");
	halt_writes(FBA_FULL, UNIT_CHECK);
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
	fill(DATA, nr * FBA_BLOCK);
	disk_program(&program, FBA_WRITE, block, nr, DATA);
	run(disk, UNIT_CHECK, 0);
	sense(disk, SENSE_EQUIPMENT_CHECK, 0x80);
}

static void setuid_cleared(void)
{
	needs_kernel();
	EXPECT_EQ(hypercall(HC_THEME, FBA_CALL_MODE, FBA_SETUID, 0) & 07777,
		  06777);
	read_blocks(FBA_SETUID, 7, 1);
	EXPECT_EQ(hypercall(HC_THEME, FBA_CALL_MODE, FBA_SETUID, 0) & 07777,
		  06777);
	write_blocks(FBA_SETUID, 7, 1);
	EXPECT_EQ(differs(FBA_SETUID, 7, 1), 0);
	EXPECT_EQ(hypercall(HC_THEME, FBA_CALL_MODE, FBA_SETUID, 0) & 07777,
		  0777);
}

static void size_limit(void)
{
	needs_kernel();
	write_blocks(FBA_LIMIT, FBA_LIMIT_BLOCKS - 2, 2);
	EXPECT_EQ(differs(FBA_LIMIT, FBA_LIMIT_BLOCKS - 2, 2), 0);
	host_fill(FBA_LIMIT, FBA_LIMIT_BLOCKS - 1, 2);
	cannot_write(FBA_LIMIT, FBA_LIMIT_BLOCKS, 1);
	cannot_write(FBA_LIMIT, FBA_LIMIT_BLOCKS - 1, 2);
	EXPECT_EQ(differs(FBA_LIMIT, FBA_LIMIT_BLOCKS - 1, 2), 0);
	read_blocks(FBA_LIMIT, FBA_LIMIT_BLOCKS - 1, 2);
	EXPECT_EQ(memcmp(DATA, SHARED, 2 * FBA_BLOCK), 0);
	write_blocks(FBA_PLAIN, FBA_LIMIT_BLOCKS, 1);
	EXPECT_EQ(differs(FBA_PLAIN, FBA_LIMIT_BLOCKS, 1), 0);
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
	{ "HSCH of a WRITE: what was taken is in the host's file", halt_write },
	{ "HSCH of a WRITE: what was taken is flushed", halt_write_flushed },
	{ "HSCH of a WRITE that fails: equipment check", halt_write_full },
	{ "a WRITE clears set-user-ID and set-group-ID", setuid_cleared },
	{ "RLIMIT_FSIZE of who made the disk", size_limit },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = reset;
