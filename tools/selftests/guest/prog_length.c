// SPDX-License-Identifier: GPL-2.0
/* Channel programs: lengths, and endings that the device decides */
#include "prog_tests.h"

/* Refused before any data was asked for, and refused for its data */
#define REFUSED			DST_UNIT_CHECK
#define UNIT_CHECK		(DST_ENDED | DST_UNIT_CHECK)

/* --- lengths --- */

static void il_device_less(void)
{
	prog[0] = CCW(TEST_SENSE_ID, 0, 20, IN);
	EXPECT_EQ(prog_run(DST_ENDED, CST_INCORRECT_LENGTH)->scsw.count, 13);
}

static void il_program_less(void)
{
	memset(IN, 0xee, 8);
	prog[0] = CCW(TEST_SENSE_ID, 0, 4, IN);
	EXPECT_EQ(prog_run(DST_ENDED, CST_INCORRECT_LENGTH)->scsw.count, 0);
	EXPECT_EQ(IN[0], 0xff);
	EXPECT_EQ(IN[4], 0xee);
}

static void sli(void)
{
	prog[0] = CCW(TEST_SENSE_ID, CCW_SLI, 20, IN);
	EXPECT_EQ(prog_run(DST_ENDED, 0)->scsw.count, 13);
	prog[0] = CCW(TEST_SENSE_ID, CCW_SLI, 4, IN);
	EXPECT_EQ(prog_run(DST_ENDED, 0)->scsw.count, 0);
}

static void il_stops_chain(void)
{
	const struct irb *irb;

	memset(IN, 0, 32);
	prog[0] = CCW(TEST_SENSE_ID, CCW_CC, 20, IN);
	prog[1] = CCW(TEST_SENSE_ID, 0, 7, IN + 24);
	irb = prog_run(DST_ENDED, CST_INCORRECT_LENGTH);
	EXPECT_EQ(irb->scsw.cpa, (u64)&prog[1]);
	EXPECT_EQ(irb->scsw.count, 13);
	EXPECT_EQ(IN[24], 0);
}

static void sli_continues(void)
{
	const struct irb *irb;

	memset(IN, 0, 32);
	prog[0] = CCW(TEST_SENSE_ID, CCW_CC | CCW_SLI, 20, IN);
	prog[1] = CCW(TEST_SENSE_ID, 0, 7, IN + 24);
	irb = prog_run(DST_ENDED, 0);
	EXPECT_EQ(irb->scsw.cpa, (u64)&prog[2]);
	EXPECT_EQ(IN[24], 0xff);
}

static void il_chain_data(void)
{
	const struct irb *irb;

	prog[0] = CCW(TEST_SENSE_ID, CCW_CD | CCW_SLI, 20, IN);
	prog[1] = CCW(TEST_SENSE_ID, CCW_SLI, 4, IN + 24);
	irb = prog_run(DST_ENDED, CST_INCORRECT_LENGTH);
	EXPECT_EQ(irb->scsw.count, 13);
	EXPECT_EQ(irb->scsw.cpa, (u64)&prog[1]);
}

static void residual_chain(void)
{
	const struct irb *irb;

	prog[0] = CCW(TEST_SENSE_ID, CCW_CD, 4, IN);
	prog[1] = CCW(0, CCW_SLI, 100, IN + 4);
	irb = prog_run(DST_ENDED, 0);
	EXPECT_EQ(irb->scsw.count, 97);
	EXPECT_EQ(irb->scsw.cpa, (u64)&prog[2]);
	EXPECT_EQ(IN[0], 0xff);
	EXPECT_EQ(IN[1], 0x0c);
	EXPECT_EQ(IN[2], 0x55);
	EXPECT_EQ(IN[3], 0x01);
}

static void il_immediate(void)
{
	prog[0] = CCW(TEST_NOP, 0, 5, 0);
	EXPECT_EQ(prog_run(DST_ENDED, CST_INCORRECT_LENGTH)->scsw.count, 5);
}

