// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions for a subchannel whose functions a backend performs:
 * Documentation/backends.rst.
 *
 * Function and status control, which are the guest's view, decide first whether
 * an instruction may be executed, and then the backend does.  Before that, the
 * subchannel takes what the backend has to say (news.c).  How far a program is,
 * only the backend knows, so the activity control decides nothing here.
 *
 * Locking: all operations of a backend are called under sch->lock, but the prepare
 * operations and ->discard(), which may sleep.  While something is being prepared,
 * sch->running is set: only one CPU prepares at a time, and a reset and a removal
 * wait for it, and then have the backend stop.  The state of the subchannel is
 * looked at before and after that.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/string.h>

#include <kvm_css/backend.h>
#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/*
 * "Resulting Condition Code" of each instruction, as far as function and status
 * control decide.  With IOINST_CC_EXPECTED the backend is asked.
 */
static ioinst_ending_t figure(const struct subchannel *sch, enum sch_insn insn)
{
	u32 flags = subchannel_flags(sch), functions = flags & SCSW_FC;
	bool pending = flags & SCSW_SC_PENDING;

	switch (insn) {
	case SCH_CSCH:
		return IOINST_CC_EXPECTED;
	case SCH_TSCH:
		return pending ? IOINST_CC_EXPECTED :
				 IOINST_CC_NOT_STATUS_PENDING;
	case SCH_HSCH:
		if (subchannel_ended(flags))
			return IOINST_CC_STATUS_PRESENT;
		return functions & (SCSW_FC_HALT | SCSW_FC_CLEAR) ?
				IOINST_CC_BUSY : IOINST_CC_EXPECTED;
	case SCH_RSCH:
	case SCH_XSCH:
		if (pending)
			return IOINST_CC_STATUS_PRESENT;
		return functions == SCSW_FC_START ? IOINST_CC_EXPECTED :
						    IOINST_CC_BUSY;
	default:
		if (pending)
			return IOINST_CC_STATUS_PRESENT;
		return functions ? IOINST_CC_BUSY : IOINST_CC_EXPECTED;
	}
}

/* Return: the condition code of the instruction, unless the backend decides. */
static ioinst_ending_t enter(struct subchannel *sch, enum sch_insn insn)
{
	lockdep_assert_held(&sch->lock);
	news_take(sch);
	if (sch->gone || sch->resetting || sch->broken)
		return IOINST_CC_NOT_OPERATIONAL;
	if (insn == SCH_STSCH)
		return IOINST_CC_EXPECTED;
	if (sch->backend->lost)
		return insn == SCH_MSCH ? IOINST_CC_EXPECTED :
					  IOINST_CC_NOT_OPERATIONAL;
	if (insn != SCH_MSCH &&
	    !(sch->schib.pmcw.flags & cpu_to_be16(PMCW_ENABLED)))
		return IOINST_CC_NOT_OPERATIONAL;
	return figure(sch, insn);
}

ioinst_ending_t backend_store(struct subchannel *sch, struct css_schib *schib)
{
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = enter(sch, SCH_STSCH);
	if (cc == IOINST_CC_EXPECTED)
		news_show(sch, schib);
	mutex_unlock(&sch->lock);
	return cc;
}

ioinst_ending_t backend_modify(struct subchannel *sch,
			       const struct css_schib *schib)
{
	struct sch_backend *backend = sch->backend;
	ioinst_ending_t ending;

	ending = enter(sch, SCH_MSCH);
	if (ending != IOINST_CC_EXPECTED || backend->lost)
		return ending;
	return news_answer(sch, SCH_MSCH, backend->ops->modify(backend, schib));
}

/* What TEST SUBCHANNEL stores.  The extended-measurement word is zeros. */
static u32 irb_fill(const struct subchannel *sch, struct css_irb *irb)
{
	u32 flags = subchannel_flags(sch);

	memset(irb, 0, sizeof(*irb));
	irb->scsw = sch->schib.scsw;
	if (!(flags & SCSW_SC_PENDING))
		return CSS_IRB_SIZE;
	irb->esw = sch->backend->irb.esw;
	memcpy(irb->ecw, sch->backend->irb.ecw, sizeof(irb->ecw));
	return sch->schib.pmcw.chars & cpu_to_be32(PMCW_XMWME) &&
	       !(flags & SCSW_ESW_FORMAT) ? sizeof(*irb) : CSS_IRB_SIZE;
}

ioinst_ending_t backend_peek(struct subchannel *sch, struct css_irb *irb,
			     u32 *len, u32 *generation)
{
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = enter(sch, SCH_TSCH);
	/* As STORE SUBCHANNEL would show it now */
	if (cc == IOINST_CC_NOT_STATUS_PENDING)
		news_schib(sch);
	if (cc != IOINST_CC_NOT_OPERATIONAL) {
		*len = irb_fill(sch, irb);
		*generation = sch->generation;
	}
	mutex_unlock(&sch->lock);
	return cc;
}

/* START and RESUME SUBCHANNEL */

/* What is remembered while something is prepared without the lock */
struct preparation {
	u64 started;
	struct chanprog_limit limit;
};

/* Return: a condition code; with 0 the caller has to prepare something. */
static ioinst_ending_t begin_to_prepare(struct subchannel *sch,
					enum sch_insn insn,
					struct preparation *now)
{
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = enter(sch, insn);
	if (cc == IOINST_CC_EXPECTED && sch->running) {
		/* Another CPU does. */
		cc = IOINST_RETRY;
	} else if (cc == IOINST_CC_EXPECTED) {
		WRITE_ONCE(sch->running, true);
		now->started = sch->stats.started;
		now->limit = subchannel_limit(sch);
	}
	mutex_unlock(&sch->lock);
	return cc;
}

