// SPDX-License-Identifier: GPL-2.0
/*
 * Fixed-block DASD on a regular file or block device: a 3370 at a 3880, or a
 * 9336 at a 6310, which z/VM shows to its guests.  Documentation/devices.rst
 * lists the commands, the sense bytes, and where each fact comes from.
 *
 * A channel program has one DEFINE EXTENT, and after it any number of LOCATEs,
 * each directly followed by a READ or WRITE.  The parameters of DEFINE EXTENT
 * and LOCATE are valid until the channel program ends.
 *
 * A vCPU executes a READ that the page cache of the host has all the blocks for.
 * All other READs and each WRITE are executed by workers.  blocks.c moves their
 * data.  While the host reads or writes, such a command may be pending
 * (Documentation/pending-commands.rst).  There is no cu_ops.stop, because file I/O
 * can't be cancelled.
 */
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/backing.h>
#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>

#include "blocks.h"
#include "devices.h"

#define FBA_CMD_READ_IPL		0x02
#define FBA_CMD_UNCONDITIONAL_RESERVE	0x14
#define FBA_CMD_WRITE			0x41
#define FBA_CMD_READ			0x42
#define FBA_CMD_LOCATE			0x43
#define FBA_CMD_DEFINE_EXTENT		0x63
#define FBA_CMD_READ_CHARACTERISTICS	0x64
#define FBA_CMD_DEVICE_RELEASE		0x94
#define FBA_CMD_READ_BUFFERED_LOG	0xa4	/* and reset it */
#define FBA_CMD_DEVICE_RESERVE		0xb4

/* READ DEVICE CHARACTERISTICS has 32 bits for the number of blocks. */
#define FBA_BLOCKS_MAX		U32_MAX

/* 3370 and 9336 have 24 sense bytes, not 32. */
#define FBA_SENSE_SIZE		24
#define FBA_LOG_SIZE		24
#define FBA_SENSE1_PERMANENT_ERROR	0x80
#define FBA_SENSE1_INVALID_BLOCK_SIZE	0x40
#define FBA_SENSE1_FILE_PROTECTED	0x04
/* Sense byte 7 of a command reject: format 0, and the reason */
#define FBA_INVALID_COMMAND		0x01
#define FBA_INVALID_SEQUENCE		0x02
#define FBA_COUNT_TOO_SMALL		0x03
#define FBA_INVALID_PARAMETER		0x04

struct fba_define_extent {
	u8     mask;
	u8     zero;
	__be16 block_size;
	__be32 location;	/* of the extent's first block, on the device */
	__be32 first;		/* the number of that block for LOCATE */
	__be32 last;		/* the number of the extent's last block */
} __packed;
static_assert(sizeof(struct fba_define_extent) == 16);

#define FBA_MASK_CONTROL	0xc0
#define FBA_MASK_NO_FORMAT	0x00	/* all but formatting is permitted */
#define FBA_MASK_NO_WRITE	0x40
#define FBA_MASK_UPDATE		0x80	/* update writes are permitted */
#define FBA_MASK_CE		0x08	/* extent is in the CE area */
#define FBA_MASK_ZEROS		0x33

struct fba_locate {
	u8     operation;
	u8     replication;
	__be16 count;
	__be32 first;
} __packed;
static_assert(sizeof(struct fba_locate) == 8);

/* Bit 3 is accepted and means nothing. */
#define FBA_OPERATION_ZEROS		0xe0
#define FBA_OPERATION			0x0f
#define FBA_OPERATION_WRITE		0x01
#define FBA_OPERATION_READ_REPLICATED	0x02
#define FBA_OPERATION_WRITE_VERIFY	0x05
#define FBA_OPERATION_READ		0x06

struct fba_characteristics {
	u8     mode;
	u8     features;
	u8     class;
	u8     type;
	__be16 block_size;
	__be32 blocks_per_cycle;	/* cyclical group */
	__be32 blocks_per_position;	/* access position */
	__be32 blocks;			/* under movable heads */
	__be32 blocks_fixed;		/* under fixed heads */
	__be16 blocks_alternate;
	__be16 blocks_ce;
	u8     reserved[6];
} __packed;
static_assert(sizeof(struct fba_characteristics) == 32);

