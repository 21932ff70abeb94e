// SPDX-License-Identifier: GPL-2.0
/*
 * What is done to an image while programs run in it: quiesce, reset, removal
 * with channel reports, numbers without a device, and a subchannel in a state
 * that can't be.  Principles of Operation chapter 17, "I/O-System Reset" and
 * "Channel Report"; chapter 14 for V zero; <kvm_css/css.h> for the rest.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <kvm_css/crw.h>
#include <kvm_css/subchannel.h>

#include "fake_image.h"

/* "Channel-Report Word": subchannel, installed parameters initialized */
#define REPORT		0x03040000u
#define CHAINED		0x10000000u
#define OVERFLOW	0x20000000u

/* A number at which there is nothing */
#define FREE_SCHID	(IMAGE_SCHID + 1)

static void expect_ended(struct fake_image *image)
{
	struct kunit *test = image->guest.test;
	struct css_irb irb;

	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), SCSW_FC_START | ENDED);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
}

static void start(struct fake_image *image)
{
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	image_must_start(image, &orb);
}

/* Start a program that never ends, and takes turns on a worker. */
static void start_endless(struct fake_image *image)
{
	const struct css_ccw1 loop[] = {
		{ .cmd = CU_CMD_NOOP, .flags = CCW_CC },
		{ .cmd = CCW_CMD_TIC, .cda = cpu_to_be32(IMAGE_PROG) },
	};
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	fake_put(&image->guest, IMAGE_PROG, loop, sizeof(loop));
	image->step = (struct fake_step)STEP_IMMEDIATE(CU_CMD_NOOP);
	image->fake->endless = true;
	image_must_start(image, &orb);
}

static void start_suspended(struct fake_image *image)
{
	const struct css_ccw1 ccw = {
		.cmd = IMAGE_CMD,
		.flags = CCW_SUSPEND,
		.count = cpu_to_be16(IMAGE_COUNT),
		.cda = cpu_to_be32(IMAGE_DATA),
	};
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	orb.flags |= cpu_to_be32(ORB_SUSPEND);
	fake_put(&image->guest, IMAGE_PROG, &ccw, sizeof(ccw));
	image_must_start(image, &orb);
}

/* A call of the VMM in another thread */
struct vmm {
	struct work_struct work;
	struct fake_image *image;
	int rc;
};

static void vmm_begins(struct vmm *vmm, struct fake_image *image,
		       work_func_t what)
{
	vmm->image = image;
	vmm->rc = 1;
	INIT_WORK_ONSTACK(&vmm->work, what);
	schedule_work(&vmm->work);
}

static int vmm_ends(struct vmm *vmm)
{
	flush_work(&vmm->work);
	destroy_work_on_stack(&vmm->work);
	return vmm->rc;
}

static void vmm_quiesces(struct work_struct *work)
{
	struct vmm *vmm = container_of(work, struct vmm, work);

	WRITE_ONCE(vmm->rc, css_quiesce(&vmm->image->css, PATIENCE));
}

/* Quiesce */

/* What the guest starts while quiesced stays pending, and begins afterwards. */
static void quiesce_start_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
	start(image);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, image->fake->started, 0);
	KUNIT_EXPECT_EQ(test, image_control(image), START_PENDING);
	css_unquiesce(&image->css);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	KUNIT_EXPECT_EQ(test, image->fake->started, 1);
	expect_ended(image);
	/* Afterwards, a start function begins at once again. */
	start(image);
	expect_ended(image);
}

/*
 * A start function that the guest cancels while quiesced doesn't begin
 * afterwards.
 */
static void quiesce_cancel_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, A_WHILE));
	start(image);
	image_must(image, IOINST_XSCH);
	css_unquiesce(&image->css);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, image->fake->started, 0);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	start(image);
	expect_ended(image);
}

/* A quiesce waits for a program that runs. */
static void quiesce_waits_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct vmm vmm;

	image_start_blocked(image);
	vmm_begins(&vmm, image, vmm_quiesces);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, READ_ONCE(vmm.rc), 1);
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_EQ(test, vmm_ends(&vmm), 0);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	expect_ended(image);
}

