// SPDX-License-Identifier: GPL-2.0
/*
 * Programs for a disk of the host's on which two ways of passing it through may differ:
 * see lent.c of the host.
 *
 * Each is started once, and what becomes of it is reported.  What the architecture says
 * of it stands beside.  No interruption is taken; status is waited for by STSCH.
 */
#include "disk.h"
#include "lent.h"

#define ISC		3
#define WAIT_MS		3000
/* The first byte behind the guest's storage */
#define BEHIND		0x1000000u
/* Storage that nothing else is in */
#define AREA		((u8 *)0x900000ul)
#define PAGE		4096
/* The first block that is read; IPL reads block 0 */
#define BLOCK		256
#define NR_BLOCKS	8

static struct ccw1 prog[512] __aligned(4096);
static struct disk_program disk;
static u64 idaws[8] __aligned(8);
static u32 idaws1[8] __aligned(8);
static struct midaw midaws[2] __aligned(16);
static u8 bytes[64] __aligned(8);

/* What a program is, and how it ends according to the architecture */
struct trial {
	const char *name;
	u32 cpa;
	u32 flags;		/* of the ORB */
	u8  dstat;
	u8  cstat;
	u32 end;		/* the CCW address in the status */
	bool (*good)(void);	/* is in storage what has to be? */
	bool resume;		/* it is suspended and resumed */
};

/* --- what is in storage --- */

static u8 pattern(u32 i)
{
	return i * 167 ^ i >> 8 ^ 0x5a;
}

static bool any(void)
{
	return true;
}

static bool is_disk(void)
{
	return bytes[0] == 0xff && (bytes[4] << 8 | bytes[5]) == 0x3370;
}

/* What is in front of the suspended CCW has not been executed once more. */
static bool gone_on(void)
{
	return is_disk() && bytes[sizeof(bytes) / 2] == 0;
}

static bool has_read(const u8 *data, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		if (data[i] != pattern(i))
			return false;
	return true;
}

static bool all_read(void)
{
	return has_read(AREA, NR_BLOCKS * FBA_BLOCK);
}

static bool none_read(void)
{
	return AREA[0] == 0 && AREA[FBA_BLOCK] == 0;
}

/* In front of the end of storage */
static bool front_read(void)
{
	return has_read((u8 *)(u64)BEHIND - 2 * FBA_BLOCK, 2 * FBA_BLOCK);
}

static bool scattered(void)
{
	return has_read(AREA, PAGE / 2) && AREA[PAGE / 2] == 0 &&
	       AREA[2 * PAGE] == pattern(PAGE / 2) &&
	       AREA[2 * PAGE + 1] == pattern(PAGE / 2 + 1);
}

/* --- programs --- */

#define USUAL		(ORB_FORMAT1 | ORB_PREFETCH | ORB_IDAW_FORMAT2 | \
			 ORB_LPM(0xff))

static void set_key(void *page, u64 key)
{
	asm volatile("sske %0,%1" : : "d" (key), "a" (page) : "memory");
}

static struct trial usual(const char *name, const void *end,
			  bool (*good)(void))
{
	return (struct trial){
		.name = name,
		.cpa = (u32)(u64)prog,
		.flags = USUAL,
		.dstat = DST_ENDED,
		.end = (u32)(u64)end,
		.good = good,
	};
}

/* Read some blocks to @data by the disk's program. */
static struct trial reads(const char *name, u32 data, bool (*good)(void))
{
	struct trial trial = usual(name, disk.ccw + 3, good);

	disk_program(&disk, FBA_READ, BLOCK, NR_BLOCKS, AREA);
	disk.ccw[2].cda = data;
	trial.cpa = (u32)(u64)disk.ccw;
	return trial;
}

static struct ccw1 identify(u8 flags, u32 data)
{
	return CCW(FBA_SENSE_ID, flags | CCW_SLI, 7, data);
}

#define BYTES		((u32)(u64)bytes)
#define NOP(flags)	CCW(FBA_NOP, (flags) | CCW_SLI, 1, 0)

