/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The geometry of a 3390: tracks, their addresses and their capacity.
 * Documentation/eckd.rst says where the numbers are from.
 */
#ifndef _KVM_CSS_ECKD_GEOMETRY_H
#define _KVM_CSS_ECKD_GEOMETRY_H

#include <linux/build_bug.h>
#include <linux/types.h>

#include <asm/byteorder.h>

#define ECKD_HEADS		15u
#define ECKD_SECTORS		224u
/* The largest 3390-A */
#define ECKD_CYLINDERS_MAX	262668u
/* From here on, a cylinder number has bits in the head number. */
#define ECKD_CYLINDERS_SMALL	65520u

/* The address of a track, as it is in guest storage and in the image */
struct eckd_address {
	__be16 cylinder;	/* the low 16 bits */
	__be16 head;		/* the high 12 bits of the cylinder, then the head */
} __packed;
static_assert(sizeof(struct eckd_address) == 4);

/**
 * struct eckd_model - a model of the 3390
 * @cylinders: how many cylinders this model has at the most
 * @dev_model: its number in SENSE ID
 * @unit_type: its number in READ DEVICE CHARACTERISTICS
 */
struct eckd_model {
	u32 cylinders;
	u8  dev_model;
	u8  unit_type;
};

/**
 * eckd_model() - the model that has so many cylinders
 * @cylinders: 1 to ECKD_CYLINDERS_MAX
 *
 * Context: any.
 * Return: the smallest model that has as many.
 */
const struct eckd_model *eckd_model(u32 cylinders);

/**
 * eckd_address() - the address of a track
 * @track: its number, counted from 0
 *
 * Context: any.
 * Return: the address.
 */
struct eckd_address eckd_address(u32 track);

/**
 * eckd_track_number() - the number of a track
 * @address: its address, from the guest
 * @cylinders: how many cylinders the device has
 * @track: filled in
 *
 * Context: any.
 * Return: false when the device has no such track.
 */
bool eckd_track_number(const struct eckd_address *address, u32 cylinders,
		       u32 *track);

/* How many cells the records of a track may take, record zero among them */
#define ECKD_CELLS		1749u

/**
 * eckd_cells() - how much of a track a record takes
 * @key: length of its key, in bytes
 * @data: length of its data, in bytes
 *
 * Context: any.
 * Return: the space, in cells of 34 bytes.
 */
u32 eckd_cells(u8 key, u16 data);

#endif /* _KVM_CSS_ECKD_GEOMETRY_H */
