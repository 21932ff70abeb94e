/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a guest program asks its VMM for something: it executes DIAGNOSE with
 * this function code.  The request is in general register 2, its arguments are
 * in registers 3 to 5, and the VMM puts the answer into register 2.
 *
 * A VMM that isn't ours doesn't know that function code.  A program that is built
 * with HC_BY_MAILBOX leaves the same request in a mailbox in its storage, which
 * somebody beside the VMM shares and answers.
 */
#ifndef SELFTESTS_HYPERCALL_H
#define SELFTESTS_HYPERCALL_H

#define DIAG_VMM		0x580

/* The program tells how many tests it has; r3 is their number */
#define HC_PLAN			1
/* A test begins; r3 points to its name */
#define HC_BEGIN		2
/* The test has failed; r3 points to a struct hc_failure */
#define HC_FAIL			3
/* The test doesn't apply here; r3 points to the reason */
#define HC_SKIP			4
/* The test has ended */
#define HC_END			5
/* Print a line; r3 points to a string, r4 and r5 are numbers that follow it */
#define HC_LOG			6
/* The guest program has ended, and this vCPU stops; r3 is the exit status */
#define HC_EXIT			7
/* Start the other vCPU; r3 is the function that it calls, r4 its argument */
#define HC_CPU_START		8
/* A request of one theme, which alone knows what r3 to r5 mean */
#define HC_THEME		9
/* Does the host's kernel check itself?  See times() in guest.h */
#define HC_CHECKS_ITSELF	10

/* Where the VMM loads the image, and where the image is entered */
#define GUEST_IMAGE		0x10000

struct hc_failure {
	u64 file;		/* string */
	u64 line;
	u64 what;		/* string */
	u64 actual;
	u64 expected;
};

/*
 * The guest fills in @args and counts @asked up; @answer is there when @answered
 * has become equal to it.
 */
struct hc_mailbox {
	u64 args[4];		/* request and arguments */
	u64 answer;
	u32 asked;
	u32 answered;
};

/* Its address in guest storage */
#define HC_MAILBOX		0xff0000

#endif /* SELFTESTS_HYPERCALL_H */
