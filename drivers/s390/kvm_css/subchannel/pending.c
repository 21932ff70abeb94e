// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that end later: Documentation/pending-commands.rst.
 *
 * When a device has answered CU_PENDING, its runner leaves the program and sets
 * sch->pending.  The device calls cu_completed() when the command can go on.
 * That may be in a hard interrupt, so it only queues a work item of the device,
 * which then has a worker of the VM go on with the program.
 *
 * If the work item comes before the runner has left, it sets sch->completed,
 * and the runner finds that on its way out.
 *
 * Unless the runner has not left yet, this takes some CPU time, which the program
 * pays for in its next turn as for that of a worker.  Otherwise a program without end could use as
 * much as it likes by commands that are pending for a very short time.  The time
 * of the interrupt isn't counted.
 *
 * Locking: cu_completed() takes no lock.  The work item takes sch->lock.
 *
 * Lifetime: sch->pending has a reference to the subchannel, so that the device
 * is there when it calls cu_completed(), even if the subchannel has been removed
 * meanwhile and the remover was killed while it waited.  The work item has one
 * from being queued to its end.  The runner has one while there is a runner.
 */
#include <linux/kernel.h>
#include <linux/workqueue.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/*
 * If the device calls cu_completed() more than once, which it must not do, the
 * work item may be queued already and has its reference.
 */
static void completed(struct cu_pending *pending)
{
	struct subchannel *sch = pending->sch;

	kref_get(&sch->ref);
	if (!queue_work(sch->shared->wq, &pending->work))
		subchannel_put(sch);
}

/*
 * The device has called cu_completed().
 * @there: the caller has the VM
 * @begin: the CPU time of the thread when it began
 * Return: whether the command was pending; then its reference is the caller's.
 */
static bool take_completion(struct subchannel *sch, bool there, u64 begin)
{
	bool pending = sch->pending;

	lockdep_assert_held(&sch->lock);
	if (pending) {
		WRITE_ONCE(sch->pending, false);
		sch->program.spent += guest_cpu_time(sch->shared->guest) - begin;
		runner_completed(sch, there);
	} else if (sch->running) {
		sch->completed = true;
	}
	return pending;
}

static void pending_work(struct work_struct *work)
{
	struct cu_pending *pending = container_of(work, struct cu_pending,
						  work);
	struct subchannel *sch = pending->sch;
	struct guest *guest = sch->shared->guest;
	const u64 begin = guest_cpu_time(guest);
	bool there = guest_hold(guest);
	bool was_pending;

	mutex_lock(&sch->lock);
	was_pending = take_completion(sch, there, begin);
	mutex_unlock(&sch->lock);
	if (there) {
		guest_ensure_worker(guest);
		guest_drop(guest);
	}
	if (was_pending)
		subchannel_put(sch);
	subchannel_put(sch);
}

void pending_attach(struct subchannel *sch)
{
	struct cu_pending *pending = sch->dev->pending;

	if (!pending)
		return;
	pending->completed = completed;
	pending->sch = sch;
	INIT_WORK(&pending->work, pending_work);
}
