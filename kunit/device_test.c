// SPDX-License-Identifier: GPL-2.0
/*
 * Control units: what all of them share, and the test control unit.  The rules
 * are those of Documentation/devices.rst.
 */
#include <kunit/test.h>
#include <linux/ktime.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <linux/kvm_css.h>

#include "device_bench.h"
#include "fake_device.h"

#define CMD_WRITE	0x01
#define CMD_READ	0x02
#define CMD_SEEK	0x07
#define CMD_END		0x0b
#define CMD_BACKWARD	0x0c
#define CMD_WAIT	0x0f

#define STORAGE		65536u

static struct device_bench *bench_create(struct kunit *test)
{
	return device_bench_create(test, test_device_create(false));
}

static void seek(struct device_bench *bench, u32 position)
{
	__be32 param = cpu_to_be32(position);

	device_ccw_param(bench, CMD_SEEK, 0, &param, sizeof(param));
}

/* Common I/O-device commands */

static void device_noop_is_immediate(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);

	bench->on_vcpu = true;
	device_ccw(bench, CU_CMD_NOOP, CCW_SLI, 1, BENCH_DATA);
	device_expect(bench, 0, BENCH_NORMAL, 0, 1);
	KUNIT_EXPECT_FALSE(test, bench->deferred);
	device_expect_untouched(bench, BENCH_DATA, 1);
}

static void device_sense_id_names_the_control_unit(struct kunit *test)
{
	static const u8 id[] = { 0xff, 0x0c, 0x55, 0x01, 0x00, 0x00, 0x00 };
	struct device_bench *bench = bench_create(test);

	device_ccw(bench, CU_CMD_SENSE_ID, 0, sizeof(id), BENCH_DATA);
	device_expect_normal(bench);
	device_expect_storage(bench, BENCH_DATA, id, sizeof(id));
	/* No command-information words follow. */
	device_ccw(bench, CU_CMD_SENSE_ID, CCW_SLI, 255, BENCH_DATA);
	device_expect(bench, 0, BENCH_NORMAL, 0, 255 - sizeof(id));
	device_expect_untouched(bench, BENCH_DATA + sizeof(id), 255);
}

static void device_unknown_command_is_rejected(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);

	/*
	 * The command is not executed: there is no channel end, and the whole
	 * count is left.
	 */
	device_ccw(bench, 0xab, 0, 8, BENCH_DATA);
	device_ccw(bench, CU_CMD_NOOP, 0, 0, 0);
	device_expect(bench, 0, DSTAT_UNIT_CHECK, 0, 8);
	device_expect_sense(bench, SENSE0_COMMAND_REJECT, 0, 0);
	device_expect_untouched(bench, BENCH_DATA, 8);
}

static void device_sense_gives_and_clears(struct kunit *test)
{
	static const u8 rejected[CU_SENSE_SIZE] = { SENSE0_COMMAND_REJECT };
	static const u8 zeros[CU_SENSE_SIZE];
	struct device_bench *bench = bench_create(test);

	device_ccw(bench, 0xab, 0, 8, BENCH_DATA);
	device_expect(bench, 0, DSTAT_UNIT_CHECK, 0, 8);
	/* NO-OPERATION doesn't clear the sense bytes. */
	device_ccw(bench, CU_CMD_NOOP, CCW_SLI, 1, BENCH_DATA);
	device_ccw(bench, CU_CMD_SENSE, 0, CU_SENSE_SIZE, BENCH_DATA);
	device_ccw(bench, CU_CMD_SENSE, 0, CU_SENSE_SIZE, BENCH_DATA + 0x100);
	device_expect_normal(bench);
	device_expect_storage(bench, BENCH_DATA, rejected, sizeof(rejected));
	device_expect_storage(bench, BENCH_DATA + 0x100, zeros, sizeof(zeros));
}

