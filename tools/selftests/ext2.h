/* SPDX-License-Identifier: GPL-2.0 */
/* A small ext2 file system, for what a host's file system reserves for root */
#ifndef SELFTESTS_EXT2_H
#define SELFTESTS_EXT2_H

#include "cio.h"

/**
 * ext2_make() - make an empty file system
 * @fd: a file of zeros that is large enough
 * @blocks: its size, in blocks of 1024 bytes; at most 8192
 * @reserved: how many of them are root's
 */
void ext2_make(int fd, u32 blocks, u32 reserved);

#endif /* SELFTESTS_EXT2_H */
