/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random channel programs, ORBs and operands, which can do anything except hurt
 * the guest program itself.
 *
 * Two CPUs rewrite the same programs while these run, so half of what is
 * fetched may be from one CPU and half from the other.  Therefore each place
 * has only one kind of contents, and each byte of an address is chosen so that
 * any mixture of two addresses is allowed too: an address of data leads to the
 * data area or to where there is no storage; one of CCWs to a page of CCWs of
 * the same format; one of a list to a list of the same format.  The page behind
 * each page of CCWs or lists has invalid ones.
 */
#ifndef GUEST_HOSTILE_PROG_H
#define GUEST_HOSTILE_PROG_H

#include "chan.h"
#include "hostile.h"

/* State of a CPU's random numbers, 64 bits */
struct random {
	u64 state;
};

/**
 * random_next() - the next random number
 * @random: where it comes from
 *
 * Return: 32 bits of it.
 */
u32 random_next(struct random *random);

/**
 * random_one_in() - be true now and then
 * @random: where it comes from
 * @n: it is true once in so many calls, on average
 *
 * Return: true or false.
 */
bool random_one_in(struct random *random, u32 n);

/**
 * hostile_prog_init() - prepare the areas
 */
void hostile_prog_init(void);

/**
 * hostile_rewrite() - rewrite some CCWs, IDAWs and MIDAWs
 * @random: where it comes from
 */
void hostile_rewrite(struct random *random);

/**
 * hostile_data() - choose an address of data, or one without storage
 * @random: where it comes from
 *
 * Return: the address; the 64 KiB before and after it are data as well.
 */
u32 hostile_data(struct random *random);

/**
 * hostile_orb() - make a random ORB for one of the programs
 * @random: where it comes from
 * @orb: filled in; there must be 20 more bytes behind it
 */
void hostile_orb(struct random *random, struct orb *orb);

/**
 * hostile_schib() - make a random operand of MODIFY SUBCHANNEL
 * @random: where it comes from
 * @schib: filled in
 */
void hostile_schib(struct random *random, struct schib *schib);

/**
 * hostile_origin() - choose a measurement-block origin
 * @random: where it comes from
 *
 * Return: the origin; all blocks are in the data area.
 */
u32 hostile_origin(struct random *random);

/**
 * hostile_chsc() - make a random CHSC request
 * @random: where it comes from
 *
 * Return: its address in the data area.
 */
u64 hostile_chsc(struct random *random);

/**
 * hostile_key() - change the storage key of a page of data
 * @random: where it comes from
 */
void hostile_key(struct random *random);

#endif /* GUEST_HOSTILE_PROG_H */
