/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of lent agree on */
#ifndef GUEST_LENT_H
#define GUEST_LENT_H

/* A disk of the host's, a 3370 */
#define LENT_SID		SID(0, 0x0001)
#define LENT_DEVNO		0x0120

/* What the guest measures; each program is a cycle of SSCH, interruption and TSCH */
enum lent_what {
	LENT_NOTHING,		/* no program; only if instructions are counted */
	LENT_NOP,		/* NO-OPERATION */
	LENT_READ,		/* 4 KiB */
	LENT_WRITE,
	LENT_READ_LONG,		/* 64 KiB */
	LENT_WRITE_LONG,
	LENT_WHATS,
};

#define LENT_BLOCKS		8
#define LENT_BLOCKS_LONG	128

/*
 * HC_THEME
 *
 * LENT_CALL_ROUNDS: answers how many rounds of each there are to be
 * LENT_CALL_BEGIN: r4 is enum lent_what, which begins behind warming up
 * LENT_CALL_DONE: r4 is the time of all rounds in TOD units; LENT_RESULTS has
 * u64[rounds], in TOD units
 * LENT_CALL_MARK: a cycle begins (r4 is 1) or has ended (0); only if guest_argument is 1,
 * because instructions are counted
 */
#define LENT_CALL_ROUNDS	1
#define LENT_CALL_BEGIN		2
#define LENT_CALL_DONE		3
#define LENT_CALL_MARK		4

/*
 * LENT_CALL_OUTCOME: r4 points to a struct lent_outcome
 */
#define LENT_CALL_OUTCOME	5

/* What has become of a program */
struct lent_outcome {
	u64 name;		/* string */
	u64 right;		/* all of it as the architecture says */
	u64 cc;			/* of SSCH */
	u64 resumed;		/* cc of RSCH, if there was one */
	u64 ended;		/* there was status */
	u64 ctrl;
	u64 dstat;
	u64 cstat;
	u64 cpa;		/* the CCW address, relative to the right one */
	u64 same_flags;		/* key, format and so on are those of the ORB */
	u64 good;		/* in storage is what has to be */
};

#define LENT_RESULTS		0x800000ul
#define LENT_MAX_ROUNDS		0x20000u

#endif /* GUEST_LENT_H */
