// SPDX-License-Identifier: GPL-2.0
/*
 * The areas of a CCW's data, in the order in which data are moved: one for each block of
 * storage, as the host's IDAWs have them, or one for each MIDAW.
 *
 * The IDAWs and MIDAWs are fetched once.  They are checked as transfer.c checks
 * them when they become current.  An invalid one ends the areas; its check is
 * recognized when the data in front of it have been moved.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "translate.h"

/* How many bytes of a list are copied at a time */
#define LIST_COPY	256u

/* The list of a CCW, as it is copied */
struct list {
	u32 at;			/* absolute address of the next entry */
	u32 size;		/* of an entry */
	u32 from;		/* from where @bytes were copied */
	u32 len;
	bool first;		/* no entry has been used yet */
	u8 bytes[LIST_COPY] __aligned(8);
};

static struct program_area *add_area(struct translation *t,
				     struct program_ccw *ccw)
{
	struct program_area *area;

	if (!translate_room(t, (void **)&t->areas, &t->room_areas, t->nr_areas,
			    sizeof(*area), PROGRAM_AREAS))
		return NULL;
	area = &t->areas[t->nr_areas++];
	*area = (struct program_area){ .page = NO_PAGE };
	ccw->areas++;
	return area;
}

static bool is_backward(const struct program_ccw *ccw)
{
	return ccw->moves & REACHED_BACKWARD;
}

/* Is the area of @len bytes where the CCW and the limit permit it to be? */
static bool within(const struct translation *t, const struct program_ccw *ccw,
		   u64 addr, u32 len, u64 end)
{
	u64 low = is_backward(ccw) ? addr - (len - 1) : addr;

	return low <= end && len - 1 <= end - low && low >= t->limit_low &&
	       low + len - 1 < t->limit_high;
}

/* The next entry can't be used. */
static void end_areas(struct translation *t, struct program_ccw *ccw)
{
	struct program_area *area = add_area(t, ccw);

	if (area)
		area->flags = AREA_INVALID;
	if (!ccw->check.cstat)
		ccw->check.cstat = CSTAT_PROGRAM_CHECK;
}

static void add_block(struct translation *t, struct program_ccw *ccw, u64 addr,
		      u32 len, u64 end)
{
	struct program_area *area = add_area(t, ccw);

	if (!area)
		return;
	area->addr = addr;
	if (!within(t, ccw, addr, len, end))
		area->flags = AREA_BEYOND;
}

/* The data are named by the CCW itself. */
static void direct_areas(struct translation *t, struct program_ccw *ccw,
			 u64 addr)
{
	const u32 block = idaw_block(t->flags);
	u32 left = ccw->ccw.count, len;

	for (; left && t->result == HOST_PROGRAM_OK; left -= len) {
		len = min(left, program_block_room(ccw, addr, block));
		add_block(t, ccw, addr, len, ccw_highest_address(t->flags));
		addr = is_backward(ccw) ? addr - len : addr + len;
	}
}

/* Fetch the next entry.  Return: it, or NULL; then @ccw->check says why. */
static const u8 *next_entry(struct translation *t, struct program_ccw *ccw,
			    struct list *list)
{
	guest_access_t access;
	u32 at = list->at;

	if (at > ccw_highest_address(t->flags) - (list->size - 1))
		return NULL;
	if (at < list->from || at + list->size > list->from + list->len) {
		list->from = at;
		list->len = min(LIST_COPY, GUEST_PAGE - at % GUEST_PAGE);
		access = guest_storage_read(t->source->guest, at, list->bytes,
					    list->len, t->key);
		if (access != GUEST_ACCESS_OK) {
			translate_check(t, access, at, LOGOUT_IDAW_CHECK,
					&ccw->check);
			return NULL;
		}
	}
	list->at += list->size;
	return list->bytes + (at - list->from);
}

static bool idaw_valid(const struct translation *t,
		       const struct program_ccw *ccw, const struct list *list,
		       u64 addr)
{
	const u32 block = idaw_block(t->flags);
	const u32 offset = addr & (block - 1);

	if (!(t->flags & ORB_IDAW_FORMAT2) && addr > CCW1_ADDRESS)
		return false;
	return list->first || offset == (is_backward(ccw) ? block - 1 : 0);
}

