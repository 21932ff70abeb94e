// SPDX-License-Identifier: GPL-2.0
/* How a VMM uses kvm-css: one function for each ioctl of /dev/kvm-css */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "vmm_kernel.h"

/* What css_start_pending() gives a subchannel */
#define INTPARM		0xfeedc0de
#define ISC		3

int css_attach(int vm_fd, u32 flags)
{
	struct kvm_css_create create = {
		.size = sizeof(create),
		.flags = flags,
		.vm_fd = vm_fd,
	};
	int dev, css_fd, error;

	dev = open(KVM_CSS_DEV, O_RDWR | O_CLOEXEC);
	if (dev < 0)
		return -1;
	css_fd = ioctl(dev, KVM_CSS_CREATE, &create);
	/* The device was only needed for this call. */
	error = errno;
	close(dev);
	errno = error;
	return css_fd;
}

static int add(int css_fd, u32 sid, u16 devno, u32 type, const void *device,
	       u32 flags)
{
	struct kvm_css_add add = {
		.size = sizeof(add),
		.flags = flags,
		.type = type,
		.schid = SID_SCHID(sid),
		.ssid = SID_SSID(sid),
		.devno = devno,
		.device = (u64)device,
	};

	return ioctl(css_fd, KVM_CSS_ADD, &add);
}

int css_add_test(int css_fd, u32 sid, u16 devno, u32 flags)
{
	struct kvm_css_test test = {
		.size = sizeof(test),
		.flags = flags,
	};

	return add(css_fd, sid, devno, KVM_CSS_TYPE_TEST, &test, 0);
}

int css_add_test_report(int css_fd, u32 sid, u16 devno)
{
	struct kvm_css_test test = { .size = sizeof(test) };

	return add(css_fd, sid, devno, KVM_CSS_TYPE_TEST, &test,
		   KVM_CSS_ADD_REPORT);
}

int css_add_fba(int css_fd, u32 sid, u16 devno, const struct kvm_css_fba *fba)
{
	return add(css_fd, sid, devno, KVM_CSS_TYPE_FBA, fba, 0);
}

int css_add_user(int css_fd, u32 sid, u16 devno, const struct kvm_css_user *user)
{
	return add(css_fd, sid, devno, KVM_CSS_TYPE_USER, user, 0);
}

int css_add_passthrough(int css_fd, u32 sid, u16 devno,
			const struct kvm_css_passthrough *passthrough)
{
	return add(css_fd, sid, devno, KVM_CSS_TYPE_PASSTHROUGH, passthrough, 0);
}

int css_serve(int css_fd, u32 sid, u32 flags)
{
	struct kvm_css_serve serve = {
		.size = sizeof(serve),
		.flags = flags,
		.schid = SID_SCHID(sid),
		.ssid = SID_SSID(sid),
	};

	return ioctl(css_fd, KVM_CSS_SERVE, &serve);
}

int css_remove_flags(int css_fd, u32 sid, u32 flags)
{
	struct kvm_css_remove remove = {
		.size = sizeof(remove),
		.flags = flags,
		.schid = SID_SCHID(sid),
		.ssid = SID_SSID(sid),
	};

	return ioctl(css_fd, KVM_CSS_REMOVE, &remove);
}

int css_remove(int css_fd, u32 sid)
{
	return css_remove_flags(css_fd, sid, 0);
}

int css_reset(int css_fd)
{
	return ioctl(css_fd, KVM_CSS_RESET, 0);
}

int css_quiesce(int css_fd, u32 timeout_ms)
{
	struct kvm_css_quiesce quiesce = {
		.size = sizeof(quiesce),
		.timeout_ms = timeout_ms,
	};

	return ioctl(css_fd, KVM_CSS_QUIESCE, &quiesce);
}

int css_unquiesce(int css_fd)
{
	return ioctl(css_fd, KVM_CSS_UNQUIESCE, 0);
}

int css_get_state(int css_fd, u32 sid, struct kvm_css_state *state)
{
	memset(state, 0, sizeof(*state));
	state->size = sizeof(*state);
	state->ssid = SID_SSID(sid);
	state->schid = SID_SCHID(sid);
	return ioctl(css_fd, KVM_CSS_GET_STATE, state);
}

int css_set_state(int css_fd, const struct kvm_css_state *state)
{
	return ioctl(css_fd, KVM_CSS_SET_STATE, state);
}

int css_start_pending(int css_fd, u32 sid, u32 ccw, struct kvm_css_state *state)
{
	struct schib *schib = (struct schib *)state->schib;

	if (css_get_state(css_fd, sid, state))
		return -1;
	schib->pmcw.intparm = INTPARM;
	schib->pmcw.flags |= PMCW_ENABLED | PMCW_ISC(ISC);
	schib->pmcw.lpm = 0x80;
	schib->pmcw.lpum = 0x80;
	schib->scsw.ctrl = SCSW_FORMAT1 | SCSW_FC_START |
			   SCSW_AC_START_PENDING;
	state->orb_flags = ORB_FORMAT1 | ORB_LPM(0x80);
	state->ccw = ccw;
	state->started = 1;
	return 0;
}

int css_query(int css_fd, u32 sid, u32 flags, struct kvm_css_query *query)
{
	memset(query, 0, sizeof(*query));
	query->size = sizeof(*query);
	query->flags = flags;
	query->schid = SID_SCHID(sid);
	query->ssid = SID_SSID(sid);
	return ioctl(css_fd, KVM_CSS_QUERY, query);
}
