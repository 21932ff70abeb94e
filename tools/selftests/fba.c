// SPDX-License-Identifier: GPL-2.0
/* FBA DASD on files of the host; the tests are in guest/fba.c */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "backing.h"
#include "theme.h"
#include "guest/fba.h"

#define DISK_SIZE	((u64)FBA_DISK_BLOCKS * FBA_BLOCK)

static int files[FBA_DISKS];
static struct backing_loop loop = { .fd = -1 }, loop4k = { .fd = -1 };

static u64 setup(struct machine *machine)
{
	int disk, readonly;

	for (disk = 0; disk < FBA_DISKS; disk++)
		files[disk] = backing_file(DISK_SIZE);
	readonly = backing_reopen(files[FBA_READONLY], O_RDONLY);
	machine_add_fba(machine, FBA_SID(FBA_PLAIN), 0xf000, files[FBA_PLAIN],
			FBA_DISK_BLOCKS, false);
	machine_add_fba(machine, FBA_SID(FBA_OTHER), 0xf001, files[FBA_OTHER],
			FBA_DISK_BLOCKS, false);
	machine_add_fba(machine, FBA_SID(FBA_READONLY), 0xf002, readonly,
			FBA_DISK_BLOCKS, true);
	if (!backing_loop(&loop, files[FBA_LOOP]))
		return 0;
	if (!backing_loop(&loop4k, files[FBA_LOOP4K]))
		die("a second loop block device");
	backing_loop_block_size(&loop4k, 4096);
	machine_add_fba(machine, FBA_SID(FBA_LOOP), 0xf003, loop.fd,
			FBA_DISK_BLOCKS, false);
	machine_add_fba(machine, FBA_SID(FBA_LOOP4K), 0xf004, loop4k.fd,
			FBA_DISK_BLOCKS, false);
	return FBA_ARG_LOOP;
}

static u64 compare(int disk, const u8 *data, u64 block, u64 nr)
{
	u64 size = nr * FBA_BLOCK, differs = 0, i;
	/* The block device has a page cache of its own. */
	int fd = disk == FBA_LOOP ? loop.fd :
		 disk == FBA_LOOP4K ? loop4k.fd : files[disk];
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
		if (pwrite(files[disk], data, nr * FBA_BLOCK,
			   block * FBA_BLOCK) != (ssize_t)(nr * FBA_BLOCK))
			die("write backing of disk %d", disk);
		return 0;
	case FBA_CALL_FLUSHES:
		return backing_loop_flushes(&loop);
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
