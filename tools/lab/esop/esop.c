// SPDX-License-Identifier: GPL-2.0
/*
 * Tells a host on Hercules that it has enhanced suppression on protection.
 *
 * Every machine that KVM runs on has that facility, and QEMU asks KVM for it
 * (KVM_CAP_S390_COW). Hercules doesn't report it. This is for that gap of
 * the emulator, and for the lab only: kvm_css needs none of it, and on real
 * hardware there is nothing to load this for.
 *
 * The facility says which access a protection exception was for. It still
 * doesn't: a guest's memory must not rely on being copied on write, so QEMU
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

/* What it did stays; the exit is there so that the module can be removed. */
static void __exit esop_exit(void)
{
}

module_init(esop_init);
module_exit(esop_exit);
MODULE_DESCRIPTION("Lab: reports ESOP on a host that Hercules emulates");
MODULE_LICENSE("GPL");