static void device_next_command_resets_sense(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);

	device_ccw(bench, 0xab, 0, 8, BENCH_DATA);
	device_expect(bench, 0, DSTAT_UNIT_CHECK, 0, 8);
	device_ccw(bench, CU_CMD_SENSE_ID, 0, 7, BENCH_DATA);
	device_expect_normal(bench);
	device_expect_sense(bench, 0, 0, 0);
}

/* The test control unit's storage */

static void device_write_is_read_back(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);

	bench->on_vcpu = true;
	device_ccw(bench, CMD_WRITE, 0, 300, BENCH_DATA);
	seek(bench, 0);
	device_ccw(bench, CMD_READ, 0, 300, BENCH_DATA + 0x1000);
	device_expect_normal(bench);
	KUNIT_EXPECT_FALSE(test, bench->deferred);
	device_expect_storage(bench, BENCH_DATA + 0x1000,
			      bench->guest.storage + BENCH_DATA, 300);
	device_expect_untouched(bench, BENCH_DATA + 0x1000 + 300, 0x100);
}

static void device_position_advances(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);
	const u8 *storage = bench->guest.storage;

	seek(bench, 1000);
	device_ccw(bench, CMD_WRITE, 0, 10, BENCH_DATA);
	device_ccw(bench, CMD_WRITE, 0, 20, BENCH_DATA + 0x100);
	seek(bench, 1005);
	device_ccw(bench, CMD_READ, 0, 5, BENCH_DATA + 0x1000);
	device_ccw(bench, CMD_READ, 0, 20, BENCH_DATA + 0x1100);
	device_expect_normal(bench);
	device_expect_storage(bench, BENCH_DATA + 0x1000,
			      storage + BENCH_DATA + 5, 5);
	device_expect_storage(bench, BENCH_DATA + 0x1100,
			      storage + BENCH_DATA + 0x100, 20);
}

static void device_position_starts_at_zero(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);
	const u8 *storage = bench->guest.storage;

	device_ccw(bench, CMD_WRITE, 0, 100, BENCH_DATA);
	device_expect_normal(bench);
	device_ccw(bench, CMD_READ, 0, 100, BENCH_DATA + 0x1000);
	device_expect_normal(bench);
	device_expect_storage(bench, BENCH_DATA + 0x1000, storage + BENCH_DATA,
			      100);
}

/* The device takes any length that the program gives, in one CCW or several. */
static void device_chained_data_has_correct_length(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);
	const u8 *storage = bench->guest.storage;

	device_ccw(bench, CMD_WRITE, CCW_CD, 3, BENCH_DATA);
	device_ccw(bench, 0, CCW_CD, 5, BENCH_DATA + 3);
	device_ccw(bench, 0, 0, 100, BENCH_DATA + 8);
	seek(bench, 0);
	device_ccw(bench, CMD_READ, CCW_CD, 100, BENCH_DATA + 0x1000);
	device_ccw(bench, 0, 0, 8, BENCH_DATA + 0x1064);
	device_expect_normal(bench);
	device_expect_storage(bench, BENCH_DATA + 0x1000, storage + BENCH_DATA,
			      108);
}

struct end_of_storage_case {
	const char *name;
	u8 cmd;
	u8 flags;
	u32 position;
	u8 cstat;
	u16 residual;
};

/* The storage has 16 bytes left. */
static const struct end_of_storage_case end_of_storage_cases[] = {
	{ "WRITE up to the end", CMD_WRITE, 0, STORAGE - 16, 0, 0 },
	{ "READ up to the end", CMD_READ, 0, STORAGE - 16, 0, 0 },
	{ "WRITE takes what fits", CMD_WRITE, 0, STORAGE - 6,
	  CSTAT_INCORRECT_LENGTH, 10 },
	{ "READ gives what is left", CMD_READ, 0, STORAGE - 6,
	  CSTAT_INCORRECT_LENGTH, 10 },
	{ "WRITE takes what fits, SLI", CMD_WRITE, CCW_SLI, STORAGE - 6, 0, 10 },
	{ "READ gives what is left, SLI", CMD_READ, CCW_SLI, STORAGE - 6,
	  0, 10 },
	{ "one byte is left", CMD_READ, 0, STORAGE - 1,
	  CSTAT_INCORRECT_LENGTH, 15 },
};

