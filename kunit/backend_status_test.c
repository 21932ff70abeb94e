// SPDX-License-Identifier: GPL-2.0
/*
 * What a backend has to say, and how it is stopped: Documentation/backends.rst,
 * "Status" and what follows.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <linux/kvm_css.h>

#include <kvm_css/crw.h>
#include <kvm_css/sch_shared.h>

#include "fake_backend.h"

#define PENDING		SCSW_SC_PENDING
#define PRIMARY_ALERT	(ALERT | PRIMARY)
#define CC1		SCSW_DEFERRED_CC1
#define CC3		SCSW_DEFERRED_CC3

/* Which status may come in which state, and what the guest sees of it */

struct irb_case {
	const char *name;
	enum backend_is is;
	u32 flags;
	bool same;	/* the status is as the backend says */
	u32 becomes;	/* otherwise; zeros: it is dropped */
};

#define AS_IS(name_, is_, flags_) \
	{ .name = name_, .is = IS_##is_, .flags = (flags_), .same = true }
#define MASKED(name_, is_, flags_, becomes_) \
	{ .name = name_, .is = IS_##is_, .flags = (flags_), \
	  .becomes = (becomes_) }
#define DROPPED(name_, is_, flags_) \
	{ .name = name_, .is = IS_##is_, .flags = (flags_) }

static const struct irb_case irb_cases[] = {
	AS_IS("normal end", STARTED, START | ENDED),
	AS_IS("alert", STARTED, START | CHECKED),
	AS_IS("channel end alone", STARTED, START | DEVICE | PRIMARY),
	AS_IS("interface-control check", STARTED, START | PRIMARY_ALERT),
	AS_IS("PCI", STARTED, START | ACTIVE | INTERMEDIATE),
	AS_IS("initial status, without activity", STARTED,
	      SCSW_ZERO_CC | START | INTERMEDIATE),
	AS_IS("suspended", STARTED, SUSPENDED | INTERMEDIATE),
	AS_IS("attention while suspended", SUSPENDED,
	      START | ACTIVE | UNSOLICITED),
	AS_IS("a resume that finds no path", SUSPENDED,
	      CC3 | SUSPENDED | SCSW_AC_RESUME_PENDING | CHECKED),
	AS_IS("deferred condition code 1", STARTED,
	      CC1 | START_PENDING | UNSOLICITED),
	AS_IS("deferred condition code 3", STARTED,
	      SCSW_PATH_NOT_OPER | CC3 | START_PENDING | CHECKED),
	AS_IS("halted", HALTING, START | HALT | ENDED),
	AS_IS("halted, and activity goes on", HALTING,
	      START | HALT | ACTIVE | PENDING),
	AS_IS("halted before it began", HALTING,
	      CC1 | START | HALT | SCSW_AC_START_PENDING | PENDING),
	AS_IS("halted, with an alert", HALTING, START | HALT | UNSOLICITED),
	AS_IS("cleared", CLEARING, CLEAR | PENDING),
	AS_IS("attention", IDLE, UNSOLICITED),
	AS_IS("secondary status", IDLE, SECONDARY),
	AS_IS("sense", STARTED, SCSW_EXTENDED | START | CHECKED),
	MASKED("the ORB's bits are the guest's", STARTED,
	       SCSW_KEY | SCSW_PREFETCH | SCSW_ADDRESS_LIMIT | START | ENDED,
	       START | ENDED),
	MASKED("a code without start function", IDLE, CC1 | UNSOLICITED,
	       UNSOLICITED),
	MASKED("paths without a function", IDLE,
	       SCSW_PATH_NOT_OPER | UNSOLICITED, UNSOLICITED),
	MASKED("sense beside intermediate status", STARTED,
	       SCSW_EXTENDED | START | SCSW_SC_INTERMEDIATE | CHECKED,
	       START | SCSW_SC_INTERMEDIATE | CHECKED),
	MASKED("sense without alert", STARTED, SCSW_EXTENDED | START | ENDED,
	       START | ENDED),
	MASKED("Z without intermediate status", STARTED,
	       SCSW_ZERO_CC | START | ENDED, START | ENDED),
	DROPPED("no status", STARTED, START | ACTIVE),
	DROPPED("all ones", STARTED, ~0u),
	DROPPED("unsolicited, while a function is in progress", STARTED,
		UNSOLICITED),
	DROPPED("another function", STARTED, CLEAR | PENDING),
	DROPPED("the function before the halt", HALTING, START | ENDED),
	DROPPED("PCI of a halted program", HALTING,
		START | HALT | ACTIVE | INTERMEDIATE),
	DROPPED("the function before the clear", CLEARING, START | ENDED),
	DROPPED("PCI of a cleared program", CLEARING, CLEAR | INTERMEDIATE),
	DROPPED("a function that was not started", IDLE, START | ENDED),
	DROPPED("PCI of no program", IDLE, INTERMEDIATE),
	DROPPED("a subchannel that isn't enabled", DISABLED, UNSOLICITED),
	DROPPED("out of service", OUT, START | ENDED),
	DROPPED("no device", LOST, UNSOLICITED),
};

KUNIT_ARRAY_PARAM_DESC(irb, irb_cases, name);

static void backend_irb_test(struct kunit *test)
{
	const u32 said = CONTROL | SCSW_DEFERRED_CC | SCSW_PATH_NOT_OPER |
			 SCSW_ZERO_CC | SCSW_EXTENDED;
	const struct irb_case *c = test->param_value;
	struct backend_image *both = test->priv;
	const u32 becomes = c->same ? c->flags : c->becomes;
	struct fake_image *image = both->image;
	unsigned int injected;
	struct css_irb irb;

	backend_bring(both, c->is);
	injected = image->guest.injected;
	fake_backend_present(both->fake, c->flags, 0);
	both->fake->nr_irbs = 0;
	KUNIT_EXPECT_EQ(test, image->guest.injected, injected + !!becomes);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, !!becomes);
	if (!becomes)
		return;
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & said, becomes & said);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_FROM_ORB,
			becomes & SCSW_FC ? SCSW_SUSPEND | SCSW_FORMAT : 0);
	/* Whatever it was, the function is over, unless it goes on. */
	KUNIT_EXPECT_EQ(test, image_control(image) & (SCSW_FC | SCSW_SC),
			subchannel_ended(becomes) ? 0 : START);
}

