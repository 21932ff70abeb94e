// SPDX-License-Identifier: GPL-2.0
/*
 * The test control unit.  It has storage that can be written and read, and
 * commands that end as a test needs it.  Documentation/devices.rst lists them.
 */
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/timer.h>

#include "devices.h"

#define TEST_CMD_WRITE			0x01
#define TEST_CMD_READ			0x02
#define TEST_CMD_SEEK			0x07
#define TEST_CMD_END_WITH_STATUS	0x0b
#define TEST_CMD_READ_BACKWARD		0x0c
#define TEST_CMD_WAIT			0x0f
#define TEST_CMD_END_LATER		0x1b
#define TEST_CMD_PRESENT		0x2b
#define TEST_CMD_BE_BUSY		0x3b

#define TEST_STORAGE		65536u

#define TEST_WAIT_MAX_US	(10u * USEC_PER_SEC)

#define TEST_CU_BUSY		(DSTAT_BUSY | DSTAT_STATUS_MODIFIER)

/*
 * What the device still does after a command, and the status that it presents
 * then
 *
 * @due: when, in ns; without meaning for KVM_CSS_TEST_STATE_HOLDS
 * @what: KVM_CSS_TEST_STATE_*, or 0 for nothing
 * @dstat: the status; for KVM_CSS_TEST_STATE_BUSY, the status that says "busy"
 * @sense0: sense byte 0, if @dstat has unit check
 * @asked: the device was selected while it was busy
 */
struct test_later {
	u64 due;
	u8 what;
	u8 dstat;
	u8 sense0;
	bool asked;
};

/*
 * The timer of WAIT
 *
 * It expires in a softirq.  The timers of all subchannels of a guest may expire
 * at the same moment, and no interrupt of the host may take so long.
 *
 * @timer: expires when the command can go on
 * @dev: the device
 */
struct test_timer {
	struct hrtimer timer;
	struct css_device *dev;
};

/*
 * @always_wait: no command is executed on a vCPU
 * @position: where the next READ or WRITE begins; TEST_STORAGE is the end
 * @storage: NULL before the first READ or WRITE
 * @later: what the device still does after an earlier command
 * @request: asks for a call of test_status() when @later is due; not used for
 *	KVM_CSS_TEST_STATE_HOLDS
 * @pending: completes WAIT
 * @timer: NULL before the first WAIT
 */
struct test_device {
	struct css_device dev;
	bool always_wait;
	u32 position;
	u8 *storage;
	struct test_later later;
	struct cu_request request;
	struct cu_pending pending;
	struct test_timer *timer;
};

/* "Memory" in Documentation/architecture.rst states this size. */
#if !IS_ENABLED(CONFIG_LOCKDEP) && !IS_ENABLED(CONFIG_DEBUG_OBJECTS)
static_assert(sizeof(struct test_device) <= 256);
#endif

static struct test_device *to_test(struct css_device *dev)
{
	return container_of(dev, struct test_device, dev);
}

/*
 * Get the parameters of a command.  Return: has the program given all of them?
 */
static bool test_parameters(struct chanprog *cp, void *data, u32 len)
{
	return chanprog_from_guest(cp, data, len) == len;
}

/*
 * End a command whose parameters are wrong or missing.  If the program was
 * halted, it is not the program's error that they are missing.
 */
static cu_status_t test_bad_parameters(struct test_device *test,
				       const struct chanprog *cp)
{
	if (chanprog_halted(cp))
		return CU_ENDED;
	return cu_unit_check(&test->dev, SENSE0_COMMAND_REJECT, 0);
}

/*
 * Most subchannels of a large guest are never used.  So the storage is
 * allocated by the first command that needs it, on a vCPU too.
 */
static bool test_ensure_storage(struct test_device *test, struct chanprog *cp)
{
	if (!test->storage)
		test->storage = guest_buffer_alloc(cp->guest, TEST_STORAGE);
	return test->storage;
}

