// SPDX-License-Identifier: GPL-2.0
/*
 * 3390: tracks whose records are all equal are read only as far as a command needs them.
 * "The host's side" in Documentation/eckd.rst has the rules.  Each case with a device runs
 * for every way to access the file.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <devices/eckd/track.h>

#include "eckd_case.h"
#include "rounds.h"

#define BLOCK		4096u
#define RECORDS		12u
/* What may be read for one block: its count area as well, in blocks of 512 bytes */
#define A_BLOCK		(BLOCK + 2 * 512)

/* Which tracks have a layout */

struct layout_record {
	u8  number;
	u8  key;
	u16 data;
};

struct layout_case {
	const char *name;
	struct layout_record records[4];	/* up to one without a number */
	u16 zero;				/* how long record zero is */
	u8  flag;				/* of the home address */
	bool valid;
};

static const struct layout_case layout_cases[] = {
	{ "equal records", { { 1, 0, 4096 }, { 2, 0, 4096 }, { 3, 0, 4096 } }, 8, 0, true },
	{ "with keys", { { 1, 44, 96 }, { 2, 44, 96 } }, 8, 0, true },
	{ "one record", { { 1, 0, 100 } }, 8, 0, true },
	{ "no data", { { 1, 0, 0 }, { 2, 0, 0 } }, 8, 0, true },
	{ "no record", { { 0 } }, 8, 0 },
	{ "a longer one", { { 1, 0, 4096 }, { 2, 0, 4097 } }, 8, 0 },
	{ "a longer key", { { 1, 4, 96 }, { 2, 5, 96 } }, 8, 0 },
	{ "a key for data", { { 1, 4, 96 }, { 2, 5, 95 } }, 8, 0 },
	{ "a number is missing", { { 1, 0, 100 }, { 3, 0, 100 } }, 8, 0 },
	{ "a number twice", { { 1, 0, 100 }, { 1, 0, 100 } }, 8, 0 },
	{ "not from one", { { 2, 0, 100 }, { 3, 0, 100 } }, 8, 0 },
	{ "a longer record zero", { { 1, 0, 100 } }, 9, 0 },
	{ "a home address with a flag", { { 1, 0, 100 } }, 8, 1 },
};

KUNIT_ARRAY_PARAM_DESC(layout, layout_cases, name);

static u8 *make_track(struct kunit *test, u32 number, const struct layout_case *c)
{
	u8 *track = kunit_kzalloc(test, IMAGE_TRACK_SIZE, GFP_KERNEL);
	const struct eckd_address address = eckd_address(number);
	struct track_count count = {
		.address = address, .data = cpu_to_be16(c->zero),
	};
	u32 at = TRACK_FIRST;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, track);
	/* Data that look like nothing */
	memset(track, 0x5a, IMAGE_TRACK_SIZE);
	track[0] = c->flag;
	memcpy(track + 1, &address, sizeof(address));
	memcpy(track + at, &count, sizeof(count));
	at += sizeof(count) + c->zero;
	for (i = 0; i < ARRAY_SIZE(c->records) && c->records[i].number; i++) {
		count.record = c->records[i].number;
		count.key = c->records[i].key;
		count.data = cpu_to_be16(c->records[i].data);
		memcpy(track + at, &count, sizeof(count));
		at += sizeof(count) + c->records[i].key + c->records[i].data;
	}
	track_end(track, at);
	return track;
}

