// SPDX-License-Identifier: GPL-2.0
/*
 * What the client sends: attention, what the commands that read return, which of two
 * records is the answer, and when a command that waits ends.
 */
#include <errno.h>
#include <unistd.h>

#include "test.h"

#define READ_BUFFER		0x02
#define READ_MODIFIED		0x06
#define WRITE			0x01

static int display(void)
{
	tester_open();
	return tester_display("IBM-3278-2-E");
}

static void close_all(int client)
{
	tester_close();
	close(client);
}

/* The client has taken what it was asked. */
static void asked(int client, const char *digits)
{
	tester_receive(client);
	expect_sent(digits);
}

/* QEMU terminal3270.c, Hercules console.c: attention, and then READ MODIFIED */
static void attention(void)
{
	int client = display();

	terminal_ops.presented(tester.terminals[0]);
	tester_record(client, "}enter");
	expect_presented("0480");
	tester_command(READ_MODIFIED, 100);
	expect_answer(CSS_ENDED, 0, 6);
	expect_data("}enter");
	asked(client, "");
	close_all(client);
}

static void short_read(void)
{
	int client = display();

	tester_record(client, "}enter");
	tester_command(READ_MODIFIED, 3);
	expect_answer(CSS_ENDED, 0, 6);
	/* The rest isn't read: the client is asked what there is now. */
	tester_command(READ_MODIFIED, 3);
	expect_later(0, 0, 0, 0);
	asked(client, "f6ffeffffd06");
	close_all(client);
}

/* Hercules console.c: what nobody has read gives way to the next key. */
static void keys(void)
{
	int client = display();

	tester_record(client, "}one");
	tester_record(client, "}two");
	tester_command(READ_MODIFIED, 100);
	expect_answer(CSS_ENDED, 0, 4);
	expect_data("}two");
	close_all(client);
}

/* A key doesn't take the place of what answers a structured field. */
static void structured(void)
{
	int client = display();

	tester_record(client, "\x88query");
	tester_record(client, "}one");
	tester_record(client, "\x88list");
	tester_command(READ_MODIFIED, 100);
	expect_data("\x88query");
	tester_command(READ_MODIFIED, 100);
	expect_data("}one");
	tester_command(READ_MODIFIED, 100);
	expect_data("\x88list");
	expect_answer(CSS_ENDED, 0, 5);
	close_all(client);
}

static void bounded(void)
{
	int client = display();

	for (unsigned int i = 0; i < 10; i++) {
		char text[] = "\x88?";

		text[1] = '0' + i;
		tester_record(client, text);
	}
	tester_command(READ_MODIFIED, 100);
	expect_data("\x88\x36");
	ktap_check(tester.terminals[0]->nr_inbound == TERMINAL_INBOUND - 1, "found %u records",
		   tester.terminals[0]->nr_inbound);
	close_all(client);
}

/* user-devices.rst: one status at a time; the next when PRESENTED says so */
static void busy(void)
{
	int client = display();

	recorder.nr_presented = 0;
	terminal_ops.presented(tester.terminals[0]);
	recorder.present_error = -EBUSY;
	tester_record(client, "}one");
	expect_presented("");
	recorder.present_error = 0;
	terminal_ops.presented(tester.terminals[0]);
	expect_presented("80");
	terminal_ops.presented(tester.terminals[0]);
	expect_presented("80");
	/* What has been read meanwhile needs no attention. */
	tester_record(client, "}two");
	tester_record(client, "}three");
	expect_presented("8080");
	tester_command(READ_MODIFIED, 100);
	terminal_ops.presented(tester.terminals[0]);
	expect_presented("8080");
	close_all(client);
}

/* RFC 1576: the server asks, the client answers with a record. */
static void solicited(void)
{
	int client = display();

	recorder.nr_presented = 0;
	tester_command(READ_BUFFER, 100);
	expect_later(0, 0, 0, 0);
	asked(client, "f2ffeffffd06");
	tester_record(client, "`buffer");
	expect_later(0, 0, 0, 0);
	tester_mark(client);
	expect_later(1, CSS_ENDED, 0, 7);
	expect_data("`buffer");
	expect_presented("");
	close_all(client);
}

