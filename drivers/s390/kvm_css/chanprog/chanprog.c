// SPDX-License-Identifier: GPL-2.0
/*
 * Channel programs: fetch CCWs, chain them, and have the device execute their
 * commands.  Principles of Operation chapter 15, "Execution of I/O Operations".
 * transfer.c moves the data.
 *
 * A CCW is copied once and checked then; what runs is the copy.  Without the
 * prefetch control a CCW is fetched when it becomes current, so that a guest
 * which rewrites one further on gets what it wrote.  With it a few are copied at
 * a time, for one turn of a runner at the most: what was suspended or had to
 * wait is fetched anew.
 *
 * What bounds a program: a vCPU stays in here for VCPU_CCWS commands at the
 * most, none of them data chained; a worker for WORKER_CCWS CCWs and the
 * command it is in, and it looks at @stop at every CCW.  What that costs is
 * charged to the VM's budget, and paid for by sleeping, see budget.c.
 *
 * A program that is halted ends with its current command, as the device ends
 * that; one that is dropped is just left.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <kvm_css/budget.h>
#include <kvm_css/ccw.h>
#include <kvm_css/chanprog.h>
#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>

#include "internal.h"

/* Commands that a program may execute on the vCPU, and CCWs on a worker. */
#define VCPU_CCWS	16
#define WORKER_CCWS	256
/* How many of them may keep others from the processor */
#define RESCHED_CCWS	16
/* CCWs and pieces of data between two looks at what they have cost */
#define SPEND_LOOKS	16
/* Who waits until it is paid for looks as often whether it is to stop. */
#define PAY_SLICE_US	10000
#define PAY_SLACK_US	100

/* "Limit Mode": data lies at the limit or above, or below it. */
static void set_limits(struct chanprog *cp, const struct chanprog_limit *limit)
{
	cp->limit_high = U64_MAX;
	if (!(cp->orb_flags & ORB_ADDRESS_LIMIT))
		return;
	if (limit->mode == PMCW_LIMIT_LOW)
		cp->limit_low = limit->address;
	else if (limit->mode == PMCW_LIMIT_HIGH)
		cp->limit_high = limit->address;
}

void chanprog_init(struct chanprog *cp, const struct css_orb *orb,
		   const struct chanprog_limit *limit)
{
	struct guest *guest = cp->guest;
	struct css_budget *budget = cp->budget;
	struct css_device *dev = cp->dev;
	const u64 spent = cp->spent;

	memset(cp, 0, sizeof(*cp));
	cp->guest = guest;
	cp->dev = dev;
	cp->budget = budget;
	cp->spent = spent;
	cp->orb_flags = be32_to_cpu(orb->flags);
	cp->key = (cp->orb_flags & ORB_KEY) >> ORB_KEY_SHIFT;
	set_limits(cp, limit);
	cp->next = be32_to_cpu(orb->cpa);
	cp->ccw_addr = cp->next;
	cp->ending.cpa = cp->next;
	cp->first = true;
	cp->untouched = true;
}

void chanprog_resume(struct chanprog *cp)
{
	cp->suspended = false;
}

/* "CCW Address" in the SCSW: behind the last CCW used, and bit 0 is zero */
static u32 address_behind(const struct chanprog *cp)
{
	return (cp->ccw_addr + CCW_SIZE) & CCW1_ADDRESS;
}

void chanprog_position(const struct chanprog *cp,
		       struct chanprog_ending *ending)
{
	*ending = (struct chanprog_ending){
		.cpa = address_behind(cp),
		.count = cp->residual,
	};
}

void chanprog_executed(const struct chanprog *cp,
		       struct chanprog_ending *ending)
{
	*ending = (struct chanprog_ending){
		.cpa = cp->ending.cpa,
		.count = cp->ending.count,
	};
}

unsigned int chanprog_intermediate(struct chanprog *cp)
{
	unsigned int what = 0;

	if (cp->pci)
		what |= CHANPROG_PCI;
	if (cp->zero_cc)
		what |= CHANPROG_ZERO_CC;
	cp->pci = false;
	cp->zero_cc = false;
	return what;
}

/*
 * The fibre-channel-extensions facility (transport mode) is not installed.
 */
