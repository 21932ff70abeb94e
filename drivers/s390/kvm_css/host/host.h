/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host side of the module, which connects the core with KVM.  It exists on
 * s390 only.
 */
#ifndef _KVM_CSS_HOST_H
#define _KVM_CSS_HOST_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/kvm_host.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <kvm_css/css.h>
#include <kvm_css/guest.h>

#include "kvm_symbols.h"

/* How many kernel threads of the workqueue may stand in for a VM's workers */
#define STAND_INS	4

/**
 * struct stand_in - a kernel thread that does what no worker of the VM does
 * @guest: the VM
 * @queue: from where it takes what it does
 * @work: has a thread of the workqueue do the first work of @queue
 * @doing: the work that it is doing, or NULL
 * @task: the thread that is doing it, or NULL; only compared with the caller
 * @called: @work is queued, or has not ended
 */
struct stand_in {
	struct guest *guest;
	struct list_head *queue;
	struct work_struct work;
	struct guest_work *doing;
	struct task_struct *task;
	bool called;
};

/**
 * struct workers - the workers of a VM, see workers.c
 * @lock: protects @queue to @stand_ins, and struct worker where that doesn't say
 *	otherwise
 * @queue: the work for workers that nobody has begun
 * @queued: the length of @queue
 * @apart: the work that isn't for workers, see guest_set_apart()
 * @all: all workers
 * @resting: the workers that wait to be woken
 * @nr: the number of workers that have not been killed
 * @coming: the number of workers that will look at @queue before they do
 *	anything else: they have been woken or made, or have ended a turn
 * @taken: how many works the workers have taken from @queue
 * @watched: what @taken was when @watch was queued, or stand-ins were called
 * @watching: @watch is queued
 * @closed: no worker does anything any more
 * @stand_ins: who does the work when no worker comes; the last one does what is
 *	in @apart
 * @reserve: a worker that begins to do something makes another one if none is
 *	free; only ever set, without a lock
 * @reserve_again: when to try that again, in jiffies, after it has failed;
 *	accessed without a lock
 * @done: woken when somebody has done his work, has seen @closed, or has been
 *	killed
 * @watch: looks whether work waits for workers that don't come
 * @hiring: held while a worker is made, or one that has been killed is freed
 */
struct workers {
	spinlock_t lock;	/* a leaf, see workers.c */
	struct list_head queue;
	unsigned int queued;
	struct list_head apart;
	struct list_head all;
	struct list_head resting;
	unsigned int nr;
	unsigned int coming;
	unsigned int taken;
	unsigned int watched;
	bool watching;
	bool closed;
	struct stand_in stand_ins[STAND_INS + 1];
	bool reserve;
	unsigned long reserve_again;
	wait_queue_head_t done;
	struct delayed_work watch;
	struct mutex hiring;	/* see workers.c */
};

/**
 * struct guest - a VM with its channel subsystem: an attachment
 * @kvm: the VM; attachment.c says who holds references to it
 * @mm: the address space of its process, which may be empty; the structure stays as
 *	long as this one
 * @css: the channel-subsystem image
 * @hook: what KVM knows of the attachment, see hook.c
 * @node: in the table of attached VMs, see takeover.c
 * @ref: counts the references to the memory of this structure
 * @users: the number of callers for whom the end of the attachment waits:
 *	resets, see reset.c, and calls between attachment_enter() and
 *	attachment_leave()
 * @attached: the VM is in the table of attached VMs, is being added to it, or
 *	has been taken from it
 * @memcg: the memory control group that is charged for the image
 * @workers: the workers of the VM
 * @thread: ends the attachment, see attachment.c
 * @wait: where @thread waits until it has something to do
 * @stopped: completed when the subchannels are gone and their interruptions
 *	withdrawn, so that the VM may have another attachment
 * @destroyed: completed when @thread has nothing left to do
 * @lock: protects all members below
 * @opens: the number of open descriptors
 * @keep: the attachment ends with the VM, and not with its last descriptor
 * @ending: the last descriptor was closed, and the attachment was not kept
 * @ended: the VM has ended, or the attachment doesn't know it any more
 * @inside: the number of references to the VM that workers have
 * @put: @thread has to give one of these references back
 */
