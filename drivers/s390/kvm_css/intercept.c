// SPDX-License-Identifier: GPL-2.0
/*
 * Taking intercepted I/O instructions from KVM, and giving their endings back.
 *
 * kvm_s390_handle_b2() is where KVM brings an intercepted B2xx instruction.
 * While at least one VM is attached, an ftrace operation sits at its entry.  It
 * sends an instruction of ours, of a VM that is attached, to
 * handle_attached(); every other call goes on into KVM's function untouched.
 * What is not ours after all goes there too, behind the patched instruction.
 * Everything that knows of ftrace is in this file, so that a hook in KVM could
 * take its place.
 *
 * Locking: attach_lock serializes attaching and detaching, and with that the
 * ftrace operation.  The table of attached VMs is read under RCU, by the ftrace
 * callback, and by vCPUs in handle_attached().  KVM holds kvm->srcu for reading
 * around every intercept handler.  So intercept_detach() takes the VM out of
 * the table, and intercept_wait() waits for RCU (who looks through the table,
 * for other VMs) and for kvm->srcu (vCPUs of this VM in handle_attached());
 * then no one uses struct css_guest any more.  A vCPU of a VM that is not
 * attached never runs in this module but for the callback, which ftrace waits
 * for when the operation is unregistered.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/hashtable.h>
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/srcu.h>
#include <linux/timekeeping.h>

#include <asm/processor.h>
#include <asm/ptrace.h>

#include <kvm_css/ioinst.h>

#include "kvm.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static DEFINE_HASHTABLE(attached_vms, 6);
static DEFINE_MUTEX(attach_lock);	/* see "Locking" above */
static unsigned int attached_count;

static __always_inline struct css_guest *attached(const struct kvm *kvm)
{
	struct css_guest *guest;

	hash_for_each_possible_rcu_notrace(attached_vms, guest, node,
					   (unsigned long)kvm) {
		if (guest->kvm == kvm)
			return guest;
	}
	return NULL;
}

/* KVM's own handler, entered behind the instruction that ftrace patches. */
static int handle_by_kvm(struct kvm_vcpu *vcpu)
{
	int (*behind)(struct kvm_vcpu *vcpu);

	behind = (void *)kvm_symbols.kvm_s390_handle_b2 + MCOUNT_INSN_SIZE;
	return behind(vcpu);
}

static int inject_program_interruption(struct kvm_vcpu *vcpu,
				       const struct kvm_s390_pgm_info *pgm)
{
	struct kvm_s390_irq irq = {
		.type = KVM_S390_PROGRAM_INT,
		.u.pgm = *pgm,
	};

	return kvm_symbols.kvm_s390_inject_vcpu(vcpu, &irq);
}

/* The length of the instruction, or of the EXECUTE that it is the target of */
static unsigned int instruction_length(const struct kvm_s390_sie_block *sie)
{
	const unsigned int format_s = 4;
	unsigned int length;

	if (!(sie->icptstatus & 1))
		return format_s;
	length = (sie->icptstatus >> 4) & 6;
	return length ?: 4;
}

static void execute_again(struct kvm_vcpu *vcpu)
{
	struct kvm_s390_sie_block *sie = vcpu->arch.sie_block;

	/* No PER event for an execution that doesn't count. */
	sie->icptstatus &= ~0x02;
	sie->gpsw.addr = __rewind_psw(sie->gpsw, instruction_length(sie));
}

/*
 * The one place where an ending becomes what the guest sees (PSW condition
 * code, program interruption) and what KVM's intercept handler returns.
 */
static int intercept_end(struct kvm_vcpu *vcpu, ioinst_ending_t ending)
{
	psw_t *psw = &vcpu->arch.sie_block->gpsw;

	if (ioinst_is_cc(ending)) {
		psw->mask &= ~PSW_MASK_CC;
		psw->mask |= (u64)ioinst_value(ending) << 44;
		return 0;
	}
	if (ioinst_is_pgm(ending)) {
		struct kvm_s390_pgm_info pgm = { .code = ioinst_value(ending) };

		return inject_program_interruption(vcpu, &pgm);
	}
	if (ending == IOINST_ACCESS_EXCEPTION)
		return inject_program_interruption(vcpu, &vcpu->arch.pgm);
	if (ending == IOINST_RETRY) {
		execute_again(vcpu);
		return 0;
	}
	if (ending == IOINST_COMPLETED)
		return 0;
	if (ending == IOINST_HOST_FAULT)
		return -EFAULT;
	/* IOINST_USERSPACE, and IOINST_PROCEED, which ends no instruction */
	WARN_ON_ONCE(ending != IOINST_USERSPACE);
	return handle_by_kvm(vcpu);
}

/*
 * Operand of format S: base in bits 0-3 and displacement in bits 4-15 of IPB.
 * CHSC is of format RRE: its register in bits 8-11 has the address.
 */
