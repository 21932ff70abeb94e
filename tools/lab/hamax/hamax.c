// SPDX-License-Identifier: GPL-2.0
/*
 * Tells a host on Hercules how much storage a guest of its may have.
 *
 * A machine reports the highest address that SIE lets a guest have.  Hercules
 * reports none, and Linux then takes it to be 2^64 - 1.  KVM of Linux 7 adds one
 * to that and finds that a guest may have no storage at all, so that every
 * KVM_SET_USER_MEMORY_REGION ends with EINVAL.  KVM of Linux 6 looks for that
 * value first.  kvm_css doesn't need this module, and neither does a machine
 * that reports the address.
 */
#include <linux/limits.h>
#include <linux/module.h>
#include <asm/sclp.h>

/* What machines report that have region-second tables for guests */
#define HIGHEST	(BIT_ULL(53) - 1)

static int __init hamax_init(void)
{
	if (sclp.hamax == U64_MAX)
		sclp.hamax = HIGHEST;
	return 0;
}

module_init(hamax_init);
MODULE_DESCRIPTION("Lab: reports a guest's highest address on a host that Hercules emulates");
MODULE_LICENSE("GPL");
