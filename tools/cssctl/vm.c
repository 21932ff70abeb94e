// SPDX-License-Identifier: GPL-2.0
/* Find a VM in another process, and copy its descriptor. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cssctl.h"

#define VM_LINK			"anon_inode:kvm-vm"

bool vm_ended(int pidfd)
{
	struct pollfd wait = { .fd = pidfd, .events = POLLIN };

	return poll(&wait, 1, 0) > 0;
}

/* Return the name that /proc has for the process; "?" if it can't be read. */
void vm_name(pid_t pid, char *name, size_t size)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	file = fopen(path, "re");
	if (!file || !fgets(name, size, file))
		snprintf(name, size, "?");
	if (file)
		fclose(file);
	name[strcspn(name, "\n")] = '\0';
}

static bool is_vm(int dir, const char *name)
{
	char link[sizeof(VM_LINK) + 1];
	ssize_t length = readlinkat(dir, name, link, sizeof(link));

	return length == sizeof(VM_LINK) - 1 &&
	       !memcmp(link, VM_LINK, sizeof(VM_LINK) - 1);
}

/*
 * Check the copy: the process may have closed the VM meanwhile and opened
 * something else.
 */
static bool have_vm(int fd)
{
	int dir = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char name[16];
	bool good;

	snprintf(name, sizeof(name), "%d", fd);
	good = dir >= 0 && is_vm(dir, name);
	if (dir >= 0)
		close(dir);
	return good;
}

/* True if another descriptor of the same VM has been found already. */
static bool is_known(const struct vm *vms, int nr, int fd)
{
	pid_t self = getpid();
	int i;

	for (i = 0; i < nr; i++)
		if (!syscall(SYS_kcmp, self, self, KCMP_FILE, vms[i].fd, fd))
			return true;
	return false;
}

void vm_close(struct vm *vms, int nr)
{
	while (nr--)
		close(vms[nr].fd);
}

static int take(DIR *dir, int pidfd, int wanted, struct vm *vms)
{
	struct dirent *entry;
	int nr = 0;

	while ((entry = readdir(dir)) && nr < VMS_MAX) {
		int number = atoi(entry->d_name);
		int fd;

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    (wanted >= 0 && number != wanted) ||
		    !is_vm(dirfd(dir), entry->d_name))
			continue;
		fd = syscall(SYS_pidfd_getfd, pidfd, number, 0);
		if (fd < 0 && errno == EBADF)
			continue;
		if (fd < 0) {
			int error = errno;

			vm_close(vms, nr);
			return -error;
		}
		if (!have_vm(fd) || is_known(vms, nr, fd)) {
			close(fd);
			continue;
		}
		vms[nr].number = number;
		vms[nr++].fd = fd;
	}
	return nr;
}

/*
 * Find the VMs of a process, or the one with the wanted descriptor.  Return:
 * how many, or a negative errno. -EACCES: we may not look at the descriptors of
 * the process. -EPERM: we may look at them, but not copy them.
 */
int vm_find(pid_t pid, int pidfd, int wanted, struct vm *vms)
{
	char path[64];
	DIR *dir;
	int nr;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? -ESRCH : -errno;
	nr = take(dir, pidfd, wanted, vms);
	closedir(dir);
	return nr;
}

/*
 * Call fn for each other process until it returns true.  Return: whether it
 * did.
 */
bool each_process(bool (*fn)(pid_t pid, void *arg), void *arg)
{
	struct dirent *entry;
	bool ended = false;
	DIR *dir = opendir("/proc");

	if (!dir)
		fail(STATUS_FAILED, "expected to read /proc, found: %s",
		     strerror(errno));
	while (!ended && (entry = readdir(dir))) {
		pid_t pid = atoi(entry->d_name);

		if (isdigit((unsigned char)entry->d_name[0]) && pid != getpid())
			ended = fn(pid, arg);
	}
	closedir(dir);
	return ended;
}

static void fail_to_find(pid_t pid, int error) __attribute__((noreturn));

