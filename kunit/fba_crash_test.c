// SPDX-License-Identifier: GPL-2.0
/*
 * FBA DASD: what the host's disk has of a guest's WRITEs if the power fails.
 *
 * Random WRITEs are halted, dropped, reset and made to fail at any step, on a
 * file with a volatile cache.  At each operation of the file and after each
 * command, the versions that a block may have on the disk must be among those
 * that a model allows:
 *
 * - With write-through, a WRITE that has ended well leaves one version.  Another
 *   WRITE to the block, until it has ended well itself, adds the version that it
 *   wants to write.
 * - With write-back, the versions of all WRITEs since the last flush are allowed,
 *   and the one before them.  A flush that succeeds leaves what write-through
 *   would leave, except in blocks whose loss has been told to whoever flushes.
 *   A loss is told to the guest before another WRITE ends well.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/command.h>

#include "fake_cache.h"
#include "fake_device.h"
#include "fba_bench.h"
#include "rounds.h"

#define SEEDS		rounds(100)
#define STEPS		30u
#define DISK		300u
/* How many blocks a program has data for, in up to three CCWs */
#define DATA		192u
#define CCWS		3u
#define FIRST_CCW	(BENCH_PROG + 2 * sizeof(struct css_ccw1))

/**
 * struct promise - what the disk may have of a block
 * @may: the versions
 * @good: how many of the first ones are older than the last WRITE that ended well
 * @told: whoever flushes was told that later versions may be lost
 */
struct promise {
	struct fake_versions may;
	unsigned int good;
	bool told;
};

/* A WRITE as the program has it */
struct write {
	u32 block;
	u32 blocks;
	u32 len;	/* bytes of data */
	u32 version;	/* of the first block; the next one has the next one */
	u32 counts[CCWS];
	unsigned int nr_ccws;
};

struct crash {
	struct kunit *test;
	struct rnd_state rnd;
	u32 seed;
	u32 step;
	bool writeback;
	struct fba_bench bench;
	struct fake_cache cache;
	struct promise promises[DISK];
	u32 version;
	bool owed;	/* the guest has to be told of a loss */
	bool host_owed;	/* and whoever flushes */
	bool failed;	/* something has failed in this run */
	unsigned int broken;	/* how often a promise was found broken */
	/* How often each thing has happened in all runs */
	unsigned int good, bad, dropped, halted, told, synced;
};

static u32 below(struct crash *crash, u32 limit)
{
	return prandom_u32_state(&crash->rnd) % limit;
}

static bool one_in(struct crash *crash, u32 n)
{
	return !below(crash, n);
}

/* The power fails: is everything there that was said to be? */
static void power_fails(void *arg)
{
	struct crash *crash = arg;
	const struct fake_versions *disk;
	unsigned int i;
	u32 block;

	for (block = 0; block < DISK; block++) {
		disk = &crash->cache.disk[block];
		for (i = 0; i < disk->nr; i++) {
			if (fake_versions_find(&crash->promises[block].may,
					       disk->of[i]) <
			    crash->promises[block].may.nr)
				continue;
			crash->broken++;
			return;
		}
	}
}

/* The model */

static void will_write(struct crash *crash, const struct write *write)
{
	u32 with_data = DIV_ROUND_UP(write->len, 512), i, version;
	struct promise *promise;

	for (i = 0; i < write->blocks; i++) {
		promise = &crash->promises[write->block + i];
		version = i < with_data ? write->version + i : 0;
		/* Zeros may be an older version, which is the newest now. */
		if (fake_versions_find(&promise->may, version) < promise->good)
			promise->good--;
		fake_versions_add(crash->test, &promise->may, version);
	}
}

/* Forget the versions that are older than the last good one. */
static void settle(struct promise *promise)
{
	struct fake_versions *may = &promise->may;

	memmove(may->of, may->of + promise->good,
		(may->nr - promise->good) * sizeof(may->of[0]));
	may->nr -= promise->good;
	promise->good = 0;
}

/* The WRITE has ended well, and its first blocks are what it wanted to write. */
static void has_written(struct crash *crash, const struct write *write,
			u32 blocks)
{
	struct promise *promise;
	u32 i;

	for (i = 0; i < blocks; i++) {
		promise = &crash->promises[write->block + i];
		promise->good = promise->may.nr - 1;
		promise->told = false;
		if (!crash->writeback)
			settle(promise);
	}
}

static void has_flushed(struct crash *crash)
{
	u32 block;

	for (block = 0; block < DISK; block++)
		if (!crash->promises[block].told)
			settle(&crash->promises[block]);
}

