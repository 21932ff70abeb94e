/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_DELAY_H
#define _FUZZ_LINUX_DELAY_H

#include <shim.h>

#define usleep_idle_range(from, to)	shim_sleep_us(from)

#endif /* _FUZZ_LINUX_DELAY_H */
