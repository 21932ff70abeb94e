// SPDX-License-Identifier: GPL-2.0
/*
 * For tests: tape images from standard input.  Each line is a call of image.h, and is answered
 * with a line:
 *
 *	RESULT <tab> DATA <tab> BLOCK FILE OFFSET WARNING <tab> MESSAGE
 *
 * RESULT is tape_result_name()'s, DATA hexadecimal.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "image_fault.h"

static struct tape_image *image;
static unsigned char block[TAPE_BLOCK_MAX + 1];
static size_t length;
static char said[TAPE_MESSAGE_SIZE];

static bool set_option(struct tape_options *options, const char *word)
{
	unsigned long long value = 0;
	char name[32];

	if (sscanf(word, "%31[a-z_]=%llu", name, &value) < 2)
		return false;
	if (!strcmp(name, "format"))
		options->format = value;
	else if (!strcmp(name, "compression"))
		options->compression = value;
	else if (!strcmp(name, "level"))
		options->level = value;
	else if (!strcmp(name, "chunk"))
		options->chunk = value;
	else if (!strcmp(name, "block"))
		options->block = value;
	else if (!strcmp(name, "capacity"))
		options->capacity = value;
	else if (!strcmp(name, "warning"))
		options->warning = value;
	else if (!strcmp(name, "protect"))
		options->protect = value;
	else if (!strcmp(name, "create"))
		options->create = value;
	else if (!strcmp(name, "no_lock"))
		options->no_lock = value;
	else
		return false;
	return true;
}

/* open PATH OPTION=VALUE..., or openfd with the flags of open() as the first option */
static enum tape_result open_image(bool by_fd)
{
	const char *path = strtok(NULL, " ");
	struct tape_options options = { 0 };
	char *flags = by_fd ? strtok(NULL, " ") : NULL;
	char *word;

	while ((word = strtok(NULL, " "))) {
		if (!set_option(&options, word))
			exit(2);
	}
	tape_image_close(image);
	if (!by_fd)
		return tape_image_open(path, &options, &image, said);
	return tape_image_open_fd(open(path, atoi(flags)), path, &options, &image, said);
}

static unsigned int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static enum tape_result write_block(const char *hex)
{
	unsigned char bytes[TAPE_BLOCK_MAX + 1];
	size_t i, count = hex ? strlen(hex) / 2 : 0;

	for (i = 0; i < count && i < sizeof(bytes); i++)
		bytes[i] = digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]);
	return tape_image_write(image, bytes, count);
}

static enum tape_result set_fault(void)
{
	const char *calls = strtok(NULL, " "), *first = strtok(NULL, " ");
	const char *count = strtok(NULL, " "), *kind = strtok(NULL, " ");

	if (!kind || !fault_set(calls, atoi(first), atoi(count), kind))
		exit(2);
	return TAPE_OK;
}

static enum tape_result call(const char *name)
{
	static const struct {
		const char *name;
		enum tape_result (*call)(struct tape_image *image);
	} calls[] = {
		{ "mark", tape_image_write_mark },
		{ "erase", tape_image_erase },
		{ "sync", tape_image_sync },
		{ "out", tape_image_write_out },
		{ "fsb", tape_image_space },
		{ "bsb", tape_image_backspace },
		{ "fsf", tape_image_space_file },
		{ "bsf", tape_image_backspace_file },
		{ "end", tape_image_end },
	};
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (!strcmp(name, calls[i].name))
			return calls[i].call(image);
	}
	if (!strcmp(name, "read"))
		return tape_image_read(image, block, &length);
	if (!strcmp(name, "rback"))
		return tape_image_read_backward(image, block, &length);
	if (!strcmp(name, "write"))
		return write_block(strtok(NULL, " "));
	if (!strcmp(name, "locate"))
		return tape_image_locate(image, strtoull(strtok(NULL, " "), NULL, 10));
	if (!strcmp(name, "rewind")) {
		tape_image_rewind(image);
		return TAPE_OK;
	}
	exit(2);
}

static enum tape_result execute(char *line)
{
	const char *name = strtok(line, " ");
	enum tape_result result;

	length = 0;
	said[0] = '\0';
	if (!name)
		exit(2);
	if (!strcmp(name, "open") || !strcmp(name, "openfd"))
		return open_image(!strcmp(name, "openfd"));
	if (!strcmp(name, "fault"))
		return set_fault();
	if (!strcmp(name, "happened"))
		return fault_happened() ? TAPE_OK : TAPE_BAD_CALL;
	if (!strcmp(name, "close")) {
		tape_image_close(image);
		image = NULL;
		return TAPE_OK;
	}
	if (!strcmp(name, "outs")) {
		snprintf(said, sizeof(said), "%s", fault_outs());
		return TAPE_OK;
	}
	if (!image)
		exit(2);
	if (!strcmp(name, "protected"))
		return tape_image_protected(image) ? TAPE_PROTECTED : TAPE_OK;
	if (!strcmp(name, "format")) {
		snprintf(said, sizeof(said), "%d", tape_image_format(image));
		return TAPE_OK;
	}
	result = call(name);
	snprintf(said, sizeof(said), "%s", tape_image_message(image));
	return result;
}

static void answer(enum tape_result result)
{
	struct tape_position at = { 0 };
	size_t i;

	if (image)
		at = tape_image_position(image);
	printf("%s\t", tape_result_name(result));
	for (i = 0; i < length; i++)
		printf("%02x", block[i]);
	printf("\t%llu %llu %llu %d\t%s\n", (unsigned long long)at.block,
	       (unsigned long long)at.file, (unsigned long long)at.offset, at.early_warning,
	       said);
	fflush(stdout);
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		answer(execute(line));
	}
	free(line);
	tape_image_close(image);
	return 0;
}
