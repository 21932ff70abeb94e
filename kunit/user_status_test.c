// SPDX-License-Identifier: GPL-2.0
/*
 * Status that a process presents: the end of an operation that goes on after channel
 * end, unsolicited status, and a device that is busy.  Documentation/user-devices.rst
 * has the rules, and Documentation/device-status.rst what the guest sees.
 */
#include <kunit/test.h>
#include <linux/errno.h>

#include <kvm_css/subchannel.h>

#include "pending_case.h"
#include "user_case.h"

/* Begin an operation that goes on after channel end. */
static u64 begin(struct user_bench *bench, struct fake_unit *unit)
{
	u64 seq;

	user_start(bench, CMD_CONTROL, CCW_SLI);
	seq = user_take(unit, CMD_CONTROL);
	KUNIT_EXPECT_EQ(bench->image->guest.test, user_answer(unit, seq, CE, 0), 0);
	user_expect_irb(bench, START | DEVICE | PRIMARY, CE, IMAGE_COUNT);
	return seq;
}

static void expect_executes(struct user_bench *bench, struct fake_unit *unit)
{
	user_answer(unit, user_take(unit, CMD_CONTROL), CE_DE, 0);
	user_expect_irb(bench, START | ENDED, CE_DE, IMAGE_COUNT);
}

static void expect_usable(struct user_bench *bench, struct fake_unit *unit)
{
	user_start(bench, CMD_CONTROL, CCW_SLI);
	expect_executes(bench, unit);
}

/* Device end, with what it may have beside it */

struct ending_case {
	const char *name;
	u8 status;
	u32 control;
};

static const struct ending_case ending_cases[] = {
	{ "device end", DE, SECONDARY },
	{ "with unit check", DE | UNIT_CHECK, SECONDARY | ALERT },
	{ "with unit exception", DE | DSTAT_UNIT_EXCEPTION, SECONDARY | ALERT },
	{ "with attention", DE | ATTENTION, SECONDARY | ALERT },
	{ "with control-unit end", DE | DSTAT_CONTROL_UNIT_END,
	  SECONDARY | ALERT },
};

KUNIT_ARRAY_PARAM_DESC(ending, ending_cases, name);

static void user_device_end(struct kunit *test)
{
	const struct ending_case *c = test->param_value;
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	u64 seq = begin(bench, unit);

	KUNIT_EXPECT_EQ(test, user_present(unit, seq + 1, c->status), -ESTALE);
	KUNIT_EXPECT_EQ(test, user_present(unit, seq, c->status), 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, seq, c->status), -ESTALE);
	user_expect_irb(bench, c->control, c->status, 0);
	user_expect_sense(bench, c->status & UNIT_CHECK ? USER_SENSE0 : 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, seq, c->status), -ESTALE);
	expect_usable(bench, unit);
}

/* The end may be presented before the guest has been told of channel end. */
static void user_device_end_at_once(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	u64 seq;

	user_start(bench, CMD_CONTROL, CCW_SLI);
	seq = user_take(unit, CMD_CONTROL);
	user_answer(unit, seq, CE, 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, seq, DE), 0);
	user_expect_irb(bench, START | DEVICE | PRIMARY, CE, IMAGE_COUNT);
	user_expect_irb(bench, SECONDARY, DE, 0);
}

static void user_chained_command_waits(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command;
	u64 seq;

	user_start(bench, CMD_READ, CCW_SLI | CCW_CC);
	seq = user_take(unit, CMD_READ);
	user_answer(unit, seq, CE, 0);
	/* Attention neither ends the program nor is lost. */
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, ATTENTION), 0);
	user_settle(bench);
	user_fetch(unit, &command);
	KUNIT_EXPECT_EQ(test, command.seq, 0);
	KUNIT_EXPECT_EQ(test, bench->image->guest.nr_pending, 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, seq, DE), 0);
	user_answer(unit, user_take(unit, CMD_CONTROL), CE_DE, 0);
	user_expect_irb(bench, START | ENDED, CE_DE, 0);
	user_expect_irb(bench, UNSOLICITED, ATTENTION, 0);
	KUNIT_EXPECT_EQ(test, user_fetch(unit, &command),
			KVM_CSS_EVENT_PRESENTED);
}

/* A start function while the operation goes on */

static void user_start_waits_for_device_end(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	u64 seq = begin(bench, unit);

	user_start(bench, CMD_CONTROL, CCW_SLI);
	KUNIT_EXPECT_EQ(test, image_control(bench->image), START_PENDING);
	user_present(unit, seq, DE);
	expect_executes(bench, unit);
	KUNIT_EXPECT_EQ(test, bench->image->guest.nr_pending, 0);
}

