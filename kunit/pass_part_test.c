// SPDX-License-Identifier: GPL-2.0
/*
 * Programs of a guest that the host's subchannel suspends: for the guest, or because the
 * module executes them in parts.
 *
 * "Programs that change themselves" in Documentation/passthrough.rst; Principles of
 * Operation chapter 15, "Suspension of Channel-Program Execution" and "Resumption".
 */
#include <linux/delay.h>

#include "pass_case.h"

#define CMD_READ	0x02
#define CMD_NOP		0x03

/*
 * A loader: the first command reads what comes behind it.  P is zero, so it is executed
 * in parts.
 */
static void start_in_parts(struct pass_image *pass)
{
	image_enable(pass->image, IMAGE_ISC, 0);
	pass_ccw(pass, 0, CMD_READ, CCW_CC, 2 * CCW_SIZE, IMAGE_PROG + CCW_SIZE);
	pass_ccw(pass, 1, CMD_READ, CCW_CC, IMAGE_COUNT, IMAGE_DATA);
	pass_ccw(pass, 2, CMD_NOP, CCW_SLI, 1, IMAGE_DATA);
	pass_start(pass, 0);
	KUNIT_EXPECT_TRUE(pass->test, pass->host->orb.flags &
			  cpu_to_be32(ORB_SUSPEND));
}

/* The host comes to where the module has it suspend the program. */
static void suspend(struct pass_image *pass, u8 cstat)
{
	struct css_irb irb;

	fake_host_make(&irb, SUSPENDED | INTERMEDIATE, 0, pass_cpa(pass, 1));
	irb.scsw.cstat = cstat;
	fake_host_interrupt(pass->host, &irb);
	pass->host->schib.scsw.flags = irb.scsw.flags;
	flush_work(&pass->pt->backend.news.work);
}

static const struct host_program *last_part(const struct pass_image *pass)
{
	return list_last_entry(&pass->pt->run->parts, struct pt_part,
			       entry)->program;
}

/* The address behind the first CCW of the last part, from the host's TIC */
static u32 tic_target(struct pass_image *pass)
{
	struct css_orb orb;

	host_program_orb(last_part(pass), &orb);
	return be32_to_cpu(orb.cpa) + CCW_SIZE;
}

static void pass_parts_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	start_in_parts(pass);
	suspend(pass, 0);
	pass_settle(pass);
	/* The guest has seen nothing, and the host goes on. */
	pass_expect_none(pass);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 1);
	KUNIT_EXPECT_FALSE(test, pass->pt->suspended.is);
	pass_interrupt(pass, START | ENDED, CE_DE, tic_target(pass));
	pass_expect(pass, START | ENDED, CE_DE, &irb);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa),
			IMAGE_PROG + 2 * CCW_SIZE);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
}

/* PCI in the same status isn't lost. */
static void pass_parts_pci_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	start_in_parts(pass);
	suspend(pass, CSTAT_PCI);
	pass_settle(pass);
	pass_expect(pass, START | ACTIVE | INTERMEDIATE, 0, &irb);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 1);
}

/* However long a program goes on, there are not more than two translations. */
static void pass_parts_many_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;
	u32 pinned;
	int i;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_ccw(pass, 0, CMD_NOP, CCW_SUSPEND | CCW_CC | CCW_SLI, 1, IMAGE_DATA);
	pass_ccw(pass, 1, CMD_READ, CCW_CC, IMAGE_COUNT, IMAGE_DATA);
	pass_ccw(pass, 2, 0x08, 0, 0, IMAGE_PROG);
	pass_start(pass, ORB_SUSPEND | ORB_PREFETCH);
	pinned = pass->image->guest.pinned;
	for (i = 0; i < 20; i++) {
		pass_interrupt(pass, SUSPENDED | INTERMEDIATE, 0,
			       tic_target(pass));
		pass_expect(pass, SUSPENDED | INTERMEDIATE, 0, &irb);
		KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa),
				IMAGE_PROG + CCW_SIZE);
		image_must(pass->image, IOINST_RSCH);
		KUNIT_EXPECT_LE(test, pass->image->guest.pinned, 2 * pinned);
	}
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 20);
}

/* RESUME SUBCHANNEL while the program isn't suspended yet is remembered. */
static void pass_resume_early_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_ccw(pass, 0, CMD_NOP, CCW_CC | CCW_SLI, 1, IMAGE_DATA);
	pass_ccw(pass, 1, CMD_NOP, CCW_SUSPEND | CCW_SLI, 1, IMAGE_DATA);
	pass_start(pass, ORB_SUSPEND | ORB_PREFETCH);
	pass_ccw(pass, 1, CMD_READ, 0, IMAGE_COUNT, IMAGE_DATA);
	image_must(pass->image, IOINST_RSCH);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 0);
	KUNIT_EXPECT_TRUE(test, image_control(pass->image) &
			  SCSW_AC_RESUME_PENDING);
	/* A second one finds it pending. */
	EXPECT_CC(test, image_execute(pass->image, IOINST_RSCH), IOINST_CC_BUSY);
	suspend(pass, 0);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 1);
	pass_expect_none(pass);
}

