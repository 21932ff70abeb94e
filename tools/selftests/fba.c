// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the theme "fba": FBA DASDs on files of the host.  The
 * tests are in guest/fba.c.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/capability.h>

#include "backing.h"
#include "ext2.h"
#include "theme.h"
#include "guest/fba.h"

#define DISK_SIZE	((u64)FBA_DISK_BLOCKS * FBA_BLOCK)

static int files[FBA_DISKS];
static struct backing_loop loop = { .fd = -1 }, loop4k = { .fd = -1 };
static struct backing_loop ext2 = { .fd = -1 };

/* Add a disk whose file system has room for only a few of its blocks. */
static u64 add_full(struct machine *machine)
{
	files[FBA_FULL] = backing_file_on("none", "tmpfs", "size=256k",
					  DISK_SIZE);
	if (files[FBA_FULL] < 0)
		return 0;
	machine_add_fba(machine, FBA_SID(FBA_FULL), 0xf005, files[FBA_FULL],
			FBA_DISK_BLOCKS, false);
	return FBA_ARG_FULL;
}

#define USER	1234

/* Become a user without root's special rights over files, or root again. */
static void be_user(bool user)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	setfsuid(user ? USER : 0);
	if (syscall(SYS_capget, &header, data))
		die("capget");
	data[0].effective = data[0].permitted;
	data[1].effective = data[1].permitted;
	if (user)
		data[0].effective &= ~(1u << CAP_SYS_RESOURCE |
				       1u << CAP_FSETID | 1u << CAP_FOWNER);
	if (syscall(SYS_capset, &header, data))
		die("capset");
}

static void add_as_user(struct machine *machine, int disk)
{
	be_user(true);
	machine_add_fba(machine, FBA_SID(disk), 0xf000 + disk, files[disk],
			FBA_DISK_BLOCKS, false);
	be_user(false);
}

/* Add a disk while a file size limit is set, and take the limit back. */
static void add_with_limit(struct machine *machine)
{
	struct rlimit before, limit;

	if (getrlimit(RLIMIT_FSIZE, &before))
		die("getrlimit");
	limit = before;
	limit.rlim_cur = FBA_LIMIT_BLOCKS * FBA_BLOCK;
	if (setrlimit(RLIMIT_FSIZE, &limit))
		die("setrlimit");
	add_as_user(machine, FBA_LIMIT);
	if (setrlimit(RLIMIT_FSIZE, &before))
		die("setrlimit");
}

static void add_direct(struct machine *machine, int disk, int fd)
{
	int direct = backing_reopen(fd, O_RDWR | O_DIRECT);

	machine_add_fba(machine, FBA_SID(disk), 0xf000 + disk, direct,
			FBA_DISK_BLOCKS, false);
	close(direct);
}

static u64 add_others(struct machine *machine)
{
	if (fchmod(files[FBA_SETUID], 06777))
		die("fchmod");
	add_as_user(machine, FBA_SETUID);
	add_with_limit(machine);
	files[FBA_RESERVED] = ext2_file(&ext2, FBA_FS_BLOCKS / 2,
					FBA_FS_RESERVED / 2, DISK_SIZE);
	if (files[FBA_RESERVED] < 0)
		return 0;
	add_as_user(machine, FBA_RESERVED);
	add_direct(machine, FBA_DIRECT_EXT4, files[FBA_RESERVED]);
	return FBA_ARG_RESERVED;
}

