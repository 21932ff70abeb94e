// SPDX-License-Identifier: GPL-2.0
/* Make, read and write a control group of version 2, see cgroup.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "host.h"
#include "vmm.h"

#define ROOT	"/tmp/kvm-css-cgroup"
#define GROUP	ROOT "/vmm"

static bool put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, value, strlen(value)) == (ssize_t)strlen(value);
	close(fd);
	return done;
}

const char *cgroup_make(void)
{
	static const char * const controllers[] = { "+cpu", "+cpuset", "+memory",
						     "+io", "+pids" };
	unsigned int i;

	if (mkdir(ROOT, 0700) && errno != EEXIST)
		return "no directory to mount a cgroup2 file system at";
	if (access(ROOT "/cgroup.procs", F_OK) &&
	    mount("none", ROOT, "cgroup2", 0, NULL))
		return "this kernel has no cgroup2 file system";
	for (i = 0; i < ARRAY_SIZE(controllers); i++)
		if (!put(ROOT "/cgroup.subtree_control", controllers[i]))
			return "the CPU, cpuset, memory, I/O and PIDs controllers aren't all there";
	if (mkdir(GROUP, 0700) && errno != EEXIST)
		die("make " GROUP);
	return NULL;
}

bool cgroup_remove(void)
{
	double until = now() + 10;

	while (rmdir(GROUP)) {
		if (now() > until)
			return false;
		usleep(10000);
	}
	return true;
}

void cgroup_write(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), GROUP "/%s", name);
	if (!put(path, value))
		die("write %s to %s", value, path);
}

static FILE *open_file(const char *name)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), GROUP "/%s", name);
	file = fopen(path, "r");
	if (!file)
		die("open %s", path);
	return file;
}

u64 cgroup_value(const char *name, const char *key)
{
	FILE *file = open_file(name);
	char line[256], found[128];
	u64 value, result = 0;

	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%127s %lu", found, &value) == 2 &&
		    !strcmp(found, key))
			result = value;
	fclose(file);
	return result;
}

u64 cgroup_read_bytes(unsigned int major, unsigned int minor)
{
	unsigned int is_major, is_minor;
	FILE *file = open_file("io.stat");
	char line[512];
	u64 value, result = 0;

	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%u:%u rbytes=%lu", &is_major, &is_minor,
			   &value) == 3 &&
		    is_major == major && is_minor == minor)
			result = value;
	fclose(file);
	return result;
}

unsigned int cgroup_threads(void (*look)(int tid))
{
	FILE *file = open_file("cgroup.threads");
	unsigned int nr = 0;
	int tid;

	while (fscanf(file, "%d", &tid) == 1) {
		look(tid);
		nr++;
	}
	fclose(file);
	return nr;
}
