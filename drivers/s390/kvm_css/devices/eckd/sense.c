// SPDX-License-Identifier: GPL-2.0
/*
 * Unit checks of the 3390: 32 sense bytes in the 24-byte-compatible format, which
 * Linux tells by byte 27.  Documentation/eckd.rst has a table of them.
 */
#include <linux/string.h>

#include "eckd.h"

/* Byte 27 */
#define SENSE27_24_BYTES	0x80
#define SENSE27_TRACK		0x20	/* bytes 28 to 31 name a track */
#define SENSE27_LARGE		0x10	/* as struct eckd_address does */

/* Name the track of the current position. */
static void name_track(struct eckd_device *eckd)
{
	const struct eckd_address address =
		eckd_address(eckd->program.position.track);
	u8 *sense = eckd->dev.sense;

	sense[27] = SENSE27_24_BYTES | SENSE27_TRACK;
	if (eckd->cylinders > ECKD_CYLINDERS_SMALL) {
		sense[27] |= SENSE27_LARGE;
		memcpy(sense + 28, &address, sizeof(address));
		return;
	}
	memcpy(sense + 29, &address.cylinder, sizeof(address.cylinder));
	sense[31] = be16_to_cpu(address.head);
}

/* Refuse the command before it has taken any data. */
cu_status_t eckd_reject(struct eckd_device *eckd, u8 message)
{
	cu_status_t status = cu_reject(&eckd->dev, SENSE0_COMMAND_REJECT);

	eckd->dev.sense[7] = message;
	name_track(eckd);
	return status;
}

/* Refuse the command because its parameters are wrong. */
cu_status_t eckd_reject_data(struct eckd_device *eckd, u8 message)
{
	cu_status_t status = cu_unit_check(&eckd->dev, SENSE0_COMMAND_REJECT, 0);

	eckd->dev.sense[7] = message;
	name_track(eckd);
	return status;
}

/*
 * The program has given fewer parameters than needed.  If it was halted, that is
 * no error of the program.
 */
cu_status_t eckd_too_short(struct eckd_device *eckd, const struct chanprog *cp)
{
	if (chanprog_halted(cp))
		return CU_ENDED;
	return eckd_reject_data(eckd, ECKD_COUNT_TOO_SMALL);
}

/* The command has been executed as far as it goes: ECKD_SENSE1_* says why. */
cu_status_t eckd_check(struct eckd_device *eckd, u8 sense1)
{
	cu_status_t status = cu_unit_check(&eckd->dev, 0, sense1);

	name_track(eckd);
	return status;
}

/* The disk is read-only. */
cu_status_t eckd_write_inhibited(struct eckd_device *eckd)
{
	cu_status_t status = eckd_reject_data(eckd, ECKD_INVALID_PARAMETER);

	eckd->dev.sense[1] = ECKD_SENSE1_WRITE_INHIBITED;
	return status;
}

/* The host could not read or write, or has no memory. */
cu_status_t eckd_host_error(struct eckd_device *eckd)
{
	cu_status_t status = cu_unit_check(&eckd->dev, SENSE0_EQUIPMENT_CHECK,
					   ECKD_SENSE1_PERMANENT_ERROR);

	name_track(eckd);
	return status;
}
