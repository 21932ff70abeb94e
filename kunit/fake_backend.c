// SPDX-License-Identifier: GPL-2.0
/* A backend for a test case, see fake_backend.h. */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "fake_backend.h"

static struct fake_backend *to_fake(struct sch_backend *backend)
{
	return container_of(backend, struct fake_backend, backend);
}

static ioinst_ending_t answer(struct sch_backend *backend, enum sch_insn insn)
{
	struct fake_backend *fake = to_fake(backend);

	/* While it stops, it is asked nothing. */
	KUNIT_EXPECT_FALSE(fake->test, fake->unanswered);
	KUNIT_EXPECT_FALSE(fake->test, fake->last);
	lockdep_assert_held(&backend->sch->lock);
	fake->asked[insn]++;
	if (fake->late && fake->answers[insn] == IOINST_CC_STATUS_PRESENT) {
		fake_backend_gives(fake, fake->late, 0);
		fake->late = 0;
	}
	return fake->answers[insn];
}

static ioinst_ending_t prepare(struct sch_backend *backend,
			       struct backend_program **program)
{
	struct fake_backend *fake = to_fake(backend);

	if (fake->meanwhile)
		fake->meanwhile(fake->meanwhile_arg);
	if (fake->prepares != IOINST_PROCEED)
		return fake->prepares;
	*program = kzalloc(sizeof(**program), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fake->test, *program);
	fake->prepared++;
	return IOINST_PROCEED;
}

static ioinst_ending_t fake_prepare_start(struct sch_backend *backend,
					  struct guest *guest,
					  const struct css_orb *orb,
					  const struct chanprog_limit *limit,
					  struct backend_program **program)
{
	to_fake(backend)->limit = *limit;
	return prepare(backend, program);
}

static ioinst_ending_t fake_prepare_resume(struct sch_backend *backend,
					   struct guest *guest,
					   struct backend_program **program)
{
	return prepare(backend, program);
}

static void fake_discard(struct sch_backend *backend,
			 struct backend_program *program)
{
	kfree(program);
	to_fake(backend)->discarded++;
}

static ioinst_ending_t fake_start(struct sch_backend *backend,
				  const struct css_orb *orb,
				  struct backend_program *program)
{
	to_fake(backend)->orb = *orb;
	return answer(backend, SCH_SSCH);
}

static ioinst_ending_t fake_resume(struct sch_backend *backend,
				   struct backend_program *program)
{
	return answer(backend, SCH_RSCH);
}

static ioinst_ending_t fake_halt(struct sch_backend *backend)
{
	return answer(backend, SCH_HSCH);
}

static ioinst_ending_t fake_clear(struct sch_backend *backend)
{
	return answer(backend, SCH_CSCH);
}

static ioinst_ending_t fake_cancel(struct sch_backend *backend)
{
	return answer(backend, SCH_XSCH);
}

static ioinst_ending_t fake_modify(struct sch_backend *backend,
				   const struct css_schib *schib)
{
	to_fake(backend)->schib = *schib;
	return answer(backend, SCH_MSCH);
}

static void fake_store(struct sch_backend *backend, struct backend_schib *schib)
{
	*schib = to_fake(backend)->stores;
	answer(backend, SCH_STSCH);
}

static enum backend_news fake_take(struct sch_backend *backend, u32 functions,
				   struct css_irb *irb)
{
	struct fake_backend *fake = to_fake(backend);
	enum backend_news news = fake->news;

	answer(backend, SCH_TSCH);
	KUNIT_EXPECT_EQ(fake->test, functions,
			subchannel_flags(backend->sch) & SCSW_FC);
	if (news != BACKEND_NOTHING) {
		fake->news = BACKEND_NOTHING;
		return news;
	}
	if (!irb || !fake->nr_irbs)
		return BACKEND_NOTHING;
	*irb = fake->irbs[0];
	fake->nr_irbs--;
	memmove(fake->irbs, fake->irbs + 1, fake->nr_irbs * sizeof(*irb));
	return BACKEND_STATUS;
}

static void fake_stop(struct sch_backend *backend, bool last)
{
	struct fake_backend *fake = to_fake(backend);

	lockdep_assert_held(&backend->sch->lock);
	KUNIT_EXPECT_FALSE(fake->test, fake->unanswered);
	KUNIT_EXPECT_FALSE(fake->test, fake->last);
	fake->stops++;
	fake->unanswered = true;
	fake->nr_irbs = 0;
	fake->last = last;
	if (fake->obliging)
		fake_backend_stop(fake);
}

static void fake_release(struct css_device *dev)
{
	struct fake_backend *fake = container_of(dev, struct fake_backend, dev);

	KUNIT_EXPECT_FALSE(fake->test, fake->unanswered);
	KUNIT_EXPECT_TRUE(fake->test, fake->last);
	fake->released++;
}

static const struct sch_backend_ops fake_backend_ops = {
	.prepare_start = fake_prepare_start,
	.prepare_resume = fake_prepare_resume,
	.discard = fake_discard,
	.start = fake_start,
	.resume = fake_resume,
	.halt = fake_halt,
	.clear = fake_clear,
	.cancel = fake_cancel,
	.modify = fake_modify,
	.store = fake_store,
	.take = fake_take,
	.stop = fake_stop,
};

