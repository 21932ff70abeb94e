// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that write.  Data go into the track in the buffer, and what has changed of
 * it is written.  A record for which the program gives fewer bytes has zeros behind
 * them.
 *
 * A command of which nothing has come because something has broken the data off
 * changes nothing.
 */
#include <linux/limits.h>
#include <linux/string.h>

#include "eckd.h"

#define UNIT_EXCEPTION	CU_STATUS(DSTAT_CHANNEL_END | DSTAT_DEVICE_END | \
				  DSTAT_UNIT_EXCEPTION)

bool eckd_writes(u8 cmd)
{
	switch (cmd) {
	case ECKD_CMD_WRITE_DATA:
	case ECKD_CMD_WRITE_DATA | ECKD_MULTITRACK:
	case ECKD_CMD_WRITE_KEY_DATA:
	case ECKD_CMD_WRITE_KEY_DATA | ECKD_MULTITRACK:
	case ECKD_CMD_WRITE_COUNT:
	case ECKD_CMD_WRITE_COUNT | ECKD_MULTITRACK:
	case ECKD_CMD_WRITE_HOME:
	case ECKD_CMD_WRITE_ZERO:
	case ECKD_CMD_ERASE:
	case ECKD_CMD_WRITE_FULL_TRACK:
	case ECKD_CMD_WRITE_TRACK_DATA:
		return true;
	default:
		return false;
	}
}

/* Does the file mask permit it? */
static bool write_permitted(u8 mask, u8 cmd)
{
	switch (mask & ECKD_MASK_WRITE) {
	case ECKD_MASK_WRITE_ALL:
		return true;
	case ECKD_MASK_WRITE_NO_ZERO:
		return cmd != ECKD_CMD_WRITE_HOME &&
		       cmd != ECKD_CMD_WRITE_ZERO &&
		       cmd != ECKD_CMD_WRITE_FULL_TRACK;
	case ECKD_MASK_WRITE_UPDATE:
		return cmd == ECKD_CMD_WRITE_TRACK_DATA ||
		       (cmd & ~ECKD_MULTITRACK) == ECKD_CMD_WRITE_DATA ||
		       (cmd & ~ECKD_MULTITRACK) == ECKD_CMD_WRITE_KEY_DATA;
	default:
		return false;
	}
}

/* The command has done its part.  A READ COUNT that ends the domain writes nothing. */
static void write_done(struct eckd_device *eckd)
{
	const struct eckd_domain *domain = &eckd->program.domain;

	eckd_domain_done(eckd);
	eckd->run.last = domain->left <= domain->counts || !eckd->run.chained;
}

/* Bytes @from to @to of the track have changed: keys or data. */
static cu_status_t store_contents(struct eckd_device *eckd, u32 from, u32 to)
{
	write_done(eckd);
	return eckd_store(eckd, from, to);
}

/* Bytes @from to @to of the track have changed, with count areas among them. */
static cu_status_t store_records(struct eckd_device *eckd, u32 from, u32 to)
{
	eckd_layout_forget(&eckd->layouts, eckd->program.position.track);
	return store_contents(eckd, from, to);
}

/*
 * Take data into the track, and let zeros follow.
 * Return: false when the track isn't to be written.
 */
static bool take(struct eckd_device *eckd, struct chanprog *cp, u32 at, u32 len)
{
	u8 *to = eckd_track(eckd) + at;
	u32 got = chanprog_from_guest(cp, to, len);

	if (chanprog_dropped(cp)) {
		eckd_drop_buffer(eckd);
		return false;
	}
	if (!got && chanprog_broken_off(cp))
		return false;
	memset(to + got, 0, len - got);
	return true;
}

/* Data, or key and data, of a record that is there */

