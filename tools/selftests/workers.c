// SPDX-License-Identifier: GPL-2.0
/*
 * What workers do for a VM, they do as its VMM: in its control groups, and no
 * nicer than it is.  And they use no more than one CPU together.
 *
 * The VMM is a process of its own, in a control group; what it costs is measured
 * from outside.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backing.h"
#include "cgroup.h"
#include "host.h"
#include "theme.h"
#include "guest/workers.h"

#define DISKS		8
#define DISK_BLOCKS	2048
#define SECONDS		2
/* cpu.max, and what may be more: a period, and what a tick can't see */
#define MAX_PERCENT	10
#define MORE_PERCENT	5
/* What else the host does meanwhile: an emulated one has its own pace */
#define HOST_PERCENT	50
#define NICE		5
#define PENDING		2000
/* KVM allocates at least that for an interruption */
#define PENDING_BYTES	64

static struct {
	pid_t pid;
	int from;	/* where it tells that it is ready, or done */
	int to;		/* where it is told to go on */
	unsigned char css_fd;
	bool outside;	/* of the control group, at first */
} vmm;

/* --- the VMM's process --- */

static struct {
	int from, to;
	unsigned char css_fd;
} parent;

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	char byte;

	(void)vcpu;
	if (args[0] != HC_THEME)
		return 0;
	if (write(parent.to, &parent.css_fd, 1) != 1 ||
	    read(parent.from, &byte, 1) != 1)
		_exit(1);
	return 0;
}

static void __noreturn run_vmm(u64 what, int disk)
{
	struct machine machine;
	u32 i;

	if (!vmm.outside)
		cgroup_write("cgroup.procs", "0");
	if (setpriority(PRIO_PROCESS, 0, NICE))
		die("nice");
	machine_create(&machine, SERVED_BY_KERNEL, 1);
	machine.vmm.hypercall = hypercall;
	parent.css_fd = machine.css_fd;
	for (i = 0; i < WORKERS_NR(what); i++)
		if (what & WORKERS_LOOPS)
			machine_add_fba(&machine, WORKERS_SID(i), i, disk,
					DISK_BLOCKS, true);
		else
			machine_add_test(&machine, WORKERS_SID(i), i,
					 KVM_CSS_TEST_ASYNC);
	vmm_load(&machine.vmm, guest_image, guest_image_end, what);
	vmm_run(&machine.vmm);
	_exit(1);
}

/* --- from outside --- */

static bool heard(void)
{
	return ktap_check(read(vmm.from, &vmm.css_fd, 1) == 1,
			  "the VMM ended");
}

static void go_on(void)
{
	if (write(vmm.to, "", 1) != 1)
		die("tell the VMM");
}

/* Return: is it ready? */
static bool start(u64 what, int disk)
{
	int from[2], to[2];

	if (pipe2(from, O_CLOEXEC) || pipe2(to, O_CLOEXEC))
		die("pipe");
	fflush(stdout);
	vmm.pid = fork();
	if (vmm.pid < 0)
		die("fork");
	if (!vmm.pid) {
		close(from[0]);
		close(to[1]);
		parent.to = from[1];
		parent.from = to[0];
		run_vmm(what, disk);
	}
	close(from[1]);
	close(to[0]);
	vmm.from = from[0];
	vmm.to = to[1];
	return heard();
}

/* The VMM is killed in the middle of it, and all that was for it goes. */
static void end(void)
{
	double begin = now();
	int status;

	kill(vmm.pid, SIGKILL);
	waitpid(vmm.pid, &status, 0);
	close(vmm.from);
	close(vmm.to);
	while (references() && now() < begin + 20)
		usleep(10000);
	ktap_check(!references(), "the module has %d references left",
		   references());
	ktap_check(now() - begin < 8, "it took %.1f s to end",
		   now() - begin);
}

static bool have_cgroup(void)
{
	const char *why = cgroup_make();

	if (why)
		ktap_skip("%s", why);
	return !why;
}

static void no_cgroup(void)
{
	ktap_check(cgroup_remove(), "somebody is still in the control group");
}

/* What all CPUs of the host have done so far, in seconds */
static double host_seconds(void)
{
	FILE *file = fopen("/proc/stat", "r");
	u64 user, nice, system, idle, iowait, irq, softirq;

	if (!file || fscanf(file, "cpu %lu %lu %lu %lu %lu %lu %lu", &user,
			    &nice, &system, &idle, &iowait, &irq, &softirq) != 7)
		die("read /proc/stat");
	fclose(file);
	return (double)(user + nice + system + irq + softirq) /
	       sysconf(_SC_CLK_TCK);
}

