// SPDX-License-Identifier: GPL-2.0
/*
 * What a backend has to say: status, how far the program is, that paths have
 * changed or the device is gone, and that it has stopped.
 * Documentation/backends.rst.
 *
 * A backend never pushes anything into a subchannel.  It calls
 * sch_backend_notify(), and is asked under sch->lock by a work item, or by an
 * instruction that comes before.
 *
 * sch->pending is set from the moment in which the backend is to stop until it
 * has answered, so that a reset and a removal wait for it.  In between, @stopping
 * is set from ->stop() on, which isn't called while somebody prepares something.
 * If the subchannel is removed before the answer to a call without @last comes,
 * there is a second call.  When there is no device any more, @lost is set for
 * good: the backend has said so, or could not stop.
 *
 * Locking: sch->lock protects all of struct sch_backend but what the work items
 * need to be queued, and @failed, which is written before @end is queued and read
 * when that has begun.
 *
 * Lifetime: sch->pending and each of the work items have a reference to the
 * subchannel.
 */
#define pr_fmt(fmt) "kvm_css: " fmt

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <kvm_css/backend.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/* What a backend says in word 0 of an SCSW; the rest is from the guest's ORB. */
#define SAID	(SCSW_FC | SCSW_AC | SCSW_SC | SCSW_DEFERRED_CC | \
		 SCSW_ESW_FORMAT | SCSW_ZERO_CC | SCSW_EXTENDED | \
		 SCSW_PATH_NOT_OPER)

/* How many times a backend is asked at once; the rest is for the work item. */
#define NEWS_AT_ONCE	4

/*
 * Nobody gives a reference back here, in a hard interrupt perhaps, as it might be
 * the last one.
 */
static void queue(struct subchannel *sch, struct sch_backend_work *work)
{
	if (atomic_xchg(&work->queued, 1))
		return;
	/* begin() says whose it is. */
	kref_get(&sch->ref);
	queue_work(sch->shared->wq, &work->work);
}

/*
 * A work item begins.  From now on it may be queued once more, by somebody who
 * has something new.
 * Return: the work; its reference to the subchannel is the caller's.
 */
static struct sch_backend_work *begin(struct work_struct *item)
{
	struct sch_backend_work *work = container_of(item,
						     struct sch_backend_work,
						     work);

	/* What was new before it was queued is seen after this. */
	atomic_xchg(&work->queued, 0);
	return work;
}

/* Stopping */

void news_stop(struct subchannel *sch)
{
	struct sch_backend *backend = sch->backend;

	lockdep_assert_held(&sch->lock);
	if (!sch->pending) {
		/* end_work() gives this reference back. */
		kref_get(&sch->ref);
		WRITE_ONCE(sch->pending, true);
	}
	/* Otherwise who prepares something calls this when he has done. */
	if (!sch->running && !backend->stopping) {
		backend->stopping = true;
		backend->told_last = sch->gone;
		backend->ops->stop(backend, sch->gone);
	}
}

void news_over(struct subchannel *sch)
{
	struct sch_backend *backend = sch->backend;

	if (list_empty(&backend->programs))
		return;
	list_splice_tail_init(&backend->programs, &backend->over);
	if (!backend->discards)
		queue(sch, &backend->give_back);
}

void news_refused(struct subchannel *sch, struct backend_program *program)
{
	list_add_tail(&program->entry, &sch->backend->over);
	queue(sch, &sch->backend->give_back);
}

static void discard(struct sch_backend *backend, struct list_head *over)
{
	struct backend_program *program, *next;

	list_for_each_entry_safe(program, next, over, entry)
		backend->ops->discard(backend, program);
}

static void give_back_work(struct work_struct *work)
{
	struct sch_backend *backend = container_of(begin(work),
						   struct sch_backend, give_back);
	struct subchannel *sch = backend->sch;
	LIST_HEAD(over);

	mutex_lock(&sch->lock);
	list_splice_tail_init(&backend->over, &over);
	mutex_unlock(&sch->lock);
	discard(backend, &over);
	subchannel_put(sch);
}

/* The backend can't stop, or its device is gone: there is no device any more. */
static void lose(struct subchannel *sch)
{
	sch->backend->lost = true;
	subchannel_withdraw(sch);
	sch->int_queued = false;
	subchannel_set_flags(sch, 0);
}

static void end_work(struct work_struct *work)
{
	struct sch_backend *backend = container_of(begin(work),
						   struct sch_backend, end);
	struct subchannel *sch = backend->sch;
	bool was_pending = false;

	mutex_lock(&sch->lock);
	if (!backend->stopping)
		goto out;
	backend->stopping = false;
	if (backend->failed)
		lose(sch);
	if (sch->gone && !backend->told_last) {
		/* It was removed while a reset waited. */
		news_stop(sch);
	} else {
		news_over(sch);
		was_pending = true;
		WRITE_ONCE(sch->pending, false);
		subchannel_settle(sch);
	}
out:
	mutex_unlock(&sch->lock);
	if (was_pending)
		subchannel_put(sch);
	subchannel_put(sch);
}

