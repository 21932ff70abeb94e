// SPDX-License-Identifier: GPL-2.0
/*
 * Channel programs: fetch CCWs, chain them, and have the device execute their
 * commands.  Principles of Operation chapter 15, "Execution of I/O Operations".
 * transfer.c and span.c move the data.
 *
 * Each CCW is copied from guest storage once; then the copy is checked and
 * executed.  Without the prefetch control in the ORB, a CCW is copied when it
 * becomes current, so that a guest that rewrites a CCW further on in its
 * program gets the CCW that it wrote.  With the prefetch control, a few CCWs
 * are copied at a time.  These copies are used for one turn of a runner at the
 * most: a program that was suspended or had to wait for a worker fetches its
 * CCWs again.
 *
 * Bounds: a vCPU runs a program for VCPU_CCWS CCWs at the most.  It may exceed
 * that for one command whose data are chained, if the CCWs of this chain have
 * CHANPROG_CHAIN bytes and move VCPU_CHAINED bytes at the most.  A worker runs
 * a program for WORKER_CCWS CCWs, and then finishes the command that it
 * executes.  The runner looks at @stop at every CCW and at every access to data,
 * which moves 64 KiB at the most.  The CPU time of workers is charged to the
 * budget of the VM, and the worker pays for it by sleeping, see budget.c.
 *
 * When a program is halted, the device ends the current command in its own way,
 * and the program ends with that command, or with the last one that the device has
 * executed, see follow.c.  When a program is dropped, its
 * runner just leaves it.
 *
 * A device may answer that the current command is pending.  The runner leaves
 * the program, and another one has the device complete the command later.  If the
 * device says that this needs no guest storage, that may be a thread of the device's
 * (CHANPROG_BY_DEVICE), to which the guest's storage isn't accessible.  It fetches no
 * CCW: its quantum is used up from the beginning, so that a worker goes on.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>
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

/* How many CCWs a vCPU and a worker may fetch in a turn */
#define VCPU_CCWS	16
#define WORKER_CCWS	256
/* How many bytes a command may move on a vCPU when its data are chained */
#define VCPU_CHAINED	0x10000u
/* How many bytes a CCW with MIDAWs may move on a vCPU */
#define VCPU_MIDAW_BYTES	512
/* How many CCWs a runner fetches before it lets other threads run */
#define RESCHED_CCWS	16
/* After how many CCWs and pieces of data a worker counts its CPU time */
#define SPEND_LOOKS	16
/* A worker that sleeps to pay for CPU time checks @stop this often. */
#define PAY_SLICE_US	10000
#define PAY_SLACK_US	100

/* "Limit Mode": data must lie at the limit or above, or else below it. */
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

