// SPDX-License-Identifier: GPL-2.0
/*
 * Images of tapes: the calls of image.h that open an image, move it, and read.
 * image_write.c has those that write.
 *
 * A call begins with an empty message.  The position changes only by image_move(),
 * after all that could fail.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image_impl.h"

#define LEVEL_DEFAULT	4
#define WARNING_DEFAULT	(1024 * 1024)

static const char * const result_names[] = {
	[TAPE_OK] = "ok",
	[TAPE_MARK] = "tape mark",
	[TAPE_LOAD_POINT] = "load point",
	[TAPE_END_OF_DATA] = "end of data",
	[TAPE_END_OF_MEDIUM] = "end of medium",
	[TAPE_PROTECTED] = "write protected",
	[TAPE_BAD_BLOCK] = "bad block",
	[TAPE_CORRUPT] = "corrupt",
	[TAPE_NO_SPACE] = "no space",
	[TAPE_HOST_ERROR] = "host error",
	[TAPE_NO_MEMORY] = "no memory",
	[TAPE_IN_USE] = "in use",
	[TAPE_NOT_A_TAPE] = "not a tape",
	[TAPE_BAD_CALL] = "bad call",
};

const char *tape_result_name(enum tape_result result)
{
	return result_names[result];
}

enum tape_result image_say(struct tape_image *image, enum tape_result result,
			   const char *format, ...)
{
	char text[TAPE_MESSAGE_SIZE / 2];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* The name may be long; what is wrong must be in the message. */
	snprintf(image->message, sizeof(image->message), "%.*s: %s",
		 TAPE_MESSAGE_SIZE / 2 - 4, image->name, text);
	return result;
}

static bool good_options(const struct tape_options *options)
{
	bool flat = options->format == TAPE_FORMAT_FLAT;

	return options->format <= TAPE_FORMAT_FLAT &&
	       options->compression <= TAPE_COMPRESSION_NONE && options->level <= 9 &&
	       (!options->chunk || (options->chunk >= CHUNK_DATA_MIN &&
				    options->chunk <= CHUNK_DATA_MAX)) &&
	       flat == !!options->block && options->block <= TAPE_BLOCK_MAX &&
	       options->warning <= options->capacity &&
	       !(options->create && (options->protect || flat));
}

static void set_defaults(struct tape_options *options)
{
	if (!options->level)
		options->level = LEVEL_DEFAULT;
	if (!options->chunk)
		options->chunk = CHUNK_DATA_MAX;
	if (options->capacity && !options->warning)
		options->warning = options->capacity / 10 < WARNING_DEFAULT ?
			options->capacity / 10 : WARNING_DEFAULT;
}

static struct tape_image *new_image(const char *name, const struct tape_options *options)
{
	struct tape_image *image = calloc(1, sizeof(*image));

	if (!image)
		return NULL;
	image->file.fd = -1;
	if (options)
		image->options = *options;
	image->name = strdup(name);
	image->stored = malloc(STORED_MAX);
	image->framed = malloc(FRAMED_MAX);
	if (!image->name || !image->stored || !image->framed || !index_begin(&image->index)) {
		tape_image_close(image);
		return NULL;
	}
	return image;
}

/* The file is open. */
static enum tape_result prepare(struct tape_image *image)
{
	enum tape_result result = file_check(image);

	if (result == TAPE_OK)
		result = image_detect(image);
	if (result != TAPE_OK)
		return result;
	image->protect = image->options.protect || image->file.readonly ||
			 !image->format->frame;
	return TAPE_OK;
}

/* By its name, or, if path is NULL, by the descriptor that it has. */
static enum tape_result open_image(struct tape_image *image, const char *path)
{
	enum tape_result result = TAPE_OK;

	if (!good_options(&image->options) || (!path && image->options.create))
		return image_say(image, TAPE_BAD_CALL, "options that don't fit together");
	set_defaults(&image->options);
	if (path)
		result = file_open(image, path);
	return result == TAPE_OK ? prepare(image) : result;
}

