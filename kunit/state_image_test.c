// SPDX-License-Identifier: GPL-2.0
/*
 * Saving and restoring an image, the numbers without a device, and quiesce.
 */
#include <kunit/test.h>
#include <linux/jiffies.h>
#include <linux/string.h>

#include "state_case.h"

#define REPORT		(CRW_RSC_SUBCHANNEL | CRW_ERC_IPI | 0x12)
#define ORIGIN		0x123456789abcde20ull
#define KEY		9
#define LIMIT		0x12340000u

/* Change everything that an image has. */
static void prepare(struct kunit *test, struct fake_image *image)
{
	const u32 words[] = { REPORT, CRW_RSC_CSS | 1 };
	struct css *css = &image->css;

	mutex_lock(&css->lock);
	css->mss = true;
	css->mcsse = true;
	css->shared.monitor.origin = ORIGIN;
	css->shared.monitor.key = KEY;
	css->shared.monitor.update = true;
	css->shared.monitor.connect_time = true;
	css->shared.address_limit = LIMIT;
	mutex_unlock(&css->lock);
	KUNIT_ASSERT_TRUE(test, crw_report(&css->crws, words, 2));
}

static void get(struct fake_image *image, struct kvm_css_image *state)
{
	memset(state, 0, sizeof(*state));
	KUNIT_EXPECT_EQ(image->guest.test, 0,
			css_save(&image->css, state));
}

static void expect_equal(struct kunit *test, const struct kvm_css_image *one,
			 const struct kvm_css_image *two)
{
	KUNIT_EXPECT_MEMEQ(test, (const u8 *)one, (const u8 *)two,
			   sizeof(*one));
}

static void image_fields_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_image state;

	prepare(test, pair->from);
	get(pair->from, &state);
	KUNIT_EXPECT_EQ(test, state.version, KVM_CSS_VERSION);
	KUNIT_EXPECT_EQ(test, state.state,
			KVM_CSS_IMAGE_MSS | KVM_CSS_IMAGE_MCSSE |
			KVM_CSS_IMAGE_BLOCK_UPDATE |
			KVM_CSS_IMAGE_CONNECT_TIME | KVM_CSS_IMAGE_REPORTED);
	KUNIT_EXPECT_EQ(test, state.monitor_origin, ORIGIN);
	KUNIT_EXPECT_EQ(test, state.monitor_key, KEY);
	KUNIT_EXPECT_EQ(test, state.address_limit, LIMIT);
	KUNIT_EXPECT_EQ(test, state.nr_reports, 2);
	KUNIT_EXPECT_EQ(test, state.reports[0], REPORT | CRW_CHAINED);
	KUNIT_EXPECT_EQ(test, state.reports[1], CRW_RSC_CSS | 1);
	KUNIT_EXPECT_EQ(test, state.reports[2], 0);
}

static void image_round_trip_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_image state, again;
	struct css *css = &pair->to->css;
	u32 word;

	prepare(test, pair->from);
	get(pair->from, &state);
	KUNIT_EXPECT_EQ(test, 0, css_restore(css, &state));
	get(pair->to, &again);
	expect_equal(test, &state, &again);
	KUNIT_EXPECT_TRUE(test, css->mss);
	KUNIT_EXPECT_TRUE(test, css->mcsse);
	/*
	 * The state says that KVM has the machine check, so the module makes
	 * none pending.
	 */
	KUNIT_EXPECT_EQ(test, pair->to->guest.reports, 0);
	KUNIT_EXPECT_TRUE(test, crw_peek_or_rearm(&css->crws, &word));
	KUNIT_EXPECT_EQ(test, word, REPORT | CRW_CHAINED);
	KUNIT_EXPECT_TRUE(test, crw_take(&css->crws, word));
	KUNIT_EXPECT_TRUE(test, crw_peek_or_rearm(&css->crws, &word));
	KUNIT_EXPECT_TRUE(test, crw_take(&css->crws, word));
	KUNIT_EXPECT_FALSE(test, crw_peek_or_rearm(&css->crws, &word));
	css_report_subchannel(css, IMAGE_SID);
	KUNIT_EXPECT_EQ(test, pair->to->guest.reports, 1);
}

