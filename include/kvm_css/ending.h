/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How an I/O instruction ends.
 *
 * Whoever identifies the condition that ends an instruction returns an
 * ioinst_ending_t, and all callers pass it on unchanged.  It is a type of its
 * own, so that sparse refuses to mix it with an int or an errno.  Only
 * intercept_end() turns it into what the guest and KVM see.
 */
#ifndef _KVM_CSS_ENDING_H
#define _KVM_CSS_ENDING_H

#include <linux/types.h>

typedef u32 __bitwise ioinst_ending_t;

/*
 * The upper half says of which kind an ending is, the lower half which one it
 * is.
 */
#define IOINST_KIND_MASK	0xffff0000u
#define IOINST_KIND_CC		0x00010000u
#define IOINST_KIND_PGM		0x00020000u
#define IOINST_KIND_OTHER	0x00030000u

/*
 * Nothing has ended the instruction so far.  This is the only value that is
 * zero, so that "if (ending) return ending;" may follow each step of an
 * instruction.  No instruction ends with it.
 */
#define IOINST_PROCEED		((__force ioinst_ending_t)0)

/* Condition codes, Principles of Operation chapter 14 */
#define IOINST_CC(cc)		\
	((__force ioinst_ending_t)(IOINST_KIND_CC | (cc)))
#define IOINST_CC_EXPECTED	\
	((__force ioinst_ending_t)(IOINST_KIND_CC | 0))
#define IOINST_CC_STATUS_PRESENT \
	((__force ioinst_ending_t)(IOINST_KIND_CC | 1))
/* TEST SUBCHANNEL ends with cc 1 when there is no status to present. */
#define IOINST_CC_NOT_STATUS_PENDING \
	((__force ioinst_ending_t)(IOINST_KIND_CC | 1))
/* STORE CHANNEL REPORT WORD ends with cc 1 when it has stored zeros. */
#define IOINST_CC_NO_REPORT	\
	((__force ioinst_ending_t)(IOINST_KIND_CC | 1))
#define IOINST_CC_BUSY		\
	((__force ioinst_ending_t)(IOINST_KIND_CC | 2))
#define IOINST_CC_NOT_OPERATIONAL \
	((__force ioinst_ending_t)(IOINST_KIND_CC | 3))

/* Program interruptions */
#define IOINST_PGM(code)	\
	((__force ioinst_ending_t)(IOINST_KIND_PGM | (code)))
#define IOINST_PRIVILEGED	IOINST_PGM(PGM_CODE_PRIVILEGED)
#define IOINST_SPECIFICATION	IOINST_PGM(PGM_CODE_SPECIFICATION)
#define IOINST_OPERAND		IOINST_PGM(PGM_CODE_OPERAND)

/*
 * An access exception.  The function that met it has noted its code,
 * translation-exception identification and access identification in the vCPU.
 */
#define IOINST_ACCESS_EXCEPTION	\
	((__force ioinst_ending_t)(IOINST_KIND_OTHER | 1))
/* Not ours: the VMM gets the instruction, as it would without this module. */
#define IOINST_USERSPACE	\
	((__force ioinst_ending_t)(IOINST_KIND_OTHER | 2))
/*
 * The CPU executes the instruction once more, because another CPU has changed
 * what the instruction was about, or because the host has no memory at the
 * moment.
 */
#define IOINST_RETRY		\
	((__force ioinst_ending_t)(IOINST_KIND_OTHER | 3))
/* The host can't provide the page of the operand: KVM_RUN fails with EFAULT. */
#define IOINST_HOST_FAULT	\
	((__force ioinst_ending_t)(IOINST_KIND_OTHER | 4))
/*
 * The instruction is done; it is one that leaves the condition code unchanged.
 */
#define IOINST_COMPLETED	\
	((__force ioinst_ending_t)(IOINST_KIND_OTHER | 5))

/**
 * ioinst_is_cc() - is this ending a condition code?
 * @ending: the ending
 *
 * Context: any.
 * Return: whether it is.
 */
static inline bool ioinst_is_cc(ioinst_ending_t ending)
{
	return ((__force u32)ending & IOINST_KIND_MASK) == IOINST_KIND_CC;
}

/**
 * ioinst_is_pgm() - is this ending a program interruption with its code in it?
 * @ending: the ending
 *
 * An access exception is not one of them: its code is in the vCPU.
 *
 * Context: any.
 * Return: whether it is.
 */
static inline bool ioinst_is_pgm(ioinst_ending_t ending)
{
	return ((__force u32)ending & IOINST_KIND_MASK) == IOINST_KIND_PGM;
}

/**
 * ioinst_value() - the condition code or program-interruption code
 * @ending: an ending for which ioinst_is_cc() or ioinst_is_pgm() holds
 *
 * Context: any.
 * Return: the code.
 */
static inline u16 ioinst_value(ioinst_ending_t ending)
{
	return (__force u32)ending & ~IOINST_KIND_MASK;
}

#endif /* _KVM_CSS_ENDING_H */
