// SPDX-License-Identifier: GPL-2.0
/*
 * A subchannel of the host's: the instructions, and the css_driver that the common
 * I/O layer calls.  Documentation/passthrough.rst; cio_lend.c says how a device
 * comes here, and how it leaves.
 *
 * The lock of the subchannel protects what happens here.  The common I/O layer
 * takes it, executes TEST SUBCHANNEL, and calls the driver's irq() with it.  A thread
 * that held another lock could start a function between the two, and would get the
 * status of the one before.
 *
 * The subchannel may be freed as soon as the driver's remove() returns.  So whoever
 * takes its lock finds it through RCU, and remove() waits for a grace period.  (A
 * reference to the subchannel would be no solution: when the last one is given back,
 * the host modifies the subchannel with that number, which may be another one's by
 * then.)
 *
 * The driver's functions wait for nobody but the device: neither for a VM nor for
 * memory.  They don't wait for the device for ever either: the common I/O layer has
 * one thread for all devices.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "cio.h"

#ifdef KVM_CSS_CIO_KNOWN
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/kernel_stat.h>
#include <linux/module.h>
#include <linux/string.h>

#include <asm/asm-extable.h>
#include <asm/irq.h>
#include <asm/isc.h>

#include <kvm_css/ending.h>

static_assert(sizeof(struct schib) == sizeof(struct css_schib));
static_assert(sizeof(struct irb) >= CSS_IRB_SIZE);

/*
 * How long the end of a function is waited for when a device is taken away, and when the host
 * shuts down.  (The common I/O layer's own driver clears a subchannel up to 255 times, once in
 * 100 ms.)
 */
#define REMOVE_SECONDS		30
#define SHUTDOWN_SECONDS	5

/* The instructions that the common I/O layer doesn't export */

/* Instead of a condition code: the instruction has ended in a program check. */
#define NO_CC	-1

static int insn_tsch(struct subchannel_id schid, struct css_irb *irb)
{
	const unsigned long sid = *(u32 *)&schid;
	int cc;

	asm volatile("	lgr	1,%[sid]\n"
		     "	tsch	%[irb]\n"
		     "	ipm	%[cc]\n"
		     "	srl	%[cc],28\n"
		     : [cc] "=&d" (cc), [irb] "=Q" (*irb)
		     : [sid] "d" (sid)
		     : "cc", "1");
	return cc;
}

static int insn_msch(struct subchannel_id schid, const struct schib *schib)
{
	const unsigned long sid = *(u32 *)&schid;
	int cc = NO_CC;

	asm volatile("	lgr	1,%[sid]\n"
		     "	msch	%[schib]\n"
		     "0:	ipm	%[cc]\n"
		     "	srl	%[cc],28\n"
		     "1:\n"
		     EX_TABLE(0b, 1b)
		     : [cc] "+&d" (cc)
		     : [sid] "d" (sid), [schib] "Q" (*schib)
		     : "cc", "1");
	return cc;
}

static int insn_rsch(struct subchannel_id schid)
{
	const unsigned long sid = *(u32 *)&schid;
	int cc;

	asm volatile("	lgr	1,%[sid]\n"
		     "	rsch\n"
		     "	ipm	%[cc]\n"
		     "	srl	%[cc],28\n"
		     : [cc] "=&d" (cc)
		     : [sid] "d" (sid)
		     : "cc", "memory", "1");
	return cc;
}

static int insn_xsch(struct subchannel_id schid)
{
	const unsigned long sid = *(u32 *)&schid;
	int cc;

	asm volatile("	lgr	1,%[sid]\n"
		     "	xsch\n"
		     "	ipm	%[cc]\n"
		     "	srl	%[cc],28\n"
		     : [cc] "=&d" (cc)
		     : [sid] "d" (sid)
		     : "cc", "1");
	return cc;
}

/* The lock */

unsigned long host_sch_lock(struct host_sch *host) __acquires(host->lock)
{
	struct subchannel *sch;
	unsigned long flags;
	spinlock_t *lock;	/* the subchannel's, if there is one */

	for (;;) {
		rcu_read_lock();
		sch = rcu_dereference(host->sch);
		lock = sch ? cio_lock(sch) : &host->lock;
		spin_lock_irqsave(lock, flags);
		/* Disabled for interruptions, this is a reader of RCU, too. */
		rcu_read_unlock();
		if (sch == rcu_access_pointer(host->sch))
			return flags;
		spin_unlock_irqrestore(lock, flags);
	}
}

