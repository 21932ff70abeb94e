/* SPDX-License-Identifier: GPL-2.0 */
/* What workers.c and on_behalf.c share */
#ifndef _KVM_CSS_WORKERS_H
#define _KVM_CSS_WORKERS_H

#include <linux/list.h>
#include <linux/types.h>

#include "worker_thread.h"

struct guest;
struct guest_work;
struct task_struct;

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
 * @rest: in workers.resting while the worker waits to be woken
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
	struct list_head rest;
	bool coming;
	bool gone;
	bool left;
};

/**
 * worker_follow() - take over from the process what limits a worker
 * @worker: the worker, which calls this before it does anything
 *
 * Context: the worker; may sleep.
 */
void worker_follow(struct worker *worker);

/**
 * worker_see_to_signals() - have the worker look for signals now
 *
 * It stops or freezes before its next turn if its process is stopped or frozen.
 *
 * Context: a worker, between two turns.
 * Return: whether it looks at the queue next, unless it is stopped.  Otherwise it
 * first does task work, such as the release of a file, and that may take long.
 */
bool worker_see_to_signals(void);

#endif /* _KVM_CSS_WORKERS_H */