/* Move one piece of data, towards the end of the storage. */
static u32 test_forward(struct test_device *test, struct chanprog *cp,
			bool write, u32 *len)
{
	u8 *data = test->storage + test->position;
	u32 done;

	*len = min(chanprog_provided(cp), TEST_STORAGE - test->position);
	done = write ? chanprog_from_guest(cp, data, *len) :
		       chanprog_to_guest(cp, data, *len);
	test->position += done;
	return done;
}

/*
 * Move one piece of data, towards the beginning of the storage.  The byte
 * before the position comes first.
 */
static u32 test_backward(struct test_device *test, struct chanprog *cp,
			 u32 *len)
{
	u8 turned[64];
	u32 done, i;

	*len = min3(chanprog_provided(cp), test->position,
		    (u32)sizeof(turned));
	for (i = 0; i < *len; i++)
		turned[i] = test->storage[test->position - 1 - i];
	done = chanprog_to_guest(cp, turned, *len);
	test->position -= done;
	return done;
}

/*
 * READ and WRITE move as many bytes as the CCWs name, up to the end of the
 * storage.  If they asked for more bytes than the CCWs name, each of them would
 * end with incorrect length.
 */
static cu_status_t test_move(struct test_device *test, struct chanprog *cp,
			     u8 cmd)
{
	u32 len, done;

	if (!test_ensure_storage(test, cp))
		return cu_unit_check(&test->dev, SENSE0_EQUIPMENT_CHECK, 0);
	do {
		done = cmd == TEST_CMD_READ_BACKWARD ?
			test_backward(test, cp, &len) :
			test_forward(test, cp, cmd == TEST_CMD_WRITE, &len);
	} while (done && done == len);
	return CU_ENDED;
}

static cu_status_t test_seek(struct test_device *test, struct chanprog *cp)
{
	__be32 position;

	if (!test_parameters(cp, &position, sizeof(position)))
		return test_bad_parameters(test, cp);
	if (be32_to_cpu(position) >= TEST_STORAGE)
		return test_bad_parameters(test, cp);
	test->position = be32_to_cpu(position);
	return CU_ENDED;
}

static cu_status_t test_end_with_status(struct test_device *test,
					struct chanprog *cp)
{
	struct {
		u8 dstat;
		u8 sense0;
	} how;

	if (!test_parameters(cp, &how, sizeof(how)))
		return test_bad_parameters(test, cp);
	if (how.dstat & DSTAT_UNIT_CHECK)
		cu_unit_check(&test->dev, how.sense0, 0);
	return CU_STATUS(how.dstat);
}

/* WAIT: a command that ends later */

static enum hrtimer_restart test_timer_expired(struct hrtimer *timer)
{
	cu_completed(container_of(timer, struct test_timer, timer)->dev);
	return HRTIMER_NORESTART;
}

/* As the storage, the timer is allocated by the first command that needs it. */
static bool test_ensure_timer(struct test_device *test)
{
	struct test_timer *timer;

	if (test->timer)
		return true;
	timer = kzalloc(sizeof(*timer), GFP_KERNEL_ACCOUNT);
	if (!timer)
		return false;
	timer->dev = &test->dev;
	css_timer_init(&timer->timer, test_timer_expired,
		       HRTIMER_MODE_REL_SOFT);
	test->timer = timer;
	return true;
}

static cu_status_t test_wait(struct test_device *test, struct chanprog *cp)
{
	__be32 us;

	if (!test_parameters(cp, &us, sizeof(us)))
		return test_bad_parameters(test, cp);
	if (be32_to_cpu(us) > TEST_WAIT_MAX_US)
		return test_bad_parameters(test, cp);
	if (!us)
		return CU_ENDED;
	if (!test_ensure_timer(test))
		return cu_unit_check(&test->dev, SENSE0_EQUIPMENT_CHECK, 0);
	hrtimer_start(&test->timer->timer,
		      ns_to_ktime((u64)be32_to_cpu(us) * NSEC_PER_USEC),
		      HRTIMER_MODE_REL_SOFT);
	return CU_PENDING;
}

