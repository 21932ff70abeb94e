// SPDX-License-Identifier: GPL-2.0
/* A guest whose programs keep workers of the host busy */
#include "disk.h"
#include "workers.h"

#define MAX_DISKS	16
#define MAX_AT_ONCE	1024
#define DATA(nr)	((void *)(0x200000ul + (nr) * 0x10000ul))

static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					    .flags = CCW_SLI, .count = 1 };

/* Start programs that never end. */
static void loops(u32 nr)
{
	static struct disk_program program[MAX_DISKS];
	u32 i;

	EXPECT(nr <= MAX_DISKS);
	io_mask(0);
	hypercall(HC_THEME, WORKERS_CALL_READY, 0, 0);
	for (i = 0; i < nr; i++) {
		disk_program(&program[i], FBA_READ, 0, WORKERS_BLOCKS, DATA(i));
		program[i].ccw[2].flags |= CCW_CC;
		program[i].ccw[3] = CCW(CCW_TIC, 0, 0, &program[i].ccw[1]);
		chan_enable(WORKERS_SID(i), 3, 0);
		chan_start(WORKERS_SID(i), program[i].ccw);
	}
	hypercall(HC_THEME, WORKERS_CALL_DONE, 0, 0);
}

/* Let workers make interruptions pending that the guest doesn't take. */
static void pending(u32 nr)
{
	u32 i;

	io_mask(0);
	for (i = 0; i < nr; i++)
		chan_enable(WORKERS_SID(i), 3, 0);
	hypercall(HC_THEME, WORKERS_CALL_READY, 0, 0);
	for (i = 0; i < nr; i++) {
		chan_start(WORKERS_SID(i), &nop);
		chan_until_pending(WORKERS_SID(i));
	}
	hypercall(HC_THEME, WORKERS_CALL_DONE, 0, 0);
}

