// SPDX-License-Identifier: GPL-2.0
/*
 * Choose the subchannel number and the device number of a new subchannel.  QEMU
 * gives its own subchannels the first free number of a set, and doesn't know
 * the kernel's.  So QEMU and the kernel have sets of their own: in a set that
 * both use, the next subchannel plugged into QEMU would be hidden by the
 * kernel's.
 */
#include "cssctl.h"

#define DEFAULT_DEVNO		0x0200
#define DEVNOS			0x10000

/* Find the next number in use in the same set, with a device or without. */
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
 * Find the first number of a set that has no device; false if all have one.  It
 * has to be the first, because a guest stops scanning at a number that isn't
 * there.
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
 * Choose a set in which the kernel has subchannels already, or else one that
 * nobody uses.  Try the highest set first: QEMU fills sets from 0 on, and
 * people who choose a set for QEMU begin with the lowest as well.  Set 0 is
 * always QEMU's.
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

/*
 * End with an error if QEMU has a subchannel at the number that was asked for.
 */
void check_sid(const struct neighbours *all, struct sid sid)
{
	const struct neighbour *one = neighbour_at(all, sid);
	char name[SID_NAME_SIZE];

	if (one)
		fail(STATUS_FAILED,
		     "expected %s to be free, found QEMU's %s there, device number %04x, which the guest would lose; leave --id out, or choose another one",
		     sid_name(sid, name), one->name, one->devno);
}

/* Mark the device numbers that are used in a set.  Each set has its own. */
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

/*
 * Return 0200 plus the subchannel number, or the first free number after that.
 */
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

/*
 * Note a gap before the number, at which the guest's scan stops.  In set 0 QEMU
 * has subchannels that may fill a gap, so nothing is noted there.
 */
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

/* Note what the user should know about the number that was chosen. */
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
	/* Say this once for a set, when its first subchannel is added. */
	if (!all->complete && chosen && !sid.schid &&
	    !next_in_set(css, second, &query))
		note("QEMU wasn't asked (--qmp, --qtree); what it may have in set %u is hidden now",
		     sid.ssid);
}
