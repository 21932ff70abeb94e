// SPDX-License-Identifier: GPL-2.0
/* FBA DASD in userspace, on a file */
#include <string.h>
#include <unistd.h>

#include "vmm_devices.h"

#define SENSE1_PERMANENT	0x80
#define BUFFER_BLOCKS		128

void vmm_fba_init(struct vmm_fba *fba, int fd, u64 blocks)
{
	memset(fba, 0, sizeof(*fba));
	fba->fd = fd;
	fba->blocks = blocks;
}

static enum vmm_cmd end(struct vmm_program *program, u8 dstat)
{
	program->dstat = dstat;
	return VMM_CMD_ENDED;
}

static enum vmm_cmd check(struct vmm_program *program, u8 sense0, u8 sense1)
{
	struct vmm_fba *fba = program->sch->device_data;

	memset(fba->sense, 0, sizeof(fba->sense));
	fba->sense[0] = sense0;
	fba->sense[1] = sense1;
	/*
	 * A rejected command that has moved no data has not begun, so it has
	 * nothing to end.
	 */
	if (!program->moved && sense0 == SENSE_COMMAND_REJECT)
		return end(program, DST_UNIT_CHECK);
	return end(program, DST_ENDED | DST_UNIT_CHECK);
}

static enum vmm_cmd reject(struct vmm_program *program)
{
	return check(program, SENSE_COMMAND_REJECT, 0);
}

/* READ IPL may only be the first command, or follow READ IPL. */
static bool ipl_in_sequence(const struct vmm_program *program)
{
	const struct vmm_fba *fba = program->sch->device_data;

	return fba->located == FBA_READ_IPL || !program->chained;
}

static void fba_start(struct vmm_sch *sch)
{
	struct vmm_fba *fba = sch->device_data;

	fba->extent_given = false;
	fba->located = 0;
}

static enum vmm_cmd fba_sense(struct vmm_program *program)
{
	struct vmm_fba *fba = program->sch->device_data;

	vmm_data_in(program, fba->sense, FBA_SENSE_SIZE);
	memset(fba->sense, 0, sizeof(fba->sense));
	return end(program, DST_ENDED);
}

static enum vmm_cmd fba_sense_id(struct vmm_program *program)
{
	static const u8 id[7] = { 0xff, 0x63, 0x10, 0x80, 0x93, 0x36, 0x10 };

	vmm_data_in(program, id, sizeof(id));
	return end(program, DST_ENDED);
}

static enum vmm_cmd fba_read_chars(struct vmm_program *program)
{
	struct vmm_fba *fba = program->sch->device_data;
	struct fba_chars chars = {
		.operation = 0x30,	/* burst mode, data chaining */
		.features = 0x08,
		.class = 0x21,
		.unit_type = 0x11,
		.block_size = FBA_BLOCK,
		.blocks_cyl_group = 111,
		.blocks_access = 777,
		.blocks_movable = fba->blocks,
	};

	vmm_data_in(program, &chars, sizeof(chars));
	return end(program, DST_ENDED);
}

static enum vmm_cmd fba_define_extent(struct vmm_program *program)
{
	struct vmm_fba *fba = program->sch->device_data;
	struct fba_extent extent;
	u64 blocks;

	if (fba->extent_given ||
	    vmm_data_out(program, &extent, sizeof(extent)) != sizeof(extent))
		return reject(program);
	if (extent.block_size && extent.block_size != FBA_BLOCK)
		return reject(program);
	if (extent.last < extent.first)
		return reject(program);
	blocks = (u64)extent.last - extent.first + 1;
	if (extent.offset + blocks > fba->blocks)
		return reject(program);
	fba->extent = extent;
	fba->extent_given = true;
	return end(program, DST_ENDED);
}

static enum vmm_cmd fba_locate(struct vmm_program *program)
{
	struct vmm_fba *fba = program->sch->device_data;
	struct fba_locate locate;
	bool write;

	if (!fba->extent_given)
		return reject(program);
	if (vmm_data_out(program, &locate, sizeof(locate)) != sizeof(locate))
		return reject(program);
	switch (locate.operation) {
	case FBA_OP_READ:
		write = false;
		break;
	case FBA_OP_WRITE:
	case FBA_OP_WRITE_VERIFY:
		write = true;
		break;
	default:
		return reject(program);
	}
	if (!locate.blocks)
		return reject(program);
	if (locate.first < fba->extent.first ||
	    (u64)locate.first + locate.blocks - 1 > fba->extent.last ||
	    (write && (fba->readonly ||
		       (fba->extent.mask & FBA_MASK_ALL) == FBA_MASK_NO_WRITE)))
		return check(program, SENSE_COMMAND_REJECT,
			     FBA_SENSE1_FILE_PROTECTED);
	fba->located = write ? FBA_WRITE : FBA_READ;
	fba->blocks_left = locate.blocks;
	fba->block = locate.first - fba->extent.first + fba->extent.offset;
	return end(program, DST_ENDED);
}

