// SPDX-License-Identifier: GPL-2.0
/*
 * Guests that rewrite their channel program while it runs: Principles of
 * Operation chapter 15, "Prefetching".  If the prefetch control is zero, a
 * command finds what was in storage when the previous command had ended.  If it
 * is one, CCWs and IDAWs may be older; the module never uses any that were
 * copied before the last TIC or in an earlier turn.
 */
#include <kunit/test.h>

#include "chanprog_case.h"

#define P	ORB_PREFETCH

/* What the guest writes when the device begins command number @n */
struct rewrite {
	struct chanprog_bench *bench;
	unsigned int nth;
	u32 addr;
	struct case_ccw ccw;
	u32 idaw;	/* written instead of @ccw, if not zero */
};

static void rewrite(void *arg)
{
	struct rewrite *rewrite = arg;
	__be32 idaw = cpu_to_be32(rewrite->idaw);

	if (rewrite->bench->fake->done != rewrite->nth)
		return;
	if (rewrite->idaw)
		fake_put(&rewrite->bench->guest, rewrite->addr, &idaw,
			 sizeof(idaw));
	else
		chanprog_put_ccw(&rewrite->bench->guest, rewrite->addr,
				 &rewrite->ccw, false);
}

/* Run a program that the guest rewrites. */
static struct chanprog_bench *run(struct kunit *test,
				  const struct chanprog_case *c,
				  struct rewrite *how, bool may_wait)
{
	struct chanprog_bench *bench = chanprog_bench_create(test);
	struct case_told told;

	how->bench = bench;
	chanprog_bench_load(bench, c);
	bench->fake->during = rewrite;
	bench->fake->during_arg = how;
	KUNIT_EXPECT_EQ(test, chanprog_case_end(test, bench, may_wait, &told),
			CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, bench->fake->nr_steps);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
	return bench;
}

static void expect_data(struct kunit *test, struct chanprog_bench *bench,
			u32 addr, u32 from)
{
	KUNIT_EXPECT_MEMEQ(test, bench->guest.storage + addr,
			   bench->fake->stream + from, 8);
}

static void expect_none(struct kunit *test, struct chanprog_bench *bench,
			u32 addr)
{
	KUNIT_EXPECT_EQ(test, bench->guest.storage[addr],
			fake_background(addr));
}

/*
 * Two reads.  When the first one begins, the guest gives the second another
 * address.
 */
static const struct chanprog_case two_reads = {
	.ccws = { { 0x02, CCW_CC, 8, DATA }, { 0x02, 0, 8, DATA2 } },
	.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
};

static const struct rewrite second_read = {
	.addr = CCW(1),
	.ccw = { 0x02, 0, 8, DATA3 },
};

static void prefetch_not_allowed_test(struct kunit *test)
{
	struct rewrite how = second_read;
	struct chanprog_bench *bench = run(test, &two_reads, &how, true);

	expect_data(test, bench, DATA3, 8);
	expect_none(test, bench, DATA2);
}

static void prefetch_allowed_test(struct kunit *test)
{
	struct chanprog_case c = two_reads;
	struct rewrite how = second_read;
	struct chanprog_bench *bench;

	c.orb = P;
	bench = run(test, &c, &how, true);
	/*
	 * The program uses the old CCW or the new one, but never parts of both.
	 */
	if (bench->guest.storage[DATA2] == fake_background(DATA2)) {
		expect_data(test, bench, DATA3, 8);
	} else {
		expect_data(test, bench, DATA2, 8);
		expect_none(test, bench, DATA3);
	}
}

/*
 * When the guest has been told of a PCI, the program goes on with what is in
 * storage then, even if it may be prefetched.
 */
static void prefetch_other_turn_test(struct kunit *test)
{
	struct chanprog_case c = two_reads;
	const struct case_ccw other = second_read.ccw;
	struct chanprog_bench *bench = chanprog_bench_create(test);

	c.orb = P;
	c.ccws[0].flags |= CCW_PCI;
	chanprog_bench_load(bench, &c);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER),
			CHANPROG_INTERMEDIATE);
	/* By the PCI the guest learns that it may rewrite the next CCW. */
	KUNIT_EXPECT_EQ(test, chanprog_intermediate(&bench->cp), CHANPROG_PCI);
	chanprog_put_ccw(&bench->guest, CCW(1), &other, false);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	expect_data(test, bench, DATA3, 8);
	expect_none(test, bench, DATA2);
}

/*
 * A loop.  The guest ends it by rewriting a CCW that has been executed already,
 * which is how programs without end are ended.
 */
