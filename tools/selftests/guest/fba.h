/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "fba" agree on */
#ifndef GUEST_FBA_H
#define GUEST_FBA_H

/* Disks */
#define FBA_DISKS		11
#define FBA_SID(disk)		SID(0, 0x0200 + (disk))

#define FBA_PLAIN		0	/* regular file */
#define FBA_OTHER		1	/* another regular file */
#define FBA_READONLY		2	/* regular file, read-only */
#define FBA_LOOP		3	/* loop block device, if there is one */
#define FBA_LOOP4K		4	/* the same, with blocks of 4096 bytes */
#define FBA_FULL		5	/* larger than its file system; sparse */
/*
 * Disks that a user made who has fewer rights than the VMM; the kernel's only:
 */
/* The file has set-user-ID and set-group-ID */
#define FBA_SETUID		6
/* The user may write FBA_LIMIT_BLOCKS of a file */
#define FBA_LIMIT		7

/* On a file system that reserves blocks for root */
#define FBA_RESERVED		8

/* The loop block device and the file of FBA_RESERVED once more, with O_DIRECT */
#define FBA_DIRECT		9
#define FBA_DIRECT_EXT4		10

#define FBA_LIMIT_BLOCKS	256
/* Size of FBA_RESERVED's file system, and how much of it is for root alone */
#define FBA_FS_BLOCKS		2048
#define FBA_FS_RESERVED		512

#define FBA_DISK_BLOCKS		4096	/* 2 MiB */

/* guest_argument: there are loop block devices */
#define FBA_ARG_LOOP		1
/* guest_argument: the disks are the kernel's */
#define FBA_ARG_KERNEL		2
/* guest_argument: there is a disk on a file system that gets full */
#define FBA_ARG_FULL		4
/*
 * guest_argument: there is a disk on a file system that reserves blocks for
 * root
 */
#define FBA_ARG_RESERVED	8

/*
 * HC_THEME
 *
 * FBA_CALL_COMPARE, disk, block << 16 | number of blocks: compare the host's
 * file with FBA_SHARED; answers the number of bytes that differ.
 * FBA_CALL_FILL, disk, the same: copy FBA_SHARED into the host's file.
 * FBA_CALL_FLUSHES: flushes that the loop block device has had.
 * FBA_CALL_TRUNCATE, disk, blocks: cut the host's file to this size.
 * FBA_CALL_EMPTY, disk: make the host's file one hole.
 * FBA_CALL_MODE, disk: the mode of the host's file.
 * FBA_CALL_DEFERRED, disk: how many programs workers have taken over.
 */
#define FBA_CALL_COMPARE	1
#define FBA_CALL_FILL		2
#define FBA_CALL_FLUSHES	3
#define FBA_CALL_TRUNCATE	4
#define FBA_CALL_EMPTY		5
#define FBA_CALL_MODE		6
#define FBA_CALL_DEFERRED	7
#define FBA_CALL_RANGE(block, nr)	((u64)(block) << 16 | (nr))

/* Guest storage through which the two talk */
#define FBA_SHARED		0x800000ul

#endif /* GUEST_FBA_H */
