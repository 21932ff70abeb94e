// SPDX-License-Identifier: GPL-2.0
/*
 * Open and lock the file or block device of a disk, and explain why it is
 * refused.
 *
 * The module keeps a reference to the open file.  So the locks and the claim of
 * a block device, which belong to the open file, last as long as the disk.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cssctl.h"

static void set_readonly(struct wanted *wanted, const char *text)
{
	(void)text;
	wanted->readonly = true;
}

const struct kind_option backing_readonly = {
	.name = "readonly",
	.does = "the guest can't write",
	.set = set_readonly,
};

static void fail_both(void) __attribute__((noreturn));

static void fail_both(void)
{
	fail(STATUS_USAGE,
	     "expected one of --cache and --direct, found both; --direct is --cache directsync");
}

static const char *const caches[] = {
	[0] = "writethrough",
	[CACHE_DIRECT] = "directsync",
	[CACHE_WRITEBACK] = "writeback",
	[CACHE_WRITEBACK | CACHE_DIRECT] = "none",
	NULL
};

enum cache cache_of(bool direct, bool writeback)
{
	return (direct ? CACHE_DIRECT : 0) |
	       (writeback ? CACHE_WRITEBACK : 0);
}

const char *cache_name(enum cache cache)
{
	return caches[cache];
}

/* The last one that is given counts. */
static void set_cache(struct wanted *wanted, const char *text)
{
	unsigned int cache = option_choice("cache", text, caches);

	if (wanted->direct && !wanted->cache_given)
		fail_both();
	wanted->direct = cache & CACHE_DIRECT;
	wanted->writeback = cache & CACHE_WRITEBACK;
	wanted->cache_given = true;
}

const struct kind_option backing_cache = {
	.name = "cache",
	.value = "MODE",
	.does = "writethrough (default), directsync; writeback, none: a host crash loses writes",
	.choices = caches,
	.set = set_cache,
};

static void set_direct(struct wanted *wanted, const char *text)
{
	(void)text;
	if (wanted->cache_given)
		fail_both();
	wanted->direct = true;
}

const struct kind_option backing_direct = {
	.name = "direct",
	.does = "the same as --cache directsync",
	.set = set_direct,
};

static void set_share(struct wanted *wanted, const char *text)
{
	(void)text;
	wanted->share = true;
}

const struct kind_option backing_share = {
	.name = "share",
	.does = "allow others to write to the backing",
	.set = set_share,
};

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

/* What to do if the backing can't have direct I/O */
static const char *without_direct(const struct wanted *wanted)
{
	return wanted->cache_given ?
		"--cache writethrough and --cache writeback need none" :
		"leave --direct out";
}

static void fail_open(const struct wanted *wanted, int error)
	__attribute__((noreturn));

static void fail_open(const struct wanted *wanted, int error)
{
	if (error == EINVAL && wanted->direct)
		fail(STATUS_FAILED,
		     "expected a file system with direct I/O under %s, found one without; %s",
		     wanted->backing, without_direct(wanted));
	if ((error == EACCES || error == EROFS || error == EPERM) &&
	    !wanted->readonly)
		fail(STATUS_FAILED,
		     "expected to open %s for reading and writing, found: %s; --readonly needs no writing",
		     wanted->backing, strerror(error));
	fail(STATUS_FAILED, "expected to open %s, found: %s", wanted->backing,
	     strerror(error));
}

static void fail_claim(const struct wanted *wanted) __attribute__((noreturn));

/* The kernel doesn't say who has claimed a block device. */
static void fail_claim(const struct wanted *wanted)
{
	fail(STATUS_FAILED,
	     "expected %s to be nobody's, found it in use: mounted, part of another device (RAID, LVM, multipath), or claimed by a program; lsblk shows the first two; --share claims nothing",
	     wanted->backing);
}

/*
 * With O_NOATIME a guest's READ needn't update the access time of the file, for
 * which the module lets a worker wait.  Only who owns the file may open it so.
 */
static int open_with(const struct wanted *wanted, int more)
{
	const int flags = O_CLOEXEC | more |
			  (wanted->readonly ? O_RDONLY : O_RDWR) |
			  (wanted->direct ? O_DIRECT : 0);
	int fd = open(wanted->backing, flags | O_NOATIME);

	return fd < 0 && errno == EPERM ? open(wanted->backing, flags) : fd;
}

/*
 * End with an error that says why a block device can't be claimed.  If another
 * disk of cssctl's has claimed it, image_lock() finds the locks of that disk,
 * and says which one it is.  Otherwise the device is mounted, or another device
 * is on top of it.
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
 * Nobody may write to the block device of a read-only disk, so check that it
 * can be claimed.  Several read-only disks may be on one device, so give up the
 * claim at once.
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

	/* Don't open a pipe or a tape, because opening it has effects. */
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

static bool can_be_read(int fd, size_t block)
{
	void *buffer;
	bool good;

	if (posix_memalign(&buffer, 4096, block))
		out_of_memory();
	good = pread(fd, buffer, block, 0) == (ssize_t)block;
	free(buffer);
	return good;
}

/*
 * Find out how many bytes the backing has; false if that isn't known.  If the
 * file can't be a backing at all, end with an error.
 */
bool backing_size(const struct wanted *wanted, int fd, uint64_t *bytes)
{
	struct stat file;

	if (fstat(fd, &file))
		return false;
	if (!is_backing(&file))
		fail_kind(wanted);
	*bytes = bytes_of(fd, &file);
	return true;
}

/* If blocks are too small for direct I/O, end with an error that says so. */
void backing_explain_direct(const struct wanted *wanted, int fd, size_t block)
{
	if (wanted->direct && !can_be_read(fd, block))
		fail(STATUS_FAILED,
		     "expected direct reads of %zu bytes from %s, found that it has larger ones only; %s",
		     block, wanted->backing, without_direct(wanted));
}
