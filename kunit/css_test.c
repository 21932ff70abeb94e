// SPDX-License-Identifier: GPL-2.0
/*
 * The channel-subsystem image: Principles of Operation chapter 13, "Subchannel"
 * and "Subchannel Sets"; adding and removing as <kvm_css/css.h> says.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <kvm_css/subchannel.h>

#include "fake_image.h"

#define WAIT_CMD	0x0f
/* How long the test control unit waits */
#define WAIT_USEC	10000000u
/* How long a removal may take meanwhile */
#define AT_ONCE		(5 * HZ)

/* "Subsystem-Identification Word" */
struct sid_case {
	const char *name;
	u8 ssid;
	u16 schid;
	u32 sid;
};

static const struct sid_case sid_cases[] = {
	{ "set 0, number 0", 0, 0x0000, 0x00010000 },
	{ "set 0, highest number", 0, 0xffff, 0x0001ffff },
	{ "set 1", 1, 0x0000, 0x00030000 },
	{ "set 2", 2, 0x1234, 0x00051234 },
	{ "set 3, highest number", 3, 0xffff, 0x0007ffff },
};

KUNIT_ARRAY_PARAM_DESC(sid, sid_cases, name);

static void css_sid_test(struct kunit *test)
{
	const struct sid_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, css_sid(c->ssid, c->schid), c->sid);
}

static struct fake_device *add(struct fake_image *image, u8 ssid, u16 schid)
{
	struct kunit *test = image->guest.test;
	struct fake_device *fake = fake_device_create(test);

	KUNIT_ASSERT_EQ(test, 0,
			fake_add(&image->css, ssid, schid, schid, 0,
				 &fake->dev));
	return fake;
}

/*
 * Look a SID up.  Return: the SID of the subchannel that is found; 0 if none
 * is.
 */
static u32 find(struct fake_image *image, u32 sid)
{
	struct subchannel *sch = css_find(&image->css, sid);
	u32 found = sch ? sch->sid : 0;

	if (sch)
		subchannel_put(sch);
	return found;
}

static u32 find_next(struct fake_image *image, u32 sid)
{
	struct subchannel *sch = css_find_next(&image->css, sid);
	u32 found = sch ? sch->sid : 0;

	if (sch)
		subchannel_put(sch);
	return found;
}

/* The same number stands for another subchannel in each set. */
static void css_find_test(struct kunit *test)
{
	const struct sid_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct fake_device *fake = add(image, c->ssid, c->schid);
	struct subchannel *sch;
	int ssid;

	for (ssid = 0; ssid < CSS_SETS; ssid++)
		KUNIT_EXPECT_EQ(test, find(image, css_sid(ssid, c->schid)),
				ssid == c->ssid ? c->sid : 0);
	KUNIT_EXPECT_EQ(test, find(image, css_sid(c->ssid, c->schid ^ 1)), 0);
	sch = css_find(&image->css, c->sid);
	KUNIT_ASSERT_NOT_NULL(test, sch);
	KUNIT_EXPECT_PTR_EQ(test, sch->dev, &fake->dev);
	subchannel_put(sch);

	KUNIT_EXPECT_EQ(test, 0, fake_remove(&image->css, c->ssid, c->schid));
	KUNIT_EXPECT_EQ(test, fake->released, 1);
	KUNIT_EXPECT_EQ(test, find(image, c->sid), 0);
	KUNIT_EXPECT_EQ(test, -ENODEV,
			fake_remove(&image->css, c->ssid, c->schid));
	/* The image's own is still there. */
	KUNIT_EXPECT_EQ(test, find(image, IMAGE_SID), IMAGE_SID);
}

