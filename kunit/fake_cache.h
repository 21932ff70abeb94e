/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the power may take away: the volatile cache between a file and its disk
 *
 * The file has what was written last.  What the disk has of a block after a loss
 * of power is what it had at the last flush, or anything that was written since:
 * of each block independently, because a cache may write back in any order and
 * at any time.  So the set of the versions that a block may have on the disk says
 * everything about all moments and subsets.
 *
 * The cache is as bad as the kernel's: a flush that fails takes blocks for clean
 * that it has not written, and a later flush that succeeds doesn't write them.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_CACHE_H
#define _KVM_CSS_KUNIT_FAKE_CACHE_H

#include <linux/prandom.h>
#include <linux/types.h>

#include "fake_backing.h"

#define FAKE_VERSIONS	48u

/**
 * struct fake_versions - versions of a block
 * @of: the versions, each once, the last one that was written last
 * @nr: how many
 *
 * A version is the first four bytes of the block.
 */
struct fake_versions {
	u32 of[FAKE_VERSIONS];
	unsigned int nr;
};

/**
 * fake_versions_add() - add a version
 * @test: the test case, which fails when there are too many
 * @versions: the versions
 * @version: the version, which gets the last one
 */
void fake_versions_add(struct kunit *test, struct fake_versions *versions,
		       u32 version);

/**
 * fake_versions_find() - look for a version
 * @versions: the versions
 * @version: the version
 *
 * Return: which of them it is; their number if it is none of them.
 */
unsigned int fake_versions_find(const struct fake_versions *versions,
				u32 version);

/**
 * struct fake_cache - the cache of a file
 * @watch: for the file
 * @backing: the file
 * @disk: what each block may be on the disk
 * @dirty: the next flush writes the block
 * @blocks: how many blocks
 * @rnd: chooses which blocks a failure takes
 * @failing: the next flush fails with this error; 0 for none
 * @deaf: a flush writes nothing and succeeds, as if it had been left out
 * @power: called when the power may fail: at each operation of the file
 * @power_arg: its argument
 */
struct fake_cache {
	struct fake_backing_watch watch;
	struct fake_backing *backing;
	struct fake_versions *disk;
	bool *dirty;
	u32 blocks;
	struct rnd_state *rnd;
	int failing;
	bool deaf;
	void (*power)(void *arg);
	void *power_arg;
};

/**
 * fake_cache_init() - put a cache between the file and its disk
 * @cache: filled in; zeros before
 * @backing: the file; the disk has what it has now
 * @rnd: chooses what failures take
 */
void fake_cache_init(struct fake_cache *cache, struct fake_backing *backing,
		     struct rnd_state *rnd);

/**
 * fake_cache_settle() - let the disk have what the file has
 * @cache: the cache
 */
void fake_cache_settle(struct fake_cache *cache);

/**
 * fake_cache_lose() - the kernel writes some blocks back, and loses some
 * @cache: the cache
 *
 * Another process is told of the error, if there was one.
 *
 * Return: whether a block was lost.
 */
bool fake_cache_lose(struct fake_cache *cache);

#endif /* _KVM_CSS_KUNIT_FAKE_CACHE_H */
