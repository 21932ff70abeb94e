/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The CPU time of a VM's workers: all of them together get one CPU, whatever
 * their channel programs do.  See budget.c.
 */
#ifndef _KVM_CSS_BUDGET_H
#define _KVM_CSS_BUDGET_H

#include <linux/atomic.h>
#include <linux/types.h>

/* How much CPU time a program may use before its worker charges it */
#define BUDGET_SLICE_NS		1000000u
/*
 * How much CPU time the workers may have used beyond that of one CPU before
 * they have to sleep
 */
#define BUDGET_BURST_NS		10000000u

/**
 * struct css_budget - the CPU time that was charged to a VM
 * @paid_at: when all of it is paid for, at the rate of one CPU: a time in ns,
 *	compared with @now of budget_charge()
 */
struct css_budget {
	atomic64_t paid_at;
};

/**
 * budget_charge() - charge CPU time that a worker has used
 * @budget: the budget of the worker's VM
 * @used: how much the worker has used, in ns
 * @now: the current time, in ns
 *
 * Context: any.
 * Return: how long the worker has to sleep, in ns; 0 when it may go on.
 */
u64 budget_charge(struct css_budget *budget, u64 used, u64 now);

#endif /* _KVM_CSS_BUDGET_H */
