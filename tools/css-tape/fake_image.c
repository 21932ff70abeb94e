// SPDX-License-Identifier: GPL-2.0
/*
 * For tests: images in memory in place of image.c, which fail when a test says so
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell_tape.h"

#define UNITS_MAX	4096

/* @data is NULL for a tape mark */
struct unit {
	uint8_t *data;
	size_t length;
};

struct tape_image {
	struct unit units[UNITS_MAX];
	unsigned int nr, at;
	bool lost;
};

/*
 * What images do from now on
 * @write: how writes and erasures end, TAPE_OK: as they should
 * @read: how the next units are read and spaced over
 * @sync: how synchronizing ends
 * @out: how it ends that the host is to write to its medium what it holds back
 * @warning: the position is in the early warning zone
 * @protect: images are write protected
 * @synced: how often an image was synchronized
 */
static struct {
	unsigned int write, read, sync, out;
	unsigned int warning;
	unsigned int protect;
	unsigned int synced;
} fake_faults;

static const struct {
	const char *name;
	unsigned int *value;
} names[] = {
	{ "write", &fake_faults.write },
	{ "read", &fake_faults.read },
	{ "sync", &fake_faults.sync },
	{ "out", &fake_faults.out },
	{ "warning", &fake_faults.warning },
	{ "protect", &fake_faults.protect },
	{ "synced", &fake_faults.synced },
};

/* The names of results, for tests to set them by */
static const char *const results[] = {
	[TAPE_OK] = "ok",
	[TAPE_MARK] = "mark",
	[TAPE_LOAD_POINT] = "load point",
	[TAPE_END_OF_DATA] = "end of data",
	[TAPE_END_OF_MEDIUM] = "end of medium",
	[TAPE_PROTECTED] = "protected",
	[TAPE_BAD_BLOCK] = "bad block",
	[TAPE_CORRUPT] = "corrupt",
	[TAPE_NO_SPACE] = "no space",
	[TAPE_HOST_ERROR] = "host error",
	[TAPE_NO_MEMORY] = "no memory",
	[TAPE_IN_USE] = "in use",
	[TAPE_NOT_A_TAPE] = "not a tape",
	[TAPE_BAD_CALL] = "bad call",
};

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

const char *shell_fault(const char *word, const char *rest)
{
	static char text[16];
	unsigned int i, value;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		size_t length = strlen(names[i].name);

		if (strncmp(rest, names[i].name, length) || (rest[length] && rest[length] != ' '))
			continue;
		if (!strcmp(word, "get")) {
			snprintf(text, sizeof(text), "%u", *names[i].value);
			return text;
		}
		rest += length + (rest[length] == ' ');
		for (value = 0; value < ARRAY_SIZE(results); value++)
			if (!strcmp(results[value], rest))
				break;
		*names[i].value = value < ARRAY_SIZE(results) ? value :
				  (unsigned int)strtoul(rest, NULL, 10);
		return "";
	}
	return "what?";
}

enum tape_result tape_image_open_fd(int fd, const char *name, const struct tape_options *options,
				    struct tape_image **image, char *message)
{
	(void)options;
	close(fd);
	snprintf(message, TAPE_MESSAGE_SIZE, "%s is no tape", name);
	return strstr(name, "bad") ? TAPE_NOT_A_TAPE : shell_open(name, image);
}

enum tape_result shell_open(const char *name, struct tape_image **image)
{
	(void)name;
	*image = calloc(1, sizeof(**image));
	return *image ? TAPE_OK : TAPE_NO_MEMORY;
}

static void cut(struct tape_image *image)
{
	while (image->nr > image->at)
		free(image->units[--image->nr].data);
}

void tape_image_close(struct tape_image *image)
{
	if (!image)
		return;
	image->at = 0;
	cut(image);
	free(image);
}

const char *tape_image_message(const struct tape_image *image)
{
	(void)image;
	return "";
}

static enum tape_result move(struct tape_image *image, bool back, void *buffer, size_t *length)
{
	const struct unit *unit;

