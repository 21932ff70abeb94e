// SPDX-License-Identifier: GPL-2.0
/*
 * A control unit that follows a script, see fake_device.h.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <kvm_css/command.h>
#include <kvm_css/timer.h>

#include "fake_device.h"

/* How long it takes the device to stop */
#define SLOW_MS		50
/* How soon its interrupt comes */
#define SOON_NS		200000

#define fake_of(dev_) container_of(dev_, struct fake_device, dev)

u8 fake_pattern(u32 at)
{
	return 0xc3 ^ at ^ at >> 7;
}

static void fake_start(struct css_device *dev)
{
	fake_of(dev)->started++;
}

/*
 * Wait for @go_on, but look whether the program has been stopped, as a device
 * does.
 *
 * Return: false when it has been stopped.
 */
static bool wait_to_go_on(struct fake_device *fake, struct chanprog *cp)
{
	might_sleep();
	complete_all(&fake->in_command);
	while (READ_ONCE(fake->stubborn) || !chanprog_stopped(cp))
		if (wait_for_completion_timeout(&fake->go_on,
						msecs_to_jiffies(10)) &&
		    !chanprog_stopped(cp))
			return true;
	/*
	 * Take some time, so that a caller who doesn't wait for the device is
	 * found out.
	 */
	msleep(SLOW_MS);
	return false;
}

/* Return: how much of a step's data the channel program took or gave. */
static u32 move_data(struct fake_device *fake, struct chanprog *cp,
		     const struct fake_step *step)
{
	u32 chunk = fake->chunk ?: step->len;
	u32 moved = 0;

	while (moved < step->len) {
		u8 *data = fake->stream + fake->moved + moved;
		u32 want = min(chunk, step->len - moved);
		u32 got = step->move == FAKE_GIVES ?
			chanprog_to_guest(cp, data, want) :
			chanprog_from_guest(cp, data, want);

		KUNIT_EXPECT_LE(fake->test, got, want);
		moved += got;
		if (got < want)
			break;
	}
	return moved;
}

static void move_step(struct fake_device *fake, struct chanprog *cp,
		      const struct fake_step *step)
{
	u32 moved, i;

	if (step->move == FAKE_GIVES)
		for (i = 0; i < step->len; i++)
			fake->stream[fake->moved + i] =
				fake_pattern(fake->moved + i);
	if (step->move != FAKE_NO_DATA) {
		moved = move_data(fake, cp, step);
		KUNIT_EXPECT_EQ(fake->test, moved, step->len - step->left);
		fake->moved += moved;
	}
}

static cu_status_t end(struct fake_device *fake, const struct fake_step *step)
{
	u8 dstat = step->dstat ?: DSTAT_CHANNEL_END | DSTAT_DEVICE_END;

	if (fake->writes)
		cu_written(&fake->unstable);
	if (dstat & DSTAT_UNIT_CHECK) {
		memset(fake->dev.sense, 0, sizeof(fake->dev.sense));
		fake->dev.sense[0] = step->sense0;
		fake->dev.sense[CU_SENSE_SIZE - 1] = ~step->sense0;
	}
	return CU_STATUS(dstat);
}

/* Commands that are pending */

void fake_complete(struct fake_device *fake)
{
	KUNIT_EXPECT_TRUE(fake->test, READ_ONCE(fake->waiting));
	WRITE_ONCE(fake->waiting, false);
	cu_completed(&fake->dev);
}

static enum hrtimer_restart expired(struct hrtimer *timer)
{
	struct fake_device *fake = container_of(timer, struct fake_device,
						timer);

	KUNIT_EXPECT_TRUE(fake->test, in_hardirq());
	fake_complete(fake);
	return HRTIMER_NORESTART;
}

static cu_status_t pend(struct fake_device *fake)
{
	fake->parts_left--;
	WRITE_ONCE(fake->waiting, true);
	if (fake->when == FAKE_AT_ONCE)
		fake_complete(fake);
	else if (fake->when == FAKE_IN_INTERRUPT)
		hrtimer_start(&fake->timer, SOON_NS, HRTIMER_MODE_REL);
	return CU_PENDING;
}

static cu_status_t execute(struct fake_device *fake, struct chanprog *cp,
			   const struct fake_step *step)
{
	fake->parts_left = fake->parts;
	if (fake->parts && step->move == FAKE_GIVES)
		return pend(fake);
	move_step(fake, cp, step);
	return fake->parts ? pend(fake) : end(fake, step);
}

static cu_status_t fake_completes(struct css_device *dev, struct chanprog *cp,
				  u8 cmd)
{
	struct fake_device *fake = fake_of(dev);
	const struct fake_step *step = &fake->steps[fake->at];

	KUNIT_EXPECT_TRUE(fake->test, chanprog_may_wait(cp));
	KUNIT_EXPECT_EQ(fake->test, cmd, step->cmd);
	KUNIT_EXPECT_FALSE(fake->test, READ_ONCE(fake->busy));
	fake->completes++;
	if (chanprog_stopped(cp))
		return CU_ENDED;
	if (fake->parts_left)
		return pend(fake);
	if (step->move == FAKE_GIVES)
		move_step(fake, cp, step);
	return end(fake, step);
}

