// SPDX-License-Identifier: GPL-2.0
/* Channel programs of the test control unit: those that end well */
#include "prog_tests.h"

struct ccw1 prog[PROG_MAX] __aligned(8);
static u8 seed;

static void prog_reset(void)
{
	chan_disable(PROG_SID);
	memset(prog, 0, sizeof(prog));
	chan_enable(PROG_SID, 3, 0);
	io_mask(0xff);
}

void prog_fill(u8 *data, u32 len)
{
	u32 i;

	seed += 37;
	for (i = 0; i < len; i++)
		data[i] = seed + i + (i >> 8);
}

static const struct irb *run(u32 flags, u8 dstat, u8 cstat)
{
	static struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	chan_orb(&orb, prog);
	orb.flags ^= flags;
	EXPECT_EQ(ssch(PROG_SID, &orb), CC_DONE);
	chan_finish(PROG_SID, &irb);
	EXPECT_EQ(irb.scsw.cstat, cstat);
	EXPECT_EQ(irb.scsw.dstat, dstat);
	return &irb;
}

const struct irb *prog_run(u8 dstat, u8 cstat)
{
	return run(0, dstat, cstat);
}

void prog_kernel_only(void)
{
	if (guest_argument == PROG_BY_VMM)
		skip("the channel subsystem in userspace can't execute this");
}

void prog_ends(u32 flags, u8 dstat, u8 cstat, u64 cpa, u16 count)
{
	const struct irb *irb = run(flags, dstat, cstat);

	EXPECT_EQ(irb->scsw.cpa, cpa);
	EXPECT_EQ(irb->scsw.count, count);
}

/* Run the program.  It must end well, with a residual count of zero. */
static void good(unsigned int nr_ccws)
{
	const struct irb *irb = prog_run(DST_ENDED, 0);

	EXPECT_EQ(irb->scsw.cpa, (u64)&prog[nr_ccws]);
	EXPECT_EQ(irb->scsw.count, 0);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_SC_ALERT, 0);
}

static void same(u32 len)
{
	EXPECT_EQ(memcmp(IN, OUT, len), 0);
}

static void write_read(void)
{
	prog_fill(OUT, 300);
	memset(IN, 0, 300);
	prog[0] = CCW(TEST_WRITE, 0, 300, OUT);
	good(1);
	prog[0] = CCW(TEST_READ, 0, 300, IN);
	good(1);
	same(300);
}

static void command_chain(void)
{
	u32 at = 100;

	prog_fill(OUT, 100);
	memset(IN, 0, 100);
	prog[0] = CCW(TEST_SEEK, CCW_CC, 4, &at);
	prog[1] = CCW(TEST_WRITE, CCW_CC, 100, OUT);
	prog[2] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[3] = CCW(TEST_SEEK, CCW_CC, 4, &at);
	prog[4] = CCW(TEST_READ, 0, 100, IN);
	good(5);
	same(100);
}

static void chain_odd(void)
{
	static const u16 lengths[] = { 1, 3, 255, 2, 4097, 7, 1, 1 };
	u32 done = 0, i;

	prog_fill(OUT + 1, 5000);
	memset(IN, 0, 8192);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		prog[i] = CCW(TEST_WRITE, CCW_CD, lengths[i], OUT + 1 + done);
		done += lengths[i];
	}
	prog[i - 1].flags = 0;
	good(i);
	for (i = 0; i < ARRAY_SIZE(lengths); i++)
		prog[i] = CCW(TEST_READ, CCW_CD, lengths[i],
			      prog[i].cda - (u32)(u64)OUT + (u32)(u64)IN);
	prog[i - 1].flags = 0;
	good(i);
	EXPECT_EQ(memcmp(IN + 1, OUT + 1, done), 0);
	EXPECT_EQ(IN[0], 0);
	EXPECT_EQ(IN[1 + done], 0);
}

static void page_crossing(void)
{
	prog_fill(OUT + 77, 65535);
	memset(IN, 0, 65535 + 200);
	prog[0] = CCW(TEST_WRITE, 0, 65535, OUT + 77);
	good(1);
	prog[0] = CCW(TEST_READ, 0, 65535, IN + 99);
	good(1);
	EXPECT_EQ(memcmp(IN + 99, OUT + 77, 65535), 0);
	EXPECT_EQ(IN[98], 0);
	EXPECT_EQ(IN[99 + 65535], 0);
}

