// SPDX-License-Identifier: GPL-2.0
/*
 * Translations of channel programs: their bounds, what they own, and what the host
 * gets.  "Bounds" and "A program is translated one to one" in
 * Documentation/passthrough.rst.
 *
 * That a translation does what the program does is tested elsewhere: the rows of all
 * tables for channel programs are run translated, too (chanprog_translated()), and
 * random programs in program_property_test.c.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/command.h>

#include "fake_host_memory.h"
#include "program_case.h"
#include "short_names.h"

/* Bounds */

/* Fill storage with CCWs that chain commands, the last of which doesn't. */
static void put_many(struct program_bench *bench, u32 nr, u64 ccw)
{
	u32 i;

	for (i = 0; i < nr; i++)
		pb_put(bench, PROG + i * CCW_SIZE, i + 1 < nr ? ccw :
		       ccw & ~((u64)CC << 48));
}

static void program_ccws_test(struct kunit *test)
{
	/* One more is behind the end, where a status modifier might lead. */
	static const u32 most = PROGRAM_CCWS - 1;
	struct program_bench *bench = pb_create(test, ORB_PREFETCH, NULL, 0);
	struct host_program *program;

	put_many(bench, most, WORD(0x02, CC, 1, AREA));
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_OK);
	host_program_free(program, false);
	put_many(bench, most + 1, WORD(0x02, CC, 1, AREA));
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_CANNOT);
	KUNIT_EXPECT_EQ(test, bench->guest.pin_calls, 1);
	pb_expect_freed(test, bench);
}

/* 16 pages each: 256 CCWs have 16 MiB, and no page is pinned for one more. */
static void program_pages_test(struct kunit *test)
{
	struct program_bench *bench = pb_create(test, ORB_PREFETCH, NULL, 0);
	struct host_program *program;

	put_many(bench, 256, WORD(0x02, CC, 0xf001, 0x8fff));
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_OK);
	KUNIT_EXPECT_EQ(test, bench->guest.pinned, PROGRAM_PAGES);
	host_program_free(program, false);
	put_many(bench, 257, WORD(0x02, CC, 0xf001, 0x8fff));
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_CANNOT);
	KUNIT_EXPECT_EQ(test, bench->guest.pin_calls, 1);
	pb_expect_freed(test, bench);
}

/* As dense as can be: 2047 CCWs of 64 KiB each end at the bound at once. */
static void program_dense_test(struct kunit *test)
{
	struct program_bench *bench = pb_create(test, ORB_PREFETCH, NULL, 0);
	struct host_program *program;
	u64 began = ktime_get_ns();

	put_many(bench, PROGRAM_CCWS - 1, WORD(0x02, CC, 0xffff, 0x8000));
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_CANNOT);
	KUNIT_EXPECT_EQ(test, bench->guest.pin_calls, 0);
	kunit_info(test, "%llu us for a program that is too large\n",
		   (ktime_get_ns() - began) / 1000);
	began = ktime_get_ns();
	put_many(bench, PROGRAM_CCWS - 1, WORD(0x02, CC, 0x1000, 0x8800));
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_OK);
	kunit_info(test, "%llu us for 2047 CCWs and 4094 pages\n",
		   (ktime_get_ns() - began) / 1000);
	host_program_free(program, false);
	pb_expect_freed(test, bench);
}

/* 64 KiB that are skipped have 32 areas in 2K blocks, and no pages. */
static void program_areas_test(struct kunit *test)
{
	static const u32 most = PROGRAM_AREAS / 32;
	struct program_bench *bench = pb_create(test, ORB_PREFETCH |
						   ORB_IDAW_FORMAT2 | ORB_IDAW_2K,
						   NULL, 0);
	struct host_program *program;

	put_many(bench, most, WORD(0x02, CC | CCW_SKIP, 0xffff, 0x8000));
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_OK);
	host_program_free(program, false);
	put_many(bench, most + 1, WORD(0x02, CC | CCW_SKIP, 0xffff, 0x8000));
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_CANNOT);
	KUNIT_EXPECT_EQ(test, bench->guest.pin_calls, 0);
	pb_expect_freed(test, bench);
}

