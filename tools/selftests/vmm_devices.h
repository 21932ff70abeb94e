/* SPDX-License-Identifier: GPL-2.0 */
/* The control units of the channel subsystem in userspace */
#ifndef SELFTESTS_VMM_DEVICES_H
#define SELFTESTS_VMM_DEVICES_H

#include "vmm_css.h"

/* The test control unit; state is a struct vmm_test, zero at the start */
struct vmm_test {
	u32 position;
	u8  sense[SENSE_SIZE];
	u8  storage[TEST_SIZE];
};

extern const struct vmm_device vmm_test_device;

/* FBA DASD; state is a struct vmm_fba */
struct vmm_fba {
	int fd;
	u64 blocks;
	bool readonly;
	bool on_vcpu;		/* file I/O on the vCPU's thread, no worker */
	u8  sense[SENSE_SIZE];
	/* Of the channel program that runs */
	bool extent_given;
	struct fba_extent extent;
	u8  located;		/* FBA_READ or FBA_WRITE may follow; or 0 */
	u32 blocks_left;
	u32 block;
};

extern const struct vmm_device vmm_fba_device;

/**
 * vmm_fba_init() - prepare a disk
 * @fba: filled in
 * @fd: its backing
 * @blocks: number of 512-byte blocks
 */
void vmm_fba_init(struct vmm_fba *fba, int fd, u64 blocks);

#endif /* SELFTESTS_VMM_DEVICES_H */
