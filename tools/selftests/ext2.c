// SPDX-License-Identifier: GPL-2.0
/*
 * Make an empty ext2 file system of revision 0: it has one block group and
 * blocks of 1024 bytes, some of which are reserved for root.  Its numbers are
 * little-endian.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backing.h"
#include "ext2.h"
#include "ktap.h"
#include "vmm.h"

#define BLOCK		1024u
#define PER_GROUP	8192u
#define INODES		32u
#define INODE		128u
/* The reserved inodes; root's directory is one of them */
#define INODES_USED	10u
#define ROOT		2u

/* Block numbers of the parts of the file system */
enum {
	SUPER = 1,
	GROUP,
	BLOCKS,
	INODE_BITMAP,
	TABLE,
	ROOT_DIR = TABLE + 4,
	METADATA
};

struct super {
	u32 inodes, blocks, reserved, free_blocks, free_inodes, first;
	u32 log_block, log_fragment, per_group, fragments, inodes_per_group;
	u32 mounted, written;
	u16 mounts, mounts_max, magic, state, errors, minor;
	u32 checked, interval, os, revision;
	u16 user, group;
} __packed;

struct group {
	u32 blocks, inodes, table;
	u16 free_blocks, free_inodes, directories;
} __packed;

struct inode {
	u16 mode, user;
	u32 size, times[4];
	u16 group, links;
	u32 sectors, flags, os, block[15];
} __packed;

struct entry {
	u32 inode;
	u16 length, name_length;
	char name[4];
} __packed;

static void put(int fd, u32 block, const void *data, u32 len)
{
	u8 whole[BLOCK] = { 0 };

	memcpy(whole, data, len);
	if (pwrite(fd, whole, BLOCK, block * BLOCK) != BLOCK)
		die("write a file system");
}

/*
 * Set the first @set bits, and the bits that stand for nothing: those from @nr
 * on.
 */
static void put_bitmap(int fd, u32 block, u32 set, u32 nr)
{
	u8 bits[BLOCK];
	u32 i;

	memset(bits, 0xff, sizeof(bits));
	for (i = set; i < nr; i++)
		bits[i / 8] &= ~(1u << i % 8);
	put(fd, block, bits, sizeof(bits));
}

static void put_super(int fd, u32 blocks, u32 reserved)
{
	const struct super super = {
		.inodes = htole32(INODES), .blocks = htole32(blocks),
		.reserved = htole32(reserved),
		.free_blocks = htole32(blocks - METADATA),
		.free_inodes = htole32(INODES - INODES_USED),
		.first = htole32(SUPER), .per_group = htole32(PER_GROUP),
		.fragments = htole32(PER_GROUP),
		.inodes_per_group = htole32(INODES),
		.mounts_max = 0xffff, .magic = htole16(0xef53),
		.state = htole16(1), .errors = htole16(1),
	};
	const struct group group = {
		.blocks = htole32(BLOCKS), .inodes = htole32(INODE_BITMAP),
		.table = htole32(TABLE),
		.free_blocks = htole16(blocks - METADATA),
		.free_inodes = htole16(INODES - INODES_USED),
		.directories = htole16(1),
	};

	put(fd, SUPER, &super, sizeof(super));
	put(fd, GROUP, &group, sizeof(group));
}

static void put_root(int fd)
{
	const struct inode inode = {
		.mode = htole16(040755), .size = htole32(BLOCK),
		.links = htole16(2), .sectors = htole32(BLOCK / 512),
		.block = { htole32(ROOT_DIR) },
	};
	const struct entry entries[2] = {
		{ htole32(ROOT), htole16(12), htole16(1), "." },
		{ htole32(ROOT), htole16(BLOCK - 12), htole16(2), ".." },
	};
	u8 table[BLOCK] = { 0 };

	memcpy(table + (ROOT - 1) * INODE, &inode, sizeof(inode));
	put(fd, TABLE, table, sizeof(table));
	put(fd, ROOT_DIR, entries, sizeof(entries));
}

void ext2_make(int fd, u32 blocks, u32 reserved)
{
	put_super(fd, blocks, reserved);
	put_bitmap(fd, BLOCKS, METADATA - SUPER, blocks - SUPER);
	put_bitmap(fd, INODE_BITMAP, INODES_USED, INODES);
	put_root(fd);
}

int ext2_file(struct backing_loop *loop, u32 blocks, u32 reserved, u64 size)
{
	int image = backing_file((u64)blocks * BLOCK);
	char name[64];
	int fd;

	ext2_make(image, blocks, reserved);
	if (!backing_loop(loop, image))
		return -1;
	snprintf(name, sizeof(name), "/dev/loop%d", loop->nr);
	fd = backing_file_on(name, "ext4", NULL, size);
	if (fd < 0)
		backing_loop_end(loop);
	close(image);
	return fd;
}
