// SPDX-License-Identifier: GPL-2.0
/*
 * Data that a device looks at before it asks for them (chanprog/peek.c): the program
 * must be where it would be if the device had asked for so many bytes in the first
 * place.  chanprog_property_test.c has random programs; here each condition has a row,
 * and the guest changes what it likes before the device asks.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include <kvm_css/command.h>

#include "chanprog_case.h"

#define CMD_WRITE	0x01
#define ROOM		256u

/* A device that looks at its data, and asks for some of them when it is completed */
struct peek_device {
	struct css_device dev;
	u8 data[ROOM];
	u32 asks;
	bool executes;
	u8 dstat;
	struct chanprog_point point;
};

static struct peek_device *to_peek(struct css_device *dev)
{
	return container_of(dev, struct peek_device, dev);
}

static cu_status_t peek_command(struct css_device *dev, struct chanprog *cp,
				u8 cmd)
{
	struct peek_device *device = to_peek(dev);

	chanprog_peek(cp, device->data, ROOM, &device->point);
	return CU_OFFERED;
}

static cu_status_t peek_complete(struct css_device *dev, struct chanprog *cp,
				 u8 cmd)
{
	struct peek_device *device = to_peek(dev);

	chanprog_take(cp, &device->point, device->asks);
	if (device->executes)
		chanprog_asks(cp);
	return CU_STATUS(device->dstat);
}

static const struct cu_ops peek_ops = {
	.name = "peek",
	.command = peek_command,
	.complete = peek_complete,
};

/**
 * struct peek_case - a row
 * @program: the program; its steps are not used
 * @asks: how many bytes the device asks for in the end
 * @immediate: it asks for none at all
 * @refuses: it refuses the command
 * @moved: how many bytes it finds
 * @more: the CCWs provide more
 * @check: a check follows
 */
struct peek_case {
	struct chanprog_case program;
	u32 asks;
	bool immediate;
	bool refuses;
	u32 moved;
	bool more;
	bool check;
};

#define ONE(flags_, count_)	.ccws = { { CMD_WRITE, (flags_), (count_), DATA } }
#define LENGTH			CSTAT_INCORRECT_LENGTH
#define CHAINED								\
	.ccws = { { CMD_WRITE, CCW_CD, 8, DATA }, { 0, CCW_CD, 8, DATA2 },	\
		  { 0, 0, 8, DATA3 } }
#define SECOND_PCI							\
	.ccws = { { CMD_WRITE, CCW_CD, 8, DATA },				\
		  { 0, CCW_PCI | CCW_SLI, 8, DATA2 } }
#define SECOND_INVALID							\
	.ccws = { { CMD_WRITE, CCW_CD, 8, DATA }, { 0, 0, 8, 0x80000000 } }
#define SECOND_PROTECTED						\
	.orb = 1 << ORB_KEY_SHIFT,					\
	.keys = { { DATA2, 0x20 | FAKE_KEY_FETCH } },			\
	.ccws = { { CMD_WRITE, CCW_CD, 8, DATA }, { 0, 0, 8, DATA2 } }
#define SECOND_INTERRUPTS						\
	.orb = ORB_MIDAW,						\
	.lists = { MIDAWS(LIST, 2, MIDAW(0, 8), DATA,			\
			  MIDAW(MIDAW_LAST | MIDAW_INTERRUPT, 8), DATA2) },	\
	.ccws = { { CMD_WRITE, CCW_MIDA | CCW_SLI, 16, LIST } }
#define ACROSS_PAGE							\
	.hole = { DATA2, FAKE_PAGE },					\
	.ccws = { { CMD_WRITE, CCW_SLI, 16, DATA2 - 8 } }

