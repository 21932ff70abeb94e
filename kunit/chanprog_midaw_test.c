// SPDX-License-Identifier: GPL-2.0
/*
 * Modified indirect data addresses: Principles of Operation chapter 15,
 * "Modified-CCW-Indirect-Data Addressing", and "Program Check" of chapter 16.
 * Each row is run as chanprog_test.c says.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "chanprog_case.h"

#define LAST		MIDAW_LAST
#define SKIP		MIDAW_SKIP
#define INTERRUPT	MIDAW_INTERRUPT

/* A MIDAW for 8 bytes at DATA, in front of the MIDAW that a row is about */
#define EIGHT		MIDAW(0, 8)
#define EIGHT_DATA	{ DATA, 8, 0 }

/* The residual count after a program check is unpredictable, so it is ANY. */
static const struct chanprog_case midaw_cases[] = {
	{
		.name = "read stores where the MIDAW says",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 1, MIDAW(LAST, 16), DATA + 5) },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { { DATA + 5, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "MIDAWs scatter a read over anything",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 0x108, LIST } },
		.lists = { MIDAWS(LIST, 3, MIDAW(0, 3), DATA + 7,
				  MIDAW(0, 1), DATA2 + 0xfff,
				  MIDAW(LAST, 0x104), DATA3 + 0x7ff) },
		.steps = { STEP_GIVES(0x02, 0x108) },
		.data = { { DATA + 7, 3, 0 }, { DATA2 + 0xfff, 1, 3 },
			  { DATA3 + 0x7ff, 0x104, 4 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "MIDAWs gather a write from anything",
		.orb = ORB_MIDAW,
		.ccws = { { 0x01, CCW_MIDA, 0x108, LIST } },
		.lists = { MIDAWS(LIST, 3, MIDAW(0, 3), DATA + 7,
				  MIDAW(0, 1), DATA2 + 0xfff,
				  MIDAW(LAST, 0x104), DATA3 + 0x7ff) },
		.steps = { STEP_TAKES(0x01, 0x108) },
		.data = { { DATA + 7, 3, 0 }, { DATA2 + 0xfff, 1, 3 },
			  { DATA3 + 0x7ff, 0x104, 4 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "a MIDAW may designate a whole page",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 0x1000, LIST } },
		.lists = { MIDAWS(LIST, 1, MIDAW(LAST, 0x1000), DATA) },
		.steps = { STEP_GIVES(0x02, 0x1000) },
		.data = { { DATA, 0x1000, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "MIDAW control doesn't exclude IDAWs in other CCWs",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_IDA, 8, LIST } },
		.lists = { IDAWS1(LIST, 1, DATA) },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "format-0 CCW with MIDAWs",
		.format0 = true,
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 8, LIST } },
		.lists = { MIDAWS(LIST, 1, MIDAW(LAST, 8), DATA) },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "data chaining with and without MIDAWs",
		.orb = ORB_MIDAW,
		.ccws = {
			{ 0x02, CCW_MIDA | CCW_CD, 16, LIST },
			{ 0x02, CCW_CD, 4, DATA2 + 0x10 },
			{ 0x02, CCW_MIDA, 4, LIST + 0x40 },
		},
		.lists = { MIDAWS(LIST, 2, EIGHT, DATA, MIDAW(LAST, 8), DATA2),
			   MIDAWS(LIST + 0x40, 1, MIDAW(LAST, 4), DATA3) },
		.steps = { STEP_GIVES(0x02, 24) },
		.data = { EIGHT_DATA, { DATA2, 8, 8 }, { DATA2 + 0x10, 4, 16 },
			  { DATA3, 4, 20 } },
		.end = { AFTER(2), CE_DE, 0, 0 },
	}, {
		.name = "a short block ends within the list",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 24, LIST } },
		.lists = { MIDAWS(LIST, 2, EIGHT, DATA, MIDAW(0, 8), DATA2) },
		.steps = { STEP_GIVES(0x02, 12) },
		.data = { EIGHT_DATA, { DATA2, 4, 8 } },
		.end = { AFTER(0), CE_DE, CSTAT_INCORRECT_LENGTH, 12 },
	}, {
		.name = "a MIDAW that is not used is not looked at",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA | CCW_SLI, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, EIGHT, DATA, ~0ull, ~0ull) },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, 0, 8 },
	}, {
		.name = "no data, no look at the list",
		.orb = ORB_MIDAW,
		.hole = { LIST, 0x1000 },
		.ccws = { { 0x03, CCW_MIDA, 0, LIST } },
		.steps = { STEP_IMMEDIATE(0x03) },
		.end = { AFTER(0), CE_DE, 0, 0 },
	},

	/* The CCW */
	{
		.name = "MIDA flag without MIDAW control in the ORB",
		.ccws = { { 0x02, CCW_MIDA, 8, LIST } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "format 0, MIDA flag without MIDAW control in the ORB",
		.format0 = true,
		.ccws = { { 0x02, CCW_MIDA, 8, LIST } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "MIDA and IDA flag",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA | CCW_IDA, 8, LIST } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "MIDA and skip flag",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA | CCW_SKIP, 8, LIST } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "MIDA flag in a data-chained CCW without control",
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x02, CCW_MIDA, 8, LIST },
		},
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(1), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "list not on a quadword boundary",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 8, LIST + 8 } },
		.lists = { MIDAWS(LIST + 8, 1, MIDAW(LAST, 8), DATA) },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	},

	/* The list */
	{
		.name = "a list may end where a page ends",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST + 0xfe0 } },
		.lists = { MIDAWS(LIST + 0xfe0, 2, EIGHT, DATA,
				  MIDAW(LAST, 8), DATA2) },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { EIGHT_DATA, { DATA2, 8, 8 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "list crosses a page boundary",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST + 0xff0 } },
		.lists = { MIDAWS(LIST + 0xff0, 2, EIGHT, DATA,
				  MIDAW(LAST, 8), DATA2) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "list where there is no storage",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 8, FAKE_STORAGE } },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "list that the host can't provide",
		.orb = ORB_MIDAW,
		.broken = { LIST, 0x1000 },
		.ccws = { { 0x01, CCW_MIDA, 8, LIST } },
		.steps = { STEP_TAKES_LEFT(0x01, 8, 8) },
		.end = { AFTER(0), CE_DE, CSTAT_CHANNEL_CONTROL, ANY },
	},

	/* The MIDAW */
	{
		.name = "count zero",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 3, EIGHT, DATA, MIDAW(0, 0), DATA2,
				  MIDAW(LAST, 8), DATA3) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "bit 0 not zero",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 8, LIST } },
		.lists = { MIDAWS(LIST, 1, 1ull << 63 | LAST << 16 | 8, DATA) },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "bit 39 not zero",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 8, LIST } },
		.lists = { MIDAWS(LIST, 1, 1ull << 24 | LAST << 16 | 8, DATA) },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "bit 43 not zero",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 8, LIST } },
		.lists = { MIDAWS(LIST, 1, MIDAW(LAST | 0x10, 8), DATA) },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "bit 47 not zero",
		.orb = ORB_MIDAW,
		.ccws = { { 0x01, CCW_MIDA, 8, LIST } },
		.lists = { MIDAWS(LIST, 1, MIDAW(LAST | 0x01, 8), DATA) },
		.steps = { STEP_TAKES_LEFT(0x01, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "counts are more than that of the CCW",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, EIGHT, DATA, MIDAW(LAST, 9), DATA2) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "counts are less than that of the CCW",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, EIGHT, DATA, MIDAW(LAST, 7), DATA2) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "the one that uses up the count is not the last",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, EIGHT, DATA, MIDAW(0, 8), DATA2) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "data cross a page boundary",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, EIGHT, DATA,
				  MIDAW(LAST, 8), DATA2 + 0xff9) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "data may end where a page ends",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 8, LIST } },
		.lists = { MIDAWS(LIST, 1, MIDAW(LAST, 8), DATA + 0xff8) },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { { DATA + 0xff8, 8, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "MIDAW designates no storage",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, EIGHT, DATA,
				  MIDAW(LAST, 8), 0xfffffffffffffff8) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "MIDAW designates storage that the host can't provide",
		.orb = ORB_MIDAW,
		.broken = { DATA2, 0x1000 },
		.ccws = { { 0x02, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, EIGHT, DATA, MIDAW(LAST, 8), DATA2) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, CSTAT_CHANNEL_DATA, ANY },
	},

	/* The skip flag of a MIDAW */
	{
		.name = "skip flag keeps a MIDAW's bytes from being stored",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 24, LIST } },
		.lists = { MIDAWS(LIST, 3, EIGHT, DATA, MIDAW(SKIP, 8), DATA2,
				  MIDAW(LAST, 8), DATA3) },
		.steps = { STEP_GIVES(0x02, 24) },
		.data = { EIGHT_DATA, { DATA3, 8, 16 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "skipped bytes need no storage and no page",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 0x2008, LIST } },
		.lists = { MIDAWS(LIST, 2, MIDAW(SKIP, 0x2000), ~0ull,
				  MIDAW(LAST, 8), DATA3) },
		.steps = { STEP_GIVES(0x02, 0x2008) },
		.data = { { DATA3, 8, 0x2000 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "skip flag has no meaning for a write",
		.orb = ORB_MIDAW,
		.ccws = { { 0x01, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, MIDAW(SKIP, 8), DATA,
				  MIDAW(SKIP | LAST, 8), DATA2) },
		.steps = { STEP_TAKES(0x01, 16) },
		.data = { EIGHT_DATA, { DATA2, 8, 8 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "skip flag of a write, data cross a page boundary",
		.orb = ORB_MIDAW,
		.ccws = { { 0x01, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 1,
				  MIDAW(SKIP | LAST, 16), DATA + 0xff8) },
		.steps = { STEP_TAKES_LEFT(0x01, 16, 16) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	},

	/* The data-transfer-interruption-control flag */
	{
		.name = "interrupt flag, the program ends with this command",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, MIDAW(INTERRUPT, 8), DATA,
				  MIDAW(LAST, 8), DATA2) },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { EIGHT_DATA, { DATA2, 8, 8 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
		.told = { .last = CHANPROG_PCI },
	}, {
		.name = "interrupt flag, the program goes on",
		.orb = ORB_MIDAW,
		.ccws = {
			{ 0x02, CCW_MIDA | CCW_CC, 16, LIST },
			{ 0x03, 0, 0, 0 },
		},
		.lists = { MIDAWS(LIST, 2, MIDAW(INTERRUPT, 8), DATA,
				  MIDAW(LAST | INTERRUPT, 8), DATA2) },
		.steps = { STEP_GIVES(0x02, 16), STEP_IMMEDIATE(0x03) },
		.data = { EIGHT_DATA, { DATA2, 8, 8 } },
		.end = { AFTER(1), CE_DE, 0, 0 },
		.told = { .pci = 1 },
	}, {
		.name = "interrupt flag of a MIDAW that is not used",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA | CCW_SLI, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, EIGHT, DATA,
				  MIDAW(LAST | INTERRUPT, 8), DATA2) },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { EIGHT_DATA },
		.end = { AFTER(0), CE_DE, 0, 8 },
	}, {
		.name = "interrupt flag of a MIDAW that is invalid",
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 8, LIST } },
		.lists = { MIDAWS(LIST, 1, MIDAW(INTERRUPT, 8), DATA) },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	},

	/* "Read Backward" */
	{
		.name = "backward, MIDAWs designate the last byte",
		.orb = ORB_MIDAW,
		.ccws = { { 0x0c, CCW_MIDA, 0x107, LIST } },
		.lists = { MIDAWS(LIST, 2, MIDAW(0, 7), DATA + 6,
				  MIDAW(LAST, 0x100), DATA2 + 0x8ff) },
		.steps = { STEP_GIVES(0x0c, 0x107) },
		.data = { { DATA + 6, 7, 0, true },
			  { DATA2 + 0x8ff, 0x100, 7, true } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "backward, data cross a page boundary",
		.orb = ORB_MIDAW,
		.ccws = { { 0x0c, CCW_MIDA, 8, LIST } },
		.lists = { MIDAWS(LIST, 1, MIDAW(LAST, 8), DATA + 6) },
		.steps = { STEP_GIVES_LEFT(0x0c, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	},
};

KUNIT_ARRAY_PARAM_DESC(midaw, midaw_cases, name);

static void midaw_above_4gib_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 16, LIST } },
		.lists = { MIDAWS(LIST, 2, MIDAW(0, 8), FAKE_4G + 0xff8,
				  MIDAW(LAST, 8), FAKE_4G + 0x1004) },
		.steps = { STEP_GIVES(0x02, 16) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);

	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
	KUNIT_EXPECT_MEMEQ(test, fake_at(&bench->guest, FAKE_4G + 0xff8, 8),
			   bench->fake->stream, 8);
	KUNIT_EXPECT_MEMEQ(test, fake_at(&bench->guest, FAKE_4G + 0x1004, 8),
			   bench->fake->stream + 8, 8);
}

static struct kunit_case midaw_test_cases[] = {
	KUNIT_CASE_PARAM(chanprog_on_vcpu, midaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_on_worker, midaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_deferred, midaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_bytewise, midaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_prefetched, midaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_completed, midaw_gen_params),
	KUNIT_CASE_PARAM(chanprog_translated, midaw_gen_params),
	KUNIT_CASE(midaw_above_4gib_test),
	{}
};

static struct kunit_suite midaw_suite = {
	.name = "kvm_css_chanprog_midaw",
	.test_cases = midaw_test_cases,
};

kunit_test_suite(midaw_suite);
