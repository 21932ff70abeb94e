// SPDX-License-Identifier: GPL-2.0
/* Files and loop block devices to put disks on */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <linux/loop.h>

#include "backing.h"
#include "ktap.h"
#include "vmm.h"

#define LOOP_MAJOR	7

int backing_file(u64 size)
{
	char name[] = "/tmp/kvm-css-backing-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);

	if (fd < 0 || unlink(name) || ftruncate(fd, size))
		die("backing file %s of %lu bytes", name, size);
	return fd;
}

int backing_file_on(const char *source, const char *type, const char *options,
		    u64 size)
{
	char dir[] = "/tmp/kvm-css-mount-XXXXXX", name[64];
	int fd;

	if (!mkdtemp(dir))
		die("mkdtemp");
	if (mount(source, dir, type, 0, options)) {
		ktap_note("no %s, options %s: mount: %m", type,
			  options ? options : "none");
		rmdir(dir);
		return -1;
	}
	snprintf(name, sizeof(name), "%s/disk", dir);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, size))
		die("%s", name);
	if (umount2(dir, MNT_DETACH) || rmdir(dir))
		die("unmount %s", dir);
	return fd;
}

int backing_reopen(int fd, int flags)
{
	char name[64];
	int again;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	again = open(name, flags | O_CLOEXEC);
	if (again < 0)
		die("open %s", name);
	return again;
}

void backing_keep_access_time(int fd)
{
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NOATIME))
		die("F_SETFL");
}

/* Make the device node, if there is no devtmpfs that has made it. */
static int open_loop(int nr)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "/dev/loop%d", nr);
	fd = open(name, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT &&
	    !mknod(name, S_IFBLK | 0600, makedev(LOOP_MAJOR, nr)))
		fd = open(name, O_RDWR | O_CLOEXEC);
	return fd;
}

int backing_null_blk(void)
{
	static const char name[] = "/dev/nullb0";
	unsigned int major, minor;
	FILE *file = fopen("/sys/block/nullb0/dev", "r");
	int fd;

	if (!file)
		return -1;
	if (fscanf(file, "%u:%u", &major, &minor) != 2)
		die("read the number of %s", name);
	fclose(file);
	fd = open(name, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT &&
	    !mknod(name, S_IFBLK | 0600, makedev(major, minor)))
		fd = open(name, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		die("open %s", name);
	return fd;
}

u64 backing_slow_reads(void)
{
	FILE *file = fopen("/sys/block/nullb0/inflight", "r");
	u64 reads;

	if (!file || fscanf(file, "%lu", &reads) != 1)
		die("read how many requests there are");
	fclose(file);
	return reads;
}

bool backing_loop(struct backing_loop *loop, int file)
{
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);

	loop->fd = -1;
	if (control < 0) {
		ktap_note("no loop block device: /dev/loop-control: %s",
			  strerror(errno));
		return false;
	}
	loop->nr = ioctl(control, LOOP_CTL_GET_FREE);
	if (loop->nr >= 0)
		loop->fd = open_loop(loop->nr);
	if (loop->fd < 0 || ioctl(loop->fd, LOOP_SET_FD, file)) {
		ktap_note("no loop block device: %s", strerror(errno));
		if (loop->fd >= 0)
			close(loop->fd);
		loop->fd = -1;
	}
	close(control);
	return loop->fd >= 0;
}

void backing_loop_block_size(const struct backing_loop *loop, unsigned long size)
{
	if (ioctl(loop->fd, LOOP_SET_BLOCK_SIZE, size))
		die("LOOP_SET_BLOCK_SIZE");
}

u64 backing_loop_flushes(const struct backing_loop *loop)
{
	static const char separators[] = "\n ";
	char name[64], line[512];
	u64 value = 0;
	char *word;
	FILE *file;
	int i;

	snprintf(name, sizeof(name), "/sys/block/loop%d/stat", loop->nr);
	file = fopen(name, "r");
	if (!file || !fgets(line, sizeof(line), file))
		die("read %s", name);
	fclose(file);
	/* The 16th number says how many flush requests have completed. */
	word = strtok(line, separators);
	for (i = 1; word && i < 16; i++)
		word = strtok(NULL, separators);
	if (word)
		value = strtoul(word, NULL, 10);
	return value;
}

void backing_loop_end(struct backing_loop *loop)
{
	if (loop->fd < 0)
		return;
	ioctl(loop->fd, LOOP_CLR_FD);
	close(loop->fd);
}
