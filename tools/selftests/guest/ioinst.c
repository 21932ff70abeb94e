// SPDX-License-Identifier: GPL-2.0
/* How STSCH, MSCH, SSCH and TSCH end: condition codes and operands */
#include "chan.h"
#include "ioinst.h"
#include "ioinst_tests.h"

#define GUARD			0xa5

static const u16 all_insns[] = {
	INSN_STSCH, INSN_MSCH, INSN_SSCH, INSN_TSCH
};

/* The operand of any of the four instructions, with guard bytes behind it */
static u8 operand[256] __aligned(8);

static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					    .flags = CCW_SLI, .count = 1 };
static u32 wait_us = 300000;

void ioinst_reset(void)
{
	chan_disable(IOINST_SID);
	chan_disable(IOINST_SID_SET3);
	memset(operand, GUARD, sizeof(operand));
}

u8 *ioinst_operand(u16 insn)
{
	struct schib *schib = (struct schib *)operand;

	switch (insn) {
	case INSN_MSCH:
		stsch(IOINST_SID, schib);
		break;
	case INSN_SSCH:
		chan_orb((struct orb *)operand, &nop);
		break;
	}
	return operand;
}

void ioinst_start_wait(void)
{
	static struct ccw1 program __aligned(8);

	program = CCW(TEST_WAIT, CCW_SLI, sizeof(wait_us), &wait_us);
	chan_start(IOINST_SID, &program);
}

/* Make status pending, without taking an interruption. */
static void make_status_pending(void)
{
	struct schib schib __aligned(4);
	u64 deadline = tod() + TOD_MS(20000);

	chan_start(IOINST_SID, &nop);
	do {
		EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
		EXPECT(tod() < deadline);
	} while (!(schib.scsw.ctrl & SCSW_SC_PENDING));
}

/* --- STORE SUBCHANNEL --- */

static void stsch_owned(void)
{
	struct schib schib __aligned(4);

	memset(&schib, GUARD, sizeof(schib));
	EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
	EXPECT_EQ(schib.pmcw.devno, 0x1234);
	EXPECT_EQ(schib.pmcw.flags & PMCW_VALID, PMCW_VALID);
	EXPECT_EQ(schib.pmcw.flags & PMCW_FLAGS_INVALID, 0);
	EXPECT_EQ(schib.pmcw.flags & PMCW_ENABLED, 0);
	EXPECT_EQ(schib.pmcw.pim, 0x80);
	EXPECT_EQ(schib.pmcw.pam, 0x80);
	EXPECT_EQ(schib.pmcw.pnom, 0);
	EXPECT_EQ(schib.pmcw.chars & PMCW_CHARS_INVALID, 0);
	EXPECT_EQ(schib.scsw.ctrl & (SCSW_FC | SCSW_AC | SCSW_SC), 0);
}

static void stsch_set3(void)
{
	struct schib schib __aligned(4);

	EXPECT_EQ(stsch(IOINST_SID_SET3, &schib), CC_DONE);
	EXPECT_EQ(schib.pmcw.devno, 0x4321);
}

static void stsch_absent(void)
{
	EXPECT_EQ(stsch(IOINST_SID_NONE, (void *)operand), CC_NOT_OPERATIONAL);
	EXPECT_EQ(operand[0], GUARD);
}

/* --- MODIFY SUBCHANNEL --- */

static void msch_modifies(void)
{
	struct schib schib __aligned(4);

	chan_enable(IOINST_SID, 5, 0x12345678);
	EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
	EXPECT_EQ(PMCW_ISC_OF(schib.pmcw.flags), 5);
	EXPECT_EQ(schib.pmcw.flags & PMCW_ENABLED, PMCW_ENABLED);
	EXPECT_EQ(schib.pmcw.intparm, 0x12345678);
	EXPECT_EQ(schib.pmcw.lpm, 0x80);
}

static void msch_status_pending(void)
{
	struct schib schib __aligned(4);

	chan_enable(IOINST_SID, 3, 0);
	make_status_pending();
	EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
	schib.pmcw.flags &= ~PMCW_ENABLED;
	EXPECT_EQ(msch(IOINST_SID, &schib), CC_STATUS_PENDING);
	EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
	EXPECT_EQ(schib.pmcw.flags & PMCW_ENABLED, PMCW_ENABLED);
}

