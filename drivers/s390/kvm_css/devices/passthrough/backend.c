// SPDX-License-Identifier: GPL-2.0
/*
 * The backend of a subchannel over a subchannel of the host's: Documentation/
 * passthrough.rst.  The guest's instructions become the same ones at the host's
 * subchannel, and their condition codes are the guest's.
 *
 * An instruction that gets condition code 1 from the host executes TEST SUBCHANNEL
 * there, so that the status is in hand.  What the host's subchannel has, but the guest
 * can't be told of, doesn't count, and the instruction is tried again.
 *
 * Locks and lifetime: internal.h
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"
#include "passthrough.h"

/* What the host tells; its lock is held, perhaps in a hard interrupt. */

static struct passthrough *of_client(struct host_sch_client *client)
{
	return container_of(client, struct passthrough, client);
}

/* There is something new.  While the guest's subchannel is new, nobody is told. */
static void tell(struct passthrough *pt)
{
	if (pt->mode != PT_GUEST)
		reset_kick(pt);
	else if (pt->attached)
		sch_backend_notify(&pt->backend);
}

/*
 * Other status may be behind this, without an interruption of its own.  If the module has
 * suspended the program, a worker goes on with it at once, and the guest isn't told.
 */
static void client_irb(struct host_sch_client *client, const struct css_irb *irb)
{
	struct passthrough *pt = of_client(client);

	spin_lock(&pt->lock);
	kept_add(pt, irb);
	if (pt->host)
		kept_look(pt);
	if (pt->mode == PT_GUEST) {
		if (pt->functions == PT_START)
			part_look(pt);
		if (kept_some(pt))
			tell(pt);
	}
	spin_unlock(&pt->lock);
}

static void client_paths(struct host_sch_client *client)
{
	struct passthrough *pt = of_client(client);

	spin_lock(&pt->lock);
	pt->paths_changed = true;
	if (pt->mode == PT_GUEST)
		tell(pt);
	spin_unlock(&pt->lock);
}

/* The paths may have changed, too; the host says so. */
static void client_initialized(struct host_sch_client *client)
{
	struct passthrough *pt = of_client(client);

	spin_lock(&pt->lock);
	if (pt->mode == PT_GUEST)
		kept_initialized(pt);
	else
		reset_initialized(pt);
	tell(pt);
	spin_unlock(&pt->lock);
}

static void client_gone(struct host_sch_client *client, bool quiet)
{
	struct passthrough *pt = of_client(client);

	spin_lock(&pt->lock);
	pt->gone = true;
	pt->abandoned = !quiet;
	tell(pt);
	spin_unlock(&pt->lock);
}

static const struct host_sch_client_ops client_ops = {
	.irb = client_irb,
	.paths = client_paths,
	.initialized = client_initialized,
	.gone = client_gone,
};

/* Instructions; sch->lock is held. */

/* The subchannel has been made, and is told what is new from now on. */
static unsigned long enter(struct passthrough *pt) __acquires(&pt->lock)
{
	unsigned long flags = pt_enter(pt);

	if (!pt->attached && (pt->gone || pt->paths_changed))
		sch_backend_notify(&pt->backend);
	pt->attached = true;
	return flags;
}

/*
 * The host's condition code is 1.  Return: whether to execute the instruction again,
 * because there was no status that is the reason.
 */
static bool again(struct passthrough *pt, u32 functions, ioinst_ending_t *cc,
		  int *tries)
{
	if (*cc != IOINST_CC_STATUS_PRESENT || kept_ended(pt, functions))
		return false;
	kept_look(pt);
	if (kept_ended(pt, functions))
		return false;
	if (++*tries < PT_TRIES)
		return true;
	/* The host's subchannel contradicts itself. */
	*cc = IOINST_CC_BUSY;
	return false;
}

