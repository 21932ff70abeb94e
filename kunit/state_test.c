// SPDX-License-Identifier: GPL-2.0
/*
 * Saving a subchannel and restoring it in another image, where it must go on as
 * it does in the first one.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/string.h>

#include "state_case.h"

#define TEST_CMD_SEEK	0x07
#define TEST_CMD_READ	0x02
#define POSITION	0x1234

static void base_desc(const struct state_base *base, char *desc)
{
	strscpy(desc, base->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(base, state_bases, base_desc);

static void expect_same(struct kunit *test, const void *one, const void *two,
			size_t len)
{
	KUNIT_EXPECT_MEMEQ(test, (const u8 *)one, (const u8 *)two, len);
}

/*
 * Save a state, restore it in the other image, and save it again: both are the
 * same.
 */
static void move(struct kunit *test, struct state_pair *pair)
{
	struct kvm_css_state state, again;

	state_copy_rest(pair);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	WRITE_ONCE(pair->to->css.shared.quiesced, true);
	KUNIT_ASSERT_EQ(test, 0, state_set(pair->to, &state));
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->to, &again));
	expect_same(test, &state, &again, sizeof(state));
}

/* Let the program run to its end, if there is one. */
static void go_on(struct fake_image *image)
{
	struct css_ccw1 ccw;
	u32 addr;

	css_unquiesce(&image->css);
	state_settle(image);
	for (addr = IMAGE_PROG; addr <= IMAGE_PROG + 8; addr += 8) {
		fake_get(&image->guest, addr, &ccw, sizeof(ccw));
		ccw.flags &= ~CCW_SUSPEND;
		fake_put(&image->guest, addr, &ccw, sizeof(ccw));
	}
	if (image_state(image) == SCH_SUSPENDED)
		image_execute(image, IOINST_RSCH);
	state_settle(image);
}

/*
 * Execute TEST SUBCHANNEL in both images until there is no status: they must
 * store the same.
 */
static void same_irbs(struct kunit *test, struct state_pair *pair)
{
	struct css_irb old, new;
	ioinst_ending_t cc;

	do {
		cc = image_tsch(pair->from, &old);
		KUNIT_EXPECT_TRUE(test, image_tsch(pair->to, &new) == cc);
		expect_same(test, &old, &new, CSS_IRB_SIZE);
		go_on(pair->from);
		go_on(pair->to);
	} while (cc == IOINST_CC_EXPECTED);
}

static void round_trip_test(struct kunit *test)
{
	const struct state_base *base = test->param_value;
	struct state_pair *pair = test->priv;
	struct css_schib old, new;

	base->prepare(pair->from);
	KUNIT_ASSERT_EQ(test, image_state(pair->from), base->state);
	move(test, pair);
	KUNIT_EXPECT_EQ(test, image_state(pair->to), base->state);
	go_on(pair->from);
	go_on(pair->to);
	image_stsch(pair->from, &old);
	image_stsch(pair->to, &new);
	expect_same(test, &old, &new, sizeof(old));
	same_irbs(test, pair);
	expect_same(test, pair->from->guest.storage, pair->to->guest.storage,
		    FAKE_STORAGE);
	expect_same(test, pair->from->fake->dev.sense,
		    pair->to->fake->dev.sense, CU_SENSE_SIZE);
	KUNIT_EXPECT_EQ(test, pair->from->fake->done, pair->to->fake->done);
	KUNIT_EXPECT_EQ(test, pair->from->guest.nr_pending, 0);
	KUNIT_EXPECT_EQ(test, pair->to->guest.nr_pending, 0);
}

/*
 * States of versions before 4 know no timing facility, so the subchannel keeps
 * its own T bit.
 */
static void timing_facility_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_state state;
	struct css_schib *schib = (struct css_schib *)state.schib;
	struct css_schib shown;

	state_prepare(pair->from, BASE_IDLE);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	schib->pmcw.flags &= ~cpu_to_be16(PMCW_TIMING);
	KUNIT_EXPECT_EQ(test, 0, state_set(pair->to, &state));
	image_stsch(pair->to, &shown);
	schib->pmcw.flags |= cpu_to_be16(PMCW_TIMING);
	expect_same(test, schib, &shown, sizeof(shown));
}

/* "Subchannel Logout": what TEST SUBCHANNEL stores of it in the other image */
struct logout_case {
	const char *name;
	enum state_of_base base;
	u32 logout;
	u32 erw;
	u64 failing;
};

