/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_FILE_H
#define _FUZZ_LINUX_FILE_H

#include <linux/fs.h>

static inline struct file *get_file(struct file *file)
{
	file->references++;
	return file;
}

static inline void fput(struct file *file)
{
	if (!file->references--)
		shim_bug("a file given back more often than taken");
}

#endif /* _FUZZ_LINUX_FILE_H */
