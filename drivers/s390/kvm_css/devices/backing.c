// SPDX-License-Identifier: GPL-2.0
/*
 * The file or block device of the host that has the data of a DASD.
 *
 * Data move through a buffer.  It is allocated when the device first needs it,
 * since a guest may have many disks that it never uses.
 *
 * An access may end later, with no thread that waits for it: direct I/O, and a
 * read that waits for the page cache.  Then the kernel has the kiocb, and the
 * buffer for its data, until it calls io_ended() or page_unlocked().  Before
 * that, nobody else touches struct backing_io, and the backing must not be
 * destroyed.  "A transfer that ends later" in Documentation/devices.rst has the
 * rest.
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
#include <linux/fsnotify.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include <kvm_css/backing.h>
#include <kvm_css/guest.h>

#include "access_time.h"
#include "backing_file.h"

#define BUFFER_PAGES	DIV_ROUND_UP(BACKING_BUFFER_SIZE, PAGE_SIZE)

/* How a piece of an access is moved, and who tells that it has ended later */
enum way {
	WAY_DIRECT,	/* past the page cache: io_ended() */
	WAY_PAGE,	/* a read through the page cache: page_unlocked() */
	WAY_WAIT,	/* through the page cache: the thread waits */
};

/*
 * An access to the file, with the buffer
 *
 * @backing: whose access it is
 * @kiocb: the piece that is being moved
 * @wait: for WAY_PAGE, the page that the piece waits for
 * @left: what is still to be moved, with the piece
 * @moving: the same, as the file changes it
 * @pos: where in the file this begins
 * @flags: IOCB_DSYNC, or 0
 * @way: how the piece is moved
 * @result: for WAY_DIRECT, how a piece has ended later
 * @write: the direction
 * @data: the buffer
 * @pages: the pages that it consists of, as iterators want them, or all of them
 *	in the first entry
 */
struct backing_io {
	struct css_backing *backing;
	struct kiocb kiocb;
	struct wait_page_queue wait;
	struct iov_iter left;
	struct iov_iter moving;
	loff_t pos;
	int flags;
	enum way way;
	long result;
	bool write;
	u8 *data;
	struct bio_vec pages[BUFFER_PAGES];
};

static void buffer_init(struct backing_io *io)
{
	const bool scattered = is_vmalloc_addr(io->data);
	const u32 size = scattered ? PAGE_SIZE : BACKING_BUFFER_SIZE;
	unsigned int i;

	for (i = 0; i < BACKING_BUFFER_SIZE / size; i++) {
		void *at = io->data + i * size;

		io->pages[i] = (struct bio_vec){
			.bv_page = scattered ? vmalloc_to_page(at) :
					       virt_to_page(at),
			.bv_len = size,
		};
	}
}

bool backing_ensure_buffer(struct css_backing *backing, struct guest *guest)
{
	struct backing_io *io;

	if (backing->io)
		return true;
	io = guest_buffer_alloc(guest, sizeof(*io));
	if (!io)
		return false;
	io->data = guest_buffer_alloc(guest, BACKING_BUFFER_SIZE);
	if (!io->data) {
		guest_buffer_free(io);
		return false;
	}
	buffer_init(io);
	io->backing = backing;
	backing->io = io;
	return true;
}

u8 *backing_data(struct css_backing *backing)
{
	return backing->io->data;
}

/* An iterator over @len bytes of the buffer, from @from on */
static void iter_init(struct iov_iter *iter, const struct backing_io *io,
		      bool write, u32 from, u32 len)
{
	iov_iter_bvec(iter, write ? WRITE : READ, io->pages,
		      DIV_ROUND_UP(from + len, io->pages[0].bv_len),
		      from + len);
	if (from)
		iov_iter_advance(iter, from);
}

/*
 * While a file is written, its file system can't be frozen.  A write that ends
 * later ends in another thread than it began in, and lockdep must not expect
 * otherwise.
 *
 * Up to Linux 6.7, the caller of vfs_iocb_iter_write() sees to all of that, for
 * regular files.  Since then that function does, for any file, but for the end
 * of a write for which it returns -EIOCBQUEUED.
 */
#ifdef KVM_CSS_START_WRITE
static void end_write(struct kiocb *kiocb)
{
	struct inode *inode = file_inode(kiocb->ki_filp);

	if (!S_ISREG(inode->i_mode))
		return;
	__sb_writers_acquired(inode->i_sb, SB_FREEZE_WRITE);
	sb_end_write(inode->i_sb);
}

static ssize_t write_some(struct kiocb *kiocb, struct iov_iter *iter)
{
	struct inode *inode = file_inode(kiocb->ki_filp);
	ssize_t n;

	if (S_ISREG(inode->i_mode)) {
		sb_start_write(inode->i_sb);
		__sb_writers_release(inode->i_sb, SB_FREEZE_WRITE);
	}
	n = vfs_iocb_iter_write(kiocb->ki_filp, kiocb, iter);
	if (n != -EIOCBQUEUED)
		end_write(kiocb);
	return n;
}
#else
static void end_write(struct kiocb *kiocb)
{
	kiocb_end_write(kiocb);
}

