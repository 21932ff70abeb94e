// SPDX-License-Identifier: GPL-2.0
/*
 * What the fuzzers watch in the guest of the KUnit suites, see fuzz_guest.h.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "fuzz_guest.h"

/*
 * The CPU time of an access in ns; now and then it is so much that the budget
 * is used up
 */
#define CHEAP		1000
#define EXPENSIVE	20000000
#define EXPENSIVE_EACH	64

/* The guest of this run */
static struct fuzz_guest *the_guest;

static struct fuzz_guest *to_fuzz(struct guest *guest)
{
	return container_of(guest, struct fuzz_guest, guest);
}

static void watch(const struct fuzz_guest *fuzz,
		  const struct fake_access *access)
{
	shim_assert(access->key == fuzz->key);
	if (!access->store)
		return;
	shim_assert(fuzz->moving);
	shim_assert(access->addr >= fuzz->limit_low);
	shim_assert(access->addr + access->len - 1 < fuzz->limit_high);
}

static void at_access(struct guest *guest, const struct fake_access *access)
{
	struct fuzz_guest *fuzz = to_fuzz(guest);

	shim_assert(access->addr + access->len - 1 >= access->addr);
	if (fuzz->watched && !access->operand)
		watch(fuzz, access);
	/* Let another CPU or another worker do something now. */
	if (fuzz->during)
		fuzz->during();
	if (access->operand)
		return;
	fuzz->accesses++;
	guest->cpu_cost = fuzz->accesses % EXPENSIVE_EACH ? CHEAP : EXPENSIVE;
}

/* Interruptions */

bool fuzz_accepted(const struct fuzz_guest *fuzz, u32 sid)
{
	unsigned int i;

	for (i = 0; i < fuzz->nr_accepted; i++)
		if (fuzz->accepted[i] == sid)
			return true;
	return false;
}

static void forget_accepted(void *arg, u32 sid)
{
	struct fuzz_guest *fuzz = arg;
	unsigned int i;

	for (i = 0; i < fuzz->nr_accepted; i++)
		if (fuzz->accepted[i] == sid)
			fuzz->accepted[i--] =
				fuzz->accepted[--fuzz->nr_accepted];
}

static void at_injection(void *arg, u32 sid)
{
	struct fuzz_guest *fuzz = arg;

	if (fuzz->guest.inject_failures)
		fuzz->guest.inject_error = fuzz->guest.inject_failures & 1 ?
						-ENOMEM : -EBUSY;
	else
		forget_accepted(fuzz, sid);
}

void fuzz_has_accepted(struct fuzz_guest *fuzz, u32 sid)
{
	shim_assert(fuzz->nr_accepted < FAKE_INTERRUPTIONS);
	fuzz->accepted[fuzz->nr_accepted++] = sid;
}

void fuzz_accept(struct fuzz_guest *fuzz)
{
	struct guest_io_int io_int;

	if (fake_accept(&fuzz->guest, &io_int))
		fuzz_has_accepted(fuzz, io_int.sid);
}

/* Begin and end */

static void context_ends(void)
{
	fake_expect_left(&the_guest->guest);
}

void fuzz_guest_begin(struct fuzz_guest *fuzz)
{
	static struct kunit test = { .name = "fuzzer" };
	struct guest *guest = &fuzz->guest;

	if (guest->storage)
		fake_guest_reset(guest);
	else
		fake_guest_init(&test, guest);
	memset(&fuzz->key, 0, sizeof(*fuzz) - offsetof(struct fuzz_guest, key));
	fuzz->limit_high = U64_MAX;
	guest->at_access = at_access;
	guest->at_injection = at_injection;
	guest->at_injection_arg = fuzz;
	guest->at_withdrawal = forget_accepted;
	guest->at_withdrawal_arg = fuzz;
	guest->report_error = -ENOMEM;
	guest->cpu_cost = EXPENSIVE;
	the_guest = fuzz;
	shim_at_context_end(context_ends);
}

void fuzz_guest_end(struct fuzz_guest *fuzz)
{
	fake_expect_alone(&fuzz->guest);
}

struct task_struct *fuzz_cpu_begin(struct fuzz_guest *fuzz)
{
	struct task_struct *outer = fuzz->guest.thread;

	shim_context_begin(false);
	fuzz->guest.thread = current;
	return outer;
}

void fuzz_cpu_end(struct fuzz_guest *fuzz, struct task_struct *outer)
{
	shim_context_end();
	fuzz->guest.thread = outer;
}

void fuzz_put(struct guest *guest, u64 addr, const void *data, u32 len)
{
	if (fake_at(guest, addr, len))
		fake_put(guest, addr, data, len);
}