static void eckd_track_layout(struct kunit *test)
{
	const struct layout_case *c = test->param_value;
	u8 *track = make_track(test, 17, c), *copy;
	struct track_layout layout;

	KUNIT_ASSERT_EQ(test, track_layout(track, 17, &layout), c->valid);
	/* It isn't that of another track. */
	KUNIT_EXPECT_FALSE(test, track_layout(track, 18, &layout));
	if (!c->valid)
		return;
	KUNIT_ASSERT_TRUE(test, track_layout(track, 17, &layout));
	KUNIT_EXPECT_TRUE(test, track_has_outline(track, 17, &layout));
	/* The outline is what is there anyway, and it is complete. */
	copy = kunit_kzalloc(test, IMAGE_TRACK_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, track, IMAGE_TRACK_SIZE);
	track_outline(copy, 17, &layout);
	KUNIT_EXPECT_MEMEQ(test, copy, track, IMAGE_TRACK_SIZE);
	memset(copy, 0xa5, IMAGE_TRACK_SIZE);
	track_outline(copy, 17, &layout);
	KUNIT_EXPECT_TRUE(test, track_has_outline(copy, 17, &layout));
	KUNIT_EXPECT_TRUE(test, track_valid(copy, 17));
}

/* Every byte of it counts. */
static void eckd_track_outline_differs(struct kunit *test)
{
	const struct layout_case *c = &layout_cases[1];
	u8 *track = make_track(test, 17, c);
	struct track_layout layout;
	/* Home address, record zero, two records, end mark: which bytes are contents */
	u32 i, contents = 0;

	KUNIT_ASSERT_TRUE(test, track_layout(track, 17, &layout));
	for (i = 0; i < 5 + 16 + 2 * (8 + 44 + 96) + 8; i++) {
		track[i] ^= 1;
		contents += track_has_outline(track, 17, &layout);
		track[i] ^= 1;
	}
	KUNIT_EXPECT_EQ(test, contents, 8 + 2 * (44 + 96));
}

/* How the file is accessed */
struct way {
	const char *name;
	struct fake_backing_mode mode;
	bool on_vcpu;
};

static const struct way ways[] = {
	{ "at once" },
	{ "on a vCPU", { }, true },
	{ "waiting for pages", { .later = FAKE_BY_TURNS } },
	{ "direct", { .later = FAKE_BY_TURNS, .direct = true } },
};

KUNIT_ARRAY_PARAM_DESC(way, ways, name);

static struct eckd_bench bench_create(struct kunit *test)
{
	const struct way *way = test->param_value;
	struct eckd_bench bench;
	u32 track;

	fake_backing_mode = way->mode;
	bench = eckd_bench_create(test, 0);
	bench.b->on_vcpu = way->on_vcpu;
	for (track = 1; track < 5; track++)
		ckd_format(bench.backing, track, RECORDS, 0, BLOCK);
	return bench;
}

static void suite_exit(struct kunit *test)
{
	fake_backing_mode = (struct fake_backing_mode){};
}

/* Read records one by one.  Return: how many bytes of the file that has taken. */
static u64 read_records(struct eckd_bench *bench, u32 track, u8 record, u8 count)
{
	const u64 before = bench->backing->read;
	u8 i;

	ckd_define(bench->b, 0x40, 1, 4);
	ckd_locate(bench->b, 0x06, count, track, record, BLOCK);
	for (i = 0; i < count; i++)
		device_ccw(bench->b, CMD_READ_MT, 0, BLOCK, BENCH_DATA + i * BLOCK);
	device_expect_normal(bench->b);
	for (i = 0; i < count; i++)
		eckd_expect_data(bench->b, BENCH_DATA + i * BLOCK,
				 track + (record - 1 + i) / RECORDS,
				 1 + (record - 1 + i) % RECORDS, BLOCK);
	return bench->backing->read - before;
}

static void eckd_reads_what_is_needed(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test);

	KUNIT_EXPECT_EQ(test, read_records(&bench, 1, 3, 1), IMAGE_TRACK_SIZE);
	KUNIT_EXPECT_LE(test, read_records(&bench, 1, 1, 1), A_BLOCK);
	KUNIT_EXPECT_LE(test, read_records(&bench, 1, RECORDS, 1), A_BLOCK);
	/* All that the domain announces is read at once. */
	KUNIT_EXPECT_LE(test, read_records(&bench, 1, 4, 3), 3 * (BLOCK + 8) + 1024);
	/* Over the end of the track, to one that isn't known yet */
	KUNIT_EXPECT_LE(test, read_records(&bench, 1, RECORDS, 2),
			A_BLOCK + IMAGE_TRACK_SIZE);
	KUNIT_EXPECT_LE(test, read_records(&bench, 1, RECORDS, 2), 2 * A_BLOCK);
	KUNIT_EXPECT_LE(test, read_records(&bench, 2, 7, 1), A_BLOCK);
}

