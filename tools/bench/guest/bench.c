// SPDX-License-Identifier: GPL-2.0
/*
 * Measures in the guest how long an instruction, and a whole cycle of channel
 * I/O, takes from the guest program's point of view.
 *
 * The way through KVM is to be measured, and not the test runtime: see inline.h.
 */
#include "disk.h"
#include "bench.h"
#include "inline.h"

#define WARM_UP			32

static u32 (*const results)[BENCH_PARTS] = (void *)BENCH_RESULTS;

static struct disk_program disk;
static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					    .flags = CCW_SLI, .count = 1 };
static u8 data[BENCH_MAX_PAGES * 4096] __aligned(4096);
static struct ccw1 chain[BENCH_MAX_CCWS] __aligned(8);
static u64 idaws[BENCH_MAX_PAGES] __aligned(8);

/* --- what is measured --- */

static u64 stop_watch(u32 what, u32 sid, u32 rounds)
{
	struct schib schib __aligned(4);
	u64 id, begin = tod(), before;
	int cc = CC_DONE;
	u32 i;

	for (i = 0; i < rounds; i++) {
		before = tod();
		switch (what) {
		case BENCH_STIDP:
			stidp_inline(&id);
			break;
		case BENCH_STSCH:
			cc |= stsch_inline(sid, &schib);
			break;
		}
		results[i][BENCH_ALL] = tod() - before;
	}
	EXPECT_EQ(cc, CC_DONE);
	return tod() - begin;
}

static u64 cycles(u32 sid, const struct ccw1 *program, u32 flags, u32 rounds)
{
	struct orb orb __aligned(4);
	struct irb irb __aligned(4);
	u64 begin, before, started, interrupted, tested;
	int ssch_cc, tsch_cc;
	u32 i;

	chan_orb(&orb, program);
	orb.flags |= flags;
	begin = tod();
	for (i = 0; i < rounds; i++) {
		before = tod();
		ssch_cc = ssch_inline(sid, &orb);
		started = tod();
		await();
		interrupted = tod();
		tsch_cc = tsch_inline(sid, &irb);
		tested = tod();
		EXPECT_EQ(ssch_cc, CC_DONE);
		EXPECT_EQ(tsch_cc, CC_DONE);
		EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
		results[i][BENCH_SSCH] = started - before;
		results[i][BENCH_INTERRUPT] = interrupted - started;
		results[i][BENCH_TSCH] = tested - interrupted;
		results[i][BENCH_ALL] = tested - before;
	}
	return tod() - begin;
}

static u64 chains(u32 sid, u32 nr, u32 flags, u32 rounds)
{
	u32 i;

	for (i = 0; i < nr; i++)
		chain[i] = CCW(TEST_NOP, CCW_SLI | (i + 1 < nr ? CCW_CC : 0), 1,
			       0);
	return cycles(sid, chain, flags, rounds);
}

/* Measure reads of so many pages, with an IDAW for each or without IDAWs. */
static u64 reads(u32 sid, u32 pages, bool indirect, u32 rounds)
{
	u32 i;

	for (i = 0; i < pages; i++)
		idaws[i] = (u64)data + i * 4096;
	chain[0] = indirect ? CCW(TEST_READ, CCW_IDA, pages * 4096, idaws) :
			      CCW(TEST_READ, 0, pages * 4096, data);
	return cycles(sid, chain, ORB_IDAW_FORMAT2, rounds);
}

static u64 measure(u32 what, u32 sid, u32 size, u32 rounds)
{
	switch (what) {
	case BENCH_CYCLE:
		return cycles(sid, &nop, 0, rounds);
	case BENCH_READ:
		disk_program(&disk, FBA_READ, 128, 8, data);
		return cycles(sid, disk.ccw, 0, rounds);
	case BENCH_WRITE:
		disk_program(&disk, FBA_WRITE, 256, 8, data);
		return cycles(sid, disk.ccw, 0, rounds);
	case BENCH_CCWS:
		return chains(sid, size, 0, rounds);
	case BENCH_CCWS_PREFETCH:
		return chains(sid, size, ORB_PREFETCH, rounds);
	case BENCH_IDAWS:
		return reads(sid, size, true, rounds);
	case BENCH_DATA:
		return reads(sid, size, false, rounds);
	default:
		return stop_watch(what, sid, rounds);
	}
}

static void bench(void)
{
	u64 next, total;
	u32 what, sid, size;

	for (;;) {
		next = hypercall(HC_THEME, BENCH_CALL_NEXT, 0, 0);
		what = BENCH_NEXT_WHAT(next);
		sid = BENCH_NEXT_SID(next);
		size = BENCH_NEXT_SIZE(next);
		if (what == BENCH_END)
			break;
		if (what >= BENCH_STSCH)
			chan_enable(sid, 3, 0);
		io_mask(0x80 >> 3);
		measure(what, sid, size, WARM_UP);
		hypercall(HC_THEME, BENCH_CALL_BEGIN, 0, 0);
		total = measure(what, sid, size, BENCH_NEXT_ROUNDS(next));
		hypercall(HC_THEME, BENCH_CALL_DONE, total, 0);
		if (what >= BENCH_STSCH)
			chan_disable(sid);
	}
}

static const struct test tests[] = {
	{ "bench", bench },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
