/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "race" agree on */
#ifndef GUEST_RACE_H
#define GUEST_RACE_H

/* Test control units; all programs of the second one run on workers */
#define RACE_SID_SYNC		SID(0, 0x0000)
#define RACE_SID_ASYNC		SID(0, 0x0001)
#define RACE_SID_SET1		SID(1, 0x0002)
/* The host removes it and adds it again. */
#define RACE_SID_HOT		SID(0, 0x0003)

/* More of them, for many commands that are pending; the host removes these, too */
#define RACE_NR_PENDING		16
#define RACE_SID_PENDING(nr)	SID(0, 0x0010 + (nr))

/* guest_argument: how many seconds all tests together take */

/* HC_THEME: let the host begin to interfere, or end it for good */
#define RACE_CALL_BEGIN		1
#define RACE_CALL_END		2

#endif /* GUEST_RACE_H */
