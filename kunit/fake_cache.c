// SPDX-License-Identifier: GPL-2.0
/*
 * The volatile cache between a file and its disk, see fake_cache.h.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "fake_cache.h"

#define BLOCK	512

unsigned int fake_versions_find(const struct fake_versions *versions,
				u32 version)
{
	unsigned int i;

	for (i = 0; i < versions->nr && versions->of[i] != version; i++)
		;
	return i;
}

void fake_versions_add(struct kunit *test, struct fake_versions *versions,
		       u32 version)
{
	unsigned int i = fake_versions_find(versions, version);

	if (i == FAKE_VERSIONS) {
		KUNIT_FAIL(test, "more than %u versions of a block", i);
		return;
	}
	if (i < versions->nr)
		memmove(&versions->of[i], &versions->of[i + 1],
			(versions->nr - i - 1) * sizeof(versions->of[0]));
	else
		versions->nr++;
	versions->of[versions->nr - 1] = version;
}

static u32 version_of(struct fake_cache *cache, u32 block)
{
	u32 version;

	fake_backing_read(cache->backing, (loff_t)block * BLOCK, &version,
			  sizeof(version));
	return version;
}

static void power(struct fake_cache *cache)
{
	if (cache->power)
		cache->power(cache->power_arg);
}

/* Something has been written.  All of it is in the cache, some may be on disk. */
static void wrote(struct fake_backing_watch *watch, loff_t from, loff_t to)
{
	struct fake_cache *cache = container_of(watch, struct fake_cache,
						watch);
	u32 block;

	for (block = from / BLOCK; block < DIV_ROUND_UP(to, BLOCK); block++) {
		fake_versions_add(cache->backing->test, &cache->disk[block],
				  version_of(cache, block));
		cache->dirty[block] = true;
	}
	power(cache);
}

static bool heads(struct fake_cache *cache)
{
	return prandom_u32_state(cache->rnd) & 1;
}

static void written_back(struct fake_cache *cache, u32 block)
{
	struct fake_versions *disk = &cache->disk[block];

	cache->dirty[block] = false;
	disk->of[0] = disk->of[disk->nr - 1];
	disk->nr = 1;
}

/* Take some dirty blocks for clean.  Return: whether there was one. */
static bool lose_some(struct fake_cache *cache, u32 first, u32 last)
{
	bool lost = false;
	u32 block;

	for (block = first; block <= last; block++) {
		if (!cache->dirty[block] || heads(cache))
			continue;
		cache->dirty[block] = false;
		lost = true;
	}
	return lost;
}

static int sync(struct fake_backing_watch *watch, loff_t from, loff_t to)
{
	struct fake_cache *cache = container_of(watch, struct fake_cache,
						watch);
	u32 first = from / BLOCK, last = min_t(loff_t, to / BLOCK,
					       cache->blocks - 1);
	int error = cache->failing;
	u32 block;

	power(cache);
	cache->failing = 0;
	if (error) {
		/* A signal comes before anything is done. */
		if (error != -ERESTARTSYS)
			lose_some(cache, first, last);
		return error;
	}
	for (block = first; block <= last && !cache->deaf; block++)
		if (cache->dirty[block])
			written_back(cache, block);
	power(cache);
	return 0;
}

bool fake_cache_lose(struct fake_cache *cache)
{
	bool lost = lose_some(cache, 0, cache->blocks - 1);
	u32 block;

	for (block = 0; block < cache->blocks; block++)
		if (cache->dirty[block] && heads(cache))
			written_back(cache, block);
	if (lost)
		fake_backing_lose(cache->backing);
	return lost;
}

void fake_cache_settle(struct fake_cache *cache)
{
	u32 block;

	for (block = 0; block < cache->blocks; block++) {
		cache->dirty[block] = false;
		cache->disk[block].nr = 0;
		fake_versions_add(cache->backing->test, &cache->disk[block],
				  version_of(cache, block));
	}
}

void fake_cache_init(struct fake_cache *cache, struct fake_backing *backing,
		     struct rnd_state *rnd)
{
	struct kunit *test = backing->test;

	cache->backing = backing;
	cache->rnd = rnd;
	cache->blocks = backing->limit / BLOCK;
	cache->disk = kunit_kcalloc(test, cache->blocks, sizeof(*cache->disk),
				    GFP_KERNEL);
	cache->dirty = kunit_kcalloc(test, cache->blocks,
				     sizeof(*cache->dirty), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cache->disk);
	KUNIT_ASSERT_NOT_NULL(test, cache->dirty);
	fake_cache_settle(cache);
	cache->watch.wrote = wrote;
	cache->watch.sync = sync;
	backing->watch = &cache->watch;
}