static void was_told(struct crash *crash)
{
	u32 block;

	for (block = 0; block < DISK; block++)
		if (crash->promises[block].may.nr > 1)
			crash->promises[block].told = true;
}

/* Programs */

static void make_data(struct crash *crash, const struct write *write)
{
	u8 *data = crash->bench.b->guest.storage + BENCH_DATA;
	u32 with_data = DIV_ROUND_UP(write->len, 512), i;

	for (i = 0; i < with_data; i++) {
		u32 version = write->version + i;

		memset(data + i * 512, version, 512);
		memcpy(data + i * 512, &version, sizeof(version));
	}
}

/* Divide the data among the CCWs.  All but the last have whole blocks. */
static void divide(struct crash *crash, struct write *write)
{
	u32 left = write->len, count;

	while (write->nr_ccws < CCWS - 1 && left > 512 && !one_in(crash, 2)) {
		count = 512 * (1 + below(crash, (left - 1) / 512));
		count = min(count, 0xfe00u);
		write->counts[write->nr_ccws++] = count;
		left -= count;
	}
	/* A CCW has no larger count. */
	if (left > 0xfe00) {
		write->len -= left - 0xfe00;
		left = 0xfe00;
	}
	write->counts[write->nr_ccws++] = left;
}

static struct write make_write(struct crash *crash)
{
	struct write write = { .version = crash->version };

	write.blocks = one_in(crash, 4) ? 1 + below(crash, DISK) :
					  1 + below(crash, 12);
	write.block = below(crash, DISK - write.blocks + 1);
	write.len = min(write.blocks, DATA) * 512;
	if (one_in(crash, 4))
		write.len = below(crash, write.len / 4 + 1) * 4;
	divide(crash, &write);
	crash->version += DATA;
	return write;
}

static void load(struct crash *crash, const struct write *write)
{
	struct device_bench *b = crash->bench.b;
	u32 at = BENCH_DATA;
	unsigned int i;

	make_data(crash, write);
	fba_define(b, 0, DISK);
	fba_locate(b, FBA_OP_WRITE, write->block, write->blocks);
	for (i = 0; i < write->nr_ccws; i++) {
		device_ccw(b, i ? 0 : FBA_WRITE,
			   i + 1 < write->nr_ccws ? CCW_CD : CCW_SLI,
			   write->counts[i], at);
		at += write->counts[i];
	}
	device_begin(b);
}

/* How many bytes the program has given, as the guest sees it; -1: not begun */
static int taken(const struct crash *crash, const struct write *write)
{
	const struct chanprog_ending *ending = &crash->bench.b->cp.ending;
	unsigned int i;
	int sum = 0;

	if (ending->cpa <= FIRST_CCW)
		return -1;
	for (i = 0; FIRST_CCW + (i + 1) * sizeof(struct css_ccw1) <
		    ending->cpa; i++)
		sum += write->counts[i];
	return sum + write->counts[i] - ending->count;
}

/* What happens meanwhile */

static void drop_program(void *program)
{
	chanprog_stop(program, CHANPROG_DROP);
}

static void stop_somewhere(struct crash *crash, const struct write *write)
{
	struct fake_backing *backing = crash->bench.backing;
	struct device_bench *b = crash->bench.b;
	bool drop = one_in(crash, 2);

	if (one_in(crash, 2)) {
		b->guest.before_read = drop ? drop_program : fake_halt_program;
		b->guest.before_read_arg = &b->cp;
		/* Data are fetched page by page. */
		b->guest.before_read_addr = BENCH_DATA +
			round_down(below(crash, write->len + 1), FAKE_PAGE);
		return;
	}
	backing->stop = &b->cp;
	backing->stop_why = drop ? CHANPROG_DROP : CHANPROG_HALT;
	backing->stop_at = backing->reads + backing->writes +
			   below(crash, 4);
	backing->stop_in_fsync = one_in(crash, 3);
	backing->drop_at = !drop && one_in(crash, 3) ?
				backing->stop_at + below(crash, 3) : 0;
}

/* Let one flush or one write fail. */
static void fail_somewhere(struct crash *crash)
{
	if (one_in(crash, 2)) {
		crash->cache.failing = -EIO;
		crash->failed = true;
	} else {
		fake_backing_fail(crash->bench.backing, below(crash, 4),
				  -ENOSPC);
		crash->bench.backing->times = 1;
	}
}

