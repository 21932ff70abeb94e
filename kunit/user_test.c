// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that a process executes, and what the device does without one; who serves
 * it, who has the data area, and when the process is woken.
 * Documentation/user-devices.rst has the rules.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include <kvm_css/subchannel.h>

#include "devices/user.h"
#include "user_case.h"

#define INTERVENTION	SENSE0_INTERVENTION_REQ
#define REJECT		SENSE0_COMMAND_REJECT

/* A device that nobody serves */

struct unserved_case {
	const char *name;
	u8 cmd;
	u8 dstat;
	u8 sense0;
};

static const struct unserved_case unserved_cases[] = {
	{ "NO-OPERATION", 0x03, CE_DE },
	{ "SENSE ID", 0xe4, CE_DE },
	{ "SENSE", 0x04, CE_DE },
	{ "READ", CMD_READ, UNIT_CHECK, INTERVENTION },
	{ "WRITE", CMD_WRITE, UNIT_CHECK, INTERVENTION },
	{ "READ CONFIGURATION DATA", 0xfa, UNIT_CHECK, INTERVENTION },
	{ "SENSE PATH GROUP ID", 0x34, UNIT_CHECK, REJECT },
	{ "SET PATH GROUP ID", 0xaf, UNIT_CHECK, REJECT },
	{ "SUSPEND MULTIPATH RECONNECTION", 0x5b, UNIT_CHECK, REJECT },
};

KUNIT_ARRAY_PARAM_DESC(unserved, unserved_cases, name);

