// SPDX-License-Identifier: GPL-2.0
/*
 * The device of user-devices.rst, a teletype, as a guest and somebody who types find it.
 * Its main() is called example_main() here.  It reads and writes pipes, and after each
 * call that finds nothing to do, the guest does the next thing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "css_user.h"
#include "fake_unit.h"
#include "ktap.h"

#define AREA			4096
#define THINGS			17
#define CMD_WRITE		0x01
#define CMD_READ		0x02
#define CMD_NOOP		0x03
#define CMD_SENSE		0x04
#define CMD_CONTROL		0x07

int example_main(void);

/* What its standard input and output are */
static int typing, printing;
/* Number of the thing that the guest does next; reasons why tests have failed */
static unsigned int at;
static const char *failed[THINGS];

static void expect(bool ok, const char *what)
{
	if (!ok && !failed[at])
		failed[at] = what;
}

static void type(const char *text)
{
	if (write(typing, text, strlen(text)) < 0)
		die("write");
}

static void expect_printed(const char *text)
{
	char printed[64] = "";

	expect(read(printing, printed, sizeof(printed) - 1) ==
	       (ssize_t)strlen(text) && !strcmp(printed, text),
	       "something else is printed");
}

/* The last command has been answered so. */
static void expect_answer(uint8_t status, uint32_t count)
{
	const struct kvm_css_answer *answer = fake.answers;

	expect(fake.nr_answers == 1, "there isn't one answer");
	expect(answer->status == status, "another status");
	expect(answer->count == count, "another count");
	fake_forget();
}

static void begins(void)
{
	expect(fake.present.status == CSS_DEVICE_END, "no device end");
	fake_take_status();
}

static void issue_write(void)
{
	fake_command(CMD_WRITE, 0, 5, "hello");
}

static void expect_write(void)
{
	expect_answer(CSS_ENDED, 5);
	expect_printed("hello");
	fake_command(CMD_WRITE, 0, 2, "ok");
	fake.command.flags |= KVM_CSS_COMMAND_CHECK;
}

static void expect_check(void)
{
	expect_answer(CSS_ENDED, 3);
	expect_printed("ok");
	fake_command(CMD_READ, CSS_CCW_SLI, 80, NULL);
}

static void type_for_reader(void)
{
	expect(!fake.nr_answers, "a READ doesn't wait");
	type("typed\n");
}

static void expect_typed(void)
{
	expect(!memcmp(fake.area, "typed\n", 6), "other data");
	expect_answer(CSS_ENDED, 6);
	type("more\n");
}

static void expect_attention(void)
{
	expect(fake.present.status == CSS_ATTENTION, "no attention");
	fake_clear();
}

static void expect_attention_again(void)
{
	expect(fake.present.status == CSS_ATTENTION, "no attention");
	fake_take_status();
	fake_command(CMD_READ, CSS_CCW_SLI, 80, NULL);
}

static void expect_kept(void)
{
	expect(!memcmp(fake.area, "more\n", 5), "other data");
	expect_answer(CSS_ENDED, 5);
	fake_command(CMD_READ, CSS_CCW_SLI, 80, NULL);
}

static void halt_reader(void)
{
	expect(!fake.nr_answers, "a READ doesn't wait");
	fake_halt();
}

static void expect_halted(void)
{
	expect_answer(CSS_ENDED, 0);
	fake_command(CMD_READ, CSS_CCW_SLI, 80, NULL);
}

/* The program finds the line first, and answers a READ that is over. */
static void clear_reader(void)
{
	fake_clear();
	type("late\n");
}

static void expect_late(void)
{
	expect(!fake.nr_answers, "a READ that was cleared is answered");
	expect(fake.present.status == CSS_ATTENTION, "no attention");
	fake_command(CMD_READ, CSS_CCW_SLI, 80, NULL);
}

static void expect_late_kept(void)
{
	expect(!memcmp(fake.area, "late\n", 5), "other data");
	expect_answer(CSS_ENDED, 5);
	fake_command(CMD_NOOP, 0, 1, NULL);
}

static void expect_noop(void)
{
	expect(fake.answers[0].flags == KVM_CSS_ANSWER_IMMEDIATE,
	       "it isn't immediate");
	expect_answer(CSS_ENDED, 0);
	fake_command(CMD_SENSE, 0, 1, NULL);
}

static void expect_sense(void)
{
	expect_answer(CSS_ENDED, 1);
	fake_command(CMD_CONTROL, 0, 1, NULL);
}

static void expect_reject(void)
{
	expect(fake.answers[0].sense[0] == 0x80, "other sense");
	expect_answer(CSS_UNIT_CHECK, 0);
	fake_remove();
}

static const struct {
	const char *name;
	void (*next)(void);
} things[THINGS] = {
	{ "it presents device end when it begins", begins },
	{ NULL, issue_write },
	{ "WRITE prints", expect_write },
	{ "WRITE asks for the byte behind a check", expect_check },
	{ "READ waits", type_for_reader },
	{ "READ gets what is typed", expect_typed },
	{ "attention tells that something is typed", expect_attention },
	{ "attention comes again after CLEAR", expect_attention_again },
	{ "what was typed is kept for READ", expect_kept },
	{ "READ waits again", halt_reader },
	{ "a READ that is halted ends", expect_halted },
	{ NULL, clear_reader },
	{ "a line for a READ that was cleared brings attention", expect_late },
	{ "this line is kept for READ", expect_late_kept },
	{ "NO-OPERATION is immediate", expect_noop },
	{ "SENSE gives a byte", expect_sense },
	{ "other commands are rejected", expect_reject },
};

/*
 * The program finds what is typed by poll(), in the same turn in which it calls the
 * kernel at the latest.
 */
static bool next_thing(void)
{
	if (at == ARRAY_SIZE(things))
		return false;
	things[at].next();
	at++;
	return true;
}

static void connect_pipe(int ours, int theirs, int standard, int *end)
{
	if (dup2(theirs, standard) < 0)
		die("dup2");
	close(theirs);
	*end = ours;
}

int main(void)
{
	int input[2], output[2], real = dup(STDOUT_FILENO);
	unsigned int i, nr = 1;
	char number[16];
	int status;

	if (real < 0 || pipe(input) || pipe(output))
		die("pipe");
	connect_pipe(input[1], input[0], STDIN_FILENO, &typing);
	connect_pipe(output[0], output[1], STDOUT_FILENO, &printing);
	snprintf(number, sizeof(number), "%d", fake_open(AREA));
	setenv("CSS_UNIT", number, 1);
	fake.idle = next_thing;
	status = example_main();
	dup2(real, STDOUT_FILENO);
	for (i = 0; i < ARRAY_SIZE(things); i++)
		nr += !!things[i].name;
	ktap_plan(nr);
	for (i = 0; i < ARRAY_SIZE(things); i++) {
		if (!things[i].name)
			continue;
		ktap_begin(things[i].name);
		ktap_check(i < at, "the guest didn't come to it");
		ktap_check(!failed[i], "%s", failed[i]);
		ktap_end();
	}
	ktap_begin("it ends when the device is removed");
	ktap_check(!status, "status %d", status);
	ktap_end();
	return ktap_status();
}
