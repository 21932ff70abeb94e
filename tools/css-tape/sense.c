// SPDX-License-Identifier: GPL-2.0
/*
 * Sense bytes, and which of them an unusual condition has
 *
 * Linux' tape_34xx and tape_3490 don't look at the ERA code if byte 0 is data check or
 * equipment check alone, and byte 1 is "online" alone: then a read has come to the end
 * of data and succeeds with no bytes, a tape mark counts as written, and a backspace is
 * tried again for ever.  So only the end of data looks like this here.  A read that the
 * host couldn't do has both bits in byte 0; a failed write has "write mode" in byte 1,
 * as it should have, and so has all that comes behind it until the tape is unloaded.
 */
#include <string.h>

#include "internal.h"

#define BLOCK_NUMBER_MASK	0x3fffff

static void put_number(uint8_t *bytes, uint32_t number, unsigned int size)
{
	while (size--) {
		bytes[size] = number & 0xff;
		number >>= 8;
	}
}

void sense_make(const struct drive *drive, uint8_t *sense, uint8_t byte0, uint8_t byte1,
		uint8_t era, uint8_t format)
{
	memset(sense, 0, CSS_SENSE_SIZE);
	sense[0] = byte0;
	sense[1] = byte1 | SENSE1_ONLINE;
	sense[2] = SENSE2_CHANNEL_ADAPTER | (drive->loader ? SENSE2_LOADER : 0);
	sense[3] = era;
	if (drive_is_ready(drive)) {
		struct tape_position position = tape_image_position(drive->image);

		if (!position.block)
			sense[1] |= SENSE1_LOAD_POINT;
		if (drive->write_mode || drive->lost)
			sense[1] |= SENSE1_WRITE_MODE;
		if (drive->protected || tape_image_protected(drive->image))
			sense[1] |= SENSE1_WRITE_PROTECTED;
		put_number(sense + 4, position.block & BLOCK_NUMBER_MASK, 3);
	} else {
		sense[0] |= SENSE0_INTERVENTION;
	}
	sense[7] = format;
	if (format == SENSE7_ERROR)
		sense[25] = SENSE25_IDRC | (drive->loader ? SENSE25_LOADER : 0);
	/* The drive's model and serial number; the latter is the device number. */
	sense[27] = 0xec;
	put_number(sense + 28, drive->devno, 3);
}

void check(struct call *call, uint8_t status, uint8_t byte0, uint8_t byte1, uint8_t era)
{
	call->answer->status = status;
	call->answer->sense_len = CSS_SENSE_SIZE;
	sense_make(call->drive, call->answer->sense, byte0, byte1, era, SENSE7_ERROR);
}

void reject(struct call *call)
{
	call->answer->count = 0;
	check(call, CSS_UNIT_CHECK, SENSE0_COMMAND_REJECT, 0, ERA_COMMAND_REJECT);
}

static void log_failure(const struct call *call, enum level level, enum tape_result result)
{
	struct drive *drive = call->drive;
	const char *message = tape_image_message(drive->image);

	report(level, drive, "command %02x, block %llu of %s: %s%s%s", call->command->code,
	       (unsigned long long)tape_image_position(drive->image).block,
	       drive->image_name, tape_result_name(result), *message ? ": " : "", message);
}

void fail_read(struct call *call, enum tape_result result)
{
	uint8_t both = SENSE0_EQUIPMENT_CHECK | SENSE0_DATA_CHECK;

	switch (result) {
	case TAPE_LOAD_POINT:
		check(call, STATUS_CHECK, 0, 0, ERA_BACKWARD_AT_LOAD_POINT);
		break;
	case TAPE_END_OF_DATA:
		check(call, STATUS_CHECK, SENSE0_DATA_CHECK, 0,
		      tape_image_position(call->drive->image).block ?
		      ERA_END_OF_DATA : ERA_TAPE_VOID);
		break;
	case TAPE_CORRUPT:
		log_failure(call, LEVEL_ERROR, result);
		check(call, STATUS_CHECK, SENSE0_DATA_CHECK, SENSE1_RECORD_SEQUENCE,
		      ERA_RECORD_SEQUENCE);
		break;
	default:
		log_failure(call, LEVEL_ERROR, result);
		check(call, STATUS_CHECK, both, 0, ERA_READ_DATA_CHECK);
		break;
	}
}

void fail_write(struct call *call, enum tape_result result)
{
	switch (result) {
	case TAPE_PROTECTED:
		check(call, STATUS_CHECK, SENSE0_COMMAND_REJECT, 0, ERA_WRITE_PROTECTED);
		break;
	case TAPE_END_OF_MEDIUM:
		log_failure(call, LEVEL_NOTICE, result);
		check(call, STATUS_CHECK, SENSE0_EQUIPMENT_CHECK, 0, ERA_END_OF_TAPE);
		break;
	default:
		log_failure(call, LEVEL_ERROR, result);
		check(call, STATUS_CHECK, SENSE0_DATA_CHECK, 0, ERA_WRITE_DATA_CHECK);
		break;
	}
}

void fail_deferred(struct call *call)
{
	check(call, STATUS_CHECK, SENSE0_DATA_CHECK | SENSE0_DEFERRED, 0,
	      ERA_WRITE_DATA_CHECK);
}
