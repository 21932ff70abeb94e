// SPDX-License-Identifier: GPL-2.0
/*
 * Channel end without device end: Principles of Operation chapter 16, "Primary"
 * and "Secondary Interruption Condition", "Device Active"; chapter 15, "Command
 * Chaining".
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include <kvm_css/subchannel.h>

#include "present_case.h"

/* Channel end comes first, and device end later */

struct secondary_case {
	const char *name;
	u8 first;	/* status with which the command ends */
	u32 primary;	/* status control that this sets */
	u8 then;	/* status that the device presents later */
	u32 secondary;
};

static const struct secondary_case secondary_cases[] = {
	{ "channel end, device end", CE, PRIMARY, DE, SECONDARY },
	{ "device end with unit exception", CE, PRIMARY,
	  DE | DSTAT_UNIT_EXCEPTION, ALERT | SECONDARY },
	{ "device end with attention", CE, PRIMARY, DE | ATTENTION,
	  ALERT | SECONDARY },
	{ "device end with status modifier", CE, PRIMARY,
	  DE | DSTAT_STATUS_MODIFIER, ALERT | SECONDARY },
	{ "channel end with unit exception", CE | DSTAT_UNIT_EXCEPTION,
	  ALERT | PRIMARY, DE, SECONDARY },
	{ "channel end with control-unit end", CE | DSTAT_CONTROL_UNIT_END,
	  ALERT | PRIMARY, DE, SECONDARY },
	{ "channel end with status modifier", CE | DSTAT_STATUS_MODIFIER,
	  PRIMARY, DE, SECONDARY },
};

KUNIT_ARRAY_PARAM_DESC(secondary, secondary_cases, name);

/*
 * "Device Active": from channel end to device end, whether the guest tests or
 * not
 */
static void secondary_test(struct kunit *test)
{
	const struct secondary_case *c = test->param_value;
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	present_start_ending_with(image, c->first);
	KUNIT_EXPECT_EQ(test, image_control(image), START | DEVICE | c->primary);
	present_expect_status(image, START | DEVICE | c->primary, c->first);
	present_expect_nothing(image, DEVICE);
	fake_present(image->fake, c->then);
	present_expect_status(image, c->secondary, c->then);
	present_expect_nothing(image, 0);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 2);
	/*
	 * The start function has been counted as completed with its primary
	 * status.
	 */
	present_expect_completed(image, 1);
}

/*
 * Nothing is added to status that is pending: the device keeps its next status.
 */
static void secondary_kept_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	present_start_ending_with(image, CE);
	fake_present(image->fake, DE);
	KUNIT_EXPECT_EQ(test, image->fake->presents, DE);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	present_expect_status(image, START | DEVICE | PRIMARY, CE);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 2);
	present_expect_status(image, SECONDARY, DE);
	present_expect_nothing(image, 0);
}

/* If attention comes before device end, it doesn't stand for device end. */
static void secondary_after_attention_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	present_start_ending_with(image, CE);
	present_expect_status(image, START | DEVICE | PRIMARY, CE);
	fake_present(image->fake, ATTENTION);
	present_expect_status(image, DEVICE | UNSOLICITED, ATTENTION);
	present_expect_nothing(image, DEVICE);
	fake_present(image->fake, DE);
	present_expect_status(image, SECONDARY, DE);
}

/* What each instruction does between channel end and device end */
struct active_case {
	const char *name;
	u16 opcode;
	u8 cc;
	u32 control;	/* what TEST SUBCHANNEL then finds, if anything */
	u8 dstat;
};

static const struct active_case active_cases[] = {
	{ "MSCH", IOINST_MSCH, 0, DEVICE, 0 },
	{ "XSCH", IOINST_XSCH, 2, DEVICE, 0 },
	{ "RSCH", IOINST_RSCH, 2, DEVICE, 0 },
	{ "HSCH: the device has nothing left but device end", IOINST_HSCH, 0,
	  HALT | SECONDARY, DE },
	{ "CSCH", IOINST_CSCH, 0, SCSW_FC_CLEAR | SCSW_SC_PENDING, 0 },
};