/* What TEST SUBCHANNEL stores is what the backend has given. */
static void backend_esw_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct css_irb given, *irb;

	image_enable(both->image, IMAGE_ISC, PMCW_XMWME);
	irb = fake_backend_gives(both->fake, SCSW_EXTENDED | UNSOLICITED,
				 ATTENTION | UNIT_CHECK);
	irb->scsw.cpa = cpu_to_be32(0x1230);
	irb->scsw.cstat = CSTAT_INCORRECT_LENGTH;
	irb->scsw.count = cpu_to_be16(7);
	irb->esw.erw = cpu_to_be32(ERW_CONCURRENT_SENSE |
				   2 << ERW_SENSE_COUNT_SHIFT);
	irb->esw.failing = cpu_to_be64(0x4711);
	memset(irb->ecw, SENSE0, sizeof(irb->ecw));
	given = *irb;
	/* Nobody measures. */
	irb->emw.device_connect_time = cpu_to_be32(17);
	fake_backend_tell(both->fake);
	image_must(both->image, IOINST_TSCH);
	fake_get(&both->image->guest, IMAGE_OPERAND, irb, sizeof(*irb));
	KUNIT_EXPECT_MEMEQ(test, irb, &given, sizeof(given));
}

/* Primary status now, and secondary status later */
static void backend_secondary_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct fake_image *image = both->image;
	struct css_irb irb;

	backend_bring(both, IS_STARTED);
	fake_backend_present(both->fake, START | DEVICE | PRIMARY, CE);
	/* The second one waits until the first one has been cleared. */
	fake_backend_present(both->fake, SECONDARY, DE);
	KUNIT_EXPECT_EQ(test, both->fake->nr_irbs, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), START | DEVICE | PRIMARY);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 2);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), SECONDARY);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, DE);
	image_expect_stats(image, 1, 1);
}

