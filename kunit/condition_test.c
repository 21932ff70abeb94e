// SPDX-License-Identifier: GPL-2.0
/*
 * Every state of a subchannel with everything that can happen in it.  The rows
 * are in condition_case.c.  The test brings a subchannel into a state as a
 * guest does: by instructions, and with a device that takes its time.  Then it
 * lets the event happen, and compares what STORE and TEST SUBCHANNEL show
 * afterwards.
 *
 * The last case prints the matrix of states and events, which tools/check
 * compares with Documentation/endings.rst, and fails if a pair is missing.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <kvm_css/crw.h>

#include "condition_case.h"

#define SECOND_CCW	(IMAGE_PROG + 8)

/* Start and halt function without activity and status: it can't be. */
#define CORRUPT		(SCSW_FC_START | SCSW_FC_HALT)

/* Which pairs have been tested; the last case prints them as the matrix */
static bool covered[CONDITION_STATES][CONDITION_EVENTS];

/* The device holds a program by a command that is pending, not on a worker. */
static bool by_pending;

/* Another thread of the VMM, which resets the image */
static struct resetter {
	struct work_struct work;
	struct fake_image *image;
	struct fake_step steps[2];
} resetter;

static void resetter_work(struct work_struct *work)
{
	struct fake_image *image = resetter.image;

	KUNIT_EXPECT_EQ(image->guest.test, 0, css_reset(&image->css, CSS_RESET_ALL));
}

static int condition_init(struct kunit *test)
{
	int rc = image_init(test);

	by_pending = false;
	resetter.image = test->priv;
	INIT_WORK(&resetter.work, resetter_work);
	return rc;
}

/* The device waits no longer, whatever it waits for. */
static void let_go(struct fake_image *image)
{
	WRITE_ONCE(image->fake->stubborn, false);
	complete_all(&image->fake->go_on);
	image->fake->obliging = true;
	if (image->fake->waiting)
		fake_complete(image->fake);
}

static void condition_exit(struct kunit *test)
{
	struct fake_image *image = test->priv;

	if (!image)
		return;
	let_go(image);
	flush_work(&resetter.work);
	image_exit(test);
}

static void corrupt(struct fake_image *image)
{
	image_corrupt(image, CORRUPT);
}

/* Begin a reset in another thread, which waits until the program stops. */
static void begin_reset(struct fake_image *image)
{
	unsigned long give_up = jiffies + PATIENCE;

	schedule_work(&resetter.work);
	while (image_state(image) != SCH_NOT_OPERATIONAL) {
		if (time_after(jiffies, give_up)) {
			KUNIT_FAIL(image->guest.test, "the reset doesn't begin");
			return;
		}
		fsleep(1000);
	}
}

/*
 * Two reads.  The second one may suspend the program.  Concurrent sense is
 * enabled, so that what is stored together with status is tested as well.
 */
