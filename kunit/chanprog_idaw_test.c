// SPDX-License-Identifier: GPL-2.0
/*
 * Indirect data addresses: Principles of Operation chapter 15, "CCW Indirect
 * Data Addressing", and "Program Check" of chapter 16.  Each row is run as
 * chanprog_test.c says.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "chanprog_case.h"

#define FORMAT2		ORB_IDAW_FORMAT2
#define FORMAT2_2K	(ORB_IDAW_FORMAT2 | ORB_IDAW_2K)

/* The residual count after a program check is unpredictable, so it is ANY. */
static const struct chanprog_case idaw_cases[] = {
	/* Format 1: 31 bits, blocks of 2K */
	{
		.name = "read stores where the IDAW says",
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 1, DATA + 5) },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { { DATA + 5, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "write fetches where the IDAW says",
		.ccws = { { 0x01, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 1, DATA + 5) },
		.steps = { STEP_TAKES(0x01, 16) },
		.data = { { DATA + 5, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "IDAWs scatter a read over blocks of 2K",
		.ccws = { { 0x02, CCW_IDA, 0x1000, LIST } },
		.lists = { IDAWS1(LIST, 3, DATA + 0x700, DATA3, DATA2 + 0x800) },
		.steps = { STEP_GIVES(0x02, 0x1000) },
		.data = { { DATA + 0x700, 0x100, 0 }, { DATA3, 0x800, 0x100 },
			  { DATA2 + 0x800, 0x700, 0x900 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "IDAWs gather a write from blocks of 2K",
		.ccws = { { 0x01, CCW_IDA, 0x1000, LIST } },
		.lists = { IDAWS1(LIST, 3, DATA + 0x700, DATA3, DATA2 + 0x800) },
		.steps = { STEP_TAKES(0x01, 0x1000) },
		.data = { { DATA + 0x700, 0x100, 0 }, { DATA3, 0x800, 0x100 },
			  { DATA2 + 0x800, 0x700, 0x900 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "the first IDAW may designate the last byte of a block",
		.ccws = { { 0x02, CCW_IDA, 9, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7ff, DATA2) },
		.steps = { STEP_GIVES(0x02, 9) },
		.data = { { DATA + 0x7ff, 1, 0 }, { DATA2, 8, 1 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "a later IDAW doesn't designate the beginning of a block",
		.ccws = { { 0x02, CCW_IDA | CCW_CC, 16, LIST },
			  { 0x03, 0, 0, 0 } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, DATA2 + 1) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "an IDAW that is not used is not looked at",
		.ccws = { { 0x02, CCW_IDA, 8, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, 0xffffffff) },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "the device ends before the next IDAW is used",
		.ccws = { { 0x02, CCW_IDA | CCW_SLI, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, 0xffffffff) },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, 0, 8 },
	}, {
		.name = "bit 0 of a format-1 IDAW not zero",
		.ccws = { { 0x01, CCW_IDA, 8, LIST } },
		.lists = { IDAWS1(LIST, 1, CCW_CDA_ZERO | DATA) },
		.steps = { STEP_TAKES_LEFT(0x01, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "bit 0 of a later format-1 IDAW not zero",
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, CCW_CDA_ZERO | DATA2) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "2K-IDAW control without format 2 changes nothing",
		.orb = ORB_IDAW_2K,
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, DATA2) },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { { DATA + 0x7f8, 8, 0 }, { DATA2, 8, 8 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	},

	/* The list */
	{
		.name = "list of format-1 IDAWs not on a word boundary",
		.ccws = { { 0x02, CCW_IDA, 8, LIST + 2 } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "list of a data-chained CCW not on a word boundary",
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x02, CCW_IDA, 8, LIST + 1 },
		},
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA, 8, 0 } },
		.end = { AFTER(1), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "list of format-1 IDAWs on any word boundary",
		.ccws = { { 0x02, CCW_IDA, 8, LIST + 4 } },
		.lists = { IDAWS1(LIST + 4, 1, DATA) },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { { DATA, 8, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "a list of IDAWs may cross a page boundary",
		.ccws = { { 0x02, CCW_IDA, 0x810, LIST + 0xff8 } },
		.lists = { IDAWS1(LIST + 0xff8, 3, DATA + 0x7f8, DATA2, DATA3) },
		.steps = { STEP_GIVES(0x02, 0x810) },
		.data = { { DATA + 0x7f8, 8, 0 }, { DATA2, 0x800, 8 },
			  { DATA3, 8, 0x808 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "list where there is no storage",
		.ccws = { { 0x02, CCW_IDA, 8, FAKE_STORAGE } },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "list runs out of storage",
		.ccws = { { 0x02, CCW_IDA, 16, FAKE_STORAGE - 4 } },
		.lists = { IDAWS1(FAKE_STORAGE - 4, 1, DATA + 0x7f8) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "list runs into a hole",
		.hole = { LIST2, 0x1000 },
		.ccws = { { 0x01, CCW_IDA, 16, LIST2 - 4 } },
		.lists = { IDAWS1(LIST2 - 4, 1, DATA + 0x7f8) },
		.steps = { STEP_TAKES_LEFT(0x01, 16, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "list that the host can't provide",
		.broken = { LIST, 0x1000 },
		.ccws = { { 0x02, CCW_IDA, 8, LIST } },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, CSTAT_CHANNEL_CONTROL, ANY },
	}, {
		.name = "no data, no look at the list",
		.hole = { LIST, 0x1000 },
		.ccws = { { 0x03, CCW_IDA, 0, LIST } },
		.steps = { STEP_IMMEDIATE(0x03) },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "an immediate operation doesn't look at the list",
		.hole = { LIST, 0x1000 },
		.ccws = { { 0x03, CCW_IDA | CCW_SLI, 1, LIST } },
		.steps = { STEP_IMMEDIATE(0x03) },
		.end = { AFTER(0), CE_DE, 0, 1 },
	},

	/* The data */
	{
		.name = "IDAW designates no storage",
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, FAKE_STORAGE) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "IDAW designates storage protected against storing",
		.readonly = { DATA2, 0x1000 },
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, DATA2) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, CSTAT_PROTECTION_CHECK, ANY },
	}, {
		.name = "IDAW designates storage that the host can't provide",
		.broken = { DATA2, 0x1000 },
		.ccws = { { 0x01, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, DATA2) },
		.steps = { STEP_TAKES_LEFT(0x01, 16, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, CSTAT_CHANNEL_DATA, ANY },
	}, {
		.name = "incorrect length with IDAWs",
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, DATA2) },
		.steps = { STEP_GIVES(0x02, 12) },
		.data = { { DATA + 0x7f8, 8, 0 }, { DATA2, 4, 8 } },
		.end = { AFTER(0), CE_DE, CSTAT_INCORRECT_LENGTH, 4 },
	}, {
		.name = "a long block with IDAWs",
		.ccws = { { 0x02, CCW_IDA, 8, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA, DATA2) },
		.steps = { STEP_GIVES_LEFT(0x02, 12, 4) },
		.data = { { DATA, 8, 0 } },
		.end = { AFTER(0), CE_DE, CSTAT_INCORRECT_LENGTH, 0 },
	}, {
		.name = "data chaining with and without IDAWs",
		.ccws = {
			{ 0x02, CCW_IDA | CCW_CD, 16, LIST },
			{ 0x02, CCW_CD, 4, DATA2 + 0x10 },
			{ 0x02, CCW_IDA, 4, LIST2 },
		},
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, DATA2),
			   IDAWS1(LIST2, 1, DATA3 + 3) },
		.steps = { STEP_GIVES(0x02, 24) },
		.data = { { DATA + 0x7f8, 8, 0 }, { DATA2, 8, 8 },
			  { DATA2 + 0x10, 4, 16 }, { DATA3 + 3, 4, 20 } },
		.end = { AFTER(2), CE_DE, 0, 0 },
	}, {
		.name = "each command begins its list anew",
		.ccws = {
			{ 0x01, CCW_IDA | CCW_CC, 16, LIST },
			{ 0x02, CCW_IDA, 8, LIST },
		},
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, DATA2) },
		.steps = { STEP_TAKES(0x01, 16), STEP_GIVES(0x02, 8) },
		.data = { { DATA + 0x7f8, 8, 0 }, { DATA2, 8, 8 },
			  { DATA + 0x7f8, 8, 16 } },
		.end = { AFTER(1), CE_DE, 0, 0 },
	},

	/* "Skipping" */
	{
		.name = "skipping stores nothing where the IDAWs say",
		.readonly = { DATA, 0x1000 },
		.ccws = { { 0x02, CCW_IDA | CCW_SKIP, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, FAKE_STORAGE) },
		.steps = { STEP_GIVES(0x02, 16) },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "skipping checks the IDAWs all the same",
		.ccws = { { 0x02, CCW_IDA | CCW_SKIP, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, DATA2 + 4) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	},

	/* Format 2: 64 bits, blocks of 4K or 2K */
	{
		.name = "format-2 IDAWs have blocks of 4K",
		.orb = FORMAT2,
		.ccws = { { 0x02, CCW_IDA, 0x1810, LIST } },
		.lists = { IDAWS2(LIST, 3, DATA + 0x7f8, DATA2, DATA3) },
		.steps = { STEP_GIVES(0x02, 0x1810) },
		.data = { { DATA + 0x7f8, 0x808, 0 }, { DATA2, 0x1000, 0x808 },
			  { DATA3, 8, 0x1808 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "format-2 IDAWs of a write",
		.orb = FORMAT2,
		.ccws = { { 0x01, CCW_IDA, 16, LIST } },
		.lists = { IDAWS2(LIST, 2, DATA + 0xff8, DATA2) },
		.steps = { STEP_TAKES(0x01, 16) },
		.data = { { DATA + 0xff8, 8, 0 }, { DATA2, 8, 8 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "a later format-2 IDAW within a block of 4K",
		.orb = FORMAT2,
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS2(LIST, 2, DATA + 0xff8, DATA2 + 0x800) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA + 0xff8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "format-2 IDAWs with 2K-IDAW control have blocks of 2K",
		.orb = FORMAT2_2K,
		.ccws = { { 0x02, CCW_IDA, 0x810, LIST } },
		.lists = { IDAWS2(LIST, 3, DATA + 0x7f8, DATA2 + 0x800, DATA3) },
		.steps = { STEP_GIVES(0x02, 0x810) },
		.data = { { DATA + 0x7f8, 8, 0 }, { DATA2 + 0x800, 0x800, 8 },
			  { DATA3, 8, 0x808 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "a later format-2 IDAW within a block of 2K",
		.orb = FORMAT2_2K,
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS2(LIST, 2, DATA + 0x7f8, DATA2 + 0x400) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "list of format-2 IDAWs not on a doubleword boundary",
		.orb = FORMAT2,
		.ccws = { { 0x02, CCW_IDA, 8, LIST + 4 } },
		.lists = { IDAWS2(LIST + 4, 1, DATA) },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "format-2 IDAW designates no storage",
		.orb = FORMAT2,
		.ccws = { { 0x02, CCW_IDA, 8, LIST } },
		.lists = { IDAWS2(LIST, 1, 0xfffffffffffff000) },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "format-2 IDAW designates the last byte there could be",
		.orb = FORMAT2,
		.ccws = { { 0x02, CCW_IDA, 8, LIST } },
		.lists = { IDAWS2(LIST, 2, 0xffffffffffffffff, 0) },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	},

	/* "Read Backward" */
	{
		.name = "backward, IDAWs designate the last byte of a block",
		.ccws = { { 0x0c, CCW_IDA, 0x920, LIST } },
		.lists = { IDAWS1(LIST, 3, DATA + 0xff, DATA2 + 0x7ff,
				  DATA3 + 0xfff) },
		.steps = { STEP_GIVES(0x0c, 0x920) },
		.data = { { DATA + 0xff, 0x100, 0, true },
			  { DATA2 + 0x7ff, 0x800, 0x100, true },
			  { DATA3 + 0xfff, 0x20, 0x900, true } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "backward, a later IDAW designates the first byte",
		.ccws = { { 0x0c, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 7, DATA2) },
		.steps = { STEP_GIVES_LEFT(0x0c, 16, 8) },
		.data = { { DATA + 7, 8, 0, true } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "backward, format-2 IDAWs have blocks of 4K",
		.orb = FORMAT2,
		.ccws = { { 0x0c, CCW_IDA, 0x1010, LIST } },
		.lists = { IDAWS2(LIST, 3, DATA + 7, DATA2 + 0xfff,
				  DATA3 + 0xfff) },
		.steps = { STEP_GIVES(0x0c, 0x1010) },
		.data = { { DATA + 7, 8, 0, true },
			  { DATA2 + 0xfff, 0x1000, 8, true },
			  { DATA3 + 0xfff, 8, 0x1008, true } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "backward, a later format-2 IDAW in the middle of 4K",
		.orb = FORMAT2,
		.ccws = { { 0x0c, CCW_IDA, 16, LIST } },
		.lists = { IDAWS2(LIST, 2, DATA + 7, DATA2 + 0x7ff) },
		.steps = { STEP_GIVES_LEFT(0x0c, 16, 8) },
		.data = { { DATA + 7, 8, 0, true } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "backward, the direction is that of the command",
		.ccws = {
			{ 0x0c, CCW_CD, 4, DATA + 3 },
			{ 0x02, CCW_IDA, 8, LIST },
		},
		.lists = { IDAWS1(LIST, 2, DATA2 + 3, DATA3 + 0x7ff) },
		.steps = { STEP_GIVES(0x0c, 12) },
		.data = { { DATA + 3, 4, 0, true }, { DATA2 + 3, 4, 4, true },
			  { DATA3 + 0x7ff, 4, 8, true } },
		.end = { AFTER(1), CE_DE, 0, 0 },
	},
};

KUNIT_ARRAY_PARAM_DESC(idaw, idaw_cases, name);

static struct chanprog_bench *run(struct kunit *test,
				  const struct chanprog_case *c)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, c);
	struct case_told told;

	KUNIT_EXPECT_EQ(test, chanprog_case_end(test, bench, true, &told),
			CHANPROG_ENDED);
	return bench;
}

/* Format-2 IDAWs lead to storage above 4 GiB, which format 1 can't address. */
static void idaw_above_4gib_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.orb = FORMAT2,
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS2(LIST, 2, FAKE_4G + 0xff8, FAKE_4G + 0x1000) },
		.steps = { STEP_GIVES(0x02, 16) },
	};
	struct chanprog_bench *bench = run(test, &c);

	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
	KUNIT_EXPECT_MEMEQ(test, fake_at(&bench->guest, FAKE_4G + 0xff8, 16),
			   bench->fake->stream, 16);
}

/* Format-1 IDAWs reach the last block below 2 GiB. */
static void idaw_below_2gib_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.ccws = { { 0x02, CCW_IDA, 8, LIST } },
		.lists = { IDAWS1(LIST, 1, 0x7ffffff8) },
		.steps = { STEP_GIVES(0x02, 8) },
	};
	struct chanprog_bench *bench = run(test, &c);

	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
	KUNIT_EXPECT_MEMEQ(test, fake_at(&bench->guest, 0x7ffffff8, 8),
			   bench->fake->stream, 8);
}

/* Addresses of IDAWs have 31 bits, like those of CCWs. */
static void idaw_list_at_2gib_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.ccws = { { 0x02, CCW_IDA, 16, 0x7ffffffc } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
	};
	const __be32 idaws[] = {
		cpu_to_be32(DATA + 0x7f8), cpu_to_be32(DATA2),
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);

	fake_put(&bench->guest, 0x7ffffffc, idaws, sizeof(idaws));
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, PROGRAM_CHECK);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.count, 8);
}

static struct kunit_case idaw_test_cases[] = {
	KUNIT_CASE_PARAM(chanprog_on_vcpu, idaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_on_worker, idaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_deferred, idaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_bytewise, idaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_prefetched, idaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_completed, idaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_translated, idaw_gen_params),
	KUNIT_CASE(idaw_above_4gib_test),
	KUNIT_CASE(idaw_below_2gib_test),
	KUNIT_CASE(idaw_list_at_2gib_test),
	{}
};

static struct kunit_suite idaw_suite = {
	.name = "kvm_css_chanprog_idaw",
	.test_cases = idaw_test_cases,
};

kunit_test_suite(idaw_suite);