static void user_start_is_told_of_unit_check(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	u64 seq = begin(bench, unit);

	user_start(bench, CMD_CONTROL, CCW_SLI);
	user_present(unit, seq, DE | UNIT_CHECK);
	user_expect_irb(bench, START_PENDING | UNSOLICITED,
			BUSY | DE | UNIT_CHECK, 0);
	user_expect_sense(bench, USER_SENSE0);
	expect_usable(bench, unit);
}

/* HALT SUBCHANNEL ends the operation, whatever has been said of its end. */
static void user_halted_after_channel_end(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command;
	u64 seq = begin(bench, unit);

	image_must(bench->image, IOINST_HSCH);
	user_expect_irb(bench, HALT | SECONDARY, DE, 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, seq, DE), -ESTALE);
	KUNIT_EXPECT_EQ(test, user_fetch(unit, &command), KVM_CSS_EVENT_HALTED);
	expect_usable(bench, unit);
	KUNIT_EXPECT_EQ(test, bench->image->guest.nr_pending, 0);
}

/* Attention that has waited for the operation comes when HALT has ended it. */
static void user_halt_lets_attention_come(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	begin(bench, unit);
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, ATTENTION), 0);
	user_settle(bench);
	image_must(bench->image, IOINST_HSCH);
	user_expect_irb(bench, HALT | SECONDARY, DE, 0);
	user_expect_irb(bench, UNSOLICITED, ATTENTION, 0);
}

static void user_halt_of_chain_lets_attention_come(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	user_start(bench, CMD_READ, CCW_SLI | CCW_CC);
	user_answer(unit, user_take(unit, CMD_READ), CE, 0);
	user_settle(bench);
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, ATTENTION), 0);
	user_settle(bench);
	image_must(bench->image, IOINST_HSCH);
	user_expect_irb(bench, START | HALT | ENDED, CE_DE, IMAGE_COUNT);
	user_expect_irb(bench, UNSOLICITED, ATTENTION, 0);
}

/* Before its end has been presented, another process comes and goes. */
static void user_orphan_waits(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	user_start(bench, CMD_CONTROL, CCW_SLI);
	user_answer(unit, user_take(unit, CMD_CONTROL), CE, 0);
	user_settle(bench);
	user_close(bench, unit);
	user_close(bench, user_serve(bench));
	user_expect_irb(bench, START | DEVICE | PRIMARY, CE, IMAGE_COUNT);
	user_expect_irb(bench, SECONDARY | ALERT, DE | UNIT_CHECK, 0);
	user_expect_sense(bench, SENSE0_INTERVENTION_REQ);
}

/* The process ends while the operation goes on. */
static void user_orphan(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	begin(bench, unit);
	user_close(bench, unit);
	user_expect_irb(bench, SECONDARY | ALERT, DE | UNIT_CHECK, 0);
	user_expect_sense(bench, SENSE0_INTERVENTION_REQ);
	expect_usable(bench, user_serve(bench));
}

static void user_orphan_is_selected(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	begin(bench, unit);
	user_start(bench, CMD_CONTROL, CCW_SLI);
	user_close(bench, unit);
	user_expect_irb(bench, START_PENDING | UNSOLICITED,
			BUSY | DE | UNIT_CHECK, 0);
	user_expect_sense(bench, SENSE0_INTERVENTION_REQ);
}

static void user_orphan_is_reset(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	begin(bench, unit);
	user_start(bench, CMD_CONTROL, CCW_SLI);
	image_must(bench->image, IOINST_CSCH);
	user_expect_irb(bench, CLEAR | SCSW_SC_PENDING, 0, 0);
	user_close(bench, unit);
	user_settle(bench);
	KUNIT_EXPECT_EQ(test, bench->image->guest.nr_pending, 0);
	expect_usable(bench, user_serve(bench));
}

/* Unsolicited status */

static void user_unsolicited_is_added(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	u64 seq;

	user_start(bench, CMD_CONTROL, CCW_SLI);
	seq = user_take(unit, CMD_CONTROL);
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, ATTENTION), 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, ATTENTION), 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, DE | UNIT_CHECK), 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, UNIT_CHECK), -EBUSY);
	user_answer(unit, seq, CE_DE, 0);
	user_expect_irb(bench, START | ENDED, CE_DE, IMAGE_COUNT);
	user_expect_irb(bench, UNSOLICITED, ATTENTION | DE | UNIT_CHECK, 0);
	user_expect_sense(bench, USER_SENSE0);
}

/* A driver that starts a function must not take it for the end of that. */
static void user_unsolicited_waits_for_start(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	/* The device isn't asked before the guest starts a function. */
	pending_block(bench->image);
	user_present(unit, 0, ATTENTION);
	user_start(bench, CMD_CONTROL, CCW_SLI);
	KUNIT_EXPECT_EQ(test, image_control(bench->image), START | ACTIVE);
	pending_unblock(bench->image);
	user_settle(bench);
	expect_executes(bench, unit);
	user_expect_irb(bench, UNSOLICITED, ATTENTION, 0);
}