static void fail_to_find(pid_t pid, int error)
{
	char name[32];

	vm_name(pid, name, sizeof(name));
	switch (error) {
	case ESRCH:
		fail(STATUS_NO_VM, "expected a process %d, found none",
		     (int)pid);
	case EACCES:
		fail(STATUS_FAILED,
		     "expected to read /proc/%d/fd of %s, found: permission denied; be root, or the user that runs it",
		     (int)pid, name);
	case EPERM:
		fail(STATUS_FAILED,
		     "expected to copy the VM's descriptor from process %d, %s (pidfd_getfd), found: not permitted; %s",
		     (int)pid, name, rights_missing());
	case EINVAL:
	case ENOENT:
		fail(STATUS_NO_VM,
		     "expected %d to be a process, found one of its threads",
		     (int)pid);
	default:
		fail(STATUS_FAILED, "looking for VMs in process %d, %s: %s",
		     (int)pid, name, strerror(error));
	}
}

/*
 * Return a descriptor of the process, because the PID may become another one's.
 */
int vm_process(pid_t pid)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);

	if (pidfd < 0)
		fail_to_find(pid, errno);
	return pidfd;
}

static void fail_many(pid_t pid, const struct vm *vms, int nr)
	__attribute__((noreturn));

static void fail_many(pid_t pid, const struct vm *vms, int nr)
{
	char list[VMS_MAX * 12] = "";
	size_t used = 0;
	int i;

	for (i = 0; i < nr; i++)
		used += snprintf(list + used, sizeof(list) - used, " %d",
				 vms[i].number);
	fail(STATUS_NO_VM,
	     "expected one VM in process %d, found %d; choose one with --vm-fd, of:%s",
	     (int)pid, nr, list);
}

static void fail_none(pid_t pid, int number) __attribute__((noreturn));

static void fail_none(pid_t pid, int number)
{
	char name[32];

	vm_name(pid, name, sizeof(name));
	if (number >= 0)
		fail(STATUS_NO_VM,
		     "--vm-fd: expected descriptor %d of process %d, %s, to be a VM of KVM, found that it isn't; cssctl list --all shows those that are",
		     number, (int)pid, name);
	fail(STATUS_NO_VM,
	     "expected a VM of KVM in process %d, found %s without one; is it the VMM's process?",
	     (int)pid, name);
}

/*
 * Return a copy of the process's descriptor with that number, which is a VM;
 * with number -1, of the descriptor of its only VM.  The copy keeps the VM
 * alive until it is closed.
 */
int vm_get(pid_t pid, int pidfd, int number)
{
	struct vm vms[VMS_MAX];
	int nr = vm_find(pid, pidfd, number, vms);

	if (nr < 0)
		fail_to_find(pid, -nr);
	if (!nr)
		fail_none(pid, number);
	if (nr > 1)
		fail_many(pid, vms, nr);
	return vms[0].fd;
}

/* Read the PID in a file.  If may_lack, return 0 while there is none yet. */
static pid_t read_pidfile(const char *path, bool may_lack)
{
	char text[32] = "";
	uint64_t pid;
	FILE *file = fopen(path, "re");

	if (!file) {
		if (errno == ENOENT && may_lack)
			return 0;
		fail(errno == ENOENT ? STATUS_NO_VM : STATUS_FAILED,
		     "expected a PID in %s, found: %s", path, strerror(errno));
	}
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	text[strcspn(text, " \t\n")] = '\0';
	if (!*text && may_lack)
		return 0;
	if (!parse_decimal(text, INT_MAX, &pid) || !pid)
		fail(STATUS_FAILED, "expected a PID in %s, found \"%s\"", path,
		     text);
	return pid;
}

static bool has_vm(pid_t pid)
{
	struct vm vms[VMS_MAX];
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	int nr;

	if (pidfd < 0)
		return false;
	nr = vm_find(pid, pidfd, -1, vms);
	close(pidfd);
	/* Waiting doesn't help when access is denied. */
	if (nr < 0)
		return nr != -ESRCH;
	vm_close(vms, nr);
	return nr;
}

/*
 * Return the process that the options name, when it has a VM or the time is
 * over.
 */
pid_t vm_pid(struct options *options)
{
	uint64_t tries = options->wait * 10;

	for (;; tries--) {
		pid_t pid = options->pid;

		if (options->pidfile)
			pid = read_pidfile(options->pidfile, tries);
		if (!tries || (pid && has_vm(pid))) {
			options->pid = pid;
			return pid;
		}
		usleep(100000);
	}
}
