// SPDX-License-Identifier: GPL-2.0
/*
 * The channel-subsystem image of one VM.
 *
 * Locking: css->lock serializes what changes the image; it is taken before a
 * subchannel's lock, and not held while somebody waits for a device.  Lookups
 * take no lock: they walk the set under RCU and take a reference, see
 * "Lifetime" in subchannel.c.  Single values that an instruction reads (@mss,
 * @paths, @quiesced) are read without the lock: a guest that executes
 * instructions on two CPUs at once gets the one or the other.  A vCPU takes it
 * for what an instruction sets (SCHM, SAL, CHSC); nobody who holds it waits for
 * a device or for guest storage.  But a reset holds it while it withdraws what is
 * pending, which takes as long as the guest has made it take: a user's call waits
 * for it killably, and has changed nothing when it is killed there.  (What undoes
 * something, css_unquiesce() and the end of css_quiesce(), is not killed.)
 *
 * Removing: a subchannel is taken out of its set and stopped at once, and the
 * image's reference is given back.  Who runs its channel program has references
 * of its own.  A program may have to wait for a page that only the VMM provides
 * (userfaultfd, FUSE); so whoever belongs to a VMM waits for it killably, and
 * only css_destroy(), which no VMM calls, waits for it whatever happens.
 *
 * Without the kernel's subchannel the number may be the VMM's, with interruptions
 * of its own.  So it is free only when the kernel's interruption is withdrawn: the
 * subchannel is stopped first and taken out then.  A number that stays as a vacant
 * one is the kernel's all the time, and found all the time.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/wait.h>

#include <kvm_css/css.h>
#include <kvm_css/guest.h>
#include <kvm_css/subchannel.h>

/* When the host has no memory to queue an interruption now */
#define REQUEUE_DELAY	msecs_to_jiffies(10)

/* Mark of a subchannel whose interruption could not be queued */
#define UNQUEUED	XA_MARK_0

/* What stands for a subchannel without a device: the one value entry */
#define VACANT		xa_mk_value(0)

static u8 sid_ssid(u32 sid)
{
	return (sid & SID_SSID) >> SID_SSID_SHIFT;
}

/* What subchannels tell */

static void requeue_later(struct sch_shared *shared, u32 sid)
{
	struct css *css = container_of(shared, struct css, shared);

	/* Not there any more: nothing to make pending either. */
	xa_set_mark(&css->sets[sid_ssid(sid)], sid & SID_NUMBER, UNQUEUED);
	queue_delayed_work(css->shared.wq, &css->requeue, REQUEUE_DELAY);
}

static void report_subchannel(struct sch_shared *shared, u32 sid)
{
	css_report_subchannel(container_of(shared, struct css, shared), sid);
}

static const struct sch_shared_ops shared_ops = {
	.report = report_subchannel,
	.requeue = requeue_later,
};

static void css_requeue(struct work_struct *work);

int css_init(struct css *css, struct guest *guest, bool alone)
{
	int i;

	memset(css, 0, sizeof(*css));
	/* Unbound: channel programs wait for devices, and there may be many. */
	css->shared.wq = alloc_workqueue("kvm_css", WQ_UNBOUND, WQ_MAX_ACTIVE);
	if (!css->shared.wq)
		return -ENOMEM;
	css->shared.ops = &shared_ops;
	css->shared.guest = guest;
	css->alone = alone;
	mutex_init(&css->lock);
	seqlock_init(&css->shared.monitor_lock);
	init_waitqueue_head(&css->shared.idle);
	INIT_DELAYED_WORK(&css->requeue, css_requeue);
	crw_init(&css->crws, guest);
	for (i = 0; i < CSS_SETS; i++) {
		xa_init_flags(&css->sets[i], XA_FLAGS_ACCOUNT);
		number_map_init(&css->devnos[i]);
		number_map_init(&css->ours[i]);
		number_map_init(&css->vmms[i]);
	}
	return 0;
}

