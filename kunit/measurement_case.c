// SPDX-License-Identifier: GPL-2.0
/*
 * What the measurement suites share, see measurement_case.h.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/string.h>

#include "measurement_case.h"

static const struct format_case format_cases[] = {
	{ "format 0", 0, ORIGIN, 0xffff },
	{ "format 1", FORMAT1, MBA, 0xffffffff },
};

static void format_desc(const struct format_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(formats, format_cases, format_desc);

const void *format_gen_params(const void *prev, char *desc)
{
	return formats_gen_params(prev, desc);
}

void get_block(struct fake_image *image, u64 addr, bool format1,
	       struct block *block)
{
	u8 *at = fake_at(&image->guest, addr, 1);
	struct css_block0 *block0 = (void *)at;
	struct css_block1 *block1 = (void *)at;

	if (format1)
		*block = (struct block){
			.starts = be32_to_cpu(block1->starts),
			.samples = be32_to_cpu(block1->samples),
			.connect = be32_to_cpu(block1->device_connect_time),
			.pending = be32_to_cpu(block1->function_pending_time),
			.disconnect =
				be32_to_cpu(block1->device_disconnect_time),
		};
	else
		*block = (struct block){
			.starts = be16_to_cpu(block0->starts),
			.samples = be16_to_cpu(block0->samples),
			.connect = be32_to_cpu(block0->device_connect_time),
			.pending = be32_to_cpu(block0->function_pending_time),
			.disconnect =
				be32_to_cpu(block0->device_disconnect_time),
		};
}

void set_blocks(struct fake_image *image, u8 byte)
{
	memset(image->guest.storage + ORIGIN - AROUND, byte, 0x2000 + AROUND);
	memset(fake_at(&image->guest, FAKE_HIGH, FAKE_HIGH_SIZE), byte,
	       FAKE_HIGH_SIZE);
}

void monitor(struct fake_image *image, u64 origin, bool update)
{
	const struct css_monitor what = { .origin = origin, .update = update };

	mutex_lock(&image->css.lock);
	measurement_set(&image->css.shared, &what);
	mutex_unlock(&image->css.lock);
}

void enable(struct fake_image *image, u16 mode, u32 chars, u16 mbi, u64 mba)
{
	struct kunit *test = image->guest.test;
	struct css_schib schib;

	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_EXPECTED);
	schib.pmcw.flags = cpu_to_be16(PMCW_ENABLED | mode);
	schib.pmcw.chars = cpu_to_be32(chars);
	schib.pmcw.mbi = cpu_to_be16(mbi);
	schib.mba = cpu_to_be64(mba);
	EXPECT_CC(test, image_msch(image, &schib), IOINST_CC_EXPECTED);
}

void measure(struct fake_image *image)
{
	set_blocks(image, 0);
	monitor(image, ORIGIN, true);
	enable(image, PMCW_BLOCK_UPDATE, 0, 0, 0);
}

void start(struct fake_image *image)
{
	struct css_orb orb;

	image_load(image, &orb);
	image_must_start(image, &orb);
}

void start_blocked(struct fake_image *image)
{
	struct kunit *test = image->guest.test;
	struct css_orb orb;

	image_load(image, &orb);
	image->fake->must_wait = true;
	image->fake->blocks = true;
	image_must_start(image, &orb);
	KUNIT_ASSERT_NE(test, 0,
			wait_for_completion_timeout(&image->fake->in_command,
						    60 * HZ));
}

void test_ended(struct fake_image *image, struct css_irb *irb)
{
	struct kunit *test = image->guest.test;

	EXPECT_CC(test, image_tsch(image, irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(irb) & SCSW_SC, ENDED);
	KUNIT_EXPECT_EQ(test, irb->scsw.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, irb->scsw.cstat, 0);
}

void start_and_test(struct fake_image *image)
{
	struct css_irb irb;

	start(image);
	test_ended(image, &irb);
}

void expect_counts(struct fake_image *image, u64 addr, bool format1, u32 starts,
		   u32 samples)
{
	struct kunit *test = image->guest.test;
	struct block block;

	get_block(image, addr, format1, &block);
	KUNIT_EXPECT_EQ(test, block.starts, starts);
	KUNIT_EXPECT_EQ(test, block.samples, samples);
}

/* Two commands, the second with @flags */
static const struct fake_step two_steps[] = {
	STEP_GIVES(IMAGE_CMD, IMAGE_COUNT),
	STEP_GIVES(IMAGE_CMD, IMAGE_COUNT),
};

void load_two(struct fake_image *image, u8 flags, struct css_orb *orb)
{
	struct css_ccw1 ccws[2] = {};
	int i;

	image_load(image, orb);
	for (i = 0; i < 2; i++) {
		ccws[i].cmd = IMAGE_CMD;
		ccws[i].count = cpu_to_be16(IMAGE_COUNT);
		ccws[i].cda = cpu_to_be32(IMAGE_DATA);
	}
	ccws[0].flags = CCW_CC;
	ccws[1].flags = flags;
	fake_put(&image->guest, IMAGE_PROG, ccws, sizeof(ccws));
	orb->flags |= cpu_to_be32(ORB_SUSPEND);
	fake_device_script(image->fake, two_steps, 2);
}

void clear_suspend_flag(struct fake_image *image)
{
	const u8 flags = 0;

	fake_put(&image->guest, IMAGE_PROG + 8 + 1, &flags, sizeof(flags));
}

void sleep_some(void *arg)
{
	msleep(SOME_MS);
}
