/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A local non-SNA 3270 display, which is a unit of the kernel's (css_user.h) on one
 * side, and a TN3270 client, if there is one, on the other.  Documentation/3270.rst
 * has the table of its commands, with sources.
 *
 * Rules:
 *
 * - One command is in progress at a time.  It ends at once, or when the client has
 *   taken what it was sent (TERMINAL_SENDS), or has answered what it was asked
 *   (TERMINAL_READS).  A client that takes too long for that is closed.
 * - What the client sends without being asked waits in @inbound for READ MODIFIED,
 *   and attention is presented for it.
 * - When a client goes, the next command is told intervention required, even if another
 *   client has come meanwhile: the guest must not take that one for the first, and show
 *   it what the first one's user has left.
 * - A client can send something just when it is asked.  So each question is followed
 *   by a timing mark (RFC 860): of what comes before the client answers the mark, the
 *   last is the answer to the question.  It is in @held until then.
 */
#ifndef CSS_3270_TERMINAL_H
#define CSS_3270_TERMINAL_H

#include "css_user.h"
#include "client.h"

/* Sense byte 0.  The device has one sense byte. */
#define SENSE_COMMAND_REJECT	0x80
#define SENSE_INTERVENTION	0x40

/* Attention identification of what answers a structured field */
#define AID_STRUCTURED_FIELD	0x88

/* How many records of the client's may wait; the oldest goes if there are more */
#define TERMINAL_INBOUND	4

/* The kernel's name of the device is 8 bytes at most, and so is an LU's. */
#define TERMINAL_NAME_SIZE	9

enum terminal_wait {
	TERMINAL_IDLE,
	TERMINAL_SENDS,
	TERMINAL_READS,
};

/**
 * struct record - what the client has sent
 * @data: bytes of the 3270 data stream, without those of TELNET
 * @len: how many there are; 0 for no record
 */
struct record {
	uint8_t *data;
	size_t len;
};

/**
 * struct log_limit - how much of the log a display has had
 * @since: when the time began for which there is a limit
 * @lines: how many lines it would have had since then
 */
struct log_limit {
	uint64_t since;
	unsigned int lines;
};

/**
 * struct terminal - a display
 * @unit: the unit of the kernel's
 * @name: by which clients choose it (RFC 1646)
 * @log: see there
 * @client: the client that displays it, or NULL
 * @untold: a client has gone, and no command has been told so yet
 * @wait: what the command in progress waits for
 * @seq: its number
 * @data: where its data belong, for a command that reads
 * @room: how many of them
 * @count: how many bytes it has taken, for a command that writes
 * @immediate: it has asked for no data
 * @by: until when it must have ended
 * @inbound: records that no command has read, the oldest first
 * @nr_inbound: how many there are
 * @held: the record that came last, while the client has marks to answer
 * @mark_by: until when the client must have answered them
 * @due: device status that is to be presented
 * @stale: the kernel doesn't take status before terminal_reset() has been called
 * @presents: the kernel has status that it hasn't presented yet
 */
struct terminal {
	struct css_unit *unit;
	char name[TERMINAL_NAME_SIZE];
	struct log_limit log;
	struct client *client;
	bool untold;

	enum terminal_wait wait;
	uint64_t seq;
	uint8_t *data;
	uint32_t room;
	uint32_t count;
	bool immediate;
	uint64_t by;

	struct record inbound[TERMINAL_INBOUND];
	unsigned int nr_inbound;
	struct record held;
	uint64_t mark_by;

	uint8_t due;
	bool stale;
	bool presents;
};

/* For css_unit_new(), with a struct terminal that is zeros but for its name */
extern const struct css_device_ops terminal_ops;

/**
 * terminal_connect() - a client has agreed to be this display: present device end, but
 * not before the guest has been told that the last one has gone
 * @terminal: a display without a client
 * @client: the client
 */
void terminal_connect(struct terminal *terminal, struct client *client);

/**
 * terminal_disconnect() - the client has gone: end the command that waits for it, and
 * present device end
 * @terminal: a display with a client
 */
void terminal_disconnect(struct terminal *terminal);

/**
 * terminal_record() - the client has sent a record
 * @terminal: the display
 * @data: the record
 * @len: how many bytes it has, not 0
 */
void terminal_record(struct terminal *terminal, const uint8_t *data, size_t len);

/**
 * terminal_marked() - the client has answered a timing mark
 * @terminal: the display
 */
void terminal_marked(struct terminal *terminal);

/**
 * terminal_sent() - all has been sent to the client
 * @terminal: the display
 */
void terminal_sent(struct terminal *terminal);

/**
 * terminal_timer() - do what is to be done at this time
 * @terminal: the display
 * @now: the time
 */
void terminal_timer(struct terminal *terminal, uint64_t now);

/**
 * terminal_deadline() - when terminal_timer() has something to do
 * @terminal: the display
 *
 * Return: the time, or UINT64_MAX for never.
 */
uint64_t terminal_deadline(const struct terminal *terminal);

/**
 * terminal_clean() - free what the terminal has, but neither client nor unit
 * @terminal: the display
 */
void terminal_clean(struct terminal *terminal);

#endif /* CSS_3270_TERMINAL_H */