void css_stop(struct css *css)
{
	struct subchannel *sch;
	unsigned long schid;
	int i;

	mutex_lock(&css->lock);
	for (i = 0; i < CSS_SETS; i++) {
		xa_for_each(&css->sets[i], schid, sch) {
			if (!xa_is_value(sch))
				subchannel_stop(sch);
			xa_erase(&css->sets[i], schid);
			if (!xa_is_value(sch))
				subchannel_put(sch);
			cond_resched();
		}
	}
	memset(css->paths, 0, sizeof(css->paths));
	mutex_unlock(&css->lock);
}

void css_wait_stopped(struct css *css)
{
	wait_event_idle(css->shared.idle, !atomic_read(&css->shared.active));
}

void css_destroy(struct css *css)
{
	int i;

	css_stop(css);
	cancel_delayed_work_sync(&css->requeue);
	/*
	 * Programs that are still on their way out may have devices that request
	 * something, until they have left them: a timer must not end in a
	 * workqueue that is being destroyed.
	 */
	flush_workqueue(css->shared.wq);
	/* The work items that still run hold the last references. */
	destroy_workqueue(css->shared.wq);
	for (i = 0; i < CSS_SETS; i++) {
		xa_destroy(&css->sets[i]);
		number_map_destroy(&css->devnos[i]);
		number_map_destroy(&css->ours[i]);
		number_map_destroy(&css->vmms[i]);
	}
	mutex_destroy(&css->crws.lock);
	mutex_destroy(&css->lock);
}

/* Interruptions and reports that the host could not queue at once */

void css_tell_reports(struct css *css)
{
	if (!crw_retry(&css->crws))
		queue_delayed_work(css->shared.wq, &css->requeue, REQUEUE_DELAY);
}

static void css_requeue(struct work_struct *work)
{
	struct css *css = container_of(to_delayed_work(work), struct css,
				       requeue);
	struct subchannel *sch;
	unsigned long schid;
	int i;

	/* Without a VM there is nobody to be interrupted. */
	if (!guest_hold(css->shared.guest))
		return;
	for (i = 0; i < CSS_SETS; i++) {
		xa_for_each_marked(&css->sets[i], schid, sch, UNQUEUED) {
			xa_clear_mark(&css->sets[i], schid, UNQUEUED);
			sch = css_find(css, css_sid(i, schid));
			if (!sch)
				continue;
			subchannel_requeue(sch);
			subchannel_put(sch);
		}
	}
	css_tell_reports(css);
	guest_drop(css->shared.guest);
}

/*
 * Has the guest had an opportunity to look what subchannels there are?  One that
 * begins to run finds them by itself, and would find a report of one of them
 * where a machine just reset has none.  Where it has run on another host, or was
 * attached while it ran, no instruction of it need have come here since.
 */
static bool guest_looked(struct css *css)
{
	return READ_ONCE(css->asked) ||
	       (!READ_ONCE(css->was_reset) && guest_has_run(css->shared.guest));
}

/*
 * Two words once there is more than one image, or with @sets more than one set:
 * the second names them.  A subchannel's lock may be held, so css->lock isn't
 * taken to know it.
 */
static void report(struct css *css, u32 what, u16 rsid, u8 ssid, bool sets)
{
	bool mcsse = READ_ONCE(css->mcsse);
	const u32 words[] = {
		what | rsid,
		what | (mcsse ? CSS_IMAGE << CRW_RSID_CSSID_SHIFT : 0) |
		(u32)ssid << CRW_RSID_SSID_SHIFT,
	};

	if (!guest_looked(css))
		return;
	if (!crw_report(&css->crws, words, sets || mcsse ? 2 : 1))
		queue_delayed_work(css->shared.wq, &css->requeue, REQUEUE_DELAY);
}

void css_report_subchannel(struct css *css, u32 sid)
{
	u8 ssid = sid_ssid(sid);

	report(css, CRW_RSC_SUBCHANNEL | CRW_ERC_IPI, sid & SID_NUMBER, ssid,
	       ssid || READ_ONCE(css->mss));
}

/* A path is of an image, and of no set. */
void css_reset_path(struct css *css, u8 chpid)
{
	report(css, CRW_SOLICITED | CRW_RSC_CHANNEL_PATH | CRW_ERC_INITIALIZED,
	       chpid, 0, false);
}

/* Adding and removing */

