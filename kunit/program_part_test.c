// SPDX-License-Identifier: GPL-2.0
/*
 * Translations of channel programs that are executed in parts, or that the guest suspends:
 * "Programs that change themselves" in Documentation/passthrough.rst.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/command.h>

#include "fake_host_memory.h"
#include "program_case.h"
#include "short_names.h"

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
		.steps = { { given_ccws, 16 }, { pb_data, 8 },
			   { pb_data, 8 } },
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
			   { pb_data, 8 } },
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
		.steps = { { pb_data, 8, WORD(0x04, CCW_SLI, 1, AREA), PROG + 8 },
			   { pb_data, 1 } },
		.cmds = { 0x02, 0x04 }, .parts = 2,
	},
	{
		.name = "PCI in the last CCW has nothing behind it",
		.ccws = { WORD(0x02, CCW_PCI, 8, AREA) },
		.steps = { { pb_data, 8 } },
		.cmds = { 0x02 }, .parts = 1,
	},
	{
		.name = "data that are not the program's",
		.ccws = { WORD(0x02, CC, 8, AREA), WORD(0x02, 0, 8, OTHER) },
		.steps = { { pb_data, 8 }, { pb_data, 8 } },
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
	struct program_bench *bench = pb_create(test, c->flags, c->ccws,
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
	pb_expect_freed(test, bench);
}

/* The end of storage that a CCW can be in */

#define LAST		(FAKE_HIGH + FAKE_PAGE - CCW_SIZE)

/**
 * struct edge_case - a program in parts at the end of 31-bit addresses
 * @name: the rule
 * @begin: where it begins
 * @ccws: its CCWs
 * @parts: how many translations it takes
 * @cmds: the commands that the device gets
 * @cstat: how it ends
 * @cpa: CCW address in its status, whose bit 0 is zero
 */
struct edge_case {
	const char *name;
	u32 begin;
	u64 ccws[2];
	unsigned int parts;
	u8 cmds[4];
	u8 cstat;
	u32 cpa;
};

/*
 * A CCW isn't fetched from 0 behind the last one, but the program ends in program
 * check there: Hercules, fetch_ccw() in channel.c.
 */
static const struct edge_case edge_cases[] = {
	{ "what comes behind the last CCW can't change", LAST,
	  { WORD(0x02, CC | CCW_PCI, 8, AREA) },
	  1, { 0x02 }, CSTAT_PROGRAM_CHECK, CCW_SIZE },
	{ "nor what a status modifier would lead to", LAST - CCW_SIZE,
	  { WORD(0x02, CC | CCW_PCI, 8, AREA), WORD(0x02, CC, 8, AREA) },
	  2, { 0x02, 0x02 }, CSTAT_PROGRAM_CHECK, CCW_SIZE },
	{ "the last CCW can", LAST - CCW_SIZE,
	  { WORD(0x02, CC | CCW_PCI, 8, AREA), WORD(0x02, 0, 8, AREA) },
	  2, { 0x02, 0x02 }, 0, 0 },
};