/* If a subchannel is refused, its device remains the caller's. */
static void css_duplicate_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct fake_device *fake = fake_device_create(test);
	struct subchannel *sch;

	KUNIT_EXPECT_EQ(test, -EEXIST,
			fake_add(&image->css, IMAGE_SSID, IMAGE_SCHID, 1, 2,
				 &fake->dev));
	KUNIT_EXPECT_EQ(test, fake->released, 0);
	sch = image_find(image);
	KUNIT_EXPECT_PTR_EQ(test, sch->dev, &image->fake->dev);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(sch->schib.pmcw.devno), IMAGE_DEVNO);
	subchannel_put(sch);
}

/* A number can be used again after its subchannel has been removed. */
static void css_add_again_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct fake_device *fake;
	struct css_schib schib;

	image_enable(image, IMAGE_ISC, 0);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_USERSPACE);
	fake = add(image, IMAGE_SSID, IMAGE_SCHID);
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_EXPECTED);
	/* The subchannel is a new one, and so is not enabled. */
	KUNIT_EXPECT_EQ(test, be16_to_cpu(schib.pmcw.flags),
			PMCW_VALID | PMCW_TIMING);
	KUNIT_EXPECT_EQ(test, fake->released, 0);
}

/* SIDs for css_find_next(); 0.1.0012 is in the image as well */
static const u32 next_sids[] = {
	0x00010000, 0x00010005, 0x0001ffff, 0x00070003,
};

struct next_case {
	const char *name;
	u32 from;
	u32 found;
};

static const struct next_case next_cases[] = {
	{ "at the first", 0x00010000, 0x00010000 },
	{ "behind the first", 0x00010001, 0x00010005 },
	{ "at one in the middle", 0x00010005, 0x00010005 },
	{ "over a gap", 0x00010006, 0x0001ffff },
	{ "at the highest number of a set", 0x0001ffff, 0x0001ffff },
	{ "from the beginning of a set", 0x00030000, IMAGE_SID },
	{ "at the only one of a set", IMAGE_SID, IMAGE_SID },
	{ "behind the last of a set", IMAGE_SID + 1, 0x00070003 },
	{ "from an empty set", 0x00050000, 0x00070003 },
	{ "at the last of all", 0x00070003, 0x00070003 },
	{ "behind the last of all", 0x00070004, 0 },
	{ "at the highest of all", 0x0007ffff, 0 },
};

KUNIT_ARRAY_PARAM_DESC(next, next_cases, name);

static void css_find_next_test(struct kunit *test)
{
	const struct next_case *c = test->param_value;
	struct fake_image *image = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(next_sids); i++)
		add(image, (next_sids[i] & SID_SSID) >> SID_SSID_SHIFT,
		    next_sids[i] & SID_NUMBER);
	KUNIT_EXPECT_EQ(test, find_next(image, c->from), c->found);
}

/*
 * Make another image; allocate it, because it is too large for a kernel stack.
 */
static struct css *another_image(struct fake_image *image)
{
	struct kunit *test = image->guest.test;
	struct css *css = kunit_kzalloc(test, sizeof(*css), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, css);
	KUNIT_ASSERT_EQ(test, 0, css_init(css, &image->guest, false));
	return css;
}

/* Destroying an image releases each device that is left, once. */
static void css_destroy_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct fake_device *fakes[CSS_SETS];
	struct css *css = another_image(image);
	int i;

	for (i = 0; i < CSS_SETS; i++) {
		fakes[i] = fake_device_create(test);
		KUNIT_EXPECT_EQ(test, 0, fake_add(css, i, 0xffff >> i, 0, 0,
						  &fakes[i]->dev));
	}
	css_destroy(css);
	for (i = 0; i < CSS_SETS; i++)
		KUNIT_EXPECT_EQ(test, fakes[i]->released, 1);
	KUNIT_EXPECT_EQ(test, image->fake->released, 0);
}

