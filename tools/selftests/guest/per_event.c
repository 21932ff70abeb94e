// SPDX-License-Identifier: GPL-2.0
/* The guest's own PER: control registers 9 to 11, and R in the PSW */
#include "per_tests.h"

#define EVENT_FETCH		0x40000000u
#define EVENT_STORE		0x20000000u
#define CODE_FETCH		(EVENT_FETCH >> 24)

/* Control registers 9 to 11 */
static struct {
	u64 events;
	u64 start;
	u64 end;
} control;

/* What the last PER event stored */
static struct {
	u8 code;
	u64 addr;
} stored;

static u8 *lowcore(unsigned int offset)
{
	u8 *p;

	asm volatile("" : "=a" (p) : "0" ((u64)offset));
	return p;
}

static void load_control(u64 events)
{
	control.events = events;
	asm volatile("lctlg 9,11,%0" : : "Q" (control) : "memory");
}

static int run_events(struct insn *insn, u32 text, u64 events)
{
	u64 mask = insn->psw_mask;
	int ending;

	*lowcore(LC_PER_CODE) = 0;
	*(u64 *)lowcore(LC_PER_ADDRESS) = 0;
	insn->psw_mask |= PSW_PER;
	load_control(events);
	ending = insn_run(insn, text);
	load_control(0);
	insn->psw_mask = mask;
	insn->old_mask &= ~PSW_PER;
	stored.code = *lowcore(LC_PER_CODE);
	stored.addr = *(u64 *)lowcore(LC_PER_ADDRESS);
	return ending;
}

static int run_fetch(struct insn *insn, u32 text)
{
	return run_events(insn, text, EVENT_FETCH);
}

/*
 * Set the range after an execution: only then it is known where insn_run() puts
 * the instruction.
 */
static void range(u64 addr)
{
	control.start = addr;
	control.end = addr + 3;
}

/* The two executions of an instruction */
struct twice {
	struct insn plain;		/* without PER */
	u8 plain_block[PER_BLOCK_SIZE];	/* what it left in per_block */
	struct insn insn;		/* with fetch events enabled */
	int ending;
};

typedef void (*verify_fn)(const struct per_row *row, const struct twice *twice);

/*
 * Fetch events are enabled for the instruction or, with @elsewhere, for another
 * range only.
 */
static void each(const struct per_row *row, unsigned int nr, enum per_how how,
		 bool elsewhere, verify_fn verify)
{
	static struct twice twice;
	const struct per_row *end;
	u32 text;

	for (end = row + nr; row < end; row++) {
		if (!(row->by & guest_argument))
			continue;
		text = per_prepare(row, how, &twice.plain);
		insn_run(&twice.plain, text);
		memcpy(twice.plain_block, per_block, sizeof(per_block));
		text = per_prepare(row, how, &twice.insn);
		range(elsewhere ? (u64)per_block : twice.plain.psw_addr);
		twice.ending = run_fetch(&twice.insn, text);
		verify(row, &twice);
	}
}

static void expect_event(const struct per_row *row, const struct insn *insn)
{
	ROW_EXPECT_EQ(row, stored.code & CODE_FETCH, CODE_FETCH);
	ROW_EXPECT_EQ(row, stored.addr, insn->psw_addr);
	ROW_EXPECT_EQ(row, insn->ilc, 4);
}

/*
 * The event comes after the instruction has ended and set its condition code.
 */
static void verify_cc(const struct per_row *row, const struct twice *twice)
{
	ROW_EXPECT_EQ(row, twice->ending, PGM(PGM_PER));
	expect_event(row, &twice->insn);
	ROW_EXPECT_EQ(row, twice->insn.old_addr, twice->plain.old_addr - 2);
	ROW_EXPECT_EQ(row, twice->insn.old_mask, twice->plain.old_mask);
	ROW_EXPECT_EQ(row, memcmp(twice->plain_block, per_block,
				  sizeof(per_block)), 0);
}

static void fetch_cc(void)
{
	each(per_cc_rows, per_nr_cc_rows, PER_PLAIN, false, verify_cc);
}