struct guest {
	struct kvm *kvm;
	struct mm_struct *mm;
	struct css css;
#ifdef CONFIG_KVM_S390_CSS
	struct kvm_s390_css hook;
#else
	struct hlist_node node;
#endif
	struct kref ref;
	atomic_t users;
	bool attached;
	struct mem_cgroup *memcg;
	struct workers workers;
	struct task_struct *thread;
	wait_queue_head_t wait;
	struct completion stopped;
	struct completion destroyed;
	spinlock_t lock;	/* a leaf, see attachment.c */
	unsigned int opens;
	bool keep;
	bool ending;
	bool ended;
	unsigned int inside;
	bool put;
};

/**
 * struct guest_vcpu - a CPU that executes an instruction
 * @vcpu: the vCPU of KVM; the calling thread is in KVM_RUN for it
 */
struct guest_vcpu {
	struct kvm_vcpu *vcpu;
};

/**
 * attachment_create() - attach a VM, for a descriptor
 * @kvm: the VM, to which the caller has a reference
 * @alone: see css_init()
 * @keep: the attachment is to end with the VM, and not with its last
 *	descriptor, unless attachment_keep_no_longer() is called
 *
 * If another attachment of the VM is ending, the caller waits for it.
 *
 * Context: may sleep, killably.
 * Return: the attachment, with one descriptor counted; an ERR_PTR() as
 * takeover_attach() returns it; ERR_PTR(-EOPNOTSUPP) when @keep is set and the
 * kernel has no CONFIG_MEMCG; ERR_PTR(-ESRCH) when no process has the VM's
 * memory any more; ERR_PTR(-ENOMEM).
 */
struct guest *attachment_create(struct kvm *kvm, bool alone, bool keep);

/**
 * attachment_open() - count one more descriptor of a VM's attachment
 * @kvm: the VM, to which the caller has a reference
 *
 * Context: process context; does not sleep.
 * Return: the attachment; ERR_PTR(-ENOENT) when the VM has none, or one that is
 * ending.
 */
struct guest *attachment_open(struct kvm *kvm);

/**
 * attachment_look() - get a VM's attachment, for a descriptor that only looks
 * @kvm: the VM, to which the caller has a reference
 *
 * The memory of struct guest stays valid until attachment_look_no_longer().
 * The attachment may end before that.  So the caller uses the channel subsystem
 * only between attachment_enter() and attachment_leave().
 *
 * Context: process context; does not sleep.
 * Return: the attachment, or ERR_PTR(-ENOENT) as attachment_open().
 */
struct guest *attachment_look(struct kvm *kvm);

/**
 * attachment_look_no_longer() - the counterpart of attachment_look()
 * @guest: the attachment
 *
 * Context: process context; does not sleep.
 */
void attachment_look_no_longer(struct guest *guest);

/**
 * attachment_enter() - keep the channel subsystem for a moment, but not the VM
 * @guest: the attachment
 *
 * The end of the attachment waits for attachment_leave().  So the caller must
 * not wait for anybody until then, nor access the memory of a process.
 *
 * Context: process context; does not sleep.
 * Return: false when the attachment is ending or has ended.
 */
bool attachment_enter(struct guest *guest);

/**
 * attachment_leave() - the counterpart of a successful attachment_enter()
 * @guest: the attachment
 *
 * Context: process context; does not sleep.
 */
void attachment_leave(struct guest *guest);

/**
 * attachment_close() - a descriptor of an attachment is closed
 * @guest: the attachment; the caller must not access it afterwards
 *
 * The attachment ends if it has no other descriptor and is not kept.
 *
 * Context: may sleep, killably, until the attachment has ended; a process that
 * exits does not wait for that.
 */
void attachment_close(struct guest *guest);