static const struct peek_case peek_cases[] = {
	{ { "all of one CCW", ONE(0, 16), .end = { AFTER(0), CE_DE, 0, 0 } },
	  16, .moved = 16 },
	{ { "a part of it", ONE(0, 16), .end = { AFTER(0), CE_DE, LENGTH, 11 } },
	  5, .moved = 16 },
	{ { "a part of it, with SLI", ONE(CCW_SLI, 16),
	    .end = { AFTER(0), CE_DE, 0, 11 } }, 5, .moved = 16 },
	{ { "no byte, but it asks", ONE(0, 16), .format0 = true,
	    .end = { AFTER(0), CE_DE, LENGTH, 16 } }, 0, .moved = 16 },
	{ { "it doesn't ask: immediate", ONE(0, 16), .format0 = true,
	    .end = { AFTER(0), CE_DE, 0, 16 } },
	  0, .immediate = true, .moved = 16 },
	{ { "it refuses the command", ONE(0, 16),
	    .end = { AFTER(0), UNIT_CHECK, 0, 16 } },
	  0, .refuses = true, .moved = 16 },
	{ { "more than there are", ONE(0, 16),
	    .end = { AFTER(0), CE_DE, LENGTH, 0 } }, 17, .moved = 16 },
	{ { "more than there are, with SLI", ONE(CCW_SLI, 16),
	    .end = { AFTER(0), CE_DE, 0, 0 } }, 17, .moved = 16 },
	{ { "as many as there is room for", ONE(CCW_SLI, ROOM + 8),
	    .end = { AFTER(0), CE_DE, 0, 8 } },
	  ROOM, .moved = ROOM, .more = true },
	{ { "chained: all", CHAINED, .end = { AFTER(2), CE_DE, 0, 0 } },
	  24, .moved = 24 },
	{ { "chained: up to the end of the first CCW", CHAINED,
	    .end = { AFTER(0), CE_DE, LENGTH, 0 } }, 8, .moved = 24 },
	{ { "chained: a byte of the second", CHAINED,
	    .end = { AFTER(1), CE_DE, LENGTH, 7 } }, 9, .moved = 24 },
	{ { "chained: all but a byte", CHAINED,
	    .end = { AFTER(2), CE_DE, LENGTH, 1 } }, 23, .moved = 24 },
	{ { "PCI of a CCW that isn't reached", SECOND_PCI,
	    .end = { AFTER(0), CE_DE, LENGTH, 0 } }, 8, .moved = 16 },
	{ { "PCI of a CCW that is reached", SECOND_PCI,
	    .end = { AFTER(1), CE_DE, 0, 7 }, .told = { .last = CHANPROG_PCI } },
	  9, .moved = 16 },
	{ { "interrupt flag of a MIDAW that isn't reached", SECOND_INTERRUPTS,
	    .end = { AFTER(0), CE_DE, 0, 8 } }, 8, .moved = 16 },
	{ { "interrupt flag of a MIDAW that is reached", SECOND_INTERRUPTS,
	    .end = { AFTER(0), CE_DE, 0, 7 }, .told = { .last = CHANPROG_PCI } },
	  9, .moved = 16 },
	{ { "an invalid CCW that isn't reached", SECOND_INVALID,
	    .end = { AFTER(0), CE_DE, LENGTH, 0 } },
	  8, .moved = 8, .check = true },
	{ { "an invalid CCW that is reached", SECOND_INVALID,
	    .end = { AFTER(1), CE_DE, PROGRAM_CHECK, 0 } },
	  9, .moved = 8, .check = true },
	{ { "protected data that aren't asked for", SECOND_PROTECTED,
	    .end = { AFTER(0), CE_DE, LENGTH, 3 } },
	  5, .moved = 8, .check = true },
	{ { "protected data that are asked for", SECOND_PROTECTED,
	    .end = { AFTER(1), CE_DE, CSTAT_PROTECTION_CHECK, 8 } },
	  9, .moved = 8, .check = true },
	{ { "no storage behind what is asked for", ACROSS_PAGE,
	    .end = { AFTER(0), CE_DE, 0, 8 } }, 8, .moved = 8, .check = true },
	{ { "no storage for the last byte that is asked for", ACROSS_PAGE,
	    .end = { AFTER(0), CE_DE, PROGRAM_CHECK, 8 } },
	  9, .moved = 8, .check = true },
};

