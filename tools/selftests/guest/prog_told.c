// SPDX-License-Identifier: GPL-2.0
/*
 * Channel programs that tell the guest something while they run: PCI, initial
 * status, suspension; and programs that are rewritten while they run
 */
#include "prog_tests.h"

#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define TOLD		(SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING)
#define ENDED		(SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | SCSW_SC_PENDING)

/* Long enough for the guest to look meanwhile, even on an emulated machine */
static u32 wait_us = 700000;
static u32 zero;

static const struct irb *next(void)
{
	static struct irb irb __aligned(4);
	struct io_int io;

	EXPECT(io_wait(&io, 20000));
	EXPECT_EQ(io.sid, PROG_SID);
	EXPECT_EQ(io.intparm, CHAN_INTPARM);
	EXPECT_EQ(tsch(PROG_SID, &irb), CC_DONE);
	return &irb;
}

/* Take intermediate status of a program that goes on after it. */
static void told(u8 cstat, u64 cpa)
{
	const struct irb *irb = next();

	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL, SCSW_FC_START | ACTIVE | TOLD);
	EXPECT_EQ(irb->scsw.cstat, cstat);
	EXPECT_EQ(irb->scsw.dstat, 0);
	EXPECT_EQ(irb->scsw.cpa, cpa);
}

/* Take the end of the program, with which nothing else is told. */
static void ended(u64 cpa)
{
	const struct irb *irb = next();

	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL, SCSW_FC_START | ENDED);
	EXPECT_EQ(irb->scsw.cstat, 0);
	EXPECT_EQ(irb->scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb->scsw.cpa, cpa);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_ZERO_CC, 0);
	chan_quiet();
}

static void start(u32 flags)
{
	struct orb orb __aligned(4);

	chan_orb(&orb, prog);
	orb.flags |= flags;
	EXPECT_EQ(ssch(PROG_SID, &orb), CC_DONE);
}

static void pci(void)
{
	prog_kernel_only();
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_PCI, 1, 0);
	prog[1] = CCW(TEST_WAIT, CCW_CC, 4, &wait_us);
	prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(0);
	told(CST_PCI, (u64)&prog[1]);
	EXPECT_EQ(chan_control(PROG_SID), SCSW_FC_START | ACTIVE);
	ended((u64)&prog[3]);
}

static void initial(void)
{
	const struct irb *irb;

	prog_kernel_only();
	prog[0] = CCW(TEST_WRITE, CCW_CC, 8, OUT);
	prog[1] = CCW(TEST_WAIT, CCW_CC, 4, &wait_us);
	prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(ORB_INITIAL_STATUS);
	irb = next();
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL, SCSW_FC_START | ACTIVE | TOLD);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_ZERO_CC, SCSW_ZERO_CC);
	EXPECT_EQ(irb->scsw.cstat, 0);
	ended((u64)&prog[3]);
}

/* --- programs that are rewritten --- */

/*
 * Without the prefetch control, the CCW that is fetched is the one in storage
 * then.
 */
static void rewritten(void)
{
	u64 deadline = tod() + TOD_MS(20000);

	prog_kernel_only();
	prog_fill(OUT, 64);
	memset(IN, 0xee, 64);
	prog[0] = CCW(TEST_WRITE, 0, 64, OUT);
	prog_ends(0, DST_ENDED, 0, (u64)&prog[1], 0);
	prog[0] = CCW(TEST_WAIT, CCW_CC, 4, &wait_us);
	prog[1] = CCW(TEST_READ, CCW_CC, 16, IN);
	prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(0);
	while (!(chan_control(PROG_SID) & SCSW_AC_DEVICE_ACTIVE))
		EXPECT(tod() < deadline);
	prog[1].cda = (u32)(u64)IN + 32;
	prog[1].count = 8;
	ended((u64)&prog[3]);
	EXPECT_EQ(IN[0], 0xee);
	EXPECT_EQ(memcmp(IN + 32, OUT, 8), 0);
	EXPECT_EQ(IN[40], 0xee);
}

/* With the prefetch control, the same programs have the same endings. */
static void prefetch(void)
{
	u32 i;

	prog_kernel_only();
	prog_fill(OUT, 400);
	memset(IN, 0, 400);
	for (i = 0; i < 100; i++)
		prog[i] = CCW(TEST_WRITE, CCW_CC, 4, OUT + 4 * i);
	prog[100] = CCW(CCW_TIC, 0, 0, &prog[200]);
	prog[200] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
	for (i = 0; i < 100; i++)
		prog[201 + i] = CCW(TEST_READ, CCW_CD, 4, IN + 4 * i);
	prog[300].flags = 0;
	prog_ends(ORB_PREFETCH, DST_ENDED, 0, (u64)&prog[301], 0);
	EXPECT_EQ(memcmp(IN, OUT, 400), 0);
}

static const struct test tests[] = {
	{ "PCI: intermediate status, and the program goes on", pci },
	{ "initial-status control: Z, and the program goes on", initial },
	{ "a CCW is rewritten while the one before waits: it counts",
	  rewritten },
	{ "prefetch control: TIC and chaining as without", prefetch },
};

const struct test_group prog_told_group = { tests, ARRAY_SIZE(tests) };
