// SPDX-License-Identifier: GPL-2.0
/*
 * Who runs the channel program of a subchannel, and when.
 *
 * A channel program has a runner while sch->running is set: the vCPU that
 * executed START or RESUME SUBCHANNEL, or a worker that executes sch->work.
 * There is never more than one runner.
 *
 * HALT or CLEAR SUBCHANNEL performs its function at once if there is no runner.
 * Otherwise it tells the program to stop with chanprog_stop(), and the runner
 * performs the function when it leaves the program, in runner_left().  So halt
 * pending or clear pending is shown only until the runner has left.
 *
 * While a command is pending (sch->pending), there is no runner either.  HALT
 * or CLEAR SUBCHANNEL then asks the device to make an end, and halt pending or
 * clear pending is shown until the device has called cu_completed() and a worker
 * has come.  It performs the clear function, or becomes the runner and has the
 * device complete the command.
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

bool subchannel_may_begin(const struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	return !READ_ONCE(sch->shared->quiesced);
}

static bool settled(const struct subchannel *sch)
{
	return !subchannel_active(sch) && !subchannel_disconnected(sch);
}

/*
 * A channel program that nobody waits for doesn't touch shared->active, which
 * all subchannels of the image share: who waits counts first whom to wait for.
 */
void subchannel_count(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (sch->counted || settled(sch))
		return;
	sch->counted = true;
	atomic_inc(&sch->shared->active);
}

void subchannel_count_active(struct subchannel *sch)
{
	mutex_lock(&sch->lock);
	subchannel_count(sch);
	mutex_unlock(&sch->lock);
}

/* Queue the work item, which has a worker run the program. */
static void run_on_worker(struct subchannel *sch)
{
	if (sch->queued)
		return;
	WRITE_ONCE(sch->queued, true);
	/*
	 * This reference is the work item's; subchannel_work() gives it back.
	 */
	kref_get(&sch->ref);
	guest_queue_work(sch->shared->guest, sch->shared->wq, &sch->work);
}

void runner_deferred(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (sch->deferred)
		return;
	sch->deferred = true;
	sch->stats.deferred++;
}

void subchannel_run(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	runner_deferred(sch);
	run_on_worker(sch);
}

/* The runner has left: have a worker go on with the program. */
static void defer(struct subchannel *sch)
{
	u32 flags = subchannel_flags(sch);

	runner_deferred(sch);
	flags &= ~SCSW_AC | SCSW_AC_RESUME_PENDING;
	/*
	 * While no command has been executed, the subchannel is start pending,
	 * and CANCEL SUBCHANNEL can still cancel the function.
	 */
	flags |= chanprog_untouched(&sch->program) && !(flags & SCSW_SC) ?
			SCSW_AC_START_PENDING : ACTIVE;
	subchannel_set_flags(sch, flags);
	run_on_worker(sch);
}

void runner_resume(struct subchannel *sch)
{
	chanprog_resume(&sch->program);
	measurement_resumed(sch);
}

/* The program has come to a CCW with the suspend flag. */
static void suspend(struct subchannel *sch)
{
	u32 flags = subchannel_flags(sch);

	if (!(flags & SCSW_AC_RESUME_PENDING)) {
		ending_suspended(sch);
		return;
	}
	/* A resume was pending already, so a worker looks at the CCW again. */
	subchannel_set_flags(sch, flags & ~SCSW_AC_RESUME_PENDING);
	runner_resume(sch);
	defer(sch);
}

bool runner_in_command(const struct subchannel *sch)
{
	return sch->running || (chanprog_pending(&sch->program) &&
				subchannel_flags(sch) & SCSW_AC_SUBCH_ACTIVE);
}

bool subchannel_disconnected(const struct subchannel *sch)
{
	return chanprog_disconnected(&sch->program) &&
	       subchannel_flags(sch) & SCSW_AC_SUBCH_ACTIVE;
}

void subchannel_settle(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	/* Usually nobody waits. */
	if (!sch->counted && !sch->resetting && !sch->gone)
		return;
	if (!settled(sch))
		return;
	if (sch->resetting)
		subchannel_initialize(sch);
	/*
	 * With this reset, the device withdraws its request, and makes no
	 * other.
	 */
	if (sch->gone)
		cu_reset(sch->dev);
	if (sch->counted) {
		sch->counted = false;
		atomic_dec(&sch->shared->active);
	}
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
	/* The work item's reference; the caller has one of its own. */
	subchannel_put(sch);
}

bool runner_completed(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (!subchannel_check_operational(sch))
		return false;
	if (subchannel_flags(sch) & SCSW_FC_CLEAR) {
		ending_of_clear(sch);
		return false;
	}
	return true;
}

/*
 * Make intermediate status pending, unless the program is to stop.
 * Return: whether the program goes on.
 */
