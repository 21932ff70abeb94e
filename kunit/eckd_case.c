// SPDX-License-Identifier: GPL-2.0
/* A 3390 on an image, see eckd_case.h. */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/device_type.h>

#include "eckd_case.h"

#define PREFIX_AT	0x3800u

static const u8 image_header[512] = {
	'C', 'K', 'D', '_', 'P', '3', '7', '0',
	HEADS, 0, 0, 0, 0x00, 0xde, 0, 0, 0x90,
};

struct fake_backing *eckd_image_create(struct kunit *test, u32 cylinders)
{
	struct fake_backing *backing;

	backing = fake_backing_create(test, eckd_track_at(cylinders * HEADS));
	fake_backing_put(backing, 0, image_header, sizeof(image_header));
	return backing;
}

struct css_device *eckd_device_of(struct fake_backing *backing, u32 flags,
				  u32 cylinders)
{
	struct kvm_css_eckd arg = {
		.size = sizeof(arg),
		.flags = flags,
		.backing_fd = get_unused_fd_flags(O_CLOEXEC),
		.cylinders = cylinders,
		.subsystem = SUBSYSTEM,
		.unit = UNIT,
		.serial = "00000000KVM1",
	};
	struct css_device *dev;

	KUNIT_ASSERT_GE(backing->test, arg.backing_fd, 0);
	fd_install(arg.backing_fd, get_file(backing->file));
	dev = device_type_find(KVM_CSS_TYPE_ECKD)->create(&arg);
	close_fd(arg.backing_fd);
	backing->reads = 0;
	return dev;
}

struct eckd_bench eckd_bench_create(struct kunit *test, u32 flags)
{
	struct eckd_bench bench;

	bench.backing = eckd_image_create(test, CYLINDERS);
	bench.b = device_bench_create(test, eckd_device_of(bench.backing, flags,
							   0));
	return bench;
}

u8 eckd_byte(u32 track, u8 record, u32 at)
{
	return 1 + (track * 31 + record * 7 + at + at / 256) % 251;
}

static u8 *put_record(u8 *to, u32 track, u8 record, u8 key, u16 data)
{
	const struct count_area count = {
		.cylinder = cpu_to_be16(track / HEADS),
		.head = cpu_to_be16(track % HEADS),
		.record = record, .key = key, .data = cpu_to_be16(data),
	};
	u32 i;

	memcpy(to, &count, sizeof(count));
	to += sizeof(count);
	memset(to, record, key);
	to += key;
	for (i = 0; i < data; i++)
		*to++ = eckd_byte(track, record, i);
	return to;
}

void ckd_format(struct fake_backing *backing, u32 track, u8 records, u8 key,
		u16 data)
{
	u8 *image = kunit_kzalloc(backing->test, TRACK_IMAGE, GFP_KERNEL), *at;
	const __be16 address[2] = {
		cpu_to_be16(track / HEADS), cpu_to_be16(track % HEADS),
	};
	u8 record;

	KUNIT_ASSERT_NOT_NULL(backing->test, image);
	memcpy(image + 1, address, sizeof(address));
	at = put_record(image + 5, track, 0, 0, 8);
	for (record = 1; record <= records; record++)
		at = put_record(at, track, record, key, data);
	memset(at, 0xff, 8);
	fake_backing_put(backing, eckd_track_at(track), image, TRACK_IMAGE);
	kunit_kfree(backing->test, image);
}

struct define_param ckd_define_param(u8 mask, u32 first, u32 last)
{
	return (struct define_param){
		.mask = mask,
		.attributes = 0xc0,
		.first = { cpu_to_be16(first / HEADS), cpu_to_be16(first % HEADS) },
		.last = { cpu_to_be16(last / HEADS), cpu_to_be16(last % HEADS) },
	};
}

struct locate_param ckd_locate_param(u8 operation, u8 count, u32 track, u8 record,
				     u16 length)
{
	return (struct locate_param){
		.operation = operation,
		.auxiliary = length ? 0x80 : 0,
		.count = count,
		.seek = { cpu_to_be16(track / HEADS), cpu_to_be16(track % HEADS) },
		.search = { cpu_to_be16(track / HEADS), cpu_to_be16(track % HEADS) },
		.record = record,
		.length = cpu_to_be16(length),
	};
}

void ckd_define(struct device_bench *b, u8 mask, u32 first, u32 last)
{
	const struct define_param param = ckd_define_param(mask, first, last);

	device_ccw_param(b, CMD_DEFINE, 0, &param, sizeof(param));
}

void ckd_locate(struct device_bench *b, u8 operation, u8 count, u32 track,
		u8 record, u16 length)
{
	const struct locate_param param = ckd_locate_param(operation, count, track,
							   record, length);

	device_ccw_param(b, CMD_LOCATE, 0, &param, sizeof(param));
}

/* There is one in a program, and it is longer than other parameters. */
void ckd_prefix(struct device_bench *b, const struct prefix_param *param)
{
	const u16 len = sizeof(*param) - sizeof(param->locate.extra) +
			be16_to_cpu(param->locate.len);

	fake_put(&b->guest, PREFIX_AT, param, sizeof(*param));
	device_ccw(b, CMD_PREFIX, 0, len, PREFIX_AT);
}

void ckd_seek(struct device_bench *b, u32 track)
{
	const __be16 param[3] = {
		0, cpu_to_be16(track / HEADS), cpu_to_be16(track % HEADS),
	};

	device_ccw_param(b, CMD_SEEK, 0, param, sizeof(param));
}

void ckd_search(struct device_bench *b, u32 track, u8 record)
{
	const struct count_area param = {
		.cylinder = cpu_to_be16(track / HEADS),
		.head = cpu_to_be16(track % HEADS),
		.record = record,
	};
	u32 at = BENCH_PROG + b->nr_ccws * sizeof(b->ccws[0]);

	device_ccw_param(b, CMD_SEARCH_ID, 0, &param, 5);
	device_ccw(b, CCW_CMD_TIC, 0, 0, at);
}

void eckd_expect_sense(struct device_bench *b, u8 sense0, u8 sense1, u8 sense7)
{
	const u8 expected[27] = { sense0, sense1, [7] = sense7 };
	const bool any = sense0 || sense1;
	u8 sense[CU_SENSE_SIZE];

	cu_take_sense(b->dev, sense);
	KUNIT_EXPECT_MEMEQ(b->test, sense, expected, sizeof(expected));
	KUNIT_EXPECT_EQ(b->test, sense[27], any ? 0xa0 : 0);
}

void eckd_expect_data(struct device_bench *b, u32 addr, u32 track, u8 record,
		      u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		if (b->guest.storage[addr + i] != eckd_byte(track, record, i))
			break;
	KUNIT_EXPECT_EQ_MSG(b->test, i, len, "track %u record %u at %x", track,
			    record, addr);
}
