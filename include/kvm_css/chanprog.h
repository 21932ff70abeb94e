/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel programs: Principles of Operation chapter 15, "Execution of I/O
 * Operations".  The functions in this header are for the subchannel.  command.h
 * has those that a device may call while it executes a command.
 *
 * A channel program has one owner at a time, so struct chanprog has no lock.
 * While somebody runs the program, the owner is this runner: the vCPU that
 * executes START or RESUME SUBCHANNEL, or a worker.  Otherwise the owner is
 * whoever holds the lock of the subchannel.  The only member that others write
 * is @stop, with chanprog_stop().
 */
#ifndef _KVM_CSS_CHANPROG_H
#define _KVM_CSS_CHANPROG_H

#include <linux/types.h>

#include <kvm_css/ccw.h>
#include <kvm_css/guest.h>
#include <kvm_css/layout.h>

struct css_budget;
struct css_device;

/**
 * struct chanprog_ending - how a channel program ended
 * @cpa: CCW address
 * @dstat: device status
 * @cstat: subchannel status
 * @count: residual count, in bytes
 * @device_active: device end is still to come
 *
 * TEST SUBCHANNEL will show this in the SCSW.  The device keeps its sense
 * bytes.
 */
struct chanprog_ending {
	u32 cpa;
	u8  dstat;
	u8  cstat;
	u16 count;
	bool device_active;
};

/* What became of a channel program that was run */
enum chanprog_state {
	/* The program has ended; &chanprog.ending says how. */
	CHANPROG_ENDED,
	/* A worker has to go on with the program. */
	CHANPROG_MUST_WAIT,
	/* A worker has to go on with the program when others had their turn. */
	CHANPROG_QUANTUM_USED,
	/*
	 * chanprog_intermediate() says what the guest has to be told.  Then the
	 * same runner goes on.
	 */
	CHANPROG_INTERMEDIATE,
	/*
	 * The device will say that the current command can be completed.  Then
	 * a worker goes on with the program.
	 */
	CHANPROG_PENDING,
	/* The program can go on after chanprog_device_end(). */
	CHANPROG_DISCONNECTED,
	/*
	 * The program has come to a CCW with the suspend flag.  It can go on
	 * after chanprog_resume().
	 */
	CHANPROG_SUSPENDED,
	/*
	 * The program was told to stop, or the VM is dying or has become a
	 * protected one.
	 */
	CHANPROG_STOPPED,
};

/*
 * Whether and why a program is to stop.  A later reason in this list replaces
 * an earlier one, and never the other way round.
 */
enum chanprog_stop {
	CHANPROG_GO_ON,
	/*
	 * The guest will be shown how the program ends.  The device ends the
	 * current command without more data, and no other command is executed.
	 */
	CHANPROG_HALT,
	/* Nobody will be shown how the program ends, so it may just be left. */
	CHANPROG_DROP,
};

/* Where a program is run for a turn */
enum chanprog_turn {
	CHANPROG_ON_VCPU,	/* for a short time; no command may wait */
	CHANPROG_ON_WORKER,	/* for longer; a command may wait */
	/*
	 * By a thread that the device has: it ends the command that was pending and
	 * begins no other.  Guest storage can't be accessed.
	 */
	CHANPROG_BY_DEVICE,
};

/**
 * struct transfer - the storage area to or from which data are moved next
 * @addr: absolute address of the next byte
 * @end: the highest address that a CCW, IDAW or MIDAW of this format can name
 * @left: how many bytes of the area are left; for an IDAW, the count may end
 *	before the area does
 * @list: absolute address of the next IDAW or MIDAW
 * @first: the first IDAW or MIDAW of the list has not been used yet
 * @skip: the skip flag of the current MIDAW
 */
struct transfer {
	u64 addr;
	u64 end;
	u32 left;
	u32 list;
	bool first;
	bool skip;
};

/**
 * struct chanprog_chained - a command that is chained to another one
 * @addr: absolute address of its CCW
 * @ccw: a copy of the CCW
 * @stored: a command before it stores data
 */
struct chanprog_chained {
	u32 addr;
	struct css_ccw ccw;
	bool stored;
};

