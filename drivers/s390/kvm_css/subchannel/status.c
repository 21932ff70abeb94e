// SPDX-License-Identifier: GPL-2.0
/*
 * Pending status and its I/O interruption.  Under sch->lock they become pending
 * together, and are taken away together, so that the guest can't see an
 * interruption whose status has gone.  Principles of Operation chapter 16,
 * "I/O Interruptions".
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

static u8 isc(const struct subchannel *sch)
{
	return (be16_to_cpu(sch->schib.pmcw.flags) & PMCW_ISC) >> PMCW_ISC_SHIFT;
}

void subchannel_raise(struct subchannel *sch)
{
	const struct css_pmcw *pmcw = &sch->schib.pmcw;
	struct guest_io_int io_int = {
		.sid = sch->sid,
		.intparm = be32_to_cpu(pmcw->intparm),
		.isc = isc(sch),
	};

	lockdep_assert_held(&sch->lock);
	/*
	 * If the host can't queue the interruption, the status stays pending,
	 * and the image tries again later.
	 */
	if (guest_inject(sch->shared->guest, &io_int))
		sch->shared->ops->requeue(sch->shared, sch->sid);
	else
		sch->int_queued = true;
}

void subchannel_withdraw(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (!sch->int_queued)
		return;
	/*
	 * The interruption has this subclass, too: MODIFY SUBCHANNEL can't
	 * change it while status is pending.
	 */
	guest_withdraw(sch->shared->guest, sch->sid, isc(sch));
	sch->int_queued = false;
}

/* Clear status that a halt or clear makes obsolete, and its interruption. */
static void forget_status(struct subchannel *sch)
{
	subchannel_withdraw(sch);
	memset(sch->ecw, 0, sizeof(sch->ecw));
	/* While there is a runner, sch->measured belongs to it. */
	if (!sch->running)
		sch->measured.logout = 0;
	subchannel_set_flags(sch, subchannel_flags(sch) &
			     ~(SCSW_SC | SCSW_EXTENDED | SCSW_PATH_NOT_OPER |
			       SCSW_ZERO_CC | SCSW_ESW_FORMAT |
			       SCSW_DEFERRED_CC));
}

void subchannel_begin_halt(struct subchannel *sch)
{
	forget_status(sch);
	subchannel_set_flags(sch, (subchannel_flags(sch) &
				   ~SCSW_AC_RESUME_PENDING) |
			     SCSW_FC_HALT | SCSW_AC_HALT_PENDING);
}

void subchannel_begin_clear(struct subchannel *sch)
{
	forget_status(sch);
	subchannel_set_flags(sch, (subchannel_flags(sch) &
				   ~(SCSW_FC | SCSW_AC)) |
			     SCSW_FC_CLEAR | SCSW_AC_CLEAR_PENDING);
}

u32 subchannel_take_sense(struct subchannel *sch, u8 dstat)
{
	lockdep_assert_held(&sch->lock);
	if (!(dstat & DSTAT_UNIT_CHECK))
		return 0;
	if (!(sch->schib.pmcw.chars & cpu_to_be32(PMCW_CONCURRENT_SENSE)))
		return 0;
	cu_take_sense(sch->dev, sch->ecw);
	return SCSW_EXTENDED;
}

void subchannel_make_pending(struct subchannel *sch, u32 status_control,
			     const struct chanprog_ending *ending)
{
	struct css_scsw *scsw = &sch->schib.scsw;
	u32 flags = subchannel_flags(sch);

	scsw->cpa = cpu_to_be32(ending->cpa);
	scsw->dstat = ending->dstat;
	scsw->cstat = ending->cstat;
	scsw->count = cpu_to_be16(ending->count);
	flags = (flags & ~SCSW_AC) | status_control | SCSW_SC_PENDING |
		(sch->measured.logout ? SCSW_ESW_FORMAT : 0);
	if (flags & SCSW_FC_START && subchannel_ended(flags))
		sch->stats.completed++;
	subchannel_set_flags(sch, flags);
	/* There is only one interruption for all status that is pending now. */
	subchannel_withdraw(sch);
	subchannel_raise(sch);
}

void subchannel_requeue(struct subchannel *sch)
{
	mutex_lock(&sch->lock);
	if (!sch->gone && !sch->broken && !sch->int_queued &&
	    subchannel_flags(sch) & SCSW_SC_PENDING)
		subchannel_raise(sch);
	mutex_unlock(&sch->lock);
}