static void ils_immediate(void)
{
	prog[0] = CCW(TEST_NOP, 0, 5, 0);
	prog_run_orb(ORB_ILS, DST_ENDED, 0);
	/* The mode is about immediate operations only. */
	prog[0] = CCW(TEST_SENSE_ID, 0, 20, IN);
	prog_run_orb(ORB_ILS, DST_ENDED, CST_INCORRECT_LENGTH);
}

static void zero_count(void)
{
	prog[0] = CCW(TEST_NOP, CCW_CC, 0, 0);
	prog[1] = CCW(TEST_NOP, 0, 0, 0);
	EXPECT_EQ(prog_run(DST_ENDED, 0)->scsw.cpa, (u64)&prog[2]);
}

static void write_beyond(void)
{
	u32 at = TEST_SIZE - 6;

	prog_fill(OUT, 10);
	prog[0] = CCW(TEST_SEEK, CCW_CC, 4, &at);
	prog[1] = CCW(TEST_WRITE, CCW_SLI, 10, OUT);
	EXPECT_EQ(prog_run(DST_ENDED, 0)->scsw.count, 4);
	memset(IN, 0, 10);
	prog[1] = CCW(TEST_READ, 0, 10, IN);
	EXPECT_EQ(prog_run(DST_ENDED, CST_INCORRECT_LENGTH)->scsw.count, 4);
	EXPECT_EQ(memcmp(IN, OUT, 6), 0);
	EXPECT_EQ(IN[6], 0);
}

/* --- unit check and sense --- */

static void command_reject(void)
{
	prog[0] = CCW(0x55, CCW_SLI, 1, IN);
	EXPECT(prog_run(REFUSED, 0)->scsw.ctrl & SCSW_SC_ALERT);
	prog_sense(SENSE_COMMAND_REJECT);
}

static void sense_clears(void)
{
	prog[0] = CCW(0x55, CCW_SLI, 1, IN);
	prog_run(REFUSED, 0);
	prog_sense(SENSE_COMMAND_REJECT);
	prog_sense(0);
}

static void check_stops_chain(void)
{
	const struct irb *irb;

	prog_fill(IN, 8);
	memcpy(OUT, IN, 8);
	prog[0] = CCW(0x55, CCW_CC | CCW_SLI, 1, IN);
	prog[1] = CCW(TEST_SENSE_ID, CCW_SLI, 8, IN);
	irb = prog_run(REFUSED, 0);
	EXPECT_EQ(irb->scsw.cpa, (u64)&prog[1]);
	EXPECT_EQ(memcmp(IN, OUT, 8), 0);
	prog_sense(SENSE_COMMAND_REJECT);
}

static void seek_reject(void)
{
	u32 at = TEST_SIZE;

	prog[0] = CCW(TEST_SEEK, CCW_SLI, 4, &at);
	prog_run(UNIT_CHECK, 0);
	prog_sense(SENSE_COMMAND_REJECT);
	at = 0;
	prog[0] = CCW(TEST_SEEK, CCW_SLI, 3, &at);
	prog_run(UNIT_CHECK, 0);
	prog_sense(SENSE_COMMAND_REJECT);
}

static void wait_reject(void)
{
	u32 us = TEST_WAIT_MAX_US + 1;

	prog[0] = CCW(TEST_WAIT, CCW_SLI, 4, &us);
	prog_run(UNIT_CHECK, 0);
	prog_sense(SENSE_COMMAND_REJECT);
}

static void sense_id(void)
{
	static const u8 id[7] = { 0xff, 0x0c, 0x55, 0x01, 0, 0, 0 };

	memset(IN, 0xee, 7);
	prog[0] = CCW(TEST_SENSE_ID, 0, 7, IN);
	prog_run(DST_ENDED, 0);
	EXPECT_EQ(memcmp(IN, id, 7), 0);
}

/* --- END WITH STATUS --- */

