// SPDX-License-Identifier: GPL-2.0
/*
 * A guest that drives two disks of the host's at the same time, until its VMM is
 * killed.
 *
 * It halts and clears nothing: on Hercules a program that is halted directly behind
 * its start leaves the device busy for good (Documentation/lab.rst).
 */
#include "disk.h"
#include "pass_stress.h"

#define ISC		3
#define WAIT_MS		60000
#define DATA(disk)	((u8 *)0x400000ul + (disk) * 0x100000)

/* How many blocks a program reads or writes */
#define FBA_BLOCKS	24
#define ECKD_BLOCKS	6

/* WRITE UPDATE DATA and READ DATA multitrack, which go on with the next record */
#define ECKD_WRITE	0x85
#define ECKD_READ	0x86
#define ECKD_LOCATE	0x47
#define ECKD_DEFINE_EXTENT 0x63
#define HEADS		15

struct eckd_program {
	struct ccw1 ccw[2 + ECKD_BLOCKS];
	struct {
		u8  mask;
		u8  attributes;
		u16 block_size;
		u8  zeros[4];
		u16 first_cylinder, first_head;
		u16 last_cylinder, last_head;
	} extent;
	struct {
		u8  operation;
		u8  auxiliary;
		u8  zero;
		u8  count;
		u16 seek_cylinder, seek_head;
		u16 cylinder, head;
		u8  record;
		u8  sector;
		u16 length;
	} locate;
} __aligned(8);

static struct disk_program fba_program;
static struct eckd_program eckd_program;

static struct disk {
	u32 nr;
	u32 block_size;
	u32 blocks;		/* of a program */
	u64 programs;		/* how many it has executed */
	bool stopped, lost;
	/* The one that is executed */
	bool write;
	u32 first;
	u64 generation;		/* of what is written, or must be read */
} disks[STRESS_DISKS] = {
	[STRESS_FBA] = { STRESS_FBA, FBA_BLOCK, FBA_BLOCKS },
	[STRESS_ECKD] = { STRESS_ECKD, STRESS_RECORD, ECKD_BLOCKS },
};

static u64 programs;

static const struct ccw1 *fba(const struct disk *disk)
{
	disk_program(&fba_program, disk->write ? FBA_WRITE : FBA_READ,
		     disk->first, disk->blocks, DATA(disk->nr));
	return fba_program.ccw;
}

/* All of its records are on one track. */
static const struct ccw1 *eckd(const struct disk *disk)
{
	const u32 track = disk->first / STRESS_TRACK;
	struct eckd_program *program = &eckd_program;
	u32 i;

	memset(program, 0, sizeof(*program));
	/* Inhibit all writes, or permit update writes; ECKD */
	program->extent.mask = disk->write ? 0x80 : 0x40;
	program->extent.attributes = 0xc0;
	program->extent.block_size = STRESS_RECORD;
	program->extent.first_cylinder = track / HEADS;
	program->extent.first_head = track % HEADS;
	program->extent.last_cylinder = track / HEADS;
	program->extent.last_head = track % HEADS;
	program->locate.operation = disk->write ? 0x01 : 0x06;
	/* The length counts. */
	program->locate.auxiliary = 0x80;
	program->locate.count = disk->blocks;
	program->locate.seek_cylinder = track / HEADS;
	program->locate.seek_head = track % HEADS;
	program->locate.cylinder = track / HEADS;
	program->locate.head = track % HEADS;
	program->locate.record = disk->first % STRESS_TRACK + 1;
	program->locate.sector = 0xff;
	program->locate.length = STRESS_RECORD;
	program->ccw[0] = CCW(ECKD_DEFINE_EXTENT, CCW_CC,
			      sizeof(program->extent), &program->extent);
	program->ccw[1] = CCW(ECKD_LOCATE, CCW_CC, sizeof(program->locate),
			      &program->locate);
	for (i = 0; i < disk->blocks; i++)
		program->ccw[2 + i] = CCW(disk->write ? ECKD_WRITE : ECKD_READ,
					  i + 1 < disk->blocks ? CCW_CC : 0,
					  STRESS_RECORD,
					  DATA(disk->nr) + i * STRESS_RECORD);
	return program->ccw;
}

