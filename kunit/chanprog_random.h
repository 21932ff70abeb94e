/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random channel programs, made from a seed: the same seed makes the same
 * program.
 */
#ifndef _KVM_CSS_KUNIT_CHANPROG_RANDOM_H
#define _KVM_CSS_KUNIT_CHANPROG_RANDOM_H

#include <linux/prandom.h>
#include <linux/types.h>

#include "chanprog_model.h"

/* Where CCWs and lists of a program are; its data are in the rest of storage */
#define CCWS		0x1000u
#define CCWS_END	0x2000u
#define LISTS		0x2000u
#define LISTS_END	0x4000u
#define DATA_FROM	0x4000u

/**
 * struct random - a random program and what it is run with
 * @state: the random numbers' state
 * @model: the program, and its result in the model
 * @before: storage before the program runs
 * @next_ccw: where the next CCW has room
 * @next_list: where the next list has room
 * @follow: where the data of the CCW before end, for a CCW that goes on there;
 *	0 for none
 * @listed: the data of the current CCW are named by IDAWs
 * @key: the program's key
 */
struct random {
	struct rnd_state state;
	struct model model;
	u8 *before;
	u32 next_ccw;
	u32 next_list;
	u32 follow;
	bool listed;
	u8 key;
};

/**
 * random_program() - make a valid program, and choose what its device does
 * @r: the program; &random.before, &model.storage and &model.stream are
 *	FAKE_STORAGE bytes each
 * @seed: from which it is made
 */
void random_program(struct random *r, u32 seed);

/**
 * random_spoil() - make one thing of a program invalid
 * @r: the program
 */
void random_spoil(struct random *r);

/**
 * random_restore() - undo what a program has stored
 * @r: the program
 * @storage: FAKE_STORAGE bytes, into which it has stored
 * @stored: into which pages; false for each afterwards
 */
void random_restore(const struct random *r, u8 *storage, bool *stored);

/**
 * random_load() - have a fake guest as it is before a program runs
 * @r: the program
 * @guest: the guest: its storage, its storage keys, and what is unusual with pages
 */
void random_load(const struct random *r, struct guest *guest);

#endif /* _KVM_CSS_KUNIT_CHANPROG_RANDOM_H */
