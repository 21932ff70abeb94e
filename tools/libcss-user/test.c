// SPDX-License-Identifier: GPL-2.0
/* The tests of libcss-user, with a fake unit; see test.h */
#include <string.h>

#include "test.h"

struct tester tester;

static void told(char operation)
{
	size_t length = strlen(tester.told);

	if (length < sizeof(tester.told) - 1)
		tester.told[length] = operation;
	if (tester.hook)
		tester.hook(operation);
}

static void command(void *device, const struct css_command *command,
		    struct css_answer *answer)
{
	static const struct css_answer zeros;

	ktap_check(device == &tester, "another device than css_unit_new() was given");
	ktap_check(!memcmp(answer, &zeros, sizeof(zeros)),
		   "an answer that isn't zeros before");
	if (tester.nr == FAKE_LOG)
		die("more commands than a test looks at");
	tester.commands[tester.nr++] = *command;
	*answer = tester.answer;
	told('c');
}

static void begin(void *device)
{
	(void)device;
	told('b');
}

static void cleared(void *device)
{
	(void)device;
	told('x');
}

static void reset(void *device)
{
	(void)device;
	told('r');
}

static void halted(void *device)
{
	(void)device;
	told('h');
}

static void stop(void *device)
{
	(void)device;
	told('s');
}

static void presented(void *device)
{
	(void)device;
	told('p');
}

static const struct css_device_ops ops = {
	.command = command,
	.begin = begin,
	.cleared = cleared,
	.reset = reset,
	.halted = halted,
	.stop = stop,
	.presented = presented,
};

static void make_unit(int fd)
{
	tester = (struct tester){ .answer.status = CSS_ENDED };
	expect_rc("css_unit_new", css_unit_new(&tester.unit, fd, &ops, &tester), 0);
}

void tester_open_fresh(void)
{
	make_unit(fake_open(TEST_AREA));
}

static void tester_begin(void)
{
	expect_rc("the first css_unit_step", css_unit_step(tester.unit), 0);
	tester_forget();
}

void tester_open(void)
{
	tester_open_fresh();
	tester_begin();
}

void tester_open_old(uint32_t version)
{
	int fd = fake_open(TEST_AREA);

	fake.version = version;
	make_unit(fd);
	tester_begin();
}

void tester_close(void)
{
	css_unit_free(tester.unit);
	fake_close();
}

void tester_forget(void)
{
	memset(tester.told, 0, sizeof(tester.told));
	fake_forget();
}

void expect_told(const char *expected)
{
	ktap_check(!strcmp(tester.told, expected),
		   "operations: expected \"%s\", found \"%s\"", expected,
		   tester.told);
}

void expect_rc(const char *call, int rc, int expected)
{
	ktap_check(rc == expected, "%s: expected %d, found %d", call, expected,
		   rc);
}

void expect_answer(unsigned int nr, uint64_t seq, uint8_t status,
		   uint32_t count, uint8_t sense)
{
	const struct kvm_css_answer *answer = &fake.answers[nr];

	ktap_check(answer->seq == seq && answer->status == status &&
		   answer->count == count && answer->sense[0] == sense,
		   "answer %u: expected command %llu, status %02x, count %u, sense %02x; found %llu, %02x, %u, %02x",
		   nr, (unsigned long long)seq, status, count, sense,
		   (unsigned long long)answer->seq, answer->status,
		   answer->count, answer->sense[0]);
}

void expect_answers(unsigned int nr)
{
	ktap_check(fake.nr_answers == nr, "expected %u answers, found %u", nr,
		   fake.nr_answers);
}

int main(void)
{
	ktap_plan(exchange_nr + chain_nr + later_nr + status_nr + passing_nr);
	ktap_cases(exchange_cases, exchange_nr);
	ktap_cases(chain_cases, chain_nr);
	ktap_cases(later_cases, later_nr);
	ktap_cases(status_cases, status_nr);
	ktap_cases(passing_cases, passing_nr);
	return ktap_status();
}
