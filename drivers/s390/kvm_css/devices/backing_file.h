/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which files can be the backing of a DASD: what backing.c asks when it takes one.
 */
#ifndef _KVM_CSS_BACKING_FILE_H
#define _KVM_CSS_BACKING_FILE_H

#include <linux/types.h>

struct css_backing;
struct file;

/**
 * backing_check_file() - can blocks be read from the file and written to it?
 * @file: the file
 * @readonly: it need not be possible to write
 *
 * Context: any.
 * Return: 0; -EINVAL or -EACCES, see backing_init().
 */
int backing_check_file(const struct file *file, bool readonly);

/**
 * backing_check_direct_io() - can the file be read as the device will read it?
 * @backing: the backing, whose file may be open for direct I/O
 * @block_size: block size of the device, in bytes
 *
 * Context: may sleep.
 * Return: 0; -EINVAL when direct I/O needs a larger alignment than @block_size;
 * -ENOMEM; -EINTR when a signal has interrupted the caller.
 */
int backing_check_direct_io(const struct css_backing *backing, u32 block_size);

/**
 * backing_has_durable_writes() - does a direct write with IOCB_DSYNC need no flush?
 * @file: the file
 *
 * Context: any.
 * Return: whether its data are on stable storage when it ends.
 */
bool backing_has_durable_writes(const struct file *file);

#endif /* _KVM_CSS_BACKING_FILE_H */
