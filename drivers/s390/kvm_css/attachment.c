// SPDX-License-Identifier: GPL-2.0
/*
 * A VM's attachment to its channel subsystem: how it begins and ends.
 *
 * Lifetime: an open descriptor holds a reference to the VM, as a KVM device
 * does.  What ends first ends the attachment:
 *
 * - its last descriptor is closed and it is not kept.  The VM is detached at
 *   once, whether the VM's own descriptor is still open or not, and the
 *   descriptor's reference passes to destroy(), which gives back the rest;
 * - it is kept, has no descriptor, and the VM ends.  KVM tells by clearing the
 *   floating interruptions of a VM that nobody has a reference to any more, see
 *   reset.c, and then frees it.
 *
 * An attachment that is kept has no reference itself, or its VM would never end.
 * So every worker takes one while it works for the VM, and @ended, under
 * @vm_lock, tells it that there is no VM to take one of.  Threads that come with
 * a vCPU or a descriptor have one that way.
 *
 * The module can't be unloaded while a descriptor is open or an attachment is
 * kept; unloading waits for destroy().
 *
 * Locking: lifetime_lock protects @opens and @keep, and with that which of the
 * two ends it.  It is taken before takeover.c's lock.
 */
#include <linux/err.h>
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

#include <kvm_css/css.h>

#include "kvm.h"

static DEFINE_MUTEX(lifetime_lock);	/* see "Locking" above */
static struct workqueue_struct *destroy_wq;

static void attachment_free(struct kref *ref)
{
	kfree(container_of(ref, struct css_guest, ref));
}

static void destroy(struct css_guest *guest)
{
	/* Of a VM that has ended, no CPU and no descriptor is left. */
	if (guest->attached)
		takeover_wait(guest);
	wait_var_event(&guest->users, !atomic_read(&guest->users));
	css_destroy(&guest->css);
	if (!guest->ended)
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

/* A worker's reference was the last one, see attachment_leave(). */
static void put_work(struct work_struct *work)
{
	struct css_guest *guest = container_of(work, struct css_guest, put);

	/* Ends the VM, and with that this attachment. */
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
	init_completion(&guest->destroyed);
	kvm_get_kvm(kvm);
	guest->kvm = kvm;
	guest->opens = 1;
	return guest;
}

struct css_guest *attachment_create(struct kvm *kvm, bool alone)
{
	struct css_guest *guest = alloc_guest(kvm, alone);
	int rc;

	if (!guest)
		return ERR_PTR(-ENOMEM);
	/* As soon as it is attached, others may open it. */
	mutex_lock(&lifetime_lock);
	rc = takeover_attach(guest);
	guest->attached = !rc;
	mutex_unlock(&lifetime_lock);
	if (!rc)
		return guest;
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

void attachment_keep(struct css_guest *guest)
{
	__module_get(THIS_MODULE);
	mutex_lock(&lifetime_lock);
	guest->keep = true;
	guest->pinned = true;
	mutex_unlock(&lifetime_lock);
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
	css_stop(&guest->css);
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
	if (ends)
		takeover_detach(guest);
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
	guest->ended = true;
	spin_unlock(&guest->vm_lock);
	css_stop(&guest->css);
	/* Not waited for: this may be put_work(). */
	queue_work(destroy_wq, &guest->destroy);
}

bool attachment_enter(struct css_guest *guest)
{
	bool there;

	spin_lock(&guest->vm_lock);
	there = !guest->ended && kvm_get_kvm_safe(guest->kvm);
	spin_unlock(&guest->vm_lock);
	return there;
}

void attachment_leave(struct css_guest *guest)
{
	/*
	 * The last reference ends the VM, and that the attachment, whose worker
	 * the caller is: somebody else's business.
	 */
	if (!refcount_dec_not_one(&guest->kvm->users_count))
		queue_work(destroy_wq, &guest->put);
}

int __init attachment_init(void)
{
	destroy_wq = alloc_workqueue("kvm_css_destroy", WQ_UNBOUND,
				     WQ_MAX_ACTIVE);
	return destroy_wq ? 0 : -ENOMEM;
}

void attachment_exit(void)
{
	/* Waits for what closed descriptors have left behind. */
	destroy_workqueue(destroy_wq);
}
