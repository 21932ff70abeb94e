/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "chanprog" consists of several files: programs that end well, and
 * programs that don't; and what only the kernel executes: storage keys, IDAWs
 * and MIDAWs, programs that tell something while they run, long programs, and
 * what is above 16 MiB.
 *
 * Each feature is tested once here, because the KUnit suites prove each of its
 * rules.  Only what KVM has a part in is tested more than once: storage, its
 * end, and its keys.
 */
#ifndef GUEST_PROG_TESTS_H
#define GUEST_PROG_TESTS_H

#include "chan.h"
#include "chanprog.h"

#define PROG_MAX		1200

/* The channel program under test, and its data */
extern struct ccw1 prog[PROG_MAX];
#define OUT			((u8 *)0x200000ul)
#define IN			((u8 *)0x300000ul)
#define END_OF_STORAGE		0x1000000ul

/**
 * prog_run() - run the program at prog[0] and assert how it ends
 * @dstat: expected device status
 * @cstat: expected subchannel status
 *
 * Return: the interruption-response block.
 */
const struct irb *prog_run(u8 dstat, u8 cstat);

/**
 * prog_fill() - make data that no other test has made
 * @data: where
 * @len: in bytes
 */
void prog_fill(u8 *data, u32 len);

/**
 * prog_kernel_only() - skip the running test if the VMM serves the subchannels
 *
 * The VMM's channel subsystem only executes format-1 CCWs, without IDAWs and so
 * on.
 */
void prog_kernel_only(void);

/**
 * prog_ends() - run the program at prog[0] and assert how and where it ends
 * @flags: ORB_* to change in the usual ones
 * @dstat: expected device status
 * @cstat: expected subchannel status
 * @cpa: expected CCW address
 * @count: expected residual count
 */
void prog_ends(u32 flags, u8 dstat, u8 cstat, u64 cpa, u16 count);

/* A flag for prog_ends(), which inverts it: the usual ORB has format-1 CCWs. */
#define PROG_FORMAT0		ORB_FORMAT1

/* A format-0 CCW */
#define CCW0(c, a, f, n)						\
	((struct ccw0){ .cmd = (c), .flags = (f), .count = (n),		\
			.cda = { (u32)(u64)(a) >> 16,			\
				 (u8)((u32)(u64)(a) >> 8),		\
				 (u8)(u32)(u64)(a) } })

/* The tests in the other files */
extern const struct test_group prog_ending_group, prog_key_group,
			       prog_indirect_group, prog_told_group,
			       prog_long_group, prog_high_group;

#endif /* GUEST_PROG_TESTS_H */
