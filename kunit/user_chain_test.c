// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that go up together with the one to which they are chained.
 * Documentation/user-devices.rst has the rules.  Principles of Operation chapter 15,
 * "Prefetching" and "Command Chaining", and chapter 16, "Incorrect Length", say when the
 * program goes on.
 */
#include <kunit/test.h>
#include <kunit/test-bug.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include <kvm_css/subchannel.h>

#include "devices/user.h"
#include "pending_case.h"
#include "rounds.h"
#include "user_case.h"

#define MODE_SET	0xdb
#define NOOP		0x03
#define ANY		KVM_CSS_COMMAND_NEXT_ANY
#define NOW		KVM_CSS_COMMAND_NEXT_IMMEDIATE
#define PREFETCH	(ORB_FORMAT | ORB_PREFETCH)
#define CCWS		10

struct chain_ccw {
	u8 cmd;
	u8 flags;
	u16 count;
	u32 cda;
};

/* Start a program.  Each CCW has its data at another place, unless it says where. */
static void start(struct user_bench *bench, const struct chain_ccw *ccws, u32 nr,
		  u32 orb_flags)
{
	struct css_ccw1 made[CCWS] = {};
	u32 i;

	for (i = 0; i < nr; i++) {
		made[i].cmd = ccws[i].cmd;
		made[i].flags = ccws[i].flags;
		made[i].count = cpu_to_be16(ccws[i].count);
		made[i].cda = cpu_to_be32(ccws[i].cda ?: IMAGE_DATA + i * 256);
	}
	user_start_program(bench, made, CCWS, orb_flags);
}

static u32 length(const struct chain_ccw *ccws)
{
	u32 nr = 0;

	while (nr < CCWS && (ccws[nr].cmd || ccws[nr].flags))
		nr++;
	return nr;
}

/* Fetch a command with what is chained to it, as the process does. */
static u32 fetch(struct fake_unit *unit, bool chains,
		 struct kvm_css_command *command, struct kvm_css_command *next)
{
	struct kunit *test = kunit_get_current_test();
	u32 events = 0, nr = 0;

	memset(command, 0, sizeof(*command));
	KUNIT_ASSERT_EQ(test, user_unit_enter(&unit->user), 0);
	user_unit_chains(&unit->user, chains);
	user_unit_fetch(&unit->user, false, command, &events);
	if (command->seq && chains)
		nr = user_unit_next(&unit->user, next);
	user_unit_exit(&unit->user);
	return nr;
}

/* The same, when a worker issues it */
static u32 fetch_later(struct fake_unit *unit, struct kvm_css_command *command,
		       struct kvm_css_command *next)
{
	unsigned long give_up = jiffies + PATIENCE;
	u32 nr;

	for (;;) {
		nr = fetch(unit, true, command, next);
		if (command->seq || time_after(jiffies, give_up))
			return nr;
		fsleep(1000);
	}
}

static int answer(struct fake_unit *unit, u64 seq, u8 status, u32 count,
		  const struct kvm_css_done *done, u32 nr_done)
{
	struct kvm_css_answer answer = {
		.seq = seq, .status = status, .count = count,
	};

	if (status & UNIT_CHECK) {
		answer.sense_len = 1;
		answer.sense[0] = USER_SENSE0;
	}
	return user_unit_answer(&unit->user, &answer, done, nr_done);
}

/* A unit whose process takes chains, which the kernel knows before it issues one */
static struct fake_unit *serve(struct user_bench *bench)
{
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command;

	fetch(unit, true, &command, NULL);
	return unit;
}

/* What follows a command */

struct offer_case {
	const char *name;
	struct chain_ccw ccws[CCWS];
	u32 orb;
	/* How many follow, and with which lengths of the first one */
	u32 nr;
	u32 when;
};

#define MODE(flags)	{ MODE_SET, CCW_CC | (flags), 1 }
#define WRITE8(flags)	{ CMD_WRITE, (flags), 8 }
#define READ8(flags)	{ CMD_READ, (flags), 8 }