/**
 * attachment_keep_no_longer() - let the attachment end with its last descriptor
 * @guest: the attachment, of which the caller has a descriptor
 *
 * Context: process context; does not sleep.
 */
void attachment_keep_no_longer(struct guest *guest);

/**
 * attachment_vm_ends() - end the attachment of a VM that KVM is about to free
 * @guest: the attachment.  Nobody has a reference to its VM any more.  The VM's
 *	memory slots, its SRCU and its list of floating interruptions are still
 *	there.  Its CPUs, SCA, GISA, debug feature and gmap need not be, so no
 *	interruption may be made pending.
 *
 * Nothing accesses the VM afterwards.
 *
 * Context: may sleep, but waits for nobody.
 */
void attachment_vm_ends(struct guest *guest);

/**
 * attachment_get() - keep the memory of struct guest
 * @guest: the attachment
 *
 * Context: any.
 */
void attachment_get(struct guest *guest);

/**
 * attachment_put() - the counterpart of attachment_get()
 * @guest: the attachment
 *
 * Context: process context; does not sleep.
 */
void attachment_put(struct guest *guest);

/**
 * attachment_hold_vm() - take a reference to the VM for a moment
 * @guest: the attachment, whose memory the caller keeps; the VM may have ended
 *
 * As guest_hold(), but nothing is charged to the VM's memory control group.
 *
 * Context: process context; does not sleep.
 * Return: whether the caller has a reference.
 */
bool attachment_hold_vm(struct guest *guest);

/**
 * attachment_drop_vm() - the counterpart of a successful attachment_hold_vm()
 * @guest: the attachment
 *
 * Context: process context; does not sleep.
 */
void attachment_drop_vm(struct guest *guest);

/**
 * storage_enter() - begin to look at the VM's memory slots and storage keys
 * @guest: the VM
 *
 * Context: as guest_storage_read().
 * Return: for storage_leave().
 */
int storage_enter(struct guest *guest) __acquires(&guest->kvm->srcu);

/**
 * storage_leave() - the counterpart of storage_enter()
 * @guest: the VM
 * @idx: what storage_enter() has returned
 *
 * Context: as guest_storage_read().
 */
void storage_leave(struct guest *guest, int idx)
	__releases(&guest->kvm->srcu);

/**
 * storage_lost() - has the VM become a protected one after it was attached?
 * @guest: the VM
 *
 * Then the host can't access its pages any more, and the module must not make
 * interruptions pending.
 *
 * Context: any.
 * Return: whether it has.
 */
bool storage_lost(const struct guest *guest);

/**
 * storage_reachable() - can the caller access guest storage?
 * @guest: the VM
 *
 * Context: as guest_storage_read().
 * Return: false as storage_lost(), or if the thread is one that may not.
 */
bool storage_reachable(const struct guest *guest);

/**
 * storage_permits() - do the storage keys permit an access?
 * @guest: the VM
 * @addr: absolute address
 * @len: in bytes, not zero
 * @store: the access is a store
 * @key: access key
 *
 * An access with key 0 is always permitted.  A guest that has never set a storage key
 * has key 0 in all pages: then an access with another key may fetch but not
 * store.  In both cases no storage key is looked at.
 *
 * Context: between storage_enter() and storage_leave(); may sleep.
 * Return: GUEST_ACCESS_OK, also if there is no storage; GUEST_ACCESS_PROTECTION;
 * GUEST_ACCESS_ERROR.
 */
guest_access_t storage_permits(struct guest *guest, u64 addr, u32 len,
			       bool store, u8 key);

/**
 * storage_failure() - what the guest is told if an access has failed
 * @guest: the VM
 * @addr: absolute address
 * @len: in bytes, not zero
 * @store: the access was a store
 *
 * Context: between storage_enter() and storage_leave().
 * Return: why, not GUEST_ACCESS_OK.
 */
guest_access_t storage_failure(struct guest *guest, u64 addr, u32 len,
			       bool store);

