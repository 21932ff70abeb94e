// SPDX-License-Identifier: GPL-2.0
/*
 * Turns of channel programs: who runs a program, for how long, and what stops
 * it.  These rules are the module's, not the architecture's (chanprog.c and
 * <kvm_css/chanprog.h>).  The architecture only demands that the guest doesn't
 * notice turns.
 */
#include <kunit/test.h>

#include <kvm_css/command.h>

#include "chanprog_case.h"

#define NOOP		0x03
#define LONG_PROGRAM	1000

static const struct fake_step noop_step[] = { STEP_IMMEDIATE(NOOP) };

/* A NO-OPERATION and a TIC back to it, so that the program never ends */
static const struct chanprog_case endless = {
	.ccws = { { NOOP, CCW_CC, 0, 0 }, { 0x08, 0, 0, CCW(0) } },
	.steps = { STEP_IMMEDIATE(NOOP) },
};

static const struct chanprog_case two_commands = {
	.ccws = { { 0x02, CCW_CC, 8, DATA }, { 0x02, 0, 8, DATA2 } },
	.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
};

/* A guest's program without end must not occupy a worker for ever. */
static void turn_worker_quantum_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, &endless);
	unsigned int turn, done = 0;

	bench->fake->endless = true;
	for (turn = 0; turn < 3; turn++) {
		KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER),
				CHANPROG_QUANTUM_USED);
		KUNIT_EXPECT_GT(test, bench->fake->done, done);
		done = bench->fake->done;
	}
	KUNIT_EXPECT_EQ(test, bench->fake->started, 1);
}

/* SSCH must end, so that the vCPU can be interrupted. */
static void turn_vcpu_quantum_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, &endless);
	enum chanprog_state state;

	bench->fake->endless = true;
	state = chanprog_run(&bench->cp, CHANPROG_ON_VCPU);
	KUNIT_EXPECT_NE(test, state, CHANPROG_ENDED);
	KUNIT_EXPECT_NE(test, state, CHANPROG_STOPPED);
	KUNIT_EXPECT_LT(test, bench->fake->done, 100);
}

/* The same loop, with a PCI each time round */
static const struct chanprog_case endless_pci = {
	.ccws = { { NOOP, CCW_CC | CCW_PCI, 0, 0 }, { 0x08, 0, 0, CCW(0) } },
	.steps = { STEP_IMMEDIATE(NOOP) },
};

/* Run a turn.  Return: how often the guest was told something in it. */
static unsigned int endless_pci_turn(struct kunit *test,
				     struct chanprog_bench *bench,
				     bool may_wait, enum chanprog_state *state)
{
	unsigned int told;

	for (told = 0; told < LONG_PROGRAM; told++) {
		*state = chanprog_run(&bench->cp, may_wait);
		if (*state != CHANPROG_INTERMEDIATE)
			break;
		KUNIT_EXPECT_EQ(test, chanprog_intermediate(&bench->cp),
				CHANPROG_PCI);
	}
	return told;
}

/* After the guest has been told something, the same turn goes on. */
static void turn_goes_on_after_pci_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, &endless_pci);
	unsigned int turn, told, all = 0;
	enum chanprog_state state;

	bench->fake->endless = true;
	told = endless_pci_turn(test, bench, false, &state);
	KUNIT_EXPECT_EQ(test, state, CHANPROG_QUANTUM_USED);
	KUNIT_EXPECT_GT(test, told, 0);
	KUNIT_EXPECT_LT(test, told, 100);
	all += told;
	for (turn = 0; turn < 3; turn++) {
		told = endless_pci_turn(test, bench, true, &state);
		KUNIT_EXPECT_EQ(test, state, CHANPROG_QUANTUM_USED);
		KUNIT_EXPECT_GT(test, told, 100);
		KUNIT_EXPECT_LT(test, told, LONG_PROGRAM);
		all += told;
	}
	KUNIT_EXPECT_EQ(test, bench->fake->done, all);
	KUNIT_EXPECT_EQ(test, bench->fake->started, 1);
}

/* A program that is to stop does so, even if it has something to tell. */
static void turn_stopped_after_pci_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, &endless_pci);

	bench->fake->endless = true;
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER),
			CHANPROG_INTERMEDIATE);
	chanprog_stop(&bench->cp, CHANPROG_HALT);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_STOPPED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 0);
}

/* Data chaining is left to a worker, also after a PCI has been told. */
static void turn_pci_before_must_wait_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.ccws = {
			{ 0x02, CCW_CD | CCW_PCI, 8, DATA },
			{ 0x02, 0, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 16) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);

	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_VCPU),
			CHANPROG_INTERMEDIATE);
	KUNIT_EXPECT_EQ(test, chanprog_intermediate(&bench->cp), CHANPROG_PCI);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_VCPU),
			CHANPROG_MUST_WAIT);
	KUNIT_EXPECT_TRUE(test, chanprog_untouched(&bench->cp));
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, chanprog_intermediate(&bench->cp), 0);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, AFTER(1));
}

