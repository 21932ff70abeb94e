// SPDX-License-Identifier: GPL-2.0
/*
 * What the guest is told beside the ending of a channel program: Principles of
 * Operation chapter 15, "Program-Controlled Interruption" and "Initial-Status
 * Interruption"; chapter 16, "Subchannel Status" and "Subchannel Logout".  The
 * rows of the first part are run as chanprog_test.c says.  The second part
 * proves what TEST SUBCHANNEL stores about it.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "chanprog_case.h"
#include "fake_image.h"

#define I		ORB_INITIAL_STATUS
#define Z		CHANPROG_ZERO_CC
#define PCI		CHANPROG_PCI

static const struct chanprog_case told_cases[] = {
	/* PCI */
	{
		.name = "PCI in the first CCW",
		.ccws = { { 0x02, CCW_PCI, 8, DATA } },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
		.told = { .pci = 1 },
	}, {
		.name = "PCI in every CCW",
		.ccws = {
			{ 0x02, CCW_PCI | CCW_CC, 8, DATA },
			{ 0x02, CCW_PCI, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA, SECOND_DATA },
		.end = { AFTER(1), CE_DE, 0, 0 },
		.told = { .pci = 2 },
	}, {
		.name = "PCI of a command that the device refuses",
		.ccws = { { 0x02, CCW_PCI, 8, DATA } },
		.steps = { STEP_STATUS(0x02, DSTAT_UNIT_CHECK) },
		.end = { AFTER(0), DSTAT_UNIT_CHECK, 0, 8 },
		.told = { .pci = 1 },
	}, {
		.name = "PCI of an immediate operation",
		.ccws = { { 0x03, CCW_PCI, 0, 0 } },
		.steps = { STEP_IMMEDIATE(0x03) },
		.end = { AFTER(0), CE_DE, 0, 0 },
		.told = { .pci = 1 },
	}, {
		.name = "PCI in the last data-chained CCW comes with the ending",
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x02, CCW_PCI, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { FIRST_DATA, SECOND_DATA },
		.end = { AFTER(1), CE_DE, 0, 0 },
		.told = { .last = PCI },
	}, {
		.name = "PCI in data-chained CCWs, the program goes on",
		.ccws = {
			{ 0x02, CCW_CD, 4, DATA },
			{ 0x02, CCW_CD | CCW_PCI, 4, DATA + 4 },
			{ 0x02, CCW_CC | CCW_PCI, 8, DATA2 },
			{ 0x03, 0, 0, 0 },
		},
		.steps = { STEP_GIVES(0x02, 16), STEP_IMMEDIATE(0x03) },
		.data = { FIRST_DATA, SECOND_DATA },
		.end = { AFTER(3), CE_DE, 0, 0 },
		.told = { .pci = 1 },
	}, {
		.name = "PCI before and while data are chained",
		.ccws = {
			{ 0x02, CCW_CD | CCW_PCI, 8, DATA },
			{ 0x02, CCW_PCI, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { FIRST_DATA, SECOND_DATA },
		.end = { AFTER(1), CE_DE, 0, 0 },
		.told = { .pci = 1, .last = PCI },
	}, {
		.name = "PCI in a data-chained CCW that is not used",
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x02, CCW_PCI, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 6) },
		.data = { { DATA, 6, 0 } },
		.end = { AFTER(0), CE_DE, CSTAT_INCORRECT_LENGTH, 2 },
	}, {
		.name = "PCI in an invalid CCW",
		.ccws = { { 0x10, CCW_PCI, 8, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "PCI in an invalid data-chained CCW",
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x02, CCW_PCI, 0, DATA2 },
		},
		.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(1), CE_DE, PROGRAM_CHECK, ANY },
	}, {
		.name = "PCI and a program check behind it",
		.ccws = {
			{ 0x02, CCW_CC | CCW_PCI, 8, DATA },
			{ 0x10, 0, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(1), 0, PROGRAM_CHECK, ANY },
		.told = { .pci = 1 },
	}, {
		.name = "PCI while data are chained, and a program check there",
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x02, CCW_CD | CCW_PCI, 8, DATA2 },
			{ 0x02, 0, 0, DATA3 },
		},
		.steps = { STEP_GIVES_LEFT(0x02, 24, 8) },
		.data = { FIRST_DATA, SECOND_DATA },
		.end = { AFTER(2), CE_DE, PROGRAM_CHECK, ANY },
		.told = { .last = PCI },
	}, {
		.name = "PCI with incorrect length and unit check",
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x02, CCW_PCI, 8, DATA2 },
		},
		.steps = { { .cmd = 0x02, .move = FAKE_GIVES, .len = 12,
			     .dstat = CE_DE | DSTAT_UNIT_CHECK } },
		.data = { FIRST_DATA, { DATA2, 4, 8 } },
		.end = { AFTER(1), CE_DE | DSTAT_UNIT_CHECK,
			 CSTAT_INCORRECT_LENGTH, 4 },
		.told = { .last = PCI },
	}, {
		.name = "PCI behind a TIC",
		.ccws = {
			{ 0x02, CCW_CC, 8, DATA },
			{ 0x08, 0, 0, CCW(3) },
			{ 0x03, 0, 0, 0 },
			{ 0x02, CCW_PCI, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA, SECOND_DATA },
		.end = { AFTER(3), CE_DE, 0, 0 },
		.told = { .pci = 1 },
	}, {
		.name = "PCI flag of a format-0 TIC is ignored",
		.format0 = true,
		.ccws = {
			{ 0x02, CCW_CC, 8, DATA },
			{ 0x08, CCW_PCI, 0, CCW(3) },
			{ 0x03, 0, 1, 0 },
			{ 0x02, 0, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA, SECOND_DATA },
		.end = { AFTER(3), CE_DE, 0, 0 },
	},

	/* Initial status */
	{
		.name = "initial status zero, the program goes on",
		.orb = I,
		.ccws = {
			{ 0x02, CCW_CC, 8, DATA },
			{ 0x02, 0, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA, SECOND_DATA },
		.end = { AFTER(1), CE_DE, 0, 0 },
		.told = { .zero_cc = 1 },
	}, {
		.name = "initial status zero of the only command",
		.orb = I,
		.ccws = { { 0x02, 0, 8, DATA } },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
		.told = { .last = Z },
	}, {
		.name = "initial status zero, and a check while data are moved",
		.orb = I,
		.ccws = { { 0x02, 0, 8, FAKE_STORAGE } },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, PROGRAM_CHECK, ANY },
		.told = { .last = Z },
	}, {
		.name = "the initial status of an immediate operation is its ending",
		.orb = I,
		.ccws = {
			{ 0x03, CCW_CC, 0, 0 },
			{ 0x02, 0, 8, DATA },
		},
		.steps = { STEP_IMMEDIATE(0x03), STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(1), CE_DE, 0, 0 },
	}, {
		.name = "the initial status of a refused command is not zero",
		.orb = I,
		.ccws = { { 0x02, 0, 8, DATA } },
		.steps = { STEP_STATUS(0x02, DSTAT_UNIT_CHECK) },
		.end = { AFTER(0), DSTAT_UNIT_CHECK, 0, 8 },
	}, {
		.name = "no initial status of an invalid first CCW",
		.orb = I,
		.ccws = { { 0x10, 0, 8, DATA } },
		.end = { AFTER(0), 0, PROGRAM_CHECK, ANY },
	}, {
		.name = "initial status without the control in the ORB",
		.ccws = { { 0x02, 0, 8, DATA } },
		.steps = { STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA },
		.end = { AFTER(0), CE_DE, 0, 0 },
	}, {
		.name = "PCI and initial status of the first command",
		.orb = I,
		.ccws = {
			{ 0x02, CCW_PCI | CCW_CC, 8, DATA },
			{ 0x02, 0, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
		.data = { FIRST_DATA, SECOND_DATA },
		.end = { AFTER(1), CE_DE, 0, 0 },
		.told = { .pci = 1, .zero_cc = 1 },
	}, {
		.name = "PCI and initial status come together with the ending",
		.orb = I,
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA },
			{ 0x02, CCW_PCI, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 16) },
		.data = { FIRST_DATA, SECOND_DATA },
		.end = { AFTER(1), CE_DE, 0, 0 },
		.told = { .last = PCI | Z },
	},
};

KUNIT_ARRAY_PARAM_DESC(told, told_cases, name);

/* What TEST SUBCHANNEL shows */

/* Load a case into the guest and the device of the image, and start it. */
static void start(struct fake_image *image, const struct chanprog_case *c)
{
	struct css_orb orb = {
		.flags = cpu_to_be32(c->orb | IMAGE_PATH << ORB_LPM_SHIFT |
				     ORB_FORMAT),
		.cpa = cpu_to_be32(PROG),
	};
	struct kunit *test = image->guest.test;
	struct chanprog_bench *bench = chanprog_bench_create(test);
	unsigned int nr_steps;

	image_enable(image, IMAGE_ISC, 0);
	/*
	 * Load the case into a bench, and copy its storage to the image's
	 * guest.
	 */
	chanprog_bench_load(bench, c);
	nr_steps = bench->fake->nr_steps;
	fake_put(&image->guest, 0, bench->guest.storage, FAKE_STORAGE);
	fake_mark(&image->guest, &c->broken, FAKE_BROKEN);
	fake_device_script(image->fake, c->steps, nr_steps);
	image_must_start(image, &orb);
}

static const struct chanprog_case pci_read = {
	.ccws = { { 0x02, CCW_PCI, 8, DATA } },
	.steps = { STEP_GIVES(0x02, 8) },
};

static void start_pci_blocked(struct kunit *test)
{
	struct fake_image *image = test->priv;

	image->fake->must_wait = true;
	image->fake->blocks = true;
	start(image, &pci_read);
	KUNIT_ASSERT_NE(test, 0,
			wait_for_completion_timeout(&image->fake->in_command,
						    60 * HZ));
}

/* A PCI is pending while the device still executes the command. */
static void status_pci_while_active_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct guest_io_int io_int;
	struct css_irb irb;

	start_pci_blocked(test);
	KUNIT_EXPECT_TRUE(test, fake_accept(&image->guest, &io_int));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | ACTIVE | INTERMEDIATE);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, 0);
	/* TEST SUBCHANNEL clears the PCI, and nothing else. */
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), SCSW_FC_START | ACTIVE);
	complete_all(&image->fake->go_on);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 2));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), SCSW_FC_START | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
}

