// SPDX-License-Identifier: GPL-2.0
/*
 * Which subchannels of the VMM's the guest uses.  Only the VMM knows which ones
 * there are.
 *
 * There are two signs that the guest uses one:
 *
 * - It executes an instruction for a subchannel that isn't the kernel's.  STORE
 *   SUBCHANNEL is not such a sign, because a guest looks for devices with it.
 *   The other instructions are signs: a guest executes them only for a
 *   subchannel at which STORE SUBCHANNEL has found a device.
 * - The VMM has asked KVM to notify it for this subchannel, see
 *   guest_notifies().
 *
 * A guest that executes them for other numbers makes these numbers look used.
 * The only effect is that the host can't add a subchannel with such a number to
 * this guest if KVM_CSS_ADD_BESIDE is set.
 *
 * A guest may still execute instructions for a subchannel of the kernel's that
 * has been removed.  They go to the VMM, too, but they say nothing about the
 * VMM's subchannels.  So a number where the kernel has or had a subchannel
 * doesn't count.
 *
 * A reset changes nothing here, because the VMM's devices stay as well.
 */
#include <kvm_css/css.h>
#include <kvm_css/guest.h>

void css_note_vmm(struct css *css, u32 sid)
{
	struct number_map *used = &css->vmms[sid_ssid(sid)];
	u16 schid = sid & SID_NUMBER;

	if (number_map_has(used, schid) ||
	    number_map_has(&css->ours[sid_ssid(sid)], schid))
		return;
	/* If there is no memory, the guest's next instruction tries again. */
	number_map_add(used, schid);
}

bool css_vmm_uses(struct css *css, u32 sid)
{
	return number_map_has(&css->vmms[sid_ssid(sid)], sid & SID_NUMBER) ||
	       guest_notifies(css->shared.guest, sid);
}