static struct sch_backend *fake_backend_of(struct css_device *dev)
{
	return &container_of(dev, struct fake_backend, dev)->backend;
}

static const struct cu_ops fake_ops = {
	.name = "fake backend",
	.release = fake_release,
	.backend = fake_backend_of,
};

void fake_backend_stop(struct fake_backend *fake)
{
	KUNIT_EXPECT_TRUE(fake->test, fake->unanswered);
	fake->unanswered = false;
	sch_backend_stopped(&fake->backend, !fake->fails);
}

struct css_irb *fake_backend_gives(struct fake_backend *fake, u32 flags,
				   u8 dstat)
{
	struct css_irb *irb = &fake->irbs[fake->nr_irbs];

	KUNIT_ASSERT_LT(fake->test, fake->nr_irbs, FAKE_IRBS);
	memset(irb, 0, sizeof(*irb));
	irb->scsw.flags = cpu_to_be32(flags);
	irb->scsw.dstat = dstat;
	irb->esw.word0 = cpu_to_be32(IMAGE_PATH << LOGOUT_LPUM_SHIFT);
	fake->nr_irbs++;
	return irb;
}

void fake_backend_tell(struct fake_backend *fake)
{
	sch_backend_notify(&fake->backend);
	flush_work(&fake->backend.news.work);
}

void fake_backend_present(struct fake_backend *fake, u32 flags, u8 dstat)
{
	fake_backend_gives(fake, flags, dstat);
	fake_backend_tell(fake);
}

static struct fake_backend *create(struct kunit *test)
{
	struct fake_backend *fake;
	int insn;

	fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->test = test;
	fake->dev.ops = &fake_ops;
	fake->backend.ops = &fake_backend_ops;
	fake->obliging = true;
	for (insn = 0; insn < SCH_INSNS; insn++)
		fake->answers[insn] = IOINST_CC_EXPECTED;
	fake->stores = (struct backend_schib){
		.lpum = IMAGE_PATH, .pom = 0xff, .pam = IMAGE_PATH,
	};
	return fake;
}

/* The subchannel that fake_image.c makes is replaced. */
int backend_init(struct kunit *test)
{
	struct backend_image *both;

	both = kunit_kzalloc(test, sizeof(*both), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, both);
	both->fake = create(test);
	image_init(test);
	both->image = test->priv;
	KUNIT_ASSERT_EQ(test, 0, fake_remove(&both->image->css, IMAGE_SSID,
					     IMAGE_SCHID));
	KUNIT_ASSERT_EQ(test, 0,
			fake_add(&both->image->css, IMAGE_SSID, IMAGE_SCHID,
				 IMAGE_DEVNO, IMAGE_CHPID, &both->fake->dev));
	test->priv = both;
	return 0;
}

void backend_exit(struct kunit *test)
{
	struct backend_image *both = test->priv;

	both->fake->obliging = true;
	if (both->fake->unanswered)
		fake_backend_stop(both->fake);
	test->priv = both->image;
	image_exit(test);
	KUNIT_EXPECT_EQ(test, both->fake->released, 1);
	KUNIT_EXPECT_EQ(test, both->fake->nr_irbs, 0);
	/* Each program was discarded once. */
	KUNIT_EXPECT_EQ(test, both->fake->prepared, both->fake->discarded);
}

void backend_orb(struct fake_image *image, struct css_orb *orb)
{
	image_load(image, orb);
	orb->flags |= cpu_to_be32(ORB_SUSPEND);
}

void backend_bring(struct backend_image *both, enum backend_is is)
{
	struct fake_backend *fake = both->fake;
	struct fake_image *image = both->image;
	struct css_orb orb;

	fake->stores.activity = 0;
	if (is == IS_DISABLED)
		return;
	image_enable(image, IMAGE_ISC, 0);
	if (is == IS_IDLE)
		return;
	if (is == IS_UNSOLICITED) {
		fake_backend_present(fake, UNSOLICITED, ATTENTION);
		return;
	}
	backend_orb(image, &orb);
	image_must_start(image, &orb);
	switch (is) {
	case IS_INTERMEDIATE:
		fake_backend_present(fake, START | ACTIVE | INTERMEDIATE, 0);
		break;
	case IS_SUSPENDED:
		fake_backend_present(fake, SUSPENDED | INTERMEDIATE, 0);
		image_must(image, IOINST_TSCH);
		break;
	case IS_HALTING:
		image_must(image, IOINST_HSCH);
		break;
	case IS_CLEARING:
		image_must(image, IOINST_CSCH);
		break;
	case IS_ENDED:
		fake_backend_present(fake, START | ENDED, CE_DE);
		break;
	case IS_OUT:
		fake->answers[SCH_CSCH] = IOINST_CC_BUSY;
		image_execute(image, IOINST_CSCH);
		fake->answers[SCH_CSCH] = IOINST_CC_EXPECTED;
		/* It was to stop.  Until that is known, nobody asks it once more. */
		flush_work(&fake->backend.end.work);
		break;
	case IS_LOST:
		fake->news = BACKEND_LOST;
		fake_backend_tell(fake);
		break;
	default:
		break;
	}
}