static void fake_stop(struct css_device *dev, bool dropped)
{
	struct fake_device *fake = fake_of(dev);

	KUNIT_EXPECT_FALSE(fake->test, READ_ONCE(fake->busy));
	fake->stops++;
	fake->dropped = dropped;
	if (fake->obliging && fake->waiting)
		fake_complete(fake);
}

static cu_status_t fake_command(struct css_device *dev, struct chanprog *cp,
				u8 cmd)
{
	struct fake_device *fake = fake_of(dev);
	unsigned int at = fake->done;
	cu_status_t status;

	if (fake->during)
		fake->during(fake->during_arg);
	if (fake->must_wait && !chanprog_may_wait(cp)) {
		fake->waits++;
		return CU_MUST_WAIT;
	}
	if (fake->endless)
		at = min(at, fake->nr_steps - 1);
	if (at >= fake->nr_steps) {
		KUNIT_FAIL(fake->test, "command %02x behind the last step %u",
			   cmd, fake->nr_steps);
		return CU_STATUS(DSTAT_UNIT_CHECK);
	}
	if (fake->steps[at].len > FAKE_STREAM - fake->moved) {
		KUNIT_FAIL(fake->test, "step %u: more data than fits", at);
		return CU_STATUS(DSTAT_UNIT_CHECK);
	}
	KUNIT_EXPECT_EQ(fake->test, cmd, fake->steps[at].cmd);
	fake->done++;
	fake->at = at;
	WRITE_ONCE(fake->busy, true);
	if (fake->blocks && !wait_to_go_on(fake, cp))
		/*
		 * The answer to a command that was dropped must not be seen, so
		 * make it an error.
		 */
		status = chanprog_dropped(cp) ? CU_STATUS(DSTAT_UNIT_CHECK) :
						CU_ENDED;
	else
		status = execute(fake, cp, &fake->steps[at]);
	WRITE_ONCE(fake->busy, false);
	return status;
}

/* The device must not be executing a command, and none must be pending. */
static void fake_reset(struct css_device *dev)
{
	struct fake_device *fake = fake_of(dev);

	KUNIT_EXPECT_FALSE(fake->test, READ_ONCE(fake->busy));
	KUNIT_EXPECT_FALSE(fake->test, READ_ONCE(fake->waiting));
	fake->resets++;
	cu_withdraw(dev);
}

static u8 fake_select(struct css_device *dev)
{
	struct fake_device *fake = fake_of(dev);
	u8 dstat = fake->initial;

	KUNIT_EXPECT_FALSE(fake->test, READ_ONCE(fake->busy));
	fake->selected++;
	if (dstat & ~(DSTAT_BUSY | DSTAT_STATUS_MODIFIER))
		fake->initial = 0;
	return dstat;
}

static u8 fake_status(struct css_device *dev)
{
	struct fake_device *fake = fake_of(dev);
	u8 dstat = fake->presents;

	KUNIT_EXPECT_FALSE(fake->test, READ_ONCE(fake->busy));
	fake->presents = 0;
	return dstat;
}

static void fake_halt(struct css_device *dev)
{
	KUNIT_EXPECT_FALSE(fake_of(dev)->test, READ_ONCE(fake_of(dev)->busy));
	fake_of(dev)->halts++;
}

void fake_present(struct fake_device *fake, u8 dstat)
{
	fake->presents = dstat;
	cu_request(&fake->dev, 0);
	flush_delayed_work(&fake->request.work);
}

static struct cu_writes *fake_writes(struct css_device *dev)
{
	return &fake_of(dev)->unstable;
}

static int fake_sync(struct css_device *dev)
{
	struct fake_device *fake = fake_of(dev);

	might_sleep();
	if (fake->in_sync)
		wait_for_completion(fake->in_sync);
	fake->syncs++;
	fake->synced_by = current;
	KUNIT_EXPECT_EQ(fake->test, fake->released, 0);
	return fake->sync_error;
}

static void fake_release(struct css_device *dev)
{
	hrtimer_cancel(&fake_of(dev)->timer);
	fake_of(dev)->released++;
}

void fake_halt_program(void *program)
{
	chanprog_stop(program, CHANPROG_HALT);
}

static const struct cu_ops fake_ops = {
	.name = "fake",
	.start = fake_start,
	.reset = fake_reset,
	.select = fake_select,
	.status = fake_status,
	.halt = fake_halt,
	.command = fake_command,
	.complete = fake_completes,
	.stop = fake_stop,
	.writes = fake_writes,
	.sync = fake_sync,
	.release = fake_release,
};

struct fake_device *fake_device_create(struct kunit *test)
{
	struct fake_device *fake;

	fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->stream = kunit_kzalloc(test, FAKE_STREAM, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake->stream);
	fake->dev.ops = &fake_ops;
	fake->dev.request = &fake->request;
	fake->dev.pending = &fake->pending;
	css_timer_init(&fake->timer, expired, HRTIMER_MODE_REL);
	fake->test = test;
	init_completion(&fake->in_command);
	init_completion(&fake->go_on);
	return fake;
}

void fake_device_script(struct fake_device *fake, const struct fake_step *steps,
			unsigned int nr_steps)
{
	fake->steps = steps;
	fake->nr_steps = nr_steps;
	fake->done = 0;
	fake->started = 0;
	fake->waits = 0;
	fake->moved = 0;
	memset(fake->stream, 0, FAKE_STREAM);
}
