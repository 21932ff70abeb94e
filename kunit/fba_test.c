// SPDX-License-Identifier: GPL-2.0
/*
 * FBA DASD: what it can be made of, what it says of itself, and which commands
 * it accepts.  The rules are in Documentation/devices.rst.
 */
#include <kunit/test.h>
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include "fake_backing.h"
#include "fba_program.h"

/* How many blocks the device of most cases has */
#define BLOCKS		100u

#define CR		SENSE0_COMMAND_REJECT
#define FILE_PROTECTED	0x04
#define BAD_BLOCK_SIZE	0x40
/* Sense byte 7 */
#define COMMAND		0x01
#define SEQUENCE	0x02
#define TOO_SHORT	0x03
#define PARAMETER	0x04

static struct css_device *create(struct fake_backing *backing, u32 model,
				 bool readonly)
{
	return fba_device_create(backing->file, 0, model, readonly);
}

static struct device_bench *bench_create(struct kunit *test, bool readonly)
{
	struct fake_backing *backing;

	backing = fake_backing_create(test, BLOCKS * 512);
	return device_bench_create(test, create(backing, 0, readonly));
}

/* Which commands it accepts, in which order, with which parameters */

struct step {
	u8  cmd;
	u16 len;
	union {
		struct fba_define_param define;
		struct fba_locate_param locate;
		u8 param[16];
	};
};

#define DEFINE(...)	{ .cmd = FBA_DEFINE, .len = 16, \
			  .define = FBA_DEFINE_PARAM(__VA_ARGS__) }
#define LOCATE(...)	{ .cmd = FBA_LOCATE, .len = 8, \
			  .locate = FBA_LOCATE_PARAM(__VA_ARGS__) }
#define ALL		DEFINE(0x00, 512, 0, 0, BLOCKS - 1)
#define READ_ONE	LOCATE(FBA_OP_READ, 0, 1, 0)
#define WRITE_ONE	LOCATE(FBA_OP_WRITE, 0, 1, 0)
#define OTHER(cmd_, len_)	{ .cmd = (cmd_), .len = (len_) }
#define SHORT(cmd_, len_)	{ .cmd = (cmd_), .len = (len_), \
				  .param = { 0x06 } }

/* How the last step of a case ends */
struct step_end {
	u8 dstat;
	u8 sense0;
	u8 sense1;
	u8 sense7;
};

#define NORMAL			{ BENCH_NORMAL }
#define REJECTED(why)		{ DSTAT_UNIT_CHECK, CR, 0, why }
#define REFUSED(sense1, why)	{ BENCH_CHECKED, CR, sense1, why }

struct rule_case {
	const char *name;
	struct step steps[6];
	struct step_end end;
	bool readonly;
};

