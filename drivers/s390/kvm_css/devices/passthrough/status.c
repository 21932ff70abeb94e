// SPDX-License-Identifier: GPL-2.0
/*
 * What the guest sees of the host's subchannel: its IRB and SCHIB.
 * Principles of Operation chapter 16.
 *
 * No address of the host's gets to the guest.  An address that can't be translated
 * back is zero, and is said to be invalid if there is a bit for that.
 *
 * Locking: the caller has the locks, see internal.h.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "internal.h"

#define NORMAL_END	(DSTAT_CHANNEL_END | DSTAT_DEVICE_END)
#define ENDED		(SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | SCSW_SC_PENDING)
#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)

/* What of word 0 of an SCSW is the host's; the rest the guest's ORB decides. */
#define TAKEN		(SCSW_ESW_FORMAT | SCSW_DEFERRED_CC | SCSW_ZERO_CC | \
			 SCSW_EXTENDED | SCSW_PATH_NOT_OPER | SCSW_AC | SCSW_SC)

/* Word 0 of a format-0 ESW: all but the measurement-block checks and the LPUM */
#define LOGOUT_TAKEN	0x0700ffffu

/* Addresses */

const struct host_program *status_place(const struct passthrough *pt, u32 addr,
					struct host_program_place *place)
{
	struct pt_part *part;

	if (!pt->run)
		return NULL;
	list_for_each_entry_reverse(part, &pt->run->parts, entry)
		if (host_program_place(part->program, addr, place))
			return part->program;
	return NULL;
}

/* Return: whether it lies in the program. */
static bool translate_storage(const struct passthrough *pt, u64 addr, u64 *guest)
{
	struct pt_part *part;

	if (!pt->run)
		return false;
	list_for_each_entry(part, &pt->run->parts, entry)
		if (host_program_storage(part->program, addr, guest))
			return true;
	return false;
}

/* The extended-status word */

static __be32 translate_lpum(const struct css_irb *from)
{
	const u32 lpum = 0xffu << LOGOUT_LPUM_SHIFT;

	return from->esw.word0 & cpu_to_be32(lpum) ?
			cpu_to_be32(PT_PATH << LOGOUT_LPUM_SHIFT) : 0;
}

static void translate_failing(const struct passthrough *pt,
			      const struct css_irb *from, struct css_irb *to)
{
	u32 erw = be32_to_cpu(from->esw.erw);
	u64 addr = be64_to_cpu(from->esw.failing), guest;

	if (!(erw & ERW_FAILING_FORMAT2))
		addr >>= 32;
	if (!(erw & ERW_FAILING_ADDRESS) ||
	    !translate_storage(pt, addr, &guest))
		return;
	to->esw.erw |= cpu_to_be32(ERW_FAILING_ADDRESS | ERW_FAILING_FORMAT2);
	to->esw.failing = cpu_to_be64(guest);
}

static void translate_secondary(const struct passthrough *pt,
				const struct css_irb *from, struct css_irb *to)
{
	struct host_program_place place;

	if (!(from->esw.erw & cpu_to_be32(ERW_SECONDARY)) ||
	    !status_place(pt, be32_to_cpu(from->esw.secondary), &place))
		return;
	to->esw.erw |= cpu_to_be32(ERW_SECONDARY);
	to->esw.secondary = cpu_to_be32(place.ccw);
}

/* "Format-0 ESW".  Those of the other formats have nothing but the LPUM. */
static void translate_logout(const struct passthrough *pt,
			     const struct css_irb *from, bool cpa_valid,
			     struct css_irb *to)
{
	u32 logout = be32_to_cpu(from->esw.word0) & LOGOUT_TAKEN;

	if (!cpa_valid)
		logout &= ~LOGOUT_CPA_VALID;
	to->esw.word0 |= cpu_to_be32(logout);
	translate_failing(pt, from, to);
	translate_secondary(pt, from, to);
}

/*
 * Extended control without sense bytes is something of the host's machine, which may
 * have addresses.
 */
