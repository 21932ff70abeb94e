// SPDX-License-Identifier: GPL-2.0
/*
 * Which tracks are known to have a layout, so that a command need not read all of one
 * to find a record.
 *
 * That is found out when a whole track has been read, and forgotten when records are
 * written to it.  Nobody else writes to the image.  If somebody does all the same, what
 * is read of a track doesn't fit its layout any more, see eckd_fetch().
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "eckd.h"

/* A track has the number of its layout plus one, or 0 */
#define BITS		2u
#define TRACKS_A_BYTE	(8u / BITS)
#define MASK		((1u << BITS) - 1)
static_assert(ECKD_LAYOUTS <= MASK);

int eckd_layouts_init(struct eckd_layouts *layouts, u32 tracks)
{
	layouts->of = kvzalloc(DIV_ROUND_UP(tracks, TRACKS_A_BYTE),
			       GFP_KERNEL_ACCOUNT);
	return layouts->of ? 0 : -ENOMEM;
}

void eckd_layouts_destroy(struct eckd_layouts *layouts)
{
	kvfree(layouts->of);
}

static u8 number_of(const struct eckd_layouts *layouts, u32 track)
{
	const u32 shift = track % TRACKS_A_BYTE * BITS;

	return layouts->of[track / TRACKS_A_BYTE] >> shift & MASK;
}

static void set_number(struct eckd_layouts *layouts, u32 track, u8 number)
{
	const u32 shift = track % TRACKS_A_BYTE * BITS;
	u8 *of = layouts->of + track / TRACKS_A_BYTE;

	*of = (*of & ~(MASK << shift)) | number << shift;
}

const struct track_layout *eckd_layout(const struct eckd_layouts *layouts,
				       u32 track)
{
	const u8 number = number_of(layouts, track);

	return number ? &layouts->known[number - 1].layout : NULL;
}

void eckd_layout_forget(struct eckd_layouts *layouts, u32 track)
{
	const u8 number = number_of(layouts, track);

	if (!number)
		return;
	layouts->known[number - 1].tracks--;
	set_number(layouts, track, 0);
}

static bool is_same(const struct track_layout *a, const struct track_layout *b)
{
	return a->key == b->key && a->records == b->records && a->data == b->data;
}

/* Find this layout, or one that no track has, in place of which it is noted. */
static struct eckd_known *find(struct eckd_layouts *layouts,
			       const struct track_layout *layout)
{
	struct eckd_known *unused = NULL;
	unsigned int i;

	for (i = 0; i < ECKD_LAYOUTS; i++) {
		struct eckd_known *known = &layouts->known[i];

		if (known->tracks && is_same(&known->layout, layout))
			return known;
		if (!known->tracks)
			unused = known;
	}
	if (unused)
		unused->layout = *layout;
	return unused;
}

void eckd_layout_note(struct eckd_layouts *layouts, u32 track,
		      const u8 *content)
{
	struct track_layout layout;
	struct eckd_known *known;

	eckd_layout_forget(layouts, track);
	if (!track_layout(content, track, &layout))
		return;
	known = find(layouts, &layout);
	if (!known)
		return;
	known->tracks++;
	set_number(layouts, track, known - layouts->known + 1);
}
