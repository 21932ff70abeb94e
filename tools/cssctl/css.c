// SPDX-License-Identifier: GPL-2.0
/* The ioctls of /dev/kvm-css that several commands make */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cssctl.h"

static void fail_device(int error) __attribute__((noreturn));

static void fail_device(int error)
{
	switch (error) {
	case ENOENT:
	case ENXIO:
	case ENODEV:
		fail(STATUS_FAILED,
		     "expected %s, found none; load the module: modprobe kvm_css",
		     CSS_DEV);
	case EACCES:
	case EPERM:
		fail(STATUS_FAILED,
		     "expected to open %s, found: permission denied; be root, or in the group that a udev rule gives it to",
		     CSS_DEV);
	default:
		fail(STATUS_FAILED, "expected to open %s, found: %s", CSS_DEV,
		     strerror(error));
	}
}

int css_device(void)
{
	int dev = open(CSS_DEV, O_RDWR | O_CLOEXEC);
	int version;

	if (dev < 0)
		fail_device(errno);
	version = ioctl(dev, KVM_CSS_GET_VERSION, 0);
	if (version < 0)
		fail(STATUS_FAILED,
		     "expected %s to be the module kvm_css, found: %s",
		     CSS_DEV, strerror(errno));
	if (version < CSSCTL_ABI)
		fail(STATUS_FAILED,
		     "expected a module kvm_css with version %d of its ABI or a later one, found version %d; unload it, and load the one of the same release as this program",
		     CSSCTL_ABI, version);
	return dev;
}

/*
 * Return a descriptor of the channel subsystem that the VM has, or a negative
 * errno.  With CSS_LOOK the descriptor keeps neither the channel subsystem nor
 * the VM.
 */
int css_open(int dev, int vm_fd, enum css_use use)
{
	struct kvm_css_open arg = {
		.size = sizeof(arg),
		.flags = KVM_CSS_OPEN_OTHER |
			 (use == CSS_LOOK ? KVM_CSS_OPEN_LOOK : 0),
		.vm_fd = vm_fd,
	};
	int css = ioctl(dev, KVM_CSS_OPEN, &arg);

	return css < 0 ? -errno : css;
}

void css_fail_none(pid_t pid)
{
	fail(STATUS_NO_CSS,
	     "expected the VM of process %d to have a channel subsystem in the kernel, found none; cssctl attach --pid %d gives it one",
	     (int)pid, (int)pid);
}

/*
 * As css_open(), but end with an error if the VM has no channel subsystem.
 * vm_fd is closed.
 */
int css_of_vm(const struct options *options, int vm_fd, enum css_use use)
{
	int dev = css_device();
	int css = css_open(dev, vm_fd, use);

	close(vm_fd);
	close(dev);
	if (css == -ENOENT)
		css_fail_none(options->pid);
	if (css < 0)
		fail(STATUS_FAILED,
		     "opening the channel subsystem of the VM of process %d: %s",
		     (int)options->pid, strerror(-css));
	return css;
}

int css_of(struct options *options, enum css_use use)
{
	pid_t pid = vm_pid(options);
	int pidfd = vm_process(pid);
	int css = css_of_vm(options, vm_get(pid, pidfd, options->vm_fd), use);

	close(pidfd);
	return css;
}

static void fail_create(pid_t pid, int error) __attribute__((noreturn));

static void fail_create(pid_t pid, int error)
{
	switch (error) {
	case EBUSY:
		fail(STATUS_FAILED,
		     "expected the VM of process %d to have no channel subsystem in the kernel, found that it has one; cssctl list --pid %d shows what is in it",
		     (int)pid, (int)pid);
	case EOPNOTSUPP:
		fail(STATUS_FAILED,
		     "expected a VM that the module can serve, found a protected or user-controlled one, or a kernel that keeps kvm_s390_handle_b2() from being taken over (a livepatch, kernel.ftrace_enabled 0); dmesg says which");
	case EPERM:
		fail(STATUS_FAILED,
		     "expected to be allowed to attach to the VM of process %d, found: not permitted",
		     (int)pid);
	default:
		fail(STATUS_FAILED, "attaching to the VM of process %d: %s",
		     (int)pid, strerror(error));
	}
}

/*
 * Give a VM a channel subsystem that stays.  If may_exist, return the one that
 * the VM may have already.
 */
int css_create(struct options *options, bool may_exist)
{
	pid_t pid = vm_pid(options);
	int pidfd = vm_process(pid);
	int dev = css_device();
	struct kvm_css_create arg = {
		.size = sizeof(arg),
		.flags = KVM_CSS_CREATE_OTHER | KVM_CSS_CREATE_KEEP,
		.vm_fd = vm_get(pid, pidfd, options->vm_fd),
	};
	int css = may_exist ? css_open(dev, arg.vm_fd, CSS_OWN) : -ENOENT;

	if (css == -ENOENT) {
		css = ioctl(dev, KVM_CSS_CREATE, &arg);
		if (css < 0)
			css = -errno;
		/* Another process has attached the VM meanwhile. */
		if (css == -EBUSY && may_exist)
			css = css_open(dev, arg.vm_fd, CSS_OWN);
	}
	close(arg.vm_fd);
	close(dev);
	close(pidfd);
	if (css < 0)
		fail_create(pid, -css);
	return css;
}

int css_query(int css, struct sid sid, uint32_t flags,
	      struct kvm_css_query *query)
{
	*query = (struct kvm_css_query){
		.size = sizeof(*query),
		.flags = flags,
		.ssid = sid.ssid,
		.schid = sid.schid,
	};
	return ioctl(css, KVM_CSS_QUERY, query) ? -errno : 0;
}

/* Find the next of all subchannels; -ENODEV when there are no more. */
int css_walk(int css, struct walk *walk, uint32_t flags,
	     struct kvm_css_query *query)
{
	int rc;

	if (walk->ended)
		return -ENODEV;
	rc = css_query(css, walk->at, KVM_CSS_QUERY_NEXT | flags, query);
	if (rc)
		return rc;
	walk->at = query_sid(query);
	walk->ended = !sid_next(&walk->at);
	return 0;
}

int css_get_device(int css, struct sid sid, struct kvm_css_device *device)
{
	*device = (struct kvm_css_device){
		.size = sizeof(*device),
		.ssid = sid.ssid,
		.schid = sid.schid,
	};
	return ioctl(css, KVM_CSS_GET_DEVICE, device) ? -errno : 0;
}
