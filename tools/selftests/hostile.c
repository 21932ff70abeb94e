// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the theme "hostile".  The guest (guest/hostile.c) executes
 * anything, and the host interferes.  A process that serves one of the devices does what
 * it likes, too (hostile_unit.c).  This half checks that the host gets its memory back,
 * and notes for how long a thread of the host could not run.
 *
 *	hostile [--seed N]
 *
 * HOSTILE_SECONDS in the environment says how long it takes; 15 is the default.
 * Without --seed each run has a new seed.  The seed is printed.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "backing.h"
#include "host.h"
#include "hostile_unit.h"
#include "theme.h"
#include "guest/hostile.h"

#define DEFAULT_SECONDS		15

/*
 * How much of the host's memory may be missing afterwards.  None of this is the
 * module's: RCU and the CPUs give back pages of the guest and slabs later, and
 * what the host's caches (dentries, page tables, per-CPU lists) have got
 * meanwhile stays in them.
 */
#define MAX_MISSING		(8ul << 20)

static const u32 sids[HOSTILE_NR] = {
	HOSTILE_SYNC, HOSTILE_ASYNC, HOSTILE_FBA, HOSTILE_HOT, HOSTILE_SET1,
	HOSTILE_USER
};

static struct {
	pthread_t thread, watch;
	bool running;
	volatile bool stop;
	int css_fd, disk;
	u32 seed, random;
	bool backend;		/* HOSTILE_HOT has one now */
	unsigned int replaced, backends, quiesced, busy, reset;
	u64 stall_us;
	/* How many channel programs, and how many of them were the disk's */
	u64 started, completed, deferred, disk_completed;
} host;

/* The host's memory before the test */
static struct memory {
	u64 available, slab;
} before;

static u32 next_random(void)
{
	host.random ^= host.random << 13;
	host.random ^= host.random >> 17;
	host.random ^= host.random << 5;
	return host.random;
}

static u64 now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000ul + time.tv_nsec / 1000;
}

static struct memory memory_now(void)
{
	struct memory now = { 0 };
	char line[128];
	FILE *file;
	u64 kib;

	file = fopen("/proc/meminfo", "r");
	if (!file)
		die("open /proc/meminfo");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "MemAvailable: %lu kB", &kib) == 1)
			now.available = kib << 10;
		if (sscanf(line, "Slab: %lu kB", &kib) == 1)
			now.slab = kib << 10;
	}
	fclose(file);
	return now;
}

/* --- what the host does --- */

static int add_flags(u32 sid, u32 test_flags, bool report)
{
	struct kvm_css_fba fba = {
		.size = sizeof(fba),
		.flags = next_random() & KVM_CSS_FBA_WRITEBACK,
		.backing_fd = host.disk,
		.blocks = HOSTILE_BLOCKS,
	};

	if (sid == HOSTILE_USER)
		return hostile_unit_add(host.css_fd);
	if (sid == HOSTILE_FBA)
		return css_add_fba(host.css_fd, sid, 0xf000, &fba);
	if (report)
		return css_add_test_report(host.css_fd, sid, SID_SCHID(sid));
	return css_add_test(host.css_fd, sid, SID_SCHID(sid), test_flags);
}

static int add(u32 sid, bool report)
{
	return add_flags(sid, sid == HOSTILE_ASYNC ? KVM_CSS_TEST_ASYNC : 0,
			 report);
}

/* While there is a backend, nothing can be quiesced.  So there isn't always one. */
static int add_again(u32 sid)
{
	bool backend = sid == HOSTILE_HOT && !host.stop && next_random() & 1;

	if (sid == HOSTILE_HOT)
		host.backend = backend;
	if (!backend)
		return add(sid, next_random() & 1);
	host.backends++;
	return add_flags(sid, KVM_CSS_TEST_BACKEND, false);
}

static void query(u32 sid, struct kvm_css_query *query)
{
	memset(query, 0, sizeof(*query));
	if (css_query(host.css_fd, sid, 0, query))
		ktap_fail("QUERY of %08x: %s", sid, strerror(errno));
}

/* Add a subchannel's counters to the sums, because they go with it. */
static void count(u32 sid)
{
	struct kvm_css_query found;

	query(sid, &found);
	host.started += found.started;
	host.completed += found.completed;
	host.deferred += found.deferred;
	if (sid == HOSTILE_FBA)
		host.disk_completed += found.completed;
}

static void replace(u32 sid)
{
	u32 flags = next_random() & (KVM_CSS_REMOVE_VACATE |
				     KVM_CSS_REMOVE_REPORT);

	count(sid);
	if (css_remove_flags(host.css_fd, sid, flags))
		ktap_fail("REMOVE of %08x: %s", sid, strerror(errno));
	usleep(next_random() % 5000);
	if (add_again(sid))
		ktap_fail("ADD of %08x: %s", sid, strerror(errno));
	if (sid == HOSTILE_USER && !hostile_unit_serve(host.css_fd))
		ktap_fail("SERVE: %s", strerror(errno));
	host.replaced++;
}

/* Let the process that serves HOSTILE_USER have another unit, or kill it. */
static void unit(void)
{
	if (!(next_random() & 3))
		hostile_unit_kill();
	if (!hostile_unit_serve(host.css_fd))
		ktap_fail("SERVE: %s", strerror(errno));
}

static void quiesce(void)
{
	/* The timeout may end while a program without end is running. */
	if (css_quiesce(host.css_fd, next_random() % 20)) {
		if (errno != (host.backend ? EOPNOTSUPP : ETIME))
			ktap_fail("QUIESCE: %s", strerror(errno));
		host.busy++;
		return;
	}
	usleep(next_random() % 3000);
	if (css_unquiesce(host.css_fd))
		ktap_fail("UNQUIESCE: %s", strerror(errno));
	host.quiesced++;
}

