// SPDX-License-Identifier: GPL-2.0
/*
 * A command that goes up to a process: each event in each state of
 * Documentation/user-devices.rst, "States of a command".  After each, the device must
 * be as good as new.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/errno.h>

#include <kvm_css/subchannel.h>

#include "devices/user.h"
#include "pending_case.h"
#include "user_case.h"

#define INTERVENTION	SENSE0_INTERVENTION_REQ
#define CHECK_STATUS	(CE_DE | UNIT_CHECK)

enum event {
	ANSWER,		/* to the command that is in progress, or was last */
	ANSWER_OTHER,	/* to one that never was */
	LATE_ANSWER,	/* to the one before */
	HSCH,
	CSCH,
	RESET,
	REMOVE,
	CLOSE,
	TAKE,
	PRESENT,
	GO_BUSY,
};

/**
 * struct ending - what TEST SUBCHANNEL shows in the end
 * @control: function, activity and status control; 0 if the subchannel is idle
 * @dstat: device status
 * @count: residual count
 * @sense0: sense byte 0, with unit check
 */
struct ending {
	u32 control;
	u8 dstat;
	u16 count;
	u8 sense0;
};

static const struct ending normal_end = { START | ENDED, CE_DE };

/**
 * struct row - an event in a state
 * @name: the rule
 * @from: the state
 * @event: the event
 * @rc: what a call of the process returns
 * @to: the state afterwards, while no worker comes
 * @end: what TEST SUBCHANNEL shows in the end
 * @events: what the unit that serves then is told
 * @goes_on: the process still has to execute the command
 */
struct row {
	const char *name;
	enum user_state from;
	enum event event;
	int rc;
	enum user_state to;
	struct ending end;
	u32 events;
	bool goes_on;
};

#define FREE		8	/* nothing has been counted */
#define NORMAL_END	{ START | ENDED, CE_DE, 0, 0 }
#define HALTED		{ START | HALT | ENDED, CE_DE, FREE, 0 }
#define HALTED_USED	{ START | HALT | ENDED, CE_DE, 0, 0 }
#define CLEARED		{ CLEAR | SCSW_SC_PENDING, 0, 0, 0 }
#define GONE		{ 0, 0, 0, 0 }
#define REFUSED_END	{ START | CHECKED, UNIT_CHECK, FREE, INTERVENTION }
#define BROKEN_END	{ START | CHECKED, CHECK_STATUS, FREE, INTERVENTION }
#define HALTED_BROKEN	{ START | HALT | CHECKED, CHECK_STATUS, FREE, INTERVENTION }
#define WAS_CLEARED	KVM_CSS_EVENT_CLEARED
#define WAS_RESET	KVM_CSS_EVENT_RESET
#define BEGINS		KVM_CSS_EVENT_BEGIN

