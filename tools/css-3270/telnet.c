// SPDX-License-Identifier: GPL-2.0
/*
 * TELNET for one connection; see telnet.h.
 *
 * The server asks for the terminal type.  A client that has an IBM display is asked
 * for end of record and binary transmission, both ways.  When it has agreed to these
 * four, there are records.  An option is answered only if that changes something, or
 * to refuse it, so that two sides that both answer can't go on forever (RFC 1143).
 */
#include <ctype.h>
#include <strings.h>

#include "telnet.h"

/* The options that are performed, as bits */
#define SIDE_BINARY		0x01U
#define SIDE_RECORDS		0x02U
#define SIDE_TYPE		0x04U
#define SIDE_SGA		0x08U

/* What each side has to perform before there are records */
#define NEEDED			(SIDE_BINARY | SIDE_RECORDS)

/* The options that each side may perform */
#define WE_CAN			(NEEDED | SIDE_SGA)
#define THEY_CAN		(NEEDED | SIDE_SGA | SIDE_TYPE)

static unsigned int side_of(uint8_t option)
{
	switch (option) {
	case TELNET_BINARY:
		return SIDE_BINARY;
	case TELNET_END_OF_RECORD:
		return SIDE_RECORDS;
	case TELNET_TERMINAL_TYPE:
		return SIDE_TYPE;
	case TELNET_SGA:
		return SIDE_SGA;
	default:
		return 0;
	}
}

static enum telnet_event refuse(struct telnet *telnet, const char *why)
{
	telnet->why = why;
	return TELNET_REFUSED;
}

/* Only a client that doesn't read what it is sent leaves no room. */
static enum telnet_event send_bytes(struct telnet *telnet, const uint8_t *data, size_t len)
{
	if (!buffer_add(&telnet->out, data, len))
		return refuse(telnet, "it doesn't take what it is sent");
	return TELNET_NOTHING;
}

static enum telnet_event say(struct telnet *telnet, uint8_t verb, uint8_t option)
{
	const uint8_t said[] = { TELNET_IAC, verb, option };

	return send_bytes(telnet, said, sizeof(said));
}

bool telnet_new(struct telnet *telnet, size_t out)
{
	memset(telnet, 0, sizeof(*telnet));
	telnet->patience = TELNET_PATIENCE;
	telnet->types = TELNET_TYPES;
	telnet->they_asked = SIDE_TYPE;
	if (buffer_new(&telnet->in, TELNET_RECORD_SIZE) &&
	    buffer_new(&telnet->out, out) &&
	    say(telnet, TELNET_DO, TELNET_TERMINAL_TYPE) == TELNET_NOTHING)
		return true;
	telnet_free(telnet);
	return false;
}

void telnet_free(struct telnet *telnet)
{
	buffer_free(&telnet->in);
	buffer_free(&telnet->out);
}

static enum telnet_event ask_type(struct telnet *telnet)
{
	static const uint8_t ask[] = {
		TELNET_IAC, TELNET_SB, TELNET_TERMINAL_TYPE, TELNET_TYPE_SEND,
		TELNET_IAC, TELNET_SE,
	};

	if (!telnet->types--)
		return refuse(telnet, "it has no terminal type of an IBM display");
	return send_bytes(telnet, ask, sizeof(ask));
}

static bool is_agreed(const struct telnet *telnet)
{
	return telnet->asks && !(NEEDED & ~telnet->we) && !(NEEDED & ~telnet->they);
}

/* Look whether there are records from now on. */
static enum telnet_event look(struct telnet *telnet)
{
	if (telnet->agreed || !is_agreed(telnet))
		return TELNET_NOTHING;
	telnet->agreed = true;
	return TELNET_AGREED;
}

enum telnet_event telnet_ask_records(struct telnet *telnet)
{
	static const uint8_t options[] = { TELNET_END_OF_RECORD, TELNET_BINARY };
	enum telnet_event event = TELNET_NOTHING;

	telnet->asks = true;
	for (size_t i = 0; i < sizeof(options) && event == TELNET_NOTHING; i++) {
		unsigned int side = side_of(options[i]);

		if (!(telnet->they & side)) {
			telnet->they_asked |= side;
			event = say(telnet, TELNET_DO, options[i]);
		}
		if (event == TELNET_NOTHING && !(telnet->we & side)) {
			telnet->we_asked |= side;
			event = say(telnet, TELNET_WILL, options[i]);
		}
	}
	return event == TELNET_NOTHING ? look(telnet) : event;
}

/* A terminal type of an IBM display, but of no printer (RFC 1576, RFC 1700) */
static bool is_display(const char *type)
{
	return !strncasecmp(type, "IBM-", 4) && strncasecmp(type, "IBM-328", 7);
}

