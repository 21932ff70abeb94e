/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What cio.c and cio_lend.c share: a subchannel of the host's that a VM has.
 */
#ifndef _KVM_CSS_CIO_H
#define _KVM_CSS_CIO_H

#include "cio_layout_found.h"

#ifdef KVM_CSS_CIO_KNOWN
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <asm/io.h>

#include <kvm_css/host_sch.h>

#include "cio_layout.h"

/* What the driver core points to a bus with has become const in Linux 6.4. */
#define CIO_BUS_POINTER typeof_member(struct device, bus)

/*
 * "echo purge > /proc/cio_ignore" takes the driver data of any I/O subchannel for
 * those of cio's own driver (purge_fn()), which are a union orb, and behind it a
 * pointer to the ccw device.  So NULL has to be there.
 */
#define CIO_NO_CCW_DEVICE	64

/**
 * struct host_sch - a subchannel that the host lends
 * @no_ccw_device: zeros
 * @id: which device it is
 * @identity: what the host knows of it
 * @ref: the client has a reference until host_sch_give_back(), and the loan
 *	another one until the host has the device again
 * @sch: the subchannel; NULL before the module's driver has it, and when the
 *	driver has lost it; RCU, changed with the subchannel's lock
 * @lock: stands in for the subchannel's lock when there is none
 * @client: who is told; NULL when the host has taken the device away, or the
 *	client has given it back; protected by the lock
 * @leaving: the host is taking the device away; protected by the lock
 * @answered: an interruption without a client has occurred
 * @returning: @home_work has been queued; protected by the lock
 * @entry: in the list of loans, until the host has the device again
 * @home: the subchannel, on its way back; @home_work has a reference to it
 * @home_work: gives the device back to the host's driver
 * @online: the device is to be set online again
 * @ccw_bus: the bus on which the host's ccw device appears again
 * @notifier: notices when it has a driver there
 * @bound: it has
 */
struct host_sch {
	u8 no_ccw_device[CIO_NO_CCW_DEVICE];
	struct host_sch_id id;
	struct host_sch_identity identity;
	struct kref ref;
	struct subchannel __rcu *sch;
	spinlock_t lock;	/* see host_sch_lock() */
	struct host_sch_client *client;
	bool leaving;
	struct completion answered;
	bool returning;
	struct list_head entry;
	struct subchannel *home;
	struct work_struct home_work;
	bool online;
	CIO_BUS_POINTER ccw_bus;
	struct notifier_block notifier;
	struct completion bound;
};

extern struct css_driver cio_driver;

/**
 * cio_intparm() - the interruption parameter by which the host finds a subchannel
 * @sch: the subchannel, which the host has allocated below 2 GB
 *
 * Context: any.
 * Return: its address.
 */
static inline u32 cio_intparm(struct subchannel *sch)
{
	return (u32)virt_to_phys(sch);
}

/**
 * cio_return() - begin to give a device back to the host
 * @host: a subchannel that has not been lost
 *
 * Context: the subchannel's lock is held.
 */
void cio_return(struct host_sch *host);

/**
 * cio_quiet() - disable a subchannel of the host's, whatever it is doing
 * @host: a subchannel without a client
 * @sch: the subchannel
 * @limit: for how long to try, in seconds
 *
 * As long as a function is in progress, the device accesses storage.
 *
 * Context: process context; sleeps as long as the device takes to end, or @limit.
 * Return: whether the subchannel is disabled or not operational.
 */
bool cio_quiet(struct host_sch *host, struct subchannel *sch,
	       unsigned int limit);

/**
 * cio_wanted() - is the driver to have this subchannel?
 * @sch: the subchannel
 *
 * Context: process context.
 * Return: the loan whose device it is, and for which nobody but the module's own
 * driver has been asked; or NULL.
 */
struct host_sch *cio_wanted(const struct subchannel *sch);

#endif /* KVM_CSS_CIO_KNOWN */
#endif /* _KVM_CSS_CIO_H */
