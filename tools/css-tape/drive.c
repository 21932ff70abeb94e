// SPDX-License-Identifier: GPL-2.0
/* A tape drive: executes commands by a table, and loads and unloads */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* What is checked before a command is executed */
#define NEEDS_TAPE	0x01	/* intervention required without a tape */
#define WRITES		0x02	/* rejected if the tape is protected */
#define FENCED		0x04	/* executed even if the volume is fenced */
#define SUPERVISOR	0x08	/* rejected if a MODE SET says so */
#define NEW_CHAIN	0x10	/* rejected if it is chained to another one */
#define MOVES		0x20	/* waits until what was written is on the medium */

struct row {
	const char *name;
	void (*run)(struct call *call);
	uint8_t needed;		/* bytes of control information */
	uint8_t flags;
};

static void run_no_operation(struct call *call)
{
	end(call, 0);
}

/* There are never any blocks in a buffer that the guest could read back. */
static void run_read_buffer(struct call *call)
{
	end(call, 0);
}

static void run_sense(struct call *call)
{
	uint8_t sense[CSS_SENSE_SIZE];

	sense_make(call->drive, sense, 0, 0, ERA_UNSOLICITED, SENSE7_ERROR);
	give(call, sense, sizeof(sense));
}

/* The control information has been looked at, and nothing follows from it. */
static void run_accepted(struct call *call)
{
	end(call, call->needed);
}

#define ROW(row_name, row_run, row_needed, row_flags) \
	{ .name = row_name, .run = row_run, .needed = row_needed, .flags = row_flags }

static const struct row rows[256] = {
	[CMD_WRITE] = ROW("WRITE", run_write, 0, NEEDS_TAPE | WRITES),
	[CMD_READ] = ROW("READ", run_read, 0, NEEDS_TAPE | MOVES),
	[CMD_NO_OPERATION] = ROW("NO-OPERATION", run_no_operation, 0, FENCED),
	[CMD_SENSE] = ROW("SENSE", run_sense, 0, FENCED),
	[CMD_REWIND] = ROW("REWIND", run_rewind, 0, NEEDS_TAPE | MOVES),
	[CMD_READ_BACKWARD] = ROW("READ BACKWARD", run_read_backward, 0, NEEDS_TAPE | MOVES),
	[CMD_REWIND_UNLOAD] = ROW("REWIND UNLOAD", run_rewind_unload, 0,
				  NEEDS_TAPE | FENCED | MOVES),
	[CMD_READ_BUFFER] = ROW("READ BUFFER", run_read_buffer, 0, NEEDS_TAPE | MOVES),
	[CMD_ERASE_GAP] = ROW("ERASE GAP", run_erase_gap, 0, NEEDS_TAPE | WRITES),
	[CMD_WRITE_TAPE_MARK] = ROW("WRITE TAPE MARK", run_write_tape_mark, 0,
				    NEEDS_TAPE | WRITES),
	[CMD_READ_BLOCK_ID] = ROW("READ BLOCK ID", run_read_block_id, 0, NEEDS_TAPE),
	[CMD_READ_BUFFERED_LOG] = ROW("READ BUFFERED LOG", run_read_buffered_log, 0, FENCED),
	[CMD_BACKSPACE_BLOCK] = ROW("BACKSPACE BLOCK", run_backspace_block, 0,
				    NEEDS_TAPE | MOVES),
	[CMD_BACKSPACE_FILE] = ROW("BACKSPACE FILE", run_backspace_file, 0, NEEDS_TAPE | MOVES),
	[CMD_SENSE_PATH_GROUP_ID] = ROW("SENSE PATH GROUP ID", run_sense_path_group_id, 0,
					FENCED | SUPERVISOR | NEW_CHAIN),
	[CMD_FORWARD_SPACE_BLOCK] = ROW("FORWARD SPACE BLOCK", run_forward_space_block, 0,
					NEEDS_TAPE | MOVES),
	[CMD_READ_SUBSYSTEM_DATA] = ROW("READ SUBSYSTEM DATA", run_read_subsystem_data, 0, FENCED),
	[CMD_FORWARD_SPACE_FILE] = ROW("FORWARD SPACE FILE", run_forward_space_file, 0,
				       NEEDS_TAPE | MOVES),
	[CMD_SYNCHRONIZE] = ROW("SYNCHRONIZE", run_synchronize, 0, NEEDS_TAPE),
	[CMD_READ_MESSAGE_ID] = ROW("READ MESSAGE ID", run_read_message_id, 0, FENCED),
	[CMD_LOCATE_BLOCK] = ROW("LOCATE BLOCK", run_locate_block, 4, NEEDS_TAPE | MOVES),
	[CMD_SUSPEND_MULTIPATH] = ROW("SUSPEND MULTIPATH RECONNECTION", run_no_operation, 0,
				      FENCED | SUPERVISOR),
	[CMD_READ_DEVICE_CHARACTERISTICS] = ROW("READ DEVICE CHARACTERISTICS",
						run_read_device_characteristics, 0, FENCED),
	[CMD_SET_INTERFACE_ID] = ROW("SET INTERFACE IDENTIFIER", run_accepted, 4, FENCED),
	[CMD_PERFORM_SUBSYSTEM_FUNCTION] = ROW("PERFORM SUBSYSTEM FUNCTION",
					       run_perform_subsystem_function, 2,
					       FENCED | SUPERVISOR),
	[CMD_DATA_SECURITY_ERASE] = ROW("DATA SECURITY ERASE", run_data_security_erase, 0,
					NEEDS_TAPE | WRITES),
	[CMD_LOAD_DISPLAY] = ROW("LOAD DISPLAY", run_load_display, 17, FENCED | SUPERVISOR),
	[CMD_SET_PATH_GROUP_ID] = ROW("SET PATH GROUP ID", run_set_path_group_id,
				      1 + PATH_GROUP_ID_SIZE, FENCED | SUPERVISOR | NEW_CHAIN),
	[CMD_ASSIGN] = ROW("ASSIGN", run_assign, PATH_GROUP_ID_SIZE, FENCED | SUPERVISOR),
	[CMD_SET_WRITE_IMMEDIATE] = ROW("SET TAPE-WRITE-IMMEDIATE", run_set_write_immediate, 0,
					FENCED),
	[CMD_UNASSIGN] = ROW("UNASSIGN", run_unassign, PATH_GROUP_ID_SIZE, FENCED | SUPERVISOR),
	[CMD_MODE_SET] = ROW("MODE SET", run_mode_set, 1, FENCED | SUPERVISOR),
	[CMD_CONTROL_ACCESS] = ROW("CONTROL ACCESS", run_control_access, 1 + PATH_GROUP_ID_SIZE,
				   FENCED | SUPERVISOR),
	[CMD_READ_CONFIGURATION_DATA] = ROW("READ CONFIGURATION DATA",
					    run_read_configuration_data, 0, FENCED),
};

