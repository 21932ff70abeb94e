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
 * makes a worker.  The worker stays until the attachment ends.  If commands of
 * the VM are pending, a vCPU or a worker also makes one in reserve when none is
 * free: the device calls a worker from an interrupt, which can't make one.
 *
 * Sometimes no worker is free, and none can be made: the VM has WORKERS_MAX, the
 * kernel refuses to make a thread, the process is being killed, or a thread of
 * another process has queued the work (KVM_CSS_UNQUIESCE).  Then the work waits
 * for the first worker that ends its turn.  If no worker has taken anything for
 * STAND_IN_DELAY, because all of them hang in a disk for example, or if there is
 * no worker at all, one of a few kernel threads of the image's workqueue stands
 * in.  For a turn, the memory control group and the block-I/O control group of
 * the process are charged for what this thread does, including what KVM
 * allocates for an interruption or a machine check.  Its CPU time is not
 * accounted to the process.  So guest_cpu_time() makes it count several times,
 * and budget.c bounds it.
 *
 * A worker of a stopped process (SIGSTOP, freezer) stops between two turns.  It
 * will look at the queue first when it goes on, so nobody stands in for it.
 * Work that others wait for, to remove a device for example, is done apart from
 * the queue, by a thread of the workqueue: guest_set_apart().
 *
 * The process may end at any time.  When a kernel thread begins a turn just
 * then, worker_begins() may find the root control groups.  guest_hold() looks
 * afterwards whether the process is still there.  If it isn't, the turn doesn't
 * begin.
 *
 * A worker is in one of these states, and changes it itself unless said
 * otherwise, under workers->lock:
 *
 *	resting		in workers->resting; sleeps until wake_one()
 *	coming		made, woken by wake_one(), or between two turns: will look at
 *			the queue before it does anything else.  Also while it is
 *			still doing something, when it has queued its own program
 *	doing		has taken something from the queue
 *	gone		killed with its process; freed by who makes a worker next
 *	left		has seen workers->closed
 *
 * Lifetime: workers_stop() ends the workers, and waits until none is at work.
 * It first moves the queued work to the workqueue.  No vCPU's thread and no
 * call of a descriptor may be in guest_ensure_worker() then.  Workers that are
 * at work may still queue work, which goes to the workqueue, and may make
 * workers, for which workers_stop() waits, too.  Workers that are
 * threads of a stopped process (SIGSTOP) end only when the process is continued
 * or killed.  So only the attachment's own thread calls workers_stop().
 *
 * Locking: workers->lock is a spinlock and a leaf.  It protects all of struct
 * workers and struct worker, except where a member says otherwise.  Interrupts
 * take it, too, to call a worker.
 * workers->hiring is a mutex, held to make a worker and to free one that has
 * been killed.  So its holder may walk workers->all without workers->lock.
 */
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/memcontrol.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "host.h"
#include "workers.h"

/* How many workers a VM may have */
#define WORKERS_MAX	64
/* How long work waits for workers that are busy, before somebody stands in */
#define STAND_IN_DELAY	(HZ / 10)
/* When making a worker in reserve has failed, it is tried again after this. */
#define RESERVE_DELAY	(HZ / 10)

/* What a worker does */

/* Take the first work from a queue, or NULL. */
static struct guest_work *take(struct workers *workers,
			       struct list_head *queue)
{
	struct guest_work *work;

	lockdep_assert_held(&workers->lock);
	work = list_first_entry_or_null(queue, struct guest_work, entry);
	if (!work)
		return NULL;
	list_del_init(&work->entry);
	if (queue == &workers->queue)
		workers->queued--;
	return work;
}

/* The worker will look at the queue before it does anything else. */
static void comes(struct workers *workers, struct worker *worker)
{
	lockdep_assert_held(&workers->lock);
	if (!worker->coming)
		workers->coming++;
	worker->coming = true;
}

