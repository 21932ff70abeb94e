// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that change themselves: "Programs that change themselves" in
 * Documentation/passthrough.rst.
 *
 * What has been fetched of a program is compared with where it stores.  The first CCW or
 * IDAW that a program changes before it is used is reached through unchanged ones.
 * So it is among those that have been fetched, although what was fetched there isn't
 * what will be executed.
 */
#include <linux/minmax.h>
#include <linux/sort.h>

#include "translate.h"

static int compare(const void *a, const void *b)
{
	const struct program_range *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static bool add_range(struct translation *t, u32 from, u32 len)
{
	if (!translate_room(t, (void **)&t->ranges, &t->room_ranges,
			    t->nr_ranges, sizeof(*t->ranges), 2 * PROGRAM_CCWS))
		return false;
	t->ranges[t->nr_ranges++] = (struct program_range){ from, from + len };
	return true;
}

/* How long the list of a CCW is, in the guest; 0 if it has none */
static u32 list_length(const struct translation *t, const struct program_ccw *ccw)
{
	if (!program_executes(ccw) || ccw->nop)
		return 0;
	if (ccw->ccw.flags & CCW_MIDA)
		return ccw->areas * sizeof(struct css_midaw);
	return ccw->ccw.flags & CCW_IDA ? ccw->areas * idaw_size(t->flags) : 0;
}

/* Ranges that overlap become one. */
static void merge(struct translation *t)
{
	struct program_range *to = t->ranges, *from;

	for (from = to + 1; from < t->ranges + t->nr_ranges; from++) {
		if (from->from > to->to)
			*++to = *from;
		else
			to->to = max(to->to, from->to);
	}
	t->nr_ranges = to - t->ranges + 1;
}

static bool note_fetched(struct translation *t)
{
	const struct program_ccw *ccw = t->ccws, *end = ccw + t->nr_ccws;

	t->nr_ranges = 0;
	for (; ccw < end; ccw++) {
		if (ccw->found == FOUND_UNKNOWN)
			continue;
		if (!add_range(t, ccw->addr, CCW_SIZE) ||
		    (list_length(t, ccw) &&
		     !add_range(t, ccw->ccw.cda, list_length(t, ccw))))
			return false;
	}
	sort(t->ranges, t->nr_ranges, sizeof(*t->ranges), compare, NULL);
	merge(t);
	return true;
}

/* Has anything been fetched between @from and @to? */
static bool was_fetched(const struct translation *t, u64 from, u64 to)
{
	u32 low = 0, high = t->nr_ranges, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (t->ranges[middle].to <= from)
			low = middle + 1;
		else
			high = middle;
	}
	return low < t->nr_ranges && t->ranges[low].from < to;
}

/* Does the command store between @from and @to, or where something was fetched? */
static bool stores(const struct translation *t, const struct program_ccw *ccw,
		   const struct program_range *range)
{
	const struct program_area *area = &t->areas[ccw->first_area];
	const struct program_area *end = area + ccw->areas;
	u32 left = ccw->ccw.count, len;
	u64 low;

	for (; area < end && !(area->flags & AREA_INVALID); area++, left -= len) {
		len = min(left, program_area_room(t, ccw, area));
		low = ccw->moves & REACHED_BACKWARD ? area->addr - (len - 1) :
						      area->addr;
		if (!program_stores(ccw, area))
			continue;
		if (range ? low < range->to && low + len > range->from :
			    was_fetched(t, low, low + len))
			return true;
	}
	return false;
}

static bool tells_pci(const struct translation *t, const struct program_ccw *ccw)
{
	u32 i;

	if (ccw->ccw.flags & CCW_PCI)
		return true;
	for (i = 0; i < ccw->areas; i++)
		if (t->areas[ccw->first_area + i].midaw & MIDAW_INTERRUPT)
			return true;
	return false;
}

bool program_changes(struct translation *t, const struct program_ccw *ccw)
{
	const struct program_range list = {
		ccw->ccw.cda, ccw->ccw.cda + list_length(t, ccw),
	};

	if (list.from < list.to && ccw->areas > 1 && stores(t, ccw, &list)) {
		translate_cannot(t, "changes the IDAWs of the command that is executed");
		return false;
	}
	if (stores(t, ccw, NULL)) {
		if (ccw->ccw.flags & CCW_CD)
			translate_cannot(t, "changes itself while data are chained");
		return true;
	}
	return tells_pci(t, ccw);
}

/*
 * A suspension ends the chain of commands for the device.  These commands have an effect
 * on those that are chained behind them: DEFINE EXTENT, LOCATE (RECORD) and LOCATE
 * RECORD EXTENDED, SEEK and its kinds, SET FILE MASK, PREFIX, and those that search.
 * Other kinds of devices have other commands with these codes.  It does no harm to
 * refuse these, too.
 */
static bool needs_chain(u8 cmd)
{
	switch (cmd) {
	case 0x07:
	case 0x0b:
	case 0x1b:
	case 0x1f:
	case 0x43:
	case 0x47:
	case 0x4b:
	case 0x63:
	case 0xe7:
		return true;
	default:
		return program_is_search(cmd);
	}
}

bool program_needs_parts(struct translation *t)
{
	u32 i;

	if (t->flags & ORB_PREFETCH || !note_fetched(t))
		return false;
	for (i = 0; i < t->nr_ccws && t->result == HOST_PROGRAM_OK; i++) {
		const struct program_ccw *ccw = &t->ccws[i];

		if (program_executes(ccw) && program_changes(t, ccw) &&
		    ccw->ccw.flags & (CCW_CC | CCW_CD))
			return true;
	}
	return false;
}

bool program_parts_possible(struct translation *t)
{
	bool suspends = false, chain = false;
	u32 i;

	for (i = 0; i < t->nr_ccws; i++) {
		const struct program_ccw *ccw = &t->ccws[i];

		suspends |= ccw->found == FOUND_CHANGED;
		chain |= program_executes(ccw) &&
			 ccw->reached & REACHED_AS_COMMAND &&
			 needs_chain(ccw->ccw.cmd);
	}
	if (suspends && chain)
		translate_cannot(t, "changes itself between commands that need each other");
	return t->result == HOST_PROGRAM_OK;
}
