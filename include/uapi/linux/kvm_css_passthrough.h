/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Devices of the host's that a VM has; a part of <linux/kvm_css.h>, which includes
 * this.  Documentation/user-abi.rst.
 */
#ifndef _UAPI_LINUX_KVM_CSS_PASSTHROUGH_H
#define _UAPI_LINUX_KVM_CSS_PASSTHROUGH_H

#include <linux/types.h>

/**
 * struct kvm_css_passthrough - a device of the host's
 * @size:	sizeof(struct kvm_css_passthrough)
 * @flags:	none defined, zero
 * @devno:	its device number in the host
 * @ssid:	its subchannel set in the host, 0 to 3
 * @reserved:	zero
 *
 * The host's driver must be able to set it offline.  The host gets it back when the
 * subchannel is removed.  Since version 7.
 */
struct kvm_css_passthrough {
	__u32 size;
	__u32 flags;
	__u16 devno;
	__u8  ssid;
	__u8  reserved[5];
};

#endif /* _UAPI_LINUX_KVM_CSS_PASSTHROUGH_H */
