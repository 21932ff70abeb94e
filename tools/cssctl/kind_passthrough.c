// SPDX-License-Identifier: GPL-2.0
/* A device of the host's */
#include "cssctl.h"

#define MAX_SSID	3
#define BUS_ID_SIZE	sizeof("0.0.0000")

static void host_name(const struct kvm_css_passthrough *arg, char *name)
{
	snprintf(name, BUS_ID_SIZE, "0.%x.%04x", arg->ssid & 0xf, arg->devno);
}

/* Parse 0.SSID.DEVNO, as lscss and sysfs have it. */
static void set_host(struct wanted *wanted, const char *text)
{
	unsigned long devno;

	if (strlen(text) != BUS_ID_SIZE - 1 || strncmp(text, "0.", 2) ||
	    text[2] < '0' || text[2] > '0' + MAX_SSID || text[3] != '.' ||
	    strspn(text + 4, "0123456789abcdefABCDEF") != 4 ||
	    !parse_hex(text + 4, 0xffff, &devno))
		option_bad("host", "a device of the host's, such as 0.0.0120",
			   text);
	wanted->device.passthrough.size = sizeof(wanted->device.passthrough);
	wanted->device.passthrough.ssid = text[2] - '0';
	wanted->device.passthrough.devno = devno;
}

static const struct kind_option option_host = {
	.name = "host",
	.value = "BUSID",
	.does = "the device of the host's, such as 0.0.0120",
	.set = set_host,
};

static const struct kind_option *const passthrough_options[] = {
	&option_host, NULL
};

static void passthrough_check(const struct wanted *wanted)
{
	if (!wanted->device.passthrough.size)
		fail(STATUS_USAGE,
		     "expected --host with --type passthrough, found none; lscss lists the host's devices");
}

static void passthrough_argument(const struct wanted *wanted, int fd,
				 struct kvm_css_device *device)
{
	(void)wanted;
	(void)fd;
	device->passthrough.size = sizeof(device->passthrough);
}

static void passthrough_refused(const struct wanted *wanted, int error)
{
	char name[BUS_ID_SIZE];

	host_name(&wanted->device.passthrough, name);
	switch (error) {
	case EPERM:
		fail(STATUS_FAILED,
		     "--host %s: expected the capability CAP_SYS_ADMIN, found none; run this as root",
		     name);
	case ENODEV:
		fail(STATUS_FAILED,
		     "--host %s: expected a device that the host has recognized, found none; lscss lists them",
		     name);
	case EBUSY:
		fail(STATUS_FAILED,
		     "--host %s: expected a device that nobody uses, found that the host or a VM uses it, or that another driver has it; unmount it there first (the host's console can't be passed through)",
		     name);
	case EOPNOTSUPP:
		fail(STATUS_FAILED,
		     "--host %s: expected a module that has been built for this kernel's structures of the common I/O layer, found one that hasn't; the kernel log says more",
		     name);
	}
}

static bool passthrough_is(const struct wanted *wanted,
			   const struct kvm_css_device *device)
{
	return wanted->device.passthrough.devno == device->passthrough.devno &&
	       wanted->device.passthrough.ssid == device->passthrough.ssid;
}

static void passthrough_brief(const struct kvm_css_device *device)
{
	char name[BUS_ID_SIZE];

	host_name(&device->passthrough, name);
	fputs(name, stdout);
}

static void passthrough_say(const struct kvm_css_device *device)
{
	char name[BUS_ID_SIZE];

	host_name(&device->passthrough, name);
	printf(", %s of the host", name);
}

static void passthrough_print(const struct kvm_css_device *device)
{
	char name[BUS_ID_SIZE];

	host_name(&device->passthrough, name);
	printf("  %-24s%s\n", "device of the host", name);
}

static void passthrough_json(const struct kvm_css_device *device)
{
	char name[BUS_ID_SIZE];

	host_name(&device->passthrough, name);
	json_string("host", name);
}

const struct device_kind kind_passthrough = {
	.name = "passthrough",
	.title = "one of the host's",
	.noun = "device of the host's",
	.type = KVM_CSS_TYPE_PASSTHROUGH,
	.options = passthrough_options,
	.argument = passthrough_argument,
	.check = passthrough_check,
	.refused = passthrough_refused,
	.is = passthrough_is,
	.brief = passthrough_brief,
	.say = passthrough_say,
	.print = passthrough_print,
	.json = passthrough_json,
};
