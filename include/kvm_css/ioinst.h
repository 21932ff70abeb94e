/* SPDX-License-Identifier: GPL-2.0 */
/*
 * I/O instructions: Principles of Operation chapter 14.
 */
#ifndef _KVM_CSS_IOINST_H
#define _KVM_CSS_IOINST_H

#include <linux/types.h>

#include <kvm_css/ending.h>

struct css;
struct css_vcpu;

/* Operation codes of the instructions executed here, all of format S */
#define IOINST_MSCH	0xb232
#define IOINST_SSCH	0xb233
#define IOINST_STSCH	0xb234
#define IOINST_TSCH	0xb235

/**
 * struct ioinst - an I/O instruction with its operands
 * @opcode: IOINST_*
 * @problem_state: the CPU is in the problem state
 * @ar: access register that qualifies the second operand
 * @gpr1: general register 1, the subsystem-identification word in its low half
 * @addr: second-operand address
 */
struct ioinst {
	u16  opcode;
	bool problem_state;
	u8   ar;
	u64  gpr1;
	u64  addr;
};

/**
 * ioinst_is_ours() - is this an instruction that ioinst_execute() knows?
 * @opcode: the first halfword of the instruction
 *
 * Context: any, also where nothing may be traced.
 * Return: whether it is.
 */
static __always_inline bool ioinst_is_ours(u16 opcode)
{
	return opcode >= IOINST_MSCH && opcode <= IOINST_TSCH;
}

/**
 * ioinst_execute() - execute an I/O instruction
 * @css: the channel-subsystem image
 * @vcpu: the CPU
 * @insn: the instruction
 *
 * Context: the vCPU's thread; may sleep, but never for a device.
 * Return: how it ended, never IOINST_PROCEED.
 */
ioinst_ending_t ioinst_execute(struct css *css, struct css_vcpu *vcpu,
			       const struct ioinst *insn);

#endif /* _KVM_CSS_IOINST_H */
