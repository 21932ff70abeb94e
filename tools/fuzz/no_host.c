// SPDX-License-Identifier: GPL-2.0
/* Here is no host that could lend a device, so KVM_CSS_ADD makes none. */
#include <linux/err.h>
#include <linux/errno.h>

#include "../../drivers/s390/kvm_css/devices/devices.h"

struct css_device *passthrough_device_add(const void *argument)
{
	return ERR_PTR(-EOPNOTSUPP);
}
