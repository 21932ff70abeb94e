/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_FILE_H
#define _FUZZ_LINUX_FILE_H

#include <linux/fs.h>

static inline struct file *get_file(struct file *file)
{
	file->references++;
	return file;
}

/* No descriptor is open in a fuzzer. */
static inline struct file *fget(unsigned int fd)
{
	return NULL;
}

static inline void fput(struct file *file)
{
	if (!file->references--)
		shim_bug("a file given back more often than taken");
}

#endif /* _FUZZ_LINUX_FILE_H */
