/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_ERR_H
#define _FUZZ_LINUX_ERR_H

#include <linux/errno.h>
#include <linux/types.h>

#define FUZZ_MAX_ERRNO		4095ul

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline bool IS_ERR(const void *ptr)
{
	return (unsigned long)ptr >= -FUZZ_MAX_ERRNO;
}

static inline bool IS_ERR_OR_NULL(const void *ptr)
{
	return !ptr || IS_ERR(ptr);
}

#define ERR_CAST(p)		((void *)(p))

#endif /* _FUZZ_LINUX_ERR_H */
