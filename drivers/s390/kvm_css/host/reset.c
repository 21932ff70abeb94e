// SPDX-License-Identifier: GPL-2.0
/*
 * The I/O-system reset of a VM, Principles of Operation chapter 17.
 *
 * A guest asks for the reset with DIAGNOSE 308, a user with a command of the
 * VMM.  In both cases the VMM does it, after it has stopped the vCPUs.  Every
 * VMM then has KVM clear the VM's floating interruptions; otherwise the guest
 * would get old interruptions of its subchannels after the reset.  So the
 * module resets the kernel's subchannels when KVM is about to clear the
 * interruptions.  It does that first, so that no interruption is cleared while
 * its subchannel still has the status pending.
 *
 * A VMM that knows this module may also use KVM_CSS_RESET.
 *
 * KVM also clears the floating interruptions of a VM to which nobody has a
 * reference any more, before it frees the VM.  That tells the module that the
 * VM ends.
 */
#include <linux/kvm_host.h>
#include <linux/srcu.h>

#include "host.h"

static void reset(struct kvm *kvm)
{
	struct guest *guest;
	int idx;

	/*
	 * The VMM can't change memory slots while somebody holds kvm->srcu.  So
	 * this function lets go of it before css_reset() waits for devices, and
	 * @users keeps the attachment during that wait.
	 */
	idx = srcu_read_lock(&kvm->srcu);
	guest = takeover_guest(kvm);
	if (guest)
		atomic_inc(&guest->users);
	srcu_read_unlock(&kvm->srcu, idx);
	if (!guest)
		return;
	/*
	 * An error says that the caller was killed while it waited for devices.
	 * All subchannels are being reset then, and no thread of the VMM is
	 * left that would need to know when that is done.
	 */
	(void)css_reset(&guest->css, CSS_RESET_FLOATING);
	attachment_leave(guest);
}

static void vm_ends(struct kvm *kvm)
{
	struct guest *guest = takeover_guest(kvm);

	if (guest)
		attachment_vm_ends(guest);
}

void reset_float_irqs(struct kvm *kvm)
{
	if (refcount_read(&kvm->users_count))
		reset(kvm);
	else
		vm_ends(kvm);
	takeover_kvm_clear_float_irqs(kvm);
	/* This function must not sleep any more, see takeover_exit(). */
	takeover_reset_done();
}