/* What may go wrong, and at which allocation */
static void program_failures_test(struct kunit *test)
{
	static const u64 ccws[] = { WORD(0x02, CC, 8, AREA), WORD(0x01, 0, 8, AREA) };
	static const struct {
		enum guest_pinned pinned;
		enum host_program_result result;
	} rows[] = {
		{ GUEST_PIN_SIGNAL, HOST_PROGRAM_RETRY },
		{ GUEST_PIN_NO_MEMORY, HOST_PROGRAM_RETRY },
		{ GUEST_PIN_LIMIT, HOST_PROGRAM_CANNOT },
		{ GUEST_PIN_GONE, HOST_PROGRAM_GONE },
	};
	struct program_bench *bench = pb_create(test, ORB_PREFETCH, ccws, 2);
	struct host_program *program;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		bench->guest.pin_fails = rows[i].pinned;
		KUNIT_EXPECT_EQ(test, pb_make(bench, &program), rows[i].result);
		pb_expect_freed(test, bench);
	}
	bench->guest.pin_fails = GUEST_PINNED;
	fake_host_memory_good = 0;
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_RETRY);
	fake_host_memory_good = -1;
	pb_expect_freed(test, bench);
	bench->guest.protected = true;
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_GONE);
	pb_expect_freed(test, bench);
}

/* What a device keeps */

/* Translate and free, without any memory but what is kept, which is kept again. */
static void expect_nothing_allocated(struct kunit *test,
				     struct program_bench *bench)
{
	const struct host_program_spare *spare = bench->source.spare;
	const struct host_program_spare before = *spare;
	struct host_program *program;

	KUNIT_EXPECT_NOT_NULL(test, before.scratch);
	KUNIT_EXPECT_NOT_NULL(test, before.program);

	bench->guest.no_memory = true;
	fake_host_memory_good = 0;
	KUNIT_EXPECT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_OK);
	bench->guest.no_memory = false;
	fake_host_memory_good = -1;
	host_program_free(program, false);
	KUNIT_EXPECT_PTR_EQ(test, spare->scratch, before.scratch);
	KUNIT_EXPECT_PTR_EQ(test, spare->program, before.program);
}

/* One program is kept, but not more memory than a page. */
static void program_spare_test(struct kunit *test)
{
	/* One more is behind the end, where a status modifier might lead. */
	static const u32 few = PROGRAM_FEW - 1;
	struct program_bench *bench = pb_create(test, ORB_PREFETCH, NULL, 0);
	struct host_program *one, *other, *next;
	struct host_program_spare spare = {};

	bench->source.spare = &spare;
	put_many(bench, few, WORD(0x02, CC, 1, AREA));
	KUNIT_ASSERT_EQ(test, pb_make(bench, &one), HOST_PROGRAM_OK);
	KUNIT_ASSERT_EQ(test, pb_make(bench, &other), HOST_PROGRAM_OK);
	KUNIT_EXPECT_PTR_NE(test, one, other);
	host_program_free(one, false);
	KUNIT_ASSERT_EQ(test, pb_make(bench, &next), HOST_PROGRAM_OK);
	KUNIT_EXPECT_PTR_EQ(test, next, one);
	host_program_free(next, false);
	host_program_free(other, false);
	KUNIT_EXPECT_EQ(test, fake_host_memory_used(), 1);
	expect_nothing_allocated(test, bench);

	put_many(bench, 256, WORD(0x02, CC, 0xf001, 0x8fff));
	KUNIT_EXPECT_EQ(test, pb_make(bench, &next), HOST_PROGRAM_OK);
	host_program_free(next, false);
	KUNIT_EXPECT_EQ(test, fake_host_memory_used(), 0);
	put_many(bench, few, WORD(0x02, CC, 1, AREA));
	KUNIT_EXPECT_EQ(test, pb_make(bench, &next), HOST_PROGRAM_OK);
	host_program_free(next, false);
	expect_nothing_allocated(test, bench);
	host_program_spare_free(&spare);
	pb_expect_freed(test, bench);
}

/* Addresses */

static void program_storage_test(struct kunit *test)
{
	static const u64 ccws[] = {
		WORD(0x02, CC, 8, AREA + 0x10), WORD(0x02, CCW_IDA, 0x900, 0x2000),
	};
	struct program_bench *bench = pb_create(test, ORB_PREFETCH, ccws, 2);
	struct host_program *program;
	struct guest_page *page;
	u64 guest;

	pb_put(bench, 0x2000, (u64)OTHER << 32 | (OTHER + 0x800));
	KUNIT_ASSERT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_OK);
	page = &program->pages[0];
	KUNIT_EXPECT_TRUE(test, host_program_storage(program, page->addr + 0x10,
						     &guest));
	KUNIT_EXPECT_EQ(test, guest, AREA + 0x10);
	KUNIT_EXPECT_TRUE(test, host_program_storage(program,
						     program->first + 8, &guest));
	KUNIT_EXPECT_EQ(test, guest, PROG + 8);
	KUNIT_EXPECT_TRUE(test, host_program_storage(program,
						     program->ccws[1].list + 8,
						     &guest));
	KUNIT_EXPECT_EQ(test, guest, 0x2004);
	KUNIT_EXPECT_FALSE(test, host_program_storage(program, AREA, &guest));
	host_program_free(program, false);
	pb_expect_freed(test, bench);
}