static void load(struct fake_image *image, struct css_orb *orb, u8 flags1,
		 u8 cmd2, u8 flags2)
{
	const struct css_ccw1 ccws[] = {
		{ .cmd = IMAGE_CMD, .flags = CCW_CC | flags1,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .cmd = cmd2, .flags = flags2,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
	};
	const struct fake_step step = STEP_GIVES(IMAGE_CMD, IMAGE_COUNT);

	image_load(image, orb);
	orb->flags |= cpu_to_be32(ORB_SUSPEND);
	fake_put(&image->guest, IMAGE_PROG, ccws, sizeof(ccws));
	resetter.steps[0] = step;
	resetter.steps[1] = step;
	fake_device_script(image->fake, resetter.steps, 2);
}

/* Start a program of one read, which the device ends with unit check. */
static void start_unit_check(struct fake_image *image)
{
	struct css_orb orb;

	image_load(image, &orb);
	image->step.dstat = DSTAT_CHANNEL_END | DSTAT_DEVICE_END |
			    DSTAT_UNIT_CHECK;
	image->step.sense0 = SENSE0;
	image_must_start(image, &orb);
}

/* From now on the device begins commands on a worker, and ends none. */
static void hold(struct fake_image *image)
{
	if (by_pending) {
		image->fake->parts = 1;
		return;
	}
	image->fake->must_wait = true;
	image->fake->blocks = true;
	image->fake->stubborn = true;
}

static void wait_held(struct fake_image *image)
{
	if (by_pending) {
		KUNIT_ASSERT_TRUE(image->guest.test, image->fake->waiting);
		return;
	}
	KUNIT_ASSERT_NE(image->guest.test, 0,
			wait_for_completion_timeout(&image->fake->in_command,
						    PATIENCE));
}

/* Start a program of a CCW with @flags; the device holds it on a worker. */
static void start_stubborn(struct fake_image *image, u8 flags)
{
	struct css_orb orb;

	image_load(image, &orb);
	orb.flags |= cpu_to_be32(ORB_SUSPEND);
	fake_put(&image->guest,
		 IMAGE_PROG + offsetof(struct css_ccw1, flags), &flags,
		 sizeof(flags));
	hold(image);
	image_must_start(image, &orb);
	wait_held(image);
}

static void start_suspended(struct fake_image *image)
{
	struct css_orb orb;

	load(image, &orb, 0, IMAGE_CMD, CCW_SUSPEND);
	image_must_start(image, &orb);
}

static void quiesce(struct fake_image *image)
{
	KUNIT_EXPECT_EQ(image->guest.test, 0,
			css_quiesce(&image->css, A_WHILE));
}

/* Bring an idle subchannel into a state. */
static void bring_from_idle(struct fake_image *image, enum sch_state state)
{
	struct css_orb orb;

	switch (state) {
	case SCH_START_PENDING:
		quiesce(image);
		image_load(image, &orb);
		orb.flags |= cpu_to_be32(ORB_SUSPEND);
		image_must_start(image, &orb);
		break;
	case SCH_NOT_OPERATIONAL:
		start_stubborn(image, 0);
		begin_reset(image);
		break;
	case SCH_ACTIVE:
		start_stubborn(image, 0);
		break;
	case SCH_ACTIVE_STATUS:
		start_stubborn(image, CCW_PCI);
		break;
	case SCH_HALT_PENDING:
		start_stubborn(image, 0);
		image_must(image, IOINST_HSCH);
		break;
	case SCH_CLEAR_PENDING:
		start_stubborn(image, 0);
		image_must(image, IOINST_CSCH);
		break;
	case SCH_SUSPENDED:
		start_suspended(image);
		image_must(image, IOINST_TSCH);
		break;
	case SCH_SUSPENDED_STATUS:
		start_suspended(image);
		break;
	case SCH_RESUME_PENDING:
		start_suspended(image);
		image_must(image, IOINST_TSCH);
		quiesce(image);
		image_must(image, IOINST_RSCH);
		break;
	case SCH_STATUS_PENDING:
		start_unit_check(image);
		break;
	case SCH_BROKEN:
		corrupt(image);
		break;
	default:
		break;
	}
}

static void bring(struct fake_image *image, enum sch_state state)
{
	if (state != SCH_DISABLED) {
		image_enable(image, IMAGE_ISC, PMCW_CONCURRENT_SENSE);
		bring_from_idle(image, state);
	}
	KUNIT_EXPECT_EQ(image->guest.test, image_state(image), state);
}

/* Events during START SUBCHANNEL, while the vCPU runs the program */

/* Bring the subchannel into the state while the vCPU runs the program. */
static void meanwhile(struct fake_image *image, enum sch_state state)
{
	if (state == SCH_HALT_PENDING)
		image_must(image, IOINST_HSCH);
	else if (state == SCH_CLEAR_PENDING)
		image_must(image, IOINST_CSCH);
	else if (state == SCH_NOT_OPERATIONAL)
		begin_reset(image);
	else if (state == SCH_BROKEN)
		corrupt(image);
	KUNIT_EXPECT_EQ(image->guest.test, image_state(image), state);
}

static const struct condition_case *case_of(struct fake_image *image)
{
	return image->guest.test->param_value;
}

/* Is there a program whose command has begun? */
static bool is_held(enum sch_state state)
{
	return state == SCH_NOT_OPERATIONAL || state == SCH_ACTIVE ||
	       state == SCH_ACTIVE_STATUS || state == SCH_HALT_PENDING ||
	       state == SCH_CLEAR_PENDING;
}

/* True if nobody has told the program to stop. */
static bool goes_on(enum sch_state state)
{
	return state == SCH_ACTIVE || state == SCH_ACTIVE_STATUS;
}

/* Called when the program is about to fetch its second CCW. */
static void at_second_fetch(void *arg)
{
	meanwhile(arg, case_of(arg)->state);
}

/* Called when the device has been asked for the second command. */
static void at_second_command(void *arg)
{
	struct fake_image *image = arg;
	const struct condition_case *c = case_of(image);

	if (image->fake->done != 1 || image->fake->must_wait)
		return;
	meanwhile(image, c->state);
	if (c->event == ON_DEFERRED)
		hold(image);
	else if (goes_on(c->state) || c->state == SCH_BROKEN)
		/* Nobody stops the program here, so let the VM go away. */
		WRITE_ONCE(image->guest.dying, true);
}

/* Hold a program that goes on in its second command, to look at it. */
static void hold_second_command(void *arg)
{
	struct fake_image *image = arg;

	if (image->fake->done == 1)
		hold(image);
}

static void load_inside(struct fake_image *image, struct css_orb *orb,
			const struct condition_case *c)
{
	u8 first = c->state == SCH_ACTIVE_STATUS ? CCW_PCI : 0;
	u8 second = 0;

	if (c->event == ON_SUSPENDED)
		second = CCW_SUSPEND;
	else if (c->event == ON_TOLD)
		second = CCW_PCI;
	load(image, orb, first, c->event == ON_ENDED ? 0 : IMAGE_CMD, second);
}

static void run_inside(struct fake_image *image, const struct condition_case *c)
{
	bool at_command = c->event == ON_DEFERRED || c->event == ON_STOPPED;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, PMCW_CONCURRENT_SENSE);
	load_inside(image, &orb, c);
	image->fake->during_arg = image;
	if (at_command) {
		image->fake->during = at_second_command;
	} else {
		image->guest.before_read = at_second_fetch;
		image->guest.before_read_arg = image;
		image->guest.before_read_addr = SECOND_CCW;
	}
	if (c->event == ON_TOLD)
		image->fake->during = hold_second_command;
	if (c->event == ON_STOPPED)
		resetter.steps[1].left = IMAGE_COUNT;
	image_must_start(image, &orb);
	if (goes_on(c->state) &&
	    (c->event == ON_DEFERRED || c->event == ON_TOLD))
		wait_held(image);
	flush_work(&resetter.work);
}

