// SPDX-License-Identifier: GPL-2.0
/*
 * How long channel I/O takes for a guest, served by the kernel and by the VMM.
 *
 * The guest program measures with the TOD clock, see guest/bench.c.  There are
 * many short passes, and the two alternate, so that both see the same changes
 * of the host.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backing.h"
#include "ext2.h"
#include "samples.h"
#include "theme.h"
#include "guest/bench.h"

/* Whether a path is measured in a VM that is attached */
enum setting { PLAIN, ATTACHED };

#define PATH(n, in, w, s)						\
	{ .name = (n), .setting = (in), .what = (w), .sid = (s) }

/*
 * Long programs get fewer rounds, which still take long enough to be measured.
 */
#define CHANPROG(n, w, s)						\
	{ .name = "chanprog." n, .setting = ATTACHED, .what = (w),	\
	  .sid = BENCH_SID_TEST, .size = (s), .divide = 1 + (s) }

static struct path paths[] = {
	PATH("clock", PLAIN, BENCH_CLOCK, 0),
	PATH("stidp", PLAIN, BENCH_STIDP, 0),
	PATH("stidp.attached", ATTACHED, BENCH_STIDP, 0),
	PATH("stsch.kernel", ATTACHED, BENCH_STSCH, BENCH_SID_TEST),
	PATH("stsch.vmm", PLAIN, BENCH_STSCH, BENCH_SID_TEST),
	PATH("cycle.kernel", ATTACHED, BENCH_CYCLE, BENCH_SID_TEST),
	PATH("cycle.vmm", PLAIN, BENCH_CYCLE, BENCH_SID_TEST),
	PATH("cycle.kernel.async", ATTACHED, BENCH_CYCLE, BENCH_SID_ASYNC),
	PATH("fba4k.kernel", ATTACHED, BENCH_READ, BENCH_SID_FBA),
	PATH("fba4k.vmm", PLAIN, BENCH_READ, BENCH_SID_FBA),
	PATH("fba4k.vmm.inline", PLAIN, BENCH_READ, BENCH_SID_INLINE),
	PATH("fba4k-write.kernel", ATTACHED, BENCH_WRITE, BENCH_SID_FBA),
	PATH("fba4k-write.vmm", PLAIN, BENCH_WRITE, BENCH_SID_FBA),
	PATH("fba4k-write.vmm.inline", PLAIN, BENCH_WRITE, BENCH_SID_INLINE),
	PATH("fba4k.ext4.kernel", ATTACHED, BENCH_READ, BENCH_SID_EXT4),
	PATH("fba4k.ext4.vmm", PLAIN, BENCH_READ, BENCH_SID_EXT4),
	PATH("fba4k.ext4.vmm.inline", PLAIN, BENCH_READ, BENCH_SID_EXT4_INLINE),
	PATH("fba4k-write.ext4.kernel", ATTACHED, BENCH_WRITE, BENCH_SID_EXT4),
	PATH("fba4k-write.ext4.vmm.inline", PLAIN, BENCH_WRITE,
	     BENCH_SID_EXT4_INLINE),
	PATH("fba4k.buffered", ATTACHED, BENCH_READ, BENCH_SID_BUFFERED),
	PATH("fba4k.direct", ATTACHED, BENCH_READ, BENCH_SID_DIRECT),
	CHANPROG("ccw.1", BENCH_CCWS, 0),
	CHANPROG("ccw.4", BENCH_CCWS, 2),
	CHANPROG("ccw.16", BENCH_CCWS, 4),
	CHANPROG("ccw.64", BENCH_CCWS, 6),
	CHANPROG("ccw.256", BENCH_CCWS, 8),
	CHANPROG("ccw.1024", BENCH_CCWS, 10),
	CHANPROG("ccw-prefetch.16", BENCH_CCWS_PREFETCH, 4),
	CHANPROG("ccw-prefetch.256", BENCH_CCWS_PREFETCH, 8),
	CHANPROG("ccw-prefetch.1024", BENCH_CCWS_PREFETCH, 10),
	CHANPROG("data.4k", BENCH_DATA, 0),
	CHANPROG("data.8k", BENCH_DATA, 1),
	CHANPROG("data.16k", BENCH_DATA, 2),
	CHANPROG("data.32k", BENCH_DATA, 3),
	CHANPROG("idaw.1", BENCH_IDAWS, 0),
	CHANPROG("idaw.2", BENCH_IDAWS, 1),
	CHANPROG("idaw.4", BENCH_IDAWS, 2),
	CHANPROG("idaw.8", BENCH_IDAWS, 3),
};

#define NR_PATHS	(ARRAY_SIZE(paths))

static const char *const part_names[BENCH_PARTS] = {
	[BENCH_SSCH] = "ssch",
	[BENCH_INTERRUPT] = "interrupt",
	[BENCH_TSCH] = "tsch",
};

static unsigned int rounds = 300, passes = 8;
static const char *json_name;