/*
 * But it doesn't wait for ever.  When it has given up, the image isn't
 * quiesced.
 */
static void quiesce_endless_test(struct kunit *test)
{
	struct fake_device *other;
	struct fake_image *image = test->priv;
	unsigned int done;

	start_endless(image);
	KUNIT_EXPECT_EQ(test, -ETIME, css_quiesce(&image->css, A_WHILE));
	KUNIT_EXPECT_FALSE(test, READ_ONCE(image->css.shared.quiesced));
	done = READ_ONCE(image->fake->done);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_GT(test, READ_ONCE(image->fake->done), done);
	image_must(image, IOINST_CSCH);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	image_must(image, IOINST_TSCH);
	/* Of several programs, one that doesn't end is enough. */
	other = fake_device_create(test);
	KUNIT_EXPECT_EQ(test, 0,
			fake_add(&image->css, 0, 0, 0, 0, &other->dev));
	start_endless(image);
	KUNIT_EXPECT_EQ(test, -ETIME, css_quiesce(&image->css, A_WHILE));
}

/*
 * A thread that is about to run a program looks under the lock of the subchannel
 * whether it may.  A quiesce waits for it, although it runs nothing yet.
 */
static void quiesce_handover_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch = image_find(image);
	struct vmm vmm;

	mutex_lock(&sch->lock);
	vmm_begins(&vmm, image, vmm_quiesces);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, READ_ONCE(vmm.rc), 1);
	mutex_unlock(&sch->lock);
	KUNIT_EXPECT_EQ(test, vmm_ends(&vmm), 0);
	subchannel_put(sch);
}

static void vmm_removes(struct work_struct *work)
{
	struct vmm *vmm = container_of(work, struct vmm, work);

	WRITE_ONCE(vmm->rc, fake_remove(&vmm->image->css, IMAGE_SSID,
					IMAGE_SCHID));
}

/*
 * A quiesce also waits for a running program whose subchannel has been removed.
 */
static void quiesce_removed_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct vmm removes, quiesces;

	image_start_blocked(image);
	WRITE_ONCE(image->fake->stubborn, true);
	vmm_begins(&removes, image, vmm_removes);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, READ_ONCE(removes.rc), 1);
	KUNIT_EXPECT_EQ(test, -ETIME, css_quiesce(&image->css, A_WHILE));
	vmm_begins(&quiesces, image, vmm_quiesces);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, READ_ONCE(quiesces.rc), 1);
	WRITE_ONCE(image->fake->stubborn, false);
	KUNIT_EXPECT_EQ(test, vmm_ends(&quiesces), 0);
	KUNIT_EXPECT_EQ(test, vmm_ends(&removes), 0);
	css_unquiesce(&image->css);
}

/* A quiesce that fails doesn't end an earlier one. */
static void quiesce_two_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct vmm vmm;

	image_start_blocked(image);
	vmm_begins(&vmm, image, vmm_quiesces);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, -ETIME, css_quiesce(&image->css, A_WHILE));
	KUNIT_EXPECT_TRUE(test, READ_ONCE(image->css.shared.quiesced));
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_EQ(test, vmm_ends(&vmm), 0);
	css_unquiesce(&image->css);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(image->css.shared.quiesced));
	expect_ended(image);
}

static struct vmm deferring;

static void quiesce_meanwhile(void *arg)
{
	struct fake_image *image = arg;

	if (image->fake->waits)
		return;
	vmm_begins(&deferring, image, vmm_quiesces);
	while (!READ_ONCE(image->css.shared.quiesced))
		fsleep(1000);
}

/*
 * The image is quiesced when a vCPU finds that the program is for a worker.  No
 * command has been executed, so the start function stays pending as if it had
 * come later.
 */
