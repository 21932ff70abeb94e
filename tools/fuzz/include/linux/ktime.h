/* SPDX-License-Identifier: GPL-2.0 */
/* Time passes when a thread reads the clock or sleeps. */
#ifndef _FUZZ_LINUX_KTIME_H
#define _FUZZ_LINUX_KTIME_H

#include <linux/types.h>

#include <shim.h>

#define NSEC_PER_USEC		1000L
#define NSEC_PER_MSEC		1000000L
#define NSEC_PER_SEC		1000000000L
#define USEC_PER_MSEC		1000L
#define USEC_PER_SEC		1000000L

typedef s64 ktime_t;

static inline ktime_t ktime_get(void)
{
	return shim_clock_ns();
}

static inline u64 ktime_get_ns(void)
{
	return shim_clock_ns();
}

static inline ktime_t ns_to_ktime(u64 ns)
{
	return ns;
}

#endif /* _FUZZ_LINUX_KTIME_H */
