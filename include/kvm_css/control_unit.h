/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Control units, which execute the commands of a channel program.
 *
 * A control unit gets one command at a time.  It moves data with
 * chanprog_to_guest() and chanprog_from_guest(), and returns device status.
 * The channel subsystem takes care of counts, chaining and guest storage.
 *
 * A device may also have status that doesn't end a command: device end after
 * channel end, attention, or that it is no longer busy.  A device can't present
 * such status by itself.  It calls cu_request(), and then the channel subsystem
 * asks it for its status with &cu_ops.status.
 *
 * A device that has to wait for something answers CU_PENDING, and calls
 * cu_completed() when it need not wait any more.
 * Documentation/pending-commands.rst says what may happen in between.
 *
 * Locking: a device belongs to one subchannel, and a subchannel runs one
 * channel program at a time.  The operations of a device are called by the
 * runner of the program, or while there is no runner.  So they are serialized,
 * and a control unit needs no lock for state that only they access.  There are
 * six exceptions: ->describe() may be called at any time, and reads only what
 * never changes; ->now() may be called while a program runs, too, and takes a lock for
 * what it reads if others change it; ->sync() and ->gone() may be called at any time,
 * too; ->stop() is called while a command is pending, so what it has in common with
 * the device's interrupt or thread needs a lock; ->release() is the last call, when
 * there is neither a runner nor a reference.
 */
#ifndef _KVM_CSS_CONTROL_UNIT_H
#define _KVM_CSS_CONTROL_UNIT_H

#include <linux/atomic.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/guest.h>
#include <kvm_css/layout.h>

struct chanprog;
struct css_device;
struct file;
struct kvm_css_device;
struct kvm_css_eckd;
struct sch_backend;
struct subchannel;
union kvm_css_device_state;

/*
 * How a command ended: with device status; with CU_MUST_WAIT because it can't
 * be executed on a vCPU; or with CU_PENDING because it ends later.
 */
typedef u32 __bitwise cu_status_t;

#define CU_STATUS(dstat)	((__force cu_status_t)(dstat))
#define CU_ENDED		CU_STATUS(DSTAT_CHANNEL_END | DSTAT_DEVICE_END)
/*
 * The command would have to wait, but chanprog_may_wait() says that it may not.
 * The control unit has moved no data and changed nothing; a worker executes the
 * command again.
 */
#define CU_MUST_WAIT		((__force cu_status_t)0x100)
/*
 * The command has begun, and no thread waits for its end.  The device calls
 * cu_completed(), and &cu_ops.complete says how the command has ended.
 */
#define CU_PENDING		((__force cu_status_t)0x200)
/*
 * As CU_PENDING, but whether the device executes the command, and whether it does so
 * as an immediate operation, is only known when it ends.  So the guest isn't told yet
 * that the initial status was zeros.
 */
#define CU_OFFERED		((__force cu_status_t)0x400)

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
 * struct cu_id - the types and models that SENSE ID gives
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
 * struct cu_writes - what a device has written that isn't stable yet
 * @written: how often the device has called cu_written()
 * @synced: what @written was when &cu_ops.sync was last called and succeeded
 */
struct cu_writes {
	u64 written;
	u64 synced;
};

