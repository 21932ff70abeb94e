// SPDX-License-Identifier: GPL-2.0
/*
 * FBA DASD: what happens to a READ or WRITE that is stopped.  After a halt, the
 * device writes and flushes what it has taken, and the result is the status.  A
 * command that is dropped is left as it is.  The rules are in
 * Documentation/devices.rst, "What becomes of a command that is stopped".
 */
#include <kunit/test.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include "fake_device.h"
#include "fba_bench.h"

/* Where the blocks are; their data are a buffer and a half, in two CCWs */
#define BLOCK		5u
#define FROM		(BLOCK * 512)
#define LEN		0x18000u
/* Address of the CCW behind DEFINE EXTENT and LOCATE */
#define FIRST_CCW	(BENCH_PROG + 2 * sizeof(struct css_ccw1))

/*
 * Halt the program when guest storage is read at that address, or in its page.
 */
static void halt_at(struct device_bench *b, u32 addr)
{
	b->guest.before_read = fake_halt_program;
	b->guest.before_read_arg = &b->cp;
	b->guest.before_read_addr = addr;
	b->by_page = true;
}

/* Halted */

/*
 * When the halt comes: at guest storage @at, in write number @at, or in the
 * flush
 */
enum halt_where { IN_STORAGE, IN_WRITE, IN_FLUSH };

struct halt_case {
	const char *name;
	enum halt_where where;
	u32 at;
	u32 taken;		/* bytes of the program's data */
	int write_error;
	unsigned int good_writes;
	int flush_error;
};

static const struct halt_case halt_cases[] = {
	{ "before its data", IN_STORAGE, FIRST_CCW, 0 },
	{ "in its first page", IN_STORAGE, BENCH_DATA, 0x1000 },
	{ "in the middle of the buffer", IN_STORAGE, BENCH_DATA + 0x7000,
	  0x8000 },
	{ "between two buffers", IN_WRITE, 0, BUFFER },
	{ "in the middle of the second buffer", IN_STORAGE,
	  BENCH_DATA + 0x12000, 0x13000 },
	{ "in its last write", IN_WRITE, 1, LEN },
	{ "in its flush", IN_FLUSH, 0, LEN },
	{ "before its data, and the flush fails", IN_STORAGE, FIRST_CCW, 0,
	  .flush_error = -EIO },
	{ "in its first page, which can't be written", IN_STORAGE, BENCH_DATA,
	  0x1000, .write_error = -EIO },
	{ "in its first page, which can't be flushed", IN_STORAGE, BENCH_DATA,
	  0x1000, .flush_error = -EIO },
	{ "between two buffers, the first can't be written", IN_WRITE, 0,
	  BUFFER, .write_error = -ENOSPC },
	{ "between two buffers, the first can't be flushed", IN_WRITE, 0,
	  BUFFER, .flush_error = -EIO },
	{ "in the second buffer, which can't be written", IN_STORAGE,
	  BENCH_DATA + 0x12000, 0x13000, .write_error = -EIO,
	  .good_writes = 1 },
	{ "in its last write, which fails", IN_WRITE, 1, LEN,
	  .write_error = -EIO, .good_writes = 1 },
	{ "in its flush, which fails", IN_FLUSH, 0, LEN,
	  .flush_error = -EIO },
};

KUNIT_ARRAY_PARAM_DESC(halt, halt_cases, name);

static void halt_there(struct fba_bench *bench, const struct halt_case *c)
{
	struct fake_backing *backing = bench->backing;

	if (c->where == IN_STORAGE) {
		halt_at(bench->b, c->at);
	} else {
		backing->stop = &bench->b->cp;
		backing->stop_why = CHANPROG_HALT;
		backing->stop_at = c->at;
		backing->stop_in_fsync = c->where == IN_FLUSH;
	}
	if (c->write_error)
		fake_backing_fail(backing, c->good_writes, c->write_error);
	backing->fsync_error = c->flush_error;
}

/*
 * CCW address and count are those of the data that were taken.  No incorrect
 * length is indicated.
 */
