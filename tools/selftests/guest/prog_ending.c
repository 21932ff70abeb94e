// SPDX-License-Identifier: GPL-2.0
/*
 * Channel programs that don't end well: incorrect length, unit check, program
 * check; and a device that has the next CCW skipped
 */
#include "prog_tests.h"

static void incorrect_length(void)
{
	prog[0] = CCW(TEST_SENSE_ID, 0, 20, IN);
	prog_ends(0, DST_ENDED, CST_INCORRECT_LENGTH, (u64)&prog[1], 13);
}

static void expect_sense(u8 sense0)
{
	u8 sense[SENSE_SIZE];
	struct ccw1 ccw __aligned(8) = CCW(TEST_SENSE, 0, SENSE_SIZE, sense);
	unsigned int i;

	chan_ok(PROG_SID, &ccw);
	EXPECT_EQ(sense[0], sense0);
	for (i = 1; i < SENSE_SIZE; i++)
		EXPECT_EQ(sense[i], 0);
}

/*
 * The device asks for no data, so there is neither channel end nor device end.
 */
static void unit_check(void)
{
	prog[0] = CCW(0x55, CCW_SLI, 1, IN);
	prog_run(DST_UNIT_CHECK, 0);
	expect_sense(SENSE_COMMAND_REJECT);
	expect_sense(0);
}

static void status_modifier(void)
{
	u8 parameter[2] = { DST_ENDED | DST_STATUS_MODIFIER, 0 };

	prog[0] = CCW(TEST_END_STATUS, CCW_CC, 2, parameter);
	prog[1] = CCW(TEST_SENSE_ID, CCW_CC | CCW_SLI, 7, IN);
	prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	memset(IN, 0, 7);
	EXPECT_EQ(prog_run(DST_ENDED, 0)->scsw.cpa, (u64)&prog[3]);
	/* The CCW in between was skipped. */
	EXPECT_EQ(IN[0], 0);
	parameter[0] = DST_ENDED;
	EXPECT_EQ(prog_run(DST_ENDED, 0)->scsw.cpa, (u64)&prog[3]);
	EXPECT_EQ(IN[0], 0xff);
}

/* --- program check --- */

static void checked(const struct ccw1 *program, const struct ccw1 *at)
{
	struct irb irb __aligned(4);

	chan_run(PROG_SID, program, &irb);
	EXPECT_EQ(irb.scsw.cstat, CST_PROGRAM_CHECK);
	EXPECT(irb.scsw.ctrl & SCSW_SC_ALERT);
	EXPECT_EQ(irb.scsw.cpa, (u64)(at + 1));
}

static void tic_tic(void)
{
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[1] = CCW(CCW_TIC, 0, 0, &prog[4]);
	prog[4] = CCW(CCW_TIC, 0, 0, &prog[6]);
	prog[6] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	checked(prog, &prog[4]);
}

static void chain_outside(void)
{
	struct ccw1 *last = (struct ccw1 *)(END_OF_STORAGE - 8);

	*last = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	checked(last, last + 1);
}

static void data_outside(void)
{
	prog[0] = CCW(TEST_READ, CCW_SLI, 16, END_OF_STORAGE - 8);
	checked(prog, &prog[0]);
	prog[0] = CCW(TEST_WRITE, CCW_SLI, 16, END_OF_STORAGE - 8);
	checked(prog, &prog[0]);
}

static const struct test tests[] = {
	{ "device gives less: incorrect length, residual", incorrect_length },
	{ "unknown command: unit check, and SENSE says why, once", unit_check },
	{ "status modifier skips a CCW of the chain", status_modifier },
	{ "TIC to TIC: program check", tic_tic },
	{ "chain runs off storage: program check", chain_outside },
	{ "data runs off storage: program check", data_outside },
};

const struct test_group prog_ending_group = { tests, ARRAY_SIZE(tests) };
