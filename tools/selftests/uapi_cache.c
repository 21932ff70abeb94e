// SPDX-License-Identifier: GPL-2.0
/*
 * The user ABI: disks with write-through and with write-back.  The disks are on
 * a loop block device, whose flushes the kernel counts.
 *
 * A loop block device is a file of the host's, and a flush of it is an fsync()
 * of that file.  So its page cache is lost when it is detached unwritten, and
 * the file has what the disk's cache has written.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backing.h"
#include "uapi.h"

#define BLOCKS		256
#define DISK_SIZE	((u64)BLOCKS * FBA_BLOCK)
#define DISK_SID	SID(2, 9)
#define DISK_DEVNO	0x0909
/* What one WRITE has, and how much of it fits into uapi_machine's storage */
#define SOME		8
#define MANY		100
#define CCW_AT(nr)	(UAPI_CCW + (nr) * sizeof(struct ccw1))
#define EXTENT_AT	0x1800
#define LOCATE_AT	0x1840

#define QUIESCE_MS	60000
/* How long to wait for work of the kernel, in milliseconds */
#define PATIENCE_MS	60000

struct mode {
	const char *name;	/* as QEMU and cssctl call it */
	u32 flags;
	int open_flags;
};

static const struct mode modes[] = {
	{ "writethrough", 0, 0 },
	{ "directsync", KVM_CSS_FBA_DIRECT, O_DIRECT },
	{ "writeback", KVM_CSS_FBA_WRITEBACK, 0 },
	{ "none", KVM_CSS_FBA_WRITEBACK | KVM_CSS_FBA_DIRECT, O_DIRECT },
};

static bool writes_back(const struct mode *mode)
{
	return mode->flags & KVM_CSS_FBA_WRITEBACK;
}

struct disk {
	struct uapi_machine machine;
	const struct mode *mode;
	struct backing_loop loop;
	int file;		/* under the loop block device */
	u64 flushes;		/* when flushed() was last asked */
	u8 pattern;		/* what was last written */
};

static void add(struct disk *disk)
{
	struct kvm_css_fba fba = {
		.size = sizeof(fba),
		.flags = disk->mode->flags,
	};

	fba.backing_fd = backing_reopen(disk->loop.fd,
					O_RDWR | disk->mode->open_flags);
	if (css_add_fba(disk->machine.css_fd, DISK_SID, DISK_DEVNO, &fba))
		die("KVM_CSS_ADD");
	close(fba.backing_fd);
}

/* Return: false if this host has no loop block device. */
static bool begin(struct disk *disk, const struct mode *mode, int file)
{
	*disk = (struct disk){ .mode = mode, .file = file };
	if (!backing_loop(&disk->loop, file)) {
		ktap_skip("no loop block device on this host");
		close(file);
		return false;
	}
	uapi_machine(&disk->machine);
	add(disk);
	disk->flushes = backing_loop_flushes(&disk->loop);
	return true;
}

static void end(struct disk *disk)
{
	uapi_machine_end(&disk->machine);
	backing_loop_end(&disk->loop);
	close(disk->file);
}

/* Has the block device been flushed since this was last asked? */
static bool flushed(struct disk *disk)
{
	u64 before = disk->flushes;

	disk->flushes = backing_loop_flushes(&disk->loop);
	return disk->flushes != before;
}

static void load(struct disk *disk, u16 blocks)
{
	const struct fba_extent extent = { .last = BLOCKS - 1 };
	const struct fba_locate locate = {
		.operation = FBA_OP_WRITE,
		.blocks = blocks,
	};
	const struct ccw1 ccws[] = {
		{ FBA_DEFINE_EXTENT, CCW_CC, sizeof(extent), EXTENT_AT },
		{ FBA_LOCATE, CCW_CC, sizeof(locate), LOCATE_AT },
		{ FBA_WRITE, 0, blocks * FBA_BLOCK, UAPI_DATA },
	};
	char *storage = disk->machine.storage;

	memcpy(storage + CCW_AT(0), ccws, sizeof(ccws));
	memcpy(storage + EXTENT_AT, &extent, sizeof(extent));
	memcpy(storage + LOCATE_AT, &locate, sizeof(locate));
	memset(storage + UAPI_DATA, ++disk->pattern, blocks * FBA_BLOCK);
}

