// SPDX-License-Identifier: GPL-2.0
/*
 * A VM's attachment to its channel subsystem: how it begins and ends.
 *
 * Lifetime: an open descriptor holds a reference to the VM, as a KVM device
 * does.  An attachment ends in one of two ways:
 *
 * - its last descriptor is closed and it is not kept.  The descriptor's reference
 *   to the VM passes to the attachment's thread, which gives it back last;
 * - it is kept, has no descriptor, and the VM ends.  KVM tells by clearing the
 *   floating interruptions of a VM that nobody has a reference to any more, see
 *   reset.c, and then frees it.
 *
 * Either takes no time.  All that does is done by a thread that every attachment
 * has from its beginning (attachment_thread()), so that the end of one waits for
 * no other's, needs no memory, and may take as long as the guest and its devices
 * make it take: it withdraws what interruptions are pending, waits for vCPUs and
 * workers, and frees the image.  Until the interruptions are withdrawn the VM
 * stays in the table of attached VMs as one that is @ending: another attachment
 * of it would have subchannels of the same numbers, and so would the VMM, whose
 * instructions these are afterwards.
 *
 * A descriptor that only looks at one has a reference to no more than struct
 * guest, and keeps the image for the moments in which it does look.
 *
 * An attachment that is kept has no reference itself, or its VM would never end.
 * So every worker takes one while it works for the VM; threads that come with a
 * vCPU or a descriptor have one that way.  When workers have all of them, or no
 * process has the VM's memory any more, the VM has nobody left.  Then no worker
 * gets another one, and a program that runs stops at its next CCW or piece of
 * data: endless programs, handing the VM to each other, would keep it for ever,
 * and a long data chain for minutes.  (The memory matters because a vCPU that is
 * mapped there is a reference to the VM, and workers keep the memory.  A worker that is
 * a thread of the process keeps the process too, if all others end one by one:
 * workers.rst, "The end of the process".)
 *
 * The thread holds a reference to the module until it has ended, so that
 * unloading waits for none of this: it is refused.
 *
 * Locking: guest->lock, a spinlock and a leaf, protects @opens, @keep, @ending,
 * @ended, @inside and @put.  Nothing is held while somebody is waited for.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/kvm_host.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/wait_bit.h>

#include <kvm_css/css.h>
#include <kvm_css/guest.h>

#include "host.h"

static void attachment_free(struct kref *ref)
{
	struct guest *guest = container_of(ref, struct guest, ref);

	if (guest->thread)
		put_task_struct(guest->thread);
	kfree(guest);
}

/* The attachment's thread */

static void destroy(struct guest *guest)
{
	if (guest->attached) {
		css_stop(&guest->css);
		if (!READ_ONCE(guest->ended))
			takeover_detach(guest);
		complete_all(&guest->stopped);
		takeover_wait(guest);
	}
	/* Not for a hung task's warning: it may be a user who makes it wait. */
	___wait_var_event(&guest->users, !atomic_read(&guest->users),
			  TASK_IDLE, 0, 0, schedule());
	css_wait_stopped(&guest->css);
	workers_stop(guest);
	css_destroy(&guest->css);
	mem_cgroup_put(guest->memcg);
	if (!READ_ONCE(guest->ended))
		kvm_put_kvm(guest->kvm);
	complete_all(&guest->destroyed);
	kref_put(&guest->ref, attachment_free);
}

/* Give back a worker's reference, unless it is the last.  Return: is it? */
static bool put_was_last(struct guest *guest)
{
	lockdep_assert_held(&guest->lock);
	if (!refcount_dec_not_one(&guest->kvm->users_count))
		return true;
	WRITE_ONCE(guest->inside, guest->inside - 1);
	return false;
}

/* A worker's reference was the last one, see guest_drop(). */
static void put_vm(struct guest *guest)
{
	bool last;

	spin_lock(&guest->lock);
	WRITE_ONCE(guest->put, false);
	last = put_was_last(guest);
	spin_unlock(&guest->lock);
	/*
	 * Ends the VM, and with that this attachment.  It still counts as inside,
	 * so that no worker takes the last reference for somebody else's.
	 */
	if (last)
		kvm_put_kvm(guest->kvm);
}

static bool is_over(const struct guest *guest)
{
	return READ_ONCE(guest->ending) || READ_ONCE(guest->ended);
}

static int attachment_thread(void *data)
{
	struct guest *guest = data;

	do {
		wait_event_idle(guest->wait,
				READ_ONCE(guest->put) || is_over(guest));
		if (READ_ONCE(guest->put))
			put_vm(guest);
	} while (!is_over(guest));
	destroy(guest);
	module_put_and_kthread_exit(0);
}