static struct trial chained(void)
{
	struct trial trial = reads("data chaining, two pieces",
				   (u32)(u64)AREA, all_read);

	disk.ccw[2].flags = CCW_CD;
	disk.ccw[2].count = 2 * FBA_BLOCK;
	disk.ccw[3] = CCW(0, 0, (NR_BLOCKS - 2) * FBA_BLOCK,
			  AREA + 2 * FBA_BLOCK);
	trial.end += sizeof(struct ccw1);
	return trial;
}

static struct trial too_short(void)
{
	struct trial trial = usual("fewer data than the CCW counts", prog + 1,
				   is_disk);

	prog[0] = CCW(FBA_SENSE_ID, 0, 32, BYTES);
	trial.cstat = CST_INCORRECT_LENGTH;
	return trial;
}

static struct trial format0(void)
{
	struct ccw0 *ccw = (struct ccw0 *)prog;
	struct trial trial = usual("an immediate command of format 0",
				   prog + 2, is_disk);

	ccw[0] = (struct ccw0){ FBA_NOP, { 0, 0, 0 }, CCW_CC, 0, 1 };
	ccw[1] = (struct ccw0){ FBA_SENSE_ID,
				{ BYTES >> 16, BYTES >> 8 & 0xff, BYTES & 0xff },
				CCW_SLI, 0, 7 };
	trial.flags &= ~ORB_FORMAT1;
	return trial;
}

static struct trial long_program(void)
{
	const u32 nr = 300;
	u32 i;

	for (i = 0; i < nr - 1; i++)
		prog[i] = NOP(CCW_CC);
	prog[nr - 1] = identify(0, BYTES);
	return usual("300 CCWs in a row", prog + nr, is_disk);
}

static struct trial many_pieces(void)
{
	const u32 nr = 20;
	u32 i;

	for (i = 0; i < nr; i++) {
		prog[4 * i] = NOP(CCW_CC);
		prog[4 * i + 1] = CCW(CCW_TIC, 0, 0, prog + 4 * (i + 1));
	}
	prog[4 * nr] = identify(0, BYTES);
	return usual("20 pieces, linked by TICs", prog + 4 * nr + 1, is_disk);
}

static struct trial into_middle(void)
{
	prog[0] = NOP(CCW_CC);
	prog[1] = CCW(CCW_TIC, 0, 0, prog + 9);
	prog[8] = NOP(CCW_CC);
	prog[9] = NOP(CCW_CC);
	prog[10] = CCW(CCW_TIC, 0, 0, prog + 16);
	prog[16] = identify(0, BYTES);
	return usual("TICs into the middle", prog + 17, is_disk);
}

static struct trial last_storage(void)
{
	struct ccw1 *last = (struct ccw1 *)(u64)BEHIND - 1;
	struct trial trial = usual("the program in the last bytes of storage",
				   last + 1, is_disk);

	*last = identify(0, BYTES);
	trial.cpa = (u32)(u64)last;
	return trial;
}

static struct trial nowhere(void)
{
	struct trial trial = usual("no storage where the program is to be",
				   (u8 *)(u64)BEHIND + 8, any);

	trial.cpa = BEHIND;
	trial.dstat = 0;
	trial.cstat = CST_PROGRAM_CHECK;
	return trial;
}

static struct trial tic_to_tic(void)
{
	struct trial trial = usual("a TIC that leads to a TIC", prog + 3, any);

	prog[0] = NOP(CCW_CC);
	prog[1] = CCW(CCW_TIC, 0, 0, prog + 2);
	prog[2] = CCW(CCW_TIC, 0, 0, prog);
	trial.dstat = 0;
	trial.cstat = CST_PROGRAM_CHECK;
	return trial;
}

static struct trial data_nowhere(void)
{
	struct trial trial = usual("the second CCW's data outside storage",
				   prog + 2, is_disk);

	/* The first one is executed. */
	prog[0] = identify(CCW_CC, BYTES);
	prog[1] = identify(0, BEHIND);
	trial.cstat = CST_PROGRAM_CHECK;
	return trial;
}