/* A PCI that the guest has not tested for is stored with the ending. */
static void status_pci_with_ending_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start(image, &pci_read);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | SCSW_SC_INTERMEDIATE | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), AFTER(0));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), 0);
}

/* A PCI alone doesn't make the status an alert. */
static void status_pci_beside_check_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.ccws = {
			{ 0x02, CCW_PCI | CCW_CC, 8, DATA },
			{ 0x10, 0, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8) },
	};
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start(image, &c);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | SCSW_SC_INTERMEDIATE | CHECKED);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI | PROGRAM_CHECK);
	/*
	 * A subchannel logout is only stored if the host could not provide
	 * storage.
	 */
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_ESW_FORMAT, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.erw), 0);
}

static void status_zero_cc_with_ending_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.orb = ORB_INITIAL_STATUS,
		.ccws = {
			{ 0x02, CCW_CC, 8, DATA }, { 0x02, 0, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
	};
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start(image, &c);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | SCSW_SC_INTERMEDIATE | ENDED);
	KUNIT_EXPECT_NE(test, irb_flags(&irb) & SCSW_ZERO_CC, 0);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_ZERO_CC, 0);
}

/*
 * What could not be told before the program ended is told with the ending, by
 * one interruption.
 */
static void status_told_by_ending_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.orb = ORB_INITIAL_STATUS,
		.ccws = {
			{ 0x02, CCW_CD, 8, DATA }, { 0x02, CCW_PCI, 8, DATA2 },
		},
		.steps = { STEP_GIVES(0x02, 16) },
	};
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start(image, &c);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 1));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | SCSW_SC_INTERMEDIATE | ENDED);
	KUNIT_EXPECT_NE(test, irb_flags(&irb) & SCSW_ZERO_CC, 0);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, image->guest.injected, 1);
}

