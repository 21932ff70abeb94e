// SPDX-License-Identifier: GPL-2.0
/*
 * The functions of a subchannel: start, resume, halt, clear, and how each of
 * them ends.  Principles of Operation chapter 15, "Control of Basic I/O
 * Functions".
 *
 * A channel program has a runner while sch->running is set: the vCPU that
 * executed START or RESUME SUBCHANNEL, or sch->work.  Whoever finds nobody
 * running may change the function at once; otherwise chanprog_stop() says why
 * the program has to stop, and the runner does it on its way out, in
 * runner_left().  So a function that is
 * "pending" is one that waits for a runner, and for nothing else.
 */
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/wait.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/measurement.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)

/* How a function ends */

/*
 * "Status-Control Field": what the ending of a start function makes pending.
 * After channel end without device end the device is still active; its device end
 * will be secondary status.
 */
static u32 ending_status_control(const struct chanprog_ending *ending)
{
	const u8 normal = DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	u32 status_control = SCSW_SC_PRIMARY;

	if (ending->device_active)
		status_control |= SCSW_AC_DEVICE_ACTIVE;
	else
		status_control |= SCSW_SC_SECONDARY;
	/* Status modifier only says which CCW would have come next. */
	if (ending->cstat & ~CSTAT_PCI ||
	    ending->dstat & ~(normal | DSTAT_STATUS_MODIFIER) ||
	    !(ending->dstat & DSTAT_CHANNEL_END))
		status_control |= SCSW_SC_ALERT;
	return status_control;
}

/* A PCI that the guest has been told of, and has not tested for yet */
static u8 pending_pci(const struct subchannel *sch)
{
	if (!(subchannel_flags(sch) & SCSW_SC_INTERMEDIATE))
		return 0;
	return sch->schib.scsw.cstat & CSTAT_PCI;
}

/* What the guest has not been told, or has not asked for, while it ran */
static u32 left_over(struct subchannel *sch, struct chanprog_ending *ending)
{
	unsigned int what = chanprog_intermediate(&sch->program);
	u32 status_control = 0;

	ending->cstat |= pending_pci(sch);
	if (what & CHANPROG_PCI)
		ending->cstat |= CSTAT_PCI;
	if (what & CHANPROG_ZERO_CC)
		status_control |= SCSW_ZERO_CC;
	return what ? status_control | SCSW_SC_INTERMEDIATE : 0;
}

/* The channel program has ended, with or without a halt on its way. */
static void start_ended(struct subchannel *sch)
{
	struct chanprog_ending *ending = &sch->program.ending;
	u32 status_control;

	status_control = ending_status_control(ending) |
			 left_over(sch, ending);
	if (!((subchannel_flags(sch) | status_control) & SCSW_SC_INTERMEDIATE))
		status_control |= subchannel_take_sense(sch, ending->dstat);
	if (ending->cstat & (CSTAT_CHANNEL_DATA | CSTAT_CHANNEL_CONTROL))
		status_control |= SCSW_ESW_FORMAT;
	subchannel_make_pending(sch, status_control, ending);
}

/*
 * Status that says nothing new is no new status: TEST SUBCHANNEL would never get
 * to the end of a program that says PCI all the time.
 */
static bool told_already(const struct subchannel *sch, unsigned int what)
{
	return subchannel_flags(sch) & SCSW_SC_INTERMEDIATE &&
	       !(what & CHANPROG_ZERO_CC) && pending_pci(sch);
}

/* The program goes on, and there is something to be said about it. */
static void tell_intermediate(struct subchannel *sch)
{
	unsigned int what = chanprog_intermediate(&sch->program);
	u32 flags = subchannel_flags(sch);
	struct chanprog_ending ending;

	chanprog_position(&sch->program, &ending);
	ending.cstat = what & CHANPROG_PCI ? CSTAT_PCI : pending_pci(sch);
	if (told_already(sch, what)) {
		sch->schib.scsw.cpa = cpu_to_be32(ending.cpa);
		sch->schib.scsw.count = cpu_to_be16(ending.count);
		return;
	}
	subchannel_make_pending(sch, (flags & SCSW_AC) | SCSW_SC_INTERMEDIATE |
		     (what & CHANPROG_ZERO_CC ? SCSW_ZERO_CC : 0), &ending);
}

/*
 * "Halt Function".  A program that was being executed ends as its device ends
 * the command that it is told to halt, or has ended it: whatever it has presented
 * before, device end is no longer to come.  A device that is active after channel
 * end has nothing left but that.  One that had not begun, or was suspended, has no
 * device to end it: status pending alone, and the deferred condition code says that
 * the halt has kept it from becoming active.
 */
