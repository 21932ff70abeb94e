// SPDX-License-Identifier: GPL-2.0
/*
 * A backend whose answers are the fuzzer's input, see fuzz_backend.h.
 *
 * Each answer takes a byte of the script.  When the script has ended, the backend
 * answers condition code 0, and ends each function normally.  It may answer what
 * it must not, and give status that can't be.  It keeps only the rules that a
 * subchannel can't check: it answers each ->stop() once, and makes no sign after
 * the last one.
 */
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <kvm_css/backend.h>
#include <kvm_css/subchannel.h>

#include "fuzz_backend.h"

/* When a function ends, or the backend has stopped */
#define SOON_NS		1000000

#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define PENDING		SCSW_SC_PENDING
#define ENDED		(SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | PENDING)

/* The first byte of an answer: condition code, or something else */
#define ANSWER_WRONG	0xe0	/* these bits all ones: no condition code */

/* The first byte of a status */
#define STATUS_ANY	0x80	/* four bytes follow */
#define STATUS_KIND	0x0f
#define STATUS_MORE	0x10	/* there is more to come */

/**
 * struct fuzz_backend - the device
 * @dev: what the core sees
 * @backend: part of it
 * @guest: the guest
 * @script: the answers
 * @timer: makes news, or answers ->stop()
 * @irbs: how many times it has status
 * @news: what it will say beside that
 * @programs: how many programs the device may use, or are being prepared
 * @stopping: it was asked to stop, and has not
 * @last: it has been told that this was the last time
 * @released: it was released
 */
struct fuzz_backend {
	struct css_device dev;
	struct sch_backend backend;
	struct fuzz_guest *guest;
	struct fuzz_input *script;
	struct hrtimer timer;
	unsigned int irbs;
	u8 news;
	int programs;
	bool stopping;
	bool last;
	bool released;
};

static const struct cu_ops fuzz_ops;

/* Some status that there is, without function control */
static const u32 kinds[STATUS_KIND + 1] = {
	ENDED,
	SCSW_SC_ALERT | ENDED,
	SCSW_AC_DEVICE_ACTIVE | SCSW_SC_PRIMARY | PENDING,
	SCSW_AC_DEVICE_ACTIVE | SCSW_SC_ALERT | SCSW_SC_PRIMARY | PENDING,
	ACTIVE | SCSW_SC_INTERMEDIATE | PENDING,
	SCSW_AC_SUSPENDED | SCSW_SC_INTERMEDIATE | PENDING,
	SCSW_SC_SECONDARY | PENDING,
	SCSW_SC_ALERT | PENDING,
	PENDING,
	SCSW_DEFERRED_CC1 | SCSW_AC_START_PENDING | PENDING,
	SCSW_DEFERRED_CC1 | SCSW_AC_SUSPENDED | PENDING,
	SCSW_DEFERRED_CC1 | SCSW_AC_START_PENDING | SCSW_SC_ALERT | PENDING,
	SCSW_DEFERRED_CC3 | SCSW_AC_START_PENDING | SCSW_SC_ALERT | ENDED,
	ACTIVE | SCSW_ZERO_CC | SCSW_SC_INTERMEDIATE | PENDING,
	SCSW_EXTENDED | SCSW_SC_ALERT | ENDED,
	SCSW_ESW_FORMAT | SCSW_SC_ALERT | SCSW_SC_PRIMARY | PENDING,
};

static struct fuzz_backend *to_fuzz(struct sch_backend *backend)
{
	return container_of(backend, struct fuzz_backend, backend);
}

static void soon(struct fuzz_backend *fuzz)
{
	hrtimer_start(&fuzz->timer, SOON_NS, HRTIMER_MODE_REL);
}

/* An operation that is called under the lock, of a backend that may be asked */
static struct fuzz_backend *enter(struct sch_backend *backend)
{
	struct fuzz_backend *fuzz = to_fuzz(backend);

	shim_assert(shim_context()->mutexes);
	shim_assert(!fuzz->stopping);
	shim_assert(!fuzz->last);
	return fuzz;
}

