// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that follow another one, for a device that can execute several before it
 * says how they have ended.
 *
 * With the prefetch control in the ORB, CCWs may be fetched before they become current,
 * and so may the data of a command that fetches some (Principles of Operation chapter
 * 15, "Prefetching").  So chanprog_chained() copies a CCW that is chained to another one,
 * and chanprog_chained_data() its data.  Both leave the program as it is.  When the device
 * says that it has executed that command, too, chanprog_follow() lets the program go on
 * with the copy, and doesn't look at storage again.
 *
 * The device must only execute a command that the program comes to.  So nothing is looked
 * at behind a CCW of which it can't be told beforehand whether the program goes on, or
 * whether somebody else than the device has to do something first:
 *
 * - With chained data, the length depends on more than one CCW.
 * - A PCI flag has to be told before its command is executed, MIDAWs may have one, and a
 *   suspend flag suspends the program.
 * - If the ORB asks for initial status, the guest is to be told that it was zeros when
 *   the first command has been executed.
 * - A TIC may lead to where a loop is, or to a CCW that a command has read.
 * - A command that stores data may meet an error of the guest's storage, and it may
 *   store what a later command fetches.  Behind it, only NO-OPERATION is executed in
 *   vain without any effect, so this is all that follows it.
 * - An invalid CCW, and data that can't be fetched, make a check when the program has
 *   come to them.
 *
 * HALT SUBCHANNEL may come when the device has executed a command and those that follow
 * it.  It is recognized behind the last one of them, as if it had come a bit later.
 */
#include <linux/minmax.h>
#include <linux/types.h>

#include <kvm_css/ccw.h>
#include <kvm_css/chanprog.h>
#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>

#include "internal.h"

/* Nothing can be foreseen behind such a CCW, nor in it if it isn't the first. */
#define UNFORESEEN	(CCW_CD | CCW_MIDA)
/* Nor in such a one, but behind it. */
#define TOLD_FIRST	(CCW_PCI | CCW_SUSPEND)

static bool may_look_on(const struct chanprog *cp)
{
	if (!(cp->orb_flags & ORB_PREFETCH))
		return false;
	return !(cp->untouched && cp->orb_flags & ORB_INITIAL_STATUS);
}

/* @stored: a command before it has stored data */
static bool may_follow(const struct chanprog *cp, const struct css_ccw *ccw,
		       bool stored)
{
	if (ccw_is_tic(ccw) || ccw->flags & (UNFORESEEN | TOLD_FIRST) ||
	    !ccw_valid(ccw, cp->orb_flags, FETCH_COMMAND))
		return false;
	return !stored || ccw->cmd == CU_CMD_NOOP;
}

bool chanprog_chained(struct chanprog *cp,
		      const struct chanprog_chained *before,
		      struct chanprog_chained *next)
{
	const u8 flags = before ? before->ccw.flags : cp->flags;
	const u8 cmd = before ? before->ccw.cmd : cp->cmd;
	const u8 *raw;

	if (!may_look_on(cp) || !(flags & CCW_CC) || flags & UNFORESEEN)
		return false;
	next->addr = before ? before->addr + CCW_SIZE : cp->next;
	raw = ahead_look(cp, next->addr);
	if (!raw)
		return false;
	ccw_decode(&next->ccw, raw, cp->orb_flags);
	next->stored = !ccw_fetches_data(cmd) || (before && before->stored);
	return may_follow(cp, &next->ccw, next->stored);
}

/*
 * Principles of Operation chapter 16, "Incorrect Length".  It is what incorrect_length()
 * in chanprog.c does, for a command with channel end and device end.
 */
unsigned int chanprog_goes_on(const struct chanprog *cp, u8 flags, u16 count)
{
	unsigned int when = 0;

	if (flags & CCW_SLI)
		when |= CHANPROG_NEXT_ANY;
	if (flags & CCW_SLI || !count || !(cp->orb_flags & ORB_FORMAT) ||
	    cp->orb_flags & ORB_ILS)
		when |= CHANPROG_NEXT_IMMEDIATE;
	return when;
}

/* Make the copy the current CCW. */
static void enter(struct chanprog *cp, const struct chanprog_chained *next)
{
	cp->ccw_addr = next->addr;
	cp->next = next->addr + CCW_SIZE;
	cp->cmd = next->ccw.cmd;
	cp->flags = next->ccw.flags;
	cp->residual = next->ccw.count;
	cp->call->idaws.len = 0;
	transfer_begin(cp, next->ccw.cda);
}

bool chanprog_chained_data(struct chanprog *cp,
			   const struct chanprog_chained *next, void *data)
{
	const struct chanprog before = *cp;
	bool all;

	enter(cp, next);
	all = chanprog_from_guest(cp, data, next->ccw.count) == next->ccw.count;
	peek_restore(cp, &before);
	cp->call->idaws.len = 0;
	return all;
}

void chanprog_follow(struct chanprog *cp, const struct chanprog_chained *next)
{
	cp->follow = next;
}

bool follow_begin(struct chanprog *cp)
{
	if (!cp->follow)
		return false;
	enter(cp, cp->follow);
	cp->follow = NULL;
	cp->followed = true;
	cp->data_moved = false;
	cp->device_wants_more = false;
	cp->halted = false;
	cp->ccw_valid = true;
	return true;
}

void chanprog_take_chained(struct chanprog *cp, u32 len)
{
	if (!len)
		return;
	cp->data_moved = true;
	cp->device_wants_more = len > cp->residual;
	cp->residual -= min_t(u32, len, cp->residual);
}