/* Sense that comes while intermediate status is pending isn't lost. */
static void backend_sense_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct css_irb *given, irb;

	backend_bring(both, IS_INTERMEDIATE);
	given = fake_backend_gives(both->fake, SCSW_EXTENDED | START | CHECKED,
				   CE_DE | UNIT_CHECK);
	given->esw.erw = cpu_to_be32(ERW_CONCURRENT_SENSE |
				     32 << ERW_SENSE_COUNT_SHIFT);
	given->ecw[0] = SENSE0;
	fake_backend_tell(both->fake);
	EXPECT_CC(test, image_tsch(both->image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), START | ACTIVE | INTERMEDIATE);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.erw), 0);
	EXPECT_CC(test, image_tsch(both->image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), START | CHECKED);
	KUNIT_EXPECT_TRUE(test, irb_flags(&irb) & SCSW_EXTENDED);
	KUNIT_EXPECT_EQ(test, irb.ecw[0], SENSE0);
}

/* A backend that gives notice once of much that is dropped */
static void backend_bound_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	int i;

	backend_bring(both, IS_STARTED);
	for (i = 0; i < FAKE_IRBS - 1; i++)
		fake_backend_gives(both->fake, CLEAR | PENDING, 0);
	fake_backend_gives(both->fake, START | ENDED, CE_DE);
	fake_backend_tell(both->fake);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&both->image->guest, 1));
	image_must(both->image, IOINST_TSCH);
}

/* Status may be pending when the device goes. */
static void backend_lost_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct subchannel_info info;
	struct subchannel *sch;

	backend_bring(both, IS_ENDED);
	both->fake->news = BACKEND_LOST;
	fake_backend_tell(both->fake);
	KUNIT_EXPECT_EQ(test, both->image->guest.nr_pending, 0);
	sch = image_find(both->image);
	KUNIT_EXPECT_TRUE(test, subchannel_query(sch, &info));
	KUNIT_EXPECT_FALSE(test, be16_to_cpu(info.schib.pmcw.flags) & PMCW_VALID);
	subchannel_put(sch);
}

/* An instruction that comes before the work item finds the status. */
static void backend_before_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct css_orb orb;

	backend_bring(both, IS_STARTED);
	fake_backend_gives(both->fake, START | ENDED, CE_DE);
	backend_orb(both->image, &orb);
	EXPECT_CC(test, image_ssch(both->image, &orb),
		  IOINST_CC_STATUS_PRESENT);
	KUNIT_EXPECT_EQ(test, both->image->guest.nr_pending, 1);
	image_must(both->image, IOINST_TSCH);
	fake_backend_gives(both->fake, UNSOLICITED, ATTENTION);
	image_must(both->image, IOINST_TSCH);
	fake_backend_gives(both->fake, UNSOLICITED, ATTENTION);
	EXPECT_CC(test, image_execute(both->image, IOINST_HSCH),
		  IOINST_CC_STATUS_PRESENT);
	image_must(both->image, IOINST_TSCH);
}

/* Condition code 1 of a backend: the status is there for TEST SUBCHANNEL. */

static void status_in_hand(void *arg)
{
	struct backend_image *both = arg;

	both->fake->answers[SCH_SSCH] = IOINST_CC_STATUS_PRESENT;
}

