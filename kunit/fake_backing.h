/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file for the fba suites: a real file without a name in tmpfs, whose
 * operations are watched and can be made to fail
 */
#ifndef _KVM_CSS_KUNIT_FAKE_BACKING_H
#define _KVM_CSS_KUNIT_FAKE_BACKING_H

#include <kunit/test.h>
#include <linux/fs.h>
#include <linux/types.h>
#include <linux/uio.h>
#include <linux/workqueue.h>

#include <kvm_css/chanprog.h>

struct css_device;

/* When a read or write ends that may end later */
enum fake_later {
	FAKE_BEFORE_RETURN,	/* it doesn't end later */
	FAKE_WITH_RETURN,	/* it has ended before it returns -EIOCBQUEUED */
	FAKE_SOON,
	FAKE_BY_TURNS,		/* each of these two by turns */
	FAKE_WHEN_ANSWERED,	/* by fake_backing_answer() */
};

/**
 * struct fake_backing_mode - how files are accessed
 * @later: when direct I/O, or a read for which the page cache has to wait, ends
 * @direct: the file is open for direct I/O
 */
struct fake_backing_mode {
	enum fake_later later;
	bool direct;
};

/* How the files that fake_backing_create() makes are accessed */
extern struct fake_backing_mode fake_backing_mode;

/**
 * struct fake_backing_watch - who is told what becomes of the file's data
 * @wrote: the bytes from @from to @to, without that one, have been written, or
 *	have become zeros
 * @sync: the bytes from @from to @to, with that one, are to be flushed; returns
 *	0 or an error
 */
struct fake_backing_watch {
	void (*wrote)(struct fake_backing_watch *watch, loff_t from,
		      loff_t to);
	int (*sync)(struct fake_backing_watch *watch, loff_t from, loff_t to);
};

/**
 * struct fake_backing - the file
 * @test: the test case
 * @file: the file that a device is made of
 * @real: the operations of tmpfs
 * @real_inode: the operations of its inode
 * @on_disk: see fake_backing_on_disk()
 * @real_bdi: what its file system has, while that seems to be another one
 * @real_flags: f_flags of @file, the same
 * @mode: f_mode of @file, which must be the same at the end
 * @cached: what a read that must not wait finds in the page cache ends here
 * @has_times: statx() gives the times that follow
 * @atime: access time, in seconds
 * @mtime: when the file was written
 * @ctime: when its inode was changed
 * @limit: nothing may be accessed from here on
 * @later: when direct I/O, or a read for which the page cache has to wait, ends
 * @work: ends it with FAKE_SOON
 * @kiocb: what has yet to end, or NULL
 * @iter: its data
 * @waited: the page cache has waited for the data of the next read
 * @good_calls: reads and writes that succeed before @error happens
 * @error: what reads and writes return then; 0 for the end of the file
 * @fails: reads and writes are to fail with @error
 * @times: how often they fail; 0 for always
 * @fsync_error: the error that fsync returns
 * @lost_writeback: a write is lost, and another process has been told of it
 * @piece: how many bytes a call moves at most; 0 for all
 * @alignment: the alignment that direct I/O needs; 0 for none
 * @write_alignment: the alignment that direct writes need beyond that
 * @told_alignment: the alignment that statx() reports; 0 for none
 * @cred: the credentials that every access must have; NULL for any
 * @has_punch_hole: FALLOC_FL_PUNCH_HOLE is supported
 * @has_zero_range: FALLOC_FL_ZERO_RANGE is supported
 * @watch: who is told of writes and flushes; NULL for nobody
 * @stop: the channel program that is to be stopped
 * @stop_why: in which way
 * @stop_at: the read or write during which it is stopped, counted from zero
 * @stop_in_fsync: it is stopped during the flush instead
 * @drop_at: the read or write during which it is dropped; 0 for none
 * @reads: how often it was read
 * @reads_now: how often it was read without waiting
 * @writes: how often it was written
 * @read: bytes read, in either way
 * @written: bytes written
 * @holes: how often a hole was made
 * @zero_ranges: how often zeros were made without writing or making a hole
 * @fsyncs: how often it was flushed
 * @dsyncs: how many writes were durable by themselves
 * @laters: how many reads and writes have ended later
 * @direct: how many reads and writes were direct
 * @dirty_from: where the part begins that has been changed and not flushed
 * @dirty_to: where this part ends
 */
struct fake_backing {
	struct kunit *test;
	struct file *file;
	const struct file_operations *real;
	const struct inode_operations *real_inode;
	bool on_disk;
	struct backing_dev_info *real_bdi;
	unsigned int real_flags;
	fmode_t mode;
	loff_t cached;
	bool has_times;
	time64_t atime;
	time64_t mtime;
	time64_t ctime;
	loff_t limit;

	enum fake_later later;
	struct work_struct work;
	struct kiocb *kiocb;
	struct iov_iter iter;
	bool waited;

