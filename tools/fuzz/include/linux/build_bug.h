/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_BUILD_BUG_H
#define _FUZZ_LINUX_BUILD_BUG_H

#include <linux/types.h>

#define static_assert(expr, ...)	fuzz_static_assert(expr, #expr)
#define sizeof_field(type, member)	sizeof(((type *)0)->member)

#endif /* _FUZZ_LINUX_BUILD_BUG_H */
