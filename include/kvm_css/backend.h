/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Backends, which perform the functions of a subchannel in place of the module's
 * interpreter of channel programs.  Documentation/backends.rst says who decides
 * what, and what may happen when.
 *
 * The operations have the names of the instructions that they answer.  A
 * condition code that one of them returns is what the guest gets.  All addresses
 * that a backend gives are addresses in guest storage, also those in an ESW: the
 * failing-storage address and the secondary-CCW address.
 *
 * Locking: except for ->prepare_start(), ->prepare_resume() and ->discard(), the
 * operations are called with the subchannel's lock held, which serializes them.
 * They may take spinlocks, and don't wait for a device or a process.
 */
#ifndef _KVM_CSS_BACKEND_H
#define _KVM_CSS_BACKEND_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/ending.h>
#include <kvm_css/layout.h>

struct chanprog_limit;
struct guest;
struct sch_backend;
struct subchannel;

/**
 * struct backend_program - what a backend has prepared; part of its own structure
 * @entry: for the subchannel
 */
struct backend_program {
	struct list_head entry;
};

/**
 * struct backend_schib - what STORE SUBCHANNEL shows of activity and paths
 * @activity: SCSW_AC_*
 * @lpum: last-path-used mask
 * @pnom: path-not-operational mask
 * @pom: path-operational mask
 * @pam: path-available mask
 */
struct backend_schib {
	u32 activity;
	u8  lpum;
	u8  pnom;
	u8  pom;
	u8  pam;
};

/* What a backend has to say */
enum backend_news {
	BACKEND_NOTHING,
	BACKEND_STATUS,		/* there is an IRB */
	BACKEND_PATHS,		/* STORE SUBCHANNEL shows other paths */
	/* The device is gone for good; what was in progress doesn't end. */
	BACKEND_LOST,
};

/**
 * struct sch_backend_ops - how functions of a subchannel are performed
 * @prepare_start: get ready what @start needs and what may sleep or needs guest
 *	storage, within bounds of the backend's own.  Return IOINST_PROCEED with
 *	*@program set, or left NULL.  Return IOINST_RETRY only if a signal is
 *	pending or the host has no memory now.  Whatever else is wrong with the
 *	program is status that follows condition code 0.  It is the thread of a
 *	vCPU; only one at a time prepares something for a subchannel.  May be NULL.
 * @prepare_resume: the same for @resume.  It changes nothing of the program that
 *	is in progress.  May be NULL.
 * @discard: free a program that was not accepted, or that the device doesn't use
 *	any more; may sleep, but not for the device or a process, because a
 *	removal waits for it.  Called once for each.
 * @start: START SUBCHANNEL.  After condition code 0 the start function has begun.
 *	The backend may use @program until it is discarded: when status that is not
 *	just intermediate has been taken, after condition code 0 of @cancel, or
 *	when the backend has stopped.
 * @resume: RESUME SUBCHANNEL; @program as for @start
 * @halt: HALT SUBCHANNEL.  With condition code 0 it forgets intermediate status.
 * @clear: CLEAR SUBCHANNEL: condition code 0 or 3.  With 0 it forgets all status.
 * @cancel: CANCEL SUBCHANNEL.  After condition code 0, no status comes for the
 *	start function.
 * @modify: MODIFY SUBCHANNEL with this operand: a condition code, or
 *	IOINST_OPERAND.  The device must not see measurement fields (MM, MBI, F,
 *	X, and the measurement-block address), because the addresses are the
 *	guest's, and need not see whether the subchannel is enabled.
 * @store: STORE SUBCHANNEL: fill in *@schib, which is zeros before.  There is one
 *	path, the leftmost bit of a mask.  It stands for any path that leads to
 *	the device, so a backend with several of them maps the masks and the LPM
 *	of an ORB.
 * @take: say what is new, once.  With BACKEND_STATUS, *@irb is filled in, which
 *	is zeros before.  @irb is NULL when the subchannel can't take status.
 *	@functions is the function control of the subchannel.  Without one, status
 *	is secondary or unsolicited; with one, it is that of the function, and
 *	unsolicited status is kept back.
 * @stop: bring the device into the state that it has after a reset, and forget
 *	status.  The backend answers with one sch_backend_stopped(); until then
 *	no other operation is called that is called with the lock.  After the
 *	answer to a call with @last, it doesn't call sch_backend_notify() any more,
 *	and no call is under way.  Then only @discard is called, for what is left,
 *	and &cu_ops.release.
 *
 * An operation that returns condition code 1 has the status in hand that is the
 * reason: @take gives it at once.
 */
