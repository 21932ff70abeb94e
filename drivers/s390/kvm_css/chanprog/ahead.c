// SPDX-License-Identifier: GPL-2.0
/*
 * Copies of CCWs, IDAWs and MIDAWs.  Principles of Operation chapter 15,
 * "Prefetching".
 *
 * Without the prefetch control in the ORB, each is copied when it becomes
 * current.  With the prefetch control, what follows it in storage is copied
 * with it, and is used when it becomes current in turn, whatever is in storage
 * by then.
 *
 * The copies are forgotten when a TIC leads elsewhere and when the runner's turn
 * ends, those of IDAWs and MIDAWs also when a command begins.
 */
#include <linux/minmax.h>

#include <kvm_css/ccw.h>
#include <kvm_css/chanprog.h>

#include "internal.h"

#define PAGE_BYTES	4096u

/*
 * Copy what lies at @addr behind what has been copied.  A copy ends with its
 * page at the latest: so all of it can be read or nothing, and no address of a
 * copy is too high for its CCW format.
 *
 * Return: false when there is no room, or the access has failed.
 */
static bool append(struct chanprog *cp, struct chanprog_ahead *ahead, u32 addr)
{
	u32 more = min3(PAGE_BYTES - addr % PAGE_BYTES, CHANPROG_AHEAD,
			ahead->size - ahead->len);

	if (!more || guest_storage_read(cp->guest, addr,
					ahead->bytes + ahead->len, more,
					cp->key) != GUEST_ACCESS_OK)
		return false;
	ahead->len += more;
	return true;
}

static void begin_at(struct chanprog_ahead *ahead, u32 addr)
{
	ahead->addr = addr;
	ahead->len = 0;
}

const u8 *ahead_fetch(struct chanprog *cp, struct chanprog_ahead *ahead,
		      u32 addr, u32 len)
{
	guest_access_t access;
	const u8 *found;

	if (cp->orb_flags & ORB_PREFETCH) {
		found = ahead_find(ahead, addr, len);
		if (found)
			return found;
		begin_at(ahead, addr);
		if (append(cp, ahead, addr))
			return ahead->bytes;
		/*
		 * Read again without what lies behind, so that only what the
		 * program needs decides how the access ends.
		 */
	}
	access = guest_storage_read(cp->guest, addr, ahead->bytes, len,
				    cp->key);
	if (access == GUEST_ACCESS_OK)
		return ahead->bytes;
	chanprog_access_failed(cp, access, addr, ahead == &cp->call->ccws ?
						LOGOUT_CCW_CHECK :
						LOGOUT_IDAW_CHECK);
	return NULL;
}

const u8 *ahead_look_on(struct chanprog *cp, u32 addr)
{
	struct chanprog_ahead *ahead = &cp->call->ccws;

	if (addr != ahead->addr + ahead->len)
		begin_at(ahead, addr);
	if (!ccw_address_valid(addr, cp->orb_flags) ||
	    !append(cp, ahead, addr))
		return NULL;
	return ahead_find(ahead, addr, CCW_SIZE);
}
