// SPDX-License-Identifier: GPL-2.0
/*
 * Which numbers a new subchannel may have.  Its device number must be unused in
 * its set.  Beside a VMM, and with KVM_CSS_ADD_BESIDE, its subchannel number
 * must be none that the guest uses.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/xarray.h>

#include <linux/kvm_css.h>

#include <kvm_css/number_map.h>
#include <kvm_css/subchannel.h>

#include "fake_image.h"

/* --- the set of numbers --- */

/* Neighbours in the same word and in two words, and both ends */
static const u16 numbers[] = { 0, 1, 31, 32, 33, 0x7fff, 0x8000, 0xfffe, 0xffff };

static void numbers_map_test(struct kunit *test)
{
	struct number_map map;
	int i, j;

	number_map_init(&map);
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		KUNIT_EXPECT_FALSE(test, number_map_has(&map, numbers[i]));
		KUNIT_EXPECT_EQ(test, 0, number_map_add(&map, numbers[i]));
		KUNIT_EXPECT_EQ(test, 0, number_map_add(&map, numbers[i]));
		for (j = 0; j < ARRAY_SIZE(numbers); j++)
			KUNIT_EXPECT_EQ(test, number_map_has(&map, numbers[j]),
					j <= i);
	}
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		number_map_remove(&map, numbers[i]);
		number_map_remove(&map, numbers[i]);
		for (j = 0; j < ARRAY_SIZE(numbers); j++)
			KUNIT_EXPECT_EQ(test, number_map_has(&map, numbers[j]),
					j > i);
	}
	/* The last number of a word that is removed frees the word. */
	KUNIT_EXPECT_TRUE(test, xa_empty(&map.words));
	KUNIT_EXPECT_EQ(test, 0, number_map_add(&map, 0x4711));
	number_map_destroy(&map);
	KUNIT_EXPECT_FALSE(test, number_map_has(&map, 0x4711));
}

/* --- device numbers --- */

#define OTHER_SCHID	0x0013

static int add(struct fake_image *image, u8 ssid, u16 schid, u16 devno)
{
	struct fake_device *fake = fake_device_create(image->guest.test);

	return fake_add(&image->css, ssid, schid, devno, 0, &fake->dev);
}

/*
 * "Device Number": Linux names a device by its set and this number, so a set
 * has it only once.
 */
static void numbers_devno_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css *css = &image->css;

	KUNIT_EXPECT_EQ(test, -ENOTUNIQ,
			add(image, IMAGE_SSID, OTHER_SCHID, IMAGE_DEVNO));
	KUNIT_EXPECT_FALSE(test, css_any_in(css, IMAGE_SSID, OTHER_SCHID,
					    OTHER_SCHID));
	KUNIT_EXPECT_EQ(test, 0, add(image, IMAGE_SSID ^ 1, OTHER_SCHID,
				     IMAGE_DEVNO));
	KUNIT_EXPECT_EQ(test, 0, add(image, IMAGE_SSID, OTHER_SCHID,
				     IMAGE_DEVNO + 1));
	/* That the subchannel number is taken is found first. */
	KUNIT_EXPECT_EQ(test, -EEXIST, add(image, IMAGE_SSID, OTHER_SCHID,
					   IMAGE_DEVNO));
}

/*
 * The device number can be used again when its device has gone, in whichever
 * way.
 */
static void numbers_devno_free_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css *css = &image->css;

	KUNIT_EXPECT_EQ(test, 0, fake_remove(css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_EXPECT_EQ(test, 0, add(image, IMAGE_SSID, OTHER_SCHID,
				     IMAGE_DEVNO));
	KUNIT_EXPECT_EQ(test, 0, css_remove(css, IMAGE_SSID, OTHER_SCHID,
					    CSS_VACATE, false));
	KUNIT_EXPECT_EQ(test, 0, add(image, IMAGE_SSID, IMAGE_SCHID,
				     IMAGE_DEVNO));
	/*
	 * A device in the vacated one's place may have the number; then it is
	 * taken again.
	 */
	KUNIT_EXPECT_EQ(test, -ENOTUNIQ, add(image, IMAGE_SSID, OTHER_SCHID,
					     IMAGE_DEVNO));
	KUNIT_EXPECT_TRUE(test, css_vacant(css, css_sid(IMAGE_SSID,
							OTHER_SCHID)));
	/* A reset writes each SCHIB anew, but keeps its device number. */
	KUNIT_EXPECT_EQ(test, 0, css_reset(css, CSS_RESET_ALL));
	KUNIT_EXPECT_EQ(test, -ENOTUNIQ, add(image, IMAGE_SSID, OTHER_SCHID,
					     IMAGE_DEVNO));
}

/* A number without a device has no device number that could be taken. */
static void numbers_devno_vacant_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	KUNIT_EXPECT_EQ(test, 0, fake_add_vacant(&image->css, 0, 0, false));
	KUNIT_EXPECT_EQ(test, 0, fake_add_vacant(&image->css, 0, 1, false));
	KUNIT_EXPECT_EQ(test, 0, add(image, 0, 2, 0));
}

