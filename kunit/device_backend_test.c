// SPDX-License-Identifier: GPL-2.0
/*
 * The test control unit with a backend, in real time: "Test backend" in
 * Documentation/devices.rst.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/string.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/subchannel.h>

#include "fake_image.h"

#define CMD_SCRIPT	0x4b
#define SOON_US		2000
#define LATE_US		10000000
#define MAX_STEPS	8
#define CC1		SCSW_DEFERRED_CC1
#define CC3		SCSW_DEFERRED_CC3

/* As the guest stores it */
struct step {
	__be32 us;
	__be32 flags;
	u8     dstat;
	u8     cstat;
	__be16 count;
	__be32 zeros;
};

struct script {
	u8     cc[6];
	u8     active;
	u8     zero;
	__be32 stop_us;
	__be32 zeros;
	struct step steps[MAX_STEPS + 1];
};

#define HEAD		offsetof(struct script, steps)

/* The order of the condition codes */
enum { CC_SSCH, CC_RSCH, CC_HSCH, CC_CSCH, CC_XSCH, CC_MSCH };

static int device_backend_init(struct kunit *test)
{
	struct fake_image *image;
	struct css_device *dev;

	image_init(test);
	image = test->priv;
	KUNIT_ASSERT_EQ(test, 0, fake_remove(&image->css, IMAGE_SSID,
					     IMAGE_SCHID));
	dev = test_backend_create();
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	KUNIT_ASSERT_EQ(test, 0, fake_add(&image->css, IMAGE_SSID, IMAGE_SCHID,
					  IMAGE_DEVNO, IMAGE_CHPID, dev));
	image_enable(image, IMAGE_ISC, 0);
	return 0;
}

static ioinst_ending_t start(struct fake_image *image, u8 cmd, u16 len)
{
	const struct css_ccw1 ccw = {
		.cmd = cmd,
		.count = cpu_to_be16(len),
		.cda = cpu_to_be32(IMAGE_DATA),
	};
	struct css_orb orb;

	image_load(image, &orb);
	orb.flags |= cpu_to_be32(ORB_SUSPEND);
	fake_put(&image->guest, IMAGE_PROG, &ccw, sizeof(ccw));
	return image_ssch(image, &orb);
}

/* Start a program with a script of so many steps. */
static ioinst_ending_t start_script(struct fake_image *image,
				    const struct script *script,
				    unsigned int steps)
{
	u16 len = HEAD + steps * sizeof(struct step);

	fake_put(&image->guest, IMAGE_DATA, script, len);
	return start(image, CMD_SCRIPT, len);
}

static struct step step(u32 us, u32 flags, u8 dstat)
{
	return (struct step){
		.us = cpu_to_be32(us),
		.flags = cpu_to_be32(flags),
		.dstat = dstat,
	};
}

static void expect_status(struct fake_image *image, unsigned int nr, u32 flags,
			  u8 dstat)
{
	const u32 shown = CONTROL | SCSW_DEFERRED_CC;
	struct kunit *test = image->guest.test;
	struct css_irb irb;

	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, nr));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & shown, flags);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, dstat);
}

/* Each kind of status, one after the other, in one script */
static void script_steps_test(struct kunit *test)
{
	const struct script script = {
		.active = 1,
		.steps = {
			step(SOON_US, START | ACTIVE | INTERMEDIATE, 0),
			step(SOON_US, START | DEVICE | PRIMARY, CE),
			step(SOON_US, SECONDARY, DE),
			/* This one is dropped: no function is in progress. */
			step(SOON_US, START | ENDED, CE_DE),
			step(SOON_US, UNSOLICITED, ATTENTION),
		},
	};
	struct fake_image *image = test->priv;

	EXPECT_CC(test, start_script(image, &script, 5), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, image_control(image) & ~SCSW_SC, START | ACTIVE);
	expect_status(image, 1, START | ACTIVE | INTERMEDIATE, 0);
	expect_status(image, 2, START | DEVICE | PRIMARY, CE);
	/* The device works on, or a slow host has let it end meanwhile. */
	KUNIT_EXPECT_TRUE(test, image_control(image) & (DEVICE | SECONDARY));
	expect_status(image, 3, SECONDARY, DE);
	expect_status(image, 4, UNSOLICITED, ATTENTION);
	KUNIT_EXPECT_EQ(test, image_state(image), SCH_IDLE);
}

