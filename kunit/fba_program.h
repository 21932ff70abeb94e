/* SPDX-License-Identifier: GPL-2.0 */
/*
 * CCWs of channel programs for a fixed-block DASD.
 */
#ifndef _KVM_CSS_KUNIT_FBA_PROGRAM_H
#define _KVM_CSS_KUNIT_FBA_PROGRAM_H

#include <asm/byteorder.h>

#include "device_bench.h"

#define FBA_READ_IPL		0x02
#define FBA_WRITE		0x41
#define FBA_READ		0x42
#define FBA_LOCATE		0x43
#define FBA_DEFINE		0x63
#define FBA_RDC			0x64

/* Operations of LOCATE.  Linux uses the last two. */
#define FBA_OP_WRITE		0x01
#define FBA_OP_READ_REPLICATED	0x02
#define FBA_OP_WRITE_VERIFY	0x05
#define FBA_OP_READ		0x06

/* Parameters and data as they are in guest storage */
struct fba_define_param {
	u8     mask;
	u8     zero;
	__be16 block_size;
	__be32 location;
	__be32 first;
	__be32 last;
} __packed;

#define FBA_DEFINE_PARAM(mask_, block_size_, location_, first_, last_) { \
	.mask = (mask_),						\
	.block_size = cpu_to_be16(block_size_),				\
	.location = cpu_to_be32(location_),				\
	.first = cpu_to_be32(first_),					\
	.last = cpu_to_be32(last_),					\
}

struct fba_locate_param {
	u8     op;
	u8     replication;
	__be16 count;
	__be32 first;
} __packed;

#define FBA_LOCATE_PARAM(op_, replication_, count_, first_) {		\
	.op = (op_),							\
	.replication = (replication_),					\
	.count = cpu_to_be16(count_),					\
	.first = cpu_to_be32(first_),					\
}

struct fba_rdc_data {
	u8     modes[4];
	__be16 block_size;
	__be32 blocks_per_cycle;
	__be32 blocks_per_position;
	__be32 blocks;
	u8     zeros[14];
} __packed;

/*
 * Add DEFINE EXTENT.  It permits writing, and the blocks' numbers begin with
 * zero.
 */
static inline void fba_define(struct device_bench *bench, u32 location,
			      u32 blocks)
{
	const struct fba_define_param param =
		FBA_DEFINE_PARAM(0x00, 512, location, 0, blocks - 1);

	device_ccw_param(bench, FBA_DEFINE, 0, &param, sizeof(param));
}

static inline void fba_locate(struct device_bench *bench, u8 op, u32 first,
			      u16 count)
{
	const struct fba_locate_param param =
		FBA_LOCATE_PARAM(op, 0, count, first);

	device_ccw_param(bench, FBA_LOCATE, 0, &param, sizeof(param));
}

#endif /* _KVM_CSS_KUNIT_FBA_PROGRAM_H */
