// SPDX-License-Identifier: GPL-2.0
/* Tests of css-3270 that call a terminal's operations; see test.h */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

struct tester tester;

static const uint8_t agreement[] = {
	TELNET_IAC, TELNET_WILL, TELNET_END_OF_RECORD,
	TELNET_IAC, TELNET_DO, TELNET_END_OF_RECORD,
	TELNET_IAC, TELNET_WILL, TELNET_BINARY,
	TELNET_IAC, TELNET_DO, TELNET_BINARY,
};

/* The selftests' files call it, too. */
void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("Bail out! ");
	vprintf(format, args);
	printf(": %s\n", strerror(errno));
	va_end(args);
	exit(1);
}

void tester_open(void)
{
	static const char *const names[] = { "ONE", "TWO" };

	memset(&tester, 0, sizeof(tester));
	memset(&recorder, 0, sizeof(recorder));
	recorder.now = 1000000;
	tester.server.units = -1;
	tester.listener.fd = -1;
	for (unsigned int i = 0; i < 2; i++) {
		struct terminal *terminal = calloc(1, sizeof(*terminal));

		if (!terminal)
			die("no storage");
		memcpy(terminal->name, names[i], 4);
		tester.terminals[i] = terminal;
		tester.server.terminals[i] = terminal;
		terminal_ops.begin(terminal);
		terminal_ops.presented(terminal);
	}
	tester.server.nr_terminals = 2;
	/* The guest knows that there is no client. */
	tester_command(0x01, 1);
	recorder.nr_presented = 0;
}

void tester_close(void)
{
	server_free(&tester.server);
}

int tester_client(void)
{
	struct server *server = &tester.server;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends))
		die("socketpair");
	tester.listener.negotiate++;
	server->connections[server->nr_connections++] = (struct connection){
		client_new(ends[0]), &tester.listener,
	};
	tester_turn();
	return ends[1];
}

void tester_turn(void)
{
	recorder_turn(&tester.server);
}

void tester_send(int client, const void *data, size_t len)
{
	while (len) {
		ssize_t sent = send(client, data, len, MSG_NOSIGNAL);

		if (sent < 0 && errno != EAGAIN)
			return;
		if (sent > 0) {
			data = (const uint8_t *)data + sent;
			len -= sent;
		}
		tester_turn();
	}
	/* A turn takes 16 KiB of it. */
	for (unsigned int i = 0; i < 16; i++)
		tester_turn();
}

void tester_receive(int client)
{
	ssize_t len;

	tester.sent_len = 0;
	while ((len = recv(client, tester.sent + tester.sent_len,
			   sizeof(tester.sent) - tester.sent_len, 0)) > 0) {
		tester.sent_len += len;
		tester_turn();
	}
}

int tester_display(const char *type)
{
	int client = tester_client();
	uint8_t said[64] = {
		TELNET_IAC, TELNET_WILL, TELNET_TERMINAL_TYPE,
		TELNET_IAC, TELNET_SB, TELNET_TERMINAL_TYPE, TELNET_TYPE_IS,
	};
	size_t len = strlen(type);

	memcpy(said + 7, type, len);
	said[7 + len] = TELNET_IAC;
	said[8 + len] = TELNET_SE;
	tester_send(client, said, 9 + len);
	tester_send(client, agreement, sizeof(agreement));
	tester_receive(client);
	return client;
}

void tester_record(int client, const char *text)
{
	static const uint8_t end[] = { TELNET_IAC, TELNET_EOR };

	tester_send(client, text, strlen(text));
	tester_send(client, end, sizeof(end));
}

void tester_mark(int client)
{
	static const uint8_t mark[] = { TELNET_IAC, TELNET_WILL, TELNET_TIMING_MARK };

	tester_send(client, mark, sizeof(mark));
}

void tester_pass(unsigned int ms)
{
	recorder.now += ms;
	tester_turn();
}

void tester_command(uint8_t code, uint32_t len)
{
	const struct css_command command = {
		.seq = ++tester.seq,
		.code = code,
		.flags = CSS_CCW_SLI,
		.provided = len,
		.available = css_command_fetches(code) ? len : 0,
		.room = len,
		.data = tester.area,
	};

	memset(&tester.answer, 0, sizeof(tester.answer));
	terminal_ops.command(tester.terminals[0], &command, &tester.answer);
}

static void expect(const struct css_answer *answer, uint8_t status, uint8_t sense,
		   uint32_t count)
{
	uint8_t sense_len = status & CSS_UNIT_CHECK ? 1 : 0;

	ktap_check(answer->status == status && answer->sense_len == sense_len &&
		   answer->sense[0] == sense && answer->count == count,
		   "expected status %02x, sense %02x, count %u, found %02x, %02x (%u bytes), %u",
		   status, sense, count, answer->status, answer->sense[0],
		   answer->sense_len, answer->count);
}

void expect_answer(uint8_t status, uint8_t sense, uint32_t count)
{
	if (ktap_check(!tester.answer.later, "expected an answer, found that it comes later"))
		expect(&tester.answer, status, sense, count);
}

void expect_immediate(bool immediate)
{
	ktap_check(tester.answer.immediate == immediate, "expected immediate %d, found %d",
		   immediate, tester.answer.immediate);
}

void expect_later(unsigned int nr, uint8_t status, uint8_t sense, uint32_t count)
{
	ktap_check(tester.answer.later, "expected the answer later, found it at once");
	if (!ktap_check(recorder.nr_answers == nr, "expected %u answers, found %u", nr,
			recorder.nr_answers) || !nr)
		return;
	ktap_check(recorder.seqs[nr - 1] == tester.seq, "expected command %llu, found %llu",
		   (unsigned long long)tester.seq, (unsigned long long)recorder.seqs[nr - 1]);
	expect(&recorder.answers[nr - 1], status, sense, count);
}

static void expect_digits(const char *what, const uint8_t *found, size_t len,
			  const char *digits)
{
	static char text[8 * TEST_AREA + 1];

	text[0] = 0;
	for (size_t i = 0; i < len; i++)
		sprintf(text + 2 * i, "%02x", found[i]);
	ktap_check(!strcmp(text, digits), "expected %s %.200s, found %.200s", what, digits, text);
}

void expect_presented(const char *digits)
{
	expect_digits("status", recorder.presented, recorder.nr_presented, digits);
}

void expect_sent(const char *digits)
{
	expect_digits("sent", tester.sent, tester.sent_len, digits);
}

void expect_data(const char *text)
{
	ktap_check(!memcmp(tester.area, text, strlen(text)), "expected \"%s\", found \"%.*s\"",
		   text, (int)strlen(text), (const char *)tester.area);
}

bool tester_has(int client)
{
	uint8_t byte;
	ssize_t len = recv(client, &byte, 1, MSG_PEEK);

	return len > 0 || (len < 0 && errno == EAGAIN);
}

int main(void)
{
	ktap_plan(command_nr + read_nr + client_nr + telnet_nr);
	ktap_cases(telnet_cases, telnet_nr);
	ktap_cases(command_cases, command_nr);
	ktap_cases(read_cases, read_nr);
	ktap_cases(client_cases, client_nr);
	return ktap_status();
}