/* Has another CPU changed what the preparation depends on? */
static bool is_outdated(const struct subchannel *sch, enum sch_insn insn,
			const struct preparation *then)
{
	const struct chanprog_limit limit = subchannel_limit(sch);

	if (insn == SCH_RSCH)
		return sch->stats.started != then->started;
	return limit.mode != then->limit.mode ||
	       limit.address != then->limit.address;
}

/* Something has been prepared, unless @ending says why not. */
static ioinst_ending_t has_prepared(struct subchannel *sch, enum sch_insn insn,
				    const struct preparation *then,
				    ioinst_ending_t ending)
{
	ioinst_ending_t cc;

	if (ending == IOINST_PROCEED) {
		cc = enter(sch, insn);
		return cc == IOINST_CC_EXPECTED && is_outdated(sch, insn, then) ?
				IOINST_RETRY : cc;
	}
	if (ending == IOINST_RETRY ||
	    sch->gone || sch->resetting || sch->broken)
		return IOINST_RETRY;
	return news_wrong(sch, ending);
}

/* From now on the device may use the program. */
static void accept(struct subchannel *sch, struct backend_program **program)
{
	if (*program)
		list_add_tail(&(*program)->entry, &sch->backend->programs);
	*program = NULL;
}

/* Nobody prepares anything any more.  @program was not accepted, or is NULL. */
static void end_preparation(struct subchannel *sch,
			    struct backend_program *program)
{
	WRITE_ONCE(sch->running, false);
	if (program)
		news_refused(sch, program);
	/* It was to stop meanwhile. */
	if (sch->pending)
		news_stop(sch);
	subchannel_settle(sch);
	mutex_unlock(&sch->lock);
}

ioinst_ending_t backend_start(struct subchannel *sch, const struct css_orb *orb)
{
	struct sch_backend *backend = sch->backend;
	struct backend_program *program = NULL;
	ioinst_ending_t ending = IOINST_PROCEED;
	struct preparation now;
	ioinst_ending_t cc;

	cc = begin_to_prepare(sch, SCH_SSCH, &now);
	if (cc != IOINST_CC_EXPECTED)
		return cc;
	if (backend->ops->prepare_start)
		ending = backend->ops->prepare_start(backend,
						     sch->shared->guest, orb,
						     &now.limit, &program);
	mutex_lock(&sch->lock);
	cc = has_prepared(sch, SCH_SSCH, &now, ending);
	if (cc == IOINST_CC_EXPECTED)
		cc = news_answer(sch, SCH_SSCH,
				 backend->ops->start(backend, orb, program));
	if (cc == IOINST_CC_EXPECTED) {
		accept(sch, &program);
		subchannel_begin_start(sch, orb);
	}
	end_preparation(sch, program);
	return cc;
}

ioinst_ending_t backend_resume(struct subchannel *sch)
{
	struct sch_backend *backend = sch->backend;
	struct backend_program *program = NULL;
	ioinst_ending_t ending = IOINST_PROCEED;
	struct preparation now;
	ioinst_ending_t cc;

	cc = begin_to_prepare(sch, SCH_RSCH, &now);
	if (cc != IOINST_CC_EXPECTED)
		return cc;
	if (backend->ops->prepare_resume)
		ending = backend->ops->prepare_resume(backend,
						      sch->shared->guest,
						      &program);
	mutex_lock(&sch->lock);
	cc = has_prepared(sch, SCH_RSCH, &now, ending);
	if (cc == IOINST_CC_EXPECTED)
		cc = news_answer(sch, SCH_RSCH,
				 backend->ops->resume(backend, program));
	if (cc == IOINST_CC_EXPECTED) {
		accept(sch, &program);
		subchannel_set_flags(sch, (subchannel_flags(sch) &
					   ~SCSW_PATH_NOT_OPER) |
				     SCSW_AC_RESUME_PENDING);
	}
	end_preparation(sch, program);
	return cc;
}

/* HALT, CLEAR and CANCEL SUBCHANNEL */

/* Return: the condition code; with 0 the backend has accepted the function. */
static ioinst_ending_t ask(struct subchannel *sch, enum sch_insn insn,
			   ioinst_ending_t (*ask_backend)(struct sch_backend *))
{
	ioinst_ending_t cc = enter(sch, insn);

	return cc == IOINST_CC_EXPECTED ?
			news_answer(sch, insn, ask_backend(sch->backend)) : cc;
}

ioinst_ending_t backend_halt(struct subchannel *sch)
{
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = ask(sch, SCH_HSCH, sch->backend->ops->halt);
	if (cc == IOINST_CC_EXPECTED)
		subchannel_begin_halt(sch);
	mutex_unlock(&sch->lock);
	return cc;
}

ioinst_ending_t backend_clear(struct subchannel *sch)
{
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = ask(sch, SCH_CSCH, sch->backend->ops->clear);
	if (cc == IOINST_CC_EXPECTED)
		subchannel_begin_clear(sch);
	mutex_unlock(&sch->lock);
	return cc;
}

ioinst_ending_t backend_cancel(struct subchannel *sch)
{
	ioinst_ending_t cc;

	mutex_lock(&sch->lock);
	cc = ask(sch, SCH_XSCH, sch->backend->ops->cancel);
	if (cc == IOINST_CC_EXPECTED) {
		subchannel_set_flags(sch, subchannel_flags(sch) &
				     ~(SCSW_FC | SCSW_AC));
		sch->schib.scsw.dstat = 0;
		sch->schib.scsw.cstat = 0;
		news_over(sch);
		news_take(sch);
	}
	mutex_unlock(&sch->lock);
	return cc;
}
