// SPDX-License-Identifier: GPL-2.0
/*
 * The table of device types: that KVM_CSS_ADD finds each, and that each makes what
 * its argument says and refuses what it doesn't know.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/device_type.h>
#include <kvm_css/user_unit.h>

#include "eckd_case.h"
#include "fake_backing.h"
#include "fake_host_sch.h"

#define BLOCKS		10u

union argument {
	struct {
		u32 size;
		u32 flags;
	};
	struct kvm_css_test test;
	struct kvm_css_fba fba;
	struct kvm_css_user user;
	struct kvm_css_eckd eckd;
	struct kvm_css_passthrough passthrough;
	u8 bytes[sizeof_field(struct kvm_css_device, bytes)];
};

static void close_descriptor(void *data)
{
	close_fd((long)data);
}

/* A descriptor of this thread, for a file that the suites can watch */
static int open_descriptor(struct kunit *test, struct fake_backing *backing)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);

	KUNIT_ASSERT_GE(test, fd, 0);
	fd_install(fd, get_file(backing->file));
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, close_descriptor,
							(void *)(long)fd), 0);
	return fd;
}

static const struct kvm_css_user good_user = {
	.area = 4096,
	.id_len = 12,
	.id = { 0xff, 0x34, 0x80, 1, 0x34, 0x90, 2, 0, 0x40, 0xfa, 1, 0 },
};

/* An argument that the type accepts.  A new type has its own here. */
static union argument good_argument(struct kunit *test,
				    const struct css_device_type *type)
{
	union argument arg = { .bytes = { 0 } };

	switch (type->type) {
	case KVM_CSS_TYPE_TEST:
		arg.test.flags = KVM_CSS_TEST_ASYNC;
		break;
	case KVM_CSS_TYPE_FBA:
		arg.fba.flags = KVM_CSS_FBA_READONLY | KVM_CSS_FBA_DISCARD |
				KVM_CSS_FBA_WRITEBACK;
		arg.fba.backing_fd = open_descriptor(test,
						     fake_backing_create(test, BLOCKS * 512));
		arg.fba.model = KVM_CSS_FBA_MODEL_3370;
		arg.fba.blocks = BLOCKS - 1;
		break;
	case KVM_CSS_TYPE_USER:
		arg.user = good_user;
		break;
	case KVM_CSS_TYPE_ECKD:
		arg.eckd = (struct kvm_css_eckd){
			.flags = KVM_CSS_ECKD_READONLY | KVM_CSS_ECKD_WRITEBACK,
			.backing_fd = open_descriptor(test,
						      eckd_image_create(test, 3)),
			.cylinders = 2,
			.subsystem = 0x100,
			.unit = 0xff,
			.serial = "0123456789AZ",
		};
		break;
	case KVM_CSS_TYPE_PASSTHROUGH:
		fake_host_sch_init(test);
		arg.passthrough.devno = 0x0120;
		arg.passthrough.ssid = 1;
		break;
	default:
		KUNIT_FAIL(test, "no argument for type %u", type->type);
	}
	arg.size = type->size;
	return arg;
}

/* What KVM_CSS_GET_DEVICE says of a device that was made with the argument */
static union argument described_argument(const struct css_device_type *type,
					 union argument arg)
{
	if (type->type == KVM_CSS_TYPE_FBA)
		arg.fba.backing_fd = -1;
	if (type->type == KVM_CSS_TYPE_ECKD)
		arg.eckd.backing_fd = -1;
	return arg;
}

static void expect_refused(struct kunit *test,
			   const struct css_device_type *type,
			   const union argument *arg, int error)
{
	struct css_device *dev = type->create(arg);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dev), error);
	if (!IS_ERR(dev))
		dev->ops->release(dev);
}

static void device_type_rows_differ(struct kunit *test)
{
	const struct css_device_type *type;
	unsigned int nr;

	for (nr = 0; (type = device_type_at(nr)); nr++) {
		KUNIT_EXPECT_NE(test, type->type, KVM_CSS_TYPE_NONE);
		/* Another row of the type would have been found first. */
		KUNIT_EXPECT_PTR_EQ(test, device_type_find(type->type), type);
	}
	KUNIT_EXPECT_GT(test, nr, 0);
}

static void device_type_unknown_is_not_found(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, device_type_find(KVM_CSS_TYPE_NONE));
	KUNIT_EXPECT_NULL(test, device_type_find(U32_MAX));
}

/* KVM_CSS_ADD has so much room for an argument, GET_DEVICE gives so much of it. */
static void device_type_sizes_fit(struct kunit *test)
{
	const struct css_device_type *type;
	unsigned int nr;

	for (nr = 0; (type = device_type_at(nr)); nr++) {
		KUNIT_EXPECT_GE(test, type->size_first, 2 * sizeof(u32));
		KUNIT_EXPECT_LE(test, type->size_first, type->size);
		KUNIT_EXPECT_LE(test, type->size, sizeof(union argument));
	}
}

static void device_type_makes_what_the_argument_says(struct kunit *test)
{
	struct kvm_css_device *said = kunit_kzalloc(test, sizeof(*said),
						    GFP_KERNEL);
	const struct css_device_type *type;
	union argument arg, expected;
	struct css_device *dev;
	unsigned int nr;

	KUNIT_ASSERT_NOT_NULL(test, said);
	for (nr = 0; (type = device_type_at(nr)); nr++) {
		arg = good_argument(test, type);
		expected = described_argument(type, arg);
		dev = type->create(&arg);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
		KUNIT_EXPECT_EQ(test, dev->ops->type, type->type);
		KUNIT_EXPECT_EQ(test, cu_describe(dev, said), 0);
		KUNIT_EXPECT_EQ(test, said->type, type->type);
		KUNIT_EXPECT_EQ(test, memcmp(said->bytes, &expected,
					     sizeof(expected)), 0);
		dev->ops->release(dev);
	}
}

