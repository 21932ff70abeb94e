/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A 3490E tape drive: what it answers to commands, and how a tape gets into it
 *
 * A drive has no descriptors and no clock.  Whoever serves it passes it the commands
 * of a struct css_unit, and presents the status that drive_due() has.  One thread at
 * a time uses a drive.
 *
 * Documentation/tape.rst has the commands, the status and the sense bytes of each
 * condition with its source.
 *
 * The files: drive.c executes commands by a table and loads and unloads; motion.c has
 * the commands that read, write and move; path.c those about path groups and
 * assignment; identity.c those that say what the drive is; subsystem.c what belongs
 * to the control unit; sense.c makes sense bytes.
 */
#ifndef CSS_TAPE_DRIVE_H
#define CSS_TAPE_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "../libcss-user/css_user.h"
#include "image.h"

#define DRIVE_NAME_SIZE		64
#define PATH_GROUP_ID_SIZE	11
#define DISPLAY_SIZE		8

#define CU_TYPE			0x3490
#define CU_MODEL		0x10
#define DEVICE_TYPE		0x3490
#define DEVICE_MODEL		0x40

/**
 * struct due - status that a drive wants to be presented
 * @seq: the command that it ends, for css_unit_end(); 0: for css_unit_present()
 * @status: device status; 0: none
 * @sense_len: how many sense bytes there are, 0 without unit check
 * @sense: the sense bytes
 */
struct due {
	uint64_t seq;
	uint8_t status;
	uint8_t sense_len;
	uint8_t sense[CSS_SENSE_SIZE];
};

/**
 * struct chain - what lasts until the end of a chain of commands
 * @code: the command before, 0 at the beginning
 * @write_immediate: writes aren't buffered
 * @supervisor_inhibit: supervisor commands are rejected
 * @message_length: how many bytes of @message READ SUBSYSTEM DATA may read, 0 for none
 * @message: subsystem data
 */
struct chain {
	uint8_t code;
	bool write_immediate;
	bool supervisor_inhibit;
	uint8_t message_length;
	uint8_t message[16];
};

/**
 * struct path - what the guest's path to the drive has been told
 * @grouped: it belongs to the path group @group; otherwise it did, unless that is zeros
 * @multipath: in multipath mode
 * @assigned: the drive is assigned to it
 * @group: path group ID
 * @password: of CONTROL ACCESS, zeros for none
 */
struct path {
	bool grouped;
	bool multipath;
	bool assigned;
	uint8_t group[PATH_GROUP_ID_SIZE];
	uint8_t password[PATH_GROUP_ID_SIZE];
};

/**
 * struct display - what LOAD DISPLAY has put on the display
 * @format: how it is shown
 * @message: two messages, in ASCII
 */
struct display {
	uint8_t format;
	char message[2][DISPLAY_SIZE + 1];
};

/**
 * struct log_limit - how much of the log a drive has had
 * @since: when the time began for which there is a limit, in seconds of CLOCK_MONOTONIC
 * @lines: how many lines it would have had since then
 */
struct log_limit {
	int64_t since;
	unsigned int lines;
};

/**
 * struct drive - a tape drive
 * @name: what it is called in the log and by cssctl
 * @devno: its device number, from which it has its serial number
 * @loader: there is an automatic cartridge loader, and it has cartridges
 * @unloaded: the guest has unloaded a tape; whoever has another one may load it now
 * @image: what is loaded, or NULL
 * @image_name: what it is called
 * @write_mode: the last motion was a write
 * @unsynced: something was written that is not known to be on the host's medium
 * @lost: blocks of this tape whose commands had ended normally have been lost, and the
 *	guest has been told.  Only another tape ends that.
 * @fenced: likewise, and the guest hasn't reset that
 * @losses: blocks of this or an earlier tape have been lost
 * @protected: the guest has set logical write protection
 * @chain: see there
 * @path: see there
 * @display: see there
 * @operation: status that ends the operation that goes on after channel end
 * @ready: the drive has become ready, and that is to be presented
 * @ready_given: the kernel has been given that to be presented
 * @log: see there
 * @block: a block that doesn't fit into the data area
 */
