/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel programs: Principles of Operation chapter 15, "Execution of I/O
 * Operations".  This is what a subchannel uses of them; command.h has what a
 * device may ask about the program whose command it executes.
 *
 * A channel program belongs to whoever runs it: the vCPU that executes START
 * SUBCHANNEL, and after CHANPROG_MUST_WAIT a worker.  There is never more than
 * one, so nothing in here is locked.  Only @stop is written by others, with
 * chanprog_stop().
 */
#ifndef _KVM_CSS_CHANPROG_H
#define _KVM_CSS_CHANPROG_H

#include <linux/types.h>

#include <kvm_css/guest.h>
#include <kvm_css/layout.h>

struct css_budget;
struct css_device;

/**
 * struct chanprog_ending - how a channel program ended
 * @cpa: CCW address, for the SCSW
 * @dstat: device status
 * @cstat: subchannel status
 * @count: residual count
 * @device_active: the device has presented channel end, and device end not yet
 *
 * This is what TEST SUBCHANNEL will show.  Sense bytes stay at the device.
 */
struct chanprog_ending {
	u32 cpa;
	u8  dstat;
	u8  cstat;
	u16 count;
	bool device_active;
};

/**
 * struct chanprog_failing - storage that the host could not provide
 * @address: absolute address
 * @what: what was accessed there, LOGOUT_*
 */
struct chanprog_failing {
	u64 address;
	u32 what;
};

/* What became of a channel program that was run. */
enum chanprog_state {
	CHANPROG_ENDED,		/* see chanprog.ending */
	CHANPROG_MUST_WAIT,	/* go on from here, on a worker */
	CHANPROG_QUANTUM_USED,	/* go on from here, after others had a turn */
	CHANPROG_INTERMEDIATE,	/* chanprog_intermediate(), and go on from here */
	CHANPROG_DISCONNECTED,	/* go on from here after chanprog_device_end() */
	CHANPROG_SUSPENDED,	/* at a CCW with the suspend flag, see resume */
	CHANPROG_STOPPED,	/* it was told to, or the VM is dying */
};

/*
 * Why a program is to stop.  A reason takes the place of a weaker one, and never
 * of a stronger one.
 */
enum chanprog_stop {
	CHANPROG_GO_ON,
	/*
	 * Somebody will look at how it ends: no more data, and no command behind
	 * the current one, which ends by itself.
	 */
	CHANPROG_HALT,
	/* Nobody will: whatever has not been done need not be. */
	CHANPROG_DROP,
};

/* Where a program is run for a turn */
enum chanprog_turn {
	CHANPROG_ON_VCPU,	/* little, and nothing that has to wait */
	CHANPROG_ON_WORKER,	/* anything */
};

/**
 * struct transfer - the area that the next bytes of data go to or come from
 * @addr: absolute address of the next byte
 * @end: the highest address that the area can name
 * @left: bytes of the area, as far as the count goes
 * @list: address of the next IDAW or MIDAW
 * @first: the first one of the list has not been used yet
 * @skip: the MIDAW's skip flag
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
 * struct chanprog - a channel program while it runs
 * @guest: whose storage
 * @dev: the device that executes the commands
 * @budget: what CPU time of workers is charged to; NULL if nobody counts it
 * @spent: CPU time of workers, in ns, that has not been charged yet; also that
 *	of the programs before
 * @stop: enum chanprog_stop; set by others, see chanprog_stop()
 * @ending: valid after CHANPROG_ENDED; until then CCW address and count of the
 *	last command that has been executed, see chanprog_executed()
 * @failing: valid while @ending has channel-data check or channel-control check
 * @orb_flags: second word of the ORB
 * @key: the ORB's key, for every access to storage
 * @limit_low: data lies at this address or above, see address-limit checking
 * @limit_high: and below this one
 * @next: address of the CCW to fetch next
 * @ccw_addr: address of the current CCW
 * @cmd: current command; data chaining does not change it
 * @flags: flags of the current CCW
 * @data: where the next byte of data goes to or comes from
 * @residual: bytes of the current CCW that have not been moved
 * @cstat: conditions the channel subsystem found in the current command
 * @quantum: CCWs that may still be fetched in this turn
 * @call: the runner's
 * @in_turn: the runner goes on after CHANPROG_INTERMEDIATE
 * @on_vcpu: the runner is a vCPU
 * @first: no CCW has been fetched yet
 * @untouched: no command has been executed yet
 * @suspended: a CCW with the suspend flag has become current
 * @disconnected: the current command has ended with channel end, and device end
 *	is to come before the next one
 * @device_end: the status that has come then, or zeros
 * @ccw_valid: the current CCW has been fetched and its command not yet ended
 * @data_moved: the device has asked for data in the current command
 * @device_wants_more: the device asked for more than the CCWs provide
 * @pci: a PCI flag has become current, and nobody been told
 * @zero_cc: the first command was accepted, likewise, if the ORB wants to know
 * @halted: a halt has kept data of the current command from being moved
 * @gone: the VM is dying
 */