static void device_type_unknown_flags_are_refused(struct kunit *test)
{
	const struct css_device_type *type;
	union argument arg;
	unsigned int nr;

	for (nr = 0; (type = device_type_at(nr)); nr++) {
		arg = good_argument(test, type);
		arg.flags |= BIT(31);
		expect_refused(test, type, &arg, -EINVAL);
	}
}

static void device_type_fba_is_refused(struct kunit *test)
{
	const struct css_device_type *type = device_type_find(KVM_CSS_TYPE_FBA);
	union argument good, arg;

	KUNIT_ASSERT_NOT_NULL(test, type);
	good = good_argument(test, type);
	arg = good;
	arg.fba.model = KVM_CSS_FBA_MODEL_3370 + 1;
	expect_refused(test, type, &arg, -EINVAL);
	/* What can be said without the descriptor is said first. */
	arg.fba.backing_fd = -1;
	expect_refused(test, type, &arg, -EINVAL);
	arg.fba.model = good.fba.model;
	expect_refused(test, type, &arg, -EBADF);
	arg = good;
	arg.fba.blocks = BLOCKS + 1;
	expect_refused(test, type, &arg, -EINVAL);
}

struct user_case {
	const char *name;
	unsigned int at;
	u8 xor;
	int error;
};

#define USER_ROW(name, member, xor, error) \
	{ name, offsetof(struct kvm_css_user, member), xor, error }
/* Byte @n of a number, the least significant one first */
#ifdef __LITTLE_ENDIAN
#define AREA_BYTE(n)	((n))
#else
#define AREA_BYTE(n)	(3 - (n))
#endif

static const struct user_case user_cases[] = {
	{ "area: not a multiple of 4096",
	  offsetof(struct kvm_css_user, area) + AREA_BYTE(0), 1, -EINVAL },
	{ "area: 1 MiB and 4096",
	  offsetof(struct kvm_css_user, area) + AREA_BYTE(2), 0x10, -EINVAL },
	USER_ROW("length of SENSE ID: 7, with more behind", id_len, 12 ^ 7, -EINVAL),
	USER_ROW("length of SENSE ID: 8", id_len, 12 ^ 8, -EINVAL),
	USER_ROW("length of SENSE ID: 11", id_len, 12 ^ 11, -EINVAL),
	USER_ROW("length of SENSE ID: 16", id_len, 12 ^ 16, 0),
	USER_ROW("length of SENSE ID: 40", id_len, 12 ^ 40, 0),
	USER_ROW("length of SENSE ID: 44", id_len, 12 ^ 44, -EINVAL),
	USER_ROW("length of SENSE ID: 0", id_len, 12, -EINVAL),
	USER_ROW("first byte of SENSE ID", id, 1, -EINVAL),
	USER_ROW("byte 7 of SENSE ID", id[7], 1, -EINVAL),
	USER_ROW("a byte behind SENSE ID", id[12], 1, -EINVAL),
	USER_ROW("the last byte behind SENSE ID", id[39], 1, -EINVAL),
	USER_ROW("sense byte 3", sense3, 0x43, 0),
	USER_ROW("reserved", reserved[1], 1, -EINVAL),
};

KUNIT_ARRAY_PARAM_DESC(user, user_cases, name);

static void device_type_user_argument(struct kunit *test)
{
	const struct css_device_type *type = device_type_find(KVM_CSS_TYPE_USER);
	const struct user_case *c = test->param_value;
	union argument arg;

	KUNIT_ASSERT_NOT_NULL(test, type);
	arg = good_argument(test, type);
	arg.bytes[c->at] ^= c->xor;
	expect_refused(test, type, &arg, c->error);
}

static void device_type_user_areas(struct kunit *test)
{
	const struct css_device_type *type = device_type_find(KVM_CSS_TYPE_USER);
	const u32 areas[][2] = { { 0, 65536 }, { 4096, 4096 },
				 { 1048576, 1048576 } };
	struct user_device *user;
	struct css_device *dev;
	union argument arg;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, type);
	arg = good_argument(test, type);
	for (i = 0; i < ARRAY_SIZE(areas); i++) {
		arg.user.area = areas[i][0];
		dev = type->create(&arg);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
		user = user_device_get(dev);
		KUNIT_ASSERT_NOT_NULL(test, user);
		KUNIT_EXPECT_EQ(test, user_device_area(user), areas[i][1]);
		user_device_put(user);
		dev->ops->release(dev);
	}
}

static struct kunit_case device_type_cases[] = {
	KUNIT_CASE(device_type_rows_differ),
	KUNIT_CASE(device_type_unknown_is_not_found),
	KUNIT_CASE(device_type_sizes_fit),
	KUNIT_CASE(device_type_makes_what_the_argument_says),
	KUNIT_CASE(device_type_unknown_flags_are_refused),
	KUNIT_CASE(device_type_fba_is_refused),
	KUNIT_CASE_PARAM(device_type_user_argument, user_gen_params),
	KUNIT_CASE(device_type_user_areas),
	{}
};

static struct kunit_suite device_type_suite = {
	.name = "kvm_css_device_type",
	.test_cases = device_type_cases,
};

kunit_test_suite(device_type_suite);