/* Read or write the file.  Return: whether all of it worked. */
static bool transfer(struct vmm_fba *fba, void *buf, u32 len, bool write)
{
	off_t at = (off_t)fba->block * FBA_BLOCK;

	if (write)
		return pwrite(fba->fd, buf, len, at) == (ssize_t)len;
	return pread(fba->fd, buf, len, at) == (ssize_t)len;
}

/* Get the program's data; zeros take the place of what is missing. */
static void gather(struct vmm_program *program, u8 *buffer, u32 len)
{
	u32 moved = vmm_data_out(program, buffer, len);

	memset(buffer + moved, 0, len - moved);
}

static enum vmm_cmd fba_data(struct vmm_program *program, bool write)
{
	struct vmm_fba *fba = program->sch->device_data;
	u8 buffer[BUFFER_BLOCKS * FBA_BLOCK];
	void *direct;
	u32 len;

	while (fba->blocks_left && !program->cstat) {
		len = fba->blocks_left * FBA_BLOCK;
		if (len > sizeof(buffer))
			len = sizeof(buffer);
		direct = vmm_data_direct(program, len);
		if (write && !direct)
			gather(program, buffer, len);
		if (write && program->cstat)
			break;
		if (!transfer(fba, direct ? direct : buffer, len, write))
			return check(program, SENSE_EQUIPMENT_CHECK, SENSE1_PERMANENT);
		if (!write && !direct)
			vmm_data_in(program, buffer, len);
		if (!write && program->excess)
			break;
		fba->block += len / FBA_BLOCK;
		fba->blocks_left -= len / FBA_BLOCK;
	}
	if (write && fdatasync(fba->fd))
		return check(program, SENSE_EQUIPMENT_CHECK, SENSE1_PERMANENT);
	return end(program, DST_ENDED);
}

/* Read block 0.  LOCATE may then be used for all blocks. */
static enum vmm_cmd fba_read_ipl(struct vmm_program *program)
{
	struct vmm_fba *fba = program->sch->device_data;
	u8 block[FBA_BLOCK];

	fba->block = 0;
	if (!transfer(fba, block, sizeof(block), false))
		return check(program, SENSE_EQUIPMENT_CHECK, SENSE1_PERMANENT);
	vmm_data_in(program, block, sizeof(block));
	fba->extent = (struct fba_extent){ .last = fba->blocks - 1 };
	fba->extent_given = true;
	fba->located = FBA_READ_IPL;
	return end(program, DST_ENDED);
}

static enum vmm_cmd fba_read_log(struct vmm_program *program)
{
	static const u8 log[FBA_SENSE_SIZE];

	vmm_data_in(program, log, sizeof(log));
	return end(program, DST_ENDED);
}

static enum vmm_cmd fba_command(struct vmm_program *program)
{
	struct vmm_fba *fba = program->sch->device_data;
	u8 located = fba->located;

	if (program->command == FBA_READ_IPL) {
		if (!ipl_in_sequence(program))
			return reject(program);
		if (!program->on_worker && !fba->on_vcpu)
			return VMM_CMD_DEFER;
		fba->located = 0;
		return fba_read_ipl(program);
	}

	/* READ and WRITE are only valid directly behind a LOCATE for them. */
	if (program->command == FBA_READ || program->command == FBA_WRITE) {
		if (program->command != located)
			return reject(program);
		if (!program->on_worker && !fba->on_vcpu)
			return VMM_CMD_DEFER;
	}
	fba->located = 0;
	switch (program->command) {
	case FBA_NOP:
		return end(program, DST_ENDED);
	case FBA_UNCOND_RESERVE:
		if (program->chained)
			return reject(program);
		return fba_sense(program);
	case FBA_RESERVE:
	case FBA_RELEASE:
		if (fba->extent_given)
			return reject(program);
		return fba_sense(program);
	case FBA_SENSE:
		return fba_sense(program);
	case FBA_READ_LOG:
		return fba_read_log(program);
	case FBA_SENSE_ID:
		return fba_sense_id(program);
	case FBA_READ_CHARS:
		return fba_read_chars(program);
	case FBA_DEFINE_EXTENT:
		return fba_define_extent(program);
	case FBA_LOCATE:
		return fba_locate(program);
	case FBA_READ:
		return fba_data(program, false);
	case FBA_WRITE:
		return fba_data(program, true);
	default:
		return reject(program);
	}
}

const struct vmm_device vmm_fba_device = {
	.start = fba_start,
	.command = fba_command,
};
