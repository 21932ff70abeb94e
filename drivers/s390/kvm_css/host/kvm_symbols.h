/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module uses of KVM that KVM doesn't export to everybody.
 *
 * A kernel with the patches of tools/upstream has <asm/kvm_css.h>, with functions
 * for this module alone.  For other kernels, symbols.c has functions of the same
 * names that call what KVM doesn't export.
 */
#ifndef _KVM_CSS_HOST_KVM_SYMBOLS_H
#define _KVM_CSS_HOST_KVM_SYMBOLS_H

#include <linux/kvm_host.h>

#ifndef CONFIG_KVM_S390_CSS

/* A copy of the enum in arch/s390/kvm/gaccess.h */
enum gacc_mode { GACC_FETCH, GACC_STORE, GACC_IFETCH };

#ifdef KVM_CSS_GMAP_KEYS

/*
 * What is looked at of the structure and the enum in arch/s390/kvm/gmap.h, in which
 * KVM has the guest's page tables since Linux 7
 */
struct gmap {
	unsigned long flags;
};

enum gmap_flags { GMAP_FLAG_USES_SKEYS = 6 };

#endif

#endif /* !CONFIG_KVM_S390_CSS */

/**
 * struct kvm_symbols - functions of KVM that KVM doesn't export to everybody
 * @kvm_s390_handle_b2: the handler of intercepted B2xx instructions
 * @kvm_s390_clear_float_irqs: clears all floating interruptions of a VM
 * @kvm_s390_inject_vm: makes a floating interruption pending, see
 *	kvm_s390_css_inject()
 * @kvm_s390_get_io_int: dequeues a floating I/O interruption
 * @kvm_s390_inject_vcpu: makes an interruption pending at a CPU
 * @access_guest_with_key: accesses guest storage at a logical address
 * @check_gva_range: checks whether storage at logical addresses could be
 *	accessed
 * @check_gpa_range: checks whether the storage keys permit an access at absolute
 *	addresses
 * @kvm_s390_get_ilen: the length of an intercepted instruction, or of the
 *	EXECUTE whose target it is
 * @kvm_read_guest: fetches from absolute addresses
 * @kvm_write_guest: stores at absolute addresses
 * @gfn_to_memslot: the memory slot that a page is in
 * @mark_page_dirty: notes that a page has been changed
 * @kvm_get_running_vcpu: the vCPU whose thread is the caller
 * @file_is_kvm: is a file a VM?
 *
 * The first ones are private to arch/s390/kvm, and a KVM with the hook has others in
 * their place.  Those from @kvm_read_guest on are declared in <linux/kvm_host.h>, and
 * KVM of Linux 6 exports them.
 */
struct kvm_symbols {
#ifndef CONFIG_KVM_S390_CSS
	int (*kvm_s390_handle_b2)(struct kvm_vcpu *vcpu);
	void (*kvm_s390_clear_float_irqs)(struct kvm *kvm);
#ifdef KVM_CSS_INJECT_ALLOCATED
	int (*kvm_s390_inject_vm)(struct kvm *kvm,
				  struct kvm_s390_interrupt *s390int,
				  struct kvm_s390_interrupt_info *inti);
#else
	int (*kvm_s390_inject_vm)(struct kvm *kvm,
				  struct kvm_s390_interrupt *s390int);
#endif
	struct kvm_s390_interrupt_info *
		(*kvm_s390_get_io_int)(struct kvm *kvm, u64 isc_mask,
				       u32 schid);
	int (*kvm_s390_inject_vcpu)(struct kvm_vcpu *vcpu,
				    struct kvm_s390_irq *irq);
	int (*access_guest_with_key)(struct kvm_vcpu *vcpu, unsigned long ga,
				     u8 ar, void *data, unsigned long len,
				     enum gacc_mode mode, u8 access_key);
	int (*check_gva_range)(struct kvm_vcpu *vcpu, unsigned long gva, u8 ar,
			       unsigned long length, enum gacc_mode mode,
			       u8 access_key);
	int (*check_gpa_range)(struct kvm *kvm, unsigned long gpa,
			       unsigned long length, enum gacc_mode mode,
			       u8 access_key);
	u8 (*kvm_s390_get_ilen)(struct kvm_vcpu *vcpu);
#endif
	int (*kvm_read_guest)(struct kvm *kvm, gpa_t gpa, void *data,
			      unsigned long len);
	int (*kvm_write_guest)(struct kvm *kvm, gpa_t gpa, const void *data,
			       unsigned long len);
	struct kvm_memory_slot *(*gfn_to_memslot)(struct kvm *kvm, gfn_t gfn);
	void (*mark_page_dirty)(struct kvm *kvm, gfn_t gfn);
	struct kvm_vcpu *(*kvm_get_running_vcpu)(void);
	bool (*file_is_kvm)(struct file *file);
};

#ifdef CONFIG_KVM_S390_CSS

#include <asm/kvm_css.h>

/*
 * KVM exports these to this module.  The compiler finds out that they are constants,
 * and makes direct calls.
 */
