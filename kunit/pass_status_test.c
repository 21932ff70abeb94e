// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest sees of the status of a host's subchannel.
 *
 * Principles of Operation chapter 16; the table in Documentation/passthrough.rst.
 */
#include "pass_case.h"

#define FAILING		(ERW_FAILING_ADDRESS | ERW_FAILING_FORMAT2)

/* Each shape of an IRB */

struct shape_case {
	const char *name;
	u32 flags;		/* of the host's; the program has been started */
	u32 expected;		/* control and the bits in front */
	u8 dstat;
	u8 cstat;
	u8 expected_cstat;
	bool no_cpa;		/* an address that isn't the program's */
};

static const struct shape_case shape_cases[] = {
	{ "normal end", START | ENDED, START | ENDED, CE_DE },
	{ "primary status", START | DEVICE | PRIMARY, START | DEVICE | PRIMARY,
	  CE },
	{ "unit check", START | CHECKED, START | CHECKED, CE_DE | UNIT_CHECK },
	{ "incorrect length", START | CHECKED, START | CHECKED, CE_DE,
	  CSTAT_INCORRECT_LENGTH, CSTAT_INCORRECT_LENGTH },
	{ "program check of the guest's", START | CHECKED, START | CHECKED, 0,
	  CSTAT_PROGRAM_CHECK, CSTAT_PROGRAM_CHECK },
	{ "interface-control check", START | CHECKED, START | CHECKED, 0,
	  CSTAT_INTERFACE_CONTROL, CSTAT_INTERFACE_CONTROL },
	{ "intermediate, PCI", START | ACTIVE | INTERMEDIATE,
	  START | ACTIVE | INTERMEDIATE, 0, CSTAT_PCI, CSTAT_PCI },
	{ "intermediate, Z", START | ACTIVE | SCSW_ZERO_CC | INTERMEDIATE,
	  START | ACTIVE | SCSW_ZERO_CC | INTERMEDIATE },
	{ "deferred condition code 1",
	  SCSW_DEFERRED_CC1 | START_PENDING | UNSOLICITED,
	  SCSW_DEFERRED_CC1 | START_PENDING | UNSOLICITED, DE },
	{ "deferred condition code 3",
	  SCSW_DEFERRED_CC3 | SCSW_PATH_NOT_OPER | START_PENDING | CHECKED,
	  SCSW_DEFERRED_CC3 | SCSW_PATH_NOT_OPER | START_PENDING | CHECKED },
	{ "another path isn't operational", SCSW_PATH_NOT_OPER | START | ENDED,
	  START | ENDED, CE_DE },
	{ "an address of somebody else", START | ENDED, START | ENDED, CE_DE,
	  .no_cpa = true },
	/* "Extended Control" without sense is about the host's machine. */
	{ "extended control", SCSW_EXTENDED | START | CHECKED, START | CHECKED,
	  CE_DE | UNIT_CHECK },
	/* What the host does by itself */
	{ "the host halts", START | HALT | ENDED, START | CHECKED, 0, 0,
	  CSTAT_INTERFACE_CONTROL },
	{ "the host clears", CLEAR | SCSW_SC_PENDING, START | CHECKED, 0, 0,
	  CSTAT_INTERFACE_CONTROL },
};

KUNIT_ARRAY_PARAM_DESC(shape, shape_cases, name);

#define SHOWN	(CONTROL | SCSW_DEFERRED_CC | SCSW_ZERO_CC | SCSW_EXTENDED | \
		 SCSW_PATH_NOT_OPER)

static void pass_shape_test(struct kunit *test)
{
	const struct shape_case *c = test->param_value;
	struct pass_image *pass = test->priv;
	bool start = c->flags & START;
	struct css_irb irb;
	u32 cpa;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	cpa = c->no_cpa ? 0x12345678 : pass_cpa(pass, 0);
	fake_host_make(&irb, c->flags, c->dstat, start ? cpa : 0);
	irb.scsw.cstat = c->cstat;
	irb.scsw.count = cpu_to_be16(3);
	memset(irb.ecw, 0xee, sizeof(irb.ecw));
	irb.esw.failing = cpu_to_be64(0x1122334455667788);
	irb.esw.secondary = cpu_to_be32(0x12345678);
	fake_host_interrupt(pass->host, &irb);
	EXPECT_CC(test, image_tsch(pass->image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SHOWN, c->expected);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, c->dstat);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, c->expected_cstat);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa),
			start && !c->no_cpa ? IMAGE_PROG + CCW_SIZE : 0);
	/* No address of the host's */
	KUNIT_EXPECT_EQ(test, be64_to_cpu(irb.esw.failing), 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.secondary), 0);
	KUNIT_EXPECT_EQ(test, irb.ecw[0], 0);
	if (irb_flags(&irb) & INTERMEDIATE & ~SCSW_SC_PENDING) {
		pass_interrupt(pass, START | ENDED, CE_DE, cpa);
		pass_expect(pass, START | ENDED, CE_DE, &irb);
	}
}

