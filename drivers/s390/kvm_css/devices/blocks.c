// SPDX-License-Identifier: GPL-2.0
/*
 * Moving blocks between a channel program and the backing of a disk.
 *
 * The data move through the buffer of the backing, which is allocated for the
 * first command.  What is written is on stable storage before the command ends,
 * unless the backing is one with write-back.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <kvm_css/backing.h>
#include <kvm_css/command.h>

#include "blocks.h"

/*
 * Make a range of the backing zeros, without writing zeros if the backing can
 * do that.  In this way a guest discards blocks, with a WRITE that has no data
 * for them.  A halt doesn't stop this: it ends the data of a WRITE, and these
 * have ended already.
 */
static bool write_zeros(struct css_backing *backing, const struct chanprog *cp,
			loff_t pos, u32 len)
{
	u32 chunk;

	if (chanprog_dropped(cp) ||
	    (len >= BACKING_BUFFER_SIZE &&
	     backing_zero_range(backing, pos, len)))
		return true;
	memset(backing_data(backing), 0, min(len, BACKING_BUFFER_SIZE));
	while (len && !chanprog_dropped(cp)) {
		chunk = min(len, BACKING_BUFFER_SIZE);
		if (!backing_write(backing, pos, chunk))
			return false;
		pos += chunk;
		len -= chunk;
	}
	return true;
}

bool blocks_read(struct css_backing *backing, struct chanprog *cp, loff_t pos,
		 u32 len)
{
	u32 chunk;

	if (!backing_ensure_buffer(backing, cp->guest))
		return false;
	while (len) {
		chunk = min(len, BACKING_BUFFER_SIZE);
		if (!backing_read(backing, pos, chunk))
			return false;
		if (chanprog_to_guest(cp, backing_data(backing), chunk) < chunk)
			break;
		pos += chunk;
		len -= chunk;
	}
	return true;
}

bool blocks_read_now(struct css_backing *backing, struct chanprog *cp,
		     loff_t pos, u32 len)
{
	if (!backing_read_now(backing, pos, len))
		return false;
	chanprog_to_guest(cp, backing_data(backing), len);
	return true;
}

static bool move_blocks(struct css_backing *backing, struct chanprog *cp,
			loff_t pos, u32 left)
{
	u8 *data = backing_data(backing);
	bool broken_off;
	u32 chunk, got, len;

	while (left) {
		chunk = min(left, BACKING_BUFFER_SIZE);
		got = chanprog_from_guest(cp, data, chunk);
		if (chanprog_dropped(cp))
			return true;
		broken_off = got < chunk && chanprog_broken_off(cp);
		if (!got)
			return broken_off || write_zeros(backing, cp, pos, left);
		len = round_up(got, DISK_BLOCK_SIZE);
		memset(data + got, 0, len - got);
		if (!backing_write(backing, pos, len))
			return false;
		pos += len;
		left -= len;
		if (broken_off)
			return true;
		if (got < chunk && left)
			return write_zeros(backing, cp, pos, left);
	}
	return true;
}

bool blocks_write(struct css_backing *backing, struct chanprog *cp, loff_t pos,
		  u32 len)
{
	errseq_t since = backing_error(backing);

	if (!backing_ensure_buffer(backing, cp->guest) ||
	    !move_blocks(backing, cp, pos, len))
		return false;
	if (chanprog_dropped(cp))
		return true;
	return backing->writeback ? !backing_lost(backing) :
				    backing_sync(backing, pos, len, since);
}
