/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_KREF_H
#define _FUZZ_LINUX_KREF_H

#include <linux/types.h>

#include <shim.h>

struct kref {
	unsigned int count;
};

static inline void kref_init(struct kref *kref)
{
	kref->count = 1;
}

static inline void kref_get(struct kref *kref)
{
	if (!kref->count)
		shim_bug("a reference taken of what has none");
	kref->count++;
}

static inline bool kref_get_unless_zero(struct kref *kref)
{
	if (!kref->count)
		return false;
	kref->count++;
	return true;
}

static inline bool kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	if (!kref->count)
		shim_bug("more references given back than taken");
	if (--kref->count)
		return false;
	release(kref);
	return true;
}

#endif /* _FUZZ_LINUX_KREF_H */
