// SPDX-License-Identifier: GPL-2.0
/*
 * Taking a device from the host, and giving it back.  Documentation/passthrough.rst.
 *
 * A loan begins in the thread that calls KVM_CSS_ADD.  It ends in a work of its own,
 * which cio_return() queues: when the client gives the device back, or when the host
 * takes it away.  Until then it is in the list of loans, so that nobody else can take
 * the device.  The module stays until the host has the device again and the client has
 * given back the structure.
 *
 * Locks: loans_lock protects the list.  It is a leaf.  The works and the callers of
 * host_sch_take() hold no lock when they call the driver core.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "cio.h"

#ifdef KVM_CSS_CIO_KNOWN
#include <linux/capability.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/device/bus.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernfs.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include <asm/ccwdev.h>
#include <asm/isc.h>

#include "host.h"

/* How long a device may take to appear in the host again */
#define HOME_SECONDS	30

/* How long a function of the host's may take to end when it is cleared */
#define QUIET_SECONDS	5

/*
 * The control-unit type of virtio devices.  Their programs contain addresses that
 * nobody translates: the queues' addresses.
 */
#define CU_TYPE_VIRTIO	0x3832

static LIST_HEAD(loans);
static DEFINE_SPINLOCK(loans_lock);
static DECLARE_WAIT_QUEUE_HEAD(loan_ended);
static struct workqueue_struct *home_queue;

/* The list of loans */

static bool same_id(const struct host_sch_id *a, const struct host_sch_id *b)
{
	return a->ssid == b->ssid && a->devno == b->devno;
}

/* loans_lock is held. */
static struct host_sch *find_loan(const struct host_sch_id *id)
{
	struct host_sch *host;

	list_for_each_entry(host, &loans, entry)
		if (same_id(&host->id, id))
			return host;
	return NULL;
}

static bool is_lent(const struct host_sch_id *id)
{
	bool lent;

	spin_lock(&loans_lock);
	lent = find_loan(id);
	spin_unlock(&loans_lock);
	return lent;
}

/* A device that is on its way back from another VM is waited for. */
static int loan_begins(struct host_sch *host)
{
	struct host_sch *other;
	bool returning;

	for (;;) {
		spin_lock(&loans_lock);
		other = find_loan(&host->id);
		returning = other && READ_ONCE(other->returning);
		if (!other)
			list_add(&host->entry, &loans);
		spin_unlock(&loans_lock);
		if (!other)
			break;
		if (!returning)
			return -EBUSY;
		if (wait_event_interruptible(loan_ended, !is_lent(&host->id)))
			return -EINTR;
	}
	return 0;
}

/*
 * The module's exit destroys the workqueue, and so waits for the work that has given
 * back the last reference.
 */
static void host_free(struct kref *ref)
{
	kfree(container_of(ref, struct host_sch, ref));
	module_put(THIS_MODULE);
}

static void loan_ends(struct host_sch *host)
{
	spin_lock(&loans_lock);
	list_del(&host->entry);
	spin_unlock(&loans_lock);
	wake_up_all(&loan_ended);
	kref_put(&host->ref, host_free);
}

struct host_sch *cio_wanted(const struct subchannel *sch)
{
	const struct host_sch_id id = {
		.ssid = sch->schid.ssid, .devno = sch->schib.pmcw.dev,
	};
	struct host_sch *host;

	spin_lock(&loans_lock);
	host = find_loan(&id);
	if (host && (READ_ONCE(host->returning) ||
		     rcu_access_pointer(host->sch)))
		host = NULL;
	spin_unlock(&loans_lock);
	return host;
}

/* The host's device */

static struct subchannel *to_sch(struct device *dev)
{
	return container_of(dev, struct subchannel, dev);
}

static int is_subchannel(struct device *dev, const void *data)
{
	const struct subchannel *sch = to_sch(dev);
	const struct host_sch_id *id = data;

	return sch->st == SUBCHANNEL_TYPE_IO && sch->schib.pmcw.dnv &&
	       sch->schid.ssid == id->ssid && sch->schib.pmcw.dev == id->devno;
}

static int is_ccw_device(struct device *dev, const void *data)
{
	const struct host_sch_id *id = data;
	struct ccw_dev_id dev_id;

	ccw_device_get_id(to_ccwdev(dev), &dev_id);
	return dev_id.ssid == id->ssid && dev_id.devno == id->devno;
}

static int any_device(struct device *dev, void *data)
{
	return 1;
}

static int set_override(struct subchannel *sch, const char *driver)
{
#ifdef KVM_CSS_CIO_OVERRIDE
	return driver_set_override(&sch->dev, &sch->driver_override, driver,
				   strlen(driver));
#else
	return device_set_driver_override(&sch->dev, driver);
#endif
}

/* A lock would only be needed to read the name. */
static bool has_override(struct subchannel *sch)
{
#ifdef KVM_CSS_CIO_OVERRIDE
	return READ_ONCE(sch->driver_override);
#else
	return READ_ONCE(sch->dev.driver_override.name);
#endif
}

/* Taking it */