/* dasd_eckd_build_cp_cmd_track(): the last track has as much as the prefix says. */
static void eckd_reads_track_data_that_is_needed(struct kunit *test)
{
	struct prefix_param param = {
		.format = 1, .validity = 0x80,
		.define = ckd_define_param(0x40, 1, 2),
		.locate.locate = ckd_locate_param(0x0c, 2, 1, 12, 2 * BLOCK),
	};
	struct eckd_bench bench = bench_create(test);
	u64 before;
	u32 i;

	read_records(&bench, 1, 1, 1);
	read_records(&bench, 2, 1, 1);
	before = bench.backing->read;
	ckd_prefix(bench.b, &param);
	device_ccw(bench.b, CMD_READ_TRACK_DATA, 0, BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_READ_TRACK_DATA, 0, 2 * BLOCK, BENCH_DATA + BLOCK);
	device_expect_normal(bench.b);
	for (i = 0; i < 3; i++)
		eckd_expect_data(bench.b, BENCH_DATA + i * BLOCK, i ? 2 : 1,
				 i ?: 12, BLOCK);
	KUNIT_EXPECT_LE(test, bench.backing->read - before, 3 * BLOCK + 4 * 512);
}

/* A search and a READ COUNT need nothing of the track but where its records are. */
static void eckd_searches_without_reading(struct kunit *test)
{
	static const u8 count[8] = { 0, 0, 0, 1, 8, 0, 0x10, 0 };
	struct eckd_bench bench = bench_create(test);
	u64 before;

	read_records(&bench, 1, 1, 1);
	before = bench.backing->read;
	ckd_seek(bench.b, 1);
	ckd_search(bench.b, 1, 7);
	device_ccw(bench.b, CMD_READ_COUNT, 0, 8, BENCH_DATA);
	device_expect_normal(bench.b);
	device_expect_storage(bench.b, BENCH_DATA, count, sizeof(count));
	KUNIT_EXPECT_EQ(test, bench.backing->read, before);
	/* What follows a second record that is read is wanted as well. */
	ckd_seek(bench.b, 1);
	ckd_search(bench.b, 1, 7);
	device_ccw(bench.b, CMD_READ, 0, BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_READ, 0, BLOCK, BENCH_DATA + BLOCK);
	device_ccw(bench.b, CMD_READ, 0, BLOCK, BENCH_DATA + 2 * BLOCK);
	device_expect_normal(bench.b);
	eckd_expect_data(bench.b, BENCH_DATA, 1, 7, BLOCK);
	eckd_expect_data(bench.b, BENCH_DATA + BLOCK, 1, 8, BLOCK);
	eckd_expect_data(bench.b, BENCH_DATA + 2 * BLOCK, 1, 9, BLOCK);
	KUNIT_EXPECT_LE(test, bench.backing->read - before,
			A_BLOCK + IMAGE_TRACK_SIZE);
}

/* Whole records and the parts of a track need all of it. */
static void eckd_reads_all_for_the_parts(struct kunit *test)
{
	static const u8 zero[8] = { 0, 0, 0, 1, 0, 0, 0, 8 };
	struct eckd_bench bench = bench_create(test);

	read_records(&bench, 1, 1, 1);
	ckd_seek(bench.b, 1);
	ckd_search(bench.b, 1, 2);
	device_ccw(bench.b, CMD_READ, 0, BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_READ_CKD, 0, 8 + BLOCK, BENCH_DATA + BLOCK);
	device_ccw(bench.b, CMD_READ_R0, 0, 16, BENCH_DATA + 3 * BLOCK);
	device_expect_normal(bench.b);
	eckd_expect_data(bench.b, BENCH_DATA, 1, 2, BLOCK);
	eckd_expect_data(bench.b, BENCH_DATA + BLOCK + 8, 1, 3, BLOCK);
	device_expect_storage(bench.b, BENCH_DATA + 3 * BLOCK, zero, sizeof(zero));
	eckd_expect_data(bench.b, BENCH_DATA + 3 * BLOCK + 8, 1, 0, 8);
}

