/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a device may do with the channel program while it executes a command:
 * move data, and ask how far the program and the command have got.
 *
 * Beside the functions in this header, &cu_ops.command and &cu_ops.complete may
 * use only three of those in chanprog.h: chanprog_stopped(), chanprog_dropped() and
 * chanprog_untouched().  The only member of struct chanprog that they may use is
 * &chanprog.guest.
 */
#ifndef _KVM_CSS_COMMAND_H
#define _KVM_CSS_COMMAND_H

#include <linux/types.h>

#include <kvm_css/chanprog.h>

/**
 * chanprog_may_wait() - may the current command wait?
 * @cp: the channel program
 *
 * Context: &cu_ops.command and &cu_ops.complete.
 * Return: true on a worker, false on a vCPU.
 */
static inline bool chanprog_may_wait(const struct chanprog *cp)
{
	return !cp->on_vcpu;
}

/**
 * chanprog_halted() - has a halt kept data of this command from being moved?
 * @cp: the channel program
 *
 * When chanprog_from_guest() has moved less data than the device needs, this
 * tells the device whether that is an error of the program (false), or due to a
 * halt (true).
 *
 * Context: &cu_ops.command and &cu_ops.complete.
 * Return: whether it has.
 */
static inline bool chanprog_halted(const struct chanprog *cp)
{
	return cp->halted;
}

/**
 * chanprog_broken_off() - has something kept data of this command from being
 * moved?
 * @cp: the channel program
 *
 * When chanprog_to_guest() or chanprog_from_guest() has moved less data than
 * the device asked for, this tells the device why.
 *
 * Context: &cu_ops.command and &cu_ops.complete.
 * Return: true when a check was recognized, or the program was halted or
 * dropped, so that the program ends with this command; false when the CCWs just
 * provide no more.
 */
static inline bool chanprog_broken_off(const struct chanprog *cp)
{
	return cp->cstat || cp->halted || chanprog_dropped(cp);
}

/**
 * chanprog_provided() - how much data the program surely provides now
 * @cp: the channel program
 *
 * A device calls this when it moves as much data as the program provides,
 * instead of a length of its own.  If it asked for more, the command would end
 * with incorrect length.
 *
 * Context: &cu_ops.command and &cu_ops.complete.
 * Return: how many bytes are left of the current CCW.  When none is left, but
 * data is chained, that is 1, because the next CCW has a count of at least 1.
 * It is 0 at the end of the data.
 */
static inline u32 chanprog_provided(const struct chanprog *cp)
{
	if (!cp->residual && cp->flags & CCW_CD)
		return 1;
	return cp->residual;
}

/**
 * chanprog_to_guest() - move data from the device to the guest (READ, SENSE)
 * @cp: the channel program
 * @data: the data
 * @len: in bytes
 *
 * This follows data chaining and indirect addresses, skips where the program
 * says so, and for read backward stores the first byte at the highest address.
 * The device may call it any number of times in a command.
 *
 * Context: &cu_ops.command and &cu_ops.complete; may sleep, for as long as
 * accesses to guest storage do; on a worker also until CPU time is paid for.
 * Return: how many bytes the channel program took.  When there are fewer than
 * @len, no more data of this command can be moved.  A device that has to know
 * why asks chanprog_broken_off() and chanprog_halted().
 */
u32 chanprog_to_guest(struct chanprog *cp, const void *data, u32 len);

/**
 * chanprog_from_guest() - move data from guest to device (WRITE, control)
 * @cp: the channel program
 * @data: where to
 * @len: in bytes
 *
 * This follows data chaining and indirect addresses.
 *
 * Context: as chanprog_to_guest().
 * Return: how many bytes the channel program gave, see chanprog_to_guest().
 */
u32 chanprog_from_guest(struct chanprog *cp, void *data, u32 len);

#endif /* _KVM_CSS_COMMAND_H */