/* The worker has looked at the queue, or will never do so. */
static void came(struct workers *workers, struct worker *worker)
{
	lockdep_assert_held(&workers->lock);
	if (worker->coming)
		workers->coming--;
	worker->coming = false;
	list_del_init(&worker->rest);
}

static struct guest_work *next_work(struct worker *worker)
{
	struct workers *workers = &worker->guest->workers;
	struct guest_work *work;

	spin_lock_irq(&workers->lock);
	came(workers, worker);
	work = take(workers, &workers->queue);
	worker->doing = work;
	worker->left = workers->closed;
	if (work)
		workers->taken++;
	else
		list_add(&worker->rest, &workers->resting);
	spin_unlock_irq(&workers->lock);
	return work;
}

/* Return: whether there was a worker to wake. */
static bool wake_one(struct workers *workers)
{
	struct worker *worker;

	lockdep_assert_held(&workers->lock);
	worker = list_first_entry_or_null(&workers->resting, struct worker,
					  rest);
	if (!worker)
		return false;
	list_del_init(&worker->rest);
	comes(workers, worker);
	worker_thread_wake(&worker->thread);
	return true;
}

/* Who does the work when no worker comes */

/* Does some work wait that no worker will take first thing? */
static bool waits(const struct workers *workers)
{
	return workers->queued > workers->coming;
}

/* Return: whether it was free. */
static bool call_stand_in(struct stand_in *stand_in)
{
	lockdep_assert_held(&stand_in->guest->workers.lock);
	if (stand_in->called)
		return false;
	stand_in->called = true;
	queue_work(stand_in->guest->css.shared.wq, &stand_in->work);
	return true;
}

static void call_stand_ins(struct workers *workers)
{
	unsigned int i, waiting = workers->queued - workers->coming;

	workers->watched = workers->taken;
	for (i = 0; i < STAND_INS && waiting; i++)
		waiting -= call_stand_in(&workers->stand_ins[i]);
}

static void do_apart(struct workers *workers, struct guest_work *work)
{
	list_add_tail(&work->entry, &workers->apart);
	call_stand_in(&workers->stand_ins[STAND_INS]);
}

static void watch_later(struct guest *guest)
{
	struct workers *workers = &guest->workers;

	lockdep_assert_held(&workers->lock);
	if (workers->watching || workers->closed)
		return;
	workers->watching = true;
	workers->watched = workers->taken;
	queue_delayed_work(guest->css.shared.wq, &workers->watch,
			   STAND_IN_DELAY);
}

/* See to it that work for which no worker comes is done all the same. */
static void see_to_rest(struct guest *guest)
{
	struct workers *workers = &guest->workers;

	lockdep_assert_held(&workers->lock);
	if (!waits(workers))
		return;
	if (workers->nr)
		watch_later(guest);
	else
		call_stand_ins(workers);
}

static void watch(struct work_struct *work)
{
	struct workers *workers = container_of(to_delayed_work(work),
					       struct workers, watch);
	struct guest *guest = container_of(workers, struct guest, workers);

	spin_lock_irq(&workers->lock);
	workers->watching = false;
	/*
	 * A worker that comes waits for CPU time, or for the end of a SIGSTOP,
	 * and so would a stand-in if it were a thread of the process.
	 */
	if (waits(workers) && workers->taken == workers->watched &&
	    !wake_one(workers) && !workers->coming)
		call_stand_ins(workers);
	see_to_rest(guest);
	spin_unlock_irq(&workers->lock);
}

static void stand_in_turn(struct work_struct *work)
{
	struct stand_in *stand_in = container_of(work, struct stand_in, work);
	struct guest *guest = stand_in->guest;
	struct workers *workers = &guest->workers;
	struct guest_work *todo;

	spin_lock_irq(&workers->lock);
	todo = take(workers, stand_in->queue);
	stand_in->doing = todo;
	WRITE_ONCE(stand_in->task, current);
	spin_unlock_irq(&workers->lock);
	if (todo)
		todo->func(todo);
	spin_lock_irq(&workers->lock);
	WRITE_ONCE(stand_in->task, NULL);
	stand_in->doing = NULL;
	stand_in->called = false;
	if (!list_empty(&workers->apart))
		call_stand_in(&workers->stand_ins[STAND_INS]);
	/* Go on as long as no worker has come. */
	if (waits(workers) && !workers->coming &&
	    workers->taken == workers->watched)
		call_stand_ins(workers);
	see_to_rest(guest);
	spin_unlock_irq(&workers->lock);
	if (wq_has_sleeper(&workers->done))
		wake_up_all(&workers->done);
}

