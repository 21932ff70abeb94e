/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses in the lowcore (prefix area), for C and assembler: those that the
 * architecture assigns, and the runtime's own words of each CPU where it
 * assigns none.
 */
#ifndef GUEST_LOWCORE_H
#define GUEST_LOWCORE_H

#define LC_EXT_CODE		0x086
#define LC_PGM_ILC		0x08c	/* word: 0, ILC, code */
#define LC_PGM_CODE		0x08e
#define LC_PER_CODE		0x096
#define LC_PER_ADDRESS		0x098
#define LC_ACCESS_ID		0x0a0
#define LC_TEID			0x0a8
#define LC_IO_SID		0x0b8
#define LC_IO_INTPARM		0x0bc
#define LC_IO_WORD		0x0c0
#define LC_MCIC			0x0e8
#define LC_EXT_OLD_PSW		0x130
#define LC_SVC_OLD_PSW		0x140
#define LC_PGM_OLD_PSW		0x150
#define LC_MCK_OLD_PSW		0x160
#define LC_IO_OLD_PSW		0x170
#define LC_RESTART_NEW_PSW	0x1a0
#define LC_EXT_NEW_PSW		0x1b0
#define LC_SVC_NEW_PSW		0x1c0
#define LC_PGM_NEW_PSW		0x1d0
#define LC_MCK_NEW_PSW		0x1e0
#define LC_IO_NEW_PSW		0x1f0

/* The runtime's own */
/* Address of the running struct insn, or 0 */
#define LC_INSN			0x400
#define LC_INSN_STACK		0x408
#define LC_PSW			0x410
#define LC_TEST_STACK		0x420
#define LC_INT_STACK		0x428
#define LC_CPU			0x430
#define LC_SYSTEM_MASK		0x438
#define LC_SAVE_PGM		0x480	/* 128 */
#define LC_SAVE_IO		0x500	/* 128 */
#define LC_SAVE_ARS		0x580	/* 64 */

#define MAX_CPUS		2
#define STACK_SHIFT		14
#define STACK_SIZE		0x4000
#define INT_STACK_SIZE		0x1000	/* the lowest part of a stack */

/* struct insn */
#define INSN_PSW		0
#define INSN_GPRS		16
#define INSN_ARS		144
#define INSN_OLD_PSW		208
#define INSN_ILC		224	/* word: 0, ILC, code */
#define INSN_TEID		232
#define INSN_ACCESS_ID		240

#endif /* GUEST_LOWCORE_H */
