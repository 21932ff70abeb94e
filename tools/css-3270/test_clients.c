// SPDX-License-Identifier: GPL-2.0
/*
 * Clients come and go: what is presented, which terminal each gets, and what one can
 * do to another.
 */
#include <errno.h>
#include <unistd.h>

#include "test.h"

#define WRITE			0x01

/* QEMU terminal3270.c, Hercules console.c: device end when the client has agreed */
static void comes(void)
{
	int client;

	tester_open();
	client = tester_client();
	tester_receive(client);
	expect_sent("fffd18");
	tester_command(WRITE, 1);
	expect_answer(CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
	expect_presented("");
	close(client);
	tester_turn();
	expect_presented("");
	client = tester_display("IBM-3278-2-E");
	expect_presented("04");
	tester_command(WRITE, 1);
	expect_answer(CSS_ENDED, 0, 1);
	close(client);
	tester_close();
}

/* QEMU terminal3270.c: device end when it goes; the next command finds out why. */
static void goes(void)
{
	int client;

	tester_open();
	client = tester_display("IBM-3278-2-E");
	terminal_ops.presented(tester.terminals[0]);
	close(client);
	tester_turn();
	expect_presented("0404");
	tester_command(WRITE, 1);
	expect_answer(CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
	tester_close();
}

/* However often it comes and goes, one status is due. */
static void comes_and_goes(void)
{
	tester_open();
	for (unsigned int i = 0; i < 100; i++) {
		int client = tester_display("IBM-3278-2-E");

		tester_record(client, "}enter");
		close(client);
		tester_turn();
	}
	expect_presented("04");
	terminal_ops.presented(tester.terminals[0]);
	expect_presented("0404");
	terminal_ops.presented(tester.terminals[0]);
	expect_presented("0404");
	tester_close();
}

/*
 * Another client comes before the guest has found out that the first has gone.  If it
 * were the display at once, it would be shown what the first one's user has left.
 */
static void follows(void)
{
	int client;

	tester_open();
	close(tester_display("IBM-3278-2-E"));
	tester_turn();
	terminal_ops.presented(tester.terminals[0]);
	client = tester_display("IBM-3278-2-E");
	expect_presented("0404");
	terminal_ops.presented(tester.terminals[0]);
	expect_presented("0404");
	tester_command(0x04, 1);
	expect_answer(CSS_ENDED, 0, 1);
	ktap_check(tester.area[0] == SENSE_INTERVENTION, "SENSE: found %02x", tester.area[0]);
	tester_command(WRITE, 1);
	expect_answer(CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
	tester_receive(client);
	expect_sent("");
	expect_presented("040404");
	tester_command(WRITE, 1);
	expect_answer(CSS_ENDED, 0, 1);
	tester_close();
	close(client);
}

/* A client comes when the device has been cleared, and the process doesn't know it yet. */
static void stale(void)
{
	int client;

	tester_open();
	recorder.present_error = -ESTALE;
	client = tester_display("IBM-3278-2-E");
	tester_record(client, "}enter");
	expect_presented("");
	recorder.present_error = 0;
	terminal_ops.cleared(tester.terminals[0]);
	expect_presented("04");
	terminal_ops.presented(tester.terminals[0]);
	expect_presented("04");
	tester_close();
	close(client);
}

/* A process that takes another one's place; user-devices.rst */
static void begins(void)
{
	int client;

	tester_open();
	terminal_ops.begin(tester.terminals[0]);
	expect_presented("04");
	terminal_ops.presented(tester.terminals[0]);
	client = tester_display("IBM-3278-2-E");
	expect_presented("04");
	tester_command(WRITE, 1);
	expect_answer(CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
	expect_presented("0404");
	tester_close();
	close(client);
}

/* The command that was in progress is told, so the next need not be. */
static void told_at_once(void)
{
	int client;

	tester_open();
	client = tester_display("IBM-3278-2-E");
	tester_command(0x02, 10);
	close(client);
	tester_turn();
	expect_later(1, CSS_ENDED | CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
	terminal_ops.presented(tester.terminals[0]);
	client = tester_display("IBM-3278-2-E");
	tester_command(WRITE, 1);
	expect_answer(CSS_ENDED, 0, 1);
	tester_close();
	close(client);
}

static bool is_at(int terminal)
{
	return tester.terminals[terminal]->client;
}

/* RFC 1646: the client names the terminal. */
static void named(void)
{
	int client, second, third;

	tester_open();
	client = tester_display("IBM-3278-2-E@two");
	ktap_check(!is_at(0) && is_at(1), "terminal TWO: found %d, %d", is_at(0), is_at(1));
	second = tester_display("IBM-3278-2-E@TWO");
	ktap_check(tester.sent_len && !tester_has(second), "a second client is there");
	tester.sent[tester.sent_len] = 0;
	ktap_check(strstr((char *)tester.sent, "the terminal is in use"), "it wasn't told why");
	third = tester_display("IBM-3278-2-E@three");
	ktap_check(!tester_has(third), "a client of no terminal is there");
	tester.sent[tester.sent_len] = 0;
	ktap_check(strstr((char *)tester.sent, "no such terminal"), "it wasn't told why");
	ktap_check(tester_has(client), "the first client has gone");
	close(client);
	close(second);
	close(third);
	tester_close();
}

static void free_one(void)
{
	int clients[3];

	tester_open();
	for (unsigned int i = 0; i < 3; i++)
		clients[i] = tester_display("IBM-3278-2-E");
	ktap_check(is_at(0) && is_at(1) && !tester_has(clients[2]), "found %d, %d, %d",
		   is_at(0), is_at(1), tester_has(clients[2]));
	close(clients[0]);
	tester_turn();
	clients[0] = tester_display("IBM-3278-2-E");
	ktap_check(is_at(0), "the terminal that is free isn't used again");
	for (unsigned int i = 0; i < 3; i++)
		close(clients[i]);
	tester_close();
}

static void own_listener(void)
{
	int client, other;

	tester_open();
	tester.listener.only = tester.terminals[1];
	client = tester_display("IBM-3278-2-E");
	ktap_check(!is_at(0) && is_at(1), "expected TWO, found %d, %d", is_at(0), is_at(1));
	other = tester_display("IBM-3278-2-E@ONE");
	ktap_check(!is_at(0) && !tester_has(other), "another terminal is to be had");
	close(client);
	close(other);
	tester_close();
}

static void too_slow(void)
{
	int client, slow;

	tester_open();
	slow = tester_client();
	client = tester_display("IBM-3278-2-E");
	tester_pass(CLIENT_AGREE_MS - 1);
	ktap_check(tester_has(slow), "it has less time than it should have");
	tester_pass(1);
	tester_receive(slow);
	ktap_check(!tester_has(slow), "a client that never agrees is there");
	ktap_check(tester_has(client), "the display has gone");
	ktap_check(!tester.listener.negotiate, "%u are counted", tester.listener.negotiate);
	close(client);
	close(slow);
	tester_close();
}

/* One client sends what it can; the other display goes on. */
static void flood(void)
{
	static uint8_t junk[TELNET_RECORD_SIZE + 1];
	int client, other;

	tester_open();
	client = tester_display("IBM-3278-2-E@TWO");
	other = tester_display("IBM-3278-2-E@ONE");
	memset(junk, 'a', sizeof(junk));
	tester_send(client, junk, sizeof(junk));
	tester_receive(client);
	ktap_check(!tester_has(client), "a client with an endless record is there");
	tester_command(WRITE, 1);
	expect_answer(CSS_ENDED, 0, 1);
	tester_record(other, "}enter");
	tester_command(0x06, 10);
	expect_answer(CSS_ENDED, 0, 6);
	close(client);
	close(other);
	tester_close();
}

/* It sends commands of TELNET, and doesn't read what they are answered. */
static void answers_unread(void)
{
	static uint8_t junk[3 * 4096];
	unsigned int times = 0;
	int client;

	tester_open();
	client = tester_display("IBM-3278-2-E");
	for (size_t i = 0; i < sizeof(junk); i += 3)
		memcpy(junk + i, "\xff\xfd\x01", 3);
	while (tester.server.nr_connections && ++times < 1000)
		tester_send(client, junk, sizeof(junk));
	ktap_check(times < 1000, "the client is still there");
	close(client);
	tester_close();
}

static void removed(void)
{
	int client;

	tester_open();
	client = tester_display("IBM-3278-2-E");
	tester_record(client, "}enter");
	tester_command(0x02, 10);
	tester_record(client, "`buffer");
	/* What waits is freed with the terminal, which the sanitizer watches. */
	tester_close();
	ktap_check(recorder.nr_presented == 1, "%u were presented", recorder.nr_presented);
	close(client);
}

const struct ktap_case client_cases[] = {
	{ .name = "a client comes: device end, when it has agreed", .fn = comes },
	{ .name = "a client goes: device end, and intervention required", .fn = goes },
	{ .name = "a client that comes and goes: one status is due", .fn = comes_and_goes },
	{ .name = "a client follows another one: the guest is told first", .fn = follows },
	{ .name = "a client comes just when the device has been cleared", .fn = stale },
	{ .name = "a process begins: device end, and the guest is told first", .fn = begins },
	{ .name = "the client goes during a command, which is told", .fn = told_at_once },
	{ .name = "RFC 1646: a client names its terminal", .fn = named },
	{ .name = "a client without a name gets a terminal that is free", .fn = free_one },
	{ .name = "a terminal with its own address", .fn = own_listener },
	{ .name = "a client that never agrees is closed", .fn = too_slow },
	{ .name = "a client with an endless record, and another display", .fn = flood },
	{ .name = "a client that reads no answers is closed", .fn = answers_unread },
	{ .name = "a terminal goes with all that waits", .fn = removed },
};

const unsigned int client_nr = sizeof(client_cases) / sizeof(client_cases[0]);
