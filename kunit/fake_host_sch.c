// SPDX-License-Identifier: GPL-2.0
/* A subchannel of the host's, see fake_host_sch.h. */
#include <linux/err.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <kvm_css/ccw.h>
#include <kvm_css/timer.h>

#include "fake_host_run.h"
#include "fake_host_sch.h"
#include "short_names.h"

#define SOON_NS		100000

/* What host_sch_take() gives */
static struct host_sch *lends;

void fake_host_make(struct css_irb *irb, u32 flags, u8 dstat, u32 cpa)
{
	memset(irb, 0, sizeof(*irb));
	irb->scsw.flags = cpu_to_be32(flags);
	irb->scsw.cpa = cpu_to_be32(cpa);
	irb->scsw.dstat = dstat;
	irb->esw.word0 = cpu_to_be32(FAKE_HOST_PATH << LOGOUT_LPUM_SHIFT);
}

void fake_host_interrupt(struct host_sch *host, const struct css_irb *irb)
{
	unsigned long flags = host_sch_lock(host);

	if (host->client)
		host->client->ops->irb(host->client, irb);
	host_sch_unlock(host, flags);
}

void fake_host_gives(struct host_sch *host, const struct css_irb *irb)
{
	unsigned long flags = host_sch_lock(host);

	KUNIT_ASSERT_LT(host->test, host->nr_irbs, FAKE_HOST_IRBS);
	host->irbs[host->nr_irbs++] = *irb;
	host_sch_unlock(host, flags);
}

void fake_host_paths(struct host_sch *host, u8 pam, u8 pom)
{
	unsigned long flags = host_sch_lock(host);

	host->schib.pmcw.pim = 0xff;
	host->schib.pmcw.pam = pam;
	host->schib.pmcw.pom = pom;
	if (host->client)
		host->client->ops->paths(host->client);
	host_sch_unlock(host, flags);
}

void fake_host_initialized(struct host_sch *host)
{
	unsigned long flags = host_sch_lock(host);

	host->nr_irbs = 0;
	host->ends = 0;
	host->schib.scsw.flags = 0;
	if (host->client)
		host->client->ops->initialized(host->client);
	host_sch_unlock(host, flags);
}

void fake_host_goes(struct host_sch *host, bool quiet)
{
	unsigned long flags = host_sch_lock(host);
	int insn;

	for (insn = 0; insn < HOST_INSNS; insn++)
		host->answers[insn] = IOINST_CC_NOT_OPERATIONAL;
	host->obliging = false;
	if (host->client)
		host->client->ops->gone(host->client, quiet);
	host_sch_unlock(host, flags);
}

/* The end of a function by itself */
static enum hrtimer_restart expired(struct hrtimer *timer)
{
	struct host_sch *host = container_of(timer, struct host_sch, timer);
	u32 functions;
	struct css_irb irb;

	spin_lock(&host->lock);
	functions = host->ends;
	host->ends = 0;
	if (functions & CLEAR)
		fake_host_make(&irb, CLEAR | SCSW_SC_PENDING, 0, 0);
	else
		fake_host_make(&irb, functions | ENDED, CE_DE,
			       be32_to_cpu(host->orb.cpa) + CCW_SIZE);
	if (functions && host->client)
		host->client->ops->irb(host->client, &irb);
	spin_unlock(&host->lock);
	return HRTIMER_NORESTART;
}

/* The instructions; the lock is held. */

static ioinst_ending_t answer(struct host_sch *host, enum fake_host_insn insn)
{
	ioinst_ending_t cc = host->answers[insn];
	struct css_irb irb;

	lockdep_assert_held(&host->lock);
	KUNIT_EXPECT_TRUE(host->test, host->taken);
	host->asked[insn]++;
	if (cc != IOINST_CC_STATUS_PRESENT)
		return cc;
	if (host->late && host->nr_irbs < FAKE_HOST_IRBS) {
		fake_host_make(&irb, host->late, 0, 0);
		host->irbs[host->nr_irbs++] = irb;
	}
	if (host->once)
		host->answers[insn] = IOINST_CC_EXPECTED;
	return cc;
}

static void ends(struct host_sch *host, u32 functions)
{
	if (!host->obliging || (host->silent && functions & CLEAR))
		return;
	host->ends = functions;
	hrtimer_start(&host->timer, SOON_NS, HRTIMER_MODE_REL_HARD);
}

/* Execute a program of the module's own, as far as it is known here. */
static void execute(struct host_sch *host)
{
	const struct css_ccw1 *ccw = (const void *)host->own->bytes;
	u32 data;

	if (!host->obliging ||
	    be32_to_cpu(host->orb.cpa) != host->own->addr)
		return;
	data = be32_to_cpu(ccw->cda) - host->own->addr;
	if (host->nr_programs == FAKE_HOST_PROGRAMS)
		return;
	host->operands[host->nr_programs] = host->own->bytes[data];
	host->paths[host->nr_programs] = be32_to_cpu(host->orb.flags) >>
					 ORB_LPM_SHIFT;
	host->programs[host->nr_programs++] = ccw->cmd;
	if (ccw->cmd == 0x34)
		host->own->bytes[data] = host->snid;
}

