// SPDX-License-Identifier: GPL-2.0
/*
 * VMs, channel subsystems and the module itself end, in any order and at any
 * time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backing.h"
#include "host.h"
#include "module.h"
#include "theme.h"
#include "withhold.h"
#include "guest/lifetime.h"

/*
 * The VM of the running test, and what the host does when its guest has begun
 */
static struct life {
	struct machine machine;
	int backing;
	void (*act)(struct life *life);
	/* What the guest has reported and the host has measured */
	bool acted;
	bool failed;
	bool reported;
	int ending;
	unsigned int late;
	double seconds;		/* how long the act took */
	/* Where to tell a parent process that the guest has begun */
	int started_fd;
} life;

/* --- a VM with a test control unit and a disk --- */

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	double begin = now();

	(void)vcpu;
	if (args[0] == HC_FAIL)
		life.failed = true;
	if (args[0] != HC_THEME)
		return 0;
	if (args[1] == LIFE_CALL_REPORT) {
		life.reported = true;
		life.ending = args[2];
		life.late = args[3];
		return 0;
	}
	if (life.started_fd && write(life.started_fd, "", 1) != 1)
		die("tell the parent");
	if (life.act)
		life.act(&life);
	life.seconds = now() - begin;
	life.acted = true;
	return 0;
}

static void create(u64 what)
{
	memset(&life, 0, sizeof(life));
	life.backing = backing_file(LIFE_BLOCKS * FBA_BLOCK);
	machine_create(&life.machine, SERVED_BY_KERNEL, 1);
	machine_add_test(&life.machine, LIFE_SID_TEST, 1, 0);
	machine_add_fba(&life.machine, LIFE_SID_FBA, 2, life.backing,
			LIFE_BLOCKS, false);
	life.machine.vmm.hypercall = hypercall;
	vmm_load(&life.machine.vmm, guest_image, guest_image_end, what);
}

static void destroy(void)
{
	close(life.machine.css_fd);
	vmm_destroy(&life.machine.vmm);
	close(life.backing);
}

/* The module has no reference left when the last descriptor is closed. */
static void no_references(void)
{
	double until = now() + 20;

	while (references() && now() < until)
		usleep(10000);
	ktap_check(!references(), "the module has %d references left",
		   references());
}

/* --- while a guest runs --- */

static void close_css(struct life *life)
{
	close(life->machine.css_fd);
	life->machine.css_fd = -1;
}

static void remove_test(struct life *life)
{
	ktap_check(!css_remove(life->machine.css_fd, LIFE_SID_TEST),
		   "REMOVE: %s", strerror(errno));
}

/*
 * The guest does I/O, and the host ends it.  Afterwards the guest must see
 * neither the subchannel nor an interruption of it.
 */
static void end_of(u64 what, void (*act)(struct life *life))
{
	int status;

	create(what);
	life.act = act;
	status = vmm_run(&life.machine.vmm);
	ktap_check(!status && !life.failed, "the guest program, status %d",
		   status);
	ktap_check(life.acted && life.reported,
		   "expected the guest program to get to its end");
	ktap_check(life.ending == CC_NOT_OPERATIONAL,
		   "expected cc 3 afterwards, found %x", life.ending);
	ktap_check(!life.late, "%u late interruptions", life.late);
	ktap_check(life.seconds < 8, "it took %.1f s", life.seconds);
	destroy();
	no_references();
}

static void close_in_wait(void)
{
	end_of(LIFE_WAIT, close_css);
}

static void close_pending(void)
{
	end_of(LIFE_PENDING, close_css);
}

static void close_in_loop(void)
{
	end_of(LIFE_LOOP, close_css);
	end_of(LIFE_DATA_LOOP, close_css);
}

static void remove_in_wait(void)
{
	end_of(LIFE_WAIT, remove_test);
}

static void remove_pending(void)
{
	end_of(LIFE_PENDING, remove_test);
}

static void remove_in_loop(void)
{
	end_of(LIFE_LOOP, remove_test);
	end_of(LIFE_DATA_LOOP, remove_test);
}

/* Another thread acts while the vCPU is executing instructions. */
static void end_beside(u64 what, void (*act)(struct life *life))
{
	int status;

	create(what);
	vmm_start(&life.machine.vmm);
	usleep(300000);
	act(&life);
	status = vmm_wait(&life.machine.vmm);
	ktap_check(!status && !life.failed && life.reported,
		   "the guest program, status %d", status);
	destroy();
	no_references();
}

static void close_beside(void)
{
	end_beside(LIFE_CYCLES, close_css);
	end_beside(LIFE_WRITES, close_css);
}

