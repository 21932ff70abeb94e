// SPDX-License-Identifier: GPL-2.0
/* A guest does I/O while the host ends it. */
#include "disk.h"
#include "lifetime.h"

static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					    .flags = CCW_SLI, .count = 1 };

static void until_status_pending(void)
{
	u64 deadline = tod() + TOD_MS(20000);
	struct schib schib __aligned(4);

	do {
		EXPECT_EQ(stsch(LIFE_SID_TEST, &schib), CC_DONE);
		EXPECT(tod() < deadline);
	} while (!(schib.scsw.ctrl & SCSW_SC_PENDING));
}

/*
 * Let the host act, and then count interruptions, which must not come any more.
 */
static void act(void)
{
	struct schib schib __aligned(4);
	struct io_int io;
	u32 count = 0;

	hypercall(HC_THEME, LIFE_CALL_ACT, 0, 0);
	io_mask(0xff);
	count += io_window(&io);
	count += io_wait(&io, 100);
	hypercall(HC_THEME, LIFE_CALL_REPORT, stsch(LIFE_SID_TEST, &schib),
		  count);
}

static void wait_10s(void)
{
	static u32 us = 10000000;
	static struct ccw1 program __aligned(8);

	program = CCW(TEST_WAIT, 0, sizeof(us), &us);
	chan_enable(LIFE_SID_TEST, 3, 0);
	chan_start(LIFE_SID_TEST, &program);
	act();
}

static void pending(void)
{
	chan_enable(LIFE_SID_TEST, 3, 0);
	chan_start(LIFE_SID_TEST, &nop);
	until_status_pending();
	act();
}

static void command_loop(void)
{
	static struct ccw1 program[3] __aligned(8);

	program[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	program[1] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	program[2] = CCW(CCW_TIC, 0, 0, program);
	chan_enable(LIFE_SID_TEST, 3, 0);
	chan_start(LIFE_SID_TEST, program);
	act();
}

/* A READ of the device's whole storage, with a data chain of 65536 CCWs */
static void data_loop(void)
{
	static struct ccw1 program[2] __aligned(8);
	static u8 byte;

	program[0] = CCW(TEST_READ, CCW_CD, 1, &byte);
	program[1] = CCW(CCW_TIC, 0, 0, program);
	chan_enable(LIFE_SID_TEST, 3, 0);
	chan_start(LIFE_SID_TEST, program);
	act();
}

/*
 * A WRITE from a page that the host withholds; it runs on a worker because it
 * chains data
 */
static void fault(void)
{
	static struct ccw1 program[2] __aligned(8);
	static u8 byte;

	program[0] = CCW(TEST_WRITE, CCW_CD, 1, &byte);
	program[1] = CCW(0, 0, 16, LIFE_FAULT_PAGE);
	chan_enable(LIFE_SID_TEST, 3, 0);
	chan_start(LIFE_SID_TEST, program);
	hypercall(HC_THEME, LIFE_CALL_ACT, 0, 0);
	for (;;)
		barrier();
}

/* Run a program again and again until the subchannel is gone. */
static void forever(u32 sid, const struct ccw1 *program)
{
	struct orb orb __aligned(4);
	struct irb irb __aligned(4);
	int cc;

	chan_enable(sid, 3, 0);
	io_mask(0);
	chan_orb(&orb, program);
	hypercall(HC_THEME, LIFE_CALL_ACT, 0, 0);
	for (;;) {
		cc = ssch(sid, &orb);
		if (cc == CC_NOT_OPERATIONAL)
			break;
		EXPECT_EQ(cc, CC_DONE);
		do {
			cc = tsch(sid, &irb);
		} while (cc == 1);
		if (cc == CC_NOT_OPERATIONAL)
			break;
		EXPECT_EQ(cc, CC_DONE);
		EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
		EXPECT_EQ(irb.scsw.cstat, 0);
	}
	hypercall(HC_THEME, LIFE_CALL_REPORT, cc, 0);
}

static void writes(void)
{
	static struct disk_program program;

	disk_program(&program, FBA_WRITE, 0, LIFE_BLOCKS, (void *)0x200000ul);
	forever(LIFE_SID_FBA, program.ccw);
}

/* Use many disks at once, so that a worker is always working. */
static void loops(void)
{
	static struct disk_program program[LIFE_DISKS];
	int i;

	for (i = 0; i < LIFE_DISKS; i++) {
		disk_program(&program[i], FBA_READ, 0, 8, (void *)0x200000ul);
		program[i].ccw[2].flags |= CCW_CC;
		program[i].ccw[3] = CCW(CCW_TIC, 0, 0, &program[i].ccw[1]);
		chan_enable(LIFE_SID_DISK(i), 3, 0);
		chan_start(LIFE_SID_DISK(i), program[i].ccw);
	}
	hypercall(HC_THEME, LIFE_CALL_ACT, 0, 0);
	for (;;)
		barrier();
}

/* One WRITE whose data chain has a CCW for each byte, which takes minutes */
static void long_write(void)
{
	static struct disk_program program;

	disk_program(&program, FBA_WRITE, 0, LIFE_DISK_BLOCKS,
		     (void *)0x200000ul);
	program.ccw[2].flags |= CCW_CD;
	program.ccw[2].count = 1;
	program.ccw[3] = CCW(CCW_TIC, 0, 0, &program.ccw[2]);
	chan_enable(LIFE_SID_DISK(0), 3, 0);
	chan_start(LIFE_SID_DISK(0), program.ccw);
	hypercall(HC_THEME, LIFE_CALL_ACT, 0, 0);
	for (;;)
		barrier();
}

static void one(void)
{
	struct irb irb __aligned(4);

	chan_enable(LIFE_SID_TEST, 3, 0);
	io_mask(0xff);
	chan_run(LIFE_SID_TEST, &nop, &irb);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
	chan_disable(LIFE_SID_TEST);
}

static void lifetime(void)
{
	switch (guest_argument) {
	case LIFE_WAIT:
		wait_10s();
		break;
	case LIFE_PENDING:
		pending();
		break;
	case LIFE_LOOP:
		command_loop();
		break;
	case LIFE_DATA_LOOP:
		data_loop();
		break;
	case LIFE_CYCLES:
		forever(LIFE_SID_TEST, &nop);
		break;
	case LIFE_WRITES:
		writes();
		break;
	case LIFE_ONE:
		one();
		break;
	case LIFE_FAULT:
		fault();
		break;
	case LIFE_LOOPS:
		loops();
		break;
	case LIFE_LONG:
		long_write();
		break;
	}
}

static const struct test tests[] = {
	{ "lifetime", lifetime },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
