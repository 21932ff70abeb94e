/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a device may do with the channel program while it executes a command:
 * move data, look at data, and ask how far the program and the command have got.
 *
 * Beside the functions in this header, &cu_ops.command and &cu_ops.complete may
 * use only three of those in chanprog.h: chanprog_stopped(), chanprog_dropped() and
 * chanprog_untouched().  The only member of struct chanprog that they may use is
 * &chanprog.guest.
 */
#ifndef _KVM_CSS_COMMAND_H
#define _KVM_CSS_COMMAND_H

#include <linux/types.h>

#include <kvm_css/ccw.h>
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

/**
 * chanprog_fetches() - does the current command take data from the guest?
 * @cp: the channel program
 *
 * Context: &cu_ops.command and &cu_ops.complete.
 * Return: true for write and control; false for read, read backward and sense.
 */
static inline bool chanprog_fetches(const struct chanprog *cp)
{
	return ccw_fetches_data(cp->cmd);
}

/**
 * chanprog_ccw_flags() - how the current CCW goes on
 * @cp: the channel program
 *
 * Context: &cu_ops.command and &cu_ops.complete, before data have been moved.
 * Return: CCW_CD, CCW_CC and CCW_SLI, as far as the CCW has them.
 */
static inline u8 chanprog_ccw_flags(const struct chanprog *cp)
{
	return cp->flags & (CCW_CD | CCW_CC | CCW_SLI);
}

/**
 * chanprog_asks() - the device asks for data, although it moves none
 * @cp: the channel program
 *
 * Then the command isn't an immediate operation.
 *
 * Context: &cu_ops.command and &cu_ops.complete.
 */
static inline void chanprog_asks(struct chanprog *cp)
{
	cp->data_moved = true;
}

/* How many CCWs of one command a struct chanprog_point has room for */
#define CHANPROG_PASSED		128

/**
 * struct chanprog_passed - a CCW of which chanprog_peek() has moved data
 * @addr: its absolute address
 * @count: its count
 * @flags: its flags, CCW_*
 */
struct chanprog_passed {
	u32 addr;
	u16 count;
	u8  flags;
};

/**
 * struct chanprog_point - what chanprog_peek() has found
 * @moved: how many bytes it has moved
 * @more: the CCWs provide more
 * @check: a check was recognized at the byte behind @moved
 * @pci_from: whoever asks for more bytes than that meets a PCI flag; U32_MAX for
 *	none
 * @start: how many bytes lie before the last CCW that has become current
 * @end: this last CCW
 * @residual: how many bytes of it are left
 * @cstat: subchannel status there
 * @failing: as &chanprog.failing there
 * @wants_more: the data have ended there
 * @nr: how many CCWs are in @passed: the first ones
 * @passed: the CCWs of the command
 *
 * Devices look at @moved, @more and @check only.
 */
struct chanprog_point {
	u32 moved;
	bool more;
	bool check;
	u32 pci_from;
	u32 start;
	struct chanprog_passed end;
	u16 residual;
	u8  cstat;
	bool wants_more;
	struct chanprog_failing failing;
	u32 nr;
	struct chanprog_passed passed[CHANPROG_PASSED];
};

/**
 * chanprog_peek() - move data from guest to device, and leave the program as it is
 * @cp: the channel program; the command has not moved data yet
 * @data: where to
 * @len: in bytes, not zero
 * @point: filled in for chanprog_take()
 *
 * This is for a device that needs the data before it knows how many of them it asks
 * for.  It moves as many as chanprog_from_guest() would, but no more than those of
 * CHANPROG_PASSED CCWs.  Nothing of what that would
 * change remains changed: neither count nor CCW address, subchannel status, PCI nor
 * incorrect length.
 *
 * If the program is stopped meanwhile, the device must not use the data, but end the
 * command without chanprog_take(), as one of which no data have moved.
 *
 * Context: &cu_ops.command and &cu_ops.complete; may sleep as chanprog_from_guest().
 * Return: &chanprog_point.moved.
 */
u32 chanprog_peek(struct chanprog *cp, void *data, u32 len,
		  struct chanprog_point *point);

