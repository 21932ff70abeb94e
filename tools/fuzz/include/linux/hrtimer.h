/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Timers that expire in a hard interrupt.  They expire as delayed work does,
 * when nobody has anything else to do, or when the fuzzer says so.
 */
#ifndef _FUZZ_LINUX_HRTIMER_H
#define _FUZZ_LINUX_HRTIMER_H

#include <linux/ktime.h>
#include <linux/workqueue.h>

#define CLOCK_MONOTONIC		1

enum hrtimer_mode { HRTIMER_MODE_REL, HRTIMER_MODE_REL_SOFT };
enum hrtimer_restart { HRTIMER_NORESTART };

/**
 * struct hrtimer - a timer
 * @function: called when it expires
 * @work: queued while the timer is active
 */
struct hrtimer {
	enum hrtimer_restart (*function)(struct hrtimer *timer);
	struct work_struct work;
};

static inline void shim_timer_expired(struct work_struct *work)
{
	struct hrtimer *timer = container_of(work, struct hrtimer, work);

	shim_atomic_begin();
	shim_assert(timer->function(timer) == HRTIMER_NORESTART);
	shim_atomic_end();
}

static inline void hrtimer_init(struct hrtimer *timer, int clock,
				enum hrtimer_mode mode)
{
	INIT_WORK(&timer->work, shim_timer_expired);
}

static inline void hrtimer_start(struct hrtimer *timer, ktime_t time,
				 enum hrtimer_mode mode)
{
	shim_timer_start(&timer->work, time * HZ / NSEC_PER_SEC + 1);
}

static inline int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	return shim_work_dequeue(&timer->work);
}

#define hrtimer_cancel(timer)	hrtimer_try_to_cancel(timer)

#endif /* _FUZZ_LINUX_HRTIMER_H */
