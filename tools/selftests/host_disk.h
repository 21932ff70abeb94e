/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the host itself writes to its disks for "pass_stress", and what it reads
 * there after it has lent them
 */
#ifndef SELFTESTS_HOST_DISK_H
#define SELFTESTS_HOST_DISK_H

#include <stdbool.h>

#include "cio.h"

/**
 * struct host_disk - a disk of the host's
 * @id: its bus id
 * @size: bytes in a block
 */
struct host_disk {
	const char *id;
	u32 size;
};

/**
 * host_disk_format() - format the tested tracks of an ECKD disk
 * @disk: the disk, which is online
 *
 * Each gets records of 4096 bytes.
 */
void host_disk_format(const struct host_disk *disk);

/**
 * host_disk_fill() - write the tested blocks
 * @disk: the disk, which is online
 * @nr: STRESS_FBA or STRESS_ECKD
 *
 * Their generation is 0.
 */
void host_disk_fill(const struct host_disk *disk, u32 nr);

/**
 * host_disk_check() - read the tested blocks, and fail the test if they are wrong
 * @disk: the disk, which is online
 * @nr: STRESS_FBA or STRESS_ECKD
 * @end: the first generation that no guest has written yet
 *
 * Blocks that guests write are whole and of an earlier generation.  All others are as
 * host_disk_fill() has left them.
 *
 * Return: whether they could be read.
 */
bool host_disk_check(const struct host_disk *disk, u32 nr, u64 end);

#endif /* SELFTESTS_HOST_DISK_H */
