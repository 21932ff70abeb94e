// SPDX-License-Identifier: GPL-2.0
/*
 * I/O interruptions of a subchannel, and what other threads do beside the vCPU:
 * Principles of Operation chapter 16, "I/O Interruptions" and "Concurrent
 * Sense"; workers, races and removal are described in subchannel.c.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/limits.h>
#include <linux/string.h>

#include <kvm_css/subchannel.h>

#include "fake_image.h"

/* The address and length of a program that takes several turns */
#define TURNS_CCWS	1500
#define TURNS_PROG	0x8000u

/* "Interruption Action": the three words that the CPU stores */
struct isc_case {
	const char *name;
	u8 isc;
	u32 intparm;
};

static const struct isc_case isc_cases[] = {
	{ "subclass 0", 0, 0 },
	{ "subclass 1", 1, 0xffffffff },
	{ "subclass 2", 2, 0x00000001 },
	{ "subclass 3", 3, 0x80000000 },
	{ "subclass 4", 4, 0x12345678 },
	{ "subclass 5", 5, 0x87654321 },
	{ "subclass 6", 6, 0x0badcafe },
	{ "subclass 7", 7, 0xdeadbeef },
};

KUNIT_ARRAY_PARAM_DESC(isc, isc_cases, name);

static void int_words_test(struct kunit *test)
{
	const struct isc_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct guest_io_int io_int;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, c->isc, 0);
	image_load(image, &orb);
	orb.intparm = cpu_to_be32(c->intparm);
	image_must_start(image, &orb);
	KUNIT_ASSERT_TRUE(test, fake_accept(&image->guest, &io_int));
	KUNIT_EXPECT_EQ(test, io_int.sid, IMAGE_SID);
	KUNIT_EXPECT_EQ(test, io_int.intparm, c->intparm);
	KUNIT_EXPECT_EQ(test, io_int.isc, c->isc);
	/*
	 * The status stays pending after the interruption was accepted, but it
	 * doesn't interrupt a second time.
	 */
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	KUNIT_EXPECT_EQ(test, image->guest.withdrawn, 0);
}

/*
 * The parameter is the one of the ORB, not the one that MODIFY SUBCHANNEL had
 * set before.
 */
static void int_parameter_of_orb_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct guest_io_int io_int;
	struct css_schib schib;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_stsch(image, &schib);
	schib.pmcw.intparm = cpu_to_be32(0x55555555);
	EXPECT_CC(test, image_msch(image, &schib), IOINST_CC_EXPECTED);
	image_load(image, &orb);
	image_must_start(image, &orb);
	KUNIT_ASSERT_TRUE(test, fake_accept(&image->guest, &io_int));
	KUNIT_EXPECT_EQ(test, io_int.intparm, IMAGE_INTPARM);
}

/* TEST SUBCHANNEL also withdraws the interruption that is still pending. */
static void int_withdrawn_by_tsch_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	image_start(image);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
	KUNIT_EXPECT_EQ(test, image->guest.withdrawn, 1);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
}

/* MODIFY SUBCHANNEL changes the subclass, and the interruption is found in it. */
static void int_withdrawn_from_isc_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;
	unsigned int isc;

	for (isc = 0; isc < 8; isc++) {
		image_enable(image, isc, 0);
		image_load(image, &orb);
		image_must_start(image, &orb);
		KUNIT_ASSERT_EQ(test, image->guest.nr_pending, 1);
		KUNIT_EXPECT_EQ(test, image->guest.pending[0].isc, isc);
		EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
		KUNIT_ASSERT_EQ(test, image->guest.nr_pending, 0);
	}
}

/* Each start function makes one interruption pending. */
static void int_each_start_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct guest_io_int io_int;
	struct css_orb orb;
	struct css_irb irb;
	int i;

	image_enable(image, IMAGE_ISC, 0);
	for (i = 1; i <= 4; i++) {
		image_load(image, &orb);
		orb.intparm = cpu_to_be32(i);
		image_must_start(image, &orb);
		KUNIT_EXPECT_EQ(test, image->guest.injected, i);
		/*
		 * Every other interruption is accepted; TEST SUBCHANNEL
		 * withdraws the others.
		 */
		if (i % 2) {
			KUNIT_ASSERT_TRUE(test, fake_accept(&image->guest,
							    &io_int));
			KUNIT_EXPECT_EQ(test, io_int.intparm, i);
		}
		EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
		KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
	}
}

