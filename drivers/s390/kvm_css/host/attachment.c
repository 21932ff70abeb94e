// SPDX-License-Identifier: GPL-2.0
/*
 * How the attachment of a VM to its channel subsystem begins and ends.
 *
 * The end: every open descriptor of an attachment holds a reference to the
 * VM, as those of KVM devices do.  There are two ways in which an attachment
 * ends:
 *
 * - It is not kept, and its last descriptor is closed.  The attachment's thread
 *   takes the descriptor's reference to the VM over, and gives it back at the
 *   very end.
 * - It is kept, it has no descriptor, and the VM ends.  When the last reference
 *   to a VM has been given back, KVM clears the VM's floating interruptions
 *   before it frees the VM.  takeover.c diverts this call of KVM's to reset.c,
 *   which calls attachment_vm_ends().  A KVM with a hook calls hook.c instead.
 *
 * In both cases the attachment is only marked, and its thread woken.  Every
 * attachment has a thread from its beginning, attachment_thread(), which does
 * all that may take time: it withdraws pending interruptions, waits for vCPUs
 * and workers, and frees the image.  So the end of an attachment needs no
 * memory, doesn't wait for the end of another attachment, and may take as long
 * as the guest and its devices make it take.
 *
 * Until the interruptions are withdrawn, the VM stays in the table of attached
 * VMs, and is marked as @ending.  Otherwise a new attachment of the VM, or the
 * VMM, could add a subchannel whose number an old interruption still has.  The
 * guest would take this interruption for one of the new subchannel.
 *
 * A descriptor that only looks (KVM_CSS_OPEN_LOOK) holds a reference to the
 * memory of struct guest, and none to the VM.  It keeps the image only during a
 * call that looks, see attachment_enter().
 *
 * References to the VM: a kept attachment has none itself; otherwise its VM
 * would never end.  So a worker takes one while it works for the VM, with
 * guest_hold().  A vCPU's thread and the caller of a descriptor have one
 * already.
 *
 * The VM counts as gone when only workers have references to it, or when no
 * process has the VM's memory any more.  Then no worker gets another reference,
 * and a program that runs stops at its next CCW or piece of data.  Without this
 * rule, endless programs whose workers take references in turn would keep the
 * VM for ever, and a long data chain would keep it for minutes.
 *
 * The references alone don't show that the process has ended.  The VMM has
 * mapped its vCPUs into its memory, and each mapping is a reference to the VM
 * for as long as this memory exists.  A worker that is a kernel thread keeps
 * the memory while it works.  (A worker that is a thread of the process keeps
 * the process itself when all other threads end one by one: see workers.rst,
 * "The end of the process".)
 *
 * Unloading: the thread holds a reference to the module until it has ended.  So
 * the module can't be unloaded while an attachment is ending.
 *
 * Locking: guest->lock is a spinlock and a leaf.  It protects @opens, @keep,
 * @ending, @ended, @inside and @put.  No lock is held while the thread waits
 * for somebody.
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
	mmdrop(guest->mm);
	kfree(guest);
}

void attachment_get(struct guest *guest)
{
	kref_get(&guest->ref);
}

void attachment_put(struct guest *guest)
{
	kref_put(&guest->ref, attachment_free);
}

/* The attachment's thread */

static void destroy(struct guest *guest)
{
	bool ended;

	if (guest->attached) {
		css_stop(&guest->css);
		if (!READ_ONCE(guest->ended))
			takeover_detach(guest);
		complete_all(&guest->stopped);
		takeover_wait(guest);
	}
	/*
	 * TASK_IDLE, because the users of the attachment may make this take so
	 * long that the kernel would warn of a hung task.
	 */
	___wait_var_event(&guest->users, !atomic_read(&guest->users),
			  TASK_IDLE, 0, 0, schedule());
	css_wait_stopped(&guest->css);
	workers_stop(guest);
	css_destroy(&guest->css);
	mem_cgroup_put(guest->memcg);
	/* Whoever still has this structure must not look for the VM any more. */
	spin_lock(&guest->lock);
	ended = guest->ended;
	WRITE_ONCE(guest->ended, true);
	spin_unlock(&guest->lock);
	if (!ended)
		kvm_put_kvm(guest->kvm);
	complete_all(&guest->destroyed);
	kref_put(&guest->ref, attachment_free);
}

/*
 * Give back a worker's reference to the VM, unless it is the last one.
 * Return: whether it has been given back.
 */
static bool put_unless_last(struct guest *guest)
{
	lockdep_assert_held(&guest->lock);
	if (!refcount_dec_not_one(&guest->kvm->users_count))
		return false;
	WRITE_ONCE(guest->inside, guest->inside - 1);
	return true;
}

/*
 * Give back the reference to the VM that guest_drop() has left to this thread,
 * because it was the last one.
 */
static void put_vm(struct guest *guest)
{
	bool last;

	spin_lock(&guest->lock);
	WRITE_ONCE(guest->put, false);
	last = !put_unless_last(guest);
	spin_unlock(&guest->lock);
	/*
	 * This ends the VM, and so this attachment.  @inside still counts the
	 * reference; otherwise vm_lives() would take it for one of somebody who
	 * is not a worker.
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
	/*
	 * The thread's own reference, until it has ended.  The caller has one,
	 * so this can't fail.
	 */
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
	mmgrab(kvm->mm);
	guest->mm = kvm->mm;
	guest->opens = 1;
	return guest;
}

/*
 * Has a process the VM's memory?  Kernel threads that use it don't count.  Once
 * the answer is no, it stays so.
 */
