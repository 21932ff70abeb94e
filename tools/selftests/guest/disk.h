/* SPDX-License-Identifier: GPL-2.0 */
/* FBA channel programs, for the tests and for the demo */
#ifndef GUEST_DISK_H
#define GUEST_DISK_H

#include "chan.h"

/*
 * A channel program and its parameters, which must not be changed while it runs
 */
struct disk_program {
	struct ccw1 ccw[4];
	struct fba_extent extent;
	struct fba_locate locate;
} __aligned(8);

/**
 * disk_program() - make a program of DEFINE EXTENT, LOCATE and READ or WRITE
 * @program: filled in
 * @command: FBA_READ or FBA_WRITE
 * @block: first block
 * @nr: number of blocks
 * @data: their data
 */
static inline void disk_program(struct disk_program *program, u8 command,
				u32 block, u16 nr, void *data)
{
	bool write = command == FBA_WRITE;

	program->extent = (struct fba_extent){
		.mask = write ? FBA_MASK_NORMAL : FBA_MASK_NO_WRITE,
		.block_size = FBA_BLOCK,
		.offset = block,
		.last = nr - 1,
	};
	program->locate = (struct fba_locate){
		.operation = write ? FBA_OP_WRITE : FBA_OP_READ,
		.blocks = nr,
	};
	program->ccw[0] = CCW(FBA_DEFINE_EXTENT, CCW_CC,
			      sizeof(program->extent), &program->extent);
	program->ccw[1] = CCW(FBA_LOCATE, CCW_CC, sizeof(program->locate),
			      &program->locate);
	program->ccw[2] = CCW(command, 0, nr * FBA_BLOCK, data);
	program->ccw[3] = CCW(0, 0, 0, 0);
}

#endif /* GUEST_DISK_H */
