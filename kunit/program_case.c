// SPDX-License-Identifier: GPL-2.0
/* A bench for translations of channel programs, see program_case.h. */
#include <kunit/test.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/command.h>

#include "fake_host_memory.h"
#include "program_case.h"
#include "short_names.h"

const u8 pb_data[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

void part_step_do(const struct part_step *step, struct chanprog *cp,
		  struct guest *guest)
{
	__be64 word = cpu_to_be64(step->word);
	u8 taken[64];

	if (step->gives)
		chanprog_to_guest(cp, step->gives, step->len);
	else if (step->len)
		chanprog_from_guest(cp, taken, step->len);
	if (step->at)
		fake_put(guest, step->at, &word, sizeof(word));
}

static cu_status_t bench_command(struct css_device *dev, struct chanprog *cp,
				 u8 cmd)
{
	struct program_bench *bench = container_of(dev, struct program_bench,
						   dev);

	if (bench->done == ARRAY_SIZE(bench->cmds))
		return CU_STATUS(DSTAT_UNIT_CHECK);
	part_step_do(&bench->steps[bench->done], cp, &bench->guest);
	bench->cmds[bench->done++] = cmd;
	return CU_STATUS(CE_DE);
}

static const struct cu_ops bench_ops = {
	.name = "parts",
	.command = bench_command,
};

void pb_put(struct program_bench *bench, u32 at, u64 word)
{
	__be64 raw = cpu_to_be64(word);

	fake_put(&bench->guest, at, &raw, sizeof(raw));
}

struct program_bench *pb_create(struct kunit *test, u32 flags, const u64 *ccws,
				unsigned int nr)
{
	struct program_bench *bench = kunit_kzalloc(test, sizeof(*bench),
						    GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, bench);
	fake_guest_init(test, &bench->guest);
	bench->dev.ops = &bench_ops;
	bench->cp.guest = &bench->guest;
	bench->cp.dev = &bench->dev;
	bench->source = (struct host_program_source){
		.guest = &bench->guest, .ccw = PROG,
		.orb = {
			.flags = cpu_to_be32(flags | ORB_FORMAT |
					     0x80 << ORB_LPM_SHIFT),
			.cpa = cpu_to_be32(PROG),
		},
	};
	for (i = 0; i < nr; i++)
		pb_put(bench, PROG + i * CCW_SIZE, ccws[i]);
	return bench;
}

void pb_move_to(struct program_bench *bench, u32 begin, const u64 *ccws,
		unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		pb_put(bench, begin + i * CCW_SIZE, ccws[i]);
	bench->source.ccw = begin;
	bench->source.orb.cpa = cpu_to_be32(begin);
}

enum host_program_result pb_make(struct program_bench *bench,
				 struct host_program **program)
{
	const char *why = NULL;

	*program = NULL;
	return host_program_new(&bench->source, program, &why);
}

void pb_begin(struct kunit *test, struct program_bench *bench)
{
	KUNIT_ASSERT_TRUE(test, translated_begin(&bench->translated, &bench->cp,
						 &bench->source.orb,
						 &bench->source.limit));
}

void pb_run_once(struct kunit *test, struct program_bench *bench,
		 enum chanprog_state expected)
{
	enum chanprog_state state = chanprog_run(&bench->cp, CHANPROG_ON_WORKER);

	KUNIT_EXPECT_EQ(test, state, expected);
}

void pb_expect_freed(struct kunit *test, struct program_bench *bench)
{
	KUNIT_EXPECT_EQ(test, bench->guest.pinned, 0);
	KUNIT_EXPECT_EQ(test, fake_host_memory_used(), 0);
}
