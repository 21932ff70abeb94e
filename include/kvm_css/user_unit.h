/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Units: with a unit, a process serves a device of the type KVM_CSS_TYPE_USER.
 * Documentation/user-devices.rst says who does what.  These functions are for
 * whoever gives a unit to a process, which is host/unit.c in the module.
 *
 * They copy nothing from or to a process and sleep only where they say so.  An errno
 * that they return is one that Documentation/user-abi.rst lists.
 */
#ifndef _KVM_CSS_USER_UNIT_H
#define _KVM_CSS_USER_UNIT_H

#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/types.h>

#include <linux/kvm_css.h>

#include <kvm_css/command.h>

struct css_device;
struct user_device;
struct user_unit;

/* How long an answer may take after HALT SUBCHANNEL, in milliseconds */
#define USER_HALT_MS	1000

/**
 * struct user_unit_ops - what a unit needs of its owner
 * @wake: the process may go on: user_unit_ready() is true now.  Called with a
 *	spinlock held
 * @free: nobody has a reference to the unit any more; may sleep
 */
struct user_unit_ops {
	void (*wake)(struct user_unit *unit);
	void (*free)(struct user_unit *unit);
};

/**
 * struct user_kept - status that the device has not presented yet
 * @status: device status; zeros for none
 * @sense_len: how many sense bytes there are
 * @sense: the sense bytes
 */
struct user_kept {
	u8 status;
	u8 sense_len;
	u8 sense[32];
};

/**
 * struct user_next - a command that is chained to the one that was issued
 * @command: as the process sees it
 * @ccw: as the channel sees it
 */
struct user_next {
	struct kvm_css_command command;
	struct chanprog_chained ccw;
};

/**
 * struct user_unit - a unit
 * @ops: its owner's functions
 * @user: the device; the unit has a reference to it
 * @area: the data area, which the process changes at any time
 * @size: its size in bytes
 * @ref: counts the references to the unit
 * @events: KVM_CSS_EVENT_* that the process has not been told of
 * @seq: the number of the last command that was issued
 * @command: this command
 * @chains: the process also takes commands that are chained to one
 * @nr_next: how many commands in @next it may execute with @command
 * @next: these commands
 * @answer: the answer to the last command that it has executed
 * @nr_done: how many it has executed before
 * @done: how they have ended
 * @used: how many of them the channel program has got; for its runner only
 * @held: the number of the command whose data the process has in the area; 0 for
 *	none.  The command may be over
 * @taken: the last user_unit_fetch() has found a command that the process didn't have
 *	before
 * @told: the process has been told of a reset since it has got them
 * @operation: the number of the command that was answered with channel end alone, and
 *	whose device end has not been presented; 0 for none
 * @ending: how this operation has ended, and what has not been presented yet
 * @unsolicited: unsolicited status that has not been presented yet
 * @busy: KVM_CSS_BUSY_*
 * @asked: a start function waits until it isn't busy any more
 * @selected: when the process has last said that it isn't busy any more, and a start
 *	function had waited; in ns
 * @fetching: a thread is between user_unit_enter() and user_unit_exit()
 * @halting: the command has been halted, and @timer ends it
 * @halt_end: when, in ns
 * @timer: expires then
 * @point: where the data of the command are in the program; for its runner only
 *
 * All behind @ref and before @point is protected by &user_device.lock.
 */
struct user_unit {
	const struct user_unit_ops *ops;
	struct user_device *user;
	u8 *area;
	u32 size;
	struct kref ref;
	u32 events;
	u64 seq;
	struct kvm_css_command command;
	bool chains;
	u32 nr_next;
	struct user_next next[KVM_CSS_NEXT];
	struct kvm_css_answer answer;
	u32 nr_done;
	struct kvm_css_done done[KVM_CSS_NEXT];
	u32 used;
	u64 held;
	bool taken;
	bool told;
	u64 operation;
	struct user_kept ending;
	struct user_kept unsolicited;
	u32 busy;
	bool asked;
	bool fetching;
	u64 selected;
	bool halting;
	u64 halt_end;
	struct hrtimer timer;
	struct chanprog_point point;
};

/**
 * user_device_get() - take a reference to the device that a process models
 * @dev: a device of any type
 *
 * Context: any; the caller has a reference to the subchannel.
 * Return: the device; NULL when no process models it.
 */
struct user_device *user_device_get(struct css_device *dev);

/**
 * user_device_put() - give the reference back
 * @user: the device
 *
 * Context: process context; does not sleep.
 */
void user_device_put(struct user_device *user);

/**
 * user_device_area() - how large the data area of each unit is
 * @user: the device
 *
 * Context: any.
 * Return: the size in bytes.
 */
u32 user_device_area(const struct user_device *user);

/**
 * user_unit_init() - make a unit that does not serve yet
 * @unit: the unit, zeros; the owner gets the first reference
 * @ops: the owner's functions
 * @user: the device; the unit takes over the caller's reference
 * @area: the data area, user_device_area() bytes
 *
 * Context: process context; does not sleep.
 */
void user_unit_init(struct user_unit *unit, const struct user_unit_ops *ops,
		    struct user_device *user, u8 *area);

/**
 * user_unit_put() - give a reference to a unit back
 * @unit: the unit
 *
 * Context: process context; may sleep, if it is the last one, until the unit's timer
 * doesn't run any more.  The device's lock isn't held.
 */
void user_unit_put(struct user_unit *unit);

/**
 * user_unit_serve() - let a unit serve its device
 * @unit: the unit, which has not served yet
 * @take: take the device away from the unit that serves it now
 *
 * Context: process context; does not sleep.
 * Return: 0; -EBUSY when another unit serves it and @take is not set; -ENODEV when the
 * device has been removed.
 */