/**
 * struct chanprog - a channel program
 * @guest: the VM whose storage the program uses
 * @dev: the device that executes the commands
 * @budget: to what CPU time of workers is charged; NULL if it is not counted
 * @spent: CPU time of workers, in ns, that has not been charged yet, for this
 *	program and those before it
 * @stop: whether and why the program is to stop; others set it, see
 *	chanprog_stop()
 * @ending: after CHANPROG_ENDED, how the program has ended; until then CCW
 *	address and count of the last command that has been executed, see
 *	chanprog_executed()
 * @failing: valid when @ending has channel-data check or channel-control check,
 *	or when a subchannel was restored with one of these checks
 * @orb_flags: second word of the ORB
 * @key: the subchannel key in the ORB, for every access to storage
 * @limit_low: address-limit checking: data must lie at this address or above
 * @limit_high: address-limit checking: data must lie below this address
 * @next: absolute address of the CCW to fetch next
 * @ccw_addr: absolute address of the current CCW
 * @cmd: command code of the current command; data chaining doesn't change it
 * @flags: flags of the current CCW, CCW_*
 * @data: the storage area for the next data
 * @residual: bytes of the current CCW that have not been moved
 * @cstat: subchannel status of the current command
 * @one_by_one: an access for several storage areas has failed, so from then on
 *	the data of each are moved by themselves
 * @quantum: how many CCWs may still be fetched in this turn
 * @call: what the runner has for this call of chanprog_run(); NULL while nobody
 *	is in chanprog_run()
 * @in_turn: chanprog_run() has returned CHANPROG_INTERMEDIATE, or chanprog_same_turn()
 *	was called, so its next call goes on with the same turn
 * @on_vcpu: the runner is not a worker, but a vCPU, or a thread of the device's
 * @first: no CCW has been fetched yet
 * @untouched: no command has been executed yet
 * @suspended: a CCW with the suspend flag has become current, and the program
 *	has not been resumed
 * @disconnected: a command that is chained has ended with channel end, and
 *	device end has to come before the next command
 * @pending: the device has answered CU_PENDING to the current command, and has
 *	not completed it yet
 * @accepted: a command has been pending, so that the initial status of the
 *	first one is not to be looked at any more
 * @device_end: the status that the device has presented after channel end and
 *	that the runner has not looked at yet; zeros for none
 * @ccw_valid: the current CCW has been fetched, and its command has not ended
 * @data_moved: the device has asked for data in the current command
 * @device_wants_more: the device asked for more data than the CCWs provide
 * @pci: the guest has to be told of a PCI flag
 * @zero_cc: the guest has to be told that the initial status was zeros; its ORB
 *	has asked for that
 * @halted: a halt has kept data of the current command from being moved
 * @gone: an access to storage has found that the VM is dying or has become a
 *	protected one
 * @follow: the command behind the current one, if the device has executed that, too;
 *	otherwise NULL.  It is part of the device
 * @followed: the current command was in @follow
 */
struct chanprog {
	struct guest *guest;
	struct css_device *dev;
	struct css_budget *budget;
	u64 spent;
	enum chanprog_stop stop;
	struct chanprog_ending ending;
	struct chanprog_failing failing;

	/*
	 * What follows is accessed only by the files in chanprog/, and by
	 * inline functions in this header and in command.h.
	 */
	u32 orb_flags;
	u8  key;
	u8  cstat;
	bool one_by_one;
	bool in_turn;
	u64 limit_low;
	u64 limit_high;
	u32 next;
	u32 ccw_addr;
	u32 quantum;
	u8  cmd;
	u8  flags;
	u16 residual;
	struct transfer data;
	struct chanprog_call *call;
	const struct chanprog_chained *follow;
	bool on_vcpu;
	bool first;
	bool untouched;
	bool suspended;
	bool disconnected;
	bool pending;
	bool accepted;
	u8   device_end;
	bool ccw_valid;
	bool data_moved;
	bool device_wants_more;
	bool pci;
	bool zero_cc;
	bool halted;
	bool gone;
	bool followed;
};

/**
 * struct chanprog_saved - the saved state of a channel program
 * @orb_flags: second word of the ORB
 * @ccw: absolute address of the CCW that is fetched next
 * @count: the count of this CCW, if the program was suspended at it and no
 *	runner has gone on with it since; 0 otherwise
 * @begun: the first CCW has been fetched
 * @executed: the device has executed a command
 * @suspended: the program is suspended at this CCW, and has not been resumed
 */
struct chanprog_saved {
	u32 orb_flags;
	u32 ccw;
	u16 count;
	bool begun;
	bool executed;
	bool suspended;
};

/**
 * chanprog_orb_valid() - is this ORB a valid operand of START SUBCHANNEL?
 * @orb: the ORB
 *
 * Chapter 14, START SUBCHANNEL, says what is an operand exception.
 *
 * Context: any.
 * Return: false when it is an operand exception.
 */
bool chanprog_orb_valid(const struct css_orb *orb);

