/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of tape images share: image.c has the calls of image.h, a format
 * says what units a file has, image_file.c is the host's file, and image_index.c
 * remembers where units begin.
 */
#ifndef CSS_TAPE_IMAGE_IMPL_H
#define CSS_TAPE_IMAGE_IMPL_H

#include "image.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* The header of a chunk, of which blocks of AWSTAPE and HET are made */
#define CHUNK_HEADER		6
#define CHUNK_DATA_MIN		4096
#define CHUNK_DATA_MAX		65535
/* What a block can become if it is compressed and doesn't get smaller */
#define STORED_MAX		(TAPE_BLOCK_MAX + 2048)
/* The longest that a block of AWSTAPE and HET can be in a file that is written here */
#define FRAMED_MAX		(TAPE_BLOCK_MAX + CHUNK_HEADER * \
				 (TAPE_BLOCK_MAX / CHUNK_DATA_MIN + 1))
/* Headers are read with what follows them, because the next ones may be there. */
#define WINDOW_SIZE		4096
/*
 * How many bytes that were written the host holds back at most before it begins to write
 * them to its medium.  Tests have it small.
 */
#ifndef WRITE_OUT_SIZE
#define WRITE_OUT_SIZE		(8 * 1024 * 1024)
#endif
/* How many positions are remembered; an even number.  Tests have it small. */
#ifndef INDEX_POINTS_MAX
#define INDEX_POINTS_MAX	65536
#endif

/**
 * struct tape_point - a position, with what is needed to go on from it
 * @offset: where in the file
 * @block: units before it
 * @file: tape marks before it
 * @last: bytes of the chunk before it, 0 after a tape mark and at the load point
 */
struct tape_point {
	uint64_t offset;
	uint64_t block;
	uint64_t file;
	uint16_t last;
};

/**
 * enum compression_method - how the bytes of a block are stored
 * @METHOD_NONE: as they are
 * @METHOD_ZLIB: zlib's compress()
 * @METHOD_BZIP2: BZ2_bzBuffToBuffCompress()
 */
enum compression_method {
	METHOD_NONE,
	METHOD_ZLIB,
	METHOD_BZIP2,
};

/**
 * struct tape_unit - a block or a tape mark of an image
 * @start: the position before it
 * @end: the position behind it
 * @stored: bytes of a block in the file, without headers
 * @method: how they are stored
 */
struct tape_unit {
	struct tape_point start;
	struct tape_point end;
	uint64_t stored;
	enum compression_method method;
};

/**
 * struct image_format - what a format does
 * @name: its name for messages
 * @measure: find the unit behind a position, without its data.  %TAPE_OK for a block,
 *	%TAPE_MARK, %TAPE_END_OF_DATA or an error.
 * @fetch: the data of a block that was measured.  %TAPE_OK or an error.
 * @frame: write the bytes of a block, as they are in the file, into image->framed, and say how
 *	many they are and where the tape is behind them; NULL if the format is read only
 * @frame_mark: the same for a tape mark
 */
struct image_format {
	const char *name;
	enum tape_result (*measure)(struct tape_image *image, const struct tape_point *start,
				    struct tape_unit *unit);
	enum tape_result (*fetch)(struct tape_image *image, const struct tape_unit *unit,
				  void *buffer, size_t *length);
	void (*frame)(struct tape_image *image, const void *block, size_t length, size_t *size,
		      struct tape_point *end);
	void (*frame_mark)(struct tape_image *image, size_t *size, struct tape_point *end);
};

/**
 * struct image_file - a file of the host
 * @fd: the descriptor
 * @size: its size; nobody else changes it while it is locked
 * @readonly: it can't be written
 * @begun: the host has begun to write to its medium what is before this offset
 * @written: the host has written what is before this one
 * @window: a part of the file that was read
 * @window_offset: where that is
 * @window_size: how much of it is valid
 */
struct image_file {
	int fd;
	uint64_t size;
	bool readonly;
	uint64_t begun;
	uint64_t written;
	unsigned char window[WINDOW_SIZE];
	uint64_t window_offset;
	size_t window_size;
};

/**
 * struct image_index - where some of the units begin
 * @points: positions, @stride units from each other, beginning with the load point
 * @count: how many there are
 * @stride: doubles when there are too many of them
 */
struct image_index {
	struct tape_point *points;
	size_t count;
	uint64_t stride;
};

/**
 * struct tape_image - an open image
 * @options: how it was opened, with values for what was left to defaults
 * @format: what the file is
 * @kind: the same for others
 * @file: the file
 * @index: where units begin
 * @at: the position
 * @protect: it is write protected
 * @lost: the host failed to sync
 * @stored: for a block as it is stored: %STORED_MAX bytes
 * @framed: for a block as it is in the file, with headers: %FRAMED_MAX bytes
 * @name: of the file, for messages
 * @message: of the last call
 */
struct tape_image {
	struct tape_options options;
	const struct image_format *format;
	enum tape_format kind;
	struct image_file file;
	struct image_index index;
	struct tape_point at;
	bool protect;
	bool lost;
	unsigned char *stored;
	unsigned char *framed;
	char *name;
	char message[TAPE_MESSAGE_SIZE];
};

extern const struct image_format image_chunked;
extern const struct image_format image_flat;

/**
 * image_say() - set the message of a call
 * @image: the image
 * @result: what image_say() returns, so that an error and its message are one statement
 * @format: text as for printf(); the name of the file is put before it
 *
 * Return: @result.
 */
enum tape_result image_say(struct tape_image *image, enum tape_result result,
			   const char *format, ...) __attribute__((format(printf, 3, 4)));