/* The time is over, or the program has been halted. */
static cu_status_t test_complete(struct css_device *dev, struct chanprog *cp,
				 u8 cmd)
{
	return CU_ENDED;
}

/*
 * If the timer has expired already, its function calls cu_completed(), or has
 * called it.  hrtimer_cancel() waits for that function.  A function that has not
 * returned yet may be that of the WAIT before, and then the timer of this one is
 * still to be cancelled.
 */
static void test_stop(struct css_device *dev, bool dropped)
{
	if (hrtimer_cancel(&to_test(dev)->timer->timer) == 1)
		cu_completed(dev);
}

/*
 * What the device still does after a command, and the status that it presents
 */

static void test_forget(struct test_device *test)
{
	if (test->later.what)
		cu_withdraw(&test->dev);
	test->later = (struct test_later){};
}

static u32 test_left_us(const struct test_device *test)
{
	u64 now = ktime_get_ns();

	if (now >= test->later.due)
		return 0;
	return div_u64(test->later.due - now + NSEC_PER_USEC - 1, NSEC_PER_USEC);
}

static bool test_later_valid(u8 what, u8 dstat, u32 us)
{
	if (us > TEST_WAIT_MAX_US)
		return false;
	switch (what) {
	case KVM_CSS_TEST_STATE_WORKS:
		return dstat & DSTAT_DEVICE_END && !(dstat & DSTAT_BUSY);
	case KVM_CSS_TEST_STATE_HOLDS:
		if (us)
			return false;
		fallthrough;
	case KVM_CSS_TEST_STATE_PRESENTS:
		return dstat & ~DSTAT_STATUS_MODIFIER && !(dstat & DSTAT_BUSY);
	case KVM_CSS_TEST_STATE_BUSY:
		return dstat == DSTAT_BUSY || dstat == TEST_CU_BUSY;
	default:
		return false;
	}
}

static void test_begin_later(struct test_device *test, u8 what, u8 dstat,
			     u8 sense0, u32 us)
{
	test->later = (struct test_later){
		.due = ktime_get_ns() + us * NSEC_PER_USEC,
		.what = what,
		.dstat = dstat,
		.sense0 = sense0,
	};
	if (what != KVM_CSS_TEST_STATE_HOLDS)
		cu_request(&test->dev, us);
}

/* Return: the status of @later, which the caller presents; @later is over. */
static u8 test_take_later(struct test_device *test)
{
	u8 dstat = test->later.dstat;

	if (dstat & DSTAT_UNIT_CHECK)
		cu_unit_check(&test->dev, test->later.sense0, 0);
	test_forget(test);
	return dstat;
}

/*
 * The device was busy.  If it was selected meanwhile, it says that it isn't
 * busy any more.
 */
static u8 test_no_longer_busy(struct test_device *test)
{
	bool asked = test->later.asked;
	u8 dstat = test_take_later(test);

	if (!asked)
		return 0;
	return dstat == TEST_CU_BUSY ? DSTAT_CONTROL_UNIT_END :
				       DSTAT_DEVICE_END;
}

static u8 test_status(struct css_device *dev)
{
	struct test_device *test = to_test(dev);
	u32 left;

	if (!test->later.what || test->later.what == KVM_CSS_TEST_STATE_HOLDS)
		return 0;
	left = test_left_us(test);
	if (left) {
		cu_request(dev, left);
		return 0;
	}
	if (test->later.what == KVM_CSS_TEST_STATE_BUSY)
		return test_no_longer_busy(test);
	return test_take_later(test);
}

/*
 * The device has just finished, and is selected before it has presented status
 * for that.  If this status would only say that the device isn't busy any more,
 * the device drops it, because it says the same by accepting the selection.  It
 * presents any other status now, and doesn't accept the selection.
 */
