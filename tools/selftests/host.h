/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the host says: the time, what kind of kernel it has, and how often the
 * module is in use
 */
#ifndef SELFTESTS_HOST_H
#define SELFTESTS_HOST_H

#include <stdbool.h>

/**
 * now() - the monotonic clock
 *
 * Return: its time in seconds.
 */
double now(void);

/**
 * checks_itself() - whether the kernel is one for debugging
 *
 * Everything is slow on such a kernel, and it finds what it can find the first time.
 *
 * Return: true with lockdep.
 */
bool checks_itself(void);

/**
 * references() - how many references to the module there are
 *
 * An open descriptor holds one reference.  A channel subsystem holds one until
 * it has ended.
 *
 * Return: the number of references.
 */
int references(void);

#endif /* SELFTESTS_HOST_H */