/* The ring of report words may begin at any place, and may be full. */
static void image_ring_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct crw_queue *crws = &pair->from->css.crws;
	struct kvm_css_image state, again;
	u32 word;
	u32 i;

	for (i = 0; i < CRW_PENDING; i++) {
		word = REPORT + i;
		crw_report(crws, &word, 1);
	}
	for (i = 0; i < CRW_PENDING / 2; i++)
		crw_take(crws, REPORT + i);
	for (i = 0; i < CRW_PENDING / 2; i++) {
		word = REPORT + CRW_PENDING + i;
		crw_report(crws, &word, 1);
	}
	get(pair->from, &state);
	KUNIT_EXPECT_EQ(test, state.nr_reports, CRW_PENDING);
	for (i = 0; i < CRW_PENDING; i++)
		KUNIT_EXPECT_EQ(test, state.reports[i],
				REPORT + CRW_PENDING / 2 + i);
	KUNIT_EXPECT_EQ(test, 0, css_restore(&pair->to->css, &state));
	get(pair->to, &again);
	expect_equal(test, &state, &again);
}

/*
 * The source could not tell the guest of its reports.  The target tells it, at
 * once or later.
 */
static void image_untold_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct guest *guest = &pair->to->guest;
	struct kvm_css_image state;
	u32 word = REPORT;

	pair->from->guest.report_error = -ENOMEM;
	pair->from->guest.report_failures = 1;
	KUNIT_EXPECT_FALSE(test, crw_report(&pair->from->css.crws, &word, 1));
	get(pair->from, &state);
	KUNIT_EXPECT_FALSE(test, state.state & KVM_CSS_IMAGE_REPORTED);
	guest->report_error = -ENOMEM;
	guest->report_failures = 1;
	KUNIT_EXPECT_EQ(test, 0, css_restore(&pair->to->css, &state));
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(guest->changed,
						   READ_ONCE(guest->reports),
						   60 * HZ));
	KUNIT_EXPECT_EQ(test, guest->reports, 1);
}

/* An image whose guest is being told of another report can't be restored. */
static void image_busy_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct css *css = &pair->to->css;
	struct kvm_css_image state, before, after;
	u32 word = REPORT;

	prepare(test, pair->from);
	get(pair->from, &state);
	crw_report(&css->crws, &word, 1);
	get(pair->to, &before);
	KUNIT_EXPECT_EQ(test, -EBUSY, css_restore(css, &state));
	get(pair->to, &after);
	expect_equal(test, &before, &after);
	/*
	 * The guest has taken the last report, but has not yet found the queue
	 * empty.
	 */
	crw_take(&css->crws, word);
	KUNIT_EXPECT_EQ(test, -EBUSY, css_restore(css, &state));
	crw_peek_or_rearm(&css->crws, &word);
	KUNIT_EXPECT_EQ(test, 0, css_restore(css, &state));
}

#define IMAGE(member_, type_, flip_) \
	.at = offsetof(struct kvm_css_image, member_), \
	.len = sizeof(type_), .flip = (flip_)
#define WORD(nr_, flip_) \
	.at = offsetof(struct kvm_css_image, reports) + 4 * (nr_), .len = 4, \
	.flip = (flip_)

