// SPDX-License-Identifier: GPL-2.0
/*
 * What each command of the channel does and how it ends, with a client, without one,
 * and with one whose terminal has no extended data stream.
 *
 * Sources, for facts: Hercules console.c (loc3270_execute_ccw), QEMU
 * hw/s390x/3270-ccw.c and hw/char/terminal3270.c, Linux drivers/s390/char/raw3270.c
 * and drivers/s390/cio, RFC 1576 section 3 (the commands on the wire).
 */
#include <unistd.h>

#include "test.h"

enum outcome {
	ENDED,		/* channel end, device end */
	REJECTED,	/* unit check, command reject */
	ABSENT,		/* unit check, intervention required */
	ASKED,		/* later: the client is asked */
};

struct command_row {
	uint8_t code;
	enum outcome without;	/* without a client */
	enum outcome with;
	const char *sent;	/* to the client; "xx" is the data that the guest writes */
	uint32_t count;		/* guest provides 2 bytes, or has room for 2 */
	bool immediate;
	const char *source;
};

static const struct command_row rows[] = {
	{ 0x01, ABSENT, ENDED, "f1c1c2ffef", 2, false, "Hercules L3270_WRT; QEMU TC_WRITE" },
	{ 0x05, ABSENT, ENDED, "f5c1c2ffef", 2, false, "Hercules L3270_EW; QEMU TC_EWRITE" },
	{ 0x0d, ABSENT, ENDED, "7ec1c2ffef", 2, false, "Hercules L3270_EWA; QEMU TC_EWRITEA" },
	{ 0x11, ABSENT, ENDED, "f3c1c2ffef", 2, false, "Hercules L3270_WSF; QEMU TC_WRITESF" },
	{ 0x0f, ABSENT, ENDED, "6fffef", 0, true, "Hercules L3270_EAU: no data" },
	{ 0x02, ABSENT, ASKED, "f2ffeffffd06", 0, false, "Hercules L3270_RB" },
	{ 0x06, ABSENT, ASKED, "f6ffeffffd06", 0, false, "Hercules L3270_RM" },
	{ 0x0e, ABSENT, ASKED, "6effeffffd06", 0, false, "RFC 1576: read modified all" },
	{ 0x03, ENDED, ENDED, "", 0, true, "cio verifies a path by NOP; QEMU css.c ends it" },
	{ 0x04, ENDED, ENDED, "", 1, false, "Hercules L3270_SENSE: one sense byte" },
	{ 0xe4, ENDED, ENDED, "", 7, false, "Hercules L3270_SENSEID" },
	{ 0x0b, ABSENT, ENDED, "", 0, true, "Hercules L3270_SELRM" },
	{ 0x1b, ABSENT, ENDED, "", 0, true, "Hercules L3270_SELRB" },
	{ 0x2b, ABSENT, ENDED, "", 0, true, "Hercules L3270_SELRMP" },
	{ 0x3b, ABSENT, ENDED, "", 0, true, "Hercules L3270_SELRBP" },
	{ 0x4b, ABSENT, ENDED, "", 0, true, "Hercules L3270_SELWRT" },
};

static const struct command_row *find(unsigned int code)
{
	static const struct command_row other = {
		0, ABSENT, REJECTED, "", 0, false, "Hercules default",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].code == code)
			return &rows[i];
	}
	return &other;
}

static void expect_outcome(enum outcome outcome, uint32_t count)
{
	switch (outcome) {
	case ENDED:
		expect_answer(CSS_ENDED, 0, count);
		break;
	case REJECTED:
		expect_answer(CSS_UNIT_CHECK, SENSE_COMMAND_REJECT, 0);
		break;
	case ABSENT:
		expect_answer(CSS_UNIT_CHECK, SENSE_INTERVENTION, 0);
		break;
	case ASKED:
		ktap_check(tester.answer.later, "expected it to be answered later");
		break;
	}
}

/* All codes that a CCW can have: 0 is invalid, and x8 is a transfer in channel. */
static bool is_code(unsigned int code)
{
	return code && (code & 0x0f) != 0x08 && (code & 0x0f);
}

static void without_client(void)
{
	tester_open();
	for (unsigned int code = 1; code < 256; code++) {
		if (!is_code(code))
			continue;
		tester_command(code, 2);
		expect_outcome(find(code)->without, find(code)->count);
		if (code == 0x04)
			ktap_check(tester.area[0] == SENSE_INTERVENTION,
				   "SENSE: expected 40, found %02x", tester.area[0]);
	}
	expect_presented("");
	tester_close();
}