static void fba_write_halted(struct kunit *test)
{
	const struct halt_case *c = test->param_value;
	struct fba_bench bench = fba_bench_create(test, 0);
	bool fails = c->write_error || c->flush_error;
	bool second = c->taken > FBA_CCW_LEN;
	u32 written = c->taken;

	if (c->write_error)
		written = c->good_writes * BUFFER;
	halt_there(&bench, c);
	fba_move_blocks(bench.b, FBA_WRITE, BLOCK, LEN / 512, LEN);
	device_ccw(bench.b, CU_CMD_NOOP, 0, 0, 0);
	device_expect(bench.b, second ? 3 : 2,
		      fails ? BENCH_CHECKED : BENCH_NORMAL, 0,
		      (second ? LEN : FBA_CCW_LEN) - c->taken);
	fba_expect_failed(bench.b, fails);
	fake_backing_expect_pattern(bench.backing, 0, FROM);
	fake_backing_expect(bench.backing, FROM,
			    bench.b->guest.storage + BENCH_DATA, written);
	fake_backing_expect_pattern(bench.backing, FROM + written, SIZE);
	if (fails)
		return;
	fake_backing_expect_durable(bench.backing);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
}

/*
 * A block that has been taken in part is filled with zeros; no other block is.
 */
static void fba_write_halted_within_a_block(struct kunit *test)
{
	const u32 from = BENCH_DATA + 100, taken = 0x1000 - 100;
	struct fba_bench bench = fba_bench_create(test, 0);
	struct device_bench *b = bench.b;

	halt_at(b, from);
	fba_define(b, 0, BLOCKS);
	fba_locate(b, FBA_OP_WRITE, BLOCK, 64);
	device_ccw(b, FBA_WRITE, 0, 64 * 512, from);
	device_expect(b, 2, BENCH_NORMAL, 0, 64 * 512 - taken);
	fake_backing_expect(bench.backing, FROM, b->guest.storage + from,
			    taken);
	fake_backing_expect_zeros(bench.backing, FROM + taken, FROM + 0x1000);
	fake_backing_expect_pattern(bench.backing, FROM + 0x1000, SIZE);
	fake_backing_expect_durable(bench.backing);
}

/*
 * The halt comes while the program's only CCW, or the last of its data, is
 * being fetched.  No data are kept back then, so the missing zeros are written
 * as usual.
 */
struct ended_case {
	const char *name;
	u32 at;
	u32 len;
};

static const struct ended_case ended_cases[] = {
	{ "no data, while the CCW is fetched", FIRST_CCW, 0 },
	{ "a block, while it is fetched", BENCH_DATA, 512 },
	{ "in part a block, while it is fetched", BENCH_DATA, 700 },
	{ "a buffer, while its last page is fetched",
	  BENCH_DATA + BUFFER - 0x1000, BUFFER },
};

KUNIT_ARRAY_PARAM_DESC(ended, ended_cases, name);

/* WRITE in one CCW, or in two if the count is too large for one */
static void write_short(struct device_bench *b, u32 len)
{
	u32 first = min(len, FBA_CCW_LEN);

	fba_define(b, 0, BLOCKS);
	fba_locate(b, FBA_OP_WRITE, BLOCK, 300);
	if (len == first) {
		device_ccw(b, FBA_WRITE, CCW_SLI, len, BENCH_DATA);
		return;
	}
	device_ccw(b, FBA_WRITE, CCW_CD, first, BENCH_DATA);
	device_ccw(b, 0, CCW_SLI, len - first, BENCH_DATA + first);
}

