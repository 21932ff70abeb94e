// SPDX-License-Identifier: GPL-2.0
/*
 * FBA DASD: which READs end on the vCPU, because the page cache of the host has
 * the blocks, and which ones a worker executes.  The rules are in
 * Documentation/devices.rst, "On the vCPU or on a worker".
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/timekeeping.h>

#include <kvm_css/ccw.h>

#include "fba_bench.h"

/*
 * How many CCWs are copied ahead at the most (CHANPROG_CHAIN), without the two
 * that stand before READ
 */
#define CHAIN		126

static struct fba_bench create(struct kunit *test, bool direct)
{
	struct fba_bench bench;

	bench.backing = fake_backing_create(test, SIZE);
	fake_backing_fill(bench.backing);
	if (direct)
		bench.backing->file->f_flags |= O_DIRECT;
	bench.b = fba_device_of(bench.backing, 0);
	/* The device has a buffer from its first READ on. */
	fba_locate_blocks(bench.b, FBA_READ, 0, 1);
	device_ccw(bench.b, FBA_READ, CCW_SKIP, 512, BENCH_DATA);
	device_expect_normal(bench.b);
	fake_backing_cache(bench.backing, SIZE);
	bench.backing->reads = 0;
	bench.b->on_vcpu = true;
	bench.b->prefetch = true;
	return bench;
}

/* READ, in @ccws CCWs of the same size */
static void read_in(struct device_bench *b, u32 block, u16 blocks,
		    unsigned int ccws)
{
	u32 len = blocks * 512 / ccws, addr = BENCH_DATA;
	unsigned int i;

	fba_locate_blocks(b, FBA_READ, block, blocks);
	for (i = 0; i < ccws; i++, addr += len)
		device_ccw(b, FBA_READ, i + 1 < ccws ? CCW_CD : 0, len, addr);
}

static void expect_data(struct fba_bench *bench, u32 block, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		if (bench->b->guest.storage[BENCH_DATA + i] !=
		    fake_backing_byte(block * 512 + i))
			break;
	KUNIT_EXPECT_EQ_MSG(bench->b->test, i, len, "byte %u differs", i);
	device_expect_untouched(bench->b, BENCH_DATA + len, 512);
}

struct now_case {
	const char *name;
	u16 blocks;
	unsigned int ccws;
	loff_t cached;	/* 0: all */
	bool no_prefetch;
	bool no_nowait;	/* the file system can't say that it would wait */
	bool direct;
	bool deferred;
};

static const struct now_case now_cases[] = {
	{ "a block", 1, 1 },
	{ "a block without prefetching", 1, 1, .no_prefetch = true },
	{ "4 KiB as Linux reads it", 8, 8 },
	{ "as much as the buffer holds", BUFFER_BLOCKS, 2 },
	{ "as many CCWs as are copied ahead", CHAIN, CHAIN },
	{ "a CCW more", CHAIN + 1, CHAIN + 1, .deferred = true },
	{ "more than the buffer holds", BUFFER_BLOCKS + 2, 2,
	  .deferred = true },
	{ "chained without prefetching", 8, 8, .no_prefetch = true,
	  .deferred = true },
	{ "not in the page cache", 8, 1, .cached = 512, .deferred = true },
	{ "half of it in the page cache", 8, 8, .cached = 14 * 512,
	  .deferred = true },
	{ "a file that always waits", 8, 1, .no_nowait = true,
	  .deferred = true },
	{ "direct I/O", 8, 1, .direct = true, .deferred = true },
};

KUNIT_ARRAY_PARAM_DESC(now, now_cases, name);

/* Whoever executes it, the guest gets the same. */
static void now_read_test(struct kunit *test)
{
	const struct now_case *c = test->param_value;
	struct fba_bench bench = create(test, c->direct);
	const u32 block = 10;

	if (c->cached)
		bench.backing->cached = c->cached;
	if (c->no_nowait)
		bench.backing->file->f_mode &= ~FMODE_NOWAIT;
	bench.b->prefetch = !c->no_prefetch;
	read_in(bench.b, block, c->blocks, c->ccws);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_EQ(test, bench.b->deferred, c->deferred);
	KUNIT_EXPECT_EQ(test, !!bench.backing->reads, c->deferred);
	expect_data(&bench, block, c->blocks * 512);
}

