// SPDX-License-Identifier: GPL-2.0
/*
 * The access time of a disk's file, which a vCPU leaves to a worker.
 *
 * A file system has a granularity of its times: ext4 has nanoseconds, or whole
 * seconds if its inodes have 128 bytes, as those of ext2 and ext3 have.  A file
 * that is read in the same second in which it has been written then has equal
 * times until the second is over.  With relatime, each of these reads would be
 * one that updates the access time, if the time that it already has were another
 * than the one that it would get.
 *
 * The clock may move on between the question and the read.  Then the vCPU updates
 * the access time, which it does once, because after that the time isn't due.
 */
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/stat.h>
#include <linux/time64.h>

#include "access_time.h"

/* How old an access time gets with the mount option relatime */
#define ATIME_SECONDS	(24 * 60 * 60)

static bool relatime_due(const struct kstat *stat, const struct timespec64 *now)
{
	return timespec64_compare(&stat->mtime, &stat->atime) >= 0 ||
	       timespec64_compare(&stat->ctime, &stat->atime) >= 0 ||
	       now->tv_sec - stat->atime.tv_sec >= ATIME_SECONDS;
}

/* A block device has the access time of its node, which is in memory. */
bool access_time_due(const struct file *file)
{
	const u32 times = STATX_ATIME | STATX_MTIME | STATX_CTIME;
	const unsigned int mount = file->f_path.mnt->mnt_flags;
	struct inode *inode = file_inode(file);
	struct timespec64 now;
	struct kstat stat;

	if (S_ISBLK(inode->i_mode) || file->f_flags & O_NOATIME ||
	    IS_NOATIME(inode) || mount & MNT_NOATIME)
		return false;
	if (vfs_getattr(&file->f_path, &stat, times, AT_STATX_DONT_SYNC))
		return true;
	now = current_time(inode);
	if (timespec64_equal(&stat.atime, &now))
		return false;
	return !(mount & MNT_RELATIME) || relatime_due(&stat, &now);
}
