// SPDX-License-Identifier: GPL-2.0
/*
 * Bringing the device into the state that it has after a reset, and giving it back to
 * the host.
 *
 * First the host's subchannel is cleared.  A suspended program is halted before: after
 * CLEAR SUBCHANNEL alone, not every channel subsystem lets its device go.  Then
 * programs of the module's own undo what the guest may have left in the device: a
 * reservation, an assignment, a path group, sense bytes.  The order is that of what
 * belongs to what: a reservation belongs to a path group.  A device that rejects a
 * command, or executes it without success, doesn't matter.  Each program has a time
 * limit.  If one exceeds it, the host's subchannel is cleared again.
 *
 * If CLEAR SUBCHANNEL doesn't end in time, the device could not be stopped.  Then it
 * stays lent, with all that it may still use, until the host's subchannel answers or
 * the host says that it is gone.  Condition code 3 alone doesn't say that: the host
 * answers so while it takes the device away, too.  If the guest's subchannel ends, the host
 * is to take the device away.  It tries for longer, but not for ever.
 *
 * No thread waits.  A work item looks what is next: when status has come, when the time
 * is over, or when somebody else has ended what the reset has to wait for: a worker
 * that translates, and who frees programs.
 */
#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

#define HALT_TIME	HZ
#define CLEAR_TIME	(5 * HZ)
#define PROGRAM_TIME	(3 * HZ)
#define PROGRAM_TRIES	5

/* What a work item does next */
enum next {
	NEXT_WAIT,
	NEXT_STEP,
	NEXT_OVER,
};

void reset_kick(struct passthrough *pt)
{
	lockdep_assert_held(&pt->lock);
	if (pt->mode != PT_BACK)
		mod_delayed_work(host_sch_workqueue(), &pt->work, 0);
}

/* Programs of the module's own */

#define CMD_SENSE	0x04
#define CMD_SENSE_PGID	0x34
#define CMD_RELEASE	0x94
#define CMD_SET_PGID	0xaf
#define CMD_UNASSIGN	0xc7

/* Path-group IDs: their size, and the byte in front */
#define PGID_SIZE	12
#define SNID_STATE1	0xc0	/* of the path */
#define SNID_GROUPED	0xc0
#define SNID_MULTIPATH	0x08	/* in state 3 */
#define SPID_DISBAND	0x20
#define SPID_MULTIPATH	0x80

#define SENSE_SIZE	32
#define UNASSIGN_SIZE	11

/* Where things are in the memory for a program */
#define DATA		16
#define MEMORY_SIZE	PT_RESET_MEMORY

#define DASD		0x01
#define TAPE		0x02
#define GROUPS		0x04	/* has path groups */
#define ALL_DEVICES		0x08	/* any device */

/*
 * Only devices that are known get the commands for their kind.  Another device might
 * understand them as something else.
 */
static const struct {
	u16 dev_type;
	u8 what;
} known[] = {
	{ 0x3370, DASD }, { 0x9332, DASD }, { 0x9335, DASD }, { 0x9336, DASD },
	{ 0x3380, DASD | GROUPS }, { 0x3390, DASD | GROUPS },
	{ 0x9345, DASD | GROUPS },
	{ 0x3480, TAPE | GROUPS }, { 0x3490, TAPE | GROUPS },
	{ 0x3590, TAPE | GROUPS }, { 0x3592, TAPE | GROUPS },
};

static const struct {
	u8 what;
	u8 cmd;
	u16 count;
} programs[] = {
	{ DASD, CMD_RELEASE, SENSE_SIZE },
	{ TAPE, CMD_UNASSIGN, UNASSIGN_SIZE },
	{ GROUPS, CMD_SENSE_PGID, PGID_SIZE },
	/* With the ID that is in the memory then */
	{ GROUPS, CMD_SET_PGID, PGID_SIZE },
	/*
	 * Does the device execute programs again?  (Linux' path verification asks
	 * every device so: nop_do() in drivers/s390/cio/device_pgid.c.)
	 */
	{ ALL_DEVICES, CCW_CMD_NOP, 1 },
	{ ALL_DEVICES, CMD_SENSE, SENSE_SIZE },
};