/* The subchannel of whoever has the lock, if it has not been lost */
static struct subchannel *sch_of(struct host_sch *host)
{
	return rcu_dereference_check(host->sch, 1);
}

void host_sch_unlock(struct host_sch *host, unsigned long flags)
	__releases(host->lock)
{
	struct subchannel *sch = sch_of(host);

	spin_unlock_irqrestore(sch ? cio_lock(sch) : &host->lock, flags);
}

/* Is the subchannel the client's? */
static bool is_served(const struct host_sch *host)
{
	return host->client && !host->leaving;
}

/*
 * The subchannel at which the client's instruction is executed; NULL if the host has
 * taken it away, or is doing so, which is condition code 3.
 */
static struct subchannel *client_sch(struct host_sch *host)
{
	return is_served(host) ? sch_of(host) : NULL;
}

/* The instructions of the seam */

static ioinst_ending_t ending(int cc)
{
	return cc < 0 ? IOINST_OPERAND : IOINST_CC(cc);
}

/*
 * The host's administrator may have varied off channel paths, which the channel
 * subsystem doesn't know.
 */
ioinst_ending_t host_sch_start(struct host_sch *host, const struct css_orb *orb)
{
	struct subchannel *sch = client_sch(host);
	u32 flags = be32_to_cpu(orb->flags);
	struct css_orb own __aligned(4) = *orb;

	if (!sch)
		return IOINST_CC_NOT_OPERATIONAL;
	flags &= ~ORB_LPM | (u32)sch->opm << ORB_LPM_SHIFT;
	if (!(flags & ORB_LPM))
		return IOINST_CC_NOT_OPERATIONAL;
	own.flags = cpu_to_be32(flags);
	own.intparm = cpu_to_be32(cio_intparm(sch));
	return ending(ssch(sch->schid, (union orb *)&own));
}

