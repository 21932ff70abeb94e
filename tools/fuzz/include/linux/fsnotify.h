/* SPDX-License-Identifier: GPL-2.0 */
/* Nobody watches the file. */
#ifndef _FUZZ_LINUX_FSNOTIFY_H
#define _FUZZ_LINUX_FSNOTIFY_H

#include <linux/fs.h>

static inline void fsnotify_access(struct file *file)
{
}

static inline void fsnotify_modify(struct file *file)
{
}

#endif /* _FUZZ_LINUX_FSNOTIFY_H */
