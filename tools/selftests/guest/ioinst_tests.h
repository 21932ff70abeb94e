/* SPDX-License-Identifier: GPL-2.0 */
/* The theme "ioinst" is two files: ioinst.c and ioinst_operand.c. */
#ifndef GUEST_IOINST_TESTS_H
#define GUEST_IOINST_TESTS_H

#include "guest.h"

/**
 * ioinst_reset() - bring the subchannels to rest
 */
void ioinst_reset(void);

/**
 * ioinst_operand() - a valid operand
 * @insn: for this instruction
 *
 * Return: where it is.
 */
u8 *ioinst_operand(u16 insn);

/**
 * ioinst_start_wait() - start a program that takes a while
 */
void ioinst_start_wait(void);

/**
 * ioinst_suppressed() - assert that the last instruction was suppressed
 *
 * The old PSW points behind it and the instruction-length code is right.
 */
void ioinst_suppressed(void);

/**
 * ioinst_nullified() - assert that the last instruction was nullified
 *
 * The old PSW points to it.
 */
void ioinst_nullified(void);

/* ioinst_operand.c */
extern const struct test_group ioinst_operand_group;
extern const u32 stsch_r2, stidp_r2;
extern const char exrl_stsch[], exrl_stidp[];

#endif /* GUEST_IOINST_TESTS_H */
