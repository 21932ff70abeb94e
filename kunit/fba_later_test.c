// SPDX-License-Identifier: GPL-2.0
/*
 * FBA DASD: READs and WRITEs that are pending while the host's file is accessed.
 * At each access of the file, the program goes on, is halted or is dropped, and
 * the access succeeds or fails.  And: which WRITEs need no flush.  The rules are
 * in Documentation/devices.rst, "An access that ends later".
 *
 * The suites with "_waiting" and "_direct" in their names go through all other
 * rules of READ and WRITE.
 */
#include <kunit/test.h>
#include <linux/pagemap.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/control_unit.h>

#include "fba_bench.h"

#define BLOCK		5u
#define FROM		(BLOCK * 512)

static struct fba_bench create(struct kunit *test, bool direct, bool disk)
{
	struct fba_bench bench;

	bench.backing = fake_backing_create(test, SIZE);
	fake_backing_fill(bench.backing);
	bench.backing->later = FAKE_BEFORE_RETURN;
	if (direct)
		bench.backing->file->f_flags |= O_DIRECT;
	if (disk)
		fake_backing_on_disk(bench.backing, true);
	bench.b = fba_device_of(bench.backing, 0);
	if (disk)
		fake_backing_on_disk(bench.backing, false);
	bench.backing->later = FAKE_WHEN_ANSWERED;
	return bench;
}

/* What happens at one access of the file */

struct later_case {
	const char *name;
	u8 cmd;
	u16 blocks;
	u32 len;
	bool direct;
	unsigned int accesses;	/* how many there are when nothing happens */
};

static const struct later_case later_cases[] = {
	{ "READ, direct", FBA_READ, 2, 1024, true, 1 },
	{ "READ of a buffer and a half, direct", FBA_READ, 192, 192 * 512, true,
	  2 },
	{ "READ, waiting for a page", FBA_READ, 2, 1024, false, 1 },
	{ "READ of a buffer and a half, waiting for pages", FBA_READ, 192,
	  192 * 512, false, 2 },
	{ "WRITE", FBA_WRITE, 2, 1024, true, 1 },
	{ "WRITE of a buffer and a half", FBA_WRITE, 192, 192 * 512, true, 2 },
	{ "WRITE of zeros", FBA_WRITE, 2, 0, true, 1 },
	{ "WRITE of more zeros than the buffer has", FBA_WRITE, 192, 0, true, 2 },
	{ "WRITE of a block, and zeros", FBA_WRITE, 129, 512, true, 2 },
};

KUNIT_ARRAY_PARAM_DESC(later, later_cases, name);

/* @at: the access; @stop, @fails: what happens at it */
struct event {
	unsigned int at;
	enum chanprog_stop stop;
	bool fails;
};

/* Return: what becomes of the program; *@accesses: how many there were. */
static enum chanprog_state run(struct fba_bench *bench, const struct event *event,
			       unsigned int *accesses)
{
	struct chanprog *cp = &bench->b->cp;
	enum chanprog_state state;

	*accesses = 0;
	state = chanprog_run(cp, CHANPROG_ON_WORKER);
	while (state == CHANPROG_PENDING) {
		KUNIT_EXPECT_TRUE(bench->b->test, chanprog_pending(cp));
		if (*accesses == event->at) {
			if (event->fails)
				fake_backing_fail(bench->backing, 0, -EIO);
			if (event->stop != CHANPROG_GO_ON)
				chanprog_stop(cp, event->stop);
		}
		(*accesses)++;
		fake_backing_answer(bench->backing);
		device_wait_completed(bench->b);
		state = chanprog_run(cp, CHANPROG_ON_WORKER);
	}
	return state;
}

/* How many bytes the program has moved until the event */
static u32 moved(const struct later_case *c, const struct event *event)
{
	u32 done = event->at * BUFFER;

	/* What a READ has read is given afterwards, what a WRITE writes before. */
	if (c->cmd == FBA_WRITE)
		done += BUFFER;
	return event->stop == CHANPROG_GO_ON && !event->fails ? c->len :
							      min(done, c->len);
}

/* All that was moved is where it belongs, and nothing else has changed. */
static void expect_moved(struct fba_bench *bench, const struct later_case *c,
			 const struct event *event)
{
	u32 len = moved(c, event), i;
	u8 *data = bench->b->guest.storage + BENCH_DATA;

	if (c->cmd == FBA_READ) {
		for (i = 0; i < len; i++)
			if (data[i] != fake_backing_byte(FROM + i))
				break;
		KUNIT_EXPECT_EQ(bench->b->test, i, len);
		device_expect_untouched(bench->b, BENCH_DATA + len, 512);
		return;
	}
	fake_backing_expect_pattern(bench->backing, 0, FROM);
	fake_backing_expect_pattern(bench->backing, FROM + c->blocks * 512,
				    SIZE);
	if (!event->fails)
		fake_backing_expect(bench->backing, FROM, data, len);
}

