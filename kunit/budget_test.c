// SPDX-License-Identifier: GPL-2.0
/* The CPU time of a VM's workers: all of them together get one CPU. */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include <kvm_css/budget.h>
#include <kvm_css/subchannel.h>

#include "fake_image.h"

#define NOW	1000000000000ull
#define BURST	BUDGET_BURST_NS
#define MS	1000000u

struct charge {
	u32 later;	/* ns after the previous charge */
	u32 used;
	u64 wait;
};

struct charge_case {
	const char *name;
	struct charge charges[4];
};

static const struct charge_case charge_cases[] = {
	{ "what is within the burst is free", {
		{ 0, BURST, 0 } } },
	{ "what is more is waited for", {
		{ 0, BURST + 1, 1 } } },
	{ "several workers use one budget", {
		{ 0, BURST, 0 }, { 0, 5 * MS, 5 * MS }, { 0, 3 * MS, 8 * MS } } },
	{ "one CPU all the time is what there is", {
		{ 0, 5 * MS, 0 }, { 5 * MS, 5 * MS, 0 },
		{ 5 * MS, 5 * MS, 0 }, { 5 * MS, 5 * MS, 0 } } },
	{ "two CPUs are one too many", {
		{ 0, 10 * MS, 0 }, { 5 * MS, 10 * MS, 5 * MS },
		{ 5 * MS, 10 * MS, 10 * MS } } },
	{ "who has waited has paid", {
		{ 0, BURST + 7 * MS, 7 * MS }, { 7 * MS, 0, 0 },
		{ 0, 1, 1 } } },
	{ "what was not used is not saved up", {
		{ 0, 0, 0 }, { 4000 * MS, BURST + 1, 1 } } },
};

static void charge_to_name(const struct charge_case *c, char *name)
{
	strscpy(name, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(charge, charge_cases, charge_to_name);

static void budget_charge_test(struct kunit *test)
{
	const struct charge_case *c = test->param_value;
	struct css_budget budget = {};
	u64 now = NOW;
	int i;

	for (i = 0; i < ARRAY_SIZE(c->charges); i++) {
		now += c->charges[i].later;
		if (!c->charges[i].used && !c->charges[i].later)
			continue;
		KUNIT_EXPECT_EQ_MSG(test,
				    budget_charge(&budget, c->charges[i].used,
						  now),
				    c->charges[i].wait, "charge %d", i);
	}
}

/* How many subchannels run an endless program beside the image's own */
#define LOOPS		3
#define LOOP_FIRST	0x100
#define LOOK_NS		(MS / 2)
#define LOOP_MS		200
/*
 * How many commands of a loop of two CCWs a vCPU executes, which may fetch 16
 */
#define VCPU_COMMANDS	9

static const struct css_ccw1 read_loop[] = {
	{ .cmd = IMAGE_CMD, .flags = CCW_CC, .count = cpu_to_be16(IMAGE_COUNT),
	  .cda = cpu_to_be32(IMAGE_DATA) },
	{ .cmd = CCW_CMD_TIC, .cda = cpu_to_be32(IMAGE_PROG) },
};

static void loop_on(struct fake_image *image, struct fake_device *fake, u32 sid,
		    bool must_wait)
{
	struct css_schib schib = {};
	struct subchannel *sch = css_find(&image->css, sid);
	struct css_orb orb;

	KUNIT_ASSERT_NOT_NULL(image->guest.test, sch);
	schib.pmcw.flags = cpu_to_be16(PMCW_ENABLED);
	subchannel_modify(sch, &schib);
	image_load(image, &orb);
	fake_put(&image->guest, IMAGE_PROG, read_loop, sizeof(read_loop));
	/*
	 * The commands move no data, because the device's stream has an end.
	 * ILS suppresses the count.
	 */
	orb.flags |= cpu_to_be32(ORB_ILS);
	image->step = (struct fake_step)STEP_IMMEDIATE(IMAGE_CMD);
	fake_device_script(fake, &image->step, 1);
	fake->endless = true;
	/*
	 * A device that must wait leaves the program to a worker, as one on a
	 * file does.
	 */
	fake->must_wait = must_wait;
	EXPECT_CC(image->guest.test, subchannel_start(sch, &orb),
		  IOINST_CC_EXPECTED);
	subchannel_put(sch);
}

/*
 * The bound holds for any number of subchannels.  No device waits here, so
 * nothing else slows the workers down.
 */
static void workers_share_one_cpu_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct fake_device *fake;
	u64 began, elapsed, used;
	int i;

	WRITE_ONCE(image->guest.cpu_cost, LOOK_NS);
	began = ktime_get_ns();
	loop_on(image, image->fake, IMAGE_SID, true);
	for (i = 0; i < LOOPS; i++) {
		fake = fake_device_create(test);
		KUNIT_ASSERT_EQ(test, 0,
				fake_add(&image->css, IMAGE_SSID, LOOP_FIRST + i,
					 i, IMAGE_CHPID, &fake->dev));
		loop_on(image, fake, css_sid(IMAGE_SSID, LOOP_FIRST + i), true);
	}
	msleep(LOOP_MS);
	css_stop(&image->css);
	elapsed = ktime_get_ns() - began;
	used = atomic64_read(&image->guest.cpu_used);
	/* Each worker may use some more CPU time before it looks and waits. */
	KUNIT_EXPECT_LE(test, used, elapsed + BUDGET_BURST_NS +
				    (LOOPS + 1) * (BUDGET_SLICE_NS + 8 * LOOK_NS));
	KUNIT_EXPECT_GE(test, used, LOOP_MS * MS / 4);
}

/*
 * A program that waits because of the budget is stopped as quickly as one that
 * runs.
 */
static void waiting_is_stopped_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	u64 began;

	/* At its first look, a worker finds that it has to wait for an hour. */
	atomic64_set(&image->css.shared.budget.paid_at,
		     ktime_get_ns() + 3600ull * NSEC_PER_SEC);
	WRITE_ONCE(image->guest.cpu_cost, 2 * MS);
	loop_on(image, image->fake, IMAGE_SID, true);
	msleep(20);
	began = ktime_get_ns();
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_LT(test, ktime_get_ns() - began, 10ull * NSEC_PER_SEC);
}

