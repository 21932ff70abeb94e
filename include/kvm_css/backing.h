/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Backing: the file or block device of the host that has the data of a DASD.
 *
 * Locking: as for devices, see <kvm_css/control_unit.h>: one thread at a time
 * uses a backing.  There are two exceptions.  backing_path() and
 * backing_sync_all() may be called at any time, by several threads.  So
 * backing->lock, a spinlock and a leaf, protects what is noted of errors: @seen,
 * @reported and @lost.  While an access has yet to end (BACKING_LATER), the kernel has
 * the buffer, and nobody but these two uses the backing.
 *
 * Errors of write-back: each of these notes which ones it knows already.
 *
 * =========== ============================== ===================================
 * who         is brought up to date by       and then tells
 * =========== ============================== ===================================
 * @since      nobody: backing_error() takes  the guest, with the WRITE that began
 *             it before each WRITE           with it (write-through)
 * @seen       backing_lost()                 the guest, with the next WRITE
 *                                            (write-back)
 * @reported   backing_sync_all()             who quiesces or removes, and by @lost
 *                                            the guest (write-back)
 * f_wb_err    vfs_fsync_range(), by any user who has called it; no more than one
 *             of the same open file          of them, so the device doesn't rely
 *                                            on it
 * =========== ============================== ===================================
 */
#ifndef _KVM_CSS_BACKING_H
#define _KVM_CSS_BACKING_H

#include <linux/errseq.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct guest;
struct backing_io;
struct cred;
struct file;

/* How much backing_read() or backing_write() moves at most, in bytes */
#define BACKING_BUFFER_SIZE	(64u * 1024)

/* How an access to the file has ended */
enum backing_result {
	BACKING_DONE,
	BACKING_FAILED,
	/* It ends later: &css_backing.ended is called, or has been called. */
	BACKING_LATER,
};

/**
 * struct css_backing - a backing, and the buffer through which data move
 * @file: the file, with a reference
 * @cred: the credentials with which the file is accessed, those of the thread
 *	that called backing_init()
 * @size_limit: where writing has to end: the RLIMIT_FSIZE of that thread, or no
 *	limit for a block device
 * @ki_flags: IOCB_DIRECT when the file was open for direct I/O then, otherwise
 *	0
 * @durable: a write can be made durable by itself
 * @discard: backing_zero_range() gives the space back to the file system
 * @writeback: what has been written is stable only after backing_sync_all()
 * @lock: see above
 * @seen: the write-back error that backing_lost() has seen last
 * @reported: the write-back error that backing_sync_all() has reported last
 * @lost: backing_sync_all() has failed, and backing_lost() has not told yet
 * @told: backing_lost() has told when it was last called
 * @io: the access and its buffer; NULL before backing_ensure_buffer()
 * @ended: an access that has answered BACKING_LATER goes on with
 *	backing_go_on(); called once for each such answer, perhaps before it is
 *	given, in any context, also a hard interrupt.  The backing may be
 *	destroyed as soon as this has been called.
 */
struct css_backing {
	struct file *file;
	const struct cred *cred;
	u64 size_limit;
	int ki_flags;
	bool durable;
	bool discard;
	bool writeback;
	spinlock_t lock;	/* see above */
	errseq_t seen;
	errseq_t reported;
	bool lost;
	bool told;
	struct backing_io *io;
	void (*ended)(struct css_backing *backing);
};

/**
 * backing_init() - make a file a backing
 * @backing: filled in; zeros before
 * @file: regular file or block device; a reference is taken
 * @readonly: nothing will be written
 * @block_size: block size of the device, in bytes; data are moved in multiples
 *	of it
 *
 * From now on, every access to the file has the caller's credentials and
 * file-size limit.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL when @file is of another kind, stores nothing, has less
 * than a block, or is open for direct I/O that needs a larger alignment than
 * @block_size; -EACCES when it is not open for reading and, unless @readonly,
 * for writing, is open for appending, or has become read-only; -ENOMEM; -EINTR
 * when a signal has interrupted the caller.  When the call fails, no reference
 * is held.
 */