/* A program that can't be executed begins if another one could. */
static ioinst_ending_t start_cannot(struct passthrough *pt)
{
	struct css_schib schib;
	ioinst_ending_t cc;
	u32 flags;

	cc = host_sch_store(pt->host, &schib);
	if (cc != IOINST_CC_EXPECTED)
		return cc;
	flags = be32_to_cpu(schib.scsw.flags);
	if (flags & SCSW_SC_PENDING)
		return IOINST_CC_STATUS_PRESENT;
	return flags & SCSW_FC ? IOINST_CC_BUSY : IOINST_CC_EXPECTED;
}

/*
 * The host makes status when it suspends the program, although the guest may not want
 * to have any: a worker perhaps has to go on.
 */
static ioinst_ending_t start_program(struct passthrough *pt,
				     const struct pt_run *run)
{
	const struct pt_part *part = list_first_entry(&run->parts,
						      struct pt_part, entry);
	struct css_orb orb = {};
	u32 flags;

	host_program_orb(part->program, &orb);
	flags = be32_to_cpu(orb.flags);
	if (flags & ORB_SUSPEND)
		flags &= ~ORB_SUPPRESS_SUSPENDED;
	if (flags & ORB_LPM)
		flags = (flags & ~ORB_LPM) | (u32)pt->path << ORB_LPM_SHIFT;
	orb.flags = cpu_to_be32(flags);
	return host_sch_start(pt->host, &orb);
}

/*
 * An operand exception says that the host hasn't got something that the ORB asks for:
 * MIDAWs, or a control for certain channels.  The guest's machine has it, so this is not
 * the guest's operand exception.
 */
static ioinst_ending_t start_run(struct passthrough *pt, struct pt_run *run)
{
	ioinst_ending_t cc;

	if (!run->cannot) {
		cc = start_program(pt, run);
		if (cc != IOINST_OPERAND)
			return cc;
		run->cannot = true;
		run_cannot(pt, "asks in its ORB for what the host hasn't got");
	}
	return start_cannot(pt);
}

/* The end of a program that can't be executed */
static void end_cannot(struct passthrough *pt, const struct pt_run *run)
{
	struct pt_status *kept = &pt->kept;

	memset(&kept->ended, 0, sizeof(kept->ended));
	status_cannot(run->source.ccw, PT_START, &kept->ended);
	kept->has_ended = true;
	kept->ended_made = true;
	sch_backend_notify(&pt->backend);
}

static ioinst_ending_t pt_start(struct sch_backend *backend,
				const struct css_orb *orb,
				struct backend_program *program)
{
	struct pt_run *run = container_of(program, struct pt_run, base);
	struct passthrough *pt = to_passthrough(backend);
	unsigned long flags = enter(pt);
	ioinst_ending_t cc;
	int tries = 0;

	do {
		if (kept_ended(pt, 0))
			cc = IOINST_CC_STATUS_PRESENT;
		else
			cc = start_run(pt, run);
	} while (again(pt, 0, &cc, &tries));
	if (cc == IOINST_CC_EXPECTED) {
		run_begin(pt, run);
		if (run->cannot)
			end_cannot(pt, run);
	}
	/* Perhaps another path leads there. */
	if (cc == IOINST_CC_NOT_OPERATIONAL) {
		pt->paths_changed = true;
		sch_backend_notify(&pt->backend);
	}
	pt_leave(pt, flags);
	return cc;
}

static ioinst_ending_t pt_resume(struct sch_backend *backend,
				 struct backend_program *program)
{
	struct passthrough *pt = to_passthrough(backend);
	unsigned long flags = enter(pt);
	ioinst_ending_t cc;
	int tries = 0;

	part_look(pt);
	do {
		if (kept_ended(pt, PT_START) || pt->kept.has_intermediate) {
			cc = IOINST_CC_STATUS_PRESENT;
			break;
		}
		cc = part_resume(pt);
	} while (again(pt, PT_START, &cc, &tries));
	pt_leave(pt, flags);
	return cc;
}

