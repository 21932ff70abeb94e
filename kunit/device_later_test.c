// SPDX-License-Identifier: GPL-2.0
/*
 * What the test control unit does after a command, as a guest sees it.  The
 * rules are in Documentation/devices.rst.  The device runs under the core, and
 * in real time.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/subchannel.h>

#include "device_bench.h"
#include "present_case.h"

#define CMD_END_LATER	0x1b
#define CMD_PRESENT	0x2b
#define CMD_BE_BUSY	0x3b

/* More time than a test needs meanwhile, even on a slow host */
#define LATER_US	100000
#define LONG_US		10000000
/* Longer than LATER_US */
#define PAST_LATER_MS	150

/* The parameters of a command, as they are in guest storage */
struct how {
	u8 dstat;
	u8 sense0;
	u8 hold;
	u8 zeros;
	__be32 us;
};

static struct css_device *device;

static int later_init(struct kunit *test)
{
	struct fake_image *image;
	int rc = image_init(test);

	if (rc)
		return rc;
	image = test->priv;
	KUNIT_ASSERT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	device = test_device_create(false);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, device);
	KUNIT_ASSERT_EQ(test, 0, fake_add(&image->css, IMAGE_SSID, IMAGE_SCHID,
					  IMAGE_DEVNO, IMAGE_CHPID, device));
	present_enable(image, 0);
	return 0;
}

/*
 * Start a program of the command alone, or with a NO-OPERATION chained to it.
 */
static void start(struct fake_image *image, u8 cmd, const struct how *how,
		  u8 flags)
{
	const struct css_ccw1 ccws[] = {
		{ .cmd = cmd, .flags = flags,
		  .count = cpu_to_be16(sizeof(*how)),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .cmd = CU_CMD_NOOP, .flags = CCW_SLI },
	};
	const struct css_orb orb = {
		.intparm = cpu_to_be32(IMAGE_INTPARM),
		.flags = cpu_to_be32(ORB_FORMAT |
				     IMAGE_PATH << ORB_LPM_SHIFT),
		.cpa = cpu_to_be32(IMAGE_PROG),
	};

	fake_put(&image->guest, IMAGE_PROG, ccws, sizeof(ccws));
	fake_put(&image->guest, IMAGE_DATA, how, sizeof(*how));
	image_must_start(image, &orb);
}

static void start_noop(struct fake_image *image)
{
	const struct how how = {};

	start(image, CU_CMD_NOOP, &how, CCW_SLI);
}

/* The device can't take it up yet. */
static void start_pending(struct fake_image *image)
{
	start_noop(image);
	present_expect_nothing(image, START_PENDING);
}

static struct how later(u8 dstat, u32 us)
{
	return (struct how){ .dstat = dstat, .us = cpu_to_be32(us) };
}

/* Nothing is in the way of the next start function. */
static void start_at_once(struct fake_image *image)
{
	start_noop(image);
	present_expect_status(image, START | ENDED, CE_DE);
}

/* Run the command to its end, and test for its status. */
static void do_command(struct fake_image *image, u8 cmd, struct how how)
{
	bool end_later = cmd == CMD_END_LATER;

	start(image, cmd, &how, 0);
	if (end_later)
		present_expect_status(image, START | DEVICE | PRIMARY, CE);
	else
		present_expect_status(image, START | ENDED, CE_DE);
}

static void expect_quiet(struct fake_image *image, u32 control)
{
	msleep(PAST_LATER_MS);
	present_expect_nothing(image, control);
}

/* END LATER and PRESENT: what the device presents, by itself and once */

struct presented_case {
	const char *name;
	u8 cmd;
	u8 dstat;
	u32 us;
	u32 meanwhile;	/* what AC has until then */
	u32 control;
};

static const struct presented_case presented_cases[] = {
	{ "device end", CMD_END_LATER, DE, LATER_US, DEVICE, SECONDARY },
	{ "device end with unit check", CMD_END_LATER, DE | UNIT_CHECK,
	  LATER_US, DEVICE, ALERT | SECONDARY },
	{ "attention", CMD_PRESENT, ATTENTION, LATER_US, 0, UNSOLICITED },
	{ "attention at once", CMD_PRESENT, ATTENTION, 0, 0, UNSOLICITED },
};

