/* SPDX-License-Identifier: GPL-2.0 */
/*
 * CHANNEL SUBSYSTEM CALL: its command blocks as they lie in guest storage.
 *
 * The Principles of Operation don't describe the commands.  So this file has
 * what both sides agree on: Linux (drivers/s390/cio/chsc.c), which executes
 * CHSC, and QEMU (target/s390x/ioinst.c), which implements it.  A bit that
 * neither of them names is not defined here.  All fields are big-endian.
 */
#ifndef _KVM_CSS_CHSC_LAYOUT_H
#define _KVM_CSS_CHSC_LAYOUT_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

#include <asm/byteorder.h>

/* The request begins a block of this size; the response follows the request. */
#define CHSC_BLOCK		4096u

/* "Command-Request Block": what all requests begin with */
struct css_chsc_request {
	__be16 length;
	__be16 command;
	__be32 word1;
	__be32 word2;
	__be32 word3;
} __packed;
static_assert(sizeof(struct css_chsc_request) == 16);

#define CHSC_LENGTH_MIN		16u
#define CHSC_LENGTH_MAX		4088u
#define CHSC_LENGTH_UNIT	8u

#define CHSC_STORE_PATHS	0x0002	/* channel-path description */
#define CHSC_STORE_SUBCHANNELS	0x0004	/* subchannel description */
#define CHSC_STORE_EVENT	0x000e	/* event information */
#define CHSC_STORE_CHARS	0x0010	/* channel-subsystem characteristics */
#define CHSC_SET_DOMAIN		0x0031	/* domain attributes */

/* "Command-Response Block": what all responses begin with */
struct css_chsc_response {
	__be16 length;
	__be16 code;
	__be32 parameter;
} __packed;
static_assert(sizeof(struct css_chsc_response) == 8);

#define CHSC_DONE		0x0001
#define CHSC_INVALID_REQUEST	0x0003	/* length, reserved bits, range */
#define CHSC_NOT_PROVIDED	0x0004	/* no such command */
#define CHSC_NO_EVENT		0x0005
#define CHSC_INVALID_FORMAT	0x0007
#define CHSC_NO_IMAGE		0x0008	/* no image with that CSSID */

/* Store channel-path description, request */
#define CHSC_PATHS_LENGTH	16u
#define CHSC_PATHS_ZEROS1	0xc000f000u
#define CHSC_PATHS_M		0x20000000u
#define CHSC_PATHS_C		0x10000000u	/* format-1 descriptions */
#define CHSC_PATHS_FORMAT	0x0f000000u
#define CHSC_PATHS_CSSID	0x00ff0000u
#define CHSC_PATHS_CSSID_SHIFT	16
/*
 * The field RFMT without its lowest bit.  If RFMT is 0 or 1, C says which
 * format the descriptions have.  Other values ask for other formats.
 */
#define CHSC_PATHS_RFMT		0x00000e00u
#define CHSC_PATHS_FIRST	0x000000ffu
#define CHSC_PATHS_ZEROS2	0xffffff00u
#define CHSC_PATHS_LAST		0x000000ffu

/* Channel-path description, format 0 */
struct css_chsc_path0 {
	u8 flags;
	u8 switch_number;
	u8 type;
	u8 chpid;
	u8 switch_link;
	u8 zeros;
	u8 channel_link;
	u8 parallel;
} __packed;
static_assert(sizeof(struct css_chsc_path0) == 8);

/*
 * Channel-path description, format 1; the fields that are zeros have no name.
 */
struct css_chsc_path1 {
	u8 flags;
	u8 switch_number;
	u8 type;
	u8 chpid;
	u8 zeros[28];
} __packed;
static_assert(sizeof(struct css_chsc_path1) == 32);

#define CHSC_PATH_VALID		0x80
/* The type that QEMU gives to paths of virtual devices */
#define CHSC_PATH_VIRTUAL	0x32