/* Burst mode, and data chaining is permitted, as Linux needs it */
#define FBA_MODE		0x30
#define FBA_FEATURES		0x08	/* movable access mechanism */
#define FBA_CLASS		0x21	/* DASD, fixed block */

/* What differs between the models */
struct fba_model {
	struct cu_id id;
	u8  type;
	u16 blocks_per_cycle;
	u16 blocks_per_position;
};

static const struct fba_model fba_models[] = {
	[KVM_CSS_FBA_MODEL_9336] = {
		.id = { 0x6310, 0x80, 0x9336, 0x10 },
		.type = 0x11,
		.blocks_per_cycle = 111,
		.blocks_per_position = 777,
	},
	[KVM_CSS_FBA_MODEL_3370] = {
		.id = { 0x3880, 0x01, 0x3370, 0x00 },
		.type = 0x02,
		.blocks_per_cycle = 62,
		.blocks_per_position = 744,
	},
};

/*
 * The parameters of DEFINE EXTENT, or those that READ IPL implies.  The other
 * members are valid when @defined is true.
 */
struct fba_extent {
	bool defined;
	u8   mask;
	u32  location;
	u32  first;
	u32  last;
};

/*
 * The parameters of LOCATE, valid for the next command only.  After READ IPL,
 * @cmd permits another READ IPL, and there are no located blocks.
 */
struct fba_domain {
	u8  cmd;	/* the command that may follow; 0 for none */
	u16 count;
	u32 block;
};

/* @transfer: how far the READ or WRITE has got that is being executed */
struct fba_device {
	struct css_device dev;
	struct cu_writes writes;
	struct cu_pending pending;
	const struct fba_model *model;
	struct css_backing backing;
	u32 blocks;
	bool readonly;
	struct fba_extent extent;
	struct fba_domain domain;
	struct blocks_transfer transfer;
};

/* "Memory" in Documentation/architecture.rst states this size. */
#if !IS_ENABLED(CONFIG_LOCKDEP) && !IS_ENABLED(CONFIG_DEBUG_OBJECTS) && \
	!IS_ENABLED(CONFIG_DEBUG_SPINLOCK)
static_assert(sizeof(struct fba_device) <= 256);
#endif

static struct fba_device *to_fba(struct css_device *dev)
{
	return container_of(dev, struct fba_device, dev);
}

/* Where the located blocks are in the backing, and how long they are, in bytes */
static loff_t fba_position(const struct fba_domain *domain)
{
	return (loff_t)domain->block << DISK_BLOCK_SHIFT;
}

static u32 fba_length(const struct fba_domain *domain)
{
	return (u32)domain->count << DISK_BLOCK_SHIFT;
}

/* Unit checks */

/* Refuse the command before it has taken any data. */
static cu_status_t fba_reject(struct fba_device *fba, u8 why)
{
	cu_status_t status = cu_reject(&fba->dev, SENSE0_COMMAND_REJECT);

	fba->dev.sense[7] = why;
	return status;
}

/* Refuse the command because its parameters are wrong. */
static cu_status_t fba_reject_data(struct fba_device *fba, u8 sense1, u8 why)
{
	cu_status_t status;

	status = cu_unit_check(&fba->dev, SENSE0_COMMAND_REJECT, sense1);
	fba->dev.sense[7] = why;
	return status;
}

/*
 * The program has given fewer parameters than needed.  If it was halted, that
 * is no error of the program.
 */
static cu_status_t fba_too_short(struct fba_device *fba,
				 const struct chanprog *cp)
{
	if (chanprog_halted(cp))
		return CU_ENDED;
	return fba_reject_data(fba, 0, FBA_COUNT_TOO_SMALL);
}

/*
 * The host could not read or write, or has no memory.  Whatever the reason, the
 * guest is told that the device has a permanent error there.  The guest decides
 * whether it tries again.
 */
