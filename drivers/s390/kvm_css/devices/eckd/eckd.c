// SPDX-License-Identifier: GPL-2.0
/*
 * A 3390 at a 3990 model 6, on the CKD image that Hercules has.
 * Documentation/eckd.rst lists the commands, the sense bytes, the format of the image,
 * and where each fact comes from.
 *
 * This file has the order of commands, and what the channel subsystem calls.
 */
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include "../devices.h"
#include "eckd.h"

#define ECKD_CU_TYPE	0x3990
#define ECKD_CU_MODEL	0xe9
#define ECKD_DEV_TYPE	0x3390

/* "Memory" in Documentation/architecture.rst states this size. */
#if !IS_ENABLED(CONFIG_LOCKDEP) && !IS_ENABLED(CONFIG_DEBUG_OBJECTS) && \
	!IS_ENABLED(CONFIG_DEBUG_SPINLOCK)
static_assert(sizeof(struct eckd_device) <= 384);
#endif

/* The order of commands */

static bool is_read(u8 cmd)
{
	switch (cmd & ~ECKD_MULTITRACK) {
	case ECKD_CMD_READ_DATA:
	case ECKD_CMD_READ_KEY_DATA:
	case ECKD_CMD_READ_COUNT:
	case ECKD_CMD_READ_ZERO:
	case ECKD_CMD_READ_HOME:
	case ECKD_CMD_READ_COUNT_ALL:
		return true;
	default:
		return false;
	}
}

/* Return: the search without ECKD_MULTITRACK; 0 for another command. */
static u8 search_of(u8 cmd)
{
	switch (cmd & ~ECKD_MULTITRACK) {
	case ECKD_CMD_SEARCH_ID_EQUAL:
	case ECKD_CMD_SEARCH_ID_HIGH:
	case ECKD_CMD_SEARCH_ID_EQUAL_HIGH:
	case ECKD_CMD_SEARCH_KEY_EQUAL:
	case ECKD_CMD_SEARCH_KEY_HIGH:
	case ECKD_CMD_SEARCH_KEY_EQUAL_HIGH:
	case ECKD_CMD_SEARCH_HOME_EQUAL:
		return cmd & ~ECKD_MULTITRACK;
	default:
		return 0;
	}
}

/* May a write stand behind what the command before it has found or written? */
static bool write_in_sequence(u16 flags, u8 cmd)
{
	switch (cmd) {
	case ECKD_CMD_WRITE_DATA:
	case ECKD_CMD_WRITE_DATA | ECKD_MULTITRACK:
		return flags & (ECKD_ID_FOUND | ECKD_KEY_FOUND);
	case ECKD_CMD_WRITE_KEY_DATA:
	case ECKD_CMD_WRITE_KEY_DATA | ECKD_MULTITRACK:
		return flags & ECKD_ID_FOUND;
	case ECKD_CMD_WRITE_HOME:
		return flags & ECKD_SOUGHT;
	case ECKD_CMD_WRITE_ZERO:
		return flags & ECKD_HOME_FOUND;
	case ECKD_CMD_WRITE_COUNT:
	case ECKD_CMD_ERASE:
		return flags & (ECKD_ID_FOUND | ECKD_KEY_FOUND |
				ECKD_RECORD_WRITTEN | ECKD_ZERO_WRITTEN);
	default:
		/* Only LOCATE RECORD announces the others. */
		return false;
	}
}

/* May the command follow those that the program has executed, outside a domain? */
static bool follows(u16 flags, u8 cmd, bool first)
{
	const u16 extent = ECKD_EXTENT_DEFINED | ECKD_MASK_SET | ECKD_IPL_READ;

	if (is_read(cmd) || search_of(cmd))
		return flags & ECKD_SOUGHT;
	if (eckd_writes(cmd))
		return write_in_sequence(flags, cmd);
	switch (cmd) {
	case ECKD_CMD_DEFINE_EXTENT:
	case ECKD_CMD_PREFIX:
	case ECKD_CMD_SET_FILE_MASK:
	case ECKD_CMD_READ_IPL:
		return !(flags & extent);
	case ECKD_CMD_LOCATE:
	case ECKD_CMD_LOCATE_EXTENDED:
		return flags & (ECKD_EXTENT_DEFINED | ECKD_IPL_READ);
	case ECKD_CMD_SEEK_HEAD:
	case ECKD_CMD_READ_MULTIPLE:
		return flags & ECKD_SOUGHT;
	case ECKD_CMD_READ_TRACK:
	case ECKD_CMD_READ_TRACK_DATA:
	case ECKD_CMD_READ_SUBSYSTEM_DATA:
		return false;
	case ECKD_CMD_DEVICE_RESERVE:
	case ECKD_CMD_DEVICE_RELEASE:
		return !(flags & extent);
	case ECKD_CMD_UNCONDITIONAL_RESERVE:
		return first;
	default:
		return true;
	}
}