static u8 test_over(struct test_device *test)
{
	if (test->later.what == KVM_CSS_TEST_STATE_WORKS &&
	    test->later.dstat != DSTAT_DEVICE_END)
		return DSTAT_BUSY | test_take_later(test);
	test_forget(test);
	return 0;
}

static u8 test_select(struct css_device *dev)
{
	struct test_device *test = to_test(dev);
	u32 left;

	/* Mostly there is nothing for which the time has to be known. */
	if (!test->later.what)
		return 0;
	left = test_left_us(test);
	switch (test->later.what) {
	case KVM_CSS_TEST_STATE_HOLDS:
		return DSTAT_BUSY | test_take_later(test);
	case KVM_CSS_TEST_STATE_PRESENTS:
		return left ? 0 : DSTAT_BUSY | test_take_later(test);
	case KVM_CSS_TEST_STATE_WORKS:
	case KVM_CSS_TEST_STATE_BUSY:
		if (left) {
			test->later.asked = true;
			/*
			 * The timer of the last request may have expired a
			 * little before @due, and so have led to this call.
			 * Then nobody would ask again without a new request.
			 */
			cu_request(dev, left);
			return test->later.what == KVM_CSS_TEST_STATE_BUSY ?
				test->later.dstat : DSTAT_BUSY;
		}
		return test_over(test);
	default:
		return 0;
	}
}

static void test_halt(struct css_device *dev)
{
	struct test_device *test = to_test(dev);

	if (test->later.what == KVM_CSS_TEST_STATE_WORKS)
		test_forget(test);
}

/* Return: KVM_CSS_TEST_STATE_*, or 0 when the parameters are invalid. */
static u8 test_later_what(u8 cmd, u8 hold)
{
	if (cmd == TEST_CMD_PRESENT && hold == 1)
		return KVM_CSS_TEST_STATE_HOLDS;
	if (hold)
		return 0;
	if (cmd == TEST_CMD_PRESENT)
		return KVM_CSS_TEST_STATE_PRESENTS;
	return cmd == TEST_CMD_BE_BUSY ? KVM_CSS_TEST_STATE_BUSY :
					 KVM_CSS_TEST_STATE_WORKS;
}

static cu_status_t test_do_later(struct test_device *test, struct chanprog *cp,
				 u8 cmd)
{
	struct {
		u8 dstat;
		u8 sense0;
		u8 hold;
		u8 zeros;
		__be32 us;
	} how;
	u8 what;

	if (!test_parameters(cp, &how, sizeof(how)))
		return test_bad_parameters(test, cp);
	what = test_later_what(cmd, how.hold);
	if (how.zeros || test->later.what ||
	    !test_later_valid(what, how.dstat, be32_to_cpu(how.us)))
		return test_bad_parameters(test, cp);
	test_begin_later(test, what, how.dstat, how.sense0,
			 be32_to_cpu(how.us));
	return cmd == TEST_CMD_END_LATER ? CU_STATUS(DSTAT_CHANNEL_END) :
					   CU_ENDED;
}

static cu_status_t test_command(struct css_device *dev, struct chanprog *cp,
				u8 cmd)
{
	struct test_device *test = to_test(dev);

	if (test->always_wait && !chanprog_may_wait(cp))
		return CU_MUST_WAIT;
	if (cmd != CU_CMD_SENSE && cmd != CU_CMD_NOOP)
		memset(dev->sense, 0, sizeof(dev->sense));
	switch (cmd) {
	case TEST_CMD_WRITE:
	case TEST_CMD_READ:
	case TEST_CMD_READ_BACKWARD:
		return test_move(test, cp, cmd);
	case TEST_CMD_SEEK:
		return test_seek(test, cp);
	case TEST_CMD_END_WITH_STATUS:
		return test_end_with_status(test, cp);
	case TEST_CMD_WAIT:
		return test_wait(test, cp);
	case TEST_CMD_END_LATER:
	case TEST_CMD_PRESENT:
	case TEST_CMD_BE_BUSY:
		return test_do_later(test, cp, cmd);
	default:
		return cu_common_command(dev, cp, cmd);
	}
}

