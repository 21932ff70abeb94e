// SPDX-License-Identifier: GPL-2.0
/*
 * A local non-SNA 3270 display; see terminal.h.
 */
#include <errno.h>

#include "terminal.h"

/* Commands of the channel; the right column is what TN3270 has for them. */
#define CCW_WRITE			0x01
#define CCW_READ_BUFFER			0x02
#define CCW_NO_OPERATION		0x03
#define CCW_SENSE			0x04
#define CCW_ERASE_WRITE			0x05
#define CCW_READ_MODIFIED		0x06
#define CCW_SELECT_READ_MODIFIED	0x0b
#define CCW_ERASE_WRITE_ALTERNATE	0x0d
#define CCW_READ_MODIFIED_ALL		0x0e
#define CCW_ERASE_ALL_UNPROTECTED	0x0f
#define CCW_WRITE_STRUCTURED_FIELD	0x11
#define CCW_SELECT_READ_BUFFER		0x1b
#define CCW_SELECT_READ_MODIFIED_POS	0x2b
#define CCW_SELECT_READ_BUFFER_POS	0x3b
#define CCW_SELECT_WRITE		0x4b
#define CCW_SENSE_ID			0xe4

#define TN_ERASE_ALL_UNPROTECTED	0x6f
#define TN_ERASE_WRITE			0xf5
#define TN_ERASE_WRITE_ALTERNATE	0x7e
#define TN_READ_BUFFER			0xf2
#define TN_READ_MODIFIED		0xf6
#define TN_READ_MODIFIED_ALL		0x6e
#define TN_WRITE			0xf1
#define TN_WRITE_STRUCTURED_FIELD	0xf3

/* A 3278 model 2 at a 3274 model 1D */
static const uint8_t identification[] = {
	0xff, 0x32, 0x74, 0x1d, 0x32, 0x78, 0x02,
};

/* --- records --- */

static void drop(struct record *record)
{
	free(record->data);
	*record = (struct record){};
}

static void drop_first(struct terminal *terminal)
{
	drop(&terminal->inbound[0]);
	terminal->nr_inbound--;
	memmove(&terminal->inbound[0], &terminal->inbound[1],
		terminal->nr_inbound * sizeof(terminal->inbound[0]));
	terminal->inbound[terminal->nr_inbound] = (struct record){};
}

static void drop_all(struct terminal *terminal)
{
	while (terminal->nr_inbound)
		drop_first(terminal);
	drop(&terminal->held);
}

static bool is_key(const struct record *record)
{
	return record->data[0] != AID_STRUCTURED_FIELD;
}

/* --- status --- */

/* The command has ended because the client has gone. */
static void intervention(struct css_answer *answer)
{
	css_refuse(answer, SENSE_INTERVENTION);
	answer->status |= CSS_ENDED;
	answer->count = 0;
}

static void answer_later(struct terminal *terminal, const struct css_answer *answer)
{
	terminal->wait = TERMINAL_IDLE;
	/* An error says that the command is over, so nobody waits for the answer. */
	css_unit_answer(terminal->unit, terminal->seq, answer);
}

/* The command in progress has ended because the client has. */
static void end_disconnected(struct terminal *terminal)
{
	struct css_answer answer = {};

	intervention(&answer);
	answer_later(terminal, &answer);
}

static void end_command(struct terminal *terminal, uint32_t count)
{
	struct css_answer answer = {};

	css_end(&answer, count);
	answer.immediate = terminal->wait == TERMINAL_SENDS && terminal->immediate;
	answer_later(terminal, &answer);
}

/* Present what is due, one after the other: device end first. */
static void present(struct terminal *terminal)
{
	uint8_t status = terminal->due & CSS_DEVICE_END ? CSS_DEVICE_END : terminal->due;

	if (!status || terminal->presents || terminal->stale)
		return;
	switch (css_unit_present(terminal->unit, status, NULL, 0)) {
	case 0:
		terminal->due &= ~status;
		terminal->presents = true;
		break;
	case -EBUSY:
		terminal->presents = true;
		break;
	case -ESTALE:
		/* It belongs to the time behind a reset that terminal_reset() hasn't seen yet. */
		terminal->stale = true;
		break;
	default:
		/* The unit serves no device any more; css_unit_step() will say so. */
		terminal->due = 0;
		break;
	}
}

