// SPDX-License-Identifier: GPL-2.0
/*
 * The user ABI: every bad argument is refused with its errno, and changes
 * nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "uapi.h"

#define FTRACE_ENABLED	"/proc/sys/kernel/ftrace_enabled"
#define MAX_ARGUMENT	4096
#define MANY		8

static int kvm_fd, dev_fd;
/*
 * A VM stays attached, so that the module doesn't have to take over the
 * intercept and give it back for every test, which takes long.
 */
static int keeper_fd;

/* --- what the tests share --- */

static const char *name_of(int error)
{
	return error ? strerrorname_np(error) : "success";
}

int uapi_ioctl(int fd, unsigned long request, const void *arg, int expected,
	       const char *what)
{
	int rc = ioctl(fd, request, arg);
	int error = rc < 0 ? errno : 0;

	ktap_check(error == expected, "%s: expected %s, found %s", what,
		   name_of(expected), name_of(error));
	return rc;
}

int uapi_vm(void)
{
	int vm_fd = ioctl(kvm_fd, KVM_CREATE_VM, 0);

	if (vm_fd < 0)
		die("KVM_CREATE_VM");
	return vm_fd;
}

int uapi_css(void)
{
	int vm_fd = uapi_vm();
	int css_fd = css_attach(vm_fd, 0);

	if (css_fd < 0)
		die("KVM_CSS_CREATE");
	close(vm_fd);
	return css_fd;
}

static void keep(void)
{
	keeper_fd = uapi_css();
}

static void let_go(void)
{
	close(keeper_fd);
}

char *uapi_unreadable(void)
{
	static char *map;
	long page = sysconf(_SC_PAGESIZE);

	if (!map) {
		map = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (map == MAP_FAILED || mprotect(map + 2 * page, 2 * page,
						  PROT_NONE))
			die("mmap");
	}
	return map + 2 * page;
}

unsigned int uapi_count(int css_fd)
{
	struct kvm_css_query query;
	u32 sid = SID(0, 0);
	unsigned int nr = 0;

	while (!css_query(css_fd, sid, KVM_CSS_QUERY_NEXT, &query)) {
		nr++;
		if (query.schid < 0xffff)
			sid = SID((u32)query.ssid, query.schid + 1u);
		else if (query.ssid < 3)
			sid = SID(query.ssid + 1u, 0);
		else
			break;
	}
	return nr;
}

static void accepted(int fd, unsigned long request, void *arg,
		     const char *what, void (*undo)(int fd, int rc))
{
	int rc = uapi_ioctl(fd, request, arg, UAPI_OK, what);

	if (rc >= 0 && undo)
		undo(fd, rc);
}

void uapi_sizes(int fd, unsigned long request, const void *good, u32 size,
		void (*undo)(int fd, int rc))
{
	uapi_sizes_from(fd, request, good, size, size, undo);
}

void uapi_sizes_from(int fd, unsigned long request, const void *good, u32 first,
		     u32 size, void (*undo)(int fd, int rc))
{
	char arg[MAX_ARGUMENT + 8] __aligned(8) = { 0 };
	u32 *arg_size = (u32 *)arg;
	char *edge = uapi_unreadable();

	memcpy(arg, good, size);
	*arg_size = 0;
	uapi_ioctl(fd, request, arg, EINVAL, "size 0");
	*arg_size = first - 1;
	uapi_ioctl(fd, request, arg, EINVAL, "size one too small");
	*arg_size = first;
	accepted(fd, request, arg, "size of the first version", undo);
	*arg_size = size;
	accepted(fd, request, arg, "its size", undo);
	*arg_size = size + 8;
	accepted(fd, request, arg, "8 more bytes of zeros", undo);
	arg[size + 7] = 1;
	uapi_ioctl(fd, request, arg, E2BIG, "last unknown byte is not zero");
	arg[size + 7] = 0;
	arg[size] = 1;
	uapi_ioctl(fd, request, arg, E2BIG, "first unknown byte is not zero");
	arg[size] = 0;
	*arg_size = MAX_ARGUMENT;
	accepted(fd, request, arg, "size 4096", undo);
	*arg_size = MAX_ARGUMENT + 1;
	uapi_ioctl(fd, request, arg, E2BIG, "size 4097");
	*arg_size = 0xffffffff;
	uapi_ioctl(fd, request, arg, E2BIG, "size 4294967295");
	uapi_ioctl(fd, request, NULL, EFAULT, "no argument");
	uapi_ioctl(fd, request, edge, EFAULT, "unreadable argument");
	memcpy(edge - size, good, size);
	*(u32 *)(edge - size) = size + 8;
	uapi_ioctl(fd, request, edge - size, EFAULT,
		   "argument that is readable in part");
}