/**
 * chanprog_save() - save what a program needs to go on later
 * @cp: the channel program; it has not begun, is suspended or has just been
 *	resumed, or is at a command that has not been executed; nobody runs it
 * @saved: where to
 *
 * A CCW that has been fetched, but not executed, will be fetched again.
 *
 * Context: the owner; does not sleep.
 */
void chanprog_save(const struct chanprog *cp, struct chanprog_saved *saved);

/**
 * chanprog_saved_valid() - can chanprog_save() have saved such a program?
 * @saved: what userspace says that chanprog_save() has saved
 *
 * Context: any.
 * Return: whether it can.
 */
bool chanprog_saved_valid(const struct chanprog_saved *saved);

/**
 * chanprog_restore() - prepare a program to go on where it was saved
 * @cp: the channel program, which nobody runs; its @guest, @dev, @budget and
 *	@spent stay as they are
 * @saved: what chanprog_saved_valid() has accepted
 * @limit: for address-limit checking, if the ORB asks for it
 *
 * Context: the owner; does not sleep.
 */
void chanprog_restore(struct chanprog *cp, const struct chanprog_saved *saved,
		      const struct chanprog_limit *limit);

/**
 * chanprog_init() - prepare a channel program
 * @cp: the channel program, which nobody runs; its @guest, @dev, @budget and
 *	@spent stay as they are
 * @orb: the ORB, which chanprog_orb_valid() has accepted
 * @limit: for address-limit checking, if the ORB asks for it
 *
 * Context: the owner; does not sleep.
 */
void chanprog_init(struct chanprog *cp, const struct css_orb *orb,
		   const struct chanprog_limit *limit);

/**
 * chanprog_run() - run a channel program for a turn
 * @cp: the channel program, which the caller owns as its runner
 * @turn: where the caller runs it
 *
 * After CHANPROG_PENDING it is called again, on a worker, when the device has
 * called cu_completed(), or with CHANPROG_BY_DEVICE, in cu_complete(), or by the same
 * runner, after chanprog_same_turn().
 *
 * Context: the runner; may sleep; may access guest storage, see
 * guest_storage_read(), except with CHANPROG_BY_DEVICE.
 * Return: what became of it.
 */
enum chanprog_state chanprog_run(struct chanprog *cp, enum chanprog_turn turn);

/**
 * chanprog_same_turn() - the runner goes on after CHANPROG_PENDING
 * @cp: the channel program
 *
 * The device has called cu_take_completion() before the runner has left the program.  The
 * next chanprog_run() is part of the same turn.
 *
 * Context: the runner; does not sleep.
 */
static inline void chanprog_same_turn(struct chanprog *cp)
{
	cp->in_turn = true;
}

/**
 * chanprog_resume() - let a suspended program go on
 * @cp: the channel program, which nobody runs
 *
 * The next runner fetches the CCW at which the program was suspended again, and
 * looks at its suspend flag again.
 *
 * Context: the owner; does not sleep.
 */
void chanprog_resume(struct chanprog *cp);

/**
 * chanprog_device_end() - the device has presented status after channel end
 * @cp: the channel program, after CHANPROG_DISCONNECTED; nobody runs it
 * @dstat: device status, not zeros
 *
 * When the program is run the next time, device end lets it go on with the next
 * CCW, or with the CCW after that if there is status modifier, too.  Any other
 * status ends the program, even if it includes device end.
 *
 * Context: the owner; does not sleep.
 */
void chanprog_device_end(struct chanprog *cp, u8 dstat);

/**
 * chanprog_unusual_end() - the status after channel end that ends the program
 * @cp: the channel program, which nobody runs
 *
 * Context: the owner; does not sleep.
 * Return: the device status that chanprog_device_end() got, if the program will
 * end with it; zeros if there is none, or if it lets the program go on.
 */
u8 chanprog_unusual_end(const struct chanprog *cp);

/**
 * chanprog_disconnected() - is the program between channel end and device end?
 * @cp: the channel program, which nobody runs
 *
 * Context: the owner; does not sleep.
 * Return: whether the program waits for chanprog_device_end().
 */
static inline bool chanprog_disconnected(const struct chanprog *cp)
{
	return cp->disconnected;
}

/**
 * chanprog_pending() - is the current command pending?
 * @cp: the channel program, which nobody runs
 *
 * A command stays pending until chanprog_run() has had the device complete it.
 *
 * Context: the owner; does not sleep.
 * Return: whether it is.
 */
static inline bool chanprog_pending(const struct chanprog *cp)
{
	return cp->pending;
}

/**
 * chanprog_begun() - has the first CCW of the program been fetched?
 * @cp: the channel program, which nobody runs
 *
 * Context: the owner; does not sleep.
 * Return: whether it has.
 */