static int make_thread(struct guest *guest)
{
	struct task_struct *thread;

	thread = kthread_create(attachment_thread, guest, "kvm-css-%d",
				task_pid_nr(current));
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	guest->thread = get_task_struct(thread);
	/* Its own, until it has ended; the caller has one. */
	__module_get(THIS_MODULE);
	wake_up_process(thread);
	return 0;
}

/* Beginning */

static struct guest *alloc_guest(struct kvm *kvm, bool alone)
{
	struct guest *guest = kzalloc(sizeof(*guest), GFP_KERNEL_ACCOUNT);

	if (!guest)
		return NULL;
	if (css_init(&guest->css, guest, alone)) {
		kfree(guest);
		return NULL;
	}
	kref_init(&guest->ref);
	spin_lock_init(&guest->lock);
	init_waitqueue_head(&guest->wait);
	workers_init(guest);
	init_completion(&guest->stopped);
	init_completion(&guest->destroyed);
	kvm_get_kvm(kvm);
	guest->kvm = kvm;
	guest->opens = 1;
	return guest;
}

/* Has any process, and not only workers, the VM's memory? */
static bool process_lives(const struct kvm *kvm)
{
#ifdef CONFIG_MEMCG
	return rcu_access_pointer(kvm->mm->owner);
#else
	return true;
#endif
}

/*
 * With the memory control group of the VM's process, now and later.  Without a
 * process that would be the root group, whose memory nobody's limit is for.  A
 * process that has gone once is gone for good, so the second look says of what
 * group the first one was.
 */
static struct guest *alloc_charged(struct kvm *kvm, bool alone)
{
	struct mem_cgroup *memcg, *before;
	struct guest *guest;

	memcg = get_mem_cgroup_from_mm(kvm->mm);
	if (!process_lives(kvm)) {
		mem_cgroup_put(memcg);
		return ERR_PTR(-ESRCH);
	}
	before = set_active_memcg(memcg);
	guest = alloc_guest(kvm, alone);
	set_active_memcg(before);
	if (!guest) {
		mem_cgroup_put(memcg);
		return ERR_PTR(-ENOMEM);
	}
	guest->memcg = memcg;
	return guest;
}

/*
 * The VM has one already.  One that is ending still has interruptions pending for
 * subchannels of the same numbers, which takes as long as the VM has made it take.
 * Return: 0 when that is over.
 */
static int wait_for_ending(struct kvm *kvm)
{
	struct guest *other;
	int rc = 0;

	rcu_read_lock();
	other = takeover_guest(kvm);
	if (other && !READ_ONCE(other->ending)) {
		other = NULL;
		rc = -EBUSY;
	}
	/* Its thread's reference, for longer than it is in the table. */
	if (other)
		kref_get(&other->ref);
	rcu_read_unlock();
	if (!other)
		return rc;
	if (wait_for_completion_killable(&other->stopped))
		rc = -EINTR;
	kref_put(&other->ref, attachment_free);
	return rc;
}

static int attach(struct guest *guest)
{
	int rc;

	do {
		rc = takeover_attach(guest);
	} while (rc == -EBUSY && !(rc = wait_for_ending(guest->kvm)));
	return rc;
}

struct guest *attachment_create(struct kvm *kvm, bool alone, bool keep)
{
	struct guest *guest;
	int rc;

	/* Otherwise it can't be known when a process is gone. */
	if (keep && !IS_ENABLED(CONFIG_MEMCG))
		return ERR_PTR(-EOPNOTSUPP);
	guest = alloc_charged(kvm, alone);
	if (IS_ERR(guest))
		return guest;
	guest->keep = keep;
	rc = make_thread(guest);
	if (rc) {
		/* As the thread does it */
		destroy(guest);
		return ERR_PTR(rc);
	}
	/* As soon as it is attached, others may open it. */
	guest->attached = true;
	rc = attach(guest);
	if (!rc)
		return guest;
	guest->attached = false;
	guest->keep = false;
	attachment_close(guest);
	return ERR_PTR(rc);
}

struct guest *attachment_open(struct kvm *kvm)
{
	struct guest *guest;
	bool there;

	rcu_read_lock();
	guest = takeover_guest(kvm);
	there = guest;
	if (there) {
		spin_lock(&guest->lock);
		there = !guest->ending;
		if (there) {
			kvm_get_kvm(kvm);
			guest->opens++;
		}
		spin_unlock(&guest->lock);
	}
	rcu_read_unlock();
	return there ? guest : ERR_PTR(-ENOENT);
}

struct guest *attachment_look(struct kvm *kvm)
{
	struct guest *guest;

