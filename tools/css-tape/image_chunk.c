// SPDX-License-Identifier: GPL-2.0
/*
 * AWSTAPE and HET: a block is one or more chunks, and a chunk is a header of six bytes
 * with its data behind it.
 *
 *	bytes 0-1	length of the data, little endian
 *	bytes 2-3	length of the data of the chunk before, or 0
 *	byte 4		0x80 first chunk of a block, 0x20 last chunk of it,
 *			0x40 tape mark; and in HET, 0x01 the block is compressed with
 *			zlib, 0x02 with bzip2
 *	byte 5		0x80 the block is compressed with zlib (as Bus-Tech writes it)
 *
 * That is what Hercules has in its hetlib.h and awstape.c.  A compressed block is
 * compressed as a whole, and then divided into chunks.
 *
 * A header is written after all that it is for, so a block that was interrupted has
 * no flags: these are in the last bytes of its first header.  A block that others have
 * left unfinished goes beyond the end of the file.  Both are recognised, and are the end
 * of data.  Nothing else that isn't a header is.
 *
 * The length of the chunk before is only compared.  It is a proof that the chunk is where
 * the last one ends.  Nobody goes back by it.
 */
#include <string.h>

#include "image_impl.h"

#define FLAG_FIRST	0x80
#define FLAG_MARK	0x40
#define FLAG_LAST	0x20
#define FLAG_BZIP2	0x02
#define FLAG_ZLIB	0x01
#define FLAGS		(FLAG_FIRST | FLAG_MARK | FLAG_LAST | FLAG_BZIP2 | FLAG_ZLIB)
#define FLAG2_ZLIB	0x80

/* A block that is longer can't be moved across.  No drive has written it. */
#define MEASURED_MAX	(1024 * 1024)
/*
 * Nor has anybody divided a block into so many chunks.  Whoever goes back reads the headers of
 * up to a whole distance of the index each time, so a block must not have a million of them.
 */
#define CHUNKS_MAX	1024

struct chunk {
	uint16_t length;
	uint16_t before;
	uint8_t flags;
	uint8_t flags2;
};

static enum tape_result read_header(struct tape_image *image, uint64_t offset,
				    struct chunk *chunk)
{
	const unsigned char *bytes;
	enum tape_result result;

	result = file_peek(image, offset, CHUNK_HEADER, &bytes);
	if (result != TAPE_OK)
		return result;
	chunk->length = bytes[0] | bytes[1] << 8;
	chunk->before = bytes[2] | bytes[3] << 8;
	chunk->flags = bytes[4];
	chunk->flags2 = bytes[5];
	return TAPE_OK;
}

static enum tape_result corrupt(struct tape_image *image, uint64_t offset, const char *what)
{
	return image_say(image, TAPE_CORRUPT, "corrupt at byte %llu: %s",
			 (unsigned long long)offset, what);
}

/* The file ends within a block that begins at the offset. */
static enum tape_result remains(struct tape_image *image, uint64_t offset)
{
	return image_say(image, TAPE_END_OF_DATA,
			 "the last %llu bytes are the remains of a block, and the tape ends before them",
			 (unsigned long long)(image->file.size - offset));
}

/* A chunk has no flags. */
static enum tape_result unfinished(struct tape_image *image, uint64_t offset)
{
	if (image->file.size - offset <= FRAMED_MAX)
		return remains(image, offset);
	return corrupt(image, offset, "no header of a block");
}

static enum compression_method method_of(const struct chunk *chunk)
{
	if (chunk->flags & FLAG_BZIP2)
		return METHOD_BZIP2;
	return chunk->flags & FLAG_ZLIB || chunk->flags2 & FLAG2_ZLIB ?
		METHOD_ZLIB : METHOD_NONE;
}

/* What is wrong with a header where a unit begins; NULL if nothing. */
static const char *wrong_first(const struct chunk *chunk)
{
	unsigned int methods = !!(chunk->flags & FLAG_ZLIB) +
			       !!(chunk->flags & FLAG_BZIP2) +
			       !!(chunk->flags2 & FLAG2_ZLIB);

	if (chunk->flags & ~FLAGS || chunk->flags2 & ~FLAG2_ZLIB)
		return "flags that nobody uses";
	if (methods > 1)
		return "a block that is compressed twice";
	if (chunk->flags & FLAG_MARK)
		return chunk->length ? "a tape mark with data" : NULL;
	return chunk->flags & FLAG_FIRST ? NULL : "not the beginning of a block";
}