static bool in_sequence(const struct eckd_device *eckd,
			const struct chanprog *cp, u8 cmd)
{
	const struct eckd_program *program = &eckd->program;

	if (program->suborder)
		return cmd == ECKD_CMD_READ_SUBSYSTEM_DATA;
	if (eckd_in_domain(eckd))
		return cmd == CU_CMD_SENSE ||
		       eckd_domain_has(&program->domain, cmd);
	return follows(program->flags, cmd, chanprog_untouched(cp));
}

/* Searches, READ COUNT and NO-OPERATION don't forget that the index has passed. */
static bool keeps_index(u8 cmd)
{
	return search_of(cmd) || cmd == ECKD_CMD_READ_COUNT ||
	       cmd == CU_CMD_NOOP;
}

/*
 * Does the command need no more of a track than where its records are, and the contents
 * that it fetches or replaces?
 */
static bool takes_part(u8 cmd)
{
	switch (cmd) {
	case ECKD_CMD_LOCATE:
	case ECKD_CMD_LOCATE_EXTENDED:
	case ECKD_CMD_PREFIX:
	case ECKD_CMD_READ_TRACK_DATA:
	case ECKD_CMD_WRITE_TRACK_DATA:
		return true;
	}
	switch (cmd & ~ECKD_MULTITRACK) {
	case ECKD_CMD_READ_DATA:
	case ECKD_CMD_READ_KEY_DATA:
	case ECKD_CMD_READ_COUNT:
	case ECKD_CMD_WRITE_DATA:
	case ECKD_CMD_WRITE_KEY_DATA:
	case ECKD_CMD_SEARCH_ID_EQUAL:
	case ECKD_CMD_SEARCH_ID_HIGH:
	case ECKD_CMD_SEARCH_ID_EQUAL_HIGH:
	case ECKD_CMD_SEARCH_HOME_EQUAL:
		return true;
	default:
		return false;
	}
}

/* Commands */

static cu_status_t give_sense(struct eckd_device *eckd, struct chanprog *cp)
{
	u8 sense[CU_SENSE_SIZE];

	cu_take_sense(&eckd->dev, sense);
	chanprog_to_guest(cp, sense, sizeof(sense));
	return CU_ENDED;
}

/*
 * Nobody but the guest can use the device, so to reserve it only shows in what SENSE
 * PATH GROUP ID gives.
 */
static cu_status_t reserve(struct eckd_device *eckd, struct chanprog *cp, u8 cmd)
{
	eckd->group &= ~ECKD_GROUP_RESERVED;
	if (cmd != ECKD_CMD_DEVICE_RELEASE)
		eckd->group |= ECKD_GROUP_RESERVED;
	return give_sense(eckd, cp);
}

/* The log is zeros, because the device counts nothing. */
static cu_status_t give_log(struct chanprog *cp)
{
	static const u8 log[CU_SENSE_SIZE];

	chanprog_to_guest(cp, log, sizeof(log));
	return CU_ENDED;
}

static cu_status_t read_subsystem_data(struct eckd_device *eckd,
				       struct chanprog *cp)
{
	const u8 suborder = eckd->program.suborder;

	eckd->program.suborder = 0;
	return eckd_give_subsystem_data(eckd, cp, suborder);
}