/* Has the subchannel the driver that all I/O subchannels have by themselves? */
static bool is_at_home(struct subchannel *sch)
{
	bool home;

	device_lock(&sch->dev);
	home = !has_override(sch) && sch->dev.driver &&
	       !strcmp(sch->dev.driver->name, "io_subchannel");
	device_unlock(&sch->dev);
	return home;
}

/* A member of a group is a part of something larger, such as a network interface. */
static bool is_grouped(const struct ccw_device *cdev)
{
	/* The ccwgroup bus links every member to its group. */
	struct kernfs_node *link = kernfs_find_and_get(cdev->dev.kobj.sd,
						       "group_device");

	kernfs_put(link);
	return link;
}

/*
 * The common I/O layer enables the subchannel of a device that is offline only as long as
 * it executes a program of its own there, to recognize the device for instance.  Where
 * that program stores is freed when the driver is released.
 */
static int wait_idle(struct subchannel *sch)
{
	const unsigned long end = jiffies + QUIET_SECONDS * HZ;
	struct schib schib;

	for (;;) {
		if (stsch(sch->schid, &schib) || !schib.pmcw.dnv)
			return -ENODEV;
		if (!schib.pmcw.ena)
			return 0;
		if (time_after(jiffies, end))
			return -EBUSY;
		if (msleep_interruptible(10))
			return -EINTR;
	}
}

/*
 * The driver refuses if the device is in use.  One that can't be asked doesn't lend its
 * devices.  Nobody sets the device online while its lock is held.
 */
static int set_offline(struct host_sch *host, struct subchannel *sch,
		       struct ccw_device *cdev)
{
	int rc = 0;

	device_lock(&cdev->dev);
	host->online = cdev->online;
	if (is_grouped(cdev))
		rc = -EBUSY;
	else if (cdev->online)
		rc = cdev->drv && cdev->drv->set_offline ?
			ccw_device_set_offline(cdev) : -EBUSY;
	if (!rc)
		rc = wait_idle(sch);
	if (rc && host->online && !cdev->online)
		ccw_device_set_online(cdev);
	device_unlock(&cdev->dev);
	return rc;
}

static int take_offline(struct host_sch *host, struct subchannel *sch)
{
	struct ccw_device *cdev;
	struct device *child;
	int rc;

	/* Only the console's subchannel has this subclass. */
	if (sch->isc == CONSOLE_ISC || !is_at_home(sch))
		return -EBUSY;
	/* Programs for QDIO contain addresses that nobody translates. */
	if (sch->schib.pmcw.qf)
		return -EINVAL;
	child = device_find_child(&sch->dev, NULL, any_device);
	if (!child)
		return -ENODEV;
	cdev = to_ccwdev(child);
	host->identity = (struct host_sch_identity){
		.cu_type = cdev->id.cu_type,
		.cu_model = cdev->id.cu_model,
		.dev_type = cdev->id.dev_type,
		.dev_model = cdev->id.dev_model,
	};
	host->ccw_bus = child->bus;
	rc = cdev->id.cu_type == CU_TYPE_VIRTIO ? -EINVAL :
						  set_offline(host, sch, cdev);
	put_device(child);
	return rc;
}

static int attach(struct host_sch *host, struct subchannel *sch)
{
	int rc = set_override(sch, KBUILD_MODNAME);

	if (rc)
		return rc;
	device_release_driver(&sch->dev);
	rc = device_driver_attach(&cio_driver.drv, &sch->dev);
	if (rc)
		return rc;
	/* The host may just have begun to recognize a device that was offline. */
	return cio_quiet(host, sch, QUIET_SECONDS) ? 0 : -EBUSY;
}

/* From here on the client may be told something. */
static int enable(struct host_sch *host, struct host_sch_client *client)
{
	const unsigned long flags = host_sch_lock(host);
	struct subchannel *sch = rcu_dereference_check(host->sch, 1);
	int rc = -ENODEV;

	if (sch) {
		sch->config.mp = 0;
		sch->config.csense = 0;
		rc = cio_enable_subchannel(sch, cio_intparm(sch));
		if (!rc)
			host->client = client;
		else
			cio_return(host);
	}
	host_sch_unlock(host, flags);
	return rc;
}

static void go_home(struct host_sch *host, struct subchannel *sch)
{
	WRITE_ONCE(host->returning, true);
	get_device(&sch->dev);
	host->home = sch;
	queue_work(home_queue, &host->home_work);
}

void cio_return(struct host_sch *host)
{
	if (!host->returning)
		go_home(host, rcu_dereference_check(host->sch, 1));
}

/* A device that could not be lent goes back, unless it does so already. */
static void give_up(struct host_sch *host, struct subchannel *sch)
{
	const unsigned long flags = host_sch_lock(host);

	if (!host->returning)
		go_home(host, sch);
	host_sch_unlock(host, flags);
}

static int lend(struct host_sch *host, struct host_sch_client *client)
{
	struct subchannel *sch;
	struct device *dev;
	int rc;

	dev = bus_find_device(cio_driver.drv.bus, NULL, &host->id,
			      is_subchannel);
	if (!dev) {
		loan_ends(host);
		return -ENODEV;
	}
	sch = to_sch(dev);
	rc = take_offline(host, sch);
	if (rc) {
		loan_ends(host);
	} else {
		rc = attach(host, sch);
		if (rc)
			give_up(host, sch);
		else
			rc = enable(host, client);
	}
	put_device(dev);
	return rc;
}