static const struct chanprog_case pci_suspend = {
	.orb = ORB_SUSPEND | ORB_INITIAL_STATUS,
	.ccws = {
		{ 0x02, CCW_PCI | CCW_CC, 8, DATA },
		{ 0x02, CCW_SUSPEND, 8, DATA2 },
	},
	.steps = { STEP_GIVES(0x02, 8), STEP_GIVES(0x02, 8) },
};

/*
 * When the program gets suspended, status that the guest has not yet tested for
 * stays.
 */
static void status_pci_before_suspension_test(struct kunit *test)
{
	static const struct case_ccw go_on = { 0x02, 0, 8, DATA2 };
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start(image, &pci_suspend);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, 1);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | SCSW_AC_SUSPENDED | INTERMEDIATE);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	KUNIT_EXPECT_NE(test, irb_flags(&irb) & SCSW_ZERO_CC, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), AFTER(1));
	KUNIT_EXPECT_EQ(test, image->fake->done, 1);
	/*
	 * TEST SUBCHANNEL has cleared it, so the ending doesn't have it again.
	 */
	chanprog_put_ccw(&image->guest, CCW(1), &go_on, false);
	image_must(image, IOINST_RSCH);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), SCSW_FC_START | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_ZERO_CC, 0);
}

/*
 * The PCI of a CCW with the suspend flag is told when the CCW is executed, not
 * when it suspends the program.
 */