/* --- numbers that the VMM uses --- */

#define VMM_SSID	3
#define VMM_SCHID	0x0001
#define VMM_SID		(SID_ONE | VMM_SSID << SID_SSID_SHIFT | VMM_SCHID)

static int add_beside(struct fake_image *image, u8 ssid, u16 schid)
{
	struct fake_device *fake = fake_device_create(image->guest.test);
	const struct css_place place = {
		.ssid = ssid,
		.schid = schid,
		.devno = schid,
		.beside = true,
	};

	return css_add(&image->css, &place, &fake->dev);
}

static int add_vacant_beside(struct fake_image *image, u8 ssid, u16 schid)
{
	const struct css_place place = {
		.ssid = ssid,
		.schid = schid,
		.beside = true,
	};

	return css_add_vacant(&image->css, &place);
}

static void execute(struct fake_image *image, u16 opcode, u32 sid)
{
	const struct ioinst insn = {
		.opcode = opcode,
		.gpr1 = sid,
		.addr = FAKE_LOGICAL + IMAGE_OPERAND,
	};

	EXPECT_CC(image->guest.test, image_insn(image, &insn),
		  IOINST_USERSPACE);
}

struct use_case {
	const char *name;
	u16 opcode;
	u32 sid;
	bool used;
};

static const struct use_case use_cases[] = {
	/*
	 * A guest that looks for devices executes STSCH for numbers without a
	 * device too, so STSCH doesn't count.
	 */
	{ "STSCH", IOINST_STSCH, VMM_SID, false },
	{ "MSCH", IOINST_MSCH, VMM_SID, true },
	{ "SSCH", IOINST_SSCH, VMM_SID, true },
	{ "TSCH", IOINST_TSCH, VMM_SID, true },
	{ "RSCH", IOINST_RSCH, VMM_SID, true },
	{ "CSCH", IOINST_CSCH, VMM_SID, true },
	{ "HSCH", IOINST_HSCH, VMM_SID, true },
	{ "XSCH", IOINST_XSCH, VMM_SID, true },
	{ "another number", IOINST_SSCH, VMM_SID ^ 0x0002, false },
	{ "another set", IOINST_SSCH, VMM_SID ^ 1 << SID_SSID_SHIFT, false },
	/*
	 * With M one, a SID with the number of QEMU's image names the same
	 * subchannel, but this one names another image.
	 */
	{ "another image", IOINST_SSCH, VMM_SID | SID_M | 0x12000000, false },
	{ "invalid", IOINST_SSCH, VMM_SID & ~SID_ONE, false },
};

KUNIT_ARRAY_PARAM_DESC(use, use_cases, name);

static void numbers_use_test(struct kunit *test)
{
	const struct use_case *c = test->param_value;
	struct fake_image *image = test->priv;
	int expected = c->used ? -EADDRINUSE : 0;

	if (c->sid & SID_ONE)
		execute(image, c->opcode, c->sid);
	KUNIT_EXPECT_EQ(test, expected,
			add_beside(image, VMM_SSID, VMM_SCHID));
	if (!c->used)
		return;
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			add_vacant_beside(image, VMM_SSID, VMM_SCHID));
	KUNIT_EXPECT_FALSE(test, css_any_in(&image->css, VMM_SSID, 0, 0xffff));
	/*
	 * A reset doesn't remove the VMM's devices, so their numbers still
	 * count.
	 */
	KUNIT_EXPECT_EQ(test, 0, css_reset(&image->css, CSS_RESET_ALL));
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			add_beside(image, VMM_SSID, VMM_SCHID));
	/*
	 * The refused calls have left nothing.  Without BESIDE the caller may
	 * hide the VMM's.
	 */
	KUNIT_EXPECT_EQ(test, 0, add(image, VMM_SSID, VMM_SCHID, VMM_SCHID));
}