/*
 * A program that is halted while it waits because of the budget executes
 * nothing more: neither a command that the vCPU has left to the worker, nor the
 * command behind those that the vCPU has executed.
 */
struct waiting_case {
	const char *name;
	bool must_wait;
};

static const struct waiting_case waiting_cases[] = {
	{ "at a command", true },
	{ "between two commands", false },
};

KUNIT_ARRAY_PARAM_DESC(waiting, waiting_cases, name);

static void waiting_is_halted_test(struct kunit *test)
{
	const struct waiting_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_irb irb;
	unsigned int done;

	atomic64_set(&image->css.shared.budget.paid_at,
		     ktime_get_ns() + 3600ull * NSEC_PER_SEC);
	WRITE_ONCE(image->guest.cpu_cost, 2 * MS);
	loop_on(image, image->fake, IMAGE_SID, c->must_wait);
	msleep(20);
	done = READ_ONCE(image->fake->done);
	KUNIT_EXPECT_EQ(test, done, c->must_wait ? 0 : VCPU_COMMANDS);
	KUNIT_ASSERT_TRUE(test, image_execute(image, IOINST_HSCH) ==
				IOINST_CC_EXPECTED);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_EQ(test, image->fake->done, done);
	KUNIT_ASSERT_TRUE(test, image_tsch(image, &irb) == IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa),
			c->must_wait ? IMAGE_PROG : IMAGE_PROG + 8);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat,
			DSTAT_CHANNEL_END | DSTAT_DEVICE_END);
}

/*
 * The CPU time of a program that ends before it has to wait is left for the
 * next program to pay.
 */
static void short_programs_pay_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;
	int i;

	WRITE_ONCE(image->guest.cpu_cost, BUDGET_SLICE_NS / 8);
	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	image->fake->must_wait = true;
	image->step = (struct fake_step)STEP_IMMEDIATE(IMAGE_CMD);
	image->fake->endless = true;
	orb.flags |= cpu_to_be32(ORB_ILS);
	for (i = 0; i < 16; i++) {
		KUNIT_ASSERT_TRUE(test, image_ssch(image, &orb) ==
					IOINST_CC_EXPECTED);
		KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, i + 1));
		KUNIT_ASSERT_TRUE(test, image_tsch(image, &irb) ==
					IOINST_CC_EXPECTED);
	}
	KUNIT_EXPECT_NE(test, 0, atomic64_read(&image->css.shared.budget.paid_at));
}

static struct kunit_case budget_cases[] = {
	KUNIT_CASE_PARAM(budget_charge_test, charge_gen_params),
	{}
};

static struct kunit_case worker_cases[] = {
	KUNIT_CASE(workers_share_one_cpu_test),
	KUNIT_CASE(waiting_is_stopped_test),
	KUNIT_CASE_PARAM(waiting_is_halted_test, waiting_gen_params),
	KUNIT_CASE(short_programs_pay_test),
	{}
};

static struct kunit_suite budget_suite = {
	.name = "kvm_css_budget",
	.test_cases = budget_cases,
};

static struct kunit_suite worker_suite = {
	.name = "kvm_css_budget_workers",
	.init = image_init,
	.exit = image_exit,
	.test_cases = worker_cases,
};

kunit_test_suites(&budget_suite, &worker_suite);
