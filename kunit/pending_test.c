// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that end later, Documentation/pending-commands.rst: what the guest
 * sees of a command that is pending is what it sees of one that a thread
 * executes.  Whatever happens to the program meanwhile, the device completes the
 * command once, or is reset.  condition_test.c goes through the states.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

#include <linux/kvm_css.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "pending_case.h"

#define CMD_WRITE	0x01
#define CMD_READ	0x02
#define CMD_CONTROL	0x07
#define CCWS		3
#define PARTS		3
#define MANY		100
#define CPU_COST	1000
#define READ_TO		(IMAGE_DATA + 0x100)

static const struct fake_step steps[CCWS] = {
	STEP_TAKES(CMD_WRITE, IMAGE_COUNT),
	STEP_GIVES(CMD_READ, IMAGE_COUNT),
	STEP_IMMEDIATE(CMD_CONTROL),
};

/* Store a program that writes, reads and ends with a control command. */
static void load_chained(struct fake_image *image, struct css_orb *orb)
{
	const struct css_ccw1 ccws[CCWS] = {
		{ .cmd = CMD_WRITE, .flags = CCW_CC,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .cmd = CMD_READ, .flags = CCW_CC,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(READ_TO) },
		{ .cmd = CMD_CONTROL, .flags = CCW_SLI,
		  .count = cpu_to_be16(1),
		  .cda = cpu_to_be32(IMAGE_DATA) },
	};

	image_load(image, orb);
	fake_put(&image->guest, IMAGE_PROG, ccws, sizeof(ccws));
	fake_device_script(image->fake, steps, CCWS);
}

/* Wait until the device is waiting once more, or the program has ended. */
static void wait_for_next(struct fake_image *image)
{
	unsigned long give_up = jiffies + PATIENCE;

	while (!READ_ONCE(image->fake->waiting) &&
	       !READ_ONCE(image->guest.injected)) {
		if (time_after(jiffies, give_up)) {
			KUNIT_FAIL(TESTED(image), "nothing goes on");
			return;
		}
		fsleep(1000);
	}
}

/* Programs that run to their end */

struct end_case {
	const char *name;
	enum fake_when when;
	unsigned int parts;
	bool must_wait;
};

static const struct end_case end_cases[] = {
	{ "completed later", FAKE_WHEN_TOLD, 1 },
	{ "completed later, begun on a worker", FAKE_WHEN_TOLD, 1, true },
	{ "completed before the device has answered", FAKE_AT_ONCE, 1 },
	{ "the same on a worker", FAKE_AT_ONCE, 1, true },
	{ "completed in a hard interrupt", FAKE_IN_INTERRUPT, 1 },
	{ "pending again and again", FAKE_WHEN_TOLD, PARTS },
	{ "the same before the device has answered", FAKE_AT_ONCE, PARTS },
	{ "the same in hard interrupts", FAKE_IN_INTERRUPT, PARTS },
};

KUNIT_ARRAY_PARAM_DESC(end, end_cases, name);

/* Each command of a chain is pending: data move, and the next one follows. */
static void pending_end_test(struct kunit *test)
{
	const struct end_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct fake_device *fake = image->fake;
	struct css_orb orb;
	unsigned int i;

	image_enable(image, IMAGE_ISC, 0);
	load_chained(image, &orb);
	fake->parts = c->parts;
	fake->when = c->when;
	fake->must_wait = c->must_wait;
	image_must_start(image, &orb);
	for (i = 0; c->when == FAKE_WHEN_TOLD && i < c->parts * CCWS; i++) {
		wait_for_next(image);
		KUNIT_ASSERT_EQ(test, fake->done, i / c->parts + 1);
		KUNIT_EXPECT_EQ(test, image_control(image), START | ACTIVE);
		fake_complete(fake);
	}
	pending_expect_irb(image, START | ENDED, CE_DE,
			   IMAGE_PROG + CCWS * sizeof(struct css_ccw1), 1);
	KUNIT_EXPECT_EQ(test, fake->done, CCWS);
	KUNIT_EXPECT_EQ(test, fake->completes, c->parts * CCWS);
	KUNIT_EXPECT_EQ(test, fake->stops, 0);
	/* Who has left a pending command has seen to it that there is a worker. */
	KUNIT_EXPECT_GE(test, atomic_read(&image->guest.expected), 1);
	KUNIT_EXPECT_MEMEQ(test, fake->stream, image->guest.storage + IMAGE_DATA,
			   IMAGE_COUNT);
	KUNIT_EXPECT_MEMEQ(test, fake->stream + IMAGE_COUNT,
			   image->guest.storage + READ_TO, IMAGE_COUNT);
	image_expect_stats(image, 1, 1);
	image_expect_deferred(image, 1);
	pending_expect_usable(image);
}

