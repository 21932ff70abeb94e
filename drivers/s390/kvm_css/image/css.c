// SPDX-License-Identifier: GPL-2.0
/*
 * The channel-subsystem image of one VM.
 *
 * Locking: css->lock serializes all changes of the image.  It is taken before a
 * subchannel's lock.  Nobody who holds it waits for a device or for guest
 * storage.  Lookups take no lock: they walk the set under RCU and take a
 * reference, see "Lifetime" in subchannel.c.  Instructions read single values
 * (@mss, @paths, @quiesced) without the lock: when another CPU of the guest
 * changes the value at the same time, an instruction sees either the old or the
 * new one.  A vCPU takes the lock when its instruction changes the image (SCHM,
 * SAL, CHSC).
 *
 * css_reset() and css_stop() hold css->lock while they withdraw interruptions.
 * How long that takes depends on how many interruptions the guest has pending.
 * So the ioctls of this module wait for css->lock killably, and a call that is
 * killed there has changed nothing.  There are exceptions that wait
 * uninterruptibly: css_unquiesce() and the end of css_quiesce(), because they
 * undo something, and css_reset() with CSS_RESET_FLOATING, see
 * lock_for_reset().
 *
 * Removing: css_remove() stops a subchannel, takes it out of its set, and gives
 * back the image's reference.  A runner of its channel program has another
 * reference.  A channel program may wait for a page that only the VMM provides
 * (userfaultfd, FUSE).  So threads of the VMM wait for the program killably.
 * css_destroy() waits for it uninterruptibly; no thread of a VMM calls it while
 * the image has subchannels.
 *
 * Once a subchannel number is not the kernel's any more, the VMM may have a
 * subchannel with this number, and interruptions for it.  So the kernel's
 * interruption is withdrawn first: take_out() stops the subchannel before it
 * frees the number.  A number that is vacated stays the kernel's, and lookups
 * find it at any time.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/wait.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/css.h>
#include <kvm_css/guest.h>
#include <kvm_css/subchannel.h>

/* When the host has no memory to queue an interruption now */
#define REQUEUE_DELAY	msecs_to_jiffies(10)

/*
 * How many threads of the host may work for the image in place of those of the
 * VM.  The seam lets some of them run channel programs, which may wait for
 * devices; the others do only what is short.
 */
#define CSS_WQ_ACTIVE	8

/* Mark of a subchannel whose interruption could not be queued */
#define UNQUEUED	XA_MARK_0

/* The entry of a subchannel without a device; a set has no other value entry */
#define VACANT		xa_mk_value(0)

/* What subchannels tell */

static void requeue_later(struct sch_shared *shared, u32 sid)
{
	struct css *css = container_of(shared, struct css, shared);

	/* A subchannel that has been removed gets no mark, and needs none. */
	xa_set_mark(&css->sets[sid_ssid(sid)], sid & SID_NUMBER, UNQUEUED);
	queue_delayed_work(css->shared.wq, &css->requeue, REQUEUE_DELAY);
}

static void report_subchannel(struct sch_shared *shared, u32 sid, u32 erc);

static const struct sch_shared_ops shared_ops = {
	.report = report_subchannel,
	.requeue = requeue_later,
};

static void css_requeue(struct work_struct *work);

static int make_workqueues(struct sch_shared *shared)
{
	/* Unbound: a channel program may wait for a device. */
	shared->wq = alloc_workqueue("kvm_css", WQ_UNBOUND, CSS_WQ_ACTIVE);
	if (!shared->wq)
		return -ENOMEM;
	shared->last_wq = alloc_workqueue("kvm_css_last", WQ_UNBOUND, 0);
	if (shared->last_wq)
		return 0;
	destroy_workqueue(shared->wq);
	return -ENOMEM;
}