/* What a guest or a VMM does in a state */

static void put_operand(struct fake_image *image, enum condition_event event)
{
	struct css_schib schib = {
		.pmcw = {
			.intparm = cpu_to_be32(IMAGE_INTPARM),
			.lpm = IMAGE_PATH,
			.pom = 0xff,
		},
	};
	struct css_orb orb;

	if (event == ON_MSCH) {
		if (case_of(image)->state != SCH_DISABLED)
			schib.pmcw.flags = cpu_to_be16(PMCW_ENABLED);
		fake_put(&image->guest, IMAGE_OPERAND, &schib, sizeof(schib));
	} else if (event == ON_SSCH && case_of(image)->state == SCH_IDLE) {
		image_load(image, &orb);
		fake_put(&image->guest, IMAGE_OPERAND, &orb, sizeof(orb));
	} else if (event == ON_SSCH) {
		memset(&orb, 0, sizeof(orb));
		orb.flags = cpu_to_be32(ORB_FORMAT | IMAGE_PATH << ORB_LPM_SHIFT);
		fake_put(&image->guest, IMAGE_OPERAND, &orb, sizeof(orb));
	} else if (event == ON_RSCH && case_of(image)->state == SCH_SUSPENDED) {
		/* Without the suspend flag the program can be resumed. */
		load(image, &orb, 0, IMAGE_CMD, 0);
	}
}

/* Check the rest of the IRB; the SCSW in it has been compared before. */
static void expect_esw(struct kunit *test, const struct css_irb *irb,
		       const struct condition_shown *shown)
{
	bool status = shown->tsch == IOINST_CC_EXPECTED;
	u8 ecw[ECW_SIZE] = {};

	if (shown->sense) {
		ecw[0] = SENSE0;
		ecw[ECW_SIZE - 1] = (u8)~SENSE0;
	}
	if (!status)
		KUNIT_EXPECT_EQ(test, be32_to_cpu(irb->esw.word0), 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb->esw.erw),
			shown->sense ? ERW_CONCURRENT_SENSE | ECW_SIZE << 16 : 0);
	KUNIT_EXPECT_MEMEQ(test, irb->ecw, ecw, ECW_SIZE);
}