KUNIT_ARRAY_PARAM_DESC(end_of_storage, end_of_storage_cases, name);

static void device_end_of_storage(struct kunit *test)
{
	const struct end_of_storage_case *c = test->param_value;
	struct device_bench *bench = bench_create(test);

	seek(bench, c->position);
	device_ccw(bench, c->cmd, c->flags, 16, BENCH_DATA);
	device_expect(bench, 1, BENCH_NORMAL, c->cstat, c->residual);
	device_expect_untouched(bench, BENCH_DATA + 16 - c->residual, 16);
}

static void device_nothing_behind_the_end(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);

	seek(bench, STORAGE - 1);
	device_ccw(bench, CMD_READ, 0, 1, BENCH_DATA);
	device_ccw(bench, CMD_READ, CCW_SLI, 1, BENCH_DATA + 1);
	device_ccw(bench, CMD_WRITE, CCW_SLI, 1, BENCH_DATA + 1);
	device_expect(bench, 3, BENCH_NORMAL, 0, 1);
	device_expect_untouched(bench, BENCH_DATA + 1, 1);
}

/* READ BACKWARD gives what has just been read, the last byte first. */
static void device_read_backward(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);
	const u8 *storage = bench->guest.storage;

	bench->on_vcpu = true;
	device_ccw(bench, CMD_WRITE, 0, 300, BENCH_DATA);
	device_ccw(bench, CMD_BACKWARD, 0, 200, BENCH_DATA + 0x1000 + 299);
	device_ccw(bench, CMD_BACKWARD, 0, 100, BENCH_DATA + 0x1000 + 99);
	device_expect_normal(bench);
	KUNIT_EXPECT_FALSE(test, bench->deferred);
	device_expect_storage(bench, BENCH_DATA + 0x1000, storage + BENCH_DATA,
			      300);
	device_expect_untouched(bench, BENCH_DATA + 0x1000 - 0x100, 0x100);
	device_expect_untouched(bench, BENCH_DATA + 0x1000 + 300, 0x100);
}

/*
 * The position is between two bytes, so a change of direction gives the same
 * byte again.
 */
static void device_read_backward_and_forward(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);
	const u8 *storage = bench->guest.storage;

	device_ccw(bench, CMD_WRITE, 0, 100, BENCH_DATA);
	device_ccw(bench, CMD_BACKWARD, CCW_CD, 10, BENCH_DATA + 0x1000 + 29);
	device_ccw(bench, 0, 0, 20, BENCH_DATA + 0x1000 + 19);
	device_ccw(bench, CMD_READ, 0, 30, BENCH_DATA + 0x1100);
	device_expect_normal(bench);
	device_expect_storage(bench, BENCH_DATA + 0x1000,
			      storage + BENCH_DATA + 70, 30);
	device_expect_storage(bench, BENCH_DATA + 0x1100,
			      storage + BENCH_DATA + 70, 30);
}

static void device_read_backward_ends_at_zero(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);
	const u8 *storage = bench->guest.storage;
	const u32 to = BENCH_DATA + 0x1000;

	device_ccw(bench, CMD_WRITE, 0, 6, BENCH_DATA);
	device_ccw(bench, CMD_BACKWARD, 0, 16, to + 15);
	device_expect(bench, 1, BENCH_NORMAL, CSTAT_INCORRECT_LENGTH, 10);
	device_expect_storage(bench, to + 10, storage + BENCH_DATA, 6);
	device_expect_untouched(bench, to, 10);
	/* Each program begins at position 0, before which there is nothing. */
	device_ccw(bench, CMD_BACKWARD, CCW_SLI, 16, to + 9);
	device_expect(bench, 0, BENCH_NORMAL, 0, 16);
	device_expect_untouched(bench, to, 10);
}

