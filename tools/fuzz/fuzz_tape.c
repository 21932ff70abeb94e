// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: images of tapes (tools/css-tape/image.h), and calls on them.
 *
 * The input is options, calls, and the contents of the file.  The tape is read to its
 * end first.  From then on it must be this sequence of units, whichever way it moves, until
 * a write changes it; and it must be the same when the file is opened anew.  Any contents are
 * allowed, so no result is wrong but those that say that the host has failed.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <zlib.h>

#include <linux/types.h>

#include "../css-tape/image.h"
#include "finding.h"
#include "input.h"

#define CALLS_MAX	48
#define UNITS_MAX	1024
#define REPEAT_MAX	63
/* More than a block and its headers */
#define HOLE_MAX	(3 * 65536)

struct unit {
	enum tape_result kind;
	size_t length;
	uLong hash;
};

static struct {
	struct tape_image *image;
	struct unit units[UNITS_MAX + CALLS_MAX];
	size_t count, at;
	/* What is behind the last unit: the end of data, or something corrupt */
	enum tape_result end;
} tape;

static unsigned char buffer[TAPE_BLOCK_MAX];

static struct unit unit_of(enum tape_result kind, size_t length)
{
	return (struct unit){ .kind = kind, .length = length, .hash = crc32(0, buffer, length) };
}

static bool is_unit(enum tape_result result)
{
	return result == TAPE_OK || result == TAPE_MARK || result == TAPE_BAD_BLOCK;
}

static u64 files(void)
{
	u64 count = 0;
	size_t i;

	for (i = 0; i < tape.at; i++)
		count += tape.units[i].kind == TAPE_MARK;
	return count;
}

static void check_position(void)
{
	struct tape_position position = tape_image_position(tape.image);

	check(position.block == tape.at);
	check(position.file == files());
}

static void check_unit(const struct unit *known, enum tape_result result, size_t length)
{
	struct unit found = unit_of(result, length);

	check(found.kind == known->kind);
	check(found.length == known->length && found.hash == known->hash);
	check((result == TAPE_OK) == !!length);
}

/* Learn what the tape is; false if it has too many units. */
static bool learn(void)
{
	enum tape_result result;
	size_t length;

	tape.count = 0;
	tape.at = 0;
	while (true) {
		result = tape_image_read(tape.image, buffer, &length);
		if (!is_unit(result))
			break;
		if (tape.count == UNITS_MAX)
			return false;
		tape.units[tape.count++] = unit_of(result, length);
		tape.at++;
	}
	check(result == TAPE_END_OF_DATA || result == TAPE_CORRUPT);
	tape.end = result;
	check_position();
	return true;
}

static enum tape_result kind(size_t at)
{
	/* Whoever moves across a block doesn't see whether it can be read. */
	return tape.units[at].kind == TAPE_MARK ? TAPE_MARK : TAPE_OK;
}

static enum tape_result forward(void)
{
	return tape.at == tape.count ? tape.end : kind(tape.at++);
}

static enum tape_result back(void)
{
	return tape.at ? kind(--tape.at) : TAPE_LOAD_POINT;
}

static void read_forward(void)
{
	size_t length;
	enum tape_result result = tape_image_read(tape.image, buffer, &length);

	if (tape.at == tape.count)
		check(result == tape.end && !length);
	else
		check_unit(&tape.units[tape.at++], result, length);
}

static void read_backward(void)
{
	size_t length;
	enum tape_result result = tape_image_read_backward(tape.image, buffer, &length);

	if (tape.at)
		check_unit(&tape.units[--tape.at], result, length);
	else
		check(result == TAPE_LOAD_POINT && !length);
}

static void unit(enum tape_result (*call)(struct tape_image *image),
		 enum tape_result (*step)(void))
{
	enum tape_result found = call(tape.image);

	check(found == step());
}

static void file(enum tape_result (*call)(struct tape_image *image),
		 enum tape_result (*step)(void))
{
	enum tape_result found = call(tape.image);
	enum tape_result expected;

	do {
		expected = step();
	} while (expected == TAPE_OK);
	check(found == (expected == TAPE_MARK ? TAPE_OK : expected));
}

static void locate(u16 block)
{
	enum tape_result found = tape_image_locate(tape.image, block);

	tape.at = block < tape.count ? block : tape.count;
	check(found == (block <= tape.count ? TAPE_OK : tape.end));
}

