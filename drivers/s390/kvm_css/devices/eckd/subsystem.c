// SPDX-License-Identifier: GPL-2.0
/*
 * What the control unit says of itself and of its device, and path groups.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "eckd.h"

/* SENSE ID, with command-information words: READ CONFIGURATION DATA and so on */
struct sense_id {
	u8     ones;
	__be16 cu_type;
	u8     cu_model;
	__be16 dev_type;
	u8     dev_model;
	u8     zero;
	__be32 words[3];
} __packed;
static_assert(sizeof(struct sense_id) == 20);

#define WORD_READ_CONFIGURATION		0x40fa0100
#define WORD_PERFORM_FUNCTION		0x41270004
#define WORD_READ_SUBSYSTEM_DATA	0x423e0060

struct characteristics {
	__be16 cu_type;
	u8     cu_model;
	__be16 dev_type;
	u8     dev_model;
	__be32 facilities;
	u8     dev_class;
	u8     unit_type;
	__be16 cylinders;
	__be16 heads;
	u8     sectors;
	u8     track_bytes[3];
	__be16 home_bytes;
	u8     formula;
	u8     factors[5];
	u8     alternate[12];
	u8     mdr_id;
	u8     obr_id;
	u8     cu_code;
	u8     parameters;
	__be16 zero_bytes;
	u8     reserved;
	u8     track_set;
	u8     more_factors[3];
	u8     reserved2[5];
	u8     cu_real;
	u8     dev_real;
	u8     reserved3[2];
	__be32 cylinders_large;
} __packed;
static_assert(sizeof(struct characteristics) == 64);

/* READ TRACK and READ DATA in a domain; sense bytes are 24-byte compatible. */
#define FACILITIES		0x50000001
#define CLASS_DASD		0x20
#define CU_CODE_3990_6		0x15
#define DEV_REAL_ARRAY		0xff	/* has no alternate tracks */
#define CYLINDERS_LARGE		0xfffe	/* the number is in @cylinders_large */

#define FEATURES_SIZE		256
#define FEATURE_PREFIX		8	/* 01: PREFIX */
#define FEATURE_READ_TRACK	9	/* 20: READ TRACK DATA */
#define FEATURE_WRITE_TRACK	12	/* 40: WRITE TRACK DATA */

/*
 * For each unit address, what it is, and if it is an alias, the unit address of its
 * base: 0 for a base
 */
#define CONFIGURATION_SIZE	512
#define CONFIGURATION_BASE	0x01

/* Orders of PERFORM SUBSYSTEM FUNCTION, and suborders of the first */
#define ORDER_PREPARE		0x18
#define ORDER_SUBSYSTEM		0x1d
#define SUBORDER_CONFIGURATION	0x0e
#define SUBORDER_FEATURES	0x41

struct prepare_data {
	u8 order;
	u8 zeros[5];
	u8 suborder;
	u8 varies[5];
} __packed;
static_assert(sizeof(struct prepare_data) == 12);

#define SUBSYSTEM_DATA_SIZE	66

/* SET PATH GROUP ID */
#define PATH_MULTIPATH		0x80
#define PATH_FUNCTION		0x60
#define PATH_ESTABLISH		0x00
#define PATH_DISBAND		0x20
#define PATH_RESIGN		0x40

struct path_group {
	u8 state;
	u8 pgid[ECKD_PGID_SIZE];
} __packed;

cu_status_t eckd_give_id(struct eckd_device *eckd, struct chanprog *cp)
{
	const struct cu_id *id = &eckd->dev.id;
	const struct sense_id data = {
		.ones = 0xff,
		.cu_type = cpu_to_be16(id->cu_type),
		.cu_model = id->cu_model,
		.dev_type = cpu_to_be16(id->dev_type),
		.dev_model = id->dev_model,
		.words = {
			cpu_to_be32(WORD_READ_CONFIGURATION),
			cpu_to_be32(WORD_PERFORM_FUNCTION),
			cpu_to_be32(WORD_READ_SUBSYSTEM_DATA),
		},
	};

	chanprog_to_guest(cp, &data, sizeof(data));
	return CU_ENDED;
}