static void user_unserved(struct kunit *test)
{
	const struct unserved_case *c = test->param_value;
	struct user_bench *bench = user_bench(test);
	struct css_irb irb;

	user_start(bench, c->cmd, CCW_SLI);
	EXPECT_CC(test, image_tsch(bench->image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, c->dstat);
	user_expect_sense(bench, c->sense0);
}

static void user_unserved_data(struct kunit *test)
{
	static const u8 id[] = { 0xff, 0x34, 0x80, 1, 0x34, 0x90, 2 };
	struct user_bench *bench = user_bench(test);
	u8 *data = bench->image->guest.storage + IMAGE_DATA;

	user_start(bench, 0xe4, CCW_SLI);
	user_expect_irb(bench, START | ENDED, CE_DE, IMAGE_COUNT - sizeof(id));
	KUNIT_EXPECT_MEMEQ(test, data, id, sizeof(id));
	user_start(bench, 0x04, CCW_SLI);
	user_expect_irb(bench, START | ENDED, CE_DE, 0);
	KUNIT_EXPECT_EQ(test, data[0], INTERVENTION);
	KUNIT_EXPECT_EQ(test, data[1], 0);
}

/* What a process gets, and what becomes of its answer */

static void user_command_is_described(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command;

	user_start(bench, CMD_WRITE, CCW_SLI | CCW_CC);
	user_fetch(unit, &command);
	KUNIT_EXPECT_EQ(test, command.code, CMD_WRITE);
	KUNIT_EXPECT_EQ(test, command.ccw_flags,
			KVM_CSS_CCW_SLI | KVM_CSS_CCW_CHAIN_COMMAND);
	KUNIT_EXPECT_EQ(test, command.offset, 0);
	KUNIT_EXPECT_EQ(test, command.room, USER_AREA);
	KUNIT_EXPECT_EQ(test, command.provided, IMAGE_COUNT);
	KUNIT_EXPECT_EQ(test, command.available, IMAGE_COUNT);
	KUNIT_EXPECT_EQ(test, command.flags, KVM_CSS_COMMAND_FIRST);
	KUNIT_EXPECT_NE(test, command.issued, 0);
	KUNIT_EXPECT_MEMEQ(test, unit->area,
			   bench->image->guest.storage + IMAGE_DATA, IMAGE_COUNT);
	KUNIT_EXPECT_EQ(test, user_answer(unit, command.seq, CE_DE, IMAGE_COUNT), 0);
	user_take(unit, CMD_CONTROL);
	KUNIT_EXPECT_EQ(test, unit->user.command.flags, 0);
	KUNIT_EXPECT_NE(test, unit->user.command.seq, command.seq);
	user_answer(unit, unit->user.command.seq, CE_DE, 0);
	user_expect_irb(bench, START | ENDED, CE_DE, 0);
}

static void user_reads(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	u8 *data = bench->image->guest.storage + IMAGE_DATA;
	struct fake_unit *unit = user_serve(bench);
	u64 seq;

	user_start(bench, CMD_READ, CCW_SLI);
	seq = user_take(unit, CMD_READ);
	memset(unit->area, 0x5a, IMAGE_COUNT);
	KUNIT_EXPECT_EQ(test, user_answer(unit, seq, CE_DE, 3), 0);
	user_expect_irb(bench, START | ENDED, CE_DE, IMAGE_COUNT - 3);
	KUNIT_EXPECT_EQ(test, data[2], 0x5a);
	KUNIT_EXPECT_NE(test, data[3], 0x5a);
}

/* Sense bytes come with the status, as many as there are, until another command. */
static void user_sense(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	user_start(bench, CMD_CONTROL, CCW_SLI);
	user_answer(unit, user_take(unit, CMD_CONTROL), CE_DE | UNIT_CHECK, 0);
	user_expect_irb(bench, START | CHECKED, CE_DE | UNIT_CHECK, IMAGE_COUNT);
	user_start(bench, 0x04, CCW_SLI);
	user_expect_irb(bench, START | ENDED, CE_DE, IMAGE_COUNT - 1);
	KUNIT_EXPECT_EQ(test, bench->image->guest.storage[IMAGE_DATA], USER_SENSE0);
	/* They have been fetched, so the process is asked. */
	user_start(bench, 0x04, CCW_SLI);
	user_answer(unit, user_take(unit, 0x04), UNIT_CHECK, 0);
	user_expect_irb(bench, START | CHECKED, UNIT_CHECK, IMAGE_COUNT);
	user_start(bench, CMD_READ, CCW_SLI);
	user_expect_sense(bench, 0);
	user_answer(unit, user_take(unit, CMD_READ), CE_DE, 0);
	user_expect_irb(bench, START | ENDED, CE_DE, IMAGE_COUNT);
}

/* Who serves */

static void user_expect_now(struct kunit *test, u32 now)
{
	struct subchannel *sch = image_find(user_bench(test)->image);
	struct subchannel_info info;

	KUNIT_ASSERT_TRUE(test, subchannel_query(sch, &info));
	KUNIT_EXPECT_EQ(test, info.now, now);
	subchannel_put(sch);
}

static void user_one_serves(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *other = user_make(bench), *unit;

	user_expect_now(test, KVM_CSS_NOW_UNSERVED);
	unit = user_serve(bench);
	user_expect_now(test, KVM_CSS_NOW_SERVED);

	KUNIT_EXPECT_EQ(test, user_unit_serve(&other->user, false), -EBUSY);
	KUNIT_EXPECT_FALSE(test, user_unit_serves(&other->user));
	KUNIT_EXPECT_TRUE(test, user_unit_serves(&unit->user));
	KUNIT_EXPECT_EQ(test, user_unit_serve(&other->user, true), 0);
	KUNIT_EXPECT_TRUE(test, user_unit_serves(&other->user));
	KUNIT_EXPECT_FALSE(test, user_unit_serves(&unit->user));
	/* Who doesn't serve takes nothing with him. */
	user_close(bench, unit);
	KUNIT_EXPECT_EQ(test, unit->frees, 1);
	KUNIT_EXPECT_TRUE(test, user_unit_serves(&other->user));
	user_expect_now(test, KVM_CSS_NOW_SERVED);
	user_close(bench, other);
	KUNIT_EXPECT_EQ(test, other->frees, 1);
	user_expect_now(test, KVM_CSS_NOW_UNSERVED);
	user_serve(bench);
}

/*
 * The device has been removed, and somebody still has a reference to the subchannel:
 * the process can't make a request any more.
 */
static void user_present_after_removal(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct subchannel *sch = image_find(bench->image);

	KUNIT_EXPECT_EQ(test, user_present(unit, 0, ATTENTION), 0);
	KUNIT_ASSERT_EQ(test, fake_remove(&bench->image->css, IMAGE_SSID,
					  IMAGE_SCHID), 0);
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, ATTENTION), -ENODEV);
	KUNIT_EXPECT_EQ(test, user_unit_busy(&unit->user, 0), -ENODEV);
	KUNIT_EXPECT_EQ(test, kref_read(&sch->ref), 1);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&sch->dev->request->work));
	subchannel_put(sch);
	KUNIT_EXPECT_EQ(test, user_present(unit, 0, ATTENTION), -ENODEV);
	KUNIT_EXPECT_EQ(test, unit->frees, 0);
	user_close(bench, unit);
	KUNIT_EXPECT_EQ(test, unit->frees, 1);
}

