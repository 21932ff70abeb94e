/* SPDX-License-Identifier: GPL-2.0 */
/* A file in memory; see file.c of the fuzzers. */
#ifndef _FUZZ_LINUX_FS_H
#define _FUZZ_LINUX_FS_H

#include <fcntl.h>
#include <sys/stat.h>

#include <linux/errseq.h>
#include <linux/kernel.h>
#include <linux/types.h>
#include <linux/uio.h>

struct file;
struct kiocb;

struct inode {
	umode_t i_mode;
	loff_t i_size;
};

struct address_space {
	struct inode *host;
	errseq_t wb_err;
};

struct file_operations {
	ssize_t (*read_iter)(struct kiocb *kiocb, struct iov_iter *iter);
	ssize_t (*write_iter)(struct kiocb *kiocb, struct iov_iter *iter);
	int (*fsync)(struct file *file, loff_t start, loff_t end, int datasync);
	long (*fallocate)(struct file *file, int mode, loff_t pos, loff_t len);
};

struct file {
	const struct file_operations *f_op;
	struct address_space *f_mapping;
	fmode_t f_mode;
	unsigned int f_flags;
	unsigned int references;
	unsigned int writers;
};

struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
	int ki_flags;
};

#define FMODE_READ		0x1u
#define FMODE_WRITE		0x2u
#define FMODE_CAN_READ		0x20000u
#define FMODE_CAN_WRITE		0x40000u
#define IOCB_DIRECT		0x20000
#define IOCB_APPEND		0x2
#define O_FUZZ_DIRECT		0x10000000u

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_mapping->host;
}

static inline loff_t i_size_read(const struct inode *inode)
{
	return inode->i_size;
}

static inline int iocb_flags(const struct file *file)
{
	return file->f_flags & O_FUZZ_DIRECT ? IOCB_DIRECT : 0;
}

static inline void init_sync_kiocb(struct kiocb *kiocb, struct file *file)
{
	*kiocb = (struct kiocb){ .ki_filp = file };
}

static inline void file_start_write(struct file *file)
{
	file->writers++;
}

static inline void file_end_write(struct file *file)
{
	if (!file->writers--)
		shim_bug("a write ends that has not begun");
}

static inline int vfs_fsync_range(struct file *file, loff_t start, loff_t end,
				  int datasync)
{
	return file->f_op->fsync(file, start, end, datasync);
}

static inline int vfs_fallocate(struct file *file, int mode, loff_t pos,
				loff_t len)
{
	if (!file->f_op->fallocate)
		return -EOPNOTSUPP;
	return file->f_op->fallocate(file, mode, pos, len);
}

/* It has no name; nobody asks for it. */
static inline char *file_path(struct file *file, char *buffer, int len)
{
	return buffer + len - 1;
}

#endif /* _FUZZ_LINUX_FS_H */
