/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The seam: all that the core knows of a guest.
 *
 * Which implementation is called is decided at link time: host/guest.c in the
 * module, a fake guest in the KUnit suites and the fuzzers.  Nothing here is an
 * indirect call; those cost an expoline each on s390.
 */
#ifndef _KVM_CSS_GUEST_H
#define _KVM_CSS_GUEST_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/ending.h>

struct guest;	/* the VM */
struct guest_vcpu;	/* the CPU that executes the instruction */

/* How an access of the channel subsystem to guest storage ended. */
typedef u32 __bitwise guest_access_t;

#define GUEST_ACCESS_OK		((__force guest_access_t)0)
/* There is no storage. */
#define GUEST_ACCESS_ADDRESSING	((__force guest_access_t)1)
/* The key does not match, or the storage can't be written. */
#define GUEST_ACCESS_PROTECTION	((__force guest_access_t)2)
/* The host can't provide the page. */
#define GUEST_ACCESS_ERROR	((__force guest_access_t)3)
/* The VM is dying, or has become a protected one. */
#define GUEST_ACCESS_GONE	((__force guest_access_t)4)

/**
 * guest_storage_read() - fetch from absolute guest storage
 * @guest: the VM
 * @addr: absolute address; prefixing does not apply
 * @data: where to
 * @len: in bytes; may cross pages
 * @key: storage key of the access, 0 to 15; key 0 may access everything
 *
 * Context: may sleep; the caller runs on a vCPU of the VM or between
 * guest_hold_mm() and guest_drop_mm().
 * Return: GUEST_ACCESS_OK; otherwise an unpredictable part has been copied.
 */
guest_access_t guest_storage_read(struct guest *guest, u64 addr, void *data,
				  u32 len, u8 key);

/**
 * guest_storage_write() - store into absolute guest storage
 * @guest: the VM
 * @addr: absolute address; prefixing does not apply
 * @data: what
 * @len: in bytes; may cross pages
 * @key: storage key of the access, 0 to 15
 *
 * Context: as guest_storage_read().
 * Return: GUEST_ACCESS_OK; otherwise an unpredictable part has been stored.
 */
guest_access_t guest_storage_write(struct guest *guest, u64 addr,
				   const void *data, u32 len, u8 key);

/**
 * guest_hold() - keep the VM for a moment, for a worker
 * @guest: the VM
 *
 * Enough for interruptions; guest storage wants guest_hold_mm().  What is
 * allocated for the VM meanwhile is charged to its memory control group, as it
 * would be on one of its vCPUs.
 *
 * Context: process context; does not sleep.
 * Return: false when there is no VM any more, or nobody but workers has it.
 */
bool guest_hold(struct guest *guest);

/**
 * guest_drop() - the counterpart of a successful guest_hold()
 * @guest: the VM
 *
 * Context: process context; does not sleep.
 */
void guest_drop(struct guest *guest);

/**
 * guest_gone() - has the VM nobody left but workers?
 * @guest: the VM
 *
 * Then it ends as soon as they have left it, and nobody sees what they do for it.
 *
 * Context: process context, on a vCPU or between guest_hold() and
 * guest_drop(); does not sleep.
 * Return: whether that is so.  Nobody who could run the guest comes back.
 */
bool guest_gone(struct guest *guest);

/**
 * guest_hold_mm() - let a worker access guest storage
 * @guest: the VM
 *
 * Context: a worker; may sleep.
 * Return: false when the VM's memory is already being torn down.
 */
bool guest_hold_mm(struct guest *guest);

/**
 * guest_drop_mm() - the counterpart of a successful guest_hold_mm()
 * @guest: the VM
 *
 * Context: the same worker; may sleep.
 */
void guest_drop_mm(struct guest *guest);

/**
 * struct guest_work - something for a worker of a VM to do
 * @work: what; the core's own, as far as it says so
 * @entry: where it is queued, if not in a workqueue
 */
struct guest_work {
	struct work_struct work;
	struct list_head entry;
};

/**
 * guest_work_init() - prepare it
 * @work: the work
 * @func: what a worker calls
 *
 * Context: any.
 */
static inline void guest_work_init(struct guest_work *work, work_func_t func)
{
	INIT_WORK(&work->work, func);
	INIT_LIST_HEAD(&work->entry);
}

/**
 * guest_queue_work() - have a worker of the VM do something
 * @guest: the VM
 * @wq: the workqueue for it, if the VM has no workers of its own
 * @work: what; not queued
 *
 * A new worker may be needed for it, so whoever queues calls guest_ensure_worker() as
 * soon as no lock is held any more: nobody else sees to it.
 *
 * Context: process context; does not sleep.
 */
void guest_queue_work(struct guest *guest, struct workqueue_struct *wq,
		      struct guest_work *work);

/**
 * guest_ensure_worker() - see to it that there are workers for what has been queued
 * @guest: the VM
 *
 * Context: process context; may sleep, for as long as it takes to create a thread;
 * no lock held.
 */
void guest_ensure_worker(struct guest *guest);

/**
 * guest_cancel_work() - have something not done, if no worker has begun it
 * @guest: the VM
 * @work: what
 *
 * Context: process context; does not sleep.
 * Return: whether it had been queued, and isn't any more.
 */
bool guest_cancel_work(struct guest *guest, struct guest_work *work);

/**
 * guest_flush_work() - wait until no worker does something any more
 * @guest: the VM
 * @work: what; nobody queues it any more
 *
 * Context: may sleep, as long as that takes.
 */
