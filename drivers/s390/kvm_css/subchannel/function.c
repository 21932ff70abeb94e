// SPDX-License-Identifier: GPL-2.0
/*
 * The instructions that begin a function of a subchannel or end one: START,
 * RESUME, HALT, CLEAR and CANCEL SUBCHANNEL.  Principles of Operation chapter
 * 14, and chapter 15, "Control of Basic I/O Functions".
 *
 * states.c decides the condition code.  runner.c runs the channel program, and
 * ending.c says how a function ends.  If a backend performs the functions of the
 * subchannel, backend.c has these instructions.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/guest.h>
#include <kvm_css/measurement.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/*
 * Begin the start function, "Start Function and Resume Function".
 * Return: whether the caller has to run the channel program.
 */
static bool start(struct subchannel *sch, const struct css_orb *orb)
{
	struct css_pmcw *pmcw = &sch->schib.pmcw;
	struct chanprog_limit limit;

	subchannel_begin_start(sch, orb);
	if (!(pmcw->lpm & pmcw->pam)) {
		ending_no_path(sch, orb);
		return false;
	}
	pmcw->lpum = SCH_PATH;
	limit = subchannel_limit(sch);
	chanprog_init(&sch->program, orb, &limit);
	measurement_started(sch);
	return runner_become(sch);
}

ioinst_ending_t subchannel_start(struct subchannel *sch, const struct css_orb *orb)
{
	bool runner = false;
	ioinst_ending_t cc;

	if (unlikely(sch->backend))
		return backend_start(sch, orb);
	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_SSCH);
	if (cc == IOINST_CC_EXPECTED)
		runner = start(sch, orb);
	mutex_unlock(&sch->lock);
	if (runner)
		runner_run(sch, CHANPROG_ON_VCPU);
	return cc;
}

/*
 * If the program is not suspended yet, the resume stays pending.  When the
 * program comes to a CCW with the suspend flag, it finds the resume and goes
 * on.
 */
ioinst_ending_t subchannel_resume(struct subchannel *sch)
{
	bool runner = false;
	ioinst_ending_t cc;
	u32 flags;

	if (unlikely(sch->backend))
		return backend_resume(sch);
	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_RSCH);
	if (cc == IOINST_CC_EXPECTED) {
		flags = subchannel_flags(sch) & ~SCSW_PATH_NOT_OPER;
		subchannel_set_flags(sch, flags | SCSW_AC_RESUME_PENDING);
		if (flags & SCSW_AC_SUSPENDED) {
			runner_resume(sch);
			runner = runner_become(sch);
		}
	}
	mutex_unlock(&sch->lock);
	if (runner)
		runner_run(sch, CHANPROG_ON_VCPU);
	return cc;
}

ioinst_ending_t subchannel_halt(struct subchannel *sch)
{
	ioinst_ending_t cc;
	bool in_command;

	if (unlikely(sch->backend))
		return backend_halt(sch);
	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_HSCH);
	if (cc == IOINST_CC_EXPECTED) {
		pending_unqueue(sch);
		in_command = runner_in_command(sch);
		/* A worker has to see to a command that was pending. */
		if (sch->running || !in_command)
			subchannel_unqueue(sch);
		subchannel_begin_halt(sch);
		if (in_command)
			subchannel_stop_program(sch, CHANPROG_HALT);
		else
			ending_of_halt(sch);
		subchannel_settle(sch);
	}
	mutex_unlock(&sch->lock);
	guest_ensure_worker(sch->shared->guest);
	return cc;
}

ioinst_ending_t subchannel_clear(struct subchannel *sch)
{
	ioinst_ending_t cc;

	if (unlikely(sch->backend))
		return backend_clear(sch);
	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_CSCH);
	if (cc == IOINST_CC_EXPECTED) {
		subchannel_unqueue(sch);
		subchannel_begin_clear(sch);
		if (!sch->running && !sch->pending) {
			ending_of_clear(sch);
		} else if (!pending_unqueue(sch)) {
			subchannel_stop_program(sch, CHANPROG_DROP);
			/* The device may have made an end at once. */
			pending_unqueue(sch);
		}
		subchannel_settle(sch);
	}
	mutex_unlock(&sch->lock);
	return cc;
}

ioinst_ending_t subchannel_cancel(struct subchannel *sch)
{
	ioinst_ending_t cc;

	if (unlikely(sch->backend))
		return backend_cancel(sch);
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