/* Checks that are remembered for a CCW */
static void pass_remembered_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	const struct fake_range broken = { 0x8000, 8 };
	struct css_irb irb;

	fake_mark(&pass->image->guest, &broken, FAKE_BROKEN);
	image_enable(pass->image, IMAGE_ISC, 0);
	pass_ccw(pass, 0, 0x02, 0, 8, broken.addr);
	pass_start(pass, ORB_PREFETCH);
	fake_host_make(&irb, START | CHECKED, 0, pass_cpa(pass, 0));
	irb.scsw.cstat = CSTAT_PROGRAM_CHECK;
	irb.scsw.count = cpu_to_be16(8);
	fake_host_interrupt(pass->host, &irb);
	pass_expect(pass, START | CHECKED, 0, &irb);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_CHANNEL_DATA);
	KUNIT_EXPECT_TRUE(test, irb_flags(&irb) & SCSW_ESW_FORMAT);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.erw) & FAILING, FAILING);
	KUNIT_EXPECT_EQ(test, be64_to_cpu(irb.esw.failing), broken.addr);
	KUNIT_EXPECT_TRUE(test, be32_to_cpu(irb.esw.word0) & LOGOUT_CPA_VALID);
}

/* "Format-0 ESW": addresses of the program are translated back. */
static void pass_logout_test(struct kunit *test)
{
	const u32 logout = LOGOUT_BLOCK_PROGRAM | LOGOUT_CCW_CHECK |
			   LOGOUT_CPA_VALID | 0x40 << LOGOUT_LPUM_SHIFT;
	const u32 erw = FAILING | ERW_SECONDARY;
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	fake_host_make(&irb, SCSW_ESW_FORMAT | START | CHECKED, 0,
		       pass_cpa(pass, 0));
	irb.scsw.cstat = CSTAT_CHANNEL_CONTROL;
	irb.esw.word0 = cpu_to_be32(logout);
	irb.esw.erw = cpu_to_be32(erw);
	irb.esw.failing = cpu_to_be64(pass_cpa(pass, 0) - CCW_SIZE);
	irb.esw.secondary = cpu_to_be32(pass_cpa(pass, 0));
	fake_host_interrupt(pass->host, &irb);
	pass_expect(pass, START | CHECKED, 0, &irb);
	KUNIT_EXPECT_EQ(test, be64_to_cpu(irb.esw.failing), IMAGE_PROG);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.secondary),
			IMAGE_PROG + CCW_SIZE);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.erw) & erw, erw);
	/* The guest has no measurement blocks, and one path. */
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.word0),
			LOGOUT_CCW_CHECK | LOGOUT_CPA_VALID |
			IMAGE_PATH << LOGOUT_LPUM_SHIFT);
}

/* "Concurrent Sense" */
static void pass_sense_test(struct kunit *test)
{
	const u32 erw = ERW_CONCURRENT_SENSE | 24 << ERW_SENSE_COUNT_SHIFT;
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	image_enable(pass->image, IMAGE_ISC, PMCW_CONCURRENT_SENSE);
	pass_start_one(pass);
	fake_host_make(&irb, SCSW_EXTENDED | START | CHECKED, CE_DE | UNIT_CHECK,
		       pass_cpa(pass, 0));
	irb.esw.erw = cpu_to_be32(erw);
	memset(irb.ecw, 0x5a, sizeof(irb.ecw));
	fake_host_interrupt(pass->host, &irb);
	pass_expect(pass, START | CHECKED, CE_DE | UNIT_CHECK, &irb);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.erw), erw);
	KUNIT_EXPECT_EQ(test, irb.ecw[23], 0x5a);
	KUNIT_EXPECT_EQ(test, irb.ecw[24], 0);
}

/* What comes one after the other while the guest doesn't look */

static void pass_order_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;
	u32 cpa;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	cpa = pass_cpa(pass, 0);
	/* It is pending for the guest when all that follows comes. */
	pass_interrupt(pass, START | ACTIVE | INTERMEDIATE, 0, cpa);
	fake_host_make(&irb, START | ACTIVE | SCSW_ZERO_CC | INTERMEDIATE, 0,
		       cpa - CCW_SIZE);
	fake_host_interrupt(pass->host, &irb);
	fake_host_make(&irb, START | ACTIVE | INTERMEDIATE, 0, cpa);
	irb.scsw.cstat = CSTAT_PCI;
	fake_host_interrupt(pass->host, &irb);
	pass_interrupt(pass, START | DEVICE | PRIMARY, CE, cpa);
	pass_interrupt(pass, SECONDARY, DE, 0);
	pass_interrupt(pass, UNSOLICITED, ATTENTION, 0);
	pass_expect(pass, START | ACTIVE | INTERMEDIATE, 0, &irb);
	/* Z and PCI are or'ed. */
	pass_expect(pass, START | ACTIVE | INTERMEDIATE, 0, &irb);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	KUNIT_EXPECT_TRUE(test, irb_flags(&irb) & SCSW_ZERO_CC);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), IMAGE_PROG + CCW_SIZE);
	pass_expect(pass, START | DEVICE | PRIMARY, CE, &irb);
	pass_expect(pass, SECONDARY, DE, &irb);
	pass_expect(pass, UNSOLICITED, ATTENTION, &irb);
	pass_expect_none(pass);
}

