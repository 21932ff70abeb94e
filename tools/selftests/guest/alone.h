/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "alone" agree on */
#ifndef GUEST_ALONE_H
#define GUEST_ALONE_H

/* How many subchannels there are in sets 0 and 1, from number 0 on */
#define ALONE_SET0		5
#define ALONE_SET1		3
#define ALONE_DEVNO(ssid, schid)	(0x1000 * ((ssid) + 1) + (schid))

/*
 * HC_THEME: the answer is how many I/O instructions have left the kernel so
 * far.
 */
#define ALONE_CALL_EXITS	1

#endif /* GUEST_ALONE_H */
