// SPDX-License-Identifier: GPL-2.0
/*
 * TELNET: what is answered to what a client says.  The sources are RFC 854, 856, 860,
 * 885, 1091, 1143, 1576 and 1646.
 */
#include <stdio.h>

#include "test.h"

/* The letters that stand for bytes in the tables */
static const struct {
	const char *word;
	uint8_t byte;
} words[] = {
	{ "IAC", TELNET_IAC }, { "EOR", TELNET_EOR }, { "SE", TELNET_SE },
	{ "SB", TELNET_SB }, { "WILL", TELNET_WILL }, { "WON'T", TELNET_WONT },
	{ "DO", TELNET_DO }, { "DONT", TELNET_DONT }, { "AYT", TELNET_AYT },
	{ "NOP", TELNET_NOP }, { "bin", TELNET_BINARY }, { "sga", TELNET_SGA },
	{ "mark", TELNET_TIMING_MARK }, { "type", TELNET_TERMINAL_TYPE },
	{ "eor", TELNET_END_OF_RECORD }, { "tn3270e", 40 }, { "echo", 1 },
	{ "naws", 31 }, { "IS", TELNET_TYPE_IS }, { "SEND", TELNET_TYPE_SEND },
};

/* Translate words to bytes; others stand for their characters. */
static size_t bytes_of(const char *text, uint8_t *bytes)
{
	size_t len = 0;

	while (*text) {
		size_t word = strcspn(text, " ");
		bool known = false;

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !known; i++) {
			known = strlen(words[i].word) == word &&
				!memcmp(words[i].word, text, word);
			if (known)
				bytes[len++] = words[i].byte;
		}
		if (!known) {
			memcpy(bytes + len, text, word);
			len += word;
		}
		text += word;
		text += strspn(text, " ");
	}
	return len;
}

#define ASKS		"IAC DO type"
#define TWENTY		"AAAAAAAAAAAAAAAAAAAA"
#define SENDS		"IAC SB type SEND IAC SE"
#define IS(name)	"IAC SB type IS " name " IAC SE"
#define RECORDS		"IAC DO eor IAC WILL eor IAC DO bin IAC WILL bin"
#define AGREES		"IAC WILL eor IAC DO eor IAC WILL bin IAC DO bin"
#define BEGINS		"IAC WILL type " IS("IBM-3279-2-E")

/* Events: t type, a agreed, r record, m mark, x refused */
struct telnet_row {
	const char *name;
	const char *said;
	const char *answered;
	const char *events;
	const char *data;
};

