// SPDX-License-Identifier: GPL-2.0
/*
 * A disk that the emulator detaches while it is used, and attaches again: what the host
 * makes of it when its own driver uses the disk, and when a guest does.
 *
 * A guest loses a disk that is detached.  When it is attached again the host has it, as
 * any new device, offline.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "emulator.h"
#include "host.h"
#include "host_device.h"
#include "ktap.h"
#include "pass_stress.h"
#include "vmm.h"

/* Says that the lab listens to emulator_told() */
#define EMULATOR_ENV	"PASSTHROUGH_EMULATOR"

/* How long the disk is away */
#define AWAY_US		1500000
#define PATIENCE	(checks_itself() ? 120 : 60)
/* Numbers of the VMMs, which no other test has */
#define FIRST_VMM	1000000
#define TIMES		2

static const struct host_disk *const disk = &stress_disks[STRESS_FBA];

static bool has_emulator(void)
{
	/*
	 * Now and then, the host hasn't got a disk again a minute and a half after it
	 * was attached, also if its own driver drives it.
	 */
	if (!getenv("PASSTHROUGH_DETACH")) {
		ktap_skip("only with $PASSTHROUGH_DETACH");
		return false;
	}
	if (getenv(EMULATOR_ENV))
		return true;
	ktap_skip("there is no emulator that detaches devices");
	return false;
}

static void tell(const char *verb)
{
	char what[32];

	snprintf(what, sizeof(what), "%s %04x", verb,
		 host_device_devno(disk->id));
	emulator_told(what);
}

/* A number that another process changes */
static u64 told(const u64 *number)
{
	return __atomic_load_n(number, __ATOMIC_RELAXED);
}

/* Wait until it is larger than that.  Return: whether it is. */
static bool exceeds(const u64 *number, u64 was)
{
	const double end = now() + PATIENCE;

	while (told(number) <= was && now() < end)
		usleep(20000);
	return told(number) > was;
}

static pid_t start_reader(void)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork");
	while (!child)
		if (host_disk_check(disk, STRESS_FBA, ~0ul))
			stress_told->reads++;
		else
			usleep(100000);
	return child;
}

void stress_detach_own(void)
{
	pid_t reader;
	double begin;
	u64 reads;

	if (!has_emulator())
		return;
	reader = start_reader();
	ktap_check(exceeds(&stress_told->reads, 0), "the host doesn't read");
	tell("detach");
	usleep(AWAY_US);
	tell("attach");
	begin = now();
	/* One may have ended just now. */
	reads = told(&stress_told->reads) + 1;
	ktap_check(exceeds(&stress_told->reads, reads),
		   "the host doesn't read any more");
	ktap_note("the host has read the disk again after %.2f s",
		  now() - begin);
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	host_disk_check(disk, STRESS_FBA, ~0ul);
}

/* Each second VMM is killed before the disk comes back. */
static void detach_lent(unsigned int nr)
{
	int from;
	pid_t child = stress_start(FIRST_VMM + nr, &from);
	double begin;
	u64 programs;
	char byte;

	stress_told->lost = 0;
	if (!ktap_check(read(from, &byte, 1) == 1,
			"the VMM has ended before its guest ran"))
		return;
	usleep(rand() % 500000);
	tell("detach");
	ktap_check(exceeds(&stress_told->lost, 0) &&
		   told(&stress_told->lost) == 1u << STRESS_FBA,
		   "the guest has not lost the disk, or another one");
	programs = told(&stress_told->programs) + STRESS_PROGRAMS;
	ktap_check(exceeds(&stress_told->programs, programs),
		   "the guest doesn't go on with its other disk");
	if (nr % 2)
		stress_kill(child, from);
	usleep(AWAY_US);
	tell("attach");
	begin = now();
	ktap_check(host_device_wait(disk->id, false),
		   "the host hasn't got the disk again");
	ktap_note("the host has got the disk again after %.2f s",
		  now() - begin);
	if (!(nr % 2))
		stress_kill(child, from);
	ktap_check(!host_device_set(disk->id, true) &&
		   host_device_wait(disk->id, true),
		   "the host can't set the disk online");
	host_disk_check(disk, STRESS_FBA, ~0ul);
}

void stress_detach_lent(void)
{
	unsigned int nr;

	if (!has_emulator())
		return;
	for (nr = 0; nr < TIMES; nr++)
		detach_lent(nr);
	ktap_check(host_device_wait(stress_disks[STRESS_ECKD].id, true),
		   "the host hasn't got %s again",
		   stress_disks[STRESS_ECKD].id);
	host_disk_check(&stress_disks[STRESS_ECKD], STRESS_ECKD, ~0ul);
}
