// SPDX-License-Identifier: GPL-2.0
/*
 * A file for the fba suites, see fake_backing.h.
 */
#include <linux/backing-dev.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/irqflags.h>
#include <linux/magic.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>
#include <linux/stat.h>
#include <linux/uio.h>

#include <kvm_css/control_unit.h>

#include "fake_backing.h"

#define CHUNK	4096u

static void made_dirty(struct fake_backing *backing, loff_t from, loff_t to)
{
	if (backing->watch)
		backing->watch->wrote(backing->watch, from, to);
	if (backing->dirty_from == backing->dirty_to) {
		backing->dirty_from = from;
		backing->dirty_to = to;
	} else {
		backing->dirty_from = min(backing->dirty_from, from);
		backing->dirty_to = max(backing->dirty_to, to);
	}
}

static bool misaligned(const struct fake_backing *backing,
		       const struct kiocb *kiocb, const struct iov_iter *iter)
{
	u32 alignment = max(backing->alignment, 1u);

	if (!(kiocb->ki_flags & IOCB_DIRECT))
		return false;
	if (iov_iter_rw(iter) == WRITE)
		alignment = max(alignment, backing->write_alignment);
	return (kiocb->ki_pos | iov_iter_count(iter)) % alignment;
}

/*
 * Check the credentials: they must be those of the device's maker, whoever
 * works for the guest.
 */
static void check_cred(struct fake_backing *backing)
{
	if (backing->cred)
		KUNIT_EXPECT_PTR_EQ(backing->test, current_cred(),
				    backing->cred);
}

/* Stop the program during this operation of the file. */
static void stop_program(struct fake_backing *backing)
{
	unsigned int call = backing->reads + backing->writes - 1;

	if (!backing->stop || backing->stop_in_fsync)
		return;
	if (call >= backing->stop_at)
		chanprog_stop(backing->stop, backing->stop_why);
	if (backing->drop_at && call >= backing->drop_at)
		chanprog_stop(backing->stop, CHANPROG_DROP);
}

/*
 * Another process that has the file open calls fsync() and is told of the
 * error.
 */
void fake_backing_lose(struct fake_backing *backing)
{
	struct address_space *mapping = backing->file->f_mapping;
	errseq_t another = filemap_sample_wb_err(mapping);

	mapping_set_error(mapping, -EIO);
	errseq_check_and_advance(&mapping->wb_err, &another);
}

/* A durable write is written and flushed.  Return: the error of the flush, or 0. */
static int made_durable(struct fake_backing *backing, loff_t from, loff_t to)
{
	struct fake_backing_watch *watch = backing->watch;

	backing->dsyncs++;
	if (!watch)
		return 0;
	watch->wrote(watch, from, to);
	return watch->sync(watch, from, to - 1);
}

/* Return: how the write ends. */
static ssize_t written(struct fake_backing *backing, const struct kiocb *kiocb,
		       bool durable, ssize_t done)
{
	loff_t end = kiocb->ki_pos;
	int error = 0;

	if (done > 0 && durable)
		error = made_durable(backing, end - done, end);
	else if (done > 0)
		made_dirty(backing, end - done, end);
	if (done > 0)
		backing->written += done;
	if (backing->lost_writeback)
		fake_backing_lose(backing);
	return error ?: done;
}

/* Move as much as the file moves at once, or fail. */
static ssize_t move_some(struct fake_backing *backing, struct kiocb *kiocb,
			 struct iov_iter *iter)
{
	size_t count = iov_iter_count(iter);
	ssize_t done;

