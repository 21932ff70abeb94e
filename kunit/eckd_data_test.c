// SPDX-License-Identifier: GPL-2.0
/*
 * 3390: what reads give, what writes leave behind, and when that is durable.  The
 * programs are those that Linux's dasd_eckd.c and zipl's boot loader have.  Each case
 * runs for every way to access the file.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include "eckd_case.h"
#include "fake_device.h"

#define BLOCK		4096u
#define RECORDS		12u
#define TRACK_BYTES	(RECORDS * BLOCK)

/* How the file is accessed */
struct way {
	const char *name;
	struct fake_backing_mode mode;
};

static const struct way ways[] = {
	{ "at once" },
	{ "waiting for pages", { .later = FAKE_BY_TURNS } },
	{ "direct", { .later = FAKE_BY_TURNS, .direct = true } },
};

KUNIT_ARRAY_PARAM_DESC(way, ways, name);

static struct eckd_bench bench_create(struct kunit *test, u32 flags)
{
	const struct way *way = test->param_value;
	struct eckd_bench bench;
	u32 track;

	fake_backing_mode = way->mode;
	bench = eckd_bench_create(test, flags);
	for (track = 1; track < 5; track++)
		ckd_format(bench.backing, track, RECORDS, 0, BLOCK);
	return bench;
}

static void suite_exit(struct kunit *test)
{
	fake_backing_mode = (struct fake_backing_mode){};
}

/* dasd_eckd_build_cp_cmd_single(): one CCW for each block, over the end of a track */
static void eckd_reads_records(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);
	u32 i;

	ckd_define(bench.b, 0x40, 1, 2);
	ckd_locate(bench.b, 0x06, 8, 1, 9, BLOCK);
	for (i = 0; i < 8; i++)
		device_ccw(bench.b, CMD_READ_MT, 0, BLOCK, BENCH_DATA + i * BLOCK);
	device_expect_normal(bench.b);
	for (i = 0; i < 8; i++)
		eckd_expect_data(bench.b, BENCH_DATA + i * BLOCK, 1 + i / 4,
				 i < 4 ? 9 + i : i - 3, BLOCK);
}

/* Behind the extent there is no next track. */
static void eckd_read_stays_in_the_extent(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);

	ckd_define(bench.b, 0x40, 1, 1);
	ckd_locate(bench.b, 0x06, 2, 1, 12, BLOCK);
	device_ccw(bench.b, CMD_READ_MT, 0, BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_READ_MT, CCW_SLI, BLOCK, BENCH_DATA);
	device_expect(bench.b, 3, BENCH_CHECKED, 0, BLOCK);
	eckd_expect_sense(bench.b, 0, FILE_PROTECTED, 0);
}

/* Outside a domain a cylinder is the end: "End of cylinder" in the 3990 Reference */
static void eckd_multitrack_ends_with_the_cylinder(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);

	ckd_seek(bench.b, HEADS - 1);
	device_ccw(bench.b, CMD_READ_MT, CCW_SLI, BLOCK, BENCH_DATA);
	device_expect(bench.b, 1, BENCH_CHECKED, 0, BLOCK);
	eckd_expect_sense(bench.b, 0, END_OF_CYLINDER, 0);
}

/* Without multitrack it is the second index. */
static void eckd_empty_track_has_no_record(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);

	ckd_seek(bench.b, 7);
	device_ccw(bench.b, CMD_READ, CCW_SLI, BLOCK, BENCH_DATA);
	device_expect(bench.b, 1, BENCH_CHECKED, 0, BLOCK);
	eckd_expect_sense(bench.b, 0, NO_RECORD, 0);
	/* A search for a record that isn't there ends as well. */
	ckd_seek(bench.b, 1);
	ckd_search(bench.b, 1, 99);
	device_ccw(bench.b, CMD_READ, CCW_SLI, BLOCK, BENCH_DATA);
	device_expect(bench.b, 1, BENCH_CHECKED, CSTAT_INCORRECT_LENGTH, 5);
	eckd_expect_sense(bench.b, 0, NO_RECORD, 0);
}

static struct prefix_param track_prefix(u8 mask, u8 operation, u8 extended,
					u8 count, u8 record, u16 length)
{
	struct prefix_param param = {
		.format = 1, .validity = 0x80,
		.unit = UNIT, .subsystem = SUBSYSTEM & 0xff,
		.define = ckd_define_param(mask, 1, count),
		.locate = {
			.locate = ckd_locate_param(operation, count, 1, record,
						   length),
			.operation = extended,
		},
	};

	return param;
}

