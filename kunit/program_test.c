// SPDX-License-Identifier: GPL-2.0
/*
 * Translations of channel programs: their bounds, what they own, and programs that change
 * themselves.  "Bounds" and "Programs that change themselves" in
 * Documentation/passthrough.rst.
 *
 * That a translation does what the program does is tested elsewhere: the rows of all
 * tables for channel programs are run translated, too (chanprog_translated()), and
 * random programs in program_property_test.c.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include <kvm_css/command.h>

#include "devices/passthrough/translate.h"

#include "chanprog_case.h"
#include "fake_host_memory.h"
#include "short_names.h"
#include "translated.h"

#define PROG		0x1000u
#define AREA		0x8000u
#define OTHER		0xa000u

/* What the device does in one command: take or give, by the command */
struct part_step {
	const u8 *gives;
	u32 len;
	/* The guest stores this at @at meanwhile. */
	u64 word;
	u32 at;
};

struct program_bench {
	struct css_device dev;
	struct guest guest;
	struct chanprog cp;
	struct translated translated;
	struct host_program_source source;
	const struct part_step *steps;
	u8 cmds[16];
	unsigned int done;
};

static cu_status_t bench_command(struct css_device *dev, struct chanprog *cp,
				 u8 cmd)
{
	struct program_bench *bench = container_of(dev, struct program_bench,
						   dev);
	const struct part_step *step = &bench->steps[bench->done];
	__be64 word = cpu_to_be64(step->word);
	u8 taken[64];

	if (bench->done == ARRAY_SIZE(bench->cmds))
		return CU_STATUS(DSTAT_UNIT_CHECK);
	if (step->gives)
		chanprog_to_guest(cp, step->gives, step->len);
	else if (step->len)
		chanprog_from_guest(cp, taken, step->len);
	if (step->at)
		fake_put(&bench->guest, step->at, &word, sizeof(word));
	bench->cmds[bench->done++] = cmd;
	return CU_STATUS(CE_DE);
}

static const struct cu_ops bench_ops = {
	.name = "parts",
	.command = bench_command,
};

static void put_word(struct program_bench *bench, u32 at, u64 word)
{
	__be64 raw = cpu_to_be64(word);

	fake_put(&bench->guest, at, &raw, sizeof(raw));
}

static struct program_bench *bench_create(struct kunit *test, u32 flags,
					  const u64 *ccws, unsigned int nr)
{
	struct program_bench *bench = kunit_kzalloc(test, sizeof(*bench),
						    GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, bench);
	fake_guest_init(test, &bench->guest);
	bench->dev.ops = &bench_ops;
	bench->cp.guest = &bench->guest;
	bench->cp.dev = &bench->dev;
	bench->source = (struct host_program_source){
		.guest = &bench->guest, .ccw = PROG,
		.orb = {
			.flags = cpu_to_be32(flags | ORB_FORMAT |
					     0x80 << ORB_LPM_SHIFT),
			.cpa = cpu_to_be32(PROG),
		},
	};
	for (i = 0; i < nr; i++)
		put_word(bench, PROG + i * CCW_SIZE, ccws[i]);
	return bench;
}

static void expect_nothing_left(struct kunit *test, struct program_bench *bench)
{
	KUNIT_EXPECT_EQ(test, bench->guest.pinned, 0);
	KUNIT_EXPECT_EQ(test, fake_host_memory_used(), 0);
}

#define WORD(cmd, flags, count, cda) \
	((u64)(cmd) << 56 | (u64)(flags) << 48 | (u64)(count) << 32 | (cda))
#define CC	CCW_CC
#define TIC(to)	WORD(0x08, 0, 0, to)

/* Parts */

static const u8 given_ccws[] = {
	/* READ, 8 bytes to OTHER; TIC to PROG + 0x40 */
	0x02, CC, 0, 8, 0, 0, OTHER >> 8, 0,
	0x08, 0, 0, 0, 0, 0, PROG >> 8, 0x40,
};