static ioinst_ending_t answer(struct sch_backend *backend)
{
	struct fuzz_backend *fuzz = enter(backend);
	u8 how = take8_back(fuzz->script);

	if ((how & ANSWER_WRONG) == ANSWER_WRONG)
		return (__force ioinst_ending_t)((how & 3) << 16 | (how >> 2 & 7));
	/* Most of the answers let something happen. */
	return how & 0x10 ? IOINST_CC(how & 3) : IOINST_CC_EXPECTED;
}

/* What is prepared without the lock, where others may go on */
static ioinst_ending_t prepare(struct sch_backend *backend,
			       struct backend_program **program)
{
	struct fuzz_backend *fuzz = to_fuzz(backend);
	u8 how = take8_back(fuzz->script);

	shim_might_sleep();
	shim_assert(!shim_context()->mutexes);
	if (fuzz->guest->during)
		fuzz->guest->during();
	if ((how & ANSWER_WRONG) == ANSWER_WRONG)
		return how & 1 ? IOINST_RETRY : IOINST_HOST_FAULT;
	/* Not every program needs something. */
	if (how & 0x08)
		return IOINST_PROCEED;
	*program = kzalloc(sizeof(**program), GFP_KERNEL);
	fuzz->programs += !!*program;
	return *program ? IOINST_PROCEED : IOINST_RETRY;
}

static ioinst_ending_t fuzz_prepare_start(struct sch_backend *backend,
					  struct guest *guest,
					  const struct css_orb *orb,
					  const struct chanprog_limit *limit,
					  struct backend_program **program)
{
	return prepare(backend, program);
}

static ioinst_ending_t fuzz_prepare_resume(struct sch_backend *backend,
					   struct guest *guest,
					   struct backend_program **program)
{
	return prepare(backend, program);
}

static void fuzz_discard(struct sch_backend *backend,
			 struct backend_program *program)
{
	shim_might_sleep();
	shim_assert(!shim_context()->mutexes);
	shim_assert(to_fuzz(backend)->programs > 0);
	to_fuzz(backend)->programs--;
	kfree(program);
}

/* A function has begun, so there will be status. */
static ioinst_ending_t begin(struct sch_backend *backend)
{
	ioinst_ending_t cc = answer(backend);

	if (cc == IOINST_CC_EXPECTED) {
		to_fuzz(backend)->irbs++;
		soon(to_fuzz(backend));
	}
	return cc;
}

static ioinst_ending_t fuzz_start(struct sch_backend *backend,
				  const struct css_orb *orb,
				  struct backend_program *program)
{
	return begin(backend);
}

static ioinst_ending_t fuzz_resume(struct sch_backend *backend,
				   struct backend_program *program)
{
	return begin(backend);
}

static ioinst_ending_t fuzz_cancel(struct sch_backend *backend)
{
	return answer(backend);
}

static ioinst_ending_t fuzz_modify(struct sch_backend *backend,
				   const struct css_schib *schib)
{
	return answer(backend);
}

static void fuzz_store(struct sch_backend *backend, struct backend_schib *schib)
{
	struct fuzz_backend *fuzz = enter(backend);

	schib->activity = (u32)take8_back(fuzz->script) << 4;
	schib->pam = take8_back(fuzz->script);
	schib->lpum = schib->pam;
}

static enum backend_news fuzz_take(struct sch_backend *backend, u32 functions,
				   struct css_irb *irb)
{
	struct fuzz_backend *fuzz = enter(backend);
	u8 news = fuzz->news, how;
	u32 flags;

	shim_assert(functions == (subchannel_flags(backend->sch) & SCSW_FC));
	fuzz->news = BACKEND_NOTHING;
	if (news)
		return news;
	if (!fuzz->irbs)
		return BACKEND_NOTHING;
	how = take8_back(fuzz->script);
	/* It may have status although there is no room for it. */
	if (!irb)
		return how & 1 ? BACKEND_STATUS : BACKEND_NOTHING;
	fuzz->irbs--;
	flags = kinds[how & STATUS_KIND] | functions;
	/* Without a script, each function has the end that it must have. */
	if (!how && (functions & SCSW_FC_CLEAR || !functions))
		flags = functions | PENDING | (functions ? 0 : SCSW_SC_ALERT);
	if (how & STATUS_ANY)
		flags = (u32)take8_back(fuzz->script) << 24 |
			take8_back(fuzz->script) << 16 |
			take8_back(fuzz->script) << 8 |
			take8_back(fuzz->script);
	if (how & STATUS_MORE || flags & SCSW_SC_INTERMEDIATE) {
		fuzz->irbs++;
		soon(fuzz);
	}
	irb->scsw.flags = cpu_to_be32(flags);
	irb->scsw.dstat = how & 0x20 ? take8_back(fuzz->script) : 0;
	irb->scsw.cstat = how & 0x40 ? take8_back(fuzz->script) : 0;
	return BACKEND_STATUS;
}

