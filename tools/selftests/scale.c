// SPDX-License-Identifier: GPL-2.0
/*
 * Add as many subchannels as there are numbers.  The tests measure how long
 * that takes and how much memory an idle subchannel takes, and prove that an
 * instruction takes no longer because of the others.
 *
 * SCALE_SETS in the environment says how many sets are filled, 1 to 4.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "theme.h"
#include "guest/scale.h"

#define DEFAULT_SETS	1
/* How many bytes of the host's memory an idle subchannel may take */
#define MAX_BYTES	1024
/* After so many subchannels their size is estimated for the first time. */
#define FIRST_LOOK	512
/* How much of the host's memory all of them may take */
#define ENOUGH		(1ul << 28)
/*
 * How long STSCH may take among many subchannels, in percent of its time among
 * few.  Even without a difference a busy machine makes the two medians differ.
 */
#define MAX_RATIO	150
/* How many medians are measured; the lowest one counts */
#define REPEAT		5

static struct {
	struct machine machine;
	u32 sets, nr;
	u64 each;		/* bytes of a subchannel, first estimate */
	u64 available;		/* bytes before the first was added */
	u64 result;
	bool failed;
} scale;

static u64 mem_available(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[128];
	u64 kib = 0;

	if (!file)
		die("open /proc/meminfo");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %lu kB", &kib) == 1)
			break;
	fclose(file);
	return kib << 10;
}

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	(void)vcpu;
	if (args[0] == HC_FAIL)
		scale.failed = true;
	if (args[0] == HC_THEME)
		scale.result = args[2];
	return 0;
}

static u64 ask_guest_of(struct vmm *vmm, u64 what, u32 nr)
{
	int status;

	scale.result = 0;
	scale.failed = false;
	vmm_load(vmm, guest_image, guest_image_end, what | nr);
	status = vmm_run(vmm);
	ktap_check(!status && !scale.failed, "the guest program, status %d",
		   status);
	return scale.result;
}

static u64 ask_guest(u64 what, u32 nr)
{
	return ask_guest_of(&scale.machine.vmm, what, nr);
}

static u32 sid_of(u32 nr)
{
	return SID(nr / SCALE_IN_SET, nr % SCALE_IN_SET);
}

static bool add_up_to(u32 nr)
{
	for (; scale.nr < nr; scale.nr++) {
		if (!css_add_test(scale.machine.css_fd, sid_of(scale.nr),
				  scale.nr, 0))
			continue;
		ktap_fail("ADD of number %u: %s", scale.nr, strerror(errno));
		return false;
	}
	return true;
}

static u64 bytes_each(void)
{
	u64 available = mem_available();

	if (!scale.nr || available >= scale.available)
		return 0;
	return (scale.available - available) / scale.nr;
}

static void add(void)
{
	u32 set, nr;
	double begin;

	add_up_to(FIRST_LOOK);
	scale.each = bytes_each();
	for (set = 0; set < scale.sets; set++) {
		nr = (set + 1) * SCALE_IN_SET;
		if (scale.each * nr > ENOUGH) {
			nr = ENOUGH / scale.each;
			ktap_fail("at %lu bytes each there is only room for %u",
				  scale.each, nr);
		}
		begin = now();
		if (!add_up_to(nr) || nr % SCALE_IN_SET)
			return;
		ktap_note("set %u: %u added in %.1f s", set, SCALE_IN_SET,
			  now() - begin);
	}
	ktap_check(css_add_test(scale.machine.css_fd, sid_of(0), 0, 0) &&
		   errno == EEXIST,
		   "expected EEXIST for a number that is used");
}

static void memory(void)
{
	u64 each = bytes_each();

	ktap_note("%u subchannels, %lu bytes each", scale.nr, each);
	ktap_check(each < MAX_BYTES, "expected less than %u bytes, found %lu",
		   MAX_BYTES, each);
}

static void scan(void)
{
	double begin = now();
	u32 found = ask_guest(SCALE_SCAN, scale.nr);

	ktap_note("the guest's scan found %u in %.1f s", found, now() - begin);
	ktap_check(found == scale.nr, "expected %u, found %u", scale.nr,
		   found);
}

/*
 * Convert the time of a batch, in TOD clock units, to nanoseconds of one
 * instruction.
 */
static u64 to_ns(u64 tod)
{
	return tod * 125 / 512 / SCALE_BATCH;
}

/* Make a second VM that has only those subchannels that are measured. */
static void create_few(struct machine *few)
{
	u32 i;

	machine_create(few, SERVED_BY_KERNEL, 1);
	few->vmm.hypercall = hypercall;
	for (i = 0; i < SCALE_CHOSEN; i++)
		machine_add_test(few, sid_of(i * SCALE_SPREAD),
				 i * SCALE_SPREAD, 0);
}

