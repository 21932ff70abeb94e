/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A set of 16-bit numbers: device numbers, or subchannel numbers.  It needs an
 * entry of an xarray for every 32 numbers of which at least one is in the set.
 * Looking a number up takes no lock.
 */
#ifndef _KVM_CSS_NUMBER_MAP_H
#define _KVM_CSS_NUMBER_MAP_H

#include <linux/types.h>
#include <linux/xarray.h>

/**
 * struct number_map - a set of 16-bit numbers
 * @words: value entries of 32 bits; each bit stands for a number
 */
struct number_map {
	struct xarray words;
};

/**
 * number_map_init() - make an empty set
 * @map: the set
 *
 * Context: any.
 */
void number_map_init(struct number_map *map);

/**
 * number_map_destroy() - remove all numbers, and free the memory of the set
 * @map: the set; empty afterwards
 *
 * Context: any.
 */
void number_map_destroy(struct number_map *map);

/**
 * number_map_has() - is a number in the set?
 * @map: the set
 * @number: the number
 *
 * Context: any.
 * Return: whether it is.
 */
bool number_map_has(struct number_map *map, u16 number);

/**
 * number_map_add() - put a number into the set, unless it is in it already
 * @map: the set
 * @number: the number
 *
 * Context: may sleep; others may add to the set at the same time.
 * Return: 0 or -ENOMEM.
 */
int number_map_add(struct number_map *map, u16 number);

/**
 * number_map_remove() - take a number out of the set, if it is in it
 * @map: the set
 * @number: the number
 *
 * Context: may sleep; nobody else changes the set at the same time.
 */
void number_map_remove(struct number_map *map, u16 number);

#endif /* _KVM_CSS_NUMBER_MAP_H */
