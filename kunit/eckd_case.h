/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A 3390 on an image, with CCWs of channel programs for it.  The structures are those
 * that Linux's dasd-eckd fills in.
 */
#ifndef _KVM_CSS_KUNIT_ECKD_CASE_H
#define _KVM_CSS_KUNIT_ECKD_CASE_H

#include <asm/byteorder.h>
#include <linux/build_bug.h>

#include "device_bench.h"
#include "fake_backing.h"

#define HEADS			15u
#define TRACK_IMAGE		56832u
#define CYLINDERS		3u
#define TRACKS			(CYLINDERS * HEADS)
#define UNIT			0x42
#define SUBSYSTEM		0x0107

#define CMD_READ_IPL		0x02
#define CMD_WRITE		0x05
#define CMD_READ		0x06
#define CMD_SEEK		0x07
#define CMD_SEEK_CYLINDER	0x0b
#define CMD_WRITE_KD		0x0d
#define CMD_READ_KD		0x0e
#define CMD_ERASE		0x11
#define CMD_READ_COUNT		0x12
#define CMD_RECALIBRATE		0x13
#define CMD_STEAL		0x14
#define CMD_WRITE_R0		0x15
#define CMD_READ_R0		0x16
#define CMD_RESTORE		0x17
#define CMD_WRITE_HA		0x19
#define CMD_READ_HA		0x1a
#define CMD_SEEK_HEAD		0x1b
#define CMD_WRITE_CKD		0x1d
#define CMD_READ_CKD		0x1e
#define CMD_FILE_MASK		0x1f
#define CMD_READ_SECTOR		0x22
#define CMD_SET_SECTOR		0x23
#define CMD_PSF			0x27
#define CMD_SEARCH_KEY		0x29
#define CMD_SEARCH_ID		0x31
#define CMD_SNID		0x34
#define CMD_SEARCH_HA		0x39
#define CMD_RSSD		0x3e
#define CMD_LOCATE		0x47
#define CMD_LOCATE_EXT		0x4b
#define CMD_SEARCH_ID_HIGH	0x51
#define CMD_SNSS		0x54
#define CMD_SUSPEND		0x5b
#define CMD_READ_MULTIPLE	0x5e
#define CMD_DEFINE		0x63
#define CMD_RDC			0x64
#define CMD_SEARCH_ID_HE	0x71
#define CMD_WRITE_MT		0x85
#define CMD_READ_MT		0x86
#define CMD_READ_COUNT_MT	0x92
#define CMD_RELEASE		0x94
#define CMD_WRITE_FULL		0x95
#define CMD_WRITE_CKD_MT	0x9d
#define CMD_READ_LOG		0xa4
#define CMD_WRITE_TRACK		0xa5
#define CMD_READ_TRACK_DATA	0xa6
#define CMD_SPID		0xaf
#define CMD_SEARCH_ID_MT	0xb1
#define CMD_RESERVE		0xb4
#define CMD_READ_TRACK		0xde
#define CMD_PREFIX		0xe7
#define CMD_RCD			0xfa

/* Sense byte 1 */
#define INVALID_TRACK		0x40
#define END_OF_CYLINDER		0x20
#define NO_RECORD		0x08
#define FILE_PROTECTED		0x04
#define WRITE_INHIBITED		0x02

struct count_area {
	__be16 cylinder;
	__be16 head;
	u8     record;
	u8     key;
	__be16 data;
} __packed;

struct define_param {
	u8     mask;
	u8     attributes;
	__be16 block_size;
	u8     zeros[3];
	u8     extended;
	__be16 first[2];
	__be16 last[2];
} __packed;
static_assert(sizeof(struct define_param) == 16);

struct locate_param {
	u8     operation;
	u8     auxiliary;
	u8     zero;
	u8     count;
	__be16 seek[2];
	__be16 search[2];
	u8     record;
	u8     sector;
	__be16 length;
} __packed;
static_assert(sizeof(struct locate_param) == 16);

