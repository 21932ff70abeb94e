// SPDX-License-Identifier: GPL-2.0
/*
 * Channel-subsystem monitoring: how often a subchannel is started, and what the
 * time goes into.  Principles of Operation chapter 17, "Channel-Subsystem
 * Monitoring".
 *
 * What a runner sees of a channel program is what can be measured:
 *
 *   function pending	from START or RESUME SUBCHANNEL to the turn in which the
 *			first command is executed
 *   device connect	turns
 *   device disconnect	between turns: the program waits for a worker
 *
 * A turn that has executed nothing, because the command has to wait for a
 * worker, is pending time too, and so is the time for which a start function
 * waits for a device that is busy.  A suspended program is none of them.  The
 * other times are zero: no control unit here has a queue, one that is not busy
 * accepts a command at once, and what a device does between channel end and
 * device end is disconnect time if a command is chained, and nothing otherwise.
 *
 * Locking: sch->measured belongs to who runs the program while there is someone,
 * and is protected by sch->lock otherwise.  What the PMCW says is copied when a
 * function is started; MODIFY SUBCHANNEL can't change it before that has ended.
 * shared->monitor changes at any time: it is read when a block is updated, so
 * that storage which the guest has taken back is left alone.  All of it is read
 * under shared->monitor_lock: origin and mode must not be of two different SET
 * CHANNEL MONITORs.
 *
 * A subchannel that isn't measured pays for looking at two bits, and no clock
 * is read for it.
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

/* Units of time: 128 microseconds in a block, half a one in the IRB */
#define BLOCK_UNIT_NS	128000
#define WORD_UNIT_NS	500

/* What is updated of a block: the rest of it doesn't change. */
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

/* Add a time to one of a block; what is less than a unit waits for more. */
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

/* "Extended-Status Flags": what keeps a block from being updated */
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

/* @sample: the times are complete; otherwise there is only a start to count */
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

/* What a function goes through */

/* Another block, or none: what the last one is still owed is forgotten. */
static void forget_block(struct sch_measured *m)
{
	memset(m->rests, 0, sizeof(m->rests));
	m->starts = 0;
}

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

/* START and RESUME SUBCHANNEL are measured each by itself. */
static void begin(struct subchannel *sch)
{
	const struct css_pmcw *pmcw = &sch->schib.pmcw;
	struct sch_measured *m = &sch->measured;

	lockdep_assert_held(&sch->lock);
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

/* What has been going on until now was this; something else begins. */
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
 * No sample is what was halted or cleared, though it may end by itself: its times
 * are those of the halt.
 */
void measurement_turn_ends(struct subchannel *sch, enum chanprog_state outcome)
{
	struct sch_measured *m = &sch->measured;

	if (!m->timed)
		return;
	if (!chanprog_untouched(&sch->program))
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

/* SET CHANNEL MONITOR may be restored after it, and isn't looked at. */
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

/* "Format-2 ESW", which is of a function that has ended or is suspended */
u16 measurement_interval(const struct subchannel *sch)
{
	const struct sch_measured *m = &sch->measured;
	u32 flags = subchannel_flags(sch);

	if (!m->interval || !(flags & SCSW_FC_START) ||
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
	/* With no path to the device, nothing has been started. */
	if (!(flags & SCSW_FC_START) ||
	    (flags & SCSW_DEFERRED_CC) == SCSW_DEFERRED_CC3)
		return;
	emw->device_connect_time = word_time(m, MEASURED_CONNECT);
	emw->function_pending_time = word_time(m, MEASURED_PENDING);
	emw->device_disconnect_time = word_time(m, MEASURED_DISCONNECT);
}
