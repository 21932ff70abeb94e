// SPDX-License-Identifier: GPL-2.0
/*
 * The programs of a guest, from their translation until they are freed.
 *
 * The host's subchannel may use a program from condition code 0 of START SUBCHANNEL
 * until it is known that it doesn't any more.  Usually that is when status has been
 * taken, but alert status alone doesn't say it: then the host's subchannel is asked,
 * and perhaps the program is freed later than the subchannel has it discarded.
 *
 * A reset doesn't end before all pages are unpinned.  So the work of a reset frees
 * what programs have, too, and waits for others who do.
 *
 * Lifetime: what a run has is freed when nobody needs it any more (PT_OVER), and the
 * run when it was discarded, too.
 */
#define pr_fmt(fmt) "kvm_css: " fmt

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"

static struct pt_run *to_run(struct backend_program *program)
{
	return container_of(program, struct pt_run, base);
}

void part_free(struct pt_part *part)
{
	if (!part)
		return;
	host_program_free(part->program, part->used);
	kfree(part);
}

static void free_parts(struct list_head *parts)
{
	struct pt_part *part, *next;

	list_for_each_entry_safe(part, next, parts, entry) {
		list_del(&part->entry);
		part_free(part);
	}
}

/* Translating */

/* Say once why programs of the guest end in unit exception. */
void run_cannot(struct passthrough *pt, const char *why)
{
	if (!atomic_xchg(&pt->warned, 1))
		pr_warn("device 0.%x.%04x: a channel program that %s can't be passed through; it ends in unit exception, as others that this doesn't report\n",
			pt->id.ssid, pt->id.devno, why);
}

enum host_program_result run_translate(struct passthrough *pt,
				       const struct host_program_source *source,
				       struct pt_part **part)
{
	enum host_program_result result;
	struct host_program *program;
	const char *why = "";

	*part = kzalloc(sizeof(**part), GFP_KERNEL_ACCOUNT);
	if (!*part)
		return HOST_PROGRAM_RETRY;
	result = host_program_new(source, &program, &why);
	if (result == HOST_PROGRAM_OK) {
		(*part)->program = program;
		return result;
	}
	kfree(*part);
	*part = NULL;
	if (result == HOST_PROGRAM_CANNOT)
		run_cannot(pt, why);
	return result;
}

static struct pt_run *run_new(const struct host_program_source *source)
{
	struct pt_run *run = kzalloc(sizeof(*run), GFP_KERNEL_ACCOUNT);

	if (!run)
		return NULL;
	INIT_LIST_HEAD(&run->parts);
	INIT_LIST_HEAD(&run->left);
	run->source = *source;
	return run;
}

/* May the host suspend the program?  Then a worker may be called. */
static bool may_suspend(const struct pt_part *part)
{
	struct css_orb orb;

	host_program_orb(part->program, &orb);
	return orb.flags & cpu_to_be32(ORB_SUSPEND);
}

ioinst_ending_t run_prepare_start(struct sch_backend *backend,
				  struct guest *guest,
				  const struct css_orb *orb,
				  const struct chanprog_limit *limit,
				  struct backend_program **program)
{
	struct passthrough *pt = to_passthrough(backend);
	const struct host_program_source source = {
		.guest = guest,
		.spare = &pt->spare,
		.orb = *orb,
		.limit = *limit,
		.ccw = be32_to_cpu(orb->cpa),
	};
	enum host_program_result result;
	struct pt_part *part;
	struct pt_run *run;
	unsigned long flags;

	run = run_new(&source);
	if (!run)
		return IOINST_RETRY;
	result = run_translate(pt, &source, &part);
	if (result == HOST_PROGRAM_OK) {
		list_add(&part->entry, &run->parts);
		if (may_suspend(part))
			guest_expect_work(guest);
	} else if (result == HOST_PROGRAM_CANNOT) {
		run->cannot = true;
	} else {
		kfree(run);
		return IOINST_RETRY;
	}
	spin_lock_irqsave(&pt->lock, flags);
	list_add_tail(&run->entry, &pt->runs);
	spin_unlock_irqrestore(&pt->lock, flags);
	*program = &run->base;
	return IOINST_PROCEED;
}

/* Its way to the host and back; the locks are held. */

void run_begin(struct passthrough *pt, struct pt_run *run)
{
	struct pt_part *part;

	lockdep_assert_held(&pt->lock);
	/* Whatever it has executed before has ended. */
	run_idle(pt, false);
	run->need = PT_IN_USE;
	list_for_each_entry(part, &run->parts, entry)
		part->used = true;
	pt->kept.has_intermediate = false;
	pt->kept.has_ended = false;
	pt->run = run;
	pt->functions = PT_START;
	pt->suspended.is = false;
	pt->resume_pending = false;
	pt->ending = false;
	pt->part_tries = 0;
	pt->generation++;
}

void run_end(struct passthrough *pt, bool final)
{
	struct pt_run *run = pt->run;

	lockdep_assert_held(&pt->lock);
	pt->run = NULL;
	pt->functions = 0;
	pt->suspended.is = false;
	pt->resume_pending = false;
	pt->ending = false;
	pt->generation++;
	if (final && run)
		run->need = PT_OVER;
}

void run_idle(struct passthrough *pt, bool all)
{
	bool discarded = false;
	struct pt_run *run;

	lockdep_assert_held(&pt->lock);
	if (pt->abandoned)
		return;
	list_for_each_entry(run, &pt->runs, entry) {
		if (run == pt->run || (run->need == PT_PREPARED && !all))
			continue;
		run->need = PT_OVER;
		discarded |= run->discarded;
	}
	if (discarded)
		reset_kick(pt);
}

/* Freeing */

/* Take off what a run has.  Return: whether it is to be freed itself. */
static bool strip(struct pt_run *run, struct list_head *parts)
{
	list_splice_tail_init(&run->left, parts);
	if (run->need != PT_OVER)
		return false;
	list_splice_tail_init(&run->parts, parts);
	if (run->next)
		list_add(&run->next->entry, parts);
	run->next = NULL;
	return run->discarded;
}

/* One run after the other, so that interrupts aren't disabled for long. */
static struct pt_run *strip_one(struct passthrough *pt, struct list_head *parts)
{
	struct pt_run *run, *next;

	list_for_each_entry_safe(run, next, &pt->runs, entry) {
		if (!strip(run, parts))
			continue;
		list_del(&run->entry);
		return run;
	}
	return NULL;
}

void run_free_left(struct passthrough *pt)
{
	struct pt_run *run;
	unsigned long flags;
	LIST_HEAD(parts);

	spin_lock_irqsave(&pt->lock, flags);
	pt->freeing++;
	do {
		run = strip_one(pt, &parts);
		spin_unlock_irqrestore(&pt->lock, flags);
		free_parts(&parts);
		kfree(run);
		spin_lock_irqsave(&pt->lock, flags);
	} while (run);
	pt->freeing--;
	/* A reset may have waited for this. */
	reset_go_on(pt);
	spin_unlock_irqrestore(&pt->lock, flags);
}

void run_discard(struct sch_backend *backend, struct backend_program *program)
{
	struct passthrough *pt = to_passthrough(backend);
	struct pt_run *run = to_run(program);
	unsigned long flags;

	spin_lock_irqsave(&pt->lock, flags);
	run->discarded = true;
	if (run->need == PT_PREPARED)
		run->need = PT_OVER;
	spin_unlock_irqrestore(&pt->lock, flags);
	run_free_left(pt);
}