static void quiesce_deferred_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image->fake->must_wait = true;
	image->fake->during = quiesce_meanwhile;
	image->fake->during_arg = image;
	start(image);
	KUNIT_EXPECT_EQ(test, vmm_ends(&deferring), 0);
	KUNIT_EXPECT_EQ(test, image->fake->done, 0);
	KUNIT_EXPECT_EQ(test, image_control(image), START_PENDING);
	css_unquiesce(&image->css);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	expect_ended(image);
}

/* Reset */

struct reset_case {
	const char *name;
	void (*bring)(struct fake_image *image);
};

static void bring_queued(struct fake_image *image)
{
	image->fake->must_wait = true;
	start(image);
}

static void bring_start_pending(struct fake_image *image)
{
	KUNIT_EXPECT_EQ(image->guest.test, 0,
			css_quiesce(&image->css, A_WHILE));
	start(image);
	/* A reset doesn't end the quiesce, which isn't the guest's. */
}

static void bring_resume_pending(struct fake_image *image)
{
	start_suspended(image);
	image_must(image, IOINST_TSCH);
	KUNIT_EXPECT_EQ(image->guest.test, 0,
			css_quiesce(&image->css, A_WHILE));
	image_must(image, IOINST_RSCH);
}

static void bring_unit_check(struct fake_image *image)
{
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, PMCW_CONCURRENT_SENSE);
	image_load(image, &orb);
	image->step.dstat = DSTAT_UNIT_CHECK | DSTAT_CHANNEL_END |
			    DSTAT_DEVICE_END;
	image->step.sense0 = SENSE0_EQUIPMENT_CHECK;
	image_must_start(image, &orb);
}

static const struct reset_case reset_cases[] = {
	{ "a worker in a command", image_start_blocked },
	{ "a worker that takes turns", start_endless },
	{ "a queued worker", bring_queued },
	{ "a program that has not begun", bring_start_pending },
	{ "a suspended program with its status", start_suspended },
	{ "a program that is to be resumed", bring_resume_pending },
	{ "status pending", start },
	{ "status pending with sense", bring_unit_check },
};

KUNIT_ARRAY_PARAM_DESC(reset, reset_cases, name);

/*
 * After a reset the SCHIB is that of a new subchannel, and the device has
 * forgotten everything.
 */
static void reset_test(struct kunit *test)
{
	const struct reset_case *c = test->param_value;
	struct fake_image *image = test->priv;
	const u8 zeros[CU_SENSE_SIZE] = {};
	struct css_schib initial, schib;
	unsigned int resets, injected;

	image_stsch(image, &initial);
	c->bring(image);
	resets = image->fake->resets;
	KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_ALL));
	KUNIT_EXPECT_FALSE(test, READ_ONCE(image->fake->busy));
	KUNIT_EXPECT_EQ(test, image->fake->resets, resets + 1);
	KUNIT_EXPECT_MEMEQ(test, image->fake->dev.sense, zeros, CU_SENSE_SIZE);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&schib, (u8 *)&initial, sizeof(schib));
	/* No interruption comes later. */
	injected = image->guest.injected;
	css_unquiesce(&image->css);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, image->guest.injected, injected);
	/* The next guest can use the subchannel. */
	image->fake->must_wait = false;
	image->fake->blocks = false;
	image->fake->endless = false;
	start(image);
	expect_ended(image);
}

/* A reset removes what CSS-wide instructions have set, and channel reports. */
static void reset_image_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	u32 word;

	image->css.mss = true;
	image->css.mcsse = true;
	image->css.shared.address_limit = 0x10000;
	image->css.shared.monitor.update = true;
	css_report_subchannel(&image->css, IMAGE_SID);
	KUNIT_EXPECT_EQ(test, 0, css_remove(&image->css, IMAGE_SSID,
					    IMAGE_SCHID, CSS_VACATE, false));
	KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_ALL));
	KUNIT_EXPECT_FALSE(test, image->css.mss);
	KUNIT_EXPECT_FALSE(test, image->css.mcsse);
	KUNIT_EXPECT_EQ(test, image->css.shared.address_limit, 0);
	KUNIT_EXPECT_FALSE(test, image->css.shared.monitor.update);
	KUNIT_EXPECT_FALSE(test, crw_peek_or_rearm(&image->css.crws, &word));
	KUNIT_EXPECT_TRUE(test, css_vacant(&image->css, IMAGE_SID));
}

