/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs for a Linux guest share */
#ifndef LINUX_COMMON_H
#define LINUX_COMMON_H

#include <stdint.h>
#include <time.h>

/* Return: the monotonic clock, in nanoseconds. */
static inline uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

/* splitmix64: from the same state it makes the same numbers on every machine */
static inline uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

#endif /* LINUX_COMMON_H */
