// SPDX-License-Identifier: GPL-2.0
/*
 * A channel-subsystem image for a test case, see fake_image.h.
 */
#include <linux/string.h>

#include <kvm_css/subchannel.h>

#include "fake_image.h"

int fake_add(struct css *css, u8 ssid, u16 schid, u16 devno, u8 chpid,
	     struct css_device *dev)
{
	const struct css_place place = {
		.ssid = ssid,
		.schid = schid,
		.devno = devno,
		.chpid = chpid,
	};

	return css_add(css, &place, dev);
}

int fake_add_vacant(struct css *css, u8 ssid, u16 schid, bool report)
{
	const struct css_place place = {
		.ssid = ssid,
		.schid = schid,
		.report = report,
	};

	return css_add_vacant(css, &place);
}

int fake_remove(struct css *css, u8 ssid, u16 schid)
{
	return css_remove(css, ssid, schid, CSS_REMOVE, false);
}

static int init(struct kunit *test, bool alone)
{
	struct fake_image *image;

	image = kunit_kzalloc(test, sizeof(*image), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, image);
	fake_guest_init(test, &image->guest);
	fake_vcpu_init(&image->vcpu, &image->guest);
	image->fake = fake_device_create(test);
	KUNIT_ASSERT_EQ(test, 0, css_init(&image->css, &image->guest, alone));
	/* From here on image_exit() has something to take down. */
	test->priv = image;
	KUNIT_ASSERT_EQ(test, 0,
			fake_add(&image->css, IMAGE_SSID, IMAGE_SCHID,
				 IMAGE_DEVNO, IMAGE_CHPID, &image->fake->dev));
	return 0;
}

int image_init(struct kunit *test)
{
	return init(test, false);
}

int image_init_alone(struct kunit *test)
{
	return init(test, true);
}

void image_exit(struct kunit *test)
{
	struct fake_image *image = test->priv;

	if (!image)
		return;
	/* This may be another thread than that of the test case. */
	fake_visit(&image->guest);
	css_destroy(&image->css);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
	fake_expect_alone(&image->guest);
}

ioinst_ending_t image_insn(struct fake_image *image, const struct ioinst *insn)
{
	ioinst_ending_t ending = ioinst_execute(&image->css, &image->vcpu, insn);

	fake_expect_staffed(&image->guest);
	return ending;
}

ioinst_ending_t image_execute(struct fake_image *image, u16 opcode)
{
	const struct ioinst insn = {
		.opcode = opcode,
		.gpr1 = IMAGE_SID,
		.addr = FAKE_LOGICAL + IMAGE_OPERAND,
	};

	return image_insn(image, &insn);
}

ioinst_ending_t image_stsch(struct fake_image *image, struct css_schib *schib)
{
	ioinst_ending_t ending = image_execute(image, IOINST_STSCH);

	fake_get(&image->guest, IMAGE_OPERAND, schib, sizeof(*schib));
	return ending;
}

ioinst_ending_t image_msch(struct fake_image *image, const struct css_schib *schib)
{
	fake_put(&image->guest, IMAGE_OPERAND, schib, sizeof(*schib));
	return image_execute(image, IOINST_MSCH);
}

ioinst_ending_t image_ssch(struct fake_image *image, const struct css_orb *orb)
{
	fake_put(&image->guest, IMAGE_OPERAND, orb, sizeof(*orb));
	return image_execute(image, IOINST_SSCH);
}

ioinst_ending_t image_tsch(struct fake_image *image, struct css_irb *irb)
{
	ioinst_ending_t ending = image_execute(image, IOINST_TSCH);

	fake_get(&image->guest, IMAGE_OPERAND, irb, sizeof(*irb));
	return ending;
}

void image_must(struct fake_image *image, u16 opcode)
{
	EXPECT_CC(image->guest.test, image_execute(image, opcode),
		  IOINST_CC_EXPECTED);
}

void image_must_start(struct fake_image *image, const struct css_orb *orb)
{
	EXPECT_CC(image->guest.test, image_ssch(image, orb),
		  IOINST_CC_EXPECTED);
}

