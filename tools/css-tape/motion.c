// SPDX-License-Identifier: GPL-2.0
/* Commands that read, write or move the tape */
#include <string.h>

#include "internal.h"

#define BLOCK_NUMBER_MASK	0x3fffff
/* The high two bits of the 22-bit number's first byte: the format of the tape */
#define BLOCK_FORMAT_RESERVED	0xc0
/* Linux takes the first segment for a tape whose segments it doesn't know. */
#define FIRST_SEGMENT		0x01

/* End a command that has moved across one unit. */
static void end_moved(struct call *call, enum tape_result result, uint32_t count)
{
	switch (result) {
	case TAPE_OK:
		end(call, count);
		break;
	case TAPE_MARK:
		call->answer->status = CSS_ENDED | CSS_UNIT_EXCEPTION;
		break;
	default:
		fail_read(call, result);
		break;
	}
}

void run_read(struct call *call)
{
	struct drive *drive = call->drive;
	uint32_t room = call->command->room;
	size_t length = 0;
	enum tape_result result;
	uint8_t *buffer;

	buffer = room < TAPE_BLOCK_MAX ? drive->block : call->command->data;
	result = tape_image_read(drive->image, buffer, &length);
	if (result == TAPE_OK && buffer == drive->block)
		memcpy(call->command->data, buffer, length < room ? length : room);
	end_moved(call, result, length);
}

/* The first byte that is moved is the last one of the block. */
void run_read_backward(struct call *call)
{
	struct drive *drive = call->drive;
	size_t length = 0, i;
	enum tape_result result;

	result = tape_image_read_backward(drive->image, drive->block, &length);
	for (i = 0; i < length && i < call->command->room; i++)
		call->command->data[i] = drive->block[length - 1 - i];
	end_moved(call, result, length);
}

/* End a command that has written.  @now: the guest is told that it is on the medium. */
static void end_written(struct call *call, enum tape_result result, bool now)
{
	struct drive *drive = call->drive;
	bool warning;

	if (result != TAPE_OK) {
		fail_write(call, result);
		return;
	}
	drive->unsynced = true;
	warning = tape_image_position(drive->image).early_warning;
	now = now || warning || drive->chain.write_immediate;
	if ((now ? settle(drive) : keep_up(drive)) != TAPE_OK) {
		fail_deferred(call);
		return;
	}
	call->answer->status = CSS_ENDED | (warning ? CSS_UNIT_EXCEPTION : 0);
}

void run_write(struct call *call)
{
	uint32_t length = call->command->available;

	/* A part of a block isn't written. */
	if (call->command->check) {
		end_incomplete(call);
		return;
	}
	/*
	 * Without data there is nothing to write.  A command reject would make Linux
	 * try again for ever.
	 */
	if (!length) {
		end(call, 0);
		return;
	}
	call->answer->count = length;
	if (length > TAPE_BLOCK_MAX || call->command->more) {
		check(call, STATUS_CHECK, SENSE0_COMMAND_REJECT, 0, ERA_BLOCK_TOO_LONG);
		return;
	}
	end_written(call, tape_image_write(call->drive->image, call->command->data, length),
		    false);
}

void run_write_tape_mark(struct call *call)
{
	end_written(call, tape_image_write_mark(call->drive->image), true);
}

/* What the gap would have overwritten is gone, and so is all that is behind it. */
void run_erase_gap(struct call *call)
{
	end_written(call, tape_image_erase(call->drive->image), false);
}

void run_data_security_erase(struct call *call)
{
	if (call->drive->chain.code != CMD_ERASE_GAP) {
		reject(call);
		return;
	}
	end_written(call, tape_image_erase(call->drive->image), true);
}

void run_forward_space_block(struct call *call)
{
	end_moved(call, tape_image_space(call->drive->image), 0);
}

void run_backspace_block(struct call *call)
{
	end_moved(call, tape_image_backspace(call->drive->image), 0);
}

/* Behind or before the tape mark, which is what was looked for: no unit exception */
void run_forward_space_file(struct call *call)
{
	end_moved(call, tape_image_space_file(call->drive->image), 0);
}

void run_backspace_file(struct call *call)
{
	end_moved(call, tape_image_backspace_file(call->drive->image), 0);
}

void run_locate_block(struct call *call)
{
	const uint8_t *data = call->command->data;
	uint32_t number = data[1] << 16 | data[2] << 8 | data[3];
	enum tape_result result;

	if ((data[1] & BLOCK_FORMAT_RESERVED) == BLOCK_FORMAT_RESERVED) {
		reject(call);
		return;
	}
	result = tape_image_locate(call->drive->image, number & BLOCK_NUMBER_MASK);
	call->answer->count = call->needed;
	if (result == TAPE_END_OF_DATA)
		check(call, STATUS_CHECK, SENSE0_EQUIPMENT_CHECK, SENSE1_LOCATE_FAILURE,
		      ERA_LOCATE_FAILED);
	else
		end_moved(call, result, call->needed);
}

/* Where the channel is, and where the device is: nothing is buffered between them. */
void run_read_block_id(struct call *call)
{
	uint32_t number = tape_image_position(call->drive->image).block & BLOCK_NUMBER_MASK;
	uint8_t id[8] = { FIRST_SEGMENT, number >> 16, number >> 8, number };

	memcpy(id + 4, id, 4);
	give(call, id, sizeof(id));
}

void run_synchronize(struct call *call)
{
	if (settle(call->drive) != TAPE_OK)
		fail_deferred(call);
	else
		end(call, 0);
}

void run_set_write_immediate(struct call *call)
{
	if (call->drive->image && settle(call->drive) != TAPE_OK) {
		fail_deferred(call);
		return;
	}
	call->drive->chain.write_immediate = true;
	end(call, 0);
}

/* The channel is free while the tape rewinds, so device end comes later. */
void run_rewind(struct call *call)
{
	tape_image_rewind(call->drive->image);
	call->answer->status = CSS_CHANNEL_END;
	call->drive->operation = (struct due){
		.seq = call->command->seq,
		.status = CSS_DEVICE_END,
	};
}

/* Device end of REWIND UNLOAD always has unit check (IBM GA32-0219, by way of Hercules). */
void run_rewind_unload(struct call *call)
{
	struct drive *drive = call->drive;
	struct due *due = &drive->operation;

	report(LEVEL_INFO, drive, "the guest has unloaded %s", drive->image_name);
	drop_image(drive);
	drive->unloaded = true;
	call->answer->status = CSS_CHANNEL_END;
	due->seq = call->command->seq;
	due->status = CSS_DEVICE_END | CSS_UNIT_CHECK;
	due->sense_len = CSS_SENSE_SIZE;
	sense_make(drive, due->sense, SENSE0_INTERVENTION, 0, ERA_ENVIRONMENTAL_DATA,
		   SENSE7_UNLOADED);
}
