// SPDX-License-Identifier: GPL-2.0
/* Every field that MODIFY SUBCHANNEL sets, and what it does to TSCH */
#include "func_tests.h"

#define GUARD		0xa5

static void read_schib(struct schib *schib)
{
	EXPECT_EQ(stsch(FUNC_SID, schib), CC_DONE);
}

/* MSCH with one field changed, and that STSCH then shows it changed alone */
#define MODIFY(field, value)						\
	do {								\
		struct schib before __aligned(4), after __aligned(4);	\
									\
		read_schib(&before);					\
		before.field = (value);					\
		EXPECT_EQ(msch(FUNC_SID, &before), CC_DONE);		\
		read_schib(&after);					\
		EXPECT_EQ(after.field, before.field);			\
		EXPECT_EQ(memcmp(&after, &before, sizeof(after)), 0);	\
	} while (0)

static void intparm(void)
{
	u32 bit;

	for (bit = 1; bit; bit <<= 1)
		MODIFY(pmcw.intparm, bit);
}

static void flags(void)
{
	static const u16 modes[] = {
		PMCW_ENABLED, PMCW_LIMIT_LOW, PMCW_LIMIT_HIGH,
		PMCW_MEASUREMENT_BLOCK, PMCW_CONNECT_TIME, PMCW_MULTIPATH,
		PMCW_ENABLED | PMCW_LIMIT_HIGH | PMCW_MEASUREMENT_BLOCK |
		PMCW_CONNECT_TIME | PMCW_MULTIPATH,
	};
	unsigned int isc, i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		for (isc = 0; isc < 8; isc += 7 - i)
			MODIFY(pmcw.flags, PMCW_VALID | PMCW_TIMING |
			       modes[i] | PMCW_ISC(isc));
}

static void masks(void)
{
	unsigned int i;

	for (i = 0; i < 256; i += 15) {
		MODIFY(pmcw.lpm, i);
		MODIFY(pmcw.pom, 255 - i);
	}
}

static void measurement(void)
{
	u32 bit;

	for (bit = 1; bit < 0x10000; bit <<= 1)
		MODIFY(pmcw.mbi, bit);
	for (bit = 0; bit < 8; bit++)
		MODIFY(pmcw.chars, bit);
	MODIFY(pmcw.chars, 0);
	MODIFY(mda[0], 0x12345678);
	MODIFY(mda[1], 0x9abcdef1);
	/* A format-1 block lies on a boundary of 64 bytes. */
	MODIFY(mda[1], 0x9abcdec0);
	MODIFY(pmcw.chars, PMCW_MB_FORMAT1);
}

static void misaligned_block(void)
{
	struct schib schib __aligned(4);
	u32 bit;

	for (bit = 1; bit < 64; bit <<= 1) {
		read_schib(&schib);
		schib.pmcw.intparm = 0x99999999;
		schib.pmcw.chars = PMCW_MB_FORMAT1;
		schib.mda[1] = 0x1000 | bit;
		EXPECT_EQ(msch(FUNC_SID, &schib), PGM(PGM_OPERAND));
		read_schib(&schib);
		EXPECT_EQ(schib.pmcw.chars, 0);
		EXPECT_EQ(schib.pmcw.intparm, 0);
	}
}

static void not_modified(void)
{
	struct schib before __aligned(4), schib __aligned(4);

	read_schib(&before);
	schib = before;
	schib.pmcw.flags |= PMCW_IGNORED;
	schib.pmcw.flags &= ~(PMCW_VALID | PMCW_TIMING);
	schib.pmcw.devno = 0xffff;
	schib.pmcw.pnom = 0xff;
	schib.pmcw.lpum = 0xff;
	schib.pmcw.pim = 0xff;
	schib.pmcw.pam = 0xff;
	memset(schib.pmcw.chpid, 0xee, sizeof(schib.pmcw.chpid));
	memset(&schib.scsw, 0xff, sizeof(schib.scsw));
	schib.mda[2] = 0x11223344;
	EXPECT_EQ(msch(FUNC_SID, &schib), CC_DONE);
	read_schib(&schib);
	EXPECT_EQ(memcmp(&schib, &before, sizeof(schib)), 0);
}

static void chars(u32 chars)
{
	struct schib schib __aligned(4);

	func_enable();
	read_schib(&schib);
	schib.pmcw.chars = chars;
	EXPECT_EQ(msch(FUNC_SID, &schib), CC_DONE);
}

