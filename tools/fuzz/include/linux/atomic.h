/* SPDX-License-Identifier: GPL-2.0 */
/* Atomic counters, for a program with one thread */
#ifndef _FUZZ_LINUX_ATOMIC_H
#define _FUZZ_LINUX_ATOMIC_H

#include <linux/types.h>

#include <shim.h>

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter;
} atomic64_t;

#define atomic64_add_return(n, v)	((v)->counter += (n))
#define atomic64_read(v)	((v)->counter)

static inline bool atomic64_try_cmpxchg(atomic64_t *v, s64 *old, s64 new)
{
	shim_assert(v->counter == *old);
	v->counter = new;
	return true;
}

#define atomic_read(v)		((v)->counter)
#define atomic_set(v, n)	((void)((v)->counter = (n)))
#define atomic_inc(v)		((void)((v)->counter += 1))

static inline int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	int found = v->counter;

	if (found == old)
		v->counter = new;
	return found;
}

static inline int atomic_xchg(atomic_t *v, int new)
{
	int old = v->counter;

	v->counter = new;
	return old;
}

/* A counter must not become negative. */
static inline void atomic_dec(atomic_t *v)
{
	shim_assert(v->counter > 0);
	v->counter--;
}

#define xchg(at, new)			\
({					\
	typeof(at) _at = (at);		\
	typeof(*_at) _old = *_at;	\
					\
	*_at = (new);			\
	_old;				\
})

#endif /* _FUZZ_LINUX_ATOMIC_H */