static void queue(struct terminal *terminal, struct record *record)
{
	unsigned int nr = terminal->nr_inbound;

	/* A key that is pressed before the last was read takes its place. */
	if (nr && is_key(record) && is_key(&terminal->inbound[nr - 1]))
		drop(&terminal->inbound[--terminal->nr_inbound]);
	else if (nr == TERMINAL_INBOUND)
		drop_first(terminal);
	terminal->inbound[terminal->nr_inbound++] = *record;
	*record = (struct record){};
	terminal->due |= CSS_ATTENTION;
	present(terminal);
}

/* Returns how many bytes the device has, which may be more than there is room for. */
static uint32_t move(const struct record *record, uint8_t *data, uint32_t room)
{
	memcpy(data, record->data, record->len < room ? record->len : room);
	return record->len;
}

/* --- commands --- */

static bool is_ready(const struct terminal *terminal)
{
	return terminal->client && !terminal->client->broken && !terminal->untold;
}

/* The display has become ready. */
static void ready(struct terminal *terminal)
{
	terminal->due |= CSS_DEVICE_END;
	present(terminal);
}

static void refuse_unready(struct terminal *terminal, struct css_answer *answer)
{
	bool untold = terminal->untold;

	css_refuse(answer, SENSE_INTERVENTION);
	terminal->untold = false;
	if (untold && is_ready(terminal))
		ready(terminal);
}

/* The command goes on until the client has done something. */
static void wait_for(struct terminal *terminal, const struct css_command *command,
		     struct css_answer *answer, enum terminal_wait wait, uint64_t ms)
{
	terminal->wait = wait;
	terminal->seq = command->seq;
	terminal->by = now_ms() + ms;
	answer->later = true;
}

static void do_write(struct terminal *terminal, const struct css_command *command,
		     struct css_answer *answer, uint8_t as)
{
	uint32_t count = command->available;

	if (command->check && count < command->room) {
		/* The device asks for one byte more, and the program ends with the check. */
		css_end(answer, count + 1);
		return;
	}
	css_end(answer, count);
	if (!client_send(terminal->client, as, command->data, count, false)) {
		intervention(answer);
	} else if (client_sends(terminal->client)) {
		terminal->count = count;
		terminal->immediate = false;
		wait_for(terminal, command, answer, TERMINAL_SENDS, CLIENT_SEND_MS);
	}
}

static void do_structured_field(struct terminal *terminal,
				const struct css_command *command,
				struct css_answer *answer)
{
	if (telnet_is_extended(&terminal->client->telnet))
		do_write(terminal, command, answer, TN_WRITE_STRUCTURED_FIELD);
	else
		css_refuse(answer, SENSE_COMMAND_REJECT);
}

static void do_erase_unprotected(struct terminal *terminal,
				 const struct css_command *command,
				 struct css_answer *answer)
{
	struct css_command without_data = {
		.seq = command->seq,
		.data = command->data,
	};

	do_write(terminal, &without_data, answer, TN_ERASE_ALL_UNPROTECTED);
	answer->immediate = !(answer->status & CSS_UNIT_CHECK);
	terminal->immediate = true;
}

/* Ask the client. */
static void ask(struct terminal *terminal, const struct css_command *command,
		struct css_answer *answer, uint8_t as)
{
	struct client *client = terminal->client;

	if (!client_send(client, as, NULL, 0, client->marks)) {
		intervention(answer);
		return;
	}
	terminal->data = command->data;
	terminal->room = command->room;
	wait_for(terminal, command, answer, TERMINAL_READS, CLIENT_READ_MS);
	if (client->marks)
		terminal->mark_by = terminal->by;
}

/* Whatever the client has sent is what READ MODIFIED reads. */
static void do_read_modified(struct terminal *terminal,
			     const struct css_command *command,
			     struct css_answer *answer, uint8_t as)
{
	if (!terminal->nr_inbound) {
		ask(terminal, command, answer, as);
		return;
	}
	css_end(answer, move(&terminal->inbound[0], command->data, command->room));
	drop_first(terminal);
	if (!terminal->nr_inbound)
		terminal->due &= ~CSS_ATTENTION;
}

