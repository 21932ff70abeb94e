// SPDX-License-Identifier: GPL-2.0
/*
 * Attached VMs, and taking from KVM what is to be done for them.
 *
 * Two functions of KVM are taken over: kvm_s390_handle_b2(), where KVM brings
 * an intercepted B2xx instruction, and kvm_s390_clear_float_irqs(), with which
 * a VMM resets the VM's I/O, and KVM takes a VM apart.  While at least
 * one VM is attached, an ftrace operation sits at the entry of both.  It sends
 * the calls that are for a VM that is attached to intercept.c and reset.c;
 * every other call goes on into KVM's function untouched.  What is not ours
 * after all goes there too, behind the patched instruction.  Everything that
 * knows of ftrace is in this file, so that a hook in KVM could take its place.
 *
 * Locking: attached_lock, a spinlock, protects the table of attached VMs, and
 * attach_lock how many there are, and with that the ftrace operation.  The latter
 * is held while ftrace takes KVM's functions and gives them back, which is as long
 * as the slowest task of the host takes to be somewhere else: longer than anything
 * else here, but nothing that a VM or its user chooses.  Who only leaves the table
 * doesn't take it.  The table is read under RCU, by the ftrace callback,
 * and by who has been sent here.  KVM holds kvm->srcu for reading around every
 * intercept handler, and reset.c while it takes hold of a VM.  So
 * takeover_detach() takes the VM out of the table, and takeover_wait() waits for
 * RCU (who looks through the table, for other VMs) and for kvm->srcu (who works
 * for this VM), with no lock held; then it gives KVM's functions back, if no other
 * VM is attached.  That comes after the VM's channel programs have been told to
 * stop.  A vCPU of a VM that is not attached never runs in this module but for the
 * callback, which ftrace waits for when the operation is unregistered; who was sent
 * to reset.c has a reference to the module.
 *
 * kvm_s390_clear_float_irqs() is called from within its own file, and from
 * kvm_arch_destroy_vm().  What attachment.c knows of the end of a VM hangs on the
 * latter call.  A compiler that inlines it would take it away unnoticed; the
 * selftests "reset" and "keep" are what notices.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/ftrace.h>
#include <linux/hashtable.h>
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/rcupdate_wait.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>

#include <asm/ptrace.h>

#include <kvm_css/ioinst.h>

#include "host.h"

static DEFINE_HASHTABLE(attached_vms, 6);
static DEFINE_SPINLOCK(attached_lock);	/* see "Locking" above */
static DEFINE_MUTEX(attach_lock);	/* likewise */
static unsigned int attached_count;

static __always_inline struct guest *attached(const struct kvm *kvm)
{
	struct guest *guest;

	hash_for_each_possible_rcu_notrace(attached_vms, guest, node,
					   (unsigned long)kvm) {
		if (guest->kvm == kvm)
			return guest;
	}
	return NULL;
}

struct guest *takeover_guest(const struct kvm *kvm)
{
	struct guest *guest;

	/* RCU for the others in the table; ours is kept by the caller. */
	rcu_read_lock();
	guest = attached(kvm);
	rcu_read_unlock();
	return guest;
}

/* Behind the instruction that ftrace patches is KVM's own function. */
static unsigned long behind(const void *function)
{
	return (unsigned long)function + MCOUNT_INSN_SIZE;
}

int takeover_kvm_handle_b2(struct kvm_vcpu *vcpu)
{
	typeof(kvm_symbols.kvm_s390_handle_b2) kvms;

	kvms = (void *)behind(kvm_symbols.kvm_s390_handle_b2);
	return kvms(vcpu);
}

void takeover_kvm_clear_float_irqs(struct kvm *kvm)
{
	typeof(kvm_symbols.kvm_s390_clear_float_irqs) kvms;

	kvms = (void *)behind(kvm_symbols.kvm_s390_clear_float_irqs);
	kvms(kvm);
}

static __always_inline bool is_attached(const struct kvm *kvm)
{
	bool is;

	/* As good as rcu_read_lock(), and nothing in it can be traced. */
	preempt_disable_notrace();
	is = attached(kvm);
	preempt_enable_notrace();
	return is;
}

/*
 * The same for who will sleep in here, and in KVM, with no attachment to hold:
 * with a reference to the module.  The one in the table has one.
 */
static __always_inline bool is_attached_get_module(const struct kvm *kvm)
{
	bool is;

	preempt_disable_notrace();
	is = attached(kvm);
	if (is)
		__module_get(THIS_MODULE);
	preempt_enable_notrace();
	return is;
}

