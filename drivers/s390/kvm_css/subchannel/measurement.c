// SPDX-License-Identifier: GPL-2.0
/*
 * Channel-subsystem monitoring: how often functions of a subchannel are
 * started, and how long they take.  Principles of Operation chapter 17,
 * "Channel-Subsystem Monitoring".
 *
 * Three times are measured, at the beginning and at the end of each turn of a
 * runner:
 *
 *   function pending	from START or RESUME SUBCHANNEL to the turn in which the
 *			first command is executed
 *   device connect	during turns
 *   device disconnect	between turns, while a command is pending, or while the
 *			program waits for a worker
 *
 * Function pending includes a turn in which no command was executed, because
 * the command has to wait for a worker.  It also includes the time for which a
 * start function waits for a busy device.  The time for which a program is
 * suspended is not measured.
 *
 * All other times are zero.  No control unit here has a queue, and a control
 * unit that is not busy accepts a command at once.  What a device does between
 * channel end and device end is device-disconnect time if a command is chained,
 * and is not measured otherwise.
 *
 * Locking: while there is a runner, sch->measured belongs to the runner.
 * Otherwise sch->lock protects it.  What the PMCW enables is copied when a
 * function is started, and MODIFY SUBCHANNEL can't change the PMCW before the
 * function has ended.  shared->monitor may change at any time.  update_block()
 * reads it again, so that nobody writes to storage in which the guest has no
 * measurement blocks any more.  It uses measurement_get(), which gets all
 * members from the same SET CHANNEL MONITOR.
 *
 * For a subchannel that isn't measured, START SUBCHANNEL looks at three bits of
 * the PMCW, and nobody reads a clock.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include <kvm_css/guest.h>
#include <kvm_css/measurement.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/* Units of time: 128 us in a block, half a microsecond in the IRB */
#define BLOCK_UNIT_NS	128000
#define WORD_UNIT_NS	500

/* How many bytes of a block are updated; the rest of it doesn't change. */
#define BLOCK0_UPDATED	offsetof(struct css_block0, control_unit_queuing_time)
#define BLOCK1_UPDATED	offsetof(struct css_block1, control_unit_queuing_time)

void measurement_set(struct sch_shared *shared,
		     const struct css_monitor *monitor)
{
	write_seqlock(&shared->monitor_lock);
	shared->monitor = *monitor;
	write_sequnlock(&shared->monitor_lock);
}

void measurement_get(struct sch_shared *shared, struct css_monitor *monitor)
{
	unsigned int seq;

	do {
		seq = read_seqbegin(&shared->monitor_lock);
		*monitor = shared->monitor;
	} while (read_seqretry(&shared->monitor_lock, seq));
}

/* Updating a block */

/*
 * Add a measured time to @sum, which is a time in a block.  What is less than a
 * unit of the block is kept, and added the next time.
 * Return: the new value for the block.
 */
static __be32 add_time(struct sch_measured *m, enum measured_time what,
		       __be32 sum)
{
	u64 ns = m->times[what] + m->rests[what];

	return cpu_to_be32(be32_to_cpu(sum) +
			   (u32)div_u64_rem(ns, BLOCK_UNIT_NS, &m->rests[what]));
}

static guest_access_t update_block0(struct guest *guest, u64 addr,
				    u8 key, struct sch_measured *m, bool sample)
{
	struct css_block0 block;
	guest_access_t access;

	access = guest_storage_read(guest, addr, &block, BLOCK0_UPDATED, key);
	if (access != GUEST_ACCESS_OK)
		return access;
	be16_add_cpu(&block.starts, m->starts);
	if (sample) {
		be16_add_cpu(&block.samples, 1);
		block.device_connect_time =
			add_time(m, MEASURED_CONNECT,
				 block.device_connect_time);
		block.function_pending_time =
			add_time(m, MEASURED_PENDING,
				 block.function_pending_time);
		block.device_disconnect_time =
			add_time(m, MEASURED_DISCONNECT,
				 block.device_disconnect_time);
	}
	return guest_storage_write(guest, addr, &block, BLOCK0_UPDATED, key);
}

static guest_access_t update_block1(struct guest *guest, u64 addr,
				    u8 key, struct sch_measured *m, bool sample)
{
	struct css_block1 block;
	guest_access_t access;

	access = guest_storage_read(guest, addr, &block, BLOCK1_UPDATED, key);
	if (access != GUEST_ACCESS_OK)
		return access;
	be32_add_cpu(&block.starts, m->starts);
	if (sample) {
		be32_add_cpu(&block.samples, 1);
		block.device_connect_time =
			add_time(m, MEASURED_CONNECT,
				 block.device_connect_time);
		block.function_pending_time =
			add_time(m, MEASURED_PENDING,
				 block.function_pending_time);
		block.device_disconnect_time =
			add_time(m, MEASURED_DISCONNECT,
				 block.device_disconnect_time);
	}
	return guest_storage_write(guest, addr, &block, BLOCK1_UPDATED, key);
}

