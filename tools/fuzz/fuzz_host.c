// SPDX-License-Identifier: GPL-2.0
/*
 * Subchannels of the host's that are lent, see fuzz_host.h.
 *
 * Condition codes and status are the fuzzer's input, and may be anything.  When the
 * input has ended, the host answers condition code 0, and ends each function normally.
 * It keeps two rules, without which nobody could use a channel subsystem: it accepts no
 * program while it is executing one, and STORE SUBCHANNEL says whether it is.
 *
 * What is checked: the program that a device may execute is there, and its device is
 * given back only when it executes none, or when it couldn't be stopped.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <kvm_css/ccw.h>
#include <kvm_css/host_sch.h>

#include <linux/kvm_css.h>

#include "devices/devices.h"
#include "devices/passthrough/internal.h"
#include "devices/passthrough/passthrough.h"
#include "fake_host_memory.h"
#include "fuzz_host.h"

#define SOON_NS		1000000
#define PUMPS		10000

#define START		SCSW_FC_START
#define HALT		SCSW_FC_HALT
#define CLEAR		SCSW_FC_CLEAR
#define PENDING		SCSW_SC_PENDING
#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define ENDED		(SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | PENDING)
#define INTERMEDIATE	(SCSW_SC_INTERMEDIATE | PENDING)

/* The first byte of an answer: bit 3 says that the others count */
#define ANSWER_ANY	0x10
#define ANSWER_OPERAND	0x20

/* The first byte of a status */
#define STATUS_ANY	0x80	/* four bytes of flags follow */
#define STATUS_BYTES	0x40	/* device and subchannel status follow */
#define STATUS_MORE	0x20	/* extended status, and where */
#define STATUS_KIND	0x0f

/* A device that couldn't be stopped */
struct abandoned {
	struct list_head entry;
	struct passthrough *pt;
	bool active;
	u32 at;
};

/**
 * struct host_sch - a subchannel of the host's
 * @entry: in the list of loans
 * @client: who is told; NULL when the device is gone
 * @lock: what host_sch_lock() takes
 * @identity: the device
 * @functions: function control; what isn't zero is in progress
 * @suspended: the program is suspended
 * @active: the device may execute the program
 * @at: absolute address of the CCW at which it is
 * @irbs: how much status there is
 * @pam: path-available mask
 * @given_up: it is to be taken away
 * @left: what is remembered if the device can't be stopped
 * @timer: ends functions, and takes the device away
 */
struct host_sch {
	struct list_head entry;
	struct host_sch_client *client;
	spinlock_t lock;	/* see host_sch_lock() */
	struct host_sch_identity identity;
	u32 functions;
	bool suspended;
	bool active;
	u32 at;
	unsigned int irbs;
	u8 pam;
	bool given_up;
	struct abandoned *left;
	struct hrtimer timer;
};

static struct list_head loans, abandoned;
static struct workqueue_struct *queue;
static struct fuzz_guest *guest;
static struct fuzz_input *script;

/* Some status that there is, without function control */
static const u32 kinds[STATUS_KIND + 1] = {
	ENDED,
	SCSW_SC_ALERT | ENDED,
	SCSW_AC_DEVICE_ACTIVE | SCSW_SC_PRIMARY | PENDING,
	SCSW_AC_DEVICE_ACTIVE | SCSW_SC_ALERT | SCSW_SC_PRIMARY | PENDING,
	ACTIVE | INTERMEDIATE,
	SCSW_AC_SUSPENDED | INTERMEDIATE,
	SCSW_SC_SECONDARY | PENDING,
	SCSW_SC_ALERT | PENDING,
	PENDING,
	SCSW_DEFERRED_CC1 | SCSW_AC_START_PENDING | PENDING,
	SCSW_AC_SUSPENDED | INTERMEDIATE,
	SCSW_DEFERRED_CC1 | SCSW_AC_START_PENDING | SCSW_SC_ALERT | PENDING,
	SCSW_DEFERRED_CC3 | SCSW_AC_START_PENDING | SCSW_SC_ALERT | ENDED,
	ACTIVE | SCSW_ZERO_CC | INTERMEDIATE,
	SCSW_EXTENDED | SCSW_SC_ALERT | ENDED,
	SCSW_ESW_FORMAT | SCSW_SC_ALERT | ENDED,
};

static void soon(struct host_sch *host)
{
	hrtimer_start(&host->timer, SOON_NS, HRTIMER_MODE_REL);
}

/* Whether there is a CCW; then @ccw is filled in. */
static bool fetch(u32 at, struct css_ccw1 *ccw)
{
	return fake_host_access(&guest->guest, at, ccw, sizeof(*ccw), false) ==
	       GUEST_ACCESS_OK;
}