static bool tell(struct subchannel *sch)
{
	if (!subchannel_check_operational(sch) ||
	    subchannel_flags(sch) & (SCSW_FC_HALT | SCSW_FC_CLEAR))
		return false;
	ending_intermediate(sch);
	return true;
}

/*
 * Leave a command with the device, which will call cu_completed().
 * Return: false if it has done so already.
 */
static bool leave_to_device(struct subchannel *sch)
{
	struct cu_pending *pending = sch->dev->pending;
	const bool apart = sch->gone || sch->resetting;

	if (pending->work.apart != apart)
		guest_set_apart(sch->shared->guest, sch->shared->wq,
				&pending->work, apart);
	/* pending.c gives this reference back. */
	kref_get(&sch->ref);
	WRITE_ONCE(sch->pending, true);
	if (atomic_cmpxchg(&pending->work.state, CU_HAS_RUNNER,
			   CU_IS_PENDING) == CU_HAS_RUNNER)
		return true;
	WRITE_ONCE(sch->pending, false);
	/* The runner has a reference of its own. */
	subchannel_put(sch);
	return false;
}

/*
 * The current command is pending, so the runner leaves the program as it is.
 * If the device has called cu_completed() already, a worker goes on.  What the
 * guest has to be told of the program need not wait for the end of the command.
 *
 * @pending is set before @running is cleared, so that subchannel_active() is
 * true throughout.
 */
static void left_pending(struct subchannel *sch)
{
	const bool completed = !leave_to_device(sch);

	WRITE_ONCE(sch->running, false);
	measurement_runner_left(sch);
	if (chanprog_has_news(&sch->program))
		tell(sch);
	if (completed) {
		if (runner_completed(sch))
			subchannel_run(sch);
		subchannel_settle(sch);
	} else if (sch->program.stop != CHANPROG_GO_ON) {
		/*
		 * Not chanprog_dropped(): that is also true for a worker that is
		 * being killed, and another one completes the command then.
		 */
		subchannel_stop_program(sch, sch->program.stop);
	}
}

/*
 * Is all as it was when the program began to be executed?  Most runners find
 * it so, and subchannel_check_operational() need not look further.
 */
static bool as_begun(const struct subchannel *sch)
{
	const u32 control = SCSW_FC | SCSW_AC | SCSW_SC;

	return !sch->gone && !sch->resetting && !sch->broken &&
	       (subchannel_flags(sch) & control) == (SCSW_FC_START | ACTIVE) &&
	       sch->schib.pmcw.flags & cpu_to_be16(PMCW_ENABLED);
}

/*
 * The runner leaves the program: perform a halt or clear function that is
 * pending, or make status pending, or pass the program on.
 */
static void runner_left(struct subchannel *sch, enum chanprog_state outcome)
{
	u32 fc = subchannel_flags(sch) & SCSW_FC;

	if (outcome == CHANPROG_PENDING) {
		left_pending(sch);
		return;
	}
	WRITE_ONCE(sch->running, false);
	measurement_runner_left(sch);
	if (!as_begun(sch) && !subchannel_check_operational(sch))
		goto out;
	if (fc & SCSW_FC_CLEAR)
		ending_of_clear(sch);
	else if (outcome == CHANPROG_ENDED)
		ending_of_start(sch);
	/* The device has ended a command: it says how, also if a halt waits for that. */
	else if (outcome == CHANPROG_MUST_WAIT &&
		 chanprog_pending(&sch->program))
		subchannel_run(sch);
	else if (fc & SCSW_FC_HALT)
		ending_of_halt(sch);
	else if (outcome == CHANPROG_SUSPENDED)
		suspend(sch);
	else if (outcome == CHANPROG_DISCONNECTED)
		subchannel_ask(sch);
	else if (outcome != CHANPROG_STOPPED)
		defer(sch);
	/*
	 * If the program was stopped without a halt or clear function, the VM
	 * is dying or has become a protected one, and nobody takes status.
	 */
out:
	subchannel_settle(sch);
}

/* While the image is quiesced, a program in progress still gets a runner. */
bool runner_become(struct subchannel *sch)
{
	u32 flags = subchannel_flags(sch);
	const u32 to_do = SCSW_AC_START_PENDING | SCSW_AC_RESUME_PENDING |
			  SCSW_AC_SUBCH_ACTIVE;

	if (sch->gone || sch->resetting || sch->broken || sch->running ||
	    sch->pending || !(flags & to_do) || subchannel_ended(flags) ||
	    subchannel_disconnected(sch))
		return false;
	if (!(flags & SCSW_AC_SUBCH_ACTIVE)) {
		if (!subchannel_may_begin(sch))
			return false;
		if (!chanprog_begun(&sch->program) && !subchannel_initiate(sch))
			return false;
		/*
		 * If the program was suspended, the pending resume is used up.
		 */
		if (flags & SCSW_AC_SUSPENDED)
			flags &= ~SCSW_AC_RESUME_PENDING;
		flags &= ~SCSW_AC | SCSW_AC_RESUME_PENDING;
		subchannel_set_flags(sch, flags | ACTIVE);
	}
	if (sch->dev->pending)
		atomic_set(&sch->dev->pending->work.state, CU_HAS_RUNNER);
	WRITE_ONCE(sch->running, true);
	return true;
}