	rcu_read_lock();
	guest = takeover_guest(kvm);
	if (guest && !READ_ONCE(guest->ending))
		kref_get(&guest->ref);
	else
		guest = NULL;
	rcu_read_unlock();
	return guest ?: ERR_PTR(-ENOENT);
}

void attachment_look_no_longer(struct guest *guest)
{
	kref_put(&guest->ref, attachment_free);
}

bool attachment_enter(struct guest *guest)
{
	bool there;

	spin_lock(&guest->lock);
	there = !is_over(guest);
	if (there)
		atomic_inc(&guest->users);
	spin_unlock(&guest->lock);
	return there;
}

void attachment_leave(struct guest *guest)
{
	if (atomic_dec_and_test(&guest->users))
		wake_up_var(&guest->users);
}

void attachment_keep_no_longer(struct guest *guest)
{
	spin_lock(&guest->lock);
	guest->keep = false;
	spin_unlock(&guest->lock);
}

/* Ending */

/*
 * The end of a VM's channel subsystem may have to wait for what only the VMM
 * can provide, see css.c.  So the thread waits, and whoever closes the
 * descriptor waits for that: killably, and not at all when it is exiting, since
 * other descriptors that it closes then may be what everything waits for.
 */
static void wait_for_thread(struct guest *guest)
{
	if (current->flags & (PF_EXITING | PF_KTHREAD))
		return;
	if (wait_for_completion_killable(&guest->destroyed))
		return;
	/* There is nothing left but its exit, and then the module isn't used. */
	kthread_stop(guest->thread);
}

void attachment_close(struct guest *guest)
{
	struct kvm *kvm = guest->kvm;
	bool ends;

	kref_get(&guest->ref);
	spin_lock(&guest->lock);
	ends = !--guest->opens && !guest->keep;
	if (ends)
		WRITE_ONCE(guest->ending, true);
	spin_unlock(&guest->lock);
	if (ends) {
		wake_up(&guest->wait);
		wait_for_thread(guest);
	} else {
		kvm_put_kvm(kvm);
	}
	kref_put(&guest->ref, attachment_free);
}

void attachment_vm_ends(struct kvm *kvm)
{
	struct guest *guest = takeover_guest(kvm);

	/* It has no descriptor, which would be a reference, and gets none. */
	if (!guest)
		return;
	takeover_detach(guest);
	kref_get(&guest->ref);
	spin_lock(&guest->lock);
	WRITE_ONCE(guest->ended, true);
	spin_unlock(&guest->lock);
	/* Not waited for: it may have to wait itself. */
	wake_up(&guest->wait);
	kref_put(&guest->ref, attachment_free);
}

/* Has the VM anybody but workers?  Without the lock, a no may be wrong. */
static bool seems_to_live(const struct guest *guest)
{
	return !READ_ONCE(guest->ended) && process_lives(guest->kvm) &&
	       refcount_read(&guest->kvm->users_count) >
			READ_ONCE(guest->inside);
}

static bool vm_lives(const struct guest *guest)
{
	lockdep_assert_held(&guest->lock);
	return seems_to_live(guest);
}

/*
 * Asked at every CCW and piece of data, so without the lock as long as the answer
 * is no.  @inside is read while it changes, so a yes is asked once more.
 */
bool guest_gone(struct guest *guest)
{
	bool gone;

	/* Its process is the VM's. */
	if (worker_is_killed())
		return true;
	if (seems_to_live(guest))
		return false;
	spin_lock(&guest->lock);
	gone = !vm_lives(guest);
	spin_unlock(&guest->lock);
	return gone;
}

bool guest_hold(struct guest *guest)
{
	bool there;

	spin_lock(&guest->lock);
	there = vm_lives(guest) && kvm_get_kvm_safe(guest->kvm);
	if (there)
		WRITE_ONCE(guest->inside, guest->inside + 1);
	spin_unlock(&guest->lock);
	if (!there)
		return false;
	worker_begins(guest);
	/*
	 * If the process has ended since vm_lives(), worker_begins() may have
	 * found no process, and the root memory control group would be charged.
	 * Then nobody but workers has the VM, either.  A process that is still
	 * there has been there in worker_begins().
	 */
	if (process_lives(guest->kvm))
		return true;
	guest_drop(guest);
	return false;
}

void guest_drop(struct guest *guest)
{
	bool last;

	worker_ends();
	spin_lock(&guest->lock);
	/*
	 * The last reference ends the VM, and that the attachment, whose worker
	 * the caller is: its thread's business, which has the reference then.
	 * KVM has no call that gives back all but the last.
	 */
	last = put_was_last(guest);
	if (last)
		WRITE_ONCE(guest->put, true);
	spin_unlock(&guest->lock);
	if (last)
		wake_up(&guest->wait);
}
