// SPDX-License-Identifier: GPL-2.0
/*
 * Images of tapes: the calls of image.h that write.
 *
 * The order of a write is such that the file is an image at each moment, whoever ends the
 * process then:
 *
 * 1. The file is cut off at the position, and synced.  The tape ends there, as the write wants
 *    it.  Without the sync, a host that crashes may leave new data with what was behind them
 *    before.  Where the tape ends at the position already, there is nothing to do.
 * 2. All of the unit but for its first header is written.  In place of this header
 *    there are zeros, and the tape still ends at the position.
 * 3. The header is written.  Its flags are in its last bytes, and without them the tape
 *    still ends at the position.
 *
 * If the host fails, the file is cut off at the position again.  If that fails too, the next
 * write does it, and until then, the tape ends at the position all the same.
 */
#include <string.h>

#include "image_impl.h"

static enum tape_result begin(struct tape_image *image)
{
	enum tape_result result = image_begin(image);

	if (result == TAPE_OK && image->protect)
		return image_say(image, TAPE_PROTECTED, "it is write protected");
	return result;
}

static enum tape_result sync_file(struct tape_image *image)
{
	enum tape_result result = file_sync(image);

	image->lost = result != TAPE_OK;
	return result;
}

static enum tape_result cut(struct tape_image *image)
{
	enum tape_result result;

	if (image->file.size == image->at.offset)
		return TAPE_OK;
	result = file_cut(image, image->at.offset);
	if (result != TAPE_OK)
		return result;
	index_cut(&image->index, &image->at);
	return sync_file(image);
}

static enum tape_result write_framed(struct tape_image *image, size_t size)
{
	uint64_t offset = image->at.offset;
	enum tape_result result = TAPE_OK;

	if (size > CHUNK_HEADER)
		result = file_write(image, offset + CHUNK_HEADER, image->framed + CHUNK_HEADER,
				    size - CHUNK_HEADER);
	if (result == TAPE_OK)
		result = file_write(image, offset, image->framed, CHUNK_HEADER);
	return result;
}

static void take_back(struct tape_image *image)
{
	char why[TAPE_MESSAGE_SIZE];

	/* The message is why the write failed, whether or not this does. */
	memcpy(why, image->message, sizeof(why));
	file_cut(image, image->at.offset);
	memcpy(image->message, why, sizeof(why));
}

/* Write what is in image->framed. */
static enum tape_result append(struct tape_image *image, size_t size,
			       const struct tape_point *end)
{
	uint64_t capacity = image->options.capacity;
	enum tape_result result;

	if (capacity && end->offset > capacity)
		return image_say(image, TAPE_END_OF_MEDIUM, "its capacity is used up");
	result = cut(image);
	if (result != TAPE_OK)
		return result;
	result = write_framed(image, size);
	if (result == TAPE_OK)
		image_move(image, end);
	else
		take_back(image);
	return result;
}

enum tape_result tape_image_write(struct tape_image *image, const void *block, size_t length)
{
	struct tape_point end = image->at;
	enum tape_result result;
	size_t size;

	result = begin(image);
	if (result != TAPE_OK)
		return result;
	if (!length || length > TAPE_BLOCK_MAX)
		return image_say(image, TAPE_BAD_CALL, "no block has %zu bytes", length);
	image->format->frame(image, block, length, &size, &end);
	return append(image, size, &end);
}

enum tape_result tape_image_write_mark(struct tape_image *image)
{
	struct tape_point end = image->at;
	enum tape_result result;
	size_t size;

	result = begin(image);
	if (result != TAPE_OK)
		return result;
	image->format->frame_mark(image, &size, &end);
	return append(image, size, &end);
}

enum tape_result tape_image_erase(struct tape_image *image)
{
	enum tape_result result = begin(image);

	return result == TAPE_OK ? cut(image) : result;
}

enum tape_result tape_image_write_out(struct tape_image *image)
{
	enum tape_result result = image_begin(image);

	if (result != TAPE_OK || image->protect)
		return result;
	result = file_write_out(image);
	/* The host tells of an error once, to whoever asks first. */
	image->lost = result != TAPE_OK;
	return result;
}

enum tape_result tape_image_sync(struct tape_image *image)
{
	enum tape_result result = image_begin(image);

	/* What isn't written needn't be synced. */
	if (result != TAPE_OK || image->protect)
		return result;
	return sync_file(image);
}
