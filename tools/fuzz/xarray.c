// SPDX-License-Identifier: GPL-2.0
/*
 * <linux/xarray.h> as a sorted array.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/xarray.h>

#define FIRST_ROOM	4

/* A slot in use; @marks has a bit for each mark */
struct xa_slot {
	unsigned long index;
	void *entry;
	unsigned int marks;
};

/* Return: the place of the first slot in use at or behind an index. */
static unsigned int place(const struct xarray *xa, unsigned long index)
{
	unsigned int at = 0;

	while (at < xa->nr && xa->slots[at].index < index)
		at++;
	return at;
}

static struct xa_slot *slot_of(const struct xarray *xa, unsigned long index)
{
	unsigned int at = place(xa, index);

	if (at < xa->nr && xa->slots[at].index == index)
		return &xa->slots[at];
	return NULL;
}

/* Return NULL for an entry that nobody may find. */
static void *visible(void *entry)
{
	return entry == XA_ZERO_ENTRY ? NULL : entry;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	struct xa_slot *slot = slot_of(xa, index);

	return slot ? visible(slot->entry) : NULL;
}

static bool grow(struct xarray *xa, gfp_t gfp)
{
	unsigned int room = xa->room ? 2 * xa->room : FIRST_ROOM;
	struct xa_slot *slots;

	if (xa->nr < xa->room)
		return true;
	slots = kcalloc(room, sizeof(*slots), gfp);
	if (!slots)
		return false;
	if (xa->nr)
		memcpy(slots, xa->slots, xa->nr * sizeof(*slots));
	kfree(xa->slots);
	xa->slots = slots;
	xa->room = room;
	return true;
}

static bool add(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	unsigned int at = place(xa, index);

	if (!grow(xa, gfp))
		return false;
	memmove(&xa->slots[at + 1], &xa->slots[at],
		(xa->nr++ - at) * sizeof(xa->slots[0]));
	xa->slots[at] = (struct xa_slot){ .index = index, .entry = entry };
	return true;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	struct xa_slot *slot = slot_of(xa, index);
	void *entry;

	if (!slot)
		return NULL;
	entry = slot->entry;
	xa->nr--;
	memmove(slot, slot + 1,
		(&xa->slots[xa->nr] - slot) * sizeof(xa->slots[0]));
	return visible(entry);
}

void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct xa_slot *slot = slot_of(xa, index);
	void *old;

	if (!(gfp & (GFP_ATOMIC | GFP_NOWAIT)))
		shim_might_sleep();
	if (!entry)
		return xa_erase(xa, index);
	if (!slot)
		return add(xa, index, entry, gfp) ? NULL :
			(void *)(-4l * ENOMEM + 2);
	old = slot->entry;
	slot->entry = entry;
	return visible(old);
}

void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry,
		 gfp_t gfp)
{
	void *found = xa_load(xa, index);

	if (found != old)
		return found;
	found = xa_store(xa, index, entry, gfp);
	return xa_is_err(found) ? found : old;
}

int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	if (slot_of(xa, index))
		return -EBUSY;
	return add(xa, index, entry ? entry : XA_ZERO_ENTRY, gfp) ? 0 : -ENOMEM;
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      xa_mark_t filter)
{
	unsigned int at = place(xa, *index);

	for (; at < xa->nr && xa->slots[at].index <= max; at++) {
		const struct xa_slot *slot = &xa->slots[at];

		if (filter < XA_PRESENT && !(slot->marks & 1u << filter))
			continue;
		if (!visible(slot->entry))
			continue;
		*index = slot->index;
		return slot->entry;
	}
	return NULL;
}

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    xa_mark_t filter)
{
	unsigned long next = *index + 1;
	void *entry;

	if (!next)
		return NULL;
	entry = xa_find(xa, &next, max, filter);
	if (entry)
		*index = next;
	return entry;
}

void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_slot *slot = slot_of(xa, index);

	if (slot)
		slot->marks |= 1u << mark;
}

void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_slot *slot = slot_of(xa, index);

	if (slot)
		slot->marks &= ~(1u << mark);
}

void xa_destroy(struct xarray *xa)
{
	kfree(xa->slots);
	xa_init_flags(xa, 0);
}
