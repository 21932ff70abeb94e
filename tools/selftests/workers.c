// SPDX-License-Identifier: GPL-2.0
/*
 * Workers do what they do for a VM as its VMM: in the VMM's control groups and
 * with its nice value.  All workers of a VM together use no more than one CPU.
 *
 * The VMM is a child process in a control group of its own, so that what it
 * uses can be measured from outside.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
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
#include "cputime.h"
#include "host.h"
#include "theme.h"
#include "withhold.h"
#include "guest/workers.h"

#define DISKS		8
#define DISK_BLOCKS	(WORKERS_BLOCKS + 1)
/* How many seconds to measure; a limit needs several of its periods */
#define SECONDS		1
#define LIMITED_SECONDS	3
/*
 * What cpu.max allows, and how much more may be measured: the limit is only
 * exact over whole periods, and times are only exact to a tick
 */
#define MAX_PERCENT	10
#define MORE_PERCENT	5
/* What kernel threads of workqueues may use meanwhile for others */
#define OTHERS_PERCENT	20
#define NICE		5
/* The VMM's main thread and the vCPU's */
#define OWN_THREADS	2
/* How many programs keep the workers busy with commands that are pending */
#define WAITING		16
/*
 * How long it may take to remove subchannels whose commands would be pending
 * for longer
 */
#define STOPPED_SECONDS	5
#define PENDING		1000
/* KVM allocates at least so many bytes for a pending interruption */
#define PENDING_BYTES	64

static struct {
	pid_t pid;
	/* The VMM tells here that it is ready, or has done its work */
	int from;
	int to;		/* the VMM is told here to go on */
	unsigned char css_fd;
	bool outside;	/* the VMM starts outside of the control group */
} vmm;

/* --- the VMM's process --- */

static struct {
	int from, to;
	unsigned char css_fd;
} parent;

/*
 * The CPU of the vCPU.  If the host has another CPU, no worker may be bound to
 * this one.
 */
#define PINNED		0

/* Pin the vCPU's thread to a CPU, as management software does. */
static void pin_vcpu(void)
{
	static const struct sched_param none;
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(PINNED, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) ||
	    sched_setscheduler(0, SCHED_OTHER, &none))
		die("pin a vCPU");
}

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	char byte;

	(void)vcpu;
	if (args[0] != HC_THEME)
		return 0;
	if (args[1] == WORKERS_CALL_READY)
		pin_vcpu();
	if (write(parent.to, &parent.css_fd, 1) != 1 ||
	    read(parent.from, &byte, 1) != 1)
		_exit(1);
	return 0;
}

/* Are the commands of this subchannel executed on workers only? */
static bool is_async(u64 what, u32 i)
{
	if (what & WORKERS_HANGS)
		return !i;
	return !(what & (WORKERS_WAITS | WORKERS_LONG_WAITS |
			 WORKERS_AT_ONCE));
}

static void __noreturn run_vmm(u64 what, int disk)
{
	static const struct sched_param none;
	struct machine machine;
	u32 i;

	if (!vmm.outside)
		cgroup_write("cgroup.procs", "0");
	if (setpriority(PRIO_PROCESS, 0, NICE) ||
	    sched_setscheduler(0, SCHED_BATCH, &none))
		die("be nice");
	machine_create(&machine, SERVED_BY_KERNEL, 1);
	machine.vmm.hypercall = hypercall;
	parent.css_fd = machine.css_fd;
	for (i = 0; i < WORKERS_NR(what); i++)
		if (what & WORKERS_LOOPS)
			machine_add_fba(&machine, WORKERS_SID(i), i, disk,
					DISK_BLOCKS, true);
		else if (what & WORKERS_SECOND && !i)
			machine_add_fba(&machine, WORKERS_SID(i), i, disk,
					WORKERS_LONG_BLOCKS, true);
		else
			machine_add_test(&machine, WORKERS_SID(i), i,
					 is_async(what, i) ?
						KVM_CSS_TEST_ASYNC : 0);
	vmm_load(&machine.vmm, guest_image, guest_image_end, what);
	if (what & WORKERS_HANGS)
		/* Who accesses this page waits until the VMM is killed. */
		withhold(withhold_open(),
			 vmm_pointer(&machine.vmm, WORKERS_HANG_PAGE, 4096));
	vmm_start(&machine.vmm);
	vmm_wait(&machine.vmm);
	_exit(1);
}

/* --- the process that measures --- */

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

/* Start a VMM.  Return: whether it has got ready. */
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

/* Kill the VMM while it works.  All that works for it must end as well. */
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

