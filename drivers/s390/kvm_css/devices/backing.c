// SPDX-License-Identifier: GPL-2.0
/*
 * The file or block device of the host that has the data of a DASD.
 *
 * Data move through a buffer.  It is allocated when the device first needs it,
 * since a guest may have many disks that it never uses.
 *
 * Several threads may work for a guest.  All of them access the file with the
 * credentials of the thread that made the device, and write as far as the
 * file-size limit of that thread permits.  The credentials matter for quotas,
 * reserved blocks, the removal of set-user-ID bits, and security modules.
 */
#include <linux/backing-dev.h>
#include <linux/blkdev.h>
#include <linux/bvec.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>

#include <kvm_css/backing.h>
#include <kvm_css/guest.h>

/* How old an access time gets with the mount option relatime */
#define ATIME_SECONDS	(24 * 60 * 60)

#define BUFFER_PAGES	DIV_ROUND_UP(BACKING_BUFFER_SIZE, PAGE_SIZE)

/* @pages: the pages that @data consists of, as iterators want them */
struct backing_buffer {
	u8 data[BACKING_BUFFER_SIZE];
	struct bio_vec pages[BUFFER_PAGES];
};

/* @buffer: memory from vmalloc(), so that it begins at a page */
static void buffer_init(struct backing_buffer *buffer)
{
	unsigned int i;

	for (i = 0; i < BUFFER_PAGES; i++) {
		buffer->pages[i] = (struct bio_vec){
			.bv_page = vmalloc_to_page(buffer->data +
						   i * PAGE_SIZE),
			.bv_len = PAGE_SIZE,
		};
	}
}

bool backing_ensure_buffer(struct css_backing *backing, struct guest *guest)
{
	struct backing_buffer *buffer;

	if (backing->buffer)
		return true;
	buffer = guest_buffer_alloc(guest, sizeof(*buffer));
	if (!buffer)
		return false;
	buffer_init(buffer);
	backing->buffer = buffer;
	return true;
}

u8 *backing_data(struct css_backing *backing)
{
	return backing->buffer->data;
}

/* Write, but wait as long as the file system is frozen; see core.mk. */
#ifdef KVM_CSS_START_WRITE
static ssize_t write_some(struct file *file, struct kiocb *kiocb,
			  struct iov_iter *iter)
{
	ssize_t n;

	file_start_write(file);
	n = vfs_iocb_iter_write(file, kiocb, iter);
	file_end_write(file);
	return n;
}
#else
#define write_some vfs_iocb_iter_write
#endif

/*
 * Read or write as much as the file moves at once.  The access has the @flags
 * and no others.  The caller takes IOCB_DIRECT from backing->ki_flags, which
 * says whether the file had O_DIRECT when the device was made.  The file's own
 * flags don't count, because the VMM may change them later.  With O_APPEND, for
 * instance, every write would go to the end of the file.
 */
static ssize_t move_some(struct css_backing *backing, bool write, loff_t pos,
			 struct iov_iter *iter, int flags)
{
	struct file *file = backing->file;
	struct kiocb kiocb;

	init_sync_kiocb(&kiocb, file);
	kiocb.ki_flags = flags;
	kiocb.ki_pos = pos;
	return write ? write_some(file, &kiocb, iter) :
		       vfs_iocb_iter_read(file, &kiocb, iter);
}

/*
 * Put off the signal that has interrupted the worker, if one has.
 * Return: whether one was put off.  Then the caller tries again, so that the
 * guest doesn't notice.
 */
static bool put_off_signal(ssize_t result)
{
	return (result == -EINTR || result == -ERESTARTSYS) &&
	       guest_put_off_signal();
}

/*
 * Move data between the buffer and the file.  The iterator is a bio_vec one,
 * because direct I/O takes that on every kernel.
 *
 * Direct I/O fails with EINVAL when the data have not the alignment that it
 * needs.  The guest can't do anything about that.  So, if @cached is set, such
 * data go through the page cache instead: the file system keeps it coherent
 * with direct I/O, and backing_sync() makes it durable.
 * Return: 0, or the error.
 */
