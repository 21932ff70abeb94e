/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Internal to the 3390: the device, and what its files call in each other.
 *
 * Locking: as for all devices, see <kvm_css/control_unit.h>.  One thread at a time
 * executes a command, saves or resets.  While an access to the backing has yet to
 * end, only eckd_backing_ended() is called, which touches nothing.
 *
 * A command may end later wherever it needs a track that isn't in the buffer, and
 * where it writes.  So its function is called again, from the beginning, when the
 * track is there: what it has taken from the program until then is in struct
 * eckd_run, and how far it has got is in struct eckd_position.
 */
#ifndef _KVM_CSS_ECKD_H
#define _KVM_CSS_ECKD_H

#include <linux/bits.h>
#include <linux/errseq.h>
#include <linux/types.h>

#include <kvm_css/backing.h>
#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>

#include "geometry.h"
#include "image.h"
#include "track.h"

union kvm_css_device_state;

#define ECKD_CMD_READ_IPL		0x02
#define ECKD_CMD_WRITE_DATA		0x05
#define ECKD_CMD_READ_DATA		0x06
#define ECKD_CMD_SEEK			0x07
#define ECKD_CMD_SEEK_CYLINDER		0x0b
#define ECKD_CMD_WRITE_KEY_DATA		0x0d
#define ECKD_CMD_READ_KEY_DATA		0x0e
#define ECKD_CMD_ERASE			0x11
#define ECKD_CMD_READ_COUNT		0x12
#define ECKD_CMD_UNCONDITIONAL_RESERVE	0x14
#define ECKD_CMD_WRITE_ZERO		0x15
#define ECKD_CMD_READ_ZERO		0x16
#define ECKD_CMD_RESTORE		0x17
#define ECKD_CMD_WRITE_HOME		0x19
#define ECKD_CMD_READ_HOME		0x1a
#define ECKD_CMD_SEEK_HEAD		0x1b
#define ECKD_CMD_WRITE_COUNT		0x1d
#define ECKD_CMD_READ_COUNT_ALL		0x1e
#define ECKD_CMD_SET_FILE_MASK		0x1f
#define ECKD_CMD_READ_SECTOR		0x22
#define ECKD_CMD_SET_SECTOR		0x23
#define ECKD_CMD_PERFORM_FUNCTION	0x27
#define ECKD_CMD_SEARCH_KEY_EQUAL	0x29
#define ECKD_CMD_SEARCH_ID_EQUAL	0x31
#define ECKD_CMD_SENSE_PATH_GROUP	0x34
#define ECKD_CMD_SEARCH_HOME_EQUAL	0x39
#define ECKD_CMD_READ_SUBSYSTEM_DATA	0x3e
#define ECKD_CMD_LOCATE			0x47
#define ECKD_CMD_SEARCH_KEY_HIGH	0x49
#define ECKD_CMD_LOCATE_EXTENDED	0x4b
#define ECKD_CMD_SEARCH_ID_HIGH		0x51
#define ECKD_CMD_SUSPEND_RECONNECTION	0x5b
#define ECKD_CMD_READ_MULTIPLE		0x5e	/* count, key and data */
#define ECKD_CMD_DEFINE_EXTENT		0x63
#define ECKD_CMD_READ_CHARACTERISTICS	0x64
#define ECKD_CMD_SEARCH_KEY_EQUAL_HIGH	0x69
#define ECKD_CMD_SEARCH_ID_EQUAL_HIGH	0x71
#define ECKD_CMD_DEVICE_RELEASE		0x94
#define ECKD_CMD_WRITE_FULL_TRACK	0x95
#define ECKD_CMD_READ_BUFFERED_LOG	0xa4	/* and reset it */
#define ECKD_CMD_WRITE_TRACK_DATA	0xa5
#define ECKD_CMD_READ_TRACK_DATA	0xa6
#define ECKD_CMD_SET_PATH_GROUP		0xaf
#define ECKD_CMD_DEVICE_RESERVE		0xb4
#define ECKD_CMD_READ_TRACK		0xde
#define ECKD_CMD_PREFIX			0xe7
#define ECKD_CMD_READ_CONFIGURATION	0xfa
/* In commands that find records: go on with the next track */
#define ECKD_MULTITRACK			0x80

