// SPDX-License-Identifier: GPL-2.0
/*
 * Every instruction in every state of a subchannel: condition codes.
 *
 * The figure is written down from "Resulting Condition Code" of each
 * instruction in chapter 14 of the Principles of Operation, apart from the
 * module's.
 */
#include "func_tests.h"

struct ccw1 func_prog[8] __aligned(8);
u8 func_data[64] __aligned(8);

static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					      .flags = CCW_SLI, .count = 1 };
static u32 wait_us = FUNC_WAIT_US;

void func_quiesce(void)
{
	EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_QUIESCE, 0, 0), 0);
}

void func_unquiesce(void)
{
	EXPECT_EQ(hypercall(HC_THEME, FUNC_CALL_UNQUIESCE, 0, 0), 0);
}

static void reset(void)
{
	func_unquiesce();
	chan_clear(FUNC_SID);
	chan_clear(FUNC_SID_ASYNC);
	memset(func_prog, 0, sizeof(func_prog));
	memset(func_data, 0, sizeof(func_data));
}

void func_enable(void)
{
	chan_enable(FUNC_SID, FUNC_ISC, FUNC_INTPARM);
	io_mask(0xff);
}

void func_start(u32 flags)
{
	struct orb orb __aligned(4);

	chan_orb(&orb, func_prog);
	orb.flags |= flags;
	EXPECT_EQ(ssch(FUNC_SID, &orb), CC_DONE);
}

void func_start_wait(void)
{
	u64 deadline = tod() + TOD_MS(5000);

	func_prog[0] = CCW(TEST_WAIT, 0, sizeof(wait_us), &wait_us);
	func_start(0);
	while (!(chan_control(FUNC_SID) & SCSW_AC_DEVICE_ACTIVE))
		EXPECT(tod() < deadline);
}

void func_suspend(void)
{
	func_prog[0] = CCW(TEST_WRITE, CCW_CC, 8, func_data);
	func_prog[1] = CCW(TEST_WRITE, CCW_SUSPEND, 8, func_data + 8);
	func_start(ORB_SUSPEND);
	chan_until_pending(FUNC_SID);
}

const struct irb *func_end(u32 intparm)
{
	static struct irb irb __aligned(4);
	struct io_int io;

	io_mask(0xff);
	EXPECT(io_wait(&io, 20000));
	EXPECT_EQ(io.sid, FUNC_SID);
	EXPECT_EQ(io.intparm, intparm);
	EXPECT_EQ(IO_WORD_ISC(io.word), FUNC_ISC);
	EXPECT(!io_window(&io));
	EXPECT_EQ(tsch(FUNC_SID, &irb), CC_DONE);
	EXPECT(irb.scsw.ctrl & SCSW_SC_PENDING);
	EXPECT(!io_window(&io));
	return &irb;
}

void func_idle(void)
{
	EXPECT_EQ(chan_control(FUNC_SID), 0);
	chan_quiet();
	chan_ok(FUNC_SID, &nop);
}

/* --- states --- */

#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define ENDED		(SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | SCSW_SC_PENDING)

/* Function, activity and status control in each state */
#define START_PENDING	(SCSW_FC_START | SCSW_AC_START_PENDING)
#define SUSPENDED	(SCSW_FC_START | SCSW_AC_SUSPENDED)
#define SUSPENDED_STATUS	(SUSPENDED | SCSW_SC_INTERMEDIATE |	\
				 SCSW_SC_PENDING)
#define RESUME_PENDING	(SUSPENDED | SCSW_AC_RESUME_PENDING)
#define HALT_PENDING	(SCSW_FC_START | SCSW_FC_HALT | ACTIVE |	\
			 SCSW_AC_HALT_PENDING)
#define CLEAR_PENDING	(SCSW_FC_CLEAR | SCSW_AC_CLEAR_PENDING)
#define HALTED		(SCSW_FC_START | SCSW_FC_HALT | ENDED)
#define HALTED_ALONE	(SCSW_FC_HALT | SCSW_SC_PENDING)
#define CLEARED		(SCSW_FC_CLEAR | SCSW_SC_PENDING)

static void disabled(void)
{
}

static void idle(void)
{
	chan_enable(FUNC_SID, FUNC_ISC, FUNC_INTPARM);
}

static void start_pending(void)
{
	idle();
	func_quiesce();
	func_prog[0] = nop;
	func_start(0);
}

static void active(void)
{
	idle();
	func_start_wait();
}

static void suspended_status(void)
{
	idle();
	func_suspend();
}

static void suspended(void)
{
	struct irb irb __aligned(4);

	suspended_status();
	EXPECT_EQ(tsch(FUNC_SID, &irb), CC_DONE);
}

