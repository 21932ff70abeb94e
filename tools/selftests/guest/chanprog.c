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

const struct irb *prog_run_orb(u32 flags, u8 dstat, u8 cstat)
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
	return prog_run_orb(0, dstat, cstat);
}

void prog_sense(u8 sense0)
{
	u8 sense[SENSE_SIZE];
	struct ccw1 ccw __aligned(8) = CCW(TEST_SENSE, 0, SENSE_SIZE, sense);
	unsigned int i;

	chan_ok(PROG_SID, &ccw);
	EXPECT_EQ(sense[0], sense0);
	for (i = 1; i < SENSE_SIZE; i++)
		EXPECT_EQ(sense[i], 0);
}

void prog_kernel_only(void)
{
	if (guest_argument == PROG_BY_VMM)
		skip("the channel subsystem in userspace can't execute this");
}

void prog_ends(u32 flags, u8 dstat, u8 cstat, u64 cpa, u16 count)
{
	const struct irb *irb = prog_run_orb(flags, dstat, cstat);

	EXPECT_EQ(irb->scsw.cpa, cpa);
	EXPECT_EQ(irb->scsw.count, count);
}

/* Ends well, with nothing left of the last CCW */
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

static void nop(void)
{
	const struct irb *irb;

	prog[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	irb = prog_run(DST_ENDED, 0);
	EXPECT_EQ(irb->scsw.cpa, (u64)&prog[1]);
	/* Nothing was transferred. */
	EXPECT_EQ(irb->scsw.count, 1);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_SC_ALERT, 0);
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

static void persists(void)
{
	prog_fill(OUT, 8);
	prog[0] = CCW(TEST_WRITE, 0, 8, OUT);
	good(1);
	prog[0] = CCW(TEST_NOP, 0, 0, 0);
	good(1);
	prog[0] = CCW(TEST_READ, 0, 8, IN);
	good(1);
	same(8);
}

static void position(void)
{
	prog_fill(OUT, 32);
	prog[0] = CCW(TEST_WRITE, CCW_CC, 16, OUT);
	prog[1] = CCW(TEST_WRITE, 0, 16, OUT + 16);
	good(2);
	prog[0] = CCW(TEST_READ, 0, 32, IN);
	good(1);
	same(32);
}

static void seek(void)
{
	u32 at = 0xfff0;

	prog_fill(OUT, 16);
	prog[0] = CCW(TEST_SEEK, CCW_CC, 4, &at);
	prog[1] = CCW(TEST_WRITE, 0, 16, OUT);
	good(2);
	prog[0] = CCW(TEST_SEEK, CCW_CC, 4, &at);
	prog[1] = CCW(TEST_READ, 0, 16, IN);
	good(2);
	same(16);
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

static void chain_write(void)
{
	prog_fill(OUT, 96);
	memset(IN, 0, 96);
	/* The order differs; so it is put together by the chain. */
	prog[0] = CCW(TEST_WRITE, CCW_CD, 32, OUT + 64);
	prog[1] = CCW(TEST_WRITE, CCW_CD, 32, OUT);
	prog[2] = CCW(TEST_WRITE, CCW_CC, 32, OUT + 32);
	prog[3] = CCW(TEST_SEEK, CCW_CC, 4, &(u32){ 0 });
	prog[4] = CCW(TEST_READ, 0, 96, IN);
	good(5);
	EXPECT_EQ(memcmp(IN, OUT + 64, 32), 0);
	EXPECT_EQ(memcmp(IN + 32, OUT, 64), 0);
}

static void chain_read(void)
{
	prog_fill(OUT, 96);
	memset(IN, 0, 256);
	prog[0] = CCW(TEST_WRITE, CCW_CC, 96, OUT);
	prog[1] = CCW(TEST_SEEK, CCW_CC, 4, &(u32){ 0 });
	prog[2] = CCW(TEST_READ, CCW_CD, 32, IN + 128);
	/* The command code of a chained CCW does not count, unless TIC. */
	prog[3] = CCW(0, CCW_CD, 32, IN);
	prog[4] = CCW(0xff, 0, 32, IN + 64);
	good(5);
	EXPECT_EQ(memcmp(IN + 128, OUT, 32), 0);
	EXPECT_EQ(memcmp(IN, OUT + 32, 32), 0);
	EXPECT_EQ(memcmp(IN + 64, OUT + 64, 32), 0);
	EXPECT_EQ(IN[32], 0);
	EXPECT_EQ(IN[96], 0);
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

static void tic_command(void)
{
	prog_fill(OUT, 64);
	memset(IN, 0, 64);
	prog[0] = CCW(TEST_WRITE, CCW_CC, 64, OUT);
	prog[1] = CCW(CCW_TIC, 0, 0, &prog[10]);
	prog[10] = CCW(TEST_SEEK, CCW_CC, 4, &(u32){ 0 });
	prog[11] = CCW(CCW_TIC, 0, 0, &prog[5]);
	prog[5] = CCW(TEST_READ, 0, 64, IN);
	good(6);
	same(64);
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

static void long_chain(void)
{
	u32 i;

	prog_fill(OUT, 1000);
	memset(IN, 0, 1000);
	for (i = 0; i < 1000; i++)
		prog[i] = CCW(TEST_WRITE, CCW_CC, 1, OUT + i);
	prog[i++] = CCW(TEST_SEEK, CCW_CC, 4, &(u32){ 0 });
	prog[i++] = CCW(TEST_READ, 0, 1000, IN);
	good(i);
	same(1000);
}

static void long_data_chain(void)
{
	u32 i;

	prog_fill(OUT, 1000);
	memset(IN, 0, 1000);
	prog[0] = CCW(TEST_WRITE, 0, 1000, OUT);
	good(1);
	for (i = 0; i < 1000; i++)
		prog[i] = CCW(TEST_READ, CCW_CD, 1, IN + i);
	prog[999].flags = 0;
	good(1000);
	same(1000);
}

static void modified_ccw(void)
{
	struct ccw1 last __aligned(8) = CCW(TEST_READ, 0, 8, IN);

	prog_fill(OUT, 8);
	/* The device's storage has a CCW, which READ puts into the program. */
	prog[0] = CCW(TEST_WRITE, CCW_CC, 8, &last);
	prog[1] = CCW(TEST_WRITE, CCW_CC, 8, OUT);
	prog[2] = CCW(TEST_SEEK, CCW_CC, 4, &(u32){ 0 });
	prog[3] = CCW(TEST_READ, CCW_CC, 8, &prog[4]);
	prog[4] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	memset(IN, 0, 8);
	good(5);
	same(8);
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

static void wait_time(void)
{
	u32 us = 100000;
	u64 before;

	prog[0] = CCW(TEST_WAIT, 0, 4, &us);
	before = tod();
	good(1);
	EXPECT(tod() - before >= TOD_US(us));
}

static void loop_removed(void)
{
	struct schib schib __aligned(4);
	struct irb irb __aligned(4);
	unsigned int i;

	EXPECT_EQ(stsch(PROG_SID_REMOVED, &schib), CC_DONE);
	chan_enable(PROG_SID_REMOVED, 3, 0);
	prog[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[1] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog[2] = CCW(CCW_TIC, 0, 0, &prog[0]);
	chan_start(PROG_SID_REMOVED, prog);
	/* It goes on while this CPU goes on, too. */
	for (i = 0; i < 20; i++) {
		EXPECT_EQ(stsch(PROG_SID_REMOVED, &schib), CC_DONE);
		EXPECT_EQ(schib.scsw.ctrl & SCSW_FC, SCSW_FC_START);
		EXPECT_EQ(schib.scsw.ctrl & SCSW_SC, 0);
	}
	if (hypercall(HC_THEME, PROG_CALL_REMOVE, 0, 0)) {
		/* Then it ends because its last CCW does not chain any more. */
		prog[1].flags = CCW_SLI;
		chan_finish(PROG_SID_REMOVED, &irb);
		skip("the channel subsystem of this VMM can't remove");
	}
	EXPECT_EQ(stsch(PROG_SID_REMOVED, &schib), CC_NOT_OPERATIONAL);
}

static const struct test tests[] = {
	{ "NO-OPERATION ends with channel end and device end", nop },
	{ "what WRITE stored READ gives back", write_read },
	{ "storage of the device survives the program", persists },
	{ "the position is 0 at the start of each program", position },
	{ "SEEK, then WRITE and READ at another position", seek },
	{ "command chaining: WRITE, SEEK, READ", command_chain },
	{ "data chaining gathers what is written", chain_write },
	{ "data chaining scatters what is read", chain_read },
	{ "data chaining at odd addresses and lengths", chain_odd },
	{ "data across pages, 65535 bytes in one CCW", page_crossing },
	{ "TIC in a command chain", tic_command },
	{ "TIC in a data chain", tic_data },
	{ "skip flag: nothing is transferred, the position advances",
	  skip_flag },
	{ "a chain of 1000 commands", long_chain },
	{ "a chain of 1000 one-byte data CCWs", long_data_chain },
	{ "a CCW is fetched when it becomes current", modified_ccw },
	{ "a CCW in the last doubleword of storage", last_ccw },
	{ "data up to the last byte of storage", last_byte },
	{ "WAIT ends after its time, not before", wait_time },
	{ "a program without end ends with its subchannel", loop_removed },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };

const struct test_group *const test_groups[] = {
	&group, &prog_length_group, &prog_invalid_group, &prog_key_group,
	&prog_format0_group, &prog_idaw_group, &prog_midaw_group,
	&prog_told_group, &prog_long_group,
	/* Last: there is more storage from then on. */
	&prog_high_group, NULL
};

void (*const test_reset)(void) = prog_reset;