#define FAILING		(ERW_FAILING_ADDRESS | ERW_FAILING_FORMAT2)

static const struct logout_case logout_cases[] = {
	{ "data", BASE_DATA_CHECK, LOGOUT_READ, FAILING, IMAGE_DATA },
	{ "CCW", BASE_CONTROL_CHECK, LOGOUT_CCW_CHECK, FAILING, IMAGE_PROG },
	{ "measurement block", BASE_BLOCK, LOGOUT_BLOCK_PROGRAM },
	{ "measurement block, after the suspension", BASE_BLOCK_WAITS,
	  LOGOUT_BLOCK_PROGRAM },
};

KUNIT_ARRAY_PARAM_DESC(logout, logout_cases, name);

static void logout_test(struct kunit *test)
{
	const u32 valid = IMAGE_PATH << LOGOUT_LPUM_SHIFT | LOGOUT_LPUM_VALID |
			  LOGOUT_CPA_VALID | LOGOUT_DSTAT_VALID;
	const struct logout_case *c = test->param_value;
	struct state_pair *pair = test->priv;
	struct css_irb irb;

	state_prepare(pair->from, c->base);
	move(test, pair);
	go_on(pair->to);
	EXPECT_CC(test, image_tsch(pair->to, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_TRUE(test, irb.scsw.flags & cpu_to_be32(SCSW_ESW_FORMAT));
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.word0), valid | c->logout);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.erw), c->erw);
	KUNIT_EXPECT_EQ(test, be64_to_cpu(irb.esw.failing), c->failing);
}

/*
 * After the move, a suspended program is cancelled, halted or cleared instead
 * of resumed.
 */
struct instead_case {
	const char *name;
	u16 opcode;
};

static const struct instead_case instead_cases[] = {
	{ "XSCH", IOINST_XSCH },
	{ "HSCH", IOINST_HSCH },
	{ "CSCH", IOINST_CSCH },
};

KUNIT_ARRAY_PARAM_DESC(instead, instead_cases, name);

static void instead_test(struct kunit *test)
{
	const struct instead_case *c = test->param_value;
	struct state_pair *pair = test->priv;

	state_prepare(pair->from, BASE_SUSPENDED_EXECUTED);
	move(test, pair);
	EXPECT_CC(test, image_execute(pair->from, c->opcode),
		  IOINST_CC_EXPECTED);
	EXPECT_CC(test, image_execute(pair->to, c->opcode), IOINST_CC_EXPECTED);
	same_irbs(test, pair);
}

/* A logout that the guest has not been told of ends with its program. */
static void cancelled_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_state state;

	state_prepare(pair->from, BASE_BLOCK_WAITS);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	KUNIT_EXPECT_EQ(test, state.logout, LOGOUT_BLOCK_PROGRAM);
	EXPECT_CC(test, image_execute(pair->from, IOINST_XSCH),
		  IOINST_CC_EXPECTED);
	move(test, pair);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->to, &state));
	KUNIT_EXPECT_EQ(test, state.logout, 0);
}

/*
 * If the other image isn't quiesced, a start function that is pending begins at
 * once.
 */
static void begins_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_state state;
	struct css_irb irb;

	state_prepare(pair->from, BASE_START_PENDING);
	state_copy_rest(pair);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	KUNIT_ASSERT_EQ(test, 0, state_set(pair->to, &state));
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&pair->to->guest, 1));
	EXPECT_CC(test, image_tsch(pair->to, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, pair->to->fake->done, 2);
	/* Saving has not changed the subchannel that was saved. */
	KUNIT_EXPECT_EQ(test, image_state(pair->from), SCH_START_PENDING);
	KUNIT_EXPECT_EQ(test, pair->from->fake->done, 0);
}

/* Interruptions */

/*
 * KVM has the interruption, which the VMM therefore moves.  The module makes
 * none pending.
 */
static void interruption_queued_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_state state;
	struct css_irb irb;

	state_prepare(pair->from, BASE_ENDED);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	KUNIT_EXPECT_TRUE(test, state.state & KVM_CSS_STATE_INTERRUPTION);
	move(test, pair);
	KUNIT_EXPECT_EQ(test, pair->to->guest.injected, 0);
	KUNIT_EXPECT_EQ(test, pair->to->guest.nr_pending, 1);
	/* TEST SUBCHANNEL withdraws it like any other interruption. */
	image_tsch(pair->to, &irb);
	KUNIT_EXPECT_EQ(test, pair->to->guest.nr_pending, 0);
	KUNIT_EXPECT_EQ(test, pair->to->guest.withdrawn, 1);
}

