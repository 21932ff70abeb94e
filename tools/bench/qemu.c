// SPDX-License-Identifier: GPL-2.0
/* The benchmark's guest program under an unmodified QEMU */
#define _GNU_SOURCE
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "qemu.h"

/* How long a guest program may measure one path */
#define PATIENCE_MS	120000

static int open_in(const char *dir, const char *name, int flags)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		die("open %s", path);
	return fd;
}

static int read_pid(const char *dir)
{
	int fd = open_in(dir, "pid", O_RDONLY), pid = 0;
	FILE *file = fdopen(fd, "r");

	if (!file || fscanf(file, "%d", &pid) != 1 || pid <= 1)
		die("PID of QEMU in %s", dir);
	fclose(file);
	return pid;
}

/* KVM's statistics of the VM are in a directory that its process names. */
static void find_exits(struct qemu *qemu)
{
	char pattern[128];
	glob_t found;

	snprintf(pattern, sizeof(pattern),
		 "/sys/kernel/debug/kvm/%d-*/exit_userspace", qemu->pid);
	if (glob(pattern, 0, NULL, &found) || found.gl_pathc != 1)
		die("one file %s", pattern);
	snprintf(qemu->exits, sizeof(qemu->exits), "%s", found.gl_pathv[0]);
	globfree(&found);
}

void qemu_open(struct qemu *qemu, const char *dir)
{
	struct stat stat;
	int memory;

	memset(qemu, 0, sizeof(*qemu));
	qemu->pid = read_pid(dir);
	find_exits(qemu);
	memory = open_in(dir, "memory", O_RDWR);
	if (fstat(memory, &stat) ||
	    (size_t)stat.st_size < HC_MAILBOX + sizeof(*qemu->box))
		die("guest storage in %s", dir);
	qemu->vmm.mem_size = stat.st_size;
	qemu->vmm.mem = mmap(NULL, stat.st_size, PROT_READ | PROT_WRITE,
			     MAP_SHARED, memory, 0);
	if (qemu->vmm.mem == MAP_FAILED)
		die("mmap of the guest storage in %s", dir);
	close(memory);
	qemu->box = vmm_pointer(&qemu->vmm, HC_MAILBOX, sizeof(*qemu->box));
	/* With both ends open, nobody's coming and going ends it. */
	qemu->bell = open_in(dir, "bell", O_RDWR | O_NONBLOCK);
	qemu_stop(qemu);
}

void qemu_go(struct qemu *qemu)
{
	if (kill(qemu->pid, SIGCONT))
		die("continue QEMU");
}

void qemu_stop(struct qemu *qemu)
{
	if (kill(qemu->pid, SIGSTOP))
		die("stop QEMU");
}

const u64 *qemu_request(struct qemu *qemu)
{
	struct pollfd bell = { .fd = qemu->bell, .events = POLLIN };
	struct hc_mailbox *box = qemu->box;
	char rung[64];

	while (__atomic_load_n(&box->asked, __ATOMIC_ACQUIRE) == box->answered) {
		if (poll(&bell, 1, PATIENCE_MS) != 1)
			die("no request of the guest program under QEMU");
		if (read(qemu->bell, rung, sizeof(rung)) < 0)
			die("read the bell of QEMU");
	}
	return box->args;
}

void qemu_answer(struct qemu *qemu, u64 answer)
{
	struct hc_mailbox *box = qemu->box;

	box->answer = answer;
	__atomic_store_n(&box->answered, box->asked, __ATOMIC_RELEASE);
}

u64 qemu_exits(const struct qemu *qemu)
{
	FILE *file = fopen(qemu->exits, "r");
	unsigned long exits;

	if (!file || fscanf(file, "%lu", &exits) != 1)
		die("read %s", qemu->exits);
	fclose(file);
	return exits;
}

void qemu_end(struct qemu *qemu)
{
	kill(qemu->pid, SIGKILL);
	munmap(qemu->vmm.mem, qemu->vmm.mem_size);
	close(qemu->bell);
}