/* Status */

/* A CCW address: near the CCW at which the program is, or anywhere */
static u32 take_cpa(const struct host_sch *host)
{
	u8 how = take8_back(script);

	if (how & 0x80)
		return take8_back(script) << 16 | how;
	return host->at + ((how & 7) + 1) * CCW_SIZE;
}

static void take_extended(struct host_sch *host, struct css_irb *irb)
{
	u8 how = take8_back(script);

	irb->esw.word0 = cpu_to_be32((u32)how << 24 | take8_back(script) << 16 |
				     take8_back(script));
	irb->esw.erw = cpu_to_be32((u32)take8_back(script) << 24 |
				   take8_back(script) << 16);
	irb->esw.failing = cpu_to_be64(how & 1 ? take_cpa(host) :
					(u64)take_cpa(host) << 32);
	irb->esw.secondary = cpu_to_be32(take_cpa(host));
}

/*
 * What the status says of the program, as the architecture has it.  If it says that the
 * program is suspended where no CCW is, the device is still where it was.
 */
static void status_says(struct host_sch *host, u32 flags, u32 cpa)
{
	struct css_ccw1 ccw;

	if (!(flags & PENDING) || !(flags & SCSW_FC))
		return;
	if ((flags & SCSW_SC) == INTERMEDIATE) {
		if (flags & SCSW_AC_SUSPENDED && host->active) {
			host->suspended = true;
			if (cpa - CCW_SIZE - host->at <= 8 * CCW_SIZE &&
			    fetch(cpa - CCW_SIZE, &ccw))
				host->at = cpa - CCW_SIZE;
		}
		return;
	}
	if (!(flags & (SCSW_SC_PRIMARY | SCSW_DEFERRED_CC | HALT | CLEAR)))
		return;
	host->functions = 0;
	host->suspended = false;
	host->active = false;
}

static void make_irb(struct host_sch *host, struct css_irb *irb)
{
	u8 how = take8_back(script);
	u32 flags = kinds[how & STATUS_KIND] | host->functions;
	u32 cpa = host->at + CCW_SIZE;

	memset(irb, 0, sizeof(*irb));
	/* Without input, each function has the end that it must have. */
	if (!how && (host->functions & CLEAR || !host->functions))
		flags = host->functions | PENDING |
			(host->functions ? 0 : SCSW_SC_ALERT);
	if (how & STATUS_ANY)
		flags = (u32)take8_back(script) << 24 | take8_back(script) << 16 |
			take8_back(script) << 8 | take8_back(script);
	if (how & STATUS_MORE) {
		cpa = take_cpa(host);
		take_extended(host, irb);
	}
	if (how & STATUS_BYTES) {
		irb->scsw.dstat = take8_back(script);
		irb->scsw.cstat = take8_back(script);
	}
	irb->scsw.flags = cpu_to_be32(flags);
	irb->scsw.cpa = cpu_to_be32(cpa);
	if (host->irbs)
		host->irbs--;
	status_says(host, flags, cpa);
	/* There will be more. */
	if (host->functions)
		soon(host);
}

static void interrupt(struct host_sch *host)
{
	struct css_irb irb;

	make_irb(host, &irb);
	host->client->ops->irb(host->client, &irb);
}

/* The device is taken away */

static void goes(struct host_sch *host, bool quiet)
{
	struct host_sch_client *client = host->client;
	struct abandoned *left = host->left;

	host->client = NULL;
	if (quiet) {
		host->active = false;
	} else {
		host->left = NULL;
		left->pt = container_of(client, struct passthrough, client);
		left->active = host->active;
		left->at = host->at;
		list_add_tail(&left->entry, &abandoned);
	}
	host->functions = 0;
	client->ops->gone(client, quiet);
}

static enum hrtimer_restart expired(struct hrtimer *timer)
{
	struct host_sch *host = container_of(timer, struct host_sch, timer);

	if (!host->client)
		return HRTIMER_NORESTART;
	spin_lock(&host->lock);
	if (host->given_up)
		goes(host, !(take8_back(script) & 1));
	else if (host->functions)
		interrupt(host);
	spin_unlock(&host->lock);
	return HRTIMER_NORESTART;
}