	might_sleep();
	KUNIT_EXPECT_GE(backing->test, kiocb->ki_pos, 0);
	KUNIT_EXPECT_LE(backing->test, kiocb->ki_pos + count, backing->limit);
	KUNIT_EXPECT_FALSE(backing->test, kiocb->ki_flags & IOCB_APPEND);
	stop_program(backing);
	if (misaligned(backing, kiocb, iter))
		return -EINVAL;
	if (backing->fails && !backing->good_calls) {
		if (backing->times && !--backing->times)
			backing->fails = false;
		return backing->error;
	}
	if (backing->good_calls)
		backing->good_calls--;
	if (kiocb->ki_flags & IOCB_DIRECT)
		backing->direct++;
	kiocb->ki_flags = 0;
	if (backing->piece)
		iov_iter_truncate(iter, backing->piece);
	done = iov_iter_rw(iter) == WRITE ?
		backing->real->write_iter(kiocb, iter) :
		backing->real->read_iter(kiocb, iter);
	if (done > 0)
		iov_iter_reexpand(iter, count - done);
	return done;
}

static ssize_t rw_iter(struct fake_backing *backing, struct kiocb *kiocb,
		       struct iov_iter *iter)
{
	bool write = iov_iter_rw(iter) == WRITE;
	bool durable = kiocb->ki_flags & IOCB_DSYNC;
	ssize_t done;

	if (write)
		backing->writes++;
	else
		backing->reads++;
	done = move_some(backing, kiocb, iter);
	if (write)
		done = written(backing, kiocb, durable, done);
	else if (done > 0)
		backing->read += done;
	return done;
}

/* Reads and writes that end later */

struct fake_backing_mode fake_backing_mode;

/* Unlock the page for which a read waits, as an interrupt does. */
static void wake_reader(struct wait_page_queue *wait)
{
	struct wait_page_key key = { .folio = wait->folio, .bit_nr = PG_locked };
	unsigned long flags;

	local_irq_save(flags);
	wait->wait.func(&wait->wait, TASK_NORMAL, 0, &key);
	local_irq_restore(flags);
}

/* The same for direct I/O */
static void end_direct(struct fake_backing *backing, struct kiocb *kiocb)
{
	struct kiocb sync = *kiocb;
	unsigned long flags;
	long result;

	sync.ki_complete = NULL;
	result = rw_iter(backing, &sync, &backing->iter);
	local_irq_save(flags);
	kiocb->ki_complete(kiocb, result);
	local_irq_restore(flags);
}

bool fake_backing_waits(const struct fake_backing *backing)
{
	return READ_ONCE(backing->kiocb);
}

void fake_backing_answer(struct fake_backing *backing)
{
	struct kiocb *kiocb = backing->kiocb;

	KUNIT_ASSERT_NOT_NULL(backing->test, kiocb);
	WRITE_ONCE(backing->kiocb, NULL);
	if (kiocb->ki_complete)
		end_direct(backing, kiocb);
	else
		wake_reader(kiocb->ki_waitq);
}

static void answer(struct work_struct *work)
{
	fake_backing_answer(container_of(work, struct fake_backing, work));
}

static bool ends_later(struct fake_backing *backing, const struct kiocb *kiocb)
{
	/* A read waits for each piece once. */
	const bool waited = backing->waited;

	backing->waited = false;
	if (backing->later == FAKE_BEFORE_RETURN)
		return false;
	if (kiocb->ki_complete)
		return true;
	backing->waited = kiocb->ki_flags & IOCB_WAITQ && !waited;
	return backing->waited;
}

static ssize_t begin_rw(struct fake_backing *backing, struct kiocb *kiocb,
			struct iov_iter *iter)
{
	const bool by_turns = backing->later == FAKE_BY_TURNS;

	check_cred(backing);
	KUNIT_EXPECT_FALSE(backing->test, kiocb->ki_complete &&
			   !(kiocb->ki_flags & IOCB_DIRECT));
	KUNIT_EXPECT_NULL(backing->test, backing->kiocb);
	if (!ends_later(backing, kiocb))
		return rw_iter(backing, kiocb, iter);
	backing->laters++;
	backing->iter = *iter;
	if (!kiocb->ki_complete) {
		kiocb->ki_waitq->folio = virt_to_folio(backing);
		kiocb->ki_waitq->bit_nr = PG_locked;
	}
	WRITE_ONCE(backing->kiocb, kiocb);
	if (backing->later == FAKE_WITH_RETURN || (by_turns && backing->laters % 2))
		fake_backing_answer(backing);
	else if (backing->later == FAKE_SOON || by_turns)
		schedule_work(&backing->work);
	return -EIOCBQUEUED;
}

