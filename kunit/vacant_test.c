// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers at which a subchannel has no device, and numbers without a
 * subchannel: Principles of Operation chapter 14, for how each instruction ends
 * if the device-number-valid bit is zero, and condition code 3; chapter 6 for
 * what is recognized before.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include <kvm_css/subchannel.h>

#include "fake_image.h"

#define OPERAND		(FAKE_LOGICAL + IMAGE_OPERAND)

/* What is at the number */
enum place {
	VACATED,	/* a subchannel without a device */
	NOTHING,	/* no subchannel, and no VMM that could have one */
};

/**
 * struct vacant_case - an instruction for such a number
 * @name: the rule
 * @place: what is at the number
 * @opcode: the instruction
 * @ending: how it ends
 * @addr: second-operand address; 0 for OPERAND
 * @word: which word of the operand @set is added to
 * @set: bits
 * @bad: 1 + offset of an operand byte that can't be accessed; 0 if all can be
 */
struct vacant_case {
	const char *name;
	enum place place;
	u16 opcode;
	ioinst_ending_t ending;
	u64 addr;
	u32 word;
	u32 set;
	u32 bad;
};

#define CC(n_)		IOINST_CC(n_)
#define ACCESS		IOINST_ACCESS_EXCEPTION

static const struct vacant_case vacant_cases[] = {
	{ "STSCH: cc 0, V zero", VACATED, IOINST_STSCH, CC(0) },
	{ "MSCH: cc 0, nothing to modify", VACATED, IOINST_MSCH, CC(0) },
	{ "SSCH: cc 3", VACATED, IOINST_SSCH, CC(3) },
	{ "TSCH: cc 3", VACATED, IOINST_TSCH, CC(3) },
	{ "CSCH: cc 3", VACATED, IOINST_CSCH, CC(3) },
	{ "HSCH: cc 3", VACATED, IOINST_HSCH, CC(3) },
	{ "RSCH: cc 3", VACATED, IOINST_RSCH, CC(3) },
	{ "XSCH: cc 3", VACATED, IOINST_XSCH, CC(3) },
	{ "STSCH: access before cc 0", VACATED, IOINST_STSCH, ACCESS,
	  .bad = 52 },
	{ "MSCH: access before cc 0", VACATED, IOINST_MSCH, ACCESS, .bad = 52 },
	{ "SSCH: access before cc 3", VACATED, IOINST_SSCH, ACCESS, .bad = 12 },
	{ "SSCH: access to the extension before cc 3", VACATED, IOINST_SSCH,
	  ACCESS, .word = 1, .set = ORB_EXTENSION, .bad = 32 },
	{ "TSCH: access before cc 3", VACATED, IOINST_TSCH, ACCESS, .bad = 64 },
	{ "MSCH: operand before cc 0", VACATED, IOINST_MSCH, IOINST_OPERAND,
	  .word = 1, .set = 0x02000000 },
	{ "MSCH: bit 5 is ignored", VACATED, IOINST_MSCH, CC(0),
	  .word = 1, .set = 0x04000000 },
	{ "SSCH: operand before cc 3", VACATED, IOINST_SSCH, IOINST_OPERAND,
	  .word = 1, .set = 0x00000020 },
	{ "SSCH: access before operand", VACATED, IOINST_SSCH, ACCESS,
	  .word = 1, .set = 0x00000020, .bad = 1 },
	{ "STSCH: specification first", VACATED, IOINST_STSCH,
	  IOINST_SPECIFICATION, .addr = OPERAND + 2, .bad = 4 },
	{ "TSCH: specification first", VACATED, IOINST_TSCH,
	  IOINST_SPECIFICATION, .addr = OPERAND + 1, .bad = 4 },

	{ "no subchannel, STSCH: cc 3", NOTHING, IOINST_STSCH, CC(3) },
	{ "no subchannel, MSCH: cc 3", NOTHING, IOINST_MSCH, CC(3) },
	{ "no subchannel, SSCH: cc 3", NOTHING, IOINST_SSCH, CC(3) },
	{ "no subchannel, TSCH: cc 3", NOTHING, IOINST_TSCH, CC(3) },
	{ "no subchannel, CSCH: cc 3", NOTHING, IOINST_CSCH, CC(3) },
	{ "no subchannel, HSCH: cc 3", NOTHING, IOINST_HSCH, CC(3) },
	{ "no subchannel, RSCH: cc 3", NOTHING, IOINST_RSCH, CC(3) },
	{ "no subchannel, XSCH: cc 3", NOTHING, IOINST_XSCH, CC(3) },
	{ "no subchannel, STSCH: access before cc 3", NOTHING, IOINST_STSCH,
	  ACCESS, .bad = 1 },
	{ "no subchannel, TSCH: access before cc 3", NOTHING, IOINST_TSCH,
	  ACCESS, .bad = 64 },
	{ "no subchannel, MSCH: operand before cc 3", NOTHING, IOINST_MSCH,
	  IOINST_OPERAND, .word = 6, .set = 0x80000000 },
	{ "no subchannel, SSCH: operand before cc 3", NOTHING, IOINST_SSCH,
	  IOINST_OPERAND, .word = 2, .set = 0x80000000 },
};

