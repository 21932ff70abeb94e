/* SPDX-License-Identifier: GPL-2.0 */
/* The file in memory, see file.c of the fuzzers */
#ifndef _FUZZ_LINUX_FS_H
#define _FUZZ_LINUX_FS_H

#include <fcntl.h>
#include <sys/stat.h>

#include <linux/errseq.h>
#include <linux/kernel.h>
#include <linux/time64.h>
#include <linux/types.h>
#include <linux/uio.h>

#include <shim.h>

struct block_device;
struct file;
struct kiocb;

struct backing_dev_info {
	unsigned int capabilities;
};

struct super_block {
	unsigned long s_magic;
	struct backing_dev_info *s_bdi;
	unsigned int writers;
	bool readonly;
};

struct inode {
	umode_t i_mode;
	loff_t i_size;
	struct super_block *i_sb;
};

struct vfsmount;

struct path {
	struct vfsmount *mnt;
	struct inode *inode;
};

struct address_space {
	struct inode *host;
	errseq_t wb_err;
};

struct file_operations {
	unsigned int fop_flags;
	ssize_t (*read_iter)(struct kiocb *kiocb, struct iov_iter *iter);
	ssize_t (*write_iter)(struct kiocb *kiocb, struct iov_iter *iter);
	int (*fsync)(struct file *file, loff_t start, loff_t end, int datasync);
	long (*fallocate)(struct file *file, int mode, loff_t pos, loff_t len);
};

struct file {
	const struct file_operations *f_op;
	struct address_space *f_mapping;
	struct path f_path;
	fmode_t f_mode;
	unsigned int f_flags;
	unsigned int references;
};

struct wait_page_queue;

struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
	void (*ki_complete)(struct kiocb *kiocb, long result);
	int ki_flags;
	struct wait_page_queue *ki_waitq;
};

#ifndef O_NOATIME
#define O_NOATIME		01000000
#endif
#define IS_NOATIME(inode)	((void)(inode), false)

#define FMODE_READ		0x1u
#define FMODE_WRITE		0x2u
#define FMODE_CAN_READ		0x20000u
#define FMODE_CAN_WRITE		0x40000u
#define FMODE_NOWAIT		0x8000000u
#define IOCB_DIRECT		0x20000
#define IOCB_APPEND		0x2
#define IOCB_NOWAIT		0x8
#define IOCB_NOIO		0x100000
#define IOCB_DSYNC		0x4
#define IOCB_WRITE		0x40000
#define IOCB_WAITQ		0x80000
#define FOP_BUFFER_RASYNC	0x1u
#define EIOCBQUEUED		529
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

/* The file system can't be frozen during a write. */
static inline void kiocb_end_write(struct kiocb *kiocb)
{
	struct super_block *sb = file_inode(kiocb->ki_filp)->i_sb;

	shim_assert(sb->writers);
	sb->writers--;
}

static inline bool sb_rdonly(const struct super_block *sb)
{
	return sb->readonly;
}

static inline ssize_t vfs_iocb_iter_read(struct file *file, struct kiocb *kiocb,
					 struct iov_iter *iter)
{
	return file->f_op->read_iter(kiocb, iter);
}

static inline ssize_t vfs_iocb_iter_write(struct file *file,
					  struct kiocb *kiocb,
					  struct iov_iter *iter)
{
	struct super_block *sb = file_inode(file)->i_sb;
	ssize_t done;

	sb->writers++;
	done = file->f_op->write_iter(kiocb, iter);
	if (done != -EIOCBQUEUED)
		kiocb_end_write(kiocb);
	return done;
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

/* Nobody asks for it: no read has an access time to update. */
static inline struct timespec64 current_time(const struct inode *inode)
{
	return (struct timespec64){};
}

/* The file has no name, and nobody asks for it. */
static inline char *file_path(struct file *file, char *buffer, int len)
{
	return buffer + len - 1;
}

#endif /* _FUZZ_LINUX_FS_H */