static void user_one_fetches(struct kunit *test)
{
	struct fake_unit *unit = user_serve(user_bench(test));

	KUNIT_EXPECT_EQ(test, user_unit_enter(&unit->user), 0);
	KUNIT_EXPECT_EQ(test, user_unit_enter(&unit->user), -EBUSY);
	user_unit_exit(&unit->user);
	KUNIT_EXPECT_EQ(test, user_unit_enter(&unit->user), 0);
	user_unit_exit(&unit->user);
}

/* What could not be given to the process is there again. */
static void user_unfetch(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command, again;
	unsigned int wakes;
	u32 events;

	user_start(bench, CMD_READ, CCW_SLI);
	user_unit_enter(&unit->user);
	user_unit_fetch(&unit->user, false, &command, &events);
	KUNIT_EXPECT_NE(test, command.seq, 0);
	wakes = unit->wakes;
	user_unit_unfetch(&unit->user, &command, events);
	KUNIT_EXPECT_EQ(test, unit->wakes, wakes + 1);
	KUNIT_EXPECT_TRUE(test, user_unit_ready(&unit->user, false));
	user_unit_fetch(&unit->user, false, &again, &events);
	KUNIT_EXPECT_EQ(test, again.seq, command.seq);
	user_unit_exit(&unit->user);
	image_must(bench->image, IOINST_CSCH);
	user_unit_enter(&unit->user);
	user_unit_fetch(&unit->user, false, &command, &events);
	KUNIT_EXPECT_EQ(test, events, KVM_CSS_EVENT_CLEARED);
	user_unit_unfetch(&unit->user, &command, events);
	user_unit_fetch(&unit->user, false, &command, &events);
	KUNIT_EXPECT_EQ(test, events, KVM_CSS_EVENT_CLEARED);
	user_unit_exit(&unit->user);
}

/* HALT comes before it is found that the command could not be given to the process. */
static void user_unfetch_halted(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command;
	u32 events;

	user_start(bench, CMD_READ, CCW_SLI);
	user_unit_enter(&unit->user);
	user_unit_fetch(&unit->user, false, &command, &events);
	image_must(bench->image, IOINST_HSCH);
	user_unit_unfetch(&unit->user, &command, events);
	user_unit_exit(&unit->user);
	user_expect_irb(bench, START | HALT | ENDED, CE_DE, IMAGE_COUNT);
	KUNIT_EXPECT_EQ(test, unit->user.held, 0);
}

/* The process has had the command before, and may use the area for it. */
static void user_unfetch_again(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command;
	u32 events;
	u64 seq;

	user_start(bench, CMD_READ, CCW_SLI);
	seq = user_take(unit, CMD_READ);
	user_unit_enter(&unit->user);
	user_unit_fetch(&unit->user, true, &command, &events);
	user_unit_unfetch(&unit->user, &command, events);
	user_unit_exit(&unit->user);
	KUNIT_EXPECT_EQ(test, unit->user.held, seq);
	KUNIT_EXPECT_FALSE(test, user_unit_ready(&unit->user, false));
	KUNIT_EXPECT_EQ(test, user_answer(unit, seq, CE_DE, 0), 0);
	user_expect_irb(bench, START | ENDED, CE_DE, IMAGE_COUNT);
}

static void user_again(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command;
	u32 events;
	u64 seq;

	user_start(bench, CMD_READ, CCW_SLI);
	seq = user_take(unit, CMD_READ);
	KUNIT_EXPECT_FALSE(test, user_unit_ready(&unit->user, false));
	KUNIT_EXPECT_TRUE(test, user_unit_ready(&unit->user, true));
	user_unit_enter(&unit->user);
	user_unit_fetch(&unit->user, true, &command, &events);
	KUNIT_EXPECT_EQ(test, command.seq, seq);
	user_unit_exit(&unit->user);
	user_answer(unit, seq, CE_DE, 0);
	KUNIT_EXPECT_FALSE(test, user_unit_ready(&unit->user, true));
	user_expect_irb(bench, START | ENDED, CE_DE, IMAGE_COUNT);
}

/* The data area */

/* Bring the unit into: a command is cleared, the next one waits for the area. */
static u64 hold(struct user_bench *bench, struct fake_unit *unit)
{
	u64 seq;

	user_start(bench, CMD_READ, CCW_SLI);
	seq = user_take(unit, CMD_READ);
	image_must(bench->image, IOINST_CSCH);
	user_expect_irb(bench, CLEAR | SCSW_SC_PENDING, 0, 0);
	user_start(bench, CMD_WRITE, CCW_SLI);
	/* The process is still writing what the READ was for. */
	memset(unit->area, 0x11, IMAGE_COUNT);
	return seq;
}

