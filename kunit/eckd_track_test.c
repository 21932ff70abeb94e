// SPDX-License-Identifier: GPL-2.0
/*
 * 3390: addresses and capacity of tracks, and images, among them hostile ones.
 * Documentation/eckd.rst has the rules.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <devices/eckd/geometry.h>
#include <devices/eckd/image.h>
#include <devices/eckd/track.h>

#include "eckd_case.h"

static u8 *track_alloc(struct kunit *test)
{
	u8 *track = kunit_kzalloc(test, IMAGE_TRACK_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, track);
	return track;
}

/*
 * How many equal records fit.  "3390 Direct Access Storage Reference Summary", whose
 * table of records without keys z/VM and Linux print as well: Linux's recs_per_track().
 */
struct capacity_case {
	const char *name;
	u8 key;
	u16 data;
	u32 records;
};

static const struct capacity_case capacity_cases[] = {
	{ "the largest record", 0, 56664, 1 },
	{ "a byte more", 0, 56665, 0 },
	{ "two records", 0, 27998, 2 },
	{ "two, a byte more", 0, 27999, 1 },
	{ "three records", 0, 18452, 3 },
	{ "4 KiB", 0, 4096, 12 },
	{ "2 KiB", 0, 2048, 21 },
	{ "1 KiB", 0, 1024, 33 },
	{ "512 bytes", 0, 512, 49 },
	{ "80 bytes", 0, 80, 78 },
	{ "no data", 0, 0, 86 },
	{ "a label: key 44, data 96", 44, 96, 50 },
};

KUNIT_ARRAY_PARAM_DESC(capacity, capacity_cases, name);

static void eckd_track_capacity(struct kunit *test)
{
	const struct capacity_case *c = test->param_value;
	const struct track_count count = {
		.record = 1, .key = c->key, .data = cpu_to_be16(c->data),
	};
	u8 *track = track_alloc(test);
	struct track_record record;
	u32 at, records = 0;

	track_initialize(track, 0);
	KUNIT_ASSERT_EQ(test, track_record(track, TRACK_FIRST, &record),
			TRACK_RECORD);
	at = track_behind(&record);
	while (track_room(track, at, c->key, c->data) && records < 100) {
		memcpy(track + at, &count, sizeof(count));
		at += sizeof(count) + c->key + c->data;
		track_end(track, at);
		records++;
	}
	KUNIT_EXPECT_EQ(test, records, c->records);
}

struct address_case {
	const char *name;
	u32 cylinders;
	u16 cylinder;
	u16 head;
	bool valid;
	u32 track;
};

static const struct address_case address_cases[] = {
	{ "the first track", 3, 0, 0, true, 0 },
	{ "the last track", 3, 2, 14, true, 44 },
	{ "head 15", 3, 0, 15 },
	{ "one cylinder too many", 3, 3, 0 },
	{ "bits of a large cylinder", 3, 0, 0x10 },
	{ "the last small cylinder", 65520, 65519, 14, true, 982799 },
	{ "the first large cylinder", 70000, 0, 0x10, true, 65536 * 15 },
	{ "the largest disk", 262668, 0x020b, 0x4e, true, 262668 * 15 - 1 },
	{ "beyond the largest disk", 262668, 0x020c, 0x40 },
	{ "all ones", 262668, 0xffff, 0xffff },
};

KUNIT_ARRAY_PARAM_DESC(address, address_cases, name);

static void eckd_track_address(struct kunit *test)
{
	const struct address_case *c = test->param_value;
	const struct eckd_address address = {
		cpu_to_be16(c->cylinder), cpu_to_be16(c->head),
	};
	struct eckd_address back;
	u32 track = ~0;

	KUNIT_EXPECT_EQ(test, eckd_track_number(&address, c->cylinders, &track),
			c->valid);
	if (!c->valid)
		return;
	KUNIT_EXPECT_EQ(test, track, c->track);
	back = eckd_address(track);
	KUNIT_EXPECT_MEMEQ(test, &back, &address, sizeof(back));
}

/*
 * Hercules' dasdtab.c.  What Linux has logged of larger ones on real machines: "New DASD
 * 3390/0E (CU 3990/01) with 262668 cylinders"
 */
static void eckd_models(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, eckd_model(2226)->dev_model, 0x06);
	KUNIT_EXPECT_EQ(test, eckd_model(3339)->dev_model, 0x0a);
	KUNIT_EXPECT_EQ(test, eckd_model(3340)->dev_model, 0x0c);
	KUNIT_EXPECT_EQ(test, eckd_model(65520)->dev_model, 0x0c);
	KUNIT_EXPECT_EQ(test, eckd_model(65521)->dev_model, 0x0e);
	KUNIT_EXPECT_EQ(test, eckd_model(ECKD_CYLINDERS_MAX)->dev_model, 0x0e);
}

static void eckd_track_unwritten(struct kunit *test)
{
	u8 *track = track_alloc(test);
	struct track_record record;

	KUNIT_EXPECT_TRUE(test, track_unformatted(track));
	/* The zeros of a hole are no home address of another track. */
	KUNIT_EXPECT_FALSE(test, track_valid(track, 1));
	track_initialize(track, 0);
	KUNIT_EXPECT_FALSE(test, track_unformatted(track));
	track_initialize(track, 20);
	KUNIT_EXPECT_TRUE(test, track_valid(track, 20));
	KUNIT_EXPECT_FALSE(test, track_valid(track, 21));
	KUNIT_EXPECT_EQ(test, track_record(track, TRACK_FIRST, &record),
			TRACK_RECORD);
	KUNIT_EXPECT_EQ(test, record.data, 8);
	KUNIT_EXPECT_EQ(test, track_record(track, track_behind(&record), &record),
			TRACK_END);
}