static void lowest(u64 *so_far, u64 median)
{
	if (!*so_far || median < *so_far)
		*so_far = median;
}

/*
 * Measure with few and with many subchannels in turn, so that other work of the
 * machine slows down both.  The results of the first run are dropped, because
 * caches are cold.
 */
static void latency_many(void)
{
	u64 with_few = 0, with_many = 0;
	struct machine few;
	unsigned int i;

	create_few(&few);
	ask_guest_of(&few.vmm, SCALE_LATENCY, 0);
	ask_guest(SCALE_LATENCY, 0);
	for (i = 0; i < REPEAT; i++) {
		lowest(&with_few, ask_guest_of(&few.vmm, SCALE_LATENCY, 0));
		lowest(&with_many, ask_guest(SCALE_LATENCY, 0));
	}
	machine_destroy(&few);
	if (!ktap_check(with_few && with_many, "no measured time"))
		return;
	ktap_note("STSCH of the same %u, median: %lu ns with no other, %lu ns with %u, ratio %.2f",
		  SCALE_CHOSEN, to_ns(with_few), to_ns(with_many), scale.nr,
		  (double)with_many / with_few);
	ktap_check(with_many * 100 <= with_few * MAX_RATIO,
		   "expected at most %u percent", MAX_RATIO);
	/*
	 * The SCHIBs are in different pages, so this says something about the
	 * host's caches.
	 */
	ktap_note("STSCH of all %u in turn, median: %lu ns", scale.nr,
		  to_ns(ask_guest(SCALE_STRIDE, scale.nr)));
}

/* Wait for the memory: RCU frees it some time later. */
static void memory_back(u64 taken)
{
	double until = now() + 20;
	u64 limit = taken / 10 + (4 << 20);
	u64 missing;

	do {
		u64 available = mem_available();

		missing = available < scale.available ?
			  scale.available - available : 0;
		if (missing <= limit)
			break;
		usleep(100000);
	} while (now() < until);
	ktap_note("of %lu KiB the host misses %lu", taken >> 10, missing >> 10);
	ktap_check(missing <= limit, "the memory doesn't come back");
}

static void remove_all(void)
{
	u64 taken = bytes_each() * scale.nr;
	double begin = now();
	u32 i, nr = scale.nr;

	for (i = 0; i < nr; i++)
		if (css_remove(scale.machine.css_fd, sid_of(i))) {
			ktap_fail("REMOVE of number %u: %s", i,
				  strerror(errno));
			return;
		}
	scale.nr = 0;
	ktap_note("%u removed in %.1f s", nr, now() - begin);
	memory_back(taken);
	ktap_check(!ask_guest(SCALE_SCAN, 1), "the guest still finds one");
}

static void close_full(void)
{
	double begin;
	u64 taken;

	/* Measure again, because the host has freed memory of its own since. */
	scale.available = mem_available();
	if (!add_up_to(scale.each > MAX_BYTES ? ENOUGH / scale.each :
		       SCALE_IN_SET / 4))
		return;
	taken = bytes_each() * scale.nr;
	ktap_check(taken, "expected the subchannels to take memory");
	begin = now();
	close(scale.machine.css_fd);
	ktap_note("%u closed in %.1f s", scale.nr, now() - begin);
	scale.machine.css_fd = -1;
	memory_back(taken);
}

static void create(void)
{
	const char *sets = getenv("SCALE_SETS");

	scale.sets = sets ? atoi(sets) : DEFAULT_SETS;
	if (scale.sets < 1 || scale.sets > SCALE_SETS)
		scale.sets = DEFAULT_SETS;
	machine_create(&scale.machine, SERVED_BY_KERNEL, 1);
	scale.machine.vmm.hypercall = hypercall;
	/*
	 * Run the VM once, so that memory which it takes in any case doesn't
	 * count.
	 */
	ask_guest(SCALE_SCAN, 1);
	scale.available = mem_available();
}

static const struct ktap_case cases[] = {
	{ "full sets of subchannels are added", add },
	{ "an idle subchannel costs less than 1 KiB", memory },
	{ "the guest finds every one of them", scan },
	{ "STSCH of the same ones takes no longer with many", latency_many },
	{ "all are removed, and the memory comes back", remove_all },
	{ "a quarter of a set goes with its descriptor", close_full },
};

static void skip_all(const char *reason)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ktap_begin(cases[i].name);
		ktap_skip("%s", reason);
		ktap_end();
	}
}

int main(void)
{
	vmm_watchdog();
	ktap_plan(ARRAY_SIZE(cases));
	if (checks_itself()) {
		skip_all("memory and time mean nothing on a kernel with lockdep");
		return ktap_status();
	}
	create();
	ktap_cases(cases, ARRAY_SIZE(cases));
	return ktap_status();
}
