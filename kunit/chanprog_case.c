// SPDX-License-Identifier: GPL-2.0
/* Running a row of the channel-program tables, see chanprog_case.h */
#include <linux/string.h>

#include "chanprog_case.h"
#include "fake_host_memory.h"
#include "translated.h"

/*
 * More turns than any row needs: a program that takes more never ends, and
 * fails.
 */
#define TURNS_MAX	64

/* A chunk that no row has as the length of an area */
#define SOME_CHUNK	1300

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

void chanprog_put_ccw(struct guest *guest, u32 addr,
		      const struct case_ccw *ccw, bool format0)
{
	const struct css_ccw0 ccw0 = {
		.cmd = ccw->cmd,
		.cda = { ccw->cda >> 16, ccw->cda >> 8, ccw->cda },
		.flags = ccw->flags,
		/* The contents of this byte are ignored. */
		.ignored = 0xa5,
		.count = cpu_to_be16(ccw->count),
	};
	const struct css_ccw1 ccw1 = {
		.cmd = ccw->cmd,
		.flags = ccw->flags,
		.count = cpu_to_be16(ccw->count),
		.cda = cpu_to_be32(ccw->cda),
	};

	if (format0)
		fake_put(guest, addr, &ccw0, sizeof(ccw0));
	else
		fake_put(guest, addr, &ccw1, sizeof(ccw1));
}

static void put_ccws(struct guest *guest, const struct chanprog_case *c)
{
	u32 addr = c->base ?: PROG;
	int i;

	for (i = 0; i < CASE_CCWS; i++, addr += sizeof(struct css_ccw1)) {
		const struct case_ccw *ccw = &c->ccws[i];

		if (ccw->cmd || ccw->flags || ccw->count || ccw->cda)
			chanprog_put_ccw(guest, addr, ccw, c->format0);
	}
}

