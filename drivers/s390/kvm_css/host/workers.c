// SPDX-License-Identifier: GPL-2.0
/*
 * The workers of a VM, which run its channel programs off the vCPUs.
 *
 * A worker works on behalf of the VM's process, and is accounted like a part of
 * it.  Linux 6.10 and later let a module make threads of the process, those
 * that vhost uses.  Then the workers are such threads: they have the memory,
 * control groups and limits of the process, and are throttled, stopped and
 * killed with it.  On older kernels the workers are kernel threads, and are put
 * into the control groups of the process, as vhost did.  worker_thread.c hides
 * the difference.
 *
 * When work has been queued and no worker is free, a thread of the process
 * makes a worker.  The worker stays until the attachment ends.
 *
 * Sometimes there is no free worker, and none can be made: the kernel refuses
 * to make a thread, the process is being killed, a thread of another process
 * has queued the work (KVM_CSS_UNQUIESCE), or a device has completed a command
 * that was pending.  The work then doesn't wait for
 * workers that are busy, because a worker may wait for a disk that hangs.  A
 * kernel thread of the image's workqueue does the work.  For a turn, the memory
 * control group and the block-I/O control group of the process are charged for
 * what this thread does, including what KVM allocates for an interruption or a
 * machine check.  Its CPU time is not accounted to the process; only budget.c
 * bounds it.
 *
 * The process may end at any time.  When a kernel thread begins a turn just
 * then, worker_begins() may find the root control groups.  guest_hold() looks
 * afterwards whether the process is still there.  If it isn't, the turn doesn't
 * begin.
 *
 * Lifetime: workers_stop() ends the workers, and waits until none is at work.
 * It first moves the queued work to the workqueue.  No vCPU's thread and no
 * call of a descriptor may be in guest_ensure_worker() then.  Workers that are
 * at work may still queue work, which goes to the workqueue.  Workers that are
 * threads of a stopped process (SIGSTOP) end only when the process is continued
 * or killed.  So only the attachment's own thread calls workers_stop().
 *
 * Locking: workers->lock is a spinlock and a leaf.  It protects all of struct
 * workers and struct worker, except where a member says otherwise.
 * workers->hiring is a mutex, held to make a worker and to free one that has
 * been killed.  So its holder may walk workers->all without workers->lock.
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

/* How many workers a VM may have */
#define WORKERS_MAX	64

/**
 * struct worker - a worker of a VM
 * @node: in workers.all
 * @guest: the VM
 * @thread: the thread of the worker, see worker_thread.c
 * @leader: the first thread of the process that the worker works for
 * @task: the thread of the worker, set when it begins its first turn
 * @groups: the control groups of @leader that the worker has joined last; only
 *	the worker itself accesses this
 * @join_again: when the worker may try to join control groups again, in
 *	jiffies; only the worker itself accesses this
 * @doing: the work that the worker is doing, or NULL
 * @idle: the worker waits to be woken
 * @coming: the worker has been woken or made, and has not looked at the queue
 *	since
 * @gone: the worker has been killed
 * @left: the worker has seen that the workers are closed, and does nothing any
 *	more
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

/* On whose behalf a worker works */

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
 * Put a signal off until the end of the worker's turn.  TIF_SIGPENDING
 * interrupts what the thread waits for, but TIF_NOTIFY_RESUME doesn't.  Other
 * threads look at TIF_NOTIFY_RESUME when they return to user mode.  A worker
 * never returns to user mode, so see_to_signals() looks at it at the end of the
 * turn.  A signal that kills the worker can't be put off.
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
	/*
	 * The thread may be stopped after this function.  So say now that the
	 * work is done.
	 */
	spin_lock(&workers->lock);
	worker->doing = NULL;
	spin_unlock(&workers->lock);
	if (wq_has_sleeper(&workers->done))
		wake_up_all(&workers->done);
	return true;
}

/* Move one work from the VM's queue to the workqueue. */
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

