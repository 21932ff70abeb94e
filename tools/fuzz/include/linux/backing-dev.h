/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_BACKING_DEV_H
#define _FUZZ_LINUX_BACKING_DEV_H

#include <linux/fs.h>

#define BDI_CAP_WRITEBACK	1u

#endif /* _FUZZ_LINUX_BACKING_DEV_H */
