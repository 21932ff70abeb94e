// SPDX-License-Identifier: GPL-2.0
/*
 * FBA DASD: which files one can be made of, and with whose credentials they are
 * accessed.  The rules are in Documentation/devices.rst, "The host's side".
 */
#include <kunit/test.h>
#include <linux/backing-dev.h>
#include <linux/cred.h>
#include <linux/magic.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include "fba_bench.h"

static void move_blocks(struct device_bench *b, u8 cmd, u32 block, u16 blocks,
			u32 len)
{
	fba_locate_blocks(b, cmd, block, blocks);
	device_ccw(b, cmd, CCW_SLI, len, BENCH_DATA);
}

/* Direct I/O */

struct direct_case {
	const char *name;
	u32 alignment;
	u32 told;
	loff_t size;
	int error;
	int reads;	/* what reads return */
};

static const struct direct_case direct_cases[] = {
	{ "blocks of 512 bytes", 512, 0, SIZE },
	{ "blocks of 512 bytes, and says so", 512, 512, SIZE },
	{ "bytes", 1, 0, SIZE },
	{ "one block of 512 bytes", 512, 0, 512 },
	{ "blocks of 1024 bytes", 1024, 0, SIZE, -EINVAL },
	{ "blocks of 4096 bytes", 4096, 0, SIZE, -EINVAL },
	{ "reads blocks of 512 bytes, and says 4096", 512, 4096, SIZE,
	  -EINVAL },
	{ "can't be read", 512, 0, SIZE, -EINVAL, -EIO },
	/*
	 * A signal of the caller: the call is restarted, or the caller gets
	 * EINTR.
	 */
	{ "a wait is interrupted", 512, 0, SIZE, -EINTR, -EINTR },
	{ "a wait is interrupted, to be restarted", 512, 0, SIZE, -EINTR,
	  -ERESTARTSYS },
};

KUNIT_ARRAY_PARAM_DESC(direct, direct_cases, name);

/* If the file has O_DIRECT, it is accessed so, or refused if it can't be. */
static void fba_direct_io(struct kunit *test)
{
	const struct direct_case *c = test->param_value;
	struct fake_backing *backing = fake_backing_create(test, c->size);
	struct device_bench *bench;
	struct css_device *dev;
	unsigned int before;

	backing->alignment = c->alignment;
	backing->told_alignment = c->told;
	backing->file->f_flags |= O_DIRECT;
	if (c->reads)
		fake_backing_fail(backing, 1, c->reads);
	dev = fba_device_create(backing->file, 0, 0, 0);
	KUNIT_ASSERT_EQ(test, PTR_ERR_OR_ZERO(dev), c->error);
	/* The file may be somebody's image, so no write may be tried on it. */
	KUNIT_EXPECT_EQ(test, backing->writes, 0);
	if (c->error)
		return;
	bench = device_bench_create(test, dev);
	/*
	 * What the owner of the file changes on it later doesn't matter to the
	 * device.
	 */
	backing->file->f_flags &= ~O_DIRECT;
	backing->file->f_flags |= O_APPEND;
	before = backing->direct;
	fba_define(bench, 0, c->size / 512);
	fba_locate(bench, FBA_OP_WRITE, 0, 1);
	device_ccw(bench, FBA_WRITE, 0, 512, BENCH_DATA);
	fba_locate(bench, FBA_OP_READ, 0, 1);
	device_ccw(bench, FBA_READ, 0, 512, BENCH_DATA);
	device_expect_normal(bench);
	KUNIT_EXPECT_EQ(test, backing->direct, before + 2);
	KUNIT_EXPECT_EQ(test, i_size_read(file_inode(backing->file)), c->size);
}

/* Direct I/O, in blocks of 512 bytes or more */
static struct device_bench *direct_bench(struct fake_backing *backing)
{
	fake_backing_fill(backing);
	backing->alignment = 512;
	backing->file->f_flags |= O_DIRECT;
	return fba_device_of(backing, 0);
}

/*
 * A file that needs larger pieces for writing than for reading doesn't say so.
 * Such a write is done without O_DIRECT, and the guest notices nothing.
 */
