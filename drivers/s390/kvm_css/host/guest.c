// SPDX-License-Identifier: GPL-2.0
/*
 * The seam implemented over KVM: guest storage, operands, interruptions.
 *
 * Guest storage is accessed through the address space of the VM's process.  A
 * vCPU's thread has this address space, and so has a worker that is a thread of
 * the process.  A worker that is a kernel thread takes it with guest_hold_mm().
 *
 * A worker holds kvm->srcu for a single access only.  So a slow device never
 * keeps the VMM from changing memory slots.  When a vCPU's thread comes here,
 * KVM holds kvm->srcu all the time, and nothing here takes it once more.
 *
 * A thread of another process, which has called guest_keep(), must not access guest
 * storage: at the same addresses, it would find its own memory.
 */
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/sched/clock.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/srcu.h>

#include "host.h"

/* How many times the CPU time of a stand-in counts, see workers.rst */
#define STAND_IN_COST	10

bool storage_lost(const struct guest *guest)
{
	return READ_ONCE(guest->kvm->arch.pv.handle);
}

guest_access_t storage_failure(struct guest *guest, u64 addr, u32 len,
			       bool store)
{
	gfn_t last = gpa_to_gfn(addr + len - 1);
	struct kvm_memory_slot *slot;
	gfn_t gfn;

	for (gfn = gpa_to_gfn(addr); gfn <= last; gfn++) {
		slot = kvm_symbols.gfn_to_memslot(guest->kvm, gfn);
		if (!slot || slot->flags & KVM_MEMSLOT_INVALID)
			return GUEST_ACCESS_ADDRESSING;
		if (store && slot->flags & KVM_MEM_READONLY)
			return GUEST_ACCESS_PROTECTION;
	}
	return GUEST_ACCESS_ERROR;
}

/*
 * "Key-Controlled Protection": do the access-control bits and the
 * fetch-protection bit of one page permit the access?
 */
static guest_access_t page_permits(struct kvm *kvm, gfn_t gfn, bool store,
				   u8 key)
{
	int rc;

	/*
	 * If there is no storage, the access itself fails and finds that out.
	 */
	if (!kvm_symbols.gfn_to_memslot(kvm, gfn))
		return GUEST_ACCESS_OK;
	rc = kvm_s390_css_check_key(kvm, gfn_to_gpa(gfn), store, key);
	if (!rc || rc == PGM_ADDRESSING)
		return GUEST_ACCESS_OK;
	return rc == PGM_PROTECTION ? GUEST_ACCESS_PROTECTION :
				      GUEST_ACCESS_ERROR;
}

guest_access_t storage_permits(struct guest *guest, u64 addr, u32 len,
			       bool store, u8 key)
{
	struct kvm *kvm = guest->kvm;
	gfn_t last = gpa_to_gfn(addr + len - 1);
	guest_access_t access = GUEST_ACCESS_OK;
	gfn_t gfn;

	if (!key)
		return GUEST_ACCESS_OK;
	if (!kvm_s390_css_uses_keys(kvm))
		return store ? GUEST_ACCESS_PROTECTION : GUEST_ACCESS_OK;
	for (gfn = gpa_to_gfn(addr); gfn <= last; gfn++) {
		access = page_permits(kvm, gfn, store, key);
		if (access != GUEST_ACCESS_OK)
			break;
	}
	return access;
}

/*
 * Is the caller executing an instruction of this VM?  Then KVM holds kvm->srcu
 * around the intercept handler.  KVM says so for a vCPU from vcpu_load() to
 * vcpu_put(), and calls nothing of this module in between but intercept_b2().
 */
static bool on_vcpu(const struct kvm *kvm)
{
	const struct kvm_vcpu *vcpu = kvm_symbols.kvm_get_running_vcpu();

	return vcpu && vcpu->kvm == kvm;
}

bool storage_reachable(const struct guest *guest)
{
	return !storage_lost(guest) &&
	       (on_vcpu(guest->kvm) ||
		!WARN_ON_ONCE(current->mm != guest->kvm->mm));
}

int storage_enter(struct guest *guest) __acquires(&guest->kvm->srcu)
{
	if (!on_vcpu(guest->kvm))
		return srcu_read_lock(&guest->kvm->srcu);
	__acquire(&guest->kvm->srcu);
	return -1;
}

void storage_leave(struct guest *guest, int idx) __releases(&guest->kvm->srcu)
{
	if (idx >= 0)
		srcu_read_unlock(&guest->kvm->srcu, idx);
	else
		__release(&guest->kvm->srcu);
}

guest_access_t guest_storage_read(struct guest *guest, u64 addr, void *data,
				  u32 len, u8 key)
{
	guest_access_t access;
	int idx;

	if (!storage_reachable(guest))
		return GUEST_ACCESS_GONE;
	idx = storage_enter(guest);
	access = storage_permits(guest, addr, len, false, key);
	if (access == GUEST_ACCESS_OK &&
	    kvm_symbols.kvm_read_guest(guest->kvm, addr, data, len))
		access = storage_failure(guest, addr, len, false);
	storage_leave(guest, idx);
	return access;
}

guest_access_t guest_storage_write(struct guest *guest, u64 addr,
				   const void *data, u32 len, u8 key)
{
	guest_access_t access;
	int idx;

	if (!storage_reachable(guest))
		return GUEST_ACCESS_GONE;
	idx = storage_enter(guest);
	access = storage_permits(guest, addr, len, true, key);
	if (access == GUEST_ACCESS_OK &&
	    kvm_symbols.kvm_write_guest(guest->kvm, addr, data, len))
		access = storage_failure(guest, addr, len, true);
	storage_leave(guest, idx);
	return access;
}

