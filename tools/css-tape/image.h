/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tape as a file of the host.
 *
 * A tape is a sequence of units: blocks of 1 to 65535 bytes, and tape marks.  It
 * begins at the load point and ends at the end of data.  The position is between
 * two units, and the tape moves from one position to another.  A write or an
 * erase at a position ends the tape there: what was behind it is gone.
 *
 * Formats are AWSTAPE, HET (AWSTAPE with compressed blocks) and flat files,
 * which are read only.  Documentation/tape.rst says what of them is read and
 * written, and what a crash or an error leaves behind.
 *
 * Whatever the contents of the file are, a call uses bounded memory and ends,
 * and an error is never turned into data.  A call may wait for the file system.
 * The process ignores SIGXFSZ, or a limit of file sizes ends it.
 *
 * One thread at a time uses an image.  The lock on the file is its open file
 * description's: while an image is open for writing, nobody who asks for a lock
 * too has the file open as an image or as a disk.
 */
#ifndef CSS_TAPE_IMAGE_H
#define CSS_TAPE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAPE_BLOCK_MAX		65535
#define TAPE_MESSAGE_SIZE	512

/**
 * enum tape_result - how a call ended
 * @TAPE_OK: as asked for
 * @TAPE_MARK: the unit was a tape mark, and the tape has moved across it
 * @TAPE_LOAD_POINT: at the load point; the tape has not moved further back
 * @TAPE_END_OF_DATA: there is nothing behind the position; the tape has not moved
 *	further
 * @TAPE_END_OF_MEDIUM: the unit doesn't fit into the capacity; nothing was written
 * @TAPE_PROTECTED: the image is write protected; nothing was changed
 * @TAPE_BAD_BLOCK: the block can't be delivered: it can't be decompressed, or it is
 *	longer than %TAPE_BLOCK_MAX.  The tape has moved across it, so that one can
 *	go on behind it.
 * @TAPE_CORRUPT: what is at the position is neither a unit nor the end of data.  The
 *	tape has not moved across it, and what is behind it can't be reached.
 * @TAPE_NO_SPACE: the host has no space for the unit (or a quota or limit is
 *	reached).  It was not written; the tape ends at the position.
 * @TAPE_HOST_ERROR: the host failed to read or write.  A unit that was to be written
 *	was not; the tape ends at the position.  If the host failed to sync, each
 *	later call with this image ends so, because nobody knows what the file has.
 * @TAPE_NO_MEMORY: no memory for the call; nothing has changed, except that a sync has
 *	failed as with %TAPE_HOST_ERROR
 * @TAPE_IN_USE: open only: another process has locked the file
 * @TAPE_NOT_A_TAPE: open only: not a regular file, of no known format, or not in the
 *	format asked for
 * @TAPE_BAD_CALL: options that don't fit together, or a block to be written that is longer
 *	than %TAPE_BLOCK_MAX or has no byte; nothing has changed
 */
enum tape_result {
	TAPE_OK,
	TAPE_MARK,
	TAPE_LOAD_POINT,
	TAPE_END_OF_DATA,
	TAPE_END_OF_MEDIUM,
	TAPE_PROTECTED,
	TAPE_BAD_BLOCK,
	TAPE_CORRUPT,
	TAPE_NO_SPACE,
	TAPE_HOST_ERROR,
	TAPE_NO_MEMORY,
	TAPE_IN_USE,
	TAPE_NOT_A_TAPE,
	TAPE_BAD_CALL,
};

/**
 * enum tape_format - what kind of file an image is
 * @TAPE_FORMAT_ANY: open only: HET if the name ends in .het or the first block is
 *	compressed, else AWSTAPE.  Contents that aren't a tape's are refused.
 * @TAPE_FORMAT_AWS: AWSTAPE.  Compressed blocks in it are read, none are written.
 * @TAPE_FORMAT_HET: Hercules Emulated Tape
 * @TAPE_FORMAT_FLAT: the bytes of a file in blocks of one length (the last one may be
 *	shorter), followed by two tape marks.  Read only.
 */
enum tape_format {
	TAPE_FORMAT_ANY,
	TAPE_FORMAT_AWS,
	TAPE_FORMAT_HET,
	TAPE_FORMAT_FLAT,
};

/**
 * enum tape_compression - how HET blocks are written; all are read
 * @TAPE_COMPRESSION_ZLIB: with zlib, which is what Hercules writes by default
 * @TAPE_COMPRESSION_BZIP2: with bzip2
 * @TAPE_COMPRESSION_NONE: as they are
 */