/* The running pass */
static struct {
	enum setting setting;
	struct path *path;	/* is being measured, or was the last one */
	u64 io_before;
	bool failed;
	bool block_device;	/* this host has a loop block device */
	bool ext4;		/* and can mount a file system on it */
} pass;

/* --- one pass --- */

static bool there(const struct path *path)
{
	if (path->setting != (int)pass.setting)
		return false;
	switch (path->sid) {
	case BENCH_SID_BUFFERED:
	case BENCH_SID_DIRECT:
		return pass.block_device;
	case BENCH_SID_EXT4:
	case BENCH_SID_EXT4_INLINE:
		return pass.ext4;
	default:
		return true;
	}
}

static struct path *next_path(struct path *path)
{
	for (path = path ? path + 1 : paths; path < paths + NR_PATHS; path++)
		if (there(path))
			return path;
	return NULL;
}

static u64 io_exits(struct vmm *vmm)
{
	struct vmm_exits exits;

	vmm_exits_sum(vmm, &exits);
	return exits.io;
}

static unsigned int rounds_of(const struct path *path)
{
	return path->divide ? (rounds + path->divide - 1) / path->divide :
			      rounds;
}

static u64 call_next(void)
{
	pass.path = next_path(pass.path);
	if (!pass.path)
		return BENCH_NEXT(BENCH_END, 0, 0, 0);
	return BENCH_NEXT(pass.path->what, pass.path->sid, pass.path->size,
			  rounds_of(pass.path));
}

static void call_done(struct vmm *vmm, u64 total)
{
	const u32 (*results)[BENCH_PARTS];
	struct path *path = pass.path;
	unsigned int part, i, nr = rounds_of(path);

	results = vmm_pointer(vmm, BENCH_RESULTS, nr * sizeof(results[0]));
	for (i = 0; i < nr; i++)
		for (part = 0; part < BENCH_PARTS; part++)
			samples_add(&path->samples[part], results[i][part]);
	path->total += total;
	path->rounds += nr;
	path->io_exits += io_exits(vmm) - pass.io_before;
}

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	struct hc_failure *failure;

	switch (args[0]) {
	case HC_FAIL:
		failure = vmm_pointer(vcpu->vmm, args[1], sizeof(*failure));
		printf("bench: %s: line %lu: %s: found %#lx\n",
		       pass.path ? pass.path->name : "start", failure->line,
		       vmm_string(vcpu->vmm, failure->what), failure->actual);
		pass.failed = true;
		return 0;
	case HC_THEME:
		if (args[1] == BENCH_CALL_NEXT)
			return call_next();
		if (args[1] == BENCH_CALL_BEGIN)
			pass.io_before = io_exits(vcpu->vmm);
		else
			call_done(vcpu->vmm, args[2]);
		return 0;
	default:
		return 0;
	}
}

/* Add the disk on a block device that is made from the file. */
static void add_block_device(struct machine *machine, struct backing_loop *loop,
			     int file)
{
	int direct;

	pass.block_device = backing_loop(loop, file);
	if (!pass.block_device)
		return;
	direct = backing_reopen(loop->fd, O_RDWR | O_DIRECT);
	machine_add_fba(machine, BENCH_SID_BUFFERED, 5, loop->fd,
			BENCH_FBA_BLOCKS, false);
	machine_add_fba(machine, BENCH_SID_DIRECT, 6, direct, BENCH_FBA_BLOCKS,
			false);
	close(direct);
}

/* Add a disk that the VMM serves on the thread of the vCPU. */
static void add_inline(struct machine *machine, u32 sid, u16 devno, int file)
{
	struct vmm_fba *fba;

	machine_add_fba(machine, sid, devno, file, BENCH_FBA_BLOCKS, false);
	fba = machine->css.sch[machine->css.nr - 1]->device_data;
	fba->on_vcpu = true;
}

/* Add the disk whose file is on ext4, and return the file. */
static int add_ext4(struct machine *machine, struct backing_loop *loop)
{
	u64 size = (u64)BENCH_FBA_BLOCKS * FBA_BLOCK;
	int file = ext2_file(loop, BENCH_FS_BLOCKS, 0, size);

	pass.ext4 = file >= 0;
	if (!pass.ext4)
		return -1;
	machine_add_fba(machine, BENCH_SID_EXT4, 7, file, BENCH_FBA_BLOCKS,
			false);
	if (pass.setting == PLAIN)
		add_inline(machine, BENCH_SID_EXT4_INLINE, 8, file);
	return file;
}

