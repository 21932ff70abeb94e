/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "chanprog" agree on */
#ifndef GUEST_CHANPROG_H
#define GUEST_CHANPROG_H

/* A subchannel with a test control unit */
#define PROG_SID		SID(0, 0x0100)

/* guest_argument: who serves the subchannels */
#define PROG_BY_KERNEL		0
#define PROG_BY_VMM		1

/*
 * HC_THEME
 *
 * PROG_CALL_STORAGE: from now on there are PROG_HIGH_SIZE bytes of storage at
 * PROG_HIGH, too; answers 0.
 */
#define PROG_CALL_STORAGE	1

#define PROG_HIGH		0x1000000ul
#define PROG_HIGH_SIZE		0x100000ul

#endif /* GUEST_CHANPROG_H */
