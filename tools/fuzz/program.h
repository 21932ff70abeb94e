/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel programs out of the fuzzer's input.
 */
#ifndef _FUZZ_PROGRAM_H
#define _FUZZ_PROGRAM_H

#include "fuzz_guest.h"
#include "input.h"

/**
 * struct fuzz_program - what is being put into storage
 * @guest: whose storage
 * @orb_flags: for the format of CCWs
 * @begin: address of the first CCW
 * @next: where the next CCW goes, counted from there
 */
struct fuzz_program {
	struct guest *guest;
	u32 orb_flags;
	u32 begin;
	u8 next;
};

/**
 * program_address() - one of the addresses that matter
 * @in: takes two or three bytes
 *
 * Return: an absolute address.
 */
u32 program_address(struct fuzz_input *in);

/**
 * program_begin() - where a program may begin
 * @which: one of them
 *
 * Return: an absolute address.
 */
u32 program_begin(u8 which);

/**
 * program_item() - put something into storage
 * @program: the program
 * @in: what: a CCW, an IDAW, a parameter, a storage key and so on
 *
 * Return: false at the end of the program.
 */
bool program_item(struct fuzz_program *program, struct fuzz_input *in);

#endif /* _FUZZ_PROGRAM_H */