	unsigned int good_calls;
	int error;
	bool fails;
	unsigned int times;
	int fsync_error;
	bool lost_writeback;
	u32 piece;
	u32 alignment;
	u32 write_alignment;
	u32 told_alignment;
	const struct cred *cred;
	bool has_punch_hole;
	bool has_zero_range;
	struct fake_backing_watch *watch;
	struct chanprog *stop;
	enum chanprog_stop stop_why;
	unsigned int stop_at;
	bool stop_in_fsync;
	unsigned int drop_at;

	unsigned int reads;
	unsigned int reads_now;
	unsigned int writes;
	u64 read;
	u64 written;
	unsigned int holes;
	unsigned int zero_ranges;
	unsigned int fsyncs;
	unsigned int dsyncs;
	unsigned int laters;
	unsigned int direct;
	loff_t dirty_from;
	loff_t dirty_to;
};

/**
 * fake_backing_create() - make a file that is one hole
 * @test: the test case; the file goes when it is over
 * @size: in bytes
 *
 * Return: the file.
 */
struct fake_backing *fake_backing_create(struct kunit *test, loff_t size);

/**
 * fake_backing_byte() - the byte that fake_backing_fill() writes
 * @pos: position in the file
 *
 * Return: the byte there; no two blocks are the same, and none is zeros.
 */
u8 fake_backing_byte(loff_t pos);

/**
 * fake_backing_fill() - fill the file with a pattern
 * @backing: the file
 */
void fake_backing_fill(struct fake_backing *backing);

/**
 * fake_backing_cache() - say what the page cache has of the file
 * @backing: the file
 * @size: all up to here, in bytes; nothing else
 *
 * A file for which nobody has called this can't be read without waiting.
 */
void fake_backing_cache(struct fake_backing *backing, loff_t size);

/**
 * fake_backing_waits() - whether a read or write has yet to end
 * @backing: the file
 *
 * Return: whether one has.
 */
bool fake_backing_waits(const struct fake_backing *backing);

/**
 * fake_backing_answer() - end the read or write that has yet to end
 * @backing: the file
 *
 * It moves its data now, and may fail.
 */
void fake_backing_answer(struct fake_backing *backing);

/**
 * fake_backing_on_disk() - say whether the file is on a disk
 * @backing: the file
 * @disk: when fake_backing_device() makes a device, the file system seems to be
 *	ext4, so that the device makes writes durable by themselves
 */
void fake_backing_on_disk(struct fake_backing *backing, bool disk);

/**
 * fake_backing_device() - make an FBA DASD on the file
 * @backing: the file
 * @flags: KVM_CSS_FBA_*
 *
 * Return: as fba_device_create().
 */
struct css_device *fake_backing_device(struct fake_backing *backing, u32 flags);

/**
 * fake_backing_truncate() - make the file shorter, as another process would
 * @backing: the file
 * @size: in bytes
 */
void fake_backing_truncate(struct fake_backing *backing, loff_t size);

/**
 * fake_backing_fail() - let reads and writes fail
 * @backing: the file
 * @good_calls: how many succeed before that
 * @error: what they return then; 0: end of file
 */
void fake_backing_fail(struct fake_backing *backing, unsigned int good_calls,
		       int error);

/**
 * fake_backing_lose() - lose a write, and tell another process
 * @backing: the file
 */
void fake_backing_lose(struct fake_backing *backing);

/**
 * fake_backing_read() - read the file, unwatched
 * @backing: the file
 * @pos: position in the file
 * @data: where to
 * @len: in bytes
 */
void fake_backing_read(struct fake_backing *backing, loff_t pos, void *data,
		       u32 len);

/**
 * fake_backing_put() - write to the file, unwatched
 * @backing: the file
 * @pos: position in the file
 * @data: what
 * @len: in bytes
 */
void fake_backing_put(struct fake_backing *backing, loff_t pos, const void *data,
		      u32 len);

/**
 * fake_backing_expect() - check the contents of the file
 * @backing: the file
 * @pos: position in the file
 * @data: what has to be there
 * @len: in bytes
 */
void fake_backing_expect(struct fake_backing *backing, loff_t pos,
			 const void *data, u32 len);

/**
 * fake_backing_expect_zeros() - expect zeros in the file
 * @backing: the file
 * @from: where they begin
 * @to: where they end
 */
void fake_backing_expect_zeros(struct fake_backing *backing, loff_t from,
			       loff_t to);

/**
 * fake_backing_expect_pattern() - expect what fake_backing_fill() has written
 * @backing: the file
 * @from: where it begins
 * @to: where it ends
 */
void fake_backing_expect_pattern(struct fake_backing *backing, loff_t from,
				 loff_t to);

/**
 * fake_backing_expect_durable() - expect that every change has been flushed
 * @backing: the file
 */
void fake_backing_expect_durable(struct fake_backing *backing);

#endif /* _KVM_CSS_KUNIT_FAKE_BACKING_H */