static const struct offer_case offers[] = {
	{ "what Linux' tape driver writes with",
	  { MODE(0), WRITE8(CCW_CC), { NOOP, CCW_SLI } }, PREFETCH, 2 },
	{ "what it reads with",
	  { MODE(0), READ8(CCW_CC | CCW_SLI), { NOOP, CCW_SLI } }, PREFETCH, 2 },
	{ "no prefetching", { MODE(0), WRITE8(0) }, ORB_FORMAT },
	{ "initial status was asked for", { MODE(0), WRITE8(0) },
	  PREFETCH | ORB_INITIAL_STATUS },
	{ "SLI: any length", { MODE(CCW_SLI), WRITE8(0) }, PREFETCH, 1, ANY | NOW },
	{ "the ORB suppresses it for immediate operations",
	  { MODE(0), WRITE8(0) }, PREFETCH | ORB_ILS, 1, NOW },
	{ "a count of zero", { { NOOP, CCW_CC }, WRITE8(0) }, PREFETCH, 1, NOW },
	{ "a single command", { WRITE8(0) }, PREFETCH },
	{ "chained data", { { MODE_SET, CCW_CC | CCW_CD, 1 }, { 0x33, CCW_CC, 1 },
			    WRITE8(0) }, PREFETCH },
	{ "chained data of the next", { MODE(0), WRITE8(CCW_CD), WRITE8(0) },
	  PREFETCH },
	{ "PCI", { MODE(0), WRITE8(CCW_PCI) }, PREFETCH },
	{ "suspend", { MODE(0), WRITE8(CCW_SUSPEND) }, PREFETCH | ORB_SUSPEND },
	{ "TIC", { MODE(0), { 0x08, 0, 0, IMAGE_PROG } }, PREFETCH },
	{ "an invalid CCW", { MODE(0), { 0, CCW_SLI, 1 } }, PREFETCH },
	{ "SENSE, which may be the kernel's", { MODE(0), { 0x04, 0, 8 } },
	  PREFETCH },
	{ "SENSE ID", { MODE(0), { 0xe4, CCW_SLI, 8 } }, PREFETCH },
	{ "behind data for the guest, only NO-OPERATION",
	  { READ8(CCW_CC | CCW_SLI), { NOOP, CCW_CC | CCW_SLI, 1 },
	    READ8(0) }, PREFETCH, 1, ANY | NOW },
	{ "data for the guest twice", { READ8(CCW_CC), READ8(0) }, PREFETCH },
	{ "data that can't be fetched",
	  { MODE(0), { CMD_WRITE, 0, 8, 0x40000000 } }, PREFETCH },
	{ "no room in the area", { MODE(0), { CMD_WRITE, 0, USER_AREA - 1 } },
	  PREFETCH },
	{ "just room in the area", { MODE(0), { CMD_WRITE, 0, USER_AREA - 2 } },
	  PREFETCH, 1 },
	{ "eight at the most",
	  { MODE(0), MODE(0), MODE(0), MODE(0), MODE(0), MODE(0), MODE(0), MODE(0),
	    MODE(0), WRITE8(0) }, PREFETCH, 7 },
};

KUNIT_ARRAY_PARAM_DESC(offer, offers, name);

