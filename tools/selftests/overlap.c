// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the theme "overlap": disks on a block device that answers
 * late (null_blk), with direct I/O.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
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
#include "theme.h"
#include "guest/overlap.h"

/* How long a worker may take to begin a READ */
#define BEGIN_US	50000

/*
 * Return: how many tasks that this directory lists have the name of workers and
 * wait for I/O, uninterruptibly.
 */
static u64 waiting_in(const char *dir)
{
	char name[280], line[80], *state;
	struct dirent *entry;
	u64 nr = 0;
	FILE *file;
	DIR *tasks = opendir(dir);

	if (!tasks)
		die("open %s", dir);
	while ((entry = readdir(tasks))) {
		if (!isdigit(entry->d_name[0]))
			continue;
		snprintf(name, sizeof(name), "%s/%s/stat", dir, entry->d_name);
		file = fopen(name, "r");
		if (!file)
			continue;
		state = fgets(line, sizeof(line), file) ? strchr(line, ')') :
							  NULL;
		nr += state && strstr(line, "(kvm_css-") && state[2] == 'D';
		fclose(file);
	}
	closedir(tasks);
	return nr;
}

/* Workers are threads of this process, or kernel threads. */
static u64 waiting(void)
{
	return waiting_in("/proc/self/task") + waiting_in("/proc");
}

static u64 seen_waiting;

static int disk_fd = -1;

static u64 setup(struct machine *machine)
{
	u32 disk;

	disk_fd = backing_null_blk();
	if (disk_fd < 0)
		return 0;
	for (disk = 0; disk < OVERLAP_DISKS; disk++)
		machine_add_fba(machine, OVERLAP_SID(disk), 0xf300 + disk,
				disk_fd, OVERLAP_BLOCKS, true);
	return OVERLAP_ARG_SLOW;
}

static u64 call(struct machine *machine, const u64 *args)
{
	double begin = now();
	bool done;

	switch (args[0]) {
	case OVERLAP_CALL_STARTED:
		usleep(BEGIN_US);
		seen_waiting += waiting();
		return backing_slow_reads();
	case OVERLAP_CALL_WAITING:
		return seen_waiting;
	case OVERLAP_CALL_REMOVE:
		done = !css_remove(machine->css_fd, OVERLAP_SID(args[1]));
		ktap_note("removed in %.1f s", now() - begin);
		return done && now() - begin > OVERLAP_MS / 2000.0;
	}
	return 0;
}

static void teardown(struct machine *machine)
{
	(void)machine;
	if (disk_fd >= 0)
		close(disk_fd);
}

/* --- a VMM that is killed while its guest's READs are under way --- */

static int started_fd;

static u64 reading(struct vmm_vcpu *vcpu, const u64 *args)
{
	(void)vcpu;
	if (args[0] != HC_THEME)
		return 0;
	if (args[1] == OVERLAP_CALL_STARTED)
		usleep(BEGIN_US);
	else if (args[1] == OVERLAP_CALL_ALL &&
		 write(started_fd, "", 1) != 1)
		die("tell the parent");
	return 0;
}

static void __noreturn run_vmm(int fd)
{
	struct machine machine;

	started_fd = fd;
	machine_create(&machine, SERVED_BY_KERNEL, 1);
	setup(&machine);
	machine.vmm.hypercall = reading;
	vmm_load(&machine.vmm, guest_image, guest_image_end,
		 OVERLAP_ARG_SLOW | OVERLAP_ARG_READS);
	vmm_start(&machine.vmm);
	for (;;)
		pause();
}

static void killed(void)
{
	int slow = backing_null_blk(), fds[2], status;
	double begin, ended;
	pid_t child;
	char byte;

	if (slow < 0) {
		ktap_skip("no null_blk on this host");
		return;
	}
	close(slow);
	if (pipe2(fds, O_CLOEXEC))
		die("pipe");
	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork");
	if (!child)
		run_vmm(fds[1]);
	close(fds[1]);
	ktap_check(read(fds[0], &byte, 1) == 1, "the VMM ended");
	close(fds[0]);
	begin = now();
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	ended = now();
	ktap_check(references(), "nothing waits for the host");
	while (references() && now() < begin + 20)
		usleep(10000);
	ktap_note("the process ended in %.2f s, the channel subsystem in %.2f s",
		  ended - begin, now() - begin);
	ktap_check(!references(), "the module has %d references left",
		   references());
	/* The last READ was begun just before. */
	ktap_check(ended - begin < OVERLAP_MS / 2000.0,
		   "expected the process to end before its I/O");
}

int main(int argc, char **argv)
{
	static const struct ktap_case behind[] = {
		{ "a VMM that is killed does not wait for the host", killed },
	};
	static const struct theme theme = {
		.name = "overlap",
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
		.teardown = teardown,
		.behind = behind,
		.nr_behind = ARRAY_SIZE(behind),
	};

	return theme_main(&theme, argc, argv);
}
