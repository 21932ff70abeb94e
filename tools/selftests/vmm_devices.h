/* SPDX-License-Identifier: GPL-2.0 */
/* The control units of the channel subsystem in userspace */
#ifndef SELFTESTS_VMM_DEVICES_H
#define SELFTESTS_VMM_DEVICES_H

#include "vmm_css.h"

/* State of a test control unit; all zeros at the start */
struct vmm_test {
	u32 position;
	u8  sense[SENSE_SIZE];
	u8  storage[TEST_SIZE];
};

extern const struct vmm_device vmm_test_device;

/* State of an FBA DASD */
struct vmm_fba {
	int fd;
	u64 blocks;
	bool readonly;
	/* Do file I/O on the vCPU's thread, not on the worker */
	bool on_vcpu;
	u8  sense[SENSE_SIZE];
	/* What the running channel program has set */
	bool extent_given;
	struct fba_extent extent;
	/* The command that LOCATE allows next: FBA_READ, FBA_WRITE or 0 */
	u8  located;
	u32 blocks_left;
	u32 block;
};

extern const struct vmm_device vmm_fba_device;

/**
 * vmm_fba_init() - prepare a disk
 * @fba: filled in
 * @fd: descriptor of its backing
 * @blocks: its size in 512-byte blocks
 */
void vmm_fba_init(struct vmm_fba *fba, int fd, u64 blocks);

#endif /* SELFTESTS_VMM_DEVICES_H */