static const u8 given_loop[] = {
	/* NOP; TIC to PROG, where the next two CCWs are read */
	0x03, CC | CCW_SLI, 0, 1, 0, 0, 0, 0,
	0x08, 0, 0, 0, 0, 0, PROG >> 8, 0,
};

static const u8 given_end[] = {
	/* NOP, and that's all */
	0x03, CCW_SLI, 0, 1, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
};

static const u8 some_data[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

/**
 * struct part_case - a program that is executed in parts, or can't be
 * @name: the rule
 * @flags: of the ORB
 * @ccws: its CCWs
 * @steps: what the device does
 * @cmds: the commands that it gets
 * @parts: how many translations it takes; 0: there is none
 */
struct part_case {
	const char *name;
	u32 flags;
	u64 ccws[10];
	struct part_step steps[10];
	u8 cmds[8];
	unsigned int parts;
};

static const struct part_case part_cases[] = {
	{
		.name = "a command reads the CCWs behind it",
		.ccws = { WORD(0x02, CC, 16, PROG + 8), 0, 0, 0, 0, 0, 0, 0,
			  WORD(0x04, 0, 8, AREA) },
		.steps = { { given_ccws, 16 }, { some_data, 8 },
			   { some_data, 8 } },
		.cmds = { 0x02, 0x02, 0x04 }, .parts = 2,
	},
	{
		.name = "with P one, the CCWs count as they were",
		.flags = ORB_PREFETCH,
		.ccws = { WORD(0x02, CC, 16, PROG + 8), WORD(0x03, CCW_SLI, 1, 0) },
		.steps = { { given_ccws, 16 }, {} },
		.cmds = { 0x02, 0x03 }, .parts = 1,
	},
	{
		.name = "a command reads an IDAW of the next one",
		.ccws = { WORD(0x02, CC, 4, 0x2004), WORD(0x02, CCW_IDA, 8, 0x2004) },
		.steps = { { (const u8[]){ 0, 0, OTHER >> 8, 0 }, 4 },
			   { some_data, 8 } },
		.cmds = { 0x02, 0x02 }, .parts = 2,
	},
	{
		.name = "a loop that reads what it executes",
		.ccws = { WORD(0x02, CC, 16, PROG + 8), },
		.steps = { { given_loop, 16 }, {}, { given_loop, 16 }, {},
			   { given_end, 16 }, {} },
		.cmds = { 0x02, 0x03, 0x02, 0x03, 0x02, 0x03 }, .parts = 4,
	},
	{
		.name = "PCI, and the guest appends",
		.ccws = { WORD(0x02, CC | CCW_PCI, 8, AREA), WORD(0x03, CCW_SLI, 1, 0) },
		.steps = { { some_data, 8, WORD(0x04, CCW_SLI, 1, AREA), PROG + 8 },
			   { some_data, 1 } },
		.cmds = { 0x02, 0x04 }, .parts = 2,
	},
	{
		.name = "PCI in the last CCW has nothing behind it",
		.ccws = { WORD(0x02, CCW_PCI, 8, AREA) },
		.steps = { { some_data, 8 } },
		.cmds = { 0x02 }, .parts = 1,
	},
	{
		.name = "data that are not the program's",
		.ccws = { WORD(0x02, CC, 8, AREA), WORD(0x02, 0, 8, OTHER) },
		.steps = { { some_data, 8 }, { some_data, 8 } },
		.cmds = { 0x02, 0x02 }, .parts = 1,
	},
	{
		.name = "data chaining goes on into what was read",
		.ccws = { WORD(0x02, CCW_CD, 8, PROG + 8), WORD(0, 0, 8, AREA) },
	},
	{
		.name = "PCI, and data chaining goes on into what is read then",
		.ccws = { WORD(0x02, CCW_CD | CCW_PCI, 8, AREA),
			  WORD(0, CCW_CD, 8, PROG + 16), WORD(0, 0, 8, OTHER) },
	},
	{
		.name = "a command reads its own IDAL",
		.ccws = { WORD(0x02, CCW_IDA, 0x1000, PROG + 16), 0,
			  (u64)PROG << 32 | AREA, },
	},
	{
		.name = "LOCATE would be forgotten by a suspension",
		.ccws = { WORD(0x43, CC, 8, AREA), WORD(0x02, CC, 8, PROG + 16),
			  WORD(0x03, CCW_SLI, 1, 0) },
	},
};

static void part_desc(const struct part_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(part, part_cases, part_desc);

static void run_parts(struct kunit *test, struct program_bench *bench)
{
	enum chanprog_state state;

	do {
		state = chanprog_run(&bench->cp, CHANPROG_ON_WORKER);
		if (state == CHANPROG_INTERMEDIATE)
			chanprog_intermediate(&bench->cp);
	} while (state == CHANPROG_INTERMEDIATE ||
		 (state == CHANPROG_SUSPENDED &&
		  translated_goes_on(&bench->translated, &bench->cp)));
	KUNIT_EXPECT_EQ(test, state, CHANPROG_ENDED);
	translated_end(&bench->translated, &bench->cp, state);
}

static void program_part_test(struct kunit *test)
{
	const struct part_case *c = test->param_value;
	struct program_bench *bench = bench_create(test, c->flags, c->ccws,
						   ARRAY_SIZE(c->ccws));
	bool made;

	bench->steps = c->steps;
	made = translated_begin(&bench->translated, &bench->cp,
				&bench->source.orb, &bench->source.limit);
	KUNIT_EXPECT_EQ(test, made, !!c->parts);
	if (made) {
		run_parts(test, bench);
		KUNIT_EXPECT_EQ(test, bench->translated.parts, c->parts);
		KUNIT_EXPECT_EQ(test, bench->translated.ending.dstat, CE_DE);
		KUNIT_EXPECT_EQ(test, bench->translated.ending.cstat, 0);
		KUNIT_EXPECT_MEMEQ(test, bench->cmds, c->cmds, sizeof(c->cmds));
	} else {
		KUNIT_EXPECT_EQ(test, bench->translated.result,
				HOST_PROGRAM_CANNOT);
		KUNIT_EXPECT_NOT_NULL(test, bench->translated.why);
	}
	expect_nothing_left(test, bench);
}

/* Bounds */

static enum host_program_result make(struct program_bench *bench,
				     struct host_program **program)
{
	const char *why = NULL;

	*program = NULL;
	return host_program_new(&bench->source, program, &why);
}

/* Fill storage with CCWs that chain commands, the last of which doesn't. */
static void put_many(struct program_bench *bench, u32 nr, u64 ccw)
{
	u32 i;

	for (i = 0; i < nr; i++)
		put_word(bench, PROG + i * CCW_SIZE, i + 1 < nr ? ccw :
			 ccw & ~((u64)CC << 48));
}

static void program_ccws_test(struct kunit *test)
{
	/* One more is behind the end, where a status modifier might lead. */
	static const u32 most = PROGRAM_CCWS - 1;
	struct program_bench *bench = bench_create(test, ORB_PREFETCH, NULL, 0);
	struct host_program *program;

	put_many(bench, most, WORD(0x02, CC, 1, AREA));
	KUNIT_EXPECT_EQ(test, make(bench, &program), HOST_PROGRAM_OK);
	host_program_free(program, false);
	put_many(bench, most + 1, WORD(0x02, CC, 1, AREA));
	KUNIT_EXPECT_EQ(test, make(bench, &program), HOST_PROGRAM_CANNOT);
	KUNIT_EXPECT_EQ(test, bench->guest.pin_calls, 1);
	expect_nothing_left(test, bench);
}

/* 16 pages each: 256 CCWs have 16 MiB, and no page is pinned for one more. */
static void program_pages_test(struct kunit *test)
{
	struct program_bench *bench = bench_create(test, ORB_PREFETCH, NULL, 0);
	struct host_program *program;

	put_many(bench, 256, WORD(0x02, CC, 0xf001, 0x8fff));
	KUNIT_EXPECT_EQ(test, make(bench, &program), HOST_PROGRAM_OK);
	KUNIT_EXPECT_EQ(test, bench->guest.pinned, PROGRAM_PAGES);
	host_program_free(program, false);
	put_many(bench, 257, WORD(0x02, CC, 0xf001, 0x8fff));
	KUNIT_EXPECT_EQ(test, make(bench, &program), HOST_PROGRAM_CANNOT);
	KUNIT_EXPECT_EQ(test, bench->guest.pin_calls, 1);
	expect_nothing_left(test, bench);
}

/* As dense as can be: 2047 CCWs of 64 KiB each end at the bound at once. */
static void program_dense_test(struct kunit *test)
{
	struct program_bench *bench = bench_create(test, ORB_PREFETCH, NULL, 0);
	struct host_program *program;
	u64 began = ktime_get_ns();

	put_many(bench, PROGRAM_CCWS - 1, WORD(0x02, CC, 0xffff, 0x8000));
	KUNIT_EXPECT_EQ(test, make(bench, &program), HOST_PROGRAM_CANNOT);
	KUNIT_EXPECT_EQ(test, bench->guest.pin_calls, 0);
	kunit_info(test, "%llu us for a program that is too large\n",
		   (ktime_get_ns() - began) / 1000);
	began = ktime_get_ns();
	put_many(bench, PROGRAM_CCWS - 1, WORD(0x02, CC, 0x1000, 0x8800));
	KUNIT_EXPECT_EQ(test, make(bench, &program), HOST_PROGRAM_OK);
	kunit_info(test, "%llu us for 2047 CCWs and 4094 pages\n",
		   (ktime_get_ns() - began) / 1000);
	host_program_free(program, false);
	expect_nothing_left(test, bench);
}

/* 64 KiB that are skipped have 32 areas in 2K blocks, and no pages. */
static void program_areas_test(struct kunit *test)
{
	static const u32 most = PROGRAM_AREAS / 32;
	struct program_bench *bench = bench_create(test, ORB_PREFETCH |
						   ORB_IDAW_FORMAT2 | ORB_IDAW_2K,
						   NULL, 0);
	struct host_program *program;

	put_many(bench, most, WORD(0x02, CC | CCW_SKIP, 0xffff, 0x8000));
	KUNIT_EXPECT_EQ(test, make(bench, &program), HOST_PROGRAM_OK);
	host_program_free(program, false);
	put_many(bench, most + 1, WORD(0x02, CC | CCW_SKIP, 0xffff, 0x8000));
	KUNIT_EXPECT_EQ(test, make(bench, &program), HOST_PROGRAM_CANNOT);
	KUNIT_EXPECT_EQ(test, bench->guest.pin_calls, 0);
	expect_nothing_left(test, bench);
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
	struct program_bench *bench = bench_create(test, ORB_PREFETCH, ccws, 2);
	struct host_program *program;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		bench->guest.pin_fails = rows[i].pinned;
		KUNIT_EXPECT_EQ(test, make(bench, &program), rows[i].result);
		expect_nothing_left(test, bench);
	}
	bench->guest.pin_fails = GUEST_PINNED;
	fake_host_memory_good = 0;
	KUNIT_EXPECT_EQ(test, make(bench, &program), HOST_PROGRAM_RETRY);
	fake_host_memory_good = -1;
	expect_nothing_left(test, bench);
	bench->guest.protected = true;
	KUNIT_EXPECT_EQ(test, make(bench, &program), HOST_PROGRAM_GONE);
	expect_nothing_left(test, bench);
}

/* Addresses */

static void program_storage_test(struct kunit *test)
{
	static const u64 ccws[] = {
		WORD(0x02, CC, 8, AREA + 0x10), WORD(0x02, CCW_IDA, 0x900, 0x2000),
	};
	struct program_bench *bench = bench_create(test, ORB_PREFETCH, ccws, 2);
	struct host_program *program;
	struct guest_page *page;
	u64 guest;

	put_word(bench, 0x2000, (u64)OTHER << 32 | (OTHER + 0x800));
	KUNIT_ASSERT_EQ(test, make(bench, &program), HOST_PROGRAM_OK);
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
	expect_nothing_left(test, bench);
}

/* What the host gets */

static const struct css_ccw1 *host_ccw(const struct host_program *program, u32 i)
{
	const struct host_memory *memory = &program->memory;

	return (const void *)(memory->bytes +
			      (program->ccws[i].host - memory->addr));
}

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
	struct program_bench *bench = bench_create(test, c->guest, ccws, 2);
	const u32 always = ORB_FORMAT | ORB_IDAW_FORMAT2 | ORB_LPM;
	const u32 block = c->guest & ORB_IDAW_FORMAT2 ? 0 : ORB_IDAW_2K;
	struct host_program *program;
	struct css_orb orb;

	KUNIT_ASSERT_EQ(test, make(bench, &program), HOST_PROGRAM_OK);
	host_program_orb(program, &orb);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(orb.flags), c->host | block | always);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(orb.cpa), program->first);
	host_program_free(program, false);
	expect_nothing_left(test, bench);
}

