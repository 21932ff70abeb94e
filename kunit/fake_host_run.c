// SPDX-License-Identifier: GPL-2.0
/* A subchannel of the host's that executes programs, see fake_host_run.h. */
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/command.h>

#include "fake_host_memory.h"
#include "fake_host_run.h"
#include "short_names.h"

static cu_status_t run_command(struct css_device *dev, struct chanprog *cp,
			       u8 cmd)
{
	struct fake_host_run *run = container_of(dev, struct fake_host_run, dev);

	if (run->done == ARRAY_SIZE(run->cmds))
		return CU_STATUS(DSTAT_UNIT_CHECK);
	part_step_do(&run->steps[run->done], cp, run->storage.instead_arg);
	run->cmds[run->done++] = cmd;
	return CU_STATUS(CE_DE);
}

static const struct cu_ops run_ops = {
	.name = "of the host",
	.command = run_command,
};

/*
 * An interruption: whoever takes it executes TEST SUBCHANNEL.  Somebody else may have done
 * that meanwhile.
 */
static void interrupt(struct host_sch *host)
{
	unsigned long flags = host_sch_lock(host);
	struct css_irb irb;

	if (host->client && host_sch_test(host, &irb) == IOINST_CC_EXPECTED)
		host->client->ops->irb(host->client, &irb);
	host_sch_unlock(host, flags);
}

/* Status becomes pending.  STORE SUBCHANNEL shows @flags from then on. */
static void tell(struct fake_host_run *run, u32 flags,
		 const struct chanprog_ending *ending)
{
	struct css_irb irb;
	unsigned long irqs;

	fake_host_make(&irb, flags, ending->dstat, ending->cpa);
	irb.scsw.cstat = ending->cstat;
	irb.scsw.count = cpu_to_be16(ending->count);
	if (run->has_kept && run->pci == FAKE_PCI_TOGETHER) {
		irb.scsw.flags |= cpu_to_be32(SCSW_SC_INTERMEDIATE);
		irb.scsw.cstat |= CSTAT_PCI;
	} else if (run->has_kept) {
		fake_host_gives(run->host, &run->kept);
	}
	run->has_kept = false;
	irqs = host_sch_lock(run->host);
	run->host->schib.scsw.flags = cpu_to_be32(flags & SCSW_SC_PRIMARY ? 0 :
						  flags & ~SCSW_SC);
	host_sch_unlock(run->host, irqs);
	fake_host_gives(run->host, &irb);
	interrupt(run->host);
}

static void tell_pci(struct fake_host_run *run)
{
	struct chanprog_ending where;

	if (!(chanprog_intermediate(&run->cp) & CHANPROG_PCI))
		return;
	chanprog_position(&run->cp, &where);
	where.cstat = CSTAT_PCI;
	if (run->pci == FAKE_PCI_AT_ONCE) {
		tell(run, START | ACTIVE | INTERMEDIATE, &where);
		return;
	}
	fake_host_make(&run->kept, START | ACTIVE | INTERMEDIATE, 0, where.cpa);
	run->kept.scsw.cstat = CSTAT_PCI;
	run->has_kept = true;
}

/* As soon as the client is told, somebody may resume the program, or start another one. */
static void run_work(struct work_struct *work)
{
	struct fake_host_run *run = container_of(work, struct fake_host_run,
						 work);
	struct chanprog_ending where;

	for (;;) {
		switch (chanprog_run(&run->cp, CHANPROG_ON_WORKER)) {
		case CHANPROG_INTERMEDIATE:
			tell_pci(run);
			break;
		case CHANPROG_QUANTUM_USED:
			break;
		case CHANPROG_SUSPENDED:
			chanprog_position(&run->cp, &where);
			tell(run, SUSPENDED | INTERMEDIATE, &where);
			return;
		default:
			tell_pci(run);
			where = run->cp.ending;
			tell(run, START | (where.cstat ? CHECKED : ENDED), &where);
			return;
		}
	}
}

void fake_host_run_init(struct fake_host_run *run, struct host_sch *host,
			struct guest *guest)
{
	memset(run, 0, sizeof(*run));
	fake_host_init(&run->storage, guest);
	run->dev.ops = &run_ops;
	run->cp.guest = &run->storage;
	run->cp.dev = &run->dev;
	run->host = host;
	INIT_WORK(&run->work, run_work);
	host->run = run;
}

void fake_host_run_start(struct fake_host_run *run)
{
	const struct css_orb *orb = &run->host->orb;

	lockdep_assert_held(&run->host->lock);
	KUNIT_EXPECT_TRUE(run->host->test, chanprog_orb_valid(orb));
	chanprog_init(&run->cp, orb, &(struct chanprog_limit){});
	run->host->schib.scsw.flags = cpu_to_be32(START | ACTIVE);
	queue_work(system_unbound_wq, &run->work);
}

void fake_host_run_resume(struct fake_host_run *run)
{
	lockdep_assert_held(&run->host->lock);
	KUNIT_EXPECT_EQ(run->host->test, be32_to_cpu(run->host->schib.scsw.flags),
			SUSPENDED);
	chanprog_resume(&run->cp);
	run->host->schib.scsw.flags = cpu_to_be32(START | ACTIVE);
	queue_work(system_unbound_wq, &run->work);
}