static void fba_direct_write_of_other_alignment(struct kunit *test)
{
	struct fake_backing *backing = fake_backing_create(test, SIZE);
	struct device_bench *b;
	unsigned int direct;

	backing->write_alignment = 4096;
	b = direct_bench(backing);
	direct = backing->direct;
	move_blocks(b, FBA_WRITE, 5, 3, 3 * 512);
	device_expect_normal(b);
	KUNIT_EXPECT_EQ(test, backing->direct, direct);
	fake_backing_expect_pattern(backing, 0, 5 * 512);
	fake_backing_expect(backing, 5 * 512, b->guest.storage + BENCH_DATA,
			    3 * 512);
	fake_backing_expect_pattern(backing, 8 * 512, SIZE);
	fake_backing_expect_durable(backing);
	/* A write that is aligned is still direct. */
	move_blocks(b, FBA_WRITE, 8, 8, 8 * 512);
	device_expect_normal(b);
	KUNIT_EXPECT_EQ(test, backing->direct, direct + 1);
	move_blocks(b, FBA_READ, 5, 1, 512);
	device_expect_normal(b);
	KUNIT_EXPECT_EQ(test, backing->direct, direct + 2);
}

/*
 * The file moves its data in pieces of any length, so that the rest is no
 * longer aligned.
 */
static void fba_direct_in_odd_pieces(struct kunit *test)
{
	struct fake_backing *backing = fake_backing_create(test, SIZE);
	struct device_bench *b;

	b = direct_bench(backing);
	backing->piece = 1000;
	move_blocks(b, FBA_WRITE, 5, 8, 8 * 512);
	device_expect_normal(b);
	fake_backing_expect(backing, 5 * 512, b->guest.storage + BENCH_DATA,
			    8 * 512);
	fake_backing_expect_pattern(backing, 13 * 512, SIZE);
	fake_backing_expect_durable(backing);
	move_blocks(b, FBA_READ, 13, 8, 8 * 512);
	device_expect_normal(b);
}

/* After the device was made, the file needs a larger alignment. */
static void fba_direct_read_of_other_alignment(struct kunit *test)
{
	struct fake_backing *backing = fake_backing_create(test, SIZE);
	struct device_bench *b;
	u32 i;

	b = direct_bench(backing);
	backing->alignment = 4096;
	move_blocks(b, FBA_READ, 5, 1, 512);
	device_expect_normal(b);
	for (i = 0; i < 512; i++)
		if (b->guest.storage[BENCH_DATA + i] !=
		    fake_backing_byte(5 * 512 + i))
			break;
	KUNIT_EXPECT_EQ(test, i, 512);
}

/* EINVAL for another reason remains an error. */
static void fba_invalid_is_an_error(struct kunit *test)
{
	struct fake_backing *backing = fake_backing_create(test, SIZE);
	struct device_bench *b;

	backing->file->f_flags |= O_DIRECT;
	b = fba_device_of(backing, 0);
	fake_backing_fail(backing, 0, -EINVAL);
	move_blocks(b, FBA_WRITE, 5, 1, 512);
	device_expect(b, 2, BENCH_CHECKED, 0, 0);
	fba_expect_failed(b, true);
}

/* Which kinds of files can store data */

struct kind_case {
	const char *name;
	unsigned long magic;
	unsigned int capabilities;
	unsigned long flags;
	bool readonly;
	int error;
};

static const struct kind_case kind_cases[] = {
	{ "a file system that writes back", EXT4_SUPER_MAGIC,
	  BDI_CAP_WRITEBACK },
	{ "one that nobody has heard of, and writes back", 0x12345678,
	  BDI_CAP_WRITEBACK },
	{ "tmpfs", TMPFS_MAGIC },
	{ "ramfs", RAMFS_MAGIC },
	{ "hugetlbfs", HUGETLBFS_MAGIC },
	{ "overlayfs", OVERLAYFS_SUPER_MAGIC },
	{ "sysfs", SYSFS_MAGIC, .error = -EINVAL },
	{ "procfs", PROC_SUPER_MAGIC, .error = -EINVAL },
	{ "procfs, read-only", PROC_SUPER_MAGIC, .readonly = true,
	  .error = -EINVAL },
	{ "debugfs", DEBUGFS_MAGIC, .error = -EINVAL },
	{ "tracefs", TRACEFS_MAGIC, .error = -EINVAL },
	{ "cgroups", CGROUP2_SUPER_MAGIC, .error = -EINVAL },
	{ "one that nobody has heard of", 0x12345678, .error = -EINVAL },
	{ "read-only since it was opened", EXT4_SUPER_MAGIC,
	  BDI_CAP_WRITEBACK, SB_RDONLY, .error = -EACCES },
	{ "read-only since it was opened, read-only", EXT4_SUPER_MAGIC,
	  BDI_CAP_WRITEBACK, SB_RDONLY, .readonly = true },
};

