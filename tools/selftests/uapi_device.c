// SPDX-License-Identifier: GPL-2.0
/*
 * The user ABI: KVM_CSS_OPEN, to look or as the owner does, and
 * KVM_CSS_GET_DEVICE, by which a tool finds out what there is.  The theme
 * "keep" tests what KVM_CSS_OPEN is made for.
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
	for (arg.flags = 4; arg.flags; arg.flags <<= 1)
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

/*
 * Make a channel subsystem with a test control unit, a disk, and a number
 * without a device.
 */
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

	/*
	 * The call writes all bytes of the answer, whatever was there before.
	 */
	memset(arg.bytes, 0xff, sizeof(arg.bytes));
	memset(arg.backing, 0xff, sizeof(arg.backing));
	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &arg, UAPI_OK, "the test one");
	ktap_check(arg.type == KVM_CSS_TYPE_TEST, "type %u", arg.type);
	ktap_check(arg.test.size == sizeof(arg.test) &&
		   arg.test.flags == KVM_CSS_TEST_ASYNC, "size %u, flags %x",
		   arg.test.size, arg.test.flags);
	ktap_check(!memchr(arg.bytes + sizeof(arg.test), 0xff,
			   sizeof(arg.bytes) - sizeof(arg.test)),
		   "expected zeros behind it");
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

/* A path that is too long for the answer */
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

/* --- a descriptor that only looks --- */

static int look_at(int vm_fd)
{
	struct kvm_css_open arg = {
		.size = sizeof(arg),
		.flags = KVM_CSS_OPEN_LOOK,
		.vm_fd = vm_fd,
	};
	int dev_fd = open_device();
	int look_fd = uapi_ioctl(dev_fd, KVM_CSS_OPEN, &arg, UAPI_OK, "LOOK");

	close(dev_fd);
	return look_fd;
}

static void look_sees(void)
{
	struct kvm_css_state state, seen_state = {};
	struct kvm_css_image image = { .size = sizeof(image) }, seen_image = image;
	struct kvm_css_device device = place(UAPI_SID), seen_device = device;
	struct kvm_css_query query, seen_query;
	struct uapi_machine machine, looker;

	uapi_machine(&machine);
	looker = machine;
	looker.css_fd = look_at(machine.vm_fd);
	css_query(machine.css_fd, UAPI_SID, 0, &query);
	ktap_check(!css_query(looker.css_fd, UAPI_SID, 0, &seen_query) &&
		   !memcmp(&query, &seen_query, sizeof(query)), "QUERY");
	uapi_get_state(&machine, &state);
	ktap_check(!uapi_get_state(&looker, &seen_state) &&
		   !memcmp(&state, &seen_state, sizeof(state)), "GET_STATE");
	ioctl(machine.css_fd, KVM_CSS_GET_IMAGE, &image);
	uapi_ioctl(looker.css_fd, KVM_CSS_GET_IMAGE, &seen_image, UAPI_OK,
		   "GET_IMAGE");
	ktap_check(!memcmp(&image, &seen_image, sizeof(image)), "GET_IMAGE");
	ioctl(machine.css_fd, KVM_CSS_GET_DEVICE, &device);
	uapi_ioctl(looker.css_fd, KVM_CSS_GET_DEVICE, &seen_device, UAPI_OK,
		   "GET_DEVICE");
	ktap_check(!memcmp(&device, &seen_device, sizeof(device)),
		   "GET_DEVICE");
	ktap_check((fcntl(looker.css_fd, F_GETFL) & O_ACCMODE) == O_RDONLY,
		   "it isn't open for writing");
	close(looker.css_fd);
	ktap_check(!css_query(machine.css_fd, UAPI_SID, 0, &query),
		   "expected the owner's descriptor to work: %s", strerror(errno));
	uapi_machine_end(&machine);
}

/*
 * Every call that would change something is refused, with a good argument and
 * with none.
 */
static void look_changes_nothing(void)
{
	static const unsigned long requests[] = {
		KVM_CSS_ADD, KVM_CSS_REMOVE, KVM_CSS_RESET, KVM_CSS_QUIESCE,
		KVM_CSS_UNQUIESCE, KVM_CSS_SET_STATE, KVM_CSS_SET_IMAGE,
		KVM_CSS_DETACH, KVM_CSS_SERVE,
	};
	struct uapi_machine machine;
	struct kvm_css_query query;
	int look_fd;
	u32 i;

	uapi_machine(&machine);
	look_fd = look_at(machine.vm_fd);
	for (i = 0; i < ARRAY_SIZE(requests); i++)
		uapi_ioctl(look_fd, requests[i], NULL, EBADF, "it only looks");
	ktap_check(css_add_test(look_fd, SID(0, 1), 1, 0) && errno == EBADF,
		   "ADD: expected EBADF, found %s", strerror(errno));
	ktap_check(css_remove(look_fd, UAPI_SID) && errno == EBADF,
		   "REMOVE: expected EBADF, found %s", strerror(errno));
	uapi_ioctl(look_fd, KVM_CSS_CREATE, NULL, ENOTTY, "unknown");
	ktap_check(!css_query(look_fd, UAPI_SID, 0, &query) &&
		   uapi_count(look_fd) == 1, "nothing has changed");
	close(look_fd);
	uapi_machine_end(&machine);
}