/* Two images have nothing to do with each other. */
static void css_two_images_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct fake_device *fake = fake_device_create(test);
	struct css *css = another_image(image);
	struct subchannel *sch;

	sch = css_find(css, IMAGE_SID);
	KUNIT_EXPECT_NULL(test, sch);
	KUNIT_EXPECT_EQ(test, 0, fake_add(css, IMAGE_SSID, IMAGE_SCHID, 0, 0,
					  &fake->dev));
	sch = image_find(image);
	KUNIT_EXPECT_PTR_EQ(test, sch->dev, &image->fake->dev);
	subchannel_put(sch);
	css_destroy(css);
}

/*
 * A thread that has looked a subchannel up may go on using it after its
 * removal.
 */
static void css_reference_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct subchannel *sch;
	struct css_schib schib;
	u32 generation, len;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	sch = image_find(image);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, image->fake->released, 0);
	EXPECT_CC(test, subchannel_store(sch, &schib),
		  IOINST_CC_NOT_OPERATIONAL);
	EXPECT_CC(test, subchannel_modify(sch, &schib),
		  IOINST_CC_NOT_OPERATIONAL);
	EXPECT_CC(test, subchannel_start(sch, &orb), IOINST_CC_NOT_OPERATIONAL);
	EXPECT_CC(test, subchannel_peek(sch, &irb, &len, &generation),
		  IOINST_CC_NOT_OPERATIONAL);
	KUNIT_EXPECT_EQ(test, image->fake->done, 0);
	subchannel_put(sch);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
}

/* Removing a subchannel with status pending withdraws its interruption. */
static void css_remove_pending_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image_start(image);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
	KUNIT_EXPECT_EQ(test, image->guest.withdrawn, 1);
}

/*
 * A subchannel is removed while its device executes a command: the device is
 * told to stop, and no interruption comes of it.
 */
static void css_remove_working_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image_start_blocked(image);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_FALSE(test, READ_ONCE(image->fake->busy));
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	KUNIT_EXPECT_EQ(test, image->guest.storage[IMAGE_DATA],
			fake_background(IMAGE_DATA));
}

/* A vCPU in START SUBCHANNEL, beside the thread of the test case */
struct starting_vcpu {
	struct fake_image *image;
	struct css_orb orb;
	ioinst_ending_t ending;
	struct work_struct work;
};

static void starting_vcpu_work(struct work_struct *work)
{
	struct starting_vcpu *vcpu = container_of(work, struct starting_vcpu,
						  work);

	vcpu->image->guest.thread = current;
	vcpu->ending = image_ssch(vcpu->image, &vcpu->orb);
}

/*
 * The same while the vCPU itself runs the program: the removal waits for it
 * too.
 */
static void css_remove_vcpu_working_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct starting_vcpu vcpu = { .image = image };

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &vcpu.orb);
	image->fake->blocks = true;
	INIT_WORK_ONSTACK(&vcpu.work, starting_vcpu_work);
	schedule_work(&vcpu.work);
	wait_for_completion(&image->fake->in_command);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_FALSE(test, READ_ONCE(image->fake->busy));
	flush_work(&vcpu.work);
	destroy_work_on_stack(&vcpu.work);
	EXPECT_CC(test, vcpu.ending, IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
}

/* The same if the whole image is destroyed */
static void css_destroy_working_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image_start_blocked(image);
	css_destroy(&image->css);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	KUNIT_ASSERT_EQ(test, 0, css_init(&image->css, &image->guest, false));
}

static void is_the_kernels(void *arg, u32 sid)
{
	struct fake_image *image = arg;
	struct subchannel *sch;
	bool vacant;

	sch = css_lookup(&image->css, sid, &vacant);
	KUNIT_EXPECT_TRUE(image->guest.test, sch || vacant);
	if (sch)
		subchannel_put(sch);
}

/*
 * A number that is free belongs to the VMM, with its interruptions.  So the
 * kernel must withdraw its own interruption before it frees the number.
 */
static void css_withdrawn_before_free(struct kunit *test, bool stop,
				      enum css_removal how)
{
	struct fake_image *image = test->priv;

