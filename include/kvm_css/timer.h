/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a timer is made, which depends on the kernel.  core.mk finds out from the
 * kernel's header.
 */
#ifndef _KVM_CSS_TIMER_H
#define _KVM_CSS_TIMER_H

#include <linux/hrtimer.h>

/**
 * css_timer_init() - make a timer of the monotonic clock
 * @timer: the timer, which isn't active
 * @expired: called when it expires
 * @mode: in which context it is called
 *
 * Context: any.
 */
static inline void css_timer_init(struct hrtimer *timer,
				  enum hrtimer_restart
				  (*expired)(struct hrtimer *timer),
				  enum hrtimer_mode mode)
{
#ifdef KVM_CSS_HRTIMER_SETUP
	hrtimer_setup(timer, expired, CLOCK_MONOTONIC, mode);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, mode);
	timer->function = expired;
#endif
}

#endif /* _KVM_CSS_TIMER_H */
