/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the subchannels of one image share.  This is all that a subchannel knows
 * of its image.  So the image calls its subchannels directly, and a subchannel
 * calls its image through sch_shared_ops only.
 */
#ifndef _KVM_CSS_SCH_SHARED_H
#define _KVM_CSS_SCH_SHARED_H

#include <linux/atomic.h>
#include <linux/seqlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include <kvm_css/budget.h>
#include <kvm_css/measurement.h>

struct guest;
struct sch_shared;
struct workqueue_struct;

/**
 * struct sch_shared_ops - what a subchannel asks of its image
 * @report: make a channel report for the subchannel, with this error-recovery
 *	code: CRW_ERC_IPI when it is now out of service or has no device any more
 * @requeue: call subchannel_requeue() later, because the host could not queue
 *	the interruption of the subchannel
 *
 * Both are called with the subchannel's lock held, and may sleep.
 */
struct sch_shared_ops {
	void (*report)(struct sch_shared *shared, u32 sid, u32 erc);
	void (*requeue)(struct sch_shared *shared, u32 sid);
};

/**
 * struct sch_shared - what the subchannels of one image share
 * @ops: what a subchannel asks of its image
 * @guest: the VM
 * @wq: workqueue for work that none of the VM's own threads does; each VM has
 *	one, so that no VM waits for another VM's devices
 * @last_wq: workqueue that gets to stable storage what removed devices have
 *	written, for as long as the host's disks take
 * @budget: the CPU time that all workers of the VM have used together
 * @idle: woken when nobody runs the program of a subchannel any more for whom
 *	somebody may wait, see subchannel_settle()
 * @active: the number of subchannels in which a program was in progress when
 *	css_quiesce() or subchannel_stop() looked, and still is
 * @quiesced: no channel program is begun; the image sets this
 * @monitor: what SET CHANNEL MONITOR has set; measurement_set() writes it,
 *	measurement_get() reads all of it, and others read single members, see
 *	measurement.c
 * @monitor_lock: protects @monitor
 * @address_limit: the absolute address from SET ADDRESS LIMIT; the image sets
 *	this
 */
struct sch_shared {
	const struct sch_shared_ops *ops;
	struct guest *guest;
	struct workqueue_struct *wq;
	struct workqueue_struct *last_wq;
	struct css_budget budget;
	wait_queue_head_t idle;
	atomic_t active;
	bool quiesced;
	struct css_monitor monitor;
	seqlock_t monitor_lock;	/* protects @monitor */
	u32 address_limit;
};

#endif /* _KVM_CSS_SCH_SHARED_H */
