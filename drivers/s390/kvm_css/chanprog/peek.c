// SPDX-License-Identifier: GPL-2.0
/*
 * Looking at the data of a command before its device has asked for them.
 *
 * A device that is modelled by a process needs the data of a write or control
 * command before it knows how many of them it asks for, and asks later.  In between
 * the process executes the command.  So guest storage is accessed once, by
 * chanprog_peek(), which restores all of the program that this has changed, and notes
 * which CCWs it has passed.  From these notes chanprog_take() finds where the program
 * is when the device has asked for some of the bytes.  It makes no second access,
 * because the guest may have changed CCWs and data meanwhile, and the result would not
 * be that of the data that the device has.
 *
 * Without the prefetch control in the ORB, CCWs to which data chaining leads are so
 * fetched earlier than the device asks for their data; see deviations.rst.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/chanprog.h>
#include <kvm_css/command.h>

#include "internal.h"

static struct chanprog_passed current_ccw(const struct chanprog *cp, u16 count)
{
	return (struct chanprog_passed){
		.addr = cp->ccw_addr, .count = count, .flags = cp->flags,
	};
}

void peek_passes_pci(struct chanprog *cp)
{
	struct chanprog_point *point = cp->call->point;
	u32 at = point->start + (point->end.count - cp->residual);

	point->pci_from = min(point->pci_from, at);
}

bool peek_chains_data(const struct chanprog *cp)
{
	return cp->call->point->nr < CHANPROG_PASSED;
}

bool peek_passes_ccw(struct chanprog *cp)
{
	struct chanprog_point *point = cp->call->point;

	point->start += point->end.count;
	point->end = current_ccw(cp, cp->residual);
	point->passed[point->nr++] = point->end;
	if (cp->flags & CCW_PCI)
		peek_passes_pci(cp);
	return true;
}

/* Note where the program is, and why. */
static void note_end(const struct chanprog *cp, struct chanprog_point *point)
{
	point->residual = cp->residual;
	point->cstat = cp->cstat;
	point->failing = cp->failing;
	point->wants_more = cp->device_wants_more;
	/*
	 * If data chaining has led to an invalid CCW, this is not the one that became
	 * current last: its address is that of the SCSW, its count and flags are not.
	 */
	point->end.addr = cp->ccw_addr;
	point->end.flags = cp->flags;
	point->check = cp->cstat;
	point->more = !cp->cstat && (cp->residual || cp->flags & CCW_CD);
}

/*
 * Whether the program is gone or halted is true of it with and without the peek.  The
 * CCWs that have been fetched count for the turn, because they have taken time.
 */
void peek_restore(struct chanprog *cp, const struct chanprog *before)
{
	cp->cmd = before->cmd;
	cp->failing = before->failing;
	cp->next = before->next;
	cp->ccw_addr = before->ccw_addr;
	cp->flags = before->flags;
	cp->data = before->data;
	cp->residual = before->residual;
	cp->cstat = before->cstat;
	cp->one_by_one = before->one_by_one;
	cp->data_moved = before->data_moved;
	cp->device_wants_more = before->device_wants_more;
	cp->pci = before->pci;
}

u32 chanprog_peek(struct chanprog *cp, void *data, u32 len,
		  struct chanprog_point *point)
{
	const struct chanprog before = *cp;

	point->pci_from = U32_MAX;
	point->start = 0;
	point->end = current_ccw(cp, cp->residual);
	point->passed[0] = point->end;
	point->nr = 1;
	cp->call->point = point;
	point->moved = chanprog_from_guest(cp, data, len);
	cp->call->point = NULL;
	note_end(cp, point);
	peek_restore(cp, &before);
	return point->moved;
}

static void go_to(struct chanprog *cp, const struct chanprog_passed *ccw,
		  u16 residual)
{
	cp->ccw_addr = ccw->addr;
	cp->next = ccw->addr + CCW_SIZE;
	cp->flags = ccw->flags;
	cp->residual = residual;
}

void chanprog_take(struct chanprog *cp, const struct chanprog_point *point,
		   u32 len)
{
	u32 left = len, i;

	if (!len)
		return;
	cp->data_moved = true;
	if (len > point->pci_from)
		cp->pci = true;
	for (i = 0; len <= point->moved && i < point->nr; i++) {
		if (left <= point->passed[i].count) {
			go_to(cp, &point->passed[i],
			      point->passed[i].count - left);
			return;
		}
		left -= point->passed[i].count;
	}
	go_to(cp, &point->end, point->residual);
	if (len <= point->moved)
		return;
	cp->cstat |= point->cstat;
	cp->failing = point->failing;
	cp->device_wants_more = point->wants_more;
}