static void halt_completed(struct subchannel *sch)
{
	u32 flags = subchannel_flags(sch), status_control;
	const u8 normal = DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	struct chanprog_ending ending = {};

	status_control = flags & (SCSW_AC_START_PENDING | SCSW_AC_SUSPENDED);
	if (status_control)
		status_control |= SCSW_DEFERRED_CC1;
	if (flags & SCSW_AC_SUSPENDED)
		chanprog_position(&sch->program, &ending);
	if (flags & SCSW_AC_SUBCH_ACTIVE) {
		chanprog_executed(&sch->program, &ending);
		ending.dstat = chanprog_unusual_end(&sch->program);
		if (!(ending.dstat & DSTAT_DEVICE_END))
			ending.dstat |= normal;
		status_control = ending_status_control(&ending) |
				 subchannel_take_sense(sch, ending.dstat);
	} else if (flags & SCSW_AC_DEVICE_ACTIVE) {
		ending.dstat = DSTAT_DEVICE_END;
		status_control = SCSW_SC_SECONDARY;
	}
	cu_halt(sch->dev);
	sch->schib.pmcw.lpum = SCH_PATH;
	subchannel_make_pending(sch, status_control, &ending);
}

/* "Clear Function": the device is reset, and nothing of the program is left. */
static void clear_completed(struct subchannel *sch)
{
	const struct chanprog_ending nothing = {};
	struct css_pmcw *pmcw = &sch->schib.pmcw;

	cu_reset(sch->dev);
	pmcw->pnom = 0;
	pmcw->pom = 0xff;
	pmcw->lpum = SCH_PATH;
	subchannel_make_pending(sch, 0, &nothing);
}

/* Who runs the channel program */

/*
 * Count it in shared->active.  A full barrier follows: css_quiesce() sets its flag
 * before it looks at the count, and become_runner() looks at the flag behind
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
static void resume(struct subchannel *sch)
{
	chanprog_resume(&sch->program);
	measurement_resumed(sch);
}

/* "Suspension of Channel-Program Execution" */
static void suspended(struct subchannel *sch)
{
	u32 flags = subchannel_flags(sch);
	struct chanprog_ending ending = {};

	if (flags & SCSW_AC_RESUME_PENDING) {
		/* The resume has come first: look at that CCW once more. */
		subchannel_set_flags(sch, flags & ~SCSW_AC_RESUME_PENDING);
		resume(sch);
		defer(sch);
		return;
	}
	flags = (flags & ~SCSW_AC) | SCSW_AC_SUSPENDED;
	subchannel_set_flags(sch, flags);
	if (flags & SCSW_SUPPRESS_SUSPENDED)
		return;
	chanprog_position(&sch->program, &ending);
	ending.cstat = pending_pci(sch);
	subchannel_make_pending(sch, SCSW_AC_SUSPENDED | SCSW_SC_INTERMEDIATE, &ending);
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
		clear_completed(sch);
	else if (outcome == CHANPROG_ENDED)
		start_ended(sch);
	else if (fc & SCSW_FC_HALT)
		halt_completed(sch);
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
static bool become_runner(struct subchannel *sch)
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
	tell_intermediate(sch);
	return true;
}

/* Run the program for a turn.  Afterwards it isn't the caller's any more. */
static void run(struct subchannel *sch, enum chanprog_turn turn)
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
	runner = there && become_runner(sch);
	if (!runner) {
		/* Cancelled: until now the device could not be asked. */
		if (!(subchannel_flags(sch) & SCSW_FC))
			subchannel_ask_later(sch);
		subchannel_settle(sch);
	}
	mutex_unlock(&sch->lock);
	if (runner)
		run(sch, CHANPROG_ON_WORKER);
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

/* The instructions */

/*
 * "Deferred Condition Code": there is no path to the device, and it stays start
 * pending until TEST SUBCHANNEL.
 */
static void no_path(struct subchannel *sch, const struct css_orb *orb)
{
	const struct chanprog_ending ending = { .cpa = be32_to_cpu(orb->cpa) };

	subchannel_make_pending(sch, SCSW_DEFERRED_CC3 | SCSW_AC_START_PENDING |
				     SCSW_SC_ALERT | SCSW_SC_PRIMARY |
				     SCSW_SC_SECONDARY, &ending);
}

struct chanprog_limit subchannel_limit(const struct subchannel *sch)
{
	u16 flags = be16_to_cpu(sch->schib.pmcw.flags);

	return (struct chanprog_limit){
		.mode = flags & PMCW_LIMIT_MODE,
		.address = READ_ONCE(sch->shared->address_limit),
	};
}

/*
 * "Start Function and Resume Function".
 * Return: is the caller to run the channel program?
 */