/* A track of which some records have got other contents, a byte for each of them */
static void expect_written(struct eckd_bench *bench, u32 track, u8 first, u8 last, u8 byte)
{
	u8 record;

	for (record = 1; record <= RECORDS; record++) {
		if (record < first || record > last) {
			KUNIT_EXPECT_LE(bench->b->test,
					read_records(bench, track, record, 1), A_BLOCK);
			continue;
		}
		ckd_define(bench->b, 0x40, 1, 4);
		ckd_locate(bench->b, 0x06, 1, track, record, BLOCK);
		device_ccw(bench->b, CMD_READ_MT, 0, BLOCK, BENCH_DATA);
		device_expect_normal(bench->b);
		KUNIT_EXPECT_NULL(bench->b->test,
				  memchr_inv(bench->b->guest.storage + BENCH_DATA,
					     byte, BLOCK));
	}
}

static void reset_counts(struct fake_backing *backing)
{
	backing->read = 0;
	backing->written = 0;
	backing->writes = 0;
}

/*
 * For so many bytes of records that are written: direct I/O reads and writes their blocks.
 * Other I/O reads no more than where the first record of each of @writes begins.
 */
static void expect_counts(struct eckd_bench *bench, u32 len, u32 writes)
{
	const struct fake_backing *backing = bench->backing;
	const struct way *way = bench->b->test->param_value;

	KUNIT_EXPECT_EQ(bench->b->test, backing->writes, writes);
	if (way->mode.direct) {
		KUNIT_EXPECT_LE(bench->b->test, backing->read, len + writes * 1024);
		KUNIT_EXPECT_LE(bench->b->test, backing->written, len + writes * 1024);
	} else {
		KUNIT_EXPECT_LE(bench->b->test, backing->read, writes * 1024);
		KUNIT_EXPECT_EQ(bench->b->test, backing->written, len);
	}
}

/* A write in place keeps the layout, and nothing of the track beside it changes. */
static void eckd_write_keeps_the_rest(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test);

	read_records(&bench, 1, 1, 1);
	memset(bench.b->guest.storage + BENCH_DATA, 0x77, BLOCK);
	reset_counts(bench.backing);
	ckd_define(bench.b, 0x80, 1, 4);
	ckd_locate(bench.b, 0x01, 1, 1, 6, BLOCK);
	device_ccw(bench.b, CMD_WRITE_MT, 0, BLOCK, BENCH_DATA);
	device_expect_normal(bench.b);
	expect_counts(&bench, BLOCK, 1);
	expect_written(&bench, 1, 6, 6, 0x77);
}

/* One by one, and then one of them is read, and one that wasn't written */
static void eckd_writes_several_records(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test);
	const u8 *data = bench.b->guest.storage + BENCH_DATA;
	u32 i;

	read_records(&bench, 1, 1, 1);
	memset(bench.b->guest.storage + BENCH_DATA, 0x77, BLOCK);
	ckd_seek(bench.b, 1);
	ckd_search(bench.b, 1, 4);
	device_ccw(bench.b, CMD_WRITE, 0, BLOCK, BENCH_DATA);
	ckd_search(bench.b, 1, 5);
	device_ccw(bench.b, CMD_WRITE, 0, BLOCK, BENCH_DATA);
	ckd_search(bench.b, 1, 5);
	device_ccw(bench.b, CMD_READ, 0, BLOCK, BENCH_DATA + BLOCK);
	device_ccw(bench.b, CMD_READ, 0, BLOCK, BENCH_DATA + 2 * BLOCK);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_NULL(test, memchr_inv(data + BLOCK, 0x77, BLOCK));
	eckd_expect_data(bench.b, BENCH_DATA + 2 * BLOCK, 1, 6, BLOCK);
	expect_written(&bench, 1, 4, 5, 0x77);
	/* What a domain announces is read at once, if at all. */
	memset(bench.b->guest.storage + BENCH_DATA, 0x78, BLOCK);
	reset_counts(bench.backing);
	ckd_define(bench.b, 0x80, 1, 4);
	ckd_locate(bench.b, 0x01, 3, 1, 3, BLOCK);
	for (i = 0; i < 3; i++)
		device_ccw(bench.b, CMD_WRITE_MT, 0, BLOCK, BENCH_DATA);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_LE(test, bench.backing->read, 3 * (BLOCK + 8) + 1024);
	expect_written(&bench, 1, 3, 5, 0x78);
}