static void look_keeps_nothing(void)
{
	struct kvm_css_image image = { .size = sizeof(image) };
	struct kvm_css_open again = { .size = sizeof(again) };
	struct kvm_css_device device = place(UAPI_SID);
	struct uapi_machine machine, looker;
	int dev_fd = open_device(), look_fd;
	struct kvm_css_state state;
	struct kvm_css_query query;

	uapi_machine(&machine);
	looker = machine;
	look_fd = look_at(machine.vm_fd);
	looker.css_fd = look_fd;
	close(machine.css_fd);
	again.vm_fd = machine.vm_fd;
	uapi_ioctl(dev_fd, KVM_CSS_OPEN, &again, ENOENT, "OPEN");
	again.flags = KVM_CSS_OPEN_LOOK;
	uapi_ioctl(dev_fd, KVM_CSS_OPEN, &again, ENOENT, "OPEN to look");
	ktap_check(css_query(look_fd, UAPI_SID, 0, &query) && errno == ENOENT,
		   "QUERY: expected ENOENT, found %s", strerror(errno));
	ktap_check(uapi_get_state(&looker, &state) && errno == ENOENT,
		   "GET_STATE: expected ENOENT, found %s", strerror(errno));
	uapi_ioctl(look_fd, KVM_CSS_GET_IMAGE, &image, ENOENT, "GET_IMAGE");
	uapi_ioctl(look_fd, KVM_CSS_GET_DEVICE, &device, ENOENT, "GET_DEVICE");
	/*
	 * The old descriptor doesn't show a channel subsystem that is attached
	 * later.
	 */
	machine.css_fd = css_attach(machine.vm_fd, 0);
	ktap_check(machine.css_fd >= 0, "CREATE: %s", strerror(errno));
	uapi_ioctl(look_fd, KVM_CSS_GET_IMAGE, &image, ENOENT, "the new one");
	close(look_fd);
	close(dev_fd);
	uapi_machine_end(&machine);
}

/* --- which device a process serves --- */

static const struct kvm_css_user process_user = {
	.size = sizeof(process_user),
	.id_len = 7,
	.id = { 0xff, 0x34, 0x90, 0x10, 0x34, 0x90, 0x11 },
};

static void expect_now(int css_fd, u32 sid, u32 now, const char *when)
{
	struct kvm_css_query query;

	ktap_check(!css_query(css_fd, sid, 0, &query), "QUERY: %s",
		   strerror(errno));
	ktap_check(query.now == now, "%s: expected %x, found %x", when, now,
		   query.now);
}

static void query_now(void)
{
	int css_fd = uapi_css(), fd, copy;

	if (css_add_user(css_fd, SID(2, 7), 7, &process_user))
		die("KVM_CSS_ADD");
	css_add_test(css_fd, SID(2, 8), 8, 0);
	expect_now(css_fd, SID(2, 8), 0, "not a process's");
	expect_now(css_fd, SID(2, 7), KVM_CSS_NOW_UNSERVED, "added");
	fd = css_serve(css_fd, SID(2, 7), 0);
	copy = dup(fd);
	expect_now(css_fd, SID(2, 7), KVM_CSS_NOW_SERVED, "served");
	close(fd);
	expect_now(css_fd, SID(2, 7), KVM_CSS_NOW_SERVED, "a copy is open");
	close(copy);
	expect_now(css_fd, SID(2, 7), KVM_CSS_NOW_UNSERVED, "closed");
	close(css_fd);
}

const struct ktap_case uapi_device_cases[] = {
	{ "OPEN: size, unknown bytes, flags, reserved", open_structure, true },
	{ "GET_DEVICE: size and unknown bytes", device_structure, true },
	{ "GET_DEVICE: EINVAL and ENODEV", device_arguments },
	{ "GET_DEVICE: test control unit", device_test },
	{ "GET_DEVICE: fixed-block DASD", device_fba },
	{ "GET_DEVICE: a path that is too long is cut off", device_path },
	{ "OPEN_LOOK: all that looks is as for the owner", look_sees },
	{ "OPEN_LOOK: all that changes something is EBADF",
	  look_changes_nothing },
	{ "OPEN_LOOK: ENOENT when the owner has closed", look_keeps_nothing },
	{ "QUERY: does a process serve the device?", query_now },
};

const unsigned int uapi_device_nr = ARRAY_SIZE(uapi_device_cases);