int backing_init(struct css_backing *backing, struct file *file, bool readonly,
		 u32 block_size);

/**
 * backing_destroy() - free the buffer, and give back the file
 * @backing: the backing, from backing_init()
 *
 * Context: may sleep.
 */
void backing_destroy(struct css_backing *backing);

/**
 * backing_size() - the current size of a file or block device
 * @file: the file
 *
 * Context: any.
 * Return: the size, in bytes.
 */
u64 backing_size(const struct file *file);

/**
 * backing_read_begin() - read the beginning of the file, before there is a guest
 * @backing: the backing
 * @data: where to
 * @len: in bytes, a multiple of the block size of backing_init(), at most a page
 *
 * Context: may sleep, in the thread that has called backing_init().
 * Return: 0; -EINVAL when it can't be read; -ENOMEM; -EINTR when a signal has
 * interrupted the caller.
 */
int backing_read_begin(const struct css_backing *backing, void *data, u32 len);

/**
 * backing_ensure_buffer() - allocate the buffer, unless there is one
 * @backing: the backing
 * @guest: the VM that it is for
 *
 * The buffer stays until backing_destroy().
 *
 * Context: as guest_buffer_alloc().
 * Return: false when there is no memory.
 */
bool backing_ensure_buffer(struct css_backing *backing, struct guest *guest);

/**
 * backing_data() - the buffer through which data move
 * @backing: the backing, with a buffer
 *
 * Return: the buffer, of BACKING_BUFFER_SIZE bytes.
 */
u8 *backing_data(struct css_backing *backing);

/**
 * backing_read_part() - read into the buffer
 * @backing: the backing, with a buffer
 * @pos: position in the file, in bytes
 * @from: where in the buffer the data go, in bytes
 * @len: in bytes; @from + @len is at most BACKING_BUFFER_SIZE
 *
 * Context: may sleep.
 * Return: BACKING_FAILED when not all could be read.
 */
enum backing_result backing_read_part(struct css_backing *backing, loff_t pos,
				      u32 from, u32 len);

/**
 * backing_read() - read into the buffer, to its beginning
 * @backing: the backing, with a buffer
 * @pos: position in the file, in bytes
 * @len: in bytes, at most BACKING_BUFFER_SIZE
 *
 * Context: may sleep.
 * Return: as backing_read_part().
 */
static inline enum backing_result backing_read(struct css_backing *backing,
					       loff_t pos, u32 len)
{
	return backing_read_part(backing, pos, 0, len);
}

/**
 * backing_go_on() - go on with an access that has answered BACKING_LATER
 * @backing: the backing, whose &css_backing.ended has been called
 *
 * Nobody has to call this.  Without it the access is left as it is, and nobody
 * knows whether it has failed.
 *
 * Context: may sleep.
 * Return: as for the access.  It may be BACKING_LATER once more.
 */
enum backing_result backing_go_on(struct css_backing *backing);

/**
 * backing_read_part_now() - read into the buffer what the page cache has
 * @backing: the backing; without a buffer nothing is read
 * @pos: position in the file, in bytes
 * @from: where in the buffer the data go, in bytes
 * @len: in bytes
 *
 * Waits neither for the host's disk nor for a lock that may be held by somebody
 * who does, and begins no I/O.  It does wait, killably, for a fanotify listener
 * that has to permit the access.
 *
 * Context: may sleep, on a vCPU as well.
 * Return: whether all of it is in the buffer.  If not, backing_read() reads it.
 */
bool backing_read_part_now(struct css_backing *backing, loff_t pos, u32 from,
			   u32 len);

/**
 * backing_read_now() - the same, to the beginning of the buffer
 * @backing: the backing; without a buffer nothing is read
 * @pos: position in the file, in bytes
 * @len: in bytes
 *
 * Context: as backing_read_part_now().
 * Return: as backing_read_part_now().
 */
static inline bool backing_read_now(struct css_backing *backing, loff_t pos,
				    u32 len)
{
	return backing_read_part_now(backing, pos, 0, len);
}