static void remove_fba(struct life *life)
{
	ktap_check(!css_remove(life->machine.css_fd, LIFE_SID_FBA),
		   "REMOVE: %s", strerror(errno));
}

static void remove_beside(void)
{
	end_beside(LIFE_CYCLES, remove_test);
	end_beside(LIFE_WRITES, remove_fba);
}

/* Add and remove other subchannels all the time. */
static void churn(struct life *life)
{
	int css_fd = life->machine.css_fd;
	double until = now() + 1;
	u32 i;

	for (i = 0; now() < until; i++) {
		u32 sid = SID(1, i % 8);

		if (i >= 8)
			ktap_check(!css_remove(css_fd, sid), "REMOVE: %s",
				   strerror(errno));
		ktap_check(!css_add_test(css_fd, sid, i, 0), "ADD: %s",
			   strerror(errno));
	}
	remove_test(life);
}

static void churn_beside(void)
{
	end_beside(LIFE_CYCLES, churn);
}

/* --- descriptors in any order --- */

static void one_cycle(const char *when)
{
	int status;

	vmm_load(&life.machine.vmm, guest_image, guest_image_end, LIFE_ONE);
	status = vmm_run(&life.machine.vmm);
	ktap_check(!status && !life.failed, "%s: status %d", when, status);
}

static void vm_first(void)
{
	create(LIFE_ONE);
	close(life.machine.vmm.vm_fd);
	one_cycle("the VM's descriptor is closed");
	life.machine.vmm.vm_fd = -1;
	destroy();
	no_references();
}

static void css_first(void)
{
	create(LIFE_ONE);
	one_cycle("all are open");
	close(life.machine.css_fd);
	no_references();
	/*
	 * Without the kernel's, the guest must find no subchannel: the VMM has
	 * none.
	 */
	vmm_load(&life.machine.vmm, guest_image, guest_image_end, LIFE_ONE);
	vmm_run(&life.machine.vmm);
	ktap_check(life.failed, "the guest still finds the subchannel");
	vmm_destroy(&life.machine.vmm);
	close(life.backing);
}

static void copy_keeps(void)
{
	int copy;

	create(LIFE_ONE);
	copy = dup(life.machine.css_fd);
	close(life.machine.css_fd);
	one_cycle("a copy of the descriptor is open");
	life.machine.css_fd = copy;
	destroy();
	no_references();
}

static void backing_released(void)
{
	int other;

	create(LIFE_ONE);
	other = backing_reopen(life.backing, O_RDONLY);
	close(life.backing);
	close(life.machine.css_fd);
	if (fcntl(other, F_SETLEASE, F_RDLCK))
		ktap_check(errno == EINVAL,
			   "somebody has the file open for writing: %s",
			   strerror(errno));
	close(other);
	vmm_destroy(&life.machine.vmm);
	no_references();
}

/* --- death of the VMM --- */

/*
 * Start a VMM in a child process.  It runs its guest until it is killed, or
 * exits by itself when the guest has begun.
 */
static pid_t start_vmm(u64 what, bool exits)
{
	int pipe_fd[2];
	pid_t child;
	char byte;

	if (pipe2(pipe_fd, O_CLOEXEC))
		die("pipe");
	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		create(what);
		life.started_fd = pipe_fd[1];
		vmm_start(&life.machine.vmm);
		if (exits) {
			while (!life.acted)
				usleep(1000);
			_exit(0);
		}
		for (;;)
			pause();
	}
	close(pipe_fd[1]);
	if (read(pipe_fd[0], &byte, 1) != 1)
		ktap_fail("the VMM ended before its guest began");
	close(pipe_fd[0]);
	return child;
}

/* A kernel that checks itself takes long to end a VM, and sees a fault the first time. */
static void kill_in(u64 what, int times)
{
	int i, status;
	pid_t child;

	if (checks_itself())
		times = (times + 2) / 3;
	for (i = 0; i < times; i++) {
		child = start_vmm(what, false);
		usleep(i * 37000);
		ktap_check(references(), "the VM is attached");
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		no_references();
	}
}

static void kill_in_wait(void)
{
	kill_in(LIFE_WAIT, 2);
}

static void kill_in_loop(void)
{
	kill_in(LIFE_LOOP, 2);
	kill_in(LIFE_DATA_LOOP, 2);
}

static void kill_in_cycles(void)
{
	kill_in(LIFE_CYCLES, 3);
}

static void kill_in_writes(void)
{
	kill_in(LIFE_WRITES, 5);
}