/* A program that is longer than a turn executes each of its commands once. */
static void turn_long_program_test(struct kunit *test)
{
	const struct chanprog_limit no_limit = {};
	struct chanprog_bench *bench = chanprog_bench_create(test);
	struct css_orb orb = {
		.flags = cpu_to_be32(ORB_FORMAT),
		.cpa = cpu_to_be32(PROG),
	};
	enum chanprog_state state;
	bool may_wait = false;
	unsigned int before;
	int i;

	for (i = 0; i < LONG_PROGRAM; i++) {
		struct css_ccw1 ccw = {
			.cmd = NOOP,
			.flags = i < LONG_PROGRAM - 1 ? CCW_CC : 0,
		};

		fake_put(&bench->guest, CCW(i), &ccw, sizeof(ccw));
	}
	fake_device_script(bench->fake, noop_step, 1);
	bench->fake->endless = true;
	chanprog_init(&bench->cp, &orb, &no_limit);
	for (i = 0; i < LONG_PROGRAM; i++, may_wait = true) {
		before = bench->fake->done;
		state = chanprog_run(&bench->cp, may_wait);
		if (state != CHANPROG_QUANTUM_USED)
			break;
		/* The bound is documented in architecture.rst, "Bounds". */
		KUNIT_EXPECT_EQ(test, bench->fake->done - before,
				may_wait ? 256 : 16);
	}
	KUNIT_EXPECT_EQ(test, state, CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, LONG_PROGRAM);
	KUNIT_EXPECT_EQ(test, bench->fake->started, 1);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, AFTER(LONG_PROGRAM - 1));
	KUNIT_EXPECT_EQ(test, bench->cp.ending.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
}

/* A device that says it must wait has moved no data before. */
static void turn_must_wait_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, &two_commands);

	bench->fake->must_wait = true;
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_VCPU),
			CHANPROG_MUST_WAIT);
	KUNIT_EXPECT_EQ(test, bench->fake->waits, 1);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 0);
	KUNIT_EXPECT_EQ(test, bench->guest.storage[DATA],
			fake_background(DATA));
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->fake->waits, 1);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 2);
	KUNIT_EXPECT_EQ(test, bench->fake->started, 1);
}

static void turn_stopped_before_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, &two_commands);

	chanprog_stop(&bench->cp, CHANPROG_HALT);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_STOPPED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 0);
}

static const struct chanprog_case two_reads = {
	.ccws = { { 0x02, CCW_CC, 8, DATA }, { 0x02, 0, 8, DATA2 } },
	.steps = { STEP_GIVES_LEFT(0x02, 8, 8), STEP_GIVES(0x02, 8) },
};

static void drop_program(void *arg)
{
	chanprog_stop(arg, CHANPROG_DROP);
}

/*
 * A drop takes the place of a halt, but a halt doesn't take the place of a
 * drop.
 */
static void halt_and_drop_program(void *arg)
{
	chanprog_stop(arg, CHANPROG_HALT);
	chanprog_stop(arg, CHANPROG_DROP);
	chanprog_stop(arg, CHANPROG_HALT);
}

struct during_case {
	const char *name;
	void (*during)(void *arg);
	enum chanprog_state state;
};

static const struct during_case during_cases[] = {
	{ "halted: ends as the device ends it", fake_halt_program, CHANPROG_ENDED },
	{ "dropped: has no ending", drop_program, CHANPROG_STOPPED },
	{ "halted and dropped", halt_and_drop_program, CHANPROG_STOPPED },
};

KUNIT_ARRAY_PARAM_DESC(during, during_cases, name);

/*
 * A program that is stopped during a command moves no more data and executes no
 * more commands.
 */
static void turn_stopped_during_test(struct kunit *test)
{
	const struct during_case *c = test->param_value;
	struct chanprog_bench *bench = chanprog_bench_of(test, &two_reads);

	bench->fake->during = c->during;
	bench->fake->during_arg = &bench->cp;
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), c->state);
	KUNIT_EXPECT_TRUE(test, chanprog_stopped(&bench->cp));
	KUNIT_EXPECT_EQ(test, chanprog_dropped(&bench->cp),
			c->state == CHANPROG_STOPPED);
	if (c->state == CHANPROG_ENDED) {
		KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, AFTER(0));
		KUNIT_EXPECT_EQ(test, bench->cp.ending.dstat, CE_DE);
		KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
		KUNIT_EXPECT_EQ(test, bench->cp.ending.count, 8);
	}
	KUNIT_EXPECT_EQ(test, bench->fake->done, 1);
	KUNIT_EXPECT_EQ(test, bench->guest.storage[DATA],
			fake_background(DATA));
}

