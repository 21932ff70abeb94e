/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "functions" agree on */
#ifndef GUEST_FUNCTIONS_H
#define GUEST_FUNCTIONS_H

/* A test control unit, and one whose programs all run on workers */
#define FUNC_SID		SID(0, 0x0021)
#define FUNC_SID_ASYNC		SID(1, 0x0022)

/*
 * HC_THEME: let no program begin any more, or let them begin again; the answer
 * is an errno.  SOON lets them begin again in another thread, about as many
 * microseconds later as r4 says.
 */
#define FUNC_CALL_QUIESCE	1
#define FUNC_CALL_UNQUIESCE	2
#define FUNC_CALL_UNQUIESCE_SOON	3

#endif /* GUEST_FUNCTIONS_H */