static void expect_irb(struct fake_image *image,
		       const struct condition_shown *shown)
{
	struct kunit *test = image->guest.test;
	struct css_irb irb;
	u32 flags;

	fake_get(&image->guest, IMAGE_OPERAND, &irb, CSS_IRB_SIZE);
	flags = irb_flags(&irb);
	KUNIT_EXPECT_EQ(test, flags & CONTROL, shown->control);
	KUNIT_EXPECT_EQ(test, !!(flags & SCSW_EXTENDED), shown->sense);
	KUNIT_EXPECT_EQ(test, (flags & SCSW_DEFERRED_CC) >>
			      SCSW_DEFERRED_CC_SHIFT, shown->cc);
	if (shown->tsch == IOINST_CC_EXPECTED) {
		KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), shown->cpa);
		KUNIT_EXPECT_EQ(test, irb.scsw.dstat, shown->dstat);
		KUNIT_EXPECT_EQ(test, irb.scsw.cstat, shown->cstat);
		KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count),
				shown->count);
	}
	expect_esw(test, &irb, shown);
}

/* Check TEST SUBCHANNEL: its ending, what it stores, and how often. */
static void test_subchannel(struct fake_image *image,
			    const struct condition_shown *shown)
{
	bool stores = shown->tsch == IOINST_CC_EXPECTED ||
		      shown->tsch == IOINST_CC_NOT_STATUS_PENDING;
	struct kunit *test = image->guest.test;
	unsigned int stored = image->vcpu.stores;

	EXPECT_CC(test, image_execute(image, IOINST_TSCH), shown->tsch);
	KUNIT_EXPECT_EQ(test, image->vcpu.stores - stored, stores);
	if (stores)
		expect_irb(image, shown);
}

static void instruction(struct fake_image *image,
			const struct condition_case *c)
{
	static const u16 opcodes[ON_INSNS] = {
		[ON_XSCH] = IOINST_XSCH,
		[ON_CSCH] = IOINST_CSCH,
		[ON_HSCH] = IOINST_HSCH,
		[ON_RSCH] = IOINST_RSCH,
		[ON_MSCH] = IOINST_MSCH,
		[ON_SSCH] = IOINST_SSCH,
		[ON_STSCH] = IOINST_STSCH,
	};

	/* TSCH stores the status of the state, not what the event leaves. */
	if (c->event == ON_TSCH) {
		KUNIT_EXPECT_EQ(image->guest.test, c->result,
				ioinst_value(condition_shown[c->state].tsch));
		test_subchannel(image, &condition_shown[c->state]);
		return;
	}
	put_operand(image, c->event);
	EXPECT_CC(image->guest.test, image_execute(image, opcodes[c->event]),
		  IOINST_CC(c->result));
}

static int from_outside(struct fake_image *image, enum condition_event event)
{
	if (event == ON_QUIESCE)
		return css_quiesce(&image->css, A_WHILE);
	if (event == ON_ATTENTION) {
		fake_present(image->fake, DSTAT_ATTENTION);
		/* Status that the device has kept must not follow later. */
		image->fake->presents = 0;
		return 0;
	}
	/* From now on the device ends a command when the program is stopped. */
	WRITE_ONCE(image->fake->stubborn, false);
	image->fake->obliging = true;
	if (event == ON_RESET)
		return css_reset(&image->css, CSS_RESET_ALL);
	return css_remove(&image->css, IMAGE_SSID, IMAGE_SCHID,
			  event == ON_VACATE ? CSS_VACATE : CSS_REMOVE, false);
}

/* What the subchannel shows to STORE and then to TEST SUBCHANNEL */

static void store_subchannel(struct fake_image *image,
			     const struct condition_shown *shown, u32 control)
{
	const u16 flags = PMCW_ENABLED | PMCW_VALID;
	struct kunit *test = image->guest.test;
	struct css_schib schib;

	EXPECT_CC(test, image_stsch(image, &schib), shown->stsch);
	if (shown->stsch != IOINST_CC_EXPECTED)
		return;
	KUNIT_EXPECT_EQ(test, be16_to_cpu(schib.pmcw.flags) & flags,
			shown->pmcw);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(schib.scsw.flags) & CONTROL,
			control);
}

static void expect_reports(struct fake_image *image,
			   const struct condition_shown *shown)
{
	struct kunit *test = image->guest.test;
	unsigned int words = 0;
	u32 word;

	KUNIT_EXPECT_EQ(test, image->guest.reports, !!shown->reports);
	while (crw_peek_or_rearm(&image->css.crws, &word)) {
		KUNIT_EXPECT_EQ(test, word & CRW_RSC, CRW_RSC_SUBCHANNEL);
		KUNIT_EXPECT_TRUE(test, crw_take(&image->css.crws, word));
		words++;
	}
	KUNIT_EXPECT_EQ(test, words, shown->reports);
}

