// SPDX-License-Identifier: GPL-2.0
/*
 * Making random channel programs, see chanprog_random.h.  In many of them the
 * data of CCWs and IDAWs follow each other in storage.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <kvm_css/control_unit.h>

#include "chanprog_random.h"
#include "short_names.h"

/* So far may lists of MIDAWs and of IDAWs begin, so that they end in front of it */
#define MIDAWS_END	0x3000u
#define IDAWS_END	0x3f00u

static u32 below(struct random *r, u32 limit)
{
	return prandom_u32_state(&r->state) % limit;
}

static bool one_in(struct random *r, u32 n)
{
	return !below(r, n);
}

static u32 between(struct random *r, u32 least, u32 most)
{
	return least + below(r, most - least + 1);
}

static void put_word(struct random *r, u32 addr, u64 word, u32 len)
{
	while (len--) {
		r->before[addr + len] = word;
		word >>= 8;
	}
}

static bool has(const struct random *r, u32 orb_flag)
{
	return r->model.orb_flags & orb_flag;
}

/* Shall the next area of @count bytes follow the one before, as it often does? */
static bool follows(struct random *r, u32 count)
{
	return r->follow && r->follow + count <= FAKE_STORAGE && !one_in(r, 4);
}

/*
 * Choose an area for @count bytes.  Return: the address of the first byte to be
 * moved, which with @backward is the last one of the area.
 */
static u32 data_area(struct random *r, u32 count, bool backward)
{
	u32 low = follows(r, count) ? r->follow :
		  between(r, DATA_FROM, FAKE_STORAGE - count);

	r->follow = backward ? 0 : low + count;
	return backward ? low + count - 1 : low;
}

static u32 take_list(struct random *r, u32 len, u32 align)
{
	u32 addr = ALIGN(r->next_list, align);

	r->next_list = addr + len;
	return addr;
}

static u32 make_idaws(struct random *r, u32 count, bool backward)
{
	bool format2 = has(r, ORB_IDAW_FORMAT2);
	u32 size = format2 ? 8 : 4;
	u32 block = format2 && !has(r, ORB_IDAW_2K) ? 4096 : 2048;
	u32 list = take_list(r, (count / block + 2) * size, size), at = list;
	u32 blocks = (FAKE_STORAGE - DATA_FROM) / block;
	u32 offset = below(r, block), has_now, addr;

	if (follows(r, count))
		offset = r->follow % block;
	has_now = backward ? offset + 1 : block - offset;
	for (;;) {
		addr = DATA_FROM + below(r, blocks) * block + offset;
		/* Only in the first IDAW the offset may have been chosen. */
		if (r->follow % block == offset && follows(r, block))
			addr = r->follow;
		put_word(r, at, addr, size);
		at += size;
		if (count <= has_now)
			break;
		count -= has_now;
		r->follow = backward ? 0 : addr + has_now;
		offset = backward ? block - 1 : 0;
		has_now = block;
	}
	r->follow = backward ? 0 : addr + count;
	return list;
}

static u32 make_midaws(struct random *r, u32 count, bool backward)
{
	u32 parts = between(r, 1, min(count, 5u));
	u32 list = take_list(r, parts * 16, 128), at = list;

	while (parts--) {
		u32 part = parts ? between(r, 1, count - parts) : count;
		u64 flags = parts ? 0 : MIDAW_LAST;
		u32 page = between(r, DATA_FROM / 4096, FAKE_STORAGE / 4096 - 1);
		u32 low;

		/*
		 * Leave so few bytes for the other parts that a page is enough
		 * for each.
		 */
		if (parts)
			part = clamp(part, count > parts * 4096 ?
					count - parts * 4096 : 1, 4096u);
		low = page * 4096 + below(r, 4096 - part + 1);
		if (one_in(r, 4))
			flags |= MIDAW_SKIP;
		if (one_in(r, 8))
			flags |= MIDAW_INTERRUPT;
		put_word(r, at, flags << 16 | part, 8);
		put_word(r, at + 8, backward ? low + part - 1 : low, 8);
		at += 16;
		count -= part;
	}
	return list;
}

static void put_ccw(struct random *r, u8 cmd, u8 flags, u32 count, u32 cda)
{
	u64 word;

	if (has(r, ORB_FORMAT))
		word = (u64)cmd << 56 | (u64)flags << 48 | (u64)count << 32 |
		       cda;
	else
		word = (u64)cmd << 56 | (u64)cda << 32 | (u64)flags << 24 |
		       below(r, 256) << 16 | count;
	put_word(r, r->next_ccw, word, 8);
	r->next_ccw += 8;
}

