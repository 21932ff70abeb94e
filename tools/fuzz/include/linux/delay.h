/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_DELAY_H
#define _FUZZ_LINUX_DELAY_H

#include <shim.h>

#define fsleep(us)		shim_sleep_us(us)
#define usleep_idle_range(from, to)	shim_sleep_us(from)

#endif /* _FUZZ_LINUX_DELAY_H */
