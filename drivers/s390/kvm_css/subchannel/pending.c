// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that end later: Documentation/pending-commands.rst.
 *
 * When a device has answered CU_PENDING, its runner leaves the program and sets
 * sch->pending.  The device calls cu_completed() when the command can go on, and
 * that calls a worker of the VM.  The worker becomes the runner and has the
 * device complete the command.
 *
 * If cu_completed() comes before the runner has left, the runner finds that on
 * its way out and queues the program for a worker.
 *
 * A device may have a thread of another process that ends commands whose completion waits
 * for nothing but guest storage.  If it calls cu_take_completion() before the runner has
 * left, the runner completes the command itself.  Otherwise this thread takes the place of
 * the worker if no data have to be moved: it ends the command, and no more.
 *
 * Locking: cu_completed() may come from a hard interrupt, so it takes no lock of
 * the subchannel.  enum cu_pending_state says who goes on: it is the runner if
 * cu_completed() found CU_HAS_RUNNER, and the caller of cu_completed() if it
 * found CU_IS_PENDING.  In the other cases the device must not have called, and
 * nothing happens.
 *
 * Lifetime: sch->pending has a reference to the subchannel, so that the device
 * is there when it calls cu_completed(), even if the subchannel has been removed
 * meanwhile and the remover was killed while it waited.  The work item inherits
 * this reference.  So cu_completed() neither takes a reference nor gives one
 * back, which could free the subchannel, and that sleeps.  The runner has a
 * reference while there is a runner.  After cu_take_completion(), the caller has
 * inherited the reference, and gives it back in cu_complete(): that may free the
 * subchannel, and it holds no lock then.  guest_keep() keeps the image until it has
 * done so.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

static bool was(struct cu_pending *pending, enum cu_pending_state state)
{
	return atomic_cmpxchg(&pending->work.state, state, CU_IS_COMPLETED) ==
	       state;
}

static void completed(struct cu_pending *pending)
{
	struct sch_shared *shared;

	/* The subchannel may be gone as soon as the runner sees this. */
	if (was(pending, CU_HAS_RUNNER) || !was(pending, CU_IS_PENDING))
		return;
	shared = pending->sch->shared;
	guest_call_worker(shared->guest, shared->wq, &pending->work);
}

/*
 * A worker has come, because the device has called cu_completed().  The program
 * pays for all that the worker does.  Otherwise a program without end could use
 * as much CPU time as it likes by commands that are pending for a very short
 * time.
 */
static void pending_work(struct guest_work *work)
{
	struct subchannel *sch = container_of(work, struct cu_pending,
					      work)->sch;
	struct guest *guest = sch->shared->guest;
	const u64 begin = guest_cpu_time(guest);
	bool there = guest_hold_mm(guest);
	bool runner;

	mutex_lock(&sch->lock);
	WRITE_ONCE(sch->pending, false);
	/* If it is cleared, or there is no VM, there is nothing to run. */
	if (there && runner_completed(sch))
		runner_deferred(sch);
	runner = runner_arrived(sch, there);
	sch->program.spent += guest_cpu_time(guest) - begin;
	mutex_unlock(&sch->lock);
	runner_turn(sch, there, runner);
}

static bool take(struct cu_pending *pending, bool storage)
{
	struct guest *guest;

	/* As in completed(), the subchannel may be gone then. */
	if (atomic_cmpxchg(&pending->work.state, CU_HAS_RUNNER,
			   CU_MAY_COMPLETE) == CU_HAS_RUNNER)
		return false;
	if (storage) {
		completed(pending);
		return false;
	}
	guest = pending->sch->shared->guest;
	guest_keep(guest);
	if (was(pending, CU_IS_PENDING))
		return true;
	guest_keep_no_longer(guest);
	return false;
}

/*
 * The caller has come in place of a worker.  Measurements are stored in guest storage,
 * so a program that is measured is left to a worker.
 * Return: whether the caller is the runner now.
 */
static bool device_arrived(struct subchannel *sch, bool there)
{
	lockdep_assert_held(&sch->lock);
	WRITE_ONCE(sch->pending, false);
	if (there && runner_completed(sch) && sch->measured.update)
		subchannel_run(sch);
	else if (runner_arrived(sch, there))
		return true;
	subchannel_settle(sch);
	return false;
}

/*
 * The thread has neither the address space nor the credentials of the VM's process.
 * Nothing here needs them: status is made pending for the guest, which takes memory
 * that is charged to the VM, see guest_hold().  The CPU time is that of whoever ends
 * the command, once for each, so the VM isn't charged.
 */
static void complete(struct cu_pending *pending)
{
	struct subchannel *sch = pending->sch;
	struct guest *guest = sch->shared->guest;
	bool there = guest_hold(guest);
	bool runner;

	mutex_lock(&sch->lock);
	runner = device_arrived(sch, there);
	mutex_unlock(&sch->lock);
	if (runner)
		runner_run(sch, CHANPROG_BY_DEVICE);
	else
		guest_ensure_worker(guest);
	if (there)
		guest_drop(guest);
	subchannel_put(sch);
	guest_keep_no_longer(guest);
}

static const struct cu_pending_ops pending_ops = {
	.completed = completed,
	.take = take,
	.complete = complete,
};

bool pending_unqueue(struct subchannel *sch)
{
	struct sch_shared *shared = sch->shared;

	lockdep_assert_held(&sch->lock);
	if (!sch->pending ||
	    !guest_cancel_work(shared->guest, &sch->dev->pending->work))
		return false;
	WRITE_ONCE(sch->pending, false);
	if (runner_completed(sch))
		subchannel_run(sch);
	subchannel_settle(sch);
	/* That of the work item; the caller has one of its own. */
	subchannel_put(sch);
	return true;
}

void pending_set_apart(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (sch->pending)
		guest_set_apart(sch->shared->guest, sch->shared->wq,
				&sch->dev->pending->work, true);
}

void pending_attach(struct subchannel *sch)
{
	struct cu_pending *pending = sch->dev->pending;

	if (!pending)
		return;
	pending->ops = &pending_ops;
	pending->sch = sch;
	guest_work_init(&pending->work, pending_work);
	atomic_set(&pending->work.state, CU_IS_COMPLETED);
}
