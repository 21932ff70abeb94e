// SPDX-License-Identifier: GPL-2.0
/*
 * Run a row of the channel-program tables, see chanprog_case.h.
 */
#include <linux/string.h>

#include "chanprog_case.h"

/* More turns than any row needs: a program that doesn't end is a failure. */
#define TURNS_MAX	64

struct chanprog_bench *chanprog_bench_create(struct kunit *test)
{
	struct chanprog_bench *bench;

	bench = kunit_kzalloc(test, sizeof(*bench), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bench);
	fake_guest_init(test, &bench->guest);
	bench->fake = fake_device_create(test);
	bench->cp.guest = &bench->guest;
	bench->cp.dev = &bench->fake->dev;
	return bench;
}

static void put_ccws(struct css_guest *guest, const struct chanprog_case *c)
{
	u32 addr = c->base ?: PROG;
	int i;

	for (i = 0; i < CASE_CCWS; i++, addr += sizeof(struct css_ccw1)) {
		const struct case_ccw *from = &c->ccws[i];
		struct css_ccw1 ccw = {
			.cmd = from->cmd,
			.flags = from->flags,
			.count = cpu_to_be16(from->count),
			.cda = cpu_to_be32(from->cda),
		};

		if (from->cmd || from->flags || from->count || from->cda)
			fake_put(guest, addr, &ccw, sizeof(ccw));
	}
}

void chanprog_bench_load(struct chanprog_bench *bench,
			 const struct chanprog_case *c)
{
	struct css_orb orb = {
		.flags = cpu_to_be32(c->orb | 0x80 << ORB_LPM_SHIFT |
				     (c->format0 ? 0 : ORB_FORMAT)),
		.cpa = cpu_to_be32(c->cpa ?: c->base ?: PROG),
	};
	unsigned int nr_steps = 0;

	put_ccws(&bench->guest, c);
	bench->guest.hole[0] = c->hole;
	bench->guest.broken[0] = c->broken;
	bench->guest.readonly[0] = c->readonly;
	while (nr_steps < CASE_STEPS && c->steps[nr_steps].cmd)
		nr_steps++;
	fake_device_script(bench->fake, c->steps, nr_steps);
	chanprog_init(&bench->cp, &orb, &c->limit);
}

static enum chanprog_state run_to_end(struct kunit *test,
				      struct chanprog_bench *bench,
				      bool may_wait)
{
	enum chanprog_state state;
	int turns;

	for (turns = 0; turns < TURNS_MAX; turns++) {
		state = chanprog_run(&bench->cp, may_wait);
		if (state != CHANPROG_MUST_WAIT &&
		    state != CHANPROG_QUANTUM_USED)
			break;
		/* A worker is never told that it must wait: it may. */
		if (may_wait)
			KUNIT_EXPECT_EQ(test, state, CHANPROG_QUANTUM_USED);
		may_wait = true;
	}
	return state;
}

/* Which way went the byte at this position of the device's stream? */
static enum fake_move direction(const struct chanprog_case *c, u32 at)
{
	u32 end = 0;
	int i;

	for (i = 0; i < CASE_STEPS; i++) {
		end += c->steps[i].len - c->steps[i].left;
		if (at < end)
			return c->steps[i].move;
	}
	return FAKE_NO_DATA;
}

/*
 * @storage is what guest storage was before.  What the device gave is there
 * now where the spans say, and nowhere else; what it took came from there.
 */
static void check_data(struct kunit *test, struct chanprog_bench *bench,
		       const struct chanprog_case *c, u8 *storage)
{
	const u8 *stream = bench->fake->stream;
	int i;

	for (i = 0; i < CASE_SPANS && c->data[i].len; i++) {
		const struct case_span *span = &c->data[i];
		enum fake_move move = direction(c, span->from);

		KUNIT_EXPECT_NE(test, move, FAKE_NO_DATA);
		if (move == FAKE_GIVES)
			memcpy(storage + span->addr, stream + span->from,
			       span->len);
		else
			KUNIT_EXPECT_MEMEQ_MSG(test, stream + span->from,
					       storage + span->addr, span->len,
					       "span %d", i);
	}
	if (!memcmp(storage, bench->guest.storage, FAKE_STORAGE))
		return;
	for (i = 0; storage[i] == bench->guest.storage[i]; i++)
		;
	KUNIT_FAIL(test, "storage at %x: expected %02x, is %02x", i, storage[i],
		   bench->guest.storage[i]);
}

static void check_end(struct kunit *test, const struct chanprog_ending *is,
		      const struct case_end *end)
{
	if (end->cpa != ANY)
		KUNIT_EXPECT_EQ(test, is->cpa, end->cpa);
	if (end->dstat != ANY)
		KUNIT_EXPECT_EQ(test, is->dstat, end->dstat);
	if (end->cstat != ANY)
		KUNIT_EXPECT_EQ(test, is->cstat, end->cstat);
	if (end->count != ANY)
		KUNIT_EXPECT_EQ(test, is->count, end->count);
}

void chanprog_case_run(struct kunit *test, const struct chanprog_case *c,
		       enum chanprog_mode mode)
{
	struct chanprog_bench *bench = chanprog_bench_create(test);
	struct fake_device *fake = bench->fake;
	bool worker = mode == MODE_WORKER || mode == MODE_BYTEWISE;
	enum chanprog_state state;
	u8 *storage;

	chanprog_bench_load(bench, c);
	fake->must_wait = mode == MODE_DEFERRED;
	fake->chunk = mode == MODE_BYTEWISE ? 1 : 0;
	storage = kunit_kmalloc(test, FAKE_STORAGE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, storage);
	fake_get(&bench->guest, 0, storage, FAKE_STORAGE);

	state = run_to_end(test, bench, worker);
	KUNIT_EXPECT_EQ(test, state, CHANPROG_ENDED);
	check_end(test, &bench->cp.ending, &c->end);
	KUNIT_EXPECT_EQ(test, fake->done, fake->nr_steps);
	if (fake->nr_steps)
		KUNIT_EXPECT_EQ(test, fake->started, 1);
	/* Once it has said so, nobody asks again on the vCPU. */
	KUNIT_EXPECT_LE(test, fake->waits, 1);
	check_data(test, bench, c, storage);
}
