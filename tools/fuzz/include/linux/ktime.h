/* SPDX-License-Identifier: GPL-2.0 */
/* Time passes when a thread reads the clock or sleeps. */
#ifndef _FUZZ_LINUX_KTIME_H
#define _FUZZ_LINUX_KTIME_H

#include <linux/types.h>

#include <shim.h>

#define NSEC_PER_USEC		1000L
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

static inline ktime_t ktime_add_us(ktime_t time, u64 us)
{
	return time + us * NSEC_PER_USEC;
}

static inline s64 ktime_us_delta(ktime_t later, ktime_t earlier)
{
	return (later - earlier) / NSEC_PER_USEC;
}

#endif /* _FUZZ_LINUX_KTIME_H */
