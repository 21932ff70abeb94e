/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of insn agree on */
#ifndef GUEST_INSN_H
#define GUEST_INSN_H

#define COUNT_SID_TEST		SID(0, 0x0001)
/* A disk whose file is on ext4; the VMM serves it on the thread of its vCPU. */
#define COUNT_SID_FBA		SID(0, 0x0002)

/* A disk on a block device that answers at once, with direct I/O */
#define COUNT_SID_DIRECT		SID(0, 0x0003)

#define COUNT_FBA_BLOCKS		4096
/* The file system, in blocks of 1 KiB: twice as large as the disk */
#define COUNT_FS_BLOCKS		4096

/* What the guest does between marks */
enum count_what {
	COUNT_NOTHING,		/* what two marks need themselves */
	COUNT_STIDP,
	COUNT_STSCH,
	COUNT_CYCLE,		/* SSCH, interruption, TSCH; NO-OPERATION */
	COUNT_PARTS,		/* the same with a mark behind each of them */
	COUNT_READ,		/* a cycle that reads 4 KiB from the disk */
	COUNT_WRITE,
	COUNT_READ_DIRECT,	/* the same with COUNT_SID_DIRECT */
	COUNT_WRITE_DIRECT,
	COUNT_WHATS,
};

/* The parts of COUNT_PARTS, in which STIDP comes behind SSCH */
enum count_part {
	COUNT_PART_SSCH,
	COUNT_PART_STIDP,
	COUNT_PART_INTERRUPT,
	COUNT_PART_TSCH,
	COUNT_NR_PARTS,
};

/*
 * HC_THEME
 *
 * COUNT_CALL_ROUNDS: answers how many rounds of everything there are to be
 * COUNT_CALL_BEGIN: r4 is enum count_what, r5 the number of parts of each round
 * COUNT_CALL_MARK: behind COUNT_CALL_BEGIN: a round begins, or a part of it ends
 */
#define COUNT_CALL_ROUNDS	1
#define COUNT_CALL_BEGIN		2
#define COUNT_CALL_MARK		3

#define COUNT_MAX_ROUNDS		10000u

#endif /* GUEST_INSN_H */