/*
 * The command is pending, but the device has called cu_take_completion() already.  If
 * nothing has happened to the program meanwhile, its runner goes on with its turn, which
 * completes the command, and a worker need not be woken for that.  A thread of the
 * device's has completed what it could.
 */
static bool may_complete(struct subchannel *sch, enum chanprog_turn turn)
{
	atomic_t *state = &sch->dev->pending->work.state;

	if (atomic_read(state) != CU_MAY_COMPLETE || turn == CHANPROG_BY_DEVICE ||
	    sch->measured.update || chanprog_has_news(&sch->program) ||
	    !as_begun(sch))
		return false;
	atomic_set(state, CU_HAS_RUNNER);
	chanprog_same_turn(&sch->program);
	return true;
}

void runner_run(struct subchannel *sch, enum chanprog_turn turn)
{
	enum chanprog_state outcome;
	bool goes_on, queued;

	measurement_turn_begins(sch);
	do {
		outcome = chanprog_run(&sch->program, turn);
		if (outcome != CHANPROG_INTERMEDIATE)
			measurement_turn_ends(sch, outcome);
		mutex_lock(&sch->lock);
		goes_on = outcome == CHANPROG_INTERMEDIATE && tell(sch);
		goes_on |= outcome == CHANPROG_PENDING && may_complete(sch, turn);
		if (!goes_on)
			runner_left(sch, outcome == CHANPROG_INTERMEDIATE ?
						CHANPROG_STOPPED : outcome);
		/* By runner_left() */
		queued = sch->queued;
		mutex_unlock(&sch->lock);
	} while (goes_on);
	if (queued)
		guest_ensure_worker(sch->shared->guest);
	/* The device calls a worker from where no worker can be made. */
	if (outcome == CHANPROG_PENDING)
		guest_expect_work(sch->shared->guest);
}

/*
 * The worker calls guest_hold_mm() before this, because runner_become() selects
 * the device, and may have to make an interruption pending for status that the
 * device presents.  If the VM is gone, nobody would see the program end, and
 * there is no guest storage that a runner could access.
 */
bool runner_arrived(struct subchannel *sch, bool there)
{
	lockdep_assert_held(&sch->lock);
	if (there && runner_become(sch))
		return true;
	/*
	 * The function was cancelled, or its program waits for device end.
	 * While the work item was queued, subchannel_ask() did nothing, so the
	 * device is asked now.
	 */
	if (!(subchannel_flags(sch) & SCSW_FC) || subchannel_disconnected(sch))
		subchannel_ask_later(sch);
	subchannel_settle(sch);
	return false;
}

void runner_turn(struct subchannel *sch, bool there, bool runner)
{
	if (runner)
		runner_run(sch, CHANPROG_ON_WORKER);
	if (there)
		guest_drop_mm(sch->shared->guest);
	subchannel_put(sch);
	/*
	 * A worker that always finds another work item possibly never sleeps.
	 * So report a quiescent state here, for those who wait for RCU Tasks.
	 */
	cond_resched_tasks_rcu_qs();
}

void subchannel_work(struct guest_work *work)
{
	struct subchannel *sch = container_of(work, struct subchannel, work);
	bool there = guest_hold_mm(sch->shared->guest);
	bool runner;

	mutex_lock(&sch->lock);
	WRITE_ONCE(sch->queued, false);
	runner = runner_arrived(sch, there);
	mutex_unlock(&sch->lock);
	runner_turn(sch, there, runner);
}

void subchannel_kick(struct subchannel *sch)
{
	u32 flags;

	/* An image with a backend isn't quiesced. */
	if (sch->backend)
		return;
	mutex_lock(&sch->lock);
	flags = subchannel_flags(sch);
	/* A program that is active has a runner, or waits for device end. */
	if (!sch->gone && !subchannel_ended(flags) &&
	    !(flags & SCSW_AC_SUBCH_ACTIVE) &&
	    flags & (SCSW_AC_START_PENDING | SCSW_AC_RESUME_PENDING))
		run_on_worker(sch);
	subchannel_ask(sch);
	mutex_unlock(&sch->lock);
	guest_ensure_worker(sch->shared->guest);
}
