// SPDX-License-Identifier: GPL-2.0
/* The contents of a track of the image, which may be hostile */
#include <linux/kernel.h>
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

void track_initialize(u8 *track, u32 number)
{
	const struct eckd_address address = eckd_address(number);
	const struct track_count zero = {
		.address = address, .data = cpu_to_be16(8),
	};

	memset(track, 0, IMAGE_TRACK_SIZE);
	memcpy(track + 1, &address, sizeof(address));
	memcpy(track + TRACK_FIRST, &zero, sizeof(zero));
	track_end(track, TRACK_FIRST + sizeof(zero) + 8);
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
