// SPDX-License-Identifier: GPL-2.0
/* A VM without a CPU for the tests of the user ABI, see uapi.h */
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "uapi.h"

#define PATIENCE_MS	60000

void uapi_machine(struct uapi_machine *machine)
{
	struct kvm_create_device flic = { .type = KVM_DEV_TYPE_FLIC };
	struct kvm_userspace_memory_region region = {
		.memory_size = UAPI_STORAGE,
	};

	machine->storage = vmm_storage(UAPI_STORAGE, MAP_PRIVATE);
	machine->vm_fd = uapi_vm();
	region.userspace_addr = (u64)machine->storage;
	if (ioctl(machine->vm_fd, KVM_SET_USER_MEMORY_REGION, &region))
		die("KVM_SET_USER_MEMORY_REGION");
	if (ioctl(machine->vm_fd, KVM_CREATE_DEVICE, &flic))
		die("KVM_CREATE_DEVICE");
	machine->flic_fd = flic.fd;
	machine->css_fd = css_attach(machine->vm_fd, 0);
	if (machine->css_fd < 0)
		die("KVM_CSS_CREATE");
	if (css_add_test(machine->css_fd, UAPI_SID, UAPI_DEVNO, 0))
		die("KVM_CSS_ADD");
}

void uapi_machine_end(struct uapi_machine *machine)
{
	close(machine->css_fd);
	close(machine->flic_fd);
	close(machine->vm_fd);
	munmap(machine->storage, UAPI_STORAGE);
}

int uapi_get_state(const struct uapi_machine *machine,
		   struct kvm_css_state *state)
{
	return css_get_state(machine->css_fd, UAPI_SID, state);
}

int uapi_set_state(const struct uapi_machine *machine,
		   const struct kvm_css_state *state)
{
	return css_set_state(machine->css_fd, state);
}

void uapi_pending(const struct uapi_machine *machine,
		  struct kvm_css_state *state, u8 cmd, u16 count)
{
	struct ccw1 ccw = { .cmd = cmd, .count = count, .cda = UAPI_DATA };

	memcpy(machine->storage + UAPI_CCW, &ccw, sizeof(ccw));
	if (css_start_pending(machine->css_fd, UAPI_SID, UAPI_CCW, state))
		die("KVM_CSS_GET_STATE");
}

bool uapi_completed(const struct uapi_machine *machine)
{
	struct kvm_css_query query;
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (css_query(machine->css_fd, UAPI_SID, 0, &query))
			die("KVM_CSS_QUERY");
		if (query.completed)
			return true;
		usleep(1000);
	}
	return false;
}
