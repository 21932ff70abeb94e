/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The s390 half of the module: what connects the core with KVM.
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

/**
 * struct workers - the threads that work for a VM, see workers.c
 * @lock: protects what follows
 * @queue: what is to be done
 * @queued: how much that is
 * @all: the workers
 * @nr: how many of them there are, but for those that have been killed
 * @coming: how many of them have been woken or made, and have not looked yet
 * @closed: they do nothing any more
 * @done: one of them has done something
 * @hiring: held while one is made, or one that has been killed is freed
 */
struct workers {
	spinlock_t lock;	/* a leaf, see workers.c */
	struct list_head queue;
	unsigned int queued;
	struct list_head all;
	unsigned int nr;
	unsigned int coming;
	bool closed;
	wait_queue_head_t done;
	struct mutex hiring;	/* see workers.c */
};

/**
 * struct guest - a VM with its channel subsystem
 * @kvm: the VM; who holds a reference is told in attachment.c
 * @css: the channel-subsystem image
 * @node: in the table of attached VMs, see takeover.c
 * @ref: its own memory's, see attachment.c
 * @users: resets that go on, see reset.c, and who looks at it
 * @attached: takeover_attach() has succeeded, or may
 * @memcg: memory control group that is charged
 * @workers: who runs its channel programs off the vCPUs
 * @thread: does what takes time, see attachment.c
 * @wait: where it waits until there is something to do
 * @stopped: its subchannels are gone, their interruptions withdrawn, and the VM may
 *	have another channel subsystem
 * @destroyed: @thread has nothing left to do
 * @lock: protects what follows
 * @opens: descriptors that are open
 * @keep: it ends with the VM, not with the last descriptor
 * @ending: it has no descriptor any more, and is not kept
 * @ended: there is no VM any more
 * @inside: references to the VM that workers have
 * @put: one of these is for @thread to give back
 */