static void script_deferred_test(struct kunit *test)
{
	struct script script = {
		.steps = { step(0, CC1 | START_PENDING | UNSOLICITED, BUSY) },
	};
	struct fake_image *image = test->priv;

	EXPECT_CC(test, start_script(image, &script, 1), IOINST_CC_EXPECTED);
	expect_status(image, 1, CC1 | START_PENDING | UNSOLICITED, BUSY);
	script.steps[0] = step(0, CC3 | START_PENDING | CHECKED, 0);
	EXPECT_CC(test, start_script(image, &script, 1), IOINST_CC_EXPECTED);
	expect_status(image, 2, CC3 | START_PENDING | CHECKED, 0);
}

/* A suspended script goes on after RESUME SUBCHANNEL. */
static void script_suspend_test(struct kunit *test)
{
	const struct script script = {
		.steps = { step(0, SUSPENDED | INTERMEDIATE, 0),
			   step(0, START | ENDED, CE_DE) },
	};
	struct fake_image *image = test->priv;

	EXPECT_CC(test, start_script(image, &script, 2), IOINST_CC_EXPECTED);
	expect_status(image, 1, SUSPENDED | INTERMEDIATE, 0);
	KUNIT_EXPECT_EQ(test, image_state(image), SCH_SUSPENDED);
	image_must(image, IOINST_RSCH);
	expect_status(image, 2, START | ENDED, CE_DE);
}

/* The condition codes */

static void script_codes_test(struct kunit *test)
{
	struct script script = {};
	struct fake_image *image = test->priv;
	struct css_schib schib;
	u8 cc;

	for (cc = 1; cc < 4; cc++) {
		memset(script.cc, cc, sizeof(script.cc));
		script.cc[CC_CSCH] = 3;
		EXPECT_CC(test, start_script(image, &script, 0), IOINST_CC(cc));
		EXPECT_CC(test, image_execute(image, IOINST_HSCH), IOINST_CC(cc));
		EXPECT_CC(test, image_execute(image, IOINST_CSCH), IOINST_CC(3));
		image_stsch(image, &schib);
		EXPECT_CC(test, image_msch(image, &schib), IOINST_CC(cc));
		script.cc[CC_SSCH] = 0;
		EXPECT_CC(test, start_script(image, &script, 0), IOINST_CC(0));
		EXPECT_CC(test, image_execute(image, IOINST_RSCH), IOINST_CC(cc));
		EXPECT_CC(test, image_execute(image, IOINST_XSCH), IOINST_CC(cc));
		EXPECT_CC(test, image_execute(image, IOINST_HSCH), IOINST_CC(cc));
		KUNIT_EXPECT_EQ(test, image_control(image), START_PENDING);
		KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_ALL));
		image_enable(image, IMAGE_ISC, 0);
	}
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
}

/* Stopping a script */

struct stop_case {
	const char *name;
	u16 opcode;
	u8  active;
	u32 flags;
	u8  dstat;
};

static const struct stop_case stop_cases[] = {
	{ "halt of an active program", IOINST_HSCH, 1, START | HALT | ENDED,
	  CE_DE },
	{ "halt of a program that has not begun", IOINST_HSCH, 0,
	  CC1 | START | HALT | SCSW_AC_START_PENDING | SCSW_SC_PENDING, 0 },
	{ "clear", IOINST_CSCH, 1, CLEAR | SCSW_SC_PENDING, 0 },
};

KUNIT_ARRAY_PARAM_DESC(stop, stop_cases, name);

static void script_stop_test(struct kunit *test)
{
	const struct stop_case *c = test->param_value;
	const struct script script = {
		.active = c->active,
		.stop_us = cpu_to_be32(SOON_US),
		.steps = { step(LATE_US, START | ENDED, CE_DE) },
	};
	struct fake_image *image = test->priv;
	unsigned int i;

	for (i = 1; i < 3; i++) {
		EXPECT_CC(test, start_script(image, &script, 1),
			  IOINST_CC_EXPECTED);
		image_must(image, c->opcode);
		expect_status(image, i, c->flags, c->dstat);
	}
}

