// SPDX-License-Identifier: GPL-2.0
/* Commands that are answered later, and device end that comes later */
#include <errno.h>
#include <string.h>

#include "test.h"

static void issue_another(void)
{
	fake.answered = NULL;
	fake_command(0x01, 0, 1, "x");
}

static const struct css_answer ended = { .status = CSS_ENDED, .count = 1 };

/* A command that is answered later; its number */
static uint64_t open_later(void)
{
	uint64_t seq;

	tester_open();
	tester.answer.later = true;
	seq = fake_command(0x01, 0, 1, "a");
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_answers(0);
	expect_told("c");
	return seq;
}

static void a_command_is_answered_later(void)
{
	uint64_t seq = open_later();

	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &ended),
		  0);
	expect_answers(1);
	expect_answer(0, seq, CSS_ENDED, 1, 0);
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &ended),
		  -ESTALE);
	expect_answers(1);
	tester_close();
}

static void an_impossible_later_answer_can_be_corrected(void)
{
	const struct css_answer wrong = { .status = CSS_UNIT_CHECK };
	uint64_t seq = open_later();

	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &wrong),
		  -EINVAL);
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &ended),
		  0);
	expect_answers(1);
	tester_close();
}

static void a_signal_does_not_end_a_later_command(void)
{
	uint64_t seq = open_later();

	fake.fail = EINTR;
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &ended),
		  -EINTR);
	expect_rc("css_unit_run", css_unit_run(tester.unit), -EINTR);
	expect_answers(0);
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &ended),
		  0);
	expect_answers(1);
	tester_close();
}

static void a_later_answer_after_a_clear_is_stale(void)
{
	uint64_t seq = open_later();

	fake_clear();
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &ended),
		  -ESTALE);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("cx");
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &ended),
		  -ESTALE);
	tester_close();
}

/* No event says that an answer took too long. */
static void an_answer_that_took_too_long_is_stale(void)
{
	uint64_t seq = open_later(), next;

	fake_halt();
	fake_time_is_up();
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &ended),
		  -ESTALE);
	tester.answer = ended;
	next = fake_command(0x01, 0, 1, "b");
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("cc");
	expect_answers(1);
	expect_answer(0, next, CSS_ENDED, 1, 0);
	tester_close();
}

static void answer_when_stopped(char operation)
{
	const uint64_t seq = tester.commands[0].seq;

	if (operation == 's')
		expect_rc("css_unit_answer",
			  css_unit_answer(tester.unit, seq, &ended), 0);
}

static void a_later_command_is_stopped(void)
{
	uint64_t seq = open_later();

	fake_halt();
	tester.hook = answer_when_stopped;
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("cs");
	expect_answer(0, seq, CSS_ENDED, 1, 0);
	tester_close();
}

/* Otherwise the thread that serves the unit would never get them. */
static void a_later_answer_takes_nothing_else(void)
{
	uint64_t seq = open_later();

	fake.events = KVM_CSS_EVENT_PRESENTED;
	fake.answered = issue_another;
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &ended),
		  0);
	ktap_check(fake.events == KVM_CSS_EVENT_PRESENTED && !fake.taken,
		   "it did");
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("cpc");
	tester_close();
}

static void another_number_is_stale(void)
{
	uint64_t seq = open_later();

	expect_rc("css_unit_answer",
		  css_unit_answer(tester.unit, seq + 1, &ended), -ESTALE);
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq, &ended),
		  0);
	tester_close();
}

/* A command that has ended with channel end alone; its number */
static uint64_t open_working(void)
{
	uint64_t seq;

	tester_open();
	tester.answer.status = CSS_CHANNEL_END;
	seq = fake_command(0x07, 0, 1, NULL);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_answers(1);
	return seq;
}

static void device_end_comes_later(void)
{
	static const uint8_t sense[] = { 0x10, 0x01 };
	uint64_t seq = open_working();

	expect_rc("css_unit_end",
		  css_unit_end(tester.unit, seq, CSS_ATTENTION, NULL, 0),
		  -EINVAL);
	expect_rc("css_unit_end",
		  css_unit_end(tester.unit, seq, CSS_DEVICE_END | CSS_UNIT_CHECK,
			       sense, sizeof(sense)), 0);
	ktap_check(fake.end.seq == seq &&
		   fake.end.status == (CSS_DEVICE_END | CSS_UNIT_CHECK) &&
		   fake.end.sense_len == 2 && fake.end.sense[1] == 0x01,
		   "another status than the device's");
	expect_rc("css_unit_end",
		  css_unit_end(tester.unit, seq, CSS_DEVICE_END, NULL, 0),
		  -ESTALE);
	tester_close();
}

static void attention_beside_a_device_end_is_kept(void)
{
	uint64_t seq = open_working();

	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, CSS_ATTENTION, NULL, 0), 0);
	expect_rc("css_unit_end",
		  css_unit_end(tester.unit, seq, CSS_DEVICE_END, NULL, 0), 0);
	ktap_check(fake.present.status == CSS_ATTENTION && !fake.present.seq &&
		   fake.end.status == CSS_DEVICE_END, "one isn't there");
	tester_close();
}

static void device_end_after_a_halt_is_stale(void)
{
	uint64_t seq = open_working();

	fake_halt();
	expect_rc("css_unit_end",
		  css_unit_end(tester.unit, seq, CSS_DEVICE_END, NULL, 0),
		  -ESTALE);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("ch");
	tester_close();
}

static void device_end_of_no_command_is_stale(void)
{
	tester_open();
	expect_rc("css_unit_end",
		  css_unit_end(tester.unit, 0, CSS_DEVICE_END, NULL, 0),
		  -ESTALE);
	ktap_check(!fake.present.size, "it is presented as unsolicited status");
	tester_close();
}

const struct ktap_case later_cases[] = {
	{ "a command is answered later", a_command_is_answered_later },
	{ "an impossible later answer can be corrected",
	  an_impossible_later_answer_can_be_corrected },
	{ "a signal does not end a later command",
	  a_signal_does_not_end_a_later_command },
	{ "a later answer after a clear is stale",
	  a_later_answer_after_a_clear_is_stale },
	{ "an answer that took too long is stale",
	  an_answer_that_took_too_long_is_stale },
	{ "a later command is stopped", a_later_command_is_stopped },
	{ "a later answer takes nothing else",
	  a_later_answer_takes_nothing_else },
	{ "another number is stale", another_number_is_stale },
	{ "device end comes later", device_end_comes_later },
	{ "attention beside a device end is kept",
	  attention_beside_a_device_end_is_kept },
	{ "device end after a halt is stale",
	  device_end_after_a_halt_is_stale },
	{ "device end of no command is stale",
	  device_end_of_no_command_is_stale },
};

const unsigned int later_nr = ARRAY_SIZE(later_cases);
