/* SPDX-License-Identifier: GPL-2.0 */
/* No thread waits for a mutex: if one had to, two contexts would deadlock. */
#ifndef _FUZZ_LINUX_MUTEX_H
#define _FUZZ_LINUX_MUTEX_H

#include <linux/lockdep.h>
#include <linux/types.h>

#include <shim.h>

/**
 * struct mutex - a lock that may be slept under
 * @ready: mutex_init() was called, and mutex_destroy() wasn't
 * @locked: a context has it
 * @owner: the context that has it
 */
struct mutex {
	bool ready;
	bool locked;
	unsigned int owner;
};

#define mutex_init(lock)		shim_mutex_init(lock)
#define mutex_destroy(lock)		shim_mutex_destroy(lock)
#define mutex_lock(lock)		shim_mutex_lock(lock)
#define mutex_unlock(lock)		shim_mutex_unlock(lock)
#define mutex_lock_killable(lock)	({ shim_mutex_lock(lock); 0; })

#endif /* _FUZZ_LINUX_MUTEX_H */