static void script_cancel_test(struct kunit *test)
{
	const struct script script = {
		.steps = { step(LATE_US, START | ENDED, CE_DE) },
	};
	struct fake_image *image = test->priv;

	EXPECT_CC(test, start_script(image, &script, 1), IOINST_CC_EXPECTED);
	image_must(image, IOINST_XSCH);
	KUNIT_EXPECT_EQ(test, image_state(image), SCH_IDLE);
	EXPECT_CC(test, start(image, CU_CMD_NOOP, 1), IOINST_CC_EXPECTED);
	expect_status(image, 1, START | ENDED, CE_DE);
}

/* Scripts that are refused */

struct bad_case {
	const char *name;
	size_t at;
	u8 byte;
	u16 len;
	u8 dstat;
	u8 cstat;
};

#define BAD(name_, at_, byte_) \
	{ name_, at_, byte_, HEAD + sizeof(struct step), CE_DE | UNIT_CHECK, 0 }
#define LENGTH(name_, len_) { name_, 0, 0, len_, 0, CSTAT_PROGRAM_CHECK }

static const struct bad_case bad_cases[] = {
	BAD("condition code 4", 0, 4),
	BAD("condition code 1 of clear", CC_CSCH, 1),
	BAD("condition code 2 of clear", CC_CSCH, 2),
	BAD("active twice", offsetof(struct script, active), 2),
	BAD("byte 7", offsetof(struct script, zero), 1),
	BAD("a long stop", offsetof(struct script, stop_us), 1),
	BAD("bytes 12 to 15", offsetof(struct script, zeros), 1),
	BAD("a long step", HEAD, 1),
	BAD("zeros of a step", HEAD + 12, 1),
	LENGTH("too short", HEAD - 1),
	LENGTH("a part of a step", HEAD + 1),
	LENGTH("too many steps", sizeof(struct script)),
};

KUNIT_ARRAY_PARAM_DESC(bad, bad_cases, name);

static void script_bad_test(struct kunit *test)
{
	const struct bad_case *c = test->param_value;
	struct script script = { .steps = { step(0, START | ENDED, CE_DE) } };
	struct fake_image *image = test->priv;
	struct css_irb irb;

	((u8 *)&script)[c->at] = c->byte;
	fake_put(&image->guest, IMAGE_DATA, &script, sizeof(script));
	EXPECT_CC(test, start(image, CMD_SCRIPT, c->len), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), START | CHECKED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, c->dstat);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, c->cstat);
}

/* The second one of two programs isn't disturbed by the first one's script. */
static void script_removed_test(struct kunit *test)
{
	const struct script script = {
		.steps = { step(LATE_US, START | ENDED, CE_DE) },
	};
	struct fake_image *image = test->priv;

	EXPECT_CC(test, start_script(image, &script, 1), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_ALL));
	image_enable(image, IMAGE_ISC, 0);
	EXPECT_CC(test, start(image, 0xff, 1), IOINST_CC_EXPECTED);
	expect_status(image, 1, START | CHECKED, UNIT_CHECK);
	EXPECT_CC(test, start_script(image, &script, 1), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, 0, fake_remove(&image->css, IMAGE_SSID,
					     IMAGE_SCHID));
}

static struct kunit_case device_backend_cases[] = {
	KUNIT_CASE(script_steps_test),
	KUNIT_CASE(script_deferred_test),
	KUNIT_CASE(script_suspend_test),
	KUNIT_CASE(script_codes_test),
	KUNIT_CASE_PARAM(script_stop_test, stop_gen_params),
	KUNIT_CASE(script_cancel_test),
	KUNIT_CASE_PARAM(script_bad_test, bad_gen_params),
	KUNIT_CASE(script_removed_test),
	{}
};

static struct kunit_suite device_backend_suite = {
	.name = "kvm_css_device_backend",
	.init = device_backend_init,
	.exit = image_exit,
	.test_cases = device_backend_cases,
};

kunit_test_suite(device_backend_suite);
