// SPDX-License-Identifier: GPL-2.0
/*
 * This is preloaded into the user mode kernel, which gives PTRACE_SETREGSET the
 * 2696 bytes that the extended state of a processor without AMX has.  On a
 * processor with AMX it has more, and Linux accepts only all of it or nothing.
 * So the bytes that the user mode kernel doesn't know are written back as they
 * are.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

#define STATE_MAX	65536

typedef long (*ptrace_t)(int request, pid_t pid, void *addr, void *data);

static long set_all(ptrace_t next, pid_t pid, void *addr,
		    const struct iovec *part)
{
	/* Only one thread runs the user mode kernel. */
	static char state[STATE_MAX] __attribute__((aligned(64)));
	struct iovec all = { .iov_base = state, .iov_len = sizeof(state) };

	if (next(PTRACE_GETREGSET, pid, addr, &all))
		return -1;
	if (part->iov_len >= all.iov_len) {
		errno = EFAULT;
		return -1;
	}
	memcpy(state, part->iov_base, part->iov_len);
	return next(PTRACE_SETREGSET, pid, addr, &all);
}

/* glibc declares the request as an enum, which is passed in the same way. */
long ptrace(enum __ptrace_request request, ...)
{
	void *addr, *data;
	ptrace_t next;
	va_list args;
	pid_t pid;
	long rc;

	va_start(args, request);
	pid = va_arg(args, pid_t);
	addr = va_arg(args, void *);
	data = va_arg(args, void *);
	va_end(args);
	next = (ptrace_t)dlsym(RTLD_NEXT, "ptrace");
	rc = next(request, pid, addr, data);
	if (rc && errno == EFAULT && request == PTRACE_SETREGSET &&
	    (long)addr == NT_X86_XSTATE)
		return set_all(next, pid, addr, data);
	return rc;
}
