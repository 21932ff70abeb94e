/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "unitrecord" agree on */
#ifndef GUEST_UNITRECORD_H
#define GUEST_UNITRECORD_H

#define READER_SID		SID(0, 0x0051)
#define READER_DEVNO		0x000c
#define PRINTER_SID		SID(0, 0x0052)
#define PRINTER_DEVNO		0x000e

/* HC_THEME: put more cards into the reader. */
#define UNITRECORD_CALL_CARDS	1
/*
 * Give the printer back, wait until the host has it, and lend it again; the answer
 * is an errno.
 */
#define UNITRECORD_CALL_RETURN	2

#endif /* GUEST_UNITRECORD_H */
