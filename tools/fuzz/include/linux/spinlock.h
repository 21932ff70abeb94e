/* SPDX-License-Identifier: GPL-2.0 */
/* A context that has a spinlock must not sleep. */
#ifndef _FUZZ_LINUX_SPINLOCK_H
#define _FUZZ_LINUX_SPINLOCK_H

#include <linux/types.h>

#include <shim.h>

typedef struct {
	bool locked;
} spinlock_t;

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->locked = false;
}

static inline void spin_lock(spinlock_t *lock)
{
	if (lock->locked)
		shim_bug("spinlock locked twice");
	lock->locked = true;
	shim_atomic_begin();
}

static inline void spin_unlock(spinlock_t *lock)
{
	if (!lock->locked)
		shim_bug("spinlock unlocked twice");
	lock->locked = false;
	shim_atomic_end();
}

#endif /* _FUZZ_LINUX_SPINLOCK_H */
