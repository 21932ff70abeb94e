/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The entry of a guest program, its interruption handlers, and the code that
 * executes one instruction under any PSW.
 *
 * DAT is off here and in all C code.  Only the instruction that insn_run()
 * executes runs under another PSW.  With %r0 as the base register, an address
 * is a real one in this CPU's lowcore.
 */
#include "lowcore.h"

	.section .text.start, "ax"

/*
 * Each CPU is entered here: r2 = CPU number, r3 = function or 0, r4 = argument
 */
	.globl	_start
_start:
	larl	%r1,stacks
	lgr	%r5,%r2
	sllg	%r5,%r5,STACK_SHIFT
	la	%r15,0(%r5,%r1)
	aghi	%r15,STACK_SIZE
	aghi	%r15,-160
	xc	0(8,%r15),0(%r15)
	brasl	%r14,cpu_main
	/* cpu_main() ends the CPU by a hypercall and does not return. */
0:	j	0b

	.text

/* int insn_run_asm(struct insn *insn): see guest.h */
	.globl	insn_run_asm
insn_run_asm:
	stmg	%r6,%r15,48(%r15)
	stg	%r15,LC_INSN_STACK
	stg	%r2,LC_INSN
	mvc	LC_PSW(16,%r0),INSN_PSW(%r2)
	lam	%a0,%a15,INSN_ARS(%r2)
	lmg	%r0,%r15,INSN_GPRS(%r2)
	lpswe	LC_PSW

/* An SVC follows the instruction, and leads here. */
	.globl	svc_entry
svc_entry:
	stmg	%r0,%r15,LC_SAVE_PGM
	lg	%r1,LC_INSN
	ltgr	%r1,%r1
	jz	unexpected_svc
	mvc	INSN_OLD_PSW(16,%r1),LC_SVC_OLD_PSW
	mvc	INSN_GPRS(128,%r1),LC_SAVE_PGM
	llgc	%r2,LC_SVC_OLD_PSW+2	/* bits 18 and 19: condition code */
	srlg	%r2,%r2,4
	nill	%r2,3
insn_end:
	lg	%r15,LC_INSN_STACK
	xc	LC_INSN(8,%r0),LC_INSN
	xr	%r1,%r1
	sar	%a15,%r1
	lmg	%r6,%r15,48(%r15)
	br	%r14

	.globl	pgm_entry
pgm_entry:
	stmg	%r0,%r15,LC_SAVE_PGM
	lg	%r1,LC_INSN
	ltgr	%r1,%r1
	jz	unexpected_pgm
	mvc	INSN_OLD_PSW(16,%r1),LC_PGM_OLD_PSW
	mvc	INSN_ILC(4,%r1),LC_PGM_ILC
	mvc	INSN_TEID(8,%r1),LC_TEID
	mvc	INSN_ACCESS_ID(1,%r1),LC_ACCESS_ID
	llgh	%r2,LC_PGM_CODE
	oill	%r2,0x100
	j	insn_end

unexpected_svc:
	lghi	%r2,0
	lg	%r3,LC_SVC_OLD_PSW+8
	j	0f
unexpected_pgm:
	llgh	%r2,LC_PGM_CODE
	lg	%r3,LC_PGM_OLD_PSW+8
	/* Nothing is returned to, so the stack can be used from where it is. */
0:	aghi	%r15,-320
	brasl	%r14,unexpected_interruption

	.globl	io_entry
io_entry:
	stmg	%r0,%r15,LC_SAVE_IO
	stam	%a0,%a15,LC_SAVE_ARS
	lg	%r15,LC_INT_STACK
	brasl	%r14,io_interruption
	lam	%a0,%a15,LC_SAVE_ARS
	lmg	%r0,%r15,LC_SAVE_IO
	lpswe	LC_IO_OLD_PSW

	.globl	ext_entry
ext_entry:
	stmg	%r0,%r15,LC_SAVE_IO
	stam	%a0,%a15,LC_SAVE_ARS
	lg	%r15,LC_INT_STACK
	brasl	%r14,ext_interruption
	lam	%a0,%a15,LC_SAVE_ARS
	lmg	%r0,%r15,LC_SAVE_IO
	lpswe	LC_EXT_OLD_PSW

	.globl	mck_entry
mck_entry:
	stmg	%r0,%r15,LC_SAVE_IO
	stam	%a0,%a15,LC_SAVE_ARS
	lg	%r15,LC_INT_STACK
	brasl	%r14,machine_check
	lam	%a0,%a15,LC_SAVE_ARS
	lmg	%r0,%r15,LC_SAVE_IO
	lpswe	LC_MCK_OLD_PSW

/* void wait_enabled(u64 mask): load a wait PSW, return disabled */
	.globl	wait_enabled
wait_enabled:
	stg	%r2,LC_PSW
	larl	%r1,0f
	stg	%r1,LC_PSW+8
	lpswe	LC_PSW
0:	stnsm	LC_SYSTEM_MASK,0xfc
	br	%r14

/* void load_mask(u64 mask): use this PSW mask from here on */
	.globl	load_mask
load_mask:
	stg	%r2,LC_PSW
	stg	%r14,LC_PSW+8
	lpswe	LC_PSW

/* void open_window(void): enable I/O interruptions for a moment */
	.globl	open_window
open_window:
	stosm	LC_SYSTEM_MASK,0x02
	nopr	%r7
	nopr	%r7
	stnsm	LC_SYSTEM_MASK,0xfc
	br	%r14

/*
 * void test_call(void (*fn)(void)): call it; test_abort() returns from here too
 */
	.globl	test_call
test_call:
	stmg	%r6,%r15,48(%r15)
	stg	%r15,LC_TEST_STACK
	lgr	%r1,%r2
	aghi	%r15,-160
	basr	%r14,%r1
	.globl	test_abort
test_abort:
	xc	LC_INSN(8,%r0),LC_INSN
	stnsm	LC_SYSTEM_MASK,0xfc
	lg	%r15,LC_TEST_STACK
	lmg	%r6,%r15,48(%r15)
	br	%r14

	.bss
	.balign	4096
	.globl	stacks
stacks:	.space	STACK_SIZE * MAX_CPUS

	.section .note.GNU-stack, "", @progbits