static void do_bytes(const struct css_command *command, struct css_answer *answer,
		     const uint8_t *bytes, uint32_t len)
{
	const struct record record = { (uint8_t *)bytes, len };

	css_end(answer, move(&record, command->data, command->room));
}

/* What needs no client; false: the command isn't one of these. */
static bool do_without_client(struct terminal *terminal,
			      const struct css_command *command,
			      struct css_answer *answer)
{
	uint8_t sense = is_ready(terminal) ? 0 : SENSE_INTERVENTION;

	switch (command->code) {
	case CCW_NO_OPERATION:
		css_end_immediate(answer);
		return true;
	case CCW_SENSE:
		do_bytes(command, answer, &sense, sizeof(sense));
		return true;
	case CCW_SENSE_ID:
		do_bytes(command, answer, identification, sizeof(identification));
		return true;
	default:
		return false;
	}
}

static void do_with_client(struct terminal *terminal, const struct css_command *command,
			   struct css_answer *answer)
{
	switch (command->code) {
	case CCW_WRITE:
		do_write(terminal, command, answer, TN_WRITE);
		break;
	case CCW_ERASE_WRITE:
		do_write(terminal, command, answer, TN_ERASE_WRITE);
		break;
	case CCW_ERASE_WRITE_ALTERNATE:
		do_write(terminal, command, answer, TN_ERASE_WRITE_ALTERNATE);
		break;
	case CCW_WRITE_STRUCTURED_FIELD:
		do_structured_field(terminal, command, answer);
		break;
	case CCW_ERASE_ALL_UNPROTECTED:
		do_erase_unprotected(terminal, command, answer);
		break;
	case CCW_READ_BUFFER:
		ask(terminal, command, answer, TN_READ_BUFFER);
		break;
	case CCW_READ_MODIFIED:
		do_read_modified(terminal, command, answer, TN_READ_MODIFIED);
		break;
	case CCW_READ_MODIFIED_ALL:
		do_read_modified(terminal, command, answer, TN_READ_MODIFIED_ALL);
		break;
	default:
		/* SELECT */
		css_end_immediate(answer);
		break;
	}
}

static bool is_command(uint8_t code)
{
	switch (code) {
	case CCW_WRITE:
	case CCW_READ_BUFFER:
	case CCW_ERASE_WRITE:
	case CCW_READ_MODIFIED:
	case CCW_ERASE_WRITE_ALTERNATE:
	case CCW_READ_MODIFIED_ALL:
	case CCW_ERASE_ALL_UNPROTECTED:
	case CCW_WRITE_STRUCTURED_FIELD:
	case CCW_SELECT_READ_MODIFIED:
	case CCW_SELECT_READ_BUFFER:
	case CCW_SELECT_READ_MODIFIED_POS:
	case CCW_SELECT_READ_BUFFER_POS:
	case CCW_SELECT_WRITE:
		return true;
	default:
		return false;
	}
}

static void terminal_command(void *device, const struct css_command *command,
			     struct css_answer *answer)
{
	struct terminal *terminal = device;

	if (do_without_client(terminal, command, answer))
		return;
	if (!is_ready(terminal))
		refuse_unready(terminal, answer);
	else if (!is_command(command->code))
		css_refuse(answer, SENSE_COMMAND_REJECT);
	else
		do_with_client(terminal, command, answer);
}

/*
 * Another process may have served the device before, and has gone with its client.  The
 * guest finds out when it uses the device, and does that when it gets device end.
 */
static void terminal_begin(void *device)
{
	struct terminal *terminal = device;

	terminal->untold = true;
	terminal->due |= CSS_DEVICE_END;
	present(terminal);
}

/* CLEAR SUBCHANNEL, or the VM has been reset */
static void terminal_reset(void *device)
{
	struct terminal *terminal = device;

	terminal->wait = TERMINAL_IDLE;
	terminal->due = terminal->stale ? terminal->due & CSS_DEVICE_END : 0;
	terminal->stale = false;
	terminal->presents = false;
	/* What the client still answers is dropped when it answers the mark. */
	drop_all(terminal);
	present(terminal);
}