bool workers_stand_in(const struct guest *guest)
{
	int i;

	if (!(current->flags & PF_WQ_WORKER))
		return false;
	for (i = 0; i < STAND_INS; i++)
		if (READ_ONCE(guest->workers.stand_ins[i].task) == current)
			return true;
	return false;
}

static void keep_reserve(struct worker *worker);

bool worker_turn(void *arg)
{
	struct worker *worker = arg;
	struct workers *workers = &worker->guest->workers;
	struct guest_work *work = next_work(worker);
	bool returns;

	if (!work) {
		if (READ_ONCE(workers->closed))
			wake_up_all(&workers->done);
		return false;
	}
	__set_current_state(TASK_RUNNING);
	worker_follow(worker);
	keep_reserve(worker);
	work->func(work);
	returns = worker_see_to_signals();
	/*
	 * The thread may be stopped after this function.  So say now that the
	 * work is done.
	 */
	spin_lock_irq(&workers->lock);
	worker->doing = NULL;
	came(workers, worker);
	if (returns)
		comes(workers, worker);
	else if (waits(workers) && !wake_one(workers))
		see_to_rest(worker->guest);
	spin_unlock_irq(&workers->lock);
	if (wq_has_sleeper(&workers->done))
		wake_up_all(&workers->done);
	return true;
}

void worker_killed(void *arg)
{
	struct worker *worker = arg;
	struct workers *workers = &worker->guest->workers;

	spin_lock_irq(&workers->lock);
	WRITE_ONCE(worker->gone, true);
	came(workers, worker);
	workers->nr--;
	if (waits(workers) && !wake_one(workers))
		see_to_rest(worker->guest);
	spin_unlock_irq(&workers->lock);
	wake_up_all(&workers->done);
}

/* Queueing */

/*
 * If the caller is a worker of the VM, count on it: it will look at the queue
 * after its turn.
 */