static void peek_describe(const struct peek_case *c, char *name)
{
	strscpy(name, c->program.name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(peek, peek_cases, peek_describe);

struct peek_bench {
	struct chanprog_bench *chanprog;
	struct peek_device *device;
};

static struct peek_bench load(struct kunit *test, const struct peek_case *c)
{
	struct peek_bench bench;

	bench.chanprog = chanprog_bench_of(test, &c->program);
	bench.device = kunit_kzalloc(test, sizeof(*bench.device), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bench.device);
	bench.device->dev.ops = &peek_ops;
	bench.device->asks = c->asks;
	bench.device->executes = !c->immediate && !c->refuses;
	bench.device->dstat = c->refuses ? UNIT_CHECK : CE_DE;
	bench.chanprog->cp.dev = &bench.device->dev;
	return bench;
}

static void begin(struct kunit *test, struct peek_bench *bench,
		  const struct peek_case *c)
{
	struct chanprog *cp = &bench->chanprog->cp;
	struct chanprog_ending position;

	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_WORKER),
			CHANPROG_PENDING);
	KUNIT_EXPECT_EQ(test, bench->device->point.moved, c->moved);
	KUNIT_EXPECT_EQ(test, bench->device->point.more, c->more);
	KUNIT_EXPECT_EQ(test, bench->device->point.check, c->check);
	KUNIT_EXPECT_FALSE(test, chanprog_has_news(cp));
	chanprog_position(cp, &position);
	KUNIT_EXPECT_EQ(test, position.cpa, AFTER(0));
	KUNIT_EXPECT_EQ(test, position.count, c->program.ccws[0].count);
}

static void end(struct kunit *test, struct peek_bench *bench,
		const struct peek_case *c)
{
	const struct chanprog_ending *ending = &bench->chanprog->cp.ending;
	struct case_told told;

	KUNIT_EXPECT_EQ(test, chanprog_case_end(test, bench->chanprog, true, &told),
			CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, ending->cpa, c->program.end.cpa);
	KUNIT_EXPECT_EQ(test, ending->dstat, c->program.end.dstat);
	KUNIT_EXPECT_EQ(test, ending->cstat, c->program.end.cstat);
	KUNIT_EXPECT_EQ(test, ending->count, c->program.end.count);
	KUNIT_EXPECT_EQ(test, told.last, c->program.told.last);
	KUNIT_EXPECT_EQ(test, told.pci, 0);
}

static void peek_ends(struct kunit *test)
{
	const struct peek_case *c = test->param_value;
	struct peek_bench bench = load(test, c);

	begin(test, &bench, c);
	end(test, &bench, c);
}

/* With prefetching, several areas may be moved at once otherwise. */
static void peek_ends_prefetched(struct kunit *test)
{
	const struct peek_case *c = test->param_value;
	struct peek_bench bench = load(test, c);

	bench.chanprog->cp.orb_flags |= ORB_PREFETCH;
	begin(test, &bench, c);
	end(test, &bench, c);
}

static void no_access(struct guest *guest, const struct fake_access *access)
{
	KUNIT_FAIL(guest->test, "storage at %llx is accessed", access->addr);
}

/* Whatever the guest has done to CCWs, lists and data, it is too late. */
static void peek_storage_is_accessed_once(struct kunit *test)
{
	const struct peek_case *c = test->param_value;
	struct peek_bench bench = load(test, c);
	struct guest *guest = &bench.chanprog->guest;

	begin(test, &bench, c);
	memset(guest->storage, 0xff, FAKE_STORAGE);
	guest->at_access = no_access;
	end(test, &bench, c);
}

/*
 * The device has executed the command with the data that it has, so they count.  But a
 * halted program has no incorrect length.
 */
static void peek_halt_leaves_the_count(struct kunit *test)
{
	struct peek_case c = *(const struct peek_case *)test->param_value;
	struct peek_bench bench = load(test, &c);

	begin(test, &bench, &c);
	chanprog_stop(&bench.chanprog->cp, CHANPROG_HALT);
	c.program.end.cstat &= ~LENGTH;
	end(test, &bench, &c);
}