static cu_status_t fba_host_error(struct fba_device *fba)
{
	return cu_unit_check(&fba->dev, SENSE0_EQUIPMENT_CHECK,
			     FBA_SENSE1_PERMANENT_ERROR);
}

/* Checks of extents and located blocks, from commands and from a saved state */

/*
 * All values of FBA_MASK_CONTROL are valid.  Only FBA_MASK_NO_WRITE makes a
 * difference: the others differ in formatting, and this device formats nothing.
 */
static bool fba_mask_valid(u8 mask)
{
	return !(mask & (FBA_MASK_ZEROS | FBA_MASK_CE));
}

/* Is all of the extent on the device? */
static bool fba_extent_valid(const struct fba_device *fba,
			     const struct fba_extent *extent)
{
	u32 last;

	return extent->last >= extent->first &&
	       !check_add_overflow(extent->location,
				   extent->last - extent->first, &last) &&
	       last < fba->blocks;
}

static bool fba_write_inhibited(const struct fba_device *fba, u8 mask)
{
	return fba->readonly ||
	       (mask & FBA_MASK_CONTROL) == FBA_MASK_NO_WRITE;
}

/* The parameters of the DEFINE EXTENT that READ IPL stands for */
static struct fba_extent fba_ipl_extent(const struct fba_device *fba)
{
	return (struct fba_extent){
		.defined = true,
		.mask = FBA_MASK_NO_FORMAT,
		.last = fba->blocks - 1,
	};
}

/* Commands */

static cu_status_t fba_define_extent(struct fba_device *fba,
				     struct chanprog *cp)
{
	struct fba_extent *extent = &fba->extent;
	struct fba_define_extent data;

	if (extent->defined)
		return fba_reject(fba, FBA_INVALID_SEQUENCE);
	if (chanprog_from_guest(cp, &data, sizeof(data)) < sizeof(data))
		return fba_too_short(fba, cp);
	if (!fba_mask_valid(data.mask) || data.zero)
		return fba_reject_data(fba, 0, FBA_INVALID_PARAMETER);
	/* Linux and z/VM give the block size here; a 3370 wants zeros. */
	if (data.block_size && be16_to_cpu(data.block_size) != DISK_BLOCK_SIZE)
		return fba_reject_data(fba, FBA_SENSE1_INVALID_BLOCK_SIZE,
				       FBA_INVALID_PARAMETER);
	extent->mask = data.mask;
	extent->location = be32_to_cpu(data.location);
	extent->first = be32_to_cpu(data.first);
	extent->last = be32_to_cpu(data.last);
	if (!fba_extent_valid(fba, extent))
		return fba_reject_data(fba, 0, FBA_INVALID_PARAMETER);
	extent->defined = true;
	return CU_ENDED;
}

/* Return: the command that may follow this LOCATE, or 0 if it is invalid. */
static u8 fba_located_command(const struct fba_locate *data)
{
	u16 count = be16_to_cpu(data->count);

	switch (data->operation & FBA_OPERATION) {
	case FBA_OPERATION_WRITE:
	case FBA_OPERATION_WRITE_VERIFY:
		return FBA_CMD_WRITE;
	case FBA_OPERATION_READ:
		return FBA_CMD_READ;
	case FBA_OPERATION_READ_REPLICATED:
		/* All copies are the same here, so the first one is read. */
		if (!count || !data->replication || data->replication % count)
			return 0;
		return FBA_CMD_READ;
	default:
		/*
		 * Formatting defective blocks is invalid, too: there are none.
		 */
		return 0;
	}
}

