// SPDX-License-Identifier: GPL-2.0
/*
 * Channel programs that tell the guest something while they go on: PCI, initial
 * status, suspension; and programs that are rewritten while they go on.
 */
#include "prog_tests.h"

#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define TOLD		(SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING)
#define ENDED		(SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | SCSW_SC_PENDING)

/* Long enough for the guest to look, on an emulated machine too */
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

/* Intermediate status alone, of a program that goes on behind it */
static const struct irb *told(u8 cstat, u64 cpa)
{
	const struct irb *irb = next();

	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL, SCSW_FC_START | ACTIVE | TOLD);
	EXPECT_EQ(irb->scsw.cstat, cstat);
	EXPECT_EQ(irb->scsw.dstat, 0);
	EXPECT_EQ(irb->scsw.cpa, cpa);
	return irb;
}

/* The end, and nothing else that has not been told */
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

/* --- program-controlled interruption --- */

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

static void pci_several(void)
{
	unsigned int i;

	prog_kernel_only();
	for (i = 0; i < 6; i += 2) {
		prog[i] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_PCI, 1, 0);
		prog[i + 1] = CCW(TEST_WAIT, CCW_CC, 4, &wait_us);
	}
	prog[6] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(0);
	for (i = 0; i < 6; i += 2)
		told(CST_PCI, (u64)&prog[i + 1]);
	ended((u64)&prog[7]);
}

/* Of the command that waits itself: told before it is executed */
static void pci_of_wait(void)
{
	prog_kernel_only();
	prog[0] = CCW(TEST_WAIT, CCW_PCI, 4, &wait_us);
	start(0);
	told(CST_PCI, (u64)&prog[1]);
	ended((u64)&prog[1]);
}

static void pci_data_chain(void)
{
	prog_kernel_only();
	prog[0] = CCW(TEST_WRITE, CCW_CD, 8, OUT);
	prog[1] = CCW(0, CCW_CC | CCW_PCI, 8, OUT);
	prog[2] = CCW(TEST_WAIT, CCW_CC, 4, &wait_us);
	prog[3] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(0);
	told(CST_PCI, (u64)&prog[2]);
	ended((u64)&prog[4]);
}

static void pci_midaw(void)
{
	static struct midaw list[2] __aligned(32);

	prog_kernel_only();
	list[0] = (struct midaw){ .flags = MIDAW_INTERRUPT, .count = 8,
				  .addr = (u64)OUT };
	list[1] = (struct midaw){ .flags = MIDAW_LAST, .count = 8,
				  .addr = (u64)OUT + 8 };
	prog[0] = CCW(TEST_WRITE, CCW_MIDA | CCW_CC, 16, list);
	prog[1] = CCW(TEST_WAIT, CCW_CC, 4, &wait_us);
	prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(ORB_MIDAW);
	told(CST_PCI, (u64)&prog[1]);
	ended((u64)&prog[3]);
}

/* Until the program has ended, with interruptions disabled */
static void until_ended(void)
{
	u64 deadline = tod() + TOD_MS(20000);

	while (!(chan_control(PROG_SID) & SCSW_SC_PRIMARY))
		EXPECT(tod() < deadline);
}

/* One interruption and one TEST SUBCHANNEL for all of it */
static void together(u8 dstat, u8 cstat, u32 sc, u32 zero_cc)
{
	const struct irb *irb;

	until_ended();
	io_mask(0xff);
	irb = next();
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL,
		  SCSW_FC_START | SCSW_SC_INTERMEDIATE | sc);
	EXPECT_EQ(irb->scsw.cstat, cstat);
	EXPECT_EQ(irb->scsw.dstat, dstat);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_ZERO_CC, zero_cc);
	EXPECT_EQ(chan_control(PROG_SID), 0);
	chan_quiet();
}

static void pci_untested(void)
{
	prog_kernel_only();
	io_mask(0);
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_PCI, 1, 0);
	prog[1] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_PCI, 1, 0);
	prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(0);
	/* It is no alert. */
	together(DST_ENDED, CST_PCI, ENDED, 0);
}

