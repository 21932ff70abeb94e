/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "ioinst" agree on */
#ifndef GUEST_IOINST_H
#define GUEST_IOINST_H

/* Subchannels with a test control unit */
#define IOINST_SID		SID(0, 0x0007)
#define IOINST_SID_SET3		SID(3, 0xfffe)
/* A SID without a subchannel */
#define IOINST_SID_NONE		SID(0, 0x0008)

#endif /* GUEST_IOINST_H */