/* HALT SUBCHANNEL: a command that reads has read nothing. */
static void terminal_stop(void *device)
{
	struct terminal *terminal = device;

	if (terminal->wait == TERMINAL_SENDS)
		end_command(terminal, terminal->count);
	else if (terminal->wait == TERMINAL_READS)
		end_command(terminal, 0);
}

static void terminal_presented(void *device)
{
	struct terminal *terminal = device;

	terminal->presents = false;
	present(terminal);
}

const struct css_device_ops terminal_ops = {
	.command = terminal_command,
	.begin = terminal_begin,
	.cleared = terminal_reset,
	.reset = terminal_reset,
	.stop = terminal_stop,
	.presented = terminal_presented,
};

/* --- the client --- */

void terminal_connect(struct terminal *terminal, struct client *client)
{
	terminal->client = client;
	client->terminal = terminal;
	if (is_ready(terminal))
		ready(terminal);
}

/*
 * The guest is told by device end, too: its next command finds out that the display
 * has gone.
 */
void terminal_disconnect(struct terminal *terminal)
{
	terminal->client->terminal = NULL;
	terminal->client = NULL;
	terminal->due = CSS_DEVICE_END;
	terminal->untold = terminal->wait == TERMINAL_IDLE;
	drop_all(terminal);
	if (terminal->wait != TERMINAL_IDLE)
		end_disconnected(terminal);
	present(terminal);
}

/* The command has got its answer. */
static void end_read(struct terminal *terminal, struct record *record)
{
	uint32_t count = move(record, terminal->data, terminal->room);

	drop(record);
	end_command(terminal, count);
}

void terminal_record(struct terminal *terminal, const uint8_t *data, size_t len)
{
	struct record record = { malloc(len), len };

	if (!record.data) {
		terminal->client->broken = "there is no storage for what it sends";
		return;
	}
	memcpy(record.data, data, len);
	if (terminal->client->telnet.marks) {
		if (terminal->held.len)
			queue(terminal, &terminal->held);
		terminal->held = record;
	} else if (terminal->wait == TERMINAL_READS) {
		end_read(terminal, &record);
	} else {
		queue(terminal, &record);
	}
}

/*
 * The mark that was sent last is that of the command in progress, if that one reads.
 * What answers an earlier one isn't wanted any more.
 */
void terminal_marked(struct terminal *terminal)
{
	if (!terminal->client->telnet.marks && terminal->held.len &&
	    terminal->wait == TERMINAL_READS)
		end_read(terminal, &terminal->held);
	else
		drop(&terminal->held);
}

void terminal_sent(struct terminal *terminal)
{
	if (terminal->wait == TERMINAL_SENDS)
		end_command(terminal, terminal->count);
}

/*
 * A client that answers, but no marks, isn't asked for them any more: what it sends
 * next is taken for the answer.
 */
static void without_marks(struct terminal *terminal)
{
	struct client *client = terminal->client;

	client->marks = false;
	client->telnet.marks = 0;
	if (!terminal->held.len)
		return;
	if (terminal->wait == TERMINAL_READS)
		end_read(terminal, &terminal->held);
	else
		queue(terminal, &terminal->held);
}

void terminal_timer(struct terminal *terminal, uint64_t now)
{
	if (now < terminal_deadline(terminal))
		return;
	if (terminal->client->telnet.marks && now >= terminal->mark_by)
		without_marks(terminal);
	if (terminal->wait != TERMINAL_IDLE && now >= terminal->by)
		terminal->client->broken = terminal->wait == TERMINAL_SENDS ?
			"it doesn't take what it is sent" : "it doesn't answer";
}

uint64_t terminal_deadline(const struct terminal *terminal)
{
	uint64_t by = UINT64_MAX;

	if (!terminal->client || terminal->client->broken)
		return by;
	if (terminal->wait != TERMINAL_IDLE)
		by = terminal->by;
	if (terminal->client->telnet.marks && terminal->mark_by < by)
		by = terminal->mark_by;
	return by;
}

void terminal_clean(struct terminal *terminal)
{
	drop_all(terminal);
}
