// SPDX-License-Identifier: GPL-2.0
/* A set of 16-bit numbers, see number_map.h. */
#include <linux/bits.h>
#include <linux/build_bug.h>

#include <kvm_css/number_map.h>

/*
 * Numbers in a value entry, which has room for BITS_PER_LONG - 1 bits.  A power
 * of two, so that the 65536 numbers fill a whole number of entries.
 */
#define IN_WORD		32

static unsigned long to_bits(const void *word)
{
	return word ? xa_to_value(word) : 0;
}

static unsigned long bit_of(u16 number)
{
	return 1UL << number % IN_WORD;
}

void number_map_init(struct number_map *map)
{
	static_assert(IN_WORD < BITS_PER_LONG);
	xa_init_flags(&map->words, XA_FLAGS_ACCOUNT);
}

void number_map_destroy(struct number_map *map)
{
	xa_destroy(&map->words);
}

bool number_map_has(struct number_map *map, u16 number)
{
	return to_bits(xa_load(&map->words, number / IN_WORD)) & bit_of(number);
}

int number_map_add(struct number_map *map, u16 number)
{
	void *before, *found = xa_load(&map->words, number / IN_WORD);

	do {
		before = found;
		if (to_bits(before) & bit_of(number))
			return 0;
		found = xa_cmpxchg(&map->words, number / IN_WORD, before,
				   xa_mk_value(to_bits(before) | bit_of(number)),
				   GFP_KERNEL);
		if (xa_is_err(found))
			return xa_err(found);
	} while (found != before);
	return 0;
}

void number_map_remove(struct number_map *map, u16 number)
{
	unsigned long index = number / IN_WORD;
	unsigned long bits = to_bits(xa_load(&map->words, index));

	if (!(bits & bit_of(number)))
		return;
	bits &= ~bit_of(number);
	/* This replaces an entry, so it needs no memory and can't fail. */
	if (bits)
		xa_store(&map->words, index, xa_mk_value(bits), GFP_KERNEL);
	else
		xa_erase(&map->words, index);
}
