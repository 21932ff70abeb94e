// SPDX-License-Identifier: GPL-2.0
/*
 * Channel reports: Principles of Operation chapter 17, "Channel Report", and
 * chapter 11, "Channel Report Pending".  There is one machine check for all
 * reports that get pending before the guest has found the queue empty.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/wait.h>

#include <linux/kvm_css.h>

#include <kvm_css/crw.h>
#include <kvm_css/ioinst.h>

#include "fake_image.h"

struct queue {
	struct guest guest;
	struct crw_queue crws;
};

static int queue_init(struct kunit *test)
{
	struct queue *q;

	q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, q);
	fake_guest_init(test, &q->guest);
	crw_init(&q->crws, &q->guest);
	test->priv = q;
	return 0;
}

static bool report(struct queue *q, u32 word)
{
	return crw_report(&q->crws, &word, 1);
}

static bool report_two(struct queue *q, u32 first, u32 second)
{
	const u32 words[] = { first, second };

	return crw_report(&q->crws, words, 2);
}

/* Do what STCRW does for the guest.  Return: the word; 0 if there is none. */
static u32 next(struct queue *q)
{
	u32 word;

	if (!crw_peek_or_rearm(&q->crws, &word)) {
		KUNIT_EXPECT_EQ(q->guest.test, word, 0);
		return 0;
	}
	KUNIT_EXPECT_TRUE(q->guest.test, crw_take(&q->crws, word));
	return word;
}

static void fill(struct queue *q, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		report(q, 0x03040000 | i);
}

static void crw_empty_test(struct kunit *test)
{
	struct queue *q = test->priv;

	KUNIT_EXPECT_EQ(test, next(q), 0);
	KUNIT_EXPECT_FALSE(test, crw_take(&q->crws, 0));
	KUNIT_EXPECT_TRUE(test, crw_retry(&q->crws));
	KUNIT_EXPECT_EQ(test, q->guest.reports, 0);
}

/* The oldest word comes first, even if the ring has wrapped around. */
static void crw_order_test(struct kunit *test)
{
	struct queue *q = test->priv;
	u32 i, asked = 0;

	for (i = 1; i <= 3 * CRW_PENDING; i++) {
		report(q, i);
		if (i % 3 == 0)
			continue;
		KUNIT_EXPECT_EQ(test, next(q), ++asked);
	}
	while (asked < 3 * CRW_PENDING)
		KUNIT_EXPECT_EQ(test, next(q), ++asked);
	KUNIT_EXPECT_EQ(test, next(q), 0);
}

/* "Chaining": the bit is one in all words of a report except the last. */
static void crw_chaining_test(struct kunit *test)
{
	struct queue *q = test->priv;

	report_two(q, 0x03040012, 0x03040010);
	report(q, 0x04020042);
	KUNIT_EXPECT_EQ(test, next(q), 0x03040012 | CRW_CHAINED);
	KUNIT_EXPECT_EQ(test, next(q), 0x03040010);
	KUNIT_EXPECT_EQ(test, next(q), 0x04020042);
}

/*
 * "Overflow": the bit is one in the last word before those that have been lost.
 */
static void crw_overflow_test(struct kunit *test)
{
	struct queue *q = test->priv;
	u32 i;

	fill(q, CRW_PENDING);
	KUNIT_EXPECT_TRUE(test, report(q, 0x04020001));
	KUNIT_EXPECT_TRUE(test, report(q, 0x04020002));
	for (i = 0; i < CRW_PENDING - 1; i++)
		KUNIT_EXPECT_EQ(test, next(q), 0x03040000 | i);
	KUNIT_EXPECT_EQ(test, next(q), 0x03040000 | i | CRW_OVERFLOW);
	KUNIT_EXPECT_EQ(test, next(q), 0);
	/* When there is room again, a report is queued as usual. */
	report(q, 0x04020003);
	KUNIT_EXPECT_EQ(test, next(q), 0x04020003);
}

/* If a report of two words doesn't fit, both are lost. */
static void crw_overflow_chained_test(struct kunit *test)
{
	struct queue *q = test->priv;
	u32 i;

	fill(q, CRW_PENDING - 1);
	report_two(q, 0x03040012, 0x03040010);
	for (i = 0; i < CRW_PENDING - 2; i++)
		KUNIT_EXPECT_EQ(test, next(q), 0x03040000 | i);
	KUNIT_EXPECT_EQ(test, next(q), 0x03040000 | i | CRW_OVERFLOW);
	KUNIT_EXPECT_EQ(test, next(q), 0);
}

