/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_SCHED_H
#define _FUZZ_LINUX_SCHED_H

#include <linux/types.h>

#include <shim.h>

#define current			(&shim_context()->task)
#define cond_resched()		shim_might_sleep()
#define cond_resched_tasks_rcu_qs()	shim_might_sleep()

#endif /* _FUZZ_LINUX_SCHED_H */
