/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Subchannels: what START, MODIFY, STORE and TEST SUBCHANNEL do to one.
 * Locking and lifetime are described at the top of subchannel.c.
 */
#ifndef _KVM_CSS_SUBCHANNEL_H
#define _KVM_CSS_SUBCHANNEL_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/ending.h>
#include <kvm_css/layout.h>

struct css_device;
struct css_guest;

/**
 * struct subchannel_stats - what a subchannel has done
 * @started: start functions accepted
 * @completed: channel programs ended
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
 * @guest: the VM
 * @wq: where @work and @requeue run
 * @dev: the device
 * @sid: subsystem-identification word
 * @lock: protects all that follows, but for what @program says of itself
 * @gone: removed; nothing may be started or made pending any more
 * @schib: as STORE SUBCHANNEL shows it
 * @ecw: concurrent sense, valid when SCSW_EXTENDED is set
 * @generation: changes with every change of @schib.scsw
 * @int_queued: an I/O interruption has been given to the guest
 * @unsupported_told: the host has been told what a program used that this
 *	version can't run
 * @stats: see there
 * @on_vcpu: the vCPU that started it runs the channel program
 * @program: the channel program; its runner's own while a start function is
 *	in progress
 * @work: runs the channel program off the vCPU
 * @requeue: makes an interruption pending that the host could not queue
 * @reap: css.c's, waits for the rest after removal
 * @reaped: nothing runs for it any more
 */
struct subchannel {
	struct kref ref;
	struct rcu_head rcu;
	struct css_guest *guest;
	struct workqueue_struct *wq;
	struct css_device *dev;
	u32 sid;

	struct mutex lock;	/* see subchannel.c */
	bool gone;
	struct css_schib schib;
	u8 ecw[ECW_SIZE];
	u32 generation;
	bool int_queued;
	bool unsupported_told;
	struct subchannel_stats stats;

	bool on_vcpu;
	struct chanprog program;
	struct work_struct work;
	struct delayed_work requeue;
	struct work_struct reap;
	struct completion reaped;
};

/**
 * subchannel_create() - make a subchannel
 * @guest: the VM
 * @wq: where its channel programs run off the vCPU
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
struct subchannel *subchannel_create(struct css_guest *guest,
				     struct workqueue_struct *wq,
				     struct css_device *dev, u32 sid, u16 devno,
				     u8 chpid);

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
 * subchannel_wait() - wait until nothing runs for a stopped subchannel
 * @sch: the subchannel
 *
 * After that neither its device nor guest storage is touched for it.
 *
 * Context: may sleep uninterruptibly, as long as the device takes to end its
 * command and the host to provide guest storage.
 */
void subchannel_wait(struct subchannel *sch);

/**
 * struct subchannel_state - what a subchannel is and has done
 * @schib: as STORE SUBCHANNEL shows it
 * @stats: counters
 */
struct subchannel_state {
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
bool subchannel_query(struct subchannel *sch, struct subchannel_state *state);

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
 * subchannel_peek() - what TEST SUBCHANNEL would store now
 * @sch: the subchannel
 * @irb: where to
 * @generation: for subchannel_test()
 *
 * Context: may sleep; takes @sch->lock.
 * Return: IOINST_CC_EXPECTED when there is status to present,
 * IOINST_CC_NOT_STATUS_PENDING or IOINST_CC_NOT_OPERATIONAL.
 */
ioinst_ending_t subchannel_peek(struct subchannel *sch, struct css_irb *irb,
				u32 *generation);

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

#endif /* _KVM_CSS_SUBCHANNEL_H */
