// SPDX-License-Identifier: GPL-2.0
/*
 * FBA DASD: which bytes READ and WRITE move, when they are durable, and what
 * happens on an error of the host.  The rules are in Documentation/devices.rst.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include "fba_bench.h"

/*
 * Add a READ or WRITE of some blocks, in CCWs of at most half the guest's
 * storage.
 */
static void move_blocks(struct device_bench *b, u8 cmd, u32 block, u16 blocks,
			u32 len)
{
	const u32 most = 0xc000;
	u32 addr = BENCH_DATA;

	fba_locate_blocks(b, cmd, block, blocks);
	for (; len > most; len -= most, addr += most, cmd = 0)
		device_ccw(b, cmd, CCW_CD, most, addr);
	device_ccw(b, cmd, 0, len, addr);
}

static void expect_read(struct device_bench *b, u32 addr, loff_t pos, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		if (b->guest.storage[addr + i] != fake_backing_byte(pos + i))
			break;
	KUNIT_EXPECT_EQ_MSG(b->test, i, len, "byte %u of %u differs", i, len);
}

/* Where the data are */

struct place_case {
	const char *name;
	u32 location;
	u32 first;
	u32 last;
	u32 located;
	u16 count;
	u32 block;	/* the block on the device */
};

static const struct place_case place_cases[] = {
	{ "first block", 0, 0, BLOCKS - 1, 0, 1, 0 },
	{ "last block", 0, 0, BLOCKS - 1, BLOCKS - 1, 1, BLOCKS - 1 },
	{ "several blocks", 0, 0, BLOCKS - 1, 17, 5, 17 },
	{ "extent that begins elsewhere", 40, 0, 9, 3, 2, 43 },
	{ "extent that is numbered otherwise", 40, 1000, 1009, 1003, 2, 43 },
	{ "extent that is numbered like the device", 40, 40, 49, 43, 2, 43 },
	{ "extent with the highest numbers", BLOCKS - 4, 0xfffffffc, 0xffffffff,
	  0xfffffffe, 2, BLOCKS - 2 },
	{ "as much as the buffer holds", 0, 0, BLOCKS - 1, 1, BUFFER_BLOCKS, 1 },
	{ "a block more than that", 0, 0, BLOCKS - 1, 1, BUFFER_BLOCKS + 1, 1 },
	{ "the buffer one and a half times", 0, 0, BLOCKS - 1, 3, 192, 3 },
};

KUNIT_ARRAY_PARAM_DESC(place, place_cases, name);

static void place_program(struct device_bench *b, const struct place_case *c,
			  bool write)
{
	const struct fba_define_param define =
		FBA_DEFINE_PARAM(0, 512, c->location, c->first, c->last);
	u32 half = c->count * 512 / 2;

	device_ccw_param(b, FBA_DEFINE, 0, &define, sizeof(define));
	fba_locate(b, write ? FBA_OP_WRITE_VERIFY : FBA_OP_READ, c->located,
		   c->count);
	device_ccw(b, write ? FBA_WRITE : FBA_READ, CCW_CD, half, BENCH_DATA);
	device_ccw(b, 0, 0, half, BENCH_DATA + half);
}

static void fba_read_place(struct kunit *test)
{
	const struct place_case *c = test->param_value;
	struct fba_bench bench = fba_bench_create(test, 0);
	u32 len = c->count * 512;

	place_program(bench.b, c, false);
	device_expect_normal(bench.b);
	expect_read(bench.b, BENCH_DATA, c->block * 512, len);
	device_expect_untouched(bench.b, BENCH_DATA + len, 512);
	KUNIT_EXPECT_EQ(test, bench.backing->writes, 0);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 0);
}

static void fba_write_place(struct kunit *test)
{
	const struct place_case *c = test->param_value;
	struct fba_bench bench = fba_bench_create(test, 0);
	loff_t from = c->block * 512, to = from + c->count * 512;

	place_program(bench.b, c, true);
	device_expect_normal(bench.b);
	fake_backing_expect_pattern(bench.backing, 0, from);
	fake_backing_expect(bench.backing, from,
			    bench.b->guest.storage + BENCH_DATA, to - from);
	fake_backing_expect_pattern(bench.backing, to, SIZE);
	fake_backing_expect_durable(bench.backing);
	/* There is one flush, however much was written. */
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
	KUNIT_EXPECT_EQ(test, bench.backing->reads, 0);
}

