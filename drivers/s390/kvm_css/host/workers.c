// SPDX-License-Identifier: GPL-2.0
/*
 * The workers of a VM: who they are, and for whom they work.
 *
 * What a worker does, it does as the one who asked for it, the VM's process.  So
 * the workers are threads of that process where the kernel lets a module have
 * some (Linux 6.10 and later, the threads of vhost): its memory, its control
 * groups, its limits; they are throttled, stopped and killed with it.  Before, they
 * are kernel threads, which are put into the control groups of the process, as
 * those of vhost were.  worker_thread.c knows the difference.
 *
 * A thread is made by a thread of the process, when something is to be done and
 * nobody is there to do it; it stays until the attachment ends.  There may be
 * reasons why nobody comes: the thread could not be made, or was killed, or it isn't
 * the process that has begun the work (KVM_CSS_UNQUIESCE of another one).  Those who
 * are at work aren't waited for then, as they may sit in a disk that hangs.  A
 * kernel thread of the image's workqueue does it.  That one takes over for a turn
 * what can be taken over: the memory control group, for what it allocates itself
 * and what KVM allocates for an interruption or machine check; and the block-I/O
 * control group.  Its CPU time is bounded by budget.c alone.
 *
 * Lifetime: workers_stop() ends the threads, and waits for what they are doing.
 * Nobody may be in guest_ensure_worker() then, so no vCPU and no descriptor; work may
 * still be queued by those who work, and goes to the workqueue.  It may have to
 * wait for the process to be continued, if it has been stopped (SIGSTOP): so it
 * is called by the attachment's own thread, and what was queued has gone to the
 * workqueue before.
 *
 * Locking: workers->lock, a leaf, protects all of struct workers and of struct
 * worker but for what says otherwise.  workers->hiring, a mutex, is held to make one
 * and to free one that has been killed, so that under it all of them can be walked.
 */
#include <linux/cgroup.h>
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/memcontrol.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>
#include <linux/thread_info.h>
#include <linux/wait.h>
#include <uapi/linux/sched/types.h>

#include "host.h"
#include "worker_thread.h"

/* So many threads of a process may do I/O for its VM at a time. */
#define WORKERS_MAX	64

/**
 * struct worker - one of them
 * @node: in workers.all
 * @guest: the VM
 * @thread: see worker_thread.c
 * @leader: the process that it works for, by its first thread
 * @task: the thread itself, once it has begun
 * @groups: the control groups of @leader when it was last in them; its own
 * @join_again: when it may try to join them again, in jiffies
 * @doing: what it is doing
 * @idle: it waits to be woken
 * @coming: it has been woken or made, and will look what is queued
 * @gone: it has been killed
 * @left: it has seen that the workers are closed, and does nothing any more
 */
struct worker {
	struct list_head node;
	struct guest *guest;
	struct worker_thread thread;
	struct task_struct *leader;
	struct task_struct *task;
	const void *groups;
	unsigned long join_again;
	struct guest_work *doing;
	bool idle;
	bool coming;
	bool gone;
	bool left;
};

/* For whom a worker works */

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

void worker_begins(struct guest *guest)
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

bool worker_is_killed(void)
{
	return !(current->flags & PF_KTHREAD) && fatal_signal_pending(current);
}

/* What the process is in */
static const void *groups_of(struct task_struct *task)
{
#ifdef CONFIG_CGROUPS
	return rcu_access_pointer(task->cgroups);
#else
	return NULL;
#endif
}

/*
 * A kernel thread isn't moved along when the process is moved, so it looks each
 * time.  It may not be allowed to follow, by a control group that has no CPU for
 * it for instance; then it tries again, but not each time: that takes locks of all
 * of the host.
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

/* No real-time policy: a worker is not to keep the guest's vCPUs from their CPU. */
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
 * A thread inherits the CPUs to which its maker was pinned (sched_setaffinity()),
 * and the kernel keeps it within these as long as there is one of them among those
 * that are set here; a module has no call to make it forget them.  So where the
 * process may run on more, it gets these others.
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
 * Be where the process is, and not where the vCPU is that has made the thread: it
 * may have control groups, CPUs and a scheduling policy of its own.  The control
 * groups come first, since they say which CPUs there are.
 */
static void follow(struct worker *worker)
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
 * Not for now: worker_turn() has it seen to.  What a thread has to look at when it
 * returns to user mode is told by TIF_NOTIFY_RESUME, which interrupts nothing; a
 * worker has worker_turn() in that place.  A signal that kills is the one that
 * nothing can be done about.
 */
bool guest_interrupted(void)
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
 * The thread looks for signals between two turns, if it is told that there are
 * some, and sorts out itself what there is: to be stopped or frozen, or the work
 * that others have left for it, such as the release of a file that it has closed.
 */