static void user_chain_offer(struct kunit *test)
{
	const struct offer_case *c = test->param_value;
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = serve(bench);
	struct kvm_css_command command, next[KVM_CSS_NEXT];
	u32 nr, i;

	start(bench, c->ccws, length(c->ccws), c->orb);
	nr = fetch_later(unit, &command, next);
	KUNIT_EXPECT_EQ(test, command.code, c->ccws[0].cmd);
	KUNIT_EXPECT_EQ(test, nr, c->nr);
	KUNIT_EXPECT_EQ(test, command.flags & (ANY | NOW), c->when);
	for (i = 0; i < min(nr, c->nr); i++) {
		KUNIT_EXPECT_EQ(test, next[i].seq, command.seq + i + 1);
		KUNIT_EXPECT_EQ(test, next[i].code, c->ccws[i + 1].cmd);
		KUNIT_EXPECT_EQ(test, next[i].provided, c->ccws[i + 1].count);
		KUNIT_EXPECT_LE(test, next[i].offset + next[i].room, USER_AREA);
		KUNIT_EXPECT_LE(test, next[i].available, next[i].room);
		KUNIT_EXPECT_MEMEQ(test, unit->area + next[i].offset,
				   bench->image->guest.storage + IMAGE_DATA +
				   (i + 1) * 256, next[i].available);
	}
}

/* A process that doesn't take chains gets none, and can't answer one. */
static void user_chain_not_taken(struct kunit *test)
{
	static const struct chain_ccw ccws[] = { MODE(0), WRITE8(0) };
	const struct kvm_css_done done = { 1 };
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = serve(bench);
	struct kvm_css_command command;

	start(bench, ccws, 2, PREFETCH);
	fetch(unit, false, &command, NULL);
	KUNIT_EXPECT_EQ(test, answer(unit, command.seq + 1, CE_DE, 8, &done, 1),
			-ESTALE);
	KUNIT_EXPECT_EQ(test, answer(unit, command.seq, CE_DE, 1, NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, user_answer(unit, user_take(unit, CMD_WRITE), CE_DE, 8),
			0);
	user_expect_irb(bench, START | ENDED, CE_DE, 0);
}

/* Answers */

struct done_case {
	const char *name;
	/* Which command the answer is for, and how many it says were before */
	u32 last;
	u32 nr_done;
	struct kvm_css_done done[3];
	u32 count;
	int rc;
};

static const struct done_case done_cases[] = {
	{ "all", 2, 2, { { 1 }, { 3 } }, 0 },
	{ "the first two", 1, 1, { { 1 } }, 8 },
	{ "the first one", 0, 0, {}, 1 },
	{ "another number of commands before", 2, 1, { { 1 } }, 0, -EINVAL },
	{ "more commands before", 1, 2, { { 1 }, { 8 } }, 0, -EINVAL },
	{ "a command that wasn't there", 3, 3, { { 1 }, { 8 }, { 0 } }, 0, -ESTALE },
	{ "a length that ends the program", 2, 2, { { 0 }, { 8 } }, 0, -EINVAL },
	{ "more than there is", 2, 2, { { 2 }, { 8 } }, 0, -EINVAL },
	{ "an immediate operation that ends the program", 1, 1,
	  { { 0, KVM_CSS_ANSWER_IMMEDIATE } }, 8, -EINVAL },
	{ "an immediate operation that doesn't", 2, 2,
	  { { 1 }, { 0, KVM_CSS_ANSWER_IMMEDIATE } }, 0 },
	{ "an immediate operation with data", 2, 2,
	  { { 1 }, { 1, KVM_CSS_ANSWER_IMMEDIATE } }, 0, -EINVAL },
	{ "a flag that isn't defined", 2, 2, { { 1 }, { 8, 2 } }, 0, -EINVAL },
	{ "a length beyond the area", 2, 2, { { 1 }, { USER_AREA + 1 } }, 0,
	  -EINVAL },
	{ "a last length beyond the area", 1, 1, { { 1 } }, USER_AREA + 1, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(done, done_cases, name);

static const struct chain_ccw tape_write[] = {
	MODE(0), WRITE8(CCW_CC | CCW_SLI), { NOOP, CCW_SLI },
};

static void user_chain_answer(struct kunit *test)
{
	const struct done_case *c = test->param_value;
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = serve(bench);
	struct kvm_css_command command, next[KVM_CSS_NEXT];
	u64 seq;

	start(bench, tape_write, 3, PREFETCH);
	KUNIT_ASSERT_EQ(test, fetch(unit, true, &command, next), 2);
	seq = command.seq;
	pending_block(bench->image);
	KUNIT_EXPECT_EQ(test, answer(unit, seq + c->last, CE_DE, c->count, c->done,
				     c->nr_done), c->rc);
	/* An answer that is refused has changed nothing. */
	if (c->rc)
		KUNIT_EXPECT_EQ(test, answer(unit, seq, CE_DE, 1, NULL, 0), 0);
	/* No worker is needed where no data are stored and the program ends. */
	KUNIT_EXPECT_EQ(test, bench->image->guest.nr_pending, c->last == 2 && !c->rc);
	pending_unblock(bench->image);
	if (c->rc || !c->last)
		user_answer(unit, user_take(unit, CMD_WRITE), CE_DE, 8);
	if (c->rc || c->last < 2)
		user_answer(unit, user_take(unit, NOOP), CE_DE, 0);
	user_expect_irb(bench, START | ENDED, CE_DE, 0);
}

/* The status of the last one ends the program with this one. */
static void user_chain_unit_check(struct kunit *test)
{
	const struct kvm_css_done done = { 1 };
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = serve(bench);
	struct kvm_css_command command, next[KVM_CSS_NEXT];

	start(bench, tape_write, 3, PREFETCH);
	fetch(unit, true, &command, next);
	answer(unit, command.seq + 1, CE_DE | UNIT_CHECK, 5, &done, 1);
	user_expect_irb(bench, START | CHECKED, CE_DE | UNIT_CHECK, 3);
	user_expect_sense(bench, USER_SENSE0);
}

/* HALT SUBCHANNEL is recognized behind the last command that was executed. */
static void user_chain_halted(struct kunit *test)
{
	const struct kvm_css_done done = { 1 };
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = serve(bench);
	struct kvm_css_command command, next[KVM_CSS_NEXT];
	struct css_irb irb;

	start(bench, tape_write, 3, PREFETCH);
	fetch(unit, true, &command, next);
	image_must(bench->image, IOINST_HSCH);
	KUNIT_EXPECT_EQ(test, answer(unit, command.seq + 1, CE_DE, 6, &done, 1), 0);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&bench->image->guest, 1));
	image_tsch(bench->image, &irb);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), START | HALT | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), IMAGE_PROG + 2 * CCW_SIZE);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), 2);
}