/* made may be NULL, for which there was no memory. */
static enum tape_result open_made(struct tape_image *made, const char *path,
				  struct tape_image **image, char *message)
{
	enum tape_result result;

	*image = NULL;
	if (!made) {
		snprintf(message, TAPE_MESSAGE_SIZE, "no memory for an image");
		return TAPE_NO_MEMORY;
	}
	result = open_image(made, path);
	memcpy(message, made->message, TAPE_MESSAGE_SIZE);
	if (result == TAPE_OK)
		*image = made;
	else
		tape_image_close(made);
	return result;
}

enum tape_result tape_image_open(const char *path, const struct tape_options *options,
				 struct tape_image **image, char *message)
{
	return open_made(new_image(path, options), path, image, message);
}

enum tape_result tape_image_open_fd(int fd, const char *name,
				    const struct tape_options *options,
				    struct tape_image **image, char *message)
{
	struct tape_image *made = new_image(name, options);

	if (made)
		made->file.fd = fd;
	else
		close(fd);
	return open_made(made, NULL, image, message);
}

void tape_image_close(struct tape_image *image)
{
	if (!image)
		return;
	if (image->file.fd >= 0)
		close(image->file.fd);
	free(image->index.points);
	free(image->framed);
	free(image->stored);
	free(image->name);
	free(image);
}

enum tape_result image_begin(struct tape_image *image)
{
	image->message[0] = '\0';
	if (image->lost)
		return image_say(image, TAPE_HOST_ERROR,
				 "the host failed to sync before, and nobody knows what the file has");
	return TAPE_OK;
}

static bool is_unit(enum tape_result result)
{
	return result == TAPE_OK || result == TAPE_MARK;
}

void image_move(struct tape_image *image, const struct tape_point *to)
{
	image->at = *to;
	index_note(&image->index, to);
}

static enum tape_result measure(struct tape_image *image, struct tape_unit *unit)
{
	return image->format->measure(image, &image->at, unit);
}

/* Move across a unit. */
static enum tape_result step(struct tape_image *image, struct tape_unit *unit)
{
	enum tape_result result = measure(image, unit);

	if (is_unit(result))
		image_move(image, &unit->end);
	return result;
}

/* The unit before the position, which doesn't change. */
static enum tape_result before(struct tape_image *image, struct tape_unit *unit)
{
	struct tape_point from = index_of_block(&image->index, image->at.block - 1);
	enum tape_result result;

	do {
		result = image->format->measure(image, &from, unit);
		if (is_unit(result))
			from = unit->end;
	} while (is_unit(result) && from.block < image->at.block);
	if (result == TAPE_END_OF_DATA)
		return image_say(image, TAPE_CORRUPT, "it has changed while it is in use");
	return result;
}

static enum tape_result fetch(struct tape_image *image, const struct tape_unit *unit,
			      const struct tape_point *to, void *buffer, size_t *length)
{
	enum tape_result result;

	result = image->format->fetch(image, unit, buffer, length);
	if (result == TAPE_OK || result == TAPE_BAD_BLOCK)
		image_move(image, to);
	return result;
}

enum tape_result tape_image_read(struct tape_image *image, void *buffer, size_t *length)
{
	enum tape_result result = image_begin(image);
	struct tape_unit unit;

	*length = 0;
	if (result != TAPE_OK)
		return result;
	result = measure(image, &unit);
	if (result == TAPE_OK)
		return fetch(image, &unit, &unit.end, buffer, length);
	if (result == TAPE_MARK)
		image_move(image, &unit.end);
	return result;
}