struct drive {
	char name[DRIVE_NAME_SIZE];
	uint16_t devno;
	bool loader;
	bool unloaded;
	struct tape_image *image;
	char *image_name;
	bool write_mode;
	bool unsynced;
	bool lost;
	bool fenced;
	bool losses;
	bool protected;
	struct chain chain;
	struct path path;
	struct display display;
	struct due operation;
	bool ready;
	bool ready_given;
	struct log_limit log;
	uint8_t block[TAPE_BLOCK_MAX];
};

/**
 * drive_init() - make a drive without a tape
 * @drive: the drive
 * @name: its name, which is cut off at %DRIVE_NAME_SIZE - 1 bytes
 * @devno: its device number
 */
void drive_init(struct drive *drive, const char *name, uint16_t devno);

/**
 * drive_command() - execute a command
 * @drive: a struct drive; a void *, because it is an operation of struct css_device_ops
 * @command: the command
 * @answer: zeros, receives how it has ended
 *
 * May wait for the host's file system.
 */
void drive_command(void *drive, const struct css_command *command,
		   struct css_answer *answer);

/**
 * drive_begin() - a unit begins to serve the drive
 * @drive: a struct drive; here and below it is an operation of struct css_device_ops
 *
 * As drive_reset(), but the guest is to be told that there is a tape, if there is one.
 */
void drive_begin(void *drive);

/**
 * drive_reset() - system reset
 * @drive: a struct drive
 *
 * The tape stays where it is.  Assignment, path group and status that has not been
 * presented are gone.  Source: Principles of Operation, chapter 17, "I/O-System
 * Reset".
 */
void drive_reset(void *drive);

/**
 * drive_cleared() - selective reset, by CLEAR SUBCHANNEL
 * @drive: a struct drive
 *
 * Assignment and path group stay.  So does the news that the drive has become ready,
 * or the guest would never hear of it.
 */
void drive_cleared(void *drive);

/**
 * drive_halted() - the guest has halted the operation that went on after channel end
 * @drive: a struct drive
 */
void drive_halted(void *drive);

/**
 * drive_presented() - unsolicited status has been presented
 * @drive: a struct drive
 */
void drive_presented(void *drive);

/**
 * drive_due() - what the drive wants to be presented
 * @drive: the drive
 * @due: receives it
 *
 * What is taken isn't due any more.
 *
 * Return: whether there is something.
 */
bool drive_due(struct drive *drive, struct due *due);

/**
 * drive_is_ready() - whether commands can use a tape
 * @drive: the drive
 *
 * A tape can be used as soon as the guest has been told of it: drive_presented().  What
 * was begun with the tape before, or with this one and a process that has ended, must not go
 * on at the load point, and write over what is there.
 *
 * Return: whether they can.
 */
bool drive_is_ready(const struct drive *drive);

/**
 * drive_load() - put a tape into the drive
 * @drive: a drive without a tape
 * @image: an image at its load point, which is the drive's from now on
 * @name: what it is called; copied
 *
 * That the drive becomes ready is due then.
 *
 * Return: 0, or -EBUSY if there is a tape in it, or -ENOMEM.
 */
int drive_load(struct drive *drive, struct tape_image *image, const char *name);

/**
 * drive_unload() - take the tape out of the drive, as an operator does
 * @drive: the drive
 *
 * What has been written is synchronized first.  If that fails, the tape is unloaded
 * all the same: there is nothing better that could be done with it.
 *
 * Return: %TAPE_OK, or how the synchronization has failed, now or before.
 */
enum tape_result drive_unload(struct drive *drive);

#endif /* CSS_TAPE_DRIVE_H */