static cu_status_t search(struct eckd_device *eckd, struct chanprog *cp, u8 cmd)
{
	switch (search_of(cmd)) {
	case ECKD_CMD_SEARCH_HOME_EQUAL:
		return eckd_search_home(eckd, cp, cmd);
	case ECKD_CMD_SEARCH_KEY_EQUAL:
	case ECKD_CMD_SEARCH_KEY_HIGH:
	case ECKD_CMD_SEARCH_KEY_EQUAL_HIGH:
		return eckd_search_key(eckd, cp, cmd);
	default:
		return eckd_search_id(eckd, cp, cmd);
	}
}

/* Commands that say what the device or the control unit is, or how it is used */
static cu_status_t execute_common(struct eckd_device *eckd, struct chanprog *cp,
				  u8 cmd)
{
	switch (cmd) {
	case CU_CMD_NOOP:
	case ECKD_CMD_RESTORE:
	case ECKD_CMD_SUSPEND_RECONNECTION:
		return CU_ENDED;
	case CU_CMD_SENSE:
		return give_sense(eckd, cp);
	case ECKD_CMD_READ_BUFFERED_LOG:
		return give_log(cp);
	case CU_CMD_SENSE_ID:
		return eckd_give_id(eckd, cp);
	case ECKD_CMD_DEVICE_RESERVE:
	case ECKD_CMD_DEVICE_RELEASE:
	case ECKD_CMD_UNCONDITIONAL_RESERVE:
		return reserve(eckd, cp, cmd);
	case ECKD_CMD_READ_CHARACTERISTICS:
		return eckd_give_characteristics(eckd, cp);
	case ECKD_CMD_READ_CONFIGURATION:
		return eckd_give_configuration(eckd, cp);
	case ECKD_CMD_PERFORM_FUNCTION:
		return eckd_perform_function(eckd, cp);
	case ECKD_CMD_READ_SUBSYSTEM_DATA:
		return read_subsystem_data(eckd, cp);
	case ECKD_CMD_SENSE_PATH_GROUP:
		return eckd_give_path_group(eckd, cp);
	case ECKD_CMD_SET_PATH_GROUP:
		return eckd_set_path_group(eckd, cp);
	default:
		return eckd_reject(eckd, ECKD_INVALID_COMMAND);
	}
}

/* The command once more, from its beginning or after it has waited for a track */
cu_status_t eckd_execute(struct eckd_device *eckd, struct chanprog *cp, u8 cmd)
{
	if (eckd_writes(cmd))
		return eckd_write(eckd, cp, cmd);
	if (is_read(cmd))
		return eckd_read(eckd, cp, cmd);
	if (search_of(cmd))
		return search(eckd, cp, cmd);
	switch (cmd) {
	case ECKD_CMD_READ_IPL:
		return eckd_read_ipl(eckd, cp);
	case ECKD_CMD_READ_MULTIPLE:
		return eckd_read_multiple(eckd, cp);
	case ECKD_CMD_READ_TRACK:
		return eckd_read_track(eckd, cp);
	case ECKD_CMD_READ_TRACK_DATA:
		return eckd_read_track_data(eckd, cp);
	case ECKD_CMD_DEFINE_EXTENT:
		return eckd_define_extent(eckd, cp);
	case ECKD_CMD_LOCATE:
		return eckd_locate(eckd, cp);
	case ECKD_CMD_LOCATE_EXTENDED:
		return eckd_locate_extended(eckd, cp);
	case ECKD_CMD_PREFIX:
		return eckd_prefix(eckd, cp);
	case ECKD_CMD_SET_FILE_MASK:
		return eckd_set_file_mask(eckd, cp);
	case ECKD_CMD_SEEK:
	case ECKD_CMD_SEEK_CYLINDER:
	case ECKD_CMD_SEEK_HEAD:
		return eckd_seek(eckd, cp, cmd);
	case ECKD_CMD_SET_SECTOR:
		return eckd_set_sector(eckd, cp);
	case ECKD_CMD_READ_SECTOR:
		return eckd_read_sector(cp);
	default:
		return execute_common(eckd, cp, cmd);
	}
}

/* The command has ended, unless it is pending. */
static cu_status_t end_command(struct eckd_device *eckd, cu_status_t status)
{
	struct eckd_program *program = &eckd->program;

	if (status == CU_PENDING)
		return status;
	program->flags &= ~ECKD_FOUND;
	program->flags |= eckd->run.found;
	return status;
}

