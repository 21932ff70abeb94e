/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "interrupts" agree on */
#ifndef GUEST_INTERRUPTS_H
#define GUEST_INTERRUPTS_H

/* Subchannels with a test control unit */
#define INT_SID_A		SID(0, 0x0000)
#define INT_SID_B		SID(1, 0x0101)

#endif /* GUEST_INTERRUPTS_H */