KUNIT_ARRAY_PARAM_DESC(presented, presented_cases, name);

static void later_presented(struct kunit *test)
{
	const struct presented_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct how how = later(c->dstat, c->us);

	how.sense0 = c->dstat & UNIT_CHECK ? SENSE0 : 0;
	do_command(image, c->cmd, how);
	if (c->us)
		present_expect_nothing(image, c->meanwhile);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
	present_expect_status(image, c->control, c->dstat);
	KUNIT_EXPECT_EQ(test, device->sense[0], how.sense0);
	expect_quiet(image, 0);
}

/* END LATER */

/* A chained command is executed after device end, not before. */
static void later_device_end_is_chained_to(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct how how = later(DE, LATER_US);
	struct css_schib schib;

	start(image, CMD_END_LATER, &how, CCW_CC);
	present_expect_nothing(image, START | ACTIVE);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	image_stsch(image, &schib);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.scsw.cpa), IMAGE_PROG + 16);
	present_expect_status(image, START | ENDED, CE_DE);
}

/*
 * A start function waits until the earlier command has ended; the guest isn't
 * told of that end.
 */
static void later_device_end_lets_a_start_go_on(struct kunit *test)
{
	struct fake_image *image = test->priv;

	do_command(image, CMD_END_LATER, later(DE, LATER_US));
	start_pending(image);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
	present_expect_status(image, START | ENDED, CE_DE);
	expect_quiet(image, 0);
}

/*
 * A timer may fire a tick too early.  A device that finds that it isn't time
 * yet must request once more.
 */
static void later_requested_too_early(struct kunit *test)
{
	struct fake_image *image = test->priv;

	do_command(image, CMD_END_LATER, later(DE, LATER_US));
	start_pending(image);
	cu_request(device, 0);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
	present_expect_status(image, START | ENDED, CE_DE);
	expect_quiet(image, 0);
}

/* Check that a start function has ended with deferred condition code 1. */
static void expect_deferred(struct fake_image *image, u8 dstat)
{
	struct kunit *test = image->guest.test;
	struct css_irb irb;

	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) &
			      (CONTROL | SCSW_DEFERRED_CC),
			START | SCSW_AC_START_PENDING | UNSOLICITED | SCSW_DEFERRED_CC1);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, BUSY | dstat);
	KUNIT_EXPECT_EQ(test, device->sense[0],
			dstat & UNIT_CHECK ? SENSE0 : 0);
}

/*
 * If device end comes with anything else, the guest is told: the start function
 * that waits ends with deferred condition code 1.
 */
struct defer_case {
	const char *name;
	u8 dstat;
};

static const struct defer_case defer_cases[] = {
	{ "unit check", DE | UNIT_CHECK },
	{ "attention", DE | ATTENTION },
	{ "unit exception", DE | DSTAT_UNIT_EXCEPTION },
};

KUNIT_ARRAY_PARAM_DESC(defer, defer_cases, name);

static void later_device_end_and_more_defers(struct kunit *test)
{
	const struct defer_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct how how = later(c->dstat, LATER_US);

	how.sense0 = SENSE0;
	do_command(image, CMD_END_LATER, how);
	start_pending(image);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
	expect_deferred(image, c->dstat);
	expect_quiet(image, 0);
	start_at_once(image);
}

static void later_device_end_is_halted(struct kunit *test)
{
	struct fake_image *image = test->priv;

	do_command(image, CMD_END_LATER, later(DE, LATER_US));
	image_must(image, IOINST_HSCH);
	present_expect_status(image, HALT | SECONDARY, DE);
	expect_quiet(image, 0);
}

/* PRESENT */

/*
 * A halt ends the device's operation, but attention is independent of that and
 * stays.
 */
static void later_attention_survives_halt(struct kunit *test)
{
	struct fake_image *image = test->priv;

	do_command(image, CMD_PRESENT, later(ATTENTION, LATER_US));
	image_must(image, IOINST_HSCH);
	present_expect_status(image, HALT | SCSW_SC_PENDING, 0);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 3));
	present_expect_status(image, UNSOLICITED, ATTENTION);
}