/* Sense byte 1 */
#define ECKD_SENSE1_PERMANENT_ERROR	0x80
#define ECKD_SENSE1_INVALID_TRACK	0x40
#define ECKD_SENSE1_END_OF_CYLINDER	0x20
#define ECKD_SENSE1_NO_RECORD		0x08
#define ECKD_SENSE1_FILE_PROTECTED	0x04
#define ECKD_SENSE1_WRITE_INHIBITED	0x02

/* Sense byte 7 of a command reject: format 0, and the message */
#define ECKD_INVALID_COMMAND		0x01
#define ECKD_INVALID_SEQUENCE		0x02
#define ECKD_COUNT_TOO_SMALL		0x03
#define ECKD_INVALID_PARAMETER		0x04

/* File mask */
#define ECKD_MASK_WRITE			0xc0
#define ECKD_MASK_WRITE_NO_ZERO		0x00	/* all but home address and R0 */
#define ECKD_MASK_WRITE_NONE		0x40
#define ECKD_MASK_WRITE_UPDATE		0x80	/* no formatting */
#define ECKD_MASK_WRITE_ALL		0xc0
#define ECKD_MASK_SEEK			0x18
#define ECKD_MASK_SEEK_ALL		0x00
#define ECKD_MASK_SEEK_CYLINDER		0x08	/* seek cylinder and head */
#define ECKD_MASK_SEEK_HEAD		0x10	/* seek head, multitrack */
#define ECKD_MASK_SEEK_NONE		0x18
#define ECKD_MASK_ZERO			0x20

/* Operations of LOCATE RECORD.  From ECKD_OP_EXTENDED on: byte 17 of the extended one */
#define ECKD_OP_ORIENT			0x00
#define ECKD_OP_WRITE			0x01
#define ECKD_OP_FORMAT			0x03
#define ECKD_OP_READ			0x06
#define ECKD_OP_WRITE_TRACK		0x0b
#define ECKD_OP_READ_TRACKS		0x0c
#define ECKD_OP_READ_ANY		0x16
#define ECKD_OP_EXTENDED		0x3f
#define ECKD_OP_FULL_TRACK		(0x40 | 0x11)
#define ECKD_OP_TRACK_DATA		(0x40 | 0x23)

/**
 * enum eckd_orientation - what of the track has passed last
 * @ECKD_AT_INDEX: nothing, or the home address
 * @ECKD_AT_COUNT: the count area of &eckd_position.record
 * @ECKD_AT_KEY: its key
 * @ECKD_AT_DATA: its data
 * @ECKD_AT_END: all of the track: a command for whole tracks goes on with the next
 */
enum eckd_orientation {
	ECKD_AT_INDEX,
	ECKD_AT_COUNT,
	ECKD_AT_KEY,
	ECKD_AT_DATA,
	ECKD_AT_END,
};

/**
 * struct eckd_position - where the device is
 * @track: the track
 * @record: where the current record begins in it
 * @orientation: enum eckd_orientation
 */
struct eckd_position {
	u32 track;
	u16 record;
	u8  orientation;
};

/* What the commands of the program have done so far */
#define ECKD_EXTENT_DEFINED	BIT(0)
#define ECKD_MASK_SET		BIT(1)	/* SET FILE MASK */
#define ECKD_IPL_READ		BIT(2)
#define ECKD_SOUGHT		BIT(3)	/* something has moved to a track */
#define ECKD_INDEX_PASSED	BIT(4)	/* since the last command that forgets it */
/* The command before has found what it searched for, or has written a record */
#define ECKD_HOME_FOUND		BIT(5)
#define ECKD_ID_FOUND		BIT(6)
#define ECKD_KEY_FOUND		BIT(7)
#define ECKD_RECORD_WRITTEN	BIT(8)
#define ECKD_ZERO_WRITTEN	BIT(9)
#define ECKD_FOUND		(ECKD_HOME_FOUND | ECKD_ID_FOUND | ECKD_KEY_FOUND | \
				 ECKD_RECORD_WRITTEN | ECKD_ZERO_WRITTEN)
