// SPDX-License-Identifier: GPL-2.0
/*
 * DEFINE EXTENT, LOCATE RECORD, LOCATE RECORD EXTENDED, PREFIX, SET FILE MASK: which
 * tracks and records the commands behind them are for.
 *
 * Nothing of the program changes before all of the parameters have been found valid
 * and the record has been found.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "eckd.h"

struct extent_data {
	u8     mask;
	u8     attributes;
	__be16 block_size;
	__be16 fast_write;
	u8     additional;
	u8     extended;
	struct eckd_address first;
	struct eckd_address last;
} __packed;
static_assert(sizeof(struct extent_data) == 16);

#define ATTRIBUTES_MODE		0xc0	/* both bits: extended count-key-data */
#define EXTENDED_PARAMETER	0x02	/* 16 bytes follow */
#define EXTENDED_SIZE		16u

struct locate_data {
	u8     operation;
	u8     auxiliary;
	u8     zero;
	u8     count;
	struct eckd_address seek;
	u8     id[5];
	u8     sector;
	__be16 length;
} __packed;
static_assert(sizeof(struct locate_data) == 16);

#define OPERATION_CODE		0x3f
#define AUXILIARY_LENGTH	0x80	/* the length is valid */
#define AUXILIARY_COUNTS	0x01	/* a READ COUNT is the last command */

struct locate_extended_data {
	struct locate_data locate;
	u8     embedded_count;
	u8     operation;
	__be16 parameters;
} __packed;
static_assert(sizeof(struct locate_extended_data) == 20);

/* How many bytes of parameters may follow */
#define PARAMETERS_MAX		2u

struct prefix_data {
	u8     format;
	u8     validity;
	u8     unit;
	u8     auxiliary;
	u8     subsystem;
	u8     zeros[7];
	struct extent_data extent;
	u8     extended[EXTENDED_SIZE];
	struct locate_extended_data locate;
} __packed;
static_assert(sizeof(struct prefix_data) == 64);

#define PREFIX_EXTENT		0x80	/* the parameters of DEFINE EXTENT are valid */
#define PREFIX_TIME		0x40
#define PREFIX_VERIFY		0x20	/* the unit is that of this device */
#define PREFIX_VALIDITY		(PREFIX_EXTENT | PREFIX_TIME | PREFIX_VERIFY)

/* Where LOCATE RECORD stops; the numbers are those of its parameter */
enum orientation { TO_COUNT, TO_HOME, TO_DATA, TO_INDEX };

struct eckd_extent eckd_whole_extent(const struct eckd_device *eckd)
{
	return (struct eckd_extent){ .last = eckd_tracks(eckd) - 1 };
}

bool eckd_mask_valid(u8 mask)
{
	return !(mask & ECKD_MASK_ZERO);
}

/* DEFINE EXTENT */

static bool extent_valid(struct eckd_device *eckd, const struct extent_data *data)
{
	struct eckd_extent *extent = &eckd->run.extent;

	*extent = (struct eckd_extent){
		.mask = data->mask,
		.block_size = be16_to_cpu(data->block_size),
	};
	eckd->run.defines = true;
	return eckd_mask_valid(data->mask) &&
	       (data->attributes & ATTRIBUTES_MODE) == ATTRIBUTES_MODE &&
	       eckd_track_number(&data->first, eckd->cylinders,
				 &extent->first) &&
	       eckd_track_number(&data->last, eckd->cylinders, &extent->last) &&
	       extent->first <= extent->last;
}

static void commit_extent(struct eckd_device *eckd)
{
	if (!eckd->run.defines)
		return;
	eckd->program.extent = eckd->run.extent;
	eckd->program.flags |= ECKD_EXTENT_DEFINED;
}

cu_status_t eckd_define_extent(struct eckd_device *eckd, struct chanprog *cp)
{
	u8 extended[EXTENDED_SIZE];
	struct extent_data data;

	if (chanprog_from_guest(cp, &data, sizeof(data)) < sizeof(data))
		return eckd_too_short(eckd, cp);
	if (data.extended & EXTENDED_PARAMETER &&
	    chanprog_from_guest(cp, extended, sizeof(extended)) <
	    sizeof(extended))
		return eckd_too_short(eckd, cp);
	if (!extent_valid(eckd, &data))
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	commit_extent(eckd);
	return CU_ENDED;
}