static void translate_sense(const struct css_irb *from, struct css_irb *to)
{
	u32 erw = be32_to_cpu(from->esw.erw), len;

	if (!(from->scsw.flags & cpu_to_be32(SCSW_EXTENDED)) ||
	    !(erw & ERW_CONCURRENT_SENSE)) {
		to->scsw.flags &= ~cpu_to_be32(SCSW_EXTENDED);
		return;
	}
	len = (erw & ERW_SENSE_COUNT) >> ERW_SENSE_COUNT_SHIFT;
	len = min_t(u32, len, ECW_SIZE);
	memcpy(to->ecw, from->ecw, len);
	to->esw.erw |= cpu_to_be32(ERW_CONCURRENT_SENSE |
				   len << ERW_SENSE_COUNT_SHIFT);
}

/* What the host says about the paths to the device is for the guest's path, too. */
#define ERW_PATHS	0x1c000000u

static void translate_extended(const struct passthrough *pt,
			       const struct css_irb *from, bool cpa_valid,
			       struct css_irb *to)
{
	to->esw.word0 = translate_lpum(from);
	to->esw.erw = from->esw.erw & cpu_to_be32(ERW_PATHS);
	if (from->scsw.flags & cpu_to_be32(SCSW_ESW_FORMAT))
		translate_logout(pt, from, cpa_valid, to);
	translate_sense(from, to);
}

/* The subchannel-status word */

/* Return: whether there is one that the guest knows. */
static bool translate_cpa(const struct passthrough *pt,
			  const struct css_irb *from, struct css_irb *to)
{
	struct host_program_place place;

	if (!status_place(pt, be32_to_cpu(from->scsw.cpa), &place))
		return false;
	to->scsw.cpa = cpu_to_be32(place.ccw);
	return true;
}

/* A program check may stand for something else that was remembered for the CCW. */
static void translate_check(struct passthrough *pt, const struct css_irb *from,
			    struct css_irb *to)
{
	const u8 storage = CSTAT_CHANNEL_DATA | CSTAT_CHANNEL_CONTROL;
	u32 cpa = be32_to_cpu(from->scsw.cpa);
	struct chanprog_failing failing = {};
	const struct host_program *program;
	struct host_program_place place;
	u8 check;

	program = status_place(pt, cpa, &place);
	if (!(from->scsw.cstat & CSTAT_PROGRAM_CHECK) || !program)
		return;
	check = host_program_check(program, cpa, &failing);
	to->scsw.cstat &= ~CSTAT_PROGRAM_CHECK;
	to->scsw.cstat |= check;
	if (!check) {
		run_cannot(pt, "has a status modifier that leads behind its end");
		to->scsw.dstat = DSTAT_UNIT_EXCEPTION;
	}
	if (!(check & storage))
		return;
	to->scsw.flags |= cpu_to_be32(SCSW_ESW_FORMAT);
	to->esw.word0 |= cpu_to_be32(LOGOUT_LPUM_VALID | LOGOUT_CPA_VALID |
				     LOGOUT_DSTAT_VALID | failing.what);
	to->esw.erw |= cpu_to_be32(ERW_FAILING_ADDRESS | ERW_FAILING_FORMAT2);
	to->esw.failing = cpu_to_be64(failing.address);
}

/*
 * The program was halted where the module has suspended it.  For the guest it was
 * between two commands: the status is that of the one before, which has ended.
 */
static void translate_hidden(struct css_irb *to, u32 ccw)
{
	u32 flags = be32_to_cpu(to->scsw.flags);

	flags &= ~(SCSW_DEFERRED_CC | SCSW_AC | SCSW_SC_ALERT);
	to->scsw.flags = cpu_to_be32(flags | ENDED);
	to->scsw.cpa = cpu_to_be32(ccw);
	to->scsw.dstat = NORMAL_END;
	to->scsw.count = 0;
}

/*
 * The host has ended the function in a way that the guest hasn't asked for: it has
 * halted or cleared the subchannel.
 */
static void translate_foreign(struct css_irb *to)
{
	u32 flags = SCSW_SC_ALERT | ENDED;

	memset(&to->esw, 0, sizeof(to->esw));
	memset(to->ecw, 0, sizeof(to->ecw));
	to->scsw.flags = cpu_to_be32(flags);
	to->scsw.dstat = 0;
	to->scsw.cstat = CSTAT_INTERFACE_CONTROL;
	to->scsw.count = 0;
}

