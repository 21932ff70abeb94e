/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Subchannels: their state, and what the I/O instructions do to it, for the image
 * and the instructions.  Locking and lifetime are described at the top of
 * subchannel/subchannel.c; what the files there have of each other is in
 * subchannel/internal.h.
 */
#ifndef _KVM_CSS_SUBCHANNEL_H
#define _KVM_CSS_SUBCHANNEL_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/ending.h>
#include <kvm_css/layout.h>
#include <kvm_css/measurement.h>

struct css_device;
struct kvm_css_state;
struct sch_shared;

/*
 * What a subchannel can be in.  Function, activity and status control say which
 * it is, see states.c; nothing else is kept.
 */
enum sch_state {
	SCH_NOT_OPERATIONAL,	/* removed, being reset, or out of service */
	SCH_DISABLED,
	SCH_IDLE,		/* enabled, no function, no status */
	SCH_START_PENDING,	/* start accepted, nothing executed so far */
	SCH_ACTIVE,		/* the channel program is being executed */
	SCH_ACTIVE_STATUS,	/* the same, with intermediate status */
	SCH_SUSPENDED,		/* suspended, nothing to be said about it */
	SCH_SUSPENDED_STATUS,	/* suspended, with intermediate status */
	SCH_RESUME_PENDING,	/* resume accepted, not yet taken up again */
	SCH_HALT_PENDING,	/* halt accepted, the program has yet to stop */
	SCH_CLEAR_PENDING,	/* clear accepted, likewise */
	SCH_STATUS_PENDING,	/* a function has ended, TSCH will show how */
	SCH_STATES,
	SCH_BROKEN = SCH_STATES	/* a combination that can't be */
};

/**
 * struct subchannel_stats - what a subchannel has done
 * @started: start functions accepted
 * @completed: start functions that have ended with status
 * @deferred: channel programs that a worker took over from the vCPU
 */
struct subchannel_stats {
	u64 started;
	u64 completed;
	u64 deferred;
};

/**
 * struct subchannel - a subchannel with the device behind it
 * @ref: see subchannel.c
 * @rcu: a lookup may still hold the pointer
 * @shared: what it shares with the other subchannels of its image
 * @dev: the device
 * @sid: subsystem-identification word
 * @lock: protects all that follows, but for what @program says of itself
 * @gone: removed; nothing may be started or made pending any more
 * @resetting: a reset waits for @running and @queued
 * @broken: found in a state that can't be, and taken out of service
 * @running: someone runs the channel program
 * @counted: in @shared->active
 * @queued: @work will look whether there is something to run
 * @deferred: @work has taken the channel program over from the vCPU
 * @int_queued: an I/O interruption has been given to the guest
 * @generation: changes with every change of @schib.scsw
 * @schib: as STORE SUBCHANNEL shows it
 * @ecw: concurrent sense, valid when SCSW_EXTENDED is set
 * @stats: see there
 * @measured: what the measurement facilities know of it
 * @program: the channel program; its runner's own while @running
 * @work: runs the channel program off the vCPU
 */
struct subchannel {
	struct kref ref;
	struct rcu_head rcu;
	struct sch_shared *shared;
	struct css_device *dev;
	u32 sid;

	struct mutex lock;	/* see subchannel.c */
	bool gone;
	bool resetting;
	bool broken;
	bool running;
	bool counted;
	bool queued;
	bool deferred;
	bool int_queued;
	u32 generation;
	struct css_schib schib;
	u8 ecw[ECW_SIZE];
	struct subchannel_stats stats;
	struct sch_measured measured;

	struct chanprog program;
	struct guest_work work;
};

/**
 * subchannel_create() - make a subchannel
 * @shared: what it shares with the other subchannels of its image
 * @dev: the device; the subchannel's own from a successful return on
 * @sid: subsystem-identification word
 * @devno: device number
 * @chpid: channel-path identifier of the one path
 *
 * It starts as after a subsystem reset: device number valid, not enabled.
 *
 * Context: may sleep.
 * Return: the subchannel with one reference, or NULL when memory is short.
 */
struct subchannel *subchannel_create(struct sch_shared *shared,
				     struct css_device *dev, u32 sid,
				     u16 devno, u8 chpid);

/**
 * subchannel_get() - take a reference, unless the last one is gone
 * @sch: the subchannel, found under RCU
 *
 * Context: any; rcu_read_lock() held unless the caller has a reference.
 * Return: whether a reference was taken.
 */