static void pci_and_check(void)
{
	prog_kernel_only();
	io_mask(0);
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_PCI, 1, 0);
	prog[1] = CCW(0, CCW_SLI, 1, 0);
	start(0);
	together(0, CST_PCI | CST_PROGRAM_CHECK, ENDED | SCSW_SC_ALERT, 0);
}

/* A CCW that is invalid has no flags. */
static void pci_invalid(void)
{
	prog_kernel_only();
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[1] = CCW(0, CCW_SLI | CCW_PCI, 1, 0);
	prog_ends(0, 0, CST_PROGRAM_CHECK, (u64)&prog[2], 0);
	chan_quiet();
}

static void pci_cleared(void)
{
	prog_kernel_only();
	io_mask(0);
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_PCI, 1, 0);
	prog[1] = CCW(TEST_WAIT, 0, 4, &wait_us);
	start(0);
	chan_until_pending(PROG_SID);
	EXPECT_EQ(ssch(PROG_SID, &(struct orb){ .flags = ORB_FORMAT1 }),
		  CC_STATUS_PENDING);
	EXPECT_EQ(hsch(PROG_SID), CC_DONE);
	io_mask(0xff);
	EXPECT_EQ(next()->scsw.ctrl & SCSW_CONTROL & ~SCSW_SC_SECONDARY,
		  SCSW_FC_START | SCSW_FC_HALT | SCSW_SC_PRIMARY |
		  SCSW_SC_PENDING);
	chan_quiet();
}

/* --- initial status --- */

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

static void initial_immediate(void)
{
	prog_kernel_only();
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[1] = CCW(TEST_WRITE, CCW_CC, 8, OUT);
	prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(ORB_INITIAL_STATUS);
	ended((u64)&prog[3]);
}

static void initial_untested(void)
{
	prog_kernel_only();
	io_mask(0);
	prog[0] = CCW(TEST_WRITE, CCW_CC, 8, OUT);
	prog[1] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(ORB_INITIAL_STATUS);
	together(DST_ENDED, 0, ENDED, SCSW_ZERO_CC);
}

static void both_untested(void)
{
	prog_kernel_only();
	io_mask(0);
	prog[0] = CCW(TEST_WRITE, CCW_CC, 8, OUT);
	prog[1] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_PCI, 1, 0);
	prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(ORB_INITIAL_STATUS);
	together(DST_ENDED, CST_PCI, ENDED, SCSW_ZERO_CC);
}

/* --- suspension --- */

static void suspended_at(u8 cstat, u64 cpa)
{
	const struct irb *irb = next();

	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL,
		  SCSW_FC_START | SCSW_AC_SUSPENDED | TOLD);
	EXPECT_EQ(irb->scsw.cstat, cstat);
	EXPECT_EQ(irb->scsw.dstat, 0);
	EXPECT_EQ(irb->scsw.cpa, cpa);
}

static void suspend_pci(void)
{
	prog_kernel_only();
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[1] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_PCI | CCW_SUSPEND, 1, 0);
	prog[2] = CCW(TEST_WAIT, CCW_CC, 4, &wait_us);
	prog[3] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(ORB_SUSPEND);
	/* The flag counts when the CCW is executed. */
	suspended_at(0, (u64)&prog[2]);
	prog[1].flags &= ~CCW_SUSPEND;
	EXPECT_EQ(rsch(PROG_SID), CC_DONE);
	told(CST_PCI, (u64)&prog[2]);
	ended((u64)&prog[4]);
}

/* PCI and suspension together, if nobody tests in between */
static void pci_suspend(void)
{
	u64 deadline = tod() + TOD_MS(20000);

	prog_kernel_only();
	io_mask(0);
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_PCI, 1, 0);
	prog[1] = CCW(TEST_NOP, CCW_SLI | CCW_SUSPEND, 1, 0);
	start(ORB_SUSPEND);
	while (!(chan_control(PROG_SID) & SCSW_AC_SUSPENDED))
		EXPECT(tod() < deadline);
	io_mask(0xff);
	suspended_at(CST_PCI, (u64)&prog[2]);
	prog[1].flags = CCW_SLI;
	EXPECT_EQ(rsch(PROG_SID), CC_DONE);
	ended((u64)&prog[2]);
}