/*
 * A read that updates the access time of the file is left to a worker, because
 * the file system may wait for its journal.
 */
struct atime_case {
	const char *name;
	int mount;
	bool noatime;	/* the file is open so */
	time64_t read;	/* so many seconds ago */
	time64_t written;
	time64_t changed;
	bool deferred;
	bool now;	/* it is still the same time as when it was read */
};

#define DAY		(24 * 60 * 60)

static const struct atime_case atime_cases[] = {
	{ "mounted with strictatime", 0, false, 1, 100, 100, true },
	{ "mounted with noatime", MNT_NOATIME, false, 100, 1, 1, false },
	{ "open with O_NOATIME", 0, true, 100, 1, 1, false },
	{ "relatime, read since", MNT_RELATIME, false, 10, 100, 100, false },
	{ "relatime, written since", MNT_RELATIME, false, 100, 10, 200, true },
	{ "relatime, changed since", MNT_RELATIME, false, 100, 200, 10, true },
	{ "relatime, written at once", MNT_RELATIME, false, 10, 10, 100,
	  true },
	{ "relatime, written, and read in the same second", MNT_RELATIME, false,
	  10, 10, 10, false, .now = true },
	{ "relatime, written in the next second", MNT_RELATIME, false, 10, 9, 9,
	  true },
	{ "strictatime, read in the same second", 0, false, 10, 100, 100, false,
	  .now = true },
	{ "relatime, read a day ago", MNT_RELATIME, false, DAY + 10, 2 * DAY,
	  2 * DAY, true },
	{ "relatime, read less than a day ago", MNT_RELATIME, false, DAY - 60,
	  2 * DAY, 2 * DAY, false },
};

KUNIT_ARRAY_PARAM_DESC(atime, atime_cases, name);

static void now_atime_test(struct kunit *test)
{
	const struct atime_case *c = test->param_value;
	const int flags = MNT_NOATIME | MNT_RELATIME;
	struct fba_bench bench = create(test, false);
	struct fake_backing *backing = bench.backing;
	struct super_block *super = file_inode(backing->file)->i_sb;
	struct vfsmount *mount = backing->file->f_path.mnt;
	const int before = mount->mnt_flags;
	const time64_t last = super->s_time_max;
	time64_t now = ktime_get_real_seconds();

	if (!c->noatime)
		backing->file->f_flags &= ~O_NOATIME;
	backing->has_times = true;
	backing->atime = now - c->read;
	backing->mtime = now - c->written;
	backing->ctime = now - c->changed;
	mount->mnt_flags = (before & ~flags) | c->mount;
	/* The clock of the file system goes no further. */
	if (c->now)
		super->s_time_max = backing->atime;
	read_in(bench.b, 0, 1, 1);
	device_expect_normal(bench.b);
	mount->mnt_flags = before;
	super->s_time_max = last;
	KUNIT_EXPECT_EQ(test, bench.b->deferred, c->deferred);
	KUNIT_EXPECT_EQ(test, !bench.backing->reads_now, c->deferred);
}

/* The buffer is allocated by a worker, whose memory is the VMM's. */
static void now_first_read_test(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);

	fake_backing_cache(bench.backing, SIZE);
	bench.b->on_vcpu = true;
	read_in(bench.b, 0, 1, 1);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_TRUE(test, bench.b->deferred);
	KUNIT_EXPECT_EQ(test, bench.backing->reads_now, 0);
	read_in(bench.b, 0, 1, 1);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_FALSE(test, bench.b->deferred);
}

/* A WRITE is durable when it ends, and that takes time. */
static void now_write_test(struct kunit *test)
{
	struct fba_bench bench = create(test, false);

	fba_locate_blocks(bench.b, FBA_WRITE, 0, 1);
	device_ccw(bench.b, FBA_WRITE, 0, 512, BENCH_DATA);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_TRUE(test, bench.b->deferred);
	fake_backing_expect_durable(bench.backing);
}