static struct trial partly(void)
{
	struct trial trial = reads("data that end outside storage",
				   BEHIND - 2 * FBA_BLOCK, front_read);

	memset((u8 *)(u64)BEHIND - 2 * FBA_BLOCK, 0, 2 * FBA_BLOCK);
	trial.cstat = CST_PROGRAM_CHECK;
	return trial;
}

static struct trial key_same(void)
{
	struct trial trial = reads("key 3 in the ORB, and of the storage",
				   (u32)(u64)AREA, all_read);

	set_key(AREA, 0x30);
	trial.flags |= ORB_KEY(3);
	return trial;
}

static struct trial key_other(void)
{
	struct trial trial = reads("key 5 in the ORB, storage with key 3",
				   (u32)(u64)AREA, none_read);

	set_key(AREA, 0x30);
	trial.flags |= ORB_KEY(5);
	trial.cstat = CST_PROTECTION_CHECK;
	return trial;
}

static struct trial small_idaws(void)
{
	struct trial trial = reads("IDAWs of format 1", (u32)(u64)idaws1,
				   scattered);

	idaws1[0] = (u32)(u64)AREA;
	idaws1[1] = (u32)(u64)AREA + 2 * PAGE;
	disk.ccw[2].flags |= CCW_IDA;
	trial.flags &= ~ORB_IDAW_FORMAT2;
	return trial;
}

static struct trial small_blocks(void)
{
	struct trial trial = reads("IDAWs of format 2, blocks of 2 KiB",
				   (u32)(u64)idaws, scattered);

	idaws[0] = (u64)AREA;
	idaws[1] = (u64)AREA + 2 * PAGE;
	disk.ccw[2].flags |= CCW_IDA;
	trial.flags |= ORB_IDAW_2K;
	return trial;
}

static struct trial modified_idaws(void)
{
	struct trial trial = reads("MIDAWs", (u32)(u64)midaws, scattered);

	midaws[0] = (struct midaw){ .count = PAGE / 2, .addr = (u64)AREA };
	midaws[1] = (struct midaw){ .flags = MIDAW_LAST, .count = PAGE / 2,
				    .addr = (u64)AREA + 2 * PAGE };
	disk.ccw[2].flags |= CCW_MIDA;
	trial.flags |= ORB_MIDAW;
	return trial;
}

static struct trial interrupts(void)
{
	struct trial trial = usual("PCI, and P zero", prog + 3, is_disk);

	prog[0] = NOP(CCW_CC);
	prog[1] = NOP(CCW_CC | CCW_PCI);
	prog[2] = identify(0, BYTES);
	trial.flags &= ~ORB_PREFETCH;
	trial.cstat = CST_PCI;
	return trial;
}

/* Block 0 has SENSE ID, and storage a NO-OPERATION where that is read to. */
static struct trial loader(void)
{
	struct ccw1 *loaded = (struct ccw1 *)AREA;
	struct trial trial = usual("IPL, which reads its next CCWs",
				   loaded + 1, is_disk);

	prog[0] = CCW(FBA_READ_IPL, CCW_CC | CCW_SLI, FBA_BLOCK, AREA);
	prog[1] = CCW(CCW_TIC, 0, 0, loaded);
	*loaded = NOP(0);
	trial.flags &= ~ORB_PREFETCH;
	return trial;
}

static struct trial resumed(void)
{
	struct trial trial = usual("suspended, then RSCH", prog + 2, gone_on);

	prog[0] = identify(CCW_CC, BYTES + sizeof(bytes) / 2);
	prog[1] = identify(CCW_SUSPEND, BYTES);
	trial.flags |= ORB_SUSPEND;
	trial.resume = true;
	return trial;
}

static struct trial (*const trials[])(void) = {
	chained, too_short, into_middle, small_idaws, small_blocks, key_same,
	key_other, tic_to_tic, interrupts, format0, long_program, many_pieces,
	last_storage, nowhere, data_nowhere, partly, modified_idaws, loader,
	resumed,
};