/* Is the path that the guest knows of one of those that aren't operational? */
static bool path_failed(const struct passthrough *pt)
{
	struct css_schib schib;

	if (host_sch_store(pt->host, &schib) != IOINST_CC_EXPECTED)
		return true;
	return schib.pmcw.pnom & pt->path;
}

static bool is_suspended(const struct passthrough *pt, const struct css_irb *from,
			 struct host_program_place *place)
{
	return from->scsw.flags & cpu_to_be32(SCSW_AC_SUSPENDED) &&
	       status_place(pt, be32_to_cpu(from->scsw.cpa), place);
}

void status_of(struct passthrough *pt, const struct css_irb *from, u32 functions,
	       struct css_irb *to)
{
	u32 flags = be32_to_cpu(from->scsw.flags), had = flags & SCSW_FC;
	struct host_program_place place;
	bool cpa_valid = false;

	lockdep_assert_held(&pt->lock);
	to->scsw = from->scsw;
	to->scsw.cpa = 0;
	to->scsw.flags = cpu_to_be32(flags & TAKEN);
	if (had & PT_START)
		cpa_valid = translate_cpa(pt, from, to);
	translate_extended(pt, from, cpa_valid, to);
	translate_check(pt, from, to);
	if (flags & SCSW_PATH_NOT_OPER &&
	    (flags & SCSW_DEFERRED_CC) != SCSW_DEFERRED_CC3 && !path_failed(pt))
		to->scsw.flags &= ~cpu_to_be32(SCSW_PATH_NOT_OPER);
	if (functions == PT_START && had != PT_START)
		translate_foreign(to);
	else if (had & PT_HALT && is_suspended(pt, from, &place) && place.part)
		translate_hidden(to, ccw_before(place.ccw));
	to->scsw.flags |= cpu_to_be32(functions);
}

void status_unsolicited(const struct css_irb *from, struct css_irb *to)
{
	const u32 taken = TAKEN & ~(SCSW_DEFERRED_CC | SCSW_ZERO_CC |
				    SCSW_ESW_FORMAT | SCSW_PATH_NOT_OPER);

	to->scsw = from->scsw;
	to->scsw.cpa = 0;
	to->scsw.flags &= cpu_to_be32(taken);
	to->esw.word0 = translate_lpum(from);
	to->esw.erw = from->esw.erw & cpu_to_be32(ERW_PATHS);
	translate_sense(from, to);
}

/*
 * As a control unit would refuse the command.  If the guest has halted it meanwhile,
 * the program was between two commands.
 */
void status_cannot(u32 ccw, u32 functions, struct css_irb *to)
{
	if (functions & PT_HALT) {
		translate_hidden(to, ccw);
	} else {
		to->scsw.flags = cpu_to_be32(SCSW_SC_ALERT | ENDED);
		to->scsw.cpa = cpu_to_be32(ccw_behind(ccw));
		to->scsw.dstat = DSTAT_UNIT_EXCEPTION;
	}
	to->esw.word0 = cpu_to_be32(PT_PATH << LOGOUT_LPUM_SHIFT);
}

/*
 * A channel subsystem that can't go on with a program of its own says so by
 * interface-control check.  What CLEAR SUBCHANNEL is for has been done.
 */
void status_initialized(u32 functions, struct css_irb *to)
{
	if (functions & PT_CLEAR)
		to->scsw.flags = cpu_to_be32(SCSW_SC_PENDING);
	else
		translate_foreign(to);
}

void status_schib(const struct passthrough *pt, const struct css_schib *from,
		  struct backend_schib *to)
{
	const struct css_pmcw *pmcw = &from->pmcw;

	to->activity = be32_to_cpu(from->scsw.flags) & SCSW_AC;
	if (part_hides(pt))
		to->activity = ACTIVE;
	if (pt->resume_pending)
		to->activity |= SCSW_AC_RESUME_PENDING;
	to->lpum = pmcw->lpum ? PT_PATH : 0;
	to->pnom = pmcw->pnom & pt->path ? PT_PATH : 0;
	to->pom = pmcw->pom & pt->path ? 0xff : 0xff & ~PT_PATH;
	to->pam = pmcw->pam & pt->path ? PT_PATH : 0;
}
