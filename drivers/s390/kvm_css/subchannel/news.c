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
 * sch->pending is set while the backend has not answered ->stop().  So a reset
 * and a removal wait for it.
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
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <kvm_css/backend.h>
#include <kvm_css/budget.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/* What a backend says in word 0 of an SCSW; the rest is from the guest's ORB. */
#define SAID	(SCSW_FC | SCSW_AC | SCSW_SC | SCSW_DEFERRED_CC | \
		 SCSW_ESW_FORMAT | SCSW_ZERO_CC | SCSW_EXTENDED | \
		 SCSW_PATH_NOT_OPER)

/*
 * How many times a backend is asked at once.  A backend that has more is asked
 * again when it says so.
 */
#define NEWS_AT_ONCE	4

/* Work items: one that is queued already has its reference. */
static void queue(struct subchannel *sch, struct work_struct *work)
{
	kref_get(&sch->ref);
	if (!queue_work(sch->shared->wq, work))
		subchannel_put(sch);
}

/* Stopping */

void news_drop(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (sch->pending)
		return;
	/* end_work() gives this reference back. */
	kref_get(&sch->ref);
	WRITE_ONCE(sch->pending, true);
}

void news_over(struct subchannel *sch)
{
	struct sch_backend *backend = sch->backend;

	if (list_empty(&backend->programs))
		return;
	list_splice_tail_init(&backend->programs, &backend->over);
	queue(sch, &backend->give_back);
}

static void give_back_work(struct work_struct *work)
{
	struct sch_backend *backend = container_of(work, struct sch_backend,
						   give_back);
	struct backend_program *program, *next;
	struct subchannel *sch = backend->sch;
	LIST_HEAD(over);

	mutex_lock(&sch->lock);
	list_splice_tail_init(&backend->over, &over);
	mutex_unlock(&sch->lock);
	list_for_each_entry_safe(program, next, &over, entry)
		backend->ops->discard(backend, program);
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
	struct sch_backend *backend = container_of(work, struct sch_backend,
						   end);
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
		sch_backend_stop(backend, true);
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
	/* Whatever the device does is to end. */
	news_drop(sch);
	subchannel_out_of_service(sch);
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
	for (i = 0; i < NEWS_AT_ONCE && may_ask(sch) && take_one(sch); i++)
		;
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

/* What a backend calls */

/*
 * The VM pays for the CPU time.  Its workers sleep for it, if it is too much; a
 * thread of the workqueue doesn't.
 */
static void news_work(struct work_struct *work)
{
	struct sch_backend *backend = container_of(work, struct sch_backend,
						   news);
	struct subchannel *sch = backend->sch;
	struct guest *guest = sch->shared->guest;
	const u64 begin = guest_cpu_time(guest);

	/* When the VM is gone, nobody takes status. */
	if (guest_hold(guest)) {
		mutex_lock(&sch->lock);
		news_take(sch);
		mutex_unlock(&sch->lock);
		guest_drop(guest);
	}
	budget_charge(&sch->shared->budget, guest_cpu_time(guest) - begin,
		      ktime_get_ns());
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
	backend->stopping = false;
	backend->lost = false;
	INIT_WORK(&backend->news, news_work);
	INIT_WORK(&backend->end, end_work);
	INIT_WORK(&backend->give_back, give_back_work);
	INIT_LIST_HEAD(&backend->programs);
	INIT_LIST_HEAD(&backend->over);
	sch->backend = backend;
}

void news_flush(struct subchannel *sch)
{
	struct sch_backend *backend = sch->backend;

	flush_work(&backend->news);
	flush_work(&backend->end);
	flush_work(&backend->give_back);
}