static void crw_full_with_chained_test(struct kunit *test)
{
	struct queue *q = test->priv;
	u32 i;

	fill(q, CRW_PENDING - 2);
	report_two(q, 0x03040012, 0x03040010);
	for (i = 0; i < CRW_PENDING - 2; i++)
		KUNIT_EXPECT_EQ(test, next(q), 0x03040000 | i);
	KUNIT_EXPECT_EQ(test, next(q), 0x03040012 | CRW_CHAINED);
	KUNIT_EXPECT_EQ(test, next(q), 0x03040010);
}

/*
 * A word is peeked at, and before it is taken another CPU takes it or it
 * changes.
 */
static void crw_taken_by_another_test(struct kunit *test)
{
	struct queue *q = test->priv;
	u32 word;

	report(q, 1);
	report(q, 2);
	KUNIT_ASSERT_TRUE(test, crw_peek_or_rearm(&q->crws, &word));
	KUNIT_EXPECT_EQ(test, next(q), 1);
	KUNIT_EXPECT_FALSE(test, crw_take(&q->crws, word));
	KUNIT_EXPECT_EQ(test, next(q), 2);

	fill(q, 1);
	KUNIT_ASSERT_TRUE(test, crw_peek_or_rearm(&q->crws, &word));
	fill(q, CRW_PENDING - 1);
	KUNIT_EXPECT_TRUE(test, crw_take(&q->crws, word));

	crw_reset(&q->crws);
	report(q, 7);
	KUNIT_ASSERT_TRUE(test, crw_peek_or_rearm(&q->crws, &word));
	q->crws.words[q->crws.first] |= CRW_OVERFLOW;
	KUNIT_EXPECT_FALSE(test, crw_take(&q->crws, word));
}

/* The machine check */

static void crw_told_once_test(struct kunit *test)
{
	struct queue *q = test->priv;

	KUNIT_EXPECT_TRUE(test, report(q, 1));
	KUNIT_EXPECT_TRUE(test, report_two(q, 2, 3));
	KUNIT_EXPECT_EQ(test, q->guest.reports, 1);
	/*
	 * As long as words are left, the guest will go on reading, and find the
	 * new one.
	 */
	next(q);
	report(q, 4);
	KUNIT_EXPECT_EQ(test, q->guest.reports, 1);
}

/*
 * After the last word has been taken, the guest is going to ask once more, so
 * it needs no machine check until it has found the queue empty.
 */
static void crw_told_until_found_empty_test(struct kunit *test)
{
	struct queue *q = test->priv;

	report(q, 1);
	next(q);
	report(q, 2);
	KUNIT_EXPECT_EQ(test, q->guest.reports, 1);
	next(q);
	KUNIT_EXPECT_EQ(test, next(q), 0);
	report(q, 3);
	KUNIT_EXPECT_EQ(test, q->guest.reports, 2);
}

static void crw_refused_test(struct kunit *test)
{
	struct queue *q = test->priv;

	q->guest.report_error = -ENOMEM;
	q->guest.report_failures = 3;
	KUNIT_EXPECT_FALSE(test, report(q, 1));
	/* The next report tries to make the machine check pending again. */
	KUNIT_EXPECT_FALSE(test, report(q, 2));
	KUNIT_EXPECT_FALSE(test, crw_retry(&q->crws));
	KUNIT_EXPECT_EQ(test, q->guest.reports, 0);
	KUNIT_EXPECT_TRUE(test, crw_retry(&q->crws));
	KUNIT_EXPECT_TRUE(test, crw_retry(&q->crws));
	KUNIT_EXPECT_EQ(test, q->guest.reports, 1);
	KUNIT_EXPECT_EQ(test, next(q), 1);
	KUNIT_EXPECT_EQ(test, next(q), 2);
}

/*
 * If the guest empties the queue without having been told, a retry has nothing
 * to tell.
 */
static void crw_refused_and_emptied_test(struct kunit *test)
{
	struct queue *q = test->priv;

	q->guest.report_error = -ENOMEM;
	q->guest.report_failures = 1;
	KUNIT_EXPECT_FALSE(test, report(q, 1));
	next(q);
	KUNIT_EXPECT_TRUE(test, crw_retry(&q->crws));
	KUNIT_EXPECT_EQ(test, q->guest.reports, 0);
}

