// SPDX-License-Identifier: GPL-2.0
/* Status that answers no command, busy, and in which order a device is told */
#include <errno.h>
#include <string.h>

#include "test.h"

static void status_is_presented(void)
{
	tester_open();
	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, CSS_ATTENTION, NULL, 0), 0);
	ktap_check(fake.present.status == CSS_ATTENTION, "another status");
	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, CSS_DEVICE_END, NULL, 0), 0);
	ktap_check(fake.present.status == (CSS_ATTENTION | CSS_DEVICE_END),
		   "what comes later isn't presented with it");
	fake_take_status();
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("p");
	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, CSS_DEVICE_END, NULL, 0), 0);
	tester_close();
}

static void status_has_its_sense(void)
{
	static const uint8_t sense[CSS_SENSE_SIZE + 1] = { 0x40, 0x01, 0xff };
	const uint8_t status = CSS_DEVICE_END | CSS_UNIT_CHECK;

	tester_open();
	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, status, sense, 2), 0);
	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, CSS_ATTENTION, NULL, 0), 0);
	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, CSS_UNIT_CHECK, sense, 1), -EBUSY);
	ktap_check(fake.present.sense_len == 2 && fake.present.sense[0] == 0x40 &&
		   fake.present.sense[1] == 0x01 && !fake.present.sense[2],
		   "the sense bytes aren't those of the status");
	fake_take_status();
	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, CSS_UNIT_CHECK, NULL, 0), -EINVAL);
	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, CSS_UNIT_CHECK, sense,
				   sizeof(sense)), -EINVAL);
	ktap_check(!fake.present.size, "a refused status is presented");
	tester_close();
}

static void a_device_says_that_it_is_busy(void)
{
	tester_open();
	expect_rc("css_unit_busy", css_unit_busy(tester.unit, true, false), 0);
	ktap_check(fake.busy == KVM_CSS_BUSY_DEVICE, "it isn't");
	expect_rc("css_unit_busy", css_unit_busy(tester.unit, false, true), 0);
	ktap_check(fake.busy == KVM_CSS_BUSY_CONTROL_UNIT, "it isn't");
	expect_rc("css_unit_busy", css_unit_busy(tester.unit, false, false), 0);
	ktap_check(!fake.busy, "it still is");
	tester_close();
}

static void status_of_before_a_reset_is_stale(void)
{
	tester_open();
	fake_reset();
	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, CSS_ATTENTION, NULL, 0), -ESTALE);
	expect_rc("css_unit_busy", css_unit_busy(tester.unit, true, false),
		  -ESTALE);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("r");
	expect_rc("css_unit_busy", css_unit_busy(tester.unit, true, false), 0);
	tester_close();
}

/* A reset makes a device forget what it was told before. */
static void what_ends_everything_is_told_last(void)
{
	tester_open();
	fake.events = KVM_CSS_EVENT_RESET | KVM_CSS_EVENT_CLEARED |
		      KVM_CSS_EVENT_HALTED | KVM_CSS_EVENT_PRESENTED |
		      KVM_CSS_EVENT_STOP | KVM_CSS_EVENT_BEGIN;
	fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_run", css_unit_run(tester.unit), -EINTR);
	expect_told("shpxrbc");
	tester_close();
}

static void answer_with_status(char operation)
{
	if (operation == 'x')
		expect_rc("css_unit_present",
			  css_unit_present(tester.unit, CSS_ATTENTION, NULL, 0), 0);
}

static void operations_present_status(void)
{
	tester_open();
	tester.hook = answer_with_status;
	fake_clear();
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	ktap_check(fake.present.status == CSS_ATTENTION, "another status");
	tester_close();
}

static void end_normally(void *device, const struct css_command *command,
			 struct css_answer *answer)
{
	(void)device;
	css_end(answer, command->available);
}

/* Only the command is needed. */
static void other_operations_may_be_missing(void)
{
	static const struct css_device_ops ops = { .command = end_normally };
	struct css_unit *unit;

	if (css_unit_new(&unit, fake_open(4096), &ops, NULL))
		die("css_unit_new");
	fake.events = KVM_CSS_EVENT_RESET | KVM_CSS_EVENT_HALTED |
		      KVM_CSS_EVENT_PRESENTED | KVM_CSS_EVENT_STOP |
		      KVM_CSS_EVENT_CLEARED | KVM_CSS_EVENT_BEGIN;
	fake_command(0x01, 0, 4, "data");
	expect_rc("css_unit_run", css_unit_run(unit), -EINTR);
	expect_answers(1);
	ktap_check(fake.answers[0].count == 4, "another count");
	css_unit_free(unit);
	fake_close();
}

static void codes_say_the_direction(void)
{
	ktap_check(css_command_fetches(0x01) && css_command_fetches(0x03) &&
		   !css_command_fetches(0x02) && !css_command_fetches(0x04) &&
		   !css_command_fetches(0x0c), "another direction");
}

const struct ktap_case status_cases[] = {
	{ "status is presented", status_is_presented },
	{ "status has its sense", status_has_its_sense },
	{ "a device says that it is busy", a_device_says_that_it_is_busy },
	{ "status of before a reset is stale",
	  status_of_before_a_reset_is_stale },
	{ "what ends everything is told last",
	  what_ends_everything_is_told_last },
	{ "operations present status", operations_present_status },
	{ "other operations may be missing", other_operations_may_be_missing },
	{ "codes say the direction", codes_say_the_direction },
};

const unsigned int status_nr = ARRAY_SIZE(status_cases);
