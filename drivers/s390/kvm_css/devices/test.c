// SPDX-License-Identifier: GPL-2.0
/*
 * The test control unit: storage that remembers, and commands that end in
 * whatever way a test needs.  Documentation/devices.rst lists them.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>

#define TEST_CMD_WRITE			0x01
#define TEST_CMD_READ			0x02
#define TEST_CMD_SEEK			0x07
#define TEST_CMD_END_WITH_STATUS	0x0b
#define TEST_CMD_READ_BACKWARD		0x0c
#define TEST_CMD_WAIT			0x0f

#define TEST_STORAGE		65536u

#define TEST_WAIT_MAX_US	(10u * USEC_PER_SEC)
/* How soon WAIT notices that nobody is interested any more */
#define TEST_WAIT_SLICE_US	(10u * USEC_PER_MSEC)

/*
 * @always_wait: nothing is executed on a vCPU
 * @position: where READ and WRITE go on; TEST_STORAGE is the end
 * @storage: NULL before the first READ or WRITE
 */
struct test_device {
	struct css_device dev;
	bool always_wait;
	u32 position;
	u8 *storage;
};

static struct test_device *to_test(struct css_device *dev)
{
	return container_of(dev, struct test_device, dev);
}

/* Parameters are what a command can't do without. */
static bool test_parameters(struct chanprog *cp, void *data, u32 len)
{
	return chanprog_from_guest(cp, data, len) == len;
}

/* They are bad only if it wasn't a halt that kept them back. */
static cu_status_t test_bad_parameters(struct test_device *test,
				       const struct chanprog *cp)
{
	if (chanprog_halted(cp))
		return CU_ENDED;
	return cu_unit_check(&test->dev, SENSE0_COMMAND_REJECT, 0);
}

/* Most subchannels of a large guest are never used, and have no storage. */
static bool test_has_storage(struct test_device *test, struct chanprog *cp)
{
	if (!test->storage)
		test->storage = css_buffer_alloc(cp->guest, TEST_STORAGE);
	return test->storage;
}

/* One piece towards the end of the storage */
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

/* One piece towards its beginning; the byte before the position comes first. */
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
 * READ and WRITE take the length from the CCWs, as far as the storage goes:
 * asking for more would make every one of them an incorrect length.
 */
static cu_status_t test_move(struct test_device *test, struct chanprog *cp,
			     u8 cmd)
{
	u32 len, done;

	if (!test_has_storage(test, cp))
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

static cu_status_t test_wait(struct test_device *test, struct chanprog *cp)
{
	ktime_t end;
	__be32 us;
	s64 left;

	if (!chanprog_may_wait(cp))
		return CU_MUST_WAIT;
	if (!test_parameters(cp, &us, sizeof(us)))
		return test_bad_parameters(test, cp);
	if (be32_to_cpu(us) > TEST_WAIT_MAX_US)
		return test_bad_parameters(test, cp);
	end = ktime_add_us(ktime_get(), be32_to_cpu(us));
	while (!chanprog_stopped(cp)) {
		left = ktime_us_delta(end, ktime_get());
		if (left <= 0)
			break;
		fsleep(min_t(s64, left, TEST_WAIT_SLICE_US));
	}
	return CU_ENDED;
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
	default:
		return cu_common_command(dev, cp, cmd);
	}
}

/* A channel program begins, or the device is reset. */
static void test_start(struct css_device *dev)
{
	to_test(dev)->position = 0;
}

static void test_save(const struct css_device *dev,
		      union kvm_css_device_state *state)
{
	state->test.position =
		container_of(dev, struct test_device, dev)->position;
}

static bool test_restore(struct css_device *dev,
			 const union kvm_css_device_state *state)
{
	const u8 *rest = state->bytes + sizeof(state->test);

	if (state->test.position > TEST_STORAGE ||
	    memchr_inv(rest, 0, sizeof(*state) - sizeof(state->test)))
		return false;
	to_test(dev)->position = state->test.position;
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

	css_buffer_free(test->storage);
	kfree(test);
}

static const struct cu_ops test_ops = {
	.name = "test",
	.type = KVM_CSS_TYPE_TEST,
	.start = test_start,
	.reset = test_start,
	.command = test_command,
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
	test->dev.id = (struct cu_id){ .cu_type = 0x0c55, .cu_model = 1 };
	test->always_wait = always_wait;
	return &test->dev;
}
