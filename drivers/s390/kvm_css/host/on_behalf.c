// SPDX-License-Identifier: GPL-2.0
/*
 * On whose behalf a worker works: it is charged, limited, scheduled, stopped and
 * killed like a part of the VM's process, as far as the kernel lets a module do
 * that.  Documentation/workers.rst says what each kind of thread can do.
 *
 * Locking: none.  A worker calls these functions for itself.
 */
#include <linux/cgroup.h>
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/memcontrol.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/task_work.h>
#include <linux/thread_info.h>
#include <uapi/linux/sched/types.h>

#include "host.h"
#include "workers.h"

/* Charge the calling thread's I/O to the process that has the memory. */
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

void worker_begins(struct guest *guest)
{
	struct mm_struct *mm = guest->kvm->mm;

	if (current->mm == mm)
		return;
	set_active_memcg(get_mem_cgroup_from_mm(mm));
	if (current->flags & PF_KTHREAD)
		take_blkcg(mm);
}

void worker_ends(struct guest *guest)
{
	if (current->mm == guest->kvm->mm)
		return;
	if (current->flags & PF_KTHREAD)
		kthread_associate_blkcg(NULL);
	mem_cgroup_put(set_active_memcg(NULL));
}

bool thread_is_killed(void)
{
	return !(current->flags & PF_KTHREAD) && fatal_signal_pending(current);
}

/* The control groups that a task is in */
static const void *groups_of(struct task_struct *task)
{
#ifdef CONFIG_CGROUPS
	return rcu_access_pointer(task->cgroups);
#else
	return NULL;
#endif
}

/*
 * Join the control groups of the process.  When the process is moved to other
 * groups, a kernel thread isn't moved with it, so this is called at every turn.
 * A group may refuse the worker, for instance because the group has no CPU
 * where the worker may run.  Then the worker doesn't try again in the next
 * second, because joining takes locks that the whole host shares.
 */
static void join_groups(struct worker *worker)
{
	struct task_struct *leader = worker->leader;
	const void *groups = groups_of(leader);

	if (groups == worker->groups || leader->flags & PF_EXITING ||
	    time_before(jiffies, worker->join_again))
		return;
	worker->join_again = jiffies + HZ;
	if (groups != groups_of(current) &&
	    cgroup_attach_task_all(leader, current))
		return;
	worker->join_again = jiffies;
	worker->groups = groups;
}

/*
 * Take over the nice value of the process, and its policy if that is
 * SCHED_BATCH or SCHED_IDLE.  A worker never gets a real-time policy: it could
 * keep the guest's vCPUs from running.
 */
static void take_policy(struct task_struct *leader)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = SCHED_NORMAL,
		.sched_nice = task_nice(leader),
	};
	unsigned int policy = READ_ONCE(leader->policy);

	if (policy == SCHED_BATCH || policy == SCHED_IDLE)
		attr.sched_policy = policy;
	sched_setattr_nocheck(current, &attr);
}

/*
 * Let the worker run on the CPUs of the process.  A vCPU's thread has made the
 * worker, and it may be pinned to some CPUs with sched_setaffinity().  The
 * worker has inherited this pinning, and a module can't remove it: of the CPUs
 * that set_cpus_allowed_ptr() is given, it allows only those to which the
 * worker is pinned, and all of them only if the worker is pinned to none of
 * them.  So the first call may allow some CPUs of the process only.  If so, the
 * second call gives it the other CPUs of the process, and the worker may run on
 * these others, and only there.
 */
static void take_cpus(struct task_struct *leader)
{
	cpumask_var_t cpus;

	if (!alloc_cpumask_var(&cpus, GFP_KERNEL))
		return;
	cpumask_copy(cpus, &leader->cpus_mask);
	set_cpus_allowed_ptr(current, cpus);
	if (cpumask_andnot(cpus, cpus, &current->cpus_mask))
		set_cpus_allowed_ptr(current, cpus);
	free_cpumask_var(cpus);
}

/*
 * Take over control groups, policy and CPUs from the first thread of the
 * process.  The vCPU's thread that has made the worker may have others.  The
 * control groups come first, because they limit the CPUs.
 */
void worker_follow(struct worker *worker)
{
	join_groups(worker);
	if (worker->task == current)
		return;
	WRITE_ONCE(worker->task, current);
	take_policy(worker->leader);
	if (worker_thread_is_users())
		take_cpus(worker->leader);
}

/*
 * Put a signal off until the end of the worker's turn.  TIF_SIGPENDING
 * interrupts what the thread waits for, but TIF_NOTIFY_RESUME doesn't.  Other
 * threads look at TIF_NOTIFY_RESUME when they return to user mode.  A worker
 * never returns to user mode, so worker_see_to_signals() looks at it at the end
 * of the turn.  A signal that kills the worker can't be put off.
 */
bool guest_put_off_signal(void)
{
	if (!worker_thread_is_current() || !signal_pending(current))
		return false;
	set_thread_flag(TIF_NOTIFY_RESUME);
	clear_notify_signal();
	clear_thread_flag(TIF_SIGPENDING);
	if (!__fatal_signal_pending(current))
		return true;
	set_thread_flag(TIF_SIGPENDING);
	return false;
}

/*
 * Have the thread look for signals now, between two turns.  vhost_task_fn()
 * calls get_signal() if TIF_SIGPENDING is set, and that does whatever there is
 * to be done: stop or freeze the thread, or run its task work, such as the
 * release of a file that the thread has closed.
 */
bool worker_see_to_signals(void)
{
	bool returns;

	if (!worker_thread_is_current())
		return true;
	returns = !task_work_pending(current);
	if (test_and_clear_thread_flag(TIF_NOTIFY_RESUME) ||
	    task_work_pending(current))
		set_thread_flag(TIF_SIGPENDING);
	return returns;
}