/* What a number was before something is added there */
struct former {
	const void *there;	/* its entry */
	bool ours;		/* it is one that the kernel has or had */
};

static struct former look_at(struct css *css, const struct css_place *place)
{
	return (struct former){
		.there = xa_load(&css->sets[place->ssid], place->schid),
		.ours = number_map_has(&css->ours[place->ssid], place->schid),
	};
}

/*
 * Nothing is added after all: what the guest executes for the number says again
 * that the VMM has something there.
 */
static void disown(struct css *css, const struct css_place *place,
		   const struct former *former)
{
	if (!former->ours)
		number_map_remove(&css->ours[place->ssid], place->schid);
}

/* An entry for a number that has none */
static int reserve(struct css *css, const struct css_place *place,
		   const struct former *former, void *entry)
{
	int rc;

	if (place->beside &&
	    css_vmm_uses(css, css_sid(place->ssid, place->schid)))
		return -EADDRINUSE;
	rc = number_map_add(&css->ours[place->ssid], place->schid);
	if (rc)
		return rc;
	rc = xa_insert(&css->sets[place->ssid], place->schid, entry,
		       GFP_KERNEL);
	if (rc)
		disown(css, place, former);
	return rc;
}

/*
 * All that takes memory or may be refused, so that nothing has to be undone with
 * a device.
 */
static int reserve_both(struct css *css, const struct css_place *place,
			const struct former *former)
{
	struct number_map *devnos = &css->devnos[place->ssid];
	int rc;

	if (former->there && former->there != VACANT)
		return -EEXIST;
	if (number_map_has(devnos, place->devno))
		return -ENOTUNIQ;
	rc = number_map_add(devnos, place->devno);
	if (rc || former->there)
		return rc;
	rc = reserve(css, place, former, XA_ZERO_ENTRY);
	if (rc)
		number_map_remove(devnos, place->devno);
	return rc;
}

static void release_both(struct css *css, const struct css_place *place,
			 const struct former *former)
{
	number_map_remove(&css->devnos[place->ssid], place->devno);
	if (former->there)
		return;
	xa_erase(&css->sets[place->ssid], place->schid);
	disown(css, place, former);
}

int css_add(struct css *css, const struct css_place *place,
	    struct css_device *dev)
{
	u32 sid = css_sid(place->ssid, place->schid);
	struct subchannel *sch;
	struct former former;
	int rc;

	if (mutex_lock_killable(&css->lock))
		return -EINTR;
	former = look_at(css, place);
	rc = reserve_both(css, place, &former);
	if (rc)
		goto out;
	sch = subchannel_create(&css->shared, dev, sid, place->devno,
				place->chpid);
	if (!sch) {
		release_both(css, place, &former);
		rc = -ENOMEM;
		goto out;
	}
	WRITE_ONCE(css->paths[place->chpid], css->paths[place->chpid] + 1);
	/* Replaces an entry and so needs no memory. */
	xa_store(&css->sets[place->ssid], place->schid, sch, GFP_KERNEL);
	if (place->report)
		css_report_subchannel(css, sid);
out:
	mutex_unlock(&css->lock);
	return rc;
}

int css_add_vacant(struct css *css, const struct css_place *place)
{
	struct former former;
	int rc = -EEXIST;

	if (mutex_lock_killable(&css->lock))
		return -EINTR;
	former = look_at(css, place);
	if (!former.there)
		rc = reserve(css, place, &former, VACANT);
	if (!rc && place->report)
		css_report_subchannel(css, css_sid(place->ssid, place->schid));
	mutex_unlock(&css->lock);
	return rc;
}

/* Its device number and path are free again. */
static void forget_device(struct css *css, u8 ssid, struct subchannel *sch)
{
	u16 devno;
	u8 chpid;

	/* A reset that comes to its end writes there too. */
	mutex_lock(&sch->lock);
	devno = be16_to_cpu(sch->schib.pmcw.devno);
	chpid = sch->schib.pmcw.chpid[0];
	mutex_unlock(&sch->lock);
	number_map_remove(&css->devnos[ssid], devno);
	WRITE_ONCE(css->paths[chpid], css->paths[chpid] - 1);
}