static void run_pass(enum setting setting)
{
	u64 size = (u64)BENCH_FBA_BLOCKS * FBA_BLOCK;
	bool plain = setting == PLAIN;
	struct backing_loop loop, ext4_loop;
	struct machine machine;
	int file, ext4;

	memset(&pass, 0, sizeof(pass));
	pass.setting = setting;
	machine_create(&machine, plain ? SERVED_BY_VMM : SERVED_BY_KERNEL, 1);
	file = backing_file(size);
	machine_add_test(&machine, BENCH_SID_TEST, 1, 0);
	machine_add_test(&machine, BENCH_SID_ASYNC, 2, KVM_CSS_TEST_ASYNC);
	machine_add_fba(&machine, BENCH_SID_FBA, 3, file, BENCH_FBA_BLOCKS,
			false);
	if (plain)
		add_inline(&machine, BENCH_SID_INLINE, 4, file);
	else
		add_block_device(&machine, &loop, file);
	ext4 = add_ext4(&machine, &ext4_loop);
	machine.vmm.hypercall = hypercall;
	vmm_load(&machine.vmm, guest_image, guest_image_end, 0);
	if (vmm_run(&machine.vmm) || pass.failed)
		exit(1);
	machine_destroy(&machine);
	if (pass.block_device)
		backing_loop_end(&loop);
	close(file);
	if (pass.ext4) {
		/* The file system ends with its last file, the device then. */
		close(ext4);
		backing_loop_end(&ext4_loop);
	}
}

/* --- report --- */

static double ns(u64 tod)
{
	return tod * 1000.0 / 4096;
}

static struct path *find_path(const char *name)
{
	unsigned int i;

	for (i = 0; i < NR_PATHS; i++)
		if (!strcmp(paths[i].name, name))
			return &paths[i];
	return NULL;
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

static void table(void)
{
	struct path *path;
	int part;

	printf("%-36s %9s %9s %9s %9s %9s %s\n", "path, ns", "p50", "p99",
	       "max", "mean", "n", "exits/op");
	for (path = paths; path < paths + NR_PATHS; path++) {
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

static void ratios(void)
{
	double floor = p50("stidp", BENCH_ALL);
	double interrupt = p50("cycle.kernel", BENCH_INTERRUPT);

	printf("\nclock: finest step %.0f ns; a round is measured alone, the mean is that of all\n",
	       ns(samples_step(&find_path("clock")->samples[BENCH_ALL])));
	printf("stsch.kernel / stidp                    %6.2f  (aim: at most 1.3)\n",
	       p50("stsch.kernel", BENCH_ALL) / floor);
	printf("cycle.kernel / (2 stidp + interruption) %6.2f  (aim: at most 1)\n",
	       p50("cycle.kernel", BENCH_ALL) / (2 * floor + interrupt));
	printf("stsch.vmm / stsch.kernel                %6.2f  (aim: at least 5)\n",
	       p50("stsch.vmm", BENCH_ALL) / p50("stsch.kernel", BENCH_ALL));
	printf("cycle.vmm / cycle.kernel                %6.2f  (aim: at least 5)\n",
	       p50("cycle.vmm", BENCH_ALL) / p50("cycle.kernel", BENCH_ALL));
	printf("fba4k.vmm / fba4k.kernel                %6.2f\n",
	       p50("fba4k.vmm", BENCH_ALL) / p50("fba4k.kernel", BENCH_ALL));
	printf("fba4k.ext4.vmm.inline / .ext4.kernel    %6.2f\n",
	       p50("fba4k.ext4.vmm.inline", BENCH_ALL) /
	       p50("fba4k.ext4.kernel", BENCH_ALL));
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

static void costs(void)
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

static void json(void)
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
	for (path = paths; path < paths + NR_PATHS; path++) {
		if (!path->rounds)
			continue;
		for (part = BENCH_SSCH; is_cycle(path) && part < BENCH_PARTS;
		     part++) {
			json_path(file, path->name, part_names[part],
				  &path->samples[part]);
			fprintf(file, "},\n");
		}
		json_path(file, path->name, NULL, &path->samples[BENCH_ALL]);
		fprintf(file, ", \"mean\": %.0f, \"exits\": %.2f}%s\n",
			ns(path->total) / path->rounds,
			(double)path->io_exits / path->rounds,
			path == paths + NR_PATHS - 1 ? "" : ",");
	}
	fprintf(file, "  }\n}\n");
	if (fclose(file))
		die("write %s", json_name);
}

/* --- */

static unsigned int parse_number(const char *text, unsigned int most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (*end || !value || value > most) {
		fprintf(stderr, "bench: expected a number from 1 to %u, found '%s'\n",
			most, text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "rounds", required_argument, NULL, 'r' },
		{ "passes", required_argument, NULL, 'p' },
		{ "json", required_argument, NULL, 'j' },
		{ 0 },
	};
	unsigned int i;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'r':
			rounds = parse_number(optarg, BENCH_MAX_ROUNDS);
			break;
		case 'p':
			passes = parse_number(optarg, 1000);
			break;
		case 'j':
			json_name = optarg;
			break;
		default:
			fprintf(stderr, "usage: %s [--rounds N] [--passes N] [--json FILE]\n",
				argv[0]);
			return 2;
		}
	}
	vmm_watchdog();
	for (i = 0; i < passes; i++) {
		fprintf(stderr, "bench: pass %u of %u\n", i + 1, passes);
		run_pass(PLAIN);
		run_pass(ATTACHED);
	}
	table();
	ratios();
	costs();
	if (json_name)
		json();
	return 0;
}