/*
 * The guest has accepted the interruption, but has not executed TEST
 * SUBCHANNEL.
 */
static void interruption_accepted_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct guest_io_int io_int;
	struct css_irb irb;

	state_prepare(pair->from, BASE_ENDED);
	KUNIT_ASSERT_TRUE(test, fake_accept(&pair->from->guest, &io_int));
	move(test, pair);
	KUNIT_EXPECT_EQ(test, pair->to->guest.injected, 0);
	KUNIT_EXPECT_EQ(test, pair->to->guest.nr_pending, 0);
	EXPECT_CC(test, image_tsch(pair->to, &irb), IOINST_CC_EXPECTED);
}

/* The source could not queue the interruption; the target can. */
static void interruption_unqueued_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct guest_io_int io_int = {};
	struct kvm_css_state state;
	struct css_irb irb;

	fake_refuse_interruptions(&pair->from->guest, -ENOMEM, 1000000);
	state_prepare(pair->from, BASE_ENDED);
	KUNIT_EXPECT_EQ(test, pair->from->guest.nr_pending, 0);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	KUNIT_EXPECT_FALSE(test, state.state & KVM_CSS_STATE_INTERRUPTION);
	fake_refuse_interruptions(&pair->to->guest, -ENOMEM, 1);
	KUNIT_ASSERT_EQ(test, 0, state_set(pair->to, &state));
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&pair->to->guest, 1));
	KUNIT_EXPECT_TRUE(test, fake_accept(&pair->to->guest, &io_int));
	KUNIT_EXPECT_EQ(test, io_int.sid, IMAGE_SID);
	KUNIT_EXPECT_EQ(test, io_int.intparm, IMAGE_INTPARM);
	KUNIT_EXPECT_EQ(test, io_int.isc, IMAGE_ISC);
	EXPECT_CC(test, image_tsch(pair->to, &irb), IOINST_CC_EXPECTED);
}

/*
 * A TEST SUBCHANNEL that began before the restore must not clear the restored
 * status.
 */
static void generation_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_state state;
	u32 generation, after, len;
	struct subchannel *sch;
	struct css_irb irb;

	state_prepare(pair->from, BASE_ENDED);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	sch = image_find(pair->to);
	image_enable(pair->to, 0, 0);
	subchannel_peek(sch, &irb, &len, &generation);
	KUNIT_EXPECT_EQ(test, 0, state_set(pair->to, &state));
	subchannel_peek(sch, &irb, &len, &after);
	KUNIT_EXPECT_NE(test, generation, after);
	subchannel_put(sch);
}

/* Counters and measured times are restored as well. */
static void counters_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_state state, again;
	struct subchannel *sch;
	const u64 *times;

	state_prepare(pair->from, BASE_IDLE_AFTER);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	KUNIT_EXPECT_EQ(test, state.started, 1);
	KUNIT_EXPECT_EQ(test, state.completed, 1);
	state.deferred = ~0ull;
	state.pending_ns = 1;
	state.connected_ns = 2;
	state.disconnected_ns = ~0ull;
	state.starts = 255;
	KUNIT_ASSERT_EQ(test, 0, state_set(pair->to, &state));
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->to, &again));
	expect_same(test, &state, &again, sizeof(state));
	sch = image_find(pair->to);
	KUNIT_EXPECT_EQ(test, sch->stats.started, 1);
	KUNIT_EXPECT_EQ(test, sch->stats.completed, 1);
	KUNIT_EXPECT_EQ(test, sch->stats.deferred, ~0ull);
	times = sch->measured.times;
	KUNIT_EXPECT_EQ(test, times[MEASURED_PENDING], 1);
	KUNIT_EXPECT_EQ(test, times[MEASURED_CONNECT], 2);
	KUNIT_EXPECT_EQ(test, times[MEASURED_DISCONNECT], ~0ull);
	KUNIT_EXPECT_EQ(test, sch->measured.starts, 255);
	KUNIT_EXPECT_FALSE(test, sch->measured.timed);
	subchannel_put(sch);
}

