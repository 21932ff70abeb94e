// SPDX-License-Identifier: GPL-2.0
/*
 * The thread of a worker.  It is of one of two kinds, which depends on the
 * kernel.
 *
 * A thread of the VM's process: Linux has had vhost_task_create() for vhost
 * since 6.4.  Since 6.10 it takes a function that is called when the thread is
 * killed.  Older kernels get kernel threads from this file, because a thread of
 * the process that is killed would have to go on working there.  Kbuild finds
 * out from the kernel's header whether the function can be given.  When
 * vhost_task_create() fails, it returns NULL on some kernels and an error
 * pointer on others.
 *
 * A kernel thread otherwise.  It can be put into the control groups of a
 * process, but it isn't counted among the threads of the process, and doesn't
 * stop with it.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "worker_thread.h"

#if defined(KVM_CSS_VHOST_TASK) && IS_ENABLED(CONFIG_VHOST_TASK)
#include <linux/sched/vhost_task.h>

bool worker_thread_is_users(void)
{
	return true;
}

bool worker_thread_is_current(void)
{
	return current->flags & PF_USER_WORKER;
}

bool worker_thread_create(struct worker_thread *thread, void *arg, int pid)
{
	char name[TASK_COMM_LEN];

	snprintf(name, sizeof(name), "kvm_css-%d", pid);
	thread->vhost = vhost_task_create(worker_turn, worker_killed, arg,
					  name);
	return !IS_ERR_OR_NULL(thread->vhost);
}

void worker_thread_start(struct worker_thread *thread)
{
	vhost_task_start(thread->vhost);
}

void worker_thread_wake(struct worker_thread *thread)
{
	vhost_task_wake(thread->vhost);
}

void worker_thread_stop(struct worker_thread *thread)
{
	vhost_task_stop(thread->vhost);
}

#else

bool worker_thread_is_users(void)
{
	return false;
}

bool worker_thread_is_current(void)
{
	return false;
}

static int run(void *arg)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		if (!worker_turn(arg))
			schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

bool worker_thread_create(struct worker_thread *thread, void *arg, int pid)
{
	thread->kthread = kthread_create(run, arg, "kvm_css-%d", pid);
	return !IS_ERR(thread->kthread);
}

void worker_thread_start(struct worker_thread *thread)
{
	wake_up_process(thread->kthread);
}

void worker_thread_wake(struct worker_thread *thread)
{
	wake_up_process(thread->kthread);
}

void worker_thread_stop(struct worker_thread *thread)
{
	kthread_stop(thread->kthread);
}

#endif