static void status_pci_of_suspending_ccw_test(struct kunit *test)
{
	static const struct chanprog_case c = {
		.orb = ORB_SUSPEND,
		.ccws = { { 0x02, CCW_SUSPEND | CCW_PCI, 8, DATA } },
		.steps = { STEP_GIVES(0x02, 8) },
	};
	static const struct case_ccw go_on = { 0x02, CCW_PCI, 8, DATA };
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start(image, &c);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | SCSW_AC_SUSPENDED | INTERMEDIATE);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	chanprog_put_ccw(&image->guest, CCW(0), &go_on, false);
	image_must(image, IOINST_RSCH);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
}

/* The status also stays if the suspension itself is suppressed. */
static void status_pci_suppressed_suspension_test(struct kunit *test)
{
	struct chanprog_case c = pci_suspend;
	struct fake_image *image = test->priv;
	struct css_irb irb;

	c.orb |= ORB_SUPPRESS_SUSPENDED;
	start(image, &c);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | SCSW_AC_SUSPENDED | INTERMEDIATE);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | SCSW_AC_SUSPENDED);
	image_must(image, IOINST_XSCH);
}

/* After a clear function nothing of what the program had to tell is left. */
static void status_clear_forgets_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start(image, &pci_suspend);
	image_must(image, IOINST_CSCH);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_CLEAR | SCSW_SC_PENDING);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_ZERO_CC, 0);
}

static void status_halt_forgets_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start_pci_blocked(test);
	image_must(image, IOINST_HSCH);
	KUNIT_EXPECT_TRUE(test, fake_wait_injected(&image->guest, 2));
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_START | SCSW_FC_HALT | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, 0);
}

/*
 * A deferred condition code belongs to the start function, so a clear function
 * removes it.
 */
static void status_clear_forgets_deferred_cc_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	orb.flags = cpu_to_be32(ORB_FORMAT | 0x40 << ORB_LPM_SHIFT);
	image_must_start(image, &orb);
	image_must(image, IOINST_CSCH);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb),
			SCSW_FC_CLEAR | SCSW_SC_PENDING);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_DEFERRED_CC, 0);
}

/* "Subchannel Logout", format-0 ESW */
struct logout_case {
	struct chanprog_case c;
	u8 cstat;
	u32 word0;	/* word 0 beside the LPUM and the validity flags */
	u64 failing;
};

#define BROKEN	{ DATA2, 0x1000 }

static const struct logout_case logout_cases[] = {
	{
		.c = {
			.name = "read",
			.broken = BROKEN,
			.ccws = { { 0x02, 0, 16, DATA2 - 8 } },
			.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		},
		.cstat = CSTAT_CHANNEL_DATA,
		.word0 = LOGOUT_READ,
		.failing = DATA2,
	}, {
		.c = {
			.name = "sense",
			.broken = BROKEN,
			.ccws = { { 0x04, 0, 16, DATA2 } },
			.steps = { STEP_GIVES_LEFT(0x04, 16, 16) },
		},
		.cstat = CSTAT_CHANNEL_DATA,
		.word0 = LOGOUT_READ,
		.failing = DATA2,
	}, {
		.c = {
			.name = "write",
			.broken = BROKEN,
			.ccws = { { 0x01, 0, 16, DATA2 + 8 } },
			.steps = { STEP_TAKES_LEFT(0x01, 16, 16) },
		},
		.cstat = CSTAT_CHANNEL_DATA,
		.word0 = LOGOUT_WRITE,
		.failing = DATA2 + 8,
	}, {
		.c = {
			.name = "control",
			.broken = BROKEN,
			.ccws = { { 0x07, 0, 16, DATA2 + 8 } },
			.steps = { STEP_TAKES_LEFT(0x07, 16, 16) },
		},
		.cstat = CSTAT_CHANNEL_DATA,
		.word0 = LOGOUT_WRITE,
		.failing = DATA2 + 8,
	}, {
		.c = {
			.name = "read backward",
			.broken = BROKEN,
			.ccws = { { 0x0c, 0, 16, DATA2 + 0x1007 } },
			.steps = { STEP_GIVES_LEFT(0x0c, 16, 8) },
		},
		.cstat = CSTAT_CHANNEL_DATA,
		.word0 = LOGOUT_READ_BACKWARD,
		.failing = DATA2 + 0xfff,
	}, {
		.c = {
			.name = "data that an IDAW designates",
			.broken = BROKEN,
			.ccws = { { 0x02, CCW_IDA, 16, LIST2 } },
			.lists = { IDAWS1(LIST2, 2, DATA + 0x7f8, DATA2) },
			.steps = { STEP_GIVES_LEFT(0x02, 16, 8) },
		},
		.cstat = CSTAT_CHANNEL_DATA,
		.word0 = LOGOUT_READ,
		.failing = DATA2,
	}, {
		.c = {
			.name = "CCW",
			.broken = BROKEN,
			.ccws = {
				{ 0x02, CCW_CC, 8, DATA },
				{ 0x08, 0, 0, DATA2 + 0x10 },
			},
			.steps = { STEP_GIVES(0x02, 8) },
		},
		.cstat = CSTAT_CHANNEL_CONTROL,
		.word0 = LOGOUT_CCW_CHECK,
		.failing = DATA2 + 0x10,
	}, {
		.c = {
			.name = "IDAW",
			.broken = BROKEN,
			.ccws = { { 0x02, CCW_IDA, 16, DATA2 + 4 } },
			.steps = { STEP_GIVES_LEFT(0x02, 16, 16) },
		},
		.cstat = CSTAT_CHANNEL_CONTROL,
		.word0 = LOGOUT_IDAW_CHECK,
		.failing = DATA2 + 4,
	}, {
		.c = {
			.name = "MIDAW",
			.orb = ORB_MIDAW,
			.broken = BROKEN,
			.ccws = { { 0x01, CCW_MIDA, 16, DATA2 + 0x20 } },
			.steps = { STEP_TAKES_LEFT(0x01, 16, 16) },
		},
		.cstat = CSTAT_CHANNEL_CONTROL,
		.word0 = LOGOUT_IDAW_CHECK,
		.failing = DATA2 + 0x20,
	},
};

