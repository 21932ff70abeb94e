/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the subchannels of one image share, and what they tell the image.  It is
 * all that a subchannel knows of its image, so that calls go from the image to
 * its subchannels only; what has to go the other way is in sch_shared_ops.
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
 * struct sch_shared_ops - what a subchannel tells its image
 * @report: the subchannel is out of service: make a channel report of it
 * @requeue: the host could not queue the interruption of the subchannel: call
 *	subchannel_requeue() later
 *
 * Both are called with the subchannel's lock held, and may sleep.
 */
struct sch_shared_ops {
	void (*report)(struct sch_shared *shared, u32 sid);
	void (*requeue)(struct sch_shared *shared, u32 sid);
};

/**
 * struct sch_shared - what the subchannels of one image share
 * @ops: what they tell the image
 * @guest: the VM
 * @wq: for work on behalf of the VM that none of its own threads does; one for
 *	each VM, so that no VM waits for another VM's devices
 * @budget: the CPU time that the workers of the VM use together
 * @idle: woken when nobody runs the program of a subchannel any more
 * @active: how many subchannels somebody runs the program of, or will; see
 *	runner.c
 * @quiesced: no channel program is begun; set by the image
 * @monitor: what SET CHANNEL MONITOR has set; only measurement_set() and
 *	measurement_get() access it as a whole, see measurement.c
 * @monitor_lock: protects @monitor
 * @address_limit: what SET ADDRESS LIMIT has set; set by the image
 */
struct sch_shared {
	const struct sch_shared_ops *ops;
	struct guest *guest;
	struct workqueue_struct *wq;
	struct css_budget budget;
	wait_queue_head_t idle;
	atomic_t active;
	bool quiesced;
	struct css_monitor monitor;
	seqlock_t monitor_lock;	/* protects @monitor */
	u32 address_limit;
};

#endif /* _KVM_CSS_SCH_SHARED_H */