ioinst_ending_t host_sch_resume(struct host_sch *host)
{
	struct subchannel *sch = client_sch(host);

	return sch ? ending(insn_rsch(sch->schid)) : IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_halt(struct host_sch *host)
{
	struct subchannel *sch = client_sch(host);

	return sch ? ending(hsch(sch->schid)) : IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_clear(struct host_sch *host)
{
	struct subchannel *sch = client_sch(host);

	return sch ? ending(csch(sch->schid)) : IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_cancel(struct host_sch *host)
{
	struct subchannel *sch = client_sch(host);

	return sch ? ending(insn_xsch(sch->schid)) : IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_test(struct host_sch *host, struct css_irb *irb)
{
	struct subchannel *sch = client_sch(host);
	struct css_irb stored __aligned(4) = {};
	int cc;

	if (!sch)
		return IOINST_CC_NOT_OPERATIONAL;
	cc = insn_tsch(sch->schid, &stored);
	if (cc == 0)
		*irb = stored;
	return ending(cc);
}

ioinst_ending_t host_sch_store(struct host_sch *host, struct css_schib *schib)
{
	struct subchannel *sch = client_sch(host);
	struct schib stored;
	int cc;

	if (!sch)
		return IOINST_CC_NOT_OPERATIONAL;
	cc = stsch(sch->schid, &stored);
	if (cc == 0) {
		/* As START SUBCHANNEL, which leaves out what was varied off */
		stored.pmcw.pam &= sch->opm;
		memcpy(schib, &stored, sizeof(*schib));
	}
	return ending(cc);
}

/*
 * Not by cio_commit_config(), which takes the status of a subchannel that has any,
 * and throws it away.
 */
ioinst_ending_t host_sch_modify(struct host_sch *host,
				const struct host_sch_modes *modes)
{
	struct subchannel *sch = client_sch(host);
	struct schib schib;
	int cc;

	if (!sch)
		return IOINST_CC_NOT_OPERATIONAL;
	cc = stsch(sch->schid, &schib);
	if (cc)
		return ending(cc);
	schib.pmcw.mp = modes->multipath;
	schib.pmcw.csense = modes->concurrent_sense;
	cc = insn_msch(sch->schid, &schib);
	if (cc == 0) {
		/* What the host sets with the next change of its own */
		sch->config.mp = modes->multipath;
		sch->config.csense = modes->concurrent_sense;
	}
	return ending(cc);
}

const struct host_sch_identity *host_sch_identity(const struct host_sch *host)
{
	return &host->identity;
}

/* The way out */

/*
 * A suspended program is halted first, as the common I/O layer halts all programs
 * first: after CLEAR SUBCHANNEL alone, not every channel subsystem lets the device go.
 */
static void end_function(struct host_sch *host, struct subchannel *sch)
{
	struct schib schib;

	reinit_completion(&host->answered);
	spin_lock_irq(cio_lock(sch));
	if (stsch(sch->schid, &schib) ||
	    !(scsw_actl(&schib.scsw) & SCSW_ACTL_SUSPENDED) ||
	    hsch(sch->schid))
		csch(sch->schid);
	spin_unlock_irq(cio_lock(sch));
	wait_for_completion_timeout(&host->answered, HZ / 50);
}

static int disable(struct subchannel *sch)
{
	int rc;

	spin_lock_irq(cio_lock(sch));
	/* This also takes status that is pending. */
	rc = cio_disable_subchannel(sch);
	spin_unlock_irq(cio_lock(sch));
	return rc;
}

/*
 * The subchannel is halted or cleared once a second.  In between it may be busy for a
 * while, also when the function has ended.
 */
bool cio_quiet(struct host_sch *host, struct subchannel *sch,
	       unsigned int limit)
{
	const unsigned long end = jiffies + limit * HZ;
	unsigned long next = jiffies;
	int rc;

	for (;;) {
		if (time_after_eq(jiffies, next)) {
			end_function(host, sch);
			next = jiffies + HZ;
		}
		rc = disable(sch);
		if (rc != -EBUSY && rc != -EAGAIN)
			return true;
		if (time_after(jiffies, end))
			return false;
		usleep_range(5000, 10000);
	}
}

/*
 * The device doesn't let the subchannel go.  An interruption may still come, with the
 * address of the structure, which the host would free without this reference.
 */
static void abandon(struct subchannel *sch)
{
	dev_err(&sch->dev, "expected the end of HALT or CLEAR SUBCHANNEL, found none; the storage that the device may access is kept until the host is restarted\n");
	get_device(&sch->dev);
}

/*
 * The host takes the device away.  A program may be in progress.  Only when it has
 * ended may its pages be used for something else, so the client is told after that.
 */
static void take_away(struct host_sch *host, struct subchannel *sch,
		      unsigned int limit)
{
	struct host_sch_client *client;
	bool quiet;

	spin_lock_irq(cio_lock(sch));
	host->leaving = true;
	spin_unlock_irq(cio_lock(sch));
	quiet = cio_quiet(host, sch, limit);
	if (!quiet)
		abandon(sch);
	spin_lock_irq(cio_lock(sch));
	/* It may have given the device back meanwhile. */
	client = host->client;
	host->client = NULL;
	if (client)
		client->ops->gone(client, quiet);
	spin_unlock_irq(cio_lock(sch));
}

/* The css_driver */

static void driver_irq(struct subchannel *sch)
{
	struct host_sch *host = dev_get_drvdata(&sch->dev);
	struct css_irb irb = {};

	inc_irq_stat(IRQIO_CIO);
	if (!host)
		return;
	if (!is_served(host)) {
		complete(&host->answered);
		return;
	}
	memcpy(&irb, this_cpu_ptr(&cio_irb), CSS_IRB_SIZE);
	host->client->ops->irb(host->client, &irb);
}

static void paths_changed(struct subchannel *sch)
{
	struct host_sch *host = dev_get_drvdata(&sch->dev);

	sch->lpm = sch->schib.pmcw.pam & sch->opm;
	if (host && is_served(host))
		host->client->ops->paths(host->client);
}

/*
 * "Installed parameters initialized": the channel subsystem reports that, and doesn't enable
 * the subchannel again.  Nobody else disables it.
 */
static int enable_again(struct host_sch *host, struct subchannel *sch)
{
	int rc;

	if (!is_served(host) || sch->schib.pmcw.ena)
		return 0;
	rc = cio_enable_subchannel(sch, cio_intparm(sch));
	if (!rc)
		host->client->ops->initialized(host->client);
	return rc;
}

/*
 * A channel report, or somebody has asked for an evaluation.  Is it still the
 * device that was lent?
 */
static int driver_sch_event(struct subchannel *sch, int process)
{
	struct host_sch *host;
	unsigned long flags;
	int rc = -EAGAIN;

	spin_lock_irqsave(cio_lock(sch), flags);
	host = dev_get_drvdata(&sch->dev);
	if (!host || !device_is_registered(&sch->dev) ||
	    work_pending(&sch->todo_work))
		goto unlock;
	rc = cio_update_schib(sch);
	if (!rc && sch->schib.pmcw.dev == host->id.devno)
		rc = enable_again(host, sch);
	if (!rc && sch->schib.pmcw.dev == host->id.devno) {
		paths_changed(sch);
		goto unlock;
	}
	/* Such a device doesn't come back as the one that was online. */
	host->online = false;
	if (rc)
		css_sched_sch_todo(sch, SCH_TODO_UNREG);
	else
		cio_return(host);
	rc = 0;
unlock:
	spin_unlock_irqrestore(cio_lock(sch), flags);
	return rc;
}

/* The paths of the subchannel that lead through a channel path */
static u8 link_mask(const struct subchannel *sch, const struct chp_link *link)
{
	const struct chsc_ssd_info *ssd = &sch->ssd_info;
	unsigned int i;
	u8 mask;

	for (i = 0; i < ARRAY_SIZE(ssd->chpid); i++) {
		mask = 0x80 >> i;
		if (!(ssd->path_mask & mask) ||
		    memcmp(&ssd->chpid[i], &link->chpid, sizeof(link->chpid)))
			continue;
		if (ssd->fla_valid_mask & mask &&
		    (ssd->fla[i] & link->fla_mask) != link->fla)
			continue;
		return mask;
	}
	return 0;
}

/*
 * The lock is held.  A program that runs on a path that has been varied off ends by
 * itself; the next one isn't started there.
 */
static int driver_chp_event(struct subchannel *sch, struct chp_link *link,
			    int event)
{
	const u8 mask = link_mask(sch, link);

	if (!mask)
		return 0;
	if (event == CIO_CHP_VARY_OFF)
		sch->opm &= ~mask;
	else if (event == CIO_CHP_VARY_ON)
		sch->opm |= mask;
	if (cio_update_schib(sch))
		return -ENODEV;
	paths_changed(sch);
	return 0;
}

/* Only a thread that lends a device comes here with one that is wanted. */
static int driver_probe(struct subchannel *sch)
{
	struct host_sch *host = cio_wanted(sch);

	if (!host)
		return -ENODEV;
	spin_lock_irq(cio_lock(sch));
	dev_set_drvdata(&sch->dev, host);
	rcu_assign_pointer(host->sch, sch);
	spin_unlock_irq(cio_lock(sch));
	return 0;
}

static void driver_remove(struct subchannel *sch)
{
	struct host_sch *host = dev_get_drvdata(&sch->dev);

	take_away(host, sch, REMOVE_SECONDS);
	spin_lock_irq(cio_lock(sch));
	cio_return(host);
	dev_set_drvdata(&sch->dev, NULL);
	rcu_assign_pointer(host->sch, NULL);
	spin_unlock_irq(cio_lock(sch));
	/* For those who have found the subchannel, but have not got its lock */
	synchronize_rcu();
}

static void driver_shutdown(struct subchannel *sch)
{
	take_away(dev_get_drvdata(&sch->dev), sch, SHUTDOWN_SECONDS);
}

/*
 * The driver matches nothing, so the css bus offers it no subchannel, and nobody can
 * bind one to it through sysfs.
 */
static struct css_device_id no_ids[] = {
	{ },
};

struct css_driver cio_driver = {
	.subchannel_type = no_ids,
	.drv = {
		.owner = THIS_MODULE,
		.name = KBUILD_MODNAME,
	},
	.irq = driver_irq,
	.chp_event = driver_chp_event,
	.sch_event = driver_sch_event,
	.probe = driver_probe,
	.remove = driver_remove,
	.shutdown = driver_shutdown,
};

#endif /* KVM_CSS_CIO_KNOWN */
