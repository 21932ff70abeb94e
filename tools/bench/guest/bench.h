/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the benchmark agree on */
#ifndef GUEST_BENCH_H
#define GUEST_BENCH_H

/*
 * Subchannels: test control units, of which the second one is asynchronous, and
 * disks
 */
#define BENCH_SID_TEST		SID(0, 0x0001)
#define BENCH_SID_ASYNC		SID(0, 0x0002)
#define BENCH_SID_FBA		SID(0, 0x0003)
#define BENCH_SID_INLINE	SID(0, 0x0004)
/* The same disk on a block device, through the page cache and past it */
#define BENCH_SID_BUFFERED	SID(0, 0x0005)
#define BENCH_SID_DIRECT	SID(0, 0x0006)
/* Both again, with write-back */
#define BENCH_SID_WRITEBACK	SID(0, 0x000d)
#define BENCH_SID_NONE		SID(0, 0x000e)

/* A disk whose file is on ext4, and the same served inline by the VMM */
#define BENCH_SID_EXT4		SID(0, 0x0007)
#define BENCH_SID_EXT4_INLINE	SID(0, 0x0008)
/*
 * For two CPUs: a pair of test control units and a pair of disks.  The second one
 * of a pair has the next number.
 */
#define BENCH_SID_TEST_PAIR	SID(0, 0x0009)
#define BENCH_SID_EXT4_PAIR	SID(0, 0x000b)

/* A test control unit whose commands a process executes */
#define BENCH_SID_UNIT		SID(0, 0x000f)

/* The only device of QEMU; each of its devices executes a NO-OPERATION */
#define BENCH_SID_QEMU		SID(0, 0x0000)

#define BENCH_FBA_BLOCKS	4096
/* The file system, in blocks of 1 KiB: twice as large as the disk */
#define BENCH_FS_BLOCKS		4096

/* What the guest measures */
enum bench_what {
	BENCH_END,		/* there is nothing more to measure */
	BENCH_CLOCK,		/* two STCKF with nothing in between */
	BENCH_STIDP,
	BENCH_STSCH,
	BENCH_CYCLE,		/* SSCH, interruption, TSCH; NO-OPERATION */
	BENCH_READ,		/* the same with 4 KiB from a disk */
	BENCH_READ_ANEW,	/* the same, each round with other blocks */
	BENCH_WRITE,
	/* The same with a number of CCWs, IDAWs or pages of 4 KiB */
	BENCH_CCWS,
	BENCH_CCWS_PREFETCH,
	BENCH_IDAWS,
	BENCH_DATA,
	BENCH_CYCLE_STIDP,	/* STIDP behind the SSCH of a BENCH_CYCLE */
};

#define BENCH_MAX_CCWS		1024
#define BENCH_MAX_PAGES		16
/* The most that a CCW can count, a byte less than all pages */
#define BENCH_MAX_BYTES		65535u

/* The parts of a cycle: until SSCH ends, until the interruption, and TSCH */
enum bench_part {
	BENCH_ALL,
	BENCH_SSCH,
	BENCH_INTERRUPT,
	BENCH_TSCH,
	BENCH_PARTS,
};

/* How it is measured */
#define BENCH_DAT		1	/* with DAT on */
#define BENCH_HIGH		2	/* operands and data above 2 GB */
#define BENCH_PAIR		4	/* on both CPUs, each with its subchannel */

/* Storage above 2 GB, where there is any */
#define BENCH_HIGH_STORAGE	0x100000000ul
#define BENCH_HIGH_SIZE		0x100000ul

/* How many places of 4 KiB BENCH_READ_ANEW reads before it begins again */
#define BENCH_PLACES		(BENCH_FBA_BLOCKS / 8)

/*
 * HC_THEME: what to do next, that it begins behind warming up, that it is done.
 *
 * BENCH_CALL_NEXT: answers enum bench_what | subchannel << 8 | log2 of the
 * number of CCWs or pages << 24 | rounds << 32 | how << 56
 * BENCH_CALL_DONE: r4 is the time of all rounds together, in TOD units;
 * BENCH_RESULTS has u32[rounds][BENCH_PARTS], in TOD units.  With BENCH_PAIR it
 * has as many of the second CPU behind them, and r4 is the sum of both.
 */
#define BENCH_CALL_NEXT		1
#define BENCH_CALL_BEGIN	2
#define BENCH_CALL_DONE		3

#define BENCH_RESULTS		0x800000ul
#define BENCH_MAX_ROUNDS	0x20000

#define BENCH_NEXT(what, sid, size, rounds, how)			\
	((u64)(how) << 56 | (u64)(rounds) << 32 | (u64)(size) << 24 |	\
	 (u64)((sid) & 0xffff) << 8 | (what))
#define BENCH_NEXT_WHAT(next)	((next) & 0xff)
#define BENCH_NEXT_SID(next)	SID(0, (next) >> 8 & 0xffff)
#define BENCH_NEXT_SIZE(next)	(1u << ((next) >> 24 & 0xff))
#define BENCH_NEXT_ROUNDS(next)	((next) >> 32 & 0xffffff)
#define BENCH_NEXT_HOW(next)	((next) >> 56)

#endif /* GUEST_BENCH_H */
