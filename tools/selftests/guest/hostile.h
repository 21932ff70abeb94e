/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "hostile" agree on */
#ifndef GUEST_HOSTILE_H
#define GUEST_HOSTILE_H

/*
 * Test control units; the programs of the second run on workers.  The third is
 * a disk.
 */
#define HOSTILE_SYNC		SID(0, 0x0000)
#define HOSTILE_ASYNC		SID(0, 0x0001)
#define HOSTILE_FBA		SID(0, 0x0002)
#define HOSTILE_HOT		SID(0, 0x0003)
#define HOSTILE_SET1		SID(1, 0x0004)
/* A process serves it. */
#define HOSTILE_USER		SID(0, 0x0005)
#define HOSTILE_NR		6

#define HOSTILE_BLOCKS		256	/* size of the disk */

/* guest_argument: seed and seconds */
#define HOSTILE_ARGUMENT(seed, seconds)	((u64)(seed) << 32 | (seconds))
#define HOSTILE_SEED(argument)		((u32)((argument) >> 32))
#define HOSTILE_SECONDS(argument)	((u32)(argument))

/*
 * HC_THEME: let the host begin to interfere; and end it, with all subchannels
 * present
 */
#define HOSTILE_CALL_BEGIN	1
#define HOSTILE_CALL_END	2

#endif /* GUEST_HOSTILE_H */
