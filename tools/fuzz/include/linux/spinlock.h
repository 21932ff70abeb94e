/* SPDX-License-Identifier: GPL-2.0 */
/* A context that has a spinlock must not sleep. */
#ifndef _FUZZ_LINUX_SPINLOCK_H
#define _FUZZ_LINUX_SPINLOCK_H

#include <linux/lockdep.h>
#include <linux/types.h>

#include <shim.h>

typedef struct {
	bool locked;
} spinlock_t;

#define DEFINE_SPINLOCK(name)	spinlock_t name

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

#define spin_lock_bh(lock)		spin_lock(lock)
#define spin_unlock_bh(lock)		spin_unlock(lock)
#define spin_lock_irq(lock)		spin_lock(lock)
#define spin_unlock_irq(lock)		spin_unlock(lock)
#define spin_lock_irqsave(lock, flags)	((flags) = 0, spin_lock(lock))
#define spin_unlock_irqrestore(lock, flags) \
	((void)(flags), spin_unlock(lock))

#endif /* _FUZZ_LINUX_SPINLOCK_H */