/* The same where a block goes on. */
static const char *wrong_next(const struct chunk *first, const struct chunk *chunk)
{
	if ((chunk->flags & ~FLAG_LAST) != (first->flags & ~FLAG_FIRST) ||
	    chunk->flags2 != first->flags2)
		return "a block that doesn't go on";
	return chunk->length ? NULL : "a chunk without data";
}

/* 0 is what those write who don't know, and what files begin with that were joined. */
static bool follows(const struct chunk *chunk, const struct tape_point *start)
{
	return !start->offset || !chunk->before || chunk->before == start->last;
}

static enum tape_result measure_chunk(struct tape_image *image, const struct chunk *chunk,
				      struct tape_unit *unit)
{
	struct tape_point *end = &unit->end;

	if (!follows(chunk, end))
		return corrupt(image, end->offset, "the chunk before has another length");
	if (image->file.size - end->offset - CHUNK_HEADER < chunk->length)
		return remains(image, unit->start.offset);
	unit->stored += chunk->length;
	if (unit->stored > MEASURED_MAX)
		return corrupt(image, unit->start.offset, "a block without an end");
	end->offset += CHUNK_HEADER + chunk->length;
	end->last = chunk->length;
	return TAPE_OK;
}

/* The chunks of a block but for the first; each has data, so there is an end to them. */
static enum tape_result measure_rest(struct tape_image *image, const struct chunk *first,
				     struct tape_unit *unit)
{
	struct chunk chunk = *first;
	enum tape_result result;
	unsigned int chunks = 1;
	const char *wrong;

	while (!(chunk.flags & FLAG_LAST)) {
		if (chunks++ == CHUNKS_MAX)
			return corrupt(image, unit->start.offset, "a block of too many chunks");
		if (image->file.size - unit->end.offset < CHUNK_HEADER)
			return remains(image, unit->start.offset);
		result = read_header(image, unit->end.offset, &chunk);
		if (result != TAPE_OK)
			return result;
		wrong = wrong_next(first, &chunk);
		if (wrong)
			return corrupt(image, unit->end.offset, wrong);
		result = measure_chunk(image, &chunk, unit);
		if (result != TAPE_OK)
			return result;
	}
	return TAPE_OK;
}

static enum tape_result measure(struct tape_image *image, const struct tape_point *start,
				struct tape_unit *unit)
{
	uint64_t left = image->file.size - start->offset;
	enum tape_result result;
	struct chunk first;
	const char *wrong;

	if (!left)
		return TAPE_END_OF_DATA;
	if (left < CHUNK_HEADER)
		return remains(image, start->offset);
	result = read_header(image, start->offset, &first);
	if (result != TAPE_OK)
		return result;
	if (!first.flags)
		return unfinished(image, start->offset);
	wrong = wrong_first(&first);
	if (wrong)
		return corrupt(image, start->offset, wrong);
	*unit = (struct tape_unit){
		.start = *start,
		.end = *start,
		.method = method_of(&first),
	};
	result = measure_chunk(image, &first, unit);
	if (result == TAPE_OK && !(first.flags & FLAG_MARK))
		result = measure_rest(image, &first, unit);
	if (result != TAPE_OK)
		return result;
	unit->end.block++;
	unit->end.file += !!(first.flags & FLAG_MARK);
	return first.flags & FLAG_MARK ? TAPE_MARK : TAPE_OK;
}

/* Collect the data of the chunks; there is room for the stored bytes of the unit. */
static enum tape_result gather(struct tape_image *image, const struct tape_unit *unit,
			       unsigned char *buffer)
{
	uint64_t offset = unit->start.offset;
	enum tape_result result;
	struct chunk chunk;
	size_t done = 0;

	while (offset < unit->end.offset) {
		result = read_header(image, offset, &chunk);
		if (result != TAPE_OK)
			return result;
		/* Somebody who doesn't mind the lock has changed the file. */
		if (chunk.length > unit->stored - done)
			return corrupt(image, offset, "it has changed");
		offset += CHUNK_HEADER;
		result = file_read(image, offset, buffer + done, chunk.length);
		if (result != TAPE_OK)
			return result;
		offset += chunk.length;
		done += chunk.length;
	}
	return done == unit->stored ? TAPE_OK : corrupt(image, offset, "it has changed");
}

static enum tape_result bad_block(struct tape_image *image, const struct tape_unit *unit,
				  const char *what)
{
	return image_say(image, TAPE_BAD_BLOCK, "block %llu at byte %llu %s",
			 (unsigned long long)unit->start.block,
			 (unsigned long long)unit->start.offset, what);
}

