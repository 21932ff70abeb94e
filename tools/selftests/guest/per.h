/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "per" agree on */
#ifndef GUEST_PER_H
#define GUEST_PER_H

#define PER_SID			SID(0, 0x0001)
/* A SID at which nobody has a subchannel */
#define PER_SID_NONE		SID(0, 0x0002)

/*
 * guest_argument: who serves the subchannels.  These are bits, so that a row
 * can have several.
 */
#define PER_BY_KERNEL		0x1	/* beside a VMM */
#define PER_BY_ALONE		0x2	/* the kernel, KVM_CSS_CREATE_ALONE */
#define PER_BY_VMM		0x4

/*
 * HC_THEME
 *
 * PER_CALL_STEP: single-step this CPU; r4 is the address of the struct per_log.
 *
 * PER_CALL_BREAK: set a breakpoint instead; r4 is the same, r5 the breakpoint's
 * address.
 *
 * PER_CALL_STOP: end either of them.
 *
 * PER_CALL_WITHHOLD: withhold PER_PAGE until a CPU accesses it; then set the
 * word at r4 to PER_TURN_OTHER, and provide the page when the word is
 * PER_TURN_DONE.  The answer says whether the host can do that.
 *
 * PER_CALL_PROVIDED: the answer says whether the page has been provided.
 */
#define PER_CALL_STEP		1
#define PER_CALL_BREAK		2
#define PER_CALL_STOP		3
#define PER_CALL_WITHHOLD	4
#define PER_CALL_PROVIDED	5

#define PER_TURN_OTHER		1
#define PER_TURN_DONE		2

/* A page that nothing else uses */
#define PER_PAGE		0xc00000ul
#define PER_PAGE_SIZE		4096

/* What KVM_EXIT_DEBUG said, and where the CPU was */
struct per_exit {
	u64 mask;
	u64 addr;
	u64 type;
};

#define PER_EXIT_BREAK		1	/* KVM_HW_BP */
#define PER_EXIT_STEP		4	/* KVM_SINGLESTEP */

#define PER_EXITS		256

struct per_log {
	u64 nr;			/* may be more than fit */
	struct per_exit exits[PER_EXITS];
};

#endif /* GUEST_PER_H */
