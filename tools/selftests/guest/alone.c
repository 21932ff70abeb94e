// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a guest whose only channel subsystem is the kernel's: whatever
 * the guest does, no I/O instruction may leave the kernel.
 */
#include "alone.h"
#include "chan.h"

#define GUARD		0xa5

static u8 operand[4096] __aligned(4096);
static u64 exits_before;

static u64 exits(void)
{
	return hypercall(HC_THEME, ALONE_CALL_EXITS, 0, 0);
}

static void reset(void)
{
	u32 word, i;

	for (i = 0; i < ALONE_SET0; i++)
		chan_clear(SID(0, i));
	/* Read the channel reports that a test has left. */
	for (i = 0; i < 64 && stcrw(&word) == CC_DONE; i++)
		;
	exits_before = exits();
}

/* All fifteen I/O instructions but TPI, which KVM itself executes. */
static const u16 insns[] = {
	INSN_CSCH, INSN_HSCH, INSN_MSCH, INSN_SSCH, INSN_STSCH, INSN_TSCH,
	INSN_RSCH, INSN_XSCH, INSN_SAL, INSN_STCRW, INSN_STCPS, INSN_RCHP,
	INSN_SCHM, INSN_CHSC, INSN_TPI,
};

/* The first eight name a subchannel. */
#define NAMED		8

/*
 * Check that an ending is a condition code or one of these program
 * interruptions.
 */
static void legal(u16 insn, int ending)
{
	bool ok = (ending >= 0 && ending <= 3) ||
		  ending == PGM(PGM_OPERAND) ||
		  ending == PGM(PGM_SPECIFICATION) ||
		  ending == PGM(PGM_ADDRESSING);

	if (!ok)
		note("instruction, ending", insn, ending);
	EXPECT(ok);
}

static void execute_all(u32 sid)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(insns); i++) {
		memset(operand, 0, 64);
		legal(insns[i], insn_s(insns[i], sid, operand));
		legal(insns[i], insn_s(insns[i], sid, operand + 1));
		legal(insns[i], insn_s(insns[i], sid, (void *)0x8000000ul));
		EXPECT_EQ(insn_s_mode(insns[i], sid, (u64)operand,
				      PSW_PROBLEM, 0), PGM(PGM_PRIVILEGED));
	}
	legal(INSN_CHSC, chsc(operand));
}

static void no_exit(void)
{
	EXPECT_EQ(exits(), exits_before);
}

static void owned(void)
{
	execute_all(SID(0, 0));
	chan_enable(SID(0, 1), 3, 0);
	execute_all(SID(0, 1));
	no_exit();
}

static void unowned(void)
{
	static const u32 sids[] = {
		SID(0, ALONE_SET0), SID(0, 0xffff), 0, 0x00080000,
		SID(0, 0) | 0x00080000, SID(0, 0) | 0xfe080000,
		SID(0, 0) | 0x00100000,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sids); i++)
		execute_all(sids[i]);
	no_exit();
}

static void unowned_codes(void)
{
	unsigned int i;

	for (i = 0; i < NAMED; i++) {
		struct schib schib __aligned(4);
		struct orb orb __aligned(4);
		void *arg = operand;

		memset(operand, 0, sizeof(operand));
		memset(&schib, 0, sizeof(schib));
		if (insns[i] == INSN_MSCH)
			arg = &schib;
		if (insns[i] == INSN_SSCH) {
			chan_orb(&orb, NULL);
			arg = &orb;
		}
		EXPECT_EQ(insn_s(insns[i], SID(0, ALONE_SET0), arg),
			  CC_NOT_OPERATIONAL);
		EXPECT_EQ(insn_s(insns[i], SID(0, 0xffff), arg),
			  CC_NOT_OPERATIONAL);
		/*
		 * This SID names another image, but that facility is not
		 * enabled.
		 */
		EXPECT_EQ(insn_s(insns[i], SID(0, 0) | 0xfe080000, arg),
			  PGM(PGM_OPERAND));
	}
	no_exit();
}