struct used {
	double seconds;
	double host;
	double group;
};

static void used_now(struct used *used)
{
	used->seconds = now();
	used->host = host_seconds();
	used->group = cgroup_value("cpu.stat", "usage_usec") / 1e6;
}

/* For some seconds, in percent of a CPU */
static struct used measure(void)
{
	struct used before, after;

	used_now(&before);
	sleep(SECONDS);
	used_now(&after);
	after.seconds -= before.seconds;
	after.host = (after.host - before.host) * 100 / after.seconds;
	after.group = (after.group - before.group) * 100 / after.seconds;
	ktap_note("%.1f s: the host %.0f %% of a CPU, the VMM's group %.0f %%",
		  after.seconds, after.host, after.group);
	return after;
}

static bool loops(unsigned int nr, int disk)
{
	if (!start(WORKERS_LOOPS | nr, disk))
		return false;
	go_on();
	return heard();
}

static int cached_file(void)
{
	static char block[512];
	int fd = backing_file(DISK_BLOCKS * FBA_BLOCK);
	int i;

	for (i = 0; i < DISK_BLOCKS; i++)
		if (write(fd, block, sizeof(block)) != sizeof(block))
			die("write a file");
	return fd;
}

static void one_cpu(void)
{
	int disk = cached_file();
	struct used used;

	if (!have_cgroup())
		return;
	if (loops(DISKS, disk)) {
		used = measure();
		ktap_check(used.host >= 30, "nobody works");
		ktap_check(used.host <= 100 + HOST_PERCENT,
			   "expected one CPU, found %.0f %%", used.host);
		ktap_check(used.group >= 30, "nobody in the group works");
	}
	end();
	close(disk);
	no_cgroup();
}

static void cpu_max(void)
{
	int disk = cached_file();
	struct used used;

	if (!have_cgroup())
		return;
	if (start(WORKERS_LOOPS | DISKS, disk)) {
		cgroup_write("cpu.max", "10000 100000");
		go_on();
		heard();
		used = measure();
		ktap_check(used.group <= MAX_PERCENT + MORE_PERCENT,
			   "the group: expected %d %%, found %.0f %%",
			   MAX_PERCENT, used.group);
		ktap_check(used.host <= MAX_PERCENT + HOST_PERCENT,
			   "the host: expected %d %%, found %.0f %%",
			   MAX_PERCENT, used.host);
	}
	end();
	close(disk);
	no_cgroup();
}

static void moved(void)
{
	int disk = cached_file();
	struct used used;
	char pid[16];

	if (!have_cgroup())
		return;
	vmm.outside = true;
	if (loops(DISKS, disk)) {
		snprintf(pid, sizeof(pid), "%d", vmm.pid);
		cgroup_write("cgroup.procs", pid);
		/* A kernel thread follows with its next turn. */
		usleep(300000);
		used = measure();
		ktap_check(used.group >= 30, "nobody in the group works");
	}
	vmm.outside = false;
	end();
	close(disk);
	no_cgroup();
}

/* The bound of threads, and what it has for itself: its own, the vCPU's */
#define THREADS		64
#define MANY		100

static void nothing(int tid)
{
	(void)tid;
}

static void bounded(void)
{
	unsigned int nr;
	double begin;

	if (!have_cgroup())
		return;
	if (start(WORKERS_WAITS | MANY, -1)) {
		go_on();
		heard();
		begin = now();
		nr = cgroup_threads(nothing);
		go_on();
		if (heard())
			ktap_note("%u programs of a second: %u threads, %.1f s",
				  MANY, nr, now() - begin);
		ktap_check(nr > 8 && nr <= THREADS + 2,
			   "expected up to %u threads, found %u", THREADS, nr);
	}
	end();
	no_cgroup();
}

/* On a kernel where the workers are threads of the VMM it gets none. */
static void no_threads(void)
{
	int disk = cached_file();
	struct used used;

	if (!have_cgroup())
		return;
	if (start(WORKERS_LOOPS | DISKS, disk)) {
		cgroup_write("pids.max", "1");
		go_on();
		heard();
		used = measure();
		ktap_note("%u threads in the group", cgroup_threads(nothing));
		ktap_check(used.host >= 30, "nobody works");
		ktap_check(used.host <= 100 + HOST_PERCENT,
			   "expected one CPU, found %.0f %%", used.host);
	}
	end();
	close(disk);
	no_cgroup();
}