struct sch_backend_ops {
	ioinst_ending_t (*prepare_start)(struct sch_backend *backend,
					 struct guest *guest,
					 const struct css_orb *orb,
					 const struct chanprog_limit *limit,
					 struct backend_program **program);
	ioinst_ending_t (*prepare_resume)(struct sch_backend *backend,
					  struct guest *guest,
					  struct backend_program **program);
	void (*discard)(struct sch_backend *backend,
			struct backend_program *program);
	ioinst_ending_t (*start)(struct sch_backend *backend,
				 const struct css_orb *orb,
				 struct backend_program *program);
	ioinst_ending_t (*resume)(struct sch_backend *backend,
				  struct backend_program *program);
	ioinst_ending_t (*halt)(struct sch_backend *backend);
	ioinst_ending_t (*clear)(struct sch_backend *backend);
	ioinst_ending_t (*cancel)(struct sch_backend *backend);
	ioinst_ending_t (*modify)(struct sch_backend *backend,
				  const struct css_schib *schib);
	void (*store)(struct sch_backend *backend,
		      struct backend_schib *schib);
	enum backend_news (*take)(struct sch_backend *backend, u32 functions,
				  struct css_irb *irb);
	void (*stop)(struct sch_backend *backend, bool last);
};

/**
 * struct sch_backend_work - something to do that is queued in any context
 * @work: the work item
 * @queued: 1 while it is queued and has not begun, and has a reference to the
 *	subchannel; not a bool, because what xchg() of a single byte returns has
 *	other bits than that byte's on s390
 */
struct sch_backend_work {
	struct work_struct work;
	atomic_t queued;
};

/**
 * struct sch_backend - the backend of a subchannel; part of a device
 * @ops: its operations
 * @notify: have the subchannel ask for news; any context
 * @stopped: tell the subchannel that the backend has stopped; any context
 * @sch: the subchannel
 * @guest: the VM
 * @wq: for guest_call_worker()
 * @news: what @notify queues
 * @end: what @stopped queues
 * @give_back: discards programs
 * @stopping: &sch_backend_ops.stop has not been answered
 * @told_last: it was called with @last
 * @failed: the answer was that the backend could not stop
 * @lost: there is no device any more
 * @programs: what the device may use
 * @over: what it doesn't use any more
 * @discards: who has the lock discards what is @over, and needs no @give_back
 * @irb: extended status of the status that is pending
 *
 * The maker of the device fills in @ops.  The subchannel fills in all else when
 * it is made with the device, and its lock protects what changes.
 */
struct sch_backend {
	const struct sch_backend_ops *ops;
	void (*notify)(struct sch_backend *backend);
	void (*stopped)(struct sch_backend *backend);
	struct subchannel *sch;
	struct guest *guest;
	struct workqueue_struct *wq;
	struct sch_backend_work news;
	struct sch_backend_work end;
	struct sch_backend_work give_back;
	bool stopping;
	bool told_last;
	bool failed;
	bool lost;
	struct list_head programs;
	struct list_head over;
	bool discards;
	struct css_irb irb;
};

/**
 * sch_backend_notify() - have the subchannel ask for news
 * @backend: the backend
 *
 * A call that comes before the last one has had its effect has the same effect.
 *
 * Context: any, also a hard interrupt.
 */
static inline void sch_backend_notify(struct sch_backend *backend)
{
	backend->notify(backend);
}

/**
 * sch_backend_stopped() - the answer to &sch_backend_ops.stop
 * @backend: the backend
 * @ok: false if it can't stop in a time that somebody could wait for: then the
 *	subchannel is without a device until it is removed, and the backend itself
 *	keeps what the device may still use
 *
 * After the answer to a call with @last, the backend and its memory may be gone.
 * So this is the last access of an interrupt or a thread, or &cu_ops.release
 * waits for that interrupt or thread.
 *
 * Context: any, also a hard interrupt, and &sch_backend_ops.stop itself.
 */
static inline void sch_backend_stopped(struct sch_backend *backend, bool ok)
{
	backend->failed = !ok;
	backend->stopped(backend);
}

#endif /* _KVM_CSS_BACKEND_H */