/* --- /dev/kvm-css --- */

static void device_mode(void)
{
	struct stat st;

	if (stat(KVM_CSS_DEV, &st))
		die("stat " KVM_CSS_DEV);
	ktap_check(S_ISCHR(st.st_mode), "a character device");
	ktap_check((st.st_mode & 07777) == 0600, "expected mode 0600, found %o",
		   st.st_mode & 07777);
	ktap_check(!st.st_uid && !st.st_gid, "owner is root");
}

static void version(void)
{
	int rc = ioctl(dev_fd, KVM_CSS_GET_VERSION, 0);

	ktap_check(rc == KVM_CSS_VERSION, "expected %d, found %d",
		   KVM_CSS_VERSION, rc);
	uapi_ioctl(dev_fd, KVM_CSS_GET_VERSION, (void *)1, EINVAL,
		   "argument 1");
}

static void device_unknown(void)
{
	char byte = 0;

	uapi_ioctl(dev_fd, _IO(KVM_CSS_IOC, 0x03), NULL, ENOTTY, "number 3");
	uapi_ioctl(dev_fd, _IO(KVM_CSS_IOC, 0x7f), NULL, ENOTTY, "number 7f");
	uapi_ioctl(dev_fd, KVM_CSS_ADD, NULL, ENOTTY, "ADD on the device");
	uapi_ioctl(dev_fd, KVM_CREATE_VM, NULL, ENOTTY, "an ioctl of KVM");
	ktap_check(read(dev_fd, &byte, 1) < 0, "it can't be read");
	ktap_check(write(dev_fd, &byte, 1) < 0, "it can't be written");
}

/* --- KVM_CSS_CREATE --- */

static void close_new(int fd, int rc)
{
	(void)fd;
	close(rc);
}

static void create_structure(void)
{
	struct kvm_css_create arg = { .size = sizeof(arg) };

	arg.vm_fd = uapi_vm();
	uapi_sizes(dev_fd, KVM_CSS_CREATE, &arg, sizeof(arg), close_new);
	close(arg.vm_fd);
}

static void create_flags(void)
{
	struct kvm_css_create arg = { .size = sizeof(arg) };
	int bit;

	arg.vm_fd = uapi_vm();
	/* ALONE, OTHER and KEEP are bits 0 to 2. */
	for (bit = 3; bit < 32; bit++) {
		arg.flags = 1u << bit;
		uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EINVAL, "flag");
	}
	arg.flags = 0;
	arg.reserved = 1;
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EINVAL, "reserved");
	arg.reserved = 0x80000000;
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EINVAL, "reserved");
	/*
	 * The VM can still be attached, so none of the refused calls has
	 * attached it.
	 */
	arg.reserved = 0;
	close_new(dev_fd, uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, UAPI_OK,
				     "after the refusals"));
	close(arg.vm_fd);
}

static void create_bad_descriptor(void)
{
	struct kvm_css_create arg = { .size = sizeof(arg), .vm_fd = -1 };

	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EBADF, "-1");
	arg.vm_fd = 1000000;
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EBADF, "1000000");
	arg.vm_fd = uapi_vm();
	close(arg.vm_fd);
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EBADF, "closed");
	arg.vm_fd = open("/dev/kvm", O_PATH);
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EBADF, "O_PATH");
	close(arg.vm_fd);
}

static void create_not_a_vm(void)
{
	struct kvm_css_create arg = { .size = sizeof(arg) };
	struct kvm_create_device flic = { .type = KVM_DEV_TYPE_FLIC };
	int vm_fd = uapi_vm();
	int css_fd;

	arg.vm_fd = kvm_fd;
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EINVAL, "/dev/kvm");
	arg.vm_fd = dev_fd;
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EINVAL, KVM_CSS_DEV);
	arg.vm_fd = ioctl(vm_fd, KVM_CREATE_VCPU, 0);
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EINVAL, "a vCPU");
	close(arg.vm_fd);
	if (!ioctl(vm_fd, KVM_CREATE_DEVICE, &flic)) {
		arg.vm_fd = flic.fd;
		uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EINVAL, "a KVM device");
		close(flic.fd);
	}
	css_fd = css_attach(vm_fd, 0);
	arg.vm_fd = css_fd;
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EINVAL,
		   "a channel subsystem");
	close(css_fd);
	close(vm_fd);
}