static void see_to_signals(void)
{
	if (!worker_thread_is_current())
		return;
	if (test_and_clear_thread_flag(TIF_NOTIFY_RESUME) ||
	    task_work_pending(current))
		set_thread_flag(TIF_SIGPENDING);
}

/* What a worker does */

static struct guest_work *next_work(struct worker *worker)
{
	struct workers *workers = &worker->guest->workers;
	struct guest_work *work;

	spin_lock(&workers->lock);
	if (worker->coming)
		workers->coming--;
	worker->coming = false;
	work = list_first_entry_or_null(&workers->queue, struct guest_work,
					entry);
	worker->idle = !work;
	worker->left = workers->closed;
	if (work) {
		list_del_init(&work->entry);
		workers->queued--;
		worker->doing = work;
	}
	spin_unlock(&workers->lock);
	return work;
}

bool worker_turn(void *arg)
{
	struct worker *worker = arg;
	struct workers *workers = &worker->guest->workers;
	struct guest_work *work = next_work(worker);

	if (!work) {
		if (READ_ONCE(workers->closed))
			wake_up_all(&workers->done);
		return false;
	}
	__set_current_state(TASK_RUNNING);
	follow(worker);
	work->work.func(&work->work);
	see_to_signals();
	/* From here on it may be stopped with its process. */
	spin_lock(&workers->lock);
	worker->doing = NULL;
	spin_unlock(&workers->lock);
	if (wq_has_sleeper(&workers->done))
		wake_up_all(&workers->done);
	return true;
}

/* Leave it to the workqueue. */
static void hand_over_one(struct guest *guest, struct guest_work *work)
{
	lockdep_assert_held(&guest->workers.lock);
	list_del_init(&work->entry);
	guest->workers.queued--;
	queue_work(guest->css.shared.wq, &work->work);
}

static void hand_over(struct guest *guest)
{
	struct guest_work *work, *next;

	list_for_each_entry_safe(work, next, &guest->workers.queue, entry)
		hand_over_one(guest, work);
}

/* Return: was there one that waits to be woken? */
static bool wake_one(struct workers *workers)
{
	struct worker *worker;

	lockdep_assert_held(&workers->lock);
	list_for_each_entry(worker, &workers->all, node) {
		if (!worker->idle || worker->gone)
			continue;
		worker->idle = false;
		worker->coming = true;
		workers->coming++;
		worker_thread_wake(&worker->thread);
		return true;
	}
	return false;
}

void worker_killed(void *arg)
{
	struct worker *worker = arg;
	struct workers *workers = &worker->guest->workers;

	spin_lock(&workers->lock);
	WRITE_ONCE(worker->gone, true);
	if (worker->coming)
		workers->coming--;
	worker->coming = false;
	workers->nr--;
	if (!workers->nr)
		hand_over(worker->guest);
	else if (workers->queued > workers->coming)
		wake_one(workers);
	spin_unlock(&workers->lock);
	wake_up_all(&workers->done);
}

/* Who queues */

/* Is the caller a worker of the VM, that will look what is queued? */
static bool comes_by(struct workers *workers)
{
	struct worker *worker;

	lockdep_assert_held(&workers->lock);
	list_for_each_entry(worker, &workers->all, node) {
		if (worker->task != current || worker->gone)
			continue;
		if (!worker->coming)
			workers->coming++;
		worker->coming = true;
		return true;
	}
	return false;
}

/* May the caller make workers?  They become threads of its process. */
static bool may_hire(const struct guest *guest)
{
	return current->mm == guest->kvm->mm &&
	       !(current->flags & (PF_KTHREAD | PF_EXITING)) &&
	       !worker_is_killed();
}

/* Return: will one of the VM's own workers do it? */
static bool queue(struct guest *guest, struct guest_work *work)
{
	struct workers *workers = &guest->workers;

	lockdep_assert_held(&workers->lock);
	if (workers->closed || (!workers->nr && !may_hire(guest)))
		return false;
	list_add_tail(&work->entry, &workers->queue);
	workers->queued++;
	if (workers->queued <= workers->coming || comes_by(workers) ||
	    wake_one(workers) || may_hire(guest))
		return true;
	/* All are at work, perhaps for long, and nobody makes another one. */
	list_del_init(&work->entry);
	workers->queued--;
	return false;
}

void guest_queue_work(struct guest *guest, struct workqueue_struct *wq,
		      struct guest_work *work)
{
	struct workers *workers = &guest->workers;

	spin_lock(&workers->lock);
	if (!queue(guest, work))
		queue_work(wq, &work->work);
	spin_unlock(&workers->lock);
}

bool guest_cancel_work(struct guest *guest, struct guest_work *work)
{
	struct workers *workers = &guest->workers;
	bool queued;

	spin_lock(&workers->lock);
	queued = !list_empty(&work->entry);
	if (queued) {
		list_del_init(&work->entry);
		workers->queued--;
	}
	spin_unlock(&workers->lock);
	return queued || cancel_work(&work->work);
}

