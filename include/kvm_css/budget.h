/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The CPU time of a VM's workers: together they get one CPU, whatever their
 * programs do.  See budget.c.
 */
#ifndef _KVM_CSS_BUDGET_H
#define _KVM_CSS_BUDGET_H

#include <linux/atomic.h>
#include <linux/types.h>

/* What a program may have used before it pays */
#define BUDGET_SLICE_NS		1000000u
/* How far those that pay may be ahead of one CPU */
#define BUDGET_BURST_NS		10000000u

/**
 * struct css_budget - what the workers of a VM have used
 * @paid_at: when that will have been paid for at the rate of one CPU
 */
struct css_budget {
	atomic64_t paid_at;
};

/**
 * budget_charge() - a worker has used CPU time
 * @budget: its VM's
 * @used: how much, in ns
 * @now: the time, in ns
 *
 * Context: any.
 * Return: for how long, in ns, it is to use no more.
 */
u64 budget_charge(struct css_budget *budget, u64 used, u64 now);

#endif /* _KVM_CSS_BUDGET_H */
