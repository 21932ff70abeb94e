/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Subchannels: their state, and what the I/O instructions do to it.  The image
 * and the instructions use this header.  The top of subchannel/subchannel.c
 * describes locking and lifetime, and subchannel/internal.h has what is
 * internal to the files in subchannel/.
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
struct sch_backend;
struct sch_shared;

/*
 * The states of a subchannel.  The state is not stored anywhere: states.c
 * derives it from function, activity and status control, from the enabled bit
 * of the PMCW, and from @gone, @resetting and @broken of struct subchannel.
 */
enum sch_state {
	/* It is removed, is being reset, or is out of service. */
	SCH_NOT_OPERATIONAL,
	/* The guest has not enabled it. */
	SCH_DISABLED,
	/* It is enabled, with no function in progress and no status pending. */
	SCH_IDLE,
	/* A start function was accepted, and no command has been executed. */
	SCH_START_PENDING,
	/* The channel program is being executed. */
	SCH_ACTIVE,
	/* The same, and intermediate status is pending. */
	SCH_ACTIVE_STATUS,
	/* The channel program is suspended. */
	SCH_SUSPENDED,
	/* The same, and intermediate status is pending. */
	SCH_SUSPENDED_STATUS,
	/* A suspended program was resumed, and hasn't gone on yet. */
	SCH_RESUME_PENDING,
	/* HALT SUBCHANNEL was accepted, and the runner hasn't stopped yet. */
	SCH_HALT_PENDING,
	/* CLEAR SUBCHANNEL was accepted, and the runner hasn't stopped yet. */
	SCH_CLEAR_PENDING,
	/*
	 * Status is pending that is not just intermediate status: a function
	 * has ended, or the device has presented status by itself.
	 */
	SCH_STATUS_PENDING,
	/* The number of states */
	SCH_STATES,
	/* Not a state, but a combination of bits that should never occur */
	SCH_BROKEN = SCH_STATES
};

/**
 * struct subchannel_stats - what a subchannel has done
 * @started: how many start functions were accepted
 * @completed: how many start functions have ended with status
 * @deferred: how many start functions needed a worker to run their channel
 *	program
 */
struct subchannel_stats {
	u64 started;
	u64 completed;
	u64 deferred;
};

/**
 * struct subchannel - a subchannel with the device behind it
 * @ref: the references to the subchannel, see subchannel.c
 * @sid: subsystem-identification word
 * @rcu: frees the memory after an RCU grace period, because a lookup may still
 *	use the pointer
 * @last: gets to stable storage what the device has written, before @rcu is
 *	used
 * @shared: what it shares with the other subchannels of its image
 * @dev: the device
 * @backend: performs the functions, if the device has one; otherwise NULL
 * @lock: protects all members below; while @running is set, @program and
 *	@measured belong to the runner instead
 * @gone: the subchannel is removed; nothing may be started or made pending any
 *	more
 * @resetting: a reset waits until none of @running, @queued and @pending is set
 * @broken: the subchannel was found in a state that should never occur, and is
 *	out of service
 * @running: somebody runs the channel program, or prepares one for a backend
 * @pending: nobody does, because a command is pending, and no worker has come
 *	since the device has called cu_completed(), see pending.c; or a backend
 *	was asked to stop and has not, see news.c; this has a reference
 * @counted: the subchannel is counted in @shared->active, because somebody may
 *	wait until nobody runs its program any more
 * @queued: @work is queued, and will look whether there is something to run
 * @requested: the device has made a request since it was last found to have no
 *	status; it sets this without @lock, see present.c
 * @deferred: the current start function is counted in @stats.deferred
 * @int_queued: guest_inject() has queued an I/O interruption for the pending
 *	status; the guest may have taken the interruption since
 * @generation: changes whenever word 0 of @schib.scsw is set, with a reset, and
 *	when the subchannel goes out of service; subchannel_test() compares it
 * @schib: the subchannel-information block, as STORE SUBCHANNEL shows it
 * @ecw: concurrent sense, valid when SCSW_EXTENDED is set in @schib.scsw
 * @stats: counters
 * @measured: what the measurement facilities know of it
 * @program: the channel program
 * @work: has a worker run the channel program
 */
struct subchannel {
	struct kref ref;
	u32 sid;
	union {
		struct rcu_head rcu;
		struct work_struct last;
	};
	struct sch_shared *shared;
	struct css_device *dev;
	struct sch_backend *backend;