/* When the host can't queue an interruption, the module tries again later. */
struct refuse_case {
	const char *name;
	int error;
};

static const struct refuse_case refuse_cases[] = {
	{ "no memory", -ENOMEM },
	{ "busy", -EBUSY },
};

KUNIT_ARRAY_PARAM_DESC(refuse, refuse_cases, name);

static void int_requeued_test(struct kunit *test)
{
	const struct refuse_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct guest_io_int io_int;
	struct css_irb irb;

	fake_refuse_interruptions(&image->guest, c->error, 3);
	image_start(image);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_EQ(test, image->guest.refused, 3);
	KUNIT_ASSERT_TRUE(test, fake_accept(&image->guest, &io_int));
	KUNIT_EXPECT_EQ(test, io_int.sid, IMAGE_SID);
	KUNIT_EXPECT_EQ(test, io_int.intparm, IMAGE_INTPARM);
	KUNIT_EXPECT_EQ(test, io_int.isc, IMAGE_ISC);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
}

/* The host refuses until the status has gone. */
static void refuse_until(struct kunit *test, void (*gone)(void *arg))
{
	const struct refuse_case *c = test->param_value;
	struct fake_image *image = test->priv;

	fake_refuse_interruptions(&image->guest, c->error, UINT_MAX);
	image_start(image);
	gone(image);
	fake_refuse_interruptions(&image->guest, 0, 0);
	msleep(QUIET_MS);
	KUNIT_EXPECT_GE(test, image->guest.refused, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
}

static void is_tested(void *arg)
{
	image_must(arg, IOINST_TSCH);
}

static void is_removed(void *arg)
{
	struct fake_image *image = arg;

	KUNIT_EXPECT_EQ(image->guest.test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
}

/*
 * If the status is cleared before the module tries again, there is no
 * interruption.
 */
static void int_not_requeued_after_tsch_test(struct kunit *test)
{
	refuse_until(test, is_tested);
}

static void int_not_requeued_after_removal_test(struct kunit *test)
{
	refuse_until(test, is_removed);
}

/*
 * The module's late retry for one program doesn't add an interruption to that
 * of the next program.
 */
static void int_requeue_meets_next_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct guest_io_int io_int;
	struct css_orb orb;
	struct css_irb irb;

	fake_refuse_interruptions(&image->guest, -ENOMEM, UINT_MAX);
	image_start(image);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	fake_refuse_interruptions(&image->guest, 0, 0);
	image_load(image, &orb);
	image_must_start(image, &orb);
	KUNIT_EXPECT_TRUE(test, fake_accept(&image->guest, &io_int));
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
}

/* "Concurrent Sense": sense bytes come with unit check, if enabled. */
struct sense_case {
	const char *name;
	u32 chars;
	u8 dstat;
	bool sense;
	u8 flags;	/* CCW flags */
};

static const struct sense_case sense_cases[] = {
	{ "enabled, unit check", PMCW_CONCURRENT_SENSE,
	  CE_DE | DSTAT_UNIT_CHECK, true },
	{ "enabled, unit check, not executed", PMCW_CONCURRENT_SENSE,
	  DSTAT_UNIT_CHECK, true },
	{ "enabled, no unit check", PMCW_CONCURRENT_SENSE, CE_DE, false },
	{ "enabled, unit exception", PMCW_CONCURRENT_SENSE,
	  CE_DE | DSTAT_UNIT_EXCEPTION, false },
	{ "not enabled, unit check", 0, CE_DE | DSTAT_UNIT_CHECK, false },
	/*
	 * E has no meaning in this case, so the guest has to ask for the sense
	 * bytes.
	 */
	{ "enabled, unit check beside intermediate status",
	  PMCW_CONCURRENT_SENSE, CE_DE | DSTAT_UNIT_CHECK, false, CCW_PCI },
};

KUNIT_ARRAY_PARAM_DESC(sense, sense_cases, name);

static void concurrent_sense_test(struct kunit *test)
{
	const struct sense_case *c = test->param_value;
	const u8 zeros[ECW_SIZE] = {};
	u8 sense[ECW_SIZE] = { SENSE0, [ECW_SIZE - 1] = (u8)~SENSE0 };
	bool unit_check = c->dstat & DSTAT_UNIT_CHECK;
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, c->chars);
	image_load(image, &orb);
	fake_put(&image->guest, IMAGE_PROG + offsetof(struct css_ccw1, flags),
		 &c->flags, sizeof(c->flags));
	image->step.dstat = c->dstat;
	image->step.sense0 = SENSE0;
	if (!(c->dstat & DSTAT_CHANNEL_END))
		image->step.move = FAKE_NO_DATA;
	image_must_start(image, &orb);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, c->dstat);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_EXTENDED,
			c->sense ? SCSW_EXTENDED : 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.erw),
			c->sense ? ERW_CONCURRENT_SENSE | ECW_SIZE << 16 : 0);
	KUNIT_EXPECT_MEMEQ(test, irb.ecw, c->sense ? sense : zeros, ECW_SIZE);
	/*
	 * Sense bytes that the guest has got are cleared at the device; others
	 * are still there to be asked for.
	 */
	KUNIT_EXPECT_MEMEQ(test, image->fake->dev.sense,
			   unit_check && !c->sense ? sense : zeros, ECW_SIZE);

	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_EXTENDED, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.erw), 0);
	KUNIT_EXPECT_MEMEQ(test, irb.ecw, zeros, ECW_SIZE);
}

