// SPDX-License-Identifier: GPL-2.0
/*
 * The file or block device of a disk: opened, locked, and why it won't do.
 *
 * The module keeps a reference to the open file.  So what belongs to the open
 * file, its locks and the claim of a block device, lasts as long as the disk.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cssctl.h"

#define BLOCK			512

static bool is_backing(const struct stat *file)
{
	return S_ISREG(file->st_mode) || S_ISBLK(file->st_mode);
}

static void fail_kind(const struct wanted *wanted) __attribute__((noreturn));

static void fail_kind(const struct wanted *wanted)
{
	fail(STATUS_FAILED,
	     "expected %s to be a regular file or a block device, found something else",
	     wanted->backing);
}

static void fail_open(const struct wanted *wanted, int error)
	__attribute__((noreturn));

static void fail_open(const struct wanted *wanted, int error)
{
	if (error == EINVAL && wanted->direct)
		fail(STATUS_FAILED,
		     "expected a file system with direct I/O under %s, found one without; leave --direct out",
		     wanted->backing);
	if ((error == EACCES || error == EROFS || error == EPERM) &&
	    !wanted->readonly)
		fail(STATUS_FAILED,
		     "expected to open %s for reading and writing, found: %s; --readonly needs no writing",
		     wanted->backing, strerror(error));
	fail(STATUS_FAILED, "expected to open %s, found: %s", wanted->backing,
	     strerror(error));
}

static void fail_claim(const struct wanted *wanted) __attribute__((noreturn));

/* The kernel doesn't tell who has claimed a block device. */
static void fail_claim(const struct wanted *wanted)
{
	fail(STATUS_FAILED,
	     "expected %s to be nobody's, found it in use: mounted, part of another device (RAID, LVM, multipath), or claimed by a program; lsblk shows the first two; --share claims nothing",
	     wanted->backing);
}

static int open_with(const struct wanted *wanted, int more)
{
	return open(wanted->backing, O_CLOEXEC | more |
		    (wanted->readonly ? O_RDONLY : O_RDWR) |
		    (wanted->direct ? O_DIRECT : 0));
}

/*
 * A block device that somebody has claimed: a mount, another device on top of
 * it, or one like us, of whom the locks tell more.
 */
static void explain_claim(const struct wanted *wanted)
	__attribute__((noreturn));

static void explain_claim(const struct wanted *wanted)
{
	int fd = open_with(wanted, 0);

	if (fd >= 0)
		image_lock(wanted, fd);
	fail_claim(wanted);
}

/*
 * Nobody may write to what a read-only disk shows; but others may show it too,
 * so the claim is only for the moment.
 */
static void check_claim(const struct wanted *wanted)
{
	int fd = open_with(wanted, O_EXCL);

	if (fd >= 0)
		close(fd);
	else if (errno == EBUSY)
		explain_claim(wanted);
}

int backing_open(const struct wanted *wanted)
{
	bool block = false, claim;
	struct stat file;
	int fd;

	/* Opening a pipe or a tape would do more than that. */
	if (!stat(wanted->backing, &file)) {
		if (!is_backing(&file))
			fail_kind(wanted);
		block = S_ISBLK(file.st_mode);
	}
	claim = block && !wanted->share && !wanted->readonly;
	fd = open_with(wanted, claim ? O_EXCL : 0);
	if (fd < 0 && errno == EBUSY && claim)
		explain_claim(wanted);
	if (fd < 0)
		fail_open(wanted, errno);
	image_lock(wanted, fd);
	if (block && !wanted->share && wanted->readonly)
		check_claim(wanted);
	return fd;
}

static uint64_t bytes_of(int fd, const struct stat *file)
{
	uint64_t bytes = 0;

	if (!S_ISBLK(file->st_mode))
		return file->st_size;
	return ioctl(fd, BLKGETSIZE64, &bytes) ? 0 : bytes;
}

static bool one_block_can_be_read(int fd)
{
	void *buffer;
	bool good;

	if (posix_memalign(&buffer, 4096, BLOCK))
		out_of_memory();
	good = pread(fd, buffer, BLOCK, 0) == BLOCK;
	free(buffer);
	return good;
}

/* Why the module has refused the backing; returns if that can't be seen. */
void backing_explain(const struct wanted *wanted, int fd)
{
	struct stat file;
	uint64_t blocks;

	if (fstat(fd, &file))
		return;
	if (!is_backing(&file))
		fail_kind(wanted);
	blocks = bytes_of(fd, &file) / BLOCK;
	if (!blocks || blocks < wanted->blocks)
		fail(STATUS_FAILED,
		     "expected %s to hold %llu blocks of 512 bytes or more, found %llu",
		     wanted->backing,
		     (unsigned long long)(wanted->blocks ?: 1),
		     (unsigned long long)blocks);
	if (!wanted->blocks && blocks > UINT32_MAX)
		fail(STATUS_FAILED,
		     "expected %s to hold fewer than 2^32 blocks of 512 bytes, found %llu; --blocks takes part of it",
		     wanted->backing, (unsigned long long)blocks);
	if (wanted->direct && !one_block_can_be_read(fd))
		fail(STATUS_FAILED,
		     "expected direct reads of 512 bytes from %s, found that it has larger ones only; leave --direct out",
		     wanted->backing);
}