/* Give what the page cache has, as a file system does with IOCB_NOWAIT. */
static ssize_t read_now(struct fake_backing *backing, struct kiocb *kiocb,
			struct iov_iter *iter)
{
	size_t count = iov_iter_count(iter);
	ssize_t done;

	check_cred(backing);
	/* It begins no I/O either. */
	KUNIT_EXPECT_TRUE(backing->test, kiocb->ki_flags & IOCB_NOIO);
	KUNIT_EXPECT_FALSE(backing->test, kiocb->ki_flags & IOCB_DIRECT);
	KUNIT_EXPECT_LE(backing->test, kiocb->ki_pos + count, backing->limit);
	backing->reads_now++;
	if (kiocb->ki_pos >= backing->cached)
		return -EAGAIN;
	iov_iter_truncate(iter, backing->cached - kiocb->ki_pos);
	kiocb->ki_flags = 0;
	done = backing->real->read_iter(kiocb, iter);
	if (done <= 0)
		return done;
	backing->read += done;
	iov_iter_reexpand(iter, count - done);
	return done;
}

static ssize_t backing_read_iter(struct kiocb *kiocb, struct iov_iter *iter)
{
	struct fake_backing *backing = kiocb->ki_filp->private_data;

	if (kiocb->ki_flags & IOCB_NOWAIT)
		return read_now(backing, kiocb, iter);
	return begin_rw(backing, kiocb, iter);
}

static ssize_t backing_write_iter(struct kiocb *kiocb, struct iov_iter *iter)
{
	return begin_rw(kiocb->ki_filp->private_data, kiocb, iter);
}

static int backing_fsync(struct file *file, loff_t start, loff_t end,
			 int datasync)
{
	struct fake_backing *backing = file->private_data;

	might_sleep();
	check_cred(backing);
	backing->fsyncs++;
	if (backing->stop_in_fsync)
		chanprog_stop(backing->stop, backing->stop_why);
	if (backing->fsync_error)
		return backing->fsync_error;
	if (backing->watch)
		return backing->watch->sync(backing->watch, start, end);
	if (start <= backing->dirty_from && end >= backing->dirty_to - 1)
		backing->dirty_from = backing->dirty_to;
	return 0;
}

static long backing_fallocate(struct file *file, int mode, loff_t pos,
			      loff_t len)
{
	struct fake_backing *backing = file->private_data;
	long error;

	might_sleep();
	check_cred(backing);
	KUNIT_EXPECT_LE(backing->test, pos + len, backing->limit);
	/* The file must not grow, whatever the guest writes. */
	KUNIT_EXPECT_TRUE(backing->test, mode & FALLOC_FL_KEEP_SIZE);
	mode &= ~FALLOC_FL_KEEP_SIZE;
	if (backing->has_punch_hole && mode == FALLOC_FL_PUNCH_HOLE)
		backing->holes++;
	else if (backing->has_zero_range && mode == FALLOC_FL_ZERO_RANGE)
		backing->zero_ranges++;
	else
		return -EOPNOTSUPP;
	error = backing->real->fallocate(file, FALLOC_FL_PUNCH_HOLE |
					 FALLOC_FL_KEEP_SIZE, pos, len);
	made_dirty(backing, pos, pos + len);
	return error;
}

static const struct file_operations backing_ops = {
	.read_iter = backing_read_iter,
	.write_iter = backing_write_iter,
	.fsync = backing_fsync,
	.fallocate = backing_fallocate,
	.fop_flags = FOP_BUFFER_RASYNC,
};

static int backing_getattr(struct mnt_idmap *idmap, const struct path *path,
			   struct kstat *stat, u32 mask, unsigned int flags)
{
	struct inode *inode = d_inode(path->dentry);
	struct fake_backing *backing = inode->i_mapping->i_private_data;

