// SPDX-License-Identifier: GPL-2.0
/*
 * Programs of a guest that are executed by the host's subchannel, from START SUBCHANNEL
 * to the end: those that change themselves, and those that the guest suspends.
 *
 * "Programs that change themselves" in Documentation/passthrough.rst; Principles of
 * Operation chapter 15, "Suspension of Channel-Program Execution" and "Resumption";
 * Hercules, execute_ccw_chain() and raise_pci() in channel.c.
 */
#include <linux/delay.h>
#include <linux/string.h>

#include "devices/passthrough/translate.h"

#include "fake_host_memory.h"
#include "fake_host_run.h"
#include "pass_case.h"
#include "short_names.h"

#define LONG_AFTER	0x40u
#define APPENDED	(PROG + LONG_AFTER)
#define NOP(flags)	WORD(0x03, (flags) | CCW_SLI, 1, 0)
#define SENSE		WORD(0x04, 0, 8, AREA)
#define RESUMES		3

/* CCWs that a READ gives */

static const u8 to_appended[] = {
	/* READ, 8 bytes to OTHER; TIC to APPENDED */
	0x02, CC, 0, 8, 0, 0, OTHER >> 8, 0,
	0x08, 0, 0, 0, 0, 0, PROG >> 8, LONG_AFTER,
};

static const u8 to_begin[] = {
	/* NOP; TIC to PROG */
	0x03, CC | CCW_SLI, 0, 1, 0, 0, 0, 0,
	0x08, 0, 0, 0, 0, 0, PROG >> 8, 0,
};

static const u8 suspends[] = {
	/* NOP with the suspend flag; SENSE, 8 bytes to AREA */
	0x03, CC | CCW_SLI | CCW_SUSPEND, 0, 1, 0, 0, 0, 0,
	0x04, 0, 0, 8, 0, 0, AREA >> 8, 0,
};

/**
 * struct run_case - a program; its last command gives pb_data to AREA
 * @name: the rule
 * @flags: of the ORB
 * @ccws: its CCWs, at PROG
 * @appended: the CCW at APPENDED
 * @steps: what the device does
 * @resumed: what the guest stores at PROG + 8 before each RESUME SUBCHANNEL
 * @resumes: how often it has to resume
 * @told: PCI, or 0
 * @cmds: the commands that the device gets
 * @cpa: CCW address at the end
 */
struct run_case {
	const char *name;
	u32 flags;
	u64 ccws[4];
	u64 appended;
	struct part_step steps[8];
	u64 resumed[RESUMES];
	unsigned int resumes;
	u8 told;
	u8 cmds[8];
	u32 cpa;
};

static const struct run_case run_cases[] = {
	{
		.name = "what was read is executed",
		.ccws = { WORD(0x02, CC, 16, PROG + 8), },
		.appended = SENSE,
		.steps = { { to_appended, 16 }, { pb_data, 8 }, { pb_data, 8 } },
		.cmds = { 0x02, 0x02, 0x04 }, .cpa = APPENDED + 8,
	},
	{
		.name = "the same, and PCI",
		.ccws = { WORD(0x02, CC | CCW_PCI, 16, PROG + 8), },
		.appended = SENSE,
		.steps = { { to_appended, 16 }, { pb_data, 8 }, { pb_data, 8 } },
		.told = CSTAT_PCI,
		.cmds = { 0x02, 0x02, 0x04 }, .cpa = APPENDED + 8,
	},
	{
		.name = "a loop",
		.ccws = { WORD(0x02, CC, 16, PROG + 8), },
		.appended = SENSE,
		.steps = { { to_begin, 16 }, {}, { to_begin, 16 }, {},
			   { to_appended, 16 }, { pb_data, 8 }, { pb_data, 8 } },
		.cmds = { 0x02, 0x03, 0x02, 0x03, 0x02, 0x02, 0x04 },
		.cpa = APPENDED + 8,
	},
	{
		.name = "PCI, and the guest appends",
		.ccws = { NOP(CC | CCW_PCI), NOP(0) },
		.appended = SENSE,
		.steps = { { NULL, 0, TIC(APPENDED), PROG + 8 }, { pb_data, 8 } },
		.told = CSTAT_PCI,
		.cmds = { 0x03, 0x04 }, .cpa = APPENDED + 8,
	},
	{
		.name = "suspended, and S is taken away",
		.flags = ORB_SUSPEND,
		.ccws = { NOP(CC), WORD(0x04, CCW_SUSPEND, 8, AREA) },
		.steps = { {}, { pb_data, 8 } },
		.resumed = { SENSE }, .resumes = 1,
		.cmds = { 0x03, 0x04 }, .cpa = PROG + 16,
	},
	{
		.name = "a TIC is stored at the suspended CCW",
		.flags = ORB_SUSPEND | ORB_PREFETCH,
		.ccws = { NOP(CC), NOP(CCW_SUSPEND) },
		.appended = SENSE,
		.steps = { {}, { pb_data, 8 } },
		.resumed = { TIC(APPENDED) }, .resumes = 1,
		.cmds = { 0x03, 0x04 }, .cpa = APPENDED + 8,
	},
	{
		.name = "suspended again where it was resumed",
		.flags = ORB_SUSPEND,
		.ccws = { NOP(CC), NOP(CCW_SUSPEND | CC) },
		.steps = { {}, { pb_data, 8 } },
		.resumed = { NOP(CCW_SUSPEND | CC), NOP(CCW_SUSPEND), SENSE },
		.resumes = 3,
		.cmds = { 0x03, 0x04 }, .cpa = PROG + 16,
	},
	{
		.name = "the suspension is suppressed",
		.flags = ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED,
		.ccws = { NOP(CC), NOP(CCW_SUSPEND) },
		.steps = { {}, { pb_data, 8 } },
		.resumed = { SENSE }, .resumes = 1,
		.cmds = { 0x03, 0x04 }, .cpa = PROG + 16,
	},
	{
		.name = "PCI, and the next CCW suspends",
		.flags = ORB_SUSPEND,
		.ccws = { NOP(CC | CCW_PCI), NOP(CCW_SUSPEND) },
		.steps = { {}, { pb_data, 8 } },
		.resumed = { SENSE }, .resumes = 1,
		.told = CSTAT_PCI,
		.cmds = { 0x03, 0x04 }, .cpa = PROG + 16,
	},
	{
		.name = "what was read suspends",
		.flags = ORB_SUSPEND,
		.ccws = { WORD(0x02, CC, 16, PROG + 8), },
		.steps = { { suspends, 16 }, {}, { pb_data, 8 } },
		.resumed = { NOP(CC) }, .resumes = 1,
		.cmds = { 0x02, 0x03, 0x04 }, .cpa = PROG + 24,
	},
	{
		.name = "what is resumed changes itself",
		.flags = ORB_SUSPEND,
		.ccws = { NOP(CC), NOP(CCW_SUSPEND | CC), },
		.appended = SENSE,
		.steps = { {}, { to_appended, 16 }, { pb_data, 8 }, { pb_data, 8 } },
		.resumed = { WORD(0x02, CC, 16, PROG + 16) }, .resumes = 1,
		.cmds = { 0x03, 0x02, 0x02, 0x04 }, .cpa = APPENDED + 8,
	},
};