static bool process_lives(const struct kvm *kvm)
{
#ifdef CONFIG_MEMCG
	return rcu_access_pointer(kvm->mm->owner);
#else
	return true;
#endif
}

/*
 * Make an attachment whose memory is charged to the memory control group of the
 * VM's process, now and later.  If no process has the VM's memory any more,
 * get_mem_cgroup_from_mm() returns the root group, which has no limit.  Then no
 * attachment is made.  process_lives() is asked after the group was got: if a
 * process has the memory then, it had the memory before, too, and the group is
 * the group of that process.
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
 * The VM has an attachment already.  If that is ending, wait until its
 * interruptions have been withdrawn; how long this takes depends on how many
 * the guest has pending.
 * Return: 0 when the caller should try again; -EBUSY when the other attachment
 * isn't ending; -EINTR when the caller was killed.
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
	/* As long as it is in the table, its thread holds a reference. */
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

	/* Without CONFIG_MEMCG, nothing tells when the process has ended. */
	if (keep && !IS_ENABLED(CONFIG_MEMCG))
		return ERR_PTR(-EOPNOTSUPP);
	guest = alloc_charged(kvm, alone);
	if (IS_ERR(guest))
		return guest;
	guest->keep = keep;
	rc = make_thread(guest);
	if (rc) {
		/* This caller has to do what the thread would do. */
		destroy(guest);
		return ERR_PTR(rc);
	}
	/*
	 * Set it before attach(): from then on others may open the attachment,
	 * and end it.
	 */
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

/*
 * attachment_enter() would take guest->lock, and a caller may hold a lock that softirqs
 * take.  It need not look whether the attachment ends: css_stop() has to take the
 * subchannel out of the image yet, and the thread looks at @users after that.
 */
void guest_keep(struct guest *guest)
{
	atomic_inc(&guest->users);
}

void guest_keep_no_longer(struct guest *guest)
{
	attachment_leave(guest);
}

void attachment_keep_no_longer(struct guest *guest)
{
	spin_lock(&guest->lock);
	guest->keep = false;
	spin_unlock(&guest->lock);
}

/* Ending */

/*
 * The thread may have to wait for something that only the VMM can provide, see
 * css.c.  So whoever closes the last descriptor waits for the thread killably.
 * A process that exits doesn't wait at all: the thread may be waiting for one
 * of the other descriptors that the process closes afterwards.
 */
static void wait_for_thread(struct guest *guest)
{
	if (current->flags & (PF_EXITING | PF_KTHREAD))
		return;
	if (wait_for_completion_killable(&guest->destroyed))
		return;
	/*
	 * Wait until the thread has ended, too: then it has given back its
	 * reference to the module, which the caller may want to unload.
	 */
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

/*
 * The attachment has no descriptor, and gets none: a descriptor would be a
 * reference to the VM.
 */
void attachment_vm_ends(struct guest *guest)
{
	takeover_detach(guest);
	kref_get(&guest->ref);
	spin_lock(&guest->lock);
	WRITE_ONCE(guest->ended, true);
	spin_unlock(&guest->lock);
	/*
	 * The caller doesn't wait for the thread, which may have to wait
	 * itself.
	 */
	wake_up(&guest->wait);
	kref_put(&guest->ref, attachment_free);
}

/*
 * Does anybody but workers have a reference to the VM, and does a process have
 * the VM's memory?  When the caller doesn't hold guest->lock, the answer may be
 * false although both are true.
 */
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
 * This is called at every CCW and piece of data, so it doesn't take the lock
 * while the VM seems to live.  When the VM seems to be gone, this looks once
 * more, under the lock: seems_to_live() reads the number of references and
 * @inside one after the other, and without the lock they may change in between.
 */
bool guest_gone(struct guest *guest)
{
	bool gone;

	/* The worker has to leave, because its process has been killed. */
	if (thread_is_killed())
		return true;
	if (seems_to_live(guest))
		return false;
	spin_lock(&guest->lock);
	gone = !vm_lives(guest);
	spin_unlock(&guest->lock);
	return gone;
}

bool attachment_hold_vm(struct guest *guest)
{
	bool there;

	spin_lock(&guest->lock);
	there = vm_lives(guest) && kvm_get_kvm_safe(guest->kvm);
	if (there)
		WRITE_ONCE(guest->inside, guest->inside + 1);
	spin_unlock(&guest->lock);
	return there;
}

bool guest_hold(struct guest *guest)
{
	if (!attachment_hold_vm(guest))
		return false;
	worker_begins(guest);
	/*
	 * The process may have ended after vm_lives().  worker_begins() may
	 * then have found the root memory control group, and the VM counts as
	 * gone.  If a process is there now, it was there in worker_begins(),
	 * too.
	 */
	if (process_lives(guest->kvm))
		return true;
	guest_drop(guest);
	return false;
}

void attachment_drop_vm(struct guest *guest)
{
	bool last;

	spin_lock(&guest->lock);
	/*
	 * Giving back the last reference ends the VM, then the attachment, and
	 * that waits for its workers, of which the caller is one.  So the
	 * attachment's thread gets the last reference and gives it back.
	 */
	last = !put_unless_last(guest);
	if (last)
		WRITE_ONCE(guest->put, true);
	spin_unlock(&guest->lock);
	if (last)
		wake_up(&guest->wait);
}

void guest_drop(struct guest *guest)
{
	worker_ends(guest);
	attachment_drop_vm(guest);
}
