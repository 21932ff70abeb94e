/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "passthrough" agree on */
#ifndef GUEST_PASSTHROUGH_H
#define GUEST_PASSTHROUGH_H

/* An FBA disk of the host's */
#define PASS_SID		SID(0, 0x0041)
#define PASS_DEVNO		0x4100

/*
 * HC_THEME: remove the disk from the guest and wait until the host has it, or have
 * root unbind it in the host; add it again, with a report; the answer is an errno.
 * COMPARE, block, number of blocks: after a removal, compare the host's disk with
 * PASS_SHARED; the answer is the number of bytes that differ.  FILL: copy
 * PASS_SHARED to the host's disk.
 */
#define PASS_CALL_REMOVE	1
#define PASS_CALL_UNBIND	2
#define PASS_CALL_ADD		3
#define PASS_CALL_COMPARE	4
#define PASS_CALL_FILL		5

/* Guest storage through which the two talk */
#define PASS_SHARED		0x800000ul

#endif /* GUEST_PASSTHROUGH_H */