/* Answers */

ioinst_ending_t news_wrong(struct subchannel *sch, ioinst_ending_t answer)
{
	pr_warn_ratelimited("subchannel 0.%x.%04x: unexpected answer %08x of its backend; the subchannel is out of service until it is reset\n",
			    sid_ssid(sch->sid), sch->sid & SID_NUMBER,
			    (__force u32)answer);
	subchannel_out_of_service(sch);
	/* Whatever the device does is to end. */
	news_stop(sch);
	return IOINST_CC_NOT_OPERATIONAL;
}

static bool can_answer(enum sch_insn insn, ioinst_ending_t answer)
{
	if (answer == IOINST_CC_EXPECTED || answer == IOINST_CC_NOT_OPERATIONAL)
		return true;
	if (answer == IOINST_OPERAND)
		return insn == SCH_MSCH;
	return insn != SCH_CSCH && (answer == IOINST_CC_STATUS_PRESENT ||
				    answer == IOINST_CC_BUSY);
}

ioinst_ending_t news_answer(struct subchannel *sch, enum sch_insn insn,
			    ioinst_ending_t answer)
{
	if (unlikely(!can_answer(insn, answer)))
		return news_wrong(sch, answer);
	/* The status that is the reason, so that TEST SUBCHANNEL finds it */
	if (answer == IOINST_CC_STATUS_PRESENT)
		news_take(sch);
	return answer;
}

/* Status */

/*
 * Is the status older than the function in progress?  It is, if its function
 * control is another one, or if it is intermediate status of a program that has
 * been halted or cleared.  The guest must not see it any more.
 */
static bool is_old(const struct subchannel *sch, u32 said)
{
	u32 functions = subchannel_flags(sch) & SCSW_FC;

	return (said & SCSW_FC) != functions ||
	       (!subchannel_ended(said) && functions != SCSW_FC_START);
}

/* Leave out what has no meaning together with the rest. */
static u32 meaning_of(const struct subchannel *sch, u32 said)
{
	u32 flags = said & SAID;

	if (!(flags & SCSW_FC_START))
		flags &= ~SCSW_DEFERRED_CC;
	if (!(flags & SCSW_FC))
		flags &= ~SCSW_PATH_NOT_OPER;
	if (!(flags & SCSW_SC_INTERMEDIATE))
		flags &= ~SCSW_ZERO_CC;
	if (flags & SCSW_SC_INTERMEDIATE || !(flags & SCSW_SC_ALERT))
		flags &= ~SCSW_EXTENDED;
	if (flags & SCSW_FC)
		flags |= subchannel_flags(sch) & SCSW_FROM_ORB;
	return flags;
}

static void take_status(struct subchannel *sch, const struct css_irb *irb)
{
	struct css_irb *kept = &sch->backend->irb;
	u32 said = be32_to_cpu(irb->scsw.flags), flags;
	const struct chanprog_ending ending = {
		.cpa = be32_to_cpu(irb->scsw.cpa),
		.dstat = irb->scsw.dstat,
		.cstat = irb->scsw.cstat,
		.count = be16_to_cpu(irb->scsw.count),
	};

	/* "Enabled": one that is not enabled drops status. */
	if (!(said & SCSW_SC_PENDING) || is_old(sch, said) ||
	    !(sch->schib.pmcw.flags & cpu_to_be16(PMCW_ENABLED)))
		return;
	flags = meaning_of(sch, said);
	*kept = *irb;
	/* There is one path. */
	kept->esw.word0 &= ~cpu_to_be32((0xff & ~SCH_PATH) <<
					LOGOUT_LPUM_SHIFT);
	if (!(flags & SCSW_EXTENDED)) {
		memset(kept->ecw, 0, sizeof(kept->ecw));
		kept->esw.erw &= ~cpu_to_be32(ERW_CONCURRENT_SENSE |
					      ERW_SENSE_COUNT);
	}
	subchannel_set_flags(sch, flags & ~(SCSW_SC | SCSW_AC));
	subchannel_make_pending(sch, flags & (SCSW_SC | SCSW_AC), &ending);
	if (flags & SCSW_FC && subchannel_ended(flags))
		news_over(sch);
}

/* Everything that the backend has to say */

static bool may_ask(const struct subchannel *sch)
{
	return !sch->gone && !sch->resetting && !sch->broken &&
	       !sch->backend->lost;
}

