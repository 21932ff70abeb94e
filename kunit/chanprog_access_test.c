// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses to storage areas that follow each other: how many there are, how long
 * they are, and what happens while there is one.  How programs end then is in
 * chanprog_span_test.c.
 */
#include <kunit/test.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <kvm_css/command.h>

#include "chanprog_case.h"

#define CMD_READ	0x02
#define CMD_WRITE	0x01

#define BLOCK		512u

/* Programs that are stopped */

static enum chanprog_stop stop_why;

static void stop_at_data(struct guest *guest, const struct fake_access *access)
{
	struct chanprog_bench *bench = container_of(guest,
						    struct chanprog_bench,
						    guest);

	if (access->addr >= DATA)
		chanprog_stop(&bench->cp, stop_why);
}

/*
 * The program is halted while data are stored, and the last page can't be
 * stored.  What is in storage must be what the count says, even though the
 * access that was to store everything has stored a part.
 */
static void access_halted_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_create(test);
	static const struct chanprog_case c = {
		.orb = ORB_PREFETCH,
		.ccws = {
			{ CMD_READ, CCW_CD, BLOCK, DATA },
			{ CMD_READ, CCW_CD, FAKE_PAGE - BLOCK, DATA + BLOCK },
			{ CMD_READ, 0, 2 * FAKE_PAGE, DATA + FAKE_PAGE },
		},
		.hole = { DATA + 2 * FAKE_PAGE, 1 },
		.steps = {
			STEP_GIVES_LEFT(CMD_READ, 3 * FAKE_PAGE, FAKE_PAGE),
		},
	};
	struct case_told told;
	u32 moved, i;

	chanprog_bench_load(bench, &c);
	stop_why = CHANPROG_HALT;
	bench->guest.at_access = stop_at_data;
	chanprog_case_end(test, bench, true, &told);
	moved = bench->fake->moved;
	KUNIT_EXPECT_EQ(test, moved, 2 * FAKE_PAGE);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, AFTER(2));
	KUNIT_EXPECT_EQ(test, bench->cp.ending.count, FAKE_PAGE);
	KUNIT_EXPECT_MEMEQ(test, bench->guest.storage + DATA,
			   bench->fake->stream, moved);
	for (i = DATA + moved; i < DATA + 3 * FAKE_PAGE; i++)
		KUNIT_EXPECT_EQ(test, bench->guest.storage[i],
				fake_background(i));
}

/*
 * In all other cases, no more than a piece is moved after an access for several
 * areas has failed and the program was stopped.
 */
struct stop_case {
	const char *name;
	u8 cmd;
	enum chanprog_stop why;
	enum chanprog_state state;
};

static const struct stop_case stop_cases[] = {
	{ "READ is dropped", CMD_READ, CHANPROG_DROP, CHANPROG_STOPPED },
	{ "WRITE is dropped", CMD_WRITE, CHANPROG_DROP, CHANPROG_STOPPED },
	{ "WRITE is halted", CMD_WRITE, CHANPROG_HALT, CHANPROG_ENDED },
};

KUNIT_ARRAY_PARAM_DESC(stop, stop_cases, name);

static void access_stopped_test(struct kunit *test)
{
	const struct stop_case *s = test->param_value;
	const struct chanprog_case c = {
		.orb = ORB_PREFETCH,
		.ccws = {
			{ s->cmd, CCW_CD, BLOCK, DATA },
			{ s->cmd, 0, 3 * FAKE_PAGE - BLOCK, DATA + BLOCK },
		},
		.hole = { DATA + 2 * FAKE_PAGE, 1 },
		.steps = { {
			.cmd = s->cmd,
			.move = s->cmd == CMD_READ ? FAKE_GIVES : FAKE_TAKES,
			.len = 3 * FAKE_PAGE,
			.left = 3 * FAKE_PAGE - BLOCK,
		} },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);
	struct case_told told;

	stop_why = s->why;
	bench->guest.at_access = stop_at_data;
	KUNIT_EXPECT_EQ(test, s->state,
			chanprog_case_end(test, bench, true, &told));
	KUNIT_EXPECT_EQ(test, bench->fake->moved, BLOCK);
}

/* How often storage is accessed */

#define BLOCKS		96u

/**
 * struct request_case - a request of Linux's FBA driver
 * @name: the row
 * @mode: in which way it is run
 * @listed: each block is named by an IDAW
 * @apart: there is a gap behind each page
 * @accesses: how often storage is accessed at the most
 */
struct request_case {
	const char *name;
	enum chanprog_mode mode;
	bool listed;
	bool apart;
	unsigned int accesses;
};

/*
 * 96 CCWs are copied by 3 accesses, 96 format-1 IDAWs by 2.  On a worker the
 * data of CCWs are moved before the CCWs behind them are copied.
 */
static const struct request_case request_cases[] = {
	{ "a vCPU", MODE_PREFETCH_VCPU, .accesses = 3 + 1 },
	{ "a worker", MODE_PREFETCH, .accesses = 3 + 3 },
	{ "a vCPU, pages apart", MODE_PREFETCH_VCPU, .apart = true,
	  .accesses = 3 + 12 },
	{ "a worker, pages apart", MODE_PREFETCH, .apart = true,
	  .accesses = 3 + 12 },
	{ "a vCPU, IDAWs", MODE_PREFETCH_VCPU, .listed = true,
	  .accesses = 3 + 2 + 2 },
	{ "a worker, IDAWs", MODE_PREFETCH, .listed = true,
	  .accesses = 3 + 2 + 3 },
};

KUNIT_ARRAY_PARAM_DESC(request, request_cases, name);

static unsigned int accesses;

