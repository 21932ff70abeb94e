// SPDX-License-Identifier: GPL-2.0
/* Many measurements of the same thing, and statistics about them */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "samples.h"
#include "vmm.h"

void samples_add(struct samples *samples, u32 value)
{
	if (samples->nr == samples->room) {
		samples->room = samples->room ? 2 * samples->room : 4096;
		samples->values = realloc(samples->values, samples->room *
					  sizeof(samples->values[0]));
		if (!samples->values)
			die("room for %lu samples", samples->room);
	}
	samples->values[samples->nr++] = value;
	samples->sorted = false;
}

static int compare(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return (x > y) - (x < y);
}

static void sort(struct samples *samples)
{
	if (!samples->sorted)
		qsort(samples->values, samples->nr, sizeof(samples->values[0]),
		      compare);
	samples->sorted = true;
}

u32 samples_quantile(struct samples *samples, unsigned int percent)
{
	u64 rank = (samples->nr * percent + 99) / 100;

	sort(samples);
	return samples->values[rank ? rank - 1 : 0];
}

u32 samples_max(struct samples *samples)
{
	sort(samples);
	return samples->values[samples->nr - 1];
}

u32 samples_step(struct samples *samples)
{
	u32 step = ~0u, last = 0, difference;
	u64 i;

	sort(samples);
	for (i = 0; i < samples->nr; i++) {
		difference = samples->values[i] - last;
		if (difference && difference < step)
			step = difference;
		last = samples->values[i];
	}
	return step;
}

void host_release(char *buf, size_t size)
{
	struct utsname name;

	if (uname(&name))
		die("uname");
	snprintf(buf, size, "%s", name.release);
}

/* The first lines of /proc/sysinfo: Manufacturer, Type, Model */
void host_machine(char *buf, size_t size)
{
	static const char *const keys[] = { "Manufacturer:", "Type:", "Model:" };
	FILE *file = fopen("/proc/sysinfo", "r");
	char line[128], value[64];
	size_t used = 0;
	unsigned int i;

	*buf = 0;
	while (file && fgets(line, sizeof(line), file)) {
		for (i = 0; i < 3; i++) {
			if (strncmp(line, keys[i], strlen(keys[i])) ||
			    sscanf(line + strlen(keys[i]), " %63[^\n]", value) != 1)
				continue;
			if (used < size)
				used += snprintf(buf + used, size - used, "%s%s",
						 used ? " " : "",
						 strtok(value, " "));
		}
	}
	if (file)
		fclose(file);
	if (!*buf)
		snprintf(buf, size, "unknown");
}
