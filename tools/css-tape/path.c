// SPDX-License-Identifier: GPL-2.0
/*
 * Path groups, and to whom the drive is assigned
 *
 * There is one path and one guest, so nobody is ever kept from the drive.  What the
 * guest has said is kept, so that it can read it back.
 */
#include <string.h>

#include "internal.h"

/* The path state byte of SENSE PATH GROUP ID */
#define STATE_GROUPED		0xc0
#define STATE_ASSIGNED		0x30	/* "explicitly enabled" */
#define STATE_MULTIPATH		0x08

/* The function control byte of SET PATH GROUP ID */
#define SET_MULTIPATH		0x80
#define SET_FUNCTION		0x60
#define SET_ESTABLISH		0x00
#define SET_DISBAND		0x20
#define SET_RESIGN		0x40
#define SET_RESERVED		0x1f

/* The function control byte of CONTROL ACCESS */
#define ACCESS_SET_PASSWORD	0x00
#define ACCESS_DISABLE		0x40
#define ACCESS_ENABLE		0x80

static const uint8_t zeros[PATH_GROUP_ID_SIZE];

static bool is_zeros(const uint8_t *id)
{
	return !memcmp(id, zeros, sizeof(zeros));
}

static bool same(const uint8_t *id, const uint8_t *other)
{
	return !memcmp(id, other, PATH_GROUP_ID_SIZE);
}

void run_sense_path_group_id(struct call *call)
{
	const struct path *path = &call->drive->path;
	uint8_t bytes[1 + PATH_GROUP_ID_SIZE];

	bytes[0] = (path->grouped ? STATE_GROUPED : 0) |
		   (path->assigned ? STATE_ASSIGNED : 0) |
		   (path->multipath ? STATE_MULTIPATH : 0);
	memcpy(bytes + 1, path->group, PATH_GROUP_ID_SIZE);
	give(call, bytes, sizeof(bytes));
}

void run_set_path_group_id(struct call *call)
{
	struct path *path = &call->drive->path;
	uint8_t bytes[1 + PATH_GROUP_ID_SIZE];
	const uint8_t *id = bytes + 1;

	memcpy(bytes, call->command->data, sizeof(bytes));
	if (bytes[0] & SET_RESERVED)
		goto invalid;
	switch (bytes[0] & SET_FUNCTION) {
	case SET_ESTABLISH:
		/* The ID of a group can't be changed before the path has resigned. */
		if (is_zeros(id) || (!is_zeros(path->group) && !same(path->group, id)))
			goto invalid;
		memcpy(path->group, id, PATH_GROUP_ID_SIZE);
		path->grouped = true;
		path->multipath = bytes[0] & SET_MULTIPATH;
		break;
	case SET_DISBAND:
		path->grouped = false;
		path->multipath = false;
		break;
	case SET_RESIGN:
		path->grouped = false;
		path->multipath = false;
		memset(path->group, 0, PATH_GROUP_ID_SIZE);
		break;
	default:
		goto invalid;
	}
	end(call, call->needed);
	return;
invalid:
	reject(call);
}

void run_assign(struct call *call)
{
	struct path *path = &call->drive->path;
	uint8_t id[PATH_GROUP_ID_SIZE];

	memcpy(id, call->command->data, sizeof(id));
	if (!is_zeros(id) && !same(id, path->group)) {
		reject(call);
		return;
	}
	path->assigned = true;
	end(call, call->needed);
}

void run_unassign(struct call *call)
{
	struct path *path = &call->drive->path;

	path->assigned = false;
	memset(path->password, 0, sizeof(path->password));
	end(call, call->needed);
}

void run_control_access(struct call *call)
{
	struct path *path = &call->drive->path;
	uint8_t bytes[1 + PATH_GROUP_ID_SIZE];
	const uint8_t *password = bytes + 1;
	bool none = is_zeros(path->password);

	memcpy(bytes, call->command->data, sizeof(bytes));
	switch (bytes[0]) {
	case ACCESS_SET_PASSWORD:
		if (is_zeros(password) || !path->assigned ||
		    (!none && !same(password, path->password)))
			goto invalid;
		memcpy(path->password, password, sizeof(path->password));
		break;
	case ACCESS_ENABLE:
		if (none || !same(password, path->password))
			goto invalid;
		break;
	case ACCESS_DISABLE:
		if (!none && !same(password, path->password))
			goto invalid;
		break;
	default:
		goto invalid;
	}
	end(call, call->needed);
	return;
invalid:
	reject(call);
}
