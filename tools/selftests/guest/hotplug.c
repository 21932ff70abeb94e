// SPDX-License-Identifier: GPL-2.0
/* Subchannels are added and removed, and channel reports tell the guest. */
#include "chan.h"
#include "hotplug.h"

#define WAIT_MS		10000

static u8 byte;

static int add(u32 sid, u32 flags)
{
	return hypercall(HC_THEME, HOT_CALL_ADD, sid, flags);
}

static int remove(u32 sid, u32 flags)
{
	return hypercall(HC_THEME, HOT_CALL_REMOVE, sid, flags);
}

/* What the guest has found when it began to run */
static struct {
	bool looked, machine_check;
	int cc;
	u32 word;
} at_first;

static void look_at_first(void)
{
	u64 mcic;

	at_first.looked = true;
	report_mask(true);
	at_first.machine_check = report_window(&mcic);
	at_first.word = 0xffffffff;
	at_first.cc = stcrw(&at_first.word);
}

static void reset(void)
{
	u32 word, i;
	u64 mcic;

	if (!at_first.looked)
		look_at_first();
	/* It may be there or not, so the result doesn't matter. */
	remove(HOT_SID, 0);
	remove(HOT_SID_SET1, 0);
	chan_clear(HOT_SID_STAYS);
	for (i = 0; i < 10000 && stcrw(&word) == CC_DONE; i++)
		;
	report_mask(true);
	report_window(&mcic);
	report_mask(false);
	io_mask(0);
}

static void machine_check(void)
{
	u64 mcic = 0;

	report_mask(true);
	EXPECT(report_wait(&mcic, WAIT_MS));
	EXPECT(mcic & MCIC_CHANNEL_REPORT);
}

static void no_machine_check(void)
{
	u64 mcic;

	report_mask(true);
	EXPECT(!report_window(&mcic));
	EXPECT(!report_wait(&mcic, 50));
}

/*
 * Read one report.  If several sets are enabled, its second word names the set.
 */
static void report(u32 sid, bool sets)
{
	u32 word = 0;

	EXPECT_EQ(stcrw(&word), CC_DONE);
	EXPECT_EQ(CRW_RSC(word), CRW_RSC_SUBCHANNEL);
	EXPECT_EQ(CRW_ERC(word), CRW_ERC_IPI);
	EXPECT_EQ(CRW_RSID(word), SID_SCHID(sid));
	EXPECT_EQ(word & (CRW_SOLICITED | CRW_OVERFLOW), 0);
	EXPECT_EQ(word & CRW_CHAINED, sets ? CRW_CHAINED : 0);
	if (!sets)
		return;
	EXPECT_EQ(stcrw(&word), CC_DONE);
	EXPECT_EQ(CRW_RSC(word), CRW_RSC_SUBCHANNEL);
	EXPECT_EQ(CRW_ERC(word), CRW_ERC_IPI);
	EXPECT_EQ(CRW_RSID(word), SID_SSID(sid) << 4);
	EXPECT_EQ(word & (CRW_SOLICITED | CRW_OVERFLOW | CRW_CHAINED), 0);
}

static void no_report(void)
{
	u32 word = 0xffffffff;

	EXPECT_EQ(stcrw(&word), 1);
	EXPECT_EQ(word, 0);
}

static void works(u32 sid)
{
	static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
						      .flags = CCW_SLI,
						      .count = 1 };
	struct schib schib __aligned(4);

	EXPECT_EQ(stsch(sid, &schib), CC_DONE);
	EXPECT(schib.pmcw.flags & PMCW_VALID);
	EXPECT_EQ(schib.pmcw.devno, HOT_DEVNO);
	chan_enable(sid, 3, 0);
	io_mask(0xff);
	chan_ok(sid, &nop);
	chan_disable(sid);
}

/* --- adding --- */

static void added_before(void)
{
	EXPECT(!at_first.machine_check);
	EXPECT_EQ(at_first.cc, 1);
	EXPECT_EQ(at_first.word, 0);
}

static void add_tells(void)
{
	EXPECT_EQ(add(HOT_SID, HOT_REPORT), 0);
	machine_check();
	works(HOT_SID);
	no_machine_check();
}

static void add_reports(void)
{
	EXPECT_EQ(add(HOT_SID, HOT_REPORT), 0);
	machine_check();
	report(HOT_SID, false);
	no_report();
	no_machine_check();
	works(HOT_SID);
}

static void add_silently(void)
{
	EXPECT_EQ(add(HOT_SID, 0), 0);
	no_machine_check();
	no_report();
	works(HOT_SID);
}