/* What the host gets */

/**
 * struct orb_case - the second word of the host's ORB
 * @name: the rule
 * @guest: flags of the guest's ORB, besides F and its path
 * @first: the first CCW; what is behind it is a NO-OP
 * @host: flags of the host's, besides F, H and the paths
 */
struct orb_case {
	const char *name;
	u32 guest;
	u64 first;
	u32 host;
};

static const struct orb_case orb_cases[] = {
	{ "nothing is added", 0, WORD(0x02, CC, 8, AREA), 0 },
	{ "P is the guest's", ORB_PREFETCH, WORD(0x02, CC, 8, AREA), ORB_PREFETCH },
	{ "the key isn't the host's", 0x50000000, WORD(0x02, CC, 8, AREA), 0 },
	{ "U is zero", ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED,
	  WORD(0x02, CC, 8, AREA), ORB_SUSPEND },
	{ "S is one in parts, and P zero", 0, WORD(0x02, CC | CCW_PCI, 8, AREA),
	  ORB_SUSPEND },
	{ "the limit has been checked", ORB_ADDRESS_LIMIT,
	  WORD(0x02, CC, 8, AREA), 0 },
	{ "Y, M, C, I and L are the guest's",
	  ORB_SYNC | ORB_MODIFICATION | ORB_STREAMING | ORB_INITIAL_STATUS | ORB_ILS,
	  WORD(0x02, CC, 8, AREA),
	  ORB_SYNC | ORB_MODIFICATION | ORB_STREAMING | ORB_INITIAL_STATUS | ORB_ILS },
	{ "2K blocks", ORB_IDAW_FORMAT2 | ORB_IDAW_2K, WORD(0x02, CC, 8, AREA),
	  ORB_IDAW_2K },
	{ "D without MIDAWs", ORB_MIDAW, WORD(0x02, CC, 8, AREA), 0 },
};

static void orb_desc(const struct orb_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(orb, orb_cases, orb_desc);

static void program_orb_test(struct kunit *test)
{
	const struct orb_case *c = test->param_value;
	const u64 ccws[] = { c->first, WORD(0x03, CCW_SLI, 1, 0) };
	struct program_bench *bench = pb_create(test, c->guest, ccws, 2);
	const u32 always = ORB_FORMAT | ORB_IDAW_FORMAT2 | ORB_LPM;
	const u32 block = c->guest & ORB_IDAW_FORMAT2 ? 0 : ORB_IDAW_2K;
	struct host_program *program;
	struct css_orb orb;

	KUNIT_ASSERT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_OK);
	host_program_orb(program, &orb);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(orb.flags), c->host | block | always);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(orb.cpa), program->first);
	host_program_free(program, false);
	pb_expect_freed(test, bench);
}

/**
 * struct pin_case - which pages a program needs
 * @name: the rule
 * @ccws: its CCWs; an IDAL at 0x2000 names AREA, 0, and storage that isn't there
 * @pages: how many pages
 */
struct pin_case {
	const char *name;
	u64 ccws[4];
	u32 pages;
};

static const struct pin_case pin_cases[] = {
	{ "data", { WORD(0x02, 0, 8, AREA) }, 1 },
	{ "data in two pages", { WORD(0x01, 0, 0x1001, AREA) }, 2 },
	{ "READ, skipping", { WORD(0x02, CCW_SKIP, 8, AREA) }, 0 },
	{ "READ BACKWARD, skipping", { WORD(0x0c, CCW_SKIP, 8, AREA) }, 0 },
	{ "SENSE, skipping", { WORD(0x04, CCW_SKIP, 8, AREA) }, 0 },
	{ "WRITE doesn't skip", { WORD(0x01, CCW_SKIP, 8, AREA) }, 1 },
	{ "CONTROL doesn't skip", { WORD(0x07, CCW_SKIP, 8, AREA) }, 1 },
	{ "count of zero", { WORD(0x02, CCW_SLI, 0, NOWHERE) }, 0 },
	{ "count of zero with IDAL", { WORD(0x02, CCW_IDA, 0, NOWHERE) }, 0 },
	{ "NO-OP with an address", { WORD(0x03, CCW_SLI, 0xffff, AREA) }, 0 },
	{ "NO-OP with an IDAL", { WORD(0x03, CCW_SLI | CCW_IDA, 8, AREA) }, 0 },
	{ "READ BACKWARD over a page", { WORD(0x0c, 0, 0x11, AREA + 0xf) }, 2 },
	{ "not behind an invalid CCW",
	  { WORD(0x02, CC, 8, AREA), 0, WORD(0x02, 0, 8, OTHER) }, 1 },
	{ "not behind the end",
	  { WORD(0x02, 0, 8, AREA), WORD(0x02, 0, 8, OTHER) }, 1 },
	{ "not what no status modifier leads to",
	  { WORD(0x43, CC, 8, AREA), WORD(0x42, 0, 8, AREA),
	    WORD(0x02, CC, 0xffff, OTHER) }, 2 },
	{ "what a search leads to",
	  { WORD(0x31, CC, 5, AREA), TIC(PROG), WORD(0x06, 0, 8, OTHER) }, 2 },
	{ "not behind an invalid IDAW",
	  { WORD(0x02, CCW_IDA, 0xffff, 0x2000) }, 1 },
};

