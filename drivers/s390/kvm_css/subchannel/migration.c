// SPDX-License-Identifier: GPL-2.0
/*
 * Saving and restoring a subchannel, for a VMM's live migration and snapshots.
 * image/migration.c has what belongs to the image.
 *
 * A saved state has what the guest can see, and nothing of the host's work in
 * progress.  So a channel program is saved only if no command of it has been
 * executed, or if it is suspended or has just been resumed.  All that is needed
 * to go on is then the address of the next CCW.  css_quiesce() waits until each
 * program that is being executed has ended or is suspended, and no other
 * program is begun.
 *
 * A state to restore is input from userspace and isn't trusted.  A subchannel
 * is given only a state that it could have reached by itself, and in which
 * nobody runs its program.  So the other files need not expect any other
 * state.  Values that only the guest looks at, such as the CCW address in the
 * SCSW and sense bytes, are not checked.
 *
 * Locking: the state is checked, and the subchannel is changed, in one critical
 * section of sch->lock.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

static_assert(sizeof_field(struct kvm_css_state, schib) ==
	      sizeof(struct css_schib));
static_assert(sizeof_field(struct kvm_css_state, ecw) == ECW_SIZE);
static_assert(sizeof_field(struct kvm_css_state, sense) == CU_SENSE_SIZE);

#define STATE_FLAGS	(KVM_CSS_STATE_INTERRUPTION | KVM_CSS_STATE_BEGUN | \
			 KVM_CSS_STATE_EXECUTED | KVM_CSS_STATE_MEASURED)

/* What this version sets in word 0 of an SCSW, beside the control fields */
#define SCSW_STATUS	(SCSW_FROM_ORB | SCSW_DEFERRED_CC | SCSW_EXTENDED | \
			 SCSW_ESW_FORMAT | SCSW_ZERO_CC)
/* The bits of a subchannel logout that are saved */
#define BLOCK_LOGOUT	(LOGOUT_BLOCK_PROGRAM | LOGOUT_BLOCK_DATA | \
			 LOGOUT_BLOCK_PROTECTION)
#define STORAGE_LOGOUT	(LOGOUT_CCW_CHECK | LOGOUT_IDAW_CHECK | \
			 LOGOUT_READ_BACKWARD)

#define SCSW_CONTROL	(SCSW_FC | SCSW_AC | SCSW_SC)

/* Is there a channel program that has to go on? */
static bool has_program(enum sch_state state)
{
	switch (state) {
	case SCH_START_PENDING:
	case SCH_SUSPENDED:
	case SCH_SUSPENDED_STATUS:
	case SCH_RESUME_PENDING:
		return true;
	default:
		return false;
	}
}

/* Is status pending? */
static bool has_status(enum sch_state state)
{
	return state == SCH_STATUS_PENDING || state == SCH_SUSPENDED_STATUS;
}

/*
 * Does pending status say, with channel-data check or channel-control check,
 * that the host could not provide storage?  TEST SUBCHANNEL leaves the check in
 * the SCSW, but without pending status it has no meaning.
 */
static bool has_storage_check(const struct css_scsw *scsw)
{
	return scsw->flags & cpu_to_be32(SCSW_SC_PENDING) &&
	       scsw->cstat & (CSTAT_CHANNEL_DATA | CSTAT_CHANNEL_CONTROL);
}

/* Saving a subchannel */

static int check_may_save(const struct subchannel *sch)
{
	if (sch->gone)
		return -ENODEV;
	/* What a backend does can't be taken elsewhere. */
	if (sch->backend)
		return -EOPNOTSUPP;
	if (sch->broken)
		return -EIO;
	if (sch->resetting || subchannel_active(sch))
		return -EBUSY;
	switch (subchannel_state(sch)) {
	case SCH_BROKEN:
		return -EIO;
	case SCH_ACTIVE:
	case SCH_ACTIVE_STATUS:
	case SCH_HALT_PENDING:
	case SCH_CLEAR_PENDING:
		/*
		 * Nobody runs the program: it waits for device end, or the VM
		 * is dying.
		 */
		return -EBUSY;
	default:
		return cu_saveable(sch->dev) ? 0 : -EOPNOTSUPP;
	}
}

