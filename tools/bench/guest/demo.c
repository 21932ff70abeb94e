// SPDX-License-Identifier: GPL-2.0
/* A guest that uses an FBA disk by channel programs, as a driver does */
#include "disk.h"
#include "demo.h"

static struct disk_program program;
static u8 data[DEMO_PROGRAM_BLOCKS * FBA_BLOCK] __aligned(4096);

static void identify(void)
{
	static struct ccw1 ccw __aligned(8);
	struct fba_chars chars;
	u8 id[7];

	ccw = CCW(FBA_SENSE_ID, 0, sizeof(id), id);
	chan_ok(DEMO_SID, &ccw);
	hypercall(HC_THEME, DEMO_CALL_ID, id[1] << 16 | id[2] << 8 | id[3],
		  id[4] << 16 | id[5] << 8 | id[6]);
	ccw = CCW(FBA_READ_CHARS, 0, sizeof(chars), &chars);
	chan_ok(DEMO_SID, &ccw);
	hypercall(HC_THEME, DEMO_CALL_BLOCKS, chars.blocks_movable,
		  chars.block_size);
}

static void write_disk(void)
{
	u32 i, offset, block;

	for (i = 0; i < DEMO_PROGRAMS; i++) {
		block = i * DEMO_STRIDE;
		for (offset = 0; offset < sizeof(data); offset++)
			data[offset] = demo_byte(block, offset);
		disk_program(&program, FBA_WRITE, block, DEMO_PROGRAM_BLOCKS,
			     data);
		chan_ok(DEMO_SID, program.ccw);
	}
	hypercall(HC_THEME, DEMO_CALL_WRITTEN, DEMO_PROGRAMS, 0);
}

static void read_disk(void)
{
	u32 i, offset, block;

	for (i = 0; i < DEMO_PROGRAMS; i++) {
		block = i * DEMO_STRIDE;
		memset(data, 0, sizeof(data));
		disk_program(&program, FBA_READ, block, DEMO_PROGRAM_BLOCKS,
			     data);
		chan_ok(DEMO_SID, program.ccw);
		for (offset = 0; offset < sizeof(data); offset++)
			EXPECT_EQ(data[offset], demo_byte(block, offset));
	}
	hypercall(HC_THEME, DEMO_CALL_READ, DEMO_PROGRAMS, 0);
}

static void demo(void)
{
	chan_enable(DEMO_SID, 3, 0);
	io_mask(0x80 >> 3);
	identify();
	write_disk();
	read_disk();
	chan_disable(DEMO_SID);
}

static const struct test tests[] = {
	{ "demo", demo },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
