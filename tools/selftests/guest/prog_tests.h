/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "chanprog" is three files: programs that end well, lengths and
 * endings that a device decides, and invalid programs.
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

/* What the other two files have to offer */
extern const struct test_group prog_length_group, prog_invalid_group;

#endif /* GUEST_PROG_TESTS_H */