static u64 setup(struct machine *machine)
{
	u64 argument = machine->served_by == SERVED_BY_KERNEL ?
			FBA_ARG_KERNEL : 0;
	int disk, readonly;

	for (disk = 0; disk < FBA_DISKS; disk++)
		if (disk != FBA_FULL && disk < FBA_RESERVED)
			files[disk] = backing_file(DISK_SIZE);
	readonly = backing_reopen(files[FBA_READONLY], O_RDONLY);
	machine_add_fba(machine, FBA_SID(FBA_PLAIN), 0xf000, files[FBA_PLAIN],
			FBA_DISK_BLOCKS, false);
	machine_add_fba(machine, FBA_SID(FBA_OTHER), 0xf001, files[FBA_OTHER],
			FBA_DISK_BLOCKS, false);
	machine_add_fba(machine, FBA_SID(FBA_READONLY), 0xf002, readonly,
			FBA_DISK_BLOCKS, true);
	argument |= add_full(machine);
	if (machine->served_by == SERVED_BY_KERNEL)
		argument |= add_others(machine);
	if (!backing_loop(&loop, files[FBA_LOOP]))
		return argument;
	if (!backing_loop(&loop4k, files[FBA_LOOP4K]))
		die("a second loop block device");
	backing_loop_block_size(&loop4k, 4096);
	machine_add_fba(machine, FBA_SID(FBA_LOOP), 0xf003, loop.fd,
			FBA_DISK_BLOCKS, false);
	machine_add_fba(machine, FBA_SID(FBA_LOOP4K), 0xf004, loop4k.fd,
			FBA_DISK_BLOCKS, false);
	if (machine->served_by == SERVED_BY_KERNEL)
		add_direct(machine, FBA_DIRECT, loop.fd);
	return argument | FBA_ARG_LOOP;
}

/* A loop block device has a page cache of its own, so read from the device. */
static int disk_fd(int disk)
{
	if (disk == FBA_LOOP || disk == FBA_DIRECT)
		return loop.fd;
	if (disk == FBA_DIRECT_EXT4)
		return files[FBA_RESERVED];
	return disk == FBA_LOOP4K ? loop4k.fd : files[disk];
}

static u64 compare(int disk, const u8 *data, u64 block, u64 nr)
{
	u64 size = nr * FBA_BLOCK, differs = 0, i;
	int fd = disk_fd(disk);
	u8 *found = malloc(size);

	if (!found || pread(fd, found, size, block * FBA_BLOCK) !=
	    (ssize_t)size)
		die("read backing of disk %d", disk);
	if (memcmp(found, data, size))
		for (i = 0; i < size; i++)
			differs += found[i] != data[i];
	free(found);
	return differs;
}

static u64 deferred(struct machine *machine, int disk)
{
	struct kvm_css_query query;

	if (css_query(machine->css_fd, FBA_SID(disk), 0, &query))
		die("query disk %d", disk);
	return query.deferred;
}

static u64 call(struct machine *machine, const u64 *args)
{
	const u8 *data = vmm_pointer(&machine->vmm, FBA_SHARED, 65536 * 16);
	u64 block = args[2] >> 16, nr = args[2] & 0xffff;
	int disk = args[1];
	struct stat stat;

	switch (args[0]) {
	case FBA_CALL_COMPARE:
		return compare(disk, data, block, nr);
	case FBA_CALL_FILL:
		if (pwrite(disk_fd(disk), data, nr * FBA_BLOCK,
			   block * FBA_BLOCK) != (ssize_t)(nr * FBA_BLOCK))
			die("write backing of disk %d", disk);
		return 0;
	case FBA_CALL_FLUSHES:
		return backing_loop_flushes(&loop);
	case FBA_CALL_MODE:
		if (fstat(files[disk], &stat))
			die("stat backing of disk %d", disk);
		return stat.st_mode;
	case FBA_CALL_DEFERRED:
		return deferred(machine, disk);
	case FBA_CALL_EMPTY:
		if (ftruncate(files[disk], 0) ||
		    ftruncate(files[disk], DISK_SIZE))
			die("empty backing of disk %d", disk);
		return 0;
	case FBA_CALL_TRUNCATE:
		if (ftruncate(files[disk], args[2] * FBA_BLOCK))
			die("truncate backing of disk %d", disk);
		return 0;
	}
	return 0;
}

static void teardown(struct machine *machine)
{
	(void)machine;
	backing_loop_end(&loop);
	backing_loop_end(&loop4k);
	backing_loop_end(&ext2);
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "fba",
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
		.teardown = teardown,
	};

	return theme_main(&theme, argc, argv);
}
