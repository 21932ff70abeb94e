// SPDX-License-Identifier: GPL-2.0
/*
 * The hook that KVM has for this module, in the place of takeover.c, on kernels
 * with the patches of tools/upstream.
 *
 * Each attachment has a struct kvm_s390_css, with which it is registered for its
 * VM.  KVM then calls hook_io_inst() for the VM's I/O instructions, hook_reset()
 * before it clears the VM's floating interruptions, and hook_release() when the
 * VM ends.  VMs that aren't attached run no code of this module.
 *
 * Locking: KVM reads kvm->arch.css under kvm->srcu, which it holds for reading
 * around every intercept handler.  This file reads it under RCU as well, to look
 * an attachment up by its VM.  So takeover_wait() waits for both.  Resets don't
 * hold kvm->srcu: KVM counts them, and kvm_s390_css_synchronize() waits for them.
 *
 * Unloading: KVM holds a reference to the module from the registration until
 * kvm_s390_css_synchronize(), or until hook_release() has returned.  Nobody who
 * leaves the module later than that is in code of this module.
 */
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#include <kvm_css/ioinst.h>

#include "host.h"

static struct guest *guest_of(struct kvm_s390_css *hook)
{
	return container_of(hook, struct guest, hook);
}

static int hook_io_inst(struct kvm_s390_css *hook, struct kvm_vcpu *vcpu)
{
	if (!ioinst_is_ours(vcpu->arch.sie_block->ipa))
		return -EOPNOTSUPP;
	return intercept_b2(vcpu, guest_of(hook));
}

static void hook_reset(struct kvm_s390_css *hook)
{
	/*
	 * An error says that the caller was killed while it waited for devices.
	 * All subchannels are being reset then, and no thread of the VMM is
	 * left that would need to know when that is done.
	 */
	(void)css_reset(&guest_of(hook)->css, CSS_RESET_FLOATING);
}

static void hook_release(struct kvm_s390_css *hook)
{
	attachment_vm_ends(guest_of(hook));
}

static const struct kvm_s390_css_ops hook_ops = {
	.owner = THIS_MODULE,
	.io_inst = hook_io_inst,
	.reset = hook_reset,
	.release = hook_release,
};

struct guest *takeover_guest(const struct kvm *kvm)
{
	struct kvm_s390_css *hook;

	/* What this returns is kept by what the caller holds. */
	hook = rcu_dereference_raw(kvm->arch.css);
	return hook && hook->ops == &hook_ops ? guest_of(hook) : NULL;
}

int takeover_kvm_handle_b2(struct kvm_vcpu *vcpu)
{
	/* KVM goes on behind the hook. */
	return -EOPNOTSUPP;
}

int takeover_attach(struct guest *guest)
{
	guest->hook.ops = &hook_ops;
	return kvm_s390_css_register(guest->kvm, &guest->hook);
}

void takeover_detach(struct guest *guest)
{
	kvm_s390_css_unregister(guest->kvm, &guest->hook);
}

void takeover_wait(struct guest *guest)
{
	synchronize_rcu();
	/* When the VM has ended, KVM has left the hook for good. */
	if (!READ_ONCE(guest->ended))
		kvm_s390_css_synchronize(guest->kvm, &guest->hook);
}

/* KVM itself waits for all that it has called. */
void takeover_exit(void)
{
}