static cu_status_t fba_locate(struct fba_device *fba, struct chanprog *cp)
{
	const struct fba_extent *extent = &fba->extent;
	struct fba_locate data;
	u32 first, last;
	u16 count;
	u8 cmd;

	if (!extent->defined)
		return fba_reject(fba, FBA_INVALID_SEQUENCE);
	if (chanprog_from_guest(cp, &data, sizeof(data)) < sizeof(data))
		return fba_too_short(fba, cp);
	cmd = fba_located_command(&data);
	count = be16_to_cpu(data.count);
	first = be32_to_cpu(data.first);
	if (data.operation & FBA_OPERATION_ZEROS || !cmd || !count)
		return fba_reject_data(fba, 0, FBA_INVALID_PARAMETER);
	if (cmd == FBA_CMD_WRITE && fba_write_inhibited(fba, extent->mask))
		return fba_reject_data(fba, FBA_SENSE1_FILE_PROTECTED,
				       FBA_INVALID_PARAMETER);
	if (first < extent->first ||
	    check_add_overflow(first, (u32)count - 1, &last) ||
	    last > extent->last)
		return fba_reject_data(fba, FBA_SENSE1_FILE_PROTECTED,
				       FBA_INVALID_PARAMETER);
	fba->domain.cmd = cmd;
	fba->domain.count = count;
	/* The block is in the extent, which is on the device: no overflow. */
	fba->domain.block = extent->location + (first - extent->first);
	return CU_ENDED;
}

/* How a command ends that has accessed the backing, or that it ends later */
static cu_status_t fba_accessed(struct fba_device *fba,
				enum backing_result result)
{
	if (result == BACKING_LATER)
		return CU_PENDING;
	return result == BACKING_DONE ? CU_ENDED : fba_host_error(fba);
}

static cu_status_t fba_read(struct fba_device *fba, struct chanprog *cp,
			    const struct fba_domain *domain)
{
	return fba_accessed(fba, blocks_read(&fba->transfer, &fba->backing, cp,
					     fba_position(domain),
					     fba_length(domain)));
}

/* Return: CU_MUST_WAIT if a worker has to read the blocks. */
static cu_status_t fba_read_now(struct fba_device *fba, struct chanprog *cp)
{
	const struct fba_domain domain = fba->domain;

	if (!blocks_read_now(&fba->backing, cp, fba_position(&domain),
			     fba_length(&domain)))
		return CU_MUST_WAIT;
	fba->domain = (struct fba_domain){};
	memset(fba->dev.sense, 0, sizeof(fba->dev.sense));
	return CU_ENDED;
}

static cu_status_t fba_wrote(struct fba_device *fba,
			     enum backing_result result)
{
	/* A write that has not ended may be dropped, and still be done. */
	if (fba->backing.writeback)
		cu_written(&fba->writes);
	return fba_accessed(fba, result);
}

static cu_status_t fba_write(struct fba_device *fba, struct chanprog *cp,
			     const struct fba_domain *domain)
{
	enum backing_result result;

	result = blocks_write(&fba->transfer, &fba->backing, cp,
			      fba_position(domain), fba_length(domain));
	return fba_wrote(fba, result);
}

/*
 * Block 0 has been read, which holds a channel program.  The guest continues with
 * this program, and the program may use LOCATE without a DEFINE EXTENT.
 */
static cu_status_t fba_ipl_read(struct fba_device *fba, cu_status_t status)
{
	if (status != CU_ENDED)
		return status;
	fba->extent = fba_ipl_extent(fba);
	fba->domain = (struct fba_domain){ .cmd = FBA_CMD_READ_IPL };
	return CU_ENDED;
}

static cu_status_t fba_read_ipl(struct fba_device *fba, struct chanprog *cp)
{
	const struct fba_domain first = { .count = 1 };

	return fba_ipl_read(fba, fba_read(fba, cp, &first));
}

static cu_status_t fba_give_characteristics(const struct fba_device *fba,
					    struct chanprog *cp)
{
	const struct fba_model *model = fba->model;
	const struct fba_characteristics data = {
		.mode = FBA_MODE,
		.features = FBA_FEATURES,
		.class = FBA_CLASS,
		.type = model->type,
		.block_size = cpu_to_be16(DISK_BLOCK_SIZE),
		.blocks_per_cycle = cpu_to_be32(model->blocks_per_cycle),
		.blocks_per_position = cpu_to_be32(model->blocks_per_position),
		.blocks = cpu_to_be32(fba->blocks),
	};

	chanprog_to_guest(cp, &data, sizeof(data));
	return CU_ENDED;
}

