// SPDX-License-Identifier: GPL-2.0
/*
 * Is KVM of the running kernel what this module was built for?
 *
 * The module calls functions of KVM through copies of their prototypes, and looks
 * into KVM's structures.  Most kernels say what their types are, in /sys/kernel/btf.
 * So all that is used is compared with that before any of it is used.  What the
 * kernel doesn't say can't be compared: then the versions in Kbuild have to do, and
 * those of the symbols where the kernel has them.
 * Documentation/takeover.rst, "What makes this trustworthy".
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/stddef.h>

#include "btf.h"
#include "kvm_symbols.h"

/* The prototype of a function, in C */
struct function {
	const char *name;
	const char *type;
	const char *arguments;
};

/* The compiler looks whether it is that of struct kvm_symbols. */
#define FUNCTION(type, name, ...)					\
	{ #name + BUILD_BUG_ON_ZERO(!__same_type(*kvm_symbols.name,	\
						 type(__VA_ARGS__))),	\
	  #type, #__VA_ARGS__ }

static const struct function functions[] __initconst = {
	FUNCTION(int, kvm_s390_handle_b2, struct kvm_vcpu *),
	FUNCTION(void, kvm_s390_clear_float_irqs, struct kvm *),
#ifdef KVM_CSS_INJECT_ALLOCATED
	FUNCTION(int, kvm_s390_inject_vm, struct kvm *,
		 struct kvm_s390_interrupt *, struct kvm_s390_interrupt_info *),
#else
	FUNCTION(int, kvm_s390_inject_vm, struct kvm *,
		 struct kvm_s390_interrupt *),
#endif
	FUNCTION(struct kvm_s390_interrupt_info *, kvm_s390_get_io_int,
		 struct kvm *, u64, u32),
	FUNCTION(int, kvm_s390_inject_vcpu, struct kvm_vcpu *,
		 struct kvm_s390_irq *),
	FUNCTION(int, access_guest_with_key, struct kvm_vcpu *, unsigned long,
		 u8, void *, unsigned long, enum gacc_mode, u8),
	FUNCTION(int, check_gva_range, struct kvm_vcpu *, unsigned long, u8,
		 unsigned long, enum gacc_mode, u8),
	FUNCTION(int, check_gpa_range, struct kvm *, unsigned long,
		 unsigned long, enum gacc_mode, u8),
	FUNCTION(u8, kvm_s390_get_ilen, struct kvm_vcpu *),
	FUNCTION(int, kvm_read_guest, struct kvm *, gpa_t, void *,
		 unsigned long),
	FUNCTION(int, kvm_write_guest, struct kvm *, gpa_t, const void *,
		 unsigned long),
	FUNCTION(struct kvm_memory_slot *, gfn_to_memslot, struct kvm *, gfn_t),
	FUNCTION(void, mark_page_dirty, struct kvm *, gfn_t),
	FUNCTION(struct kvm_vcpu *, kvm_get_running_vcpu, void),
	FUNCTION(bool, file_is_kvm, struct file *),
};

/* A member of a structure */
struct member {
	const char *structure;
	const char *path;
	struct btf_place place;
};

#define PLACE(...)							\
	{ offsetof(__VA_ARGS__) * BITS_PER_BYTE, sizeof_field(__VA_ARGS__) }