static const struct rule_case rule_cases[] = {
	/* DEFINE EXTENT */
	{ "extent: the whole device", { ALL }, NORMAL },
	{ "extent: block size zeros", { DEFINE(0, 0, 0, 0, 99) }, NORMAL },
	{ "extent: the last block", { DEFINE(0, 512, 99, 0, 0) }, NORMAL },
	{ "extent: numbers from anywhere",
	  { DEFINE(0, 512, 10, 1000, 1089) }, NORMAL },
	{ "extent: numbers up to the highest",
	  { DEFINE(0, 512, 0, 0xffffff9c, 0xffffffff) }, NORMAL },
	{ "extent: inhibit all writes", { DEFINE(0x40, 512, 0, 0, 99) },
	  NORMAL },
	{ "extent: allow all writes", { DEFINE(0xc0, 512, 0, 0, 99) }, NORMAL },
	{ "extent: permit diagnostics", { DEFINE(0x04, 512, 0, 0, 99) },
	  NORMAL },
	{ "extent: last before first", { DEFINE(0, 512, 0, 1, 0) },
	  REFUSED(0, PARAMETER) },
	{ "extent: one block too many", { DEFINE(0, 512, 0, 0, 100) },
	  REFUSED(0, PARAMETER) },
	{ "extent: one block too far", { DEFINE(0, 512, 1, 0, 99) },
	  REFUSED(0, PARAMETER) },
	{ "extent: behind the device", { DEFINE(0, 512, 100, 0, 0) },
	  REFUSED(0, PARAMETER) },
	{ "extent: location wraps around", { DEFINE(0, 512, 0xffffffff, 0, 1) },
	  REFUSED(0, PARAMETER) },
	{ "extent: length wraps around",
	  { DEFINE(0, 512, 1, 0, 0xffffffff) }, REFUSED(0, PARAMETER) },
	{ "extent: all numbers there are",
	  { DEFINE(0, 512, 0, 0, 0xffffffff) }, REFUSED(0, PARAMETER) },
	{ "extent: allow update writes", { DEFINE(0x80, 512, 0, 0, 99) },
	  NORMAL },
	{ "extent: there is no CE area", { DEFINE(0x08, 512, 0, 0, 99) },
	  REFUSED(0, PARAMETER) },
	{ "extent: mask bit 2", { DEFINE(0x20, 512, 0, 0, 99) },
	  REFUSED(0, PARAMETER) },
	{ "extent: mask bit 3", { DEFINE(0x10, 512, 0, 0, 99) },
	  REFUSED(0, PARAMETER) },
	{ "extent: mask bit 6", { DEFINE(0x02, 512, 0, 0, 99) },
	  REFUSED(0, PARAMETER) },
	{ "extent: mask bit 7", { DEFINE(0x01, 512, 0, 0, 99) },
	  REFUSED(0, PARAMETER) },
	{ "extent: byte 1 must be zeros",
	  { { .cmd = FBA_DEFINE, .len = 16, .define = { .zero = 1 } } },
	  REFUSED(0, PARAMETER) },
	{ "extent: another block size", { DEFINE(0, 1024, 0, 0, 99) },
	  REFUSED(BAD_BLOCK_SIZE, PARAMETER) },
	{ "extent: too short", { SHORT(FBA_DEFINE, 15) },
	  REFUSED(0, TOO_SHORT) },
	{ "extent: only one in a program", { ALL, ALL }, REJECTED(SEQUENCE) },

	/* LOCATE */
	{ "locate: before an extent", { READ_ONE }, REJECTED(SEQUENCE) },
	{ "locate: read", { ALL, READ_ONE }, NORMAL },
	{ "locate: write", { ALL, WRITE_ONE }, NORMAL },
	{ "locate: write and verify",
	  { ALL, LOCATE(FBA_OP_WRITE_VERIFY, 0, 1, 0) }, NORMAL },
	{ "locate: bit 3 means nothing",
	  { ALL, LOCATE(0x10 | FBA_OP_READ, 0, 1, 0) }, NORMAL },
	{ "locate: the whole extent", { ALL, LOCATE(FBA_OP_READ, 0, 100, 0) },
	  NORMAL },
	{ "locate: the last block", { ALL, LOCATE(FBA_OP_READ, 0, 1, 99) },
	  NORMAL },
	{ "locate: the highest number",
	  { DEFINE(0, 512, 0, 0xffffff9c, 0xffffffff),
	    LOCATE(FBA_OP_READ, 0, 1, 0xffffffff) }, NORMAL },
	{ "locate: no blocks", { ALL, LOCATE(FBA_OP_READ, 0, 0, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: behind the extent", { ALL, LOCATE(FBA_OP_READ, 0, 1, 100) },
	  REFUSED(FILE_PROTECTED, PARAMETER) },
	{ "locate: one block too many", { ALL, LOCATE(FBA_OP_READ, 0, 2, 99) },
	  REFUSED(FILE_PROTECTED, PARAMETER) },
	{ "locate: before the extent",
	  { DEFINE(0, 512, 0, 10, 19), LOCATE(FBA_OP_READ, 0, 1, 9) },
	  REFUSED(FILE_PROTECTED, PARAMETER) },
	{ "locate: on the device, behind the extent",
	  { DEFINE(0, 512, 0, 0, 9), LOCATE(FBA_OP_READ, 0, 1, 10) },
	  REFUSED(FILE_PROTECTED, PARAMETER) },
	{ "locate: number wraps around",
	  { DEFINE(0, 512, 0, 0xffffff9c, 0xffffffff),
	    LOCATE(FBA_OP_READ, 0, 2, 0xffffffff) },
	  REFUSED(FILE_PROTECTED, PARAMETER) },
	{ "locate: operation 0", { ALL, LOCATE(0, 0, 1, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: operation 3", { ALL, LOCATE(3, 0, 1, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: nothing to format", { ALL, LOCATE(4, 0, 1, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: operation 7", { ALL, LOCATE(7, 0, 1, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: operation 8", { ALL, LOCATE(8, 0, 1, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: operation F", { ALL, LOCATE(0xf, 0, 1, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: bit 0", { ALL, LOCATE(0x80 | FBA_OP_READ, 0, 1, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: bit 1", { ALL, LOCATE(0x40 | FBA_OP_READ, 0, 1, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: bit 2", { ALL, LOCATE(0x20 | FBA_OP_READ, 0, 1, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: replicated twice",
	  { ALL, LOCATE(FBA_OP_READ_REPLICATED, 6, 3, 0) }, NORMAL },
	{ "locate: replicated never",
	  { ALL, LOCATE(FBA_OP_READ_REPLICATED, 0, 3, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: replicated one and a half times",
	  { ALL, LOCATE(FBA_OP_READ_REPLICATED, 6, 4, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: replicated, no blocks",
	  { ALL, LOCATE(FBA_OP_READ_REPLICATED, 6, 0, 0) },
	  REFUSED(0, PARAMETER) },
	{ "locate: too short", { ALL, SHORT(FBA_LOCATE, 7) },
	  REFUSED(0, TOO_SHORT) },
	{ "locate: write, all writes inhibited",
	  { DEFINE(0x40, 512, 0, 0, 99), WRITE_ONE },
	  REFUSED(FILE_PROTECTED, PARAMETER) },
	{ "locate: write and verify, all writes inhibited",
	  { DEFINE(0x40, 512, 0, 0, 99), LOCATE(FBA_OP_WRITE_VERIFY, 0, 1, 0) },
	  REFUSED(FILE_PROTECTED, PARAMETER) },
	{ "locate: read, all writes inhibited",
	  { DEFINE(0x40, 512, 0, 0, 99), READ_ONE }, NORMAL },
	{ "locate: write on a read-only device", { ALL, WRITE_ONE },
	  REFUSED(FILE_PROTECTED, PARAMETER), true },
	{ "locate: read on a read-only device", { ALL, READ_ONE },
	  NORMAL, true },

	/* READ and WRITE */
	{ "READ behind LOCATE", { ALL, READ_ONE, OTHER(FBA_READ, 512) },
	  NORMAL },
	{ "WRITE behind LOCATE", { ALL, WRITE_ONE, OTHER(FBA_WRITE, 512) },
	  NORMAL },
	{ "LOCATE again", { ALL, READ_ONE, OTHER(FBA_READ, 512), WRITE_ONE,
			    OTHER(FBA_WRITE, 512) }, NORMAL },
	{ "READ first", { OTHER(FBA_READ, 512) }, REJECTED(SEQUENCE) },
	{ "WRITE first", { OTHER(FBA_WRITE, 512) }, REJECTED(SEQUENCE) },
	{ "READ behind DEFINE EXTENT", { ALL, OTHER(FBA_READ, 512) },
	  REJECTED(SEQUENCE) },
	{ "WRITE behind LOCATE read",
	  { ALL, READ_ONE, OTHER(FBA_WRITE, 512) }, REJECTED(SEQUENCE) },
	{ "READ behind LOCATE write",
	  { ALL, WRITE_ONE, OTHER(FBA_READ, 512) }, REJECTED(SEQUENCE) },
	{ "READ twice", { ALL, READ_ONE, OTHER(FBA_READ, 512),
			  OTHER(FBA_READ, 512) }, REJECTED(SEQUENCE) },
	{ "READ not directly behind LOCATE",
	  { ALL, READ_ONE, OTHER(CU_CMD_NOOP, 0), OTHER(FBA_READ, 512) },
	  REJECTED(SEQUENCE) },

	/* Other commands */
	{ "unknown command", { OTHER(0xab, 1) }, REJECTED(COMMAND) },
	{ "DIAGNOSTIC SENSE", { OTHER(0xc4, 512) }, REJECTED(COMMAND) },
	{ "DIAGNOSTIC CONTROL, permitted",
	  { DEFINE(0x04, 512, 0, 0, 99), OTHER(0xf3, 4) }, REJECTED(COMMAND) },
	{ "locate: write, update writes allowed",
	  { DEFINE(0x80, 512, 0, 0, 99), WRITE_ONE, OTHER(FBA_WRITE, 512) },
	  NORMAL },

	/* READ IPL */
	{ "READ IPL", { OTHER(FBA_READ_IPL, 512) }, NORMAL },
	{ "READ IPL on a read-only device", { OTHER(FBA_READ_IPL, 512) },
	  NORMAL, true },
	{ "READ IPL again", { OTHER(FBA_READ_IPL, 512),
			      OTHER(FBA_READ_IPL, 512) }, NORMAL },
	{ "READ IPL behind NO-OPERATION",
	  { OTHER(CU_CMD_NOOP, 0), OTHER(FBA_READ_IPL, 512) },
	  REJECTED(SEQUENCE) },
	{ "READ IPL behind DEFINE EXTENT", { ALL, OTHER(FBA_READ_IPL, 512) },
	  REJECTED(SEQUENCE) },
	{ "READ IPL not directly behind READ IPL",
	  { OTHER(FBA_READ_IPL, 512), OTHER(CU_CMD_NOOP, 0),
	    OTHER(FBA_READ_IPL, 512) }, REJECTED(SEQUENCE) },
	{ "READ IPL stands for DEFINE EXTENT",
	  { OTHER(FBA_READ_IPL, 512), LOCATE(FBA_OP_READ, 0, 1, 99),
	    OTHER(FBA_READ, 512) }, NORMAL },
	{ "READ IPL permits writing",
	  { OTHER(FBA_READ_IPL, 512), WRITE_ONE, OTHER(FBA_WRITE, 512) },
	  NORMAL },
	{ "READ IPL names no block behind the device",
	  { OTHER(FBA_READ_IPL, 512), LOCATE(FBA_OP_READ, 0, 1, 100) },
	  REFUSED(FILE_PROTECTED, PARAMETER) },
	{ "DEFINE EXTENT behind READ IPL", { OTHER(FBA_READ_IPL, 512), ALL },
	  REJECTED(SEQUENCE) },
	{ "READ directly behind READ IPL",
	  { OTHER(FBA_READ_IPL, 512), OTHER(FBA_READ, 512) },
	  REJECTED(SEQUENCE) },

	/* Commands that reserve and release a device */
	{ "DEVICE RESERVE", { OTHER(0xb4, 24) }, NORMAL },
	{ "DEVICE RELEASE", { OTHER(0x94, 24) }, NORMAL },
	{ "UNCONDITIONAL RESERVE", { OTHER(0x14, 24) }, NORMAL },
	{ "a reserved device, used and released",
	  { OTHER(0xb4, 24), ALL, READ_ONE, OTHER(FBA_READ, 512) }, NORMAL },
	{ "DEVICE RESERVE behind NO-OPERATION",
	  { OTHER(CU_CMD_NOOP, 0), OTHER(0xb4, 24) }, NORMAL },
	{ "DEVICE RESERVE behind DEFINE EXTENT", { ALL, OTHER(0xb4, 24) },
	  REJECTED(SEQUENCE) },
	{ "DEVICE RELEASE behind DEFINE EXTENT", { ALL, OTHER(0x94, 24) },
	  REJECTED(SEQUENCE) },
	{ "DEVICE RESERVE behind READ IPL",
	  { OTHER(FBA_READ_IPL, 512), OTHER(0xb4, 24) }, REJECTED(SEQUENCE) },
	{ "UNCONDITIONAL RESERVE not first",
	  { OTHER(CU_CMD_NOOP, 0), OTHER(0x14, 24) }, REJECTED(SEQUENCE) },

	{ "READ AND RESET BUFFERED LOG", { OTHER(0xa4, 24) }, NORMAL },
	{ "READ AND RESET BUFFERED LOG anywhere", { ALL, OTHER(0xa4, 24) },
	  NORMAL },
};

KUNIT_ARRAY_PARAM_DESC(rule, rule_cases, name);

static void fba_rule(struct kunit *test)
{
	const struct rule_case *c = test->param_value;
	struct device_bench *bench = bench_create(test, c->readonly);
	const struct step *step = c->steps;
	u16 residual = 0;
	u8 cstat = 0;

	for (; step < c->steps + ARRAY_SIZE(c->steps) && step->cmd; step++) {
		if (step->cmd == FBA_DEFINE || step->cmd == FBA_LOCATE)
			device_ccw_param(bench, step->cmd, 0, step->param,
					 step->len);
		else
			device_ccw(bench, step->cmd, 0, step->len, BENCH_DATA);
	}
	/* A command that isn't executed leaves the whole count. */
	if (c->end.dstat == DSTAT_UNIT_CHECK)
		residual = step[-1].len;
	/* The device wanted more bytes than it got. */
	if (c->end.sense7 == TOO_SHORT)
		cstat = CSTAT_INCORRECT_LENGTH;
	device_expect(bench, step - c->steps - 1, c->end.dstat, cstat,
		      residual);
	device_expect_sense(bench, c->end.sense0, c->end.sense1,
			    c->end.sense7);
}

/* What DEFINE EXTENT and LOCATE have set ends with the channel program. */
static void fba_program_begins_anew(struct kunit *test)
{
	struct device_bench *bench = bench_create(test, false);

	fba_define(bench, 0, BLOCKS);
	fba_locate(bench, FBA_OP_READ, 0, 1);
	device_expect_normal(bench);
	device_ccw(bench, FBA_READ, 0, 512, BENCH_DATA);
	device_expect(bench, 0, DSTAT_UNIT_CHECK, 0, 512);
	fba_locate(bench, FBA_OP_READ, 0, 1);
	device_expect(bench, 0, DSTAT_UNIT_CHECK, 0, 8);
	fba_define(bench, 0, BLOCKS);
	device_expect_normal(bench);
}

/* It also ends with a reset. */
static void fba_reset_forgets_extent(struct kunit *test)
{
	const struct fba_locate_param locate =
		FBA_LOCATE_PARAM(FBA_OP_READ, 0, 1, 0);
	struct device_bench *bench = bench_create(test, false);

	fba_define(bench, 0, BLOCKS);
	device_ccw_param(bench, FBA_LOCATE, CCW_SUSPEND, &locate,
			 sizeof(locate));
	device_suspend_and_reset(bench);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.dstat, DSTAT_UNIT_CHECK);
	device_expect_sense(bench, CR, 0, SEQUENCE);
}

static void fba_reset_forgets_location(struct kunit *test)
{
	struct device_bench *bench = bench_create(test, false);

	fba_define(bench, 0, BLOCKS);
	fba_locate(bench, FBA_OP_READ, 0, 1);
	device_ccw(bench, FBA_READ, CCW_SUSPEND, 512, BENCH_DATA);
	device_suspend_and_reset(bench);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.dstat, DSTAT_UNIT_CHECK);
	device_expect_sense(bench, CR, 0, SEQUENCE);
}

/* The first READ or WRITE allocates the device's buffer, which then stays. */
static void fba_move_one(struct device_bench *bench, bool write)
{
	fba_define(bench, 0, BLOCKS);
	fba_locate(bench, write ? FBA_OP_WRITE : FBA_OP_READ, 0, 1);
	device_ccw(bench, write ? FBA_WRITE : FBA_READ, 0, 512, BENCH_DATA);
}

static void fba_idle_has_no_buffer(struct kunit *test)
{
	struct device_bench *bench = bench_create(test, false);
	int write;

	bench->guest.no_memory = true;
	device_ccw(bench, FBA_RDC, 0, 32, BENCH_DATA);
	device_ccw(bench, CU_CMD_SENSE_ID, 0, 7, BENCH_DATA);
	fba_define(bench, 0, BLOCKS);
	fba_locate(bench, FBA_OP_READ, 0, 1);
	device_expect_normal(bench);
	for (write = 0; write < 2; write++) {
		fba_move_one(bench, write);
		device_expect(bench, 2, BENCH_CHECKED, CSTAT_INCORRECT_LENGTH,
			      512);
		device_expect_sense(bench, SENSE0_EQUIPMENT_CHECK, 0x80, 0);
	}
	bench->guest.no_memory = false;
	fba_move_one(bench, true);
	device_expect_normal(bench);
	bench->guest.no_memory = true;
	for (write = 0; write < 2; write++) {
		fba_move_one(bench, write);
		device_expect_normal(bench);
	}
}

/*
 * An extent that ends before it begins, so that its length wraps around to one
 * that is on this device
 */
static void fba_largest_device_has_no_extent_backwards(struct kunit *test)
{
	const struct fba_define_param define =
		FBA_DEFINE_PARAM(0, 512, 0, 2, 0);
	struct fake_backing *backing;
	struct device_bench *bench;

	backing = fake_backing_create(test, 0xffffffffll * 512);
	bench = device_bench_create(test, create(backing, 0, false));
	device_ccw_param(bench, FBA_DEFINE, 0, &define, sizeof(define));
	device_expect(bench, 0, BENCH_CHECKED, 0, 0);
	device_expect_sense(bench, CR, 0, PARAMETER);
}

/* What it says of itself */

struct model_case {
	const char *name;
	u32 model;
	u8 id[7];
	struct fba_rdc_data characteristics;
};

static const struct model_case model_cases[] = {
	{ "9336 at a 6310", KVM_CSS_FBA_MODEL_9336,
	  { 0xff, 0x63, 0x10, 0x80, 0x93, 0x36, 0x10 },
	  { { 0x30, 0x08, 0x21, 0x11 }, cpu_to_be16(512), cpu_to_be32(111),
	    cpu_to_be32(777), cpu_to_be32(BLOCKS) } },
	{ "3370 at a 3880", KVM_CSS_FBA_MODEL_3370,
	  { 0xff, 0x38, 0x80, 0x01, 0x33, 0x70, 0x00 },
	  { { 0x30, 0x08, 0x21, 0x02 }, cpu_to_be16(512), cpu_to_be32(62),
	    cpu_to_be32(744), cpu_to_be32(BLOCKS) } },
};

KUNIT_ARRAY_PARAM_DESC(model, model_cases, name);

static void fba_model(struct kunit *test)
{
	const struct model_case *c = test->param_value;
	struct fake_backing *backing;
	struct device_bench *bench;

	backing = fake_backing_create(test, BLOCKS * 512);
	bench = device_bench_create(test, create(backing, c->model, true));
	KUNIT_EXPECT_EQ(test, bench->dev->ops->type, KVM_CSS_TYPE_FBA);
	bench->on_vcpu = true;
	device_ccw(bench, CU_CMD_SENSE_ID, 0, 7, BENCH_DATA);
	device_ccw(bench, FBA_RDC, 0, 32, BENCH_DATA + 0x100);
	device_expect_normal(bench);
	KUNIT_EXPECT_FALSE(test, bench->deferred);
	device_expect_storage(bench, BENCH_DATA, c->id, 7);
	device_expect_storage(bench, BENCH_DATA + 0x100, &c->characteristics,
			      32);
	device_ccw(bench, FBA_RDC, CCW_SLI, 64, BENCH_DATA + 0x200);
	device_expect(bench, 0, BENCH_NORMAL, 0, 32);
	device_expect_untouched(bench, BENCH_DATA + 0x220, 32);
}

/* Besides reserving or releasing, these commands give sense bytes. */
static void fba_reserve_gives_sense(struct kunit *test)
{
	static const u8 cmds[] = { 0x14, 0x94, 0xb4 };
	static const u8 sense[24] = { CR, [7] = COMMAND };
	static const u8 zeros[24];
	struct device_bench *bench = bench_create(test, false);
	int i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		device_ccw(bench, 0xab, 0, 1, BENCH_DATA);
		device_expect(bench, 0, DSTAT_UNIT_CHECK, 0, 1);
		device_ccw(bench, cmds[i], 0, 24, BENCH_DATA);
		device_ccw(bench, CU_CMD_SENSE, 0, 24, BENCH_DATA + 0x100);
		bench->on_vcpu = true;
		device_expect_normal(bench);
		KUNIT_EXPECT_FALSE(test, bench->deferred);
		device_expect_storage(bench, BENCH_DATA, sense, 24);
		device_expect_storage(bench, BENCH_DATA + 0x100, zeros, 24);
		/* There are 24 sense bytes, as for SENSE. */
		device_ccw(bench, cmds[i], CCW_SLI, 32, BENCH_DATA);
		device_expect(bench, 0, BENCH_NORMAL, 0, 8);
	}
}

static void fba_log_has_24_bytes(struct kunit *test)
{
	static const u8 zeros[24];
	struct device_bench *bench = bench_create(test, false);

	device_ccw(bench, 0xa4, CCW_SLI, 32, BENCH_DATA);
	device_expect(bench, 0, BENCH_NORMAL, 0, 8);
	device_expect_storage(bench, BENCH_DATA, zeros, 24);
	device_expect_untouched(bench, BENCH_DATA + 24, 8);
}

/*
 * "Initial Program Loading": it reads 24 bytes of block 0, and runs what they
 * lead to.
 */
static void fba_ipl(struct kunit *test)
{
	const struct fba_locate_param locate =
		FBA_LOCATE_PARAM(FBA_OP_READ, 0, 2, 40);
	struct fake_backing *backing = fake_backing_create(test, BLOCKS * 512);
	struct device_bench *bench;
	u32 i;

	fake_backing_fill(backing);
	bench = device_bench_create(test, create(backing, 0, false));
	device_ccw(bench, FBA_READ_IPL, CCW_SLI, 24, BENCH_DATA);
	device_ccw(bench, FBA_READ_IPL, 0, 512, BENCH_DATA + 0x200);
	device_ccw_param(bench, FBA_LOCATE, 0, &locate, sizeof(locate));
	device_ccw(bench, FBA_READ, 0, 1024, BENCH_DATA + 0x400);
	bench->on_vcpu = true;
	device_expect_normal(bench);
	KUNIT_EXPECT_TRUE(test, bench->deferred);
	for (i = 0; i < 512; i++) {
		u8 *at = bench->guest.storage + BENCH_DATA + i;

		if (i < 24)
			KUNIT_EXPECT_EQ(test, at[0], fake_backing_byte(i));
		KUNIT_EXPECT_EQ(test, at[0x200], fake_backing_byte(i));
		KUNIT_EXPECT_EQ(test, at[0x400],
				fake_backing_byte(40 * 512 + i));
		KUNIT_EXPECT_EQ(test, at[0x600],
				fake_backing_byte(41 * 512 + i));
	}
	device_expect_untouched(bench, BENCH_DATA + 24, 512 - 24);
	/* READ IPL gives no more than a block. */
	device_ccw(bench, FBA_READ_IPL, 0, 1024, BENCH_DATA);
	device_expect(bench, 0, BENCH_NORMAL, CSTAT_INCORRECT_LENGTH, 512);
	/* After a block that can't be read, nothing may be located. */
	fake_backing_fail(backing, 0, -EIO);
	device_ccw(bench, FBA_READ_IPL, 0, 512, BENCH_DATA);
	device_expect(bench, 0, BENCH_CHECKED, CSTAT_INCORRECT_LENGTH, 512);
	device_expect_sense(bench, SENSE0_EQUIPMENT_CHECK, 0x80, 0);
}

static void fba_sense_has_24_bytes(struct kunit *test)
{
	static const u8 sense[24] = { CR, [7] = COMMAND };
	static const u8 zeros[24];
	struct device_bench *bench = bench_create(test, false);

	device_ccw(bench, 0xab, 0, 1, BENCH_DATA);
	device_expect(bench, 0, DSTAT_UNIT_CHECK, 0, 1);
	device_ccw(bench, CU_CMD_SENSE, CCW_SLI, 32, BENCH_DATA);
	device_ccw(bench, CU_CMD_SENSE, 0, 24, BENCH_DATA + 0x100);
	device_expect_normal(bench);
	device_expect_storage(bench, BENCH_DATA, sense, 24);
	device_expect_untouched(bench, BENCH_DATA + 24, 8);
	device_expect_storage(bench, BENCH_DATA + 0x100, zeros, 24);
}

/* What an FBA DASD can be made of */

struct create_case {
	const char *name;
	loff_t size;
	u64 blocks;
	u32 model;
	bool readonly;
	bool no_read;
	bool no_write;
	fmode_t cannot;
	bool append;
	int error;
	u32 capacity;
};

static const struct create_case create_cases[] = {
	{ "one block", .size = 512, .capacity = 1 },
	{ "as many blocks as fit", .size = 1535, .capacity = 2 },
	{ "fewer blocks than fit", .size = 5120, .blocks = 3, .capacity = 3 },
	{ "exactly as many", .size = 5120, .blocks = 10, .capacity = 10 },
	{ "more blocks than fit", .size = 5119, .blocks = 10,
	  .error = -EINVAL },
	{ "no block", .size = 511, .error = -EINVAL },
	{ "nothing", .size = 0, .error = -EINVAL },
	{ "block numbers have 32 bits", .size = 1ll << 42,
	  .blocks = 0xffffffff, .capacity = 0xffffffff },
	{ "more blocks than numbers", .size = 1ll << 42,
	  .blocks = 0x100000000ull, .error = -EINVAL },
	{ "many more blocks than numbers", .size = 1ll << 42,
	  .blocks = 0x100000005ull, .error = -EINVAL },
	{ "as many as fit is too many", .size = (1ll << 41) + 5120,
	  .error = -EINVAL },
	{ "count that would wrap around", .size = 5120,
	  .blocks = 0x100000001ull, .error = -EINVAL },
	{ "highest count", .size = 5120, .blocks = ~0ull, .error = -EINVAL },
	{ "unknown model", .size = 5120, .model = 2, .error = -EINVAL },
	{ "highest model", .size = 5120, .model = ~0u, .error = -EINVAL },
	{ "not open for reading", .size = 5120, .no_read = true,
	  .error = -EACCES },
	{ "not open for writing", .size = 5120, .no_write = true,
	  .error = -EACCES },
	{ "not open for writing, read-only", .size = 5120, .no_write = true,
	  .readonly = true, .capacity = 10 },
	{ "a file system that can't read", .size = 5120,
	  .cannot = FMODE_CAN_READ, .error = -EINVAL },
	{ "a file system that can't write", .size = 5120,
	  .cannot = FMODE_CAN_WRITE, .error = -EINVAL },
	{ "a file system that can't write, read-only", .size = 5120,
	  .cannot = FMODE_CAN_WRITE, .readonly = true, .capacity = 10 },
	{ "open for appending", .size = 5120, .append = true,
	  .error = -EACCES },
	{ "open for appending, read-only", .size = 5120, .append = true,
	  .readonly = true, .capacity = 10 },
};

KUNIT_ARRAY_PARAM_DESC(create, create_cases, name);

static void fba_create(struct kunit *test)
{
	const struct create_case *c = test->param_value;
	struct fake_backing *backing = fake_backing_create(test, c->size);
	struct file *file = backing->file;
	long references = file_count(file);
	struct device_bench *bench;
	struct css_device *dev;
	__be32 capacity;

	if (c->no_read)
		file->f_mode &= ~FMODE_READ;
	if (c->no_write)
		file->f_mode &= ~FMODE_WRITE;
	file->f_mode &= ~c->cannot;
	if (c->append)
		file->f_flags |= O_APPEND;
	dev = fba_device_create(file, c->blocks, c->model, c->readonly);
	KUNIT_EXPECT_EQ(test, backing->reads + backing->writes, 0);
	if (c->error) {
		KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dev), c->error);
		KUNIT_EXPECT_EQ(test, file_count(file), references);
		if (!IS_ERR(dev))
			dev->ops->release(dev);
		return;
	}
	bench = device_bench_create(test, dev);
	KUNIT_EXPECT_EQ(test, file_count(file), references + 1);
	device_ccw(bench, FBA_RDC, 0, 32, BENCH_DATA);
	device_expect_normal(bench);
	fake_get(&bench->guest, BENCH_DATA + 14, &capacity, sizeof(capacity));
	KUNIT_EXPECT_EQ(test, be32_to_cpu(capacity), c->capacity);
}

static void fba_release_gives_the_file_back(struct kunit *test)
{
	struct fake_backing *backing = fake_backing_create(test, 5120);
	long references = file_count(backing->file);
	struct css_device *dev = create(backing, 0, false);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	KUNIT_EXPECT_EQ(test, file_count(backing->file), references + 1);
	dev->ops->release(dev);
	KUNIT_EXPECT_EQ(test, file_count(backing->file), references);
}

/*
 * KVM_CSS_GET_DEVICE tells with what the device was added; the rest are zeros.
 */
static void fba_says_what_it_was_made_of(struct kunit *test)
{
	struct fake_backing *backing = fake_backing_create(test, 5120);
	struct css_device *dev = fba_device_create(backing->file, 7,
						   KVM_CSS_FBA_MODEL_3370,
						   KVM_CSS_FBA_READONLY |
						   KVM_CSS_FBA_DISCARD);
	struct kvm_css_device *device = kunit_kmalloc(test, sizeof(*device),
						      GFP_KERNEL);
	char *path = kunit_kmalloc(test, PATH_MAX, GFP_KERNEL);
	const struct kvm_css_fba expected = {
		.size = sizeof(expected),
		.flags = KVM_CSS_FBA_READONLY | KVM_CSS_FBA_DISCARD,
		.backing_fd = -1,
		.model = KVM_CSS_FBA_MODEL_3370,
		.blocks = 7,
	};

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	KUNIT_ASSERT_NOT_NULL(test, device);
	KUNIT_ASSERT_NOT_NULL(test, path);
	memset(device, 0xff, sizeof(*device));
	KUNIT_EXPECT_EQ(test, cu_describe(dev, device), 0);
	KUNIT_EXPECT_EQ(test, device->type, KVM_CSS_TYPE_FBA);
	KUNIT_EXPECT_EQ(test, memcmp(&device->fba, &expected,
				     sizeof(expected)), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(device->bytes + sizeof(expected), 0,
					   sizeof(device->bytes) -
					   sizeof(expected)));
	path = file_path(backing->file, path, PATH_MAX);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, path);
	KUNIT_EXPECT_STREQ(test, device->backing, path);
	KUNIT_EXPECT_EQ(test, device->backing[sizeof(device->backing) - 1], 0);
	dev->ops->release(dev);
}

static const struct file_operations no_ops;

static void fba_backing_must_be_file_or_disk(struct kunit *test)
{
	struct file *file;

	file = anon_inode_getfile("[kvm_css_kunit]", &no_ops, NULL, O_RDWR);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(fba_device_create(file, 0, 0,
								false)),
			-EINVAL);
	fput(file);
}

/* Choose a block number that may be valid, and is often at an edge. */
static u32 some_number(struct rnd_state *rnd)
{
	u32 bits = prandom_u32_state(rnd);

	switch (bits >> 29) {
	case 0:
		return bits;
	case 1:
		return -(bits & 3);
	case 2:
		return BLOCKS - (bits & 3);
	default:
		return bits % BLOCKS;
	}
}

/*
 * Whatever the parameters are, the device accesses only its own blocks.  The
 * fake file checks that.
 */
static void fba_any_parameters(struct kunit *test)
{
	struct device_bench *bench = bench_create(test, false);
	unsigned int i, normal = 0;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 3370);
	for (i = 0; i < 4000; i++) {
		u32 location = some_number(&rnd), first = some_number(&rnd);
		u32 last = first + some_number(&rnd), from = some_number(&rnd);
		u16 blocks = some_number(&rnd), count = some_number(&rnd);
		bool read = location & 1;
		const struct fba_define_param define =
			FBA_DEFINE_PARAM(0, 512, location, first, last);

		device_ccw_param(bench, FBA_DEFINE, 0, &define, sizeof(define));
		fba_locate(bench, read ? FBA_OP_READ : FBA_OP_WRITE,
			   first + from, blocks);
		device_ccw(bench, read ? FBA_READ : FBA_WRITE, CCW_SLI, count,
			   BENCH_DATA);
		normal += device_run(bench)->dstat == BENCH_NORMAL;
	}
	/* Some parameters are valid, but not all. */
	KUNIT_EXPECT_GT(test, normal, 40);
	KUNIT_EXPECT_LT(test, normal, i - 40);
}

static struct kunit_case fba_test_cases[] = {
	KUNIT_CASE_PARAM(fba_rule, rule_gen_params),
	KUNIT_CASE(fba_program_begins_anew),
	KUNIT_CASE(fba_reset_forgets_extent),
	KUNIT_CASE(fba_reset_forgets_location),
	KUNIT_CASE(fba_idle_has_no_buffer),
	KUNIT_CASE(fba_largest_device_has_no_extent_backwards),
	KUNIT_CASE_PARAM(fba_model, model_gen_params),
	KUNIT_CASE(fba_reserve_gives_sense),
	KUNIT_CASE(fba_log_has_24_bytes),
	KUNIT_CASE(fba_ipl),
	KUNIT_CASE(fba_sense_has_24_bytes),
	KUNIT_CASE_PARAM(fba_create, create_gen_params),
	KUNIT_CASE(fba_release_gives_the_file_back),
	KUNIT_CASE(fba_says_what_it_was_made_of),
	KUNIT_CASE(fba_backing_must_be_file_or_disk),
	KUNIT_CASE(fba_any_parameters),
	{}
};

static struct kunit_suite fba_suite = {
	.name = "kvm_css_fba",
	.test_cases = fba_test_cases,
};

kunit_test_suite(fba_suite);
