// SPDX-License-Identifier: GPL-2.0
/* Measure the CPU time of a VMM and of what works for it, see cputime.h. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "cputime.h"
#include "host.h"
#include "theme.h"

/*
 * How often to measure until the result is what it has to be.  A machine that is
 * busy with something else gives the VMM less CPU time than it may have, and
 * a tick that comes late lets a thread use more at once than its group may.  The
 * group pays for that afterwards.
 */
#define TRIES	6

/*
 * Return: the CPU time of a process in seconds, in whatever control group it
 * is; 0 unless it is the VMM or a kernel thread that may work for it.
 */
static double work_seconds(const char *pid, pid_t vmm)
{
	unsigned long user, system;
	char line[512], *comm, *rest;
	FILE *file;
	bool read;

	snprintf(line, sizeof(line), "/proc/%s/stat", pid);
	file = fopen(line, "r");
	if (!file)
		return 0;
	read = fgets(line, sizeof(line), file);
	fclose(file);
	comm = read ? strchr(line, '(') : NULL;
	rest = read ? strrchr(line, ')') : NULL;
	if (!comm || !rest ||
	    sscanf(rest + 2,
		   "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
		   &user, &system) != 2)
		return 0;
	if (atoi(pid) != vmm && strncmp(comm, "(kvm_css", 8) &&
	    strncmp(comm, "(kvm-css", 8) && strncmp(comm, "(kworker", 8))
		return 0;
	return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

static double all_seconds(pid_t vmm)
{
	struct dirent *entry;
	double seconds = 0;
	DIR *dir = opendir("/proc");

	if (!dir)
		die("open /proc");
	while ((entry = readdir(dir)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			seconds += work_seconds(entry->d_name, vmm);
	closedir(dir);
	return seconds;
}

struct used {
	double seconds;
	double all;
	double group;
};

static void used_now(struct used *used, pid_t vmm)
{
	used->seconds = now();
	used->all = all_seconds(vmm);
	used->group = cgroup_value("cpu.stat", "usage_usec") / 1e6;
}

/* Measure for some seconds, and give the result in percent of a CPU. */
static struct used measure(pid_t vmm, unsigned int seconds)
{
	struct used before, after;

	used_now(&before, vmm);
	sleep(seconds);
	used_now(&after, vmm);
	after.seconds -= before.seconds;
	after.all = (after.all - before.all) * 100 / after.seconds;
	after.group = (after.group - before.group) * 100 / after.seconds;
	ktap_note("%.1f s: all that may work for the VMM %.0f %% of a CPU, its group %.0f %%",
		  after.seconds, after.all, after.group);
	return after;
}

static bool within(const struct used *used, const struct cputime_bounds *bounds)
{
	return used->all >= bounds->least && used->all <= bounds->most &&
	       used->group >= bounds->group_least &&
	       used->group <= bounds->group_most;
}

void cputime_expect(pid_t vmm, unsigned int seconds,
		    struct cputime_bounds bounds)
{
	struct used used;
	int i;

	for (i = 0; i < TRIES; i++) {
		used = measure(vmm, seconds);
		if (within(&used, &bounds))
			return;
	}
	ktap_check(used.all >= bounds.least && used.all <= bounds.most,
		   "all threads: expected %.0f to %.0f %%, found %.0f %%",
		   bounds.least, bounds.most, used.all);
	ktap_check(used.group >= bounds.group_least &&
		   used.group <= bounds.group_most,
		   "the VMM's group: expected %.0f to %.0f %%, found %.0f %%",
		   bounds.group_least, bounds.group_most, used.group);
}
