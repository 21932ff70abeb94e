/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The seam: all that the core knows of a guest.  The core is every folder but
 * host/.  The core calls the functions here, and host/ implements them.
 *
 * The functions are resolved at link time.  The module is linked with
 * host/guest.c, host/workers.c and host/attachment.c; KUnit suites and fuzzers
 * are linked with a fake guest.  So no call is an indirect one, which would
 * cost an expoline on s390.
 */
#ifndef _KVM_CSS_GUEST_H
#define _KVM_CSS_GUEST_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/ending.h>

struct page;
struct guest;		/* a VM */
struct guest_vcpu;	/* a CPU of a VM, which executes an instruction */
struct user_unit;	/* what a process has that serves a device */

/* How an access of the channel subsystem to guest storage ended. */
typedef u32 __bitwise guest_access_t;

#define GUEST_ACCESS_OK		((__force guest_access_t)0)
/* There is no storage at the address. */
#define GUEST_ACCESS_ADDRESSING	((__force guest_access_t)1)
/* The storage key does not permit the access, or the storage is read-only. */
#define GUEST_ACCESS_PROTECTION	((__force guest_access_t)2)
/* The host can't provide the page at the address. */
#define GUEST_ACCESS_ERROR	((__force guest_access_t)3)
/* The VM is dying, or has become a protected one. */
#define GUEST_ACCESS_GONE	((__force guest_access_t)4)

/**
 * guest_storage_read() - fetch from absolute guest storage
 * @guest: the VM
 * @addr: absolute address; prefixing does not apply
 * @data: where to
 * @len: in bytes; may cross pages
 * @key: access key, 0 to 15; key 0 may access everything
 *
 * Context: may sleep; the caller is the thread of one of the VM's vCPUs, or has
 * called guest_hold_mm() and not yet guest_drop_mm().
 * Return: GUEST_ACCESS_OK, or why not all of it could be fetched; then @data is
 * unpredictable.
 */
guest_access_t guest_storage_read(struct guest *guest, u64 addr, void *data,
				  u32 len, u8 key);

/**
 * guest_storage_write() - store into absolute guest storage
 * @guest: the VM
 * @addr: absolute address; prefixing does not apply
 * @data: what to store
 * @len: in bytes; may cross pages
 * @key: access key, 0 to 15; key 0 may access everything
 *
 * Context: as guest_storage_read().
 * Return: GUEST_ACCESS_OK, or why not all of it could be stored.  Then some of
 * what lies in front of the page that could not be stored into may have been
 * stored, but nothing in this page and behind it.
 */
guest_access_t guest_storage_write(struct guest *guest, u64 addr,
				   const void *data, u32 len, u8 key);

/**
 * guest_keep() - keep the channel subsystem of a VM, but not the VM
 * @guest: the VM
 *
 * For a thread that is neither one of the VM's vCPUs nor a worker, to do something
 * short.  The end of the channel subsystem waits for guest_keep_no_longer().
 *
 * Context: process context; does not sleep.  A subchannel of the VM is still in its
 * image, or is about to leave it and can't before the caller goes on.
 */
void guest_keep(struct guest *guest);

/**
 * guest_keep_no_longer() - the counterpart of guest_keep()
 * @guest: the VM; the caller must not access it afterwards
 *
 * Context: process context; does not sleep.
 */
void guest_keep_no_longer(struct guest *guest);

/**
 * guest_hold() - take a reference to the VM, for a worker
 * @guest: the VM
 *
 * A thread that has called guest_keep() may do that, too.
 *
 * With the reference a worker may make interruptions pending.  To access guest
 * storage, it needs guest_hold_mm() instead.  Until guest_drop(), the worker's
 * allocations are charged to the memory control group of the VM's process, as
 * those of its vCPUs are.
 *
 * Context: process context; does not sleep.
 * Return: false when the VM has ended, or when nobody but workers is left to
 * use it, see guest_gone().
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
 * guest_gone() - is nobody but workers left to use the VM?
 * @guest: the VM
 *
 * If so, the VM ends as soon as the workers give back their references, and
 * nobody will see what they still do for it.  A worker whose own process has
 * been killed is told the same, so that it leaves its channel program.
 *
 * Context: process context; the caller is the thread of one of the VM's vCPUs,
 * or has called guest_hold() and not yet guest_drop(); does not sleep.
 * Return: true in both cases.  When a thread has got true once, it gets true
 * whenever it asks again.
 */
bool guest_gone(struct guest *guest);

/**
 * guest_hold_mm() - as guest_hold(), and let the worker access guest storage
 * @guest: the VM
 *
 * Context: a worker; may sleep.
 * Return: false as guest_hold(), or when the VM's address space is being torn
 * down.
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
 * @entry: the entry in a queue of the VM
 * @func: the function to call
 * @state: for the one whose work it is; it would be a hole elsewhere
 * @apart: see guest_set_apart()
 */
struct guest_work {
	struct list_head entry;
	void (*func)(struct guest_work *work);
	atomic_t state;
	bool apart;
};

