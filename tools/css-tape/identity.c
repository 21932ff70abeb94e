// SPDX-License-Identifier: GPL-2.0
/*
 * What the drive says of itself.  SENSE ID is the kernel's to answer: what it says was
 * given when the device was added.
 *
 * The layouts are those of IBM's GA32-0127, as Hercules' tapedev.c and tapedev.h have
 * them.
 */
#include <string.h>

#include "internal.h"

#define RCD_SIZE		160
#define RDC_SIZE		64
#define NED_SIZE		32

/* Node-element descriptors */
#define NED_DEVICE		0xcc
#define NED_CONTROL_UNIT	0xc4
#define NED_TOKEN		0xec
#define NED_TYPE_DEVICE		0x01
#define NED_TYPE_CONTROL_UNIT	0x02
#define NED_CLASS_TAPE		0x02
#define NEQ_GENERAL		0x80

static void put16(uint8_t *bytes, uint16_t value)
{
	bytes[0] = value >> 8;
	bytes[1] = value & 0xff;
}

static void put32(uint8_t *bytes, uint32_t value)
{
	put16(bytes, value >> 16);
	put16(bytes + 2, value & 0xffff);
}

void run_read_device_characteristics(struct call *call)
{
	/* Logical write protection and improved data recording capability */
	uint32_t features = 0x00000200 | 0x00000040 | (call->drive->loader ? 0x80 : 0);
	uint8_t rdc[RDC_SIZE] = {};

	put16(rdc, CU_TYPE);
	rdc[2] = CU_MODEL;
	put16(rdc + 3, DEVICE_TYPE);
	rdc[5] = DEVICE_MODEL;
	put32(rdc + 6, features);
	rdc[10] = 0x80;		/* class: tape */
	rdc[11] = 0x80;		/* type: 3480 and its successors */
	rdc[40] = 0x42;		/* a 3490 for the miscellaneous data recorder (EREP) */
	rdc[41] = 0x81;		/* a 3490 for the outboard recorder (EREP) */
	put32(rdc + 43, TAPE_BLOCK_MAX);
	put32(rdc + 47, TAPE_BLOCK_MAX);
	give(call, rdc, sizeof(rdc));
}

/* Hexadecimal digits in EBCDIC */
static void put_digits(uint8_t *bytes, uint16_t value, unsigned int digits)
{
	while (digits--) {
		unsigned int digit = value & 0xf;

		bytes[digits] = digit < 10 ? 0xf0 + digit : 0xc1 + digit - 10;
		value >>= 4;
	}
}

static void put_ned(uint8_t *ned, uint8_t code, uint8_t type, uint8_t class, uint16_t serial)
{
	/* Type 003490, model A10, manufacturer KVM, plant 00, in EBCDIC */
	static const uint8_t text[] = {
		0xf0, 0xf0, 0xf3, 0xf4, 0xf9, 0xf0, 0xc1, 0xf1, 0xf0,
		0xd2, 0xe5, 0xd4, 0xf0, 0xf0,
	};

	ned[0] = code;
	ned[1] = type;
	ned[2] = class;
	memcpy(ned + 4, text, sizeof(text));
	memset(ned + 18, 0xf0, 8);
	put_digits(ned + 26, serial, 4);
}

void run_read_configuration_data(struct call *call)
{
	uint16_t devno = call->drive->devno;
	uint8_t rcd[RCD_SIZE] = {};

	put_ned(rcd, NED_DEVICE, NED_TYPE_DEVICE, NED_CLASS_TAPE, devno);
	rcd[31] = devno & 0xf;
	/* Drives whose device numbers differ in the last digit share a control unit. */
	put_ned(rcd + NED_SIZE, NED_CONTROL_UNIT, NED_TYPE_CONTROL_UNIT, 0, devno & 0xfff0);
	/* The third one is that of a library, which there isn't. */
	put_ned(rcd + 3 * NED_SIZE, NED_TOKEN, 0, 0, devno & 0xfff0);
	rcd[128] = NEQ_GENERAL;
	rcd[129] = 0x80;	/* control unit 0 */
	rcd[131] = 0x80;	/* its channel adapter A */
	rcd[136] = (devno & 0xf) > 7;
	give(call, rcd, sizeof(rcd));
}