/**
 * struct cu_ops - a kind of control unit
 * @name: for messages
 * @type: KVM_CSS_TYPE_*
 * @start: called when a channel program begins; may be NULL
 * @reset: forget all that commands have set, and withdraw a request with
 *	cu_withdraw(); may be NULL
 * @clear: as @reset, because of CLEAR SUBCHANNEL; NULL for a device that does the
 *	same in both cases
 * @command: execute one command.  Unless chanprog_may_wait() is true, it may
 *	sleep for guest storage and in guest_buffer_alloc(), and for nothing
 *	else.  When the program is halted meanwhile, the command is finished
 *	with the data that have been moved, and the status says how it ended.
 *	Only when chanprog_dropped() is true may it be left as it is.
 * @complete: go on with a command that has answered CU_PENDING, after
 *	cu_completed(), and answer as @command does, except with CU_MUST_WAIT.
 *	It runs on a worker and may sleep; or, after cu_take_completion(), where
 *	@command ran, and may sleep as that may; or in cu_complete(), and then it
 *	moves no data.  It isn't called for a program that
 *	nobody will see the end of; @reset follows then.  When the worker was
 *	killed at that moment, @command may come next instead.  NULL when
 *	@command never answers CU_PENDING.
 * @stop: make an end of the command that is pending, because the program has
 *	been halted or, with @dropped, because nobody will see how it ends.  The
 *	device calls cu_completed() all the same, at once or when it can.
 *	Called while the command is pending, perhaps more than once, and perhaps
 *	when the device has just called cu_completed().  NULL for a device that
 *	can't be hurried.
 * @select: return the initial status of a start function.  Zeros: the first
 *	command is executed.  Busy, alone or with status modifier: the device is
 *	busy, and will call cu_request() when it isn't any more; the start
 *	function stays pending until then.  Busy with other status: the device
 *	has presented the other status, and the start function ends with it.
 *	NULL means zeros.
 * @status: return the status that the device has to present, or zeros if it has
 *	none.  To return the status is to present it, so the device forgets it.
 *	Called only while the subchannel can take status.  If it can't when a
 *	cu_request() is due, this is called as soon as it can.  A subchannel
 *	that is not enabled discards the status.  Between channel end and device
 *	end of a command, the status is that of this command.  NULL means zeros.
 * @halt: end the operation that still goes on after channel end, if there is
 *	one; the device doesn't present device end for it.  May be NULL.
 * @save: write to @state, which is zeros, what commands have set and later
 *	commands need; may be NULL when there is nothing
 * @restore: bring the device into a state that @save has written, perhaps that
 *	of another device.  Return false when this device can't be in such a
 *	state; then nothing has changed.  NULL when @save is NULL.
 * @writes: return a structure that is part of the device, with which it uses
 *	cu_written().  Called at any time.  NULL when nothing has to be got to
 *	stable storage after a command has ended
 * @sync: get to stable storage what commands have written before.  Return 0;
 *	-EIO when it isn't there, which is returned once; -EINTR when a signal
 *	has interrupted the caller.  May sleep for as long as the host takes.  Called
 *	after cu_written(), when the image is quiesced, when the subchannel is
 *	removed, and before @release.  Several threads may call it at a time,
 *	and when somebody ends the quiesce meanwhile, a command may be executed
 *	at the same time.  NULL when @writes is NULL.
 * @describe: write to @device the argument with which the device was added.
 *	Before, @device is zeros except for the type.  Return 0 or an errno.
 *	May be NULL when there is nothing.  Called at any time; may sleep.
 * @gone: the subchannel has been removed, or its image ends: from now on the device
 *	must not call cu_request(), and calls cu_completed() at once for a command
 *	that is pending, if it has not yet.  For a device from which others than its
 *	own commands and timers make such calls.  @command, @complete, @stop and
 *	@reset may follow.  May be NULL.
 * @saveable: can the state of the device be saved now?  NULL means that it can
 * @now: return KVM_CSS_NOW_*, what KVM_CSS_QUERY shows of the device at this moment.
 *	Called under the subchannel's lock at any time until @gone, perhaps while
 *	somebody runs a program; doesn't wait.  NULL when there is nothing
 * @release: free the device and give back all that it holds
 * @backend: return the structure, a part of the device, with which a backend
 *	performs the functions of the subchannel.  Then of these operations only
 *	@describe and @release are called, and the device has no
 *	&css_device.request and no &css_device.pending.  NULL for a control unit.
 *
 * @reset, @clear, @select, @status, @halt, @saveable, @save and @restore are called under the
 * subchannel's lock, while nobody runs a channel program and no command is
 * pending.  @stop and @gone are called under the subchannel's lock, too, but perhaps
 * while somebody runs a program.  They don't wait for anything.
 */