/* Neither attention nor device end is lost, however many there are. */
static void pass_unsolicited_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;
	unsigned int i;
	u8 dstat = 0;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_interrupt(pass, UNSOLICITED, UNIT_CHECK, 0);
	for (i = 0; i < PT_UNSOLICITED; i++)
		pass_interrupt(pass, UNSOLICITED, UNIT_CHECK, 0);
	pass_interrupt(pass, UNSOLICITED, ATTENTION, 0);
	pass_interrupt(pass, UNSOLICITED, DE, 0);
	for (i = 0; i < PT_UNSOLICITED + 1; i++) {
		EXPECT_CC(test, image_tsch(pass->image, &irb),
			  IOINST_CC_EXPECTED);
		dstat |= irb.scsw.dstat;
	}
	pass_expect_none(pass);
	KUNIT_EXPECT_EQ(test, dstat, UNIT_CHECK | ATTENTION | DE);
}

/* Status without an interruption, or behind other status */
static void pass_silent_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	fake_host_make(&irb, START | DEVICE | PRIMARY, CE, pass_cpa(pass, 0));
	fake_host_gives(pass->host, &irb);
	pass_expect(pass, START | DEVICE | PRIMARY, CE, &irb);
	pass_start_one(pass);
	fake_host_make(&irb, SECONDARY, DE, 0);
	fake_host_gives(pass->host, &irb);
	pass_interrupt(pass, START | DEVICE | PRIMARY, CE, pass_cpa(pass, 0));
	pass_expect(pass, START | DEVICE | PRIMARY, CE, &irb);
	pass_expect(pass, SECONDARY, DE, &irb);
}

/* CLEAR SUBCHANNEL forgets status that the guest hasn't seen. */
static void pass_clear_forgets_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	/* The guest is told of this, and so not of the rest. */
	pass_interrupt(pass, START | ACTIVE | INTERMEDIATE, 0,
		       pass_cpa(pass, 0));
	fake_host_make(&irb, START | ENDED, CE_DE, pass_cpa(pass, 0));
	fake_host_interrupt(pass->host, &irb);
	fake_host_make(&irb, UNSOLICITED, ATTENTION, 0);
	fake_host_interrupt(pass->host, &irb);
	image_must(pass->image, IOINST_CSCH);
	flush_work(&pass->pt->backend.news.work);
	pass_expect_none(pass);
	/* Something late of the program is not the end of the clear function. */
	pass_interrupt(pass, START | ENDED, CE_DE, 0);
	pass_expect_none(pass);
	KUNIT_EXPECT_NE(test, pass->image->guest.pinned, 0);
	pass_interrupt(pass, CLEAR | SCSW_SC_PENDING, 0, 0);
	pass_expect(pass, CLEAR | SCSW_SC_PENDING, 0, &irb);
	pass_expect_none(pass);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
}

/*
 * Alert status alone doesn't say that the host's subchannel has ended the program: as
 * long as it hasn't, the pages stay pinned.
 */
static void pass_alert_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_start_one(pass);
	pass->host->schib.scsw.flags = cpu_to_be32(START | ACTIVE);
	pass_interrupt(pass, START | UNSOLICITED, UNIT_CHECK, 0);
	pass_expect(pass, START | UNSOLICITED, UNIT_CHECK, &irb);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 1);
	pass->host->schib.scsw.flags = 0;
	pass_interrupt(pass, START | ENDED, CE_DE, pass_cpa(pass, 0));
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
	pass_expect_none(pass);
	/* Without activity it has. */
	pass_start_one(pass);
	pass_interrupt(pass, START | UNSOLICITED, UNIT_CHECK, 0);
	pass_expect(pass, START | UNSOLICITED, UNIT_CHECK, &irb);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
	/* And the next program can't begin before. */
	pass_start_one(pass);
	pass->host->schib.scsw.flags = cpu_to_be32(START | ACTIVE);
	pass_interrupt(pass, START | UNSOLICITED, UNIT_CHECK, 0);
	pass_expect(pass, START | UNSOLICITED, UNIT_CHECK, &irb);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 1);
	pass_start_one(pass);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 1);
}