/* --- one after the other --- */

/* Take status until there is primary or suspended status.  Return: false if none comes. */
static bool ended(struct lent_outcome *outcome)
{
	u64 deadline = tod() + TOD_MS(WAIT_MS);
	struct irb irb __aligned(4);

	for (;;) {
		while (!(chan_control(LENT_SID) & SCSW_SC_PENDING))
			if (tod() > deadline)
				return false;
		EXPECT_EQ(tsch(LENT_SID, &irb), CC_DONE);
		outcome->ctrl = irb.scsw.ctrl;
		outcome->dstat |= irb.scsw.dstat;
		outcome->cstat |= irb.scsw.cstat;
		outcome->cpa = irb.scsw.cpa;
		if (irb.scsw.ctrl & (SCSW_SC_PRIMARY | SCSW_AC_SUSPENDED))
			return true;
	}
}

static void start(const struct trial *trial, struct lent_outcome *outcome)
{
	struct orb orb __aligned(4) = {
		.flags = trial->flags, .cpa = trial->cpa,
	};

	outcome->cc = ssch(LENT_SID, &orb);
	if (outcome->cc != CC_DONE)
		return;
	outcome->ended = ended(outcome);
	if (!outcome->ended || !trial->resume)
		return;
	outcome->ended = false;
	if (!(outcome->ctrl & SCSW_AC_SUSPENDED))
		return;
	prog[1].flags &= ~CCW_SUSPEND;
	memset(bytes, 0, sizeof(bytes));
	outcome->resumed = rsch(LENT_SID);
	if (outcome->resumed == CC_DONE)
		outcome->ended = ended(outcome);
}

/* No way leaves a program behind that the next one would meet. */
static void come_to_rest(void)
{
	struct lent_outcome unused = { 0 };

	if (hsch(LENT_SID) == CC_DONE)
		ended(&unused);
	chan_clear(LENT_SID);
	chan_enable(LENT_SID, ISC, 0);
}

static void try(const struct trial *trial)
{
	static struct lent_outcome outcome;

	memset(&outcome, 0, sizeof(outcome));
	outcome.name = (u64)trial->name;
	start(trial, &outcome);
	outcome.good = trial->good();
	outcome.same_flags = !((outcome.ctrl ^ trial->flags) & SCSW_FROM_ORB);
	outcome.right = outcome.ended && outcome.dstat == trial->dstat &&
			outcome.cstat == trial->cstat &&
			outcome.cpa == trial->end && outcome.same_flags &&
			outcome.good;
	outcome.cpa -= trial->end;
	hypercall(HC_THEME, LENT_CALL_OUTCOME, (u64)&outcome, 0);
	if (!outcome.ended || trial->resume)
		come_to_rest();
}

/* Write what the programs will read. */
static void prepare(void)
{
	struct ccw1 *loaded = (struct ccw1 *)AREA;
	u32 i;

	for (i = 0; i < NR_BLOCKS * FBA_BLOCK; i++)
		AREA[i] = pattern(i);
	disk_program(&disk, FBA_WRITE, BLOCK, NR_BLOCKS, AREA);
	io_mask(0xff);
	chan_ok(LENT_SID, disk.ccw);
	memset(AREA, 0, FBA_BLOCK);
	*loaded = identify(0, BYTES);
	disk_program(&disk, FBA_WRITE, 0, 1, AREA);
	chan_ok(LENT_SID, disk.ccw);
	io_mask(0);
}

static void cases(void)
{
	struct trial trial;
	u32 i;

	chan_enable(LENT_SID, ISC, 0);
	prepare();
	for (i = 0; i < ARRAY_SIZE(trials); i++) {
		set_key(AREA, 0);
		memset(AREA, 0, 4 * PAGE);
		memset(bytes, 0, sizeof(bytes));
		trial = trials[i]();
		try(&trial);
	}
	chan_disable(LENT_SID);
}

static const struct test tests[] = {
	{ "cases", cases },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
