// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that the host suspends: because the guest wants that, or because the
 * module executes the program in parts.
 *
 * In both cases the host is suspended at a CCW of its copy, and goes on in a
 * translation of what is in guest storage then.  RESUME SUBCHANNEL of the guest's is
 * executed at once only if the guest's program is suspended.  If it isn't yet, the
 * host's copy has still the suspend flag that the guest has perhaps just taken away.
 * So that is remembered, and a worker resumes the program when the suspension comes.
 * The guest doesn't see such a suspension, nor those of the module.
 *
 * A worker translates without locks.  Whatever makes its work obsolete (HALT, CLEAR,
 * a reset, the end of the program) counts &passthrough.generation, which is compared
 * in the same hold of the locks in which the program is resumed.  A reset isn't
 * complete before the worker has left.
 *
 * When a program that is suspended can't go on, it is halted, and the guest's function
 * ends in unit exception.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/string.h>

#include "internal.h"

/* How often a worker tries to get memory */
#define PART_TRIES	8

/* What the program does next; the locks are held. */

bool part_hides(const struct passthrough *pt)
{
	return pt->suspended.is &&
	       (pt->suspended.place.part || pt->resume_pending);
}

static void call_worker(struct passthrough *pt)
{
	lockdep_assert_held(&pt->lock);
	if (pt->part_busy)
		return;
	pt->part_busy = true;
	guest_call_worker(pt->backend.guest, pt->backend.wq, &pt->part);
}

/* The program can't go on.  kept.c makes its status when it has been halted or cleared. */
static void give_up(struct passthrough *pt)
{
	lockdep_assert_held(&pt->lock);
	pt->suspended.is = false;
	pt->resume_pending = false;
	pt->generation++;
	pt->ending = host_sch_halt(pt->host) == IOINST_CC_EXPECTED ||
		     host_sch_clear(pt->host) == IOINST_CC_EXPECTED;
}

/* Return: the condition code of RESUME SUBCHANNEL. */
static ioinst_ending_t resume(struct passthrough *pt)
{
	ioinst_ending_t cc = host_sch_resume(pt->host);

	if (cc == IOINST_CC_EXPECTED) {
		pt->suspended.is = false;
		pt->resume_pending = false;
	}
	return cc;
}

/*
 * Have the host go on in a part, which becomes the program's if the host may have
 * seen it.
 * Return: the condition code of RESUME SUBCHANNEL.
 */
static ioinst_ending_t go_on(struct passthrough *pt, struct pt_part *part)
{
	struct pt_run *run = pt->run;
	struct pt_part *now = list_last_entry(&run->parts, struct pt_part, entry);

	lockdep_assert_held(&pt->lock);
	host_program_patch(now->program, pt->suspended.addr, part->program);
	list_add_tail(&part->entry, &run->parts);
	part->used = true;
	pt->generation++;
	return resume(pt);
}

/*
 * The same for a worker.  Intermediate status is no reason to end the program: it is
 * kept for the guest.
 */
static void go_on_or_give_up(struct passthrough *pt, struct pt_part *part)
{
	ioinst_ending_t cc = go_on(pt, part);
	int tries = 0;

	while (cc != IOINST_CC_EXPECTED) {
		kept_look(pt);
		if (pt->kept.has_ended)
			return;
		if (cc != IOINST_CC_STATUS_PRESENT || ++tries == PT_TRIES) {
			give_up(pt);
			return;
		}
		cc = resume(pt);
	}
}

/* The program has left all parts but the one in which it is suspended. */
static void leave_parts(struct pt_run *run, u32 cpa)
{
	struct host_program_place place;
	struct pt_part *part, *next;

	/* Whatever isn't the last one has been resumed into the next. */
	list_for_each_entry_safe(part, next, &run->parts, entry) {
		if (host_program_place(part->program, cpa, &place))
			break;
		list_move_tail(&part->entry, &run->left);
	}
}

