// SPDX-License-Identifier: GPL-2.0
/*
 * Find out who has locked a file, for a message.  If a disk in the kernel has,
 * its open file belongs to no process, so look for the disk among the devices
 * of all VMs.  If a process has, look for its locks in /proc/PID/fdinfo.
 */
#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cssctl.h"

struct search {
	char path[PATH_MAX];	/* as the kernel prints it */
	struct stat file;
	unsigned long long byte;
	int dev;
	char *who;
};

/* True if the file is the backing of one of the VM's devices */
static bool is_backing_of(int css, pid_t pid, struct search *search)
{
	char sid[SID_NAME_SIZE], name[32];
	struct kvm_css_device device;
	struct kvm_css_query query;
	struct walk walk = { 0 };

	while (!css_walk(css, &walk, 0, &query)) {
		describe(css, &query, &device);
		if (strcmp(device.backing, search->path))
			continue;
		vm_name(pid, name, sizeof(name));
		snprintf(search->who, HOLDER_SIZE,
			 "%s %s of the VM of process %d, %s,",
			 kind_of(device.type)->noun,
			 sid_name(query_sid(&query), sid), (int)pid, name);
		return true;
	}
	return false;
}

static bool find_disk(pid_t pid, void *arg)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	struct search *search = arg;
	struct vm vms[VMS_MAX];
	bool found = false;
	int nr, i;

	if (pidfd < 0)
		return false;
	nr = vm_find(pid, pidfd, -1, vms);
	close(pidfd);
	for (i = 0; i < nr && !found; i++) {
		int css = css_open(search->dev, vms[i].fd, CSS_LOOK);

		found = css >= 0 && is_backing_of(css, pid, search);
		if (css >= 0)
			close(css);
	}
	if (nr > 0)
		vm_close(vms, nr);
	return found;
}

/* True if one of the locks of a descriptor's open file covers the byte */
static bool has_lock(const char *path, unsigned long long byte)
{
	FILE *file = fopen(path, "re");
	bool found = false;
	char line[256];

	while (file && !found && fgets(line, sizeof(line), file)) {
		unsigned long long from, to;
		char end[24];

		/* "lock:	1: OFDLCK ADVISORY  READ -1 fe:00:4711 100 101" */
		if (sscanf(line, "lock: %*d: %*s %*s %*s %*d %*s %llu %23s",
			   &from, end) != 2)
			continue;
		to = strcmp(end, "EOF") ? strtoull(end, NULL, 10) : ULLONG_MAX;
		found = from <= byte && byte <= to;
	}
	if (file)
		fclose(file);
	return found;
}

static bool find_process(pid_t pid, void *arg)
{
	struct search *search = arg;
	struct dirent *entry;
	char path[64], name[32];
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		int number = atoi(entry->d_name);
		struct stat file;

		if (fstatat(dirfd(dir), entry->d_name, &file, 0) ||
		    file.st_dev != search->file.st_dev ||
		    file.st_ino != search->file.st_ino)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)pid,
			 number);
		found = has_lock(path, search->byte);
	}
	if (dir)
		closedir(dir);
	if (!found)
		return false;
	vm_name(pid, name, sizeof(name));
	snprintf(search->who, HOLDER_SIZE, "process %d, %s,", (int)pid, name);
	return true;
}

/*
 * Describe who has locked that byte of the file that is open as fd, as far as
 * that can be seen.
 */
void holder_of(const char *path, int fd, off_t byte, char *who)
{
	struct search search = { .byte = byte, .who = who };

	search.dev = css_device();
	if (!fstat(fd, &search.file) && realpath(path, search.path) &&
	    (each_process(find_disk, &search) ||
	     each_process(find_process, &search))) {
		close(search.dev);
		return;
	}
	close(search.dev);
	snprintf(who, HOLDER_SIZE,
		 "somebody (no process or VM that may be looked at here; another host, perhaps)");
}