static void fetch_execute(void)
{
	each(per_cc_rows, per_nr_cc_rows, PER_EXECUTED, false, verify_cc);
}

static void verify_pgm(const struct per_row *row, const struct twice *twice)
{
	ROW_EXPECT_EQ(row, twice->ending, row->ending | PGM(PGM_PER));
	expect_event(row, &twice->insn);
	ROW_EXPECT_EQ(row, twice->insn.old_addr, twice->plain.old_addr);
	ROW_EXPECT_EQ(row, twice->insn.old_mask, twice->plain.old_mask);
	ROW_EXPECT_EQ(row, twice->insn.teid, twice->plain.teid);
}

static void fetch_pgm(void)
{
	each(per_pgm_rows, per_nr_pgm_rows, PER_PLAIN, false, verify_pgm);
}

/* R is one and fetch events are enabled, but for another range. */
static void verify_elsewhere(const struct per_row *row,
			     const struct twice *twice)
{
	ROW_EXPECT_EQ(row, twice->ending,
		      row->ending == PER_UNCHANGED ? 2 : row->ending);
	ROW_EXPECT_EQ(row, stored.code, 0);
}

static void fetch_elsewhere(void)
{
	each(per_cc_rows, per_nr_cc_rows, PER_PLAIN, true, verify_elsewhere);
}

/*
 * KVM makes no storage-alteration event for an instruction that KVM or a VMM
 * executes.  The module makes none either.
 */
static void alteration(void)
{
	const struct per_row *row = per_cc_rows;
	struct per_row stidp = { .op = INSN_STIDP, .ending = PER_UNCHANGED };
	struct insn insn;
	bool event;
	u32 text;

	text = per_prepare(&stidp, PER_PLAIN, &insn);
	range((u64)per_block);
	event = run_events(&insn, text, EVENT_STORE) == PGM(PGM_PER);
	EXPECT_EQ(row->op, INSN_STSCH);
	text = per_prepare(row, PER_PLAIN, &insn);
	EXPECT_EQ(run_events(&insn, text, EVENT_STORE),
		  event ? PGM(PGM_PER) : CC_DONE);
	EXPECT(((struct schib *)per_block)->pmcw.flags & PMCW_VALID);
}

static void fetch_again(const struct per_row *row, enum per_how how)
{
	static struct insn insn;

	control.start = 0;
	control.end = ~0ul;
	ROW_EXPECT_EQ(row, per_again(row, how, run_fetch, &insn),
		      PGM(PGM_PER));
	expect_event(row, &insn);
	/*
	 * The event belongs to the second execution, so it comes behind the
	 * instruction.
	 */
	ROW_EXPECT_EQ(row, insn.old_addr, insn.psw_addr + 4);
	ROW_EXPECT_EQ(row, insn.old_mask & PSW_CC(3), PSW_CC(row->ending));
}

static void fetch_tsch_again(void)
{
	fetch_again(&per_tsch_again, PER_PLAIN);
}

static void fetch_tsch_again_executed(void)
{
	fetch_again(&per_tsch_again, PER_EXECUTED);
}

static void fetch_stcrw_again(void)
{
	fetch_again(&per_stcrw_again, PER_PLAIN);
}

static const struct test tests[] = {
	{ "fetch event of each instruction: behind it, with its cc",
	  fetch_cc },
	{ "as the target of EXECUTE: the same, and EXECUTE's address",
	  fetch_execute },
	{ "program interruption: the fetch event is indicated with it",
	  fetch_pgm },
	{ "outside the range: no fetch event", fetch_elsewhere },
	{ "storage alteration: as of an instruction that KVM executes",
	  alteration },
	{ "TSCH that has to be executed again: one event, of the second",
	  fetch_tsch_again },
	{ "as the target of EXECUTE: the same", fetch_tsch_again_executed },
	{ "STCRW that has to be executed again: one event, of the second",
	  fetch_stcrw_again },
};

const struct test_group per_event_group = { tests, ARRAY_SIZE(tests) };