/* dasd_eckd_build_cp_cmd_track(): one CCW for each track */
static void eckd_reads_track_data(struct kunit *test)
{
	const struct prefix_param param = track_prefix(0x40, 0x0c, 0, 2, 11,
						       3 * BLOCK);
	struct eckd_bench bench = bench_create(test, 0);
	u32 i;

	ckd_prefix(bench.b, &param);
	device_ccw(bench.b, CMD_READ_TRACK_DATA, 0, 2 * BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_READ_TRACK_DATA, 0, 3 * BLOCK,
		   BENCH_DATA + 2 * BLOCK);
	device_expect_normal(bench.b);
	for (i = 0; i < 5; i++)
		eckd_expect_data(bench.b, BENCH_DATA + i * BLOCK, 1 + i / 2 - i / 4,
				 i < 2 ? 11 + i : i - 1, BLOCK);
	/* A track is read once, and no other one. */
	KUNIT_EXPECT_EQ(test, bench.backing->reads, 2);
}

static void expect_record(struct eckd_bench *bench, u32 track, u8 record,
			  const void *data)
{
	/* Home address, record zero, and the records before */
	const u32 at = 5 + 16 + (record - 1) * (8 + BLOCK) + 8;

	fake_backing_expect(bench->backing, eckd_track_at(track) + at, data,
			    BLOCK);
}

static void fill(struct device_bench *b, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		b->guest.storage[BENCH_DATA + i] = 1 + i % 253;
}

static void eckd_writes_track_data(struct kunit *test)
{
	const struct prefix_param param = track_prefix(0x80, 0x3f, 0x23, 2, 12,
						       BLOCK);
	struct eckd_bench bench = bench_create(test, 0);
	const u8 *data = bench.b->guest.storage + BENCH_DATA;
	u32 i;

	fill(bench.b, 3 * BLOCK);
	ckd_prefix(bench.b, &param);
	device_ccw(bench.b, CMD_WRITE_TRACK, 0, BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_WRITE_TRACK, 0, 2 * BLOCK, BENCH_DATA + BLOCK);
	device_expect_normal(bench.b);
	expect_record(&bench, 1, 12, data);
	expect_record(&bench, 2, 1, data + BLOCK);
	expect_record(&bench, 2, 2, data + 2 * BLOCK);
	/* Nothing else has changed. */
	for (i = 1; i < 12; i++) {
		ckd_define(bench.b, 0x40, 1, 2);
		ckd_locate(bench.b, 0x06, 1, i < 10 ? 2 : 1, i < 10 ? 2 + i : i,
			   BLOCK);
		device_ccw(bench.b, CMD_READ, 0, BLOCK, BENCH_DATA);
		device_expect_normal(bench.b);
		eckd_expect_data(bench.b, BENCH_DATA, i < 10 ? 2 : 1,
				 i < 10 ? 2 + i : i, BLOCK);
	}
	/* The domain is flushed once. */
	KUNIT_EXPECT_EQ(test, bench.backing->writes, 2);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
	fake_backing_expect_durable(bench.backing);
	KUNIT_EXPECT_FALSE(test, bench.backing->dsyncs);
}

static void write_one(struct device_bench *b, u16 count)
{
	ckd_define(b, 0x80, 1, 2);
	ckd_locate(b, 0x01, 1, 1, 3, BLOCK);
	device_ccw(b, CMD_WRITE_MT, CCW_SLI, count, BENCH_DATA);
}

/* "Write Data": zeros follow when the program gives fewer bytes. */
static void eckd_short_write_has_zeros_behind(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);
	u8 *data = bench.b->guest.storage + BENCH_DATA;

	fill(bench.b, BLOCK);
	write_one(bench.b, 100);
	device_expect_normal(bench.b);
	memset(data + 100, 0, BLOCK - 100);
	expect_record(&bench, 1, 3, data);
	fake_backing_expect_durable(bench.backing);
}

/* No more of the file is written than the blocks in which something has changed. */
static void eckd_writes_no_more_than_the_record(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);

	write_one(bench.b, BLOCK);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_LE(test, bench.backing->written, BLOCK + 2 * 512);
}

/* The only write of a domain is durable by itself, where the file system can do that. */
static void eckd_single_write_needs_no_flush(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);
	const struct way *way = test->param_value;

	write_one(bench.b, BLOCK);
	device_expect_normal(bench.b);
	/* tmpfs is none of these file systems. */
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
	KUNIT_EXPECT_EQ(test, bench.backing->direct > 0, way->mode.direct);
}

static void eckd_write_back_is_flushed_later(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, KVM_CSS_ECKD_WRITEBACK);

	write_one(bench.b, BLOCK);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 0);
	KUNIT_EXPECT_FALSE(test, cu_is_synced(bench.b->dev));
	KUNIT_EXPECT_EQ(test, cu_sync(bench.b->dev), 0);
	fake_backing_expect_durable(bench.backing);
}

