// SPDX-License-Identifier: GPL-2.0
/*
 * The table of attached VMs, and taking functions over from KVM.
 *
 * The module takes two functions of KVM over.  KVM calls kvm_s390_handle_b2()
 * for every intercepted B2xx instruction.  KVM calls
 * kvm_s390_clear_float_irqs() when a VMM resets the VM's I/O, and before KVM
 * frees a VM.  While at least one VM is attached, an ftrace operation is
 * registered for the entry of both functions.  Its callback diverts calls for
 * attached VMs to intercept_b2() and reset_float_irqs(), which return to the
 * caller of KVM's function.  All other calls go on in KVM's function.  When
 * intercept_b2() finds that the VMM has to execute the instruction, it calls
 * KVM's function, behind the instruction that ftrace has patched.  So does
 * reset_float_irqs(), after it has reset the subchannels.  All that depends on
 * ftrace is in this file, so that a hook in KVM could take its place.
 *
 * Locking: attached_lock is a spinlock and protects the table of attached VMs.
 * attach_lock is a mutex and protects the number of attached VMs, and the
 * registration of the ftrace operation, which depends on that.  attach_lock is
 * held while ftrace takes KVM's functions or gives them back.  ftrace then
 * waits until every task of the host has left the code that it changes.
 * Nothing else under attach_lock takes as long, but no VM and no user can
 * prolong this wait.  Removing a VM from the table does not need attach_lock.
 *
 * The table is read under RCU: by the ftrace callback, and by the functions to
 * which it diverts calls.  The callback passes the attachment on to
 * intercept_b2().  The attachment of a VM stays while its instruction
 * is executed, because KVM holds kvm->srcu for reading around every intercept
 * handler.  reset.c holds kvm->srcu until it has counted itself in @users of
 * the attachment.
 *
 * So detaching is done in steps, without a lock while something is waited for:
 *
 * - css_stop() tells the VM's channel programs to stop, before this file is
 *   called.
 * - takeover_detach() removes the VM from the table.
 * - takeover_wait() waits for RCU, since somebody may be looking through the
 *   table for another VM; then it waits for kvm->srcu, since CPUs of this VM
 *   may be executing instructions.
 * - takeover_wait() gives KVM's functions back, if no VM is attached any more.
 *
 * A vCPU of a VM that isn't attached runs no code of this module but the
 * callback, and ftrace waits for that when the operation is unregistered.  A
 * call that was diverted to reset.c holds a reference to the module.
 *
 * KVM calls kvm_s390_clear_float_irqs() in two places: in the file that defines
 * it, for a VMM, and in kvm_arch_destroy_vm(), which tells attachment.c that a
 * VM ends.  If a compiler inlined the function in one of them, ftrace could not
 * divert that call, and the module would not notice.  The selftests "reset" and
 * "keep" would notice.
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

	/*
	 * RCU keeps the other attachments while this walks past them.  The one
	 * that this returns is kept by what the caller holds.
	 */
	rcu_read_lock();
	guest = attached(kvm);
	rcu_read_unlock();
	return guest;
}

/*
 * Return: the address behind the instruction of the function that ftrace
 * patches.
 */
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

/* As takeover_guest(), but this calls nothing that can be traced. */
static __always_inline struct guest *attached_notrace(const struct kvm *kvm)
{
	struct guest *guest;

	/* Works as rcu_read_lock() does. */
	preempt_disable_notrace();
	guest = attached(kvm);
	preempt_enable_notrace();
	return guest;
}

/*
 * Say whether the VM is attached, and take a reference to the module if it is.
 * reset_float_irqs() needs it because it sleeps, and nothing else keeps the
 * module until it returns.  An attached VM has a reference to the module, so
 * taking another one can't fail.
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
 * Whose instruction is it, if the module executes it?  It doesn't if the VM is a
 * protected one, whose registers and storage can't be read.  An attached VM may
 * become a protected one.
 */
static __always_inline struct guest *whose(const struct kvm_vcpu *vcpu)
{
	if (!ioinst_is_ours(vcpu->arch.sie_block->ipa) || vcpu->arch.pv.handle)
		return NULL;
	return attached_notrace(vcpu->kvm);
}

static void notrace takeover_callback(unsigned long ip, unsigned long parent_ip,
				      struct ftrace_ops *ops,
				      struct ftrace_regs *fregs)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);
	const void *argument = (const void *)regs->gprs[2];
	struct guest *guest;

	if (ip == (unsigned long)kvm_symbols.kvm_s390_handle_b2) {
		guest = whose(argument);
		if (!guest)
			return;
		/* The second argument, which KVM's function doesn't have */
		regs->gprs[3] = (unsigned long)guest;
		regs->psw.addr = (unsigned long)intercept_b2;
	} else if (is_attached_get_module(argument)) {
		regs->psw.addr = (unsigned long)reset_float_irqs;
	}
}

/*
 * One operation for both functions, because ftrace waits for all tasks of the
 * host whenever an operation is unregistered.  FTRACE_OPS_FL_PERMANENT makes
 * kernel.ftrace_enabled=0 fail while VMs are attached; otherwise the module
 * would lose KVM's functions without noticing.
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

	/*
	 * This fails for an address where ftrace has no instruction to patch.
	 */
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
	/*
	 * ftrace has shut itself down, and may still call the callback.  So the
	 * module must stay.
	 */
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
	/*
	 * A thread may have been preempted in reset_float_irqs() after it has
	 * given back its reference to the module.
	 */
	synchronize_rcu_tasks();
	/*
	 * This leaves dangling pointers in takeover_ops, so it is done when
	 * nobody can use takeover_ops any more.
	 */
	ftrace_free_filter(&takeover_ops);
}

int takeover_attach(struct guest *guest)
{
	int rc = 0;

	/* Nobody holds it longer than ftrace needs, see "Locking" above. */
	if (mutex_lock_killable(&attach_lock))
		return -EINTR;
	if (takeover_guest(guest->kvm))
		rc = -EBUSY;
	else if (!attached_count)
		rc = take_functions();
	/* Nobody else adds a VM to the table, which needs attach_lock. */
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
 * As synchronize_srcu(), but in TASK_IDLE: a CPU that executes an instruction
 * may wait for a page that userspace provides, so long that the kernel would
 * warn of a hung task.
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
	/* A VM that has ended has no CPUs, and kvm->srcu is gone. */
	if (!READ_ONCE(guest->ended))
		wait_for_cpus(guest->kvm);
	mutex_lock(&attach_lock);
	if (!--attached_count)
		give_functions_back();
	mutex_unlock(&attach_lock);
}