/* An access exception of TEST SUBCHANNEL doesn't clear the status. */
static void tsch_access_exception_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	image_start(image);
	image->vcpu.bad = (struct fake_range){ IMAGE_OPERAND, 4 };
	image->vcpu.bad_ending = IOINST_ACCESS_EXCEPTION;
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_ACCESS_EXCEPTION);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	image->vcpu.bad.len = 0;
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
}

/* Two CPUs execute TEST SUBCHANNEL */

static void other_cpu_tests(void *arg)
{
	struct fake_image *image = arg;
	struct guest_vcpu vcpu;
	const struct ioinst insn = {
		.opcode = IOINST_TSCH,
		.gpr1 = IMAGE_SID,
		.addr = FAKE_LOGICAL + IMAGE_OPERAND + 0x100,
	};

	fake_vcpu_init(&vcpu, &image->guest);
	EXPECT_CC(image->guest.test,
		  ioinst_execute(&image->css, &vcpu, &insn),
		  IOINST_CC_EXPECTED);
}

/* Only one of two CPUs may get the same status. */
static void tsch_race_tsch_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	image_start(image);
	image->vcpu.after_write = other_cpu_tests;
	image->vcpu.after_write_arg = image;
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_RETRY);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, image->guest.withdrawn, 1);
}

static void other_cpu_restarts(void *arg)
{
	struct fake_image *image = arg;
	struct css_orb orb;

	other_cpu_tests(arg);
	image_load(image, &orb);
	orb.intparm = cpu_to_be32(0x22222222);
	image_must_start(image, &orb);
}

/*
 * A CPU that still stores older status must not clear that of the next program.
 */
static void tsch_race_next_program_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct guest_io_int io_int;
	struct css_irb irb;

	image_start(image);
	image->vcpu.after_write = other_cpu_restarts;
	image->vcpu.after_write_arg = image;
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_RETRY);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	KUNIT_ASSERT_TRUE(test, fake_accept(&image->guest, &io_int));
	KUNIT_EXPECT_EQ(test, io_int.intparm, 0x22222222);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
}

/* A subchannel is removed while TEST SUBCHANNEL stores */
static void tsch_race_removal_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	image_start(image);
	image->vcpu.after_write = is_removed;
	image->vcpu.after_write_arg = image;
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_RETRY);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_USERSPACE);
}

/* Workers */

/*
 * A program that a worker runs has the same ending as on the vCPU, and is
 * counted as deferred.
 */
static void worker_ends_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	image_start_blocked(image);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	complete_all(&image->fake->go_on);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_MEMEQ(test, image->guest.storage + IMAGE_DATA,
			   image->fake->stream, IMAGE_COUNT);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), IMAGE_PROG + 8);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	image_expect_stats(image, 1, 1);
	image_expect_deferred(image, 1);
}

static void vcpu_counts_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	image_start(image);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	image_expect_stats(image, 1, 1);
	image_expect_deferred(image, 0);
}