cu_status_t eckd_give_characteristics(struct eckd_device *eckd,
				      struct chanprog *cp)
{
	const struct cu_id *id = &eckd->dev.id;
	const bool large = eckd->cylinders > ECKD_CYLINDERS_SMALL;
	const struct characteristics data = {
		.cu_type = cpu_to_be16(id->cu_type),
		.cu_model = id->cu_model,
		.dev_type = cpu_to_be16(id->dev_type),
		.dev_model = id->dev_model,
		.facilities = cpu_to_be32(FACILITIES),
		.dev_class = CLASS_DASD,
		.unit_type = eckd->model->unit_type,
		.cylinders = cpu_to_be16(large ? CYLINDERS_LARGE :
						 eckd->cylinders),
		.heads = cpu_to_be16(ECKD_HEADS),
		.sectors = ECKD_SECTORS,
		.track_bytes = { 0, 58786 >> 8, 58786 & 0xff },
		.home_bytes = cpu_to_be16(1428),
		.formula = 2,
		.factors = { 34, 19, 9, 6, 116 },
		.mdr_id = eckd->model->unit_type,
		.obr_id = eckd->model->unit_type,
		.cu_code = CU_CODE_3990_6,
		.zero_bytes = cpu_to_be16(57326),
		.more_factors = { 6, 0x77, 0x08 },
		.cu_real = CU_CODE_3990_6,
		.dev_real = DEV_REAL_ARRAY,
		.cylinders_large = cpu_to_be32(large ? eckd->cylinders : 0),
	};

	chanprog_to_guest(cp, &data, sizeof(data));
	return CU_ENDED;
}

/* READ CONFIGURATION DATA */

/* Node-element descriptor.  The texts are in EBCDIC. */
struct element {
	u8 flags;
	u8 descriptor;
	u8 class;
	u8 reserved;
	u8 type[6];
	u8 model[3];
	u8 manufacturer[3];
	u8 location[2];
	u8 serial[ECKD_SERIAL_SIZE];
	u8 subsystem;
	u8 unit;
} __packed;
static_assert(sizeof(struct element) == 32);

#define ELEMENT_VALID		0xc0
#define ELEMENT_TOKEN		0x04	/* descriptors of one subsystem are the same */
#define ELEMENT_DEVICE		1
#define ELEMENT_CONTROL_UNIT	2
#define ELEMENT_CLASS_DASD	1

struct qualifier {
	u8     flags;
	u8     selector;
	u8     reserved[4];
	u8     timeout;
	u8     reserved2;
	__be16 subsystem;
	u8     reserved3[22];
} __packed;
static_assert(sizeof(struct qualifier) == 32);

#define QUALIFIER_GENERAL	0x80
#define TIMEOUT_SECONDS		30

struct configuration {
	struct element device;
	struct element string;
	struct element control_unit;
	struct element subsystem;
	u8 zeros[96];
	struct qualifier qualifier;
} __packed;
static_assert(sizeof(struct configuration) == 256);

/* Digits, upper-case letters and blanks */
static u8 ebcdic(u8 c)
{
	if (c >= '0' && c <= '9')
		return 0xf0 + (c - '0');
	if (c >= 'A' && c <= 'I')
		return 0xc1 + (c - 'A');
	if (c >= 'J' && c <= 'R')
		return 0xd1 + (c - 'J');
	if (c >= 'S' && c <= 'Z')
		return 0xe2 + (c - 'S');
	return 0x40;
}

static void put_ebcdic(u8 *to, const u8 *text, u32 len)
{
	while (len--)
		*to++ = ebcdic(*text++);
}

static void put_hex(u8 *to, u32 number, u32 digits)
{
	while (digits--) {
		u8 digit = number >> 4 * digits & 0xf;

		*to++ = ebcdic(digit < 10 ? '0' + digit : 'A' + digit - 10);
	}
}

/* @type and @model: what the text says, as SENSE ID has them */
static struct element make_element(const struct eckd_device *eckd, u16 type,
				   u8 model)
{
	struct element element = {
		.flags = ELEMENT_VALID | ELEMENT_TOKEN,
	};

	put_ebcdic(element.type, (const u8 *)"  ", 2);
	put_hex(element.type + 2, type, 4);
	put_hex(element.model, model, 3);
	put_ebcdic(element.manufacturer, (const u8 *)"KVM", 3);
	put_ebcdic(element.location, (const u8 *)"ZZ", 2);
	put_ebcdic(element.serial, eckd->serial, sizeof(eckd->serial));
	return element;
}

cu_status_t eckd_give_configuration(struct eckd_device *eckd,
				    struct chanprog *cp)
{
	const struct cu_id *id = &eckd->dev.id;
	struct configuration data = {
		.device = make_element(eckd, id->dev_type, id->dev_model),
		.string = make_element(eckd, id->dev_type, id->dev_model),
		.control_unit = make_element(eckd, id->cu_type, id->cu_model),
		.subsystem = make_element(eckd, id->cu_type, id->cu_model),
		.qualifier = {
			.flags = QUALIFIER_GENERAL,
			.timeout = TIMEOUT_SECONDS,
			.subsystem = cpu_to_be16(eckd->subsystem),
		},
	};