static void count_access(struct guest *guest, const struct fake_access *access)
{
	accesses++;
}

static u32 block_at(const struct request_case *r, u32 i)
{
	return 0x8000 + i * BLOCK + (r->apart ? i / 8 * FAKE_PAGE : 0);
}

static void put_request(struct guest *guest, const struct request_case *r)
{
	struct case_ccw ccw;
	__be32 idaw;
	u32 i;

	for (i = 0; i < BLOCKS; i++) {
		ccw = (struct case_ccw){
			CMD_READ, i + 1 < BLOCKS ? CCW_CD : 0, BLOCK, block_at(r, i),
		};
		if (r->listed) {
			idaw = cpu_to_be32(ccw.cda);
			ccw.cda = LIST + i * sizeof(idaw);
			ccw.flags |= CCW_IDA;
			fake_put(guest, ccw.cda, &idaw, sizeof(idaw));
		}
		chanprog_put_ccw(guest, CCW(i), &ccw, false);
	}
}

static unsigned int run_request(struct kunit *test,
				const struct request_case *r, bool one_by_one)
{
	static const struct chanprog_case c = {
		.orb = ORB_PREFETCH,
		.steps = { STEP_GIVES(CMD_READ, BLOCKS * BLOCK) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);
	struct case_told told;
	u32 i;

	put_request(&bench->guest, r);
	bench->guest.at_access = count_access;
	bench->cp.one_by_one = one_by_one;
	accesses = 0;
	KUNIT_EXPECT_EQ(test, CHANPROG_ENDED,
			chanprog_case_end(test, bench, r->mode == MODE_PREFETCH,
					  &told));
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
	for (i = 0; i < BLOCKS; i++)
		KUNIT_EXPECT_MEMEQ(test,
				   bench->guest.storage + block_at(r, i),
				   bench->fake->stream + i * BLOCK, BLOCK);
	return accesses;
}

static void access_number_test(struct kunit *test)
{
	const struct request_case *r = test->param_value;

	KUNIT_EXPECT_LE(test, run_request(test, r, false), r->accesses);
	KUNIT_EXPECT_GT(test, run_request(test, r, true), BLOCKS);
}

/* How long an access is */

#define LONG		0x18000u
#define ACCESS_MAX	0x10000u

static unsigned int longest;

static void note_length(struct guest *guest, const struct fake_access *access)
{
	longest = max(longest, access->len);
}

static cu_status_t give_long(struct css_device *dev, struct chanprog *cp,
			     u8 cmd)
{
	struct chanprog_bench *bench = container_of(cp, struct chanprog_bench,
						    cp);
	struct kunit *test = bench->guest.test;
	u8 *data = kunit_kzalloc(test, LONG, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	memset(data, 0xa5, LONG);
	KUNIT_EXPECT_EQ(test, chanprog_to_guest(cp, data, LONG), LONG);
	return CU_STATUS(CE_DE);
}

/* A halt must not have to wait for long, whatever the device moves at once. */
static void access_longest_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.orb = ORB_PREFETCH,
		.ccws = {
			{ CMD_READ, CCW_CD, 0xc000, DATA },
			{ CMD_READ, 0, 0xc000, DATA + 0xc000 },
		},
	};
	static const struct cu_ops ops = {
		.name = "long", .command = give_long,
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);
	struct css_device dev = { .ops = &ops };

	bench->cp.dev = &dev;
	bench->guest.at_access = note_length;
	longest = 0;
	KUNIT_EXPECT_EQ(test, CHANPROG_ENDED,
			chanprog_run(&bench->cp, CHANPROG_ON_WORKER));
	KUNIT_EXPECT_EQ(test, longest, ACCESS_MAX);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(bench->guest.storage + DATA, 0xa5,
					   LONG));
}

/* When IDAWs are copied */

static void rewrite_idaw(void *arg)
{
	const __be32 idaw = cpu_to_be32(DATA3);

	fake_put(arg, LIST + sizeof(idaw), &idaw, sizeof(idaw));
}

/* What was copied ahead is not used behind a TIC. */
static void access_idaw_behind_tic_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.orb = ORB_PREFETCH,
		.ccws = {
			{ CMD_READ, CCW_CD | CCW_IDA, BLOCK, LIST },
			{ 0x08, 0, 0, CCW(2) },
			{ CMD_READ, CCW_IDA, BLOCK, LIST + 4 },
		},
		.lists = { IDAWS1(LIST, 2, DATA, DATA + BLOCK) },
		.steps = { STEP_GIVES(CMD_READ, 2 * BLOCK) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);
	struct case_told told;

	bench->guest.before_read = rewrite_idaw;
	bench->guest.before_read_arg = &bench->guest;
	bench->guest.before_read_addr = CCW(2);
	KUNIT_EXPECT_EQ(test, CHANPROG_ENDED,
			chanprog_case_end(test, bench, true, &told));
	KUNIT_EXPECT_NULL(test, bench->guest.before_read);
	KUNIT_EXPECT_MEMEQ(test, bench->guest.storage + DATA3,
			   bench->fake->stream + BLOCK, BLOCK);
}

static struct kunit_case access_test_cases[] = {
	KUNIT_CASE(access_halted_test),
	KUNIT_CASE_PARAM(access_stopped_test, stop_gen_params),
	KUNIT_CASE_PARAM(access_number_test, request_gen_params),
	KUNIT_CASE(access_longest_test),
	KUNIT_CASE(access_idaw_behind_tic_test),
	{}
};

static struct kunit_suite access_suite = {
	.name = "kvm_css_chanprog_access",
	.test_cases = access_test_cases,
};

kunit_test_suite(access_suite);
