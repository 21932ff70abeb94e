// SPDX-License-Identifier: GPL-2.0
/* A count-key-data disk on an image in a file or block device */
#include <ctype.h>
#include <unistd.h>

#include "ckd.h"
#include "cssctl.h"

#define DEFAULT_SERIAL		"000000000001"

static void set_cylinders(struct wanted *wanted, const char *text)
{
	wanted->device.eckd.cylinders = option_decimal("cylinders", text, 1,
						       CKD_CYLINDERS_MAX);
}

static const struct kind_option option_cylinders = {
	.name = "cylinders",
	.value = "N",
	.does = "cylinders (default: all that the image has)",
	.set = set_cylinders,
};

/* Zeros go in front of a serial number that is shorter. */
static void set_serial(struct wanted *wanted, const char *text)
{
	size_t length = strlen(text), i;

	for (i = 0; i < length; i++)
		if (!isdigit((unsigned char)text[i]) &&
		    !(text[i] >= 'A' && text[i] <= 'Z'))
			length = 0;
	if (!length || length > KVM_CSS_ECKD_SERIAL)
		option_bad("serial", "1 to 12 digits or upper-case letters",
			   text);
	memset(wanted->device.eckd.serial, '0', KVM_CSS_ECKD_SERIAL);
	memcpy(wanted->device.eckd.serial + KVM_CSS_ECKD_SERIAL - length, text,
	       length);
}

static const struct kind_option option_serial = {
	.name = "serial",
	.value = "TEXT",
	.does = "the disk's serial number (default: 1)",
	.set = set_serial,
};

static const struct kind_option *const eckd_options[] = {
	&backing_readonly, &option_cylinders, &option_serial, &backing_cache,
	&backing_direct, &backing_share, NULL
};

/*
 * A control unit has up to 256 devices.  So the guest finds a control unit for each 256
 * device numbers, and no two disks with the same identity.
 */
static void eckd_argument(const struct wanted *wanted, int fd,
			  struct kvm_css_device *device)
{
	struct kvm_css_eckd *eckd = &device->eckd;

	eckd->size = sizeof(*eckd);
	eckd->backing_fd = fd;
	eckd->subsystem = wanted->sid.ssid << 8 | wanted->devno >> 8;
	eckd->unit = wanted->devno & 0xff;
	if (!eckd->serial[0])
		memcpy(eckd->serial, DEFAULT_SERIAL, sizeof(eckd->serial));
	if (wanted->readonly)
		eckd->flags |= KVM_CSS_ECKD_READONLY;
	if (wanted->direct)
		eckd->flags |= KVM_CSS_ECKD_DIRECT;
	if (wanted->writeback)
		eckd->flags |= KVM_CSS_ECKD_WRITEBACK;
}

static void explain_header(const struct wanted *wanted, int fd)
{
	const char *why = ckd_explain(fd);

	if (why)
		fail(STATUS_FAILED, "expected %s to be a CKD image, found %s",
		     wanted->backing, why);
}

static void eckd_explain(const struct wanted *wanted, int fd)
{
	uint64_t bytes, holds;

	if (!backing_size(wanted, fd, &bytes))
		return;
	backing_explain_direct(wanted, fd, CKD_HEADER_SIZE);
	explain_header(wanted, fd);
	holds = ckd_cylinders(bytes);
	if (!holds || holds < wanted->device.eckd.cylinders)
		fail(STATUS_FAILED,
		     "expected %s to hold %u cylinders or more, found %llu",
		     wanted->backing, wanted->device.eckd.cylinders ?: 1,
		     (unsigned long long)holds);
	if (!wanted->device.eckd.cylinders && holds > CKD_CYLINDERS_MAX)
		fail(STATUS_FAILED,
		     "expected %s to hold %u cylinders or fewer, found %llu; --cylinders takes part of it",
		     wanted->backing, CKD_CYLINDERS_MAX,
		     (unsigned long long)holds);
}

static bool eckd_is_readonly(const struct kvm_css_device *device)
{
	return device->eckd.flags & KVM_CSS_ECKD_READONLY;
}

static enum cache eckd_cache(const struct kvm_css_device *device)
{
	return cache_of(device->eckd.flags & KVM_CSS_ECKD_DIRECT,
			device->eckd.flags & KVM_CSS_ECKD_WRITEBACK);
}

static const char *eckd_differs(const struct wanted *wanted,
				const struct kvm_css_device *device)
{
	const struct kvm_css_eckd *eckd = &wanted->device.eckd;

	if (eckd->cylinders && eckd->cylinders != device->eckd.cylinders)
		return "--cylinders";
	if (eckd->serial[0] && memcmp(eckd->serial, device->eckd.serial,
				      sizeof(eckd->serial)))
		return "--serial";
	if (wanted->readonly != eckd_is_readonly(device))
		return "--readonly";
	if (cache_of(wanted->direct, wanted->writeback) != eckd_cache(device))
		return "--cache";
	return NULL;
}

static void eckd_say(const struct kvm_css_device *device)
{
	printf(", %u cylinders of ", device->eckd.cylinders);
	put_text(stdout, device->backing);
	if (eckd_is_readonly(device))
		printf(", read-only");
	if (eckd_cache(device))
		printf(", cache %s", cache_name(eckd_cache(device)));
}

static void eckd_brief(const struct kvm_css_device *device)
{
	put_text(stdout, device->backing);
}

/* The serial number with a zero byte behind it */
static const char *eckd_serial(const struct kvm_css_device *device)
{
	static char serial[KVM_CSS_ECKD_SERIAL + 1];

	memcpy(serial, device->eckd.serial, KVM_CSS_ECKD_SERIAL);
	return serial;
}

static void eckd_print(const struct kvm_css_device *device)
{
	printf("  %-24s", "backing");
	put_text(stdout, device->backing);
	printf("\n  %-24s%u of 15 tracks, 3390\n", "cylinders",
	       device->eckd.cylinders);
	printf("  %-24s%s\n", "access",
	       eckd_is_readonly(device) ? "read only" : "read and write");
	printf("  %-24s%s%s\n", "cache", cache_name(eckd_cache(device)),
	       eckd_cache(device) & CACHE_WRITEBACK ?
			", a crash of the host loses writes" : "");
	printf("  %-24s", "identity");
	put_text(stdout, eckd_serial(device));
	printf(".%04x.%02x\n", device->eckd.subsystem, device->eckd.unit);
}

static void eckd_json(const struct kvm_css_device *device)
{
	json_string("backing", device->backing);
	json_number("cylinders", device->eckd.cylinders);
	json_bool("readonly", eckd_is_readonly(device));
	json_string("cache", cache_name(eckd_cache(device)));
	json_string("serial", eckd_serial(device));
	json_hex("subsystem", 4, device->eckd.subsystem);
	json_hex("unit", 2, device->eckd.unit);
}

const struct device_kind kind_eckd = {
	.name = "eckd",
	.title = "a count-key-data disk (3390)",
	.noun = "count-key-data disk",
	.type = KVM_CSS_TYPE_ECKD,
	.on_backing = true,
	.options = eckd_options,
	.argument = eckd_argument,
	.explain = eckd_explain,
	.differs = eckd_differs,
	.brief = eckd_brief,
	.say = eckd_say,
	.print = eckd_print,
	.json = eckd_json,
};