/* An error of the host is found by the worker, and told as always. */
static void now_error_test(struct kunit *test)
{
	struct fba_bench bench = create(test, false);

	bench.backing->cached = 0;
	fake_backing_fail(bench.backing, 0, -EIO);
	read_in(bench.b, 0, 8, 8);
	device_expect(bench.b, 2, BENCH_CHECKED, CSTAT_INCORRECT_LENGTH, 512);
	KUNIT_EXPECT_TRUE(test, bench.b->deferred);
	fba_expect_failed(bench.b, true);
}

/* READ is in the domain of LOCATE only once, on the vCPU as well. */
static void now_once_test(struct kunit *test)
{
	struct fba_bench bench = create(test, false);

	read_in(bench.b, 0, 1, 1);
	device_ccw(bench.b, FBA_READ, 0, 512, BENCH_DATA);
	device_expect(bench.b, 3, DSTAT_UNIT_CHECK, 0, 512);
	KUNIT_EXPECT_FALSE(test, bench.b->deferred);
	device_expect_sense(bench.b, SENSE0_COMMAND_REJECT, 0, 0x02);
}

/* What is unusual in a chain, and who executes it */
struct chain_case {
	const char *name;
	u16 counts[3];
	u8  flags[3];
	bool tic;	/* in place of the second CCW */
	bool deferred;
	u8  nr;		/* the CCW that is the last */
	u8  cstat;
	u16 count;
};

static const struct chain_case chain_cases[] = {
	{ "a count that is too small", { 512, 512, 500 }, { 0, 0, 0 },
	  .nr = 4, .cstat = CSTAT_INCORRECT_LENGTH },
	{ "a count that is too large", { 512, 512, 600 }, { 0, 0, 0 },
	  .nr = 4, .cstat = CSTAT_INCORRECT_LENGTH, .count = 88 },
	{ "a count of zero", { 512, 0, 1024 }, { 0, 0, 0 },
	  .nr = 3, .cstat = CSTAT_PROGRAM_CHECK },
	{ "skipped", { 512, 512, 512 }, { 0, CCW_SKIP, 0 }, .nr = 4 },
	{ "more bytes than a vCPU moves", { 512, 0xfff0, 0xfff0 },
	  { 0, 0, 0 }, .deferred = true, .nr = 3,
	  .cstat = CSTAT_INCORRECT_LENGTH, .count = 0xfff0 - 1024 },
	{ "a transfer in channel", { 512, 0, 1024 }, { 0, 0, 0 }, .tic = true,
	  .deferred = true, .nr = 4 },
};

KUNIT_ARRAY_PARAM_DESC(chain, chain_cases, name);

static void now_chain_test(struct kunit *test)
{
	const struct chain_case *c = test->param_value;
	struct fba_bench bench = create(test, false);
	u32 addr = BENCH_DATA;
	unsigned int i;

	fba_locate_blocks(bench.b, FBA_READ, 0, 3);
	for (i = 0; i < 3; i++) {
		if (c->tic && i == 1)
			device_ccw(bench.b, CCW_CMD_TIC, 0, 0,
				   BENCH_PROG + 4 * CCW_SIZE);
		else
			device_ccw(bench.b, FBA_READ,
				   c->flags[i] | (i < 2 ? CCW_CD : 0),
				   c->counts[i], addr);
		addr += c->counts[i] & 0xfff;
	}
	if (c->tic)
		bench.b->ccws[3].flags = 0;
	device_expect(bench.b, c->nr, BENCH_NORMAL, c->cstat, c->count);
	KUNIT_EXPECT_EQ(test, bench.b->deferred, c->deferred);
}

static struct kunit_case fba_now_cases[] = {
	KUNIT_CASE_PARAM(now_read_test, now_gen_params),
	KUNIT_CASE_PARAM(now_atime_test, atime_gen_params),
	KUNIT_CASE(now_first_read_test),
	KUNIT_CASE(now_write_test),
	KUNIT_CASE(now_error_test),
	KUNIT_CASE(now_once_test),
	KUNIT_CASE_PARAM(now_chain_test, chain_gen_params),
	{}
};

static struct kunit_suite fba_now_suite = {
	.name = "kvm_css_fba_now",
	.test_cases = fba_now_cases,
};

kunit_test_suites(&fba_now_suite);
