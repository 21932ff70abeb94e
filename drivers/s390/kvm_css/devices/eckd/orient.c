// SPDX-License-Identifier: GPL-2.0
/*
 * Finding tracks and records: seeks, searches, and what comes next on a track.
 *
 * A search for a record ends when the index has passed twice, or at the end of the
 * cylinder or of the extent, so it looks at no more tracks than a cylinder has.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "eckd.h"

struct seek_data {
	__be16 zero;
	__be16 cylinder;
	__be16 head;
} __packed;
static_assert(sizeof(struct seek_data) == 6);

/* A command of the domain has been executed. */
void eckd_domain_done(struct eckd_device *eckd)
{
	if (eckd->program.domain.left)
		eckd->program.domain.left--;
}

static bool in_extent(const struct eckd_device *eckd, u32 track)
{
	const struct eckd_extent *extent = &eckd->program.extent;

	return track >= extent->first && track <= extent->last;
}

/* Go on with the next track. */
cu_status_t eckd_advance(struct eckd_device *eckd)
{
	struct eckd_position *position = &eckd->program.position;
	const u32 next = position->track + 1;

	if (!eckd_in_domain(eckd)) {
		if ((eckd->program.extent.mask & ECKD_MASK_SEEK) ==
		    ECKD_MASK_SEEK_NONE)
			return eckd_check(eckd, ECKD_SENSE1_FILE_PROTECTED);
		if (!(next % ECKD_HEADS))
			return eckd_check(eckd, ECKD_SENSE1_END_OF_CYLINDER);
	}
	if (!in_extent(eckd, next))
		return eckd_check(eckd, ECKD_SENSE1_FILE_PROTECTED);
	*position = (struct eckd_position){ .track = next };
	return CU_ENDED;
}

/* A command for whole tracks: have its track in the buffer. */
cu_status_t eckd_whole_track(struct eckd_device *eckd, struct chanprog *cp)
{
	cu_status_t status;

	if (eckd->program.position.orientation == ECKD_AT_END) {
		status = eckd_advance(eckd);
		if (status != CU_ENDED)
			return status;
	}
	return eckd_load(eckd, cp);
}

/* Where the next record begins */
static u32 next_at(struct eckd_device *eckd)
{
	const struct eckd_position *position = &eckd->program.position;
	struct track_record record;

	if (position->orientation == ECKD_AT_INDEX ||
	    position->orientation == ECKD_AT_END ||
	    track_record(eckd_track(eckd), position->record, &record) !=
	    TRACK_RECORD)
		return TRACK_FIRST;
	return track_behind(&record);
}

/* Pass the record's count area. */
static void pass_count(struct eckd_device *eckd,
		       const struct track_record *record)
{
	eckd->program.position.record = record->at;
	eckd->program.position.orientation = ECKD_AT_COUNT;
}

static bool is_search(u8 cmd)
{
	switch (cmd & ~ECKD_MULTITRACK) {
	case ECKD_CMD_SEARCH_ID_EQUAL:
	case ECKD_CMD_SEARCH_ID_HIGH:
	case ECKD_CMD_SEARCH_ID_EQUAL_HIGH:
	case ECKD_CMD_SEARCH_KEY_EQUAL:
	case ECKD_CMD_SEARCH_KEY_HIGH:
	case ECKD_CMD_SEARCH_KEY_EQUAL_HIGH:
		return true;
	default:
		return false;
	}
}

/*
 * The track has ended.  A command without multitrack goes on at its beginning, but
 * not twice.  One with multitrack goes on with the next track.  In a domain, it has
 * to find a record there.
 */
static cu_status_t pass_index(struct eckd_device *eckd, u8 cmd)
{
	struct eckd_program *program = &eckd->program;
	const bool multitrack = cmd & ECKD_MULTITRACK;
	cu_status_t status = CU_ENDED;

	if (program->flags & ECKD_INDEX_PASSED &&
	    (!multitrack || eckd_in_domain(eckd)))
		return eckd_check(eckd, ECKD_SENSE1_NO_RECORD);
	if (multitrack)
		status = eckd_advance(eckd);
	else
		program->position.orientation = ECKD_AT_INDEX;
	if (!multitrack || !is_search(cmd))
		program->flags |= ECKD_INDEX_PASSED;
	return status;
}

