// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the channel programs of the test control unit; the tests
 * are in guest/chanprog.c and guest/prog_*.c.
 */
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "theme.h"
#include "guest/chanprog.h"

static u64 setup(struct machine *machine)
{
	u32 flags = machine->async ? KVM_CSS_TEST_ASYNC : 0;

	machine_add_test(machine, PROG_SID, 0x0c01, flags);
	return machine->served_by == SERVED_BY_VMM ? PROG_BY_VMM :
						     PROG_BY_KERNEL;
}

static void add_storage(struct machine *machine)
{
	struct kvm_userspace_memory_region region = {
		.slot = 1,
		.guest_phys_addr = PROG_HIGH,
		.memory_size = PROG_HIGH_SIZE,
	};

	region.userspace_addr = (u64)vmm_storage(PROG_HIGH_SIZE, MAP_SHARED);
	if (ioctl(machine->vmm.vm_fd, KVM_SET_USER_MEMORY_REGION, &region))
		die("KVM_SET_USER_MEMORY_REGION at %#lx", PROG_HIGH);
}

static u64 call(struct machine *machine, const u64 *args)
{
	if (args[0] == PROG_CALL_STORAGE)
		add_storage(machine);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "chanprog",
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
	};

	return theme_main(&theme, argc, argv);
}