static const struct telnet_row rows[] = {
	{ "RFC 1576: type, end of record and binary are agreed",
	  BEGINS " " AGREES, ASKS " " SENDS " " RECORDS, "ta" },
	{ "RFC 1576: a client that offers by itself isn't asked again",
	  "IAC WILL bin IAC DO bin " BEGINS " IAC WILL eor IAC DO eor",
	  ASKS " IAC DO bin IAC WILL bin " SENDS " IAC DO eor IAC WILL eor", "ta" },
	{ "RFC 1143: what is agreed isn't answered once more",
	  BEGINS " " AGREES " " AGREES " IAC WILL type",
	  ASKS " " SENDS " " RECORDS, "ta" },
	{ "RFC 854: an unknown option is refused",
	  "IAC WILL naws IAC DO echo IAC WON'T naws IAC DONT echo",
	  ASKS " IAC DONT naws IAC WON'T echo", "" },
	{ "RFC 2355: TN3270E is refused, and the client goes on without",
	  "IAC WILL tn3270e IAC DO tn3270e " BEGINS,
	  ASKS " IAC DONT tn3270e IAC WON'T tn3270e " SENDS " " RECORDS, "t" },
	{ "RFC 858: go-ahead may be suppressed, both ways",
	  "IAC WILL sga IAC DO sga", ASKS " IAC DO sga IAC WILL sga", "" },
	{ "RFC 1091: a client that has another type is asked for the next one",
	  "IAC WILL type " IS("VT100") " " IS("IBM-3278-4"),
	  ASKS " " SENDS " " SENDS " " RECORDS, "t" },
	{ "RFC 1576: a printer is no display",
	  "IAC WILL type " IS("IBM-3287-1"), ASKS " " SENDS " " SENDS, "" },
	{ "a client without a terminal type is refused",
	  "IAC WON'T type", ASKS, "x" },
	{ "a client that refuses end of record is refused",
	  BEGINS " IAC WON'T eor", ASKS " " SENDS " " RECORDS, "tx" },
	{ "a client that refuses that binary is sent is refused",
	  BEGINS " IAC DONT bin", ASKS " " SENDS " " RECORDS, "tx" },
	{ "RFC 1576: a client that ends binary has left 3270 mode",
	  BEGINS " " AGREES " IAC WON'T bin", ASKS " " SENDS " " RECORDS, "tax" },
	{ "RFC 885: records end with EOR",
	  BEGINS " " AGREES " abc IAC EOR de IAC EOR", ASKS " " SENDS " " RECORDS,
	  "tarr", "abc/de/" },
	{ "RFC 856: a byte FF is sent twice",
	  BEGINS " " AGREES " y IAC IAC x IAC EOR", ASKS " " SENDS " " RECORDS,
	  "tar", "y\xffx/" },
	{ "an empty record is none",
	  BEGINS " " AGREES " IAC EOR IAC EOR", ASKS " " SENDS " " RECORDS, "ta" },
	{ "an end of record before the agreement ends none",
	  "IAC EOR " BEGINS " IAC EOR " AGREES " e IAC EOR",
	  ASKS " " SENDS " " RECORDS, "tar", "e/" },
	{ "who begins with data is refused, whatever they are followed by",
	  "POST " BEGINS " " AGREES " e IAC EOR", ASKS, "x" },
	{ "data before the agreement are refused",
	  BEGINS " d " AGREES, ASKS " " SENDS " " RECORDS, "tx" },
	{ "so is a byte FF",
	  "IAC IAC " BEGINS, ASKS, "x" },
	{ "RFC 854: AYT is answered, in 3270 mode too",
	  "IAC AYT", ASKS " IAC NOP", "" },
	{ "RFC 860: the answer to a timing mark that wasn't sent means nothing",
	  "IAC WILL mark IAC WON'T mark", ASKS, "" },
	{ "RFC 860: a timing mark is refused, which is an answer as well",
	  "IAC DO mark", ASKS " IAC WON'T mark", "" },
	{ "a terminal type that nobody can read is refused",
	  "IAC WILL type " IS("IBM-\x01"), ASKS " " SENDS, "x" },
	{ "a terminal type of more than 40 characters is refused",
	  "IAC WILL type " IS("IBM-3278-2-E@AAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
	  ASKS " " SENDS, "x" },
	{ "a subnegotiation that is too long is ignored",
	  "IAC WILL type " IS(TWENTY TWENTY TWENTY TWENTY) " "
	  IS("IBM-3278-2"), ASKS " " SENDS " " RECORDS, "t" },
	{ "a subnegotiation of nothing, and one that another command ends",
	  "IAC SB IAC SE IAC SB type IAC NOP IAC SB type IS IAC SE", ASKS, "" },
	{ "a terminal type that wasn't asked for is ignored",
	  IS("IBM-3278-2"), ASKS, "" },
};

static void feed(struct telnet *telnet, const uint8_t *said, size_t len, size_t piece,
		 char *events, char *data)
{
	static const char letters[] = {
		[TELNET_TYPED] = 't', [TELNET_AGREED] = 'a', [TELNET_RECORD] = 'r',
		[TELNET_MARKED] = 'm', [TELNET_REFUSED] = 'x',
	};
	enum telnet_event event = TELNET_NOTHING;
	size_t done = 0;

	while (done < len && event != TELNET_REFUSED) {
		size_t some = len - done < piece ? len - done : piece;

		done += telnet_input(telnet, said + done, some, &event);
		if (event == TELNET_NOTHING)
			continue;
		*events++ = letters[event];
		if (event == TELNET_TYPED && telnet_ask_records(telnet) == TELNET_AGREED)
			*events++ = 'a';
		if (event == TELNET_RECORD) {
			memcpy(data, telnet->in.data, telnet->in.len);
			data += telnet->in.len;
			*data++ = '/';
			telnet_next(telnet);
		}
	}
	*events = 0;
	*data = 0;
}

/* However the bytes are divided into packets, the answer is the same. */
static void table(void)
{
	static const size_t pieces[] = { 1, 3, 1000 };

	for (size_t i = 0; i < 3 * sizeof(rows) / sizeof(rows[0]); i++) {
		const struct telnet_row *row = &rows[i / 3];
		uint8_t said[512], answered[512];
		size_t said_len = bytes_of(row->said, said);
		size_t answered_len = bytes_of(row->answered, answered);
		char events[64], data[64];
		struct telnet telnet;

		if (!telnet_new(&telnet, 1024)) {
			ktap_fail("no storage");
			return;
		}
		feed(&telnet, said, said_len, pieces[i % 3], events, data);
		ktap_check(!strcmp(events, row->events), "%s: expected events %s, found %s",
			   row->name, row->events, events);
		ktap_check(!strcmp(data, row->data ? row->data : ""),
			   "%s: found the records %s", row->name, data);
		ktap_check(telnet.out.len == answered_len &&
			   !memcmp(telnet.out.data, answered, answered_len),
			   "%s: found another answer, of %zu bytes instead of %zu",
			   row->name, telnet.out.len, answered_len);
		telnet_free(&telnet);
	}
}

static void types(void)
{
	static const struct {
		const char *said;
		const char *type;
		const char *name;
		bool extended;
	} wanted[] = {
		{ "IBM-3278-2", "IBM-3278-2", "", false },
		{ "IBM-3278-2-E", "IBM-3278-2-E", "", true },
		{ "ibm-3279-5-e", "ibm-3279-5-e", "", true },
		{ "IBM-DYNAMIC", "IBM-DYNAMIC", "", true },
		{ "IBM-3278-3-E@TERM7", "IBM-3278-3-E", "TERM7", true },
		{ "IBM-3278-3@", "IBM-3278-3", "", false },
	};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		char said[128], events[8], data[8];
		struct telnet telnet;
		uint8_t bytes[128];

		if (!telnet_new(&telnet, 1024)) {
			ktap_fail("no storage");
			return;
		}
		snprintf(said, sizeof(said), "IAC WILL type " IS("%s"), wanted[i].said);
		feed(&telnet, bytes, bytes_of(said, bytes), 1000, events, data);
		ktap_check(!strcmp(telnet.type, wanted[i].type) &&
			   !strcmp(telnet.name, wanted[i].name) &&
			   telnet_is_extended(&telnet) == wanted[i].extended,
			   "%s: found \"%s\", \"%s\", %d", wanted[i].said, telnet.type,
			   telnet.name, telnet_is_extended(&telnet));
		telnet_free(&telnet);
	}
}

