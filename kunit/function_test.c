// SPDX-License-Identifier: GPL-2.0
/*
 * Halt, clear and cancel, where it matters what the channel program does at
 * that moment: Principles of Operation chapter 14, the instructions, and
 * chapter 15, "Halt Function" and "Clear Function". condition_test.c has them
 * in each state of the subchannel.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <kvm_css/subchannel.h>

#include "fake_image.h"

#define ROUNDS		50

/*
 * TEST SUBCHANNEL, which must find status.  Return: function and status
 * control.
 */
static u32 tested(struct fake_image *image, struct css_irb *irb)
{
	EXPECT_CC(image->guest.test, image_tsch(image, irb),
		  IOINST_CC_EXPECTED);
	return irb_control(irb);
}

/* Check that nothing is left: the next program runs as the first one would. */
static void expect_usable(struct fake_image *image)
{
	struct kunit *test = image->guest.test;
	unsigned int injected = image->guest.injected;
	struct css_orb orb;
	struct css_irb irb;

	image_load(image, &orb);
	image->fake->during = NULL;
	image->fake->must_wait = false;
	image->fake->blocks = false;
	image->fake->endless = false;
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, image->guest.injected, injected + 1);
	KUNIT_EXPECT_EQ(test, tested(image, &irb), SCSW_FC_START | ENDED);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), IMAGE_PROG + 8);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), 0);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
}

static void expect_halted(struct fake_image *image, u32 cpa, u16 count)
{
	struct kunit *test = image->guest.test;
	struct css_irb irb;

	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	KUNIT_EXPECT_EQ(test, tested(image, &irb),
			SCSW_FC_START | SCSW_FC_HALT | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), cpa);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), count);
}

static void expect_cleared(struct fake_image *image)
{
	struct css_irb expected = {
		.scsw.flags = cpu_to_be32(SCSW_FC_CLEAR | SCSW_SC_PENDING),
	};
	struct kunit *test = image->guest.test;
	struct css_irb irb;

	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	KUNIT_EXPECT_EQ(test, tested(image, &irb),
			SCSW_FC_CLEAR | SCSW_SC_PENDING);
	/* Neither the program nor its sense bytes are shown. */
	expected.scsw.flags = irb.scsw.flags;
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&irb.scsw, (u8 *)&expected.scsw,
			   sizeof(irb.scsw));
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_EXTENDED, 0);
	KUNIT_EXPECT_MEMEQ(test, irb.ecw, expected.ecw, ECW_SIZE);
}

/* Another CPU of the guest, which executes an instruction */
struct other_cpu {
	struct fake_image *image;
	u16 opcode;
	ioinst_ending_t ending;
	struct work_struct work;
};

static void other_cpu_work(struct work_struct *work)
{
	struct other_cpu *cpu = container_of(work, struct other_cpu, work);

	/* From now on this thread accesses the operand and runs the program. */
	if (cpu->opcode == IOINST_SSCH)
		cpu->image->guest.thread = current;
	cpu->ending = image_execute(cpu->image, cpu->opcode);
}

static void other_cpu_begins(struct other_cpu *cpu, struct fake_image *image,
			     u16 opcode)
{
	cpu->image = image;
	cpu->opcode = opcode;
	cpu->ending = IOINST_PROCEED;
	INIT_WORK_ONSTACK(&cpu->work, other_cpu_work);
	schedule_work(&cpu->work);
}

static ioinst_ending_t other_cpu_ends(struct other_cpu *cpu)
{
	flush_work(&cpu->work);
	destroy_work_on_stack(&cpu->work);
	cpu->image->guest.thread = current;
	return cpu->ending;
}

/*
 * HALT SUBCHANNEL tells the worker that is in a command, and doesn't wait for
 * it.
 */
static void halt_worker_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	unsigned int resets = image->fake->resets;

	image_start_blocked(image);
	image_must(image, IOINST_HSCH);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(image->fake->busy));
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_FALSE(test, READ_ONCE(image->fake->busy));
	expect_halted(image, IMAGE_PROG + 8, IMAGE_COUNT);
	image_expect_stats(image, 1, 1);
	/* A halt doesn't reset the device. */
	KUNIT_EXPECT_EQ(test, image->fake->resets, resets);
	expect_usable(image);
}

/* Another CPU is in START SUBCHANNEL, and its device waits. */
static void other_cpu_starts_blocked(struct other_cpu *cpu,
				     struct fake_image *image)
{
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	fake_put(&image->guest, IMAGE_OPERAND, &orb, sizeof(orb));
	image->fake->blocks = true;
	other_cpu_begins(cpu, image, IOINST_SSCH);
	wait_for_completion(&image->fake->in_command);
}

