/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who waits lets workers run until the condition holds.  Whoever makes it hold
 * has to wake the waiter, or it would sleep for ever: that is checked.
 */
#ifndef _FUZZ_LINUX_WAIT_H
#define _FUZZ_LINUX_WAIT_H

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/types.h>

#include <shim.h>

/**
 * struct wait_queue_head - where somebody may wait
 * @sleepers: how many do
 * @wakeups: how often it was woken
 */
struct wait_queue_head {
	unsigned int sleepers;
	unsigned int wakeups;
};

typedef struct wait_queue_head wait_queue_head_t;

#define init_waitqueue_head(wqh) \
	(*(wqh) = (struct wait_queue_head){ .sleepers = 0 })
#define wq_has_sleeper(wqh)		(!!(wqh)->sleepers)
#define wake_up_all(wqh)		((void)(wqh)->wakeups++)

/**
 * struct shim_wait - somebody who waits
 * @wqh: where
 * @seen: wakeups before it slept last
 * @left: of its time, in jiffies
 * @slept: it has slept
 * @killable: it may give up, or else it would be a deadlock
 * @timed: its time is bounded
 * @killed: it has given up
 */
struct shim_wait {
	struct wait_queue_head *wqh;
	unsigned int seen;
	long left;
	bool slept;
	bool killable;
	bool timed;
	bool killed;
};

#define shim_wait_for(head, cond, ...) ({				\
	struct shim_wait __fuzz_w = { .wqh = &(head), ##__VA_ARGS__ };	\
	shim_wait_begin(&__fuzz_w);					\
	while (!(cond) && shim_wait_sleep(&__fuzz_w))			\
		;							\
	shim_wait_end(&__fuzz_w, (cond)); })

#define wait_event(wqh, cond) \
	((void)shim_wait_for(wqh, cond))
#define wait_event_idle	wait_event
#define wait_event_killable(wqh, cond) \
	((int)shim_wait_for(wqh, cond, .killable = true))
#define wait_event_timeout(wqh, cond, t) \
	shim_wait_for(wqh, cond, .timed = true, .left = (t))
#define wait_event_killable_timeout(wqh, cond, t) \
	shim_wait_for(wqh, cond, .timed = true, .killable = true, .left = (t))

#endif /* _FUZZ_LINUX_WAIT_H */
