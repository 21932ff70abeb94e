// SPDX-License-Identifier: GPL-2.0
/*
 * The VM whose guest uses a disk of the host's; the tests are in
 * guest/passthrough.c, and passthrough_lend.c has those behind them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host_device.h"
#include "passthrough.h"
#include "theme.h"
#include "guest/passthrough.h"

const char *passthrough_disk;

int passthrough_css(void)
{
	int kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm_fd = ioctl(kvm_fd, KVM_CREATE_VM, 0);
	int css_fd = css_attach(vm_fd, 0);

	if (css_fd < 0)
		die("a VM with a channel subsystem");
	close(kvm_fd);
	close(vm_fd);
	return css_fd;
}

static int add_disk(struct machine *machine)
{
	const struct kvm_css_passthrough arg = {
		.size = sizeof(arg),
		.devno = host_device_devno(passthrough_disk),
	};

	return css_add_passthrough(machine->css_fd, PASS_SID, PASS_DEVNO, &arg);
}

static int remove_disk(struct machine *machine)
{
	if (css_remove(machine->css_fd, PASS_SID))
		return -1;
	errno = ETIME;
	return host_device_wait(passthrough_disk, true) ? 0 : -1;
}

/* A block device with O_DIRECT wants whole pages; the guest's storage is mapped. */
static u64 disk_io(struct machine *machine, u64 block, u64 nr, bool write)
{
	const size_t len = nr * FBA_BLOCK;
	int fd = host_device_open(passthrough_disk, write ? O_RDWR : O_RDONLY);
	u8 *shared = vmm_pointer(&machine->vmm, PASS_SHARED, len);
	u8 *found = malloc(len);
	u64 differ = 0;
	size_t i;

	if (fd < 0 || !shared || !found)
		die("the host's disk");
	if (write) {
		if (pwrite(fd, shared, len, block * FBA_BLOCK) != (ssize_t)len ||
		    fsync(fd))
			die("write to the host's disk");
	} else {
		if (pread(fd, found, len, block * FBA_BLOCK) != (ssize_t)len)
			die("read from the host's disk");
		for (i = 0; i < len; i++)
			differ += found[i] != shared[i];
	}
	free(found);
	close(fd);
	return differ;
}

static u64 call(struct machine *machine, const u64 *args)
{
	int rc = 0;

	switch (args[0]) {
	case PASS_CALL_REMOVE:
		rc = remove_disk(machine);
		break;
	case PASS_CALL_UNBIND:
		return host_device_unbind(passthrough_disk);
	case PASS_CALL_ADD:
		rc = add_disk(machine);
		break;
	case PASS_CALL_COMPARE:
	case PASS_CALL_FILL:
		return disk_io(machine, args[1], args[2],
			       args[0] == PASS_CALL_FILL);
	}
	return rc ? errno : 0;
}

static u64 setup(struct machine *machine)
{
	if (add_disk(machine))
		die("lend the disk: %s", strerror(errno));
	return 0;
}

static int skipped(void)
{
	ktap_plan(1);
	ktap_begin("a disk of the host's");
	ktap_skip("$" HOST_DEVICE_FBA " names no FBA disk that may be overwritten");
	ktap_end();
	return ktap_status();
}

int main(int argc, char **argv)
{
	struct theme theme = {
		.name = "passthrough",
		.kernel = THEME_KERNEL,
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
		.behind = passthrough_lend_cases,
		.nr_behind = passthrough_nr_lend_cases,
	};

	passthrough_disk = host_device_find(HOST_DEVICE_FBA);
	if (!passthrough_disk)
		return skipped();
	return theme_main(&theme, argc, argv);
}
