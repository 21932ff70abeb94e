/* SPDX-License-Identifier: GPL-2.0 */
/* The access time of a disk's file */
#ifndef _KVM_CSS_ACCESS_TIME_H
#define _KVM_CSS_ACCESS_TIME_H

#include <linux/types.h>

struct file;

/**
 * access_time_due() - would a read update the access time of the file?
 * @file: the file
 *
 * A file system may have to wait for its journal for that.  The conditions are
 * those of the kernel's touch_atime() (fs/inode.c of Linux).
 *
 * Context: a vCPU; doesn't wait.
 * Return: true also when that isn't known.
 */
bool access_time_due(const struct file *file);

#endif /* _KVM_CSS_ACCESS_TIME_H */