/* A 32-bit block number allows a disk of two terabytes. */
static void fba_last_block_there_can_be(struct kunit *test)
{
	const struct fba_define_param define =
		FBA_DEFINE_PARAM(0, 512, 0xfffffffe, 0, 0);
	struct fake_backing *backing;
	struct device_bench *b;

	backing = fake_backing_create(test, 0xffffffffll * 512);
	b = fba_device_of(backing, 0);
	device_ccw_param(b, FBA_DEFINE, 0, &define, sizeof(define));
	fba_locate(b, FBA_OP_WRITE, 0, 1);
	device_ccw(b, FBA_WRITE, 0, 512, BENCH_DATA);
	fba_locate(b, FBA_OP_READ, 0, 1);
	device_ccw(b, FBA_READ, 0, 512, BENCH_DATA + 512);
	device_expect_normal(b);
	device_expect_storage(b, BENCH_DATA + 512,
			      b->guest.storage + BENCH_DATA, 512);
	fake_backing_expect(backing, 0xfffffffell * 512,
			    b->guest.storage + BENCH_DATA, 512);
	fake_backing_expect_durable(backing);
}

/* CCWs whose count differs from what was located */

struct length_case {
	const char *name;
	u16 blocks;
	u32 len;
	u8 flags;
	u8 cstat;
	u16 residual;
};

static const struct length_case length_cases[] = {
	{ "no byte", 3, 0, 0, CSTAT_INCORRECT_LENGTH, 0 },
	{ "no byte, SLI", 3, 0, CCW_SLI, 0, 0 },
	{ "one byte", 3, 1, CCW_SLI, 0, 0 },
	{ "part of a block", 3, 511, CCW_SLI, 0, 0 },
	{ "one block of three", 3, 512, CCW_SLI, 0, 0 },
	{ "one block of three without SLI", 3, 512, 0,
	  CSTAT_INCORRECT_LENGTH, 0 },
	{ "a block and a byte", 3, 513, CCW_SLI, 0, 0 },
	{ "all but one byte", 3, 1535, CCW_SLI, 0, 0 },
	{ "exactly", 3, 1536, 0, 0, 0 },
	{ "a byte more", 3, 1537, 0, CSTAT_INCORRECT_LENGTH, 1 },
	{ "a byte more, SLI", 3, 1537, CCW_SLI, 0, 1 },
	{ "many blocks more", 3, 0x8000, CCW_SLI, 0, 0x8000 - 1536 },
	{ "no byte for more than the buffer", 300, 0, CCW_SLI, 0, 0 },
	{ "a byte for more than the buffer", 300, 1, CCW_SLI, 0, 0 },
	{ "less than the buffer for more", 300, 0xfe01, CCW_SLI, 0, 0 },
};

KUNIT_ARRAY_PARAM_DESC(length, length_cases, name);

static void length_program(struct device_bench *b, const struct length_case *c,
			   bool write)
{
	fba_define(b, 0, BLOCKS);
	fba_locate(b, write ? FBA_OP_WRITE : FBA_OP_READ, 7, c->blocks);
	device_ccw(b, write ? FBA_WRITE : FBA_READ, c->flags, c->len,
		   BENCH_DATA);
	device_expect(b, 2, BENCH_NORMAL, c->cstat, c->residual);
}

/* READ: a shorter CCW gets what fits, a longer one gets all blocks. */
static void fba_read_length(struct kunit *test)
{
	const struct length_case *c = test->param_value;
	struct fba_bench bench = fba_bench_create(test, 0);
	u32 len = min_t(u32, c->len, c->blocks * 512);

	length_program(bench.b, c, false);
	expect_read(bench.b, BENCH_DATA, 7 * 512, len);
	device_expect_untouched(bench.b, BENCH_DATA + len, 1024);
}

/* WRITE: the located blocks are written, with zeros where data is missing. */
static void check_written(struct fba_bench *bench, const struct length_case *c)
{
	u32 len = min_t(u32, c->len, c->blocks * 512);
	loff_t from = 7 * 512, to = from + c->blocks * 512;

	fake_backing_expect_pattern(bench->backing, 0, from);
	fake_backing_expect(bench->backing, from,
			    bench->b->guest.storage + BENCH_DATA, len);
	fake_backing_expect_zeros(bench->backing, from + len, to);
	fake_backing_expect_pattern(bench->backing, to, SIZE);
	fake_backing_expect_durable(bench->backing);
	KUNIT_EXPECT_EQ(bench->b->test, bench->backing->fsyncs, 1);
}

