// SPDX-License-Identifier: GPL-2.0
/* Commands one by one: who is called, and what the kernel is answered */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

static const struct css_device_ops nothing = { 0 };

static void a_command_is_executed_and_answered(void)
{
	uint64_t seq;

	tester_open();
	tester.answer.count = 3;
	seq = fake_command(0x01, CSS_CCW_SLI, 5, "abcde");
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("c");
	ktap_check(tester.commands[0].seq == seq &&
		   tester.commands[0].code == 0x01 &&
		   tester.commands[0].flags == CSS_CCW_SLI &&
		   tester.commands[0].provided == 5 &&
		   tester.commands[0].available == 5 &&
		   tester.commands[0].room == TEST_AREA &&
		   tester.commands[0].issued == 1000 * seq &&
		   tester.commands[0].first && !tester.commands[0].more &&
		   !tester.commands[0].check,
		   "the command isn't the guest's");
	ktap_check(!memcmp(tester.commands[0].data, "abcde", 5),
		   "the data aren't the guest's");
	expect_answers(1);
	expect_answer(0, seq, CSS_ENDED, 3, 0);
	tester_close();
}

static void put_data(char operation)
{
	if (operation == 'c')
		memcpy(tester.commands[tester.nr - 1].data, "answer", 6);
}

static void data_for_the_guest_are_in_the_area(void)
{
	tester_open();
	tester.answer.count = 6;
	tester.hook = put_data;
	fake_command(0x02, 0, 6, NULL);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	ktap_check(!memcmp(fake.area, "answer", 6), "the data aren't there");
	ktap_check(!tester.commands[0].available,
		   "a command that stores has data of the guest's");
	tester_close();
}

static void a_device_is_told_that_it_begins(void)
{
	uint64_t seq;

	tester_open_fresh();
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("b");
	ktap_check(fake.agains == 1, "expected 1 call for what is left, found %u",
		   fake.agains);
	seq = fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("bc");
	ktap_check(fake.agains == 1, "expected 1 call for what is left, found %u",
		   fake.agains);
	expect_answer(0, seq, CSS_ENDED, 0, 0);
	tester_close();
}

static void what_another_process_has_left_is_executed(void)
{
	uint64_t seq;

	tester_open_fresh();
	seq = fake_command(0x03, 0, 1, NULL);
	fake.taken = true;
	fake.events = 0;
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("c");
	expect_answer(0, seq, CSS_ENDED, 0, 0);
	tester_close();
}

static void flags_of_a_command_are_told(void)
{
	tester_open();
	fake_command(0x01, CSS_CCW_SLI, TEST_AREA + 1, NULL);
	fake.command.flags = KVM_CSS_COMMAND_MORE;
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	fake_command(0x01, CSS_CCW_SLI, 1, NULL);
	fake.command.flags = KVM_CSS_COMMAND_CHECK;
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	ktap_check(!tester.commands[0].first && tester.commands[0].more &&
		   !tester.commands[0].check &&
		   tester.commands[0].provided == TEST_AREA + 1 &&
		   tester.commands[0].available == TEST_AREA,
		   "the first command isn't the guest's");
	ktap_check(!tester.commands[1].more && tester.commands[1].check,
		   "the second command isn't the guest's");
	tester_close();
}

static void answers_say_whether_they_are_immediate(void)
{
	tester_open();
	css_end_immediate(&tester.answer);
	fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_answers(1);
	ktap_check(fake.answers[0].flags == KVM_CSS_ANSWER_IMMEDIATE,
		   "expected flags 01, found %02x", fake.answers[0].flags);
	tester.answer = (struct css_answer){ 0 };
	css_refuse(&tester.answer, 0x80);
	fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_answers(2);
	ktap_check(!fake.answers[1].flags &&
		   fake.answers[1].status == CSS_UNIT_CHECK &&
		   fake.answers[1].sense_len == 1 &&
		   fake.answers[1].sense[0] == 0x80,
		   "it isn't refused by command reject");
	tester_close();
}

static void an_operation_that_another_process_has_left_is_known(void)
{
	struct css_unit *unit;
	int fd = fake_open(TEST_AREA);

	fake.events = 0;
	fake.ended = 7;
	expect_rc("css_unit_new", css_unit_new(&unit, fd, &nothing, NULL), 0);
	ktap_check(css_unit_operation(unit) == 7, "it isn't");
	expect_rc("css_unit_end",
		  css_unit_end(unit, 7, CSS_DEVICE_END, NULL, 0), 0);
	css_unit_free(unit);
	fake_close();
}

static void a_step_with_nothing_to_do_does_nothing(void)
{
	tester_open();
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("");
	ktap_check(fake.calls == 1 && !fake.waits, "expected 1 call that doesn't wait");
	tester_close();
}

static unsigned int nr_left;

static bool next_of_left(void)
{
	if (!nr_left--)
		return false;
	fake_command(0x01, 0, 1, "x");
	return true;
}

