/* SPDX-License-Identifier: GPL-2.0 */
/* The fuzzers have no block devices. */
#ifndef _FUZZ_LINUX_BLKDEV_H
#define _FUZZ_LINUX_BLKDEV_H

#include <linux/fs.h>

struct block_device;

static inline struct block_device *I_BDEV(struct inode *inode)
{
	return NULL;
}

static inline bool bdev_read_only(struct block_device *bdev)
{
	return false;
}

#endif /* _FUZZ_LINUX_BLKDEV_H */