#define ECKD_FLAGS		0x3ffu

/**
 * struct eckd_extent - which tracks the program may access, and how
 * @mask: the file mask
 * @block_size: how long the data of each record are; 0 if the program hasn't said
 * @first: the first track
 * @last: the last track
 */
struct eckd_extent {
	u8  mask;
	u16 block_size;
	u32 first;
	u32 last;
};

/**
 * struct eckd_domain - what LOCATE RECORD, or PREFIX, has announced
 * @operation: ECKD_OP_*
 * @left: how many records or tracks are still to come; 0 when there is no domain
 * @counts: the last one is a READ COUNT
 * @length: transfer-length factor
 */
struct eckd_domain {
	u8  operation;
	u8  left;
	bool counts;
	u16 length;
};

/* What the commands of a channel program have set; all of it is saved. */
struct eckd_program {
	u16 flags;
	u8  suborder;		/* of PERFORM SUBSYSTEM FUNCTION, for the next command */
	struct eckd_extent extent;
	struct eckd_domain domain;
	struct eckd_position position;
};

/**
 * struct eckd_run - how far the current command has got
 * @taken: it has taken its parameters from the program
 * @whole: it needs the contents of all of its track, and not only of some records
 * @reading: a track is being read into the buffer
 * @writing: a track is being written from the buffer
 * @chained: another command is chained to it
 * @last: what is written has to be durable when the command ends
 * @durable: it is written so that it is
 * @defines: @extent is valid, too
 * @found: ECKD_*_FOUND and ECKD_*_WRITTEN of this command
 * @orientation: where LOCATE RECORD is to stop, in bits 0 and 1
 * @id: the record that it looks for
 * @extent: parameters of the extent
 * @domain: parameters of the domain
 */
struct eckd_run {
	bool taken;
	bool whole;
	bool reading;
	bool writing;
	bool chained;
	bool last;
	bool durable;
	bool defines;
	u16 found;
	u8 orientation;
	u8 id[5];
	struct eckd_extent extent;
	struct eckd_domain domain;
};

/**
 * struct eckd_buffer - which track is in the buffer of the backing
 * @valid: one is; at least its home address, all its count areas and its end mark
 * @damaged: it can't be used
 * @fresh: it was unformatted, and nothing of it has been written yet
 * @track: which one
 * @from: bytes that are there beside these: from here
 * @to: to here; all of the track has been read if they are from 0 to IMAGE_TRACK_SIZE
 */
struct eckd_buffer {
	bool valid;
	bool damaged;
	bool fresh;
	u32 track;
	u32 from;
	u32 to;
};

#define ECKD_LAYOUTS	3

/**
 * struct eckd_layouts - the tracks whose layout is known
 * @known: the layouts, each with how many tracks have it
 * @of: for each track, two bits: which one it has, counted from 1; 0 for none
 */
struct eckd_layouts {
	struct eckd_known {
		struct track_layout layout;
		u32 tracks;
	} known[ECKD_LAYOUTS];
	u8 *of;
};

/**
 * struct eckd_unflushed - what the domain has written that isn't durable yet
 * @any: there is something
 * @first: the first track
 * @last: the last track
 * @since: from backing_error(), before the first write
 */
struct eckd_unflushed {
	bool any;
	u32 first;
	u32 last;
	errseq_t since;
};

#define ECKD_PGID_SIZE		11
#define ECKD_SERIAL_SIZE	12

/* Path group: what SENSE PATH GROUP ID gives in byte 0 */
#define ECKD_GROUP_STATE	0xc0
#define ECKD_GROUP_RESET	0x00
#define ECKD_GROUP_UNGROUPED	0x80
#define ECKD_GROUP_GROUPED	0xc0
#define ECKD_GROUP_RESERVED	0x30	/* by this path group */
#define ECKD_GROUP_MULTIPATH	0x08

