// SPDX-License-Identifier: GPL-2.0
/*
 * The states of a subchannel, and which condition code each instruction gets in
 * them.  The sources are the figures of the function-control, activity-control
 * and status-control fields in chapter 16 of the Principles of Operation, and
 * "Resulting Condition Code" of each instruction in chapter 14.
 */
#define pr_fmt(fmt) "kvm_css: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

#define MEASUREMENT_BLOCK1_SIZE	64

#define CONTROL		(SCSW_FC | SCSW_AC | SCSW_SC)

/* Short names for the bits and combinations of bits in control_state() */
#define START		SCSW_FC_START
#define HALT		SCSW_FC_HALT
#define CLEAR		SCSW_FC_CLEAR
#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define DEVICE		SCSW_AC_DEVICE_ACTIVE
#define ALONE		SCSW_SC_PENDING
#define UNSOLICITED	(SCSW_SC_ALERT | SCSW_SC_PENDING)
#define INTERMEDIATE	(SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING)
#define PRIMARY		(SCSW_SC_PRIMARY | SCSW_SC_PENDING)
#define ENDED		(SCSW_SC_SECONDARY | PRIMARY)
#define SECONDARY	(SCSW_SC_SECONDARY | SCSW_SC_PENDING)
#define ALERT		(SCSW_SC_ALERT | ENDED)
#define PRIMARY_ALERT	(SCSW_SC_ALERT | PRIMARY)

/*
 * The state that function, activity and status control of an enabled subchannel
 * show.  Versions are those of /dev/kvm-css, KVM_CSS_VERSION.
 */
static enum sch_state control_state(u32 control)
{
	switch (control) {
	case 0:
	case DEVICE:
		return SCH_IDLE;
	case START | SCSW_AC_START_PENDING:
	case START | SCSW_AC_START_PENDING | SCSW_AC_RESUME_PENDING:
		return SCH_START_PENDING;
	case START | ACTIVE:
	case START | ACTIVE | SCSW_AC_RESUME_PENDING:
		return SCH_ACTIVE;
	case START | ACTIVE | INTERMEDIATE:
	case START | ACTIVE | INTERMEDIATE | SCSW_AC_RESUME_PENDING:
		return SCH_ACTIVE_STATUS;
	case START | SCSW_AC_SUSPENDED:
		return SCH_SUSPENDED;
	case START | SCSW_AC_SUSPENDED | INTERMEDIATE:
		return SCH_SUSPENDED_STATUS;
	case START | SCSW_AC_SUSPENDED | SCSW_AC_RESUME_PENDING:
		return SCH_RESUME_PENDING;
	case START | HALT | ACTIVE | SCSW_AC_HALT_PENDING:
		return SCH_HALT_PENDING;
	case CLEAR | SCSW_AC_CLEAR_PENDING:
		return SCH_CLEAR_PENDING;
	/* A start function has ended, and device end is still to come. */
	case START | DEVICE | PRIMARY:
	case START | DEVICE | PRIMARY_ALERT:
	case START | DEVICE | INTERMEDIATE | PRIMARY:
	case START | DEVICE | INTERMEDIATE | PRIMARY_ALERT:
	/* The same with halt, which only an older module has saved */
	case START | HALT | DEVICE | PRIMARY:
	case START | HALT | DEVICE | PRIMARY_ALERT:
	case START | HALT | DEVICE | INTERMEDIATE | PRIMARY:
	case START | HALT | DEVICE | INTERMEDIATE | PRIMARY_ALERT:
	/* Device end has come later, or a halt has come before device end. */
	case SECONDARY:
	case SCSW_SC_ALERT | SECONDARY:
	case HALT | SECONDARY:
	/* The device has presented unsolicited status. */
	case UNSOLICITED:
	case DEVICE | UNSOLICITED:
	/*
	 * A start function has ended together with the device.  PRIMARY without
	 * DEVICE and without SECONDARY is from a state that a version before 4
	 * has saved, where device end was still to come.
	 */
	case START | PRIMARY:
	case START | ENDED:
	case START | ALERT:
	case START | HALT | PRIMARY:
	case START | HALT | ENDED:
	case START | HALT | ALERT:
	case START | INTERMEDIATE | PRIMARY:
	case START | INTERMEDIATE | ENDED:
	case START | INTERMEDIATE | ALERT:
	case START | HALT | INTERMEDIATE | PRIMARY:
	case START | HALT | INTERMEDIATE | ENDED:
	case START | HALT | INTERMEDIATE | ALERT:
	/*
	 * A start function has ended before its program became active, or a
	 * halt has ended one that was start pending or suspended.  The activity
	 * control keeps showing that until TEST SUBCHANNEL.
	 */
	case START | SCSW_AC_START_PENDING | ALERT:
	case START | SCSW_AC_START_PENDING | UNSOLICITED:
	case START | HALT | SCSW_AC_START_PENDING | ALONE:
	case START | HALT | SCSW_AC_SUSPENDED | ALONE:
	/* The same in a state that a version before 4 has saved */
	case START | HALT | ALONE:
	/* A halt or clear function has ended. */
	case HALT | ALONE:
	case CLEAR | ALONE:
		return SCH_STATUS_PENDING;
	}
	return SCH_BROKEN;
}