/* A placeholder shows nothing of what the guest has there. */
static void program_placeholder_test(struct kunit *test)
{
	static const u64 there[] = {
		0, WORD(0x02, CC | CCW_PCI, 8, AREA), WORD(0x01, CCW_CD, 8, AREA),
		WORD(0x02, CCW_IDA, 8, 0x2001), WORD(0x02, CCW_SUSPEND, 0, AREA),
		TIC(PROG), ~0ull,
	};
	const struct css_ccw1 *is;
	struct host_program *program;
	struct program_bench *bench;
	unsigned int i, at;

	for (i = 0; i < ARRAY_SIZE(there); i++) {
		const u64 ccws[] = { WORD(0x02, CC | CCW_PCI, 8, AREA), there[i],
				     there[i] };

		bench = bench_create(test, 0, ccws, 3);
		KUNIT_ASSERT_EQ(test, make(bench, &program), HOST_PROGRAM_OK);
		KUNIT_EXPECT_EQ(test, program->nr_ccws, 3);
		for (at = 1; at < program->nr_ccws; at++) {
			is = host_ccw(program, at);
			KUNIT_EXPECT_EQ(test, is->cmd, CCW_CMD_NOP);
			KUNIT_EXPECT_EQ(test, is->flags,
					CCW_SUSPEND | CC | CCW_SLI);
			KUNIT_EXPECT_EQ(test, be16_to_cpu(is->count), 1);
		}
		host_program_free(program, false);
		expect_nothing_left(test, bench);
	}
}

