// SPDX-License-Identifier: GPL-2.0
/*
 * kvm_css: an in-kernel channel subsystem for KVM guests on s390x.
 *
 * This file has nothing but the module's init and exit.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>

#include <kvm_css/version.h>

#include "host/host.h"

static int __init kvm_css_init(void)
{
	int rc;

	rc = kvm_symbols_init();
	if (!rc)
		rc = kvm_check();
	if (rc)
		return rc;
	rc = host_sch_init();
	if (rc)
		return rc;
	rc = uapi_init();
	if (rc)
		host_sch_exit();
	return rc;
}

static void __exit kvm_css_exit(void)
{
	uapi_exit();
	host_sch_exit();
	takeover_exit();
}

module_init(kvm_css_init);
module_exit(kvm_css_exit);

MODULE_DESCRIPTION("In-kernel channel subsystem for KVM guests");
MODULE_LICENSE("GPL");
MODULE_VERSION(KVM_CSS_RELEASE);
