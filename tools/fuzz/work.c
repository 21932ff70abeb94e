// SPDX-License-Identifier: GPL-2.0
/* Workqueues whose work is executed when the fuzzer says so, see shim.h */
#include <stdlib.h>

#include <linux/jiffies.h>
#include <linux/ktime.h>

#include "work.h"

/*
 * A workqueue that isn't empty after so many work items will never be drained.
 */
#define DRAIN_MAX	100000
#define WORKQUEUES	8

/**
 * struct workqueue_struct - work items in the order in which they were queued
 * @first: the first one, or NULL
 * @draining: only running work may queue more
 */
struct workqueue_struct {
	struct work_struct *first;
	bool draining;
};

/* Timers are in the first one, which is always there. */
static struct workqueue_struct timers;
static struct workqueue_struct *workqueues[WORKQUEUES] = { &timers };
static struct work_struct *running[SHIM_CONTEXTS];

struct workqueue_struct *shim_workqueue_alloc(void)
{
	struct workqueue_struct *wq = shim_alloc(sizeof(*wq), false);
	unsigned int i;

	if (!wq)
		return NULL;
	for (i = 0; i < WORKQUEUES && workqueues[i]; i++)
		;
	shim_assert(i < WORKQUEUES);
	workqueues[i] = wq;
	return wq;
}

static bool alive(const struct workqueue_struct *wq)
{
	unsigned int i;

	for (i = 0; i < WORKQUEUES; i++)
		if (workqueues[i] == wq)
			return true;
	return false;
}

static bool is_running(const struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < SHIM_CONTEXTS; i++)
		if (work && running[i] == work)
			return true;
	return false;
}

bool shim_queue(struct workqueue_struct *wq, struct work_struct *work,
		unsigned long timer)
{
	struct work_struct **at = &wq->first;

	if (!alive(wq))
		shim_bug("work queued in a workqueue that is gone");
	if (wq->draining && !shim_context()->worker)
		shim_bug("work queued in a workqueue that is being destroyed");
	shim_assert(work->func);
	if (work->wq)
		return false;
	while (*at)
		at = &(*at)->next;
	*at = work;
	work->wq = wq;
	work->next = NULL;
	work->timer = timer;
	return true;
}

static bool dequeue(struct work_struct *work)
{
	struct work_struct **at;

	if (!work->wq)
		return false;
	for (at = &work->wq->first; *at != work; at = &(*at)->next)
		;
	*at = work->next;
	work->wq = NULL;
	return true;
}

/* Return: whether it was queued already. */
bool shim_requeue(struct workqueue_struct *wq, struct work_struct *work,
		  unsigned long timer)
{
	bool queued = dequeue(work);

	shim_queue(wq, work, timer);
	return queued;
}

/*
 * Return the next work item that isn't running: two workers never execute the
 * same item.
 */
static struct work_struct *next_work(struct workqueue_struct *wq, bool timers)
{
	struct work_struct *work;

	for (work = wq->first; work; work = work->next)
		if ((timers || !work->timer) && !is_running(work))
			break;
	return work;
}

static bool execute(struct work_struct *work)
{
	unsigned int depth;

	if (!work || shim_depth() + 1 >= SHIM_CONTEXTS)
		return false;
	dequeue(work);
	shim_time_passes(work->timer * (NSEC_PER_SEC / HZ));
	shim_context_begin(true);
	depth = shim_depth();
	running[depth] = work;
	work->func(work);
	/* The work item may have been freed by now. */
	running[depth] = NULL;
	shim_context_end();
	return true;
}

bool shim_pump(bool timers)
{
	struct work_struct *work = NULL;
	unsigned int i;

	for (i = 0; i < WORKQUEUES && !work; i++)
		if (workqueues[i])
			work = next_work(workqueues[i], false);
	for (i = 0; timers && i < WORKQUEUES && !work; i++)
		if (workqueues[i])
			work = next_work(workqueues[i], true);
	return execute(work);
}

void shim_workqueue_flush(struct workqueue_struct *wq)
{
	unsigned int n;

	shim_might_sleep();
	shim_assert(alive(wq));
	for (n = 0; n < DRAIN_MAX && execute(next_work(wq, false)); n++)
		;
	shim_assert(n < DRAIN_MAX);
}

void shim_workqueue_destroy(struct workqueue_struct *wq)
{
	unsigned int i;

	shim_assert(!shim_depth());
	wq->draining = true;
	shim_workqueue_flush(wq);
	if (wq->first)
		shim_bug("a workqueue is gone before its timers");
	for (i = 0; i < WORKQUEUES; i++)
		if (workqueues[i] == wq)
			workqueues[i] = NULL;
	shim_free(wq);
}

bool shim_work_flush(struct work_struct *work)
{
	bool queued = work->wq;

	shim_might_sleep();
	shim_assert(!is_running(work));
	while (work->wq)
		shim_assert(shim_pump(true));
	return queued;
}

bool shim_work_cancel(struct work_struct *work)
{
	shim_might_sleep();
	shim_assert(!is_running(work));
	return dequeue(work);
}

/* Start a timer anew, which calls a function in a hard interrupt. */
void shim_timer_start(struct work_struct *work, unsigned long timer)
{
	shim_requeue(&timers, work, timer);
}

/* Take a work item off its queue, without waiting for it if it runs. */
bool shim_work_dequeue(struct work_struct *work)
{
	return dequeue(work);
}

void shim_work_freed(const void *p, size_t size)
{
	const char *from = p, *to = from + size;
	struct work_struct *work;
	unsigned int i;

	for (i = 0; i < SHIM_CONTEXTS; i++)
		if ((char *)running[i] >= from && (char *)running[i] < to)
			running[i] = NULL;
	for (i = 0; i < WORKQUEUES; i++)
		for (work = workqueues[i] ? workqueues[i]->first : NULL; work;
		     work = work->next)
			if ((char *)work >= from && (char *)work < to)
				shim_bug("freed with a work item in it that is queued");
}
