/* SPDX-License-Identifier: GPL-2.0 */
/*
 * I/O instructions: Principles of Operation chapter 14.
 */
#ifndef _KVM_CSS_IOINST_H
#define _KVM_CSS_IOINST_H

#include <linux/types.h>

#include <kvm_css/ending.h>

struct css;
struct guest_vcpu;

/*
 * Operation codes of the instructions that ioinst_execute() executes.  KVM
 * itself executes TEST PENDING INTERRUPTION (B236), with the interruptions that
 * guest_inject() has made pending.
 */
#define IOINST_CSCH	0xb230
#define IOINST_HSCH	0xb231
#define IOINST_MSCH	0xb232
#define IOINST_SSCH	0xb233
#define IOINST_STSCH	0xb234
#define IOINST_TSCH	0xb235
#define IOINST_SAL	0xb237
#define IOINST_RSCH	0xb238
#define IOINST_STCRW	0xb239
#define IOINST_STCPS	0xb23a
#define IOINST_RCHP	0xb23b
#define IOINST_SCHM	0xb23c
#define IOINST_CHSC	0xb25f
#define IOINST_SIGA	0xb274
#define IOINST_XSCH	0xb276

/**
 * struct ioinst - an I/O instruction with its operands
 * @opcode: IOINST_*
 * @problem_state: the CPU is in the problem state
 * @ar: access register that qualifies the second operand
 * @gpr1: general register 1, the subsystem-identification word in its low half
 * @gpr2: general register 2
 * @addr: second-operand address; for CHSC, the contents of its only register
 */
struct ioinst {
	u32  opcode;
	bool problem_state;
	u8   ar;
	u64  gpr1;
	u64  gpr2;
	u64  addr;
};

/**
 * ioinst_is_ours() - is this an instruction that ioinst_execute() executes?
 * @opcode: the first halfword of the instruction
 *
 * Context: any.  It is always inlined, so that code which must not be traced
 * may call it.
 * Return: whether it is.
 */
static __always_inline bool ioinst_is_ours(u32 opcode)
{
	switch (opcode) {
	case IOINST_CSCH ... IOINST_TSCH:
	case IOINST_SAL ... IOINST_SCHM:
	case IOINST_CHSC:
	case IOINST_SIGA:
	case IOINST_XSCH:
		return true;
	}
	return false;
}

/**
 * ioinst_execute() - execute an I/O instruction
 * @css: the channel-subsystem image
 * @vcpu: the CPU
 * @insn: the instruction
 *
 * Context: the vCPU's thread; may sleep, but doesn't wait for a device.
 * Return: how it ended, never IOINST_PROCEED.
 */
ioinst_ending_t ioinst_execute(struct css *css, struct guest_vcpu *vcpu,
			       const struct ioinst *insn);

/**
 * ioinst_css_wide() - execute an instruction that names no subchannel
 * @css: the channel-subsystem image
 * @vcpu: the CPU, in the supervisor state
 * @insn: CHSC, RCHP, SAL, SCHM, STCPS, STCRW or SIGA
 *
 * Unless the image is alone, both the kernel and the VMM may have a part in
 * such an instruction.  The kernel does its part first.  Then the VMM executes
 * the instruction, except where only the kernel knows how it ends.
 * Documentation/css-wide.rst lists these cases.
 *
 * Context: the vCPU's thread; may sleep, but doesn't wait for a device.
 * Return: how it ended, never IOINST_PROCEED.
 */
ioinst_ending_t ioinst_css_wide(struct css *css, struct guest_vcpu *vcpu,
				const struct ioinst *insn);

#endif /* _KVM_CSS_IOINST_H */
