/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "chanprog" is several files: programs that end well, lengths and
 * endings that a device decides, and invalid programs; and what only the kernel
 * executes: format-0 CCWs, IDAWs and MIDAWs, storage keys and address limits,
 * programs that tell something while they go on, long ones, and what lies above
 * 16 MiB.
 */
#ifndef GUEST_PROG_TESTS_H
#define GUEST_PROG_TESTS_H

#include "chan.h"
#include "chanprog.h"

#define PROG_MAX		1200

/* The channel program under test, and data on both sides */
extern struct ccw1 prog[PROG_MAX];
#define OUT			((u8 *)0x200000ul)
#define IN			((u8 *)0x300000ul)
#define END_OF_STORAGE		0x1000000ul

/**
 * prog_run() - run the program at prog[0] and assert how it ended
 * @dstat: expected device status
 * @cstat: expected subchannel status
 *
 * Return: the interruption-response block.
 */
const struct irb *prog_run(u8 dstat, u8 cstat);

/**
 * prog_run_orb() - the same with bits in the ORB
 * @flags: ORB_* to set beside the usual ones
 * @dstat: expected device status
 * @cstat: expected subchannel status
 *
 * Return: the interruption-response block.
 */
const struct irb *prog_run_orb(u32 flags, u8 dstat, u8 cstat);

/**
 * prog_check() - assert that the program at @cpa ends with program check
 * @cpa: address of the first CCW
 * @at: expected CCW address in the SCSW, less 8
 */
void prog_check(u64 cpa, const struct ccw1 *at);

/**
 * prog_fill() - make data that no other test has made
 * @data: where
 * @len: how much
 */
void prog_fill(u8 *data, u32 len);

/**
 * prog_sense() - assert the first sense byte by a SENSE of its own
 * @sense0: expected
 */
void prog_sense(u8 sense0);

/**
 * prog_kernel_only() - skip the running test when the VMM serves
 *
 * Its channel subsystem executes format-1 CCWs without any of this.
 */
void prog_kernel_only(void);

/**
 * prog_ends() - run the program at prog[0] and assert where it ended
 * @flags: ORB_* to change in the usual ones
 * @dstat: expected device status
 * @cstat: expected subchannel status
 * @cpa: expected CCW address
 * @count: expected residual count
 */
void prog_ends(u32 flags, u8 dstat, u8 cstat, u64 cpa, u16 count);

/* A format-0 CCW */
#define CCW0(c, a, f, n)						\
	((struct ccw0){ .cmd = (c), .flags = (f), .count = (n),		\
			.cda = { (u32)(u64)(a) >> 16,			\
				 (u8)((u32)(u64)(a) >> 8),		\
				 (u8)(u32)(u64)(a) } })

/* What the other files have to offer */
extern const struct test_group prog_length_group, prog_invalid_group,
			       prog_format0_group, prog_idaw_group,
			       prog_midaw_group, prog_key_group,
			       prog_told_group, prog_long_group,
			       prog_high_group;

#endif /* GUEST_PROG_TESTS_H */