static const struct row rows[] = {
	{ "offered: an answer, although nobody has got it", USER_OFFERED, ANSWER,
	  -ESTALE, USER_OFFERED, NORMAL_END, .goes_on = true },
	{ "offered: halt", USER_OFFERED, HSCH, 0, USER_OVER, HALTED },
	{ "offered: clear", USER_OFFERED, CSCH, 0, USER_NONE, CLEARED, WAS_CLEARED },
	{ "offered: reset", USER_OFFERED, RESET, 0, USER_NONE, GONE, WAS_RESET },
	{ "offered: removal", USER_OFFERED, REMOVE, 0, USER_NONE },
	{ "offered: the process ends", USER_OFFERED, CLOSE, 0, USER_OVER,
	  REFUSED_END },
	{ "offered: another process", USER_OFFERED, TAKE, 0, USER_OVER, REFUSED_END,
	  BEGINS },
	{ "offered: unsolicited status is kept", USER_OFFERED, PRESENT, 0,
	  USER_OFFERED, NORMAL_END, .goes_on = true },
	{ "offered: busy is for start functions", USER_OFFERED, GO_BUSY, 0,
	  USER_OFFERED, NORMAL_END, .goes_on = true },

	{ "taken: the answer", USER_TAKEN, ANSWER, 0, USER_NONE, NORMAL_END },
	{ "taken: an answer to no command", USER_TAKEN, ANSWER_OTHER, -ESTALE,
	  USER_TAKEN, NORMAL_END, .goes_on = true },
	{ "taken: halt, and the process answers", USER_TAKEN, HSCH, 0, USER_TAKEN,
	  HALTED_USED, KVM_CSS_EVENT_STOP, .goes_on = true },
	{ "taken: clear", USER_TAKEN, CSCH, 0, USER_NONE, CLEARED, WAS_CLEARED },
	{ "taken: reset", USER_TAKEN, RESET, 0, USER_NONE, GONE, WAS_RESET },
	{ "taken: removal", USER_TAKEN, REMOVE, 0, USER_NONE },
	{ "taken: the process ends", USER_TAKEN, CLOSE, 0, USER_OVER, BROKEN_END },
	{ "taken: another process", USER_TAKEN, TAKE, 0, USER_OVER, BROKEN_END,
	  BEGINS },

	{ "answered: once more", USER_ANSWERED, ANSWER, -ESTALE, USER_ANSWERED,
	  NORMAL_END },
	{ "answered: halt", USER_ANSWERED, HSCH, 0, USER_ANSWERED, HALTED_USED },
	{ "answered: clear", USER_ANSWERED, CSCH, 0, USER_NONE, CLEARED,
	  WAS_CLEARED },
	{ "answered: reset", USER_ANSWERED, RESET, 0, USER_NONE, GONE, WAS_RESET },
	{ "answered: removal", USER_ANSWERED, REMOVE, 0, USER_NONE },
	{ "answered: the process ends, the answer stands", USER_ANSWERED, CLOSE, 0,
	  USER_ANSWERED, NORMAL_END },
	{ "answered: another process, the answer stands", USER_ANSWERED, TAKE, 0,
	  USER_ANSWERED, NORMAL_END, BEGINS },

	{ "held: the late answer gives the area back", USER_HELD, LATE_ANSWER,
	  -ESTALE, USER_FREED, NORMAL_END, WAS_CLEARED, .goes_on = true },
	{ "held: another answer doesn't", USER_HELD, ANSWER_OTHER, -ESTALE,
	  USER_HELD, NORMAL_END, WAS_CLEARED, .goes_on = true },
	{ "held: halt", USER_HELD, HSCH, 0, USER_OVER, HALTED, WAS_CLEARED },
	{ "held: clear", USER_HELD, CSCH, 0, USER_NONE, CLEARED, WAS_CLEARED },
	{ "held: reset", USER_HELD, RESET, 0, USER_NONE, GONE,
	  WAS_CLEARED | WAS_RESET },
	{ "held: removal", USER_HELD, REMOVE, 0, USER_NONE },
	{ "held: the process ends", USER_HELD, CLOSE, 0, USER_OVER, REFUSED_END },
	{ "held: another process", USER_HELD, TAKE, 0, USER_OVER, REFUSED_END,
	  BEGINS },
	{ "held: status before the process knows of the clear", USER_HELD, PRESENT,
	  -ESTALE, USER_HELD, NORMAL_END, WAS_CLEARED, .goes_on = true },
	{ "held: busy before the process knows of the clear", USER_HELD, GO_BUSY,
	  -ESTALE, USER_HELD, NORMAL_END, WAS_CLEARED, .goes_on = true },

	{ "freed: halt", USER_FREED, HSCH, 0, USER_FREED, HALTED, WAS_CLEARED },
	{ "freed: clear", USER_FREED, CSCH, 0, USER_NONE, CLEARED, WAS_CLEARED },
	{ "freed: removal", USER_FREED, REMOVE, 0, USER_NONE },
	{ "freed: the process ends", USER_FREED, CLOSE, 0, USER_FREED, REFUSED_END },

	{ "over: the answer of the old process", USER_OVER, ANSWER, -ENODEV,
	  USER_OVER, BROKEN_END, BEGINS },
	{ "over: halt", USER_OVER, HSCH, 0, USER_OVER, HALTED_BROKEN, BEGINS },
	{ "over: clear", USER_OVER, CSCH, 0, USER_NONE, CLEARED,
	  BEGINS | WAS_CLEARED },
	{ "over: reset", USER_OVER, RESET, 0, USER_NONE, GONE, BEGINS | WAS_RESET },
	{ "over: removal", USER_OVER, REMOVE, 0, USER_NONE },
	{ "over: the next process ends, too", USER_OVER, CLOSE, 0, USER_OVER,
	  BROKEN_END },
};

KUNIT_ARRAY_PARAM_DESC(state, rows, name);

/* The device in a state, with the units that were needed to get there */
struct situation {
	struct user_bench *bench;
	struct fake_unit *first;
	struct fake_unit *serving;
	u64 seq;
	u64 late;
};