/* --- programs that are rewritten --- */

static void begin_wait(u32 flags)
{
	u64 deadline = tod() + TOD_MS(20000);

	prog_fill(OUT, 64);
	memset(IN, 0xee, 64);
	prog[0] = CCW(TEST_WRITE, 0, 64, OUT);
	prog_ends(0, DST_ENDED, 0, (u64)&prog[1], 0);
	prog[0] = CCW(TEST_WAIT, CCW_CC, 4, &wait_us);
	prog[1] = CCW(TEST_READ, CCW_CC, 16, IN);
	prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start(flags);
	while (!(chan_control(PROG_SID) & SCSW_AC_DEVICE_ACTIVE))
		EXPECT(tod() < deadline);
	prog[1].cda = (u32)(u64)IN + 32;
	prog[1].count = 8;
}

static void rewritten(void)
{
	prog_kernel_only();
	/* Without the prefetch control what is fetched is what is there. */
	begin_wait(0);
	ended((u64)&prog[3]);
	EXPECT_EQ(IN[0], 0xee);
	EXPECT_EQ(memcmp(IN + 32, OUT, 8), 0);
	EXPECT_EQ(IN[40], 0xee);
}

static void rewritten_prefetch(void)
{
	bool before, behind;

	prog_kernel_only();
	/* With it, it is the one or the other, and nothing else. */
	begin_wait(ORB_PREFETCH);
	ended((u64)&prog[3]);
	before = !memcmp(IN, OUT, 16);
	behind = !memcmp(IN + 32, OUT, 8);
	EXPECT_EQ(before + behind, 1);
	EXPECT_EQ(before ? IN[32] : IN[0], 0xee);
	EXPECT_EQ(IN[40], 0xee);
}

static void rewritten_list(void)
{
	u64 deadline = tod() + TOD_MS(20000);
	u32 idaw = (u32)(u64)IN;

	prog_kernel_only();
	prog_fill(OUT, 16);
	memset(IN, 0xee, 64);
	prog[0] = CCW(TEST_WRITE, CCW_CC, 16, OUT);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
	prog[2] = CCW(TEST_WAIT, CCW_CC, 4, &wait_us);
	prog[3] = CCW(TEST_READ, CCW_IDA, 16, &idaw);
	start(0);
	while (!(chan_control(PROG_SID) & SCSW_AC_DEVICE_ACTIVE))
		EXPECT(tod() < deadline);
	*(volatile u32 *)&idaw = (u32)(u64)IN + 32;
	ended((u64)&prog[4]);
	EXPECT_EQ(IN[0], 0xee);
	EXPECT_EQ(memcmp(IN + 32, OUT, 16), 0);
}

/* The same programs with the prefetch control end alike. */
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
	{ "PCI several times", pci_several },
	{ "PCI of a command that waits: told before it", pci_of_wait },
	{ "PCI of a data-chained CCW", pci_data_chain },
	{ "PCI by the interrupt flag of a MIDAW", pci_midaw },
	{ "PCI that nobody has tested for comes with the ending",
	  pci_untested },
	{ "PCI with a program check", pci_and_check },
	{ "PCI flag of a CCW that is invalid: nothing", pci_invalid },
	{ "PCI pending: SSCH cc 1; HSCH takes it away", pci_cleared },
	{ "initial-status control: Z, and the program goes on", initial },
	{ "initial-status control, immediate operation: nothing",
	  initial_immediate },
	{ "initial status that nobody has tested for comes with the ending",
	  initial_untested },
	{ "Z and PCI come with the ending", both_untested },
	{ "PCI flag beside the suspend flag: told behind the resume",
	  suspend_pci },
	{ "PCI that nobody has tested for comes with the suspension",
	  pci_suspend },
	{ "a CCW is rewritten while the one before waits: it counts",
	  rewritten },
	{ "the same with the prefetch control: one of the two",
	  rewritten_prefetch },
	{ "an IDAW is rewritten while a command waits: it counts",
	  rewritten_list },
	{ "prefetch control: TIC and chaining as without", prefetch },
};

const struct test_group prog_told_group = { tests, ARRAY_SIZE(tests) };