/* A domain that the program leaves is in the file, and a quiesce flushes it. */
static void eckd_unfinished_domain_is_flushed_later(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);
	const u8 *data = bench.b->guest.storage + BENCH_DATA;

	fill(bench.b, BLOCK);
	ckd_define(bench.b, 0x80, 1, 2);
	ckd_locate(bench.b, 0x01, 2, 1, 3, BLOCK);
	device_ccw(bench.b, CMD_WRITE_MT, 0, BLOCK, BENCH_DATA);
	/* No command has the code 0: program check. */
	device_ccw(bench.b, 0, 0, 1, BENCH_DATA);
	device_expect(bench.b, 3, 0, CSTAT_PROGRAM_CHECK, 0);
	expect_record(&bench, 1, 3, data);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 0);
	KUNIT_EXPECT_FALSE(test, cu_is_synced(bench.b->dev));
	KUNIT_EXPECT_EQ(test, cu_sync(bench.b->dev), 0);
	fake_backing_expect_durable(bench.backing);
	/* A domain with another command to come, but no CCW for it, is flushed at once. */
	ckd_define(bench.b, 0x80, 1, 2);
	ckd_locate(bench.b, 0x01, 2, 1, 3, BLOCK);
	device_ccw(bench.b, CMD_WRITE_MT, 0, BLOCK, BENCH_DATA);
	device_expect_normal(bench.b);
	fake_backing_expect_durable(bench.backing);
}

/* The last command of the domain, a READ COUNT, leaves nothing to flush. */
static void eckd_write_before_a_count_is_durable(struct kunit *test)
{
	struct locate_param param = ckd_locate_param(0x01, 2, 1, 3, BLOCK);
	struct eckd_bench bench = bench_create(test, 0);

	param.auxiliary |= 0x01;
	fill(bench.b, BLOCK);
	ckd_define(bench.b, 0x80, 1, 2);
	device_ccw_param(bench.b, CMD_LOCATE, 0, &param, sizeof(param));
	device_ccw(bench.b, CMD_WRITE_MT, 0, BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_READ_COUNT, 0, 8, BENCH_DATA + BLOCK);
	device_expect_normal(bench.b);
	expect_record(&bench, 1, 3, bench.b->guest.storage + BENCH_DATA);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
	fake_backing_expect_durable(bench.backing);
	KUNIT_EXPECT_TRUE(test, cu_is_synced(bench.b->dev));
}

/* The last record of the domain has no data, and those before it are durable. */
static void eckd_write_before_an_end_of_file_is_durable(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);

	ckd_format(bench.backing, 2, 1, 0, 0);
	fill(bench.b, BLOCK);
	ckd_define(bench.b, 0x80, 1, 2);
	ckd_locate(bench.b, 0x01, 2, 1, RECORDS, 0);
	device_ccw(bench.b, CMD_WRITE_MT, 0, BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_WRITE_MT, CCW_SLI, 1, BENCH_DATA);
	device_expect(bench.b, 3, BENCH_NORMAL | DSTAT_UNIT_EXCEPTION, 0, 1);
	expect_record(&bench, 1, RECORDS, bench.b->guest.storage + BENCH_DATA);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
	fake_backing_expect_durable(bench.backing);
}

/* WRITE TRACK DATA doesn't take data for which the track has no record. */
static void eckd_track_data_needs_a_record(struct kunit *test)
{
	const struct prefix_param param = track_prefix(0x80, 0x3f, 0x23, 2, 12,
						       BLOCK);
	struct eckd_bench bench = bench_create(test, 0);

	ckd_format(bench.backing, 2, 0, 0, 0);
	ckd_prefix(bench.b, &param);
	device_ccw(bench.b, CMD_WRITE_TRACK, 0, BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_WRITE_TRACK, CCW_SLI, BLOCK, BENCH_DATA);
	device_expect(bench.b, 2, BENCH_CHECKED, 0, BLOCK);
	eckd_expect_sense(bench.b, 0, NO_RECORD, 0);
}

/* The host can't write: equipment check, permanent error */
static void eckd_host_error_is_an_equipment_check(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);

	fake_backing_fail(bench.backing, 0, -EIO);
	write_one(bench.b, BLOCK);
	device_expect(bench.b, 1, BENCH_CHECKED, 0, 0);
	eckd_expect_sense(bench.b, SENSE0_EQUIPMENT_CHECK, 0x80, 0);
	bench.backing->fails = false;
	bench.backing->fsync_error = -EIO;
	write_one(bench.b, BLOCK);
	device_expect(bench.b, 2, BENCH_CHECKED, 0, 0);
	eckd_expect_sense(bench.b, SENSE0_EQUIPMENT_CHECK, 0x80, 0);
}