/*
 * The guest's driver may use a subchannel by other means before it uses it by
 * instructions: the VMM asks KVM to tell it of that.
 */
static void numbers_notified_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image->guest.notifies = VMM_SID;
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			add_beside(image, VMM_SSID, VMM_SCHID));
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			add_vacant_beside(image, VMM_SSID, VMM_SCHID));
	KUNIT_EXPECT_EQ(test, 0, add_beside(image, VMM_SSID, VMM_SCHID + 1));
	image->guest.notifies = 0;
	KUNIT_EXPECT_EQ(test, 0, add_beside(image, VMM_SSID, VMM_SCHID));
}

/*
 * When one of the kernel's subchannels has gone, the guest may still execute
 * instructions for it.  They are left to the VMM, but the number doesn't count
 * as the VMM's.
 */
static void numbers_left_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css *css = &image->css;

	KUNIT_EXPECT_EQ(test, 0, add_beside(image, VMM_SSID, VMM_SCHID));
	KUNIT_EXPECT_EQ(test, 0, fake_remove(css, VMM_SSID, VMM_SCHID));
	execute(image, IOINST_SSCH, VMM_SID);
	KUNIT_EXPECT_EQ(test, 0, add_vacant_beside(image, VMM_SSID, VMM_SCHID));
	KUNIT_EXPECT_EQ(test, 0, add_beside(image, VMM_SSID, VMM_SCHID));
	KUNIT_EXPECT_EQ(test, 0, fake_remove(css, VMM_SSID, VMM_SCHID));
	execute(image, IOINST_TSCH, VMM_SID);
	KUNIT_EXPECT_EQ(test, 0, add_beside(image, VMM_SSID, VMM_SCHID));
}

/*
 * An ADD that is refused in the end doesn't make the number the kernel's.  What
 * the guest executes for it still shows that the VMM has a subchannel there.
 */
static void numbers_refused_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css *css = &image->css;
	struct xarray *set = &css->sets[VMM_SSID];

	/*
	 * Nothing is at the number, but the reservation keeps anything from
	 * being added.
	 */
	KUNIT_ASSERT_EQ(test, 0, xa_reserve(set, VMM_SCHID, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			add(image, VMM_SSID, VMM_SCHID, VMM_SCHID));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			add_vacant_beside(image, VMM_SSID, VMM_SCHID));
	xa_release(set, VMM_SCHID);
	KUNIT_EXPECT_FALSE(test, number_map_has(&css->ours[VMM_SSID],
						VMM_SCHID));
	KUNIT_EXPECT_FALSE(test, number_map_has(&css->devnos[VMM_SSID],
						VMM_SCHID));
	execute(image, IOINST_SSCH, VMM_SID);
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			add_beside(image, VMM_SSID, VMM_SCHID));
}