/*
 * Nobody reads @uffd.  It was opened before the channel subsystem's descriptor.
 * So when the VMM dies it is released after that one.
 */
static void fault_vmm(int uffd)
{
	create(LIFE_FAULT);
	withhold(uffd, vmm_pointer(&life.machine.vmm, LIFE_FAULT_PAGE, 4096));
	vmm_start(&life.machine.vmm);
	for (;;)
		pause();
}

static bool ends(pid_t child, unsigned int seconds)
{
	double until = now() + seconds;
	int status;

	while (now() < until) {
		if (waitpid(child, &status, WNOHANG) == child)
			return true;
		usleep(10000);
	}
	return false;
}

static void kill_in_fault(void)
{
	int uffd = withhold_open();
	pid_t child;

	if (uffd < 0) {
		ktap_skip("this kernel has no userfaultfd");
		return;
	}
	/*
	 * A userfaultfd belongs to the memory of the process that opened it, so
	 * the child opens one of its own.
	 */
	close(uffd);
	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork");
	if (!child)
		fault_vmm(withhold_open());
	/* Give the worker time to reach the page and wait for it. */
	usleep(1500000);
	ktap_check(references(), "the VM is attached");
	kill(child, SIGKILL);
	ktap_check(ends(child, 20), "the killed VMM does not end");
	no_references();
}

static void exit_in_wait(void)
{
	int status;

	waitpid(start_vmm(LIFE_WAIT, true), &status, 0);
	no_references();
	waitpid(start_vmm(LIFE_WRITES, true), &status, 0);
	no_references();
}

/* --- the module --- */

static void reload(void)
{
	const char *name = module_file();
	int i;

	for (i = 0; name && i < 3; i++) {
		no_references();
		if (!ktap_check(module_unload(), "unload: %s", strerror(errno)))
			return;
		ktap_check(access(KVM_CSS_DEV, F_OK), KVM_CSS_DEV " is gone");
		if (!ktap_check(module_load(name), "load %s: %s", name,
				strerror(errno)))
			return;
		create(LIFE_ONE);
		one_cycle("loaded again");
		destroy();
	}
}

/*
 * The module is unloaded, and the intercept is gone, while the guest goes on
 * executing.
 */
static void unload_beside(void)
{
	const char *name = module_file();
	int status;

	if (!name)
		return;
	create(LIFE_CYCLES);
	vmm_start(&life.machine.vmm);
	usleep(200000);
	close(life.machine.css_fd);
	ktap_check(module_unload(), "unload while the VM exists: %s",
		   strerror(errno));
	status = vmm_wait(&life.machine.vmm);
	ktap_check(!status && life.ending == CC_NOT_OPERATIONAL,
		   "the guest program, status %d", status);
	vmm_destroy(&life.machine.vmm);
	close(life.backing);
	ktap_check(module_load(name), "load %s: %s", name, strerror(errno));
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "css closed during WAIT: at once, no late interruption",
		  close_in_wait },
		{ "css closed with status pending: interruption withdrawn",
		  close_pending },
		{ "css closed during programs without end", close_in_loop },
		{ "css closed while the vCPU starts programs", close_beside },
		{ "REMOVE during WAIT: at once, no late interruption",
		  remove_in_wait },
		{ "REMOVE with status pending: interruption withdrawn",
		  remove_pending },
		{ "REMOVE during programs without end", remove_in_loop },
		{ "REMOVE while the vCPU starts programs", remove_beside },
		{ "ADD and REMOVE of others while the vCPU starts programs",
		  churn_beside },
		{ "VM's descriptor closed first: the guest is still served",
		  vm_first },
		{ "css's descriptor closed first: the VMM is asked",
		  css_first },
		{ "a copy of css's descriptor keeps it", copy_keeps },
		{ "css closed: the backing file is let go",
		  backing_released },
		{ "VMM killed during WAIT", kill_in_wait },
		{ "VMM killed during programs without end", kill_in_loop },
		{ "VMM killed while it starts programs", kill_in_cycles },
		{ "VMM killed during FBA writes", kill_in_writes },
		{ "VMM killed while its program waits for userfaultfd",
		  kill_in_fault },
		{ "VMM exits in the middle of I/O", exit_in_wait },
		{ "unload and load again, three times", reload },
		{ "unload while a guest runs that was attached",
		  unload_beside },
	};

	vmm_watchdog();
	ktap_plan(ARRAY_SIZE(cases));
	ktap_cases(cases, ARRAY_SIZE(cases));
	return ktap_status();
}
