/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An FBA DASD on a file that is filled with a pattern, for suites that move
 * blocks
 */
#ifndef _KVM_CSS_KUNIT_FBA_BENCH_H
#define _KVM_CSS_KUNIT_FBA_BENCH_H

#include "fake_backing.h"
#include "fba_program.h"

#define BLOCKS		400u
#define SIZE		(BLOCKS * 512)
/* How many bytes the device moves at once */
#define BUFFER		65536u
#define BUFFER_BLOCKS	(BUFFER / 512)
/* How many bytes the first CCW of fba_move_blocks() has at the most */
#define FBA_CCW_LEN	0xc000u

#define EQUIPMENT_CHECK	SENSE0_EQUIPMENT_CHECK
#define PERMANENT	0x80

/**
 * struct fba_bench - the device and its file
 * @backing: the file
 * @b: the device, with a guest that runs programs on it
 */
struct fba_bench {
	struct fake_backing *backing;
	struct device_bench *b;
};

/**
 * fba_bench_create() - make a device
 * @test: the test case
 * @flags: KVM_CSS_FBA_*
 *
 * Return: the device, on a file of SIZE bytes.
 */
struct fba_bench fba_bench_create(struct kunit *test, u32 flags);

/**
 * fba_device_of() - make a device on an existing file
 * @backing: the file
 * @flags: KVM_CSS_FBA_*
 *
 * Return: the device, with a guest that runs programs on it.
 */
struct device_bench *fba_device_of(struct fake_backing *backing, u32 flags);

/**
 * fba_locate_blocks() - begin a program that reads or writes blocks
 * @b: the device
 * @cmd: FBA_READ or FBA_WRITE, the command that will follow
 * @block: the first block
 * @blocks: how many
 */
void fba_locate_blocks(struct device_bench *b, u8 cmd, u32 block, u16 blocks);

/**
 * fba_move_blocks() - make a program that reads or writes blocks
 * @b: the device
 * @cmd: FBA_READ or FBA_WRITE
 * @block: the first block
 * @blocks: how many the program locates
 * @len: how many bytes it moves, at BENCH_DATA; the CCW of one that moves none
 *	suppresses the indication of incorrect length
 */
void fba_move_blocks(struct device_bench *b, u8 cmd, u32 block, u16 blocks,
		     u32 len);

/**
 * fba_expect_failed() - check the sense bytes after a possible error of the
 * host
 * @b: the device
 * @failed: whether there was an error
 */
void fba_expect_failed(struct device_bench *b, bool failed);

/*
 * How the files of a suite are accessed.  fba_data_test.c and fba_stop_test.c are
 * compiled once for each of these.
 */
#ifndef FBA_LATER
#define FBA_LATER	FAKE_BEFORE_RETURN
#define FBA_DIRECT	false
#define FBA_SUFFIX	""
#endif

/**
 * fba_suite_init() - have the files of a suite accessed as FBA_LATER and
 * FBA_DIRECT say
 * @test: the test case
 *
 * Return: 0.
 */
static inline int fba_suite_init(struct kunit *test)
{
	fake_backing_mode = (struct fake_backing_mode){
		.later = FBA_LATER, .direct = FBA_DIRECT,
	};
	return 0;
}

/**
 * fba_suite_exit() - the counterpart of fba_suite_init()
 * @test: the test case
 */
static inline void fba_suite_exit(struct kunit *test)
{
	fake_backing_mode = (struct fake_backing_mode){};
}

#endif /* _KVM_CSS_KUNIT_FBA_BENCH_H */
