// SPDX-License-Identifier: GPL-2.0
/*
 * The track in the buffer: read from the backing, and written back.
 *
 * The buffer has the track only while a channel program runs.  Of a track whose layout
 * is known, it has where the records are, and of their contents what a command needs:
 * the first command that wants some gets that; if another one wants more, all of the
 * track is read.  A track to which records are written, and not only their contents, is
 * there as a whole.  What a command writes is in the file when the command ends, and
 * durable when its domain ends or no command is chained to it.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "../durable.h"
#include "eckd.h"

#define BLOCK		512u

u8 *eckd_track(struct eckd_device *eckd)
{
	return backing_data(&eckd->backing);
}

void eckd_drop_buffer(struct eckd_device *eckd)
{
	eckd->buffer = (struct eckd_buffer){};
}

/* A record number has 8 bits, and a track has no two records of one number. */
#define RECORDS_MAX	256

/*
 * Do the records end in an end mark, and is the current record one of them?  Only a
 * restored state may have a current record that isn't.
 */
static bool records_valid(const u8 *track, const struct eckd_position *position)
{
	bool found = position->orientation == ECKD_AT_INDEX ||
		     position->orientation == ECKD_AT_END;
	struct track_record record;
	u32 at = TRACK_FIRST;
	enum track_step step;
	unsigned int i;

	for (i = 0; i < RECORDS_MAX; i++) {
		step = track_record(track, at, &record);
		if (step != TRACK_RECORD)
			return step == TRACK_END && i && found;
		if (at == position->record)
			found = true;
		at = track_behind(&record);
	}
	return false;
}

/* The buffer has all of the track of the current position. */
static void hold_track(struct eckd_device *eckd)
{
	eckd->buffer = (struct eckd_buffer){
		.valid = true, .track = eckd->program.position.track,
		.to = IMAGE_TRACK_SIZE,
	};
}

/* All of the track has been read into the buffer. */
static void accept_track(struct eckd_device *eckd)
{
	const struct eckd_position *position = &eckd->program.position;
	struct eckd_buffer *buffer = &eckd->buffer;
	u8 *track = eckd_track(eckd);

	hold_track(eckd);
	if (track_unformatted(track)) {
		track_initialize(track, position->track);
		buffer->fresh = true;
	}
	buffer->damaged = !track_valid(track, position->track) ||
			  !records_valid(track, position);
	if (!buffer->damaged)
		eckd_layout_note(&eckd->layouts, position->track, track);
}

/*
 * Something of the track has been read into the buffer.  If that doesn't fit where the
 * records were, somebody else has written to the image.
 */
static void accept_part(struct eckd_device *eckd)
{
	struct eckd_buffer *buffer = &eckd->buffer;
	const struct track_layout *layout = eckd_layout(&eckd->layouts,
							buffer->track);

	if (layout && track_has_outline(eckd_track(eckd), buffer->track, layout))
		return;
	eckd_layout_forget(&eckd->layouts, buffer->track);
	buffer->damaged = true;
}

/* How eckd_load() ends when the track is in the buffer */
static cu_status_t loaded(struct eckd_device *eckd)
{
	if (eckd->buffer.damaged)
		return eckd_check(eckd, ECKD_SENSE1_INVALID_TRACK);
	return CU_ENDED;
}

/*
 * How the command goes on after an access that has this result, and may have to
 * wait for it
 */
static cu_status_t read_result(struct eckd_device *eckd,
			       enum backing_result result)
{
	eckd->run.reading = result == BACKING_LATER;
	if (result == BACKING_LATER)
		return CU_PENDING;
	if (result == BACKING_FAILED) {
		eckd_drop_buffer(eckd);
		return eckd_host_error(eckd);
	}
	if (eckd->buffer.valid)
		accept_part(eckd);
	else
		accept_track(eckd);
	return loaded(eckd);
}

/*
 * A vCPU takes the track from the page cache, or lets a worker go on with the
 * command.  It can't answer CU_MUST_WAIT, because the command may have begun.
 */
static cu_status_t read_now(struct eckd_device *eckd, u32 from, u32 to)
{
	const loff_t at = eckd_image_position(eckd->program.position.track);

	if (!backing_read_part_now(&eckd->backing, at + from, from, to - from)) {
		eckd_drop_buffer(eckd);
		cu_completed(&eckd->dev);
		return CU_PENDING;
	}
	return read_result(eckd, BACKING_DONE);
}

/* Read bytes @from to @to of the track into the buffer. */
static cu_status_t read_part(struct eckd_device *eckd, struct chanprog *cp,
			     u32 from, u32 to)
{
	const loff_t at = eckd_image_position(eckd->program.position.track);

	if (!chanprog_may_wait(cp))
		return read_now(eckd, from, to);
	if (!backing_ensure_buffer(&eckd->backing, cp->guest))
		return eckd_host_error(eckd);
	return read_result(eckd, backing_read_part(&eckd->backing, at + from,
						   from, to - from));
}

static cu_status_t load_track(struct eckd_device *eckd, struct chanprog *cp)
{
	eckd_drop_buffer(eckd);
	return read_part(eckd, cp, 0, IMAGE_TRACK_SIZE);
}

static bool at_record(const struct eckd_position *position)
{
	return position->orientation != ECKD_AT_INDEX &&
	       position->orientation != ECKD_AT_END;
}

