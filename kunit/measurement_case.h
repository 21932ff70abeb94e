/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the measurement suites share: measurement blocks in guest storage, a
 * subchannel that is measured, and programs for it
 */
#ifndef _KVM_CSS_KUNIT_MEASUREMENT_CASE_H
#define _KVM_CSS_KUNIT_MEASUREMENT_CASE_H

#include <kunit/test.h>

#include <kvm_css/measurement.h>
#include <kvm_css/subchannel.h>

#include "fake_image.h"

/* Address of measurement blocks, and how many bytes around one are checked */
#define ORIGIN		0x6000u
#define MBA		0x7000u
#define HIGH		0x80000000u	/* beyond what 31 bits can address */
#define AROUND		64u

#define FORMAT1		PMCW_MB_FORMAT1

/*
 * How long some commands take on purpose, and what that is in a block's units
 */
#define SOME_MS		5
#define SOME_UNITS	(SOME_MS * USEC_PER_MSEC / 128)

/**
 * struct block - a measurement block of either format
 * @starts: SSCH+RSCH count
 * @samples: sample count
 * @connect: device-connect time
 * @pending: function-pending time
 * @disconnect: device-disconnect time
 */
struct block {
	u32 starts;
	u32 samples;
	u32 connect;
	u32 pending;
	u32 disconnect;
};

/**
 * struct format_case - a test case is run for each format
 * @name: the name of the case
 * @chars: argument of enable()
 * @at: address of its block
 * @count_mask: the largest count that it has room for
 */
struct format_case {
	const char *name;
	u32 chars;
	u64 at;
	u32 count_mask;
};

/**
 * format_gen_params() - for KUNIT_CASE_PARAM(): both formats
 * @prev: the previous case, or NULL
 * @desc: set to the name of the next case
 *
 * Return: the next case, or NULL.
 */
const void *format_gen_params(const void *prev, char *desc);

/**
 * get_block() - read a measurement block
 * @image: the image
 * @addr: absolute address
 * @format1: it is of format 1
 * @block: filled in
 */
void get_block(struct fake_image *image, u64 addr, bool format1,
	       struct block *block);

/**
 * expect_counts() - check the counts in a block
 * @image: the image
 * @addr: absolute address
 * @format1: it is of format 1
 * @starts: SSCH+RSCH count
 * @samples: sample count
 */
void expect_counts(struct fake_image *image, u64 addr, bool format1, u32 starts,
		   u32 samples);

/**
 * set_blocks() - fill all storage where blocks can be
 * @image: the image
 * @byte: the byte to fill it with
 */
void set_blocks(struct fake_image *image, u8 byte);

/**
 * monitor() - do what SET CHANNEL MONITOR does
 * @image: the image
 * @origin: measurement-block origin
 * @update: blocks are updated
 */
void monitor(struct fake_image *image, u64 origin, bool update);

/**
 * enable() - enable the subchannel, and measurement for it
 * @image: the image
 * @mode: PMCW_BLOCK_UPDATE and PMCW_CONNECT_TIME
 * @chars: PMCW_MB_FORMAT1 and PMCW_XMWME
 * @mbi: measurement-block index
 * @mba: measurement-block address
 */
void enable(struct fake_image *image, u16 mode, u32 chars, u16 mbi, u64 mba);

/**
 * measure() - let the subchannel be measured, in a format-0 block at ORIGIN
 * @image: the image; all blocks are zeros
 */
void measure(struct fake_image *image);

/**
 * start() - start a program of one command
 * @image: the image
 */
void start(struct fake_image *image);

/**
 * start_blocked() - start a program of one command, in which the device blocks
 * @image: the image
 */
void start_blocked(struct fake_image *image);

/**
 * test_ended() - execute TSCH after a program that has ended normally
 * @image: the image
 * @irb: what was stored
 */
void test_ended(struct fake_image *image, struct css_irb *irb);

/**
 * start_and_test() - start() and test_ended()
 * @image: the image
 */
void start_and_test(struct fake_image *image);

/**
 * load_two() - store a program of two commands
 * @image: the image
 * @flags: flags of the second CCW
 * @orb: filled in for it, with suspend control
 */
void load_two(struct fake_image *image, u8 flags, struct css_orb *orb);

/**
 * clear_suspend_flag() - let the program of load_two() end when it is resumed
 * @image: the image
 */
void clear_suspend_flag(struct fake_image *image);

/**
 * sleep_some() - for &fake_device.during: a command takes SOME_MS or more
 * @arg: not used
 */
void sleep_some(void *arg);

#endif /* _KVM_CSS_KUNIT_MEASUREMENT_CASE_H */
