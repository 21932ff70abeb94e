// SPDX-License-Identifier: GPL-2.0
/* Subsystem reset in every state of a subchannel */
#include "chan.h"
#include "reset.h"

#define ISC		3
#define LIMIT_US	3000000

static struct ccw1 program[4] __aligned(8);
static struct schib initial[2];
static const u32 sids[] = { RESET_SID, RESET_SID_ASYNC };

static int call(u64 what)
{
	return hypercall(HC_THEME, what, 0, 0);
}

static void rest(void)
{
	static bool known;
	u32 word, i;
	u64 mcic;

	call(RESET_CALL_UNQUIESCE);
	call(RESET_CALL_REMOVE);
	if (!known)
		for (i = 0; i < ARRAY_SIZE(sids); i++)
			EXPECT_EQ(stsch(sids[i], &initial[i]), CC_DONE);
	known = true;
	for (i = 0; i < ARRAY_SIZE(sids); i++)
		chan_clear(sids[i]);
	for (i = 0; i < 1000 && stcrw(&word) == CC_DONE; i++)
		;
	report_mask(true);
	report_window(&mcic);
	report_mask(false);
}

/* --- states to be reset from --- */

static void start(u32 sid)
{
	struct orb orb __aligned(4);

	chan_orb(&orb, program);
	orb.flags |= ORB_SUSPEND;
	EXPECT_EQ(ssch(sid, &orb), CC_DONE);
}

static void enable(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sids); i++)
		chan_enable(sids[i], ISC, 0x12340000 + i);
}

static void start_both(void)
{
	enable();
	start(RESET_SID);
	start(RESET_SID_ASYNC);
}

static void in_wait(void)
{
	static u32 us = 10000000;

	program[0] = CCW(TEST_WAIT, 0, sizeof(us), &us);
	start_both();
}

static void in_loop(void)
{
	program[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	program[1] = CCW(CCW_TIC, 0, 0, program);
	start_both();
}

static void in_data_chain(void)
{
	static u8 byte;

	program[0] = CCW(TEST_READ, CCW_CD, 1, &byte);
	program[1] = CCW(CCW_TIC, 0, 0, program);
	start_both();
}

static void status_pending(void)
{
	program[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start_both();
	chan_until_pending(RESET_SID);
	chan_until_pending(RESET_SID_ASYNC);
}

static void suspended(void)
{
	struct irb irb __aligned(4);

	program[0] = CCW(TEST_NOP, CCW_SLI | CCW_SUSPEND, 1, 0);
	start_both();
	chan_until_pending(RESET_SID);
	chan_until_pending(RESET_SID_ASYNC);
	/* The status of one subchannel is cleared, that of the other stays. */
	EXPECT_EQ(tsch(RESET_SID, &irb), CC_DONE);
}

static void start_pending(void)
{
	EXPECT_EQ(call(RESET_CALL_QUIESCE), 0);
	program[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	start_both();
}

static void halted(void)
{
	enable();
	EXPECT_EQ(hsch(RESET_SID), CC_DONE);
	EXPECT_EQ(csch(RESET_SID_ASYNC), CC_DONE);
}

static void halting(void)
{
	in_wait();
	EXPECT_EQ(hsch(RESET_SID), CC_DONE);
	EXPECT_EQ(csch(RESET_SID_ASYNC), CC_DONE);
}

static void modified(void)
{
	struct schib schib __aligned(4);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sids); i++) {
		EXPECT_EQ(stsch(sids[i], &schib), CC_DONE);
		schib.pmcw.intparm = 0xffffffff;
		schib.pmcw.flags |= PMCW_ENABLED | PMCW_ISC(7) |
				    PMCW_LIMIT_HIGH | PMCW_MULTIPATH;
		schib.pmcw.lpm = 0x55;
		schib.pmcw.pom = 0xaa;
		schib.pmcw.mbi = 0x1234;
		schib.pmcw.chars = PMCW_CONCURRENT_SENSE;
		schib.mda[0] = 0x11111111;
		schib.mda[1] = 0x22222222;
		EXPECT_EQ(msch(sids[i], &schib), CC_DONE);
	}
}

static void with_sense(void)
{
	static u8 how[2] = { DST_ENDED | DST_UNIT_CHECK, 0x40 };

	program[0] = CCW(TEST_END_STATUS, 0, 2, how);
	start_both();
	chan_until_pending(RESET_SID);
	chan_until_pending(RESET_SID_ASYNC);
}

/* --- behind it --- */

static void no_sense(u32 sid)
{
	struct ccw1 ccw __aligned(8);
	u8 sense[SENSE_SIZE];

	ccw = CCW(TEST_SENSE, 0, sizeof(sense), sense);
	chan_ok(sid, &ccw);
	EXPECT_EQ(sense[0], 0);
}

static void is_reset(void)
{
	struct schib schib __aligned(4);
	struct irb irb __aligned(4);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sids); i++) {
		EXPECT_EQ(stsch(sids[i], &schib), CC_DONE);
		EXPECT_EQ(schib.pmcw.flags & PMCW_ENABLED, 0);
		EXPECT_EQ(schib.scsw.ctrl & SCSW_CONTROL, 0);
		EXPECT_EQ(memcmp(&schib, &initial[i], sizeof(schib)), 0);
		EXPECT_EQ(tsch(sids[i], &irb), CC_NOT_OPERATIONAL);
	}
	chan_quiet();
	call(RESET_CALL_UNQUIESCE);
	chan_quiet();
	for (i = 0; i < ARRAY_SIZE(sids); i++) {
		chan_enable(sids[i], ISC, 0);
		io_mask(0xff);
		no_sense(sids[i]);
		chan_disable(sids[i]);
	}
}

