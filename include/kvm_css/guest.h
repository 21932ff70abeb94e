/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The seam: all that the core knows of a guest.
 *
 * Two implementations, chosen at link time: guest.c in the module and
 * kunit/fake_guest.c in the tests.  Nothing here is an indirect call; those
 * cost an expoline each on s390.
 */
#ifndef _KVM_CSS_GUEST_H
#define _KVM_CSS_GUEST_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/ending.h>

struct css_guest;	/* the VM */
struct css_vcpu;	/* the CPU that executes the instruction */

/* How an access of the channel subsystem to guest storage ended. */
typedef u32 __bitwise css_access_t;

#define CSS_ACCESS_OK		((__force css_access_t)0)
#define CSS_ACCESS_ADDRESSING	((__force css_access_t)1) /* no storage there */
#define CSS_ACCESS_PROTECTION	((__force css_access_t)2) /* by key, read-only */
#define CSS_ACCESS_ERROR	((__force css_access_t)3) /* host has no page */
#define CSS_ACCESS_GONE		((__force css_access_t)4) /* the VM is dying */

/**
 * css_storage_read() - fetch from absolute guest storage
 * @guest: the VM
 * @addr: absolute address; prefixing does not apply
 * @data: where to
 * @len: in bytes; may cross pages
 * @key: storage key of the access, 0 to 15; key 0 may access everything
 *
 * Context: may sleep; the caller runs on a vCPU of the VM or between
 * css_guest_enter() and css_guest_leave().
 * Return: CSS_ACCESS_OK; otherwise an unpredictable part has been copied.
 */
css_access_t css_storage_read(struct css_guest *guest, u64 addr, void *data,
			      u32 len, u8 key);

/**
 * css_storage_write() - store into absolute guest storage
 * @guest: the VM
 * @addr: absolute address; prefixing does not apply
 * @data: what
 * @len: in bytes; may cross pages
 * @key: storage key of the access, 0 to 15
 *
 * Context: as css_storage_read().
 * Return: CSS_ACCESS_OK; otherwise an unpredictable part has been stored.
 */
css_access_t css_storage_write(struct css_guest *guest, u64 addr,
			       const void *data, u32 len, u8 key);

/**
 * css_guest_hold() - keep the VM for a moment, for a worker
 * @guest: the VM
 *
 * Enough for interruptions; guest storage wants css_guest_enter().  What is
 * allocated for the VM meanwhile is charged to its memory control group, as it
 * would be on one of its vCPUs.
 *
 * Context: process context; does not sleep.
 * Return: false when there is no VM any more, or nobody but workers has it.
 */
bool css_guest_hold(struct css_guest *guest);

/**
 * css_guest_drop() - the counterpart of a successful css_guest_hold()
 * @guest: the VM
 *
 * Context: process context; does not sleep.
 */
void css_guest_drop(struct css_guest *guest);

/**
 * css_guest_gone() - has the VM nobody left but workers?
 * @guest: the VM
 *
 * Then it ends as soon as they have left it, and nobody sees what they do for it.
 *
 * Context: process context, on a vCPU or between css_guest_hold() and
 * css_guest_drop(); does not sleep.
 * Return: whether that is so.  Nobody who could run the guest comes back.
 */
bool css_guest_gone(struct css_guest *guest);

/**
 * css_guest_enter() - let a worker access guest storage
 * @guest: the VM
 *
 * Context: a worker; may sleep.
 * Return: false when the VM's memory is already being torn down.
 */
bool css_guest_enter(struct css_guest *guest);

/**
 * css_guest_leave() - the counterpart of a successful css_guest_enter()
 * @guest: the VM
 *
 * Context: the same worker; may sleep.
 */
void css_guest_leave(struct css_guest *guest);

/**
 * struct css_work - something for a worker of a VM to do
 * @work: what; the core's own, as far as it says so
 * @entry: where it is queued, if not in a workqueue
 */
struct css_work {
	struct work_struct work;
	struct list_head entry;
};

/**
 * css_work_init() - prepare it
 * @work: the work
 * @func: what a worker calls
 *
 * Context: any.
 */
static inline void css_work_init(struct css_work *work, work_func_t func)
{
	INIT_WORK(&work->work, func);
	INIT_LIST_HEAD(&work->entry);
}

/**
 * css_guest_queue() - have a worker of the VM do something
 * @guest: the VM
 * @wq: the workqueue for it, if the VM has no workers of its own
 * @work: what; not queued
 *
 * A new worker may be needed for it, so whoever queues calls css_guest_staff() as
 * soon as no lock is held any more: nobody else sees to it.
 *
 * Context: process context; does not sleep.
 */
void css_guest_queue(struct css_guest *guest, struct workqueue_struct *wq,
		     struct css_work *work);

/**
 * css_guest_staff() - see to it that there are workers for what has been queued
 * @guest: the VM
 *
 * Context: process context; may sleep, for as long as it takes to create a thread;
 * no lock held.
 */
void css_guest_staff(struct css_guest *guest);

/**
 * css_guest_cancel() - have something not done, if no worker has begun it
 * @guest: the VM
 * @work: what
 *
 * Context: process context; does not sleep.
 * Return: whether it had been queued, and isn't any more.
 */
