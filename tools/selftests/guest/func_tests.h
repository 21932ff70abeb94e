/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "functions" is several files: functions.c has what they share,
 * func_stop.c HSCH and CSCH, func_suspend.c RSCH, func_cancel.c XSCH, func_irb.c
 * what TSCH stores beside the SCSW, func_present.c what the device has to say by
 * itself.
 *
 * Each function is here once, and what can come at any moment.  What each
 * instruction does in each state of a subchannel is proved by the KUnit suites.
 */
#ifndef GUEST_FUNC_TESTS_H
#define GUEST_FUNC_TESTS_H

#include "chan.h"
#include "functions.h"

#define FUNC_ISC		3
#define FUNC_INTPARM		0x00facade	/* of the PMCW */

/* A program of WAIT that nobody waits for */
#define FUNC_WAIT_US		10000000
/* From HSCH or CSCH to the interruption; the WAIT takes three times that. */
#define FUNC_STOP_MS		3000

/* The program of the running test, and data for it */
extern struct ccw1 func_prog[8];
extern u8 func_data[64];

/**
 * func_quiesce() - begin no channel program any more
 *
 * One that is started stays start pending.  Asserts.
 */
void func_quiesce(void);

/**
 * func_unquiesce() - begin those that wait for it
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
 * func_start_wait() - start a WAIT and see it run
 */
void func_start_wait(void);

/**
 * func_suspend() - start a program that is suspended at func_prog[1]
 *
 * func_prog[0] writes the first 8 bytes of func_data, func_prog[1] the next 8.
 * Its intermediate status is pending afterwards, without an interruption taken.
 */
void func_suspend(void);

/**
 * func_end() - take one interruption and what TEST SUBCHANNEL stores
 * @intparm: interruption parameter that is expected
 *
 * Asserts that it comes, and that no second one does.
 * Return: the interruption-response block.
 */
const struct irb *func_end(u32 intparm);

/**
 * func_idle() - assert that nothing is going on, and that programs run
 */
void func_idle(void);

extern const struct test_group func_stop_group, func_suspend_group,
			       func_cancel_group, func_irb_group,
			       func_present_group;

#endif /* GUEST_FUNC_TESTS_H */
