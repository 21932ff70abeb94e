/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_UIO_H
#define _FUZZ_LINUX_UIO_H

#include <linux/bvec.h>
#include <linux/types.h>

#include <shim.h>

#define READ			0
#define WRITE			1

struct iov_iter {
	const struct bio_vec *bvec;
	unsigned long nr;
	size_t offset;
	size_t count;
	bool write;
};

static inline void iov_iter_bvec(struct iov_iter *iter, unsigned int direction,
				 const struct bio_vec *bvec, unsigned long nr,
				 size_t count)
{
	*iter = (struct iov_iter){
		.bvec = bvec, .nr = nr, .count = count,
		.write = direction == WRITE,
	};
}

static inline void iov_iter_advance(struct iov_iter *iter, size_t bytes)
{
	shim_assert(bytes <= iter->count);
	iter->offset += bytes;
	iter->count -= bytes;
}

static inline size_t iov_iter_count(const struct iov_iter *iter)
{
	return iter->count;
}

#endif /* _FUZZ_LINUX_UIO_H */