static void save_program(const struct subchannel *sch,
			 struct kvm_css_state *state)
{
	struct chanprog_saved saved;

	if (!has_program(subchannel_state(sch)))
		return;
	chanprog_save(&sch->program, &saved);
	state->orb_flags = saved.orb_flags;
	state->ccw = saved.ccw;
	/*
	 * A program that is start pending has no count.  chanprog_save() gives
	 * one all the same if the program has come to a CCW with the suspend
	 * flag and found a resume pending there: then the subchannel has become
	 * start pending again.
	 */
	if (subchannel_state(sch) != SCH_START_PENDING)
		state->count = saved.count;
	if (saved.begun)
		state->state |= KVM_CSS_STATE_BEGUN;
	if (saved.executed)
		state->state |= KVM_CSS_STATE_EXECUTED;
}

static void save_measured(const struct subchannel *sch,
			  struct kvm_css_state *state)
{
	struct measured_saved saved;

	measurement_save(sch, &saved);
	state->starts = saved.starts;
	state->logout = saved.logout;
	state->failing = 0;
	if (has_storage_check(&sch->schib.scsw)) {
		state->logout |= sch->program.failing.what;
		state->failing = sch->program.failing.address;
	}
	state->pending_ns = saved.times[MEASURED_PENDING];
	state->connected_ns = saved.times[MEASURED_CONNECT];
	state->disconnected_ns = saved.times[MEASURED_DISCONNECT];
	if (saved.timed)
		state->state |= KVM_CSS_STATE_MEASURED;
}

static void save(const struct subchannel *sch, struct kvm_css_state *state)
{
	state->type = sch->dev->ops->type;
	state->state = sch->int_queued ? KVM_CSS_STATE_INTERRUPTION : 0;
	state->orb_flags = 0;
	state->ccw = 0;
	state->count = 0;
	state->reserved2 = 0;
	state->started = sch->stats.started;
	state->completed = sch->stats.completed;
	state->deferred = sch->stats.deferred;
	memcpy(state->schib, &sch->schib, sizeof(state->schib));
	memset(state->reserved3, 0, sizeof(state->reserved3));
	memcpy(state->ecw, sch->ecw, sizeof(state->ecw));
	memcpy(state->sense, sch->dev->sense, sizeof(state->sense));
	cu_save(sch->dev, &state->device);
	save_program(sch, state);
	save_measured(sch, state);
}

int subchannel_save(struct subchannel *sch, struct kvm_css_state *state)
{
	int rc;

	mutex_lock(&sch->lock);
	rc = check_may_save(sch);
	if (!rc)
		save(sch, state);
	mutex_unlock(&sch->lock);
	return rc;
}

/* Restoring a subchannel: checks */

static int check_may_restore(const struct subchannel *sch)
{
	int rc = check_may_save(sch);

	if (rc)
		return rc;
	switch (subchannel_state(sch)) {
	case SCH_DISABLED:
	case SCH_IDLE:
		return 0;
	default:
		return -EBUSY;
	}
}

/*
 * Fields that MODIFY SUBCHANNEL doesn't change must have the values that they
 * have in this subchannel.  The timing-facility bit may differ, because
 * versions of /dev/kvm-css before 4 did not provide the facility.
 */
