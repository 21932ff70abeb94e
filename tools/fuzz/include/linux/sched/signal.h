/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_SCHED_SIGNAL_H
#define _FUZZ_LINUX_SCHED_SIGNAL_H

#include <sys/resource.h>

/* Nobody kills a thread of the fuzzers. */
#define fatal_signal_pending(task)	((void)(task), false)

/* See file.c of the fuzzers. */
unsigned long rlimit(unsigned int limit);

#endif /* _FUZZ_LINUX_SCHED_SIGNAL_H */