static enum user_state state_of(const struct user_bench *bench)
{
	return container_of(bench->dev, struct user_device, dev)->state;
}

static void take_over(struct situation *s)
{
	s->serving = user_make(s->bench);
	KUNIT_EXPECT_EQ(TESTED(s->bench->image),
			user_unit_serve(&s->serving->user, true), 0);
}

/* A command is cleared, and the process doesn't know it; the next one waits. */
static void make_held(struct situation *s)
{
	s->late = user_take(s->serving, CMD_WRITE);
	image_must(s->bench->image, IOINST_CSCH);
	user_expect_irb(s->bench, CLEAR | SCSW_SC_PENDING, 0, 0);
	user_start(s->bench, CMD_WRITE, CCW_SLI);
}

/* The process's own thread completes no program that is measured. */
static void leave_to_worker(struct fake_image *image)
{
	struct subchannel *sch = image_find(image);

	mutex_lock(&sch->lock);
	sch->measured.update = true;
	mutex_unlock(&sch->lock);
	subchannel_put(sch);
}

static void bring(struct situation *s, enum user_state state)
{
	struct fake_image *image = s->bench->image;

	s->first = user_serve(s->bench);
	s->serving = s->first;
	user_start(s->bench, CMD_WRITE, CCW_SLI);
	if (state == USER_HELD || state == USER_FREED)
		make_held(s);
	else if (state != USER_OFFERED)
		s->seq = user_take(s->serving, CMD_WRITE);
	/* No worker comes before the event. */
	pending_block(image);
	if (state == USER_ANSWERED)
		leave_to_worker(image);
	if (state == USER_FREED)
		user_answer(s->serving, s->late, CE_DE, 0);
	else if (state == USER_ANSWERED)
		user_answer(s->serving, s->seq, CE_DE, IMAGE_COUNT);
	else if (state == USER_OVER)
		take_over(s);
	KUNIT_ASSERT_EQ(TESTED(image), state_of(s->bench), state);
}

static int happen(struct situation *s, enum event event)
{
	struct fake_image *image = s->bench->image;

	switch (event) {
	case ANSWER:
		return user_answer(s->first, s->seq ?: s->serving->user.seq, CE_DE,
				   IMAGE_COUNT);
	case ANSWER_OTHER:
		return user_answer(s->serving, 1000, CE_DE, IMAGE_COUNT);
	case LATE_ANSWER:
		return user_answer(s->serving, s->late, CE_DE, IMAGE_COUNT);
	case HSCH:
		image_must(image, IOINST_HSCH);
		return 0;
	case CSCH:
		image_must(image, IOINST_CSCH);
		return 0;
	case RESET:
		pending_unblock(image);
		return css_reset(&image->css, CSS_RESET_ALL);
	case REMOVE:
		pending_unblock(image);
		return fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID);
	case CLOSE:
		user_close(s->bench, s->serving);
		s->serving = NULL;
		return 0;
	case TAKE:
		take_over(s);
		return 0;
	case PRESENT:
		return user_present(s->serving, 0, ATTENTION);
	default:
		return user_unit_busy(&s->serving->user, KVM_CSS_BUSY_DEVICE);
	}
}

static void expect_gone(struct situation *s)
{
	struct kunit *test = TESTED(s->bench->image);

	KUNIT_EXPECT_FALSE(test, user_unit_serves(&s->serving->user));
	KUNIT_EXPECT_TRUE(test, user_unit_ready(&s->serving->user, false));
	KUNIT_EXPECT_EQ(test, user_answer(s->serving, s->seq, CE_DE, 0), -ENODEV);
	KUNIT_EXPECT_EQ(test, user_present(s->serving, 0, ATTENTION), -ENODEV);
	KUNIT_EXPECT_EQ(test, user_unit_busy(&s->serving->user, 0), -ENODEV);
	KUNIT_EXPECT_EQ(test, user_unit_enter(&s->serving->user), -ENODEV);
	KUNIT_EXPECT_EQ(test, user_unit_serve(&user_make(s->bench)->user, true),
			-ENODEV);
}

