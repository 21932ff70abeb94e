// SPDX-License-Identifier: GPL-2.0
/*
 * FBA DASD with write-back (KVM_CSS_FBA_WRITEBACK): a WRITE ends without a
 * flush, and an error that the host meets later is told.  The rules are in
 * Documentation/devices.rst, "Cache".
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include "fba_bench.h"

static void write_block(struct device_bench *b, u32 block)
{
	fba_locate_blocks(b, FBA_WRITE, block, 1);
	device_ccw(b, FBA_WRITE, 0, 512, BENCH_DATA);
}

static void write_well(struct device_bench *b, u32 block)
{
	write_block(b, block);
	device_expect_normal(b);
}

static void write_badly(struct device_bench *b, u32 block)
{
	write_block(b, block);
	device_expect(b, 2, BENCH_CHECKED, 0, 0);
	fba_expect_failed(b, true);
}

static void fba_cache_write_is_not_flushed(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);
	struct css_device *dev = bench.b->dev;

	write_well(bench.b, 5);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 0);
	fake_backing_expect(bench.backing, 5 * 512,
			    bench.b->guest.storage + BENCH_DATA, 512);
	KUNIT_EXPECT_FALSE(test, cu_is_synced(dev));
	KUNIT_EXPECT_EQ(test, cu_sync(dev), 0);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
	fake_backing_expect_durable(bench.backing);
	KUNIT_EXPECT_TRUE(test, cu_is_synced(dev));
	KUNIT_EXPECT_EQ(test, cu_sync(dev), 0);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
}

/* Write-through has nothing to be synchronized later. */
static void fba_cache_write_through(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);

	write_well(bench.b, 5);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
	KUNIT_EXPECT_TRUE(test, cu_is_synced(bench.b->dev));
}

static void fba_cache_reads_need_no_sync(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);

	fba_locate_blocks(bench.b, FBA_READ, 5, 1);
	device_ccw(bench.b, FBA_READ, 0, 512, BENCH_DATA);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_TRUE(test, cu_is_synced(bench.b->dev));
}

/* Zeros that are made without writing them have to be synchronized, too. */
static void fba_cache_zeros(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);

	bench.backing->has_zero_range = true;
	fba_locate_blocks(bench.b, FBA_WRITE, 0, 200);
	device_ccw(bench.b, FBA_WRITE, CCW_SLI, 0, BENCH_DATA);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_EQ(test, bench.backing->zero_ranges, 1);
	KUNIT_EXPECT_EQ(test, cu_sync(bench.b->dev), 0);
	fake_backing_expect_durable(bench.backing);
}

/* What was written before an error has to be synchronized all the same. */
static void fba_cache_after_a_failed_write(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);

	fake_backing_fail(bench.backing, 1, -ENOSPC);
	fba_locate_blocks(bench.b, FBA_WRITE, 0, 192);
	device_ccw(bench.b, FBA_WRITE, CCW_CD, 0xc000, BENCH_DATA);
	device_ccw(bench.b, 0, 0, 0xc000, BENCH_DATA);
	KUNIT_EXPECT_EQ(test, device_run(bench.b)->dstat, BENCH_CHECKED);
	KUNIT_EXPECT_FALSE(test, cu_is_synced(bench.b->dev));
	KUNIT_EXPECT_EQ(test, cu_sync(bench.b->dev), 0);
	fake_backing_expect_durable(bench.backing);
}

/*
 * A flush fails, as that of a disk whose cache can't be written: that is no
 * write-back error.  Both the caller of the flush and the guest are told, and
 * the next flush tries again.
 */
static void fba_cache_flush_error(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);
	struct css_device *dev = bench.b->dev;

	write_well(bench.b, 5);
	bench.backing->fsync_error = -EIO;
	KUNIT_EXPECT_EQ(test, cu_sync(dev), -EIO);
	KUNIT_EXPECT_FALSE(test, cu_is_synced(dev));
	bench.backing->fsync_error = 0;
	write_badly(bench.b, 5);
	write_well(bench.b, 5);
	KUNIT_EXPECT_EQ(test, cu_sync(dev), 0);
	write_well(bench.b, 6);
	KUNIT_EXPECT_EQ(test, cu_sync(dev), 0);
	fake_backing_expect_durable(bench.backing);
}

/*
 * The kernel loses a page when it writes it back by itself, and another process
 * is told by its fsync().  The guest is told with its next WRITE, and whoever
 * flushes is told, too: each of them once.
 */
static void fba_cache_lost_later(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);
	struct css_device *dev = bench.b->dev;

	write_well(bench.b, 5);
	fake_backing_lose(bench.backing);
	write_badly(bench.b, 6);
	write_well(bench.b, 6);
	KUNIT_EXPECT_EQ(test, cu_sync(dev), -EIO);
	KUNIT_EXPECT_EQ(test, cu_sync(dev), 0);
	KUNIT_EXPECT_TRUE(test, cu_is_synced(dev));
}

/* The flush meets the error first: then the guest is told with its next WRITE. */
static void fba_cache_lost_and_flushed(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);
	struct css_device *dev = bench.b->dev;

	write_well(bench.b, 5);
	fake_backing_lose(bench.backing);
	KUNIT_EXPECT_EQ(test, cu_sync(dev), -EIO);
	KUNIT_EXPECT_EQ(test, cu_sync(dev), 0);
	write_badly(bench.b, 5);
	write_well(bench.b, 5);
	KUNIT_EXPECT_EQ(test, cu_sync(dev), 0);
}