/*
 * The status is not for the guest, but PCI and Z may be.  If @hidden is set, these don't say
 * that the program is suspended, and nobody looks at the suspension again.
 */
static void hide(struct passthrough *pt, bool hidden)
{
	struct css_irb *irb = &pt->kept.intermediate;
	const u32 active = SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE;
	u32 flags = be32_to_cpu(irb->scsw.flags);

	pt->kept.has_intermediate = flags & SCSW_ZERO_CC ||
				    irb->scsw.cstat & CSTAT_PCI;
	if (!hidden)
		return;
	flags = (flags & ~SCSW_AC) | active;
	irb->scsw.flags = cpu_to_be32(flags);
}

void part_look(struct passthrough *pt)
{
	const struct css_irb *irb = &pt->kept.intermediate;
	u32 cpa = be32_to_cpu(irb->scsw.cpa);
	struct pt_run *run = pt->run;
	struct pt_suspended *at = &pt->suspended;

	lockdep_assert_held(&pt->lock);
	if (!run || at->is || !pt->kept.has_intermediate ||
	    !(irb->scsw.flags & cpu_to_be32(SCSW_AC_SUSPENDED)))
		return;
	if (!status_place(pt, cpa, &at->place)) {
		/* The host can't be there. */
		at->place.ccw = ccw_behind(run->source.ccw);
		give_up(pt);
		hide(pt, true);
		return;
	}
	at->is = true;
	at->addr = cpa - CCW_SIZE;
	pt->generation++;
	leave_parts(run, cpa);
	if (part_hides(pt)) {
		hide(pt, true);
		call_worker(pt);
	} else if (run->source.orb.flags & cpu_to_be32(ORB_SUPPRESS_SUSPENDED)) {
		hide(pt, false);
	}
}

/* RESUME SUBCHANNEL of the guest's */

/* Return: whether the guest's program is suspended; then @source is what is next. */
static bool is_suspended(struct passthrough *pt,
			 struct host_program_source *source, u64 *when)
{
	bool is = pt->suspended.is && !part_hides(pt) && !pt->gone;
	struct pt_run *run = pt->run;

	if (!is || !run ||
	    !(run->source.orb.flags & cpu_to_be32(ORB_SUSPEND)))
		return false;
	*source = run->source;
	source->ccw = ccw_before(pt->suspended.place.ccw);
	source->chained = true;
	*when = pt->generation;
	return true;
}

/* Return: what isn't needed any more. */
static struct pt_part *set_next(struct passthrough *pt, struct pt_part *part,
				u64 when)
{
	struct pt_run *run = pt->run;
	struct pt_part *old;

	if (pt->generation != when || !run)
		return part;
	old = run->next;
	run->next = part;
	run->next_when = when;
	run->next_cannot = !part;
	return old;
}

ioinst_ending_t part_prepare_resume(struct sch_backend *backend,
				    struct guest *guest,
				    struct backend_program **program)
{
	struct passthrough *pt = to_passthrough(backend);
	struct host_program_source source;
	enum host_program_result result;
	struct pt_part *part;
	unsigned long flags;
	bool is;
	u64 when;

	flags = pt_enter(pt);
	is = is_suspended(pt, &source, &when);
	pt_leave(pt, flags);
	if (!is)
		return IOINST_PROCEED;
	run_free_left(pt);
	result = run_translate(pt, &source, &part);
	if (result == HOST_PROGRAM_RETRY || result == HOST_PROGRAM_GONE)
		return IOINST_RETRY;
	flags = pt_enter(pt);
	part = set_next(pt, part, when);
	pt_leave(pt, flags);
	part_free(part);
	return IOINST_PROCEED;
}

/* It is remembered until the suspension comes, if the host's subchannel is there. */
static ioinst_ending_t resume_later(struct passthrough *pt)
{
	struct css_schib schib;
	ioinst_ending_t cc = host_sch_store(pt->host, &schib);

	if (cc != IOINST_CC_EXPECTED)
		return cc;
	pt->resume_pending = true;
	if (pt->suspended.is)
		call_worker(pt);
	return cc;
}

