// SPDX-License-Identifier: GPL-2.0
/*
 * Backends that take a whole channel program, &cu_ops.program: they decide how
 * it ends, and the subchannel does the rest.  A valid program that one can't
 * run ends in unit exception; Principles of Operation chapter 16, "Unit
 * Exception".
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/subchannel.h>

#include "chanprog_case.h"
#include "fake_image.h"

#define EXPECT_CC(test, ending, expected) \
	KUNIT_EXPECT_EQ(test, (__force u32)(ending), (__force u32)(expected))

#define CONTROL		(SCSW_FC | SCSW_AC | SCSW_SC)
#define ENDED		(SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | SCSW_SC_PENDING)
#define CHECKED		(SCSW_SC_ALERT | ENDED)

/* Another subchannel than the image's own */
#define WHOLE_SCHID	0x0013
#define WHOLE_SID	(SID_ONE | IMAGE_SSID << SID_SSID_SHIFT | WHOLE_SCHID)

#define PATIENCE	(60 * HZ)

/**
 * struct whole - a backend that takes whole programs
 * @dev: what the core sees
 * @wants: what it makes of a program, one turn after the other; the last one is
 *	CHANPROG_ENDED
 * @on_worker: it answers CHANPROG_MUST_WAIT on a vCPU
 * @blocks: it waits to be stopped
 * @begun: and has begun something by then
 * @cannot: what it can't do
 * @cstat: what it found
 * @turn: turns so far
 * @seen: where the program was to begin, or to go on
 * @started: how often &cu_ops.start was called
 * @running: it has begun to wait
 */
struct whole {
	struct css_device dev;
	enum chanprog_state wants[4];
	bool on_worker;
	bool blocks;
	bool begun;
	const char *cannot;
	u8 cstat;

	unsigned int turn;
	u32 seen;
	unsigned int started;
	struct completion running;
};

#define whole_of(dev_) container_of(dev_, struct whole, dev)

static void whole_start(struct css_device *dev)
{
	whole_of(dev)->started++;
}

static cu_status_t whole_command(struct css_device *dev, struct chanprog *cp,
				 u8 cmd)
{
	return CU_STATUS(DSTAT_UNIT_CHECK);
}

static enum chanprog_state whole_wait(struct whole *whole, struct chanprog *cp)
{
	complete_all(&whole->running);
	while (!chanprog_stopped(cp))
		msleep(20);
	if (!whole->begun)
		return CHANPROG_STOPPED;
	cp->ccw_addr = cp->next;
	cp->residual = 3;
	chanprog_end(cp, CE_DE | DSTAT_UNIT_CHECK);
	return CHANPROG_ENDED;
}

static enum chanprog_state whole_program(struct css_device *dev,
					 struct chanprog *cp)
{
	struct whole *whole = whole_of(dev);
	enum chanprog_state state;

	if (whole->on_worker && !chanprog_may_wait(cp))
		return CHANPROG_MUST_WAIT;
	whole->seen = cp->next;
	if (whole->blocks)
		return whole_wait(whole, cp);
	state = whole->wants[whole->turn++];
	cp->ccw_addr = cp->next;
	cp->residual = 3;
	cp->cstat = whole->cstat;
	if (whole->cannot)
		chanprog_cannot(cp, whole->cannot);
	if (state == CHANPROG_INTERMEDIATE)
		cp->pci = true;
	if (state == CHANPROG_ENDED)
		chanprog_end(cp, whole->cannot ? 0 : CE_DE);
	else
		cp->next += CCW_SIZE;
	return state;
}

static void whole_release(struct css_device *dev)
{
}

static const struct cu_ops whole_ops = {
	.name = "whole",
	.start = whole_start,
	.command = whole_command,
	.program = whole_program,
	.release = whole_release,
};

static struct whole *whole_create(struct kunit *test)
{
	struct whole *whole = kunit_kzalloc(test, sizeof(*whole), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, whole);
	whole->dev.ops = &whole_ops;
	init_completion(&whole->running);
	return whole;
}

/* As the core sees it */

static struct chanprog *whole_load(struct kunit *test, struct whole *whole)
{
	static const struct chanprog_case c = {
		.ccws = { { 0x02, 0, 8, DATA } },
	};
	struct chanprog_bench *bench = chanprog_bench_create(test);

	bench->cp.dev = &whole->dev;
	chanprog_bench_load(bench, &c);
	return &bench->cp;
}

static void whole_ends_test(struct kunit *test)
{
	struct whole *whole = whole_create(test);
	struct chanprog *cp = whole_load(test, whole);

	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_VCPU), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, whole->seen, PROG);
	KUNIT_EXPECT_EQ(test, whole->started, 0);
	KUNIT_EXPECT_EQ(test, cp->ending.cpa, AFTER(0));
	KUNIT_EXPECT_EQ(test, cp->ending.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, cp->ending.cstat, 0);
	KUNIT_EXPECT_EQ(test, cp->ending.count, 3);
	KUNIT_EXPECT_FALSE(test, chanprog_untouched(cp));
}