/* Guest storage that can't be accessed ends the command at that position. */
static void device_access_error_ends_the_command(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);
	const u32 hole = BENCH_DATA + 0x1000;
	const struct fake_range range = { hole, FAKE_PAGE };

	fake_mark(&bench->guest, &range, FAKE_HOLE);
	device_ccw(bench, CMD_READ, 0, 32, hole - 8);
	device_ccw(bench, CU_CMD_NOOP, 0, 0, 0);
	device_run(bench);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, CSTAT_PROGRAM_CHECK);
	device_expect_untouched(bench, hole, 32);
}

/*
 * The first command that needs the device's storage allocates it, and it stays.
 */

static void device_needs_storage(struct device_bench *bench, u8 cmd)
{
	device_ccw(bench, cmd, 0, 16, BENCH_DATA);
	device_expect(bench, 0, BENCH_CHECKED, CSTAT_INCORRECT_LENGTH, 16);
	device_expect_sense(bench, SENSE0_EQUIPMENT_CHECK, 0, 0);
	device_expect_untouched(bench, BENCH_DATA, 16);
}

static void device_idle_has_no_storage(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);
	const __be32 us = 0;

	bench->guest.no_memory = true;
	device_ccw(bench, CU_CMD_NOOP, 0, 0, 0);
	device_ccw(bench, CU_CMD_SENSE_ID, 0, 7, BENCH_DATA + 0x100);
	seek(bench, STORAGE - 1);
	device_ccw_param(bench, CMD_WAIT, 0, &us, sizeof(us));
	device_expect_normal(bench);
	device_needs_storage(bench, CMD_READ);
	device_needs_storage(bench, CMD_WRITE);

	bench->guest.no_memory = false;
	device_ccw(bench, CMD_WRITE, 0, 16, BENCH_DATA);
	device_expect_normal(bench);

	bench->guest.no_memory = true;
	device_ccw(bench, CMD_READ, 0, 16, BENCH_DATA + 0x1000);
	device_expect_normal(bench);
	device_expect_storage(bench, BENCH_DATA + 0x1000,
			      bench->guest.storage + BENCH_DATA, 16);
}

static void device_storage_begins_as_zeros(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);
	const u8 zeros[300] = {};

	seek(bench, STORAGE - sizeof(zeros));
	device_ccw(bench, CMD_READ, 0, sizeof(zeros), BENCH_DATA);
	device_expect_normal(bench);
	device_expect_storage(bench, BENCH_DATA, zeros, sizeof(zeros));
}

static void device_reset_forgets_position(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);
	const u8 *storage = bench->guest.storage;

	device_ccw(bench, CMD_WRITE, 0, 100, BENCH_DATA);
	device_expect_normal(bench);
	seek(bench, 50);
	device_ccw(bench, CMD_READ, CCW_SUSPEND, 10, BENCH_DATA + 0x1000);
	device_suspend_and_reset(bench);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	device_expect_storage(bench, BENCH_DATA + 0x1000, storage + BENCH_DATA,
			      10);
}

/* Parameters */

struct param_case {
	const char *name;
	u8 cmd;
	u8 param[5];
	u16 len;
	u8 dstat;
	u8 sense0;
	bool too_short;
};