static void answer_stop(struct fuzz_backend *fuzz)
{
	shim_assert(fuzz->stopping);
	fuzz->stopping = false;
	/* Seldom it can't. */
	sch_backend_stopped(&fuzz->backend, take8_back(fuzz->script) != 0x77);
}

static void fuzz_stop(struct sch_backend *backend, bool last)
{
	struct fuzz_backend *fuzz = enter(backend);

	hrtimer_cancel(&fuzz->timer);
	fuzz->irbs = 0;
	fuzz->news = BACKEND_NOTHING;
	fuzz->stopping = true;
	fuzz->last = last;
	if (take8_back(fuzz->script) & 1)
		answer_stop(fuzz);
	else
		soon(fuzz);
}

static enum hrtimer_restart expired(struct hrtimer *timer)
{
	struct fuzz_backend *fuzz = container_of(timer, struct fuzz_backend,
						 timer);

	if (fuzz->stopping)
		answer_stop(fuzz);
	else
		sch_backend_notify(&fuzz->backend);
	return HRTIMER_NORESTART;
}

static const struct sch_backend_ops backend_ops = {
	.prepare_start = fuzz_prepare_start,
	.prepare_resume = fuzz_prepare_resume,
	.discard = fuzz_discard,
	.start = fuzz_start,
	.resume = fuzz_resume,
	.halt = begin,
	.clear = begin,
	.cancel = fuzz_cancel,
	.modify = fuzz_modify,
	.store = fuzz_store,
	.take = fuzz_take,
	.stop = fuzz_stop,
};

static void fuzz_release(struct css_device *dev)
{
	struct fuzz_backend *fuzz = container_of(dev, struct fuzz_backend, dev);

	shim_assert(!fuzz->stopping);
	/* It was a subchannel's, or it has never been. */
	shim_assert(fuzz->last || !fuzz->backend.sch);
	shim_assert(!fuzz->programs);
	hrtimer_cancel(&fuzz->timer);
	kfree(fuzz);
}

static struct sch_backend *fuzz_backend_of(struct css_device *dev)
{
	return &container_of(dev, struct fuzz_backend, dev)->backend;
}

static const struct cu_ops fuzz_ops = {
	.name = "fuzz backend",
	.release = fuzz_release,
	.backend = fuzz_backend_of,
};

struct css_device *fuzz_backend_create(struct fuzz_guest *guest,
				       struct fuzz_input *script)
{
	struct fuzz_backend *fuzz = kzalloc(sizeof(*fuzz), GFP_KERNEL);

	if (!fuzz)
		return NULL;
	fuzz->dev.ops = &fuzz_ops;
	fuzz->backend.ops = &backend_ops;
	fuzz->guest = guest;
	fuzz->script = script;
	hrtimer_init(&fuzz->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	fuzz->timer.function = expired;
	return &fuzz->dev;
}

void fuzz_backend_tell(struct css_device *dev, u8 what)
{
	struct fuzz_backend *fuzz = container_of(dev, struct fuzz_backend, dev);

	if (dev->ops != &fuzz_ops)
		return;
	if (fuzz->stopping) {
		hrtimer_cancel(&fuzz->timer);
		answer_stop(fuzz);
		return;
	}
	/* After its answer to the last ->stop() it makes no sign. */
	if (fuzz->last)
		return;
	if (what & 0x80)
		fuzz->news = what & 1 ? BACKEND_LOST : BACKEND_PATHS;
	else
		fuzz->irbs++;
	sch_backend_notify(&fuzz->backend);
}