static void expect_written(struct user_bench *bench, struct fake_unit *unit)
{
	u64 seq = user_take(unit, CMD_WRITE);

	KUNIT_EXPECT_MEMEQ(bench->image->guest.test, unit->area,
			   bench->image->guest.storage + IMAGE_DATA, IMAGE_COUNT);
	user_answer(unit, seq, CE_DE, IMAGE_COUNT);
	user_expect_irb(bench, START | ENDED, CE_DE, 0);
}

static void user_area_until_late_answer(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	u64 seq = hold(bench, unit);

	user_settle(bench);
	KUNIT_EXPECT_EQ(test, unit->area[0], 0x11);
	KUNIT_EXPECT_EQ(test, user_answer(unit, seq, CE_DE, IMAGE_COUNT), -ESTALE);
	expect_written(bench, unit);
}

static void user_area_until_next_exchange(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command;

	hold(bench, unit);
	KUNIT_EXPECT_EQ(test, user_fetch(unit, &command), KVM_CSS_EVENT_CLEARED);
	KUNIT_EXPECT_EQ(test, command.seq, 0);
	user_settle(bench);
	KUNIT_EXPECT_EQ(test, unit->area[0], 0x11);
	/* Who waits in poll() has to know that it is his turn. */
	KUNIT_EXPECT_TRUE(test, user_unit_ready(&unit->user, false));
	expect_written(bench, unit);
}

/* A process that goes on for another one learns that it has the area. */
static void user_area_of_the_process_before(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_unit_info info = {};
	u64 seq = hold(bench, unit);

	user_unit_info(&unit->user, &info);
	KUNIT_EXPECT_EQ(test, info.command, seq);
	KUNIT_EXPECT_EQ(test, user_answer(unit, info.command, CE_DE, 0), -ESTALE);
	expect_written(bench, unit);
}

static void halt_guest(void *image)
{
	image_must(image, IOINST_HSCH);
}

static void leave_unit(void *unit)
{
	user_unit_leave(unit);
}

static void while_data_are_copied(struct user_bench *bench, void (*what)(void *),
				  void *arg)
{
	struct guest *guest = &bench->image->guest;

	guest->before_read = what;
	guest->before_read_arg = arg;
	guest->before_read_addr = IMAGE_DATA;
}

/* A command whose data could not all be copied isn't given to the process. */
static void user_halted_while_data_are_copied(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	u64 before = unit->user.seq;

	while_data_are_copied(bench, halt_guest, bench->image);
	user_start(bench, CMD_WRITE, CCW_SLI);
	user_expect_irb(bench, START | HALT | ENDED, CE_DE, IMAGE_COUNT);
	KUNIT_EXPECT_EQ(test, unit->user.seq, before);
}

static void user_ends_while_data_are_copied(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);

	while_data_are_copied(bench, leave_unit, &unit->user);
	user_start(bench, CMD_WRITE, CCW_SLI);
	user_expect_irb(bench, START | CHECKED, UNIT_CHECK, IMAGE_COUNT);
	user_expect_sense(bench, INTERVENTION);
	KUNIT_EXPECT_EQ(test, unit->user.seq, 0);
}

/* Sense bytes are restored without their number. */
static void user_sense_is_restored(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct subchannel *sch = image_find(bench->image);
	struct kvm_css_state *state = kunit_kzalloc(test, sizeof(*state),
						    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, state);
	user_start(bench, CMD_READ, CCW_SLI);
	user_expect_irb(bench, START | CHECKED, UNIT_CHECK, IMAGE_COUNT);
	KUNIT_EXPECT_EQ(test, subchannel_save(sch, state), 0);
	image_must(bench->image, IOINST_CSCH);
	user_expect_irb(bench, CLEAR | SCSW_SC_PENDING, 0, 0);
	KUNIT_EXPECT_EQ(test, subchannel_restore(sch, state), 0);
	user_start(bench, 0x04, CCW_SLI);
	user_expect_irb(bench, START | ENDED, CE_DE, 0);
	KUNIT_EXPECT_EQ(test, bench->image->guest.storage[IMAGE_DATA],
			INTERVENTION);
	state->device.bytes[0] = 1;
	KUNIT_EXPECT_EQ(test, subchannel_restore(sch, state), -EINVAL);
	subchannel_put(sch);
}