/* A late answer to any of them gives the area back. */
static void user_chain_cleared(struct kunit *test)
{
	const struct kvm_css_done done = { 1 };
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = serve(bench);
	struct kvm_css_command command, next[KVM_CSS_NEXT];
	u64 seq;

	start(bench, tape_write, 3, PREFETCH);
	fetch(unit, true, &command, next);
	image_must(bench->image, IOINST_CSCH);
	user_expect_irb(bench, CLEAR | SCSW_SC_PENDING, 0, 0);
	start(bench, tape_write, 3, PREFETCH);
	KUNIT_EXPECT_EQ(test, answer(unit, command.seq + 3, CE_DE, 8, &done, 1),
			-ESTALE);
	KUNIT_EXPECT_EQ(test, unit->user.held, command.seq);
	KUNIT_EXPECT_EQ(test, answer(unit, command.seq + 1, CE_DE, 8, &done, 1),
			-ESTALE);
	KUNIT_EXPECT_EQ(test, unit->user.held, 0);
	seq = command.seq;
	fetch_later(unit, &command, next);
	KUNIT_EXPECT_EQ(test, command.seq, seq + 3);
}

/*
 * Data for the guest meet a check, when the process has executed NO-OPERATION behind
 * that.  The program ends with the check, and nothing of the other command is left.
 */
