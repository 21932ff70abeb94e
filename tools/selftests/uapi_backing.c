// SPDX-License-Identifier: GPL-2.0
/*
 * The user ABI: a disk keeps its backing's file open, so file locks and the
 * claim of a block device, which belong to the open file, last as long as the
 * disk.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backing.h"
#include "uapi.h"

#define BLOCKS		16
#define DISK_SID	SID(3, 0)
#define LOCKED_BYTE	101

/* How long to wait for work of the kernel, in hundredths of a second */
#define PATIENCE	3000

static struct flock byte_lock(short type)
{
	return (struct flock){
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = LOCKED_BYTE,
		.l_len = 1,
	};
}

/* True if another open file description has a lock on the file. */
static bool locked(int file)
{
	struct flock lock = byte_lock(F_WRLCK);

	if (fcntl(file, F_OFD_GETLK, &lock))
		die("F_OFD_GETLK");
	return lock.l_type != F_UNLCK;
}

static bool gets_free(int file)
{
	int i;

	for (i = 0; locked(file) && i < PATIENCE; i++)
		usleep(10000);
	return !locked(file);
}

/*
 * Open the file once more and lock it, make a disk of it, and close it again.
 */
static void add_locked(int css_fd, int file)
{
	struct flock lock = byte_lock(F_RDLCK);
	struct kvm_css_fba fba = {
		.size = sizeof(fba),
		.backing_fd = backing_reopen(file, O_RDWR),
	};

	if (fcntl(fba.backing_fd, F_OFD_SETLK, &lock))
		die("F_OFD_SETLK");
	if (css_add_fba(css_fd, DISK_SID, 0x200, &fba))
		die("KVM_CSS_ADD");
	close(fba.backing_fd);
}

/* The same, in a process that has ended when this returns */
static void add_locked_by_other(int css_fd, int file)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (!pid) {
		add_locked(css_fd, file);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	ktap_check(!status, "the child has added the disk");
}

static void backing_lock_removed(void)
{
	int file = backing_file(BLOCKS * FBA_BLOCK), css_fd = uapi_css();

	add_locked_by_other(css_fd, file);
	ktap_check(locked(file), "expected the lock to outlast its process");
	ktap_check(!css_remove(css_fd, DISK_SID), "REMOVE: %s",
		   strerror(errno));
	ktap_check(!locked(file), "expected no lock after REMOVE");
	close(css_fd);
	close(file);
}

static void backing_lock_vacated(void)
{
	int file = backing_file(BLOCKS * FBA_BLOCK), css_fd = uapi_css();

	add_locked_by_other(css_fd, file);
	ktap_check(!css_remove_flags(css_fd, DISK_SID, KVM_CSS_REMOVE_VACATE),
		   "REMOVE: %s", strerror(errno));
	ktap_check(!locked(file), "expected no lock after REMOVE");
	close(css_fd);
	close(file);
}

static void backing_lock_closed(void)
{
	int file = backing_file(BLOCKS * FBA_BLOCK), css_fd = uapi_css();

	add_locked_by_other(css_fd, file);
	ktap_check(locked(file), "expected a lock");
	close(css_fd);
	ktap_check(gets_free(file), "expected no lock after the last close");
	close(file);
}

/*
 * In a child process: make a VM whose channel subsystem is kept, and wait to be
 * killed.
 */
static void vm_with_disk(int file, int ready)
{
	int vm_fd = uapi_vm(), css_fd;

	css_fd = css_attach(vm_fd, KVM_CSS_CREATE_KEEP);
	if (css_fd < 0)
		die("KVM_CSS_CREATE");
	add_locked(css_fd, file);
	close(css_fd);
	if (write(ready, "", 1) != 1)
		die("tell the parent");
	pause();
	_exit(1);
}

static void backing_lock_vm_ends(void)
{
	int file = backing_file(BLOCKS * FBA_BLOCK);
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe2(ready, O_CLOEXEC))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		vm_with_disk(file, ready[1]);
	close(ready[1]);
	ktap_check(read(ready[0], &byte, 1) == 1, "the child has added a disk");
	ktap_check(locked(file), "expected a lock");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ktap_check(gets_free(file), "expected no lock after the end of the VM");
	close(ready[0]);
	close(file);
}

/* True if nobody has claimed the block device. */
static bool claimable(int block)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", block);
	fd = open(name, O_RDONLY | O_EXCL | O_CLOEXEC);
	if (fd < 0 && errno != EBUSY)
		die("open %s", name);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void backing_claim(void)
{
	int file = backing_file(BLOCKS * FBA_BLOCK), css_fd = uapi_css();
	struct kvm_css_fba fba = { .size = sizeof(fba) };
	struct backing_loop loop;

	if (!backing_loop(&loop, file)) {
		ktap_skip("no block device to claim");
	} else {
		ktap_check(claimable(loop.fd),
			   "expected that nobody has claimed it at first");
		fba.backing_fd = backing_reopen(loop.fd, O_RDWR | O_EXCL);
		ktap_check(!css_add_fba(css_fd, DISK_SID, 0x200, &fba),
			   "ADD: %s", strerror(errno));
		close(fba.backing_fd);
		ktap_check(!claimable(loop.fd),
			   "expected that the disk has claimed it");
		ktap_check(!css_remove(css_fd, DISK_SID), "REMOVE: %s",
			   strerror(errno));
		ktap_check(claimable(loop.fd),
			   "expected that nobody has claimed it after REMOVE");
		backing_loop_end(&loop);
	}
	close(css_fd);
	close(file);
}

const struct ktap_case uapi_backing_cases[] = {
	{ "backing: locks of the open file outlive their process, until REMOVE",
	  backing_lock_removed },
	{ "backing: REMOVE with VACATE lets them go, too",
	  backing_lock_vacated },
	{ "backing: so does the last close", backing_lock_closed },
	{ "backing: so does the end of a VM whose channel subsystem is kept",
	  backing_lock_vm_ends },
	{ "backing: the claim of a block device lasts as long as the disk",
	  backing_claim },
};

const unsigned int uapi_backing_nr = ARRAY_SIZE(uapi_backing_cases);
