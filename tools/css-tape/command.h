/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command codes of a 3490E, and what its sense bytes mean
 *
 * The values are those of Linux' drivers/s390/char/tape_std.h and of Hercules'
 * tapedev.h, which have them from IBM's GA32-0127, "3490E Hardware Reference".
 */
#ifndef CSS_TAPE_COMMAND_H
#define CSS_TAPE_COMMAND_H

#define CMD_WRITE			0x01
#define CMD_READ			0x02
#define CMD_NO_OPERATION		0x03
#define CMD_SENSE			0x04
#define CMD_REWIND			0x07
#define CMD_READ_BACKWARD		0x0c
#define CMD_REWIND_UNLOAD		0x0f
#define CMD_READ_BUFFER			0x12
#define CMD_ERASE_GAP			0x17
#define CMD_WRITE_TAPE_MARK		0x1f
#define CMD_READ_BLOCK_ID		0x22
#define CMD_READ_BUFFERED_LOG		0x24
#define CMD_BACKSPACE_BLOCK		0x27
#define CMD_BACKSPACE_FILE		0x2f
#define CMD_SENSE_PATH_GROUP_ID		0x34
#define CMD_FORWARD_SPACE_BLOCK		0x37
#define CMD_READ_SUBSYSTEM_DATA		0x3e
#define CMD_FORWARD_SPACE_FILE		0x3f
#define CMD_SYNCHRONIZE			0x43
#define CMD_READ_MESSAGE_ID		0x4e
#define CMD_LOCATE_BLOCK		0x4f
#define CMD_SUSPEND_MULTIPATH		0x5b
#define CMD_READ_DEVICE_CHARACTERISTICS	0x64
#define CMD_SET_INTERFACE_ID		0x73
#define CMD_PERFORM_SUBSYSTEM_FUNCTION	0x77
#define CMD_DATA_SECURITY_ERASE		0x97
#define CMD_LOAD_DISPLAY		0x9f
#define CMD_SET_PATH_GROUP_ID		0xaf
#define CMD_ASSIGN			0xb7
#define CMD_MEDIUM_SENSE		0xc2	/* of a 3590; a 3490E hasn't it */
#define CMD_SET_WRITE_IMMEDIATE		0xc3
#define CMD_UNASSIGN			0xc7
#define CMD_MODE_SET			0xdb
#define CMD_CONTROL_ACCESS		0xe3
#define CMD_SENSE_ID			0xe4	/* the kernel answers it */
#define CMD_READ_CONFIGURATION_DATA	0xfa

/* Sense byte 0 */
#define SENSE0_COMMAND_REJECT		0x80
#define SENSE0_INTERVENTION		0x40
#define SENSE0_EQUIPMENT_CHECK		0x10
#define SENSE0_DATA_CHECK		0x08
#define SENSE0_DEFERRED			0x02	/* what failed was an earlier write */

/* Sense byte 1 */
#define SENSE1_LOCATE_FAILURE		0x80
#define SENSE1_ONLINE			0x40
#define SENSE1_RECORD_SEQUENCE		0x10
#define SENSE1_LOAD_POINT		0x08
#define SENSE1_WRITE_MODE		0x04
#define SENSE1_WRITE_PROTECTED		0x02

/* Sense byte 2 */
#define SENSE2_CHANNEL_ADAPTER		0x20
#define SENSE2_LOADER			0x04	/* the loader has cartridges */

/* Sense byte 3: the error recovery action */
#define ERA_UNSOLICITED			0x00
#define ERA_READ_DATA_CHECK		0x23
#define ERA_WRITE_DATA_CHECK		0x25
#define ERA_COMMAND_REJECT		0x27
#define ERA_ENVIRONMENTAL_DATA		0x2b	/* for example: has been unloaded */
#define ERA_EQUIPMENT_CHECK		0x2c	/* permanent: EIO for Linux */
#define ERA_WRITE_PROTECTED		0x30
#define ERA_TAPE_VOID			0x31
#define ERA_END_OF_DATA			0x36
#define ERA_END_OF_TAPE			0x38
#define ERA_BACKWARD_AT_LOAD_POINT	0x39
#define ERA_RECORD_SEQUENCE		0x41
#define ERA_NOT_READY			0x43
#define ERA_LOCATE_FAILED		0x44
#define ERA_VOLUME_FENCED		0x47
#define ERA_BLOCK_TOO_LONG		0x4e

/* Sense byte 7: what the bytes behind it are */
#define SENSE7_ERROR			0x20
#define SENSE7_BUFFERED_LOG		0x21
#define SENSE7_UNLOADED			0x22

/* Sense byte 25 */
#define SENSE25_IDRC			0x06
#define SENSE25_LOADER			0x01

#endif /* CSS_TAPE_COMMAND_H */