static void send_fd(int sock, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { .iov_base = "", .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	if (sendmsg(sock, &msg, 0) != 1)
		die("sendmsg");
}

static int receive_fd(int sock)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(sock, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg))
		die("recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

static void create_foreign(void)
{
	struct kvm_css_create arg = { .size = sizeof(arg) };
	int sock[2], status;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sock))
		die("socketpair");
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		char byte;

		send_fd(sock[1], uapi_vm());
		/* Keep the VM until the parent has tried to attach it. */
		(void)!read(sock[1], &byte, 1);
		_exit(0);
	}
	arg.vm_fd = receive_fd(sock[0]);
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EPERM,
		   "the VM of another process");
	close(sock[0]);
	close(sock[1]);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EPERM,
		   "the VM of a process that has ended");
	close(arg.vm_fd);
}

static void create_twice(void)
{
	struct kvm_css_create arg = { .size = sizeof(arg) };
	int css_fd;

	arg.vm_fd = uapi_vm();
	css_fd = uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, UAPI_OK, "first");
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EBUSY, "second");
	arg.vm_fd = dup(arg.vm_fd);
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EBUSY, "by a copy");
	/* The first channel subsystem can still be used after the refusals. */
	ktap_check(!css_add_test(css_fd, SID(0, 0), 0, 0), "ADD: %s",
		   strerror(errno));
	close(css_fd);
	css_fd = uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, UAPI_OK,
			    "after the first was closed");
	close(css_fd);
}

static void create_protected(void)
{
	if (ioctl(kvm_fd, KVM_CHECK_EXTENSION, KVM_CAP_S390_PROTECTED) <= 0)
		ktap_skip("a protected VM needs an Ultravisor, and this host has none");
	else
		ktap_skip("this VMM can't make a protected VM");
}

static void create_ucontrol(void)
{
	struct kvm_css_create arg = { .size = sizeof(arg) };

	/*
	 * Ask first, because up to 6.12 KVM warns when it refuses to make such
	 * a VM.
	 */
	if (ioctl(kvm_fd, KVM_CHECK_EXTENSION, KVM_CAP_S390_UCONTROL) <= 0) {
		ktap_skip("this kernel makes no user-controlled VM");
		return;
	}
	arg.vm_fd = ioctl(kvm_fd, KVM_CREATE_VM, KVM_VM_S390_UCONTROL);
	if (arg.vm_fd < 0)
		die("KVM_CREATE_VM, user-controlled");
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EOPNOTSUPP,
		   "a user-controlled VM");
	close(arg.vm_fd);
}

static void create_no_descriptor(void)
{
	struct kvm_css_create arg = { .size = sizeof(arg) };
	struct kvm_css_open open_arg = { .size = sizeof(open_arg) };
	struct rlimit limit, none;
	int free_fd;

	arg.vm_fd = uapi_vm();
	open_arg.vm_fd = arg.vm_fd;
	free_fd = dup(arg.vm_fd);
	close(free_fd);
	getrlimit(RLIMIT_NOFILE, &limit);
	none = limit;
	none.rlim_cur = free_fd;
	setrlimit(RLIMIT_NOFILE, &none);
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EMFILE, "no descriptor left");
	/* The VM isn't attached either, but the kernel finds that out later. */
	uapi_ioctl(dev_fd, KVM_CSS_OPEN, &open_arg, EMFILE,
		   "OPEN, no descriptor left");
	setrlimit(RLIMIT_NOFILE, &limit);
	close_new(dev_fd, uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, UAPI_OK,
				     "with descriptors again"));
	close(arg.vm_fd);
}

static int write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return -1;
	rc = write(fd, text, strlen(text)) < 0 ? -1 : 0;
	close(fd);
	return rc;
}

