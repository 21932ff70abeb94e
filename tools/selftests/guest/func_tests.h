/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "functions" consists of several files: functions.c has what they
 * share; func_stop.c HSCH and CSCH; func_suspend.c RSCH; func_cancel.c XSCH;
 * func_irb.c what TSCH stores beside the SCSW; func_present.c status that the
 * device presents by itself; func_backend.c a subchannel with a backend.
 *
 * Each function is tested once here, and so is what can come at any moment.  The
 * KUnit suites prove what each instruction does in each state of a subchannel.
 */
#ifndef GUEST_FUNC_TESTS_H
#define GUEST_FUNC_TESTS_H

#include "chan.h"
#include "functions.h"

#define FUNC_ISC		3
#define FUNC_INTPARM		0x00facade	/* parameter in the PMCW */

/* How long a WAIT takes whose end no test waits for */
#define FUNC_WAIT_US		10000000
/*
 * How long it may take from HSCH or CSCH to the interruption; the WAIT takes
 * three times as long
 */
#define FUNC_STOP_MS		3000

/* The program of the running test, and its data */
extern struct ccw1 func_prog[8];
extern u8 func_data[64];

/**
 * func_quiesce() - let no channel program begin any more
 *
 * A start function stays start pending meanwhile.  Asserts that it works.
 */
void func_quiesce(void);

/**
 * func_unquiesce() - let the channel programs begin that wait for it
 */
void func_unquiesce(void);

/**
 * func_enable() - enable FUNC_SID and all interruption subclasses
 */
void func_enable(void);

/**
 * func_start() - START SUBCHANNEL of func_prog, asserting cc 0
 * @flags: ORB_* beside the usual ones
 */
void func_start(u32 flags);

/**
 * func_start_wait() - start a WAIT and wait until it runs
 */
void func_start_wait(void);

/**
 * func_suspend() - start a program that is suspended at func_prog[1]
 *
 * func_prog[0] writes the first 8 bytes of func_data, func_prog[1] the next 8.
 * Its intermediate status is pending afterwards, and its interruption is not
 * taken.
 */
void func_suspend(void);

/**
 * func_end() - take one interruption and execute TEST SUBCHANNEL
 * @intparm: the expected interruption parameter
 *
 * Asserts that it comes, and that no second one follows.
 * Return: the interruption-response block.
 */
const struct irb *func_end(u32 intparm);

/**
 * func_idle() - assert that the subchannel is idle and a program can run
 */
void func_idle(void);

extern const struct test_group func_stop_group, func_suspend_group,
			       func_cancel_group, func_irb_group,
			       func_present_group, func_backend_group;

#endif /* GUEST_FUNC_TESTS_H */