/* Let the program go on elsewhere, some distance away. */
static void make_tic(struct random *r)
{
	u32 to = r->next_ccw + 8 * between(r, 1, 4);
	bool format0 = !has(r, ORB_FORMAT);

	put_ccw(r, format0 ? below(r, 16) << 4 | 0x08 : 0x08,
		format0 ? below(r, 256) : 0, format0 ? below(r, 65536) : 0, to);
	r->next_ccw = to;
}

static u32 some_count(struct random *r)
{
	if (one_in(r, 16))
		return between(r, 1, MODEL_BLOCK);
	return one_in(r, 4) ? between(r, 1, 400) : between(r, 1, 40);
}

/* Make a CCW.  Return: its count. */
static u32 make_ccw(struct random *r, u8 cmd, u8 chain, bool first_of_command)
{
	bool backward = (cmd & 0x0f) == 0x0c;
	u32 count = some_count(r), cda;
	u8 flags = chain;

	if (one_in(r, 2))
		flags |= CCW_SLI;
	if (one_in(r, 8))
		flags |= CCW_PCI;
	if (has(r, ORB_FORMAT) && first_of_command && !(chain & CCW_CD) &&
	    one_in(r, 12))
		count = 0;
	if (first_of_command)
		r->follow = 0;
	if (one_in(r, first_of_command ? 2 : 6))
		r->listed = !r->listed;
	if (count && has(r, ORB_MIDAW) && r->next_list < MIDAWS_END &&
	    one_in(r, 3)) {
		flags |= CCW_MIDA;
		cda = make_midaws(r, count, backward);
	} else {
		if (one_in(r, 8))
			flags |= CCW_SKIP;
		if (count && r->next_list < IDAWS_END && r->listed) {
			flags |= CCW_IDA;
			cda = make_idaws(r, count, backward);
		} else {
			cda = data_area(r, count ?: 1, backward);
		}
	}
	put_ccw(r, first_of_command ? cmd : below(r, 256) & ~0x08, flags, count,
		cda);
	return count;
}

/*
 * Make a command, with the CCWs that chain its data.  Return: how many bytes
 * they hold.
 */
static u32 make_command(struct random *r, bool last)
{
	static const u8 codes[] = { 0x01, 0x02, 0x04, 0x07, 0x0c, 0x0c, 0xe4 };
	u8 cmd = codes[below(r, ARRAY_SIZE(codes))] ^ below(r, 4) << 4;
	u32 ccws = one_in(r, 2) ? between(r, 2, 4) : 1, total = 0, i;

	/* Often more than are copied ahead at a time */
	if (one_in(r, 6))
		ccws = between(r, 5, 40);

	for (i = 0; i < ccws; i++) {
		bool more = i + 1 < ccws;
		u8 chain = more ? CCW_CD : last ? 0 : CCW_CC;

		total += make_ccw(r, cmd, chain, i == 0);
		if (chain && one_in(r, 10))
			make_tic(r);
	}
	return total;
}

/* Choose what the device does with a command that has @total bytes. */
static struct model_behaviour make_behaviour(struct random *r, u32 total)
{
	struct model_behaviour device = { .dstat = CE_DE };

	switch (below(r, 8)) {
	case 0:
		device.len = total / 2;
		break;
	case 1:
		device.len = total + between(r, 1, 20);
		break;
	case 2:
		device.len = 0;
		break;
	default:
		device.len = total;
	}
	device.len = min_t(u32, device.len, MODEL_BLOCK);
	if (one_in(r, 10))
		device.dstat |= DSTAT_STATUS_MODIFIER;
	if (one_in(r, 20))
		device.dstat |= DSTAT_UNIT_EXCEPTION;
	if (one_in(r, 20))
		device = (struct model_behaviour){ .dstat = DSTAT_UNIT_CHECK };
	if (one_in(r, 10)) {
		device.dstat = DSTAT_CHANNEL_END;
		device.later = DSTAT_DEVICE_END;
		if (one_in(r, 5))
			device.later |= 1 << below(r, 8);
	}
	return device;
}

static u32 make_orb_flags(struct random *r)
{
	static const u32 flags[] = {
		ORB_FORMAT, ORB_IDAW_FORMAT2, ORB_IDAW_2K, ORB_MIDAW, ORB_ILS,
		ORB_INITIAL_STATUS, ORB_SUSPEND,
	};
	u32 orb = (u32)r->key << ORB_KEY_SHIFT;
	int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (one_in(r, 2))
			orb |= flags[i];
	return orb;
}