enum tape_compression {
	TAPE_COMPRESSION_ZLIB,
	TAPE_COMPRESSION_BZIP2,
	TAPE_COMPRESSION_NONE,
};

/**
 * struct tape_options - how to open an image; all zeros is good for any image
 * @format: the format, or %TAPE_FORMAT_ANY
 * @compression: of HET blocks that are written
 * @level: 1 (fast) to 9 (small); 0 for 4, as Hercules has it
 * @chunk: the most bytes of a chunk of a block that is written, 4096 to 65535; 0 for
 *	65535.  Some readers of AWSTAPE want 4096.
 * @block: the length of blocks of a flat file, 1 to 65535; needed for
 *	%TAPE_FORMAT_FLAT and not allowed for others
 * @capacity: the length in bytes that the file has at most; 0 for no limit.  An image
 *	that is longer already is read to its end.
 * @warning: how many bytes before the capacity the early warning begins; 0 for 1 MiB
 *	or, if that is less, a tenth of the capacity
 * @protect: the image is write protected
 * @create: make an empty image; the file must not exist
 * @no_lock: go on where the file system has no locks
 */
struct tape_options {
	enum tape_format format;
	enum tape_compression compression;
	unsigned int level;
	unsigned int chunk;
	unsigned int block;
	uint64_t capacity;
	uint64_t warning;
	bool protect;
	bool create;
	bool no_lock;
};

/**
 * struct tape_position - where a tape is
 * @block: how many units (blocks and tape marks) are before the position; 0 is the
 *	load point
 * @file: how many of them are tape marks
 * @offset: how many bytes of the file are before the position
 * @early_warning: the position is in the last part of the capacity
 */
struct tape_position {
	uint64_t block;
	uint64_t file;
	uint64_t offset;
	bool early_warning;
};

struct tape_image;

/**
 * tape_image_open() - open an image
 * @path: the file
 * @options: how; %NULL for all zeros
 * @image: receives the image if the call ends with %TAPE_OK
 * @message: receives %TAPE_MESSAGE_SIZE bytes at most of text for people: why the call
 *	failed, or, if it didn't, what they should know of the image; "" if nothing
 *
 * The image is at its load point.  It is write protected if that was asked for, if the
 * format is read only, or if the file is: its permissions or its file system forbid
 * this process to write.
 *
 * Return: %TAPE_OK or an error.
 */
enum tape_result tape_image_open(const char *path, const struct tape_options *options,
				 struct tape_image **image, char *message);

/**
 * tape_image_open_fd() - the same with a descriptor that somebody else has opened
 * @fd: of a regular file.  The image has it from now on, also if the call fails.
 *	An image is write protected if the descriptor is for reading only.
 * @name: the name of the file, for its format and for messages
 * @options: how; @create is not allowed
 * @image: receives the image
 * @message: receives text
 *
 * Return: %TAPE_OK or an error.
 */
enum tape_result tape_image_open_fd(int fd, const char *name,
				    const struct tape_options *options,
				    struct tape_image **image, char *message);

/**
 * tape_image_close() - close an image; %NULL is none
 * @image: the image
 *
 * It doesn't sync: who needs to know that all is written calls tape_image_sync() before.
 */
void tape_image_close(struct tape_image *image);

/**
 * tape_image_message() - what there is to say of the last call
 * @image: the image
 *
 * Text for the log of the host, in one line without a newline: why the last call failed, or
 * what it found (the remains of a block at the end of the image, for example).
 * Valid until the next call.
 *
 * Return: the text, "" if there is nothing to say.
 */
const char *tape_image_message(const struct tape_image *image);

/**
 * tape_image_read() - read the next unit
 * @image: the image
 * @buffer: receives the block; %TAPE_BLOCK_MAX bytes
 * @length: receives the length of the block, 0 if there is none
 *
 * Return: %TAPE_OK, %TAPE_MARK, %TAPE_END_OF_DATA or an error.
 */
enum tape_result tape_image_read(struct tape_image *image, void *buffer, size_t *length);

/**
 * tape_image_read_backward() - read the unit before the position
 * @image: the image
 * @buffer: receives the block, in the order in which it was written; %TAPE_BLOCK_MAX bytes
 * @length: receives the length of the block, 0 if there is none
 *
 * The position is then before this unit.
 *
 * Return: %TAPE_OK, %TAPE_MARK, %TAPE_LOAD_POINT or an error.
 */
