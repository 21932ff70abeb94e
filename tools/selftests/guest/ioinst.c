// SPDX-License-Identifier: GPL-2.0
/* Endings of STSCH, MSCH, SSCH and TSCH: condition codes and operands */
#include "chan.h"
#include "ioinst.h"
#include "ioinst_tests.h"

#define GUARD			0xa5

static const u16 all_insns[] = {
	INSN_STSCH, INSN_MSCH, INSN_SSCH, INSN_TSCH
};

/* An operand of any of the four, with guard bytes to its ends */
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

/* Status pending at the subchannel, no interruption taken for it */
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

static void stsch_length(void)
{
	struct schib *schib = (struct schib *)(operand + 64);

	EXPECT_EQ(stsch(IOINST_SID, schib), CC_DONE);
	EXPECT_EQ(operand[63], GUARD);
	EXPECT_EQ(operand[64 + 52], GUARD);
}

static void stsch_upper_gpr1(void)
{
	EXPECT_EQ(insn_s(INSN_STSCH, 0xdeadbeef00000000ul | IOINST_SID,
			 operand), CC_DONE);
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

static void msch_ignores_the_rest(void)
{
	struct schib before __aligned(4), schib __aligned(4);

	EXPECT_EQ(stsch(IOINST_SID, &before), CC_DONE);
	schib = before;
	schib.pmcw.devno = 0xffff;
	schib.pmcw.flags &= ~PMCW_VALID;
	schib.pmcw.pim = 0xff;
	schib.pmcw.pam = 0xff;
	schib.pmcw.pnom = 0xff;
	schib.pmcw.lpum = 0xff;
	memset(schib.pmcw.chpid, 0xee, sizeof(schib.pmcw.chpid));
	schib.scsw.ctrl = 0xffffffff;
	EXPECT_EQ(msch(IOINST_SID, &schib), CC_DONE);
	EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
	EXPECT_EQ(memcmp(&schib, &before, sizeof(schib)), 0);
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

static void msch_busy(void)
{
	struct schib schib __aligned(4);

	chan_enable(IOINST_SID, 3, 0);
	EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
	ioinst_start_wait();
	EXPECT_EQ(msch(IOINST_SID, &schib), CC_BUSY);
}

static void msch_absent(void)
{
	EXPECT_EQ(msch(IOINST_SID_NONE, (void *)ioinst_operand(INSN_MSCH)),
		  CC_NOT_OPERATIONAL);
}

static void msch_bit(u16 flags, u32 chars)
{
	struct schib before __aligned(4), schib __aligned(4);

	EXPECT_EQ(stsch(IOINST_SID, &before), CC_DONE);
	schib = before;
	schib.pmcw.intparm = 0x77777777;
	schib.pmcw.flags |= flags;
	schib.pmcw.chars |= chars;
	EXPECT_EQ(msch(IOINST_SID, &schib), PGM(PGM_OPERAND));
	EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
	EXPECT_EQ(schib.pmcw.intparm, before.pmcw.intparm);
}

static void msch_invalid_flags(void)
{
	u32 bit;

	for (bit = 0x8000; bit; bit >>= 1)
		if (bit & PMCW_FLAGS_INVALID)
			msch_bit(bit, 0);
}

static void msch_ignored_flag(void)
{
	struct schib before __aligned(4), schib __aligned(4);

	EXPECT_EQ(stsch(IOINST_SID, &before), CC_DONE);
	schib = before;
	schib.pmcw.flags |= PMCW_IGNORED;
	EXPECT_EQ(msch(IOINST_SID, &schib), CC_DONE);
	EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
	EXPECT_EQ(memcmp(&schib, &before, sizeof(schib)), 0);
}

static void msch_limit_mode(void)
{
	msch_bit(PMCW_LIMIT_MODE, 0);
}

static void msch_invalid_chars(void)
{
	u32 bit;

	for (bit = 0x80000000u; bit; bit >>= 1)
		if (bit & PMCW_CHARS_INVALID)
			msch_bit(0, bit);
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

static void ssch_status_pending(void)
{
	struct orb orb __aligned(4);

	chan_enable(IOINST_SID, 3, 0);
	make_status_pending();
	chan_orb(&orb, &nop);
	EXPECT_EQ(ssch(IOINST_SID, &orb), CC_STATUS_PENDING);
}

static void ssch_busy(void)
{
	struct orb orb __aligned(4);

	chan_enable(IOINST_SID, 3, 0);
	ioinst_start_wait();
	chan_orb(&orb, &nop);
	EXPECT_EQ(ssch(IOINST_SID, &orb), CC_BUSY);
}

static void ssch_disabled(void)
{
	EXPECT_EQ(ssch(IOINST_SID, (void *)ioinst_operand(INSN_SSCH)),
		  CC_NOT_OPERATIONAL);
}

static void ssch_absent(void)
{
	EXPECT_EQ(ssch(IOINST_SID_NONE, (void *)ioinst_operand(INSN_SSCH)),
		  CC_NOT_OPERATIONAL);
}

static void ssch_no_path(void)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	chan_enable(IOINST_SID, 3, 0);
	chan_orb(&orb, &nop);
	orb.flags = ORB_FORMAT1 | ORB_LPM(0x7f);
	EXPECT_EQ(ssch(IOINST_SID, &orb), CC_DONE);
	EXPECT_EQ(tsch(IOINST_SID, &irb), CC_DONE);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_CC, SCSW_CC_NO_PATH);
	EXPECT_EQ(irb.scsw.ctrl & (SCSW_FC | SCSW_AC),
		  SCSW_FC_START | SCSW_AC_START_PENDING);
	/* And not any more, once that has been tested */
	EXPECT_EQ(chan_control(IOINST_SID), 0);
}

static void ssch_refused(u32 flags, u32 cpa)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	chan_orb(&orb, &nop);
	orb.flags |= flags;
	orb.cpa |= cpa;
	EXPECT_EQ(ssch(IOINST_SID, &orb), PGM(PGM_OPERAND));
	/* And nothing has been started. */
	EXPECT_EQ(tsch(IOINST_SID, &irb), 1);
}