void end(struct call *call, uint32_t count)
{
	css_end(call->answer, count);
}

void end_incomplete(struct call *call)
{
	const struct css_command *command = call->command;

	end(call, command->available < command->room ? command->available + 1 : command->room);
}

void give(struct call *call, const void *bytes, uint32_t length)
{
	if (length > call->command->room)
		length = call->command->room;
	memcpy(call->command->data, bytes, length);
	end(call, length);
}

/* The host couldn't bring to its medium what it had taken. */
static void lose(struct drive *drive, enum tape_result result)
{
	drive->unsynced = false;
	drive->lost = true;
	drive->fenced = true;
	drive->losses = true;
	report_always(LEVEL_ERROR, drive, "%s has lost blocks that were written: %s: %s",
		      drive->image_name, tape_result_name(result),
		      tape_image_message(drive->image));
}

enum tape_result settle(struct drive *drive)
{
	enum tape_result result;

	if (drive->lost)
		return TAPE_HOST_ERROR;
	if (!drive->unsynced)
		return TAPE_OK;
	result = tape_image_sync(drive->image);
	drive->unsynced = false;
	if (result != TAPE_OK)
		lose(drive, result);
	return result;
}

enum tape_result keep_up(struct drive *drive)
{
	enum tape_result result = tape_image_write_out(drive->image);

	if (result != TAPE_OK)
		lose(drive, result);
	return result;
}

void drop_image(struct drive *drive)
{
	tape_image_close(drive->image);
	free(drive->image_name);
	drive->image = NULL;
	drive->image_name = NULL;
	drive->write_mode = false;
	drive->unsynced = false;
	drive->lost = false;
	drive->fenced = false;
	drive->protected = false;
	drive->ready = false;
	drive->ready_given = false;
}

/*
 * A guest that hasn't been told of the tape may be in the middle of a program that it has
 * begun with the one before.
 */
bool drive_is_ready(const struct drive *drive)
{
	return drive->image && !drive->ready && !drive->ready_given;
}

