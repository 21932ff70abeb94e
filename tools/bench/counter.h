/* SPDX-License-Identifier: GPL-2.0 */
/* The instruction counter of Hercules */
#ifndef BENCH_COUNTER_H
#define BENCH_COUNTER_H

#include <stdbool.h>

#include "cio.h"

/**
 * counter_read() - how many instructions this processor has executed
 *
 * DIAGNOSE X'F08' is Hercules' own, and the only one that a program may execute
 * in problem state; on other machines it ends the program.  The counter counts
 * what the host executes; of what a guest executes, hardly anything.  It is
 * exact while Hercules executes one instruction at a time, see tools/bench/insn.py.
 *
 * Return: the count, modulo 2^32; the counter sometimes jumps (see insn.c), so a
 * median of many differences is needed.
 */
static inline u32 counter_read(void)
{
	register u64 count asm("2") = 0;

	asm volatile("diag 2,2,0xf08(0)" : "+d" (count));
	return count;
}

/**
 * counter_is_exact() - does Hercules count one instruction at a time?
 *
 * If it doesn't, it counts twelve at once, and nothing in between.
 */
static inline bool counter_is_exact(void)
{
	u32 before = counter_read(), counted, i;

	for (i = 0; i < 24; i++) {
		counted = counter_read() - before;
		before += counted;
		if (!counted || counted >= 12)
			return false;
	}
	return true;
}

#endif /* BENCH_COUNTER_H */
