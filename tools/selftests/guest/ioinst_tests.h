/* SPDX-License-Identifier: GPL-2.0 */
/* The theme "ioinst" consists of two files: ioinst.c and ioinst_operand.c. */
#ifndef GUEST_IOINST_TESTS_H
#define GUEST_IOINST_TESTS_H

#include "guest.h"

/**
 * ioinst_reset() - bring the subchannels to rest
 */
void ioinst_reset(void);

/**
 * ioinst_operand() - make a valid operand
 * @insn: the instruction
 *
 * Return: its address.
 */
u8 *ioinst_operand(u16 insn);

/**
 * ioinst_start_wait() - start a program that takes a while
 */
void ioinst_start_wait(void);

/**
 * ioinst_suppressed() - assert that the last instruction was suppressed
 *
 * The old PSW must point behind it, and the instruction-length code must be
 * right.
 */
void ioinst_suppressed(void);

/**
 * ioinst_nullified() - assert that the last instruction was nullified
 *
 * The old PSW must point to it.
 */
void ioinst_nullified(void);

/* ioinst_operand.c */
extern const struct test_group ioinst_operand_group;
extern const u32 stsch_r2, stidp_r2;
extern const char exrl_stsch[], exrl_stidp[];

#endif /* GUEST_IOINST_TESTS_H */
