/* SPDX-License-Identifier: GPL-2.0 */
/* A control group of version 2 for the VMM of a test */
#ifndef SELFTESTS_CGROUP_H
#define SELFTESTS_CGROUP_H

#include <stdbool.h>

#include "cio.h"

/**
 * cgroup_make() - make a control group with the controllers of this host
 *
 * A program has one control group at a time.
 *
 * Return: NULL, or the reason why there is no control group.
 */
const char *cgroup_make(void);

/**
 * cgroup_remove() - wait until nobody is in the control group, and remove it
 *
 * Return: false when somebody is still in it after 10 s.
 */
bool cgroup_remove(void);

/**
 * cgroup_write() - write a file of the control group
 * @name: the file
 * @value: what to write
 */
void cgroup_write(const char *name, const char *value);

/**
 * cgroup_value() - read a value from a file whose lines are a name and a number
 * @name: the file
 * @key: the name
 *
 * Return: the number; 0 if there is no such line.
 */
u64 cgroup_value(const char *name, const char *key);

/**
 * cgroup_read_bytes() - how many bytes the group has read from a block device
 * @major: its major number
 * @minor: its minor number
 *
 * Return: the number that the group's io.stat has.
 */
u64 cgroup_read_bytes(unsigned int major, unsigned int minor);

/**
 * cgroup_threads() - call a function for each thread of the control group
 * @look: is called with the thread's ID
 *
 * Return: how many threads there are.
 */
unsigned int cgroup_threads(void (*look)(int tid));

#endif /* SELFTESTS_CGROUP_H */