/**
 * guest_work_init() - prepare a struct guest_work
 * @work: the work
 * @func: the function that a worker calls
 *
 * Context: any.
 */
static inline void guest_work_init(struct guest_work *work,
				   void (*func)(struct guest_work *work))
{
	INIT_LIST_HEAD(&work->entry);
	work->func = func;
	atomic_set(&work->state, 0);
	work->apart = false;
}

/**
 * guest_queue_work() - have a worker of the VM do something
 * @guest: the VM
 * @wq: whose threads do the work when it isn't for the VM's own ones
 * @work: the work, which must not be queued
 *
 * A new worker may be needed for the work.  So the caller has to call
 * guest_ensure_worker() as soon as it holds no lock any more; nobody else does.
 *
 * Context: process context; does not sleep.
 */
void guest_queue_work(struct guest *guest, struct workqueue_struct *wq,
		      struct guest_work *work);

/**
 * guest_call_worker() - have a worker of the VM do something, from any context
 * @guest: the VM
 * @wq: as for guest_queue_work()
 * @work: as for guest_queue_work()
 *
 * The caller doesn't call guest_ensure_worker(): an interrupt can't make a
 * worker.  So guest_expect_work() was called before.
 *
 * Context: any, also a hard interrupt.
 */
void guest_call_worker(struct guest *guest, struct workqueue_struct *wq,
		       struct guest_work *work);

/**
 * guest_set_apart() - say whether some work may wait for the VM's own threads
 * @guest: the VM
 * @wq: as for guest_queue_work()
 * @work: the work, queued or not
 * @apart: it may not, because somebody who isn't a thread of the VM's process
 *	waits for it, and that process may be stopped; a thread of @wq does it.
 *	Such work must be short: it runs no channel program.
 *
 * Context: process context; does not sleep.
 */
void guest_set_apart(struct guest *guest, struct workqueue_struct *wq,
		     struct guest_work *work, bool apart);

/**
 * guest_ensure_worker() - make workers, if there are too few for what is queued
 * @guest: the VM
 *
 * Context: process context; may sleep, for as long as it takes to create
 * threads; no lock held.
 */
void guest_ensure_worker(struct guest *guest);

/**
 * guest_expect_work() - see to it that a worker is free
 * @guest: the VM
 *
 * Called before guest_call_worker() will be.  If all workers are busy, the
 * caller makes one more.  From now on, a worker that begins to do something
 * makes another one if none is free, so that one is always in reserve.
 *
 * Context: as guest_ensure_worker().
 */
void guest_expect_work(struct guest *guest);

/**
 * guest_cancel_work() - take work off the queue, if nobody has begun it
 * @guest: the VM
 * @work: the work
 *
 * Context: process context; does not sleep.
 * Return: whether the work was queued, and has been taken off.
 */
bool guest_cancel_work(struct guest *guest, struct guest_work *work);

/**
 * guest_flush_work() - wait until no worker is doing this work
 * @guest: the VM
 * @work: the work, which nobody queues any more
 *
 * Context: may sleep, as long as a worker is doing the work.
 */
void guest_flush_work(struct guest *guest, struct guest_work *work);

/**
 * guest_put_off_signal() - put a worker's signal off, so that it can go on
 *
 * A worker may be a thread of the VM's process, and a signal may stop or freeze
 * that process.  Such a worker stops only between two turns, where the guest
 * does not notice it.  So when a signal has interrupted a function whose result
 * the guest sees, the caller of that function calls guest_put_off_signal().  If
 * that returns true, the caller calls the interrupted function once more.
 *
 * Only workers have their signals put off.  Other threads of the process handle
 * their own.
 *
 * Context: process context; does not sleep.
 * Return: true when a signal has been put off.  False when the caller is not a
 * worker, has no signal pending, or is being killed.
 */
bool guest_put_off_signal(void);

/**
 * guest_cpu_time() - the CPU time that the calling thread has used
 * @guest: the VM that it works for
 *
 * Context: process context; does not sleep.
 * Return: the time in ns.  For one thread it never becomes smaller.
 */
u64 guest_cpu_time(struct guest *guest);

/**
 * guest_buffer_alloc() - allocate host memory for a device of the guest
 * @guest: the VM, whose memory control group is charged
 * @len: in bytes
 *
 * A vCPU's thread may call this: it may sleep for as long as the host needs to
 * find free memory, which an access to guest storage may need as well.
 *
 * Context: as guest_storage_read().
 * Return: memory that is filled with zeros; NULL when the host has none left,
 * or the control group may have no more.
 */
void *guest_buffer_alloc(struct guest *guest, u32 len);

/**
 * guest_buffer_free() - free a buffer
 * @buffer: what guest_buffer_alloc() returned, or NULL
 *
 * Context: may sleep.
 */
void guest_buffer_free(void *buffer);

/**
 * struct guest_page - a page of guest storage that a device of the host's uses
 * @guest: absolute address in guest storage, on a boundary of 4 KiB
 * @addr: the host's absolute address of the page
 * @page: for guest_unpin(); NULL if the page isn't pinned
 * @access: GUEST_ACCESS_OK, or why the page isn't there; then @addr is 0
 * @store: the device may store into it
 */
