/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Control units: what executes the commands of a channel program.
 *
 * A control unit is asked one command at a time.  It moves data with
 * chanprog_to_guest() and chanprog_from_guest() and answers with device
 * status; counts, chaining and storage are the channel subsystem's business.
 *
 * A device may also have status that no command ends with, now or in a while:
 * device end after channel end, attention, that it is no longer busy.  It is
 * asked for that, and never presents it by itself; cu_request() has it asked.
 *
 * Locking: a device serves one subchannel, and a subchannel runs one channel
 * program at a time.  So all operations of a device but ->describe(), which
 * reads what never changes, and ->release() are serialized by its program, and
 * a control unit needs no lock for state that only they touch.  ->release()
 * comes last, when nobody runs a program.
 */
#ifndef _KVM_CSS_CONTROL_UNIT_H
#define _KVM_CSS_CONTROL_UNIT_H

#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/layout.h>

struct chanprog;
struct css_device;
struct file;
struct kvm_css_device;
struct subchannel;
union kvm_css_device_state;

/*
 * How a command ended: device status as the control unit presents it, or that
 * the command can't be executed on the vCPU.
 */
typedef u32 __bitwise cu_status_t;

#define CU_STATUS(dstat)	((__force cu_status_t)(dstat))
#define CU_ENDED		CU_STATUS(DSTAT_CHANNEL_END | DSTAT_DEVICE_END)
/*
 * The command would have to wait, and chanprog_may_wait() is false.  Nothing
 * has been moved or changed; the command is issued again on a worker.
 */
#define CU_MUST_WAIT		((__force cu_status_t)0x100)

/* Commands that every control unit here knows */
#define CU_CMD_NOOP		0x03
#define CU_CMD_SENSE		0x04
#define CU_CMD_SENSE_ID		0xe4

#define CU_SENSE_SIZE		32

/* Sense byte 0, common to all devices */
#define SENSE0_COMMAND_REJECT	0x80
#define SENSE0_INTERVENTION_REQ	0x40
#define SENSE0_BUS_OUT_CHECK	0x20
#define SENSE0_EQUIPMENT_CHECK	0x10
#define SENSE0_DATA_CHECK	0x08
#define SENSE0_OVERRUN		0x04

/**
 * struct cu_id - what SENSE ID tells
 * @cu_type: control-unit type
 * @cu_model: control-unit model
 * @dev_type: device type
 * @dev_model: device model
 */
struct cu_id {
	u16 cu_type;
	u8  cu_model;
	u16 dev_type;
	u8  dev_model;
};

/**
 * struct cu_ops - a kind of control unit
 * @name: for messages
 * @type: KVM_CSS_TYPE_*
 * @start: a channel program begins; may be NULL
 * @reset: forget what commands have set, as after a reset; may be NULL
 * @command: execute one command; may sleep only if chanprog_may_wait().  What
 *	has been taken of a program that is halted is finished, and the status
 *	says how that went; only what is dropped may be left, see
 *	chanprog_dropped()
 * @select: a start function is to be initiated: initial status.  Zeros: go on
 *	with its first command.  Busy, alone or with status modifier: not now,
 *	but cu_request() will come; the start function stays pending.  Busy with
 *	other status: that is what the device had to present, and the start
 *	function ends with it.  May be NULL for zeros.
 * @status: the status that the device has to present, which it then hasn't any
 *	more; zeros for none.  Asked for while the guest can be told, after
 *	cu_request() and whenever the guest could not be told before.  Between
 *	channel end and device end of a command it is that of the command.  May
 *	be NULL for zeros.
 * @halt: the operation that goes on after channel end, if there is one, is over,
 *	and has no device end; may be NULL
 * @save: say what commands have set and later ones rely on, in a state that is
 *	zeros; may be NULL when there is nothing
 * @restore: have it as @save said it somewhere else, or return false when that
 *	can't be, and have changed nothing; NULL when @save is
 * @describe: say what it was made of, in a structure that is zeros but for the
 *	type, and return 0 or an errno; may be NULL when there is nothing.
 *	Called at any time, and may sleep.
 * @release: give back the device and all it holds
 *
 * @reset, @select, @status, @halt, @save and @restore are called while nobody
 * runs a channel program, under the subchannel's lock, and don't wait for
 * anything.
 */
struct cu_ops {
	const char *name;
	u32 type;
	void (*start)(struct css_device *dev);
	void (*reset)(struct css_device *dev);
	u8 (*select)(struct css_device *dev);
	u8 (*status)(struct css_device *dev);
	void (*halt)(struct css_device *dev);
	cu_status_t (*command)(struct css_device *dev, struct chanprog *cp,
			       u8 cmd);
	void (*save)(const struct css_device *dev,
		     union kvm_css_device_state *state);
	bool (*restore)(struct css_device *dev,
			const union kvm_css_device_state *state);
	int (*describe)(const struct css_device *dev,
			struct kvm_css_device *device);
	void (*release)(struct css_device *dev);
};

struct cu_request;

/**
 * struct cu_request_ops - what a device may ask of the channel subsystem
 * @request: ask the device for its status after so many microseconds; an earlier
 *	request doesn't count any more
 * @withdraw: don't, if nobody has begun to
 *
 * Both may be called in any context.
 */
struct cu_request_ops {
	void (*request)(struct cu_request *request, u32 us);
	void (*withdraw)(struct cu_request *request);
};

/**
 * struct cu_request - a device's request to be asked for its status
 * @ops: the channel subsystem's, from the making of the subchannel on
 * @sch: its own
 * @work: likewise
 */
struct cu_request {
	const struct cu_request_ops *ops;
	struct subchannel *sch;
	struct delayed_work work;
};