KUNIT_ARRAY_PARAM_DESC(kind, kind_cases, name);

static void fba_file_system(struct kunit *test)
{
	const struct kind_case *c = test->param_value;
	struct fake_backing *backing = fake_backing_create(test, SIZE);
	struct inode *inode = file_inode(backing->file);
	struct super_block *real = inode->i_sb, *sb;
	struct backing_dev_info *bdi;
	struct css_device *dev;

	sb = kunit_kzalloc(test, sizeof(*sb), GFP_KERNEL);
	bdi = kunit_kzalloc(test, sizeof(*bdi), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sb);
	KUNIT_ASSERT_NOT_NULL(test, bdi);
	sb->s_magic = c->magic;
	sb->s_flags = c->flags;
	sb->s_bdi = bdi;
	bdi->capabilities = c->capabilities;
	inode->i_sb = sb;
	dev = fba_device_create(backing->file, 0, 0,
				c->readonly ? KVM_CSS_FBA_READONLY : 0);
	inode->i_sb = real;
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dev), c->error);
	if (!IS_ERR(dev))
		dev->ops->release(dev);
}

/* With whose credentials the file is accessed */

static struct device_bench *created_by(struct fake_backing *backing,
				       const struct cred *cred, u32 flags)
{
	const struct cred *old = override_creds(cred);
	struct css_device *dev;

	dev = fba_device_create(backing->file, 0, 0, flags);
	revert_creds(old);
	return device_bench_create(backing->test, dev);
}

static void release_cred(void *cred)
{
	put_cred(cred);
}

/* The fake file checks the credentials in each of its operations. */
static void fba_credentials(struct kunit *test)
{
	struct fake_backing *backing = fake_backing_create(test, SIZE);
	const struct cred *mine = current_cred();
	struct cred *cred = prepare_creds();
	struct device_bench *b;
	int discard;

	KUNIT_ASSERT_NOT_NULL(test, cred);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, release_cred,
							cred), 0);
	cred->fsuid = KUIDT_INIT(1234);
	backing->cred = cred;
	backing->has_punch_hole = true;
	backing->has_zero_range = true;
	backing->file->f_flags |= O_DIRECT;
	for (discard = 0; discard < 2; discard++) {
		b = created_by(backing, cred,
			       discard ? KVM_CSS_FBA_DISCARD : 0);
		move_blocks(b, FBA_WRITE, 5, 2, 1024);
		device_expect_normal(b);
		move_blocks(b, FBA_READ, 5, 2, 1024);
		device_expect_normal(b);
		move_blocks(b, FBA_WRITE, 5, 300, 0);
		device_expect_normal(b);
		KUNIT_EXPECT_PTR_EQ(test, current_cred(), mine);
	}
	KUNIT_EXPECT_GE(test, backing->reads, 2);
	KUNIT_EXPECT_EQ(test, backing->writes, 2);
	KUNIT_EXPECT_EQ(test, backing->fsyncs, 4);
	KUNIT_EXPECT_EQ(test, backing->zero_ranges, 1);
	KUNIT_EXPECT_EQ(test, backing->holes, 1);
}