/* dasd_eckd_build_format(): counts only, the second track by WRITE CKD NEXT TRACK */
static void format_two(struct device_bench *b, struct kunit *test)
{
	const u32 at = BENCH_DATA;
	u32 i;

	ckd_define(b, 0x00, 20, 21);
	ckd_locate(b, 0x03, 2 * RECORDS, 20, 0, BLOCK);
	for (i = 0; i < 2 * RECORDS; i++) {
		const struct count_area count = {
			.cylinder = cpu_to_be16(1),
			.head = cpu_to_be16(5 + i / RECORDS),
			.record = 1 + i % RECORDS,
			.data = cpu_to_be16(BLOCK),
		};

		fake_put(&b->guest, at + 8 * i, &count, sizeof(count));
		device_ccw(b, i == RECORDS ? CMD_WRITE_CKD_MT : CMD_WRITE_CKD,
			   CCW_SLI, 8, at + 8 * i);
	}
	device_expect_normal(b);
}

static void eckd_formats_tracks(struct kunit *test)
{
	static const u8 end[8] = { 255, 255, 255, 255, 255, 255, 255, 255 };
	struct eckd_bench bench = bench_create(test, 0);
	const u8 home[21] = { 0, 0, 1, 0, 6, 0, 1, 0, 6, 0, 0, 0, 8 };
	static u8 zeros[BLOCK];

	format_two(bench.b, test);
	KUNIT_EXPECT_EQ(test, bench.backing->fsyncs, 1);
	fake_backing_expect_durable(bench.backing);
	/* A track that nobody had written has a home address and a record zero now. */
	fake_backing_expect(bench.backing, eckd_track_at(21), home, sizeof(home));
	expect_record(&bench, 20, 12, zeros);
	fake_backing_expect(bench.backing, eckd_track_at(21) + 21 +
			    RECORDS * (8 + BLOCK), end, sizeof(end));
	/* dasd_eckd_analysis_ccw() then finds the records. */
	ckd_define(bench.b, 0x40, 20, 21);
	ckd_locate(bench.b, 0x06, 4, 20, 0, 0);
	device_ccw(bench.b, CMD_READ_COUNT, 0, 8, BENCH_DATA);
	device_ccw(bench.b, CMD_READ_COUNT, 0, 8, BENCH_DATA + 8);
	device_ccw(bench.b, CMD_READ_COUNT, 0, 8, BENCH_DATA + 16);
	device_ccw(bench.b, CMD_READ_COUNT, 0, 8, BENCH_DATA + 24);
	ckd_locate(bench.b, 0x06, 1, 21, 0, 0);
	device_ccw(bench.b, CMD_READ_COUNT, 0, 8, BENCH_DATA + 32);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_EQ(test, bench.b->guest.storage[BENCH_DATA + 28], 4);
	KUNIT_EXPECT_EQ(test, bench.b->guest.storage[BENCH_DATA + 36], 1);
}

/* "Write Count, Key, and Data" cuts the track behind the record. */
static void eckd_write_ckd_cuts_the_track(struct kunit *test)
{
	const struct count_area count = {
		.head = cpu_to_be16(1), .record = 4, .key = 4,
		.data = cpu_to_be16(10),
	};
	struct eckd_bench bench = bench_create(test, 0);

	ckd_seek(bench.b, 1);
	ckd_search(bench.b, 1, 3);
	device_ccw_param(bench.b, CMD_WRITE_CKD, CCW_SLI, &count, sizeof(count));
	device_expect_normal(bench.b);
	ckd_define(bench.b, 0x40, 1, 1);
	ckd_locate(bench.b, 0x06, 1, 1, 5, 0);
	device_expect(bench.b, 1, BENCH_CHECKED, 0, 0);
	eckd_expect_sense(bench.b, 0, NO_RECORD, 0);
	ckd_define(bench.b, 0x40, 1, 1);
	ckd_locate(bench.b, 0x06, 1, 1, 4, 0);
	device_ccw(bench.b, 0x0e, 0, 14, BENCH_DATA);
	device_expect_normal(bench.b);
	fake_backing_expect_durable(bench.backing);
}

/* "Erase": the records end there. */
static void eckd_erase_cuts_the_track(struct kunit *test)
{
	static const u8 count[8];
	struct eckd_bench bench = bench_create(test, 0);

	ckd_define(bench.b, 0xc0, 1, 1);
	ckd_locate(bench.b, 0x0b, 1, 1, 11, 8);
	device_ccw_param(bench.b, CMD_ERASE, CCW_SLI, count, sizeof(count));
	device_expect_normal(bench.b);
	ckd_define(bench.b, 0x40, 1, 1);
	ckd_locate(bench.b, 0x06, 2, 1, 11, 0);
	device_ccw(bench.b, CMD_READ, 0, BLOCK, BENCH_DATA);
	eckd_expect_sense(bench.b, 0, 0, 0);
	device_ccw(bench.b, CMD_READ_MT, CCW_SLI, BLOCK, BENCH_DATA);
	device_expect(bench.b, 3, BENCH_CHECKED, 0, BLOCK);
	eckd_expect_sense(bench.b, 0, FILE_PROTECTED, 0);
}