/* Start programs that never end, and halt them. */
static void many(u32 nr)
{
	static struct ccw1 program[2] __aligned(8);
	u32 i;

	program[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	program[1] = CCW(CCW_TIC, 0, 0, program);
	io_mask(0);
	hypercall(HC_THEME, WORKERS_CALL_READY, 0, 0);
	for (i = 0; i < nr; i++) {
		chan_enable(WORKERS_SID(i), 3, 0);
		chan_start(WORKERS_SID(i), program);
	}
	hypercall(HC_THEME, WORKERS_CALL_DONE, 0, 0);
	for (i = 0; i < nr; i++) {
		EXPECT_EQ(hsch(WORKERS_SID(i)), CC_DONE);
		chan_until_pending(WORKERS_SID(i));
	}
	hypercall(HC_THEME, WORKERS_CALL_ENDED, 0, 0);
}

/* Halt a program that is being executed, or has just ended. */
static void halt(u32 sid)
{
	EXPECT_EQ(hsch(sid), CC_DONE);
	chan_until_pending(sid);
}

/*
 * Start a program without end, and others whose commands are pending all the
 * time; then halt them.
 */
static void waits(u32 nr)
{
	static struct ccw1 loop[2] __aligned(8), wait[2] __aligned(8);
	static u32 us = WORKERS_WAIT_US;
	u32 i;

	loop[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	loop[1] = CCW(CCW_TIC, 0, 0, loop);
	wait[0] = CCW(TEST_WAIT, CCW_CC, sizeof(us), &us);
	wait[1] = CCW(CCW_TIC, 0, 0, wait);
	io_mask(0);
	for (i = 0; i < nr; i++)
		chan_enable(WORKERS_SID(i), 3, 0);
	hypercall(HC_THEME, WORKERS_CALL_READY, 0, 0);
	for (i = 0; i < nr; i++)
		chan_start(WORKERS_SID(i), i ? wait : loop);
	hypercall(HC_THEME, WORKERS_CALL_DONE, 0, 0);
	for (i = 0; i < nr; i++)
		halt(WORKERS_SID(i));
	hypercall(HC_THEME, WORKERS_CALL_ENDED, 0, 0);
}

/* Start a program that hangs on its worker, and meanwhile one that waits. */
static void hangs(void)
{
	static struct ccw1 read __aligned(8), wait __aligned(8);
	static u32 us = 50000;

	read = CCW(TEST_READ, CCW_SLI, 8, WORKERS_HANG_PAGE);
	wait = CCW(TEST_WAIT, 0, sizeof(us), &us);
	io_mask(0);
	chan_enable(WORKERS_SID(0), 3, 0);
	chan_enable(WORKERS_SID(1), 3, 0);
	hypercall(HC_THEME, WORKERS_CALL_READY, 0, 0);
	chan_start(WORKERS_SID(0), &read);
	hypercall(HC_THEME, WORKERS_CALL_DONE, 0, 0);
	chan_start(WORKERS_SID(1), &wait);
	chan_until_pending(WORKERS_SID(1));
	EXPECT(!(chan_control(WORKERS_SID(0)) & SCSW_SC_PENDING));
	hypercall(HC_THEME, WORKERS_CALL_ENDED, 0, 0);
}

/* Start programs whose only command is pending for long. */
static void long_waits(u32 nr)
{
	static struct ccw1 wait __aligned(8);
	static u32 us = 10000000;
	u32 i;

	wait = CCW(TEST_WAIT, 0, sizeof(us), &us);
	io_mask(0);
	hypercall(HC_THEME, WORKERS_CALL_READY, 0, 0);
	for (i = 0; i < nr; i++) {
		chan_enable(WORKERS_SID(i), 3, 0);
		chan_start(WORKERS_SID(i), &wait);
	}
	hypercall(HC_THEME, WORKERS_CALL_DONE, 0, 0);
}

/* Start programs that wait until the same moment. */
static void at_once(u32 nr)
{
	static struct ccw1 wait[MAX_AT_ONCE] __aligned(8);
	static u32 us[MAX_AT_ONCE];
	u64 until, left;
	u32 i;

	EXPECT(nr <= MAX_AT_ONCE);
	io_mask(0);
	for (i = 0; i < nr; i++)
		chan_enable(WORKERS_SID(i), 3, 0);
	hypercall(HC_THEME, WORKERS_CALL_READY, 0, 0);
	until = tod() + TOD_MS(WORKERS_AT_ONCE_US / 1000);
	for (i = 0; i < nr; i++) {
		left = tod() < until ? (until - tod()) / TOD_MS(1) * 1000 : 0;
		us[i] = left + 1;
		wait[i] = CCW(TEST_WAIT, 0, sizeof(us[i]), &us[i]);
		chan_start(WORKERS_SID(i), &wait[i]);
	}
	for (i = 0; i < nr; i++)
		chan_until_pending(WORKERS_SID(i));
	hypercall(HC_THEME, WORKERS_CALL_DONE, 0, 0);
}

/* Start a program that keeps a worker busy, and meanwhile run another one. */
static void second(void)
{
	static struct disk_program program;
	static u8 byte;

	disk_program(&program, FBA_READ, 0, WORKERS_LONG_BLOCKS, &byte);
	program.ccw[2] = CCW(FBA_READ, CCW_CD, 1, &byte);
	program.ccw[3] = CCW(CCW_TIC, 0, 0, &program.ccw[2]);
	io_mask(0);
	chan_enable(WORKERS_SID(0), 3, 0);
	chan_enable(WORKERS_SID(1), 3, 0);
	hypercall(HC_THEME, WORKERS_CALL_READY, 0, 0);
	chan_start(WORKERS_SID(0), program.ccw);
	hypercall(HC_THEME, WORKERS_CALL_DONE, 0, 0);
	chan_start(WORKERS_SID(1), &nop);
	chan_until_pending(WORKERS_SID(1));
	EXPECT(!(chan_control(WORKERS_SID(0)) & SCSW_SC_PENDING));
	hypercall(HC_THEME, WORKERS_CALL_ENDED, 0, 0);
}

static void workers(void)
{
	u32 nr = WORKERS_NR(guest_argument);

	if (guest_argument & WORKERS_LOOPS)
		loops(nr);
	else if (guest_argument & WORKERS_MANY)
		many(nr);
	else if (guest_argument & WORKERS_WAITS)
		waits(nr);
	else if (guest_argument & WORKERS_HANGS)
		hangs();
	else if (guest_argument & WORKERS_LONG_WAITS)
		long_waits(nr);
	else if (guest_argument & WORKERS_AT_ONCE)
		at_once(nr);
	else if (guest_argument & WORKERS_SECOND)
		second();
	else
		pending(nr);
}

static const struct test tests[] = {
	{ "workers", workers },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