/* The credentials are right even if an operation fails. */
static void fba_credentials_and_failures(struct kunit *test)
{
	struct fake_backing *backing = fake_backing_create(test, SIZE);
	const struct cred *mine = current_cred();
	struct cred *cred = prepare_creds();
	struct device_bench *b;

	KUNIT_ASSERT_NOT_NULL(test, cred);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, release_cred,
							cred), 0);
	backing->cred = cred;
	b = created_by(backing, cred, 0);
	backing->fsync_error = -EDQUOT;
	move_blocks(b, FBA_WRITE, 5, 2, 1024);
	device_expect(b, 2, BENCH_CHECKED, 0, 0);
	KUNIT_EXPECT_PTR_EQ(test, current_cred(), mine);
	fake_backing_fail(backing, 0, -EDQUOT);
	move_blocks(b, FBA_WRITE, 5, 2, 1024);
	device_expect(b, 2, BENCH_CHECKED, 0, 0);
	move_blocks(b, FBA_READ, 5, 2, 1024);
	device_run(b);
	KUNIT_EXPECT_EQ(test, b->cp.ending.dstat, BENCH_CHECKED);
	KUNIT_EXPECT_PTR_EQ(test, current_cred(), mine);
}

struct limit_case {
	const char *name;
	unsigned long limit;
	u32 block;
	u16 blocks;
	u32 len;	/* bytes of data; the rest is zeros */
	u32 written;	/* blocks; fewer than @blocks: it fails */
};

static const struct limit_case limit_cases[] = {
	{ "below the limit", 10 * 512, 8, 2, 1024, 2 },
	{ "across the limit", 10 * 512, 9, 2, 1024, 0 },
	{ "at the limit", 10 * 512, 10, 1, 512, 0 },
	{ "a limit within a block", 10 * 512 - 1, 9, 1, 512, 0 },
	{ "zeros below the limit", 300 * 512, 0, 300, 0, 300 },
	{ "zeros across the limit", 299 * 512, 0, 300, 0, 256 },
	{ "a limit of nothing", 0, 0, 1, 512, 0 },
	{ "no limit", RLIM_INFINITY, 399, 1, 512, 1 },
};

KUNIT_ARRAY_PARAM_DESC(limit, limit_cases, name);

/*
 * The RLIMIT_FSIZE of the process that made the device applies, as for write(),
 * but no signal is sent.
 */
static void fba_size_limit(struct kunit *test)
{
	struct rlimit *rlimit = &current->signal->rlim[RLIMIT_FSIZE];
	const struct limit_case *c = test->param_value;
	struct fake_backing *backing = fake_backing_create(test, SIZE);
	unsigned long mine = rlimit->rlim_cur;
	bool fails = c->written < c->blocks;
	struct css_device *dev;
	struct device_bench *b;

	fake_backing_fill(backing);
	backing->has_zero_range = !fails;
	WRITE_ONCE(rlimit->rlim_cur, c->limit);
	dev = fba_device_create(backing->file, 0, 0, 0);
	WRITE_ONCE(rlimit->rlim_cur, mine);
	b = device_bench_create(test, dev);
	move_blocks(b, FBA_WRITE, c->block, c->blocks, c->len);
	device_expect(b, 2, fails ? BENCH_CHECKED : BENCH_NORMAL, 0, 0);
	fba_expect_failed(b, fails);
	fake_backing_expect_pattern(backing, (c->block + c->written) * 512,
				    SIZE);
	/* The limit on writing doesn't limit reading. */
	move_blocks(b, FBA_READ, c->block, 1, 512);
	device_expect_normal(b);
}

static struct kunit_case fba_backing_test_cases[] = {
	KUNIT_CASE_PARAM(fba_direct_io, direct_gen_params),
	KUNIT_CASE(fba_direct_write_of_other_alignment),
	KUNIT_CASE(fba_direct_in_odd_pieces),
	KUNIT_CASE(fba_direct_read_of_other_alignment),
	KUNIT_CASE(fba_invalid_is_an_error),
	KUNIT_CASE_PARAM(fba_file_system, kind_gen_params),
	KUNIT_CASE(fba_credentials),
	KUNIT_CASE(fba_credentials_and_failures),
	KUNIT_CASE_PARAM(fba_size_limit, limit_gen_params),
	{}
};

static struct kunit_suite fba_backing_suite = {
	.name = "kvm_css_fba_backing",
	.test_cases = fba_backing_test_cases,
};

kunit_test_suite(fba_backing_suite);