/* A thirteenth record of 4 KiB doesn't fit: invalid track format, and nothing changes. */
static void eckd_full_track_takes_no_record(struct kunit *test)
{
	const struct count_area count = {
		.head = cpu_to_be16(1), .record = 13, .data = cpu_to_be16(BLOCK),
	};
	struct eckd_bench bench = bench_create(test, 0);

	ckd_define(bench.b, 0x00, 1, 1);
	ckd_locate(bench.b, 0x03, 1, 1, 12, BLOCK);
	device_ccw_param(bench.b, CMD_WRITE_CKD, CCW_SLI, &count, sizeof(count));
	device_expect(bench.b, 2, BENCH_CHECKED, 0, 0);
	eckd_expect_sense(bench.b, 0, INVALID_TRACK, 0);
	KUNIT_EXPECT_EQ(test, bench.backing->writes, 0);
}

/* dasd_eckd_build_cp_raw(): a track is copied with its counts and keys. */
static void eckd_copies_full_tracks(struct kunit *test)
{
	struct prefix_param param = track_prefix(0x40, 0x4c, 0, 1, 0, 0);
	struct eckd_bench bench = bench_create(test, 0);
	u8 *image = kunit_kzalloc(test, 21 + 50 * (8 + 44 + 96) + 8, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, image);
	ckd_format(bench.backing, 1, 50, 44, 96);
	ckd_prefix(bench.b, &param);
	device_ccw(bench.b, CMD_READ_TRACK, CCW_SLI, 57326, BENCH_DATA);
	device_expect(bench.b, 1, BENCH_NORMAL, 0,
		      57326 - 16 - 50 * (8 + 44 + 96) - 8);
	param = track_prefix(0xc0, 0x3f, 0x11, 1, 0, 0);
	param.locate.len = cpu_to_be16(2);
	param.locate.extra[0] = 0x80;
	param.define = ckd_define_param(0xc0, 1, 30);
	param.locate.locate.seek[0] = cpu_to_be16(2);
	param.locate.locate.seek[1] = 0;
	ckd_prefix(bench.b, &param);
	device_ccw(bench.b, CMD_WRITE_FULL, CCW_SLI, 57326, BENCH_DATA);
	device_run(bench.b);
	KUNIT_EXPECT_EQ(test, bench.b->cp.ending.dstat, BENCH_NORMAL);
	/* The home address isn't part of what is written. */
	fake_backing_read(bench.backing, eckd_track_at(1) + 5, image,
			  16 + 50 * (8 + 44 + 96) + 8);
	fake_backing_expect(bench.backing, eckd_track_at(30) + 5, image,
			    16 + 50 * (8 + 44 + 96) + 8);
	fake_backing_expect_durable(bench.backing);
}

/* The boot loader of a guest: READ IPL, then seeks and searches */
static void eckd_ipl(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);

	ckd_format(bench.backing, 0, 4, 0, 24);
	device_ccw(bench.b, CMD_READ_IPL, CCW_SLI, 24, BENCH_DATA);
	device_ccw(bench.b, CMD_READ, 0, 24, BENCH_DATA + 0x100);
	ckd_seek(bench.b, 2);
	ckd_search(bench.b, 2, 7);
	device_ccw(bench.b, CMD_READ, 0, BLOCK, BENCH_DATA + 0x1000);
	device_ccw(bench.b, CMD_READ, 0, BLOCK, BENCH_DATA + 0x2000);
	device_expect_normal(bench.b);
	eckd_expect_data(bench.b, BENCH_DATA, 0, 1, 24);
	eckd_expect_data(bench.b, BENCH_DATA + 0x100, 0, 2, 24);
	eckd_expect_data(bench.b, BENCH_DATA + 0x1000, 2, 7, BLOCK);
	eckd_expect_data(bench.b, BENCH_DATA + 0x2000, 2, 8, BLOCK);
	/* Not behind a DEFINE EXTENT */
	ckd_define(bench.b, 0, 0, 1);
	device_ccw(bench.b, CMD_READ_IPL, CCW_SLI, 24, BENCH_DATA);
	device_expect(bench.b, 1, DSTAT_UNIT_CHECK, 0, 24);
}