/* dasd_eckd_build_cp_cmd_track(): one CCW for each track */
static void eckd_writes_track_data_without_the_track(struct kunit *test)
{
	struct prefix_param param = {
		.format = 1, .validity = 0x80,
		.define = ckd_define_param(0x80, 1, 2),
		.locate = {
			.locate = ckd_locate_param(0x3f, 2, 1, 11, BLOCK),
			.operation = 0x23,
		},
	};
	struct eckd_bench bench = bench_create(test);

	read_records(&bench, 1, 1, 1);
	read_records(&bench, 2, 1, 1);
	memset(bench.b->guest.storage + BENCH_DATA, 0x77, 3 * BLOCK);
	reset_counts(bench.backing);
	ckd_prefix(bench.b, &param);
	device_ccw(bench.b, CMD_WRITE_TRACK, 0, 2 * BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_WRITE_TRACK, CCW_CD, 1000, BENCH_DATA);
	device_ccw(bench.b, 0, 0, 3 * BLOCK - 1000, BENCH_DATA);
	device_expect_normal(bench.b);
	expect_written(&bench, 1, 11, 12, 0x77);
	expect_written(&bench, 2, 1, 3, 0x77);
	/* Without data chaining, no more is needed than the CCW has. */
	reset_counts(bench.backing);
	ckd_prefix(bench.b, &param);
	device_ccw(bench.b, CMD_WRITE_TRACK, 0, 2 * BLOCK, BENCH_DATA);
	device_ccw(bench.b, CMD_WRITE_TRACK, 0, BLOCK, BENCH_DATA);
	device_expect_normal(bench.b);
	/* With the count area between the two records */
	expect_counts(&bench, 3 * BLOCK + 8, 2);
}

/* Records so long that the last one ends in the last block of the image's track */
static void eckd_a_part_is_not_the_track(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test);

	ckd_format(bench.backing, 3, 2, 0, 28150);
	ckd_define(bench.b, 0x40, 1, 4);
	ckd_locate(bench.b, 0x06, 1, 3, 1, 0);
	device_ccw(bench.b, CMD_READ, CCW_SLI, 16, BENCH_DATA);
	device_expect_normal(bench.b);
	/* Another track is in the buffer now. */
	read_records(&bench, 2, 1, 1);
	ckd_seek(bench.b, 3);
	ckd_search(bench.b, 3, 2);
	device_ccw(bench.b, CMD_READ, CCW_SLI, 16, BENCH_DATA);
	ckd_search(bench.b, 3, 0);
	device_ccw(bench.b, CMD_READ_CKD, CCW_SLI, 8 + 16, BENCH_DATA);
	device_expect_normal(bench.b);
	eckd_expect_data(bench.b, BENCH_DATA + 8, 3, 1, 16);
}

