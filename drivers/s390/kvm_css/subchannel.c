// SPDX-License-Identifier: GPL-2.0
/*
 * Subchannels.
 *
 * Locking: sch->lock protects the state.  It is a mutex because interruptions
 * are made pending and withdrawn under it, which allocates; that makes "status
 * pending" and "interruption pending" change together, so that no late
 * interruption can be seen.  It is never held while guest storage is accessed
 * or a device works.  Order: css->lock, sch->lock, then what css_guest_inject()
 * takes.
 *
 * While the start function is in progress (SCSW_FC_START and no status yet)
 * sch->program belongs to one runner, which needs no lock for it: the vCPU
 * that executed START SUBCHANNEL, as long as sch->on_vcpu is set, and after
 * that sch->work.  Only program.stop is written by others, under sch->lock.
 *
 * Lifetime: the image holds a reference, and so does everyone who looked the
 * subchannel up, for as long as an instruction takes.  sch->work and
 * sch->requeue hold none: they are only ever queued under sch->lock while the
 * subchannel is not gone.  subchannel_stop() sets @gone, subchannel_wait()
 * waits for both and for the vCPU too, so that nothing touches the device or
 * guest storage for a subchannel that has been removed.  The memory is freed
 * an RCU grace period after the last reference, because a lookup may still try
 * to take one.
 */
#define pr_fmt(fmt) "kvm_css: " fmt

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait_bit.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/subchannel.h>

/* The one path there is */
#define PATH		0x80

/* When the host has no memory to queue an interruption now */
#define REQUEUE_DELAY	msecs_to_jiffies(10)

static void subchannel_work(struct work_struct *work);
static void subchannel_requeue(struct work_struct *work);

struct subchannel *subchannel_create(struct css_guest *guest,
				     struct workqueue_struct *wq,
				     struct css_device *dev, u32 sid, u16 devno,
				     u8 chpid)
{
	struct subchannel *sch;
	struct css_pmcw *pmcw;

	sch = kzalloc(sizeof(*sch), GFP_KERNEL_ACCOUNT);
	if (!sch)
		return NULL;
	kref_init(&sch->ref);
	sch->guest = guest;
	sch->wq = wq;
	sch->dev = dev;
	sch->sid = sid;
	mutex_init(&sch->lock);
	INIT_WORK(&sch->work, subchannel_work);
	INIT_DELAYED_WORK(&sch->requeue, subchannel_requeue);
	init_completion(&sch->reaped);
	sch->program.guest = guest;
	sch->program.dev = dev;

	pmcw = &sch->schib.pmcw;
	pmcw->flags = cpu_to_be16(PMCW_VALID);
	pmcw->devno = cpu_to_be16(devno);
	pmcw->lpm = PATH;
	pmcw->pim = PATH;
	pmcw->pom = 0xff;
	pmcw->pam = PATH;
	pmcw->chpid[0] = chpid;
	return sch;
}

static void subchannel_release(struct kref *ref)
{
	struct subchannel *sch = container_of(ref, struct subchannel, ref);

	sch->dev->ops->release(sch->dev);
	mutex_destroy(&sch->lock);
	kfree_rcu(sch, rcu);
}

void subchannel_put(struct subchannel *sch)
{
	kref_put(&sch->ref, subchannel_release);
}

static u32 scsw_flags(const struct subchannel *sch)
{
	return be32_to_cpu(sch->schib.scsw.flags);
}

static void scsw_set_flags(struct subchannel *sch, u32 flags)
{
	lockdep_assert_held(&sch->lock);
	sch->schib.scsw.flags = cpu_to_be32(flags);
	sch->generation++;
}

static bool enabled(const struct subchannel *sch)
{
	return !sch->gone &&
	       sch->schib.pmcw.flags & cpu_to_be16(PMCW_ENABLED);
}

/* Interruptions */

static void subchannel_raise(struct subchannel *sch)
{
	const struct css_pmcw *pmcw = &sch->schib.pmcw;
	struct css_io_int io_int = {
		.sid = sch->sid,
		.intparm = be32_to_cpu(pmcw->intparm),
		.isc = (be16_to_cpu(pmcw->flags) & PMCW_ISC) >> PMCW_ISC_SHIFT,
	};

	lockdep_assert_held(&sch->lock);
	/* The status stays pending, so the interruption can be made up for. */
	if (css_guest_inject(sch->guest, &io_int))
		queue_delayed_work(sch->wq, &sch->requeue, REQUEUE_DELAY);
	else
		sch->int_queued = true;
}

