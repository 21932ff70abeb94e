/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_TIME64_H
#define _FUZZ_LINUX_TIME64_H

#include <linux/types.h>

struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};

static inline int timespec64_compare(const struct timespec64 *a,
				     const struct timespec64 *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	return (int)(a->tv_nsec - b->tv_nsec);
}

static inline bool timespec64_equal(const struct timespec64 *a,
				    const struct timespec64 *b)
{
	return !timespec64_compare(a, b);
}

#endif /* _FUZZ_LINUX_TIME64_H */
