// SPDX-License-Identifier: GPL-2.0
/* What the benchmark shows of what it has measured */
#include <stdio.h>

#include "paths.h"
#include "report.h"
#include "vmm.h"

static const char *const part_names[BENCH_PARTS] = {
	[BENCH_SSCH] = "ssch",
	[BENCH_INTERRUPT] = "interrupt",
	[BENCH_TSCH] = "tsch",
};

static double ns(u64 tod)
{
	return tod * 1000.0 / 4096;
}

static double p50(const char *name, enum bench_part part)
{
	return ns(samples_quantile(&find_path(name)->samples[part], 50));
}

static void table_line(const char *name, const char *part,
		       struct samples *samples, double mean)
{
	char full[64];

	snprintf(full, sizeof(full), "%s%s%s", name, part ? ": " : "",
		 part ? part : "");
	printf("%-36s %9.0f %9.0f %9.0f", full, ns(samples_quantile(samples, 50)),
	       ns(samples_quantile(samples, 99)), ns(samples_max(samples)));
	if (part)
		printf("\n");
	else
		printf(" %9.0f", mean);
}

static bool is_cycle(const struct path *path)
{
	return path->what >= BENCH_CYCLE && path->what < BENCH_CCWS;
}

void report_table(void)
{
	struct path *path;
	int part;

	printf("%-36s %9s %9s %9s %9s %9s %s\n", "path, ns", "p50", "p99",
	       "max", "mean", "n", "exits/op");
	for_each_path(path) {
		if (!path->rounds)
			continue;
		table_line(path->name, NULL, &path->samples[BENCH_ALL],
			   ns(path->total) / path->rounds);
		printf(" %9lu %8.2f\n", path->rounds,
		       (double)path->io_exits / path->rounds);
		for (part = BENCH_SSCH; is_cycle(path) && part < BENCH_PARTS;
		     part++)
			table_line(path->name, part_names[part],
				   &path->samples[part], 0);
	}
}

/* @aim: what Documentation/performance.rst wants, or NULL */
static void ratio(const char *of, const char *to, const char *aim)
{
	char name[64];

	snprintf(name, sizeof(name), "%s / %s", of, to);
	if (find_path(of)->rounds && find_path(to)->rounds)
		printf("%-56s %6.2f%s%s%s\n", name,
		       p50(of, BENCH_ALL) / p50(to, BENCH_ALL),
		       aim ? "  (aim: " : "", aim ? aim : "", aim ? ")" : "");
}

/*
 * How often the thread of the vCPU sleeps or is preempted in a round, by a worker
 * and now and then by something else
 */
static void switches(const char *of, const char *aim)
{
	const struct path *path = find_path(of);

	if (path->rounds)
		printf("context switches of %-36s %6.2f%s\n", of,
		       (double)path->switches / path->rounds, aim);
}

void report_ratios(void)
{
	double floor = p50("stidp", BENCH_ALL);
	double interrupt = p50("cycle.kernel", BENCH_INTERRUPT);

	printf("\nclock: finest step %.0f ns; a round is measured alone, the mean is that of all\n",
	       ns(samples_step(&find_path("clock")->samples[BENCH_ALL])));
	ratio("stsch.kernel", "stidp", NULL);
	printf("%-56s %6.2f\n", "cycle.kernel / (2 stidp + interruption)",
	       p50("cycle.kernel", BENCH_ALL) / (2 * floor + interrupt));
	ratio("stsch.vmm", "stsch.kernel", NULL);
	ratio("stsch.qemu", "stsch.kernel", NULL);
	ratio("cycle.vmm", "cycle.kernel", NULL);
	ratio("cycle.qemu", "cycle.kernel", NULL);
	ratio("fba4k.vmm", "fba4k.kernel", NULL);
	/* tmpfs can't say what it has in memory, so a worker reads. */
	ratio("fba4k.ext4.kernel", "fba4k.kernel", "at most 0.45");
	ratio("fba4k.ext4.vmm.inline", "fba4k.ext4.kernel", "at least 1");
	ratio("fba4k-write.ext4.vmm.inline", "fba4k-write.ext4.kernel",
	      "at least 1");
	ratio("cycle.dat.vmm", "cycle.dat.kernel", NULL);
	ratio("cycle.dat.qemu", "cycle.dat.kernel", NULL);
	ratio("fba4k.dat.vmm.inline", "fba4k.dat.kernel", NULL);
	ratio("fba4k.cold.vmm", "fba4k.cold.kernel", NULL);
	ratio("user.cycle", "cycle.kernel.async", NULL);
	ratio("user.cycle", "cycle.vmm", "at most 1.5");
	ratio("cycle.pair.kernel", "cycle.one.kernel", NULL);
	ratio("fba4k.pair.kernel", "fba4k.one.kernel", NULL);
	switches("fba4k.ext4.kernel", "  (aim: 0)");
	switches("fba4k.kernel", "");
}