static bool pmcw_valid(const struct subchannel *sch,
		       const struct css_schib *schib)
{
	const __be16 flags = cpu_to_be16(PMCW_FLAGS_MODIFIED | PMCW_TIMING);
	const struct css_pmcw *own = &sch->schib.pmcw;
	const struct css_pmcw *pmcw = &schib->pmcw;

	if ((pmcw->flags ^ own->flags) & ~flags ||
	    (pmcw->chars ^ own->chars) & ~cpu_to_be32(PMCW_CHARS_MODIFIED))
		return false;
	return pmcw->devno == own->devno && pmcw->pim == own->pim &&
	       pmcw->pam == own->pam && pmcw->pnom == own->pnom &&
	       !(pmcw->lpum & ~own->pim) &&
	       !memcmp(pmcw->chpid, own->chpid, sizeof(pmcw->chpid)) &&
	       !memcmp(schib->mda, sch->schib.mda, sizeof(schib->mda));
}

/*
 * "Extended Control": if it is one, the extended-control word has concurrent
 * sense.  Then the status must be an alert with unit check.  Otherwise the word
 * is zeros.
 */
static bool sense_valid(const struct kvm_css_state *state,
			const struct css_schib *schib)
{
	const struct css_scsw *scsw = &schib->scsw;

	if (!(scsw->flags & cpu_to_be32(SCSW_EXTENDED)))
		return !memchr_inv(state->ecw, 0, sizeof(state->ecw));
	return scsw->flags & cpu_to_be32(SCSW_SC_ALERT) &&
	       scsw->dstat & DSTAT_UNIT_CHECK &&
	       schib->pmcw.chars & cpu_to_be32(PMCW_CONCURRENT_SENSE);
}

/*
 * If "ESW Format" is one, pending status has a subchannel logout, for one of
 * two reasons.  Either the host could not provide storage; then the status has
 * a check that says so, see has_storage_check().  Or a measurement block could
 * not be updated.  If "ESW Format" is zero, there may be a logout for a
 * measurement block all the same: a program has to go on, and its next status
 * will show the logout.  Without a check for storage, the failing-storage
 * address is zeros.
 */
static bool logout_valid(const struct kvm_css_state *state,
			 const struct css_scsw *scsw, enum sch_state condition)
{
	u32 flags = be32_to_cpu(scsw->flags);
	bool storage = has_storage_check(scsw);
	bool block = state->logout & BLOCK_LOGOUT;

	if (state->logout & ~(BLOCK_LOGOUT | STORAGE_LOGOUT))
		return false;
	if (!storage && (state->logout & STORAGE_LOGOUT || state->failing))
		return false;
	if (flags & SCSW_ESW_FORMAT)
		return storage || (block && flags & SCSW_SC_PENDING);
	return !storage && (!block || has_program(condition));
}

/*
 * PCI is pending only as intermediate status, or together with it.  After TEST
 * SUBCHANNEL has ended a function, PCI may still be in the SCSW.
 */
static bool pci_valid(const struct css_scsw *scsw, enum sch_state condition)
{
	u32 flags = be32_to_cpu(scsw->flags);

	return !(scsw->cstat & CSTAT_PCI) || flags & SCSW_SC_INTERMEDIATE ||
	       !(flags & SCSW_SC_PENDING || has_program(condition));
}

/*
 * "Deferred Condition Code": it belongs to a start function that has ended
 * before its program became active, or while the program was suspended.  The
 * activity control shows which.  The code is 1 if a halt has ended the
 * function, or if the device has presented status instead of executing a
 * command.  It is 3 if there was no path.
 *
 * After TEST SUBCHANNEL only the code is left.  In a state that a version of
 * /dev/kvm-css before 4 has saved, the activity control doesn't show anything,
 * and the code is 0 or 3.
 */
static bool deferred_cc_valid(u32 flags, enum sch_state condition)
{
	const u32 unbegun = SCSW_AC_START_PENDING | SCSW_AC_SUSPENDED;
	const u32 presented = SCSW_SC_ALERT | SCSW_SC_PENDING;
	u32 cc = flags & SCSW_DEFERRED_CC;

	if (cc && cc != SCSW_DEFERRED_CC1 && cc != SCSW_DEFERRED_CC3)
		return false;
	if (condition == SCH_DISABLED || condition == SCH_IDLE)
		return true;
	if (condition != SCH_STATUS_PENDING || !(flags & SCSW_FC))
		return !cc;
	if (!(flags & unbegun))
		return cc != SCSW_DEFERRED_CC1;
	if (flags & SCSW_FC_HALT || (flags & SCSW_SC) == presented)
		return cc == SCSW_DEFERRED_CC1;
	return cc == SCSW_DEFERRED_CC3;
}

