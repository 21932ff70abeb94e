/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_MINMAX_H
#define _FUZZ_LINUX_MINMAX_H

#include <linux/types.h>

#define min_t(type, a, b) ({			\
	type __fuzz_a = (a);			\
	type __fuzz_b = (b);			\
	__fuzz_a < __fuzz_b ? __fuzz_a : __fuzz_b; })
#define max_t(type, a, b) ({			\
	type __fuzz_c = (a);			\
	type __fuzz_d = (b);			\
	__fuzz_c > __fuzz_d ? __fuzz_c : __fuzz_d; })

#define min(a, b)		min_t(typeof((a) + (b)), a, b)
#define max(a, b)		max_t(typeof((a) + (b)), a, b)
#define min3(a, b, c)		min(min(a, b), c)

#endif /* _FUZZ_LINUX_MINMAX_H */
