/* SPDX-License-Identifier: GPL-2.0 */
/* A device of the guest's that a process serves */
#ifndef BENCH_SERVED_H
#define BENCH_SERVED_H

#include <sys/types.h>

#include "cio.h"

/* Its data area, for as much as a CCW can count */
#define SERVED_AREA	65536u

/**
 * served_begin() - add a device, and start the process that serves it
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @devno: its device number
 *
 * The process has copies of the caller's descriptors, so files are closed, and the
 * VM ends, only when served_end() has returned.
 *
 * Return: the process.
 */
pid_t served_begin(int css_fd, u32 sid, u16 devno);

/**
 * served_end() - wait for the end of the process
 * @pid: the process, whose device has been removed
 */
void served_end(pid_t pid);

#endif /* BENCH_SERVED_H */