void fuzz_host_tell(struct css_device *dev, u8 what)
{
	const struct passthrough *pt;
	struct host_sch *host;

	if (!dev->ops->backend || dev->ops->type != KVM_CSS_TYPE_PASSTHROUGH)
		return;
	pt = container_of(dev, struct passthrough, dev);
	list_for_each_entry(host, &loans, entry) {
		if (host != pt->host || !host->client)
			continue;
		spin_lock(&host->lock);
		switch (what & 0x0f) {
		case 0:
			goes(host, what & 0x80);
			break;
		case 1:
			host->functions = 0;
			host->active = false;
			host->suspended = false;
			host->irbs = 0;
			host->client->ops->initialized(host->client);
			break;
		case 2:
			host->pam = take8_back(script);
			host->client->ops->paths(host->client);
			break;
		case 3:
			host->irbs++;
			break;
		default:
			interrupt(host);
		}
		spin_unlock(&host->lock);
		return;
	}
}

/* The instructions; the lock is held. */

static ioinst_ending_t answer(struct host_sch *host, u8 *how)
{
	lockdep_assert_held(&host->lock);
	*how = take8_back(script);
	if (!host->client)
		return IOINST_CC_NOT_OPERATIONAL;
	return *how & ANSWER_ANY ? IOINST_CC(*how & 3) : IOINST_CC_EXPECTED;
}

/* A path-group ID, of which the first byte counts */
static void sense_path_group(struct host_sch *host, const struct css_ccw1 *ccw)
{
	struct passthrough *pt = container_of(host->client, struct passthrough,
					      client);
	const struct host_memory *memory = &pt->reset.memory;
	u32 data = be32_to_cpu(ccw->cda) - memory->addr;

	if (host->at == memory->addr && ccw->cmd == 0x34 && data < memory->size)
		memory->bytes[data] = take8_back(script);
}

ioinst_ending_t host_sch_start(struct host_sch *host, const struct css_orb *orb)
{
	struct css_ccw1 ccw;
	u8 how;
	ioinst_ending_t cc = answer(host, &how);

	if (how & ANSWER_ANY && how & ANSWER_OPERAND && host->client)
		return IOINST_OPERAND;
	if (cc == IOINST_CC_EXPECTED && (host->functions || host->active))
		return IOINST_CC_BUSY;
	if (cc != IOINST_CC_EXPECTED)
		return cc;
	host->functions = START;
	host->suspended = false;
	host->active = true;
	host->at = be32_to_cpu(orb->cpa);
	shim_assert(fetch(host->at, &ccw));
	sense_path_group(host, &ccw);
	soon(host);
	return cc;
}

ioinst_ending_t host_sch_resume(struct host_sch *host)
{
	struct css_ccw1 ccw;
	u8 how;
	ioinst_ending_t cc = answer(host, &how);

	if (cc == IOINST_CC_EXPECTED && (host->functions != START || !host->active))
		return IOINST_CC_BUSY;
	if (cc != IOINST_CC_EXPECTED)
		return cc;
	host->suspended = false;
	shim_assert(fetch(host->at, &ccw));
	if (ccw.cmd == CCW_CMD_TIC)
		host->at = be32_to_cpu(ccw.cda);
	shim_assert(fetch(host->at, &ccw));
	soon(host);
	return cc;
}

ioinst_ending_t host_sch_halt(struct host_sch *host)
{
	u8 how;
	ioinst_ending_t cc = answer(host, &how);

	if (cc == IOINST_CC_EXPECTED) {
		host->functions |= HALT;
		soon(host);
	}
	return cc;
}

/* It may not end, which is not seen at once. */
ioinst_ending_t host_sch_clear(struct host_sch *host)
{
	u8 how;
	ioinst_ending_t cc = answer(host, &how);

	if (cc == IOINST_CC_NOT_OPERATIONAL)
		return cc;
	host->functions = CLEAR;
	host->suspended = false;
	host->irbs = 0;
	if ((how & (ANSWER_ANY | ANSWER_OPERAND)) != (ANSWER_ANY | ANSWER_OPERAND))
		soon(host);
	else
		hrtimer_cancel(&host->timer);
	return IOINST_CC_EXPECTED;
}

ioinst_ending_t host_sch_cancel(struct host_sch *host)
{
	u8 how;
	ioinst_ending_t cc = answer(host, &how);

	if (cc == IOINST_CC_EXPECTED && host->functions != START)
		return IOINST_CC_BUSY;
	if (cc == IOINST_CC_EXPECTED) {
		host->functions = 0;
		host->active = false;
		host->suspended = false;
	}
	return cc;
}

ioinst_ending_t host_sch_test(struct host_sch *host, struct css_irb *irb)
{
	lockdep_assert_held(&host->lock);
	if (!host->client)
		return IOINST_CC_NOT_OPERATIONAL;
	if (!host->irbs)
		return IOINST_CC_NOT_STATUS_PENDING;
	make_irb(host, irb);
	return IOINST_CC_EXPECTED;
}

