// SPDX-License-Identifier: GPL-2.0
/*
 * The workers of the fake guest: threads of the image's workqueue.  Each of them
 * does one thing, and then has another one do what is left.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <kvm_css/guest.h>

#include "fake_guest.h"

static void call_worker(struct guest *guest, struct workqueue_struct *wq)
{
	int i;

	lockdep_assert_held(&guest->queue_lock);
	for (i = 0; i < FAKE_WORKERS && guest->workers[i].called; i++)
		;
	if (i == FAKE_WORKERS)
		return;
	guest->workers[i].called = true;
	guest->workers[i].wq = wq;
	queue_work(wq, &guest->workers[i].work);
}

static void worker_turn(struct work_struct *work)
{
	struct fake_worker *worker = container_of(work, struct fake_worker,
						  work);
	struct guest *guest = worker->guest;
	struct guest_work *todo;

	spin_lock_irq(&guest->queue_lock);
	todo = list_first_entry_or_null(&guest->queue, struct guest_work,
					entry);
	if (todo)
		list_del_init(&todo->entry);
	worker->doing = todo;
	spin_unlock_irq(&guest->queue_lock);
	if (todo)
		todo->func(todo);
	spin_lock_irq(&guest->queue_lock);
	worker->doing = NULL;
	worker->called = false;
	if (!list_empty(&guest->queue))
		call_worker(guest, worker->wq);
	spin_unlock_irq(&guest->queue_lock);
}

void guest_call_worker(struct guest *guest, struct workqueue_struct *wq,
		       struct guest_work *work)
{
	unsigned long flags;

	spin_lock_irqsave(&guest->queue_lock, flags);
	KUNIT_EXPECT_TRUE(guest->test, list_empty(&work->entry));
	list_add_tail(&work->entry, &guest->queue);
	call_worker(guest, wq);
	spin_unlock_irqrestore(&guest->queue_lock, flags);
}

bool guest_cancel_work(struct guest *guest, struct guest_work *work)
{
	bool queued;

	spin_lock_irq(&guest->queue_lock);
	queued = !list_empty(&work->entry);
	list_del_init(&work->entry);
	spin_unlock_irq(&guest->queue_lock);
	return queued;
}

void guest_flush_work(struct guest *guest, struct guest_work *work)
{
	int i;

	might_sleep();
	for (i = 0; i < FAKE_WORKERS; i++)
		if (READ_ONCE(guest->workers[i].doing) == work)
			flush_work(&guest->workers[i].work);
}

void fake_workers_init(struct guest *guest)
{
	int i;

	spin_lock_init(&guest->queue_lock);
	INIT_LIST_HEAD(&guest->queue);
	for (i = 0; i < FAKE_WORKERS; i++) {
		guest->workers[i].guest = guest;
		INIT_WORK(&guest->workers[i].work, worker_turn);
	}
}