static void edge_desc(const struct edge_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(edge, edge_cases, edge_desc);

static void program_edge_test(struct kunit *test)
{
	static const struct part_step steps[] = {
		{ pb_data, 8 }, { pb_data, 8 }, { pb_data, 8 }, {},
	};
	/* What isn't the program's, but would be found by an address that wraps. */
	static const u64 foreign[] = {
		WORD(0x04, CC, 8, AREA), WORD(0x04, 0, 8, AREA),
	};
	const struct edge_case *c = test->param_value;
	struct program_bench *bench = pb_create(test, 0, NULL, 0);
	const struct chanprog_ending *ending = &bench->translated.ending;

	pb_move_to(bench, 0, foreign, ARRAY_SIZE(foreign));
	pb_move_to(bench, c->begin, c->ccws,
		   (FAKE_HIGH + FAKE_PAGE - c->begin) / CCW_SIZE);
	bench->steps = steps;
	pb_begin(test, bench);
	run_parts(test, bench);
	KUNIT_EXPECT_EQ(test, bench->translated.parts, c->parts);
	KUNIT_EXPECT_MEMEQ(test, bench->cmds, c->cmds, sizeof(c->cmds));
	KUNIT_EXPECT_EQ(test, ending->cstat, c->cstat);
	KUNIT_EXPECT_EQ(test, ending->cpa, c->cpa);
	pb_expect_freed(test, bench);
}

/* What the host gets */

static const struct css_ccw1 *host_ccw(const struct host_program *program, u32 i)
{
	const struct host_memory *memory = &program->memory;

	return (const void *)(memory->bytes +
			      (program->ccws[i].host - memory->addr));
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

		bench = pb_create(test, 0, ccws, 3);
		KUNIT_ASSERT_EQ(test, pb_make(bench, &program), HOST_PROGRAM_OK);
		KUNIT_EXPECT_EQ(test, program->nr_ccws, 3);
		for (at = 1; at < program->nr_ccws; at++) {
			is = host_ccw(program, at);
			KUNIT_EXPECT_EQ(test, is->cmd, CCW_CMD_NOP);
			KUNIT_EXPECT_EQ(test, is->flags,
					CCW_SUSPEND | CC | CCW_SLI);
			KUNIT_EXPECT_EQ(test, be16_to_cpu(is->count), 1);
		}
		host_program_free(program, false);
		pb_expect_freed(test, bench);
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
	struct program_bench *bench = pb_create(test, 0, NULL, 0);
	struct host_program *program;
	unsigned int i;

	pb_put(bench, PROG + 8, WORD(0x02, CC | CCW_PCI, 8, AREA));
	pb_put(bench, PROG + 16, WORD(0x03, CCW_SLI, 1, 0));
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		pb_put(bench, PROG, WORD(cmds[i], CC, 8, AREA));
		KUNIT_EXPECT_EQ_MSG(test, pb_make(bench, &program),
				    HOST_PROGRAM_CANNOT, "command %x", cmds[i]);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		pb_put(bench, PROG, WORD(others[i], CC, 8, AREA));
		KUNIT_EXPECT_EQ_MSG(test, pb_make(bench, &program),
				    HOST_PROGRAM_OK, "command %x", others[i]);
		host_program_free(program, false);
	}
	pb_expect_freed(test, bench);
}

/* Resumption */

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
	struct program_bench *bench = pb_create(test, ORB_SUSPEND, ccws, 2);
	const struct part_step steps[] = { { pb_data, 8 }, { pb_data, 8 },
					   { pb_data, 8 }, { pb_data, 8 } };
	struct chanprog_ending direct;

	bench->steps = steps;
	chanprog_init(&bench->cp, &bench->source.orb, &bench->source.limit);
	pb_run_once(test, bench, CHANPROG_SUSPENDED);
	pb_put(bench, PROG + 8, c->resumed);
	pb_put(bench, PROG + 0x40, c->other);
	chanprog_resume(&bench->cp);
	pb_run_once(test, bench, CHANPROG_ENDED);
	direct = bench->cp.ending;

	pb_put(bench, PROG + 8, ccws[1]);
	pb_begin(test, bench);
	pb_run_once(test, bench, CHANPROG_SUSPENDED);
	pb_put(bench, PROG + 8, c->resumed);
	KUNIT_EXPECT_TRUE(test, translated_resume(&bench->translated, &bench->cp));
	pb_run_once(test, bench, CHANPROG_ENDED);
	translated_end(&bench->translated, &bench->cp, CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cstat, c->cstat);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cstat, direct.cstat);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.dstat, direct.dstat);
	KUNIT_EXPECT_EQ(test, bench->translated.ending.cpa, direct.cpa);
	if (c->cpa)
		KUNIT_EXPECT_EQ(test, direct.cpa, c->cpa);
	pb_expect_freed(test, bench);
}

static struct kunit_case program_part_cases[] = {
	KUNIT_CASE_PARAM(program_part_test, part_gen_params),
	KUNIT_CASE_PARAM(program_edge_test, edge_gen_params),
	KUNIT_CASE(program_placeholder_test),
	KUNIT_CASE(program_chain_test),
	KUNIT_CASE_PARAM(program_resume_test, resume_gen_params),
	{}
};

static struct kunit_suite program_part_suite = {
	.name = "kvm_css_program_part",
	.test_cases = program_part_cases,
};

kunit_test_suite(program_part_suite);