static inline bool subchannel_get(struct subchannel *sch)
{
	return kref_get_unless_zero(&sch->ref);
}

/**
 * subchannel_put() - give a reference back
 * @sch: the subchannel
 *
 * Context: may sleep.
 */
void subchannel_put(struct subchannel *sch);

/**
 * subchannel_stop() - take a subchannel out of service
 * @sch: the subchannel; it can't be looked up any more
 *
 * Tells the channel program to stop and withdraws the interruption.  After
 * that nothing is ever made pending for it again.
 *
 * Context: may sleep; takes @sch->lock.
 */
void subchannel_stop(struct subchannel *sch);

/**
 * subchannel_reset() - begin to bring it to its initial state
 * @sch: the subchannel
 * @withdraw: take its interruption back; otherwise the caller does that for all
 *
 * Chapter 17, "I/O-System Reset": the function is ended without status, the
 * interruption is gone, the subchannel is not enabled, and so is everything
 * that MODIFY SUBCHANNEL can set.  While a channel program is still on its way
 * out the subchannel is not operational; subchannel_wait() waits for that.
 *
 * Context: may sleep; takes @sch->lock.
 */
void subchannel_reset(struct subchannel *sch, bool withdraw);

/**
 * subchannel_wait() - wait until nothing runs for a subchannel
 * @sch: the subchannel, stopped or being reset
 *
 * After that neither its device nor guest storage is touched for it.  A worker
 * has given its reference to a stopped one back, too.
 *
 * Context: may sleep, killably, as long as the device takes to end its command
 * and the host to provide guest storage.
 * Return: 0, or -EINTR when the caller was killed.
 */
int subchannel_wait(struct subchannel *sch);

/**
 * subchannel_active() - does anybody run its channel program, or will?
 * @sch: the subchannel
 *
 * Context: any; @sch->shared->idle is woken when it becomes false.  Without @sch->lock,
 * one who passes the program on to another may be missed.
 * Return: whether somebody does.
 */
static inline bool subchannel_active(const struct subchannel *sch)
{
	return READ_ONCE(sch->running) || READ_ONCE(sch->queued);
}

/**
 * struct subchannel_info - what a subchannel is and has done
 * @schib: as STORE SUBCHANNEL shows it
 * @stats: counters
 */
struct subchannel_info {
	struct css_schib schib;
	struct subchannel_stats stats;
};

/**
 * subchannel_query() - the state at one moment
 * @sch: the subchannel
 * @state: where to
 *
 * Context: may sleep; takes @sch->lock.
 * Return: false once it has been stopped; then nothing is written.
 */
bool subchannel_query(struct subchannel *sch, struct subchannel_info *state);

/**
 * subchannel_state() - what state a subchannel is in
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 * Return: the state; SCH_BROKEN for one that can't be.
 */
enum sch_state subchannel_state(const struct subchannel *sch);

/**
 * schib_state() - what state a subchannel-information block shows
 * @schib: the block
 *
 * Context: any.
 * Return: the state; SCH_BROKEN for one that can't be.
 */
enum sch_state schib_state(const struct css_schib *schib);

/**
 * subchannel_store() - the state as STORE SUBCHANNEL shows it
 * @sch: the subchannel
 * @schib: where to
 *
 * Context: may sleep; takes @sch->lock.
 * Return: IOINST_CC_EXPECTED, or IOINST_CC_NOT_OPERATIONAL once removed.
 */
ioinst_ending_t subchannel_store(struct subchannel *sch, struct css_schib *schib);

/**
 * subchannel_schib_valid() - may a block be MODIFY SUBCHANNEL's operand?
 * @schib: the block
 *
 * Chapter 14, the operand exceptions of MODIFY SUBCHANNEL.
 *
 * Context: any.
 * Return: whether it may.
 */
bool subchannel_schib_valid(const struct css_schib *schib);

/**
 * subchannel_modify() - MODIFY SUBCHANNEL, chapter 14
 * @sch: the subchannel
 * @schib: the operand, its reserved bits checked
 *
 * Context: may sleep; takes @sch->lock.
 * Return: a condition code.
 */
ioinst_ending_t subchannel_modify(struct subchannel *sch,
				  const struct css_schib *schib);

