/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_MM_H
#define _FUZZ_LINUX_MM_H

#include <linux/slab.h>

#define PAGE_SHIFT		12
#define PAGE_SIZE		(1UL << PAGE_SHIFT)

struct page;

#endif /* _FUZZ_LINUX_MM_H */