/**
 * struct css_device - a device with its control unit
 * @ops: the kind of control unit
 * @request: part of the device; NULL for one whose status is all of commands
 * @id: for SENSE ID
 * @sense: sense bytes that describe the last unit check
 */
struct css_device {
	const struct cu_ops *ops;
	struct cu_request *request;
	struct cu_id id;
	u8 sense[CU_SENSE_SIZE];
};

/**
 * cu_common_command() - execute a command that every control unit knows
 * @dev: the device
 * @cp: the channel program
 * @cmd: CU_CMD_NOOP, CU_CMD_SENSE or CU_CMD_SENSE_ID
 *
 * Any other command is rejected with unit check, command reject.
 *
 * Context: as &cu_ops.command; does not wait.
 * Return: device status.
 */
cu_status_t cu_common_command(struct css_device *dev, struct chanprog *cp,
			      u8 cmd);

/**
 * cu_reject() - the control unit refuses a command before executing it
 * @dev: the device
 * @sense0: sense byte 0
 *
 * Context: as &cu_ops.command.
 * Return: unit check alone, the status of a command that was not executed.
 */
cu_status_t cu_reject(struct css_device *dev, u8 sense0);

/**
 * cu_unit_check() - a command that was executed ends in unit check
 * @dev: the device
 * @sense0: sense byte 0
 * @sense1: sense byte 1
 *
 * Context: as &cu_ops.command.
 * Return: channel end, device end and unit check.
 */
cu_status_t cu_unit_check(struct css_device *dev, u8 sense0, u8 sense1);

/**
 * cu_take_sense() - hand out the sense bytes, and have them no longer
 * @dev: the device
 * @sense: where to, CU_SENSE_SIZE bytes
 *
 * Context: as &cu_ops.command.
 */
void cu_take_sense(struct css_device *dev, u8 *sense);

/**
 * cu_request() - have the channel subsystem ask for &cu_ops.status
 * @dev: the device, which has a &css_device.request
 * @us: when, in microseconds from now
 *
 * There is one request of a device at a time; the last one counts.  A reset and
 * a removal withdraw it.
 *
 * Context: any.
 */
static inline void cu_request(struct css_device *dev, u32 us)
{
	dev->request->ops->request(dev->request, us);
}

/**
 * cu_withdraw() - withdraw cu_request()
 * @dev: the device, which has a &css_device.request
 *
 * &cu_ops.status may still be asked for once.
 *
 * Context: any, but that of a subchannel's last user.
 */
static inline void cu_withdraw(struct css_device *dev)
{
	dev->request->ops->withdraw(dev->request);
}

/**
 * cu_select() - the initial status of a start function
 * @dev: the device
 *
 * Context: nobody runs a channel program; does not sleep.
 * Return: device status, see &cu_ops.select.
 */
static inline u8 cu_select(struct css_device *dev)
{
	return dev->ops->select ? dev->ops->select(dev) : 0;
}

/**
 * cu_status() - take the status that a device has to present
 * @dev: the device
 *
 * Context: nobody runs a channel program; does not sleep.
 * Return: device status, zeros for none.
 */
static inline u8 cu_status(struct css_device *dev)
{
	return dev->ops->status ? dev->ops->status(dev) : 0;
}

/**
 * cu_halt() - HALT SUBCHANNEL reaches a device that executes no command
 * @dev: the device
 *
 * Context: nobody runs a channel program; does not sleep.
 */
static inline void cu_halt(struct css_device *dev)
{
	if (dev->ops->halt)
		dev->ops->halt(dev);
}

/**
 * cu_reset() - selective reset of the device, by CLEAR SUBCHANNEL or a reset
 * @dev: the device
 *
 * Sense bytes and what earlier commands have set are gone.
 *
 * Context: nobody runs a channel program; must not sleep for long.
 */
void cu_reset(struct css_device *dev);

/**
 * cu_save() - what a device knows, to go on elsewhere
 * @dev: the device
 * @state: where to
 *
 * Sense bytes and medium are not part of it.
 *
 * Context: nobody runs a channel program; does not sleep.
 */
void cu_save(const struct css_device *dev, union kvm_css_device_state *state);

/**
 * cu_restore() - let a device know what another one of its kind knew
 * @dev: the device
 * @state: what somebody says that cu_save() gave
 *
 * Context: nobody runs a channel program; does not sleep.
 * Return: false when this device can't be in such a state; then nothing has
 * changed.
 */
bool cu_restore(struct css_device *dev,
		const union kvm_css_device_state *state);

/**
 * cu_describe() - what a device was made of
 * @dev: the device
 * @device: where to; its place is left as it is
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM.
 */
int cu_describe(const struct css_device *dev, struct kvm_css_device *device);

/**
 * test_device_create() - make a test control unit, see Documentation/devices.rst
 * @always_wait: answer CU_MUST_WAIT to every command on a vCPU
 *
 * Context: may sleep.
 * Return: the device, or ERR_PTR(-ENOMEM).
 */
struct css_device *test_device_create(bool always_wait);

/**
 * fba_device_create() - make a fixed-block DASD
 * @backing: regular file or block device; a reference is taken
 * @blocks: number of 512-byte blocks, 0 for as many as the backing holds
 * @model: KVM_CSS_FBA_MODEL_*
 * @flags: KVM_CSS_FBA_*; read-only, WRITE is refused as file protected
 *
 * Context: may sleep.
 * Return: the device; ERR_PTR(-EINVAL) when the backing is of another kind,
 * holds no block, or fewer than asked for; ERR_PTR(-EACCES) when it is not
 * open for what is asked; ERR_PTR(-ENOMEM).
 */
struct css_device *fba_device_create(struct file *backing, u64 blocks,
				     u32 model, u32 flags);

#endif /* _KVM_CSS_CONTROL_UNIT_H */