/**
 * struct eckd_device - the control unit with its 3390
 * @dev: what the core sees
 * @writes: what is written and not stable yet
 * @pending: for commands that end later
 * @backing: the file or block device
 * @model: what it says of itself
 * @cylinders: how many it has
 * @readonly: nothing may be written
 * @group: state of the path group, ECKD_GROUP_*
 * @unit: unit address
 * @subsystem: subsystem identifier
 * @pgid: identifier of the path group
 * @serial: serial number, in ASCII
 * @program: what the program has set
 * @run: the current command
 * @buffer: the track in the buffer
 * @layouts: the tracks that need not be read as a whole
 * @unflushed: what is to be flushed at the end of the domain
 */
struct eckd_device {
	struct css_device dev;
	struct cu_writes writes;
	struct cu_pending pending;
	struct css_backing backing;
	const struct eckd_model *model;
	u32 cylinders;
	bool readonly;
	u8 group;
	u8 unit;
	u16 subsystem;
	u8 pgid[ECKD_PGID_SIZE];
	u8 serial[ECKD_SERIAL_SIZE];
	struct eckd_program program;
	struct eckd_run run;
	struct eckd_buffer buffer;
	struct eckd_layouts layouts;
	struct eckd_unflushed unflushed;
};

static inline u32 eckd_tracks(const struct eckd_device *eckd)
{
	return eckd->cylinders * ECKD_HEADS;
}

static inline bool eckd_in_domain(const struct eckd_device *eckd)
{
	return eckd->program.domain.left;
}

/* --- sense.c: unit checks --- */

cu_status_t eckd_reject(struct eckd_device *eckd, u8 message);
cu_status_t eckd_reject_data(struct eckd_device *eckd, u8 message);
cu_status_t eckd_too_short(struct eckd_device *eckd, const struct chanprog *cp);
cu_status_t eckd_check(struct eckd_device *eckd, u8 sense1);
cu_status_t eckd_write_inhibited(struct eckd_device *eckd);
cu_status_t eckd_host_error(struct eckd_device *eckd);

/* --- medium.c: the track in the buffer --- */

/*
 * Have the track of the current position in the buffer: all of it for a command with
 * &eckd_run.whole.  For others it may be only where its records are, and then
 * eckd_fetch() has bytes @from to @to of their contents there.
 *
 * Return CU_ENDED when it is there; CU_PENDING when the function of the command will be
 * called again, and it is there then; or how the command ends.
 */