static void with_client(void)
{
	for (unsigned int code = 1; code < 256; code++) {
		const struct command_row *row = find(code);
		int client;

		if (!is_code(code))
			continue;
		tester_open();
		client = tester_display("IBM-3278-2-E");
		tester.area[0] = 0xc1;
		tester.area[1] = 0xc2;
		tester_command(code, 2);
		expect_outcome(row->with, row->count);
		expect_immediate(row->immediate);
		tester_receive(client);
		expect_sent(row->sent);
		if (code == 0x04)
			ktap_check(!tester.area[0], "SENSE: expected 00, found %02x",
				   tester.area[0]);
		tester_close();
		close(client);
	}
}

/* Linux raw3270.c: old devices reject READ PARTITION. */
static void not_extended(void)
{
	int client;

	tester_open();
	client = tester_display("IBM-3278-2");
	tester_command(0x11, 7);
	expect_outcome(REJECTED, 0);
	tester_receive(client);
	expect_sent("");
	tester_command(0x05, 1);
	expect_outcome(ENDED, 1);
	tester_close();
	close(client);
}

/* Hercules console.c: 3274-1D and 3278-2, 7 bytes; Linux binds to type 3274. */
static void sense_id(void)
{
	static const uint8_t expected[] = { 0xff, 0x32, 0x74, 0x1d, 0x32, 0x78, 0x02 };

	tester_open();
	tester_command(0xe4, 64);
	expect_answer(CSS_ENDED, 0, 7);
	ktap_check(!memcmp(tester.area, expected, 7), "other bytes");
	tester.area[2] = 0xaa;
	tester_command(0xe4, 2);
	expect_answer(CSS_ENDED, 0, 7);
	ktap_check(tester.area[2] == 0xaa, "more bytes than there is room for");
	tester_close();
}

static void doubled(void)
{
	int client;

	tester_open();
	client = tester_display("IBM-3278-2-E");
	memset(tester.area, 0xff, 3);
	tester_command(0x01, 3);
	expect_answer(CSS_ENDED, 0, 3);
	tester_receive(client);
	expect_sent("f1ffffffffffffffef");
	tester_close();
	close(client);
}

/* As much as the area has, and each byte is sent twice. */
static void longest(void)
{
	int client;

	tester_open();
	client = tester_display("IBM-3278-2-E");
	memset(tester.area, 0xff, TEST_AREA);
	tester_command(0x05, TEST_AREA);
	tester_receive(client);
	ktap_check(tester.sent_len == 2 * TEST_AREA + 3, "expected %u bytes, found %zu",
		   2 * TEST_AREA + 3, tester.sent_len);
	if (tester.answer.later)
		expect_later(1, CSS_ENDED, 0, TEST_AREA);
	else
		expect_answer(CSS_ENDED, 0, TEST_AREA);
	tester_close();
	close(client);
}

/*
 * The channel subsystem has recognized a check behind what it has copied, so the
 * device asks for one byte more, and shows nothing.
 */
static void checked(void)
{
	struct css_command command = {
		.seq = 1, .code = 0x01, .provided = 10, .available = 4, .room = TEST_AREA,
		.check = true, .data = tester.area,
	};
	int client;

	tester_open();
	client = tester_display("IBM-3278-2-E");
	tester.answer = (struct css_answer){};
	terminal_ops.command(tester.terminals[0], &command, &tester.answer);
	expect_answer(CSS_ENDED, 0, 5);
	tester_receive(client);
	expect_sent("");
	/* What there is no room for isn't asked for. */
	command.check = false;
	command.more = true;
	command.room = 4;
	tester.answer = (struct css_answer){};
	terminal_ops.command(tester.terminals[0], &command, &tester.answer);
	expect_answer(CSS_ENDED, 0, 4);
	tester_close();
	close(client);
}

const struct ktap_case command_cases[] = {
	{ .name = "commands without a client", .fn = without_client },
	{ .name = "commands with a client, and what it is sent", .fn = with_client },
	{ .name = "a terminal without extended data stream rejects structured fields",
	  .fn = not_extended },
	{ .name = "SENSE ID", .fn = sense_id },
	{ .name = "RFC 856: the guest's FF is sent twice", .fn = doubled },
	{ .name = "WRITE of 64 KiB", .fn = longest },
	{ .name = "WRITE whose data the channel subsystem can't fetch all", .fn = checked },
};

const unsigned int command_nr = sizeof(command_cases) / sizeof(command_cases[0]);