/* No suspension follows a command that has an effect on those behind it. */
static void program_chain_test(struct kunit *test)
{
	static const u8 cmds[] = {
		0x07, 0x0b, 0x1b, 0x1f, 0x43, 0x47, 0x4b, 0x63, 0xe7,
		0x31, 0xb1, 0x29, 0x39, 0x51, 0x71,
	};
	static const u8 others[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0xe4 };
	struct program_bench *bench = bench_create(test, 0, NULL, 0);
	struct host_program *program;
	unsigned int i;

	put_word(bench, PROG + 8, WORD(0x02, CC | CCW_PCI, 8, AREA));
	put_word(bench, PROG + 16, WORD(0x03, CCW_SLI, 1, 0));
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		put_word(bench, PROG, WORD(cmds[i], CC, 8, AREA));
		KUNIT_EXPECT_EQ_MSG(test, make(bench, &program),
				    HOST_PROGRAM_CANNOT, "command %x", cmds[i]);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		put_word(bench, PROG, WORD(others[i], CC, 8, AREA));
		KUNIT_EXPECT_EQ_MSG(test, make(bench, &program),
				    HOST_PROGRAM_OK, "command %x", others[i]);
		host_program_free(program, false);
	}
	expect_nothing_left(test, bench);
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

#define NOWHERE	0x00e00000u	/* no storage */

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
	struct program_bench *bench = bench_create(test, ORB_PREFETCH, c->ccws,
						   ARRAY_SIZE(c->ccws));
	struct host_program *program;

	put_word(bench, 0x2000, (u64)AREA << 32 | 0x11);
	KUNIT_ASSERT_EQ(test, make(bench, &program), HOST_PROGRAM_OK);
	KUNIT_EXPECT_EQ(test, program->nr_pages, c->pages);
	KUNIT_EXPECT_EQ(test, bench->guest.pinned, c->pages);
	host_program_free(program, false);
	expect_nothing_left(test, bench);
}

