// SPDX-License-Identifier: GPL-2.0
/*
 * The guest as the core sees it, over KVM.
 *
 * Storage is reached through the VM's memory map, so the calling thread needs
 * its address space: a vCPU has it, and so has a worker that is a thread of the
 * VM's process; a kernel thread takes it with guest_hold_mm().
 * A worker holds kvm->srcu for a single access only, so that a slow device
 * never keeps the VMM from changing memory slots.  (KVM itself holds it around
 * everything that a vCPU does here.)
 */
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/mmu_context.h>
#include <linux/sched/clock.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/vmalloc.h>

#include <asm/ptrace.h>

#include "host.h"

/*
 * The VM was made a protected one after it was attached: its pages are no
 * longer the host's to read or write, and no interruption is ours to give.
 */
static bool protected(const struct kvm *kvm)
{
	return READ_ONCE(kvm->arch.pv.handle);
}

/* An access has failed; find out what it is to the guest. */
static guest_access_t access_failure(struct kvm *kvm, u64 addr, u32 len,
				     bool write)
{
	gfn_t last = gpa_to_gfn(addr + len - 1);
	struct kvm_memory_slot *slot;
	gfn_t gfn;

	for (gfn = gpa_to_gfn(addr); gfn <= last; gfn++) {
		slot = gfn_to_memslot(kvm, gfn);
		if (!slot || slot->flags & KVM_MEMSLOT_INVALID)
			return GUEST_ACCESS_ADDRESSING;
		if (write && slot->flags & KVM_MEM_READONLY)
			return GUEST_ACCESS_PROTECTION;
	}
	return GUEST_ACCESS_ERROR;
}

/* "Key-Controlled Protection", of one page: by its access-control bits and F */
static guest_access_t page_permits(struct kvm *kvm, gfn_t gfn, bool store,
				   u8 key)
{
	unsigned long hva = gfn_to_hva(kvm, gfn);
	unsigned char skey;
	int rc;

	/* That there is no storage is for the access to find out. */
	if (kvm_is_error_hva(hva))
		return GUEST_ACCESS_OK;
	mmap_read_lock(kvm->mm);
	rc = get_guest_storage_key(kvm->mm, hva, &skey);
	mmap_read_unlock(kvm->mm);
	if (rc)
		return GUEST_ACCESS_ERROR;
	if (skey >> 4 == key || (!store && !(skey & _PAGE_FP_BIT)))
		return GUEST_ACCESS_OK;
	return GUEST_ACCESS_PROTECTION;
}

/*
 * Key 0 may do everything.  A guest that has never set a storage key has none
 * but 0, which lets everyone fetch and nobody store.  Neither pays for more than
 * this look.
 */
static guest_access_t key_permits(struct kvm *kvm, u64 addr, u32 len,
				  bool store, u8 key)
{
	gfn_t last = gpa_to_gfn(addr + len - 1);
	guest_access_t access = GUEST_ACCESS_OK;
	gfn_t gfn;

	if (!key)
		return GUEST_ACCESS_OK;
	if (!mm_uses_skeys(kvm->mm))
		return store ? GUEST_ACCESS_PROTECTION : GUEST_ACCESS_OK;
	for (gfn = gpa_to_gfn(addr); gfn <= last; gfn++) {
		access = page_permits(kvm, gfn, store, key);
		if (access != GUEST_ACCESS_OK)
			break;
	}
	return access;
}

guest_access_t guest_storage_read(struct guest *guest, u64 addr, void *data,
				  u32 len, u8 key)
{
	struct kvm *kvm = guest->kvm;
	guest_access_t access;
	int idx;

	if (protected(kvm))
		return GUEST_ACCESS_GONE;
	idx = srcu_read_lock(&kvm->srcu);
	access = key_permits(kvm, addr, len, false, key);
	if (access == GUEST_ACCESS_OK && kvm_read_guest(kvm, addr, data, len))
		access = access_failure(kvm, addr, len, false);
	srcu_read_unlock(&kvm->srcu, idx);
	return access;
}

guest_access_t guest_storage_write(struct guest *guest, u64 addr,
				   const void *data, u32 len, u8 key)
{
	struct kvm *kvm = guest->kvm;
	guest_access_t access;
	int idx;

	if (protected(kvm))
		return GUEST_ACCESS_GONE;
	idx = srcu_read_lock(&kvm->srcu);
	access = key_permits(kvm, addr, len, true, key);
	if (access == GUEST_ACCESS_OK && kvm_write_guest(kvm, addr, data, len))
		access = access_failure(kvm, addr, len, true);
	srcu_read_unlock(&kvm->srcu, idx);
	return access;
}

bool guest_hold_mm(struct guest *guest)
{
	struct mm_struct *mm;

	if (!guest_hold(guest))
		return false;
	/* A thread of the VM's process has it. */
	if (!(current->flags & PF_KTHREAD))
		return true;
	mm = guest->kvm->mm;
	if (!mmget_not_zero(mm)) {
		guest_drop(guest);
		return false;
	}
	kthread_use_mm(mm);
	return true;
}

void guest_drop_mm(struct guest *guest)
{
	struct mm_struct *mm = guest->kvm->mm;

	if (current->flags & PF_KTHREAD) {
		kthread_unuse_mm(mm);
		mmput(mm);
	}
	guest_drop(guest);
}

