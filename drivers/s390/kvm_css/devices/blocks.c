// SPDX-License-Identifier: GPL-2.0
/*
 * Moving blocks between a channel program and the backing of a disk.
 *
 * The data move through the buffer of the backing, which is allocated for the
 * first command.  What is written is on stable storage before the command ends,
 * unless the backing is one with write-back.
 *
 * Each access to the backing may end later, and then the command does.  So how
 * far the command has got is kept in struct blocks_transfer and not on the stack.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <kvm_css/backing.h>
#include <kvm_css/command.h>

#include "blocks.h"
#include "durable.h"

static loff_t begin(const struct blocks_transfer *t)
{
	return (loff_t)t->block << DISK_BLOCK_SHIFT;
}

static loff_t position(const struct blocks_transfer *t)
{
	return begin(t) + t->done;
}

static u32 left(const struct blocks_transfer *t)
{
	return t->size - t->done;
}

/* The bytes that are in the buffer have been moved. */
static void advance(struct blocks_transfer *t)
{
	t->done += t->len;
	t->len = 0;
}

/* READ */

static enum backing_result read_chunk(struct blocks_transfer *t,
				      struct css_backing *backing)
{
	t->len = min(left(t), BACKING_BUFFER_SIZE);
	return backing_read(backing, position(t), t->len);
}

/* @result: how the last access has ended */
static enum backing_result give_chunks(struct blocks_transfer *t,
				       struct css_backing *backing,
				       struct chanprog *cp,
				       enum backing_result result)
{
	while (result == BACKING_DONE) {
		if (chanprog_to_guest(cp, backing_data(backing), t->len) <
		    t->len)
			break;
		advance(t);
		if (!left(t))
			break;
		result = read_chunk(t, backing);
	}
	return result;
}

enum backing_result blocks_read(struct blocks_transfer *t,
				struct css_backing *backing,
				struct chanprog *cp, loff_t pos, u32 len)
{
	*t = (struct blocks_transfer){
		.block = pos >> DISK_BLOCK_SHIFT, .size = len,
	};
	if (!backing_ensure_buffer(backing, cp->guest))
		return BACKING_FAILED;
	return give_chunks(t, backing, cp, read_chunk(t, backing));
}

enum backing_result blocks_read_on(struct blocks_transfer *t,
				   struct css_backing *backing,
				   struct chanprog *cp)
{
	return give_chunks(t, backing, cp, backing_go_on(backing));
}

bool blocks_read_now(struct css_backing *backing, struct chanprog *cp,
		     loff_t pos, u32 len)
{
	if (!backing_read_now(backing, pos, len))
		return false;
	chanprog_to_guest(cp, backing_data(backing), len);
	return true;
}

/* WRITE */

/*
 * Take data into the buffer.  If the program gives fewer than the blocks need,
 * zeros follow, unless something has broken the data off.
 */
static void take_data(struct blocks_transfer *t, struct css_backing *backing,
		      struct chanprog *cp)
{
	u32 chunk = min(left(t), BACKING_BUFFER_SIZE);
	u8 *data = backing_data(backing);
	u32 got;

	got = chanprog_from_guest(cp, data, chunk);
	t->len = round_up(got, DISK_BLOCK_SIZE);
	memset(data + got, 0, t->len - got);
	if (t->len == left(t) || (got < chunk && chanprog_broken_off(cp)))
		t->next = BLOCKS_FLUSH;
	else if (got < chunk)
		t->next = BLOCKS_ZERO_RANGE;
}

/*
 * Make the rest of the blocks zeros, without writing zeros if the backing can do
 * that.  In this way a guest discards blocks, with a WRITE that has no data for
 * them.  A halt doesn't stop this: it ends the data of a WRITE, and these have
 * ended already.
 */
static void zero_range(struct blocks_transfer *t, struct css_backing *backing)
{
	if (left(t) >= BACKING_BUFFER_SIZE &&
	    backing_zero_range(backing, position(t), left(t))) {
		t->written = true;
		t->next = BLOCKS_FLUSH;
		return;
	}
	memset(backing_data(backing), 0, min(left(t), BACKING_BUFFER_SIZE));
	t->next = BLOCKS_ZEROS;
}

/* The buffer has zeros already. */
static void take_zeros(struct blocks_transfer *t)
{
	t->len = min(left(t), BACKING_BUFFER_SIZE);
	if (t->len == left(t))
		t->next = BLOCKS_FLUSH;
}

/*
 * The only write of a command is made durable by itself, if that is possible,
 * and need not be flushed.  After several writes, one flush is less work than
 * making each of them durable.
 */
static enum backing_result write_chunk(struct blocks_transfer *t,
				       struct css_backing *backing)
{
	bool durable = backing->durable && !backing->writeback &&
		       t->next == BLOCKS_FLUSH && !t->written;

	if (durable)
		t->next = BLOCKS_CHECK;
	t->written = true;
	return backing_write(backing, position(t), t->len, durable);
}

/* Everything has been written. */
static enum backing_result flush(const struct blocks_transfer *t,
				 struct css_backing *backing)
{
	return durable_end(backing, begin(t), t->size, t->since,
			   t->next == BLOCKS_CHECK) ?
		BACKING_DONE : BACKING_FAILED;
}

/* @result: how the last access has ended */
static enum backing_result write_chunks(struct blocks_transfer *t,
					struct css_backing *backing,
					struct chanprog *cp,
					enum backing_result result)
{
	while (result == BACKING_DONE && !chanprog_dropped(cp)) {
		advance(t);
		if (t->next == BLOCKS_DATA)
			take_data(t, backing, cp);
		else if (t->next == BLOCKS_ZERO_RANGE)
			zero_range(t, backing);
		else if (t->next == BLOCKS_ZEROS)
			take_zeros(t);
		else
			return flush(t, backing);
		/* If the program has been dropped, the data aren't all there. */
		if (t->len && !chanprog_dropped(cp))
			result = write_chunk(t, backing);
	}
	return result;
}

enum backing_result blocks_write(struct blocks_transfer *t,
				 struct css_backing *backing,
				 struct chanprog *cp, loff_t pos, u32 len)
{
	*t = (struct blocks_transfer){
		.block = pos >> DISK_BLOCK_SHIFT, .size = len,
		.since = backing_error(backing),
	};
	if (!backing_ensure_buffer(backing, cp->guest))
		return BACKING_FAILED;
	return write_chunks(t, backing, cp, BACKING_DONE);
}

enum backing_result blocks_write_on(struct blocks_transfer *t,
				    struct css_backing *backing,
				    struct chanprog *cp)
{
	return write_chunks(t, backing, cp, backing_go_on(backing));
}