/* Take the subchannel, or its vacant number, out of its set. */
static void *take_out(struct css *css, u8 ssid, u16 schid,
		      enum css_removal how)
{
	struct xarray *set = &css->sets[ssid];
	struct subchannel *sch = xa_load(set, schid);

	if (!sch || (how == CSS_VACATE && xa_is_value(sch)))
		return NULL;
	if (how == CSS_VACATE)
		xa_store(set, schid, VACANT, GFP_KERNEL);
	if (!xa_is_value(sch)) {
		forget_device(css, ssid, sch);
		subchannel_stop(sch);
	}
	if (how == CSS_REMOVE)
		xa_erase(set, schid);
	return sch;
}

int css_remove(struct css *css, u8 ssid, u16 schid, enum css_removal how,
	       bool report)
{
	struct subchannel *sch;
	int rc = 0;

	if (mutex_lock_killable(&css->lock))
		return -EINTR;
	sch = take_out(css, ssid, schid, how);
	if (sch && report)
		css_report_subchannel(css, css_sid(ssid, schid));
	mutex_unlock(&css->lock);
	if (!sch)
		return -ENODEV;
	if (!xa_is_value(sch)) {
		rc = subchannel_wait(sch);
		subchannel_put(sch);
	}
	return rc;
}

/* Looking up */

struct subchannel *css_lookup(struct css *css, u32 sid, bool *vacant)
{
	struct subchannel *sch;

	rcu_read_lock();
	/* One that can't be had any more has been taken out before. */
	do {
		sch = xa_load(&css->sets[sid_ssid(sid)], sid & SID_NUMBER);
		*vacant = xa_is_value(sch);
		if (*vacant)
			sch = NULL;
	} while (sch && !subchannel_get(sch));
	rcu_read_unlock();
	return sch;
}

struct subchannel *css_find(struct css *css, u32 sid)
{
	bool vacant;

	return css_lookup(css, sid, &vacant);
}

bool css_vacant(struct css *css, u32 sid)
{
	return xa_is_value(xa_load(&css->sets[sid_ssid(sid)],
				   sid & SID_NUMBER));
}

struct subchannel *css_find_next(struct css *css, u32 sid)
{
	unsigned long schid = sid & SID_NUMBER;
	struct subchannel *sch;
	u8 ssid;

	rcu_read_lock();
	for (ssid = sid_ssid(sid); ssid < CSS_SETS; ssid++, schid = 0) {
		xa_for_each_start(&css->sets[ssid], schid, sch, schid) {
			if (!xa_is_value(sch) && subchannel_get(sch))
				goto out;
		}
	}
	sch = NULL;
out:
	rcu_read_unlock();
	return sch;
}

bool css_any_in(struct css *css, u8 ssid, u16 first, u16 last)
{
	unsigned long schid = first;

	return xa_find(&css->sets[ssid], &schid, last, XA_PRESENT);
}

bool css_path_there(const struct css *css, u8 chpid)
{
	return READ_ONCE(css->paths[chpid]);
}

bool css_next_vacant(struct css *css, u32 sid, u32 last, u32 *found)
{
	unsigned long schid = sid & SID_NUMBER;
	void *there;
	u8 ssid;

	for (ssid = sid_ssid(sid); ssid <= sid_ssid(last); ssid++, schid = 0) {
		xa_for_each_start(&css->sets[ssid], schid, there, schid) {
			if (css_sid(ssid, schid) > last)
				return false;
			if (there != VACANT)
				continue;
			*found = css_sid(ssid, schid);
			return true;
		}
	}
	return false;
}

/* Call @fn for every subchannel, until it says something. */
static int for_each(struct css *css,
		    int (*fn)(struct subchannel *sch, void *arg), void *arg)
{
	struct subchannel *sch;
	unsigned long schid;
	int ssid, rc = 0;

	for (ssid = 0; ssid < CSS_SETS; ssid++) {
		xa_for_each(&css->sets[ssid], schid, sch) {
			sch = css_find(css, css_sid(ssid, schid));
			if (!sch)
				continue;
			rc = fn(sch, arg);
			subchannel_put(sch);
			if (rc)
				return rc;
			cond_resched();
		}
	}
	return rc;
}

