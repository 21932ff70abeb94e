// SPDX-License-Identifier: GPL-2.0
/*
 * Which status becomes pending when a function of a subchannel ends, and while
 * a start function is still in progress.  Principles of Operation chapter 15,
 * "Control of Basic I/O Functions", and chapter 16, "Status-Control Field".
 *
 * All functions here are called under sch->lock.  The runner calls
 * ending_intermediate(); all others are called while nobody runs the channel
 * program.
 */
#include <linux/kernel.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/*
 * "Status-Control Field": which kinds of status the ending of a start function
 * makes pending.  After channel end without device end, the device is still
 * active, and its device end will be secondary status.
 */
static u32 status_control_of(const struct chanprog_ending *ending)
{
	const u8 normal = DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	u32 status_control = SCSW_SC_PRIMARY;

	if (ending->device_active)
		status_control |= SCSW_AC_DEVICE_ACTIVE;
	else
		status_control |= SCSW_SC_SECONDARY;
	/*
	 * Status modifier is no reason for an alert.  It only says which CCW
	 * would have come next.
	 */
	if (ending->cstat & ~CSTAT_PCI ||
	    ending->dstat & ~(normal | DSTAT_STATUS_MODIFIER) ||
	    !(ending->dstat & DSTAT_CHANNEL_END))
		status_control |= SCSW_SC_ALERT;
	return status_control;
}

/*
 * Return: CSTAT_PCI if a PCI is pending as intermediate status, which the guest
 * has not cleared with TEST SUBCHANNEL yet.
 */
static u8 pending_pci(const struct subchannel *sch)
{
	if (!(subchannel_flags(sch) & SCSW_SC_INTERMEDIATE))
		return 0;
	return sch->schib.scsw.cstat & CSTAT_PCI;
}

/*
 * Add intermediate status to the ending of a program: what the guest has not
 * been told while the program ran, and a PCI that it has been told of, but has
 * not cleared with TEST SUBCHANNEL yet.
 * Return: bits to set in word 0 of the SCSW.
 */
static u32 add_intermediate(struct subchannel *sch,
			    struct chanprog_ending *ending)
{
	u32 status_control = SCSW_SC_INTERMEDIATE;
	unsigned int what;

	ending->cstat |= pending_pci(sch);
	if (!chanprog_has_news(&sch->program))
		return 0;
	what = chanprog_intermediate(&sch->program);
	if (what & CHANPROG_PCI)
		ending->cstat |= CSTAT_PCI;
	if (what & CHANPROG_ZERO_CC)
		status_control |= SCSW_ZERO_CC;
	return status_control;
}

/*
 * "Halt Function": a halted program has ended, and device end is still to come.
 * End what the device goes on with, and show device end together with the status
 * of the program.
 */
static void halt_device(struct subchannel *sch, struct chanprog_ending *ending)
{
	cu_halt(sch->dev);
	ending->dstat |= DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	ending->device_active = false;
}

void ending_of_start(struct subchannel *sch)
{
	struct chanprog_ending *ending = &sch->program.ending;
	u32 status_control;

	if (subchannel_flags(sch) & SCSW_FC_HALT && ending->device_active)
		halt_device(sch, ending);
	status_control = status_control_of(ending) |
			 add_intermediate(sch, ending);
	/* The device keeps its sense bytes if intermediate status is pending. */
	if (!((subchannel_flags(sch) | status_control) & SCSW_SC_INTERMEDIATE))
		status_control |= subchannel_take_sense(sch, ending->dstat);
	if (ending->cstat & (CSTAT_CHANNEL_DATA | CSTAT_CHANNEL_CONTROL))
		status_control |= SCSW_ESW_FORMAT;
	subchannel_make_pending(sch, status_control, ending);
}

/*
 * Does pending status say the same already?
 *
 * If so, the caller makes no new status, and the generation of the subchannel
 * doesn't change.  If the caller made new status all the same, a program with a
 * PCI flag in each CCW might change the generation again and again while TEST
 * SUBCHANNEL stores the status, and TEST SUBCHANNEL would never come to its
 * end.
 */
static bool told_already(const struct subchannel *sch, unsigned int what)
{
	return subchannel_flags(sch) & SCSW_SC_INTERMEDIATE &&
	       !(what & CHANPROG_ZERO_CC) && pending_pci(sch);
}

void ending_intermediate(struct subchannel *sch)
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

/* "Suspension of Channel-Program Execution" */
void ending_suspended(struct subchannel *sch)
{
	u32 flags = (subchannel_flags(sch) & ~SCSW_AC) | SCSW_AC_SUSPENDED;
	struct chanprog_ending ending = {};

	subchannel_set_flags(sch, flags);
	if (flags & SCSW_SUPPRESS_SUSPENDED)
		return;
	chanprog_position(&sch->program, &ending);
	ending.cstat = pending_pci(sch);
	subchannel_make_pending(sch, SCSW_AC_SUSPENDED | SCSW_SC_INTERMEDIATE, &ending);
}

/*
 * "Halt Function", if no command of the channel program is being executed.
 * (Otherwise the device ends the command, and ending_of_start() makes the
 * status of that ending pending.)
 *
 * If the program was between two commands, the status is that of the last
 * executed command, with channel end and device end.  If it was between channel
 * end and device end, and the device has presented unusual status there, that
 * status is shown, too.  In each case the status has device end, so the device
 * presents none later.
 *
 * If the program had not begun or was suspended, no device takes part.  Status
 * is pending alone, and the deferred condition code says that the program was
 * not active.
 *
 * If the program has ended and the device is still active after channel end,
 * the halt ends what the device does, and device end is shown as secondary
 * status.  If no function was in progress and the device was not active, status
 * is pending alone.
 */
void ending_of_halt(struct subchannel *sch)
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
		status_control = status_control_of(&ending) |
				 subchannel_take_sense(sch, ending.dstat);
	} else if (flags & SCSW_AC_DEVICE_ACTIVE) {
		ending.dstat = DSTAT_DEVICE_END;
		status_control = SCSW_SC_SECONDARY;
	}
	cu_halt(sch->dev);
	sch->schib.pmcw.lpum = SCH_PATH;
	subchannel_make_pending(sch, status_control, &ending);
}

/*
 * "Clear Function": the device is reset, and no status of the program is shown.
 */
void ending_of_clear(struct subchannel *sch)
{
	const struct chanprog_ending nothing = {};
	struct css_pmcw *pmcw = &sch->schib.pmcw;

	cu_clear(sch->dev);
	pmcw->pnom = 0;
	pmcw->pom = 0xff;
	pmcw->lpum = SCH_PATH;
	subchannel_make_pending(sch, 0, &nothing);
}

/*
 * "Deferred Condition Code" 3: no path leads to the device.  The activity
 * control shows start pending until TEST SUBCHANNEL.
 */
void ending_no_path(struct subchannel *sch, const struct css_orb *orb)
{
	const struct chanprog_ending ending = { .cpa = be32_to_cpu(orb->cpa) };

	subchannel_make_pending(sch, SCSW_DEFERRED_CC3 | SCSW_AC_START_PENDING |
				     SCSW_SC_ALERT | SCSW_SC_PRIMARY |
				     SCSW_SC_SECONDARY, &ending);
}