ioinst_ending_t host_sch_store(struct host_sch *host, struct css_schib *schib)
{
	u32 flags = host->functions;

	lockdep_assert_held(&host->lock);
	if (!host->client)
		return IOINST_CC_NOT_OPERATIONAL;
	memset(schib, 0, sizeof(*schib));
	if (host->active)
		flags |= host->suspended ? SCSW_AC_SUSPENDED : ACTIVE;
	if (host->irbs)
		flags |= PENDING;
	schib->scsw.flags = cpu_to_be32(flags);
	schib->pmcw.pim = 0xff;
	schib->pmcw.pam = host->pam;
	schib->pmcw.pom = 0xff;
	return IOINST_CC_EXPECTED;
}

ioinst_ending_t host_sch_modify(struct host_sch *host,
				const struct host_sch_modes *modes)
{
	u8 how;
	ioinst_ending_t cc = answer(host, &how);

	if (how & ANSWER_ANY && how & ANSWER_OPERAND && host->client)
		return IOINST_OPERAND;
	return cc;
}

unsigned long host_sch_lock(struct host_sch *host)
{
	spin_lock(&host->lock);
	return 0;
}

void host_sch_unlock(struct host_sch *host, unsigned long flags)
{
	spin_unlock(&host->lock);
}

const struct host_sch_identity *host_sch_identity(const struct host_sch *host)
{
	return &host->identity;
}

struct workqueue_struct *host_sch_workqueue(void)
{
	return queue;
}

/* Lending */

struct host_sch *host_sch_take(const struct host_sch_id *id,
			       struct host_sch_client *client)
{
	static const u16 types[] = { 0x3390, 0x3370, 0x3480, 0x1403 };
	struct host_sch *host = kzalloc(sizeof(*host), GFP_KERNEL);

	if (!host)
		return ERR_PTR(-ENOMEM);
	host->left = kzalloc(sizeof(*host->left), GFP_KERNEL);
	if (!host->left) {
		kfree(host);
		return ERR_PTR(-ENOMEM);
	}
	host->client = client;
	host->pam = 0x80;
	host->identity.dev_type = types[take8_back(script) & 3];
	spin_lock_init(&host->lock);
	hrtimer_init(&host->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	host->timer.function = expired;
	list_add_tail(&host->entry, &loans);
	return host;
}

void host_sch_give_up(struct host_sch *host)
{
	shim_might_sleep();
	host->given_up = true;
	if (host->client)
		soon(host);
}

void host_sch_give_back(struct host_sch *host)
{
	shim_might_sleep();
	shim_assert(!host->active || !host->client);
	shim_assert(!host->functions);
	hrtimer_cancel(&host->timer);
	list_del(&host->entry);
	kfree(host->left);
	kfree(host);
}

struct css_device *fuzz_host_create(void)
{
	const struct kvm_css_passthrough arg = { .size = sizeof(arg) };

	return passthrough_device_add(&arg);
}

/* A run */

void fuzz_host_check(void)
{
	const struct abandoned *left;
	const struct host_sch *host;
	struct css_ccw1 ccw;

	list_for_each_entry(host, &loans, entry)
		if (host->active && host->client)
			shim_assert(fetch(host->at, &ccw));
	list_for_each_entry(left, &abandoned, entry)
		if (left->active)
			shim_assert(fetch(left->at, &ccw));
}

void fuzz_host_begin(struct fuzz_guest *new, struct fuzz_input *in)
{
	guest = new;
	script = in;
	INIT_LIST_HEAD(&loans);
	INIT_LIST_HEAD(&abandoned);
	queue = shim_workqueue_alloc();
	shim_assert(queue);
}

/* A device that couldn't be stopped keeps all for ever; here this is the end of it. */
static void free_abandoned(struct abandoned *left)
{
	struct passthrough *pt = left->pt;

	shim_assert(pt->ref.count == 1);
	pt->abandoned = false;
	spin_lock(&pt->lock);
	run_idle(pt, true);
	spin_unlock(&pt->lock);
	run_free_left(pt);
	passthrough_put(pt);
	list_del(&left->entry);
	kfree(left);
}

void fuzz_host_end(void)
{
	struct abandoned *left, *next;
	unsigned int pumps = PUMPS;

	while (!list_empty(&loans)) {
		shim_assert(pumps--);
		shim_assert(shim_pump(true));
	}
	list_for_each_entry_safe(left, next, &abandoned, entry)
		free_abandoned(left);
	shim_workqueue_destroy(queue);
	shim_assert(!guest->guest.pinned);
	shim_assert(!fake_host_memory_used());
}