	struct mutex lock;	/* see subchannel.c */
	bool gone;
	bool resetting;
	bool broken;
	bool running;
	bool pending;
	bool counted;
	bool queued;
	bool requested;
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
 * @dev: the device; it belongs to the subchannel once this has succeeded, and
 *	stays the caller's otherwise
 * @sid: subsystem-identification word
 * @devno: device number
 * @chpid: channel-path identifier of the subchannel's only path
 *
 * The subchannel begins in the state that it has after an I/O-system reset: the
 * device number is valid, and the subchannel is not enabled.
 *
 * Context: may sleep.
 * Return: the subchannel with one reference, or NULL when memory is short.
 */
struct subchannel *subchannel_create(struct sch_shared *shared,
				     struct css_device *dev, u32 sid,
				     u16 devno, u8 chpid);

/**
 * subchannel_get() - take a reference, unless the last one was given back
 * @sch: the subchannel
 *
 * Context: any; rcu_read_lock() held unless the caller has a reference.
 * Return: whether a reference was taken.
 */
static inline bool subchannel_get(struct subchannel *sch)
{
	return kref_get_unless_zero(&sch->ref);
}

/**
 * subchannel_release() - what subchannel_put() does with the last reference
 * @ref: &subchannel.ref
 *
 * Context: may sleep.
 */
void subchannel_release(struct kref *ref);

/**
 * subchannel_put() - give a reference back
 * @sch: the subchannel
 *
 * With the last reference, the device is released, too.
 *
 * Context: may sleep.
 */
static inline void subchannel_put(struct subchannel *sch)
{
	kref_put(&sch->ref, subchannel_release);
}

/**
 * subchannel_stop() - make a subchannel that is removed not operational
 * @sch: the subchannel; the caller takes it out of its set before or after this
 *
 * Drops the channel program and withdraws the interruption.  From then on
 * nothing is made pending for the subchannel any more.
 *
 * Context: may sleep; takes @sch->lock.
 */
void subchannel_stop(struct subchannel *sch);

/**
 * subchannel_reset() - begin to bring a subchannel into its initial state
 * @sch: the subchannel
 * @withdraw: withdraw its interruption; otherwise the caller clears all
 *	interruptions of the VM afterwards
 *
 * Chapter 17, "I/O-System Reset": the function ends without status, the
 * interruption goes, the subchannel is not enabled, and everything else that
 * MODIFY SUBCHANNEL can set gets its initial value.  As long as somebody still
 * runs the channel program, the subchannel is not operational;
 * subchannel_wait() waits for the runner.
 *
 * Context: may sleep; takes @sch->lock.
 */
void subchannel_reset(struct subchannel *sch, bool withdraw);

/**
 * subchannel_wait() - wait until nobody works for a subchannel any more
 * @sch: the subchannel, after subchannel_stop() or subchannel_reset()
 *
 * After that nobody accesses the device or guest storage for what the
 * subchannel did before.  If it was stopped, the work items of the subchannel
 * and of its device have given back their references, too.
 *
 * Context: sleeps killably, as long as the device takes to end its command and
 * the host to provide guest storage; takes @sch->lock.
 * Return: 0, or -EINTR when the caller was killed.
 */
int subchannel_wait(struct subchannel *sch);

/**
 * subchannel_sync() - get to stable storage what the device has written
 * @sch: the subchannel
 * @last: subchannel_wait() has waited for the subchannel's end; nobody tries
 *	again, unless a signal has interrupted the caller
 *
 * Context: sleeps as long as the host takes to write.  Nobody runs a channel
 * program, unless a quiesce has been ended meanwhile.
 * Return: 0; -EIO when something that was written may be lost; -EINTR when a
 * signal has interrupted the caller.
 */
int subchannel_sync(struct subchannel *sch, bool last);

/**
 * subchannel_active() - does anybody run the channel program, or may soon?
 * @sch: the subchannel
 *
 * If the subchannel is counted in @sch->shared->active, is being reset or is
 * removed, @sch->shared->idle is woken after this has become false.  A caller that
 * doesn't hold @sch->lock may see false by mistake while a runner passes the
 * program on to a worker.
 *
 * Context: any.
 * Return: whether there is a runner, @sch->work is queued, a command is pending
 * that no worker has completed, or a backend was asked to stop and has not.
 */
static inline bool subchannel_active(const struct subchannel *sch)
{
	return READ_ONCE(sch->running) || READ_ONCE(sch->queued) ||
	       READ_ONCE(sch->pending);
}

/**
 * subchannel_count_active() - count a subchannel in @sch->shared->active
 * @sch: the subchannel
 *
 * Does nothing if nobody runs the channel program or will, and if the program
 * doesn't wait for device end.  The subchannel is counted until that is so.
 *
 * Context: may sleep; takes @sch->lock.
 */
void subchannel_count_active(struct subchannel *sch);

/**
 * struct subchannel_info - what a subchannel is and has done
 * @schib: as STORE SUBCHANNEL shows it
 * @stats: counters
 * @now: KVM_CSS_NOW_*
 */
struct subchannel_info {
	struct css_schib schib;
	struct subchannel_stats stats;
	u32 now;
};

/**
 * subchannel_query() - get the SCHIB and the counters as they are at one moment
 * @sch: the subchannel
 * @state: where to
 *
 * Context: may sleep; takes @sch->lock.
 * Return: false when the subchannel has been stopped; then nothing is written.
 */
bool subchannel_query(struct subchannel *sch, struct subchannel_info *state);

/**
 * subchannel_state() - find out in which state a subchannel is
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 * Return: the state; SCH_BROKEN for a combination of bits that should never
 * occur.
 */
enum sch_state subchannel_state(const struct subchannel *sch);

/**
 * schib_state() - find out which state a subchannel-information block shows
 * @schib: the block
 *
 * Context: any.
 * Return: the state, never SCH_NOT_OPERATIONAL; SCH_BROKEN for a combination of
 * bits that should never occur.
 */
enum sch_state schib_state(const struct css_schib *schib);

/**
 * subchannel_store() - STORE SUBCHANNEL, chapter 14
 * @sch: the subchannel
 * @schib: where to; without meaning when the subchannel is not operational
 *
 * Context: may sleep; takes @sch->lock.
 * Return: IOINST_CC_EXPECTED or IOINST_CC_NOT_OPERATIONAL.
 */
ioinst_ending_t subchannel_store(struct subchannel *sch, struct css_schib *schib);

/**
 * subchannel_schib_valid() - is this a valid operand of MODIFY SUBCHANNEL?
 * @schib: the subchannel-information block
 *
 * Chapter 14, MODIFY SUBCHANNEL, says what is an operand exception.
 *
 * Context: any.
 * Return: false when it is an operand exception.
 */
bool subchannel_schib_valid(const struct css_schib *schib);

/**
 * subchannel_modify() - MODIFY SUBCHANNEL, chapter 14
 * @sch: the subchannel
 * @schib: the operand, which subchannel_schib_valid() has accepted
 *
 * Context: may sleep; takes @sch->lock.
 * Return: a condition code.
 */
ioinst_ending_t subchannel_modify(struct subchannel *sch,
				  const struct css_schib *schib);

/**
 * subchannel_start() - START SUBCHANNEL, chapter 14
 * @sch: the subchannel
 * @orb: the operand, which chanprog_orb_valid() has accepted
 *
 * The calling thread runs the channel program as far as a vCPU may, see
 * chanprog.c.  A worker runs the rest.
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
 * subchannel_kick() - go on with what has waited for the end of a quiesce
 * @sch: the subchannel
 *
 * A start or resume function that is pending is begun by a worker, and the
 * device is asked for status that it has kept.
 *
 * Context: may sleep; takes @sch->lock.
 */
void subchannel_kick(struct subchannel *sch);

/**
 * subchannel_peek() - make the block that TEST SUBCHANNEL has to store now
 * @sch: the subchannel
 * @irb: where to: the interruption-response block
 * @len: where to: how many bytes of it TEST SUBCHANNEL stores
 * @generation: where to: what subchannel_test() needs to know
 *
 * Nothing is cleared.  When the subchannel is not operational, nothing is
 * written.
 *
 * Context: may sleep; takes @sch->lock.
 * Return: IOINST_CC_EXPECTED when status is pending,
 * IOINST_CC_NOT_STATUS_PENDING or IOINST_CC_NOT_OPERATIONAL.
 */
ioinst_ending_t subchannel_peek(struct subchannel *sch, struct css_irb *irb,
				u32 *len, u32 *generation);

/**
 * subchannel_test() - clear the status that TEST SUBCHANNEL has stored
 * @sch: the subchannel
 * @generation: the value that subchannel_peek() has written
 *
 * Context: may sleep; takes @sch->lock.
 * Return: IOINST_CC_EXPECTED; IOINST_RETRY when the subchannel has changed
 * since subchannel_peek(), so that what was stored isn't true any more.
 */
ioinst_ending_t subchannel_test(struct subchannel *sch, u32 generation);

/**
 * subchannel_requeue() - try again to queue the interruption
 * @sch: the subchannel, for which &sch_shared_ops.requeue was called
 *
 * Does nothing if no status is pending any more, or if its interruption has
 * been queued meanwhile.
 *
 * Context: may sleep; takes @sch->lock.
 */
void subchannel_requeue(struct subchannel *sch);

/**
 * subchannel_save() - save the state of a subchannel and its device
 * @sch: the subchannel
 * @state: where to: all that KVM_CSS_GET_STATE writes
 *
 * Context: may sleep; takes @sch->lock.
 * Return: 0; -ENODEV when the subchannel has been removed; -EOPNOTSUPP when a
 * backend performs its functions; -EIO when it is out of service; -EBUSY while
 * its channel program is being executed, or a halt, a clear or a reset is in
 * progress.
 */
int subchannel_save(struct subchannel *sch, struct kvm_css_state *state);

/**
 * subchannel_restore() - bring a subchannel and its device into a saved state
 * @sch: the subchannel
 * @state: what userspace says that subchannel_save() has written; size, flags
 *	and the subchannel number are ignored
 *
 * Context: may sleep; takes @sch->lock.
 * Return: 0; -ENODEV, -EOPNOTSUPP and -EIO as subchannel_save(); -EBUSY when a
 * function or a reset is in progress, or status is pending; -EINVAL when this
 * subchannel can't be in such a state.  A call that fails has changed nothing.
 */
int subchannel_restore(struct subchannel *sch,
		       const struct kvm_css_state *state);

/**
 * subchannel_flags() - get word 0 of the subchannel-status word
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