/*
 * Fill the device's buffer.  What an earlier command left there must not be
 * written.
 */
static void use_buffer(struct fba_bench *bench)
{
	move_blocks(bench->b, FBA_READ, 0, BUFFER_BLOCKS, BUFFER);
	device_expect_normal(bench->b);
}

static void fba_write_length(struct kunit *test)
{
	const struct length_case *c = test->param_value;
	struct fba_bench bench = fba_bench_create(test, 0);

	use_buffer(&bench);
	length_program(bench.b, c, true);
	check_written(&bench, c);
	KUNIT_EXPECT_EQ(test, bench.backing->zero_ranges, 0);
}

/* A backing that supports it makes many zeros without writing them. */
static void write_length_with(struct kunit *test, u32 flags)
{
	const struct length_case *c = test->param_value;
	struct fba_bench bench = fba_bench_create(test, flags);
	bool much = c->blocks * 512 >= c->len + BUFFER;
	bool discard = flags & KVM_CSS_FBA_DISCARD;

	use_buffer(&bench);
	bench.backing->has_punch_hole = true;
	bench.backing->has_zero_range = true;
	length_program(bench.b, c, true);
	check_written(&bench, c);
	KUNIT_EXPECT_EQ(test, bench.backing->zero_ranges, much && !discard);
	KUNIT_EXPECT_EQ(test, bench.backing->holes, much && discard);
	if (much)
		KUNIT_EXPECT_EQ(test, bench.backing->written,
				round_up(c->len, 512));
}

/* The backing keeps its space, unless the disk was added with DISCARD. */
static void fba_write_length_zero_range(struct kunit *test)
{
	write_length_with(test, 0);
}

static void fba_write_length_hole(struct kunit *test)
{
	write_length_with(test, KVM_CSS_FBA_DISCARD);
}

/*
 * If the backing has shrunk, zeros made behind its end must still be readable.
 */
static void fba_zeros_behind_the_end(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, KVM_CSS_FBA_DISCARD);
	const struct length_case c = { .blocks = 300 };

	bench.backing->has_punch_hole = true;
	bench.backing->has_zero_range = true;
	bench.backing->fails = true;
	bench.backing->error = -ENOSPC;
	i_size_write(file_inode(bench.backing->file), 8192);
	move_blocks(bench.b, FBA_WRITE, 5, c.blocks, 0);
	device_expect(bench.b, 2, BENCH_CHECKED, CSTAT_INCORRECT_LENGTH, 0);
	KUNIT_EXPECT_EQ(test, bench.backing->holes, 0);
	KUNIT_EXPECT_EQ(test, bench.backing->zero_ranges, 0);
}

static void fba_skipped_data_is_read_and_dropped(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);

	fba_define(bench.b, 0, BLOCKS);
	fba_locate(bench.b, FBA_OP_READ, 0, 3);
	device_ccw(bench.b, FBA_READ, CCW_CD | CCW_SKIP, 512, BENCH_DATA);
	device_ccw(bench.b, 0, CCW_CD, 512, BENCH_DATA);
	device_ccw(bench.b, 0, CCW_SKIP, 512, BENCH_DATA + 512);
	device_expect_normal(bench.b);
	expect_read(bench.b, BENCH_DATA, 512, 512);
	device_expect_untouched(bench.b, BENCH_DATA + 512, 512);
}

/* On a worker */

static void must_wait(struct kunit *test, u8 cmd)
{
	struct fba_bench bench = fba_bench_create(test, 0);
	struct chanprog *cp = &bench.b->cp;

	move_blocks(bench.b, cmd, 5, 2, 1024);
	device_begin(bench.b);
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_VCPU), CHANPROG_MUST_WAIT);
	KUNIT_EXPECT_EQ(test, cp->cmd, cmd);
	KUNIT_EXPECT_FALSE(test, cp->data_moved);
	KUNIT_EXPECT_EQ(test, cp->residual, 1024);
	KUNIT_EXPECT_EQ(test, bench.backing->reads + bench.backing->writes, 0);
	KUNIT_EXPECT_EQ(test, device_turn(bench.b, CHANPROG_ON_WORKER),
			CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, cp->ending.dstat, BENCH_NORMAL);
	KUNIT_EXPECT_EQ(test, cp->ending.cstat, 0);
	KUNIT_EXPECT_EQ(test, cp->ending.count, 0);
	KUNIT_EXPECT_EQ(test, bench.backing->reads + bench.backing->writes, 1);
}