static bool status_valid(const struct kvm_css_state *state,
			 const struct css_schib *schib,
			 enum sch_state condition)
{
	const struct css_scsw *scsw = &schib->scsw;
	u32 flags = be32_to_cpu(scsw->flags);

	if (flags & ~(SCSW_STATUS | SCSW_CONTROL) ||
	    !deferred_cc_valid(flags, condition))
		return false;
	if (has_program(condition) &&
	    (scsw->dstat || scsw->cstat & ~CSTAT_PCI))
		return false;
	if (flags & SCSW_ZERO_CC && !(flags & SCSW_SC_INTERMEDIATE))
		return false;
	if (state->state & KVM_CSS_STATE_INTERRUPTION && !has_status(condition))
		return false;
	return pci_valid(scsw, condition) &&
	       logout_valid(state, scsw, condition) &&
	       sense_valid(state, schib);
}

static void saved_program(const struct kvm_css_state *state,
			  enum sch_state condition,
			  struct chanprog_saved *saved)
{
	*saved = (struct chanprog_saved){
		.orb_flags = state->orb_flags,
		.ccw = state->ccw,
		.count = state->count,
		.begun = state->state & KVM_CSS_STATE_BEGUN,
		.executed = state->state & KVM_CSS_STATE_EXECUTED,
		.suspended = condition == SCH_SUSPENDED ||
			     condition == SCH_SUSPENDED_STATUS,
	};
}

/* Would START SUBCHANNEL with this ORB have made such a SCHIB? */
static bool orb_matches(const struct css_schib *schib, u32 orb_flags)
{
	u8 lpm = (orb_flags & ORB_LPM) >> ORB_LPM_SHIFT;

	return !((orb_flags ^ be32_to_cpu(schib->scsw.flags)) &
		 SCSW_FROM_ORB) &&
	       schib->pmcw.lpm == lpm && lpm & schib->pmcw.pam;
}

/* A resume can be pending only if the ORB allows suspension. */
static bool resumable(const struct css_schib *schib, u32 orb_flags)
{
	return orb_flags & ORB_SUSPEND ||
	       !(schib->scsw.flags & cpu_to_be32(SCSW_AC_RESUME_PENDING));
}

/*
 * May a suspended program have this intermediate status?  If the ORB suppresses
 * status for the suspension, the status must have been made before, for a PCI
 * or for initial status of zeros.
 */
static bool suspension_told(const struct css_schib *schib, u32 orb_flags)
{
	return !(orb_flags & ORB_SUPPRESS_SUSPENDED) ||
	       schib->scsw.cstat & CSTAT_PCI ||
	       schib->scsw.flags & cpu_to_be32(SCSW_ZERO_CC);
}

static bool program_valid(const struct kvm_css_state *state,
			  const struct css_schib *schib,
			  enum sch_state condition)
{
	const u32 flags = KVM_CSS_STATE_BEGUN | KVM_CSS_STATE_EXECUTED;
	struct chanprog_saved saved;

	if (!has_program(condition))
		return !state->orb_flags && !state->ccw && !state->count &&
		       !(state->state & flags);
	saved_program(state, condition, &saved);
	if (!chanprog_saved_valid(&saved) ||
	    !orb_matches(schib, saved.orb_flags))
		return false;
	switch (condition) {
	case SCH_START_PENDING:
		/* No command has been executed, so there is no count. */
		return !saved.executed && !saved.count &&
		       resumable(schib, saved.orb_flags);
	case SCH_RESUME_PENDING:
		return saved.begun && saved.orb_flags & ORB_SUSPEND;
	case SCH_SUSPENDED_STATUS:
		return suspension_told(schib, saved.orb_flags);
	default:
		return true;
	}
}