/*
 * If a vCPU runs the program, its START SUBCHANNEL ends when the program does.
 */
static void halt_vcpu_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct other_cpu cpu;

	other_cpu_starts_blocked(&cpu, image);
	image_must(image, IOINST_HSCH);
	EXPECT_CC(test, other_cpu_ends(&cpu), IOINST_CC_EXPECTED);
	expect_halted(image, IMAGE_PROG + 8, IMAGE_COUNT);
	expect_usable(image);
}

static void clear_vcpu_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct other_cpu cpu;

	other_cpu_starts_blocked(&cpu, image);
	image_must(image, IOINST_CSCH);
	EXPECT_CC(test, other_cpu_ends(&cpu), IOINST_CC_EXPECTED);
	expect_cleared(image);
	expect_usable(image);
}

static void halts(void *arg)
{
	struct fake_image *image = arg;

	image_must(image, IOINST_HSCH);
}

static void halts_second(void *arg)
{
	struct fake_image *image = arg;

	if (image->fake->done == 1)
		halts(arg);
}

/*
 * The second command is halted: the status has its CCW's address and whole
 * count.
 */
static void halt_second_command_test(struct kunit *test)
{
	const struct css_ccw1 ccws[] = {
		{ .cmd = IMAGE_CMD, .flags = CCW_CC,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .cmd = IMAGE_CMD, .flags = CCW_CC, .count = cpu_to_be16(24),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .cmd = IMAGE_CMD, .count = cpu_to_be16(16),
		  .cda = cpu_to_be32(IMAGE_DATA) },
	};
	const struct fake_step steps[] = {
		STEP_GIVES(IMAGE_CMD, IMAGE_COUNT),
		STEP_GIVES_LEFT(IMAGE_CMD, 24, 24),
	};
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	fake_put(&image->guest, IMAGE_PROG, ccws, sizeof(ccws));
	fake_device_script(image->fake, steps, 2);
	image->fake->during = halts_second;
	image->fake->during_arg = image;
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, image->fake->done, 2);
	expect_halted(image, IMAGE_PROG + 16, 24);
	expect_usable(image);
}

/*
 * The vCPU has left a command to a worker, and the halt comes before the worker
 * executes it.  The status is that of the last command that was executed, so
 * that the guest can tell that this one was not.  That holds behind a TIC as
 * well.
 */
struct unexecuted_case {
	const char *name;
	unsigned int executed;
	u32 cpa;
	u16 count;
};

static const struct unexecuted_case unexecuted_cases[] = {
	{ "none executed", 0, IMAGE_PROG, 0 },
	{ "one executed", 1, IMAGE_PROG + 8, 4 },
	{ "two executed", 2, IMAGE_PROG + 32, 0 },
};

KUNIT_ARRAY_PARAM_DESC(unexecuted, unexecuted_cases, name);

static void waits_and_is_halted(void *arg)
{
	struct fake_image *image = arg;
	const struct unexecuted_case *c = image->guest.test->param_value;

	if (image->fake->done != c->executed)
		return;
	image->fake->must_wait = true;
	halts(arg);
}

static void halt_unexecuted_test(struct kunit *test)
{
	const struct css_ccw1 ccws[] = {
		{ .cmd = IMAGE_CMD, .flags = CCW_CC | CCW_SLI,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .cmd = CCW_CMD_TIC, .cda = cpu_to_be32(IMAGE_PROG + 24) },
		{},
		/* Linux discards in this way. */
		{ .cmd = 0x01, .flags = CCW_CC | CCW_SLI },
		{ .cmd = 0x01, .flags = CCW_SLI },
	};
	const struct fake_step steps[] = {
		STEP_GIVES(IMAGE_CMD, IMAGE_COUNT - 4),
		STEP_TAKES_LEFT(0x01, 8, 8),
		STEP_TAKES_LEFT(0x01, 8, 8),
	};
	const struct unexecuted_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	fake_put(&image->guest, IMAGE_PROG, ccws, sizeof(ccws));
	fake_device_script(image->fake, steps, ARRAY_SIZE(steps));
	image->fake->during = waits_and_is_halted;
	image->fake->during_arg = image;
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, image->fake->done, c->executed);
	expect_halted(image, c->cpa, c->count);
	expect_usable(image);
}

/*
 * A command is halted while its data move: the count is what has not been
 * moved.
 */
