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
#include <linux/hrtimer.h>
#include <linux/magic.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "file.h"

#define PIECE	700u
/* When what ends later has ended */
#define LATER_NS	1000000

static u8 bytes[FUZZ_IMAGE_SIZE];
/* How large the file is, unless it has been truncated */
static u32 size;
static u8 wrong_with;
static bool changed;
static bool dirty, failed;
static void (*during)(void);
static u8 when;

/*
 * What has yet to end
 *
 * @kiocb: the read or write, or NULL
 * @iter: its data
 * @waited: the next read need not wait for a page
 * @timer: ends it
 */
static struct {
	struct kiocb *kiocb;
	struct iov_iter iter;
	bool waited;
	struct hrtimer timer;
} later;

static struct backing_dev_info bdi = { .capabilities = BDI_CAP_WRITEBACK };
static struct super_block sb = { .s_bdi = &bdi };
static struct inode inode = { .i_sb = &sb };
static struct address_space mapping = { .host = &inode };

/* Move the next bytes that lie one behind the other. */
static size_t move(struct iov_iter *iter, u8 *at, size_t len)
{
	const struct bio_vec *bvec = iter->bvec;
	size_t offset = iter->offset;
	u8 *data;

	for (; offset >= bvec->bv_len; bvec++)
		offset -= bvec->bv_len;
	shim_assert(bvec < iter->bvec + iter->nr);
	data = (u8 *)bvec->bv_page + bvec->bv_offset + offset;
	len = min(len, (size_t)bvec->bv_len - offset);
	if (iter->write)
		memcpy(at, data, len);
	else
		memcpy(data, at, len);
	iov_iter_advance(iter, len);
	return len;
}

