// SPDX-License-Identifier: GPL-2.0
/* A guest whose programs keep workers of the host busy */
#include "disk.h"
#include "workers.h"

#define MAX_DISKS	16
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

static void waits(u32 nr)
{
	static const u32 us = WORKERS_WAIT_US;
	static struct ccw1 program __aligned(8);
	u32 i;

	program = CCW(TEST_WAIT, 0, sizeof(us), &us);
	io_mask(0);
	hypercall(HC_THEME, WORKERS_CALL_READY, 0, 0);
	for (i = 0; i < nr; i++) {
		chan_enable(WORKERS_SID(i), 3, 0);
		chan_start(WORKERS_SID(i), &program);
	}
	hypercall(HC_THEME, WORKERS_CALL_DONE, 0, 0);
	for (i = 0; i < nr; i++)
		chan_until_pending(WORKERS_SID(i));
	hypercall(HC_THEME, WORKERS_CALL_ENDED, 0, 0);
}

/* Start a program that waits long, and meanwhile run another one. */
static void second(void)
{
	static const u32 us = WORKERS_LONG_US;
	static struct ccw1 program __aligned(8);

	program = CCW(TEST_WAIT, 0, sizeof(us), &us);
	io_mask(0);
	chan_enable(WORKERS_SID(0), 3, 0);
	chan_enable(WORKERS_SID(1), 3, 0);
	hypercall(HC_THEME, WORKERS_CALL_READY, 0, 0);
	chan_start(WORKERS_SID(0), &program);
	hypercall(HC_THEME, WORKERS_CALL_DONE, 0, 0);
	chan_start(WORKERS_SID(1), &nop);
	chan_until_pending(WORKERS_SID(1));
	hypercall(HC_THEME, WORKERS_CALL_ENDED, 0, 0);
}

static void workers(void)
{
	u32 nr = WORKERS_NR(guest_argument);

	if (guest_argument & WORKERS_LOOPS)
		loops(nr);
	else if (guest_argument & WORKERS_WAITS)
		waits(nr);
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