/* RFC 860: what comes last before the mark is answered is the answer. */
static void crossed(void)
{
	int client = display();

	terminal_ops.presented(tester.terminals[0]);
	tester_command(READ_BUFFER, 100);
	asked(client, "f2ffeffffd06");
	tester_record(client, "}enter");
	tester_record(client, "}buffer");
	tester_mark(client);
	expect_later(1, CSS_ENDED, 0, 7);
	expect_data("}buffer");
	expect_presented("0480");
	tester_command(READ_MODIFIED, 100);
	expect_answer(CSS_ENDED, 0, 6);
	expect_data("}enter");
	close_all(client);
}

static void answered_after_mark(void)
{
	int client = display();

	tester_command(READ_BUFFER, 100);
	asked(client, "f2ffeffffd06");
	tester_mark(client);
	expect_later(0, 0, 0, 0);
	tester_record(client, "`buffer");
	expect_later(1, CSS_ENDED, 0, 7);
	close_all(client);
}

/* CLEAR SUBCHANNEL, and what the client answers to the command that is over */
static void stale(void)
{
	int client = display();

	tester_command(READ_BUFFER, 100);
	terminal_ops.cleared(tester.terminals[0]);
	recorder.nr_presented = 0;
	tester_command(READ_MODIFIED, 100);
	asked(client, "f2ffeffffd06f6ffeffffd06");
	tester_record(client, "`buffer");
	tester_mark(client);
	expect_later(0, 0, 0, 0);
	tester_record(client, "`modified");
	tester_mark(client);
	expect_later(1, CSS_ENDED, 0, 9);
	expect_data("`modified");
	expect_presented("");
	close_all(client);
}

static void stale_alone(void)
{
	int client = display();

	tester_command(READ_BUFFER, 100);
	terminal_ops.reset(tester.terminals[0]);
	recorder.nr_presented = 0;
	tester_record(client, "`buffer");
	tester_mark(client);
	expect_presented("");
	tester_record(client, "}enter");
	expect_presented("80");
	ktap_check(!recorder.nr_answers, "a command that is over was answered");
	close_all(client);
}

static void reset_forgets(void)
{
	int client = display();

	recorder.present_error = -EBUSY;
	tester_record(client, "}one");
	terminal_ops.reset(tester.terminals[0]);
	recorder.present_error = 0;
	terminal_ops.presented(tester.terminals[0]);
	expect_presented("04");
	tester_command(READ_MODIFIED, 100);
	expect_later(0, 0, 0, 0);
	close_all(client);
}

static void halted(void)
{
	int client = display();

	terminal_ops.stop(tester.terminals[0]);
	ktap_check(!recorder.nr_answers, "no command is in progress, but one was answered");
	tester_command(READ_BUFFER, 100);
	terminal_ops.stop(tester.terminals[0]);
	expect_later(1, CSS_ENDED, 0, 0);
	tester_record(client, "`buffer");
	tester_mark(client);
	expect_later(1, CSS_ENDED, 0, 0);
	close_all(client);
}