/* At the end of 31-bit addresses, behind which the CCW address in status is zero */

#define LAST	(FAKE_HIGH + FAKE_PAGE - CCW_SIZE)

/* A program of two CCWs is suspended at the second one. */
static void start_at_end(struct pass_image *pass, u8 first, u8 second, u32 flags)
{
	const struct css_ccw1 ccws[] = {
		{ .cmd = CMD_READ, .flags = CCW_CC | first,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
		{ .cmd = CMD_READ, .flags = second,
		  .count = cpu_to_be16(IMAGE_COUNT),
		  .cda = cpu_to_be32(IMAGE_DATA) },
	};
	struct css_orb orb;

	image_enable(pass->image, IMAGE_ISC, 0);
	fake_put(&pass->image->guest, LAST - CCW_SIZE, ccws, sizeof(ccws));
	pass_orb(&orb, flags);
	orb.cpa = cpu_to_be32(LAST - CCW_SIZE);
	image_must_start(pass->image, &orb);
	suspend(pass, 0);
}

static void pass_part_edge_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	start_at_end(pass, CCW_PCI, 0, 0);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 1);
	pass_interrupt(pass, START | ENDED, CE_DE, tic_target(pass));
	pass_expect(pass, START | ENDED, CE_DE, &irb);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), 0);
}

static void pass_resume_edge_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct host_program_place place;
	struct css_irb irb;

	start_at_end(pass, 0, CCW_SUSPEND, ORB_SUSPEND | ORB_PREFETCH);
	pass_expect(pass, SUSPENDED | INTERMEDIATE, 0, &irb);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), 0);
	image_must(pass->image, IOINST_RSCH);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 1);
	/* What goes on there is the last CCW. */
	KUNIT_EXPECT_TRUE(test, host_program_place(last_part(pass), tic_target(pass),
						   &place));
	KUNIT_EXPECT_EQ(test, ccw_before(place.ccw), LAST);
}

/* Suspend control of the guest's, not of the host's */
static void pass_resume_control_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;

	start_in_parts(pass);
	EXPECT_CC(test, image_execute(pass->image, IOINST_RSCH), IOINST_CC_BUSY);
	suspend(pass, 0);
	EXPECT_CC(test, image_execute(pass->image, IOINST_RSCH), IOINST_CC_BUSY);
	pass_settle(pass);
}

/* "Suppress-Suspended-Interruption Control" */
static void pass_suppress_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;

	image_enable(pass->image, IMAGE_ISC, 0);
	pass_ccw(pass, 0, CMD_NOP, CCW_CC | CCW_SLI, 1, IMAGE_DATA);
	pass_ccw(pass, 1, CMD_NOP, CCW_SUSPEND | CCW_SLI, 1, IMAGE_DATA);
	pass_start(pass, ORB_SUSPEND | ORB_PREFETCH | ORB_SUPPRESS_SUSPENDED);
	suspend(pass, 0);
	pass_expect_none(pass);
	KUNIT_EXPECT_EQ(test, image_control(pass->image), SUSPENDED);
	image_must(pass->image, IOINST_RSCH);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 1);
}

/* What another CPU does while a worker translates the next part */

enum meanwhile {
	MEANWHILE_HALTS,
	MEANWHILE_CLEARS,
	MEANWHILE_CANCELS,
	MEANWHILE_RESETS,
	MEANWHILE_GOES,
};

static struct pass_image *current_pass;
static enum meanwhile meanwhile;
static bool meanwhile_done;

static void do_meanwhile(struct pass_image *pass)
{
	struct kunit *test = pass->test;

	switch (meanwhile) {
	case MEANWHILE_HALTS:
		image_must(pass->image, IOINST_HSCH);
		break;
	case MEANWHILE_CLEARS:
		image_must(pass->image, IOINST_CSCH);
		break;
	case MEANWHILE_CANCELS:
		/* For the guest it is active. */
		EXPECT_CC(test, image_execute(pass->image, IOINST_XSCH),
			  IOINST_CC_BUSY);
		break;
	case MEANWHILE_GOES:
		fake_host_goes(pass->host, true);
		break;
	default:
		break;
	}
}

/* The worker has been called, and comes to its first access. */
static void at_access(struct guest *guest, const struct fake_access *access)
{
	if (access->operand || access->addr != IMAGE_PROG + CCW_SIZE)
		return;
	guest->at_access = NULL;
	WRITE_ONCE(meanwhile_done, false);
	/* The thread of the test case does it, because it is the vCPU's. */
	pass_wait(current_pass, READ_ONCE(meanwhile_done));
}

