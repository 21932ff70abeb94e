// SPDX-License-Identifier: GPL-2.0
/* Executes STSCH for very many subchannels. */
#include "chan.h"
#include "scale.h"

#define SAMPLES		201

/* A step that leads to numbers all over the place */
#define STRIDE		40503u

static u32 sid_of(u32 nr)
{
	return SID(nr / SCALE_IN_SET, nr % SCALE_IN_SET);
}

/* STSCH alone, without what insn_s() does around it */
static int stsch_plain(u32 sid, struct schib *schib)
{
	register u64 r1 asm("1") = sid;
	int cc;

	asm volatile("stsch %1\n"
		     "	ipm %0\n"
		     "	srl %0,28"
		     : "=d" (cc), "=Q" (*schib) : "d" (r1) : "cc");
	return cc;
}

static void scan(u32 nr)
{
	struct schib schib __aligned(8);
	u32 found;

	for (found = 0; found < nr; found++) {
		if (stsch_plain(sid_of(found), &schib) != CC_DONE)
			break;
		if (!(schib.pmcw.flags & PMCW_VALID) ||
		    schib.pmcw.devno != (found & 0xffff))
			break;
	}
	hypercall(HC_THEME, SCALE_CALL_RESULT, found, 0);
}

static u64 median(u64 *samples)
{
	unsigned int i, j;
	u64 x;

	for (i = 1; i < SAMPLES; i++) {
		x = samples[i];
		for (j = i; j && samples[j - 1] > x; j--)
			samples[j] = samples[j - 1];
		samples[j] = x;
	}
	return samples[SAMPLES / 2];
}

/* Measure STSCH of @nr subchannels, each @step numbers away from the last. */
static void latency(u32 nr, u32 step)
{
	static u64 samples[SAMPLES];
	struct schib schib __aligned(8);
	unsigned int i, j;
	u32 at = 0;
	u64 begin;

	for (i = 0; i < SAMPLES; i++) {
		begin = tod();
		for (j = 0; j < SCALE_BATCH; j++) {
			EXPECT_EQ(stsch_plain(sid_of(at), &schib), CC_DONE);
			at = (at + step) % nr;
		}
		samples[i] = tod() - begin;
	}
	hypercall(HC_THEME, SCALE_CALL_RESULT, median(samples), 0);
}

static void scale(void)
{
	if (guest_argument & SCALE_SCAN)
		scan(SCALE_NR(guest_argument));
	else if (guest_argument & SCALE_STRIDE)
		latency(SCALE_NR(guest_argument), STRIDE);
	else
		latency(SCALE_CHOSEN * SCALE_SPREAD, SCALE_SPREAD);
}

static const struct test tests[] = {
	{ "scale", scale },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
