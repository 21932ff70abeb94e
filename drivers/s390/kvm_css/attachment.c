// SPDX-License-Identifier: GPL-2.0
/*
 * A VM's attachment to its channel subsystem: how it begins and ends.
 *
 * Lifetime: an open descriptor holds a reference to the VM, as a KVM device
 * does.  An attachment ends in one of two ways:
 *
 * - its last descriptor is closed and it is not kept.  The VM is detached at
 *   once, whether the VM's own descriptor is still open or not, and the
 *   descriptor's reference passes to destroy(), which gives back the rest;
 * - it is kept, has no descriptor, and the VM ends.  KVM tells by clearing the
 *   floating interruptions of a VM that nobody has a reference to any more, see
 *   reset.c, and then frees it.
 *
 * An attachment that is kept has no reference itself, or its VM would never end.
 * So every worker takes one while it works for the VM; threads that come with a
 * vCPU or a descriptor have one that way.  When workers have all of them, or no
 * process has the VM's memory any more, the VM has nobody left.  Then no worker
 * gets another one, and a program that runs stops at its next CCW or piece of
 * data: endless programs, handing the VM to each other, would keep it for ever,
 * and a long data chain for minutes.  (The memory matters because a vCPU that is
 * mapped there is a reference to the VM, and workers keep the memory.)
 *
 * The module can't be unloaded while a descriptor is open or an attachment is
 * kept; unloading waits for destroy().
 *
 * Locking: lifetime_lock protects @opens, @keep and @pinned, and with that which
 * of the two it is.  takeover.c's locks and css->lock are taken in it.  @vm_lock,
 * a spinlock and a leaf, protects @ended and @inside.
 */
#include <linux/err.h>
#include <linux/kvm_host.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

#include <kvm_css/css.h>
#include <kvm_css/guest.h>

#include "kvm.h"

static DEFINE_MUTEX(lifetime_lock);	/* see "Locking" above */
static struct workqueue_struct *destroy_wq;
/* Of its own, so that it never waits for what destroy() waits for */
static struct workqueue_struct *put_wq;

static void attachment_free(struct kref *ref)
{
	kfree(container_of(ref, struct css_guest, ref));
}

static void destroy(struct css_guest *guest)
{
	if (guest->attached)
		takeover_wait(guest);
	wait_var_event(&guest->users, !atomic_read(&guest->users));
	workers_stop(guest);
	css_destroy(&guest->css);
	mem_cgroup_put(guest->memcg);
	/* Queued behind it, if it was set. */
	if (!READ_ONCE(guest->ended))
		kvm_put_kvm(guest->kvm);
	if (guest->pinned)
		module_put(THIS_MODULE);
	complete_all(&guest->destroyed);
	kref_put(&guest->ref, attachment_free);
}

static void destroy_work(struct work_struct *work)
{
	destroy(container_of(work, struct css_guest, destroy));
}

/* Give back a worker's reference, unless it is the last.  Return: is it? */
static bool put_was_last(struct css_guest *guest)
{
	lockdep_assert_held(&guest->vm_lock);
	if (!refcount_dec_not_one(&guest->kvm->users_count))
		return true;
	WRITE_ONCE(guest->inside, guest->inside - 1);
	return false;
}

/* A worker's reference was the last one, see css_guest_drop(). */
static void put_work(struct work_struct *work)
{
	struct css_guest *guest = container_of(work, struct css_guest, put);
	bool last;

	spin_lock(&guest->vm_lock);
	last = put_was_last(guest);
	spin_unlock(&guest->vm_lock);
	/*
	 * Ends the VM, and with that this attachment.  It still counts as inside,
	 * so that no worker takes the last reference for somebody else's.
	 */
	if (last)
		kvm_put_kvm(guest->kvm);
}

static struct css_guest *alloc_guest(struct kvm *kvm, bool alone)
{
	struct css_guest *guest = kzalloc(sizeof(*guest), GFP_KERNEL_ACCOUNT);

	if (!guest)
		return NULL;
	if (css_init(&guest->css, guest, alone)) {
		kfree(guest);
		return NULL;
	}
	kref_init(&guest->ref);
	spin_lock_init(&guest->vm_lock);
	INIT_WORK(&guest->destroy, destroy_work);
	INIT_WORK(&guest->put, put_work);
	workers_init(guest);
	init_completion(&guest->destroyed);
	kvm_get_kvm(kvm);
	guest->kvm = kvm;
	guest->opens = 1;
	return guest;
}

/* With the memory control group of the VM's process, now and later */
static struct css_guest *alloc_charged(struct kvm *kvm, bool alone)
{
	struct mem_cgroup *memcg, *before;
	struct css_guest *guest;

	memcg = get_mem_cgroup_from_mm(kvm->mm);
	before = set_active_memcg(memcg);
	guest = alloc_guest(kvm, alone);
	set_active_memcg(before);
	if (guest)
		guest->memcg = memcg;
	else
		mem_cgroup_put(memcg);
	return guest;
}

struct css_guest *attachment_create(struct kvm *kvm, bool alone, bool keep)
{
	struct css_guest *guest;
	int rc;