/* A program counts as deferred once, however many turns its worker takes. */
static void worker_turns_test(struct kunit *test)
{
	struct css_ccw1 ccw = { .cmd = CU_CMD_NOOP, .flags = CCW_CC };
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;
	int i;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	for (i = 0; i < TURNS_CCWS; i++) {
		if (i == TURNS_CCWS - 1)
			ccw.flags = 0;
		fake_put(&image->guest, TURNS_PROG + i * sizeof(ccw), &ccw,
			 sizeof(ccw));
	}
	orb.cpa = cpu_to_be32(TURNS_PROG);
	image->step = (struct fake_step)STEP_IMMEDIATE(CU_CMD_NOOP);
	image->fake->endless = true;
	image_must_start(image, &orb);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa),
			TURNS_PROG + TURNS_CCWS * sizeof(ccw));
	KUNIT_EXPECT_EQ(test, image->fake->done, TURNS_CCWS);
	image_expect_stats(image, 1, 1);
	image_expect_deferred(image, 1);
}

/* A program without end doesn't keep its subchannel from being removed. */
static void endless_program_removed_test(struct kunit *test)
{
	const struct css_ccw1 loop[] = {
		{ .cmd = IMAGE_CMD, .flags = CCW_CC,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .cmd = CCW_CMD_TIC, .cda = cpu_to_be32(IMAGE_PROG) },
	};
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	fake_put(&image->guest, IMAGE_PROG, loop, sizeof(loop));
	/*
	 * The commands move no data, because the device's stream has an end.
	 * ILS suppresses the count.
	 */
	orb.flags |= cpu_to_be32(ORB_ILS);
	image->step = (struct fake_step)STEP_IMMEDIATE(IMAGE_CMD);
	image->fake->endless = true;
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
}

/* A program is not run when the VM's storage is being torn down. */
static void dying_vm_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image_start_blocked(image);
	WRITE_ONCE(image->guest.dying, true);
	image->step.left = image->step.len;
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	KUNIT_EXPECT_EQ(test, image->guest.storage[IMAGE_DATA],
			fake_background(IMAGE_DATA));
}

static void vm_dies(void *arg)
{
	struct fake_image *image = arg;

	WRITE_ONCE(image->guest.dying, true);
}

/* A worker that comes after the VM has died must not enter it. */
static void dead_vm_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	/* The device leaves the program to a worker, and then the VM dies. */
	image->fake->must_wait = true;
	image->fake->during = vm_dies;
	image->fake->during_arg = image;
	image_must_start(image, &orb);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	KUNIT_EXPECT_EQ(test, image->fake->waits, 1);
	KUNIT_EXPECT_EQ(test, image->fake->done, 0);
}

static struct kunit_case interruption_test_cases[] = {
	KUNIT_CASE_PARAM(int_words_test, isc_gen_params),
	KUNIT_CASE(int_parameter_of_orb_test),
	KUNIT_CASE(int_withdrawn_by_tsch_test),
	KUNIT_CASE(int_withdrawn_from_isc_test),
	KUNIT_CASE(int_each_start_test),
	KUNIT_CASE_PARAM(int_requeued_test, refuse_gen_params),
	KUNIT_CASE_PARAM(int_not_requeued_after_tsch_test, refuse_gen_params),
	KUNIT_CASE_PARAM(int_not_requeued_after_removal_test,
			 refuse_gen_params),
	KUNIT_CASE(int_requeue_meets_next_test),
	KUNIT_CASE_PARAM(concurrent_sense_test, sense_gen_params),
	KUNIT_CASE(tsch_access_exception_test),
	KUNIT_CASE(tsch_race_tsch_test),
	KUNIT_CASE(tsch_race_next_program_test),
	KUNIT_CASE(tsch_race_removal_test),
	KUNIT_CASE(worker_ends_test),
	KUNIT_CASE(vcpu_counts_test),
	KUNIT_CASE(worker_turns_test),
	KUNIT_CASE(endless_program_removed_test),
	KUNIT_CASE(dying_vm_test),
	KUNIT_CASE(dead_vm_test),
	{}
};

static struct kunit_suite interruption_suite = {
	.name = "kvm_css_interruption",
	.init = image_init,
	.exit = image_exit,
	.test_cases = interruption_test_cases,
};

kunit_test_suite(interruption_suite);