static bool state_valid(const struct subchannel *sch,
			const struct kvm_css_state *state,
			const struct css_schib *schib,
			enum sch_state condition)
{
	if (state->type != sch->dev->ops->type || state->state & ~STATE_FLAGS ||
	    state->reserved2 ||
	    memchr_inv(state->reserved3, 0, sizeof(state->reserved3)))
		return false;
	switch (condition) {
	case SCH_BROKEN:
	case SCH_ACTIVE:
	case SCH_ACTIVE_STATUS:
	case SCH_HALT_PENDING:
	case SCH_CLEAR_PENDING:
		return false;
	default:
		break;
	}
	return subchannel_schib_valid(schib) && pmcw_valid(sch, schib) &&
	       status_valid(state, schib, condition) &&
	       program_valid(state, schib, condition);
}

/* Restoring a subchannel: changes */

static void restore_program(struct subchannel *sch,
			    const struct kvm_css_state *state,
			    enum sch_state condition)
{
	const struct chanprog_limit limit = subchannel_limit(sch);
	struct chanprog_saved saved;

	sch->deferred = false;
	sch->program.failing.address = state->failing;
	sch->program.failing.what = state->logout & STORAGE_LOGOUT;
	if (!has_program(condition))
		return;
	saved_program(state, condition, &saved);
	chanprog_restore(&sch->program, &saved, &limit);
}

static void restore_measured(struct subchannel *sch,
			     const struct kvm_css_state *state)
{
	const struct measured_saved saved = {
		.times = {
			[MEASURED_PENDING] = state->pending_ns,
			[MEASURED_CONNECT] = state->connected_ns,
			[MEASURED_DISCONNECT] = state->disconnected_ns,
		},
		.starts = state->starts,
		.logout = state->logout & BLOCK_LOGOUT,
		.timed = state->state & KVM_CSS_STATE_MEASURED,
	};

	measurement_restore(sch, &saved);
}

static void restore(struct subchannel *sch, const struct kvm_css_state *state,
		    const struct css_schib *schib, enum sch_state condition)
{
	sch->stats = (struct subchannel_stats){
		.started = state->started,
		.completed = state->completed,
		.deferred = state->deferred,
	};
	sch->schib = *schib;
	sch->schib.pmcw.flags |= cpu_to_be16(PMCW_TIMING);
	subchannel_set_flags(sch, be32_to_cpu(schib->scsw.flags));
	memcpy(sch->ecw, state->ecw, sizeof(sch->ecw));
	memcpy(sch->dev->sense, state->sense, sizeof(sch->dev->sense));
	restore_program(sch, state, condition);
	restore_measured(sch, state);
	/*
	 * If the flag is set, the interruption is in KVM's state or the guest
	 * has taken it already, and the guest must not get it twice.
	 */
	sch->int_queued = state->state & KVM_CSS_STATE_INTERRUPTION;
	if (has_status(condition) && !sch->int_queued)
		subchannel_raise(sch);
}

int subchannel_restore(struct subchannel *sch,
		       const struct kvm_css_state *state)
{
	enum sch_state condition;
	struct css_schib schib;
	int rc;

	memcpy(&schib, state->schib, sizeof(schib));
	condition = schib_state(&schib);
	mutex_lock(&sch->lock);
	rc = check_may_restore(sch);
	/* The device comes last: if its state is valid, it changes at once. */
	if (!rc && !(state_valid(sch, state, &schib, condition) &&
		     cu_restore(sch->dev, &state->device)))
		rc = -EINVAL;
	if (!rc)
		restore(sch, state, &schib, condition);
	mutex_unlock(&sch->lock);
	/* While the image is quiesced, this is left to css_unquiesce(). */
	if (!rc && !READ_ONCE(sch->shared->quiesced))
		subchannel_kick(sch);
	return rc;
}