static void ssch_reserved_bits(void)
{
	u32 bit;

	chan_enable(IOINST_SID, 3, 0);
	for (bit = 0x80000000u; bit; bit >>= 1)
		if (bit & (ORB_ZEROS | ORB_TRANSPORT))
			ssch_refused(bit, 0);
}

static void ssch_cpa_bit_0(void)
{
	chan_enable(IOINST_SID, 3, 0);
	ssch_refused(0, 0x80000000u);
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

static void tsch_clears(void)
{
	struct schib schib __aligned(4);

	tsch_pending();
	EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
	EXPECT_EQ(schib.scsw.ctrl & (SCSW_FC | SCSW_AC | SCSW_SC), 0);
}

static void tsch_nothing(void)
{
	struct irb irb __aligned(4);

	chan_enable(IOINST_SID, 3, 0);
	memset(&irb, GUARD, sizeof(irb));
	EXPECT_EQ(tsch(IOINST_SID, &irb), 1);
	EXPECT_EQ(irb.scsw.ctrl & (SCSW_FC | SCSW_AC | SCSW_SC), 0);
}

static void tsch_in_progress(void)
{
	struct irb irb __aligned(4);

	chan_enable(IOINST_SID, 3, 0);
	ioinst_start_wait();
	EXPECT_EQ(tsch(IOINST_SID, &irb), 1);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_FC, SCSW_FC_START);
}

static void tsch_disabled(void)
{
	EXPECT_EQ(tsch(IOINST_SID, (void *)operand), CC_NOT_OPERATIONAL);
	EXPECT_EQ(operand[0], GUARD);
}

static void tsch_absent(void)
{
	EXPECT_EQ(tsch(IOINST_SID_NONE, (void *)operand), CC_NOT_OPERATIONAL);
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

static void privileged_first(void)
{
	unsigned int i;

	/* Nothing else about it is right. */
	for (i = 0; i < ARRAY_SIZE(all_insns); i++)
		EXPECT_EQ(insn_s_mode(all_insns[i], 0, 1, PSW_PROBLEM, 0),
			  PGM(PGM_PRIVILEGED));
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
		0x00010007 | 0x01000000,	/* an image, without M */
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
	{ "STSCH stores 52 bytes", stsch_length },
	{ "STSCH ignores bits 0-31 of general register 1", stsch_upper_gpr1 },
	{ "MSCH sets E, ISC, interruption parameter and LPM: cc 0",
	  msch_modifies },
	{ "MSCH leaves the other fields of the SCHIB", msch_ignores_the_rest },
	{ "MSCH while status is pending: cc 1, nothing changed",
	  msch_status_pending },
	{ "MSCH while a start function is in progress: cc 2", msch_busy },
	{ "MSCH of no subchannel: cc 3", msch_absent },
	{ "MSCH ignores bit 5 of the PMCW's flags: cc 0, STSCH shows a zero",
	  msch_ignored_flag },
	{ "MSCH with bit 0, 1, 6 or 7 of the PMCW's flags: operand exception",
	  msch_invalid_flags },
	{ "MSCH with both limit-mode bits: operand exception",
	  msch_limit_mode },
	{ "MSCH with a reserved bit in PMCW word 6: operand exception",
	  msch_invalid_chars },
	{ "SSCH starts: cc 0, start function in progress", ssch_starts },
	{ "SSCH while status is pending: cc 1", ssch_status_pending },
	{ "SSCH while a start function is in progress: cc 2", ssch_busy },
	{ "SSCH of a disabled subchannel: cc 3", ssch_disabled },
	{ "SSCH of no subchannel: cc 3", ssch_absent },
	{ "SSCH with a logical-path mask without path: deferred cc 3", ssch_no_path },
	{ "SSCH with a reserved ORB bit: operand exception",
	  ssch_reserved_bits },
	{ "SSCH with bit 0 of the CCW address: operand exception",
	  ssch_cpa_bit_0 },
	{ "TSCH stores pending status: cc 0, 64 bytes", tsch_pending },
	{ "TSCH clears the status and functions it stored", tsch_clears },
	{ "TSCH without pending status: cc 1", tsch_nothing },
	{ "TSCH while a start function is in progress: cc 1",
	  tsch_in_progress },
	{ "TSCH of a disabled subchannel: cc 3, nothing stored",
	  tsch_disabled },
	{ "TSCH of no subchannel: cc 3", tsch_absent },
	{ "problem state: privileged-operation exception", privileged },
	{ "privileged operation comes before all other conditions",
	  privileged_first },
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
