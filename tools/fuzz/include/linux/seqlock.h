/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Contexts only switch where they may sleep, so no read section is disturbed.
 */
#ifndef _FUZZ_LINUX_SEQLOCK_H
#define _FUZZ_LINUX_SEQLOCK_H

#include <linux/spinlock.h>

typedef struct {
	spinlock_t lock;
	unsigned int sequence;
} seqlock_t;

static inline void seqlock_init(seqlock_t *sl)
{
	spin_lock_init(&sl->lock);
	sl->sequence = 0;
}

static inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return sl->sequence;
}

static inline bool read_seqretry(const seqlock_t *sl, unsigned int start)
{
	return sl->sequence != start;
}

static inline void write_seqlock(seqlock_t *sl)
{
	spin_lock(&sl->lock);
	sl->sequence++;
}

static inline void write_sequnlock(seqlock_t *sl)
{
	sl->sequence++;
	spin_unlock(&sl->lock);
}

#endif /* _FUZZ_LINUX_SEQLOCK_H */