/* Say the same again and again, until the client is refused. */
static unsigned int times_until_refused(const char *first, const char *again)
{
	char events[64], data[8];
	struct telnet telnet;
	uint8_t bytes[128];
	unsigned int times = 0;

	if (!telnet_new(&telnet, 1 << 16))
		return 0;
	feed(&telnet, bytes, bytes_of(first, bytes), 1000, events, data);
	do {
		feed(&telnet, bytes, bytes_of(again, bytes), 1000, events, data);
		times++;
	} while (!strchr(events, 'x') && times < 1000);
	telnet_free(&telnet);
	return times;
}

static void patience(void)
{
	unsigned int times = times_until_refused("", "IAC DO echo");

	ktap_check(times == TELNET_PATIENCE + 1, "a client without end: refused after %u", times);
	times = times_until_refused("", "IAC SB IAC SE");
	ktap_check(times == TELNET_PATIENCE + 1, "an empty subnegotiation: after %u", times);
	times = times_until_refused("IAC WILL type", IS("VT100"));
	ktap_check(times == TELNET_TYPES, "types of no display: refused after %u", times);
	times = times_until_refused(BEGINS " " AGREES, "IAC NOP");
	ktap_check(times == 1000, "a display that says nothing: refused after %u", times);
}

/* A client that doesn't read what it is sent */
static void no_room(void)
{
	char events[64], data[8];
	struct telnet telnet;
	uint8_t bytes[64];

	if (!telnet_new(&telnet, 16)) {
		ktap_fail("no storage");
		return;
	}
	for (unsigned int i = 0; i < 4; i++)
		feed(&telnet, bytes, bytes_of("IAC DO echo", bytes), 3, events, data);
	ktap_check(telnet.out.len == 15, "expected 15 bytes to wait, found %zu", telnet.out.len);
	feed(&telnet, bytes, bytes_of("IAC DO echo", bytes), 3, events, data);
	ktap_check(!strcmp(events, "x"), "expected it to be refused, found \"%s\"", events);
	ktap_check(!telnet_send(&telnet, 1, bytes, 1, false), "a record was sent without room");
	telnet_free(&telnet);
}

static void record_size(void)
{
	static uint8_t bytes[TELNET_RECORD_SIZE];
	char events[64], data[8];
	struct telnet telnet;
	enum telnet_event event;
	uint8_t said[128];

	if (!telnet_new(&telnet, 1024)) {
		ktap_fail("no storage");
		return;
	}
	feed(&telnet, said, bytes_of(BEGINS " " AGREES, said), 1000, events, data);
	telnet_input(&telnet, bytes, sizeof(bytes), &event);
	ktap_check(event == TELNET_NOTHING && telnet.in.len == sizeof(bytes),
		   "expected the longest record, found event %d", event);
	telnet_input(&telnet, bytes, 1, &event);
	ktap_check(event == TELNET_REFUSED, "one byte more: found event %d", event);
	telnet_free(&telnet);
}

const struct ktap_case telnet_cases[] = {
	{ .name = "TELNET: what is answered to what a client says", .fn = table },
	{ .name = "RFC 1576, 1646: terminal types, and the name of a terminal", .fn = types },
	{ .name = "a client that negotiates without end is refused", .fn = patience },
	{ .name = "a client that takes nothing is refused", .fn = no_room },
	{ .name = "a record of more than 64 KiB is refused", .fn = record_size },
};

const unsigned int telnet_nr = sizeof(telnet_cases) / sizeof(telnet_cases[0]);