static void vmm_waits(struct work_struct *work)
{
	struct vmm *vmm = container_of(work, struct vmm, work);
	struct subchannel *sch = image_find(vmm->image);

	WRITE_ONCE(vmm->rc, subchannel_wait(sch));
	subchannel_put(sch);
}

/* A guest that starts programs again at once doesn't keep the reset waiting. */
static void reset_begun_anew_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch = image_find(image);
	struct vmm vmm;

	subchannel_reset(sch, true);
	subchannel_put(sch);
	image_start_blocked(image);
	vmm_begins(&vmm, image, vmm_waits);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, READ_ONCE(vmm.rc), 0);
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_EQ(test, vmm_ends(&vmm), 0);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	expect_ended(image);
}

/* Channel reports */

struct report_case {
	const char *name;
	u8 ssid;
	bool mss;
	u32 words[2];
};

static const struct report_case report_cases[] = {
	{ "set 0 alone: one word", 0, false, { REPORT | FREE_SCHID } },
	{ "set 0 of several: two words", 0, true,
	  { REPORT | CHAINED | FREE_SCHID, REPORT } },
	{ "set 3: two words", 3, true,
	  { REPORT | CHAINED | FREE_SCHID, REPORT | 0x30 } },
};

KUNIT_ARRAY_PARAM_DESC(report, report_cases, name);

static void expect_report(struct fake_image *image,
			  const struct report_case *c)
{
	struct kunit *test = image->guest.test;
	u32 word;
	int i;

	for (i = 0; i < ARRAY_SIZE(c->words) && c->words[i]; i++) {
		KUNIT_ASSERT_TRUE(test,
				  crw_peek_or_rearm(&image->css.crws, &word));
		KUNIT_EXPECT_EQ(test, word, c->words[i]);
		KUNIT_EXPECT_TRUE(test, crw_take(&image->css.crws, word));
	}
	KUNIT_EXPECT_FALSE(test, crw_peek_or_rearm(&image->css.crws, &word));
}

/* Adding, vacating and removing are reported once each, if asked for. */
static void report_test(struct kunit *test)
{
	const struct report_case *c = test->param_value;
	const struct css_place place = {
		.ssid = c->ssid, .schid = FREE_SCHID, .report = true,
	};
	struct fake_device *fake = fake_device_create(test);
	struct fake_image *image = test->priv;

	image->css.mss = c->mss;
	KUNIT_EXPECT_EQ(test, 0, css_add(&image->css, &place, &fake->dev));
	KUNIT_EXPECT_EQ(test, image->guest.reports, 1);
	expect_report(image, c);
	KUNIT_EXPECT_EQ(test, 0, css_remove(&image->css, c->ssid, FREE_SCHID,
					    CSS_VACATE, true));
	KUNIT_EXPECT_EQ(test, image->guest.reports, 2);
	expect_report(image, c);
	KUNIT_EXPECT_EQ(test, 0, css_remove(&image->css, c->ssid, FREE_SCHID,
					    CSS_REMOVE, true));
	expect_report(image, c);
	KUNIT_EXPECT_EQ(test, -ENODEV,
			css_remove(&image->css, c->ssid, FREE_SCHID,
				   CSS_REMOVE, true));
	KUNIT_EXPECT_EQ(test, image->guest.reports, 3);
	KUNIT_EXPECT_EQ(test, fake->released, 1);
}

/*
 * There are more reports than fit: the last one that is queued says that others
 * were lost.  The guest has one machine check until it has read all of them,
 * and then gets a new one.
 */
