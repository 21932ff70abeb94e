/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "functions" agree on */
#ifndef GUEST_FUNCTIONS_H
#define GUEST_FUNCTIONS_H

/* A test control unit, and one all of whose programs run on workers */
#define FUNC_SID		SID(0, 0x0021)
#define FUNC_SID_ASYNC		SID(1, 0x0022)

/*
 * HC_THEME: begin no program any more, and go on; the answer is an errno.  SOON
 * is about as many microseconds later as r4 says, by another thread.
 */
#define FUNC_CALL_QUIESCE	1
#define FUNC_CALL_UNQUIESCE	2
#define FUNC_CALL_UNQUIESCE_SOON	3

#endif /* GUEST_FUNCTIONS_H */