bool telnet_is_extended(const struct telnet *telnet)
{
	size_t len = strlen(telnet->type);

	return !strcasecmp(telnet->type, "IBM-DYNAMIC") ||
	       (len > 2 && !strcasecmp(telnet->type + len - 2, "-E"));
}

/* TERMINAL-TYPE IS: a type, and perhaps @ and the name of the terminal wanted */
static enum telnet_event have_type(struct telnet *telnet)
{
	char type[TELNET_TYPE_SIZE] = "";
	size_t len = telnet->sub_len - 2;
	char *name;

	if (telnet->agreed || telnet->type[0])
		return TELNET_NOTHING;
	if (len >= sizeof(type))
		return refuse(telnet, "its terminal type is too long");
	memcpy(type, telnet->sub + 2, len);
	for (size_t i = 0; i < len; i++) {
		if (!isgraph((unsigned char)type[i]))
			return refuse(telnet, "its terminal type isn't readable");
	}
	if (!is_display(type))
		return ask_type(telnet);
	name = strchr(type, '@');
	if (name) {
		*name++ = 0;
		memcpy(telnet->name, name, strlen(name) + 1);
	}
	memcpy(telnet->type, type, sizeof(type));
	return TELNET_TYPED;
}

/* A command of the client's is counted until there is an agreement. */
static bool is_patient(struct telnet *telnet)
{
	return telnet->agreed || telnet->patience--;
}

static enum telnet_event sub_ended(struct telnet *telnet)
{
	if (!is_patient(telnet))
		return refuse(telnet, "it negotiates without end");
	if (telnet->sub_len > sizeof(telnet->sub))
		return TELNET_NOTHING;
	if (telnet->sub_len > 2 && telnet->sub[0] == TELNET_TERMINAL_TYPE &&
	    telnet->sub[1] == TELNET_TYPE_IS && (telnet->they & SIDE_TYPE))
		return have_type(telnet);
	return TELNET_NOTHING;
}

static enum telnet_event mark_answered(struct telnet *telnet)
{
	if (!telnet->marks)
		return TELNET_NOTHING;
	telnet->marks--;
	return TELNET_MARKED;
}

static enum telnet_event they_will(struct telnet *telnet, uint8_t option)
{
	unsigned int side = side_of(option) & THEY_CAN;
	enum telnet_event event = TELNET_NOTHING;

	if (!side)
		return say(telnet, TELNET_DONT, option);
	if (telnet->they & side)
		return TELNET_NOTHING;
	telnet->they |= side;
	if (!(telnet->they_asked & side))
		event = say(telnet, TELNET_DO, option);
	if (event == TELNET_NOTHING && side == SIDE_TYPE)
		event = ask_type(telnet);
	return event == TELNET_NOTHING ? look(telnet) : event;
}

static enum telnet_event they_do(struct telnet *telnet, uint8_t option)
{
	unsigned int side = side_of(option) & WE_CAN;
	enum telnet_event event = TELNET_NOTHING;

	if (!side)
		return say(telnet, TELNET_WONT, option);
	if (telnet->we & side)
		return TELNET_NOTHING;
	telnet->we |= side;
	if (!(telnet->we_asked & side))
		event = say(telnet, TELNET_WILL, option);
	return event == TELNET_NOTHING ? look(telnet) : event;
}

/* The client doesn't perform an option any more, or this side isn't to. */
static enum telnet_event they_refuse(struct telnet *telnet, uint8_t option)
{
	bool theirs = telnet->verb == TELNET_WONT;
	unsigned int *performed = theirs ? &telnet->they : &telnet->we;
	unsigned int asked = theirs ? telnet->they_asked : telnet->we_asked;
	unsigned int side = side_of(option);
	bool was = *performed & side;

	*performed &= ~side;
	if (side == SIDE_TYPE && theirs && !telnet->type[0])
		return refuse(telnet, "it doesn't say its terminal type");
	if ((side & NEEDED) && (was || (asked & side)))
		return refuse(telnet, telnet->agreed ? "it has left 3270 mode" :
			      "it refuses binary transmission or end of record");
	if (was)
		return say(telnet, theirs ? TELNET_DONT : TELNET_WONT, option);
	return TELNET_NOTHING;
}

static enum telnet_event have_option(struct telnet *telnet, uint8_t option)
{
	if (!is_patient(telnet))
		return refuse(telnet, "it negotiates without end");
	if (option == TELNET_TIMING_MARK &&
	    (telnet->verb == TELNET_WILL || telnet->verb == TELNET_WONT))
		return mark_answered(telnet);
	switch (telnet->verb) {
	case TELNET_WILL:
		return they_will(telnet, option);
	case TELNET_DO:
		return they_do(telnet, option);
	default:
		return they_refuse(telnet, option);
	}
}

