// SPDX-License-Identifier: GPL-2.0
/*
 * Watches the console of a Linux guest that runs "load", and says how much CPU
 * time of the host each measurement has taken.
 *
 *	watch CONSOLE CPU_STAT
 *
 * CPU_STAT is the file cpu.stat of a control group (version 2) with all
 * processes in it: what kernel threads have done for a disk counts as well.  A
 * line of standard output has what the guest has said of a measurement, and
 * cpu=NS for each request; one of standard error has the name of a disk.  Ends
 * when the guest is off.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

static const char *cpu_stat;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* CPU time of user space, of guests and of the kernel, in us */
static unsigned long cpu_time(void)
{
	unsigned long value, sum = 0;
	char name[64];
	FILE *file = fopen(cpu_stat, "r");

	if (!file)
		die(cpu_stat);
	while (fscanf(file, "%63s %lu", name, &value) == 2)
		if (!strcmp(name, "user_usec") || !strcmp(name, "system_usec"))
			sum += value;
	fclose(file);
	return sum;
}

/* Tell when another disk's measurements begin: BACKING.SERVER.KIND.DEPTH. */
static void progress(const char *name)
{
	static char last[64];
	const char *end = strchr(name, '.');
	size_t length;

	end = end ? strchr(end + 1, '.') : NULL;
	length = end ? (size_t)(end - name) : strlen(name);
	if (length >= sizeof(last) ||
	    (!strncmp(last, name, length) && !last[length]))
		return;
	memcpy(last, name, length);
	last[length] = 0;
	fprintf(stderr, "disks: %s\n", last);
}

/* Return: whether the guest is off. */
static bool see(const char *line)
{
	static const char begin[] = "guest: load begin ";
	static const char end[] = "guest: load end ";
	static unsigned long before;
	unsigned long nr;
	const char *n;

	if (!strncmp(line, begin, strlen(begin))) {
		progress(line + strlen(begin));
		before = cpu_time();
	} else if (!strncmp(line, end, strlen(end))) {
		n = strstr(line, " n=");
		nr = n ? strtoul(n + 3, NULL, 10) : 0;
		if (nr)
			printf("%s cpu=%lu\n", line + strlen(end),
			       (cpu_time() - before) * 1000 / nr);
		fflush(stdout);
	}
	return !strncmp(line, "guest: off", 10);
}

/* Look at the lines that have been added.  Return: whether the guest is off. */
static bool look(int console)
{
	static char line[512];
	static size_t used;
	char text[512];
	ssize_t got, i;

	while ((got = read(console, text, sizeof(text))) > 0) {
		for (i = 0; i < got; i++) {
			if (text[i] == '\r')
				continue;
			if (text[i] != '\n') {
				if (used < sizeof(line) - 1)
					line[used++] = text[i];
				continue;
			}
			line[used] = 0;
			used = 0;
			if (see(line))
				return true;
		}
	}
	return false;
}

int main(int argc, char **argv)
{
	int console, changes;
	char event[4096];

	if (argc != 3) {
		fprintf(stderr, "usage: watch CONSOLE CPU_STAT\n");
		return 2;
	}
	cpu_stat = argv[2];
	console = open(argv[1], O_RDONLY | O_CLOEXEC);
	changes = inotify_init1(IN_CLOEXEC);
	if (console < 0 || changes < 0 ||
	    inotify_add_watch(changes, argv[1], IN_MODIFY) < 0)
		die(argv[1]);
	while (!look(console))
		if (read(changes, event, sizeof(event)) <= 0)
			die("inotify");
	return 0;
}