/* Has KVM a hook for the module?  Then ftrace has no part in CREATE. */
static bool kvm_has_hook(void)
{
	FILE *symbols = fopen("/proc/kallsyms", "r");
	char line[512];
	bool has = false;

	if (!symbols)
		return false;
	while (!has && fgets(line, sizeof(line), symbols))
		has = strstr(line, " kvm_s390_css_register\t[kvm]");
	fclose(symbols);
	return has;
}

static void create_ftrace_off(void)
{
	struct kvm_css_create arg = { .size = sizeof(arg) };
	int css_fd;

	if (kvm_has_hook()) {
		ktap_skip("KVM has a hook, which the module uses");
		return;
	}
	if (access(FTRACE_ENABLED, W_OK)) {
		ktap_skip(FTRACE_ENABLED ": %s", strerror(errno));
		return;
	}
	let_go();
	arg.vm_fd = uapi_vm();
	/* No VM is attached now, unless an earlier test has gone wrong. */
	if (write_file(FTRACE_ENABLED, "0")) {
		ktap_fail("write 0 to " FTRACE_ENABLED ": %s", strerror(errno));
		goto out;
	}
	uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, EOPNOTSUPP,
		   "kernel.ftrace_enabled is 0");
	if (write_file(FTRACE_ENABLED, "1"))
		die("write 1 to " FTRACE_ENABLED);
	css_fd = uapi_ioctl(dev_fd, KVM_CSS_CREATE, &arg, UAPI_OK,
			    "kernel.ftrace_enabled is 1 again");
	ktap_check(write_file(FTRACE_ENABLED, "0") && errno == EBUSY,
		   "while a VM is attached it can't be turned off");
	close(css_fd);
out:
	close(arg.vm_fd);
	keep();
}

static void create_cloexec(void)
{
	int css_fd = uapi_css();

	ktap_check(fcntl(css_fd, F_GETFD) & FD_CLOEXEC, "O_CLOEXEC");
	close(css_fd);
}

static void many_vms(void)
{
	const int nr = checks_itself() ? 2 : MANY;
	int vm_fd[MANY], css_fd[MANY], i;

	for (i = 0; i < nr; i++) {
		vm_fd[i] = uapi_vm();
		css_fd[i] = css_attach(vm_fd[i], 0);
		ktap_check(css_fd[i] >= 0, "VM %d: %s", i, strerror(errno));
		ktap_check(!css_add_test(css_fd[i], SID(0, 5), 5, 0),
			   "ADD to VM %d: %s", i, strerror(errno));
	}
	for (i = 0; i < nr; i++) {
		ktap_check(uapi_count(css_fd[i]) == 1, "VM %d has one", i);
		close(i & 1 ? css_fd[i] : vm_fd[i]);
	}
	for (i = 0; i < nr; i++)
		close(i & 1 ? vm_fd[i] : css_fd[i]);
}

/* --- the channel subsystem's descriptor --- */

static void css_unknown(void)
{
	int css_fd = uapi_css();
	char byte = 0;

	uapi_ioctl(css_fd, _IO(KVM_CSS_IOC, 0x1d), NULL, ENOTTY, "number 1d");
	uapi_ioctl(css_fd, KVM_CSS_CREATE, NULL, ENOTTY, "CREATE");
	uapi_ioctl(css_fd, KVM_CSS_GET_VERSION, NULL, ENOTTY, "GET_VERSION");
	ktap_check(read(css_fd, &byte, 1) < 0, "it can't be read");
	ktap_check(write(css_fd, &byte, 1) < 0, "it can't be written");
	ktap_check(mmap(NULL, 4096, PROT_READ, MAP_SHARED, css_fd, 0) ==
		   MAP_FAILED, "it can't be mapped");
	close(css_fd);
}

static void css_other_process(void)
{
	int css_fd = uapi_css();
	int status;
	pid_t child = fork();

	if (!child)
		_exit(css_add_test(css_fd, SID(1, 1), 1, 0) != 0);
	waitpid(child, &status, 0);
	ktap_check(WIFEXITED(status) && !WEXITSTATUS(status),
		   "ADD by another process");
	ktap_check(uapi_count(css_fd) == 1, "its subchannel is there");
	close(css_fd);
}

