/* SPDX-License-Identifier: GPL-2.0 */
/* What the host says: the time, and how much of the module is in use */
#ifndef SELFTESTS_HOST_H
#define SELFTESTS_HOST_H

/**
 * now() - the monotonic clock
 *
 * Return: seconds.
 */
double now(void);

/**
 * references() - references to the module
 *
 * An open descriptor is one, and a channel subsystem until it has ended.
 *
 * Return: how many.
 */
int references(void);

#endif /* SELFTESTS_HOST_H */
