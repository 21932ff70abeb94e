/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "chanprog" is several files: programs that end well, and those that
 * don't; and what only the kernel executes: storage keys, IDAWs and MIDAWs, programs
 * that tell something while they go on, long ones, and what lies above 16 MiB.
 *
 * Each feature is here once.  Its rules are proved by the KUnit suites, one by one;
 * more than once is here what KVM has a part in: storage, its end, and its keys.
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
 * prog_fill() - make data that no other test has made
 * @data: where
 * @len: how much
 */
void prog_fill(u8 *data, u32 len);

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

/* For prog_ends(): the usual ORB has this, and then has not. */
#define PROG_FORMAT0		ORB_FORMAT1

/* A format-0 CCW */
#define CCW0(c, a, f, n)						\
	((struct ccw0){ .cmd = (c), .flags = (f), .count = (n),		\
			.cda = { (u32)(u64)(a) >> 16,			\
				 (u8)((u32)(u64)(a) >> 8),		\
				 (u8)(u32)(u64)(a) } })

/* What the other files have to offer */
extern const struct test_group prog_ending_group, prog_key_group,
			       prog_indirect_group, prog_told_group,
			       prog_long_group, prog_high_group;

#endif /* GUEST_PROG_TESTS_H */
