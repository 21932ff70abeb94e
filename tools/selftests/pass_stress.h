/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "pass_stress": pass_stress.c kills VMMs, pass_detach.c
 * has the emulator take disks away.
 */
#ifndef SELFTESTS_PASS_STRESS_H
#define SELFTESTS_PASS_STRESS_H

#include <sys/types.h>

#include "host_disk.h"
#include "guest/pass_stress.h"

/* The disks, which are online while they aren't lent */
extern struct host_disk stress_disks[STRESS_DISKS];

/**
 * struct stress_told - what other processes tell, in memory that is shared with them
 * @programs: how many programs guests have executed
 * @checks: how many of them have ended in unit check
 * @lost: bit N: disk N is gone for the guest
 * @reads: how often the host has read its disk
 * @failed: a guest program has failed
 */
struct stress_told {
	u64 programs;
	u64 checks;
	u64 lost;
	u64 reads;
	bool failed;
};

extern struct stress_told *stress_told;

/**
 * stress_start() - start a VMM whose guest drives the disks
 * @nr: the number of the VMM; its guest writes this generation
 * @from: a pipe, which has a byte when the guest has begun
 *
 * Return: its process.
 */
pid_t stress_start(unsigned int nr, int *from);

/**
 * stress_kill() - kill a VMM, and fail the test if it has ended before
 * @child: its process
 * @from: the pipe, which is closed
 */
void stress_kill(pid_t child, int from);

/* The tests of pass_detach.c */
void stress_detach_own(void);
void stress_detach_lent(void);

#endif /* SELFTESTS_PASS_STRESS_H */
