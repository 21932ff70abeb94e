/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Work waits until the fuzzer, or a thread that waits, lets it run: one item at
 * a time, and in the order in which it was queued, so that runs are
 * deterministic.  When delayed work runs, its time has passed.
 */
#ifndef _FUZZ_LINUX_WORKQUEUE_H
#define _FUZZ_LINUX_WORKQUEUE_H

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include <shim.h>

struct workqueue_struct;
struct work_struct;

typedef void (*work_func_t)(struct work_struct *work);

/**
 * struct work_struct - something that a worker is to do
 * @func: the function that does it
 * @wq: the workqueue in which it is queued, or NULL
 * @next: the item that is queued behind this one
 * @timer: it only counts as queued when so many jiffies have passed
 */
struct work_struct {
	work_func_t func;
	struct workqueue_struct *wq;
	struct work_struct *next;
	unsigned long timer;
};

struct delayed_work {
	struct work_struct work;
};

#define WQ_UNBOUND		0x1
#define WQ_MAX_ACTIVE		512

#define INIT_WORK(w, f)		(*(w) = (struct work_struct){ .func = (f) })
#define INIT_DELAYED_WORK(w, f)	INIT_WORK(&(w)->work, f)
#define to_delayed_work(w)	container_of(w, struct delayed_work, work)
#define work_pending(w)		(!!(w)->wq)
#define delayed_work_pending(w)	work_pending(&(w)->work)

#define alloc_workqueue(fmt, flags, ...)	shim_workqueue_alloc()
#define destroy_workqueue(wq)			shim_workqueue_destroy(wq)
#define flush_workqueue(wq)			shim_workqueue_flush(wq)
#define queue_work(wq, w)			shim_queue(wq, w, 0)
#define mod_delayed_work(wq, w, delay)		shim_requeue(wq, &(w)->work, delay)
#define queue_delayed_work(wq, w, delay)	shim_queue(wq, &(w)->work, delay)
#define flush_work(w)				shim_work_flush(w)
#define cancel_work(w)				shim_work_cancel(w)
#define cancel_delayed_work_sync(w)		shim_work_cancel(&(w)->work)
#define cancel_delayed_work(w)			shim_work_dequeue(&(w)->work)

#endif /* _FUZZ_LINUX_WORKQUEUE_H */
