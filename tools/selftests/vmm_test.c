// SPDX-License-Identifier: GPL-2.0
/* The test control unit in userspace */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "vmm_devices.h"

static enum vmm_cmd end(struct vmm_program *program, u8 dstat)
{
	program->dstat = dstat;
	return VMM_CMD_ENDED;
}

/* A rejected command that has moved data has begun, so it also ends. */
static enum vmm_cmd reject(struct vmm_program *program)
{
	struct vmm_test *test = program->sch->device_data;

	memset(test->sense, 0, sizeof(test->sense));
	test->sense[0] = SENSE_COMMAND_REJECT;
	if (!program->moved)
		return end(program, DST_UNIT_CHECK);
	return end(program, DST_ENDED | DST_UNIT_CHECK);
}

static void test_start(struct vmm_sch *sch)
{
	struct vmm_test *test = sch->device_data;

	test->position = 0;
}

static enum vmm_cmd test_move(struct vmm_program *program, bool in)
{
	struct vmm_test *test = program->sch->device_data;
	u32 left = TEST_SIZE - test->position;
	u32 moved;

	if (in)
		moved = vmm_data_in(program, test->storage + test->position,
				    left);
	else
		moved = vmm_data_out(program, test->storage + test->position,
				     left);
	/* The device takes and gives any length, so no length is wrong. */
	program->excess = false;
	test->position += moved;
	return end(program, DST_ENDED);
}

static enum vmm_cmd test_seek(struct vmm_program *program)
{
	struct vmm_test *test = program->sch->device_data;
	u32 position;

	if (vmm_data_out(program, &position, sizeof(position)) !=
	    sizeof(position) || position >= TEST_SIZE)
		return reject(program);
	test->position = position;
	return end(program, DST_ENDED);
}

static enum vmm_cmd test_sense(struct vmm_program *program)
{
	struct vmm_test *test = program->sch->device_data;

	vmm_data_in(program, test->sense, sizeof(test->sense));
	memset(test->sense, 0, sizeof(test->sense));
	return end(program, DST_ENDED);
}

static enum vmm_cmd test_sense_id(struct vmm_program *program)
{
	static const u8 id[7] = { 0xff, 0x0c, 0x55, 0x01 };

	vmm_data_in(program, id, sizeof(id));
	return end(program, DST_ENDED);
}

static enum vmm_cmd test_end_status(struct vmm_program *program)
{
	struct vmm_test *test = program->sch->device_data;
	u8 status[2];

	if (vmm_data_out(program, status, 2) != 2)
		return reject(program);
	if (status[0] & DST_UNIT_CHECK) {
		memset(test->sense, 0, sizeof(test->sense));
		test->sense[0] = status[1];
	}
	return end(program, status[0]);
}

static enum vmm_cmd test_wait(struct vmm_program *program)
{
	struct timespec left;
	u32 us;

	if (!program->on_worker)
		return VMM_CMD_DEFER;
	if (vmm_data_out(program, &us, sizeof(us)) != sizeof(us) ||
	    us > TEST_WAIT_MAX_US)
		return reject(program);
	left.tv_sec = us / 1000000;
	left.tv_nsec = us % 1000000 * 1000;
	while (nanosleep(&left, &left) && errno == EINTR)
		;
	return end(program, DST_ENDED);
}

static enum vmm_cmd test_command(struct vmm_program *program)
{
	switch (program->command) {
	case TEST_NOP:
		return end(program, DST_ENDED);
	case TEST_WRITE:
		return test_move(program, false);
	case TEST_READ:
		return test_move(program, true);
	case TEST_SENSE:
		return test_sense(program);
	case TEST_SENSE_ID:
		return test_sense_id(program);
	case TEST_SEEK:
		return test_seek(program);
	case TEST_END_STATUS:
		return test_end_status(program);
	case TEST_WAIT:
		return test_wait(program);
	default:
		return reject(program);
	}
}

const struct vmm_device vmm_test_device = {
	.start = test_start,
	.command = test_command,
};