static void halt_count_test(struct kunit *test)
{
	const struct css_ccw1 ccw = {
		.cmd = 0x01,
		.count = cpu_to_be16(12),
		.cda = cpu_to_be32(IMAGE_DATA),
	};
	const struct fake_step steps[] = { STEP_TAKES_LEFT(0x01, 12, 4) };
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	fake_put(&image->guest, IMAGE_PROG, &ccw, sizeof(ccw));
	fake_device_script(image->fake, steps, 1);
	image->fake->chunk = 4;
	/*
	 * The halt comes while the second four of twelve bytes are being moved.
	 */
	image->guest.before_read = halts;
	image->guest.before_read_arg = image;
	image->guest.before_read_addr = IMAGE_DATA + 4;
	image_must_start(image, &orb);
	expect_halted(image, IMAGE_PROG + 8, 4);
	image->fake->chunk = 0;
	expect_usable(image);
}

/*
 * The guest is told the status that the device presents for the halted command.
 */
static void halt_unit_check_wins_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	image->step = (struct fake_step)STEP_GIVES_LEFT(IMAGE_CMD, IMAGE_COUNT,
							IMAGE_COUNT);
	image->step.dstat = CE_DE | DSTAT_UNIT_CHECK;
	image->step.sense0 = SENSE0_EQUIPMENT_CHECK;
	image->fake->during = halts;
	image->fake->during_arg = image;
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, tested(image, &irb), SCSW_FC_START |
			SCSW_FC_HALT | SCSW_SC_ALERT | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE | DSTAT_UNIT_CHECK);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), IMAGE_PROG + 8);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), IMAGE_COUNT);
	KUNIT_EXPECT_EQ(test, image->fake->dev.sense[0],
			SENSE0_EQUIPMENT_CHECK);
	expect_usable(image);
}

/* A program without end is halted while it waits for its next turn. */
static void halt_between_turns_test(struct kunit *test)
{
	const struct css_ccw1 loop[] = {
		{ .cmd = CU_CMD_NOOP, .flags = CCW_CC },
		{ .cmd = CCW_CMD_TIC, .cda = cpu_to_be32(IMAGE_PROG) },
	};
	struct fake_image *image = test->priv;
	struct css_orb orb;
	unsigned int done;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	fake_put(&image->guest, IMAGE_PROG, loop, sizeof(loop));
	image->step = (struct fake_step)STEP_IMMEDIATE(CU_CMD_NOOP);
	image->fake->endless = true;
	image_must_start(image, &orb);
	image_must(image, IOINST_HSCH);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	done = image->fake->done;
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, image->fake->done, done);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	expect_halted(image, IMAGE_PROG + 8, 0);
	expect_usable(image);
}

/*
 * The program ends, and a halt comes before its runner has made the status
 * pending.  The status is the program's own, with the halt function beside it.
 */
static void halt_ending_wins_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch;
	struct other_cpu cpu;

	image_start_blocked(image);
	sch = image_find(image);
	/* Whoever waits first for the lock gets it first. */
	mutex_lock(&sch->lock);
	other_cpu_begins(&cpu, image, IOINST_HSCH);
	msleep(A_WHILE_MS);
	complete_all(&image->fake->go_on);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(image->fake->busy));
	mutex_unlock(&sch->lock);
	EXPECT_CC(test, other_cpu_ends(&cpu), IOINST_CC_EXPECTED);
	subchannel_put(sch);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	expect_halted(image, IMAGE_PROG + 8, 0);
	KUNIT_EXPECT_MEMEQ(test, image->guest.storage + IMAGE_DATA,
			   image->fake->stream, IMAGE_COUNT);
	image_expect_stats(image, 1, 1);
	expect_usable(image);
}

/* If status is pending, the halt is too late. */
static void halt_too_late_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	image_start_blocked(image);
	complete_all(&image->fake->go_on);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_execute(image, IOINST_HSCH),
		  IOINST_CC_STATUS_PRESENT);
	KUNIT_EXPECT_EQ(test, tested(image, &irb), SCSW_FC_START | ENDED);
}

/*
 * "Clear Function": the path management is reset, and the program has no
 * ending.
 */
static void clear_worker_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	unsigned int resets = image->fake->resets;
	struct css_schib schib;

	image_enable(image, IMAGE_ISC, 0);
	image_stsch(image, &schib);
	schib.pmcw.pom = 0;
	EXPECT_CC(test, image_msch(image, &schib), IOINST_CC_EXPECTED);
	image->fake->stubborn = true;
	image_start_blocked(image);
	image_must(image, IOINST_CSCH);
	/*
	 * The clear function isn't performed before the program has left the
	 * device.
	 */
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, image->fake->resets, resets);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	WRITE_ONCE(image->fake->stubborn, false);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_EQ(test, image->fake->resets, resets + 1);
	expect_cleared(image);
	image_stsch(image, &schib);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pom, 0xff);
	KUNIT_EXPECT_EQ(test, schib.pmcw.pnom, 0);
	KUNIT_EXPECT_EQ(test, schib.pmcw.lpum, IMAGE_PATH);
	/* A program that is cleared isn't counted as completed. */
	image_expect_stats(image, 1, 0);
	expect_usable(image);
}