static const struct state_wrong wrongs[] = {
	{ "version 0", 0, IMAGE(version, u32, KVM_CSS_VERSION) },
	{ "version 1", 0, IMAGE(version, u32, KVM_CSS_VERSION ^ 1) },
	{ "next version", 0,
	  IMAGE(version, u32, KVM_CSS_VERSION ^ (KVM_CSS_VERSION + 1)) },
	{ "alone", 0, IMAGE(state, u32, KVM_CSS_IMAGE_ALONE) },
	{ "unknown flag", 0, IMAGE(state, u32, 1u << 6) },
	{ "last flag", 0, IMAGE(state, u32, 1u << 31) },
	{ "origin not on a boundary", 0, IMAGE(monitor_origin, u64, 0x10) },
	{ "key 16", 0, IMAGE(monitor_key, u8, 16) },
	{ "address limit bit 0", 0, IMAGE(address_limit, u32, 0x80000000) },
	{ "address limit bit 16", 0, IMAGE(address_limit, u32, 0x8000) },
	{ "address limit bit 31", 0, IMAGE(address_limit, u32, 1) },
	{ "reserved", 0, .at = offsetof(struct kvm_css_image, reserved),
	  .len = 1, .flip = 1 },
	{ "reserved, last", 0,
	  .at = offsetof(struct kvm_css_image, reserved) + 2,
	  .len = 1, .flip = 1 },
	{ "reserved2", 0, IMAGE(reserved2, u32, 1) },
	{ "66 words", 0, IMAGE(nr_reports, u32, 0x40) },
	{ "very many words", 0, IMAGE(nr_reports, u32, 0x80000000) },
	{ "one word less than there are", 0, IMAGE(nr_reports, u32, 3) },
	{ "one word more than there are", 0, IMAGE(nr_reports, u32, 1) },
	{ "word bit 0", 0, WORD(0, 0x80000000) },
	{ "word bit 9", 0, WORD(1, 0x00400000) },
	{ "word of nobody", 0, WORD(1, CRW_RSC_CSS) },
	{ "last word chained", 0, WORD(1, CRW_CHAINED) },
	{ "word behind the last", 0, WORD(2, REPORT) },
	{ "last word of all", 0, WORD(63, 1) },
};

KUNIT_ARRAY_PARAM_DESC(wrong, wrongs, name);

static void image_refuse_test(struct kunit *test)
{
	const struct state_wrong *wrong = test->param_value;
	struct state_pair *pair = test->priv;
	struct kvm_css_image state, before, after;

	prepare(test, pair->from);
	get(pair->from, &state);
	get(pair->to, &before);
	state_spoil(&state, wrong);
	KUNIT_EXPECT_EQ(test, -EINVAL, css_restore(&pair->to->css, &state));
	get(pair->to, &after);
	expect_equal(test, &before, &after);
	KUNIT_EXPECT_EQ(test, pair->to->guest.reports, 0);
	state_spoil(&state, wrong);
	KUNIT_EXPECT_EQ(test, 0, css_restore(&pair->to->css, &state));
}

/* Numbers without a device */

#define LAST	css_sid(3, 0xffff)

static void vacant_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct css *css = &pair->to->css;
	struct fake_device *fake;
	u32 found = 0;

	KUNIT_EXPECT_FALSE(test, css_next_vacant(css, css_sid(0, 0), LAST, &found));
	KUNIT_EXPECT_EQ(test, 0, fake_add_vacant(css, 0, 5, false));
	KUNIT_EXPECT_EQ(test, 0, fake_add_vacant(css, 3, 0xffff, true));
	KUNIT_EXPECT_EQ(test, pair->to->guest.reports, 1);
	KUNIT_EXPECT_EQ(test, -EEXIST, fake_add_vacant(css, 0, 5, true));
	KUNIT_EXPECT_EQ(test, -EEXIST,
			fake_add_vacant(css, IMAGE_SSID, IMAGE_SCHID, true));
	KUNIT_EXPECT_EQ(test, pair->to->guest.reports, 1);
	KUNIT_EXPECT_FALSE(test, css_next_vacant(css, css_sid(0, 0), css_sid(0, 4), &found));
	KUNIT_EXPECT_TRUE(test, css_next_vacant(css, css_sid(0, 0), LAST, &found));
	KUNIT_EXPECT_EQ(test, found, css_sid(0, 5));
	KUNIT_EXPECT_TRUE(test, css_next_vacant(css, css_sid(0, 5), LAST, &found));
	KUNIT_EXPECT_EQ(test, found, css_sid(0, 5));
	KUNIT_EXPECT_TRUE(test, css_next_vacant(css, css_sid(0, 6), LAST, &found));
	KUNIT_EXPECT_EQ(test, found, css_sid(3, 0xffff));
	KUNIT_EXPECT_TRUE(test, css_vacant(css, css_sid(0, 5)));
	KUNIT_EXPECT_NULL(test, css_find(css, css_sid(0, 5)));

	fake = fake_device_create(test);
	KUNIT_EXPECT_EQ(test, 0, fake_add(css, 0, 5, 0, 0, &fake->dev));
	KUNIT_EXPECT_FALSE(test, css_vacant(css, css_sid(0, 5)));
	KUNIT_EXPECT_EQ(test, 0, fake_remove(css, 3, 0xffff));
	KUNIT_EXPECT_FALSE(test, css_next_vacant(css, css_sid(0, 0), LAST, &found));
}

