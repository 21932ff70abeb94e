/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "functions" agree on */
#ifndef GUEST_FUNCTIONS_H
#define GUEST_FUNCTIONS_H

/*
 * A test control unit, one whose programs all run on workers, and one with a
 * backend, which is there only while a test needs it
 */
#define FUNC_SID		SID(0, 0x0021)
#define FUNC_SID_ASYNC		SID(1, 0x0022)
#define FUNC_SID_BACKEND	SID(0, 0x0023)

/*
 * HC_THEME: let no program begin any more, let them begin again, reset all
 * subchannels, or add or remove FUNC_SID_BACKEND; the answer is an errno.  SOON
 * lets them begin again in another thread, about as many microseconds later as r4
 * says.
 */
#define FUNC_CALL_QUIESCE	1
#define FUNC_CALL_UNQUIESCE	2
#define FUNC_CALL_UNQUIESCE_SOON	3
#define FUNC_CALL_RESET		4
#define FUNC_CALL_ADD_BACKEND	5
#define FUNC_CALL_REMOVE_BACKEND	6

/* Its value on Linux */
#define FUNC_EOPNOTSUPP		95

#endif /* GUEST_FUNCTIONS_H */