static void expect_ended(struct fba_bench *bench, const struct later_case *c,
			 const struct event *event, unsigned int accesses)
{
	struct fake_backing *backing = bench->backing;
	struct kunit *test = bench->b->test;
	u8 dstat = event->fails ? BENCH_CHECKED : BENCH_NORMAL;

	KUNIT_EXPECT_EQ(test, bench->b->cp.ending.dstat, dstat);
	fba_expect_failed(bench->b, event->fails);
	if (event->fails) {
		KUNIT_EXPECT_EQ(test, accesses, event->at + 1);
	} else if (c->cmd == FBA_WRITE) {
		fake_backing_expect_durable(backing);
		KUNIT_EXPECT_EQ(test, backing->fsyncs, c->accesses > 1);
		KUNIT_EXPECT_EQ(test, backing->dsyncs, c->accesses == 1);
	}
}

static void at_access(struct kunit *test, const struct later_case *c,
		      const struct event *event)
{
	struct fba_bench bench = create(test, c->direct, c->direct);
	unsigned int accesses;
	enum chanprog_state state;

	fba_move_blocks(bench.b, c->cmd, BLOCK, c->blocks, c->len);
	device_begin(bench.b);
	state = run(&bench, event, &accesses);
	if (event->stop == CHANPROG_DROP) {
		/* Nothing else was begun. */
		KUNIT_EXPECT_EQ(test, state, CHANPROG_STOPPED);
		KUNIT_EXPECT_EQ(test, accesses, event->at + 1);
		KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 0);
	} else {
		KUNIT_EXPECT_EQ(test, state, CHANPROG_ENDED);
		expect_ended(&bench, c, event, accesses);
		if (event->stop == CHANPROG_GO_ON && !event->fails)
			KUNIT_EXPECT_EQ(test, accesses, c->accesses);
	}
	expect_moved(&bench, c, event);
	/* The disk is as good as new. */
	cu_reset(bench.b->dev);
	bench.backing->fails = false;
	bench.backing->later = FAKE_SOON;
	fba_move_blocks(bench.b, c->cmd, BLOCK, 2, 1024);
	device_expect_normal(bench.b);
}

static void later_access_test(struct kunit *test)
{
	const enum chanprog_stop stops[] = { CHANPROG_GO_ON, CHANPROG_HALT,
					     CHANPROG_DROP };
	const struct later_case *c = test->param_value;
	struct event event = {};
	unsigned int i;

	for (event.at = 0; event.at < c->accesses; event.at++) {
		for (i = 0; i < ARRAY_SIZE(stops); i++) {
			event.stop = stops[i];
			event.fails = false;
			at_access(test, c, &event);
			event.fails = true;
			at_access(test, c, &event);
		}
	}
}

/* Halted first, and then dropped: the failed write has no status at all. */
static void later_halted_and_dropped_test(struct kunit *test)
{
	struct fba_bench bench = create(test, true, true);
	struct chanprog *cp = &bench.b->cp;

	fba_move_blocks(bench.b, FBA_WRITE, BLOCK, 192, 192 * 512);
	device_begin(bench.b);
	KUNIT_ASSERT_EQ(test, chanprog_run(cp, CHANPROG_ON_WORKER),
			CHANPROG_PENDING);
	chanprog_stop(cp, CHANPROG_HALT);
	fake_backing_answer(bench.backing);
	chanprog_stop(cp, CHANPROG_DROP);
	device_wait_completed(bench.b);
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_WORKER),
			CHANPROG_STOPPED);
	KUNIT_EXPECT_EQ(test, bench.backing->writes, 1);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 0);
}

/* READ IPL has its effect when the block has been read, and not before. */
static void later_ipl_test(struct kunit *test)
{
	int fails;

	for (fails = 0; fails < 2; fails++) {
		struct fba_bench bench = create(test, true, true);
		const struct event event = { .fails = fails };
		unsigned int accesses;

		device_ccw(bench.b, FBA_READ_IPL, 0, 512, BENCH_DATA);
		fba_locate(bench.b, FBA_OP_READ, 3, 1);
		device_ccw(bench.b, FBA_READ, 0, 512, BENCH_DATA);
		device_begin(bench.b);
		KUNIT_EXPECT_EQ(test, run(&bench, &event, &accesses),
				CHANPROG_ENDED);
		KUNIT_EXPECT_EQ(test, accesses, fails ? 1 : 2);
		KUNIT_EXPECT_EQ(test, bench.b->cp.ending.dstat,
				fails ? BENCH_CHECKED : BENCH_NORMAL);
	}
}

