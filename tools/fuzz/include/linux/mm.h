/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_MM_H
#define _FUZZ_LINUX_MM_H

#include <linux/slab.h>

#define PAGE_SHIFT		12
#define PAGE_SIZE		(1UL << PAGE_SHIFT)

/* The address of a page is that of its bytes. */
struct page;

static inline struct page *virt_to_page(const void *addr)
{
	return (struct page *)addr;
}

static inline void *page_address(const struct page *page)
{
	return (void *)page;
}

static inline bool is_vmalloc_addr(const void *addr)
{
	return false;
}

static inline struct page *alloc_page(gfp_t gfp)
{
	return kzalloc(PAGE_SIZE, gfp);
}

#define __free_page(page)	shim_free(page)
#define kvzalloc(size, gfp)	kzalloc(size, gfp)
#define kvmalloc(size, gfp)	kmalloc(size, gfp)
#define kvfree(p)		shim_free(p)

#endif /* _FUZZ_LINUX_MM_H */