/* Return: whether there may be more. */
static bool take_one(struct subchannel *sch)
{
	struct sch_backend *backend = sch->backend;
	u32 flags = subchannel_flags(sch);
	bool room = !(flags & SCSW_SC_PENDING);
	struct css_irb irb = {};

	switch (backend->ops->take(backend, flags & SCSW_FC,
				   room ? &irb : NULL)) {
	case BACKEND_STATUS:
		if (room)
			take_status(sch, &irb);
		return room;
	case BACKEND_PATHS:
		sch->shared->ops->report(sch->shared, sch->sid,
					 CRW_ERC_MODIFIED);
		return true;
	case BACKEND_LOST:
		lose(sch);
		news_stop(sch);
		sch->shared->ops->report(sch->shared, sch->sid, CRW_ERC_IPI);
		return false;
	default:
		return false;
	}
}

void news_take(struct subchannel *sch)
{
	int i;

	lockdep_assert_held(&sch->lock);
	for (i = 0; may_ask(sch); i++) {
		if (i == NEWS_AT_ONCE) {
			queue(sch, &sch->backend->news);
			return;
		}
		if (!take_one(sch))
			return;
	}
}

void news_schib(struct subchannel *sch)
{
	struct css_pmcw *pmcw = &sch->schib.pmcw;
	u32 flags = subchannel_flags(sch);
	struct backend_schib schib = {};

	sch->backend->ops->store(sch->backend, &schib);
	/* The image has one CHPID for the subchannel, so there is one path. */
	pmcw->lpum = schib.lpum & SCH_PATH;
	pmcw->pnom = schib.pnom & SCH_PATH;
	pmcw->pom = schib.pom;
	pmcw->pam = schib.pam & SCH_PATH;
	/* While status is pending, the activity belongs to it. */
	if (flags & SCSW_SC_PENDING)
		return;
	flags &= ~SCSW_AC;
	flags |= schib.activity & (flags & SCSW_FC ? SCSW_AC :
						     SCSW_AC_DEVICE_ACTIVE);
	if (flags != subchannel_flags(sch))
		subchannel_set_flags(sch, flags);
}

/* The SCHIB of a device that is gone says nothing but that ("V"). */
void news_show(struct subchannel *sch, struct css_schib *schib)
{
	lockdep_assert_held(&sch->lock);
	memset(schib, 0, sizeof(*schib));
	if (sch->backend->lost)
		return;
	/* A backend that stops isn't asked. */
	if (!sch->pending)
		news_schib(sch);
	*schib = sch->schib;
}

/* What a backend calls */

/*
 * Most programs end here.  Another work item for what they leave would wake another
 * worker, while the guest waits.
 */
static void take_news(struct sch_backend *backend, struct list_head *over)
{
	struct subchannel *sch = backend->sch;

	mutex_lock(&sch->lock);
	backend->discards = true;
	news_take(sch);
	backend->discards = false;
	list_splice_tail_init(&backend->over, over);
	mutex_unlock(&sch->lock);
}

static void news_work(struct work_struct *work)
{
	struct sch_backend *backend = container_of(begin(work),
						   struct sch_backend, news);
	struct subchannel *sch = backend->sch;
	struct guest *guest = sch->shared->guest;
	LIST_HEAD(over);

	/* When the VM is gone, nobody takes status. */
	if (guest_hold(guest)) {
		take_news(backend, &over);
		guest_drop(guest);
	}
	/* The CPU that has been told goes on first. */
	cond_resched();
	discard(backend, &over);
	subchannel_put(sch);
}

static void notify(struct sch_backend *backend)
{
	queue(backend->sch, &backend->news);
}

static void stopped(struct sch_backend *backend)
{
	queue(backend->sch, &backend->end);
}

void news_attach(struct subchannel *sch)
{
	struct sch_backend *backend;

	if (!sch->dev->ops->backend)
		return;
	backend = sch->dev->ops->backend(sch->dev);
	backend->notify = notify;
	backend->stopped = stopped;
	backend->sch = sch;
	backend->guest = sch->shared->guest;
	backend->wq = sch->shared->wq;
	backend->stopping = false;
	backend->lost = false;
	INIT_WORK(&backend->news.work, news_work);
	INIT_WORK(&backend->end.work, end_work);
	INIT_WORK(&backend->give_back.work, give_back_work);
	INIT_LIST_HEAD(&backend->programs);
	INIT_LIST_HEAD(&backend->over);
	sch->backend = backend;
}

void news_flush(struct subchannel *sch)
{
	struct sch_backend *backend = sch->backend;

	flush_work(&backend->news.work);
	flush_work(&backend->end.work);
	flush_work(&backend->give_back.work);
}
