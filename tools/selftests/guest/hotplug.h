/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "hotplug" agree on */
#ifndef GUEST_HOTPLUG_H
#define GUEST_HOTPLUG_H

/* It is always there. */
#define HOT_SID_STAYS		SID(0, 0x0000)
/* It is added and removed. */
#define HOT_SID			SID(0, 0x0031)
#define HOT_SID_SET1		SID(1, 0x0032)
#define HOT_DEVNO		0x3100

/*
 * HC_THEME: r4 is a subchannel, r5 are flags HOT_*; the answer is an errno.
 * LATER does what HOT_CALL_ADD does, in another thread and some time after the
 * guest has gone on.
 */
#define HOT_CALL_ADD		1
#define HOT_CALL_REMOVE		2
#define HOT_CALL_LATER		3

#define HOT_REPORT		0x1
#define HOT_VACATE		0x2

#endif /* GUEST_HOTPLUG_H */
