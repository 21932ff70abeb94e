// SPDX-License-Identifier: GPL-2.0
/*
 * A process that answers a command before its runner has left the program, as on one
 * processor it often does: "Without a worker" in Documentation/pending-commands.rst.  The
 * runner finds the answer on its way out, and completes the command if it may.
 *
 * So that the runner can't leave before, the process's thread has the subchannel's lock
 * from when the runner begins until it has answered.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/string.h>

#include <kvm_css/subchannel.h>

#include "devices/user.h"
#include "pending_case.h"
#include "user_case.h"

#define PREFETCH	(ORB_FORMAT | ORB_PREFETCH)
#define SECOND		(IMAGE_DATA + 0x100)
/* With that, the two CCWs would have more data than a vCPU moves for one command. */
#define LONG_COUNT	0xffff

/* What happens while the process has the command */
enum meanwhile {
	NOTHING,
	MEASURE,	/* the program has to be measured */
	LENGTHEN,	/* the guest changes the CCW that chains data */
	HALT_IT,
	CLEAR_IT,
};

/**
 * struct early_case - a command with its answer
 * @name: the rule
 * @cmd: the command
 * @flags: CCW_* of its first CCW; its second one has IMAGE_COUNT bytes as well
 * @orb: ORB_*
 * @count: how many bytes the process has asked for
 * @meanwhile: what else happens
 * @here: the runner completes it
 * @control: what TEST SUBCHANNEL shows: function, activity and status control
 * @dstat: device status
 * @left: residual count
 */
struct early_case {
	const char *name;
	u8 cmd;
	u8 flags;
	u32 orb;
	u32 count;
	enum meanwhile meanwhile;
	bool here;
	u32 control;
	u8 dstat;
	u16 left;
};

#define NORMALLY	.control = START | ENDED, .dstat = CE_DE

static const struct early_case early_cases[] = {
	{ "no data", CMD_CONTROL, CCW_SLI, ORB_FORMAT, .here = true, NORMALLY,
	  .left = IMAGE_COUNT },
	{ "data of the guest's", CMD_WRITE, 0, ORB_FORMAT, IMAGE_COUNT, .here = true,
	  NORMALLY },
	{ "data for the guest", CMD_READ, CCW_SLI, ORB_FORMAT, 3, .here = true,
	  NORMALLY, .left = IMAGE_COUNT - 3 },
	{ "chained data for the guest", CMD_READ, CCW_CD, PREFETCH, 2 * IMAGE_COUNT,
	  .here = true, NORMALLY },
	{ "chained data that have become many: a worker", CMD_READ, CCW_CD, PREFETCH,
	  2 * IMAGE_COUNT, LENGTHEN, NORMALLY, .left = LONG_COUNT - IMAGE_COUNT },
	{ "measured: a worker", CMD_READ, 0, ORB_FORMAT, IMAGE_COUNT, MEASURE,
	  NORMALLY },
	{ "halted: a worker, which moves no data", CMD_READ, 0, ORB_FORMAT,
	  IMAGE_COUNT, HALT_IT, .control = START | HALT | ENDED, .dstat = CE_DE,
	  .left = IMAGE_COUNT },
	{ "cleared: nobody", CMD_READ, 0, ORB_FORMAT, IMAGE_COUNT, CLEAR_IT,
	  .here = true, .control = CLEAR | SCSW_SC_PENDING },
};

KUNIT_ARRAY_PARAM_DESC(early, early_cases, name);

/**
 * struct early - the running case
 * @c: what it is about
 * @bench: the bench
 * @unit: the process's unit
 * @sch: the subchannel
 * @on_worker: the runner is to be a worker
 * @locked: the process's thread has the lock of @sch
 * @process: this thread
 * @stopper: the thread of a vCPU that halts or clears the subchannel, or NULL
 * @rc: what the process's answer has returned
 */
struct early {
	const struct early_case *c;
	struct user_bench *bench;
	struct fake_unit *unit;
	struct subchannel *sch;
	bool on_worker;
	struct completion locked;
	struct task_struct *process;
	struct task_struct *stopper;
	int rc;
};

