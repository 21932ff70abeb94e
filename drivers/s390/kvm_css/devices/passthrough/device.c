// SPDX-License-Identifier: GPL-2.0
/* A device of the host's, as KVM_CSS_ADD and KVM_CSS_GET_DEVICE see it */
#include <linux/err.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/control_unit.h>

#include "../devices.h"
#include "passthrough.h"

#define MAX_SSID	3

static int passthrough_describe(const struct css_device *dev,
				struct kvm_css_device *device)
{
	const struct host_sch_id *id = passthrough_id(dev);

	device->passthrough = (struct kvm_css_passthrough){
		.size = sizeof(device->passthrough),
		.devno = id->devno,
		.ssid = id->ssid,
	};
	return 0;
}

static const struct cu_ops passthrough_ops = {
	.name = "passthrough",
	.type = KVM_CSS_TYPE_PASSTHROUGH,
	.describe = passthrough_describe,
	.release = passthrough_release,
	.backend = passthrough_backend,
};

struct css_device *passthrough_device_add(const void *argument)
{
	const struct kvm_css_passthrough *arg = argument;
	const struct host_sch_id id = {
		.ssid = arg->ssid, .devno = arg->devno,
	};

	if (arg->flags || arg->ssid > MAX_SSID ||
	    memchr_inv(arg->reserved, 0, sizeof(arg->reserved)))
		return ERR_PTR(-EINVAL);
	return passthrough_new(&id, &passthrough_ops);
}
