// SPDX-License-Identifier: GPL-2.0
/* The host's own access to disks that it lends, see host_disk.h */
#define _GNU_SOURCE
#include <asm/dasd.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host_device.h"
#include "host_disk.h"
#include "ktap.h"
#include "vmm.h"
#include "guest/pass_stress.h"

#define PAGE	4096

void host_disk_format(const struct host_disk *disk)
{
	/* One track is formatted at a time. */
	struct format_data_t format = { .blksize = STRESS_RECORD };
	int fd = host_device_open(disk->id, O_RDWR);
	u32 track;

	if (fd < 0 || ioctl(fd, BIODASDDISABLE))
		die("take %s for formatting", disk->id);
	for (track = 0; track < STRESS_BLOCKS / STRESS_TRACK; track++) {
		format.start_unit = track;
		format.stop_unit = track;
		if (ioctl(fd, BIODASDFMT, &format))
			die("format track %u of %s", track, disk->id);
	}
	if (ioctl(fd, BIODASDENABLE))
		die("use %s after formatting", disk->id);
	close(fd);
}

/* Direct I/O wants whole pages. */
static u8 *buffer(const struct host_disk *disk)
{
	void *bytes;

	if (posix_memalign(&bytes, PAGE, STRESS_BLOCKS * disk->size))
		die("memory for the blocks of %s", disk->id);
	return bytes;
}

void host_disk_fill(const struct host_disk *disk, u32 nr)
{
	const ssize_t len = STRESS_BLOCKS * disk->size;
	int fd = host_device_open(disk->id, O_RDWR | O_DIRECT);
	u8 *bytes = buffer(disk);
	u32 i;

	for (i = 0; i < STRESS_BLOCKS; i++)
		stress_fill((u64 *)(bytes + i * disk->size), disk->size, nr, i,
			    0);
	if (fd < 0 || pwrite(fd, bytes, len, 0) != len || fsync(fd))
		die("write to %s", disk->id);
	close(fd);
	free(bytes);
}

/* What is wrong with a block; NULL if nothing is */
static const char *wrong(const struct host_disk *disk, u32 nr, u32 block,
			 u64 end, const u64 *words)
{
	if (!stress_is_whole(words, disk->size, nr, block))
		return "is none, or is not whole";
	if (block < STRESS_FIRST || block >= STRESS_END)
		return words[0] ? "was overwritten" : NULL;
	return words[0] < end ? NULL : "is newer than all that was written";
}

bool host_disk_check(const struct host_disk *disk, u32 nr, u64 end)
{
	const ssize_t len = STRESS_BLOCKS * disk->size;
	int fd = host_device_open(disk->id, O_RDONLY | O_DIRECT);
	u8 *bytes = buffer(disk);
	bool got = ktap_check(fd >= 0 && pread(fd, bytes, len, 0) == len,
			      "the host can't read %s", disk->id);
	const char *what;
	u32 i;

	for (i = 0; got && i < STRESS_BLOCKS; i++) {
		what = wrong(disk, nr, i, end,
			     (const u64 *)(bytes + i * disk->size));
		ktap_check(!what, "%s: block %u %s", disk->id, i, what);
	}
	if (fd >= 0)
		close(fd);
	free(bytes);
	return got;
}
