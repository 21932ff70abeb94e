// SPDX-License-Identifier: GPL-2.0
/*
 * What kind of tape a file is.  Contents decide whether it is one.  The name decides
 * only what is written to it, and what a file is that has no unit in it yet: nothing,
 * or the remains of a first block that was interrupted.  So a file that isn't a tape
 * isn't made one by a write.
 */
#include <string.h>
#include <strings.h>

#include "image_impl.h"

static bool ends_in(const char *name, const char *suffix)
{
	size_t length = strlen(name);
	size_t wanted = strlen(suffix);

	return length >= wanted && !strcasecmp(name + length - wanted, suffix);
}

/* Whether the file is said to be of chunks, by the options or its name. */
static bool expected(const struct tape_image *image)
{
	return image->options.format != TAPE_FORMAT_ANY || ends_in(image->name, ".aws") ||
	       ends_in(image->name, ".het");
}

static enum tape_result refuse(struct tape_image *image)
{
	return image_say(image, TAPE_NOT_A_TAPE, "its contents are neither AWSTAPE nor HET");
}

static enum tape_result detect_chunks(struct tape_image *image)
{
	enum tape_result result;
	bool compressed;

	result = chunk_probe(image, &compressed);
	if (result == TAPE_NOT_A_TAPE)
		return refuse(image);
	if (result == TAPE_END_OF_DATA && image->file.size && !expected(image))
		return refuse(image);
	if (result != TAPE_OK && result != TAPE_END_OF_DATA)
		return result;
	image->format = &image_chunked;
	image->kind = image->options.format;
	if (image->kind == TAPE_FORMAT_ANY)
		image->kind = compressed || ends_in(image->name, ".het") ?
			TAPE_FORMAT_HET : TAPE_FORMAT_AWS;
	return TAPE_OK;
}

enum tape_result image_detect(struct tape_image *image)
{
	if (image->options.format != TAPE_FORMAT_FLAT)
		return detect_chunks(image);
	image->format = &image_flat;
	image->kind = TAPE_FORMAT_FLAT;
	return TAPE_OK;
}
