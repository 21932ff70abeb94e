// SPDX-License-Identifier: GPL-2.0
/*
 * For tests: a host that fails at a call of one's choice.  The linker puts these
 * functions in the place of the C library's (--wrap).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "image_fault.h"

enum calls { WRITES, OUTS, READS, LOCKS };
enum kind { NONE, FAILS, HALF, KILLS };

static struct {
	enum calls calls;
	unsigned int first, count, seen;
	enum kind kind;
	int error;
	bool happened;
} fault;

ssize_t __real_pread(int fd, void *buffer, size_t length, off_t offset);
ssize_t __wrap_pread(int fd, void *buffer, size_t length, off_t offset);
ssize_t __real_pwrite(int fd, const void *buffer, size_t length, off_t offset);
ssize_t __wrap_pwrite(int fd, const void *buffer, size_t length, off_t offset);
int __real_ftruncate(int fd, off_t length);
int __wrap_ftruncate(int fd, off_t length);
int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...);
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_sync_file_range(int fd, off_t offset, off_t length, unsigned int how);
int __wrap_sync_file_range(int fd, off_t offset, off_t length, unsigned int how);

bool fault_set(const char *calls, unsigned int first, unsigned int count, const char *kind)
{
	memset(&fault, 0, sizeof(fault));
	fault.calls = !strcmp(calls, "read") ? READS : !strcmp(calls, "lock") ? LOCKS :
		      !strcmp(calls, "out") ? OUTS : WRITES;
	fault.first = first;
	fault.count = count;
	fault.error = !strcmp(kind, "eio") ? EIO : !strcmp(kind, "enolck") ? ENOLCK : ENOSPC;
	if (kind[0] == 'e')
		fault.kind = FAILS;
	else if (!strcmp(kind, "half"))
		fault.kind = HALF;
	else if (!strcmp(kind, "kill"))
		fault.kind = KILLS;
	return fault.kind != NONE && (fault.calls != WRITES || !strcmp(calls, "write"));
}

bool fault_happened(void)
{
	return fault.happened;
}

static enum kind next(enum calls calls)
{
	if (!fault.first || calls != fault.calls)
		return NONE;
	fault.seen++;
	if (fault.seen < fault.first || fault.seen - fault.first >= fault.count)
		return NONE;
	fault.happened = true;
	errno = fault.error;
	return fault.kind;
}

ssize_t __wrap_pread(int fd, void *buffer, size_t length, off_t offset)
{
	return next(READS) == NONE ? __real_pread(fd, buffer, length, offset) : -1;
}

ssize_t __wrap_pwrite(int fd, const void *buffer, size_t length, off_t offset)
{
	switch (next(WRITES)) {
	case NONE:
		return __real_pwrite(fd, buffer, length, offset);
	case FAILS:
		return -1;
	case HALF:
		/* The next call fails. */
		fault.kind = FAILS;
		fault.count++;
		return __real_pwrite(fd, buffer, (length + 1) / 2, offset);
	default:
		if (__real_pwrite(fd, buffer, length / 2, offset) >= 0)
			kill(getpid(), SIGKILL);
		return -1;
	}
}

/* What only happens or doesn't: it happens before the process ends. */
static int either(enum kind kind, int result)
{
	if (kind == KILLS)
		kill(getpid(), SIGKILL);
	return result;
}

int __wrap_ftruncate(int fd, off_t length)
{
	enum kind kind = next(WRITES);

	if (kind == FAILS || kind == HALF)
		return -1;
	return either(kind, __real_ftruncate(fd, length));
}

int __wrap_fdatasync(int fd)
{
	enum kind kind = next(WRITES);

	if (kind == FAILS || kind == HALF)
		return -1;
	return either(kind, __real_fdatasync(fd));
}

static char outs[256];

const char *fault_outs(void)
{
	static char said[sizeof(outs)];

	memcpy(said, outs, sizeof(said));
	outs[0] = '\0';
	return said;
}

int __wrap_sync_file_range(int fd, off_t offset, off_t length, unsigned int how)
{
	size_t used = strlen(outs);

	snprintf(outs + used, sizeof(outs) - used, "%s%lld-%lld%s", used ? " " : "",
		 (long long)offset, (long long)(offset + length),
		 how & SYNC_FILE_RANGE_WAIT_AFTER ? "+" : "");
	return next(OUTS) == NONE ? __real_sync_file_range(fd, offset, length, how) : -1;
}

int __wrap_fcntl(int fd, int command, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if ((command == F_OFD_SETLK || command == F_OFD_GETLK) && next(LOCKS) != NONE)
		return -1;
	return __real_fcntl(fd, command, argument);
}
