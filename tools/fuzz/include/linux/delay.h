/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_DELAY_H
#define _FUZZ_LINUX_DELAY_H

#include <shim.h>

#define usleep_range_state(from, to, state)	shim_sleep_us(from)

#endif /* _FUZZ_LINUX_DELAY_H */
