/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_JIFFIES_H
#define _FUZZ_LINUX_JIFFIES_H

#define HZ			100
#define msecs_to_jiffies(ms)	((unsigned long)(ms) * HZ / 1000)
#define usecs_to_jiffies(us)	((unsigned long)(us) * HZ / 1000000)

#endif /* _FUZZ_LINUX_JIFFIES_H */
