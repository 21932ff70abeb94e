// SPDX-License-Identifier: GPL-2.0
/*
 * VMMs that are killed at random moments while their guests drive disks of the
 * host's.  Each time the host must have the disks again, with its own driver, and with
 * data that are as they were, or as the guest has written them.  In the end nothing is
 * left of the VMMs, and the module can be unloaded.
 *
 * A VMM is a child process in a control group of its own.  The module's memory for
 * programs is charged to that, so the group's memory shows what was lost.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "host.h"
#include "host_device.h"
#include "host_disk.h"
#include "module.h"
#include "pass_stress.h"
#include "theme.h"

/* How often a VMM is killed, and the variable that says something else */
#define KILLS_ENV	"PASSTHROUGH_KILLS"
#define KILLS		4
#define KILLS_CHECKED	2	/* by a kernel that checks itself */
/* How long a guest may work before it is killed, in microseconds */
#define WORK_US		(checks_itself() ? 2000000 : 400000)
/* Seconds that the end of a VMM, and what is left of it, may take */
#define PATIENCE	(checks_itself() ? 120 : 30)
/* What a control group may count when all of its processes have ended: it isn't exact */
#define SLACK		(32 << 10)

struct host_disk stress_disks[STRESS_DISKS] = {
	[STRESS_FBA] = { .size = FBA_BLOCK },
	[STRESS_ECKD] = { .size = STRESS_RECORD },
};

struct stress_told *stress_told;

static struct {
	unsigned int early;		/* killed before their guest ran */
	/* Seconds until the host had the disk again, the longest and all */
	double longest[STRESS_DISKS], sum[STRESS_DISKS];
	double start;			/* seconds until a guest ran */
} killed;

static bool has_group;

/* --- the VMM's process --- */

static int started_fd;

static void theme_call(u64 call, u64 disk)
{
	switch (call) {
	case STRESS_CALL_BEGUN:
		if (write(started_fd, "", 1) != 1)
			die("tell the parent");
		break;
	case STRESS_CALL_PROGRAMS:
		stress_told->programs += STRESS_PROGRAMS;
		break;
	case STRESS_CALL_CHECK:
		stress_told->checks++;
		break;
	case STRESS_CALL_LOST:
		stress_told->lost |= 1u << disk;
		break;
	}
}

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	struct hc_failure *failure;

	if (args[0] == HC_THEME) {
		theme_call(args[1], args[2]);
	} else if (args[0] == HC_FAIL) {
		failure = vmm_pointer(vcpu->vmm, args[1], sizeof(*failure));
		ktap_note("guest program, line %lu: expected %s, found %#lx",
			  failure->line, vmm_string(vcpu->vmm, failure->what),
			  failure->actual);
		stress_told->failed = true;
	} else if (args[0] == HC_LOG) {
		ktap_note("%s %#lx %#lx", vmm_string(vcpu->vmm, args[1]),
			  args[2], args[3]);
	}
	return 0;
}

static void __noreturn run_vmm(unsigned int nr)
{
	struct machine machine;
	u32 i;

	if (has_group)
		cgroup_write("cgroup.procs", "0");
	machine_create(&machine, SERVED_BY_KERNEL, 1);
	machine.vmm.hypercall = hypercall;
	for (i = 0; i < STRESS_DISKS; i++) {
		const struct kvm_css_passthrough arg = {
			.size = sizeof(arg),
			.devno = host_device_devno(stress_disks[i].id),
		};

		if (css_add_passthrough(machine.css_fd, STRESS_SID(i),
					STRESS_DEVNO(i), &arg))
			die("lend %s", stress_disks[i].id);
	}
	vmm_load(&machine.vmm, guest_image, guest_image_end,
		 STRESS_GENERATION(nr));
	vmm_run(&machine.vmm);
	/* The guest program doesn't end by itself. */
	_exit(1);
}

/* --- the process that kills --- */

pid_t stress_start(unsigned int nr, int *from)
{
	int pipe_fd[2];
	pid_t child;

	if (pipe2(pipe_fd, O_CLOEXEC))
		die("pipe");
	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		close(pipe_fd[0]);
		started_fd = pipe_fd[1];
		run_vmm(nr);
	}
	close(pipe_fd[1]);
	*from = pipe_fd[0];
	return child;
}

/* Every fourth VMM is killed while it starts, the others while the guest works. */
static void until_moment(unsigned int nr, int from)
{
	const double begin = now();
	char byte;

	if (nr % 4 == 3) {
		killed.early++;
		usleep(rand() % (int)(killed.start * 1e6));
		return;
	}
	if (!ktap_check(read(from, &byte, 1) == 1,
			"the VMM has ended before its guest ran"))
		return;
	killed.start = now() - begin;
	usleep(rand() % WORK_US);
}

/* The host has its disks again, and reads what was there, or what a guest wrote. */
static void host_has_disks(unsigned int nr)
{
	const double begin = now();
	double seconds;
	u32 i;

	for (i = 0; i < STRESS_DISKS; i++) {
		ktap_check(host_device_wait(stress_disks[i].id, true),
			   "VMM %u: the host hasn't got %s again", nr,
			   stress_disks[i].id);
		seconds = now() - begin;
		killed.sum[i] += seconds;
		if (seconds > killed.longest[i])
			killed.longest[i] = seconds;
	}
	for (i = 0; i < STRESS_DISKS; i++)
		host_disk_check(&stress_disks[i], i, STRESS_GENERATION(nr + 1));
}

void stress_kill(pid_t child, int from)
{
	int status = 0;

	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	close(from);
	ktap_check(WIFSIGNALED(status) && !stress_told->failed,
		   "a VMM has ended by itself, status %#x", status);
}