static u8 kind_of(const struct passthrough *pt)
{
	u16 type = host_sch_identity(pt->host)->dev_type;
	int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].dev_type == type)
			return known[i].what | ALL_DEVICES;
	return ALL_DEVICES;
}

/* Is there a group to disband?  Then make the operand of that. */
static bool disbands(u8 *pgid)
{
	u8 state = pgid[0];

	pgid[0] = SPID_DISBAND | (state & SNID_MULTIPATH ? SPID_MULTIPATH : 0);
	return (state & SNID_STATE1) == SNID_GROUPED;
}

/* Return: whether this program is executed; then it is made. */
static bool make_program(struct passthrough *pt, unsigned int nr)
{
	struct host_memory *memory = &pt->reset.memory;
	const struct css_ccw1 ccw = {
		.cmd = programs[nr].cmd,
		.flags = CCW_SLI,
		.count = cpu_to_be16(programs[nr].count),
		.cda = cpu_to_be32(memory->addr + DATA),
	};
	u8 *data = memory->bytes + DATA;

	if (!(kind_of(pt) & programs[nr].what))
		return false;
	if (ccw.cmd != CMD_SET_PGID)
		memset(data, 0, MEMORY_SIZE - DATA);
	else if (!pt->reset.tries && !disbands(data))
		return false;
	memcpy(memory->bytes, &ccw, sizeof(ccw));
	return true;
}

/* What happens at the host's subchannel; the locks are held. */

static enum next begin(struct passthrough *pt, u32 function, unsigned long time)
{
	struct pt_reset *reset = &pt->reset;

	reset->in_progress = function;
	reset->ended = false;
	reset->primary = false;
	reset->deadline = jiffies + time;
	return NEXT_STEP;
}

static bool has_secondary(const struct css_irb *irb)
{
	return irb->scsw.flags & cpu_to_be32(SCSW_SC_SECONDARY | SCSW_SC_ALERT);
}

void reset_status(struct passthrough *pt, const struct css_irb *irb)
{
	u32 flags = be32_to_cpu(irb->scsw.flags), functions = flags & SCSW_FC;
	struct pt_reset *reset = &pt->reset;

	lockdep_assert_held(&pt->lock);
	/* Intermediate status ends nothing. */
	if (!reset->in_progress || reset->ended ||
	    scsw_intermediate_alone(flags))
		return;
	if (reset->in_progress != PT_START) {
		reset->ended = functions & reset->in_progress;
	} else if (functions & PT_START) {
		/* Alert status alone doesn't say that the program is over. */
		reset->irb = *irb;
		reset->primary = flags & SCSW_SC_PRIMARY;
		reset->ended = flags & SCSW_DEFERRED_CC ||
			       (reset->primary && has_secondary(irb));
	} else {
		/* Channel end was before. */
		reset->ended = reset->primary && has_secondary(irb);
	}
	if (reset->ended)
		reset_kick(pt);
}

void reset_initialized(struct passthrough *pt)
{
	struct pt_reset *reset = &pt->reset;

	lockdep_assert_held(&pt->lock);
	if (reset->in_progress)
		reset->ended = true;
}

/* Condition code 3: either the host says that the device is gone, or it comes back. */
static enum next begin_clear(struct passthrough *pt)
{
	host_sch_clear(pt->host);
	return begin(pt, PT_CLEAR, CLEAR_TIME);
}

static enum next begin_stop(struct passthrough *pt)
{
	const __be32 suspended = cpu_to_be32(SCSW_AC_SUSPENDED);
	struct css_schib schib;

	if (host_sch_store(pt->host, &schib) == IOINST_CC_EXPECTED &&
	    schib.scsw.flags & suspended &&
	    host_sch_halt(pt->host) == IOINST_CC_EXPECTED)
		return begin(pt, PT_HALT, HALT_TIME);
	return begin_clear(pt);
}

static enum next skip_program(struct passthrough *pt)
{
	pt->reset.program++;
	pt->reset.tries = 0;
	return NEXT_STEP;
}

/*
 * Over which path the programs are executed next.  What a guest has set counts for the
 * path that the command came over, or for all in a path group.  The path in use is the
 * last one: its NO-OP shows that the device is ready.
 */
