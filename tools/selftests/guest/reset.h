/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "reset" agree on */
#ifndef GUEST_RESET_H
#define GUEST_RESET_H

#define RESET_SID		SID(0, 0x0000)
#define RESET_SID_ASYNC		SID(0, 0x0001)
/* It is added and removed. */
#define RESET_SID_HOT		SID(0, 0x0002)

/*
 * HC_THEME; the answer is an errno, or for RESETS the number of resets that the
 * VMM has done.
 */
#define RESET_CALL_RESET	1	/* KVM_CSS_RESET */
#define RESET_CALL_QUIESCE	2
#define RESET_CALL_UNQUIESCE	3
#define RESET_CALL_ADD		4	/* RESET_SID_HOT, with a report */
#define RESET_CALL_REMOVE	5	/* RESET_SID_HOT */
#define RESET_CALL_RESETS	6

#endif /* GUEST_RESET_H */