KUNIT_ARRAY_PARAM_DESC(vacant, vacant_cases, name);

static void make_place(struct fake_image *image, enum place place)
{
	struct kunit *test = image->guest.test;

	if (place == VACATED) {
		KUNIT_ASSERT_EQ(test, 0, css_remove(&image->css, IMAGE_SSID,
						    IMAGE_SCHID, CSS_VACATE,
						    false));
		return;
	}
	KUNIT_ASSERT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	image->css.alone = true;
	image->css.mss = true;
}

/* Store an operand that is valid apart from what the row adds. */
static void put_operand(struct fake_image *image, const struct vacant_case *c)
{
	u8 zeros[CSS_IRB_SIZE] = {};
	__be32 word = cpu_to_be32(c->set);

	memcpy(zeros + c->word * 4, &word, sizeof(word));
	fake_put(&image->guest, IMAGE_OPERAND, zeros, sizeof(zeros));
}

static void vacant_test(struct kunit *test)
{
	const struct vacant_case *c = test->param_value;
	struct fake_image *image = test->priv;
	const struct ioinst insn = {
		.opcode = c->opcode,
		.gpr1 = IMAGE_SID,
		.addr = c->addr ?: OPERAND,
	};
	const u8 zeros[sizeof(struct css_schib)] = {};
	bool stores = c->opcode == IOINST_STSCH && c->ending == CC(0);

	make_place(image, c->place);
	if (stores)
		memset(image->guest.storage + IMAGE_OPERAND, 0xff, 64);
	else
		put_operand(image, c);
	if (c->bad)
		image->vcpu.bad = (struct fake_range){
			IMAGE_OPERAND + c->bad - 1, 1
		};
	image->vcpu.bad_ending = ACCESS;
	EXPECT_CC(test, image_insn(image, &insn),
		  c->ending);
	KUNIT_EXPECT_EQ(test, image->vcpu.stores, stores);
	if (stores)
		KUNIT_EXPECT_MEMEQ(test, image->guest.storage + IMAGE_OPERAND,
				   zeros, sizeof(zeros));
}

/*
 * Those who look for subchannels don't find the number, and it can be used
 * again.
 */
static void vacant_add_test(struct kunit *test)
{
	struct fake_device *fake = fake_device_create(test);
	struct fake_image *image = test->priv;
	struct css_schib schib;
	struct subchannel *sch;
	bool vacant = false;
	struct css_irb irb;

	make_place(image, VACATED);
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
	KUNIT_EXPECT_TRUE(test, css_vacant(&image->css, IMAGE_SID));
	KUNIT_EXPECT_NULL(test, css_find(&image->css, IMAGE_SID));
	KUNIT_EXPECT_NULL(test, css_find_next(&image->css, IMAGE_SID));
	KUNIT_EXPECT_NULL(test, css_lookup(&image->css, IMAGE_SID, &vacant));
	KUNIT_EXPECT_TRUE(test, vacant);
	KUNIT_EXPECT_EQ(test, image->css.paths[IMAGE_CHPID], 0);
	/* A number that is vacant already can't be vacated. */
	KUNIT_EXPECT_EQ(test, -ENODEV,
			css_remove(&image->css, IMAGE_SSID, IMAGE_SCHID,
				   CSS_VACATE, false));

	KUNIT_EXPECT_EQ(test, 0, fake_add(&image->css, IMAGE_SSID, IMAGE_SCHID,
					  0x1234, IMAGE_CHPID, &fake->dev));
	KUNIT_EXPECT_FALSE(test, css_vacant(&image->css, IMAGE_SID));
	KUNIT_EXPECT_EQ(test, image->css.paths[IMAGE_CHPID], 1);
	sch = css_lookup(&image->css, IMAGE_SID, &vacant);
	KUNIT_ASSERT_NOT_NULL(test, sch);
	KUNIT_EXPECT_FALSE(test, vacant);
	subchannel_put(sch);
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(schib.pmcw.devno), 0x1234);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(schib.pmcw.flags),
			PMCW_VALID | PMCW_TIMING);
	/* The new device is used, not the one that was there before. */
	image->fake = fake;
	image_start(image);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
}

/* A vacant number can be removed altogether. */
static void vacant_remove_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_schib schib;

	make_place(image, VACATED);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_FALSE(test, css_vacant(&image->css, IMAGE_SID));
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_USERSPACE);
	KUNIT_EXPECT_EQ(test, -ENODEV,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, image->fake->released, 1);
}

static struct kunit_case vacant_test_cases[] = {
	KUNIT_CASE_PARAM(vacant_test, vacant_gen_params),
	KUNIT_CASE(vacant_add_test),
	KUNIT_CASE(vacant_remove_test),
	{}
};

static struct kunit_suite vacant_suite = {
	.name = "kvm_css_vacant",
	.init = image_init,
	.exit = image_exit,
	.test_cases = vacant_test_cases,
};

kunit_test_suite(vacant_suite);