static void put_lists(struct guest *guest, const struct chanprog_case *c)
{
	int i, at;

	for (i = 0; i < CASE_LISTS; i++) {
		const struct case_list *list = &c->lists[i];

		for (at = 0; at < list->nr; at++) {
			__be64 word = cpu_to_be64(list->words[at]);
			const u8 *from = (const u8 *)&word;

			fake_put(guest, list->addr + at * list->size,
				 from + sizeof(word) - list->size, list->size);
		}
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
	int i;

	put_ccws(&bench->guest, c);
	put_lists(&bench->guest, c);
	for (i = 0; i < CASE_KEYS && c->keys[i].key; i++)
		bench->guest.keys[c->keys[i].addr / FAKE_PAGE] = c->keys[i].key;
	fake_mark(&bench->guest, &c->hole, FAKE_HOLE);
	fake_mark(&bench->guest, &c->broken, FAKE_BROKEN);
	fake_mark(&bench->guest, &c->readonly, FAKE_READONLY);
	while (nr_steps < CASE_STEPS && c->steps[nr_steps].cmd)
		nr_steps++;
	fake_device_script(bench->fake, c->steps, nr_steps);
	chanprog_init(&bench->cp, &orb, &c->limit);
}

struct chanprog_bench *chanprog_bench_of(struct kunit *test,
					 const struct chanprog_case *c)
{
	struct chanprog_bench *bench = chanprog_bench_create(test);

	chanprog_bench_load(bench, c);
	return bench;
}

/*
 * If chanprog_run() says that there is something to tell, there must be
 * something.
 */
static void intermediate(struct kunit *test, struct chanprog *cp,
			 struct case_told *told)
{
	unsigned int what = chanprog_intermediate(cp);

	KUNIT_EXPECT_NE(test, what, 0);
	told->pci += !!(what & CHANPROG_PCI);
	told->zero_cc += !!(what & CHANPROG_ZERO_CC);
}

enum chanprog_state chanprog_case_end(struct kunit *test,
				      struct chanprog_bench *bench,
				      bool may_wait, struct case_told *told)
{
	enum chanprog_state state;
	int turns;

	memset(told, 0, sizeof(*told));
	for (turns = 0; turns < TURNS_MAX; turns++) {
		state = chanprog_run(&bench->cp, may_wait);
		if (state == CHANPROG_INTERMEDIATE) {
			intermediate(test, &bench->cp, told);
			continue;
		}
		if (state == CHANPROG_SUSPENDED && bench->translated &&
		    translated_goes_on(bench->translated, &bench->cp))
			continue;
		if (state != CHANPROG_MUST_WAIT && state != CHANPROG_PENDING &&
		    state != CHANPROG_QUANTUM_USED)
			break;
		/* A worker may wait, so a program never has to leave it. */
		if (may_wait && state != CHANPROG_PENDING)
			KUNIT_EXPECT_EQ(test, state, CHANPROG_QUANTUM_USED);
		may_wait = true;
	}
	if (state == CHANPROG_ENDED)
		told->last = chanprog_intermediate(&bench->cp);
	return state;
}

/*
 * Return the direction in which the byte at this position of the device's
 * stream was moved.
 */
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

static void copy_backward(u8 *to, const u8 *from, u32 len)
{
	while (len--)
		*to-- = *from++;
}

/*
 * @storage has what guest storage had before.  What the device gave must be
 * where the spans say, and nowhere else.  What it took must have come from
 * there.
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
		if (span->backward)
			copy_backward(storage + span->addr, stream + span->from,
				      span->len);
		else if (move == FAKE_GIVES)
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

/* Run a translation of the program in its place. */
static void translate(struct kunit *test, struct chanprog_bench *bench,
		      const struct chanprog_case *c)
{
	const struct css_orb orb = {
		.flags = cpu_to_be32(bench->cp.orb_flags),
		.cpa = cpu_to_be32(bench->cp.next),
	};

	bench->translated = kunit_kzalloc(test, sizeof(*bench->translated),
					  GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bench->translated);
	KUNIT_ASSERT_TRUE(test, translated_begin(bench->translated, &bench->cp,
						 &orb, &c->limit));
}

static void end_translated(struct kunit *test, struct chanprog_bench *bench,
			   enum chanprog_state state)
{
	struct translated *translated = bench->translated;

	translated_end(translated, &bench->cp, state);
	KUNIT_EXPECT_EQ(test, translated->result, HOST_PROGRAM_OK);
	bench->cp.ending = translated->ending;
	bench->cp.failing = translated->failing;
	KUNIT_EXPECT_EQ(test, bench->guest.pinned, 0);
	KUNIT_EXPECT_EQ(test, fake_host_memory_used(), 0);
}

void chanprog_case_run(struct kunit *test, const struct chanprog_case *c,
		       enum chanprog_mode mode)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, c);
	struct fake_device *fake = bench->fake;
	bool worker = mode != MODE_VCPU && mode != MODE_DEFERRED &&
		      mode != MODE_PENDING && mode != MODE_PREFETCH_VCPU;
	enum chanprog_state state;
	struct case_told told;
	u8 *storage;

	if (mode == MODE_PREFETCH || (mode >= MODE_PREFETCH_VCPU &&
				      mode != MODE_TRANSLATED))
		bench->cp.orb_flags |= ORB_PREFETCH;
	if (mode >= MODE_TRANSLATED)
		translate(test, bench, c);
	bench->cp.one_by_one = mode == MODE_ONE_BY_ONE;
	fake->must_wait = mode == MODE_DEFERRED;
	fake->parts = mode == MODE_PENDING ? 2 : 0;
	if (mode == MODE_BYTEWISE)
		fake->chunk = 1;
	else
		fake->chunk = mode == MODE_PREFETCH_CHUNKS ? SOME_CHUNK : 0;
	storage = kunit_kmalloc(test, FAKE_STORAGE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, storage);
	fake_get(&bench->guest, 0, storage, FAKE_STORAGE);

	state = chanprog_case_end(test, bench, worker, &told);
	if (bench->translated)
		end_translated(test, bench, state);
	KUNIT_EXPECT_EQ(test, state, CHANPROG_ENDED);
	check_end(test, &bench->cp.ending, &c->end);
	KUNIT_EXPECT_EQ(test, told.pci, c->told.pci);
	KUNIT_EXPECT_EQ(test, told.zero_cc, c->told.zero_cc);
	KUNIT_EXPECT_EQ(test, told.last, c->told.last);
	KUNIT_EXPECT_EQ(test, fake->done, fake->nr_steps);
	if (fake->nr_steps)
		KUNIT_EXPECT_EQ(test, fake->started, 1);
	/*
	 * When the device has said that it must wait, it isn't asked on the
	 * vCPU again.
	 */
	KUNIT_EXPECT_LE(test, fake->waits, 1);
	KUNIT_EXPECT_EQ(test, fake->completes, fake->parts * fake->done);
	check_data(test, bench, c, storage);
}

void chanprog_on_vcpu(struct kunit *test)
{
	chanprog_case_run(test, test->param_value, MODE_VCPU);
}

void chanprog_on_worker(struct kunit *test)
{
	chanprog_case_run(test, test->param_value, MODE_WORKER);
}

void chanprog_deferred(struct kunit *test)
{
	chanprog_case_run(test, test->param_value, MODE_DEFERRED);
}

void chanprog_bytewise(struct kunit *test)
{
	chanprog_case_run(test, test->param_value, MODE_BYTEWISE);
}

void chanprog_prefetched(struct kunit *test)
{
	chanprog_case_run(test, test->param_value, MODE_PREFETCH);
}

void chanprog_completed(struct kunit *test)
{
	chanprog_case_run(test, test->param_value, MODE_PENDING);
}

void chanprog_translated(struct kunit *test)
{
	chanprog_case_run(test, test->param_value, MODE_TRANSLATED);
	chanprog_case_run(test, test->param_value, MODE_TRANSLATED_PREFETCH);
}