static void fba_write_halted_behind_its_data(struct kunit *test)
{
	const struct ended_case *c = test->param_value;
	struct fba_bench bench = fba_bench_create(test, 0);
	u32 end = FROM + 300 * 512;

	halt_at(bench.b, c->at);
	write_short(bench.b, c->len);
	device_expect(bench.b, c->len > FBA_CCW_LEN ? 3 : 2, BENCH_NORMAL, 0, 0);
	fake_backing_expect_pattern(bench.backing, 0, FROM);
	fake_backing_expect(bench.backing, FROM,
			    bench.b->guest.storage + BENCH_DATA, c->len);
	fake_backing_expect_zeros(bench.backing, FROM + c->len, end);
	fake_backing_expect_pattern(bench.backing, end, SIZE);
	fake_backing_expect_durable(bench.backing);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
}

/* Halted while the file works */
static struct fba_bench halted_bench(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);

	bench.backing->stop = &bench.b->cp;
	bench.backing->stop_why = CHANPROG_HALT;
	return bench;
}

/*
 * The halt comes when all data have been taken, so there is nothing left to
 * stop.
 */
static void fba_zeros_halted(struct kunit *test)
{
	struct fba_bench bench = halted_bench(test);

	fba_move_blocks(bench.b, FBA_WRITE, BLOCK, 300, 0);
	device_expect(bench.b, 2, BENCH_NORMAL, 0, 0);
	fake_backing_expect_pattern(bench.backing, 0, FROM);
	fake_backing_expect_zeros(bench.backing, FROM, FROM + 300 * 512);
	fake_backing_expect_pattern(bench.backing, FROM + 300 * 512, SIZE);
	fake_backing_expect_durable(bench.backing);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
}

static void fba_zeros_halted_and_failed(struct kunit *test)
{
	struct fba_bench bench = halted_bench(test);

	fake_backing_fail(bench.backing, 1, -EIO);
	fba_move_blocks(bench.b, FBA_WRITE, BLOCK, 300, 0);
	device_expect(bench.b, 2, BENCH_CHECKED, 0, 0);
	fba_expect_failed(bench.b, true);
}

/* Data that could not be read must not count as given. */
static void fba_read_halted(struct kunit *test)
{
	struct fba_bench bench = halted_bench(test);
	int fails;

	for (fails = 0; fails < 2; fails++) {
		bench.backing->reads = 0;
		if (fails)
			fake_backing_fail(bench.backing, 0, -EIO);
		fba_move_blocks(bench.b, FBA_READ, BLOCK, LEN / 512, LEN);
		device_expect(bench.b, 2, fails ? BENCH_CHECKED : BENCH_NORMAL,
			      0, FBA_CCW_LEN);
		fba_expect_failed(bench.b, fails);
		device_expect_untouched(bench.b, BENCH_DATA, LEN);
		KUNIT_EXPECT_EQ(test, bench.backing->reads, 1);
	}
}

/*
 * A halt has kept the parameters back, which is not the same as too few
 * parameters.
 */
static void fba_parameters_halted(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);

	halt_at(bench.b, BENCH_PROG);
	fba_move_blocks(bench.b, FBA_READ, BLOCK, 1, 512);
	device_expect(bench.b, 0, BENCH_NORMAL, 0, 16);
	halt_at(bench.b, BENCH_PROG + sizeof(struct css_ccw1));
	fba_move_blocks(bench.b, FBA_READ, BLOCK, 1, 512);
	device_expect(bench.b, 1, BENCH_NORMAL, 0, 8);
}

/* Dropped */

struct drop_case {
	const char *name;
	u8 cmd;
	u32 len;
	bool halted_first;
};

/* WRITE of 300 blocks fills the device's buffer three times. */
static const struct drop_case drop_cases[] = {
	{ "READ", FBA_READ, LEN },
	{ "WRITE with data", FBA_WRITE, LEN },
	{ "WRITE without data", FBA_WRITE, 0 },
	{ "WRITE with some data", FBA_WRITE, 512 },
	{ "WRITE without data, halted and then dropped", FBA_WRITE, 0, true },
};

KUNIT_ARRAY_PARAM_DESC(drop, drop_cases, name);

/*
 * A command is dropped during an operation of the file: no other operation is
 * begun.
 */
