/* SPDX-License-Identifier: GPL-2.0 */
/* What the benchmark measures */
#ifndef BENCH_PATHS_H
#define BENCH_PATHS_H

#include "samples.h"

/*
 * Where a path is measured: in a VM of ours, in one that is attached, or in one
 * of QEMU's; PAIR has two CPUs, on a host with two processors
 */
enum setting { PLAIN, ATTACHED, QEMU, PAIR_PLAIN, PAIR_ATTACHED };

/* Something to measure, and its measurements */
struct path {
	const char *name;
	enum setting setting;
	u32 what;		/* BENCH_* */
	u32 sid;
	u32 how;		/* BENCH_DAT and so on */
	unsigned int size;	/* log2 of how many CCWs, IDAWs or pages */
	unsigned int divide;	/* divides the number of rounds */
	struct samples samples[BENCH_PARTS];
	u64 rounds;
	u64 total;		/* time of all rounds, in TOD units */
	u64 io_exits;
	u64 switches;		/* of context of the vCPU's thread */
};

extern struct path paths[];
extern const unsigned int nr_paths;

/* So that all of them can be gone through */
#define for_each_path(path)						\
	for (path = paths; path < paths + nr_paths; path++)

/**
 * find_path() - find a path by its name
 * @name: the name of one that there is
 *
 * Return: the path.
 */
struct path *find_path(const char *name);

#endif /* BENCH_PATHS_H */
