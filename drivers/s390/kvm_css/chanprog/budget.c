// SPDX-License-Identifier: GPL-2.0
/*
 * The CPU time of a VM's workers.
 *
 * A guest that has many subchannels could keep as many CPUs of the host busy
 * with programs that it need not wait for: loops, or transfers of data that the
 * host has in its page cache.  So each worker counts the CPU time that it uses,
 * charges it to the VM, and sleeps until all that has been charged is paid for at
 * the rate of one CPU.  What the program is served from, and whether it sleeps
 * while it is served, makes no difference.
 *
 * What a program has not paid for when it ends is its subchannel's, and paid for
 * by the next one: programs that are short pay as one that is long.
 *
 * No lock: @paid_at is one number, and only ever grows.
 */
#include <linux/minmax.h>

#include <kvm_css/budget.h>

u64 budget_charge(struct css_budget *budget, u64 used, u64 now)
{
	s64 before = atomic64_read(&budget->paid_at);
	u64 paid_at;

	/* What was not used is not saved up. */
	do {
		paid_at = max_t(u64, before, now) + used;
	} while (!atomic64_try_cmpxchg(&budget->paid_at, &before, paid_at));
	return paid_at > now + BUDGET_BURST_NS ?
			paid_at - now - BUDGET_BURST_NS : 0;
}
