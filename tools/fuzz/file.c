// SPDX-License-Identifier: GPL-2.0
/*
 * A file in memory, see file.h.  It checks that nothing beyond its end is
 * accessed, that the data that are moved are within the given buffer, and with
 * whose credentials it is accessed.
 */
#include <linux/mount.h>
#include <linux/backing-dev.h>
#include <linux/cred.h>
#include <linux/falloc.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "file.h"

#define PIECE	700u

static u8 bytes[FUZZ_FILE_SIZE];
static u8 wrong_with;
static bool changed;
static bool dirty, failed;
static void (*during)(void);
static struct backing_dev_info bdi = { .capabilities = BDI_CAP_WRITEBACK };
static struct super_block sb = { .s_bdi = &bdi };
static struct inode inode = { .i_sb = &sb };
static struct address_space mapping = { .host = &inode };

/* Move the next bytes that are in one page. */
static size_t move(struct iov_iter *iter, u8 *at, size_t len)
{
	const struct bio_vec *bvec = &iter->bvec[iter->offset / PAGE_SIZE];
	size_t offset = iter->offset % PAGE_SIZE;
	u8 *page = (u8 *)bvec->bv_page + bvec->bv_offset;

	shim_assert(iter->offset / PAGE_SIZE < iter->nr);
	len = min(len, (size_t)bvec->bv_len - offset);
	if (iter->write)
		memcpy(at, page + offset, len);
	else
		memcpy(page + offset, at, len);
	iter->offset += len;
	iter->count -= len;
	return len;
}

static ssize_t move_all(struct kiocb *kiocb, struct iov_iter *iter)
{
	size_t len = iter->count, done = 0;

	shim_might_sleep();
	shim_assert(!shim_context()->mutexes);
	shim_assert(kiocb->ki_pos >= 0);
	shim_assert(kiocb->ki_pos + len <= FUZZ_FILE_SIZE);
	shim_assert(!(kiocb->ki_flags & IOCB_APPEND));
	if (kiocb->ki_pos >= inode.i_size)
		return 0;
	len = min(len, (size_t)(inode.i_size - kiocb->ki_pos));
	if (wrong_with & FUZZ_FILE_PIECES)
		len = min(len, (size_t)PIECE);
	while (done < len)
		done += move(iter, bytes + kiocb->ki_pos + done, len - done);
	return done;
}

struct cred fuzz_vmm_cred, fuzz_worker_cred;
const struct cred *fuzz_cred = &fuzz_worker_cred;

unsigned long rlimit(unsigned int limit)
{
	return RLIM_INFINITY;
}

/* Every access must be made with the credentials of the device's maker. */
static void meanwhile(void)
{
	shim_assert(fuzz_cred == &fuzz_vmm_cred);
	if (during)
		during();
}

static int fails(int error)
{
	failed = true;
	return error;
}

/* The page cache has every other page: what can be read without waiting */
static ssize_t read_now(struct kiocb *kiocb, struct iov_iter *iter)
{
	size_t here = PAGE_SIZE - kiocb->ki_pos % PAGE_SIZE;

	shim_assert(kiocb->ki_flags == (IOCB_NOWAIT | IOCB_NOIO));
	shim_assert(!shim_context()->worker);
	if (kiocb->ki_pos / PAGE_SIZE % 2)
		return -EAGAIN;
	iter->count = min(iter->count, here);
	return move_all(kiocb, iter);
}

static ssize_t file_read_iter(struct kiocb *kiocb, struct iov_iter *iter)
{
	shim_assert(!iter->write);
	meanwhile();
	if (kiocb->ki_flags & IOCB_NOWAIT)
		return read_now(kiocb, iter);
	if (wrong_with & FUZZ_FILE_READ_FAILS)
		return fails(-EIO);
	return move_all(kiocb, iter);
}

static ssize_t file_write_iter(struct kiocb *kiocb, struct iov_iter *iter)
{
	shim_assert(iter->write);
	meanwhile();
	if (wrong_with & FUZZ_FILE_WRITE_FAILS)
		return fails(-ENOSPC);
	if (wrong_with & FUZZ_FILE_LOST) {
		mapping.wb_err++;
		failed = true;
	}
	changed = true;
	dirty = true;
	return move_all(kiocb, iter);
}

static int file_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	shim_might_sleep();
	shim_assert(start >= 0 && (end < FUZZ_FILE_SIZE || end == LLONG_MAX) && start <= end);
	meanwhile();
	if (wrong_with & FUZZ_FILE_FSYNC_FAILS)
		return fails(-EIO);
	dirty = false;
	return 0;
}

static long file_fallocate(struct file *file, int mode, loff_t pos, loff_t len)
{
	shim_might_sleep();
	shim_assert(fuzz_cred == &fuzz_vmm_cred);
	shim_assert(pos >= 0 && len > 0 && pos + len <= FUZZ_FILE_SIZE);
	shim_assert(mode & FALLOC_FL_KEEP_SIZE);
	if (!(wrong_with & FUZZ_FILE_ZERO_RANGE) ||
	    mode != (FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	changed = true;
	dirty = true;
	memset(bytes + pos, 0, len);
	return 0;
}

static const struct file_operations file_ops = {
	.read_iter = file_read_iter,
	.write_iter = file_write_iter,
	.fsync = file_fsync,
	.fallocate = file_fallocate,
};

static struct file the_file;

/* No read has an access time to update. */
static struct vfsmount mount = { .mnt_flags = MNT_NOATIME };

struct file *fuzz_file_open(u8 wrong)
{
	static bool filled;
	u32 i;

	for (i = 0; (changed || !filled) && i < FUZZ_FILE_SIZE; i++)
		bytes[i] = i ^ i >> 9;
	filled = true;
	changed = false;
	dirty = false;
	failed = false;
	during = NULL;
	wrong_with = wrong;
	mapping.wb_err = 0;
	inode.i_mode = S_IFREG;
	inode.i_size = wrong & FUZZ_FILE_TRUNCATED ? FUZZ_FILE_SIZE / 2 + 100 :
						     FUZZ_FILE_SIZE;
	the_file = (struct file){
		.f_op = &file_ops,
		.f_mapping = &mapping,
		.f_path.mnt = &mount,
		.f_mode = FMODE_READ | FMODE_WRITE | FMODE_CAN_READ |
			  FMODE_CAN_WRITE | FMODE_NOWAIT,
		.f_flags = wrong & FUZZ_FILE_DIRECT ? O_FUZZ_DIRECT : 0,
		.references = 1,
	};
	return &the_file;
}

void fuzz_file_caller(bool vmm)
{
	fuzz_cred = vmm ? &fuzz_vmm_cred : &fuzz_worker_cred;
}

void fuzz_file_during(void (*function)(void))
{
	during = function;
}

bool fuzz_file_durable(void)
{
	return !dirty;
}

bool fuzz_file_failed(void)
{
	return failed;
}

void fuzz_file_close(struct file *file)
{
	shim_assert(file->references == 1);
	shim_assert(fuzz_cred == &fuzz_worker_cred);
	shim_assert(!fuzz_vmm_cred.references);
	file->references = 0;
}
