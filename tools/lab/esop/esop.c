// SPDX-License-Identifier: GPL-2.0
/*
 * Tells a host on Hercules that it has enhanced suppression on protection.
 *
 * Every machine that KVM runs on has that facility, and QEMU asks KVM for it
 * (KVM_CAP_S390_COW).  Hercules doesn't report it.  This module fills that gap
 * of the emulator, for the lab only: kvm_css doesn't need it, and real hardware
 * doesn't need this module.
 *
 * The facility would also say which access caused a protection exception.  That
 * is still missing: a guest's memory must not rely on copy on write, so QEMU
 * gets it shared and allocated beforehand.
 */
#include <linux/module.h>
#include <linux/smp.h>
#include <asm/lowcore.h>
#include <asm/setup.h>

static void report_esop(void *unused)
{
#ifdef S390_lowcore	/* a macro, until Linux 6.10 */
	S390_lowcore.machine_flags |= MACHINE_FLAG_ESOP;
#else
	get_lowcore()->machine_flags |= MACHINE_FLAG_ESOP;
#endif
}

static int __init esop_init(void)
{
	on_each_cpu(report_esop, NULL, 1);
	return 0;
}

/* The exit undoes nothing; it only lets the module be removed. */
static void __exit esop_exit(void)
{
}

module_init(esop_init);
module_exit(esop_exit);
MODULE_DESCRIPTION("Lab: reports ESOP on a host that Hercules emulates");
MODULE_LICENSE("GPL");