static void user_chain_check(struct kunit *test)
{
	static const struct chain_ccw ccws[] = {
		{ CMD_READ, CCW_CC | CCW_SLI, 8, 0x40000000 }, { NOOP, CCW_SLI },
	};
	const struct kvm_css_done done = { 8 };
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = serve(bench);
	struct kvm_css_command command, next[KVM_CSS_NEXT];
	struct css_irb irb;
	u64 seq;

	start(bench, ccws, 2, PREFETCH);
	KUNIT_ASSERT_EQ(test, fetch(unit, true, &command, next), 1);
	KUNIT_EXPECT_EQ(test, answer(unit, command.seq + 1, CE_DE, 0, &done, 1), 0);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&bench->image->guest, 1));
	image_tsch(bench->image, &irb);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PROGRAM_CHECK);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), IMAGE_PROG + CCW_SIZE);
	seq = command.seq;
	start(bench, tape_write, 3, PREFETCH);
	KUNIT_EXPECT_EQ(test, fetch(unit, true, &command, next), 2);
	KUNIT_EXPECT_EQ(test, unit->user.events, 0);
	KUNIT_EXPECT_EQ(test, command.seq, seq + 2);
}

/* The same programs with the same answers, one by one and together */

struct log {
	struct css_irb irb;
	u32 nr;
	u8 codes[CCWS];
	u32 sums[CCWS];
	u8 data[CCWS * 256];
};

static void random_program(struct rnd_state *rnd, struct chain_ccw *ccws)
{
	static const u8 cmds[] = { MODE_SET, CMD_WRITE, CMD_READ, NOOP, 0x0c };
	u32 i;

	memset(ccws, 0, CCWS * sizeof(*ccws));
	for (i = 0; i < CCWS; i++) {
		ccws[i].cmd = cmds[prandom_u32_state(rnd) % ARRAY_SIZE(cmds)];
		ccws[i].count = 1 + prandom_u32_state(rnd) % 16;
		ccws[i].flags = CCW_CC;
		if (prandom_u32_state(rnd) % 3)
			ccws[i].flags |= CCW_SLI;
		if (prandom_u32_state(rnd) % 16 == 0)
			ccws[i].flags = CCW_SLI;
	}
	ccws[CCWS - 1].flags = 0;
}

/* What the device answers to a command depends on nothing but the command. */
static u8 answer_of(const struct kvm_css_command *command, u32 seed, u32 nr,
		    struct kvm_css_done *done)
{
	const u32 how = (seed >> nr) % 16;

	*done = (struct kvm_css_done){ .count = command->provided };
	if (how == 1)
		done->count = command->provided / 2;
	else if (how == 2)
		done->count = command->provided + 1;
	else if (how == 3)
		*done = (struct kvm_css_done){ 0, KVM_CSS_ANSWER_IMMEDIATE };
	return how == 4 ? CE_DE | DSTAT_UNIT_EXCEPTION : CE_DE;
}

static void execute(struct fake_unit *unit, const struct kvm_css_command *command,
		    struct log *log)
{
	const u8 *data = unit->area + command->offset;
	u32 i, sum = command->available;

	/* Behind data for the guest, its data aren't shown. */
	if (command->code == NOOP)
		sum = 0;
	else
		for (i = 0; i < command->available; i++)
			sum = sum * 31 + data[i];
	if (!ccw_fetches_data(command->code))
		memset(unit->area + command->offset, 0x80 + log->nr,
		       min(command->room, 32u));
	if (log->nr < CCWS) {
		log->codes[log->nr] = command->code;
		log->sums[log->nr++] = sum;
	}
}

static bool goes_on(const struct kvm_css_command *command, u8 status,
		    const struct kvm_css_done *done)
{
	if (status != CE_DE)
		return false;
	if (done->flags)
		return command->flags & NOW;
	return command->flags & ANY || done->count == command->provided;
}

static void serve_chain(struct fake_unit *unit, struct kvm_css_command *command,
			const struct kvm_css_command *next, u32 nr, u32 seed,
			struct log *log)
{
	struct kunit *test = kunit_get_current_test();
	struct kvm_css_done done[KVM_CSS_NEXT + 1];
	struct kvm_css_answer last;
	u32 i = 0;
	u8 status;

