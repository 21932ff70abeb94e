/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device that a process models: what user.c and user_chain.c, the channel's side, and
 * user_unit.c, the process's side, have of each other.
 *
 * Locking: user->lock is a spinlock.  A timer takes it in a softirq, so all others
 * disable these.  It nests within sch->lock, and what cu_completed(), cu_request() and
 * waking a process take nests within it.  It protects struct user_device from @gone on
 * and most of each unit of the device.  Nobody holds it while data are copied, or when
 * he gives back a reference to a unit.
 *
 * Lifetime: struct user_device has the references of the subchannel and of each unit.
 * So its memory may live longer than the subchannel, but after ->gone() no unit serves
 * it, and nothing in it is used but the lock.  A unit has the references of its
 * descriptor, of the device while it serves, and of the runner or the command that uses
 * its area.
 */
#ifndef _KVM_CSS_DEVICES_USER_H
#define _KVM_CSS_DEVICES_USER_H

#include <linux/kref.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/user_unit.h>

/* After one of these, all that came before is over. */
#define USER_OVER_EVENTS	(KVM_CSS_EVENT_BEGIN | KVM_CSS_EVENT_RESET | \
				 KVM_CSS_EVENT_CLEARED)

/* The state of the command of the channel program */
enum user_state {
	/* None is in progress. */
	USER_NONE,
	/* It is pending until the process gives the area back. */
	USER_HELD,
	/* The process has.  A worker will issue the command. */
	USER_FREED,
	/* It waits for the process. */
	USER_OFFERED,
	/* The process has it. */
	USER_TAKEN,
	/* There is an answer.  Somebody will complete the command. */
	USER_ANSWERED,
	/* He has, and will complete those that the process has executed behind it. */
	USER_EXECUTED,
	/* Nobody waits for the answer.  A worker will complete the command. */
	USER_OVER,
};

/**
 * struct user_device - a device that a process models
 * @dev: what the core sees
 * @request: for status that the process presents
 * @pending: for the command
 * @ref: counts the references to this structure
 * @area: size of the data area of each unit
 * @id_len: how many bytes SENSE ID gives
 * @sense3: sense byte 3 of unit checks that the process has not made
 * @id: these bytes
 * @sense_len: how many sense bytes SENSE gives; for the runner, or whoever has the
 *	subchannel's lock while there is none
 * @lock: protects what follows, see above
 * @gone: the subchannel has been removed; nobody serves the device any more
 * @orphan: the unit that has an operation to end does not serve any more; the device
 *	presents that it needs intervention
 * @state: of the command
 * @over: if it is USER_OVER, the device status with which it ends
 * @over_sense: and sense byte 0
 * @unit: the unit that serves the device, or NULL
 * @at: the unit whose command it is, with a reference; NULL from USER_NONE to
 *	USER_FREED
 */
struct user_device {
	struct css_device dev;
	struct cu_request request;
	struct cu_pending pending;
	struct kref ref;
	u32 area;
	u8 id_len;
	u8 sense3;
	u8 id[KVM_CSS_SENSE_ID];
	u8 sense_len;
	spinlock_t lock;	/* see above */
	bool gone;
	bool orphan;
	u8 state;
	u8 over;
	u8 over_sense;
	struct user_unit *unit;
	struct user_unit *at;
};

static inline struct user_device *to_user(struct css_device *dev)
{
	return container_of(dev, struct user_device, dev);
}

/**
 * user_end() - end a command without an answer
 * @user: the device, in a state from USER_HELD to USER_TAKEN, but for USER_FREED
 * @status: device status
 * @sense0: sense byte 0
 *
 * Context: the device's lock held.
 */
void user_end(struct user_device *user, u8 status, u8 sense0);

/**
 * user_detach() - let no unit serve a device
 * @user: the device
 *
 * Context: the device's lock held.
 * Return: the unit that has served it, whose reference the caller gives back when he
 * has released the lock; or NULL.
 */
struct user_unit *user_detach(struct user_device *user);

/**
 * user_unit_reset() - what a unit has done and was told is over
 * @unit: the unit, which serves the device
 * @event: why: KVM_CSS_EVENT_BEGIN, _RESET or _CLEARED
 *
 * Context: the device's lock held.
 */
void user_unit_reset(struct user_unit *unit, u32 event);

/**
 * user_event() - tell the process of a unit something
 * @unit: the unit
 * @event: KVM_CSS_EVENT_*
 *
 * Context: the device's lock held.
 */
static inline void user_event(struct user_unit *unit, u32 event)
{
	const u32 before = unit->events;

	unit->events |= event;
	if (unit->events != before)
		unit->ops->wake(unit);
}

/**
 * user_look_on() - find the commands that the process may execute with another one
 * @unit: the unit, whose @nr_next and @next are set; its area is the channel's
 * @cp: the channel program, which is not changed
 * @command: the current command; its flags become those with which others follow
 *
 * Context: as chanprog_chained().
 */
void user_look_on(struct user_unit *unit, struct chanprog *cp,
		  struct kvm_css_command *command);

#endif /* _KVM_CSS_DEVICES_USER_H */