/* A start function that has ended in any way is counted as completed. */
static void expect_completed(struct fake_image *image,
			     const struct condition_shown *shown)
{
	struct subchannel *sch;

	if (!(shown->control & SCSW_FC_START) || !shown->interruptions)
		return;
	sch = image_find(image);
	KUNIT_EXPECT_EQ(image->guest.test, sch->stats.completed,
			shown->completed);
	subchannel_put(sch);
}

static void expect_shown(struct fake_image *image,
			 const struct condition_shown *shown)
{
	struct kunit *test = image->guest.test;
	bool status = shown->tsch == IOINST_CC_EXPECTED;

	store_subchannel(image, shown, shown->control);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, shown->interruptions);
	expect_completed(image, shown);
	test_subchannel(image, shown);
	store_subchannel(image, shown, status ? shown->after : shown->control);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 0);
	expect_reports(image, shown);
}

/* The rows of what can happen, one by one */
static const void *condition_gen_params(const void *prev, char *desc)
{
	const struct condition_case *c = prev;

	c = c ? c + 1 : condition_cases;
	while (c < condition_cases + condition_nr_cases && c->impossible)
		c++;
	if (c == condition_cases + condition_nr_cases)
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s, %s: %s",
		 condition_states[c->state], condition_events[c->event],
		 c->rule);
	return c;
}

/* Does the event happen while a runner is in the program? */
static bool is_inside(const struct condition_case *c)
{
	return c->event >= ON_ENDED && c->event <= ON_STOPPED;
}

static void from_state(struct fake_image *image,
		       const struct condition_case *c)
{
	bring(image, c->state);
	if (c->event < ON_INSNS)
		instruction(image, c);
	else
		KUNIT_EXPECT_EQ(image->guest.test, c->result,
				from_outside(image, c->event));
	expect_shown(image, &condition_shown[c->figure]);
}

static void condition_test(struct kunit *test)
{
	const struct condition_case *c = test->param_value;
	struct fake_image *image = test->priv;

	if (is_inside(c)) {
		run_inside(image, c);
		expect_shown(image, &condition_shown[c->figure]);
	} else {
		from_state(image, c);
	}
	covered[c->state][c->event] = test->status == KUNIT_SUCCESS;
}

/*
 * A program whose command is pending is in the same states as one that a
 * thread executes.
 */
static const void *pending_gen_params(const void *prev, char *desc)
{
	const struct condition_case *c = prev;

	do {
		c = condition_gen_params(c, desc);
	} while (c && (is_inside(c) || !is_held(c->state)));
	return c;
}

static void condition_pending_test(struct kunit *test)
{
	by_pending = true;
	from_state(test->priv, test->param_value);
}

/* Active, with intermediate status, and resumed before it was suspended */

static void resume_in_advance(void *arg)
{
	image_must(arg, IOINST_RSCH);
}

static void expect_control(struct fake_image *image, u32 control)
{
	const struct condition_shown shown = {
		.stsch = IOINST_CC_EXPECTED,
		.pmcw = PMCW_ENABLED | PMCW_VALID,
	};

	store_subchannel(image, &shown, control);
}

static void condition_advance_test(struct kunit *test)
{
	const u32 active = SCSW_FC_START | SCSW_AC_SUBCH_ACTIVE |
			   SCSW_AC_DEVICE_ACTIVE | SCSW_AC_RESUME_PENDING;
	const u32 told = active | SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING;
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	load(image, &orb, 0, IMAGE_CMD, CCW_PCI);
	image->guest.before_read = resume_in_advance;
	image->guest.before_read_arg = image;
	image->guest.before_read_addr = SECOND_CCW;
	image->fake->during = hold_second_command;
	image->fake->during_arg = image;
	image_must_start(image, &orb);
	wait_held(image);
	KUNIT_EXPECT_EQ(test, image_state(image), SCH_ACTIVE_STATUS);
	expect_control(image, told);
	EXPECT_CC(test, image_execute(image, IOINST_RSCH),
		  IOINST_CC_STATUS_PRESENT);
	expect_control(image, told);
	image_must(image, IOINST_TSCH);
	expect_control(image, active);
	EXPECT_CC(test, image_execute(image, IOINST_RSCH), IOINST_CC_BUSY);
	/* A resume that is pending at the program's end has no effect. */
	let_go(image);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 2));
	expect_control(image, SCSW_FC_START | SCSW_SC_PRIMARY |
			      SCSW_SC_SECONDARY | SCSW_SC_PENDING);
	image_must(image, IOINST_TSCH);
}