/* Where the records are is known, and nothing need be read to find one. */
static void load_outline(struct eckd_device *eckd,
			 const struct track_layout *layout)
{
	const struct eckd_position *position = &eckd->program.position;
	u8 *track = eckd_track(eckd);

	track_outline(track, position->track, layout);
	eckd->buffer = (struct eckd_buffer){
		.valid = true, .track = position->track,
		.damaged = at_record(position) &&
			   !records_valid(track, position),
	};
}

static bool holds_all(const struct eckd_buffer *buffer)
{
	return !buffer->from && buffer->to == IMAGE_TRACK_SIZE;
}

cu_status_t eckd_load(struct eckd_device *eckd, struct chanprog *cp)
{
	const u32 track = eckd->program.position.track;
	const struct eckd_buffer *buffer = &eckd->buffer;
	const struct track_layout *layout;

	if (buffer->valid && buffer->track == track &&
	    (!eckd->run.whole || holds_all(buffer)))
		return loaded(eckd);
	layout = eckd_layout(&eckd->layouts, track);
	if (eckd->run.whole || !layout)
		return load_track(eckd, cp);
	load_outline(eckd, layout);
	return loaded(eckd);
}

/* What is read is whole blocks, because direct I/O may move nothing else. */
cu_status_t eckd_fetch(struct eckd_device *eckd, struct chanprog *cp, u32 from,
		       u32 to)
{
	struct eckd_buffer *buffer = &eckd->buffer;

	if (from >= buffer->from && to <= buffer->to)
		return CU_ENDED;
	if (buffer->to)
		return load_track(eckd, cp);
	buffer->from = round_down(from, BLOCK);
	buffer->to = round_up(to, BLOCK);
	return read_part(eckd, cp, buffer->from, buffer->to);
}

/*
 * Direct I/O needs what else is in the blocks.  Other I/O doesn't, and only looks whether
 * the first record is where it was.
 */
cu_status_t eckd_prepare(struct eckd_device *eckd, struct chanprog *cp, u32 at,
			 u32 to)
{
	if (eckd->backing.ki_flags)
		return eckd_fetch(eckd, cp, at, to);
	if (eckd->buffer.to)
		return CU_ENDED;
	return eckd_fetch(eckd, cp, at, at + TRACK_COUNT_SIZE);
}

cu_status_t eckd_load_nothing(struct eckd_device *eckd, struct chanprog *cp)
{
	if (!backing_ensure_buffer(&eckd->backing, cp->guest))
		return eckd_host_error(eckd);
	eckd_drop_buffer(eckd);
	track_initialize(eckd_track(eckd), eckd->program.position.track);
	return CU_ENDED;
}

/* Writing */

static void note_unflushed(struct eckd_device *eckd)
{
	struct eckd_unflushed *unflushed = &eckd->unflushed;
	const u32 track = eckd->program.position.track;

	if (!unflushed->any)
		*unflushed = (struct eckd_unflushed){
			.any = true, .first = track, .last = track,
			.since = backing_error(&eckd->backing),
		};
	unflushed->first = min(unflushed->first, track);
	unflushed->last = max(unflushed->last, track);
}

/* All of the domain has been written. */
static bool make_durable(struct eckd_device *eckd)
{
	struct eckd_unflushed *unflushed = &eckd->unflushed;
	const u32 tracks = unflushed->last - unflushed->first + 1;

	unflushed->any = false;
	return durable_end(&eckd->backing, eckd_image_position(unflushed->first),
			   tracks * IMAGE_TRACK_SIZE, unflushed->since,
			   eckd->run.durable);
}

static cu_status_t write_result(struct eckd_device *eckd,
				enum backing_result result)
{
	struct eckd_run *run = &eckd->run;

	run->writing = result == BACKING_LATER;
	/* A write that has not ended may be dropped, and still be done. */
	if (eckd->backing.writeback || !run->last)
		cu_written(&eckd->writes);
	if (result == BACKING_LATER)
		return CU_PENDING;
	if (result == BACKING_FAILED) {
		eckd_drop_buffer(eckd);
		return eckd_host_error(eckd);
	}
	if (run->last && !make_durable(eckd))
		return eckd_host_error(eckd);
	return CU_ENDED;
}

cu_status_t eckd_store(struct eckd_device *eckd, u32 from, u32 to)
{
	struct css_backing *backing = &eckd->backing;
	const bool first = !eckd->unflushed.any;
	enum backing_result result;
	loff_t at;

	if (backing->ki_flags) {
		from = round_down(from, BLOCK);
		to = round_up(to, BLOCK);
	}
	if (eckd->buffer.fresh)
		from = 0;
	if (eckd->buffer.valid)
		eckd->buffer.fresh = false;
	else
		hold_track(eckd);
	note_unflushed(eckd);
	eckd->run.durable = first && eckd->run.last && backing->durable &&
			    !backing->writeback;
	at = eckd_image_position(eckd->program.position.track) + from;
	result = backing_write_part(backing, at, from, to - from,
				    eckd->run.durable);
	return write_result(eckd, result);
}

/* What the commands before have written isn't durable before the domain ends. */
cu_status_t eckd_store_nothing(struct eckd_device *eckd)
{
	if (eckd->run.last && eckd->unflushed.any && !make_durable(eckd))
		return eckd_host_error(eckd);
	return CU_ENDED;
}

cu_status_t eckd_accessed(struct eckd_device *eckd, struct chanprog *cp, u8 cmd)
{
	cu_status_t status;

	if (eckd->run.writing)
		return write_result(eckd, backing_go_on(&eckd->backing));
	if (eckd->run.reading) {
		status = read_result(eckd, backing_go_on(&eckd->backing));
		if (status != CU_ENDED)
			return status;
	}
	return eckd_execute(eckd, cp, cmd);
}