static unsigned int nicer;

static void look_at_nice(int tid)
{
	errno = 0;
	if (getpriority(PRIO_PROCESS, tid) != NICE && !errno)
		nicer++;
}

static void nice_value(void)
{
	int disk = cached_file();
	unsigned int nr;

	if (!have_cgroup())
		return;
	nicer = 0;
	if (loops(DISKS, disk)) {
		/* They come into it with what they do first. */
		usleep(300000);
		nr = cgroup_threads(look_at_nice);
		ktap_note("%u threads in the group", nr);
		ktap_check(nr > DISKS / 2, "the workers aren't in it");
		ktap_check(!nicer, "%u of %u have another nice value", nicer,
			   nr);
	}
	end();
	close(disk);
	no_cgroup();
}

/* The VMM's descriptor of the channel subsystem */
static int css_of_vmm(void)
{
	int pidfd = syscall(SYS_pidfd_open, vmm.pid, 0);
	int fd = syscall(SYS_pidfd_getfd, pidfd, vmm.css_fd, 0);

	if (pidfd < 0 || fd < 0)
		die("get the VMM's descriptor");
	close(pidfd);
	return fd;
}

/* Its workers are stopped with it, and what they were to do is left. */
static void stopped(void)
{
	int disk = cached_file(), css_fd, status;
	struct used used;
	double begin;
	u32 i;

	if (!have_cgroup())
		return;
	if (loops(DISKS, disk)) {
		css_fd = css_of_vmm();
		kill(vmm.pid, SIGSTOP);
		waitpid(vmm.pid, &status, WUNTRACED);
		begin = now();
		for (i = 0; i < DISKS; i++)
			ktap_check(!css_remove(css_fd, WORKERS_SID(i)),
				   "REMOVE: %s", strerror(errno));
		ktap_note("removed in %.1f s", now() - begin);
		ktap_check(now() - begin < 3, "it took %.1f s", now() - begin);
		used = measure();
		ktap_check(used.host <= HOST_PERCENT, "something still works");
		close(css_fd);
	}
	end();
	close(disk);
	no_cgroup();
}

/* The kernel adds up what its CPUs have counted every two seconds. */
static u64 slab_bytes(void)
{
	usleep(2200000);
	return cgroup_value("memory.stat", "slab");
}

static void memory(void)
{
	u64 before, after;

	if (!have_cgroup())
		return;
	if (start(WORKERS_PENDING | PENDING, -1)) {
		before = slab_bytes();
		go_on();
		heard();
		after = slab_bytes();
		ktap_note("%d interruptions: slab from %lu to %lu bytes",
			  PENDING, before, after);
		ktap_check(after >= before + PENDING * PENDING_BYTES,
			   "it isn't the group's");
	}
	end();
	no_cgroup();
}

static void block_io(void)
{
	int file = cached_file(), direct;
	struct backing_loop loop;
	u64 bytes = 0;
	struct stat st;

	if (!have_cgroup())
		return;
	if (!backing_loop(&loop, file)) {
		ktap_skip("no loop block device on this host");
		no_cgroup();
		return;
	}
	direct = backing_reopen(loop.fd, O_RDONLY | O_DIRECT);
	if (fstat(direct, &st))
		die("stat a block device");
	if (loops(1, direct)) {
		sleep(1);
		bytes = cgroup_read_bytes(major(st.st_rdev),
					  minor(st.st_rdev));
		ktap_note("%lu bytes read", bytes);
		ktap_check(bytes >= WORKERS_BLOCKS * FBA_BLOCK,
			   "it isn't the group's");
	}
	end();
	close(direct);
	backing_loop_end(&loop);
	close(file);
	no_cgroup();
}

static const struct ktap_case cases[] = {
	{ "endless programs on many disks share one CPU", one_cpu },
	{ "they share what the VMM's control group may use", cpu_max },
	{ "workers follow the VMM to another control group", moved },
	{ "a VM has no more than so many workers, and all of its programs end", bounded },
	{ "a VMM that may have no threads has its programs run, on one CPU", no_threads },
	{ "a worker is as nice as the VMM", nice_value },
	{ "a VMM that is stopped keeps nobody from removing its disks", stopped },
	{ "interruptions that workers make are charged to the VMM", memory },
	{ "what a disk reads is the VMM's block I/O", block_io },
};

int main(void)
{
	vmm_watchdog();
	ktap_plan(ARRAY_SIZE(cases));
	ktap_cases(cases, ARRAY_SIZE(cases));
	return ktap_status();
}
