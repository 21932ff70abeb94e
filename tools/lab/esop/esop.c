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

static __u64 *machine_flags(void)
{
#ifdef S390_lowcore	/* a macro, until Linux 6.10 */
	return &S390_lowcore.machine_flags;
#else
	return &get_lowcore()->machine_flags;
#endif
}

static void report_esop(void *unused)
{
	*machine_flags() |= MACHINE_FLAG_ESOP;
}

static void hide_esop(void *unused)
{
	*machine_flags() &= ~MACHINE_FLAG_ESOP;
}

static int __init esop_init(void)
{
	on_each_cpu(report_esop, NULL, 1);
	return 0;
}

/* A QEMU that has started by then goes on: it has asked KVM once. */
static void __exit esop_exit(void)
{
	on_each_cpu(hide_esop, NULL, 1);
}

module_init(esop_init);
module_exit(esop_exit);
MODULE_DESCRIPTION("Lab: reports ESOP on a host that Hercules emulates");
MODULE_LICENSE("GPL");
