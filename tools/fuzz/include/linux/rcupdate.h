/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A grace period ends as soon as nobody reads, so that a thread which keeps a
 * pointer for longer is found out.
 */
#ifndef _FUZZ_LINUX_RCUPDATE_H
#define _FUZZ_LINUX_RCUPDATE_H

#include <linux/types.h>

#include <shim.h>

struct rcu_head {
	struct rcu_head *next;
};

#define __rcu
#define rcu_read_lock()			shim_atomic_begin()
#define rcu_read_unlock()		shim_atomic_end()
/* No reader sleeps, so no other thread is in a read section here. */
#define kfree_rcu(p, member)		shim_free(p)

#endif /* _FUZZ_LINUX_RCUPDATE_H */
