// SPDX-License-Identifier: GPL-2.0
/*
 * For whom a worker works.
 *
 * What a worker does, it does as the one who asked for it: the VM's process.  A
 * kernel thread belongs to nobody, so it takes over for a turn what the kernel
 * lets it have of that process: the memory control group, for what it allocates
 * itself and what KVM allocates for an interruption or machine check; and the
 * block-I/O control group, for what it reads and writes.  Both are those that
 * the process is in now.
 */
#include <linux/cgroup.h>
#include <linux/kthread.h>
#include <linux/memcontrol.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>

#include "kvm.h"

/* Have this thread's I/O be that of the process that has the memory. */
static void take_blkcg(const struct mm_struct *mm)
{
#if defined(CONFIG_BLK_CGROUP) && defined(CONFIG_MEMCG)
	struct cgroup_subsys_state *css = NULL;
	struct task_struct *owner;

	rcu_read_lock();
	owner = rcu_dereference(mm->owner);
	if (owner) {
		css = task_css(owner, io_cgrp_id);
		if (!css_tryget(css))
			css = NULL;
	}
	rcu_read_unlock();
	if (!css)
		return;
	kthread_associate_blkcg(css);
	css_put(css);
#endif
}

void worker_begins(struct css_guest *guest)
{
	struct mm_struct *mm = guest->kvm->mm;

	if (!(current->flags & PF_KTHREAD))
		return;
	set_active_memcg(get_mem_cgroup_from_mm(mm));
	take_blkcg(mm);
}

void worker_ends(void)
{
	if (!(current->flags & PF_KTHREAD))
		return;
	kthread_associate_blkcg(NULL);
	mem_cgroup_put(set_active_memcg(NULL));
}
