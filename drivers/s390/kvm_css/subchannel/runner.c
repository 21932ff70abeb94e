// SPDX-License-Identifier: GPL-2.0
/*
 * Who runs the channel program of a subchannel, and when.
 *
 * A channel program has a runner while sch->running is set: the vCPU that
 * executed START or RESUME SUBCHANNEL, or sch->work on a worker.  There is never
 * more than one.  An instruction that finds no runner changes the function at
 * once.  If there is one, the instruction says with chanprog_stop() why the
 * program has to stop, and the runner completes the function on its way out, in
 * runner_left().  So a halt or clear function is "pending" only until the runner
 * has left.
 */
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/measurement.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)

/*
 * Count it in shared->active.  A full barrier follows: css_quiesce() sets its flag
 * before it looks at the count, and runner_become() looks at the flag behind
 * this, so that one of the two sees the other.
 */
static void count(struct subchannel *sch)
{
	if (sch->counted)
		return;
	sch->counted = true;
	atomic_inc(&sch->shared->active);
	/* Before shared->quiesced is looked at; css_quiesce() has the other one. */
	smp_mb__after_atomic();
}

bool subchannel_try_begin(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	count(sch);
	if (!READ_ONCE(sch->shared->quiesced))
		return true;
	subchannel_settle(sch);
	return false;
}

static void run_on_worker(struct subchannel *sch)
{
	if (sch->queued)
		return;
	count(sch);
	WRITE_ONCE(sch->queued, true);
	/* The work item's own, see subchannel_work(). */
	kref_get(&sch->ref);
	guest_queue_work(sch->shared->guest, sch->shared->wq, &sch->work);
}

static void count_deferred(struct subchannel *sch)
{
	if (sch->deferred)
		return;
	sch->deferred = true;
	sch->stats.deferred++;
}

void subchannel_run(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	count_deferred(sch);
	run_on_worker(sch);
}

/* Let a worker go on with the program; the runner's part in it is over. */
static void defer(struct subchannel *sch)
{
	u32 flags = subchannel_flags(sch);

	count_deferred(sch);
	flags &= ~SCSW_AC | SCSW_AC_RESUME_PENDING;
	/* Nothing executed so far: it can still be cancelled. */
	flags |= chanprog_untouched(&sch->program) && !(flags & SCSW_SC) ?
			SCSW_AC_START_PENDING : ACTIVE;
	subchannel_set_flags(sch, flags);
	run_on_worker(sch);
}

/* The program may go on; whoever runs it next fetches the CCW again. */
void runner_resume(struct subchannel *sch)
{
	chanprog_resume(&sch->program);
	measurement_resumed(sch);
}

static void suspended(struct subchannel *sch)
{
	u32 flags = subchannel_flags(sch);

	if (!(flags & SCSW_AC_RESUME_PENDING)) {
		ending_suspended(sch);
		return;
	}
	/* The resume has come first: look at that CCW once more. */
	subchannel_set_flags(sch, flags & ~SCSW_AC_RESUME_PENDING);
	runner_resume(sch);
	defer(sch);
}

bool subchannel_disconnected(const struct subchannel *sch)
{
	return chanprog_disconnected(&sch->program) &&
	       subchannel_flags(sch) & SCSW_AC_SUBCH_ACTIVE;
}

/* Whoever waits for the end of all activity looks again. */
void subchannel_settle(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (subchannel_active(sch) || subchannel_disconnected(sch))
		return;
	if (sch->counted) {
		sch->counted = false;
		atomic_dec(&sch->shared->active);
	}
	if (sch->resetting)
		subchannel_initialize(sch);
	/* Nothing is asked of it any more, and it requests nothing. */
	if (sch->gone)
		cu_reset(sch->dev);
	if (wq_has_sleeper(&sch->shared->idle))
		wake_up_all(&sch->shared->idle);
}

void subchannel_unqueue(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (!sch->queued ||
	    !guest_cancel_work(sch->shared->guest, &sch->work))
		return;
	WRITE_ONCE(sch->queued, false);
	subchannel_settle(sch);
	/* The work item's; the caller has one of its own. */
	subchannel_put(sch);
}

static void runner_left(struct subchannel *sch, enum chanprog_state outcome)
{
	u32 fc = subchannel_flags(sch) & SCSW_FC;

	WRITE_ONCE(sch->running, false);
	measurement_runner_left(sch);
	if (!subchannel_check_operational(sch))
		goto out;
	if (fc & SCSW_FC_CLEAR)
		ending_of_clear(sch);
	else if (outcome == CHANPROG_ENDED)
		ending_of_start(sch);
	else if (fc & SCSW_FC_HALT)
		ending_of_halt(sch);
	else if (outcome == CHANPROG_SUSPENDED)
		suspended(sch);
	else if (outcome == CHANPROG_DISCONNECTED)
		subchannel_ask(sch);
	else if (outcome != CHANPROG_STOPPED)
		defer(sch);
	/* Otherwise the VM is dying; nobody is left to be told. */
out:
	subchannel_settle(sch);
}