/* A time that is still being measured goes on by the clock of this host. */
static void measured_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct subchannel *old, *new;
	struct kvm_css_state state;

	state_prepare(pair->from, BASE_START_PENDING);
	old = css_find(&pair->from->css, IMAGE_SID);
	new = css_find(&pair->to->css, IMAGE_SID);
	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_ASSERT_NOT_NULL(test, new);
	mutex_lock(&old->lock);
	old->measured.timed = true;
	old->measured.since = ktime_get_ns() - NSEC_PER_SEC;
	old->measured.times[MEASURED_PENDING] = 5;
	mutex_unlock(&old->lock);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	KUNIT_EXPECT_TRUE(test, state.state & KVM_CSS_STATE_MEASURED);
	KUNIT_EXPECT_GE(test, state.pending_ns, NSEC_PER_SEC + 5);
	WRITE_ONCE(pair->to->css.shared.quiesced, true);
	KUNIT_ASSERT_EQ(test, 0, state_set(pair->to, &state));
	KUNIT_EXPECT_GT(test, new->measured.since, old->measured.since);
	KUNIT_EXPECT_TRUE(test, new->measured.timed);
	KUNIT_EXPECT_EQ(test, new->measured.times[MEASURED_PENDING],
			state.pending_ns);
	subchannel_put(old);
	subchannel_put(new);
}

/* Devices */

static struct css_device *use_test_unit(struct kunit *test,
					struct fake_image *image)
{
	struct css_device *dev = test_device_create(false);

	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	KUNIT_ASSERT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, IMAGE_SCHID));
	KUNIT_ASSERT_EQ(test, 0,
			fake_add(&image->css, IMAGE_SSID, IMAGE_SCHID,
				 IMAGE_DEVNO, IMAGE_CHPID, dev));
	return dev;
}

/*
 * The device is at the position that SEEK has set when the program is
 * suspended.  In the other image, READ begins there.
 */
static void device_test(struct kunit *test)
{
	const __be32 position = cpu_to_be32(POSITION);
	const struct css_ccw1 ccws[] = {
		{ TEST_CMD_SEEK, CCW_CC, cpu_to_be16(sizeof(position)),
		  cpu_to_be32(IMAGE_DATA) },
		{ TEST_CMD_READ, CCW_SUSPEND, cpu_to_be16(4),
		  cpu_to_be32(IMAGE_DATA) },
	};
	struct state_pair *pair = test->priv;
	struct kvm_css_state state;
	struct css_orb orb;

	use_test_unit(test, pair->from);
	use_test_unit(test, pair->to);
	image_enable(pair->from, IMAGE_ISC, 0);
	image_load(pair->from, &orb);
	orb.flags |= cpu_to_be32(ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED);
	fake_put(&pair->from->guest, IMAGE_PROG, ccws, sizeof(ccws));
	fake_put(&pair->from->guest, IMAGE_DATA, &position, sizeof(position));
	image_ssch(pair->from, &orb);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	KUNIT_EXPECT_EQ(test, state.type, KVM_CSS_TYPE_TEST);
	KUNIT_EXPECT_EQ(test, state.device.test.position, POSITION);
	move(test, pair);
	go_on(pair->from);
	go_on(pair->to);
	same_irbs(test, pair);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->to, &state));
	KUNIT_EXPECT_EQ(test, state.device.test.position, POSITION + 4);
}

static struct kunit_case state_test_cases[] = {
	KUNIT_CASE(timing_facility_test),
	KUNIT_CASE_PARAM(round_trip_test, base_gen_params),
	KUNIT_CASE_PARAM(logout_test, logout_gen_params),
	KUNIT_CASE_PARAM(instead_test, instead_gen_params),
	KUNIT_CASE(cancelled_test),
	KUNIT_CASE(begins_test),
	KUNIT_CASE(interruption_queued_test),
	KUNIT_CASE(interruption_accepted_test),
	KUNIT_CASE(interruption_unqueued_test),
	KUNIT_CASE(generation_test),
	KUNIT_CASE(counters_test),
	KUNIT_CASE(measured_test),
	KUNIT_CASE(device_test),
	{}
};

static struct kunit_suite state_suite = {
	.name = "kvm_css_state",
	.init = state_init,
	.exit = state_exit,
	.test_cases = state_test_cases,
};

kunit_test_suite(state_suite);
