// SPDX-License-Identifier: GPL-2.0
/*
 * The host's file or block device behind a DASD.
 *
 * Data move through a buffer, which is there from the first use on: a guest may
 * have many disks that it never looks at.
 */
#include <linux/bvec.h>
#include <linux/err.h>
#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>

#include <kvm_css/backing.h>
#include <kvm_css/guest.h>

#define BUFFER_PAGES	DIV_ROUND_UP(BACKING_BUFFER_SIZE, PAGE_SIZE)

/* @pages: what is behind @data, page by page, for the file's iterators */
struct backing_buffer {
	u8 data[BACKING_BUFFER_SIZE];
	struct bio_vec pages[BUFFER_PAGES];
};

/* @buffer: as vmalloc() gives it */
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

bool backing_has_buffer(struct css_backing *backing, struct css_guest *guest)
{
	struct backing_buffer *buffer;

	if (backing->buffer)
		return true;
	buffer = css_buffer_alloc(guest, sizeof(*buffer));
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

/*
 * The file is called as the loop driver calls it.  The flags are those of the
 * backing when the device was made, and only those that matter: O_APPEND set
 * behind our back must not move what we write.  A bio_vec iterator is what
 * direct I/O knows on every kernel.
 */
static bool transfer(struct css_backing *backing, bool write, loff_t pos,
		     u32 len)
{
	struct file *file = backing->file;
	struct iov_iter iter;
	struct kiocb kiocb;
	ssize_t n;

	iov_iter_bvec(&iter, write ? WRITE : READ, backing->buffer->pages,
		      DIV_ROUND_UP(len, PAGE_SIZE), len);
	while (iov_iter_count(&iter)) {
		init_sync_kiocb(&kiocb, file);
		kiocb.ki_flags = backing->ki_flags;
		kiocb.ki_pos = pos;
		if (write) {
			file_start_write(file);
			n = file->f_op->write_iter(&kiocb, &iter);
			file_end_write(file);
		} else {
			n = file->f_op->read_iter(&kiocb, &iter);
		}
		/* Zero: the file has been truncated since. */
		if (n <= 0)
			return false;
		pos += n;
	}
	return true;
}

bool backing_read(struct css_backing *backing, loff_t pos, u32 len)
{
	return transfer(backing, false, pos, len);
}

bool backing_write(struct css_backing *backing, loff_t pos, u32 len)
{
	return transfer(backing, true, pos, len);
}

bool backing_zero_range(struct css_backing *backing, loff_t pos, u32 len)
{
	/* Behind its end they would be zeros that can't be read. */
	if (pos + len > backing_size(backing->file))
		return false;
	if (backing->discard &&
	    !vfs_fallocate(backing->file, FALLOC_FL_PUNCH_HOLE |
			   FALLOC_FL_KEEP_SIZE, pos, len))
		return true;
	return !vfs_fallocate(backing->file, FALLOC_FL_ZERO_RANGE |
			      FALLOC_FL_KEEP_SIZE, pos, len);
}

errseq_t backing_error(const struct css_backing *backing)
{
	return filemap_sample_wb_err(backing->file->f_mapping);
}

/*
 * vfs_fsync_range() reports a writeback error once per open file, and others may
 * have the same file open and ask too; @since finds the error that they were
 * told of.
 */
bool backing_sync(struct css_backing *backing, loff_t pos, u32 len,
		  errseq_t since)
{
	struct file *file = backing->file;

	return !vfs_fsync_range(file, pos, pos + len - 1, 1) &&
	       !filemap_check_wb_err(file->f_mapping, since);
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

/* Is this something that blocks can be read from and written to? */
static int check_file(const struct file *file, bool readonly)
{
	const struct file_operations *ops = file->f_op;
	umode_t type = file_inode(file)->i_mode;

	if (!S_ISREG(type) && !S_ISBLK(type))
		return -EINVAL;
	if (!(file->f_mode & FMODE_READ))
		return -EACCES;
	if (!(file->f_mode & FMODE_CAN_READ) || !ops->read_iter)
		return -EINVAL;
	if (readonly)
		return 0;
	if (!(file->f_mode & FMODE_WRITE) || file->f_flags & O_APPEND)
		return -EACCES;
	if (!(file->f_mode & FMODE_CAN_WRITE) || !ops->write_iter ||
	    !ops->fsync)
		return -EINVAL;
	return 0;
}

/*
 * Direct I/O may demand more alignment than a block has, and how much only the
 * file system knows.  So read a block, and one at an odd multiple.
 */
static int check_direct_io(struct css_backing *backing, u32 block_size)
{
	bool works;

	if (!(backing->ki_flags & IOCB_DIRECT))
		return 0;
	/* For this only; the device gets its own when it needs one. */
	backing->buffer = __vmalloc(sizeof(*backing->buffer),
				    GFP_KERNEL_ACCOUNT);
	if (!backing->buffer)
		return -ENOMEM;
	buffer_init(backing->buffer);
	works = backing_read(backing, 0, block_size) &&
		(backing_size(backing->file) < 2ull * block_size ||
		 backing_read(backing, block_size, block_size));
	vfree(backing->buffer);
	backing->buffer = NULL;
	return works ? 0 : -EINVAL;
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
	backing->ki_flags = iocb_flags(file) & IOCB_DIRECT;
	err = check_direct_io(backing, block_size);
	if (err)
		backing_destroy(backing);
	return err;
}

void backing_destroy(struct css_backing *backing)
{
	fput(backing->file);
	css_buffer_free(backing->buffer);
}