/* A record of another length at the same place: "Write Count, Key, and Data" */
static void eckd_formatting_forgets_the_layout(struct kunit *test)
{
	const struct count_area count = {
		.head = cpu_to_be16(1), .record = 4, .data = cpu_to_be16(10),
	};
	struct eckd_bench bench = bench_create(test);
	const u8 *data = bench.b->guest.storage + BENCH_DATA;

	read_records(&bench, 1, 1, 1);
	ckd_seek(bench.b, 1);
	ckd_search(bench.b, 1, 3);
	device_ccw_param(bench.b, CMD_WRITE_CKD, CCW_SLI, &count, sizeof(count));
	device_expect_normal(bench.b);
	ckd_define(bench.b, 0x40, 1, 1);
	ckd_locate(bench.b, 0x06, 1, 1, 4, 0);
	device_ccw(bench.b, CMD_READ, 0, 10, BENCH_DATA);
	device_expect_normal(bench.b);
	KUNIT_EXPECT_NULL(test, memchr_inv(data, 0, 10));
	ckd_define(bench.b, 0x40, 1, 1);
	ckd_locate(bench.b, 0x06, 1, 1, 5, 0);
	device_expect(bench.b, 1, BENCH_CHECKED, 0, 0);
	eckd_expect_sense(bench.b, 0, NO_RECORD, 0);
}

/* Somebody else has written to the image: told once, and then the track is as it is. */
static void eckd_changed_behind_the_device(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test);

	read_records(&bench, 1, 1, 1);
	ckd_format(bench.backing, 1, 40, 0, 1000);
	ckd_define(bench.b, 0x40, 1, 4);
	ckd_locate(bench.b, 0x06, 1, 1, 3, 0);
	device_ccw(bench.b, CMD_READ, CCW_SLI, 1000, BENCH_DATA);
	device_expect(bench.b, 2, BENCH_CHECKED, 0, 1000);
	eckd_expect_sense(bench.b, 0, INVALID_TRACK, 0);
	ckd_define(bench.b, 0x40, 1, 4);
	ckd_locate(bench.b, 0x06, 1, 1, 3, 0);
	device_ccw(bench.b, CMD_READ, 0, 1000, BENCH_DATA);
	device_expect_normal(bench.b);
	eckd_expect_data(bench.b, BENCH_DATA, 1, 3, 1000);
}

/* The same before a write, which then writes nothing */
static void eckd_changed_before_a_write(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test);

	read_records(&bench, 1, 1, 1);
	ckd_format(bench.backing, 1, 40, 0, 1000);
	reset_counts(bench.backing);
	ckd_define(bench.b, 0x80, 1, 4);
	ckd_locate(bench.b, 0x01, 1, 1, 3, 0);
	device_ccw(bench.b, CMD_WRITE, CCW_SLI, 1000, BENCH_DATA);
	device_expect(bench.b, 2, BENCH_CHECKED, 0, 1000);
	eckd_expect_sense(bench.b, 0, INVALID_TRACK, 0);
	KUNIT_EXPECT_EQ(test, bench.backing->writes, 0);
	ckd_define(bench.b, 0x40, 1, 4);
	ckd_locate(bench.b, 0x06, 1, 1, 3, 0);
	device_ccw(bench.b, CMD_READ, 0, 1000, BENCH_DATA);
	device_expect_normal(bench.b);
	eckd_expect_data(bench.b, BENCH_DATA, 1, 3, 1000);
}

/* The host can't read: told, and later it can. */
static void eckd_part_that_fails(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test);

	/* A vCPU doesn't wait, and the fake file fails only what waits. */
	bench.b->on_vcpu = false;
	read_records(&bench, 1, 1, 1);
	fake_backing_fail(bench.backing, 0, -EIO);
	ckd_define(bench.b, 0x40, 1, 4);
	ckd_locate(bench.b, 0x06, 1, 1, 3, BLOCK);
	device_ccw(bench.b, CMD_READ, CCW_SLI, BLOCK, BENCH_DATA);
	device_expect(bench.b, 2, BENCH_CHECKED, 0, BLOCK);
	eckd_expect_sense(bench.b, SENSE0_EQUIPMENT_CHECK, 0x80, 0);
	bench.backing->fails = false;
	KUNIT_EXPECT_LE(test, read_records(&bench, 1, 3, 1), A_BLOCK);
}

