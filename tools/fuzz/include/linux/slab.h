/* SPDX-License-Identifier: GPL-2.0 */
/* Allocations are counted, and fail when the fuzzer says so */
#ifndef _FUZZ_LINUX_SLAB_H
#define _FUZZ_LINUX_SLAB_H

#include <linux/overflow.h>
#include <linux/types.h>

#include <shim.h>

#define GFP_KERNEL		0x1u
#define GFP_KERNEL_ACCOUNT	0x3u
#define GFP_ATOMIC		0x4u
#define GFP_NOWAIT		0x8u

static inline void *kzalloc(size_t size, gfp_t gfp)
{
	return shim_alloc(size, gfp & (GFP_ATOMIC | GFP_NOWAIT));
}

#define kmalloc			kzalloc
#define kcalloc(n, size, gfp)	kzalloc((size_t)(n) * (size), gfp)
#define kfree(p)		shim_free(p)

#endif /* _FUZZ_LINUX_SLAB_H */
