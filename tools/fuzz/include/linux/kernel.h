/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_KERNEL_H
#define _FUZZ_LINUX_KERNEL_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/types.h>

#include <shim.h>

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define round_up(x, y)		((((x) - 1) | ((typeof(x))(y) - 1)) + 1)
#define round_down(x, y)	((x) / (y) * (y))

#define might_sleep()		shim_might_sleep()
#define WARN_ON(cond) \
	({ bool __fuzz_w = (cond); if (__fuzz_w) shim_bug("WARN_ON " #cond); __fuzz_w; })

#endif /* _FUZZ_LINUX_KERNEL_H */
