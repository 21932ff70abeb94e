/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "teletype" agree on */
#ifndef GUEST_TELETYPE_H
#define GUEST_TELETYPE_H

#define TTY_SID			SID(0, 0x0041)
#define TTY_DEVNO		0x4100
#define TTY_CU_TYPE		0x0c56
#define TTY_CU_MODEL		2

#define TTY_CMD_WRITE		0x01
#define TTY_CMD_READ		0x02
#define TTY_CMD_NOOP		0x03

/* What the guest writes, and what somebody types */
#define TTY_TEXT		"hello, world\n"
#define TTY_LINE		"typed\n"

/*
 * HC_THEME.  The answer is 0, or an errno: START starts the program; KILL ends it by a
 * signal, if it runs; TYPE types TTY_LINE; PRINTED waits until TTY_TEXT is printed; REMOVE
 * removes the device and waits until the program has ended, which must say that all is
 * well; RESET is KILL, and adds the device if it isn't there.
 */
#define TTY_CALL_START		1
#define TTY_CALL_KILL		2
#define TTY_CALL_TYPE		3
#define TTY_CALL_PRINTED	4
#define TTY_CALL_REMOVE		5
#define TTY_CALL_RESET		6

#endif /* GUEST_TELETYPE_H */
