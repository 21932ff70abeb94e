// SPDX-License-Identifier: GPL-2.0
/*
 * Measurement blocks: Principles of Operation chapter 17, "Channel-Subsystem
 * Monitoring": when a block is updated, where it is, and what it counts.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "measurement_case.h"

/* A block is updated only if both SCHM and the PMCW say so. */
struct mode_case {
	const char *name;
	struct css_monitor monitor;
	u16 mode;
	bool updated;
};

static const struct mode_case mode_cases[] = {
	{ "SCHM update, PMCW update", { .update = true }, PMCW_BLOCK_UPDATE,
	  true },
	{ "SCHM both, PMCW both", { .update = true, .connect_time = true },
	  PMCW_MEASUREMENT_MODE, true },
	{ "SCHM update, PMCW nothing", { .update = true }, 0, false },
	{ "SCHM update, PMCW connect time", { .update = true },
	  PMCW_CONNECT_TIME, false },
	{ "SCHM nothing, PMCW update", {}, PMCW_BLOCK_UPDATE, false },
	{ "SCHM nothing, PMCW both", {}, PMCW_MEASUREMENT_MODE, false },
	{ "SCHM connect time, PMCW update", { .connect_time = true },
	  PMCW_BLOCK_UPDATE, false },
	/*
	 * The timing facility isn't provided for this subchannel: bit T of the
	 * PMCW is zero.
	 */
	{ "SCHM connect time, PMCW connect time", { .connect_time = true },
	  PMCW_CONNECT_TIME, false },
};

KUNIT_ARRAY_PARAM_DESC(mode, mode_cases, name);

static void run_mode(struct kunit *test, u32 chars)
{
	const struct mode_case *c = test->param_value;
	struct css_monitor what = c->monitor;
	struct fake_image *image = test->priv;

	set_blocks(image, 0);
	what.origin = ORIGIN;
	mutex_lock(&image->css.lock);
	measurement_set(&image->css.shared, &what);
	mutex_unlock(&image->css.lock);
	enable(image, c->mode, chars, 0, MBA);
	start_and_test(image);
	expect_counts(image, ORIGIN, false, c->updated && !chars,
		      c->updated && !chars);
	expect_counts(image, MBA, true, c->updated && chars,
		      c->updated && chars);
}

static void mode_format0_test(struct kunit *test)
{
	run_mode(test, 0);
}

static void mode_format1_test(struct kunit *test)
{
	run_mode(test, PMCW_MB_FORMAT1);
}

/* Where the block is; nothing else in storage may change. */
struct place_case {
	const char *name;
	u64 origin;
	u16 mbi;
	u64 mba;
	u32 chars;
	u64 at;
};

static const struct place_case place_cases[] = {
	{ "format 0, index 0", ORIGIN, 0, MBA, 0, ORIGIN },
	{ "format 0, index 1", ORIGIN, 1, MBA, 0, ORIGIN + 32 },
	{ "format 0, index 5, odd origin", ORIGIN + 32, 5, 0, 0, ORIGIN + 192 },
	{ "format 0, last index, 2 GiB", HIGH - 0xffff * 32, 0xffff, 0, 0,
	  HIGH },
	{ "format 0, beyond 2 GiB", HIGH + 64, 0, 0, 0, HIGH + 64 },
	{ "format 1", ORIGIN, 1, MBA, FORMAT1, MBA },
	{ "format 1, no origin", 0, 0, MBA + 64, FORMAT1, MBA + 64 },
	{ "format 1, beyond 2 GiB", ORIGIN, 0, HIGH + 128, FORMAT1,
	  HIGH + 128 },
};

KUNIT_ARRAY_PARAM_DESC(place, place_cases, name);

static void place_test(struct kunit *test)
{
	const struct place_case *c = test->param_value;
	u32 size = c->chars ? 20 : 16;
	struct fake_image *image = test->priv;
	u8 *block, around[AROUND];

	set_blocks(image, 0);
	memset(around, 0, sizeof(around));
	monitor(image, c->origin, true);
	enable(image, PMCW_BLOCK_UPDATE, c->chars, c->mbi, c->mba);
	start_and_test(image);
	expect_counts(image, c->at, c->chars, 1, 1);
	block = fake_at(&image->guest, c->at, 1);
	KUNIT_EXPECT_MEMEQ(test, block - AROUND, around, AROUND);
	/*
	 * The other times are always zeros, and reserved words stay as they
	 * are.
	 */
	KUNIT_EXPECT_MEMEQ(test, block + size, around, AROUND);
	if (c->at != ORIGIN)
		expect_counts(image, ORIGIN, false, 0, 0);
	if (c->at != MBA)
		expect_counts(image, MBA, true, 0, 0);
}

