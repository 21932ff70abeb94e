// SPDX-License-Identifier: GPL-2.0
/*
 * Lending a device and giving it back: who may have it, when the host refuses it, and
 * that the host has it again as it was, whatever has ended the loan.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "host_device.h"
#include "passthrough.h"
#include "vmm_kernel.h"

#define LEND_SID	SID(0, 0x0042)
#define LEND_DEVNO	0x4200
/* A device number that no host of the lab has */
#define NO_DEVNO	0xfffe
/* The lab's console, a 3215 */
#define CONSOLE		"0.0.0009"

static struct kvm_css_passthrough argument(void)
{
	return (struct kvm_css_passthrough){
		.size = sizeof(struct kvm_css_passthrough),
		.devno = host_device_devno(passthrough_disk),
	};
}

static int lend(int css_fd, const struct kvm_css_passthrough *arg)
{
	return css_add_passthrough(css_fd, LEND_SID, LEND_DEVNO, arg) ? errno :
									0;
}

/* Lend the disk, and check how that ends. */
static void lend_is(int css_fd, int expected, const char *what)
{
	const struct kvm_css_passthrough arg = argument();
	int error = lend(css_fd, &arg);

	ktap_check(error == expected, "%s: expected %s, found %s", what,
		   strerror(expected), strerror(error));
}

static void home_is(bool online, const char *what)
{
	ktap_check(host_device_wait(passthrough_disk, online),
		   "%s: the host has not got the device again", what);
	ktap_check(host_device_online(passthrough_disk) == online,
		   "%s: expected online to be %d, found %d", what, online,
		   !online);
}

static void arguments(void)
{
	struct kvm_css_passthrough arg = argument();
	int css_fd = passthrough_css();
	unsigned int i;

	for (i = 0; i < 32; i++) {
		arg.flags = 1u << i;
		ktap_check(lend(css_fd, &arg) == EINVAL, "flag %u", i);
	}
	arg = argument();
	arg.ssid = 4;
	ktap_check(lend(css_fd, &arg) == EINVAL, "ssid");
	for (i = 0; i < sizeof(arg.reserved); i++) {
		arg = argument();
		arg.reserved[i] = 1;
		ktap_check(lend(css_fd, &arg) == EINVAL, "reserved %u", i);
	}
	arg = argument();
	arg.devno = NO_DEVNO;
	ktap_check(lend(css_fd, &arg) == ENODEV, "no such device");
	arg = argument();
	arg.ssid = 1;
	ktap_check(lend(css_fd, &arg) == ENODEV, "in no such set");
	close(css_fd);
	home_is(true, "after it all");
}

/* In a child, which gives up its capabilities */
static int lend_without_capability(int css_fd)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {};
	const struct kvm_css_passthrough arg = argument();

	if (syscall(SYS_capset, &header, data))
		return errno;
	return lend(css_fd, &arg);
}

static void capability(void)
{
	int css_fd = passthrough_css();
	int status = 0;
	pid_t child = fork();

	if (!child)
		_exit(lend_without_capability(css_fd));
	ktap_check(waitpid(child, &status, 0) == child && WIFEXITED(status) &&
		   WEXITSTATUS(status) == EPERM, "expected EPERM, found %x",
		   status);
	home_is(true, "afterwards");
	close(css_fd);
}

static void console(void)
{
	struct kvm_css_passthrough arg = argument();
	int css_fd = passthrough_css();

	if (!host_device_there(CONSOLE)) {
		ktap_skip("the console isn't " CONSOLE);
	} else {
		arg.devno = host_device_devno(CONSOLE);
		ktap_check(lend(css_fd, &arg) == EBUSY, "%s",
			   strerror(errno));
		ktap_check(host_device_online(CONSOLE), "it isn't online");
	}
	close(css_fd);
}

static void in_use(void)
{
	int disk = host_device_open(passthrough_disk, O_RDONLY);
	int css_fd = passthrough_css();

	ktap_check(disk >= 0, "open: %s", strerror(errno));
	lend_is(css_fd, EBUSY, "while the disk is open");
	ktap_check(host_device_online(passthrough_disk), "it isn't online");
	close(disk);
	close(css_fd);
}