/* Store subchannel description, request */
#define CHSC_SUBCHANNELS_LENGTH	16u
#define CHSC_SUBCHANNELS_ZEROS1	0xffc00000u
#define CHSC_SUBCHANNELS_SSID	0x00300000u
#define CHSC_SUBCHANNELS_SSID_SHIFT 20
#define CHSC_SUBCHANNELS_FORMAT	0x000f0000u
#define CHSC_SUBCHANNELS_FIRST	0x0000ffffu
#define CHSC_SUBCHANNELS_ZEROS2	0xffff0000u
#define CHSC_SUBCHANNELS_LAST	0x0000ffffu

/* Subchannel description; type 0 is an I/O subchannel. */
struct css_chsc_subchannel {
	u8     flags;
	u8     unit_address;
	__be16 devno;
	u8     path_mask;
	u8     link_mask;
	__be16 number;
	u8     chpid[8];
	__be16 link[8];
} __packed;
static_assert(sizeof(struct css_chsc_subchannel) == 32);

#define CHSC_SUBCHANNEL_VALID	0x80
#define CHSC_SUBCHANNEL_DEVICE	0x40	/* device number valid */

/* Store event information, request; words 2 and 3 select types of events. */
#define CHSC_EVENT_LENGTH	16u

/* Store channel-subsystem characteristics, request */
#define CHSC_CHARS_LENGTH	16u
#define CHSC_CHARS_ZEROS1	0xdff000ffu
#define CHSC_CHARS_M		0x20000000u
#define CHSC_CHARS_FORMAT	0x000f0000u
#define CHSC_CHARS_CSSID	0x0000ff00u
#define CHSC_CHARS_CSSID_SHIFT	8

/* Channel-subsystem characteristics */
struct css_chsc_chars {
	__be32 general[510];
	__be32 chsc[508];
} __packed;
static_assert(sizeof(struct css_chsc_chars) == 4072);

/* General characteristics, by the number of the bit */
#define CHSC_GENERAL_CANCEL	6	/* CANCEL SUBCHANNEL */
#define CHSC_GENERAL_SENSE	7	/* concurrent sense */
#define CHSC_GENERAL_MCSS	45	/* multiple images, sets */
#define CHSC_GENERAL_PATH1	46	/* format-1 path descriptions */
#define CHSC_GENERAL_BLOCK1	48	/* format-1 measurement blocks */

/* CHSC characteristics */
#define CHSC_CHSC_PATHS		1
#define CHSC_CHSC_SUBCHANNELS	3

/* Set domain attributes, request */
#define CHSC_DOMAIN_LENGTH	1024u
#define CHSC_DOMAIN_ZEROS1	0xf0ff0000u
#define CHSC_DOMAIN_FORMAT	0x0f000000u
#define CHSC_DOMAIN_OPERATION	0x0000ffffu

#define CHSC_ENABLE_MCSSE	0x0000
#define CHSC_ENABLE_MSS		0x0002

/* The data of the longest response, which is one to the shortest request */
#define CHSC_DATA		(CHSC_BLOCK - CHSC_LENGTH_MIN - \
				 sizeof(struct css_chsc_response))
#define CHSC_PATHS1_MAX		(CHSC_DATA / sizeof(struct css_chsc_path1))
#define CHSC_SUBCHANNELS_MAX	(CHSC_DATA / sizeof(struct css_chsc_subchannel))

struct css_chsc_answer {
	struct css_chsc_response head;
	union {
		/* There are 256 CHPIDs; their descriptions need 2 KiB. */
		struct css_chsc_path0 path0[256];
		struct css_chsc_path1 path1[CHSC_PATHS1_MAX];
		struct css_chsc_subchannel subchannel[CHSC_SUBCHANNELS_MAX];
		struct css_chsc_chars chars;
	};
} __packed;
static_assert(sizeof(struct css_chsc_answer) == CHSC_BLOCK - CHSC_LENGTH_MIN);

#endif /* _KVM_CSS_CHSC_LAYOUT_H */
