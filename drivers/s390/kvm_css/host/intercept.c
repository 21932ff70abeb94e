// SPDX-License-Identifier: GPL-2.0
/*
 * Intercepted I/O instructions of attached VMs.  intercept_b2(), which
 * takeover.c has KVM call, gets the operands from KVM's vCPU, lets the core
 * execute the instruction, and turns the ending into what the guest and KVM
 * see.
 */
#include <linux/kvm_host.h>
#include <linux/timekeeping.h>

#include <asm/processor.h>
#include <asm/ptrace.h>

#include <kvm_css/ioinst.h>

#include "host.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/*
 * Turn an ending into what the guest sees, a condition code or a program
 * interruption, and into what an intercept handler of KVM returns.  No other
 * function does that.
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

		return kvm_s390_css_inject_program(vcpu, &pgm);
	}
	if (ending == IOINST_ACCESS_EXCEPTION)
		return kvm_s390_css_inject_program(vcpu, &vcpu->arch.pgm);
	if (ending == IOINST_RETRY) {
		kvm_s390_css_retry(vcpu);
		return 0;
	}
	if (ending == IOINST_COMPLETED)
		return 0;
	if (ending == IOINST_HOST_FAULT)
		return -EFAULT;
	/* Only IOINST_USERSPACE is left: IOINST_PROCEED ends no instruction. */
	WARN_ON_ONCE(ending != IOINST_USERSPACE);
	return takeover_kvm_handle_b2(vcpu);
}

/*
 * Get the operands of an instruction.  Most have format S: IPB has the base in
 * bits 0-3 and the displacement in bits 4-15.  CHSC has format RRE: bits 8-11
 * of IPB name the register with the address.
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

int intercept_b2(struct kvm_vcpu *vcpu, struct guest *guest)
{
	struct guest_vcpu guest_vcpu = { .vcpu = vcpu };
	ioinst_ending_t ending;
	struct ioinst insn;
	u64 entered = 0;

	decode(vcpu, &insn);
	trace_ioinst_entry(vcpu->vcpu_id, &insn);
	if (trace_ioinst_exit_enabled())
		entered = ktime_get_ns();
	ending = ioinst_execute(&guest->css, &guest_vcpu, &insn);
	if (trace_ioinst_exit_enabled())
		trace_ioinst_exit(vcpu->vcpu_id, &insn, ending,
				  entered ? ktime_get_ns() - entered : 0);
	return intercept_end(vcpu, ending);
}
