/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contents of a track of the image: home address, records, end mark.
 *
 * An image may be hostile: whoever made it could write anything.  So nobody
 * follows a length in a track but by track_record(), which checks it.
 */
#ifndef _KVM_CSS_ECKD_TRACK_H
#define _KVM_CSS_ECKD_TRACK_H

#include <linux/build_bug.h>
#include <linux/types.h>

#include "geometry.h"
#include "image.h"

/* The home address of a track: a flag byte and its address */
#define TRACK_HOME_SIZE		5u
/* Where record zero begins */
#define TRACK_FIRST		TRACK_HOME_SIZE
#define TRACK_COUNT_SIZE	8u
#define TRACK_END_SIZE		8u
/* How much of an empty track isn't arbitrary: it has a record zero of 8 bytes. */
#define TRACK_EMPTY_SIZE	(TRACK_FIRST + TRACK_COUNT_SIZE + 8u + \
				 TRACK_END_SIZE)

/* The count area of a record */
struct track_count {
	struct eckd_address address;
	u8     record;
	u8     key;
	__be16 data;
} __packed;
static_assert(sizeof(struct track_count) == TRACK_COUNT_SIZE);

/**
 * struct track_record - a record, and where it is in its track
 * @at: where its count area is
 * @key: length of its key
 * @data: length of its data
 */
struct track_record {
	u32 at;
	u8  key;
	u16 data;
};

enum track_step {
	TRACK_RECORD,		/* there is a record */
	TRACK_END,		/* the records have ended */
	TRACK_INVALID,		/* the track is damaged there */
};

/**
 * track_valid() - is that the home address of this track?
 * @track: contents, IMAGE_TRACK_SIZE bytes
 * @number: its number
 *
 * Context: any.
 * Return: whether it is.
 */
bool track_valid(const u8 *track, u32 number);

/**
 * track_unformatted() - has nobody ever written the track?
 * @track: contents, IMAGE_TRACK_SIZE bytes
 *
 * Context: any.
 * Return: whether it begins as a hole of the image does.
 */
bool track_unformatted(const u8 *track);

/**
 * track_initialize() - make an empty track: a record zero, and no other
 * @track: contents, IMAGE_TRACK_SIZE bytes
 * @number: its number
 *
 * Context: any.
 */
void track_initialize(u8 *track, u32 number);

/**
 * track_record() - look at the record that begins at a place
 * @track: contents, IMAGE_TRACK_SIZE bytes
 * @at: the place: TRACK_FIRST, or where the record before ends
 * @record: filled in for TRACK_RECORD
 *
 * Context: any.
 * Return: what is there.  Behind a record there is always room for an end mark.
 */
enum track_step track_record(const u8 *track, u32 at,
			     struct track_record *record);

/**
 * track_key() - where the key of a record is
 * @record: the record
 *
 * Context: any.
 * Return: the offset of the key in the track, in bytes.
 */
static inline u32 track_key(const struct track_record *record)
{
	return record->at + TRACK_COUNT_SIZE;
}

/**
 * track_data() - where the data of a record are
 * @record: the record
 *
 * Context: any.
 * Return: the offset of the data in the track, in bytes.
 */
static inline u32 track_data(const struct track_record *record)
{
	return track_key(record) + record->key;
}

/**
 * track_behind() - where a record ends
 * @record: the record
 *
 * Context: any.
 * Return: the offset of the byte behind the record in the track, in bytes.
 */
static inline u32 track_behind(const struct track_record *record)
{
	return track_data(record) + record->data;
}

/**
 * track_room() - can a record begin at a place?
 * @track: contents, IMAGE_TRACK_SIZE bytes
 * @at: the place, see track_record()
 * @key: length of its key
 * @data: length of its data
 *
 * Context: any.
 * Return: whether the records before leave enough of a 3390's track.
 */
bool track_room(const u8 *track, u32 at, u8 key, u16 data);

/**
 * track_end() - let the records end at a place
 * @track: contents, IMAGE_TRACK_SIZE bytes
 * @at: the place
 *
 * Context: any.
 */
void track_end(u8 *track, u32 at);

/**
 * struct track_layout - where the records are on a track whose records are all equal
 * @key: length of their keys
 * @records: how many there are beside record zero, not zero
 * @data: length of their data
 *
 * They have the numbers from 1 on, and record zero has 8 bytes, as dasdfmt and others
 * format tracks.
 */
struct track_layout {
	u8  key;
	u8  records;
	u16 data;
};

/**
 * track_layout() - has the track a layout?
 * @track: contents, IMAGE_TRACK_SIZE bytes
 * @number: its number
 * @layout: filled in
 *
 * Context: any.
 * Return: whether all of its records are as struct track_layout has them.
 */
bool track_layout(const u8 *track, u32 number, struct track_layout *layout);

/**
 * track_outline() - make what a track of this layout has beside keys and data
 * @track: gets the home address, the count areas and the end mark; nothing else of it
 *	changes
 * @number: its number
 * @layout: the layout
 *
 * Context: any.
 */
void track_outline(u8 *track, u32 number, const struct track_layout *layout);

/**
 * track_has_outline() - is that what track_outline() makes?
 * @track: contents, of which keys and data aren't looked at
 * @number: its number
 * @layout: the layout
 *
 * Context: any.
 * Return: whether it is.
 */
bool track_has_outline(const u8 *track, u32 number,
		       const struct track_layout *layout);

#endif /* _KVM_CSS_ECKD_TRACK_H */