struct cu_ops {
	const char *name;
	u32 type;
	void (*start)(struct css_device *dev);
	void (*reset)(struct css_device *dev);
	void (*clear)(struct css_device *dev);
	u8 (*select)(struct css_device *dev);
	u8 (*status)(struct css_device *dev);
	void (*halt)(struct css_device *dev);
	cu_status_t (*command)(struct css_device *dev, struct chanprog *cp,
			       u8 cmd);
	cu_status_t (*complete)(struct css_device *dev, struct chanprog *cp,
				u8 cmd);
	void (*stop)(struct css_device *dev, bool dropped);
	void (*save)(const struct css_device *dev,
		     union kvm_css_device_state *state);
	bool (*restore)(struct css_device *dev,
			const union kvm_css_device_state *state);
	struct cu_writes *(*writes)(struct css_device *dev);
	int (*sync)(struct css_device *dev);
	int (*describe)(const struct css_device *dev,
			struct kvm_css_device *device);
	void (*gone)(struct css_device *dev);
	bool (*saveable)(struct css_device *dev);
	u32 (*now)(struct css_device *dev);
	void (*release)(struct css_device *dev);
	struct sch_backend *(*backend)(struct css_device *dev);
};

struct cu_request;

/**
 * struct cu_request_ops - how a device requests to be asked for its status
 * @request: call &cu_ops.status in @us microseconds; this replaces an earlier
 *	request
 * @withdraw: take the request back: &cu_ops.status is not called for it, unless
 *	a thread is about to do so already
 *
 * Both may be called in any context.
 */
struct cu_request_ops {
	void (*request)(struct cu_request *request, u32 us);
	void (*withdraw)(struct cu_request *request);
};

/**
 * struct cu_request - the request of a device to be asked for its status
 * @ops: how a request is made
 * @sch: the subchannel of the device
 * @work: the work item that asks the device
 *
 * The subchannel fills in all members when it is made with the device.
 */
struct cu_request {
	const struct cu_request_ops *ops;
	struct subchannel *sch;
	struct delayed_work work;
};

/*
 * What cu_completed() finds in &cu_pending.work.  Only the runner and
 * cu_completed() change it.
 */
enum cu_pending_state {
	/* The device has called cu_completed(), or no program has run yet. */
	CU_IS_COMPLETED,
	/* The program has a runner, to whom the device may answer CU_PENDING. */
	CU_HAS_RUNNER,
	/*
	 * The device has called cu_take_completion() before the runner has left: the
	 * runner may complete the command itself.
	 */
	CU_MAY_COMPLETE,
	/* The runner has left, because the device has answered CU_PENDING. */
	CU_IS_PENDING,
};

struct cu_pending;

/**
 * struct cu_pending_ops - how a pending command is completed
 * @completed: have a worker complete the command; any context
 * @take: see cu_take_completion()
 * @complete: see cu_complete()
 */
struct cu_pending_ops {
	void (*completed)(struct cu_pending *pending);
	bool (*take)(struct cu_pending *pending, bool storage);
	void (*complete)(struct cu_pending *pending);
};

/**
 * struct cu_pending - what a device with pending commands needs
 * @ops: how a command is completed
 * @sch: the subchannel of the device
 * @work: has a worker complete the command; its @state is enum
 *	cu_pending_state
 *
 * The subchannel fills in all members when it is made with the device.
 */
struct cu_pending {
	const struct cu_pending_ops *ops;
	struct subchannel *sch;
	struct guest_work work;
};

/**
 * struct css_device - a device with its control unit
 * @ops: the kind of control unit
 * @request: a structure that is part of the device; NULL when the device has no
 *	other status than that of commands
 * @pending: a structure that is part of the device; NULL when its commands
 *	never answer CU_PENDING
 * @id: what SENSE ID gives
 * @sense: sense bytes that describe the last unit check
 */
