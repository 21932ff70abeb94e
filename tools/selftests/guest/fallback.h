/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "fallback" agree on */
#ifndef GUEST_FALLBACK_H
#define GUEST_FALLBACK_H

/* The subchannel that the kernel owns when the VM is attached */
#define FALL_OWNED		SID(0, 0x0010)
#define FALL_DEVNO		0x10

/* guest_argument */
/* Only subchannels that the kernel doesn't have */
#define FALL_UNOWNED		0
#define FALL_WITH_OWNED		1	/* FALL_OWNED as well */
#define FALL_CYCLES		2	/* 100 cycles on FALL_OWNED */
#define FALL_REMOVE		3	/* FALL_OWNED before and after REMOVE */
/* All eight that name a subchannel, on FALL_OWNED */
#define FALL_EIGHT		4
#define FALL_WIDE		5	/* all that name no subchannel */
/* CHSC about the kernel's path and subchannel */
#define FALL_CHSC		6

/*
 * HC_THEME
 *
 * FALL_CALL_ENDING: r4 is an ending, r5 the opcode.
 * FALL_CALL_INJECT: make an I/O interruption pending; r4 SID, r5 ISC.
 * FALL_CALL_REMOVE: remove FALL_OWNED.
 */
#define FALL_CALL_ENDING	1
#define FALL_CALL_INJECT	2
#define FALL_CALL_REMOVE	3

#endif /* GUEST_FALLBACK_H */