static void add_masked(void)
{
	u64 mcic;

	EXPECT_EQ(add(HOT_SID, HOT_REPORT), 0);
	report_mask(false);
	EXPECT(!report_window(&mcic));
	EXPECT(!report_wait(&mcic, 50));
	report_mask(true);
	/*
	 * Machine checks are enabled in control register 14 and disabled in the
	 * PSW.
	 */
	works(HOT_SID);
	EXPECT(report_window(&mcic));
	EXPECT(mcic & MCIC_CHANNEL_REPORT);
}

static void add_wakes(void)
{
	u64 before = tod();

	EXPECT_EQ(hypercall(HC_THEME, HOT_CALL_LATER, HOT_SID, 0), 0);
	machine_check();
	EXPECT(tod() - before >= TOD_MS(100));
	works(HOT_SID);
}

static void add_there(void)
{
	EXPECT(add(HOT_SID_STAYS, HOT_REPORT) != 0);
	no_machine_check();
	no_report();
}

static void several(void)
{
	EXPECT_EQ(add(HOT_SID, HOT_REPORT), 0);
	EXPECT_EQ(remove(HOT_SID, HOT_REPORT), 0);
	EXPECT_EQ(add(HOT_SID, HOT_REPORT), 0);
	/*
	 * There is one machine check for all reports that come before the guest
	 * has found that no word is left.
	 */
	machine_check();
	report(HOT_SID, false);
	report(HOT_SID, false);
	report(HOT_SID, false);
	no_machine_check();
	no_report();
	EXPECT_EQ(remove(HOT_SID, HOT_REPORT), 0);
	machine_check();
	report(HOT_SID, false);
	no_report();
}

/*
 * More reports than an implementation should keep, but few enough to wait for
 */
#define MANY		400

static void overflow(void)
{
	u32 word, last = 0, reports = 0, i;

	for (i = 0; i < MANY / 2; i++) {
		EXPECT_EQ(add(HOT_SID, HOT_REPORT), 0);
		EXPECT_EQ(remove(HOT_SID, HOT_REPORT), 0);
	}
	machine_check();
	while (stcrw(&word) == CC_DONE) {
		EXPECT(reports < MANY);
		EXPECT_EQ(CRW_RSC(word), CRW_RSC_SUBCHANNEL);
		/* Only the last word that was kept has the overflow bit. */
		EXPECT_EQ(last & CRW_OVERFLOW, 0);
		last = word;
		reports++;
	}
	note("reports, of which were kept", MANY, reports);
	EXPECT(last & CRW_OVERFLOW);
	no_machine_check();
	EXPECT_EQ(add(HOT_SID, HOT_REPORT), 0);
	machine_check();
	report(HOT_SID, false);
}

/* --- removing --- */

static void remove_reports(void)
{
	struct schib schib __aligned(4);

	EXPECT_EQ(add(HOT_SID, 0), 0);
	EXPECT_EQ(remove(HOT_SID, HOT_REPORT), 0);
	machine_check();
	EXPECT_EQ(stsch(HOT_SID, &schib), CC_NOT_OPERATIONAL);
	report(HOT_SID, false);
	no_report();
}

/* Check that the number is still there, without a device. */
static void is_vacant(u32 sid)
{
	static const u16 others[] = {
		INSN_CSCH, INSN_HSCH, INSN_SSCH, INSN_TSCH, INSN_RSCH,
		INSN_XSCH,
	};
	u8 operand[128] __aligned(8);
	struct schib *schib = (struct schib *)operand;
	unsigned int i;

	memset(operand, 0xa5, sizeof(operand));
	EXPECT_EQ(stsch(sid, schib), CC_DONE);
	EXPECT_EQ(schib->pmcw.flags & PMCW_VALID, 0);
	EXPECT_EQ(schib->pmcw.flags & PMCW_ENABLED, 0);
	EXPECT_EQ(operand[52], 0xa5);
	/* MSCH succeeds, but there is nothing that it could modify. */
	schib->pmcw.flags = PMCW_ENABLED | PMCW_ISC(3);
	schib->pmcw.intparm = 0x12345678;
	EXPECT_EQ(msch(sid, schib), CC_DONE);
	memset(operand, 0xa5, sizeof(operand));
	EXPECT_EQ(stsch(sid, schib), CC_DONE);
	for (i = 0; i < sizeof(*schib); i++)
		EXPECT_EQ(operand[i], 0);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		memset(operand, 0, sizeof(operand));
		EXPECT_EQ(insn_s(others[i], sid, operand),
			  CC_NOT_OPERATIONAL);
	}
}

static void vacate(void)
{
	EXPECT_EQ(add(HOT_SID, 0), 0);
	EXPECT_EQ(remove(HOT_SID, HOT_VACATE | HOT_REPORT), 0);
	machine_check();
	is_vacant(HOT_SID);
	report(HOT_SID, false);
	no_report();
}

