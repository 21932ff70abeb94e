// SPDX-License-Identifier: GPL-2.0
/*
 * How a function of a subchannel ends, and what the guest is told while a start
 * function is still in progress: which status becomes pending.  Principles of
 * Operation chapter 15, "Control of Basic I/O Functions", and chapter 16,
 * "Status-Control Field".
 *
 * All of this happens in sch->lock, while nobody runs the channel program.
 */
#include <linux/kernel.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/*
 * "Status-Control Field": what the ending of a start function makes pending.
 * After channel end without device end the device is still active; its device end
 * will be secondary status.
 */
static u32 status_control_of(const struct chanprog_ending *ending)
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

/*
 * "Halt Function": what the device goes on with after channel end is over, and
 * the device presents device end with the status of the program.
 */
static void device_halted(struct subchannel *sch, struct chanprog_ending *ending)
{
	cu_halt(sch->dev);
	ending->dstat |= DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	ending->device_active = false;
}

/* The channel program has ended, with or without a halt on its way. */
void ending_of_start(struct subchannel *sch)
{
	struct chanprog_ending *ending = &sch->program.ending;
	u32 status_control;

	if (subchannel_flags(sch) & SCSW_FC_HALT && ending->device_active)
		device_halted(sch, ending);
	status_control = status_control_of(ending) | left_over(sch, ending);
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
 * "Halt Function".  A program that was being executed ends as its device ends
 * the command that it is told to halt, or has ended it: whatever it has presented
 * before, device end is no longer to come.  A device that is active after channel
 * end has nothing left but that.  One that had not begun, or was suspended, has no
 * device to end it: status pending alone, and the deferred condition code says that
 * the halt has kept it from becoming active.
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

/* "Clear Function": the device is reset, and nothing of the program is left. */
void ending_of_clear(struct subchannel *sch)
{
	const struct chanprog_ending nothing = {};
	struct css_pmcw *pmcw = &sch->schib.pmcw;

	cu_reset(sch->dev);
	pmcw->pnom = 0;
	pmcw->pom = 0xff;
	pmcw->lpum = SCH_PATH;
	subchannel_make_pending(sch, 0, &nothing);
}

/*
 * "Deferred Condition Code": there is no path to the device, and it stays start
 * pending until TEST SUBCHANNEL.
 */
void ending_no_path(struct subchannel *sch, const struct css_orb *orb)
{
	const struct chanprog_ending ending = { .cpa = be32_to_cpu(orb->cpa) };

	subchannel_make_pending(sch, SCSW_DEFERRED_CC3 | SCSW_AC_START_PENDING |
				     SCSW_SC_ALERT | SCSW_SC_PRIMARY |
				     SCSW_SC_SECONDARY, &ending);
}
