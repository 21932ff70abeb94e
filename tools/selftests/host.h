/* SPDX-License-Identifier: GPL-2.0 */
/* What the host says: the time, and how often the module is in use */
#ifndef SELFTESTS_HOST_H
#define SELFTESTS_HOST_H

/**
 * now() - the monotonic clock
 *
 * Return: its time in seconds.
 */
double now(void);

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
