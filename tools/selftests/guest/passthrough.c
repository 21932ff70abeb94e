// SPDX-License-Identifier: GPL-2.0
/*
 * A disk of the host's, driven by the guest: programs, functions, checks that the
 * host's channel subsystem recognizes, and the device that is taken away.
 */
#include "disk.h"
#include "passthrough.h"

#define SHARED		((u8 *)PASS_SHARED)
#define DATA		((u8 *)0x200000ul)
/* The first byte behind the guest's storage */
#define BEHIND		0x1000000u
#define ISC		3
#define WAIT_MS		20000
#define ENDED		(SCSW_SC_PENDING | SCSW_SC_PRIMARY | SCSW_SC_SECONDARY)

static struct disk_program program;
static struct ccw1 prog[8] __aligned(8);
static u8 bytes[64] __aligned(8);
static u64 seed;

static void reset(void)
{
	u32 word, i;

	chan_clear(PASS_SID);
	chan_enable(PASS_SID, ISC, 0);
	for (i = 0; i < 10000 && stcrw(&word) == CC_DONE; i++)
		;
	io_mask(0xff);
}

static void fill(u8 *data, u32 len)
{
	u64 *words = (u64 *)data;
	u32 i;

	seed += 0x2931353b41474d53ul;
	for (i = 0; i < len / sizeof(*words); i++)
		words[i] = seed ^ i * 0x0103050709111317ul;
}

static void run(const struct ccw1 *ccw, struct irb *irb, u8 dstat, u8 cstat)
{
	chan_run(PASS_SID, ccw, irb);
	EXPECT_EQ(irb->scsw.dstat, dstat);
	EXPECT_EQ(irb->scsw.cstat, cstat);
}

static void sense_is(u8 sense0)
{
	prog[0] = CCW(FBA_SENSE, CCW_SLI, SENSE_SIZE, bytes);
	chan_ok(PASS_SID, prog);
	EXPECT_EQ(bytes[0], sense0);
}

static void write_blocks(u32 block, u16 nr)
{
	struct irb irb __aligned(4);

	fill(SHARED, nr * FBA_BLOCK);
	disk_program(&program, FBA_WRITE, block, nr, SHARED);
	run(program.ccw, &irb, DST_ENDED, 0);
	EXPECT_EQ(irb.scsw.count, 0);
	EXPECT_EQ(irb.scsw.cpa, (u64)(program.ccw + 3));
}

static void read_blocks(u32 block, u16 nr)
{
	struct irb irb __aligned(4);

	memset(DATA, 0, nr * FBA_BLOCK);
	disk_program(&program, FBA_READ, block, nr, DATA);
	run(program.ccw, &irb, DST_ENDED, 0);
}

static void sense_id(void)
{
	prog[0] = CCW(FBA_SENSE_ID, CCW_SLI, 7, bytes);
	chan_ok(PASS_SID, prog);
	EXPECT_EQ(bytes[0], 0xff);
	EXPECT_EQ(bytes[1] << 8 | bytes[2], 0x3880);
	EXPECT_EQ(bytes[4] << 8 | bytes[5], 0x3370);
}

static void residual(void)
{
	struct irb irb __aligned(4);

	prog[0] = CCW(FBA_SENSE_ID, CCW_SLI, sizeof(bytes), bytes);
	run(prog, &irb, DST_ENDED, 0);
	EXPECT(irb.scsw.count > 0 && irb.scsw.count < sizeof(bytes));
	EXPECT_EQ(irb.scsw.cpa, (u64)(prog + 1));
	prog[0].flags = 0;
	run(prog, &irb, DST_ENDED, CST_INCORRECT_LENGTH);
}

static void characteristics(void)
{
	struct fba_chars chars __aligned(8);

	prog[0] = CCW(FBA_READ_CHARS, 0, sizeof(chars), &chars);
	chan_ok(PASS_SID, prog);
	EXPECT_EQ(chars.block_size, FBA_BLOCK);
	EXPECT(chars.blocks_movable > 1000);
}

static void data(void)
{
	static const u16 sizes[] = { 1, 2, 7, 64 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		write_blocks(100, sizes[i]);
		read_blocks(100, sizes[i]);
		EXPECT_EQ(memcmp(DATA, SHARED, sizes[i] * FBA_BLOCK), 0);
	}
}

/*
 * Data that are neither in one piece nor on any boundary.  Hercules' disks don't chain
 * data within a block.
 */