static void subchannel_withdraw(struct subchannel *sch)
{
	lockdep_assert_held(&sch->lock);
	if (!sch->int_queued)
		return;
	css_guest_withdraw(sch->guest, sch->sid);
	sch->int_queued = false;
}

static void subchannel_requeue(struct work_struct *work)
{
	struct subchannel *sch = container_of(to_delayed_work(work),
					      struct subchannel, requeue);

	mutex_lock(&sch->lock);
	if (!sch->gone && !sch->int_queued &&
	    scsw_flags(sch) & SCSW_SC_PENDING)
		subchannel_raise(sch);
	mutex_unlock(&sch->lock);
}

/* The channel program */

/* "Status-Control Field": what the ending of a start function makes pending */
static u32 ending_status_control(const struct chanprog_ending *ending)
{
	const u8 normal = DSTAT_CHANNEL_END | DSTAT_DEVICE_END;

	if (ending->cstat)
		return SCSW_SC_ALERT | SCSW_SC_PRIMARY | SCSW_SC_SECONDARY;
	/* Device end would come later as secondary status. */
	if (ending->dstat == DSTAT_CHANNEL_END)
		return SCSW_SC_PRIMARY;
	/* Status modifier only says which CCW would have come next. */
	if ((ending->dstat & ~DSTAT_STATUS_MODIFIER) == normal)
		return SCSW_SC_PRIMARY | SCSW_SC_SECONDARY;
	return SCSW_SC_ALERT | SCSW_SC_PRIMARY | SCSW_SC_SECONDARY;
}

/* "Concurrent Sense": unit check brings its sense bytes along. */
static u32 concurrent_sense(struct subchannel *sch)
{
	if (!(sch->program.ending.dstat & DSTAT_UNIT_CHECK))
		return 0;
	if (!(sch->schib.pmcw.chars & cpu_to_be32(PMCW_CONCURRENT_SENSE)))
		return 0;
	cu_take_sense(sch->dev, sch->ecw);
	return SCSW_EXTENDED;
}

/* A valid program that can't be run: the host is told once a subchannel. */
static void tell_unsupported(struct subchannel *sch)
{
	const char *what = sch->program.unsupported;

	if (!what || sch->unsupported_told)
		return;
	sch->unsupported_told = true;
	pr_info("subchannel 0.%x.%04x (%s): %s can't be run, the channel program ended with unit exception; said once\n",
		(sch->sid & SID_SSID) >> SID_SSID_SHIFT, sch->sid & SID_NUMBER,
		sch->dev->ops->name, what);
}

static void end_locked(struct subchannel *sch)
{
	const struct chanprog_ending *ending = &sch->program.ending;
	struct css_scsw *scsw = &sch->schib.scsw;
	u32 flags;

	flags = scsw_flags(sch) & ~SCSW_AC;
	flags |= ending_status_control(ending) | SCSW_SC_PENDING;
	flags |= concurrent_sense(sch);
	scsw->cpa = cpu_to_be32(ending->cpa);
	scsw->dstat = ending->dstat;
	scsw->cstat = ending->cstat;
	scsw->count = cpu_to_be16(ending->count);
	scsw_set_flags(sch, flags);
	sch->stats.completed++;
	tell_unsupported(sch);
	subchannel_raise(sch);
}

/* Let a worker go on with the program; the caller's part in it is over. */
static void defer_locked(struct subchannel *sch)
{
	u32 flags = scsw_flags(sch);

	if (sch->on_vcpu)
		sch->stats.deferred++;
	flags &= ~SCSW_AC;
	flags |= SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE;
	scsw_set_flags(sch, flags);
	queue_work(sch->wq, &sch->work);
}