static struct early *early;

static struct task_struct *begin_thread(struct kunit *test, int (*func)(void *arg))
{
	struct task_struct *thread = kthread_create(func, early, "kvm-css-early");

	KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
	get_task_struct(thread);
	wake_up_process(thread);
	return thread;
}

static void end_thread(struct task_struct *thread)
{
	if (!thread)
		return;
	kthread_stop(thread);
	put_task_struct(thread);
}

/* A thread is there until somebody ends it. */
static int wait_for_end(void)
{
	while (!kthread_should_stop())
		fsleep(1000);
	return 0;
}

static void change_meanwhile(struct early *e)
{
	const struct css_ccw1 longer = {
		.flags = CCW_SLI, .count = cpu_to_be16(LONG_COUNT),
		.cda = cpu_to_be32(SECOND),
	};

	if (e->c->meanwhile == MEASURE)
		e->sch->measured.update = true;
	if (e->c->meanwhile == LENGTHEN)
		fake_put(&e->bench->image->guest, IMAGE_PROG + CCW_SIZE, &longer,
			 sizeof(longer));
}

static int process_thread(void *arg)
{
	unsigned long give_up = jiffies + PATIENCE;
	struct kvm_css_command command = {};
	struct early *e = arg;

	mutex_lock(&e->sch->lock);
	complete(&e->locked);
	while (!command.seq && time_before(jiffies, give_up)) {
		user_fetch(e->unit, &command);
		if (!command.seq)
			fsleep(1000);
	}
	change_meanwhile(e);
	memset(e->unit->area, 0x5a, 2 * IMAGE_COUNT);
	e->rc = user_answer(e->unit, command.seq, CE_DE, e->c->count);
	mutex_unlock(&e->sch->lock);
	return wait_for_end();
}

static int stopper_thread(void *arg)
{
	struct early *e = arg;
	struct fake_image *image = e->bench->image;

	fake_visit(&image->guest);
	image_must(image, e->c->meanwhile == HALT_IT ? IOINST_HSCH : IOINST_CSCH);
	fake_visit_ends(&image->guest);
	return wait_for_end();
}

/* The runner accesses storage for the first time. */
static void runner_begins(struct guest *guest, const struct fake_access *access)
{
	if (access->operand || (early->on_worker && current == guest->thread))
		return;
	guest->at_access = NULL;
	early->process = begin_thread(guest->test, process_thread);
	wait_for_completion(&early->locked);
	if (early->c->meanwhile != HALT_IT && early->c->meanwhile != CLEAR_IT)
		return;
	/* It comes to wait for the lock before the runner does. */
	early->stopper = begin_thread(guest->test, stopper_thread);
	msleep(A_WHILE_MS);
}

static void prepare(struct early *e, struct kunit *test)
{
	e->bench = user_bench(test);
	e->unit = user_serve(e->bench);
	e->sch = image_find(e->bench->image);
	init_completion(&e->locked);
	early = e;
	e->bench->image->guest.at_access = runner_begins;
}

static void finish(struct early *e, struct kunit *test)
{
	end_thread(e->process);
	end_thread(e->stopper);
	KUNIT_EXPECT_EQ(test, e->rc, 0);
	subchannel_put(e->sch);
}

static void run(struct early *e)
{
	const struct css_ccw1 ccws[] = {
		{ .cmd = e->c->cmd, .flags = e->c->flags,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .cmd = CMD_CONTROL, .flags = CCW_SLI,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(SECOND) },
	};

	user_start_program(e->bench, ccws, ARRAY_SIZE(ccws), e->c->orb);
}

/* Has the guest the data that it should have, and no other? */
static void expect_data(struct early *e, struct kunit *test)
{
	const u8 *storage = e->bench->image->guest.storage;
	const bool moved = e->c->cmd == CMD_READ && e->c->dstat == CE_DE &&
			   e->c->meanwhile != HALT_IT;
	u32 i, at;

	for (i = 0; i < 2 * IMAGE_COUNT; i++) {
		at = i < IMAGE_COUNT ? IMAGE_DATA + i : SECOND + i - IMAGE_COUNT;
		KUNIT_EXPECT_EQ(test, storage[at], moved && i < e->c->count ?
						0x5a : fake_background(at));
	}
}

