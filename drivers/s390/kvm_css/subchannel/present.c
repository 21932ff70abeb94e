// SPDX-License-Identifier: GPL-2.0
/*
 * Status that a device presents other than at the end of a command: device end
 * after channel end, attention and other unsolicited status, and the initial
 * status of a start function.  Principles of Operation chapter 16,
 * "Interruption Conditions" and "Deferred Condition Code".
 *
 * A device never pushes status into a subchannel.  It requests to be asked.
 * The channel subsystem asks it, under sch->lock, when the subchannel can take
 * status: when the subchannel is idle or not enabled, or when its program waits
 * for device end.  If a start function waits for a busy device, the device is
 * selected again.  Otherwise the device keeps its status, and the request stays
 * open.  Whoever brings the subchannel into a state in which it can take status
 * asks the device once more if its request is open: TEST and CANCEL SUBCHANNEL,
 * the runner that leaves its program between channel end and device end, and the
 * end of a quiesce.
 *
 * Locking: a device may make a request in any context, with or without
 * sch->lock.  The request is a work item, which asks the device under
 * sch->lock.
 *
 * Lifetime: the work item holds a reference to the subchannel from being queued
 * to its end.  A reset of the device withdraws the request.  When a subchannel
 * is removed and nobody runs its program any more, its device is reset.  After
 * that nobody makes a request.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/workqueue.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/* Requests */

static void request(struct cu_request *request, u32 us)
{
	struct subchannel *sch = request->sch;

	/* The status before, see take_status() */
	smp_store_release(&sch->requested, true);
	/*
	 * This reference is the work item's, and request_work() gives it back.
	 * A work item that was queued already has one, and needs no other.
	 */
	kref_get(&sch->ref);
	if (mod_delayed_work(sch->shared->wq, &request->work,
			     usecs_to_jiffies(us)))
		subchannel_put(sch);
}

static void withdraw(struct cu_request *request)
{
	if (cancel_delayed_work(&request->work))
		subchannel_put(request->sch);
}

static const struct cu_request_ops request_ops = {
	.request = request,
	.withdraw = withdraw,
};

static void request_work(struct work_struct *work)
{
	struct cu_request *request = container_of(to_delayed_work(work),
						  struct cu_request, work);
	struct subchannel *sch = request->sch;

	/* When the VM is gone, nobody takes status. */
	if (guest_hold(sch->shared->guest)) {
		mutex_lock(&sch->lock);
		subchannel_ask(sch);
		mutex_unlock(&sch->lock);
		guest_ensure_worker(sch->shared->guest);
		guest_drop(sch->shared->guest);
	}
	subchannel_put(sch);
}

void subchannel_ask_later(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (sch->dev->request && !sch->gone)
		request(sch->dev->request, 0);
}

void subchannel_attach(struct subchannel *sch)
{
	struct cu_request *request = sch->dev->request;

	if (!request)
		return;
	request->ops = &request_ops;
	request->sch = sch;
	INIT_DELAYED_WORK(&request->work, request_work);
}

/* Status */

/*
 * Make pending what a device presents while no program waits for it.
 *
 * "Secondary Interruption Condition": device end is secondary status if the
 * device is active, which means that channel end was shown without device end.
 * Any other status is unsolicited, and an alert.
 */
static void present(struct subchannel *sch, u8 dstat)
{
	const struct chanprog_ending ending = { .dstat = dstat };
	u32 flags = subchannel_flags(sch) & SCSW_AC_DEVICE_ACTIVE;
	u32 status_control = SCSW_SC_ALERT | flags;

	if (flags && dstat & DSTAT_DEVICE_END) {
		status_control = SCSW_SC_SECONDARY;
		if (dstat != DSTAT_DEVICE_END)
			status_control |= SCSW_SC_ALERT;
	}
	/* Clear what is left of the last start function. */
	subchannel_set_flags(sch, flags);
	sch->schib.pmcw.lpum = SCH_PATH;
	subchannel_make_pending(sch, status_control |
				     subchannel_take_sense(sch, dstat),
				&ending);
}

/* "Enabled": the status of a subchannel that is not enabled is dropped. */
static void discard(struct subchannel *sch, u8 dstat)
{
	if (dstat & DSTAT_DEVICE_END)
		subchannel_set_flags(sch, subchannel_flags(sch) &
					  ~SCSW_AC_DEVICE_ACTIVE);
}

/*
 * Ask the device.  The request is closed first: if the device makes another one
 * meanwhile, that stays open.  And if the request that is closed here was made
 * after this had begun, xchg() sees the device's status as well.
 */
static u8 take_status(struct subchannel *sch)
{
	u8 dstat;

	xchg(&sch->requested, false);
	dstat = cu_status(sch->dev);
	/* The device may have more to present. */
	if (dstat)
		WRITE_ONCE(sch->requested, true);
	return dstat;
}

void subchannel_ask(struct subchannel *sch)
{
	enum sch_state state;
	u8 dstat = 0;

	lockdep_assert_held(&sch->lock);
	if (!READ_ONCE(sch->requested) || subchannel_active(sch))
		return;
	state = subchannel_check_state(sch);
	if (state == SCH_NOT_OPERATIONAL)
		return;
	if (subchannel_disconnected(sch)) {
		/* The program has begun, so it goes on even if quiesced. */
		dstat = take_status(sch);
		if (dstat) {
			chanprog_device_end(&sch->program, dstat);
			subchannel_run(sch);
		}
		return;
	}
	if (!subchannel_may_begin(sch))
		return;
	if (state == SCH_START_PENDING)
		subchannel_run(sch);
	else if (state == SCH_IDLE || state == SCH_DISABLED)
		dstat = take_status(sch);
	if (dstat && state == SCH_IDLE)
		present(sch, dstat);
	else if (dstat)
		discard(sch, dstat);
}

/*
 * If the device is just busy, it makes a request when it is no longer busy, and
 * subchannel_ask() then has a worker select it again.
 */
bool subchannel_initiate(struct subchannel *sch)
{
	struct chanprog_ending ending = {};

	lockdep_assert_held(&sch->lock);
	ending.dstat = cu_select(sch->dev);
	if (likely(!ending.dstat))
		return true;
	if (ending.dstat & ~(DSTAT_BUSY | DSTAT_STATUS_MODIFIER)) {
		ending.cpa = chanprog_next(&sch->program);
		subchannel_make_pending(sch, SCSW_DEFERRED_CC1 |
					SCSW_AC_START_PENDING | SCSW_SC_ALERT |
					subchannel_take_sense(sch, ending.dstat),
					&ending);
	}
	return false;
}