static void crw_reset_test(struct kunit *test)
{
	struct queue *q = test->priv;

	fill(q, CRW_PENDING + 1);
	crw_reset(&q->crws);
	KUNIT_EXPECT_EQ(test, q->crws.nr, 0);
	/* After a reset, the guest is told of a new report. */
	report(q, 5);
	KUNIT_EXPECT_EQ(test, q->guest.reports, 2);
	KUNIT_EXPECT_EQ(test, next(q), 5);
}

static struct kunit_case crw_test_cases[] = {
	KUNIT_CASE(crw_empty_test),
	KUNIT_CASE(crw_order_test),
	KUNIT_CASE(crw_chaining_test),
	KUNIT_CASE(crw_overflow_test),
	KUNIT_CASE(crw_overflow_chained_test),
	KUNIT_CASE(crw_full_with_chained_test),
	KUNIT_CASE(crw_taken_by_another_test),
	KUNIT_CASE(crw_told_once_test),
	KUNIT_CASE(crw_told_until_found_empty_test),
	KUNIT_CASE(crw_refused_test),
	KUNIT_CASE(crw_refused_and_emptied_test),
	KUNIT_CASE(crw_reset_test),
	{}
};

static struct kunit_suite crw_suite = {
	.name = "kvm_css_crw",
	.init = queue_init,
	.test_cases = crw_test_cases,
};

/*
 * What the image reports when a subchannel is added or removed, and how it
 * tries again when the host refuses
 */

struct words_case {
	const char *name;
	bool mss;
	bool mcsse;
	u8 ssid;
	u32 words[2];
};

static const struct words_case words_cases[] = {
	{ "set 0, before MSS: one word", false, false, 0, { 0x03041234 } },
	{ "set 0, with MSS: the set in a second word", true, false, 0,
	  { 0x13041234, 0x03040000 } },
	{ "set 2, before MSS", false, false, 2, { 0x13041234, 0x03040020 } },
	{ "set 3, with MSS", true, false, 3, { 0x13041234, 0x03040030 } },
	{ "set 0, with MCSS-E: the image in a second word", false, true, 0,
	  { 0x13041234, 0x0304fe00 } },
	{ "set 3, with both", true, true, 3, { 0x13041234, 0x0304fe30 } },
};

KUNIT_ARRAY_PARAM_DESC(words, words_cases, name);

static void expect_words(struct kunit *test, const u32 *words)
{
	struct fake_image *image = test->priv;
	u32 word;
	int i;

	for (i = 0; i < 2 && words[i]; i++) {
		KUNIT_ASSERT_TRUE(test,
				  crw_peek_or_rearm(&image->css.crws, &word));
		KUNIT_EXPECT_EQ(test, word, words[i]);
		KUNIT_EXPECT_TRUE(test, crw_take(&image->css.crws, word));
	}
	KUNIT_EXPECT_FALSE(test, crw_peek_or_rearm(&image->css.crws, &word));
}

static void report_words_test(struct kunit *test)
{
	const struct words_case *c = test->param_value;
	struct fake_image *image = test->priv;
	const struct css_place place = {
		.ssid = c->ssid,
		.schid = 0x1234,
		.report = true,
	};

	if (c->mss)
		css_enable_mss(&image->css);
	if (c->mcsse)
		css_enable_mcsse(&image->css);
	KUNIT_ASSERT_EQ(test, 0,
			css_add(&image->css, &place,
				&fake_device_create(test)->dev));
	expect_words(test, c->words);
	KUNIT_EXPECT_EQ(test, 0, css_remove(&image->css, c->ssid, 0x1234,
					    CSS_VACATE, true));
	expect_words(test, c->words);
	KUNIT_EXPECT_EQ(test, 0, css_remove(&image->css, c->ssid, 0x1234,
					    CSS_REMOVE, true));
	expect_words(test, c->words);
	KUNIT_EXPECT_EQ(test, image->guest.reports, 3);
}

/* Adding or removing without asking for a report makes none. */
static void report_unasked_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	const u32 none[2] = {};

	KUNIT_ASSERT_EQ(test, 0, fake_add(&image->css, 0, 0, 0, 0,
					  &fake_device_create(test)->dev));
	KUNIT_EXPECT_EQ(test, 0, fake_remove(&image->css, 0, 0));
	expect_words(test, none);
	KUNIT_EXPECT_EQ(test, image->guest.reports, 0);
}