static void fba_read_must_wait(struct kunit *test)
{
	must_wait(test, FBA_READ);
}

static void fba_write_must_wait(struct kunit *test)
{
	must_wait(test, FBA_WRITE);
}

/* Errors of the host */

struct error_case {
	const char *name;
	u8 cmd;
	int error;
	unsigned int good_calls;
	u16 blocks;
	u32 moved;	/* bytes that were moved before the error */
};

static const struct error_case error_cases[] = {
	{ "READ, I/O error", FBA_READ, -EIO, 0, 2, 0 },
	{ "READ, end of file", FBA_READ, 0, 0, 2, 0 },
	{ "READ, no memory", FBA_READ, -ENOMEM, 0, 2, 0 },
	{ "READ, interrupted", FBA_READ, -ERESTARTSYS, 0, 2, 0 },
	{ "READ, I/O error later", FBA_READ, -EIO, 1, 192, BUFFER },
	{ "WRITE, I/O error", FBA_WRITE, -EIO, 0, 2, 0 },
	{ "WRITE, nothing written", FBA_WRITE, 0, 0, 2, 0 },
	{ "WRITE, no space", FBA_WRITE, -ENOSPC, 0, 2, 0 },
	{ "WRITE, file too large", FBA_WRITE, -EFBIG, 0, 2, 0 },
	{ "WRITE, I/O error later", FBA_WRITE, -EIO, 1, 192, BUFFER },
};

KUNIT_ARRAY_PARAM_DESC(error, error_cases, name);

static void fba_host_error(struct kunit *test)
{
	const struct error_case *c = test->param_value;
	struct fba_bench bench = fba_bench_create(test, 0);
	const struct chanprog_ending *ending;

	fake_backing_fail(bench.backing, c->good_calls, c->error);
	move_blocks(bench.b, c->cmd, 5, c->blocks, c->blocks * 512);
	device_ccw(bench.b, CU_CMD_NOOP, 0, 0, 0);
	ending = device_run(bench.b);
	KUNIT_EXPECT_EQ(test, ending->dstat, BENCH_CHECKED);
	fba_expect_failed(bench.b, true);
	if (c->cmd == FBA_READ) {
		expect_read(bench.b, BENCH_DATA, 5 * 512, c->moved);
		device_expect_untouched(bench.b, BENCH_DATA + c->moved, 1024);
	} else {
		fake_backing_expect(bench.backing, 5 * 512,
				    bench.b->guest.storage + BENCH_DATA,
				    c->moved);
		fake_backing_expect_pattern(bench.backing, 5 * 512 + c->moved,
					    SIZE);
	}
	/* When the backing works again, so does the disk. */
	bench.backing->fails = false;
	move_blocks(bench.b, c->cmd, 5, 1, 512);
	device_expect_normal(bench.b);
}

/*
 * When the VMM is stopped, a worker that is a thread of it is stopped too: a
 * signal interrupts its I/O, which is done again afterwards.  Only a signal
 * that kills the VMM ends the command.
 */
static const struct error_case interrupted_cases[] = {
	{ "READ", FBA_READ, -EINTR, 0, 2, 2 * 512 },
	{ "READ, in the middle", FBA_READ, -ERESTARTSYS, 1, 192, 192 * 512 },
	{ "WRITE", FBA_WRITE, -EINTR, 0, 2, 2 * 512 },
	{ "WRITE, in the middle", FBA_WRITE, -ERESTARTSYS, 1, 192, 192 * 512 },
};

KUNIT_ARRAY_PARAM_DESC(interrupted, interrupted_cases, name);