/* What can't be stored into can be fetched, also right behind a READ without data. */
static void program_readonly_test(struct kunit *test)
{
	static const u64 ccws[] = { WORD(0x02, CC | CCW_SLI, 8, AREA),
				    WORD(0x01, 0, 8, AREA) };
	static const struct fake_range range = { AREA, FAKE_PAGE };
	const struct part_step steps[] = { {}, { NULL, 8 } };
	struct program_bench *bench = bench_create(test, ORB_PREFETCH, ccws, 2);

	bench->steps = steps;
	fake_mark(&bench->guest, &range, FAKE_READONLY);
	KUNIT_ASSERT_TRUE(test, translated_begin(&bench->translated, &bench->cp,
						 &bench->source.orb,
						 &bench->source.limit));
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER),
			CHANPROG_ENDED);
	translated_end(&bench->translated, &bench->cp, CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cstat, 0);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cpa, PROG + 16);
	expect_nothing_left(test, bench);
}

/* Guests that rewrite their program */

static void run_once(struct kunit *test, struct program_bench *bench,
		     enum chanprog_state expected)
{
	enum chanprog_state state = chanprog_run(&bench->cp, CHANPROG_ON_WORKER);

	KUNIT_EXPECT_EQ(test, state, expected);
}

/* What the guest stores behind the check counts for nobody. */
static void program_rewritten_test(struct kunit *test)
{
	static const u64 ccws[] = {
		WORD(0x04, CC, 8, AREA), WORD(0x02, CCW_IDA | CC, 8, 0x2000),
		WORD(0x02, 0, 8, AREA + 8),
	};
	const struct part_step steps[] = {
		/* The IDAW, then the next CCW */
		{ some_data, 8, (u64)0x1f000 << 32, 0x2000 },
		{ some_data, 8, WORD(0x01, CC, 0xffff, 0), PROG + 16 },
		{ some_data, 8 },
	};
	struct program_bench *bench = bench_create(test, ORB_PREFETCH, ccws, 3);
	static const u8 cmds[] = { 0x04, 0x02, 0x02, 0 };

	put_word(bench, 0x2000, (u64)OTHER << 32);
	bench->steps = steps;
	KUNIT_ASSERT_TRUE(test, translated_begin(&bench->translated, &bench->cp,
						 &bench->source.orb,
						 &bench->source.limit));
	run_once(test, bench, CHANPROG_ENDED);
	translated_end(&bench->translated, &bench->cp, CHANPROG_ENDED);
	KUNIT_EXPECT_MEMEQ(test, bench->cmds, cmds, sizeof(cmds));
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cstat, 0);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cpa, PROG + 24);
	KUNIT_EXPECT_TRUE(test, bench->guest.stored[OTHER / FAKE_PAGE]);
	KUNIT_EXPECT_FALSE(test, bench->guest.stored[0x1f000 / FAKE_PAGE]);
	expect_nothing_left(test, bench);
}

