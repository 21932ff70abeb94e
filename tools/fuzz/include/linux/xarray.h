/* SPDX-License-Identifier: GPL-2.0 */
/* A sparse array of pointers, see xarray.c of the fuzzers */
#ifndef _FUZZ_LINUX_XARRAY_H
#define _FUZZ_LINUX_XARRAY_H

#include <linux/slab.h>
#include <linux/types.h>

#include <shim.h>

typedef unsigned int xa_mark_t;

#define XA_MARK_0		0u
#define XA_PRESENT		8u
#define XA_FLAGS_ACCOUNT	0x1u
/*
 * The entry of a reserved index, at which nothing is found and nothing can be
 * inserted
 */
#define XA_ZERO_ENTRY		((void *)(257UL << 2 | 2))

struct xa_slot;

/**
 * struct xarray - the array
 * @slots: the slots in use, in the order of their indexes
 * @nr: how many slots are in use
 * @room: for how many slots there is memory
 */
struct xarray {
	struct xa_slot *slots;
	unsigned int nr;
	unsigned int room;
};

static inline void *xa_mk_value(unsigned long value)
{
	return (void *)(value << 1 | 1);
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline void xa_init_flags(struct xarray *xa, unsigned int flags)
{
	*xa = (struct xarray){ .slots = NULL };
}

#define xa_is_err(entry)	((long)(entry) < 0 && (long)(entry) >= -16382)
#define xa_err(entry)		(xa_is_err(entry) ? (int)((long)(entry) >> 2) : 0)

void *xa_load(struct xarray *xa, unsigned long index);
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry,
		 gfp_t gfp);
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      xa_mark_t filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    xa_mark_t filter);
void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_destroy(struct xarray *xa);

#define xa_for_each_range_marked(xa, index, entry, start, last, filter)	\
	for ((index) = (start),						\
	     (entry) = xa_find(xa, &(index), last, filter);		\
	     (entry);							\
	     (entry) = xa_find_after(xa, &(index), last, filter))
#define xa_for_each_range(xa, index, entry, start, last) \
	xa_for_each_range_marked(xa, index, entry, start, last, XA_PRESENT)
#define xa_for_each_start(xa, index, entry, start) \
	xa_for_each_range(xa, index, entry, start, ~0UL)
#define xa_for_each(xa, index, entry) \
	xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter) \
	xa_for_each_range_marked(xa, index, entry, 0, ~0UL, filter)

#endif /* _FUZZ_LINUX_XARRAY_H */
