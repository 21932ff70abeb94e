/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Backing: the host's file or block device that a DASD keeps its data in.
 *
 * Locking: as a device's, see <kvm_css/control_unit.h>; one thread at a time,
 * but for backing_path().
 */
#ifndef _KVM_CSS_BACKING_H
#define _KVM_CSS_BACKING_H

#include <linux/errseq.h>
#include <linux/types.h>

struct guest;
struct backing_buffer;
struct cred;
struct file;

/* How much backing_read() and backing_write() move at most */
#define BACKING_BUFFER_SIZE	(64u * 1024)

/**
 * struct css_backing - a backing with the buffer that data move through
 * @file: a reference is held
 * @cred: who made it, and accesses the file
 * @size_limit: as much of a file he may write, RLIMIT_FSIZE
 * @ki_flags: IOCB_DIRECT when the file was open for direct I/O, or 0
 * @discard: backing_zero_range() gives the space back
 * @buffer: NULL before backing_ensure_buffer()
 */
struct css_backing {
	struct file *file;
	const struct cred *cred;
	u64 size_limit;
	int ki_flags;
	bool discard;
	struct backing_buffer *buffer;
};

/**
 * backing_init() - have a file as backing
 * @backing: zeros
 * @file: regular file or block device; a reference is taken
 * @readonly: nothing will be written
 * @block_size: of the device, in bytes; data are moved in multiples of it
 *
 * From here on the file is accessed with the caller's credentials, and written as
 * far as the caller may.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a file of another kind, one that stores nothing, one with
 * less than a block, or one that is open for direct I/O and wants it in larger
 * pieces; -EACCES when it is not open for what is asked, or can't be written any
 * more; -ENOMEM; -EINTR when a signal has interrupted the caller.  Then nothing
 * is held.
 */
int backing_init(struct css_backing *backing, struct file *file, bool readonly,
		 u32 block_size);

/**
 * backing_destroy() - give it back
 * @backing: what backing_init() has made
 *
 * Context: may sleep.
 */
void backing_destroy(struct css_backing *backing);

/**
 * backing_size() - what it holds now
 * @file: the file
 *
 * Context: any.
 * Return: that, in bytes.
 */
u64 backing_size(const struct file *file);

/**
 * backing_ensure_buffer() - have a buffer, from the first use on
 * @backing: the backing
 * @guest: the VM that it is for
 *
 * Context: as guest_buffer_alloc().
 * Return: false when there is no memory.
 */
bool backing_ensure_buffer(struct css_backing *backing, struct guest *guest);

/**
 * backing_data() - the buffer that data move through
 * @backing: the backing, with a buffer
 *
 * Return: BACKING_BUFFER_SIZE bytes.
 */
u8 *backing_data(struct css_backing *backing);

/**
 * backing_read() - fill the buffer's first bytes
 * @backing: the backing, with a buffer
 * @pos: in bytes
 * @len: in bytes, at most BACKING_BUFFER_SIZE
 *
 * Context: may sleep.
 * Return: false when not all could be read.
 */
bool backing_read(struct css_backing *backing, loff_t pos, u32 len);

/**
 * backing_write() - write the buffer's first bytes
 * @backing: the backing, with a buffer
 * @pos: in bytes
 * @len: in bytes, at most BACKING_BUFFER_SIZE
 *
 * Context: may sleep.
 * Return: false when not all could be written.
 */
bool backing_write(struct css_backing *backing, loff_t pos, u32 len);

/**
 * backing_zero_range() - have zeros without writing them
 * @backing: the backing
 * @pos: in bytes
 * @len: in bytes
 *
 * @pos and @len need not suit the backing; then, and after any other failure,
 * writing decides.
 *
 * Context: may sleep.
 * Return: false when that can't be.
 */
bool backing_zero_range(struct css_backing *backing, loff_t pos, u32 len);

/**
 * backing_error() - a mark for backing_sync(), before anything is written
 * @backing: the backing
 *
 * Context: any.
 * Return: the mark.
 */
errseq_t backing_error(const struct css_backing *backing);

/**
 * backing_sync() - get a range to stable storage
 * @backing: the backing
 * @pos: in bytes
 * @len: in bytes
 * @since: what backing_error() returned
 *
 * Context: may sleep.
 * Return: false when something that was written since then has been lost.
 */
bool backing_sync(struct css_backing *backing, loff_t pos, u32 len,
		  errseq_t since);

/**
 * backing_path() - how the caller would name the file
 * @backing: the backing
 * @to: where to; as much as fits, with a zero behind it
 * @size: of that, in bytes
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM.  A path that the kernel can't say is empty.
 */
int backing_path(const struct css_backing *backing, char *to, size_t size);

#endif /* _KVM_CSS_BACKING_H */