/* The status of a command is what complete() returns. */
static void pending_unit_check_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	pending_start(image);
	image->step.dstat = CE_DE | UNIT_CHECK;
	image->step.sense0 = SENSE0;
	fake_complete(image->fake);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), START | CHECKED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE | UNIT_CHECK);
	KUNIT_EXPECT_EQ(test, irb.ecw[0], SENSE0);
}

/* Channel end may be the end of a pending command, with device end later. */
static void pending_channel_end_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	pending_start(image);
	image->step.dstat = CE;
	fake_complete(image->fake);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), START | DEVICE | PRIMARY);
	fake_present(image->fake, DE);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), SECONDARY);
}

/*
 * What the guest has to be told doesn't wait for the command: that the initial
 * status was zeros, and a PCI of a CCW whose data have been taken.
 */
static void pending_told_test(struct kunit *test)
{
	const struct css_ccw1 ccws[] = {
		{ .cmd = CMD_WRITE, .flags = CCW_CD,
		  .count = cpu_to_be16(IMAGE_COUNT / 2),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .flags = CCW_PCI, .count = cpu_to_be16(IMAGE_COUNT / 2),
		  .cda = cpu_to_be32(IMAGE_DATA) },
	};
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	orb.flags |= cpu_to_be32(ORB_INITIAL_STATUS);
	fake_put(&image->guest, IMAGE_PROG, ccws, sizeof(ccws));
	fake_device_script(image->fake, steps, 1);
	image->fake->parts = 1;
	image_must_start(image, &orb);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_TRUE(test, image->fake->waiting);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), START | ACTIVE | INTERMEDIATE);
	KUNIT_EXPECT_TRUE(test, irb_flags(&irb) & SCSW_ZERO_CC);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	fake_complete(image->fake);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 2));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), START | ENDED);
	KUNIT_EXPECT_FALSE(test, irb_flags(&irb) & SCSW_ZERO_CC);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
}

/*
 * A driver removes the suspend flag behind a command that is pending, and
 * executes RESUME SUBCHANNEL.  Nobody runs the program because of that, even if
 * all programs that were resumed are looked at.
 */
static void pending_resume_test(struct kunit *test)
{
	const u32 flags = IMAGE_PROG + sizeof(struct css_ccw1) +
			  offsetof(struct css_ccw1, flags);
	const u8 suspend = CCW_SUSPEND | CCW_CC, chain = CCW_CC;
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	load_chained(image, &orb);
	orb.flags |= cpu_to_be32(ORB_SUSPEND);
	fake_put(&image->guest, flags, &suspend, sizeof(suspend));
	image->fake->parts = 1;
	image_must_start(image, &orb);
	fake_put(&image->guest, flags, &chain, sizeof(chain));
	image_must(image, IOINST_RSCH);
	/* A quiesce that gives up looks for programs that were resumed. */
	KUNIT_EXPECT_EQ(test, -ETIME, css_quiesce(&image->css, 1));
	flush_workqueue(image->css.shared.wq);
	image->fake->when = FAKE_IN_INTERRUPT;
	KUNIT_EXPECT_EQ(test, image->fake->completes, 0);
	fake_complete(image->fake);
	pending_expect_irb(image, START | ENDED, CE_DE,
			   IMAGE_PROG + CCWS * sizeof(struct css_ccw1), 1);
	KUNIT_EXPECT_EQ(test, image->fake->completes, CCWS);
}

/*
 * A worker that comes for a program that was cancelled doesn't run the next one,
 * whose command is pending.
 */
static void pending_cancelled_before_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
	image_must_start(image, &orb);
	pending_block(image);
	css_unquiesce(&image->css);
	image_must(image, IOINST_XSCH);
	image->fake->parts = 1;
	image_must_start(image, &orb);
	KUNIT_EXPECT_TRUE(test, image->fake->waiting);
	pending_unblock(image);
	flush_workqueue(image->css.shared.wq);
	KUNIT_EXPECT_TRUE(test, image->fake->waiting);
	KUNIT_EXPECT_EQ(test, image->fake->completes, 0);
	fake_complete(image->fake);
	pending_expect_irb(image, START | ENDED, CE_DE, IMAGE_PROG + 8, 0);
	KUNIT_EXPECT_EQ(test, image->fake->completes, 1);
}

/* Attention that a device has meanwhile is presented when the program ends. */
static void pending_attention_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	pending_start(image);
	fake_present(image->fake, ATTENTION);
	KUNIT_EXPECT_EQ(test, image->fake->presents, ATTENTION);
	fake_complete(image->fake);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), START | ENDED);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), UNSOLICITED);
}