static void logout_desc(const struct logout_case *l, char *desc)
{
	strscpy(desc, l->c.name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(logout, logout_cases, logout_desc);

static void status_logout_test(struct kunit *test)
{
	const struct logout_case *l = test->param_value;
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start(image, &l->c);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_control(&irb), SCSW_FC_START | CHECKED);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, l->cstat);
	KUNIT_EXPECT_NE(test, irb_flags(&irb) & SCSW_ESW_FORMAT, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.word0),
			l->word0 | IMAGE_PATH << LOGOUT_LPUM_SHIFT |
			LOGOUT_LPUM_VALID | LOGOUT_CPA_VALID |
			LOGOUT_DSTAT_VALID);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.erw),
			ERW_FAILING_ADDRESS | ERW_FAILING_FORMAT2);
	KUNIT_EXPECT_EQ(test, be64_to_cpu(irb.esw.failing), l->failing);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_NOT_STATUS_PENDING);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_ESW_FORMAT, 0);
}

static void status_clear_forgets_logout_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_irb irb;

	start(image, &logout_cases[0].c);
	image_must(image, IOINST_CSCH);
	EXPECT_CC(test, image_tsch(image, &irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_ESW_FORMAT, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.word0),
			IMAGE_PATH << LOGOUT_LPUM_SHIFT);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.esw.erw), 0);
}

static struct kunit_case told_test_cases[] = {
	KUNIT_CASE_PARAM(chanprog_on_vcpu, told_gen_params),
	KUNIT_CASE_PARAM(chanprog_on_worker, told_gen_params),
	KUNIT_CASE_PARAM(chanprog_deferred, told_gen_params),
	KUNIT_CASE_PARAM(chanprog_bytewise, told_gen_params),
	KUNIT_CASE_PARAM(chanprog_prefetched, told_gen_params),
	{}
};

static struct kunit_suite told_suite = {
	.name = "kvm_css_chanprog_told",
	.test_cases = told_test_cases,
};

static struct kunit_case status_test_cases[] = {
	KUNIT_CASE(status_pci_while_active_test),
	KUNIT_CASE(status_pci_with_ending_test),
	KUNIT_CASE(status_pci_beside_check_test),
	KUNIT_CASE(status_zero_cc_with_ending_test),
	KUNIT_CASE(status_told_by_ending_test),
	KUNIT_CASE(status_pci_before_suspension_test),
	KUNIT_CASE(status_pci_of_suspending_ccw_test),
	KUNIT_CASE(status_pci_suppressed_suspension_test),
	KUNIT_CASE(status_clear_forgets_test),
	KUNIT_CASE(status_halt_forgets_test),
	KUNIT_CASE(status_clear_forgets_deferred_cc_test),
	KUNIT_CASE_PARAM(status_logout_test, logout_gen_params),
	KUNIT_CASE(status_clear_forgets_logout_test),
	{}
};

static struct kunit_suite status_suite = {
	.name = "kvm_css_chanprog_status",
	.init = image_init,
	.exit = image_exit,
	.test_cases = status_test_cases,
};

kunit_test_suites(&told_suite, &status_suite);
