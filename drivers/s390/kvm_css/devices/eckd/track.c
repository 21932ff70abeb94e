// SPDX-License-Identifier: GPL-2.0
/* The contents of a track of the image, which may be hostile */
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>

#include "track.h"

static const u8 track_end_mark[TRACK_END_SIZE] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

bool track_valid(const u8 *track, u32 number)
{
	const struct eckd_address address = eckd_address(number);

	return !memcmp(track + 1, &address, sizeof(address));
}

/* Even the record zero of track 0 has a length of data that isn't zero. */
bool track_unformatted(const u8 *track)
{
	return !memchr_inv(track, 0, TRACK_HOME_SIZE + TRACK_COUNT_SIZE);
}

enum track_step track_record(const u8 *track, u32 at,
			     struct track_record *record)
{
	struct track_count count;

	if (at > IMAGE_TRACK_SIZE - TRACK_END_SIZE)
		return TRACK_INVALID;
	if (!memcmp(track + at, track_end_mark, TRACK_END_SIZE))
		return TRACK_END;
	memcpy(&count, track + at, sizeof(count));
	*record = (struct track_record){
		.at = at, .key = count.key, .data = be16_to_cpu(count.data),
	};
	if (track_behind(record) > IMAGE_TRACK_SIZE - TRACK_END_SIZE)
		return TRACK_INVALID;
	return TRACK_RECORD;
}

bool track_room(const u8 *track, u32 at, u8 key, u16 data)
{
	const struct track_record fresh = {
		.at = at, .key = key, .data = data,
	};
	u32 cells = eckd_cells(key, data), next = TRACK_FIRST;
	struct track_record record;

	if (track_behind(&fresh) > IMAGE_TRACK_SIZE - TRACK_END_SIZE)
		return false;
	while (next < at) {
		if (track_record(track, next, &record) != TRACK_RECORD)
			return false;
		cells += eckd_cells(record.key, record.data);
		next = track_behind(&record);
	}
	return next == at && cells <= ECKD_CELLS;
}

void track_end(u8 *track, u32 at)
{
	memcpy(track + at, track_end_mark, TRACK_END_SIZE);
}

/* Layouts */

#define ZERO_DATA	8u

/* The count area of a record of the layout; of record zero without a layout */
static struct track_count count_of(u32 number, u8 record,
				   const struct track_layout *layout)
{
	return (struct track_count){
		.address = eckd_address(number),
		.record = record,
		.key = layout ? layout->key : 0,
		.data = cpu_to_be16(layout ? layout->data : ZERO_DATA),
	};
}

/* Where record 1 begins, and how far each record is from the one before */
#define LAYOUT_FIRST	(TRACK_FIRST + TRACK_COUNT_SIZE + ZERO_DATA)

static u32 stride(const struct track_layout *layout)
{
	return TRACK_COUNT_SIZE + layout->key + layout->data;
}

static bool has_count(const u8 *track, u32 at, const struct track_count *count)
{
	return !memcmp(track + at, count, sizeof(*count));
}

static bool has_zero(const u8 *track, u32 number)
{
	const struct track_count zero = count_of(number, 0, NULL);

	return !track[0] && track_valid(track, number) &&
	       has_count(track, TRACK_FIRST, &zero);
}

/* The home address and the count area of record zero */
static void begin_track(u8 *track, u32 number)
{
	const struct eckd_address address = eckd_address(number);
	const struct track_count zero = count_of(number, 0, NULL);

	track[0] = 0;
	memcpy(track + 1, &address, sizeof(address));
	memcpy(track + TRACK_FIRST, &zero, sizeof(zero));
}

void track_initialize(u8 *track, u32 number)
{
	memset(track, 0, IMAGE_TRACK_SIZE);
	begin_track(track, number);
	track_end(track, LAYOUT_FIRST);
}

bool track_layout(const u8 *track, u32 number, struct track_layout *layout)
{
	struct track_record record;
	u32 at = LAYOUT_FIRST;

	if (track_record(track, at, &record) != TRACK_RECORD)
		return false;
	*layout = (struct track_layout){
		.key = record.key, .data = record.data,
	};
	do {
		if (layout->records == U8_MAX)
			return false;
		layout->records++;
		at += stride(layout);
	} while (track_record(track, at, &record) == TRACK_RECORD);
	return track_has_outline(track, number, layout);
}

void track_outline(u8 *track, u32 number, const struct track_layout *layout)
{
	struct track_count count = count_of(number, 0, layout);
	u32 at = LAYOUT_FIRST;

	begin_track(track, number);
	while (count.record < layout->records) {
		count.record++;
		memcpy(track + at, &count, sizeof(count));
		at += stride(layout);
	}
	track_end(track, at);
}

bool track_has_outline(const u8 *track, u32 number,
		       const struct track_layout *layout)
{
	struct track_count count = count_of(number, 0, layout);
	u32 at = LAYOUT_FIRST;

	if (!has_zero(track, number))
		return false;
	while (count.record < layout->records) {
		count.record++;
		if (!has_count(track, at, &count))
			return false;
		at += stride(layout);
	}
	return !memcmp(track + at, track_end_mark, TRACK_END_SIZE);
}