/* The home address, R0 and whole records: cases 0x1A, 0x16 and 0x1E of Hercules */
static void eckd_reads_the_parts_of_a_track(struct kunit *test)
{
	static const u8 home[5] = { 0, 0, 0, 0, 3 };
	static const u8 zero[8] = { 0, 0, 0, 3, 0, 0, 0, 8 };
	static const u8 one[8] = { 0, 0, 0, 3, 1, 0, 0x10, 0 };
	struct eckd_bench bench = bench_create(test, 0);

	ckd_seek(bench.b, 3);
	device_ccw(bench.b, CMD_READ_HA, 0, 5, BENCH_DATA);
	device_ccw(bench.b, CMD_READ_R0, 0, 16, BENCH_DATA + 0x10);
	device_ccw(bench.b, CMD_READ_CKD, 0, 8 + BLOCK, BENCH_DATA + 0x20);
	device_expect_normal(bench.b);
	device_expect_storage(bench.b, BENCH_DATA, home, sizeof(home));
	device_expect_storage(bench.b, BENCH_DATA + 0x10, zero, sizeof(zero));
	device_expect_storage(bench.b, BENCH_DATA + 0x20, one, sizeof(one));
	eckd_expect_data(bench.b, BENCH_DATA + 0x28, 3, 1, BLOCK);
}

/* "Read Multiple Count, Key, and Data": case 0x5E of Hercules */
static void eckd_reads_multiple(struct kunit *test)
{
	static const u8 ten[8] = { 0, 0, 0, 3, 10, 0, 0x10, 0 };
	struct eckd_bench bench = bench_create(test, 0);
	struct device_bench *b = bench.b;
	u32 i;

	ckd_seek(b, 3);
	ckd_search(b, 3, 8);
	device_ccw(b, CMD_READ_MULTIPLE, 0, 4 * (8 + BLOCK), BENCH_DATA);
	/* The track goes on at its beginning. */
	device_ccw(b, CMD_READ, 0, BLOCK, BENCH_DATA + 0x6000);
	device_expect_normal(b);
	for (i = 0; i < 4; i++)
		eckd_expect_data(b, BENCH_DATA + i * (8 + BLOCK) + 8, 3, 9 + i,
				 BLOCK);
	device_expect_storage(b, BENCH_DATA + 8 + BLOCK, ten, sizeof(ten));
	eckd_expect_data(b, BENCH_DATA + 0x6000, 3, 1, BLOCK);
}

/* "Write Home Address" and "Write Record Zero": the way to repair a track by hand */
static void eckd_writes_a_home_address(struct kunit *test)
{
	static const u8 home[11] = { 0, 0, 0, 0, 2 };
	static const u8 zero[16] = { 0, 0, 0, 2, 0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8 };
	static const u8 track[29] = {
		0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8,
		255, 255, 255, 255, 255, 255, 255, 255,
	};
	struct eckd_bench bench = bench_create(test, 0);
	static const u8 junk[5] = { 1, 2, 3 };

	fake_backing_put(bench.backing, eckd_track_at(2), junk, sizeof(junk));
	ckd_define(bench.b, 0xc0, 0, TRACKS - 1);
	ckd_seek(bench.b, 2);
	device_ccw_param(bench.b, CMD_WRITE_HA, CCW_SLI, home, sizeof(home));
	device_ccw_param(bench.b, CMD_WRITE_R0, 0, zero, sizeof(zero));
	device_expect_normal(bench.b);
	fake_backing_expect(bench.backing, eckd_track_at(2), track, sizeof(track));
	fake_backing_expect_durable(bench.backing);
	ckd_seek(bench.b, 2);
	device_ccw(bench.b, CMD_READ, CCW_SLI, BLOCK, BENCH_DATA);
	device_expect(bench.b, 1, BENCH_CHECKED, 0, BLOCK);
	eckd_expect_sense(bench.b, 0, NO_RECORD, 0);
}

/* A record without data is the end of a file: unit exception. */
static void eckd_end_of_file(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);

	ckd_format(bench.backing, 1, 1, 0, 0);
	ckd_seek(bench.b, 1);
	device_ccw(bench.b, CMD_READ, CCW_SLI, 1, BENCH_DATA);
	device_expect(bench.b, 1, BENCH_NORMAL | DSTAT_UNIT_EXCEPTION, 0, 1);
}

/* A track that is damaged can't be used, but be written as a whole. */
static void eckd_damaged_track(struct kunit *test)
{
	static const u8 junk[8] = { 0, 0, 0, 1, 1, 255, 255, 255 };
	struct prefix_param param = track_prefix(0xc0, 0x3f, 0x11, 1, 0, 0);
	static const u8 fresh[24] = { 0, 0, 0, 1, 0, 0, 0, 8, [16] = 255, 255, 255,
				      255, 255, 255, 255, 255 };
	struct eckd_bench bench = bench_create(test, 0);
	u32 i;

	for (i = 0; i < 2; i++) {
		/* Its first record goes beyond its end; its home address is wrong. */
		fake_backing_put(bench.backing, eckd_track_at(1) +
				 (i ? 0 : 21), i ? junk + 3 : junk, i ? 5 : 8);
		ckd_define(bench.b, 0x40, 1, 1);
		ckd_locate(bench.b, 0x06, 1, 1, 1, 0);
		device_expect(bench.b, 1, BENCH_CHECKED, 0, 0);
		eckd_expect_sense(bench.b, 0, INVALID_TRACK, 0);
	}
	param.locate.len = cpu_to_be16(2);
	param.locate.extra[0] = 0x80;
	ckd_prefix(bench.b, &param);
	device_ccw_param(bench.b, CMD_WRITE_FULL, 0, fresh, sizeof(fresh));
	device_expect_normal(bench.b);
	ckd_define(bench.b, 0x40, 1, 1);
	ckd_locate(bench.b, 0x06, 1, 1, 0, 0);
	device_expect_normal(bench.b);
}

