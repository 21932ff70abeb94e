/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a device may ask, and move, while it executes a command of a channel
 * program: all that &cu_ops.command may use of struct chanprog.
 */
#ifndef _KVM_CSS_COMMAND_H
#define _KVM_CSS_COMMAND_H

#include <linux/types.h>

#include <kvm_css/chanprog.h>

/**
 * chanprog_may_wait() - may the current command wait?
 * @cp: the channel program
 *
 * Context: &cu_ops.command.
 * Return: true on a worker, false on a vCPU.
 */
static inline bool chanprog_may_wait(const struct chanprog *cp)
{
	return !cp->on_vcpu;
}

/**
 * chanprog_halted() - has a halt broken off the current command's data?
 * @cp: the channel program
 *
 * Tells a device for which chanprog_from_guest() moved less than it needs that
 * this is not the program's fault.
 *
 * Context: &cu_ops.command.
 * Return: whether it has.
 */
static inline bool chanprog_halted(const struct chanprog *cp)
{
	return cp->halted;
}

/**
 * chanprog_broken_off() - has the current command got no further?
 * @cp: the channel program
 *
 * Tells a device for which chanprog_to_guest() or chanprog_from_guest() moved
 * less than asked whether the program simply has no more (false), or something
 * went wrong or it was to stop, so that the program ends here (true).
 *
 * Context: &cu_ops.command.
 * Return: see above.
 */
static inline bool chanprog_broken_off(const struct chanprog *cp)
{
	return cp->cstat || cp->halted || chanprog_dropped(cp);
}

/**
 * chanprog_provided() - how much may be moved without being too much?
 * @cp: the channel program
 *
 * For a device that moves whatever the program provides, instead of a length
 * of its own.
 *
 * Context: &cu_ops.command.
 * Return: what is left of the current CCW; 1 when nothing is left but data is
 * chained, as the next CCW provides at least that; 0 at the end of the data.
 */
static inline u32 chanprog_provided(const struct chanprog *cp)
{
	if (!cp->residual && cp->flags & CCW_CD)
		return 1;
	return cp->residual;
}

/**
 * chanprog_to_guest() - the device gives data (READ, SENSE)
 * @cp: the channel program
 * @data: the data
 * @len: in bytes
 *
 * Goes through data chaining and skipping; may be called as often as there is
 * more data.
 *
 * Context: &cu_ops.command; may sleep for guest storage only.
 * Return: how many bytes the channel program took.  When fewer than @len, the
 * channel subsystem has told the device to stop, and the command has nothing
 * more to move; why is known here and not the device's business.
 */
u32 chanprog_to_guest(struct chanprog *cp, const void *data, u32 len);

/**
 * chanprog_from_guest() - the device takes data (WRITE, control)
 * @cp: the channel program
 * @data: where to
 * @len: in bytes
 *
 * Context: &cu_ops.command; may sleep for guest storage only.
 * Return: how many bytes the channel program gave, see chanprog_to_guest().
 */
u32 chanprog_from_guest(struct chanprog *cp, void *data, u32 len);

#endif /* _KVM_CSS_COMMAND_H */