static cu_status_t fba_give_sense(struct fba_device *fba, struct chanprog *cp)
{
	u8 sense[CU_SENSE_SIZE];

	cu_take_sense(&fba->dev, sense);
	chanprog_to_guest(cp, sense, FBA_SENSE_SIZE);
	return CU_ENDED;
}

/* The log is zeros, because the device counts nothing. */
static cu_status_t fba_give_log(struct chanprog *cp)
{
	static const u8 log[FBA_LOG_SIZE];

	chanprog_to_guest(cp, log, sizeof(log));
	return CU_ENDED;
}

/* May the command follow those that the program has executed so far? */
static bool fba_in_sequence(const struct fba_device *fba,
			    const struct chanprog *cp, u8 cmd)
{
	switch (cmd) {
	case FBA_CMD_READ:
	case FBA_CMD_WRITE:
		/* Only directly after LOCATE */
		return cmd == fba->domain.cmd;
	case FBA_CMD_READ_IPL:
		return cmd == fba->domain.cmd || chanprog_untouched(cp);
	case FBA_CMD_DEVICE_RESERVE:
	case FBA_CMD_DEVICE_RELEASE:
		return !fba->extent.defined;
	case FBA_CMD_UNCONDITIONAL_RESERVE:
		return chanprog_untouched(cp);
	default:
		return true;
	}
}

static bool fba_accesses_backing(u8 cmd)
{
	return cmd == FBA_CMD_READ || cmd == FBA_CMD_WRITE ||
	       cmd == FBA_CMD_READ_IPL;
}

/*
 * Commands that reserve or release a device give sense bytes, too.  Here they
 * do nothing else, because nobody but the guest can use the device.
 */
static bool fba_gives_sense(u8 cmd)
{
	return cmd == CU_CMD_SENSE || cmd == FBA_CMD_DEVICE_RESERVE ||
	       cmd == FBA_CMD_DEVICE_RELEASE ||
	       cmd == FBA_CMD_UNCONDITIONAL_RESERVE;
}

static cu_status_t fba_command(struct css_device *dev, struct chanprog *cp,
			       u8 cmd)
{
	struct fba_device *fba = to_fba(dev);
	struct fba_domain domain = fba->domain;

	if (!fba_in_sequence(fba, cp, cmd))
		return fba_reject(fba, FBA_INVALID_SEQUENCE);
	if (fba_accesses_backing(cmd) && !chanprog_may_wait(cp))
		return cmd == FBA_CMD_READ ? fba_read_now(fba, cp) :
					     CU_MUST_WAIT;
	fba->domain = (struct fba_domain){};
	if (fba_gives_sense(cmd))
		return fba_give_sense(fba, cp);
	if (cmd != CU_CMD_NOOP)
		memset(dev->sense, 0, sizeof(dev->sense));

	switch (cmd) {
	case FBA_CMD_READ_IPL:
		return fba_read_ipl(fba, cp);
	case FBA_CMD_DEFINE_EXTENT:
		return fba_define_extent(fba, cp);
	case FBA_CMD_LOCATE:
		return fba_locate(fba, cp);
	case FBA_CMD_READ:
		return fba_read(fba, cp, &domain);
	case FBA_CMD_WRITE:
		return fba_write(fba, cp, &domain);
	case FBA_CMD_READ_CHARACTERISTICS:
		return fba_give_characteristics(fba, cp);
	case FBA_CMD_READ_BUFFERED_LOG:
		return fba_give_log(cp);
	case CU_CMD_NOOP:
	case CU_CMD_SENSE_ID:
		return cu_common_command(dev, cp, cmd);
	default:
		return fba_reject(fba, FBA_INVALID_COMMAND);
	}
}

/* The backing has ended an access that was to end later. */
static void fba_backing_ended(struct css_backing *backing)
{
	cu_completed(&container_of(backing, struct fba_device, backing)->dev);
}