static void resume_pending(void)
{
	suspended();
	func_quiesce();
	func_prog[1].flags = 0;
	EXPECT_EQ(rsch(FUNC_SID), CC_DONE);
}

/* The WAIT looks every 10 ms whether it is to go on. */
static void halt_pending(void)
{
	active();
	EXPECT_EQ(hsch(FUNC_SID), CC_DONE);
}

static void clear_pending(void)
{
	active();
	EXPECT_EQ(csch(FUNC_SID), CC_DONE);
}

static void ended(void)
{
	idle();
	func_prog[0] = nop;
	func_start(0);
	chan_until_pending(FUNC_SID);
}

static void halted(void)
{
	halt_pending();
	chan_until_pending(FUNC_SID);
}

static void halted_alone(void)
{
	idle();
	EXPECT_EQ(hsch(FUNC_SID), CC_DONE);
}

static void cleared(void)
{
	idle();
	EXPECT_EQ(csch(FUNC_SID), CC_DONE);
}

static const u16 insns[] = {
	INSN_XSCH, INSN_CSCH, INSN_HSCH, INSN_RSCH, INSN_MSCH, INSN_SSCH,
	INSN_STSCH, INSN_TSCH,
};

struct state {
	void (*make)(void);
	u32 control;		/* what STORE SUBCHANNEL shows in it */
	bool passing;		/* it ends by itself, and soon */
	u8 cc[ARRAY_SIZE(insns)];
};

static int execute(u16 insn, u32 sid)
{
	struct schib schib __aligned(4);
	struct orb orb __aligned(4);
	struct irb irb __aligned(4);

	switch (insn) {
	case INSN_MSCH:
		memset(&schib, 0, sizeof(schib));
		schib.pmcw.flags = PMCW_ENABLED | PMCW_ISC(FUNC_ISC);
		return msch(sid, &schib);
	case INSN_SSCH:
		chan_orb(&orb, &nop);
		return ssch(sid, &orb);
	case INSN_STSCH:
		return stsch(sid, &schib);
	case INSN_TSCH:
		return tsch(sid, &irb);
	}
	return insn_s(insn, sid, NULL);
}

#define ATTEMPTS	100

/* One instruction in one state; false when the state was over too soon. */
static bool attempt(const struct state *state, unsigned int i)
{
	bool acts;
	u32 after;
	int cc;

	reset();
	state->make();
	after = chan_control(FUNC_SID);
	if (state->passing && after != state->control)
		return false;
	EXPECT_EQ(after, state->control);
	cc = execute(insns[i], FUNC_SID);
	/* It is looked at once: a state that passes is another one next time. */
	after = chan_control(FUNC_SID);
	acts = cc == CC_DONE && insns[i] != INSN_STSCH;
	/* Of one that acts nothing is left to compare with. */
	if (state->passing && cc != state->cc[i] &&
	    (acts || after != state->control))
		return false;
	if (state->passing && !acts && after != state->control)
		return false;
	if (cc != state->cc[i])
		note("instruction, condition code", insns[i], cc);
	EXPECT_EQ(cc, state->cc[i]);
	/* One that does not act changes nothing. */
	if (!acts)
		EXPECT_EQ(after, state->control);
	return true;
}

static void codes(const struct state *state)
{
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(insns); i++) {
		for (n = 0; !attempt(state, i); n++)
			EXPECT(n < ATTEMPTS);
	}
}

/*
 * XSCH CSCH HSCH RSCH MSCH SSCH STSCH TSCH: condition codes.  RSCH, XSCH and
 * TSCH of a subchannel with nothing to do: 2, 2 and 1.
 */
#define STATE(name, shown, is_passing, ...)				\
	static void name##_codes(void)					\
	{								\
		static const struct state this = {			\
			.make = name, .control = shown,			\
			.passing = is_passing, .cc = { __VA_ARGS__ },	\
		};							\
									\
		codes(&this);						\
	}

STATE(disabled, 0, false, 3, 3, 3, 3, 0, 3, 0, 3)
STATE(idle, 0, false, 2, 0, 0, 2, 0, 0, 0, 1)
STATE(start_pending, START_PENDING, false, 0, 0, 0, 2, 2, 2, 0, 1)
STATE(active, SCSW_FC_START | ACTIVE, false, 2, 0, 0, 2, 2, 2, 0, 1)
STATE(suspended, SUSPENDED, false, 0, 0, 0, 0, 2, 2, 0, 1)
STATE(suspended_status, SUSPENDED_STATUS, false, 1, 0, 0, 1, 1, 1, 0, 0)
STATE(resume_pending, RESUME_PENDING, false, 0, 0, 0, 2, 2, 2, 0, 1)
STATE(halt_pending, HALT_PENDING, true, 2, 0, 2, 2, 2, 2, 0, 1)
STATE(clear_pending, CLEAR_PENDING, true, 2, 0, 2, 2, 2, 2, 0, 1)
STATE(ended, SCSW_FC_START | ENDED, false, 1, 0, 1, 1, 1, 1, 0, 0)
STATE(halted, HALTED, false, 1, 0, 1, 1, 1, 1, 0, 0)
STATE(halted_alone, HALTED_ALONE, false, 1, 0, 1, 1, 1, 1, 0, 0)
STATE(cleared, CLEARED, false, 1, 0, 1, 1, 1, 1, 0, 0)