static cu_status_t find_record(struct eckd_device *eckd, struct chanprog *cp,
			       u8 cmd, struct track_record *record)
{
	cu_status_t status = eckd_current(eckd, cp, cmd, record);

	/* LOCATE RECORD can orient to record zero, but doesn't write into it. */
	if (status == CU_ENDED && eckd_in_domain(eckd) &&
	    record->at == TRACK_FIRST)
		status = eckd_next(eckd, cp, cmd, ECKD_NOT_ZERO, record);
	return status;
}

static cu_status_t write_data(struct eckd_device *eckd, struct chanprog *cp,
			      u8 cmd)
{
	const bool key = (cmd & ~ECKD_MULTITRACK) == ECKD_CMD_WRITE_KEY_DATA;
	const struct eckd_domain *domain = &eckd->program.domain;
	struct track_record record;
	cu_status_t status;
	u32 at, len;

	status = find_record(eckd, cp, cmd, &record);
	if (status != CU_ENDED)
		return status;
	at = key ? track_key(&record) : track_data(&record);
	len = track_behind(&record) - at;
	if (eckd_in_domain(eckd) && domain->length && domain->length != len)
		return eckd_check(eckd, ECKD_SENSE1_INVALID_TRACK);
	status = eckd_prepare(eckd, cp, record.at, eckd_domain_to(eckd, &record));
	if (status != CU_ENDED)
		return status;
	eckd->program.position.orientation = ECKD_AT_DATA;
	if (!len) {
		write_done(eckd);
		status = eckd_store_nothing(eckd);
		return status == CU_ENDED ? UNIT_EXCEPTION : status;
	}
	if (!take(eckd, cp, at, len))
		return CU_ENDED;
	return store_contents(eckd, at, at + len);
}

/* Records: count, key and data */

/* Where a record is written: behind the current one, but not in place of R0 */
static u32 write_at(struct eckd_device *eckd)
{
	const struct eckd_position *position = &eckd->program.position;
	struct track_record record;
	u32 at = TRACK_FIRST;

	if (position->orientation != ECKD_AT_INDEX &&
	    position->orientation != ECKD_AT_END)
		at = position->record;
	if (track_record(eckd_track(eckd), at, &record) != TRACK_RECORD)
		return IMAGE_TRACK_SIZE;
	return track_behind(&record);
}

/* Write a record, which becomes the last one of the track. */
static cu_status_t write_record(struct eckd_device *eckd, struct chanprog *cp,
				u32 at)
{
	u8 *track = eckd_track(eckd);
	struct track_count count;
	u32 len, end;

	if (chanprog_from_guest(cp, &count, sizeof(count)) < sizeof(count))
		return eckd_too_short(eckd, cp);
	len = count.key + be16_to_cpu(count.data);
	if (!track_room(track, at, count.key, be16_to_cpu(count.data)))
		return eckd_check(eckd, ECKD_SENSE1_INVALID_TRACK);
	if (len && !take(eckd, cp, at + sizeof(count), len)) {
		if (chanprog_dropped(cp))
			return CU_ENDED;
		memset(track + at + sizeof(count), 0, len);
	}
	memcpy(track + at, &count, sizeof(count));
	end = at + sizeof(count) + len;
	track_end(track, end);
	eckd->program.position.record = at;
	eckd->program.position.orientation = ECKD_AT_DATA;
	return store_records(eckd, at, end + TRACK_END_SIZE);
}

/* With ECKD_MULTITRACK: the first record behind R0 of the next track */
static cu_status_t write_count(struct eckd_device *eckd, struct chanprog *cp,
			       u8 cmd)
{
	cu_status_t status;

	if (cmd & ECKD_MULTITRACK && !eckd->run.taken) {
		status = eckd_advance(eckd);
		if (status != CU_ENDED)
			return status;
		eckd->run.taken = true;
	}
	status = eckd_load(eckd, cp);
	if (status != CU_ENDED)
		return status;
	eckd->run.found |= ECKD_RECORD_WRITTEN;
	return write_record(eckd, cp, write_at(eckd));
}

/*
 * WRITE HOME ADDRESS: nothing but an empty track is left behind it, whatever the track
 * was.  A track here can't be defective or have another address.
 */