static ioinst_ending_t pt_halt(struct sch_backend *backend)
{
	struct passthrough *pt = to_passthrough(backend);
	unsigned long flags = enter(pt);
	ioinst_ending_t cc;
	int tries = 0;

	part_look(pt);
	do {
		if (kept_ended(pt, pt->functions))
			cc = IOINST_CC_STATUS_PRESENT;
		else if (pt->ending)
			cc = IOINST_CC_EXPECTED;
		else
			cc = host_sch_halt(pt->host);
	} while (again(pt, pt->functions, &cc, &tries));
	if (cc == IOINST_CC_EXPECTED) {
		pt->kept.has_intermediate = false;
		pt->functions |= PT_HALT;
		pt->generation++;
	}
	pt_leave(pt, flags);
	return cc;
}

static ioinst_ending_t pt_clear(struct sch_backend *backend)
{
	struct passthrough *pt = to_passthrough(backend);
	unsigned long flags = enter(pt);
	ioinst_ending_t cc = host_sch_clear(pt->host);

	if (cc == IOINST_CC_EXPECTED) {
		kept_forget(pt);
		pt->functions = PT_CLEAR;
		pt->ending = false;
		pt->generation++;
	}
	pt_leave(pt, flags);
	return cc;
}

static ioinst_ending_t pt_cancel(struct sch_backend *backend)
{
	struct passthrough *pt = to_passthrough(backend);
	unsigned long flags = enter(pt);
	ioinst_ending_t cc;
	int tries = 0;

	part_look(pt);
	do {
		if (kept_ended(pt, PT_START) || pt->kept.has_intermediate) {
			cc = IOINST_CC_STATUS_PRESENT;
			break;
		}
		/* A program that is active can't be cancelled. */
		cc = pt->ending || part_hides(pt) ? IOINST_CC_BUSY :
						    host_sch_cancel(pt->host);
	} while (again(pt, PT_START, &cc, &tries));
	if (cc == IOINST_CC_EXPECTED)
		run_end(pt, true);
	pt_leave(pt, flags);
	return cc;
}

static ioinst_ending_t pt_modify(struct sch_backend *backend,
				 const struct css_schib *schib)
{
	const struct css_pmcw *pmcw = &schib->pmcw;
	const struct host_sch_modes modes = {
		.multipath = pmcw->flags & cpu_to_be16(PMCW_MULTIPATH),
		.concurrent_sense = pmcw->chars &
				    cpu_to_be32(PMCW_CONCURRENT_SENSE),
	};
	struct passthrough *pt = to_passthrough(backend);
	unsigned long flags = enter(pt);
	ioinst_ending_t cc;
	int tries = 0;

	do
		cc = kept_ended(pt, 0) ? IOINST_CC_STATUS_PRESENT :
					 host_sch_modify(pt->host, &modes);
	while (again(pt, 0, &cc, &tries));
	pt_leave(pt, flags);
	return cc;
}

static void pt_store(struct sch_backend *backend, struct backend_schib *schib)
{
	struct passthrough *pt = to_passthrough(backend);
	unsigned long flags = enter(pt);
	struct css_schib host;

	if (host_sch_store(pt->host, &host) == IOINST_CC_EXPECTED)
		status_schib(pt, &host, schib);
	pt_leave(pt, flags);
}

/* News */

/*
 * The guest has one path, so it uses one of the host's: what it sets with a command,
 * such as a path group, counts for that path only.
 */
static void choose_path(struct passthrough *pt, const struct css_pmcw *pmcw)
{
	u8 usable = pmcw->pim & pmcw->pam & pmcw->pom;

	if (usable && !(usable & pt->path))
		pt->path = 1u << (fls(usable) - 1);
	pt->used |= pt->path;
}

