// SPDX-License-Identifier: GPL-2.0
/*
 * Which storage a channel program may access.  The ORB's key: Principles of
 * Operation chapter 16, "Protection Check", with chapter 3, "Key-Controlled
 * Protection".  Address-limit checking: chapter 15, and SET ADDRESS LIMIT of
 * chapter 14.  Each row is run as chanprog_test.c says.
 */
#include <kunit/test.h>

#include "chanprog_case.h"

#define PROTECTION	CSTAT_PROTECTION_CHECK

/* The key of the program, and the keys of pages */
#define KEY5		(5u << ORB_KEY_SHIFT)
#define MATCHES		0x50
#define MATCHES_FETCH	(MATCHES | FAKE_KEY_FETCH)
#define OTHER		0x60
#define OTHER_FETCH	(OTHER | FAKE_KEY_FETCH)

/* The residual count after a check is unpredictable, so it is ANY. */
static const struct chanprog_case key_cases[] = {
	{
		.name = "key of the ORB matches that of storage",
		.orb = KEY5,
		.keys = { { PROG, MATCHES_FETCH }, { DATA, MATCHES_FETCH } },
		.ccws = { { 0x02, 0, 8, DATA } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "key 0 may access all storage",
		.keys = { { PROG, OTHER_FETCH }, { DATA, OTHER_FETCH },
			  { LIST, OTHER_FETCH } },
		.ccws = { { 0x02, CCW_IDA, 8, LIST } },
		.lists = { IDAWS1(LIST, 1, DATA) },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "read to storage with another key",
		.orb = KEY5,
		.keys = { { DATA, OTHER } },
		.ccws = { { 0x02, CCW_CC, 8, DATA }, { 0x03, 0, 0, 0 } },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROTECTION, ANY },
	}, {
		.name = "read to storage with key 0",
		.orb = KEY5,
		.ccws = { { 0x02, 0, 8, DATA } },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROTECTION, ANY },
	}, {
		.name = "read runs into storage with another key",
		.orb = KEY5,
		.keys = { { DATA, MATCHES }, { DATA + 0x1000, OTHER } },
		.ccws = { { 0x02, 0, 16, DATA + 0xff8 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA + 0xff8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROTECTION, 8 },
	}, {
		.name = "read backward runs into storage with another key",
		.orb = KEY5,
		.keys = { { DATA, OTHER }, { DATA + 0x1000, MATCHES } },
		.ccws = { { 0x0c, 0, 16, DATA + 0x1007 } },
		.steps = { STEP_GIVES_LEFT(0x0c, 16, 8) },
		.data = { { DATA + 0x1007, 8, 0, true } },
		.end = { AFTER(0), CE_DE, PROTECTION, 8 },
	}, {
		.name = "write from storage with another key",
		.orb = KEY5,
		.keys = { { DATA, OTHER } },
		.ccws = { { 0x01, 0, 8, DATA } },
		.steps = { STEP_TAKES(0x01, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "write from storage with another key and fetch protection",
		.orb = KEY5,
		.keys = { { DATA, OTHER_FETCH } },
		.ccws = { { 0x01, 0, 8, DATA } },
		.steps = { STEP_TAKES_LEFT(0x01, 8, 8) },
		.end = { AFTER(0), CE_DE, PROTECTION, ANY },
	}, {
		.name = "skipping needs no key",
		.orb = KEY5,
		.keys = { { DATA, OTHER_FETCH } },
		.ccws = { { 0x02, CCW_SKIP, 8, DATA } },
		.steps = { FIRST_STEP },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "suppress length indication hides no protection check",
		.orb = KEY5,
		.keys = { { DATA, OTHER } },
		.ccws = { { 0x02, CCW_SLI, 8, DATA } },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROTECTION, ANY },
	},

	/* CCWs */
	{
		.name = "CCWs in storage with another key",
		.orb = KEY5,
		.keys = { { PROG, OTHER }, { DATA, MATCHES } },
		.ccws = { { 0x02, 0, 8, DATA } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "first CCW fetch-protected",
		.orb = KEY5,
		.keys = { { PROG, OTHER_FETCH } },
		.ccws = { { 0x03, 0, 0, 0 } },
		.end = { AFTER(0), 0, PROTECTION, ANY },
	}, {
		.name = "TIC leads to a CCW that is fetch-protected",
		.orb = KEY5,
		.keys = { { DATA, MATCHES }, { DATA2, OTHER_FETCH } },
		.ccws = { FIRST_READ, { 0x08, 0, 0, DATA2 } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROTECTION, ANY },
	}, {
		.name = "command chaining runs into fetch protection",
		.orb = KEY5,
		.base = DATA2 - 8,
		.keys = { { DATA, MATCHES }, { DATA2, OTHER_FETCH } },
		.ccws = { FIRST_READ, { 0x03, 0, 0, 0 } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { DATA2 + 8, 0, PROTECTION, ANY },
	}, {
		.name = "data chaining runs into fetch protection",
		.orb = KEY5,
		.base = DATA2 - 8,
		.keys = { { DATA, MATCHES }, { DATA2, OTHER_FETCH } },
		.ccws = { { 0x02, CCW_CD, 8, DATA }, { 0x02, 0, 8, DATA } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { FIRST_DATA },
		.end = { DATA2 + 8, CE_DE, PROTECTION, ANY },
	},

	/* IDAWs and MIDAWs */
	{
		.name = "IDAWs in storage with another key",
		.orb = KEY5,
		.keys = { { LIST, OTHER }, { DATA, MATCHES } },
		.ccws = { { 0x02, CCW_IDA, 8, LIST } },
		.lists = { IDAWS1(LIST, 1, DATA) },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "IDAWs fetch-protected",
		.orb = KEY5,
		.keys = { { LIST, OTHER_FETCH }, { DATA, MATCHES } },
		.ccws = { { 0x02, CCW_IDA, 8, LIST } },
		.lists = { IDAWS1(LIST, 1, DATA) },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROTECTION, ANY },
	}, {
		.name = "list of IDAWs runs into fetch protection",
		.orb = KEY5,
		.keys = { { LIST + 0x1000, OTHER_FETCH } },
		.ccws = { { 0x01, CCW_IDA, 16, LIST + 0xffc } },
		.lists = { IDAWS1(LIST + 0xffc, 2, DATA + 0x7f8, DATA2) },
		.steps = { STEP_TAKES_LEFT(0x01, 16, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROTECTION, ANY },
	}, {
		.name = "IDAW designates storage with another key",
		.orb = KEY5,
		.keys = { { DATA, MATCHES }, { DATA2, OTHER } },
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, DATA + 0x7f8, DATA2) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { DATA + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROTECTION, ANY },
	}, {
		.name = "MIDAWs fetch-protected",
		.orb = KEY5 | ORB_MIDAW,
		.keys = { { LIST, OTHER_FETCH } },
		.ccws = { { 0x01, CCW_MIDA, 8, LIST } },
		.lists = { MIDAWS(LIST, 1, MIDAW(MIDAW_LAST, 8), DATA) },
		.steps = { STEP_TAKES_LEFT(0x01, 8, 8) },
		.end = { AFTER(0), CE_DE, PROTECTION, ANY },
	}, {
		.name = "MIDAW designates storage with another key",
		.orb = KEY5 | ORB_MIDAW,
		.keys = { { DATA, OTHER } },
		.ccws = { { 0x02, CCW_MIDA, 8, LIST } },
		.lists = { MIDAWS(LIST, 1, MIDAW(MIDAW_LAST, 8), DATA) },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROTECTION, ANY },
	},
};

KUNIT_ARRAY_PARAM_DESC(key, key_cases, name);

#define LIMIT		0x10000u
#define AT_LEAST	{ PMCW_LIMIT_LOW, LIMIT }
#define BELOW		{ PMCW_LIMIT_HIGH, LIMIT }
#define A		ORB_ADDRESS_LIMIT

static const struct chanprog_case limit_cases[] = {
	{
		.name = "limit without the control in the ORB",
		.limit = AT_LEAST,
		.ccws = { { 0x02, 0, 8, DATA } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "control in the ORB without a limit mode",
		.orb = A,
		.limit = { 0, LIMIT },
		.ccws = { { 0x02, 0, 8, DATA } },
		.steps = { FIRST_STEP },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "data at the limit or above",
		.orb = A,
		.limit = AT_LEAST,
		.ccws = { { 0x02, 0, 16, LIMIT } },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { { LIMIT, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "data below the limit, and above it they should be",
		.orb = A,
		.limit = AT_LEAST,
		.ccws = { { 0x02, CCW_CC, 16, LIMIT - 16 },
			  { 0x03, 0, 0, 0 } },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 16) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "data below the limit",
		.orb = A,
		.limit = BELOW,
		.ccws = { { 0x01, 0, 16, LIMIT - 16 } },
		.steps = { STEP_TAKES(0x01, 16) },
		.data = { { LIMIT - 16, 16, 0 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "data run into the limit",
		.orb = A,
		.limit = BELOW,
		.ccws = { { 0x01, 0, 16, LIMIT - 8 } },
		.steps = { STEP_TAKES_LEFT(0x01, 16, 8) },
		.data = { { LIMIT - 8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, 8 },
	}, {
		.name = "data run into the limit, backward",
		.orb = A,
		.limit = AT_LEAST,
		.ccws = { { 0x0c, 0, 16, LIMIT + 7 } },
		.steps = { STEP_GIVES_LEFT(0x0c, 16, 8) },
		.data = { { LIMIT + 7, 8, 0, true } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, 8 },
	}, {
		.name = "CCWs and IDAWs are not data",
		.orb = A,
		.limit = AT_LEAST,
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, LIMIT + 0x7f8, LIMIT) },
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { { LIMIT + 0x7f8, 8, 0 }, { LIMIT, 8, 8 } },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "what IDAWs designate is",
		.orb = A,
		.limit = AT_LEAST,
		.ccws = { { 0x02, CCW_IDA, 16, LIST } },
		.lists = { IDAWS1(LIST, 2, LIMIT + 0x7f8, DATA) },
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { { LIMIT + 0x7f8, 8, 0 } },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "limit 0: nothing is below it",
		.orb = A,
		.limit = { PMCW_LIMIT_HIGH, 0 },
		.ccws = { { 0x02, 0, 8, 0 } },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "skipping accesses nothing",
		.orb = A,
		.limit = AT_LEAST,
		.ccws = { { 0x02, CCW_SKIP, 8, DATA } },
		.steps = { FIRST_STEP },
		.end = { AFTER(0), CE_DE, 0, 0 },
	},
};

KUNIT_ARRAY_PARAM_DESC(limit, limit_cases, name);

static struct kunit_case key_test_cases[] = {
	KUNIT_CASE_PARAM(chanprog_on_vcpu, key_gen_params),
	KUNIT_CASE_PARAM(chanprog_on_worker, key_gen_params),
	KUNIT_CASE_PARAM(chanprog_deferred, key_gen_params),
	KUNIT_CASE_PARAM(chanprog_bytewise, key_gen_params),
	KUNIT_CASE_PARAM(chanprog_prefetched, key_gen_params),
	KUNIT_CASE_PARAM(chanprog_completed, key_gen_params),
	KUNIT_CASE_PARAM(chanprog_translated, key_gen_params),
	KUNIT_CASE_PARAM(chanprog_on_vcpu, limit_gen_params),
	KUNIT_CASE_PARAM(chanprog_on_worker, limit_gen_params),
	KUNIT_CASE_PARAM(chanprog_deferred, limit_gen_params),
	KUNIT_CASE_PARAM(chanprog_bytewise, limit_gen_params),
	KUNIT_CASE_PARAM(chanprog_prefetched, limit_gen_params),
	KUNIT_CASE_PARAM(chanprog_completed, limit_gen_params),
	KUNIT_CASE_PARAM(chanprog_translated, limit_gen_params),
	{}
};

static struct kunit_suite key_suite = {
	.name = "kvm_css_chanprog_key",
	.test_cases = key_test_cases,
};

kunit_test_suite(key_suite);