enum sch_state schib_state(const struct css_schib *schib)
{
	u32 control = be32_to_cpu(schib->scsw.flags) & CONTROL;
	enum sch_state state;

	/* What most instructions find is not looked for among all the others. */
	if (!control)
		state = SCH_IDLE;
	else if (control == (START | ENDED))
		state = SCH_STATUS_PENDING;
	else
		state = control_state(control);
	if (schib->pmcw.flags & cpu_to_be16(PMCW_ENABLED))
		return state;
	/* MODIFY SUBCHANNEL can disable a subchannel only while it is idle. */
	return state == SCH_IDLE ? SCH_DISABLED : SCH_BROKEN;
}

enum sch_state subchannel_state(const struct subchannel *sch)
{
	if (sch->gone || sch->resetting || sch->broken)
		return SCH_NOT_OPERATIONAL;
	return schib_state(&sch->schib);
}

/*
 * The condition code of each instruction in each state.
 *
 * 0: the instruction is executed.
 * 1: status is pending; for TEST SUBCHANNEL, no status is pending.
 * 2: a function in progress excludes the instruction; for CANCEL and RESUME
 *    SUBCHANNEL, also: no function is in progress that they could act on.
 * 3: the subchannel is not operational.
 */
static const u8 cc_figure[SCH_STATES][SCH_INSNS] = {
/*			      XSCH CSCH HSCH RSCH MSCH SSCH STSCH TSCH */
[SCH_NOT_OPERATIONAL]	= {	3,   3,   3,   3,   3,   3,   3,   3 },
[SCH_DISABLED]		= {	3,   3,   3,   3,   0,   3,   0,   3 },
[SCH_IDLE]		= {	2,   0,   0,   2,   0,   0,   0,   1 },
[SCH_START_PENDING]	= {	0,   0,   0,   0,   2,   2,   0,   1 },
[SCH_ACTIVE]		= {	2,   0,   0,   0,   2,   2,   0,   1 },
[SCH_ACTIVE_STATUS]	= {	1,   0,   0,   1,   1,   1,   0,   0 },
[SCH_SUSPENDED]		= {	0,   0,   0,   0,   2,   2,   0,   1 },
[SCH_SUSPENDED_STATUS]	= {	1,   0,   0,   1,   1,   1,   0,   0 },
[SCH_RESUME_PENDING]	= {	0,   0,   0,   2,   2,   2,   0,   1 },
[SCH_HALT_PENDING]	= {	2,   0,   2,   2,   2,   2,   0,   1 },
[SCH_CLEAR_PENDING]	= {	2,   0,   2,   2,   2,   2,   0,   1 },
[SCH_STATUS_PENDING]	= {	1,   0,   1,   1,   1,   1,   0,   0 },
};

ioinst_ending_t subchannel_cc(enum sch_state state, enum sch_insn insn)
{
	return IOINST_CC(cc_figure[state][insn]);
}