static void unload_refused(void)
{
	int css_fd = uapi_css();

	let_go();
	close(dev_fd);
	ktap_check(syscall(SYS_delete_module, "kvm_css", O_NONBLOCK) < 0 &&
		   errno == EWOULDBLOCK,
		   "while a VM is attached: expected EWOULDBLOCK, found %s",
		   strerror(errno));
	close(css_fd);
	dev_fd = open(KVM_CSS_DEV, O_RDWR | O_CLOEXEC);
	if (dev_fd < 0)
		die("open " KVM_CSS_DEV);
	ktap_check(syscall(SYS_delete_module, "kvm_css", O_NONBLOCK) < 0 &&
		   errno == EWOULDBLOCK,
		   "while the device is open: expected EWOULDBLOCK, found %s",
		   strerror(errno));
	keep();
}

/* --- KVM_CSS_REMOVE and KVM_CSS_QUERY --- */

static void put_back(int fd, int rc)
{
	(void)rc;
	css_add_test(fd, SID(2, 7), 7, 0);
}

static void remove_structure(void)
{
	struct kvm_css_remove arg = { .size = sizeof(arg), .schid = 7,
				      .ssid = 2 };
	int css_fd = uapi_css();

	css_add_test(css_fd, SID(2, 7), 7, 0);
	uapi_sizes(css_fd, KVM_CSS_REMOVE, &arg, sizeof(arg), put_back);
	ktap_check(uapi_count(css_fd) == 1, "it is there after refusals");
	close(css_fd);
}

static void remove_arguments(void)
{
	struct kvm_css_remove good = { .size = sizeof(good), .schid = 7,
				       .ssid = 2 };
	struct kvm_css_remove arg;
	int css_fd = uapi_css();
	unsigned int i;

	css_add_test(css_fd, SID(2, 7), 7, 0);
	for (i = 0; i < sizeof(arg.reserved); i++) {
		arg = good;
		arg.reserved[i] = 1;
		uapi_ioctl(css_fd, KVM_CSS_REMOVE, &arg, EINVAL, "reserved");
	}
	arg = good;
	arg.flags = 4;
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &arg, EINVAL, "flag");
	arg = good;
	arg.ssid = 4;
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &arg, EINVAL, "set 4");
	ktap_check(uapi_count(css_fd) == 1, "it is there after refusals");
	arg = good;
	arg.ssid = 1;
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &arg, ENODEV, "other set");
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &good, UAPI_OK, "the right one");
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &good, ENODEV, "once more");
	ktap_check(!uapi_count(css_fd), "it is gone");
	close(css_fd);
}

static void query_structure(void)
{
	struct kvm_css_query arg = { .size = sizeof(arg), .schid = 7,
				     .ssid = 2 };
	int css_fd = uapi_css();
	char *edge = uapi_unreadable();
	long page = sysconf(_SC_PAGESIZE);

	css_add_test(css_fd, SID(2, 7), 7, 0);
	uapi_sizes_from(css_fd, KVM_CSS_QUERY, &arg,
			offsetof(struct kvm_css_query, now), sizeof(arg), NULL);
	memcpy(edge - sizeof(arg), &arg, sizeof(arg));
	mprotect(edge - page, page, PROT_READ);
	uapi_ioctl(css_fd, KVM_CSS_QUERY, edge - sizeof(arg), EFAULT,
		   "argument that can't be written");
	mprotect(edge - page, page, PROT_READ | PROT_WRITE);
	close(css_fd);
}

static void query_arguments(void)
{
	struct kvm_css_query good = { .size = sizeof(good), .schid = 7,
				      .ssid = 2 };
	struct kvm_css_query arg;
	int css_fd = uapi_css();

	css_add_test(css_fd, SID(2, 7), 7, 0);
	arg = good;
	arg.flags = 4;
	uapi_ioctl(css_fd, KVM_CSS_QUERY, &arg, EINVAL, "unknown flag");
	arg = good;
	arg.reserved = 1;
	uapi_ioctl(css_fd, KVM_CSS_QUERY, &arg, EINVAL, "reserved");
	arg = good;
	arg.reserved2 = 1;
	uapi_ioctl(css_fd, KVM_CSS_QUERY, &arg, EINVAL, "reserved2");
	arg = good;
	arg.ssid = 4;
	uapi_ioctl(css_fd, KVM_CSS_QUERY, &arg, EINVAL, "set 4");
	arg = good;
	arg.schid = 8;
	uapi_ioctl(css_fd, KVM_CSS_QUERY, &arg, ENODEV, "absent");
	arg.flags = KVM_CSS_QUERY_NEXT;
	uapi_ioctl(css_fd, KVM_CSS_QUERY, &arg, ENODEV, "none behind");
	close(css_fd);
}