static void *interfere(void *arg)
{
	struct kvm_css_query found;

	(void)arg;
	while (!host.stop) {
		u32 sid = sids[next_random() % HOSTILE_NR];

		switch (next_random() % 16) {
		case 0:
			if (css_reset(host.css_fd))
				ktap_fail("RESET: %s", strerror(errno));
			host.reset++;
			break;
		case 1 ... 5:
			quiesce();
			break;
		case 6 ... 8:
			query(sid, &found);
			break;
		case 9:
			unit();
			break;
		default:
			replace(sid);
		}
		usleep(next_random() % 8000);
	}
	return NULL;
}

/* Sleep 10 ms at a time, and remember the longest delay of the wake-up. */
static void *watch(void *arg)
{
	(void)arg;
	while (!host.stop) {
		u64 began = now_us(), took;

		usleep(10000);
		took = now_us() - began;
		if (took > 10000 && took - 10000 > host.stall_us)
			host.stall_us = took - 10000;
	}
	return NULL;
}

static void begin(void)
{
	ktap_note("seed %#x", host.seed);
	host.stop = false;
	host.running = true;
	hostile_unit_begin(host.seed);
	if (!hostile_unit_serve(host.css_fd))
		die("KVM_CSS_SERVE");
	if (pthread_create(&host.thread, NULL, interfere, NULL) ||
	    pthread_create(&host.watch, NULL, watch, NULL))
		die("pthread_create");
}

static void end(void)
{
	unsigned int i;

	if (!host.running)
		return;
	host.stop = true;
	pthread_join(host.thread, NULL);
	pthread_join(host.watch, NULL);
	host.running = false;
	/* Afterwards each of them works as a control unit does. */
	hostile_unit_end(host.css_fd);
	if (host.backend)
		replace(HOSTILE_HOT);
	for (i = 0; i < HOSTILE_NR; i++)
		count(sids[i]);
	ktap_note("channel programs: %lu started, %lu deferred, %lu completed, %lu of the disk",
		  host.started, host.deferred, host.completed,
		  host.disk_completed);
	ktap_note("subchannels replaced %u times, all of them reset %u times",
		  host.replaced, host.reset);
	ktap_note("one of them had a backend %u times", host.backends);
	ktap_note("quiesced %u times; %u times programs didn't end in time",
		  host.quiesced,
		  host.busy);
	ktap_note("longest stall of a thread that sleeps 10 ms: %lu us",
		  host.stall_us);
}

/* --- the theme --- */

static u64 call(struct machine *machine, const u64 *args)
{
	(void)machine;
	if (args[0] == HOSTILE_CALL_BEGIN)
		begin();
	else
		end();
	return 0;
}

static void add_all(int css_fd)
{
	unsigned int i;

	host.css_fd = css_fd;
	for (i = 0; i < HOSTILE_NR; i++)
		if (add(sids[i], false))
			die("add %08x", sids[i]);
}

static u64 setup(struct machine *machine)
{
	const char *seconds = getenv("HOSTILE_SECONDS");
	int limit = seconds ? atoi(seconds) : 0;

	add_all(machine->css_fd);
	return HOSTILE_ARGUMENT(host.seed, limit > 0 ? limit :
						       DEFAULT_SECONDS);
}

static void teardown(struct machine *machine)
{
	(void)machine;
	end();
}

/*
 * Use a machine once, so that memory which the first use takes for good doesn't
 * count.
 */
static void warm_up(void)
{
	struct machine machine;

	machine_create_alone(&machine, 2);
	add_all(machine.css_fd);
	machine_destroy(&machine);
}

/* How much less the host has than it had */
static u64 less(u64 had, u64 has)
{
	return has < had ? had - has : 0;
}

static void memory_back(void)
{
	u64 until = now_us() + 20000000, missing, slab;
	struct memory now;

	hostile_unit_join();
	do {
		usleep(200000);
		now = memory_now();
		missing = less(before.available, now.available);
		slab = less(now.slab, before.slab);
	} while ((missing > MAX_MISSING || slab > MAX_MISSING) &&
		 now_us() < until);
	ktap_note("%lu KiB were available, %lu KiB of it are missing",
		  before.available >> 10, missing >> 10);
	ktap_note("slabs had %lu KiB, and %lu KiB have come to them",
		  before.slab >> 10, slab >> 10);
	/*
	 * KASAN has a quarantine of freed memory, and kmemleak has records of
	 * it.
	 */
	if (checks_itself()) {
		ktap_skip("a kernel that checks itself keeps what has been freed");
		return;
	}
	ktap_check(missing <= MAX_MISSING && slab <= MAX_MISSING,
		   "expected at most %lu KiB", MAX_MISSING >> 10);
}

/* Take "--seed N" off the arguments. */
static int take_seed(int argc, char **argv)
{
	host.seed = now_us() ^ getpid() << 16;
	if (argc > 2 && !strcmp(argv[1], "--seed")) {
		host.seed = strtoul(argv[2], NULL, 0);
		argv[2] = argv[0];
		return 2;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct ktap_case behind[] = {
		{ "the host has its memory back", memory_back },
	};
	static const struct theme theme = {
		.name = "hostile",
		.kernel = THEME_ALONE,
		.nr_vcpus = 2,
		.setup = setup,
		.call = call,
		.teardown = teardown,
		.behind = behind,
		.nr_behind = ARRAY_SIZE(behind),
	};
	int taken = take_seed(argc, argv);

	host.random = host.seed | 1;
	host.disk = backing_file(HOSTILE_BLOCKS * FBA_BLOCK);
	warm_up();
	before = memory_now();
	return theme_main(&theme, argc - taken, argv + taken);
}