/* What instructions set that name no subchannel */

void css_enable_mss(struct css *css)
{
	mutex_lock(&css->lock);
	WRITE_ONCE(css->mss, true);
	mutex_unlock(&css->lock);
}

void css_enable_mcsse(struct css *css)
{
	mutex_lock(&css->lock);
	WRITE_ONCE(css->mcsse, true);
	mutex_unlock(&css->lock);
}

void css_set_monitor(struct css *css, const struct css_monitor *monitor)
{
	mutex_lock(&css->lock);
	measurement_set(&css->shared, monitor);
	mutex_unlock(&css->lock);
}

void css_set_address_limit(struct css *css, u32 limit)
{
	mutex_lock(&css->lock);
	WRITE_ONCE(css->shared.address_limit, limit);
	mutex_unlock(&css->lock);
}

/* Reset and quiesce */

static int reset_one(struct subchannel *sch, void *arg)
{
	const enum css_reset *how = arg;

	subchannel_reset(sch, *how == CSS_RESET_ALL);
	return 0;
}

static int wait_one(struct subchannel *sch, void *arg)
{
	return subchannel_wait(sch);
}

/* The caller that takes all interruptions away does so whatever this says. */
static int lock_for_reset(struct css *css, enum css_reset how)
{
	if (how == CSS_RESET_ALL)
		return mutex_lock_killable(&css->lock);
	mutex_lock(&css->lock);
	return 0;
}

int css_reset(struct css *css, enum css_reset how)
{
	const struct css_monitor nothing = {};

	if (lock_for_reset(css, how))
		return -EINTR;
	for_each(css, reset_one, &how);
	crw_reset(&css->crws);
	WRITE_ONCE(css->was_reset, true);
	WRITE_ONCE(css->asked, false);
	WRITE_ONCE(css->mss, false);
	WRITE_ONCE(css->mcsse, false);
	WRITE_ONCE(css->shared.address_limit, 0);
	measurement_set(&css->shared, &nothing);
	mutex_unlock(&css->lock);
	return for_each(css, wait_one, NULL);
}

static int kick_one(struct subchannel *sch, void *arg)
{
	subchannel_kick(sch);
	return 0;
}

/*
 * Quiesced as long as somebody has succeeded in it, or still tries.
 * Return: is there something to be kicked, behind css->lock?
 */
static bool no_longer_quiesced(struct css *css)
{
	bool before = css->shared.quiesced;

	lockdep_assert_held(&css->lock);
	WRITE_ONCE(css->shared.quiesced, css->quiesce_held || css->quiescing);
	return before && !css->shared.quiesced;
}

int css_quiesce(struct css *css, unsigned long timeout)
{
	bool kick;
	long left;
	u32 mine;
	int rc;

	if (mutex_lock_killable(&css->lock))
		return -EINTR;
	mine = css->unquiesces;
	css->quiescing++;
	WRITE_ONCE(css->shared.quiesced, true);
	mutex_unlock(&css->lock);
	/* Whoever counts itself after this finds it quiesced, see function.c. */
	smp_mb();
	left = wait_event_killable_timeout(css->shared.idle,
					   !atomic_read(&css->shared.active) ||
					   READ_ONCE(css->unquiesces) != mine,
					   timeout);
	mutex_lock(&css->lock);
	if (css->unquiesces != mine)
		rc = -ECANCELED;
	else if (left <= 0)
		rc = left ? -EINTR : -ETIME;
	else
		rc = 0;
	if (!rc)
		css->quiesce_held = true;
	css->quiescing--;
	kick = no_longer_quiesced(css);
	mutex_unlock(&css->lock);
	if (kick)
		for_each(css, kick_one, NULL);
	return rc;
}

void css_unquiesce(struct css *css)
{
	bool kick;

	mutex_lock(&css->lock);
	css->quiesce_held = false;
	WRITE_ONCE(css->unquiesces, css->unquiesces + 1);
	kick = no_longer_quiesced(css);
	mutex_unlock(&css->lock);
	/* Who still tries gives up. */
	wake_up_all(&css->shared.idle);
	if (kick)
		for_each(css, kick_one, NULL);
}