	if (length)
		*length = 0;
	if (image->lost)
		return TAPE_HOST_ERROR;
	if (back && !image->at)
		return TAPE_LOAD_POINT;
	if (!back && image->at == image->nr)
		return TAPE_END_OF_DATA;
	if (fake_faults.read != TAPE_OK && fake_faults.read != TAPE_BAD_BLOCK)
		return fake_faults.read;
	unit = back ? &image->units[--image->at] : &image->units[image->at++];
	if (fake_faults.read == TAPE_BAD_BLOCK)
		return TAPE_BAD_BLOCK;
	if (!unit->data)
		return TAPE_MARK;
	if (buffer) {
		memcpy(buffer, unit->data, unit->length);
		*length = unit->length;
	}
	return TAPE_OK;
}

enum tape_result tape_image_read(struct tape_image *image, void *buffer, size_t *length)
{
	return move(image, false, buffer, length);
}

enum tape_result tape_image_read_backward(struct tape_image *image, void *buffer, size_t *length)
{
	return move(image, true, buffer, length);
}

enum tape_result tape_image_space(struct tape_image *image)
{
	return move(image, false, NULL, NULL);
}

enum tape_result tape_image_backspace(struct tape_image *image)
{
	return move(image, true, NULL, NULL);
}

static enum tape_result move_file(struct tape_image *image, bool back)
{
	enum tape_result result;

	do {
		result = move(image, back, NULL, NULL);
	} while (result == TAPE_OK);
	return result == TAPE_MARK ? TAPE_OK : result;
}

enum tape_result tape_image_space_file(struct tape_image *image)
{
	return move_file(image, false);
}

enum tape_result tape_image_backspace_file(struct tape_image *image)
{
	return move_file(image, true);
}

static enum tape_result add(struct tape_image *image, const void *block, size_t length)
{
	if (image->lost)
		return TAPE_HOST_ERROR;
	if (fake_faults.protect)
		return TAPE_PROTECTED;
	cut(image);
	if (fake_faults.write != TAPE_OK)
		return fake_faults.write;
	if (image->nr == UNITS_MAX)
		return TAPE_NO_SPACE;
	image->units[image->nr].data = NULL;
	if (block) {
		image->units[image->nr].data = malloc(length);
		if (!image->units[image->nr].data)
			abort();
		memcpy(image->units[image->nr].data, block, length);
	}
	image->units[image->nr].length = length;
	image->at = ++image->nr;
	return TAPE_OK;
}

enum tape_result tape_image_write(struct tape_image *image, const void *block, size_t length)
{
	if (!length || length > TAPE_BLOCK_MAX)
		return TAPE_BAD_CALL;
	return add(image, block, length);
}

enum tape_result tape_image_write_mark(struct tape_image *image)
{
	return add(image, NULL, 0);
}

enum tape_result tape_image_erase(struct tape_image *image)
{
	if (image->lost)
		return TAPE_HOST_ERROR;
	if (fake_faults.protect)
		return TAPE_PROTECTED;
	if (fake_faults.write == TAPE_OK)
		cut(image);
	return fake_faults.write;
}

enum tape_result tape_image_write_out(struct tape_image *image)
{
	image->lost |= fake_faults.out != TAPE_OK;
	return fake_faults.out;
}

enum tape_result tape_image_sync(struct tape_image *image)
{
	fake_faults.synced++;
	if (image->lost || fake_faults.sync == TAPE_HOST_ERROR) {
		image->lost = true;
		return TAPE_HOST_ERROR;
	}
	return fake_faults.sync;
}

void tape_image_rewind(struct tape_image *image)
{
	image->at = 0;
}

enum tape_result tape_image_locate(struct tape_image *image, uint64_t block)
{
	image->at = block < image->nr ? block : image->nr;
	return block > image->nr ? TAPE_END_OF_DATA : TAPE_OK;
}

struct tape_position tape_image_position(const struct tape_image *image)
{
	return (struct tape_position){
		.block = image->at,
		.early_warning = fake_faults.warning,
	};
}

bool tape_image_protected(const struct tape_image *image)
{
	(void)image;
	return fake_faults.protect;
}

const char *tape_result_name(enum tape_result result)
{
	return results[result];
}
