// SPDX-License-Identifier: GPL-2.0
/*
 * Subchannels: their lifetime, and STORE and MODIFY SUBCHANNEL.  states.c has
 * the states of a subchannel and the condition codes in them, function.c the
 * instructions that begin or end a function, irb.c TEST SUBCHANNEL.
 *
 * Locking: sch->lock protects the state of a subchannel.  It is a mutex because
 * interruptions are made pending and withdrawn under it, which allocates
 * memory.  "Status pending" and "interruption pending" change together under
 * this lock.  Nobody holds it while guest storage is accessed or a device
 * executes a command.  The order of locks is css->lock, then sch->lock, then
 * css->crws.lock and what guest_inject() takes.
 *
 * While sch->running is set, sch->program and sch->measured belong to the
 * runner, which accesses them without a lock.  The runner is the vCPU that
 * executed START or RESUME SUBCHANNEL, or a worker that executes sch->work.
 * Meanwhile others write only one member of sch->program: program.stop, under
 * sch->lock.
 *
 * Lifetime: references are held by the image; by each thread that has looked
 * the subchannel up, for as long as its instruction or ioctl takes; by
 * sch->work, from being queued to its end; by the request of the device, see
 * present.c; by a pending command, see pending.c; and by a backend that was
 * asked to stop and has not, and its work items, see news.c.  subchannel_stop() sets
 * @gone.  After that nothing is begun, and subchannel_wait() waits for the
 * runner, for the pending command and for the work items.  So nobody
 * accesses the device or guest storage for a subchannel that has been removed.
 * The memory is freed an RCU grace period after the last reference was given
 * back, because a lookup may still try to take one.
 *
 * What the device has written may have to be got to stable storage, which takes
 * as long as the host's disk does.  css_remove() does that and tells its caller
 * of errors.  If nobody has done it when the last reference is given back,
 * because the VM has ended or the caller of css_remove() was killed, a work
 * item of the image does it and then releases the device: whoever gives back
 * the last reference, perhaps a vCPU, doesn't wait.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/* A guest may have a quarter of a million subchannels, so keep them small. */
#if !IS_ENABLED(CONFIG_LOCKDEP) && !IS_ENABLED(CONFIG_DEBUG_MUTEXES)
static_assert(sizeof(struct subchannel) <= 512);
#endif

struct subchannel *subchannel_create(struct sch_shared *shared,
				     struct css_device *dev, u32 sid,
				     u16 devno, u8 chpid)
{
	struct subchannel *sch;

	sch = kzalloc(sizeof(*sch), GFP_KERNEL_ACCOUNT);
	if (!sch)
		return NULL;
	kref_init(&sch->ref);
	sch->shared = shared;
	sch->dev = dev;
	sch->sid = sid;
	mutex_init(&sch->lock);
	guest_work_init(&sch->work, subchannel_work);
	sch->program.guest = shared->guest;
	sch->program.budget = &shared->budget;
	sch->program.dev = dev;
	sch->schib.pmcw.devno = cpu_to_be16(devno);
	sch->schib.pmcw.chpid[0] = chpid;
	subchannel_attach(sch);
	pending_attach(sch);
	news_attach(sch);
	subchannel_initialize(sch);
	return sch;
}

static void subchannel_free(struct subchannel *sch)
{
	sch->dev->ops->release(sch->dev);
	mutex_destroy(&sch->lock);
	kfree_rcu(sch, rcu);
}

/* Nobody is there to be told of an error; the kernel's log has it. */
static void sync_and_free(struct work_struct *work)
{
	struct subchannel *sch = container_of(work, struct subchannel, last);

	cu_sync(sch->dev);
	subchannel_free(sch);
}

void subchannel_release(struct kref *ref)
{
	struct subchannel *sch = container_of(ref, struct subchannel, ref);

	if (cu_is_synced(sch->dev)) {
		subchannel_free(sch);
		return;
	}
	INIT_WORK(&sch->last, sync_and_free);
	queue_work(sch->shared->last_wq, &sch->last);
}

ioinst_ending_t subchannel_store(struct subchannel *sch, struct css_schib *schib)
{
	ioinst_ending_t cc;

	if (unlikely(sch->backend))
		return backend_store(sch, schib);
	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_STSCH);
	*schib = sch->schib;
	mutex_unlock(&sch->lock);
	return cc;
}