KUNIT_ARRAY_PARAM_DESC(active, active_cases, name);

static void active_test(struct kunit *test)
{
	const struct active_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_schib schib;

	present_enable(image, 0);
	present_start_ending_with(image, CE);
	present_expect_status(image, START | DEVICE | PRIMARY, CE);
	image_stsch(image, &schib);
	fake_put(&image->guest, IMAGE_OPERAND, &schib, sizeof(schib));
	EXPECT_CC(test, image_execute(image, c->opcode), IOINST_CC(c->cc));
	if (c->control & SCSW_SC)
		present_expect_status(image, c->control, c->dstat);
	present_expect_nothing(image, c->control & SCSW_SC ? 0 : DEVICE);
	KUNIT_EXPECT_EQ(test, image->fake->halts, c->opcode == IOINST_HSCH);
	/* Only the creation of the subchannel has reset the device. */
	KUNIT_EXPECT_EQ(test, image->fake->resets,
			1 + (c->opcode == IOINST_CSCH));
}

/*
 * How many commands the program has; the first one ends with channel end and
 * @dstat.
 */
#define CHAIN	3

static const struct fake_step chain_steps[] = {
	STEP_STATUS(IMAGE_CMD, CE),
	STEP_IMMEDIATE(IMAGE_CMD),
	STEP_IMMEDIATE(IMAGE_CMD),
};

static void start_chain_with(struct fake_image *image, u8 flags, u32 orb_flags)
{
	struct css_ccw1 ccws[CHAIN] = {};
	struct css_orb orb;
	int i;

	image_load(image, &orb);
	orb.flags |= cpu_to_be32(ORB_ILS | orb_flags);
	for (i = 0; i < CHAIN; i++) {
		ccws[i].cmd = IMAGE_CMD;
		ccws[i].flags = i < CHAIN - 1 ? CCW_CC : 0;
		ccws[i].count = cpu_to_be16(IMAGE_COUNT);
		ccws[i].cda = cpu_to_be32(IMAGE_DATA);
	}
	ccws[0].flags |= flags;
	fake_put(&image->guest, IMAGE_PROG, ccws, sizeof(ccws));
	fake_device_script(image->fake, chain_steps, ARRAY_SIZE(chain_steps));
	image_must_start(image, &orb);
}

static void start_chain(struct fake_image *image, u8 flags)
{
	start_chain_with(image, flags, 0);
}

/* A chained command waits for device end. */

struct chain_case {
	const char *name;
	u8 then;
	unsigned int done;	/* how many commands are executed */
	u32 control;		/* activity and status control */
	u8 dstat;
	u8 used;		/* number of the last CCW used */
};

static const struct chain_case chain_cases[] = {
	{ "device end: the next command", DE, 3, ENDED, CE_DE, 2 },
	{ "with status modifier: the one behind it",
	  DE | DSTAT_STATUS_MODIFIER, 2, ENDED, CE_DE, 2 },
	{ "with unit check: no other command", DE | UNIT_CHECK, 1,
	  ALERT | ENDED, DE | UNIT_CHECK, 0 },
	{ "with unit exception: no other command",
	  DE | DSTAT_UNIT_EXCEPTION, 1, ALERT | ENDED,
	  DE | DSTAT_UNIT_EXCEPTION, 0 },
	/*
	 * The device remains active, because Linux takes secondary status for
	 * the last one.
	 */
	{ "attention before device end", ATTENTION, 1,
	  DEVICE | ALERT | PRIMARY, ATTENTION, 0 },
	{ "unit check before device end", UNIT_CHECK, 1,
	  DEVICE | ALERT | PRIMARY, UNIT_CHECK, 0 },
};

KUNIT_ARRAY_PARAM_DESC(chain, chain_cases, name);