/**
 * image_begin() - begin a call: nothing to say yet
 * @image: the image
 *
 * Return: %TAPE_OK, or %TAPE_HOST_ERROR if the host failed to sync before.
 */
enum tape_result image_begin(struct tape_image *image);

/**
 * image_move() - change the position, at the end of all that could fail
 * @image: the image
 * @to: the new position
 */
void image_move(struct tape_image *image, const struct tape_point *to);

/**
 * image_detect() - find out what the file is, by options, contents and name
 * @image: the image; its file is open
 *
 * Return: %TAPE_OK, %TAPE_NOT_A_TAPE or an error.
 */
enum tape_result image_detect(struct tape_image *image);

/**
 * chunk_probe() - whether a file can be AWSTAPE or HET
 * @image: the image
 * @compressed: receives whether its first block is compressed
 *
 * Return: %TAPE_OK for contents that begin with a unit, %TAPE_END_OF_DATA for a file that is
 * empty or has no more than the remains of a first block, %TAPE_NOT_A_TAPE or an error.
 */
enum tape_result chunk_probe(struct tape_image *image, bool *compressed);

/* image_file.c: results are TAPE_OK or an error, with a message */

/**
 * file_open() - open the file of an image by name
 * @image: the image, which has its options
 * @path: the name
 *
 * Return: %TAPE_OK or an error.
 */
enum tape_result file_open(struct tape_image *image, const char *path);

/**
 * file_check() - check that an open file is good for an image, and lock it
 * @image: the image, which has the descriptor
 *
 * Return: %TAPE_OK or an error.
 */
enum tape_result file_check(struct tape_image *image);

/**
 * file_read() - read bytes of the file, all or none
 * @image: the image
 * @offset: where
 * @buffer: receives them
 * @length: how many
 *
 * Return: %TAPE_OK or %TAPE_HOST_ERROR.
 */
enum tape_result file_read(struct tape_image *image, uint64_t offset, void *buffer,
			   size_t length);

/**
 * file_peek() - look at a few bytes, with more of the file read than those
 * @image: the image
 * @offset: where; they are in the file
 * @length: how many, at most %WINDOW_SIZE
 * @bytes: receives where they are, until the next call
 *
 * Return: %TAPE_OK or %TAPE_HOST_ERROR.
 */
enum tape_result file_peek(struct tape_image *image, uint64_t offset, size_t length,
			   const unsigned char **bytes);

/**
 * file_write() - write bytes into the file
 * @image: the image
 * @offset: where
 * @bytes: the bytes
 * @length: how many
 *
 * If it fails, some of the bytes may have been written.
 *
 * Return: %TAPE_OK, %TAPE_NO_SPACE or %TAPE_HOST_ERROR.
 */
enum tape_result file_write(struct tape_image *image, uint64_t offset, const void *bytes,
			    size_t length);

/**
 * file_cut() - let the file end at an offset
 * @image: the image
 * @offset: where
 *
 * Return: %TAPE_OK or %TAPE_HOST_ERROR.
 */
enum tape_result file_cut(struct tape_image *image, uint64_t offset);

/**
 * file_write_out() - let the host write to its medium, if much waits for that
 * @image: the image
 *
 * If %WRITE_OUT_SIZE bytes wait, the host begins to write them, and the part that it has begun
 * before is waited for.  So no more than twice as many are ever on their way.
 *
 * Return: %TAPE_OK, %TAPE_NO_SPACE or %TAPE_HOST_ERROR.
 */
enum tape_result file_write_out(struct tape_image *image);

/**
 * file_sync() - wait for the host's medium
 * @image: the image
 *
 * Return: %TAPE_OK, %TAPE_NO_SPACE or %TAPE_HOST_ERROR.
 */
enum tape_result file_sync(struct tape_image *image);

/* image_index.c */

/**
 * index_begin() - an index that knows the load point
 * @index: the index
 *
 * Return: whether there was memory.
 */
bool index_begin(struct image_index *index);

/**
 * index_note() - remember a position that was reached, if it is one to remember
 * @index: the index
 * @point: the position
 */
void index_note(struct image_index *index, const struct tape_point *point);

/**
 * index_cut() - forget positions behind one, because the tape ends there
 * @index: the index
 * @point: the position
 */
void index_cut(struct image_index *index, const struct tape_point *point);

/**
 * index_of_block() - the last position known that has no more units before it
 * @index: the index
 * @block: than so many
 *
 * Return: the position.
 */
struct tape_point index_of_block(const struct image_index *index, uint64_t block);

/**
 * index_of_file() - the last position known that has no more tape marks before it
 * @index: the index
 * @file: than so many
 *
 * Return: the position.
 */
struct tape_point index_of_file(const struct image_index *index, uint64_t file);

/* image_compress.c */

/**
 * compress_block() - compress a block
 * @method: how
 * @level: 1 to 9
 * @block: the block
 * @length: its length
 * @stored: receives %STORED_MAX bytes at most
 * @size: receives how many
 *
 * Return: whether it is smaller now.
 */
bool compress_block(enum compression_method method, unsigned int level, const void *block,
		    size_t length, unsigned char *stored, size_t *size);

/**
 * decompress_block() - get a block back
 * @method: how it is stored
 * @stored: its bytes
 * @size: how many
 * @block: receives %TAPE_BLOCK_MAX bytes at most
 * @length: receives the length
 *
 * Return: %TAPE_OK, %TAPE_BAD_BLOCK or %TAPE_NO_MEMORY.
 */
enum tape_result decompress_block(enum compression_method method, const unsigned char *stored,
				  size_t size, void *block, size_t *length);

#endif /* CSS_TAPE_IMAGE_IMPL_H */
