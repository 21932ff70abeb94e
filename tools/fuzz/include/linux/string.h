/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_STRING_H
#define _FUZZ_LINUX_STRING_H

#include <string.h>

#include <linux/types.h>

static inline void *memchr_inv(const void *start, int c, size_t len)
{
	const u8 *at = start;

	for (; len; at++, len--)
		if (*at != (u8)c)
			return (void *)at;
	return NULL;
}

#endif /* _FUZZ_LINUX_STRING_H */