static void nothing(int tid)
{
	(void)tid;
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

static const struct cputime_bounds one_cpu_in_group = {
	.least = 30, .most = 100 + OTHERS_PERCENT,
	.group_least = 30, .group_most = 100 + OTHERS_PERCENT,
};

static const struct cputime_bounds limited = {
	.least = 1, .most = MAX_PERCENT + OTHERS_PERCENT,
	.group_least = 1, .group_most = MAX_PERCENT + MORE_PERCENT,
};

static bool loops(unsigned int nr, int disk)
{
	if (!start(WORKERS_LOOPS | nr, disk))
		return false;
	go_on();
	return heard();
}

static int cached_file(void)
{
	static char blocks[DISK_BLOCKS * FBA_BLOCK];
	int fd = backing_file(sizeof(blocks));

	if (write(fd, blocks, sizeof(blocks)) != sizeof(blocks))
		die("write a file");
	return fd;
}

static void one_cpu(void)
{
	int disk = cached_file();

	if (!have_cgroup())
		return;
	if (loops(DISKS, disk))
		cputime_expect(vmm.pid, SECONDS, one_cpu_in_group);
	end();
	close(disk);
	no_cgroup();
}

static void cpu_max(void)
{
	int disk = cached_file();

	if (!have_cgroup())
		return;
	if (start(WORKERS_LOOPS | DISKS, disk)) {
		cgroup_write("cpu.max", "10000 100000");
		go_on();
		heard();
		/* The group first pays for what it used before the limit. */
		sleep(1);
		cputime_expect(vmm.pid, LIMITED_SECONDS, limited);
	}
	/* The end takes CPU time, too, and is not what is tested here. */
	cgroup_write("cpu.max", "max 100000");
	end();
	close(disk);
	no_cgroup();
}

/*
 * The guest keeps its worker busy, and commands of its other programs are
 * pending and completed all the time.  None of that is done by others than the
 * threads in the group.
 */
static void pending_limited(void)
{
	if (!have_cgroup())
		return;
	if (start(WORKERS_WAITS | WAITING, -1)) {
		cgroup_write("cpu.max", "10000 100000");
		if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
			cgroup_write("cpuset.cpus", "0");
		go_on();
		heard();
		sleep(1);
		cputime_expect(vmm.pid, LIMITED_SECONDS, limited);
		cgroup_write("cpu.max", "max 100000");
		/* None of the programs is left behind. */
		go_on();
		heard();
	}
	end();
	no_cgroup();
}

static const struct cputime_bounds two_cpus_in_group = {
	.least = 30, .most = 200,
	.group_least = 30, .group_most = 200,
};

/* Are the workers threads of the VMM, and no kernel threads? */
static bool workers_are_threads(void)
{
	unsigned int nr = 0;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", vmm.pid);
	dir = opendir(path);
	while (dir && readdir(dir))
		nr++;
	if (dir)
		closedir(dir);
	/* "." and ".." */
	return nr > OWN_THREADS + 2;
}

/*
 * The same without a limit: all of them together get one CPU.  Where workers are
 * kernel threads, not all that a turn costs is charged ("What isn't charged" in
 * Documentation/workers.rst), and the group has all of it.
 */
static void pending_unlimited(void)
{
	bool threads;

	if (!have_cgroup())
		return;
	if (start(WORKERS_WAITS | WAITING, -1)) {
		go_on();
		heard();
		threads = workers_are_threads();
		cputime_expect(vmm.pid, SECONDS, threads ? one_cpu_in_group :
							   two_cpus_in_group);
		ktap_note("%u threads in the group, workers are %s",
			  cgroup_threads(nothing),
			  threads ? "threads of the VMM" : "kernel threads");
	}
	/* The VMM is killed while commands are pending. */
	end();
	no_cgroup();
}

static void moved(void)
{
	int disk = cached_file();
	char pid[16];

	if (!have_cgroup())
		return;
	vmm.outside = true;
	if (loops(DISKS, disk)) {
		snprintf(pid, sizeof(pid), "%d", vmm.pid);
		cgroup_write("cgroup.procs", pid);
		/*
		 * A worker that is a kernel thread changes its group at its
		 * next turn.
		 */
		usleep(300000);
		cputime_expect(vmm.pid, SECONDS, one_cpu_in_group);
	}
	vmm.outside = false;
	end();
	close(disk);
	no_cgroup();
}

/* What kernel threads may use in the place of workers, in percent of a CPU */
#define STAND_IN_PERCENT	10
/* How many workers a VM may have, and how many programs the test starts */
#define THREADS		64
#define MANY		(THREADS + 16)

static void bounded(void)
{
	unsigned int nr;
	double begin;

	if (!have_cgroup())
		return;
	if (start(WORKERS_MANY | MANY, -1)) {
		go_on();
		heard();
		begin = now();
		nr = cgroup_threads(nothing);
		go_on();
		if (heard())
			ktap_note("%u endless programs: %u threads, halted in %.1f s",
				  MANY, nr, now() - begin);
		ktap_check(nr > 8 && nr <= THREADS + OWN_THREADS,
			   "expected up to %u threads, found %u", THREADS, nr);
	}
	end();
	no_cgroup();
}

/* The only worker is busy, and the VMM may have no more threads. */
static void another(void)
{
	int disk = backing_file(WORKERS_LONG_BLOCKS * FBA_BLOCK);
	double begin;

	if (!have_cgroup())
		return;
	if (start(WORKERS_SECOND | 2, disk)) {
		go_on();
		heard();
		cgroup_write("pids.max", "1");
		begin = now();
		go_on();
		heard();
		ktap_check(now() - begin < WORKERS_LONG, "it took %.1f s",
			   now() - begin);
	}
	end();
	close(disk);
	no_cgroup();
}

/*
 * Where workers are threads of the VMM, this VMM gets none.  The kernel threads
 * that stand in for them get little CPU time, because the VMM's control group
 * doesn't bound it.
 */
static void no_threads(void)
{
	int disk = cached_file();
	unsigned int expected, nr;

	if (!have_cgroup())
		return;
	if (start(WORKERS_LOOPS | DISKS, disk)) {
		cgroup_write("pids.max", "1");
		go_on();
		heard();
		/* A kernel thread joins the group when it begins its first turn. */
		sleep(1);
		nr = cgroup_threads(nothing);
		expected = nr > OWN_THREADS ? 100 : STAND_IN_PERCENT;
		ktap_note("%u threads in the group", nr);
		cputime_expect(vmm.pid, SECONDS, (struct cputime_bounds){
			.least = expected * .3,
			.most = expected + OTHERS_PERCENT,
			.group_most = 100 + OTHERS_PERCENT,
		});
	}
	end();
	close(disk);
	no_cgroup();
}

/*
 * The only worker hangs, the VMM may have no more threads, and a command of
 * another program is pending.
 */
static void hung(void)
{
	int uffd = withhold_open();
	double begin;

	if (uffd < 0) {
		ktap_skip("this kernel has no userfaultfd");
		return;
	}
	close(uffd);
	if (!have_cgroup())
		return;
	if (start(WORKERS_HANGS | 2, -1)) {
		go_on();
		heard();
		/* Give the worker time to reach the page and wait for it. */
		usleep(500000);
		cgroup_write("pids.max", "1");
		begin = now();
		go_on();
		heard();
		ktap_note("it took %.1f s", now() - begin);
		ktap_check(now() - begin < WORKERS_LONG, "it took %.1f s",
			   now() - begin);
	}
	end();
	no_cgroup();
}

/*
 * Nothing limits how many commands are pending, so all of them may be completed
 * at the same moment.  No more workers than ever see to that.
 */
static void at_once(void)
{
	double began, most = 0;
	struct pollfd from;
	unsigned int nr;

	if (!have_cgroup())
		return;
	if (start(WORKERS_AT_ONCE | PENDING, -1)) {
		from = (struct pollfd){ .fd = vmm.from, .events = POLLIN };
		go_on();
		/* When a thread of the host that sleeps wakes up too late */
		for (began = now(); !poll(&from, 1, 10); began = now())
			if (now() - began > most)
				most = now() - began;
		heard();
		nr = cgroup_threads(nothing);
		ktap_note("%u threads; a thread that slept 10 ms slept %.0f ms",
			  nr, most * 1000);
		ktap_check(nr <= THREADS + OWN_THREADS,
			   "expected up to %u threads, found %u",
			   THREADS + OWN_THREADS, nr);
	}
	end();
	no_cgroup();
}

/* How many workers there are, and how many are scheduled unlike the VMM */
static struct {
	unsigned int nr;
	unsigned int nicer;
	unsigned int of_another_policy;
	unsigned int pinned;
} seen;

static bool is_worker(int tid)
{
	char name[64];
	FILE *file;
	bool is;

	snprintf(name, sizeof(name), "/proc/%d/comm", tid);
	file = fopen(name, "r");
	if (!file)
		return false;
	is = fgets(name, sizeof(name), file) && !strncmp(name, "kvm_css-", 8);
	fclose(file);
	return is;
}

static void look_at_worker(int tid)
{
	cpu_set_t cpus;

	if (!is_worker(tid))
		return;
	seen.nr++;
	errno = 0;
	if (getpriority(PRIO_PROCESS, tid) != NICE && !errno)
		seen.nicer++;
	if (sched_getscheduler(tid) != SCHED_BATCH)
		seen.of_another_policy++;
	if (!sched_getaffinity(tid, sizeof(cpus), &cpus) &&
	    CPU_COUNT(&cpus) == 1 && CPU_ISSET(PINNED, &cpus))
		seen.pinned++;
}

static void scheduled(void)
{
	int disk = cached_file();

	if (!have_cgroup())
		return;
	memset(&seen, 0, sizeof(seen));
	if (loops(DISKS, disk)) {
		/* A worker joins the group when it does its first work. */
		usleep(300000);
		cgroup_threads(look_at_worker);
		ktap_note("%u workers in the group", seen.nr);
		ktap_check(seen.nr > DISKS / 2,
			   "too few of the workers are in the group");
		ktap_check(!seen.nicer, "%u have another nice value",
			   seen.nicer);
		ktap_check(!seen.of_another_policy, "%u have another policy",
			   seen.of_another_policy);
		if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
			ktap_check(!seen.pinned,
				   "%u are bound to the vCPU's CPU",
				   seen.pinned);
	}
	end();
	close(disk);
	no_cgroup();
}

/* Return: a copy of the VMM's descriptor of the channel subsystem. */
static int css_of_vmm(void)
{
	int pidfd = syscall(SYS_pidfd_open, vmm.pid, 0);
	int fd = syscall(SYS_pidfd_getfd, pidfd, vmm.css_fd, 0);

	if (pidfd < 0 || fd < 0)
		die("get the VMM's descriptor");
	close(pidfd);
	return fd;
}

/*
 * When the VMM is stopped, so are its workers.  Their work is left undone, and
 * must not delay the removal of the disks.
 */
static void remove_stopped(unsigned int nr)
{
	int css_fd = css_of_vmm(), status;
	double begin;
	u32 i;

	kill(vmm.pid, SIGSTOP);
	waitpid(vmm.pid, &status, WUNTRACED);
	begin = now();
	for (i = 0; i < nr; i++)
		ktap_check(!css_remove(css_fd, WORKERS_SID(i)),
			   "REMOVE: %s", strerror(errno));
	ktap_note("removed in %.1f s", now() - begin);
	ktap_check(now() - begin < STOPPED_SECONDS, "it took %.1f s",
		   now() - begin);
	cputime_expect(vmm.pid, SECONDS, (struct cputime_bounds){
		.most = OTHERS_PERCENT, .group_most = OTHERS_PERCENT,
	});
	close(css_fd);
}

static void stopped(void)
{
	int disk = cached_file();

	if (!have_cgroup())
		return;
	if (loops(DISKS, disk))
		remove_stopped(DISKS);
	end();
	close(disk);
	no_cgroup();
}

/* The same for commands that are pending */
static void stopped_pending(void)
{
	if (!have_cgroup())
		return;
	if (start(WORKERS_LONG_WAITS | WAITING, -1)) {
		go_on();
		if (heard())
			remove_stopped(WAITING);
	}
	end();
	no_cgroup();
}

/* The kernel adds up the counters of its CPUs every two seconds. */
#define SLAB_SECONDS	2.2

static u64 slab_bytes(void)
{
	return cgroup_value("memory.stat", "slab");
}

static void memory(void)
{
	u64 before, after;
	double done;

	if (!have_cgroup())
		return;
	if (start(WORKERS_PENDING | PENDING, -1)) {
		usleep(SLAB_SECONDS * 1000000);
		before = slab_bytes();
		go_on();
		heard();
		done = now();
		do {
			usleep(100000);
			after = slab_bytes();
		} while (after < before + PENDING * PENDING_BYTES &&
			 now() < done + 2 * SLAB_SECONDS);
		ktap_note("%d interruptions: slab from %lu to %lu bytes",
			  PENDING, before, after);
		ktap_check(after >= before + PENDING * PENDING_BYTES,
			   "expected it to be charged to the group");
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
			   "expected it to be charged to the group");
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
	{ "pending commands use what the VMM's control group may use",
	  pending_limited },
	{ "pending commands share one CPU with an endless program",
	  pending_unlimited },
	{ "workers follow the VMM to another control group", moved },
	{ "a VM has no more than so many workers, and all of its programs end", bounded },
	{ "a VMM that may have no threads has its programs run, on one CPU", no_threads },
	{ "a program waits for no other one where no worker can be made", another },
	{ "a pending command is completed if all workers hang", hung },
	{ "1000 commands are completed at the same moment", at_once },
	{ "a worker is scheduled as the VMM is, not as its vCPU", scheduled },
	{ "a VMM that is stopped keeps nobody from removing its disks", stopped },
	{ "the same with commands that are pending", stopped_pending },
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
