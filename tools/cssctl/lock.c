// SPDX-License-Identifier: GPL-2.0
/*
 * Lock a disk image as QEMU does (its block/file-posix.c): with read locks of
 * the open file description on single bytes.  A user of the image locks byte
 * 100 + n for each permission n that it needs, and byte 200 + n for each
 * permission that it doesn't share with others.  These locks don't exclude each
 * other.  So a user that has its locks checks whether others have locked the
 * opposite bytes.
 *
 * A disk of cssctl's locks what QEMU locks for a device that can't handle a
 * change of its size.
 */
#include <fcntl.h>
#include <unistd.h>

#include "cssctl.h"

#define NEEDED			100
#define NOT_SHARED		200

/* QEMU has more permissions, which no disk needs or denies to others. */
enum permission {
	PERMISSION_READ = 0,
	PERMISSION_WRITE = 1,
	PERMISSION_RESIZE = 3,
};

static const enum permission permissions[] = {
	PERMISSION_READ, PERMISSION_WRITE, PERMISSION_RESIZE,
};

static bool is_needed(const struct wanted *wanted, enum permission what)
{
	return what == PERMISSION_READ ||
	       (what == PERMISSION_WRITE && !wanted->readonly);
}

static bool is_shared(const struct wanted *wanted, enum permission what)
{
	return what == PERMISSION_READ ||
	       (what == PERMISSION_WRITE && wanted->share);
}

static struct flock lock_of(short type, off_t byte)
{
	return (struct flock){
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1,
	};
}

static const char *does(off_t byte)
{
	switch (byte) {
	case NEEDED + PERMISSION_WRITE:
		return "writes to it";
	case NEEDED + PERMISSION_RESIZE:
		return "may change its size";
	case NOT_SHARED + PERMISSION_WRITE:
		return "lets nobody else write to it";
	case NOT_SHARED + PERMISSION_READ:
		return "lets nobody else read it";
	default:
		return "has locked it";
	}
}

static const char *helps(const struct wanted *wanted, off_t byte)
{
	if (byte == NEEDED + PERMISSION_WRITE && !wanted->share)
		return "; --share is for guests that are made to share a disk";
	if (byte != NOT_SHARED + PERMISSION_WRITE)
		return "";
	return wanted->share ?
		"; whoever has it must share it too, by share-rw=on in QEMU and --share here" :
		"; guests that are made to share a disk need share-rw=on in QEMU, and --share here";
}

static void fail_taken(const struct wanted *wanted, int fd, off_t byte)
	__attribute__((noreturn));

static void fail_taken(const struct wanted *wanted, int fd, off_t byte)
{
	char who[HOLDER_SIZE];

	holder_of(wanted->backing, fd, byte, who);
	fail(STATUS_FAILED, "expected %s to be free for %s, found that %s %s%s",
	     wanted->backing, wanted->readonly ? "reading" : "writing", who,
	     does(byte), helps(wanted, byte));
}

/* The file system has no locks, or its lock server doesn't answer. */
static void no_locks(const struct wanted *wanted, int error)
{
	if (!wanted->share)
		fail(STATUS_FAILED,
		     "expected to lock %s against other users, found: %s; where locks can't be had, --share says that it is meant without",
		     wanted->backing, strerror(error));
	note("%s isn't locked: %s", wanted->backing, strerror(error));
}

/*
 * Take a read lock; false if there are no locks.  If somebody has a write lock
 * on the byte, end with an error.
 */
static bool take(const struct wanted *wanted, int fd, off_t byte)
{
	struct flock lock = lock_of(F_RDLCK, byte);

	if (!fcntl(fd, F_OFD_SETLK, &lock))
		return true;
	if (errno == EAGAIN || errno == EACCES)
		fail_taken(wanted, fd, byte);
	no_locks(wanted, errno);
	return false;
}

static bool check(const struct wanted *wanted, int fd, off_t byte)
{
	struct flock lock = lock_of(F_WRLCK, byte);

	if (fcntl(fd, F_OFD_GETLK, &lock)) {
		no_locks(wanted, errno);
		return false;
	}
	if (lock.l_type != F_UNLCK)
		fail_taken(wanted, fd, byte);
	return true;
}

/*
 * Take all locks before checking any: of two users who come at the same time,
 * at least one sees the other.
 */
void image_lock(const struct wanted *wanted, int fd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(permissions); i++) {
		enum permission what = permissions[i];

		if (is_needed(wanted, what) && !take(wanted, fd, NEEDED + what))
			return;
		if (!is_shared(wanted, what) &&
		    !take(wanted, fd, NOT_SHARED + what))
			return;
	}
	for (i = 0; i < ARRAY_SIZE(permissions); i++) {
		enum permission what = permissions[i];

		if (is_needed(wanted, what) &&
		    !check(wanted, fd, NOT_SHARED + what))
			return;
		if (!is_shared(wanted, what) && !check(wanted, fd, NEEDED + what))
			return;
	}
}