static const struct param_case param_cases[] = {
	{ "SEEK to the last byte", CMD_SEEK, { 0, 0, 0xff, 0xff }, 4,
	  BENCH_NORMAL },
	{ "SEEK to the end", CMD_SEEK, { 0, 1, 0, 0 }, 4,
	  BENCH_CHECKED, SENSE0_COMMAND_REJECT },
	{ "SEEK far away", CMD_SEEK, { 0xff, 0xff, 0xff, 0xff }, 4,
	  BENCH_CHECKED, SENSE0_COMMAND_REJECT },
	{ "SEEK with three bytes", CMD_SEEK, { 0, 0, 0 }, 3,
	  BENCH_CHECKED, SENSE0_COMMAND_REJECT, true },
	{ "WAIT with three bytes", CMD_WAIT, { 0, 0, 0 }, 3,
	  BENCH_CHECKED, SENSE0_COMMAND_REJECT, true },
	{ "WAIT for more than 10 s", CMD_WAIT, { 0, 0x98, 0x96, 0x81 }, 4,
	  BENCH_CHECKED, SENSE0_COMMAND_REJECT },
	{ "WAIT for no time", CMD_WAIT, { 0, 0, 0, 0 }, 4, BENCH_NORMAL },
	{ "END WITH STATUS with one byte", CMD_END, { 0x0c }, 1,
	  BENCH_CHECKED, SENSE0_COMMAND_REJECT, true },
	{ "END WITH STATUS nothing", CMD_END, { 0x00, 0xff }, 2, 0 },
	{ "END WITH STATUS device end", CMD_END,
	  { DSTAT_DEVICE_END, 0xff }, 2, DSTAT_DEVICE_END },
	{ "END WITH STATUS status modifier", CMD_END,
	  { BENCH_NORMAL | DSTAT_STATUS_MODIFIER, 0xff }, 2,
	  BENCH_NORMAL | DSTAT_STATUS_MODIFIER },
	{ "END WITH STATUS channel end", CMD_END,
	  { DSTAT_CHANNEL_END, 0xff }, 2, DSTAT_CHANNEL_END },
	{ "END WITH STATUS normal", CMD_END, { BENCH_NORMAL, 0xff }, 2,
	  BENCH_NORMAL },
	{ "END WITH STATUS unit check", CMD_END,
	  { BENCH_CHECKED, SENSE0_INTERVENTION_REQ }, 2,
	  BENCH_CHECKED, SENSE0_INTERVENTION_REQ },
	{ "END WITH STATUS unit check alone", CMD_END,
	  { DSTAT_UNIT_CHECK, SENSE0_DATA_CHECK }, 2,
	  DSTAT_UNIT_CHECK, SENSE0_DATA_CHECK },
	{ "END WITH STATUS unit exception", CMD_END,
	  { BENCH_NORMAL | DSTAT_UNIT_EXCEPTION, 0xff }, 2,
	  BENCH_NORMAL | DSTAT_UNIT_EXCEPTION },
	{ "END WITH STATUS attention", CMD_END,
	  { BENCH_NORMAL | DSTAT_ATTENTION, 0xff }, 2,
	  BENCH_NORMAL | DSTAT_ATTENTION },
	{ "END WITH STATUS control unit end", CMD_END,
	  { BENCH_NORMAL | DSTAT_CONTROL_UNIT_END, 0xff }, 2,
	  BENCH_NORMAL | DSTAT_CONTROL_UNIT_END },
	{ "END WITH STATUS busy", CMD_END, { DSTAT_BUSY, 0xff }, 2,
	  DSTAT_BUSY },
	{ "END WITH STATUS everything", CMD_END, { 0xff, 0x5a }, 2,
	  0xff, 0x5a },
};

KUNIT_ARRAY_PARAM_DESC(param, param_cases, name);

static void device_parameters(struct kunit *test)
{
	const struct param_case *c = test->param_value;
	struct device_bench *bench = bench_create(test);

	device_ccw_param(bench, c->cmd, 0, c->param, c->len);
	device_expect(bench, 0, c->dstat,
		      c->too_short ? CSTAT_INCORRECT_LENGTH : 0, 0);
	device_expect_sense(bench, c->sense0, 0, 0);
}

static void device_status_modifier_skips_a_ccw(struct kunit *test)
{
	static const u8 how[] = { BENCH_NORMAL | DSTAT_STATUS_MODIFIER, 0 };
	struct device_bench *bench = bench_create(test);

	device_ccw_param(bench, CMD_END, 0, how, sizeof(how));
	device_ccw(bench, 0xab, 0, 1, BENCH_DATA);
	device_ccw(bench, CU_CMD_SENSE_ID, 0, 7, BENCH_DATA);
	device_expect(bench, 2, BENCH_NORMAL, 0, 0);
}

/* Which commands are executed on the vCPU */

