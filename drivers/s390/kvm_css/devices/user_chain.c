// SPDX-License-Identifier: GPL-2.0
/*
 * A device that a process models: the commands that are chained to the one that is issued
 * and that the process may execute with it.
 *
 * chanprog/follow.c says which commands these can be.  Here they get a place in the data
 * area, and what the process has to know of them.  The process gets no more than there is
 * room for.  user_unit.c checks what it says of them, and user.c lets the channel program
 * go through them.
 */
#include <linux/types.h>

#include <linux/kvm_css.h>

#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/user_unit.h>

#include "user.h"

static u32 goes_on(const struct chanprog *cp, u8 ccw_flags, u16 count)
{
	const unsigned int when = chanprog_goes_on(cp, ccw_flags, count);

	return (when & CHANPROG_NEXT_ANY ? KVM_CSS_COMMAND_NEXT_ANY : 0) |
	       (when & CHANPROG_NEXT_IMMEDIATE ? KVM_CSS_COMMAND_NEXT_IMMEDIATE :
						 0);
}

/* The kernel may execute these itself. */
static bool goes_up(u8 cmd)
{
	return cmd != CU_CMD_SENSE && cmd != CU_CMD_SENSE_ID;
}

/*
 * Place the data of a command that follows in the area.
 * @at: where there is room; written: where there is room behind it
 * Return: false when there is none, or the data can't be fetched.
 */
static bool place(struct user_unit *unit, struct chanprog *cp,
		  struct user_next *next, u32 *at)
{
	const u16 count = next->ccw.ccw.count;
	struct kvm_css_command *command = &next->command;
	const bool fetches = ccw_fetches_data(next->ccw.ccw.cmd);

	/* This is NO-OPERATION, which takes no data. */
	if (fetches && next->ccw.stored)
		return true;
	/* One byte more, so that the device can ask for more than there are. */
	if (count + fetches > unit->size - *at)
		return false;
	command->offset = *at;
	command->room = unit->size - *at;
	if (fetches) {
		if (!chanprog_chained_data(cp, &next->ccw, unit->area + *at))
			return false;
		command->available = count;
	}
	*at += count;
	return true;
}

/* Add a command to those that follow.  Return: whether there is one. */
static bool add_next(struct user_unit *unit, struct chanprog *cp,
		     struct kvm_css_command *before, u32 *at)
{
	const u32 nr = unit->nr_next;
	struct user_next *next = &unit->next[nr];
	const u64 issued = before->issued;

	if (!chanprog_chained(cp, nr ? &unit->next[nr - 1].ccw : NULL, &next->ccw) ||
	    !goes_up(next->ccw.ccw.cmd))
		return false;
	next->command = (struct kvm_css_command){
		.code = next->ccw.ccw.cmd,
		.ccw_flags = next->ccw.ccw.flags & (CCW_CC | CCW_SLI),
		.provided = next->ccw.ccw.count,
		.issued = issued,
	};
	if (!place(unit, cp, next, at))
		return false;
	before->flags |= goes_on(cp, before->ccw_flags, before->provided);
	unit->nr_next++;
	return true;
}

void user_look_on(struct user_unit *unit, struct chanprog *cp,
		  struct kvm_css_command *command)
{
	struct kvm_css_command *before = command;
	u32 at = chanprog_fetches(cp) ? command->available : command->provided;

	unit->nr_next = 0;
	if (!READ_ONCE(unit->chains) || at > unit->size ||
	    command->flags & (KVM_CSS_COMMAND_MORE | KVM_CSS_COMMAND_CHECK))
		return;
	while (unit->nr_next < KVM_CSS_NEXT && add_next(unit, cp, before, &at))
		before = &unit->next[unit->nr_next - 1].command;
}