bool chanprog_orb_valid(const struct css_orb *orb)
{
	u32 flags = be32_to_cpu(orb->flags);

	return !(flags & (ORB_ZEROS | ORB_TRANSPORT)) &&
	       !(be32_to_cpu(orb->cpa) & ORB_CPA_ZERO);
}

/*
 * The current CCW is the one that was fetched last: suspended at it, or to be
 * executed by a worker that has not had its turn.  So the one to fetch next is
 * the same in either case; without a current one it is the first.
 */
void chanprog_save(const struct chanprog *cp, struct chanprog_saved *saved)
{
	*saved = (struct chanprog_saved){
		.orb_flags = cp->orb_flags,
		.ccw = cp->ccw_addr,
		.count = cp->ccw_valid ? 0 : cp->residual,
		.begun = !cp->first,
		.executed = !cp->untouched,
		.suspended = cp->suspended,
	};
}

bool chanprog_saved_valid(const struct chanprog_saved *saved)
{
	const struct css_orb orb = {
		.flags = cpu_to_be32(saved->orb_flags),
		.cpa = cpu_to_be32(saved->ccw),
	};

	if (!chanprog_orb_valid(&orb))
		return false;
	if (!saved->begun)
		return !saved->count && !saved->executed && !saved->suspended;
	/* Such a program would have ended when it began. */
	if (!ccw_address_valid(saved->ccw, saved->orb_flags))
		return false;
	return !saved->suspended || saved->orb_flags & ORB_SUSPEND;
}

void chanprog_restore(struct chanprog *cp, const struct chanprog_saved *saved,
		      const struct chanprog_limit *limit)
{
	const struct css_orb orb = {
		.flags = cpu_to_be32(saved->orb_flags),
		.cpa = cpu_to_be32(saved->ccw),
	};

	chanprog_init(cp, &orb, limit);
	cp->residual = saved->count;
	cp->first = !saved->begun;
	cp->untouched = !saved->executed;
	cp->suspended = saved->suspended;
}

/*
 * Copy the CCW at cp->next.  @after_tic: cp->ccw_addr is the TIC that led
 * there, and an invalid address is the TIC's fault: the CCW address in the
 * SCSW then names the TIC.
 */
static bool copy_ccw(struct chanprog *cp, struct css_ccw *ccw, bool after_tic)
{
	u32 addr = cp->next;
	u8 raw[CCW_SIZE];

	if (!after_tic)
		cp->ccw_addr = addr;
	if (!ccw_address_valid(addr, cp->orb_flags))
		return chanprog_program_check(cp);
	if (!chanprog_fetch(cp, &cp->call->ccws, addr, raw, sizeof(raw)))
		return false;
	ccw_decode(ccw, raw, cp->orb_flags);
	cp->ccw_addr = addr;
	cp->next = addr + CCW_SIZE;
	if (cp->quantum)
		cp->quantum--;
	return true;
}

/* Copy the CCW at cp->next, or the one that a TIC there leads to. */
static bool follow_tic(struct chanprog *cp, struct css_ccw *ccw,
		       enum ccw_fetch why)
{
	if (!copy_ccw(cp, ccw, false))
		return false;
	if (!ccw_is_tic(ccw))
		return true;
	/* The first CCW must not be a TIC, nor the one that a TIC leads to. */
	if (why == FETCH_FIRST || !ccw_tic_valid(ccw, cp->orb_flags))
		return chanprog_program_check(cp);
	cp->next = ccw->cda;
	/* What has been copied ahead serves once: a loop sees what is there. */
	cp->call->ccws.len = 0;
	if (!copy_ccw(cp, ccw, true))
		return false;
	return ccw_is_tic(ccw) ? chanprog_program_check(cp) : true;
}

/* Make the next CCW the current one. */
static bool fetch_ccw(struct chanprog *cp, enum ccw_fetch why)
{
	struct css_ccw ccw;

	if (!follow_tic(cp, &ccw, why))
		return false;
	if (!ccw_valid(&ccw, cp->orb_flags, why))
		return chanprog_program_check(cp);
	cp->residual = ccw.count;
	if (ccw.flags & CCW_SUSPEND) {
		/* Not executed, and fetched again when it is resumed. */
		cp->next = cp->ccw_addr;
		cp->suspended = true;
		return false;
	}
	if (why != FETCH_DATA)
		cp->cmd = ccw.cmd;
	cp->flags = ccw.flags;
	if (ccw.flags & CCW_PCI)
		cp->pci = true;
	transfer_begin(cp, ccw.cda);
	return true;
}