static void do_while_translating(struct pass_image *pass, enum meanwhile what)
{
	struct guest *guest = &pass->image->guest;

	start_in_parts(pass);
	current_pass = pass;
	meanwhile = what;
	meanwhile_done = true;
	guest->at_access = at_access;
	suspend(pass, 0);
	pass_wait(pass, !READ_ONCE(guest->at_access));
	do_meanwhile(pass);
	WRITE_ONCE(meanwhile_done, true);
	pass_settle(pass);
}

static void pass_part_halt_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	do_while_translating(pass, MEANWHILE_HALTS);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 0);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_HSCH], 1);
	/* For the guest, the program was between two commands. */
	pass_interrupt(pass, SCSW_DEFERRED_CC1 | SUSPENDED | HALT |
		       SCSW_SC_PENDING, 0, pass_cpa(pass, 1));
	pass_expect(pass, START | HALT | ENDED, CE_DE, &irb);
	KUNIT_EXPECT_EQ(test, irb_flags(&irb) & SCSW_DEFERRED_CC, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), IMAGE_PROG + CCW_SIZE);
}

static void pass_part_clear_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	do_while_translating(pass, MEANWHILE_CLEARS);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 0);
	pass_interrupt(pass, CLEAR | SCSW_SC_PENDING, 0, 0);
	pass_expect(pass, CLEAR | SCSW_SC_PENDING, 0, &irb);
}

static void pass_part_cancel_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;

	do_while_translating(pass, MEANWHILE_CANCELS);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_XSCH], 0);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 1);
}

static void pass_part_gone_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;

	do_while_translating(pass, MEANWHILE_GOES);
	pass_wait(pass, !pass->image->guest.pinned);
	pass_expect_lost(pass);
}

/* The next part can't be translated. */
static void cannot_go_on(struct pass_image *pass)
{
	start_in_parts(pass);
	pass->image->guest.pin_fails = GUEST_PIN_LIMIT;
	suspend(pass, 0);
	pass_settle(pass);
}

static void pass_part_cannot_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	cannot_go_on(pass);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 0);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_HSCH], 1);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_CSCH], 0);
	pass_expect_none(pass);
	/* Nothing is to be seen of the halt function. */
	pass_interrupt(pass, SUSPENDED | HALT | SCSW_SC_PENDING, 0,
		       pass_cpa(pass, 1));
	pass_expect(pass, START | CHECKED, DSTAT_UNIT_EXCEPTION, &irb);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa),
			IMAGE_PROG + 2 * CCW_SIZE);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
}

/* Intermediate status isn't the end of the halt function. */
static void pass_part_cannot_told_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	cannot_go_on(pass);
	pass_interrupt(pass, START | HALT | ACTIVE | INTERMEDIATE, 0,
		       pass_cpa(pass, 1));
	pass_expect_none(pass);
	pass_settle(pass);
	KUNIT_EXPECT_GT(test, pass->image->guest.pinned, 0);
	pass_interrupt(pass, SUSPENDED | HALT | SCSW_SC_PENDING, 0,
		       pass_cpa(pass, 1));
	pass_expect(pass, START | CHECKED, DSTAT_UNIT_EXCEPTION, &irb);
}

/* The next part can't be translated, and the guest does something meanwhile. */
static void pass_part_cannot_halt_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	cannot_go_on(pass);
	image_must(pass->image, IOINST_HSCH);
	/* The module has halted it already. */
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_HSCH], 1);
	pass_interrupt(pass, SUSPENDED | HALT | SCSW_SC_PENDING, 0,
		       pass_cpa(pass, 1));
	pass_expect(pass, START | HALT | ENDED, CE_DE, &irb);
}

static void pass_part_cannot_clear_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	cannot_go_on(pass);
	image_must(pass->image, IOINST_CSCH);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_CSCH], 1);
	pass_interrupt(pass, CLEAR | SCSW_SC_PENDING, 0, 0);
	pass_expect(pass, CLEAR | SCSW_SC_PENDING, 0, &irb);
}

/* If the program can't be halted, it is cleared. */
static void pass_part_cannot_busy_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	pass->host->answers[HOST_HSCH] = IOINST_CC_BUSY;
	cannot_go_on(pass);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_CSCH], 1);
	pass_interrupt(pass, CLEAR | SCSW_SC_PENDING, 0, 0);
	pass_expect(pass, START | CHECKED, DSTAT_UNIT_EXCEPTION, &irb);
}

/* A worker puts signals off, and doesn't try for ever to get memory. */
static void pass_part_retry_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	start_in_parts(pass);
	pass->image->guest.pin_fails = GUEST_PIN_NO_MEMORY;
	suspend(pass, 0);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 0);
	pass_interrupt(pass, CLEAR | SCSW_SC_PENDING, 0, 0);
	pass_expect(pass, START | CHECKED, DSTAT_UNIT_EXCEPTION, &irb);
}