cu_status_t eckd_set_file_mask(struct eckd_device *eckd, struct chanprog *cp)
{
	u8 mask;

	if (chanprog_from_guest(cp, &mask, sizeof(mask)) < sizeof(mask))
		return eckd_too_short(eckd, cp);
	if (!eckd_mask_valid(mask))
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	eckd->program.extent.mask = mask;
	eckd->program.flags |= ECKD_MASK_SET;
	return CU_ENDED;
}

/* LOCATE RECORD: operations */

/*
 * @orientations: a bit for each enum orientation that is valid
 * @counts: a READ COUNT may be the last command
 */
struct operation {
	u8 code;
	u8 orientations;
	bool counts;
};

static const struct operation operations[] = {
	{ ECKD_OP_ORIENT, BIT(TO_COUNT) | BIT(TO_HOME) | BIT(TO_DATA) },
	{ ECKD_OP_WRITE, BIT(TO_COUNT) | BIT(TO_DATA), true },
	{ ECKD_OP_FORMAT, BIT(TO_COUNT) | BIT(TO_HOME) | BIT(TO_INDEX) },
	{ ECKD_OP_READ, BIT(TO_COUNT) | BIT(TO_DATA), true },
	{ ECKD_OP_WRITE_TRACK, BIT(TO_COUNT) },
	{ ECKD_OP_READ_TRACKS, BIT(TO_COUNT) | BIT(TO_HOME) },
	{ ECKD_OP_READ_ANY, BIT(TO_COUNT) | BIT(TO_HOME) | BIT(TO_DATA) |
			    BIT(TO_INDEX), true },
	{ ECKD_OP_FULL_TRACK, BIT(TO_COUNT) },
	{ ECKD_OP_TRACK_DATA, BIT(TO_COUNT) },
};

static const struct operation *find_operation(u8 code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].code == code)
			return &operations[i];
	return NULL;
}

bool eckd_operation_valid(u8 operation)
{
	return find_operation(operation);
}

bool eckd_domain_has(const struct eckd_domain *domain, u8 cmd)
{
	const u8 simple = cmd & ~ECKD_MULTITRACK;

	if (domain->counts && domain->left == 1)
		return simple == ECKD_CMD_READ_COUNT;
	switch (domain->operation) {
	case ECKD_OP_WRITE:
		return simple == ECKD_CMD_WRITE_DATA ||
		       simple == ECKD_CMD_WRITE_KEY_DATA;
	case ECKD_OP_FORMAT:
	case ECKD_OP_WRITE_TRACK:
		return simple == ECKD_CMD_WRITE_COUNT ||
		       cmd == ECKD_CMD_WRITE_ZERO || cmd == ECKD_CMD_ERASE;
	case ECKD_OP_READ_ANY:
		if (simple == ECKD_CMD_READ_HOME || simple == ECKD_CMD_READ_ZERO)
			return true;
		fallthrough;
	case ECKD_OP_READ:
		return simple == ECKD_CMD_READ_DATA ||
		       simple == ECKD_CMD_READ_KEY_DATA ||
		       simple == ECKD_CMD_READ_COUNT ||
		       simple == ECKD_CMD_READ_COUNT_ALL;
	case ECKD_OP_READ_TRACKS:
		return cmd == ECKD_CMD_READ_TRACK ||
		       cmd == ECKD_CMD_READ_TRACK_DATA;
	case ECKD_OP_FULL_TRACK:
		return cmd == ECKD_CMD_WRITE_FULL_TRACK;
	case ECKD_OP_TRACK_DATA:
		return cmd == ECKD_CMD_WRITE_TRACK_DATA;
	default:
		return false;
	}
}

/* Does the file mask permit the commands of the operation? */
static bool operation_permitted(u8 operation, u8 mask)
{
	mask &= ECKD_MASK_WRITE;
	switch (operation) {
	case ECKD_OP_WRITE:
	case ECKD_OP_TRACK_DATA:
		return mask != ECKD_MASK_WRITE_NONE;
	case ECKD_OP_FORMAT:
	case ECKD_OP_WRITE_TRACK:
		return mask == ECKD_MASK_WRITE_NO_ZERO ||
		       mask == ECKD_MASK_WRITE_ALL;
	case ECKD_OP_FULL_TRACK:
		return mask == ECKD_MASK_WRITE_ALL;
	default:
		return true;
	}
}

static bool operation_writes(u8 operation)
{
	return !operation_permitted(operation, ECKD_MASK_WRITE_NONE);
}

/* LOCATE RECORD: parameters */

