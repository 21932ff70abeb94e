/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TELNET for one connection, as servers of 3270 terminals use it (RFC 1576): the
 * client says its terminal type (RFC 1091), and both sides agree on binary
 * transmission (RFC 856) and end of record (RFC 885).  From then on records of the
 * 3270 data stream go both ways.
 *
 * Nothing here knows of sockets.  telnet_input() is given what has come, and what is
 * to be sent is added to the buffer @out.  All that the client says is bounded: the
 * length of a record and of a subnegotiation, and how much it negotiates before
 * there is an agreement.  Data before that are refused.  Whoever owns the connection bounds
 * the time.
 */
#ifndef CSS_3270_TELNET_H
#define CSS_3270_TELNET_H

#include "buffer.h"

/* Commands of RFC 854 and RFC 885 */
#define TELNET_EOR		239
#define TELNET_SE		240
#define TELNET_AYT		246
#define TELNET_SB		250
#define TELNET_WILL		251
#define TELNET_WONT		252
#define TELNET_DO		253
#define TELNET_DONT		254
#define TELNET_IAC		255
#define TELNET_NOP		241

/* Options */
#define TELNET_BINARY		0
#define TELNET_SGA		3
#define TELNET_TIMING_MARK	6
#define TELNET_TERMINAL_TYPE	24
#define TELNET_END_OF_RECORD	25

#define TELNET_TYPE_SEND	1
#define TELNET_TYPE_IS		0

/* The longest record that a client may send: more than any screen has */
#define TELNET_RECORD_SIZE	65536
/* A terminal type has at most 40 characters (RFC 1091). */
#define TELNET_TYPE_SIZE	41
/* How often a client may answer before there is an agreement */
#define TELNET_PATIENCE		64
/* How many terminal types a client may offer */
#define TELNET_TYPES		8

/**
 * enum telnet_event - what has come
 * @TELNET_NOTHING: nothing that is complete
 * @TELNET_TYPED: the client has an IBM display, @type, and perhaps wants the terminal
 *	@name; telnet_ask_records() goes on.  Comes once
 * @TELNET_AGREED: from now on there are records.  Comes once
 * @TELNET_RECORD: a record is in @in; telnet_next() lets the next one in
 * @TELNET_MARKED: the client has done all that was sent before a timing mark
 * @TELNET_REFUSED: there is no agreement, or none any more; @why says why
 */
enum telnet_event {
	TELNET_NOTHING,
	TELNET_TYPED,
	TELNET_AGREED,
	TELNET_RECORD,
	TELNET_MARKED,
	TELNET_REFUSED,
};

/* What the next byte is */
enum telnet_state {
	TELNET_IN_DATA,
	TELNET_IN_COMMAND,
	TELNET_IN_OPTION,
	TELNET_IN_SUB,
	TELNET_IN_SUB_COMMAND,
};

/**
 * struct telnet - a connection
 * @state: what the next byte is
 * @verb: TELNET_WILL, _WONT, _DO or _DONT, of which the option is still to come
 * @asks: whether telnet_ask_records() has been called
 * @agreed: whether there are records
 * @we: options that this side performs, a bit each (enum in telnet.c)
 * @we_asked: those that it has offered
 * @they: options that the client performs
 * @they_asked: those that the client was asked for
 * @patience: how often the client may still answer
 * @types: how many terminal types the client may still offer
 * @marks: how many timing marks the client has still to answer
 * @sub: subnegotiation
 * @sub_len: how many bytes of it there are; more than the size of @sub if it is
 *	too long
 * @type: terminal type
 * @name: name of the terminal that the client wants (RFC 1646), or ""
 * @in: the record
 * @out: what is to be sent
 * @why: why there is no agreement
 */
struct telnet {
	enum telnet_state state;
	uint8_t verb;
	bool asks;
	bool agreed;
	unsigned int we, we_asked;
	unsigned int they, they_asked;
	unsigned int patience;
	unsigned int types;
	unsigned int marks;
	uint8_t sub[64];
	size_t sub_len;
	char type[TELNET_TYPE_SIZE];
	char name[TELNET_TYPE_SIZE];
	struct buffer in;
	struct buffer out;
	const char *why;
};

/**
 * telnet_new() - begin to negotiate
 * @telnet: the connection
 * @out: size of the buffer for what is to be sent
 *
 * Return: false if there is no storage.
 */
bool telnet_new(struct telnet *telnet, size_t out);

/**
 * telnet_free() - free what telnet_new() has allocated
 * @telnet: the connection
 */
void telnet_free(struct telnet *telnet);

/**
 * telnet_input() - take what the client has sent, up to the next event
 * @telnet: the connection
 * @data: what has come
 * @len: how many bytes
 * @event: written: the event; after TELNET_REFUSED the connection is to be closed
 *
 * Return: how many bytes were taken; all of them if there is no event.
 */
size_t telnet_input(struct telnet *telnet, const uint8_t *data, size_t len,
		    enum telnet_event *event);
/**
 * telnet_ask_records() - after TELNET_TYPED, ask for what records need and the client
 * hasn't agreed to by itself
 * @telnet: the connection
 *
 * Return: an event: nothing, agreed, or refused.
 */
enum telnet_event telnet_ask_records(struct telnet *telnet);

/**
 * telnet_next() - forget the record that is in @in, so that the next one has room
 * @telnet: the connection
 */
void telnet_next(struct telnet *telnet);

/* How many bytes a record of so many bytes takes at most, with a mark */
#define TELNET_SENT(len)	(2 * (len) + 5)

/**
 * telnet_send() - add a record to what is to be sent
 * @telnet: the connection
 * @command: first byte of the record
 * @data: the other bytes
 * @len: how many these are
 * @mark: ask the client to say when it has done it, by a timing mark
 *
 * Return: false if there is no room; nothing is sent then.
 */
bool telnet_send(struct telnet *telnet, uint8_t command, const uint8_t *data,
		 size_t len, bool mark);

/**
 * telnet_is_extended() - whether the terminal type says that the terminal has the
 * extended data stream, and so structured fields
 * @telnet: the connection
 *
 * The types that end in -E have it (RFC 1576), and IBM-DYNAMIC does (RFC 1700).
 */
bool telnet_is_extended(const struct telnet *telnet);

#endif /* CSS_3270_TELNET_H */