	/* Otherwise it can't be known when a process is gone. */
	if (keep && !IS_ENABLED(CONFIG_MEMCG))
		return ERR_PTR(-EOPNOTSUPP);
	guest = alloc_charged(kvm, alone);
	if (!guest)
		return ERR_PTR(-ENOMEM);
	if (keep)
		__module_get(THIS_MODULE);
	guest->keep = keep;
	guest->pinned = keep;
	/* As soon as it is attached, others may open it. */
	guest->attached = true;
	rc = takeover_attach(guest);
	if (!rc)
		return guest;
	guest->attached = false;
	/* Without subchannels there is no program to wait for. */
	destroy(guest);
	return ERR_PTR(rc);
}

struct css_guest *attachment_open(struct kvm *kvm)
{
	struct css_guest *guest;

	mutex_lock(&lifetime_lock);
	/* Whoever detaches it takes the lock too, and the caller has the VM. */
	guest = takeover_guest(kvm);
	if (guest) {
		kvm_get_kvm(kvm);
		guest->opens++;
	}
	mutex_unlock(&lifetime_lock);
	return guest ?: ERR_PTR(-ENOENT);
}

void attachment_keep_no_longer(struct css_guest *guest)
{
	mutex_lock(&lifetime_lock);
	guest->keep = false;
	mutex_unlock(&lifetime_lock);
}

/*
 * The end of a VM's channel subsystem may have to wait for what only the VMM
 * can provide, see css.c.  So a work item waits, and whoever closes the
 * descriptor waits for that: killably, and not at all when it is exiting, since
 * other descriptors that it closes then may be what everything waits for.
 */
static void end(struct css_guest *guest)
{
	kref_get(&guest->ref);
	queue_work(destroy_wq, &guest->destroy);
	if (!(current->flags & (PF_EXITING | PF_KTHREAD)))
		wait_for_completion_killable(&guest->destroyed);
	kref_put(&guest->ref, attachment_free);
}

void attachment_close(struct css_guest *guest)
{
	struct kvm *kvm = guest->kvm;
	bool ends;

	mutex_lock(&lifetime_lock);
	ends = !--guest->opens && !guest->keep;
	if (ends) {
		takeover_detach(guest);
		/* Before the VM can be attached again, to other subchannels. */
		css_stop(&guest->css);
	}
	mutex_unlock(&lifetime_lock);
	if (ends)
		end(guest);
	else
		kvm_put_kvm(kvm);
}

void attachment_vm_ends(struct kvm *kvm)
{
	struct css_guest *guest;

	mutex_lock(&lifetime_lock);
	guest = takeover_guest(kvm);
	if (guest)
		takeover_detach(guest);
	mutex_unlock(&lifetime_lock);
	if (!guest)
		return;
	spin_lock(&guest->vm_lock);
	WRITE_ONCE(guest->ended, true);
	spin_unlock(&guest->vm_lock);
	css_stop(&guest->css);
	/* Not waited for: it may have to wait itself. */
	queue_work(destroy_wq, &guest->destroy);
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

/* Has the VM anybody but workers?  Without the lock, a no may be wrong. */
static bool seems_to_live(const struct css_guest *guest)
{
	return !READ_ONCE(guest->ended) && process_lives(guest->kvm) &&
	       refcount_read(&guest->kvm->users_count) >
			READ_ONCE(guest->inside);
}

static bool vm_lives(const struct css_guest *guest)
{
	lockdep_assert_held(&guest->vm_lock);
	return seems_to_live(guest);
}

/*
 * Asked at every CCW and piece of data, so without the lock as long as the answer
 * is no.  @inside is read while it changes, so a yes is asked once more.
 */
bool css_guest_gone(struct css_guest *guest)
{
	bool gone;

	/* Its process is the VM's. */
	if (worker_is_killed())
		return true;
	if (seems_to_live(guest))
		return false;
	spin_lock(&guest->vm_lock);
	gone = !vm_lives(guest);
	spin_unlock(&guest->vm_lock);
	return gone;
}

bool css_guest_hold(struct css_guest *guest)
{
	bool there;

	spin_lock(&guest->vm_lock);
	there = vm_lives(guest) && kvm_get_kvm_safe(guest->kvm);
	if (there)
		WRITE_ONCE(guest->inside, guest->inside + 1);
	spin_unlock(&guest->vm_lock);
	if (there)
		worker_begins(guest);
	return there;
}

void css_guest_drop(struct css_guest *guest)
{
	worker_ends();
	spin_lock(&guest->vm_lock);
	/*
	 * The last reference ends the VM, and that the attachment, whose worker
	 * the caller is: somebody else's business, who has the reference then.
	 * KVM has no call that gives back all but the last.
	 */
	if (put_was_last(guest))
		queue_work(put_wq, &guest->put);
	spin_unlock(&guest->vm_lock);
}

int __init attachment_init(void)
{
	destroy_wq = alloc_workqueue("kvm_css_destroy", WQ_UNBOUND,
				     WQ_MAX_ACTIVE);
	if (!destroy_wq)
		return -ENOMEM;
	put_wq = alloc_workqueue("kvm_css_put", WQ_UNBOUND, WQ_MAX_ACTIVE);
	if (put_wq)
		return 0;
	destroy_workqueue(destroy_wq);
	return -ENOMEM;
}

void attachment_exit(void)
{
	/* Waits for what workers and closed descriptors have left behind. */
	destroy_workqueue(put_wq);
	destroy_workqueue(destroy_wq);
}