static void backend_in_hand_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct subchannel *sch = image_find(both->image);
	struct css_orb orb;

	image_enable(both->image, IMAGE_ISC, 0);
	backend_orb(both->image, &orb);
	both->fake->meanwhile = status_in_hand;
	both->fake->meanwhile_arg = both;
	both->fake->late = UNSOLICITED;
	EXPECT_CC(test, image_ssch(both->image, &orb),
		  IOINST_CC_STATUS_PRESENT);
	KUNIT_EXPECT_TRUE(test, subchannel_flags(sch) & SCSW_SC_PENDING);
	KUNIT_EXPECT_EQ(test, both->image->guest.nr_pending, 1);
	image_must(both->image, IOINST_TSCH);
	subchannel_put(sch);
}

/* Stopping */

static struct ender {
	struct work_struct work;
	struct backend_image *both;
	bool removes;
} enders[2];

static void ender_work(struct work_struct *work)
{
	struct ender *ender = container_of(work, struct ender, work);
	struct css *css = &ender->both->image->css;

	fake_visit(&ender->both->image->guest);
	KUNIT_EXPECT_EQ(ender->both->fake->test, 0, ender->removes ?
			fake_remove(css, IMAGE_SSID, IMAGE_SCHID) :
			css_reset(css, CSS_RESET_ALL));
	fake_visit_ends(&ender->both->image->guest);
}

static void call_ender(struct backend_image *both, bool removes)
{
	struct ender *ender = &enders[removes];

	ender->both = both;
	ender->removes = removes;
	INIT_WORK(&ender->work, ender_work);
	queue_work(system_unbound_wq, &ender->work);
}

static void begin_end(struct backend_image *both, bool removes)
{
	unsigned int stops = both->fake->stops;

	call_ender(both, removes);
	WAIT_UNTIL(both->fake->test, READ_ONCE(both->fake->stops) != stops ||
		   both->fake->unanswered);
}

static void backend_reset_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	enum backend_is is;

	for (is = IS_DISABLED; is < IS_LOST; is++) {
		backend_bring(both, is);
		both->fake->obliging = false;
		begin_end(both, false);
		KUNIT_EXPECT_TRUE(test, both->fake->unanswered);
		KUNIT_EXPECT_EQ(test, image_state(both->image),
				SCH_NOT_OPERATIONAL);
		/* Until it has stopped, its news are not heard. */
		fake_backend_present(both->fake, UNSOLICITED, ATTENTION);
		KUNIT_EXPECT_EQ(test, both->fake->nr_irbs, 1);
		both->fake->nr_irbs = 0;
		fake_backend_stop(both->fake);
		flush_work(&enders[0].work);
		KUNIT_EXPECT_EQ(test, image_state(both->image), SCH_DISABLED);
		KUNIT_EXPECT_EQ(test, both->image->guest.nr_pending, 0);
		both->fake->obliging = true;
	}
	KUNIT_EXPECT_FALSE(test, both->fake->last);
}

/* A reset that comes while the backend stops anyway waits for that. */
static void backend_reset_in_stop_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct subchannel *sch = image_find(both->image);

	both->fake->obliging = false;
	backend_bring(both, IS_OUT);
	KUNIT_EXPECT_EQ(test, both->fake->stops, 1);
	call_ender(both, false);
	WAIT_UNTIL(test, READ_ONCE(sch->resetting));
	KUNIT_EXPECT_TRUE(test, subchannel_active(sch));
	fake_backend_stop(both->fake);
	flush_work(&enders[0].work);
	KUNIT_EXPECT_EQ(test, both->fake->stops, 1);
	KUNIT_EXPECT_EQ(test, image_state(both->image), SCH_DISABLED);
	subchannel_put(sch);
}