static void wide_codes(void)
{
	u8 area[64] __aligned(32);
	struct io_int io;
	unsigned int i;
	u32 word = 0xffffffff;

	io_mask(0xff);
	EXPECT_EQ(stcrw(&word), 1);
	EXPECT_EQ(word, 0);
	EXPECT_EQ(tpi(&io), 0);
	/*
	 * These set no condition code, so the one that the PSW had, 0, stays.
	 */
	EXPECT_EQ(insn_s(INSN_SAL, 0x00100000, NULL), 0);
	EXPECT_EQ(insn_s(INSN_SCHM, 0, NULL), 0);
	memset(area, GUARD, sizeof(area));
	EXPECT_EQ(insn_s(INSN_STCPS, 0, area), 0);
	for (i = 0; i < 32; i++)
		EXPECT_EQ(area[i], 0);
	EXPECT_EQ(area[32], GUARD);
	EXPECT_EQ(insn_s(INSN_RCHP, 0x55, NULL), CC_NOT_OPERATIONAL);
	no_exit();
}

static void rchp(void)
{
	u32 word;

	/*
	 * All subchannels have path 0.  A solicited report says that the reset
	 * is done.
	 */
	EXPECT_EQ(insn_s(INSN_RCHP, 0, NULL), CC_DONE);
	EXPECT_EQ(stcrw(&word), CC_DONE);
	EXPECT(word & CRW_SOLICITED);
	EXPECT_EQ(CRW_RSC(word), CRW_RSC_PATH);
	EXPECT_EQ(CRW_ERC(word), CRW_ERC_INITIALIZED);
	EXPECT_EQ(CRW_RSID(word), 0);
	EXPECT_EQ(stcrw(&word), 1);
	no_exit();
}

/* --- what a driver does --- */

static u32 scan(u32 ssid)
{
	struct schib schib __aligned(4);
	u32 schid;

	for (schid = 0; schid < 0x10000; schid++) {
		if (stsch(SID(ssid, schid), &schib) != CC_DONE)
			break;
		EXPECT(schib.pmcw.flags & PMCW_VALID);
		EXPECT_EQ(schib.pmcw.devno, ALONE_DEVNO(ssid, schid));
	}
	EXPECT_EQ(stsch(SID(ssid, schid), &schib), CC_NOT_OPERATIONAL);
	return schid;
}

static void sense_id(u32 sid)
{
	struct ccw1 ccw __aligned(8);
	u8 id[8] = { 0 };

	ccw = CCW(TEST_SENSE_ID, CCW_SLI, sizeof(id), id);
	chan_ok(sid, &ccw);
	EXPECT_EQ(id[0], 0xff);
	EXPECT_EQ(id[1] << 8 | id[2], 0x0c55);
}

static void write_read(u32 sid)
{
	struct ccw1 program[2] __aligned(8);
	u32 out[16], in[16], i;

	for (i = 0; i < 16; i++)
		out[i] = sid + i * 0x01010101;
	memset(in, 0, sizeof(in));
	program[0] = CCW(TEST_WRITE, 0, sizeof(out), out);
	chan_ok(sid, program);
	program[0] = CCW(TEST_READ, CCW_CC, 32, in);
	program[1] = CCW(TEST_READ, 0, 32, in + 8);
	chan_ok(sid, program);
	EXPECT_EQ(memcmp(in, out, sizeof(in)), 0);
}

static void timed_out(u32 sid, int (*stop)(u32 sid), u32 fc)
{
	struct irb irb __aligned(4);
	struct ccw1 ccw __aligned(8);
	u32 us = 10000000;
	struct io_int io;

	ccw = CCW(TEST_WAIT, 0, sizeof(us), &us);
	chan_start(sid, &ccw);
	EXPECT(!io_wait(&io, 20));
	EXPECT_EQ(stop(sid), CC_DONE);
	EXPECT(io_wait(&io, 5000));
	EXPECT_EQ(io.sid, sid);
	EXPECT_EQ(tsch(sid, &irb), CC_DONE);
	EXPECT(irb.scsw.ctrl & fc);
}

/* Address limits; only the kernel knows the limit that SAL has set */
static void limited(u16 mode, u32 flags, u8 cstat)
{
	static u8 *const data = (u8 *)0x20fff8ul;
	u32 sid = SID(0, 0);
	struct schib schib __aligned(4);
	struct ccw1 ccw __aligned(8);
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	EXPECT_EQ(stsch(sid, &schib), CC_DONE);
	schib.pmcw.flags = (schib.pmcw.flags & ~PMCW_LIMIT_MODE) | mode;
	EXPECT_EQ(msch(sid, &schib), CC_DONE);
	ccw = CCW(TEST_READ, CCW_SLI, 8, data);
	chan_orb(&orb, &ccw);
	orb.flags |= flags;
	EXPECT_EQ(ssch(sid, &orb), CC_DONE);
	chan_finish(sid, &irb);
	EXPECT_EQ(irb.scsw.cstat, cstat);
	EXPECT_EQ(irb.scsw.count, cstat ? 8 : 0);
}