struct chanprog {
	struct guest *guest;
	struct css_device *dev;
	struct css_budget *budget;
	u64 spent;
	enum chanprog_stop stop;
	struct chanprog_ending ending;
	struct chanprog_failing failing;

	/* What follows is accessed by the files in chanprog/ only. */
	u32 orb_flags;
	u8  key;
	u64 limit_low;
	u64 limit_high;
	u32 next;
	u32 ccw_addr;
	u8  cmd;
	u8  flags;
	struct transfer data;
	u16 residual;
	u8  cstat;
	u32 quantum;
	struct chanprog_call *call;
	bool in_turn;
	bool on_vcpu;
	bool first;
	bool untouched;
	bool suspended;
	bool disconnected;
	u8   device_end;
	bool ccw_valid;
	bool data_moved;
	bool device_wants_more;
	bool pci;
	bool zero_cc;
	bool halted;
	bool gone;
};

/**
 * struct chanprog_limit - what address-limit checking compares with
 * @mode: PMCW_LIMIT_MODE of the subchannel
 * @address: as SET ADDRESS LIMIT has set it
 */
struct chanprog_limit {
	u16 mode;
	u32 address;
};

/**
 * struct chanprog_saved - a channel program that is to go on elsewhere
 * @orb_flags: second word of the ORB
 * @ccw: address of the CCW that is fetched next
 * @count: residual count, of a program that is suspended
 * @begun: the first CCW has been fetched
 * @executed: the device has executed a command
 * @suspended: at the CCW, until it is resumed
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
 * chanprog_orb_valid() - may this be START SUBCHANNEL's operand?
 * @orb: the ORB
 *
 * Chapter 14, the operand exceptions of START SUBCHANNEL.
 *
 * Context: any.
 * Return: whether it may.
 */
bool chanprog_orb_valid(const struct css_orb *orb);

/**
 * chanprog_save() - what a program needs to go on elsewhere
 * @cp: the channel program, not begun, suspended, or at a command that has not
 *	been executed; nobody runs it
 * @saved: where to
 *
 * A CCW that has been fetched and not executed will be fetched again.
 *
 * Context: the owner; does not sleep.
 */
void chanprog_save(const struct chanprog *cp, struct chanprog_saved *saved);

/**
 * chanprog_saved_valid() - can there be such a program?
 * @saved: what somebody says that chanprog_save() gave
 *
 * Context: any.
 * Return: whether there can.
 */
bool chanprog_saved_valid(const struct chanprog_saved *saved);

/**
 * chanprog_restore() - prepare a program to go on where it was saved
 * @cp: the channel program; @cp->guest and @cp->dev are set
 * @saved: valid
 * @limit: for address-limit checking, if the ORB asks for it
 *
 * Context: the future owner; does not sleep.
 */
void chanprog_restore(struct chanprog *cp, const struct chanprog_saved *saved,
		      const struct chanprog_limit *limit);

/**
 * chanprog_init() - prepare a channel program
 * @cp: the channel program; @cp->guest and @cp->dev are set
 * @orb: the ORB, checked by START SUBCHANNEL
 * @limit: for address-limit checking, if the ORB asks for it
 *
 * Context: the future owner; does not sleep.
 */
void chanprog_init(struct chanprog *cp, const struct css_orb *orb,
		   const struct chanprog_limit *limit);

/**
 * chanprog_run() - run a channel program for a turn
 * @cp: the channel program
 * @turn: where
 *
 * Context: may sleep; the calling thread may access guest storage.
 * Return: what became of it.
 */
enum chanprog_state chanprog_run(struct chanprog *cp, enum chanprog_turn turn);

/**
 * chanprog_resume() - let a suspended program go on
 * @cp: the channel program, nobody runs it
 *
 * The CCW at which it was suspended is fetched again, and its suspend flag
 * looked at again.
 *
 * Context: the future owner; does not sleep.
 */
void chanprog_resume(struct chanprog *cp);