struct css_device {
	const struct cu_ops *ops;
	struct cu_request *request;
	struct cu_pending *pending;
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
 * Return: unit check alone, which says that the command was not executed.
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
 * cu_take_sense() - copy the sense bytes, and clear them in the device
 * @dev: the device
 * @sense: where to, CU_SENSE_SIZE bytes
 *
 * Context: as &cu_ops.command.
 */
void cu_take_sense(struct css_device *dev, u8 *sense);

/**
 * cu_request() - have the channel subsystem call &cu_ops.status
 * @dev: the device, which has a &css_device.request
 * @us: when, in microseconds from now
 *
 * A device has one request at a time: a new one replaces the one before.
 * &cu_ops.reset withdraws it.  When a subchannel is removed, its device is
 * reset once more.
 *
 * Context: any.
 */
static inline void cu_request(struct css_device *dev, u32 us)
{
	dev->request->ops->request(dev->request, us);
}

/**
 * cu_withdraw() - withdraw the request that cu_request() has made
 * @dev: the device, which has a &css_device.request
 *
 * &cu_ops.status may still be called once.
 *
 * Context: any.  The caller has a reference to the subchannel, because the one
 * that the request has is given back.
 */
static inline void cu_withdraw(struct css_device *dev)
{
	dev->request->ops->withdraw(dev->request);
}

/**
 * cu_completed() - the command that is pending can go on
 * @dev: the device, which has a &css_device.pending
 *
 * A device calls this once for each CU_PENDING that &cu_ops.command or
 * &cu_ops.complete answers, perhaps before they have returned.  It must not
 * call it without having answered so.  If it does all the same, nothing happens
 * while no program has a runner.  Otherwise the program's next command that is
 * pending may be completed too early.
 *
 * The device and its memory may be gone as soon as this has been called.  So it
 * is the last access of an interrupt or a thread of the device, which holds none
 * of the device's locks, or &cu_ops.release waits for that interrupt or thread.
 *
 * Context: any, also a hard interrupt.
 */
static inline void cu_completed(struct css_device *dev)
{
	dev->pending->ops->completed(dev->pending);
}

/**
 * cu_take_completion() - as cu_completed(), but no worker is woken if that can be avoided
 * @dev: the device, which has a &css_device.pending
 * @storage: &cu_ops.complete moves data of the guest's
 *
 * For a thread with which the device ends a command.  &cu_ops.complete waits for nothing
 * but guest storage then, so a vCPU may call it, too.  If the runner has not left the
 * program yet, it completes the command itself.  If it has, the caller does, except
 * with @storage: to a thread that isn't one of the VM's, the guest's storage isn't
 * accessible, so a worker completes the command.
 *
 * Context: process context; does not sleep.  The caller holds a lock under which
 * &cu_ops.gone has not been called yet, so that the subchannel is there.
 * Return: true if the caller has to call cu_complete(), with no lock held.  Nobody else
 * completes the command, so it does that without waiting for anybody.  False if
 * somebody else completes it, as after cu_completed().
 */
static inline bool cu_take_completion(struct css_device *dev, bool storage)
{
	return dev->pending->ops->take(dev->pending, storage);
}

/**
 * cu_complete() - have the command completed that cu_take_completion() has returned
 * @pending: &css_device.pending of the device, which the caller keeps
 *
 * If other commands are chained to it, a worker begins with them.
 *
 * The device may be released in this call.
 *
 * Context: process context; may sleep for memory and for @lock of the subchannel; no
 * lock held.  What KVM allocates for an interruption is charged to the VM's memory
 * control group.
 */
static inline void cu_complete(struct cu_pending *pending)
{
	pending->ops->complete(pending);
}

/**
 * cu_stop() - ask the device to make an end of the command that is pending
 * @dev: the device
 * @dropped: nobody will see how the command ends
 *
 * Context: does not sleep.
 */
static inline void cu_stop(struct css_device *dev, bool dropped)
{
	if (dev->ops->stop)
		dev->ops->stop(dev, dropped);
}

/**
 * cu_select() - get the initial status of a start function
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
 * cu_status() - take the status that the device has to present
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
 * cu_halt() - tell a device that executes no command of HALT SUBCHANNEL
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
 * cu_gone() - tell a device that its subchannel has gone
 * @dev: the device
 *
 * Context: the subchannel's lock held; does not sleep.
 */
static inline void cu_gone(struct css_device *dev)
{
	if (dev->ops->gone)
		dev->ops->gone(dev);
}

/**
 * cu_reset() - reset the device, for a subchannel's reset
 * @dev: the device
 *
 * The sense bytes are cleared, and so is all that commands have set.
 *
 * Context: nobody runs a channel program; does not sleep.
 */
void cu_reset(struct css_device *dev);

/**
 * cu_clear() - as cu_reset(), for CLEAR SUBCHANNEL
 * @dev: the device
 *
 * Context: nobody runs a channel program; does not sleep.
 */
void cu_clear(struct css_device *dev);

/**
 * cu_saveable() - can the state of the device be saved?
 * @dev: the device
 *
 * Context: nobody runs a channel program; does not sleep.
 * Return: whether it can.
 */
static inline bool cu_saveable(struct css_device *dev)
{
	return !dev->ops->saveable || dev->ops->saveable(dev);
}

/**
 * cu_save() - save what commands have set in the device and later commands need
 * @dev: the device
 * @state: where to
 *
 * Sense bytes and the data on the medium are not part of it.
 *
 * Context: nobody runs a channel program; does not sleep.
 */
void cu_save(const struct css_device *dev, union kvm_css_device_state *state);

/**
 * cu_restore() - bring the device into a saved state
 * @dev: the device
 * @state: what userspace says that cu_save() has written, for a device of the
 *	same kind
 *
 * Context: nobody runs a channel program; does not sleep.
 * Return: false when this device can't be in such a state; then nothing has
 * changed.
 */
bool cu_restore(struct css_device *dev,
		const union kvm_css_device_state *state);

/**
 * cu_written() - a command has written something that isn't stable yet
 * @writes: what &cu_ops.writes returns
 *
 * The device calls this when the data are where &cu_ops.sync finds them, and
 * before the command ends.
 *
 * Context: as &cu_ops.command.
 */
static inline void cu_written(struct cu_writes *writes)
{
	/* Pairs with smp_load_acquire() in cu_sync(). */
	smp_store_release(&writes->written, writes->written + 1);
}

/**
 * cu_is_synced() - is all that commands have written on stable storage?
 * @dev: the device
 *
 * Context: any.
 * Return: whether it is, or nobody has to see to it any more.
 */
bool cu_is_synced(struct css_device *dev);

/**
 * cu_forget_writes() - see to it no more that what was written gets stable
 * @dev: the device, which executes no command any more
 *
 * Context: any.
 */
void cu_forget_writes(struct css_device *dev);

/**
 * cu_sync() - get to stable storage what commands have written
 * @dev: the device
 *
 * When this fails, the next call tries again.
 *
 * Context: may sleep; nobody runs a channel program, unless a quiesce has been
 * ended meanwhile.
 * Return: 0; -EIO when something that was written may be lost; -EINTR when a
 * signal has interrupted the caller.
 */
int cu_sync(struct css_device *dev);

/**
 * cu_describe() - say with which argument the device was added
 * @dev: the device
 * @device: where to; the subchannel number in it is left as it is
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM.
 */
int cu_describe(const struct css_device *dev, struct kvm_css_device *device);

/**
 * test_device_create() - make a test control unit
 * @always_wait: end every command on a vCPU with CU_MUST_WAIT
 *
 * Context: may sleep.
 * Return: the device, or ERR_PTR(-ENOMEM).
 */
struct css_device *test_device_create(bool always_wait);

/**
 * test_backend_create() - make a test control unit with a backend
 *
 * Context: may sleep.
 * Return: the device, or ERR_PTR(-ENOMEM).
 */
struct css_device *test_backend_create(void);

/**
 * fba_device_create() - make a fixed-block DASD
 * @backing: regular file or block device; a reference is taken
 * @blocks: number of 512-byte blocks, 0 for as many as the backing holds
 * @model: KVM_CSS_FBA_MODEL_*
 * @flags: KVM_CSS_FBA_*; a read-only device refuses WRITE as "file protected"
 *
 * Context: may sleep.
 * Return: the device; ERR_PTR(-EINVAL) when there is no such @model, or
 * @backing holds fewer than @blocks; or an ERR_PTR() as backing_init() returns
 * it.
 */
struct css_device *fba_device_create(struct file *backing, u64 blocks,
				     u32 model, u32 flags);

/**
 * eckd_device_create() - make a 3390 DASD
 * @backing: regular file or block device with an image; a reference is taken
 * @arg: what KVM_CSS_ADD was given, and its flags and serial number are valid
 *
 * Context: may sleep.
 * Return: the device; ERR_PTR(-EINVAL) when @backing has no image of a 3390, or one
 * with fewer cylinders; or an ERR_PTR() as backing_init() returns it.
 */
struct css_device *eckd_device_create(struct file *backing,
				      const struct kvm_css_eckd *arg);

#endif /* _KVM_CSS_CONTROL_UNIT_H */