/* Quiescing, saving, and a VM that ends */

static void pending_quiesce_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct kvm_css_state *state;
	struct subchannel *sch = image_find(image);

	state = kunit_kzalloc(test, sizeof(*state), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, state);
	pending_start(image);
	KUNIT_EXPECT_EQ(test, -ETIME, css_quiesce(&image->css, A_WHILE));
	KUNIT_EXPECT_EQ(test, -EBUSY, subchannel_save(sch, state));
	pending_queue(image);
	KUNIT_EXPECT_EQ(test, -ETIME, css_quiesce(&image->css, A_WHILE));
	KUNIT_EXPECT_EQ(test, -EBUSY, subchannel_save(sch, state));
	pending_unblock(image);
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, PATIENCE));
	KUNIT_EXPECT_EQ(test, 0, subchannel_save(sch, state));
	KUNIT_EXPECT_EQ(test, image->fake->stops, 0);
	subchannel_put(sch);
	pending_expect_irb(image, START | ENDED, CE_DE, IMAGE_PROG + 8, 0);
}

/* A program in progress goes on while the image is being quiesced. */
static void pending_quiesced_chain_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	load_chained(image, &orb);
	image->fake->parts = 1;
	image_must_start(image, &orb);
	image->fake->when = FAKE_IN_INTERRUPT;
	fake_complete(image->fake);
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, PATIENCE));
	KUNIT_EXPECT_EQ(test, image->fake->completes, CCWS);
}

/* When the VM is gone, nobody completes the command, and the image can end. */
static void pending_dying_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch;

	pending_start(image);
	WRITE_ONCE(image->guest.dying, true);
	fake_complete(image->fake);
	flush_workqueue(image->css.shared.wq);
	/* Without the VM, nobody is to look for the program any more. */
	sch = image_find(image);
	KUNIT_EXPECT_FALSE(test, subchannel_active(sch));
	subchannel_put(sch);
	css_destroy(&image->css);
	KUNIT_EXPECT_EQ(test, image->fake->completes, 0);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	KUNIT_ASSERT_EQ(test, 0, css_init(&image->css, &image->guest, false));
}

/* The same if the VM goes when the program is queued for a worker */
static void pending_dying_queued_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	pending_start(image);
	pending_queue(image);
	WRITE_ONCE(image->guest.dying, true);
	pending_unblock(image);
	css_destroy(&image->css);
	KUNIT_EXPECT_EQ(test, image->fake->completes, 0);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	KUNIT_ASSERT_EQ(test, 0, css_init(&image->css, &image->guest, false));
}

/*
 * The program pays for what the worker does before it runs the program, too:
 * the CPU time is looked at twice there, and three times in the turn.
 */
static void pending_charged_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch = image_find(image);
	u64 spent;

	pending_start(image);
	spent = sch->program.spent;
	WRITE_ONCE(image->guest.cpu_cost, CPU_COST);
	fake_complete(image->fake);
	pending_expect_irb(image, START | ENDED, CE_DE, IMAGE_PROG + 8, 0);
	flush_workqueue(image->css.shared.wq);
	KUNIT_EXPECT_EQ(test, sch->program.spent, spent + 3 * CPU_COST);
	subchannel_put(sch);
}

/* Devices that break the rules: nothing but their own command is harmed. */

static void pending_twice_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch = image_find(image);

	pending_start(image);
	/* Twice before anybody looks, and once more afterwards */
	mutex_lock(&sch->lock);
	fake_complete(image->fake);
	cu_completed(&image->fake->dev);
	mutex_unlock(&sch->lock);
	pending_expect_irb(image, START | ENDED, CE_DE, IMAGE_PROG + 8, 0);
	cu_completed(&image->fake->dev);
	flush_workqueue(image->css.shared.wq);
	KUNIT_EXPECT_EQ(test, image->fake->completes, 1);
	KUNIT_EXPECT_FALSE(test, subchannel_active(sch));
	pending_expect_usable(image);
	/* Only the image and this test have a reference. */
	KUNIT_EXPECT_EQ(test, kref_read(&sch->ref), 2);
	subchannel_put(sch);
}

/* Called in a command that ends at once */
static void complete_nothing(void *arg)
{
	struct fake_image *image = arg;

	cu_completed(&image->fake->dev);
}

static void pending_nothing_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image->fake->during = complete_nothing;
	image->fake->during_arg = image;
	image_start(image);
	pending_expect_irb(image, START | ENDED, CE_DE, IMAGE_PROG + 8, 0);
	KUNIT_EXPECT_EQ(test, image->fake->completes, 0);
	image->fake->during = NULL;
	image->guest.injected = 0;
	pending_start(image);
	fake_complete(image->fake);
	pending_expect_irb(image, START | ENDED, CE_DE, IMAGE_PROG + 8, 0);
}