static u64 *block_data(const struct disk *disk, u32 i)
{
	return (u64 *)(DATA(disk->nr) + i * disk->block_size);
}

/*
 * Three programs take turns: one writes, one reads that, and one reads what is only
 * the host's.
 */
static void choose(struct disk *disk)
{
	u32 pieces = (STRESS_END - STRESS_FIRST) / disk->blocks;
	u32 piece = disk->programs / 3, i;

	disk->write = disk->programs % 3 == 0;
	if (disk->programs % 3 == 2) {
		pieces = STRESS_FIRST / disk->blocks;
		disk->first = piece % pieces * disk->blocks;
		if (piece / pieces % 2)
			disk->first += STRESS_END;
		disk->generation = 0;
	} else {
		disk->first = STRESS_FIRST + piece % pieces * disk->blocks;
		disk->generation = guest_argument + piece;
	}
	for (i = 0; i < disk->blocks; i++) {
		if (disk->write)
			stress_fill(block_data(disk, i), disk->block_size,
				    disk->nr, disk->first + i,
				    disk->generation);
		else
			memset(block_data(disk, i), 0xff, disk->block_size);
	}
}

static void lost(struct disk *disk)
{
	if (!disk->lost)
		hypercall(HC_THEME, STRESS_CALL_LOST, disk->nr, 0);
	disk->lost = true;
	disk->stopped = true;
}

static void start(struct disk *disk)
{
	struct orb orb __aligned(4);
	int cc;

	choose(disk);
	chan_orb(&orb, disk->nr == STRESS_FBA ? fba(disk) : eckd(disk));
	cc = ssch(STRESS_SID(disk->nr), &orb);
	if (cc == CC_NOT_OPERATIONAL)
		lost(disk);
	else
		EXPECT_EQ(cc, CC_DONE);
}

static void finish(struct disk *disk)
{
	struct irb irb __aligned(4);
	u32 i;
	int cc = tsch(STRESS_SID(disk->nr), &irb);

	if (cc == CC_NOT_OPERATIONAL)
		return lost(disk);
	EXPECT_EQ(cc, CC_DONE);
	if (irb.scsw.dstat & DST_UNIT_CHECK) {
		hypercall(HC_THEME, STRESS_CALL_CHECK, disk->nr, 0);
		disk->stopped = true;
		return;
	}
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb.scsw.cstat, 0);
	EXPECT_EQ(irb.scsw.count, 0);
	for (i = 0; i < disk->blocks; i++) {
		EXPECT_EQ(*block_data(disk, i), disk->generation);
		EXPECT(stress_is_whole(block_data(disk, i), disk->block_size,
				       disk->nr, disk->first + i));
	}
	disk->programs++;
	if (++programs % STRESS_PROGRAMS == 0)
		hypercall(HC_THEME, STRESS_CALL_PROGRAMS, 0, 0);
}

/* A disk that is gone makes no interruption any more. */
static void look(void)
{
	struct schib schib __aligned(4);
	u32 i;

	for (i = 0; i < STRESS_DISKS; i++)
		if (stsch(STRESS_SID(i), &schib) ||
		    !(schib.pmcw.flags & PMCW_VALID))
			lost(&disks[i]);
}

static void stress(void)
{
	struct io_int io;
	u32 i;

	for (i = 0; i < STRESS_DISKS; i++) {
		chan_enable(STRESS_SID(i), ISC, 0);
		start(&disks[i]);
	}
	hypercall(HC_THEME, STRESS_CALL_BEGUN, 0, 0);
	io_mask(0xff);
	for (;;) {
		EXPECT(io_wait(&io, WAIT_MS));
		for (i = 0; io.sid != STRESS_SID(i); i++)
			EXPECT(i + 1 < STRESS_DISKS);
		if (!disks[i].stopped)
			finish(&disks[i]);
		if (!disks[i].stopped)
			start(&disks[i]);
		look();
	}
}

static const struct test tests[] = {
	{ "stress", stress },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