/* The next WRITE tells even if it is halted before its data. */
static void fba_cache_lost_and_halted(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);

	write_well(bench.b, 5);
	fake_backing_lose(bench.backing);
	write_block(bench.b, 6);
	bench.backing->stop = &bench.b->cp;
	bench.backing->stop_why = CHANPROG_HALT;
	bench.backing->stop_at = 1;
	KUNIT_EXPECT_EQ(test, device_run(bench.b)->dstat, BENCH_CHECKED);
}

/* A WRITE that is dropped tells nobody, so the next one tells. */
static void fba_cache_lost_and_dropped(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);

	write_well(bench.b, 5);
	fake_backing_lose(bench.backing);
	write_block(bench.b, 6);
	bench.backing->stop = &bench.b->cp;
	bench.backing->stop_why = CHANPROG_DROP;
	bench.backing->stop_at = 1;
	device_begin(bench.b);
	chanprog_run(&bench.b->cp, CHANPROG_ON_WORKER);
	bench.backing->stop = NULL;
	cu_reset(bench.b->dev);
	write_badly(bench.b, 6);
	write_well(bench.b, 6);
}

/*
 * A WRITE has told, but the program is cleared before the guest sees how it has
 * ended.  So the next WRITE tells again.
 */
static void fba_cache_lost_and_cleared(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);

	write_well(bench.b, 5);
	fake_backing_lose(bench.backing);
	write_badly(bench.b, 6);
	cu_reset(bench.b->dev);
	write_badly(bench.b, 6);
	write_well(bench.b, 6);
	cu_reset(bench.b->dev);
	write_well(bench.b, 6);
}

/*
 * A signal interrupts whoever flushes: nothing is known, so nothing is told and
 * the next one flushes.
 */
static void fba_cache_flush_interrupted(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_WRITEBACK);
	struct css_device *dev = bench.b->dev;

	write_well(bench.b, 5);
	bench.backing->fsync_error = -ERESTARTSYS;
	KUNIT_EXPECT_EQ(test, cu_sync(dev), -EINTR);
	bench.backing->fsync_error = 0;
	write_well(bench.b, 6);
	KUNIT_EXPECT_EQ(test, cu_sync(dev), 0);
	fake_backing_expect_durable(bench.backing);
}

struct flags_case {
	const char *name;
	u32 flags;
	bool direct;	/* the file has O_DIRECT */
	u32 told;	/* what KVM_CSS_GET_DEVICE says; 0: it is refused */
};

#define WRITEBACK	KVM_CSS_FBA_WRITEBACK
#define DIRECT		KVM_CSS_FBA_DIRECT
#define READONLY	KVM_CSS_FBA_READONLY

static const struct flags_case flags_cases[] = {
	{ "writeback", WRITEBACK, false, WRITEBACK },
	{ "writeback, direct not said", WRITEBACK, true, WRITEBACK | DIRECT },
	{ "writeback and direct", WRITEBACK | DIRECT, true,
	  WRITEBACK | DIRECT },
	{ "writeback and direct, without O_DIRECT", WRITEBACK | DIRECT, false,
	  0 },
	{ "direct", DIRECT, true, DIRECT },
	{ "direct, without O_DIRECT", DIRECT, false, 0 },
	{ "read-only writeback", READONLY | WRITEBACK, false,
	  READONLY | WRITEBACK },
	{ "all", READONLY | KVM_CSS_FBA_DISCARD | WRITEBACK | DIRECT, true,
	  READONLY | KVM_CSS_FBA_DISCARD | WRITEBACK | DIRECT },
};

KUNIT_ARRAY_PARAM_DESC(flags, flags_cases, name);

static void fba_cache_flags(struct kunit *test)
{
	const struct flags_case *c = test->param_value;
	struct fake_backing *backing = fake_backing_create(test, SIZE);
	struct kvm_css_device *device = kunit_kzalloc(test, sizeof(*device),
						      GFP_KERNEL);
	struct css_device *dev;

	KUNIT_ASSERT_NOT_NULL(test, device);
	if (c->direct)
		backing->file->f_flags |= O_DIRECT;
	dev = fba_device_create(backing->file, 0, 0, c->flags);
	if (!c->told) {
		KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dev), -EINVAL);
		return;
	}
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	KUNIT_EXPECT_EQ(test, cu_describe(dev, device), 0);
	KUNIT_EXPECT_EQ(test, device->fba.flags, c->told);
	dev->ops->release(dev);
}

static struct kunit_case fba_cache_test_cases[] = {
	KUNIT_CASE(fba_cache_write_is_not_flushed),
	KUNIT_CASE(fba_cache_write_through),
	KUNIT_CASE(fba_cache_reads_need_no_sync),
	KUNIT_CASE(fba_cache_zeros),
	KUNIT_CASE(fba_cache_after_a_failed_write),
	KUNIT_CASE(fba_cache_flush_error),
	KUNIT_CASE(fba_cache_lost_later),
	KUNIT_CASE(fba_cache_lost_and_flushed),
	KUNIT_CASE(fba_cache_lost_and_halted),
	KUNIT_CASE(fba_cache_lost_and_dropped),
	KUNIT_CASE(fba_cache_lost_and_cleared),
	KUNIT_CASE(fba_cache_flush_interrupted),
	KUNIT_CASE_PARAM(fba_cache_flags, flags_gen_params),
	{}
};

static struct kunit_suite fba_cache_suite = {
	.name = "kvm_css_fba_cache",
	.test_cases = fba_cache_test_cases,
};

kunit_test_suite(fba_cache_suite);