/*
 * The device calls cu_completed() once more when the command is over and the
 * subchannel gone.  Nothing of the subchannel may be accessed then, let alone a
 * reference given back: the call may be that of a hard interrupt.
 */
static void pending_gone_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	pending_start(image);
	fake_complete(image->fake);
	pending_expect_irb(image, START | ENDED, CE_DE, IMAGE_PROG + 8, 0);
	KUNIT_EXPECT_EQ(test, 0, fake_remove(&image->css, IMAGE_SSID,
					     IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	/* Then the memory of the subchannel is freed. */
	rcu_barrier();
	cu_completed(&image->fake->dev);
	flush_workqueue(image->css.shared.wq);
}

/* Many commands at a time: none of them has a thread */

static void on_subchannel(struct fake_image *image, u16 opcode, u16 schid,
			  const void *operand, u32 len)
{
	const struct ioinst insn = {
		.opcode = opcode,
		.gpr1 = SID_ONE | schid,
		.addr = FAKE_LOGICAL + IMAGE_OPERAND,
	};

	fake_put(&image->guest, IMAGE_OPERAND, operand, len);
	EXPECT_CC(TESTED(image), image_insn(image, &insn), IOINST_CC_EXPECTED);
}

static struct fake_device *start_one(struct fake_image *image, u16 schid,
				     const struct css_orb *orb)
{
	const struct css_schib schib = {
		.pmcw.flags = cpu_to_be16(PMCW_ENABLED),
		.pmcw.lpm = IMAGE_PATH,
	};
	struct fake_device *fake = fake_device_create(TESTED(image));

	KUNIT_ASSERT_EQ(TESTED(image), 0,
			fake_add(&image->css, 0, schid, schid, IMAGE_CHPID,
				 &fake->dev));
	fake_device_script(fake, &image->step, 1);
	fake->parts = 1;
	on_subchannel(image, IOINST_MSCH, schid, &schib, sizeof(schib));
	on_subchannel(image, IOINST_SSCH, schid, orb, sizeof(*orb));
	KUNIT_EXPECT_TRUE(TESTED(image), fake->waiting);
	return fake;
}

static void pending_many_test(struct kunit *test)
{
	struct fake_device **fakes = kunit_kcalloc(test, MANY, sizeof(*fakes),
						   GFP_KERNEL);
	struct fake_image *image = test->priv;
	struct guest_io_int io_int;
	struct css_orb orb;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, fakes);
	workqueue_set_max_active(image->css.shared.wq, 1);
	image_load(image, &orb);
	for (i = 0; i < MANY; i++)
		fakes[i] = start_one(image, i, &orb);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	/* All are waited for, and nobody else is. */
	KUNIT_EXPECT_EQ(test, css_quiesce(&image->css, 0), -ETIME);
	KUNIT_EXPECT_EQ(test, atomic_read(&image->css.shared.active), MANY);
	/* The first ones end last. */
	for (i = MANY; i--; ) {
		fake_complete(fakes[i]);
		KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest,
							   MANY - i));
		KUNIT_EXPECT_TRUE(test, fake_accept(&image->guest, &io_int));
		KUNIT_EXPECT_EQ(test, io_int.sid, SID_ONE | i);
		KUNIT_EXPECT_EQ(test, fakes[i]->completes, 1);
	}
}

static struct kunit_case pending_cases[] = {
	KUNIT_CASE_PARAM(pending_end_test, end_gen_params),
	KUNIT_CASE(pending_unit_check_test),
	KUNIT_CASE(pending_channel_end_test),
	KUNIT_CASE(pending_told_test),
	KUNIT_CASE(pending_resume_test),
	KUNIT_CASE(pending_cancelled_before_test),
	KUNIT_CASE(pending_attention_test),
	KUNIT_CASE(pending_quiesce_test),
	KUNIT_CASE(pending_quiesced_chain_test),
	KUNIT_CASE(pending_dying_test),
	KUNIT_CASE(pending_dying_queued_test),
	KUNIT_CASE(pending_charged_test),
	KUNIT_CASE(pending_twice_test),
	KUNIT_CASE(pending_nothing_test),
	KUNIT_CASE(pending_gone_test),
	KUNIT_CASE(pending_many_test),
	{}
};

static struct kunit_suite pending_suite = {
	.name = "kvm_css_pending",
	.init = image_init,
	.exit = image_exit,
	.test_cases = pending_cases,
};

kunit_test_suite(pending_suite);