/* RESUME SUBCHANNEL of the module's ends otherwise than it should. */
static void pass_part_cc_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	pass->host->answers[HOST_RSCH] = IOINST_CC_BUSY;
	start_in_parts(pass);
	suspend(pass, 0);
	pass_settle(pass);
	pass_interrupt(pass, CLEAR | SCSW_SC_PENDING, 0, 0);
	pass_expect(pass, START | CHECKED, DSTAT_UNIT_EXCEPTION, &irb);
	/* The status that is the reason is the end. */
	pass->host->answers[HOST_RSCH] = IOINST_CC_STATUS_PRESENT;
	pass->host->late = START | CHECKED;
	start_in_parts(pass);
	suspend(pass, 0);
	pass_settle(pass);
	pass_expect(pass, START | CHECKED, 0, &irb);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_HSCH], 1);
}

/* Intermediate status gets into its way. */
static void pass_part_told_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	pass->host->answers[HOST_RSCH] = IOINST_CC_STATUS_PRESENT;
	pass->host->late = START | ACTIVE | INTERMEDIATE;
	pass->host->once = true;
	start_in_parts(pass);
	suspend(pass, 0);
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_RSCH], 2);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_HSCH], 0);
	KUNIT_EXPECT_FALSE(test, pass->pt->suspended.is);
	pass_expect(pass, START | ACTIVE | INTERMEDIATE, 0, &irb);
	pass_interrupt(pass, START | ENDED, CE_DE, tic_target(pass));
	pass_expect(pass, START | ENDED, CE_DE, &irb);
}

/* Status of a place at which the host can't be */
static void pass_part_nowhere_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	start_in_parts(pass);
	pass_interrupt(pass, SUSPENDED | INTERMEDIATE, 0, 0x12345678);
	pass_expect_none(pass);
	pass_interrupt(pass, CLEAR | SCSW_SC_PENDING, 0, 0);
	pass_expect(pass, START | CHECKED, DSTAT_UNIT_EXCEPTION, &irb);
}

/* The same with PCI, which the guest takes later: the program is halted once. */
static void pass_part_nowhere_pci_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct css_irb irb;

	start_in_parts(pass);
	pass_interrupt(pass, START | ACTIVE | INTERMEDIATE, 0, pass_cpa(pass, 0));
	fake_host_make(&irb, SUSPENDED | INTERMEDIATE, 0, 0x12345678);
	irb.scsw.cstat = CSTAT_PCI;
	fake_host_interrupt(pass->host, &irb);
	flush_work(&pass->pt->backend.news.work);
	image_control(pass->image);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_HSCH], 1);
	pass_expect(pass, START | ACTIVE | INTERMEDIATE, 0, &irb);
	pass_expect(pass, START | ACTIVE | INTERMEDIATE, 0, &irb);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat, CSTAT_PCI);
	pass_interrupt(pass, CLEAR | SCSW_SC_PENDING, 0, 0);
	pass_expect(pass, START | CHECKED, DSTAT_UNIT_EXCEPTION, &irb);
	KUNIT_EXPECT_EQ(test, pass->host->asked[HOST_HSCH], 1);
}

static struct kunit_case pass_part_cases[] = {
	KUNIT_CASE(pass_parts_test),
	KUNIT_CASE(pass_parts_pci_test),
	KUNIT_CASE(pass_parts_many_test),
	KUNIT_CASE(pass_resume_early_test),
	KUNIT_CASE(pass_resume_control_test),
	KUNIT_CASE(pass_suppress_test),
	KUNIT_CASE(pass_part_edge_test),
	KUNIT_CASE(pass_resume_edge_test),
	KUNIT_CASE(pass_part_halt_test),
	KUNIT_CASE(pass_part_clear_test),
	KUNIT_CASE(pass_part_cancel_test),
	KUNIT_CASE(pass_part_gone_test),
	KUNIT_CASE(pass_part_cannot_test),
	KUNIT_CASE(pass_part_cannot_told_test),
	KUNIT_CASE(pass_part_cannot_halt_test),
	KUNIT_CASE(pass_part_cannot_clear_test),
	KUNIT_CASE(pass_part_cannot_busy_test),
	KUNIT_CASE(pass_part_retry_test),
	KUNIT_CASE(pass_part_cc_test),
	KUNIT_CASE(pass_part_told_test),
	KUNIT_CASE(pass_part_nowhere_test),
	KUNIT_CASE(pass_part_nowhere_pci_test),
	{}
};

static struct kunit_suite pass_part_suite = {
	.name = "kvm_css_passthrough_part",
	.init = pass_init,
	.exit = pass_exit,
	.test_cases = pass_part_cases,
};

kunit_test_suite(pass_part_suite);