static bool keeps_sense(u8 cmd)
{
	return cmd == CU_CMD_NOOP || cmd == CU_CMD_SENSE ||
	       cmd == ECKD_CMD_DEVICE_RESERVE ||
	       cmd == ECKD_CMD_DEVICE_RELEASE ||
	       cmd == ECKD_CMD_UNCONDITIONAL_RESERVE;
}

static cu_status_t eckd_command(struct css_device *dev, struct chanprog *cp,
				u8 cmd)
{
	struct eckd_device *eckd = to_eckd(dev);

	if (!in_sequence(eckd, cp, cmd))
		return eckd_reject(eckd, ECKD_INVALID_SEQUENCE);
	if (eckd_writes(cmd) && !chanprog_may_wait(cp))
		return CU_MUST_WAIT;
	eckd->run = (struct eckd_run){ .whole = !takes_part(cmd) };
	if (!keeps_sense(cmd))
		memset(dev->sense, 0, sizeof(dev->sense));
	if (!keeps_index(cmd))
		eckd->program.flags &= ~ECKD_INDEX_PASSED;
	return end_command(eckd, eckd_execute(eckd, cp, cmd));
}

static cu_status_t eckd_complete(struct css_device *dev, struct chanprog *cp,
				 u8 cmd)
{
	struct eckd_device *eckd = to_eckd(dev);

	return end_command(eckd, eckd_accessed(eckd, cp, cmd));
}

/* The backing has ended an access that was to end later. */
static void eckd_backing_ended(struct css_backing *backing)
{
	cu_completed(&container_of(backing, struct eckd_device, backing)->dev);
}

/*
 * A channel program begins.  If the one before has left its domain unfinished, what it
 * has written is in the file, and @writes tells that it isn't flushed.
 */
static void eckd_start(struct css_device *dev)
{
	struct eckd_device *eckd = to_eckd(dev);

	eckd->program = (struct eckd_program){
		.extent = eckd_whole_extent(eckd),
	};
	eckd->unflushed.any = false;
	eckd_drop_buffer(eckd);
}

/* The guest may have cleared the program that would have told it of a loss. */
static void eckd_clear(struct css_device *dev)
{
	eckd_start(dev);
	backing_tell_again(&to_eckd(dev)->backing);
}

static void eckd_reset(struct css_device *dev)
{
	struct eckd_device *eckd = to_eckd(dev);

	eckd_clear(dev);
	eckd->group = ECKD_GROUP_RESET;
	memset(eckd->pgid, 0, sizeof(eckd->pgid));
}

static struct cu_writes *eckd_writes_of(struct css_device *dev)
{
	return &to_eckd(dev)->writes;
}

static int eckd_sync(struct css_device *dev)
{
	return backing_sync_all(&to_eckd(dev)->backing);
}

/* Making and describing a device */

#define FLAGS	(KVM_CSS_ECKD_READONLY | KVM_CSS_ECKD_WRITEBACK | \
		 KVM_CSS_ECKD_DIRECT)

static u32 flags_of(const struct eckd_device *eckd)
{
	const struct css_backing *backing = &eckd->backing;

	return (eckd->readonly ? KVM_CSS_ECKD_READONLY : 0) |
	       (backing->writeback ? KVM_CSS_ECKD_WRITEBACK : 0) |
	       (backing->ki_flags ? KVM_CSS_ECKD_DIRECT : 0);
}

static int eckd_describe(const struct css_device *dev,
			 struct kvm_css_device *device)
{
	const struct eckd_device *eckd = container_of(dev, struct eckd_device,
						      dev);

	device->eckd = (struct kvm_css_eckd){
		.size = sizeof(device->eckd),
		.flags = flags_of(eckd),
		.backing_fd = -1,
		.cylinders = eckd->cylinders,
		.subsystem = eckd->subsystem,
		.unit = eckd->unit,
	};
	memcpy(device->eckd.serial, eckd->serial, sizeof(eckd->serial));
	return backing_path(&eckd->backing, device->backing,
			    sizeof(device->backing));
}

static void eckd_release(struct css_device *dev)
{
	struct eckd_device *eckd = to_eckd(dev);

	eckd_layouts_destroy(&eckd->layouts);
	backing_destroy(&eckd->backing);
	kfree(eckd);
}

