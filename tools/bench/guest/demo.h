/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the demo agree on */
#ifndef GUEST_DEMO_H
#define GUEST_DEMO_H

#define DEMO_SID		SID(0, 0x0000)
#define DEMO_BLOCKS		8192	/* 4 MiB */
/*
 * How many programs write, and how many blocks each of them has; as many read
 */
#define DEMO_PROGRAMS		64
#define DEMO_PROGRAM_BLOCKS	8
#define DEMO_STRIDE		(DEMO_BLOCKS / DEMO_PROGRAMS)

/* The byte that the guest writes at this place of the disk */
static inline u8 demo_byte(u32 block, u32 offset)
{
	return block * 31 + (block >> 8) + offset * 7;
}

/*
 * HC_THEME
 *
 * DEMO_CALL_ID: r4 is control-unit type and model << 16, r5 those of the device
 * DEMO_CALL_BLOCKS: r4 is the number of blocks, r5 their size
 * DEMO_CALL_WRITTEN, DEMO_CALL_READ: r4 programs so far
 */
#define DEMO_CALL_ID		1
#define DEMO_CALL_BLOCKS	2
#define DEMO_CALL_WRITTEN	3
#define DEMO_CALL_READ		4

#endif /* GUEST_DEMO_H */