/* Find the next record, and pass its count area. */
cu_status_t eckd_next(struct eckd_device *eckd, struct chanprog *cp, u8 cmd,
		      enum eckd_zero zero, struct track_record *record)
{
	cu_status_t status;

	for (;;) {
		status = eckd_load(eckd, cp);
		if (status != CU_ENDED)
			return status;
		switch (track_record(eckd_track(eckd), next_at(eckd), record)) {
		case TRACK_RECORD:
			pass_count(eckd, record);
			if (record->at != TRACK_FIRST || zero == ECKD_ZERO)
				return CU_ENDED;
			break;
		case TRACK_END:
			status = pass_index(eckd, cmd);
			if (status != CU_ENDED)
				return status;
			break;
		default:
			return eckd_check(eckd, ECKD_SENSE1_INVALID_TRACK);
		}
	}
}

/*
 * Find the record of which the command wants the key or the data: the current one,
 * if they haven't passed yet, or the next one.
 */
cu_status_t eckd_current(struct eckd_device *eckd, struct chanprog *cp, u8 cmd,
			 struct track_record *record)
{
	const struct eckd_position *position = &eckd->program.position;
	const bool data_only = (cmd & ~ECKD_MULTITRACK) == ECKD_CMD_READ_DATA ||
			       (cmd & ~ECKD_MULTITRACK) == ECKD_CMD_WRITE_DATA;
	cu_status_t status;

	if (position->orientation != ECKD_AT_COUNT &&
	    !(data_only && position->orientation == ECKD_AT_KEY))
		return eckd_next(eckd, cp, cmd, ECKD_NOT_ZERO, record);
	status = eckd_load(eckd, cp);
	if (status != CU_ENDED)
		return status;
	if (track_record(eckd_track(eckd), position->record, record) !=
	    TRACK_RECORD)
		return eckd_check(eckd, ECKD_SENSE1_INVALID_TRACK);
	return CU_ENDED;
}

/* Seeks */

static bool seek_permitted(u8 mask, u8 cmd)
{
	switch (mask & ECKD_MASK_SEEK) {
	case ECKD_MASK_SEEK_ALL:
		return true;
	case ECKD_MASK_SEEK_CYLINDER:
		return cmd != ECKD_CMD_SEEK;
	case ECKD_MASK_SEEK_HEAD:
		return cmd == ECKD_CMD_SEEK_HEAD;
	default:
		return false;
	}
}

cu_status_t eckd_seek(struct eckd_device *eckd, struct chanprog *cp, u8 cmd)
{
	struct eckd_program *program = &eckd->program;
	struct eckd_address address;
	struct seek_data data;
	u32 track;

	if (!seek_permitted(program->extent.mask, cmd))
		return eckd_check(eckd, ECKD_SENSE1_FILE_PROTECTED);
	if (chanprog_from_guest(cp, &data, sizeof(data)) < sizeof(data))
		return eckd_too_short(eckd, cp);
	address = (struct eckd_address){ data.cylinder, data.head };
	if (cmd == ECKD_CMD_SEEK_HEAD) {
		const struct eckd_address here =
			eckd_address(program->position.track);

		address.cylinder = here.cylinder;
		address.head |= here.head & cpu_to_be16(0xfff0);
	}
	if (data.zero || !eckd_track_number(&address, eckd->cylinders, &track))
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	if (!in_extent(eckd, track))
		return eckd_check(eckd, ECKD_SENSE1_FILE_PROTECTED);
	program->position = (struct eckd_position){ .track = track };
	program->flags |= ECKD_SOUGHT;
	return CU_ENDED;
}