/*
 * A program is halted after the vCPU has left it and before a worker has begun.
 */
static void turn_stopped_between_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, &two_commands);

	bench->fake->must_wait = true;
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_VCPU),
			CHANPROG_MUST_WAIT);
	chanprog_stop(&bench->cp, CHANPROG_HALT);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_STOPPED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 0);
}

/*
 * When the VM goes, the program stops without an ending, which nobody could
 * see.
 */
static void turn_gone_before_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, &two_commands);

	bench->guest.dying = true;
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_STOPPED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 0);
}

static void set_true(void *arg)
{
	WRITE_ONCE(*(bool *)arg, true);
}

static void gone_during(struct kunit *test, struct chanprog_bench *bench, bool *what)
{
	bench->fake->during = set_true;
	bench->fake->during_arg = what;
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_STOPPED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 1);
	KUNIT_EXPECT_EQ(test, bench->guest.storage[DATA],
			fake_background(DATA));
}

static void turn_gone_during_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, &two_reads);

	gone_during(test, bench, &bench->guest.dying);
	KUNIT_EXPECT_TRUE(test, chanprog_stopped(&bench->cp));
}

/*
 * The VM becomes a protected one: it lives, but its storage can't be accessed.
 */
static void turn_protected_during_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_of(test, &two_reads);

	gone_during(test, bench, &bench->guest.protected);
	KUNIT_EXPECT_TRUE(test, chanprog_dropped(&bench->cp));
}

struct rewrite {
	struct guest *guest;
	struct css_ccw1 ccw;
};

static void rewrite_second(void *arg)
{
	struct rewrite *rewrite = arg;

	fake_put(rewrite->guest, CCW(1), &rewrite->ccw, sizeof(rewrite->ccw));
}

/*
 * Chapter 15, "Prefetching": if the prefetch-control bit is zero, and a CCW is
 * changed while the CCW before it is being executed, the changed CCW is
 * fetched.
 */
static void turn_rewritten_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.ccws = { { 0x02, CCW_CC, 8, DATA }, { 0x03, 0, 0, 0 } },
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);
	struct rewrite rewrite = {
		.guest = &bench->guest,
		.ccw = {
			.cmd = 0x02,
			.count = cpu_to_be16(8),
			.cda = cpu_to_be32(DATA3),
		},
	};

	bench->fake->during = rewrite_second;
	bench->fake->during_arg = &rewrite;
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 2);
	KUNIT_EXPECT_MEMEQ(test, bench->guest.storage + DATA3,
			   bench->fake->stream + 8, 8);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, AFTER(1));
}

/* Nothing of an earlier program may be left in a later one. */
static void turn_reused_test(struct kunit *test)
{
	static const struct chanprog_case bad = {
		.ccws = { { 0x02, CCW_CD, 16, FAKE_STORAGE } },
		.steps = { STEP_GIVES_LEFT(0x02, 20, 20) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &bad);

	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, CSTAT_PROGRAM_CHECK);
	chanprog_bench_load(bench, &two_commands);
	KUNIT_EXPECT_EQ(test, chanprog_run(&bench->cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, bench->fake->done, 2);
	KUNIT_EXPECT_EQ(test, bench->fake->started, 1);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, AFTER(1));
	KUNIT_EXPECT_EQ(test, bench->cp.ending.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.count, 0);
}

static struct kunit_case turn_test_cases[] = {
	KUNIT_CASE(turn_worker_quantum_test),
	KUNIT_CASE(turn_vcpu_quantum_test),
	KUNIT_CASE(turn_goes_on_after_pci_test),
	KUNIT_CASE(turn_stopped_after_pci_test),
	KUNIT_CASE(turn_pci_before_must_wait_test),
	KUNIT_CASE(turn_long_program_test),
	KUNIT_CASE(turn_must_wait_test),
	KUNIT_CASE(turn_stopped_before_test),
	KUNIT_CASE_PARAM(turn_stopped_during_test, during_gen_params),
	KUNIT_CASE(turn_stopped_between_test),
	KUNIT_CASE(turn_gone_before_test),
	KUNIT_CASE(turn_gone_during_test),
	KUNIT_CASE(turn_protected_during_test),
	KUNIT_CASE(turn_rewritten_test),
	KUNIT_CASE(turn_reused_test),
	{}
};

static struct kunit_suite turn_suite = {
	.name = "kvm_css_chanprog_turn",
	.test_cases = turn_test_cases,
};

kunit_test_suite(turn_suite);
