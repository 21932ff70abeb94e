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
 */
#include <linux/kvm_host.h>
#include <linux/srcu.h>

#include "kvm.h"

void reset_float_irqs(struct kvm *kvm)
{
	struct css_guest *guest;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	guest = takeover_guest(kvm);
	/*
	 * Killed while it waited: nothing is begun any more, and nobody of the
	 * VMM is left to see what else becomes of it.
	 */
	if (guest)
		(void)css_reset(&guest->css);
	srcu_read_unlock(&kvm->srcu, idx);
	takeover_kvm_clear_float_irqs(kvm);
}
