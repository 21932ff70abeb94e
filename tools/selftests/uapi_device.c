// SPDX-License-Identifier: GPL-2.0
/*
 * The user ABI: KVM_CSS_OPEN and KVM_CSS_GET_DEVICE, with which a tool finds out
 * what is there.  What KVM_CSS_OPEN is for is the theme "keep".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backing.h"
#include "uapi.h"

#define BLOCKS		16
#define TEST_SID	SID(2, 7)
#define FBA_SID		SID(2, 8)
#define VACANT_SID	SID(2, 9)

static int open_device(void)
{
	int fd = open(KVM_CSS_DEV, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die("open " KVM_CSS_DEV);
	return fd;
}

static void close_new(int fd, int rc)
{
	(void)fd;
	close(rc);
}

static void open_structure(void)
{
	struct kvm_css_open arg = { .size = sizeof(arg) };
	int dev_fd = open_device(), css_fd;

	arg.vm_fd = uapi_vm();
	css_fd = css_attach(arg.vm_fd, 0);
	uapi_sizes(dev_fd, KVM_CSS_OPEN, &arg, sizeof(arg), close_new);
	arg.reserved = 1;
	uapi_ioctl(dev_fd, KVM_CSS_OPEN, &arg, EINVAL, "reserved");
	arg.reserved = 0;
	for (arg.flags = 2; arg.flags; arg.flags <<= 1)
		uapi_ioctl(dev_fd, KVM_CSS_OPEN, &arg, EINVAL, "flag");
	close(css_fd);
	close(arg.vm_fd);
	close(dev_fd);
}

static struct kvm_css_device place(u32 sid)
{
	return (struct kvm_css_device){
		.size = sizeof(struct kvm_css_device),
		.schid = SID_SCHID(sid),
		.ssid = SID_SSID(sid),
	};
}

/* A channel subsystem with a test control unit, a disk, and a number without */
static int three(const char *path, u32 flags)
{
	struct kvm_css_add none = {
		.size = sizeof(none),
		.type = KVM_CSS_TYPE_NONE,
		.schid = SID_SCHID(VACANT_SID),
		.ssid = SID_SSID(VACANT_SID),
	};
	struct kvm_css_fba fba = {
		.size = sizeof(fba),
		.flags = flags,
		.model = KVM_CSS_FBA_MODEL_3370,
	};
	int css_fd = uapi_css();

	fba.backing_fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
			      0600);
	if (fba.backing_fd < 0 || ftruncate(fba.backing_fd, BLOCKS * FBA_BLOCK))
		die("make %s", path);
	if (css_add_test(css_fd, TEST_SID, 7, KVM_CSS_TEST_ASYNC) ||
	    css_add_fba(css_fd, FBA_SID, 8, &fba) ||
	    ioctl(css_fd, KVM_CSS_ADD, &none))
		die("KVM_CSS_ADD");
	close(fba.backing_fd);
	return css_fd;
}

#define PATH	"/tmp/kvm-css-uapi-device"

static void device_structure(void)
{
	struct kvm_css_device arg = place(FBA_SID);
	char *edge = uapi_unreadable();
	int css_fd = three(PATH, 0);

	uapi_sizes(css_fd, KVM_CSS_GET_DEVICE, &arg, sizeof(arg), NULL);
	memset(edge - sizeof(arg), 0, sizeof(arg));
	memcpy(edge - sizeof(arg), &arg, sizeof(arg));
	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, edge - sizeof(arg), UAPI_OK,
		   "the end of what can be written");
	close(css_fd);
	unlink(PATH);
}

static void device_arguments(void)
{
	struct kvm_css_device arg = place(FBA_SID);
	int css_fd = three(PATH, 0);

	for (arg.flags = 1; arg.flags; arg.flags <<= 1)
		uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &arg, EINVAL, "flag");
	arg.reserved = 1;
	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &arg, EINVAL, "reserved");
	arg.reserved = 0;
	arg.ssid = 4;
	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &arg, EINVAL, "set 4");
	arg = place(VACANT_SID);
	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &arg, ENODEV,
		   "a number without a device");
	arg = place(SID(2, 10));
	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &arg, ENODEV, "absent");
	close(css_fd);
	unlink(PATH);
}

static void device_test(void)
{
	struct kvm_css_device arg = place(TEST_SID);
	int css_fd = three(PATH, 0);

	/* All is written, whatever was there. */
	memset(arg.bytes, 0xff, sizeof(arg.bytes));
	memset(arg.backing, 0xff, sizeof(arg.backing));
	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &arg, UAPI_OK, "the test one");
	ktap_check(arg.type == KVM_CSS_TYPE_TEST, "type %u", arg.type);
	ktap_check(arg.test.size == sizeof(arg.test) &&
		   arg.test.flags == KVM_CSS_TEST_ASYNC, "size %u, flags %x",
		   arg.test.size, arg.test.flags);
	ktap_check(!memchr(arg.bytes + sizeof(arg.test), 0xff,
			   sizeof(arg.bytes) - sizeof(arg.test)),
		   "zeros behind it");
	ktap_check(!arg.backing[0] && !arg.backing[sizeof(arg.backing) - 1],
		   "no backing");
	close(css_fd);
	unlink(PATH);
}

static void device_fba(void)
{
	struct kvm_css_device arg = place(FBA_SID);
	int css_fd = three(PATH, KVM_CSS_FBA_READONLY);

	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &arg, UAPI_OK, "the disk");
	ktap_check(arg.type == KVM_CSS_TYPE_FBA, "type %u", arg.type);
	ktap_check(arg.fba.size == sizeof(arg.fba) &&
		   arg.fba.flags == KVM_CSS_FBA_READONLY &&
		   arg.fba.model == KVM_CSS_FBA_MODEL_3370 &&
		   arg.fba.backing_fd == -1 && arg.fba.blocks == BLOCKS,
		   "size %u, flags %x, model %u, fd %d, blocks %llu",
		   arg.fba.size, arg.fba.flags, arg.fba.model,
		   arg.fba.backing_fd, arg.fba.blocks);
	ktap_check(!strcmp(arg.backing, PATH), "backing %s", arg.backing);
	close(css_fd);
	unlink(PATH);
}

/* Longer than what there is room for */
static void device_path(void)
{
	struct kvm_css_device arg = place(FBA_SID);
	char name[200];
	int css_fd, i;

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	if (chdir("/tmp"))
		die("chdir");
	for (i = 0; i < 6; i++) {
		if ((mkdir(name, 0700) && errno != EEXIST) || chdir(name))
			die("mkdir");
	}
	css_fd = three("disk", 0);
	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &arg, UAPI_OK, "the disk");
	ktap_check(strlen(arg.backing) == sizeof(arg.backing) - 1 &&
		   !strncmp(arg.backing, "/tmp/xxx", 8),
		   "backing of %zu characters: %.16s...", strlen(arg.backing),
		   arg.backing);
	close(css_fd);
	unlink("disk");
	for (i = 0; i < 6; i++) {
		if (chdir("..") || rmdir(name))
			die("rmdir");
	}
}

const struct ktap_case uapi_device_cases[] = {
	{ "OPEN: size, unknown bytes, flags, reserved", open_structure },
	{ "GET_DEVICE: size and unknown bytes", device_structure },
	{ "GET_DEVICE: EINVAL and ENODEV", device_arguments },
	{ "GET_DEVICE: test control unit", device_test },
	{ "GET_DEVICE: fixed-block DASD", device_fba },
	{ "GET_DEVICE: a path that is too long is cut off", device_path },
};

const unsigned int uapi_device_nr = ARRAY_SIZE(uapi_device_cases);