bool guest_hold_mm(struct guest *guest)
{
	struct mm_struct *mm;

	if (!guest_hold(guest))
		return false;
	/* A thread of the VM's process has the address space already. */
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
 * The scheduler updates sum_exec_runtime at each tick, and when the thread gets
 * a CPU or loses it.  exec_start is the time of the last update.  The thread
 * has used all of the time since then: on s390 sched_clock() is the clock of
 * the scheduler, which doesn't subtract the time of interrupts.
 *
 * The time of a thread that stands in for workers counts several times, because
 * the process's control group doesn't bound it.
 */
u64 guest_cpu_time(struct guest *guest)
{
	const unsigned int cost = workers_stand_in(guest) ? STAND_IN_COST : 1;
	const struct sched_entity *se = &current->se;
	unsigned long flags;
	u64 time;

	/* Neither a tick nor preemption may come between the two reads. */
	local_irq_save(flags);
	time = se->sum_exec_runtime + (sched_clock() - se->exec_start);
	local_irq_restore(flags);
	return time * cost;
}

void *guest_buffer_alloc(struct guest *guest, u32 len)
{
	return kvzalloc(len, GFP_KERNEL_ACCOUNT);
}

void guest_buffer_free(void *buffer)
{
	kvfree(buffer);
}

/*
 * Turn what KVM's functions return into an ending.  They return a positive
 * number for an access exception, and describe it in vcpu->arch.pgm.
 */
static ioinst_ending_t operand_ending(int rc)
{
	if (!rc)
		return IOINST_PROCEED;
	return rc > 0 ? IOINST_ACCESS_EXCEPTION : IOINST_HOST_FAULT;
}

ioinst_ending_t guest_operand_read(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				   void *data, u32 len)
{
	return operand_ending(kvm_s390_css_read_operand(vcpu->vcpu, addr, ar,
							data, len));
}

ioinst_ending_t guest_operand_write(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    const void *data, u32 len)
{
	return operand_ending(kvm_s390_css_write_operand(vcpu->vcpu, addr, ar,
							 data, len));
}

ioinst_ending_t guest_operand_probe(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    u32 len)
{
	return operand_ending(kvm_s390_css_check_operand(vcpu->vcpu, addr, ar,
							 len));
}

int guest_inject(struct guest *guest, const struct guest_io_int *io_int)
{
	u8 ssid = sid_ssid(io_int->sid);
	u16 schid = io_int->sid & SID_NUMBER;
	struct kvm_s390_interrupt s390int = {
		.type = KVM_S390_INT_IO(0, 0, ssid, schid),
		.parm = io_int->sid,
		/* Bits 2-4 of the interruption-identification word: the ISC */
		.parm64 = (u64)io_int->intparm << 32 | (u32)io_int->isc << 27,
	};

	/*
	 * The module doesn't execute instructions of a protected VM, so its
	 * guest could not test this subchannel.
	 */
	if (storage_lost(guest))
		return 0;
	return kvm_s390_css_inject(guest->kvm, &s390int);
}

bool guest_has_run(struct guest *guest)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	/* KVM_RUN sets @pid when it is called for the first time. */
	kvm_for_each_vcpu(i, vcpu, guest->kvm)
		if (rcu_access_pointer(vcpu->pid))
			return true;
	return false;
}

/*
 * "Machine-Check-Interruption Code": channel report pending, with all validity
 * bits one.  If KVM can't store the vector or guarded-storage registers, it
 * makes their validity bit zero itself.  A Linux guest stops at a machine check
 * when the bit for vector registers is zero.
 */
#define MCIC_CHANNEL_REPORT	0x00400f5d48330000ULL

int guest_report(struct guest *guest)
{
	struct kvm_s390_interrupt s390int = {
		.type = KVM_S390_MCHK,
		.parm = CR14_CHANNEL_REPORT_SUBMASK,
		.parm64 = MCIC_CHANNEL_REPORT,
	};

	if (storage_lost(guest))
		return 0;
	return kvm_s390_css_inject(guest->kvm, &s390int);
}

/*
 * Is an I/O interruption of this subclass in KVM's list?  Usually it isn't when
 * TEST SUBCHANNEL asks, because a CPU has taken it.
 *
 * All CPUs of the VM take the lock of the list, so this doesn't.  KVM changes
 * the bit under this lock: it sets it when it adds an interruption, and clears it
 * when it has taken the last one of the subclass off.  The caller's interruption
 * was added before, so if the bit is found zero, somebody has taken that off
 * meanwhile.  Nobody puts it back but KVM's TEST PENDING INTERRUPTION, if it
 * can't store what it has taken.  The lock would not help against that: while
 * KVM stores, the interruption isn't in the list either.
 */
static bool may_be_pending(struct kvm *kvm, u8 isc)
{
	/* As KVM's isc_to_irq_type(), which is private */
	return test_bit(IRQ_PEND_IO_ISC_0 - isc,
			&kvm->arch.float_int.pending_irqs);
}

void guest_withdraw(struct guest *guest, u32 sid, u8 isc)
{
	/* As in control register 6 */
	const u64 isc_mask = 0x80000000U >> isc;

	/* When the VM has ended, its interruptions go with it. */
	if (READ_ONCE(guest->ended) || !may_be_pending(guest->kvm, isc))
		return;
	kvm_s390_css_withdraw(guest->kvm, isc_mask, sid);
}

/*
 * KVM_IOEVENTFD with KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY adds a device to this
 * bus, whose address is a subsystem-identification word.
 */
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