/* "Extended-Status Flags": why the block could not be updated */
static u32 logout(guest_access_t access)
{
	switch ((__force u32)access) {
	case (__force u32)GUEST_ACCESS_OK:
	case (__force u32)GUEST_ACCESS_GONE:
		return 0;
	case (__force u32)GUEST_ACCESS_ADDRESSING:
		return LOGOUT_BLOCK_PROGRAM;
	case (__force u32)GUEST_ACCESS_PROTECTION:
		return LOGOUT_BLOCK_PROTECTION;
	default:
		return LOGOUT_BLOCK_DATA;
	}
}

/*
 * Update the measurement block.
 * @sample: also add the times, and count a sample; otherwise only add the
 *	number of START and RESUME SUBCHANNEL
 */
static void update_block(struct subchannel *sch, bool sample)
{
	struct guest *guest = sch->shared->guest;
	struct sch_measured *m = &sch->measured;
	struct css_monitor monitor;
	guest_access_t access;
	u64 addr;

	measurement_get(sch->shared, &monitor);
	if (!monitor.update)
		return;
	if (m->format1)
		access = update_block1(guest, m->block, monitor.key, m, sample);
	else if (check_add_overflow(monitor.origin, m->block, &addr))
		access = GUEST_ACCESS_ADDRESSING;
	else
		access = update_block0(guest, addr, monitor.key, m, sample);
	m->starts = 0;
	m->logout = logout(access);
}

/* What is measured from the beginning of a function to its end */

/*
 * The subchannel gets another block, or none.  Forget what was still to be
 * added to the last one.
 */
static void forget_block(struct sch_measured *m)
{
	memset(m->rests, 0, sizeof(m->rests));
	m->starts = 0;
}

/* Note which block the PMCW and the SCHIB name. */
static void take_block(struct subchannel *sch)
{
	const struct css_pmcw *pmcw = &sch->schib.pmcw;
	struct sch_measured *m = &sch->measured;
	bool format1 = pmcw->chars & cpu_to_be32(PMCW_MB_FORMAT1);
	u64 block = format1 ? be64_to_cpu(sch->schib.mba) :
			      be16_to_cpu(pmcw->mbi) * sizeof(struct css_block0);

	if (m->block != block || m->format1 != format1)
		forget_block(m);
	m->block = block;
	m->format1 = format1;
}

/* Begin to measure.  START and RESUME SUBCHANNEL each begin anew. */
static void begin(struct subchannel *sch)
{
	const struct css_pmcw *pmcw = &sch->schib.pmcw;
	struct sch_measured *m = &sch->measured;

	lockdep_assert_held(&sch->lock);
	m->update = false;
	m->interval = false;
	m->timed = false;
	if (!(pmcw->flags & cpu_to_be16(PMCW_MEASUREMENT_MODE)) &&
	    !(pmcw->chars & cpu_to_be32(PMCW_XMWME)))
		return;
	m->update = pmcw->flags & cpu_to_be16(PMCW_BLOCK_UPDATE) &&
		    READ_ONCE(sch->shared->monitor.update);
	m->interval = pmcw->flags & cpu_to_be16(PMCW_CONNECT_TIME) &&
		      READ_ONCE(sch->shared->monitor.connect_time);
	m->timed = m->update || m->interval ||
		   pmcw->chars & cpu_to_be32(PMCW_XMWME);
	if (!m->timed)
		return;
	if (m->update) {
		take_block(sch);
		m->starts++;
	} else {
		forget_block(m);
	}
	memset(m->times, 0, sizeof(m->times));
	m->begun = false;
	m->since = ktime_get_ns();
}

void measurement_started(struct subchannel *sch)
{
	sch->measured.logout = 0;
	begin(sch);
}

void measurement_resumed(struct subchannel *sch)
{
	begin(sch);
}

/* Add the time that has passed since @since to @what, and set @since to now. */
static void account(struct sch_measured *m, enum measured_time what)
{
	u64 now = ktime_get_ns();

	m->times[what] += now - m->since;
	m->since = now;
}