/* Status that is held waits for the next start function, and ends it. */
static void later_held_status_defers(struct kunit *test)
{
	struct how how = later(ATTENTION | UNIT_CHECK, 0);
	struct fake_image *image = test->priv;

	how.hold = 1;
	how.sense0 = SENSE0;
	do_command(image, CMD_PRESENT, how);
	expect_quiet(image, 0);
	start_noop(image);
	expect_deferred(image, ATTENTION | UNIT_CHECK);
	start_at_once(image);
}

/* BE BUSY */

struct busy_case {
	const char *name;
	u8 dstat;
	u8 end;
};

static const struct busy_case busy_cases[] = {
	{ "device", BUSY, DE },
	{ "control unit", CU_BUSY, DSTAT_CONTROL_UNIT_END },
};

KUNIT_ARRAY_PARAM_DESC(busy, busy_cases, name);

static void later_busy_keeps_a_start_pending(struct kunit *test)
{
	const struct busy_case *c = test->param_value;
	struct fake_image *image = test->priv;

	do_command(image, CMD_BE_BUSY, later(c->dstat, LATER_US));
	start_pending(image);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
	present_expect_status(image, START | ENDED, CE_DE);
	/*
	 * The guest isn't told that the device is no longer busy: its start
	 * function has waited for that.
	 */
	expect_quiet(image, 0);
}

static void later_busy_end_is_told(struct kunit *test)
{
	const struct busy_case *c = test->param_value;
	struct fake_image *image = test->priv;

	do_command(image, CMD_BE_BUSY, later(c->dstat, LATER_US));
	start_noop(image);
	image_must(image, IOINST_XSCH);
	present_expect_nothing(image, 0);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
	present_expect_status(image, UNSOLICITED, c->end);
	expect_quiet(image, 0);
}

static void later_busy_unnoticed(struct kunit *test)
{
	struct fake_image *image = test->priv;

	do_command(image, CMD_BE_BUSY, later(BUSY, LATER_US));
	expect_quiet(image, 0);
	start_at_once(image);
}

/* Each kind of status that comes later, and what ends it early */

struct end_case {
	const char *name;
	u8 cmd;
	u8 dstat;
	u8 hold;
	u8 what;
	u32 device;	/* activity control meanwhile */
	u8 then;	/* what the device presents in the end */
	u32 control;
};

static const struct end_case end_cases[] = {
	{ "END LATER", CMD_END_LATER, DE, 0, KVM_CSS_TEST_STATE_WORKS, DEVICE,
	  DE, SECONDARY },
	{ "PRESENT", CMD_PRESENT, ATTENTION, 0, KVM_CSS_TEST_STATE_PRESENTS,
	  0, ATTENTION, UNSOLICITED },
	{ "PRESENT, held", CMD_PRESENT, ATTENTION, 1,
	  KVM_CSS_TEST_STATE_HOLDS },
	{ "BE BUSY", CMD_BE_BUSY, BUSY, 0, KVM_CSS_TEST_STATE_BUSY },
};

KUNIT_ARRAY_PARAM_DESC(end, end_cases, name);

static void begin(struct fake_image *image, u32 us)
{
	const struct end_case *c = image->guest.test->param_value;
	struct how how = later(c->dstat, c->hold ? 0 : us);

	how.hold = c->hold;
	do_command(image, c->cmd, how);
	present_expect_nothing(image, c->device);
}

/* Check that the device has forgotten its later status. */
static void expect_forgotten(struct fake_image *image)
{
	expect_quiet(image, 0);
	start_at_once(image);
}

static void later_cleared(struct kunit *test)
{
	struct fake_image *image = test->priv;

	begin(image, LATER_US);
	image_must(image, IOINST_CSCH);
	present_expect_status(image, SCSW_FC_CLEAR | SCSW_SC_PENDING, 0);
	expect_forgotten(image);
}

static void later_reset(struct kunit *test)
{
	struct fake_image *image = test->priv;

	begin(image, LATER_US);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_ALL));
	present_enable(image, 0);
	expect_forgotten(image);
}

/*
 * A removal doesn't wait for the later status, and nothing of it remains after
 * the subchannel.
 */
