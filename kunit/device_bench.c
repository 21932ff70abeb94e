// SPDX-License-Identifier: GPL-2.0
/*
 * A real control unit with a guest, see device_bench.h.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/string.h>

#include "device_bench.h"
#include "expect.h"

static void release(void *data)
{
	struct css_device *dev = data;

	dev->ops->release(dev);
}

/* There is no channel subsystem that could ask for the device's status. */

static void request(struct cu_request *request, u32 us)
{
}

static void withdraw(struct cu_request *request)
{
}

static const struct cu_request_ops request_ops = {
	.request = request,
	.withdraw = withdraw,
};

/* There is one bench at a time. */
static DECLARE_COMPLETION(completion);

static void completed(struct cu_pending *pending)
{
	complete(&completion);
}

static const struct cu_pending_ops pending_ops = { .completed = completed };

void device_wait_completed(struct device_bench *bench)
{
	KUNIT_ASSERT_NE(bench->test, 0,
			wait_for_completion_timeout(&completion, PATIENCE));
	/* It must not have called that more than once. */
	KUNIT_EXPECT_FALSE(bench->test, completion_done(&completion));
}

void device_bench_use(struct device_bench *bench, struct css_device *dev)
{
	bench->dev = dev;
	if (dev->request)
		dev->request->ops = &request_ops;
	if (dev->pending)
		dev->pending->ops = &pending_ops;
	reinit_completion(&completion);
}

struct device_bench *device_bench_create(struct kunit *test,
					 struct css_device *dev)
{
	struct device_bench *bench;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, release, dev), 0);
	bench = kunit_kzalloc(test, sizeof(*bench), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bench);
	bench->test = test;
	device_bench_use(bench, dev);
	fake_guest_init(test, &bench->guest);
	return bench;
}

void device_ccw(struct device_bench *bench, u8 cmd, u8 flags, u16 count,
		u32 cda)
{
	struct css_ccw1 *ccw = &bench->ccws[bench->nr_ccws];

	KUNIT_ASSERT_LT(bench->test, bench->nr_ccws, BENCH_CCWS);
	/* A TIC has no flags: it leads to its CCW whatever follows. */
	if (bench->nr_ccws && ccw[-1].cmd != CCW_CMD_TIC &&
	    !(ccw[-1].flags & CCW_CD))
		ccw[-1].flags |= CCW_CC;
	ccw->cmd = cmd;
	ccw->flags = flags;
	ccw->count = cpu_to_be16(count);
	ccw->cda = cpu_to_be32(cda);
	bench->nr_ccws++;
}

void device_ccw_param(struct device_bench *bench, u8 cmd, u8 flags,
		      const void *param, u16 len)
{
	u32 addr = BENCH_PARAM(bench->nr_ccws);

	fake_put(&bench->guest, addr, param, len);
	device_ccw(bench, cmd, flags, len, addr);
}

void device_begin(struct device_bench *bench)
{
	const struct css_orb orb = {
		.flags = cpu_to_be32(ORB_FORMAT | 0x80 << ORB_LPM_SHIFT |
				     (bench->prefetch ? ORB_PREFETCH : 0)),
		.cpa = cpu_to_be32(BENCH_PROG),
	};
	const struct chanprog_limit no_limit = {};

	fake_put(&bench->guest, BENCH_PROG, bench->ccws,
		 bench->nr_ccws * sizeof(bench->ccws[0]));
	bench->nr_ccws = 0;
	bench->cp.guest = &bench->guest;
	bench->cp.dev = bench->dev;
	chanprog_init(&bench->cp, &orb, &no_limit);
	bench->cp.one_by_one = bench->by_page;
}

enum chanprog_state device_turn(struct device_bench *bench,
				enum chanprog_turn turn)
{
	enum chanprog_state state = chanprog_run(&bench->cp, turn);

	while (state == CHANPROG_PENDING) {
		bench->deferred = true;
		device_wait_completed(bench);
		state = chanprog_run(&bench->cp, CHANPROG_ON_WORKER);
	}
	return state;
}

const struct chanprog_ending *device_run(struct device_bench *bench)
{
	enum chanprog_turn turn = bench->on_vcpu ? CHANPROG_ON_VCPU :
						   CHANPROG_ON_WORKER;
	enum chanprog_state state;

	bench->deferred = false;
	device_begin(bench);
	for (;;) {
		state = device_turn(bench, turn);
		if (state == CHANPROG_MUST_WAIT && turn == CHANPROG_ON_VCPU)
			bench->deferred = true;
		else if (state != CHANPROG_QUANTUM_USED)
			break;
		if (bench->deferred)
			turn = CHANPROG_ON_WORKER;
	}
	KUNIT_EXPECT_EQ(bench->test, state, CHANPROG_ENDED);
	return &bench->cp.ending;
}

void device_suspend_and_reset(struct device_bench *bench)
{
	u32 last = BENCH_PROG + (bench->nr_ccws - 1) * sizeof(struct css_ccw1);
	struct css_ccw1 ccw = bench->ccws[bench->nr_ccws - 1];

	device_begin(bench);
	bench->cp.orb_flags |= ORB_SUSPEND;
	KUNIT_EXPECT_EQ(bench->test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER),
			CHANPROG_SUSPENDED);
	cu_reset(bench->dev);
	ccw.flags &= ~CCW_SUSPEND;
	fake_put(&bench->guest, last, &ccw, sizeof(ccw));
	chanprog_resume(&bench->cp);
}

void device_expect(struct device_bench *bench, unsigned int nr, u8 dstat,
		   u8 cstat, u16 count)
{
	const struct chanprog_ending *ending = device_run(bench);
	struct kunit *test = bench->test;

	KUNIT_EXPECT_EQ(test, ending->cpa,
			BENCH_PROG + (nr + 1) * sizeof(struct css_ccw1));
	KUNIT_EXPECT_EQ(test, ending->dstat, dstat);
	KUNIT_EXPECT_EQ(test, ending->cstat, cstat);
	KUNIT_EXPECT_EQ(test, ending->count, count);
}

void device_expect_normal(struct device_bench *bench)
{
	device_expect(bench, bench->nr_ccws - 1, BENCH_NORMAL, 0, 0);
}

void device_expect_sense(struct device_bench *bench, u8 sense0, u8 sense1,
			 u8 sense7)
{
	const u8 expected[CU_SENSE_SIZE] = { sense0, sense1, [7] = sense7 };
	u8 sense[CU_SENSE_SIZE];

	cu_take_sense(bench->dev, sense);
	KUNIT_EXPECT_MEMEQ(bench->test, sense, expected, sizeof(sense));
}

void device_expect_storage(struct device_bench *bench, u32 addr,
			   const void *data, u32 len)
{
	KUNIT_EXPECT_MEMEQ(bench->test, bench->guest.storage + addr, data, len);
}

void device_expect_untouched(struct device_bench *bench, u32 addr, u32 len)
{
	u32 at;

	for (at = addr; at < addr + len; at++)
		if (bench->guest.storage[at] != fake_background(at))
			break;
	KUNIT_EXPECT_EQ_MSG(bench->test, at, addr + len,
			    "storage at %x has changed", at);
}