/* The process is woken when there is something new for it, and not for nothing. */
static void user_wakes(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_command command;
	unsigned int before = unit->wakes;

	KUNIT_EXPECT_FALSE(test, user_unit_ready(&unit->user, false));
	user_start(bench, CMD_READ, CCW_SLI);
	KUNIT_EXPECT_EQ(test, unit->wakes, before + 1);
	KUNIT_EXPECT_TRUE(test, user_unit_ready(&unit->user, false));
	user_take(unit, CMD_READ);
	KUNIT_EXPECT_FALSE(test, user_unit_ready(&unit->user, false));
	image_must(bench->image, IOINST_CSCH);
	KUNIT_EXPECT_EQ(test, unit->wakes, before + 2);
	user_expect_irb(bench, CLEAR | SCSW_SC_PENDING, 0, 0);
	image_must(bench->image, IOINST_CSCH);
	KUNIT_EXPECT_EQ(test, unit->wakes, before + 2);
	user_expect_irb(bench, CLEAR | SCSW_SC_PENDING, 0, 0);
	KUNIT_EXPECT_EQ(test, user_fetch(unit, &command), KVM_CSS_EVENT_CLEARED);
	/* It knows, and has the area; the next command has to wait for that. */
	user_start(bench, CMD_WRITE, CCW_SLI);
	KUNIT_EXPECT_EQ(test, unit->wakes, before + 3);
	KUNIT_EXPECT_TRUE(test, user_unit_ready(&unit->user, false));
}

/* Whoever traces a unit sees each of these once. */
static void user_notes(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	const unsigned int expected[] = { 2, 1, 1, 1, 1 };
	u64 seq;

	memset(fake_traces, 0, sizeof(expected));
	user_start(bench, CMD_CONTROL, CCW_SLI);
	seq = user_take(unit, CMD_CONTROL);
	user_answer(unit, seq, CE, 0);
	user_expect_irb(bench, START | PRIMARY | DEVICE, CE, IMAGE_COUNT);
	user_present(unit, seq, DE);
	user_expect_irb(bench, SECONDARY, DE, 0);
	user_start(bench, CMD_CONTROL, CCW_SLI);
	image_must(bench->image, IOINST_HSCH);
	user_expect_irb(bench, START | HALT | ENDED, CE_DE, IMAGE_COUNT);
	KUNIT_EXPECT_MEMEQ(test, fake_traces, expected, sizeof(expected));
}

/* A state that only the process knows can't be saved. */
static void user_saved_unserved_only(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct subchannel *sch = image_find(bench->image);
	struct kvm_css_state *state = kunit_kzalloc(test, sizeof(*state),
						    GFP_KERNEL);
	struct fake_unit *unit;

	KUNIT_ASSERT_NOT_NULL(test, state);
	KUNIT_EXPECT_EQ(test, subchannel_save(sch, state), 0);
	KUNIT_EXPECT_EQ(test, subchannel_restore(sch, state), 0);
	unit = user_serve(bench);
	KUNIT_EXPECT_EQ(test, subchannel_save(sch, state), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, subchannel_restore(sch, state), -EOPNOTSUPP);
	user_close(bench, unit);
	KUNIT_EXPECT_EQ(test, subchannel_save(sch, state), 0);
	subchannel_put(sch);
}

static struct kunit_case user_cases[] = {
	KUNIT_CASE_PARAM(user_unserved, unserved_gen_params),
	KUNIT_CASE(user_unserved_data),
	KUNIT_CASE(user_command_is_described),
	KUNIT_CASE(user_reads),
	KUNIT_CASE(user_sense),
	KUNIT_CASE(user_one_serves),
	KUNIT_CASE(user_present_after_removal),
	KUNIT_CASE(user_one_fetches),
	KUNIT_CASE(user_unfetch),
	KUNIT_CASE(user_unfetch_halted),
	KUNIT_CASE(user_unfetch_again),
	KUNIT_CASE(user_again),
	KUNIT_CASE(user_area_until_late_answer),
	KUNIT_CASE(user_area_until_next_exchange),
	KUNIT_CASE(user_area_of_the_process_before),
	KUNIT_CASE(user_halted_while_data_are_copied),
	KUNIT_CASE(user_ends_while_data_are_copied),
	KUNIT_CASE(user_sense_is_restored),
	KUNIT_CASE(user_wakes),
	KUNIT_CASE(user_notes),
	KUNIT_CASE(user_saved_unserved_only),
	{}
};

static struct kunit_suite user_suite = {
	.name = "kvm_css_user",
	.init = user_init,
	.exit = user_exit,
	.test_cases = user_cases,
};

kunit_test_suite(user_suite);