static void device_wait_takes_its_time(struct kunit *test)
{
	const __be32 us = cpu_to_be32(30000);
	struct device_bench *bench = bench_create(test);
	ktime_t begin;

	bench->on_vcpu = true;
	device_ccw_param(bench, CMD_WAIT, 0, &us, sizeof(us));
	begin = ktime_get();
	device_expect_normal(bench);
	KUNIT_EXPECT_GE(test, ktime_us_delta(ktime_get(), begin), 30000);
	KUNIT_EXPECT_TRUE(test, bench->deferred);
}

static void device_must_wait_changes_nothing(struct kunit *test)
{
	const __be32 position = cpu_to_be32(1);
	struct device_bench *bench;

	bench = device_bench_create(test, test_device_create(true));
	device_ccw_param(bench, CMD_SEEK, 0, &position, sizeof(position));
	device_begin(bench);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_VCPU),
			CHANPROG_MUST_WAIT);
	KUNIT_EXPECT_FALSE(test, bench->cp.data_moved);
	KUNIT_EXPECT_EQ(test, bench->cp.residual, sizeof(position));
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.dstat, BENCH_NORMAL);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.count, 0);
}

struct wait_case {
	const char *name;
	enum chanprog_stop why;
	enum chanprog_state state;
};

static const struct wait_case wait_cases[] = {
	{ "halted: it ends, and is seen to", CHANPROG_HALT, CHANPROG_ENDED },
	{ "dropped", CHANPROG_DROP, CHANPROG_STOPPED },
};

KUNIT_ARRAY_PARAM_DESC(wait, wait_cases, name);

static void device_wait_can_be_stopped(struct kunit *test)
{
	const struct wait_case *c = test->param_value;
	const __be32 us = cpu_to_be32(10000000);
	struct device_bench *bench = bench_create(test);
	ktime_t begin;

	device_ccw_param(bench, CMD_WAIT, 0, &us, sizeof(us));
	device_begin(bench);
	begin = ktime_get();
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_VCPU),
			CHANPROG_PENDING);
	chanprog_stop(&bench->cp, c->why);
	cu_stop(bench->dev, c->why == CHANPROG_DROP);
	/* Once more, as CLEAR after HALT: the timer is gone by now. */
	cu_stop(bench->dev, true);
	device_wait_completed(bench);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), c->state);
	KUNIT_EXPECT_LT(test, ktime_us_delta(ktime_get(), begin), 9000000);
	if (c->state != CHANPROG_ENDED)
		return;
	KUNIT_EXPECT_EQ(test, bench->cp.ending.dstat, BENCH_NORMAL);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.count, 0);
}

/*
 * A halt has kept the parameters back, which is not the same as too few
 * parameters.
 */
static void device_halted_before_its_parameters(struct kunit *test)
{
	static const u8 cmds[] = { CMD_SEEK, CMD_END, CMD_WAIT, CMD_WRITE,
				   CMD_READ };
	struct device_bench *bench = bench_create(test);
	int i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		device_ccw(bench, cmds[i], 0, 4, BENCH_DATA);
		bench->guest.before_read = fake_halt_program;
		bench->guest.before_read_arg = &bench->cp;
		bench->guest.before_read_addr = BENCH_PROG;
		device_expect(bench, 0, BENCH_NORMAL, 0, 4);
		device_expect_sense(bench, 0, 0, 0);
	}
}

static void device_async_runs_nothing_on_the_vcpu(struct kunit *test)
{
	static const u8 cmds[] = { CU_CMD_NOOP, CU_CMD_SENSE, CU_CMD_SENSE_ID,
				   CMD_READ, CMD_WRITE, CMD_SEEK, CMD_END,
				   CMD_WAIT, 0xab };
	struct device_bench *bench;
	int i;

	bench = device_bench_create(test, test_device_create(true));
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		device_ccw(bench, cmds[i], 0, 4, BENCH_DATA);
		device_begin(bench);
		KUNIT_EXPECT_EQ_MSG(test, chanprog_run(&bench->cp, CHANPROG_ON_VCPU),
				    CHANPROG_MUST_WAIT, "command %02x",
				    cmds[i]);
		KUNIT_EXPECT_FALSE(test, bench->cp.data_moved);
	}
	bench->on_vcpu = true;
	device_ccw(bench, CMD_WRITE, 0, 100, BENCH_DATA);
	device_expect_normal(bench);
	KUNIT_EXPECT_TRUE(test, bench->deferred);
}

