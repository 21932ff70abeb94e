// SPDX-License-Identifier: GPL-2.0
/*
 * Measures programs for a disk of the host's, whoever passes it through: see lent.c of
 * the host.
 *
 * It only waits with await(), which has an I/O new PSW of its own.
 */
#include "disk.h"
#include "inline.h"
#include "lent.h"

#define WARM_UP		8
#define ISC		3
/* The first block that it reads and writes */
#define BLOCK		256

static const struct ccw1 nop __aligned(8) = { .cmd = FBA_NOP,
					    .flags = CCW_SLI, .count = 1 };
static struct disk_program disk;
static u8 data[LENT_BLOCKS_LONG * FBA_BLOCK] __aligned(4096);

/* A program with the CCW behind its last one */
struct program {
	const struct ccw1 *ccw, *end;
};

static struct program make(u32 what)
{
	const bool write = what == LENT_WRITE || what == LENT_WRITE_LONG;
	const u8 command = write ? FBA_WRITE : FBA_READ;
	const u32 half = sizeof(data) / 2;

	switch (what) {
	case LENT_NOP:
		return (struct program){ &nop, &nop + 1 };
	case LENT_READ:
	case LENT_WRITE:
		disk_program(&disk, command, BLOCK, LENT_BLOCKS, data);
		return (struct program){ disk.ccw, disk.ccw + 3 };
	default:
		/* One CCW can't count that far. */
		disk_program(&disk, command, BLOCK, LENT_BLOCKS_LONG, data);
		disk.ccw[2] = CCW(command, CCW_CD, half, data);
		disk.ccw[3] = CCW(command, 0, half, data + half);
		return (struct program){ disk.ccw, disk.ccw + 4 };
	}
}

static void mark(bool begins)
{
	if (guest_argument)
		hypercall(HC_THEME, LENT_CALL_MARK, begins, 0);
}

static void cycle(const struct program *program, u64 *result)
{
	struct orb orb __aligned(4);
	struct irb irb __aligned(4);
	int ssch_cc, tsch_cc;
	u64 before;

	/* As Linux has it in the ORB of a disk's program */
	chan_orb(&orb, program->ccw);
	orb.flags |= ORB_PREFETCH | ORB_IDAW_FORMAT2;
	mark(true);
	before = tod();
	ssch_cc = ssch_inline(LENT_SID, &orb);
	await();
	tsch_cc = tsch_inline(LENT_SID, &irb);
	*result = tod() - before;
	mark(false);
	EXPECT_EQ(ssch_cc, CC_DONE);
	EXPECT_EQ(tsch_cc, CC_DONE);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb.scsw.cstat, 0);
	EXPECT_EQ(irb.scsw.cpa, (u64)program->end);
}

static void measure(u32 what, u32 rounds)
{
	const struct program program = make(what);
	u64 *results = (u64 *)LENT_RESULTS, begin;
	u32 i;

	for (i = 0; i < WARM_UP; i++)
		cycle(&program, results);
	hypercall(HC_THEME, LENT_CALL_BEGIN, what, 0);
	begin = tod();
	for (i = 0; i < rounds; i++)
		cycle(&program, results + i);
	hypercall(HC_THEME, LENT_CALL_DONE, tod() - begin, 0);
}

/* What two marks need themselves */
static void count_marks(u32 rounds)
{
	hypercall(HC_THEME, LENT_CALL_BEGIN, LENT_NOTHING, 0);
	while (rounds--) {
		mark(true);
		mark(false);
	}
	hypercall(HC_THEME, LENT_CALL_DONE, 0, 0);
}

static u64 word(u64 seed, u32 i)
{
	return (seed + i) * 0x9e3779b97f4a7c15ul;
}

/* What has been written is read, so these programs do what they say. */
static void write_and_read(u64 seed)
{
	const u32 nr = sizeof(data) / sizeof(u64);
	u64 *words = (u64 *)data, unused;
	struct program program;
	u32 i;

	for (i = 0; i < nr; i++)
		words[i] = word(seed, i);
	program = make(LENT_WRITE_LONG);
	cycle(&program, &unused);
	memset(data, 0, sizeof(data));
	program = make(LENT_READ_LONG);
	cycle(&program, &unused);
	for (i = 0; i < nr; i++)
		EXPECT_EQ(words[i], word(seed, i));
	memset(data, 0, sizeof(data));
	program = make(LENT_READ);
	cycle(&program, &unused);
	for (i = 0; i < nr; i++)
		EXPECT_EQ(words[i], i < LENT_BLOCKS * FBA_BLOCK / sizeof(u64) ?
				    word(seed, i) : 0);
}

static void lent(void)
{
	u32 rounds = hypercall(HC_THEME, LENT_CALL_ROUNDS, 0, 0), what;

	chan_enable(LENT_SID, ISC, 0);
	io_mask(0x80 >> ISC);
	write_and_read(tod());
	if (guest_argument)
		count_marks(rounds);
	for (what = LENT_NOP; what < LENT_WHATS; what++)
		measure(what, rounds);
	chan_disable(LENT_SID);
}

static const struct test tests[] = {
	{ "lent", lent },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
