// SPDX-License-Identifier: GPL-2.0
/*
 * Lets a host on Hercules survive channel reports.
 *
 * Since 5.11, Linux stops at a machine check whose interruption code doesn't
 * say that the vector registers are valid, even if there are none.  Hercules
 * has none, and doesn't say so.  So the host would stop as soon as a device is
 * detached from the emulator.  kvm_css doesn't need this module, and neither
 * does a real machine.
 *
 * The machine check for a channel report is disabled on each CPU.  In its place
 * the host is told ten times a second that there may be reports.  It then
 * fetches by STORE CHANNEL REPORT WORD those that there are.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#define CHANNEL_REPORT_MASK	BIT_ULL(63 - 35)	/* in control register 14 */
#define POLL_JIFFIES		(HZ / 10)

static void (*handle_channel_report)(void);
static void poll_reports(struct work_struct *work);
static DECLARE_DELAYED_WORK(poll, poll_reports);

static void poll_reports(struct work_struct *work)
{
	handle_channel_report();
	schedule_delayed_work(&poll, POLL_JIFFIES);
}

static void enable_machine_check(void *enable)
{
	u64 cr14;

	asm volatile("stctg 14,14,%0" : "=Q" (cr14));
	if (enable)
		cr14 |= CHANNEL_REPORT_MASK;
	else
		cr14 &= ~CHANNEL_REPORT_MASK;
	asm volatile("lctlg 14,14,%0" : : "Q" (cr14));
}

/* The function isn't exported; a kprobe that is never armed says where it is. */
static int find_handler(void)
{
	struct kprobe probe = {
		.symbol_name = "crw_handle_channel_report",
		.flags = KPROBE_FLAG_DISABLED,
	};
	int ret = register_kprobe(&probe);

	if (ret)
		return ret;
	handle_channel_report = (void (*)(void))probe.addr;
	unregister_kprobe(&probe);
	return 0;
}

static int __init crwpoll_init(void)
{
	int ret = find_handler();

	if (ret) {
		pr_err("no crw_handle_channel_report in this kernel\n");
		return ret;
	}
	on_each_cpu(enable_machine_check, NULL, 1);
	schedule_delayed_work(&poll, POLL_JIFFIES);
	return 0;
}

static void __exit crwpoll_exit(void)
{
	cancel_delayed_work_sync(&poll);
	on_each_cpu(enable_machine_check, (void *)1, 1);
}

module_init(crwpoll_init);
module_exit(crwpoll_exit);
MODULE_DESCRIPTION("Lab: fetches channel reports without machine checks");
MODULE_LICENSE("GPL");