static ssize_t write_some(struct kiocb *kiocb, struct iov_iter *iter)
{
	return vfs_iocb_iter_write(kiocb->ki_filp, kiocb, iter);
}
#endif

/* Direct I/O has ended.  This may be called in a hard interrupt. */
static void io_ended(struct kiocb *kiocb, long result)
{
	struct backing_io *io = container_of(kiocb, struct backing_io, kiocb);

	if (io->write)
		end_write(kiocb);
	io->result = result;
	io->backing->ended(io->backing);
}

/*
 * The page for which a read has waited is unlocked, because it has been read.
 * The page's wait queue is locked, and this may be a hard interrupt.
 */
static int page_unlocked(struct wait_queue_entry *wait, unsigned int mode,
			 int sync, void *key)
{
	struct backing_io *io = container_of(wait, struct backing_io,
					     wait.wait);

	if (!wake_page_match(&io->wait, key))
		return 0;
	list_del_init(&wait->entry);
	io->backing->ended(io->backing);
	return 1;
}

/* Can a read through the page cache end later?  The file system has to say so. */
static bool can_wait_for_page(const struct file *file)
{
#ifdef FOP_BUFFER_RASYNC
	return file->f_op->fop_flags & FOP_BUFFER_RASYNC;
#else
	return file->f_mode & FMODE_BUF_RASYNC;
#endif
}

/*
 * Begin to read or write what is left, as much as the file moves at once.  The
 * access has the flags that are set here and no others.  The file's own flags
 * don't count, because the VMM may change them later.  With O_APPEND, for
 * instance, every write would go to the end of the file.
 *
 * Return: how many bytes have been moved, or an error, or -EIOCBQUEUED if the
 * piece ends later.  It may have ended by then.
 */
