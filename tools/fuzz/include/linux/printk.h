/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core only prints an error when something has happened that can't be, so
 * an error is a finding.
 */
#ifndef _FUZZ_LINUX_PRINTK_H
#define _FUZZ_LINUX_PRINTK_H

#include <shim.h>

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

/* What a device that is out of order makes the core say */
#define pr_warn_ratelimited(fmt, ...) \
	do { if (0) shim_bug(pr_fmt(fmt), ##__VA_ARGS__); } while (0)

/* What is said once for each device of the host's */
#define pr_warn(fmt, ...) \
	do { if (0) shim_bug(pr_fmt(fmt), ##__VA_ARGS__); } while (0)

#define pr_err(fmt, ...)	shim_bug(pr_fmt(fmt), ##__VA_ARGS__)

#endif /* _FUZZ_LINUX_PRINTK_H */