	generic_fillattr(idmap, mask, inode, stat);
	if (backing->has_times) {
		stat->atime = (struct timespec64){ .tv_sec = backing->atime };
		stat->mtime = (struct timespec64){ .tv_sec = backing->mtime };
		stat->ctime = (struct timespec64){ .tv_sec = backing->ctime };
	}
	if (!backing->told_alignment || !(mask & STATX_DIOALIGN))
		return 0;
	stat->result_mask |= STATX_DIOALIGN;
	stat->dio_mem_align = 4;
	stat->dio_offset_align = backing->told_alignment;
	return 0;
}

static int backing_setattr(struct mnt_idmap *idmap, struct dentry *dentry,
			   struct iattr *attr)
{
	struct fake_backing *backing = d_inode(dentry)->i_mapping->i_private_data;

	return backing->real_inode->setattr(idmap, dentry, attr);
}

static const struct inode_operations backing_inode_ops = {
	.getattr = backing_getattr,
	.setattr = backing_setattr,
};

static void close_file(void *data)
{
	struct fake_backing *backing = data;

	flush_work(&backing->work);
	file_inode(backing->file)->i_op = backing->real_inode;
	backing->file->f_op = backing->real;
	backing->file->f_mode = backing->mode;
	fput(backing->file);
}

struct fake_backing *fake_backing_create(struct kunit *test, loff_t size)
{
	struct fake_backing *backing;
	struct file *file;

	backing = kunit_kzalloc(test, sizeof(*backing), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, backing);
	file = shmem_kernel_file_setup("kvm_css_kunit", size, VM_NORESERVE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	backing->test = test;
	backing->file = file;
	backing->later = fake_backing_mode.later;
	if (fake_backing_mode.direct)
		file->f_flags |= O_DIRECT;
	INIT_WORK(&backing->work, answer);
	file->f_flags |= O_LARGEFILE;
	backing->limit = round_down(size, 512);
	backing->real = file->f_op;
	backing->mode = file->f_mode;
	backing->real_inode = file_inode(file)->i_op;
	/* tmpfs uses neither this member nor private_data. */
	file->f_mapping->i_private_data = backing;
	file_inode(file)->i_op = &backing_inode_ops;
	file->private_data = backing;
	file->f_op = &backing_ops;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, close_file,
							backing), 0);
	return backing;
}

u8 fake_backing_byte(loff_t pos)
{
	return 1 + (pos % 251 + pos / 512) % 255;
}

/* Read or write without the operations that are watched. */
static ssize_t real_rw(struct fake_backing *backing, bool write, void *data,
		       u32 len, loff_t pos)
{
	ssize_t done;

	backing->file->f_op = backing->real;
	done = write ? kernel_write(backing->file, data, len, &pos) :
		       kernel_read(backing->file, data, len, &pos);
	backing->file->f_op = &backing_ops;
	return done;
}

void fake_backing_read(struct fake_backing *backing, loff_t pos, void *data,
		       u32 len)
{
	KUNIT_EXPECT_EQ(backing->test, real_rw(backing, false, data, len, pos),
			len);
}

void fake_backing_put(struct fake_backing *backing, loff_t pos, const void *data,
		      u32 len)
{
	KUNIT_ASSERT_EQ(backing->test,
			real_rw(backing, true, (void *)data, len, pos), len);
}