static void whole_must_wait_test(struct kunit *test)
{
	struct whole *whole = whole_create(test);
	struct chanprog *cp = whole_load(test, whole);

	whole->on_worker = true;
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_VCPU), CHANPROG_MUST_WAIT);
	KUNIT_EXPECT_TRUE(test, chanprog_untouched(cp));
	KUNIT_EXPECT_EQ(test, whole->turn, 0);
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, whole->turn, 1);
}

/* Once it has begun, nobody may take it for untouched. */
static void whole_untouched_test(struct kunit *test)
{
	struct whole *whole = whole_create(test);
	struct chanprog *cp = whole_load(test, whole);

	whole->wants[0] = CHANPROG_QUANTUM_USED;
	KUNIT_EXPECT_TRUE(test, chanprog_untouched(cp));
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_WORKER), CHANPROG_QUANTUM_USED);
	KUNIT_EXPECT_FALSE(test, chanprog_untouched(cp));
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_WORKER), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, whole->seen, CCW(1));
}

static void whole_cannot_test(struct kunit *test)
{
	struct whole *whole = whole_create(test);
	struct chanprog *cp = whole_load(test, whole);

	whole->cannot = "this";
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_VCPU), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, cp->ending.dstat, DSTAT_UNIT_EXCEPTION);
	KUNIT_EXPECT_EQ(test, cp->ending.cstat, 0);
}

static void whole_intermediate_test(struct kunit *test)
{
	struct whole *whole = whole_create(test);
	struct chanprog *cp = whole_load(test, whole);

	whole->wants[0] = CHANPROG_INTERMEDIATE;
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_VCPU), CHANPROG_INTERMEDIATE);
	KUNIT_EXPECT_EQ(test, chanprog_intermediate(cp), CHANPROG_PCI);
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_VCPU), CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, chanprog_intermediate(cp), 0);
}

static void whole_stopped_before_test(struct kunit *test)
{
	struct whole *whole = whole_create(test);
	struct chanprog *cp = whole_load(test, whole);

	chanprog_stop(cp, CHANPROG_HALT);
	KUNIT_EXPECT_EQ(test, chanprog_run(cp, CHANPROG_ON_WORKER), CHANPROG_STOPPED);
	KUNIT_EXPECT_EQ(test, whole->turn, 0);
}

/* As the guest sees it */

static ioinst_ending_t execute(struct fake_image *image, u16 opcode)
{
	const struct ioinst insn = {
		.opcode = opcode,
		.gpr1 = WHOLE_SID,
		.addr = FAKE_LOGICAL + IMAGE_OPERAND,
	};

	return image_insn(image, &insn);
}

static ioinst_ending_t tsch(struct fake_image *image, struct css_irb *irb)
{
	ioinst_ending_t ending = execute(image, IOINST_TSCH);

	fake_get(&image->guest, IMAGE_OPERAND, irb, sizeof(*irb));
	return ending;
}

static u32 control_of(const struct css_irb *irb)
{
	return be32_to_cpu(irb->scsw.flags) & CONTROL;
}

static void start(struct fake_image *image, u32 orb_flags)
{
	const struct css_orb orb = {
		.flags = cpu_to_be32(orb_flags | ORB_FORMAT |
				     IMAGE_PATH << ORB_LPM_SHIFT),
		.cpa = cpu_to_be32(PROG),
	};

	fake_put(&image->guest, IMAGE_OPERAND, &orb, sizeof(orb));
	EXPECT_CC(image->guest.test, execute(image, IOINST_SSCH),
		  IOINST_CC_EXPECTED);
}

/* Add a subchannel for the backend, and enable it. */
static struct whole *whole_add(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct whole *whole = whole_create(test);
	struct css_schib schib;

	KUNIT_ASSERT_EQ(test, 0, fake_add(&image->css, IMAGE_SSID, WHOLE_SCHID,
					  IMAGE_DEVNO + 1, IMAGE_CHPID,
					  &whole->dev));
	execute(image, IOINST_STSCH);
	fake_get(&image->guest, IMAGE_OPERAND, &schib, sizeof(schib));
	schib.pmcw.flags = cpu_to_be16(PMCW_ENABLED);
	fake_put(&image->guest, IMAGE_OPERAND, &schib, sizeof(schib));
	execute(image, IOINST_MSCH);
	return whole;
}

static void whole_ending_is_shown_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct whole *whole = whole_add(test);
	struct css_irb irb;

	whole->cstat = CSTAT_INCORRECT_LENGTH;
	start(image, 0);
	EXPECT_CC(test, tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, control_of(&irb), SCSW_FC_START | CHECKED);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), AFTER(0));
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_INCORRECT_LENGTH);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), 3);
}