static void later_removed(struct kunit *test)
{
	struct fake_image *image = test->priv;
	unsigned long before = jiffies;

	begin(image, LONG_US);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, before + 5 * HZ));
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
}

static void later_image_destroyed(struct kunit *test)
{
	unsigned long before = jiffies;

	begin(test->priv, LONG_US);
	image_exit(test);
	test->priv = NULL;
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, before + 5 * HZ));
}

/*
 * A second later status is rejected while there is one.  The two commands are
 * in one program, because a second start function would have to wait.
 */
static void later_not_twice(struct kunit *test)
{
	const struct how first = later(ATTENTION, LONG_US);
	struct device_bench *bench;

	bench = device_bench_create(test, test_device_create(false));
	device_ccw_param(bench, CMD_PRESENT, 0, &first, sizeof(first));
	device_ccw_param(bench, CMD_PRESENT, 0, &first, sizeof(first));
	device_expect(bench, 1, BENCH_CHECKED, 0, 0);
	device_expect_sense(bench, SENSE0_COMMAND_REJECT, 0, 0);
}

/*
 * Later status is saved, and restored into a subchannel that doesn't know of
 * it.
 */
static void later_saved(struct kunit *test)
{
	const struct end_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct kvm_css_state state = {};
	struct subchannel *sch;
	bool waits;

	waits = c->what != KVM_CSS_TEST_STATE_HOLDS;
	begin(image, LATER_US);
	sch = image_find(image);
	KUNIT_EXPECT_EQ(test, 0, subchannel_save(sch, &state));
	KUNIT_EXPECT_EQ(test, state.device.test.what, c->what);
	KUNIT_EXPECT_EQ(test, state.device.test.status, c->dstat);
	KUNIT_EXPECT_EQ(test, state.device.test.asked, 0);
	KUNIT_EXPECT_EQ(test, !!state.device.test.left_us, waits);
	KUNIT_EXPECT_LE(test, state.device.test.left_us, LATER_US);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_ALL));
	msleep(PAST_LATER_MS);
	KUNIT_EXPECT_EQ(test, 0, subchannel_restore(sch, &state));
	subchannel_put(sch);
	present_expect_nothing(image, c->device);
	if (c->then) {
		KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 2));
		present_expect_status(image, c->control, c->then);
	}
}

/* A saved state of the test control unit that can't be is refused. */

struct refuse_case {
	const char *name;
	struct kvm_css_test_state state;
};

static const struct refuse_case refuse_cases[] = {
	{ "status of nothing", { .status = ATTENTION } },
	{ "sense of nothing", { .sense = SENSE0 } },
	{ "time of nothing", { .left_us = 1 } },
	{ "asked for nothing", { .asked = 1 } },
	{ "something unknown", { .what = 5, .status = DE } },
	{ "too long", { .what = KVM_CSS_TEST_STATE_PRESENTS, .status = DE,
			.left_us = LONG_US + 1 } },
	{ "operation without device end",
	  { .what = KVM_CSS_TEST_STATE_WORKS, .status = ATTENTION } },
	{ "presents nothing", { .what = KVM_CSS_TEST_STATE_PRESENTS } },
	{ "presents busy", { .what = KVM_CSS_TEST_STATE_PRESENTS,
			     .status = BUSY } },
	{ "holds, with a time", { .what = KVM_CSS_TEST_STATE_HOLDS,
				  .status = DE, .left_us = 1 } },
	{ "asked for what it presents",
	  { .what = KVM_CSS_TEST_STATE_PRESENTS, .status = DE, .asked = 1 } },
	{ "asked twice", { .what = KVM_CSS_TEST_STATE_BUSY, .status = BUSY,
			   .asked = 2 } },
	{ "busy without saying so", { .what = KVM_CSS_TEST_STATE_BUSY,
				      .status = DE } },
};

KUNIT_ARRAY_PARAM_DESC(refuse, refuse_cases, name);

static void later_refused(struct kunit *test)
{
	const struct refuse_case *c = test->param_value;
	union kvm_css_device_state state = {}, before, after;

	cu_save(device, &before);
	state.test = c->state;
	KUNIT_EXPECT_FALSE(test, cu_restore(device, &state));
	cu_save(device, &after);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&after, (u8 *)&before, sizeof(after));
}