/**
 * struct resume_case - what a guest makes of the CCW at which it was suspended
 * @name: the rule
 * @resumed: the CCW
 * @other: what there is at PROG + 0x40
 * @cstat: subchannel status at the end
 * @cpa: CCW address at the end
 */
struct resume_case {
	const char *name;
	u64 resumed;
	u64 other;
	u8 cstat;
	u32 cpa;
};

static const struct resume_case resume_cases[] = {
	{ "S is taken away", WORD(0x04, 0, 8, AREA), 0, 0, PROG + 16 },
	{ "a TIC is stored", TIC(PROG + 0x40), WORD(0x04, 0, 8, AREA), 0,
	  PROG + 0x48 },
	{ "a TIC to a TIC", TIC(PROG + 0x40), TIC(PROG), CSTAT_PROGRAM_CHECK,
	  PROG + 0x48 },
	{ "a TIC to itself", TIC(PROG + 8), 0, CSTAT_PROGRAM_CHECK, PROG + 16 },
	{ "a TIC to no storage", TIC(NOWHERE), 0, CSTAT_PROGRAM_CHECK, 0 },
	{ "an invalid command code", WORD(0x20, 0, 8, AREA), 0,
	  CSTAT_PROGRAM_CHECK, PROG + 16 },
};

static void resume_desc(const struct resume_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(resume, resume_cases, resume_desc);

/* The translation must end as the program itself does. */
static void program_resume_test(struct kunit *test)
{
	const u64 ccws[] = { WORD(0x02, CC, 8, OTHER),
			     WORD(0x03, CCW_SUSPEND, 1, 0) };
	const struct resume_case *c = test->param_value;
	struct program_bench *bench = bench_create(test, ORB_SUSPEND, ccws, 2);
	const struct part_step steps[] = { { some_data, 8 }, { some_data, 8 },
					   { some_data, 8 }, { some_data, 8 } };
	struct chanprog_ending direct;

	bench->steps = steps;
	chanprog_init(&bench->cp, &bench->source.orb, &bench->source.limit);
	run_once(test, bench, CHANPROG_SUSPENDED);
	put_word(bench, PROG + 8, c->resumed);
	put_word(bench, PROG + 0x40, c->other);
	chanprog_resume(&bench->cp);
	run_once(test, bench, CHANPROG_ENDED);
	direct = bench->cp.ending;

	put_word(bench, PROG + 8, ccws[1]);
	KUNIT_ASSERT_TRUE(test, translated_begin(&bench->translated, &bench->cp,
						 &bench->source.orb,
						 &bench->source.limit));
	run_once(test, bench, CHANPROG_SUSPENDED);
	put_word(bench, PROG + 8, c->resumed);
	KUNIT_EXPECT_TRUE(test, translated_resume(&bench->translated, &bench->cp));
	run_once(test, bench, CHANPROG_ENDED);
	translated_end(&bench->translated, &bench->cp, CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cstat, c->cstat);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cstat, direct.cstat);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.dstat, direct.dstat);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cpa, direct.cpa);
	if (c->cpa)
		KUNIT_EXPECT_EQ(test, direct.cpa, c->cpa);
	expect_nothing_left(test, bench);
}

static struct kunit_case program_cases[] = {
	KUNIT_CASE_PARAM(program_part_test, part_gen_params),
	KUNIT_CASE(program_ccws_test),
	KUNIT_CASE(program_pages_test),
	KUNIT_CASE(program_dense_test),
	KUNIT_CASE(program_failures_test),
	KUNIT_CASE(program_areas_test),
	KUNIT_CASE(program_storage_test),
	KUNIT_CASE_PARAM(program_orb_test, orb_gen_params),
	KUNIT_CASE(program_placeholder_test),
	KUNIT_CASE(program_chain_test),
	KUNIT_CASE_PARAM(program_pin_test, pin_gen_params),
	KUNIT_CASE(program_readonly_test),
	KUNIT_CASE(program_rewritten_test),
	KUNIT_CASE_PARAM(program_resume_test, resume_gen_params),
	{}
};

static struct kunit_suite program_suite = {
	.name = "kvm_css_program",
	.test_cases = program_cases,
};

kunit_test_suite(program_suite);
