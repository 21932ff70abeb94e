/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file for the fba suites: a real one without a name in tmpfs, whose
 * operations are watched and can be made to fail.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_BACKING_H
#define _KVM_CSS_KUNIT_FAKE_BACKING_H

#include <kunit/test.h>
#include <linux/fs.h>
#include <linux/types.h>

#include <kvm_css/chanprog.h>

/**
 * struct fake_backing - the file
 * @test: the test case
 * @file: what a device is made of
 * @real: the operations of tmpfs
 * @real_inode: and those of its inode
 * @mode: f_mode of @file as it was, and has to be again at the end
 * @limit: nothing may be accessed from here on
 * @good_calls: reads and writes that succeed before @error happens
 * @error: what reads and writes return then; 0: end of file
 * @fails: @error is to happen
 * @times: how often, if not from then on
 * @fsync_error: what fsync returns
 * @lost_writeback: a write is lost, and somebody else has been told
 * @piece: a call moves as many bytes at the most; 0: all
 * @alignment: what direct I/O demands; 0: nothing
 * @write_alignment: what it demands of writes beyond that
 * @told_alignment: what statx() says of it; 0: nothing
 * @cred: whose credentials every access has to have; NULL: anyone's
 * @has_punch_hole: FALLOC_FL_PUNCH_HOLE is supported
 * @has_zero_range: FALLOC_FL_ZERO_RANGE is supported
 * @stop: the channel program that is stopped
 * @stop_why: how
 * @stop_at: the read or write in which it is, counted from zero
 * @stop_in_fsync: it is stopped in the flush instead
 * @drop_at: the read or write in which it is dropped at last; 0: in none
 * @reads: how often it was read
 * @writes: how often it was written
 * @written: bytes written
 * @holes: how often a hole was made
 * @zero_ranges: how often zeros were made without writing, and no hole
 * @fsyncs: how often it was flushed
 * @direct: reads and writes that were direct
 * @dirty_from: what has been changed and not been flushed begins here
 * @dirty_to: and ends before here
 */
struct fake_backing {
	struct kunit *test;
	struct file *file;
	const struct file_operations *real;
	const struct inode_operations *real_inode;
	fmode_t mode;
	loff_t limit;

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
	struct chanprog *stop;
	enum chanprog_stop stop_why;
	unsigned int stop_at;
	bool stop_in_fsync;
	unsigned int drop_at;

	unsigned int reads;
	unsigned int writes;
	u64 written;
	unsigned int holes;
	unsigned int zero_ranges;
	unsigned int fsyncs;
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
 * fake_backing_byte() - what fake_backing_fill() writes
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
 * fake_backing_truncate() - make the file shorter, as another process would
 * @backing: the file
 * @size: in bytes
 */
void fake_backing_truncate(struct fake_backing *backing, loff_t size);

/**
 * fake_backing_fail() - have reads and writes fail
 * @backing: the file
 * @good_calls: how many succeed before
 * @error: what they return then; 0: end of file
 */
void fake_backing_fail(struct fake_backing *backing, unsigned int good_calls,
		       int error);

/**
 * fake_backing_expect() - check what is in the file
 * @backing: the file
 * @pos: where
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
 * fake_backing_expect_pattern() - expect what fake_backing_fill() wrote
 * @backing: the file
 * @from: where it begins
 * @to: where it ends
 */
void fake_backing_expect_pattern(struct fake_backing *backing, loff_t from,
				 loff_t to);

/**
 * fake_backing_expect_durable() - expect every change to have been flushed
 * @backing: the file
 */
void fake_backing_expect_durable(struct fake_backing *backing);

#endif /* _KVM_CSS_KUNIT_FAKE_BACKING_H */