bool css_guest_cancel(struct css_guest *guest, struct css_work *work);

/**
 * css_guest_flush() - wait until no worker does something any more
 * @guest: the VM
 * @work: what; nobody queues it any more
 *
 * Context: may sleep, as long as that takes.
 */
void css_guest_flush(struct css_guest *guest, struct css_work *work);

/**
 * css_guest_interrupted() - has a signal interrupted the caller, and is no reason?
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
bool css_guest_interrupted(void);

/**
 * css_cpu_time() - the CPU time that the calling thread has used
 * @guest: the VM that it works for
 *
 * Context: process context; does not sleep.
 * Return: nanoseconds; of two values of one thread the later is not the smaller.
 */
u64 css_cpu_time(struct css_guest *guest);

/**
 * css_buffer_alloc() - host memory that a device needs to serve a guest
 * @guest: the VM, whose memory control group is charged
 * @len: in bytes
 *
 * Context: as css_storage_read().
 * Return: zeros, or NULL when the host has no memory or the VM may have none.
 */
void *css_buffer_alloc(struct css_guest *guest, u32 len);

/**
 * css_buffer_free() - give it back
 * @buffer: what css_buffer_alloc() returned, or NULL
 *
 * Context: may sleep.
 */
void css_buffer_free(void *buffer);

/**
 * css_operand_read() - fetch the second operand of an I/O instruction
 * @vcpu: the CPU that executes it
 * @addr: logical address
 * @ar: access register that qualifies it in the access-register mode
 * @data: where to
 * @len: in bytes
 *
 * Context: the vCPU's thread; may sleep (host page faults).
 * Return: IOINST_PROCEED, IOINST_ACCESS_EXCEPTION or IOINST_HOST_FAULT.
 */
ioinst_ending_t css_operand_read(struct css_vcpu *vcpu, u64 addr, u8 ar,
				 void *data, u32 len);

/**
 * css_operand_write() - store the second operand of an I/O instruction
 * @vcpu: the CPU that executes it
 * @addr: logical address
 * @ar: access register that qualifies it in the access-register mode
 * @data: what
 * @len: in bytes
 *
 * Context: the vCPU's thread; may sleep (host page faults).
 * Return: IOINST_PROCEED, IOINST_ACCESS_EXCEPTION or IOINST_HOST_FAULT.
 */
ioinst_ending_t css_operand_write(struct css_vcpu *vcpu, u64 addr, u8 ar,
				  const void *data, u32 len);

/**
 * css_operand_probe() - would css_operand_write() meet an access exception?
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
ioinst_ending_t css_operand_probe(struct css_vcpu *vcpu, u64 addr, u8 ar,
				  u32 len);

/**
 * struct css_io_int - an I/O interruption, chapter 16 "Interruption Action"
 * @sid: subsystem-identification word
 * @intparm: interruption parameter
 * @isc: interruption subclass, 0 to 7
 */
struct css_io_int {
	u32 sid;
	u32 intparm;
	u8  isc;
};

/**
 * css_guest_inject() - make an I/O interruption pending in the VM
 * @guest: the VM
 * @io_int: the interruption
 *
 * Context: process context; allocates, takes no lock of the core.  The caller has
 * the VM: on a vCPU, by a descriptor, or with css_guest_hold().
 * Return: 0, or -ENOMEM or -EBUSY when the host can't queue it now.  Then the
 * caller keeps the condition and tries again.
 */
int css_guest_inject(struct css_guest *guest, const struct css_io_int *io_int);

/**
 * css_guest_withdraw() - take back an I/O interruption not yet accepted
 * @guest: the VM
 * @sid: subsystem-identification word it was made pending with
 *
 * Context: process context; the caller has the VM, see css_guest_inject(), or is
 * who ends what is attached to it.
 */
void css_guest_withdraw(struct css_guest *guest, u32 sid);

/**
 * css_guest_has_run() - has a CPU of the VM ever been in the guest?
 * @guest: the VM
 *
 * What is there from the beginning a guest finds by itself.
 *
 * Context: process context; does not sleep.
 * Return: false when none has; of a VM that was reset before it was attached,
 * true.
 */
bool css_guest_has_run(struct css_guest *guest);

/**
 * css_guest_report() - make a channel-report-pending machine check pending
 * @guest: the VM
 *
 * Chapter 11, "Channel Report Pending".
 *
 * Context: process context; allocates, takes no lock of the core.  The caller has
 * the VM, see css_guest_inject().
 * Return: 0, or -ENOMEM when the host can't queue it now.
 */
int css_guest_report(struct css_guest *guest);

/**
 * css_guest_notifies() - does the VMM have itself told of a subchannel?
 * @guest: the VM
 * @sid: a valid subsystem-identification word
 *
 * A VMM whose device there is a paravirtual one asks KVM to be told when the
 * guest wants its attention, as soon as the guest's driver has taken it.
 *
 * Context: process context; takes no lock of the core.
 * Return: whether it does.
 */
bool css_guest_notifies(struct css_guest *guest, u32 sid);

#endif /* _KVM_CSS_GUEST_H */