/* Which WRITEs need no flush */

struct durable_case {
	const char *name;
	u16 blocks;
	u32 len;
	bool direct;
	bool disk;
	u32 write_alignment;
	bool lost;	/* another process is told that a write was lost */
	unsigned int dsyncs;
	unsigned int fsyncs;
};

static const struct durable_case durable_cases[] = {
	{ "direct, on a disk", 8, 4096, true, true, .dsyncs = 1 },
	{ "as much as the buffer holds", BUFFER_BLOCKS, BUFFER, true, true,
	  .dsyncs = 1 },
	{ "more than the buffer holds", BUFFER_BLOCKS + 1, BUFFER + 512, true,
	  true, .fsyncs = 1 },
	{ "data, and zeros", 8, 512, true, true, .fsyncs = 1 },
	{ "zeros", 8, 0, true, true, .dsyncs = 1 },
	{ "through the page cache for its alignment", 3, 3 * 512, true, true,
	  4096, .dsyncs = 1 },
	{ "direct, not on a disk", 8, 4096, true, false, .fsyncs = 1 },
	{ "through the page cache", 8, 4096, false, true, .fsyncs = 1 },
	{ "a lost write", 8, 4096, true, true, .lost = true, .dsyncs = 1 },
};

KUNIT_ARRAY_PARAM_DESC(durable, durable_cases, name);

static void later_durable_test(struct kunit *test)
{
	const struct durable_case *c = test->param_value;
	struct fba_bench bench = create(test, c->direct, c->disk);
	struct fake_backing *backing = bench.backing;
	u32 len = min(c->len, FBA_CCW_LEN);

	backing->later = FAKE_SOON;
	backing->write_alignment = c->write_alignment;
	backing->lost_writeback = c->lost;
	fba_move_blocks(bench.b, FBA_WRITE, BLOCK, c->blocks, c->len);
	device_run(bench.b);
	KUNIT_EXPECT_EQ(test, bench.b->cp.ending.dstat,
			c->lost ? BENCH_CHECKED : BENCH_NORMAL);
	KUNIT_EXPECT_EQ(test, backing->dsyncs, c->dsyncs);
	KUNIT_EXPECT_EQ(test, backing->fsyncs, c->fsyncs);
	fake_backing_expect_durable(backing);
	fake_backing_expect(backing, FROM, bench.b->guest.storage + BENCH_DATA,
			    len);
}

/*
 * A write-back has failed, and nobody has seen that so far.  The next WRITE tells
 * the guest, and the WRITE behind it is a good one again.
 */
static void later_unseen_error_test(struct kunit *test)
{
	int durable;

	for (durable = 0; durable < 2; durable++) {
		struct fba_bench bench = create(test, true, durable);

		bench.backing->later = FAKE_SOON;
		mapping_set_error(bench.backing->file->f_mapping, -EIO);
		fba_move_blocks(bench.b, FBA_WRITE, BLOCK, 2, 1024);
		KUNIT_EXPECT_EQ(test, device_run(bench.b)->dstat, BENCH_CHECKED);
		fba_expect_failed(bench.b, true);
		fba_move_blocks(bench.b, FBA_WRITE, BLOCK, 2, 1024);
		device_expect_normal(bench.b);
		KUNIT_EXPECT_EQ(test, bench.backing->dsyncs, 2 * durable);
	}
}

/* The buffer is in pages that don't lie one behind the other. */
static void later_scattered_test(struct kunit *test)
{
	const struct later_case read = { .cmd = FBA_READ, .len = 192 * 512 };
	const struct event nothing = {};
	struct fba_bench bench = create(test, true, true);

	bench.b->guest.scattered = true;
	bench.backing->later = FAKE_SOON;
	bench.backing->piece = 5000;
	fba_move_blocks(bench.b, FBA_READ, BLOCK, 192, 192 * 512);
	device_expect_normal(bench.b);
	expect_moved(&bench, &read, &nothing);
	fba_move_blocks(bench.b, FBA_WRITE, BLOCK, 192, 192 * 512);
	device_expect_normal(bench.b);
	fake_backing_expect_pattern(bench.backing, 0, SIZE);
}

static struct kunit_case fba_later_cases[] = {
	KUNIT_CASE_PARAM(later_access_test, later_gen_params),
	KUNIT_CASE(later_halted_and_dropped_test),
	KUNIT_CASE(later_ipl_test),
	KUNIT_CASE_PARAM(later_durable_test, durable_gen_params),
	KUNIT_CASE(later_unseen_error_test),
	KUNIT_CASE(later_scattered_test),
	{}
};

static struct kunit_suite fba_later_suite = {
	.name = "kvm_css_fba_later",
	.test_cases = fba_later_cases,
};

kunit_test_suite(fba_later_suite);
