// SPDX-License-Identifier: GPL-2.0
/*
 * Has KVM handle each fault of a guest's as that of a store.
 *
 * KVM of Linux 7 maps a page for fetching only until the guest stores into it.
 * The store is then a protection exception of the host's.  Hercules presents it
 * to the guest, as if a key or the guest's own tables forbade the store, and KVM
 * never gets it.  If the first fault is taken for that of a store, KVM maps the
 * page for stores at once, and there is no second one.  kvm_css doesn't need this
 * module, and neither does a machine whose SIE tells a host's exceptions from
 * those of a guest.
 *
 * It must be loaded before KVM is.  A KVM that handles faults in another way
 * isn't loaded then.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/ptrace.h>
#include <linux/string.h>
#include <linux/types.h>

#ifdef KVM_SOURCE
#include <linux/kvm_host.h>
#include "dat.h"
#endif
#include "../../../drivers/s390/kvm_css/host/btf.h"

#define HANDLER		"kvm_s390_faultin_gfn"
#define ARGUMENTS	"struct kvm_vcpu *, struct kvm *, struct guest_fault *"
#define FAULT_ARGUMENT	2

static struct kprobe probe;

/* Where in a struct guest_fault it says whether it is the fault of a store */
static u32 write_attempt;

static int fault_begins(struct kprobe *kprobe, struct pt_regs *regs)
{
	void *fault = (void *)regs_get_kernel_argument(regs, FAULT_ARGUMENT);

	*(bool *)(fault + write_attempt) = true;
	return 0;
}

#ifdef KVM_SOURCE

static int find_write_attempt(void)
{
	write_attempt = offsetof(struct guest_fault, write_attempt);
	return 0;
}

#else

/* The structure is KVM's own, but the kernel says what it looks like. */
static int find_write_attempt(void)
{
	struct btf_place place;
	struct btf_view view;
	int ret = btf_open(&view, "kvm");

	if (ret)
		return ret;
	if (btf_same_function(&view, HANDLER, "int", ARGUMENTS) > 0 &&
	    !btf_member(&view, "guest_fault", "write_attempt", &place) &&
	    place.size == sizeof(bool))
		write_attempt = place.bit / BITS_PER_BYTE;
	else
		ret = -ENOEXEC;
	btf_close(&view);
	return ret;
}

#endif

static int kvm_comes(void)
{
	int ret = find_write_attempt();

	/* Nothing must be left of an earlier use. */
	probe = (struct kprobe){ .symbol_name = HANDLER,
				 .pre_handler = fault_begins };
	if (!ret)
		ret = register_kprobe(&probe);
	if (ret)
		pr_err("expected %s(%s) in KVM, and write_attempt in struct guest_fault (error %d)\n",
		       HANDLER, ARGUMENTS, ret);
	return ret;
}

static int module_event(struct notifier_block *self, unsigned long event,
			void *data)
{
	const struct module *module = data;

	if (strcmp(module->name, "kvm"))
		return NOTIFY_DONE;
	if (event == MODULE_STATE_COMING)
		return notifier_from_errno(kvm_comes());
	if (event == MODULE_STATE_GOING)
		unregister_kprobe(&probe);
	return NOTIFY_DONE;
}

static struct notifier_block modules = {
	.notifier_call = module_event,
};

static int __init writefault_init(void)
{
	return register_module_notifier(&modules);
}

module_init(writefault_init);
MODULE_DESCRIPTION("Lab: stores of guests on a host that Hercules emulates");
MODULE_LICENSE("GPL");
