/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Address spaces for tests of operand translation.
 *
 * The primary, secondary and home spaces map all storage to itself.  Above
 * that, each space has a window of some pages whose contents differ from space
 * to space.
 */
#ifndef GUEST_DAT_H
#define GUEST_DAT_H

#include "guest.h"

#define DAT_PAGE		0x1000ul
#define DAT_WINDOW		0x1000000ul	/* behind the 16 MiB of storage */

/* Pages of the window */
#define DAT_PLAIN		(DAT_WINDOW + 0 * DAT_PAGE)
/* The frame of DAT_PLAIN */
#define DAT_PROTECTED		(DAT_WINDOW + 1 * DAT_PAGE)
#define DAT_INVALID		(DAT_WINDOW + 2 * DAT_PAGE)
/* A frame of its own */
#define DAT_BEFORE_INVALID	(DAT_WINDOW + 4 * DAT_PAGE)
#define DAT_INVALID2		(DAT_WINDOW + 5 * DAT_PAGE)
/*
 * An address in an invalid segment, and one that is beyond what the ASCE can
 * map
 */
#define DAT_NO_SEGMENT		(DAT_WINDOW + 0x100000)
#define DAT_BEYOND_ASCE		0x80000000ul

enum dat_space { DAT_PRIMARY, DAT_SECONDARY, DAT_HOME, DAT_SPACES };

/**
 * dat_init() - build the tables and load control registers 1, 2, 7 and 13
 */
void dat_init(void);

/**
 * dat_frame() - find the frame of DAT_PLAIN
 * @space: the address space
 *
 * Return: its real address, at which it can be accessed with DAT off.
 */
void *dat_frame(enum dat_space space);

/**
 * dat_frame_before_invalid() - find the frame of DAT_BEFORE_INVALID
 *
 * Return: its real address.
 */
void *dat_frame_before_invalid(void);

#endif /* GUEST_DAT_H */
