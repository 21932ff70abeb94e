/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bench for translations of channel programs: a guest with a program of format-1 CCWs,
 * and a device that does what a table says.
 */
#ifndef _KVM_CSS_KUNIT_PROGRAM_CASE_H
#define _KVM_CSS_KUNIT_PROGRAM_CASE_H

#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>

#include "devices/passthrough/translate.h"

#include "fake_guest.h"
#include "translated.h"

#define PROG		0x1000u		/* the program, unless pb_move_to() moves it */
#define AREA		0x8000u
#define OTHER		0xa000u
#define NOWHERE		0x00e00000u	/* no storage */

/* A CCW */
#define WORD(cmd, flags, count, cda) \
	((u64)(cmd) << 56 | (u64)(flags) << 48 | (u64)(count) << 32 | (cda))
#define CC		CCW_CC
#define TIC(to)		WORD(0x08, 0, 0, to)

/**
 * struct part_step - what the device does in one command
 * @gives: the data that it gives, or NULL
 * @len: how many it gives, or takes
 * @word: the guest stores this meanwhile, if @at isn't 0
 * @at: where
 */
struct part_step {
	const u8 *gives;
	u32 len;
	u64 word;
	u32 at;
};

extern const u8 pb_data[8];

/**
 * part_step_do() - what a device does in a command
 * @step: what
 * @cp: the program whose command it is
 * @guest: who stores something meanwhile
 *
 * Context: as in &cu_ops.command.
 */
void part_step_do(const struct part_step *step, struct chanprog *cp,
		  struct guest *guest);

/**
 * struct program_bench - a program, its guest and its device
 * @dev: the device
 * @guest: the guest
 * @cp: the program that is executed
 * @translated: its translation
 * @source: what is translated
 * @steps: what the device does
 * @cmds: the commands that it has got
 * @done: how many
 */
struct program_bench {
	struct css_device dev;
	struct guest guest;
	struct chanprog cp;
	struct translated translated;
	struct host_program_source source;
	const struct part_step *steps;
	u8 cmds[16];
	unsigned int done;
};

/**
 * pb_create() - make a bench
 * @test: the test case
 * @flags: of the ORB, beside format and path
 * @ccws: the program, which is put at PROG
 * @nr: of how many CCWs
 *
 * Return: the bench.
 */
struct program_bench *pb_create(struct kunit *test, u32 flags, const u64 *ccws,
				unsigned int nr);

/**
 * pb_put() - store eight bytes
 * @bench: the bench
 * @at: absolute address
 * @word: what
 */
void pb_put(struct program_bench *bench, u32 at, u64 word);

/**
 * pb_move_to() - have the program begin elsewhere
 * @bench: the bench
 * @begin: absolute address
 * @ccws: the program, which is put there
 * @nr: of how many CCWs
 */
void pb_move_to(struct program_bench *bench, u32 begin, const u64 *ccws,
		unsigned int nr);

/**
 * pb_make() - translate the program
 * @bench: the bench
 * @program: the translation, or NULL
 *
 * Return: as host_program_new().
 */
enum host_program_result pb_make(struct program_bench *bench,
				 struct host_program **program);

/**
 * pb_begin() - translate the program to execute it, which must be possible
 * @test: the test case
 * @bench: the bench
 */
void pb_begin(struct kunit *test, struct program_bench *bench);

/**
 * pb_run_once() - execute it
 * @test: the test case
 * @bench: the bench
 * @expected: how far it comes
 */
void pb_run_once(struct kunit *test, struct program_bench *bench,
		 enum chanprog_state expected);

/**
 * pb_expect_freed() - expect no page to be pinned, and no memory of the host's to be used
 * @test: the test case
 * @bench: the bench
 */
void pb_expect_freed(struct kunit *test, struct program_bench *bench);

#endif /* _KVM_CSS_KUNIT_PROGRAM_CASE_H */