struct subchannel *image_find(struct fake_image *image)
{
	struct subchannel *sch = css_find(&image->css, IMAGE_SID);

	KUNIT_ASSERT_NOT_NULL(image->guest.test, sch);
	return sch;
}

enum sch_state image_state(struct fake_image *image)
{
	struct subchannel *sch = image_find(image);
	enum sch_state state;

	mutex_lock(&sch->lock);
	state = subchannel_state(sch);
	mutex_unlock(&sch->lock);
	subchannel_put(sch);
	return state;
}

u32 image_control(struct fake_image *image)
{
	struct css_schib schib;

	EXPECT_CC(image->guest.test, image_stsch(image, &schib),
		  IOINST_CC_EXPECTED);
	return be32_to_cpu(schib.scsw.flags) & CONTROL;
}

void image_expect_stats(struct fake_image *image, u64 started, u64 completed)
{
	struct kunit *test = image->guest.test;
	struct subchannel *sch = image_find(image);

	KUNIT_EXPECT_EQ(test, sch->stats.started, started);
	KUNIT_EXPECT_EQ(test, sch->stats.completed, completed);
	subchannel_put(sch);
}

void image_expect_deferred(struct fake_image *image, u64 deferred)
{
	struct subchannel *sch = image_find(image);

	KUNIT_EXPECT_EQ(image->guest.test, sch->stats.deferred, deferred);
	subchannel_put(sch);
}

void image_corrupt(struct fake_image *image, u32 flags)
{
	struct subchannel *sch = image_find(image);

	mutex_lock(&sch->lock);
	sch->schib.scsw.flags = cpu_to_be32(flags);
	mutex_unlock(&sch->lock);
	subchannel_put(sch);
}

void image_enable(struct fake_image *image, u8 isc, u32 chars)
{
	struct kunit *test = image->guest.test;
	struct css_schib schib;

	KUNIT_ASSERT_TRUE(test, image_stsch(image, &schib) ==
				IOINST_CC_EXPECTED);
	schib.pmcw.flags = cpu_to_be16(PMCW_ENABLED | isc << PMCW_ISC_SHIFT);
	schib.pmcw.chars = cpu_to_be32(chars);
	KUNIT_ASSERT_TRUE(test, image_msch(image, &schib) ==
				IOINST_CC_EXPECTED);
}

void image_load(struct fake_image *image, struct css_orb *orb)
{
	const struct css_ccw1 ccw = {
		.cmd = IMAGE_CMD,
		.count = cpu_to_be16(IMAGE_COUNT),
		.cda = cpu_to_be32(IMAGE_DATA),
	};

	fake_put(&image->guest, IMAGE_PROG, &ccw, sizeof(ccw));
	memset(orb, 0, sizeof(*orb));
	orb->intparm = cpu_to_be32(IMAGE_INTPARM);
	orb->flags = cpu_to_be32(ORB_FORMAT | IMAGE_PATH << ORB_LPM_SHIFT);
	orb->cpa = cpu_to_be32(IMAGE_PROG);
	image->step = (struct fake_step)STEP_GIVES(IMAGE_CMD, IMAGE_COUNT);
	fake_device_script(image->fake, &image->step, 1);
}

void image_start(struct fake_image *image)
{
	struct kunit *test = image->guest.test;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	KUNIT_ASSERT_TRUE(test, image_ssch(image, &orb) == IOINST_CC_EXPECTED);
	KUNIT_ASSERT_EQ(test, image->fake->done, 1);
}

void image_start_blocked(struct fake_image *image)
{
	struct kunit *test = image->guest.test;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	image->fake->must_wait = true;
	image->fake->blocks = true;
	KUNIT_ASSERT_TRUE(test, image_ssch(image, &orb) == IOINST_CC_EXPECTED);
	KUNIT_ASSERT_NE(test, 0,
			wait_for_completion_timeout(&image->fake->in_command,
						    PATIENCE));
}
