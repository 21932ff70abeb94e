// SPDX-License-Identifier: GPL-2.0
/*
 * Executes I/O instructions between two marks, of which the VMM reads the host's
 * instruction counter: see insn.c of the host.
 */
#include "disk.h"
#include "inline.h"
#include "insn.h"

static struct disk_program disk;
static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					    .flags = CCW_SLI, .count = 1 };
static u8 data[4096] __aligned(4096);

static void mark(void)
{
	hypercall(HC_THEME, COUNT_CALL_MARK, 0, 0);
}

static void check_irb(const struct irb *irb)
{
	EXPECT_EQ(irb->scsw.dstat, DST_ENDED);
}

static void cycles(u32 sid, const struct ccw1 *program, u32 rounds)
{
	struct orb orb __aligned(4);
	struct irb irb __aligned(4);

	chan_orb(&orb, program);
	while (rounds--) {
		mark();
		EXPECT_EQ(ssch_inline(sid, &orb), CC_DONE);
		await();
		EXPECT_EQ(tsch_inline(sid, &irb), CC_DONE);
		mark();
		check_irb(&irb);
	}
}

/* Read or write 4 KiB. */
static void moves(u32 sid, u8 cmd, u32 rounds)
{
	disk_program(&disk, cmd, cmd == FBA_READ ? 128 : 256, 8, data);
	cycles(sid, disk.ccw, rounds);
}

static void parts(u32 sid, u32 rounds)
{
	struct orb orb __aligned(4);
	struct irb irb __aligned(4);
	u64 id;

	chan_orb(&orb, &nop);
	while (rounds--) {
		mark();
		EXPECT_EQ(ssch_inline(sid, &orb), CC_DONE);
		mark();
		stidp_inline(&id);
		mark();
		await();
		mark();
		EXPECT_EQ(tsch_inline(sid, &irb), CC_DONE);
		mark();
		check_irb(&irb);
	}
}

static void once(u32 what)
{
	struct schib schib __aligned(4);
	u64 id;

	switch (what) {
	case COUNT_STIDP:
		stidp_inline(&id);
		break;
	case COUNT_STSCH:
		EXPECT_EQ(stsch_inline(COUNT_SID_TEST, &schib), CC_DONE);
		break;
	}
}

static void measure(u32 what, u32 rounds)
{
	switch (what) {
	case COUNT_CYCLE:
		cycles(COUNT_SID_TEST, &nop, rounds);
		break;
	case COUNT_PARTS:
		parts(COUNT_SID_TEST, rounds);
		break;
	case COUNT_READ:
		moves(COUNT_SID_FBA, FBA_READ, rounds);
		break;
	case COUNT_WRITE:
		moves(COUNT_SID_FBA, FBA_WRITE, rounds);
		break;
	case COUNT_READ_DIRECT:
		moves(COUNT_SID_DIRECT, FBA_READ, rounds);
		break;
	case COUNT_WRITE_DIRECT:
		moves(COUNT_SID_DIRECT, FBA_WRITE, rounds);
		break;
	default:
		while (rounds--) {
			mark();
			once(what);
			mark();
		}
	}
}

static void insn(void)
{
	u32 rounds = hypercall(HC_THEME, COUNT_CALL_ROUNDS, 0, 0), what;

	chan_enable(COUNT_SID_TEST, 3, 0);
	chan_enable(COUNT_SID_FBA, 3, 0);
	chan_enable(COUNT_SID_DIRECT, 3, 0);
	io_mask(0x80 >> 3);
	for (what = COUNT_NOTHING; what < COUNT_WHATS; what++) {
		hypercall(HC_THEME, COUNT_CALL_BEGIN, what,
			  what == COUNT_PARTS ? COUNT_NR_PARTS : 1);
		measure(what, rounds);
	}
	chan_disable(COUNT_SID_DIRECT);
	chan_disable(COUNT_SID_FBA);
	chan_disable(COUNT_SID_TEST);
}

static const struct test tests[] = {
	{ "insn", insn },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