static bool is_done(struct workers *workers, const struct guest_work *work)
{
	struct worker *worker;
	bool done = true;

	spin_lock(&workers->lock);
	list_for_each_entry(worker, &workers->all, node)
		done &= worker->doing != work;
	spin_unlock(&workers->lock);
	return done;
}

void guest_flush_work(struct guest *guest, struct guest_work *work)
{
	struct workers *workers = &guest->workers;

	wait_event_idle(workers->done, is_done(workers, work));
	flush_work(&work->work);
}

/* Who makes and ends them */

static bool hire(struct guest *guest)
{
	struct workers *workers = &guest->workers;
	struct worker *worker = kzalloc(sizeof(*worker), GFP_KERNEL_ACCOUNT);

	if (!worker)
		return false;
	worker->guest = guest;
	worker->coming = true;
	worker->join_again = jiffies;
	worker->leader = get_task_struct(current->group_leader);
	if (!worker_thread_create(&worker->thread, worker,
				  task_tgid_nr(current))) {
		put_task_struct(worker->leader);
		kfree(worker);
		return false;
	}
	spin_lock(&workers->lock);
	list_add(&worker->node, &workers->all);
	workers->nr++;
	workers->coming++;
	spin_unlock(&workers->lock);
	worker_thread_start(&worker->thread);
	return true;
}

/* One that has ended, or ends now; nobody else makes or ends one. */
static void dismiss(struct workers *workers, struct worker *worker)
{
	worker_thread_stop(&worker->thread);
	spin_lock(&workers->lock);
	list_del(&worker->node);
	spin_unlock(&workers->lock);
	put_task_struct(worker->leader);
	kfree(worker);
}

/*
 * Those that have been killed.  Processes that have the memory, but are no
 * threads of one another, may make workers and end, one after the other.
 */
static void reap(struct workers *workers)
{
	struct worker *worker, *next;

	lockdep_assert_held(&workers->hiring);
	list_for_each_entry_safe(worker, next, &workers->all, node)
		if (READ_ONCE(worker->gone))
			dismiss(workers, worker);
}

/* Nobody who comes by will do it. */
static bool short_of_staff(const struct workers *workers)
{
	return READ_ONCE(workers->queued) > READ_ONCE(workers->coming) &&
	       READ_ONCE(workers->nr) < WORKERS_MAX;
}

/* Those who come take the first ones.  Leave the others to the workqueue. */
static void hand_over_rest(struct guest *guest)
{
	struct workers *workers = &guest->workers;

	lockdep_assert_held(&workers->lock);
	while (workers->queued > workers->coming)
		hand_over_one(guest, list_last_entry(&workers->queue,
						     struct guest_work, entry));
}

void guest_ensure_worker(struct guest *guest)
{
	struct workers *workers = &guest->workers;
	bool may, hired = true;

	if (!short_of_staff(workers))
		return;
	may = may_hire(guest);
	if (!may && !worker_is_killed())
		return;
	mutex_lock(&workers->hiring);
	reap(workers);
	while (may && hired && short_of_staff(workers))
		hired = hire(guest);
	mutex_unlock(&workers->hiring);
	spin_lock(&workers->lock);
	/* Who is at work may be so for long: nobody's program waits for that. */
	if (!workers->nr || !hired)
		hand_over_rest(guest);
	spin_unlock(&workers->lock);
}

void workers_init(struct guest *guest)
{
	struct workers *workers = &guest->workers;

	spin_lock_init(&workers->lock);
	mutex_init(&workers->hiring);
	INIT_LIST_HEAD(&workers->queue);
	INIT_LIST_HEAD(&workers->all);
	init_waitqueue_head(&workers->done);
}

/* Return: is nobody at work any more, nor stopped before it could say so? */
static bool all_left(struct workers *workers)
{
	struct worker *worker;
	bool left = true;

	spin_lock(&workers->lock);
	list_for_each_entry(worker, &workers->all, node)
		left &= worker->left || worker->gone;
	spin_unlock(&workers->lock);
	return left;
}

void workers_stop(struct guest *guest)
{
	struct workers *workers = &guest->workers;
	struct worker *worker, *next;

	spin_lock(&workers->lock);
	WRITE_ONCE(workers->closed, true);
	hand_over(guest);
	list_for_each_entry(worker, &workers->all, node)
		if (!worker->gone)
			worker_thread_wake(&worker->thread);
	spin_unlock(&workers->lock);
	/* A user may make that long, which is nothing to be warned of. */
	wait_event_idle(workers->done, all_left(workers));
	/* Nobody adds one any more. */
	list_for_each_entry_safe(worker, next, &workers->all, node)
		dismiss(workers, worker);
	mutex_destroy(&workers->hiring);
}