static void run_makes_one_call_per_command(void)
{
	tester_open();
	nr_left = 3;
	fake.idle = next_of_left;
	tester.answer.count = 1;
	expect_rc("css_unit_run", css_unit_run(tester.unit), -EINTR);
	expect_told("ccc");
	expect_answers(3);
	ktap_check(fake.calls == 4 && fake.waits == 4,
		   "expected 4 calls that wait, found %u, %u of which wait",
		   fake.calls, fake.waits);
	tester_close();
}

static void a_signal_loses_no_answer(void)
{
	uint64_t seq;

	tester_open();
	seq = fake_command(0x03, 0, 1, NULL);
	fake.fail = EINTR;
	expect_rc("css_unit_run", css_unit_run(tester.unit), -EINTR);
	expect_told("");
	expect_rc("css_unit_run", css_unit_run(tester.unit), -EINTR);
	expect_told("c");
	expect_answers(1);
	expect_answer(0, seq, CSS_ENDED, 0, 0);
	tester_close();
}

static void interrupt_the_next_call(char operation)
{
	fake.interrupt = operation == 'c';
}

/* The kernel has taken the answer, and then a signal has come.  It isn't an error. */
static void an_answer_before_a_signal_is_given_once(void)
{
	tester_open();
	tester.hook = interrupt_the_next_call;
	fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_run", css_unit_run(tester.unit), -EINTR);
	expect_answers(1);
	expect_rc("css_unit_run", css_unit_run(tester.unit), -EINTR);
	expect_told("c");
	expect_answers(1);
	tester_close();
}

static bool next_or_remove(void)
{
	if (!next_of_left())
		fake_remove();
	return true;
}

/* Who shares the open file may have set the flag. */
static void run_waits_on_a_descriptor_that_does_not(void)
{
	tester_open();
	nr_left = 3;
	fake.idle = next_or_remove;
	tester.answer.count = 1;
	fcntl(fake.fd, F_SETFL, O_NONBLOCK);
	expect_rc("css_unit_run", css_unit_run(tester.unit), -ENODEV);
	expect_told("ccc");
	expect_answers(3);
	tester_close();
}

static void clear_it(char operation)
{
	if (operation == 'c')
		fake_clear();
}

static void a_command_that_is_over_is_no_error(void)
{
	tester_open();
	tester.hook = clear_it;
	fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_answers(0);
	expect_told("c");
	tester.hook = NULL;
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("cx");
	tester_close();
}

static void run_goes_on_after_a_command_that_is_over(void)
{
	tester_open();
	tester.hook = clear_it;
	fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_run", css_unit_run(tester.unit), -EINTR);
	expect_told("cx");
	tester_close();
}

static void a_new_command_comes_after_the_clear(void)
{
	uint64_t seq;

	tester_open();
	fake_command(0x03, 0, 1, NULL);
	fake_clear();
	seq = fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_run", css_unit_run(tester.unit), -EINTR);
	expect_told("xc");
	expect_answer(0, seq, CSS_ENDED, 0, 0);
	tester_close();
}

static void an_impossible_answer_becomes_equipment_check(void)
{
	uint64_t seq;

	tester_open();
	tester.answer.status = CSS_DEVICE_END;
	seq = fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_step", css_unit_step(tester.unit), -EINVAL);
	expect_answers(1);
	expect_answer(0, seq, CSS_ENDED | CSS_UNIT_CHECK, 0, 0x10);
	tester.answer.status = CSS_ENDED;
	fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_answers(2);
	tester_close();
}

static void run_tells_of_an_impossible_answer_at_once(void)
{
	tester_open();
	tester.answer.sense_len = CSS_SENSE_SIZE + 1;
	fake_command(0x03, 0, 1, NULL);
	expect_rc("css_unit_run", css_unit_run(tester.unit), -EINVAL);
	expect_answers(1);
	tester_close();
}

static void a_device_takes_no_more_than_there_is_room_for(void)
{
	tester_open();
	tester.answer.count = TEST_AREA + 1;
	fake_command(0x01, CSS_CCW_SLI, 1, "x");
	expect_rc("css_unit_step", css_unit_step(tester.unit), -EINVAL);
	expect_answers(1);
	/* But the guest is told that a device has more for it. */
	fake_command(0x02, CSS_CCW_SLI, 1, NULL);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_answers(2);
	ktap_check(fake.answers[1].count == TEST_AREA + 1, "another count");
	tester_close();
}

static void sense_has_zeros_behind_it(void)
{
	tester_open();
	memset(tester.answer.sense, 0xff, sizeof(tester.answer.sense));
	tester.answer.status = CSS_UNIT_CHECK;
	tester.answer.sense_len = 2;
	fake_command(0x07, 0, 1, NULL);
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_answers(1);
	ktap_check(fake.answers[0].sense[1] == 0xff && !fake.answers[0].sense[2],
		   "the sense bytes aren't those of the answer");
	tester_close();
}

static void offset_outside(struct kvm_css_command *command)
{
	command->offset = TEST_AREA + 1;
}

static void room_outside(struct kvm_css_command *command)
{
	command->offset = 1;
	command->room = TEST_AREA;
}

static void room_wraps(struct kvm_css_command *command)
{
	command->offset = 16;
	command->room = UINT32_MAX - 8;
}

static void more_than_room(struct kvm_css_command *command)
{
	command->available = command->room + 1;
}

