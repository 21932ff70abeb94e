// SPDX-License-Identifier: GPL-2.0
/*
 * What is known of the VMM's subchannels: not which there are, for that only the
 * VMM knows, but which the guest uses.
 *
 * Two sources.  An instruction for a subchannel that isn't the kernel's, and that
 * no guest executes unless STORE SUBCHANNEL has found a device there; and what
 * the VMM has asked KVM to tell it of (guest_notifies()).  A guest may
 * execute what it likes and so make any number look used.  It keeps the host from
 * adding a subchannel there, to that guest, and no more.
 *
 * What the guest still executes for a subchannel of the kernel's that has been
 * removed goes to the VMM too, and says nothing of it.  So numbers that the
 * kernel has or had don't count.
 *
 * Nothing is forgotten by a reset: the VMM's devices stay too.
 */
#include <kvm_css/css.h>
#include <kvm_css/guest.h>
#include <kvm_css/ioinst.h>

static u8 sid_ssid(u32 sid)
{
	return (sid & SID_SSID) >> SID_SSID_SHIFT;
}

void css_note_vmm(struct css *css, u16 opcode, u32 sid)
{
	struct number_map *used = &css->vmms[sid_ssid(sid)];
	u16 schid = sid & SID_NUMBER;

	/* Who looks for devices executes it, whether there is one or not. */
	if (opcode == IOINST_STSCH)
		return;
	if (number_map_has(used, schid) ||
	    number_map_has(&css->ours[sid_ssid(sid)], schid))
		return;
	/* Without memory now, the next instruction will do. */
	number_map_add(used, schid);
}

bool css_vmm_uses(struct css *css, u32 sid)
{
	return number_map_has(&css->vmms[sid_ssid(sid)], sid & SID_NUMBER) ||
	       guest_notifies(css->shared.guest, sid);
}
