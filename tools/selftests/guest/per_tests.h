/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "per" consists of four files: per.c, per_rows.c, per_step.c,
 * per_event.c.
 */
#ifndef GUEST_PER_TESTS_H
#define GUEST_PER_TESTS_H

#include "chan.h"
#include "per.h"

/* --- per_rows.c: instructions to be executed --- */

/* The ending of an instruction that doesn't set the condition code */
#define PER_UNCHANGED		4

/**
 * struct per_row - an instruction and how it ends
 * @name: what a failure is called
 * @by: PER_BY_*, those for whom the row holds
 * @op: INSN_*
 * @ending: as insn_run() returns it, or PER_UNCHANGED
 * @gpr1: general register 1
 * @operand: address of the second operand; 0 for per_block
 * @mode: PSW_* bits, which are added to the 64-bit addressing mode
 * @set_up: prepares what @ending needs, including per_block; may be NULL
 */
struct per_row {
	const char *name;
	u16 by;
	u16 op;
	int ending;
	u64 gpr1;
	u64 operand;
	u64 mode;
	void (*set_up)(void);
};

/*
 * The rows that end with a condition code, and those with a program
 * interruption
 */
extern const struct per_row per_cc_rows[], per_pgm_rows[];
extern const unsigned int per_nr_cc_rows, per_nr_pgm_rows;

#define PER_BLOCK_SIZE		4096

/* The second operand of most rows */
extern u8 per_block[PER_BLOCK_SIZE];

/* How an instruction is executed: directly, or as the target of EXECUTE */
enum per_how { PER_PLAIN, PER_EXECUTED, PER_HOWS };

/**
 * per_prepare() - bring everything to rest, and prepare a row
 * @row: the row
 * @how: itself, or as the target of EXECUTE
 * @insn: filled in
 *
 * Return: the instruction for insn_run().
 */
u32 per_prepare(const struct per_row *row, enum per_how how,
		struct insn *insn);

/**
 * per_reset() - bring everything to rest, including what a failed test has left
 */
void per_reset(void);

/* An assertion that names the row */
#define ROW_EXPECT_EQ(row, actual, expected)				\
	expect(__FILE__, __LINE__, (row)->name, (u64)(actual), (u64)(expected))

/* --- per.c: single steps --- */

extern struct per_log per_log;

/**
 * per_step() - single-step over an instruction
 * @insn: as for insn_run(); its PSWs don't show that it was stepped over
 * @text: likewise
 *
 * Return: as insn_run(); per_log has the exits.
 */
int per_step(struct insn *insn, u32 text);

/**
 * per_break() - execute an instruction, with a breakpoint behind it
 * @insn: as for per_step(); it must have been executed before
 * @text: likewise
 *
 * Return: likewise.
 */
int per_break(struct insn *insn, u32 text);

/**
 * per_before() - find the exit at which an instruction is the next one
 * @insn: the instruction
 *
 * Asserts that there is one, and that several exits follow it.
 * Return: its index in per_log.
 */
unsigned int per_before(const struct insn *insn);

/**
 * per_once() - assert that an instruction had one exit, behind it
 * @row: the row, for the failure's message
 * @insn: the instruction
 * @cc: the condition code at that exit
 */
void per_once(const struct per_row *row, const struct insn *insn, int cc);

/* --- per.c: an instruction that has to be executed again --- */

/*
 * Executes @insn: insn_run(), per_step(), or a function that uses the guest's
 * own PER
 */
typedef int (*per_run_fn)(struct insn *insn, u32 text);

extern const struct per_row per_tsch_again, per_stcrw_again;

/**
 * per_again() - execute a row while another CPU takes what it would store
 * @row: per_tsch_again or per_stcrw_again
 * @how: itself, or as the target of EXECUTE
 * @run: executes it
 * @insn: takes the result
 *
 * The instruction has to wait for the page that it stores into.  Meanwhile the
 * other CPU executes the same instruction with success.  So the first execution
 * doesn't count, and @row->ending can only come from a second one.
 *
 * Return: as @run.
 */
int per_again(const struct per_row *row, enum per_how how, per_run_fn run,
	      struct insn *insn);

/* --- groups --- */

extern const struct test_group per_step_group, per_event_group;

#endif /* GUEST_PER_TESTS_H */