/* A backend that can't stop: the reset goes on, and there is no device. */
static void backend_fails_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct css_schib schib, nothing = {};

	backend_bring(both, IS_STARTED);
	both->fake->fails = true;
	KUNIT_EXPECT_EQ(test, 0, css_reset(&both->image->css, CSS_RESET_ALL));
	EXPECT_CC(test, image_stsch(both->image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_MEMEQ(test, &schib, &nothing, sizeof(schib));
	EXPECT_CC(test, image_msch(both->image, &nothing), IOINST_CC_EXPECTED);
	EXPECT_CC(test, image_execute(both->image, IOINST_CSCH),
		  IOINST_CC_NOT_OPERATIONAL);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&both->image->css, CSS_RESET_ALL));
	EXPECT_CC(test, image_execute(both->image, IOINST_TSCH),
		  IOINST_CC_NOT_OPERATIONAL);
}

static void backend_remove_test(struct kunit *test)
{
	struct backend_image *both = test->priv;

	backend_bring(both, IS_STARTED);
	both->fake->obliging = false;
	begin_end(both, true);
	KUNIT_EXPECT_TRUE(test, both->fake->last);
	KUNIT_EXPECT_EQ(test, both->fake->released, 0);
	fake_backend_stop(both->fake);
	flush_work(&enders[1].work);
	KUNIT_EXPECT_EQ(test, both->fake->released, 1);
}

/* A removal that comes while a reset waits asks once more. */
static void backend_remove_in_reset_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct subchannel *sch = image_find(both->image);

	backend_bring(both, IS_STARTED);
	both->fake->obliging = false;
	begin_end(both, false);
	begin_end(both, true);
	WAIT_UNTIL(test, READ_ONCE(sch->gone));
	KUNIT_EXPECT_EQ(test, both->fake->stops, 1);
	KUNIT_EXPECT_FALSE(test, both->fake->last);
	fake_backend_stop(both->fake);
	flush_work(&both->fake->backend.end.work);
	KUNIT_EXPECT_EQ(test, both->fake->stops, 2);
	KUNIT_EXPECT_TRUE(test, both->fake->last);
	KUNIT_EXPECT_TRUE(test, subchannel_active(sch));
	subchannel_put(sch);
	fake_backend_stop(both->fake);
	flush_work(&enders[0].work);
	flush_work(&enders[1].work);
	KUNIT_EXPECT_EQ(test, both->fake->released, 1);
}

/* A backend that says it has stopped without having been asked */
static void backend_stopped_unasked_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct subchannel *sch = image_find(both->image);

	backend_bring(both, IS_STARTED);
	sch_backend_stopped(&both->fake->backend, true);
	flush_work(&both->fake->backend.end.work);
	KUNIT_EXPECT_EQ(test, kref_read(&sch->ref), 2);
	subchannel_put(sch);
	KUNIT_EXPECT_EQ(test, image_control(both->image), START);
	KUNIT_EXPECT_EQ(test, both->fake->discarded, 0);
}

/* When the VM is gone, status isn't taken any more. */
static void backend_dying_test(struct kunit *test)
{
	struct backend_image *both = test->priv;

	backend_bring(both, IS_STARTED);
	WRITE_ONCE(both->image->guest.dying, true);
	fake_backend_present(both->fake, START | ENDED, CE_DE);
	KUNIT_EXPECT_EQ(test, both->fake->nr_irbs, 1);
	KUNIT_EXPECT_EQ(test, both->image->guest.injected, 0);
}

/* Channel reports */

static void expect_report(struct backend_image *both, u32 erc)
{
	struct crw_queue *crws = &both->image->css.crws;
	struct kunit *test = both->fake->test;
	u32 word;

	KUNIT_EXPECT_EQ(test, both->image->guest.reports, 1);
	KUNIT_ASSERT_TRUE(test, crw_peek_or_rearm(crws, &word));
	KUNIT_EXPECT_EQ(test, word & (CRW_RSC | CRW_ERC),
			CRW_RSC_SUBCHANNEL | erc);
	while (crw_peek_or_rearm(crws, &word))
		crw_take(crws, word);
	both->image->guest.reports = 0;
}