/* Each field wraps around without changing the others. */
static void wrap_test(struct kunit *test)
{
	const struct format_case *c = test->param_value;
	struct fake_image *image = test->priv;
	u8 ones[44];
	struct block block;

	set_blocks(image, 0xff);
	memset(ones, 0xff, sizeof(ones));
	monitor(image, ORIGIN, true);
	enable(image, PMCW_BLOCK_UPDATE, c->chars, 0, MBA);
	image->fake->during = sleep_some;
	start_and_test(image);
	get_block(image, c->at, c->chars, &block);
	KUNIT_EXPECT_EQ(test, block.starts, 0);
	KUNIT_EXPECT_EQ(test, block.samples, 0);
	KUNIT_EXPECT_GE(test, block.connect, SOME_UNITS - 1);
	KUNIT_EXPECT_LT(test, block.connect, 0x80000000u);
	KUNIT_EXPECT_EQ(test, block.disconnect, 0xffffffffu);
	KUNIT_EXPECT_MEMEQ(test,
			   fake_at(&image->guest, c->at, 1) +
			   (c->chars ? 20 : 16), ones, c->chars ? 44 : 16);
}

static void count_test(struct kunit *test)
{
	const struct format_case *c = test->param_value;
	struct fake_image *image = test->priv;
	u32 before = c->count_mask - 3, i;
	__be32 word = cpu_to_be32(before);
	__be16 half = cpu_to_be16(before);

	set_blocks(image, 0);
	if (c->chars)
		fake_put(&image->guest, c->at, &word, sizeof(word));
	else
		fake_put(&image->guest, c->at, &half, sizeof(half));
	monitor(image, ORIGIN, true);
	enable(image, PMCW_BLOCK_UPDATE, c->chars, 0, MBA);
	for (i = 1; i <= 10; i++) {
		start_and_test(image);
		expect_counts(image, c->at, c->chars,
			      (before + i) & c->count_mask, i);
	}
}

/* Functions that don't end by themselves are counted, but have no sample. */

struct stop_case {
	const char *name;
	u16 opcode;
};

static const struct stop_case stop_cases[] = {
	{ "HALT SUBCHANNEL", IOINST_HSCH },
	{ "CLEAR SUBCHANNEL", IOINST_CSCH },
};

KUNIT_ARRAY_PARAM_DESC(stop, stop_cases, name);

static void stopped_test(struct kunit *test)
{
	const struct stop_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_irb irb;

	measure(image);
	start_blocked(image);
	image_must(image, c->opcode);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	expect_counts(image, ORIGIN, false, 1, 0);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	image->fake->must_wait = false;
	image->fake->blocks = false;
	start_and_test(image);
	expect_counts(image, ORIGIN, false, 2, 1);
}

/*
 * A start function that is halted before it has begun isn't counted in the
 * block at that time.  The next start function counts it as well, unless the
 * measurement block has been changed meanwhile.
 */
struct owed_case {
	const char *name;
	u16 mode;
	u32 chars;
	u16 mbi;
	u64 at;
	u32 starts;
};

static const struct owed_case owed_cases[] = {
	{ "the same block", PMCW_BLOCK_UPDATE, 0, 0, ORIGIN, 2 },
	{ "another index", PMCW_BLOCK_UPDATE, 0, 3, ORIGIN + 96, 1 },
	{ "another format", PMCW_BLOCK_UPDATE, FORMAT1, 0, MBA, 1 },
};

KUNIT_ARRAY_PARAM_DESC(owed, owed_cases, name);

static void owed_test(struct kunit *test)
{
	const struct owed_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_irb irb;

	measure(image);
	KUNIT_ASSERT_EQ(test, css_quiesce(&image->css, HZ), 0);
	start(image);
	image_must(image, IOINST_HSCH);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	css_unquiesce(&image->css);
	expect_counts(image, ORIGIN, false, 0, 0);
	enable(image, c->mode, c->chars, c->mbi, MBA);
	start_and_test(image);
	expect_counts(image, c->at, c->chars, c->starts, 1);
}

/* Without a path no start function begins, so none is counted. */
static void no_path_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	measure(image);
	enable(image, PMCW_BLOCK_UPDATE, PMCW_XMWME, 0, 0);
	image->fake->during = sleep_some;
	start_and_test(image);
	image_load(image, &orb);
	orb.flags = cpu_to_be32(ORB_FORMAT | 0x40 << ORB_LPM_SHIFT);
	image_must_start(image, &orb);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	expect_counts(image, ORIGIN, false, 1, 1);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.emw.device_connect_time), 0);
}