/* Another program runs as the first one would. */
static void expect_usable(struct situation *s)
{
	struct user_bench *bench = s->bench;
	u64 seq;

	if (!s->serving)
		s->serving = user_serve(bench);
	user_unit_busy(&s->serving->user, 0);
	user_start(bench, CMD_WRITE, CCW_SLI);
	seq = user_take(s->serving, CMD_WRITE);
	KUNIT_EXPECT_MEMEQ(TESTED(bench->image), s->serving->area,
			   bench->image->guest.storage + IMAGE_DATA, IMAGE_COUNT);
	KUNIT_EXPECT_EQ(TESTED(bench->image),
			user_answer(s->serving, seq, CE_DE, IMAGE_COUNT), 0);
	user_expect_irb(bench, START | ENDED, CE_DE, 0);
}

static void expect_end(struct user_bench *bench, const struct ending *end)
{
	if (end->control)
		user_expect_irb(bench, end->control, end->dstat, end->count);
	if (end->dstat & UNIT_CHECK)
		user_expect_sense(bench, end->sense0);
}

static void finish(struct situation *s, const struct row *row)
{
	struct kunit *test = TESTED(s->bench->image);
	struct kvm_css_command command = {};
	u64 seq;

	if (s->serving)
		KUNIT_EXPECT_EQ(test, user_fetch(s->serving, &command),
				row->events);
	if (row->goes_on) {
		seq = s->seq ?: command.seq ?: user_take(s->serving, CMD_WRITE);
		KUNIT_EXPECT_EQ(test, user_answer(s->serving, seq, CE_DE,
						  IMAGE_COUNT), 0);
	}
	expect_end(s->bench, &row->end);
	if (row->event == RESET)
		present_enable(s->bench->image, 0);
	if (row->event == PRESENT && !row->rc) {
		user_settle(s->bench);
		user_expect_irb(s->bench, UNSOLICITED, ATTENTION, 0);
	}
}

static void user_event_in_state(struct kunit *test)
{
	const struct row *row = test->param_value;
	struct situation s = { .bench = user_bench(test) };

	bring(&s, row->from);
	KUNIT_EXPECT_EQ(test, happen(&s, row->event), row->rc);
	if (row->event == REMOVE) {
		expect_gone(&s);
		return;
	}
	KUNIT_EXPECT_EQ(test, state_of(s.bench), row->to);
	if (row->event != RESET)
		pending_unblock(s.bench->image);
	finish(&s, row);
	expect_usable(&s);
}

/* HALT SUBCHANNEL waits for the process for some time, and no longer. */
static void user_halt_takes_too_long(struct kunit *test)
{
	struct situation s = { .bench = user_bench(test) };
	struct kvm_css_command command;
	unsigned long begin;

	bring(&s, USER_TAKEN);
	pending_unblock(s.bench->image);
	begin = jiffies;
	image_must(s.bench->image, IOINST_HSCH);
	user_expect_irb(s.bench, START | HALT | CHECKED, CHECK_STATUS, FREE);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, begin +
					      msecs_to_jiffies(USER_HALT_MS)));
	user_expect_sense(s.bench, SENSE0_EQUIPMENT_CHECK);
	/* There is nothing to stop any more. */
	KUNIT_EXPECT_EQ(test, user_fetch(s.serving, &command), 0);
	/* The area is the process's until it has answered. */
	user_start(s.bench, CMD_WRITE, CCW_SLI);
	KUNIT_EXPECT_EQ(test, state_of(s.bench), USER_HELD);
	KUNIT_EXPECT_EQ(test, user_fetch(s.serving, &command), 0);
	KUNIT_EXPECT_EQ(test, command.seq, 0);
	KUNIT_EXPECT_EQ(test, user_answer(s.serving, s.seq, CE_DE, 0), -ESTALE);
	s.seq = user_take(s.serving, CMD_WRITE);
	user_answer(s.serving, s.seq, CE_DE, IMAGE_COUNT);
	expect_end(s.bench, &normal_end);
}

/* The timer of a halt must not end a later command. */
static void user_halt_timer_is_late(struct kunit *test)
{
	struct situation s = { .bench = user_bench(test) };

	bring(&s, USER_TAKEN);
	pending_unblock(s.bench->image);
	image_must(s.bench->image, IOINST_HSCH);
	user_answer(s.serving, s.seq, CE_DE, IMAGE_COUNT);
	user_expect_irb(s.bench, START | HALT | ENDED, CE_DE, 0);
	user_start(s.bench, CMD_WRITE, CCW_SLI);
	s.seq = user_take(s.serving, CMD_WRITE);
	msleep(USER_HALT_MS + A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, state_of(s.bench), USER_TAKEN);
	/* Nor one that has been halted later, and has its own time. */
	image_must(s.bench->image, IOINST_HSCH);
	s.serving->user.timer.function(&s.serving->user.timer);
	KUNIT_EXPECT_EQ(test, state_of(s.bench), USER_TAKEN);
	user_answer(s.serving, s.seq, CE_DE, IMAGE_COUNT);
	user_expect_irb(s.bench, START | HALT | ENDED, CE_DE, 0);
}