/* "CCW Address" in the SCSW: that of the last CCW that was used */
static u32 address_behind(const struct chanprog *cp)
{
	return ccw_behind(cp->ccw_addr);
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
 * The fibre-channel-extensions facility is not installed, so the ORB must not
 * ask for transport mode.
 */
bool chanprog_orb_valid(const struct css_orb *orb)
{
	u32 flags = be32_to_cpu(orb->flags);

	return !(flags & (ORB_ZEROS | ORB_TRANSPORT)) &&
	       !(be32_to_cpu(orb->cpa) & ORB_CPA_ZERO);
}

/*
 * @ccw_addr is the address from which the program goes on.  If the program has
 * not begun, that is its first CCW.  Otherwise it is the CCW that was fetched
 * last and has not been executed: either the program was suspended at this CCW,
 * or a worker was to execute it and has not had its turn yet.
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
	/* With such an address, the program would have ended. */
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
 * Copy the CCW at cp->next.
 *
 * @after_tic: cp->ccw_addr is the address of the TIC that has led there.  If
 * cp->next is invalid, the error is in the TIC, and the CCW address in the SCSW
 * has to be that of the TIC.
 */
static bool copy_ccw(struct chanprog *cp, struct css_ccw *ccw, bool after_tic)
{
	u32 addr = cp->next;
	const u8 *raw;

	if (!after_tic)
		cp->ccw_addr = addr;
	if (!ccw_address_valid(addr, cp->orb_flags))
		return chanprog_program_check(cp);
	raw = ahead_fetch(cp, &cp->call->ccws, addr, CCW_SIZE);
	if (!raw)
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
	bool after_tic = false;

	for (;;) {
		if (!copy_ccw(cp, ccw, after_tic))
			return false;
		if (!ccw_is_tic(ccw))
			return true;
		/* Neither the first CCW nor the target of a TIC may be a TIC. */
		if (after_tic || why == FETCH_FIRST ||
		    !ccw_tic_valid(ccw, cp->orb_flags))
			return chanprog_program_check(cp);
		cp->next = ccw->cda;
		/* Drop what was copied, so that a loop sees what is in storage. */
		cp->call->ccws.len = 0;
		cp->call->idaws.len = 0;
		after_tic = true;
	}
}

/*
 * Make the next CCW the current one.
 * Return: false when there is no CCW to execute, because a check was
 * recognized, the program is suspended, or the VM is dying.
 */
static bool fetch_ccw(struct chanprog *cp, enum ccw_fetch why)
{
	struct css_ccw ccw = {};

	if (!follow_tic(cp, &ccw, why))
		return false;
	if (!ccw_valid(&ccw, cp->orb_flags, why))
		return chanprog_program_check(cp);
	cp->residual = ccw.count;
	if (ccw.flags & CCW_SUSPEND) {
		/* When the program is resumed, it fetches this CCW again. */
		cp->next = cp->ccw_addr;
		cp->suspended = true;
		return false;
	}
	if (why != FETCH_DATA) {
		cp->cmd = ccw.cmd;
		cp->call->idaws.len = 0;
	}
	cp->flags = ccw.flags;
	if (ccw.flags & CCW_PCI)
		cp->pci = true;
	transfer_begin(cp, ccw.cda);
	return true;
}

bool chanprog_chain_data(struct chanprog *cp)
{
	if (unlikely(cp->call->point))
		return peek_chains_data(cp) && fetch_ccw(cp, FETCH_DATA) &&
		       peek_passes_ccw(cp);
	return fetch_ccw(cp, FETCH_DATA);
}

/* End the program with the current CCW. */
static void end_program(struct chanprog *cp, u8 dstat)
{
	cp->follow = NULL;
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
 * chaining, data chaining and suppress length indication".  A command that the
 * device ends without having asked for data is an immediate operation.  An
 * immediate operation can have an incorrect length only with format-1 CCWs, and
 * only if the ORB does not suppress this.
 */
static bool incorrect_length(const struct chanprog *cp, u8 dstat)
{
	bool immediate = !cp->data_moved;

	/* The command was not executed, so its length can't be incorrect. */
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
 * "Device End": use the status that the device has presented after channel end.
 * Device end lets the program go on.  Any other status ends the program; if it
 * is without device end, the device stays active, and device end is still to
 * come.
 *
 * Return: does the program go on?
 */
static bool take_device_end(struct chanprog *cp)
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
 * End the current command with the status from the device.  If the program was
 * halted, the length is not incorrect, and no command is chained, unless the device has
 * executed the chained one already.
 *
 * Return: does the program go on?
 */
static bool end_command(struct chanprog *cp, cu_status_t status)
{
	const bool stop = READ_ONCE(cp->stop) != CHANPROG_GO_ON &&
			  !cp->follow;
	u8 dstat = (__force u32)status;
	u8 unusual = dstat & ~DSTAT_STATUS_MODIFIER;
	bool ends;

	unusual ^= DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	/*
	 * "Initial Status": the device has moved data, so its initial status
	 * for the first command was zeros.
	 */
	if (cp->untouched && cp->data_moved &&
	    cp->orb_flags & ORB_INITIAL_STATUS && !cp->accepted)
		cp->zero_cc = true;
	cp->untouched = false;
	if (!stop && !cp->cstat && incorrect_length(cp, dstat))
		cp->cstat |= CSTAT_INCORRECT_LENGTH;
	cp->ccw_valid = false;
	ends = stop || cp->cstat || cp->flags & CCW_CD ||
	       !(cp->flags & CCW_CC);
	/* The next command has to wait for device end. */
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

/*
 * Begin the next command: the first one, or one that is chained.
 * Return: false when there is none to execute, see fetch_ccw().
 */
static bool begin_command(struct chanprog *cp)
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
	cp->followed = false;
	cp->ccw_valid = fetch_ccw(cp, why);
	return cp->ccw_valid;
}

/* CPU time */

/* Add to @spent what this thread has used since it was last counted. */
static void count_spent(struct chanprog *cp)
{
	u64 now = guest_cpu_time(cp->guest);

	if (now > cp->call->cpu)
		cp->spent += now - cp->call->cpu;
	cp->call->cpu = now;
}

/*
 * Sleep until all CPU time that the VM's workers have used is paid for, or
 * until the program is to stop.
 */
static void pay(struct chanprog *cp)
{
	u64 now = ktime_get_ns();
	u64 end = now + budget_charge(cp->budget, cp->spent, now);
	unsigned long us;

	cp->spent = 0;
	while (now < end && !chanprog_stopped(cp)) {
		us = min_t(u64, div_u64(end - now, NSEC_PER_USEC) + 1,
			   PAY_SLICE_US);
		usleep_range_state(us, us + PAY_SLACK_US, TASK_IDLE);
		now = ktime_get_ns();
	}
}

void chanprog_spend_worker(struct chanprog *cp)
{
	if (!cp->budget || cp->call->looks++ % SPEND_LOOKS)
		return;
	count_spent(cp);
	if (cp->spent >= BUDGET_SLICE_NS)
		pay(cp);
}

/* What becomes of the program when begin_command() has found no command */
static enum chanprog_state no_command(struct chanprog *cp)
{
	if (cp->gone)
		return CHANPROG_STOPPED;
	if (cp->suspended)
		return CHANPROG_SUSPENDED;
	end_program(cp, 0);
	return CHANPROG_ENDED;
}

/*
 * May a vCPU execute the current command, whose data are chained?  It may if
 * the chain is short.  To know that, the vCPU copies all CCWs of the chain
 * beforehand and adds up their counts; only the prefetch control allows it to
 * do so.  Commands that take data from the guest are left to a worker, because
 * a command that writes to a disk has to wait for the host anyway.
 */
static bool chain_is_bounded(struct chanprog *cp)
{
	u32 bytes = cp->residual, addr = cp->next;
	struct css_ccw ccw;
	const u8 *raw;

	if (!(cp->orb_flags & ORB_PREFETCH) || ccw_fetches_data(cp->cmd))
		return false;
	do {
		raw = ahead_look(cp, addr);
		if (!raw)
			return false;
		ccw_decode(&ccw, raw, cp->orb_flags);
		bytes += ccw.count;
		if (ccw_is_tic(&ccw) || ccw.flags & CCW_MIDA ||
		    bytes > VCPU_CHAINED)
			return false;
		addr += CCW_SIZE;
	} while (ccw.flags & CCW_CD);
	return true;
}

/*
 * Can the current command take longer than a vCPU may be kept?  A guest may use
 * one MIDAW for each byte, so with MIDAWs already a small count can take long.
 */
static bool is_long(struct chanprog *cp)
{
	if (cp->flags & CCW_MIDA && cp->residual > VCPU_MIDAW_BYTES)
		return true;
	return cp->flags & CCW_CD && !chain_is_bounded(cp);
}

/* Is this the device status of a command that has ended? */
static bool has_ended(cu_status_t status)
{
	return (__force u32)status < (__force u32)CU_MUST_WAIT;
}

/* The current command hasn't ended: see why. */
static enum chanprog_state not_ended(struct chanprog *cp, cu_status_t status)
{
	if (status == CU_MUST_WAIT)
		return CHANPROG_MUST_WAIT;
	cp->pending = true;
	if (status == CU_OFFERED)
		return CHANPROG_PENDING;
	/* "Initial Status": the device has accepted the first command. */
	if (cp->untouched && cp->orb_flags & ORB_INITIAL_STATUS &&
	    !cp->accepted)
		cp->zero_cc = true;
	cp->accepted = true;
	return CHANPROG_PENDING;
}

/*
 * Get to the next command that the device has to execute.
 * Return: false when there is none now; *@state says what became of the program.
 */
static bool next_command(struct chanprog *cp, enum chanprog_state *state)
{
	/* It has been executed, so nothing can come between. */
	if (follow_begin(cp))
		return true;
	/*
	 * Let other threads run now and then, because a turn can be long on a
	 * slow host.  A TIC and the CCW to which it leads lower the quantum by
	 * two at once.  So the remainder may go from 1 to 15, without being 0
	 * in between.
	 */
	if (cp->quantum % RESCHED_CCWS < 2)
		cond_resched();
	chanprog_spend(cp);
	/* chanprog_spend() may have slept, so look only now. */
	if (chanprog_stopped(cp))
		*state = CHANPROG_STOPPED;
	/* The command before may have left something to tell. */
	else if (chanprog_has_news(cp))
		*state = CHANPROG_INTERMEDIATE;
	else if (cp->disconnected)
		*state = CHANPROG_DISCONNECTED;
	else if (!cp->ccw_valid && !cp->quantum)
		*state = CHANPROG_QUANTUM_USED;
	else if (!cp->ccw_valid && !begin_command(cp))
		*state = no_command(cp);
	/* The guest is told of a PCI flag before the command begins. */
	else if (chanprog_has_news(cp))
		*state = CHANPROG_INTERMEDIATE;
	else if (cp->on_vcpu && cp->flags & (CCW_CD | CCW_MIDA) && is_long(cp))
		*state = CHANPROG_MUST_WAIT;
	else
		return true;
	return false;
}

/*
 * The command that was pending is to be completed.  Is that left to a worker?  When a vCPU
 * has issued the command, its data were few enough.  But CCWs that chain more are fetched
 * again now, and the guest may have changed them.  Data that the device has fetched were
 * copied when it was issued, and a thread of the device's has none to store: it copies no
 * CCWs ahead.
 */
static bool is_left_to_worker(struct chanprog *cp)
{
	return cp->on_vcpu && cp->call->ccws.size &&
	       cp->flags & (CCW_CD | CCW_MIDA) &&
	       !ccw_fetches_data(cp->cmd) && is_long(cp);
}

/* Have the device complete the command that was pending. */
static cu_status_t complete_command(struct chanprog *cp)
{
	cu_status_t status;

	cp->pending = false;
	status = cp->dev->ops->complete(cp->dev, cp, cp->cmd);
	/* The device must not have the command executed a second time. */
	if (status == CU_MUST_WAIT)
		status = CU_STATUS(DSTAT_CHANNEL_END | DSTAT_DEVICE_END |
				   DSTAT_UNIT_CHECK);
	return status;
}

static enum chanprog_state run_commands(struct chanprog *cp)
{
	enum chanprog_state state;
	cu_status_t status;

	if (chanprog_dropped(cp)) {
		cp->pending = false;
		return CHANPROG_STOPPED;
	}
	if (cp->device_end && !take_device_end(cp))
		return CHANPROG_ENDED;
	if (cp->pending && is_left_to_worker(cp))
		return CHANPROG_MUST_WAIT;
	do {
		if (cp->pending)
			status = complete_command(cp);
		else if (next_command(cp, &state))
			status = cp->dev->ops->command(cp->dev, cp, cp->cmd);
		else
			return state;
		if (unlikely(!has_ended(status)))
			return not_ended(cp, status);
		if (chanprog_dropped(cp)) {
			cp->follow = NULL;
			return CHANPROG_STOPPED;
		}
	} while (end_command(cp, status));
	return CHANPROG_ENDED;
}

/*
 * @on_vcpu: the runner isn't a worker
 * @quantum: how many CCWs may be fetched
 * @ccws: where CCWs are copied ahead; @size: for how many bytes there is room
 */
static __always_inline enum chanprog_state
run_turn(struct chanprog *cp, bool on_vcpu, u32 quantum, u8 *ccws, u32 size)
{
	struct chanprog_call call;
	enum chanprog_state state;

	call.ccws = (struct chanprog_ahead){ .bytes = ccws, .size = size };
	call.idaws = (struct chanprog_ahead){
		.bytes = call.idaw_bytes, .size = sizeof(call.idaw_bytes),
	};
	call.point = NULL;
	cp->call = &call;
	cp->on_vcpu = on_vcpu;
	if (!on_vcpu) {
		call.looks = 0;
		call.cpu = guest_cpu_time(cp->guest);
	}
	/* After intermediate status, the turn goes on. */
	if (!cp->in_turn)
		cp->quantum = quantum;
	state = run_commands(cp);
	cp->in_turn = state == CHANPROG_INTERMEDIATE;
	/* The next turn, or the next program, pays for this CPU time. */
	if (!on_vcpu)
		count_spent(cp);
	cp->call = NULL;
	return state;
}

/* Only a vCPU copies chains ahead, so only here is stack for them. */
static noinline_for_stack enum chanprog_state run_on_vcpu(struct chanprog *cp)
{
	u8 ccws[CHANPROG_CHAIN] __aligned(8);

	return run_turn(cp, true, VCPU_CCWS, ccws, sizeof(ccws));
}

static noinline_for_stack enum chanprog_state run_on_worker(struct chanprog *cp)
{
	u8 ccws[CHANPROG_AHEAD] __aligned(8);

	return run_turn(cp, false, WORKER_CCWS, ccws, sizeof(ccws));
}

/* With no CCW to fetch, the turn is over when the command has ended. */
static noinline_for_stack enum chanprog_state run_by_device(struct chanprog *cp)
{
	return run_turn(cp, true, 0, NULL, 0);
}

enum chanprog_state chanprog_run(struct chanprog *cp, enum chanprog_turn turn)
{
	switch (turn) {
	case CHANPROG_ON_VCPU:
		return run_on_vcpu(cp);
	case CHANPROG_BY_DEVICE:
		return run_by_device(cp);
	default:
		return run_on_worker(cp);
	}
}