/* A halt ends the data, and the device finishes the record with those that it has. */
static void eckd_halted_write_is_finished(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);
	struct device_bench *b = bench.b;
	u8 *data = b->guest.storage + BENCH_DATA;

	fill(b, BLOCK);
	ckd_define(b, 0x80, 1, 2);
	ckd_locate(b, 0x01, 1, 1, 3, BLOCK);
	device_ccw(b, CMD_WRITE_MT, CCW_CD, 1000, BENCH_DATA);
	device_ccw(b, 0, 0, BLOCK - 1000, BENCH_DATA + 1000);
	b->guest.before_read = fake_halt_program;
	b->guest.before_read_arg = &b->cp;
	b->guest.before_read_addr = BENCH_DATA;
	device_expect(b, 2, BENCH_NORMAL, 0, 0);
	b->guest.before_read = NULL;
	memset(data + 1000, 0, BLOCK - 1000);
	expect_record(&bench, 1, 3, data);
	fake_backing_expect_durable(bench.backing);
}

/* Hostile programs on a hostile image: the fake file checks what is accessed. */

static const u8 random_commands[] = {
	CMD_READ_IPL, CMD_WRITE, CMD_READ, CMD_SEEK, CMD_WRITE_KD, CMD_READ_KD,
	CMD_ERASE, CMD_READ_COUNT, CMD_WRITE_R0, CMD_READ_R0, CMD_READ_HA,
	CMD_SEEK_HEAD, CMD_WRITE_CKD, CMD_READ_CKD, CMD_FILE_MASK, CMD_PSF,
	CMD_SEARCH_KEY, CMD_SEARCH_ID, CMD_SEARCH_HA, CMD_RSSD, CMD_LOCATE,
	CMD_LOCATE_EXT, CMD_SEARCH_ID_HIGH, CMD_DEFINE, CMD_SEARCH_ID_HE,
	CMD_WRITE_MT, CMD_READ_MT, CMD_READ_COUNT_MT, CMD_WRITE_FULL,
	CMD_WRITE_CKD_MT, CMD_WRITE_TRACK, CMD_READ_TRACK_DATA, CMD_SEARCH_ID_MT,
	CMD_READ_TRACK, CMD_PREFIX, CMD_READ_MULTIPLE, CMD_WRITE_HA,
};

static void random_ccw(struct device_bench *b, struct rnd_state *rnd)
{
	const u32 bits = prandom_u32_state(rnd);
	const u8 cmd = random_commands[bits % ARRAY_SIZE(random_commands)];
	u8 param[32];

	if (bits & BIT(20)) {
		device_ccw(b, cmd, CCW_SLI, (bits >> 8) % 60000, BENCH_DATA);
		return;
	}
	prandom_bytes_state(rnd, param, sizeof(param));
	if (bits & BIT(21))
		memset(param + 4, 0, sizeof(param) - 4);
	device_ccw_param(b, cmd, CCW_SLI, param, 1 + (bits >> 24) % 32);
}

/* A good beginning, so that many programs get further */
static void random_begin(struct device_bench *b, struct rnd_state *rnd)
{
	static const struct {
		u8 operation;
		u8 cmd;
	} domains[] = {
		{ 0x01, CMD_WRITE_MT }, { 0x03, CMD_WRITE_CKD },
		{ 0x03, CMD_WRITE_CKD_MT }, { 0x06, CMD_READ_MT },
		{ 0x06, CMD_READ_COUNT_MT }, { 0x0b, CMD_ERASE },
		{ 0x0c, CMD_READ_TRACK_DATA }, { 0x4c, CMD_READ_TRACK },
		{ 0x16, CMD_READ_CKD }, { 0x43, CMD_WRITE_R0 },
	};
	const u32 bits = prandom_u32_state(rnd);
	const u32 domain = (bits >> 8) % ARRAY_SIZE(domains);
	u8 count = 1 + (bits >> 16) % 3;

	switch (bits & 3) {
	case 0:
		ckd_seek(b, (bits >> 8) % TRACKS);
		ckd_search(b, (bits >> 8) % TRACKS, (bits >> 16) & 3);
		break;
	case 1:
	case 2:
		ckd_define(b, 0xc0, 0, TRACKS - 1);
		ckd_locate(b, domains[domain].operation, count,
			   1 + (bits >> 24) % 6, 0, 0);
		while (count--)
			device_ccw(b, domains[domain].cmd, CCW_SLI,
				   (bits >> 4) % 5000, BENCH_DATA);
		break;
	}
}

