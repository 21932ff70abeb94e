// SPDX-License-Identifier: GPL-2.0
/* Commands that give what is on a track */
#include <linux/limits.h>
#include <linux/minmax.h>

#include "eckd.h"

#define UNIT_EXCEPTION	CU_STATUS(DSTAT_CHANNEL_END | DSTAT_DEVICE_END | \
				  DSTAT_UNIT_EXCEPTION)

/* Give @len bytes of the track, from @at on. */
static void give(struct eckd_device *eckd, struct chanprog *cp, u32 at, u32 len)
{
	chanprog_to_guest(cp, eckd_track(eckd) + at, len);
}

/* In a domain, the commands that are left will want the records that follow. */
u32 eckd_domain_to(struct eckd_device *eckd, const struct track_record *record)
{
	u32 left = eckd->program.domain.left, to = track_behind(record);
	struct track_record next;

	while (left-- > 1 &&
	       track_record(eckd_track(eckd), to, &next) == TRACK_RECORD)
		to = track_behind(&next);
	return to;
}

/*
 * Give a record from @at to its end.  A record without data is the mark of the end
 * of a file.
 */
static cu_status_t give_record(struct eckd_device *eckd, struct chanprog *cp,
			       const struct track_record *record, u32 at)
{
	cu_status_t status = eckd_fetch(eckd, cp, at, eckd_domain_to(eckd, record));

	if (status != CU_ENDED)
		return status;
	give(eckd, cp, at, track_behind(record) - at);
	eckd->program.position.record = record->at;
	eckd->program.position.orientation = ECKD_AT_DATA;
	return record->data ? CU_ENDED : UNIT_EXCEPTION;
}

/* READ HOME ADDRESS and READ RECORD ZERO begin at the index. */
static cu_status_t to_index(struct eckd_device *eckd, struct chanprog *cp,
			    u8 cmd)
{
	cu_status_t status;

	if (cmd & ECKD_MULTITRACK && !eckd_in_domain(eckd) &&
	    !eckd->run.taken) {
		status = eckd_advance(eckd);
		if (status != CU_ENDED)
			return status;
		eckd->run.taken = true;
	}
	eckd->program.position.orientation = ECKD_AT_INDEX;
	return eckd_load(eckd, cp);
}

static cu_status_t read_home(struct eckd_device *eckd, struct chanprog *cp,
			     u8 cmd)
{
	cu_status_t status = to_index(eckd, cp, cmd);

	if (status != CU_ENDED)
		return status;
	give(eckd, cp, 0, TRACK_HOME_SIZE);
	eckd->run.found |= ECKD_HOME_FOUND;
	return CU_ENDED;
}

static cu_status_t read_zero(struct eckd_device *eckd, struct chanprog *cp,
			     u8 cmd)
{
	cu_status_t status = to_index(eckd, cp, cmd);
	struct track_record record;

	if (status != CU_ENDED)
		return status;
	if (track_record(eckd_track(eckd), TRACK_FIRST, &record) !=
	    TRACK_RECORD)
		return eckd_check(eckd, ECKD_SENSE1_INVALID_TRACK);
	return give_record(eckd, cp, &record, record.at);
}

static cu_status_t read_count(struct eckd_device *eckd, struct chanprog *cp,
			      u8 cmd)
{
	struct track_record record;
	cu_status_t status;

	status = eckd_next(eckd, cp, cmd, ECKD_NOT_ZERO, &record);
	if (status == CU_ENDED)
		give(eckd, cp, record.at, TRACK_COUNT_SIZE);
	return status;
}

static cu_status_t read_all(struct eckd_device *eckd, struct chanprog *cp,
			    u8 cmd)
{
	struct track_record record;
	cu_status_t status;

	status = eckd_next(eckd, cp, cmd, ECKD_NOT_ZERO, &record);
	if (status != CU_ENDED)
		return status;
	return give_record(eckd, cp, &record, record.at);
}

static cu_status_t read_current(struct eckd_device *eckd, struct chanprog *cp,
				u8 cmd)
{
	const bool key = (cmd & ~ECKD_MULTITRACK) == ECKD_CMD_READ_KEY_DATA;
	struct track_record record;
	cu_status_t status;

	status = eckd_current(eckd, cp, cmd, &record);
	if (status != CU_ENDED)
		return status;
	return give_record(eckd, cp, &record, key ? track_key(&record) :
						    track_data(&record));
}

