// SPDX-License-Identifier: GPL-2.0
/*
 * Find out what keeps the descriptors of a process from being copied, see
 * pidfd_getfd(2).
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <unistd.h>

#include "cssctl.h"

#define YAMA_SCOPE		"/proc/sys/kernel/yama/ptrace_scope"
#define OWN_STATUS		"/proc/self/status"

/* Read a file of /proc; its text is empty if there is no such file. */
static void read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, size - 1);

	text[length > 0 ? length : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

static bool may_trace(void)
{
	char text[4096];
	const char *found;

	read_text(OWN_STATUS, text, sizeof(text));
	found = strstr(text, "\nCapEff:");
	return found && strtoull(found + strlen("\nCapEff:"), NULL, 16) >>
			CAP_SYS_PTRACE & 1;
}

/* Without Yama the scope is 0. */
static int yama_scope(void)
{
	char text[16];

	read_text(YAMA_SCOPE, text, sizeof(text));
	return atoi(text);
}

enum obstacle { NO_RIGHT, YAMA_CAPABILITY, YAMA_SETTABLE, YAMA_NOBODY, OTHER };

static const char *const said[] = {
	[NO_RIGHT] =
	"be root (CAP_SYS_PTRACE), or the user that runs the process, if that hasn't changed its user, as libvirt's QEMU has",
	[YAMA_SETTABLE] =
	"kernel.yama.ptrace_scope is 1, which leaves it to CAP_SYS_PTRACE: be root, or set it to 0 and be the user that runs the process",
	[YAMA_CAPABILITY] =
	"kernel.yama.ptrace_scope is 2, which leaves it to CAP_SYS_PTRACE: be root",
	[YAMA_NOBODY] =
	"kernel.yama.ptrace_scope is 3, which forbids it to everybody, root too, until the host is booted without; only the VMM itself can attach then",
	[OTHER] =
	"the caller has CAP_SYS_PTRACE, so a security module (SELinux, AppArmor) is in the way, or the process belongs to another user namespace than a container's",
};

static enum obstacle obstacle(int scope)
{
	if (scope >= 3)
		return YAMA_NOBODY;
	if (may_trace())
		return OTHER;
	switch (scope) {
	case 2:
		return YAMA_CAPABILITY;
	case 1:
		return YAMA_SETTABLE;
	default:
		return NO_RIGHT;
	}
}

/* Say what is in the way, and what would help. */
const char *rights_missing(void)
{
	return said[obstacle(yama_scope())];
}
