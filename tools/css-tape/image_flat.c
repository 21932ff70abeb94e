// SPDX-License-Identifier: GPL-2.0
/*
 * Flat files: the bytes of a file, in blocks of one length, as the only file of a tape.
 * Two tape marks follow, which have no place in the file: each counts as one byte
 * behind its end.
 */
#include "image_impl.h"

#define MARKS	2

static enum tape_result measure(struct tape_image *image, const struct tape_point *start,
				struct tape_unit *unit)
{
	uint64_t size = image->file.size;
	bool mark = start->offset >= size;

	if (start->offset >= size + MARKS)
		return TAPE_END_OF_DATA;
	*unit = (struct tape_unit){ .start = *start, .end = *start };
	if (!mark) {
		unit->stored = image->options.block;
		if (unit->stored > size - start->offset)
			unit->stored = size - start->offset;
	}
	unit->end.offset += mark ? 1 : unit->stored;
	unit->end.block++;
	unit->end.file += mark;
	return mark ? TAPE_MARK : TAPE_OK;
}

static enum tape_result fetch(struct tape_image *image, const struct tape_unit *unit,
			      void *buffer, size_t *length)
{
	enum tape_result result;

	result = file_read(image, unit->start.offset, buffer, unit->stored);
	if (result == TAPE_OK)
		*length = unit->stored;
	return result;
}

const struct image_format image_flat = {
	.name = "flat file",
	.measure = measure,
	.fetch = fetch,
};
