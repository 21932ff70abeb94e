// SPDX-License-Identifier: GPL-2.0
/* The user ABI: which files KVM_CSS_ADD takes as the backing of a disk */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <linux/fs.h>

#include "backing.h"
#include "uapi.h"

#define DISK_BLOCKS	16
#define DISK_SIZE	(DISK_BLOCKS * FBA_BLOCK)
#define DISK_SID	SID(2, 7)

/* Check how ADD with this backing ends, and remove a disk that it has added. */
static void add_ends(int css_fd, int fd, u32 flags, int error, const char *what)
{
	struct kvm_css_fba fba = {
		.size = sizeof(fba),
		.flags = flags,
		.backing_fd = fd,
	};
	int rc = css_add_fba(css_fd, DISK_SID, 0x1234, &fba);

	ktap_check(error ? rc && errno == error : !rc,
		   "%s: expected %s, found: %s",
		   what, error ? strerror(error) : "success",
		   rc ? strerror(errno) : "it was added");
	if (!rc)
		css_remove(css_fd, DISK_SID);
}

/* A file that the kernel generates, on a file system of that kind */
struct made_up {
	const char *type;
	const char *path;	/* path of the file in it */
};

static const struct made_up made_ups[] = {
	/* sysfs says of every file that its size is 4096 bytes. */
	{ "sysfs", "kernel/mm/ksm/run" },
	{ "sysfs", "module/kvm_css/refcnt" },
	{ "proc", "sys/kernel/hostname" },
	{ "proc", "kcore" },
	{ "proc", "self/mem" },
	{ "debugfs", "sched/features" },
	{ "tracefs", "trace_marker" },
	{ "cgroup2", "cgroup.procs" },
	{ "securityfs", "lsm" },
	{ "configfs", "kvm" },
	{ "bpf", "maps.debug" },
};

/* Return: whether there is such a file. */
static bool made_up_refused(int css_fd, const char *dir,
			    const struct made_up *file)
{
	char name[128];
	int fd;

	snprintf(name, sizeof(name), "%s/%s", dir, file->path);
	fd = open(name, O_RDWR | O_CLOEXEC);
	if (fd >= 0) {
		add_ends(css_fd, fd, 0, EINVAL, file->path);
		add_ends(css_fd, fd, KVM_CSS_FBA_READONLY, EINVAL, file->path);
		close(fd);
		return true;
	}
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	add_ends(css_fd, fd, KVM_CSS_FBA_READONLY, EINVAL, file->path);
	close(fd);
	return true;
}

static void no_storage(void)
{
	char dir[] = "/tmp/kvm-css-made-up-XXXXXX";
	int css_fd = uapi_css();
	unsigned int i, nr = 0;

	if (!mkdtemp(dir))
		die("mkdtemp");
	for (i = 0; i < ARRAY_SIZE(made_ups); i++) {
		const struct made_up *file = &made_ups[i];

		if (mount("none", dir, file->type, 0, NULL)) {
			ktap_note("no %s: %s", file->type, strerror(errno));
			continue;
		}
		if (made_up_refused(css_fd, dir, file))
			nr++;
		else
			ktap_note("no %s in %s: %s", file->path, file->type,
				  strerror(errno));
		if (umount2(dir, MNT_DETACH))
			die("unmount %s", file->type);
	}
	ktap_check(nr > 2, "only %u of these files could be tried", nr);
	rmdir(dir);
	close(css_fd);
}

static void accepted_on(int css_fd, const char *type)
{
	char dir[] = "/tmp/kvm-css-storage-XXXXXX", name[64];
	int fd;

	if (!mkdtemp(dir))
		die("mkdtemp");
	if (mount("none", dir, type, 0, NULL)) {
		ktap_note("no %s: %s", type, strerror(errno));
		rmdir(dir);
		return;
	}
	snprintf(name, sizeof(name), "%s/disk", dir);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, DISK_SIZE))
		die("%s", name);
	add_ends(css_fd, fd, 0, UAPI_OK, type);
	close(fd);
	umount2(dir, MNT_DETACH);
	rmdir(dir);
}

static void storage(void)
{
	int css_fd = uapi_css();
	int fd = memfd_create("disk", MFD_CLOEXEC);

	accepted_on(css_fd, "tmpfs");
	accepted_on(css_fd, "ramfs");
	if (fd < 0 || ftruncate(fd, DISK_SIZE))
		die("memfd");
	add_ends(css_fd, fd, 0, UAPI_OK, "memfd");
	close(fd);
	close(css_fd);
}

/* A block device is made read-only after it has been opened for writing. */
static void readonly_block_device(void)
{
	int file = backing_file(DISK_SIZE), css_fd = uapi_css();
	int on = 1, off = 0;
	struct backing_loop loop;

	if (backing_loop(&loop, file)) {
		add_ends(css_fd, loop.fd, 0, UAPI_OK, "block device");
		if (ioctl(loop.fd, BLKROSET, &on))
			die("BLKROSET");
		add_ends(css_fd, loop.fd, 0, EACCES, "block device, read-only");
		add_ends(css_fd, loop.fd, KVM_CSS_FBA_READONLY, UAPI_OK,
			 "block device, read-only, READONLY");
		/* Make it writable again for the next user of the device. */
		ioctl(loop.fd, BLKROSET, &off);
		backing_loop_end(&loop);
	} else {
		ktap_skip("no loop block device on this host");
	}
	close(css_fd);
	close(file);
}

/*
 * Direct I/O of a block device needs requests as large as the device's blocks.
 */
static void direct_block_device(void)
{
	int file = backing_file(DISK_SIZE), css_fd = uapi_css(), fd;
	struct backing_loop loop;

	if (backing_loop(&loop, file)) {
		fd = backing_reopen(loop.fd, O_RDWR | O_DIRECT);
		add_ends(css_fd, fd, 0, UAPI_OK, "512 bytes, direct");
		close(fd);
		backing_loop_block_size(&loop, 4096);
		fd = backing_reopen(loop.fd, O_RDWR | O_DIRECT);
		add_ends(css_fd, fd, 0, EINVAL, "4096 bytes, direct");
		close(fd);
		add_ends(css_fd, loop.fd, 0, UAPI_OK, "4096 bytes");
		backing_loop_end(&loop);
	} else {
		ktap_skip("no loop block device on this host");
	}
	close(css_fd);
	close(file);
}

const struct ktap_case uapi_storage_cases[] = {
	{ "ADD FBA: a file that the kernel makes up is EINVAL", no_storage },
	{ "ADD FBA: files in memory", storage },
	{ "ADD FBA: a block device that is read-only by now is EACCES",
	  readonly_block_device },
	{ "ADD FBA: direct I/O in larger blocks is EINVAL",
	  direct_block_device },
};

const unsigned int uapi_storage_nr = ARRAY_SIZE(uapi_storage_cases);