static cu_status_t read_something(struct eckd_device *eckd, struct chanprog *cp,
				  u8 cmd)
{
	switch (cmd & ~ECKD_MULTITRACK) {
	case ECKD_CMD_READ_HOME:
		return read_home(eckd, cp, cmd);
	case ECKD_CMD_READ_ZERO:
		return read_zero(eckd, cp, cmd);
	case ECKD_CMD_READ_COUNT:
		return read_count(eckd, cp, cmd);
	case ECKD_CMD_READ_COUNT_ALL:
		return read_all(eckd, cp, cmd);
	default:
		return read_current(eckd, cp, cmd);
	}
}

cu_status_t eckd_read(struct eckd_device *eckd, struct chanprog *cp, u8 cmd)
{
	cu_status_t status = read_something(eckd, cp, cmd);

	if (status == CU_ENDED || status == UNIT_EXCEPTION)
		eckd_domain_done(eckd);
	return status;
}

/*
 * Record 1 of the first track holds a PSW and two CCWs, with which the guest
 * continues.
 */
cu_status_t eckd_read_ipl(struct eckd_device *eckd, struct chanprog *cp)
{
	struct eckd_program *program = &eckd->program;
	struct track_record record;
	cu_status_t status;

	if (!eckd->run.taken) {
		program->position = (struct eckd_position){};
		eckd->run.taken = true;
	}
	status = eckd_next(eckd, cp, ECKD_CMD_READ_IPL, ECKD_NOT_ZERO, &record);
	if (status != CU_ENDED)
		return status;
	program->extent = eckd_whole_extent(eckd);
	program->flags |= ECKD_IPL_READ | ECKD_SOUGHT;
	return give_record(eckd, cp, &record, track_data(&record));
}

/* The records that follow on the track, with their count areas */
cu_status_t eckd_read_multiple(struct eckd_device *eckd, struct chanprog *cp)
{
	struct track_record record, next;
	cu_status_t status;
	u32 from;

	status = eckd_next(eckd, cp, ECKD_CMD_READ_MULTIPLE, ECKD_NOT_ZERO,
			   &record);
	if (status != CU_ENDED)
		return status;
	from = record.at;
	while (track_record(eckd_track(eckd), track_behind(&record), &next) ==
	       TRACK_RECORD)
		record = next;
	give(eckd, cp, from, track_behind(&record) - from);
	eckd->program.position.record = record.at;
	eckd->program.position.orientation = ECKD_AT_DATA;
	return CU_ENDED;
}

/* All records with their count areas, and the end mark */
cu_status_t eckd_read_track(struct eckd_device *eckd, struct chanprog *cp)
{
	cu_status_t status = eckd_whole_track(eckd, cp);
	struct track_record record;
	u32 at = TRACK_FIRST;

	if (status != CU_ENDED)
		return status;
	while (track_record(eckd_track(eckd), at, &record) == TRACK_RECORD)
		at = track_behind(&record);
	give(eckd, cp, TRACK_FIRST, at + TRACK_END_SIZE - TRACK_FIRST);
	eckd->program.position.orientation = ECKD_AT_END;
	eckd_domain_done(eckd);
	return CU_ENDED;
}

u32 eckd_data_to(struct eckd_device *eckd, u32 at, u32 len)
{
	struct track_record record;

	while (len && track_record(eckd_track(eckd), at, &record) == TRACK_RECORD) {
		at = track_behind(&record);
		if (record.at != TRACK_FIRST)
			len -= min_t(u32, record.data, len);
	}
	return at;
}

/*
 * The data of the records, from the one that was located to the end of the track, or
 * on the last track as much as LOCATE RECORD says
 */
cu_status_t eckd_read_track_data(struct eckd_device *eckd, struct chanprog *cp)
{
	const struct eckd_domain *domain = &eckd->program.domain;
	struct eckd_position *position = &eckd->program.position;
	cu_status_t status = eckd_whole_track(eckd, cp);
	u32 left = U32_MAX, at = TRACK_FIRST, len;
	struct track_record record;

	if (status != CU_ENDED)
		return status;
	if (position->orientation == ECKD_AT_COUNT)
		at = position->record;
	if (domain->left == 1 && domain->length)
		left = domain->length;
	status = eckd_fetch(eckd, cp, at, eckd_data_to(eckd, at, left));
	if (status != CU_ENDED)
		return status;
	while (left && track_record(eckd_track(eckd), at, &record) == TRACK_RECORD) {
		at = track_behind(&record);
		if (record.at == TRACK_FIRST)
			continue;
		len = min_t(u32, record.data, left);
		left -= len;
		if (chanprog_to_guest(cp, eckd_track(eckd) + track_data(&record),
				      len) < len)
			break;
	}
	position->orientation = ECKD_AT_END;
	eckd_domain_done(eckd);
	return CU_ENDED;
}