static cu_status_t fba_complete(struct css_device *dev, struct chanprog *cp,
				u8 cmd)
{
	struct fba_device *fba = to_fba(dev);
	struct css_backing *backing = &fba->backing;
	struct blocks_transfer *transfer = &fba->transfer;
	cu_status_t status;

	if (cmd == FBA_CMD_WRITE)
		return fba_wrote(fba, blocks_write_on(transfer, backing, cp));
	status = fba_accessed(fba, blocks_read_on(transfer, backing, cp));
	return cmd == FBA_CMD_READ_IPL ? fba_ipl_read(fba, status) : status;
}

/* A channel program begins, or the device is reset. */
static void fba_start(struct css_device *dev)
{
	struct fba_device *fba = to_fba(dev);

	fba->extent = (struct fba_extent){};
	fba->domain = (struct fba_domain){};
}

/* The guest may have cleared the program that would have told it of a loss. */
static void fba_reset(struct css_device *dev)
{
	fba_start(dev);
	backing_tell_again(&to_fba(dev)->backing);
}

static void fba_save(const struct css_device *dev,
		     union kvm_css_device_state *state)
{
	const struct fba_device *fba = container_of(dev, struct fba_device,
						    dev);
	const struct fba_extent *extent = &fba->extent;
	const struct fba_domain *domain = &fba->domain;
	struct kvm_css_fba_state *to = &state->fba;

	if (!extent->defined)
		return;
	to->defined = 1;
	to->mask = extent->mask;
	to->location = extent->location;
	to->first = extent->first;
	to->last = extent->last;
	if (!domain->cmd)
		return;
	to->command = domain->cmd;
	to->block = domain->block;
	to->count = domain->count;
}

/* Are the located blocks in the extent, and may their command follow? */
static bool fba_domain_valid(const struct fba_device *fba,
			     const struct fba_extent *extent,
			     const struct fba_domain *domain)
{
	u32 size = extent->last - extent->first, last;

	switch (domain->cmd) {
	case FBA_CMD_READ_IPL:
		if (extent->mask != FBA_MASK_NO_FORMAT || extent->first ||
		    size != fba->blocks - 1)
			return false;
		fallthrough;
	case 0:
		return !domain->count && !domain->block;
	case FBA_CMD_WRITE:
		if (fba_write_inhibited(fba, extent->mask))
			return false;
		break;
	case FBA_CMD_READ:
		break;
	default:
		return false;
	}
	return domain->count && domain->block >= extent->location &&
	       !check_add_overflow(domain->block, (u32)domain->count - 1,
				   &last) &&
	       last <= extent->location + size;
}

static bool fba_restore(struct css_device *dev,
			const union kvm_css_device_state *state)
{
	const u8 *rest = state->bytes + sizeof(state->fba);
	const struct kvm_css_fba_state *from = &state->fba;
	struct fba_device *fba = to_fba(dev);
	const struct fba_extent extent = {
		.defined = from->defined,
		.mask = from->mask,
		.location = from->location,
		.first = from->first,
		.last = from->last,
	};
	const struct fba_domain domain = {
		.cmd = from->command,
		.count = from->count,
		.block = from->block,
	};

	if (memchr_inv(rest, 0, sizeof(*state) - sizeof(state->fba)) ||
	    from->reserved || from->reserved2)
		return false;
	if (!from->defined) {
		if (memchr_inv(from, 0, sizeof(*from)))
			return false;
	} else if (from->defined != 1 || !fba_mask_valid(from->mask) ||
		   !fba_extent_valid(fba, &extent) ||
		   !fba_domain_valid(fba, &extent, &domain)) {
		return false;
	}
	fba->extent = extent;
	fba->domain = domain;
	return true;
}

static struct cu_writes *fba_writes(struct css_device *dev)
{
	return &to_fba(dev)->writes;
}

static int fba_sync(struct css_device *dev)
{
	return backing_sync_all(&to_fba(dev)->backing);
}

/* Making and describing a device */

#define FBA_FLAGS	(KVM_CSS_FBA_READONLY | KVM_CSS_FBA_DISCARD | \
			 KVM_CSS_FBA_WRITEBACK | KVM_CSS_FBA_DIRECT)