static void chained_data(void)
{
	static struct ccw1 pieces[3] __aligned(8);
	struct irb irb __aligned(4);

	write_blocks(300, 3);
	memset(DATA, 0, 8192);
	disk_program(&program, FBA_READ, 300, 3, DATA + 4000);
	program.ccw[2] = CCW(CCW_TIC, 0, 0, pieces);
	pieces[0] = CCW(FBA_READ, CCW_CD, FBA_BLOCK, DATA + 4000);
	pieces[1] = CCW(0, CCW_CD | CCW_SKIP, FBA_BLOCK, 0);
	pieces[2] = CCW(0, 0, FBA_BLOCK, DATA + 1);
	run(program.ccw, &irb, DST_ENDED, 0);
	EXPECT_EQ(memcmp(DATA + 4000, SHARED, FBA_BLOCK), 0);
	EXPECT_EQ(memcmp(DATA + 1, SHARED + 2 * FBA_BLOCK, FBA_BLOCK), 0);
	EXPECT_EQ(DATA[0], 0);
	EXPECT_EQ(DATA[1 + FBA_BLOCK], 0);
	EXPECT_EQ(irb.scsw.cpa, (u64)(pieces + 3));
}

static void host_sees(void)
{
	write_blocks(500, 8);
	EXPECT_EQ(hypercall(HC_THEME, PASS_CALL_REMOVE, 0, 0), 0);
	EXPECT_EQ(hypercall(HC_THEME, PASS_CALL_COMPARE, 500, 8), 0);
	fill(SHARED, 4 * FBA_BLOCK);
	EXPECT_EQ(hypercall(HC_THEME, PASS_CALL_FILL, 600, 4), 0);
	EXPECT_EQ(hypercall(HC_THEME, PASS_CALL_ADD, 0, 0), 0);
	chan_enable(PASS_SID, ISC, 0);
	read_blocks(600, 4);
	EXPECT_EQ(memcmp(DATA, SHARED, 4 * FBA_BLOCK), 0);
}

static void command_reject(void)
{
	struct irb irb __aligned(4);

	prog[0] = CCW(0x5b, CCW_SLI, 1, bytes);
	chan_run(PASS_SID, prog, &irb);
	EXPECT(irb.scsw.dstat & DST_UNIT_CHECK);
	EXPECT_EQ(irb.scsw.cstat, 0);
	sense_is(SENSE_COMMAND_REJECT);
}

/* Checks say the guest's addresses. */
static void checks(void)
{
	struct irb irb __aligned(4);

	prog[0] = CCW(FBA_NOP, CCW_CC | CCW_SLI, 1, bytes);
	prog[1] = CCW(FBA_SENSE_ID, CCW_SLI, 7, BEHIND);
	chan_run(PASS_SID, prog, &irb);
	EXPECT_EQ(irb.scsw.cstat & CST_PROGRAM_CHECK, CST_PROGRAM_CHECK);
	EXPECT_EQ(irb.scsw.cpa, (u64)(prog + 2));
	prog[1] = CCW(CCW_TIC, 0, 0, prog + 2);
	prog[2] = CCW(CCW_TIC, 0, 0, prog);
	chan_run(PASS_SID, prog, &irb);
	EXPECT_EQ(irb.scsw.cstat, CST_PROGRAM_CHECK);
	EXPECT_EQ(irb.scsw.cpa, (u64)(prog + 3));
	chan_ok(PASS_SID, (prog[1] = CCW(FBA_NOP, CCW_SLI, 1, bytes), prog));
}

static void suspended(void)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	prog[0] = CCW(FBA_NOP, CCW_CC | CCW_SLI, 1, bytes);
	prog[1] = CCW(FBA_SENSE_ID, CCW_SLI | CCW_SUSPEND, 7, bytes);
	memset(bytes, 0, sizeof(bytes));
	chan_orb(&orb, prog);
	orb.flags |= ORB_SUSPEND;
	EXPECT_EQ(ssch(PASS_SID, &orb), CC_DONE);
	chan_until_pending(PASS_SID);
	EXPECT_EQ(tsch(PASS_SID, &irb), CC_DONE);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_CONTROL,
		  SCSW_FC_START | SCSW_AC_SUSPENDED | SCSW_SC_INTERMEDIATE |
		  SCSW_SC_PENDING);
	EXPECT_EQ(irb.scsw.cpa, (u64)(prog + 2));
	EXPECT_EQ(bytes[0], 0);
	prog[1].flags = CCW_SLI;
	EXPECT_EQ(rsch(PASS_SID), CC_DONE);
	chan_finish(PASS_SID, &irb);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
	EXPECT_EQ(bytes[0], 0xff);
}

