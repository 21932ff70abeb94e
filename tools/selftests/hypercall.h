/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest program asks its VMM: DIAGNOSE with this function code, the
 * request in general register 2, its arguments in 3 to 5, the answer in 2.
 */
#ifndef SELFTESTS_HYPERCALL_H
#define SELFTESTS_HYPERCALL_H

#define DIAG_VMM		0x580

/* Tests: r3 is their number */
#define HC_PLAN			1
/* A test begins; r3 is its name */
#define HC_BEGIN		2
/* The test failed; r3 is a struct hc_failure */
#define HC_FAIL			3
/* The test does not apply; r3 is the reason */
#define HC_SKIP			4
/* The test ended */
#define HC_END			5
/* A line for the log; r3 is a string, r4 and r5 two numbers beside it */
#define HC_LOG			6
/* The guest program ended; r3 is its exit status, this vCPU stops */
#define HC_EXIT			7
/* Start the other vCPU; r3 is the function, r4 its argument */
#define HC_CPU_START		8
/* Anything that only one theme knows; r3 to r5 are its business */
#define HC_THEME		9

/* Where the image is loaded and entered */
#define GUEST_IMAGE		0x10000

struct hc_failure {
	u64 file;		/* string */
	u64 line;
	u64 what;		/* string */
	u64 actual;
	u64 expected;
};

#endif /* SELFTESTS_HYPERCALL_H */
