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

/* The first of them is as large as one LOCATE can say. */
#define LIFE_DISK_BLOCKS	65535

/* guest_argument: what the guest program does */
#define LIFE_WAIT		0	/* WAIT of 10 s; host acts; any late? */
#define LIFE_PENDING		1	/* status pending; host acts; any late? */
#define LIFE_LOOP		2	/* program without end; host acts */
#define LIFE_DATA_LOOP		3	/* very long data chain; host acts */
#define LIFE_CYCLES		4	/* cycles until condition code 3 */
#define LIFE_WRITES		5	/* FBA writes until condition code 3 */
#define LIFE_ONE		6	/* one cycle */
#define LIFE_FAULT		7	/* WRITE from LIFE_FAULT_PAGE; host acts */
#define LIFE_LOOPS		8	/* FBA reads without end; host acts */
#define LIFE_LONG		9	/* FBA write of 33 million CCWs; host acts */

/* A page that nobody but that WRITE touches */
#define LIFE_FAULT_PAGE		0xc00000ul

/*
 * HC_THEME
 *
 * LIFE_CALL_ACT: it runs; the host does what it has to.
 * LIFE_CALL_REPORT: r4 is the ending of STSCH, r5 the interruptions since.
 */
#define LIFE_CALL_ACT		1
#define LIFE_CALL_REPORT	2

#endif /* GUEST_LIFETIME_H */
