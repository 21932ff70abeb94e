/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "user" agree on */
#ifndef GUEST_USER_H
#define GUEST_USER_H

/* A device that a process models, and a test control unit to compare it with */
#define USER_SID	SID(0, 0x0031)
#define USER_SID_TEST	SID(0, 0x0032)

/* HC_THEME: the order has been executed; return when there is another one */
#define USER_CALL_NEXT	1

/* What the guest is to do */
#define USER_INSN	1	/* execute @insn with @sid and @operand */
#define USER_WAIT	2	/* wait for an interruption, @ms at most */
#define USER_KEY	3	/* give the page at @operand the storage key @key */
#define USER_END	4	/* end the guest program */

/* Where the order is in guest storage; the guest writes what @result and below are. */
#define USER_ORDER	0x00f00000ul

struct user_order {
	u32 what;
	u32 sid;
	u64 operand;
	u16 insn;
	u8  key;
	u8  zero;
	u32 ms;
	u32 result;		/* an ending; or whether there was an interruption */
	u32 io_sid;
	u32 io_intparm;
};

#endif /* GUEST_USER_H */