static void report_overflow_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	u32 word, i;

	for (i = 0; i < CRW_PENDING + 3; i++)
		css_report_subchannel(&image->css, css_sid(0, i));
	KUNIT_EXPECT_EQ(test, image->guest.reports, 1);
	for (i = 0; i < CRW_PENDING; i++) {
		KUNIT_ASSERT_TRUE(test,
				  crw_peek_or_rearm(&image->css.crws, &word));
		KUNIT_EXPECT_EQ(test, word,
				REPORT | i | (i == CRW_PENDING - 1 ?
					      OVERFLOW : 0));
		KUNIT_EXPECT_FALSE(test, crw_take(&image->css.crws, ~word));
		KUNIT_EXPECT_TRUE(test, crw_take(&image->css.crws, word));
	}
	KUNIT_EXPECT_FALSE(test, crw_peek_or_rearm(&image->css.crws, &word));
	css_report_subchannel(&image->css, css_sid(0, 5));
	KUNIT_EXPECT_EQ(test, image->guest.reports, 2);
	KUNIT_EXPECT_TRUE(test, crw_peek_or_rearm(&image->css.crws, &word));
	KUNIT_EXPECT_EQ(test, word, REPORT | 5);
}

/* If a report of two words doesn't fit, both words are lost. */
static void report_overflow_chained_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	u32 word = 0;
	int i;

	for (i = 0; i < CRW_PENDING - 1; i++)
		css_report_subchannel(&image->css, css_sid(0, i));
	css_report_subchannel(&image->css, css_sid(2, 0));
	for (i = 0; i < CRW_PENDING - 1; i++) {
		KUNIT_ASSERT_TRUE(test,
				  crw_peek_or_rearm(&image->css.crws, &word));
		KUNIT_EXPECT_TRUE(test, crw_take(&image->css.crws, word));
	}
	KUNIT_EXPECT_EQ(test, word, (REPORT | OVERFLOW) + CRW_PENDING - 2);
	KUNIT_EXPECT_FALSE(test, crw_peek_or_rearm(&image->css.crws, &word));
}

/*
 * When the host can't make the machine check pending, the module tries again.
 */
static void report_retried_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image->guest.report_error = -ENOMEM;
	image->guest.report_failures = 3;
	css_report_subchannel(&image->css, IMAGE_SID);
	KUNIT_EXPECT_EQ(test, image->guest.reports, 0);
	KUNIT_EXPECT_NE(test, 0,
			wait_event_timeout(image->guest.changed,
					   READ_ONCE(image->guest.reports),
					   PATIENCE));
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, image->guest.reports, 1);
}

/* A subchannel in a state that can't be */

/*
 * Host and guest are told of the state once, whatever is executed afterwards.
 */
static void broken_told_once_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	u16 opcode;
	u32 word;
	int i;

	image_start(image);
	image_corrupt(image, SCSW_FC_HALT | SCSW_AC_SUSPENDED);
	for (opcode = IOINST_CSCH; opcode <= IOINST_TSCH; opcode++)
		EXPECT_CC(test, image_execute(image, opcode),
			  IOINST_CC_NOT_OPERATIONAL);
	/* The status is gone, so its interruption has been withdrawn. */
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
	KUNIT_EXPECT_EQ(test, image->guest.reports, 1);
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_TRUE(test,
				  crw_peek_or_rearm(&image->css.crws, &word));
		KUNIT_EXPECT_EQ(test, word, i ? REPORT | IMAGE_SSID << 4 :
				REPORT | CHAINED | IMAGE_SCHID);
		KUNIT_EXPECT_TRUE(test, crw_take(&image->css.crws, word));
	}
	KUNIT_EXPECT_FALSE(test, crw_peek_or_rearm(&image->css.crws, &word));
}

static ioinst_ending_t on_other(struct fake_image *image, u16 opcode)
{
	const struct ioinst insn = {
		.opcode = opcode,
		.gpr1 = css_sid(0, FREE_SCHID),
		.addr = FAKE_LOGICAL + IMAGE_OPERAND,
	};

	return image_insn(image, &insn);
}

