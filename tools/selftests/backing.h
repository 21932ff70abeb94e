/* SPDX-License-Identifier: GPL-2.0 */
/* Files and loop block devices to put disks on */
#ifndef SELFTESTS_BACKING_H
#define SELFTESTS_BACKING_H

#include <stdbool.h>

#include "cio.h"

/**
 * backing_file() - make an unlinked file of this size
 * @size: in bytes
 *
 * Return: its descriptor, open for reading and writing.
 */
int backing_file(u64 size);

/**
 * backing_file_on() - make a file on a file system that has nothing else
 * @source: what is mounted
 * @type: the type of the file system
 * @options: its mount options; may be NULL
 * @size: size of the file, in bytes
 *
 * The file system is unmounted lazily: it ends when the file is closed.
 *
 * Return: the descriptor of the file, open for reading and writing; -1 when this
 * host can't mount it, and a KTAP note says why.
 */
int backing_file_on(const char *source, const char *type, const char *options,
		    u64 size);

/**
 * backing_reopen() - open the file of backing_file() once more
 * @fd: descriptor of backing_file()
 * @flags: as for open()
 *
 * Return: the new descriptor.
 */
int backing_reopen(int fd, int flags);

/**
 * backing_keep_access_time() - let no read update the access time of the file
 * @fd: the file, which is then as if it had been opened by cssctl
 */
void backing_keep_access_time(int fd);

/**
 * backing_null_blk() - open the block device of null_blk
 *
 * How long it takes for a request depends on how the module was loaded: long for
 * the selftests, and not at all for what the bench counts.
 *
 * Return: its descriptor, with O_DIRECT; -1 when this host has no such device.
 */
int backing_null_blk(void);

/**
 * backing_slow_reads() - how many reads the device of backing_null_blk() works on
 *
 * Return: the number.
 */
u64 backing_slow_reads(void);

struct backing_loop {
	int fd;			/* the block device */
	int nr;			/* /dev/loopN */
};

/**
 * backing_loop() - make a loop block device on a file
 * @loop: filled in
 * @file: the file
 *
 * Return: false when this host has no loop block device; a KTAP note says why.
 */
bool backing_loop(struct backing_loop *loop, int file);

/**
 * backing_loop_block_size() - set the size of its blocks
 * @loop: the loop block device
 * @size: in bytes
 */
void backing_loop_block_size(const struct backing_loop *loop, unsigned long size);

/**
 * backing_loop_flushes() - how often the loop block device has been flushed
 * @loop: the loop block device
 *
 * Return: a number that only grows.
 */
u64 backing_loop_flushes(const struct backing_loop *loop);

/**
 * backing_loop_end() - take the loop block device off its file
 * @loop: the loop block device
 */
void backing_loop_end(struct backing_loop *loop);

#endif /* SELFTESTS_BACKING_H */
