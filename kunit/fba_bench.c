// SPDX-License-Identifier: GPL-2.0
/*
 * An FBA DASD on a file that is filled with a pattern, see fba_bench.h.
 */
#include "fba_bench.h"

struct device_bench *fba_device_of(struct fake_backing *backing, u32 flags)
{
	struct css_device *dev = fake_backing_device(backing, flags);

	/* Direct I/O has been tried.  The cases count what follows. */
	backing->reads = 0;
	return device_bench_create(backing->test, dev);
}

struct fba_bench fba_bench_create(struct kunit *test, u32 flags)
{
	struct fba_bench bench;

	bench.backing = fake_backing_create(test, SIZE);
	fake_backing_fill(bench.backing);
	bench.b = fba_device_of(bench.backing, flags);
	return bench;
}

void fba_locate_blocks(struct device_bench *b, u8 cmd, u32 block, u16 blocks)
{
	fba_define(b, 0, BLOCKS);
	fba_locate(b, cmd == FBA_READ ? FBA_OP_READ : FBA_OP_WRITE, block,
		   blocks);
}

void fba_move_blocks(struct device_bench *b, u8 cmd, u32 block, u16 blocks,
		     u32 len)
{
	fba_locate_blocks(b, cmd, block, blocks);
	if (len > FBA_CCW_LEN) {
		device_ccw(b, cmd, CCW_CD, FBA_CCW_LEN, BENCH_DATA);
		device_ccw(b, 0, 0, len - FBA_CCW_LEN,
			   BENCH_DATA + FBA_CCW_LEN);
	} else {
		device_ccw(b, cmd, len ? 0 : CCW_SLI, len, BENCH_DATA);
	}
}

void fba_expect_failed(struct device_bench *b, bool failed)
{
	device_expect_sense(b, failed ? EQUIPMENT_CHECK : 0,
			    failed ? PERMANENT : 0, 0);
}
