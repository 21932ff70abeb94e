/* SPDX-License-Identifier: GPL-2.0 */
/* Many measurements of the same thing, and what there is to say of them */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "cio.h"
#include "guest/bench.h"

struct samples {
	u32 *values;
	u64 nr;
	u64 room;
	bool sorted;
};

/* Something to measure, and what was measured */
struct path {
	const char *name;
	int setting;
	u32 what;		/* BENCH_* */
	u32 sid;
	unsigned int size;	/* log2 of CCWs, IDAWs, pages */
	unsigned int divide;	/* this many times fewer rounds */
	struct samples samples[BENCH_PARTS];
	u64 rounds;
	u64 total;		/* of all rounds, TOD units */
	u64 io_exits;
};

/**
 * samples_add() - one more
 * @samples: where to
 * @value: what was measured
 */
void samples_add(struct samples *samples, u32 value);

/**
 * samples_quantile() - the value that this many percent don't exceed
 * @samples: at least one
 * @percent: 1 to 100
 *
 * Return: the value.
 */
u32 samples_quantile(struct samples *samples, unsigned int percent);

/**
 * samples_max() - the largest
 * @samples: at least one
 *
 * Return: the value.
 */
u32 samples_max(struct samples *samples);

/**
 * samples_step() - how finely the clock tells values apart
 * @samples: at least one
 *
 * Return: the least difference between two that differ; the least value other
 * than zero when that is smaller.
 */
u32 samples_step(struct samples *samples);

/**
 * host_release() - name the kernel
 * @buf: where to
 * @size: how much fits
 */
void host_release(char *buf, size_t size);

/**
 * host_machine() - name the machine
 * @buf: where to
 * @size: how much fits
 */
void host_machine(char *buf, size_t size);

#endif /* BENCH_SAMPLES_H */