/* --- operands --- */

static const u16 functions[] = { INSN_CSCH, INSN_HSCH, INSN_RSCH, INSN_XSCH };

static void absent_codes(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(functions); i++)
		EXPECT_EQ(insn_s(functions[i], FUNC_SID_NONE, NULL),
			  CC_NOT_OPERATIONAL);
}

static void privileged(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		active();
		EXPECT_EQ(insn_s_mode(functions[i], FUNC_SID, 0, PSW_PROBLEM,
				      0), PGM(PGM_PRIVILEGED));
		/* Before all else that is wrong about it */
		EXPECT_EQ(insn_s_mode(functions[i], 0, 1, PSW_PROBLEM, 0),
			  PGM(PGM_PRIVILEGED));
		EXPECT_EQ(chan_control(FUNC_SID), SCSW_FC_START | ACTIVE);
		reset();
	}
}

static void bad_sid(void)
{
	static const u32 bad[] = {
		FUNC_SID & ~0x00010000u, FUNC_SID | 0x00100000u,
		FUNC_SID | 0x00200000u, FUNC_SID | 0x00400000u,
		FUNC_SID | 0x00800000u, FUNC_SID | 0x01000000u,
		FUNC_SID | 0x80000000u, 0,
	};
	unsigned int i, j;

	active();
	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		for (j = 0; j < ARRAY_SIZE(bad); j++) {
			EXPECT_EQ(insn_s(functions[i], bad[j], NULL),
				  PGM(PGM_OPERAND));
			EXPECT_EQ(last_insn[0].ilc, 4);
		}
	}
	EXPECT_EQ(chan_control(FUNC_SID), SCSW_FC_START | ACTIVE);
}

static void no_operand(void)
{
	idle();
	/* An odd one, one that isn't there, and the upper half of register 1 */
	EXPECT_EQ(insn_s(INSN_XSCH, FUNC_SID, (void *)1), 2);
	EXPECT_EQ(insn_s(INSN_RSCH, FUNC_SID, (void *)0x8000000ul), 2);
	EXPECT_EQ(insn_s(INSN_HSCH, 0xdeadbeef00000000ul | FUNC_SID,
			 (void *)3), CC_DONE);
	EXPECT_EQ(insn_s(INSN_CSCH, 0xffffffff00000000ul | FUNC_SID,
			 (void *)-1ul), CC_DONE);
}

static const struct test tests[] = {
	{ "not enabled: condition codes of all eight", disabled_codes },
	{ "idle: condition codes of all eight", idle_codes },
	{ "start pending: condition codes of all eight", start_pending_codes },
	{ "active: condition codes of all eight", active_codes },
	{ "suspended: condition codes of all eight", suspended_codes },
	{ "suspended, intermediate status: condition codes of all eight",
	  suspended_status_codes },
	{ "resume pending: condition codes of all eight",
	  resume_pending_codes },
	{ "halt pending: condition codes of all eight", halt_pending_codes },
	{ "clear pending: condition codes of all eight",
	  clear_pending_codes },
	{ "ended: condition codes of all eight", ended_codes },
	{ "halted in execution: condition codes of all eight", halted_codes },
	{ "halted, status pending alone: condition codes of all eight",
	  halted_alone_codes },
	{ "cleared: condition codes of all eight", cleared_codes },
	{ "no subchannel: CSCH, HSCH, RSCH, XSCH end with cc 3",
	  absent_codes },
	{ "CSCH, HSCH, RSCH, XSCH in problem state: privileged operation",
	  privileged },
	{ "CSCH, HSCH, RSCH, XSCH with an invalid SID: operand exception",
	  bad_sid },
	{ "CSCH, HSCH, RSCH, XSCH have no second operand", no_operand },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };

const struct test_group *const test_groups[] = {
	&group, &func_stop_group, &func_suspend_group, &func_cancel_group,
	&func_modify_group, &func_present_group, NULL
};

void (*const test_reset)(void) = reset;
