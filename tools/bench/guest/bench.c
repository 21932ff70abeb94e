// SPDX-License-Identifier: GPL-2.0
/*
 * Measures in the guest how long an instruction, and a whole cycle of channel
 * I/O, takes from the guest program's point of view.
 *
 * The way through KVM is to be measured, and not the test runtime: see inline.h.
 */
#include "dat.h"
#include "disk.h"
#include "entry.h"
#include "bench.h"
#include "inline.h"

#define WARM_UP			32
/* The CPUs have different subclasses, so each takes its own interruptions. */
#define ISC(cpu)		(3 + (cpu))
/* On a busy emulator the other CPU may need that long. */
#define PATIENCE_MS		60000

struct operands {
	struct orb orb __aligned(8);
	struct irb irb __aligned(8);
	struct schib schib __aligned(8);
};

/* What one CPU measures */
struct work {
	u32 what;
	u32 sid;
	u32 size;
	u32 rounds;
	u32 how;		/* BENCH_DAT and so on */
	unsigned int cpu;
	u64 mask;		/* of the PSW */
	u32 flags;		/* of the ORB, beside the usual ones */
	struct operands *operands;
	u32 (*results)[BENCH_PARTS];
};

/* What each CPU has for itself */
static struct cpu {
	struct operands operands;
	struct disk_program disk;
	u64 idaws[BENCH_MAX_PAGES];
	u32 spare[WARM_UP][BENCH_PARTS];	/* of spare_rounds() */
	u8 data[BENCH_MAX_PAGES * 4096] __aligned(4096);
	bool ready, finished;		/* for the other CPU to see */
} cpus[MAX_CPUS];

static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					    .flags = CCW_SLI, .count = 1 };
static struct ccw1 chain[BENCH_MAX_CCWS] __aligned(8);

/* --- what is measured --- */

static u64 stop_watch(const struct work *work)
{
	struct schib *schib = &work->operands->schib;
	u64 id, begin = tod(), before;
	int cc = CC_DONE;
	u32 i;

	for (i = 0; i < work->rounds; i++) {
		before = tod();
		switch (work->what) {
		case BENCH_STIDP:
			stidp_inline(&id);
			break;
		case BENCH_STSCH:
			cc |= stsch_inline(work->sid, schib);
			break;
		}
		work->results[i][BENCH_ALL] = tod() - before;
	}
	EXPECT_EQ(cc, CC_DONE);
	return tod() - begin;
}

static void other_blocks(const struct work *work, u32 round)
{
	struct disk_program *disk = &cpus[work->cpu].disk;

	/* In steps that no readahead takes for a sequence */
	if (work->what == BENCH_READ_ANEW)
		disk->extent.offset = round * 37 % BENCH_PLACES * 8;
}

static u64 cycles(const struct work *work, const struct ccw1 *program)
{
	struct orb *orb = &work->operands->orb;
	struct irb *irb = &work->operands->irb;
	u64 begin, before, started, interrupted, tested;
	int ssch_cc, tsch_cc;
	u32 *result, i;

	chan_orb(orb, program);
	orb->flags |= work->flags;
	begin = tod();
	for (i = 0; i < work->rounds; i++) {
		other_blocks(work, i);
		before = tod();
		ssch_cc = ssch_inline(work->sid, orb);
		started = tod();
		await_on(work->cpu, work->mask, work->how & BENCH_PAIR);
		interrupted = tod();
		tsch_cc = tsch_inline(work->sid, irb);
		tested = tod();
		EXPECT_EQ(ssch_cc, CC_DONE);
		EXPECT_EQ(tsch_cc, CC_DONE);
		EXPECT_EQ(irb->scsw.dstat, DST_ENDED);
		EXPECT_EQ(irb->scsw.cstat, 0);
		result = work->results[i];
		result[BENCH_SSCH] = started - before;
		result[BENCH_INTERRUPT] = interrupted - started;
		result[BENCH_TSCH] = tested - interrupted;
		result[BENCH_ALL] = tested - before;
	}
	return tod() - begin;
}

/*
 * Measure STIDP behind the SSCH of each cycle.  All STIDPs together are shorter
 * than the cycles, so that is what this returns.
 */
static u64 stidps(const struct work *work)
{
	struct orb *orb = &work->operands->orb;
	struct irb *irb = &work->operands->irb;
	u64 id, before, total = 0;
	u32 i;

	chan_orb(orb, &nop);
	for (i = 0; i < work->rounds; i++) {
		EXPECT_EQ(ssch_inline(work->sid, orb), CC_DONE);
		before = tod();
		stidp_inline(&id);
		work->results[i][BENCH_ALL] = tod() - before;
		total += work->results[i][BENCH_ALL];
		await_on(work->cpu, work->mask, work->how & BENCH_PAIR);
		EXPECT_EQ(tsch_inline(work->sid, irb), CC_DONE);
	}
	return total;
}

static u64 chains(const struct work *work)
{
	u32 i, nr = work->size;

	for (i = 0; i < nr; i++)
		chain[i] = CCW(TEST_NOP, CCW_SLI | (i + 1 < nr ? CCW_CC : 0), 1,
			       0);
	return cycles(work, chain);
}

/* Measure reads of so many pages, with an IDAW for each or without IDAWs. */
static u64 reads(const struct work *work, bool indirect)
{
	struct cpu *cpu = &cpus[work->cpu];
	u32 i, bytes = work->size * 4096;

	if (bytes > BENCH_MAX_BYTES)
		bytes = BENCH_MAX_BYTES;
	for (i = 0; i < work->size; i++)
		cpu->idaws[i] = (u64)cpu->data + i * 4096;
	chain[0] = indirect ? CCW(TEST_READ, CCW_IDA, bytes, cpu->idaws) :
			      CCW(TEST_READ, 0, bytes, cpu->data);
	return cycles(work, chain);
}

