// SPDX-License-Identifier: GPL-2.0
/* Commands about the mode of a chain, the display, the log, and the control unit */
#include <string.h>

#include "internal.h"

/* The byte of MODE SET */
#define MODE_WRITE_IMMEDIATE	0x20
#define MODE_SUPERVISOR_INHIBIT	0x10

/* Orders of PERFORM SUBSYSTEM FUNCTION */
#define ORDER_PREPARE_READ	0x18
#define ORDER_NOT_SUPPORTED	0x1c
#define ORDER_LOGGING_ON	0x80
#define ORDER_LOGGING_OFF	0x81
#define ORDER_ACCESS_ON		0x82
#define ORDER_ACCESS_OFF	0x83
#define ORDER_RESET_FENCED	0x90
#define ORDER_PIN		0xa1
#define ORDER_UNPIN		0xa2

#define ACCESS_WRITE_PROTECT	0x80
#define ACCESS_ALL		0x93	/* and compaction, data check and extended recovery */
#define ATTENTION_MESSAGE	0x03

/*
 * The other bits are reserved, or ask for compaction, which is the image's to say.  A
 * reserved bit is no reason to reject: Linux would try again for ever.
 */
void run_mode_set(struct call *call)
{
	struct chain *chain = &call->drive->chain;
	uint8_t mode = call->command->data[0];

	if (mode & MODE_WRITE_IMMEDIATE)
		chain->write_immediate = true;
	if (mode & MODE_SUPERVISOR_INHIBIT)
		chain->supervisor_inhibit = true;
	end(call, call->needed);
}

/* What code page 037 has besides letters and digits, with its ASCII */
static const uint8_t punctuation[][2] = {
	{ 0x4b, '.' }, { 0x4d, '(' }, { 0x4e, '+' }, { 0x50, '&' }, { 0x5b, '$' },
	{ 0x5c, '*' }, { 0x5d, ')' }, { 0x60, '-' }, { 0x61, '/' }, { 0x6b, ',' },
	{ 0x6c, '%' }, { 0x6d, '_' }, { 0x6e, '>' }, { 0x6f, '?' }, { 0x7a, ':' },
	{ 0x7b, '#' }, { 0x7c, '@' }, { 0x7d, '\'' }, { 0x7e, '=' }, { 0x7f, '"' },
};

static char from_ebcdic(uint8_t c)
{
	unsigned int i;

	if (c >= 0xf0 && c <= 0xf9)
		return '0' + c - 0xf0;
	if ((c >= 0xc1 && c <= 0xc9) || (c >= 0x81 && c <= 0x89))
		return 'A' + (c & 0xf) - 1;
	if ((c >= 0xd1 && c <= 0xd9) || (c >= 0x91 && c <= 0x99))
		return 'J' + (c & 0xf) - 1;
	if ((c >= 0xe2 && c <= 0xe9) || (c >= 0xa2 && c <= 0xa9))
		return 'S' + (c & 0xf) - 2;
	for (i = 0; i < ARRAY_SIZE(punctuation); i++)
		if (punctuation[i][0] == c)
			return punctuation[i][1];
	return ' ';
}

void run_load_display(struct call *call)
{
	struct display *display = &call->drive->display;
	uint8_t bytes[1 + 2 * DISPLAY_SIZE];
	unsigned int message, i;

	memcpy(bytes, call->command->data, sizeof(bytes));
	display->format = bytes[0];
	for (message = 0; message < 2; message++)
		for (i = 0; i < DISPLAY_SIZE; i++)
			display->message[message][i] =
				from_ebcdic(bytes[1 + message * DISPLAY_SIZE + i]);
	report(LEVEL_INFO, call->drive, "display %02x: '%s' '%s'", display->format,
	       display->message[0], display->message[1]);
	end(call, call->needed);
}

/* There are no temporary errors, so all counters are zero. */
void run_read_buffered_log(struct call *call)
{
	uint8_t log[CSS_SENSE_SIZE];

	sense_make(call->drive, log, 0, 0, ERA_UNSOLICITED, SENSE7_BUFFERED_LOG);
	give(call, log, sizeof(log));
}

/*
 * The order "prepare for read subsystem data" with the suborder "attention message" is
 * the only one that has data to be read.  There never is a message, and no operation
 * of which a message would tell.
 */
static bool prepare_read(struct chain *chain, const uint8_t *data)
{
	static const uint8_t zeros[4];

	if (memcmp(data + 2, zeros, 4) || data[6] != ATTENTION_MESSAGE || data[7])
		return false;
	memset(chain->message, 0, sizeof(chain->message));
	memcpy(chain->message + 4, data + 8, 4);
	if (memcmp(data + 8, zeros, 4)) {
		chain->message_length = 10;
		chain->message[2] = 2;	/* the status of a message ID: completed */
		chain->message[3] = 1;
	} else {
		chain->message_length = 9;
	}
	chain->message[1] = chain->message_length;
	return true;
}

static bool control_access(struct drive *drive, bool on, const uint8_t *data)
{
	if (!data[2] || data[2] & ~ACCESS_ALL)
		return false;
	if (data[2] & ACCESS_WRITE_PROTECT)
		drive->protected = on && drive->image;
	return true;
}

static bool perform(struct drive *drive, const uint8_t *data)
{
	switch (data[0]) {
	case ORDER_PREPARE_READ:
		return prepare_read(&drive->chain, data);
	case ORDER_NOT_SUPPORTED:
		return (data[2] == 1 || data[2] == 2) && !data[6] && !data[7];
	case ORDER_LOGGING_ON:
	case ORDER_LOGGING_OFF:
		return data[2] == 1 || data[2] == 2;
	case ORDER_ACCESS_ON:
	case ORDER_ACCESS_OFF:
		return control_access(drive, data[0] == ORDER_ACCESS_ON, data);
	case ORDER_RESET_FENCED:
		/* The blocks that are lost stay lost. */
		drive->fenced = false;
		return true;
	case ORDER_PIN:
		return data[2] <= 1;
	default:
		return true;
	}
}

/* How many bytes an order has; 0 if there is no such order */
static uint32_t order_size(uint8_t order)
{
	switch (order) {
	case ORDER_PREPARE_READ:
		return 12;
	case ORDER_NOT_SUPPORTED:
		return 20;
	case ORDER_LOGGING_ON:
	case ORDER_LOGGING_OFF:
	case ORDER_PIN:
		return 3;
	case ORDER_ACCESS_ON:
	case ORDER_ACCESS_OFF:
		return 4;
	case ORDER_RESET_FENCED:
	case ORDER_UNPIN:
		return 2;
	default:
		return 0;
	}
}

void run_perform_subsystem_function(struct call *call)
{
	uint8_t data[20] = {};
	uint32_t size = order_size(call->command->data[0]);

	if (!size || call->command->available < size) {
		reject(call);
		return;
	}
	memcpy(data, call->command->data, size);
	/* No order has flags. */
	if (data[1] || !perform(call->drive, data)) {
		reject(call);
		return;
	}
	end(call, size);
}

void run_read_subsystem_data(struct call *call)
{
	struct chain *chain = &call->drive->chain;

	if (!chain->message_length) {
		reject(call);
		return;
	}
	give(call, chain->message, chain->message_length);
	chain->message_length = 0;
}

/* No operation goes on after its command has ended, so its message ID is zero. */
void run_read_message_id(struct call *call)
{
	static const uint8_t message[10] = { 0, sizeof(message), 2, 1 };
	const struct chain *chain = &call->drive->chain;

	if (chain->code != CMD_WRITE) {
		reject(call);
		return;
	}
	give(call, message, sizeof(message));
}
