// SPDX-License-Identifier: GPL-2.0
/*
 * What all control units share: sense bytes, and the commands that every
 * control unit knows.
 */
#include <linux/build_bug.h>
#include <linux/string.h>
#include <linux/types.h>

#include <linux/kvm_css.h>

#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>

/* The data of SENSE ID, without command-information words */
struct cu_sense_id {
	u8     ones;
	__be16 cu_type;
	u8     cu_model;
	__be16 dev_type;
	u8     dev_model;
} __packed;
static_assert(sizeof(struct cu_sense_id) == 7);

static void cu_set_sense(struct css_device *dev, u8 sense0, u8 sense1)
{
	memset(dev->sense, 0, sizeof(dev->sense));
	dev->sense[0] = sense0;
	dev->sense[1] = sense1;
}

cu_status_t cu_reject(struct css_device *dev, u8 sense0)
{
	cu_set_sense(dev, sense0, 0);
	return CU_STATUS(DSTAT_UNIT_CHECK);
}

cu_status_t cu_unit_check(struct css_device *dev, u8 sense0, u8 sense1)
{
	cu_set_sense(dev, sense0, sense1);
	return CU_STATUS(DSTAT_CHANNEL_END | DSTAT_DEVICE_END |
			 DSTAT_UNIT_CHECK);
}

void cu_take_sense(struct css_device *dev, u8 *sense)
{
	memcpy(sense, dev->sense, sizeof(dev->sense));
	memset(dev->sense, 0, sizeof(dev->sense));
}

void cu_reset(struct css_device *dev)
{
	memset(dev->sense, 0, sizeof(dev->sense));
	if (dev->ops->reset)
		dev->ops->reset(dev);
}

void cu_clear(struct css_device *dev)
{
	if (!dev->ops->clear) {
		cu_reset(dev);
		return;
	}
	memset(dev->sense, 0, sizeof(dev->sense));
	dev->ops->clear(dev);
}

void cu_save(const struct css_device *dev, union kvm_css_device_state *state)
{
	memset(state, 0, sizeof(*state));
	if (dev->ops->save)
		dev->ops->save(dev, state);
}

bool cu_restore(struct css_device *dev,
		const union kvm_css_device_state *state)
{
	if (!dev->ops->restore)
		return !memchr_inv(state, 0, sizeof(*state));
	return dev->ops->restore(dev, state);
}

static struct cu_writes *writes_of(struct css_device *dev)
{
	return dev->ops->writes ? dev->ops->writes(dev) : NULL;
}

bool cu_is_synced(struct css_device *dev)
{
	const struct cu_writes *writes = writes_of(dev);

	return !writes ||
	       READ_ONCE(writes->written) == READ_ONCE(writes->synced);
}

void cu_forget_writes(struct css_device *dev)
{
	struct cu_writes *writes = writes_of(dev);

	if (writes)
		WRITE_ONCE(writes->synced, writes->written);
}

/*
 * Two threads may do this at a time.  Both call ->sync(), so that neither
 * returns before the data are stable.  If the one that began earlier ends last,
 * it sets back @synced, and somebody calls ->sync() once more for nothing.
 */
int cu_sync(struct css_device *dev)
{
	struct cu_writes *writes = writes_of(dev);
	u64 written;
	int rc;

	if (cu_is_synced(dev))
		return 0;
	/* Pairs with smp_store_release() in cu_written(). */
	written = smp_load_acquire(&writes->written);
	rc = dev->ops->sync(dev);
	if (!rc)
		WRITE_ONCE(writes->synced, written);
	return rc;
}

int cu_describe(const struct css_device *dev, struct kvm_css_device *device)
{
	memset(device->bytes, 0, sizeof(device->bytes));
	memset(device->backing, 0, sizeof(device->backing));
	device->type = dev->ops->type;
	return dev->ops->describe ? dev->ops->describe(dev, device) : 0;
}

static cu_status_t cu_give_sense(struct css_device *dev, struct chanprog *cp)
{
	u8 sense[CU_SENSE_SIZE];

	cu_take_sense(dev, sense);
	chanprog_to_guest(cp, sense, sizeof(sense));
	return CU_ENDED;
}

static cu_status_t cu_give_id(const struct css_device *dev, struct chanprog *cp)
{
	const struct cu_sense_id id = {
		.ones = 0xff,
		.cu_type = cpu_to_be16(dev->id.cu_type),
		.cu_model = dev->id.cu_model,
		.dev_type = cpu_to_be16(dev->id.dev_type),
		.dev_model = dev->id.dev_model,
	};

	chanprog_to_guest(cp, &id, sizeof(id));
	return CU_ENDED;
}

cu_status_t cu_common_command(struct css_device *dev, struct chanprog *cp,
			      u8 cmd)
{
	switch (cmd) {
	case CU_CMD_NOOP:
		return CU_ENDED;
	case CU_CMD_SENSE:
		return cu_give_sense(dev, cp);
	case CU_CMD_SENSE_ID:
		return cu_give_id(dev, cp);
	default:
		return cu_reject(dev, SENSE0_COMMAND_REJECT);
	}
}