static enum tape_result fetch(struct tape_image *image, const struct tape_unit *unit,
			      void *buffer, size_t *length)
{
	bool compressed = unit->method != METHOD_NONE;
	enum tape_result result;

	if (!unit->stored)
		return bad_block(image, unit, "has no data");
	if (unit->stored > (compressed ? STORED_MAX : TAPE_BLOCK_MAX))
		return bad_block(image, unit, "is longer than a block can be");
	result = gather(image, unit, compressed ? image->stored : buffer);
	if (result != TAPE_OK)
		return result;
	if (!compressed) {
		*length = unit->stored;
		return TAPE_OK;
	}
	result = decompress_block(unit->method, image->stored, unit->stored, buffer, length);
	if (result == TAPE_NO_MEMORY)
		return image_say(image, result, "no memory to decompress a block");
	if (result != TAPE_OK || !*length) {
		*length = 0;
		return bad_block(image, unit, "can't be decompressed");
	}
	return TAPE_OK;
}

static void put_header(unsigned char *bytes, const struct chunk *chunk)
{
	bytes[0] = chunk->length;
	bytes[1] = chunk->length >> 8;
	bytes[2] = chunk->before;
	bytes[3] = chunk->before >> 8;
	bytes[4] = chunk->flags;
	bytes[5] = chunk->flags2;
}

static enum compression_method method_for(const struct tape_image *image)
{
	if (image->kind != TAPE_FORMAT_HET)
		return METHOD_NONE;
	switch (image->options.compression) {
	case TAPE_COMPRESSION_ZLIB:
		return METHOD_ZLIB;
	case TAPE_COMPRESSION_BZIP2:
		return METHOD_BZIP2;
	default:
		return METHOD_NONE;
	}
}

static void divide(struct tape_image *image, const unsigned char *bytes, size_t length,
		   uint8_t flags, size_t *size, struct tape_point *end)
{
	struct chunk chunk = { .flags = flags | FLAG_FIRST };
	unsigned char *to = image->framed;

	while (length) {
		chunk.length = length < image->options.chunk ? length : image->options.chunk;
		chunk.before = end->last;
		length -= chunk.length;
		if (!length)
			chunk.flags |= FLAG_LAST;
		put_header(to, &chunk);
		memcpy(to + CHUNK_HEADER, bytes, chunk.length);
		to += CHUNK_HEADER + chunk.length;
		bytes += chunk.length;
		end->last = chunk.length;
		chunk.flags &= ~FLAG_FIRST;
	}
	*size = to - image->framed;
	end->offset += *size;
	end->block++;
}

static void frame(struct tape_image *image, const void *block, size_t length, size_t *size,
		  struct tape_point *end)
{
	enum compression_method method = method_for(image);
	const unsigned char *bytes = block;
	uint8_t flags = 0;
	size_t smaller;

	if (compress_block(method, image->options.level, block, length, image->stored,
			   &smaller)) {
		bytes = image->stored;
		length = smaller;
		flags = method == METHOD_ZLIB ? FLAG_ZLIB : FLAG_BZIP2;
	}
	divide(image, bytes, length, flags, size, end);
}

static void frame_mark(struct tape_image *image, size_t *size, struct tape_point *end)
{
	struct chunk chunk = { .before = end->last, .flags = FLAG_MARK };

	put_header(image->framed, &chunk);
	*size = CHUNK_HEADER;
	end->offset += *size;
	end->last = 0;
	end->block++;
	end->file++;
}

enum tape_result chunk_probe(struct tape_image *image, bool *compressed)
{
	struct tape_point start = { 0 };
	struct tape_unit first, second;
	enum tape_result result;

	result = measure(image, &start, &first);
	*compressed = (result == TAPE_OK && first.method != METHOD_NONE);
	if (result == TAPE_CORRUPT)
		return TAPE_NOT_A_TAPE;
	if (result != TAPE_OK && result != TAPE_MARK)
		return result;
	/* One header may be chance. */
	result = measure(image, &first.end, &second);
	if (result == TAPE_CORRUPT)
		return TAPE_NOT_A_TAPE;
	return result == TAPE_HOST_ERROR ? result : TAPE_OK;
}

const struct image_format image_chunked = {
	.name = "AWSTAPE or HET",
	.measure = measure,
	.fetch = fetch,
	.frame = frame,
	.frame_mark = frame_mark,
};
