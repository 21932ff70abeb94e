/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_BITOPS_H
#define _FUZZ_LINUX_BITOPS_H

/* The number of the leftmost one, counted from the right and from 1; 0 for 0 */
static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

#endif /* _FUZZ_LINUX_BITOPS_H */
