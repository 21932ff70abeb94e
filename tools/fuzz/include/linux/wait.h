/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread that waits lets workers run until its condition holds.  Whoever
 * makes the condition hold must wake the waiter, which would sleep for ever
 * otherwise.  That is checked.
 */
#ifndef _FUZZ_LINUX_WAIT_H
#define _FUZZ_LINUX_WAIT_H

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/types.h>

#include <shim.h>

/**
 * struct wait_queue_head - a place to wait at
 * @sleepers: how many threads wait here
 * @wakeups: how often it was woken
 */
struct wait_queue_head {
	unsigned int sleepers;
	unsigned int wakeups;
};

typedef struct wait_queue_head wait_queue_head_t;

/* What somebody else calls when the wait is over; there are no queues of these. */
struct wait_queue_entry {
	int (*func)(struct wait_queue_entry *wait, unsigned int mode, int sync,
		    void *key);
	struct list_head entry;
};

#define init_waitqueue_head(wqh) \
	(*(wqh) = (struct wait_queue_head){ .sleepers = 0 })
#define wq_has_sleeper(wqh)		(!!(wqh)->sleepers)
#define wake_up_all(wqh)		((void)(wqh)->wakeups++)

/**
 * struct shim_wait - a thread that waits
 * @wqh: where it waits
 * @seen: the number of wakeups before it slept last
 * @left: how many jiffies it may still wait
 * @slept: it has slept
 * @killable: it may give up; otherwise a wait without end is a deadlock
 * @timed: it waits for a limited time
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
