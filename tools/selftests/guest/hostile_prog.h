/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random channel programs, ORBs and operands that can do anything but hurt the
 * guest program itself.
 *
 * Two CPUs rewrite the same programs while they run, so what is fetched may be
 * half of the one and half of the other.  Therefore each place has one kind of
 * content for good, and each byte of an address is such that any mixture leads
 * to where it may: data to the data area or to where no storage is, CCWs to a
 * page of CCWs of the same format, a list to a list of the same format.  The
 * page behind each is one of things that are invalid.
 */
#ifndef GUEST_HOSTILE_PROG_H
#define GUEST_HOSTILE_PROG_H

#include "chan.h"
#include "hostile.h"

/* A random number for each CPU, of 64 bits */
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
 * random_one_in() - true now and then
 * @random: where it comes from
 * @n: once in so many times
 *
 * Return: whether it is this time.
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
 * hostile_data() - an address of data, or one where no storage is
 * @random: where it comes from
 *
 * Return: the address; 64 KiB before and behind it are data, too.
 */
u32 hostile_data(struct random *random);

/**
 * hostile_orb() - a random ORB of one of the programs
 * @random: where it comes from
 * @orb: where to; 20 bytes behind it are there, too
 */
void hostile_orb(struct random *random, struct orb *orb);

/**
 * hostile_schib() - a random operand of MODIFY SUBCHANNEL
 * @random: where it comes from
 * @schib: where to
 */
void hostile_schib(struct random *random, struct schib *schib);

/**
 * hostile_origin() - a measurement-block origin
 * @random: where it comes from
 *
 * Return: the origin; all blocks are in the data area.
 */
u32 hostile_origin(struct random *random);

/**
 * hostile_chsc() - a random request
 * @random: where it comes from
 *
 * Return: where it is, in the data area.
 */
u64 hostile_chsc(struct random *random);

/**
 * hostile_key() - change the storage key of a page of data
 * @random: where it comes from
 */
void hostile_key(struct random *random);

#endif /* GUEST_HOSTILE_PROG_H */
