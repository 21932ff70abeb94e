// SPDX-License-Identifier: GPL-2.0
/*
 * Lets a Linux guest survive a machine check on a host without vector
 * registers.
 *
 * Since 5.11, Linux stops at a machine check whose interruption code doesn't
 * say that the vector registers are valid, even if there are none.  KVM clears
 * that bit if the guest has no vector registers, and Hercules has none to
 * offer.  So a guest of the lab would stop at its first channel report,
 * including QEMU's own ones.  Nothing of this happens on a z13 or newer, where
 * this module isn't needed. kvm_css doesn't need it either.
 *
 * When KVM has delivered a channel report, this module sets the bit in the
 * interruption code in the guest's prefix area.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#define PREFIX_SHIFT	13
#define MCIC_AT		0xe8
#define VECTOR_VALID	BIT_ULL(63 - 25)

/* How many machine checks the vCPU had got before KVM delivers */
struct before {
	struct kvm_vcpu *vcpu;
	u64 delivered;
};

static int deliver_begins(struct kretprobe_instance *instance,
			  struct pt_regs *regs)
{
	struct before *before = (struct before *)instance->data;

	before->vcpu = (void *)regs->gprs[2];
	before->delivered = before->vcpu->stat.deliver_machine_check;
	return 0;
}

static int deliver_ended(struct kretprobe_instance *instance,
			 struct pt_regs *regs)
{
	const struct before *before = (struct before *)instance->data;
	struct kvm_vcpu *vcpu = before->vcpu;
	u32 prefix = vcpu->arch.sie_block->prefix << PREFIX_SHIFT;
	unsigned long hva;
	u64 code;

	if (vcpu->stat.deliver_machine_check == before->delivered)
		return 0;
	hva = kvm_vcpu_gfn_to_hva(vcpu, gpa_to_gfn(prefix));
	if (kvm_is_error_hva(hva))
		return 0;
	hva += offset_in_page(prefix) + MCIC_AT;
	/* QEMU allocates the guest's memory at the start, see esop.c. */
	if (copy_from_user_nofault(&code, (void __user *)hva, sizeof(code)))
		return 0;
	code |= VECTOR_VALID;
	if (copy_to_user_nofault((void __user *)hva, &code, sizeof(code)))
		pr_err("a guest's storage isn't there\n");
	return 0;
}

static struct kretprobe probe = {
	.kp.symbol_name = "kvm_s390_deliver_pending_interrupts",
	.entry_handler = deliver_begins,
	.handler = deliver_ended,
	.data_size = sizeof(struct before),
};

static int __init mcic_init(void)
{
	return register_kretprobe(&probe);
}

static void __exit mcic_exit(void)
{
	unregister_kretprobe(&probe);
}

module_init(mcic_init);
module_exit(mcic_exit);
MODULE_DESCRIPTION("Lab: machine checks of Linux guests on a host without vectors");
MODULE_LICENSE("GPL");
