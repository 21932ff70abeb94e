/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_JIFFIES_H
#define _FUZZ_LINUX_JIFFIES_H

#include <shim.h>

#define HZ			100
#define msecs_to_jiffies(ms)	((unsigned long)(ms) * HZ / 1000)
#define usecs_to_jiffies(us)	((unsigned long)(us) * HZ / 1000000)

#define jiffies			((unsigned long)(shim_clock_ns() / (1000000000ull / HZ)))
#define time_before(a, b)	((long)((a) - (b)) < 0)
#define time_after(a, b)	time_before(b, a)

#endif /* _FUZZ_LINUX_JIFFIES_H */