void path_look(struct passthrough *pt)
{
	struct css_schib schib;

	if (host_sch_store(pt->host, &schib) == IOINST_CC_EXPECTED)
		choose_path(pt, &schib.pmcw);
}

/* Return: whether the guest has to look at the paths again. */
static bool paths_differ(struct passthrough *pt)
{
	struct backend_schib now = {};
	struct css_schib schib;
	u8 path = pt->path;
	bool differ;

	pt->paths_changed = false;
	if (host_sch_store(pt->host, &schib) != IOINST_CC_EXPECTED)
		return false;
	choose_path(pt, &schib.pmcw);
	status_schib(pt, &schib, &now);
	differ = path != pt->path || now.pam != pt->shown.pam ||
		 now.pom != pt->shown.pom;
	pt->shown = now;
	return differ;
}

/*
 * Alert status alone doesn't say whether the host's subchannel goes on with the
 * program.
 */
static bool is_final(struct passthrough *pt, const struct css_irb *irb)
{
	const u32 goes_on = SCSW_AC_START_PENDING | SCSW_AC_RESUME_PENDING |
			    SCSW_AC_SUBCH_ACTIVE | SCSW_AC_SUSPENDED;
	const u32 says = SCSW_SC_PRIMARY | SCSW_DEFERRED_CC | SCSW_FC_HALT |
			 SCSW_FC_CLEAR;
	struct css_schib schib;

	if (pt->kept.ended_made || irb->scsw.flags & cpu_to_be32(says))
		return true;
	return host_sch_store(pt->host, &schib) == IOINST_CC_EXPECTED &&
	       !(schib.scsw.flags & cpu_to_be32(goes_on));
}

/* The function in progress has ended. */
static bool take_ended(struct passthrough *pt, u32 functions, struct css_irb *irb)
{
	const struct css_irb *ended = &pt->kept.ended;
	u32 flags = be32_to_cpu(ended->scsw.flags);
	bool final = is_final(pt, ended);

	pt->kept.has_ended = false;
	/* After CLEAR SUBCHANNEL, nothing else is the end. */
	if (functions & PT_CLEAR && !(flags & PT_CLEAR) && !pt->kept.ended_made)
		return false;
	if (pt->kept.ended_made) {
		*irb = *ended;
		irb->scsw.flags |= cpu_to_be32(functions);
	} else {
		status_of(pt, ended, functions, irb);
	}
	if (flags & (SCSW_PATH_NOT_OPER | SCSW_DEFERRED_CC))
		pt->paths_changed = true;
	run_end(pt, final);
	return true;
}

static void take_unsolicited(struct passthrough *pt, struct css_irb *irb)
{
	struct pt_status *kept = &pt->kept;

	status_unsolicited(&kept->unsolicited[0], irb);
	kept->nr_unsolicited--;
	memmove(&kept->unsolicited[0], &kept->unsolicited[1],
		kept->nr_unsolicited * sizeof(kept->unsolicited[0]));
}

static enum backend_news take_status(struct passthrough *pt, u32 functions,
				     struct css_irb *irb)
{
	struct pt_status *kept = &pt->kept;

	if (!functions) {
		if (!kept->nr_unsolicited)
			return BACKEND_NOTHING;
		take_unsolicited(pt, irb);
		return BACKEND_STATUS;
	}
	if (kept->has_intermediate) {
		kept->has_intermediate = false;
		if (functions == PT_START) {
			status_of(pt, &kept->intermediate, functions, irb);
			return BACKEND_STATUS;
		}
	}
	return kept->has_ended && take_ended(pt, functions, irb) ?
			BACKEND_STATUS : BACKEND_NOTHING;
}

/* Drop status of functions that the guest's subchannel hasn't got any more. */
static void drop_old(struct passthrough *pt)
{
	struct pt_status *kept = &pt->kept;

	if (kept->has_ended && is_final(pt, &kept->ended)) {
		run_end(pt, true);
		run_idle(pt, false);
	}
	kept->has_intermediate = false;
	kept->has_ended = false;
}