/* Recognize what keeps the command from being executed; say whether there is such a thing. */
static bool refuse(struct call *call, const struct row *row)
{
	struct drive *drive = call->drive;

	if (!row->run ||
	    (row->flags & SUPERVISOR && drive->chain.supervisor_inhibit) ||
	    (row->flags & NEW_CHAIN && !call->command->first) ||
	    /* What has been prepared has to be read next. */
	    (drive->chain.message_length && call->command->code != CMD_READ_SUBSYSTEM_DATA)) {
		reject(call);
		return true;
	}
	if (row->flags & NEEDS_TAPE && !drive_is_ready(drive)) {
		check(call, CSS_UNIT_CHECK, SENSE0_INTERVENTION, 0, ERA_NOT_READY);
		return true;
	}
	if (drive->fenced && !(row->flags & FENCED)) {
		check(call, STATUS_CHECK, SENSE0_EQUIPMENT_CHECK | SENSE0_DEFERRED, 0,
		      ERA_VOLUME_FENCED);
		return true;
	}
	if (call->command->available < row->needed) {
		if (call->command->check)
			end_incomplete(call);
		else
			reject(call);
		return true;
	}
	if (row->flags & WRITES && (drive->protected || tape_image_protected(drive->image))) {
		fail_write(call, TAPE_PROTECTED);
		return true;
	}
	return false;
}

/*
 * Wait for what was written before the tape moves, and don't write behind blocks that
 * are lost.  REWIND UNLOAD is how a guest that has been told of these gets another tape.
 */
static bool may_move(struct drive *drive, const struct row *row)
{
	if (drive->lost)
		return row->flags & FENCED;
	return !(row->flags & MOVES) || settle(drive) == TAPE_OK;
}

static void execute(struct call *call, const struct row *row)
{
	struct drive *drive = call->drive;

	if (refuse(call, row))
		return;
	if (row->flags & (MOVES | WRITES) && !may_move(drive, row)) {
		fail_deferred(call);
		return;
	}
	if (row->flags & MOVES)
		drive->write_mode = false;
	if (row->flags & WRITES)
		drive->write_mode = true;
	row->run(call);
}

/* A control command without control information */
static bool is_immediate(uint8_t code, const struct row *row)
{
	return (code & 3) == 3 && !row->needed;
}

void drive_command(void *device, const struct css_command *command, struct css_answer *answer)
{
	struct drive *drive = device;
	const struct row *row = &rows[command->code];
	struct call call = {
		.drive = drive,
		.command = command,
		.answer = answer,
		.needed = row->needed,
	};

	/* Each command that goes on after channel end has ended before the next one begins. */
	drive->operation = (struct due){};
	if (command->first)
		drive->chain = (struct chain){};
	execute(&call, row);
	drive->chain.code = command->code;
	answer->immediate = is_immediate(command->code, row) && answer->status & CSS_CHANNEL_END;
}

void drive_init(struct drive *drive, const char *name, uint16_t devno)
{
	memset(drive, 0, sizeof(*drive));
	snprintf(drive->name, sizeof(drive->name), "%s", name);
	drive->devno = devno;
}

static void forget_operations(struct drive *drive)
{
	drive->chain = (struct chain){};
	drive->operation = (struct due){};
}

void drive_reset(void *device)
{
	struct drive *drive = device;

	forget_operations(drive);
	drive->path = (struct path){};
	drive->ready = false;
	drive->ready_given = false;
}

void drive_begin(void *device)
{
	struct drive *drive = device;

	drive_reset(drive);
	drive->ready = drive->image;
}

void drive_cleared(void *device)
{
	struct drive *drive = device;

	forget_operations(drive);
	if (drive->ready_given)
		drive->ready = true;
	drive->ready_given = false;
}

void drive_halted(void *device)
{
	struct drive *drive = device;

	drive->operation = (struct due){};
}

void drive_presented(void *device)
{
	struct drive *drive = device;

	drive->ready_given = false;
}

bool drive_due(struct drive *drive, struct due *due)
{
	if (drive->operation.status) {
		*due = drive->operation;
		drive->operation = (struct due){};
		return true;
	}
	if (drive->ready) {
		/* Linux ignores all but this: tape_34xx_unsolicited_irq() */
		*due = (struct due){
			.status = CSS_ATTENTION | CSS_DEVICE_END | CSS_UNIT_EXCEPTION,
		};
		drive->ready = false;
		drive->ready_given = true;
		return true;
	}
	return false;
}

int drive_load(struct drive *drive, struct tape_image *image, const char *name)
{
	char *copy;

	if (drive->image)
		return -EBUSY;
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	drive->image = image;
	drive->image_name = copy;
	drive->ready = true;
	drive->unloaded = false;
	report(LEVEL_INFO, drive, "loaded %s%s", name,
	       tape_image_protected(image) ? ", write protected" : "");
	return 0;
}

enum tape_result drive_unload(struct drive *drive)
{
	enum tape_result result = settle(drive);

	report(LEVEL_INFO, drive, "unloaded %s", drive->image_name);
	drop_image(drive);
	return result;
}
