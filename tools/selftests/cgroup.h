/* SPDX-License-Identifier: GPL-2.0 */
/* A control group of version 2, for a VMM */
#ifndef SELFTESTS_CGROUP_H
#define SELFTESTS_CGROUP_H

#include <stdbool.h>

#include "cio.h"

/**
 * cgroup_make() - make a control group with CPU, memory, I/O and PIDs controllers
 *
 * There is one of a program at a time.
 *
 * Return: NULL, or why there is none.
 */
const char *cgroup_make(void);

/**
 * cgroup_remove() - the end of it, when nobody is in it any more
 *
 * Return: whether that was within 10 s.
 */
bool cgroup_remove(void);

/**
 * cgroup_write() - write one of its files
 * @name: the file
 * @value: what
 */
void cgroup_write(const char *name, const char *value);

/**
 * cgroup_value() - read a value from a file of lines of a name and a number
 * @name: the file
 * @key: the name
 *
 * Return: the number; 0 if there is no such line.
 */
u64 cgroup_value(const char *name, const char *key);

/**
 * cgroup_read_bytes() - what was read from a block device
 * @major: its major number
 * @minor: its minor number
 *
 * Return: bytes, by the group's io.stat.
 */
u64 cgroup_read_bytes(unsigned int major, unsigned int minor);

/**
 * cgroup_threads() - look at each thread in it
 * @look: is called with its ID
 *
 * Return: how many there are.
 */
unsigned int cgroup_threads(void (*look)(int tid));

#endif /* SELFTESTS_CGROUP_H */