struct guest_page {
	u64 guest;
	u64 addr;
	struct page *page;
	guest_access_t access;
	bool store;
};

/* How guest_pin() has ended */
enum guest_pinned {
	GUEST_PINNED,
	GUEST_PIN_SIGNAL,	/* a fatal signal is pending */
	GUEST_PIN_NO_MEMORY,	/* the host has no memory now */
	GUEST_PIN_LIMIT,	/* the process may not lock so much memory */
	GUEST_PIN_GONE,		/* as GUEST_ACCESS_GONE */
};

/**
 * guest_pin() - let a device of the host's access pages of guest storage
 * @guest: the VM
 * @pages: the caller has filled in &guest_page.guest and &guest_page.store, and
 *	all else is filled in here.  A page may be there more than once.
 * @count: how many pages, not zero
 * @key: access key; what it doesn't permit is GUEST_ACCESS_PROTECTION
 *
 * The pages stay where they are, and are charged to the limit of locked memory
 * of the VM's process (RLIMIT_MEMLOCK), until guest_unpin().  A page that can't
 * be accessed doesn't keep the others from being pinned.  The memory of struct
 * guest stays until then, too, even if the VM ends.
 *
 * Context: as guest_storage_read().
 * Return: GUEST_PINNED, or why no page was pinned.
 */
enum guest_pinned guest_pin(struct guest *guest, struct guest_page *pages,
			    u32 count, u8 key);

/**
 * guest_unpin() - the counterpart of a successful guest_pin()
 * @guest: the VM
 * @pages: what guest_pin() has filled in, all of it
 * @count: how many
 * @stored: the device may have stored into those that were pinned with
 *	&guest_page.store, so they are marked as changed: for the host, and in KVM's
 *	log of dirty pages
 *
 * Context: may sleep; any thread.  The VM and its process may have ended.
 */
void guest_unpin(struct guest *guest, struct guest_page *pages, u32 count,
		 bool stored);

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
 * Called before an instruction that stores nothing ends with a condition that
 * has a lower priority than access exceptions.
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
 * Context: process context; allocates, takes no lock of the core.  The caller
 * has a reference to the VM: it is the thread of a vCPU, has a descriptor, or
 * has called guest_hold().
 * Return: 0, or -ENOMEM or -EBUSY when the host can't queue the interruption
 * now.  Then the caller keeps the status pending and tries again later.
 */
int guest_inject(struct guest *guest, const struct guest_io_int *io_int);

/**
 * guest_withdraw() - withdraw an I/O interruption that no CPU has taken
 * @guest: the VM
 * @sid: subsystem-identification word of the interruption
 * @isc: its interruption subclass
 *
 * Has no effect if a CPU has taken it.
 *
 * Context: process context; the caller has a reference to the VM as for
 * guest_inject(), or is the attachment's thread.
 */
void guest_withdraw(struct guest *guest, u32 sid, u8 isc);

/**
 * guest_has_run() - has a CPU of the VM ever run?
 * @guest: the VM
 *
 * Context: process context; does not sleep.
 * Return: whether one has.  A reset of the VM doesn't make it false again.
 */
bool guest_has_run(struct guest *guest);

/**
 * guest_report() - make a channel-report-pending machine check pending
 * @guest: the VM
 *
 * Chapter 11, "Channel Report Pending".
 *
 * Context: process context; allocates, takes no lock of the core.  The caller
 * has a reference to the VM as for guest_inject().
 * Return: 0, or -ENOMEM when the host can't queue the machine check now.
 */
int guest_report(struct guest *guest);

/**
 * guest_notifies() - does KVM notify the VMM for a subchannel?
 * @guest: the VM
 * @sid: a valid subsystem-identification word
 *
 * When the guest's driver has taken a virtio device of the VMM's, the VMM asks
 * KVM to notify it as soon as the guest has something for the device
 * (KVM_IOEVENTFD).  So the guest uses a subchannel of the VMM's there.
 *
 * Context: process context; takes no lock of the core.
 * Return: whether it does.
 */
bool guest_notifies(struct guest *guest, u32 sid);

/* What tracepoints show of a unit */
enum guest_trace {
	GUEST_TRACE_OFFERED,	/* a command waits for the process */
	GUEST_TRACE_TAKEN,	/* it has been returned to the process */
	GUEST_TRACE_ANSWERED,	/* the process has answered it */
	GUEST_TRACE_ENDED,	/* it has ended without an answer */
	GUEST_TRACE_PRESENTED,	/* status has been presented that doesn't end a command */
};

/**
 * guest_trace_unit() - something has happened to a command or to status
 * @unit: the unit
 * @what: what
 * @seq: the number of the command, 0 for unsolicited status
 * @byte: command code until it is taken, device status after that
 * @nr: how many commands were offered or taken with it, or have been executed before
 *
 * Context: the device's lock held.
 */
void guest_trace_unit(struct user_unit *unit, enum guest_trace what, u64 seq, u8 byte,
		      u32 nr);

#endif /* _KVM_CSS_GUEST_H */