static void from(void (*state)(void), void (*reset)(void))
{
	u64 before, took;

	rest();
	state();
	before = tod();
	reset();
	took = (tod() - before) / TOD_US(1);
	if (took > LIMIT_US)
		note("microseconds that it took", took, 0);
	EXPECT(took <= LIMIT_US);
	is_reset();
}

static void by_ioctl(void)
{
	EXPECT_EQ(call(RESET_CALL_RESET), 0);
}

static void diag308(u64 subcode)
{
	u64 resets = call(RESET_CALL_RESETS);

	asm volatile("diag %%r0,%[subcode],0x308"
		     : : [subcode] "d" (subcode) : "memory", "cc", "0", "1");
	cpu_was_reset();
	EXPECT_EQ(call(RESET_CALL_RESETS), resets + 1);
}

static void by_diag3(void)
{
	diag308(3);
}

static void by_diag4(void)
{
	diag308(4);
}

static void (*const states[])(void) = {
	modified, status_pending, suspended, start_pending, halted, halting,
	with_sense, in_wait, in_loop, in_data_chain,
};

static void ioctl_pending_functions(void)
{
	from(start_pending, by_ioctl);
	from(halting, by_ioctl);
}

static void ioctl_sense(void)
{
	from(with_sense, by_ioctl);
}

static void diag3_states(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		from(states[i], by_diag3);
}

static void diag4_states(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		from(states[i], by_diag4);
}

static void ioctl_wait(void)
{
	from(in_wait, by_ioctl);
}

static void ioctl_loop(void)
{
	from(in_loop, by_ioctl);
	from(in_data_chain, by_ioctl);
}

static void ioctl_pending(void)
{
	from(status_pending, by_ioctl);
	from(halted, by_ioctl);
}

static void ioctl_suspended(void)
{
	from(suspended, by_ioctl);
}

static void ioctl_modified(void)
{
	from(modified, by_ioctl);
}

/* A reset removes channel reports. */
static void reports(void)
{
	u32 word;

	EXPECT_EQ(call(RESET_CALL_ADD), 0);
	by_ioctl();
	EXPECT_EQ(stcrw(&word), 1);
}

static void sets(void)
{
	struct schib schib __aligned(4);

	EXPECT_EQ(chan_enable_mss(), CHSC_OK);
	EXPECT_EQ(stsch(SID(1, 0), &schib), CC_NOT_OPERATIONAL);
	by_ioctl();
	EXPECT_EQ(stsch(SID(1, 0), &schib), PGM(PGM_OPERAND));
}

static const struct test tests[] = {
	{ "RESET of what MSCH has set", ioctl_modified },
	{ "RESET with status pending: the interruption is gone",
	  ioctl_pending },
	{ "RESET of suspended programs", ioctl_suspended },
	{ "RESET during WAIT: at once, nothing late", ioctl_wait },
	{ "RESET during programs without end", ioctl_loop },
	{ "RESET while start, halt and clear are pending",
	  ioctl_pending_functions },
	{ "RESET takes sense away", ioctl_sense },
	{ "RESET forgets channel reports", reports },
	{ "RESET disables multiple subchannel sets", sets },
	{ "DIAGNOSE 308 subcode 3 in every state, without KVM_CSS_RESET",
	  diag3_states },
	{ "DIAGNOSE 308 subcode 4 in every state, without KVM_CSS_RESET",
	  diag4_states },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = rest;
