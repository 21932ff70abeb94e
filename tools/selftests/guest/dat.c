// SPDX-License-Identifier: GPL-2.0
/* Address spaces for tests of operand translation */
#include "dat.h"

#define SEGMENTS		512	/* table length 0: 512 MiB */
#define PAGES			256
#define STORAGE_SEGMENTS	16

#define SEGMENT_INVALID		0x20
#define PAGE_INVALID		0x400
#define PAGE_PROTECTED		0x200

static u64 segment_table[DAT_SPACES][SEGMENTS] __aligned(4096);
static u64 storage_pages[STORAGE_SEGMENTS][PAGES] __aligned(2048);
static u64 window_pages[DAT_SPACES][PAGES] __aligned(2048);
static u8 frames[DAT_SPACES][DAT_PAGE] __aligned(4096);
static u8 last_frame[DAT_PAGE] __aligned(4096);
/*
 * The dispatchable-unit control table.  All zeros are a valid access list, a
 * short one.
 */
static u8 duct[64] __aligned(64);

void *dat_frame(enum dat_space space)
{
	return frames[space];
}

void *dat_frame_before_invalid(void)
{
	return last_frame;
}

static void build(enum dat_space space)
{
	u64 *window = window_pages[space];
	unsigned int i;

	for (i = 0; i < SEGMENTS; i++)
		segment_table[space][i] = SEGMENT_INVALID;
	for (i = 0; i < STORAGE_SEGMENTS; i++)
		segment_table[space][i] = (u64)storage_pages[i];
	segment_table[space][DAT_WINDOW >> 20] = (u64)window;
	for (i = 0; i < PAGES; i++)
		window[i] = PAGE_INVALID;
	window[0] = (u64)frames[space];
	window[1] = (u64)frames[space] | PAGE_PROTECTED;
	window[4] = (u64)last_frame;
}

static void load(u64 cr1, u64 cr2, u64 cr7, u64 cr13)
{
	asm volatile("lctlg 1,1,%0" : : "Q" (cr1) : "memory");
	asm volatile("lctlg 2,2,%0" : : "Q" (cr2) : "memory");
	asm volatile("lctlg 7,7,%0" : : "Q" (cr7) : "memory");
	asm volatile("lctlg 13,13,%0" : : "Q" (cr13) : "memory");
}

void dat_init(void)
{
	unsigned int i;

	for (i = 0; i < STORAGE_SEGMENTS * PAGES; i++)
		storage_pages[i / PAGES][i % PAGES] = i * DAT_PAGE;
	for (i = 0; i < DAT_SPACES; i++)
		build(i);
	load((u64)segment_table[DAT_PRIMARY], (u64)duct,
	     (u64)segment_table[DAT_SECONDARY], (u64)segment_table[DAT_HOME]);
}