static u8 next_path(const struct passthrough *pt)
{
	u8 others = pt->reset.paths & ~pt->path;

	return others ? 1u << (fls(others) - 1) : pt->reset.paths;
}

/* There is no program left for this path, or the path isn't there. */
static enum next end_path(struct passthrough *pt, u8 path, bool undone)
{
	struct pt_reset *reset = &pt->reset;

	reset->paths &= ~path;
	if (undone)
		pt->used &= ~path;
	reset->program = 0;
	reset->tries = 0;
	return NEXT_STEP;
}

static enum next begin_program(struct passthrough *pt)
{
	struct pt_reset *reset = &pt->reset;
	const u8 path = next_path(pt);
	const u32 flags = ORB_FORMAT | (u32)path << ORB_LPM_SHIFT;
	const struct css_orb orb = {
		.flags = cpu_to_be32(flags),
		.cpa = cpu_to_be32(reset->memory.addr),
	};
	enum next next = NEXT_STEP;
	ioinst_ending_t cc;

	if (!path) {
		pt->used |= pt->path;
		reset->step = PT_STEP_END;
		return NEXT_STEP;
	}
	if (reset->program == ARRAY_SIZE(programs))
		return end_path(pt, path, true);
	if (reset->tries == PROGRAM_TRIES ||
	    !make_program(pt, reset->program))
		return skip_program(pt);
	reset->tries++;
	cc = host_sch_start(pt->host, &orb);
	if (cc == IOINST_CC_EXPECTED)
		next = begin(pt, PT_START, PROGRAM_TIME);
	else if (cc == IOINST_CC_STATUS_PRESENT)
		kept_look(pt);
	else if (cc == IOINST_CC_BUSY)
		next = begin_clear(pt);
	else
		next = end_path(pt, path, false);
	return next;
}

/* A program of the module's own has ended, or was cleared because it didn't. */
static enum next program_ended(struct passthrough *pt, bool cleared)
{
	const __be32 deferred = pt->reset.irb.scsw.flags &
				cpu_to_be32(SCSW_DEFERRED_CC);
	const u8 path = next_path(pt);

	if (cleared)
		return path == pt->path ? skip_program(pt) :
					  end_path(pt, path, false);
	if (deferred == cpu_to_be32(SCSW_DEFERRED_CC3))
		return end_path(pt, path, false);
	/* With 1, other status was in its way. */
	return deferred == cpu_to_be32(SCSW_DEFERRED_CC1) ? NEXT_STEP :
							    skip_program(pt);
}

/* What was in progress has ended. */
static enum next ended(struct passthrough *pt)
{
	struct pt_reset *reset = &pt->reset;
	const u32 function = reset->in_progress;

	reset->in_progress = 0;
	if (pt->gone) {
		run_idle(pt, true);
		reset->step = PT_STEP_END;
	} else if (function == PT_HALT) {
		return begin_clear(pt);
	} else if (reset->step == PT_STEP_STOP) {
		run_idle(pt, true);
		path_look(pt);
		reset->paths = pt->used;
		reset->step = PT_STEP_PROGRAMS;
	} else {
		return program_ended(pt, function == PT_CLEAR);
	}
	return NEXT_STEP;
}

static enum next wait(struct passthrough *pt)
{
	struct pt_reset *reset = &pt->reset;

	if (time_before(jiffies, reset->deadline)) {
		mod_delayed_work(host_sch_workqueue(), &pt->work,
				 reset->deadline - jiffies);
		return NEXT_WAIT;
	}
	if (reset->in_progress != PT_CLEAR)
		return begin_clear(pt);
	reset->failed = true;
	reset->step = PT_STEP_END;
	return NEXT_STEP;
}

/* Everything that this thread could free is free. */
static enum next end(struct passthrough *pt)
{
	struct pt_reset *reset = &pt->reset;

	reset->waits = pt->part_busy || (pt->freeing && !reset->failed);
	return reset->waits ? NEXT_WAIT : NEXT_OVER;
}

static enum next stuck(struct passthrough *pt)
{
	struct pt_reset *reset = &pt->reset;