static void fba_interrupted(struct kunit *test)
{
	const struct error_case *c = test->param_value;
	struct fba_bench bench = fba_bench_create(test, 0);

	fake_backing_fail(bench.backing, c->good_calls, c->error);
	bench.backing->times = 3;
	fake_signals = 3;
	move_blocks(bench.b, c->cmd, 5, c->blocks, c->moved);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_EQ(test, fake_signals, 0);
	if (c->cmd == FBA_READ)
		expect_read(bench.b, BENCH_DATA, 5 * 512, c->moved);
	else
		fake_backing_expect(bench.backing, 5 * 512,
				    bench.b->guest.storage + BENCH_DATA,
				    c->moved);
	/*
	 * The I/O is repeated only as long as the signal was no reason to end.
	 */
	fake_signals = 2;
	bench.backing->times = 3;
	fake_backing_fail(bench.backing, 0, c->error);
	move_blocks(bench.b, c->cmd, 5, 1, 512);
	KUNIT_EXPECT_EQ(test, device_run(bench.b)->dstat, BENCH_CHECKED);
	fake_signals = 0;
}

/*
 * Half of the second block is behind the end of the file: no byte of it is
 * given.
 */
static void fba_truncated_backing(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);

	fake_backing_truncate(bench.backing, 512 + 256);
	move_blocks(bench.b, FBA_READ, 0, 1, 512);
	device_expect_normal(bench.b);
	move_blocks(bench.b, FBA_READ, 1, 1, 512);
	device_expect(bench.b, 2, BENCH_CHECKED, CSTAT_INCORRECT_LENGTH, 512);
	fba_expect_failed(bench.b, true);
	device_expect_untouched(bench.b, BENCH_DATA + 512, 512);
	expect_read(bench.b, BENCH_DATA, 0, 512);
}

/* A write behind the end makes the file longer again. */
static void fba_write_to_truncated_backing(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);

	fake_backing_truncate(bench.backing, 0);
	move_blocks(bench.b, FBA_WRITE, 5, 1, 512);
	device_expect_normal(bench.b);
	fake_backing_expect_zeros(bench.backing, 0, 5 * 512);
	fake_backing_expect(bench.backing, 5 * 512,
			    bench.b->guest.storage + BENCH_DATA, 512);
}

static void fba_short_reads_and_writes(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);
	struct device_bench *b = bench.b;

	bench.backing->piece = 1000;
	move_blocks(b, FBA_READ, 5, 192, 192 * 512);
	device_expect_normal(b);
	expect_read(b, BENCH_DATA, 5 * 512, 192 * 512);
	KUNIT_EXPECT_GE(test, bench.backing->reads, 99);
	move_blocks(b, FBA_WRITE, 50, 192, 192 * 512);
	device_expect_normal(b);
	fake_backing_expect(bench.backing, 50 * 512,
			    b->guest.storage + BENCH_DATA, 192 * 512);
	fake_backing_expect_pattern(bench.backing, 242 * 512, SIZE);
	KUNIT_EXPECT_GE(test, bench.backing->writes, 99);
	fake_backing_expect_durable(bench.backing);
}

static void fba_flush_error(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);

	bench.backing->fsync_error = -EIO;
	move_blocks(bench.b, FBA_WRITE, 5, 1, 512);
	device_expect(bench.b, 2, BENCH_CHECKED, 0, 0);
	fba_expect_failed(bench.b, true);
}

/*
 * Another process was told of the lost write by its fsync().  The device must
 * notice it although its own fsync() succeeds.
 */
static void fba_writeback_error_told_to_another(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);

	bench.backing->lost_writeback = true;
	move_blocks(bench.b, FBA_WRITE, 5, 1, 512);
	device_expect(bench.b, 2, BENCH_CHECKED, 0, 0);
	fba_expect_failed(bench.b, true);
	bench.backing->lost_writeback = false;
	move_blocks(bench.b, FBA_WRITE, 5, 1, 512);
	device_expect_normal(bench.b);
}

/*
 * The program's data break off.  What has come is written, and its last block
 * is filled up.  Data that could not be fetched are not made up, and the blocks
 * behind stay.
 */