void guest_flush_work(struct guest *guest, struct guest_work *work);

/**
 * guest_interrupted() - has a signal interrupted the caller, and is no reason?
 *
 * A worker may be a thread of the VM's process, which may be stopped or frozen.
 * That is to happen between two programs, and to be seen by none: whoever was
 * interrupted in what the guest is told of asks this, and tries once more.
 *
 * Signals of other threads of the process are theirs, and left as they are.
 *
 * Context: process context; does not sleep.
 * Return: whether that is so; only for a worker, and not for one that has been
 * killed.
 */
bool guest_interrupted(void);

/**
 * guest_cpu_time() - the CPU time that the calling thread has used
 * @guest: the VM that it works for
 *
 * Context: process context; does not sleep.
 * Return: nanoseconds; of two values of one thread the later is not the smaller.
 */
u64 guest_cpu_time(struct guest *guest);

/**
 * guest_buffer_alloc() - host memory that a device needs to serve a guest
 * @guest: the VM, whose memory control group is charged
 * @len: in bytes
 *
 * Context: as guest_storage_read().
 * Return: zeros, or NULL when the host has no memory or the VM may have none.
 */
void *guest_buffer_alloc(struct guest *guest, u32 len);

/**
 * guest_buffer_free() - give it back
 * @buffer: what guest_buffer_alloc() returned, or NULL
 *
 * Context: may sleep.
 */
void guest_buffer_free(void *buffer);

/**
 * guest_operand_read() - fetch the second operand of an I/O instruction
 * @vcpu: the CPU that executes it
 * @addr: logical address
 * @ar: access register that qualifies it in the access-register mode
 * @data: where to
 * @len: in bytes
 *
 * Context: the vCPU's thread; may sleep (host page faults).
 * Return: IOINST_PROCEED, IOINST_ACCESS_EXCEPTION or IOINST_HOST_FAULT.
 */
ioinst_ending_t guest_operand_read(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				   void *data, u32 len);

/**
 * guest_operand_write() - store the second operand of an I/O instruction
 * @vcpu: the CPU that executes it
 * @addr: logical address
 * @ar: access register that qualifies it in the access-register mode
 * @data: what
 * @len: in bytes
 *
 * Context: the vCPU's thread; may sleep (host page faults).
 * Return: IOINST_PROCEED, IOINST_ACCESS_EXCEPTION or IOINST_HOST_FAULT.
 */
ioinst_ending_t guest_operand_write(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    const void *data, u32 len);

/**
 * guest_operand_probe() - would guest_operand_write() meet an access exception?
 * @vcpu: the CPU that executes the instruction
 * @addr: logical address
 * @ar: access register that qualifies it in the access-register mode
 * @len: in bytes
 *
 * For conditions with a lower priority than access exceptions.
 *
 * Context: the vCPU's thread; may sleep (host page faults).
 * Return: IOINST_PROCEED, IOINST_ACCESS_EXCEPTION or IOINST_HOST_FAULT.
 */
ioinst_ending_t guest_operand_probe(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    u32 len);

/**
 * struct guest_io_int - an I/O interruption, chapter 16 "Interruption Action"
 * @sid: subsystem-identification word
 * @intparm: interruption parameter
 * @isc: interruption subclass, 0 to 7
 */
struct guest_io_int {
	u32 sid;
	u32 intparm;
	u8  isc;
};

/**
 * guest_inject() - make an I/O interruption pending in the VM
 * @guest: the VM
 * @io_int: the interruption
 *
 * Context: process context; allocates, takes no lock of the core.  The caller has
 * the VM: on a vCPU, by a descriptor, or with guest_hold().
 * Return: 0, or -ENOMEM or -EBUSY when the host can't queue it now.  Then the
 * caller keeps the condition and tries again.
 */
int guest_inject(struct guest *guest, const struct guest_io_int *io_int);

/**
 * guest_withdraw() - take back an I/O interruption not yet accepted
 * @guest: the VM
 * @sid: subsystem-identification word it was made pending with
 *
 * Context: process context; the caller has the VM, see guest_inject(), or is
 * who ends what is attached to it.
 */
void guest_withdraw(struct guest *guest, u32 sid);

/**
 * guest_has_run() - has a CPU of the VM ever been in the guest?
 * @guest: the VM
 *
 * What is there from the beginning a guest finds by itself.
 *
 * Context: process context; does not sleep.
 * Return: false when none has; of a VM that was reset before it was attached,
 * true.
 */
bool guest_has_run(struct guest *guest);

/**
 * guest_report() - make a channel-report-pending machine check pending
 * @guest: the VM
 *
 * Chapter 11, "Channel Report Pending".
 *
 * Context: process context; allocates, takes no lock of the core.  The caller has
 * the VM, see guest_inject().
 * Return: 0, or -ENOMEM when the host can't queue it now.
 */
int guest_report(struct guest *guest);

/**
 * guest_notifies() - does the VMM have itself told of a subchannel?
 * @guest: the VM
 * @sid: a valid subsystem-identification word
 *
 * A VMM whose device there is a paravirtual one asks KVM to be told when the
 * guest wants its attention, as soon as the guest's driver has taken it.
 *
 * Context: process context; takes no lock of the core.
 * Return: whether it does.
 */
bool guest_notifies(struct guest *guest, u32 sid);

#endif /* _KVM_CSS_GUEST_H */
