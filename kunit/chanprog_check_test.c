// SPDX-License-Identifier: GPL-2.0
/*
 * Channel programs that can't run, or not to their end: Principles of Operation
 * chapter 16, "Program Check" and "Protection Check", and chapter 15 for the
 * formats.  Each row is run as chanprog_test.c says.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "chanprog_case.h"

/* The residual count after a program check is unpredictable, so it is ANY. */
static const struct chanprog_case check_cases[] = {
	/* "Invalid CCW-address specification" and "Invalid CCW address" */
	{
		.name = "program address not on a doubleword boundary",
		.base = CCW(0) + 4,
		.ccws = { { 0x03, 0, 0, 0 } },
		.end = { ANY, 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "program address where there is no storage",
		.cpa = FAKE_STORAGE,
		.end = { FAKE_STORAGE + 8, 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "program address in a hole",
		.hole = { PROG, 0x1000 },
		.ccws = { { 0x03, 0, 0, 0 } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "command chaining runs out of storage",
		.base = FAKE_STORAGE - 8,
		.ccws = { FIRST_READ },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { FAKE_STORAGE + 8, 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "data chaining runs out of storage",
		.base = FAKE_STORAGE - 8,
		.ccws = { { 0x02, CCW_CD, 8, DATA } },
		.steps = { STEP_GIVES_LEFT(0x02, 12, 4) },
		.data = { FIRST_DATA },
		.end = { FAKE_STORAGE + 8, CE_DE, PROGRAM_CHECK, ANY },
	},

	/* "Transfer in Channel" */
	{
		.name = "TIC as the first CCW",
		.ccws = { { 0x08, 0, 0, CCW(1) }, { 0x03, 0, 0, 0 } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC to a TIC",
		.ccws = {
			FIRST_READ,
			{ 0x08, 0, 0, CCW(3) },
			{ 0x03, 0, 0, 0 },
			{ 0x08, 0, 0, CCW(2) },
		},
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(3), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC to itself",
		.ccws = { FIRST_READ, { 0x08, 0, 0, CCW(1) } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC to a TIC while data are chained",
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x08, 0, 0, CCW(3) },
			{ 0x03, 0, 0, 0 },
			{ 0x08, 0, 0, CCW(2) },
		},
		.steps = { STEP_GIVES_LEFT(0x02, 12, 4) },
		.data = { FIRST_DATA },
		.end = { AFTER(3), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC with bits 0-3 not zeros",
		.ccws = {
			FIRST_READ, { 0x18, 0, 0, CCW(2) }, { 0x03, 0, 0, 0 },
		},
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC with flags",
		.ccws = {
			FIRST_READ, { 0x08, CCW_CC, 0, CCW(2) },
			{ 0x03, 0, 0, 0 },
		},
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC with a count",
		.ccws = {
			FIRST_READ, { 0x08, 0, 1, CCW(2) }, { 0x03, 0, 0, 0 },
		},
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC with bit 32 not zero",
		.ccws = {
			FIRST_READ, { 0x08, 0, 0, CCW_CDA_ZERO | CCW(2) },
			{ 0x03, 0, 0, 0 },
		},
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC to an address not on a doubleword boundary",
		.ccws = {
			FIRST_READ, { 0x08, 0, 0, CCW(2) + 4 },
			{ 0x03, 0, 0, 0 }, { 0x03, 0, 0, 0 },
		},
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC to where there is no storage",
		.ccws = { FIRST_READ, { 0x08, 0, 0, FAKE_STORAGE + 0x1000 } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	},

	/* "Invalid Command Code" */
	{
		.name = "command code 00",
		.ccws = { { 0x00, 0, 16, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "command code x0",
		.ccws = { { 0xf0, 0, 16, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "command code x0 in a chained CCW",
		.ccws = { FIRST_READ, { 0x10, 0, 16, DATA2 } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "command code x0 behind a TIC",
		.ccws = {
			FIRST_READ, { 0x08, 0, 0, CCW(3) }, { 0x03, 0, 0, 0 },
			{ 0x20, 0, 0, 0 },
		},
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(3), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "command code x8 behind a TIC",
		.ccws = {
			FIRST_READ, { 0x08, 0, 0, CCW(3) }, { 0x03, 0, 0, 0 },
			{ 0x18, 0, 0, CCW(2) },
		},
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(3), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "command code x8 in the first CCW",
		.ccws = { { 0x48, 0, 0, CCW(1) }, { 0x03, 0, 0, 0 } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "command code x8 in a data-chained CCW",
		.ccws = { { 0x02, CCW_CD, 8, DATA }, { 0x28, 0, 8, DATA2 } },
		.steps = { STEP_GIVES_LEFT(0x02, 12, 4) },
		.data = { FIRST_DATA },
		.end = { AFTER(1), CE_DE, PROGRAM_CHECK, ANY },
	},

	/* "Invalid Count", format-1 CCWs */
	{
		.name = "count zero and chain data",
		.ccws = { { 0x02, CCW_CD, 0, DATA }, { 0x02, 0, 8, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "count zero in a data-chained CCW",
		.ccws = { { 0x02, CCW_CD, 8, DATA }, { 0x02, 0, 0, DATA2 } },
		.steps = { STEP_GIVES_LEFT(0x02, 12, 4) },
		.data = { FIRST_DATA },
		.end = { AFTER(1), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "count zero in a CCW in the middle of data chaining",
		.ccws = {
			{ 0x01, CCW_CD, 8, DATA },
			{ 0x01, CCW_CD, 0, DATA2 },
			{ 0x01, 0, 8, DATA3 },
		},
		.steps = { STEP_TAKES_LEFT(0x01, 12, 4) },
		.data = { FIRST_DATA },
		.end = { AFTER(1), CE_DE, PROGRAM_CHECK, ANY },
	},

	/* "Invalid CCW Field": bit 32 of a format-1 CCW */
	{
		.name = "bit 32 of a CCW not zero",
		.ccws = { { 0x02, 0, 8, CCW_CDA_ZERO | DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "bit 32 of a data-chained CCW not zero",
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x02, 0, 8, CCW_CDA_ZERO | DATA2 },
		},
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(1), CE_DE, PROGRAM_CHECK, ANY },
	},

	/* "Invalid Suspend Flag" */
	{
		.name = "suspend flag without suspend control in the ORB",
		.ccws = { { 0x03, CCW_SUSPEND, 0, 0 } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "suspend flag in a chained CCW without suspend control",
		.ccws = { FIRST_READ, { 0x03, CCW_SUSPEND, 0, 0 } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "suspend flag in a data-chained CCW",
		.orb = ORB_SUSPEND,
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x02, CCW_SUSPEND, 8, DATA2 },
		},
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(1), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "an invalid CCW is invalid before it suspends",
		.orb = ORB_SUSPEND,
		.ccws = { { 0x10, CCW_SUSPEND, 8, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	},

	/* "Invalid Data Address" */
	{
		.name = "read to where there is no storage",
		.ccws = { { 0x02, CCW_CC, 16, FAKE_STORAGE },
			  { 0x03, 0, 0, 0 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 16) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "write from where there is no storage",
		.ccws = { { 0x01, CCW_CC, 16, FAKE_STORAGE },
			  { 0x03, 0, 0, 0 } },
		.steps = { STEP_TAKES_LEFT(0x01, 16, 16) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "read runs out of storage",
		.ccws = { { 0x02, 0, 16, FAKE_STORAGE - 8 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { FAKE_STORAGE - 8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "write runs into a hole",
		.hole = { DATA2, 0x1000 },
		.ccws = { { 0x01, 0, 16, DATA2 - 8 } },
		.steps = { STEP_TAKES_LEFT(0x01, 16, 8) },
		.data = { { DATA2 - 8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "read backward runs below address 0",
		.ccws = { { 0x0c, 0, 16, 7 } },
		.steps = { STEP_GIVES_LEFT(0x0c, 16, 8) },
		.data = { { 7, 8, 0, true } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, 8 },
	}, {
		.name = "read backward runs into a hole",
		.hole = { DATA, 0x1000 },
		.ccws = { { 0x0c, 0, 16, DATA + 0x1007 } },
		.steps = { STEP_GIVES_LEFT(0x0c, 16, 8) },
		.data = { { DATA + 0x1007, 8, 0, true } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, 8 },
	}, {
		.name = "data-chained CCW designates no storage",
		.hole = { DATA2, 0x1000 },
		.ccws = { { 0x02, CCW_CD, 8, DATA }, { 0x02, 0, 8, DATA2 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(1), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "suppress length indication hides no program check",
		.ccws = { { 0x02, CCW_SLI | CCW_CC, 16, FAKE_STORAGE },
			  { 0x03, 0, 0, 0 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 16) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	},

	/* "Protection Check" */
	{
		.name = "read to protected storage",
		.readonly = { DATA, 0x1000 },
		.ccws = { { 0x02, CCW_CC, 16, DATA }, { 0x03, 0, 0, 0 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 16) },
		.end = { AFTER(0), CE_DE, CSTAT_PROTECTION_CHECK, ANY },
	}, {
		.name = "read runs into protected storage",
		.readonly = { DATA2, 0x1000 },
		.ccws = { { 0x02, 0, 16, DATA2 - 8 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA2 - 8, 8, 0 } },
		.end = { AFTER(0), CE_DE, CSTAT_PROTECTION_CHECK, ANY },
	}, {
		.name = "write from storage protected against storing",
		.readonly = { DATA, 0x1000 },
		.ccws = { { 0x01, 0, 16, DATA } },
		.steps = { STEP_TAKES(0x01, 16) },
		.data = { { DATA, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "CCWs in storage protected against storing",
		.readonly = { PROG, 0x1000 },
		.ccws = { { 0x01, 0, 16, DATA } },
		.steps = { STEP_TAKES(0x01, 16) },
		.data = { { DATA, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "skipping stores nothing, also where it must not",
		.readonly = { DATA, 0x1000 },
		.ccws = { { 0x02, CCW_SKIP, 16, DATA } },
		.steps = { STEP_GIVES(0x02, 16) },
		.end = { AFTER(0), CE_DE, 0, 0 },
	},

	/* "Channel-Data Check" and "Channel-Control Check" */
	{
		.name = "read to storage that the host can't provide",
		.broken = { DATA2, 0x1000 },
		.ccws = { { 0x02, CCW_CC, 16, DATA2 - 8 }, { 0x03, 0, 0, 0 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA2 - 8, 8, 0 } },
		.end = { AFTER(0), CE_DE, CSTAT_CHANNEL_DATA, ANY },
	}, {
		.name = "write from storage that the host can't provide",
		.broken = { DATA2, 0x1000 },
		.ccws = { { 0x01, 0, 16, DATA2 } },
		.steps = { STEP_TAKES_LEFT(0x01, 16, 16) },
		.end = { AFTER(0), CE_DE, CSTAT_CHANNEL_DATA, ANY },
	}, {
		.name = "CCW in storage that the host can't provide",
		.broken = { PROG, 0x1000 },
		.ccws = { { 0x03, 0, 0, 0 } },
		.end = { AFTER(0), 0, CSTAT_CHANNEL_CONTROL, ANY },
	}, {
		.name = "data-chained CCW in storage that the host can't provide",
		.broken = { DATA2, 0x1000 },
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x08, 0, 0, DATA2 },
		},
		.steps = { STEP_GIVES_LEFT(0x02, 12, 4) },
		.data = { FIRST_DATA },
		.end = { ANY, CE_DE, CSTAT_CHANNEL_CONTROL, ANY },
	},

	/*
	 * These bits of the ORB have no effect on a program that doesn't use
	 * what they control.
	 */
	{
		.name = "suspend, MIDAW and streaming control alone",
		.orb = ORB_SUSPEND | ORB_MIDAW | ORB_STREAMING |
		       ORB_SUPPRESS_SUSPENDED,
		.ccws = { { 0x02, 0, 8, DATA } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	},
};

KUNIT_ARRAY_PARAM_DESC(check, check_cases, name);

/*
 * Addresses have 31 bits: neither CCWs nor data go on at 2 GiB, or at 0 again.
 */
#define GIB2		0x80000000u

static void check_data_at_2gib_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.ccws = { { 0x02, 0, 16, GIB2 - 8 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);
	u8 *end = fake_at(&bench->guest, GIB2 - 8, 16) + 8;

	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, PROGRAM_CHECK);
	KUNIT_EXPECT_MEMEQ(test, end - 8, bench->fake->stream, 8);
	KUNIT_EXPECT_EQ(test, end[0], fake_background(GIB2));
	KUNIT_EXPECT_EQ(test, bench->guest.storage[0], fake_background(0));
}

static void check_ccw_at_2gib_test(struct kunit *test)
{
	const struct css_ccw1 noops[] = {
		{ .cmd = CU_CMD_NOOP, .flags = CCW_CC },
		{ .cmd = CU_CMD_NOOP },
	};
	static const struct chanprog_case c = {
		.cpa = GIB2 - 8,
		.steps = { STEP_IMMEDIATE(CU_CMD_NOOP) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);

	fake_put(&bench->guest, GIB2 - 8, noops, sizeof(noops));
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 1);
	/* The CCW address that is stored has 31 bits as well. */
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, 8);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.dstat, 0);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, PROGRAM_CHECK);
}

static struct kunit_case check_test_cases[] = {
	KUNIT_CASE_PARAM(chanprog_on_vcpu, check_gen_params),
	KUNIT_CASE_PARAM(chanprog_on_worker, check_gen_params),
	KUNIT_CASE_PARAM(chanprog_deferred, check_gen_params),
	KUNIT_CASE_PARAM(chanprog_bytewise, check_gen_params),
	KUNIT_CASE_PARAM(chanprog_prefetched, check_gen_params),
	KUNIT_CASE_PARAM(chanprog_completed, check_gen_params),
	KUNIT_CASE_PARAM(chanprog_translated, check_gen_params),
	KUNIT_CASE(check_data_at_2gib_test),
	KUNIT_CASE(check_ccw_at_2gib_test),
	{}
};

static struct kunit_suite check_suite = {
	.name = "kvm_css_chanprog_check",
	.test_cases = check_test_cases,
};

kunit_test_suite(check_suite);
