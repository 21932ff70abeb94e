// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts, locks, waiting, memory and time, see shim.h.
 */
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "work.h"

#define MUTEXES_LOCKED	16
#define CLOCK_STEP_NS	1000

/* Everything that a new run resets */
static struct {
	struct shim_context contexts[SHIM_CONTEXTS];
	unsigned int depth;
	/* All mutexes that are locked */
	struct mutex *locked[MUTEXES_LOCKED];
	unsigned int nr_locked;
	unsigned int allocated;
	unsigned int alloc_good;
	unsigned int alloc_bad;
	unsigned int patience;
	u64 clock;
	void (*at_context_end)(void);
	void (*at_mutex_lock)(void);
} shim;

void shim_bug(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("finding: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

void shim_begin(void)
{
	memset(&shim, 0, sizeof(shim));
	shim.patience = ~0u;
}

void shim_end(void)
{
	shim_assert(!shim.depth);
	shim_assert(!shim.nr_locked);
	shim_assert(!shim.contexts[0].atomic);
	if (shim.allocated)
		shim_bug("%u allocations are left", shim.allocated);
}

/* Contexts */

struct shim_context *shim_context(void)
{
	return &shim.contexts[shim.depth];
}

unsigned int shim_depth(void)
{
	return shim.depth;
}

void shim_context_begin(bool worker)
{
	shim_might_sleep();
	/* The outer context sleeps meanwhile. */
	shim_context()->task.nvcsw++;
	shim_assert(shim.depth + 1 < SHIM_CONTEXTS);
	shim.contexts[++shim.depth] = (struct shim_context){ .worker = worker };
}

void shim_context_end(void)
{
	struct shim_context *context = shim_context();

	shim_assert(!context->mutexes);
	shim_assert(!context->atomic);
	if (shim.at_context_end)
		shim.at_context_end();
	shim.depth--;
}

void shim_at_context_end(void (*function)(void))
{
	shim.at_context_end = function;
}

void shim_might_sleep(void)
{
	if (shim_context()->atomic)
		shim_bug("sleeps where it must not");
}

void shim_atomic_begin(void)
{
	shim_context()->atomic++;
}

void shim_atomic_end(void)
{
	shim_assert(shim_context()->atomic);
	shim_context()->atomic--;
}

/* Mutexes */

void shim_mutex_init(struct mutex *lock)
{
	*lock = (struct mutex){ .ready = true };
}

void shim_mutex_destroy(struct mutex *lock)
{
	shim_assert(lock->ready);
	shim_assert(!lock->locked);
	lock->ready = false;
}

void shim_at_mutex_lock(void (*function)(void))
{
	shim.at_mutex_lock = function;
}

/* The caller may have to wait for a mutex, and others go on meanwhile. */
static void before_mutex_lock(void)
{
	void (*function)(void) = shim.at_mutex_lock;

	if (!function || shim_context()->mutexes)
		return;
	shim.at_mutex_lock = NULL;
	function();
}

void shim_mutex_lock(struct mutex *lock)
{
	shim_might_sleep();
	before_mutex_lock();
	shim_assert(lock->ready);
	if (lock->locked)
		shim_bug("mutex locked twice: a deadlock");
	shim_assert(shim.nr_locked < MUTEXES_LOCKED);
	shim.locked[shim.nr_locked++] = lock;
	lock->locked = true;
	lock->owner = shim.depth;
	shim_context()->mutexes++;
}

void shim_mutex_unlock(struct mutex *lock)
{
	unsigned int i;

	if (!lock->locked)
		shim_bug("mutex unlocked that isn't locked");
	shim_assert(lock->owner == shim.depth);
	for (i = 0; shim.locked[i] != lock; i++)
		;
	shim.locked[i] = shim.locked[--shim.nr_locked];
	lock->locked = false;
	shim_context()->mutexes--;
}

/* Waiting */

void shim_patience(unsigned int turns)
{
	shim.patience = turns;
}

void shim_wait_begin(struct shim_wait *wait)
{
	shim_might_sleep();
	wait->wqh->sleepers++;
}

/* Return: whether the waiter has to check its condition again. */
bool shim_wait_sleep(struct shim_wait *wait)
{
	shim_assert(!shim_context()->mutexes);
	if (wait->timed && wait->left-- <= 0)
		return false;
	wait->seen = wait->wqh->wakeups;
	wait->slept = true;
	if (wait->killable && !shim.patience)
		wait->killed = true;
	else if (shim_pump(true))
		shim.patience -= !!shim.patience;
	else if (wait->timed)
		wait->left = 0;
	else if (wait->killable)
		wait->killed = true;
	else
		shim_bug("waits for ever");
	return !wait->killed;
}

long shim_wait_end(struct shim_wait *wait, bool holds)
{
	wait->wqh->sleepers--;
	if (wait->killed)
		return -ERESTARTSYS;
	if (!holds)
		return 0;
	if (wait->slept && wait->wqh->wakeups == wait->seen)
		shim_bug("what somebody waits for has come, and nobody woke it");
	return wait->timed ? max(wait->left, 1L) : 0;
}

/* Memory */

void shim_fail_alloc(unsigned int good, unsigned int bad)
{
	shim.alloc_good = good;
	shim.alloc_bad = bad;
}

static bool alloc_fails(void)
{
	if (shim.alloc_good) {
		shim.alloc_good--;
		return false;
	}
	if (!shim.alloc_bad)
		return false;
	shim.alloc_bad--;
	return true;
}

void *shim_alloc(size_t size, bool atomic)
{
	void *p;

	if (!atomic)
		shim_might_sleep();
	if (alloc_fails())
		return NULL;
	p = calloc(1, size);
	if (!p)
		abort();
	shim.allocated++;
	return p;
}

void shim_free(void *p)
{
	size_t size = malloc_usable_size(p);
	unsigned int i;

	if (!p)
		return;
	for (i = 0; i < shim.nr_locked; i++)
		if ((char *)shim.locked[i] - (char *)p < (ptrdiff_t)size &&
		    (char *)shim.locked[i] >= (char *)p)
			shim_bug("freed with a mutex in it that is locked");
	shim_work_freed(p, size);
	shim.allocated--;
	free(p);
}

/* Time */

u64 shim_clock_ns(void)
{
	shim.clock += CLOCK_STEP_NS;
	return shim.clock;
}

void shim_time_passes(u64 ns)
{
	shim.clock += ns;
}

void shim_sleep_us(unsigned long us)
{
	shim_might_sleep();
	shim_assert(!shim_context()->mutexes);
	shim_context()->task.nvcsw++;
	shim.clock += us * 1000;
}