static void count_on_caller(struct workers *workers)
{
	struct worker *worker;

	lockdep_assert_held(&workers->lock);
	if (!worker_thread_is_current() && !(current->flags & PF_KTHREAD))
		return;
	list_for_each_entry(worker, &workers->all, node)
		if (worker->task == current && !worker->gone)
			comes(workers, worker);
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

/* Queue work.  Return: whether no worker comes for it, and one has to. */
static bool queue(struct workers *workers, struct guest_work *work)
{
	lockdep_assert_held(&workers->lock);
	if (workers->closed || work->apart) {
		do_apart(workers, work);
		return false;
	}
	list_add_tail(&work->entry, &workers->queue);
	workers->queued++;
	return waits(workers) && !wake_one(workers);
}

/* @wq, here and below, is that of the image, guest->css.shared.wq. */
void guest_queue_work(struct guest *guest, struct workqueue_struct *wq,
		      struct guest_work *work)
{
	struct workers *workers = &guest->workers;

	spin_lock_irq(&workers->lock);
	/* First, so that no other worker is woken for what the caller takes. */
	count_on_caller(workers);
	/* Who may make workers calls guest_ensure_worker() next. */
	if (queue(workers, work) && !may_hire(guest))
		see_to_rest(guest);
	spin_unlock_irq(&workers->lock);
}

void guest_call_worker(struct guest *guest, struct workqueue_struct *wq,
		       struct guest_work *work)
{
	struct workers *workers = &guest->workers;
	unsigned long flags;

	spin_lock_irqsave(&workers->lock, flags);
	if (queue(workers, work))
		see_to_rest(guest);
	spin_unlock_irqrestore(&workers->lock, flags);
}

/* Take work off its queue.  Return: whether it was in one. */
static bool unqueue(struct workers *workers, struct guest_work *work)
{
	lockdep_assert_held(&workers->lock);
	if (list_empty(&work->entry))
		return false;
	list_del_init(&work->entry);
	/* What was queued before guest_set_apart() isn't in this queue either. */
	if (!work->apart && !workers->closed)
		workers->queued--;
	return true;
}

void guest_set_apart(struct guest *guest, struct workqueue_struct *wq,
		     struct guest_work *work, bool apart)
{
	struct workers *workers = &guest->workers;
	bool queued;

	spin_lock_irq(&workers->lock);
	queued = unqueue(workers, work);
	work->apart = apart;
	if (queued && queue(workers, work))
		see_to_rest(guest);
	spin_unlock_irq(&workers->lock);
}

bool guest_cancel_work(struct guest *guest, struct guest_work *work)
{
	struct workers *workers = &guest->workers;
	bool queued;

	spin_lock_irq(&workers->lock);
	queued = unqueue(workers, work);
	spin_unlock_irq(&workers->lock);
	return queued;
}

static bool is_done(struct workers *workers, const struct guest_work *work)
{
	struct worker *worker;
	bool done;
	int i;

	spin_lock_irq(&workers->lock);
	done = list_empty(&work->entry);
	list_for_each_entry(worker, &workers->all, node)
		done &= worker->doing != work;
	for (i = 0; i < ARRAY_SIZE(workers->stand_ins); i++)
		done &= workers->stand_ins[i].doing != work;
	spin_unlock_irq(&workers->lock);
	return done;
}

void guest_flush_work(struct guest *guest, struct guest_work *work)
{
	struct workers *workers = &guest->workers;

	wait_event_idle(workers->done, is_done(workers, work));
}

/* Making and ending workers */

static struct worker *alloc_worker(struct guest *guest)
{
	struct mem_cgroup *before;
	struct worker *worker;

	/* A worker that is a kernel thread is in no memory control group. */
	if (!(current->flags & PF_KTHREAD))
		return kzalloc(sizeof(*worker), GFP_KERNEL_ACCOUNT);
	before = set_active_memcg(guest->memcg);
	worker = kzalloc(sizeof(*worker), GFP_KERNEL_ACCOUNT);
	set_active_memcg(before);
	return worker;
}

/* @leader: the first thread of the process, which is also the caller's */
static bool hire(struct guest *guest, struct task_struct *leader)
{
	struct workers *workers = &guest->workers;
	struct worker *worker = alloc_worker(guest);

	lockdep_assert_held(&workers->hiring);
	if (!worker)
		return false;
	worker->guest = guest;
	worker->coming = true;
	worker->join_again = jiffies;
	worker->leader = get_task_struct(leader);
	INIT_LIST_HEAD(&worker->rest);
	if (!worker_thread_create(&worker->thread, worker,
				  task_tgid_nr(leader))) {
		put_task_struct(worker->leader);
		kfree(worker);
		return false;
	}
	spin_lock_irq(&workers->lock);
	list_add(&worker->node, &workers->all);
	workers->nr++;
	workers->coming++;
	spin_unlock_irq(&workers->lock);
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
	spin_lock_irq(&workers->lock);
	list_del(&worker->node);
	spin_unlock_irq(&workers->lock);
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

/* Is there queued work for which no worker comes? */
static bool short_of_staff(const struct workers *workers)
{
	return READ_ONCE(workers->queued) > READ_ONCE(workers->coming);
}

void guest_ensure_worker(struct guest *guest)
{
	struct workers *workers = &guest->workers;
	bool hired = true;

	if (!short_of_staff(workers))
		return;
	if (may_hire(guest)) {
		mutex_lock(&workers->hiring);
		reap(workers);
		while (hired && short_of_staff(workers) &&
		       READ_ONCE(workers->nr) < WORKERS_MAX)
			hired = hire(guest, current->group_leader);
		mutex_unlock(&workers->hiring);
	}
	spin_lock_irq(&workers->lock);
	see_to_rest(guest);
	spin_unlock_irq(&workers->lock);
}

/* Is a worker free, or will it be before it does anything? */
static bool has_reserve(const struct workers *workers)
{
	return !list_empty_careful(&workers->resting) ||
	       READ_ONCE(workers->coming) > READ_ONCE(workers->queued);
}

/* Make a worker if none is free.  If none can be made, don't try it often. */
static void hire_reserve(struct guest *guest, struct task_struct *leader)
{
	struct workers *workers = &guest->workers;

	if (has_reserve(workers) || READ_ONCE(workers->nr) >= WORKERS_MAX ||
	    READ_ONCE(workers->closed) ||
	    time_before(jiffies, READ_ONCE(workers->reserve_again)))
		return;
	mutex_lock(&workers->hiring);
	reap(workers);
	if (!has_reserve(workers) && READ_ONCE(workers->nr) < WORKERS_MAX &&
	    !hire(guest, leader))
		WRITE_ONCE(workers->reserve_again, jiffies + RESERVE_DELAY);
	mutex_unlock(&workers->hiring);
}

/*
 * A worker has taken something to do.  If more is to be done and nobody comes
 * for it, or if a device may call a worker at any moment, it makes another one.
 */
static void keep_reserve(struct worker *worker)
{
	struct workers *workers = &worker->guest->workers;

	if ((READ_ONCE(workers->reserve) || short_of_staff(workers)) &&
	    !thread_is_killed())
		hire_reserve(worker->guest, worker->leader);
}

void guest_expect_work(struct guest *guest)
{
	struct workers *workers = &guest->workers;

	WRITE_ONCE(workers->reserve, true);
	/* A worker is free itself when it has ended its turn. */
	if (may_hire(guest) && !worker_thread_is_current())
		hire_reserve(guest, current->group_leader);
}

void workers_init(struct guest *guest)
{
	struct workers *workers = &guest->workers;
	int i;

	spin_lock_init(&workers->lock);
	mutex_init(&workers->hiring);
	INIT_LIST_HEAD(&workers->queue);
	INIT_LIST_HEAD(&workers->apart);
	INIT_LIST_HEAD(&workers->all);
	INIT_LIST_HEAD(&workers->resting);
	init_waitqueue_head(&workers->done);
	INIT_DELAYED_WORK(&workers->watch, watch);
	workers->reserve_again = jiffies;
	for (i = 0; i < ARRAY_SIZE(workers->stand_ins); i++) {
		workers->stand_ins[i].guest = guest;
		workers->stand_ins[i].queue = i < STAND_INS ? &workers->queue :
							      &workers->apart;
		INIT_WORK(&workers->stand_ins[i].work, stand_in_turn);
	}
}

/*
 * Return: whether every worker has seen that the workers are closed, or was
 * killed.  A worker of a stopped process can't see it.
 */
static bool all_left(struct workers *workers)
{
	struct worker *worker;
	bool left = true;

	spin_lock_irq(&workers->lock);
	list_for_each_entry(worker, &workers->all, node)
		left &= worker->left || worker->gone;
	spin_unlock_irq(&workers->lock);
	return left;
}

void workers_stop(struct guest *guest)
{
	struct workers *workers = &guest->workers;
	struct worker *worker, *next;
	struct guest_work *work;

	spin_lock_irq(&workers->lock);
	while ((work = take(workers, &workers->queue)))
		do_apart(workers, work);
	WRITE_ONCE(workers->closed, true);
	list_for_each_entry(worker, &workers->all, node)
		if (!worker->gone)
			worker_thread_wake(&worker->thread);
	spin_unlock_irq(&workers->lock);
	cancel_delayed_work_sync(&workers->watch);
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
