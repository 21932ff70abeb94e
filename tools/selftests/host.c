// SPDX-License-Identifier: GPL-2.0
/* The host's clock, its kind of kernel, and the module's use count, see host.h */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "vmm.h"

#define REFERENCES	"/sys/module/kvm_css/refcnt"

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

bool checks_itself(void)
{
	return !access("/proc/lockdep", F_OK);
}

int references(void)
{
	int value = -1;
	FILE *file = fopen(REFERENCES, "r");

	if (!file || fscanf(file, "%d", &value) != 1)
		die("read " REFERENCES);
	fclose(file);
	return value;
}