static void eckd_hostile(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);
	const struct chanprog_ending *ending;
	unsigned int i, j, further = 0;
	u32 begun;
	struct rnd_state rnd;
	u8 junk[64];

	prandom_seed_state(&rnd, 3990);
	for (i = 0; i < 3000; i++) {
		if (!(i % 16)) {
			const u32 bits = prandom_u32_state(&rnd);

			prandom_bytes_state(&rnd, junk, sizeof(junk));
			fake_backing_put(bench.backing,
					 eckd_track_at(5 + bits % 3) +
					 (bits >> 8) % 50, junk, sizeof(junk));
		}
		random_begin(bench.b, &rnd);
		begun = BENCH_PROG + bench.b->nr_ccws * 8;
		for (j = 0; j < 4; j++)
			random_ccw(bench.b, &rnd);
		bench.b->on_vcpu = i & 1;
		ending = device_run(bench.b);
		further += ending->cpa > begun;
	}
	/* Many programs get to what is random in them, but not all. */
	KUNIT_EXPECT_GT(test, further, i / 10);
	KUNIT_EXPECT_LT(test, further, i - i / 10);
	KUNIT_EXPECT_GT(test, bench.backing->writes, i / 20);
	/* The header isn't a part of any track. */
	KUNIT_EXPECT_EQ(test, cu_sync(bench.b->dev), 0);
}

static struct kunit_case eckd_data_test_cases[] = {
	KUNIT_CASE_PARAM(eckd_reads_records, way_gen_params),
	KUNIT_CASE_PARAM(eckd_read_stays_in_the_extent, way_gen_params),
	KUNIT_CASE_PARAM(eckd_multitrack_ends_with_the_cylinder, way_gen_params),
	KUNIT_CASE_PARAM(eckd_empty_track_has_no_record, way_gen_params),
	KUNIT_CASE_PARAM(eckd_reads_track_data, way_gen_params),
	KUNIT_CASE_PARAM(eckd_writes_track_data, way_gen_params),
	KUNIT_CASE_PARAM(eckd_short_write_has_zeros_behind, way_gen_params),
	KUNIT_CASE_PARAM(eckd_writes_no_more_than_the_record, way_gen_params),
	KUNIT_CASE_PARAM(eckd_single_write_needs_no_flush, way_gen_params),
	KUNIT_CASE_PARAM(eckd_write_back_is_flushed_later, way_gen_params),
	KUNIT_CASE_PARAM(eckd_unfinished_domain_is_flushed_later, way_gen_params),
	KUNIT_CASE_PARAM(eckd_write_before_a_count_is_durable, way_gen_params),
	KUNIT_CASE_PARAM(eckd_write_before_an_end_of_file_is_durable,
			 way_gen_params),
	KUNIT_CASE_PARAM(eckd_track_data_needs_a_record, way_gen_params),
	KUNIT_CASE_PARAM(eckd_host_error_is_an_equipment_check, way_gen_params),
	KUNIT_CASE_PARAM(eckd_formats_tracks, way_gen_params),
	KUNIT_CASE_PARAM(eckd_write_ckd_cuts_the_track, way_gen_params),
	KUNIT_CASE_PARAM(eckd_erase_cuts_the_track, way_gen_params),
	KUNIT_CASE_PARAM(eckd_full_track_takes_no_record, way_gen_params),
	KUNIT_CASE_PARAM(eckd_copies_full_tracks, way_gen_params),
	KUNIT_CASE_PARAM(eckd_ipl, way_gen_params),
	KUNIT_CASE_PARAM(eckd_reads_the_parts_of_a_track, way_gen_params),
	KUNIT_CASE_PARAM(eckd_reads_multiple, way_gen_params),
	KUNIT_CASE_PARAM(eckd_writes_a_home_address, way_gen_params),
	KUNIT_CASE_PARAM(eckd_end_of_file, way_gen_params),
	KUNIT_CASE_PARAM(eckd_damaged_track, way_gen_params),
	KUNIT_CASE_PARAM(eckd_halted_write_is_finished, way_gen_params),
	KUNIT_CASE_PARAM(eckd_hostile, way_gen_params),
	{}
};

static struct kunit_suite eckd_data_suite = {
	.name = "kvm_css_eckd_data",
	.test_cases = eckd_data_test_cases,
	.exit = suite_exit,
};

kunit_test_suite(eckd_data_suite);