static void a_command_outside_the_area_is_not_executed(void)
{
	static void (*const distorts[])(struct kvm_css_command *command) = {
		offset_outside, room_outside, room_wraps, more_than_room
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(distorts); i++) {
		tester_open();
		fake_command(0x01, 0, 1, NULL);
		fake.distort = distorts[i];
		expect_rc("css_unit_step", css_unit_step(tester.unit), -EPROTO);
		expect_told("");
		tester_close();
	}
}

static bool remove_it(void)
{
	fake_remove();
	return true;
}

static void the_end_is_told(void)
{
	const struct css_answer answer = { .status = CSS_ENDED };

	tester_open();
	fake.idle = remove_it;
	expect_rc("css_unit_run", css_unit_run(tester.unit), -ENODEV);
	expect_rc("css_unit_step", css_unit_step(tester.unit), -ENODEV);
	expect_rc("css_unit_present",
		  css_unit_present(tester.unit, CSS_ATTENTION, NULL, 0), -ENODEV);
	expect_rc("css_unit_busy", css_unit_busy(tester.unit, true, false),
		  -ENODEV);
	expect_rc("css_unit_answer", css_unit_answer(tester.unit, 1, &answer),
		  -ENODEV);
	tester_close();
}

static void issue_another(void)
{
	fake_command(0x01, 0, 1, "x");
}

/* Other units get a turn. */
static void a_step_executes_one_command(void)
{
	tester_open();
	tester.answer.count = 1;
	fake.answered = issue_another;
	issue_another();
	expect_rc("css_unit_step", css_unit_step(tester.unit), 0);
	expect_told("c");
	expect_answers(1);
	ktap_check(fake.calls == 2, "expected 2 calls, found %u", fake.calls);
	tester_close();
}

static void new_refuses_what_is_no_unit(void)
{
	struct css_unit *unit = NULL;
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	expect_rc("css_unit_new", css_unit_new(&unit, fd, &nothing, NULL),
		  -ENOTTY);
	ktap_check(!unit && !close(fd), "the descriptor isn't as it was");
	fd = fake_open(4096);
	fake.fail = ENODEV;
	expect_rc("css_unit_new", css_unit_new(&unit, fd, &nothing, NULL),
		  -ENODEV);
	ktap_check(!unit && !close(fd), "the descriptor isn't as it was");
	fake_close();
}

static void a_unit_says_where_it_is(void)
{
	uint16_t schid, devno;
	uint8_t ssid;

	tester_open();
	css_unit_place(tester.unit, &ssid, &schid, &devno);
	ktap_check(ssid == FAKE_SSID && schid == FAKE_SCHID &&
		   devno == FAKE_DEVNO, "another place");
	ktap_check(css_unit_area(tester.unit) == TEST_AREA, "another size");
	ktap_check(fcntl(css_unit_fd(tester.unit), F_GETFD) == FD_CLOEXEC,
		   "programs that are started keep the unit");
	tester_close();
	css_unit_free(NULL);
}

const struct ktap_case exchange_cases[] = {
	{ "a command is executed and answered",
	  a_command_is_executed_and_answered },
	{ "data for the guest are in the area",
	  data_for_the_guest_are_in_the_area },
	{ "a device is told that it begins", a_device_is_told_that_it_begins },
	{ "what another process has left is executed",
	  what_another_process_has_left_is_executed },
	{ "flags of a command are told", flags_of_a_command_are_told },
	{ "answers say whether they are immediate",
	  answers_say_whether_they_are_immediate },
	{ "an operation that another process has left is known",
	  an_operation_that_another_process_has_left_is_known },
	{ "a step with nothing to do does nothing",
	  a_step_with_nothing_to_do_does_nothing },
	{ "run makes one call per command", run_makes_one_call_per_command },
	{ "a signal loses no answer", a_signal_loses_no_answer },
	{ "an answer before a signal is given once",
	  an_answer_before_a_signal_is_given_once },
	{ "run waits on a descriptor that does not",
	  run_waits_on_a_descriptor_that_does_not },
	{ "a command that is over is no error",
	  a_command_that_is_over_is_no_error },
	{ "run goes on after a command that is over",
	  run_goes_on_after_a_command_that_is_over },
	{ "a new command comes after the clear",
	  a_new_command_comes_after_the_clear },
	{ "an impossible answer becomes equipment check",
	  an_impossible_answer_becomes_equipment_check },
	{ "run tells of an impossible answer at once",
	  run_tells_of_an_impossible_answer_at_once },
	{ "a device takes no more than there is room for",
	  a_device_takes_no_more_than_there_is_room_for },
	{ "sense has zeros behind it", sense_has_zeros_behind_it },
	{ "a command outside the area is not executed",
	  a_command_outside_the_area_is_not_executed },
	{ "the end is told", the_end_is_told },
	{ "a step executes one command", a_step_executes_one_command },
	{ "new refuses what is no unit", new_refuses_what_is_no_unit },
	{ "a unit says where it is", a_unit_says_where_it_is },
};

const unsigned int exchange_nr = ARRAY_SIZE(exchange_cases);