static void tic_data(void)
{
	prog_fill(OUT, 64);
	memset(IN, 0, 64);
	prog[0] = CCW(TEST_WRITE, CCW_CD, 16, OUT);
	prog[1] = CCW(CCW_TIC, 0, 0, &prog[10]);
	prog[10] = CCW(0, CCW_CC, 48, OUT + 16);
	prog[11] = CCW(TEST_SEEK, CCW_CC, 4, &(u32){ 0 });
	prog[12] = CCW(TEST_READ, 0, 64, IN);
	good(13);
	same(64);
}

static void skip_flag(void)
{
	prog_fill(OUT, 64);
	memset(IN, 0xee, 64);
	prog[0] = CCW(TEST_WRITE, 0, 64, OUT);
	good(1);
	prog[0] = CCW(TEST_READ, CCW_CD, 16, IN);
	prog[1] = CCW(TEST_READ, CCW_CD | CCW_SKIP, 32, IN + 16);
	prog[2] = CCW(TEST_READ, 0, 16, IN + 48);
	good(3);
	EXPECT_EQ(memcmp(IN, OUT, 16), 0);
	EXPECT_EQ(IN[16], 0xee);
	EXPECT_EQ(IN[47], 0xee);
	EXPECT_EQ(memcmp(IN + 48, OUT + 48, 16), 0);
}

static void last_ccw(void)
{
	struct ccw1 *last = (struct ccw1 *)(END_OF_STORAGE - 8);
	const struct irb *irb;

	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[1] = CCW(CCW_TIC, 0, 0, last);
	*last = CCW(TEST_NOP, CCW_SLI, 1, 0);
	irb = prog_run(DST_ENDED, 0);
	EXPECT_EQ(irb->scsw.cpa, END_OF_STORAGE);
}

static void last_byte(void)
{
	u8 *end = (u8 *)(END_OF_STORAGE - 16);

	prog_fill(OUT, 16);
	memset(end, 0, 16);
	prog[0] = CCW(TEST_WRITE, CCW_CC, 16, OUT);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &(u32){ 0 });
	prog[2] = CCW(TEST_READ, 0, 16, end);
	good(3);
	EXPECT_EQ(memcmp(end, OUT, 16), 0);
}

static void format0(void)
{
	struct ccw0 *prog0 = (struct ccw0 *)prog;
	static u32 zero;

	prog_kernel_only();
	prog_fill(OUT, 96);
	memset(IN, 0xee, 96);
	prog0[0] = CCW0(TEST_WRITE, OUT + 64, CCW_CD, 32);
	/* In data chaining, a command code is ignored. */
	prog0[1] = CCW0(0, OUT, CCW_CC, 64);
	prog0[2] = CCW0(TEST_SEEK, &zero, CCW_CC, 4);
	prog0[3] = CCW0(TEST_READ, IN, CCW_CD, 16);
	prog0[4] = CCW0(0xf7, IN + 16, CCW_CD | CCW_SKIP, 48);
	prog0[5] = CCW0(TEST_READ, IN + 64, 0, 32);
	prog_ends(PROG_FORMAT0, DST_ENDED, 0, (u64)&prog0[6], 0);
	EXPECT_EQ(memcmp(IN, OUT + 64, 16), 0);
	EXPECT_EQ(IN[16], 0xee);
	EXPECT_EQ(IN[63], 0xee);
	EXPECT_EQ(memcmp(IN + 64, OUT + 32, 32), 0);
}

static const struct test tests[] = {
	{ "what WRITE stored READ gives back", write_read },
	{ "command chaining: WRITE, SEEK, READ", command_chain },
	{ "data chaining at odd addresses and lengths", chain_odd },
	{ "data across pages, 65535 bytes in one CCW", page_crossing },
	{ "TIC in a data chain", tic_data },
	{ "skip flag: nothing is transferred, the position advances",
	  skip_flag },
	{ "a CCW in the last doubleword of storage", last_ccw },
	{ "data up to the last byte of storage", last_byte },
	{ "format 0: data chaining and the skip flag", format0 },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };

const struct test_group *const test_groups[] = {
	&group, &prog_ending_group, &prog_key_group, &prog_indirect_group,
	&prog_told_group, &prog_long_group,
	/* This must be the last group, because it adds storage for good. */
	&prog_high_group, NULL
};

void (*const test_reset)(void) = prog_reset;