ioinst_ending_t host_sch_start(struct host_sch *host, const struct css_orb *orb)
{
	ioinst_ending_t cc = answer(host, HOST_SSCH);

	if (cc != IOINST_CC_EXPECTED)
		return cc;
	if (host->obliging && !((u8)(be32_to_cpu(orb->flags) >> ORB_LPM_SHIFT) &
				host->schib.pmcw.pam))
		return IOINST_CC_NOT_OPERATIONAL;
	host->orb = *orb;
	execute(host);
	ends(host, START);
	if (host->run && !host->obliging)
		fake_host_run_start(host->run);
	return cc;
}

ioinst_ending_t host_sch_resume(struct host_sch *host)
{
	ioinst_ending_t cc = answer(host, HOST_RSCH);

	if (cc == IOINST_CC_EXPECTED && host->run)
		fake_host_run_resume(host->run);
	return cc;
}

ioinst_ending_t host_sch_halt(struct host_sch *host)
{
	ioinst_ending_t cc = answer(host, HOST_HSCH);

	if (cc == IOINST_CC_EXPECTED)
		ends(host, host->ends | HALT);
	return cc;
}

ioinst_ending_t host_sch_clear(struct host_sch *host)
{
	ioinst_ending_t cc = answer(host, HOST_CSCH);

	if (cc == IOINST_CC_EXPECTED) {
		host->nr_irbs = 0;
		ends(host, CLEAR);
	}
	return cc;
}

ioinst_ending_t host_sch_cancel(struct host_sch *host)
{
	return answer(host, HOST_XSCH);
}

ioinst_ending_t host_sch_test(struct host_sch *host, struct css_irb *irb)
{
	lockdep_assert_held(&host->lock);
	KUNIT_EXPECT_TRUE(host->test, host->taken);
	if (!host->nr_irbs)
		return IOINST_CC_NOT_STATUS_PENDING;
	*irb = host->irbs[0];
	host->nr_irbs--;
	memmove(host->irbs, host->irbs + 1, host->nr_irbs * sizeof(*irb));
	return IOINST_CC_EXPECTED;
}

ioinst_ending_t host_sch_store(struct host_sch *host, struct css_schib *schib)
{
	ioinst_ending_t cc = answer(host, HOST_STSCH);

	if (cc == IOINST_CC_EXPECTED)
		*schib = host->schib;
	return cc;
}

ioinst_ending_t host_sch_modify(struct host_sch *host,
				const struct host_sch_modes *modes)
{
	ioinst_ending_t cc = answer(host, HOST_MSCH);

	if (cc == IOINST_CC_EXPECTED)
		host->modes = *modes;
	return cc;
}

unsigned long host_sch_lock(struct host_sch *host) __acquires(&host->lock)
{
	unsigned long flags;

	spin_lock_irqsave(&host->lock, flags);
	return flags;
}

void host_sch_unlock(struct host_sch *host, unsigned long flags)
	__releases(&host->lock)
{
	spin_unlock_irqrestore(&host->lock, flags);
}

const struct host_sch_identity *host_sch_identity(const struct host_sch *host)
{
	return &host->identity;
}

struct workqueue_struct *host_sch_workqueue(void)
{
	return system_unbound_wq;
}

void host_sch_give_up(struct host_sch *host)
{
	KUNIT_EXPECT_TRUE(host->test, host->taken);
	WRITE_ONCE(host->given_up, host->given_up + 1);
}

/* Lending */

struct host_sch *fake_host_sch_init(struct kunit *test)
{
	struct host_sch *host;
	int insn;

	host = kunit_kzalloc(test, sizeof(*host), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, host);
	host->test = test;
	spin_lock_init(&host->lock);
	for (insn = 0; insn < HOST_INSNS; insn++)
		host->answers[insn] = IOINST_CC_EXPECTED;
	css_timer_init(&host->timer, expired, HRTIMER_MODE_REL_HARD);
	host->schib.pmcw.pim = FAKE_HOST_PATH;
	host->schib.pmcw.pam = FAKE_HOST_PATH;
	host->schib.pmcw.pom = 0xff;
	lends = host;
	return host;
}

struct host_sch *host_sch_take(const struct host_sch_id *id,
			       struct host_sch_client *client)
{
	struct host_sch *host = lends;

	if (!host || host->taken)
		return ERR_PTR(-EBUSY);
	host->client = client;
	host->taken = true;
	return host;
}

void host_sch_give_back(struct host_sch *host)
{
	might_sleep();
	hrtimer_cancel(&host->timer);
	spin_lock_irq(&host->lock);
	KUNIT_EXPECT_TRUE(host->test, host->taken);
	host->client = NULL;
	host->taken = false;
	host->backs++;
	spin_unlock_irq(&host->lock);
}
