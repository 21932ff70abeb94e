// SPDX-License-Identifier: GPL-2.0
/* Commands that are returned together with the one to which they are chained */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#define ANY		KVM_CSS_COMMAND_NEXT_ANY
#define IMMEDIATE	KVM_CSS_COMMAND_NEXT_IMMEDIATE

/* What the device answers to each command, in turn */
static struct css_answer answers[4];

static void next_answer(char operation)
{
	if (operation == 'c' && tester.nr < ARRAY_SIZE(answers))
		tester.answer = answers[tester.nr];
}

/* MODE SET, WRITE, NO-OPERATION, as Linux' tape driver writes a block */
static uint64_t begin(void)
{
	uint64_t seq;

	tester_open();
	memset(answers, 0, sizeof(answers));
	css_end(&answers[0], 1);
	css_end(&answers[1], 5);
	css_end_immediate(&answers[2]);
	tester.answer = answers[0];
	tester.hook = next_answer;
	seq = fake_command(0xdb, CSS_CCW_CHAIN_COMMAND, 1, "m");
	fake_chain(0, 0x01, CSS_CCW_CHAIN_COMMAND, 5, "block");
	fake_chain(0, 0x03, CSS_CCW_SLI, 0, "");
	return seq;
}

static void expect_done(uint32_t nr)
{
	ktap_check(fake.nr_done == nr, "expected %u commands before, found %u", nr,
		   fake.nr_done);
}

static void a_chain_is_one_round_trip(void)
{
	uint64_t seq = begin();

	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("ccc");
	expect_answers(1);
	expect_answer(0, seq + 2, CSS_ENDED, 0, 0);
	expect_done(2);
	ktap_check(fake.done[0].count == 1 && fake.done[1].count == 5 &&
		   !fake.done[0].flags && !fake.done[1].flags,
		   "other counts of the commands before");
	ktap_check(!memcmp(tester.commands[1].data, "block", 5) &&
		   tester.commands[1].seq == seq + 1 &&
		   tester.commands[1].code == 0x01 && !tester.commands[1].first,
		   "the second command isn't the guest's");
	tester_close();
}

static void it_ends_with_other_status(void)
{
	uint64_t seq = begin();

	answers[1].status |= CSS_UNIT_EXCEPTION;
	css_unit_step(tester.unit);
	expect_told("cc");
	expect_answer(0, seq + 1, CSS_ENDED | CSS_UNIT_EXCEPTION, 5, 0);
	expect_done(1);
	tester_close();
}

static void it_ends_with_another_length(void)
{
	uint64_t seq = begin();

	answers[1].count = 4;
	css_unit_step(tester.unit);
	expect_told("cc");
	expect_answer(0, seq + 1, CSS_ENDED, 4, 0);
	expect_done(1);
	tester_close();
}

static void any_length_goes_on_if_it_may(void)
{
	uint64_t seq = begin();

	answers[1].count = 4;
	fake.next[0].flags |= ANY;
	css_unit_step(tester.unit);
	expect_told("ccc");
	expect_answer(0, seq + 2, CSS_ENDED, 0, 0);
	tester_close();
}

static void it_ends_with_an_immediate_operation(void)
{
	uint64_t seq = begin();

	css_end_immediate(&tester.answer);
	tester.answer.count = 0;
	css_unit_step(tester.unit);
	expect_told("c");
	expect_answer(0, seq, CSS_ENDED, 0, 0);
	expect_done(0);
	tester_close();
}

static void an_immediate_operation_goes_on_if_it_may(void)
{
	uint64_t seq = begin();

	css_end_immediate(&tester.answer);
	tester.answer.count = 0;
	fake.command.flags |= IMMEDIATE;
	css_unit_step(tester.unit);
	expect_told("ccc");
	expect_answer(0, seq + 2, CSS_ENDED, 0, 0);
	ktap_check(fake.done[0].flags == KVM_CSS_ANSWER_IMMEDIATE,
		   "the first one isn't immediate");
	tester_close();
}

static void be_slow(char operation)
{
	next_answer(operation);
	if (tester.nr == 1)
		usleep(250000);
}

static void what_follows_a_slow_command_waits(void)
{
	uint64_t seq = begin();

	tester.hook = be_slow;
	css_unit_step(tester.unit);
	expect_told("c");
	expect_answer(0, seq, CSS_ENDED, 1, 0);
	tester_close();
}

static void one_of_them_is_answered_later(void)
{
	uint64_t seq = begin();
	struct css_answer answer = { 0 };

	answers[1].later = true;
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("cc");
	expect_answers(0);
	css_end(&answer, 5);
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, seq + 1, &answer),
		  0);
	expect_answer(0, seq + 1, CSS_ENDED, 5, 0);
	expect_done(1);
	tester_close();
}

static void a_wrong_answer_in_it_is_corrected(void)
{
	uint64_t seq = begin();

	answers[1].status = CSS_BUSY;
	expect_rc("css_unit_step", css_unit_step(tester.unit), -EINVAL);
	expect_told("cc");
	expect_answers(1);
	expect_answer(0, seq + 1, CSS_ENDED | CSS_UNIT_CHECK, 0, 0x10);
	expect_done(1);
	tester_close();
}

static void a_count_beyond_the_area_ends_it(void)
{
	uint64_t seq = begin();

	fake.command.flags |= ANY;
	tester.answer.count = TEST_AREA + 1;
	expect_rc("css_unit_step", css_unit_step(tester.unit), -EINVAL);
	expect_told("c");
	expect_answer(0, seq, CSS_ENDED | CSS_UNIT_CHECK, 0, 0x10);
	tester_close();
}

static void it_is_over_meanwhile(void)
{
	begin();
	tester.hook = NULL;
	fake.interrupt = false;
	tester.answer.later = true;
	css_unit_step(tester.unit);
	fake_clear();
	tester.answer.later = false;
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("cx");
	expect_answers(0);
	tester_close();
}

/* Before version 7, the kernel returns commands one by one. */
static void an_old_kernel(void)
{
	uint64_t seq;

	tester_open_old(6);
	seq = fake_command(0x01, CSS_CCW_SLI, 5, "abcde");
	tester.answer.count = 5;
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_answer(0, seq, CSS_ENDED, 5, 0);
	tester_close();
}

const struct ktap_case chain_cases[] = {
	{ "a chain is one round trip", a_chain_is_one_round_trip },
	{ "a chain ends with other status", it_ends_with_other_status },
	{ "a chain ends with another length", it_ends_with_another_length },
	{ "any length goes on if it may", any_length_goes_on_if_it_may },
	{ "a chain ends with an immediate operation",
	  it_ends_with_an_immediate_operation },
	{ "an immediate operation goes on if it may",
	  an_immediate_operation_goes_on_if_it_may },
	{ "what follows a slow command waits", what_follows_a_slow_command_waits },
	{ "a command of a chain is answered later", one_of_them_is_answered_later },
	{ "a wrong answer in a chain is corrected",
	  a_wrong_answer_in_it_is_corrected },
	{ "a count beyond the area ends a chain", a_count_beyond_the_area_ends_it },
	{ "a chain is over meanwhile", it_is_over_meanwhile },
	{ "a kernel that knows nothing of chains", an_old_kernel },
};

const unsigned int chain_nr = ARRAY_SIZE(chain_cases);