/* --- START SUBCHANNEL --- */

static void ssch_starts(void)
{
	struct schib schib __aligned(4);

	chan_enable(IOINST_SID, 3, 0);
	ioinst_start_wait();
	EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
	EXPECT_EQ(schib.scsw.ctrl & SCSW_FC, SCSW_FC_START);
	EXPECT(schib.scsw.ctrl & SCSW_AC);
	EXPECT_EQ(schib.scsw.ctrl & SCSW_SC, 0);
	EXPECT_EQ(schib.pmcw.intparm, CHAN_INTPARM);
}

static void ssch_busy(void)
{
	struct orb orb __aligned(4);

	chan_enable(IOINST_SID, 3, 0);
	ioinst_start_wait();
	chan_orb(&orb, &nop);
	EXPECT_EQ(ssch(IOINST_SID, &orb), CC_BUSY);
}

/* --- TEST SUBCHANNEL --- */

static void tsch_pending(void)
{
	struct irb *irb = (struct irb *)(operand + 64);

	chan_enable(IOINST_SID, 3, 0);
	make_status_pending();
	EXPECT_EQ(tsch(IOINST_SID, irb), CC_DONE);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_FC, SCSW_FC_START);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_AC, 0);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_SC, SCSW_SC_PENDING |
		  SCSW_SC_PRIMARY | SCSW_SC_SECONDARY);
	EXPECT_EQ(irb->scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb->scsw.cstat, 0);
	EXPECT_EQ(irb->scsw.cpa, (u64)(&nop + 1));
	EXPECT_EQ(operand[63], GUARD);
	EXPECT_EQ(operand[64 + 64], GUARD);
}

/* --- all of them --- */

static void privileged(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all_insns); i++)
		EXPECT_EQ(insn_s_mode(all_insns[i], IOINST_SID, (u64)operand,
				      PSW_PROBLEM, 0), PGM(PGM_PRIVILEGED));
	EXPECT_EQ(operand[0], GUARD);
}

static void specification(void)
{
	unsigned int i, off;

	for (i = 0; i < ARRAY_SIZE(all_insns); i++) {
		ioinst_operand(all_insns[i]);
		for (off = 1; off < 4; off++) {
			EXPECT_EQ(insn_s(all_insns[i], IOINST_SID,
					 operand + off),
				  PGM(PGM_SPECIFICATION));
			ioinst_suppressed();
		}
	}
}

static void operand_sid(void)
{
	static const u32 bad[] = {
		0x00000007,	/* bit 15 is zero */
		0x00010007 | 0x00100000,
		0x00010007 | 0x00800000,
		/* An image number although M is zero */
		0x00010007 | 0x01000000,
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(all_insns); i++) {
		for (j = 0; j < ARRAY_SIZE(bad); j++) {
			ioinst_operand(all_insns[i]);
			EXPECT_EQ(insn_s(all_insns[i], bad[j], operand),
				  PGM(PGM_OPERAND));
			ioinst_suppressed();
		}
	}
}

static const struct test tests[] = {
	{ "STSCH stores the SCHIB of a subchannel: cc 0", stsch_owned },
	{ "STSCH reaches a subchannel in set 3: cc 0", stsch_set3 },
	{ "STSCH of no subchannel: cc 3, nothing stored", stsch_absent },
	{ "MSCH sets E, ISC, interruption parameter and LPM: cc 0",
	  msch_modifies },
	{ "MSCH while status is pending: cc 1, nothing changed",
	  msch_status_pending },
	{ "SSCH starts: cc 0, start function in progress", ssch_starts },
	{ "SSCH while a start function is in progress: cc 2", ssch_busy },
	{ "TSCH stores pending status: cc 0, 64 bytes", tsch_pending },
	{ "problem state: privileged-operation exception", privileged },
	{ "operand not on a word boundary: specification exception",
	  specification },
	{ "invalid subsystem-identification word: operand exception",
	  operand_sid },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };

const struct test_group *const test_groups[] = {
	&group, &ioinst_operand_group, NULL
};

void (*const test_reset)(void) = ioinst_reset;