static cu_status_t write_home(struct eckd_device *eckd, struct chanprog *cp)
{
	const struct eckd_address here =
		eckd_address(eckd->program.position.track);
	struct {
		u8 flag;
		struct eckd_address address;
	} __packed home;
	cu_status_t status;

	if (chanprog_from_guest(cp, &home, sizeof(home)) < sizeof(home))
		return eckd_too_short(eckd, cp);
	if (home.flag || memcmp(&home.address, &here, sizeof(here)))
		return eckd_check(eckd, ECKD_SENSE1_INVALID_TRACK);
	status = eckd_load_nothing(eckd, cp);
	if (status != CU_ENDED)
		return status;
	eckd->run.found |= ECKD_HOME_FOUND;
	eckd->program.position.orientation = ECKD_AT_INDEX;
	return store_records(eckd, 0, TRACK_EMPTY_SIZE);
}

static cu_status_t write_zero(struct eckd_device *eckd, struct chanprog *cp)
{
	cu_status_t status = eckd_load(eckd, cp);

	if (status != CU_ENDED)
		return status;
	eckd->run.found |= ECKD_ZERO_WRITTEN;
	return write_record(eckd, cp, TRACK_FIRST);
}

/* The parameters are those of WRITE COUNT, KEY AND DATA; nothing is made of them. */
static cu_status_t erase(struct eckd_device *eckd, struct chanprog *cp)
{
	cu_status_t status = eckd_load(eckd, cp);
	struct track_count count;
	u32 at;

	if (status != CU_ENDED)
		return status;
	if (chanprog_from_guest(cp, &count, sizeof(count)) < sizeof(count))
		return eckd_too_short(eckd, cp);
	at = write_at(eckd);
	if (at > IMAGE_TRACK_SIZE - TRACK_END_SIZE)
		return eckd_check(eckd, ECKD_SENSE1_INVALID_TRACK);
	track_end(eckd_track(eckd), at);
	eckd->run.found |= ECKD_RECORD_WRITTEN;
	return store_records(eckd, at, at + TRACK_END_SIZE);
}

/* Whole tracks */

/*
 * Take the next record of a track that the program gives as a whole.
 * Return: TRACK_END behind the last one; *@at: where the next one begins
 */
static enum track_step take_record(struct eckd_device *eckd,
				   struct chanprog *cp, u32 *at)
{
	u8 *track = eckd_track(eckd);
	struct track_record record;
	struct track_count count;
	u32 got, len;

	if (*at != TRACK_FIRST && !chanprog_provided(cp))
		return TRACK_END;
	got = chanprog_from_guest(cp, &count, sizeof(count));
	if (got < sizeof(count))
		return TRACK_INVALID;
	if (!memchr_inv(&count, 0xff, sizeof(count)))
		return *at == TRACK_FIRST ? TRACK_INVALID : TRACK_END;
	/* The first record is record zero, and no other one is. */
	if (!count.record != (*at == TRACK_FIRST) ||
	    !track_room(track, *at, count.key, be16_to_cpu(count.data)))
		return TRACK_INVALID;
	memcpy(track + *at, &count, sizeof(count));
	len = count.key + be16_to_cpu(count.data);
	if (chanprog_from_guest(cp, track + *at + sizeof(count), len) < len ||
	    track_record(track, *at, &record) != TRACK_RECORD)
		return TRACK_INVALID;
	*at = track_behind(&record);
	return TRACK_RECORD;
}

/* Without all of a track, nothing of it is written. */
static cu_status_t write_full_track(struct eckd_device *eckd,
				    struct chanprog *cp)
{
	struct eckd_position *position = &eckd->program.position;
	u32 at = TRACK_FIRST;
	enum track_step step;
	cu_status_t status;

