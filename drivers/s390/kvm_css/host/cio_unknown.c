// SPDX-License-Identifier: GPL-2.0
/*
 * In place of cio.c and cio_lend.c, when the module is built for a kernel of which it
 * isn't known how the common I/O layer's structures look: no device of the host's can
 * be taken.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "cio_layout_found.h"

#ifndef KVM_CSS_CIO_KNOWN
#include <linux/err.h>
#include <linux/init.h>
#include <linux/printk.h>

#include <kvm_css/host_sch.h>

#include "host.h"

struct host_sch *host_sch_take(const struct host_sch_id *id,
			       struct host_sch_client *client)
{
	return ERR_PTR(-EOPNOTSUPP);
}

/* Nobody has a host_sch, so nobody calls what follows. */

void host_sch_give_back(struct host_sch *host)
{
}

void host_sch_give_up(struct host_sch *host)
{
}

struct workqueue_struct *host_sch_workqueue(void)
{
	return NULL;
}

const struct host_sch_identity *host_sch_identity(const struct host_sch *host)
{
	return NULL;
}

unsigned long host_sch_lock(struct host_sch *host)
{
	return 0;
}

void host_sch_unlock(struct host_sch *host, unsigned long flags)
{
}

ioinst_ending_t host_sch_start(struct host_sch *host, const struct css_orb *orb)
{
	return IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_resume(struct host_sch *host)
{
	return IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_halt(struct host_sch *host)
{
	return IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_clear(struct host_sch *host)
{
	return IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_cancel(struct host_sch *host)
{
	return IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_test(struct host_sch *host, struct css_irb *irb)
{
	return IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_store(struct host_sch *host, struct css_schib *schib)
{
	return IOINST_CC_NOT_OPERATIONAL;
}

ioinst_ending_t host_sch_modify(struct host_sch *host,
				const struct host_sch_modes *modes)
{
	return IOINST_CC_NOT_OPERATIONAL;
}

int __init host_sch_init(void)
{
	pr_info("no devices of the host's for guests: expected one of the layouts that host/cio_layout.h knows in this kernel's symbol versions, found none\n");
	return 0;
}

void host_sch_exit(void)
{
}

#endif /* !KVM_CSS_CIO_KNOWN */
