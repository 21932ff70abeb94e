// SPDX-License-Identifier: GPL-2.0
/*
 * A process gives a channel subsystem to the VM of another process, whose VMM
 * knows nothing of it; cssctl does that.  The tests prove who may do it, how
 * long the channel subsystem lasts, and that nothing is left of it.
 *
 * The VMM is a child process.  It tells its parent when it has made the VM and
 * when its guest runs, and it doesn't run the guest before the parent says so.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backing.h"
#include "host.h"
#include "theme.h"
#include "guest/lifetime.h"

/* Seconds to wait for an end; a kernel that checks itself is slow. */
#define PATIENCE	(checks_itself() ? 300 : 60)

/* The VMM as its parent sees it */
struct child {
	pid_t pid;
	int vm_fd;		/* the number of the descriptor in the child */
	int says, told;		/* our ends of the two pipes */
};

/* The VMM in the child process */
static struct vmm vmm;
static int says;
static bool guest_failed;

/*
 * The test program keeps a VM of its own attached, so that the module doesn't
 * have to take over KVM's functions and give them back for every test, which
 * takes long.
 */
static int keeper = -1;

/*
 * How many references to the module there are beside two of the keeper: the
 * file and its attachment.
 */
static int others(void)
{
	return references() - (keeper >= 0 ? 2 : 0);
}

static void no_references(const char *when)
{
	double until = now() + PATIENCE;

	while (others() && now() < until)
		usleep(10000);
	ktap_check(!others(), "%s: the module has %d references left", when,
		   others());
}

/* --- the VMM --- */

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	(void)vcpu;
	if (args[0] == HC_FAIL)
		guest_failed = true;
	if (args[0] == HC_THEME && args[1] == LIFE_CALL_ACT &&
	    write(says, "", 1) != 1)
		die("tell the parent");
	return 0;
}

static __noreturn void run_vmm(u64 what, int told)
{
	char byte;

	vmm_create(&vmm, 1);
	vmm.hypercall = hypercall;
	vmm_load(&vmm, guest_image, guest_image_end, what);
	if (write(says, &vmm.vm_fd, sizeof(vmm.vm_fd)) != sizeof(vmm.vm_fd))
		die("tell the parent");
	/*
	 * At the end of the file, the VMM is to end and not to run the guest.
	 */
	if (read(told, &byte, 1) != 1)
		_exit(0);
	_exit(vmm_run(&vmm) || guest_failed);
}

static void start(struct child *child, u64 what)
{
	int up[2], down[2];

	if (pipe2(up, O_CLOEXEC) || pipe2(down, O_CLOEXEC))
		die("pipe");
	fflush(stdout);
	child->pid = fork();
	if (child->pid < 0)
		die("fork");
	if (!child->pid) {
		close(down[1]);
		says = up[1];
		run_vmm(what, down[0]);
	}
	close(up[1]);
	close(down[0]);
	child->says = up[0];
	child->told = down[1];
	if (read(child->says, &child->vm_fd, sizeof(int)) != sizeof(int))
		die("the VMM ended before its VM was there");
}

static void run_guest(struct child *child)
{
	if (write(child->told, "", 1) != 1)
		die("tell the VMM");
}

static bool guest_runs(struct child *child)
{
	char byte;

	return ktap_check(read(child->says, &byte, 1) == 1,
			  "the guest did not get to run");
}