/**
 * backing_write_part() - write from the buffer
 * @backing: the backing, with a buffer
 * @pos: position in the file, in bytes
 * @from: where in the buffer the data begin, in bytes
 * @len: in bytes; @from + @len is at most BACKING_BUFFER_SIZE
 * @durable: get these data to stable storage, too; only if &css_backing.durable.
 *	backing_intact() has to confirm that they are there.
 *
 * Context: may sleep.
 * Return: BACKING_FAILED when not all could be written.
 */
enum backing_result backing_write_part(struct css_backing *backing, loff_t pos,
				       u32 from, u32 len, bool durable);

/**
 * backing_write() - write from the beginning of the buffer
 * @backing: the backing, with a buffer
 * @pos: position in the file, in bytes
 * @len: in bytes, at most BACKING_BUFFER_SIZE
 * @durable: as for backing_write_part()
 *
 * Context: may sleep.
 * Return: as backing_write_part().
 */
static inline enum backing_result backing_write(struct css_backing *backing,
						loff_t pos, u32 len,
						bool durable)
{
	return backing_write_part(backing, pos, 0, len, durable);
}

/**
 * backing_zero_range() - make a range zeros without writing them
 * @backing: the backing
 * @pos: position in the file, in bytes
 * @len: in bytes
 *
 * This fails when the backing can't do it at all, or not with the alignment of
 * @pos and @len.  After any failure the caller writes zeros instead.  Only if
 * that fails, too, the backing doesn't work.
 *
 * Context: may sleep.
 * Return: false when the backing can't do it.
 */
bool backing_zero_range(struct css_backing *backing, loff_t pos, u32 len);

/**
 * backing_error() - note which write errors have been reported so far
 * @backing: the backing
 *
 * Called before the first write, for backing_sync() or backing_intact().
 *
 * Context: any.
 * Return: what these get as @since.
 */
errseq_t backing_error(const struct css_backing *backing);

/**
 * backing_intact() - has nothing that was written to the file been lost?
 * @backing: the backing
 * @since: what backing_error() has returned
 *
 * An error that nobody had seen before is found by one caller only.
 *
 * Context: any.
 * Return: false when something has been lost since backing_error().
 */
bool backing_intact(const struct css_backing *backing, errseq_t since);

/**
 * backing_sync() - get a range to stable storage
 * @backing: the backing
 * @pos: position in the file, in bytes
 * @len: in bytes
 * @since: what backing_error() has returned
 *
 * Context: may sleep.
 * Return: false when something that was written to the file since
 * backing_error() has been lost.
 */
bool backing_sync(struct css_backing *backing, loff_t pos, u32 len,
		  errseq_t since);

/**
 * backing_sync_all() - get all that has been written to stable storage
 * @backing: the backing
 *
 * Every error is returned once.  A write-back error since backing_init(), or
 * since the last call, is found even if another process was told of it.
 *
 * Context: may sleep, on the thread of anybody; several at a time.
 * Return: 0; -EINTR when a signal has interrupted the caller, and nothing is
 * known; -EIO when something that was written has been lost, or may be.
 */
int backing_sync_all(struct css_backing *backing);

/**
 * backing_lost() - has something been lost that was written earlier?
 * @backing: the backing
 *
 * This tells of each error, whether the kernel met it when it wrote back pages
 * by itself, or in backing_sync_all(): once, or twice when backing_sync_all()
 * meets it later.
 *
 * Context: does not sleep.
 * Return: whether something has been lost, or may have been.
 */
bool backing_lost(struct css_backing *backing);

/**
 * backing_tell_again() - nobody may have seen what backing_lost() has told
 * @backing: the backing
 *
 * If the last call has told of a loss, the next one tells again.
 *
 * Context: does not sleep; nobody uses the backing otherwise.
 */
void backing_tell_again(struct css_backing *backing);

/**
 * backing_path() - the path of the file, as the caller sees it
 * @backing: the backing
 * @to: where to: as much of the path as fits, terminated with a zero; left as
 *	it is when the kernel can't make a path
 * @size: size of @to, in bytes
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM.
 */
int backing_path(const struct css_backing *backing, char *to, size_t size);

#endif /* _KVM_CSS_BACKING_H */
