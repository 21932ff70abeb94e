/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_ERRNO_H
#define _FUZZ_LINUX_ERRNO_H

#include_next <linux/errno.h>

#define ERESTARTSYS		512

#endif /* _FUZZ_LINUX_ERRNO_H */