int css_init(struct css *css, struct guest *guest, bool alone)
{
	int i;

	memset(css, 0, sizeof(*css));
	if (make_workqueues(&css->shared))
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
	 * Channel programs may still be ending.  Until one has ended, its
	 * device may call cu_request() or cu_completed(), which queue work, the
	 * former with a timer.  That must not happen while the workqueue is
	 * being destroyed, so wait for these programs first.
	 */
	css_wait_stopped(css);
	flush_workqueue(css->shared.wq);
	/* Waits for the work items, which hold the last references. */
	destroy_workqueue(css->shared.wq);
	/* Waits for what was left to do when the last reference was given back. */
	destroy_workqueue(css->shared.last_wq);
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

	/* When the VM is gone, nobody takes interruptions or reports. */
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
 * Can the guest have looked already which subchannels there are?  If not, it
 * gets no report of a new one: it finds the subchannel when it begins to look,
 * and a machine that was just reset has no channel reports pending.
 *
 * If the image was made for a guest that was running already, the guest may
 * have looked before.  @asked doesn't say so until its next I/O instruction.
 * So a guest that has run, and was not reset since the image was made, counts
 * as one that has looked.  For a guest that has run on another host,
 * css_restore() sets @asked.
 */
static bool guest_looked(struct css *css)
{
	return READ_ONCE(css->asked) ||
	       (!READ_ONCE(css->was_reset) && guest_has_run(css->shared.guest));
}

/*
 * The second word of a report names the image and the subchannel set.  There is
 * one when the guest has enabled MCSS-E, or when @sets says that the guest has
 * to be told the set.
 *
 * The caller may hold a subchannel's lock, so css->mcsse is read without
 * css->lock.
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

static void report_subchannel(struct sch_shared *shared, u32 sid, u32 erc)
{
	struct css *css = container_of(shared, struct css, shared);
	u8 ssid = sid_ssid(sid);

	report(css, CRW_RSC_SUBCHANNEL | erc, sid & SID_NUMBER, ssid,
	       ssid || READ_ONCE(css->mss));
}

void css_report_subchannel(struct css *css, u32 sid)
{
	report_subchannel(&css->shared, sid, CRW_ERC_IPI);
}

/* A channel path belongs to an image, but to no subchannel set. */
void css_reset_path(struct css *css, u8 chpid)
{
	report(css, CRW_SOLICITED | CRW_RSC_CHANNEL_PATH | CRW_ERC_INITIALIZED,
	       chpid, 0, false);
}

/* Adding and removing */

/* What a subchannel number was before something is added there */
struct former {
	const void *there;	/* its entry in the set, or NULL */
	bool ours;		/* the kernel has or had a subchannel there */
};

static struct former look_at(struct css *css, const struct css_place *place)
{
	return (struct former){
		.there = xa_load(&css->sets[place->ssid], place->schid),
		.ours = number_map_has(&css->ours[place->ssid], place->schid),
	};
}

/*
 * Undo what reserve() has noted in @ours, because nothing is added after all.
 * From then on css_note_vmm() takes an instruction of the guest for this number
 * as a sign that the VMM has a subchannel there, unless the kernel had one
 * before.
 */
static void disown(struct css *css, const struct css_place *place,
		   const struct former *former)
{
	if (!former->ours)
		number_map_remove(&css->ours[place->ssid], place->schid);
}

/* Make an entry for a number that has none. */
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
 * Reserve the device number and the subchannel number.  css_add() does that
 * before it makes the subchannel, so that a call that is refused, or finds no
 * memory, leaves the device untouched.
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
	/* What a backend does can't be held up, see css_quiesce(). */
	if (dev->ops->backend && css->shared.quiesced) {
		rc = -EBUSY;
		goto out;
	}
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
	css->backends += !!sch->backend;
	/* This replaces an entry, so it needs no memory and can't fail. */
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

/* Free the device number and the channel path of a subchannel, and count it out. */
static void forget_device(struct css *css, u8 ssid, struct subchannel *sch)
{
	u16 devno;
	u8 chpid;

	/*
	 * At the end of a reset, subchannel_initialize() writes the SCHIB too.
	 */
	mutex_lock(&sch->lock);
	devno = be16_to_cpu(sch->schib.pmcw.devno);
	chpid = sch->schib.pmcw.chpid[0];
	mutex_unlock(&sch->lock);
	number_map_remove(&css->devnos[ssid], devno);
	WRITE_ONCE(css->paths[chpid], css->paths[chpid] - 1);
	css->backends -= !!sch->backend;
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
		if (!rc)
			rc = subchannel_sync(sch, true);
		subchannel_put(sch);
	}
	return rc;
}