/* Before the process knows of the reset, it can't know what to say. */
static void user_nothing_before_event(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_make(bench);
	struct kvm_css_command command;

	KUNIT_ASSERT_EQ(test, user_unit_serve(&unit->user, false), 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, ATTENTION), -ESTALE);
	KUNIT_EXPECT_EQ(test, user_unit_busy(&unit->user, 1), -ESTALE);
	KUNIT_EXPECT_EQ(test, user_fetch(unit, &command), KVM_CSS_EVENT_BEGIN);
	KUNIT_EXPECT_EQ(test, user_unit_busy(&unit->user, 1), 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, ATTENTION), 0);
}

/* A device that is busy */

struct busy_case {
	const char *name;
	u32 busy;
};

static const struct busy_case busy_cases[] = {
	{ "the device", KVM_CSS_BUSY_DEVICE },
	{ "its control unit", KVM_CSS_BUSY_CONTROL_UNIT },
	{ "both", KVM_CSS_BUSY_DEVICE | KVM_CSS_BUSY_CONTROL_UNIT },
};

KUNIT_ARRAY_PARAM_DESC(busy, busy_cases, name);

static void user_busy(struct kunit *test)
{
	const struct busy_case *c = test->param_value;
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	user_unit_busy(&unit->user, c->busy);
	user_start(bench, CMD_CONTROL, CCW_SLI);
	user_settle(bench);
	KUNIT_EXPECT_EQ(test, image_control(bench->image), START_PENDING);
	user_unit_busy(&unit->user, 0);
	expect_executes(bench, unit);
	/* And then it isn't. */
	expect_usable(bench, unit);
}

/* It stays busy in another way, and then it isn't any more. */
static void user_busy_changes(struct kunit *test)
{
	const struct busy_case *c = test->param_value;
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	unsigned int i;

	user_unit_busy(&unit->user, c->busy);
	user_start(bench, CMD_CONTROL, CCW_SLI);
	for (i = 0; i < ARRAY_SIZE(busy_cases); i++)
		user_unit_busy(&unit->user, busy_cases[i].busy);
	user_settle(bench);
	KUNIT_EXPECT_EQ(test, image_control(bench->image), START_PENDING);
	user_unit_busy(&unit->user, 0);
	expect_executes(bench, unit);
}

static void user_busy_until_cleared(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	user_unit_busy(&unit->user, KVM_CSS_BUSY_DEVICE);
	user_start(bench, CMD_CONTROL, CCW_SLI);
	image_must(bench->image, IOINST_CSCH);
	user_expect_irb(bench, CLEAR | SCSW_SC_PENDING, 0, 0);
	expect_usable(bench, unit);
}

static void user_busy_until_the_process_ends(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	user_unit_busy(&unit->user, KVM_CSS_BUSY_DEVICE);
	user_start(bench, CMD_CONTROL, CCW_SLI);
	user_close(bench, unit);
	user_expect_irb(bench, START | CHECKED, UNIT_CHECK, IMAGE_COUNT);
}

static struct kunit_case status_cases[] = {
	KUNIT_CASE_PARAM(user_device_end, ending_gen_params),
	KUNIT_CASE(user_device_end_at_once),
	KUNIT_CASE(user_chained_command_waits),
	KUNIT_CASE(user_start_waits_for_device_end),
	KUNIT_CASE(user_start_is_told_of_unit_check),
	KUNIT_CASE(user_halted_after_channel_end),
	KUNIT_CASE(user_halt_lets_attention_come),
	KUNIT_CASE(user_halt_of_chain_lets_attention_come),
	KUNIT_CASE(user_orphan_waits),
	KUNIT_CASE(user_orphan),
	KUNIT_CASE(user_orphan_is_selected),
	KUNIT_CASE(user_orphan_is_reset),
	KUNIT_CASE(user_unsolicited_is_added),
	KUNIT_CASE(user_unsolicited_waits_for_start),
	KUNIT_CASE(user_nothing_before_event),
	KUNIT_CASE_PARAM(user_busy, busy_gen_params),
	KUNIT_CASE_PARAM(user_busy_changes, busy_gen_params),
	KUNIT_CASE(user_busy_until_cleared),
	KUNIT_CASE(user_busy_until_the_process_ends),
	{}
};

static struct kunit_suite status_suite = {
	.name = "kvm_css_user_status",
	.init = user_init,
	.exit = user_exit,
	.test_cases = status_cases,
};

kunit_test_suite(status_suite);
