/* SPDX-License-Identifier: GPL-2.0 */
/* How fuzzers of programs end with a finding */
#ifndef _FUZZ_FINDING_H
#define _FUZZ_FINDING_H

#include <stdio.h>
#include <stdlib.h>

#define check(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "finding: %s, line %d\n", #condition, __LINE__); \
			abort(); \
		} \
	} while (0)

#endif /* _FUZZ_FINDING_H */
