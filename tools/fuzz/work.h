/* SPDX-License-Identifier: GPL-2.0 */
/* Internal to the shims' own files */
#ifndef _FUZZ_WORK_H
#define _FUZZ_WORK_H

#include <linux/workqueue.h>

/**
 * shim_work_freed() - check that no work item in freed memory is queued
 * @p: the memory
 * @size: in bytes
 */
void shim_work_freed(const void *p, size_t size);

#endif /* _FUZZ_WORK_H */