static inline bool chanprog_begun(const struct chanprog *cp)
{
	return !cp->first;
}

/**
 * chanprog_next() - the address of the CCW that is fetched next
 * @cp: the channel program, which nobody runs
 *
 * Context: the owner; does not sleep.
 * Return: its absolute address; the one in the ORB if the program has not
 * begun.
 */
static inline u32 chanprog_next(const struct chanprog *cp)
{
	return cp->next;
}

/**
 * chanprog_position() - where a program that will go on is now
 * @cp: the channel program, after CHANPROG_SUSPENDED, CHANPROG_INTERMEDIATE or
 *	CHANPROG_PENDING
 * @ending: where to: CCW address and residual count of the current CCW; the
 *	other members become zero
 *
 * Context: the owner; does not sleep.
 */
void chanprog_position(const struct chanprog *cp,
		       struct chanprog_ending *ending);

/**
 * chanprog_executed() - how far a program had got when it was stopped
 * @cp: the channel program, which has been stopped; nobody runs it
 * @ending: where to: CCW address and residual count of the last command that
 *	has been executed; if none has, the CCW address in the ORB and a count
 *	of 0; the other members become zero
 *
 * This leaves out a CCW that has been fetched, but whose command the device has
 * not begun.
 *
 * Context: the owner; does not sleep.
 */
void chanprog_executed(const struct chanprog *cp,
		       struct chanprog_ending *ending);

/* What the guest is told while its program goes on */
#define CHANPROG_PCI		0x1	/* a CCW or MIDAW has asked for a PCI */
#define CHANPROG_ZERO_CC	0x2	/* the initial status was zeros */

/**
 * chanprog_has_news() - has the guest to be told something?
 * @cp: the channel program
 *
 * Context: the owner; does not sleep.
 * Return: whether chanprog_intermediate() would return a condition.
 */
static inline bool chanprog_has_news(const struct chanprog *cp)
{
	return cp->pci || cp->zero_cc;
}

/**
 * chanprog_intermediate() - take the conditions that make intermediate status
 * @cp: the channel program, after CHANPROG_INTERMEDIATE, CHANPROG_PENDING or
 *	CHANPROG_ENDED
 *
 * Context: the owner; does not sleep.
 * Return: CHANPROG_PCI and CHANPROG_ZERO_CC, or 0; no condition is returned
 * twice.
 */
unsigned int chanprog_intermediate(struct chanprog *cp);

/**
 * chanprog_untouched() - has no command of the program been executed so far?
 * @cp: the channel program
 *
 * Context: the owner; does not sleep.
 * Return: true when none has.
 */
static inline bool chanprog_untouched(const struct chanprog *cp)
{
	return cp->untouched;
}

/**
 * chanprog_stop() - tell a program to stop
 * @cp: the channel program
 * @why: CHANPROG_HALT or CHANPROG_DROP
 *
 * The program stays told to stop until chanprog_init() or chanprog_restore()
 * prepares another one.
 *
 * Context: does not sleep; the caller serializes its calls with each other, and
 * with chanprog_init() and chanprog_restore().
 */
static inline void chanprog_stop(struct chanprog *cp, enum chanprog_stop why)
{
	if (cp->stop < why)
		WRITE_ONCE(cp->stop, why);
}

/**
 * chanprog_dropped() - will nobody see how the program ends?
 * @cp: the channel program
 *
 * That is so when the program has been cleared, reset or removed, when the VM
 * has become a protected one, and when it is dying, see guest_gone().  (A VM
 * isn't dying while one of its vCPUs runs the program.)  A device that has
 * taken data may leave some of the data unprocessed only if this function
 * returns true: then nobody is shown the status with which the device ends the
 * command.
 *
 * Context: the runner; does not sleep.
 * Return: true when nobody will.
 */
static inline bool chanprog_dropped(const struct chanprog *cp)
{
	return cp->gone || READ_ONCE(cp->stop) == CHANPROG_DROP ||
	       (!cp->on_vcpu && guest_gone(cp->guest));
}

/**
 * chanprog_stopped() - has the program been halted or dropped?
 * @cp: the channel program
 *
 * A device that waits calls this now and then, and ends its command early when
 * the result is true.  The guest sees how the command has ended, unless the
 * program has been dropped.
 *
 * Context: the runner; does not sleep.
 * Return: true when the program is to stop.
 */
static inline bool chanprog_stopped(const struct chanprog *cp)
{
	return READ_ONCE(cp->stop) != CHANPROG_GO_ON || chanprog_dropped(cp);
}

#endif /* _KVM_CSS_CHANPROG_H */