bool chanprog_chain_data(struct chanprog *cp)
{
	return fetch_ccw(cp, FETCH_DATA);
}

/* The program ends where it stands. */
static void end_program(struct chanprog *cp, u8 dstat)
{
	cp->ending.cpa = address_behind(cp);
	cp->ending.dstat = dstat;
	cp->ending.cstat = cp->cstat;
	cp->ending.count = cp->residual;
	cp->ending.device_active =
		(dstat & (DSTAT_CHANNEL_END | DSTAT_DEVICE_END)) ==
		DSTAT_CHANNEL_END;
}

/*
 * "Incorrect Length" in chapter 16, with the table of chapter 15 "Command
 * chaining, data chaining and suppress length indication".  An immediate
 * operation is one for which the device ends without having asked for data.  It
 * has an incorrect length with format-1 CCWs only, unless the ORB suppresses it.
 */
static bool incorrect_length(const struct chanprog *cp, u8 dstat)
{
	bool immediate = !cp->data_moved;

	/* Not executed, so there is no length to be correct. */
	if (immediate && !(dstat & DSTAT_CHANNEL_END))
		return false;
	if (immediate && (!(cp->orb_flags & ORB_FORMAT) ||
			  cp->orb_flags & ORB_ILS))
		return false;
	if (cp->flags & CCW_CD)
		return true;
	if (cp->flags & CCW_SLI)
		return false;
	return cp->residual || cp->device_wants_more;
}

void chanprog_device_end(struct chanprog *cp, u8 dstat)
{
	cp->disconnected = false;
	cp->device_end = dstat;
}

u8 chanprog_unusual_end(const struct chanprog *cp)
{
	if ((cp->device_end & ~DSTAT_STATUS_MODIFIER) == DSTAT_DEVICE_END)
		return 0;
	return cp->device_end;
}

/*
 * "Device End": what follows channel end lets the program go on, or ends it.  What
 * isn't device end ends it, too, and device end is still to come then.
 * Return: does it go on?
 */
static bool device_ended(struct chanprog *cp)
{
	u8 dstat = cp->device_end;
	bool unusual = chanprog_unusual_end(cp);

	cp->device_end = 0;
	if (unusual) {
		end_program(cp, dstat);
		cp->ending.device_active = !(dstat & DSTAT_DEVICE_END);
		return false;
	}
	if (dstat & DSTAT_STATUS_MODIFIER)
		cp->next += CCW_SIZE;
	return true;
}

/*
 * The device has ended the command.  Under a halt no length is incorrect, and no
 * command is chained.
 *
 * Return: does the program go on?
 */
static bool command_ended(struct chanprog *cp, cu_status_t status)
{
	const bool stop = READ_ONCE(cp->stop) != CHANPROG_GO_ON;
	u8 dstat = (__force u32)status;
	u8 unusual = dstat & ~DSTAT_STATUS_MODIFIER;
	bool ends;

	unusual ^= DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	/* "Initial Status": zeros, if the device went on to move data. */
	if (cp->untouched && cp->data_moved &&
	    cp->orb_flags & ORB_INITIAL_STATUS)
		cp->zero_cc = true;
	cp->untouched = false;
	if (!stop && !cp->cstat && incorrect_length(cp, dstat))
		cp->cstat |= CSTAT_INCORRECT_LENGTH;
	cp->ccw_valid = false;
	ends = stop || cp->cstat || cp->flags & CCW_CD ||
	       !(cp->flags & CCW_CC);
	/* Device end says whether there is a next command. */
	cp->disconnected = !ends && dstat == DSTAT_CHANNEL_END;
	if (ends || (unusual && !cp->disconnected)) {
		end_program(cp, dstat);
		return false;
	}
	/* See chanprog_executed(). */
	cp->ending.cpa = address_behind(cp);
	cp->ending.count = cp->residual;
	if (dstat & DSTAT_STATUS_MODIFIER)
		cp->next += CCW_SIZE;
	return true;
}