/* Parameters that are invalid */

struct parameter_case {
	const char *name;
	u8 cmd;
	struct how how;
	u16 len;
};

static const struct parameter_case parameter_cases[] = {
	{ "END LATER without device end", CMD_END_LATER,
	  { .dstat = ATTENTION }, 8 },
	{ "END LATER with busy", CMD_END_LATER, { .dstat = DE | BUSY }, 8 },
	{ "END LATER, held", CMD_END_LATER, { .dstat = DE, .hold = 1 }, 8 },
	{ "END LATER, not zero", CMD_END_LATER, { .dstat = DE, .zeros = 1 },
	  8 },
	{ "END LATER, too short", CMD_END_LATER, { .dstat = DE }, 7 },
	{ "PRESENT nothing", CMD_PRESENT, {}, 8 },
	{ "PRESENT busy", CMD_PRESENT, { .dstat = BUSY | ATTENTION }, 8 },
	{ "PRESENT status modifier alone", CMD_PRESENT,
	  { .dstat = DSTAT_STATUS_MODIFIER }, 8 },
	{ "PRESENT, held otherwise", CMD_PRESENT,
	  { .dstat = ATTENTION, .hold = 2 }, 8 },
	{ "PRESENT, held for a time", CMD_PRESENT,
	  { .dstat = ATTENTION, .hold = 1, .us = cpu_to_be32(1) }, 8 },
	{ "PRESENT too late", CMD_PRESENT,
	  { .dstat = ATTENTION, .us = cpu_to_be32(LONG_US + 1) }, 8 },
	{ "BE BUSY with other status", CMD_BE_BUSY,
	  { .dstat = BUSY | ATTENTION }, 8 },
	{ "BE BUSY, held", CMD_BE_BUSY, { .dstat = BUSY, .hold = 1 }, 8 },
};

KUNIT_ARRAY_PARAM_DESC(parameter, parameter_cases, name);

static void later_parameters(struct kunit *test)
{
	const struct parameter_case *c = test->param_value;
	struct device_bench *bench;

	bench = device_bench_create(test, test_device_create(false));
	device_ccw_param(bench, c->cmd, CCW_SLI, &c->how, c->len);
	device_expect(bench, 0, BENCH_CHECKED, 0, 0);
	device_expect_sense(bench, SENSE0_COMMAND_REJECT, 0, 0);
}

static struct kunit_case later_test_cases[] = {
	KUNIT_CASE_PARAM(later_presented, presented_gen_params),
	KUNIT_CASE(later_device_end_is_chained_to),
	KUNIT_CASE(later_device_end_lets_a_start_go_on),
	KUNIT_CASE(later_requested_too_early),
	KUNIT_CASE_PARAM(later_device_end_and_more_defers, defer_gen_params),
	KUNIT_CASE(later_device_end_is_halted),
	KUNIT_CASE(later_attention_survives_halt),
	KUNIT_CASE(later_held_status_defers),
	KUNIT_CASE_PARAM(later_busy_keeps_a_start_pending, busy_gen_params),
	KUNIT_CASE_PARAM(later_busy_end_is_told, busy_gen_params),
	KUNIT_CASE(later_busy_unnoticed),
	KUNIT_CASE_PARAM(later_cleared, end_gen_params),
	KUNIT_CASE_PARAM(later_reset, end_gen_params),
	KUNIT_CASE_PARAM(later_removed, end_gen_params),
	KUNIT_CASE_PARAM(later_image_destroyed, end_gen_params),
	KUNIT_CASE(later_not_twice),
	KUNIT_CASE_PARAM(later_saved, end_gen_params),
	KUNIT_CASE_PARAM(later_refused, refuse_gen_params),
	KUNIT_CASE_PARAM(later_parameters, parameter_gen_params),
	{}
};

static struct kunit_suite later_suite = {
	.name = "kvm_css_device_later",
	.init = later_init,
	.exit = image_exit,
	.test_cases = later_test_cases,
};

kunit_test_suite(later_suite);