static void kill_one(unsigned int nr)
{
	int from;
	pid_t child = stress_start(nr, &from);

	until_moment(nr, from);
	stress_kill(child, from);
	ktap_check(!stress_told->checks && !stress_told->lost,
		   "VMM %u: a unit check, or a disk was lost", nr);
	host_has_disks(nr);
}

static unsigned int kills(void)
{
	const char *text = getenv(KILLS_ENV);

	if (text)
		return strtoul(text, NULL, 0);
	return checks_itself() ? KILLS_CHECKED : KILLS;
}

/* --- what is left --- */

static void pinned(u64 *pages)
{
	FILE *file = fopen("/proc/sys/vm/stat_refresh", "w");
	u64 value, got = 0, released = 0;
	char name[64];

	/* What CPUs have counted for themselves is added up now. */
	if (!file || fputs("1", file) < 0 || fclose(file))
		die("refresh /proc/vmstat");
	file = fopen("/proc/vmstat", "r");
	while (file && fscanf(file, "%63s %lu", name, &value) == 2) {
		if (!strcmp(name, "nr_foll_pin_acquired"))
			got = value;
		if (!strcmp(name, "nr_foll_pin_released"))
			released = value;
	}
	if (!file || !got)
		die("read what is pinned");
	fclose(file);
	*pages = got - released;
}

/* Memory of the kernel's that the VMMs' group has, without what caches keep */
static long group_bytes(void)
{
	return (long)cgroup_value("memory.stat", "kernel") -
	       (long)cgroup_value("memory.stat", "slab_reclaimable");
}

struct left {
	u64 pages;
	long bytes;
	int references;
};

static void measure(struct left *left)
{
	pinned(&left->pages);
	left->references = references();
	left->bytes = has_group ? group_bytes() : 0;
}

static bool is_more(const struct left *left, const struct left *before)
{
	return left->pages > before->pages ||
	       left->bytes > SLACK ||
	       left->references > before->references;
}

/* What has ended frees some of its memory a little later. */
static void nothing_left(const struct left *before)
{
	const double end = now() + PATIENCE;
	struct left left;

	for (measure(&left); is_more(&left, before) && now() < end;
	     measure(&left))
		usleep(50000);
	ktap_check(left.pages == before->pages, "pinned pages: %lu, were %lu",
		   left.pages, before->pages);
	ktap_check(left.references == before->references,
		   "references to the module: %d, were %d", left.references,
		   before->references);
	ktap_check(left.bytes <= SLACK,
		   "the VMMs' group has %ld bytes of the kernel's memory",
		   left.bytes);
	ktap_note("%ld bytes of the kernel's memory are left", left.bytes);
}

/* --- the tests --- */

static struct left before;

static void once(void)
{
	measure(&before);
	kill_one(0);
}

static void many(void)
{
	const unsigned int nr = kills();
	unsigned int i;

	srand(now() * 1e6);
	for (i = 1; i <= nr; i++)
		kill_one(i);
	ktap_note("%u VMMs killed, %u of them before their guest ran; %lu programs",
		  nr, killed.early, stress_told->programs);
	for (i = 0; i < STRESS_DISKS; i++)
		ktap_note("the host had %s again after %.2f s, at most %.2f s",
			  stress_disks[i].id, killed.sum[i] / (nr + 1),
			  killed.longest[i]);
	ktap_check(stress_told->programs, "no guest has executed programs");
}

static void left_nothing(void)
{
	if (!has_group)
		ktap_note("this host has no control groups: memory isn't counted");
	nothing_left(&before);
}

static void unload(void)
{
	const char *name = module_file();

	if (!name)
		return;
	ktap_check(module_unload(), "unload: %s", strerror(errno));
	ktap_check(module_load(name), "load %s: %s", name, strerror(errno));
}

static bool prepare(void)
{
	static const char * const variables[STRESS_DISKS] = {
		[STRESS_FBA] = HOST_DEVICE_FBA,
		[STRESS_ECKD] = HOST_DEVICE_ECKD,
	};
	u32 i;

	for (i = 0; i < STRESS_DISKS; i++) {
		stress_disks[i].id = host_device_find(variables[i]);
		if (!stress_disks[i].id)
			return false;
	}
	host_disk_format(&stress_disks[STRESS_ECKD]);
	for (i = 0; i < STRESS_DISKS; i++)
		host_disk_fill(&stress_disks[i], i);
	return true;
}

/* Memory that this process has together with its children */
static void share(void)
{
	stress_told = mmap(NULL, sizeof(*stress_told), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stress_told == MAP_FAILED)
		die("mmap");
}

static void skipped(void)
{
	ktap_skip("$" HOST_DEVICE_FBA " and $" HOST_DEVICE_ECKD
		  " name no disks that may be overwritten");
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a VMM is killed while its guest drives disks of the host's",
		  once },
		{ "VMMs are killed at random moments: each time the host has its disks",
		  many },
		{ "the host's own driver: its disk is detached, and attached again",
		  stress_detach_own },
		{ "a disk is detached while a guest drives it, and attached again",
		  stress_detach_lent },
		{ "no page is pinned, no memory and no reference is left",
		  left_nothing },
		{ "the module is unloaded, and loaded again", unload },
	};
	static const struct ktap_case none[] = {
		{ "disks of the host's", skipped },
	};

	vmm_watchdog();
	share();
	if (!prepare()) {
		ktap_plan(ARRAY_SIZE(none));
		ktap_cases(none, ARRAY_SIZE(none));
		return ktap_status();
	}
	has_group = !cgroup_make();
	ktap_plan(ARRAY_SIZE(cases));
	ktap_cases(cases, ARRAY_SIZE(cases));
	if (has_group)
		cgroup_remove();
	return ktap_status();
}
