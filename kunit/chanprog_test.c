// SPDX-License-Identifier: GPL-2.0
/*
 * Channel programs that run: Principles of Operation chapter 15, "Execution of
 * I/O Operations".  Each row is run in five ways, which must have the same
 * result: begun on the vCPU; on a worker; with a device that leaves every
 * command to a worker; with a device that moves its data byte by byte; with
 * prefetching allowed.
 */
#include <kunit/test.h>

#include "chanprog_case.h"

#define SM_CE_DE	(DSTAT_STATUS_MODIFIER | CE_DE)

/* A read in a command chain, which ends with some status */
#define CHAINED_READ \
	.ccws = { { 0x02, CCW_CC, 8, DATA }, { 0x04, 0, 7, DATA2 } }, \
	.data = { { DATA, 8, 0 } }
#define READ_ENDS(dstat_) \
	{ .cmd = 0x02, .move = FAKE_GIVES, .len = 8, .dstat = (dstat_) }

static const struct chanprog_case chanprog_cases[] = {
	/* "Command Code" and "Designation of Storage Area" */
	{
		.name = "read stores where the CCW says",
		.ccws = { { 0x02, 0, 16, DATA } },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { { DATA, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "write fetches where the CCW says",
		.ccws = { { 0x01, 0, 16, DATA } },
		.steps = { STEP_TAKES(0x01, 16) },
		.data = { { DATA, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "control fetches",
		.ccws = { { 0x07, 0, 4, DATA + 2 } },
		.steps = { STEP_TAKES(0x07, 4) },
		.data = { { DATA + 2, 4, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "sense stores",
		.ccws = { { 0x04, 0, 32, DATA } },
		.steps = { STEP_GIVES(0x04, 32) },
		.data = { { DATA, 32, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "modifier bits of the command code are the device's",
		.ccws = { { 0xe4, 0, 7, DATA } },
		.steps = { STEP_GIVES(0xe4, 7) },
		.data = { { DATA, 7, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "a data area has any boundary and length",
		.ccws = { { 0x02, 0, 1, DATA + 3 } },
		.steps = { STEP_GIVES(0x02, 1) },
		.data = { { DATA + 3, 1, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "a data area may cross a page boundary",
		.ccws = { { 0x02, 0, 0x22, DATA + 0xff1 } },
		.steps = { STEP_GIVES(0x02, 0x22) },
		.data = { { DATA + 0xff1, 0x22, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "the highest count is 65535",
		.ccws = { { 0x01, 0, 0xffff, DATA } },
		.steps = { STEP_TAKES(0x01, 0xffff) },
		.data = { { DATA, 0xffff, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "addresses are absolute, 0 is one",
		.ccws = { { 0x02, 0, 64, 0 } },
		.steps = { STEP_GIVES(0x02, 64) },
		.data = { { 0, 64, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "a data area may end where storage ends",
		.ccws = { { 0x02, 0, 16, FAKE_STORAGE - 16 } },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { { FAKE_STORAGE - 16, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "the last CCW may be the last doubleword of storage",
		.base = FAKE_STORAGE - 8,
		.ccws = { { 0x02, 0, 16, DATA } },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { { DATA, 16, 0 } },
		.end = { FAKE_STORAGE, CE_DE, 0, 0 },
	},

	/* "Read Backward" */
	{
		.name = "read backward stores towards lower addresses",
		.ccws = { { 0x0c, 0, 16, DATA + 0x1f } },
		.steps = { STEP_GIVES(0x0c, 16) },
		.data = { { DATA + 0x1f, 16, 0, true } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "modifier bits of read backward are the device's",
		.ccws = { { 0x9c, 0, 3, DATA + 2 } },
		.steps = { STEP_GIVES(0x9c, 3) },
		.data = { { DATA + 2, 3, 0, true } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "read backward crosses page boundaries",
		.ccws = { { 0x0c, 0, 0x1234, DATA2 + 0x111 } },
		.steps = { STEP_GIVES(0x0c, 0x1234) },
		.data = { { DATA2 + 0x111, 0x1234, 0, true } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "read backward down to address 0",
		.ccws = { { 0x0c, 0, 16, 15 } },
		.steps = { STEP_GIVES(0x0c, 16) },
		.data = { { 15, 16, 0, true } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "read backward chains data",
		.ccws = {
			{ 0x0c, CCW_CD, 5, DATA + 4 },
			{ 0x02, CCW_CD | CCW_SKIP, 6, DATA2 },
			{ 0x01, 0, 7, DATA3 + 6 },
		},
		.steps = { STEP_GIVES(0x0c, 18) },
		.data = { { DATA + 4, 5, 0, true }, { DATA3 + 6, 7, 11, true } },
		.end = { AFTER(2), CE_DE, 0, 0 },
	}, {
		.name = "the residual count of read backward",
		.ccws = { { 0x0c, CCW_SLI, 16, DATA + 15 } },
		.steps = { STEP_GIVES(0x0c, 10) },
		.data = { { DATA + 15, 10, 0, true } },
		.end = { AFTER(0), CE_DE, 0, 6 },
	},

	/* "Skipping" */
	{
		.name = "skipping keeps a read from storing",
		.ccws = { { 0x02, CCW_SKIP, 16, DATA } },
		.steps = { STEP_GIVES(0x02, 16) },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "skipping has no meaning for a write",
		.ccws = { { 0x01, CCW_SKIP, 16, DATA } },
		.steps = { STEP_TAKES(0x01, 16) },
		.data = { { DATA, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "skipped bytes count",
		.ccws = { { 0x02, CCW_SKIP | CCW_SLI, 16, DATA } },
		.steps = { STEP_GIVES(0x02, 10) },
		.end = { AFTER(0), CE_DE, 0, 6 },
	}, {
		.name = "data chaining picks parts of a block by skipping",
		.ccws = {
			{ 0x02, CCW_CD, 5, DATA },
			{ 0x02, CCW_CD | CCW_SKIP, 6, DATA2 },
			{ 0x02, 0, 7, DATA3 },
		},
		.steps = { STEP_GIVES(0x02, 18) },
		.data = { { DATA, 5, 0 }, { DATA3, 7, 11 } },
		.end = { AFTER(2), CE_DE, 0, 0 },
	},

	/* "Data Chaining" */
	{
		.name = "data chaining scatters a read",
		.ccws = {
			{ 0x02, CCW_CD, 5, DATA },
			{ 0x02, CCW_CD, 0x30, DATA2 + 0xff0 },
			{ 0x02, 0, 7, DATA3 },
		},
		.steps = { STEP_GIVES(0x02, 0x3c) },
		.data = { { DATA, 5, 0 }, { DATA2 + 0xff0, 0x30, 5 },
			  { DATA3, 7, 0x35 } },
		.end = { AFTER(2), CE_DE, 0, 0 },
	}, {
		.name = "data chaining gathers a write",
		.ccws = {
			{ 0x01, CCW_CD, 5, DATA },
			{ 0x01, CCW_CD, 6, DATA2 },
			{ 0x01, 0, 7, DATA3 },
		},
		.steps = { STEP_TAKES(0x01, 18) },
		.data = { { DATA, 5, 0 }, { DATA2, 6, 5 }, { DATA3, 7, 11 } },
		.end = { AFTER(2), CE_DE, 0, 0 },
	}, {
		.name = "command codes of data-chained CCWs are ignored",
		.ccws = {
			{ 0x02, CCW_CD, 5, DATA },
			{ 0x07, CCW_CD, 6, DATA2 },
			{ 0x00, 0, 7, DATA3 },
		},
		.steps = { STEP_GIVES(0x02, 18) },
		.data = { { DATA, 5, 0 }, { DATA2, 6, 5 }, { DATA3, 7, 11 } },
		.end = { AFTER(2), CE_DE, 0, 0 },
	}, {
		.name = "a TIC may stand between data-chained CCWs",
		.ccws = {
			{ 0x02, CCW_CD, 5, DATA },
			{ 0x08, 0, 0, CCW(3) },
			{ 0x02, 0, 1, DATA2 },
			{ 0x02, 0, 7, DATA3 },
		},
		.steps = { STEP_GIVES(0x02, 12) },
		.data = { { DATA, 5, 0 }, { DATA3, 7, 5 } },
		.end = { AFTER(3), CE_DE, 0, 0 },
	}, {
		.name = "the residual count is that of the last CCW used",
		.ccws = {
			{ 0x02, CCW_CD, 5, DATA },
			{ 0x02, CCW_SLI, 6, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { { DATA, 5, 0 }, { DATA2, 3, 5 } },
		.end = { AFTER(1), CE_DE, 0, 3 },
	}, {
		.name = "chain data takes precedence over chain command",
		.ccws = {
			{ 0x02, CCW_CD | CCW_CC, 5, DATA },
			{ 0x04, 0, 7, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 12) },
		.data = { { DATA, 5, 0 }, { DATA2, 7, 5 } },
		.end = { AFTER(1), CE_DE, 0, 0 },
	}, {
		.name = "the last data-chained CCW may chain a command",
		.ccws = {
			{ 0x02, CCW_CD, 5, DATA },
			{ 0x02, CCW_CC, 6, DATA2 },
			{ 0x04, 0, 7, DATA3 },
		},
		.steps = { STEP_GIVES(0x02, 11), STEP_GIVES(0x04, 7) },
		.data = { { DATA, 5, 0 }, { DATA2, 6, 5 }, { DATA3, 7, 11 } },
		.end = { AFTER(2), CE_DE, 0, 0 },
	}, {
		.name = "incorrect length: data-chained CCWs hold less than a block",
		.ccws = {
			{ 0x02, CCW_CD, 5, DATA },
			{ 0x02, CCW_CC, 6, DATA2 },
			{ 0x04, 0, 7, DATA3 },
		},
		.steps = { STEP_GIVES_LEFT(0x02, 20, 9) },
		.data = { { DATA, 5, 0 }, { DATA2, 6, 5 } },
		.end = { AFTER(1), CE_DE, CSTAT_INCORRECT_LENGTH, 0 },
	}, {
		.name = "incorrect length: a block ends in a CCW that chains data",
		.ccws = {
			{ 0x01, CCW_CD, 5, DATA },
			{ 0x01, CCW_CD, 6, DATA2 },
			{ 0x01, 0, 7, DATA3 },
		},
		.steps = { STEP_TAKES(0x01, 9) },
		.data = { { DATA, 5, 0 }, { DATA2, 4, 5 } },
		.end = { AFTER(1), CE_DE, CSTAT_INCORRECT_LENGTH, 2 },
	}, {
		/*
		 * The architecture leaves open which of the two CCWs was used
		 * last.
		 */
		.name = "incorrect length: a block ends just where data are chained",
		.ccws = {
			{ 0x02, CCW_CD, 5, DATA },
			{ 0x02, 0, 6, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 5) },
		.data = { { DATA, 5, 0 } },
		.end = { ANY, CE_DE, CSTAT_INCORRECT_LENGTH, ANY },
	},

	/* "Command Chaining" */
	{
		.name = "command chaining executes one command after the other",
		.ccws = {
			{ 0x07, CCW_CC, 4, DATA },
			{ 0x02, CCW_CC, 8, DATA2 },
			{ 0x04, 0, 32, DATA3 },
		},
		.steps = {
			STEP_TAKES(0x07, 4), STEP_GIVES(0x02, 8),
			STEP_GIVES(0x04, 32),
		},
		.data = { { DATA, 4, 0 }, { DATA2, 8, 4 }, { DATA3, 32, 12 } },
		.end = { AFTER(2), CE_DE, 0, 0 },
	}, {
		.name = "a command sees what the one before has read",
		.ccws = {
			{ 0x02, CCW_CC, 8, DATA },
			{ 0x04, 0, 8, DATA + 4 },
		},
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x04, 8) },
		.data = { { DATA, 8, 0 }, { DATA + 4, 8, 8 } },
		.end = { AFTER(1), CE_DE, 0, 0 },
	},

	/* "Transfer in Channel" */
	{
		.name = "TIC leads to the next command, forwards",
		.ccws = {
			{ 0x02, CCW_CC, 8, DATA },
			{ 0x08, 0, 0, CCW(3) },
			{ 0x02, 0, 1, DATA },
			{ 0x04, 0, 7, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x04, 7) },
		.data = { { DATA, 8, 0 }, { DATA2, 7, 8 } },
		.end = { AFTER(3), CE_DE, 0, 0 },
	}, {
		.name = "TIC leads to the next command, backwards",
		.cpa = CCW(2),
		.ccws = {
			{ 0x04, 0, 7, DATA2 },
			{ 0x02, 0, 1, DATA },
			{ 0x02, CCW_CC, 8, DATA },
			{ 0x08, 0, 0, CCW(0) },
		},
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x04, 7) },
		.data = { { DATA, 8, 0 }, { DATA2, 7, 8 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	},

	/* "Conclusion of I/O Operations" and "Command Chaining": status modifier */
	{
		.name = "status modifier skips one CCW",
		.ccws = {
			{ 0x31, CCW_CC, 4, DATA },
			{ 0x08, 0, 0, CCW(0) },
			{ 0x02, 0, 8, DATA2 },
		},
		.steps = {
			STEP_TAKES(0x31, 4),
			{ .cmd = 0x31, .move = FAKE_TAKES, .len = 4,
			  .dstat = SM_CE_DE },
			STEP_GIVES(0x02, 8),
		},
		.data = { { DATA, 4, 0 }, { DATA, 4, 4 }, { DATA2, 8, 8 } },
		.end = { AFTER(2), CE_DE, 0, 0 },
	}, {
		.name = "status modifier without chaining is only shown",
		.ccws = {
			{ 0x03, CCW_SLI, 1, DATA },
			{ 0x02, 0, 8, DATA },
		},
		.steps = { STEP_STATUS(0x03, SM_CE_DE) },
		.end = { AFTER(0), SM_CE_DE, 0, 1 },
	}, {
		.name = "unit check suppresses command chaining",
		CHAINED_READ,
		.steps = { READ_ENDS(CE_DE | DSTAT_UNIT_CHECK) },
		.end = { AFTER(0), CE_DE | DSTAT_UNIT_CHECK, 0, 0 },
	}, {
		.name = "unit exception suppresses command chaining",
		CHAINED_READ,
		.steps = { READ_ENDS(CE_DE | DSTAT_UNIT_EXCEPTION) },
		.end = { AFTER(0), CE_DE | DSTAT_UNIT_EXCEPTION, 0, 0 },
	}, {
		.name = "attention suppresses command chaining",
		CHAINED_READ,
		.steps = { READ_ENDS(CE_DE | DSTAT_ATTENTION) },
		.end = { AFTER(0), CE_DE | DSTAT_ATTENTION, 0, 0 },
	}, {
		.name = "control-unit end suppresses command chaining",
		CHAINED_READ,
		.steps = { READ_ENDS(CE_DE | DSTAT_CONTROL_UNIT_END) },
		.end = { AFTER(0), CE_DE | DSTAT_CONTROL_UNIT_END, 0, 0 },
	}, {
		.name = "busy suppresses command chaining",
		CHAINED_READ,
		.steps = { READ_ENDS(CE_DE | DSTAT_BUSY) },
		.end = { AFTER(0), CE_DE | DSTAT_BUSY, 0, 0 },
	}, {
		.name = "device end alone suppresses command chaining",
		CHAINED_READ,
		.steps = { READ_ENDS(DSTAT_DEVICE_END) },
		.end = { AFTER(0), DSTAT_DEVICE_END, 0, 0 },
	}, {
		.name = "unit check beside status modifier suppresses chaining",
		.ccws = {
			{ 0x31, CCW_CC | CCW_SLI, 4, DATA },
			{ 0x03, 0, 0, 0 },
			{ 0x04, 0, 7, DATA2 },
		},
		.steps = { STEP_STATUS(0x31, SM_CE_DE | DSTAT_UNIT_CHECK) },
		.end = { AFTER(0), SM_CE_DE | DSTAT_UNIT_CHECK, 0, 4 },
	}, {
		.name = "a command that is not executed has no incorrect length",
		.ccws = {
			{ 0x02, CCW_CC, 16, DATA },
			{ 0x04, 0, 7, DATA2 },
		},
		.steps = { STEP_STATUS(0x02, DSTAT_UNIT_CHECK) },
		.end = { AFTER(0), DSTAT_UNIT_CHECK, 0, 16 },
	}, {
		.name = "unit check after a short block has incorrect length too",
		.ccws = { { 0x02, 0, 16, DATA } },
		.steps = { { .cmd = 0x02, .move = FAKE_GIVES, .len = 10,
			     .dstat = CE_DE | DSTAT_UNIT_CHECK } },
		.data = { { DATA, 10, 0 } },
		.end = { AFTER(0), CE_DE | DSTAT_UNIT_CHECK,
			 CSTAT_INCORRECT_LENGTH, 6 },
	}, {
		.name = "unit check in a chained command names that command",
		.ccws = {
			{ 0x02, CCW_CC, 8, DATA },
			{ 0x04, CCW_CC, 7, DATA2 },
			{ 0x03, 0, 0, 0 },
		},
		.steps = {
			STEP_GIVES(0x02, 8),
			STEP_STATUS(0x04, DSTAT_UNIT_CHECK),
		},
		.data = { { DATA, 8, 0 } },
		.end = { AFTER(1), DSTAT_UNIT_CHECK, 0, 7 },
	},
};

KUNIT_ARRAY_PARAM_DESC(chanprog, chanprog_cases, name);

/*
 * Chapter 16, "Incorrect Length", and the table in chapter 15 which says what
 * data chaining, command chaining, the SLI flag and the ORB's
 * incorrect-length-suppression mode make of it
 */
enum block {
	BLOCK_FITS,	/* the block is as long as the count */
	BLOCK_SHORT,	/* the block is shorter */
	BLOCK_LONG,	/* the block is longer */
	BLOCK_NONE,	/* there is none: an immediate operation */
};

struct length_case {
	const char *name;
	enum block block;
	u16 count;
	u8 flags;
	u32 orb;
	bool il;	/* incorrect length is to be indicated */
	bool chains;	/* the next command is to be executed */
};

#define LEN	16

static const struct length_case length_cases[] = {
	/* name, block, count, CCW flags, ORB flags, indicated, chains */
	{ "fits: -", BLOCK_FITS, LEN, 0, 0, false, false },
	{ "fits: SLI", BLOCK_FITS, LEN, CCW_SLI, 0, false, false },
	{ "fits: CC", BLOCK_FITS, LEN, CCW_CC, 0, false, true },
	{ "fits: CC SLI", BLOCK_FITS, LEN, CCW_CC | CCW_SLI, 0, false, true },
	{ "short: -", BLOCK_SHORT, LEN, 0, 0, true, false },
	{ "short: SLI", BLOCK_SHORT, LEN, CCW_SLI, 0, false, false },
	{ "short: CC", BLOCK_SHORT, LEN, CCW_CC, 0, true, false },
	{ "short: CC SLI", BLOCK_SHORT, LEN, CCW_CC | CCW_SLI, 0, false, true },
	{ "short: CD", BLOCK_SHORT, LEN, CCW_CD, 0, true, false },
	{ "short: CD SLI", BLOCK_SHORT, LEN, CCW_CD | CCW_SLI, 0, true, false },
	{ "short: CD CC SLI", BLOCK_SHORT, LEN, CCW_CD | CCW_CC | CCW_SLI, 0,
	  true, false },
	{ "short: - L", BLOCK_SHORT, LEN, 0, ORB_ILS, true, false },
	{ "short: CC L", BLOCK_SHORT, LEN, CCW_CC, ORB_ILS, true, false },
	{ "long: -", BLOCK_LONG, LEN, 0, 0, true, false },
	{ "long: SLI", BLOCK_LONG, LEN, CCW_SLI, 0, false, false },
	{ "long: CC", BLOCK_LONG, LEN, CCW_CC, 0, true, false },
	{ "long: CC SLI", BLOCK_LONG, LEN, CCW_CC | CCW_SLI, 0, false, true },
	{ "long: - L", BLOCK_LONG, LEN, 0, ORB_ILS, true, false },
	{ "long: CC L", BLOCK_LONG, LEN, CCW_CC, ORB_ILS, true, false },
	{ "immediate: -", BLOCK_NONE, LEN, 0, 0, true, false },
	{ "immediate: SLI", BLOCK_NONE, LEN, CCW_SLI, 0, false, false },
	{ "immediate: CC", BLOCK_NONE, LEN, CCW_CC, 0, true, false },
	{ "immediate: CC SLI", BLOCK_NONE, LEN, CCW_CC | CCW_SLI, 0,
	  false, true },
	{ "immediate: CD", BLOCK_NONE, LEN, CCW_CD, 0, true, false },
	{ "immediate: - L", BLOCK_NONE, LEN, 0, ORB_ILS, false, false },
	{ "immediate: SLI L", BLOCK_NONE, LEN, CCW_SLI, ORB_ILS, false, false },
	{ "immediate: CC L", BLOCK_NONE, LEN, CCW_CC, ORB_ILS, false, true },
	{ "immediate: CC SLI L", BLOCK_NONE, LEN, CCW_CC | CCW_SLI, ORB_ILS,
	  false, true },
	/* A format-1 CCW may have a count of zero. */
	{ "immediate, count 0: -", BLOCK_NONE, 0, 0, 0, false, false },
	{ "immediate, count 0: CC", BLOCK_NONE, 0, CCW_CC, 0, false, true },
	{ "long, count 0: -", BLOCK_LONG, 0, 0, 0, true, false },
	{ "long, count 0: SLI", BLOCK_LONG, 0, CCW_SLI, 0, false, false },
	{ "long, count 0: CC", BLOCK_LONG, 0, CCW_CC, 0, true, false },
	{ "long, count 0: CC SLI", BLOCK_LONG, 0, CCW_CC | CCW_SLI, 0,
	  false, true },
};

KUNIT_ARRAY_PARAM_DESC(length, length_cases, name);

/* Make a program of two commands out of a row and run it. */
static void length_case_run(struct kunit *test, const struct length_case *l,
			    u8 cmd, enum fake_move move)
{
	const u32 lens[] = {
		[BLOCK_FITS] = l->count,
		[BLOCK_SHORT] = l->count - 6,
		[BLOCK_LONG] = l->count + 4,
		[BLOCK_NONE] = 0,
	};
	u32 len = lens[l->block];
	u32 moved = min_t(u32, len, l->count);
	u32 second = l->chains ? 8 : 0;
	struct chanprog_case c = {
		.name = l->name,
		.orb = l->orb,
		.ccws = {
			{ cmd, l->flags, l->count, DATA },
			{ cmd, 0, 8, DATA2 },
		},
		.steps = {
			{ .cmd = cmd, .move = len ? move : FAKE_NO_DATA,
			  .len = len, .left = len - moved },
			{ .cmd = l->chains ? cmd : 0, .move = move,
			  .len = second },
		},
		.data = { { DATA, moved, 0 } },
		.end = { AFTER(0), CE_DE, l->il ? CSTAT_INCORRECT_LENGTH : 0,
			 l->count - moved },
	};

	if (l->chains) {
		c.data[moved ? 1 : 0] = (struct case_span){ DATA2, 8, moved };
		c.end = (struct case_end){ AFTER(1), CE_DE, 0, 0 };
	}
	chanprog_case_run(test, &c, MODE_VCPU);
	chanprog_case_run(test, &c, MODE_BYTEWISE);
}

static void length_read_test(struct kunit *test)
{
	length_case_run(test, test->param_value, 0x02, FAKE_GIVES);
}

static void length_write_test(struct kunit *test)
{
	length_case_run(test, test->param_value, 0x01, FAKE_TAKES);
}

static struct kunit_case chanprog_test_cases[] = {
	KUNIT_CASE_PARAM(chanprog_on_vcpu, chanprog_gen_params),
	KUNIT_CASE_PARAM(chanprog_on_worker, chanprog_gen_params),
	KUNIT_CASE_PARAM(chanprog_deferred, chanprog_gen_params),
	KUNIT_CASE_PARAM(chanprog_bytewise, chanprog_gen_params),
	KUNIT_CASE_PARAM(chanprog_prefetched, chanprog_gen_params),
	KUNIT_CASE_PARAM(chanprog_completed, chanprog_gen_params),
	KUNIT_CASE_PARAM(chanprog_translated, chanprog_gen_params),
	KUNIT_CASE_PARAM(length_read_test, length_gen_params),
	KUNIT_CASE_PARAM(length_write_test, length_gen_params),
	{}
};

static struct kunit_suite chanprog_suite = {
	.name = "kvm_css_chanprog",
	.test_cases = chanprog_test_cases,
};

kunit_test_suite(chanprog_suite);