/* Take status until the function has ended.  Return: what else was told. */
static u8 finish(struct irb *irb)
{
	u8 told = 0;

	do {
		chan_until_pending(PASS_SID);
		EXPECT_EQ(tsch(PASS_SID, irb), CC_DONE);
		EXPECT_EQ(irb->scsw.ctrl & SCSW_AC_SUSPENDED, 0);
		told |= irb->scsw.cstat;
	} while (!(irb->scsw.ctrl & SCSW_SC_PRIMARY));
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL, SCSW_FC_START | ENDED);
	EXPECT_EQ(irb->scsw.dstat, DST_ENDED);
	EXPECT_EQ(tsch(PASS_SID, irb), CC_STATUS_PENDING);
	return told;
}

/* The first block of the disk begins with these two CCWs. */
static void first_block(struct ccw1 first, struct ccw1 second)
{
	struct irb irb __aligned(4);
	const struct ccw1 ccws[] = { first, second };

	memset(SHARED, 0, FBA_BLOCK);
	memcpy(SHARED, ccws, sizeof(ccws));
	disk_program(&program, FBA_WRITE, 0, 1, SHARED);
	run(program.ccw, &irb, DST_ENDED, 0);
}

/*
 * READ IPL stores over the two CCWs that come next.  P is zero, so these are fetched
 * after that.
 */
static void load(u8 flags, u8 told)
{
	struct irb irb __aligned(4);

	prog[0] = CCW(FBA_READ_IPL, CCW_CC | CCW_SLI | flags, 16, prog + 1);
	prog[1] = CCW(FBA_NOP, CCW_SLI, 1, bytes);
	prog[2] = CCW(0, 0, 0, 0);
	memset(bytes, 0, sizeof(bytes));
	chan_start(PASS_SID, prog);
	EXPECT_EQ(finish(&irb), told);
	EXPECT_EQ(bytes[0], 0xff);
	EXPECT_EQ(bytes[1] << 8 | bytes[2], 0x3880);
}

static void changes_itself(void)
{
	u32 i;

	first_block(CCW(FBA_NOP, CCW_CC | CCW_SLI, 1, bytes),
		    CCW(FBA_SENSE_ID, CCW_SLI, 7, bytes));
	for (i = 0; i < 20; i++) {
		load(0, 0);
		load(CCW_PCI, CST_PCI);
		sense_id();
	}
}

/* A guest appends to a suspended program, and resumes it whether it waits or not. */
static void resumed(u32 flags)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);
	int cc;

	prog[0] = CCW(FBA_NOP, CCW_CC | CCW_SLI, 1, bytes);
	prog[1] = CCW(FBA_NOP, CCW_SLI | CCW_SUSPEND, 1, bytes);
	prog[4] = CCW(FBA_NOP, CCW_CC | CCW_SLI, 1, bytes);
	prog[5] = CCW(FBA_SENSE_ID, CCW_SLI, 7, bytes);
	memset(bytes, 0, sizeof(bytes));
	chan_orb(&orb, prog);
	orb.flags |= ORB_SUSPEND | flags;
	EXPECT_EQ(ssch(PASS_SID, &orb), CC_DONE);
	prog[1] = CCW(CCW_TIC, 0, 0, prog + 4);
	do {
		cc = rsch(PASS_SID);
		if (cc == CC_STATUS_PENDING)
			EXPECT_EQ(tsch(PASS_SID, &irb), CC_DONE);
	} while (cc == CC_STATUS_PENDING);
	EXPECT_EQ(cc, CC_DONE);
	EXPECT_EQ(finish(&irb), 0);
	EXPECT_EQ(bytes[0], 0xff);
}

static void resumed_at_any_time(void)
{
	u32 i;

	for (i = 0; i < 20; i++) {
		resumed(0);
		resumed(ORB_PREFETCH);
		resumed(ORB_SUPPRESS_SUSPENDED);
		sense_id();
	}
}

static void functions(void)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	EXPECT_EQ(rsch(PASS_SID), CC_BUSY);
	EXPECT_EQ(xsch(PASS_SID), CC_BUSY);
	EXPECT_EQ(hsch(PASS_SID), CC_DONE);
	chan_until_pending(PASS_SID);
	chan_orb(&orb, prog);
	EXPECT_EQ(ssch(PASS_SID, &orb), CC_STATUS_PENDING);
	EXPECT_EQ(hsch(PASS_SID), CC_STATUS_PENDING);
	EXPECT_EQ(tsch(PASS_SID, &irb), CC_DONE);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_FC, SCSW_FC_HALT);
	EXPECT_EQ(csch(PASS_SID), CC_DONE);
	chan_until_pending(PASS_SID);
	EXPECT_EQ(tsch(PASS_SID, &irb), CC_DONE);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_FC, SCSW_FC_CLEAR);
	EXPECT_EQ(irb.scsw.dstat, 0);
	EXPECT_EQ(tsch(PASS_SID, &irb), CC_STATUS_PENDING);
}