/* Lengths in a track are followed only as far as the track goes. */
static void eckd_track_hostile_lengths(struct kunit *test)
{
	u8 *track = track_alloc(test);
	struct track_record record;
	struct track_count count = { .key = 255, .data = cpu_to_be16(65535) };

	memcpy(track + TRACK_FIRST, &count, sizeof(count));
	KUNIT_EXPECT_EQ(test, track_record(track, TRACK_FIRST, &record),
			TRACK_INVALID);
	/* The longest record that leaves room for the end mark, and one byte more */
	count.key = 0;
	count.data = cpu_to_be16(IMAGE_TRACK_SIZE - TRACK_FIRST - 8 - 8);
	memcpy(track + TRACK_FIRST, &count, sizeof(count));
	KUNIT_EXPECT_EQ(test, track_record(track, TRACK_FIRST, &record),
			TRACK_RECORD);
	be16_add_cpu(&count.data, 1);
	memcpy(track + TRACK_FIRST, &count, sizeof(count));
	KUNIT_EXPECT_EQ(test, track_record(track, TRACK_FIRST, &record),
			TRACK_INVALID);
	KUNIT_EXPECT_EQ(test, track_record(track, IMAGE_TRACK_SIZE - 7, &record),
			TRACK_INVALID);
	KUNIT_EXPECT_EQ(test, track_record(track, ~0u, &record), TRACK_INVALID);
	KUNIT_EXPECT_FALSE(test, track_room(track, IMAGE_TRACK_SIZE, 0, 0));
}

/* Whatever is on a track, a walk ends within it. */
static void eckd_track_random(struct kunit *test)
{
	u8 *track = track_alloc(test);
	struct track_record record;
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 3390);
	for (i = 0; i < 200; i++) {
		u32 at = TRACK_FIRST, last = 0;

		prandom_bytes_state(&rnd, track, IMAGE_TRACK_SIZE);
		/* Lengths that fit now and then */
		for (; last < IMAGE_TRACK_SIZE - 8; last += 37)
			memset(track + last + 5, last & 64 ? 0 : 0xff, 2);
		while (track_record(track, at, &record) == TRACK_RECORD) {
			KUNIT_ASSERT_GT(test, track_behind(&record), at);
			at = track_behind(&record);
			KUNIT_ASSERT_LE(test, at, IMAGE_TRACK_SIZE - 8);
		}
	}
}

/* What a device can be made of: Hercules' ckddasd.c and dasdutil.c read the same. */

struct image_case {
	const char *name;
	u32 at;
	u8 byte;
	u32 cylinders;
	loff_t size;
	bool direct;
	int error;
};

#define ONE_CYLINDER	(512 + 15 * 56832)

static const struct image_case image_cases[] = {
	{ "an image", 0, 'C' },
	{ "fewer cylinders than there are", 0, 'C', .cylinders = 2 },
	{ "more cylinders than there are", 0, 'C', .cylinders = 4,
	  .error = -EINVAL },
	{ "an odd end", 0, 'C', .size = ONE_CYLINDER + 511 },
	{ "less than a cylinder", 0, 'C', .size = ONE_CYLINDER - 512,
	  .error = -EINVAL },
	{ "another file", 0, 'X', .error = -EINVAL },
	{ "compressed: CKD_C370", 4, 'C', .error = -EINVAL },
	{ "shadow file: CKD_S370", 4, 'S', .error = -EINVAL },
	{ "other heads", 8, 16, .error = -EINVAL },
	{ "other tracks", 13, 0xdd, .error = -EINVAL },
	{ "a 3380", 16, 0x80, .error = -EINVAL },
	{ "a file of several", 17, 1, .error = -EINVAL },
	{ "not open for direct I/O", 0, 'C', .direct = true, .error = -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(image, image_cases, name);

static void eckd_image(struct kunit *test)
{
	const struct image_case *c = test->param_value;
	struct fake_backing *backing = eckd_image_create(test, CYLINDERS);
	long references = file_count(backing->file);
	struct css_device *dev;

	fake_backing_put(backing, c->at, &c->byte, 1);
	if (c->size)
		fake_backing_truncate(backing, c->size);
	dev = eckd_device_of(backing, c->direct ? KVM_CSS_ECKD_DIRECT : 0,
			     c->cylinders);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dev), c->error);
	if (!IS_ERR(dev))
		dev->ops->release(dev);
	KUNIT_EXPECT_EQ(test, file_count(backing->file), references);
}

static struct kunit_case eckd_track_test_cases[] = {
	KUNIT_CASE_PARAM(eckd_track_capacity, capacity_gen_params),
	KUNIT_CASE_PARAM(eckd_track_address, address_gen_params),
	KUNIT_CASE(eckd_models),
	KUNIT_CASE(eckd_track_unwritten),
	KUNIT_CASE(eckd_track_hostile_lengths),
	KUNIT_CASE(eckd_track_random),
	KUNIT_CASE_PARAM(eckd_image, image_gen_params),
	{}
};

static struct kunit_suite eckd_track_suite = {
	.name = "kvm_css_eckd_track",
	.test_cases = eckd_track_test_cases,
};

kunit_test_suite(eckd_track_suite);
