// SPDX-License-Identifier: GPL-2.0
/* FBA DASD on files of the host; the tests are in guest/fba.c */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "backing.h"
#include "theme.h"
#include "guest/fba.h"

#define DISK_SIZE	((u64)FBA_DISK_BLOCKS * FBA_BLOCK)

static int files[FBA_DISKS];
static struct backing_loop loop = { .fd = -1 }, loop4k = { .fd = -1 };

/* A file system with room for a few blocks of a file, and the file on it */
static u64 add_full(struct machine *machine)
{
	char dir[] = "/tmp/kvm-css-full-XXXXXX", name[64];

	if (!mkdtemp(dir))
		die("mkdtemp");
	if (mount("none", dir, "tmpfs", 0, "size=256k")) {
		ktap_note("no file system that is full: mount: %m");
		rmdir(dir);
		return 0;
	}
	snprintf(name, sizeof(name), "%s/disk", dir);
	files[FBA_FULL] = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (files[FBA_FULL] < 0 || ftruncate(files[FBA_FULL], DISK_SIZE))
		die("%s", name);
	/* It goes with the last of its files. */
	if (umount2(dir, MNT_DETACH) || rmdir(dir))
		die("unmount %s", dir);
	machine_add_fba(machine, FBA_SID(FBA_FULL), 0xf005, files[FBA_FULL],
			FBA_DISK_BLOCKS, false);
	return FBA_ARG_FULL;
}

static u64 setup(struct machine *machine)
{
	u64 argument = machine->served_by == SERVED_BY_KERNEL ?
			FBA_ARG_KERNEL : 0;
	int disk, readonly;

	for (disk = 0; disk < FBA_FULL; disk++)
		files[disk] = backing_file(DISK_SIZE);
	readonly = backing_reopen(files[FBA_READONLY], O_RDONLY);
	machine_add_fba(machine, FBA_SID(FBA_PLAIN), 0xf000, files[FBA_PLAIN],
			FBA_DISK_BLOCKS, false);
	machine_add_fba(machine, FBA_SID(FBA_OTHER), 0xf001, files[FBA_OTHER],
			FBA_DISK_BLOCKS, false);
	machine_add_fba(machine, FBA_SID(FBA_READONLY), 0xf002, readonly,
			FBA_DISK_BLOCKS, true);
	argument |= add_full(machine);
	if (!backing_loop(&loop, files[FBA_LOOP]))
		return argument;
	if (!backing_loop(&loop4k, files[FBA_LOOP4K]))
		die("a second loop block device");
	backing_loop_block_size(&loop4k, 4096);
	machine_add_fba(machine, FBA_SID(FBA_LOOP), 0xf003, loop.fd,
			FBA_DISK_BLOCKS, false);
	machine_add_fba(machine, FBA_SID(FBA_LOOP4K), 0xf004, loop4k.fd,
			FBA_DISK_BLOCKS, false);
	return argument | FBA_ARG_LOOP;
}

/* The block device has a page cache of its own. */
static int disk_fd(int disk)
{
	if (disk == FBA_LOOP)
		return loop.fd;
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
	for (i = 0; i < size; i++)
		differs += found[i] != data[i];
	free(found);
	return differs;
}

static u64 call(struct machine *machine, const u64 *args)
{
	const u8 *data = vmm_pointer(&machine->vmm, FBA_SHARED, 65536 * 16);
	u64 block = args[2] >> 16, nr = args[2] & 0xffff;
	int disk = args[1];

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
