/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small ext2 file system, to test the blocks that a host's file system
 * reserves for root
 */
#ifndef SELFTESTS_EXT2_H
#define SELFTESTS_EXT2_H

#include "cio.h"

/**
 * ext2_make() - make an empty file system
 * @fd: a file that is large enough and contains zeros only
 * @blocks: its size, in blocks of 1024 bytes; at most 8192
 * @reserved: how many of the blocks are reserved for root
 */
void ext2_make(int fd, u32 blocks, u32 reserved);

#endif /* SELFTESTS_EXT2_H */
