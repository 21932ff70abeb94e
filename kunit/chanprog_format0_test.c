// SPDX-License-Identifier: GPL-2.0
/*
 * Format-0 CCWs: Principles of Operation chapter 15, "Channel-Command Word",
 * and "Program Check" of chapter 16.  Only what differs from format 1 is here.
 * Each row is run as chanprog_test.c says.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "chanprog_case.h"

/* The residual count after a program check is unpredictable, so it is ANY. */
static const struct chanprog_case format0_cases[] = {
	{
		.name = "read",
		.format0 = true,
		.ccws = { { 0x02, 0, 0x110, 0x12345 } },
		.steps = { STEP_GIVES(0x02, 0x110) },
		.data = { { 0x12345, 0x110, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "write",
		.format0 = true,
		.ccws = { { 0x01, CCW_SLI, 0x110, 0x12345 } },
		.steps = { STEP_TAKES(0x01, 0x100) },
		.data = { { 0x12345, 0x100, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0x10 },
	}, {
		.name = "read backward",
		.format0 = true,
		.ccws = { { 0x0c, 0, 8, DATA + 7 } },
		.steps = { STEP_GIVES(0x0c, 8) },
		.data = { { DATA + 7, 8, 0, true } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "skip, chain data and chain command",
		.format0 = true,
		.ccws = {
			{ 0x02, CCW_CD, 5, DATA },
			{ 0x02, CCW_CD | CCW_SKIP, 6, DATA2 },
			{ 0x02, CCW_CC, 7, DATA3 },
			{ 0x04, 0, 4, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 18), STEP_GIVES(0x04, 4) },
		.data = { { DATA, 5, 0 }, { DATA3, 7, 11 }, { DATA2, 4, 18 } },
		.end = { AFTER(3), CE_DE, 0, 0 },
	}, {
		.name = "indirect data addressing",
		.format0 = true,
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, DATA2) },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { { DATA + 0x7f8, 8, 0 }, { DATA2, 8, 8 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "format-2 IDAWs",
		.format0 = true,
		.orb = ORB_IDAW_FORMAT2,
		.ccws = { { 0x01, CCW_IDA, 16, LIST } },
		.lists = { IDAWS2(LIST, 2, DATA + 0xff8, DATA2) },
		.steps = { STEP_TAKES(0x01, 16) },
		.data = { { DATA + 0xff8, 8, 0 }, { DATA2, 8, 8 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "program-controlled interruption",
		.format0 = true,
		.ccws = { { 0x02, CCW_PCI, 8, DATA } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
		.told = { .pci = 1 },
	}, {
		.name = "suspend flag without suspend control in the ORB",
		.format0 = true,
		.ccws = { { 0x02, CCW_SUSPEND, 8, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	},

	/* The channel-program address has 24 bits as well. */
	{
		.name = "bit 7 of the channel-program address not zero",
		.format0 = true,
		.cpa = 0x01000000 | PROG,
		.ccws = { { 0x03, 0, 1, DATA } },
		.end = { 0x01000000 | AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "bit 1 of the channel-program address not zero",
		.format0 = true,
		.cpa = 0x40000000 | PROG,
		.ccws = { { 0x03, 0, 1, DATA } },
		.end = { 0x40000000 | AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "program address not on a doubleword boundary",
		.format0 = true,
		.base = CCW(0) + 4,
		.ccws = { { 0x03, 0, 1, DATA } },
		.end = { ANY, 0, PROGRAM_CHECK, ANY },
	},

	/*
	 * "Transfer in Channel": everything except bits 4-7 and the address is
	 * ignored.
	 */
	{
		.name = "TIC leads to the next command",
		.format0 = true,
		.ccws = {
			FIRST_READ,
			{ 0x08, 0, 0, CCW(3) },
			{ 0x02, 0, 1, DATA3 },
			{ 0x04, 0, 7, DATA2 },
		},
		.steps = { FIRST_STEP, STEP_GIVES(0x04, 7) },
		.data = { FIRST_DATA, { DATA2, 7, 8 } },
		.end = { AFTER(3), CE_DE, 0, 0 },
	}, {
		.name = "bits 0-3 of a TIC are ignored",
		.format0 = true,
		.ccws = {
			FIRST_READ,
			{ 0xf8, 0, 0, CCW(3) },
			{ 0x02, 0, 1, DATA3 },
			{ 0x04, 0, 7, DATA2 },
		},
		.steps = { FIRST_STEP, STEP_GIVES(0x04, 7) },
		.data = { FIRST_DATA, { DATA2, 7, 8 } },
		.end = { AFTER(3), CE_DE, 0, 0 },
	}, {
		.name = "flags and count of a TIC are ignored",
		.format0 = true,
		.ccws = {
			FIRST_READ,
			{ 0x08, 0xff, 0xffff, CCW(3) },
			{ 0x02, 0, 1, DATA3 },
			{ 0x04, 0, 7, DATA2 },
		},
		.steps = { FIRST_STEP, STEP_GIVES(0x04, 7) },
		.data = { FIRST_DATA, { DATA2, 7, 8 } },
		.end = { AFTER(3), CE_DE, 0, 0 },
	}, {
		.name = "x8 in a data-chained CCW is a TIC",
		.format0 = true,
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x28, CCW_PCI, 3, CCW(3) },
			{ 0x02, 0, 1, DATA3 },
			{ 0x00, 0, 7, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 15) },
		.data = { FIRST_DATA, { DATA2, 7, 8 } },
		.end = { AFTER(3), CE_DE, 0, 0 },
	}, {
		.name = "x8 as the first CCW is a TIC there",
		.format0 = true,
		.ccws = { { 0x38, 0, 1, CCW(1) }, { 0x03, 0, 1, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC to a TIC",
		.format0 = true,
		.ccws = {
			FIRST_READ,
			{ 0x08, 0, 0, CCW(2) },
			{ 0x58, 0, 1, CCW(3) },
			{ 0x03, 0, 1, DATA },
		},
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(2), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC to an address not on a doubleword boundary",
		.format0 = true,
		.ccws = { FIRST_READ, { 0x08, 0, 0, CCW(2) + 1 } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "TIC to where there is no storage",
		.format0 = true,
		.ccws = { FIRST_READ, { 0x08, 0, 0, FAKE_STORAGE } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	},

	/*
	 * "Invalid Count": unlike in format 1, a count of zero is always
	 * invalid.
	 */
	{
		.name = "count zero",
		.format0 = true,
		.ccws = { { 0x02, 0, 0, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "count zero of what would be an immediate operation",
		.format0 = true,
		.ccws = { { 0x03, CCW_SLI, 0, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "count zero in a chained CCW",
		.format0 = true,
		.ccws = { FIRST_READ, { 0x02, 0, 0, DATA2 } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "count zero in a data-chained CCW",
		.format0 = true,
		.ccws = { { 0x02, CCW_CD, 8, DATA }, { 0x02, 0, 0, DATA2 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(1), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "command code x0",
		.format0 = true,
		.ccws = { { 0x40, 0, 1, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	},

	/* "Incorrect Length": it is not indicated for immediate operations. */
	{
		.name = "an immediate operation has no incorrect length",
		.format0 = true,
		.ccws = { { 0x03, 0, 1, DATA } },
		.steps = { STEP_IMMEDIATE(0x03) },
		.end = { AFTER(0), CE_DE, 0, 1 },
	}, {
		.name = "an immediate operation chains a command",
		.format0 = true,
		.ccws = { { 0x03, CCW_CC, 1, DATA }, { 0x02, 0, 8, DATA } },
		.steps = { STEP_IMMEDIATE(0x03), FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), CE_DE, 0, 0 },
	}, {
		.name = "an immediate operation ends where data are chained",
		.format0 = true,
		.ccws = { { 0x03, CCW_CD, 1, DATA }, { 0x02, 0, 8, DATA } },
		.steps = { STEP_IMMEDIATE(0x03) },
		.end = { AFTER(0), CE_DE, 0, 1 },
	}, {
		.name = "any other operation has one",
		.format0 = true,
		.ccws = { { 0x02, CCW_CC, 16, DATA }, { 0x03, 0, 1, DATA } },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, CSTAT_INCORRECT_LENGTH, 8 },
	}, {
		.name = "incorrect-length suppression is for immediate ones only",
		.format0 = true,
		.orb = ORB_ILS,
		.ccws = { { 0x02, 0, 16, DATA } },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, CSTAT_INCORRECT_LENGTH, 8 },
	},
};

KUNIT_ARRAY_PARAM_DESC(format0, format0_cases, name);

/*
 * Addresses have 24 bits: neither CCWs nor data go on at 16 MiB, or at 0 again.
 */
#define MIB16		0x1000000u

static void put_high_ccw(struct chanprog_bench *bench, u32 addr, u8 cmd,
			 u8 flags)
{
	const struct css_ccw0 ccw = {
		.cmd = cmd,
		.flags = flags,
		.count = cpu_to_be16(1),
	};

	fake_put(&bench->guest, addr, &ccw, sizeof(ccw));
}

static void format0_data_at_16mib_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.format0 = true,
		.ccws = { { 0x02, 0, 16, MIB16 - 8 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);
	u8 *end = fake_at(&bench->guest, MIB16 - 8, 16) + 8;

	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, PROGRAM_CHECK);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.count, 8);
	KUNIT_EXPECT_MEMEQ(test, end - 8, bench->fake->stream, 8);
	KUNIT_EXPECT_EQ(test, end[0], fake_background(MIB16));
	KUNIT_EXPECT_EQ(test, bench->guest.storage[0], fake_background(0));
}

/* An IDAW has 31 bits even if its CCW has format 0. */
static void format0_idaw_at_16mib_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.format0 = true,
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, MIB16 - 8, MIB16) },
		.steps = { STEP_GIVES(0x02, 16) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);

	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
	KUNIT_EXPECT_MEMEQ(test, fake_at(&bench->guest, MIB16 - 8, 16),
			   bench->fake->stream, 16);
}

/* But the list of IDAWs of a format-0 CCW can't go on at 16 MiB. */
static void format0_list_at_16mib_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.format0 = true,
		.ccws = { { 0x02, CCW_IDA, 16, MIB16 - 4 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
	};
	const __be32 idaws[] = {
		cpu_to_be32(DATA + 0x7f8), cpu_to_be32(DATA2),
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);

	fake_put(&bench->guest, MIB16 - 4, idaws, sizeof(idaws));
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, PROGRAM_CHECK);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.count, 8);
}

static void format0_ccw_at_16mib_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.format0 = true,
		.cpa = MIB16 - 8,
		.steps = { STEP_IMMEDIATE(0x03) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);

	put_high_ccw(bench, MIB16 - 8, 0x03, CCW_CC);
	put_high_ccw(bench, MIB16, 0x03, 0);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 1);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, MIB16 + 8);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, PROGRAM_CHECK);
}

/* The last CCW below 16 MiB is executed like any other. */
static void format0_last_ccw_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.format0 = true,
		.cpa = MIB16 - 8,
		.steps = { STEP_IMMEDIATE(0x03) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);

	put_high_ccw(bench, MIB16 - 8, 0x03, 0);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 1);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, MIB16);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
}

static struct kunit_case format0_test_cases[] = {
	KUNIT_CASE_PARAM(chanprog_on_vcpu, format0_gen_params),
	KUNIT_CASE_PARAM(chanprog_on_worker, format0_gen_params),
	KUNIT_CASE_PARAM(chanprog_deferred, format0_gen_params),
	KUNIT_CASE_PARAM(chanprog_bytewise, format0_gen_params),
	KUNIT_CASE_PARAM(chanprog_prefetched, format0_gen_params),
	KUNIT_CASE_PARAM(chanprog_completed, format0_gen_params),
	KUNIT_CASE_PARAM(chanprog_translated, format0_gen_params),
	KUNIT_CASE(format0_data_at_16mib_test),
	KUNIT_CASE(format0_idaw_at_16mib_test),
	KUNIT_CASE(format0_list_at_16mib_test),
	KUNIT_CASE(format0_ccw_at_16mib_test),
	KUNIT_CASE(format0_last_ccw_test),
	{}
};

static struct kunit_suite format0_suite = {
	.name = "kvm_css_chanprog_format0",
	.test_cases = format0_test_cases,
};

kunit_test_suite(format0_suite);