/* What happens between an answer and its completion by the thread that has given it */
struct between {
	const char *name;
	enum event event;
	struct ending end;
};

static const struct between between[] = {
	{ "nothing", ANSWER_OTHER, NORMAL_END },
	{ "halt", HSCH, HALTED_USED },
	{ "clear", CSCH, CLEARED },
	{ "the process ends, the answer stands", CLOSE, NORMAL_END },
	{ "another process, the answer stands", TAKE, NORMAL_END },
};

KUNIT_ARRAY_PARAM_DESC(between, between, name);

static const struct between *now;
static struct situation *of;

static void happen_between(struct guest *guest)
{
	guest->at_hold = NULL;
	KUNIT_EXPECT_EQ(guest->test, state_of(of->bench), USER_ANSWERED);
	happen(of, now->event);
}

static void user_event_before_completion(struct kunit *test)
{
	struct situation s = { .bench = user_bench(test) };
	struct fake_image *image = s.bench->image;

	bring(&s, USER_TAKEN);
	now = test->param_value;
	of = &s;
	image->guest.at_hold = happen_between;
	KUNIT_EXPECT_EQ(test, user_answer(s.first, s.seq, CE_DE, IMAGE_COUNT), 0);
	KUNIT_EXPECT_NULL(test, image->guest.at_hold);
	/* Nobody else had to come. */
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	pending_unblock(image);
	expect_end(s.bench, &now->end);
	if (s.serving) {
		struct kvm_css_command command;

		user_fetch(s.serving, &command);
	}
	expect_usable(&s);
}

/* What the thread that answers completes itself, and what it leaves to a worker */
struct completion_case {
	const char *name;
	u8 cmd;
	u8 flags;
	u8 status;
	u32 count;
	bool measured;
	bool here;
};

static const struct completion_case completions[] = {
	{ "no data: here", CMD_CONTROL, CCW_SLI, CE_DE, 0, .here = true },
	{ "data of the guest's: here", CMD_WRITE, 0, CE_DE, IMAGE_COUNT,
	  .here = true },
	{ "none of the data for the guest: here", CMD_READ, CCW_SLI, CE_DE, 0,
	  .here = true },
	{ "data for the guest: a worker", CMD_READ, CCW_SLI, CE_DE, 3 },
	{ "refused: here", CMD_READ, 0, UNIT_CHECK, 0, .here = true },
	{ "unit check: here", CMD_CONTROL, CCW_SLI | CCW_CC, CHECK_STATUS, 0,
	  .here = true },
	{ "chained: a worker", CMD_CONTROL, CCW_SLI | CCW_CC, CE_DE, 0 },
	{ "measured: a worker", CMD_CONTROL, CCW_SLI, CE_DE, 0, .measured = true },
};

KUNIT_ARRAY_PARAM_DESC(completion, completions, name);

static void user_completes(struct kunit *test)
{
	const struct completion_case *c = test->param_value;
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	u64 seq;

	user_start(bench, c->cmd, c->flags);
	seq = user_take(unit, c->cmd);
	if (c->measured)
		leave_to_worker(bench->image);
	pending_block(bench->image);
	KUNIT_EXPECT_EQ(test, user_answer(unit, seq, c->status, c->count), 0);
	KUNIT_EXPECT_EQ(test, bench->image->guest.nr_pending, c->here);
	pending_unblock(bench->image);
	if (c->flags & CCW_CC && c->status == CE_DE)
		user_answer(unit, user_take(unit, CMD_CONTROL), CE_DE, 0);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&bench->image->guest, 1));
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE_PARAM(user_event_in_state, state_gen_params),
	KUNIT_CASE_PARAM(user_event_before_completion, between_gen_params),
	KUNIT_CASE_PARAM(user_completes, completion_gen_params),
	KUNIT_CASE(user_halt_takes_too_long),
	KUNIT_CASE(user_halt_timer_is_late),
	{}
};

static struct kunit_suite state_suite = {
	.name = "kvm_css_user_state",
	.init = user_init,
	.exit = user_exit,
	.test_cases = state_cases,
};

kunit_test_suite(state_suite);