/* Looking up */

struct subchannel *css_lookup(struct css *css, u32 sid, bool *vacant)
{
	struct subchannel *sch;

	rcu_read_lock();
	/*
	 * subchannel_get() fails when the last reference has been given back.
	 * The image gives its own back only after it has taken the subchannel
	 * out of the set, so the next look doesn't find this subchannel again.
	 */
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

/* Call @fn for every subchannel, until it returns something else than 0. */
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

/* Values set by instructions that name no subchannel */

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

/*
 * With CSS_RESET_FLOATING the caller takes all interruptions of the VM away
 * afterwards, whatever css_reset() returns.  Subchannels that lose their
 * interruptions have to be reset, so this caller can't be killed here.
 */
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
 * The image is quiesced while a css_quiesce() waits.  If it succeeds, the image
 * stays quiesced until css_unquiesce().
 * Return: whether the image was quiesced and isn't any more.  Then the caller
 * kicks all subchannels after it has unlocked css->lock.
 */
static bool update_quiesced(struct css *css)
{
	bool before = css->shared.quiesced;

	lockdep_assert_held(&css->lock);
	WRITE_ONCE(css->shared.quiesced, css->quiesce_held || css->quiescing);
	return before && !css->shared.quiesced;
}

/* A css_quiesce() that flushes; it gives up when somebody unquiesces. */
struct quiesce {
	struct css *css;
	u32 mine;
};

static bool is_cancelled(const struct quiesce *quiesce)
{
	return READ_ONCE(quiesce->css->unquiesces) != quiesce->mine;
}

static int sync_one(struct subchannel *sch, void *arg)
{
	if (is_cancelled(arg))
		return -ECANCELED;
	return fatal_signal_pending(current) ? -EINTR :
					       subchannel_sync(sch, false);
}

static int count_one(struct subchannel *sch, void *arg)
{
	subchannel_count_active(sch);
	return 0;
}

int css_quiesce(struct css *css, unsigned long timeout)
{
	struct quiesce quiesce = { .css = css };
	bool kick;
	long left;
	int rc;

	if (mutex_lock_killable(&css->lock))
		return -EINTR;
	/* A backend goes on whatever the image does. */
	if (css->backends) {
		mutex_unlock(&css->lock);
		return -EOPNOTSUPP;
	}
	quiesce.mine = css->unquiesces;
	css->quiescing++;
	WRITE_ONCE(css->shared.quiesced, true);
	mutex_unlock(&css->lock);
	/* From now on nothing begins that isn't counted. */
	for_each(css, count_one, NULL);
	left = wait_event_killable_timeout(css->shared.idle,
					   !atomic_read(&css->shared.active) ||
					   is_cancelled(&quiesce),
					   timeout);
	if (left > 0)
		rc = for_each(css, sync_one, &quiesce);
	else
		rc = left ? -EINTR : -ETIME;
	mutex_lock(&css->lock);
	/* An error that was met while flushing isn't told again. */
	if (is_cancelled(&quiesce) && rc != -EIO)
		rc = -ECANCELED;
	if (!rc)
		css->quiesce_held = true;
	css->quiescing--;
	kick = update_quiesced(css);
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
	kick = update_quiesced(css);
	mutex_unlock(&css->lock);
	/* A css_quiesce() that still waits gives up, with ECANCELED. */
	wake_up_all(&css->shared.idle);
	if (kick)
		for_each(css, kick_one, NULL);
}