static bool start(struct subchannel *sch, const struct css_orb *orb)
{
	struct css_pmcw *pmcw = &sch->schib.pmcw;
	struct css_scsw *scsw = &sch->schib.scsw;
	u32 flags = be32_to_cpu(orb->flags);
	struct chanprog_limit limit;

	pmcw->intparm = orb->intparm;
	pmcw->lpm = (flags & ORB_LPM) >> ORB_LPM_SHIFT;
	sch->stats.started++;
	sch->deferred = false;
	memset(scsw, 0, sizeof(*scsw));
	flags = (flags & SCSW_FROM_ORB) | SCSW_FC_START;
	subchannel_set_flags(sch, flags | SCSW_AC_START_PENDING);
	if (!(pmcw->lpm & pmcw->pam)) {
		no_path(sch, orb);
		return false;
	}
	pmcw->lpum = SCH_PATH;
	limit = subchannel_limit(sch);
	chanprog_init(&sch->program, orb, &limit);
	measurement_started(sch);
	return become_runner(sch);
}

ioinst_ending_t subchannel_start(struct subchannel *sch, const struct css_orb *orb)
{
	bool runner = false;
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_SSCH);
	if (cc == IOINST_CC_EXPECTED)
		runner = start(sch, orb);
	mutex_unlock(&sch->lock);
	if (runner)
		run(sch, CHANPROG_ON_VCPU);
	return cc;
}

/* One that isn't suspended yet goes on, and finds the resume pending then. */
ioinst_ending_t subchannel_resume(struct subchannel *sch)
{
	bool runner = false;
	ioinst_ending_t cc;
	u32 flags;

	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_RSCH);
	if (cc == IOINST_CC_EXPECTED) {
		flags = subchannel_flags(sch) & ~SCSW_PATH_NOT_OPER;
		subchannel_set_flags(sch, flags | SCSW_AC_RESUME_PENDING);
		if (flags & SCSW_AC_SUSPENDED) {
			resume(sch);
			runner = become_runner(sch);
		}
	}
	mutex_unlock(&sch->lock);
	if (runner)
		run(sch, CHANPROG_ON_VCPU);
	return cc;
}

/* Status that a new function makes obsolete, and its interruption */
static void forget_status(struct subchannel *sch)
{
	subchannel_withdraw(sch);
	memset(sch->ecw, 0, sizeof(sch->ecw));
	/* A runner's own, as long as there is one. */
	if (!sch->running)
		sch->measured.logout = 0;
	subchannel_set_flags(sch, subchannel_flags(sch) &
			     ~(SCSW_SC | SCSW_EXTENDED | SCSW_PATH_NOT_OPER |
			       SCSW_ZERO_CC | SCSW_ESW_FORMAT |
			       SCSW_DEFERRED_CC));
}

ioinst_ending_t subchannel_halt(struct subchannel *sch)
{
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_HSCH);
	if (cc == IOINST_CC_EXPECTED) {
		subchannel_unqueue(sch);
		forget_status(sch);
		subchannel_set_flags(sch, (subchannel_flags(sch) &
					   ~SCSW_AC_RESUME_PENDING) |
				     SCSW_FC_HALT | SCSW_AC_HALT_PENDING);
		if (sch->running)
			chanprog_stop(&sch->program, CHANPROG_HALT);
		else
			halt_completed(sch);
		subchannel_settle(sch);
	}
	mutex_unlock(&sch->lock);
	return cc;
}

ioinst_ending_t subchannel_clear(struct subchannel *sch)
{
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_CSCH);
	if (cc == IOINST_CC_EXPECTED) {
		subchannel_unqueue(sch);
		forget_status(sch);
		subchannel_set_flags(sch, (subchannel_flags(sch) &
					   ~(SCSW_FC | SCSW_AC)) |
				     SCSW_FC_CLEAR | SCSW_AC_CLEAR_PENDING);
		if (sch->running)
			chanprog_stop(&sch->program, CHANPROG_DROP);
		else
			clear_completed(sch);
		subchannel_settle(sch);
	}
	mutex_unlock(&sch->lock);
	return cc;
}

ioinst_ending_t subchannel_cancel(struct subchannel *sch)
{
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_XSCH);
	if (cc == IOINST_CC_EXPECTED) {
		subchannel_set_flags(sch, subchannel_flags(sch) &
				     ~(SCSW_FC | SCSW_AC));
		sch->schib.scsw.dstat = 0;
		sch->schib.scsw.cstat = 0;
		sch->measured.logout = 0;
		subchannel_ask(sch);
	}
	mutex_unlock(&sch->lock);
	guest_ensure_worker(sch->shared->guest);
	return cc;
}