	data.device.descriptor = ELEMENT_DEVICE;
	data.device.class = ELEMENT_CLASS_DASD;
	data.device.subsystem = eckd->subsystem & 0xff;
	data.device.unit = eckd->unit;
	data.control_unit.descriptor = ELEMENT_CONTROL_UNIT;
	chanprog_to_guest(cp, &data, sizeof(data));
	return CU_ENDED;
}

/* PERFORM SUBSYSTEM FUNCTION, READ SUBSYSTEM DATA */

bool eckd_suborder_valid(u8 suborder)
{
	return suborder == SUBORDER_CONFIGURATION ||
	       suborder == SUBORDER_FEATURES;
}

static cu_status_t prepare(struct eckd_device *eckd, struct chanprog *cp)
{
	struct prepare_data data = { .order = ORDER_PREPARE };
	const u32 rest = sizeof(data) - sizeof(data.order);

	if (chanprog_from_guest(cp, data.zeros, rest) < rest)
		return eckd_too_short(eckd, cp);
	if (memchr_inv(data.zeros, 0, sizeof(data.zeros)) ||
	    !eckd_suborder_valid(data.suborder))
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	eckd->program.suborder = data.suborder;
	return CU_ENDED;
}

/* Whether there may be aliases: there are none in any case. */
static cu_status_t set_subsystem(struct eckd_device *eckd, struct chanprog *cp)
{
	u8 data[SUBSYSTEM_DATA_SIZE - 1];

	if (chanprog_from_guest(cp, data, sizeof(data)) < sizeof(data))
		return eckd_too_short(eckd, cp);
	/* The flags */
	if (data[0])
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	return CU_ENDED;
}

cu_status_t eckd_perform_function(struct eckd_device *eckd,
				  struct chanprog *cp)
{
	u8 order;

	if (chanprog_from_guest(cp, &order, sizeof(order)) < sizeof(order))
		return eckd_too_short(eckd, cp);
	switch (order) {
	case ORDER_PREPARE:
		return prepare(eckd, cp);
	case ORDER_SUBSYSTEM:
		return set_subsystem(eckd, cp);
	default:
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	}
}

/* Read Feature Codes.  Bit 80 of byte 40 is zero: there is no transport mode. */
static void give_features(struct chanprog *cp)
{
	static const u8 features[FEATURES_SIZE] = {
		[FEATURE_PREFIX] = 0x01,
		[FEATURE_READ_TRACK] = 0x20,
		[FEATURE_WRITE_TRACK] = 0x40,
	};

	chanprog_to_guest(cp, features, sizeof(features));
}

static void give_units(const struct eckd_device *eckd, struct chanprog *cp)
{
	static const u8 unit[2] = { CONFIGURATION_BASE };
	static const u8 zeros[CONFIGURATION_SIZE];
	const u32 before = 2 * eckd->unit;

	chanprog_to_guest(cp, zeros, before);
	chanprog_to_guest(cp, unit, sizeof(unit));
	chanprog_to_guest(cp, zeros, CONFIGURATION_SIZE - sizeof(unit) - before);
}

cu_status_t eckd_give_subsystem_data(struct eckd_device *eckd,
				     struct chanprog *cp, u8 suborder)
{
	if (suborder == SUBORDER_FEATURES)
		give_features(cp);
	else
		give_units(eckd, cp);
	return CU_ENDED;
}

/* Path groups */

cu_status_t eckd_give_path_group(struct eckd_device *eckd, struct chanprog *cp)
{
	struct path_group data = { .state = eckd->group };

	memcpy(data.pgid, eckd->pgid, sizeof(data.pgid));
	chanprog_to_guest(cp, &data, sizeof(data));
	return CU_ENDED;
}

/* The path has a group already: it may only be established once more. */
static bool other_group(const struct eckd_device *eckd,
			const struct path_group *data)
{
	return memchr_inv(eckd->pgid, 0, sizeof(eckd->pgid)) &&
	       memcmp(eckd->pgid, data->pgid, sizeof(eckd->pgid));
}

cu_status_t eckd_set_path_group(struct eckd_device *eckd, struct chanprog *cp)
{
	struct path_group data;
	u8 state = ECKD_GROUP_UNGROUPED;

	if (chanprog_from_guest(cp, &data, sizeof(data)) < sizeof(data))
		return eckd_too_short(eckd, cp);
	switch (data.state & PATH_FUNCTION) {
	case PATH_ESTABLISH:
		if (other_group(eckd, &data))
			return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
		memcpy(eckd->pgid, data.pgid, sizeof(eckd->pgid));
		state = ECKD_GROUP_GROUPED;
		if (data.state & PATH_MULTIPATH)
			state |= ECKD_GROUP_MULTIPATH;
		break;
	case PATH_DISBAND:
	case PATH_RESIGN:
		break;
	default:
		return eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);
	}
	eckd->group = state | (eckd->group & ECKD_GROUP_RESERVED);
	return CU_ENDED;
}