/*
 * Make the caller the runner, if there is something to run and nobody runs it.
 * While the image is quiesced, nothing new is begun.
 */
bool runner_become(struct subchannel *sch)
{
	u32 flags = subchannel_flags(sch);
	const u32 to_do = SCSW_AC_START_PENDING | SCSW_AC_RESUME_PENDING |
			  SCSW_AC_SUBCH_ACTIVE;

	if (sch->gone || sch->resetting || sch->broken || sch->running ||
	    !(flags & to_do) || subchannel_ended(flags) ||
	    subchannel_disconnected(sch))
		return false;
	if (flags & SCSW_AC_SUBCH_ACTIVE) {
		count(sch);
	} else {
		if (!subchannel_try_begin(sch))
			return false;
		if (!chanprog_begun(&sch->program) &&
		    !subchannel_initiate(sch)) {
			subchannel_settle(sch);
			return false;
		}
		/* Of one that was suspended, this is the resume. */
		if (flags & SCSW_AC_SUSPENDED)
			flags &= ~SCSW_AC_RESUME_PENDING;
		flags &= ~SCSW_AC | SCSW_AC_RESUME_PENDING;
		subchannel_set_flags(sch, flags | ACTIVE);
	}
	WRITE_ONCE(sch->running, true);
	return true;
}

/* Return: does the runner go on? */
static bool tell_and_go_on(struct subchannel *sch)
{
	if (!subchannel_check_operational(sch) ||
	    subchannel_flags(sch) & (SCSW_FC_HALT | SCSW_FC_CLEAR))
		return false;
	ending_intermediate(sch);
	return true;
}

/* Run the program for a turn.  Afterwards it isn't the caller's any more. */
void runner_run(struct subchannel *sch, enum chanprog_turn turn)
{
	enum chanprog_state outcome;
	bool goes_on;

	measurement_turn_begins(sch);
	do {
		outcome = chanprog_run(&sch->program, turn);
		if (outcome != CHANPROG_INTERMEDIATE)
			measurement_turn_ends(sch, outcome);
		mutex_lock(&sch->lock);
		goes_on = outcome == CHANPROG_INTERMEDIATE &&
			  tell_and_go_on(sch);
		if (!goes_on)
			runner_left(sch, outcome == CHANPROG_INTERMEDIATE ?
						CHANPROG_STOPPED : outcome);
		mutex_unlock(&sch->lock);
	} while (goes_on);
	/* It may have been passed on. */
	guest_ensure_worker(sch->shared->guest);
}

void subchannel_work(struct work_struct *work)
{
	struct subchannel *sch = container_of(work, struct subchannel,
					      work.work);
	struct guest *guest = sch->shared->guest;
	bool runner, there;

	/*
	 * Already to become the runner: what the device says when it is selected
	 * may be for the guest.  Without a VM there is nobody to see a program
	 * end, nor storage for what a runner may have to store.
	 */
	there = guest_hold_mm(guest);
	mutex_lock(&sch->lock);
	WRITE_ONCE(sch->queued, false);
	runner = there && runner_become(sch);
	if (!runner) {
		/* Cancelled: until now the device could not be asked. */
		if (!(subchannel_flags(sch) & SCSW_FC))
			subchannel_ask_later(sch);
		subchannel_settle(sch);
	}
	mutex_unlock(&sch->lock);
	if (runner)
		runner_run(sch, CHANPROG_ON_WORKER);
	if (there)
		guest_drop_mm(guest);
	subchannel_put(sch);
	/*
	 * A work item that queues itself again keeps its thread from ever being
	 * anywhere else, for which others on the host wait.
	 */
	cond_resched_tasks_rcu_qs();
}

void subchannel_kick(struct subchannel *sch)
{
	mutex_lock(&sch->lock);
	if (!sch->gone && !subchannel_ended(subchannel_flags(sch)) &&
	    subchannel_flags(sch) &
	    (SCSW_AC_START_PENDING | SCSW_AC_RESUME_PENDING))
		run_on_worker(sch);
	subchannel_ask(sch);
	mutex_unlock(&sch->lock);
	guest_ensure_worker(sch->shared->guest);
}
