/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread of a worker: how the kernel at hand lets a module have one.
 */
#ifndef _KVM_CSS_WORKER_THREAD_H
#define _KVM_CSS_WORKER_THREAD_H

#include <linux/types.h>

struct task_struct;
struct vhost_task;

/**
 * struct worker_thread - a thread that calls worker_turn()
 * @vhost: as a thread of the process that has made it
 * @kthread: as a kernel thread
 */
struct worker_thread {
	union {
		struct vhost_task *vhost;
		struct task_struct *kthread;
	};
};

/**
 * worker_thread_is_users() - is it a thread of the process, or the kernel's?
 *
 * Context: any.
 * Return: whether it is.
 */
bool worker_thread_is_users(void);

/**
 * worker_thread_is_current() - is the caller one that is a thread of a process?
 *
 * Context: any.
 * Return: whether it is; not for other threads of the process.
 */
bool worker_thread_is_current(void);

/**
 * worker_thread_create() - make a thread, which doesn't run yet
 * @thread: filled in
 * @arg: for worker_turn() and worker_killed()
 * @pid: of the process, for its name
 *
 * Context: a thread of the process; may sleep.
 * Return: false when the process may have no more threads, or the host none.
 */
bool worker_thread_create(struct worker_thread *thread, void *arg, int pid);

/**
 * worker_thread_start() - let it run
 * @thread: the thread, made
 *
 * Context: any.
 */
void worker_thread_start(struct worker_thread *thread);

/**
 * worker_thread_wake() - have it call worker_turn() again
 * @thread: the thread, started
 *
 * Context: any; does not sleep.
 */
void worker_thread_wake(struct worker_thread *thread);

/**
 * worker_thread_stop() - end it, if it hasn't ended
 * @thread: the thread, started; gone afterwards
 *
 * Context: may sleep, as long as worker_turn() takes and, if it is a stopped
 * process', until that is continued or killed.
 */
void worker_thread_stop(struct worker_thread *thread);

/* What the thread calls; workers.c */

/**
 * worker_turn() - do something, if there is something to do
 * @arg: the worker
 *
 * Context: the thread, in TASK_INTERRUPTIBLE; so it is afterwards when there was
 * nothing.
 * Return: whether there was; otherwise it sleeps until it is woken.
 */
bool worker_turn(void *arg);

/**
 * worker_killed() - the process has been killed, and so has been the thread
 * @arg: the worker, which doesn't call worker_turn() any more
 *
 * Context: the thread; does not sleep.
 */
void worker_killed(void *arg);

#endif /* _KVM_CSS_WORKER_THREAD_H */