enum tape_result tape_image_read_backward(struct tape_image *image, void *buffer,
					  size_t *length);

/**
 * tape_image_write() - write a block at the position, and move behind it
 * @image: the image
 * @block: the block
 * @length: its length, 1 to %TAPE_BLOCK_MAX
 *
 * The block is the host's then, and survives the end of the process; only
 * tape_image_sync() makes it survive the end of the host.
 *
 * Return: %TAPE_OK or an error.
 */
enum tape_result tape_image_write(struct tape_image *image, const void *block, size_t length);

/**
 * tape_image_write_mark() - write a tape mark at the position, and move behind it
 * @image: the image
 *
 * Return: %TAPE_OK or an error.
 */
enum tape_result tape_image_write_mark(struct tape_image *image);

/**
 * tape_image_erase() - erase the tape from the position on
 * @image: the image
 *
 * The file is truncated, so that its space is the file system's.  It isn't overwritten.
 *
 * Return: %TAPE_OK or an error.
 */
enum tape_result tape_image_erase(struct tape_image *image);

/**
 * tape_image_write_out() - let the host write to its medium what it holds back, if that is much
 * @image: the image
 *
 * Called after each write, it keeps a tape from filling the host's page cache, and
 * tape_image_sync() from taking as long as it takes to write all of that: no more than 16 MiB
 * are on their way at a time.  It waits if the medium is slower than the writes.
 *
 * An error is one of tape_image_sync(): blocks whose writes have ended normally may be lost.
 *
 * Return: %TAPE_OK or an error.
 */
enum tape_result tape_image_write_out(struct tape_image *image);

/**
 * tape_image_sync() - wait until all that was written is on the host's medium
 * @image: the image
 *
 * Return: %TAPE_OK or an error.
 */
enum tape_result tape_image_sync(struct tape_image *image);

/**
 * tape_image_rewind() - move to the load point
 * @image: the image
 */
void tape_image_rewind(struct tape_image *image);

/**
 * tape_image_space() - move across the next unit
 * @image: the image
 *
 * Return: %TAPE_OK for a block, %TAPE_MARK, %TAPE_END_OF_DATA or an error.
 */
enum tape_result tape_image_space(struct tape_image *image);

/**
 * tape_image_backspace() - move back across the unit before the position
 * @image: the image
 *
 * Return: %TAPE_OK for a block, %TAPE_MARK, %TAPE_LOAD_POINT or an error.
 */
enum tape_result tape_image_backspace(struct tape_image *image);

/**
 * tape_image_space_file() - move behind the next tape mark
 * @image: the image
 *
 * Return: %TAPE_OK, %TAPE_END_OF_DATA if there is none (the tape is at the end of data),
 * or an error (the tape is as far as it could get).
 */
enum tape_result tape_image_space_file(struct tape_image *image);

/**
 * tape_image_backspace_file() - move back before the last tape mark that is before the position
 * @image: the image
 *
 * Return: %TAPE_OK, %TAPE_LOAD_POINT if there is none (the tape is at the load point),
 * or an error.
 */
enum tape_result tape_image_backspace_file(struct tape_image *image);

/**
 * tape_image_locate() - move to a unit by its number
 * @image: the image
 * @block: how many units are to be before the position
 *
 * Return: %TAPE_OK, %TAPE_END_OF_DATA if there are fewer (the tape is at the end of data), or
 * an error (the tape is as far as it could get).
 */
enum tape_result tape_image_locate(struct tape_image *image, uint64_t block);

/**
 * tape_image_end() - move to the end of data
 * @image: the image
 *
 * Return: %TAPE_OK or an error (the tape is as far as it could get).
 */
enum tape_result tape_image_end(struct tape_image *image);

/**
 * tape_image_position() - where the tape is
 * @image: the image
 *
 * Return: the position.
 */
struct tape_position tape_image_position(const struct tape_image *image);

/**
 * tape_image_protected() - whether the image is write protected
 * @image: the image
 *
 * Return: whether it is.
 */
bool tape_image_protected(const struct tape_image *image);

/**
 * tape_image_format() - the format that the image has
 * @image: the image
 *
 * Return: any but %TAPE_FORMAT_ANY.
 */
enum tape_format tape_image_format(const struct tape_image *image);

/**
 * tape_result_name() - a result in words, for messages
 * @result: the result
 *
 * Return: the words.
 */
const char *tape_result_name(enum tape_result result);

#endif /* CSS_TAPE_IMAGE_H */