static void status_program(u8 *parameter, u8 dstat, u8 sense0)
{
	parameter[0] = dstat;
	parameter[1] = sense0;
	prog[0] = CCW(TEST_END_STATUS, CCW_CC, 2, parameter);
	prog[1] = CCW(TEST_SENSE_ID, CCW_CC | CCW_SLI, 7, IN);
	prog[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	memset(IN, 0, 7);
}

static void each_status(void)
{
	u8 parameter[2];
	unsigned int bit;

	for (bit = 0x80; bit; bit >>= 1) {
		status_program(parameter, DST_ENDED | bit, 0);
		prog[0].flags = 0;
		prog_run(DST_ENDED | bit, 0);
	}
	status_program(parameter, 0xff, 0);
	prog[0].flags = 0;
	prog_run(0xff, 0);
}

static void status_sense(void)
{
	u8 parameter[2];

	status_program(parameter, UNIT_CHECK, 0x5a);
	prog_run(UNIT_CHECK, 0);
	prog_sense(0x5a);
}

static void status_modifier(void)
{
	u8 parameter[2];

	status_program(parameter, DST_ENDED | DST_STATUS_MODIFIER, 0);
	EXPECT_EQ(prog_run(DST_ENDED, 0)->scsw.cpa, (u64)&prog[3]);
	/* The CCW in between was left out. */
	EXPECT_EQ(IN[0], 0);
	status_program(parameter, DST_ENDED, 0);
	EXPECT_EQ(prog_run(DST_ENDED, 0)->scsw.cpa, (u64)&prog[3]);
	EXPECT_EQ(IN[0], 0xff);
}

static void status_ends_chain(void)
{
	static const u8 bits[] = { DST_ATTENTION, DST_CONTROL_UNIT_END,
				   DST_BUSY, DST_UNIT_CHECK,
				   DST_UNIT_EXCEPTION };
	u8 parameter[2];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		status_program(parameter, DST_ENDED | bits[i], 0);
		EXPECT_EQ(prog_run(DST_ENDED | bits[i], 0)->scsw.cpa,
			  (u64)&prog[1]);
		EXPECT_EQ(IN[0], 0);
	}
}

static void device_end_only(void)
{
	const struct irb *irb;
	u8 parameter[2];

	/* Under command chaining device end would be waited for. */
	status_program(parameter, DST_CHANNEL_END, 0);
	prog[0].flags = 0;
	irb = prog_run(DST_CHANNEL_END, 0);
	EXPECT_EQ(irb->scsw.cpa, (u64)&prog[1]);
	/* Device end, which would be the secondary status, is still to come. */
	EXPECT_EQ(irb->scsw.ctrl & SCSW_SC_SECONDARY, 0);
	status_program(parameter, DST_DEVICE_END, 0);
	EXPECT_EQ(prog_run(DST_DEVICE_END, 0)->scsw.cpa, (u64)&prog[1]);
}

static const struct test tests[] = {
	{ "device gives less: incorrect length, residual", il_device_less },
	{ "program takes less: incorrect length, residual 0", il_program_less },
	{ "SLI suppresses incorrect length, not the residual count", sli },
	{ "incorrect length ends command chaining", il_stops_chain },
	{ "with SLI command chaining goes on", sli_continues },
	{ "device ends within a data chain: SLI is ignored", il_chain_data },
	{ "residual count is that of the last data CCW", residual_chain },
	{ "immediate operation with a count: incorrect length", il_immediate },
	{ "immediate operation in incorrect-length-suppression mode",
	  ils_immediate },
	{ "immediate operation with count zero: no indication", zero_count },
	{ "WRITE takes only what fits: residual", write_beyond },
	{ "unknown command: unit check, command reject", command_reject },
	{ "SENSE gives the sense bytes once", sense_clears },
	{ "unit check ends command chaining", check_stops_chain },
	{ "SEEK beyond the storage or too short: reject", seek_reject },
	{ "WAIT of more than 10 seconds: reject", wait_reject },
	{ "SENSE ID gives control-unit type 0C55 model 1", sense_id },
	{ "END WITH STATUS: each device status as it is", each_status },
	{ "unit check by END WITH STATUS has its sense byte", status_sense },
	{ "status modifier skips a CCW of the chain", status_modifier },
	{ "any other status ends command chaining", status_ends_chain },
	{ "channel end alone ends a program, device end alone a chain",
	  device_end_only },
};

const struct test_group prog_length_group = { tests, ARRAY_SIZE(tests) };