static bool length_valid(const struct locate_data *data, u16 block_size)
{
	const u16 length = be16_to_cpu(data->length);

	if (!(data->auxiliary & AUXILIARY_LENGTH))
		return !length;
	/* What READ TRACK DATA is to read has more than a block. */
	return length && (!block_size || length <= block_size);
}

static bool locate_valid(const struct locate_data *data, u8 code,
			 u16 block_size)
{
	const struct operation *operation = find_operation(code);
	const bool counts = data->auxiliary & AUXILIARY_COUNTS;

	return operation && operation->orientations & BIT(data->operation >> 6) &&
	       !(data->auxiliary & ~(AUXILIARY_LENGTH | AUXILIARY_COUNTS)) &&
	       (!counts || (operation->counts && data->count > 1)) &&
	       !data->zero && !data->count == (code == ECKD_OP_ORIENT) &&
	       (data->sector < ECKD_SECTORS || data->sector == 0xff) &&
	       length_valid(data, block_size);
}

/* The extent that is valid for the record */
static const struct eckd_extent *extent_of(const struct eckd_device *eckd)
{
	return eckd->run.defines ? &eckd->run.extent : &eckd->program.extent;
}

/* Check the parameters, and move to the track.  @code: the operation, ECKD_OP_* */
static cu_status_t take_locate(struct eckd_device *eckd,
			       const struct locate_data *data, u8 code)
{
	const struct eckd_extent *extent = extent_of(eckd);
	struct eckd_run *run = &eckd->run;
	u32 track;

	if (!locate_valid(data, code, extent->block_size) ||
	    !eckd_track_number(&data->seek, eckd->cylinders, &track))
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	if (operation_writes(code) && eckd->readonly)
		return eckd_write_inhibited(eckd);
	if (!operation_permitted(code, extent->mask) ||
	    track < extent->first || track > extent->last)
		return eckd_check(eckd, ECKD_SENSE1_FILE_PROTECTED);
	run->domain = (struct eckd_domain){
		.operation = code,
		.left = data->count,
		.counts = data->auxiliary & AUXILIARY_COUNTS,
		.length = be16_to_cpu(data->length) ?: extent->block_size,
	};
	run->orientation = data->operation >> 6;
	memcpy(run->id, data->id, sizeof(run->id));
	run->taken = true;
	eckd->program.position = (struct eckd_position){ .track = track };
	return CU_ENDED;
}

/* LOCATE RECORD: the record */

static cu_status_t find_home(struct eckd_device *eckd, struct chanprog *cp)
{
	cu_status_t status = eckd_load(eckd, cp);

	if (status != CU_ENDED)
		return status;
	if (memcmp(eckd_track(eckd) + 1, eckd->run.id,
		   sizeof(struct eckd_address)))
		return eckd_check(eckd, ECKD_SENSE1_NO_RECORD);
	return CU_ENDED;
}

static cu_status_t find_id(struct eckd_device *eckd, struct chanprog *cp)
{
	struct eckd_position *position = &eckd->program.position;
	cu_status_t status = eckd_load(eckd, cp);
	struct track_record record;
	u32 at = TRACK_FIRST;

	if (status != CU_ENDED)
		return status;
	while (track_record(eckd_track(eckd), at, &record) == TRACK_RECORD) {
		at = track_behind(&record);
		if (memcmp(eckd_track(eckd) + record.at, eckd->run.id,
			   sizeof(eckd->run.id)))
			continue;
		position->record = record.at;
		position->orientation = eckd->run.orientation == TO_DATA ?
						ECKD_AT_DATA : ECKD_AT_COUNT;
		return CU_ENDED;
	}
	return eckd_check(eckd, ECKD_SENSE1_NO_RECORD);
}

/* The contents of a track that is written as a whole don't matter. */
static cu_status_t find(struct eckd_device *eckd, struct chanprog *cp)
{
	const struct eckd_run *run = &eckd->run;

	if (run->orientation == TO_INDEX ||
	    run->domain.operation == ECKD_OP_FULL_TRACK)
		return CU_ENDED;
	return run->orientation == TO_HOME ? find_home(eckd, cp) :
					     find_id(eckd, cp);
}

/* The parameters are valid: find the record, and begin the domain. */
static cu_status_t locate(struct eckd_device *eckd, struct chanprog *cp)
{
	cu_status_t status = find(eckd, cp);

	if (status != CU_ENDED)
		return status;
	commit_extent(eckd);
	eckd->program.domain = eckd->run.domain;
	eckd->program.flags |= ECKD_SOUGHT;
	eckd->program.flags &= ~ECKD_INDEX_PASSED;
	return CU_ENDED;
}