static void idaw_areas(struct translation *t, struct program_ccw *ccw,
		       struct list *list)
{
	const u32 block = idaw_block(t->flags);
	u32 left = ccw->ccw.count, len;
	const u8 *raw;
	u64 addr;

	list->size = idaw_size(t->flags);
	for (; left && t->result == HOST_PROGRAM_OK; left -= len) {
		raw = next_entry(t, ccw, list);
		addr = raw ? idaw_decode(raw, t->flags) : 0;
		if (!raw || !idaw_valid(t, ccw, list, addr)) {
			end_areas(t, ccw);
			return;
		}
		len = min(left, program_block_room(ccw, addr, block));
		add_block(t, ccw, addr, len, U64_MAX);
		list->first = false;
	}
}

static bool midaw_skips(const struct program_ccw *ccw, u8 flags)
{
	return flags & MIDAW_SKIP && !(ccw->moves & REACHED_FETCH);
}

static bool midaw_valid(const struct program_ccw *ccw,
			const struct css_midaw *midaw, u32 left)
{
	u32 count = be16_to_cpu(midaw->count);
	bool last = midaw->flags & MIDAW_LAST;

	if (memchr_inv(midaw->zeros, 0, sizeof(midaw->zeros)) ||
	    midaw->flags & MIDAW_ZEROS || !count || count > left ||
	    (last ? count < left : count == left))
		return false;
	return midaw_skips(ccw, midaw->flags) ||
	       count <= program_block_room(ccw, be64_to_cpu(midaw->addr), GUEST_PAGE);
}

static void add_midaw(struct translation *t, struct program_ccw *ccw,
		      const struct css_midaw *midaw)
{
	const u16 count = be16_to_cpu(midaw->count);
	const u64 addr = be64_to_cpu(midaw->addr);
	struct program_area *area = add_area(t, ccw);

	if (!area)
		return;
	area->addr = addr;
	area->count = count;
	area->midaw = midaw->flags;
	if (!midaw_skips(ccw, midaw->flags) &&
	    !within(t, ccw, addr, count, U64_MAX))
		area->flags = AREA_BEYOND;
}

static void midaw_areas(struct translation *t, struct program_ccw *ccw,
			struct list *list)
{
	const struct css_midaw *midaw = NULL;
	u32 left = ccw->ccw.count;

	list->size = sizeof(*midaw);
	while (left && t->result == HOST_PROGRAM_OK) {
		/* A list lies in one page. */
		if (list->first || list->at % GUEST_PAGE)
			midaw = (const void *)next_entry(t, ccw, list);
		else
			midaw = NULL;
		if (!midaw || !midaw_valid(ccw, midaw, left)) {
			end_areas(t, ccw);
			return;
		}
		add_midaw(t, ccw, midaw);
		left -= be16_to_cpu(midaw->count);
		list->first = false;
	}
}

/*
 * The command has no data, so what its CCW designates may be anything.  But a channel
 * subsystem may look at the first IDAW before the device has said so.
 */
static bool is_nop(const struct program_ccw *ccw)
{
	return ccw->ccw.cmd == CCW_CMD_NOP && !(ccw->ccw.flags & CCW_CD) &&
	       !(ccw->reached & REACHED_BY_DATA);
}

bool program_areas(struct translation *t, struct program_ccw *ccw)
{
	struct list list = { .at = ccw->ccw.cda, .first = true };

	ccw->areas_known = true;
	ccw->first_area = t->nr_areas;
	ccw->nop = is_nop(ccw);
	if (ccw->nop)
		direct_areas(t, ccw, 0);
	else if (ccw->ccw.flags & CCW_MIDA)
		midaw_areas(t, ccw, &list);
	else if (ccw->ccw.flags & CCW_IDA)
		idaw_areas(t, ccw, &list);
	else
		direct_areas(t, ccw, ccw->ccw.cda);
	return t->result == HOST_PROGRAM_OK;
}
