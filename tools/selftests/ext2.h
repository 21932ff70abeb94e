/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small ext2 file system, to test the blocks that a host's file system
 * reserves for root, and to have a disk's file on a file system that has a page
 * cache
 */
#ifndef SELFTESTS_EXT2_H
#define SELFTESTS_EXT2_H

#include "backing.h"
#include "cio.h"

/**
 * ext2_make() - make an empty file system
 * @fd: a file that is large enough and contains zeros only
 * @blocks: its size, in blocks of 1024 bytes; at most 8192
 * @reserved: how many of the blocks are reserved for root
 */
void ext2_make(int fd, u32 blocks, u32 reserved);

/**
 * ext2_file() - make a file on a new ext2, which ends when the file is closed
 * @loop: filled in: the loop block device that the file system is on
 * @blocks: size of the file system, in blocks of 1024 bytes; at most 8192
 * @reserved: how many of the blocks are reserved for root
 * @size: size of the file, in bytes
 *
 * Return: the file, open for reading and writing; -1 when this host can't mount
 * ext2, and a KTAP note says why.
 */
int ext2_file(struct backing_loop *loop, u32 blocks, u32 reserved, u64 size);

#endif /* SELFTESTS_EXT2_H */