/*
 * The host's channel subsystem initializes the subchannel by itself: "Installed Parameters
 * Initialized" in chapter 17.  What was in progress there is gone without status.
 */

enum initialized_state {
	INIT_IDLE,
	INIT_STARTED,
	INIT_SUSPENDED,
	INIT_HIDDEN,		/* suspended by the module */
	INIT_HALTING,
	INIT_CLEARING,
	INIT_ENDED,		/* its status is in hand */
};

struct initialized_case {
	const char *name;
	enum initialized_state state;
	u32 control;		/* of the guest's status; 0: none */
	u8 cstat;
};

static const struct initialized_case initialized_cases[] = {
	{ "idle: nothing to tell", INIT_IDLE },
	{ "start function", INIT_STARTED, START | CHECKED,
	  CSTAT_INTERFACE_CONTROL },
	{ "suspended program", INIT_SUSPENDED, START | CHECKED,
	  CSTAT_INTERFACE_CONTROL },
	{ "program between two parts", INIT_HIDDEN, START | CHECKED,
	  CSTAT_INTERFACE_CONTROL },
	{ "halt function", INIT_HALTING, START | HALT | CHECKED,
	  CSTAT_INTERFACE_CONTROL },
	{ "clear function: it has been cleared", INIT_CLEARING,
	  CLEAR | SCSW_SC_PENDING },
	{ "status that was there before", INIT_ENDED, START | ENDED },
};

KUNIT_ARRAY_PARAM_DESC(initialized, initialized_cases, name);

static void bring_to(struct pass_image *pass, enum initialized_state state)
{
	struct css_irb irb;

	image_enable(pass->image, IMAGE_ISC, 0);
	if (state == INIT_IDLE)
		return;
	/* With PCI and without prefetching, it is executed in parts. */
	pass_ccw(pass, 0, 0x02, CCW_CC | (state == INIT_HIDDEN ? CCW_PCI : 0),
		 IMAGE_COUNT, IMAGE_DATA);
	pass_ccw(pass, 1, 0x03, CCW_SLI | CCW_SUSPEND, 1, IMAGE_DATA);
	pass_start(pass, ORB_SUSPEND);
	switch (state) {
	case INIT_SUSPENDED:
		pass_interrupt(pass, SUSPENDED | INTERMEDIATE, 0, pass_cpa(pass, 1));
		pass_expect(pass, SUSPENDED | INTERMEDIATE, 0, &irb);
		break;
	case INIT_HIDDEN:
		fake_host_make(&irb, SUSPENDED | INTERMEDIATE, 0, pass_cpa(pass, 1));
		fake_host_interrupt(pass->host, &irb);
		break;
	case INIT_HALTING:
		image_must(pass->image, IOINST_HSCH);
		break;
	case INIT_CLEARING:
		image_must(pass->image, IOINST_CSCH);
		break;
	case INIT_ENDED:
		fake_host_make(&irb, START | ENDED, CE_DE, pass_cpa(pass, 1));
		fake_host_interrupt(pass->host, &irb);
		break;
	default:
		break;
	}
}

static void pass_initialized_test(struct kunit *test)
{
	const struct initialized_case *c = test->param_value;
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	bring_to(pass, c->state);
	fake_host_initialized(pass->host);
	pass_settle(pass);
	if (c->control) {
		EXPECT_CC(test, image_tsch(pass->image, &irb), IOINST_CC_EXPECTED);
		KUNIT_EXPECT_EQ(test, irb_control(&irb), c->control);
		KUNIT_EXPECT_EQ(test, irb.scsw.cstat, c->cstat);
	}
	pass_expect_none(pass);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
	/* The guest goes on. */
	pass_start_one(pass);
	pass_interrupt(pass, START | ENDED, CE_DE, pass_cpa(pass, 0));
	pass_expect(pass, START | ENDED, CE_DE, &irb);
}

static struct kunit_case pass_status_cases[] = {
	KUNIT_CASE_PARAM(pass_initialized_test, initialized_gen_params),
	KUNIT_CASE_PARAM(pass_shape_test, shape_gen_params),
	KUNIT_CASE(pass_remembered_test),
	KUNIT_CASE(pass_logout_test),
	KUNIT_CASE(pass_sense_test),
	KUNIT_CASE(pass_order_test),
	KUNIT_CASE(pass_unsolicited_test),
	KUNIT_CASE(pass_silent_test),
	KUNIT_CASE(pass_clear_forgets_test),
	KUNIT_CASE(pass_alert_test),
	{}
};

static struct kunit_suite pass_status_suite = {
	.name = "kvm_css_passthrough_status",
	.init = pass_init,
	.exit = pass_exit,
	.test_cases = pass_status_cases,
};

kunit_test_suite(pass_status_suite);