/* A halt while the data are copied: the device must not use them. */
static void peek_halted_meanwhile(struct kunit *test)
{
	static const struct peek_case c = {
		.program = { CHAINED },
	};
	struct peek_bench bench = load(test, &c);
	struct chanprog *cp = &bench.chanprog->cp;
	struct guest *guest = &bench.chanprog->guest;

	guest->before_read = fake_halt_program;
	guest->before_read_arg = cp;
	guest->before_read_addr = DATA2;
	chanprog_run(cp, CHANPROG_ON_WORKER);
	KUNIT_EXPECT_TRUE(test, chanprog_stopped(cp));
	KUNIT_EXPECT_LT(test, bench.device->point.moved, 24);
	KUNIT_EXPECT_EQ(test, cp->residual, 8);
}

/* A command may have as many CCWs as there is room to note. */
static void peek_many_ccws(struct kunit *test)
{
	static const struct peek_case c = {
		.program = { ONE(0, 1) },
	};
	struct peek_bench bench = load(test, &c);
	struct chanprog *cp = &bench.chanprog->cp;
	const struct chanprog_ending *ending = &cp->ending;
	struct case_ccw ccw = { 0, CCW_CD, 1, DATA };
	struct case_told told;
	u32 i;

	for (i = 0; i <= CHANPROG_PASSED; i++) {
		ccw.cmd = i ? 0 : CMD_WRITE;
		ccw.flags = i < CHANPROG_PASSED ? CCW_CD : 0;
		chanprog_put_ccw(&bench.chanprog->guest, CCW(i), &ccw, false);
	}
	bench.device->asks = 40;
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_WORKER),
			CHANPROG_PENDING);
	KUNIT_EXPECT_EQ(test, bench.device->point.moved, CHANPROG_PASSED);
	KUNIT_EXPECT_TRUE(test, bench.device->point.more);
	KUNIT_EXPECT_EQ(test, chanprog_case_end(test, bench.chanprog, true, &told),
			CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, ending->cpa, AFTER(39));
	KUNIT_EXPECT_EQ(test, ending->count, 0);
	KUNIT_EXPECT_EQ(test, ending->cstat, LENGTH);
}

/*
 * "Initial Status": whether it was zeros is known when the command has ended.  An
 * immediate operation makes no Z, and a command that is refused doesn't either.
 */
static void peek_initial_status(struct kunit *test)
{
	struct peek_case c = *(const struct peek_case *)test->param_value;
	struct peek_bench bench = load(test, &c);
	struct case_told told;

	bench.chanprog->cp.orb_flags |= ORB_INITIAL_STATUS;
	begin(test, &bench, &c);
	KUNIT_EXPECT_EQ(test, chanprog_case_end(test, bench.chanprog, true, &told),
			CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, told.zero_cc, 0);
	KUNIT_EXPECT_EQ(test, told.last & CHANPROG_ZERO_CC,
			c.immediate || c.refuses ? 0 : CHANPROG_ZERO_CC);
}

static struct kunit_case peek_test_cases[] = {
	KUNIT_CASE_PARAM(peek_ends, peek_gen_params),
	KUNIT_CASE_PARAM(peek_ends_prefetched, peek_gen_params),
	KUNIT_CASE_PARAM(peek_storage_is_accessed_once, peek_gen_params),
	KUNIT_CASE_PARAM(peek_halt_leaves_the_count, peek_gen_params),
	KUNIT_CASE_PARAM(peek_initial_status, peek_gen_params),
	KUNIT_CASE(peek_halted_meanwhile),
	KUNIT_CASE(peek_many_ccws),
	{}
};

static struct kunit_suite peek_suite = {
	.name = "kvm_css_chanprog_peek",
	.test_cases = peek_test_cases,
};

kunit_test_suite(peek_suite);
