/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the drive have of each other */
#ifndef CSS_TAPE_INTERNAL_H
#define CSS_TAPE_INTERNAL_H

#include "command.h"
#include "drive.h"

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#endif

/* Device status of a command that failed after it had begun */
#define STATUS_CHECK		(CSS_ENDED | CSS_UNIT_CHECK)

/**
 * struct call - a command that is being executed
 * @drive: the drive
 * @command: the command
 * @answer: how it ends
 * @needed: how many bytes of control information it has, if it has any
 */
struct call {
	struct drive *drive;
	const struct css_command *command;
	struct css_answer *answer;
	uint32_t needed;
};

/* --- sense.c --- */

/*
 * Make sense bytes, in which bits of byte 0 and 1, and an ERA code, are as given.
 * What byte 1 says of the drive and the tape is added.
 */
void sense_make(const struct drive *drive, uint8_t *sense, uint8_t byte0, uint8_t byte1,
		uint8_t era, uint8_t format);

/* End a command with unit check. */
void check(struct call *call, uint8_t status, uint8_t byte0, uint8_t byte1, uint8_t era);
/* Reject it: it or its control information isn't valid. */
void reject(struct call *call);
/* End it as a call for the image has failed that read or moved, or that wrote. */
void fail_read(struct call *call, enum tape_result result);
void fail_write(struct call *call, enum tape_result result);
/* End it as writes have failed that had been ended normally. */
void fail_deferred(struct call *call);

/* --- drive.c --- */

/* End it normally, with @count bytes moved. */
void end(struct call *call, uint32_t count);
/*
 * The command needs more bytes from the guest than the channel subsystem could fetch.
 * End it with a count by which the program ends with the check.
 */
void end_incomplete(struct call *call);
/* Give the guest these bytes, as many as it wants. */
void give(struct call *call, const void *bytes, uint32_t length);
/*
 * Wait until what was written is on the medium.  If it fails, the volume is fenced, and
 * each later call fails, too.
 */
enum tape_result settle(struct drive *drive);
/*
 * After a write that nobody waits for: bound what the host holds back.  If it fails, it is as
 * if settle() had.
 */
enum tape_result keep_up(struct drive *drive);
/* Take the image out. */
void drop_image(struct drive *drive);

/* --- motion.c --- */

void run_read(struct call *call);
void run_read_backward(struct call *call);
void run_write(struct call *call);
void run_write_tape_mark(struct call *call);
void run_forward_space_block(struct call *call);
void run_backspace_block(struct call *call);
void run_forward_space_file(struct call *call);
void run_backspace_file(struct call *call);
void run_rewind(struct call *call);
void run_rewind_unload(struct call *call);
void run_erase_gap(struct call *call);
void run_data_security_erase(struct call *call);
void run_locate_block(struct call *call);
void run_read_block_id(struct call *call);
void run_synchronize(struct call *call);
void run_set_write_immediate(struct call *call);

/* --- path.c --- */

void run_sense_path_group_id(struct call *call);
void run_set_path_group_id(struct call *call);
void run_assign(struct call *call);
void run_unassign(struct call *call);
void run_control_access(struct call *call);

/* --- identity.c --- */

void run_read_device_characteristics(struct call *call);
void run_read_configuration_data(struct call *call);

/* --- subsystem.c --- */

void run_mode_set(struct call *call);
void run_load_display(struct call *call);
void run_read_buffered_log(struct call *call);
void run_perform_subsystem_function(struct call *call);
void run_read_subsystem_data(struct call *call);
void run_read_message_id(struct call *call);

/* --- report.c --- */

/* What journald knows as priorities */
enum level {
	LEVEL_ERROR = 3,
	LEVEL_WARNING = 4,
	LEVEL_NOTICE = 5,
	LEVEL_INFO = 6,
};

/* Write a line to stderr, unless there are too many of the drive. */
void report(enum level level, struct drive *drive, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Write a line that a guest can't repeat, and that mustn't be missing. */
void report_always(enum level level, const struct drive *drive, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* CSS_TAPE_INTERNAL_H */