static const struct chanprog_case loop = {
	.orb = P,
	.ccws = {
		{ 0x02, CCW_CC, 8, DATA },
		{ 0x03, CCW_CC, 0, 0 },
		{ 0x08, 0, 0, CCW(0) },
	},
	.steps = {
		STEP_GIVES(0x02, 8), STEP_IMMEDIATE(0x03), STEP_GIVES(0x02, 8),
	},
};

static void prefetch_loop_test(struct kunit *test)
{
	struct rewrite how = {
		.nth = 1,
		.addr = CCW(0),
		.ccw = { 0x02, 0, 8, DATA2 },
	};
	struct chanprog_bench *bench = run(test, &loop, &how, true);

	expect_data(test, bench, DATA2, 8);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, AFTER(0));
}

static void prefetch_loop_vcpu_test(struct kunit *test)
{
	struct rewrite how = {
		.nth = 1,
		.addr = CCW(0),
		.ccw = { 0x02, 0, 8, DATA2 },
	};
	struct chanprog_bench *bench = run(test, &loop, &how, false);

	expect_data(test, bench, DATA2, 8);
}

/* A suspended program that is resumed goes on with what is in storage then. */
static void prefetch_resume_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.orb = P | ORB_SUSPEND,
		.ccws = {
			{ 0x02, CCW_CC, 8, DATA },
			{ 0x02, CCW_SUSPEND | CCW_CC, 8, DATA2 },
			{ 0x02, 0, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
	};
	const struct case_ccw other = { 0x02, 0, 8, DATA3 };
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);

	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER),
			CHANPROG_SUSPENDED);
	/* If the suspend flag is still one, the program is suspended again. */
	chanprog_resume(&bench->cp);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER),
			CHANPROG_SUSPENDED);
	chanprog_put_ccw(&bench->guest, CCW(1), &other, false);
	chanprog_resume(&bench->cp);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 2);
	KUNIT_EXPECT_EQ(test, bench->fake->started, 1);
	expect_data(test, bench, DATA3, 8);
	expect_none(test, bench, DATA2);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, AFTER(1));
}

/* IDAWs that were copied for one command must not be used for the next one. */
static const struct chanprog_case two_lists = {
	.ccws = {
		{ 0x02, CCW_IDA | CCW_CC, 8, LIST },
		{ 0x02, CCW_IDA, 8, LIST },
	},
	.lists = { IDAWS1(LIST, 1, DATA) },
	.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
};

static void prefetch_idaw_test(struct kunit *test)
{
	struct rewrite how = { .nth = 1, .addr = LIST, .idaw = DATA3 };
	struct chanprog_case c = two_lists;
	struct chanprog_bench *bench;

	c.orb = P;
	bench = run(test, &c, &how, true);
	expect_data(test, bench, DATA, 0);
	expect_data(test, bench, DATA3, 8);
}

static void prefetch_idaw_not_allowed_test(struct kunit *test)
{
	struct rewrite how = { .nth = 1, .addr = LIST, .idaw = DATA3 };
	struct chanprog_bench *bench = run(test, &two_lists, &how, false);

	expect_data(test, bench, DATA, 0);
	expect_data(test, bench, DATA3, 8);
}

/*
 * A command that reads the CCWs behind it, as an initial program load does.
 * Without prefetching, the next command must be what was read.
 */
static void prefetch_read_ccws_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.ccws = {
			{ 0x02, CCW_CC, 8, CCW(1) },
			{ 0x02, 0, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8) },
	};
	struct chanprog_bench *bench = chanprog_bench_create(test);
	u8 cmd = fake_pattern(0), flags = fake_pattern(1);
	bool invalid;

	/* Some of what the device gives are no valid CCWs for this ORB. */
	invalid = !(cmd & 0x0f) || flags & CCW_SUSPEND ||
		  fake_pattern(4) & 0x80;
	KUNIT_ASSERT_TRUE(test, invalid);
	chanprog_bench_load(bench, &c);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, CSTAT_PROGRAM_CHECK);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, AFTER(1));
	KUNIT_EXPECT_EQ(test, bench->fake->done, 1);
}

static struct kunit_case prefetch_test_cases[] = {
	KUNIT_CASE(prefetch_not_allowed_test),
	KUNIT_CASE(prefetch_allowed_test),
	KUNIT_CASE(prefetch_other_turn_test),
	KUNIT_CASE(prefetch_loop_test),
	KUNIT_CASE(prefetch_loop_vcpu_test),
	KUNIT_CASE(prefetch_resume_test),
	KUNIT_CASE(prefetch_idaw_test),
	KUNIT_CASE(prefetch_idaw_not_allowed_test),
	KUNIT_CASE(prefetch_read_ccws_test),
	{}
};

static struct kunit_suite prefetch_suite = {
	.name = "kvm_css_chanprog_prefetch",
	.test_cases = prefetch_test_cases,
};

kunit_test_suite(prefetch_suite);
