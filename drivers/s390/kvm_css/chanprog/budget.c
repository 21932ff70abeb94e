// SPDX-License-Identifier: GPL-2.0
/*
 * The CPU time of a VM's workers.
 *
 * A guest with many subchannels could keep as many CPUs of the host busy, with
 * programs whose device never makes them wait: loops, or transfers of data that
 * the host has in its page cache.  So each worker counts the CPU time that it
 * uses and charges it to the VM.  Then it sleeps until all that has been
 * charged is paid for, at the rate of one CPU.  Only CPU time counts: it makes
 * no difference where the data of a program come from, nor how long the worker
 * sleeps while it runs the program.
 *
 * CPU time that a program has not paid for when it ends stays with the
 * subchannel, whose next program pays for it.  So many short programs pay as
 * much as one long program.
 *
 * No lock is needed, because @paid_at is a single number that only grows.
 */
#include <linux/minmax.h>

#include <kvm_css/budget.h>

u64 budget_charge(struct css_budget *budget, u64 used, u64 now)
{
	s64 before = atomic64_read(&budget->paid_at);
	u64 paid_at;

	/* The VM does not save up CPU time that it has not used. */
	do {
		paid_at = max_t(u64, before, now) + used;
	} while (!atomic64_try_cmpxchg(&budget->paid_at, &before, paid_at));
	return paid_at > now + BUDGET_BURST_NS ?
			paid_at - now - BUDGET_BURST_NS : 0;
}