cu_status_t eckd_load(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_fetch(struct eckd_device *eckd, struct chanprog *cp, u32 from,
		       u32 to);
/*
 * The records from @at to @to are about to get other keys or data, and nothing else of the
 * track changes.  Returns as eckd_load().
 */
cu_status_t eckd_prepare(struct eckd_device *eckd, struct chanprog *cp, u32 at,
			 u32 to);
/* The buffer gets a track whose contents the command makes. */
cu_status_t eckd_load_nothing(struct eckd_device *eckd, struct chanprog *cp);
/*
 * Bytes @from to @to of the track have changed in the buffer: write them, and end
 * the command.
 */
cu_status_t eckd_store(struct eckd_device *eckd, u32 from, u32 to);
/* The command writes, but nothing has changed: end it. */
cu_status_t eckd_store_nothing(struct eckd_device *eckd);
/* How the command goes on when an access has ended that was to end later */
cu_status_t eckd_accessed(struct eckd_device *eckd, struct chanprog *cp, u8 cmd);
void eckd_drop_buffer(struct eckd_device *eckd);
u8 *eckd_track(struct eckd_device *eckd);

/* --- layout.c: the tracks that need not be read as a whole --- */

int eckd_layouts_init(struct eckd_layouts *layouts, u32 tracks);
void eckd_layouts_destroy(struct eckd_layouts *layouts);
/* Return: the layout of the track, if it is known. */
const struct track_layout *eckd_layout(const struct eckd_layouts *layouts,
				       u32 track);
/* All of the track has been read, and it isn't damaged. */
void eckd_layout_note(struct eckd_layouts *layouts, u32 track,
		      const u8 *content);
/* Records of the track change, beyond their keys and data. */
void eckd_layout_forget(struct eckd_layouts *layouts, u32 track);

/* --- orient.c: finding tracks and records --- */

/* Is record zero among the records that a command looks for? */
enum eckd_zero { ECKD_NOT_ZERO, ECKD_ZERO };

cu_status_t eckd_advance(struct eckd_device *eckd);
cu_status_t eckd_next(struct eckd_device *eckd, struct chanprog *cp, u8 cmd,
		      enum eckd_zero zero, struct track_record *record);
cu_status_t eckd_current(struct eckd_device *eckd, struct chanprog *cp, u8 cmd,
			 struct track_record *record);
cu_status_t eckd_whole_track(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_seek(struct eckd_device *eckd, struct chanprog *cp, u8 cmd);
cu_status_t eckd_set_sector(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_read_sector(struct chanprog *cp);
cu_status_t eckd_search_id(struct eckd_device *eckd, struct chanprog *cp, u8 cmd);
cu_status_t eckd_search_key(struct eckd_device *eckd, struct chanprog *cp, u8 cmd);
cu_status_t eckd_search_home(struct eckd_device *eckd, struct chanprog *cp, u8 cmd);
void eckd_domain_done(struct eckd_device *eckd);

/* --- extent.c: DEFINE EXTENT, LOCATE RECORD, PREFIX --- */

cu_status_t eckd_define_extent(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_locate(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_locate_extended(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_prefix(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_set_file_mask(struct eckd_device *eckd, struct chanprog *cp);
struct eckd_extent eckd_whole_extent(const struct eckd_device *eckd);
bool eckd_mask_valid(u8 mask);
bool eckd_operation_valid(u8 operation);
/* May the command stand in the domain of this LOCATE RECORD? */
bool eckd_domain_has(const struct eckd_domain *domain, u8 cmd);

/* --- read.c --- */

/*
 * What a command moves that begins with a record: to the end of the records of the domain
 * that are still to come on the track; or @len bytes of data, from the record at @at on.
 * Return: where that ends.
 */
u32 eckd_domain_to(struct eckd_device *eckd, const struct track_record *record);
u32 eckd_data_to(struct eckd_device *eckd, u32 at, u32 len);
cu_status_t eckd_read(struct eckd_device *eckd, struct chanprog *cp, u8 cmd);
cu_status_t eckd_read_ipl(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_read_multiple(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_read_track(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_read_track_data(struct eckd_device *eckd, struct chanprog *cp);

/* --- write.c --- */

bool eckd_writes(u8 cmd);
cu_status_t eckd_write(struct eckd_device *eckd, struct chanprog *cp, u8 cmd);

/* --- subsystem.c: what the control unit says of itself, path groups --- */

cu_status_t eckd_give_id(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_give_characteristics(struct eckd_device *eckd,
				      struct chanprog *cp);
cu_status_t eckd_give_configuration(struct eckd_device *eckd,
				    struct chanprog *cp);
cu_status_t eckd_perform_function(struct eckd_device *eckd,
				  struct chanprog *cp);
cu_status_t eckd_give_subsystem_data(struct eckd_device *eckd,
				     struct chanprog *cp, u8 suborder);
cu_status_t eckd_give_path_group(struct eckd_device *eckd, struct chanprog *cp);
cu_status_t eckd_set_path_group(struct eckd_device *eckd, struct chanprog *cp);
bool eckd_suborder_valid(u8 suborder);

/* --- state.c: the saved state --- */

void eckd_save(const struct css_device *dev, union kvm_css_device_state *state);
bool eckd_restore(struct css_device *dev,
		  const union kvm_css_device_state *state);

/* --- eckd.c --- */

cu_status_t eckd_execute(struct eckd_device *eckd, struct chanprog *cp, u8 cmd);

static inline struct eckd_device *to_eckd(struct css_device *dev)
{
	return container_of(dev, struct eckd_device, dev);
}

#endif /* _KVM_CSS_ECKD_H */