/**
 * subchannel_start() - START SUBCHANNEL, chapter 14
 * @sch: the subchannel
 * @orb: the operand, its reserved bits checked
 *
 * Runs the channel program at once as far as nothing has to be waited for;
 * a worker does the rest.
 *
 * Context: the vCPU's thread; may sleep; takes @sch->lock.
 * Return: a condition code.
 */
ioinst_ending_t subchannel_start(struct subchannel *sch, const struct css_orb *orb);

/**
 * subchannel_resume() - RESUME SUBCHANNEL, chapter 14
 * @sch: the subchannel
 *
 * Context: the vCPU's thread; may sleep; takes @sch->lock.
 * Return: a condition code.
 */
ioinst_ending_t subchannel_resume(struct subchannel *sch);

/**
 * subchannel_halt() - HALT SUBCHANNEL, chapter 14
 * @sch: the subchannel
 *
 * Context: may sleep; takes @sch->lock; waits for nobody.
 * Return: a condition code.
 */
ioinst_ending_t subchannel_halt(struct subchannel *sch);

/**
 * subchannel_clear() - CLEAR SUBCHANNEL, chapter 14
 * @sch: the subchannel
 *
 * Context: may sleep; takes @sch->lock; waits for nobody.
 * Return: a condition code.
 */
ioinst_ending_t subchannel_clear(struct subchannel *sch);

/**
 * subchannel_cancel() - CANCEL SUBCHANNEL, chapter 14
 * @sch: the subchannel
 *
 * Context: may sleep; takes @sch->lock.
 * Return: a condition code.
 */
ioinst_ending_t subchannel_cancel(struct subchannel *sch);

/**
 * subchannel_kick() - go on with what waits for the end of a quiesce
 * @sch: the subchannel
 *
 * Context: may sleep; takes @sch->lock.
 */
void subchannel_kick(struct subchannel *sch);

/**
 * subchannel_peek() - what TEST SUBCHANNEL would store now
 * @sch: the subchannel
 * @irb: where to
 * @len: how much of it is stored, in bytes
 * @generation: for subchannel_test()
 *
 * Context: may sleep; takes @sch->lock.
 * Return: IOINST_CC_EXPECTED when there is status to present,
 * IOINST_CC_NOT_STATUS_PENDING or IOINST_CC_NOT_OPERATIONAL.
 */
ioinst_ending_t subchannel_peek(struct subchannel *sch, struct css_irb *irb,
				u32 *len, u32 *generation);

/**
 * subchannel_test() - TEST SUBCHANNEL has stored the status: clear it
 * @sch: the subchannel
 * @generation: as subchannel_peek() gave it
 *
 * Context: may sleep; takes @sch->lock.
 * Return: IOINST_CC_EXPECTED; IOINST_RETRY when the subchannel has changed
 * since subchannel_peek(), so that what was stored is no longer true.
 */
ioinst_ending_t subchannel_test(struct subchannel *sch, u32 generation);

/**
 * subchannel_requeue() - make an interruption pending that the host could not
 * @sch: the subchannel
 *
 * Context: may sleep; takes @sch->lock.
 */
void subchannel_requeue(struct subchannel *sch);

/**
 * subchannel_save() - the state of a subchannel with its device
 * @sch: the subchannel
 * @state: where to: all that GET_STATE writes
 *
 * Context: may sleep; takes @sch->lock.
 * Return: 0; -ENODEV when it has been removed; -EIO when it is out of service;
 * -EBUSY when its channel program, a halt, a clear or a reset is in progress.
 */
int subchannel_save(struct subchannel *sch, struct kvm_css_state *state);

/**
 * subchannel_restore() - have a subchannel go on where another one was
 * @sch: the subchannel
 * @state: what somebody says that subchannel_save() gave; size, flags and
 *	the subchannel's number are not looked at
 *
 * Context: may sleep; takes @sch->lock.
 * Return: 0; -ENODEV and -EIO as subchannel_save(); -EBUSY when there is
 * a function in progress or status pending; -EINVAL when this subchannel can't
 * be in such a state.  Then nothing has changed.
 */
int subchannel_restore(struct subchannel *sch,
		       const struct kvm_css_state *state);

/**
 * subchannel_flags() - word 0 of the subchannel-status word
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 * Return: SCSW_*.
 */
static inline u32 subchannel_flags(const struct subchannel *sch)
{
	return be32_to_cpu(sch->schib.scsw.flags);
}

#endif /* _KVM_CSS_SUBCHANNEL_H */