static const struct cu_ops eckd_ops = {
	.name = "eckd",
	.type = KVM_CSS_TYPE_ECKD,
	.start = eckd_start,
	.reset = eckd_reset,
	.clear = eckd_clear,
	.command = eckd_command,
	.complete = eckd_complete,
	.save = eckd_save,
	.restore = eckd_restore,
	.writes = eckd_writes_of,
	.sync = eckd_sync,
	.describe = eckd_describe,
	.release = eckd_release,
};

/* Return: how many cylinders; 0 when the backing doesn't hold as many. */
static u32 capacity(const struct file *file, u32 cylinders)
{
	u64 holds = eckd_image_cylinders(backing_size(file));

	if (cylinders > holds || cylinders > ECKD_CYLINDERS_MAX)
		return 0;
	if (cylinders)
		return cylinders;
	return holds <= ECKD_CYLINDERS_MAX ? holds : 0;
}

/* Fill in what the device has of its image. */
static int take_image(struct eckd_device *eckd, const struct file *file,
		      const struct kvm_css_eckd *arg)
{
	struct css_backing *backing = &eckd->backing;
	int err;

	eckd->cylinders = capacity(file, arg->cylinders);
	/* The caller says that the file has O_DIRECT. */
	if (!eckd->cylinders ||
	    (arg->flags & KVM_CSS_ECKD_DIRECT && !backing->ki_flags))
		return -EINVAL;
	err = eckd_image_check(backing);
	return err ?: eckd_layouts_init(&eckd->layouts, eckd_tracks(eckd));
}

static void eckd_init(struct eckd_device *eckd, const struct kvm_css_eckd *arg)
{
	eckd->dev.ops = &eckd_ops;
	eckd->dev.pending = &eckd->pending;
	eckd->backing.ended = eckd_backing_ended;
	eckd->backing.writeback = arg->flags & KVM_CSS_ECKD_WRITEBACK;
	eckd->readonly = arg->flags & KVM_CSS_ECKD_READONLY;
	eckd->subsystem = arg->subsystem;
	eckd->unit = arg->unit;
	memcpy(eckd->serial, arg->serial, sizeof(eckd->serial));
	eckd->model = eckd_model(eckd->cylinders);
	eckd->dev.id = (struct cu_id){
		.cu_type = ECKD_CU_TYPE,
		.cu_model = ECKD_CU_MODEL,
		.dev_type = ECKD_DEV_TYPE,
		.dev_model = eckd->model->dev_model,
	};
	eckd->program.extent = eckd_whole_extent(eckd);
}

struct css_device *eckd_device_create(struct file *backing,
				      const struct kvm_css_eckd *arg)
{
	struct eckd_device *eckd = kzalloc(sizeof(*eckd), GFP_KERNEL_ACCOUNT);
	int err;

	if (!eckd)
		return ERR_PTR(-ENOMEM);
	err = backing_init(&eckd->backing, backing,
			   arg->flags & KVM_CSS_ECKD_READONLY,
			   IMAGE_HEADER_SIZE);
	if (err)
		goto free;
	err = take_image(eckd, backing, arg);
	if (err) {
		backing_destroy(&eckd->backing);
		goto free;
	}
	eckd_init(eckd, arg);
	return &eckd->dev;
free:
	kfree(eckd);
	return ERR_PTR(err);
}

static bool serial_valid(const u8 *serial)
{
	unsigned int i;

	for (i = 0; i < ECKD_SERIAL_SIZE; i++)
		if (!(serial[i] >= '0' && serial[i] <= '9') &&
		    !(serial[i] >= 'A' && serial[i] <= 'Z'))
			return false;
	return true;
}

struct css_device *eckd_device_add(const void *argument)
{
	const struct kvm_css_eckd *arg = argument;
	struct css_device *dev;
	struct file *file;

	if (arg->flags & ~FLAGS || arg->reserved ||
	    memchr_inv(arg->reserved2, 0, sizeof(arg->reserved2)) ||
	    !serial_valid(arg->serial))
		return ERR_PTR(-EINVAL);
	file = fget(arg->backing_fd);
	if (!file)
		return ERR_PTR(-EBADF);
	dev = eckd_device_create(file, arg);
	fput(file);
	return dev;
}