/* The next command, first or chained.  Return: is there one to execute? */
static bool next_command(struct chanprog *cp)
{
	enum ccw_fetch why = cp->first ? FETCH_FIRST : FETCH_COMMAND;

	if (cp->first) {
		if (cp->dev->ops->start)
			cp->dev->ops->start(cp->dev);
		cp->first = false;
	}
	cp->residual = 0;
	cp->data_moved = false;
	cp->device_wants_more = false;
	cp->halted = false;
	cp->ccw_valid = fetch_ccw(cp, why);
	return cp->ccw_valid;
}

/* CPU time */

static void count_spent(struct chanprog *cp)
{
	u64 now = guest_cpu_time(cp->guest);

	if (now > cp->call->cpu)
		cp->spent += now - cp->call->cpu;
	cp->call->cpu = now;
}

/* Sleep until all that the VM's workers have used is paid for. */
static void pay(struct chanprog *cp)
{
	u64 now = ktime_get_ns();
	u64 end = now + budget_charge(cp->budget, cp->spent, now);
	unsigned long us;

	cp->spent = 0;
	while (now < end && !chanprog_stopped(cp)) {
		us = min_t(u64, div_u64(end - now, NSEC_PER_USEC) + 1,
			   PAY_SLICE_US);
		usleep_idle_range(us, us + PAY_SLACK_US);
		now = ktime_get_ns();
	}
}

void chanprog_spend(struct chanprog *cp)
{
	if (cp->on_vcpu || !cp->budget || cp->call->looks++ % SPEND_LOOKS)
		return;
	count_spent(cp);
	if (cp->spent >= BUDGET_SLICE_NS)
		pay(cp);
}

/* There is no command to execute: what becomes of the program */
static enum chanprog_state no_command(struct chanprog *cp)
{
	if (cp->gone)
		return CHANPROG_STOPPED;
	if (cp->suspended)
		return CHANPROG_SUSPENDED;
	end_program(cp, 0);
	return CHANPROG_ENDED;
}

static bool tells_guest(const struct chanprog *cp)
{
	return cp->pci || cp->zero_cc;
}

static enum chanprog_state run_commands(struct chanprog *cp)
{
	const struct cu_ops *ops = cp->dev->ops;
	cu_status_t status;

	if (chanprog_dropped(cp))
		return CHANPROG_STOPPED;
	if (cp->device_end && !device_ended(cp))
		return CHANPROG_ENDED;
	do {
		/* A turn is long for who waits on a slow host. */
		if (!(cp->quantum % RESCHED_CCWS))
			cond_resched();
		chanprog_spend(cp);
		/* Also while it slept */
		if (chanprog_stopped(cp))
			return CHANPROG_STOPPED;
		if (tells_guest(cp))
			return CHANPROG_INTERMEDIATE;
		if (cp->disconnected)
			return CHANPROG_DISCONNECTED;
		if (!cp->ccw_valid) {
			if (!cp->quantum)
				return CHANPROG_QUANTUM_USED;
			if (!next_command(cp))
				return no_command(cp);
		}
		if (tells_guest(cp))
			return CHANPROG_INTERMEDIATE;
		/* Data chaining has no bound that a vCPU could wait for. */
		if (cp->on_vcpu && cp->flags & CCW_CD)
			return CHANPROG_MUST_WAIT;
		status = ops->command(cp->dev, cp, cp->cmd);
		if (status == CU_MUST_WAIT)
			return CHANPROG_MUST_WAIT;
		if (chanprog_dropped(cp))
			return CHANPROG_STOPPED;
	} while (command_ended(cp, status));
	return CHANPROG_ENDED;
}

enum chanprog_state chanprog_run(struct chanprog *cp, enum chanprog_turn turn)
{
	struct chanprog_call call;
	enum chanprog_state state;

	call.ccws.addr = 0;
	call.ccws.len = 0;
	call.idaws.addr = 0;
	call.idaws.len = 0;
	call.looks = 0;
	cp->call = &call;
	cp->on_vcpu = turn == CHANPROG_ON_VCPU;
	if (!cp->on_vcpu)
		call.cpu = guest_cpu_time(cp->guest);
	/* The turn goes on after intermediate status. */
	if (!cp->in_turn)
		cp->quantum = cp->on_vcpu ? VCPU_CCWS : WORKER_CCWS;
	state = run_commands(cp);
	cp->in_turn = state == CHANPROG_INTERMEDIATE;
	/* Paid for by the next turn, or the next program. */
	if (!cp->on_vcpu)
		count_spent(cp);
	cp->call = NULL;
	return state;
}
