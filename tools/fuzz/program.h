/* SPDX-License-Identifier: GPL-2.0 */
/* Channel programs that the fuzzer's input describes */
#ifndef _FUZZ_PROGRAM_H
#define _FUZZ_PROGRAM_H

#include "fuzz_guest.h"
#include "input.h"

/**
 * struct fuzz_program - a program that is being put into storage
 * @guest: the guest
 * @orb_flags: flags of the ORB, which have the CCW format
 * @begin: address of the first CCW
 * @next: number of the next CCW, counted from @begin
 */
struct fuzz_program {
	struct guest *guest;
	u32 orb_flags;
	u32 begin;
	u8 next;
};

/**
 * program_address() - choose one of the addresses that matter
 * @in: takes two or three bytes
 *
 * Return: an absolute address.
 */
u32 program_address(struct fuzz_input *in);

/**
 * program_begin() - choose where a program begins
 * @which: number of the choice
 *
 * Return: an absolute address.
 */
u32 program_begin(u8 which);

/**
 * program_item() - put something into storage
 * @program: the program
 * @in: says what: a CCW, an IDAW, a parameter, a storage key and so on
 *
 * Return: false at the end of the program.
 */
bool program_item(struct fuzz_program *program, struct fuzz_input *in);

#endif /* _FUZZ_PROGRAM_H */