static void backend_changed_test(struct kunit *test)
{
	static const enum backend_is states[] = {
		IS_DISABLED, IS_IDLE, IS_STARTED, IS_INTERMEDIATE, IS_CLEARING,
		IS_ENDED,
	};
	const struct backend_image *both = test->priv;
	struct backend_image again = *both;
	struct css_schib schib;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		backend_bring(&again, states[i]);
		image_stsch(both->image, &schib);
		both->fake->news = BACKEND_PATHS;
		fake_backend_tell(both->fake);
		expect_report(&again, CRW_ERC_MODIFIED);
		KUNIT_EXPECT_EQ(test, 0, css_reset(&both->image->css,
						   CSS_RESET_ALL));
	}
	backend_bring(&again, IS_STARTED);
	i = both->fake->stops;
	both->fake->news = BACKEND_LOST;
	fake_backend_tell(both->fake);
	expect_report(&again, CRW_ERC_IPI);
	KUNIT_EXPECT_EQ(test, both->image->guest.nr_pending, 0);
	EXPECT_CC(test, image_stsch(both->image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_FALSE(test, be16_to_cpu(schib.pmcw.flags) & PMCW_VALID);
	/* What the device had is given back at once. */
	KUNIT_EXPECT_EQ(test, both->fake->stops, i + 1);
	flush_work(&both->fake->backend.end.work);
	flush_work(&both->fake->backend.give_back.work);
	KUNIT_EXPECT_EQ(test, both->fake->discarded, both->fake->prepared);
	KUNIT_EXPECT_EQ(test, 0, css_reset(&both->image->css, CSS_RESET_ALL));
	EXPECT_CC(test, image_stsch(both->image, &schib), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_FALSE(test, be16_to_cpu(schib.pmcw.flags) & PMCW_VALID);
}

/* Quiesce and save */
static void backend_save_test(struct kunit *test)
{
	struct backend_image *both = test->priv;
	struct subchannel *sch = image_find(both->image);
	struct css *css = &both->image->css;
	struct kvm_css_image *image;
	struct kvm_css_state *state;

	state = kunit_kzalloc(test, sizeof(*state), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, state);
	image = kunit_kzalloc(test, sizeof(*image), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, image);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, subchannel_save(sch, state));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, subchannel_restore(sch, state));
	subchannel_put(sch);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, css_save(css, image));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, css_quiesce(css, A_WHILE));
	css_unquiesce(css);
	/* Without the backend both work, and none can be added meanwhile. */
	KUNIT_EXPECT_EQ(test, 0, fake_remove(css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, 0, css_save(css, image));
	KUNIT_EXPECT_EQ(test, 0, css_quiesce(css, A_WHILE));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			fake_add(css, IMAGE_SSID, IMAGE_SCHID, IMAGE_DEVNO,
				 IMAGE_CHPID, &both->fake->dev));
	css_unquiesce(css);
}

static struct kunit_case backend_status_cases[] = {
	KUNIT_CASE_PARAM(backend_irb_test, irb_gen_params),
	KUNIT_CASE(backend_esw_test),
	KUNIT_CASE(backend_secondary_test),
	KUNIT_CASE(backend_before_test),
	KUNIT_CASE(backend_sense_test),
	KUNIT_CASE(backend_bound_test),
	KUNIT_CASE(backend_lost_test),
	KUNIT_CASE(backend_in_hand_test),
	KUNIT_CASE(backend_fails_test),
	KUNIT_CASE(backend_reset_test),
	KUNIT_CASE(backend_reset_in_stop_test),
	KUNIT_CASE(backend_remove_test),
	KUNIT_CASE(backend_remove_in_reset_test),
	KUNIT_CASE(backend_stopped_unasked_test),
	KUNIT_CASE(backend_dying_test),
	KUNIT_CASE(backend_changed_test),
	KUNIT_CASE(backend_save_test),
	{}
};

static struct kunit_suite backend_status_suite = {
	.name = "kvm_css_backend_status",
	.init = backend_init,
	.exit = backend_exit,
	.test_cases = backend_status_cases,
};

kunit_test_suite(backend_status_suite);