static void described(int css_fd)
{
	struct kvm_css_device device = {
		.size = sizeof(device), .schid = SID_SCHID(LEND_SID),
	};
	struct kvm_css_state state;

	ktap_check(!ioctl(css_fd, KVM_CSS_GET_DEVICE, &device), "GET_DEVICE: %s",
		   strerror(errno));
	ktap_check(device.type == KVM_CSS_TYPE_PASSTHROUGH &&
		   device.passthrough.devno ==
		   host_device_devno(passthrough_disk) &&
		   device.passthrough.size == sizeof(device.passthrough),
		   "GET_DEVICE says something else");
	ktap_check(css_get_state(css_fd, LEND_SID, &state) &&
		   errno == EOPNOTSUPP, "it can be saved");
}

static void lent(void)
{
	int css_fd = passthrough_css(), other_fd = passthrough_css();

	lend_is(css_fd, 0, "the disk");
	ktap_check(!host_device_there(passthrough_disk),
		   "the host still has it");
	described(css_fd);
	lend_is(css_fd, EBUSY, "to the same VM once more");
	lend_is(other_fd, EBUSY, "to another VM");
	ktap_check(!css_remove(css_fd, LEND_SID), "REMOVE: %s",
		   strerror(errno));
	/* It is waited for. */
	lend_is(other_fd, 0, "on its way back");
	ktap_check(!css_remove(other_fd, LEND_SID), "REMOVE: %s",
		   strerror(errno));
	home_is(true, "removed");
	close(css_fd);
	close(other_fd);
}

static void offline(void)
{
	int css_fd = passthrough_css();

	ktap_check(!host_device_set(passthrough_disk, false), "set offline");
	lend_is(css_fd, 0, "the disk");
	ktap_check(!css_remove(css_fd, LEND_SID), "REMOVE: %s",
		   strerror(errno));
	home_is(false, "removed");
	ktap_check(!host_device_set(passthrough_disk, true), "set online");
	home_is(true, "set online");
	close(css_fd);
}

static void vm_ends(void)
{
	int css_fd = passthrough_css();

	lend_is(css_fd, 0, "the disk");
	close(css_fd);
	home_is(true, "the VM has ended");
}

static void add_fails(void)
{
	const struct kvm_css_passthrough arg = argument();
	int css_fd = passthrough_css();

	ktap_check(!css_add_test(css_fd, LEND_SID, LEND_DEVNO, 0), "%s",
		   strerror(errno));
	ktap_check(lend(css_fd, &arg) == EEXIST, "%s", strerror(errno));
	home_is(true, "ADD has failed");
	close(css_fd);
}

static void taken_away(void)
{
	int css_fd = passthrough_css();
	int error;

	lend_is(css_fd, 0, "the disk");
	error = host_device_unbind(passthrough_disk);
	ktap_check(!error, "unbind: %s", strerror(error));
	home_is(true, "unbound");
	ktap_check(!css_remove(css_fd, LEND_SID), "REMOVE: %s",
		   strerror(errno));
	ktap_check(host_device_online(passthrough_disk),
		   "REMOVE has taken it from the host");
	close(css_fd);
}

static void unload(void)
{
	int used = references();
	int css_fd = passthrough_css();
	double end;

	lend_is(css_fd, 0, "the disk");
	/* The descriptor, the attachment and the loan */
	ktap_check(references() >= used + 3, "expected 3 references, found %d",
		   references() - used);
	close(css_fd);
	home_is(true, "closed");
	for (end = now() + 10; references() != used && now() < end;)
		usleep(10000);
	ktap_check(references() == used, "expected %d references, found %d",
		   used, references());
}

const struct ktap_case passthrough_lend_cases[] = {
	{ "arguments: flags, sets, reserved bytes, unknown devices", arguments },
	{ "lend: needs CAP_SYS_ADMIN", capability },
	{ "lend: not the console", console },
	{ "lend: not a disk that is open", in_use },
	{ "lend: one VM at a time; the host has it online again", lent },
	{ "lend: a device that was offline is offline again", offline },
	{ "lend: a VM that ends gives it back", vm_ends },
	{ "lend: an ADD that fails gives it back", add_fails },
	{ "lend: root can unbind it", taken_away },
	{ "lend: the module stays until the host has it again", unload },
};

const unsigned int passthrough_nr_lend_cases =
	sizeof(passthrough_lend_cases) / sizeof(passthrough_lend_cases[0]);