static void chain_test(struct kunit *test)
{
	const struct chain_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_schib schib;

	present_enable(image, 0);
	start_chain(image, 0);
	KUNIT_EXPECT_EQ(test, image->fake->done, 1);
	present_expect_nothing(image, START | ACTIVE);
	/* The device asks to be selected, but has no status yet. */
	fake_present(image->fake, 0);
	present_expect_nothing(image, START | ACTIVE);
	fake_present(image->fake, c->then);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_EQ(test, image->fake->done, c->done);
	image_stsch(image, &schib);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.scsw.cpa),
			IMAGE_PROG + 8 * (c->used + 1));
	KUNIT_EXPECT_EQ(test, be16_to_cpu(schib.scsw.count), IMAGE_COUNT);
	present_expect_status(image, START | c->control, c->dstat);
	present_expect_nothing(image, c->control & DEVICE);
	present_expect_completed(image, 1);
	if (!(c->control & DEVICE))
		return;
	fake_present(image->fake, DE);
	present_expect_status(image, SECONDARY, DE);
	present_expect_nothing(image, 0);
	present_expect_completed(image, 1);
}

/* Device end that comes before the runner has left is not lost. */
static void chain_early_device_end(void *arg)
{
	struct fake_image *image = arg;

	image->fake->during = NULL;
	fake_present(image->fake, DE);
	KUNIT_EXPECT_EQ(image->guest.test, image->fake->presents, DE);
}

static void chain_early_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	image->fake->during = chain_early_device_end;
	image->fake->during_arg = image;
	start_chain(image, 0);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_EQ(test, image->fake->done, CHAIN);
	present_expect_status(image, START | ENDED, CE_DE);
}

/* A PCI is told while the program waits for device end. */
static void chain_tells_test(struct kunit *test)
{
	const u32 told = START | ACTIVE | SCSW_SC_INTERMEDIATE |
			 SCSW_SC_PENDING;
	struct fake_image *image = test->priv;
	struct css_irb irb;

	present_enable(image, 0);
	start_chain(image, CCW_PCI);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), told);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	present_expect_nothing(image, START | ACTIVE);
	fake_present(image->fake, DE);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
	present_expect_status(image, START | ENDED, CE_DE);
}

/*
 * If TEST SUBCHANNEL finds that the device has device end, the program goes on.
 */
static void chain_tested_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	present_enable(image, 0);
	start_chain(image, CCW_PCI);
	/*
	 * The device has asked to be selected, but that has not been done yet.
	 */
	image->fake->presents = DE;
	cu_request(&image->fake->dev, 100 * USEC_PER_SEC);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
	present_expect_status(image, START | ENDED, CE_DE);
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
}

/*
 * A program that waits for device end has no runner, so what ends it ends it at
 * once.
 */

static void chain_halted_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	start_chain(image, 0);
	image_must(image, IOINST_HSCH);
	KUNIT_EXPECT_EQ(test, image->fake->halts, 1);
	present_expect_status(image, START | HALT | ENDED, CE_DE);
	present_expect_nothing(image, 0);
	KUNIT_EXPECT_EQ(test, image->fake->done, 1);
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
}

struct halted_late_case {
	const char *name;
	u8 presented;
	u8 dstat;
};

static const struct halted_late_case halted_late_cases[] = {
	{ "device end with unit check", DE | UNIT_CHECK, DE | UNIT_CHECK },
	/* The halt causes the device to present device end. */
	{ "attention before device end", ATTENTION, CE_DE | ATTENTION },
};

KUNIT_ARRAY_PARAM_DESC(halted_late, halted_late_cases, name);

/* Status that the device has presented before the halt is not lost. */
static void chain_halted_late_test(struct kunit *test)
{
	const struct halted_late_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct subchannel *sch;

	present_enable(image, 0);
	start_chain(image, 0);
	sch = image_find(image);
	/*
	 * The device has ended, but no worker has gone on with the program yet.
	 */
	chanprog_device_end(&sch->program, c->presented);
	subchannel_put(sch);
	image_must(image, IOINST_HSCH);
	present_expect_status(image, START | HALT | ALERT | ENDED, c->dstat);
	present_expect_nothing(image, 0);
	present_expect_completed(image, 1);
}

static void halt_now(void *arg)
{
	image_must(arg, IOINST_HSCH);
}