static u8 *chunk_alloc(struct fake_backing *backing)
{
	u8 *chunk = kunit_kmalloc(backing->test, CHUNK, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(backing->test, chunk);
	return chunk;
}

void fake_backing_fill(struct fake_backing *backing)
{
	loff_t size = i_size_read(file_inode(backing->file));
	u8 *chunk = chunk_alloc(backing);
	loff_t pos;
	u32 len, i;

	for (pos = 0; pos < size; pos += len) {
		len = min_t(loff_t, CHUNK, size - pos);
		for (i = 0; i < len; i++)
			chunk[i] = fake_backing_byte(pos + i);
		KUNIT_ASSERT_EQ(backing->test,
				real_rw(backing, true, chunk, len, pos), len);
	}
	kunit_kfree(backing->test, chunk);
}

void fake_backing_cache(struct fake_backing *backing, loff_t size)
{
	backing->file->f_mode |= FMODE_NOWAIT;
	/* Nothing keeps a read from being made without waiting. */
	backing->file->f_flags |= O_NOATIME;
	backing->cached = size;
}

void fake_backing_on_disk(struct fake_backing *backing, bool disk)
{
	backing->on_disk = disk;
}

/*
 * While this is so, nothing may make the inode dirty: nobody would write it back
 * to this backing device.
 */
static void seem_ext4(struct fake_backing *backing, bool seems)
{
	static struct backing_dev_info bdi = {
		.capabilities = BDI_CAP_WRITEBACK,
	};
	struct super_block *super = file_inode(backing->file)->i_sb;

	if (seems) {
		backing->real_bdi = super->s_bdi;
		backing->real_flags = backing->file->f_flags;
		super->s_bdi = &bdi;
		super->s_magic = EXT4_SUPER_MAGIC;
		backing->file->f_flags |= O_NOATIME;
	} else {
		super->s_bdi = backing->real_bdi;
		super->s_magic = TMPFS_MAGIC;
		backing->file->f_flags = backing->real_flags;
	}
}

struct css_device *fake_backing_device(struct fake_backing *backing, u32 flags)
{
	struct css_device *dev;

	if (backing->on_disk)
		seem_ext4(backing, true);
	dev = fba_device_create(backing->file, 0, 0, flags);
	if (backing->on_disk)
		seem_ext4(backing, false);
	return dev;
}

void fake_backing_truncate(struct fake_backing *backing, loff_t size)
{
	KUNIT_ASSERT_EQ(backing->test,
			vfs_truncate(&backing->file->f_path, size), 0);
}

void fake_backing_fail(struct fake_backing *backing, unsigned int good_calls,
		       int error)
{
	backing->fails = true;
	backing->good_calls = good_calls;
	backing->error = error;
}

void fake_backing_expect(struct fake_backing *backing, loff_t pos,
			 const void *data, u32 len)
{
	u8 *chunk = chunk_alloc(backing);
	u32 done, n;

	for (done = 0; done < len; done += n) {
		n = min(CHUNK, len - done);
		KUNIT_ASSERT_EQ(backing->test,
				real_rw(backing, false, chunk, n, pos + done),
				n);
		KUNIT_EXPECT_MEMEQ_MSG(backing->test, chunk, data + done, n,
				       "file at %llx", pos + done);
	}
	kunit_kfree(backing->test, chunk);
}

static u8 zero_byte(loff_t pos)
{
	return 0;
}

static void expect_bytes(struct fake_backing *backing, loff_t from, loff_t to,
			 u8 (*byte)(loff_t pos))
{
	u8 *chunk = chunk_alloc(backing);
	loff_t pos;
	u32 i;

	for (pos = from; pos < to; pos += CHUNK) {
		u32 n = min_t(loff_t, CHUNK, to - pos);

		KUNIT_ASSERT_EQ(backing->test,
				real_rw(backing, false, chunk, n, pos), n);
		for (i = 0; i < n; i++)
			if (chunk[i] != byte(pos + i))
				break;
		KUNIT_EXPECT_EQ_MSG(backing->test, i, n,
				    "file at %llx: expected %02x, is %02x",
				    pos + i, byte(pos + i), chunk[i % CHUNK]);
	}
	kunit_kfree(backing->test, chunk);
}

void fake_backing_expect_zeros(struct fake_backing *backing, loff_t from,
			       loff_t to)
{
	expect_bytes(backing, from, to, zero_byte);
}

void fake_backing_expect_pattern(struct fake_backing *backing, loff_t from,
				 loff_t to)
{
	expect_bytes(backing, from, to, fake_backing_byte);
}

void fake_backing_expect_durable(struct fake_backing *backing)
{
	KUNIT_EXPECT_EQ(backing->test, backing->dirty_from, backing->dirty_to);
}
