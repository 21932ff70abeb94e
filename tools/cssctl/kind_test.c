// SPDX-License-Identifier: GPL-2.0
/* The test control unit */
#include "cssctl.h"

static void test_argument(const struct wanted *wanted, int fd,
			  struct kvm_css_device *device)
{
	(void)wanted;
	(void)fd;
	device->test.size = sizeof(device->test);
}

static void test_print(const struct kvm_css_device *device)
{
	const __u32 flags = device->test.flags;
	const char *where = "on the vCPU, or on a worker";

	if (flags & KVM_CSS_TEST_ASYNC)
		where = "on a worker";
	else if (flags & KVM_CSS_TEST_BACKEND)
		where = "nowhere: a backend plays scripts";
	printf("  %-24s%s\n", "programs run", where);
}

static void test_json_show(const struct kvm_css_device *device)
{
	json_bool("async", device->test.flags & KVM_CSS_TEST_ASYNC);
}

const struct device_kind kind_test = {
	.name = "test",
	.title = "the test control unit",
	.noun = "test control unit",
	.type = KVM_CSS_TYPE_TEST,
	.argument = test_argument,
	.print = test_print,
	.json_show = test_json_show,
};
