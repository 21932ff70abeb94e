/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "lifetime" agree on */
#ifndef GUEST_LIFETIME_H
#define GUEST_LIFETIME_H

#define LIFE_SID_TEST		SID(0, 0x0001)
#define LIFE_SID_FBA		SID(0, 0x0002)

#define LIFE_BLOCKS		64

/* More disks, for LIFE_LOOPS and LIFE_LONG */
#define LIFE_DISKS		8
#define LIFE_SID_DISK(nr)	SID(0, 0x0010 + (nr))

/* The first disk has as many blocks as one LOCATE can have. */
#define LIFE_DISK_BLOCKS	65535

/* guest_argument: what the guest program does */
#define LIFE_WAIT		0	/* host acts in a WAIT of 10 s */
#define LIFE_PENDING		1	/* host acts with status pending */
#define LIFE_LOOP		2	/* host acts in an endless program */
#define LIFE_DATA_LOOP		3	/* host acts in a long data chain */
#define LIFE_CYCLES		4	/* programs until condition code 3 */
#define LIFE_WRITES		5	/* FBA writes until condition code 3 */
#define LIFE_ONE		6	/* one program */
#define LIFE_FAULT		7	/* host acts in a WRITE that waits */
#define LIFE_LOOPS		8	/* host acts in endless FBA reads */
#define LIFE_LONG		9	/* host acts in a very long FBA write */

/* The page whose data LIFE_FAULT writes; nothing else uses it */
#define LIFE_FAULT_PAGE		0xc00000ul

/*
 * HC_THEME
 *
 * LIFE_CALL_ACT: the program is running, and the host may act now.
 *
 * LIFE_CALL_REPORT: r4 is the ending of STSCH, r5 how many interruptions came
 * since.
 */
#define LIFE_CALL_ACT		1
#define LIFE_CALL_REPORT	2

#endif /* GUEST_LIFETIME_H */
