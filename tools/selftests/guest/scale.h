/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "scale" agree on */
#ifndef GUEST_SCALE_H
#define GUEST_SCALE_H

#define SCALE_SETS		4
#define SCALE_IN_SET		0x10000

/*
 * guest_argument: what to do, and how many subchannels there are, from 0.0.0000
 * on
 */
#define SCALE_SCAN		0x100000000ul	/* find all of them */
#define SCALE_LATENCY		0x200000000ul	/* STSCH of the chosen ones */
#define SCALE_STRIDE		0x400000000ul	/* STSCH of all of them */
#define SCALE_NR(argument)	((argument) & 0xffffffff)

/*
 * HC_THEME: r4 is the result: how many were found, or the median time of
 * SCALE_BATCH instructions in units of the TOD clock.
 */
#define SCALE_CALL_RESULT	1
#define SCALE_BATCH		16

/* How many subchannels are chosen, spread over the first set */
#define SCALE_CHOSEN		SCALE_BATCH
#define SCALE_SPREAD		4095

#endif /* GUEST_SCALE_H */
