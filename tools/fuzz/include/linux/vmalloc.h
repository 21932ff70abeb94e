/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_VMALLOC_H
#define _FUZZ_LINUX_VMALLOC_H

#include <linux/mm.h>
#include <linux/slab.h>

#define __vmalloc(size, gfp)	kzalloc(size, gfp)
#define vmalloc(size)		kzalloc(size, GFP_KERNEL)
#define vzalloc(size)		kzalloc(size, GFP_KERNEL)
#define vfree(p)		shim_free(p)

/* The address of a page is that of its bytes. */
static inline struct page *vmalloc_to_page(const void *addr)
{
	return (struct page *)addr;
}

#endif /* _FUZZ_LINUX_VMALLOC_H */