static void no_answer(void)
{
	int client = display();

	tester_command(READ_BUFFER, 100);
	tester_pass(CLIENT_READ_MS - 1);
	expect_later(0, 0, 0, 0);
	tester_pass(1);
	expect_later(1, CSS_ENDED | CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
	tester_receive(client);
	ktap_check(!tester_has(client), "the client is still there");
	close_all(client);
}

static void no_mark(void)
{
	int client = display();

	tester_command(READ_BUFFER, 100);
	tester_record(client, "`buffer");
	tester_pass(CLIENT_READ_MS);
	expect_later(1, CSS_ENDED, 0, 7);
	asked(client, "f2ffeffffd06");
	/* It isn't asked for a mark again. */
	tester_command(READ_BUFFER, 100);
	asked(client, "f2ffef");
	tester_record(client, "`again");
	expect_later(2, CSS_ENDED, 0, 6);
	close_all(client);
}

/* A mark that isn't answered keeps no key for longer. */
static void no_mark_stale(void)
{
	int client = display();

	tester_command(READ_BUFFER, 100);
	terminal_ops.reset(tester.terminals[0]);
	recorder.nr_presented = 0;
	tester_record(client, "}enter");
	expect_presented("");
	tester_pass(CLIENT_READ_MS);
	expect_presented("80");
	close_all(client);
}

static void gone(void)
{
	int client = display();

	tester_command(READ_BUFFER, 100);
	close(client);
	tester_turn();
	expect_later(1, CSS_ENDED | CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
	tester_command(WRITE, 1);
	expect_answer(CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
	tester_close();
}

/* A client that doesn't take what the guest writes */
static void blocked(void)
{
	unsigned int writes = 0;
	int client = display();

	do {
		tester_command(WRITE, TEST_AREA);
	} while (!tester.answer.later && ++writes < 1000);
	ktap_check(writes < 1000, "the client takes everything");
	tester_turn();
	expect_later(0, 0, 0, 0);
	tester_receive(client);
	tester_turn();
	expect_later(1, CSS_ENDED, 0, TEST_AREA);
	close_all(client);
}

static void blocked_too_long(void)
{
	unsigned int writes = 0;
	int client = display();

	do {
		tester_command(WRITE, TEST_AREA);
	} while (!tester.answer.later && ++writes < 1000);
	tester_pass(CLIENT_SEND_MS - 1);
	expect_later(0, 0, 0, 0);
	tester_pass(1);
	expect_later(1, CSS_ENDED | CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
	close_all(client);
}

/* HALT while a client doesn't take what it is sent; there is no room for more then. */
static void blocked_halted(void)
{
	unsigned int writes = 0;
	int client = display();

	do {
		tester_command(WRITE, TEST_AREA);
	} while (!tester.answer.later && ++writes < 1000);
	terminal_ops.stop(tester.terminals[0]);
	expect_later(1, CSS_ENDED, 0, TEST_AREA);
	for (writes = 0; writes < 3 && !(tester.answer.status & CSS_UNIT_CHECK); writes++) {
		tester_command(WRITE, TEST_AREA);
		terminal_ops.stop(tester.terminals[0]);
	}
	expect_answer(CSS_ENDED | CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
	close_all(client);
}

const struct ktap_case read_cases[] = {
	{ .name = "a key: attention, and READ MODIFIED returns it", .fn = attention },
	{ .name = "READ MODIFIED with less room", .fn = short_read },
	{ .name = "two keys: the second takes the first one's place", .fn = keys },
	{ .name = "answers to structured fields are kept", .fn = structured },
	{ .name = "a bounded number of records waits", .fn = bounded },
	{ .name = "status waits until the last has been presented", .fn = busy },
	{ .name = "READ BUFFER asks the client", .fn = solicited },
	{ .name = "READ BUFFER and a key that crosses it", .fn = crossed },
	{ .name = "READ BUFFER, answered after the mark", .fn = answered_after_mark },
	{ .name = "an answer to a command that CLEAR has ended isn't the next one's", .fn = stale },
	{ .name = "an answer to a command that CLEAR has ended is no key", .fn = stale_alone },
	{ .name = "a reset forgets status and records", .fn = reset_forgets },
	{ .name = "HALT ends a command that reads", .fn = halted },
	{ .name = "a client that doesn't answer is closed", .fn = no_answer },
	{ .name = "a client that doesn't answer marks", .fn = no_mark },
	{ .name = "a mark that isn't answered keeps no key", .fn = no_mark_stale },
	{ .name = "the client goes while a command waits for it", .fn = gone },
	{ .name = "WRITE to a client that takes it slowly ends later", .fn = blocked },
	{ .name = "a client that doesn't take what is written is closed", .fn = blocked_too_long },
	{ .name = "HALT while a client takes nothing", .fn = blocked_halted },
};

const unsigned int read_nr = sizeof(read_cases) / sizeof(read_cases[0]);