/* TSCH of a program that has ended; how much was stored? */
static u32 stored_by_tsch(u8 *area, u32 size)
{
	func_prog[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	func_start(0);
	chan_until_pending(FUNC_SID);
	memset(area, GUARD, size);
	EXPECT_EQ(tsch(FUNC_SID, (struct irb *)area), CC_DONE);
	while (size && area[size - 1] == GUARD)
		size--;
	return size;
}

static void irb_size(void)
{
	u8 area[128] __aligned(8);

	chars(0);
	EXPECT_EQ(stored_by_tsch(area, sizeof(area)), IRB_SIZE);
	chars(PMCW_XMWME);
	EXPECT_EQ(stored_by_tsch(area, sizeof(area)), IRB_SIZE_EXTENDED);
	chars(0);
	EXPECT_EQ(stored_by_tsch(area, sizeof(area)), IRB_SIZE);
}

static const struct irb *unit_check(u8 sense)
{
	static u8 how[2];

	how[0] = DST_ENDED | DST_UNIT_CHECK;
	how[1] = sense;
	func_prog[0] = CCW(TEST_END_STATUS, 0, 2, how);
	func_start(0);
	return func_end(CHAN_INTPARM);
}

static void expect_sense(u8 expected)
{
	struct ccw1 program __aligned(8);
	u8 sense[SENSE_SIZE];

	program = CCW(TEST_SENSE, 0, sizeof(sense), sense);
	chan_ok(FUNC_SID, &program);
	EXPECT_EQ(sense[0], expected);
}

static void concurrent_sense(void)
{
	const struct irb *irb;
	unsigned int i;

	chars(PMCW_CONCURRENT_SENSE);
	irb = unit_check(0x42);
	EXPECT_EQ(irb->scsw.dstat, DST_ENDED | DST_UNIT_CHECK);
	EXPECT(irb->scsw.ctrl & SCSW_EXTENDED);
	EXPECT(irb->scsw.ctrl & SCSW_SC_ALERT);
	EXPECT(irb->esw[1] & ERW_CONCURRENT_SENSE);
	EXPECT_EQ(ERW_SENSE_COUNT(irb->esw[1]), SENSE_SIZE);
	EXPECT_EQ(irb->ecw[0], 0x42);
	for (i = 1; i < sizeof(irb->ecw); i++)
		EXPECT_EQ(irb->ecw[i], 0);
	/* The control unit has given it away. */
	expect_sense(0);
	/* And what ends well brings none. */
	func_prog[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	func_start(0);
	irb = func_end(CHAN_INTPARM);
	EXPECT(!(irb->scsw.ctrl & SCSW_EXTENDED));
	EXPECT(!(irb->esw[1] & ERW_CONCURRENT_SENSE));
	EXPECT_EQ(irb->ecw[0], 0);
}

static void no_concurrent_sense(void)
{
	const struct irb *irb;

	chars(0);
	irb = unit_check(0x42);
	EXPECT(!(irb->scsw.ctrl & SCSW_EXTENDED));
	EXPECT(!(irb->esw[1] & ERW_CONCURRENT_SENSE));
	EXPECT_EQ(irb->ecw[0], 0);
	expect_sense(0x42);
}

#define SCHM_CONNECT_TIME	1
#define SOME_US			20000

static u32 interval_of_wait(void)
{
	u32 us = SOME_US;

	func_prog[0] = CCW(TEST_WAIT, 0, sizeof(us), &us);
	func_start(0);
	return func_end(CHAN_INTPARM)->esw[0] & 0xffff;
}

static void connect_interval(void)
{
	struct schib schib __aligned(4);

	func_enable();
	read_schib(&schib);
	schib.pmcw.flags |= PMCW_CONNECT_TIME;
	EXPECT_EQ(msch(FUNC_SID, &schib), CC_DONE);
	EXPECT_EQ(interval_of_wait(), 0);
	insn_s(INSN_SCHM, SCHM_CONNECT_TIME, NULL);
	EXPECT(interval_of_wait() >= SOME_US / 128);
	insn_s(INSN_SCHM, 0, NULL);
	EXPECT_EQ(interval_of_wait(), 0);
}

static void isc_of_the_moment(void)
{
	struct io_int io;
	struct irb irb __aligned(4);
	unsigned int isc;

	/* That of the PMCW; its parameter counts for what isn't a start. */
	for (isc = 0; isc < 8; isc++) {
		chan_enable(FUNC_SID, isc, 0x1000 + isc);
		io_mask(0xff);
		EXPECT_EQ(hsch(FUNC_SID), CC_DONE);
		EXPECT(io_window(&io));
		EXPECT_EQ(IO_WORD_ISC(io.word), isc);
		EXPECT_EQ(io.intparm, 0x1000 + isc);
		EXPECT_EQ(tsch(FUNC_SID, &irb), CC_DONE);
	}
}

static const struct test tests[] = {
	{ "MSCH sets every bit of the interruption parameter", intparm },
	{ "MSCH sets ISC, E, LM, MM and D", flags },
	{ "MSCH sets LPM and POM", masks },
	{ "MSCH sets MBI, F, X, S and the measurement-block address",
	  measurement },
	{ "MSCH with a misaligned format-1 block: operand exception",
	  misaligned_block },
	{ "MSCH sets nothing else", not_modified },
	{ "X in the PMCW: TSCH stores 96 bytes, otherwise 64", irb_size },
	{ "S in the PMCW: unit check brings sense along", concurrent_sense },
	{ "without S, sense is left to a SENSE", no_concurrent_sense },
	{ "SCHM's D and D of MM: the ESW has the device-connect time",
	  connect_interval },
	{ "the interruption has ISC and parameter of the PMCW",
	  isc_of_the_moment },
};

const struct test_group func_modify_group = { tests, ARRAY_SIZE(tests) };
