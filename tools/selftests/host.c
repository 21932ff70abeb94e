// SPDX-License-Identifier: GPL-2.0
/* The host's clock and the use count of the module, see host.h */
#include <stdio.h>
#include <time.h>

#include "host.h"
#include "vmm.h"

#define REFERENCES	"/sys/module/kvm_css/refcnt"

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
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