static enum backend_news pt_take(struct sch_backend *backend, u32 functions,
				 struct css_irb *irb)
{
	struct passthrough *pt = to_passthrough(backend);
	unsigned long flags = enter(pt);
	enum backend_news news = BACKEND_NOTHING;

	if (pt->gone) {
		news = pt->told_gone ? BACKEND_NOTHING : BACKEND_LOST;
		pt->told_gone = true;
		goto out;
	}
	/* Not every host makes an interruption for all status. */
	if (functions && !pt->kept.has_intermediate && !pt->kept.has_ended)
		kept_look(pt);
	if (functions == PT_START)
		part_look(pt);
	if (!functions)
		drop_old(pt);
	if (pt->paths_changed && paths_differ(pt))
		news = BACKEND_PATHS;
	else if (irb)
		news = take_status(pt, functions, irb);
out:
	pt_leave(pt, flags);
	return news;
}

static const struct sch_backend_ops backend_ops = {
	.prepare_start = run_prepare_start,
	.prepare_resume = part_prepare_resume,
	.discard = run_discard,
	.start = pt_start,
	.resume = pt_resume,
	.halt = pt_halt,
	.clear = pt_clear,
	.cancel = pt_cancel,
	.modify = pt_modify,
	.store = pt_store,
	.take = pt_take,
	.stop = reset_stop,
};

/* The device */

const struct host_sch_id *passthrough_id(const struct css_device *dev)
{
	return &container_of(dev, struct passthrough, dev)->id;
}

struct sch_backend *passthrough_backend(struct css_device *dev)
{
	return &container_of(dev, struct passthrough, dev)->backend;
}

static void free_device(struct kref *ref)
{
	struct passthrough *pt = container_of(ref, struct passthrough, ref);

	host_program_spare_free(&pt->spare);
	host_memory_free(&pt->reset.memory);
	kfree(pt);
}

void passthrough_put(struct passthrough *pt)
{
	kref_put(&pt->ref, free_device);
}

void passthrough_release(struct css_device *dev)
{
	struct passthrough *pt = container_of(dev, struct passthrough, dev);

	/* It has never been a subchannel's, so nobody has stopped it. */
	if (!pt->backend.sch) {
		host_sch_give_back(pt->host);
		passthrough_put(pt);
	}
	passthrough_put(pt);
}

static struct passthrough *create(const struct host_sch_id *id,
				  const struct cu_ops *ops)
{
	struct passthrough *pt = kzalloc(sizeof(*pt), GFP_KERNEL_ACCOUNT);

	if (!pt)
		return NULL;
	if (!host_memory_alloc(&pt->reset.memory, PT_RESET_MEMORY)) {
		kfree(pt);
		return NULL;
	}
	pt->dev.ops = ops;
	pt->backend.ops = &backend_ops;
	pt->client.ops = &client_ops;
	pt->id = *id;
	kref_init(&pt->ref);
	spin_lock_init(&pt->lock);
	INIT_LIST_HEAD(&pt->runs);
	guest_work_init(&pt->part, part_work);
	INIT_DELAYED_WORK(&pt->work, reset_work);
	return pt;
}

struct css_device *passthrough_new(const struct host_sch_id *id,
				   const struct cu_ops *ops)
{
	struct passthrough *pt = create(id, ops);
	struct host_sch *host;
	unsigned long flags;

	if (!pt)
		return ERR_PTR(-ENOMEM);
	host = host_sch_take(id, &pt->client);
	if (IS_ERR(host)) {
		passthrough_put(pt);
		return ERR_CAST(host);
	}
	/* While the device is lent */
	kref_get(&pt->ref);
	flags = host_sch_lock(host);
	spin_lock(&pt->lock);
	pt->host = host;
	paths_differ(pt);
	pt_leave(pt, flags);
	return &pt->dev;
}
