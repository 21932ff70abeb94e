// SPDX-License-Identifier: GPL-2.0
/* The table of all types of devices, one row for each */
#include <linux/build_bug.h>
#include <linux/kernel.h>

#include <linux/kvm_css.h>

#include <kvm_css/device_type.h>

#include "devices.h"

/* The size of each argument in the version of the ABI that brought the type */
#define TEST_SIZE_V1	8
#define FBA_SIZE_V1	24
#define USER_SIZE_V6	56
#define ECKD_SIZE_V7	40
#define PASSTHROUGH_SIZE_V7 16

static_assert(sizeof(struct kvm_css_test) == TEST_SIZE_V1);
static_assert(sizeof(struct kvm_css_fba) == FBA_SIZE_V1);
static_assert(sizeof(struct kvm_css_user) == USER_SIZE_V6);
static_assert(sizeof(struct kvm_css_eckd) == ECKD_SIZE_V7);
static_assert(sizeof(struct kvm_css_passthrough) == PASSTHROUGH_SIZE_V7);

#define ARGUMENT_SIZE(member)	sizeof_field(struct kvm_css_device, member)

static const struct css_device_type device_types[] = {
	{ KVM_CSS_TYPE_TEST, ARGUMENT_SIZE(test), TEST_SIZE_V1, test_device_add },
	{ KVM_CSS_TYPE_FBA, ARGUMENT_SIZE(fba), FBA_SIZE_V1, fba_device_add },
	{ KVM_CSS_TYPE_USER, ARGUMENT_SIZE(user), USER_SIZE_V6, user_device_add },
	{ KVM_CSS_TYPE_ECKD, ARGUMENT_SIZE(eckd), ECKD_SIZE_V7, eckd_device_add },
	{ KVM_CSS_TYPE_PASSTHROUGH, ARGUMENT_SIZE(passthrough),
	  PASSTHROUGH_SIZE_V7, passthrough_device_add },
};

const struct css_device_type *device_type_at(unsigned int nr)
{
	return nr < ARRAY_SIZE(device_types) ? &device_types[nr] : NULL;
}

const struct css_device_type *device_type_find(u32 type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(device_types); i++)
		if (device_types[i].type == type)
			return &device_types[i];
	return NULL;
}