/* But a number that the kernel had before remains one of the kernel's. */
static void numbers_refused_ours_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css *css = &image->css;
	struct xarray *set = &css->sets[IMAGE_SSID];

	KUNIT_EXPECT_EQ(test, 0, fake_remove(css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_ASSERT_EQ(test, 0, xa_reserve(set, IMAGE_SCHID, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			add(image, IMAGE_SSID, IMAGE_SCHID, IMAGE_DEVNO));
	xa_release(set, IMAGE_SCHID);
	execute(image, IOINST_SSCH, IMAGE_SID);
	KUNIT_EXPECT_EQ(test, 0, add_beside(image, IMAGE_SSID, IMAGE_SCHID));
}

/* --- a caller is killed while it waits for another call --- */

/* A user's call that has to wait for another call */
struct waiting_case {
	const char *name;
	int (*call)(struct fake_image *image);
};

static int wait_add(struct fake_image *image)
{
	return add(image, VMM_SSID, VMM_SCHID, VMM_SCHID);
}

static int wait_add_vacant(struct fake_image *image)
{
	return fake_add_vacant(&image->css, VMM_SSID, VMM_SCHID, false);
}

static int wait_remove(struct fake_image *image)
{
	return fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID);
}

static int wait_vacate(struct fake_image *image)
{
	return css_remove(&image->css, IMAGE_SSID, IMAGE_SCHID, CSS_VACATE,
			  false);
}

static int wait_reset(struct fake_image *image)
{
	return css_reset(&image->css, CSS_RESET_ALL);
}

static int wait_quiesce(struct fake_image *image)
{
	return css_quiesce(&image->css, 0);
}

static int wait_get_image(struct fake_image *image)
{
	struct kvm_css_image state;

	return css_save(&image->css, &state);
}

static int wait_set_image(struct fake_image *image)
{
	const struct kvm_css_image state = {
		.version = KVM_CSS_VERSION,
		.state = KVM_CSS_IMAGE_MSS,
	};

	return css_restore(&image->css, &state);
}

static const struct waiting_case waiting_cases[] = {
	{ "ADD", wait_add },
	{ "ADD, vacant", wait_add_vacant },
	{ "REMOVE", wait_remove },
	{ "REMOVE, vacate", wait_vacate },
	{ "RESET", wait_reset },
	{ "QUIESCE", wait_quiesce },
	{ "GET_IMAGE", wait_get_image },
	{ "SET_IMAGE", wait_set_image },
};

KUNIT_ARRAY_PARAM_DESC(waiting, waiting_cases, name);

struct waiting {
	const struct waiting_case *c;
	struct fake_image *image;
	struct completion began, ended;
	int rc;
};

static int wait_thread(void *data)
{
	struct waiting *waiting = data;

	allow_signal(SIGKILL);
	complete(&waiting->began);
	waiting->rc = waiting->c->call(waiting->image);
	complete(&waiting->ended);
	return 0;
}

/* The killed call ends at once, and has changed nothing. */
static void numbers_killed_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css *css = &image->css;
	struct waiting waiting = { .c = test->param_value, .image = image };
	struct subchannel *sch;
	struct task_struct *thread;

	init_completion(&waiting.began);
	init_completion(&waiting.ended);
	WRITE_ONCE(css->asked, true);
	thread = kthread_create(wait_thread, &waiting, "kvm-css-waiting");
	KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
	get_task_struct(thread);
	mutex_lock(&css->lock);
	wake_up_process(thread);
	wait_for_completion(&waiting.began);
	send_sig(SIGKILL, thread, 1);
	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&waiting.ended,
							     HZ));
	mutex_unlock(&css->lock);
	kthread_stop(thread);
	put_task_struct(thread);
	KUNIT_EXPECT_EQ(test, -EINTR, waiting.rc);

	KUNIT_EXPECT_FALSE(test, css_any_in(css, VMM_SSID, 0, U16_MAX));
	sch = css_find(css, IMAGE_SID);
	KUNIT_EXPECT_NOT_NULL(test, sch);
	if (sch)
		subchannel_put(sch);
	KUNIT_EXPECT_FALSE(test, css->shared.quiesced);
	KUNIT_EXPECT_FALSE(test, css->mss);
	/* A reset would have cleared this, so none has been done. */
	KUNIT_EXPECT_TRUE(test, css->asked);
}

static struct kunit_case numbers_cases[] = {
	KUNIT_CASE(numbers_map_test),
	KUNIT_CASE(numbers_devno_test),
	KUNIT_CASE(numbers_devno_free_test),
	KUNIT_CASE(numbers_devno_vacant_test),
	KUNIT_CASE_PARAM(numbers_use_test, use_gen_params),
	KUNIT_CASE(numbers_notified_test),
	KUNIT_CASE(numbers_left_test),
	KUNIT_CASE(numbers_refused_test),
	KUNIT_CASE(numbers_refused_ours_test),
	KUNIT_CASE_PARAM(numbers_killed_test, waiting_gen_params),
	{}
};

static struct kunit_suite numbers_suite = {
	.name = "kvm_css_numbers",
	.init = image_init,
	.exit = image_exit,
	.test_cases = numbers_cases,
};

kunit_test_suite(numbers_suite);
