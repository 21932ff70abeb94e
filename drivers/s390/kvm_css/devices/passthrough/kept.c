// SPDX-License-Identifier: GPL-2.0
/*
 * Status of the host's subchannel that the guest hasn't been told of.
 *
 * The host clears its subchannel at once, and the guest takes status when it likes to.
 * So several pieces may come in between, and all that matter are kept: intermediate
 * status, in which PCI and Z are or'ed; one end of the function in progress; and a
 * few pieces of status without a function, which are secondary and unsolicited
 * status.
 *
 * Status of a function that the guest has cleared, halted or cancelled can't come
 * late: the host's subchannel forgets it in the same instruction.
 *
 * Locking: the caller has the locks, see internal.h; an interrupt is among the callers.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

/* How much status is looked for at once, also in an interrupt */
#define LOOK_AT_ONCE	4

/* PCI and Z are or'ed, and all else is that of the latest status. */
static void add_intermediate(struct pt_status *kept, const struct css_irb *irb)
{
	const struct css_irb old = kept->intermediate;

	kept->intermediate = *irb;
	if (kept->has_intermediate) {
		kept->intermediate.scsw.cstat |= old.scsw.cstat & CSTAT_PCI;
		kept->intermediate.scsw.flags |= old.scsw.flags &
						 cpu_to_be32(SCSW_ZERO_CC);
	}
	kept->has_intermediate = true;
}

static bool has_sense(const struct css_irb *irb)
{
	return irb->esw.erw & cpu_to_be32(ERW_CONCURRENT_SENSE);
}

/*
 * If there is no room, the device status is or'ed, so that neither attention nor
 * device end is lost.
 */
static void add_unsolicited(struct pt_status *kept, const struct css_irb *irb)
{
	struct css_irb *last = &kept->unsolicited[PT_UNSOLICITED - 1];
	u8 dstat;

	if (kept->nr_unsolicited < PT_UNSOLICITED) {
		kept->unsolicited[kept->nr_unsolicited++] = *irb;
		return;
	}
	dstat = last->scsw.dstat | irb->scsw.dstat;
	if (!has_sense(last))
		*last = *irb;
	last->scsw.dstat = dstat;
}

/*
 * The module has halted or cleared the host's subchannel because the program can't go
 * on: that is how the guest's function ends.
 */
static void add_end_of_ending(struct passthrough *pt)
{
	memset(&pt->kept.ended, 0, sizeof(pt->kept.ended));
	status_cannot(ccw_before(pt->suspended.place.ccw), pt->functions,
		      &pt->kept.ended);
	pt->kept.has_ended = true;
	pt->kept.ended_made = true;
	pt->ending = false;
}

void kept_add(struct passthrough *pt, const struct css_irb *irb)
{
	u32 flags = be32_to_cpu(irb->scsw.flags), functions = flags & SCSW_FC;
	bool goes_on = scsw_intermediate_alone(flags);
	struct pt_status *kept = &pt->kept;

	lockdep_assert_held(&pt->lock);
	if (!(flags & SCSW_SC_PENDING))
		return;
	if (pt->mode != PT_GUEST) {
		reset_status(pt, irb);
	} else if (!functions) {
		add_unsolicited(kept, irb);
	} else if (pt->ending) {
		if (functions & (PT_HALT | PT_CLEAR) && !goes_on)
			add_end_of_ending(pt);
	} else if (goes_on) {
		add_intermediate(kept, irb);
	} else {
		kept->ended = *irb;
		kept->has_ended = true;
		kept->ended_made = false;
	}
}

/* Status that is in hand counts: the host's subchannel had it before. */
void kept_initialized(struct passthrough *pt)
{
	struct pt_status *kept = &pt->kept;

	lockdep_assert_held(&pt->lock);
	pt->generation++;
	if (!pt->functions || kept->has_ended)
		return;
	if (pt->ending) {
		add_end_of_ending(pt);
		return;
	}
	memset(&kept->ended, 0, sizeof(kept->ended));
	status_initialized(pt->functions, &kept->ended);
	kept->has_ended = true;
	kept->ended_made = true;
}

bool kept_look(struct passthrough *pt)
{
	struct css_irb irb;
	int i;

	for (i = 0; i < LOOK_AT_ONCE; i++) {
		memset(&irb, 0, sizeof(irb));
		if (host_sch_test(pt->host, &irb) != IOINST_CC_EXPECTED)
			break;
		kept_add(pt, &irb);
	}
	return i > 0;
}

bool kept_ended(const struct passthrough *pt, u32 functions)
{
	return functions ? pt->kept.has_ended : pt->kept.nr_unsolicited;
}

bool kept_some(const struct passthrough *pt)
{
	return pt->kept.has_intermediate || pt->kept.has_ended ||
	       pt->kept.nr_unsolicited;
}

void kept_forget(struct passthrough *pt)
{
	pt->kept.has_intermediate = false;
	pt->kept.has_ended = false;
	pt->kept.nr_unsolicited = 0;
}