struct guest {
	struct kvm *kvm;
	struct css css;
	struct hlist_node node;
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
 * @vcpu: KVM's idea of it; the calling thread is in its KVM_RUN
 */
struct guest_vcpu {
	struct kvm_vcpu *vcpu;
};

/* As arch/s390/kvm/gaccess.h has it */
enum gacc_mode { GACC_FETCH, GACC_STORE, GACC_IFETCH };

/**
 * struct kvm_symbols - what KVM has but doesn't export
 * @kvm_s390_handle_b2: the handler of intercepted B2xx instructions
 * @kvm_s390_clear_float_irqs: takes all floating interruptions off
 * @kvm_s390_inject_vm: makes a floating interruption pending
 * @kvm_s390_get_io_int: takes an I/O interruption off again
 * @kvm_s390_inject_vcpu: makes an interruption pending at a CPU
 * @access_guest_with_key: accesses storage at a logical address
 * @check_gva_range: checks whether it could be accessed
 * @kvm_s390_get_ilen: the length of an intercepted instruction, or of the
 *	EXECUTE whose target it is
 */
struct kvm_symbols {
	int (*kvm_s390_handle_b2)(struct kvm_vcpu *vcpu);
	void (*kvm_s390_clear_float_irqs)(struct kvm *kvm);
	int (*kvm_s390_inject_vm)(struct kvm *kvm,
				  struct kvm_s390_interrupt *s390int);
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
	u8 (*kvm_s390_get_ilen)(struct kvm_vcpu *vcpu);
};

extern struct kvm_symbols kvm_symbols;

/**
 * kvm_symbols_init() - find all of struct kvm_symbols, or refuse
 *
 * Context: module init; may sleep.
 * Return: 0, or -ENOENT after a message that names what is missing.
 */
int kvm_symbols_init(void);

/**
 * attachment_create() - attach a VM, for a descriptor
 * @kvm: the VM, to which the caller has a reference
 * @alone: see css_init()
 * @keep: it ends with the VM, or after attachment_keep_no_longer(), and not with
 *	its last descriptor
 *
 * An attachment of the same VM that is ending is waited for.
 *
 * Context: may sleep, killably.
 * Return: the attachment, opened once; an ERR_PTR() as takeover_attach() has it;
 * ERR_PTR(-EOPNOTSUPP) when one is to be kept by a kernel without CONFIG_MEMCG;
 * ERR_PTR(-ESRCH) when no process has the VM's memory any more.
 */
struct guest *attachment_create(struct kvm *kvm, bool alone, bool keep);

/**
 * attachment_open() - for one more descriptor
 * @kvm: the VM, to which the caller has a reference
 *
 * Context: process context; does not sleep.
 * Return: the attachment, opened once more; ERR_PTR(-ENOENT) when the VM has
 * none, or one that is ending.
 */
struct guest *attachment_open(struct kvm *kvm);

/**
 * attachment_look() - for a descriptor that looks, and keeps nothing
 * @kvm: the VM, to which the caller has a reference
 *
 * Context: process context; does not sleep.
 * Return: the attachment, or ERR_PTR(-ENOENT) as attachment_open() has it.  Valid
 * until attachment_look_no_longer(), but nothing behind it is without
 * attachment_enter().
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
 * attachment_enter() - keep the channel subsystem, not the VM, for a moment
 * @guest: the attachment
 *
 * Its end waits for attachment_leave(), so that the caller waits for nobody
 * meanwhile, and accesses no memory of a process.
 *
 * Context: process context; does not sleep.
 * Return: false when it has ended, or is ending.
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
 * attachment_close() - a descriptor is no longer
 * @guest: the attachment, opened; not the caller's any more afterwards
 *
 * Context: may sleep, killably, when it ends thereby: until that is done.
 */
void attachment_close(struct guest *guest);

/**
 * attachment_keep_no_longer() - it ends with its last descriptor after all
 * @guest: the attachment, opened
 *
 * Context: process context; does not sleep.
 */
void attachment_keep_no_longer(struct guest *guest);

/**
 * attachment_vm_ends() - nobody has a reference to this VM any more
 * @kvm: the VM, attached.  Its memory slots, its SRCU and its list of floating
 *	interruptions are still there; CPUs, SCA, GISA, debug feature and gmap are
 *	not, so that no interruption may be made pending.
 *
 * Nothing refers to it afterwards.
 *
 * Context: may sleep; waits for nobody.
 */
void attachment_vm_ends(struct kvm *kvm);

/**
 * worker_begins() - act for a VM, if the caller is a kernel thread
 * @guest: the VM, to which the caller has a reference
 *
 * From now on what the thread allocates is charged to the memory control group
 * of the VM's process, and its I/O to the process' block-I/O control group.
 *
 * Context: process context; does not sleep.
 */
void worker_begins(struct guest *guest);

/**
 * worker_ends() - the counterpart of worker_begins()
 *
 * Context: the same thread; does not sleep.
 */
void worker_ends(void);

/**
 * worker_is_killed() - is the caller a worker whose process has been killed?
 *
 * Context: a worker; does not sleep.
 * Return: whether it is: it should leave what it does.
 */
bool worker_is_killed(void);

/**
 * workers_init() - prepare for workers
 * @guest: the VM
 *
 * Context: any.
 */
void workers_init(struct guest *guest);

/**
 * workers_stop() - have no worker any more
 * @guest: the VM, detached; no vCPU and no descriptor comes here
 *
 * What is queued goes to the workqueue.
 *
 * Context: may sleep uninterruptibly: as long as a worker is in what it does and,
 * if it is a thread of a process that has been stopped, until that is continued or
 * killed.
 */
void workers_stop(struct guest *guest);

/**
 * takeover_attach() - from now on, I/O instructions of this VM are ours
 * @guest: the VM
 *
 * Context: may sleep, killably, as long as ftrace takes to give KVM's functions
 * back, and to take them.
 * Return: 0; -EBUSY when the VM is in the table already; -EINTR when the caller was
 * killed while it waited; -EOPNOTSUPP when one of
 * KVM's functions is not what it should be or another one has taken it over (a
 * livepatch, say), after a message that says so; -ENOMEM.
 */
int takeover_attach(struct guest *guest);

/**
 * takeover_detach() - give the I/O instructions of this VM back
 * @guest: the VM, attached
 *
 * No further instruction of the VM comes here; see takeover_wait() for those
 * that have.
 *
 * Context: may sleep; waits for nobody.
 */
void takeover_detach(struct guest *guest);

/**
 * takeover_wait() - wait until no CPU executes an instruction in here
 * @guest: the VM, detached; its channel programs have been told to stop, and it
 *	is there or its attachment has @ended
 *
 * If it was the last VM that was attached, KVM has its functions back then.
 *
 * Context: the attachment's thread; may sleep, as long as it takes the host to
 * provide the guest's storage.
 */
void takeover_wait(struct guest *guest);

/**
 * takeover_exit() - wait for who leaves, and give back what finding KVM's
 * functions has taken
 *
 * Context: module exit, no VM attached; may sleep, as long as it takes everyone to
 * get out of a few instructions.
 */
void takeover_exit(void);

/**
 * takeover_reset_done() - reset_float_irqs() is about to return
 *
 * Gives the callback's reference to the module back.
 *
 * Context: any; the caller doesn't sleep any more.
 */
void takeover_reset_done(void);

/**
 * takeover_guest() - is this VM attached?
 * @kvm: the VM
 *
 * Context: kvm->srcu or RCU held for reading, or a VM that ends.
 * Return: what it was attached as, valid as long as that is held; NULL when it
 * isn't.
 */
struct guest *takeover_guest(const struct kvm *kvm);

/**
 * takeover_kvm_handle_b2() - KVM's own kvm_s390_handle_b2()
 * @vcpu: the vCPU
 *
 * Context: as an intercept handler of KVM.
 * Return: what KVM returns.
 */
int takeover_kvm_handle_b2(struct kvm_vcpu *vcpu);

/**
 * takeover_kvm_clear_float_irqs() - KVM's own kvm_s390_clear_float_irqs()
 * @kvm: the VM
 *
 * Context: may sleep; takes kvm->lock.
 */
void takeover_kvm_clear_float_irqs(struct kvm *kvm);

/**
 * intercept_b2() - in place of kvm_s390_handle_b2()
 * @vcpu: the vCPU, of a VM that is attached, with an instruction of ours
 *
 * Context: as an intercept handler of KVM: kvm->srcu held for reading.
 * Return: as an intercept handler of KVM.
 */
int intercept_b2(struct kvm_vcpu *vcpu);

/**
 * reset_float_irqs() - in place of kvm_s390_clear_float_irqs()
 * @kvm: a VM that is attached; it is reset, or ends
 *
 * Context: may sleep, killably, as long as the devices take to end their
 * commands; no lock held.
 */
void reset_float_irqs(struct kvm *kvm);

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
