/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "chanprog" agree on */
#ifndef GUEST_CHANPROG_H
#define GUEST_CHANPROG_H

/* Subchannels with a test control unit; the second one gets removed. */
#define PROG_SID		SID(0, 0x0100)
#define PROG_SID_REMOVED	SID(0, 0x0101)

/* guest_argument: who serves the subchannels */
#define PROG_BY_KERNEL		0
#define PROG_BY_VMM		1

/*
 * HC_THEME
 *
 * PROG_CALL_REMOVE: remove PROG_SID_REMOVED; answers 0, or 1 when it can't.
 * PROG_CALL_STORAGE: from now on there are PROG_HIGH_SIZE bytes of storage at
 * PROG_HIGH, too; answers 0.
 */
#define PROG_CALL_REMOVE	1
#define PROG_CALL_STORAGE	2

#define PROG_HIGH		0x1000000ul
#define PROG_HIGH_SIZE		0x100000ul

#endif /* GUEST_CHANPROG_H */