static ssize_t move_some(struct backing_io *io)
{
	struct file *file = io->backing->file;
	struct kiocb *kiocb = &io->kiocb;

	init_sync_kiocb(kiocb, file);
	kiocb->ki_flags = io->flags | (io->write ? IOCB_WRITE : 0);
	kiocb->ki_pos = io->pos;
	io->moving = io->left;
	if (io->way == WAY_DIRECT) {
		kiocb->ki_flags |= IOCB_DIRECT;
		kiocb->ki_complete = io_ended;
	} else if (io->way == WAY_PAGE) {
		io->wait.wait = (struct wait_queue_entry){
			.func = page_unlocked,
		};
		INIT_LIST_HEAD(&io->wait.wait.entry);
		kiocb->ki_flags |= IOCB_WAITQ;
		kiocb->ki_waitq = &io->wait;
	}
	return io->write ? write_some(kiocb, &io->moving) :
			   vfs_iocb_iter_read(file, kiocb, &io->moving);
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

/* How data are moved through the page cache */
static enum way cached_way(const struct backing_io *io)
{
	return !io->write && can_wait_for_page(io->backing->file) ? WAY_PAGE :
								   WAY_WAIT;
}

/* How the next piece is moved */
static enum way first_way(const struct backing_io *io)
{
	return io->backing->ki_flags ? WAY_DIRECT : cached_way(io);
}

/*
 * A piece has failed.  Is there another way to move it?
 *
 * Direct I/O fails with EINVAL when the data have not the alignment that it
 * needs.  The guest can't do anything about that.  So such data go through the
 * page cache instead: the file system keeps it coherent with direct I/O, and
 * backing_sync() or IOCB_DSYNC makes it durable.
 *
 * A read that is to wait for a page without a thread fails with EAGAIN when that
 * can't be done, for instance because the page could not be read.  So a thread
 * waits for it.
 */
static bool other_way(struct backing_io *io, ssize_t error)
{
	if (io->way == WAY_DIRECT && error == -EINVAL)
		io->way = cached_way(io);
	else if (io->way == WAY_PAGE && error == -EAGAIN)
		io->way = WAY_WAIT;
	else
		return false;
	return true;
}

/*
 * A piece has ended.
 * Return: 0 if the access goes on with what is left, or the error.
 */
static ssize_t take_result(struct backing_io *io, ssize_t n)
{
	if (n > 0) {
		iov_iter_advance(&io->left, n);
		io->pos += n;
		io->way = first_way(io);
		return 0;
	}
	/* The file ends here: it has been truncated meanwhile. */
	if (!n)
		return -ENODATA;
	return put_off_signal(n) || other_way(io, n) ? 0 : n;
}

/* Return: 0, or the error, or -EIOCBQUEUED if the access ends later. */
static ssize_t move_left(struct backing_io *io)
{
	ssize_t n, err = 0;

	while (!err && iov_iter_count(&io->left)) {
		n = move_some(io);
		if (n == -EIOCBQUEUED)
			return n;
		err = take_result(io, n);
	}
	return err;
}

/*
 * Move data between the file and the buffer, from @from on.  The iterator is a bio_vec one,
 * because direct I/O takes that on every kernel.
 * Return: as move_left().
 */
static ssize_t transfer(struct backing_io *io, bool write, loff_t pos, u32 from,
			u32 len, int flags)
{
	iter_init(&io->left, io, write, from, len);
	io->pos = pos;
	io->write = write;
	io->flags = flags;
	io->way = first_way(io);
	return move_left(io);
}

static enum backing_result result_of(ssize_t err)
{
	if (!err)
		return BACKING_DONE;
	return err == -EIOCBQUEUED ? BACKING_LATER : BACKING_FAILED;
}

enum backing_result backing_read_part(struct css_backing *backing, loff_t pos,
				      u32 from, u32 len)
{
	const struct cred *old = override_creds(backing->cred);
	ssize_t err = transfer(backing->io, false, pos, from, len, 0);

	revert_creds(old);
	return result_of(err);
}

/*
 * Who watches the file is told of a piece that has ended later, as vfs_read() and
 * vfs_write() tell of others.  That can't be done in an interrupt.
 */
static void notify(const struct backing_io *io, ssize_t n)
{
	if (n <= 0)
		return;
	if (io->write)
		fsnotify_modify(io->backing->file);
	else
		fsnotify_access(io->backing->file);
}

enum backing_result backing_go_on(struct css_backing *backing)
{
	const struct cred *old = override_creds(backing->cred);
	struct backing_io *io = backing->io;
	ssize_t err = 0;

	/* A read that has waited for a page has moved nothing yet. */
	if (io->way == WAY_DIRECT) {
		notify(io, io->result);
		err = take_result(io, io->result);
	}
	if (!err)
		err = move_left(io);
	revert_creds(old);
	return result_of(err);
}

bool backing_read_part_now(struct css_backing *backing, loff_t pos, u32 from,
			   u32 len)
{
	struct file *file = backing->file;
	const struct cred *old;
	struct iov_iter iter;
	struct kiocb kiocb;
	ssize_t n;

	if (!backing->io || backing->ki_flags ||
	    from + len > BACKING_BUFFER_SIZE ||
	    !(file->f_mode & FMODE_NOWAIT) || access_time_due(file))
		return false;
	iter_init(&iter, backing->io, false, from, len);
	init_sync_kiocb(&kiocb, file);
	/* Without IOCB_NOIO, it would begin to read ahead. */
	kiocb.ki_flags = IOCB_NOWAIT | IOCB_NOIO;
	kiocb.ki_pos = pos;
	old = override_creds(backing->cred);
	n = vfs_iocb_iter_read(file, &kiocb, &iter);
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

enum backing_result backing_write_part(struct css_backing *backing, loff_t pos,
				       u32 from, u32 len, bool durable)
{
	const struct cred *old;
	ssize_t err;

	if (!within_limit(backing, pos, len))
		return BACKING_FAILED;
	old = override_creds(backing->cred);
	err = transfer(backing->io, true, pos, from, len,
		       durable ? IOCB_DSYNC : 0);
	revert_creds(old);
	return result_of(err);
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
 * An error that nobody has seen is noted as seen.  Otherwise backing_error() would
 * return 0 from now on, and each write would find the error again.
 */
bool backing_intact(const struct css_backing *backing, errseq_t since)
{
	return !errseq_check_and_advance(&backing->file->f_mapping->wb_err,
					 &since);
}

/*
 * vfs_fsync_range() reports a writeback error only once for an open file.
 * Another user of the same open file may have called it, and got the error.
 * backing_intact() finds such an error, too.
 */
bool backing_sync(struct css_backing *backing, loff_t pos, u32 len,
		  errseq_t since)
{
	return !flush(backing, pos, pos + len - 1) &&
	       backing_intact(backing, since);
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
	backing->told = lost;
	spin_unlock(&backing->lock);
	return lost;
}

void backing_tell_again(struct css_backing *backing)
{
	spin_lock(&backing->lock);
	backing->lost |= backing->told;
	backing->told = false;
	spin_unlock(&backing->lock);
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

int backing_init(struct css_backing *backing, struct file *file, bool readonly,
		 u32 block_size)
{
	int err;

	err = backing_check_file(file, readonly);
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
	backing->durable = backing->ki_flags &&
			   backing_has_durable_writes(file);
	err = backing_check_direct_io(backing, block_size);
	if (err)
		backing_destroy(backing);
	return err;
}

void backing_destroy(struct css_backing *backing)
{
	put_cred(backing->cred);
	fput(backing->file);
	if (!backing->io)
		return;
	guest_buffer_free(backing->io->data);
	guest_buffer_free(backing->io);
}