static void pin_desc(const struct pin_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pin, pin_cases, pin_desc);

static void program_pin_test(struct kunit *test)
{
	const struct pin_case *c = test->param_value;
	struct program_bench *bench = pb_create(test, ORB_PREFETCH, c->ccws,
						   ARRAY_SIZE(c->ccws));
	struct host_program *program;

	pb_put(bench, 0x2000, (u64)AREA << 32 | 0x11);
	KUNIT_ASSERT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_OK);
	KUNIT_EXPECT_EQ(test, program->nr_pages, c->pages);
	KUNIT_EXPECT_EQ(test, bench->guest.pinned, c->pages);
	host_program_free(program, false);
	pb_expect_freed(test, bench);
}

/* What can't be stored into can be fetched, also right behind a READ without data. */
static void program_readonly_test(struct kunit *test)
{
	static const u64 ccws[] = { WORD(0x02, CC | CCW_SLI, 8, AREA),
				    WORD(0x01, 0, 8, AREA) };
	static const struct fake_range range = { AREA, FAKE_PAGE };
	const struct part_step steps[] = { {}, { NULL, 8 } };
	struct program_bench *bench = pb_create(test, ORB_PREFETCH, ccws, 2);

	bench->steps = steps;
	fake_mark(&bench->guest, &range, FAKE_READONLY);
	pb_begin(test, bench);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER),
			CHANPROG_ENDED);
	translated_end(&bench->translated, &bench->cp, CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cstat, 0);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cpa, PROG + 16);
	pb_expect_freed(test, bench);
}

/* Guests that rewrite their program */

/* What the guest stores behind the check counts for nobody. */
static void program_rewritten_test(struct kunit *test)
{
	static const u64 ccws[] = {
		WORD(0x04, CC, 8, AREA), WORD(0x02, CCW_IDA | CC, 8, 0x2000),
		WORD(0x02, 0, 8, AREA + 8),
	};
	const struct part_step steps[] = {
		/* The IDAW, then the next CCW */
		{ pb_data, 8, (u64)0x1f000 << 32, 0x2000 },
		{ pb_data, 8, WORD(0x01, CC, 0xffff, 0), PROG + 16 },
		{ pb_data, 8 },
	};
	struct program_bench *bench = pb_create(test, ORB_PREFETCH, ccws, 3);
	static const u8 cmds[] = { 0x04, 0x02, 0x02, 0 };

	pb_put(bench, 0x2000, (u64)OTHER << 32);
	bench->steps = steps;
	pb_begin(test, bench);
	pb_run_once(test, bench, CHANPROG_ENDED);
	translated_end(&bench->translated, &bench->cp, CHANPROG_ENDED);
	KUNIT_EXPECT_MEMEQ(test, bench->cmds, cmds, sizeof(cmds));
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cstat, 0);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cpa, PROG + 24);
	KUNIT_EXPECT_TRUE(test, bench->guest.stored[OTHER / FAKE_PAGE]);
	KUNIT_EXPECT_FALSE(test, bench->guest.stored[0x1f000 / FAKE_PAGE]);
	pb_expect_freed(test, bench);
}

static struct kunit_case program_cases[] = {
	KUNIT_CASE(program_ccws_test),
	KUNIT_CASE(program_pages_test),
	KUNIT_CASE(program_dense_test),
	KUNIT_CASE(program_failures_test),
	KUNIT_CASE(program_areas_test),
	KUNIT_CASE(program_spare_test),
	KUNIT_CASE(program_storage_test),
	KUNIT_CASE_PARAM(program_orb_test, orb_gen_params),
	KUNIT_CASE_PARAM(program_pin_test, pin_gen_params),
	KUNIT_CASE(program_readonly_test),
	KUNIT_CASE(program_rewritten_test),
	{}
};

static struct kunit_suite program_suite = {
	.name = "kvm_css_program",
	.test_cases = program_cases,
};

kunit_test_suite(program_suite);