void measurement_turn_begins(struct subchannel *sch)
{
	struct sch_measured *m = &sch->measured;

	if (!m->timed)
		return;
	account(m, m->begun ? MEASURED_DISCONNECT : MEASURED_PENDING);
}

/*
 * For a program that was halted or cleared, the block gets the number of START
 * and RESUME SUBCHANNEL, but no times and no sample.  That is so even if the
 * program has ended by itself before it could be stopped.
 */
void measurement_turn_ends(struct subchannel *sch, enum chanprog_state outcome)
{
	struct sch_measured *m = &sch->measured;

	if (!m->timed)
		return;
	if (!chanprog_untouched(&sch->program) || outcome == CHANPROG_PENDING)
		m->begun = true;
	account(m, m->begun ? MEASURED_CONNECT : MEASURED_PENDING);
	if (!m->update)
		return;
	if (outcome == CHANPROG_ENDED || outcome == CHANPROG_SUSPENDED)
		update_block(sch, !chanprog_stopped(&sch->program));
	else if (outcome == CHANPROG_STOPPED)
		update_block(sch, false);
}

void measurement_runner_left(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (sch->measured.logout)
		sch->schib.pmcw.flags &= ~cpu_to_be16(PMCW_BLOCK_UPDATE);
}

/* Saving and restoring */

void measurement_save(const struct subchannel *sch,
		      struct measured_saved *saved)
{
	const u32 waits = SCSW_AC_START_PENDING | SCSW_AC_RESUME_PENDING |
			  SCSW_AC_SUBCH_ACTIVE;
	const struct sch_measured *m = &sch->measured;

	lockdep_assert_held(&sch->lock);
	memcpy(saved->times, m->times, sizeof(saved->times));
	saved->starts = m->starts;
	saved->logout = m->logout;
	saved->timed = m->timed;
	if (!m->timed || !(subchannel_flags(sch) & waits) ||
	    subchannel_ended(subchannel_flags(sch)))
		return;
	saved->times[m->begun ? MEASURED_DISCONNECT : MEASURED_PENDING] +=
		ktime_get_ns() - m->since;
}

/*
 * This doesn't look at shared->monitor, because the VMM may restore the image,
 * and with it shared->monitor, later than this subchannel.
 */
void measurement_restore(struct subchannel *sch,
			 const struct measured_saved *saved)
{
	struct sch_measured *m = &sch->measured;

	lockdep_assert_held(&sch->lock);
	memset(m, 0, sizeof(*m));
	take_block(sch);
	memcpy(m->times, saved->times, sizeof(m->times));
	m->starts = saved->starts;
	m->logout = saved->logout;
	m->timed = saved->timed;
	m->update = m->timed &&
		    sch->schib.pmcw.flags & cpu_to_be16(PMCW_BLOCK_UPDATE);
	m->interval = m->timed &&
		      sch->schib.pmcw.flags & cpu_to_be16(PMCW_CONNECT_TIME);
	m->begun = !chanprog_untouched(&sch->program);
	m->since = ktime_get_ns();
}

static __be32 word_time(const struct sch_measured *m, enum measured_time what)
{
	return cpu_to_be32(min_t(u64, div_u64(m->times[what], WORD_UNIT_NS),
				 U32_MAX));
}

/*
 * "Format-2 ESW", which belongs to a start function that has ended or is
 * suspended.
 */
u16 measurement_interval(const struct subchannel *sch)
{
	const struct sch_measured *m = &sch->measured;
	u32 flags = subchannel_flags(sch);

	if (!(flags & SCSW_FC_START) ||
	    flags & (SCSW_DEFERRED_CC | SCSW_ESW_FORMAT))
		return 0;
	if (!(flags & SCSW_SC_PRIMARY) &&
	    !(flags & SCSW_SC_INTERMEDIATE && flags & SCSW_AC_SUSPENDED))
		return 0;
	return min_t(u64, div_u64(m->times[MEASURED_CONNECT], BLOCK_UNIT_NS),
		     U16_MAX);
}

void measurement_word(const struct subchannel *sch, struct css_emw *emw)
{
	const struct sch_measured *m = &sch->measured;
	u32 flags = subchannel_flags(sch);

	memset(emw, 0, sizeof(*emw));
	/* Without a path to the device, nothing was measured. */
	if (!(flags & SCSW_FC_START) ||
	    (flags & SCSW_DEFERRED_CC) == SCSW_DEFERRED_CC3)
		return;
	emw->device_connect_time = word_time(m, MEASURED_CONNECT);
	emw->function_pending_time = word_time(m, MEASURED_PENDING);
	emw->device_disconnect_time = word_time(m, MEASURED_DISCONNECT);
}