static void end(void)
{
	enum tape_result found = tape_image_end(tape.image);

	tape.at = tape.count;
	check(found == (tape.end == TAPE_END_OF_DATA ? TAPE_OK : tape.end));
}

/* A call that writes has succeeded, or the image is protected. */
static bool changed(enum tape_result result)
{
	if (tape_image_protected(tape.image)) {
		check(result == TAPE_PROTECTED);
		return false;
	}
	check(result == TAPE_OK);
	tape.count = tape.at;
	tape.end = TAPE_END_OF_DATA;
	return true;
}

static void write_block(u16 length, u8 fill)
{
	if (!length)
		return;
	memset(buffer, fill, length);
	buffer[length / 2] ^= length;
	if (changed(tape_image_write(tape.image, buffer, length))) {
		tape.units[tape.count++] = unit_of(TAPE_OK, length);
		tape.at++;
	}
}

static void write_mark(void)
{
	if (changed(tape_image_write_mark(tape.image))) {
		tape.units[tape.count++] = unit_of(TAPE_MARK, 0);
		tape.at++;
	}
}

static void call(struct fuzz_input *in)
{
	switch (take8(in) % 13) {
	case 0:
		return read_forward();
	case 1:
		return read_backward();
	case 2:
		return unit(tape_image_space, forward);
	case 3:
		return unit(tape_image_backspace, back);
	case 4:
		return file(tape_image_space_file, forward);
	case 5:
		return file(tape_image_backspace_file, back);
	case 6:
		return locate(take16(in));
	case 7:
		return locate(take8(in));
	case 8:
		return end();
	case 9:
		tape_image_rewind(tape.image);
		tape.at = 0;
		return;
	case 10:
		return write_block(take16(in), take8(in));
	case 11:
		return write_mark();
	default:
		changed(tape_image_erase(tape.image));
	}
}

/* A file with what is left of the input, so many times, and with a hole behind it. */
static int contents(struct fuzz_input *in, unsigned int repeat, size_t hole)
{
	int fd = memfd_create("tape", MFD_CLOEXEC);
	size_t size = in->left * (1 + repeat);

	check(fd >= 0);
	for (; repeat + 1; repeat--)
		check(write(fd, in->data, in->left) == (ssize_t)in->left);
	check(!ftruncate(fd, size + hole));
	return fd;
}

static bool open_tape(int fd, const struct tape_options *options)
{
	char message[TAPE_MESSAGE_SIZE];
	enum tape_result result;

	result = tape_image_open_fd(dup(fd), "tape.aws", options, &tape.image, message);
	check(result == TAPE_OK || result == TAPE_NOT_A_TAPE);
	check(result == TAPE_OK || message[0]);
	return result == TAPE_OK;
}

static struct tape_options options_of(struct fuzz_input *in)
{
	u8 how = take8(in);
	struct tape_options options = {
		.format = how % 4,
		.compression = (how >> 2) % 3,
		.level = 1,
		.chunk = how & 0x20 ? 4096 : 0,
		.protect = how & 0x40,
	};

	if (options.format == TAPE_FORMAT_FLAT)
		options.block = 1 + take16(in) % TAPE_BLOCK_MAX;
	return options;
}

static void use(struct fuzz_input *calls)
{
	while (calls->left) {
		call(calls);
		check_position();
	}
}

/* The tape must be what it was when it was closed. */
static void compare(void)
{
	size_t i;

	tape.at = 0;
	for (i = 0; i <= tape.count; i++)
		read_forward();
	for (i = 0; i <= tape.count; i++)
		read_backward();
	check_position();
}

int fuzz_one_input(const u8 *data, size_t size)
{
	struct fuzz_input in = { .data = data, .left = size };
	struct tape_options options = options_of(&in);
	unsigned int repeat = take8(&in) % (REPEAT_MAX + 1);
	size_t hole = take8(&in) * (HOLE_MAX / 255);
	struct fuzz_input calls = { .left = take8(&in) % (CALLS_MAX + 1) };
	int fd;

	if (calls.left > in.left)
		calls.left = in.left;
	calls.data = in.data;
	in.data += calls.left;
	in.left -= calls.left;
	fd = contents(&in, repeat, hole);
	if (open_tape(fd, &options)) {
		if (learn()) {
			use(&calls);
			tape_image_close(tape.image);
			/* What was written may have made a tape of what wasn't one. */
			check(open_tape(fd, &options));
			compare();
		}
		tape_image_close(tape.image);
	}
	close(fd);
	return 0;
}