/* Run a program that writes blocks.  Return: its device status. */
static u8 write_blocks(struct disk *disk, u16 blocks)
{
	int css_fd = disk->machine.css_fd, ms;
	struct kvm_css_query query;
	struct kvm_css_state state;

	load(disk, blocks);
	if (css_start_pending(css_fd, DISK_SID, UAPI_CCW, &state))
		die("KVM_CSS_GET_STATE");
	/* The last one may have been written by another program. */
	state.completed = 0;
	if (css_set_state(css_fd, &state))
		die("KVM_CSS_SET_STATE");
	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (css_query(css_fd, DISK_SID, 0, &query))
			die("KVM_CSS_QUERY");
		if (query.completed)
			return ((struct schib *)query.schib)->scsw.dstat;
		usleep(1000);
	}
	ktap_check(false, "the program hasn't ended");
	return 0;
}

/* A RESET makes the subchannel ready for the next program, and flushes nothing. */
static void reset(struct disk *disk)
{
	flushed(disk);
	ktap_check(!css_reset(disk->machine.css_fd), "RESET: %m");
	ktap_check(!flushed(disk), "%s: RESET has flushed", disk->mode->name);
}

static void write_well(struct disk *disk)
{
	u8 dstat = write_blocks(disk, SOME);

	ktap_check(dstat == DST_ENDED, "%s: status %02x", disk->mode->name,
		   dstat);
}

/* Does the file under the block device have what was last written? */
static void check_file(const struct disk *disk, const char *when)
{
	u8 data[SOME * FBA_BLOCK];
	unsigned int i;

	if (pread(disk->file, data, sizeof(data), 0) != sizeof(data))
		die("read the file");
	for (i = 0; i < sizeof(data) && data[i] == disk->pattern; i++)
		;
	ktap_check(i == sizeof(data), "%s, %s: byte %u is %02x instead of %02x",
		   disk->mode->name, when, i, data[i % sizeof(data)],
		   disk->pattern);
}

static void check_write(struct disk *disk)
{
	bool expected = !writes_back(disk->mode);

	flushed(disk);
	write_well(disk);
	ktap_check(flushed(disk) == expected, "%s: WRITE has flushed: %d",
		   disk->mode->name, !expected);
	if (expected)
		check_file(disk, "WRITE");
}

static void check_quiesce(struct disk *disk)
{
	bool expected = writes_back(disk->mode);
	int css_fd = disk->machine.css_fd;

	ktap_check(!css_quiesce(css_fd, QUIESCE_MS), "QUIESCE: %m");
	ktap_check(flushed(disk) == expected, "%s: QUIESCE has flushed: %d",
		   disk->mode->name, !expected);
	check_file(disk, "QUIESCE");
	ktap_check(!css_quiesce(css_fd, QUIESCE_MS), "QUIESCE: %m");
	ktap_check(!flushed(disk), "%s: a second QUIESCE has flushed",
		   disk->mode->name);
	ktap_check(!css_unquiesce(css_fd), "UNQUIESCE: %m");
}

static void check_remove(struct disk *disk)
{
	bool expected = writes_back(disk->mode);

	ktap_check(!css_remove(disk->machine.css_fd, DISK_SID), "REMOVE: %m");
	ktap_check(flushed(disk) == expected, "%s: REMOVE has flushed: %d",
		   disk->mode->name, !expected);
	check_file(disk, "REMOVE");
}

/* The last close waits for the flush. */
static void check_close(struct disk *disk)
{
	bool expected = writes_back(disk->mode);

	close(disk->machine.css_fd);
	disk->machine.css_fd = -1;
	ktap_check(flushed(disk) == expected, "%s: the close has flushed: %d",
		   disk->mode->name, !expected);
	check_file(disk, "close");
}

static void check_told(const struct disk *disk)
{
	struct kvm_css_device device = {
		.size = sizeof(device),
		.schid = SID_SCHID(DISK_SID),
		.ssid = SID_SSID(DISK_SID),
	};

	uapi_ioctl(disk->machine.css_fd, KVM_CSS_GET_DEVICE, &device, UAPI_OK,
		   disk->mode->name);
	ktap_check(device.fba.flags == disk->mode->flags,
		   "%s: expected flags %x, found %x", disk->mode->name,
		   disk->mode->flags, device.fba.flags);
}

static void cache_mode(const struct mode *mode)
{
	struct disk disk;

	if (!begin(&disk, mode, backing_file(DISK_SIZE)))
		return;
	check_told(&disk);
	check_write(&disk);
	reset(&disk);
	check_quiesce(&disk);
	check_write(&disk);
	check_remove(&disk);
	add(&disk);
	check_write(&disk);
	check_close(&disk);
	end(&disk);
}