/*
 * Return what one more CCW, IDAW or page costs, from the difference of two
 * paths.
 */
static double each(const char *few, const char *many)
{
	const struct path *a = find_path(few), *b = find_path(many);
	double nr = (1u << b->size) - (1u << a->size);

	return (p50(many, BENCH_ALL) - p50(few, BENCH_ALL)) / nr;
}

void report_costs(void)
{
	double copy = each("chanprog.data.4k", "chanprog.data.32k");

	printf("\nwhat one more costs, ns, from the p50 of two paths\n");
	printf("a CCW: 4 to 16 %.0f, 64 to 256 %.0f, 256 to 1024 %.0f\n",
	       each("chanprog.ccw.4", "chanprog.ccw.16"),
	       each("chanprog.ccw.64", "chanprog.ccw.256"),
	       each("chanprog.ccw.256", "chanprog.ccw.1024"));
	printf("with prefetch, 256 to 1024: %.0f\n",
	       each("chanprog.ccw-prefetch.256", "chanprog.ccw-prefetch.1024"));
	printf("4 KiB: %.0f; an IDAW beside its 4 KiB: %.0f\n", copy,
	       each("chanprog.idaw.1", "chanprog.idaw.8") - copy);
	printf("64 KiB from a process / in the kernel, without a cycle: %.2f  (aim: at most 3)\n",
	       (p50("user.data.64k", BENCH_ALL) - p50("user.cycle", BENCH_ALL)) /
	       (p50("chanprog.data.64k", BENCH_ALL) -
		p50("cycle.kernel", BENCH_ALL)));
	if (!find_path("fba4k.direct")->rounds)
		return;
	printf("a copy of 4 KiB is %.1f %% of fba4k.buffered, %.1f %% of fba4k.direct\n",
	       100 * copy / p50("fba4k.buffered", BENCH_ALL),
	       100 * copy / p50("fba4k.direct", BENCH_ALL));
}

static void json_path(FILE *file, const char *name, const char *part,
		      struct samples *samples)
{
	fprintf(file, "    \"%s%s%s\": {\"p50\": %.0f, \"p99\": %.0f, \"max\": %.0f, \"n\": %lu",
		name, part ? "." : "", part ? part : "",
		ns(samples_quantile(samples, 50)),
		ns(samples_quantile(samples, 99)), ns(samples_max(samples)),
		samples->nr);
}

void report_json(const char *json_name)
{
	char host[128], machine[256];
	struct path *path;
	FILE *file;
	int part;

	file = fopen(json_name, "w");
	if (!file)
		die("open %s", json_name);
	host_release(host, sizeof(host));
	host_machine(machine, sizeof(machine));
	fprintf(file, "{\n  \"host\": \"%s\",\n  \"machine\": \"%s\",\n",
		host, machine);
	fprintf(file, "  \"unit\": \"ns\",\n  \"clock_step\": %.0f,\n",
		ns(samples_step(&find_path("clock")->samples[BENCH_ALL])));
	fprintf(file, "  \"paths\": {\n");
	for_each_path(path) {
		if (!path->rounds)
			continue;
		for (part = BENCH_SSCH; is_cycle(path) && part < BENCH_PARTS;
		     part++) {
			json_path(file, path->name, part_names[part],
				  &path->samples[part]);
			fprintf(file, "},\n");
		}
		json_path(file, path->name, NULL, &path->samples[BENCH_ALL]);
		fprintf(file, ", \"mean\": %.0f, \"exits\": %.2f, \"switches\": %.2f}%s\n",
			ns(path->total) / path->rounds,
			(double)path->io_exits / path->rounds,
			(double)path->switches / path->rounds,
			path == paths + nr_paths - 1 ? "" : ",");
	}
	fprintf(file, "  }\n}\n");
	if (fclose(file))
		die("write %s", json_name);
}