#define MEMBER(structure, path)						\
	{ #structure, #path, PLACE(struct structure, path) }

static const struct member members[] __initconst = {
	MEMBER(kvm, mm),
	MEMBER(kvm, srcu),
	MEMBER(kvm, users_count),
	MEMBER(kvm, online_vcpus),
	MEMBER(kvm, vcpu_array),
	MEMBER(kvm, buses),
	MEMBER(kvm, arch.float_int.pending_irqs),
	MEMBER(kvm, arch.pv.handle),
#ifdef KVM_CSS_GMAP_KEYS
	MEMBER(kvm, arch.gmap),
	MEMBER(gmap, flags),
#endif
	MEMBER(kvm_vcpu, kvm),
	MEMBER(kvm_vcpu, vcpu_id),
	MEMBER(kvm_vcpu, run),
	MEMBER(kvm_vcpu, pid),
	MEMBER(kvm_vcpu, arch.sie_block),
	MEMBER(kvm_vcpu, arch.pgm),
	MEMBER(kvm_s390_sie_block, ipa),
	MEMBER(kvm_s390_sie_block, ipb),
	MEMBER(kvm_s390_sie_block, gpsw),
	MEMBER(kvm_s390_sie_block, icptstatus),
	MEMBER(kvm_run, s.regs.gprs),
	MEMBER(kvm_memory_slot, base_gfn),
	MEMBER(kvm_memory_slot, flags),
	MEMBER(kvm_memory_slot, userspace_addr),
	MEMBER(kvm_io_bus, dev_count),
	MEMBER(kvm_io_range, addr),
};

/* What the module makes itself, or looks behind */
struct structure {
	const char *name;
	int size;
};

#define STRUCTURE(name) { #name, sizeof(struct name) }

static const struct structure structures[] __initconst = {
	STRUCTURE(kvm_s390_interrupt),
	STRUCTURE(kvm_s390_irq),
	STRUCTURE(kvm_s390_pgm_info),
	STRUCTURE(kvm_io_bus),
	STRUCTURE(kvm_io_range),
#ifdef KVM_CSS_INJECT_ALLOCATED
	STRUCTURE(kvm_s390_interrupt_info),
#endif
};

struct enumerator {
	const char *enumeration;
	const char *name;
	s32 value;
};

#define ENUMERATOR(enumeration, name) { #enumeration, #name, name }

static const struct enumerator enumerators[] __initconst = {
	ENUMERATOR(gacc_mode, GACC_FETCH),
	ENUMERATOR(gacc_mode, GACC_STORE),
#ifdef KVM_CSS_GMAP_KEYS
	ENUMERATOR(gmap_flags, GMAP_FLAG_USES_SKEYS),
#endif
};

#define differs_err(format, ...)						\
	pr_err("not loaded: expected " format "; this module was built for another KVM\n", \
	       ##__VA_ARGS__)

/* Return: whether all functions are as expected. */
static bool __init check_functions(const struct btf_view *view)
{
	const struct function *one;
	bool same = true;

	for (one = functions; one < functions + ARRAY_SIZE(functions); one++) {
		/* A function of which the kernel says nothing can be any. */
		if (btf_same_function(view, one->name, one->type,
				      one->arguments))
			continue;
		differs_err("the prototype %s %s(%s) in KVM of this kernel, found another one",
			    one->type, one->name, one->arguments);
		same = false;
	}
	return same;
}

static bool __init check_members(const struct btf_view *view)
{
	const struct member *one;
	struct btf_place found;
	bool same = true;

	for (one = members; one < members + ARRAY_SIZE(members); one++) {
		if (btf_member(view, one->structure, one->path, &found)) {
			differs_err("the member %s in struct %s of this kernel, found none",
				    one->path, one->structure);
			same = false;
		} else if (found.bit != one->place.bit ||
			   found.size != one->place.size) {
			differs_err("the member %s of struct %s at bit %u with %u bytes, found it at bit %u with %u bytes",
				    one->path, one->structure, one->place.bit,
				    one->place.size, found.bit, found.size);
			same = false;
		}
	}
	return same;
}

static bool __init check_structures(const struct btf_view *view)
{
	const struct structure *one;
	bool same = true;
	int size;

	for (one = structures; one < structures + ARRAY_SIZE(structures);
	     one++) {
		size = btf_structure_size(view, one->name);
		if (size == one->size || size < 0)
			continue;
		differs_err("struct %s with %d bytes, found %d", one->name,
			    one->size, size);
		same = false;
	}
	return same;
}

static bool __init check_enumerators(const struct btf_view *view)
{
	const struct enumerator *one;
	bool same = true;
	s32 value;

	for (one = enumerators; one < enumerators + ARRAY_SIZE(enumerators);
	     one++) {
		if (!btf_enumerator(view, one->enumeration, one->name,
				    &value) && value == one->value)
			continue;
		differs_err("%s of enum %s to be %d in KVM of this kernel",
			    one->name, one->enumeration, one->value);
		same = false;
	}
	return same;
}

int __init kvm_check(void)
{
	struct btf_view view;
	bool same = true;
	int rc;

	rc = btf_open(&view, "kvm");
	if (rc == -EINVAL) {
		pr_err("not loaded: expected types of this kernel in /sys/kernel/btf in a format that this module knows\n");
		return -ENOEXEC;
	}
	if (rc) {
		pr_notice("this kernel doesn't say what its types are (error %d), so KVM's can't be compared with those that this module was built for\n",
			  rc);
		return 0;
	}
	same &= check_functions(&view);
	same &= check_members(&view);
	same &= check_structures(&view);
	same &= check_enumerators(&view);
	btf_close(&view);
	return same ? 0 : -ENOEXEC;
}