	image->guest.at_withdrawal = is_the_kernels;
	image->guest.at_withdrawal_arg = image;
	image_start(image);
	KUNIT_ASSERT_TRUE(test, fake_wait_injected(&image->guest, 1));
	if (stop)
		css_stop(&image->css);
	else
		KUNIT_EXPECT_EQ(test, 0, css_remove(&image->css, IMAGE_SSID,
						    IMAGE_SCHID, how, false));
	KUNIT_EXPECT_EQ(test, image->guest.withdrawn, 1);
	image->guest.at_withdrawal = NULL;
}

static void css_remove_withdrawn_test(struct kunit *test)
{
	css_withdrawn_before_free(test, false, CSS_REMOVE);
}

static void css_vacate_withdrawn_test(struct kunit *test)
{
	css_withdrawn_before_free(test, false, CSS_VACATE);
}

static void css_stop_withdrawn_test(struct kunit *test)
{
	css_withdrawn_before_free(test, true, CSS_REMOVE);
}

/* While a subchannel works, others can be used and removed. */
static void css_others_work_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct fake_device *fake;
	struct css_irb irb;

	image_start_blocked(image);
	fake = add(image, 0, 0);
	KUNIT_EXPECT_EQ(test, 0, fake_remove(&image->css, 0, 0));
	KUNIT_EXPECT_EQ(test, fake->released, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
}

/*
 * The module's own test control unit is removed during a WAIT of ten seconds.
 */
static void css_remove_waiting_test(struct kunit *test)
{
	const struct css_ccw1 ccw = {
		.cmd = WAIT_CMD,
		.count = cpu_to_be16(4),
		.cda = cpu_to_be32(IMAGE_DATA),
	};
	const __be32 usec = cpu_to_be32(WAIT_USEC);
	struct fake_image *image = test->priv;
	unsigned long began;
	struct css_device *dev;
	struct css_schib schib;
	struct css_orb orb;

	KUNIT_ASSERT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	dev = test_device_create(false);
	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	KUNIT_ASSERT_EQ(test, 0, fake_add(&image->css, IMAGE_SSID, IMAGE_SCHID,
					  0, 0, dev));
	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	fake_put(&image->guest, IMAGE_PROG, &ccw, sizeof(ccw));
	fake_put(&image->guest, IMAGE_DATA, &usec, sizeof(usec));
	began = jiffies;
	EXPECT_CC(test, image_ssch(image, &orb), IOINST_CC_EXPECTED);
	msleep(50);
	image_stsch(image, &schib);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.scsw.flags) &
			      (SCSW_FC | SCSW_SC), SCSW_FC_START);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_LT(test, jiffies - began, AT_ONCE);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
}

static struct kunit_case css_test_cases[] = {
	KUNIT_CASE_PARAM(css_sid_test, sid_gen_params),
	KUNIT_CASE_PARAM(css_find_test, sid_gen_params),
	KUNIT_CASE(css_duplicate_test),
	KUNIT_CASE(css_add_again_test),
	KUNIT_CASE_PARAM(css_find_next_test, next_gen_params),
	KUNIT_CASE(css_destroy_test),
	KUNIT_CASE(css_two_images_test),
	KUNIT_CASE(css_reference_test),
	KUNIT_CASE(css_remove_pending_test),
	KUNIT_CASE(css_remove_working_test),
	KUNIT_CASE(css_remove_vcpu_working_test),
	KUNIT_CASE(css_destroy_working_test),
	KUNIT_CASE(css_remove_withdrawn_test),
	KUNIT_CASE(css_vacate_withdrawn_test),
	KUNIT_CASE(css_stop_withdrawn_test),
	KUNIT_CASE(css_others_work_test),
	KUNIT_CASE(css_remove_waiting_test),
	{}
};

static struct kunit_suite css_suite = {
	.name = "kvm_css_image",
	.init = image_init,
	.exit = image_exit,
	.test_cases = css_test_cases,
};

kunit_test_suite(css_suite);