/* Take over the fields that MODIFY SUBCHANNEL sets. */
static void modify(struct subchannel *sch, const struct css_schib *schib)
{
	const __be16 flags = cpu_to_be16(PMCW_FLAGS_MODIFIED);
	const __be32 chars = cpu_to_be32(PMCW_CHARS_MODIFIED);
	const struct css_pmcw *from = &schib->pmcw;
	struct css_pmcw *to = &sch->schib.pmcw;

	to->intparm = from->intparm;
	to->flags &= ~flags;
	to->flags |= from->flags & flags;
	to->lpm = from->lpm;
	to->pom = from->pom;
	to->mbi = from->mbi;
	to->chars &= ~chars;
	to->chars |= from->chars & chars;
	sch->schib.mba = schib->mba;
}

ioinst_ending_t subchannel_modify(struct subchannel *sch,
				  const struct css_schib *schib)
{
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = unlikely(sch->backend) ? backend_modify(sch, schib) :
					 subchannel_enter(sch, SCH_MSCH);
	if (cc == IOINST_CC_EXPECTED)
		modify(sch, schib);
	mutex_unlock(&sch->lock);
	return cc;
}

bool subchannel_query(struct subchannel *sch, struct subchannel_info *state)
{
	bool there;

	mutex_lock(&sch->lock);
	there = !sch->gone;
	if (there) {
		if (sch->backend)
			news_show(sch, &state->schib);
		else
			state->schib = sch->schib;
		state->stats = sch->stats;
		state->now = sch->dev->ops->now ?
				     sch->dev->ops->now(sch->dev) : 0;
	}
	mutex_unlock(&sch->lock);
	return there;
}

/* Nobody will see how a function ends that is in progress. */
static void drop(struct subchannel *sch)
{
	if (sch->backend) {
		news_stop(sch);
		return;
	}
	pending_unqueue(sch);
	pending_set_apart(sch);
	subchannel_stop_program(sch, CHANPROG_DROP);
	subchannel_unqueue(sch);
}

void subchannel_stop(struct subchannel *sch)
{
	mutex_lock(&sch->lock);
	WRITE_ONCE(sch->gone, true);
	drop(sch);
	cu_gone(sch->dev);
	subchannel_withdraw(sch);
	subchannel_set_flags(sch, 0);
	/* css_wait_stopped() can't find it any more. */
	subchannel_count(sch);
	subchannel_settle(sch);
	mutex_unlock(&sch->lock);
}

void subchannel_reset(struct subchannel *sch, bool withdraw)
{
	mutex_lock(&sch->lock);
	if (sch->gone)
		goto out;
	if (withdraw)
		subchannel_withdraw(sch);
	sch->int_queued = false;
	subchannel_set_flags(sch, 0);
	WRITE_ONCE(sch->resetting, true);
	drop(sch);
	if (sch->resetting)
		subchannel_settle(sch);
out:
	mutex_unlock(&sch->lock);
}

/*
 * Does somebody still work for a subchannel that was stopped or is being reset?
 * Once the reset is complete, the guest may start a channel program again.
 * subchannel_wait() doesn't wait for that program.
 */
static bool leaving(const struct subchannel *sch)
{
	return (READ_ONCE(sch->gone) || READ_ONCE(sch->resetting)) &&
	       subchannel_active(sch);
}

int subchannel_wait(struct subchannel *sch)
{
	bool gone, there;

	do {
		if (wait_event_killable(sch->shared->idle, !leaving(sch)))
			return -EINTR;
		/*
		 * The last thread to leave completes the reset under this lock,
		 * and may still hold it.  And without it, leaving() may have
		 * been wrong.
		 */
		mutex_lock(&sch->lock);
		gone = sch->gone;
		there = leaving(sch);
		mutex_unlock(&sch->lock);
	} while (there);
	/*
	 * This doesn't wait for the device: all that the work items have left
	 * to do is to give back their references.
	 */
	if (gone)
		guest_flush_work(sch->shared->guest, &sch->work);
	if (gone && sch->dev->request)
		flush_work(&sch->dev->request->work.work);
	if (gone && sch->dev->pending)
		guest_flush_work(sch->shared->guest, &sch->dev->pending->work);
	if (gone && sch->backend)
		news_flush(sch);
	return 0;
}

int subchannel_sync(struct subchannel *sch, bool last)
{
	int rc = cu_sync(sch->dev);

	/* If it was interrupted, sync_and_free() does it once more. */
	if (last && rc != -EINTR)
		cu_forget_writes(sch->dev);
	return rc;
}