static void cache_writethrough(void)
{
	cache_mode(&modes[0]);
}

static void cache_directsync(void)
{
	cache_mode(&modes[1]);
}

static void cache_writeback(void)
{
	cache_mode(&modes[2]);
}

static void cache_none(void)
{
	cache_mode(&modes[3]);
}

/* In a child process: write to the disk, tell the parent, and wait to be killed. */
static void write_and_wait(struct disk *disk, int ready)
{
	uapi_machine(&disk->machine);
	add(disk);
	disk->flushes = backing_loop_flushes(&disk->loop);
	write_well(disk);
	if (write(ready, &disk->flushes, sizeof(disk->flushes)) !=
	    sizeof(disk->flushes))
		die("tell the parent");
	pause();
	_exit(1);
}

/*
 * The VMM is killed.  Nobody waits for what the module does then, but it flushes,
 * and nothing is lost.
 */
static void cache_killed(void)
{
	struct disk disk = { .mode = &modes[2] };
	int ready[2], ms;
	pid_t pid;

	disk.file = backing_file(DISK_SIZE);
	if (!backing_loop(&disk.loop, disk.file)) {
		ktap_skip("no loop block device on this host");
		close(disk.file);
		return;
	}
	if (pipe2(ready, O_CLOEXEC))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		write_and_wait(&disk, ready[1]);
	close(ready[1]);
	disk.pattern = 1;
	ktap_check(read(ready[0], &disk.flushes, sizeof(disk.flushes)) ==
		   sizeof(disk.flushes), "the child has written");
	ktap_check(backing_loop_flushes(&disk.loop) == disk.flushes,
		   "expected no flush before the kill");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (ms = 0; !flushed(&disk) && ms < PATIENCE_MS; ms++)
		usleep(1000);
	ktap_check(ms < PATIENCE_MS, "the end of the VM hasn't flushed");
	check_file(&disk, "kill");
	close(ready[0]);
	backing_loop_end(&disk.loop);
	close(disk.file);
}

/*
 * A file on a file system that is full.  If there were room for the beginning of
 * a write, the driver of the loop block device would not report the rest.
 */
static int full_file(void)
{
	int fd = backing_file_on("none", "tmpfs", "size=4k", DISK_SIZE);
	static const char page[4096] = "x";

	if (fd >= 0 && pwrite(fd, page, sizeof(page), DISK_SIZE - sizeof(page)) !=
	    sizeof(page))
		die("fill the file system");
	return fd;
}

/*
 * There is no room for what is written, which shows up only when the page cache
 * is written back: QUIESCE says so, then the guest's next WRITE, then REMOVE.
 * The kernel may write back by itself so early that the WRITE itself is told, so
 * how the first WRITE and the last one end isn't checked.
 */
static void cache_lost(void)
{
	int file = full_file();
	struct disk disk;
	int css_fd;

	if (file < 0)
		ktap_skip("no tmpfs on this host");
	if (file < 0 || !begin(&disk, &modes[2], file))
		return;
	css_fd = disk.machine.css_fd;
	write_blocks(&disk, MANY);
	ktap_check(css_quiesce(css_fd, QUIESCE_MS) && errno == EIO,
		   "QUIESCE: expected EIO, found %m");
	/* It isn't quiesced.  If it were, the next program wouldn't begin. */
	css_unquiesce(css_fd);
	reset(&disk);
	ktap_check(write_blocks(&disk, MANY) & DST_UNIT_CHECK,
		   "expected the next WRITE to tell");
	reset(&disk);
	write_blocks(&disk, MANY);
	ktap_check(css_remove(css_fd, DISK_SID) && errno == EIO,
		   "REMOVE: expected EIO, found %m");
	ktap_check(css_remove(css_fd, DISK_SID) && errno == ENODEV,
		   "REMOVE: expected that the disk is gone, found %m");
	end(&disk);
}

const struct ktap_case uapi_cache_cases[] = {
	{ "cache=writethrough: what flushes", cache_writethrough },
	{ "cache=directsync: what flushes", cache_directsync },
	{ "cache=writeback: what flushes", cache_writeback },
	{ "cache=none: what flushes", cache_none },
	{ "cache=writeback: the VMM is killed", cache_killed },
	{ "cache=writeback: no room for what was written", cache_lost },
};

const unsigned int uapi_cache_nr = ARRAY_SIZE(uapi_cache_cases);