/*
 * The scheduler counts what a thread has used up to the last time that it looked,
 * a tick ago or when the thread was last given a CPU; what it has used since is
 * the time since, on s390, where the clock of the scheduler is sched_clock() and
 * nothing is taken off for interrupts.
 */
u64 guest_cpu_time(struct guest *guest)
{
	const struct sched_entity *se = &current->se;
	unsigned long flags;
	u64 time;

	/* No tick and no preemption between the two */
	local_irq_save(flags);
	time = se->sum_exec_runtime + (sched_clock() - se->exec_start);
	local_irq_restore(flags);
	return time;
}

void *guest_buffer_alloc(struct guest *guest, u32 len)
{
	return __vmalloc(len, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
}

void guest_buffer_free(void *buffer)
{
	vfree(buffer);
}

static u8 psw_key(const struct kvm_vcpu *vcpu)
{
	return psw_bits(vcpu->arch.sie_block->gpsw).key;
}

/* "Address Generation" in chapter 5: what is left in the addressing mode */
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

/* What KVM's accessors return; they note an exception in vcpu->arch.pgm. */
static ioinst_ending_t operand_ending(int rc)
{
	if (!rc)
		return IOINST_PROCEED;
	return rc > 0 ? IOINST_ACCESS_EXCEPTION : IOINST_HOST_FAULT;
}

ioinst_ending_t guest_operand_read(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				   void *data, u32 len)
{
	struct kvm_vcpu *v = vcpu->vcpu;

	return operand_ending(kvm_symbols.access_guest_with_key(v, addr, ar,
					data, len, GACC_FETCH, psw_key(v)));
}

ioinst_ending_t guest_operand_write(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    const void *data, u32 len)
{
	struct kvm_vcpu *v = vcpu->vcpu;

	/* KVM has one function for both directions, hence no const. */
	return operand_ending(kvm_symbols.access_guest_with_key(v, addr, ar,
				(void *)data, len, GACC_STORE, psw_key(v)));
}

ioinst_ending_t guest_operand_probe(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    u32 len)
{
	struct kvm_vcpu *v = vcpu->vcpu;

	/* Unlike access_guest_with_key(), this one leaves it to the caller. */
	addr = effective_address(v, addr);
	return operand_ending(kvm_symbols.check_gva_range(v, addr, ar, len,
						GACC_STORE, psw_key(v)));
}

int guest_inject(struct guest *guest, const struct guest_io_int *io_int)
{
	u8 ssid = sid_ssid(io_int->sid);
	u16 schid = io_int->sid & SID_NUMBER;
	struct kvm_s390_interrupt s390int = {
		.type = KVM_S390_INT_IO(0, 0, ssid, schid),
		.parm = io_int->sid,
		/* I/O-interruption identification word: bits 2-4 are the ISC */
		.parm64 = (u64)io_int->intparm << 32 | (u32)io_int->isc << 27,
	};

	/* It belongs to instructions that the VM doesn't execute here any more. */
	if (protected(guest->kvm))
		return 0;
	return kvm_symbols.kvm_s390_inject_vm(guest->kvm, &s390int);
}

bool guest_has_run(struct guest *guest)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	/* KVM_RUN notes whose thread it is, the first time and whenever it changes. */
	kvm_for_each_vcpu(i, vcpu, guest->kvm)
		if (rcu_access_pointer(vcpu->pid))
			return true;
	return false;
}

/*
 * "Machine-Check-Interruption Code": channel report pending, all else valid.
 * That includes the vector and guarded-storage registers: KVM takes these two
 * bits out when it can't store the registers, and Linux stops when the first one
 * isn't there.
 */
#define MCIC_CHANNEL_REPORT	0x00400f5d48330000ULL

int guest_report(struct guest *guest)
{
	struct kvm_s390_interrupt s390int = {
		.type = KVM_S390_MCHK,
		.parm = CR14_CHANNEL_REPORT_SUBMASK,
		.parm64 = MCIC_CHANNEL_REPORT,
	};

	if (protected(guest->kvm))
		return 0;
	return kvm_symbols.kvm_s390_inject_vm(guest->kvm, &s390int);
}

void guest_withdraw(struct guest *guest, u32 sid)
{
	const u64 any_isc = ~0ULL;

	/* They go with the VM. */
	if (READ_ONCE(guest->ended))
		return;
	kfree(kvm_symbols.kvm_s390_get_io_int(guest->kvm, any_isc, sid));
}

/* What KVM_IOEVENTFD names with KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY */
bool guest_notifies(struct guest *guest, u32 sid)
{
	const u32 which = SID_ONE | SID_SSID | SID_NUMBER;
	struct kvm *kvm = guest->kvm;
	const struct kvm_io_bus *bus;
	bool found = false;
	int idx, i;

	idx = srcu_read_lock(&kvm->srcu);
	bus = srcu_dereference(kvm->buses[KVM_VIRTIO_CCW_NOTIFY_BUS],
			       &kvm->srcu);
	for (i = 0; bus && i < bus->dev_count && !found; i++)
		found = (bus->range[i].addr & which) == (sid & which);
	srcu_read_unlock(&kvm->srcu, idx);
	return found;
}