static void fba_write_from_nowhere(struct kunit *test)
{
	const struct fake_range hole = { BENCH_DATA + 0x1000, FAKE_PAGE };
	struct fba_bench bench = fba_bench_create(test, 0);
	struct device_bench *b = bench.b;
	u32 from = BENCH_DATA + 100;

	fake_mark(&b->guest, &hole, FAKE_HOLE);
	fba_define(b, 0, BLOCKS);
	fba_locate(b, FBA_OP_WRITE, 5, 300);
	device_ccw(b, FBA_WRITE, 0, 0xc000, from);
	device_run(b);
	KUNIT_EXPECT_EQ(test, b->cp.ending.cstat, CSTAT_PROGRAM_CHECK);
	KUNIT_EXPECT_EQ(test, b->cp.ending.count, 0xc000 - 0xf9c);
	fake_backing_expect_pattern(bench.backing, 0, 5 * 512);
	fake_backing_expect(bench.backing, 5 * 512, b->guest.storage + from,
			    0xf9c);
	fake_backing_expect_zeros(bench.backing, 5 * 512 + 0xf9c,
				  5 * 512 + 0x1000);
	fake_backing_expect_pattern(bench.backing, 5 * 512 + 0x1000, SIZE);
	fake_backing_expect_durable(bench.backing);
}

static void fba_write_with_bad_chaining(struct kunit *test)
{
	struct fba_bench bench = fba_bench_create(test, 0);
	struct device_bench *b = bench.b;

	fba_define(b, 0, BLOCKS);
	fba_locate(b, FBA_OP_WRITE, 5, 300);
	device_ccw(b, FBA_WRITE, CCW_CD, 512, BENCH_DATA);
	/* A count of zero is invalid in data chaining. */
	device_ccw(b, 0, 0, 0, BENCH_DATA);
	device_run(b);
	KUNIT_EXPECT_EQ(test, b->cp.ending.cstat, CSTAT_PROGRAM_CHECK);
	fake_backing_expect(bench.backing, 5 * 512,
			    b->guest.storage + BENCH_DATA, 512);
	fake_backing_expect_pattern(bench.backing, 6 * 512, SIZE);
	fake_backing_expect_durable(bench.backing);
}

static void fba_read_to_readonly_storage(struct kunit *test)
{
	const struct fake_range readonly = { BENCH_DATA, FAKE_PAGE };
	struct fba_bench bench = fba_bench_create(test, 0);
	struct device_bench *b = bench.b;

	fake_mark(&b->guest, &readonly, FAKE_READONLY);
	move_blocks(b, FBA_READ, 5, 2, 1024);
	device_run(b);
	KUNIT_EXPECT_EQ(test, b->cp.ending.cstat, CSTAT_PROTECTION_CHECK);
	device_expect_untouched(b, BENCH_DATA, 1024);
}

static struct kunit_case fba_data_test_cases[] = {
	KUNIT_CASE_PARAM(fba_read_place, place_gen_params),
	KUNIT_CASE_PARAM(fba_write_place, place_gen_params),
	KUNIT_CASE(fba_last_block_there_can_be),
	KUNIT_CASE_PARAM(fba_read_length, length_gen_params),
	KUNIT_CASE_PARAM(fba_write_length, length_gen_params),
	KUNIT_CASE_PARAM(fba_write_length_zero_range, length_gen_params),
	KUNIT_CASE_PARAM(fba_write_length_hole, length_gen_params),
	KUNIT_CASE(fba_zeros_behind_the_end),
	KUNIT_CASE(fba_skipped_data_is_read_and_dropped),
	KUNIT_CASE(fba_read_must_wait),
	KUNIT_CASE(fba_write_must_wait),
	KUNIT_CASE_PARAM(fba_host_error, error_gen_params),
	KUNIT_CASE_PARAM(fba_interrupted, interrupted_gen_params),
	KUNIT_CASE(fba_truncated_backing),
	KUNIT_CASE(fba_write_to_truncated_backing),
	KUNIT_CASE(fba_short_reads_and_writes),
	KUNIT_CASE(fba_flush_error),
	KUNIT_CASE(fba_writeback_error_told_to_another),
	KUNIT_CASE(fba_write_from_nowhere),
	KUNIT_CASE(fba_write_with_bad_chaining),
	KUNIT_CASE(fba_read_to_readonly_storage),
	{}
};

static struct kunit_suite fba_data_suite = {
	.name = "kvm_css_fba_data" FBA_SUFFIX,
	.init = fba_suite_init,
	.exit = fba_suite_exit,
	.test_cases = fba_data_test_cases,
};

kunit_test_suite(fba_data_suite);
