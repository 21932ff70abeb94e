/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages go nowhere.  The core has an error to tell only when something can't
 * be, and that is a finding.
 */
#ifndef _FUZZ_LINUX_PRINTK_H
#define _FUZZ_LINUX_PRINTK_H

#include <shim.h>

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

static inline __printf(1, 2) void shim_say_nothing(const char *fmt, ...)
{
}

#define pr_err(fmt, ...)	shim_bug(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)	shim_say_nothing(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...)	shim_say_nothing(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	shim_say_nothing(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...)	shim_say_nothing(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err_once		pr_err
#define pr_warn_once		pr_warn
#define pr_info_once		pr_info
#define pr_err_ratelimited	pr_err
#define pr_warn_ratelimited	pr_warn

#endif /* _FUZZ_LINUX_PRINTK_H */
