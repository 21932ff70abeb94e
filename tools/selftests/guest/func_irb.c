// SPDX-License-Identifier: GPL-2.0
/* What TEST SUBCHANNEL stores beside the SCSW, if MODIFY SUBCHANNEL has asked for it */
#include "func_tests.h"

static void read_schib(struct schib *schib)
{
	EXPECT_EQ(stsch(FUNC_SID, schib), CC_DONE);
}

static void chars(u32 chars)
{
	struct schib schib __aligned(4);

	func_enable();
	read_schib(&schib);
	schib.pmcw.chars = chars;
	EXPECT_EQ(msch(FUNC_SID, &schib), CC_DONE);
}

static const struct irb *unit_check(u8 sense)
{
	static u8 how[2];

	how[0] = DST_ENDED | DST_UNIT_CHECK;
	how[1] = sense;
	func_prog[0] = CCW(TEST_END_STATUS, 0, 2, how);
	func_start(0);
	return func_end(CHAN_INTPARM);
}

static void expect_sense(u8 expected)
{
	struct ccw1 program __aligned(8);
	u8 sense[SENSE_SIZE];

	program = CCW(TEST_SENSE, 0, sizeof(sense), sense);
	chan_ok(FUNC_SID, &program);
	EXPECT_EQ(sense[0], expected);
}

static void concurrent_sense(void)
{
	const struct irb *irb;
	unsigned int i;

	chars(PMCW_CONCURRENT_SENSE);
	irb = unit_check(0x42);
	EXPECT_EQ(irb->scsw.dstat, DST_ENDED | DST_UNIT_CHECK);
	EXPECT(irb->scsw.ctrl & SCSW_EXTENDED);
	EXPECT(irb->scsw.ctrl & SCSW_SC_ALERT);
	EXPECT(irb->esw[1] & ERW_CONCURRENT_SENSE);
	EXPECT_EQ(ERW_SENSE_COUNT(irb->esw[1]), SENSE_SIZE);
	EXPECT_EQ(irb->ecw[0], 0x42);
	for (i = 1; i < sizeof(irb->ecw); i++)
		EXPECT_EQ(irb->ecw[i], 0);
	/*
	 * The control unit has no sense bytes any more, because TSCH has stored
	 * them.
	 */
	expect_sense(0);
	/* A program that ends well has no sense bytes. */
	func_prog[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	func_start(0);
	irb = func_end(CHAN_INTPARM);
	EXPECT(!(irb->scsw.ctrl & SCSW_EXTENDED));
	EXPECT(!(irb->esw[1] & ERW_CONCURRENT_SENSE));
	EXPECT_EQ(irb->ecw[0], 0);
}

#define SCHM_CONNECT_TIME	1
#define SOME_US			20000
#define LONG_US			5000000

/* Run a program without end for so many microseconds, and halt it. */
static u32 interval_of_loop(u64 us)
{
	u64 until;

	func_prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	func_prog[1] = CCW(CCW_TIC, 0, 0, func_prog);
	func_start(0);
	until = tod() + TOD_US(us);
	while (tod() < until)
		;
	EXPECT_EQ(hsch(FUNC_SID), CC_DONE);
	return func_end(CHAN_INTPARM)->esw[0] & 0xffff;
}

static void connect_interval(void)
{
	struct schib schib __aligned(4);
	u32 interval;
	u64 us;

	func_enable();
	read_schib(&schib);
	schib.pmcw.flags |= PMCW_CONNECT_TIME;
	EXPECT_EQ(msch(FUNC_SID, &schib), CC_DONE);
	EXPECT_EQ(interval_of_loop(2 * SOME_US), 0);
	insn_s(INSN_SCHM, SCHM_CONNECT_TIME, NULL);
	/* A busy host may give the worker less time than it gives this CPU. */
	us = 2 * SOME_US;
	do {
		interval = interval_of_loop(us);
		us *= 2;
	} while (interval < SOME_US / 128 && us < LONG_US);
	EXPECT(interval >= SOME_US / 128);
	insn_s(INSN_SCHM, 0, NULL);
	EXPECT_EQ(interval_of_loop(2 * SOME_US), 0);
}

static const struct test tests[] = {
	{ "S in the PMCW: unit check brings sense along", concurrent_sense },
	{ "SCHM's D and D of MM: the ESW has the device-connect time",
	  connect_interval },
};

const struct test_group func_irb_group = { tests, ARRAY_SIZE(tests) };
