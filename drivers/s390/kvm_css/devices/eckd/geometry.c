// SPDX-License-Identifier: GPL-2.0
/* The geometry of a 3390 */
#include <linux/kernel.h>

#include "geometry.h"

/* Sorted by size; the last one has all sizes beyond the others. */
static const struct eckd_model eckd_models[] = {
	{ 1113, 0x02, 0x26 },
	{ 2226, 0x06, 0x27 },
	{ 3339, 0x0a, 0x24 },
	{ ECKD_CYLINDERS_SMALL, 0x0c, 0x32 },
	{ ECKD_CYLINDERS_MAX, 0x0e, 0x32 },
};

const struct eckd_model *eckd_model(u32 cylinders)
{
	const struct eckd_model *model = eckd_models;

	while (cylinders > model->cylinders &&
	       model < eckd_models + ARRAY_SIZE(eckd_models) - 1)
		model++;
	return model;
}

struct eckd_address eckd_address(u32 track)
{
	u32 cylinder = track / ECKD_HEADS;

	return (struct eckd_address){
		.cylinder = cpu_to_be16(cylinder & 0xffff),
		.head = cpu_to_be16(cylinder >> 16 << 4 | track % ECKD_HEADS),
	};
}

bool eckd_track_number(const struct eckd_address *address, u32 cylinders,
		       u32 *track)
{
	u32 head = be16_to_cpu(address->head);
	u32 cylinder = (head >> 4) << 16 | be16_to_cpu(address->cylinder);

	head &= 0xf;
	if (head >= ECKD_HEADS || cylinder >= cylinders)
		return false;
	*track = cylinder * ECKD_HEADS + head;
	return true;
}

/*
 * A field of some bytes has 6 more in each piece of 232, of which there is one
 * more than are filled, and takes cells of 34 bytes, 9 of them in front of it.
 */
static u32 field_cells(u32 len)
{
	u32 pieces = DIV_ROUND_UP(len + 6, 232) + 1;

	return 9 + DIV_ROUND_UP(len + 6 * pieces, 34);
}

u32 eckd_cells(u8 key, u16 data)
{
	return 10 + (key ? field_cells(key) : 0) + field_cells(data);
}