/* A runner that has something to tell finds activity without a function. */

static void corrupt_no_function(void *arg)
{
	image_corrupt(arg, SCSW_AC_SUSPENDED);
}

static void condition_broken_told_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	load(image, &orb, 0, IMAGE_CMD, CCW_PCI);
	image->guest.before_read = corrupt_no_function;
	image->guest.before_read_arg = image;
	image->guest.before_read_addr = SECOND_CCW;
	image_must_start(image, &orb);
	KUNIT_EXPECT_EQ(test, image->fake->done, 1);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	expect_shown(image, &condition_shown[AS_OUT_OF_SERVICE]);
}

/* The matrix must have a row for each pair of state and event. */

static const struct condition_case *row_of(enum sch_state state,
					   enum condition_event event)
{
	unsigned int i;

	for (i = 0; i < condition_nr_cases; i++)
		if (condition_cases[i].state == state &&
		    condition_cases[i].event == event)
			return &condition_cases[i];
	return NULL;
}

static void put_cell(const struct condition_case *c, char *cell, size_t len)
{
	if (!c || (!c->impossible && !covered[c->state][c->event]))
		strscpy(cell, "?", len);
	else if (c->impossible)
		strscpy(cell, "-", len);
	else if (c->event < ON_INSNS)
		snprintf(cell, len, "%d", c->result);
	else if (c->event == ON_QUIESCE)
		strscpy(cell, c->result ? "busy" : "done", len);
	else
		strscpy(cell, condition_shown[c->figure].mark, len);
}

static void print_state(struct kunit *test, enum sch_state state)
{
	const struct condition_case *c, *before = NULL;
	char line[256], cell[16];
	int event, len = 0;

	for (event = 0; event < CONDITION_EVENTS; event++) {
		put_cell(row_of(state, event), cell, sizeof(cell));
		len += scnprintf(line + len, sizeof(line) - len, " %s", cell);
	}
	kunit_info(test, "matrix: %s |%s\n", condition_states[state], line);
	for (event = 0; event < CONDITION_EVENTS; event++) {
		c = row_of(state, event);
		if (!c || !c->impossible)
			continue;
		if (!before || strcmp(before->rule, c->rule))
			kunit_info(test, "matrix: %s, %s and what follows -: %s\n",
				   condition_states[state],
				   condition_events[event], c->rule);
		before = c;
	}
}

static void condition_matrix_test(struct kunit *test)
{
	unsigned int done = 0, never = 0, all = 0;
	char line[256];
	int state, event, len = 0;

	for (event = 0; event < CONDITION_EVENTS; event++)
		len += scnprintf(line + len, sizeof(line) - len, " %s",
				 condition_events[event]);
	kunit_info(test, "matrix: STATE |%s\n", line);
	for (state = 0; state < CONDITION_STATES; state++) {
		print_state(test, state);
		for (event = 0; event < CONDITION_EVENTS; event++, all++) {
			const struct condition_case *c = row_of(state, event);

			if (c && c->impossible)
				never++;
			else if (covered[state][event])
				done++;
			else
				KUNIT_FAIL(test, "%s, %s: %s",
					   condition_states[state],
					   condition_events[event],
					   c ? "failed" : "no row for it");
		}
	}
	kunit_info(test, "matrix: state x event: %u of %u covered, %u can't happen\n",
		   done, all - never, never);
	/* There is one row for each pair, and none has two. */
	KUNIT_EXPECT_EQ(test, condition_nr_cases, all);
}

static struct kunit_case condition_test_cases[] = {
	KUNIT_CASE_PARAM(condition_test, condition_gen_params),
	KUNIT_CASE_PARAM(condition_pending_test, pending_gen_params),
	KUNIT_CASE(condition_advance_test),
	KUNIT_CASE(condition_broken_told_test),
	KUNIT_CASE(condition_matrix_test),
	{}
};

static struct kunit_suite condition_suite = {
	.name = "kvm_css_condition",
	.init = condition_init,
	.exit = condition_exit,
	.test_cases = condition_test_cases,
};

kunit_test_suite(condition_suite);
