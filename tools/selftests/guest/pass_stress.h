/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "pass_stress" agree on */
#ifndef GUEST_PASS_STRESS_H
#define GUEST_PASS_STRESS_H

#include <stdbool.h>

/* Two disks of the host's */
#define STRESS_FBA		0
#define STRESS_ECKD		1
#define STRESS_DISKS		2
#define STRESS_SID(disk)	SID(0, 0x0050 + (disk))
#define STRESS_DEVNO(disk)	(0x5000 + (disk))

/*
 * Blocks of each disk.  An ECKD disk has 12 records of 4096 bytes on a track, and
 * block N of the host's is record N % 12 + 1 on track N / 12.  The guest writes to the
 * blocks in the middle, and reads all of them.
 */
#define STRESS_BLOCKS		144
#define STRESS_FIRST		48
#define STRESS_END		96
#define STRESS_RECORD		4096
#define STRESS_TRACK		12

/*
 * HC_THEME.  The guest executes programs until it is killed.
 *
 * STRESS_CALL_BEGUN: the first ones have been started.
 *
 * STRESS_CALL_PROGRAMS: it has executed another STRESS_PROGRAMS of them.
 *
 * STRESS_CALL_CHECK: a program for disk r4 has ended in unit check.  STRESS_CALL_LOST:
 * disk r4 is gone.  The guest goes on with the other one.
 */
#define STRESS_CALL_BEGUN	1
#define STRESS_CALL_PROGRAMS	2
#define STRESS_CALL_CHECK	3
#define STRESS_CALL_LOST	4
#define STRESS_PROGRAMS		16

/*
 * guest_argument: the generation of what this guest writes; generation 0 is the
 * host's.  It counts its own writes in the low half.
 */
#define STRESS_GENERATION(nr)	((u64)(nr) << 32)

/* Word @i of a block; the first one is the generation. */
static inline u64 stress_word(u32 disk, u32 block, u64 generation, u32 i)
{
	if (!i)
		return generation;
	return (generation + 1) * 0x9e3779b97f4a7c15ul ^
	       (u64)(disk + 1) << 56 ^ (u64)block << 32 ^ i;
}

static inline void stress_fill(u64 *words, u32 size, u32 disk, u32 block,
			       u64 generation)
{
	u32 i;

	for (i = 0; i < size / sizeof(*words); i++)
		words[i] = stress_word(disk, block, generation, i);
}

/* Is this the block, whole and of the generation in its first word? */
static inline bool stress_is_whole(const u64 *words, u32 size, u32 disk,
				   u32 block)
{
	u32 i;

	for (i = 1; i < size / sizeof(*words); i++)
		if (words[i] != stress_word(disk, block, words[0], i))
			return false;
	return true;
}

#endif /* GUEST_PASS_STRESS_H */
