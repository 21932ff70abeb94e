/* SPDX-License-Identifier: GPL-2.0 */
/* Many measurements of the same thing, and statistics about them */
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

/**
 * samples_add() - add a measurement
 * @samples: the measurements
 * @value: the new one
 */
void samples_add(struct samples *samples, u32 value);

/**
 * samples_quantile() - find the value that this percentage doesn't exceed
 * @samples: at least one
 * @percent: 1 to 100
 *
 * Return: the value.
 */
u32 samples_quantile(struct samples *samples, unsigned int percent);

/**
 * samples_max() - find the largest value
 * @samples: at least one
 *
 * Return: the value.
 */
u32 samples_max(struct samples *samples);

/**
 * samples_step() - find the clock's resolution
 * @samples: at least one
 *
 * Return: the least difference between two that differ; the least value other
 * than zero when that is smaller.
 */
u32 samples_step(struct samples *samples);

/**
 * host_release() - write the name of the kernel
 * @buf: where to
 * @size: how much fits
 */
void host_release(char *buf, size_t size);

/**
 * host_machine() - write the name of the machine
 * @buf: where to
 * @size: how much fits
 */
void host_machine(char *buf, size_t size);

#endif /* BENCH_SAMPLES_H */