/* Read or write 4 KiB of a disk. */
static u64 disk(const struct work *work, u8 command, u32 block)
{
	struct cpu *cpu = &cpus[work->cpu];

	disk_program(&cpu->disk, command, block, 8, cpu->data);
	if (work->how & BENCH_HIGH) {
		cpu->idaws[0] = BENCH_HIGH_STORAGE + 4096;
		cpu->disk.ccw[2].flags |= CCW_IDA;
		cpu->disk.ccw[2].cda = (u32)(u64)cpu->idaws;
	}
	return cycles(work, cpu->disk.ccw);
}

static u64 measure(const struct work *work)
{
	switch (work->what) {
	case BENCH_CYCLE:
		return cycles(work, &nop);
	case BENCH_READ:
	case BENCH_READ_ANEW:
		return disk(work, FBA_READ, 128);
	case BENCH_WRITE:
		return disk(work, FBA_WRITE, 256);
	case BENCH_CCWS:
	case BENCH_CCWS_PREFETCH:
		return chains(work);
	case BENCH_IDAWS:
		return reads(work, true);
	case BENCH_DATA:
		return reads(work, false);
	case BENCH_CYCLE_STIDP:
		return stidps(work);
	default:
		return stop_watch(work);
	}
}

/* --- on one CPU, or on two --- */

/* Do some rounds whose results nobody needs. */
static void spare_rounds(const struct work *work, u32 rounds)
{
	struct work spare = *work;

	spare.rounds = rounds;
	spare.results = cpus[work->cpu].spare;
	measure(&spare);
}

static void set_up(const struct work *work)
{
	if (work->what >= BENCH_STSCH)
		chan_enable(work->sid, ISC(work->cpu), 0);
	io_mask(0x80 >> ISC(work->cpu));
	load_mask(work->mask);
	spare_rounds(work, WARM_UP);
}

static void set_down(const struct work *work)
{
	load_mask(PSW_64);
	if (work->what >= BENCH_STSCH)
		chan_disable(work->sid);
}

static bool seen(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static void tell(bool *flag, bool value)
{
	__atomic_store_n(flag, value, __ATOMIC_RELEASE);
}

/*
 * Hercules has no two programs see the same time.  So who asks again and again makes
 * the clock run fast, and it then waits for the real time, which would be measured.
 * Therefore ask only once for each exit.
 */
static void until(const bool *flag)
{
	u64 deadline = tod() + TOD_MS(PATIENCE_MS);

	while (!seen(flag)) {
		asm volatile("diag 0,0,0x44" : : : "memory");
		EXPECT(tod() < deadline);
	}
}

/* Measure, and go on until the other CPU has measured, too. */
static u64 beside(const struct work *work)
{
	struct cpu *own = &cpus[work->cpu], *other = &cpus[!work->cpu];
	u64 total;

	tell(&own->ready, true);
	until(&other->ready);
	total = measure(work);
	tell(&own->finished, true);
	while (!seen(&other->finished))
		spare_rounds(work, 1);
	return total;
}

static struct work second_work;
static u64 second_total;
static bool second_down;

static void second_cpu(u64 unused)
{
	(void)unused;
	set_up(&second_work);
	second_total = beside(&second_work);
	set_down(&second_work);
	tell(&second_down, true);
}

static u64 on_both(const struct work *work)
{
	struct cpu *second = &cpus[1];
	u64 total;

	tell(&cpus[0].ready, false);
	tell(&cpus[0].finished, false);
	tell(&second->ready, false);
	tell(&second->finished, false);
	tell(&second_down, false);
	second_work = *work;
	second_work.sid++;
	second_work.cpu = 1;
	second_work.operands = &second->operands;
	second_work.results += work->rounds;
	EXPECT(cpu_start(second_cpu, 0));
	until(&second->ready);
	hypercall(HC_THEME, BENCH_CALL_BEGIN, 0, 0);
	total = beside(work);
	until(&second_down);
	return total + second_total;
}

static u64 alone(const struct work *work)
{
	hypercall(HC_THEME, BENCH_CALL_BEGIN, 0, 0);
	return measure(work);
}

static void one_path(u64 next)
{
	struct work work = {
		.what = BENCH_NEXT_WHAT(next),
		.sid = BENCH_NEXT_SID(next),
		.size = BENCH_NEXT_SIZE(next),
		.rounds = BENCH_NEXT_ROUNDS(next),
		.how = BENCH_NEXT_HOW(next),
		.mask = PSW_64,
		.flags = ORB_IDAW_FORMAT2,
		.operands = &cpus[0].operands,
		.results = (void *)BENCH_RESULTS,
	};
	u64 total;

	if (work.how & BENCH_DAT)
		work.mask |= PSW_DAT;
	if (work.how & BENCH_HIGH)
		work.operands = (void *)BENCH_HIGH_STORAGE;
	if (work.what == BENCH_CCWS_PREFETCH)
		work.flags |= ORB_PREFETCH;
	set_up(&work);
	total = work.how & BENCH_PAIR ? on_both(&work) : alone(&work);
	hypercall(HC_THEME, BENCH_CALL_DONE, total, 0);
	set_down(&work);
}

static void bench(void)
{
	u64 next;

	dat_init();
	for (;;) {
		next = hypercall(HC_THEME, BENCH_CALL_NEXT, 0, 0);
		if (BENCH_NEXT_WHAT(next) == BENCH_END)
			break;
		one_path(next);
	}
}

static const struct test tests[] = {
	{ "bench", bench },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