/*
 * KVM_CSS_GET_DEVICE tells with what the device was added; the rest are zeros.
 */
static void device_says_what_it_was_made_of(struct kunit *test)
{
	struct kvm_css_device *device = kunit_kmalloc(test, sizeof(*device),
						      GFP_KERNEL);
	const struct kvm_css_test expected[] = {
		{ sizeof(*expected), 0 },
		{ sizeof(*expected), KVM_CSS_TEST_ASYNC },
	};
	struct css_device *dev;
	int async;

	KUNIT_ASSERT_NOT_NULL(test, device);
	for (async = 0; async < 2; async++) {
		dev = test_device_create(async);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
		memset(device, 0xff, sizeof(*device));
		KUNIT_EXPECT_EQ(test, cu_describe(dev, device), 0);
		dev->ops->release(dev);
		KUNIT_EXPECT_EQ(test, device->type, KVM_CSS_TYPE_TEST);
		KUNIT_EXPECT_EQ(test, memcmp(&device->test, &expected[async],
					     sizeof(*expected)), 0);
		KUNIT_EXPECT_NULL(test, memchr_inv(device->bytes +
						   sizeof(*expected), 0,
						   sizeof(device->bytes) -
						   sizeof(*expected)));
		KUNIT_EXPECT_NULL(test, memchr_inv(device->backing, 0,
						   sizeof(device->backing)));
	}
}

static void device_knows_its_type(struct kunit *test)
{
	struct device_bench *bench = bench_create(test);

	KUNIT_EXPECT_EQ(test, bench->dev->ops->type, KVM_CSS_TYPE_TEST);
	KUNIT_EXPECT_STREQ(test, bench->dev->ops->name, "test");
}

static struct kunit_case device_test_cases[] = {
	KUNIT_CASE(device_noop_is_immediate),
	KUNIT_CASE(device_sense_id_names_the_control_unit),
	KUNIT_CASE(device_unknown_command_is_rejected),
	KUNIT_CASE(device_sense_gives_and_clears),
	KUNIT_CASE(device_next_command_resets_sense),
	KUNIT_CASE(device_write_is_read_back),
	KUNIT_CASE(device_position_advances),
	KUNIT_CASE(device_position_starts_at_zero),
	KUNIT_CASE(device_chained_data_has_correct_length),
	KUNIT_CASE_PARAM(device_end_of_storage, end_of_storage_gen_params),
	KUNIT_CASE(device_nothing_behind_the_end),
	KUNIT_CASE(device_read_backward),
	KUNIT_CASE(device_read_backward_and_forward),
	KUNIT_CASE(device_read_backward_ends_at_zero),
	KUNIT_CASE(device_access_error_ends_the_command),
	KUNIT_CASE(device_idle_has_no_storage),
	KUNIT_CASE(device_storage_begins_as_zeros),
	KUNIT_CASE(device_reset_forgets_position),
	KUNIT_CASE_PARAM(device_parameters, param_gen_params),
	KUNIT_CASE(device_status_modifier_skips_a_ccw),
	KUNIT_CASE(device_wait_takes_its_time),
	KUNIT_CASE(device_must_wait_changes_nothing),
	KUNIT_CASE_PARAM(device_wait_can_be_stopped, wait_gen_params),
	KUNIT_CASE(device_halted_before_its_parameters),
	KUNIT_CASE(device_async_runs_nothing_on_the_vcpu),
	KUNIT_CASE(device_knows_its_type),
	KUNIT_CASE(device_says_what_it_was_made_of),
	{}
};

static struct kunit_suite device_suite = {
	.name = "kvm_css_device",
	.test_cases = device_test_cases,
};

kunit_test_suite(device_suite);