static void decode(const struct kvm_vcpu *vcpu, struct ioinst *insn)
{
	const struct kvm_s390_sie_block *sie = vcpu->arch.sie_block;
	const u64 *gprs = vcpu->run->s.regs.gprs;
	u8 base = sie->ipb >> 28;

	insn->opcode = sie->ipa;
	insn->problem_state = sie->gpsw.mask & PSW_MASK_PSTATE;
	insn->gpr1 = gprs[1];
	insn->gpr2 = gprs[2];
	if (insn->opcode == IOINST_CHSC) {
		insn->ar = sie->ipb >> 20 & 0xf;
		insn->addr = gprs[insn->ar];
	} else {
		insn->ar = base;
		insn->addr = (base ? gprs[base] : 0) +
			     (sie->ipb >> 16 & 0xfff);
	}
}

/* In place of kvm_s390_handle_b2(), for what is_ours() has let through */
static int handle_attached(struct kvm_vcpu *vcpu)
{
	struct css_vcpu css_vcpu = { .vcpu = vcpu };
	ioinst_ending_t ending;
	struct css_guest *guest;
	struct ioinst insn;
	u64 entered = 0;

	/* RCU for the others in the table; ours is kept by kvm->srcu. */
	rcu_read_lock();
	guest = attached(vcpu->kvm);
	rcu_read_unlock();
	/* Detached since the callback looked */
	if (!guest)
		return handle_by_kvm(vcpu);
	decode(vcpu, &insn);
	trace_ioinst_entry(vcpu->vcpu_id, &insn);
	if (trace_ioinst_exit_enabled())
		entered = ktime_get_ns();
	ending = ioinst_execute(&guest->css, &css_vcpu, &insn);
	if (trace_ioinst_exit_enabled())
		trace_ioinst_exit(vcpu->vcpu_id, &insn, ending,
				  entered ? ktime_get_ns() - entered : 0);
	return intercept_end(vcpu, ending);
}

/*
 * A protected VM's instructions are none of our business: its registers and
 * storage can't be read.  It may have become one after it was attached.
 */
static __always_inline bool is_ours(const struct kvm_vcpu *vcpu)
{
	bool ours;

	if (!ioinst_is_ours(vcpu->arch.sie_block->ipa) ||
	    vcpu->arch.pv.handle)
		return false;
	/* As good as rcu_read_lock(), and nothing in it can be traced. */
	preempt_disable_notrace();
	ours = attached(vcpu->kvm);
	preempt_enable_notrace();
	return ours;
}

static void notrace intercept_callback(unsigned long ip,
				       unsigned long parent_ip,
				       struct ftrace_ops *ops,
				       struct ftrace_regs *fregs)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);

	if (is_ours((const struct kvm_vcpu *)regs->gprs[2]))
		regs->psw.addr = (unsigned long)handle_attached;
}

/*
 * Permanent: without it, kernel.ftrace_enabled=0 would take the intercept away
 * from running guests without a word.
 */
static struct ftrace_ops intercept_ops = {
	.func = intercept_callback,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY |
		 FTRACE_OPS_FL_PERMANENT,
};

static int intercept_take(void)
{
	unsigned long ip = (unsigned long)kvm_symbols.kvm_s390_handle_b2;
	int rc;

	/* Refuses an address at which ftrace has nothing to patch. */
	rc = ftrace_set_filter_ip(&intercept_ops, ip, 0, 0);
	if (!rc)
		rc = register_ftrace_function(&intercept_ops);
	if (!rc)
		return 0;
	ftrace_set_filter_ip(&intercept_ops, ip, 1, 0);
	if (rc == -ENOMEM)
		return rc;
	pr_err("expected to take kvm_s390_handle_b2() over with ftrace, found error %d; is it livepatched, or kernel.ftrace_enabled 0?\n",
	       rc);
	return -EOPNOTSUPP;
}

static void intercept_give_back(void)
{
	unsigned long ip = (unsigned long)kvm_symbols.kvm_s390_handle_b2;
	int rc = unregister_ftrace_function(&intercept_ops);

	if (rc) {
		/* ftrace has shut itself down and may still know of us. */
		pr_err("ftrace does not give kvm_s390_handle_b2() back, error %d; the module stays loaded\n",
		       rc);
		__module_get(THIS_MODULE);
		return;
	}
	ftrace_set_filter_ip(&intercept_ops, ip, 1, 0);
}

int intercept_attach(struct css_guest *guest)
{
	int rc = 0;

	mutex_lock(&attach_lock);
	if (attached(guest->kvm))
		rc = -EBUSY;
	else if (!attached_count)
		rc = intercept_take();
	if (!rc) {
		hash_add_rcu(attached_vms, &guest->node,
			     (unsigned long)guest->kvm);
		attached_count++;
	}
	mutex_unlock(&attach_lock);
	return rc;
}

void intercept_detach(struct css_guest *guest)
{
	mutex_lock(&attach_lock);
	hash_del_rcu(&guest->node);
	if (!--attached_count)
		intercept_give_back();
	mutex_unlock(&attach_lock);
}

void intercept_wait(struct css_guest *guest)
{
	synchronize_rcu();
	synchronize_srcu(&guest->kvm->srcu);
}