/* Return: whether a write has failed. */
static bool end_of_trouble(struct crash *crash, bool write_may_fail)
{
	struct fake_backing *backing = crash->bench.backing;
	bool failed = write_may_fail && !backing->fails;

	backing->stop = NULL;
	backing->stop_in_fsync = false;
	backing->drop_at = 0;
	backing->fails = false;
	backing->good_calls = 0;
	backing->times = 0;
	crash->bench.b->guest.before_read = NULL;
	crash->cache.failing = 0;
	return failed;
}

/* The kernel writes back by itself, and may lose something. */
static void write_back(struct crash *crash)
{
	if (!fake_cache_lose(&crash->cache))
		return;
	crash->failed = true;
	crash->owed |= crash->writeback;
	crash->host_owed = true;
}

/* Each operation of the file */
static void meanwhile(void *arg)
{
	struct crash *crash = arg;

	power_fails(crash);
	if (one_in(crash, 40))
		write_back(crash);
}

/* Steps */

static void ended_well(struct crash *crash, const struct write *write)
{
	int given = taken(crash, write);

	if (given < 0)
		return;
	crash->good++;
	crash->halted += chanprog_halted(&crash->bench.b->cp);
	KUNIT_EXPECT_FALSE_MSG(crash->test, crash->owed,
			       "seed %u, step %u: a loss was not told",
			       crash->seed, crash->step);
	if (given < write->len)
		has_written(crash, write, DIV_ROUND_UP(given, 512));
	else
		has_written(crash, write, write->blocks);
}

static void ended_badly(struct crash *crash, bool write_failed)
{
	crash->bad++;
	KUNIT_EXPECT_TRUE_MSG(crash->test, crash->failed || write_failed,
			      "seed %u, step %u: an error without a reason",
			      crash->seed, crash->step);
	/* If a write has failed, it is this that the guest was told. */
	if (!write_failed)
		crash->owed = false;
}

static void write_step(struct crash *crash)
{
	struct fake_backing *backing = crash->bench.backing;
	const struct write write = make_write(crash);
	struct device_bench *b = crash->bench.b;
	bool write_failed;

	load(crash, &write);
	backing->piece = one_in(crash, 3) ? 5000 : 0;
	backing->has_zero_range = one_in(crash, 2);
	if (one_in(crash, 3))
		stop_somewhere(crash, &write);
	if (one_in(crash, 4))
		fail_somewhere(crash);
	write_failed = backing->fails;
	will_write(crash, &write);
	while (device_turn(b, CHANPROG_ON_WORKER) == CHANPROG_QUANTUM_USED)
		;
	write_failed = end_of_trouble(crash, write_failed);
	if (chanprog_dropped(&b->cp)) {
		crash->dropped++;
		cu_reset(b->dev);
	} else if (b->cp.ending.dstat & DSTAT_UNIT_CHECK) {
		ended_badly(crash, write_failed);
	} else {
		ended_well(crash, &write);
	}
	power_fails(crash);
}

/* QUIESCE, REMOVE and the end of the VM */
static void flush_step(struct crash *crash, bool may_fail)
{
	int rc;

	if (may_fail && one_in(crash, 4))
		crash->cache.failing = one_in(crash, 3) ? -ERESTARTSYS : -EIO;
	if (crash->cache.failing == -EIO)
		crash->host_owed = true;
	crash->failed |= crash->host_owed;
	rc = cu_sync(crash->bench.b->dev);
	crash->cache.failing = 0;
	if (!rc) {
		crash->synced++;
		has_flushed(crash);
	} else if (rc == -EIO) {
		crash->told++;
		KUNIT_EXPECT_TRUE_MSG(crash->test, crash->host_owed,
				      "seed %u, step %u: EIO without a reason",
				      crash->seed, crash->step);
		was_told(crash);
		crash->owed = true;
		crash->host_owed = false;
	}
	power_fails(crash);
}

static void step(struct crash *crash)
{
	switch (below(crash, 10)) {
	case 0:
		flush_step(crash, true);
		break;
	case 1:
		write_back(crash);
		break;
	case 2:
		cu_reset(crash->bench.b->dev);
		break;
	default:
		write_step(crash);
		break;
	}
}

/* A new device.  The disk has what the file has. */
static void start_run(struct crash *crash, u32 seed)
{
	const u32 flags = crash->writeback ? KVM_CSS_FBA_WRITEBACK : 0;
	struct css_device *dev;
	u32 block;

	prandom_seed_state(&crash->rnd, seed);
	crash->seed = seed;
	crash->owed = false;
	crash->host_owed = false;
	crash->failed = false;
	crash->broken = 0;
	fake_cache_settle(&crash->cache);
	for (block = 0; block < DISK; block++)
		crash->promises[block] = (struct promise){
			.may = crash->cache.disk[block],
		};
	dev = fake_backing_device(crash->bench.backing, flags);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(crash->test, dev);
	device_bench_use(crash->bench.b, dev);
}