/*
 * The guest sees the same as when a subchannel of a real machine fails: it gets a
 * channel report, and finds the subchannel not operational until a reset.
 */
void subchannel_out_of_service(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	sch->broken = true;
	sch->generation++;
	subchannel_withdraw(sch);
	sch->shared->ops->report(sch->shared, sch->sid, CRW_ERC_IPI);
}

/* Take a subchannel out of service whose state should never occur. */
static void found_broken(struct subchannel *sch)
{
	const struct css_scsw *scsw = &sch->schib.scsw;

	pr_err("subchannel 0.%x.%04x: function, activity and status control %05x, %s: this can't be; the subchannel is out of service until it is reset\n",
	       sid_ssid(sch->sid), sch->sid & SID_NUMBER,
	       be32_to_cpu(scsw->flags) & CONTROL,
	       sch->schib.pmcw.flags & cpu_to_be16(PMCW_ENABLED) ?
			"enabled" : "not enabled");
	subchannel_stop_program(sch, CHANPROG_DROP);
	subchannel_out_of_service(sch);
}

static __always_inline enum sch_state checked_state(struct subchannel *sch)
{
	enum sch_state state = subchannel_state(sch);

	lockdep_assert_held(&sch->lock);
	if (likely(state != SCH_BROKEN))
		return state;
	found_broken(sch);
	return SCH_NOT_OPERATIONAL;
}

enum sch_state subchannel_check_state(struct subchannel *sch)
{
	return checked_state(sch);
}

/*
 * A program whose ORB allows suspension may be resumed before it is suspended.
 * Then it does not stay suspended at the next CCW with the suspend flag.  It
 * can't be resumed a second time while a resume is still pending.
 */
static bool may_resume(u32 flags)
{
	return flags & SCSW_SUSPEND && !(flags & SCSW_AC_RESUME_PENDING);
}

ioinst_ending_t subchannel_enter(struct subchannel *sch, enum sch_insn insn)
{
	ioinst_ending_t cc = subchannel_cc(checked_state(sch), insn);

	if (insn == SCH_RSCH && cc == IOINST_CC_EXPECTED &&
	    !may_resume(subchannel_flags(sch)))
		return IOINST_CC_BUSY;
	return cc;
}

bool subchannel_schib_valid(const struct css_schib *schib)
{
	u16 flags = be16_to_cpu(schib->pmcw.flags);
	u32 chars = be32_to_cpu(schib->pmcw.chars);

	/* A format-1 measurement block lies on a boundary of its size. */
	if (chars & PMCW_MB_FORMAT1 &&
	    be64_to_cpu(schib->mba) % MEASUREMENT_BLOCK1_SIZE)
		return false;
	return !(flags & PMCW_FLAGS_ZEROS) && !(chars & PMCW_CHARS_ZEROS) &&
	       (flags & PMCW_LIMIT_MODE) != PMCW_LIMIT_MODE;
}

/* Chapter 17, "I/O-System Reset"; a new subchannel has the same state. */
void subchannel_initialize(struct subchannel *sch)
{
	struct css_pmcw *pmcw = &sch->schib.pmcw;
	const __be16 devno = pmcw->devno;
	const u8 chpid = pmcw->chpid[0];

	memset(&sch->schib, 0, sizeof(sch->schib));
	pmcw->flags = cpu_to_be16(PMCW_VALID);
	/* Nobody measures what a backend does. */
	if (!sch->backend)
		pmcw->flags |= cpu_to_be16(PMCW_TIMING);
	pmcw->devno = devno;
	pmcw->lpm = SCH_PATH;
	pmcw->pim = SCH_PATH;
	pmcw->pom = 0xff;
	pmcw->pam = SCH_PATH;
	pmcw->chpid[0] = chpid;
	memset(sch->ecw, 0, sizeof(sch->ecw));
	memset(&sch->measured, 0, sizeof(sch->measured));
	WRITE_ONCE(sch->resetting, false);
	sch->broken = false;
	sch->generation++;
	cu_reset(sch->dev);
}