/* SCHM or a reset changes the mode while a program runs */

struct change_case {
	const char *name;
	u64 origin;
	bool update;
	u32 chars;
	u64 at;
};

static const struct change_case change_cases[] = {
	{ "SCHM has ended it, format 0", ORIGIN, false, 0, 0 },
	{ "SCHM has ended it, format 1", 0, false, FORMAT1, 0 },
	{ "SCHM has moved the origin", ORIGIN + 0x200, true, 0,
	  ORIGIN + 0x200 },
	{ "SCHM has moved the origin, format 1", ORIGIN + 0x200, true, FORMAT1,
	  MBA },
};

KUNIT_ARRAY_PARAM_DESC(change, change_cases, name);

static void change_test(struct kunit *test)
{
	const struct change_case *c = test->param_value;
	u32 updated = c->at != 0;
	struct fake_image *image = test->priv;

	measure(image);
	enable(image, PMCW_BLOCK_UPDATE, c->chars, 0, MBA);
	start_blocked(image);
	monitor(image, c->origin, c->update);
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	expect_counts(image, ORIGIN, false, 0, 0);
	expect_counts(image, c->at ?: MBA, c->chars, updated, updated);
}

static void reset_ends_it_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_monitor what;

	measure(image);
	start_and_test(image);
	KUNIT_EXPECT_EQ(test, css_reset(&image->css, CSS_RESET_ALL), 0);
	measurement_get(&image->css.shared, &what);
	KUNIT_EXPECT_FALSE(test, what.update);
	KUNIT_EXPECT_EQ(test, what.origin, 0);
	enable(image, PMCW_BLOCK_UPDATE, 0, 0, 0);
	start_and_test(image);
	expect_counts(image, ORIGIN, false, 1, 1);
}

/*
 * "Subchannel Logout": the block can't be updated.  The function ends as usual,
 * the subchannel is no longer measured, and the ESW says why.
 */
struct failing_case {
	const char *name;
	struct fake_range hole;
	struct fake_range readonly;
	struct fake_range broken;
	u64 origin;
	u64 mba;
	u32 chars;
	u32 logout;
};

#define PAGE_AT(addr_)	{ (addr_) & ~0xfffu, 0x1000 }

static const struct failing_case failing_cases[] = {
	{ "format 0, no storage", .hole = PAGE_AT(ORIGIN), .origin = ORIGIN,
	  .logout = LOGOUT_BLOCK_PROGRAM },
	{ "format 1, no storage", .hole = PAGE_AT(MBA), .mba = MBA,
	  .chars = FORMAT1, .logout = LOGOUT_BLOCK_PROGRAM },
	{ "format 0, protected", .readonly = PAGE_AT(ORIGIN), .origin = ORIGIN,
	  .logout = LOGOUT_BLOCK_PROTECTION },
	{ "format 1, protected", .readonly = PAGE_AT(MBA), .mba = MBA,
	  .chars = FORMAT1, .logout = LOGOUT_BLOCK_PROTECTION },
	{ "format 0, host error", .broken = PAGE_AT(ORIGIN), .origin = ORIGIN,
	  .logout = LOGOUT_BLOCK_DATA },
	{ "format 1, host error", .broken = PAGE_AT(MBA), .mba = MBA,
	  .chars = FORMAT1, .logout = LOGOUT_BLOCK_DATA },
	{ "format 0, address wraps around", .origin = ~0ull - 31,
	  .logout = LOGOUT_BLOCK_PROGRAM },
	{ "format 1, last address", .mba = ~0ull - 63, .chars = FORMAT1,
	  .logout = LOGOUT_BLOCK_PROGRAM },
	{ "format 1, 4 GiB and one block", .mba = 0x100000000ull + MBA,
	  .chars = FORMAT1, .logout = LOGOUT_BLOCK_PROGRAM },
};

KUNIT_ARRAY_PARAM_DESC(failing, failing_cases, name);

static void prepare_failing(struct fake_image *image,
			    const struct failing_case *c, u16 mode)
{
	set_blocks(image, 0);
	fake_mark(&image->guest, &c->hole, FAKE_HOLE);
	fake_mark(&image->guest, &c->readonly, FAKE_READONLY);
	fake_mark(&image->guest, &c->broken, FAKE_BROKEN);
	monitor(image, c->origin, true);
	/* With index 2, an origin at the end of storage wraps around. */
	enable(image, mode, c->chars, 2, c->mba);
}