struct locate_ext_param {
	struct locate_param locate;
	u8     zero;
	u8     operation;
	__be16 len;
	u8     extra[2];
} __packed;
static_assert(sizeof(struct locate_ext_param) == 22);

struct prefix_param {
	u8     format;
	u8     validity;
	u8     unit;
	u8     auxiliary;
	u8     subsystem;
	u8     zeros[7];
	struct define_param define;
	u8     extended[16];
	struct locate_ext_param locate;
} __packed;
static_assert(sizeof(struct prefix_param) == 66);

/* Parameters for tracks of a small disk.  A length that isn't zero is valid. */
struct define_param ckd_define_param(u8 mask, u32 first, u32 last);
struct locate_param ckd_locate_param(u8 operation, u8 count, u32 track, u8 record,
				     u16 length);

/**
 * struct eckd_bench - the device and its image
 * @backing: the image
 * @b: the device, with a guest that runs programs on it
 */
struct eckd_bench {
	struct fake_backing *backing;
	struct device_bench *b;
};

/**
 * eckd_image_create() - make an image without a track that has been written
 * @test: the test case
 * @cylinders: how many cylinders
 *
 * Return: the image.
 */
struct fake_backing *eckd_image_create(struct kunit *test, u32 cylinders);

/**
 * eckd_device_of() - make a device on an image
 * @backing: the image
 * @flags: KVM_CSS_ECKD_*
 * @cylinders: how many cylinders it has; 0 for all
 *
 * Return: the device, or why there is none.
 */
struct css_device *eckd_device_of(struct fake_backing *backing, u32 flags,
				  u32 cylinders);

/**
 * eckd_bench_create() - make an image, and a device on it
 * @test: the test case
 * @flags: KVM_CSS_ECKD_*
 *
 * Return: the device, with CYLINDERS cylinders.
 */
struct eckd_bench eckd_bench_create(struct kunit *test, u32 flags);

/**
 * eckd_byte() - what the data of formatted tracks are
 * @track: the track
 * @record: the record
 * @at: which byte of its data
 *
 * Return: the byte.
 */
u8 eckd_byte(u32 track, u8 record, u32 at);

/**
 * ckd_format() - write records to a track of the image
 * @backing: the image
 * @track: the track
 * @records: how many records there are beside record zero
 * @key: length of their keys; each byte of a key is the record's number
 * @data: length of their data
 */
void ckd_format(struct fake_backing *backing, u32 track, u8 records, u8 key,
		u16 data);

/**
 * eckd_track_at() - where a track is in the image
 * @track: the track
 *
 * Return: position in the file.
 */
static inline loff_t eckd_track_at(u32 track)
{
	return 512 + (loff_t)track * TRACK_IMAGE;
}

void ckd_define(struct device_bench *b, u8 mask, u32 first, u32 last);
void ckd_locate(struct device_bench *b, u8 operation, u8 count, u32 track,
		u8 record, u16 length);
void ckd_prefix(struct device_bench *b, const struct prefix_param *param);
void ckd_seek(struct device_bench *b, u32 track);
/* A search for an ID, and the TIC that repeats it until it is found */
void ckd_search(struct device_bench *b, u32 track, u8 record);

/**
 * eckd_expect_sense() - fetch the sense bytes and check them
 * @b: the device
 * @sense0: sense byte 0
 * @sense1: sense byte 1
 * @sense7: sense byte 7
 */
void eckd_expect_sense(struct device_bench *b, u8 sense0, u8 sense1, u8 sense7);

/**
 * eckd_expect_data() - expect data of a record in guest storage
 * @b: the device
 * @addr: absolute address
 * @track: the track
 * @record: the record
 * @len: how many bytes
 */
void eckd_expect_data(struct device_bench *b, u32 addr, u32 track, u8 record,
		      u32 len);

#endif /* _KVM_CSS_KUNIT_ECKD_CASE_H */
