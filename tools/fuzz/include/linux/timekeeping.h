/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_TIMEKEEPING_H
#define _FUZZ_LINUX_TIMEKEEPING_H

#include <linux/ktime.h>

static inline s64 ktime_get_real_seconds(void)
{
	return ktime_get_ns() / NSEC_PER_SEC;
}

#endif /* _FUZZ_LINUX_TIMEKEEPING_H */
