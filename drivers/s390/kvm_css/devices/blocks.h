/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Moving blocks between a channel program and the backing of a disk.
 */
#ifndef _KVM_CSS_BLOCKS_H
#define _KVM_CSS_BLOCKS_H

#include <linux/bits.h>
#include <linux/errseq.h>
#include <linux/types.h>

#include <kvm_css/backing.h>

struct chanprog;

#define DISK_BLOCK_SHIFT	9
#define DISK_BLOCK_SIZE	((u32)BIT(DISK_BLOCK_SHIFT))

/* What a WRITE does next */
enum blocks_next {
	BLOCKS_DATA,		/* take data */
	BLOCKS_ZERO_RANGE,	/* make zeros, without writing if possible */
	BLOCKS_ZEROS,		/* write zeros, which are in the buffer */
	BLOCKS_FLUSH,		/* flush what has been written */
	BLOCKS_CHECK,		/* only look for errors: the write was durable */
};

/**
 * struct blocks_transfer - how far a READ or WRITE has got
 * @block: the first block
 * @size: of all blocks, in bytes
 * @done: how much of it is done
 * @len: how much of it is in the buffer, and being read or written
 * @since: from backing_error(), before the WRITE
 * @next: what a WRITE does next, enum blocks_next
 * @written: a WRITE has written something
 */
struct blocks_transfer {
	u32 block;
	u32 size;
	u32 done;
	u32 len;
	errseq_t since;
	u8 next;
	bool written;
};

/**
 * blocks_read() - read blocks, and give them to the program
 * @transfer: filled in
 * @backing: the backing
 * @cp: the channel program
 * @pos: position in the backing, in bytes, a multiple of DISK_BLOCK_SIZE
 * @len: in bytes, a multiple of DISK_BLOCK_SIZE
 *
 * The program may want fewer bytes, or be stopped: then chanprog_to_guest() moves
 * less than it is given, and that is no error.
 *
 * Context: &cu_ops.command on a worker; may sleep.
 * Return: BACKING_FAILED when the host could not read, or had no memory.
 * BACKING_LATER when blocks_read_on() goes on, after &css_backing.ended.
 */
enum backing_result blocks_read(struct blocks_transfer *transfer,
				struct css_backing *backing,
				struct chanprog *cp, loff_t pos, u32 len);

/**
 * blocks_read_on() - go on with a READ for which BACKING_LATER was returned
 * @transfer: as blocks_read() has left it
 * @backing: the backing
 * @cp: the channel program
 *
 * Context: &cu_ops.complete; may sleep.
 * Return: as blocks_read().
 */
enum backing_result blocks_read_on(struct blocks_transfer *transfer,
				   struct css_backing *backing,
				   struct chanprog *cp);

/**
 * blocks_read_now() - the same on a vCPU, if the page cache has all of the blocks
 * @backing: the backing
 * @cp: the channel program
 * @pos: position in the backing, in bytes, a multiple of DISK_BLOCK_SIZE
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
 * @transfer: filled in
 * @backing: the backing
 * @cp: the channel program
 * @pos: position in the backing, in bytes, a multiple of DISK_BLOCK_SIZE
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
 * Return: BACKING_FAILED when the host could not write, or had no memory; or
 * when the backing has lost something that was written earlier with write-back.
 * BACKING_LATER when blocks_write_on() goes on, after &css_backing.ended.
 */
enum backing_result blocks_write(struct blocks_transfer *transfer,
				 struct css_backing *backing,
				 struct chanprog *cp, loff_t pos, u32 len);

/**
 * blocks_write_on() - go on with a WRITE for which BACKING_LATER was returned
 * @transfer: as blocks_write() has left it
 * @backing: the backing
 * @cp: the channel program
 *
 * Context: &cu_ops.complete; may sleep.
 * Return: as blocks_write().
 */
enum backing_result blocks_write_on(struct blocks_transfer *transfer,
				    struct css_backing *backing,
				    struct chanprog *cp);

#endif /* _KVM_CSS_BLOCKS_H */
