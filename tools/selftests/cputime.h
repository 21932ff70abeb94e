/* SPDX-License-Identifier: GPL-2.0 */
/* The CPU time of a VMM in a control group, and of what works for it */
#ifndef SELFTESTS_CPUTIME_H
#define SELFTESTS_CPUTIME_H

#include <sys/types.h>

/**
 * struct cputime_bounds - what must be measured, in percent of a CPU
 * @least: by the VMM and the host's kernel threads together, at least
 * @most: at most
 * @group_least: by the threads in the VMM's control group, at least
 * @group_most: at most
 */
struct cputime_bounds {
	double least, most;
	double group_least, group_most;
};

/**
 * cputime_expect() - measure CPU time, and check it
 * @vmm: process ID of the VMM
 * @seconds: for how long to measure
 * @bounds: what must be measured
 *
 * On a machine that is busy with something else a measurement may be wrong, so
 * one of a few has to be within the bounds.
 */
void cputime_expect(pid_t vmm, unsigned int seconds,
		    struct cputime_bounds bounds);

#endif /* SELFTESTS_CPUTIME_H */