/* More layouts than can be noted: the others are read as a whole, and right. */
static void eckd_more_layouts(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test);
	u32 track, round;

	for (track = 5; track < 15; track++)
		ckd_format(bench.backing, track, 2, track % 5, 100 * track);
	for (round = 0; round < 3; round++) {
		for (track = 5; track < 15; track++) {
			ckd_define(bench.b, 0x40, 0, TRACKS - 1);
			ckd_locate(bench.b, 0x06, 1, track, 2, 0);
			device_ccw(bench.b, CMD_READ, 0, 100 * track, BENCH_DATA);
			device_expect_normal(bench.b);
			eckd_expect_data(bench.b, BENCH_DATA, track, 2, 100 * track);
		}
		read_records(&bench, 1 + round, 5, 1);
	}
}

/*
 * Random programs end on a device that knows its tracks as on one that knows nothing,
 * with the same image and the same storage.
 */

#define PAIR_DATA	0x6000u

static void add_read(struct device_bench *b, u32 bits)
{
	const u32 track = 1 + (bits >> 4) % 4;
	const u8 record = (bits >> 8) % 14;

	switch (bits % 4) {
	case 0:
		ckd_define(b, 0x40, 0, TRACKS - 1);
		ckd_locate(b, 0x06, 2, track, record, 0);
		device_ccw(b, bits & BIT(20) ? CMD_READ_MT : CMD_READ_KD, CCW_SLI,
			   BLOCK, BENCH_DATA);
		device_ccw(b, bits & BIT(21) ? CMD_READ_MT : CMD_READ_CKD, CCW_SLI,
			   BLOCK, PAIR_DATA);
		break;
	case 1:
		ckd_define(b, 0x40, 0, TRACKS - 1);
		ckd_locate(b, 0x0c, 2, track, record, bits & BIT(20) ? BLOCK : 0);
		device_ccw(b, CMD_READ_TRACK_DATA, CCW_SLI, BLOCK, BENCH_DATA);
		device_ccw(b, bits & BIT(21) ? CMD_READ_TRACK : CMD_READ_TRACK_DATA,
			   CCW_SLI, BLOCK, PAIR_DATA);
		break;
	default:
		ckd_seek(b, track);
		ckd_search(b, track, record);
		device_ccw(b, bits & BIT(20) ? CMD_READ_COUNT_MT : CMD_READ, CCW_SLI,
			   BLOCK, BENCH_DATA);
		device_ccw(b, bits & BIT(21) ? CMD_READ_MT : CMD_READ_R0, CCW_SLI,
			   BLOCK, PAIR_DATA);
		break;
	}
}

static void add_write(struct device_bench *b, u32 bits)
{
	const u32 track = 1 + (bits >> 4) % 4;
	const struct count_area count = {
		.head = cpu_to_be16(track), .record = 1 + (bits >> 8) % 12,
		.data = cpu_to_be16(bits & BIT(20) ? BLOCK : (bits >> 12) % 5000),
	};

	if (bits & BIT(22)) {
		struct prefix_param param = {
			.format = 1, .validity = 0x80,
			.define = ckd_define_param(0x80, 0, TRACKS - 1),
			.locate = {
				.locate = ckd_locate_param(0x3f, 2, track,
							   count.record, BLOCK),
				.operation = 0x23,
			},
		};

		ckd_prefix(b, &param);
		device_ccw(b, CMD_WRITE_TRACK, CCW_SLI | (bits & BIT(23) ? CCW_CD : 0),
			   1 + (bits >> 12) % 9000, BENCH_DATA);
		device_ccw(b, CMD_WRITE_TRACK, CCW_SLI, 100, BENCH_DATA);
		return;
	}
	if (bits & BIT(21)) {
		ckd_define(b, 0xc0, 0, TRACKS - 1);
		ckd_locate(b, 0x03, 1, track, count.record - 1, 0);
		device_ccw_param(b, CMD_WRITE_CKD, CCW_SLI, &count, sizeof(count));
		return;
	}
	ckd_define(b, 0xc0, 0, TRACKS - 1);
	ckd_locate(b, 0x01, 1, track, count.record, 0);
	device_ccw(b, CMD_WRITE_MT, CCW_SLI, 1 + (bits >> 12) % BLOCK, BENCH_DATA);
}