	if (position->orientation == ECKD_AT_END) {
		status = eckd_advance(eckd);
		if (status != CU_ENDED)
			return status;
	}
	status = eckd_load_nothing(eckd, cp);
	if (status != CU_ENDED)
		return status;
	do {
		step = take_record(eckd, cp, &at);
	} while (step == TRACK_RECORD);
	if (chanprog_broken_off(cp))
		return CU_ENDED;
	if (step == TRACK_INVALID)
		return eckd_check(eckd, ECKD_SENSE1_INVALID_TRACK);
	track_end(eckd_track(eckd), at);
	position->orientation = ECKD_AT_END;
	return store_records(eckd, 0, at + TRACK_END_SIZE);
}

/* How much data of this command the program gives, at the most */
static u32 given(const struct chanprog *cp)
{
	return chanprog_ccw_flags(cp) & CCW_CD ? U32_MAX : chanprog_provided(cp);
}

/*
 * The data of the records, from the one that was located, for as long as the program
 * gives data
 */
static cu_status_t write_track_data(struct eckd_device *eckd,
				    struct chanprog *cp)
{
	const struct eckd_domain *domain = &eckd->program.domain;
	struct eckd_position *position = &eckd->program.position;
	cu_status_t status = eckd_whole_track(eckd, cp);
	u32 at = TRACK_FIRST, from = 0, to = 0;
	struct track_record record;

	if (status != CU_ENDED)
		return status;
	if (position->orientation == ECKD_AT_COUNT)
		at = position->record;
	status = eckd_prepare(eckd, cp, at, eckd_data_to(eckd, at, given(cp)));
	if (status != CU_ENDED)
		return status;
	while (chanprog_provided(cp)) {
		if (track_record(eckd_track(eckd), at, &record) != TRACK_RECORD) {
			/* Data for a track that has no record at all are lost. */
			if (!to)
				status = eckd_check(eckd, ECKD_SENSE1_NO_RECORD);
			break;
		}
		at = track_behind(&record);
		if (record.at == TRACK_FIRST)
			continue;
		if (record.data != domain->length) {
			status = eckd_check(eckd, ECKD_SENSE1_INVALID_TRACK);
			break;
		}
		if (!take(eckd, cp, track_data(&record), record.data))
			break;
		from = from ?: track_data(&record);
		to = at;
		if (chanprog_broken_off(cp))
			break;
	}
	if (status != CU_ENDED)
		eckd_drop_buffer(eckd);
	if (status != CU_ENDED || !to || chanprog_dropped(cp))
		return status;
	position->orientation = ECKD_AT_END;
	return store_contents(eckd, from, to);
}

static cu_status_t write_something(struct eckd_device *eckd,
				   struct chanprog *cp, u8 cmd)
{
	switch (cmd) {
	case ECKD_CMD_WRITE_COUNT:
	case ECKD_CMD_WRITE_COUNT | ECKD_MULTITRACK:
		return write_count(eckd, cp, cmd);
	case ECKD_CMD_WRITE_HOME:
		return write_home(eckd, cp);
	case ECKD_CMD_WRITE_ZERO:
		return write_zero(eckd, cp);
	case ECKD_CMD_ERASE:
		return erase(eckd, cp);
	case ECKD_CMD_WRITE_FULL_TRACK:
		return write_full_track(eckd, cp);
	case ECKD_CMD_WRITE_TRACK_DATA:
		return write_track_data(eckd, cp);
	default:
		return write_data(eckd, cp, cmd);
	}
}

cu_status_t eckd_write(struct eckd_device *eckd, struct chanprog *cp, u8 cmd)
{
	const u8 flags = chanprog_ccw_flags(cp);

	if (eckd->readonly)
		return eckd_write_inhibited(eckd);
	if (!write_permitted(eckd->program.extent.mask, cmd))
		return eckd_check(eckd, ECKD_SENSE1_FILE_PROTECTED);
	/* With data chaining, the last CCW of the command says what is chained. */
	eckd->run.chained = flags & CCW_CC && !(flags & CCW_CD);
	return write_something(eckd, cp, cmd);
}
