// SPDX-License-Identifier: GPL-2.0
/*
 * I/O instructions that name no subchannel: Principles of Operation chapter 14.
 */
#include <linux/kernel.h>

#include <kvm_css/css.h>
#include <kvm_css/guest.h>
#include <kvm_css/ioinst.h>

ioinst_ending_t ioinst_css_wide(struct css *css, struct css_vcpu *vcpu,
				const struct ioinst *insn)
{
	return IOINST_USERSPACE;
}
