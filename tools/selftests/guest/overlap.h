/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "overlap" agree on */
#ifndef GUEST_OVERLAP_H
#define GUEST_OVERLAP_H

/* Disks, all of them on one block device that takes long for each read */
#define OVERLAP_DISKS		6
#define OVERLAP_BLOCKS		1024
#define OVERLAP_SID(disk)	SID(0, 0x0300 + (disk))
/* So many have to be under way at a time, on a host that is slow, too */
#define OVERLAP_AT_LEAST	3

/* How long a read takes; the runner of the selftests makes the device so */
#define OVERLAP_MS		1000

/* guest_argument: there is such a device; start reads, and leave the rest */
#define OVERLAP_ARG_SLOW	1
#define OVERLAP_ARG_READS	2

/*
 * HC_THEME
 *
 * OVERLAP_CALL_STARTED: a READ has been started; let the worker begin it.  Answers
 * how many READs the block device works on then.
 * OVERLAP_CALL_WAITING: answers how many workers have been seen to wait for I/O.
 * OVERLAP_CALL_REMOVE, disk: remove the disk; answers whether that worked.
 * OVERLAP_CALL_ALL: all READs have been started.
 */
#define OVERLAP_CALL_STARTED	1
#define OVERLAP_CALL_WAITING	2
#define OVERLAP_CALL_REMOVE	3
#define OVERLAP_CALL_ALL	4

#endif /* GUEST_OVERLAP_H */