int user_unit_serve(struct user_unit *unit, bool take);

/**
 * user_unit_leave() - the unit serves no more, because no process has it
 * @unit: the unit, perhaps one that doesn't serve
 *
 * Context: process context; may sleep as user_unit_put().
 */
void user_unit_leave(struct user_unit *unit);

/**
 * user_unit_answer() - take a process's answer to a command
 * @unit: the unit
 * @arg: the answer, which is not trusted
 * @done: how the commands have ended that were executed before, not trusted
 * @nr_done: how many they are, KVM_CSS_NEXT at the most
 *
 * If nothing of it has to be stored in guest storage, the caller also completes the
 * command, and makes status pending.
 *
 * Context: process context; may sleep as cu_complete(); no lock held.
 * Return: 0; -EINVAL when no control unit could give such an answer; -ESTALE when it is
 * for a command that is not in progress; -ENODEV when the unit doesn't serve.
 */
int user_unit_answer(struct user_unit *unit, const struct kvm_css_answer *arg,
		     const struct kvm_css_done *done, u32 nr_done);

/**
 * user_unit_enter() - a thread is going to call user_unit_fetch()
 * @unit: the unit
 *
 * By this the process gives the data area back, if the command for which it has been
 * used is over and the process has been told so.
 *
 * Context: process context; does not sleep.
 * Return: 0; -EBUSY when another thread is at that; -ENODEV when the unit doesn't
 * serve.
 */
int user_unit_enter(struct user_unit *unit);

/**
 * user_unit_exit() - the counterpart of a successful user_unit_enter()
 * @unit: the unit
 *
 * Context: process context; does not sleep.
 */
void user_unit_exit(struct user_unit *unit);

/**
 * user_unit_fetch() - get what the process has to do
 * @unit: the unit
 * @again: also a command that was fetched before
 * @command: set to the command; all zero if there is none
 * @events: set to KVM_CSS_EVENT_*
 *
 * Context: process context; does not sleep; after user_unit_enter().
 * Return: 0, or -ENODEV.
 */
int user_unit_fetch(struct user_unit *unit, bool again,
		    struct kvm_css_command *command, u32 *events);

/**
 * user_unit_chains() - say whether the process takes chained commands
 * @unit: the unit
 * @chains: whether it does, from now on
 *
 * Context: process context; does not sleep; between user_unit_enter() and
 * user_unit_fetch().
 */
void user_unit_chains(struct user_unit *unit, bool chains);

/**
 * user_unit_next() - get the commands that are chained to the one that was fetched
 * @unit: the unit
 * @next: set to the commands, KVM_CSS_NEXT at the most
 *
 * Context: process context; does not sleep; after user_unit_fetch() has found a command
 * and before user_unit_exit().
 * Return: how many they are.
 */
u32 user_unit_next(struct user_unit *unit, struct kvm_css_command *next);

/**
 * user_unit_unfetch() - the process could not be given what was fetched
 * @unit: the unit
 * @command: what user_unit_fetch() has returned
 * @events: likewise
 *
 * Context: process context; does not sleep; before user_unit_exit().
 */
void user_unit_unfetch(struct user_unit *unit,
		       const struct kvm_css_command *command, u32 events);

/**
 * user_unit_ready() - is it time for another KVM_CSS_UNIT_EXCHANGE?
 * @unit: the unit
 * @again: as for user_unit_fetch()
 *
 * Context: process context; does not sleep.
 * Return: true when user_unit_fetch() would return something, when a command waits for
 * user_unit_enter(), and when the unit doesn't serve.
 */
bool user_unit_ready(struct user_unit *unit, bool again);

/**
 * user_unit_seems_ready() - as user_unit_ready(), for a thread that polls
 * @unit: the unit
 * @again: as for user_unit_fetch()
 *
 * Takes no lock, so what it says may be out of date.
 *
 * Context: process context; does not sleep; between user_unit_enter() and
 * user_unit_exit().
 * Return: whether it seems so.
 */
bool user_unit_seems_ready(const struct user_unit *unit, bool again);

/**
 * user_unit_info() - say what the process has to see to
 * @unit: the unit
 * @info: @command, @operation and @busy are set
 *
 * Context: process context; does not sleep.
 */
void user_unit_info(struct user_unit *unit, struct kvm_css_unit_info *info);

/**
 * user_unit_serves() - does the unit serve its device?
 * @unit: the unit
 *
 * Context: process context; does not sleep.
 * Return: whether it does.
 */
bool user_unit_serves(struct user_unit *unit);

/**
 * user_unit_present() - let the device present status
 * @unit: the unit
 * @present: what, not trusted; @size and @flags are not looked at
 *
 * Context: process context; does not sleep.
 * Return: 0; -EINVAL when no control unit could present it; -ESTALE when the process
 * has to be told of a reset first, or when the operation that it ends is over; -EBUSY
 * when it can't be added to unsolicited status that has not been presented; -ENODEV.
 */
int user_unit_present(struct user_unit *unit,
		      const struct kvm_css_present *present);

/**
 * user_unit_busy() - say whether the device accepts start functions
 * @unit: the unit
 * @busy: KVM_CSS_BUSY_*, not trusted
 *
 * Context: process context; does not sleep.
 * Return: 0; -EINVAL; -ESTALE when the process has to be told of a reset first;
 * -ENODEV.
 */
int user_unit_busy(struct user_unit *unit, u32 busy);

#endif /* _KVM_CSS_USER_UNIT_H */
