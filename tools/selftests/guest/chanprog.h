/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "chanprog" agree on */
#ifndef GUEST_CHANPROG_H
#define GUEST_CHANPROG_H

/* Subchannels with a test control unit; the second one gets removed. */
#define PROG_SID		SID(0, 0x0100)
#define PROG_SID_REMOVED	SID(0, 0x0101)

/* HC_THEME: remove PROG_SID_REMOVED; answers 0, or 1 when it can't */
#define PROG_CALL_REMOVE	1

#endif /* GUEST_CHANPROG_H */