/* Choose keys with which the program can run: those of its data match. */
static void make_keys(struct random *r)
{
	u32 page;

	for (page = 0; page < FAKE_PAGES; page++) {
		u8 key = r->key << 4;

		if (page < DATA_FROM / 4096 || !r->key)
			key = below(r, 16) << 4;
		else if (one_in(r, 2))
			key |= FAKE_KEY_FETCH;
		r->model.keys[page] = key;
	}
}

void random_program(struct random *r, u32 seed)
{
	struct model *model = &r->model;
	u8 *storage = model->storage, *stream = model->stream;
	u32 commands, i, addr;

	memset(model, 0, sizeof(*model));
	model->storage = storage;
	model->stream = stream;
	prandom_seed_state(&r->state, seed);
	for (addr = CCWS; addr < LISTS_END; addr++)
		r->before[addr] = fake_background(addr);
	r->key = one_in(r, 2) ? below(r, 16) : 0;
	model->orb_flags = make_orb_flags(r);
	make_keys(r);
	r->next_ccw = CCWS + 8 * below(r, 8);
	r->next_list = LISTS;
	r->listed = false;
	model->cpa = r->next_ccw;
	commands = between(r, 1, 5);
	for (i = 0; i < commands; i++)
		model->behaviour[i] = make_behaviour(r,
						     make_command(r, i + 1 ==
								  commands));
	for (; i < MODEL_COMMANDS; i++)
		model->behaviour[i] = make_behaviour(r, some_count(r));
	/*
	 * A program must not loop for ever: its last possible command ends with
	 * unit check.
	 */
	model->behaviour[MODEL_COMMANDS - 1].dstat = CE_DE | DSTAT_UNIT_CHECK;
}

static void flip(struct random *r, u32 from, u32 to)
{
	r->before[between(r, from, to - 1)] ^= 1 << below(r, 8);
}

void random_spoil(struct random *r)
{
	static const u8 conditions[] = {
		MODEL_ABSENT, MODEL_BROKEN, MODEL_READONLY,
	};
	struct model *model = &r->model;
	u32 first = model->cpa / 4096;

	switch (below(r, 9)) {
	case 0:
	case 1:
	case 2:
		flip(r, model->cpa, r->next_ccw);
		break;
	case 3:
	case 4:
		flip(r, LISTS, max(r->next_list, LISTS + 1));
		break;
	case 5:
		model->keys[between(r, first, FAKE_PAGES - 1)] =
			below(r, 256) & 0xf8;
		break;
	case 6:
		model->pages[between(r, first, FAKE_PAGES - 1)] =
			conditions[below(r, ARRAY_SIZE(conditions))];
		break;
	case 7:
		/*
		 * B has no effect, and the way of running the program sets P:
		 * leave both.
		 */
		model->orb_flags ^= BIT(between(r, 6, 31)) &
				    ~(ORB_PREFETCH | ORB_TRANSPORT | ORB_LPM);
		break;
	case 8:
		if (one_in(r, 2)) {
			model->cpa ^= BIT(below(r, 31));
			break;
		}
		model->orb_flags |= ORB_ADDRESS_LIMIT;
		model->limit.mode = one_in(r, 2) ? PMCW_LIMIT_LOW :
						   PMCW_LIMIT_HIGH;
		model->limit.address = 0x10000;
		break;
	}
}

void random_restore(const struct random *r, u8 *storage, bool *stored)
{
	u32 page, at;

	for (page = 0; page < FAKE_PAGES; page++) {
		at = page * FAKE_PAGE;
		if (stored[page])
			memcpy(storage + at, r->before + at, FAKE_PAGE);
		stored[page] = false;
	}
}

static void set_pages(struct guest *guest, const struct model *model)
{
	u32 page;

	memcpy(guest->keys, model->keys, sizeof(model->keys));
	fake_unmark(guest);
	for (page = 0; page < FAKE_PAGES; page++) {
		const struct fake_range range = { page * FAKE_PAGE, FAKE_PAGE };

		if (model->pages[page] & MODEL_ABSENT)
			fake_mark(guest, &range, FAKE_HOLE);
		if (model->pages[page] & MODEL_BROKEN)
			fake_mark(guest, &range, FAKE_BROKEN);
		if (model->pages[page] & MODEL_READONLY)
			fake_mark(guest, &range, FAKE_READONLY);
	}
}

void random_load(const struct random *r, struct guest *guest)
{
	random_restore(r, guest->storage, guest->stored);
	fake_put(guest, CCWS, r->before + CCWS, LISTS_END - CCWS);
	set_pages(guest, &r->model);
}
