// SPDX-License-Identifier: GPL-2.0
/*
 * The channel-subsystem image of one VM.
 *
 * Locking: css->lock serializes adding and removing; it is taken before a
 * subchannel's lock, and not held while somebody waits for a device.  Lookups
 * take no lock: they walk the set under RCU and take a reference, see
 * "Lifetime" in subchannel.c.
 *
 * Removing: a subchannel is taken out of its set and stopped at once; a work
 * item on css->reap_wq then waits for what it still runs, and gives the image's
 * reference back.  A channel program may have to wait for a page that only the
 * VMM provides (userfaultfd, FUSE).  So whoever belongs to a VMM may wait for
 * the work item, killably, but never for the program itself.
 */
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

#include <kvm_css/css.h>
#include <kvm_css/subchannel.h>

static u8 sid_ssid(u32 sid)
{
	return (sid & SID_SSID) >> SID_SSID_SHIFT;
}

int css_init(struct css *css, struct css_guest *guest)
{
	int i;

	/* Unbound: channel programs wait for devices, and there may be many. */
	css->wq = alloc_workqueue("kvm_css", WQ_UNBOUND, WQ_MAX_ACTIVE);
	if (!css->wq)
		return -ENOMEM;
	css->reap_wq = alloc_workqueue("kvm_css_reap", WQ_UNBOUND,
				       WQ_MAX_ACTIVE);
	if (!css->reap_wq) {
		destroy_workqueue(css->wq);
		return -ENOMEM;
	}
	css->guest = guest;
	mutex_init(&css->lock);
	for (i = 0; i < CSS_SETS; i++)
		xa_init_flags(&css->sets[i], XA_FLAGS_ACCOUNT);
	return 0;
}

static void css_reap(struct work_struct *work)
{
	struct subchannel *sch = container_of(work, struct subchannel, reap);

	subchannel_wait(sch);
	complete_all(&sch->reaped);
	subchannel_put(sch);
}

/* The image's reference goes over to the work item. */
static void css_retire(struct css *css, struct subchannel *sch)
{
	subchannel_stop(sch);
	INIT_WORK(&sch->reap, css_reap);
	queue_work(css->reap_wq, &sch->reap);
}

void css_stop(struct css *css)
{
	struct subchannel *sch;
	unsigned long schid;
	int i;

	mutex_lock(&css->lock);
	for (i = 0; i < CSS_SETS; i++) {
		xa_for_each(&css->sets[i], schid, sch) {
			xa_erase(&css->sets[i], schid);
			css_retire(css, sch);
		}
	}
	mutex_unlock(&css->lock);
}

void css_destroy(struct css *css)
{
	int i;

	css_stop(css);
	destroy_workqueue(css->reap_wq);
	destroy_workqueue(css->wq);
	for (i = 0; i < CSS_SETS; i++)
		xa_destroy(&css->sets[i]);
	mutex_destroy(&css->lock);
}

int css_add(struct css *css, u8 ssid, u16 schid, u16 devno, u8 chpid,
	    struct css_device *dev)
{
	struct subchannel *sch;
	int rc;

	mutex_lock(&css->lock);
	/* An empty place first, so that nothing has to be undone with @dev. */
	rc = xa_insert(&css->sets[ssid], schid, XA_ZERO_ENTRY, GFP_KERNEL);
	if (rc) {
		rc = rc == -EBUSY ? -EEXIST : rc;
		goto out;
	}
	sch = subchannel_create(css->guest, css->wq, dev, css_sid(ssid, schid),
				devno, chpid);
	if (!sch) {
		xa_erase(&css->sets[ssid], schid);
		rc = -ENOMEM;
		goto out;
	}
	/* Replaces the placeholder and so needs no memory. */
	xa_store(&css->sets[ssid], schid, sch, GFP_KERNEL);
out:
	mutex_unlock(&css->lock);
	return rc;
}

int css_remove(struct css *css, u8 ssid, u16 schid)
{
	struct subchannel *sch;
	int rc;

	mutex_lock(&css->lock);
	sch = xa_erase(&css->sets[ssid], schid);
	if (sch) {
		kref_get(&sch->ref);
		css_retire(css, sch);
	}
	mutex_unlock(&css->lock);
	if (!sch)
		return -ENODEV;
	rc = wait_for_completion_killable(&sch->reaped);
	subchannel_put(sch);
	return rc ? -EINTR : 0;
}

struct subchannel *css_find(struct css *css, u32 sid)
{
	struct subchannel *sch;

	rcu_read_lock();
	sch = xa_load(&css->sets[sid_ssid(sid)], sid & SID_NUMBER);
	if (sch && !subchannel_get(sch))
		sch = NULL;
	rcu_read_unlock();
	return sch;
}

struct subchannel *css_find_next(struct css *css, u32 sid)
{
	unsigned long schid = sid & SID_NUMBER;
	struct subchannel *sch;
	u8 ssid;

	rcu_read_lock();
	for (ssid = sid_ssid(sid); ssid < CSS_SETS; ssid++, schid = 0) {
		xa_for_each_start(&css->sets[ssid], schid, sch, schid) {
			if (subchannel_get(sch))
				goto out;
		}
	}
	sch = NULL;
out:
	rcu_read_unlock();
	return sch;
}