static void vacate_back(void)
{
	struct schib schib __aligned(4);

	EXPECT_EQ(add(HOT_SID, 0), 0);
	EXPECT_EQ(remove(HOT_SID, HOT_VACATE), 0);
	is_vacant(HOT_SID);
	EXPECT_EQ(add(HOT_SID, HOT_REPORT), 0);
	machine_check();
	works(HOT_SID);
	EXPECT_EQ(remove(HOT_SID, HOT_VACATE), 0);
	/* Vacating it once more fails, because only the number is left. */
	EXPECT(remove(HOT_SID, HOT_VACATE) != 0);
	EXPECT_EQ(remove(HOT_SID, 0), 0);
	EXPECT_EQ(stsch(HOT_SID, &schib), CC_NOT_OPERATIONAL);
}

/* --- in the middle of I/O --- */

static struct ccw1 program[3] __aligned(8);

static void in_wait(void)
{
	static u32 us = 10000000;

	program[0] = CCW(TEST_WAIT, 0, sizeof(us), &us);
}

static void in_loop(void)
{
	program[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	program[1] = CCW(CCW_TIC, 0, 0, program);
}

static void in_data_chain(void)
{
	program[0] = CCW(TEST_READ, CCW_CD, 1, &byte);
	program[1] = CCW(CCW_TIC, 0, 0, program);
}

static void in_suspension(void)
{
	program[0] = CCW(TEST_NOP, CCW_SUSPEND | CCW_SLI, 1, 0);
}

static void pull(void (*begin)(void), u32 how)
{
	struct schib schib __aligned(4);
	struct orb orb __aligned(4);
	u64 before, took;

	EXPECT_EQ(add(HOT_SID, 0), 0);
	chan_enable(HOT_SID, 3, 0);
	begin();
	chan_orb(&orb, program);
	orb.flags |= ORB_SUSPEND;
	EXPECT_EQ(ssch(HOT_SID, &orb), CC_DONE);
	before = tod();
	EXPECT_EQ(remove(HOT_SID, how | HOT_REPORT), 0);
	took = (tod() - before) / TOD_US(1);
	note("microseconds until it was removed", took, 0);
	EXPECT(took < 3000000);
	chan_quiet();
	if (how & HOT_VACATE)
		is_vacant(HOT_SID);
	else
		EXPECT_EQ(stsch(HOT_SID, &schib), CC_NOT_OPERATIONAL);
	machine_check();
	/* What the removed subchannel did doesn't affect a new one. */
	EXPECT_EQ(add(HOT_SID, 0), 0);
	works(HOT_SID);
	EXPECT_EQ(remove(HOT_SID, 0), 0);
	reset();
}

static void pull_each(u32 how)
{
	pull(in_wait, how);
	pull(in_loop, how);
	pull(in_data_chain, how);
	pull(in_suspension, how);
}

static void remove_busy(void)
{
	pull_each(0);
}

static void vacate_busy(void)
{
	pull_each(HOT_VACATE);
}

/* several sets; this must be last, as only a reset disables them */

static void sets(void)
{
	EXPECT_EQ(chan_enable_mss(), CHSC_OK);
	EXPECT_EQ(add(HOT_SID, HOT_REPORT), 0);
	EXPECT_EQ(add(HOT_SID_SET1, HOT_REPORT), 0);
	machine_check();
	report(HOT_SID, true);
	report(HOT_SID_SET1, true);
	no_report();
	works(HOT_SID_SET1);
	EXPECT_EQ(remove(HOT_SID_SET1, HOT_REPORT | HOT_VACATE), 0);
	machine_check();
	report(HOT_SID_SET1, true);
	is_vacant(HOT_SID_SET1);
}

static const struct test tests[] = {
	{ "ADD with REPORT before the first KVM_RUN: STCRW finds none",
	  added_before },
	{ "ADD with REPORT: machine check, and the subchannel works",
	  add_tells },
	{ "ADD without REPORT: nobody is told", add_silently },
	{ "the machine check waits for PSW and control register 14",
	  add_masked },
	{ "the machine check ends an enabled wait", add_wakes },
	{ "ADD that is refused: nobody is told", add_there },
	{ "REMOVE during I/O: cc 3, no late interruption", remove_busy },
	{ "REMOVE with VACATE during I/O: V is zero, no late interruption",
	  vacate_busy },
	{ "VACATE, ADD, VACATE, REMOVE of one number", vacate_back },
	{ "ADD with REPORT: STCRW says which", add_reports },
	{ "REMOVE with REPORT: STCRW says which, and cc 3", remove_reports },
	{ "REMOVE with VACATE: STCRW says which, and V is zero", vacate },
	{ "several reports: in order, one machine check", several },
	{ "more reports than fit: the last one says so", overflow },
	{ "several sets: reports of two words", sets },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = reset;