static ssize_t transfer(struct css_backing *backing, bool write, loff_t pos,
			u32 len, bool cached)
{
	struct iov_iter iter, before;
	ssize_t n;

	iov_iter_bvec(&iter, write ? WRITE : READ, backing->buffer->pages,
		      DIV_ROUND_UP(len, PAGE_SIZE), len);
	while (iov_iter_count(&iter)) {
		before = iter;
		n = move_some(backing, write, pos, &iter, backing->ki_flags);
		if (n == -EINVAL && backing->ki_flags && cached) {
			iter = before;
			n = move_some(backing, write, pos, &iter, 0);
		}
		if (put_off_signal(n)) {
			iter = before;
			continue;
		}
		/* The file ends here: it has been truncated meanwhile. */
		if (n <= 0)
			return n ?: -ENODATA;
		pos += n;
	}
	return 0;
}

bool backing_read(struct css_backing *backing, loff_t pos, u32 len)
{
	const struct cred *old = override_creds(backing->cred);
	bool done = !transfer(backing, false, pos, len, true);

	revert_creds(old);
	return done;
}

/*
 * Would a read update the access time of the file?  A file system may have to
 * wait for its journal for that.  The conditions are those of the kernel's
 * touch_atime().  A block device never makes a read wait in this way, because
 * its access time is that of its node, which is in memory.
 */
static bool is_atime_due(const struct file *file)
{
	const u32 times = STATX_ATIME | STATX_MTIME | STATX_CTIME;
	const struct inode *inode = file_inode(file);
	unsigned int mount = file->f_path.mnt->mnt_flags;
	struct kstat stat;

	if (S_ISBLK(inode->i_mode) || file->f_flags & O_NOATIME ||
	    IS_NOATIME(inode) || mount & MNT_NOATIME)
		return false;
	if (!(mount & MNT_RELATIME) ||
	    vfs_getattr(&file->f_path, &stat, times, AT_STATX_DONT_SYNC))
		return true;
	return timespec64_compare(&stat.mtime, &stat.atime) >= 0 ||
	       timespec64_compare(&stat.ctime, &stat.atime) >= 0 ||
	       ktime_get_real_seconds() - stat.atime.tv_sec >= ATIME_SECONDS;
}

bool backing_read_now(struct css_backing *backing, loff_t pos, u32 len)
{
	struct file *file = backing->file;
	const struct cred *old;
	struct iov_iter iter;
	ssize_t n;

	if (!backing->buffer || backing->ki_flags ||
	    len > BACKING_BUFFER_SIZE || !(file->f_mode & FMODE_NOWAIT) ||
	    is_atime_due(file))
		return false;
	iov_iter_bvec(&iter, READ, backing->buffer->pages,
		      DIV_ROUND_UP(len, PAGE_SIZE), len);
	old = override_creds(backing->cred);
	/* Without IOCB_NOIO, it would begin to read ahead. */
	n = move_some(backing, false, pos, &iter, IOCB_NOWAIT | IOCB_NOIO);
	revert_creds(old);
	return n == len;
}

/*
 * May the range be written?  As for write(), the limit counts even when the
 * range is within the file.
 */
static bool within_limit(const struct css_backing *backing, loff_t pos, u32 len)
{
	return (u64)pos + len <= backing->size_limit;
}

bool backing_write(struct css_backing *backing, loff_t pos, u32 len)
{
	const struct cred *old;
	bool done;

	if (!within_limit(backing, pos, len))
		return false;
	old = override_creds(backing->cred);
	done = !transfer(backing, true, pos, len, true);
	revert_creds(old);
	return done;
}

static bool zero_range(struct css_backing *backing, loff_t pos, u32 len)
{
	if (backing->discard &&
	    !vfs_fallocate(backing->file, FALLOC_FL_PUNCH_HOLE |
			   FALLOC_FL_KEEP_SIZE, pos, len))
		return true;
	return !vfs_fallocate(backing->file, FALLOC_FL_ZERO_RANGE |
			      FALLOC_FL_KEEP_SIZE, pos, len);
}

bool backing_zero_range(struct css_backing *backing, loff_t pos, u32 len)
{
	const struct cred *old;
	bool done;

	/*
	 * The size of the file is kept, so zeros beyond its end could not be
	 * read back.
	 */
	if (pos + len > backing_size(backing->file) ||
	    !within_limit(backing, pos, len))
		return false;
	old = override_creds(backing->cred);
	done = zero_range(backing, pos, len);
	revert_creds(old);
	return done;
}

errseq_t backing_error(const struct css_backing *backing)
{
	return filemap_sample_wb_err(backing->file->f_mapping);
}

static int flush(struct css_backing *backing, loff_t first, loff_t last)
{
	const struct cred *old = override_creds(backing->cred);
	int err;

	do {
		err = vfs_fsync_range(backing->file, first, last, 1);
	} while (put_off_signal(err));
	revert_creds(old);
	return err;
}

