// SPDX-License-Identifier: GPL-2.0
/*
 * Finding functions of KVM that KVM doesn't export, and the functions of
 * <asm/kvm_css.h> made of them.
 *
 * arch/s390/kvm exports almost nothing, and this module runs on unmodified
 * kernels.  So the module registers a disabled kprobe by the name of a
 * function, and reads the address of the function from the kprobe.
 *
 * kvm_check.c looks whether they have the prototypes in struct kvm_symbols.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include <asm/processor.h>
#include <asm/ptrace.h>

#include "host.h"

struct kvm_symbols kvm_symbols __ro_after_init;

/* A function to find, and the offset of its member in struct kvm_symbols */
struct wanted {
	const char *name;
	size_t where;
};

static const struct wanted wanted[] __initconst = {
#define WANTED(function) { #function, offsetof(struct kvm_symbols, function) }
	WANTED(kvm_s390_handle_b2),
	WANTED(kvm_s390_clear_float_irqs),
	WANTED(kvm_s390_inject_vm),
	WANTED(kvm_s390_get_io_int),
	WANTED(kvm_s390_inject_vcpu),
	WANTED(access_guest_with_key),
	WANTED(check_gva_range),
	WANTED(check_gpa_range),
	WANTED(kvm_s390_get_ilen),
	WANTED(kvm_read_guest),
	WANTED(kvm_write_guest),
	WANTED(gfn_to_memslot),
	WANTED(mark_page_dirty),
	WANTED(kvm_get_running_vcpu),
	WANTED(file_is_kvm),
};

/*
 * The kprobes are unregistered together: kprobes wait for a grace period each
 * time, and the module is loaded that much later.
 */
int __init kvm_symbols_init(void)
{
	static struct kprobe probes[ARRAY_SIZE(wanted)] __initdata;
	static struct kprobe *found[ARRAY_SIZE(wanted)] __initdata;
	int i, nr = 0;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		struct kprobe *probe = &probes[i];

		probe->symbol_name = wanted[i].name;
		probe->flags = KPROBE_FLAG_DISABLED;
		if (!register_kprobe(probe)) {
			*(void **)((void *)&kvm_symbols + wanted[i].where) =
				probe->addr;
			found[nr++] = probe;
			continue;
		}
		pr_err("not loaded: expected the function %s() in kvm.ko of this kernel, found none that kprobes can name; this module knows Linux 6.1 to 6.12 and 7.2 with CONFIG_KPROBES\n",
		       wanted[i].name);
	}
	unregister_kprobes(found, nr);
	return nr == ARRAY_SIZE(wanted) ? 0 : -ENOENT;
}

#ifdef KVM_CSS_GMAP_KEYS

bool kvm_s390_css_uses_keys(struct kvm *kvm)
{
	return test_bit(GMAP_FLAG_USES_SKEYS, &kvm->arch.gmap->flags);
}

#else

bool kvm_s390_css_uses_keys(struct kvm *kvm)
{
	return mm_uses_skeys(kvm->mm);
}

#endif

int kvm_s390_css_check_key(struct kvm *kvm, unsigned long gpa, bool store,
			   u8 key)
{
	return kvm_symbols.check_gpa_range(kvm, gpa, 1,
					   store ? GACC_STORE : GACC_FETCH, key);
}

#ifdef KVM_CSS_INJECT_ALLOCATED

int kvm_s390_css_inject(struct kvm *kvm, struct kvm_s390_interrupt *s390int)
{
	struct kvm_s390_interrupt_info *inti;
	int rc;

	inti = kzalloc(sizeof(*inti), GFP_KERNEL_ACCOUNT);
	if (!inti)
		return -ENOMEM;
	rc = kvm_symbols.kvm_s390_inject_vm(kvm, s390int, inti);
	/* It is KVM's, unless KVM has refused it. */
	if (rc)
		kfree(inti);
	return rc;
}

#else

int kvm_s390_css_inject(struct kvm *kvm, struct kvm_s390_interrupt *s390int)
{
	return kvm_symbols.kvm_s390_inject_vm(kvm, s390int);
}

#endif

void kvm_s390_css_withdraw(struct kvm *kvm, u64 isc_mask, u32 schid)
{
	kfree(kvm_symbols.kvm_s390_get_io_int(kvm, isc_mask, schid));
}

int kvm_s390_css_inject_program(struct kvm_vcpu *vcpu,
				struct kvm_s390_pgm_info *pgm)
{
	struct kvm_s390_irq irq = {
		.type = KVM_S390_PROGRAM_INT,
		.u.pgm = *pgm,
	};

	return kvm_symbols.kvm_s390_inject_vcpu(vcpu, &irq);
}

/*
 * This does the same as KVM's kvm_s390_retry_instr(), an inline function in a
 * header that only KVM can include.
 */
void kvm_s390_css_retry(struct kvm_vcpu *vcpu)
{
	struct kvm_s390_sie_block *sie = vcpu->arch.sie_block;
	u8 length = kvm_symbols.kvm_s390_get_ilen(vcpu);

	/* Only the last execution of the instruction may have a PER event. */
	sie->icptstatus &= ~0x02;
	sie->gpsw.addr = __rewind_psw(sie->gpsw, length);
}

static u8 psw_key(const struct kvm_vcpu *vcpu)
{
	return psw_bits(vcpu->arch.sie_block->gpsw).key;
}

int kvm_s390_css_read_operand(struct kvm_vcpu *vcpu, unsigned long ga, u8 ar,
			      void *data, unsigned long len)
{
	return kvm_symbols.access_guest_with_key(vcpu, ga, ar, data, len,
						 GACC_FETCH, psw_key(vcpu));
}

int kvm_s390_css_write_operand(struct kvm_vcpu *vcpu, unsigned long ga, u8 ar,
			       const void *data, unsigned long len)
{
	/*
	 * KVM has one function for both directions, so its @data isn't const.
	 */
	return kvm_symbols.access_guest_with_key(vcpu, ga, ar, (void *)data, len,
						 GACC_STORE, psw_key(vcpu));
}

/* "Address Generation" in chapter 5: the address bits of the addressing mode */
static u64 effective_address(const struct kvm_vcpu *vcpu, u64 addr)
{
	switch (psw_bits(vcpu->arch.sie_block->gpsw).eaba) {
	case PSW_BITS_AMODE_64BIT:
		return addr;
	case PSW_BITS_AMODE_31BIT:
		return addr & GENMASK(30, 0);
	default:
		return addr & GENMASK(23, 0);
	}
}

int kvm_s390_css_check_operand(struct kvm_vcpu *vcpu, unsigned long ga, u8 ar,
			       unsigned long len)
{
	/*
	 * access_guest_with_key() makes the effective address itself, but
	 * check_gva_range() wants to get it.
	 */
	return kvm_symbols.check_gva_range(vcpu, effective_address(vcpu, ga), ar,
					   len, GACC_STORE, psw_key(vcpu));
}