/*
 * A halt that comes while a command is executed finds the device busy with it.
 * The command then ends with channel end alone, and what the device goes on
 * with is over like that of a program that nobody runs.
 */
static void command_halted_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;

	present_enable(image, 0);
	image->fake->during = halt_now;
	image->fake->during_arg = image;
	image_load(image, &orb);
	/* The halt keeps all of the data from being moved. */
	image->step.left = image->step.len;
	image->step.dstat = CE;
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, image->fake->halts, 1);
	present_expect_status(image, START | HALT | ENDED, CE_DE);
	present_expect_nothing(image, 0);
	present_expect_completed(image, 1);
}

/*
 * A resume that is pending while the program waits for device end is none that
 * the end of a quiesce could begin.  Otherwise the work item for it would stand
 * in the way of the device, which is asked only while nobody is active.
 */
static void chain_kicked_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch;

	present_enable(image, 0);
	start_chain_with(image, 0, ORB_SUSPEND);
	image_must(image, IOINST_RSCH);
	sch = css_find(&image->css, IMAGE_SID);
	KUNIT_ASSERT_NOT_NULL(test, sch);
	subchannel_kick(sch);
	KUNIT_EXPECT_FALSE(test, subchannel_active(sch));
	subchannel_put(sch);
	fake_present(image->fake, DE);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	present_expect_status(image, START | ENDED, CE_DE);
}

static void chain_cleared_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	start_chain(image, 0);
	image_must(image, IOINST_CSCH);
	present_expect_status(image, SCSW_FC_CLEAR | SCSW_SC_PENDING, 0);
	present_expect_nothing(image, 0);
	KUNIT_EXPECT_EQ(test, image->fake->resets, 2);
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
}

static void chain_reset_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_schib schib;

	present_enable(image, 0);
	start_chain(image, 0);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_ALL));
	image_stsch(image, &schib);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.scsw.flags), 0);
	KUNIT_EXPECT_EQ(test, image->fake->resets, 2);
	/*
	 * Device end that comes after the end of the program is presented to
	 * nobody.
	 */
	fake_present(image->fake, DE);
	KUNIT_EXPECT_EQ(test, image->fake->presents, 0);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
}

static void chain_removed_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	start_chain(image, 0);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&image->css.shared.active), 0);
}

/* The program has begun, so a quiesce waits for its device end. */
static void chain_quiesce_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	present_enable(image, 0);
	start_chain(image, 0);
	KUNIT_EXPECT_EQ(test, -ETIME, css_quiesce(&image->css, A_WHILE));
	/* Device end lets the program go on even while a quiesce is waiting. */
	WRITE_ONCE(image->css.shared.quiesced, true);
	fake_present(image->fake, DE);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
	present_expect_status(image, START | ENDED, CE_DE);
}

static struct kunit_case secondary_test_cases[] = {
	KUNIT_CASE_PARAM(secondary_test, secondary_gen_params),
	KUNIT_CASE(secondary_kept_test),
	KUNIT_CASE(secondary_after_attention_test),
	KUNIT_CASE_PARAM(active_test, active_gen_params),
	KUNIT_CASE_PARAM(chain_test, chain_gen_params),
	KUNIT_CASE(chain_early_test),
	KUNIT_CASE(chain_tells_test),
	KUNIT_CASE(chain_tested_test),
	KUNIT_CASE(chain_halted_test),
	KUNIT_CASE(command_halted_test),
	KUNIT_CASE(chain_kicked_test),
	KUNIT_CASE_PARAM(chain_halted_late_test, halted_late_gen_params),
	KUNIT_CASE(chain_cleared_test),
	KUNIT_CASE(chain_reset_test),
	KUNIT_CASE(chain_removed_test),
	KUNIT_CASE(chain_quiesce_test),
	{}
};

static struct kunit_suite secondary_suite = {
	.name = "kvm_css_secondary",
	.init = image_init,
	.exit = image_exit,
	.test_cases = secondary_test_cases,
};

kunit_test_suite(secondary_suite);