/* There is no rotation here that a sector would be a part of. */
cu_status_t eckd_set_sector(struct eckd_device *eckd, struct chanprog *cp)
{
	u8 sector;

	if (chanprog_from_guest(cp, &sector, sizeof(sector)) < sizeof(sector))
		return eckd_too_short(eckd, cp);
	if (sector >= ECKD_SECTORS && sector != 0xff)
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	return CU_ENDED;
}

/* It is the same wherever the device is. */
cu_status_t eckd_read_sector(struct chanprog *cp)
{
	static const u8 sector;

	chanprog_to_guest(cp, &sector, sizeof(sector));
	return CU_ENDED;
}

/* Searches */

/*
 * Compare what the program gives with what is on the track.  A program that gives
 * fewer bytes has only these compared.
 *
 * Return: whether the search is satisfied.
 */
static bool satisfied(struct chanprog *cp, const u8 *here, u32 len, bool equal,
		      bool high)
{
	u8 wanted[U8_MAX];
	u32 got;
	int order;

	got = chanprog_from_guest(cp, wanted, len);
	if (got < len && chanprog_broken_off(cp))
		return false;
	order = memcmp(here, wanted, got);
	return (equal && !order) || (high && order > 0);
}

static cu_status_t searched(struct eckd_device *eckd, bool found, u16 what)
{
	if (!found)
		return CU_ENDED;
	eckd->run.found |= what;
	return CU_STATUS(DSTAT_CHANNEL_END | DSTAT_DEVICE_END |
			 DSTAT_STATUS_MODIFIER);
}

cu_status_t eckd_search_id(struct eckd_device *eckd, struct chanprog *cp, u8 cmd)
{
	const u8 how = cmd & ~ECKD_MULTITRACK;
	const bool equal = how != ECKD_CMD_SEARCH_ID_HIGH;
	const bool high = how != ECKD_CMD_SEARCH_ID_EQUAL;
	struct track_record record;
	cu_status_t status;
	bool found;

	status = eckd_next(eckd, cp, cmd, ECKD_ZERO, &record);
	if (status != CU_ENDED)
		return status;
	found = satisfied(cp, eckd_track(eckd) + record.at, 5, equal, high);
	return searched(eckd, found, high ? 0 : ECKD_ID_FOUND);
}

/* Records without a key are passed over. */
cu_status_t eckd_search_key(struct eckd_device *eckd, struct chanprog *cp, u8 cmd)
{
	const u8 how = cmd & ~ECKD_MULTITRACK;
	const bool equal = how != ECKD_CMD_SEARCH_KEY_HIGH;
	const bool high = how != ECKD_CMD_SEARCH_KEY_EQUAL;
	struct track_record record;
	cu_status_t status;
	bool found;

	status = eckd_current(eckd, cp, cmd, &record);
	while (status == CU_ENDED && !record.key)
		status = eckd_next(eckd, cp, cmd, ECKD_NOT_ZERO, &record);
	if (status != CU_ENDED)
		return status;
	eckd->program.position.orientation = ECKD_AT_KEY;
	found = satisfied(cp, eckd_track(eckd) + track_key(&record), record.key,
			  equal, high);
	return searched(eckd, found, high ? 0 : ECKD_KEY_FOUND);
}

cu_status_t eckd_search_home(struct eckd_device *eckd, struct chanprog *cp, u8 cmd)
{
	cu_status_t status;
	bool found;

	if (cmd & ECKD_MULTITRACK && !eckd->run.taken) {
		status = eckd_advance(eckd);
		if (status != CU_ENDED)
			return status;
		eckd->run.taken = true;
	}
	eckd->program.position.orientation = ECKD_AT_INDEX;
	status = eckd_load(eckd, cp);
	if (status != CU_ENDED)
		return status;
	found = satisfied(cp, eckd_track(eckd) + 1, sizeof(struct eckd_address),
			  true, false);
	return searched(eckd, found, ECKD_HOME_FOUND);
}
