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

static inline long strscpy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size - 1);

	memcpy(to, from, len);
	to[len] = 0;
	return len;
}

#endif /* _FUZZ_LINUX_STRING_H */