ioinst_ending_t part_resume(struct passthrough *pt)
{
	struct pt_run *run = pt->run;
	struct pt_part *next;

	lockdep_assert_held(&pt->lock);
	if (!run || pt->resume_pending ||
	    !(run->source.orb.flags & cpu_to_be32(ORB_SUSPEND)))
		return IOINST_CC_BUSY;
	/* The function ends anyway. */
	if (pt->ending)
		return IOINST_CC_EXPECTED;
	if (!pt->suspended.is || part_hides(pt) ||
	    run->next_when != pt->generation)
		return resume_later(pt);
	if (run->next_cannot) {
		give_up(pt);
		return pt->ending ? IOINST_CC_EXPECTED :
				    IOINST_CC_NOT_OPERATIONAL;
	}
	next = run->next;
	run->next = NULL;
	return go_on(pt, next);
}

/* The worker */

/* Return: whether there is something to do; then @source is what. */
static bool begin_work(struct passthrough *pt, struct host_program_source *source,
		       u64 *when)
{
	unsigned long flags = pt_enter(pt);
	bool wanted = pt->mode == PT_GUEST && pt->run && part_hides(pt) &&
		      pt->functions == PT_START;

	if (wanted) {
		*source = pt->run->source;
		source->ccw = ccw_before(pt->suspended.place.ccw);
		source->chained = true;
		*when = pt->generation;
	}
	pt_leave(pt, flags);
	return wanted;
}

/* What was translated is there, or can't be.  When memory is short, try again. */
static void end_work(struct passthrough *pt, enum host_program_result result,
		     struct pt_part *part, u64 when)
{
	unsigned long flags = pt_enter(pt);

	if (pt->generation != when) {
		/* Somebody has halted or cleared it. */
	} else if (result == HOST_PROGRAM_OK) {
		pt->part_tries = 0;
		go_on_or_give_up(pt, part);
		part = NULL;
	} else if (result != HOST_PROGRAM_RETRY ||
		   pt->part_tries++ == PART_TRIES) {
		give_up(pt);
	}
	if (pt->mode == PT_GUEST)
		sch_backend_notify(&pt->backend);
	pt_leave(pt, flags);
	part_free(part);
}

static void do_work(struct passthrough *pt, bool there)
{
	enum host_program_result result = HOST_PROGRAM_GONE;
	struct host_program_source source;
	struct pt_part *part = NULL;
	u64 when;

	if (!begin_work(pt, &source, &when))
		return;
	if (there) {
		do
			result = run_translate(pt, &source, &part);
		while (result == HOST_PROGRAM_RETRY && guest_put_off_signal());
	}
	end_work(pt, result, part, when);
}

/* The program may have been suspended once more.  Return: whether to go on. */
static bool stay(struct passthrough *pt)
{
	unsigned long flags = pt_enter(pt);
	bool stays = pt->mode == PT_GUEST && pt->run && part_hides(pt) &&
		     pt->functions == PT_START && !pt->kept.has_ended;

	if (!stays) {
		/* A reset may wait for this, and free all. */
		pt->part_busy = false;
		reset_go_on(pt);
	}
	pt_leave(pt, flags);
	return stays;
}

void part_work(struct guest_work *work)
{
	struct passthrough *pt = container_of(work, struct passthrough, part);
	struct workqueue_struct *wq = pt->backend.wq;
	struct guest *guest = pt->backend.guest;
	bool there = guest_hold_mm(guest);

	run_free_left(pt);
	do_work(pt, there);
	if (stay(pt)) {
		guest_queue_work(guest, wq, work);
		if (there)
			guest_ensure_worker(guest);
	}
	if (there)
		guest_drop_mm(guest);
}