static void expect_logout(struct fake_image *image, const struct css_irb *irb,
			  u32 logout)
{
	const u32 valid = LOGOUT_LPUM_VALID | LOGOUT_DSTAT_VALID |
			  LOGOUT_CPA_VALID;
	struct kunit *test = image->guest.test;
	u32 flags = irb_flags(irb);

	KUNIT_EXPECT_EQ(test, !!(flags & SCSW_ESW_FORMAT), !!logout);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb->esw.word0),
			IMAGE_PATH << 16 | logout | (logout ? valid : 0));
}

static void failing_test(struct kunit *test)
{
	const struct failing_case *c = test->param_value;
	struct fake_image *image = test->priv;
	struct css_schib schib;
	struct css_irb irb;

	prepare_failing(image, c, PMCW_MEASUREMENT_MODE);
	start(image);
	test_ended(image, &irb);
	expect_logout(image, &irb, c->logout);
	image_stsch(image, &schib);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(schib.pmcw.flags) &
			      PMCW_MEASUREMENT_MODE, PMCW_CONNECT_TIME);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.scsw.flags) & SCSW_ESW_FORMAT,
			0);

	/*
	 * The error is reported once, and the block isn't updated even if there
	 * is storage later.
	 */
	fake_unmark(&image->guest);
	start(image);
	test_ended(image, &irb);
	expect_logout(image, &irb, 0);
	expect_counts(image, ORIGIN + 64, false, 0, 0);
	expect_counts(image, MBA, true, 0, 0);

	/* MODIFY SUBCHANNEL enables the measurement again. */
	measure(image);
	start_and_test(image);
	expect_counts(image, ORIGIN, false, 1, 1);
}

/*
 * If a suspension is suppressed, the error that it meets is reported when the
 * program ends.
 */
static void failing_suppressed_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	prepare_failing(image, &failing_cases[0], PMCW_BLOCK_UPDATE);
	load_two(image, CCW_SUSPEND, &orb);
	orb.flags |= cpu_to_be32(ORB_SUPPRESS_SUSPENDED);
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	fake_unmark(&image->guest);
	clear_suspend_flag(image);
	image_must(image, IOINST_RSCH);
	test_ended(image, &irb);
	expect_logout(image, &irb, LOGOUT_BLOCK_PROGRAM);
	expect_counts(image, ORIGIN + 64, false, 0, 0);
}

/*
 * If a suspension is shown, it reports the error, and the end of the program
 * doesn't.
 */
static void failing_suspended_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	prepare_failing(image, &failing_cases[0], PMCW_BLOCK_UPDATE);
	load_two(image, CCW_SUSPEND, &orb);
	image_must_start(image, &orb);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	expect_logout(image, &irb, LOGOUT_BLOCK_PROGRAM);
	clear_suspend_flag(image);
	image_must(image, IOINST_RSCH);
	test_ended(image, &irb);
	expect_logout(image, &irb, 0);
}

/*
 * The storage of a protected VM can't be accessed, which is no measurement
 * error.
 */
static void protected_vm_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_schib schib;
	struct css_irb irb;

	measure(image);
	start_blocked(image);
	/* The program moves no data, or it would not end by itself. */
	image->step.move = FAKE_NO_DATA;
	image->step.dstat = CE_DE | DSTAT_UNIT_EXCEPTION;
	WRITE_ONCE(image->guest.protected, true);
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	expect_counts(image, ORIGIN, false, 0, 0);
	image_stsch(image, &schib);
	KUNIT_EXPECT_NE(test, be16_to_cpu(schib.pmcw.flags) &
			      PMCW_BLOCK_UPDATE, 0);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	expect_logout(image, &irb, 0);
}

static struct kunit_case measurement_test_cases[] = {
	KUNIT_CASE_PARAM(mode_format0_test, mode_gen_params),
	KUNIT_CASE_PARAM(mode_format1_test, mode_gen_params),
	KUNIT_CASE_PARAM(place_test, place_gen_params),
	KUNIT_CASE_PARAM(wrap_test, format_gen_params),
	KUNIT_CASE_PARAM(count_test, format_gen_params),
	KUNIT_CASE_PARAM(stopped_test, stop_gen_params),
	KUNIT_CASE_PARAM(owed_test, owed_gen_params),
	KUNIT_CASE(no_path_test),
	KUNIT_CASE_PARAM(change_test, change_gen_params),
	KUNIT_CASE(reset_ends_it_test),
	KUNIT_CASE_PARAM(failing_test, failing_gen_params),
	KUNIT_CASE(failing_suppressed_test),
	KUNIT_CASE(failing_suspended_test),
	KUNIT_CASE(protected_vm_test),
	{}
};

static struct kunit_suite measurement_suite = {
	.name = "kvm_css_measurement",
	.init = image_init,
	.exit = image_exit,
	.test_cases = measurement_test_cases,
};

kunit_test_suite(measurement_suite);