static const struct kvm_symbols kvm_symbols __maybe_unused = {
	.kvm_read_guest = kvm_read_guest,
	.kvm_write_guest = kvm_write_guest,
	.gfn_to_memslot = gfn_to_memslot,
	.mark_page_dirty = mark_page_dirty,
	.kvm_get_running_vcpu = kvm_get_running_vcpu,
	.file_is_kvm = file_is_kvm,
};

/* The compiler has compared KVM's prototypes, and the kernel has its symbols. */
static inline int kvm_symbols_init(void)
{
	return 0;
}

static inline int kvm_check(void)
{
	return 0;
}

#else /* !CONFIG_KVM_S390_CSS */

extern struct kvm_symbols kvm_symbols;

/**
 * kvm_symbols_init() - find the functions of struct kvm_symbols
 *
 * Context: module init; may sleep.
 * Return: 0, or -ENOENT after a message that names what is missing.
 */
int kvm_symbols_init(void);

/**
 * kvm_check() - compare KVM with what this module was built for
 *
 * Context: module init; may sleep.
 * Return: 0, also if the kernel doesn't say what KVM is like; -ENOEXEC after
 * messages that name what is different.
 */
int kvm_check(void);

/**
 * kvm_s390_css_uses_keys() - has the guest ever set a storage key?
 * @kvm: the VM
 *
 * If it hasn't, the storage keys of its pages mean nothing.
 *
 * Context: any.
 * Return: whether it has.
 */
bool kvm_s390_css_uses_keys(struct kvm *kvm);

/**
 * kvm_s390_css_check_key() - does the storage key of a page permit an access?
 * @kvm: the VM
 * @gpa: an absolute address
 * @store: the access is a store
 * @key: the access key
 *
 * Context: kvm->srcu held for reading; may sleep.
 * Return: 0; PGM_PROTECTION or PGM_ADDRESSING; a negative errno.
 */
int kvm_s390_css_check_key(struct kvm *kvm, unsigned long gpa, bool store,
			   u8 key);

/**
 * kvm_s390_css_inject() - make a floating interruption pending
 * @kvm: the VM
 * @s390int: the interruption
 *
 * Context: may sleep.
 * Return: as KVM's kvm_s390_inject_vm().
 */
int kvm_s390_css_inject(struct kvm *kvm, struct kvm_s390_interrupt *s390int);

/**
 * kvm_s390_css_withdraw() - withdraw a floating I/O interruption
 * @kvm: the VM
 * @isc_mask: its interruption subclass, as a bit of control register 6
 * @schid: its subsystem-identification word
 *
 * Context: may sleep.
 */
void kvm_s390_css_withdraw(struct kvm *kvm, u64 isc_mask, u32 schid);

/**
 * kvm_s390_css_inject_program() - end an instruction with a program interruption
 * @vcpu: the CPU
 * @pgm: the program interruption
 *
 * Context: as an intercept handler of KVM.
 * Return: as an intercept handler of KVM.
 */
int kvm_s390_css_inject_program(struct kvm_vcpu *vcpu,
				struct kvm_s390_pgm_info *pgm);

/**
 * kvm_s390_css_retry() - have the CPU execute the instruction once more
 * @vcpu: the CPU
 *
 * Context: as an intercept handler of KVM.
 */
void kvm_s390_css_retry(struct kvm_vcpu *vcpu);

/**
 * kvm_s390_css_read_operand() - fetch an operand of an instruction
 * @vcpu: the CPU
 * @ga: its logical address
 * @ar: the access register that belongs to it
 * @data: where to
 * @len: in bytes
 *
 * Context: as an intercept handler of KVM.
 * Return: 0; a negative errno; a positive number for an access exception, which
 * is described in vcpu->arch.pgm.
 */
int kvm_s390_css_read_operand(struct kvm_vcpu *vcpu, unsigned long ga, u8 ar,
			      void *data, unsigned long len);

/**
 * kvm_s390_css_write_operand() - store an operand of an instruction
 * @vcpu: the CPU
 * @ga: its logical address
 * @ar: the access register that belongs to it
 * @data: what
 * @len: in bytes
 *
 * Context: as an intercept handler of KVM.
 * Return: as kvm_s390_css_read_operand().
 */
int kvm_s390_css_write_operand(struct kvm_vcpu *vcpu, unsigned long ga, u8 ar,
			       const void *data, unsigned long len);

/**
 * kvm_s390_css_check_operand() - find out whether an operand could be stored
 * @vcpu: the CPU
 * @ga: its logical address
 * @ar: the access register that belongs to it
 * @len: in bytes
 *
 * Context: as an intercept handler of KVM.
 * Return: as kvm_s390_css_read_operand().
 */
int kvm_s390_css_check_operand(struct kvm_vcpu *vcpu, unsigned long ga, u8 ar,
			       unsigned long len);

#endif /* !CONFIG_KVM_S390_CSS */

#endif /* _KVM_CSS_HOST_KVM_SYMBOLS_H */
