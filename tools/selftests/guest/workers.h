/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "workers" agree on */
#ifndef GUEST_WORKERS_H
#define GUEST_WORKERS_H

/* guest_argument: what to do, and with how many subchannels */
#define WORKERS_LOOPS		0x100000000ul	/* disks are read without end */
/* Interruptions are not taken */
#define WORKERS_PENDING		0x200000000ul
#define WORKERS_MANY		0x400000000ul	/* endless programs */
/* One program keeps its worker busy, another doesn't */
#define WORKERS_SECOND		0x800000000ul
/* One endless program, and others whose commands are pending all the time */
#define WORKERS_WAITS		0x1000000000ul
/* One program hangs on its worker, the command of another is pending */
#define WORKERS_HANGS		0x2000000000ul
/* Commands are pending as long as they can */
#define WORKERS_LONG_WAITS	0x4000000000ul
/* Commands are pending, and all of them are completed at the same moment */
#define WORKERS_AT_ONCE		0x8000000000ul
#define WORKERS_NR(argument)	((argument) & 0xffffffff)

/* SIDs of the subchannels, whose numbers begin with 0 */
#define WORKERS_SID(nr)		SID(0, nr)

/* How many blocks are read again and again: as many as a CCW can count */
#define WORKERS_BLOCKS		127

/* How many blocks a command reads byte by byte that keeps its worker busy */
#define WORKERS_LONG_BLOCKS	32768
/* How long it may take to end another program meanwhile, in seconds */
#define WORKERS_LONG		5

/* For how long each command of WORKERS_WAITS is pending */
#define WORKERS_WAIT_US		200
/* After how many microseconds the commands of WORKERS_AT_ONCE are completed */
#define WORKERS_AT_ONCE_US	8000000
/* Who reads into this page hangs */
#define WORKERS_HANG_PAGE	0x300000ul

/* HC_THEME: the guest is ready; or has begun; or all programs have ended */
#define WORKERS_CALL_READY	1
#define WORKERS_CALL_DONE	2
#define WORKERS_CALL_ENDED	3	/* all programs have */

#endif /* GUEST_WORKERS_H */