/**
 * chanprog_take() - let the device have asked for data that it has peeked at
 * @cp: the channel program, in the same command as in chanprog_peek(), perhaps in
 *	&cu_ops.complete
 * @point: what chanprog_peek() has filled in
 * @len: for how many bytes, at most the @len of chanprog_peek()
 *
 * After this the program is where it would be if the device had asked
 * chanprog_from_guest() for so many bytes in place of chanprog_peek(), even if it has
 * been halted since.  For 0 it stays as it is.  Guest storage isn't accessed again, so
 * it doesn't matter whether the guest has changed anything.
 *
 * The device moves no more data of the command afterwards.
 *
 * Context: &cu_ops.command and &cu_ops.complete; does not sleep.
 */
void chanprog_take(struct chanprog *cp, const struct chanprog_point *point,
		   u32 len);

/**
 * chanprog_chained() - get a command that follows, if the device may execute it, too
 * @cp: the channel program; the current command has moved no data yet
 * @before: the command that it follows, of which that was said; NULL for the current one
 * @next: filled in
 *
 * A device that can execute several commands before it says how they have ended calls
 * this.  follow.c says which commands it may have so.
 *
 * Context: &cu_ops.command and &cu_ops.complete; may sleep as chanprog_from_guest().
 * Return: whether there is one.  The device may execute it if the command before ends with
 * channel end and device end and nothing else, and chanprog_goes_on() says that the program
 * goes on then.
 */
bool chanprog_chained(struct chanprog *cp,
		      const struct chanprog_chained *before,
		      struct chanprog_chained *next);

/**
 * chanprog_chained_data() - get the data of a command that follows
 * @cp: as for chanprog_chained()
 * @next: what it has filled in, for a command that fetches data and of which @stored is
 *	not set
 * @data: where to: room for as many bytes as the count of the CCW
 *
 * Context: as chanprog_chained().
 * Return: whether all of the data could be fetched.  If not, the device must not execute
 * the command before the program has come to it.
 */
bool chanprog_chained_data(struct chanprog *cp,
			   const struct chanprog_chained *next, void *data);

/* A command with this length doesn't keep the program from going on: */
#define CHANPROG_NEXT_ANY	0x1	/* any, if it is no immediate operation */
#define CHANPROG_NEXT_IMMEDIATE	0x2	/* that of an immediate operation */

/**
 * chanprog_goes_on() - when does the program go on behind a command?
 * @cp: the channel program
 * @flags: flags of the CCW, which doesn't chain data
 * @count: its count
 *
 * Context: &cu_ops.command and &cu_ops.complete.
 * Return: CHANPROG_NEXT_*.  Without CHANPROG_NEXT_ANY, it goes on behind a command that isn't
 * an immediate operation if that has asked for exactly @count bytes.
 */
unsigned int chanprog_goes_on(const struct chanprog *cp, u8 flags, u16 count);

/**
 * chanprog_follow() - the device has executed the next command, too
 * @cp: the channel program
 * @next: the command, one of chanprog_chained()
 *
 * @next stays as it is until &cu_ops.command is called for it.
 *
 * The device calls this before it moves data of the current command, which has ended with
 * channel end and device end and a length with which the program goes on.  Its
 * &cu_ops.command is called for @next after that, unless a check of storage ends the
 * program, or the program is dropped.
 *
 * Context: &cu_ops.command and &cu_ops.complete; does not sleep.
 */
void chanprog_follow(struct chanprog *cp, const struct chanprog_chained *next);

/**
 * chanprog_followed() - was the current command one of chanprog_follow()?
 * @cp: the channel program
 *
 * Context: &cu_ops.command.
 * Return: whether the device has executed it already.
 */
static inline bool chanprog_followed(const struct chanprog *cp)
{
	return cp->followed;
}

/**
 * chanprog_take_chained() - as chanprog_take(), for a command of chanprog_follow()
 * @cp: the channel program, in a command for which chanprog_followed() is true
 * @len: for how many bytes of the guest's the device has asked
 *
 * Context: &cu_ops.command; does not sleep.
 */
void chanprog_take_chained(struct chanprog *cp, u32 len);

#endif /* _KVM_CSS_COMMAND_H */