/* Return: how the program ends, with all that it has left in storage. */
static u32 run_one(struct device_bench *b, u32 bits, u8 *storage)
{
	const struct chanprog_ending *ending;

	memset(b->guest.storage + BENCH_DATA, bits, 0x4000);
	if (bits >> 29)
		add_read(b, bits);
	else
		add_write(b, bits);
	ending = device_run(b);
	memcpy(storage, b->guest.storage + BENCH_DATA, 0x4000);
	return ending->dstat << 24 | ending->cstat << 16 | ending->count;
}

static void eckd_knowing_changes_nothing(struct kunit *test)
{
	u8 *first = kunit_kmalloc(test, 0x4000, GFP_KERNEL);
	u8 *second = kunit_kmalloc(test, 0x4000, GFP_KERNEL);
	struct eckd_bench bench = bench_create(test);
	struct css_device *knowing = bench.b->dev, *fresh;
	u32 i, bits, end, good = 0;
	struct rnd_state rnd;

	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_ASSERT_NOT_NULL(test, second);
	prandom_seed_state(&rnd, 15);
	for (i = 0; i < rounds(600); i++) {
		bits = prandom_u32_state(&rnd);
		end = run_one(bench.b, bits, first);
		/* What is written twice is the same. */
		fresh = eckd_device_of(bench.backing, 0, 0);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, fresh);
		device_bench_use(bench.b, fresh);
		KUNIT_ASSERT_EQ(test, run_one(bench.b, bits, second), end);
		KUNIT_ASSERT_MEMEQ(test, second, first, 0x4000);
		device_bench_use(bench.b, knowing);
		fresh->ops->release(fresh);
		good += end >> 24 == BENCH_NORMAL;
	}
	KUNIT_EXPECT_GT(test, good, i / 4);
	KUNIT_EXPECT_LT(test, good, i - i / 20);
}

static struct kunit_case eckd_layout_test_cases[] = {
	KUNIT_CASE_PARAM(eckd_track_layout, layout_gen_params),
	KUNIT_CASE(eckd_track_outline_differs),
	KUNIT_CASE_PARAM(eckd_reads_what_is_needed, way_gen_params),
	KUNIT_CASE_PARAM(eckd_reads_track_data_that_is_needed, way_gen_params),
	KUNIT_CASE_PARAM(eckd_searches_without_reading, way_gen_params),
	KUNIT_CASE_PARAM(eckd_reads_all_for_the_parts, way_gen_params),
	KUNIT_CASE_PARAM(eckd_write_keeps_the_rest, way_gen_params),
	KUNIT_CASE_PARAM(eckd_writes_several_records, way_gen_params),
	KUNIT_CASE_PARAM(eckd_writes_track_data_without_the_track, way_gen_params),
	KUNIT_CASE_PARAM(eckd_a_part_is_not_the_track, way_gen_params),
	KUNIT_CASE_PARAM(eckd_formatting_forgets_the_layout, way_gen_params),
	KUNIT_CASE_PARAM(eckd_changed_behind_the_device, way_gen_params),
	KUNIT_CASE_PARAM(eckd_changed_before_a_write, way_gen_params),
	KUNIT_CASE_PARAM(eckd_part_that_fails, way_gen_params),
	KUNIT_CASE_PARAM(eckd_more_layouts, way_gen_params),
	KUNIT_CASE_PARAM(eckd_knowing_changes_nothing, way_gen_params),
	{}
};

static struct kunit_suite eckd_layout_suite = {
	.name = "kvm_css_eckd_layout",
	.test_cases = eckd_layout_test_cases,
	.exit = suite_exit,
};

kunit_test_suite(eckd_layout_suite);