static void query_next(void)
{
	static const u32 sids[] = { SID(0, 3), SID(0, 0xffff), SID(1, 0),
				    SID(3, 0x1234) };
	struct kvm_css_query query = { 0 };
	int css_fd = uapi_css();
	u32 from = SID(0, 0);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sids); i++)
		css_add_test(css_fd, sids[ARRAY_SIZE(sids) - 1 - i], i, 0);
	for (i = 0; i < ARRAY_SIZE(sids); i++) {
		ktap_check(!css_query(css_fd, from, KVM_CSS_QUERY_NEXT, &query),
			   "behind %08x: %s", from, strerror(errno));
		ktap_check(SID((u32)query.ssid, query.schid) == sids[i],
			   "expected %08x, found %x.%04x", sids[i], query.ssid,
			   query.schid);
		from = query.schid == 0xffff ? SID(1, 0) : sids[i] + 1;
	}
	ktap_check(uapi_count(css_fd) == 4, "four in all");
	close(css_fd);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ KVM_CSS_DEV " has mode 0600 and is root's", device_mode },
		{ "GET_VERSION", version },
		{ "an unknown call of the device is ENOTTY", device_unknown },
		{ "CREATE: size and unknown bytes", create_structure, true },
		{ "CREATE: a flag or reserved bit is EINVAL", create_flags, true },
		{ "CREATE: a descriptor that isn't open is EBADF",
		  create_bad_descriptor },
		{ "CREATE: not a VM is EINVAL", create_not_a_vm },
		{ "CREATE: another process's VM is EPERM", create_foreign },
		{ "CREATE: a VM that is attached is EBUSY", create_twice },
		{ "CREATE: a protected VM is EOPNOTSUPP", create_protected },
		{ "CREATE: a user-controlled VM is EOPNOTSUPP",
		  create_ucontrol },
		{ "CREATE: no descriptor left is EMFILE",
		  create_no_descriptor },
		{ "CREATE: ftrace turned off is EOPNOTSUPP",
		  create_ftrace_off },
		{ "CREATE: the descriptor is closed on exec", create_cloexec },
		{ "several VMs at the same time", many_vms },
		{ "an unknown call of the channel subsystem is ENOTTY",
		  css_unknown },
		{ "the channel subsystem may be used by another process",
		  css_other_process },
		{ "the module can't be unloaded while it is used",
		  unload_refused },
		{ "REMOVE: size and unknown bytes", remove_structure, true },
		{ "REMOVE: EINVAL, ENODEV, and nothing is changed",
		  remove_arguments },
		{ "QUERY: size, unknown bytes, EFAULT", query_structure, true },
		{ "QUERY: EINVAL and ENODEV", query_arguments, true },
		{ "QUERY_NEXT finds all in order", query_next },
	};

	vmm_watchdog();
	kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	dev_fd = open(KVM_CSS_DEV, O_RDWR | O_CLOEXEC);
	if (kvm_fd < 0 || dev_fd < 0)
		die("open /dev/kvm and " KVM_CSS_DEV);
	keep();
	ktap_plan(ARRAY_SIZE(cases) + uapi_add_nr + uapi_run_nr +
		  uapi_state_nr + uapi_device_nr + uapi_backing_nr +
		  uapi_storage_nr + uapi_cache_nr + uapi_unit_nr);
	ktap_cases(cases, ARRAY_SIZE(cases));
	ktap_cases(uapi_add_cases, uapi_add_nr);
	ktap_cases(uapi_run_cases, uapi_run_nr);
	ktap_cases(uapi_state_cases, uapi_state_nr);
	ktap_cases(uapi_device_cases, uapi_device_nr);
	ktap_cases(uapi_backing_cases, uapi_backing_nr);
	ktap_cases(uapi_storage_cases, uapi_storage_nr);
	ktap_cases(uapi_cache_cases, uapi_cache_nr);
	ktap_cases(uapi_unit_cases, uapi_unit_nr);
	return ktap_status();
}