/**
 * worker_begins() - charge a thread's work to the VM's process
 * @guest: the VM, to which the caller has a reference
 *
 * From now on, the memory control group of the VM's process is charged for what
 * the calling thread allocates and, if that is a kernel thread, its block-I/O control
 * group for the thread's I/O.  If no process has the VM's memory any more, this finds the
 * root groups.  guest_hold() looks for that afterwards, and has the worker do
 * nothing for the VM.  For a thread of the process, this does nothing, because the
 * thread is in the right groups already.
 *
 * Context: process context; does not sleep.
 */
void worker_begins(struct guest *guest);

/**
 * worker_ends() - the counterpart of worker_begins()
 * @guest: the VM
 *
 * Context: the same thread, with the same address space; does not sleep.
 */
void worker_ends(struct guest *guest);

/**
 * thread_is_killed() - is the caller a thread of a process that is being
 * killed?
 *
 * A worker whose thread is being killed ends what it is doing, and a vCPU's
 * thread that is being killed makes no workers any more.
 *
 * Context: process context; does not sleep.
 * Return: whether it is; always false for a kernel thread.
 */
bool thread_is_killed(void);

/**
 * workers_stand_in() - does the caller stand in for a worker?
 * @guest: the VM
 *
 * Context: process context; does not sleep.
 * Return: whether it is a kernel thread that does what no worker came for.
 */
bool workers_stand_in(const struct guest *guest);

/**
 * workers_init() - prepare a VM that has no workers yet
 * @guest: the VM
 *
 * Context: any.
 */
void workers_init(struct guest *guest);

/**
 * workers_stop() - end all workers of a VM
 * @guest: the VM, detached, so that no vCPU's thread and no descriptor queues
 *	work; none of its channel programs is active any more
 *
 * Work that is queued is done by a thread of the workqueue, and so is what is
 * queued later.
 *
 * Context: sleeps uninterruptibly until no worker is at work.  A worker that is
 * a thread of a stopped process ends its work only when the process is
 * continued or killed.
 */
void workers_stop(struct guest *guest);

/**
 * takeover_attach() - take the I/O instructions of a VM from KVM
 * @guest: the VM
 *
 * Context: may sleep, killably while another caller has ftrace take KVM's
 * functions or give them back, and uninterruptibly while ftrace takes them for
 * this caller.
 * Return: 0; -EBUSY when the VM is in the table of attached VMs already; -EINTR
 * when the caller was killed while it waited; -EOPNOTSUPP, after a message,
 * when ftrace can't take one of KVM's functions, for instance because it is
 * livepatched; -ENOMEM.
 */
int takeover_attach(struct guest *guest);

/**
 * takeover_detach() - give the I/O instructions of a VM back to KVM
 * @guest: the VM, attached
 *
 * KVM executes all further instructions of the VM.  takeover_wait() waits for
 * those that the module is executing.
 *
 * Context: may sleep, but waits for nobody.
 */
void takeover_detach(struct guest *guest);

/**
 * takeover_wait() - wait until the module executes no instruction of a VM
 * @guest: the VM, detached; css_stop() has told its channel programs to stop;
 *	the caller has a reference to the VM, or the attachment has @ended
 *
 * If no other VM is attached, KVM gets its functions back.
 *
 * Context: the attachment's thread; sleeps, as long as the host takes to
 * provide the guest's storage.
 */
void takeover_wait(struct guest *guest);

/**
 * takeover_exit() - wait until all calls of reset_float_irqs() have returned
 *
 * The memory that ftrace_set_filter_ips() has allocated is freed, too.
 *
 * Context: module exit, no VM attached; sleeps, as long as threads take to
 * execute the last few instructions of reset_float_irqs().
 */
void takeover_exit(void);

/**
 * takeover_guest() - look up the attachment of a VM
 * @kvm: the VM
 *
 * Context: the caller holds kvm->srcu or RCU for reading, or nobody has a
 * reference to the VM any more.
 * Return: the attachment, valid as long as the caller holds that; NULL when the
 * VM isn't attached.
 */
