// SPDX-License-Identifier: GPL-2.0
/*
 * For tests: a drive that gets its commands from standard input.  Each line is answered with
 * a line:
 *
 *	command CODE WHAT PROVIDED ROOM [DATA]
 *					WHAT: f for the first command of a program, m and c as in
 *					struct css_command, or -; the answer:
 *					STATUS COUNT SENSE DATA immediate,
 *					where - is nothing or no
 *	due				STATUS SENSE SEQ
 *	load [NAME]			how it has ended
 *	unload				likewise
 *	begin, reset, cleared, halted, presented
 *					what the unit tells
 *	set NAME VALUE			let images fail, see struct fake_faults
 *	get synced			how often an image was synchronized
 *	units				what is on the tape: a block in hexadecimal, or a |,
 *					and > at the position
 *	display				what the display shows
 *
 * Numbers are hexadecimal, as the data are.  The guest's program has the bytes of DATA.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "shell_tape.h"

#define AREA_SIZE	65536
#define LINE_SIZE	(2 * AREA_SIZE + 256)

static struct drive drive;
static uint8_t area[AREA_SIZE];
static char line[LINE_SIZE];

static void put_bytes(const uint8_t *bytes, size_t length)
{
	size_t i;

	if (!length)
		putchar('-');
	for (i = 0; i < length; i++)
		printf("%02x", bytes[i]);
}

static size_t get_bytes(const char *text, uint8_t *bytes, size_t size)
{
	unsigned int byte;
	size_t length = 0;

	while (length < size && sscanf(text + 2 * length, "%2x", &byte) == 1)
		bytes[length++] = byte;
	return length;
}

static void command(char *words)
{
	unsigned int code, provided, room;
	static uint64_t seq;
	char what[8];
	struct css_answer answer = {};
	struct css_command one = {};
	size_t length;
	int at = 0;

	if (sscanf(words, "%x %7s %x %x %n", &code, what, &provided, &room, &at) < 4 ||
	    room > AREA_SIZE) {
		puts("what?");
		return;
	}
	one.code = code;
	one.seq = ++seq;
	one.first = strchr(what, 'f');
	one.more = strchr(what, 'm');
	one.check = strchr(what, 'c');
	one.provided = provided;
	one.room = room;
	one.data = malloc(room);	/* so that the sanitizer knows its size */
	if (!one.data)
		abort();
	length = get_bytes(words + at, area, room);
	if (css_command_fetches(code)) {
		one.available = length;
		memcpy(one.data, area, length);
	}
	drive_command(&drive, &one, &answer);
	printf("%02x %x ", answer.status, answer.count);
	put_bytes(answer.sense, answer.sense_len);
	putchar(' ');
	length = answer.count < room ? answer.count : room;
	put_bytes(one.data, css_command_fetches(code) ? 0 : length);
	printf(" %s", answer.immediate ? "immediate" : "-");
	putchar('\n');
	free(one.data);
}

static void due(void)
{
	struct due due = {};

	drive_due(&drive, &due);
	printf("%02x ", due.status);
	put_bytes(due.sense, due.sense_len);
	printf(" %llx\n", (unsigned long long)due.seq);
}

static void load(const char *name)
{
	struct tape_image *image;
	enum tape_result result = shell_open(name, &image);

	if (result == TAPE_OK && drive_load(&drive, image, name)) {
		tape_image_close(image);
		puts("busy");
		return;
	}
	puts(tape_result_name(result));
}

static void unload(void)
{
	puts(drive.image ? tape_result_name(drive_unload(&drive)) : "none");
}

static void units(void)
{
	struct tape_position position;
	enum tape_result result;
	size_t length;

	if (!drive.image) {
		puts("none");
		return;
	}
	position = tape_image_position(drive.image);
	tape_image_rewind(drive.image);
	for (;;) {
		if (tape_image_position(drive.image).block == position.block)
			fputs(" >", stdout);
		result = tape_image_read(drive.image, area, &length);
		if (result == TAPE_MARK) {
			fputs(" |", stdout);
		} else if (result == TAPE_OK) {
			putchar(' ');
			put_bytes(area, length);
		} else {
			break;
		}
	}
	putchar('\n');
	tape_image_locate(drive.image, position.block);
}

/* Tell the drive of an event; say whether it is one. */
static bool tell(const char *event)
{
	static const struct {
		const char *name;
		void (*tell)(void *drive);
	} events[] = {
		{ "begin", drive_begin },
		{ "reset", drive_reset },
		{ "cleared", drive_cleared },
		{ "halted", drive_halted },
		{ "presented", drive_presented },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		if (!strcmp(events[i].name, event)) {
			events[i].tell(&drive);
			return true;
		}
	}
	return false;
}

static void run(char *words)
{
	char *rest = strchr(words, ' ');

	if (rest)
		*rest++ = 0;
	else
		rest = words + strlen(words);
	if (!strcmp(words, "command")) {
		command(rest);
	} else if (!strcmp(words, "due")) {
		due();
	} else if (!strcmp(words, "load")) {
		load(rest);
	} else if (!strcmp(words, "unload")) {
		unload();
	} else if (tell(words)) {
		puts("");
	} else if (!strcmp(words, "units")) {
		units();
	} else if (!strcmp(words, "display")) {
		printf("%02x %s|%s\n", drive.display.format, drive.display.message[0],
		       drive.display.message[1]);
	} else {
		puts(shell_fault(words, rest));
	}
}

int main(void)
{
	drive_init(&drive, "tape", 0x0281);
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		run(line);
	}
	if (drive.image)
		drive_unload(&drive);
	return 0;
}