static void one_run(struct crash *crash, u32 seed)
{
	start_run(crash, seed);
	for (crash->step = 0; crash->step < STEPS && !crash->broken;
	     crash->step++)
		step(crash);
	if (!crash->broken)
		flush_step(crash, false);
	crash->bench.b->dev->ops->release(crash->bench.b->dev);
	crash->bench.b->dev = NULL;
}

struct crash_case {
	const char *name;
	bool writeback;
	struct fake_backing_mode mode;
	bool durable;	/* a write can be made durable by itself */
};

static const struct crash_case crash_cases[] = {
	{ "writethrough", false },
	{ "writethrough, which waits", false, { FAKE_BY_TURNS } },
	{ "directsync", false, { FAKE_BY_TURNS, true } },
	{ "directsync, durable by itself", false, { FAKE_BY_TURNS, true }, true },
	{ "writeback", true },
	{ "none", true, { FAKE_BY_TURNS, true } },
	{ "none, durable by itself", true, { FAKE_BY_TURNS, true }, true },
};

KUNIT_ARRAY_PARAM_DESC(crash, crash_cases, name);

static struct crash *crash_create(struct kunit *test)
{
	const struct crash_case *c = test->param_value;
	struct crash *crash = kunit_kzalloc(test, sizeof(*crash), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, crash);
	crash->test = test;
	crash->writeback = c->writeback;
	crash->version = 1;
	fake_backing_mode = c->mode;
	crash->bench.backing = fake_backing_create(test, DISK * 512);
	fake_backing_mode = (struct fake_backing_mode){};
	fake_backing_on_disk(crash->bench.backing, c->durable);
	/* Each run has a device of its own. */
	crash->bench.b = fba_device_of(crash->bench.backing, 0);
	crash->cache.power = meanwhile;
	crash->cache.power_arg = crash;
	fake_cache_init(&crash->cache, crash->bench.backing, &crash->rnd);
	return crash;
}

static void crash_end(struct crash *crash)
{
	fake_backing_on_disk(crash->bench.backing, false);
}

/* A test that never met what it is about would prove nothing. */
static void expect_all_happened(const struct crash *crash)
{
	struct kunit *test = crash->test;

	kunit_info(test, "WRITEs: %u good, %u of them halted; %u bad; %u dropped",
		   crash->good, crash->halted, crash->bad, crash->dropped);
	kunit_info(test, "flushes: %u good, %u told", crash->synced,
		   crash->told);
	KUNIT_EXPECT_GT(test, crash->good, SEEDS);
	KUNIT_EXPECT_GT(test, crash->halted, SEEDS / 10);
	KUNIT_EXPECT_GT(test, crash->bad, SEEDS / 10);
	KUNIT_EXPECT_GT(test, crash->dropped, SEEDS / 10);
	KUNIT_EXPECT_GT(test, crash->synced, SEEDS / 10);
	if (crash->writeback)
		KUNIT_EXPECT_GT(test, crash->told, SEEDS / 10);
}

static void crash_property(struct kunit *test)
{
	struct crash *crash = crash_create(test);
	u32 seed;

	for (seed = 1; seed <= SEEDS && !crash->broken; seed++)
		one_run(crash, seed);
	crash_end(crash);
	KUNIT_ASSERT_EQ_MSG(test, crash->broken, 0,
			    "seed %u, step %u: not all is there that was said to be",
			    crash->seed, crash->step);
	expect_all_happened(crash);
}

/* If flushes do nothing, the test finds it, almost at once. */
static void crash_finds_missing_flush(struct kunit *test)
{
	struct crash *crash = crash_create(test);
	u32 seed, found = 0;

	crash->cache.deaf = true;
	for (seed = 1; seed <= 20; seed++) {
		one_run(crash, seed);
		found += !!crash->broken;
	}
	crash_end(crash);
	KUNIT_EXPECT_GT(test, found, 15);
}

static struct kunit_case fba_crash_test_cases[] = {
	KUNIT_CASE_PARAM(crash_property, crash_gen_params),
	KUNIT_CASE_PARAM(crash_finds_missing_flush, crash_gen_params),
	{}
};

static struct kunit_suite fba_crash_suite = {
	.name = "kvm_css_fba_crash",
	.test_cases = fba_crash_test_cases,
};

kunit_test_suite(fba_crash_suite);