static void sal(void)
{
	chan_enable(SID(0, 0), 3, 0);
	io_mask(0xff);
	EXPECT_EQ(insn_s(INSN_SAL, 0x210000, NULL), 0);
	limited(PMCW_LIMIT_HIGH, ORB_ADDRESS_LIMIT, 0);
	limited(PMCW_LIMIT_LOW, ORB_ADDRESS_LIMIT, CST_PROGRAM_CHECK);
	limited(PMCW_LIMIT_LOW, 0, 0);
	EXPECT_EQ(insn_s(INSN_SAL, 0x200000, NULL), 0);
	limited(PMCW_LIMIT_HIGH, ORB_ADDRESS_LIMIT, CST_PROGRAM_CHECK);
	limited(PMCW_LIMIT_LOW, ORB_ADDRESS_LIMIT, 0);
	limited(0, ORB_ADDRESS_LIMIT, 0);
	EXPECT_EQ(insn_s(INSN_SAL, 0, NULL), 0);
	chan_disable(SID(0, 0));
	no_exit();
}

static int do_hsch(u32 sid)
{
	return hsch(sid);
}

static int do_csch(u32 sid)
{
	return csch(sid);
}

static void polled(u32 sid)
{
	struct ccw1 ccw __aligned(8) = CCW(TEST_NOP, CCW_SLI, 1, 0);
	struct irb irb __aligned(4);
	struct io_int io;

	chan_start(sid, &ccw);
	chan_until_pending(sid);
	EXPECT_EQ(tpi(&io), 1);
	EXPECT_EQ(io.sid, sid);
	EXPECT_EQ(tsch(sid, &irb), CC_DONE);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
	EXPECT_EQ(tpi(&io), 0);
}

static void drive(u32 sid)
{
	chan_enable(sid, 3, sid);
	io_mask(0xff);
	sense_id(sid);
	write_read(sid);
	timed_out(sid, do_hsch, SCSW_FC_HALT);
	timed_out(sid, do_csch, SCSW_FC_CLEAR);
	polled(sid);
	chan_disable(sid);
}

static void life(void)
{
	u32 word, i;

	EXPECT_EQ(scan(0), ALONE_SET0);
	insn_s(INSN_SCHM, 0, NULL);
	insn_s(INSN_SAL, 0, NULL);
	for (i = 0; i < ALONE_SET0; i++)
		drive(SID(0, i));
	EXPECT_EQ(stcrw(&word), 1);
	chan_quiet();
	note("I/O instructions that left the kernel", exits() - exits_before,
	     0);
	no_exit();
}

/* This must be the last test, because only a reset disables the sets again. */
static void sets(void)
{
	struct schib schib __aligned(4);
	u32 ssid;

	for (ssid = 1; ssid < 4; ssid++)
		EXPECT_EQ(stsch(SID(ssid, 0), &schib), PGM(PGM_OPERAND));
	EXPECT_EQ(chan_enable_mss(), CHSC_OK);
	EXPECT_EQ(scan(0), ALONE_SET0);
	EXPECT_EQ(scan(1), ALONE_SET1);
	EXPECT_EQ(scan(2), 0);
	EXPECT_EQ(scan(3), 0);
	drive(SID(1, ALONE_SET1 - 1));
	no_exit();
}

static const struct test tests[] = {
	{ "all fifteen instructions on subchannels there are: no exit",
	  owned },
	{ "all fifteen instructions on what isn't there: no exit", unowned },
	{ "no such subchannel: cc 3; another image: operand exception",
	  unowned_codes },
	{ "STCRW, TPI, SAL, SCHM, STCPS, RCHP: cc, nothing pending",
	  wide_codes },
	{ "RCHP of the path: cc 0, and a solicited channel report", rchp },
	{ "SAL: data at the wrong side of the limit: program check", sal },
	{ "the life of a driver: scan, enable, sense ID, I/O, halt, clear",
	  life },
	{ "CHSC enables multiple subchannel sets, and there they are", sets },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = reset;
