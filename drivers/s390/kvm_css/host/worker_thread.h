/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The thread of a worker, of the kind that the kernel lets a module make.
 */
#ifndef _KVM_CSS_WORKER_THREAD_H
#define _KVM_CSS_WORKER_THREAD_H

#include <linux/types.h>

struct task_struct;
struct vhost_task;

/**
 * struct worker_thread - a thread that calls worker_turn()
 * @vhost: the thread, if it is one of the process that has made it
 * @kthread: the thread, if it is a kernel thread
 */
struct worker_thread {
	union {
		struct vhost_task *vhost;
		struct task_struct *kthread;
	};
};

/**
 * worker_thread_is_users() - are workers threads of the process on this kernel?
 *
 * Context: any.
 * Return: true if they are; false if they are kernel threads.
 */
bool worker_thread_is_users(void);

/**
 * worker_thread_is_current() - is the caller a worker that is a thread of a
 * process?
 *
 * Context: any.
 * Return: whether it is; false for the other threads of the process, and for
 * kernel threads.
 */
bool worker_thread_is_current(void);

/**
 * worker_thread_create() - make a thread, which doesn't run yet
 * @thread: filled in
 * @arg: the worker, for worker_turn() and worker_killed()
 * @pid: process id of the process, for the name of the thread
 *
 * Context: a thread of the process; may sleep.
 * Return: false when the process may have no more threads, the caller has a
 * signal pending, or the host has no memory.
 */
bool worker_thread_create(struct worker_thread *thread, void *arg, int pid);

/**
 * worker_thread_start() - let the thread run
 * @thread: the thread, from worker_thread_create()
 *
 * Context: any.
 */
void worker_thread_start(struct worker_thread *thread);

/**
 * worker_thread_wake() - have the thread call worker_turn() again
 * @thread: the thread, started
 *
 * Context: any; does not sleep.
 */
void worker_thread_wake(struct worker_thread *thread);

/**
 * worker_thread_stop() - end the thread, unless it was killed, and free it
 * @thread: the thread, started
 *
 * Context: may sleep, as long as worker_turn() takes.  If the thread belongs to
 * a stopped process, the caller sleeps until the process is continued or
 * killed.
 */
void worker_thread_stop(struct worker_thread *thread);

/* The functions that the thread calls, in workers.c */

/**
 * worker_turn() - do the next work in the queue, if there is any
 * @arg: the worker
 *
 * Context: the thread, in TASK_INTERRUPTIBLE.  It is still in this state
 * afterwards if there was no work.
 * Return: whether there was work.  If not, the thread sleeps until it is woken.
 */
bool worker_turn(void *arg);

/**
 * worker_killed() - note that the thread has been killed with its process
 * @arg: the worker, which doesn't call worker_turn() any more
 *
 * Context: the thread, while it ends; does not sleep.
 */
void worker_killed(void *arg);

#endif /* _KVM_CSS_WORKER_THREAD_H */
