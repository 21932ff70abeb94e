/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of css-3270 in C share */
#ifndef CSS_3270_TEST_H
#define CSS_3270_TEST_H

#include "ktap.h"
#include "recorder.h"
#include "server.h"

#define TEST_AREA		65536

/**
 * struct tester - two terminals, and clients that do what a test says
 * @server: the server, without its loop
 * @listener: where the clients have connected to
 * @terminals: displays named ONE and TWO
 * @area: data of the commands
 * @answer: answer to the last command
 * @seq: its number
 * @sent: what tester_receive() has received
 * @sent_len: how many bytes
 */
struct tester {
	struct server server;
	struct listener listener;
	struct terminal *terminals[2];
	uint8_t area[TEST_AREA];
	struct css_answer answer;
	uint64_t seq;
	uint8_t sent[4 * TEST_AREA];
	size_t sent_len;
};

extern struct tester tester;

/* End the program because the machine failed, not what is being tested. */
void __printf(1, 2) __noreturn die(const char *format, ...);

void tester_open(void);
void tester_close(void);

/* Connect a client, and return the test's end of the connection. */
int tester_client(void);
/* The same, until there is an agreement; what was sent meanwhile is forgotten. */
int tester_display(const char *type);
/* The client sends bytes, and the server takes them. */
void tester_send(int client, const void *data, size_t len);
/* The client sends a record, in which there is no FF. */
void tester_record(int client, const char *text);
/* The client answers a timing mark. */
void tester_mark(int client);
/* Take what the server has sent to the client. */
void tester_receive(int client);
/* Serve all clients once. */
void tester_turn(void);
/* The clock goes on. */
void tester_pass(unsigned int ms);

/* Execute a command of terminal 0 with so many bytes of data. */
void tester_command(uint8_t code, uint32_t len);

/* The last answer; of a command that has asked for no data, if so */
void expect_immediate(bool immediate);
void expect_answer(uint8_t status, uint8_t sense, uint32_t count);
/* The last of so many answers that came later */
void expect_later(unsigned int nr, uint8_t status, uint8_t sense, uint32_t count);
/* What was presented since tester_open(), as hexadecimal digits */
void expect_presented(const char *digits);
/* What tester_receive() has received, as hexadecimal digits */
void expect_sent(const char *digits);
/* The data that the last command has read */
void expect_data(const char *text);
/* Does the server still have the client? */
bool tester_has(int client);

extern const struct ktap_case command_cases[], read_cases[], client_cases[], telnet_cases[];
extern const unsigned int command_nr, read_nr, client_nr, telnet_nr;

#endif /* CSS_3270_TEST_H */