struct guest *takeover_guest(const struct kvm *kvm);

/**
 * takeover_kvm_handle_b2() - let KVM execute the instruction
 * @vcpu: the vCPU
 *
 * Context: as an intercept handler of KVM, whose caller returns what this returns.
 * Return: what KVM's own kvm_s390_handle_b2() returns, or what tells KVM to go on
 * by itself.
 */
int takeover_kvm_handle_b2(struct kvm_vcpu *vcpu);

/**
 * intercept_b2() - called in place of kvm_s390_handle_b2(), or by it
 * @vcpu: a vCPU of an attached VM, with an instruction that the module executes
 * @guest: the attachment of the VM, which may have been detached since
 *
 * Context: as an intercept handler of KVM: kvm->srcu held for reading, which
 * keeps @guest.
 * Return: as an intercept handler of KVM.
 */
int intercept_b2(struct kvm_vcpu *vcpu, struct guest *guest);

#ifndef CONFIG_KVM_S390_CSS

/**
 * takeover_reset_done() - give back the reference to the module that the ftrace
 * callback has taken
 *
 * Context: the end of reset_float_irqs(), which must not sleep any more.
 */
void takeover_reset_done(void);

/**
 * takeover_kvm_clear_float_irqs() - call KVM's own kvm_s390_clear_float_irqs()
 * @kvm: the VM
 *
 * Context: may sleep; takes kvm->lock.
 */
void takeover_kvm_clear_float_irqs(struct kvm *kvm);

/**
 * reset_float_irqs() - called in place of kvm_s390_clear_float_irqs()
 * @kvm: an attached VM, which is being reset or ends
 *
 * Context: may sleep, killably, as long as the devices take to end their
 * commands; no lock held.
 */
void reset_float_irqs(struct kvm *kvm);

#endif

/**
 * get_argument() - copy an extensible structure from the caller
 * @arg: where to
 * @size: its size
 * @size_first: the size that it had in the version of the ABI that brought it
 * @user: the caller's structure, whose first member is the size that it has for the
 *	caller
 *
 * Context: process context; may sleep for as long as the caller's memory takes.
 * Return: 0; -EFAULT; -EINVAL when it is shorter than its first version; -E2BIG when it
 * is longer than a page, or when it is longer than @size and the bytes behind that are
 * not all zeros.
 */
int get_argument(void *arg, size_t size, size_t size_first,
		 const void __user *user);

/**
 * put_argument() - copy a structure back to the caller
 * @user: the caller's structure
 * @arg: what get_argument() has copied, with what has changed since
 * @size: its size
 *
 * Copies as much as the caller has room for.  If the caller's structure is longer, the
 * rest of it stays as it is.
 *
 * Context: as get_argument().
 * Return: 0 or -EFAULT.
 */
int put_argument(void __user *user, const void *arg, size_t size);

/**
 * unit_serve() - KVM_CSS_SERVE
 * @guest: the attachment
 * @user: the caller's struct kvm_css_serve
 *
 * Context: process context; may sleep; the VM's memory control group is active.
 * Return: the descriptor of the unit, or an errno that user-abi.rst lists.
 */
long unit_serve(struct guest *guest, const void __user *user);

/**
 * host_sch_init() - be ready to take devices from the host
 *
 * Context: module init; may sleep.
 * Return: 0 or an errno from registering the css_driver.
 */
int host_sch_init(void);

/**
 * host_sch_exit() - the counterpart of host_sch_init()
 *
 * Context: module exit, no device lent; may sleep.
 */
void host_sch_exit(void);

/**
 * uapi_init() - make /dev/kvm-css appear
 *
 * Context: module init; may sleep.
 * Return: 0 or an errno from registering the device.
 */
int uapi_init(void);

/**
 * uapi_exit() - make /dev/kvm-css disappear
 *
 * Context: module exit, no file open; may sleep.
 */
void uapi_exit(void);

#endif /* _KVM_CSS_HOST_H */