static ssize_t move_all(const struct kiocb *kiocb, struct iov_iter *iter)
{
	size_t len = iter->count, done = 0;

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

static void meanwhile(void)
{
	if (during)
		during();
}

/* Every access must be made with the credentials of the device's maker. */
static void check(const struct kiocb *kiocb, const struct iov_iter *iter)
{
	shim_might_sleep();
	shim_assert(fuzz_cred == &fuzz_vmm_cred);
	shim_assert(!shim_context()->mutexes);
	shim_assert(kiocb->ki_pos >= 0);
	shim_assert(kiocb->ki_pos + iter->count <= size);
	shim_assert(!(kiocb->ki_flags & IOCB_APPEND));
	shim_assert(later.kiocb != kiocb);
	meanwhile();
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

static ssize_t file_read(const struct kiocb *kiocb, struct iov_iter *iter)
{
	if (wrong_with & FUZZ_FILE_READ_FAILS)
		return fails(-EIO);
	return move_all(kiocb, iter);
}

static ssize_t file_write(const struct kiocb *kiocb, struct iov_iter *iter)
{
	if (wrong_with & FUZZ_FILE_WRITE_FAILS)
		return fails(-ENOSPC);
	if (wrong_with & FUZZ_FILE_LOST) {
		mapping.wb_err++;
		failed = true;
	}
	changed = true;
	if (!(kiocb->ki_flags & IOCB_DSYNC))
		dirty = true;
	return move_all(kiocb, iter);
}

/* What has begun ends, in an interrupt. */
static void end(void)
{
	struct kiocb *kiocb = later.kiocb;
	struct wait_page_key key;
	ssize_t result;

	later.kiocb = NULL;
	meanwhile();
	if (!kiocb->ki_complete) {
		key.folio = kiocb->ki_waitq->folio;
		kiocb->ki_waitq->wait.func(&kiocb->ki_waitq->wait, 0, 0, &key);
		return;
	}
	result = later.iter.write ? file_write(kiocb, &later.iter) :
				    file_read(kiocb, &later.iter);
	kiocb->ki_complete(kiocb, result);
}

static enum hrtimer_restart expired(struct hrtimer *timer)
{
	end();
	return HRTIMER_NORESTART;
}

/* Return: whether the read or write ends later. */
static bool ends_later(struct kiocb *kiocb, const struct iov_iter *iter)
{
	const bool waited = later.waited;

	/* Somebody else's has yet to end: that of a disk that was removed. */
	if (later.kiocb)
		return false;
	later.waited = false;
	if (!(when & (FUZZ_FILE_LATER | FUZZ_FILE_AT_ONCE)))
		return false;
	if (!kiocb->ki_complete) {
		/* A read waits once for each piece. */
		if (!(kiocb->ki_flags & IOCB_WAITQ) || waited)
			return false;
		later.waited = true;
		kiocb->ki_waitq->folio = (struct folio *)bytes;
	}
	later.kiocb = kiocb;
	later.iter = *iter;
	if (when & FUZZ_FILE_AT_ONCE) {
		shim_atomic_begin();
		end();
		shim_atomic_end();
	} else {
		hrtimer_start(&later.timer, LATER_NS, HRTIMER_MODE_REL);
	}
	return true;
}

static ssize_t file_read_iter(struct kiocb *kiocb, struct iov_iter *iter)
{
	shim_assert(!iter->write);
	check(kiocb, iter);
	if (kiocb->ki_flags & IOCB_NOWAIT)
		return read_now(kiocb, iter);
	if (ends_later(kiocb, iter))
		return -EIOCBQUEUED;
	return file_read(kiocb, iter);
}

static ssize_t file_write_iter(struct kiocb *kiocb, struct iov_iter *iter)
{
	shim_assert(iter->write);
	check(kiocb, iter);
	if (ends_later(kiocb, iter))
		return -EIOCBQUEUED;
	return file_write(kiocb, iter);
}

static int file_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	shim_might_sleep();
	shim_assert(start >= 0 && (end < size || end == LLONG_MAX) && start <= end);
	shim_assert(fuzz_cred == &fuzz_vmm_cred);
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
	shim_assert(pos >= 0 && len > 0 && pos + len <= size);
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
	.fop_flags = FOP_BUFFER_RASYNC,
};

static struct file the_file;

/* No read has an access time to update. */
static struct vfsmount mount = { .mnt_flags = MNT_NOATIME };

/* Open the file, whose contents are there. */
static struct file *open_file(u8 wrong, u8 how)
{
	changed = false;
	dirty = false;
	failed = false;
	during = NULL;
	wrong_with = wrong;
	when = how;
	sb.s_magic = how & FUZZ_FILE_ON_DISK ? EXT4_SUPER_MAGIC : 0;
	later.waited = false;
	hrtimer_init(&later.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	later.timer.function = expired;
	mapping.wb_err = 0;
	inode.i_mode = S_IFREG;
	inode.i_size = wrong & FUZZ_FILE_TRUNCATED ? size / 2 + 100 : size;
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

struct file *fuzz_file_open(u8 wrong, u8 how)
{
	u32 i;

	if (changed || size != FUZZ_FILE_SIZE)
		for (i = 0; i < FUZZ_FILE_SIZE; i++)
			bytes[i] = i ^ i >> 9;
	size = FUZZ_FILE_SIZE;
	return open_file(wrong, how);
}

/* Put record zero and other records on a track. */
static void format(u8 track, u8 records, u8 key, u16 data)
{
	u8 *at = bytes + 512 + track * FUZZ_IMAGE_TRACK;
	u8 record;

	at[4] = track;
	at += 5;
	for (record = 0; record <= records; record++) {
		const u16 len = record ? data : 8;

		at[3] = track;
		at[4] = record;
		at[5] = record ? key : 0;
		at[6] = len >> 8;
		at[7] = len;
		memset(at + 8, record, at[5] + len);
		at += 8 + at[5] + len;
	}
	memset(at, 0xff, 8);
}

struct file *fuzz_image_open(u8 wrong, u8 how)
{
	static const u8 header[17] = {
		'C', 'K', 'D', '_', 'P', '3', '7', '0',
		15, 0, 0, 0, 0x00, 0xde, 0, 0, 0x90,
	};

	if (changed || size != FUZZ_IMAGE_SIZE) {
		memset(bytes, 0, sizeof(bytes));
		memcpy(bytes, header, sizeof(header));
		format(0, 4, 4, 24);
		format(1, 12, 0, 4096);
		format(2, 49, 0, 512);
		format(3, 20, 44, 96);
	}
	size = FUZZ_IMAGE_SIZE;
	return open_file(wrong, how);
}

void fuzz_image_poke(u8 track, u16 at, u8 byte)
{
	bytes[512 + track % 15 * FUZZ_IMAGE_TRACK + at % FUZZ_IMAGE_TRACK] = byte;
	changed = true;
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
	/* Nobody frees the device while something has yet to end. */
	shim_assert(!later.kiocb);
	shim_assert(!sb.writers);
	shim_assert(fuzz_cred == &fuzz_worker_cred);
	shim_assert(!fuzz_vmm_cred.references);
	file->references = 0;
}