/* Giving it back */

static int notice_driver(struct notifier_block *block, unsigned long action,
			 void *data)
{
	struct host_sch *host = container_of(block, struct host_sch, notifier);

	if (action == BUS_NOTIFY_BOUND_DRIVER && is_ccw_device(data, &host->id))
		complete(&host->bound);
	return NOTIFY_OK;
}

static int set_online(struct host_sch *host)
{
	struct device *dev = bus_find_device(host->ccw_bus, NULL, &host->id,
					     is_ccw_device);
	struct ccw_device *cdev;
	int rc = 0;

	if (!dev)
		return -ENODEV;
	cdev = to_ccwdev(dev);
	device_lock(dev);
	/* Somebody else may have done it. */
	if (!cdev->online)
		rc = ccw_device_set_online(cdev);
	device_unlock(dev);
	put_device(dev);
	return rc;
}

/*
 * A subchannel that has no device any more is not for the common I/O layer's own
 * driver: its probe() fails too late, and its remove() uses what there is not.  When
 * the device is back, the host makes a new subchannel.
 */
static bool is_there(struct subchannel *sch)
{
	bool there;

	spin_lock_irq(cio_lock(sch));
	there = !cio_update_schib(sch);
	if (!there)
		css_sched_sch_todo(sch, SCH_TODO_UNREG);
	spin_unlock_irq(cio_lock(sch));
	return there;
}

/*
 * Have the common I/O layer's own driver recognize the device, and set the device
 * online if it was.
 */
static void settle(struct host_sch *host, struct subchannel *sch)
{
	bool online;
	int rc;

	if (!is_there(sch))
		return;
	online = host->online &&
		 !bus_register_notifier(host->ccw_bus, &host->notifier);
	rc = device_attach(&sch->dev);
	if (!online)
		return;
	if (rc > 0)
		wait_for_completion_timeout(&host->bound, HOME_SECONDS * HZ);
	bus_unregister_notifier(host->ccw_bus, &host->notifier);
	rc = set_online(host);
	if (rc)
		pr_warn("0.%x.%04x: expected to set the device online again, found error %d; set it online in sysfs\n",
			host->id.ssid, host->id.devno, -rc);
}

static void home_work(struct work_struct *work)
{
	struct host_sch *host = container_of(work, struct host_sch, home_work);
	struct subchannel *sch = host->home;

	if (sch->dev.driver == &cio_driver.drv)
		device_release_driver(&sch->dev);
	set_override(sch, "");
	settle(host, sch);
	put_device(&sch->dev);
	loan_ends(host);
}

/* The seam */

struct host_sch *host_sch_take(const struct host_sch_id *id,
			       struct host_sch_client *client)
{
	struct host_sch *host;
	int rc;

	if (!capable(CAP_SYS_ADMIN))
		return ERR_PTR(-EPERM);
	host = kzalloc(sizeof(*host), GFP_KERNEL_ACCOUNT);
	if (!host)
		return ERR_PTR(-ENOMEM);
	__module_get(THIS_MODULE);
	host->id = *id;
	kref_init(&host->ref);
	spin_lock_init(&host->lock);
	init_completion(&host->answered);
	init_completion(&host->bound);
	INIT_WORK(&host->home_work, home_work);
	host->notifier.notifier_call = notice_driver;
	rc = loan_begins(host);
	if (!rc) {
		/* That of the loan; the first one is the client's. */
		kref_get(&host->ref);
		rc = lend(host, client);
	}
	if (!rc)
		return host;
	kref_put(&host->ref, host_free);
	return ERR_PTR(rc);
}

void host_sch_give_back(struct host_sch *host)
{
	const unsigned long flags = host_sch_lock(host);

	host->client = NULL;
	if (rcu_access_pointer(host->sch))
		cio_return(host);
	host_sch_unlock(host, flags);
	kref_put(&host->ref, host_free);
}

void host_sch_give_up(struct host_sch *host)
{
	const unsigned long flags = host_sch_lock(host);

	if (rcu_access_pointer(host->sch))
		cio_return(host);
	host_sch_unlock(host, flags);
}

struct workqueue_struct *host_sch_workqueue(void)
{
	return home_queue;
}

int __init host_sch_init(void)
{
	int rc;

	home_queue = alloc_workqueue(KBUILD_MODNAME, WQ_UNBOUND, 0);
	if (!home_queue)
		return -ENOMEM;
	isc_register(IO_SCH_ISC);
	rc = css_driver_register(&cio_driver);
	if (rc) {
		isc_unregister(IO_SCH_ISC);
		destroy_workqueue(home_queue);
	}
	return rc;
}

void host_sch_exit(void)
{
	destroy_workqueue(home_queue);
	css_driver_unregister(&cio_driver);
	isc_unregister(IO_SCH_ISC);
}

#endif /* KVM_CSS_CIO_KNOWN */
