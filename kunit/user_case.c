// SPDX-License-Identifier: GPL-2.0
/* A device that a process models, for a test case; see user_case.h */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <kvm_css/device_type.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "user_case.h"

static struct user_bench *benches;

struct user_bench *user_bench(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, benches);
	return benches;
}

static struct css_device *make_device(struct kunit *test)
{
	const struct css_device_type *type = device_type_find(KVM_CSS_TYPE_USER);
	const struct kvm_css_user arg = {
		.size = sizeof(arg), .area = USER_AREA, .id_len = 7,
		.sense3 = USER_SENSE3,
		.id = { 0xff, 0x34, 0x80, 1, 0x34, 0x90, 2 },
	};
	struct css_device *dev;

	KUNIT_ASSERT_NOT_NULL(test, type);
	dev = type->create(&arg);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	return dev;
}

int user_init(struct kunit *test)
{
	struct fake_image *image;
	int rc = image_init(test);

	if (rc)
		return rc;
	image = test->priv;
	KUNIT_ASSERT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	benches = kunit_kzalloc(test, sizeof(*benches), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, benches);
	benches->image = image;
	benches->dev = make_device(test);
	KUNIT_ASSERT_EQ(test, 0, fake_add(&image->css, IMAGE_SSID, IMAGE_SCHID,
					  IMAGE_DEVNO, IMAGE_CHPID,
					  benches->dev));
	present_enable(image, 0);
	return 0;
}

void user_exit(struct kunit *test)
{
	unsigned int i;

	if (!test->priv)
		return;
	/* The device may go first. */
	image_exit(test);
	for (i = 0; i < benches->nr; i++)
		if (benches->units[i])
			user_close(benches, benches->units[i]);
}

static void wake(struct user_unit *user)
{
	container_of(user, struct fake_unit, user)->wakes++;
}

static void free_unit(struct user_unit *user)
{
	container_of(user, struct fake_unit, user)->frees++;
}

static const struct user_unit_ops unit_ops = {
	.wake = wake,
	.free = free_unit,
};

struct fake_unit *user_make(struct user_bench *bench)
{
	struct kunit *test = bench->image->guest.test;
	struct fake_unit *unit = kunit_kzalloc(test, sizeof(*unit), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, unit);
	KUNIT_ASSERT_LT(test, bench->nr, USER_UNITS);
	bench->units[bench->nr++] = unit;
	user_unit_init(&unit->user, &unit_ops, user_device_get(bench->dev),
		       unit->area);
	return unit;
}

struct fake_unit *user_serve(struct user_bench *bench)
{
	struct kunit *test = bench->image->guest.test;
	struct fake_unit *unit = user_make(bench);
	struct kvm_css_command command;

	KUNIT_ASSERT_EQ(test, user_unit_serve(&unit->user, false), 0);
	KUNIT_EXPECT_EQ(test, user_fetch(unit, &command), KVM_CSS_EVENT_BEGIN);
	return unit;
}

void user_close(struct user_bench *bench, struct fake_unit *unit)
{
	unsigned int i;

	user_unit_leave(&unit->user);
	user_unit_put(&unit->user);
	for (i = 0; i < bench->nr; i++)
		if (bench->units[i] == unit)
			bench->units[i] = NULL;
}

void user_start_program(struct user_bench *bench, const struct css_ccw1 *ccws,
			u32 nr, u32 orb_flags)
{
	const struct css_orb orb = {
		.intparm = cpu_to_be32(IMAGE_INTPARM),
		.flags = cpu_to_be32(orb_flags | IMAGE_PATH << ORB_LPM_SHIFT),
		.cpa = cpu_to_be32(IMAGE_PROG),
	};

	fake_put(&bench->image->guest, IMAGE_PROG, ccws, nr * sizeof(*ccws));
	image_must_start(bench->image, &orb);
}

void user_start(struct user_bench *bench, u8 cmd, u8 flags)
{
	const struct css_ccw1 ccws[] = {
		{ .cmd = cmd, .flags = flags,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .cmd = CMD_CONTROL, .flags = CCW_SLI },
	};

	user_start_program(bench, ccws, ARRAY_SIZE(ccws), ORB_FORMAT);
}

u32 user_fetch(struct fake_unit *unit, struct kvm_css_command *command)
{
	u32 events = 0;

	memset(command, 0, sizeof(*command));
	if (user_unit_enter(&unit->user))
		return 0;
	user_unit_fetch(&unit->user, false, command, &events);
	user_unit_exit(&unit->user);
	return events;
}

u64 user_take(struct fake_unit *unit, u8 cmd)
{
	struct kunit *test = benches->image->guest.test;
	unsigned long give_up = jiffies + PATIENCE;
	struct kvm_css_command command;

	do {
		user_fetch(unit, &command);
		if (!command.seq)
			fsleep(1000);
	} while (!command.seq && time_before(jiffies, give_up));
	KUNIT_ASSERT_NE(test, command.seq, 0);
	KUNIT_EXPECT_EQ(test, command.code, cmd);
	return command.seq;
}

int user_answer(struct fake_unit *unit, u64 seq, u8 status, u32 count)
{
	struct kvm_css_answer answer = {
		.seq = seq, .status = status, .count = count,
	};

	if (status & UNIT_CHECK) {
		answer.sense_len = 1;
		answer.sense[0] = USER_SENSE0;
	}
	return user_unit_answer(&unit->user, &answer, NULL, 0);
}

int user_present(struct fake_unit *unit, u64 seq, u8 status)
{
	struct kvm_css_present present = { .seq = seq, .status = status };

	if (status & UNIT_CHECK) {
		present.sense_len = 1;
		present.sense[0] = USER_SENSE0;
	}
	return user_unit_present(&unit->user, &present);
}

void user_expect_irb(struct user_bench *bench, u32 control, u8 dstat, u16 count)
{
	struct fake_image *image = bench->image;
	struct kunit *test = image->guest.test;
	unsigned long give_up = jiffies + PATIENCE;
	struct guest_io_int io_int;
	struct css_irb irb;

	while (!READ_ONCE(image->guest.nr_pending) &&
	       time_before(jiffies, give_up))
		fsleep(1000);
	KUNIT_EXPECT_TRUE(test, fake_accept(&image->guest, &io_int));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), control);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, dstat);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), count);
}

void user_expect_sense(struct user_bench *bench, u8 sense0)
{
	const bool by_kernel = sense0 && sense0 != USER_SENSE0;
	const u8 expected[CU_SENSE_SIZE] = {
		sense0, 0, 0, by_kernel ? USER_SENSE3 : 0,
	};
	u8 sense[CU_SENSE_SIZE];

	cu_take_sense(bench->dev, sense);
	KUNIT_EXPECT_MEMEQ(bench->image->guest.test, sense, expected,
			   sizeof(sense));
}

void user_settle(struct user_bench *bench)
{
	msleep(A_WHILE_MS);
	flush_workqueue(bench->image->css.shared.wq);
}
