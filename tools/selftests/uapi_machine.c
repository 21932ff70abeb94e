// SPDX-License-Identifier: GPL-2.0
/* A VM without a CPU for the tests of the user ABI, see uapi.h */
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "uapi.h"

#define INTPARM		0xfeedc0de
#define ISC		3
#define PATIENCE_MS	60000

void uapi_machine(struct uapi_machine *machine)
{
	struct kvm_create_device flic = { .type = KVM_DEV_TYPE_FLIC };
	struct kvm_userspace_memory_region region = {
		.memory_size = UAPI_STORAGE,
	};
	long align = 1 << 20;
	char *map;

	map = mmap(NULL, UAPI_STORAGE + align, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED)
		die("mmap");
	/*
	 * KVM wants the host address of guest storage to be on a segment
	 * boundary.
	 */
	machine->storage = (char *)(((u64)map + align - 1) & -align);
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
	memset(state, 0, sizeof(*state));
	state->size = sizeof(*state);
	state->schid = SID_SCHID(UAPI_SID);
	state->ssid = SID_SSID(UAPI_SID);
	return ioctl(machine->css_fd, KVM_CSS_GET_STATE, state);
}

int uapi_set_state(const struct uapi_machine *machine,
		   const struct kvm_css_state *state)
{
	return ioctl(machine->css_fd, KVM_CSS_SET_STATE, state);
}

void uapi_pending(const struct uapi_machine *machine,
		  struct kvm_css_state *state, u8 cmd, u16 count)
{
	struct schib *schib = (struct schib *)state->schib;
	struct ccw1 ccw = { .cmd = cmd, .count = count, .cda = UAPI_DATA };

	memcpy(machine->storage + UAPI_CCW, &ccw, sizeof(ccw));
	if (uapi_get_state(machine, state))
		die("KVM_CSS_GET_STATE");
	schib->pmcw.intparm = INTPARM;
	schib->pmcw.flags |= PMCW_ENABLED | PMCW_ISC(ISC);
	schib->pmcw.lpm = 0x80;
	schib->pmcw.lpum = 0x80;
	schib->scsw.ctrl = SCSW_FORMAT1 | SCSW_FC_START |
			   SCSW_AC_START_PENDING;
	state->orb_flags = ORB_FORMAT1 | ORB_LPM(0x80);
	state->ccw = UAPI_CCW;
	state->started = 1;
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