	for (;;) {
		status = answer_of(command, seed, log->nr, &done[i]);
		execute(unit, command, log);
		if (i == nr || !goes_on(command, status, &done[i]))
			break;
		command = (struct kvm_css_command *)&next[i++];
	}
	last = (struct kvm_css_answer){
		.seq = command->seq, .status = status, .count = done[i].count,
		.flags = done[i].flags,
	};
	KUNIT_EXPECT_EQ(test, user_unit_answer(&unit->user, &last, done, i), 0);
}

/* Return: how many times the process was called. */
static u32 run(struct user_bench *bench, struct fake_unit *unit, bool chains,
	       u32 seed, struct log *log)
{
	struct kunit *test = bench->image->guest.test;
	struct kvm_css_command command, next[KVM_CSS_NEXT];
	unsigned long give_up = jiffies + PATIENCE;
	u8 *data = bench->image->guest.storage + IMAGE_DATA;
	struct chain_ccw ccws[CCWS];
	struct rnd_state rnd;
	u32 i, nr, calls = 0;

	memset(log, 0, sizeof(*log));
	prandom_seed_state(&rnd, seed);
	random_program(&rnd, ccws);
	for (i = 0; i < sizeof(log->data); i++)
		data[i] = i * 7 + seed;
	fetch(unit, chains, &command, next);
	start(bench, ccws, CCWS, PREFETCH | (seed & 1 ? ORB_ILS : 0));
	while (!READ_ONCE(bench->image->guest.nr_pending) &&
	       time_before(jiffies, give_up)) {
		nr = fetch(unit, chains, &command, next);
		if (!command.seq) {
			cond_resched();
			continue;
		}
		calls++;
		serve_chain(unit, &command, next, nr, seed * 2654435761u, log);
	}
	KUNIT_ASSERT_EQ(test, bench->image->guest.nr_pending, 1);
	image_tsch(bench->image, &log->irb);
	memcpy(log->data, data, sizeof(log->data));
	return calls;
}

static void user_chain_as_one_by_one(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = serve(bench);
	struct log *one = kunit_kzalloc(test, sizeof(*one), GFP_KERNEL);
	struct log *all = kunit_kzalloc(test, sizeof(*all), GFP_KERNEL);
	u32 seed, calls = 0, calls_chained = 0;

	KUNIT_ASSERT_NOT_NULL(test, one);
	KUNIT_ASSERT_NOT_NULL(test, all);
	for (seed = 1; seed <= rounds(300); seed++) {
		calls += run(bench, unit, false, seed, one);
		calls_chained += run(bench, unit, true, seed, all);
		if (memcmp(one, all, sizeof(*one))) {
			KUNIT_FAIL(test, "program %u: %u and %u commands",
				   seed, one->nr, all->nr);
			KUNIT_EXPECT_MEMEQ(test, &one->irb, &all->irb,
					   sizeof(one->irb));
			break;
		}
	}
	/* It must have been worth while. */
	KUNIT_EXPECT_LT(test, calls_chained * 5, calls * 4);
}

static struct kunit_case chain_cases[] = {
	KUNIT_CASE_PARAM(user_chain_offer, offer_gen_params),
	KUNIT_CASE(user_chain_not_taken),
	KUNIT_CASE_PARAM(user_chain_answer, done_gen_params),
	KUNIT_CASE(user_chain_unit_check),
	KUNIT_CASE(user_chain_halted),
	KUNIT_CASE(user_chain_cleared),
	KUNIT_CASE(user_chain_check),
	KUNIT_CASE(user_chain_as_one_by_one),
	{}
};

static struct kunit_suite chain_suite = {
	.name = "kvm_css_user_chain",
	.init = user_init,
	.exit = user_exit,
	.test_cases = chain_cases,
};

kunit_test_suite(chain_suite);
