// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: a tape drive (tools/css-tape/drive.h), its commands, and a host that fails
 *
 * The input is commands with their data and what happens in between, and, behind them, the
 * contents of the image.  Whatever they are, each answer must be one that a control unit
 * can give.  What the guest is told to be on the tape must be there: a block whose WRITE
 * has ended normally is read back at once, and when WRITE TAPE MARK or SYNCHRONIZE has ended
 * normally, nothing that was written may be left to be synchronized.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/types.h>

#include "../css-tape/image_fault.h"
#include "../css-tape/internal.h"
#include "finding.h"
#include "input.h"

#define STEPS_MAX	64
#define ROOM		65536

static struct drive drive;
static u8 data[ROOM];
static u64 seq;
/* The operation that goes on after channel end, 0 for none */
static u64 operation;

/* What the drive has to say to people */
void report(enum level level, struct drive *one, const char *format, ...)
{
	check(level >= LEVEL_ERROR && one && format);
}

void report_always(enum level level, const struct drive *one, const char *format, ...)
{
	check(level >= LEVEL_ERROR && one && format);
}

/* As struct kvm_css_answer says */
static void check_answer(const struct css_command *command, const struct css_answer *answer)
{
	u8 status = answer->status;

	check(!answer->later);
	check(!(status & (CSS_BUSY | CSS_STATUS_MODIFIER | CSS_ATTENTION | CSS_CONTROL_UNIT_END)));
	check(answer->sense_len == (status & CSS_UNIT_CHECK ? CSS_SENSE_SIZE : 0));
	if (css_command_fetches(command->code))
		check(answer->count <= command->room);
	if (!(status & CSS_CHANNEL_END)) {
		check(status == CSS_UNIT_CHECK && !answer->count && !answer->immediate);
		return;
	}
	if (answer->immediate)
		check(!answer->count);
	/* No more than the guest's program has, unless it is to end with a check. */
	if (css_command_fetches(command->code) && !command->check)
		check(answer->count <= command->available);
}

/* A tape of which the guest hasn't been told stays where it is. */
static void check_unready(uint64_t block)
{
	check(drive.image && tape_image_position(drive.image).block == block);
}

static struct css_answer run(struct css_command *command)
{
	bool unready = drive.image && !drive_is_ready(&drive);
	uint64_t block = unready ? tape_image_position(drive.image).block : 0;
	struct css_answer answer = {};

	command->seq = ++seq;
	operation = 0;
	drive_command(&drive, command, &answer);
	check_answer(command, &answer);
	if (unready)
		check_unready(block);
	if (answer.status == CSS_CHANNEL_END)
		operation = seq;
	return answer;
}

static struct css_answer simple(u8 code, u8 *to)
{
	struct css_command command = {
		.code = code, .provided = ROOM - 1, .room = ROOM, .first = true, .data = to,
	};

	return run(&command);
}

static void take_due(void)
{
	struct due due;

	while (drive_due(&drive, &due)) {
		check(due.sense_len == (due.status & CSS_UNIT_CHECK ? CSS_SENSE_SIZE : 0));
		check(due.status & CSS_DEVICE_END);
		check(!due.seq || due.seq == operation);
		if (due.seq)
			operation = 0;
	}
	/* What goes on after channel end ends. */
	check(!operation);
}

/* The block that has just been written is there, and what is behind it isn't. */
static void read_back(const struct css_command *written)
{
	static u8 found[ROOM];
	struct css_answer answer;
	u32 i;

	answer = simple(CMD_READ_BACKWARD, found);
	if (fault_happened())
		return;
	check(answer.status == CSS_ENDED && answer.count == written->available);
	for (i = 0; i < answer.count; i++)
		check(found[i] == written->data[answer.count - 1 - i]);
	answer = simple(CMD_FORWARD_SPACE_BLOCK, found);
	check(answer.status == CSS_ENDED || fault_happened());
	answer = simple(CMD_FORWARD_SPACE_BLOCK, found);
	check(answer.status == (CSS_ENDED | CSS_UNIT_CHECK));
}

static void take_data(struct fuzz_input *in, u32 length)
{
	u8 fill = take8(in);
	u32 i;

	for (i = 0; i < length; i++)
		data[i] = i < 24 ? take8(in) : fill;
}