/* The guest sees unit exception each time, the host is told once. */
static void whole_unit_exception_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct whole *whole = whole_add(test);
	struct subchannel *sch = css_find(&image->css, WHOLE_SID);
	struct css_irb irb;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, sch);
	KUNIT_EXPECT_FALSE(test, sch->unsupported_told);
	whole->cannot = "what nobody can";
	for (i = 0; i < 2; i++) {
		start(image, 0);
		EXPECT_CC(test, tsch(image, &irb), IOINST_CC_EXPECTED);
		KUNIT_EXPECT_EQ(test, control_of(&irb),
				SCSW_FC_START | CHECKED);
		KUNIT_EXPECT_EQ(test, irb.scsw.dstat, DSTAT_UNIT_EXCEPTION);
		KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
		KUNIT_EXPECT_TRUE(test, sch->unsupported_told);
	}
	/* And a program that can be run is run. */
	whole->cannot = NULL;
	start(image, 0);
	EXPECT_CC(test, tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	subchannel_put(sch);
}

static void whole_on_worker_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct whole *whole = whole_add(test);
	struct css_irb irb;

	whole->on_worker = true;
	whole->wants[0] = CHANPROG_QUANTUM_USED;
	whole->wants[1] = CHANPROG_QUANTUM_USED;
	start(image, 0);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, control_of(&irb), SCSW_FC_START | ENDED);
	KUNIT_EXPECT_EQ(test, whole->turn, 3);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), AFTER(2));
}

static void whole_suspended_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct whole *whole = whole_add(test);
	struct css_irb irb;

	whole->wants[0] = CHANPROG_INTERMEDIATE;
	whole->wants[1] = CHANPROG_SUSPENDED;
	start(image, ORB_SUSPEND);
	EXPECT_CC(test, tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, control_of(&irb),
			SCSW_FC_START | SCSW_AC_SUSPENDED |
			SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	EXPECT_CC(test, execute(image, IOINST_RSCH), IOINST_CC_EXPECTED);
	EXPECT_CC(test, tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, control_of(&irb), SCSW_FC_START | ENDED);
	KUNIT_EXPECT_EQ(test, whole->seen, CCW(2));
}

static void start_blocked(struct kunit *test, bool begun)
{
	struct whole *whole = whole_add(test);

	whole->on_worker = true;
	whole->blocks = true;
	whole->begun = begun;
	start(test->priv, 0);
	KUNIT_ASSERT_NE(test, 0, wait_for_completion_timeout(&whole->running,
							     PATIENCE));
}

static void whole_halted_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start_blocked(test, false);
	EXPECT_CC(test, execute(image, IOINST_HSCH), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, control_of(&irb),
			SCSW_FC_START | SCSW_FC_HALT | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
}

/* What it has begun it ends itself, and is believed. */
static void whole_halted_and_ended_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start_blocked(test, true);
	EXPECT_CC(test, execute(image, IOINST_HSCH), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, control_of(&irb),
			SCSW_FC_START | SCSW_FC_HALT | SCSW_SC_ALERT | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE | DSTAT_UNIT_CHECK);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(irb.scsw.count), 3);
}

static void whole_cleared_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start_blocked(test, false);
	EXPECT_CC(test, execute(image, IOINST_CSCH), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, control_of(&irb),
			SCSW_FC_CLEAR | SCSW_SC_PENDING);
}

static void whole_removed_test(struct kunit *test)
{
	struct fake_image *image = test->priv;

	start_blocked(test, false);
	KUNIT_EXPECT_EQ(test, 0,
			fake_remove(&image->css, IMAGE_SSID, WHOLE_SCHID));
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
}

static struct kunit_case whole_test_cases[] = {
	KUNIT_CASE(whole_ends_test),
	KUNIT_CASE(whole_must_wait_test),
	KUNIT_CASE(whole_untouched_test),
	KUNIT_CASE(whole_cannot_test),
	KUNIT_CASE(whole_intermediate_test),
	KUNIT_CASE(whole_stopped_before_test),
	KUNIT_CASE(whole_ending_is_shown_test),
	KUNIT_CASE(whole_unit_exception_test),
	KUNIT_CASE(whole_on_worker_test),
	KUNIT_CASE(whole_suspended_test),
	KUNIT_CASE(whole_halted_test),
	KUNIT_CASE(whole_halted_and_ended_test),
	KUNIT_CASE(whole_cleared_test),
	KUNIT_CASE(whole_removed_test),
	{}
};

static struct kunit_suite whole_suite = {
	.name = "kvm_css_chanprog_whole",
	.init = image_init,
	.exit = image_exit,
	.test_cases = whole_test_cases,
};

kunit_test_suite(whole_suite);