static cu_status_t take_simple(struct eckd_device *eckd, struct chanprog *cp)
{
	struct locate_data data;

	if (chanprog_from_guest(cp, &data, sizeof(data)) < sizeof(data))
		return eckd_too_short(eckd, cp);
	return take_locate(eckd, &data, data.operation & OPERATION_CODE);
}

/* Return: the operation with its extended code; 0xff when it is invalid. */
static u8 extended_operation(const struct locate_extended_data *data)
{
	const u8 code = data->locate.operation & OPERATION_CODE;

	if (code != ECKD_OP_EXTENDED)
		return data->operation || code == ECKD_OP_ORIENT ? 0xff : code;
	/* The codes of the table are those with this bit. */
	return data->operation < 0x40 ? data->operation | 0x40 : 0xff;
}

/* The parameters say for each track whether it is to be written: all are. */
static bool parameters_valid(const struct locate_extended_data *data,
			     const u8 *parameters, u32 len)
{
	const u8 count = data->locate.count;
	u16 tracks = parameters[0] << 8 | parameters[1];

	if (extended_operation(data) != ECKD_OP_FULL_TRACK)
		return !len;
	return len && count && count <= 8 * len &&
	       tracks == (u16)(0xffff << (16 - count));
}

/* Take the parameters that follow, and check all of them. */
static cu_status_t take_extended(struct eckd_device *eckd, struct chanprog *cp,
				 const struct locate_extended_data *data)
{
	const u32 len = be16_to_cpu(data->parameters);
	u8 parameters[PARAMETERS_MAX] = {};

	if (len > sizeof(parameters))
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	if (len && chanprog_from_guest(cp, parameters, len) < len)
		return eckd_too_short(eckd, cp);
	if (data->embedded_count || !parameters_valid(data, parameters, len))
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	return take_locate(eckd, &data->locate, extended_operation(data));
}

cu_status_t eckd_locate(struct eckd_device *eckd, struct chanprog *cp)
{
	cu_status_t status;

	if (!eckd->run.taken) {
		status = take_simple(eckd, cp);
		if (status != CU_ENDED || !eckd->run.taken)
			return status;
	}
	return locate(eckd, cp);
}

static cu_status_t take_locate_extended(struct eckd_device *eckd,
					struct chanprog *cp)
{
	struct locate_extended_data data;

	if (chanprog_from_guest(cp, &data, sizeof(data)) < sizeof(data))
		return eckd_too_short(eckd, cp);
	return take_extended(eckd, cp, &data);
}

cu_status_t eckd_locate_extended(struct eckd_device *eckd, struct chanprog *cp)
{
	cu_status_t status;

	if (!eckd->run.taken) {
		status = take_locate_extended(eckd, cp);
		if (status != CU_ENDED || !eckd->run.taken)
			return status;
	}
	return locate(eckd, cp);
}

/* PREFIX */

/* An alias would name its base device; there are none. */
static bool prefix_valid(const struct eckd_device *eckd,
			 const struct prefix_data *data)
{
	if (data->format > 1 || data->validity & ~PREFIX_VALIDITY ||
	    data->auxiliary || memchr_inv(data->zeros, 0, sizeof(data->zeros)))
		return false;
	return !(data->validity & PREFIX_VERIFY) ||
	       (data->unit == eckd->unit &&
		data->subsystem == (eckd->subsystem & 0xff));
}

static cu_status_t take_prefix(struct eckd_device *eckd, struct chanprog *cp)
{
	struct prefix_data data;

	if (chanprog_from_guest(cp, &data, sizeof(data)) < sizeof(data))
		return eckd_too_short(eckd, cp);
	if (!prefix_valid(eckd, &data) ||
	    (data.validity & PREFIX_EXTENT && !extent_valid(eckd, &data.extent)))
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	if (data.format)
		return take_extended(eckd, cp, &data.locate);
	commit_extent(eckd);
	return CU_ENDED;
}

/* Format 0 is a DEFINE EXTENT; format 1 has a LOCATE RECORD EXTENDED behind it. */
cu_status_t eckd_prefix(struct eckd_device *eckd, struct chanprog *cp)
{
	cu_status_t status;

	if (!eckd->run.taken) {
		status = take_prefix(eckd, cp);
		if (status != CU_ENDED || !eckd->run.taken)
			return status;
	}
	return locate(eckd, cp);
}
