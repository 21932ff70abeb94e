// SPDX-License-Identifier: GPL-2.0
/*
 * A VM's I/O-system reset, Principles of Operation chapter 17.
 *
 * A guest asks for it with DIAGNOSE 308, a user with the VMM's own command.
 * Either way it is the VMM that does it, after it has stopped the vCPUs, and
 * what every VMM does then is to clear KVM's floating interruptions: those that
 * are pending for the subchannels would otherwise meet the next guest.  So that
 * is where the kernel's subchannels are reset too, before a single one of their
 * interruptions is taken away without the status that it stands for.
 *
 * A VMM that knows this module may also use KVM_CSS_RESET.
 *
 * KVM itself clears them when it takes a VM apart that nobody has a reference
 * to any more.  That is how a channel subsystem learns that its VM ends.
 */
#include <linux/kvm_host.h>
#include <linux/srcu.h>

#include "host.h"

static void reset(struct kvm *kvm)
{
	struct guest *guest;
	int idx;

	/* Not held while a device is waited for: it keeps the memory slots. */
	idx = srcu_read_lock(&kvm->srcu);
	guest = takeover_guest(kvm);
	if (guest)
		atomic_inc(&guest->users);
	srcu_read_unlock(&kvm->srcu, idx);
	if (!guest)
		return;
	/*
	 * Killed while it waited: nothing is begun any more, and nobody of the
	 * VMM is left to see what else becomes of it.
	 */
	(void)css_reset(&guest->css, CSS_RESET_FLOATING);
	attachment_leave(guest);
}

void reset_float_irqs(struct kvm *kvm)
{
	if (refcount_read(&kvm->users_count))
		reset(kvm);
	else
		attachment_vm_ends(kvm);
	takeover_kvm_clear_float_irqs(kvm);
	/* From here on nothing sleeps, see takeover_exit(). */
	takeover_reset_done();
}
