/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_SORT_H
#define _FUZZ_LINUX_SORT_H

#include <stdlib.h>

#define sort(base, num, size, compare, swap)	qsort(base, num, size, compare)

#endif /* _FUZZ_LINUX_SORT_H */