/* Return: whether there was an idle worker to wake. */
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

/* Queueing */

/*
 * If the caller is a worker of the VM, count on it: it will look at the queue
 * after its turn.
 * Return: whether the caller is one.
 */
static bool count_on_caller(struct workers *workers)
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

/*
 * May the caller make workers?  They may become threads of the caller's
 * process.
 */
static bool may_hire(const struct guest *guest)
{
	return current->mm == guest->kvm->mm &&
	       !(current->flags & (PF_KTHREAD | PF_EXITING)) &&
	       !thread_is_killed();
}

/*
 * Queue work for the workers of the VM.
 * Return: whether it is queued there.  Otherwise the workqueue has to do it.
 */
static bool try_queue(struct guest *guest, struct guest_work *work)
{
	struct workers *workers = &guest->workers;

	lockdep_assert_held(&workers->lock);
	if (workers->closed || (!workers->nr && !may_hire(guest)))
		return false;
	list_add_tail(&work->entry, &workers->queue);
	workers->queued++;
	if (workers->queued <= workers->coming || count_on_caller(workers) ||
	    wake_one(workers) || may_hire(guest))
		return true;
	/*
	 * All workers are busy, perhaps for long, and nobody can make another
	 * one.
	 */
	list_del_init(&work->entry);
	workers->queued--;
	return false;
}

void guest_queue_work(struct guest *guest, struct workqueue_struct *wq,
		      struct guest_work *work)
{
	struct workers *workers = &guest->workers;

	spin_lock(&workers->lock);
	if (!try_queue(guest, work))
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

/* Making and ending workers */

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

/*
 * End a worker, unless it has been killed, and free it.  Nobody else makes or
 * frees workers meanwhile.
 */
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
 * Free the workers that have been killed, so that they don't become many.
 * Several processes may share the VM's memory (CLONE_VM without CLONE_THREAD).
 * Each of them may make workers and end, and these workers are killed with it.
 */
static void reap(struct workers *workers)
{
	struct worker *worker, *next;

	lockdep_assert_held(&workers->hiring);
	list_for_each_entry_safe(worker, next, &workers->all, node)
		if (READ_ONCE(worker->gone))
			dismiss(workers, worker);
}

/*
 * Is there queued work for which no worker comes, and may more workers be made?
 */
static bool short_of_staff(const struct workers *workers)
{
	return READ_ONCE(workers->queued) > READ_ONCE(workers->coming) &&
	       READ_ONCE(workers->nr) < WORKERS_MAX;
}

/*
 * Every worker that comes takes one work from the head of the queue.  Move the
 * work for which no worker comes to the workqueue.
 */
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
	if (!may && !thread_is_killed())
		return;
	mutex_lock(&workers->hiring);
	reap(workers);
	while (may && hired && short_of_staff(workers))
		hired = hire(guest);
	mutex_unlock(&workers->hiring);
	spin_lock(&workers->lock);
	/* No work waits for workers that are busy, perhaps for long. */
	if (!workers->nr || !hired)
		hand_over_rest(guest);
	spin_unlock(&workers->lock);
}

void guest_expect_work(struct guest *guest)
{
	struct workers *workers = &guest->workers;

	if (READ_ONCE(workers->nr) || !may_hire(guest))
		return;
	mutex_lock(&workers->hiring);
	reap(workers);
	if (!READ_ONCE(workers->nr))
		hire(guest);
	mutex_unlock(&workers->hiring);
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

/*
 * Return: whether every worker has seen that the workers are closed, or was
 * killed.  A worker of a stopped process can't see it.
 */
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
	/*
	 * TASK_IDLE, because a user may make this take so long that the kernel
	 * would warn of a hung task.
	 */
	wait_event_idle(workers->done, all_left(workers));
	/* Nobody makes workers any more, so workers->hiring isn't needed. */
	list_for_each_entry_safe(worker, next, &workers->all, node)
		dismiss(workers, worker);
	mutex_destroy(&workers->hiring);
}
