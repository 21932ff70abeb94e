/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The process of the theme "hostile" that serves HOSTILE_USER: it makes any call with
 * any argument on several threads, and another one writes to the data area all the
 * time
 */
#ifndef SELFTESTS_HOSTILE_UNIT_H
#define SELFTESTS_HOSTILE_UNIT_H

#include "vmm_kernel.h"

/**
 * hostile_unit_add() - add the device
 * @css_fd: the channel subsystem
 *
 * Return: 0, or -1 with errno set.
 */
int hostile_unit_add(int css_fd);

/**
 * hostile_unit_begin() - start the process
 * @seed: of its random numbers
 */
void hostile_unit_begin(u32 seed);

/**
 * hostile_unit_serve() - let the process serve the device, once more
 * @css_fd: the channel subsystem
 *
 * If it serves the device already, it gets another unit, and its old one is dead.
 * Return: false if the device isn't there.
 */
bool hostile_unit_serve(int css_fd);

/**
 * hostile_unit_kill() - kill the process, and start another one
 */
void hostile_unit_kill(void);

/**
 * hostile_unit_end() - end the process, and report what it has done
 * @css_fd: the channel subsystem
 *
 * From now on a thread serves the device as a test control unit, until the channel
 * subsystem ends.
 */
void hostile_unit_end(int css_fd);

/**
 * hostile_unit_join() - wait for that thread, when the channel subsystem has ended
 */
void hostile_unit_join(void);

#endif /* SELFTESTS_HOSTILE_UNIT_H */