/* Return: the child's exit status. */
static int end(struct child *child, bool by_signal)
{
	int status;

	close(child->told);
	if (by_signal)
		kill(child->pid, SIGKILL);
	waitpid(child->pid, &status, 0);
	close(child->says);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- what a tool like cssctl does --- */

static int take_vm(const struct child *child)
{
	int pidfd = syscall(SYS_pidfd_open, child->pid, 0);
	int fd = syscall(SYS_pidfd_getfd, pidfd, child->vm_fd, 0);

	if (fd < 0)
		die("pidfd_getfd");
	close(pidfd);
	return fd;
}

static int css_open(int vm_fd, u32 flags)
{
	struct kvm_css_open arg = {
		.size = sizeof(arg),
		.flags = flags,
		.vm_fd = vm_fd,
	};
	int dev = open(KVM_CSS_DEV, O_RDWR | O_CLOEXEC);
	int fd = ioctl(dev, KVM_CSS_OPEN, &arg);
	int error = errno;

	close(dev);
	errno = error;
	return fd;
}

/*
 * Attach the child's VM, add a test control unit and disks, and close
 * everything.
 */
static void attach(const struct child *child, u32 flags)
{
	struct kvm_css_fba fba = { .size = sizeof(fba) };
	int vm_fd = take_vm(child), css_fd, i;

	css_fd = css_attach(vm_fd, KVM_CSS_CREATE_OTHER | flags);
	ktap_check(css_fd >= 0, "KVM_CSS_CREATE: %s", strerror(errno));
	fba.backing_fd = backing_file(LIFE_DISK_BLOCKS * FBA_BLOCK);
	ktap_check(!css_add_test(css_fd, LIFE_SID_TEST, 1, 0),
		   "KVM_CSS_ADD: %s", strerror(errno));
	ktap_check(!css_add_fba(css_fd, LIFE_SID_FBA, 2, &fba),
		   "KVM_CSS_ADD: %s", strerror(errno));
	for (i = 0; i < LIFE_DISKS; i++)
		ktap_check(!css_add_fba(css_fd, LIFE_SID_DISK(i), 0x10 + i,
					&fba), "KVM_CSS_ADD: %s",
			   strerror(errno));
	close(fba.backing_fd);
	close(css_fd);
	close(vm_fd);
}

/* Return: a descriptor; or -1 with errno set, if nothing is attached. */
static int reopen(const struct child *child)
{
	int vm_fd = take_vm(child);
	int fd = css_open(vm_fd, KVM_CSS_OPEN_OTHER);
	int error = errno;

	close(vm_fd);
	errno = error;
	return fd;
}

static void expect_errno(int rc, int expected, const char *what)
{
	int found = rc < 0 ? errno : 0;

	ktap_check(found == expected, "%s: expected %s, found %s", what,
		   strerrorname_np(expected), found ? strerrorname_np(found) :
						      "success");
	if (rc >= 0)
		close(rc);
}

/* --- the tests --- */

static void others_vm(void)
{
	struct child child;
	int vm_fd, css_fd;

	start(&child, LIFE_ONE);
	vm_fd = take_vm(&child);
	expect_errno(css_attach(vm_fd, 0), EPERM, "CREATE, not one's own");
	expect_errno(css_open(vm_fd, 0), EPERM, "OPEN, not one's own");
	expect_errno(css_open(vm_fd, KVM_CSS_OPEN_OTHER), ENOENT,
		     "OPEN, not attached");
	expect_errno(css_open(vm_fd, 4), EINVAL, "OPEN, unknown flag");
	expect_errno(css_open(vm_fd, KVM_CSS_OPEN_LOOK), EPERM,
		     "OPEN to look, not one's own");
	expect_errno(css_open(vm_fd, KVM_CSS_OPEN_OTHER | KVM_CSS_OPEN_LOOK),
		     ENOENT, "OPEN to look, not attached");
	expect_errno(css_open(-1, KVM_CSS_OPEN_OTHER), EBADF, "OPEN of -1");
	expect_errno(css_open(0, KVM_CSS_OPEN_OTHER), EINVAL,
		     "OPEN of what is no VM");
	css_fd = css_attach(vm_fd, KVM_CSS_CREATE_OTHER);
	ktap_check(css_fd >= 0, "CREATE, of another process: %s",
		   strerror(errno));
	expect_errno(css_attach(vm_fd, KVM_CSS_CREATE_OTHER), EBUSY,
		     "CREATE once more");
	expect_errno(css_open(vm_fd, 0), EPERM, "OPEN, attached");
	close(css_fd);
	expect_errno(css_open(vm_fd, KVM_CSS_OPEN_OTHER), ENOENT,
		     "OPEN when it is not kept");
	close(vm_fd);
	end(&child, false);
	no_references("the VMM has ended");
}

static void last_descriptor(void)
{
	struct kvm_css_query query;
	struct child child;
	int vm_fd, first, second;

	start(&child, LIFE_ONE);
	vm_fd = take_vm(&child);
	first = css_attach(vm_fd, KVM_CSS_CREATE_OTHER);
	second = css_open(vm_fd, KVM_CSS_OPEN_OTHER);
	ktap_check(second >= 0, "OPEN: %s", strerror(errno));
	css_add_test(first, LIFE_SID_TEST, 1, 0);
	close(first);
	ktap_check(!css_query(second, LIFE_SID_TEST, 0, &query),
		   "the first of two is closed: %s", strerror(errno));
	close(second);
	expect_errno(css_open(vm_fd, KVM_CSS_OPEN_OTHER), ENOENT,
		     "both are closed");
	close(vm_fd);
	end(&child, false);
	no_references("the VMM has ended");
}

static void kept(void)
{
	struct kvm_css_query query;
	struct child child;
	int css_fd, vm_fd;

	start(&child, LIFE_ONE);
	attach(&child, KVM_CSS_CREATE_KEEP);
	vm_fd = take_vm(&child);
	expect_errno(css_attach(vm_fd, KVM_CSS_CREATE_OTHER), EBUSY,
		     "CREATE of what is kept");
	close(vm_fd);
	css_fd = reopen(&child);
	ktap_check(css_fd >= 0, "OPEN: %s", strerror(errno));
	ktap_check(!css_query(css_fd, LIFE_SID_FBA, 0, &query),
		   "the disk: %s", strerror(errno));
	close(css_fd);
	run_guest(&child);
	ktap_check(!end(&child, false),
		   "expected the guest to find the subchannel");
	no_references("the VMM has ended");
}

static void detached(void)
{
	struct child child;
	int css_fd, other;

	start(&child, LIFE_ONE);
	attach(&child, KVM_CSS_CREATE_KEEP);
	css_fd = reopen(&child);
	other = reopen(&child);
	expect_errno(ioctl(css_fd, KVM_CSS_DETACH, 1), EINVAL,
		     "DETACH with an argument");
	ktap_check(!ioctl(css_fd, KVM_CSS_DETACH, 0), "DETACH: %s",
		   strerror(errno));
	close(css_fd);
	css_fd = reopen(&child);
	ktap_check(css_fd >= 0,
		   "expected OPEN to work while a descriptor is open: %s",
		   strerror(errno));
	close(css_fd);
	close(other);
	expect_errno(reopen(&child), ENOENT, "none is left");
	no_references("it is detached");
	/* The guest still runs.  It must find no subchannel. */
	run_guest(&child);
	ktap_check(end(&child, false), "the guest still found the subchannel");
}

/* Start a VMM, and wait until its guest does what it is to do. */
static void start_at_work(struct child *child, u64 what)
{
	start(child, what);
	attach(child, KVM_CSS_CREATE_KEEP);
	run_guest(child);
	guest_runs(child);
}

/* Kill the VMM while its guest does I/O.  Nothing of the VM may be left. */
static void killed_in(u64 what, int times)
{
	struct child child;
	int i;

	for (i = 0; i < times; i++) {
		start_at_work(&child, what);
		usleep(i * 23000);
		ktap_check(others(), "the VM is attached");
		end(&child, true);
		no_references("the VMM was killed");
	}
}

/*
 * Kill the VMM during a command that would take minutes.  Soon nothing may be
 * left.
 */
static void killed_in_command(void)
{
	double seconds = checks_itself() ? 60 : 10;
	struct kvm_css_query query = {};
	struct child child;
	double since;
	int css_fd;

	start_at_work(&child, LIFE_LONG);
	css_fd = reopen(&child);
	ktap_check(!css_query(css_fd, LIFE_SID_DISK(0), 0, &query) &&
		   query.started == 1 && !query.completed,
		   "expected the program to be running: %lu started, %lu completed",
		   (unsigned long)query.started,
		   (unsigned long)query.completed);
	close(css_fd);
	end(&child, true);
	since = now();
	no_references("the VMM was killed");
	ktap_check(now() - since < seconds, "it took %.1f s",
		   now() - since);
}

static void killed(void)
{
	bool slow = checks_itself();

	killed_in(LIFE_WAIT, 1);
	killed_in(LIFE_LOOP, 1);
	killed_in(LIFE_DATA_LOOP, 1);
	killed_in(LIFE_CYCLES, slow ? 1 : 3);
	killed_in(LIFE_WRITES, slow ? 2 : 10);
	killed_in(LIFE_LOOPS, slow ? 1 : 3);
}

/* A descriptor in another process keeps the VM and its channel subsystem. */
static void outlives_vmm(void)
{
	struct kvm_css_query query;
	struct child child;
	int css_fd;

	start(&child, LIFE_WRITES);
	attach(&child, KVM_CSS_CREATE_KEEP);
	css_fd = reopen(&child);
	run_guest(&child);
	guest_runs(&child);
	end(&child, true);
	ktap_check(!css_query(css_fd, LIFE_SID_FBA, 0, &query), "QUERY: %s",
		   strerror(errno));
	ktap_check(!css_remove(css_fd, LIFE_SID_FBA), "REMOVE: %s",
		   strerror(errno));
	close(css_fd);
	no_references("it is closed");
}

/*
 * If the process of a VM is gone, no process is left that could be charged for
 * the memory of a new channel subsystem, so that CREATE fails.  One that has
 * been created earlier can still be used, and is charged to the process that is
 * gone.
 */
static void process_gone(void)
{
	struct child child;
	int vm_fd, css_fd;

	start(&child, LIFE_ONE);
	vm_fd = take_vm(&child);
	end(&child, true);
	expect_errno(css_attach(vm_fd, 0), EPERM, "CREATE, not one's own");
	expect_errno(css_attach(vm_fd, KVM_CSS_CREATE_OTHER), ESRCH,
		     "CREATE, no process left");
	expect_errno(css_attach(vm_fd, KVM_CSS_CREATE_OTHER |
				KVM_CSS_CREATE_KEEP), ESRCH,
		     "CREATE to be kept, no process left");
	expect_errno(css_open(vm_fd, KVM_CSS_OPEN_OTHER), ENOENT,
		     "OPEN, never attached");
	close(vm_fd);
	no_references("nothing was created");

	start(&child, LIFE_ONE);
	vm_fd = take_vm(&child);
	css_fd = css_attach(vm_fd, KVM_CSS_CREATE_OTHER);
	end(&child, true);
	ktap_check(!css_add_test(css_fd, LIFE_SID_TEST, 1, 0),
		   "ADD, the process gone since CREATE: %s", strerror(errno));
	ktap_check(!css_remove(css_fd, LIFE_SID_TEST), "REMOVE: %s",
		   strerror(errno));
	close(css_fd);
	close(vm_fd);
	no_references("it is closed");
}

/*
 * Start a tool that opens the channel subsystem to look at it, stops itself,
 * and looks once more when it is continued.
 */
static pid_t start_looking(const struct child *child)
{
	struct kvm_css_query query;
	int vm_fd, look_fd, up[2];
	pid_t tool;
	char byte;

	if (pipe2(up, O_CLOEXEC))
		die("pipe");
	fflush(stdout);
	tool = fork();
	if (tool < 0)
		die("fork");
	if (!tool) {
		vm_fd = take_vm(child);
		look_fd = css_open(vm_fd,
				   KVM_CSS_OPEN_OTHER | KVM_CSS_OPEN_LOOK);
		close(vm_fd);
		/*
		 * The other descriptors that it has inherited are the keeper's,
		 * and pipes.
		 */
		close(child->told);
		close(child->says);
		if (look_fd < 0 ||
		    css_query(look_fd, LIFE_SID_FBA, 0, &query))
			_exit(1);
		if (write(up[1], "", 1) != 1)
			_exit(2);
		raise(SIGSTOP);
		_exit(css_query(look_fd, LIFE_SID_FBA, 0, &query) &&
		      errno == ENOENT ? 0 : 3);
	}
	close(up[1]);
	ktap_check(read(up[0], &byte, 1) == 1,
		   "expected the tool to see the disk");
	close(up[0]);
	waitpid(tool, NULL, WUNTRACED);
	return tool;
}

static void look_ends(pid_t tool)
{
	int status;

	kill(tool, SIGCONT);
	waitpid(tool, &status, 0);
	ktap_check(WIFEXITED(status) && !WEXITSTATUS(status),
		   "the tool's status is %x", status);
}

/*
 * Return: how many references there are, as soon as there are no more than
 * expected or the patience is over.
 */
static int settled(int expected)
{
	double until = now() + PATIENCE;

	while (others() > expected && now() < until)
		usleep(10000);
	return others();
}

/*
 * A tool that only looks and is stopped must not keep the disk or the VM of a
 * VMM that is killed.
 */
static void looked_at_and_killed(void)
{
	struct child child;
	pid_t tool;

	start_at_work(&child, LIFE_WRITES);
	tool = start_looking(&child);
	end(&child, true);
	ktap_check(settled(1) == 1,
		   "expected the tool's file alone, found %d references",
		   others());
	look_ends(tool);
	no_references("the tool has ended");
}

/*
 * Nor may it keep the disk of a VM that goes on without its channel subsystem.
 */
static void looked_at_and_detached(void)
{
	struct child child;
	pid_t tool;
	int css_fd;

	start_at_work(&child, LIFE_WRITES);
	tool = start_looking(&child);
	css_fd = reopen(&child);
	ktap_check(!ioctl(css_fd, KVM_CSS_DETACH, 0), "DETACH: %s",
		   strerror(errno));
	close(css_fd);
	ktap_check(settled(1) == 1,
		   "expected the tool's file alone, found %d references",
		   others());
	look_ends(tool);
	end(&child, false);
	no_references("the tool has ended");
}

/*
 * A VM that has been detached can be attached again, as if for the first time.
 */
static void again(void)
{
	struct child child;
	int css_fd, i;

	start(&child, LIFE_ONE);
	for (i = 0; i < 3; i++) {
		attach(&child, KVM_CSS_CREATE_KEEP);
		css_fd = reopen(&child);
		ktap_check(!ioctl(css_fd, KVM_CSS_DETACH, 0), "DETACH: %s",
			   strerror(errno));
		close(css_fd);
		expect_errno(reopen(&child), ENOENT, "it is detached");
	}
	attach(&child, KVM_CSS_CREATE_KEEP);
	run_guest(&child);
	ktap_check(!end(&child, false),
		   "expected the guest to find the subchannel");
	no_references("the VMM has ended");
}

/* The channel subsystem is detached from its VM while the guest does I/O. */
static void detached_in_io(u64 what)
{
	struct child child;
	int css_fd;

	start_at_work(&child, what);
	css_fd = reopen(&child);
	ktap_check(!ioctl(css_fd, KVM_CSS_DETACH, 0), "DETACH: %s",
		   strerror(errno));
	close(css_fd);
	no_references("it is detached");
	/* The guest does I/O until it finds no subchannel, and then it ends. */
	ktap_check(!end(&child, false),
		   "expected the guest program to end well");
}

static void detached_beside(void)
{
	detached_in_io(LIFE_CYCLES);
	detached_in_io(LIFE_WRITES);
}

/* A process has many VMs.  Each channel subsystem ends with its own VM. */
static void many_vms(void)
{
	int kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm_fds[8], i, css_fd;
	double until;

	for (i = 0; i < 8; i++) {
		vm_fds[i] = ioctl(kvm_fd, KVM_CREATE_VM, 0);
		css_fd = css_attach(vm_fds[i], KVM_CSS_CREATE_KEEP);
		ktap_check(css_fd >= 0 && !css_add_test(css_fd, 0x10001, i, 0),
			   "VM %d: %s", i, strerror(errno));
		close(css_fd);
	}
	ktap_check(others() == 8, "expected 8 references, found %d",
		   others());
	for (i = 0; i < 8; i++) {
		close(vm_fds[i]);
		until = now() + PATIENCE;
		while (others() > 7 - i && now() < until)
			usleep(10000);
		ktap_check(others() == 7 - i,
			   "VM %d has gone, but %d references are left", i,
			   others());
	}
	close(kvm_fd);
	no_references("all VMs have gone");
}

static void keep(void)
{
	int kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm_fd = ioctl(kvm_fd, KVM_CREATE_VM, 0);

	keeper = css_attach(vm_fd, 0);
	if (keeper < 0)
		die("attach kvm-css (is kvm_css.ko loaded?)");
	close(vm_fd);
	close(kvm_fd);
}

/* When the keeper is closed too, the module must have no references at all. */
static void all_ended(void)
{
	close(keeper);
	keeper = -1;
	no_references("the last one has ended");
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "CREATE, OPEN: the VM of another process", others_vm },
		{ "not kept: ends with its last descriptor", last_descriptor },
		{ "kept: it is there without a descriptor", kept },
		{ "DETACH: not kept any more", detached },
		{ "kept: ends with a VMM that is killed in I/O", killed },
		{ "kept: ends with a VMM that is killed in a long command",
		  killed_in_command },
		{ "a descriptor outlives the VMM", outlives_vmm },
		{ "CREATE: a VM whose process is gone is ESRCH", process_gone },
		{ "a stopped tool that looks keeps nothing of a killed VMM",
		  looked_at_and_killed },
		{ "a stopped tool that looks keeps nothing that is detached",
		  looked_at_and_detached },
		{ "detached and attached again", again },
		{ "detached while the guest does I/O", detached_beside },
		{ "kept, of many VMs of one process: ends with its VM",
		  many_vms },
		{ "when the last VM has ended, so has all", all_ended },
	};

	vmm_watchdog();
	ktap_plan(ARRAY_SIZE(cases));
	keep();
	ktap_cases(cases, ARRAY_SIZE(cases));
	return ktap_status();
}
