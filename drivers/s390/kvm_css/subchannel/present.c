// SPDX-License-Identifier: GPL-2.0
/*
 * Status that a device presents, and that no command has ended with: device end
 * after channel end, attention and other unsolicited status, and what it answers
 * when a start function is to be initiated.  Principles of Operation chapter 16,
 * "Interruption Conditions" and "Deferred Condition Code".
 *
 * A device never gives status away by itself.  It requests to be asked, and is
 * asked under sch->lock when the subchannel can take status: when it is idle, or
 * its program waits for device end.  Otherwise the device keeps its status.  It
 * is asked again when a function has ended, when the guest has tested status, and
 * at the end of a quiesce; so no request is remembered.
 *
 * Locking: a request is made in any context, with or without sch->lock.  It is a
 * work item, which holds a reference to its subchannel from being queued to its
 * end, and asks under sch->lock.
 *
 * Lifetime: a reset of the device withdraws its request.  A subchannel that is
 * removed resets its device when nobody runs its program any more, and after that
 * nobody makes one.
 */
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

	/* The work item's own, see request_work(). */
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

	/* Without a VM there is nobody to be told. */
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
 * "Secondary Interruption Condition": device end, if channel end has been shown
 * without it.  All else is unsolicited, and an alert.
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
	/* Of the last start function nothing is left. */
	subchannel_set_flags(sch, flags);
	sch->schib.pmcw.lpum = SCH_PATH;
	subchannel_make_pending(sch, status_control |
				     subchannel_take_sense(sch, dstat),
				&ending);
}

/* "Enabled": nobody is told, and the status is gone. */
static void discard(struct subchannel *sch, u8 dstat)
{
	if (dstat & DSTAT_DEVICE_END)
		subchannel_set_flags(sch, subchannel_flags(sch) &
					  ~SCSW_AC_DEVICE_ACTIVE);
}

void subchannel_ask(struct subchannel *sch)
{
	enum sch_state state;
	u8 dstat = 0;

	lockdep_assert_held(&sch->lock);
	if (!sch->dev->request || subchannel_active(sch) ||
	    !subchannel_check_operational(sch))
		return;
	if (subchannel_disconnected(sch)) {
		/* What has begun goes on, also while the image is quiesced. */
		dstat = cu_status(sch->dev);
		if (dstat) {
			chanprog_device_end(&sch->program, dstat);
			subchannel_run(sch);
		}
		return;
	}
	if (!subchannel_try_begin(sch))
		return;
	state = subchannel_state(sch);
	if (state == SCH_START_PENDING)
		subchannel_run(sch);
	else if (state == SCH_IDLE || state == SCH_DISABLED)
		dstat = cu_status(sch->dev);
	if (dstat && state == SCH_IDLE)
		present(sch, dstat);
	else if (dstat)
		discard(sch, dstat);
	subchannel_settle(sch);
}

/* Busy alone: it is selected again when it has requested that. */
bool subchannel_initiate(struct subchannel *sch)
{
	const u8 dstat = cu_select(sch->dev);
	const struct chanprog_ending ending = {
		.cpa = chanprog_next(&sch->program),
		.dstat = dstat,
	};

	lockdep_assert_held(&sch->lock);
	if (dstat & ~(DSTAT_BUSY | DSTAT_STATUS_MODIFIER))
		subchannel_make_pending(sch, SCSW_DEFERRED_CC1 |
					SCSW_AC_START_PENDING | SCSW_SC_ALERT |
					subchannel_take_sense(sch, dstat),
					&ending);
	return !dstat;
}