enum tape_result tape_image_read_backward(struct tape_image *image, void *buffer,
					  size_t *length)
{
	enum tape_result result = image_begin(image);
	struct tape_unit unit;

	*length = 0;
	if (result != TAPE_OK)
		return result;
	if (!image->at.block)
		return TAPE_LOAD_POINT;
	result = before(image, &unit);
	if (result == TAPE_OK)
		return fetch(image, &unit, &unit.start, buffer, length);
	if (result == TAPE_MARK)
		image_move(image, &unit.start);
	return result;
}

void tape_image_rewind(struct tape_image *image)
{
	struct tape_point load_point = { 0 };

	image->message[0] = '\0';
	image_move(image, &load_point);
}

enum tape_result tape_image_space(struct tape_image *image)
{
	enum tape_result result = image_begin(image);
	struct tape_unit unit;

	return result == TAPE_OK ? step(image, &unit) : result;
}

enum tape_result tape_image_backspace(struct tape_image *image)
{
	enum tape_result result = image_begin(image);
	struct tape_unit unit;

	if (result != TAPE_OK)
		return result;
	if (!image->at.block)
		return TAPE_LOAD_POINT;
	result = before(image, &unit);
	if (is_unit(result))
		image_move(image, &unit.start);
	return result;
}

enum tape_result tape_image_space_file(struct tape_image *image)
{
	struct tape_point known = index_of_file(&image->index, image->at.file);
	enum tape_result result = image_begin(image);
	struct tape_unit unit;

	if (result != TAPE_OK)
		return result;
	if (known.block > image->at.block)
		image_move(image, &known);
	do {
		result = step(image, &unit);
	} while (result == TAPE_OK);
	return result == TAPE_MARK ? TAPE_OK : result;
}

/* The tape mark that has so many tape marks before it. */
static enum tape_result find_mark(struct tape_image *image, uint64_t marks,
				  struct tape_unit *unit)
{
	struct tape_point from = index_of_file(&image->index, marks);
	enum tape_result result;

	do {
		result = image->format->measure(image, &from, unit);
		if (is_unit(result))
			from = unit->end;
	} while (is_unit(result) && from.file <= marks);
	if (result == TAPE_END_OF_DATA)
		return image_say(image, TAPE_CORRUPT, "it has changed while it is in use");
	return result;
}

enum tape_result tape_image_backspace_file(struct tape_image *image)
{
	enum tape_result result = image_begin(image);
	struct tape_unit unit;

	if (result != TAPE_OK)
		return result;
	if (!image->at.file) {
		tape_image_rewind(image);
		return TAPE_LOAD_POINT;
	}
	result = find_mark(image, image->at.file - 1, &unit);
	if (result != TAPE_MARK)
		return result;
	image_move(image, &unit.start);
	return TAPE_OK;
}

enum tape_result tape_image_locate(struct tape_image *image, uint64_t block)
{
	struct tape_point known = index_of_block(&image->index, block);
	enum tape_result result = image_begin(image);
	struct tape_unit unit;

	if (result != TAPE_OK)
		return result;
	if (image->at.block > block || known.block > image->at.block)
		image_move(image, &known);
	while (image->at.block < block) {
		result = step(image, &unit);
		if (!is_unit(result))
			return result;
	}
	return TAPE_OK;
}

enum tape_result tape_image_end(struct tape_image *image)
{
	enum tape_result result = tape_image_locate(image, UINT64_MAX);

	return result == TAPE_END_OF_DATA ? TAPE_OK : result;
}

struct tape_position tape_image_position(const struct tape_image *image)
{
	const struct tape_options *options = &image->options;

	return (struct tape_position){
		.block = image->at.block,
		.file = image->at.file,
		.offset = image->at.offset,
		.early_warning = options->capacity &&
				 image->at.offset >= options->capacity - options->warning,
	};
}

const char *tape_image_message(const struct tape_image *image)
{
	return image->message;
}

bool tape_image_protected(const struct tape_image *image)
{
	return image->protect;
}

enum tape_format tape_image_format(const struct tape_image *image)
{
	return image->kind;
}