/*
 * A protected VM's instructions are none of our business: its registers and
 * storage can't be read.  It may have become one after it was attached.
 */
static __always_inline bool is_our_instruction(const struct kvm_vcpu *vcpu)
{
	return ioinst_is_ours(vcpu->arch.sie_block->ipa) &&
	       !vcpu->arch.pv.handle && is_attached(vcpu->kvm);
}

static void notrace takeover_callback(unsigned long ip, unsigned long parent_ip,
				      struct ftrace_ops *ops,
				      struct ftrace_regs *fregs)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);
	const void *argument = (const void *)regs->gprs[2];

	if (ip == (unsigned long)kvm_symbols.kvm_s390_handle_b2) {
		if (is_our_instruction(argument))
			regs->psw.addr = (unsigned long)intercept_b2;
	} else if (is_attached_get_module(argument)) {
		regs->psw.addr = (unsigned long)reset_float_irqs;
	}
}

/*
 * One for both functions: each costs the host a wait for all its tasks when it
 * is taken away.  Permanent: without it, kernel.ftrace_enabled=0 would take the
 * functions away from running guests without a word.
 */
static struct ftrace_ops takeover_ops = {
	.func = takeover_callback,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY |
		 FTRACE_OPS_FL_PERMANENT,
};

static int take_functions(void)
{
	unsigned long ips[] = {
		(unsigned long)kvm_symbols.kvm_s390_handle_b2,
		(unsigned long)kvm_symbols.kvm_s390_clear_float_irqs,
	};
	int rc;

	/* Refuses an address at which ftrace has nothing to patch. */
	rc = ftrace_set_filter_ips(&takeover_ops, ips, ARRAY_SIZE(ips), 0, 1);
	if (!rc)
		rc = register_ftrace_function(&takeover_ops);
	if (!rc || rc == -ENOMEM)
		return rc;
	pr_err("expected to take kvm_s390_handle_b2() and kvm_s390_clear_float_irqs() over with ftrace, found error %d; is one of them livepatched, or kernel.ftrace_enabled 0?\n",
	       rc);
	return -EOPNOTSUPP;
}

static void give_functions_back(void)
{
	int rc = unregister_ftrace_function(&takeover_ops);

	if (!rc)
		return;
	/* ftrace has shut itself down and may still know of us. */
	pr_err("ftrace does not give KVM's functions back, error %d; the module stays loaded\n",
	       rc);
	__module_get(THIS_MODULE);
}

void takeover_reset_done(void)
{
	module_put(THIS_MODULE);
}

void takeover_exit(void)
{
	/* Who was sent to reset.c may have been preempted behind module_put(). */
	synchronize_rcu_tasks();
	/* It leaves dangling pointers, so not before the very end. */
	ftrace_free_filter(&takeover_ops);
}

int takeover_attach(struct guest *guest)
{
	int rc = 0;

	/* Who takes it holds it no longer than ftrace takes, see above. */
	if (mutex_lock_killable(&attach_lock))
		return -EINTR;
	if (takeover_guest(guest->kvm))
		rc = -EBUSY;
	else if (!attached_count)
		rc = take_functions();
	/* Nobody else comes into the table meanwhile. */
	if (!rc) {
		spin_lock(&attached_lock);
		hash_add_rcu(attached_vms, &guest->node,
			     (unsigned long)guest->kvm);
		spin_unlock(&attached_lock);
		attached_count++;
	}
	mutex_unlock(&attach_lock);
	return rc;
}

void takeover_detach(struct guest *guest)
{
	spin_lock(&attached_lock);
	hash_del_rcu(&guest->node);
	spin_unlock(&attached_lock);
}

/*
 * synchronize_srcu(), but no hung task: a CPU in here may wait for a page that
 * userspace provides.
 */
static void wait_for_cpus(struct kvm *kvm)
{
	struct rcu_synchronize rs;

	init_rcu_head_on_stack(&rs.head);
	init_completion(&rs.completion);
	call_srcu(&kvm->srcu, &rs.head, wakeme_after_rcu);
	wait_for_completion_state(&rs.completion, TASK_IDLE);
	destroy_rcu_head_on_stack(&rs.head);
}

void takeover_wait(struct guest *guest)
{
	synchronize_rcu();
	/* Of a VM that has ended, no CPU is left. */
	if (!READ_ONCE(guest->ended))
		wait_for_cpus(guest->kvm);
	mutex_lock(&attach_lock);
	if (!--attached_count)
		give_functions_back();
	mutex_unlock(&attach_lock);
}