/* Run the program for a turn.  Afterwards it isn't the caller's any more. */
static void subchannel_run(struct subchannel *sch, bool may_wait)
{
	enum chanprog_state state = chanprog_run(&sch->program, may_wait);

	mutex_lock(&sch->lock);
	if (!sch->gone) {
		switch (state) {
		case CHANPROG_ENDED:
			end_locked(sch);
			break;
		case CHANPROG_MUST_WAIT:
		case CHANPROG_QUANTUM_USED:
			defer_locked(sch);
			break;
		case CHANPROG_STOPPED:
			break;
		}
	}
	WRITE_ONCE(sch->on_vcpu, false);
	if (sch->gone) {
		/* The waiter queues itself before it looks at on_vcpu. */
		smp_mb();
		wake_up_var(&sch->on_vcpu);
	}
	mutex_unlock(&sch->lock);
}

static void subchannel_work(struct work_struct *work)
{
	struct subchannel *sch = container_of(work, struct subchannel, work);

	/* Without its memory there is no VM left to see the program end. */
	if (!css_guest_enter(sch->guest))
		return;
	subchannel_run(sch, true);
	css_guest_leave(sch->guest);
}

/* What the instructions do */

ioinst_ending_t subchannel_store(struct subchannel *sch, struct css_schib *schib)
{
	ioinst_ending_t cc = IOINST_CC_EXPECTED;

	mutex_lock(&sch->lock);
	*schib = sch->schib;
	if (sch->gone)
		cc = IOINST_CC_NOT_OPERATIONAL;
	mutex_unlock(&sch->lock);
	return cc;
}

static void modify_locked(struct subchannel *sch, const struct css_schib *schib)
{
	const u16 flags = PMCW_ISC | PMCW_ENABLED | PMCW_LIMIT_MODE |
			  PMCW_MEASUREMENT_MODE | PMCW_MULTIPATH;
	const u32 chars = PMCW_MB_FORMAT1 | PMCW_CONCURRENT_SENSE;
	const struct css_pmcw *from = &schib->pmcw;
	struct css_pmcw *to = &sch->schib.pmcw;

	to->intparm = from->intparm;
	to->flags &= ~cpu_to_be16(flags);
	to->flags |= from->flags & cpu_to_be16(flags);
	to->lpm = from->lpm;
	to->pom = from->pom;
	to->mbi = from->mbi;
	to->chars &= ~cpu_to_be32(chars);
	to->chars |= from->chars & cpu_to_be32(chars);
	sch->schib.mba = schib->mba;
}

ioinst_ending_t subchannel_modify(struct subchannel *sch,
				  const struct css_schib *schib)
{
	ioinst_ending_t cc;
	u32 flags;

	mutex_lock(&sch->lock);
	flags = scsw_flags(sch);
	if (sch->gone) {
		cc = IOINST_CC_NOT_OPERATIONAL;
	} else if (flags & SCSW_SC_PENDING) {
		cc = IOINST_CC_STATUS_PRESENT;
	} else if (flags & SCSW_FC) {
		cc = IOINST_CC_BUSY;
	} else {
		modify_locked(sch, schib);
		cc = IOINST_CC_EXPECTED;
	}
	mutex_unlock(&sch->lock);
	return cc;
}

/*
 * The start function, chapter 15 "Start Function and Resume Function".
 * Return: is there a path to go on with?
 */
static bool start_locked(struct subchannel *sch, const struct css_orb *orb)
{
	struct css_pmcw *pmcw = &sch->schib.pmcw;
	struct css_scsw *scsw = &sch->schib.scsw;
	u32 flags = be32_to_cpu(orb->flags);

	pmcw->intparm = orb->intparm;
	pmcw->lpm = (flags & ORB_LPM) >> ORB_LPM_SHIFT;
	sch->stats.started++;
	memset(scsw, 0, sizeof(*scsw));
	if (!(pmcw->lpm & pmcw->pam)) {
		/* Deferred condition code 3, "Deferred Condition Code" */
		scsw->cpa = orb->cpa;
		scsw_set_flags(sch, (flags & SCSW_FROM_ORB) |
			       3u << SCSW_DEFERRED_CC_SHIFT | SCSW_FC_START |
			       SCSW_SC_ALERT | SCSW_SC_PRIMARY |
			       SCSW_SC_SECONDARY | SCSW_SC_PENDING);
		sch->stats.completed++;
		subchannel_raise(sch);
		return false;
	}
	pmcw->lpum = PATH;
	scsw_set_flags(sch, (flags & SCSW_FROM_ORB) | SCSW_FC_START |
		       SCSW_AC_START_PENDING);
	chanprog_init(&sch->program, orb);
	sch->on_vcpu = true;
	return true;
}