	if (!reset->ended && !pt->gone)
		return NEXT_WAIT;
	if (reset->in_progress) {
		reset->in_progress = 0;
		run_idle(pt, true);
		return NEXT_STEP;
	}
	return reset->last ? NEXT_OVER : NEXT_WAIT;
}

static enum next step(struct passthrough *pt)
{
	struct pt_reset *reset = &pt->reset;

	if (pt->mode == PT_STUCK)
		return stuck(pt);
	if (pt->mode != PT_STOPPING)
		return NEXT_WAIT;
	if (reset->in_progress && !reset->failed)
		return reset->ended || pt->gone ? ended(pt) : wait(pt);
	switch (reset->step) {
	case PT_STEP_STOP:
		return begin_stop(pt);
	case PT_STEP_PROGRAMS:
		return begin_program(pt);
	default:
		return end(pt);
	}
}

/* The end; no lock is held. */

/* The last access to the device is that of passthrough_put(), or of the subchannel. */
static void give_back(struct passthrough *pt, bool answer)
{
	unsigned long flags = pt_enter(pt);
	bool abandoned = pt->abandoned;

	/* From now on nobody queues the work. */
	pt->mode = PT_BACK;
	pt_leave(pt, flags);
	cancel_delayed_work(&pt->work);
	host_sch_give_back(pt->host);
	/* If the answer is to come, the core's reference is still there. */
	if (!abandoned)
		passthrough_put(pt);
	if (answer)
		sch_backend_stopped(&pt->backend, !abandoned);
}

/*
 * The subchannel goes on without a device.  This work frees the device, if anybody does,
 * so it is still there.
 */
static void give_up(struct passthrough *pt)
{
	unsigned long flags = pt_enter(pt);
	bool last = pt->reset.last;

	pt->mode = PT_STUCK;
	if (pt->reset.ended || pt->gone)
		reset_kick(pt);
	pt_leave(pt, flags);
	if (last)
		host_sch_give_up(pt->host);
	sch_backend_stopped(&pt->backend, false);
}

/* The guest goes on. */
static void go_on(struct passthrough *pt)
{
	const struct host_sch_modes modes = {};
	unsigned long flags;

	guest_set_apart(pt->backend.guest, pt->backend.wq, &pt->part, false);
	flags = pt_enter(pt);
	/* As the guest's subchannel is after a reset */
	host_sch_modify(pt->host, &modes);
	pt->mode = PT_GUEST;
	pt_leave(pt, flags);
	sch_backend_stopped(&pt->backend, true);
}

void reset_work(struct work_struct *work)
{
	struct passthrough *pt = container_of(to_delayed_work(work),
					      struct passthrough, work);
	unsigned long flags;
	enum next next;
	bool stuck;

	do {
		run_free_left(pt);
		flags = pt_enter(pt);
		stuck = pt->mode == PT_STUCK;
		next = step(pt);
		pt_leave(pt, flags);
	} while (next == NEXT_STEP);
	if (next != NEXT_OVER)
		return;
	if (stuck || (pt->reset.last && !pt->reset.failed))
		give_back(pt, !stuck);
	else if (pt->reset.failed)
		give_up(pt);
	else
		go_on(pt);
}

void reset_stop(struct sch_backend *backend, bool last)
{
	struct passthrough *pt = to_passthrough(backend);
	struct guest *guest = backend->guest;
	const struct host_memory memory = pt->reset.memory;
	unsigned long flags;

	/* The VM's process may be stopped, and somebody waits. */
	guest_set_apart(guest, backend->wq, &pt->part, true);
	flags = pt_enter(pt);
	pt->mode = PT_STOPPING;
	kept_forget(pt);
	run_end(pt, false);
	pt->reset = (struct pt_reset){
		.step = PT_STEP_STOP,
		.last = last,
		.memory = memory,
	};
	reset_kick(pt);
	pt_leave(pt, flags);
	if (!guest_cancel_work(guest, &pt->part))
		return;
	flags = pt_enter(pt);
	pt->part_busy = false;
	reset_go_on(pt);
	pt_leave(pt, flags);
}