/**
 * chanprog_device_end() - the device has presented status after channel end
 * @cp: the channel program, after CHANPROG_DISCONNECTED; nobody runs it
 * @dstat: device status, not zeros
 *
 * Device end lets it go on, with status modifier behind the next CCW.  With any
 * other status it ends, when it is run the next time.
 *
 * Context: the future owner; does not sleep.
 */
void chanprog_device_end(struct chanprog *cp, u8 dstat);

/**
 * chanprog_unusual_end() - has it been ended by what came instead of device end?
 * @cp: the channel program, nobody runs it
 *
 * Context: the owner; does not sleep.
 * Return: the device status that it will end with, or zeros.
 */
u8 chanprog_unusual_end(const struct chanprog *cp);

/**
 * chanprog_disconnected() - is it between channel end and device end?
 * @cp: the channel program, nobody runs it
 *
 * Context: the owner; does not sleep.
 * Return: whether it waits for chanprog_device_end().
 */
static inline bool chanprog_disconnected(const struct chanprog *cp)
{
	return cp->disconnected;
}

/**
 * chanprog_begun() - has its first CCW been fetched?
 * @cp: the channel program, nobody runs it
 *
 * Context: the owner; does not sleep.
 * Return: whether it has.
 */
static inline bool chanprog_begun(const struct chanprog *cp)
{
	return !cp->first;
}

/**
 * chanprog_next() - which CCW is fetched next
 * @cp: the channel program, nobody runs it
 *
 * Context: the owner; does not sleep.
 * Return: its address; of a program that has not begun that in the ORB.
 */
static inline u32 chanprog_next(const struct chanprog *cp)
{
	return cp->next;
}

/**
 * chanprog_position() - which CCW of a program that goes on is the current one
 * @cp: the channel program, suspended or with something to be told; nobody runs
 *	it
 * @ending: CCW address and residual count; no status
 *
 * Context: the owner; does not sleep.
 */
void chanprog_position(const struct chanprog *cp,
		       struct chanprog_ending *ending);

/**
 * chanprog_executed() - how far a program has got that does not go on
 * @cp: the channel program, stopped; nobody runs it
 * @ending: CCW address and residual count, of the last command that has been
 *	executed; the ORB's address and no count if none has.  No status
 *
 * A CCW that has been fetched, and whose command the device has not begun, is not
 * in it.
 *
 * Context: the owner; does not sleep.
 */
void chanprog_executed(const struct chanprog *cp,
		       struct chanprog_ending *ending);

/* What the guest is to be told while its program goes on */
#define CHANPROG_PCI		0x1
#define CHANPROG_ZERO_CC	0x2

/**
 * chanprog_intermediate() - take the conditions that make intermediate status
 * @cp: the channel program, after CHANPROG_INTERMEDIATE or CHANPROG_ENDED
 *
 * Context: the owner; does not sleep.
 * Return: CHANPROG_PCI, CHANPROG_ZERO_CC; they are not returned again.
 */
unsigned int chanprog_intermediate(struct chanprog *cp);

/**
 * chanprog_untouched() - has nothing been executed so far?
 * @cp: the channel program, nobody runs it
 *
 * Context: the owner; does not sleep.
 * Return: whether the device knows nothing of it yet.
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
 * Nothing but another chanprog_init() or chanprog_restore() takes it back.
 *
 * Context: serialized by the caller, also with those two; does not sleep.
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
 * It has been cleared, reset or removed, or there is no VM any more whose
 * storage could be reached (there is one while a vCPU runs it).  A device that
 * has taken data looks here before it leaves any of it undone, and nowhere else.
 * What it answers after that is shown to nobody.
 *
 * Context: of whoever runs the program; does not sleep.
 * Return: whether it has no witness.
 */
static inline bool chanprog_dropped(const struct chanprog *cp)
{
	return cp->gone || READ_ONCE(cp->stop) == CHANPROG_DROP ||
	       (!cp->on_vcpu && guest_gone(cp->guest));
}

/**
 * chanprog_stopped() - is the program to stop?
 * @cp: the channel program
 *
 * It has been halted, or dropped.  A device that waits looks here now and then,
 * and ends its command early: the guest sees how, unless it has been dropped.
 *
 * Context: of whoever runs the program; does not sleep.
 * Return: whether it is.
 */
static inline bool chanprog_stopped(const struct chanprog *cp)
{
	return READ_ONCE(cp->stop) != CHANPROG_GO_ON || chanprog_dropped(cp);
}

#endif /* _KVM_CSS_CHANPROG_H */