/* Two clears, or a halt and a clear, have the result of one clear. */
struct twice_case {
	const char *name;
	u16 first;
	u16 second;
};

static const struct twice_case twice_cases[] = {
	{ "clear while clear pending", IOINST_CSCH, IOINST_CSCH },
	{ "clear while halt pending", IOINST_HSCH, IOINST_CSCH },
};

KUNIT_ARRAY_PARAM_DESC(twice, twice_cases, name);

static void clear_twice_test(struct kunit *test)
{
	const struct twice_case *c = test->param_value;
	struct fake_image *image = test->priv;
	unsigned int resets = image->fake->resets;

	image->fake->stubborn = true;
	image_start_blocked(image);
	image_must(image, c->first);
	image_must(image, c->second);
	WRITE_ONCE(image->fake->stubborn, false);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_EQ(test, image->fake->resets, resets + 1);
	expect_cleared(image);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	expect_usable(image);
}

/*
 * If the status of the first clear is pending, a second clear adds no
 * interruption.
 */
static void clear_after_clear_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image_enable(image, IMAGE_ISC, 0);
	image_must(image, IOINST_CSCH);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	image_must(image, IOINST_CSCH);
	KUNIT_EXPECT_EQ(test, image->guest.withdrawn, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 2);
	expect_cleared(image);
	expect_usable(image);
}

/*
 * The reset of the device removes sense bytes that the guest has not asked for.
 */
static void clear_sense_test(struct kunit *test)
{
	const u8 zeros[CU_SENSE_SIZE] = {};
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	image->step.dstat = CE_DE | DSTAT_UNIT_CHECK;
	image->step.sense0 = SENSE0_EQUIPMENT_CHECK;
	image_must_start(image, &orb);
	tested(image, &irb);
	/* A halt leaves the sense bytes. */
	image_must(image, IOINST_HSCH);
	tested(image, &irb);
	KUNIT_EXPECT_EQ(test, image->fake->dev.sense[0],
			SENSE0_EQUIPMENT_CHECK);
	image_must(image, IOINST_CSCH);
	KUNIT_EXPECT_MEMEQ(test, image->fake->dev.sense, zeros, CU_SENSE_SIZE);
	expect_cleared(image);
}

/*
 * A program is cancelled while a worker is about to take it.  There are two
 * right results: either it is cancelled and there is no interruption, or the
 * cancel is too late and there is one.
 */
static void cancel_race_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	unsigned int i, too_late = 0;
	ioinst_ending_t cc;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, 0);
	for (i = 0; i < ROUNDS; i++) {
		image_load(image, &orb);
		image->fake->must_wait = true;
		image_must_start(image, &orb);
		cc = image_execute(image, IOINST_XSCH);
		if (cc == IOINST_CC_EXPECTED) {
			KUNIT_EXPECT_EQ(test, image->fake->done, 0);
			continue;
		}
		too_late++;
		KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest,
							   too_late));
		tested(image, &irb);
	}
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, image->guest.injected, too_late);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), 0);
	image_expect_stats(image, ROUNDS, too_late);
	expect_usable(image);
}

static void function_exit(struct kunit *test)
{
	struct fake_image *image = test->priv;

	if (image)
		WRITE_ONCE(image->fake->stubborn, false);
	image_exit(test);
}

static struct kunit_case function_test_cases[] = {
	KUNIT_CASE(halt_worker_test),
	KUNIT_CASE(halt_vcpu_test),
	KUNIT_CASE(halt_second_command_test),
	KUNIT_CASE_PARAM(halt_unexecuted_test, unexecuted_gen_params),
	KUNIT_CASE(halt_count_test),
	KUNIT_CASE(halt_unit_check_wins_test),
	KUNIT_CASE(halt_between_turns_test),
	KUNIT_CASE(halt_ending_wins_test),
	KUNIT_CASE(halt_too_late_test),
	KUNIT_CASE(clear_worker_test),
	KUNIT_CASE(clear_vcpu_test),
	KUNIT_CASE_PARAM(clear_twice_test, twice_gen_params),
	KUNIT_CASE(clear_after_clear_test),
	KUNIT_CASE(clear_sense_test),
	KUNIT_CASE(cancel_race_test),
	{}
};

static struct kunit_suite function_suite = {
	.name = "kvm_css_function",
	.init = image_init,
	.exit = function_exit,
	.test_cases = function_test_cases,
};

kunit_test_suite(function_suite);