/*
 * vfs_fsync_range() reports a writeback error only once for an open file.
 * Another user of the same open file may have called it, and got the error.
 * Comparing with @since finds such an error, too.
 */
bool backing_sync(struct css_backing *backing, loff_t pos, u32 len,
		  errseq_t since)
{
	return !flush(backing, pos, pos + len - 1) &&
	       !filemap_check_wb_err(backing->file->f_mapping, since);
}

/*
 * Has there been a write-back error that @cursor doesn't know?  The kernel
 * keeps no more than the last one.
 */
static bool wb_error_since(struct css_backing *backing, errseq_t *cursor)
{
	lockdep_assert_held(&backing->lock);
	return errseq_check_and_advance(&backing->file->f_mapping->wb_err,
					cursor);
}

/*
 * After an error, the kernel takes pages that it could not write for clean
 * ones, and another flush would succeed.  And a device whose cache could not be
 * flushed is no write-back error.  So both are told to the guest here.
 */
int backing_sync_all(struct css_backing *backing)
{
	int err = flush(backing, 0, LLONG_MAX);

	if (err == -EINTR || err == -ERESTARTSYS)
		return -EINTR;
	spin_lock(&backing->lock);
	if (wb_error_since(backing, &backing->reported) || err) {
		backing->lost = true;
		err = -EIO;
	}
	spin_unlock(&backing->lock);
	return err;
}

bool backing_lost(struct css_backing *backing)
{
	bool lost;

	spin_lock(&backing->lock);
	lost = wb_error_since(backing, &backing->seen) || backing->lost;
	backing->lost = false;
	spin_unlock(&backing->lock);
	return lost;
}

int backing_path(const struct css_backing *backing, char *to, size_t size)
{
	char *buffer = kmalloc(PATH_MAX, GFP_KERNEL), *path;

	if (!buffer)
		return -ENOMEM;
	path = file_path(backing->file, buffer, PATH_MAX);
	if (!IS_ERR(path))
		strscpy(to, path, size);
	kfree(buffer);
	return 0;
}

u64 backing_size(const struct file *file)
{
	return i_size_read(file->f_mapping->host);
}

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
static int check_file(const struct file *file, bool readonly)
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
 * because the file has somebody's data; transfer() is prepared for that.
 *
 * If a signal interrupts the read, the ioctl ends with EINTR, and nothing has
 * been added.
 */
static int check_direct_io(struct css_backing *backing, u32 block_size)
{
	ssize_t err;

	if (!backing->ki_flags)
		return 0;
	if (!is_aligned_by(backing->file, block_size))
		return -EINVAL;
	/* A buffer for this check only, charged to the caller */
	backing->buffer = __vmalloc(sizeof(*backing->buffer),
				    GFP_KERNEL_ACCOUNT);
	if (!backing->buffer)
		return -ENOMEM;
	buffer_init(backing->buffer);
	err = transfer(backing, false, 0, block_size, false);
	if (!err && backing_size(backing->file) >= 2ull * block_size)
		err = transfer(backing, false, block_size, block_size, false);
	vfree(backing->buffer);
	backing->buffer = NULL;
	/*
	 * A file may return ERESTARTSYS when no signal is pending.  Then nobody
	 * would turn it into something that userspace knows.
	 */
	if (err == -EINTR || err == -ERESTARTSYS)
		return -EINTR;
	return err ? -EINVAL : 0;
}

int backing_init(struct css_backing *backing, struct file *file, bool readonly,
		 u32 block_size)
{
	int err;

	err = check_file(file, readonly);
	if (err)
		return err;
	if (backing_size(file) < block_size)
		return -EINVAL;
	backing->file = get_file(file);
	backing->cred = get_current_cred();
	backing->size_limit = S_ISREG(file_inode(file)->i_mode) ?
				rlimit(RLIMIT_FSIZE) : RLIM_INFINITY;
	backing->ki_flags = iocb_flags(file) & IOCB_DIRECT;
	spin_lock_init(&backing->lock);
	backing->seen = backing_error(backing);
	backing->reported = backing->seen;
	err = check_direct_io(backing, block_size);
	if (err)
		backing_destroy(backing);
	return err;
}

void backing_destroy(struct css_backing *backing)
{
	put_cred(backing->cred);
	fput(backing->file);
	guest_buffer_free(backing->buffer);
}