static u32 fba_flags(const struct fba_device *fba)
{
	const struct css_backing *backing = &fba->backing;

	return (fba->readonly ? KVM_CSS_FBA_READONLY : 0) |
	       (backing->discard ? KVM_CSS_FBA_DISCARD : 0) |
	       (backing->writeback ? KVM_CSS_FBA_WRITEBACK : 0) |
	       (backing->ki_flags ? KVM_CSS_FBA_DIRECT : 0);
}

static int fba_describe(const struct css_device *dev,
			struct kvm_css_device *device)
{
	const struct fba_device *fba = container_of(dev, struct fba_device,
						    dev);

	device->fba = (struct kvm_css_fba){
		.size = sizeof(device->fba),
		.flags = fba_flags(fba),
		.backing_fd = -1,
		.model = fba->model - fba_models,
		.blocks = fba->blocks,
	};
	return backing_path(&fba->backing, device->backing,
			    sizeof(device->backing));
}

static void fba_release(struct css_device *dev)
{
	struct fba_device *fba = to_fba(dev);

	backing_destroy(&fba->backing);
	kfree(fba);
}

static const struct cu_ops fba_ops = {
	.name = "fba",
	.type = KVM_CSS_TYPE_FBA,
	.start = fba_start,
	.reset = fba_reset,
	.command = fba_command,
	.complete = fba_complete,
	.save = fba_save,
	.restore = fba_restore,
	.writes = fba_writes,
	.sync = fba_sync,
	.describe = fba_describe,
	.release = fba_release,
};

/*
 * Return: the number of blocks; 0 when the backing holds fewer, or none, or
 * when they are more than a device may have.
 */
static u32 fba_capacity(const struct file *backing, u64 blocks)
{
	u64 holds = backing_size(backing) >> DISK_BLOCK_SHIFT;

	if (!blocks)
		blocks = holds;
	if (blocks > holds || blocks > FBA_BLOCKS_MAX)
		return 0;
	return blocks;
}

struct css_device *fba_device_create(struct file *backing, u64 blocks,
				     u32 model, u32 flags)
{
	bool readonly = flags & KVM_CSS_FBA_READONLY;
	struct fba_device *fba;
	int err;

	if (model >= ARRAY_SIZE(fba_models))
		return ERR_PTR(-EINVAL);
	fba = kzalloc(sizeof(*fba), GFP_KERNEL_ACCOUNT);
	if (!fba)
		return ERR_PTR(-ENOMEM);
	err = backing_init(&fba->backing, backing, readonly, DISK_BLOCK_SIZE);
	if (err)
		goto free;
	fba->dev.ops = &fba_ops;
	fba->dev.pending = &fba->pending;
	fba->backing.ended = fba_backing_ended;
	fba->dev.id = fba_models[model].id;
	fba->model = &fba_models[model];
	fba->readonly = readonly;
	fba->backing.discard = flags & KVM_CSS_FBA_DISCARD;
	fba->backing.writeback = flags & KVM_CSS_FBA_WRITEBACK;
	fba->blocks = fba_capacity(backing, blocks);
	/* With KVM_CSS_FBA_DIRECT, the caller says that the file has O_DIRECT. */
	if (fba->blocks &&
	    (fba->backing.ki_flags || !(flags & KVM_CSS_FBA_DIRECT)))
		return &fba->dev;
	err = -EINVAL;
	backing_destroy(&fba->backing);
free:
	kfree(fba);
	return ERR_PTR(err);
}

struct css_device *fba_device_add(const void *argument)
{
	const struct kvm_css_fba *arg = argument;
	struct css_device *dev;
	struct file *backing;

	if (arg->flags & ~FBA_FLAGS || arg->model >= ARRAY_SIZE(fba_models))
		return ERR_PTR(-EINVAL);
	backing = fget(arg->backing_fd);
	if (!backing)
		return ERR_PTR(-EBADF);
	dev = fba_device_create(backing, arg->blocks, arg->model, arg->flags);
	fput(backing);
	return dev;
}
