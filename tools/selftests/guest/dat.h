/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Address spaces for tests of operand translation.
 *
 * Primary, secondary and home space map all storage to itself.  Above it each
 * has a window of a few pages that differs from space to space.
 */
#ifndef GUEST_DAT_H
#define GUEST_DAT_H

#include "guest.h"

#define DAT_PAGE		0x1000ul
#define DAT_WINDOW		0x1000000ul	/* behind the 16 MiB of storage */

/* Pages of the window */
#define DAT_PLAIN		(DAT_WINDOW + 0 * DAT_PAGE)
#define DAT_PROTECTED		(DAT_WINDOW + 1 * DAT_PAGE)	/* same frame */
#define DAT_INVALID		(DAT_WINDOW + 2 * DAT_PAGE)
#define DAT_BEFORE_INVALID	(DAT_WINDOW + 4 * DAT_PAGE)	/* own frame */
#define DAT_INVALID2		(DAT_WINDOW + 5 * DAT_PAGE)
/* A segment that is invalid, and an address beyond what the ASCE can map */
#define DAT_NO_SEGMENT		(DAT_WINDOW + 0x100000)
#define DAT_BEYOND_ASCE		0x80000000ul

enum dat_space { DAT_PRIMARY, DAT_SECONDARY, DAT_HOME, DAT_SPACES };

/**
 * dat_init() - build the tables and load control registers 1, 2, 7 and 13
 */
void dat_init(void);

/**
 * dat_frame() - the frame behind DAT_PLAIN
 * @space: in which space
 *
 * Return: its real address; usable with DAT off.
 */
void *dat_frame(enum dat_space space);

/**
 * dat_frame_before_invalid() - the frame behind DAT_BEFORE_INVALID
 *
 * Return: its real address.
 */
void *dat_frame_before_invalid(void);

#endif /* GUEST_DAT_H */