static void command(struct fuzz_input *in)
{
	static const u16 lengths[] = { 0, 1, 2, 4, 11, 12, 17, 20, 100, 4096, 65535 };
	u8 code = take8(in), how = take8(in);
	struct css_command command = {
		.code = code,
		.room = how & 0x10 ? 4096 : ROOM,
		.first = !(how & 0x20),
		.check = how & 0x40 && css_command_fetches(code),
		.more = how & 0x80 && css_command_fetches(code),
	};
	bool failed = fault_happened();
	struct css_answer answer;
	u32 length = lengths[(how & 0xf) % 11];

	if (length > command.room)
		length = command.room;
	command.provided = length;
	/* Exactly so much, so that the sanitizer sees what is behind it. */
	command.data = malloc(command.room);
	check(command.data);
	if (css_command_fetches(code)) {
		command.available = length;
		take_data(in, length);
		memcpy(command.data, data, length);
	}
	answer = run(&command);
	/* What the host couldn't do is no success. */
	if (failed != fault_happened() && code != CMD_REWIND_UNLOAD)
		check(answer.status & CSS_UNIT_CHECK);
	if (code == CMD_WRITE && !(answer.status & CSS_UNIT_CHECK) && length && !command.check &&
	    failed == fault_happened() && !failed)
		read_back(&command);
	if ((code == CMD_WRITE_TAPE_MARK || code == CMD_SYNCHRONIZE) &&
	    !(answer.status & CSS_UNIT_CHECK))
		check(!drive.unsynced && !drive.lost);
	free(command.data);
	take_due();
}

static void load(int fd, const struct tape_options *options)
{
	char message[TAPE_MESSAGE_SIZE];
	struct tape_image *image;

	if (drive.image ||
	    tape_image_open_fd(dup(fd), "tape.aws", options, &image, message) != TAPE_OK)
		return;
	check(!drive_load(&drive, image, "tape.aws"));
}

/* The guest is told of it. */
static void mount(int fd, const struct tape_options *options)
{
	load(fd, options);
	take_due();
	drive_presented(&drive);
}

static void fail_host(struct fuzz_input *in)
{
	static const char *const kinds[] = { "eio", "enospc", "half" };
	static const char *const calls[] = { "write", "read", "out" };
	u8 how = take8(in);

	fault_set(calls[how % 3], 1 + (how >> 5), 1 + (how >> 3 & 3),
		  kinds[(how >> 1 & 3) % 3]);
}

static void step(struct fuzz_input *in, int fd, const struct tape_options *options)
{
	switch (take8(in) % 16) {
	case 0:
		return take8(in) & 1 ? mount(fd, options) : load(fd, options);
	case 1:
		if (drive.image)
			drive_unload(&drive);
		return;
	case 2:
		return drive_reset(&drive);
	case 3:
		return drive_cleared(&drive);
	case 4:
		drive_begin(&drive);
		return take_due();
	case 5:
		return drive_presented(&drive);
	case 6:
		return fail_host(in);
	case 7:
		simple(CMD_REWIND, data);
		/* The guest halts it. */
		drive_halted(&drive);
		operation = 0;
		return take_due();
	default:
		return command(in);
	}
}

static int contents(const struct fuzz_input *in)
{
	int fd = memfd_create("tape", MFD_CLOEXEC);

	check(fd >= 0);
	check(write(fd, in->data, in->left) == (ssize_t)in->left);
	return fd;
}

int fuzz_one_input(const u8 *bytes, size_t size)
{
	struct fuzz_input in = { .data = bytes, .left = size };
	u8 how = take8(&in);
	struct tape_options options = {
		.format = how % 3,
		.level = 1,
		.protect = how & 0x40,
		.capacity = how & 0x20 ? 200000 : 0,
	};
	u16 length = take16(&in) % 1024;
	unsigned int steps;
	int fd;
	struct fuzz_input image;

	if (length > in.left)
		length = in.left;
	image = (struct fuzz_input){ .data = in.data + in.left - length, .left = length };
	in.left -= length;
	fd = contents(&image);
	fault_set("write", 0, 0, "eio");
	seq = 0;
	drive_init(&drive, "drive", 0x0300);
	drive_begin(&drive);
	mount(fd, &options);
	for (steps = 0; in.left && steps < STEPS_MAX; steps++)
		step(&in, fd, &options);
	if (drive.image)
		drive_unload(&drive);
	close(fd);
	return 0;
}