/* A quiesce that fails leaves the image as it was. */
static void quiesce_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct css *css = &pair->from->css;

	KUNIT_EXPECT_EQ(test, 0, css_quiesce(css, 0));
	KUNIT_EXPECT_TRUE(test, css->shared.quiesced);
	css_unquiesce(css);
	image_start_blocked(pair->from);
	KUNIT_EXPECT_EQ(test, -ETIME, css_quiesce(css, 0));
	KUNIT_EXPECT_FALSE(test, css->shared.quiesced);
	css->quiesce_held = true;
	WRITE_ONCE(css->shared.quiesced, true);
	KUNIT_EXPECT_EQ(test, -ETIME, css_quiesce(css, 1));
	KUNIT_EXPECT_TRUE(test, css->shared.quiesced);
	complete_all(&pair->from->fake->go_on);
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(css, 60 * HZ));
	KUNIT_EXPECT_EQ(test, image_state(pair->from),
			SCH_STATUS_PENDING);
}

/* Another thread ends the quiesce that is waiting for a program. */
static void unquiesce(void *arg)
{
	struct fake_image *image = arg;

	/* Wait until the quiesce of the other thread has begun. */
	while (!READ_ONCE(image->css.shared.quiesced))
		schedule();
	css_unquiesce(&image->css);
}

struct starter {
	struct fake_image *image;
	struct css_orb orb;
	struct work_struct work;
};

static void starter_work(struct work_struct *work)
{
	struct starter *starter = container_of(work, struct starter, work);

	starter->image->guest.thread = current;
	image_ssch(starter->image, &starter->orb);
}

static void quiesce_cancelled_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct fake_image *image = pair->from;
	struct starter starter = { .image = image };

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &starter.orb);
	image->fake->during = unquiesce;
	image->fake->during_arg = image;
	INIT_WORK_ONSTACK(&starter.work, starter_work);
	schedule_work(&starter.work);
	while (image_state(image) != SCH_ACTIVE)
		schedule();
	KUNIT_EXPECT_EQ(test, -ECANCELED,
			css_quiesce(&image->css, 60 * HZ));
	flush_work(&starter.work);
	destroy_work_on_stack(&starter.work);
	KUNIT_EXPECT_EQ(test, image_state(image), SCH_STATUS_PENDING);
}

static struct kunit_case image_cases[] = {
	KUNIT_CASE(image_fields_test),
	KUNIT_CASE(image_round_trip_test),
	KUNIT_CASE(image_ring_test),
	KUNIT_CASE(image_untold_test),
	KUNIT_CASE(image_busy_test),
	KUNIT_CASE_PARAM(image_refuse_test, wrong_gen_params),
	KUNIT_CASE(vacant_test),
	KUNIT_CASE(quiesce_test),
	KUNIT_CASE(quiesce_cancelled_test),
	{}
};

static struct kunit_suite image_suite = {
	.name = "kvm_css_state_image",
	.init = state_init,
	.exit = state_exit,
	.test_cases = image_cases,
};

kunit_test_suite(image_suite);