/* The host has no memory for the machine check, which is made pending later. */
static void report_refused_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	const u32 words[] = { 0x13040012, 0x03040010 };

	image->guest.report_error = -ENOMEM;
	image->guest.report_failures = 3;
	css_report_subchannel(&image->css, IMAGE_SID);
	KUNIT_EXPECT_EQ(test, READ_ONCE(image->guest.reports), 0);
	KUNIT_EXPECT_TRUE(test,
			  wait_event_timeout(image->guest.changed,
					     READ_ONCE(image->guest.reports),
					     PATIENCE));
	KUNIT_EXPECT_EQ(test, image->guest.reports, 1);
	expect_words(test, words);
}

/* "I/O-System Reset": pending reports are removed. */
static void report_reset_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	const u32 none[2] = {};

	css_report_subchannel(&image->css, IMAGE_SID);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_ALL));
	expect_words(test, none);
}

/*
 * Add a subchannel and remove it, with a report each.  Return: how many words
 * the guest then finds.
 */
static unsigned int words_of_two(struct kunit *test)
{
	struct fake_image *image = test->priv;
	const struct css_place place = { .schid = 0x1234, .report = true };
	unsigned int nr;
	u32 word;

	KUNIT_ASSERT_EQ(test, 0, css_add(&image->css, &place,
					 &fake_device_create(test)->dev));
	KUNIT_EXPECT_EQ(test, 0, css_remove(&image->css, 0, 0x1234, CSS_REMOVE,
					    true));
	for (nr = 0; crw_peek_or_rearm(&image->css.crws, &word); nr++)
		crw_take(&image->css.crws, word);
	return nr;
}

static void execute_stsch(struct kunit *test)
{
	struct fake_image *image = test->priv;
	const struct ioinst stsch = {
		.opcode = IOINST_STSCH,
		.gpr1 = css_sid(0, 0x1234),
		.addr = FAKE_LOGICAL + 0x1000,
	};

	image_insn(image, &stsch);
}

/*
 * Chapter 17, "I/O-System Reset": when a guest begins to run, no report is
 * pending.
 */
static void report_before_run_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image->guest.never_run = true;
	KUNIT_EXPECT_EQ(test, words_of_two(test), 0);
	KUNIT_EXPECT_EQ(test, image->guest.reports, 0);
	/*
	 * The guest runs; it has not executed an instruction of the module's
	 * yet.
	 */
	image->guest.never_run = false;
	KUNIT_EXPECT_EQ(test, words_of_two(test), 2);
	KUNIT_EXPECT_EQ(test, image->guest.reports, 1);
}

/* After a reset the machine is like one that has never run. */
static void report_after_reset_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	execute_stsch(test);
	KUNIT_EXPECT_EQ(test, words_of_two(test), 2);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_FLOATING));
	KUNIT_EXPECT_EQ(test, words_of_two(test), 0);
	execute_stsch(test);
	KUNIT_EXPECT_EQ(test, words_of_two(test), 2);
}

/* A guest that comes from another host has run, and so is told. */
static void report_restored_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct kvm_css_image state = {};

	image->guest.never_run = true;
	KUNIT_EXPECT_EQ(test, words_of_two(test), 0);
	KUNIT_EXPECT_EQ(test, 0, css_save(&image->css, &state));
	KUNIT_ASSERT_EQ(test, 0, css_restore(&image->css, &state));
	KUNIT_EXPECT_EQ(test, words_of_two(test), 2);
}

static struct kunit_case report_test_cases[] = {
	KUNIT_CASE_PARAM(report_words_test, words_gen_params),
	KUNIT_CASE(report_unasked_test),
	KUNIT_CASE(report_refused_test),
	KUNIT_CASE(report_reset_test),
	KUNIT_CASE(report_before_run_test),
	KUNIT_CASE(report_after_reset_test),
	KUNIT_CASE(report_restored_test),
	{}
};

static struct kunit_suite report_suite = {
	.name = "kvm_css_report",
	.init = image_init,
	.exit = image_exit,
	.test_cases = report_test_cases,
};

kunit_test_suites(&crw_suite, &report_suite);