/* A program that is suspended is in progress until it is halted or cleared. */
static void clear_active(void)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	prog[0] = CCW(FBA_NOP, CCW_SLI | CCW_SUSPEND, 1, bytes);
	chan_orb(&orb, prog);
	orb.flags |= ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED;
	EXPECT_EQ(ssch(PASS_SID, &orb), CC_DONE);
	EXPECT_EQ(ssch(PASS_SID, &orb), CC_BUSY);
	EXPECT_EQ(csch(PASS_SID), CC_DONE);
	chan_until_pending(PASS_SID);
	EXPECT_EQ(tsch(PASS_SID, &irb), CC_DONE);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_FC, SCSW_FC_CLEAR);
	sense_id();
}

/* Hercules has no concurrent sense, real machines have. */
static void modify(void)
{
	struct schib schib __aligned(4);
	int cc;

	EXPECT_EQ(stsch(PASS_SID, &schib), CC_DONE);
	EXPECT_EQ(schib.pmcw.devno, PASS_DEVNO);
	schib.pmcw.flags |= PMCW_MULTIPATH;
	EXPECT_EQ(msch(PASS_SID, &schib), CC_DONE);
	EXPECT_EQ(stsch(PASS_SID, &schib), CC_DONE);
	EXPECT_EQ(schib.pmcw.flags & PMCW_MULTIPATH, PMCW_MULTIPATH);
	schib.pmcw.chars |= PMCW_CONCURRENT_SENSE;
	cc = msch(PASS_SID, &schib);
	EXPECT(cc == CC_DONE || cc == PGM(PGM_OPERAND));
	sense_id();
}

static void removed_active(void)
{
	struct orb orb __aligned(4);

	prog[0] = CCW(FBA_NOP, CCW_SLI | CCW_SUSPEND, 1, bytes);
	chan_orb(&orb, prog);
	orb.flags |= ORB_SUSPEND;
	EXPECT_EQ(ssch(PASS_SID, &orb), CC_DONE);
	EXPECT_EQ(hypercall(HC_THEME, PASS_CALL_REMOVE, 0, 0), 0);
	EXPECT_EQ(ssch(PASS_SID, &orb), CC_NOT_OPERATIONAL);
	EXPECT_EQ(hypercall(HC_THEME, PASS_CALL_ADD, 0, 0), 0);
	chan_enable(PASS_SID, ISC, 0);
	sense_id();
}

static void lost(u64 call)
{
	struct orb orb __aligned(4);
	struct schib schib __aligned(4);
	u64 end = tod() + TOD_MS(WAIT_MS);

	prog[0] = CCW(FBA_NOP, CCW_SLI | CCW_SUSPEND, 1, bytes);
	chan_orb(&orb, prog);
	orb.flags |= ORB_SUSPEND;
	EXPECT_EQ(ssch(PASS_SID, &orb), CC_DONE);
	EXPECT_EQ(hypercall(HC_THEME, call, 0, 0), 0);
	do {
		EXPECT_EQ(stsch(PASS_SID, &schib), CC_DONE);
	} while (schib.pmcw.flags & PMCW_VALID && tod() < end);
	EXPECT_EQ(schib.pmcw.flags & PMCW_VALID, 0);
	EXPECT_EQ(ssch(PASS_SID, &orb), CC_NOT_OPERATIONAL);
	EXPECT_EQ(csch(PASS_SID), CC_NOT_OPERATIONAL);
	EXPECT_EQ(hypercall(HC_THEME, PASS_CALL_REMOVE, 0, 0), 0);
	EXPECT_EQ(hypercall(HC_THEME, PASS_CALL_ADD, 0, 0), 0);
	chan_enable(PASS_SID, ISC, 0);
	sense_id();
}

static void unbound(void)
{
	lost(PASS_CALL_UNBIND);
}

static const struct test tests[] = {
	{ "SENSE ID: the host's device", sense_id },
	{ "residual count, and incorrect length", residual },
	{ "READ DEVICE CHARACTERISTICS", characteristics },
	{ "WRITE, and READ gives the same", data },
	{ "data chaining, skipping, and any boundary", chained_data },
	{ "the host reads what the guest has written, and the other way round",
	  host_sees },
	{ "unit check and SENSE", command_reject },
	{ "program checks name the guest's CCWs", checks },
	{ "suspended and resumed", suspended },
	{ "a program that reads the CCWs behind it", changes_itself },
	{ "a TIC is stored at a suspended CCW, RSCH at any time",
	  resumed_at_any_time },
	{ "HSCH, CSCH, RSCH and XSCH of an idle subchannel", functions },
	{ "CSCH of a program in progress", clear_active },
	{ "MSCH: multipath mode, concurrent sense", modify },
	{ "removed with a program in progress", removed_active },
	{ "unbound in the host with a program in progress", unbound },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = reset;
