/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "workers" agree on */
#ifndef GUEST_WORKERS_H
#define GUEST_WORKERS_H

/* guest_argument: what, and of how many subchannels */
#define WORKERS_LOOPS		0x100000000ul	/* disks that read for ever */
#define WORKERS_PENDING		0x200000000ul	/* interruptions, not taken */
#define WORKERS_WAITS		0x400000000ul	/* programs that wait */
#define WORKERS_SECOND		0x800000000ul	/* one waits, another doesn't */
#define WORKERS_NR(argument)	((argument) & 0xffffffff)

/* Numbers of the subchannels, from 0 on */
#define WORKERS_SID(nr)		SID(0, nr)

/* What a disk reads over and over again: as much as a CCW can count */
#define WORKERS_BLOCKS		127

/* How long one waits, in microseconds */
#define WORKERS_WAIT_US		1000000
#define WORKERS_LONG_US		10000000

/* HC_THEME: the guest has begun; or is ready to; or is done */
#define WORKERS_CALL_READY	1
#define WORKERS_CALL_DONE	2
#define WORKERS_CALL_ENDED	3	/* all programs have */

#endif /* GUEST_WORKERS_H */