/*
 * A TN3270 client has nothing to say but TELNET's commands before there are records.  What
 * others say, such as a browser that a web page lets send a form to this port, may have all
 * bytes in it that make a display, and keys of one.
 */
static enum telnet_event have_data(struct telnet *telnet, uint8_t byte)
{
	if (!telnet->agreed)
		return refuse(telnet, "it doesn't speak TELNET");
	if (!buffer_add(&telnet->in, &byte, 1))
		return refuse(telnet, "it sends a record that is too long");
	return TELNET_NOTHING;
}

static enum telnet_event have_command(struct telnet *telnet, uint8_t byte)
{
	static const uint8_t here[] = { TELNET_IAC, TELNET_NOP };

	telnet->state = TELNET_IN_DATA;
	switch (byte) {
	case TELNET_IAC:
		return have_data(telnet, byte);
	case TELNET_WILL:
	case TELNET_WONT:
	case TELNET_DO:
	case TELNET_DONT:
		telnet->verb = byte;
		telnet->state = TELNET_IN_OPTION;
		return TELNET_NOTHING;
	case TELNET_SB:
		telnet->sub_len = 0;
		telnet->state = TELNET_IN_SUB;
		return TELNET_NOTHING;
	case TELNET_EOR:
		return telnet->agreed && telnet->in.len ? TELNET_RECORD : TELNET_NOTHING;
	case TELNET_AYT:
		return send_bytes(telnet, here, sizeof(here));
	default:
		return TELNET_NOTHING;
	}
}

static void have_sub(struct telnet *telnet, uint8_t byte)
{
	telnet->state = TELNET_IN_SUB;
	if (telnet->sub_len < sizeof(telnet->sub))
		telnet->sub[telnet->sub_len] = byte;
	if (telnet->sub_len <= sizeof(telnet->sub))
		telnet->sub_len++;
}

/* In a subnegotiation, behind IAC.  Any command but SE is a mistake of the client's. */
static enum telnet_event have_sub_command(struct telnet *telnet, uint8_t byte)
{
	if (byte == TELNET_IAC) {
		have_sub(telnet, byte);
		return TELNET_NOTHING;
	}
	telnet->state = TELNET_IN_DATA;
	if (byte == TELNET_SE)
		return sub_ended(telnet);
	return have_command(telnet, byte);
}

static enum telnet_event have(struct telnet *telnet, uint8_t byte)
{
	switch (telnet->state) {
	case TELNET_IN_DATA:
		if (byte != TELNET_IAC)
			return have_data(telnet, byte);
		telnet->state = TELNET_IN_COMMAND;
		return TELNET_NOTHING;
	case TELNET_IN_COMMAND:
		return have_command(telnet, byte);
	case TELNET_IN_OPTION:
		telnet->state = TELNET_IN_DATA;
		return have_option(telnet, byte);
	case TELNET_IN_SUB:
		if (byte == TELNET_IAC)
			telnet->state = TELNET_IN_SUB_COMMAND;
		else
			have_sub(telnet, byte);
		return TELNET_NOTHING;
	case TELNET_IN_SUB_COMMAND:
		return have_sub_command(telnet, byte);
	}
	return TELNET_NOTHING;
}

size_t telnet_input(struct telnet *telnet, const uint8_t *data, size_t len,
		    enum telnet_event *event)
{
	size_t done = 0;

	*event = TELNET_NOTHING;
	while (done < len && *event == TELNET_NOTHING)
		*event = have(telnet, data[done++]);
	return done;
}

void telnet_next(struct telnet *telnet)
{
	telnet->in.len = 0;
}

/* Each byte FF in the data is sent twice. */
static void add_data(struct buffer *out, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		out->data[out->len++] = data[i];
		if (data[i] == TELNET_IAC)
			out->data[out->len++] = TELNET_IAC;
	}
}

bool telnet_send(struct telnet *telnet, uint8_t command, const uint8_t *data,
		 size_t len, bool mark)
{
	static const uint8_t end[] = { TELNET_IAC, TELNET_EOR };

	if (len > TELNET_RECORD_SIZE ||
	    telnet->out.size - telnet->out.len < TELNET_SENT(len + 1))
		return false;
	add_data(&telnet->out, &command, 1);
	add_data(&telnet->out, data, len);
	buffer_add(&telnet->out, end, sizeof(end));
	if (mark) {
		say(telnet, TELNET_DO, TELNET_TIMING_MARK);
		telnet->marks++;
	}
	return true;
}