static void fba_dropped(struct kunit *test)
{
	const struct drop_case *c = test->param_value;
	struct fba_bench bench = fba_bench_create(test, 0);
	struct fake_backing *backing = bench.backing;
	struct chanprog *cp = &bench.b->cp;
	unsigned int calls = 1;

	backing->stop = cp;
	backing->stop_why = CHANPROG_DROP;
	if (c->halted_first) {
		backing->stop_why = CHANPROG_HALT;
		backing->drop_at = 1;
		calls = 2;
	}
	backing->has_punch_hole = c->len;
	backing->has_zero_range = c->len;
	fba_move_blocks(bench.b, c->cmd, BLOCK, 300, c->len);
	device_begin(bench.b);
	KUNIT_EXPECT_EQ(test, device_turn(bench.b, CHANPROG_ON_WORKER),
			CHANPROG_STOPPED);
	KUNIT_EXPECT_EQ(test, backing->reads + backing->writes, calls);
	KUNIT_EXPECT_EQ(test, backing->holes, 0);
	KUNIT_EXPECT_EQ(test, backing->zero_ranges, 0);
	KUNIT_EXPECT_EQ(test, backing->fsyncs, 0);
	fake_backing_expect_pattern(backing, FROM + calls * BUFFER, SIZE);
	if (c->cmd == FBA_READ)
		device_expect_untouched(bench.b, BENCH_DATA, BUFFER);
}

/* When the VM is gone, its disk must not be filled with zeros. */
static void fba_write_of_a_dying_guest(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);
	struct chanprog *cp = &bench.b->cp;

	fba_move_blocks(bench.b, FBA_WRITE, BLOCK, 300, 512);
	device_begin(bench.b);
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_VCPU),
			CHANPROG_MUST_WAIT);
	bench.b->guest.dying = true;
	KUNIT_EXPECT_EQ(test, device_turn(bench.b, CHANPROG_ON_WORKER),
			CHANPROG_STOPPED);
	KUNIT_EXPECT_EQ(test, bench.backing->writes, 0);
	fake_backing_expect_pattern(bench.backing, 0, SIZE);
}

/*
 * The VM becomes a protected one during the command, so its data can't be
 * accessed.
 */
static void become_protected(void *arg)
{
	struct guest *guest = arg;

	guest->protected = true;
}

static void fba_write_of_a_protected_guest(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);
	struct device_bench *b = bench.b;

	b->guest.before_read = become_protected;
	b->guest.before_read_arg = &b->guest;
	b->guest.before_read_addr = BENCH_DATA + 0x1000;
	b->by_page = true;
	fba_move_blocks(b, FBA_WRITE, BLOCK, LEN / 512, LEN);
	device_begin(b);
	KUNIT_EXPECT_EQ(test, device_turn(b, CHANPROG_ON_WORKER),
			CHANPROG_STOPPED);
	KUNIT_EXPECT_EQ(test, bench.backing->writes, 0);
	fake_backing_expect_pattern(bench.backing, 0, SIZE);
}

static struct kunit_case fba_stop_test_cases[] = {
	KUNIT_CASE_PARAM(fba_write_halted, halt_gen_params),
	KUNIT_CASE(fba_write_halted_within_a_block),
	KUNIT_CASE_PARAM(fba_write_halted_behind_its_data, ended_gen_params),
	KUNIT_CASE(fba_zeros_halted),
	KUNIT_CASE(fba_zeros_halted_and_failed),
	KUNIT_CASE(fba_read_halted),
	KUNIT_CASE(fba_parameters_halted),
	KUNIT_CASE_PARAM(fba_dropped, drop_gen_params),
	KUNIT_CASE(fba_write_of_a_dying_guest),
	KUNIT_CASE(fba_write_of_a_protected_guest),
	{}
};

static struct kunit_suite fba_stop_suite = {
	.name = "kvm_css_fba_stop" FBA_SUFFIX,
	.init = fba_suite_init,
	.exit = fba_suite_exit,
	.test_cases = fba_stop_test_cases,
};

kunit_test_suite(fba_stop_suite);
