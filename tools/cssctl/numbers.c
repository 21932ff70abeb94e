// SPDX-License-Identifier: GPL-2.0
/*
 * Which subchannel number and device number a new one gets.  QEMU gives its own
 * subchannels the first free number of a set, and knows nothing of the kernel's.
 * So the two have sets of their own: in one that both have, the next one that
 * QEMU plugs would be hidden by the kernel's.
 */
#include "cssctl.h"

#define DEFAULT_DEVNO		0x0200
#define DEVNOS			0x10000

/* The next number that there is in the set of from, with a device or not */
static bool next_in_set(int css, struct sid from, struct kvm_css_query *query)
{
	int rc = css_query(css, from,
			   KVM_CSS_QUERY_NEXT | KVM_CSS_QUERY_VACANT, query);

	if (rc && rc != -ENODEV)
		fail(STATUS_FAILED, "looking at the subchannels: %s",
		     strerror(-rc));
	return !rc && query->ssid == from.ssid;
}

static bool any_in_set(int css, uint8_t ssid)
{
	struct sid first = { .ssid = ssid };
	struct kvm_css_query query;

	return next_in_set(css, first, &query);
}

/*
 * The first number of a set that has no device; false if all have.  A guest stops
 * scanning at the first that isn't there, so there is no other choice.
 */
static bool free_sid(int css, uint8_t ssid, struct sid *sid)
{
	struct kvm_css_query query;

	*sid = (struct sid){ .ssid = ssid };
	while (next_in_set(css, *sid, &query) && query.schid == sid->schid &&
	       query.type != KVM_CSS_TYPE_NONE)
		if (!++sid->schid)
			return false;
	return true;
}

/*
 * Where the kernel has some, then where nobody has any; the highest set first,
 * since QEMU fills its sets from 0 on, and whoever chooses one takes the next ones.
 * Set 0 is QEMU's whether it has some there or not.
 */
bool choose_sid(int css, const struct neighbours *all, unsigned int not_these,
		struct sid *sid)
{
	int empty, ssid;

	for (empty = 0; empty < 2; empty++)
		for (ssid = CSS_SETS - 1; ssid; ssid--)
			if (!(not_these & 1U << ssid) &&
			    !neighbours_in_set(all, ssid) &&
			    any_in_set(css, ssid) == !empty &&
			    free_sid(css, ssid, sid))
				return true;
	return false;
}

/* One that was asked for */
void check_sid(const struct neighbours *all, struct sid sid)
{
	const struct neighbour *one = neighbour_at(all, sid);
	char name[SID_NAME_SIZE];

	if (one)
		fail(STATUS_FAILED,
		     "expected %s to be free, found QEMU's %s there, device number %04x, which the guest would lose; leave --id out, or choose another one",
		     sid_name(sid, name), one->name, one->devno);
}

/* The device numbers that the set has, as a map; the guest's are a set each. */
static void mark_devnos(int css, uint8_t ssid, uint8_t *used)
{
	struct sid sid = { .ssid = ssid };
	struct kvm_css_query query;

	while (next_in_set(css, sid, &query)) {
		if (query.type != KVM_CSS_TYPE_NONE)
			used[query.devno / 8] |= 1 << query.devno % 8;
		sid.schid = query.schid + 1;
		if (!sid.schid)
			break;
	}
}

/* 0200 and the subchannel number, or the first free one behind */
uint16_t choose_devno(int css, const struct neighbours *all, struct sid sid)
{
	uint8_t used[DEVNOS / 8] = { 0 };
	unsigned int i;

	mark_devnos(css, sid.ssid, used);
	for (i = 0; i < DEVNOS; i++) {
		uint16_t devno = DEFAULT_DEVNO + sid.schid + i;

		if (!(used[devno / 8] & 1 << devno % 8) &&
		    !neighbour_with(all, sid.ssid, devno))
			return devno;
	}
	fail(STATUS_FAILED,
	     "expected a free device number in set %u, found all taken",
	     sid.ssid);
}

void check_devno(int css, const struct neighbours *all, struct sid sid,
		 uint16_t devno)
{
	const struct neighbour *one = neighbour_with(all, sid.ssid, devno);
	uint8_t used[DEVNOS / 8] = { 0 };

	if (one)
		fail(STATUS_FAILED,
		     "expected device number %04x to be free in set %u, found QEMU's %s with it; leave --devno out, or choose another one",
		     devno, sid.ssid, one->name);
	mark_devnos(css, sid.ssid, used);
	if (used[devno / 8] & 1 << devno % 8)
		fail(STATUS_FAILED,
		     "expected device number %04x to be free in set %u, found it taken; leave --devno out, or choose another one",
		     devno, sid.ssid);
}

/* A gap that the guest's scan will not get over; set 0 is shared. */
static void note_gap(int css, struct sid sid)
{
	struct sid at = { .ssid = sid.ssid };
	char name[SID_NAME_SIZE], first[SID_NAME_SIZE];
	struct kvm_css_query query;

	if (!sid.ssid)
		return;
	while (at.schid < sid.schid) {
		if (!next_in_set(css, at, &query) || query.schid != at.schid)
			break;
		at.schid++;
	}
	if (at.schid < sid.schid)
		note("there is no %s; a guest that scans the set stops there and does not find %s",
		     sid_name(at, first), sid_name(sid, name));
}

/* What is good to know of a place that has been taken */
void note_place(int css, const struct neighbours *all, struct sid sid,
		bool chosen)
{
	struct sid second = { .ssid = sid.ssid, .schid = 1 };
	struct kvm_css_query query;

	if (!chosen && !neighbours_in_set(all, sid.ssid))
		note_gap(css, sid);
	if (sid.ssid && neighbours_in_set(all, sid.ssid))
		note("set %u has some of QEMU's too, and the next one plugged there may be hidden",
		     sid.ssid);
	/* Once for a set, with the first one */
	if (!all->complete && chosen && !sid.schid &&
	    !next_in_set(css, second, &query))
		note("QEMU wasn't asked (--qmp, --qtree); what it may have in set %u is hidden now",
		     sid.ssid);
}
