// SPDX-License-Identifier: GPL-2.0
/*
 * Finding functions of KVM that KVM doesn't export.
 *
 * arch/s390/kvm exports almost nothing, and this module runs on unmodified
 * kernels.  So the module registers a disabled kprobe by the name of a
 * function, and reads the address of the function from the kprobe.
 *
 * kvm_check.c looks whether they have the prototypes in struct kvm_symbols.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/printk.h>
#include <linux/slab.h>

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

bool kvm_uses_keys(const struct kvm *kvm)
{
	return test_bit(GMAP_FLAG_USES_SKEYS, &kvm->arch.gmap->flags);
}

#else

bool kvm_uses_keys(const struct kvm *kvm)
{
	return mm_uses_skeys(kvm->mm);
}

#endif

#ifdef KVM_CSS_INJECT_ALLOCATED

int kvm_inject_vm(struct kvm *kvm, struct kvm_s390_interrupt *s390int)
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

int kvm_inject_vm(struct kvm *kvm, struct kvm_s390_interrupt *s390int)
{
	return kvm_symbols.kvm_s390_inject_vm(kvm, s390int);
}

#endif
