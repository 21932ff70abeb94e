/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core has an error to tell only when something can't be, and that is a
 * finding.
 */
#ifndef _FUZZ_LINUX_PRINTK_H
#define _FUZZ_LINUX_PRINTK_H

#include <shim.h>

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

#define pr_err(fmt, ...)	shim_bug(pr_fmt(fmt), ##__VA_ARGS__)

#endif /* _FUZZ_LINUX_PRINTK_H */