/* A program on another subchannel still ends, and its instructions work. */
static void other_works(struct fake_image *image, struct fake_device *fake)
{
	const struct fake_step step = STEP_GIVES(IMAGE_CMD, IMAGE_COUNT);
	struct css_schib schib = {
		.pmcw.flags = cpu_to_be16(PMCW_ENABLED),
		.pmcw.lpm = IMAGE_PATH,
	};
	struct kunit *test = image->guest.test;
	struct css_orb orb;
	struct css_irb irb;

	fake_put(&image->guest, IMAGE_OPERAND, &schib, sizeof(schib));
	EXPECT_CC(test, on_other(image, IOINST_MSCH), IOINST_CC_EXPECTED);
	image_load(image, &orb);
	fake_device_script(fake, &step, 1);
	fake_put(&image->guest, IMAGE_OPERAND, &orb, sizeof(orb));
	EXPECT_CC(test, on_other(image, IOINST_SSCH), IOINST_CC_EXPECTED);
	EXPECT_CC(test, on_other(image, IOINST_TSCH), IOINST_CC_EXPECTED);
	fake_get(&image->guest, IMAGE_OPERAND, &irb, CSS_IRB_SIZE);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), SCSW_FC_START | ENDED);
}

/* A program on a worker stops, and other subchannels notice nothing. */
static void broken_others_test(struct kunit *test)
{
	struct fake_device *fake = fake_device_create(test);
	struct fake_image *image = test->priv;
	struct subchannel *sch = image_find(image);
	struct css_schib schib;

	KUNIT_EXPECT_EQ(test, 0, fake_add(&image->css, 0, FREE_SCHID, 0, 0,
					  &fake->dev));
	image_start_blocked(image);
	mutex_lock(&sch->lock);
	sch->schib.pmcw.flags &= ~cpu_to_be16(PMCW_ENABLED);
	mutex_unlock(&sch->lock);
	subchannel_put(sch);
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_NOT_OPERATIONAL);
	other_works(image, fake);
	/* No thread runs a program any more. */
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(&image->css, PATIENCE));
	KUNIT_EXPECT_FALSE(test, READ_ONCE(image->fake->busy));
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	css_unquiesce(&image->css);
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_NOT_OPERATIONAL);
}

/* A reset makes the subchannel usable again, like a new one. */
static void broken_reset_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_schib initial, schib;

	image_stsch(image, &initial);
	image_start(image);
	image_corrupt(image, SCSW_AC_HALT_PENDING);
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_NOT_OPERATIONAL);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_ALL));
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&schib, (u8 *)&initial, sizeof(schib));
	start(image);
	expect_ended(image);
}

static struct kunit_case service_test_cases[] = {
	KUNIT_CASE(quiesce_start_test),
	KUNIT_CASE(quiesce_cancel_test),
	KUNIT_CASE(quiesce_waits_test),
	KUNIT_CASE(quiesce_endless_test),
	KUNIT_CASE(quiesce_handover_test),
	KUNIT_CASE(quiesce_removed_test),
	KUNIT_CASE(quiesce_two_test),
	KUNIT_CASE(quiesce_deferred_test),
	KUNIT_CASE_PARAM(reset_test, reset_gen_params),
	KUNIT_CASE(reset_image_test),
	KUNIT_CASE(reset_begun_anew_test),
	KUNIT_CASE_PARAM(report_test, report_gen_params),
	KUNIT_CASE(report_overflow_test),
	KUNIT_CASE(report_overflow_chained_test),
	KUNIT_CASE(report_retried_test),
	KUNIT_CASE(broken_told_once_test),
	KUNIT_CASE(broken_others_test),
	KUNIT_CASE(broken_reset_test),
	{}
};

static struct kunit_suite service_suite = {
	.name = "kvm_css_service",
	.init = image_init,
	.exit = image_exit,
	.test_cases = service_test_cases,
};

kunit_test_suite(service_suite);
