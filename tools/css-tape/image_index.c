// SPDX-License-Identifier: GPL-2.0
/*
 * The index of an image: positions at equal distances, from the load point to the
 * furthest that was reached.  Whoever goes back begins at one of them and goes forward,
 * so that nothing depends on what headers say of the units before them.
 *
 * Point i has i * stride units before it.  When there are too many points, every second
 * one is dropped, so that an image of a billion tape marks needs no more memory.
 */
#include <stdlib.h>

#include "image_impl.h"

#ifndef INDEX_STRIDE_FIRST
#define INDEX_STRIDE_FIRST	16
#endif

bool index_begin(struct image_index *index)
{
	index->points = calloc(INDEX_POINTS_MAX, sizeof(*index->points));
	index->count = 1;
	index->stride = INDEX_STRIDE_FIRST;
	return index->points;
}

static void thin_out(struct image_index *index)
{
	size_t i;

	index->stride *= 2;
	index->count = (index->count + 1) / 2;
	for (i = 0; i < index->count; i++)
		index->points[i] = index->points[2 * i];
}

void index_note(struct image_index *index, const struct tape_point *point)
{
	if (point->block != index->count * index->stride)
		return;
	if (index->count == INDEX_POINTS_MAX)
		thin_out(index);
	/* INDEX_POINTS_MAX is even, so this is the next one with the new stride as well. */
	index->points[index->count++] = *point;
}

void index_cut(struct image_index *index, const struct tape_point *point)
{
	size_t kept = point->block / index->stride + 1;

	if (index->count > kept)
		index->count = kept;
}

struct tape_point index_of_block(const struct image_index *index, uint64_t block)
{
	uint64_t i = block / index->stride;

	return index->points[i < index->count ? i : index->count - 1];
}

struct tape_point index_of_file(const struct image_index *index, uint64_t file)
{
	size_t low = 0, high = index->count;

	/* The load point has no tape mark before it, so there always is one. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (index->points[middle].file <= file)
			low = middle;
		else
			high = middle;
	}
	return index->points[low];
}
