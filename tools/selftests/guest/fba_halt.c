// SPDX-License-Identifier: GPL-2.0
/* FBA DASD: what happens to a WRITE that is halted */
#include "fba_tests.h"

#define HALT_BLOCKS		1024u
#define HALT_LEN		(HALT_BLOCKS * FBA_BLOCK)
#define HALT_PIECE		0xc000u
#define HALT_PIECES		((HALT_LEN + HALT_PIECE - 1) / HALT_PIECE)

/* The last CCW is invalid, so that no other program follows these directly. */
static struct ccw1 pieces[HALT_PIECES + 1] __aligned(8);

/*
 * Make a WRITE of DATA whose data chain is so long that a halt meets it in the
 * middle.
 */
static void halt_program(void)
{
	u32 at, i;

	disk_program(&fba_program, FBA_WRITE, 0, HALT_BLOCKS, DATA);
	fba_program.ccw[2] = CCW(CCW_TIC, 0, 0, pieces);
	for (i = 0, at = 0; at < HALT_LEN; i++, at += HALT_PIECE)
		pieces[i] = CCW(FBA_WRITE, CCW_CD, HALT_PIECE, DATA + at);
	pieces[i - 1].count = HALT_LEN - (at - HALT_PIECE);
	pieces[i - 1].flags = 0;
}

/* Return: how many bytes the device has taken, by CCW address and count. */
static u32 taken(const struct irb *irb)
{
	u32 first = (u32)(u64)pieces, nr;

	if (irb->scsw.cpa <= first ||
	    irb->scsw.cpa > (u64)&pieces[HALT_PIECES])
		return 0;
	nr = (irb->scsw.cpa - first) / sizeof(pieces[0]) - 1;
	return nr * HALT_PIECE + pieces[nr].count - irb->scsw.count;
}

/*
 * Check that what was taken was written, to the end of its block, and nothing
 * else.
 */
static void halted_data(unsigned int disk, u32 len)
{
	u32 end = (len + FBA_BLOCK - 1) / FBA_BLOCK * FBA_BLOCK;

	memcpy(SHARED, DATA, len);
	memset(SHARED + len, 0, end - len);
	EXPECT_EQ(fba_differs(disk, 0, HALT_BLOCKS), 0);
}

/* Return: how many bytes were taken; 0 if the WRITE failed. */
static u32 halt_after(unsigned int disk, u64 ticks, u8 dstat)
{
	const u64 flushes = hypercall(HC_THEME, FBA_CALL_FLUSHES, 0, 0);
	struct irb irb __aligned(4);
	u64 begin;
	u32 len;
	int cc;

	chan_start(FBA_SID(disk), fba_program.ccw);
	for (begin = tod(); tod() - begin < ticks;)
		;
	cc = hsch(FBA_SID(disk));
	EXPECT(cc == CC_DONE || cc == CC_STATUS_PENDING);
	chan_until_pending(FBA_SID(disk));
	EXPECT_EQ(tsch(FBA_SID(disk), &irb), CC_DONE);
	if (cc == CC_DONE)
		EXPECT_EQ(irb.scsw.ctrl & SCSW_FC, SCSW_FC_START | SCSW_FC_HALT);
	if (irb.scsw.dstat & DST_UNIT_CHECK) {
		EXPECT_EQ(irb.scsw.dstat, dstat);
		fba_sense(disk, SENSE_EQUIPMENT_CHECK, 0x80);
		return 0;
	}
	EXPECT_EQ(irb.scsw.cstat, 0);
	/* Without device status the WRITE has not begun. */
	EXPECT(irb.scsw.dstat == DST_ENDED || !irb.scsw.dstat);
	len = taken(&irb);
	if (!irb.scsw.dstat)
		EXPECT_EQ(len, 0);
	halted_data(disk, len);
	if (disk == FBA_LOOP && len)
		EXPECT(hypercall(HC_THEME, FBA_CALL_FLUSHES, 0, 0) > flushes);
	return len;
}

/* Halt a WRITE at many different moments. */
static void halt_writes(unsigned int disk, u8 dstat)
{
	const u32 rounds = times(32, 8);
	u64 ticks = 0, i;
	u32 middle = 0, len;

	if (!(guest_argument & FBA_ARG_KERNEL))
		skip("no HALT SUBCHANNEL in this VMM");
	for (i = 0; i < rounds; i++) {
		if (disk == FBA_FULL) {
			hypercall(HC_THEME, FBA_CALL_EMPTY, disk, 0);
			memset(SHARED, 0, HALT_LEN);
		} else {
			fba_host_fill(disk, 0, HALT_BLOCKS);
		}
		fba_fill(DATA, HALT_LEN);
		halt_program();
		/* The first two are not halted: measure how long they take. */
		if (i < 2) {
			struct irb irb __aligned(4);
			u64 begin = tod();

			chan_run(FBA_SID(disk), fba_program.ccw, &irb);
			ticks = tod() - begin;
			EXPECT_EQ(irb.scsw.dstat, dstat);
			if (dstat & DST_UNIT_CHECK)
				fba_sense(disk, SENSE_EQUIPMENT_CHECK, 0x80);
			continue;
		}
		len = halt_after(disk, ticks * i / rounds, dstat);
		middle += len && len < HALT_LEN;
	}
	note("WRITEs, of which were halted in the middle", rounds - 2, middle);
	chan_quiet();
}

static void halt_write(void)
{
	halt_writes(FBA_PLAIN, DST_ENDED);
}

static void halt_write_flushed(void)
{
	if (!(guest_argument & FBA_ARG_LOOP))
		skip("no loop block device on this host");
	halt_writes(FBA_LOOP, DST_ENDED);
}

/*
 * A WRITE that fails must not look as if it had succeeded because of the halt.
 */
static void halt_write_full(void)
{
	if (!(guest_argument & FBA_ARG_FULL))
		skip("no file system that is full on this host");
	halt_writes(FBA_FULL, UNIT_CHECK);
}

static const struct test tests[] = {
	{ "HSCH of a WRITE: what was taken is in the host's file", halt_write },
	{ "HSCH of a WRITE: what was taken is flushed", halt_write_flushed },
	{ "HSCH of a WRITE that fails: equipment check", halt_write_full },
};

const struct test_group fba_halt_group = { tests, ARRAY_SIZE(tests) };
