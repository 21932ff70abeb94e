/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the measurement suites share: blocks in guest storage, a subchannel that
 * is measured, and programs for it.
 */
#ifndef _KVM_CSS_KUNIT_MEASUREMENT_CASE_H
#define _KVM_CSS_KUNIT_MEASUREMENT_CASE_H

#include <kunit/test.h>

#include <kvm_css/measurement.h>
#include <kvm_css/subchannel.h>

#include "fake_image.h"

/* Where measurement blocks are, and what is looked at around one */
#define ORIGIN		0x6000u
#define MBA		0x7000u
#define HIGH		0x80000000u	/* behind what 31 bits address */
#define AROUND		64u

#define FORMAT1		PMCW_MB_FORMAT1

/* How long something takes on purpose, and how much that is in a block */
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
 * @name: of the case
 * @chars: for enable()
 * @at: where its block is
 * @count_mask: how large a count gets
 */
struct format_case {
	const char *name;
	u32 chars;
	u64 at;
	u32 count_mask;
};

/**
 * format_gen_params() - for KUNIT_CASE_PARAM(): both formats
 * @prev: the case before, or NULL
 * @desc: where its name goes to
 *
 * Return: the next case, or NULL.
 */
const void *format_gen_params(const void *prev, char *desc);

/**
 * storage_of() - guest storage as the host sees it
 * @guest: the guest
 * @addr: absolute address
 *
 * Return: where it is kept.
 */
u8 *storage_of(struct guest *guest, u64 addr);

/**
 * get_block() - look at a measurement block
 * @image: the image
 * @addr: absolute address
 * @format1: it is of format 1
 * @block: where to
 */
void get_block(struct fake_image *image, u64 addr, bool format1,
	       struct block *block);

/**
 * expect_counts() - expect how often something was counted in a block
 * @image: the image
 * @addr: absolute address
 * @format1: it is of format 1
 * @starts: SSCH+RSCH count
 * @samples: sample count
 */
void expect_counts(struct fake_image *image, u64 addr, bool format1, u32 starts,
		   u32 samples);

/**
 * set_blocks() - fill all storage in which a block may be
 * @image: the image
 * @byte: with what
 */
void set_blocks(struct fake_image *image, u8 byte);

/**
 * monitor() - as SET CHANNEL MONITOR does
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
 * measure() - have the subchannel measured, in a format-0 block at ORIGIN
 * @image: the image; all blocks are zeros
 */
void measure(struct fake_image *image);

/**
 * start() - start a program of one command
 * @image: the image
 */
void start(struct fake_image *image);

/**
 * start_blocked() - start a program of one command, in which the device waits
 * @image: the image
 */
void start_blocked(struct fake_image *image);

/**
 * test_ended() - TEST SUBCHANNEL of a program that has ended normally
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
 * load_two() - a program of two commands
 * @image: the image
 * @flags: of the second CCW
 * @orb: an ORB for it, with suspend control
 */
void load_two(struct fake_image *image, u8 flags, struct css_orb *orb);

/**
 * clear_suspend_flag() - let the program of load_two() go on when it is resumed
 * @image: the image
 */
void clear_suspend_flag(struct fake_image *image);

/**
 * sleep_some() - for &fake_device.during: a command takes SOME_MS or more
 * @arg: not used
 */
void sleep_some(void *arg);

#endif /* _KVM_CSS_KUNIT_MEASUREMENT_CASE_H */