static void user_early(struct kunit *test)
{
	struct early e = { .c = test->param_value };

	prepare(&e, test);
	pending_block(e.bench->image);
	run(&e);
	KUNIT_EXPECT_EQ(test, READ_ONCE(e.bench->image->guest.nr_pending), e.c->here);
	pending_unblock(e.bench->image);
	user_expect_irb(e.bench, e.c->control, e.c->dstat, e.c->left);
	expect_data(&e, test);
	finish(&e, test);
}

/* What is chained goes up in the same turn. */
static void user_early_chained(struct kunit *test)
{
	static const struct early_case c = {
		.cmd = CMD_READ, .flags = CCW_CC, .orb = ORB_FORMAT,
		.count = IMAGE_COUNT,
	};
	struct early e = { .c = &c };
	struct kvm_css_command command;

	prepare(&e, test);
	pending_block(e.bench->image);
	run(&e);
	user_fetch(e.unit, &command);
	KUNIT_EXPECT_EQ(test, command.code, CMD_CONTROL);
	pending_unblock(e.bench->image);
	KUNIT_EXPECT_EQ(test, user_answer(e.unit, command.seq, CE_DE, IMAGE_COUNT), 0);
	user_expect_irb(e.bench, START | ENDED, CE_DE, 0);
	finish(&e, test);
}

static atomic_t turns;

static void count_turn(struct guest *guest)
{
	atomic_inc(&turns);
}

/* The runner is a worker, because a vCPU would not know how many data are chained. */
static void user_early_on_worker(struct kunit *test)
{
	static const struct early_case c = {
		.cmd = CMD_WRITE, .flags = CCW_CD, .orb = ORB_FORMAT,
		.count = 2 * IMAGE_COUNT, .dstat = CE_DE,
	};
	struct early e = { .c = &c, .on_worker = true };

	prepare(&e, test);
	atomic_set(&turns, 0);
	e.bench->image->guest.at_hold = count_turn;
	run(&e);
	user_expect_irb(e.bench, START | ENDED, CE_DE, 0);
	expect_data(&e, test);
	KUNIT_EXPECT_EQ(test, atomic_read(&turns), 1);
	e.bench->image->guest.at_hold = NULL;
	finish(&e, test);
}

/*
 * The thread that answers ends a command that stores nothing, whatever could be stored:
 * the device's status isn't lost to a halt that waits for it.
 */
static void user_halted_without_data(struct kunit *test)
{
	static const struct css_ccw1 ccws[] = {
		{ .cmd = CMD_READ, .flags = CCW_CD,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(SECOND) },
	};
	static const u32 orbs[] = { ORB_FORMAT, PREFETCH };
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command;
	u64 seq;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(orbs); i++) {
		user_start_program(bench, ccws, ARRAY_SIZE(ccws), orbs[i]);
		seq = user_take(unit, CMD_READ);
		image_must(bench->image, IOINST_HSCH);
		KUNIT_EXPECT_EQ(test, user_fetch(unit, &command),
				KVM_CSS_EVENT_STOP);
		KUNIT_EXPECT_EQ(test, user_answer(unit, seq, CE_DE | UNIT_CHECK, 0),
				0);
		user_expect_irb(bench, START | HALT | CHECKED, CE_DE | UNIT_CHECK,
				IMAGE_COUNT);
		/* The command isn't taken for one that was cleared. */
		KUNIT_EXPECT_EQ(test, user_fetch(unit, &command), 0);
	}
}

static struct kunit_case early_test_cases[] = {
	KUNIT_CASE_PARAM(user_early, early_gen_params),
	KUNIT_CASE(user_early_chained),
	KUNIT_CASE(user_early_on_worker),
	KUNIT_CASE(user_halted_without_data),
	{}
};

static struct kunit_suite early_suite = {
	.name = "kvm_css_user_early",
	.init = user_init,
	.exit = user_exit,
	.test_cases = early_test_cases,
};

kunit_test_suite(early_suite);
