/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Moving blocks between a channel program and the backing of a disk.
 */
#ifndef _KVM_CSS_BLOCKS_H
#define _KVM_CSS_BLOCKS_H

#include <linux/bits.h>
#include <linux/types.h>

struct chanprog;
struct css_backing;

#define DISK_BLOCK_SHIFT	9
#define DISK_BLOCK_SIZE	((u32)BIT(DISK_BLOCK_SHIFT))

/**
 * blocks_read() - read blocks, and give them to the program
 * @backing: the backing
 * @cp: the channel program
 * @pos: position in the backing, in bytes
 * @len: in bytes, a multiple of DISK_BLOCK_SIZE
 *
 * The program may want fewer bytes, or be stopped: then chanprog_to_guest() moves
 * less than it is given, and that is no error.
 *
 * Context: &cu_ops.command on a worker; may sleep.
 * Return: false when the host could not read, or had no memory.
 */
bool blocks_read(struct css_backing *backing, struct chanprog *cp, loff_t pos,
		 u32 len);

/**
 * blocks_read_now() - the same on a vCPU, if the page cache has all of the blocks
 * @backing: the backing
 * @cp: the channel program
 * @pos: position in the backing, in bytes
 * @len: in bytes, a multiple of DISK_BLOCK_SIZE
 *
 * Context: &cu_ops.command on a vCPU; may sleep for guest storage only.
 * Return: false when a worker has to read the blocks; then nothing has been
 * moved.
 */
bool blocks_read_now(struct css_backing *backing, struct chanprog *cp,
		     loff_t pos, u32 len);

/**
 * blocks_write() - take blocks from the program, and write them
 * @backing: the backing
 * @cp: the channel program
 * @pos: position in the backing, in bytes
 * @len: in bytes, a multiple of DISK_BLOCK_SIZE
 *
 * When the program has fewer data, the rest of the blocks becomes zeros.  Linux
 * relies on that: it discards with a WRITE without data.
 *
 * When a halt or a check has ended the data, the guest learns from the residual
 * count where they ended.  The data until then are written, with zeros to the
 * end of their block; the blocks after that stay as they are.  When the program
 * is dropped, nobody will look at the result, and the data since the last write
 * are not written.
 *
 * What is written is on stable storage then, or with &css_backing.writeback
 * after backing_sync_all().
 *
 * Context: &cu_ops.command on a worker; may sleep.
 * Return: false when the host could not write, or had no memory; or when the
 * backing has lost something that was written earlier with write-back.
 */
bool blocks_write(struct css_backing *backing, struct chanprog *cp, loff_t pos,
		  u32 len);

#endif /* _KVM_CSS_BLOCKS_H */