static void test_start(struct css_device *dev)
{
	to_test(dev)->position = 0;
}

static void test_reset(struct css_device *dev)
{
	to_test(dev)->position = 0;
	test_forget(to_test(dev));
}

static void test_save(const struct css_device *dev,
		      union kvm_css_device_state *state)
{
	const struct test_device *test = container_of(dev, struct test_device,
						      dev);

	state->test.position = test->position;
	state->test.what = test->later.what;
	state->test.status = test->later.dstat;
	state->test.sense = test->later.sense0;
	state->test.asked = test->later.asked;
	if (test->later.what && test->later.what != KVM_CSS_TEST_STATE_HOLDS)
		state->test.left_us = test_left_us(test);
}

static bool test_state_valid(const struct kvm_css_test_state *state)
{
	const bool may_ask = state->what == KVM_CSS_TEST_STATE_WORKS ||
			     state->what == KVM_CSS_TEST_STATE_BUSY;

	if (state->position > TEST_STORAGE || state->asked > may_ask)
		return false;
	if (!state->what)
		return !state->status && !state->sense && !state->left_us;
	return test_later_valid(state->what, state->status, state->left_us);
}

static bool test_restore(struct css_device *dev,
			 const union kvm_css_device_state *state)
{
	const struct kvm_css_test_state *saved = &state->test;
	const u8 *rest = state->bytes + sizeof(state->test);
	struct test_device *test = to_test(dev);

	if (!test_state_valid(saved) ||
	    memchr_inv(rest, 0, sizeof(*state) - sizeof(state->test)))
		return false;
	test->position = saved->position;
	test_forget(test);
	if (!saved->what)
		return true;
	test_begin_later(test, saved->what, saved->status, saved->sense,
			 saved->left_us);
	test->later.asked = saved->asked;
	return true;
}

static int test_describe(const struct css_device *dev,
			 struct kvm_css_device *device)
{
	const struct test_device *test = container_of(dev, struct test_device,
						      dev);

	device->test.size = sizeof(device->test);
	device->test.flags = test->always_wait ? KVM_CSS_TEST_ASYNC : 0;
	return 0;
}

static void test_release(struct css_device *dev)
{
	struct test_device *test = to_test(dev);

	/* Its function may not have returned yet. */
	if (test->timer)
		hrtimer_cancel(&test->timer->timer);
	kfree(test->timer);
	guest_buffer_free(test->storage);
	kfree(test);
}

static const struct cu_ops test_ops = {
	.name = "test",
	.type = KVM_CSS_TYPE_TEST,
	.start = test_start,
	.reset = test_reset,
	.select = test_select,
	.status = test_status,
	.halt = test_halt,
	.command = test_command,
	.complete = test_complete,
	.stop = test_stop,
	.save = test_save,
	.restore = test_restore,
	.describe = test_describe,
	.release = test_release,
};

struct css_device *test_device_create(bool always_wait)
{
	struct test_device *test;

	test = kzalloc(sizeof(*test), GFP_KERNEL_ACCOUNT);
	if (!test)
		return ERR_PTR(-ENOMEM);
	test->dev.ops = &test_ops;
	test->dev.request = &test->request;
	test->dev.pending = &test->pending;
	test->dev.id = (struct cu_id){ .cu_type = 0x0c55, .cu_model = 1 };
	test->always_wait = always_wait;
	return &test->dev;
}

struct css_device *test_device_add(const void *argument)
{
	const struct kvm_css_test *arg = argument;

	if (arg->flags == KVM_CSS_TEST_BACKEND)
		return test_backend_create();
	if (arg->flags & ~KVM_CSS_TEST_ASYNC)
		return ERR_PTR(-EINVAL);
	return test_device_create(arg->flags & KVM_CSS_TEST_ASYNC);
}
