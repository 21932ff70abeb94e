// SPDX-License-Identifier: GPL-2.0
/*
 * Which files can be the backing of a DASD, and what is found out about them before
 * there is a guest.
 */
#include <linux/backing-dev.h>
#include <linux/blkdev.h>
#include <linux/bvec.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/uio.h>

#include <kvm_css/backing.h>

#include "backing_file.h"

/*
 * Does a file keep what is written to it?  There are regular files (in sysfs,
 * procfs, debugfs, cgroup and so on) that only call functions of the kernel
 * when they are read or written.  A file system that stores data writes dirty
 * pages back somewhere, which BDI_CAP_WRITEBACK tells.  Four file systems store
 * data without having that: three in memory, one on other file systems.
 */
static bool is_storage(const struct inode *inode)
{
	const struct super_block *sb = inode->i_sb;

	if (S_ISBLK(inode->i_mode))
		return true;
	if (!S_ISREG(inode->i_mode))
		return false;
	switch (sb->s_magic) {
	case TMPFS_MAGIC:
	case RAMFS_MAGIC:
	case HUGETLBFS_MAGIC:
	case OVERLAYFS_SUPER_MAGIC:
		return true;
	default:
		return sb->s_bdi->capabilities & BDI_CAP_WRITEBACK;
	}
}

/* Has the block device or file system become read-only since it was opened? */
static bool is_readonly(const struct file *file)
{
	const struct inode *inode = file_inode(file);

	if (S_ISBLK(inode->i_mode))
		return bdev_read_only(I_BDEV(file->f_mapping->host));
	return sb_rdonly(inode->i_sb);
}

/* Can blocks be read from the file and, unless @readonly, written to it? */
int backing_check_file(const struct file *file, bool readonly)
{
	const struct file_operations *ops = file->f_op;

	if (!is_storage(file_inode(file)))
		return -EINVAL;
	if (!(file->f_mode & FMODE_READ))
		return -EACCES;
	if (!(file->f_mode & FMODE_CAN_READ) || !ops->read_iter)
		return -EINVAL;
	if (readonly)
		return 0;
	if (!(file->f_mode & FMODE_WRITE) || file->f_flags & O_APPEND ||
	    is_readonly(file))
		return -EACCES;
	if (!(file->f_mode & FMODE_CAN_WRITE) || !ops->write_iter ||
	    !ops->fsync)
		return -EINVAL;
	return 0;
}

/*
 * Does the file system accept direct I/O of this block size?  Many file systems
 * don't say; then true is returned.
 */
static bool is_aligned_by(const struct file *file, u32 block_size)
{
	struct kstat stat;

	if (vfs_getattr(&file->f_path, &stat, STATX_DIOALIGN,
			AT_STATX_DONT_SYNC))
		return true;
	return !(stat.result_mask & STATX_DIOALIGN) ||
	       (stat.dio_offset_align <= block_size &&
		stat.dio_mem_align <= PAGE_SIZE);
}

/*
 * Refuse a file that is open for direct I/O, if direct I/O needs more alignment
 * than a block has.  Only the file system knows what it needs.  So ask it, and
 * then try to read the block at position 0, and the next one, which is aligned
 * to the block size and no more.  Whether a write needs more can't be tried,
 * because the file has somebody's data; other_way() is prepared for that.
 *
 * If a signal interrupts the read, the ioctl ends with EINTR, and nothing has
 * been added.
 */
static ssize_t try_read(struct file *file, const struct bio_vec *page,
			loff_t pos, u32 len, int ki_flags)
{
	struct iov_iter iter;
	struct kiocb kiocb;
	ssize_t n;

	iov_iter_bvec(&iter, READ, page, 1, len);
	init_sync_kiocb(&kiocb, file);
	kiocb.ki_flags = ki_flags;
	kiocb.ki_pos = pos;
	n = vfs_iocb_iter_read(file, &kiocb, &iter);
	if (n == len)
		return 0;
	return n < 0 ? n : -EIO;
}

static ssize_t try_direct_io(const struct css_backing *backing, u32 block_size)
{
	struct bio_vec page = {
		.bv_page = alloc_page(GFP_KERNEL), .bv_len = PAGE_SIZE,
	};
	ssize_t err;

	if (!page.bv_page)
		return -ENOMEM;
	err = try_read(backing->file, &page, 0, block_size, IOCB_DIRECT);
	if (!err && backing_size(backing->file) >= 2ull * block_size)
		err = try_read(backing->file, &page, block_size, block_size,
			       IOCB_DIRECT);
	__free_page(page.bv_page);
	return err;
}

int backing_check_direct_io(const struct css_backing *backing, u32 block_size)
{
	ssize_t err;

	if (!backing->ki_flags)
		return 0;
	if (!is_aligned_by(backing->file, block_size))
		return -EINVAL;
	err = try_direct_io(backing, block_size);
	/*
	 * A file may return ERESTARTSYS when no signal is pending.  Then nobody
	 * would turn it into something that userspace knows.
	 */
	if (err == -EINTR || err == -ERESTARTSYS)
		return -EINTR;
	if (err == -ENOMEM)
		return -ENOMEM;
	return err ? -EINVAL : 0;
}

/*
 * Are the data of a direct write with IOCB_DSYNC on stable storage when it ends,
 * as after fdatasync()?  A block device writes them with REQ_FUA, or the block
 * layer flushes its cache.  ext4 and XFS do one or the other.  Other file systems
 * may, but not all do: OCFS2 looks at O_DSYNC of the file instead, and FUSE and
 * network file systems pass the flag on to somebody who may know fsync() alone.
 */
bool backing_has_durable_writes(const struct file *file)
{
	const struct inode *inode = file_inode(file);

	if (S_ISBLK(inode->i_mode))
		return true;
	switch (inode->i_sb->s_magic) {
	case EXT4_SUPER_MAGIC:
	case XFS_SUPER_MAGIC:
		return true;
	default:
		return false;
	}
}

/* Read at position 0, in the way in which the device will. */
static int read_begin(const struct css_backing *backing,
		      const struct bio_vec *page, u32 len)
{
	ssize_t err = try_read(backing->file, page, 0, len, backing->ki_flags);

	/* As for a device: what can't be read directly may be read otherwise. */
	if (err == -EINVAL && backing->ki_flags)
		err = try_read(backing->file, page, 0, len, 0);
	if (err == -EINTR || err == -ERESTARTSYS)
		return -EINTR;
	return err ? -EINVAL : 0;
}

int backing_read_begin(const struct css_backing *backing, void *data, u32 len)
{
	struct bio_vec page = {
		.bv_page = alloc_page(GFP_KERNEL), .bv_len = PAGE_SIZE,
	};
	int err;

	if (!page.bv_page)
		return -ENOMEM;
	err = read_begin(backing, &page, len);
	if (!err)
		memcpy(data, page_address(page.bv_page), len);
	__free_page(page.bv_page);
	return err;
}