ioinst_ending_t subchannel_start(struct subchannel *sch, const struct css_orb *orb)
{
	ioinst_ending_t cc = IOINST_CC_EXPECTED;
	bool run = false;
	u32 flags;

	mutex_lock(&sch->lock);
	flags = scsw_flags(sch);
	if (!enabled(sch))
		cc = IOINST_CC_NOT_OPERATIONAL;
	else if (flags & SCSW_SC_PENDING)
		cc = IOINST_CC_STATUS_PRESENT;
	else if (flags & SCSW_FC)
		cc = IOINST_CC_BUSY;
	else
		run = start_locked(sch, orb);
	mutex_unlock(&sch->lock);
	if (run)
		subchannel_run(sch, false);
	return cc;
}

static void irb_fill(const struct subchannel *sch, struct css_irb *irb)
{
	u32 erw;

	memset(irb, 0, sizeof(*irb));
	irb->scsw = sch->schib.scsw;
	if (!(scsw_flags(sch) & SCSW_SC_PENDING))
		return;
	/* Format-1 ESW: the last-path-used mask stands in byte 1. */
	irb->esw.word0 = cpu_to_be32((u32)sch->schib.pmcw.lpum << 16);
	if (scsw_flags(sch) & SCSW_EXTENDED) {
		erw = ERW_CONCURRENT_SENSE | ECW_SIZE << ERW_SENSE_COUNT_SHIFT;
		irb->esw.erw = cpu_to_be32(erw);
		memcpy(irb->ecw, sch->ecw, sizeof(irb->ecw));
	}
}

ioinst_ending_t subchannel_peek(struct subchannel *sch, struct css_irb *irb,
				u32 *generation)
{
	ioinst_ending_t cc = IOINST_CC_NOT_OPERATIONAL;

	mutex_lock(&sch->lock);
	if (enabled(sch)) {
		irb_fill(sch, irb);
		*generation = sch->generation;
		cc = scsw_flags(sch) & SCSW_SC_PENDING ?
			IOINST_CC_EXPECTED : IOINST_CC_NOT_STATUS_PENDING;
	}
	mutex_unlock(&sch->lock);
	return cc;
}

ioinst_ending_t subchannel_test(struct subchannel *sch, u32 generation)
{
	ioinst_ending_t ending = IOINST_RETRY;

	mutex_lock(&sch->lock);
	if (!sch->gone && sch->generation == generation) {
		subchannel_withdraw(sch);
		scsw_set_flags(sch, scsw_flags(sch) &
			       ~(SCSW_FC | SCSW_AC | SCSW_SC | SCSW_EXTENDED |
				 SCSW_PATH_NOT_OPER));
		memset(sch->ecw, 0, sizeof(sch->ecw));
		ending = IOINST_CC_EXPECTED;
	}
	mutex_unlock(&sch->lock);
	return ending;
}

bool subchannel_query(struct subchannel *sch, struct subchannel_state *state)
{
	bool there;

	mutex_lock(&sch->lock);
	there = !sch->gone;
	if (there) {
		state->schib = sch->schib;
		state->stats = sch->stats;
	}
	mutex_unlock(&sch->lock);
	return there;
}

void subchannel_stop(struct subchannel *sch)
{
	mutex_lock(&sch->lock);
	sch->gone = true;
	WRITE_ONCE(sch->program.stop, true);
	subchannel_withdraw(sch);
	scsw_set_flags(sch, 0);
	mutex_unlock(&sch->lock);
}

void subchannel_wait(struct subchannel *sch)
{
	/* A vCPU looks at program.stop soon; what it runs is short anyway. */
	wait_var_event(&sch->on_vcpu, !READ_ONCE(sch->on_vcpu));
	cancel_work_sync(&sch->work);
	cancel_delayed_work_sync(&sch->requeue);
}