static void run_desc(const struct run_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(run, run_cases, run_desc);

static void put(struct pass_image *pass, u32 at, u64 word)
{
	__be64 raw = cpu_to_be64(word);

	fake_put(&pass->image->guest, at, &raw, sizeof(raw));
}

/* The guest takes what it is told and resumes the program until that has ended. */
static u8 follow(struct pass_image *pass, const struct run_case *c,
		 struct css_irb *irb)
{
	const u32 waits = SCSW_SC_PENDING | SCSW_AC_SUSPENDED;
	struct kunit *test = pass->test;
	unsigned int resumes = 0;
	u32 control;
	u8 told = 0;

	for (;;) {
		pass_wait(pass, (control = image_control(pass->image)) & waits);
		if (!(control & waits))
			return told;
		if (control & SCSW_SC_PENDING) {
			EXPECT_CC(test, image_tsch(pass->image, irb),
				  IOINST_CC_EXPECTED);
			control = irb_control(irb);
			told |= irb->scsw.cstat & CSTAT_PCI;
			if (control & SCSW_SC_PRIMARY)
				break;
			KUNIT_EXPECT_TRUE(test, control & SCSW_SC_INTERMEDIATE);
			continue;
		}
		KUNIT_ASSERT_LT(test, resumes, c->resumes);
		put(pass, PROG + CCW_SIZE, c->resumed[resumes++]);
		image_must(pass->image, IOINST_RSCH);
	}
	KUNIT_EXPECT_EQ(test, resumes, c->resumes);
	return told;
}

/* One allocation is the reset's, and one that of a small program that is kept. */
static unsigned int memory_expected(const struct pass_image *pass)
{
	const struct host_program *kept = pass->pt->spare.program;

	return 1 + (kept && kept->memory.bytes);
}

static void run_once(struct pass_image *pass, struct fake_host_run *run,
		     const struct run_case *c)
{
	struct kunit *test = pass->test;
	struct css_irb irb = {};
	u8 data[sizeof(pb_data)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c->ccws); i++)
		put(pass, PROG + i * CCW_SIZE, c->ccws[i]);
	put(pass, APPENDED, c->appended);
	put(pass, AREA, 0);
	run->steps = c->steps;
	run->done = 0;
	memset(run->cmds, 0, sizeof(run->cmds));
	pass_start(pass, c->flags);
	KUNIT_EXPECT_EQ(test, follow(pass, c, &irb), c->told);
	KUNIT_EXPECT_EQ(test, irb_control(&irb) & ~SCSW_SC_INTERMEDIATE,
			START | ENDED);
	KUNIT_EXPECT_EQ(test, irb.scsw.dstat, CE_DE);
	KUNIT_EXPECT_EQ(test, irb.scsw.cstat & ~CSTAT_PCI, 0);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(irb.scsw.cpa), c->cpa);
	KUNIT_EXPECT_MEMEQ(test, run->cmds, c->cmds, sizeof(c->cmds));
	fake_get(&pass->image->guest, AREA, data, sizeof(data));
	KUNIT_EXPECT_MEMEQ(test, data, pb_data, sizeof(data));
	pass_settle(pass);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
	KUNIT_EXPECT_EQ(test, fake_host_memory_used(), memory_expected(pass));
}

static void pass_run_test(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct fake_host_run *run;
	int i;

	run = kunit_kzalloc(test, sizeof(*run), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, run);
	image_enable(pass->image, IMAGE_ISC, 0);
	fake_host_run_init(run, pass->host, &pass->image->guest);
	for (i = 0; i < 4 * FAKE_PCI_WAYS; i++) {
		run->pci = i % FAKE_PCI_WAYS;
		run_once(pass, run, test->param_value);
	}
}

static struct kunit_case pass_run_cases[] = {
	KUNIT_CASE_PARAM(pass_run_test, run_gen_params),
	{}
};

static struct kunit_suite pass_run_suite = {
	.name = "kvm_css_passthrough_run",
	.init = pass_init,
	.exit = pass_exit,
	.test_cases = pass_run_cases,
};

kunit_test_suite(pass_run_suite);
